"""Answers: a draft in the unit, a manager's sign-off, then final. The city's pen; cites an ask or a contest."""

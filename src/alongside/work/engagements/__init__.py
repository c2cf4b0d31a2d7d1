"""Engagements: drafted by a lead with a staff partner, opened by two signatures. Cites a decision, keys and tests."""

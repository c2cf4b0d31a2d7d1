"""Who reads applications, what they make of them, and what is decided with reasons. Readers' and the steward's pen; nothing of it goes on the record."""

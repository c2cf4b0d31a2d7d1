"""Pages for anyone in trouble, and the register of federal requests for staff."""

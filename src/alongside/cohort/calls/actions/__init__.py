"""Write calls and applications; one module a subject."""

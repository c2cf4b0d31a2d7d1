"""Pages of calls and applications; one module a subject."""

"""Read calls and applications for pages; one module a subject."""

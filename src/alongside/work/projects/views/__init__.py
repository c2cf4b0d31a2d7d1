"""The register of city projects: its list, a page for each project and decision, and what staff and leads do there."""

"""The site: puts every room together. Imports all, imported by none."""

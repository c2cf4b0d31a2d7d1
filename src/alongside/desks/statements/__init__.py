"""The Public Involvement Statement: read from the record under one signed head, and drawn as a page, a PDF and a DOCX."""

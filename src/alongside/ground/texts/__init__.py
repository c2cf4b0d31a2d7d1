"""Public texts after they are written: translated, said aloud, taken down by two roles, held by law. The pens of those who wrote them; cites the entry of a text."""

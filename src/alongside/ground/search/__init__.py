"""Search over everything public, and what communities said before. Nobody's pen: reads what the record keeps for it."""

"""How people come to sit at the table."""

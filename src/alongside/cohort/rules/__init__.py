"""The rules of a program under two pens: what the City proposes and leads agree to. Both pens."""

"""What is asked of seats, a module a noun."""

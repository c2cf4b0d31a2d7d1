"""What is read of pay: what was agreed, what leads log, what finance is asked to pay, and what everybody sees of it."""

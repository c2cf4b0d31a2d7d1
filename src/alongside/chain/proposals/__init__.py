"""What one lead proposes about what people sealed, until a second lead confirms it."""

"""Pages and doors of the reader."""

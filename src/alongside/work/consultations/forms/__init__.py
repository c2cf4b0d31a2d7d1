"""What staff type for a brief and its material, and what leads type of it."""

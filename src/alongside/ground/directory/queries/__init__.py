"""Read the help lines of a pack, what to do with a paper, and the register of federal requests."""

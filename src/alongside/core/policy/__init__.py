"""The policy pack: what a program decides for itself, and the linter that reads questions against it."""

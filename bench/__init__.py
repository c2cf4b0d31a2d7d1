"""Measurements, each a ratio in one run: `./dev bench [NAME]`."""

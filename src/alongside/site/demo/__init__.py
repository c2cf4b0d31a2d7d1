"""Demonstration data, built by the same actions that people use. Invented people are roles; nothing here is a fact."""

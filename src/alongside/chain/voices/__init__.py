"""Voices: sealed intake, receipts, marks in batches. The community's pen; cites an engagement's promise."""

"""Voices: sealed intake, receipts, the leads' keys. The community's pen; cites an engagement's promise and its key."""

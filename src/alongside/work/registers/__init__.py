"""Registers of projects that come in from files: their rows, proofs and files on the way. The pen is a unit's or the steward's."""

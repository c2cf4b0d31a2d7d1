"""Findings: drafts sealed to the leads, attested and published by leads alone. Cites an engagement's promise."""

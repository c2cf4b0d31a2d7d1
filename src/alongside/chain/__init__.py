"""The sentence in its own order: voices, findings, asks, answers, commitments, reports."""

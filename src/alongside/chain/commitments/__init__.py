"""Commitments: the claim that a milestone is done, and the check by two leads. Cites a commitment or a claim."""

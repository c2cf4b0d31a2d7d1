"""A log anyone can check: RFC 6962 trees in the C2SP formats (tiles, notes, checkpoints, proofs, policies).

Nothing here reads files, the network or the clock. What is wrong is told as a LedgerError.
"""

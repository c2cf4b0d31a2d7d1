"""What is read of engagements: drafts, how far they are, promises, their pages, sessions and words of the pack."""

"""Read engagements: the public ones, drafts, their questions, and the words of the pack about them."""

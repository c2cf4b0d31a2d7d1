"""Pages of training: for everyone, for learners, for the steward; and what machines ask."""

"""Pages of engagements: what everybody reads, what leads write, and what both sides correct."""

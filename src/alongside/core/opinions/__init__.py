"""The opinion map: votes on statements in, groups and statements out. Needs the extra `map` (numpy, scipy)."""

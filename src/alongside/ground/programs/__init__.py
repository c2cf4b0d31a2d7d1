"""Programs, their policy packs, units and offices. The steward's pen; cites nothing."""

"""Every page that crosses rooms: home, follow, owed, a lead's week, a unit's desk, the steward's desk. No models."""

"""SQLite with a queue in front of its one write lock."""

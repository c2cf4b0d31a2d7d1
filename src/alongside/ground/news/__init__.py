"""Letters to people who asked to hear when something comes of what was said. Kept apart from voices; nothing of it on the record."""

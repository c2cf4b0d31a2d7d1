"""Pages of the record: every entry, one entry with its proof, and its translations."""

from alongside.ground.record.views.entries import entries, entries_csv, entry, feed
from alongside.ground.record.views.translating import translations

__all__ = ["entries", "entries_csv", "entry", "feed", "translations"]

"""Pages of the record: every entry, one entry with its proof, its translations, and agreeing that a text is taken down."""

from alongside.ground.record.views.agreeing import agree, agree_to_resume
from alongside.ground.record.views.clock import clock
from alongside.ground.record.views.entries import entries, entries_csv, entry, feed
from alongside.ground.record.views.translating import translations

__all__ = ["agree", "agree_to_resume", "clock", "entries", "entries_csv", "entry", "feed", "translations"]

"""What an entry of the record may hold, what it may cite, and whether a whole log holds together."""

from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import MemoryLog, Summary, check_log
from alongside.core.grammar.shape import Entry, GrammarError, Kind, LogView, MalformedError
from alongside.core.grammar.v1 import KINDS, VERSION
from alongside.core.grammar.v1.silence import Due, Hidden, Owed

__all__ = [
    "KINDS",
    "VERSION",
    "Due",
    "Entry",
    "GrammarError",
    "Hidden",
    "Kind",
    "LogView",
    "MalformedError",
    "MemoryLog",
    "Owed",
    "Summary",
    "check_entry",
    "check_log",
    "parse",
]

"""The log of a program, and what is folded from it: citations, standings, public texts, what a search looks in."""

from alongside.ground.record.models.folded import Citation, MilestoneStanding, PublicText, Standing
from alongside.ground.record.models.log import DayConfirmed, Head, Line, Log, Node, Told
from alongside.ground.record.models.searching import SearchDoc, SearchGram, SearchWord

__all__ = [
    "Citation",
    "DayConfirmed",
    "Head",
    "Line",
    "Log",
    "MilestoneStanding",
    "Node",
    "PublicText",
    "SearchDoc",
    "SearchGram",
    "SearchWord",
    "Standing",
    "Told",
]

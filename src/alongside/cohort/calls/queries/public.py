"""Calls as the record tells them: the list, and one call with its corrections, in a reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.workflow.calls import CallStage
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import EntryView, TextView, head_of, indexes_citing, told, told_where


@dataclass(frozen=True)
class CallLine:
    """A question, a line of the rubric or something sought: its words, what stands below them, its number."""

    key: str
    words: TextView | None
    below: TextView | None
    number: int


@dataclass(frozen=True)
class CallPage:
    """A call with its rules in force. `data` is the entry's, with what was corrected since."""

    told: EntryView
    data: Mapping[str, Any]
    corrections: tuple[EntryView, ...]
    head: Head | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.data["call"])

    @property
    def texts(self) -> Mapping[str, TextView]:
        """Give its words by name."""
        return self.told.texts

    def day(self, name: str) -> date:
        """Give one of its days."""
        return date.fromisoformat(str(self.data[name]))

    @property
    def opens(self) -> date:
        """Give the first day on which people can apply."""
        return self.day("opens")

    @property
    def closes(self) -> date:
        """Give the last day on which people can apply."""
        return self.day("closes")

    @property
    def decides(self) -> date:
        """Give the day by which everyone has an answer."""
        return self.day("decides")

    @property
    def term(self) -> tuple[date, date]:
        """Give the first and the last day of the term."""
        term = self.data["term"]
        return date.fromisoformat(term["from"]), date.fromisoformat(term["until"])

    def state(self, today: date) -> CallStage:
        """Say where it stands on a day."""
        return CallStage.on(today, self.opens, self.closes, self.decides)

    @property
    def pay(self) -> Money | None:
        """Give what is paid, or None for a call without pay."""
        pay = self.data.get("pay")
        return Money.of(pay["amount"], pay["currency"]) if pay else None

    @property
    def budget(self) -> Money:
        """Give what the program may spend on the cohort."""
        return Money.of(self.data["budget"], self.data["currency"])

    @property
    def not_to_exceed(self) -> Money:
        """Give what one agreement may cost at most."""
        return Money.of(self.data["not_to_exceed"], self.data["currency"])

    def _line(self, kind: str, below: str, key: str, number: int) -> CallLine:
        return CallLine(key, self.texts.get(f"{kind}-{key}"), self.texts.get(f"{below}-{key}"), number)

    @property
    def questions(self) -> list[CallLine]:
        """List what applicants are asked."""
        return [self._line("question", "hint", key, 0) for key in self.data["questions"]]

    @property
    def rubric(self) -> list[CallLine]:
        """List by what applications are judged, each with its points."""
        return [
            self._line("criterion", "means", one["criterion"], one["points"]) for one in self.data["rubric"]
        ]

    @property
    def sought(self) -> list[CallLine]:
        """List the communities and experience that are sought, each with how many seats should bring it."""
        return [self._line("sought", "", one["sought"], one["least"]) for one in self.data["sought"]]


def _corrected(published: Entry, corrections: Iterable[EntryView]) -> dict[str, Any]:
    """Give the rules of a call with its corrections folded in, oldest first."""
    data = dict(published.data)
    for one in corrections:
        about = one.entry.data["about"]
        if "day" in one.entry.data:
            data[about] = one.entry.data["day"]
        elif "count" in one.entry.data:
            data[about] = one.entry.data["count"]
    return data


def _pages(program: Program, lang: str, published: list[EntryView]) -> list[CallPage]:
    """Put calls together with their corrections. Three queries, and one for the head."""
    rows = indexes_citing(program, [one.index for one in published], [EntryKind.CALL_CORRECTED])
    corrections = told(program, [citing for citing, _kind, _cited in rows], lang)
    head = head_of(program)
    pages = []
    for one in published:
        own = tuple(corrections[citing] for citing, _kind, cited in rows if cited == one.index)
        pages.append(CallPage(one, _corrected(one.entry, own), own, head))
    return pages


def call_list(program: Program, lang: str) -> list[CallPage]:
    """List every call on the record, newest first. Six queries."""
    return _pages(program, lang, told_where(program, lang, kinds=[EntryKind.CALL_PUBLISHED])[::-1])


def call_page(program: Program, lang: str, slug: str) -> CallPage | None:
    """Give one call, or None. Six queries."""
    published = told_where(program, lang, kinds=[EntryKind.CALL_PUBLISHED], subject=slug)
    return _pages(program, lang, published)[0] if published else None

"""Read the charter of a cohort: the one that stands, who signed it, and the next one that is being written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later

from alongside.cohort.seats.models import CharterDraft, Cohort
from alongside.core.entries import Entry
from alongside.core.grammar import seat_removals
from alongside.core.grammar.charter import CHARTER_TEXTS, entry_hash
from alongside.core.kinds import EntryKind
from alongside.core.words import has_words
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    entry_views,
    entry_views_where,
    indexes_citing,
)
from alongside.ground.record.rows import RowsLog


@dataclass(frozen=True)
class CharterShown:
    """The charter that stands. `signed` maps who signed (a seat, or steward) to the day; both who and when are public."""

    told: EntryView
    signed: Mapping[str, tuple[int, date]]
    #: The language in which it was asked for.
    asked: str = ""

    @property
    def foreign(self) -> list[TextView]:
        """List the parts that are not there in the language that was asked for."""
        return [one for _heading, one in self.parts if one is not None and one.lang != self.asked]

    @property
    def is_all_foreign(self) -> bool:
        """Say whether no part is there in the language that was asked for."""
        return len(self.foreign) == len([one for _heading, one in self.parts if one is not None])

    @property
    def index(self) -> int:
        """Give the number of its entry."""
        return self.told.index

    @property
    def hash(self) -> str:
        """Give the hash that a signature is made over."""
        return entry_hash(self.told.entry)

    @property
    def parts(self) -> list[tuple[str | Promise, TextView | None]]:
        """List its parts in order, each with its heading; None where a part was taken down."""
        return [(PARTS[name], self.told.texts.get(name)) for name in CHARTER_TEXTS]

    def is_in_force(self, seats: list[str]) -> bool:
        """Say whether every one of these seats, and the program, have signed."""
        return bool(seats) and {*seats, "steward"} <= set(self.signed)


def charter_now(cohort: Cohort, lang: str) -> CharterShown | None:
    """Give the charter of a cohort that stands, signed by all or not yet, or None. Five queries at most."""
    found = entry_views_where(cohort.program, lang, kinds=[EntryKind.CHARTER_ADOPTED], subject=cohort.slug)
    if not found:
        return None
    charter = found[-1]
    rows = indexes_citing(cohort.program, [charter.index], [EntryKind.CHARTER_SIGNED])
    signed = entry_views(cohort.program, [citing for citing, _kind, _cited in rows], lang).values()
    return CharterShown(charter, {one.entry.by[0]: (one.index, one.entry.date) for one in signed}, lang)


def charter_of_the_leads(cohort: Cohort, today: date) -> Entry | None:
    """Give the last charter that most of the leads signed; whom it names hears appeals and alarms."""
    return seat_removals.charter_of_leads(RowsLog.of(cohort.program), cohort.slug, today)


def languages_without(draft: CharterDraft | None, languages: Iterable[str], lang: str) -> list[str]:
    """List the languages in which a draft lacks words, apart from the one that is being written."""
    words = draft.words if draft else {}
    return [
        one
        for one in languages
        if one != lang and not all(has_words(words.get(one, {}).get(name, "")) for name in CHARTER_TEXTS)
    ]


def to_begin_with(draft: CharterDraft | None, standing: CharterShown | None, lang: str) -> dict[str, str]:
    """Give what the form of a language begins with: what was saved, else the charter that stands."""
    if draft is not None:
        return {**vars(draft), **draft.words.get(lang, {})}
    if standing is None:
        return {}
    return {**standing.told.entry.data, **{name: one.words for name, one in standing.told.texts.items()}}


PARTS: dict[str, str | Promise] = {
    "purpose": later("What we are here for"),
    "decisions": later("How we decide"),
    "meetings": later("How we meet"),
    "conduct": later("How we treat each other, and when a place ends"),
    "changes": later("How this group agreement changes"),
}

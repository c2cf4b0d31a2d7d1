"""Read the record: entries with their words, the list of them, heads and proofs, standings and the two rates."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Protocol

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex
from django.utils.translation import gettext

from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.acts import act_holds
from alongside.core.grammar.asks import promised_at
from alongside.core.grammar.check import read
from alongside.core.grammar.holds import hold_stands
from alongside.core.grammar.program import ENDED_BY_A_FAULT
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.take_downs import hashes_in
from alongside.core.grammar.texts import SIGNATURES
from alongside.core.grammar.versions import GRAMMARS, KINDS
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError, leaf_hash
from alongside.core.ledger.keys import parse_vkey
from alongside.core.ledger.nodes import inclusion_proof
from alongside.core.ledger.note import head_lines
from alongside.core.ledger.policy import Policy, policy_in
from alongside.core.ledger.proof import ProofFile, verify_proof
from alongside.core.policy.pack import Pack
from alongside.core.salted import fits
from alongside.core.workflow.asks import ASK_KINDS, MOVES
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, pack_under
from alongside.ground.record.models import (
    Citation,
    Head,
    Log,
    LogEntry,
    MilestoneStanding,
    PublicText,
    Standing,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.tiles import tile_reader


@dataclass(frozen=True)
class TextView:
    """Public words as a reader sees them: in their language if there is one, else as first written."""

    words: str
    lang: str
    original_lang: str
    is_original: bool
    is_reviewed: bool
    made_by: str
    name: str
    #: Who added a translation: lead, steward or office; empty for words as first written or signed by both sides.
    added_by: str = ""
    #: The day on which a translation was added; None for words as first written.
    added_on: date | None = None
    #: Whether somebody had signed the words as first written when this translation was added.
    is_after_signing: bool = False
    #: Who alone said it, in words, where an entry holds the words of two.
    who: str = ""

    @property
    def translated_from(self) -> str:
        """Give the language that the words were first written in where they are shown in another, else an empty string."""
        return "" if self.is_original else self.original_lang


#: The words of entries, each by its number and the name of the text; without those that were taken down.
type Words = Mapping[int, Mapping[str, TextView]]
#: What grammar 1 held in the entry itself, and is a text since.
IN_DATA = ("links", "link", "sources", "source", "license")


@dataclass(frozen=True)
class EntryView:
    """An entry together with its words in the reader's language. An erased text is missing from `texts`."""

    entry: Entry
    texts: Mapping[str, TextView] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Give the entry's number."""
        return self.entry.index

    def say(self, name: str) -> str:
        """Give the words of a text, or an empty string where it was taken down."""
        shown = self.texts.get(name)
        return shown.words if shown else ""

    def lang(self, name: str) -> str:
        """Give the language in which a text is shown."""
        shown = self.texts.get(name)
        return shown.lang if shown else ""

    def translated_from(self, name: str) -> str:
        """Give the language a text was first written in where it is shown in another, else an empty string."""
        shown = self.texts.get(name)
        return shown.translated_from if shown else ""

    def is_reviewed(self, name: str) -> bool:
        """Say whether a person reviewed a text as it is shown; True where it was taken down."""
        shown = self.texts.get(name)
        return shown.is_reviewed if shown else True

    @property
    def words(self) -> TextView | None:
        """Give the words of an entry that has one text; None where it was taken down."""
        return self.texts.get(next(iter(self.entry.texts), ""))

    @property
    def did(self) -> str:
        """Say what whoever wrote an entry of a thread did."""
        did = KINDS[self.entry.kind].did
        return gettext(did) if did else ""

    @property
    def ground(self) -> str:
        """Give the ground of a pause, a hold or a take-down; grammar 1 held it in the entry itself."""
        return self.say("ground") or str(self.entry.data.get("ground", ""))

    @property
    def lines(self) -> dict[str, list[str]]:
        """Give what is in no language, such as links and sources, by its name; grammar 1 held it in the entry itself."""
        old = {name: self.entry.data[name] for name in IN_DATA if name in self.entry.data}
        found = {name: [one] if isinstance(one, str) else list(one) for name, one in old.items()}
        return found | {
            name: one.words.splitlines() for name, one in self.texts.items() if one.lang == NO_LANGUAGE
        }

    @property
    def erased(self) -> list[str]:
        """List the names of texts that were taken down."""
        return [name for name in self.entry.texts if name not in self.texts]


def entries_at(program: Program, indexes: Iterable[int]) -> dict[int, Entry]:
    """Give entries by their numbers. One query."""
    lines = LogEntry.objects.filter(log__program=program, index__in=list(indexes))
    return {one.index: one for one in entries_in(lines)}


def entries_in(lines: QuerySet[LogEntry]) -> Iterator[Entry]:
    """Read the entries of some lines, in the order of the lines, as they are taken. One query."""
    return (read(index, bytes(raw)) for index, raw in lines.values_list("index", "raw"))


#: What a view of a text is made of: a long list has thousands, and plain rows take a third of the time.
IN_A_VIEW = (
    "pk",
    "entry",
    "about",
    "name",
    "lang",
    "is_original",
    "is_reviewed",
    "made_by",
    "words",
    "line",
    "is_after_signing",
)


def texts_of(
    program: Program,
    indexes: Iterable[int],
    lang: str,
    *,
    until: int | None = None,
    names: Collection[str] = (),
) -> dict[int, dict[str, TextView]]:
    """Give the words that belong to entries, in `lang` where they are translated, else as first written. One query.

    A later translation replaces an earlier one of the same language; with `until`, only what stood in a log of that
    size; with `names`, only what is called so. An entry that is itself a translation shows its own words, whatever
    the reader's language.
    """
    wanted = set(indexes)
    here = PublicText.objects.filter(log__program=program)
    here = here if until is None else here.filter(entry__lt=until)
    here = here.filter(name__in=names) if names else here
    abouts = here.filter(entry__in=wanted).values("about")
    lines = LogEntry.objects.filter(log=OuterRef("log"), index=OuterRef("entry")).values("raw")
    signed = Citation.objects.filter(
        log=OuterRef("log"), cited=OuterRef("about"), citing__lt=OuterRef("entry"), kind__in=SIGNATURES
    )
    here = here.annotate(
        line=Case(When(is_original=False, then=Subquery(lines))),
        is_after_signing=Case(When(is_original=False, then=Exists(signed)), default=False),
    )
    # One condition, so that the index over `about` serves it, whatever the database knows of its tables.
    shown = Q(is_original=True) | Q(lang=lang) | Q(entry__in=wanted)
    said = here.filter(shown, about__in=abouts).values_list(*IN_A_VIEW, named=True)
    rows = sorted(said, key=lambda row: (row.entry, row.pk))
    originals = {(row.about, row.name): row for row in rows if row.is_original}
    chosen = {(row.about, row.name): row for row in rows if row.lang == lang}
    found: dict[int, dict[str, TextView]] = {}
    for (about, name), first in originals.items():
        if about in wanted:
            found.setdefault(about, {})[name] = _shown(chosen.get((about, name), first), first)
    for row in rows:
        if row.entry != row.about and row.entry in wanted:
            first = originals.get((row.about, row.name), row)
            found.setdefault(row.entry, {})[row.name] = _shown(row, first)
    return found


def _shown(row: Any, first: Any) -> TextView:
    added = json.loads(bytes(row.line)) if row.line else {}
    return TextView(
        words=row.words,
        lang=row.lang,
        original_lang=first.lang,
        is_original=row.pk == first.pk,
        is_reviewed=row.is_reviewed,
        made_by=row.made_by,
        name=row.name,
        added_by=_added_by(added["by"]) if added else "",
        added_on=date.fromisoformat(added["date"]) if added else None,
        is_after_signing=row.is_after_signing,
    )


def _added_by(by: Sequence[str]) -> str:
    """Name the role of whoever holds the pen of a translation: lead, steward or office; none where both sides signed it."""
    if any(one.startswith("seat-") for one in by) and any("/" in one for one in by):
        return ""
    if any(one.startswith("seat-") for one in by):
        return "lead"
    return "steward" if "steward" in by else "office"


def _with_words(program: Program, lines: Iterable[LogEntry], lang: str) -> list[EntryView]:
    """Read entries with their words in a language, in the order given. Two queries."""
    return worded(program, [EntryView(line.parsed) for line in lines], lang)


def entry_views(program: Program, indexes: Iterable[int], lang: str) -> dict[int, EntryView]:
    """Give entries with their words in a language, by number. Two queries."""
    lines = LogEntry.objects.filter(log__program=program, index__in=list(indexes)).order_by("index")
    return {one.index: one for one in _with_words(program, lines, lang)}


def entry_views_where(
    program: Program, lang: str, *, kinds: Sequence[str] = (), subject: str = ""
) -> list[EntryView]:
    """Give entries of some kinds, or about a subject, oldest first, with their words. Two queries."""
    return worded(program, without_words(program, kinds=kinds, subject=subject), lang)


def without_words(program: Program, *, kinds: Sequence[str] = (), subject: str = "") -> list[EntryView]:
    """Give entries of some kinds, or about a subject, oldest first, for a list that shows some of them. One query."""
    lines = LogEntry.objects.filter(log__program=program).order_by("index")
    if kinds:
        lines = lines.filter(kind__in=kinds)
    if subject:
        lines = lines.filter(subject=subject)
    return [EntryView(one) for one in entries_in(lines)]


def worded(program: Program, found: Iterable[EntryView], lang: str) -> list[EntryView]:
    """Give entries with their words in a language, in the order given. One query."""
    shown = list(found)
    texts = texts_of(program, [one.index for one in shown], lang)
    return [EntryView(one.entry, texts.get(one.index, {})) for one in shown]


#: Which of its texts names an entry where another one is about it.
NAMES = ("title", "name", "decision", "statement")


def titles_of(program: Program, wanted: Iterable[str | int], lang: str) -> dict[str | int, TextView]:
    """Give what names each of these; none for one without such words. Two queries.

    An engagement is named by its slug, and found by its promise; any entry by its index. A promise is found by both.
    """
    found = lines_named(program, wanted)
    return titles_in(found, texts_of(program, found, lang))


def lines_named(program: Program, wanted: Iterable[str | int]) -> dict[int, str]:
    """Give the entries that name each of these, by number, each with the slug that it is found by, if any. One query."""
    asked = set(wanted)
    slug_of = Q(
        subject__in=sorted(one for one in asked if isinstance(one, str)), kind=EntryKind.ENGAGEMENT_PROMISED
    )
    placed = Q(index__in=sorted(one for one in asked if isinstance(one, int)))
    lines = LogEntry.objects.filter(slug_of | placed, log__program=program)
    return {
        index: subject if kind == EntryKind.ENGAGEMENT_PROMISED else ""
        for index, kind, subject in lines.values_list("index", "kind", "subject")
    }


def titles_in(found: Mapping[int, str], texts: Words) -> dict[str | int, TextView]:
    """Give what names each of these entries, of which the words are at hand, by its number and by its slug."""
    titles: dict[str | int, TextView] = {}
    for index, slug in found.items():
        words = texts.get(index, {})
        if name := next((words[one] for one in NAMES if one in words), None):
            titles |= {index: name, slug: name} if slug else {index: name}
    return titles


def latest_entry_views(program: Program, lang: str, kinds: Sequence[str], most: int) -> list[EntryView]:
    """Give the newest entries of some kinds, newest first, with their words. Two queries."""
    lines = LogEntry.objects.filter(log__program=program, kind__in=kinds).order_by("-index")[:most]
    return _with_words(program, lines, lang)


def indexes_citing(
    program: Program, cited: Iterable[int], kinds: Sequence[str] = ()
) -> list[tuple[int, str, int]]:
    """List (citing entry, its kind, cited entry) for entries that cite any of these, oldest first. One query."""
    rows = Citation.objects.filter(log__program=program, cited__in=list(cited))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("citing", "cited").values_list("citing", "kind", "cited"))


#: By which of its citations something is asked on a promise or a list, or follows up on what is.
ASKED_BY = ("engagement", "list", "follows")


def asked_on(program: Program, above: Iterable[int]) -> dict[int, int]:
    """Give what was asked on promises and lists of questions, and what follows up on it, each with its promise or list.

    A query for each step; the last one finds nothing.
    """
    found: dict[int, int] = {}
    edge = {one: one for one in above}
    while edge:
        cited = Citation.objects.filter(log__program=program, role__in=ASKED_BY, cited__in=list(edge))
        rows = cited.filter(kind__in=ASK_KINDS).order_by("citing").values_list("citing", "cited")
        edge = {citing: edge[one] for citing, one in rows if citing not in found}
        found |= edge
    return found


def is_cited(program: Program, column: str, kind: str) -> Exists:
    """Ask of each row of a query whether an entry of a kind cites the one in this column: by the index, however long the log is."""
    return Exists(Citation.objects.filter(log__program=program, cited=OuterRef(column), kind=kind))


def signature_of(program: Program, entry: Entry) -> str:
    """Say what of leads' own keys stands under an entry: "holds", "broken", "none"; empty where it names no lead's place."""
    if not entry.act:
        has_own = "signature" in entry.data or "certs" in entry.data
        return "none" if entry.seats and not has_own else ""
    rows = RowsLog(Log.objects.select_related("program").get(program=program))
    last = rows.get(entry.index - entry.act["place"] + entry.act["of"] - 1)
    if last is None:
        return "broken"
    rows.read_again(last)
    try:
        act_holds(last, GRAMMARS[last.v], rows)
    except GrammarError:
        return "broken"
    return "holds"


def citing(program: Program, cited: int) -> list[Entry]:
    """Give the entries that cite an entry, oldest first. One query."""
    own = Citation.objects.filter(log__program=program, cited=cited)
    lines = LogEntry.objects.filter(log__program=program, index__in=own.values("citing"))
    return [one.parsed for one in lines.order_by("index")]


def followed(program: Program, entry: Entry) -> list[Entry]:
    """Give the entries that cite an entry, and of a promise the checks of what was claimed of it, oldest first. Two queries at most."""
    found = citing(program, entry.index)
    claims = [one.index for one in found if one.kind == EntryKind.DELIVERY_CLAIMED]
    if entry.kind == EntryKind.COMMITMENT_MADE and claims:
        checks = indexes_citing(program, claims, (EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED))
        found += entries_at(program, {index for index, _kind, _of in checks}).values()
    return sorted(found, key=lambda one: one.index)


def disputed_before(program: Program, entry: Entry) -> int | None:
    """Give the entry by which the last claim of a promise was disputed before a delay was told; None for other entries.

    Three queries; none for other kinds.
    """
    if entry.kind != EntryKind.COMMITMENT_LATE:
        return None
    claims = indexes_citing(program, entry.cites["commitment"], [EntryKind.DELIVERY_CLAIMED])
    disputes = indexes_citing(program, [index for index, _kind, _of in claims], [EntryKind.DELIVERY_DISPUTED])
    found = entries_at(program, [index for index, _kind, _of in disputes if index < entry.index])
    own = [index for index, one in found.items() if one.data["milestone"] == entry.data["milestone"]]
    return max(own, default=None)


def day_set_by(program: Program, entry: Entry) -> int | None:
    """Give the entry that set the day of which a silence on an answer tells; None for other entries.

    Two queries; none for other kinds.
    """
    if entry.kind != EntryKind.ASK_SILENT:
        return None
    (ask,) = entry.cites["ask"]
    moves = entries_at(program, [one for one, _kind, _ask in indexes_citing(program, [ask], MOVES)])
    own = [index for index, one in moves.items() if "until" in one.data and index < entry.index]
    return max(own, default=ask)


def log_of(program: Program) -> Log | None:
    """Give the log of a program, or None before it is opened."""
    return Log.objects.filter(program=program).first()


PAGE = 100


@dataclass(frozen=True)
class EntryList:
    """One page of entries, newest first, and where the next older page begins."""

    told: list[EntryView]
    leaves: Mapping[int, str]
    size: int
    older: int | None


def lines_where(
    program: Program, *, before: int | None = None, pen: str = "", kind: str = "", since: date | None = None
) -> QuerySet[LogEntry]:
    """Give the lines of the log, newest first, filtered."""
    lines = LogEntry.objects.filter(log__program=program).order_by("-index")
    if before is not None:
        lines = lines.filter(index__lt=before)
    if pen:
        lines = lines.filter(pen=pen)
    if kind:
        lines = lines.filter(kind=kind)
    if since:
        lines = lines.filter(date__gte=since)
    return lines


def exported(lines: QuerySet[LogEntry]) -> Iterator[list[str]]:
    """Give the cells of each line for a file: its number, day, pen, kind, who wrote it, and its leaf. One query."""
    cells = lines.values_list("index", "date", "pen", "kind", "raw", "leaf")
    for index, day, pen, kind, raw, leaf in cells.iterator(2_000):
        yield [str(index), str(day), pen, kind, " ".join(json.loads(bytes(raw))["by"]), bytes(leaf).hex()]


def entry_list(
    program: Program,
    lang: str,
    *,
    before: int | None = None,
    pen: str = "",
    kind: str = "",
    since: date | None = None,
    most: int = PAGE,
) -> EntryList:
    """Give a page of entries with their words, newest first, filtered. Three queries."""
    log = log_of(program)
    size = log.size if log else 0
    lines = lines_where(program, before=before, pen=pen, kind=kind, since=since)
    found = list(lines[: most + 1])
    page = found[:most]
    return EntryList(
        told=_with_words(program, page, lang),
        leaves={line.index: bytes(line.leaf).hex() for line in page},
        size=size,
        older=page[-1].index if len(found) > most else None,
    )


class Looks(Protocol):
    """A query that compares with entries of one kind what this database keeps of them."""

    def __call__(self, *, program: Program, entries: Sequence[Entry]) -> Iterable[int]:
        """Give the entries of which the database keeps something else than they hash; what is not here says nothing else."""


_LOOKS: dict[str, Looks] = {}


def register_look(kind: str, looks: Looks) -> None:
    """Look with this query at entries of a kind."""
    _LOOKS[kind] = looks


def kept_otherwise(program: Program, entries: Sequence[Entry]) -> set[int]:
    """Compare the texts of these entries, and let every app compare what it keeps of them; give those that differ.

    A text that is not here differs, too, unless an entry says that it was taken down; one query for each that lacks some.
    """
    by_index = {one.index: one for one in entries}
    lacking = {one.index: set(one.texts) for one in entries}
    texts = PublicText.objects.filter(log__program=program, entry__in=by_index).select_related("log")
    wrong = set[int]()
    for one in texts.iterator(2_000):
        lacking[one.entry].discard(one.name)
        if not one.is_of(by_index[one.entry]):
            wrong.add(one.entry)
    wrong |= {
        index
        for index, names in lacking.items()
        if names and names - taken_down(program, by_index[index]).keys()
    }
    for kind, looks in _LOOKS.items():
        if found := [entry for entry in entries if entry.kind == kind]:
            wrong.update(looks(program=program, entries=found))
    return wrong


def head_of(program: Program) -> Head | None:
    """Give the last signed head, or None."""
    return Head.objects.filter(log__program=program).order_by("-size", "-pk").first()


def witnesses_at(program: Program, size: int) -> Policy | None:
    """Give whom the rules among the first entries of a log name as witnesses, or None where nobody. One query."""
    packs = packs_of(program)
    return policy_in(packs.at(size).witnesses) if packs.adopted else None


#: A head that enough witnesses cosigned is shown for so long while a newer one waits for them.
SHOWN_ON = timedelta(days=1)


def head_shown(program: Program) -> Head | None:
    """Give the head that others believe: the last that enough witnesses cosigned, while it is of yesterday at least; else the last.

    One query more where the rules name witnesses.
    """
    head = head_of(program)
    if head is None or head.seen.get("enough") or not pack_of(program).witnesses:
        return head
    since = head.signed_on - SHOWN_ON
    heads = Head.objects.filter(log=head.log_id, signed_on__gte=since, seen__enough=True)
    return _by_its_key(heads) or head


def _by_its_key(heads: QuerySet[Head]) -> Head | None:
    """Give the last of some heads if the key in force signed it: what a key signed that was given up, nobody believes. One query."""
    head = heads.select_related("log").order_by("-size", "-pk").first()
    try:
        return head if head and open_checkpoint(head.note, [parse_vkey(head.log.vkey)]) else None
    except LedgerError:
        return None


def head_of_text(program: Program, text: str) -> Head | None:
    """Give the last row of the head that has this text, or None where the log signed no such head. One query."""
    try:
        size = head_lines(text)[1]
    except LedgerError:
        return None
    head = Head.objects.filter(log__program=program, size=size).order_by("-pk").first()
    return head if head and head.text == text else None


def head_waiting(program: Program, above: int) -> Head | None:
    """Give the head that a witness which comes by itself cosigns: one that others began to cosign today or yesterday, else the last.

    So witnesses that come at different hours meet at one head. `above` is the size that the witness saw last.
    """
    head = head_of(program)
    if head is None:
        return None
    since = head.signed_on - SHOWN_ON
    heads = Head.objects.filter(log=head.log_id, signed_on__gte=since, size__gte=above, seen__has_key="by")
    begun = _by_its_key(heads)
    return head if begun is None or begun.seen["enough"] else begun


def size_seen_before(program: Program, head: Head) -> int:
    """Give the size of the last head before this one that witnesses cosigned, from which they likely want a proof; 0 where none."""
    heads = Head.objects.filter(log__program=program, size__lte=head.size, seen__has_key="by")
    return heads.order_by("-size", "-pk").values_list("size", flat=True).first() or 0


def head_at_least(program: Program, index: int) -> Head | None:
    """Give the last signed head if it covers an entry, or None while that entry is not yet signed."""
    head = head_of(program)
    return head if head and head.size > index else None


def line_at(program: Program, index: int) -> LogEntry | None:
    """Give one line of the log, or None."""
    return LogEntry.objects.filter(log__program=program, index=index).first()


def path_of(program: Program, index: int, head: Head) -> list[bytes]:
    """Give the hashes that lead from an entry to the root of a signed head."""
    log = Log.objects.get(program=program)
    return inclusion_proof(index, head.size, tile_reader(log, head.size).read)


def proof_file(program: Program, index: int, head: Head) -> str:
    """Give the tlog-proof file of an entry under a signed head; the entry itself rides along as its extra data."""
    line = line_at(program, index)
    raw = bytes(line.raw) if line else None
    return ProofFile(index, tuple(path_of(program, index, head)), checkpoint=head.note, extra=raw).text


def is_proved(line: LogEntry, path: Sequence[bytes], head: Head, vkey: str) -> bool:
    """Say whether the bytes of an entry, as they are stored now, lead to a head that the log signed, as the verifier would."""
    proof = ProofFile(line.index, tuple(path), checkpoint=head.note)
    try:
        verify_proof(proof, leaf_hash(bytes(line.raw)), [parse_vkey(vkey)])
    except LedgerError:
        return False
    return True


@dataclass(frozen=True)
class Compared:
    """The words of an entry beside its hashes: which were changed, which are gone with no entry that says why, which were taken down."""

    changed: Sequence[str] = ()
    gone: Sequence[str] = ()
    taken_down: Sequence[str] = ()


def compared(program: Program, entry: Entry, lang: str) -> Compared:
    """Compare the words of an entry, and of its translations into a language, with the hashes in the entries themselves.

    Two queries, and one more where words are missing.
    """
    here = PublicText.objects.filter(log__program=program)
    rows = list(here.filter(Q(entry=entry.index) | Q(about=entry.index, lang=lang)).order_by("entry", "pk"))
    lines = LogEntry.objects.filter(
        log__program=program, index__in={row.entry for row in rows} - {entry.index}
    )
    hashes = {line.index: line.parsed.texts for line in lines} | {entry.index: entry.texts}
    changed = [
        row.name
        for row in rows
        if not fits(
            hashes.get(row.entry, {}).get(row.name, {}).get("sha256", ""), bytes(row.salt), row.words.encode()
        )
    ]
    lacking = sorted(set(hashes_in(entry)) - {row.name for row in rows if row.entry == entry.index})
    erased = taken_down(program, entry) if lacking else {}
    down = [one for one in lacking if one in erased]
    gone = [one for one in lacking if one not in down and one in entry.texts]
    return Compared(sorted(set(changed)), gone, down)


def taken_down(program: Program, entry: Entry) -> dict[str, int]:
    """Give the names of the texts of an entry that were taken down, and of its file, each with the entry that says so. One query."""
    hashes = hashes_in(entry)
    lines = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.TEXT_ERASED, subject__in=hashes.values()
    )
    erased = [line.parsed for line in lines.order_by("index")]
    says = {str(one.data["sha256"]): one.index for one in erased if one.cites["of"] == (entry.index,)}
    return {name: says[sha256] for name, sha256 in hashes.items() if sha256 in says}


def texts_going(program: Program, erased: Iterable[Entry]) -> QuerySet[PublicText]:
    """Give the texts that these entries take down, each of the entry that it cites, as long as their words are here."""
    gone = [Q(entry=one.cites["of"][0], sha256=one.data["sha256"]) for one in erased]
    return PublicText.objects.filter(reduce(or_, gone), log__program=program)


def holding_too(program: Program, about: Entry, name: str) -> list[tuple[int, str]]:
    """List the texts that hold the words of this one too, alone or among others, by entry and name; at most 50."""
    texts = PublicText.objects.filter(log__program=program)
    one = texts.filter(entry=about.index, name=name).first()
    if one is None:
        return []
    ways = [one.words, json.dumps(one.words, ensure_ascii=False)[1:-1]]  # a plan or a form is JSON
    plain, inside = (StrIndex("words", Value(words)) for words in ways)
    found = texts.annotate(plain=plain, inside=inside).filter(Q(plain__gt=0) | Q(inside__gt=0))
    return list(found.exclude(pk=one.pk).order_by("entry", "name").values_list("entry", "name")[:50])


def hashes_standing(program: Program, entry: Entry) -> dict[str, str]:
    """Give the hashes of what can be taken down of an entry: its texts that are there, and the file it brought. Two queries at most."""
    rows = PublicText.objects.filter(log__program=program, entry=entry.index).order_by("pk")
    here = dict(rows.values_list("name", "sha256"))
    files = {name: sha256 for name, sha256 in hashes_in(entry).items() if name not in entry.texts}
    gone = taken_down(program, entry) if files else {}
    return here | {name: sha256 for name, sha256 in files.items() if name not in gone}


def last_day(program: Program) -> date | None:
    """Give the day of the last entry, or None before there is one. One query."""
    dates = LogEntry.objects.filter(log__program=program).order_by("-index").values_list("date", flat=True)
    return dates.first()


class Stand(NamedTuple):
    """How far a log has come: its id, its size, and the leaf of its last entry, which no other log has; and how often what is beside its entries changed."""

    log: int
    size: int
    last: bytes
    revision: int


#: Written out, because what is read often asks it.
STAND = """
    SELECT log.id, log.size, line.leaf, log.text_revision FROM record_log log
    JOIN record_logentry line ON line.log_id = log.id AND line."index" = log.size - 1
    WHERE log.program_id = %s
"""


def stand_of(program: Program) -> Stand | None:
    """Say where a program's log stands, or None where it has none. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(STAND, [program.pk])
        found = cursor.fetchone()
    return Stand(found[0], found[1], bytes(found[2]), found[3]) if found else None


def is_under_hold(program: Program) -> bool:
    """Say whether a legal hold stands: nothing is erased and no key destroyed then."""
    return hold_stands(RowsLog.of(program))


@dataclass(frozen=True)
class Packs:
    """The packs that were in force, by the entry that adopted each: what was promised keeps the clocks and words of its own."""

    adopted: tuple[tuple[int, str], ...]

    def at(self, index: int) -> Pack:
        """Give the pack that was in force before an entry; the first one for what stands before any."""
        before = [sha256 for adopted, sha256 in self.adopted if adopted < index]
        return pack_under(before[-1] if before else self.adopted[0][1])

    def called(self, what: str, index: int, lang: str) -> str:
        """Name a unit, or an office as unit/office, as it was called at an entry; beside that what it is called now, where that differs."""
        then, now = (
            pack.office_title(what, lang) if "/" in what else pack.unit_name(what, lang)
            for pack in (self.at(index), pack_under(self.adopted[-1][1]))
        )
        if then == what:
            return now
        return (
            then if now in {then, what} else gettext("%(then)s (now: %(now)s)") % {"then": then, "now": now}
        )

    @property
    def most_days_to_contest(self) -> int:
        """Give the longest time in which an answer could ever be contested."""
        return max(pack_under(sha256).clocks.contest_days for _index, sha256 in self.adopted)

    def of(self, ask: Entry) -> Pack:
        """Give the pack by whose clocks an ask runs."""
        return self.at(promised_at(ask))


def packs_in(log: RowsLog) -> Packs:
    """Give the packs that were in force. One query at most."""
    return Packs(tuple((one.index, str(one.data["pack"])) for one in log.every(EntryKind.POLICY_ADOPTED)))


def packs_of(program: Program) -> Packs:
    """Read which packs were in force. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.POLICY_ADOPTED).order_by("index")
    return Packs(tuple((one.index, json.loads(bytes(one.raw))["data"]["pack"]) for one in lines))


@dataclass(frozen=True)
class ClockStand:
    """The last day that was sure, whether the clock waits for somebody, who confirmed today, and how much was told ahead."""

    agreed: date | None
    waits: bool
    confirmed: frozenset[int]
    ahead: int


def clock_of(program: Program, today: date) -> ClockStand | None:
    """Say how the clock of a program stands, or None where it has no log. Three queries."""
    log = Log.objects.filter(program=program).first()
    if log is None:
        return None
    waits = log.agreed_day is not None and today > log.agreed_day + timedelta(days=1)
    said = log.days_confirmed.filter(day=today).values_list("person_id", flat=True)
    return ClockStand(log.agreed_day, waits, frozenset(said), dated_ahead(log, today).count())


def differing_entries(program: Program) -> list[int]:
    """List the entries of which rows of the database told something else, when they were compared last. One query."""
    return list(Log.objects.filter(program=program).values_list("differing", flat=True).first() or ())


def dated_ahead(log: Log, today: date) -> QuerySet[LogEntry, int]:
    """Give the numbers of what the clock told of lateness on days after today, and that still counts."""
    ended = log.citations.filter(kind=EntryKind.CLOCK_FAULTED).values("cited")
    lines = LogEntry.objects.filter(log=log, kind__in=ENDED_BY_A_FAULT, date__gt=today).exclude(
        index__in=ended
    )
    return lines.order_by("index").values_list("index", flat=True)


def standings(program: Program, *which: Q, **where: Any) -> list[Standing]:
    """List where asks stand, by the day of what is owed. One query."""
    rows = Standing.objects.filter(*which, log__program=program, **where)
    return list(rows.order_by("answer_due", "ask"))


def milestones(program: Program, *which: Q, **where: Any) -> list[MilestoneStanding]:
    """List where milestones stand, by their day. One query."""
    return list(MilestoneStanding.objects.filter(*which, log__program=program, **where).order_by("due", "pk"))


def learning_of(program: Program, size: int | None = None) -> dict[str, date]:
    """Give the last day of the learning period of each unit that has one, up to a size of the log. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.LEARNING_AGREED).order_by("index")
    lines = lines if size is None else lines.filter(index__lt=size)
    found = [one.parsed for one in lines]
    return {one.data["unit"]: date.fromisoformat(one.data["until"]) for one in found}


def learns(program: Program, unit: str, today: date) -> bool:
    """Say whether a unit is in its learning period today. One query."""
    until = learning_of(program).get(unit)
    return until is not None and today <= until

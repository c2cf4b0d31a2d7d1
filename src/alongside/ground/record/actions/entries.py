"""Append entries to the record: under one lock, judged by the grammar, signed where leads sign, folded; some of them once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import Entry, MalformedError
from alongside.core.grammar.acts import somebody_signs
from alongside.core.grammar.check import check_entry, check_unsigned, parse
from alongside.core.grammar.log import ends, follows
from alongside.core.grammar.shape import fail
from alongside.core.grammar.versions import KINDS, VERSION
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import leaf_hash, node_hash
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.salted import salted_hash
from alongside.core.words import MOST_WORDS, bytes_given_out, has_words, is_turned
from alongside.ground.programs.models import Program
from alongside.ground.record.acts import (
    Act,
    Hand,
    Nobody,
    OutdatedSignatureError,
    Part,
    Said,
    SignatureNeededError,
    Together,
    act_of,
    hand_at_work,
    hand_of_several,
    is_signed_by_a_key,
    pens_of,
)
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_written
from alongside.ground.record.models import Citation, ClockNotice, Log, LogEntry, Node, PublicText
from alongside.ground.record.persons import refuse_one_person_twice
from alongside.ground.record.rows import Begun, RowsLog, subject_of
from alongside.ground.record.signing import DoubtedClockError, refuse_halted
from alongside.ground.record.tiles import read_tile


@dataclass(frozen=True)
class Text:
    """Public words in one language; for a translation, whether a person made and reviewed it."""

    lang: str
    words: str


@dataclass(frozen=True)
class EntryRef:
    """Cite the entry that stands at this place in the same append."""

    place: int


@dataclass(frozen=True)
class Draft:
    """An entry to be appended. `cites` maps a role to entry numbers; `texts` maps a name to public words."""

    kind: str
    by: Sequence[str]
    data: Mapping[str, Any] = field(default_factory=dict)
    cites: Mapping[str, Sequence[int | EntryRef]] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)


@transaction.atomic
def append(
    *,
    program: Program,
    drafts: Sequence[Draft],
    now: datetime,
    kept: Mapping[str, Mapping[str, Any]] | None = None,
    signer: Part | None = None,
) -> list[Entry]:
    """Append entries to a program's log in one transaction, and fold what they change.

    Locks the log's row, so that the index has no gap. Raises GrammarError, and writes nothing, where an entry breaks
    the grammar, and HaltedLogError where the log lacks entries that were signed. Where leads have to sign them with
    their own keys, the hand at work does (see record.acts); raises SignatureNeededError where it did not. `kept` is what leads signed before
    of their parts of it, by seat, and `signer` the part of the lead who presses now; raises OutdatedSignatureError where what was kept
    does not stand under it. Every other action calls this as its last step.
    """
    rows, hand = _locked(program), hand_at_work()
    drafts = [replace(one, by=pens_of(rows, one)) for one in drafts]
    if signed := [one for one in (kept or {}).values() if one]:
        hand = hand_of_several(drafts, kept or {}, signer.nonce if signer else signed[0]["nonce"])
    try:
        return _append(rows, rows.begin(), drafts, now, hand)
    except SignatureNeededError as waits:
        if not kept:
            raise
        lacking = waits.act.keys.keys() - waits.sigs.keys()
        others = lacking - (signer.seats if signer else set())
        if signer is None or signer.act is None or others:
            raise OutdatedSignatureError(others or lacking) from None
        is_other = signer.is_other or bool(signer.signed)
        told = waits.before() if len(kept) > 1 else None
        raise SignatureNeededError(signer.act, is_other=is_other, others=told) from None


def sign_ahead(
    *,
    program: Program,
    drafts: Sequence[Draft],
    nonce: str,
    now: datetime,
    salts: Mapping[str, str] | None = None,
) -> Part:
    """Give the part that one lead, alone in `by`, signs of what goes on the log once others did, signed where the hand at work does.

    `nonce` is that of the act (see `nonce_about`), and `salts` are those of words that another lead signed before. What is kept is
    of these 14 days and over a head of this log: what could never be entered would hold up the others.
    """
    rows = RowsLog(Log.objects.select_related("program").get(program=program))
    for one in drafts:
        somebody_signs(rows, one.by, KINDS[one.kind])
    hand = Together(nonce, salts or {}, {})
    _values, said, act, sigs = _drawn(rows, drafts, next_day(program, now), hand)
    found = {f"{one.place} {one.name}": one.salt.hex() for one in said}
    signed = {} if act is None or act.lacking(sigs) or not act.can_wait(sigs, rows) else sigs
    return Part(act, nonce, found, signed, is_other=bool(sigs) and not signed)


def _locked(program: Program) -> RowsLog:
    """Lock the row of a program's log, and give its entries as the rules look at them."""
    log = Log.objects.select_for_update().get(program=program)
    log.program = program
    return RowsLog(log)


def _append(
    rows: RowsLog, begun: Begun, drafts: Sequence[Draft], now: datetime, hand: Hand | None = None
) -> list[Entry]:
    log, program, kinds = rows.log, rows.program, [draft.kind for draft in drafts]
    rows.some(
        one for draft in drafts for cited in draft.cites.values() for one in cited if isinstance(one, int)
    )
    if kinds != [EntryKind.RECORD_RESUMED]:  # it says what was lost, and ends the halt
        refuse_halted(program, log, begun.signed)
    today = _next_day(log, begun, now, kinds)
    values, said, act, sigs = _drawn(rows, drafts, today, hand or hand_at_work())
    stand = {seat: sigs[seat] for seat in act.keys.keys() - act.lacking(sigs)} if act else {}
    is_signed = act is None or stand.keys() == act.keys.keys()
    before = begun.last
    written: list[Entry] = []
    for place, value in enumerate(values):
        if act and is_signed:
            value["act"] = {"nonce": act.nonce, "of": len(values), "place": place}
            value["act"] |= {} if place else {"sigs": stand}
        before = _write(log, rows, value, before, check_entry if is_signed else check_unsigned)
        written.append(before)
    if before is not None:
        ends(before, rows)
    if act and not is_signed:  # asked last, so that nobody signs what would be refused
        raise SignatureNeededError(act, is_other=bool(sigs), sigs=stand)
    # Salt and words stand beside the log; a translation's words belong to the entry it translates.
    kept = [PublicText.of(log, written[one.place], one.name, salt=one.salt, words=one.words) for one in said]
    PublicText.objects.bulk_create(kept)
    log.text_revision += len({one.entry for one in kept})
    log.save(update_fields=["size", "text_revision"])
    index_written(log, written, kept)
    return written


#: How far the clock may move from a day that was agreed to the next without another that shows the same.
A_DAY = timedelta(days=1)


def next_day(program: Program, now: datetime) -> date:
    """Give the day of what is entered next, from which a day that it names is counted.

    Where the machine's clock went back, the day of the last entry stands. Raises DoubtedClockError where it jumped ahead, and nobody has said yet that the day has come.
    """
    rows = RowsLog(Log.objects.select_related("program").get(program=program))
    return _next_day(rows.log, rows.begin(), now)


def _next_day(log: Log, begun: Begun, now: datetime, kinds: Sequence[str] = ()) -> date:
    return _day(log, local_date(now, begun.pack), kinds, begun.last.date if begun.last else None)


def _day(log: Log, today: date, kinds: Sequence[str], last: date | None) -> date:
    two_agree = set(kinds) == {EntryKind.RECORD_RESUMED}  # to the day, too
    if log.agreed_day and today > log.agreed_day + A_DAY and not two_agree:
        raise DoubtedClockError(log.agreed_day, today)
    if set(kinds) == {EntryKind.CLOCK_FAULTED}:
        return today
    return max(today, last) if last else today


def _drawn(
    rows: RowsLog, drafts: Sequence[Draft], today: date, hand: Hand
) -> tuple[list[dict[str, Any]], list[Said], Act | None, dict[str, Any]]:
    """Give the entries of an append as values and their words; where leads sign them, the act that they are and what is signed of it."""
    # What no key signs has salts of its own: those that somebody brings hash the same words alike, a second time, too.
    is_act = is_signed_by_a_key(rows, ((one.kind, one.by) for one in drafts))
    hand, first = hand if is_act else Nobody(), rows.log.size
    nonce = hand.nonce
    said = [
        Said(place, name, hand.salt(nonce, place, name), text.words)
        for place, draft in enumerate(drafts)
        for name, text in draft.texts.items()
    ]
    hashes = {(one.place, one.name): salted_hash(one.salt, one.words.encode()) for one in said}
    values = [
        _value(draft, today, first, {name: hashes[place, name] for name in draft.texts})
        for place, draft in enumerate(drafts)
    ]
    act = act_of(rows, nonce, values, said, first)
    return values, said, act, dict(hand.sign(act)) if act else {}


def _value(draft: Draft, today: date, first: int, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Give an entry as its bytes will hold it; `first` is the index of the first of its append."""
    if draft.kind not in KINDS:
        raise MalformedError(f"there is no kind {draft.kind!r}; see core.grammar.")
    for text in draft.texts.values():
        if not has_words(text.words):
            fail("a text holds no letters or numbers that people can read; write it in words.")
        if is_turned(text.words):
            fail("a text holds a sign that turns letters round; type these words again, without it.")
    if bytes_given_out(text.words for text in draft.texts.values()) > MOST_WORDS:
        fail("this is longer than one entry of the record holds; shorten it, or publish it in two parts.")
    return {
        "v": VERSION,
        "kind": draft.kind,
        "date": today.isoformat(),
        "pen": KINDS[draft.kind].pen,
        "by": list(draft.by),
        "data": dict(draft.data),
        "cites": {
            role: [first + one.place if isinstance(one, EntryRef) else one for one in cited]
            for role, cited in draft.cites.items()
            if cited
        },
        "texts": {name: {"lang": text.lang, "sha256": hashes[name]} for name, text in draft.texts.items()},
    }


def _write(
    log: Log,
    rows: RowsLog,
    value: Mapping[str, Any],
    before: Entry | None,
    check: Callable[[Entry, RowsLog], None],
) -> Entry:
    raw = canonical(value)
    entry = parse(log.size, raw)
    follows(before, entry, rows)
    check(entry, rows)
    refuse_one_person_twice(program=log.program, entry=entry, log=rows)
    place_line(log, entry, raw)
    rows.add(entry)
    fold(log, rows, entry)
    return entry


def columns_of(entry: Entry, raw: bytes) -> dict[str, Any]:
    """Give what a line tells of its entry beside the bytes."""
    told = {name: getattr(entry, name) for name in ("index", "kind", "date", "pen")}
    nonce = entry.act["nonce"] if entry.act and not entry.act["place"] else None
    return told | {"subject": subject_of(entry), "leaf": leaf_hash(raw), "nonce": nonce}


def place_line(log: Log, entry: Entry, raw: bytes) -> None:
    """Insert an entry's line at the end of the log and, where it fills a tile, the tile's hash. Moves log.size."""
    LogEntry.objects.create(log=log, raw=raw, **columns_of(entry, raw))
    log.size += 1
    level, count = 1, log.size
    while count % TILE_WIDTH == 0:
        count //= TILE_WIDTH
        Node.objects.create(log=log, level=level, index=count - 1, hash=_full(log, level, count - 1))
        level += 1


def _full(log: Log, level: int, index: int) -> bytes:
    """Hash the full tile below: 256 leaves, or 256 hashes of full tiles."""
    below = read_tile(log, level - 1, index, TILE_WIDTH)
    hashes = [below[place : place + 32] for place in range(0, len(below), 32)]
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


@transaction.atomic
def tell_once(*, program: Program, draft: Draft, now: datetime) -> Entry | None:
    """Append what the clock has to tell, unless it was told; None where it was."""
    rows = _locked(program)
    begun = rows.begin()
    if _times_told_wrongly(rows.log, [_told_as(draft, _next_day(rows.log, begun, now))]) == [None]:
        return None
    entry = _append(rows, begun, [draft], now)[0]
    note_told(log=rows.log, entry=entry)
    return entry


def untold[T](*, program: Program, late: Iterable[tuple[T, Draft]], on: date) -> list[T]:
    """Give the things of which the clock did not tell yet what stands beside them. Three queries and no lock, however many are late.

    Of a draft only its kind, what it cites and its stage are looked at.
    """
    found = list(late)
    if not found:
        return []
    told = [_told_as(draft, on) for _, draft in found]
    times = _times_told_wrongly(Log.objects.get(program=program), told)
    return [one for (one, _), again in zip(found, times, strict=True) if again is not None]


def _told_as(told: Draft | Entry, on: date) -> dict[str, Any]:
    """Say about which entry the clock tells this and at which stage, as its kind declares."""
    once = KINDS[told.kind].once
    if once is None:
        raise ValueError(f"{told.kind} may be told many times; say in its Kind what it is told of once.")
    return {"about": told.cites[once.role][0], "kind": told.kind, "stage": once.stage(told.data, on)}


def note_told(*, log: Log, entry: Entry) -> None:
    """Note what the clock told once, so that it is not told again."""
    if KINDS[entry.kind].once:
        told = _told_as(entry, entry.date)
        (again,) = _times_told_wrongly(log, [told])
        if again is not None:
            ClockNotice.objects.create(log=log, **told, again=again, entry=entry.index, date=entry.date)


def _times_told_wrongly(log: Log, told: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Count of each thing how often a clock that was wrong told it; None where it was told rightly. Two queries."""
    notices = ClockNotice.objects.filter(log=log, about__in={one["about"] for one in told}).order_by("again")
    last = {(one.about, one.kind, one.stage): one for one in notices}
    faults = Citation.objects.filter(log=log, kind=EntryKind.CLOCK_FAULTED)
    wrong = set(faults.filter(cited__in=[one.entry for one in last.values()]).values_list("cited", flat=True))
    found = [last.get((one["about"], one["kind"], one["stage"])) for one in told]
    return [0 if one is None else one.again + 1 if one.entry in wrong else None for one in found]


@dataclass(frozen=True)
class Entered:
    """The entries that say what was sent, and whether this press made them."""

    entries: list[Entry]
    is_new: bool


@transaction.atomic
def append_once(
    *, program: Program, drafts: Sequence[Draft], now: datetime, step_of: int | None = None
) -> Entered:
    """Append entries unless the very same stand on the record since today: then give those, and write nothing.

    The same means all of it: kind, pens, data, citations and every word. One that differs in a word is another.
    `step_of` is the entry that this is a step of: once another step was taken after it, the same words say a new thing.
    Takes the lock of `append` before it looks, so that of two presses at one moment the later sees the earlier.
    Raises GrammarError like `append`.
    """
    rows = _locked(program)
    drafts = [replace(one, by=pens_of(rows, one)) for one in drafts]
    begun = rows.begin()
    today = _next_day(rows.log, begun, now)
    standing = _standing(rows, drafts, today)
    if standing and (step_of is None or _last_step(rows.log, step_of) == standing[0].index):
        return Entered(standing, is_new=False)
    return Entered(_append(rows, begun, drafts, now), is_new=True)


def _standing(rows: RowsLog, drafts: Sequence[Draft], today: date) -> list[Entry]:
    """Find a row of entries of today that says all that these drafts say; else nothing."""
    log = rows.log
    lines = LogEntry.objects.filter(log=log, date=today, kind=drafts[0].kind).order_by("-index")
    for first in lines.values_list("index", flat=True):
        found = [rows.get(first + place) for place in range(len(drafts))]
        whole = [one for one in found if one is not None]
        if len(whole) == len(drafts) and all(
            _says(log, one, draft, first) for one, draft in zip(whole, drafts, strict=True)
        ):
            return whole
    return []


def _last_step(log: Log, index: int) -> int | None:
    steps = Citation.objects.filter(log=log, cited=index).order_by("-citing")
    return steps.values_list("citing", flat=True).first()


def _says(log: Log, entry: Entry, draft: Draft, first: int) -> bool:
    """Say whether an entry says what a draft would say, in the same words."""
    cites = {
        role: sorted(first + one.place if isinstance(one, EntryRef) else one for one in cited)
        for role, cited in draft.cites.items()
        if cited
    }
    return (
        entry.kind == draft.kind
        and sorted(entry.by) == sorted(draft.by)
        and canonical(dict(entry.data)) == canonical(dict(draft.data))
        and {role: sorted(cited) for role, cited in entry.cites.items()} == cites
        and _words(log, entry) == {name: (text.lang, text.words) for name, text in draft.texts.items()}
    )


def _words(log: Log, entry: Entry) -> dict[str, tuple[str, str]]:
    rows = PublicText.objects.filter(log=log, entry=entry.index)
    return {one.name: (one.lang, one.words) for one in rows}

"""Write to the record: append entries, tell a thing once, sign, fold anew, take back after a restore, guard the clock."""

from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import F, Q

from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import SEAT, Entry, GrammarError, MalformedError
from alongside.core.grammar.acts import act_holds, somebody_signs
from alongside.core.grammar.check import check_entry, check_unsigned, parse
from alongside.core.grammar.log import ends, follows
from alongside.core.grammar.log_keys import (
    KEY_CHANGES,
    a_lead_with_a_key_and_the_city_stand_for_it,
    both_keys_sign_it,
    change_statement,
)
from alongside.core.grammar.program import TELLS_PACKS, WRONG_AT_ONCE, terms_of
from alongside.core.grammar.seats import refuse_new_seats
from alongside.core.grammar.shape import fail
from alongside.core.grammar.versions import GRAMMARS, KINDS, VERSION
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import LedgerError, leaf_hash, node_hash
from alongside.core.ledger.keys import VerifierKey
from alongside.core.ledger.nodes import root_from
from alongside.core.ledger.note import MAX_SIGNATURES, open_note
from alongside.core.ledger.policy import as_read
from alongside.core.policy.pack import Pack
from alongside.core.salted import salted_hash
from alongside.core.words import MOST_WORDS, bytes_given_out, has_words, is_turned
from alongside.core.workflow.asks import DONE, STEPS, is_ask
from alongside.core.workflow.commitments import CHANGES, KEPT
from alongside.ground.gate.presses import is_pressed, mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, pack_under, pack_version
from alongside.ground.record.acts import (
    Act,
    Hand,
    Nobody,
    Part,
    Said,
    SignedOtherwise,
    Together,
    Unsigned,
    act_of,
    hand_at_work,
    hand_of_several,
    is_signed_by_a_key,
    nonce_about,
    pens_of,
)
from alongside.ground.record.declared import appends
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_anew, index_entries, index_written
from alongside.ground.record.models import (
    Citation,
    ClockNotice,
    DayConfirmed,
    Head,
    Log,
    LogEntry,
    MilestoneStanding,
    Node,
    PublicText,
    Standing,
)
from alongside.ground.record.persons import refuse_one_person_twice
from alongside.ground.record.queries import (
    dated_ahead,
    head_of_text,
    kept_otherwise,
    texts_going,
    witnesses_at,
)
from alongside.ground.record.returning import made_again
from alongside.ground.record.rows import Begun, RowsLog, subject_of
from alongside.ground.record.signing import (
    ClockWaits,
    HighWater,
    RestoredLogCannotSign,
    halted,
    has_key,
    is_next_key,
    make_key,
    next_key,
    put_in_place,
    read_high_water,
    read_key,
    refuse_halted,
    refuse_other_key,
    vkey,
    write_high_water,
)
from alongside.ground.record.tiles import TILE, read_tile, tile_reader

#: How far a witness's clock may be from ours.
NEAR_SECONDS = 86_400


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
    the grammar, and RestoredLogCannotGrow where the log lacks entries that were signed. Where leads have to sign them with
    their own keys, the hand at work does (see record.acts); raises Unsigned where it did not. `kept` is what leads signed before
    of their parts of it, by seat, and `signer` the part of the lead who presses now; raises SignedOtherwise where what was kept
    does not stand under it. Every other action calls this as its last step.
    """
    rows, hand = _locked(program), hand_at_work()
    drafts = [replace(one, by=pens_of(rows, one)) for one in drafts]
    if signed := [one for one in (kept or {}).values() if one]:
        hand = hand_of_several(drafts, kept or {}, signer.nonce if signer else signed[0]["nonce"])
    try:
        return _append(rows, rows.begin(), drafts, now, hand)
    except Unsigned as waits:
        if not kept:
            raise
        lacking = waits.act.keys.keys() - waits.sigs.keys()
        others = lacking - (signer.seats if signer else set())
        if signer is None or signer.act is None or others:
            raise SignedOtherwise(others or lacking) from None
        is_other = signer.is_other or bool(signer.signed)
        told = waits.before() if len(kept) > 1 else None
        raise Unsigned(signer.act, is_other=is_other, others=told) from None


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
        raise Unsigned(act, is_other=bool(sigs), sigs=stand)
    # Salt and words stand beside the log; a translation's words belong to the entry it translates.
    kept = [PublicText.of(log, written[one.place], one.name, salt=one.salt, words=one.words) for one in said]
    PublicText.objects.bulk_create(kept)
    log.text_revision += len({one.entry for one in kept})
    log.save(update_fields=["size", "text_revision"])
    index_written(log, written, kept)
    return written


#: How far the clock may move from a day that was agreed to the next without another that shows the same.
A_DAY = timedelta(days=1)
#: A day that is no longer sure counts as one after which the clock jumped, in every time zone.
UNSURE = timedelta(days=3)


def next_day(program: Program, now: datetime) -> date:
    """Give the day of what is entered next, from which a day that it names is counted.

    Where the machine's clock went back, the day of the last entry stands. Raises ClockWaits where it jumped ahead, and nobody has said yet that the day has come.
    """
    rows = RowsLog(Log.objects.select_related("program").get(program=program))
    return _next_day(rows.log, rows.begin(), now)


def _next_day(log: Log, begun: Begun, now: datetime, kinds: Sequence[str] = ()) -> date:
    return _day(log, local_date(now, begun.pack), kinds, begun.last.date if begun.last else None)


def _day(log: Log, today: date, kinds: Sequence[str], last: date | None) -> date:
    two_agree = set(kinds) == {EntryKind.RECORD_RESUMED}  # to the day, too
    if log.agreed_day and today > log.agreed_day + A_DAY and not two_agree:
        raise ClockWaits(log.agreed_day, today)
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


def _columns(entry: Entry, raw: bytes) -> dict[str, Any]:
    """Give what a line tells of its entry beside the bytes."""
    told = {name: getattr(entry, name) for name in ("index", "kind", "date", "pen")}
    nonce = entry.act["nonce"] if entry.act and not entry.act["place"] else None
    return told | {"subject": subject_of(entry), "leaf": leaf_hash(raw), "nonce": nonce}


def place_line(log: Log, entry: Entry, raw: bytes) -> None:
    """Insert an entry's line at the end of the log and, where it fills a tile, the tile's hash. Moves log.size."""
    LogEntry.objects.create(log=log, raw=raw, **_columns(entry, raw))
    log.size += 1
    level, count = 1, log.size
    while count % TILE == 0:
        count //= TILE
        Node.objects.create(log=log, level=level, index=count - 1, hash=_full(log, level, count - 1))
        level += 1


def _full(log: Log, level: int, index: int) -> bytes:
    """Hash the full tile below: 256 leaves, or 256 hashes of full tiles."""
    below = read_tile(log, level - 1, index, TILE)
    hashes = [below[place : place + 32] for place in range(0, len(below), 32)]
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


@appends(EntryKind.CLOCK_AGREED)
def begin_day(*, program: Program, now: datetime, is_seen: bool) -> bool:
    """Begin the day that the clock shows, and give whether it may begin; `is_seen` says that another clock shows it too.

    A day after one that was agreed begins by itself, and so does every day of a demonstration.
    """
    today = local_date(now, pack_of(program))
    if Log.objects.filter(program=program, agreed_day=today).exists():
        return True
    with transaction.atomic():
        log = Log.objects.select_for_update().get(program=program)
        if not (is_seen or program.is_demonstration or _follows(log.agreed_day, today)):
            return False
        _agree(log, today, ["clock"], now)
    return True


@appends()
def doubt_day(*, program: Program, now: datetime) -> None:
    """Let the day be sure no more, where another clock shows a later one: nothing is entered until it is confirmed."""
    unsure = local_date(now, pack_of(program)) - UNSURE
    Log.objects.filter(program=program, agreed_day__gt=unsure).update(agreed_day=unsure)


def _follows(agreed: date | None, today: date) -> bool:
    return agreed is None or today <= agreed + A_DAY


def _agree(log: Log, today: date, by: Sequence[str], now: datetime) -> None:
    """Keep the day as agreed; where the clock had jumped, an entry tells the gap."""
    last = log.agreed_day
    if last is not None and today <= last:
        return
    log.agreed_day = today
    log.save(update_fields=["agreed_day"])
    if last is not None and not _follows(last, today):
        data = {"from": last.isoformat(), "until": today.isoformat()}
        append(program=log.program, drafts=[Draft(kind=EntryKind.CLOCK_AGREED, by=by, data=data)], now=now)


@appends(EntryKind.CLOCK_AGREED)
@transaction.atomic
def confirm_day(*, program: Program, day: date, person: Person, by: str, now: datetime) -> bool:
    """Say that it is this day, as a seat or as the steward; give whether the clock goes on now.

    It goes on with the word of two people, of whom one sits in the cohort. Raises ValueError where the clock does not show
    this day, or does not wait, GrammarError for a lead whose seat is too new.
    """
    log = Log.objects.select_for_update().get(program=program)
    if day != local_date(now, pack_of(program)) or _follows(log.agreed_day, day):
        raise ValueError("The clock does not wait for this day.")
    if SEAT.match(by):
        refuse_new_seats(RowsLog(log), [by], day)
    said, _new = DayConfirmed.objects.update_or_create(log=log, day=day, person=person, defaults={"by": by})
    said.mark = mark_of(said)
    said.save(update_fields=["mark"])
    found = DayConfirmed.objects.filter(log=log, day=day)
    words = sorted({one.person_id: one.by for one in found if is_pressed(one)}.values())
    seats = [one for one in words if one.startswith("seat-")]
    others = [one for one in words if one not in seats[:1]]
    if not seats or not others:
        return False
    _agree(log, day, [seats[0], others[0]], now)
    return True


@appends(EntryKind.CLOCK_FAULTED)
@transaction.atomic
def tell_fault(*, program: Program, reason: Text, by: Sequence[str], now: datetime) -> list[Entry]:
    """Say that the clock was ahead: what it told of anyone's lateness on days that had not come counts for nothing.

    What one entry cannot cite is cut from its end, so that each part is followed by none that still counts.
    Raises ValueError where nothing was told on a day that is still to come.
    """
    log = Log.objects.select_for_update().get(program=program)
    today = local_date(now, pack_of(program))
    wrong = list(dated_ahead(log, today))
    if not wrong:
        raise ValueError("Nothing was told on a day that is still to come.")
    log.agreed_day = today
    log.save(update_fields=["agreed_day"])
    parts = [wrong[max(0, end - WRONG_AT_ONCE) : end] for end in range(len(wrong), 0, -WRONG_AT_ONCE)]
    drafts = [
        Draft(kind=EntryKind.CLOCK_FAULTED, by=by, cites={"wrong": one}, texts={"reason": reason})
        for one in parts
    ]
    return append(program=program, drafts=drafts, now=now)


#: So many entries are looked at in one night beside everything that is open; after some nights all were.
A_NIGHT = 2_000
#: No more are named: whoever sees these makes all of them anew.
MOST = 50
#: What moves an ask, or a promise that was made to it.
MOVES = (
    *STEPS,
    EntryKind.COMMITMENT_LATE,
    *CHANGES,
)
#: What is open, as the rows have it: what a row hides by calling itself done is found when its turn comes.
OPEN = ~Q(state__in=DONE) | Q(raise_due__isnull=False, raise_reply=None)


def differing(*, log: Log) -> tuple[list[int], int]:
    """List entries of which the database says something else than they do, and give where to go on the next night.

    Looked at, also in what apps keep beside the record, is whatever is open, what differed before, and the next entries in turn, after the last the first again.
    """
    rows, first = RowsLog(log), log.looked_to if log.looked_to < log.size else 0
    lines = list(LogEntry.objects.filter(log=log, index__gte=first).order_by("index")[:A_NIGHT])
    lines += LogEntry.objects.filter(log=log, index__in=log.differing)
    wrong = {one.index for one in lines if not _is_read(rows, one)}
    indexes = {one.index for one in lines} - wrong
    wrong |= _cited_otherwise(log, rows, indexes)
    wrong |= _nowhere(log)
    wrong |= kept_otherwise(log.program, [entry for one in sorted(indexes) if (entry := rows.get(one))])
    asks = {one for one in indexes if (entry := rows.get(one)) and is_ask(entry)}
    theirs = Standing.objects.filter(Q(ask__in=indexes) | OPEN, log=log)
    unkept = MilestoneStanding.objects.filter(log=log).exclude(completion__in=KEPT)
    asks.update(theirs.values_list("ask", flat=True), unkept.values_list("ask", flat=True))
    wrong.update(one for one in sorted(asks) if not _stands_alike(log, rows, one))
    return sorted(wrong)[:MOST], min(first + A_NIGHT, log.size)


def _is_read(rows: RowsLog, line: LogEntry) -> bool:
    """Read an entry as a stranger's, or say that its bytes are none, or that its line tells something else beside them."""
    raw = bytes(line.raw)
    try:
        rows.remember(entry := parse(line.index, raw))
    except GrammarError:
        return False
    told = {name: getattr(line, name) for name in ("kind", "date", "pen", "subject", "nonce")}
    return _columns(entry, raw) == told | {"index": line.index, "leaf": bytes(line.leaf)}


def _cited_otherwise(log: Log, rows: RowsLog, indexes: Collection[int]) -> set[int]:
    """List the entries that cite other ones in the database than they do; what a wrong clock wrote cites nothing any more."""
    have = set(
        Citation.objects.filter(log=log, citing__in=indexes).values_list("citing", "kind", "role", "cited")
    )
    told = [entry for one in indexes if (entry := rows.get(one))]
    want = {
        (one.index, one.kind, role, index)
        for one in told
        for role, cited in one.cites.items()
        for index in cited
    }
    faults = Citation.objects.filter(log=log, kind=EntryKind.CLOCK_FAULTED, role="wrong")
    ended = {
        cited
        for citing, cited in faults.values_list("citing", "cited")
        if (fault := rows.get(citing))
        and fault.kind == EntryKind.CLOCK_FAULTED
        and cited in fault.cites["wrong"]
    }
    return {one[0] for one in have ^ want} - ended


def _nowhere(log: Log) -> set[int]:
    """List lines beyond the size of the log, and entries to which texts and citations of such lines belong."""
    size = F("log__size")
    lines = LogEntry.objects.filter(log=log, index__gte=size).values_list("index", flat=True)
    texts = PublicText.objects.filter(log=log, entry__gte=size).values_list("about", flat=True)
    cited = Citation.objects.filter(log=log, citing__gte=size).values_list("cited", flat=True)
    return set(lines) | set(texts) | set(cited) | _rules_otherwise(log, RowsLog(log))


def _rules_otherwise(log: Log, rows: RowsLog) -> set[int]:
    """Name the entry that adopted the rules in force, where pages go by others, or where it tells them otherwise."""
    adopted = rows.every(EntryKind.POLICY_ADOPTED)[-1:]
    sha256 = pack_version(log.program).sha256
    return {
        one.index
        for one in adopted
        if sha256 != one.data["pack"]
        or (one.v >= TELLS_PACKS and one.data != terms_of(pack_under(sha256), sha256, one.date))
    }


def _stands_alike(log: Log, rows: RowsLog, ask: int) -> bool:
    """Fold an ask and what was promised to it again, take it back, and say whether it came out as it stood."""
    asked = rows.get(ask)
    if asked is None or not is_ask(asked):
        return False
    with transaction.atomic():
        Log.objects.select_for_update().get(pk=log.pk)  # nothing is appended meanwhile
        before, steps = _rows(log, ask), _steps(log, ask)
        Standing.objects.filter(log=log, ask=ask).delete()
        MilestoneStanding.objects.filter(log=log, ask=ask).delete()
        Citation.objects.filter(log=log, citing__in=steps).delete()
        try:
            for entry in filter(None, map(rows.get, steps)):
                fold(log, rows, entry)
            after = _rows(log, ask)
        except (GrammarError, ObjectDoesNotExist):  # a step before it is gone
            after = []
        transaction.set_rollback(True)
    return before == after


def _steps(log: Log, ask: int) -> list[int]:
    """List an ask and what moves it, as citations lead from one to the next."""
    seen, edge = {ask}, {ask}
    while edge:
        found = Citation.objects.filter(log=log, cited__in=edge, kind__in=MOVES)
        edge = set(found.values_list("citing", flat=True)) - seen
        seen |= edge
    return sorted(seen)


def _rows(log: Log, ask: int) -> list[dict[str, Any]]:
    models: Iterable[type[Standing | MilestoneStanding]] = (Standing, MilestoneStanding)
    found = [one for model in models for one in model.objects.filter(log=log, ask=ask).values()]
    without = [{name: value for name, value in one.items() if name != "id"} for one in found]
    return sorted(without, key=lambda one: (str(one.get("commitment")), str(one.get("milestone"))))


@transaction.atomic
def tell_once(*, program: Program, draft: Draft, now: datetime) -> Entry | None:
    """Append what the clock has to tell, unless it was told; None where it was."""
    rows = _locked(program)
    begun = rows.begin()
    if _times_told_wrongly(rows.log, [_told_as(draft, _next_day(rows.log, begun, now))]) == [None]:
        return None
    entry = _append(rows, begun, [draft], now)[0]
    _note_told(rows.log, entry)
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


def _note_told(log: Log, entry: Entry) -> None:
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


def look_again(*, program: Program, today: date) -> list[int]:
    """Compare what is folded with the entries, once a day; give the entries that the database tells otherwise."""
    log = Log.objects.get(program=program)
    if log.looked_on == today:
        return list(log.differing)
    found, to = differing(log=log)
    Log.objects.filter(pk=log.pk).update(looked_on=today, looked_to=to, differing=found)
    return found


@transaction.atomic
def rebuild(*, program: Program) -> None:
    """Throw away what is folded and fold it again from the entries, and show no page from what was kept. What is kept beside them stays as it is, and is told on."""
    log = Log.objects.select_for_update().get(program=program)
    for model in (Citation, Standing, MilestoneStanding):
        model.objects.filter(log=log).delete()
    rows = RowsLog(log)
    for line in LogEntry.objects.filter(log=log, index__lt=log.size).order_by("index").iterator():
        entry = line.parsed
        rows.read_again(entry)
        fold(log, rows, entry)
    differed = [found for one in log.differing if (found := rows.get(one))]
    Log.objects.filter(pk=log.pk).update(differing=sorted(kept_otherwise(program, differed) | _nowhere(log)))
    renew_pages(program=program)
    index_anew(log)


@transaction.atomic
def sign_head(*, program: Program, now: datetime) -> Head | None:
    """Sign the head of a program's log, if it grew since the last signature; None where it did not.

    Refuses with RestoredLogCannotSign where the log is shorter than, or differs from, what the high-water mark says was
    signed before, and where there is no mark or one from before the last head. The mark is moved before the signature is published, so that a crash between the two cannot fork.
    Raises NoLogKey where there is something to sign and the log's key is not here, or another.
    """
    log = Log.objects.select_for_update().get(program=program)
    _know_key(log, program)
    high = read_high_water(program)
    last = Head.objects.filter(log=log).order_by("-size", "-pk").first()
    today = local_date(now, pack_of(program))
    if (
        last is not None
        and last.size == log.size
        and last.signed_on >= today
        and high
        and high.size == log.size
    ):
        return None
    reader = tile_reader(log)
    if why := halted(program, log.size, signed=last.size if last else 0):
        raise RestoredLogCannotSign(why)
    if high is not None and root_from(tile_reader(log, high.size).read, high.size) != high.root:
        raise RestoredLogCannotSign(
            f"The first {high.size} entries in this database are not the ones that were signed: it was put together from"
            " another history. Restore the right backup first. Run `alongside record resume` with the address of a mirror then."
        )
    root = root_from(reader.read, log.size)
    note = Checkpoint(program.origin, log.size, root).sign(read_key(program))
    write_high_water(program, HighWater(log.size, root))
    return Head.objects.create(log=log, size=log.size, root=root, note=note, signed_on=today)


@transaction.atomic
def keep_cosignatures(*, program: Program, text: str, lines: str, now: datetime) -> Head | None:
    """Put the lines of witnesses beside a head, and give it as it stands then; None where the log never signed this text, or no line fits.

    A line joins where the rules in that head name its witness, its signature fits, and it is of today, of yesterday or of
    tomorrow: everything else is left out, and one cannot spoil another.
    """
    log = Log.objects.select_for_update().get(program=program)
    head = head_of_text(program, text)
    policy = witnesses_at(program, head.size) if head else None
    if head is None or policy is None:
        return None
    keys = [*policy.witnesses.values()]
    near = {
        key: line
        for key, (line, when) in _lines_of(text, lines, keys).items()
        if abs(when - now.timestamp()) <= NEAR_SECONDS
    }
    known = _lines_of(text, head.note.removeprefix(text), keys)
    came = {key: line for key, line in near.items() if key not in known}
    if not came:
        return head if near else None
    note = head.note + "".join(came.values())
    opened = open_note(note, keys)
    by = [as_read(name) for name, _when in policy.seen_by(opened)]
    seen = {"by": by, "of": len(policy.witnesses), "enough": policy.has_quorum(opened)}
    return Head.objects.create(
        log=log, size=head.size, root=head.root, note=note, signed_on=head.signed_on, seen=seen
    )


def _lines_of(text: str, lines: str, keys: Sequence[VerifierKey]) -> dict[VerifierKey, tuple[str, int]]:
    """Give the lines of known keys that fit a text, each with its time in seconds since 1970."""
    found = {}
    for line in lines.split("\n")[:MAX_SIGNATURES]:
        try:
            opened = open_note(f"{text}\n{line}\n", keys)
        except LedgerError:
            continue
        found[opened.signatures[0].key] = (f"{line}\n", opened.signatures[0].timestamp or 0)
    return found


@appends(EntryKind.RECORD_REKEYED)
def change_key(*, program: Program, now: datetime) -> Entry:
    """Give the log another key, by an entry that the old one and the new one sign; the next head is signed with the new one.

    Raises NoLogKey where the log's key is not here.
    """
    with transaction.atomic():
        log = Log.objects.select_for_update().get(program=program)
        _know_key(log, program)
        old, new = read_key(program), next_key(program)
        told = {"old": old.verifier.vkey, "new": new.verifier.vkey}
        told["root"] = root_from(tile_reader(log).read, log.size).hex()
        said = change_statement(origin=program.origin, **told)
        sigs = {"old_sig": old.sign(said), "new_sig": new.sign(said)}
        data = told | {name: b64encode(sig).decode() for name, sig in sigs.items()}
        draft = Draft(kind=EntryKind.RECORD_REKEYED, by=["clock"], data=data)
        entry = append(program=program, drafts=[draft], now=now)[0]
    sign_head(program=program, now=now)  # once the entry is kept: the old key is gone with it
    return entry


@appends(EntryKind.RECORD_DISTRUSTED)
def distrust_key(*, program: Program, new: str, reason: Text, by: str, now: datetime) -> Entry:
    """Tell that somebody else may have the key of the log, with a lead's own signature; the next head is signed with the new one."""
    data = {"old": vkey(program), "new": new}
    kind = EntryKind.RECORD_DISTRUSTED
    draft = Draft(kind=kind, by=[by, "steward"], data=data, texts={"reason": reason})
    return append(program=program, drafts=[draft], now=now)[0]


def _know_key(log: Log, program: Program) -> None:
    """Keep the public half of the log's key for the machines without it; refuse another key than the one that the log names.

    Where the last change of the log names the next key, that takes its place here.
    """
    if not has_key(program):
        return
    changes = LogEntry.objects.filter(log=log, kind__in=KEY_CHANGES)  # few, so they are sorted here
    change = max(changes, key=lambda one: one.index, default=None)
    named = change.parsed.data["new"] if change else log.vkey
    if change and is_next_key(program, named) and _stands(log, change.parsed):
        put_in_place(program)
    signer = read_key(program)
    if named == signer.verifier.vkey != log.vkey:
        log.vkey = named
        log.save(update_fields=["vkey"])
    refuse_other_key(log, signer, named)
    if not log.vkey:
        log.vkey = signer.verifier.vkey
        log.save(update_fields=["vkey"])


def _stands(log: Log, change: Entry) -> bool:
    """Say whether the keys, or the lead, did sign a change: a row that somebody else put there takes no key away."""
    rows = RowsLog(log)
    try:
        if change.kind == EntryKind.RECORD_REKEYED:
            both_keys_sign_it(change, rows)
        elif change.act:
            a_lead_with_a_key_and_the_city_stand_for_it(change, rows)
            act_holds(change, GRAMMARS[change.v], rows)
        else:
            return False
    except GrammarError:
        return False
    return True


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


@appends(EntryKind.PROGRAM_OPENED, EntryKind.POLICY_ADOPTED)
@transaction.atomic
def open_log(*, program: Program, now: datetime) -> list[Entry]:
    """Open the log of a new program: its key, its first entry, and the policy pack in force."""
    log = Log.objects.create(program=program)
    log.vkey = make_key(program)
    log.save(update_fields=["vkey"])
    pack = pack_of(program)
    data = {"program": program.slug, "time_zone": pack.time_zone, "demonstration": program.is_demonstration}
    name = Text("en", pack.words("name", "en"))
    opened = Draft(kind=EntryKind.PROGRAM_OPENED, by=["steward"], data=data, texts={"name": name})
    rules = _terms(pack_of(program), pack_version(program).sha256, ["steward"], next_day(program, now))
    return append(program=program, drafts=[opened, rules], now=now)


def _terms(pack: Pack, sha256: str, by: Sequence[str], on: date) -> Draft:
    return Draft(kind=EntryKind.POLICY_ADOPTED, by=list(by), data=terms_of(pack, sha256, on))


@appends(EntryKind.POLICY_ADOPTED)
def sign_rules(
    *, program: Program, pack: Pack, sha256: str, proposed_on: date, seat: str, now: datetime
) -> Part:
    """Give what a lead signs who agrees to rules, whoever agrees beside her; never the same twice, as rules may come back.

    Working days are counted from the day on which the rules were proposed, so that all sign the same number.
    """
    rows = RowsLog.of(program)
    nonce = nonce_about("rules", program.origin, sha256, rows.every(EntryKind.POLICY_ADOPTED)[-1].index)
    drafts = [_terms(pack, sha256, [seat], proposed_on)]
    return sign_ahead(program=program, drafts=drafts, nonce=nonce, now=now)


@appends(EntryKind.POLICY_ADOPTED)
def enter_policy(
    *,
    program: Program,
    now: datetime,
    seats: Sequence[str] = (),
    proposed_on: date | None = None,
    kept: Mapping[str, Mapping[str, Any]] | None = None,
    signer: Part | None = None,
) -> Entry:
    """Enter the policy pack that was adopted last, with the seats that signed it where it makes the rules milder, and what they signed."""
    on, by = proposed_on or next_day(program, now), ["steward", *seats]
    drafts = [_terms(pack_of(program), pack_version(program).sha256, by, on)]
    return append(program=program, drafts=drafts, now=now, kept=kept, signer=signer)[0]


def lose_words(*, log: Log, erased: Collection[Entry]) -> None:
    """Let salt and words go of the texts that these entries took down, each of the entry that it cites."""
    found = texts_going(log.program, erased)
    abouts = list(found.values_list("about", flat=True))
    found.delete()
    Log.objects.filter(pk=log.pk).update(text_revision=F("text_revision") + 1)
    index_entries(log, abouts)


@appends()
def renew_pages(*, program: Program) -> None:
    """Let no page of a program be shown from what was kept: something beside the record changed, such as a profile."""
    Log.objects.filter(program=program).update(text_revision=F("text_revision") + 1)


@transaction.atomic
def restore_entries(*, program: Program, missing: Sequence[bytes], texts: Sequence[PublicText] = ()) -> int:
    """Put entries back that a restored database lacks, verbatim, as a mirror has them; give how many.

    Each is judged like a new one, and the result must reach the high-water mark with the same root, or nothing is kept.
    The day of the last of them was agreed to when it was written; the database's own is of the backup. What the actions wrote beside these entries, as far as it follows from them, is made again; and what these entries
    took down goes again, where the backup brought it back.
    """
    log = Log.objects.select_for_update().get(program=program)
    entries = _placed(log, missing)
    if entries and log.agreed_day:
        log.agreed_day = entries[-1].date
    log.save(update_fields=["size", "agreed_day"])
    erased = [one for one in entries if one.kind == EntryKind.TEXT_ERASED]
    gone = {(one.cites["of"][0], one.data["sha256"]) for one in erased}
    given = [one for one in texts if (one.entry, one.sha256) not in gone]
    PublicText.objects.bulk_create(given)
    index_entries(log, [one.about for one in given])
    high = read_high_water(program)
    if high and (high.size > log.size or root_from(tile_reader(log, high.size).read, high.size) != high.root):
        raise RestoredLogCannotSign("The mirror does not lead to what was signed last; ask another mirror.")
    for entry in entries:
        _note_told(log, entry)
    made_again(program, entries)
    if erased:
        lose_words(log=log, erased=erased)
    return len(entries)


def _placed(log: Log, missing: Sequence[bytes]) -> list[Entry]:
    """Judge the missing entries and put each in its place; give them."""
    rows = RowsLog(log)
    before = rows.get(log.size - 1) if log.size else None
    entries = []
    for raw in missing:
        entry = parse(log.size, raw)
        follows(before, entry, rows)
        check_entry(entry, rows)
        place_line(log, entry, raw)
        rows.add(entry)
        fold(log, rows, entry)
        entries.append(entry)
        before = entry
    return entries


@appends(EntryKind.RECORD_RESUMED)
def go_on_without(*, program: Program, reason: Text, by: Sequence[str], now: datetime) -> Entry:
    """Let a record go on without entries that were signed and that no mirror has; an entry says which head is lost.

    The high-water mark moves once the entry is kept, so that a crash in between leaves a record that waits, not a second
    history. Raises ValueError where nothing holds the record up.
    """
    with transaction.atomic():
        log = Log.objects.select_for_update().get(program=program)
        signed = Head.objects.filter(log=log).order_by("-size").values_list("size", flat=True).first() or 0
        if not halted(program, log.size, signed=signed):
            raise ValueError(
                "Nothing that was signed is missing as far as this machine knows. Where its database and its mark were put back "
                "together, as with a snapshot, it cannot know: name a mirror."
            )
        high = read_high_water(program)
        lost = high is not None and high.size > log.size
        root = root_from(tile_reader(log).read, log.size)
        data = {"kept": log.size} | ({"lost": high.size, "root": high.root.hex()} if high and lost else {})
        draft = Draft(kind=EntryKind.RECORD_RESUMED, by=by, data=data, texts={"reason": reason})
        entry = append(program=program, drafts=[draft], now=now)[0]
        Log.objects.filter(pk=log.pk).update(agreed_day=entry.date)
    write_high_water(program, HighWater(entry.index, root))
    return entry

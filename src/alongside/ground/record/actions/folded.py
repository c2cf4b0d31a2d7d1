"""Compare what is folded with its entries each night, and fold it anew."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import F, Q

from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.program import TELLS_PACKS, terms_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import DONE, STEPS, is_ask
from alongside.core.workflow.commitments import CHANGES, KEPT
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_under, pack_version
from alongside.ground.record.actions.entries import columns_of
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_anew
from alongside.ground.record.models import Citation, Log, LogEntry, MilestoneStanding, PublicText, Standing
from alongside.ground.record.queries import kept_otherwise
from alongside.ground.record.rows import RowsLog

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
    return columns_of(entry, raw) == told | {"index": line.index, "leaf": bytes(line.leaf)}


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
        or (
            one.v >= TELLS_PACKS
            and _as_then(one) != _as_then(one, terms_of(pack_under(sha256), sha256, one.date))
        )
    }


def _as_then(one: Entry, terms: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give the terms of an entry, or others as far as it told them: of the parts that were named then, and without the working days, which were counted from the day of the proposal."""
    told = terms or one.data
    parts = {name: told["parts"].get(name) for name in one.data["parts"]}
    return {**told, "parts": parts, "working_days": None}


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

"""Fold some of the record again each night, and say where what pages read is not what the entries say."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q

from alongside.core.grammar import GrammarError, parse
from alongside.core.grammar.standings import DONE, STEPS, is_ask
from alongside.ground.record.folding import fold
from alongside.ground.record.models import Citation, Line, Log, MilestoneStanding, Standing
from alongside.ground.record.queries.looking import kept_otherwise
from alongside.ground.record.rows import RowsLog

#: So many entries are looked at in one night beside everything that is open; after some nights all were.
A_NIGHT = 2_000
#: No more are named: whoever sees these makes all of them anew.
MOST = 50
#: What moves an ask, or a promise that was made to it.
MOVES = (*STEPS, "commitment.late", "delivery.claimed", "delivery.verified", "delivery.disputed")
#: What is open, as the rows have it: what a row hides by calling itself done is found when its turn comes.
OPEN = ~Q(state__in=DONE) | Q(raise_due__isnull=False, raise_reply=None)


def differing(*, log: Log) -> tuple[list[int], int]:
    """List entries of which the database says something else than they do, and give where to go on the next night.

    Looked at, also in what apps keep beside the record, is whatever is open, what differed before, and the next entries in turn, after the last the first again.
    """
    rows, first = RowsLog(log), log.looked_to if log.looked_to < log.size else 0
    lines = list(Line.objects.filter(log=log, index__gte=first).order_by("index")[:A_NIGHT])
    lines += Line.objects.filter(log=log, index__in=log.differing)
    wrong = {one.index for one in lines if not _is_read(rows, one)}
    indexes = {one.index for one in lines} - wrong
    wrong |= _cited_otherwise(log, rows, indexes)
    wrong |= kept_otherwise(log.program, [entry for one in sorted(indexes) if (entry := rows.get(one))])
    asks = {one for one in indexes if (entry := rows.get(one)) and is_ask(entry)}
    theirs = Standing.objects.filter(Q(ask__in=indexes) | OPEN, log=log)
    unkept = MilestoneStanding.objects.filter(log=log).exclude(verdict="verified")
    asks.update(theirs.values_list("ask", flat=True), unkept.values_list("ask", flat=True))
    wrong.update(one for one in sorted(asks) if not _stands_alike(log, rows, one))
    return sorted(wrong)[:MOST], min(first + A_NIGHT, log.size)


def _is_read(rows: RowsLog, line: Line) -> bool:
    """Read an entry, or say that its bytes are none."""
    try:
        rows.remember(parse(line.index, bytes(line.raw)))
    except GrammarError:
        return False
    return True


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
    ended = Citation.objects.filter(log=log, kind="clock.faulted", role="wrong").values_list(
        "cited", flat=True
    )
    return {one[0] for one in have ^ want} - set(ended)


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

"""Tell a thing once, sign the head under the high-water mark, fold anew."""

from datetime import date, datetime

from django.db import transaction

from alongside.core.clocks import local_date
from alongside.core.grammar import Entry, parse
from alongside.core.ledger import Checkpoint, root_from
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.appending import Draft, append
from alongside.ground.record.actions.refolding import differing
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import STEP, index_entries, index_things
from alongside.ground.record.models import (
    Citation,
    Head,
    Line,
    Log,
    MilestoneStanding,
    PublicText,
    SearchDoc,
    Standing,
    Told,
)
from alongside.ground.record.queries.looking import kept_otherwise
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import (
    HighWater,
    RestoredLogCannotSign,
    halted,
    has_key,
    read_high_water,
    read_key,
    refuse_other_key,
    write_high_water,
)
from alongside.ground.record.tiles import tile_reader


@transaction.atomic
def tell_once(*, program: Program, about: int, stage: str, draft: Draft, now: datetime) -> Entry | None:
    """Append what the clock has to tell, unless it was told; None where it was."""
    log = Log.objects.select_for_update().get(program=program)
    again = times_told_wrongly(log, about, draft.kind, stage)
    if again is None:
        return None
    entry = append(program=program, drafts=[draft], now=now)[0]
    told = {"about": about, "kind": draft.kind, "stage": stage, "again": again}
    Told.objects.create(log=log, **told, entry=entry.index, date=entry.date)
    return entry


def times_told_wrongly(log: Log, about: int, kind: str, stage: str) -> int | None:
    """Count how often a clock that was wrong told this; None where it was told rightly."""
    last = Told.objects.filter(log=log, about=about, kind=kind, stage=stage).order_by("-again").first()
    if last is None:
        return 0
    if last.entry is None:
        return None
    is_wrong = Citation.objects.filter(log=log, cited=last.entry, kind="clock.faulted").exists()
    return last.again + 1 if is_wrong else None


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
    """Throw away what is folded and fold it again from the entries. What is kept beside them stays as it is, and is told on."""
    log = Log.objects.select_for_update().get(program=program)
    for model in (Citation, Standing, MilestoneStanding):
        model.objects.filter(log=log).delete()
    rows = RowsLog(log)
    for line in Line.objects.filter(log=log).order_by("index").iterator():
        entry = parse(line.index, bytes(line.raw))
        rows.remember(entry)
        fold(log, rows, entry)
    differed = [found for one in log.differing if (found := rows.get(one))]
    Log.objects.filter(pk=log.pk).update(differing=sorted(kept_otherwise(program, differed)))
    _search_anew(log)


def _search_anew(log: Log) -> None:
    """Make what a search looks in again from the public texts; what an app shows beside the record stays."""
    rows = SearchDoc.objects.filter(log=log, source="entry")
    index_things(log, "entry", [], gone=list(rows.values_list("about", flat=True)))
    abouts = sorted(set(PublicText.objects.filter(log=log).values_list("about", flat=True)))
    for start in range(0, len(abouts), STEP):
        index_entries(log, abouts[start : start + STEP])


@transaction.atomic
def fill_search() -> None:
    """Make what a search looks in for every log that has none yet, as after an upgrade."""
    empty = Log.objects.filter(size__gt=0, search_docs=None).values_list("pk", flat=True)
    for log in Log.objects.select_for_update().filter(pk__in=list(empty)):
        _search_anew(log)


@transaction.atomic
def sign_head(*, program: Program, now: datetime) -> Head | None:
    """Sign the head of a program's log, if it grew since the last signature; None where it did not.

    Refuses with RestoredLogCannotSign where the log is shorter than, or differs from, what the high-water mark says was
    signed before, and where there is no mark or one from before the last head. The mark is moved before the signature is published, so that a crash between the two cannot fork.
    Raises OtherLogKey for another key than the log's, and NoLogKey where there is something to sign and no key here.
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


def _know_key(log: Log, program: Program) -> None:
    """Keep the public half of the log's key for the machines without it, where it was not kept yet; refuse another key."""
    if not has_key(program):
        return
    signer = read_key(program)
    refuse_other_key(log, signer)
    if not log.vkey:
        log.vkey = signer.verifier.vkey
        log.save(update_fields=["vkey"])

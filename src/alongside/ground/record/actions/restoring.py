"""Put back what a restored database lacks, or go on without it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from alongside.core.entries import Entry
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import follows
from alongside.core.kinds import EntryKind
from alongside.core.ledger.nodes import root_from
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.entries import Draft, Text, append, note_told, place_line
from alongside.ground.record.actions.words import lose_words
from alongside.ground.record.declared import appends
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_entries
from alongside.ground.record.models import Head, Log, PublicText
from alongside.ground.record.returning import made_again
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import (
    HaltedSigningError,
    HighWater,
    halted,
    read_high_water,
    write_high_water,
)
from alongside.ground.record.tiles import tile_reader


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
        raise HaltedSigningError("The mirror does not lead to what was signed last; ask another mirror.")
    for entry in entries:
        note_told(log=log, entry=entry)
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

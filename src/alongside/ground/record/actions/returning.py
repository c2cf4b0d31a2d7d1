"""After a restore: take back what a mirror kept, with the rows that were made beside it."""

from collections.abc import Sequence

from django.db import transaction

from alongside.core.grammar import Entry, check_entry, parse
from alongside.core.grammar.log import follows
from alongside.core.ledger import root_from
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.appending import place_line
from alongside.ground.record.actions.wording import lose_words
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_entries
from alongside.ground.record.models import Log, PublicText, Told
from alongside.ground.record.returning import made_again, told_as
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import RestoredLogCannotSign, read_high_water
from alongside.ground.record.tiles import tile_reader


@transaction.atomic
def take_back(*, program: Program, missing: Sequence[bytes], texts: Sequence[PublicText] = ()) -> int:
    """Put entries back that a restored database lacks, verbatim, as a mirror has them; give how many.

    Each is judged like a new one, and the result must reach the high-water mark with the same root, or nothing is kept.
    What the actions wrote beside these entries, as far as it follows from them, is made again; and what these entries
    took down goes again, where the backup brought it back.
    """
    log = Log.objects.select_for_update().get(program=program)
    entries = _placed(log, missing)
    log.save(update_fields=["size"])
    gone = {entry.data["sha256"] for entry in entries if entry.kind == "text.erased"}
    given = [one for one in texts if one.sha256 not in gone]
    PublicText.objects.bulk_create(given)
    index_entries(log, [one.about for one in given])
    if gone:
        lose_words(log=log, hashes=gone)
    high = read_high_water(program)
    if high and (high.size > log.size or root_from(tile_reader(log, high.size).read, high.size) != high.root):
        raise RestoredLogCannotSign("The mirror does not lead to what was signed last; ask another mirror.")
    for entry in entries:
        if told := told_as(entry):
            note_told(program=program, about=told[0], stage=told[1], entry=entry)
    made_again(program, entries)
    return len(entries)


def _placed(log: Log, missing: Sequence[bytes]) -> list[Entry]:
    """Judge the missing entries and put each in its place; give them."""
    rows = RowsLog(log)
    before = rows.get(log.size - 1) if log.size else None
    entries = []
    for raw in missing:
        entry = parse(log.size, raw)
        follows(before, entry)
        check_entry(entry, rows)
        place_line(log, entry, raw)
        rows.remember(entry)
        fold(log, rows, entry)
        entries.append(entry)
        before = entry
    return entries


def note_told(*, program: Program, about: int, stage: str, entry: Entry) -> None:
    """Note that the clock told this entry, so that it is not told again."""
    Told.objects.get_or_create(
        log=Log.objects.get(program=program),
        about=about,
        kind=entry.kind,
        stage=stage,
        defaults={"date": entry.date},
    )

"""Append entries in one transaction: judge, place, fold, and keep their words."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.grammar import KINDS, VERSION, Entry, MalformedError, check_entry, parse
from alongside.core.grammar.log import ends, follows
from alongside.core.grammar.shape import fail
from alongside.core.ledger import leaf_hash, node_hash
from alongside.core.salted import SALT_BYTES, salted_hash
from alongside.core.words import has_words
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.folding import fold
from alongside.ground.record.indexing import index_entries
from alongside.ground.record.models import (
    Line,
    Log,
    Node,
    PublicText,
)
from alongside.ground.record.persons import refuse_one_person_twice
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import ClockWaits, refuse_halted
from alongside.ground.record.tiles import TILE, read_tile


@dataclass(frozen=True)
class Text:
    """Public words in one language; for a translation, whether a person made and reviewed it."""

    lang: str
    words: str


@dataclass(frozen=True)
class Here:
    """Cite the entry that stands at this place in the same append."""

    place: int


@dataclass(frozen=True)
class Draft:
    """An entry to be appended. `cites` maps a role to entry numbers; `texts` maps a name to public words."""

    kind: str
    by: Sequence[str]
    data: Mapping[str, Any] = field(default_factory=dict)
    cites: Mapping[str, Sequence[int | Here]] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)


@transaction.atomic
def append(*, program: Program, drafts: Sequence[Draft], now: datetime) -> list[Entry]:
    """Append entries to a program's log in one transaction, and fold what they change.

    Locks the log's row, so that the index has no gap. Raises GrammarError, and writes nothing, where an entry breaks
    the grammar, and RestoredLogCannotGrow where the log lacks entries that were signed. Every other action calls this
    as its last step.
    """
    log = Log.objects.select_for_update().get(program=program)
    if [draft.kind for draft in drafts] != ["record.resumed"]:  # it says what was lost, and ends the halt
        refuse_halted(program, log)
    rows = RowsLog(log)
    today = day_of(program, log, now, [draft.kind for draft in drafts])
    before = rows.get(log.size - 1) if log.size else None
    written: list[Entry] = []
    for draft in drafts:
        entry = _write(log, rows, draft, today, before, written)
        written.append(entry)
        before = entry
    if before is not None:
        ends(before, rows)
    log.save(update_fields=["size", "text_revision"])
    index_entries(log, [_about(one) for one in written if one.texts])
    return written


def _about(entry: Entry) -> int:
    """Give the entry that an entry's words belong to: a translation's belong to what it translates."""
    return entry.cites["of"][0] if entry.kind == "text.translated" else entry.index


#: How far the clock may move from a day that was agreed to the next without another that shows the same.
A_DAY = timedelta(days=1)


def day_of(program: Program, log: Log, now: datetime, kinds: Sequence[str] = ()) -> date:
    """Give the day of an entry; where the machine's clock went back, the day of the last entry stands.

    Raises ClockWaits where it jumped ahead, and nobody has said yet that the day has come.
    """
    today = local_date(now, pack_of(program))
    if log.agreed_day and today > log.agreed_day + A_DAY:
        raise ClockWaits(log.agreed_day, today)
    if set(kinds) == {"clock.faulted"}:
        return today
    last = Line.objects.filter(log=log).order_by("-index").values_list("date", flat=True).first()
    return max(today, last) if last else today


def _write(
    log: Log, rows: RowsLog, draft: Draft, today: date, before: Entry | None, written: list[Entry]
) -> Entry:
    if draft.kind not in KINDS:
        raise MalformedError(f"there is no kind {draft.kind!r}; see core.grammar.")
    cites = {
        role: [written[one.place].index if isinstance(one, Here) else one for one in cited]
        for role, cited in draft.cites.items()
        if cited
    }
    for text in draft.texts.values():
        if not has_words(text.words):
            fail("a text holds no letters or numbers that people can read; write it in words.")
    texts = {name: (text, os.urandom(SALT_BYTES)) for name, text in draft.texts.items()}
    value = {
        "v": VERSION,
        "kind": draft.kind,
        "date": today.isoformat(),
        "pen": KINDS[draft.kind].pen,
        "by": list(draft.by),
        "data": dict(draft.data),
        "cites": cites,
        "texts": {
            name: {"lang": text.lang, "sha256": salted_hash(salt, text.words.encode())}
            for name, (text, salt) in texts.items()
        },
    }
    raw = canonical(value)
    entry = parse(log.size, raw)
    follows(before, entry, rows)
    check_entry(entry, rows)
    refuse_one_person_twice(program=log.program, entry=entry, log=rows)
    place_line(log, entry, raw)
    rows.remember(entry)
    fold(log, rows, entry)
    _keep_texts(log, entry, texts)
    return entry


def place_line(log: Log, entry: Entry, raw: bytes) -> None:
    """Insert an entry's line at the end of the log and, where it fills a tile, the tile's hash. Moves log.size."""
    subject = KINDS[entry.kind].subject
    Line.objects.create(
        log=log,
        index=entry.index,
        kind=entry.kind,
        subject=str(entry.data.get(subject, "")) if subject else "",
        date=entry.date,
        pen=entry.pen,
        raw=raw,
        leaf=leaf_hash(raw),
    )
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


def _keep_texts(log: Log, entry: Entry, texts: Mapping[str, tuple[Text, bytes]]) -> None:
    """Keep salt and words beside the log; a translation's words belong to the entry it translates."""
    if not texts:
        return
    translated, about = entry.kind == "text.translated", _about(entry)
    PublicText.objects.bulk_create(
        PublicText(
            log=log,
            entry=entry.index,
            about=about,
            name=name,
            lang=text.lang,
            is_original=not translated,
            is_reviewed=entry.data["reviewed"] if translated else True,
            made_by=entry.data["made_by"] if translated else "person",
            sha256=salted_hash(salt, text.words.encode()),
            salt=salt,
            words=text.words,
        )
        for name, (text, salt) in texts.items()
    )
    log.text_revision += 1

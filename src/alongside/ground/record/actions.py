"""Write to the record: append entries, tell a thing once, take a text down, rebuild what is folded."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.grammar import KINDS, Entry, GrammarError, check_entry, parse
from alongside.core.grammar.log import ends, follows
from alongside.core.ledger import Checkpoint, leaf_hash, node_hash, root_from
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.ground.record.declared import appends
from alongside.ground.record.folding import fold
from alongside.ground.record.models import (
    Citation,
    Head,
    Line,
    Log,
    MilestoneStanding,
    Node,
    PublicText,
    Standing,
    Told,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import (
    HighWater,
    RestoredLogCannotSign,
    make_key,
    read_high_water,
    read_key,
    write_high_water,
)
from alongside.ground.record.tiles import TILE, read_tile, tile_reader


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
    the grammar. Every other action calls this as its last step.
    """
    log = Log.objects.select_for_update().get(program=program)
    rows = RowsLog(log)
    today = _today(program, log, now)
    before = rows.get(log.size - 1) if log.size else None
    written: list[Entry] = []
    for draft in drafts:
        entry = _write(log, rows, draft, today, before, written)
        written.append(entry)
        before = entry
    if before is not None:
        ends(before)
    log.save(update_fields=["size", "text_revision"])
    return written


def _today(program: Program, log: Log, now: datetime) -> date:
    """Give the day of an entry; where the machine's clock went back, the day of the last entry stands."""
    today = local_date(now, pack_of(program))
    last = Line.objects.filter(log=log).order_by("-index").values_list("date", flat=True).first()
    return max(today, last) if last else today


def _write(
    log: Log, rows: RowsLog, draft: Draft, today: date, before: Entry | None, written: list[Entry]
) -> Entry:
    if draft.kind not in KINDS:
        raise GrammarError(f"there is no kind {draft.kind!r}; see core.grammar.")
    cites = {
        role: [written[one.place].index if isinstance(one, Here) else one for one in cited]
        for role, cited in draft.cites.items()
        if cited
    }
    for name, text in draft.texts.items():
        if not text.words.strip():
            raise GrammarError(f"{draft.kind}: the text {name} holds no words; write it.")
    texts = {name: (text, os.urandom(16)) for name, text in draft.texts.items()}
    value = {
        "v": 1,
        "kind": draft.kind,
        "date": today.isoformat(),
        "pen": KINDS[draft.kind].pen,
        "by": list(draft.by),
        "data": dict(draft.data),
        "cites": cites,
        "texts": {
            name: {"lang": text.lang, "sha256": _hash(text, salt)} for name, (text, salt) in texts.items()
        },
    }
    raw = canonical(value)
    entry = parse(log.size, raw)
    follows(before, entry)
    check_entry(entry, rows)
    place_line(log, entry, raw)
    rows.remember(entry)
    fold(log, rows, entry)
    _keep_texts(log, entry, texts)
    return entry


def _hash(text: Text, salt: bytes) -> str:
    return hashlib.sha256(salt + text.words.encode()).hexdigest()


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
    translated = entry.kind == "text.translated"
    about = entry.cites["of"][0] if translated else entry.index
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
            sha256=_hash(text, salt),
            salt=salt,
            words=text.words,
        )
        for name, (text, salt) in texts.items()
    )
    log.text_revision += 1


@appends("program.opened", "policy.adopted")
@transaction.atomic
def open_log(*, program: Program, now: datetime) -> list[Entry]:
    """Open the log of a new program: its key, its first entry, and the policy pack in force."""
    Log.objects.create(program=program)
    make_key(program)
    pack = pack_of(program)
    data = {"program": program.slug, "time_zone": pack.time_zone, "demonstration": program.is_demonstration}
    name = Text("en", pack.words("name", "en"))
    opened = Draft(kind="program.opened", by=["steward"], data=data, texts={"name": name})
    return append(program=program, drafts=[opened, _adopted(program)], now=now)


def _adopted(program: Program) -> Draft:
    """Say the policy in force in the terms of the record."""
    pack, version = pack_of(program), pack_version(program)
    data = {
        "pack": version.sha256,
        "k": pack.k,
        "clocks": pack.record_clocks(),
        "languages": [one.code for one in pack.languages],
        "offices": sorted(pack.offices),
    }
    return Draft(kind="policy.adopted", by=["steward"], data=data)


@appends("policy.adopted")
def enter_policy(*, program: Program, now: datetime) -> Entry:
    """Enter the policy pack that was adopted last."""
    return append(program=program, drafts=[_adopted(program)], now=now)[0]


@appends("text.translated")
def translate_text(
    *,
    program: Program,
    entry: int,
    by: str,
    lang: str,
    texts: Mapping[str, str],
    made_by: str,
    reviewed: bool,
    now: datetime,
) -> list[Entry]:
    """Add a translation of an entry's texts; say who made it and whether a person reviewed it."""
    draft = Draft(
        kind="text.translated",
        by=[by],
        data={"lang": lang, "reviewed": reviewed, "made_by": made_by},
        cites={"of": [entry]},
        texts={name: Text(lang, words) for name, words in texts.items() if words},
    )
    return append(program=program, drafts=[draft], now=now)


@appends("text.translated")
def translate_all(
    *, program: Program, entry: int, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> list[Entry]:
    """Add every language but the first of `words` (language to {name: words}), as not yet reviewed by a person."""
    written: list[Entry] = []
    for lang in list(words)[1:]:
        if any(words[lang].values()):
            written += translate_text(
                program=program,
                entry=entry,
                by=by,
                lang=lang,
                texts=words[lang],
                made_by="machine",
                reviewed=False,
                now=now,
            )
    return written


@appends("text.erased")
@transaction.atomic
def erase_text(
    *, program: Program, entry: int, sha256: str, ground: str, by: Sequence[str], now: datetime
) -> Entry:
    """Take a text down for good: two roles, a legal ground. The entry says so first, then salt and words go."""
    draft = Draft(kind="text.erased", by=by, data={"sha256": sha256, "ground": ground}, cites={"of": [entry]})
    (erased,) = append(program=program, drafts=[draft], now=now)
    PublicText.objects.filter(log__program=program, sha256=sha256).delete()
    Log.objects.filter(program=program).update(text_revision=F("text_revision") + 1)
    return erased


@appends("hold.placed")
def place_hold(*, program: Program, ground: str, by: str, now: datetime) -> Entry:
    """Place a legal hold: nothing is erased and no key destroyed until it is lifted."""
    return append(
        program=program, drafts=[Draft(kind="hold.placed", by=[by], data={"ground": ground})], now=now
    )[0]


@appends("hold.lifted")
def lift_hold(*, program: Program, hold: int, by: str, now: datetime) -> Entry:
    """Lift a legal hold."""
    return append(
        program=program, drafts=[Draft(kind="hold.lifted", by=[by], cites={"hold": [hold]})], now=now
    )[0]


@transaction.atomic
def tell_once(*, program: Program, about: int, stage: str, draft: Draft, now: datetime) -> Entry | None:
    """Append what the clock has to tell, unless it was told; None where it was."""
    log = Log.objects.select_for_update().get(program=program)
    day = local_date(now, pack_of(program))
    _row, is_new = Told.objects.get_or_create(
        log=log, about=about, kind=draft.kind, stage=stage, defaults={"date": day}
    )
    return append(program=program, drafts=[draft], now=now)[0] if is_new else None


@transaction.atomic
def rebuild(*, program: Program) -> None:
    """Throw away what is folded and fold it again from the entries."""
    log = Log.objects.select_for_update().get(program=program)
    for model in (Citation, Standing, MilestoneStanding):
        model.objects.filter(log=log).delete()
    rows = RowsLog(log)
    for line in Line.objects.filter(log=log).order_by("index").iterator():
        entry = parse(line.index, bytes(line.raw))
        rows.remember(entry)
        fold(log, rows, entry)


@transaction.atomic
def sign_head(*, program: Program, now: datetime) -> Head | None:
    """Sign the head of a program's log, if it grew since the last signature; None where it did not.

    Refuses with RestoredLogCannotSign where the log is shorter than, or differs from, what the high-water mark says was
    signed before. The mark is moved before the signature is published, so that a crash between the two cannot fork.
    """
    log = Log.objects.select_for_update().get(program=program)
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
    if high is not None and (
        high.size > log.size or root_from(tile_reader(log, high.size).read, high.size) != high.root
    ):
        raise RestoredLogCannotSign(
            f"Entry {high.size - 1} was signed before and is not in this database: it was restored from an old backup."
            " Run `alongside record resume` with the address of a mirror first."
        )
    root = root_from(reader.read, log.size)
    note = Checkpoint(program.origin, log.size, root).sign(read_key(program))
    write_high_water(program, HighWater(log.size, root), now=now)
    return Head.objects.create(log=log, size=log.size, root=root, note=note, signed_on=today)


@transaction.atomic
def take_back(*, program: Program, missing: Sequence[bytes], texts: Sequence[PublicText] = ()) -> int:
    """Put entries back that a restored database lacks, verbatim, as a mirror has them; give how many.

    Each is judged like a new one, and the result must reach the high-water mark with the same root, or nothing is kept.
    """
    log = Log.objects.select_for_update().get(program=program)
    rows = RowsLog(log)
    before = rows.get(log.size - 1) if log.size else None
    for raw in missing:
        entry = parse(log.size, raw)
        follows(before, entry)
        check_entry(entry, rows)
        place_line(log, entry, raw)
        rows.remember(entry)
        fold(log, rows, entry)
        before = entry
    log.save(update_fields=["size"])
    PublicText.objects.bulk_create(texts)
    high = read_high_water(program)
    if high and (high.size > log.size or root_from(tile_reader(log, high.size).read, high.size) != high.root):
        raise RestoredLogCannotSign("The mirror does not lead to what was signed last; ask another mirror.")
    return len(missing)

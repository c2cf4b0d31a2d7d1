"""After a restore: take back from a mirror what the backup lacks, so that the record can go on as one history."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.management import CommandError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from alongside.check.log import FetchedLog, fetch_log
from alongside.check.source import MissingError, Source, open_source
from alongside.check.trust import refuse_old_key, signed_by
from alongside.core.entries import SEAT, Entry
from alongside.core.grammar.check import parse
from alongside.core.kinds import EntryKind
from alongside.core.ledger.nodes import root_from
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.salted import fits
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.models import PackVersion, Post, Program
from alongside.ground.record.actions.restoring import restore_entries
from alongside.ground.record.models import Head, Log, LogEntry, PublicText
from alongside.ground.record.signing import HighWater, halted, keys_here, read_high_water, write_high_water
from alongside.ground.record.tiles import tile_reader


@dataclass(frozen=True)
class TakenBack:
    """The entries that came back, how many texts, and for each post the entries that it signed while nobody here held it."""

    entries: list[Entry]
    texts: int
    unheld: dict[str, list[int]]


def resume(
    *, program: Program, address: str, packs: Sequence[str] = (), is_without_words: bool = False
) -> TakenBack:
    """Take back the entries and the words that a mirror has and this database lacks.

    `packs` are the texts of the policy packs that were adopted since the backup: the record holds only their hashes.
    A mirror without words that nobody took down is refused, unless `is_without_words`.

    The mirror must be signed by our own key, tell the history we have, and lead to what was signed last. Where this machine
    has no high-water mark, or one from before the last head here, it is from now on the mirror's head.
    Raises CommandError, HaltedSigningError, or an error of the verifier that says what is wrong with the mirror.
    """
    source = open_source(address)
    fetched = fetch_log(source, [one.verifier for one in keys_here(program)])
    refuse_old_key(fetched, signed_by(fetched))
    log = Log.objects.get(program=program)
    _tells_our_history(log, fetched)
    missing = fetched.entries[log.size :]
    entries = [parse(log.size + place, raw) for place, raw in enumerate(missing)]
    texts, lacking = _texts(log, source, entries)
    if lacking and not is_without_words:
        raise CommandError(
            f"The mirror lacks words of these entries that nobody took down: {', '.join(map(str, lacking))}. Nobody could check "
            "the record without them. Name a mirror that has them. Where none has: --without-words."
        )
    with transaction.atomic():
        _adopt_again(program, entries, packs)
        restore_entries(program=program, missing=missing, texts=texts)
    high = read_high_water(program)
    if high is None or high.size < fetched.head.size:
        write_high_water(program, HighWater(fetched.head.size, fetched.head.root))
    return TakenBack(entries, len(texts), _unheld(program, entries))


def _unheld(program: Program, entries: Sequence[Entry]) -> dict[str, list[int]]:
    """List entries by the post that signed them, where nobody held that post here on their day."""
    posts = Post.objects.filter(program=program).select_related("office__unit")
    held = [(one.public_id, one.taken_on or date.max, one.until_date or date.max) for one in posts]
    found: dict[str, list[int]] = {}
    for entry in entries:
        for by in entry.by:
            is_held = any(by == post and since <= entry.date <= until for post, since, until in held)
            if not (is_held or by == "clock" or SEAT.match(by)):
                found.setdefault(by, []).append(entry.index)
    return found


def _adopt_again(program: Program, entries: list[Entry], packs: Sequence[str]) -> None:
    """Adopt the packs that these entries adopt, each known by its hash, from the files given and from those kept here."""
    kept = PackVersion.objects.filter(program=program).values_list("text", flat=True)
    texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in (*kept, *packs)}
    adopted = [one for one in entries if one.kind == EntryKind.POLICY_ADOPTED]
    if lacking := sorted({str(one.data["pack"]) for one in adopted} - texts.keys()):
        raise CommandError(
            f"Other rules were adopted since the backup. Give the file of each pack with --pack FILE, exactly as it was adopted. "
            f"The record knows them by this SHA-256: {', '.join(lacking)}. Ask the leads, or whoever wrote the pack."
        )
    for one in adopted:
        adopt_pack(program=program, text=texts[one.data["pack"]], on=one.date)


def waiting() -> dict[str, str]:
    """Say of each program whose log may not go on why, by its slug; nothing is added to it until it was resumed."""
    signed = Head.objects.filter(log=OuterRef("pk")).order_by("-size").values("size")[:1]
    logs = Log.objects.select_related("program").annotate(signed=Coalesce(Subquery(signed), 0))
    found = {log.program.slug: halted(log.program, log.size, signed=log.signed) for log in logs}
    return {slug: why for slug, why in sorted(found.items()) if why}


def _tells_our_history(log: Log, fetched: FetchedLog) -> None:
    """Refuse a mirror that lacks what a head here was signed over, or that differs from this database."""
    size = min(log.size, fetched.head.size)
    if fetched.tree.root(size) != root_from(tile_reader(log, size).read, size):
        raise CommandError(
            f"The first {size} entries of the mirror are not ours, and its {fetched.head.size} are signed with our key: "
            "this machine went on from an older state, or somebody else has the key. Keep both histories, and tell the leads, "
            "the witnesses and whoever keeps a mirror; ask another mirror only if this one may be the wrong one."
        )
    signed = Head.objects.filter(log=log).order_by("-size").values_list("size", flat=True).first() or 0
    if signed > fetched.head.size:
        raise CommandError(
            f"The mirror has {fetched.head.size} entries and {signed} were signed here; nothing is missing that it could give. "
            "Ask another mirror. Where there is none: alongside record resume PROGRAM --without-mirror."
        )


def _texts(log: Log, source: Source, missing: Sequence[Entry]) -> tuple[list[PublicText], list[int]]:
    """Fetch the public words that this database and these entries lack, and list the entries of which the mirror lacks them, too."""
    lines = LogEntry.objects.filter(log=log, index__lt=log.size).order_by("index")
    entries = [*(line.parsed for line in lines.iterator()), *missing]
    settled = set(PublicText.objects.filter(log=log).values_list("entry", "sha256"))
    settled |= {
        (one.cites["of"][0], one.data["sha256"]) for one in entries if one.kind == EntryKind.TEXT_ERASED
    }
    wanted = {
        text["sha256"]: (entry, name)
        for entry in entries
        for name, text in entry.texts.items()
        if (entry.index, text["sha256"]) not in settled
    }
    found = []
    for first in sorted({entry.index - entry.index % TILE_WIDTH for entry, _ in wanted.values()}):
        for row in _given(source, first):
            salt = bytes.fromhex(row["salt"])
            sha256 = row["sha256"]
            if sha256 in wanted and fits(sha256, salt, row["text"].encode()):
                entry, name = wanted.pop(sha256)
                found.append(PublicText.of(log, entry, name, salt=salt, words=row["text"]))
    return found, sorted({entry.index for entry, _ in wanted.values()})


def _given(source: Source, first: int) -> list[dict[str, str]]:
    """Fetch the texts of one bundle, none where the mirror keeps no words."""
    try:
        rows: list[dict[str, str]] = json.loads(source.get(f"texts/{first}.json"))
    except MissingError:
        return []
    return rows

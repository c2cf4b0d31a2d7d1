"""Heads, lines and the proofs that lead from one to the other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from alongside.core.grammar import Entry, parse
from alongside.core.ledger import (
    KeyFormatError,
    LedgerError,
    ProofFile,
    inclusion_proof,
    leaf_hash,
    parse_vkey,
    verify_proof,
)
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, Line, Log, PublicText
from alongside.ground.record.tiles import tile_reader


def head_of(program: Program) -> Head | None:
    """Give the last signed head, or None."""
    return Head.objects.filter(log__program=program).order_by("-size", "-pk").first()


def head_at_least(program: Program, index: int) -> Head | None:
    """Give the last signed head if it covers an entry, or None while that entry is not yet signed."""
    head = head_of(program)
    return head if head and head.size > index else None


def line_at(program: Program, index: int) -> Line | None:
    """Give one line of the log, or None."""
    return Line.objects.filter(log__program=program, index=index).first()


def path_of(program: Program, index: int, head: Head) -> list[bytes]:
    """Give the hashes that lead from an entry to the root of a signed head."""
    log = Log.objects.get(program=program)
    return inclusion_proof(index, head.size, tile_reader(log, head.size).read)


def proof_file(program: Program, index: int, head: Head) -> str:
    """Give the tlog-proof file of an entry under a signed head; the entry itself rides along as its extra data."""
    line = line_at(program, index)
    raw = bytes(line.raw) if line else None
    return ProofFile(index, tuple(path_of(program, index, head)), checkpoint=head.note, extra=raw).text


def is_proved(line: Line, path: Sequence[bytes], head: Head, vkey: str) -> bool:
    """Say whether the bytes of an entry, as they are stored now, lead to a head that the log signed, as the verifier would."""
    proof = ProofFile(line.index, tuple(path), checkpoint=head.note)
    try:
        verify_proof(proof, leaf_hash(bytes(line.raw)), [parse_vkey(vkey)])
    except (LedgerError, KeyFormatError):
        return False
    return True


@dataclass(frozen=True)
class Compared:
    """The words of an entry beside its hashes: which were changed, which are gone with no entry that says why, which were taken down."""

    changed: Sequence[str] = ()
    gone: Sequence[str] = ()
    taken_down: Sequence[str] = ()


def compared(program: Program, entry: Entry, lang: str) -> Compared:
    """Compare the words of an entry, and of its translations into a language, with the hashes in the entries themselves.

    Two queries, and one more where words are missing.
    """
    here = PublicText.objects.filter(log__program=program)
    rows = list(here.filter(Q(entry=entry.index) | Q(about=entry.index, lang=lang)).order_by("entry", "pk"))
    lines = Line.objects.filter(log__program=program, index__in={row.entry for row in rows} - {entry.index})
    hashes = {line.index: parse(line.index, bytes(line.raw)).texts for line in lines} | {
        entry.index: entry.texts
    }
    changed = [
        row.name
        for row in rows
        if hashlib.sha256(bytes(row.salt) + row.words.encode()).hexdigest()
        != hashes.get(row.entry, {}).get(row.name, {}).get("sha256")
    ]
    lacking = sorted(set(entry.texts) - {row.name for row in rows if row.entry == entry.index})
    erased = _erased(program, entry) if lacking else set()
    down = [one for one in lacking if entry.texts[one]["sha256"] in erased]
    return Compared(sorted(set(changed)), [one for one in lacking if one not in down], down)


def _erased(program: Program, entry: Entry) -> set[str]:
    """Give the hashes of the texts of an entry that were taken down. One query."""
    hashes = [text["sha256"] for text in entry.texts.values()]
    lines = Line.objects.filter(log__program=program, kind="text.erased", subject__in=hashes)
    erased = [parse(line.index, bytes(line.raw)) for line in lines]
    return {str(one.data["sha256"]) for one in erased if one.cites["of"] == (entry.index,)}


def last_day(program: Program) -> date | None:
    """Give the day of the last entry, or None before there is one. One query."""
    return Line.objects.filter(log__program=program).order_by("-index").values_list("date", flat=True).first()

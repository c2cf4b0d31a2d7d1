"""Heads, lines and the proofs that lead from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from alongside.core.grammar import Entry, parse
from alongside.core.grammar.v1.texts import hashes_in
from alongside.core.ledger import (
    KeyFormatError,
    LedgerError,
    ProofFile,
    inclusion_proof,
    leaf_hash,
    parse_vkey,
    verify_proof,
)
from alongside.core.salted import fits
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
        if not fits(
            hashes.get(row.entry, {}).get(row.name, {}).get("sha256", ""), bytes(row.salt), row.words.encode()
        )
    ]
    lacking = sorted(set(hashes_in(entry)) - {row.name for row in rows if row.entry == entry.index})
    erased = taken_down(program, entry) if lacking else {}
    down = [one for one in lacking if one in erased]
    gone = [one for one in lacking if one not in down and one in entry.texts]
    return Compared(sorted(set(changed)), gone, down)


def taken_down(program: Program, entry: Entry) -> dict[str, int]:
    """Give the names of the texts of an entry that were taken down, and of its file, each with the entry that says so. One query."""
    hashes = hashes_in(entry)
    lines = Line.objects.filter(log__program=program, kind="text.erased", subject__in=hashes.values())
    erased = [parse(line.index, bytes(line.raw)) for line in lines.order_by("index")]
    says = {str(one.data["sha256"]): one.index for one in erased if one.cites["of"] == (entry.index,)}
    return {name: says[sha256] for name, sha256 in hashes.items() if sha256 in says}


def hashes_standing(program: Program, entry: Entry) -> dict[str, str]:
    """Give the hashes of what can be taken down of an entry: its texts that are there, and the file it brought. Two queries at most."""
    rows = PublicText.objects.filter(log__program=program, entry=entry.index).order_by("pk")
    here = dict(rows.values_list("name", "sha256"))
    files = {name: sha256 for name, sha256 in hashes_in(entry).items() if name not in entry.texts}
    gone = taken_down(program, entry) if files else {}
    return here | {name: sha256 for name, sha256 in files.items() if name not in gone}


def last_day(program: Program) -> date | None:
    """Give the day of the last entry, or None before there is one. One query."""
    return Line.objects.filter(log__program=program).order_by("-index").values_list("date", flat=True).first()

"""Heads, lines and the proofs that lead from one to the other."""

from datetime import date

from alongside.core.ledger import ProofFile, inclusion_proof
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, Line, Log
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


def last_day(program: Program) -> date | None:
    """Give the day of the last entry, or None before there is one. One query."""
    return Line.objects.filter(log__program=program).order_by("-index").values_list("date", flat=True).first()

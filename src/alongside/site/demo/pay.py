"""Acts of pay: the steward approves, sends back and takes in what finance paid; a lead asks for a cost, with a picture."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from alongside.cohort.pay.actions import claims
from alongside.cohort.pay.actions.runs import reject, take_file
from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries import runs
from alongside.core.money import Money
from alongside.core.tables import write
from alongside.core.workflow.pay import ClaimKind
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of

if TYPE_CHECKING:
    from alongside.cohort.seats.models import Seat


def approve_all(*, program: Program, viewer: Viewer, but: Sequence[Claim] = (), now: datetime) -> None:
    """Approve what waits, but for what is left lying."""
    for row in runs.open_claims(program, pack_of(program), "en", now.date(), runs.came_back(program))[0]:
        claim = row.claim
        if row.state == "waiting" and claim not in but:
            claims.approve(claim=claim, viewer=viewer, now=now)


def come_back(*, program: Program, viewer: Viewer, now: datetime) -> None:
    """Take in that finance paid everything it was asked for."""
    text = paid_back(program=program, on=now.date())
    take_file(program=program, text=text, only_matching=False, viewer=viewer, now=now)


def paid_back(
    *,
    program: Program,
    on: date,
    amounts: Mapping[str, str] | None = None,
    more: Sequence[Sequence[str]] = (),
) -> str:
    """Write the file of finance that pays everything that was asked for: in full, or what `amounts` says; and `more` rows."""
    rows = [
        [name, on.isoformat(), (amounts or {}).get(name, one.money.plain())]
        for name, one in runs.expected_back(program).items()
        if not one.paid_on and not one.rejected
    ]
    return write(["reference", "paid_on", "amount"], [*rows, *more])


def bounce(*, program: Program, viewer: Viewer, reason: str, now: datetime) -> None:
    """Write that the bank sent back what was under way; a later run sends it again."""
    for payment in [one for one in runs.payments_of(program) if one.is_under_way]:
        reject(payment=payment, reason=reason, viewer=viewer, now=now)


def log_childcare(*, seat: "Seat", amount: Money, now: datetime) -> None:
    """Let a lead ask for the cost of childcare, with a picture of the bill."""
    bill = ("image/png", picture())
    work = claims.Work(kind=ClaimKind.COST, what="childcare", on=now.date(), money=amount, bill=bill)
    claims.log(seat=seat, work=work, now=now)


def picture() -> bytes:
    """Draw a small gray picture that stands for a bill."""
    width, height = 90, 120
    lines = b"".join(
        b"\0" + bytes(90 if 12 < x < width - 12 and y % 12 < 3 else 235 for x in range(width))  # noqa: PLR2004 -- lines as of print
        for y in range(height)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in (*parts, (b"IEND", b""))
    )

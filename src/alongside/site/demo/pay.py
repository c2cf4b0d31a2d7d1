"""Pay in the made-up cohort: two quarters paid, something sent to finance, something late, something sent back."""

import struct
import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.actions import Terms, Work
from alongside.cohort.seats.queries import viewer_for
from alongside.core.clocks import local_date
from alongside.core.money import Money
from alongside.core.reconcile import write
from alongside.ground.programs.queries import pack_of
from alongside.site.demo.casting import Days, Story

if TYPE_CHECKING:
    from alongside.cohort.pay.models import Claim
    from alongside.cohort.seats.models import Seat
    from alongside.ground.gate.roles import Viewer


BUDGET, LIMIT, RATE, MONTH = "24000.00", "4000.00", "45.00", "400.00"
THIRD = 2
#: (days ago, which lead, hours, kind of work)
EARLIER = tuple((ago, lead, 3, "listening") for lead in (0, 1, 3) for ago in (172, 168, 163))
LATER = tuple((ago, lead, 2, "meeting") for lead in (0, 1, 3) for ago in (96, 92))


def plan(story: Story, days: Days) -> None:
    """Plan what happens to pay beside the thread."""
    pay = Pay(story)
    days.on(200, pay.agree)
    for ago, lead, hours, what in (*EARLIER, *LATER):
        days.on(ago, pay.log(lead, hours * 60, what))
    for ago in (165, 94):
        days.on(ago, pay.log_month)
    for ago in (160, 90):
        days.on(ago, pay.approve_all)
        days.on(ago - 1, pay.close)
        days.on(ago - 5, pay.come_back)
    days.on(34, pay.log(3, 120, "meeting"))
    days.on(12, pay.approve_all)  # a late approval
    days.on(11, pay.close)
    days.on(9, pay.come_back)
    days.on(8, pay.log(1, 180, "writing"))
    days.on(7, pay.approve_all)
    days.on(6, pay.close)  # with the finance office, and then sent back by the bank
    days.on(2, pay.bounce)
    days.on(20, pay.log(0, 480, "training"))
    days.on(19, pay.send_back)
    days.on(5, pay.log(0, 120, "meeting"))
    days.on(5, pay.childcare)
    days.on(4, pay.approve_all)
    days.on(1, pay.log(0, 90, "writing"))
    days.on(1, pay.log(1, 60, "meeting"))
    days.on(30, pay.log(1, 120, "listening", stays=True))


class Pay:
    """The steward's and the leads' part in pay."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.last: Claim
        self.stays: set[int] = set()

    def _day(self, now: datetime) -> date:
        return local_date(now, pack_of(self.story.program))

    def _steward(self, now: datetime) -> "Viewer":
        today = self._day(now)
        person = queries.stewards_today(self.story.program, today)[0]
        return viewer_for(person, self.story.program, today)

    def agree(self, now: datetime) -> None:
        """Set the budget, and agree with four leads: three by the hour, one by the month."""
        viewer, seats = self._steward(now), self.story.seats[:4]
        actions.set_budget(cohort=seats[0].cohort, amount=Money.of(BUDGET, "USD"), viewer=viewer, now=now)
        for place, seat in enumerate(seats):
            terms = Terms(
                per="month" if place == THIRD else "hour",
                rate=Money.of(MONTH if place == THIRD else RATE, "USD"),
                limit=Money.of(LIMIT, "USD"),
                from_date=seat.from_date,
                until_date=seat.until_date,
            )
            actions.agree(seat=seat, terms=terms, viewer=viewer, now=now)

    def log(self, lead: int, minutes: int, what: str, *, stays: bool = False) -> Callable[[datetime], None]:
        """Let a lead log hours of that day; what `stays` nobody approves."""

        def act(now: datetime) -> None:
            work = Work(kind="hours", what=what, on=self._day(now), minutes=minutes)
            self.last = actions.log(seat=self._seat(lead), work=work, now=now)
            if stays:
                self.stays.add(self.last.pk)

        return act

    def log_month(self, now: datetime) -> None:
        """Let the third lead log a month."""
        work = Work(kind="month", what="meeting", on=self._day(now).replace(day=1))
        actions.log(seat=self._seat(THIRD), work=work, now=now)

    def childcare(self, now: datetime) -> None:
        """Let the first lead ask for the cost of childcare, with a picture of the bill."""
        work = Work(
            kind="cost",
            what="childcare",
            on=self._day(now),
            money=Money.of("30.00", "USD"),
            bill=("image/png", picture()),
        )
        actions.log(seat=self._seat(0), work=work, now=now)

    def send_back(self, now: datetime) -> None:
        """Send the last one back."""
        reason = "The training took four hours, not eight. Please log it anew."
        actions.send_back(claim=self.last, reason=reason, viewer=self._steward(now), now=now)

    def bounce(self, now: datetime) -> None:
        """Write that the bank sent back what was under way; the next run sends it again."""
        waiting = [one for one in queries.payments_of(self.story.program) if queries.is_under_way(one)]
        reason = "The account was closed. The steward asked the lead for the new one at the finance office."
        for payment in waiting:
            actions.reject(payment=payment, reason=reason, viewer=self._steward(now), now=now)

    def approve_all(self, now: datetime) -> None:
        """Approve what waits, but for what is left lying."""
        program, viewer, pack = self.story.program, self._steward(now), pack_of(self.story.program)
        for row in queries.open_claims(program, pack, "en", self._day(now)):
            claim = row.shown.claim
            if row.shown.state == "waiting" and claim.pk not in self.stays:
                actions.approve(claim=claim, viewer=viewer, now=now)

    def close(self, now: datetime) -> None:
        """Close a run."""
        actions.close_run(program=self.story.program, viewer=self._steward(now), now=now)

    def come_back(self, now: datetime) -> None:
        """Take in that finance paid everything it was asked for."""
        expected = queries.expected_back(self.story.program).values()
        day = self._day(now).isoformat()
        rows = [
            [one.reference, day, one.money.plain()]
            for one in expected
            if not one.paid_on and not one.rejected
        ]
        actions.take_file(
            program=self.story.program,
            text=write(["reference", "paid_on", "amount"], rows),
            only_matching=False,
            viewer=self._steward(now),
            now=now,
        )

    def _seat(self, lead: int) -> "Seat":
        return self.story.seats[lead]


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

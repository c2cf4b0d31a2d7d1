"""Lay out what was logged and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries.arrived import AGAIN, arrivals, parts_of, state_of_payment
from alongside.core.clocks import pay_due
from alongside.core.policy import Pack

#: Claims that count: nobody sent them back, and the lead did not take them back.
STANDING = Q(decision=None) | Q(decision__verdict="approved")


@dataclass(frozen=True)
class Shown:
    """A claim and where it stands: waiting, approved, sent (to finance), again, paid, sent-back, taken-back."""

    claim: Claim
    called: str
    state: str
    due: date
    today: date

    @property
    def is_owed(self) -> bool:
        """Say whether money is owed for it."""
        return self.state in {"waiting", "approved", "sent", "again"}

    @property
    def is_late(self) -> bool:
        """Say whether the day by which it should be paid has passed."""
        return self.is_owed and self.today > self.due

    @property
    def days(self) -> int:
        """Count the days until it is due; below zero, the days since."""
        return (self.due - self.today).days

    @property
    def hours(self) -> str:
        """Give the time as hours and minutes, as 1:30."""
        minutes = self.claim.minutes or 0
        return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""

    @property
    def paid_on(self) -> date | None:
        """Give the day on which it was paid."""
        days = [one.paid_on for one in arrivals(self.claim.line.payment)] if self.state == "paid" else []
        return max(days, default=None)

    @property
    def reference(self) -> str:
        """Give the reference of its payment, of the last one where it was sent again."""
        return parts_of(self.claim.line.payment)[-1].reference if hasattr(self.claim, "line") else ""

    @property
    def mended(self) -> list[str]:
        """List why its payment was sent back or corrected, oldest first."""
        parts = parts_of(self.claim.line.payment) if hasattr(self.claim, "line") else []
        found = []
        for one in parts:
            found += [row.reason for row in one.corrections.all()]
            found += [one.rejection.reason] if hasattr(one, "rejection") else []
        return found

    @property
    def reason(self) -> str:
        """Give why it was sent back."""
        return self.claim.decision.reason if self.state == "sent-back" else ""

    @property
    def note(self) -> str:
        """Give what the lead added."""
        return self.claim.note.words if hasattr(self.claim, "note") else ""

    @property
    def has_bill(self) -> bool:
        """Say whether there is a picture of the bill."""
        return hasattr(self.claim, "bill")

    @property
    def is_corrected(self) -> bool:
        """Say whether a later claim stands in its place."""
        return hasattr(self.claim, "corrected_by")


def state_of(claim: Claim) -> str:
    """Say where a claim stands."""
    decision, line = getattr(claim, "decision", None), getattr(claim, "line", None)
    if line is not None:
        return state_of_payment(line.payment)
    return decision.verdict if decision is not None else "waiting"


def with_all(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Bring along what is said about claims, without the pictures. One query, and three where payments were asked for."""
    related = (
        "agreement",
        "decision",
        "note",
        "bill",
        "corrected_by",
        "seat__person",
        "seat__payee",
        "seat__cohort",
    )
    rows = claims.select_related(*related, "line__payment__paid", "line__payment__rejection")
    again = Prefetch("line__payment__again", AGAIN)
    return rows.defer("bill__content").prefetch_related("line__payment__corrections", again)


def shown(claims: Iterable[Claim], pack: Pack, lang: str, today: date) -> list[Shown]:
    """Lay claims out, in the order given."""
    rows = list(claims)
    due = {day: pay_due(day, pack) for day in {one.logged_on for one in rows}}
    return [
        Shown(one, pack.pay.called(one.what, lang), state_of(one), due[one.logged_on], today) for one in rows
    ]

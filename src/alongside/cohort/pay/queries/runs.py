"""Read payment runs, the file that goes to finance, and what is expected to come back."""

from dataclasses import dataclass

from django.db.models import Prefetch

from alongside.cohort.pay.models import Correction, Payment, Rejection, Run
from alongside.cohort.pay.queries.arrived import Arrived, arrived, is_under_way, money_of
from alongside.cohort.pay.queries.stewards import called
from alongside.core.money import Money, sums
from alongside.core.policy import Pack
from alongside.core.reconcile import Expected
from alongside.ground.programs.models import Program

SAID = Payment.objects.select_related("run", "paid", "rejection", "first").prefetch_related("corrections")
PAYMENTS = Prefetch("payments", SAID.select_related("seat__person", "seat__payee").order_by("pk"))


@dataclass(frozen=True)
class Row:
    """A payment as the page of its run shows it."""

    payment: Payment
    who: str
    came: Arrived | None

    @property
    def is_sent_back(self) -> bool:
        """Say whether the bank sent it back."""
        return hasattr(self.payment, "rejection")

    @property
    def came_money(self) -> Money | None:
        """Give what arrived."""
        return money_of(self.payment, self.came) if self.came else None

    @property
    def differs(self) -> bool:
        """Say whether another sum arrived than was asked for."""
        return self.came is not None and self.came.minor != self.payment.minor


@dataclass(frozen=True)
class RunShown:
    """A run with its payments."""

    run: Run
    payments: list[tuple[Payment, str]]

    @property
    def sums(self) -> list[Money]:
        """Give what the run pays, by currency."""
        return sums(one.money for one, _who in self.payments)

    @property
    def rows(self) -> list[Row]:
        """Give the payments with what came of each."""
        return [Row(one, who, arrived(one)) for one, who in self.payments]

    @property
    def changes(self) -> list[Correction | Rejection]:
        """List what was written afterwards, in the order of the payments."""
        found: list[Correction | Rejection] = []
        for one, _who in self.payments:
            found += sorted(one.corrections.all(), key=lambda row: row.pk)
            found += [one.rejection] if hasattr(one, "rejection") else []
        return found

    @property
    def unpaid(self) -> int:
        """Count the payments that have not come back."""
        return sum(is_under_way(one) for one, _who in self.payments)

    @property
    def sent_back(self) -> int:
        """Count the payments that the bank sent back; a later run sends them again."""
        return sum(hasattr(one, "rejection") for one, _who in self.payments)


def _shown(run: Run) -> RunShown:
    return RunShown(run, [(one, called(one.seat)) for one in run.payments.all()])


def runs_of(program: Program) -> list[RunShown]:
    """List the runs of a program, newest first. Three queries."""
    runs = Run.objects.filter(program=program).prefetch_related(PAYMENTS)
    return [_shown(run) for run in runs.order_by("-number")]


def run_of(program: Program, number: int) -> RunShown | None:
    """Give a run by its number, or None. Three queries."""
    run = Run.objects.filter(program=program, number=number).prefetch_related(PAYMENTS).first()
    return _shown(run) if run else None


def payments_of(program: Program) -> list[Payment]:
    """List every payment of a program that was asked for."""
    return list(SAID.filter(run__program=program).order_by("pk"))


def payment_of(program: Program, payment: int) -> tuple[Payment, str] | None:
    """Give a payment of the program with who is paid, or None. Two queries."""
    payments = SAID.select_related("seat__person", "run__program")
    found = payments.filter(pk=payment, run__program=program).first()
    return (found, called(found.seat)) if found else None


def expected_back(program: Program) -> dict[str, Expected]:
    """Give, by reference, what finance was asked to pay, and what came back. Two queries."""
    return {
        one.reference: Expected(
            one.reference,
            one.money,
            one.run.closed_on,
            found.paid_on if (found := arrived(one)) else None,
            hasattr(one, "rejection"),
        )
        for one in payments_of(program)
    }


def in_finance_columns(shown: RunShown, pack: Pack) -> tuple[list[str], list[list[str]]]:
    """Give the headings and rows of the file for finance, in the columns of the pack."""
    finance = pack.pay.finance
    rows = []
    for one, who in shown.payments:
        cells = {
            "payee": one.seat.payee.number,
            "amount": one.money.plain(),
            "currency": one.currency,
            "reference": one.reference,
            "run": str(shown.run.number),
            "name": who if finance.needs_name else "",
        }
        rows.append([cells[name] for name in finance.columns])
    return [finance.headings.get(name, name) for name in finance.columns], rows

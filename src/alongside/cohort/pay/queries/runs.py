"""Read payment runs, the file that goes to finance, and what is expected to come back."""

from dataclasses import dataclass

from django.db.models import Prefetch

from alongside.cohort.pay.models import Payment, Run
from alongside.cohort.pay.queries.stewards import called
from alongside.core.money import Money, sums
from alongside.core.policy import Pack
from alongside.core.reconcile import Expected
from alongside.ground.programs.models import Program

PAYMENTS = Prefetch(
    "payments", Payment.objects.select_related("seat__person", "seat__payee", "paid").order_by("reference")
)


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
    def unpaid(self) -> int:
        """Count the payments that have not come back."""
        return sum(not hasattr(one, "paid") for one, _who in self.payments)


def _shown(run: Run) -> RunShown:
    return RunShown(run, [(one, called(one.seat)) for one in run.payments.all()])


def runs_of(program: Program) -> list[RunShown]:
    """List the runs of a program, newest first. Two queries."""
    runs = Run.objects.filter(program=program).prefetch_related(PAYMENTS)
    return [_shown(run) for run in runs.order_by("-number")]


def run_of(program: Program, number: int) -> RunShown | None:
    """Give a run by its number, or None. Two queries."""
    run = Run.objects.filter(program=program, number=number).prefetch_related(PAYMENTS).first()
    return _shown(run) if run else None


def payments_of(program: Program) -> list[Payment]:
    """List every payment of a program that was asked for."""
    payments = Payment.objects.filter(run__program=program).select_related("run", "paid")
    return list(payments.order_by("pk"))


def expected_back(program: Program) -> dict[str, Expected]:
    """Give, by reference, what finance was asked to pay, and what came back. One query."""
    return {
        one.reference: Expected(
            one.reference,
            one.money,
            one.run.closed_on,
            one.paid.paid_on if hasattr(one, "paid") else None,
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

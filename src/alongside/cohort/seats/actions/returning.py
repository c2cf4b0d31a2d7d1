"""After a restore: what moved in a cohort since the backup moves again, so that nobody sits who was removed or left.

What was private went with the database: the reasons of a removal, the words of an appeal, why its decision was so.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.actions.moves import emptied, role_changed
from alongside.cohort.seats.actions.removing import appealed, decided, removed
from alongside.cohort.seats.actions.seats import left
from alongside.cohort.seats.models import Appeal, Cohort, Proposal, Removal, Seat
from alongside.core.grammar import Entry
from alongside.ground.people.models import Person
from alongside.ground.programs.models import STEWARD, Program
from alongside.ground.programs.queries import held_ever, stewards_on
from alongside.ground.record.declared import appends

#: The kinds of which the rows are made again here.
MOVES = (
    "policy.adopted",
    "removal.appealed",
    "removal.decided",
    "role.changed",
    "seat.left",
    "seat.removed",
    "vacancy.opened",
)


@appends()
@transaction.atomic
def moved_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Make the rows of these entries again, one after the other, where the backup holds the seat that they are about."""
    for entry in entries:
        match entry.kind:
            case "policy.adopted":
                proposed = Proposal.objects.filter(program=program, sha256=entry.data["pack"], entry=None)
                proposed.update(entry=entry.index)
            case "vacancy.opened":
                for cohort in Cohort.objects.filter(program=program, slug=entry.data["cohort"]):
                    emptied(cohort=cohort, entry=entry)
            case "removal.appealed":
                for removal in Removal.objects.filter(
                    seat__cohort__program=program, entry=entry.cites["removal"][0]
                ):
                    appealed(removal=removal, words=_lost(), entry=entry)
            case "removal.decided":
                for appeal in Appeal.objects.filter(
                    removal__seat__cohort__program=program, entry=entry.cites["appeal"][0]
                ).select_related("removal__seat__cohort__program"):
                    decided(appeal=appeal, reasons="", by=None, entry=entry)
            case _:
                found = Seat.objects.filter(cohort__program=program, public_id=entry.data["seat"])
                for seat in found.select_related("cohort__program"):
                    _seat_again(seat, entry)


def _seat_again(seat: Seat, entry: Entry) -> None:
    if entry.kind == "seat.left":
        left(seat=seat, reason="", entry=entry)
    elif entry.kind == "role.changed":
        role_changed(seat=seat, entry=entry)
    else:
        removed(seat=seat, reasons=_lost(), by=_remover(seat.cohort.program, entry), entry=entry)


def _remover(program: Program, entry: Entry) -> Person:
    """Give who ran the program on the day of a removal: the record says that much, and that person decides no appeal."""
    ran = [post.person for post in stewards_on(program, entry.date)]
    return ran[0] if ran else Person.objects.get(pk=max(held_ever(program, STEWARD, entry.date)))


def _lost() -> str:
    return _("These words were lost with the database. Ask whoever wrote them to tell you again.")

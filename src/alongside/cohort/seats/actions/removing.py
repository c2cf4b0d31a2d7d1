"""Remove a seat with reasons, appeal it, decide the appeal. Reasons are private; that it happened is not."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.actions.moves import still_holds
from alongside.cohort.seats.models import (
    Appeal,
    AppealDecision,
    Removal,
    RoleHeld,
    Seat,
    SeatEnd,
    Vacancy,
    VacancyFilled,
)
from alongside.core.clocks import appeal_due, local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.cohort import APPEAL_DECIDED, left_on
from alongside.core.grammar.v1.moves import appeals_from
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


class SeatIsOver(ValueError):  # noqa: N818 -- the name is a sentence
    """A seat has ended already."""


class TooLateToAppeal(ValueError):  # noqa: N818 -- the name is a sentence
    """The last day to appeal has passed, or an appeal was made."""


class SomeoneElseDecides(ValueError):  # noqa: N818 -- the name is a sentence
    """An appeal is decided by someone other than whoever removed."""


class Decided(ValueError):  # noqa: N818 -- the name is a sentence
    """An appeal has its decision."""


@appends("seat.removed")
@transaction.atomic
def remove_seat(
    *, seat: Seat, ground: str, reasons: str, appeal_to: str, by: Person, now: datetime
) -> Removal:
    """Remove a seat today, also where its lead gave notice for a later day. The lead can appeal to `appeal_to` within the days of the pack; the seat stays free so long."""
    today = local_date(now, pack_of(seat.cohort.program))
    if SeatEnd.objects.filter(seat=seat, left_on__lte=today).exists():
        raise SeatIsOver(_("This seat has ended; there is nothing to remove."))
    rows = RowsLog(Log.objects.get(program=seat.cohort.program))
    appeal_by = appeal_due(appeals_from(rows, seat.public_id, today), pack_of(seat.cohort.program))
    data = {
        "seat": seat.public_id,
        "ground": ground,
        "appeal_to": appeal_to,
        "appeal_by": appeal_by.isoformat(),
    }
    draft = Draft(kind="seat.removed", by=["steward"], data=data)
    entry = append(program=seat.cohort.program, drafts=[draft], now=now)[0]
    return removed(seat=seat, reasons=reasons, by=by, entry=entry)


@appends()
def removed(*, seat: Seat, reasons: str, by: Person, entry: Entry) -> Removal:
    """Let a seat end on the day of the entry that removes it, with its roles; it is empty, and its lead can appeal."""
    today = entry.date
    SeatEnd.objects.update_or_create(seat=seat, defaults={"left_on": today})
    empty = {"from_date": today, "entry": entry.index}
    Vacancy.objects.update_or_create(cohort=seat.cohort, seat=seat, from_date__gt=today, defaults=empty)
    RoleHeld.objects.filter(still_holds(today), seat=seat).update(until_date=today)
    return Removal.objects.create(
        seat=seat,
        ground=entry.data["ground"],
        reasons=reasons,
        removed_by=by,
        removed_on=today,
        appeal_to=entry.data["appeal_to"],
        appeal_by=date.fromisoformat(entry.data["appeal_by"]),
        entry=entry.index,
    )


@appends("removal.appealed")
@transaction.atomic
def appeal(*, removal: Removal, words: str, now: datetime) -> Appeal:
    """Let the removed lead appeal, once and in time. Their words are for whoever decides."""
    program = removal.seat.cohort.program
    today = local_date(now, pack_of(program))
    if today > removal.appeal_by or Appeal.objects.filter(removal=removal).exists():
        raise TooLateToAppeal(
            _("The last day to appeal has passed, or your appeal is in. Ask who decides it.")
        )
    draft = Draft(kind="removal.appealed", by=[removal.seat.public_id], cites={"removal": [removal.entry]})
    entry = append(program=program, drafts=[draft], now=now)[0]
    return appealed(removal=removal, words=words, entry=entry)


@appends()
def appealed(*, removal: Removal, words: str, entry: Entry) -> Appeal:
    """Let an appeal wait for its decision, as its entry says."""
    return Appeal.objects.create(removal=removal, words=words, made_on=entry.date, entry=entry.index)


@appends("removal.decided")
@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, decision: str, reasons: str, by: Person, now: datetime
) -> AppealDecision:
    """Decide an appeal: the removal stands, or it is lifted and the lead has the seat back."""
    removal = appeal.removal
    program = removal.seat.cohort.program
    if by.pk in (removal.removed_by_id, removal.seat.person_id):
        raise SomeoneElseDecides(
            _("You removed this seat, or it was yours. Someone else decides the appeal.")
        )
    if AppealDecision.objects.filter(appeal=appeal).exists():
        raise Decided(_("This appeal is decided. The decision stands on the record."))
    data = {"decision": decision}
    draft = Draft(kind="removal.decided", by=[removal.appeal_to], data=data, cites={"appeal": [appeal.entry]})
    entry = append(program=program, drafts=[draft], now=now)[0]
    return decided(appeal=appeal, reasons=reasons, by=by, entry=entry)


@appends()
def decided(*, appeal: Appeal, reasons: str, by: Person | None, entry: Entry) -> AppealDecision:
    """Keep how an appeal was decided, as its entry says; where the removal is lifted, the lead has the seat back."""
    removal = appeal.removal
    if entry.data["decision"] == "lifted":
        _give_back(removal, entry.date)
    return AppealDecision.objects.create(
        appeal=appeal,
        decision=entry.data["decision"],
        reasons=reasons,
        decided_by=by,
        removed_by_id=removal.removed_by_id,
        decided_on=entry.date,
        entry=entry.index,
    )


def _give_back(removal: Removal, today: date) -> None:
    """Give a seat back; the lead's own notice for a later day stands again."""
    seat = removal.seat
    vacancy = Vacancy.objects.get(cohort=seat.cohort, entry=removal.entry)
    VacancyFilled.objects.create(vacancy=vacancy, seat=seat, filled_on=today)
    notice = RowsLog(Log.objects.get(program=seat.cohort.program)).about("seat.left", seat.public_id)
    if not notice:
        SeatEnd.objects.filter(seat=seat).delete()
        return
    on = left_on(notice[-1])
    SeatEnd.objects.filter(seat=seat).update(left_on=on)
    Vacancy.objects.create(cohort=seat.cohort, seat=seat, from_date=on, entry=notice[-1].index)


@appends("removal.decided")
@transaction.atomic
def let_removals_fall(*, program: Program, now: datetime) -> int:
    """Give the seats back whose appeal nobody decided in time; give how many. The clock writes each."""
    today = local_date(now, pack_of(program))
    late = Appeal.objects.filter(
        removal__seat__cohort__program=program, decision=None, made_on__lt=today - APPEAL_DECIDED
    )
    for one in late.select_related("removal__seat__cohort"):
        cites = {"appeal": [one.entry]}
        draft = Draft(kind="removal.decided", by=["clock"], data={"decision": "lifted"}, cites=cites)
        entry = append(program=program, drafts=[draft], now=now)[0]
        decided(appeal=one, reasons="", by=None, entry=entry)
    return len(late)

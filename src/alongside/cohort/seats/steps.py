"""What waits of seats: the charter, appeals, empty seats, and the end of a term."""

from datetime import date, timedelta
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Alternate, Cohort, LastWords, Removal, Seat, SecondAsked
from alongside.cohort.seats.queries import cohorts, seats
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any, kept, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import AHEAD, THE_STEWARD, Desk, Step

#: So many days before the end of a term its lead is told.
NEAR = timedelta(days=60)


def _called_up(desk: Desk) -> QuerySet[Alternate] | None:
    if desk.role is not Role.LEAD:
        return None
    lately = cohorts.called_up(desk.program, desk.today - cohorts.NEW)
    return lately.filter(person=desk.viewer.person_id or 0)


def _appealed(desk: Desk) -> QuerySet[Removal] | None:
    return None if desk.role is Role.STEWARD else seats.appeals_to(desk.program, desk.viewer)


def seconds(desk: Desk) -> QuerySet[SecondAsked] | None:
    """Give what waits for a second lead, whoever that is, to a lead."""
    return SecondAsked.objects.filter(program=desk.program) if desk.role is Role.LEAD else None


#: What waits seldom.
SELDOM = (_called_up, _appealed, seconds)


def steps(desk: Desk) -> list[Step]:
    """List what a lead does for the cohort, what the steward does, and the appeals that the viewer decides."""
    if desk.role is Role.STEWARD:
        return [
            *_vacancies(desk),
            *(step for one in desk.once(cohorts_now) for step in _charter(desk, one, "steward")),
            *_term(desk),
        ]
    if desk.role is Role.STAFF:
        return _appeals(desk)
    seat = desk.once(own_seat)
    return [
        *_called(desk),
        *_charter(desk, seat.cohort if seat else None, desk.viewer.seat or ""),
        *_appeals(desk),
        *_leaving(desk),
    ]


def _called(desk: Desk) -> list[Step]:
    """Tell a lead who came lately to a cohort that had begun that they sit, and whom to ask."""
    is_new = is_any(desk, _called_up)
    called = cohorts.new_seat_of(desk.program, desk.viewer, desk.today) if is_new else None
    seat = called or came_lately(desk)
    if seat is None:
        return []
    text = _("Your place is yours until %(day)s. See who is in your cohort.")
    if called:
        text = _("You were called up. Your place is yours until %(day)s. See who is in your cohort.")
    said = {"day": day_in_words(seat.until_date)}
    ask = f"{desk.to('messages:write')}?to=steward"
    asking = _("Write to the program coordinator: about your first day, pay or training.")
    return [
        Step(
            _("You have a place now"),
            text % said,
            desk.to("seats:cohort"),
            "both",
            is_first=True,
            is_own=True,
        ),
        Step(_("Ask what you do not know yet"), asking, ask, is_first=True, is_own=True),
    ]


def came_lately(desk: Desk) -> Seat | None:
    """Give the viewer's seat where they took it in the last weeks, after its cohort began; else None."""
    seat = desk.once(own_seat)
    since = desk.today - cohorts.NEW
    return seat if seat and seat.cohort.from_date < seat.from_date and seat.from_date > since else None


def _charter(desk: Desk, cohort: Cohort | None, by: str) -> list[Step]:
    log = desk.once(rows)
    charter = next(reversed(log.about(EntryKind.CHARTER_ADOPTED, cohort.slug)), None) if cohort else None
    if cohort is None or charter is None:
        return []
    if by in {one.by[0] for one in log.citing(charter.index, EntryKind.CHARTER_SIGNED)}:
        return []
    text = _("The rules of your cohort are in force when all have signed.")
    href = desk.to("seats:sign_charter", cohort=cohort.slug)
    is_first = desk.role is Role.LEAD and came_lately(desk) is not None
    heading, step = _("Sign the group agreement"), _("Read it, and sign.")
    return [Step(heading, text, href, owner=THE_STEWARD, step=step, is_first=is_first, is_own=True)]


def _appeals(desk: Desk) -> list[Step]:
    """List the appeals that wait for the viewer's office or seat."""
    if not is_any(desk, _appealed):
        return []
    return [
        Step(
            _("Decide an appeal"),
            _("Made on %(day)s. You are named to decide it.") % {"day": day_in_words(one.appealed_on)},
            desk.to("seats:decide", pk=one.pk),
            is_own=True,
        )
        for one in seats.appeals_for(desk.program, desk.viewer)
        if one.appealed_on
    ]


def empty(desk: Desk) -> list[cohorts.Empty]:
    """List the empty seats, for a desk."""
    found = cohorts.vacancies(desk.program, desk.pack, desk.today)
    return cohorts.with_calls(found, partial(kept, desk, cohorts.running_calls))


def _vacancies(desk: Desk) -> list[Step]:
    home = f"{desk.to('seats:seats')}?cohort="
    return [
        _vacancy(one, f"{home}{one.vacancy.cohort.slug}#empty-{one.vacancy.pk}") for one in desk.once(empty)
    ]


def _vacancy(one: cohorts.Empty, href: str) -> Step:
    if one.free:
        return _kept_free(one.free, href)
    if one.asked:
        return _asked(one, one.asked, href)
    said = {"day": day_in_words(one.vacancy.from_date), "due": day_in_words(one.due)}
    text = _("Empty since %(day)s. Fill it by %(due)s.")
    if one.is_late:
        text = _("Empty since %(day)s. It was to be filled by %(due)s.")
    way, step = _ways(one)
    if one.call:
        text = f"{text} {_('A call was made for it: choose by %(by)s.')}"
        said["by"] = day_in_words(one.call.decides)
    return Step(
        _("Fill an empty place"),
        f"{text} {way}".strip() % said,
        href,
        "city",
        "late" if one.is_late else "owed",
        THE_STEWARD,
        step,
        one.due,
        entry=one.vacancy.entry if one.call else None,
    )


def _ways(one: cohorts.Empty) -> tuple[str, str]:
    """Say how an empty seat can be filled: to the steward beside what is under way, and to all others as the next step."""
    if one.call and one.waits:
        step = _("Choose by the rules of the call, or ask the next person on the list.")
        return _("Or ask the next person on the list."), step
    if one.call:
        return "", _("Choose by the rules of the call.")
    if one.waits:
        step = _("Ask the next person on the list, or open a call.")
        return _("Ask the next person on the list."), step
    return "", _("Nobody waits to step in: open a call.")


def _asked(one: cohorts.Empty, until: date, href: str) -> Step:
    """Say that somebody is asked whether they want an empty seat: until they answer there is nothing to do."""
    said = {"day": day_in_words(one.vacancy.from_date), "until": day_in_words(until)}
    return Step(
        _("Somebody is asked to fill an empty place"),
        _("Empty since %(day)s. They can answer until %(until)s; then the site asks the next person.") % said,
        href,
        "city",
        owner=THE_STEWARD,
        step=_("Wait. There is nothing that you can do."),
        due=until,
        waits=False,
    )


def _kept_free(removal: Removal, href: str) -> Step:
    """Say that nobody can take an empty seat yet: its lead was removed, and can appeal or did."""
    text = _("The lead who was removed appealed. Nobody else can take the place before that is decided.")
    if removal.appealed_on is None:
        text = _("The lead who was removed can appeal until %(day)s. Nobody else can take the place before.")
        text %= {"day": day_in_words(removal.appeal_by)}
    step = _("Wait. There is nothing that you can do.")
    due = removal.decide_by or removal.appeal_by
    return Step(
        _("A place is kept free"), text, href, "city", owner=THE_STEWARD, step=step, due=due, waits=False
    )


def _term(desk: Desk) -> list[Step]:
    """Tell the steward of the end of the term: twice as long before as of all else, because a call takes its time."""
    cohort = next(iter(desk.once(cohorts_now)), None)
    if cohort is None or not desk.today <= cohort.until_date <= desk.today + 2 * AHEAD:
        return []
    return [
        desk.dated(
            _("The end of the term"),
            desk.to("calls:steward_calls"),
            max(desk.today, cohort.until_date - AHEAD),
            text=_("The term ends on %(day)s.") % {"day": day_in_words(cohort.until_date)},
            pen="city",
            owner=THE_STEWARD,
            step=_("Open the next call, and ask leads for last words."),
        )
    ]


def _leaving(desk: Desk) -> list[Step]:
    """Tell a lead whose term ends soon of the handover, and of last words until they said some. One query then."""
    seat = desk.once(leaving)
    if seat is None:
        return []
    text = _("Your term ends on %(day)s. Read what the next cohort takes up, and what is missing there.")
    handover = desk.to("desks:handover", slug=seat.cohort.slug)
    said = {"day": day_in_words(seat.until_date)}
    found = [Step(_("Hand over to the next cohort"), text % said, handover, "both", is_own=True)]
    if LastWords.objects.filter(seat=seat).exists():
        return found
    last = _("Say what worked and what did not, and take your portfolio along.")
    return [*found, Step(_("Goodbye, and thank you"), last, desk.to("seats:goodbye"), is_own=True)]


def cohorts_now(desk: Desk) -> list[Cohort]:
    """List the cohorts of today."""
    return cohorts.cohorts_now(desk.program, desk.today)


def seated(desk: Desk) -> list[Seat]:
    """List the seats of leads of today. One query."""
    return seats.leads_today(desk.program, desk.today)


def own_seat(desk: Desk) -> Seat | None:
    """Give the viewer's seat, of more than one the newest."""
    mine = [one for one in desk.once(seated) if one.person_id == desk.viewer.person_id]
    return mine[-1] if mine else None


def leaving(desk: Desk) -> Seat | None:
    """Give the viewer's seat where its term ends soon."""
    seat = desk.once(own_seat)
    return seat if seat and seat.until_date - NEAR <= desk.today else None

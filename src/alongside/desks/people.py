"""Everybody in a program, as whoever runs it sees them: leads, offices, and who was invited to a call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.cohort.calls.models import READER, TYPES_IN, WITNESS, WRITES_DOWN, Invitee
from alongside.cohort.calls.queries import invited_now
from alongside.cohort.seats.models import CHECKS, Alternate
from alongside.cohort.seats.queries.cohorts import called_up_in, payers_said_by_leads, roles_of
from alongside.cohort.seats.queries.people import SeatHeld, Someone, people_today
from alongside.cohort.seats.queries.seats import seated_today, suspended
from alongside.cohort.seats.queries.seconds import former_leads
from alongside.core.grammar.seats import SUSPENDED
from alongside.core.grammar.suspensions import suspended_until
from alongside.core.policy.pack import Pack
from alongside.core.search_words import words_in
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post, Program
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.forms import NarrowForm
from alongside.ground.ui.leads import lead_in_words


class PeopleForm(NarrowForm):
    """What the list of people is narrowed to."""

    find = forms.CharField(label=_("Name or role"), required=False, max_length=100)
    only = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


#: What somebody is invited to do, and where that stands.
INVITED: dict[str, tuple[str | Promise, str]] = {
    READER: (pgettext_lazy("of applications", "Reader"), "reviews:review"),
    TYPES_IN: (_("Helper: types applications in"), "calls:helpers"),
    WRITES_DOWN: (_("Helper: writes recordings down"), "calls:helpers"),
    WITNESS: (_("Witness of the lottery"), "lotteries:lottery"),
}


@by_name
@open_to(Role.STEWARD)
def people(request: ViewerRequest) -> HttpResponseBase:
    """List the people of today, those whose post is to come, and who was invited: all of them, or those of one sort.

    A name that is looked for is posted: it stands in no address, and so in no history and no log.
    """
    today, pack, form = request.today, request.pack, PeopleForm(request.POST or request.GET)
    invited = [(one.person, _invited(request, one)) for one in invited_now(request.program)]
    also = [(person, _also(request, seat)) for person, seat in waiting_people(request.program, today)]
    found = list_of_people(request.program, pack, lang_of(request), today, invited, also, **form.wanted())
    context = {"people": found, "appeal_days": pack.clocks.appeal_days, "today": today}
    context |= {"suspended_days": SUSPENDED.days, "form": form, "is_narrowed": "find" in form.wanted()}
    return render(request, "desks/people.html", context)


def _also(request: ViewerRequest, seat: str) -> tuple[str, str, str]:
    """Say what somebody without a seat of today waits for or does, and where that stands; a former lead comes with their seat."""
    if seat:
        return say("Checks promises"), lead_in_words(seat), to(request, "pay:agreements")
    return say("Alternate"), say("Places of the cohort"), to(request, "seats:seats")


def _invited(request: ViewerRequest, one: Invitee) -> tuple[str, str, str]:
    """Say what somebody is invited to do, for which call, and where that stands."""
    what, page = INVITED[one.role]
    return str(what), one.call.title or one.call.slug, to(request, page, slug=one.call.slug)


@dataclass(frozen=True)
class Everyone:
    """The people of a program, those that were asked for, and how many there are of each sort."""

    shown: list[Someone]
    counts: dict[str, int]
    only: str
    #: The offices that nobody holds today, with their titles.
    empty: Sequence[tuple[str, str]] = ()


def list_of_people(
    program: Program,
    pack: Pack,
    lang: str,
    today: date,
    invited: Iterable[tuple[Person, tuple[str, str, str]]] = (),
    also: Iterable[tuple[Person, tuple[str, str, str]]] = (),
    only: str = "",
    find: str = "",
) -> Everyone:
    """List the people of today with since when they do what, and those whose post is to come. Thirteen queries at most.

    `invited` are who was invited to something, with what, and `also` who waits or is asked without a seat; `only` names one sort of all, and `find` holds words of a name or a role.
    """
    known = {one.person.pk: one for one in people_today(program, pack, lang, today)}
    held = _seats_held(program, today)
    for person, what in invited:
        known.setdefault(person.pk, Someone(person)).invited.append(what)
    for person, what in also:
        known.setdefault(person.pk, Someone(person)).also.append(what)
    found = list(known.values())
    for one in found:
        one.held = held.get(one.person.pk, [])
    sorts = {
        "leads": [one for one in found if one.held or one.removals or one.sat_until],
        "offices": [one for one in found if any(post.office for post, _title, _to_come in one.posts)],
        "program": [one for one in found if any(not post.office for post, _title, _to_come in one.posts)],
        "invited": [one for one in found if one.invited],
    }
    counts = {"": len(found)} | {name: len(own) for name, own in sorts.items()}
    wanted = words_in(find)
    shown = [one for one in sorts.get(only, found) if one.fits(wanted)]
    posts = [post for one in found for post, _title, to_come in one.posts if not to_come]
    return Everyone(shown, counts, only if only in sorts else "", empty_offices(pack, posts, lang))


def empty_offices(pack: Pack, posts: Iterable[Post], lang: str) -> list[tuple[str, str]]:
    """List the offices to which none of these posts appoints anybody, with their titles."""
    held = {post.public_id for post in posts}
    return [(one, pack.office_title(one, lang)) for one in pack.offices if one not in held]


def waiting_people(program: Program, today: date) -> list[tuple[Person, str]]:
    """List who waits as an alternate, each with an empty name, and the former leads who check promises, with that of their seat. Six queries."""
    waits = Alternate.objects.filter(cohort__program=program, cohort__until_date__gte=today)
    still = waits.filter(stood_down_on=None).select_related("person").order_by("cohort", "place")
    checks = [(one.person, one.public_id) for one in former_leads(program, CHECKS, today)]
    return [*checks, *((one.person, "") for one in still)]


def _seats_held(program: Program, today: date) -> dict[int, list[SeatHeld]]:
    seats = seated_today(program, today)
    roles = roles_of([one.pk for one in seats], today)
    stopped = suspended(program, [one.public_id for one in seats], today)
    rows = RowsLog.of(program) if stopped else None
    said, calls = payers_said_by_leads(program), called_up_in(program, today)
    found: dict[int, list[SeatHeld]] = {}
    for one in seats:
        call, told = calls.get(one.public_id, (None, None))
        is_stopped = one.public_id in stopped
        held = SeatHeld(
            seat=one,
            roles=roles.get(one.pk, ()),
            is_suspended=is_stopped,
            until=suspended_until(rows, one.public_id, today) if rows and is_stopped else None,
            is_paid_by_nobody_knows_whom=not one.payer and one.public_id not in said,
            call=call,
            told=told,
        )
        found.setdefault(one.person_id, []).append(held)
    return found

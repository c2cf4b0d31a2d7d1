"""The desks of a lead and of the steward, where they see what waits for them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Protocol

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.chain.answers import steps as answers
from alongside.chain.asks import steps as asks
from alongside.chain.commitments import steps as commitments
from alongside.chain.findings import steps as findings
from alongside.chain.keys import steps as keys
from alongside.chain.opinions import steps as opinions
from alongside.chain.reader import steps as reader
from alongside.chain.recovery import steps as recovery
from alongside.chain.referrals import steps as referrals
from alongside.chain.reports import steps as reports
from alongside.cohort.lotteries import steps as lotteries
from alongside.cohort.meetings import steps as meetings
from alongside.cohort.messages import steps as messages
from alongside.cohort.pay import steps as pay
from alongside.cohort.pay.queries.claims import quick_of, stop_of
from alongside.cohort.rules import steps as rules
from alongside.cohort.seats import steps as seats
from alongside.cohort.training import steps as training
from alongside.desks import answers_due, overview, translations
from alongside.desks.queue import LATELY, SELDOM, done_of, lately_of, queue_of, shown_of, steps_of
from alongside.ground.directory import steps as directory
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to
from alongside.ground.record import steps as rows
from alongside.ground.record.queries import Words, texts_of
from alongside.ground.ui.pages import page_of_many
from alongside.ground.ui.steps import IN_SOON, SOON, THE_STEWARD, Desk, Seldom, Step
from alongside.work.consultations import steps as consultations
from alongside.work.engagements import steps as engagements
from alongside.work.invitations import steps as invitations
from alongside.work.listening import steps as listening
from alongside.work.partners import steps as partners
from alongside.work.projects import steps as projects
from alongside.work.remarks import steps as remarks
from alongside.work.workplans import steps as workplans


class App(Protocol):
    """An app that gives what waits."""

    __name__: str

    def steps(self, desk: Desk) -> list[Step]:
        """List what waits for whoever sits at a desk."""


#: What each desk collects, in this order.
WEEK: tuple[App, ...] = (
    asks,
    commitments,
    answers,
    engagements,
    listening,
    remarks,
    findings,
    keys,
    reader,
    recovery,
    opinions,
    referrals,
    reports,
    rules,
    seats,
    meetings,
    messages,
    partners,
    workplans,
    invitations,
    consultations,
    lotteries,
    pay,
)
STEWARD: tuple[App, ...] = (
    seats,
    meetings,
    messages,
    pay,
    training,
    rows,
    asks,
    reports,
    partners,
    workplans,
    translations,
    projects,
    engagements,
    commitments,
    lotteries,
    directory,
)


def reads_of(apps: Iterable[App]) -> list[str]:
    """List the kinds of entries that apps look at."""
    return [kind for app in apps for kind in getattr(app, "READS", ())]


#: What waits for a second lead, as the page of such steps lists it.
SECONDS = (seats.seconds, referrals.proposed, opinions.proposed)


def seldom_of(apps: Iterable[App]) -> list[Seldom]:
    """List what apps seldom find, and the desk itself."""
    return [*SELDOM, *(one for app in apps for one in getattr(app, "SELDOM", ()))]


def collected(desk: Desk, apps: Iterable[App]) -> list[tuple[str, Step]]:
    """Collect what waits at a desk, each with the name of its app."""
    return [(app.__name__.split(".")[-2], step) for app in apps for step in desk.once(app.steps)]


@by_name
@open_to(Role.LEAD)
def week(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead their money, then what waits for them by day, what came of it, and what is done."""
    desk = Desk(request, Role.LEAD, reads_of(WEEK), seldom_of(WEEK))
    found = collected(desk, WEEK)
    account, yesterday = desk.once(pay.account), desk.today - timedelta(days=1)
    queue = queue_of(desk, found)
    page, shown = page_of_many(request.GET.get("page"), queue.waits, queue.news)
    lately = rows.kept(desk, lately_of, desk.today - LATELY)
    texts = words_of(desk, steps_of(queue, shown), lately.entries)
    queue = shown_of(queue, shown, texts)
    whose = {one.step.is_own for one in queue.waits}
    context = {
        "queue": queue,
        "has_own": True in whose,
        "has_others": False in whose,
        "page": page,
        "account": account,
        "quick": quick_of(account, desk.pack, desk.lang) if account else [],
        "stop": stop_of(account.seat, desk.today) if account and rows.is_any(desk, pay.stops) else None,
        "done": done_of(desk, lately, account, texts),
        "seconds": any(rows.is_any(desk, one) for one in SECONDS),
        "today": desk.today,
        "yesterday": yesterday if account and account.seat.from_date <= yesterday else None,
        "tomorrow": desk.today + timedelta(days=1),
    }
    return render(request, "desks/week.html", context)


@by_name
@open_to(Role.STEWARD)
def steward(request: ViewerRequest) -> HttpResponseBase:
    """Show the steward what waits for them by day, how the program is doing, then what others owe and what comes."""
    desk = Desk(request, Role.STEWARD, reads_of(STEWARD), seldom_of(STEWARD))
    asked = sorted([*desk.once(answers_due.owed_at), *answers_due.raised_at(desk)], key=lambda one: one.due)
    at_once, folded = answers_due.folded(answers_due.together(asked))
    found = collected(desk, STEWARD)
    now = [(app, one) for app, one in found if one.waits or one.state == "late"]
    others = [one for _app, one in now if not _is_stewards(one)]
    coming = [one for _app, one in found if not one.waits and one.state != "late"]
    queue = queue_of(desk, [(app, one) for app, one in now if _is_stewards(one)])
    owed = [one for one in at_once if one.days < 0], [one for one in at_once if one.days >= 0]
    steps = (
        [one for one in others if one.state == "late"],
        [one for one in others if one.state != "late"],
        sorted(coming, key=lambda one: one.due or date.min),
    )
    courses = desk.once(engagements.on_their_way)
    page, shown = page_of_many(request.GET.get("page"), queue.waits, *owed, *steps, courses)
    texts = words_of(
        desk,
        [*steps_of(queue, shown), *(one for part in steps for one in part[shown])],
        {*(one.named_by for part in owed for one in part[shown]), *(one.promise for one in courses[shown])},
    )
    late_steps, others, dates = (rows.worded(part[shown], texts) for part in steps)
    late, not_late = (answers_due.worded(part[shown], texts) for part in owed)
    context = {
        "page": page,
        "queue": shown_of(queue, shown, texts),
        "glance": desk.once(overview.glance),
        "late": late,
        "owed": not_late,
        "folded": folded,
        "late_steps": late_steps,
        "others": others,
        **_by_day(desk, dates),
        "courses": engagements.named(courses[shown], texts),
        "today": desk.today,
        "tomorrow": desk.today + timedelta(days=1),
    }
    return render(request, "desks/steward.html", context)


def _by_day(desk: Desk, dates: Iterable[Step]) -> dict[str, Any]:
    """Part what comes so soon that it stands open from what comes later."""
    soon = [one for one in dates if one.due is not None and one.due <= desk.today + SOON]
    return {"in_soon": IN_SOON, "soon": soon, "dates": [one for one in dates if one not in soon]}


def _is_stewards(step: Step) -> bool:
    """Say whether whoever runs the program takes a step; what names nobody was written to them."""
    return not step.owner or step.owner is THE_STEWARD


def words_of(desk: Desk, steps: Iterable[Step], more: Iterable[int] = ()) -> Words:
    """Read the words of all that a desk shows: of what its steps are about, and of more entries. One query."""
    about = {one.about for one in steps if one.about is not None}
    return texts_of(desk.program, about.union(more), desk.lang)

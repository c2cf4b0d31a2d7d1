"""The three desks, where people see what waits for them: a lead's week, the desk of an office, and the steward's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.chain.answers import steps as answers
from alongside.chain.asks import steps as asks
from alongside.chain.commitments import steps as commitments
from alongside.chain.findings import steps as findings
from alongside.chain.referrals import steps as referrals
from alongside.chain.reports import steps as reports
from alongside.chain.voices import steps as voices
from alongside.cohort.lotteries import steps as lotteries
from alongside.cohort.meetings import steps as meetings
from alongside.cohort.messages import steps as messages
from alongside.cohort.pay import steps as pay
from alongside.cohort.pay.queries import quick_of, stop_of
from alongside.cohort.seats import steps as seats
from alongside.cohort.training import steps as training
from alongside.desks import answers_due, health, saying, translations
from alongside.desks.queue import done_lately, queue_of
from alongside.ground.directory import steps as directory
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record import steps as rows
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.ui.languages import listed
from alongside.ground.ui.steps import THE_STEWARD, Desk, Step
from alongside.work.consultations import steps as consultations
from alongside.work.engagements import steps as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import title_of
from alongside.work.invitations import steps as invitations
from alongside.work.partners import steps as partners
from alongside.work.projects import steps as projects
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
    findings,
    voices,
    referrals,
    reports,
    seats,
    meetings,
    messages,
    partners,
    workplans,
    invitations,
    consultations,
    pay,
)
UNIT: tuple[App, ...] = (
    engagements,
    asks,
    answers,
    referrals,
    partners,
    workplans,
    invitations,
    consultations,
    seats,
    messages,
    directory,
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
)


def collect(desk: Desk, apps: Iterable[App]) -> list[Step]:
    """Collect what waits at a desk."""
    return [step for _app, step in collected(desk, apps)]


def collected(desk: Desk, apps: Iterable[App]) -> list[tuple[str, Step]]:
    """Collect what waits at a desk, each with the name of its app."""
    return [(app.__name__.split(".")[-2], step) for app in apps for step in app.steps(desk)]


@by_name
@open_to(Role.LEAD)
def week(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead their money, then what waits for them by day, what came of it, and what is done."""
    desk = Desk(request, Role.LEAD)
    found = collected(desk, WEEK)
    account = desk.once(pay.account)
    context = {
        "queue": queue_of(desk, found),
        "account": account,
        "quick": quick_of(account, desk.pack, desk.lang) if account else [],
        "stop": stop_of(account.seat, desk.today) if account else None,
        "done": done_lately(desk, account),
        "today": desk.today,
        "tomorrow": desk.today + timedelta(days=1),
    }
    return render(request, "desks/week.html", context)


@open_to(Role.STAFF)
def unit(request: ViewerRequest) -> HttpResponseBase:
    """Show what the viewer's units owe, by date, and what waits for a signature."""
    desk, viewer = Desk(request, Role.STAFF), request.viewer
    ours = sorted(viewer.answers_for)
    owed = answers_due.owed(desk.program, desk.pack, desk.lang, desk.today, units=ours)
    lines = answers_due.together([one for one in owed if one.is_reply or one.unit not in viewer.merged])
    shown, folded = answers_due.folded(lines)
    context = {
        "owed": lines,
        "shown": shown,
        "folded": folded,
        "duties": duties(desk, ours),
        "under_way": [
            (
                one.slug,
                *title_of(one, desk.lang),
                viewer.signs_for(one.partner.unit.slug if one.partner else ""),
            )
            for one in promised_by(desk.program, ours)
        ],
        "coming": projects.next_decisions(desk),
        "items": collect(desk, UNIT),
        "place": listed(desk.pack.unit_name(one, desk.lang) for one in sorted(viewer.units)),
        "today": desk.today,
    }
    return render(request, "desks/unit.html", context)


@by_name
@open_to(Role.STEWARD)
def steward(request: ViewerRequest) -> HttpResponseBase:
    """Show the steward what waits for them by day, how the program is doing, then what others owe and what comes."""
    desk = Desk(request, Role.STEWARD)
    shown, folded = answers_due.folded(answers_due.together(desk.once(answers_due.owed_at)))
    found = collected(desk, STEWARD)
    now = [(app, one) for app, one in found if one.waits or one.state == "late"]
    others = [one for _app, one in now if not _is_stewards(one)]
    context = {
        "queue": queue_of(desk, [(app, one) for app, one in now if _is_stewards(one)]),
        "glance": desk.once(health.glance),
        "late": [one for one in shown if one.days < 0],
        "owed": [one for one in shown if one.days >= 0],
        "folded": folded,
        "late_steps": [one for one in others if one.state == "late"],
        "others": [one for one in others if one.state != "late"],
        "dates": sorted(
            (one for _app, one in found if not one.waits and one.state != "late"),
            key=lambda one: one.due or date.min,
        ),
        "courses": desk.once(engagements.on_their_way),
        "today": desk.today,
        "tomorrow": desk.today + timedelta(days=1),
    }
    return render(request, "desks/steward.html", context)


def _is_stewards(step: Step) -> bool:
    """Say whether whoever runs the program takes a step; what names nobody was written to them."""
    return not step.owner or step.owner is THE_STEWARD


def promised_by(program: Program, units: Sequence[str]) -> list[Engagement]:
    """List the engagements that some units promised and that are not closed, oldest first. Two queries."""
    rows = Engagement.objects.filter(program=program, partner__unit__slug__in=units).exclude(promise=None)
    found = list(rows.select_related("partner__unit").order_by("pk"))
    closed = engagements.closed_among(program, found)
    return [one for one in found if one.promise not in closed]


@dataclass(frozen=True)
class Duty:
    """A milestone that a unit owes."""

    standing: MilestoneStanding
    words: str
    lang: str
    mark: tuple[str, str]
    #: The day from which it can be claimed again, where leads disputed its claim and that day is to come.
    again: date | None
    #: The office that promised it, where the rules have it no more.
    promised_by: str = ""


def duties(desk: Desk, units: Sequence[str]) -> list[Duty]:
    """List the milestones of some units, by date. Three queries, one more where the rules have one of their offices no more."""
    found = record.milestones(desk.program, unit__in=units)
    gone = {one.office for one in found if not desk.pack.office(one.office)}
    packs = record.packs_of(desk.program) if gone else None
    told = record.entry_views(desk.program, {one.commitment for one in found}, desk.lang)
    return [
        Duty(
            standing=one,
            words=told[one.commitment].say(one.milestone),
            lang=told[one.commitment].lang(one.milestone),
            mark=saying.milestone_mark(one, desk.today),
            again=one.step.waits_until(desk.today) if one.step else None,
            promised_by=packs.at(one.commitment).office_title(one.office, desk.lang)
            if packs and one.office in gone
            else "",
        )
        for one in found
    ]

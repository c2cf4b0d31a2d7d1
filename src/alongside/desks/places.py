"""A lead's four places, Listen, Recommend, Plan and Me, and the steward's tasks: all that each can do, where the desk shows what waits."""

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.chain.asks import steps as asks
from alongside.chain.keys.steps import held
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.record.queries import lines_named, texts_of, titles_in
from alongside.ground.ui.addresses import lang_of, to_if_there
from alongside.ground.ui.pages import page_of, page_of_many
from alongside.ground.ui.steps import Desk
from alongside.work.engagements import steps as engagements
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.projects import steps as projects
from alongside.work.strategies.queries import may_hold_strategies

#: The links of a part of a place, with its heading.
type Part = tuple[str | Promise, Sequence[tuple[str, str | Promise]]]

STRATEGIES = "desks:strategies"
LISTEN: tuple[Part, ...] = (
    (
        _("Listen to people"),
        (
            ("engagements:new", _("Plan an engagement")),
            ("engagements:mine", _("My drafts")),
            ("reader:reader", _("Reader")),
            ("desks:translations", _("Translations to do")),
        ),
    ),
)
RECOMMEND: tuple[Part, ...] = (
    (
        _("Ask the City"),
        (
            ("asks:question", _("Ask a question")),
            ("asks:many", _("Ask many questions")),
            ("desks:questions", _("Questions to the City")),
        ),
    ),
    (
        _("What the City does"),
        (
            ("desks:owed", _("Answers due")),
            ("commitments:checks", _("What was promised, to check")),
            ("desks:follow", _("What came of it")),
            ("referrals:every", _("Given to offices")),
        ),
    ),
)
PLAN: tuple[Part, ...] = (
    (
        _("With the City"),
        (
            ("engagements:new", _("Plan an engagement")),
            ("desks:rooms", _("Partner rooms")),
            ("workplans:plans", _("Workplans")),
            ("projects:projects", _("City projects")),
            ("consultations:consultations", _("Advise on a project")),
            ("invitations:invitations", _("Invitations from bureaus")),
        ),
    ),
    (
        _("Among leads"),
        (
            ("desks:seconds", _("What waits for a second lead")),
            ("meetings:meetings", _("Meetings")),
            (STRATEGIES, _("Organizing strategies")),
            ("seats:my_calendar", _("My calendar")),
        ),
    ),
)
ME: tuple[Part, ...] = (
    (
        _("Pay and learning"),
        (
            ("pay:mine", _("My pay, hours and costs")),
            ("training:mine", _("My training")),
            ("desks:portfolio", _("My portfolio")),
        ),
    ),
    (
        _("Messages and people"),
        (
            ("messages:inbox", _("Messages")),
            ("messages:raise", _("Raise an alarm")),
            ("seats:cohort", _("My cohort")),
            ("reviews:readings", _("Applications to read")),
            ("applications:typing_in", _("Type an application in for someone")),
        ),
    ),
    (
        _("My place"),
        (
            ("seats:my_name", _("My name among leads")),
            ("seats:profile", _("My public profile")),
            ("keys:keyring", _("My key")),
            ("mfa_list_webauthn", _("My passkeys")),
            ("directory:papers", _("If you get a subpoena or warrant")),
            ("seats:other_job", _("Who pays me")),
            ("seats:goodbyes", _("What leads said when they left")),
            ("rules:proposed", _("The rules of the program")),
            ("desks:acts", _("What the coordinator and the operator did")),
            ("seats:leave", _("Leave my place")),
        ),
    ),
)

TASKS: tuple[Part, ...] = (
    (
        _("Leads and their places"),
        (
            ("calls:steward_calls", _("Calls and applications")),
            ("seats:seats", _("Places, alternates, roles and the group agreement")),
            ("seats:seat_cohort", _("Place a cohort that is chosen already")),
            ("meetings:meetings", _("Meetings")),
            ("training:steward", _("Training: courses, sessions, letters")),
            ("seats:goodbyes", _("Last words, alumni and consultants")),
            ("rules:proposed", _("The rules of the program")),
        ),
    ),
    (
        _("Pay"),
        (
            ("pay:desk", _("Hours and costs to approve")),
            ("pay:runs", _("Payment runs")),
            ("pay:agreements", _("Agreements and budgets")),
        ),
    ),
    (
        _("Projects and texts"),
        (
            ("projects:register", _("Put a project on the register")),
            ("registers:upload", _("Bring in a register from a file")),
            ("registers:imports", _("Files that came in")),
            ("workplans:plans", _("Workplans")),
            ("desks:translations", _("Translations to do")),
        ),
    ),
    (
        _("People and messages"),
        (
            ("desks:people", _("People: roles, sign-in codes, posts")),
            ("messages:write", _("Write a message to leads")),
            ("directory:requests", _("Federal requests")),
            ("seats:my_calendar", _("My calendar")),
        ),
    ),
)


def parts_of(request: ViewerRequest, parts: Sequence[Part]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the parts of a place with the addresses of their pages, without those that are not for this person."""
    left_out = set() if may_hold_strategies(request.viewer) else {STRATEGIES}
    return [
        (
            str(heading),
            [
                (href, str(words))
                for name, words in links
                if name not in left_out and (href := to_if_there(request, name))
            ],
        )
        for heading, links in parts
    ]


@open_to(Role.LEAD)
def listen(request: ViewerRequest) -> HttpResponseBase:
    """Show where a lead listens: the engagements under way, the drafts, and the closed ones whose voices they can still read."""
    desk = Desk(request, Role.LEAD)
    every, drafts = desk.once(engagements.on_their_way), desk.once(engagements.not_open)
    left = desk.once(asks.left)
    known = {one.slug for one in every} | {one.slug for one in drafts}
    closed = sorted(desk.once(held) - known)
    page, shown = page_of_many(request.GET.get("page"), every, drafts, closed)
    courses, named = every[shown], lines_named(desk.program, closed[shown])
    titles = titles_in(named, texts_of(desk.program, named, desk.lang))
    promises = {slug: index for index, slug in named.items()}
    context = {
        "parts": parts_of(request, LISTEN),
        "page": page,
        "courses": engagements.with_titles(desk.program, courses, desk.lang),
        "reported_by_others": {one.promise for one in courses if one.findings and left.report(one.promise)},
        "drafts": [(one.slug, *title_of(one, desk.lang)) for one in drafts[shown]],
        "closed": [(one, titles.get(one), promises.get(one)) for one in closed[shown]],
    }
    return render(request, "desks/listen.html", context)


@open_to(Role.LEAD)
def recommend(request: ViewerRequest) -> HttpResponseBase:
    """Show where a lead recommends and asks: the engagements with something heard, and what the City owes."""
    page = page_of(engagements.heard(request.program), request.GET.get("page"))
    texts = texts_of(request.program, page, lang_of(request))
    context = {
        "parts": parts_of(request, RECOMMEND),
        "page": page,
        "heard": [(one, texts.get(one, {}).get("title")) for one in page],
    }
    return render(request, "desks/recommend.html", context)


@open_to(Role.LEAD)
def plan(request: ViewerRequest) -> HttpResponseBase:
    """Show where a lead plans, with the City and among leads."""
    return render(request, "desks/place.html", {"parts": parts_of(request, PLAN), "named": _("Plan")})


@open_to(Role.LEAD)
def me(request: ViewerRequest) -> HttpResponseBase:
    """Show what is a lead's own: pay, learning, messages, and their place."""
    return render(request, "desks/place.html", {"parts": parts_of(request, ME), "named": _("Me")})


@open_to(Role.STEWARD)
def tasks(request: ViewerRequest) -> HttpResponseBase:
    """Show all that the steward does, and the statements of the projects that are decided next."""
    desk = Desk(request, Role.STEWARD)
    found = projects.next_decisions(desk)
    coming = projects.named(found, texts_of(desk.program, {one.entry for one in found}, desk.lang))
    return render(
        request,
        "desks/tasks.html",
        {"layout": "ui/dense.html", "parts": parts_of(request, TASKS), "coming": coming},
    )

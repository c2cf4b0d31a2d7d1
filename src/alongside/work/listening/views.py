"""Pages on which leads plan how they listen, and a session with people."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alongside.cohort.pay.queries.claims import given_at
from alongside.core.money import Money
from alongside.core.policy.pay import THANKS
from alongside.core.sessions import Method, Session, Told, is_planned
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.work.engagements.actions import save_statements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import draft_for, engagement_for, open_for, title_of
from alongside.work.engagements.queries.progress import signers
from alongside.work.engagements.queries.promises import course_now, told_by
from alongside.work.engagements.queries.sessions import (
    SessionShown,
    came_to,
    sessions_of,
    sessions_shown,
    to_come_to,
)
from alongside.work.listening import actions
from alongside.work.listening.forms import (
    METHODS,
    PeopleForm,
    PlanForm,
    SessionForm,
    StatementsForm,
    typed_of,
)

#: So many stubs are printed where nobody said for how many there is room, and at most.
FEW_STUBS, MOST_STUBS = 20, 200


def _theirs(request: ViewerRequest, slug: str) -> Engagement:
    """Give an engagement of leads: a draft, or one that is open."""
    return or_404(engagement_for(request.program, request.viewer, slug))


def _session(engagement: Engagement, session: str) -> Session:
    return or_404(next((one for one in sessions_of(engagement) if one.id == session), None))


def _kept(engagement: Engagement, session: Session | None = None, public: Done = Done.KEPT_UNSHOWN) -> Done:
    """Give what was done: `public` only where everyone sees the session, once the promise is open."""
    if engagement.promise is None:
        return Done.KEPT
    return public if session and session.is_public else Done.KEPT_UNSHOWN


def _about(request: ViewerRequest, found: Engagement) -> dict[str, object]:
    title, title_lang = title_of(found, lang_of(request))
    return {"of": found, "title": title, "title_lang": title_lang, "is_lead": request.viewer.has(Role.LEAD)}


@open_to(Role.LEAD, Role.STEWARD)
def plan(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show how leads listen and let them write it; the program coordinator reads it once it is open."""
    is_lead = request.viewer.has(Role.LEAD)
    found = _theirs(request, slug) if is_lead else or_404(open_for(request.program, request.viewer, slug))
    currency = request.pack.pay.currencies[0]
    initial = {name: found.plan.get(name, "") for name in ("methods", "host", "budget")}
    form = PlanForm(posted(request) if is_lead else None, currency=currency, initial=initial)

    def act(typed: Typed) -> None:
        budget = typed["budget"].plain() if typed["budget"] else ""
        actions.save_plan(
            engagement=found, methods=typed["methods"], host=typed["host"], budget=budget, now=request.now
        )

    here = to(request, "listening:plan", slug=slug)
    if went := press(request, form, act, after(here, _kept(found))):
        return went
    shown = sessions_shown(sessions_of(found), request.pack, request.today)
    given = given_at(request.program, [f"{slug}/{one.of.id}" for one in shown])
    rows = [
        (one, request.now >= one.of.starts, given.get(f"{slug}/{one.of.id}"), _asking(slug, one))
        for one in shown
    ]
    budget = Money.of(initial["budget"], currency) if initial["budget"] else None
    names = dict(METHODS)
    context = {
        "form": form,
        "plans_sessions": is_planned(Method.SESSION, initial["methods"]),
        "shown": rows,
        "is_shown": found.promise is not None and bool(to_come_to(shown) or came_to(shown)),
        "budget": budget,
        "methods": [names[one] for one in initial["methods"]],
        "host": initial["host"],
        "told": told_by(found, request.pack),
    }
    return render(request, "listening/plan.html", {**context, **_about(request, found)})


def _asking(slug: str, one: SessionShown) -> str:
    """Begin the form that asks for the thank-you money of a session."""
    note = _("For a session on %(day)s.") % {"day": day_in_words(one.on)}
    money = one.of.float
    given = {"session": f"{slug}/{one.of.id}", "what": THANKS, "note": note}
    return urlencode({**given, "amount": money.plain() if money else ""})


@open_to(Role.LEAD)
def stubs(request: ViewerRequest, slug: str, session: str) -> HttpResponseBase:
    """Show thank-you stubs to print; they have no number, so that none leads to anyone or to what they said."""
    found = _theirs(request, slug)
    one = _session(found, session)
    or_404(one.thanks)
    shown = sessions_shown([one], request.pack, request.today)[0]
    many = range(min(one.room or FEW_STUBS, MOST_STUBS))
    context = {"one": shown, "many": many, **_about(request, found)}
    return render(request, "listening/stubs.html", context)


@open_to(Role.LEAD)
def session(request: ViewerRequest, slug: str, session: str = "") -> HttpResponseBase:
    """Plan a session, move or change it, or cancel it."""
    found, pack = _theirs(request, slug), request.pack
    before = _session(found, session) if session else None
    here = to(request, "listening:plan", slug=slug)
    if before and (before.cancelled or before.came):
        return HttpResponseRedirect(here)
    if before and "cancel" in request.POST:
        actions.cancel_session(engagement=found, session=before.id, now=request.now)
        return HttpResponseRedirect(after(here, _kept(found, before, Done.SESSION_CANCELLED)))
    form = SessionForm(
        posted(request),
        pack=pack,
        today=request.today,
        closes=found.closes if found.promise is None else course_now(found).closes,
        currency=pack.pay.currencies[0],
        stands=str(before.changes) if before else "",
        initial=typed_of(before, pack) if before else {"told": Told.PAGE},
    )

    def act(_typed: Typed) -> Session:
        typed = form.session(session, lang_of(request), before)
        return actions.save_session(engagement=found, session=typed, now=request.now)

    def onward(made: Session) -> str:
        return after(here, _kept(found, made, Done.SESSION_SHOWN))

    context = {"form": form, "before": before, **_about(request, found)}
    return press(request, form, act, onward) or render(request, "listening/session.html", context)


@open_to(Role.LEAD)
def people(request: ViewerRequest, slug: str, session: str) -> HttpResponseBase:
    """Say how many people came to a session; only the range is kept."""
    found = _theirs(request, slug)
    one = _session(found, session)
    if one.cancelled:
        raise Http404
    form = PeopleForm(posted(request), is_public=one.is_public)
    act = taking(actions.tell_headcount, engagement=found, session=one.id, now=request.now)
    shown = sessions_shown([one], request.pack, request.today)[0]
    there = after(to(request, "listening:plan", slug=slug), _kept(found, one, Done.CAME_SHOWN))
    return press(request, form, act, there) or render(
        request, "listening/people.html", {"form": form, "one": shown, **_about(request, found)}
    )


@open_to(Role.LEAD)
def statements(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the statements that people judge, one a line, while the promise is a draft."""
    found = or_404(draft_for(request.program, request.viewer, slug))
    form = StatementsForm(posted(request), engagement=found, pack=request.pack, lang=lang_of(request))

    def act(_typed: Typed) -> None:
        save_statements(engagement=found, statements=form.made())

    there = after(to(request, "engagements:questions", slug=slug), Done.KEPT)
    context = {
        "form": form,
        "draft": found,
        "first": language(found.languages[0]),
        "signed": len(signers(found, request.today)),
    }
    return press(request, form, act, there) or render(request, "listening/statements.html", context)

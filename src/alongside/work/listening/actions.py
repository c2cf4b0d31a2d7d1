"""Plan how leads listen: methods, budget, sessions; say how many came; forget places."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.core.clocks import local_date
from alongside.core.disclosure import band
from alongside.core.refusals import Refused
from alongside.core.sessions import Method, Session, is_planned
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.work.engagements.actions import refuse_if_closed
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.promises import course_now, told_by
from alongside.work.engagements.queries.sessions import sessions_of


@appends()
@transaction.atomic
def save_plan(
    *, engagement: Engagement, methods: Sequence[str], host: str, budget: str, now: datetime
) -> None:
    """Save by which methods leads listen, who hosts them, and what it may cost: an amount in the program's first currency, or nothing.

    Raises Refused where sessions go that people were asked to.
    """
    held = _in_turn(engagement)
    is_ahead = any(not one.cancelled and one.ends > now for one in sessions_of(held))
    if is_ahead and not is_planned(Method.SESSION, methods):
        words = _("A session is planned. Keep “At sessions”, or cancel the session first.")
        raise Refused(words, "methods")
    _keep(held, {**held.plan, "methods": list(methods), "host": host, "budget": budget})


@appends()
@transaction.atomic
def save_session(*, engagement: Engagement, session: Session, now: datetime) -> Session:
    """Plan a session, or change the one of this id. Raises Refused for a day on which people cannot speak, and where leads do not listen at sessions."""
    held = _in_turn(engagement)
    if not is_planned(Method.SESSION, held.plan.get("methods", [])):
        raise Refused(_("The plan has no sessions. Choose “At sessions” in it first."))
    pack = pack_of(held.program)
    on, closes = (
        local_date(session.starts, pack),
        held.closes if held.promise is None else course_now(held).closes,
    )
    if on < local_date(now, pack):
        raise Refused(_("This day has passed; choose today or a later day."), "on")
    if on > closes:
        raise Refused(
            _("People can speak only until the last day of this question. Choose a day before."), "on"
        )
    every = {one.id: one for one in sessions_of(held)}
    before = every.get(session.id)
    if before and (before.cancelled or before.came):
        raise Refused(_("This session was held or cancelled. Plan a new one."))
    if before:
        moved = (before.starts, before.ends, before.place, before.told) != (
            session.starts,
            session.ends,
            session.place,
            session.told,
        )
        session = replace(session, changes=before.changes + moved)
    else:
        session = replace(session, id=f"s{len(every) + 1}")
    _keep_sessions(held, {**every, session.id: session})
    return session


@appends()
@transaction.atomic
def cancel_session(*, engagement: Engagement, session: str, now: datetime) -> None:
    """Cancel a session; pages and calendars say so until its day is over."""
    held = _in_turn(engagement)
    today = local_date(now, pack_of(held.program))
    _change(held, session, lambda one: replace(one, cancelled=today, changes=one.changes + 1))


@appends()
@transaction.atomic
def tell_headcount(*, engagement: Engagement, session: str, people: int, now: datetime) -> None:
    """Keep how many came to a session as the range in which that lies; the number itself is kept nowhere. Raises Refused before it began."""
    held = _in_turn(engagement)
    pack = told_by(held, pack_of(held.program))

    def told(one: Session) -> Session:
        if now < one.starts:
            raise Refused(_("This session has not begun yet. Count when people are there."))
        return replace(one, came=band(people, pack))

    _change(held, session, told)


@appends()
@transaction.atomic
def forget_places(*, program: Program, now: datetime) -> int:
    """Forget where sessions were held once their day is over, unless a legal hold stands; give of how many engagements."""
    if is_under_hold(program):
        return 0
    pack, count = pack_of(program), 0
    today = local_date(now, pack)
    for one in Engagement.objects.select_for_update(no_key=True).filter(program=program).exclude(plan={}):
        every = {
            each.id: replace(each, place="") if local_date(each.ends, pack) < today else each
            for each in sessions_of(one)
        }
        if list(every.values()) != sessions_of(one):
            _keep_sessions(one, every)
            count += 1
    return count


def _in_turn(engagement: Engagement) -> Engagement:
    """Read an engagement anew when its turn has come. Raises Refused once it is closed, or is no more."""
    held = Engagement.objects.select_for_update(no_key=True).filter(pk=engagement.pk).first()
    if held is None:
        raise Refused(_("This draft was thrown away."))
    if held.promise is not None:
        refuse_if_closed(held)
    return held


def _change(held: Engagement, session: str, change: Callable[[Session], Session]) -> None:
    """Change a session that stands."""
    every = {one.id: one for one in sessions_of(held)}
    if session not in every or every[session].cancelled:
        raise Refused(_("This session was cancelled."))
    _keep_sessions(held, {**every, session: change(every[session])})


def _keep_sessions(held: Engagement, every: Mapping[str, Session]) -> None:
    _keep(held, {**held.plan, "sessions": [one.as_data() for one in every.values()]})


def _keep(held: Engagement, plan: Mapping[str, Any]) -> None:
    held.plan = dict(plan)
    held.save(update_fields=["plan"])
    if held.promise is not None:
        renew_pages(program=held.program)

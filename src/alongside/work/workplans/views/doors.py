"""What the views of workplans share: the draft of a party, the names of things, the program's day."""

from datetime import UTC, date, datetime

from django.http import Http404

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import lang_of
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import plans, versions
from alongside.work.workplans.queries.wording import Naming


def now() -> datetime:
    """Give the moment of a request."""
    return datetime.now(tz=UTC)


def today_of(request: AskedHttpRequest) -> date:
    """Give the program's local day."""
    return local_date(now(), request.pack)


def party_to(request: AskedHttpRequest, slug: str) -> tuple[Workplan, str]:
    """Give a plan that the asker is a party to, and as whom they write; else there is no such page."""
    plan = plans.plan_for(request.program, request.asker, slug)
    actor = plans.actor_of(request.asker, plan) if plan else None
    if plan is None or actor is None:
        raise Http404
    return plan, actor


def naming_of(request: AskedHttpRequest) -> Naming:
    """Give what choices are called in the language of the page. Two queries."""
    lang = lang_of(request)
    return Naming(request.pack, lang, versions.register_of(request.program, lang))

"""What the views of the register share: the moment, the program's day, names of units, a project the asker may write about."""

from datetime import UTC, date, datetime

from django.http import Http404

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import lang_of
from alongside.ground.record.signing import NoLogKey, vkey
from alongside.work.projects import queries
from alongside.work.projects.models import DecisionPoint, Project


def now() -> datetime:
    """Give the moment of a request."""
    return datetime.now(tz=UTC)


def today_of(request: AskedHttpRequest) -> date:
    """Give the program's local day."""
    return local_date(now(), request.pack)


def key_of(request: AskedHttpRequest) -> str:
    """Give the public key line of the record, with which proofs are checked; empty before there is one."""
    try:
        return vkey(request.program)
    except NoLogKey:
        return ""


def units_of(request: AskedHttpRequest) -> dict[str, str]:
    """Give what units are called in the language of the page, by slug."""
    return {one.slug: one.name.say(lang_of(request)) for one in request.pack.units}


def communities_of(request: AskedHttpRequest) -> dict[str, str]:
    """Give what communities of the pack are called in the language of the page, by id."""
    return {one.id: one.name.say(lang_of(request)) for one in request.pack.communities}


def names_of_communities(request: AskedHttpRequest) -> dict[str, str]:
    """Give the ids of communities by what they are called in any language of the pack, and by the ids themselves."""
    langs = [one.code for one in request.pack.languages]
    named = {one.name.say(lang): one.id for one in request.pack.communities for lang in langs}
    return named | {one.id: one.id for one in request.pack.communities}


def offices_of(request: AskedHttpRequest) -> list[tuple[str, str]]:
    """List the offices of the pack with what they are called, for a choice."""
    return [(one, request.pack.office_title(one, lang_of(request))) for one in request.pack.offices]


def levels_of(request: AskedHttpRequest) -> list[tuple[str, str]]:
    """List the levels of participation that may be promised, as framework/level with their names, for a choice."""
    lang = lang_of(request)
    return [
        (f"{one.id}/{level.id}", f"{one.name.say(lang)}: {level.name.say(lang)}")
        for one in request.pack.frameworks
        for level in one.shown
    ]


def theirs(request: AskedHttpRequest, slug: str) -> Project:
    """Give a project that the asker may write about; else there is no such page."""
    found = queries.project_for(request.program, request.asker, slug)
    if found is None:
        raise Http404
    return found


def their_point(request: AskedHttpRequest, slug: str, decision: str) -> DecisionPoint:
    """Give a decision that the asker may write about; else there is no such page."""
    found = queries.point_for(request.program, request.asker, slug, decision)
    if found is None:
        raise Http404
    return found

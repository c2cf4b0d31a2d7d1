"""What the views of consultations share: the day, what pages name, and the way in for leads and for the unit."""

from datetime import UTC, date, datetime

from django.http import Http404

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.policy import Pack
from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import lang_of
from alongside.work.consultations.models import Consultation
from alongside.work.consultations.queries import keeping, leads, public


def now() -> datetime:
    """Give the moment of the request."""
    return datetime.now(tz=UTC)


def today_of(request: AskedHttpRequest) -> date:
    """Give the program's local day."""
    return local_date(now(), request.pack)


def unit_name(pack: Pack, unit: str, lang: str) -> str:
    """Name a unit in a language, or by its slug where the pack does not have it."""
    named = {one.slug: one.name.say(lang) for one in pack.units}
    return str(named.get(unit, unit))


def shown(request: AskedHttpRequest, slug: str) -> public.Shown:
    """Give a consultation as everyone sees it. Raises Http404."""
    found = public.consultation_page(request.program, lang_of(request), slug)
    if found is None:
        raise Http404
    return found


def kept(request: AskedHttpRequest, consultation: Consultation, found: public.Shown) -> dict[str, object]:
    """Say until when comments are kept, with the period and the rule in the language of the page."""
    told = keeping.keeping(consultation, request.pack, found.answer_by)
    lang = lang_of(request)
    rule, rule_lang = told.rule.rule_in(lang) if told.rule else ("", "")
    period = told.rule.period.say(lang) if told.rule else ""
    return {"kept": told, "kept_period": period, "kept_rule": rule, "kept_rule_lang": rule_lang}


def as_lead(request: AskedHttpRequest, slug: str) -> tuple[Consultation, Seat]:
    """Give a consultation and the asker's seat, to leads who sit. Raises Http404."""
    found = leads.for_lead(request.program, request.asker, slug)
    if found is None:
        raise Http404
    return found


def as_unit(request: AskedHttpRequest, slug: str) -> tuple[Consultation, str]:
    """Give a consultation of the asker's unit, and the office they write as. Raises Http404."""
    found = public.for_staff(request.program, request.asker, slug)
    if found is None:
        raise Http404
    return found

"""Read drafts, for those who write and sign them."""

import hashlib
from collections.abc import Iterable

from django.db.models import QuerySet

from alongside.core.canonical import canonical
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program
from alongside.work.engagements.models import Engagement, Signature


def draft_hash(engagement: Engagement) -> str:
    """Hash everything a signature stands for, in hexadecimal."""
    value = {
        "slug": engagement.slug,
        "partner": engagement.partner.public_id if engagement.partner else "",
        "decision": engagement.decision.entry if engagement.decision else -1,
        "level": [engagement.framework, engagement.level],
        "languages": engagement.languages,
        "retention": engagement.retention,
        "dates": [str(engagement.closes), str(engagement.report_back), str(engagement.answer_by)],
        "cap": engagement.cap,
        "words": engagement.words,
        "form": engagement.form,
    }
    return hashlib.sha256(canonical(value)).hexdigest()


def signatures_now(engagement: Engagement) -> list[str]:
    """List who signed the draft exactly as it stands."""
    rows = Signature.objects.filter(engagement=engagement, draft=draft_hash(engagement)).order_by("signed_at")
    return list(rows.values_list("actor", flat=True))


def _seen_by(program: Program, asker: Asker) -> QuerySet[Engagement]:
    """Give the engagements an asker works on: all of the program for leads, those with their units for staff."""
    rows = Engagement.objects.filter(program=program)
    if not asker.has(Role.LEAD, Role.STEWARD):
        rows = rows.filter(partner__unit__slug__in=asker.units)
    related = ("program", "lead", "partner__unit", "decision__project", "decision__office__unit", "opening")
    return rows.select_related(*related).prefetch_related("signatures")


def drafts_for(program: Program, asker: Asker) -> list[Engagement]:
    """List the engagements of the asker, drafts first, newest first. Two queries."""
    found = list(_seen_by(program, asker).order_by("-pk"))
    return sorted(found, key=lambda one: hasattr(one, "opening"))


def draft_for(program: Program, asker: Asker, slug: str) -> Engagement | None:
    """Give a draft that is not open yet and that the asker works on, or None."""
    return _seen_by(program, asker).filter(slug=slug, opening=None).first()


def open_for(program: Program, asker: Asker, slug: str) -> Engagement | None:
    """Give an engagement whose promise is frozen and that the asker works on, or None."""
    return _seen_by(program, asker).filter(slug=slug).exclude(opening=None).first()


def signers(engagement: Engagement) -> list[str]:
    """List who signed the draft as it stands, from signatures already read."""
    now = draft_hash(engagement)
    return [one.actor for one in engagement.signatures.all() if one.draft == now]


def seats_of(actors: Iterable[str]) -> list[str]:
    """Keep the seats among those who signed."""
    return [one for one in actors if one.startswith("seat-")]

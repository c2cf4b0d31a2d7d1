"""What waits for units: drafts to sign, drafts of answers, and what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alongside.chain.answers.models import AnswerDraft
from alongside.desks import saying
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.work.engagements.models import Engagement, Signature


@dataclass(frozen=True)
class Drafted:
    """An engagement that is not open yet, named in the reader's language if it is written in it."""

    pk: int
    slug: str
    title: str
    title_lang: str
    unit: str


def drafts_of_leads(program: Program, lang: str) -> list[Drafted]:
    """List the engagements that are not open yet. One query."""
    found = Engagement.objects.filter(program=program, opening=None).select_related("partner__unit")
    return [_drafted(one, lang) for one in found.order_by("pk")]


def _drafted(one: Engagement, lang: str) -> Drafted:
    spoken = lang if one.words.get(lang, {}).get("title") else next(iter(one.words), lang)
    title = one.words.get(spoken, {}).get("title") or one.slug
    return Drafted(one.pk, one.slug, title, spoken, one.partner.unit.slug if one.partner else "")


def signed_by(program: Program) -> set[tuple[int, str]]:
    """List which engagement was signed by whom, some draft of it. One query."""
    rows = Signature.objects.filter(engagement__program=program, engagement__opening=None)
    return set(rows.values_list("engagement", "actor"))


def drafts_of_unit(program: Program, units: Sequence[str]) -> dict[int, AnswerDraft]:
    """Give the drafts of answers in some units, by what they answer. One query."""
    rows = AnswerDraft.objects.filter(program=program, unit__in=list(units)).select_related("sent")
    return {one.about: one for one in rows}


@dataclass(frozen=True)
class Duty:
    """A milestone that a unit owes."""

    commitment: int
    milestone: str
    ask: int
    words: str
    lang: str
    due: date
    days: int
    mark: tuple[str, str]
    is_claimed: bool
    verdict: str


def duties(program: Program, lang: str, today: date, units: Sequence[str]) -> list[Duty]:
    """List the milestones of some units, by date. Three queries."""
    found = record.milestones(program, unit__in=list(units))
    told = record.told(program, {one.commitment for one in found}, lang)
    return [
        Duty(
            commitment=one.commitment,
            milestone=one.milestone,
            ask=one.ask,
            words=told[one.commitment].say(one.milestone),
            lang=told[one.commitment].lang(one.milestone),
            due=one.due,
            days=(one.due - today).days,
            mark=saying.milestone_mark(one, today),
            is_claimed=one.claim is not None,
            verdict=one.verdict or "",
        )
        for one in found
    ]

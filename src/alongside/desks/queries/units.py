"""What waits for units: drafts to sign, drafts of answers, and what was promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alongside.chain.answers.models import AnswerDraft
from alongside.core.clocks import claim_again_from
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.desks import saying
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import leads_to_correct, signers, still_to_sign, title_of


@dataclass(frozen=True)
class Drafted:
    """An engagement that is not open yet, named in the reader's language if it is written in it."""

    pk: int
    slug: str
    title: str
    title_lang: str
    unit: str
    #: Who signed the draft exactly as it stands.
    signers: Sequence[str]

    @property
    def unit_signed(self) -> bool:
        """Say whether the unit signed the draft as it stands."""
        return any("/" in one for one in self.signers)

    @property
    def both_signed(self) -> bool:
        """Say whether nobody else has to sign, so that a lead can open it."""
        return (self.unit_signed or not self.unit) and any("/" not in one for one in self.signers)


def drafts_of_leads(program: Program, lang: str) -> list[Drafted]:
    """List the engagements that are not open yet. Two queries."""
    found = Engagement.objects.filter(program=program, opening=None)
    related = found.select_related("partner__unit", "decision").prefetch_related("signatures")
    return [
        Drafted(one.pk, one.slug, *title_of(one, lang), _unit_of(one), signers(one))
        for one in related.order_by("pk")
    ]


def _unit_of(one: Engagement) -> str:
    return one.partner.unit.slug if one.partner else ""


@dataclass(frozen=True)
class Promised:
    """An engagement that a unit promised and that is not closed, named in the reader's language if it is written in it."""

    slug: str
    title: str
    title_lang: str
    unit: str


def promised_by(program: Program, lang: str, units: Sequence[str]) -> list[Promised]:
    """List the engagements that some units promised and that are not closed, oldest first. Two queries."""
    rows = Engagement.objects.filter(program=program, partner__unit__slug__in=list(units))
    found = list(rows.exclude(opening=None).select_related("opening", "partner__unit").order_by("pk"))
    closed = _closed(program, found)
    return [
        Promised(one.slug, *title_of(one, lang), _unit_of(one))
        for one in found
        if one.opening.entry not in closed
    ]


def _closed(program: Program, found: Iterable[Engagement]) -> set[int]:
    """Give the promises of these engagements that are closed. One query."""
    promises = {one.opening.entry for one in found}
    return {
        cited
        for _citing, _kind, cited in record.indexes_citing(program, promises, (EntryKind.ENGAGEMENT_CLOSED,))
    }


@dataclass(frozen=True)
class ToCorrect:
    """A correction of a promise that one side signed and the other has not."""

    pk: int
    slug: str
    title: str
    title_lang: str
    unit: str
    by: str
    proposed_at: datetime
    #: The seats that can sign it, where a lead has to.
    leads: frozenset[str]

    @property
    def waits_for_unit(self) -> bool:
        """Say whether the unit has to sign it; else a lead has to."""
        return not self.leads


def to_correct(program: Program, pack: Pack, lang: str, today: date) -> list[ToCorrect]:
    """List the corrections that the other side, or another lead, can still sign, oldest first. Two queries, and some for each that waits for leads."""
    related = ("engagement__opening", "engagement__partner__unit")
    rows = still_to_sign(pack, today).filter(engagement__program=program).select_related(*related)
    found = list(rows.order_by("pk"))
    closed = _closed(program, [one.engagement for one in found])
    return [
        ToCorrect(
            one.pk,
            one.engagement.slug,
            *title_of(one.engagement, lang),
            _unit_of(one.engagement),
            one.by,
            one.proposed_at,
            frozenset(leads_to_correct(one.engagement, today)) - {one.by}
            if "/" in one.by or one.engagement.partner is None
            else frozenset(),
        )
        for one in found
        if one.engagement.opening.entry not in closed
    ]


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
    #: The day from which it can be claimed again, where leads disputed its claim and that day is to come.
    again: date | None
    #: The office that promised it, where the rules have it no more.
    promised_by: str = ""


def _again(one: MilestoneStanding, today: date) -> date | None:
    if one.verdict != "disputed" or one.checked is None:
        return None
    again = claim_again_from(one.checked)
    return again if today < again else None


def duties(program: Program, pack: Pack, lang: str, today: date, units: Sequence[str]) -> list[Duty]:
    """List the milestones of some units, by date. Three queries, one more where the rules have one of their offices no more."""
    found = record.milestones(program, unit__in=list(units))
    gone = {one.office for one in found if not pack.office(one.office)}
    packs = record.packs_of(program) if gone else None
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
            again=_again(one, today),
            promised_by=packs.at(one.commitment).office_title(one.office, lang)
            if packs and one.office in gone
            else "",
        )
        for one in found
    ]

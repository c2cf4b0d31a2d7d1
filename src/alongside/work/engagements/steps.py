"""What waits of engagements: drafts and corrections to sign; and how far those that are under way have come."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.open_steps import OpenStep
from alongside.ground.gate.roles import Role
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import indexes_citing, without_words
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import THE_LEADS, Desk, Step
from alongside.work.engagements import queries
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.projects.queries import EngagementShown, courses_of, worded_courses

#: What leads do with voices.
VOICES = (EntryKind.VOICES_OPENED, EntryKind.FINDING_PUBLISHED)


@dataclass(frozen=True)
class UnderWay:
    """An engagement on its way: what its leads do next."""

    slug: str
    promise: int
    title: str
    lang: str
    course: EngagementState
    is_taking: bool
    next: OpenStep
    findings: int
    is_community: bool


def under_way(program: Program, lang: str, today: date) -> list[UnderWay]:
    """List the promised engagements that are not closed, with how far they are as corrected. Five queries."""
    promises = without_words(program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    found = [one for one in courses_of(program, promises, today) if not one.course.closed]
    done: dict[int, list[str]] = defaultdict(list)
    for _citing, kind, cited in indexes_citing(program, [one.told.index for one in found], VOICES):
        done[cited].append(kind)
    return [_under_way(one, done[one.told.index], today) for one in worded_courses(program, found, lang)]


def _under_way(shown: EngagementShown, done: Sequence[str], today: date) -> UnderWay:
    told = shown.told
    return UnderWay(
        slug=shown.slug,
        promise=told.index,
        title=told.say("title"),
        lang=told.lang("title"),
        course=shown.course,
        is_taking=shown.course.is_taking(today),
        next=shown.course.next_step(today, is_opened=EntryKind.VOICES_OPENED in done),
        findings=done.count(EntryKind.FINDING_PUBLISHED),
        is_community=told.entry.data["community"],
    )


def on_their_way(desk: Desk) -> list[UnderWay]:
    """List the engagements under way, for a desk."""
    return under_way(desk.program, desk.lang, desk.today)


def not_open(desk: Desk) -> list[Engagement]:
    """List the engagements that are not open yet. Two queries."""
    found = Engagement.objects.filter(program=desk.program, promise=None)
    related = found.select_related("partner__unit", "decision").prefetch_related("signatures")
    return list(related.order_by("pk"))


def closed_among(program: Program, found: Sequence[Engagement]) -> set[int]:
    """Give the promises of these engagements that are closed. One query."""
    promises = {queries.promise_of(one) for one in found}
    citing = indexes_citing(program, promises, (EntryKind.ENGAGEMENT_CLOSED,))
    return {cited for _citing, _kind, cited in citing}


def steps(desk: Desk) -> list[Step]:
    """List what waits for the signature of a lead or of the viewer's units; for the steward, the last days to speak."""
    if desk.role is Role.STEWARD:
        return [
            _last_day(desk, one)
            for one in desk.once(on_their_way)
            if one.is_taking and desk.is_near(one.course.closes)
        ]
    sign = _draft_of_leads if desk.role is Role.LEAD else _draft_of_unit
    drafts = [step for one in desk.once(not_open) if (step := sign(desk, one))]
    return [*drafts, *(_correction(desk, one) for one in _corrections(desk))]


def _last_day(desk: Desk, one: UnderWay) -> Step:
    return desk.dated(
        _("Last day to speak: %(what)s") % {"what": one.title},
        desk.to("desks:thread", promise=one.promise),
        one.course.closes,
        owner=THE_LEADS,
        step=_("Invite people until then; then open the voices."),
    )


def _draft_of_leads(desk: Desk, draft: Engagement) -> Step | None:
    signed, what = queries.signers(draft), {"what": apart(queries.title_of(draft, desk.lang)[0])}
    of_leads = any("/" not in one for one in signed)
    if of_leads and (draft.partner is None or _is_signed_by_unit(signed)):
        text = _("Everyone who has to sign signed it. A lead opens it.")
        return Step(_("Open it: %(what)s") % what, text, desk.to("engagements:finish", slug=draft.slug))
    if desk.viewer.seat in signed:
        return None
    text = _("It opens when both sides sign.") if draft.partner else _("It opens when leads sign.")
    return Step(_("Finish and sign: %(what)s") % what, text, desk.to("engagements:draft", slug=draft.slug))


def _draft_of_unit(desk: Desk, draft: Engagement) -> Step | None:
    if draft.partner is None or not desk.viewer.works_for(draft.partner.unit.slug):
        return None
    if _is_signed_by_unit(queries.signers(draft)):
        return None
    text = _("A promise waits for your unit. It binds when a lead and a manager sign.")
    heading = _("Read and sign: %(what)s") % {"what": apart(queries.title_of(draft, desk.lang)[0])}
    return Step(heading, text, desk.to("engagements:sign", slug=draft.slug), "city")


def _is_signed_by_unit(signed: Sequence[str]) -> bool:
    return any("/" in one for one in signed)


def _corrections(desk: Desk) -> list[Correction]:
    """List the corrections of a promise that the viewer can still sign, oldest first. Two queries, and some for each that waits for leads."""
    rows = queries.still_to_sign(desk.pack, desk.today).filter(engagement__program=desk.program)
    found = list(rows.select_related("engagement__partner__unit").order_by("pk"))
    closed = closed_among(desk.program, [one.engagement for one in found])
    return [one for one in found if one.engagement.promise not in closed and _is_theirs(desk, one)]


def _is_theirs(desk: Desk, one: Correction) -> bool:
    """Say whether a correction waits for the viewer: a unit's for leads, a lead's for the unit or, without one, for another lead."""
    partner = one.engagement.partner if "/" not in one.by else None
    if desk.role is Role.STAFF:
        return partner is not None and desk.viewer.signs_for(partner.unit.slug)
    return partner is None and desk.viewer.seat in queries.leads_to_correct(one.engagement, desk.today) - {
        one.by
    }


def _correction(desk: Desk, one: Correction) -> Step:
    text = _("The other side signed it on %(day)s. It counts when you sign too.")
    if one.engagement.partner is None:
        text = _("Another lead signed it on %(day)s. It counts when you sign too.")
    on = one.proposed_at.astimezone(ZoneInfo(desk.pack.time_zone)).date()
    return Step(
        _("Sign the correction: %(what)s") % {"what": apart(queries.title_of(one.engagement, desk.lang)[0])},
        text % {"day": day_in_words(on)},
        desk.to("engagements:sign_correction", slug=one.engagement.slug, pk=one.pk),
        "both",
    )

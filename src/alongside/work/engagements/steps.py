"""What waits of engagements: drafts and corrections to sign; and how far those that are under way have come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.messages.models import Message
from alongside.cohort.messages.queries import messages_written
from alongside.cohort.seats.steps import seated
from alongside.core.entries import SEAT
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import CHANGES, EngagementStage, EngagementState, EngagementStep
from alongside.core.workflow.open_steps import KEYHOLDERS, LEADS, SIGNERS, OpenStep
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, LogEntry
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    Words,
    entries_in,
    indexes_citing,
    is_cited,
    texts_of,
)
from alongside.ground.record.steps import is_any, kept, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart, in_readers_words, listed
from alongside.ground.ui.leads import lead_by_name, lead_in_words
from alongside.ground.ui.steps import THE_LEADS, THE_STEWARD, Desk, Step
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.engagements.queries.progress import RECOVERY, Progress, keys_of_many, progress_of_many
from alongside.work.engagements.queries.promises import leads_to_correct, promise_of, still_to_sign, unsigned
from alongside.work.projects.queries import EngagementShown, courses_of

#: What a desk reads of the record for the corrections that wait.
READS = (EntryKind.ENGAGEMENT_CORRECTED, *RECOVERY)


def _unsigned(desk: Desk) -> QuerySet[Correction] | None:
    waiting = unsigned(desk.pack, desk.today).filter(engagement__program=desk.program)
    return None if desk.role is Role.STEWARD else waiting


#: What nobody does who lost their key; who can open it (`START`) is read apart.
TAKE_A_KEY = (EngagementStep.KEY, EngagementStep.TEST)
#: What waits seldom.
SELDOM = (_unsigned,)
#: What leads do with voices.
VOICES = (EntryKind.VOICES_OPENED, EntryKind.FINDING_PUBLISHED)


@dataclass(frozen=True)
class UnderWay:
    """An engagement on its way: what its leads do next."""

    slug: str
    promise: int
    course: EngagementState
    is_taking: bool
    next: OpenStep
    findings: int
    is_community: bool
    #: The unit that promised it; nothing of a community engagement.
    unit: str


def not_closed(program: Program) -> list[EntryView]:
    """List the promises of the engagements that are not closed, oldest first. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.ENGAGEMENT_PROMISED)
    lines = lines.exclude(is_cited(program, "index", EntryKind.ENGAGEMENT_CLOSED))
    return [EntryView(one) for one in entries_in(lines.order_by("index"))]


def under_way(program: Program, today: date) -> list[UnderWay]:
    """List the promised engagements that are not closed, with how far they are as corrected. Three queries."""
    promises = not_closed(program)
    citing = indexes_citing(program, [one.index for one in promises], (*CHANGES, *VOICES))
    found, done = courses_of(program, promises, today, citing), defaultdict[int, list[str]](list)
    for _citing, kind, cited in citing:
        done[cited].append(kind)
    return [_under_way(one, done[one.told.index], today) for one in found]


def heard(program: Program) -> list[int]:
    """List the promises of the engagements of which something heard is published, closed ones too, the newest first. One query."""
    found = Citation.objects.filter(log__program=program, kind=EntryKind.FINDING_PUBLISHED, role="engagement")
    return list(found.order_by("-cited").values_list("cited", flat=True).distinct())


def named(found: Iterable[UnderWay], texts: Words) -> list[tuple[UnderWay, TextView | None]]:
    """Give engagements each with its title."""
    return [(one, texts.get(one.promise, {}).get("title")) for one in found]


def with_titles(
    program: Program, found: Sequence[UnderWay], lang: str
) -> list[tuple[UnderWay, TextView | None]]:
    """Give engagements each with its title. One query."""
    return named(found, texts_of(program, [one.promise for one in found], lang))


def _under_way(shown: EngagementShown, done: Sequence[str], today: date) -> UnderWay:
    told = shown.told
    return UnderWay(
        slug=shown.slug,
        promise=told.index,
        course=shown.course,
        is_taking=shown.course.is_taking(today),
        next=shown.course.next_step(
            today,
            is_opened=EntryKind.VOICES_OPENED in done,
            has_findings=EntryKind.FINDING_PUBLISHED in done,
        ),
        findings=done.count(EntryKind.FINDING_PUBLISHED),
        is_community=told.entry.data["community"],
        unit=told.entry.data.get("unit", ""),
    )


def on_their_way(desk: Desk) -> list[UnderWay]:
    """List the engagements under way, for a desk."""
    return kept(desk, under_way, desk.today)


def not_open(desk: Desk) -> list[Engagement]:
    """List the engagements that are not open yet. Two queries."""
    found = Engagement.objects.filter(program=desk.program, promise=None)
    related = found.select_related("partner__unit", "decision", "lead").prefetch_related("signatures__post")
    return list(related.order_by("pk"))


def open_ones(desk: Desk) -> list[Engagement]:
    """List the engagements under way that have sessions, without their words. One query where any is under way."""
    promises = [one.promise for one in desk.once(on_their_way)]
    found = Engagement.objects.filter(
        program=desk.program, promise__in=promises, plan__sessions__0__isnull=False
    )
    return list(found.only("slug", "promise", "plan").order_by("pk")) if promises else []


def steps(desk: Desk) -> list[Step]:
    """List the drafts and corrections that wait for the viewer, and what is paused; for the steward, the last days to speak too."""
    courses = desk.once(on_their_way) if desk.role is not Role.STAFF else []
    paused = [shown for one in courses if (shown := _paused(desk, one))]
    if desk.role is Role.STEWARD:
        near = [one for one in courses if one.is_taking and desk.is_near(one.course.closes)]
        return [*(_last_day(desk, one) for one in near), *paused]
    drafts, words = [], []
    left = {EngagementStep.PAPERS, *(TAKE_A_KEY if desk.once(lost_own_key) else ())}
    for one in desk.once(progresses):
        for step in one.state.steps:
            if step.what == EngagementStep.WRITE and one.waits_for:
                words += _words_missing(desk, one, step) if desk.role is Role.LEAD else []
            elif step.what not in left and takes(desk.viewer, one, step):
                drafts.append(_of_draft(desk, one, step))
    return [*drafts, *words, *(_correction(desk, one) for one in _corrections(desk)), *paused]


def _last_day(desk: Desk, one: UnderWay) -> Step:
    return desk.dated(
        _("Last day to speak: %(what)s"),
        desk.to("desks:thread", promise=one.promise),
        one.course.closes,
        owner=THE_LEADS,
        step=_("Invite people until then; then open the voices."),
        about=one.promise,
    )


def progresses(desk: Desk) -> list[Progress]:
    """Give how far each engagement is that is not open yet."""
    drafts = desk.once(not_open)
    if not drafts:
        return []
    keys = kept(desk, keys_of_many, tuple(one.slug for one in drafts))
    return progress_of_many(desk.viewer, drafts, desk.once(seated), desk.today, desk.once(rows), keys)


def takes(viewer: Viewer, progress: Progress, step: OpenStep) -> bool:
    """Say whether a step of a draft is the viewer's to take."""
    partner = progress.draft.partner
    if step.who == SIGNERS:
        return partner is not None and viewer.signs_for(partner.unit.slug)
    if step.what in {EngagementStep.SIGN, EngagementStep.START} and viewer.seat in progress.employed:
        return False
    if step.who == KEYHOLDERS:
        return viewer.seat in progress.keyholders(step)
    return viewer.has(Role.LEAD) and step.who in {LEADS, viewer.seat}


def lacks_of(progress: Progress, today: date) -> str:
    """Say in words what a draft lacks before it can be signed."""
    lacking = listed(in_readers_words(code) for code in progress.lacking)
    missing = _("Words are missing in: %(languages)s") % {"languages": lacking} + "."
    said = [
        _("There is no question yet.") if not progress.has_questions else "",
        missing if lacking else "",
        _("Its last day to speak is over; choose a later one.") if progress.draft.closes < today else "",
    ]
    return " ".join(filter(None, said))


def signed_by(progress: Progress) -> str:
    """Name the leads who signed a draft as it stands."""
    return listed(lead_by_name(one) for one in progress.signers if SEAT.match(one))


def said_of(step: OpenStep, progress: Progress, today: date, *, is_theirs: bool) -> tuple[str, str]:
    """Say what a step of a draft is, as a heading over its title, and why or how, to whoever takes it or to others."""
    signed = {"leads": signed_by(progress)}
    said = {
        EngagementStep.WRITE: (
            _("Finish the draft: %(what)s"),
            lacks_of(progress, today),
        ),
        EngagementStep.SIGN: (
            _("Read and sign: %(what)s"),
            _("Every word is there. Your signature comes first.")
            if is_theirs
            else _("Every word is there. %(lead)s wrote it. A lead signs first.")
            % {"lead": lead_in_words(progress.draft.lead.public_id)},
        ),
        EngagementStep.SIGN_FOR_UNIT: (
            _("Read and sign: %(what)s"),
            _("Signed by %(leads)s. It binds your bureau when a manager signs too.") % signed
            if is_theirs
            else _("Signed by %(leads)s. It binds the bureau when its manager signs too.") % signed,
        ),
        EngagementStep.KEY: (
            _("Make its key: %(what)s"),
            _("People’s words are locked to it, so that only leads can read them."),
        ),
        EngagementStep.TEST: (
            _("Test the key: %(what)s"),
            _("Two leads open a test voice, so that nothing is locked that nobody can open."),
        ),
        EngagementStep.PAPERS: (
            _("Check the recovery papers"),
            _("Nobody can speak before the leads have a way back to lost keys, and tried it."),
        ),
        EngagementStep.START: (
            _("Open it: %(what)s"),
            _("Everyone signed and the key is tested. Whoever opens it signs it with their own key.")
            if is_theirs
            else _("Everyone signed and the key is tested. A lead who can open what people say opens it."),
        ),
    }
    return said[EngagementStep(step.what)]


#: Where a step of a draft is taken, where that is not the room itself.
PLACES = {
    EngagementStep.SIGN_FOR_UNIT: "engagements:sign",
    EngagementStep.KEY: "reader:read",
    EngagementStep.TEST: "reader:read",
    EngagementStep.PAPERS: "reader:read",
}


def _of_draft(desk: Desk, progress: Progress, step: OpenStep) -> Step:
    draft = progress.draft
    heading, text = said_of(step, progress, desk.today, is_theirs=True)
    text = " ".join(filter(None, [text, *asked_of(desk, progress, step)]))
    place = PLACES.get(EngagementStep(step.what), "desks:engagement_room")
    what = called(draft, desk.lang)
    pen = "city" if step.who == SIGNERS else "community"
    is_own = step.who == desk.viewer.seat
    return Step(heading % {"what": what}, text, desk.to(place, slug=draft.slug), pen, is_own=is_own)


def _written(desk: Desk) -> list[Message]:
    return messages_written(desk.program, desk.viewer, desk.today)


def asked_of(desk: Desk, progress: Progress, step: OpenStep, only: str = "") -> list[str]:
    """Say of each language whose words are missing, or `only` of one, on which day the viewer asked other leads for them. Two queries at most."""
    if step.what != EngagementStep.WRITE or not desk.viewer.seat:
        return []
    said = _("You asked other leads for the %(language)s words on %(day)s.")
    found = []
    for code in [only] if only else progress.lacking:
        page = f"/{progress.draft.slug}/words/{code}/"
        days = [one.written_on for one in desk.once(_written) if page in one.words and not one.to_steward]
        found += [said % {"language": in_readers_words(code), "day": day_in_words(day)} for day in days[:1]]
    return found


def _words_missing(desk: Desk, progress: Progress, step: OpenStep) -> list[Step]:
    """List the languages in which any lead can write a draft, once its first words are there."""
    draft = progress.draft
    heading, what = _("Write the %(language)s words: %(what)s"), called(draft, desk.lang)
    told = _("A draft. Any lead can write its words.")
    return [
        Step(
            heading % {"language": in_readers_words(code), "what": what},
            " ".join([told, *asked_of(desk, progress, step, code)]),
            desk.to("engagements:words", slug=draft.slug, code=code),
        )
        for code in progress.waits_for
    ]


def called(draft: Engagement, lang: str) -> str:
    """Give the title of a draft inside a sentence of the page; where it is in another language, with that language."""
    title, spoken = title_of(draft, lang)
    words = {"title": apart(title), "language": in_readers_words(spoken)}
    return words["title"] if spoken == lang else _("%(title)s (in %(language)s)") % words


def _paused(desk: Desk, one: UnderWay) -> Step | None:
    """Say that people cannot speak, to those who can let them: leads, and beside them the steward where the City has promised."""
    course = one.course
    paused = course.paused
    if paused is None or course.state(desk.today) != EngagementStage.PAUSED:
        return None
    is_stewards = desk.role is Role.STEWARD
    if is_stewards and one.is_community:
        return None
    until = day_in_words(course.until) if course.until else ""
    if until:
        text = _("Read why. People can speak again on %(day)s, or sooner if you say so.") % {"day": until}
    else:
        text = _("Read why. It stays paused until somebody lets people speak again.")
    href = desk.to("engagements:pause", slug=one.slug)
    owner, step = (THE_STEWARD, _("Read why, and join the pause or leave it.")) if is_stewards else ("", "")
    return Step(
        _("Paused: %(what)s"),
        text,
        href,
        "both",
        owner=owner,
        step=step,
        due=course.until,
        about=one.promise,
    )


def _corrections(desk: Desk) -> list[Correction]:
    """List the corrections of a promise that the viewer can still sign, oldest first. Two queries, and two for each that waits for leads."""
    if not is_any(desk, _unsigned):
        return []
    log = desk.once(rows)
    found = still_to_sign(log, desk.pack, desk.today, engagement__program=desk.program)
    promises = {promise_of(one.engagement) for one in found}
    citing = indexes_citing(desk.program, promises, (EntryKind.ENGAGEMENT_CLOSED,))
    closed = {cited for _citing, _kind, cited in citing}
    return [one for one in found if one.engagement.promise not in closed and _is_theirs(desk, one)]


def _is_theirs(desk: Desk, one: Correction) -> bool:
    """Say whether a correction waits for the viewer: a unit's for leads, a lead's for the unit or, without one, for another lead; none for one who lost their key."""
    partner = one.engagement.partner if "/" not in one.by else None
    if desk.role is Role.STAFF:
        return partner is not None and desk.viewer.signs_for(partner.unit.slug)
    if desk.once(lost_own_key):
        return False
    return partner is None and desk.viewer.seat in leads_to_correct(
        one.engagement, desk.today, desk.once(rows)
    ) - {one.by}


def _correction(desk: Desk, one: Correction) -> Step:
    text = _("The other side signed it on %(day)s. It counts when you sign too.")
    if one.engagement.partner is None:
        text = _("Another lead signed it on %(day)s. It counts when you sign too.")
    on = one.proposed_at.astimezone(ZoneInfo(desk.pack.time_zone)).date()
    return Step(
        _("Sign the correction: %(what)s") % {"what": called(one.engagement, desk.lang)},
        text % {"day": day_in_words(on)},
        desk.to("engagements:sign_correction", slug=one.engagement.slug, pk=one.pk),
        "both",
    )

"""The room of an engagement: its stage on a line, the next step and whose it is, and everything that leads and their partner do in it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Value
from django.forms import Form
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.chain.asks.steps import left
from alongside.chain.commitments.queries import unchecked_by
from alongside.chain.keys.queries import held_by
from alongside.chain.opinions.queries import Judged, asked, read_otherwise
from alongside.chain.proposals.queries import proposed
from alongside.chain.voices.models import ReachedCount, Voice
from alongside.cohort.seats.queries.seats import seat_of_viewer
from alongside.cohort.seats.steps import own_seat, seconds
from alongside.core.clocks import PAUSE_ALONE, after_decision
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.questions import (
    SPOKEN,
    STATEMENT,
    STATEMENTS,
    asks_for_statements,
    number_of,
    worded,
)
from alongside.core.sessions import Method, is_planned
from alongside.core.workflow.engagements import (
    EngagementPart,
    EngagementStage,
    EngagementState,
    EngagementStep,
    Reached,
    part_of,
)
from alongside.core.workflow.open_steps import KEYHOLDERS, LEADS, SIGNERS, OpenStep
from alongside.core.workflow.seconds import Proposed
from alongside.desks.thread_entries import Thread, thread_today
from alongside.desks.thread_page import Timeline
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.programs.models import STEWARD, Program
from alongside.ground.programs.queries import answers_today, units_that_sign
from alongside.ground.record.steps import rows
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.context import Language, language
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import in_readers_words, listed
from alongside.ground.ui.leads import lead_by_name, lead_in_words
from alongside.ground.ui.press import Typed, posted, press
from alongside.ground.ui.steps import THE_LEADS, Desk
from alongside.work.engagements import forms, steps
from alongside.work.engagements.asking import questions_of, statements_of
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts, promises, sessions
from alongside.work.engagements.queries.progress import Progress, employer_beside, progress_of
from alongside.work.projects.forms import levels_of
from alongside.work.remarks import actions as remark_actions
from alongside.work.remarks import queries as remarks
from alongside.work.remarks.forms import RemarkForm, ShowForm
from alongside.work.remarks.models import Remark, Shown

PARTS: dict[EngagementPart, str | Promise] = {
    EngagementPart.PLAN: gettext_lazy("Plan"),
    EngagementPart.SPEAK: gettext_lazy("People speak"),
    EngagementPart.READ: gettext_lazy("Leads read"),
    EngagementPart.HEAR_BACK: gettext_lazy("People hear back"),
    EngagementPart.OVER: gettext_lazy("Closed"),
}


@dataclass(frozen=True)
class Next:
    """A step that is open: what it is, whose, and where the viewer takes it, if it is theirs."""

    what: str
    heading: str
    text: str
    who: str
    is_mine: bool
    href: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the plan, beside the day of its decision."""

    name: str
    on: date
    is_decision: bool = False
    #: What is wrong with it: it comes after the decision, or is over before anyone could speak.
    wrong: str = ""
    #: The day as first promised, where it is another since.
    was: date | None = None


@by_name
@open_to(Role.LEAD, Role.STAFF)
def room(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the room of an engagement to leads, and to the staff of its partner."""
    found = or_404(drafts.engagement_for(request.program, request.viewer, slug))
    desk = Desk(request, Role.LEAD if request.viewer.has(Role.LEAD) else Role.STAFF)
    title, title_lang = drafts.title_of(found, desk.lang)
    stands = _draft(desk, found) if found.promise is None else _opened(desk, found, found.promise)
    partner = desk.pack.office_title(found.partner.public_id, desk.lang) if found.partner else ""
    context = {
        "of": found,
        "title": title,
        "title_lang": title_lang,
        "partner": partner,
        "is_lead": desk.role is Role.LEAD,
        "seconds": (waiting := seconds(desk)) is not None and waiting.exists(),
        "way": way(stands["part"]),
        **stands,
        **_said(desk, found),
    }
    return render(request, "desks/engagement_room.html", context)


def way(here: EngagementPart) -> list[tuple[str | Promise, str | None, bool]]:
    """Give the parts of the way: its name, how its mark is drawn, if it is, and whether the engagement is there."""
    order = list(PARTS)
    place = order.index(here)
    is_over = here is EngagementPart.OVER
    return [
        (PARTS[one], "" if number < place or is_over else "owed" if one is here else None, one is here)
        for number, one in enumerate(order)
    ]


def who_takes(desk: Desk, found: Engagement, step: OpenStep, holders: list[str]) -> str:
    """Say who takes a step, as people know them."""
    if step.who == SIGNERS and found.partner:
        return _("A manager of %(unit)s") % {"unit": desk.pack.unit_name(found.partner.unit.slug, desk.lang)}
    if step.who == KEYHOLDERS:
        names = [lead_in_words(one) for one in holders]
        return listed(names) if names else str(THE_LEADS)
    is_anys = step.who == LEADS or step.what == EngagementStep.SIGN
    return _("Any lead") if is_anys else lead_in_words(step.who)


def _draft(desk: Desk, found: Engagement) -> dict[str, Any]:
    """Give what the room of a draft shows."""
    progress = progress_of(found, desk.today)
    may = desk.role is Role.LEAD and progress.is_written and desk.viewer.seat not in progress.signers
    employer = employer_beside(found, desk.viewer.seat or "") if may else ""
    opens = progress.state.steps
    nexts = [one for step in opens for one in _nexts_of_draft(desk, progress, step, employer)]
    return {
        "part": EngagementPart.PLAN,
        "nexts": nexts,
        "progress": progress,
        "signed_by": steps.signed_by(progress),
        "rows": rows_of(desk, progress),
        "to_open": to_open(desk, progress, signs=may and not employer),
        "days": days_of(found, desk.today),
        "late": drafts.late_days(found),
        "moves": drafts.moves_of(found, desk.lang),
        "lacking": [language(code) for code in progress.lacking],
        "form": forms.SignForm(engagement=found),
        "every_word": drafts.in_each_language(found),
        "questions": questions_of(drafts.asked_of(found), desk.lang, found.languages[0]) if may else [],
        "statements": statements_of(drafts.asked_of(found), desk.lang, found.languages[0]) if may else [],
        "opens": any(one.is_mine and one.what == EngagementStep.START for one in nexts),
        "signs": may and not employer and not progress.state.lead_signed,
        "employer": desk.pack.unit_name(employer, desk.lang) if employer else "",
        "unsigned": _unsigned(desk, found),
        "may_throw_away": desk.role is Role.LEAD
        and not any(one.actor for one in found.signatures.all())
        and drafts.may_throw_away(found, desk.viewer.person_id, desk.today),
        "may_sign": bool(found.partner and desk.viewer.signs_for(found.partner.unit.slug)),
    }


def to_open(desk: Desk, progress: Progress, *, signs: bool) -> list[tuple[bool, str, str]]:
    """List what a draft needs before it opens: whether it is there, what it is, and for a lead where it is done."""
    draft = progress.draft
    reader = desk.to("reader:read", slug=draft.slug)
    test = _("two test voices to try the key")
    if progress.state.has_key and not progress.state.is_tested and progress.to_test:
        test = _("two test voices to try the key, by any of: %(leads)s")
        if progress.testers:
            test = _("one more test voice to try the key, by any of: %(leads)s")
        test %= {"leads": listed(lead_by_name(one) for one in progress.to_test)}
    needs = [
        (progress.is_written, _("words in each language"), lacking_at(desk, progress)),
        (progress.state.has_key, _("its key"), reader),
        (progress.state.is_tested, test, reader if desk.viewer.seat in progress.to_test else ""),
        (progress.state.is_recoverable, _("checked recovery papers"), reader),
        (progress.state.lead_signed, _("signature of a lead"), "#sign-here" if signs else ""),
    ]
    if draft.partner:
        unit = desk.pack.unit_name(draft.partner.unit.slug, desk.lang)
        needs.append((progress.state.unit_signed, _("signature of %(unit)s") % {"unit": unit}, ""))
    is_lead = desk.role is Role.LEAD
    return [(done, words, href if is_lead and not done else "") for done, words, href in needs]


def _unsigned(desk: Desk, found: Engagement) -> str:
    """Name the bureau of a draft for which nobody can sign today; empty where somebody can. One query."""
    if found.partner is None:
        return ""
    unit = answers_today(desk.pack, found.partner.unit.slug)
    signing = units_that_sign(desk.program, desk.today)
    return "" if unit in signing else desk.pack.unit_name(unit, desk.lang)


def _nexts_of_draft(desk: Desk, progress: Progress, step: OpenStep, employer: str) -> list[Next]:
    """Give a step of a draft; where it waits for words in other languages, one for each."""
    waits = progress.waits_for if step.what == EngagementStep.WRITE else []
    if not waits:
        return [_next_of_draft(desk, progress, step, employer)]
    found = []
    for code in waits:
        named = {"language": in_readers_words(code), "what": ""}
        heading = (_("Write the %(language)s words: %(what)s") % named).rstrip(": ")
        text = " ".join([_("Then it can be signed."), *steps.asked_of(desk, progress, step, code)])
        href = desk.to("engagements:words", slug=progress.draft.slug, code=code)
        who = _("Any lead who writes %(language)s") % named
        found.append(Next(step.what, heading, text, who, False, href if desk.role is Role.LEAD else ""))
    return found


def _next_of_draft(desk: Desk, progress: Progress, step: OpenStep, employer: str) -> Next:
    draft, mine = progress.draft, steps.takes(desk.viewer, progress, step)
    mine = mine and not (employer and step.what in {EngagementStep.SIGN, EngagementStep.START})
    heading, text = steps.said_of(step, progress, desk.today, is_theirs=mine)
    text = " ".join(filter(None, [text, *steps.asked_of(desk, progress, step)]))
    heading = (heading % {"what": ""}).rstrip(": ")
    place = steps.PLACES.get(EngagementStep(step.what))
    href = desk.to(place, slug=draft.slug) if place and mine else ""
    if mine and not place and desk.role is Role.LEAD:
        href = "#sign-here"
    if step.what == EngagementStep.WRITE and desk.role is Role.LEAD:
        href = lacking_at(desk, progress)
    return Next(step.what, heading, text, who_takes(desk, draft, step, progress.keyholders(step)), mine, href)


def lacking_at(desk: Desk, progress: Progress) -> str:
    """Give the page where the first thing is written that a draft lacks."""
    slug = progress.draft.slug
    if not progress.has_questions:
        return desk.to("engagements:questions", slug=slug)
    if progress.lacking:
        return desk.to("engagements:words", slug=slug, code=progress.lacking[0])
    return desk.to("engagements:dates", slug=slug)


def rows_of(desk: Desk, progress: Progress) -> list[tuple[str, str, bool, str]]:
    """List the parts of a draft: where each is written, its name, whether it is done, and what stands."""
    found = progress.draft
    asked, said = _asked(found)
    lacking = listed(in_readers_words(code) for code in progress.lacking)
    held = _("Words are missing in: %(languages)s") % {"languages": lacking} if lacking else ""
    every = listed(in_readers_words(code) for code in found.languages)
    nobody = _("It names no office that decides, and no day. Choose the decision it is about.")
    rows = [
        (
            "decision",
            _("What is decided, and what can change"),
            True,
            nobody if found.partner and not found.decision and not progress.signers else "",
        ),
        ("dates", _("Days, and how long voices are kept"), found.closes >= desk.today, ""),
        ("questions", _("Questions"), asked > 0, said),
        (
            "first_words",
            _("Words in each language"),
            progress.is_written,
            " ".join([held or every, *_read(found)]),
        ),
    ]
    parts = [
        (desk.to(f"engagements:{name}", slug=found.slug), words, done, more)
        for name, words, done, more in rows
    ]
    return [
        *parts,
        (
            desk.to("listening:plan", slug=found.slug),
            _("How you listen: sessions, budget"),
            *_listening(desk, found),
        ),
    ]


def _asked(found: Engagement) -> tuple[int, str]:
    """Count the questions of a draft, and say how many there are, and how many statements."""
    asked = len(found.form.get("questions", ()))
    said = ngettext("%(n)s question", "%(n)s questions", asked) % {"n": asked}
    if judged := len(found.form.get(STATEMENTS, ())):
        said += ". " + ngettext("%(n)s statement to judge", "%(n)s statements to judge", judged) % {
            "n": judged
        }
    if asked:
        said += ". " + _("None asks what the rules forbid, or who somebody is.")
    return asked, said


def _read(found: Engagement) -> list[str]:
    """Say of each language but the first who wrote its words, and which second person read them; a machine's count only then."""
    told = []
    for code in found.languages[1:]:
        wrote, read = drafts.words_done(found, code)
        if wrote is None or not found.words.get(code):
            continue
        named = {
            "language": in_readers_words(code),
            "writer": lead_by_name(wrote[0]),
            "day": day_in_words(wrote[1]),
        }
        if read is None:
            told.append(_("%(language)s: written by %(writer)s on %(day)s, read by nobody yet.") % named)
            continue
        named |= {"reader": lead_by_name(read[0]), "on": day_in_words(read[1])}
        if read[0] == wrote[0]:
            told.append(
                _("%(language)s: written and read by %(writer)s on %(day)s. Ask a second person to read it.")
                % named
            )
        else:
            told.append(
                _("%(language)s: written by %(writer)s on %(day)s, read by %(reader)s on %(on)s.") % named
            )
    return told


def _listening(desk: Desk, found: Engagement) -> tuple[bool, str]:
    """Say whether a session is planned where leads mean to hold one, and on which days."""
    methods, every = found.plan.get("methods", []), sessions.sessions_of(found)
    ahead = [one for one in sessions.sessions_shown(every, desk.pack, desk.today) if not one.of.cancelled]
    days = _("Sessions: %(days)s") % {"days": listed(day_in_words(one.on) for one in ahead)} if ahead else ""
    return Method.SESSION not in methods or bool(ahead), days


def days_of(found: Engagement, today: date, course: EngagementState | None = None) -> list[Day]:
    """List the days of a draft, or as they stand once it is open, in order, its decision among them."""
    stands, was = course or found, _was(found, course) if course else {}
    kept = course.kept_until if course else found.voices_kept_until
    decided = found.decision.on if found.decision else None
    answer_by = stands.answer_by if found.partner else None
    late = after_decision(decided, closes=stands.closes, answer_by=answer_by)
    wrong = dict.fromkeys(late, _("after the decision"))
    if course is None and found.closes < today:
        wrong["closes"] = _("this day is over")
    days = {
        "closes": (_("People can speak until"), stands.closes),
        "report_back": (_("People hear back by"), stands.report_back),
        "answer_by": (_("The bureau answers by"), answer_by),
        "decided_on": (_("The decision"), decided),
        "kept": (_("The voices are destroyed after"), kept),
    }
    every = [
        Day(name, on, key == "decided_on", wrong.get(key, ""), was.get(key))
        for key, (name, on) in days.items()
        if on
    ]
    return sorted(every, key=lambda one: one.on)


def _opened(desk: Desk, found: Engagement, promise: int) -> dict[str, Any]:
    """Give what the room of an engagement shows once its promise is frozen."""
    thread = or_404(thread_today(desk.program, promise, desk.lang))
    course = thread.course(thread.first)
    kinds = (EntryKind.VOICES_OPENED, EntryKind.FINDING_PUBLISHED, EntryKind.REPORT_PUBLISHED)
    is_opened, findings, reports = (thread.about(promise, kind) for kind in kinds)
    step = course.next_step(desk.today, is_opened=bool(is_opened), has_findings=bool(findings))
    is_closed, state = course.closed is not None, course.state(desk.today)
    holds = found.slug in held_by(desk.program, desk.viewer)
    nexts = [] if is_closed else [_next_of_open(desk, found, promise, step, holds=holds)]
    lines = Timeline(desk.request, thread, desk.once(rows)).lines()
    return {
        "part": EngagementPart.OVER if is_closed else part_of(step.what),
        "nexts": nexts,
        "course": course,
        "days": days_of(found, desk.today, course),
        "may_check": desk.role is Role.LEAD and _may_check(desk, thread),
        "state": state,
        "is_taking": state in {EngagementStage.OPEN, EngagementStage.PAUSED},
        "reached": _reached(desk, course),
        **_of_statements(desk, found, promise, holds=holds),
        "k": course.promise.data["k"],
        "findings": findings,
        "report": reports[-1] if reports else None,
        "lines": lines,
        "prints": is_planned(Method.PAPER, found.plan.get("methods", [])),
        "thread_href": desk.to("desks:thread", promise=promise),
        "promise": promise,
        "holds": holds,
        "may_report": desk.role is Role.LEAD and not desk.once(left).report(promise),
        "pause_form": forms.PauseForm(),
        "pause_days": PAUSE_ALONE.days,
        "may_pause": desk.role is Role.LEAD
        and state is EngagementStage.OPEN
        and (found.partner is None or "leads" not in course.alone),
        "paused": thread.at(course.paused.index)
        if course.paused and state is EngagementStage.PAUSED
        else None,
        "paused_by": [_by(desk, one) for one in course.paused.by if one != STEWARD] if course.paused else [],
        "may_correct": not is_closed and _may_correct(desk, found),
    }


#: What a machine that fills in every field sends is nobody's answer.
NOBODYS = "hidden-field"


@dataclass(frozen=True)
class ReachedIn:
    """How far people came in one language, each as a range, or that it was fewer than the k that was promised."""

    lang: str
    front: Band | Fewer
    questions: Band | Fewer
    sent: Band | Fewer
    refused: Band | Fewer


def reached_in(program: Program, promise: Entry, pack: Pack) -> list[ReachedIn]:
    """Tell how far people came, by language: those of the promise, and others in which at least k opened the questions. One query.

    Nothing where k voices or more stand that were not counted: ranges would deny them.
    """
    pack = replace(pack, k=promise.data["k"])
    rows = ReachedCount.objects.filter(program=program, engagement=promise.data["engagement"])
    voices = Voice.objects.filter(program=program, promise=promise.index).order_by().values("promise")
    stand = voices.annotate(n=Count("pk")).values_list(Value(""), Value(""), "n")
    counts = Counter[tuple[str, str]]()
    for lang, reached, n in (
        rows.exclude(why=NOBODYS).values_list("lang", "reached", "count").union(stand, all=True)
    ):
        counts[lang, reached] += n
    sent = sum(n for (_lang, reached), n in counts.items() if reached == Reached.SENT)
    if counts.pop(("", ""), 0) - sent >= pack.k:
        return []
    held = list(promise.data["languages"])
    more = {lang for (lang, reached), n in counts.items() if reached == Reached.QUESTIONS and n >= pack.k}
    return [
        ReachedIn(lang, *(band(counts[lang, reached], pack) for reached in Reached))
        for lang in [*held, *sorted(more - set(held))]
    ]


def _reached(desk: Desk, course: EngagementState) -> list[tuple[Language, list[Band | Fewer]]]:
    """Tell leads how far people came, by language, until the key is destroyed. One query."""
    if desk.role is not Role.LEAD or course.key_destroyed:
        return []
    return [
        (language(one.lang), [one.front, one.questions, one.sent, one.refused])
        for one in reached_in(desk.program, course.promise, desk.pack)
    ]


def _of_statements(desk: Desk, found: Engagement, promise: int, *, holds: bool) -> dict[str, Any]:
    """Tell what leads read again of the statements that people judge, and whoever holds the key what waits of those that were offered."""
    return {
        "otherwise": _otherwise(desk, found),
        "offers_wait": _offers_wait(desk, found, promise) if holds else None,
    }


def _otherwise(desk: Desk, found: Engagement) -> tuple[Judged, ...]:
    """Tell leads which statements people of the same leaning answered otherwise in another language. Five queries at most."""
    if desk.role is not Role.LEAD or not found.form.get(STATEMENTS):
        return ()
    return read_otherwise(desk.program, or_404(asked(desk.program, found.slug, desk.lang)))


def _offers_wait(desk: Desk, found: Engagement, promise: int) -> int | None:
    """Count what waits for a second lead of statements that people offered; None where nobody is asked for any. One query at most.

    Whether a voice that nobody decided holds one, the site cannot know.
    """
    if not asks_for_statements(found.form):
        return None
    return proposed(desk.program, Proposed.OFFER).filter(promise=promise).count()


def _was(found: Engagement, course: EngagementState) -> dict[str, date]:
    """Give the days as first promised, by their names, where they are others now."""
    said = course.promise.data.get("decided_on", "")
    is_moved = bool(said and found.decision and said != found.decision.on.isoformat())
    return {**course.as_promised, **({"decided_on": date.fromisoformat(said)} if is_moved else {})}


def _may_check(desk: Desk, thread: Thread) -> bool:
    """Say whether something that was promised here waits for a check that this lead can do. Two queries at most."""
    waiting = [one for each in thread.milestones.values() for one in each if one.is_unchecked]
    return bool(unchecked_by(desk.program, desk.pack, desk.once(own_seat), waiting).to_check)


def _may_correct(desk: Desk, found: Engagement) -> bool:
    unit = found.partner.unit.slug if found.partner else ""
    if desk.viewer.signs_for(unit):
        return True
    seat = desk.viewer.seat
    return bool(seat and seat in promises.leads_to_correct(found, desk.today, desk.once(rows)))


def _next_of_open(desk: Desk, found: Engagement, promise: int, step: OpenStep, *, holds: bool) -> Next:
    day = {"day": day_in_words(step.due) if step.due else ""}
    reader, report = desk.to("reader:read", slug=found.slug), desk.to("reports:write", promise=promise)
    said = {
        EngagementStep.LISTEN: (
            _("People speak until %(day)s") % day,
            _(
                "Invite people. What they say comes in locked. Leads with the key can read it at any time; "
                "write what you heard after that day, so that nobody is left out."
            ),
            desk.to("engagements:engagement", slug=found.slug),
        ),
        EngagementStep.OPEN: (
            _("Open the voices"),
            _("Two leads open them, and sign the same list."),
            reader,
        ),
        EngagementStep.FIND: (_("Write what you heard"), _("People hear back by %(day)s.") % day, reader),
        EngagementStep.REPORT: (
            _("Report back by %(day)s") % day,
            _("Recommend what the City should do. Then tell people what came of it, in every language."),
            report,
        ),
        EngagementStep.CLOSE: (_("Close it"), _("People have heard back."), report),
    }
    heading, text, href = said[EngagementStep(step.what)]
    mine = desk.role is Role.LEAD and (step.who != KEYHOLDERS or holds)
    who = _("Leads who hold the key") if step.who == KEYHOLDERS else str(THE_LEADS)
    return Next(step.what, heading, text, who, mine, href if mine else "")


def _said(desk: Desk, found: Engagement) -> dict[str, Any]:
    """Give what was said in a room, each comment on a draft with what changed since; and what leads show."""
    said = remarks.remarks_on(found, desk.viewer, desk.today)
    mine = [one.draft for one in found.signatures.all() if one.actor in desk.viewer.pens]
    versions = (
        remarks.versions_of(found, {*(one.draft for one in said), *mine}) if found.promise is None else {}
    )
    waiting = remarks.unread_by(desk.program, desk.viewer, desk.today)
    signed = versions.get(mine[-1]) if mine else None
    return {
        "said": [
            (
                one,
                _by(desk, one.actor),
                _pen(one.actor),
                changed_in_words(desk, found, versions.get(one.draft)),
            )
            for one in said
        ],
        "since_signed": changed_in_words(desk, found, signed),
        "unread": sum(remarks.engagement_of(one).pk == found.pk for one in waiting),
        "shown": [
            (one, _by(desk, one.seat.public_id), one.is_open(desk.today), _under(desk, one))
            for one in remarks.shown_in(found, desk.viewer, desk.today)
        ],
        "may_show": bool(desk.role is Role.LEAD and found.partner and found.promise is not None),
        "remark_form": RemarkForm(),
        "kept_days": desk.pack.charter.message_kept_days,
    }


def _under(desk: Desk, shown: Shown) -> list[tuple[Remark, str, str]]:
    return [(one, _by(desk, one.actor), _pen(one.actor)) for one in shown.remarks.all()]


def _by(desk: Desk, actor: str) -> str:
    if actor == desk.viewer.seat:
        return _("You")
    return desk.pack.office_title(actor, desk.lang) if "/" in actor else lead_by_name(actor)


def _pen(actor: str) -> str:
    return "city" if "/" in actor else "community"


#: What the parts of a draft are called, beside its texts and questions.
NAMES: dict[str, str | Promise] = {
    **dict(forms.ABOUT),
    **drafts.LABELS,
    "voices_kept_until": gettext_lazy("The voices are destroyed after"),
    "decided_on": gettext_lazy("Day of the decision"),
    "office": gettext_lazy("Which office answers"),
    "level": gettext_lazy("What people’s words can do"),
    SPOKEN: gettext_lazy("How people answer"),
}


def changed_in_words(
    desk: Desk, found: Engagement, before: dict[str, str] | None
) -> list[tuple[str, str, str, str]]:
    """Say what changed in a draft since it was read: the name of each part, its language, what stood there, and what does."""
    asked = {one["id"]: number for number, one in enumerate(worded(found.form), 1)}
    return [
        (
            _name(one.name, asked) + (f" ({language(one.lang).name})" if one.lang else ""),
            one.lang,
            _value(desk, one.name, one.was),
            _value(desk, one.name, one.now),
        )
        for one in (remarks.changes_since(found, before) if before is not None else ())
    ]


def _name(name: str, asked: dict[str, int]) -> str:
    if name in NAMES:
        return str(NAMES[name])
    if STATEMENT.match(name):
        return _("Statement %(number)s") % {"number": number_of(name)}
    return _("Question %(number)s") % {"number": asked[name]} if name in asked else _("A question")


def _value(desk: Desk, name: str, said: str) -> str:
    if name == "office":
        return desk.pack.office_title(said, desk.lang) if said else ""
    if name in {"closes", "report_back", "answer_by", "voices_kept_until", "decided_on"}:
        return day_in_words(date.fromisoformat(said)) if said else ""
    if name == SPOKEN:
        return _("In writing or by voice") if said else _("In writing")
    return dict(levels_of(desk.pack, desk.lang)).get(said, said) if name == "level" else said


@open_to(Role.LEAD, Role.STAFF)
def say(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take in a comment on the draft, or on what leads show, or that the viewer has read what waits."""
    found = or_404(drafts.engagement_for(request.program, request.viewer, slug))
    home = to(request, "desks:engagement_room", slug=slug)
    if request.method != "POST":
        return HttpResponseRedirect(home)
    number = number_in(request.POST.get("shown", ""))
    every = remarks.shown_in(found, request.viewer, request.today) if number else []
    shown = or_404(next((one for one in every if one.pk == number), None)) if number else None
    is_read = "read" in request.POST
    form = Form(request.POST) if is_read else RemarkForm(request.POST)
    unit = found.partner.unit.slug if found.partner else ""
    actor = request.viewer.seat or request.viewer.office_in(unit) or ""

    def act(typed: Typed) -> None:
        if is_read:
            remark_actions.mark_read(engagement=found, person=request.user)
            return
        remark_actions.say(
            engagement=found,
            person=request.user,
            actor=actor,
            words=typed["words"],
            lang=lang_of(request),
            now=request.now,
            shown=shown,
        )

    title, title_lang = drafts.title_of(found, lang_of(request))
    context = {"form": form, "of": found, "title": title, "title_lang": title_lang, "number": number}
    onward = f"{home}#said-h" if is_read else after(f"{home}#said-h", Done.SAID)
    return press(request, form, act, onward) or render(request, "desks/engagement_say.html", context)


@open_to(Role.LEAD)
def show(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the partner a draft of what leads heard for some days, or stop showing one."""
    found = or_404(drafts.engagement_for(request.program, request.viewer, slug))
    or_404(found.partner if found.promise is not None else None)
    home = to(request, "desks:engagement_room", slug=slug)
    stops = number_in(request.POST.get("stop", ""))
    form = Form(request.POST) if stops else ShowForm(posted(request))

    def act(typed: Typed) -> None:
        if stops:
            remark_actions.stop_showing(engagement=found, shown=stops, now=request.now)
            return
        remark_actions.show(
            engagement=found,
            seat=seat_of_viewer(request.viewer),
            words=typed["words"],
            lang=lang_of(request),
            days=typed["days"],
            now=request.now,
        )

    title, title_lang = drafts.title_of(found, lang_of(request))
    partner = request.pack.office_title(found.partner.public_id, lang_of(request)) if found.partner else ""
    context = {"form": form, "of": found, "title": title, "title_lang": title_lang, "partner": partner}
    return press(request, form, act, f"{home}#shown-h") or render(
        request, "desks/engagement_show.html", context
    )

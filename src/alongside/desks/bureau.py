"""The desk of a bureau: what it owes and what waits, by day, and beside it the one thing that is open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alongside.chain.answers import steps as answers
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.answers.views import not_owed, open_to_answer, pressed
from alongside.chain.asks import steps as asks
from alongside.chain.referrals import steps as referrals
from alongside.cohort.lotteries import steps as lotteries
from alongside.cohort.messages import steps as messages
from alongside.cohort.seats import steps as seats
from alongside.core.entries import unit_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.answer_drafts import AnswerStage
from alongside.desks import answers_due, stage_words
from alongside.desks.answers_due import Owed
from alongside.desks.desks import App, collected, reads_of, seldom_of, words_of
from alongside.desks.places import Part, parts_of
from alongside.desks.queue import Queue, Waiting, queue_of, shown_of, steps_of
from alongside.ground.directory import steps as directory
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404, unseen
from alongside.ground.people.actions import choose_letters
from alongside.ground.people.queries import read_letters_key
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import called, decision_words
from alongside.ground.record.models import LogEntry, MilestoneStanding
from alongside.ground.record.places import asked_by
from alongside.ground.record.queries import EntryView, Words
from alongside.ground.record.sentences import heading_of
from alongside.ground.record.steps import ONLY_WORDS, kept, rows, worded
from alongside.ground.ui.addresses import number_in, to
from alongside.ground.ui.days import day_in_words, days_left
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.forms import NarrowForm, offer
from alongside.ground.ui.languages import dot, listed
from alongside.ground.ui.pages import page_of_many
from alongside.ground.ui.steps import IN_SOON, SOON, Desk, Step
from alongside.work.consultations import steps as consultations
from alongside.work.engagements import steps as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.invitations import steps as invitations
from alongside.work.partners import steps as partners
from alongside.work.partners.queries import Place, Talk, rooms_above, talks_of, without_title
from alongside.work.projects import steps as projects
from alongside.work.remarks import steps as remarks
from alongside.work.workplans import steps as workplans
from alongside.work.workplans.queries import PlanDay, PlanShown

#: What waits for a bureau beside what it owes.
UNIT: tuple[App, ...] = (
    engagements,
    remarks,
    asks,
    answers,
    referrals,
    partners,
    workplans,
    invitations,
    consultations,
    projects,
    lotteries,
    seats,
    messages,
    directory,
)
#: All else that staff do, where the queue shows what waits.
ELSE: tuple[Part, ...] = (
    (
        _("Answers and advice"),
        (
            ("answers:many", _("Answer many questions")),
            ("consultations:open", _("Ask the leads to review something")),
            ("consultations:consultations", _("Advise on a project")),
            ("invitations:invite", _("Ask leads for help")),
            ("invitations:invitations", _("Invitations from bureaus")),
            ("asks:learning", _("Learning periods")),
        ),
    ),
    (
        _("Projects and partners"),
        (
            ("projects:register", _("Put a project on the register")),
            ("projects:projects", _("City projects")),
            ("desks:rooms", _("Partner rooms")),
            ("referrals:every", _("Given to offices")),
            ("workplans:plans", _("Workplans")),
            ("desks:translations", _("Translations to do")),
        ),
    ),
    (
        _("Messages, dates and people"),
        (
            ("messages:inbox", _("Messages")),
            ("desks:dates", _("Dates, month by month")),
            ("seats:my_calendar", _("A calendar for your phone or computer")),
            ("directory:requests", _("Federal requests")),
            ("training:mine", _("Training: yours, and what your leads learn")),
            ("reviews:readings", _("Applications to read")),
            ("applications:typing_in", _("Type an application in for someone")),
        ),
    ),
)
#: What an answer is owed to.
ASKED: dict[str, str | Promise] = {
    EntryKind.ASK_RECOMMENDED: _("A recommendation"),
    EntryKind.ASK_QUESTIONED: _("A question"),
    EntryKind.ASK_ADVISED: _("Advice"),
}
#: So many of the days that come a desk names; the others stand month by month.
MOST_DAYS = 12
#: What an office decides of an ask, how far back a desk looks for what its own decided, and how much of that it shows.
DECIDES = (EntryKind.ANSWER_GIVEN, EntryKind.CONTEST_REPLIED, EntryKind.RAISE_REPLIED)
LOOKS_BACK, MOST_DECIDED = 200, 5
WHEN: tuple[tuple[str, str | Promise], ...] = (
    ("late", _("Late")),
    ("soon", IN_SOON),
)
#: Who has what is owed, by the stage of its answer; what is no answer is the viewer's to do.
HAS: tuple[tuple[str, str | Promise], ...] = (
    (AnswerStage.EMPTY, _("Nobody yet")),
    (AnswerStage.DRAFTED, _("Whoever writes the draft")),
    (AnswerStage.HANDED_BACK, _("Whoever it was handed back to")),
    (AnswerStage.SENT, _("The manager")),
    (AnswerStage.SIGNED, _("The outbox")),
)


class QueueForm(NarrowForm):
    """What the queue is narrowed to; by office where there are several."""

    office = forms.ChoiceField(label=_("Office"), required=False)
    has = forms.ChoiceField(label=_("Who has it"), required=False)
    when = forms.ChoiceField(label=_("By when"), required=False)

    def __init__(self, *args: Any, offices: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices
        if len(offices) > 1:
            offer(self, "office", [("", _("All")), *offices.items()])
        else:
            del self.fields["office"]
        offer(self, "has", [("", _("All")), *HAS])
        offer(self, "when", [("", _("All")), *WHEN])


@open_to(Role.STAFF)
def unit(request: ViewerRequest) -> HttpResponseBase:
    """Show what the viewer's units owe and what waits, by day, and the one thing that is open beside it."""
    desk = Desk(request, Role.STAFF, reads_of(UNIT), seldom_of(UNIT))
    ours = tuple(sorted(desk.viewer.answers_for))
    owed, promised = owed_by(desk), kept(desk, record.milestones, Q(unit__in=ours))
    drafts = desk.once(answers.drafts)
    answering, claiming = _owed_steps(desk, owed, drafts), _to_claim(desk, promised, _talks(desk, promised))
    near = [("commitments", one) for one in claiming if _is_soon(desk, one)]
    queue = queue_of(desk, [*answering, *_elsewhere(desk, owed), *near])
    form = QueueForm(request.GET or None, offices=_offices(desk))
    fits = [one for one in queue.waits if _fits(one, form, drafts)]
    beside = _beside(desk, fits)
    if request.method == "POST" and (
        went := pressed(request, beside["thing"] or not_owed(request, beside["at"]))
    ):
        return went
    under_way, coming = promised_by(desk), desk.once(projects.next_decisions)
    dated = dated_of(desk, [one for one in claiming if not _is_soon(desk, one)])
    page, shown = page_of_many(request.GET.get("page"), fits, queue.news, promised, under_way)
    queue = replace(queue, waits=fits)
    cited = {one.commitment for one in promised[shown]} | {one.entry for one in coming}
    words = words_of(desk, [*steps_of(queue, shown), *dated[:MOST_DAYS]], cited)
    queue = shown_of(queue, shown, words)
    context = {
        "queue": queue,
        "page": page,
        "filters": form.as_query(),
        "shown": [one for one in queue.waits if not one.step.leaves_by_itself],
        "leaving": [one for one in queue.waits if one.step.leaves_by_itself],
        "form": form,
        "is_narrowed": bool(form.wanted()),
        "duties": duties_of(desk, promised[shown], words),
        "under_way": _named(desk, [*loaded(desk.program, under_way[shown]), *_planned_with(desk)]),
        "coming": projects.named(coming, words),
        "days": days_of(dated[:MOST_DAYS], words),
        "more_days": max(0, len(dated) - MOST_DAYS),
    }
    return render(
        request, "desks/unit.html", context | _picks(desk, queue, owed, drafts) | beside | _frame(desk)
    )


def _is_soon(desk: Desk, step: Step) -> bool:
    return step.due is not None and step.due <= desk.today + SOON


def _frame(desk: Desk) -> dict[str, Any]:
    """Give what stands on the desk whatever waits."""
    return {
        "owned": True,
        "gets_letters": desk.request.user.desk_letters,
        "parts": parts_of(desk.request, ELSE),
        "place": listed(desk.pack.unit_name(one, desk.lang) for one in sorted(desk.viewer.units)),
        "today": desk.today,
        "tomorrow": desk.today + timedelta(days=1),
    }


def _beside(desk: Desk, fits: Sequence[Waiting]) -> dict[str, Any]:
    """Give what is open beside the queue: the answer that was chosen or is first, else what waits first and what was decided."""
    request, first = desk.request, _first_of(fits)
    at = number_in(request.GET.get("at", "")) or (first.step.pick if first else None) or 0
    thing = open_to_answer(request, at) if at else None
    return {
        "at": at,
        "is_chosen": thing is not None and "at" in request.GET,
        "thing": thing,
        "answer_form": thing["form"] if thing else None,
        "decided": [] if thing else decided_by(desk),
    }


@dataclass(frozen=True)
class Decided:
    """Something that an office decided: what was asked, else the first of its words, with their language, what it decided, when, and where it stands."""

    words: str
    lang: str
    what: str
    on: date
    href: str


def _first_of(fits: Sequence[Waiting]) -> Waiting | None:
    """Give what is open beside the queue where nobody chose: what is late first, else an answer, else what waits first."""
    fits = [one for one in fits if not one.step.leaves_by_itself]
    late = (one for one in fits if one.state == "late")
    return next(late, None) or next((one for one in fits if one.step.pick), None) or next(iter(fits), None)


def decided_by(desk: Desk) -> list[Decided]:
    """List what the offices of the viewer's units decided lately, the newest first, each where people read it. Four queries; up to three more for each reply to a contest."""
    shown, log = kept(desk, _decided, desk.viewer.units), desk.once(rows)
    log.some(index for one in shown for index in one.entry.cites.get("ask", ()))
    asked = {one.index: one_asked for one in shown if (one_asked := asked_by(one.entry, log))}
    briefs = answers.briefs_of(desk, asked.values())
    words = record.texts_of(desk.program, {*asked, *(one.index for one in asked.values())}, desk.lang)
    return [
        Decided(
            *_decided_of(words, one, asked[one.index].index),
            decision_words(one.entry.data["decision"]) or called(one.entry),
            one.entry.date,
            answers.place_of(desk, asked[one.index], briefs, one.index),
        )
        for one in shown
        if one.index in asked
    ]


def _decided(program: Program, units: Collection[str]) -> list[EntryView]:
    lines = LogEntry.objects.filter(log__program=program, kind__in=DECIDES).order_by("-index")
    found = map(EntryView, record.entries_in(lines[:LOOKS_BACK]))
    own = (one for one in found if not {unit_of(each) for each in one.entry.offices}.isdisjoint(units))
    return list(islice(own, MOST_DECIDED))


def _decided_of(words: Words, one: EntryView, ask: int) -> tuple[str, str]:
    """Give the title of what an office decided about, else the first of its own words, with their language."""
    title = words.get(ask, {}).get("title")
    return (title.words, title.lang) if title else heading_of(EntryView(one.entry, words.get(one.index, {})))


def _named(desk: Desk, found: Sequence[Engagement]) -> list[tuple[str, str, str, bool]]:
    """Give engagements with their titles, and whether the viewer signs corrections of their promises."""
    return [
        (
            one.slug,
            *title_of(one, desk.lang),
            one.promise is not None and desk.viewer.signs_for(one.partner.unit.slug if one.partner else ""),
        )
        for one in found
    ]


def _planned_with(desk: Desk) -> list[Engagement]:
    """List the drafts of leads with the viewer's units: their staff read and speak of them in the room."""
    mine = desk.viewer.answers_for
    return [one for one in desk.once(engagements.not_open) if one.partner and one.partner.unit.slug in mine]


@open_to(Role.STAFF)
def dates(request: ViewerRequest) -> HttpResponseBase:
    """Show the days of a bureau, month by month: what it owes, what it promised, what is decided, and what waits without a day."""
    desk = Desk(request, Role.STAFF)
    promised = record.milestones(desk.program, unit__in=sorted(request.viewer.answers_for))
    answering = [step for _app, step in _owed_steps(desk, owed_by(desk), desk.once(answers.drafts))]
    waits = [step for app in (asks, referrals, directory, workplans) for step in app.steps(desk)]
    due = [step for step in waits if step.due]
    steps = dated_of(desk, [*answering, *due, *_to_claim(desk, promised)])
    undated = [step for step in waits if not step.due and not step.is_news]
    words = words_of(desk, [*steps, *undated])
    context = {"days": days_of(steps, words), "undated": worded(undated, words), "today": desk.today}
    return render(request, "desks/dates.html", context)


@dataclass(frozen=True)
class Day:
    """A day of a bureau: what is due or decided on it, and where that is done."""

    on: date
    words: str
    lang: str
    href: str
    #: Whether it is signed and goes out by itself.
    is_signed: bool = False
    #: What can be said of it before that day, or who does it.
    note: str = ""

    @property
    def month(self) -> str:
        """Name its month and year, as the reader does."""
        return date_format(self.on, "YEAR_MONTH_FORMAT")


class Coming(Step):
    """What comes on a day by itself, or was promised for it: a line of the calendar, which nobody takes."""


def days_of(steps: Iterable[Step], words: Words) -> list[Day]:
    """Give the days of steps, with the words of what they are about."""
    return [
        Day(
            one.due,
            one.heading,
            one.lang,
            one.href,
            one.leaves_by_itself,
            "" if one.pick else str(one.step or one.owner),
        )
        for one in worded(steps, words)
        if one.due
    ]


def dated_of(desk: Desk, owed: Iterable[Step]) -> list[Step]:
    """List all that the viewer's units owe or promised and have a day for, by that day. Six queries at most."""
    found = [*owed, *_in_rooms(desk)]
    found += [
        _on(
            desk,
            one.on,
            _("Decision, with its Public Involvement Statement: %(what)s"),
            one.entry,
            "desks:project_statement",
            one.slug,
        )
        for one in desk.once(projects.next_decisions)
    ]
    found += [
        _on(
            desk,
            one.course.answer_by,
            _("Answers promised by this day: %(what)s"),
            one.promise,
            "engagements:engagement",
            one.slug,
        )
        for one in desk.once(engagements.on_their_way)
        if one.unit in desk.viewer.answers_for and one.course.answer_by and one.course.answer_by >= desk.today
    ]
    found += [_in_plan(desk, plan, one) for plan, one in workplans.days_ahead(desk)]
    return sorted(found, key=lambda one: one.due or desk.today)


def _in_rooms(desk: Desk) -> list[Step]:
    """List when partner rooms meet, and what the offices of the viewer's units said there they would do, with who does it. One query."""

    def there(place: Place, part: str = "") -> str:
        return desk.to("desks:room", what=place.what, slug=place.slug) + part

    meet: list[Step] = [
        Coming(
            say("Partner room meets: %(what)s"),
            "",
            there(one),
            "both",
            due=on,
            about=-1 if one.about is None else one.about,
            instead=without_title(one, desk.pack, desk.lang),
        )
        for one, on in partners.meetings(desk)
    ]
    return meet + [
        Coming(
            owed.what,
            "",
            there(one, "#owed-h"),
            "both",
            due=owed.on,
            lang=owed.lang,
            owner=desk.pack.office_title(owed.actor, desk.lang),
        )
        for one, owed in partners.promised(desk)
    ]


def _in_plan(desk: Desk, plan: PlanShown, one: PlanDay) -> Step:
    """Say the last day of a workplan, or by which day offices of the viewer's units do what it says, with who does it."""
    if not one.activity:
        last = _("Last day of a workplan: %(what)s")
        return _on(desk, one.on, last, plan.shown.proposed.index, "workplans:plan", plan.slug)
    ours = sorted(each for each in one.offices if unit_of(each) in desk.viewer.answers_for)
    who = listed(desk.pack.office_title(each, desk.lang) for each in ours)
    href = desk.to("workplans:plan", slug=plan.slug)
    return Coming(one.what, "", href, "both", due=one.on, lang=one.lang, owner=who)


def _on(desk: Desk, day: date, heading: str | Promise, about: int, page: str, slug: str) -> Step:
    return Coming(str(heading), "", desk.to(page, slug=slug), "city", due=day, about=about, instead=slug)


@open_to(Role.STAFF)
@require_POST
def letters(request: ViewerRequest) -> HttpResponseBase:
    """Turn the letters about one's own desk on or off."""
    choose_letters(person=request.viewer.person_id or 0, wanted="on" in request.POST)
    return HttpResponseRedirect(after(to(request, "desks:unit"), Done.CHOSEN))


@unseen
@open_to(Role.EVERYONE)
def letters_off(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Stop the letters about a desk, by a press on the page that a letter names, or by the button of a mail program (RFC 8058)."""
    person = or_404(read_letters_key(key))
    if request.method == "POST":
        choose_letters(person=person, wanted=False)
    is_off = request.method == "POST"
    response = render(request, "desks/letters_off.html", {"is_off": is_off})
    response["Cache-Control"] = "no-store"
    return response


def owed_by(desk: Desk) -> list[Owed]:
    """List what the viewer's units owe, without what a merged unit was asked: that is handed on first."""
    found = desk.once(answers_due.owed_at)
    return [one for one in found if one.is_reply or one.unit not in desk.viewer.merged]


def _picks(
    desk: Desk, queue: Queue, owed: Iterable[Owed], drafts: Mapping[int, AnswerDraft]
) -> dict[str, Any]:
    """Give what can be done together: questions to answer, and answers that wait for the viewer's signature."""
    asked = [one for one in owed if not one.is_reply]
    signs = {one.about for one in asked if _is_to_sign(desk, one, drafts.get(one.about))}
    picks = {one.about for one in asked if one.is_question} | signs
    return {
        "choosable": sum(one.step.pick in picks and not one.step.leaves_by_itself for one in queue.waits),
        "picks": picks,
        "signs_picks": any(one.step.pick in signs for one in queue.waits),
    }


def _is_to_sign(desk: Desk, one: Owed, draft: AnswerDraft | None) -> bool:
    return draft is not None and draft.is_sent and desk.viewer.signs_for(one.unit)


def _owed_steps(
    desk: Desk, owed: Sequence[Owed], drafts: Mapping[int, AnswerDraft]
) -> list[tuple[str, Step]]:
    """Make a step of each answer that is owed; questions of one list that one office owes by one day are one."""
    return [("answers", _owed_step(desk, one, drafts.get(one.about))) for one in answers_due.together(owed)]


def _tell_owed(one: Owed) -> str:
    """Tell what is owed and by when."""
    is_list = one.questions > 1
    many = ngettext("%(n)d question", "%(n)d questions", one.questions) % {"n": one.questions}
    what = say("A reply to a contest.") if one.is_reply else str(ASKED[one.kind])
    told = [many if is_list else what]
    told += [one.whose or _days(one.days), day_in_words(one.own_due), one.moved]
    if one.asked:
        told.append(say("asked %(day)s") % {"day": day_in_words(one.asked)})
    if one.put_off:
        told.append(say("“not yet” on %(day)s") % {"day": day_in_words(one.put_off)})
    return dot().join(part for part in told if part)


#: A desk has hundreds of steps, and shows a page of them: only these are put into words.
_told_owed = lazy(_tell_owed, str)


def _owed_step(desk: Desk, one: Owed, draft: AnswerDraft | None) -> Step:
    is_list = one.questions > 1
    to_sign = not is_list and _is_to_sign(desk, one, draft)
    return Step(
        say("Sign off the answer: %(what)s") if to_sign else ONLY_WORDS,
        _told_owed(one),
        _href_of(desk, one),
        "city",
        owner=one.office,
        step="" if is_list else answers.who_has(draft, desk.pack, is_put_off=one.put_off is not None),
        due=one.own_due,
        came=one.asked,
        pick=None if is_list else one.about,
        about=one.named_by,
        leaves_by_itself=not is_list and draft is not None and draft.is_signed,
    )


def _href_of(desk: Desk, one: Owed) -> str:
    """Give where an answer is written: beside the queue, or with others of its list."""
    if one.questions > 1:
        return f"{desk.to('answers:many')}?list={one.listed}"
    return f"{desk.to('desks:unit')}?at={one.about}#thing"


def _days(days: int) -> str:
    """Say how far a day is; that it is today, or over, the queue says by itself."""
    if days > 0:
        return days_left(days)
    return ngettext("%(n)d day", "%(n)d days", -days) % {"n": -days} if days else ""


def _elsewhere(desk: Desk, owed: Sequence[Owed]) -> list[tuple[str, Step]]:
    """List what else waits; an answer to sign is in its own line already, with what is owed."""
    own = {desk.to("answers:answer", about=one.about) for one in owed}
    return [(app, step) for app, step in collected(desk, UNIT) if step.href not in own]


def _to_claim(
    desk: Desk, promised: Sequence[MilestoneStanding], talks: Mapping[int, Talk] | None = None
) -> list[Step]:
    """List the milestones that nobody said are done. `talks` is where the bureau speaks of those that are late, by their asks."""
    return [
        _claim(desk, one, (talks or {}).get(one.ask)) for one in promised if can_be_claimed(one, desk.today)
    ]


def _talks(desk: Desk, promised: Sequence[MilestoneStanding]) -> dict[int, Talk]:
    """Give where the bureau speaks of what is late. Five queries where something is."""
    late = {one.ask for one in promised if one.days_late(desk.today) and can_be_claimed(one, desk.today)}
    rooms = desk.once(partners.rooms)
    if not late or not rooms:
        return {}
    return talks_of(kept(desk, rooms_above, tuple(sorted(late))), rooms, desk.viewer.answers_for, desk.today)


def _tell_late(one: MilestoneStanding, today: date, on: date | None) -> str:
    """Tell by when something was promised, what those who looked saw, and when its office wrote about it."""
    told = [_days((one.due - today).days), day_in_words(one.due)]
    if one.is_disputed and one.checked:
        seen = say("Those who looked on %(day)s say that it is not done.")
        told.append(seen % {"day": day_in_words(one.checked)})
    if on:
        wrote = say("Your office wrote to the leads about it on %(day)s.")
        told.append(wrote % {"day": day_in_words(on)})
    return dot().join(part for part in told if part)


_told_late = lazy(_tell_late, str)


def _claim(desk: Desk, one: MilestoneStanding, talk: Talk | None) -> Step:
    is_late = one.days_late(desk.today)
    return Step(
        say("Promise: %(what)s"),
        _told_late(one, desk.today, talk.on.get(one.address) if talk else None),
        desk.to("commitments:claim", commitment=one.commitment, milestone=one.milestone),
        "city",
        owner=desk.pack.office_title(one.office, desk.lang),
        step=say("Say whether it is done") if is_late else say("Say that it is done, or will be late"),
        due=one.due,
        about=one.commitment,
        named=one.milestone,
    )


def _offices(desk: Desk) -> dict[str, str]:
    """Give the offices of the viewer's units, with their titles."""
    ours = (one for one in desk.pack.offices if unit_of(one) in desk.viewer.answers_for)
    return {one: desk.pack.office_title(one, desk.lang) for one in ours}


def _fits(one: Waiting, form: QueueForm, drafts: Mapping[int, AnswerDraft]) -> bool:
    """Say whether a step is one of those to which the queue is narrowed."""
    wanted = form.wanted()
    if "office" in wanted and one.step.owner != form.offices[wanted["office"]]:
        return False
    if has := wanted.get("has"):
        draft = drafts.get(one.step.pick or 0)
        if one.step.pick is None or (draft.stage if draft else AnswerStage.EMPTY) != has:
            return False
    if wanted.get("when") == "late":
        return one.state == "late"
    return wanted.get("when") != "soon" or one.day <= one.today + SOON


def promised_by(desk: Desk) -> list[int]:
    """List the promises of the viewer's units of which the engagement is not closed, oldest first."""
    ours = desk.viewer.answers_for
    return [one.promise for one in desk.once(engagements.on_their_way) if one.unit in ours]


def loaded(program: Program, promises: Sequence[int]) -> list[Engagement]:
    """Give engagements by their promises, oldest first. One query."""
    rows = Engagement.objects.filter(program=program, promise__in=promises).select_related("partner__unit")
    return list(rows.order_by("promise")) if promises else []


@dataclass(frozen=True)
class Duty:
    """A milestone that a unit owes."""

    standing: MilestoneStanding
    words: str
    lang: str
    mark: tuple[str, str]
    #: The day from which it can be claimed again, where leads disputed its claim and that day is to come.
    again: date | None
    #: The office that promised it, where the rules have it no more.
    promised_by: str = ""

    @property
    def can_be_claimed(self) -> bool:
        """Say whether the unit can say today that it is done."""
        return not (self.standing.is_kept or self.again or self.standing.is_claimed)


def again_from(one: MilestoneStanding, today: date) -> date | None:
    """Give the day from which a disputed milestone can be claimed again, where that is to come."""
    return one.step.waits_until(today) if one.step else None


def can_be_claimed(one: MilestoneStanding, today: date) -> bool:
    """Say whether a unit can say today that it is done."""
    return not (one.is_kept or again_from(one, today) or one.is_claimed)


def duties_of(desk: Desk, found: Sequence[MilestoneStanding], texts: Words) -> list[Duty]:
    """Give milestones with their words. One query where the rules have one of their offices no more."""
    gone = {one.office for one in found if not desk.pack.office(one.office)}
    packs = record.packs_of(desk.program) if gone else None
    words = [texts.get(one.commitment, {}).get(one.milestone) for one in found]
    return [
        Duty(
            standing=one,
            words=said.words if said else "",
            lang=said.lang if said else "",
            mark=stage_words.milestone_mark(one, desk.today),
            again=again_from(one, desk.today),
            promised_by=packs.at(one.commitment).office_title(one.office, desk.lang)
            if packs and one.office in gone
            else "",
        )
        for one, said in zip(found, words, strict=True)
    ]

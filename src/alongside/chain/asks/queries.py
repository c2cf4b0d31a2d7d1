"""Read asks: one with what it rests on, for those who ask and act; and questions, many at a time."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from alongside.core.clocks import MORE_TIMES
from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.asks import who_had
from alongside.core.grammar.engagements import who_promised
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.asks import ANSWER_OWED, LACKING, PROMISES, REPLY_OWED, TELLS, Decision
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today
from alongside.ground.record import queries as record
from alongside.ground.record import queries as record_queries
from alongside.ground.record.models import Citation, Standing
from alongside.ground.record.persons import BoundLead
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.ground.search import queries as queries_before
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.work.consultations import queries
from alongside.work.consultations import queries as consultations_queries
from alongside.work.consultations.models import Comment, Consultation
from alongside.work.consultations.queries import place_of
from alongside.work.workplans.queries import driving_questions

#: Questions that a desk shows in lines of their own: a list of 111 to one unit hides nothing else.
MOST_QUESTIONS = 5
#: How many answers are offered to advice that looks at some.
MOST_ANSWERS = 60
#: What both sides say of an ask before it is answered.
BETWEEN = (
    EntryKind.ASK_UNCLEAR,
    EntryKind.ASK_CLARIFIED,
    EntryKind.ASK_EXTENDED,
    EntryKind.ASK_TRANSFERRED,
)


@dataclass(frozen=True)
class Asked:
    """An ask with its words, where it stands, and the findings it rests on."""

    told: EntryView
    standing: Standing
    findings: list[EntryView]
    before: list[EntryView]
    advice: EntryView | None = None
    unclear: EntryView | None = None
    between: list[EntryView] = field(default_factory=list)

    def said(self, kind: str) -> list[EntryView]:
        """List what was said of one kind before the answer, oldest first."""
        return [one for one in self.between if one.entry.kind == kind]

    @property
    def times_left(self) -> int:
        """Count how often more time can still be taken; 0 where "not yet" was said."""
        taken = len(self.said(EntryKind.ASK_EXTENDED))
        return 0 if self.standing.is_put_off else max(0, MORE_TIMES - taken)


def findings_of(program: Program, promise: int, lang: str) -> list[EntryView]:
    """List the findings of an engagement, oldest first. Three queries."""
    citing = record_queries.indexes_citing(program, [promise], (EntryKind.FINDING_PUBLISHED,))
    return list(record_queries.entry_views(program, [one for one, _kind, _cited in citing], lang).values())


def offices_to_ask(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List the offices that can answer, as choices, sorted by their title."""
    able = [one for one in pack.offices if (office := pack.office(one)) and office.can_answer]
    return sorted(((one, pack.office_title(one, lang)) for one in able), key=lambda pair: pair[1])


def offices_and_holders(program: Program, pack: Pack, lang: str, today: date) -> list[tuple[str, str]]:
    """List the offices that can answer, as choices that say where nobody holds the office today. One query."""
    held = {one.public_id for one in posts_today(program, today)}
    empty = _("%(office)s (nobody holds it today)")
    return [
        (one, title if one in held else empty % {"office": title})
        for one, title in offices_to_ask(pack, lang)
    ]


def driving_choices(program: Program, lang: str) -> list[tuple[str, str]]:
    """List the driving questions of the workplans in force, as choices. Two queries."""
    found = driving_questions(program, lang)
    return [
        (f"{version}:{question}", Truncator(words).chars(160)) for version, question, words, _lang in found
    ]


def asked(program: Program, ask: int, lang: str, standing: Standing | None = None) -> Asked | None:
    """Give an ask with what it rests on and what was asked before, or None. Six queries at most, one less where it is known where the ask stands."""
    standing = standing or Standing.objects.filter(log__program=program, ask=ask).first()
    told = record_queries.entry_views(program, [ask], lang).get(ask)
    if standing is None or told is None:
        return None
    cited = [index for role in ("finding", "before", "advice") for index in told.entry.cites.get(role, ())]
    since = [one for one, _kind, _cited in record_queries.indexes_citing(program, [ask], BETWEEN)]
    found = record_queries.entry_views(program, [*cited, *since], lang)
    return Asked(
        told=told,
        standing=standing,
        findings=[found[index] for index in told.entry.cites.get("finding", ()) if index in found],
        before=[found[index] for index in told.entry.cites.get("before", ()) if index in found],
        advice=next((found[one] for one in told.entry.cites.get("advice", ()) if one in found), None),
        unclear=found.get(standing.unclear) if standing.unclear is not None else None,
        between=[found[index] for index in since],
    )


def asked_of(program: Program, viewer: Viewer, ask: int, lang: str) -> Asked | None:
    """Give an ask that the viewer's unit owes an answer to, or None."""
    found = asked(program, ask, lang)
    if found is None or not viewer.works_for(found.standing.unit) or not found.standing.owes_answer:
        return None
    return found


def to_hand_on(program: Program, viewer: Viewer) -> list[Standing]:
    """List the asks of units that were merged away and for which the viewer's unit answers: it hands each on. One query."""
    rows = Standing.objects.filter(
        log__program=program, unit__in=sorted(viewer.merged), state__in=ANSWER_OWED
    )
    return list(rows.order_by("answer_due", "ask")) if viewer.merged else []


def places_of(program: Program, asks: Sequence[int]) -> dict[tuple[int, str], int]:
    """Give the promise and the list that asks stand on, by the ask and "engagement" or "list". One query."""
    cited = Citation.objects.filter(log__program=program, role__in=("engagement", "list"), citing__in=asks)
    cited = cited.order_by("-cited")  # of more than one, the first
    return {(ask, role): about for ask, role, about in cited.values_list("citing", "role", "cited")}


def lists_of(program: Program, found: Sequence[Standing]) -> dict[int, int]:
    """Give the list that each question stands on, for those that stand on one. One query."""
    asks = [one.ask for one in found if one.kind == EntryKind.ASK_QUESTIONED]
    cited = Citation.objects.filter(log__program=program, role="list", citing__in=asks)
    return dict(cited.values_list("citing", "cited"))


class LeftToOthers(BoundLead):
    """What a lead leaves to other leads: a bureau that it is about pays or employs them, or did, or they held an office of it.

    Four queries for a lead whom no unit pays or employs.
    """

    def _leaves(self, index: int, units: Callable[[Entry, LogView], set[str]]) -> bool:
        begun = self._log.get(index) if self._is_tied or self._worked else None
        return begun is not None and self.leaves(units(begun, self._log), index)

    def ask(self, index: int) -> bool:
        """Say whether others contest an answer to this ask, clear up what was asked of it, raise it and follow up."""
        return self._leaves(index, who_had)

    def report(self, promise: int) -> bool:
        """Say whether others report back on this promise."""
        return self._leaves(promise, who_promised)


@dataclass(frozen=True)
class Cited:
    """A comment that advice cites, and its place in words."""

    comment: Comment
    place: str


@dataclass(frozen=True)
class ToAdvise:
    """What a lead needs to write advice: the consultation, what may be cited of it, and the advice that is public."""

    consultation: Consultation
    shown: consultations_queries.ConsultationView
    cited: dict[str, Cited]
    #: Answers of the City on the same project, by their entries, as choices.
    answers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Give the comments as choices: the place, then the words."""
        return [(name, f"{one.place}: {apart(one.comment.words)}") for name, one in self.cited.items()]

    @property
    def beside(self) -> list[int]:
        """Give the entries of the advice that is public, beside which a smaller group's may stand."""
        return [one.index for one in self.shown.advice]


def to_advise(program: Program, viewer: Viewer, slug: str, lang: str) -> ToAdvise | None:
    """Give what advice on a consultation is written from, to leads of the cohort that was asked; else None.

    That a unit took the consultation back stops no advice: no city role can hold the leads' pen (promise 3).
    """
    found = queries.for_lead(program, viewer, slug)
    shown = consultations_queries.consultation_page(program, lang, slug) if found else None
    if found is None or shown is None:
        return None
    product = queries.product_of(program, shown.told.entry)
    rows = queries.to_cite(found[0])
    cited = {str(one.pk): Cited(one, place_of(one, product)) for one in rows}
    (project,), unit = shown.told.entry.cites["project"], shown.told.entry.data["unit"]
    return ToAdvise(found[0], shown, cited, _answers_on(program, project, unit, lang))


def _answers_on(program: Program, project: int, unit: str, lang: str) -> list[tuple[str, str]]:
    """List the newest answers on a project, then to questions that its unit was asked, as choices. Ten queries at most."""
    found = queries_before.answered_on(program, lang, project, MOST_ANSWERS)
    seen = {answer.index for _ask, answer in found}
    more = [pair for pair in _answers_of(program, unit, lang) if pair[1].index not in seen]
    pairs = [*found, *more][:MOST_ANSWERS]
    return [(str(answer.index), _in_words(ask, answer)) for ask, answer in pairs if ask.say("title")]


def _answers_of(program: Program, unit: str, lang: str) -> list[tuple[EntryView, EntryView]]:
    """List the questions to a unit, which hang on no project, each with its answers, the newest first. Three queries."""
    asks = Standing.objects.filter(log__program=program, unit=unit, kind=EntryKind.ASK_QUESTIONED)
    rows = asks.exclude(answer=None, raise_reply=None).order_by("-ask")[:MOST_ANSWERS]
    both = [(one.ask, given) for one in rows for given in (one.answer, one.raise_reply)]
    pairs = [(ask, given) for ask, given in both if given is not None]
    told = record_queries.entry_views(program, {index for pair in pairs for index in pair}, lang)
    return [(told[ask], told[given]) for ask, given in pairs]


def _in_words(ask: EntryView, answer: EntryView) -> str:
    """Say which answer this is: what was asked, and the day; a reply of the office above says that it is one."""
    words = {"what": ask.say("title"), "day": day_in_words(answer.entry.date)}
    if answer.entry.kind == EntryKind.RAISE_REPLIED:
        return _("%(what)s (the office above, %(day)s)") % words
    return f"{words['what']} ({words['day']})"


@dataclass(frozen=True)
class Learning:
    """A unit that asked for a learning period; `until` is None while no lead agreed."""

    unit: str
    asked: int
    until: date | None


def learnings(log: RowsLog) -> list[Learning]:
    """List the units that asked for a learning period. Two queries at most."""
    agreed = log.every(EntryKind.LEARNING_AGREED)
    until = {one.data["unit"]: date.fromisoformat(one.data["until"]) for one in agreed}
    asked = log.every(EntryKind.LEARNING_ASKED)
    return [Learning(one.data["unit"], one.index, until.get(one.data["unit"])) for one in asked]


PAGE = 50
KIND = EntryKind.ASK_QUESTIONED


def _past(today: date) -> Q:
    """Say what is late in public: past its day, also where that was moved since, and the learning period of its unit over by then."""
    return (Q(answer_due__lt=today) | ~Q(missed={})) & (Q(quiet=None) | Q(quiet__lt=today))


#: A question that was raised waits for the office above, also where its own office has answered.
WAITS_ABOVE = Q(raised__isnull=False, raise_reply=None)
#: An answer is owed, or a "not yet" is contested, as `AskState.runs` says.
RUNS = Q(state__in=ANSWER_OWED) | Q(state__in=REPLY_OWED, decision=Decision.DEFERRED)
WAITS = RUNS | WAITS_ABOVE


def _late(today: date) -> Q:
    return _late_below(today) | (WAITS_ABOVE & Q(raise_due__lt=today))


def _late_below(today: date) -> Q:
    """Say which answers the office that was asked owes, late."""
    return RUNS & _past(today)


def counts(program: Program, today: date) -> QuerySet[Standing, Any]:
    """Count the questions of each unit, asked, waiting and late, those that left most unanswered first. One query.

    What only the office above owes now is counted apart: "Answers due" counts those there. Of what is late, both are.
    """
    rows = Standing.objects.filter(log__program=program, kind=KIND).values("unit")
    rows = rows.annotate(
        asked=Count("pk"),
        waiting=Count("pk", filter=RUNS),
        late=Count("pk", filter=_late(today)),
        above=Count("pk", filter=WAITS_ABOVE & ~RUNS),
        late_above=Count("pk", filter=WAITS_ABOVE & Q(raise_due__lt=today) & ~_late_below(today)),
    )
    return rows.order_by("-late", "-waiting", "unit")


def page_of_questions(
    program: Program,
    today: date,
    *,
    unit: str = "",
    state: str = "",
    listed: int | None = None,
    number: int = 1,
) -> Page[Standing]:
    """Give a page of questions: what waits first, then the answered ones, by their day. Two queries."""
    rows = _fitting(program, today, state).filter(log__program=program, kind=KIND)
    if unit:
        rows = rows.filter(unit=unit)
    if listed is not None:
        rows = rows.filter(ask__in=record.asked_on(program, [listed]))
    answered = Case(When(WAITS, then=0), default=1)
    return Paginator(rows.order_by(answered, "answer_due", "ask"), PAGE).get_page(number)


def _fitting(program: Program, today: date, state: str) -> QuerySet[Standing]:
    """Give the standings of a state of the list."""
    asks = Standing.objects.filter(log__program=program)
    where = {
        "waiting": RUNS,
        "above": WAITS_ABOVE & ~RUNS,
        "late": _late(today),
        "told": Q(decision__in=(*TELLS, *PROMISES)),
        "refused": Q(decision=Decision.DECLINED),
        "raised": Q(raised__isnull=False),
    }
    return asks.filter(where.get(state, Q()))


def beside(
    program: Program, found: Sequence[Standing], lang: str, follow_ups: Iterable[int] = ()
) -> dict[int, EntryView]:
    """Give questions with their words, their answers, how they were raised and what the office above replied. Two queries."""
    indexes = [
        index
        for one in found
        for index in (one.ask, one.answer, one.raised, one.raise_reply)
        if index is not None
    ]
    return record.entry_views(program, [*indexes, *follow_ups], lang)


def follow_ups(program: Program, found: Sequence[Standing]) -> dict[int, int]:
    """Give the question that follows up on each of these, where one does. One query."""
    asked = [one.ask for one in found]
    follows = Citation.objects.filter(log__program=program, role="follows", cited__in=asked)
    return dict(follows.values_list("cited", "citing"))


def owed_on_a_list(program: Program, listed: int, due: date) -> int:
    """Count the questions of a list that are owed an answer by this day; none where this is no list. One query."""
    on_it = Citation.objects.filter(log__program=program, cited=listed, role="list")
    rows = Standing.objects.filter(log__program=program, ask__in=on_it.values("citing"))
    return rows.filter(state__in=ANSWER_OWED, answer_due=due).count()


def learning_end(program: Program, about: int) -> date | None:
    """Give the last day of the learning period of the unit that owes an ask, or a question of a list. One query."""
    on_it = Citation.objects.filter(log__program=program, cited=about, role="list")
    rows = Standing.objects.filter(Q(ask=about) | Q(ask__in=on_it.values("citing")), log__program=program)
    return rows.exclude(quiet=None).values_list("quiet", flat=True).first()


#: What comes after a question, on its page.
STEPS = (
    EntryKind.ANSWER_GIVEN,
    EntryKind.ANSWER_CONTESTED,
    EntryKind.CONTEST_JOINED,
    EntryKind.ANSWER_UNREASONED,
    EntryKind.CONTEST_REPLIED,
    EntryKind.CONTEST_SILENT,
    EntryKind.ASK_SILENT,
    EntryKind.ASK_ESCALATED,
    EntryKind.ASK_RAISED,
    EntryKind.RAISE_REPLIED,
    EntryKind.RAISE_SILENT,
)


@dataclass(frozen=True)
class WholeQuestion:
    """A question with everything that was entered about it, what it follows up on and what follows up on it."""

    asked: Asked
    steps: list[EntryView]
    listed: EntryView | None = None
    project: EntryView | None = None
    follows: EntryView | None = None
    follow_up: EntryView | None = None

    @property
    def standing(self) -> Standing:
        """Say where it stands."""
        return self.asked.standing

    def may_be_raised(self, today: date) -> bool:
        """Say whether leads can raise it now: it was refused or told in part, or is late; and it was not raised."""
        one = self.standing
        if one.raised is not None:
            return False
        return one.decision in LACKING or (one.runs and one.answer_due < today)

    def of_kind(self, kind: str) -> list[EntryView]:
        """List the steps of one kind."""
        return [one for one in self.steps if one.entry.kind == kind]

    @property
    def may_be_followed_up(self) -> bool:
        """Say whether leads can follow up: it was answered, and nobody did."""
        return self.follow_up is None and (
            self.standing.answer is not None or self.standing.raised is not None
        )


def whole_question(program: Program, ask: int, lang: str) -> WholeQuestion | None:
    """Give a question with everything about it, or None. Thirteen queries at most."""
    found = asked(program, ask, lang)
    if found is None or found.told.entry.kind != KIND:
        return None
    first = record.indexes_citing(program, [ask], STEPS)
    then = record.indexes_citing(program, [one for one, _kind, _cited in first], STEPS)
    last = record.indexes_citing(program, [one for one, _kind, _cited in then], STEPS)
    follow = Citation.objects.filter(log__program=program, role="follows", cited=ask).first()
    about = {
        role: next(iter(found.told.entry.cites.get(role, ())), None)
        for role in ("list", "follows", "project")
    }
    about["next"] = follow.citing if follow else None
    steps = {one for rows in (first, then, last) for one, _kind, _cited in rows}
    told = record.entry_views(program, {*steps, *(one for one in about.values() if one is not None)}, lang)
    return WholeQuestion(
        asked=found,
        steps=[told[one] for one in sorted(steps)],
        listed=told.get(about["list"]) if about["list"] is not None else None,
        project=told.get(about["project"]) if about["project"] is not None else None,
        follows=told.get(about["follows"]) if about["follows"] is not None else None,
        follow_up=told.get(about["next"]) if about["next"] is not None else None,
    )


def raised_to(program: Program, units: Collection[str]) -> list[Standing]:
    """List where stands what was raised to these units and has no reply. Two queries."""
    rows = Standing.objects.filter(log__program=program, raised__isnull=False, raise_reply=None)
    found = list(rows.order_by("raise_due", "ask"))
    raised = record.entries_at(program, [one.raised or 0 for one in found]) if found else {}
    return [one for one in found if unit_of(raised[one.raised or 0].data["to"]) in units]


def done_by(program: Program, viewer: Viewer, ask: int, lang: str) -> int | None:
    """Give the answer of the viewer's unit, or by what it moved an ask to another unit; None where it did neither."""
    found = asked(program, ask, lang)
    if found is None:
        return None
    if viewer.works_for(found.standing.unit):
        return found.standing.answer
    moved = [
        one.index
        for one in found.said(EntryKind.ASK_TRANSFERRED)
        if any(viewer.works_for(unit_of(by)) for by in one.entry.by)
    ]
    return moved[-1] if moved else None

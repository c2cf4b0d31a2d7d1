"""Read engagements as their public page and the list of all show them; a draft as its page would be."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page as ListPage
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import after_decision
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.engagements import LOCKS
from alongside.core.grammar.project_rules import MOVES, is_made_early
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.questions import PASS_ON, may_be_spoken
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.engagements import CHANGES, EngagementStage, EngagementState, course_of
from alongside.core.workflow.offered_statements import OfferDecision
from alongside.ground.programs.models import Program
from alongside.ground.record.labels import moved_words
from alongside.ground.record.models import Citation, LogEntry, Standing
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    entries_at,
    entry_views,
    entry_views_where,
    indexes_citing,
    is_under_hold,
    without_words,
)
from alongside.ground.search.queries import SaidBefore, seen_before
from alongside.ground.ui.context import Language, language
from alongside.ground.ui.days import day_in_words, late_by
from alongside.ground.ui.pages import page_of
from alongside.work.engagements.asking import Phrase, Question, Statement, questions_of, statements_of
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import (
    asked_before,
    asked_of,
    promise_data,
    texts_in,
)
from alongside.work.engagements.queries.progress import key_of
from alongside.work.engagements.queries.promises import cited_as, frozen_form, has_statements
from alongside.work.projects.queries import EngagementShown, courses_of, worded_courses

#: What an office says to be given a later day for its answer.
PUTS_OFF = (EntryKind.ASK_EXTENDED, EntryKind.ANSWER_GIVEN)
#: An engagement that closes within so many days is coming to a close.
SOON = 14


#: How a list of engagements groups them, in this order.
GROUPS = ("open", "closing", "paused", "over")


def listing(program: Program, lang: str, today: date, number: str | None) -> ListPage[EngagementShown]:
    """Give a page of the engagements of a program: open, closing soon, paused, and over. Four queries."""
    found: dict[str, list[EngagementShown]] = {name: [] for name in GROUPS}
    promises = without_words(program, kinds=[EntryKind.ENGAGEMENT_PROMISED])
    for one in courses_of(program, promises, today):
        found[group_of(one, today)].append(one)
    for name in ("open", "closing", "over"):
        found[name].sort(key=lambda one: one.course.closes, reverse=name == "over")
    page = page_of([one for name in GROUPS for one in found[name]], number)
    page.object_list = worded_courses(program, page.object_list, lang)
    return page


def group_of(one: EngagementShown, today: date) -> str:
    """Say in which group of a list an engagement stands."""
    soon = one.course.days_left(today) < SOON
    names = {EngagementStage.PAUSED: "paused", EngagementStage.OPEN: "closing" if soon else "open"}
    return names.get(one.state, "over")


@dataclass(frozen=True)
class Page:
    """An engagement as residents see it, whether its promise is on the record or still a draft."""

    slug: str
    data: Mapping[str, Any]
    texts: Mapping[str, TextView]
    questions: list[Question]
    closes: date
    report_back: date
    answer_by: date | None
    entry: int | None = None
    #: The hash of its leaf in the log: what a voice names that somebody agreed to.
    leaf: str = ""
    on: date | None = None
    #: How many leads who sit today hold the key, and how many held it whose seat is over.
    readers: int = 0
    former: int = 0
    #: Whether enough of the leads' recovery papers open it, too.
    papers: bool = False
    state: EngagementStage = EngagementStage.OPEN
    course: EngagementState | None = None
    #: The promised day on which the key should have been destroyed, where that has passed; and whether a legal hold stands.
    overdue: date | None = None
    is_held: bool = False
    #: The entry that paused it, while it is paused.
    paused: EntryView | None = None
    decision: EntryView | None = None
    #: What moved or made the decision, oldest first.
    moves: list[EntryView] = field(default_factory=list)
    project: EntryView | None = None
    corrections: list[EntryView] = field(default_factory=list)
    #: What communities said before, where the promise says why it asks again.
    before: list[SaidBefore] = field(default_factory=list)
    #: What offices put off past the promised day: what was asked, and what gave it a later day.
    put_off: list[tuple[Entry, Entry]] = field(default_factory=list)
    #: What leads asked of which the answer is late.
    unanswered: list[Standing] = field(default_factory=list)
    #: Whether people may answer by voice, as was frozen with the questions.
    spoken: bool = False
    #: What people judge, where they are asked to.
    statements: list[Statement] = field(default_factory=list)

    @property
    def title(self) -> TextView | None:
        """Give the title, or None where it was taken down."""
        return self.texts.get("title")

    @property
    def called(self) -> str:
        """Give the title, or what any engagement is called where it was taken down."""
        return self.title.words if self.title else gettext("An engagement")

    @property
    def decided_on(self) -> date | None:
        """Give the day of the decision as it was promised, where the promise cites one."""
        if self.decision is None:
            return None
        before = [one for one in self.moves if self.entry is not None and one.index < self.entry]
        was = (before[-1] if before else self.decision).entry.data["on"]
        return date.fromisoformat(self.data.get("decided_on", was))

    @property
    def moved(self) -> EntryView | None:
        """Give what changed the day of the decision since it was promised: that it was moved, or made on another day."""
        last = self.moves[-1] if self.moves else None
        is_moved = last is not None and date.fromisoformat(last.entry.data["on"]) != self.decided_on
        return last if is_moved else None

    @property
    def decision_day(self) -> date | None:
        """Give the day of the decision as it stands now, where the promise cites one."""
        return date.fromisoformat(self.moved.entry.data["on"]) if self.moved else self.decided_on

    @property
    def hear_back(self) -> list[tuple[str, date]]:
        """Give who says by which day what came of it, the earlier day first."""
        days = [("leads", self.report_back), *([("bureau", self.answer_by)] if self.answer_by else [])]
        return sorted(days, key=lambda one: one[1])

    @property
    def backups_until(self) -> date | None:
        """Give the day by which the last locked copies in backups are gone, where a promise or its draft says so."""
        if self.course:
            return self.course.backups_until
        kept, days = self.data.get("voices_kept_until"), self.data.get("backup_days")
        return date.fromisoformat(kept) + timedelta(days=days) if kept and days else None

    @property
    def may_pass_on(self) -> bool:
        """Say whether people are asked if leads may pass on what they say."""
        return any(one.id == PASS_ON for one in self.questions)

    @property
    def is_decided_early(self) -> bool:
        """Say whether the decision was made before the last day to speak was over."""
        last = self.moves[-1].entry if self.moves else None
        return bool(last and is_made_early(last, self.closes))

    @property
    def late(self) -> dict[str, date]:
        """Give the days, as corrected, that come after the decision, by their names."""
        decided = self.decision_day
        late = after_decision(decided, closes=self.closes, answer_by=self.answer_by)
        return {**late, "decided": decided} if late and decided else {}

    @property
    def is_reported_late(self) -> bool:
        """Say whether the leads may report after the decision what people said before it."""
        return bool(after_decision(self.decision_day, report_back=self.report_back))

    @property
    def was(self) -> Mapping[str, date]:
        """Give the days as first promised, by their names, where they were corrected since."""
        return self.course.as_promised if self.course else {}

    @property
    def corrected(self) -> EntryView | None:
        """Give the last correction, or None."""
        return self.corrections[-1] if self.corrections else None

    @property
    def translated(self) -> TextView | None:
        """Give a text that is a translation, if any shown text is one."""
        return next((one for one in self.texts.values() if not one.is_original), None)

    @property
    def is_reviewed(self) -> bool:
        """Say whether a person reviewed every translation shown."""
        return all(one.is_reviewed for one in self.texts.values())


def still_asked(program: Program, promise: int) -> list[Standing]:
    """Give what leads asked on a promise of which the answer is still owed. One query."""
    told = Citation.objects.filter(log__program=program, cited=promise, role="engagement", kind__in=ASK_KINDS)
    rows = Standing.objects.filter(log__program=program, ask__in=told.values("citing"))
    return [one for one in rows.order_by("ask") if one.runs]


def late_words(found: Iterable[Standing], pack: Pack, lang: str, today: date) -> list[str]:
    """Say which bureau is late with answers, by how much, and that more time was taken since. Asks nothing."""
    said = Counter(
        (
            pack.unit_name(unit_of(office), lang),
            late_by(days),
            moved_words(one, office),
        )
        for one in found
        for office, days in one.late_by_office(today).items()
    )
    return [
        " ".join(
            filter(
                None,
                [
                    ngettext(
                        "%(office)s: %(n)d answer is %(late)s.", "%(office)s: %(n)d answers are %(late)s.", n
                    )
                    % {"office": office, "n": n, "late": late},
                    moved,
                ],
            )
        )
        for (office, late, moved), n in said.items()
    ]


def _put_off(program: Program, asks: Collection[int], promised: date | None) -> list[tuple[Entry, Entry]]:
    """List what was asked and put off past a promise's answer-by day, each with what gave it a later day. Two queries at most."""
    if not asks:
        return []
    moved = Citation.objects.filter(log__program=program, cited__in=asks, role="ask", kind__in=PUTS_OFF)
    rows = LogEntry.objects.filter(log__program=program, index__in=moved.values("citing")).order_by("index")
    last = {one.cites["ask"][0]: one for row in rows if "until" in (one := row.parsed).data}
    late = {ask: one for ask, one in last.items() if promised and one.data["until"] > str(promised)}
    was = entries_at(program, late) if late else {}
    return [(was[ask], one) for ask, one in late.items()]


def put_off_words(found: Iterable[tuple[Entry, Entry]], pack: Pack, lang: str) -> list[str]:
    """Say which bureau put off answers, from which day to which, and how. Asks nothing."""
    said = Counter(
        (
            ask.data["answer_due"],
            one.data["until"],
            unit_of(one.by[0]),
            one.kind == EntryKind.ANSWER_GIVEN,
        )
        for ask, one in found
    )
    return [
        (
            ngettext(
                "%(n)d thing that leads asked was due by %(was)s. %(office)s said “not yet”, and answers by %(day)s.",
                "%(n)d things that leads asked were due by %(was)s. %(office)s said “not yet”, and answers by %(day)s.",
                n,
            )
            if is_not_yet
            else ngettext(
                "%(n)d thing that leads asked was due by %(was)s. %(office)s took more time, until %(day)s.",
                "%(n)d things that leads asked were due by %(was)s. %(office)s took more time, until %(day)s.",
                n,
            )
        )
        % {
            "n": n,
            "was": day_in_words(date.fromisoformat(was)),
            "office": pack.unit_name(unit, lang),
            "day": day_in_words(date.fromisoformat(until)),
        }
        for (was, until, unit, is_not_yet), n in sorted(said.items())
    ]


def stands_now(page: Page, about: Sequence[tuple[str, str | Promise]]) -> list[dict[str, Any]]:
    """List what stands now of a promise, under the names that its corrections give; no day that it does not promise.

    Each is a day and the one first promised, or words.
    """
    days = {"closes": page.closes, "report_back": page.report_back, "answer_by": page.answer_by}
    return [
        {
            "name": name,
            "day": days.get(key),
            "was": page.was.get(key),
            "text": page.texts.get(key),
            "corrections": [one for one in page.corrections if one.entry.data["about"] == key],
        }
        for key, name in about
        if key not in days or days[key]
    ]


def engagement_page(program: Program, lang: str, slug: str, today: date) -> Page | None:
    """Give an engagement as the record has it, or None where nothing is promised. Ten queries at most."""
    found = entry_views_where(program, lang, kinds=[EntryKind.ENGAGEMENT_PROMISED], subject=slug)
    if (promise := next(iter(found), None)) is None:
        return None
    near, rows = _near(program, promise, lang)
    decision = next(iter(cited_as(promise, "decision", near)), None)
    projects = entry_views(program, decision.entry.cites["project"] if decision else (), lang)
    changes = [near[citing] for citing, kind, cited_as in rows if kind in CHANGES]
    course = course_of(promise.entry, [one.entry for one in changes])
    overdue = course.overdue_since(today)
    asked = still_asked(program, promise.index)
    late = [one for one in asked if one.is_answer_past(today)]
    readers, former = holders_today(program, _holders(near.values()), today)
    return Page(
        slug=slug,
        data=promise.entry.data,
        texts=promise.texts,
        **_asked(frozen_form(promise), lang, promise.lang("form"), released_of(near.values(), lang)),
        closes=course.closes,
        report_back=course.report_back,
        answer_by=course.answer_by,
        entry=promise.index,
        leaf=entry_hash(promise.entry),
        on=promise.entry.date,
        readers=readers,
        former=former,
        papers=any(kind == EntryKind.RECOVERY_LOCKED for _citing, kind, cited_as in rows),
        state=course.state(today),
        course=course,
        overdue=overdue,
        paused=near[course.paused.index] if course.paused else None,
        is_held=overdue is not None and is_under_hold(program),
        decision=decision,
        moves=[near[citing] for citing, kind, cited_as in rows if kind in MOVES],
        project=next(iter(projects.values()), None),
        before=seen_before(program, cited_as(promise, "before", near)),
        corrections=[one for one in changes if one.entry.kind == EntryKind.ENGAGEMENT_CORRECTED],
        put_off=_put_off(program, {one.ask for one in asked} - {one.ask for one in late}, course.answer_by),
        unanswered=late,
    )


def released_of(decided: Iterable[EntryView], lang: str) -> list[Statement]:
    """Give, of some entries, the statements that people offered and leads released, in a language or the first of theirs; none whose words were taken down."""
    found = []
    for one in decided:
        is_released = (
            one.entry.kind == EntryKind.OFFER_DECIDED and one.entry.data["decision"] == OfferDecision.RELEASED
        )
        if is_released and one.texts:
            text = one.texts.get(lang) or next(iter(one.texts.values()))
            found.append(Statement(one.entry.data["statement"], Phrase(text.words, text.lang), one.index))
    return found


def _asked(
    form: Mapping[str, Any], lang: str, first: str, released: Sequence[Statement] = ()
) -> dict[str, Any]:
    """Give what is asked, whether people may answer by voice, and what they judge, with what leads released since."""
    return {
        "questions": questions_of(form, lang, first),
        "spoken": may_be_spoken(form),
        "statements": [*statements_of(form, lang, first), *released],
    }


def _holders(near: Iterable[EntryView]) -> set[str]:
    return {seat for one in near for seat in one.entry.data.get("wrapped_to", ())}


def _near(
    program: Program, promise: EntryView, lang: str
) -> tuple[dict[int, EntryView], list[tuple[int, str, int]]]:
    """Give the entries around a promise: its key, its decision, what changed it, with whom the key was shared."""
    key = promise.entry.cites["key"]
    decision = promise.entry.cites.get("decision", ())
    rows = indexes_citing(
        program,
        [promise.index, *key, *decision],
        [*CHANGES, *MOVES, *LOCKS, EntryKind.RECOVERY_LOCKED, EntryKind.OFFER_DECIDED],
    )
    wanted = {*(citing for citing, _kind, cited_as in rows), *key}
    wanted.update(index for role in ("decision", "before") for index in promise.entry.cites.get(role, ()))
    return entry_views(program, wanted, lang), rows


def holders_today(program: Program, seats: Collection[str], today: date) -> tuple[int, int]:
    """Count the people behind these seats who sit today, be it in another seat, and those who do not. One query."""
    behind = Seat.objects.filter(cohort__program=program, public_id__in=seats).values("person")
    theirs = Seat.objects.filter(cohort__program=program, person__in=behind)
    people: dict[int, bool] = {}
    for person, sits in theirs.annotate(sits=sitting(today)).values_list("person", "sits"):
        people[person] = people.get(person, False) or bool(sits)
    sit = sum(people.values())
    return sit, len(people) - sit


def preview(draft: Engagement, pack: Pack, lang: str, today: date) -> Page:
    """Show a draft with the same parts as the page of a promise. Seven queries at most."""
    first = draft.languages[0]
    key, _tests = key_of(draft)
    about = (draft.decision.entry, draft.decision.project.entry) if draft.decision else ()
    views = entry_views(draft.program, about, lang) if about else {}
    decision, project = (views[one] for one in about) if about else (None, None)
    before = asked_before(draft, lang)
    return Page(
        slug=draft.slug,
        data=promise_data(draft, pack, ""),
        texts=texts_in(draft, lang if lang in draft.languages else first),
        **_asked(asked_of(draft), lang, first),
        closes=draft.closes,
        report_back=draft.report_back,
        answer_by=draft.answer_by if draft.partner else None,
        readers=holders_today(draft.program, key.data["wrapped_to"], today)[0] if key else 0,
        papers=True,
        decision=decision,
        project=project,
        before=before.said if before.reasons else [],
    )


@dataclass(frozen=True)
class Item:
    """One engagement of a list: its promise, the unit that promised (empty where none did), and days left to speak."""

    shown: EngagementShown
    unit: str
    days: int
    languages: list[Language]
    has_statements: bool


def items_of(found: Iterable[EngagementShown], pack: Pack, lang: str, today: date) -> list[Item]:
    """Word a list of engagements for a page."""
    return [
        Item(
            shown=one,
            unit=pack.unit_name(one.told.entry.data.get("unit", ""), lang),
            days=one.course.days_left(today),
            languages=[language(code) for code in one.told.entry.data["languages"]],
            has_statements=has_statements(one.told),
        )
        for one in found
    ]

"""Read open engagements as everyone sees them, from the record, and who sits today from the seats."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import after_decision
from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.core.grammar.v1.project_rules import MOVES, is_made_early
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import (
    SaidBefore,
    Shown,
    Told,
    head_of,
    indexes_citing,
    is_under_hold,
    seen_before,
    told,
    told_where,
)
from alongside.work.engagements.queries.questions import Question, questions_of
from alongside.work.projects.queries import EngagementShown, courses_of

#: An engagement that closes within so many days is coming to a close.
SOON = 14


@dataclass(frozen=True)
class Listing:
    """Engagements by where they stand: open (those that close soon after the others), paused, and over."""

    open: list[EngagementShown] = field(default_factory=list)
    closing: list[EngagementShown] = field(default_factory=list)
    paused: list[EngagementShown] = field(default_factory=list)
    over: list[EngagementShown] = field(default_factory=list)
    head: Head | None = None


def listing(program: Program, lang: str, today: date) -> Listing:
    """List every engagement of a program, by where it stands. Five queries."""
    promises = told_where(program, lang, kinds=["engagement.promised"])
    found = Listing(head=head_of(program))
    for one in courses_of(program, promises, today):
        soon = one.course.days_left(today) < SOON
        place = {"paused": found.paused, "open": found.closing if soon else found.open}
        place.get(one.state, found.over).append(one)
    found.open.sort(key=lambda one: one.course.closes)
    found.closing.sort(key=lambda one: one.course.closes)
    found.over.sort(key=lambda one: one.course.closes, reverse=True)
    return found


def standings(program: Program, lang: str, today: date) -> dict[str, EngagementShown]:
    """Say where every promised engagement stands, by its slug. Four queries."""
    promises = told_where(program, lang, kinds=["engagement.promised"])
    return {one.slug: one for one in courses_of(program, promises, today)}


@dataclass(frozen=True)
class Page:
    """An engagement as residents see it, whether its promise is on the record or still a draft."""

    slug: str
    data: Mapping[str, Any]
    texts: Mapping[str, Shown]
    questions: list[Question]
    closes: date
    report_back: date
    answer_by: date | None
    entry: int | None = None
    on: date | None = None
    #: How many leads who sit today hold the key, and how many held it whose seat is over.
    readers: int = 0
    former: int = 0
    state: str = "open"
    course: Course | None = None
    #: The promised day on which the key should have been destroyed, where that has passed; and whether a legal hold stands.
    overdue: date | None = None
    is_held: bool = False
    #: The entry that paused it, while it is paused.
    paused: Told | None = None
    decision: Told | None = None
    #: What moved or made the decision, oldest first.
    moves: list[Told] = field(default_factory=list)
    project: Told | None = None
    corrections: list[Told] = field(default_factory=list)
    #: What communities said before, where the promise says why it asks again.
    before: list[SaidBefore] = field(default_factory=list)
    head: Head | None = None

    @property
    def title(self) -> Shown | None:
        """Give the title, or None where it was taken down."""
        return self.texts.get("title")

    @property
    def decided_on(self) -> date | None:
        """Give the day of the decision as it was promised, where the promise cites one."""
        if self.decision is None:
            return None
        before = [one for one in self.moves if self.entry is not None and one.index < self.entry]
        was = (before[-1] if before else self.decision).entry.data["on"]
        return date.fromisoformat(self.data.get("decided_on", was))

    @property
    def moved(self) -> Told | None:
        """Give what changed the day of the decision since it was promised: that it was moved, or made on another day."""
        last = self.moves[-1] if self.moves else None
        is_moved = last is not None and date.fromisoformat(last.entry.data["on"]) != self.decided_on
        return last if is_moved else None

    @property
    def is_decided_early(self) -> bool:
        """Say whether the decision was made before the last day to speak was over."""
        last = self.moves[-1].entry if self.moves else None
        return bool(last and is_made_early(last, self.closes))

    @property
    def late(self) -> dict[str, date]:
        """Give the days, as corrected, that come after the decision, by their names."""
        decided = date.fromisoformat(self.moved.entry.data["on"]) if self.moved else self.decided_on
        late = after_decision(decided, closes=self.closes, answer_by=self.answer_by)
        return {**late, "decided": decided} if late and decided else {}

    @property
    def was(self) -> Mapping[str, date]:
        """Give the days as first promised, by their names, where they were corrected since."""
        return self.course.as_promised if self.course else {}

    @property
    def corrected(self) -> Told | None:
        """Give the last correction, or None."""
        return self.corrections[-1] if self.corrections else None

    @property
    def translated(self) -> Shown | None:
        """Give a text that is a translation, if any shown text is one."""
        return next((one for one in self.texts.values() if not one.is_original), None)

    @property
    def is_reviewed(self) -> bool:
        """Say whether a person reviewed every translation shown."""
        return all(one.is_reviewed for one in self.texts.values())


@dataclass(frozen=True)
class Stands:
    """One thing that a correction may be about, as it stands now: a day and the one first promised, or words."""

    name: str | Promise
    day: date | None
    was: date | None
    text: Shown | None
    corrections: list[Told]


def stands_now(page: Page, about: Sequence[tuple[str, str | Promise]]) -> list[Stands]:
    """List what stands now of a promise, under the names that its corrections give; no day that it does not promise."""
    days = {"closes": page.closes, "report_back": page.report_back, "answer_by": page.answer_by}
    return [
        Stands(
            name=name,
            day=days.get(key),
            was=page.was.get(key),
            text=page.texts.get(key),
            corrections=[one for one in page.corrections if one.entry.data["about"] == key],
        )
        for key, name in about
        if key not in days or days[key]
    ]


def engagement_page(program: Program, lang: str, slug: str, today: date) -> Page | None:
    """Give an engagement as the record has it, or None where nothing is promised. Nine queries."""
    found = told_where(program, lang, kinds=["engagement.promised"], subject=slug)
    if not found:
        return None
    promise = found[0]
    near, rows = _near(program, promise, lang)
    decision = next(iter(_cited(promise, "decision", near)), None)
    projects = told(program, decision.entry.cites["project"] if decision else (), lang)
    changes = [near[citing] for citing, kind, _cited in rows if kind in CHANGES]
    course = course_of(promise.entry, [one.entry for one in changes])
    overdue, holders = course.overdue_since(today), _holders(near)
    readers, former = holders_today(program, holders, today)
    return Page(
        slug=slug,
        data=promise.entry.data,
        texts=promise.texts,
        questions=_frozen_questions(promise, lang),
        closes=course.closes,
        report_back=course.report_back,
        answer_by=course.answer_by,
        entry=promise.index,
        on=promise.entry.date,
        readers=readers,
        former=former,
        state=course.state(today),
        course=course,
        overdue=overdue,
        paused=near[course.paused.index] if course.paused else None,
        is_held=overdue is not None and is_under_hold(program),
        decision=decision,
        moves=[near[citing] for citing, kind, _cited in rows if kind in MOVES],
        project=next(iter(projects.values()), None),
        before=seen_before(program, _cited(promise, "before", near)),
        corrections=[one for one in changes if one.entry.kind == "engagement.corrected"],
        head=head_of(program),
    )


def _cited(promise: Told, role: str, near: Mapping[int, Told]) -> list[Told]:
    return [near[one] for one in promise.entry.cites.get(role, ()) if one in near]


def _near(program: Program, promise: Told, lang: str) -> tuple[dict[int, Told], list[tuple[int, str, int]]]:
    """Give the entries around a promise: its key, its decision, what changed it, with whom the key was shared."""
    key = promise.entry.cites["key"]
    decision = promise.entry.cites.get("decision", ())
    rows = indexes_citing(program, [promise.index, *key, *decision], [*CHANGES, *MOVES, "key.shared"])
    wanted = {*(citing for citing, _kind, _cited in rows), *key}
    wanted.update(index for role in ("decision", "before") for index in promise.entry.cites.get(role, ()))
    return told(program, wanted, lang), rows


def _holders(near: Mapping[int, Told]) -> set[str]:
    """Give the seats to which the key is locked, those that are over among them."""
    return {seat for one in near.values() for seat in one.entry.data.get("wrapped_to", ())}


def holders_today(program: Program, seats: Collection[str], today: date) -> tuple[int, int]:
    """Count the people behind these seats who sit today, be it in another seat, and those who do not. One query."""
    behind = Seat.objects.filter(cohort__program=program, public_id__in=seats).values("person")
    theirs = Seat.objects.filter(cohort__program=program, person__in=behind)
    people: dict[int, bool] = {}
    for person, sits in theirs.annotate(sits=sitting(today)).values_list("person", "sits"):
        people[person] = people.get(person, False) or bool(sits)
    sit = sum(people.values())
    return sit, len(people) - sit


def _frozen_questions(promise: Told, lang: str) -> list[Question]:
    """Read the questions that were promised, in a language."""
    return questions_of(frozen_form(promise), lang, promise.lang("form"))


def frozen_form(promise: Told) -> dict[str, Any]:
    """Give the form that was promised; an empty one where the words are not those whose hash is in the promise."""
    words = promise.say("form")
    if hashlib.sha256(words.encode()).hexdigest() != promise.entry.data["form"]:
        return {}
    form: dict[str, Any] = json.loads(words)
    return form

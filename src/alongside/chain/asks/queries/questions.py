"""Read questions, many at a time: where each stands, what was told, and how many each unit has not answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, Q, QuerySet, When

from alongside.chain.asks.queries.asking import OWING
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import Citation, Standing
from alongside.ground.record.queries import Told

PAGE = 50
KIND = "ask.questioned"


@dataclass(frozen=True)
class QuestionLine:
    """One question of a list: its words, where it stands, what was told, and the question that follows up on it."""

    told: Told
    standing: Standing
    days: int
    answer: Told | None = None
    raised: Told | None = None
    reply: Told | None = None
    follow_up: int | None = None

    @property
    def is_late(self) -> bool:
        """Say whether an answer is owed and its day is past."""
        return self.standing.state in OWING and self.days < 0 and not self.is_quiet

    @property
    def is_quiet(self) -> bool:
        """Say whether its day is past in its unit's learning period."""
        quiet = self.standing.quiet
        return (
            self.days < 0
            and quiet is not None
            and self.standing.answer_due + timedelta(days=-self.days) <= quiet
        )


@dataclass(frozen=True)
class UnitCount:
    """How many questions a unit was asked, has not answered, and is late with."""

    unit: str
    asked: int
    waiting: int
    late: int


@dataclass(frozen=True)
class QuestionPage:
    """A page of questions, counted from 1."""

    lines: list[QuestionLine] = field(default_factory=list)
    count: int = 0
    number: int = 1
    pages: int = 1

    @property
    def before(self) -> int:
        """Give the number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Give the number of the page after."""
        return self.number + 1


def _past(today: date) -> Q:
    """Say what is late in public: past its day, and the learning period of its unit over."""
    return Q(answer_due__lt=today) & (Q(quiet=None) | Q(quiet__lt=today))


def counts(program: Program, today: date) -> list[UnitCount]:
    """Count the questions of each unit, those that left most unanswered first. One query."""
    waiting = Q(state__in=OWING)
    rows = Standing.objects.filter(log__program=program, kind=KIND).values("unit")
    rows = rows.annotate(
        asked=Count("pk"),
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & _past(today)),
    )
    return [UnitCount(**row) for row in rows.order_by("-late", "-waiting", "unit")]


def page_of_questions(
    program: Program,
    lang: str,
    today: date,
    *,
    unit: str = "",
    state: str = "",
    listed: int | None = None,
    number: int = 1,
) -> QuestionPage:
    """Give a page of questions: what waits first, then the answered ones, by their day. Five queries."""
    rows = _fitting(program, today, state).filter(log__program=program, kind=KIND)
    if unit:
        rows = rows.filter(unit=unit)
    if listed is not None:
        on_it = Citation.objects.filter(log__program=program, cited=listed, role="list")
        rows = rows.filter(ask__in=on_it.values("citing"))
    count = rows.count()
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    answered = Case(When(state__in=OWING, then=0), default=1)
    ordered = rows.order_by(answered, "answer_due", "ask")
    found = list(ordered[(number - 1) * PAGE : number * PAGE])
    return QuestionPage(_lines(program, lang, today, found), count, number, pages)


def _fitting(program: Program, today: date, state: str) -> QuerySet[Standing]:
    """Give the standings of a state of the list."""
    asks = Standing.objects.filter(log__program=program)
    where = {
        "waiting": Q(state__in=OWING),
        "late": Q(state__in=OWING) & _past(today),
        "told": Q(decision__in=("told", "told_in_part", "accepted", "accepted_in_part")),
        "refused": Q(decision="declined"),
        "raised": Q(raised__isnull=False),
    }
    return asks.filter(where.get(state, Q()))


def _lines(program: Program, lang: str, today: date, found: Sequence[Standing]) -> list[QuestionLine]:
    follows = Citation.objects.filter(
        log__program=program, role="follows", cited__in=[one.ask for one in found]
    )
    next_ones = dict(follows.values_list("cited", "citing"))
    beside = [
        index for one in found for index in (one.answer, one.raised, one.raise_reply) if index is not None
    ]
    told = record.told(program, [*(one.ask for one in found), *beside], lang)
    return [_line(one, told, next_ones, today) for one in found if one.ask in told]


def _line(one: Standing, told: Mapping[int, Told], next_ones: Mapping[int, int], today: date) -> QuestionLine:
    return QuestionLine(
        told=told[one.ask],
        standing=one,
        days=(one.answer_due - today).days,
        answer=told.get(one.answer) if one.answer is not None else None,
        raised=told.get(one.raised) if one.raised is not None else None,
        reply=told.get(one.raise_reply) if one.raise_reply is not None else None,
        follow_up=next_ones.get(one.ask),
    )


def owed_on_a_list(program: Program, listed: int, due: date) -> int:
    """Count the questions of a list that are owed an answer by this day; none where this is no list. One query."""
    on_it = Citation.objects.filter(log__program=program, cited=listed, role="list")
    rows = Standing.objects.filter(log__program=program, ask__in=on_it.values("citing"))
    return rows.filter(state__in=OWING, answer_due=due).count()


def learning_end(program: Program, about: int) -> date | None:
    """Give the last day of the learning period of the unit that owes an ask, or a question of a list. One query."""
    on_it = Citation.objects.filter(log__program=program, cited=about, role="list")
    rows = Standing.objects.filter(Q(ask=about) | Q(ask__in=on_it.values("citing")), log__program=program)
    return rows.exclude(quiet=None).values_list("quiet", flat=True).first()

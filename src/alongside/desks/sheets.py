"""The report of a year as rows: plain English names that do not change, so that a spreadsheet of many years adds up."""

from collections.abc import Iterator

from alongside.core.disclosure import Band, Fewer
from alongside.desks.queries.years import Year
from alongside.ground.record.queries import Rate

#: `low` and `high` are the ends of a range, and empty below the smallest count that may be told.
HEADINGS = ("year", "part", "measure", "about", "value", "low", "high", "entry")
COUNTED = {
    "engagements opened": ("reach", "engagement_promised"),
    "findings": ("findings", "finding_published"),
    "recommendations": ("asks", "ask_recommended"),
    "questions": ("asks", "ask_questioned"),
    "points of advice": ("asks", "ask_advised"),
    "answers": ("asks", "answer_given"),
    "answers contested": ("asks", "answer_contested"),
    "answers without reasons, leads say": ("asks", "answer_unreasoned"),
    "milestones verified": ("kept", "delivery_verified"),
    "milestones disputed": ("kept", "delivery_disputed"),
    "report-backs": ("reach", "report_published"),
    "courses offered": ("training", "course_offered"),
}

type Row = tuple[str, str, str, object, object, object, object]


def sheet(year: Year) -> list[list[str]]:
    """Give the rows of a year, every cell as text."""
    rows = [*_counted(year), *_heard(year), *_learned(year), *_paid(year), *_rates(year), *_failed(year)]
    return [[str(year.number), *("" if cell is None else str(cell) for cell in row)] for row in rows]


def _counted(year: Year) -> Iterator[Row]:
    for measure, (part, kind) in COUNTED.items():
        yield part, measure, "", year.counts[kind], None, None, None
    yield "findings", "findings of smaller groups", "", len(year.smaller), None, None, None
    yield "reach", "languages", " ".join(year.languages), len(year.languages), None, None, None


def _heard(year: Year) -> Iterator[Row]:
    for one in year.heard:
        if one.voices is not None and one.course.ended:
            slug = str(one.promise.entry.data["engagement"])
            yield "reach", "voices", slug, None, *_ends(one.voices), one.course.ended.index


def _learned(year: Year) -> Iterator[Row]:
    for one in year.learned:
        data = one.told.entry.data
        about = " ".join(filter(None, [data["track"], data["who"], data.get("unit")]))
        yield "training", "people who completed", about, None, *_ends(one.people), one.told.index


def _paid(year: Year) -> Iterator[Row]:
    for cohort in year.pay:
        for one in cohort.totals:
            about = f"{one.told.entry.data['cohort']} {one.quarters} {one.low.currency}"
            exact = one.low.plain() if one.is_exact else None
            yield "pay", "paid to leads", about, exact, one.low.plain(), one.high.plain(), one.told.index
            yield "pay", "median days to pay", about, one.median_days, None, None, one.told.index


def _rates(year: Year) -> Iterator[Row]:
    yield from _rate("response", year.rates.response)
    yield from _rate("implementation", year.rates.implementation)


def _rate(name: str, rate: Rate) -> Iterator[Row]:
    yield "rates", f"{name} rate, due", "", rate.due, None, None, None
    yield "rates", f"{name} rate, done", "", rate.done, None, None, None
    yield "rates", f"{name} rate, percent", "", rate.percent, None, None, None


def _failed(year: Year) -> Iterator[Row]:
    for one in year.failures:
        yield "failed", one.what, one.who, one.days, None, None, one.entry


def _ends(voices: Band | Fewer) -> tuple[int | None, int | None]:
    return (voices.low, voices.high) if isinstance(voices, Band) else (None, None)

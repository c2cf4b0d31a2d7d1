"""The yearly report, counted from the record: whom a year reached, what came of it, what failed; the page and the CSV."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.cohort.pay.queries.totals import CohortPay, public_pay
from alongside.core.disclosure import Band, Fewer, band_of_data
from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.tables import write
from alongside.core.workflow.asks import Decision
from alongside.core.workflow.commitments import CHECKS, MilestoneStanding, fold_milestone, open_milestones
from alongside.core.workflow.engagements import CHANGES as TURNS
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.workplans import CHANGES as VERSIONS
from alongside.desks import stage_words
from alongside.desks.answers_due import Rates
from alongside.desks.lines import Lines, counts_of, lines_of, years_of
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record import rates
from alongside.ground.record.models import MilestoneStanding as MilestoneRow
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import TextView, Words
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import dot, listed
from alongside.ground.ui.pages import download, page_of_many

#: What a report reads. Batches of voices are not among them: a year costs the same with few voices and with many.
KINDS = (
    EntryKind.ENGAGEMENT_PROMISED,
    *TURNS,
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ASK_SILENT,
    EntryKind.ANSWER_CONTESTED,
    EntryKind.CONTEST_REPLIED,
    EntryKind.CONTEST_SILENT,
    EntryKind.ASK_RAISED,
    EntryKind.RAISE_REPLIED,
    EntryKind.RAISE_SILENT,
    EntryKind.COMMITMENT_MADE,
    EntryKind.COMMITMENT_LATE,
    EntryKind.DELIVERY_CLAIMED,
    EntryKind.DELIVERY_VERIFIED,
    EntryKind.DELIVERY_DISPUTED,
    EntryKind.DELIVERY_UNCHECKED,
    EntryKind.VACANCY_LATE,
    EntryKind.COURSE_OFFERED,
    EntryKind.TRAINING_COMPLETED,
    *VERSIONS,
)
#: What it only counts.
ONLY_COUNTED = (
    EntryKind.ASK_RECOMMENDED,
    EntryKind.ASK_QUESTIONED,
    EntryKind.ASK_ADVISED,
    EntryKind.ANSWER_UNREASONED,
)


@dataclass(frozen=True)
class Failure:
    """Something that failed: the entry that tells it, the one that it is about, and which text of that names it.

    `what` is silent, late, unreplied, passed_over, disputed, broken, unchecked, unheard, empty or unsigned; `who` an office, a unit, a cohort
    or nothing; `days` how long, as far as the record tells it in the year.
    """

    what: str
    entry: int
    about: int | None = None
    named: str = "title"
    who: str = ""
    days: int | None = None
    #: The day until which more time was taken after its day had passed, where an answer is still owed.
    until: date | None = None
    #: The day on which what those who checked did not agree to was called done again, while nobody has checked that.
    again: date | None = None
    #: The day on which the clock told it, where the days are counted to that.
    told: date | None = None


def failures(lines: Lines, own: Sequence[Entry], asks: Mapping[int, Standing], until: date) -> list[Failure]:
    """List what failed in a year. Asks nothing."""
    return [
        *_silences(lines, own, asks, until),
        *_unreplied(lines, own, asks, until),
        *_promises(lines, own, until),
        *_unheard(lines, until),
        *_empty(lines, own),
        *_unsigned(lines, until),
    ]


def _silences(lines: Lines, own: Sequence[Entry], asks: Mapping[int, Standing], until: date) -> list[Failure]:
    """List the asks that got no answer by their day, under each office that let it pass: `late` where one came since, else `silent`.

    The days are counted from the first day that it let pass to the answer, or to the last day of the report.
    """
    found = []
    of_each: dict[tuple[int, str], list[Entry]] = {}
    for one in own:
        if one.kind == EntryKind.ASK_SILENT:
            for index in one.cites["ask"]:
                of_each.setdefault((index, str(one.data["office"])), []).append(one)
    for (index, office), told in of_each.items():
        last, standing = told[-1], asks.get(index)
        answered = _answered_on(lines, standing) if standing else None
        answered = answered if answered and answered >= last.date else None
        due = min(one.date - timedelta(days=int(one.data["days"])) for one in told)
        days = (min(answered or until, until) - due).days
        what, more = "late" if answered else "silent", None
        if standing and unit_of(office) in map(unit_of, standing.missed):
            more = standing.more_time
        found.append(Failure(what, last.index, index, who=office, days=days, until=more))
    return found


def _answered_on(lines: Lines, standing: Standing) -> date | None:
    """Give the day on which what was asked was answered, or told by the office above; None where it was put off, or not answered."""
    if standing.is_answered:
        return standing.answered
    reply = lines.by_index.get(standing.raise_reply) if standing.raise_reply is not None else None
    return reply.date if reply and reply.data["decision"] == Decision.TOLD else None


def _unreplied(
    lines: Lines, own: Sequence[Entry], asks: Mapping[int, Standing], until: date
) -> list[Failure]:
    """List the contests, and what was raised to the office above, that got no reply by their day.

    The days are counted from that day to the reply, or to the last day of the report.
    """
    contested = {one.contest: ask for ask, one in asks.items() if one.contest is not None}
    found = []
    for role, silent, replied, what in (
        ("contest", EntryKind.CONTEST_SILENT, EntryKind.CONTEST_REPLIED, "unreplied"),
        ("raise", EntryKind.RAISE_SILENT, EntryKind.RAISE_REPLIED, "passed_over"),
    ):
        replies = lines.last_by(replied, role)
        for index, told in lines.last_by(silent, role, own).items():
            asked = lines.by_index[index]
            ask = asked.cites["ask"][0] if "ask" in asked.cites else contested.get(index)
            ended = min(replies[index].date, until) if index in replies else until
            days = (ended - date.fromisoformat(asked.data["reply_due"])).days
            found.append(Failure(what, told.index, ask, who=str(told.data["office"]), days=days))
    return found


def _promises(lines: Lines, own: Sequence[Entry], until: date) -> list[Failure]:
    """List milestones: disputed, not done by their day, or claimed and not checked. One that is both of the first counts once.

    The days of lateness are counted to the claim that counts, or to the last day of the report.
    """
    kinds: dict[str, str] = {
        EntryKind.DELIVERY_DISPUTED: "disputed",
        EntryKind.COMMITMENT_LATE: "broken",
        EntryKind.DELIVERY_UNCHECKED: "unchecked",
    }
    last: dict[tuple[str, int, str], Entry] = {}
    for one in own:
        commitment = _commitment(lines, one) if one.kind in kinds else None
        if commitment is not None:
            last[one.kind, commitment.index, str(one.data["milestone"])] = one
    stand = _milestones(lines)
    told = {
        (one.cites["commitment"][0], str(one.data["milestone"]))
        for one in lines.of(EntryKind.COMMITMENT_LATE)
    }
    late = {name: one.days_late(until) for name, one in stand.items() if name in told}
    return [
        Failure(
            kinds[kind],
            one.index,
            commitment,
            name,
            str(lines.by_index[commitment].data["office"]),
            one.data.get("days") if kinds[kind] == "unchecked" else late.get((commitment, name)),
            again=_called_again(stand.get((commitment, name))) if kinds[kind] == "disputed" else None,
        )
        for (kind, commitment, name), one in last.items()
        if kinds[kind] != "broken" or (EntryKind.DELIVERY_DISPUTED, commitment, name) not in last
    ]


def _called_again(one: MilestoneStanding | None) -> date | None:
    return one.claimed if one and one.is_unchecked and one.disputed else None


def _milestones(lines: Lines) -> dict[tuple[int, str], MilestoneStanding]:
    """Give where each milestone stands at the end of the lines, by its commitment and its name."""
    found = {
        (made.index, step.milestone): step
        for made in lines.of(EntryKind.COMMITMENT_MADE)
        for step in open_milestones(made, made.index)
    }
    for one in lines.of(EntryKind.DELIVERY_CLAIMED, *CHECKS):
        commitment = _commitment(lines, one)
        name = (commitment.index if commitment else -1, str(one.data["milestone"]))
        if name in found:
            found[name] = fold_milestone(found[name], one, 0)
    return found


def _commitment(lines: Lines, entry: Entry) -> Entry | None:
    claim = lines.cited(entry, "claim")
    return lines.cited(claim or entry, "commitment")


def _unheard(lines: Lines, until: date) -> list[Failure]:
    """List the engagements whose people did not hear back by the day that was promised, if that day is in the year."""
    first = date(until.year, 1, 1)
    late = [
        (index, course)
        for index, course in lines.courses().items()
        if first <= course.report_back < until
        and (course.report is None or course.report.date > course.report_back)
    ]
    return [
        Failure(
            "unheard",
            index,
            index,
            days=((course.report.date if course.report else until) - course.report_back).days,
        )
        for index, course in late
    ]


def _empty(lines: Lines, own: Sequence[Entry]) -> list[Failure]:
    """List the seats that were empty past the alarm."""
    return [
        Failure("empty", last.index, days=int(last.data["days"]), told=last.date)
        for last in lines.last_by(EntryKind.VACANCY_LATE, "vacancy", own).values()
    ]


def _unsigned(lines: Lines, until: date) -> list[Failure]:
    """List the workplans of which, at the end, the newest version lacked a side's signature."""
    found = []
    for standing in lines.plans().values():
        waits, since = standing.one_sided, standing.waits_since
        if waits and since:
            who, days = ",".join(waits.missing), (until - since.date).days
            found.append(Failure("unsigned", since.index, waits.proposed.index, who=who, days=days))
    return found


@dataclass(frozen=True)
class Heard:
    """An engagement that was opened in the year, or whose voices were counted in it. `voices` is None while open."""

    promise: Entry
    course: EngagementState
    languages: Sequence[str]
    voices: Band | Fewer | None


@dataclass(frozen=True)
class Learned:
    """How many people completed a track, as a range, and the courses it is made of."""

    told: Entry
    courses: Sequence[Entry]
    people: Band | Fewer


@dataclass(frozen=True)
class Year:
    """Everything the report of a year shows. `until` is its last day, or today in the year that runs."""

    number: int
    until: date
    is_over: bool
    heard: Sequence[Heard]
    counts: Mapping[str, int]
    findings: Sequence[Entry]
    learned: Sequence[Learned]
    offered: Sequence[Entry]
    pay: Sequence[CohortPay]
    #: What was asked of the City in the year, as it stands today.
    asked: Sequence[Standing]
    #: What the City promised to do in the year, as it stands today.
    promised: Sequence[MilestoneRow]
    rates: Rates
    failures: Sequence[Failure]

    @property
    def languages(self) -> list[str]:
        """List every language in which people could take part, by code."""
        return sorted({code for one in self.heard for code in one.languages})

    @property
    def at_least(self) -> int:
        """Count the voices that there were at least: the lower ends of all ranges."""
        return sum(one.voices.low for one in self.heard if isinstance(one.voices, Band))

    @property
    def smaller(self) -> list[Entry]:
        """List the findings of smaller groups."""
        return [one for one in self.findings if one.data["smaller"]]


def year_of(program: Program, lang: str, year: int, today: date) -> Year:
    """Count a year from the record, without the words of what it lists. Six queries, however much there is."""
    first, until = date(year, 1, 1), min(today, date(year, 12, 31))
    lines = lines_of(program, KINDS, until)
    own = [one for one in lines.by_index.values() if one.date >= first]
    asks, steps = record.standings(program), record.milestones(program)
    written = {one.index for one in own}
    return Year(
        number=year,
        until=until,
        is_over=today > until,
        heard=_heard(lines, first),
        counts=_counts(lines, own, first)
        | counts_of(program, ONLY_COUNTED, first, until)
        | {
            "answer_given": sum(
                1 for one in asks if one.is_answered and one.answered and first <= one.answered <= until
            )
        },
        findings=[one for one in own if one.kind == EntryKind.FINDING_PUBLISHED],
        learned=[_learned(one, lines) for one in own if one.kind == EntryKind.TRAINING_COMPLETED],
        offered=[one for one in own if one.kind == EntryKind.COURSE_OFFERED],
        pay=_pay(public_pay(program, lang, today), year),
        asked=[one for one in asks if one.asked.year == year],
        promised=[one for one in steps if one.commitment in written],
        rates=Rates(
            rates.response_rate([one for one in asks if rates.counts_in(one) == year], today),
            rates.implementation_rate([one for one in steps if one.due.year == year], until),
            rates.on_their_day([one for one in asks if rates.counts_in(one) == year], today),
        ),
        failures=failures(lines, own, {one.ask: one for one in asks}, until),
    )


def _heard(lines: Lines, first: date) -> list[Heard]:
    found = []
    for course in lines.courses().values():
        ended = course.ended
        if course.promise.date < first and (ended is None or ended.date < first):
            continue
        voices = band_of_data(ended.data["voices"]) if ended else None
        found.append(Heard(course.promise, course, course.promise.data["languages"], voices))
    return found


def _counts(lines: Lines, own: Sequence[Entry], first: date) -> dict[str, int]:
    """Count the entries of the year by kind; what the templates name, they find there.

    Of checks it counts milestones: kept are those that were kept at its end and not at its start.
    """
    found = {kind.replace(".", "_"): 0 for kind in KINDS}
    for one in own:
        found[one.kind.replace(".", "_")] += 1
    before, after = _kept(lines, first), _kept(lines, date.max)
    disputed = {_milestone(lines, one) for one in own if one.kind == EntryKind.DELIVERY_DISPUTED}
    return found | {"delivery_verified": len(after - before), "delivery_disputed": len(disputed)}


def _kept(lines: Lines, until: date) -> set[tuple[int, str]]:
    """Give the milestones whose last check before a day says that they were kept."""
    last = {_milestone(lines, one): one.kind for one in lines.of(*CHECKS) if one.date < until}
    return {name for name, kind in last.items() if kind == EntryKind.DELIVERY_VERIFIED}


def _milestone(lines: Lines, check: Entry) -> tuple[int, str]:
    """Name the milestone that was checked: its commitment, and its name there."""
    return lines.by_index[check.cites["claim"][0]].cites["commitment"][0], str(check.data["milestone"])


def _learned(one: Entry, lines: Lines) -> Learned:
    courses = [lines.by_index[index] for index in one.cites["courses"] if index in lines.by_index]
    return Learned(one, courses, band_of_data(one.data["people"]))


def _pay(cohorts: Sequence[CohortPay], year: int) -> list[CohortPay]:
    """Keep the totals that end in a year: a total over two years is told with the later one."""
    kept = [
        replace(
            one,
            totals=[
                total for total in one.totals if str(total.told.entry.data["until"]).startswith(f"{year}-")
            ],
            waits=one.waits if one.waits and one.waits[1].startswith(f"{year}-") else None,
        )
        for one in cohorts
    ]
    return [one for one in kept if one.totals or one.waits]


#: What was asked, each kind by itself.
ASKED: dict[str, str | Promise] = {
    EntryKind.ASK_RECOMMENDED: gettext_lazy("Recommendations"),
    EntryKind.ASK_QUESTIONED: gettext_lazy("Questions"),
    EntryKind.ASK_ADVISED: gettext_lazy("Advice"),
}
FAILED: dict[str, str | Promise] = {
    "silent": gettext_lazy("No answer by the date, and none since"),
    "late": gettext_lazy("Answered after the date"),
    "unreplied": gettext_lazy("Leads contested an answer, and no reply came by the date"),
    "passed_over": gettext_lazy("Raised to the office above, and no reply came by the date"),
    "disputed": gettext_lazy("Called done, and those who checked say that it is not"),
    "broken": gettext_lazy("Promised for a date, and not done by then"),
    "unchecked": gettext_lazy("Called done, and nobody checked it in time"),
    "unheard": gettext_lazy("People did not hear back by the date"),
    "empty": gettext_lazy("A place stayed empty past its alarm"),
    "unsigned": gettext_lazy("A workplan lacked a signature"),
}


@dataclass(frozen=True)
class FailureLine:
    """One failure as the page shows it."""

    heading: str
    about: TextView | None
    text: str
    index: int
    href: str


def sorted_out(found: Sequence[Failure]) -> list[Failure]:
    """Put failures of one sort together, in the order in which the report names the sorts."""
    return [one for what in FAILED for one in found if one.what == what]


def told_lines(request: ViewerRequest, found: Sequence[Failure], words: Words) -> list[FailureLine]:
    """Say each failure. Asks nothing."""
    lang, pack = lang_of(request), request.pack
    return [
        FailureLine(
            heading=str(FAILED[one.what]),
            about=words.get(-1 if one.about is None else one.about, {}).get(one.named),
            text=dot().join(filter(None, [_who(one, pack, lang), _days(one), _since(one)])),
            index=one.entry,
            href=to(request, "record:entry", index=one.entry),
        )
        for one in found
    ]


def _who(one: Failure, pack: Pack, lang: str) -> str:
    if one.what == "unsigned":
        sides = [_side(side, pack, lang) for side in one.who.split(",")]
        return _("Waited for %(who)s") % {"who": listed(sides)}
    return pack.office_title(one.who, lang) if one.who else ""


def _side(side: str, pack: Pack, lang: str) -> str:
    return _("the community leads") if side == "community" else pack.unit_name(side, lang)


def _days(one: Failure) -> str:
    if one.days is None:
        return ""
    if one.what == "empty":
        words = ngettext("Empty for %(n)d day on %(day)s", "Empty for %(n)d days on %(day)s", one.days)
        return words % {"n": one.days, "day": day_in_words(one.told)}
    if one.what == "unsigned":
        words = ngettext("For %(n)d day", "For %(n)d days", one.days)
    else:
        words = ngettext("%(n)d day late", "%(n)d days late", one.days)
    return words % {"n": one.days}


def _since(one: Failure) -> str:
    if one.again:
        return stage_words.called_again(one.again)
    return _("more time taken until %(day)s") % {"day": day_in_words(one.until)} if one.until else ""


#: `low` and `high` are the ends of a range, and empty below the smallest count that may be told; of what failed, `until` is the day
#: until which more time was taken after its day had passed.
HEADINGS = ("year", "part", "measure", "about", "value", "low", "high", "entry", "until")
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

type Row = tuple[str, str, str, *tuple[object, ...]]


def sheet(year: Year) -> list[list[str]]:
    """Give the rows of a year, every cell as text."""
    rows = [
        *_counted(year),
        *_heard_rows(year),
        *_learned_rows(year),
        *_paid(year),
        *_rates(year),
        *_failed(year),
    ]
    filled = ([*row, *[None] * (len(HEADINGS) - 1 - len(row))] for row in rows)
    return [[str(year.number), *("" if cell is None else str(cell) for cell in row)] for row in filled]


def _counted(year: Year) -> Iterator[Row]:
    for measure, (part, kind) in COUNTED.items():
        yield part, measure, "", year.counts[kind], None, None, None
    for decision, many in sorted(Counter(one.decision or "no answer yet" for one in year.asked).items()):
        yield "asks", decision, "", many, None, None, None
    for (kind, decision), many in sorted(
        Counter((one.kind, one.decision or "no answer yet") for one in year.asked).items()
    ):
        yield "asks", decision, kind, many, None, None, None
    yield "findings", "findings of smaller groups", "", len(year.smaller), None, None, None
    yield "reach", "languages", " ".join(year.languages), len(year.languages), None, None, None


def _heard_rows(year: Year) -> Iterator[Row]:
    for one in year.heard:
        if one.voices is not None and one.course.ended:
            slug = str(one.promise.data["engagement"])
            yield "reach", "voices", slug, None, *_ends(one.voices), one.course.ended.index


def _learned_rows(year: Year) -> Iterator[Row]:
    for one in year.learned:
        data = one.told.data
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


def _rate(name: str, rate: rates.Rate) -> Iterator[Row]:
    yield "rates", f"{name} rate, due", "", rate.due, None, None, None
    yield "rates", f"{name} rate, done", "", rate.done, None, None, None
    if rate.percent is not None:
        yield "rates", f"{name} rate, percent", "", rate.percent, None, None, None


def _failed(year: Year) -> Iterator[Row]:
    for one in year.failures:
        yield "failed", one.what, one.who, one.days, None, None, one.entry, one.until


def _ends(voices: Band | Fewer) -> tuple[int | None, int | None]:
    return (voices.low, voices.high) if isinstance(voices, Band) else (None, None)


@from_the_record
@open_to(Role.EVERYONE)
def years(request: ViewerRequest) -> HttpResponseBase:
    """List the years of the program."""
    return render(request, "desks/years.html", {"years": years_of(request.program, request.today)})


@from_the_record
@open_to(Role.EVERYONE)
def year(request: ViewerRequest, year: int) -> HttpResponseBase:
    """Show one year: whom it reached, what came of it, what failed."""
    found, lang = _year(request, year), lang_of(request)
    failed = sorted_out(found.failures)
    page, shown = page_of_many(request.GET.get("page"), found.heard, found.smaller, failed, found.offered)
    heard, smaller, failed = found.heard[shown], found.smaller[shown], failed[shown]
    words = record.texts_of(
        request.program,
        {
            *(one.promise.index for one in heard),
            *(one.index for one in (*smaller, *found.offered[shown])),
            *(course.index for one in found.learned for course in one.courses),
            *(one.about for one in failed if one.about is not None),
        },
        lang,
    )
    context = {
        "year": found,
        "page": page,
        "name": str(found.number),
        "heard": [
            (one, words.get(one.promise.index, {}), [language(code) for code in one.languages])
            for one in heard
        ],
        "in_languages": [language(code) for code in found.languages],
        "findings": [(one, words.get(one.index, {}), one.cites["engagement"][0]) for one in smaller],
        "learned": [(one, [words.get(each.index, {}) for each in one.courses]) for one in found.learned],
        "offered": [words.get(one.index, {}) for one in found.offered[shown]],
        "failed": _grouped(told_lines(request, failed, words), found.failures),
        "asked": [
            (label, stage_words.asked_words([one for one in found.asked if one.kind == kind], request.today))
            for kind, label in ASKED.items()
            if any(one.kind == kind for one in found.asked)
        ],
        "promised": stage_words.promised_words(found.promised, request.today),
        "rates": found.rates,
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/year.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def year_csv(request: ViewerRequest, year: int) -> HttpResponseBase:
    """Give a year as CSV; cells that a spreadsheet would run are made harmless."""
    found = _year(request, year)
    return download(write(HEADINGS, sheet(found)), f"{request.program.slug}-{found.number}.csv")


def _year(request: ViewerRequest, number: int) -> Year:
    today = request.today
    if number not in years_of(request.program, today):
        raise Http404
    return year_of(request.program, lang_of(request), number, today)


def _grouped(
    lines: Sequence[FailureLine], every: Sequence[Failure]
) -> list[tuple[str, int, list[FailureLine]]]:
    """Put failures of one sort together, in the order in which they come, each sort with how many there are."""
    found: dict[str, list[FailureLine]] = {}
    for one in lines:
        found.setdefault(one.heading, []).append(one)
    count = Counter(str(FAILED[one.what]) for one in every)
    return [(heading, count[heading], own) for heading, own in found.items()]

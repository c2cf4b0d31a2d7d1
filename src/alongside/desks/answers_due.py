"""Answers due: open asks by unit with age and office, by date, the two rates, and every ask as CSV."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import batched
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.chain.answers.queries import without_reasons
from alongside.chain.asks.queries import MOST_QUESTIONS, lists_of, places_of
from alongside.chain.asks.steps import looked_at, open_asks, places
from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.tables import csv_lines
from alongside.core.workflow.asks import AskStage, Decision
from alongside.desks import stage_words
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.places import page_of_ask
from alongside.ground.record.queries import EntryView, Words
from alongside.ground.record.rates import Rate, Timely, implementation_rate, on_their_day, response_rate
from alongside.ground.record.steps import kept
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.pages import download, page_of
from alongside.ground.ui.steps import Desk
from alongside.work.projects.queries import Above, stands_on

#: The columns of the file, in their order, and what the page beside it says that they mean.
COLUMNS = {
    "ask": gettext_lazy(
        "the number of its entry on the public log; a question has a second row where the office above owes a reply to it, or told the answer"
    ),
    "kind": gettext_lazy("what it is: a recommendation, a question or a point of advice"),
    "unit": gettext_lazy(
        "the short name of the bureau that the row is about: who has it, who let its day pass before, or the office above"
    ),
    "office": gettext_lazy("the short name of its office"),
    "asked": gettext_lazy("the day on which it was asked"),
    "answer_due": gettext_lazy("the day by which its answer is due, or the reply that is owed now"),
    "more_time_until": gettext_lazy("the day until which more time was taken after that day had passed"),
    "owed_now": gettext_lazy("whether an answer or a reply is owed today: yes or no"),
    "state": gettext_lazy("where it stands today"),
    "decision": gettext_lazy("what the office decided last"),
    "answered": gettext_lazy("the day of its answer"),
    "answered_by": gettext_lazy(
        "the short name of the office that gave it, which may be another than the one asked"
    ),
    "answer": gettext_lazy("the words of that answer"),
    "replied": gettext_lazy("the day on which the office replied to the leads who contested it"),
    "reply": gettext_lazy("the words of that reply"),
    "silences": gettext_lazy("how often the public log said that this bureau let a day pass"),
    "days_late": gettext_lazy("for how many days this bureau is late today"),
    "late_since": gettext_lazy("since which day it is late"),
    "title": gettext_lazy("what was asked"),
    "asked_on": gettext_lazy(
        "on what it was asked: a list of questions, an engagement, or what leads reviewed"
    ),
    "project": gettext_lazy(
        "the short name of the project that it is about, or that what led to it is about; empty elsewhere"
    ),
    "link": gettext_lazy("where to read it"),
    "answer_entry": gettext_lazy("the number of the entry with that answer"),
    "reply_entry": gettext_lazy("the number of the entry with that reply"),
}
STATES = {
    AskStage.ASKED: gettext_lazy("Asked. No answer yet."),
    AskStage.ACKNOWLEDGED: gettext_lazy("The office says that it has it. No answer yet."),
    AskStage.DEFERRED: gettext_lazy("“Not yet”, until a day."),
    AskStage.ANSWERED: gettext_lazy("Answered."),
    AskStage.CONTESTED: gettext_lazy("The leads contest the answer. A reply is due."),
    AskStage.REPLIED: gettext_lazy("The answer was contested, and the office replied."),
}

#: So many marks of a unit are drawn.
MOST_MARKS = 60


@from_the_record
@open_to(Role.EVERYONE)
def answers_due(request: ViewerRequest) -> HttpResponseBase:
    """Show open asks by unit with age and office, and the two rates."""
    lang, today = lang_of(request), request.today
    asks, promised = record.standings(request.program), record.milestones(request.program)
    rows = rows_of(request.program, request.pack, lang, today, [one for one in asks if one.owes])
    above = raised_rows(request.program, lang, today, asks)
    lines = together(sorted([*rows, *above], key=lambda row: (row.due, row.ask)))
    shown, away = folded(lines)
    page = page_of(shown, request.GET.get("page"))
    texts = record.texts_of(request.program, [one.named_by for one in page], lang)
    context = {
        "owed": worded(list(page), texts),
        "page": page,
        "folded": away,
        "has_lists": any(one.questions > 1 for one in lines),
        "tallies": tallies(request.program, asks, request.pack, lang, today, above),
        "rates": rates(asks, promised, today),
        "late_promises": stage_words.late_promises_named(promised, today),
        "today": today,
        "columns": COLUMNS.items(),
        "stages": [(stage.value, words) for stage, words in STATES.items()]
        + [("raised", _("Raised to the office above, which owes a reply."))],
    }
    return render(request, "desks/owed.html", context)


@open_to(Role.EVERYONE)
def owed_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give every ask with where it stands as CSV; cells that a spreadsheet would run are made harmless."""
    rows = (["" if row[name] is None else str(row[name]) for name in COLUMNS] for row in _rows(request))
    return download(csv_lines(list(COLUMNS), rows), f"{request.program.slug}-owed-{request.today}.csv")


#: On what something is asked; of what is as near, the first that is there counts.
ASKED_ON = (EntryKind.ASK_LISTED, EntryKind.ENGAGEMENT_PROMISED, EntryKind.CONSULTATION_OPENED)
#: So many asks are read for the file at once.
AT_ONCE = 500


def _rows(request: ViewerRequest) -> Iterator[dict[str, Any]]:
    """Give the rows of the file, some asks at a time, so that any number streams."""
    asks = Standing.objects.filter(log__program=request.program).order_by("answer_due", "ask")
    keys = asks.values_list("pk", flat=True).iterator(chunk_size=10_000)
    for some in batched(keys, AT_ONCE, strict=False):
        yield from _rows_of(request, record.standings(request.program, pk__in=some))


def _rows_of(request: ViewerRequest, found: Sequence[Standing]) -> Iterator[dict[str, Any]]:
    """Give the rows of some asks. Seven queries at most."""
    program, lang = request.program, lang_of(request)
    shared = [one for one in found if one.raised is not None or one.missed]
    said = [index for one in found for index in (one.ask, one.answer, one.reply, one.raised, one.raise_reply)]
    told = record.entry_views(program, {index for index in said if index is not None}, lang)
    above = stands_on(program, [one.ask for one in found], (EntryKind.PROJECT_REGISTERED, *ASKED_ON))
    on = {one.ask: _asked_on(above.get(one.ask, ())) for one in found}
    texts = record.texts_of(program, {index for index in on.values() if index is not None}, lang)
    silences = _silences(program, shared) if shared else {}
    for one in found:
        projects = (each.slug for each in above.get(one.ask, ()) if each.kind == EntryKind.PROJECT_REGISTERED)
        of_all = {
            "title": told[one.ask].say("title"),
            "link": _link(request, told[one.ask]),
            "asked_on": _title(texts, on[one.ask]),
            "project": next(projects, None),
        }
        for row in _cells(one, told, silences, request.today):
            yield row | of_all


def _asked_on(above: Iterable[Above]) -> int | None:
    """Give the list, the promise or the brief on which something was asked, or what it follows up on; None where it was asked on nothing."""
    found = [one for one in above if one.kind in ASKED_ON]
    return (
        min(found, key=lambda one: (one.steps, ASKED_ON.index(EntryKind(one.kind)))).entry if found else None
    )


def _title(texts: Words, index: int | None) -> str | None:
    title = texts.get(index, {}).get("title") if index is not None else None
    return title.words if title else None


#: The cells of an answer, which a bureau that only let a day pass has not.
OF_THE_ANSWER = (
    "decision",
    "answered",
    "answered_by",
    "answer",
    "answer_entry",
    "replied",
    "reply",
    "reply_entry",
)


def _cells(
    one: Standing, told: Mapping[int, EntryView], silences: Mapping[tuple[int, str], int], today: date
) -> list[dict[str, Any]]:
    """Give the cells of an ask, a row for each bureau: who has it, who let a day of it pass before, and the office above.

    `silences` is how many were told, by the ask or what raised it and the unit.
    """
    late, own_unit = one.late_by_office(today), one.unit
    days, before = late.get(one.office, 0), [each for each in one.missed if unit_of(each) != own_unit]
    own = {name: getattr(one, name, None) for name in COLUMNS} | {
        "answer_due": today - timedelta(days=days) if days else one.due or one.answer_due,
        "more_time_until": one.more_time if len(before) < len(one.missed) else None,
        "owed_now": "yes" if one.owes else "no",
        "silences": silences.get((one.ask, own_unit), 0) if before else one.silences,
        "days_late": days or None,
        "late_since": _since(days, today),
        "answered_by": _answered_by(one.answer, told),
        "answer": _words(told, one.answer),
        "replied": None if one.reply is None else told[one.reply].entry.date,
        "reply": _words(told, one.reply),
        "answer_entry": one.answer,
        "reply_entry": one.reply,
    }
    nothing = dict.fromkeys(OF_THE_ANSWER) | {"owed_now": "no", "more_time_until": one.more_time}
    passed = [
        own
        | nothing
        | {"unit": unit_of(each), "office": each, "answer_due": one.missed[each], "days_late": late.get(each)}
        | {"silences": silences.get((one.ask, unit_of(each)), 0)}
        | {"late_since": _since(late.get(each, 0), today)}
        for each in before
    ]
    if one.raised is None:
        return [own, *passed]
    return [own | _said_below(one, told), *passed, *_above(one, own, told, silences, today)]


def _since(days: int, today: date) -> date | None:
    """Give the day since which something is late by so many days, as pages tell it."""
    return today - timedelta(days=days) if days else None


def _words(told: Mapping[int, EntryView], said: int | None) -> str:
    """Give the words of what an office said; none where it said nothing."""
    return "" if said is None else "\n".join(one.words for one in told[said].texts.values())


def _above(
    one: Standing,
    own: Mapping[str, Any],
    told: Mapping[int, EntryView],
    silences: Mapping[tuple[int, str], int],
    today: date,
) -> list[dict[str, Any]]:
    """Give the row of the office above, where it owes a reply or told what was asked."""
    reply = _reply_above(one, told)
    if one.raised is None or not (one.owes_above or _is_told(reply)):
        return []
    office, due = told[one.raised].entry.data["to"], one.raise_due
    late = max((today - due).days, 0) if due and one.owes_above else 0
    row = {
        "unit": unit_of(office),
        "office": office,
        "answer_due": due,
        "more_time_until": None,
        "owed_now": "yes" if one.owes_above else "no",
        "state": "raised" if one.owes_above else one.state,
        "decision": reply.data["decision"] if reply else None,
        "answered": reply.date if reply else None,
        "answered_by": _answered_by(one.raise_reply, told),
        "answer": _words(told, one.raise_reply),
        "replied": None,
        "reply": None,
        "answer_entry": one.raise_reply,
        "reply_entry": None,
        "silences": silences.get((one.raised, unit_of(office)), 0),
        "days_late": late or None,
        "late_since": _since(late, today),
    }
    return [{**own, **row}]


def _answered_by(index: int | None, told: Mapping[int, EntryView]) -> str | None:
    return None if index is None else next(iter(told[index].entry.offices), None)


def _reply_above(one: Standing, told: Mapping[int, EntryView]) -> Entry | None:
    return None if one.raise_reply is None else told[one.raise_reply].entry


def _is_told(reply: Entry | None) -> bool:
    return reply is not None and reply.data["decision"] == Decision.TOLD


def _said_below(one: Standing, told: Mapping[int, EntryView]) -> dict[str, Any]:
    """Give what the office that was asked said itself, where the office above told it; else nothing."""
    if not _is_told(_reply_above(one, told)):
        return {}
    if one.answer is None:
        state = AskStage.ASKED if one.acknowledged is None else AskStage.ACKNOWLEDGED
        return {"state": state, "decision": None, "answered": None}
    given = told[one.answer].entry
    decision, state = given.data["decision"], AskStage.ANSWERED
    if one.reply is not None:
        said, state = told[one.reply].entry.data["decision"], AskStage.REPLIED
        decision = decision if said == Decision.STANDS else said
    if decision == Decision.DEFERRED:
        state = AskStage.DEFERRED
    return {"state": state, "decision": decision, "answered": given.date}


def _silences(program: Program, found: Sequence[Standing]) -> Counter[tuple[int, str]]:
    """Count the silences that were told of some asks and of what raised them, by that entry and the unit. Two queries."""
    about = [index for one in found for index in (one.ask, one.raised) if index is not None]
    told = record.indexes_citing(program, about, (EntryKind.ASK_SILENT, EntryKind.RAISE_SILENT))
    entries = record.entries_at(program, {index for index, _kind, _about in told})
    return Counter((about, unit_of(entries[index].data["office"])) for index, _kind, about in told)


def _link(request: ViewerRequest, ask: EntryView) -> str:
    """Give the whole address at which people read what came of an ask."""
    page = page_of_ask(partial(to, request), ask.entry, {}) or to(request, "record:entry", index=ask.index)
    return f"{settings.ALONGSIDE.address}{page}"


@dataclass
class UnitTally:
    """What one unit owes and has answered."""

    name: str
    marks: list[tuple[str, str]] = field(default_factory=list)
    written: int = 0
    unreasoned: int = 0
    late: int = 0
    owed: int = 0
    longest: int = 0


def tallies(
    program: Program,
    found: Sequence[Standing],
    pack: Pack,
    lang: str,
    today: date,
    above: Sequence["Owed"] = (),
) -> list[UnitTally]:
    """Sum up the units, those with the longest silence first; what is written stands in front. Two queries.

    `above` is what offices above owe to questions that were raised to them.

    What is owed counts as the rows of the page do, questions of one list that are due on one day as one; what is written
    counts as the two rates and the file do, each by itself. A day that passed counts for the bureau that let it pass.
    """
    lists, marked = lists_of(program, found), without_reasons(program)
    by_unit: dict[str, UnitTally] = {}
    alike: dict[object, Standing] = {}
    for one in found:
        listed = lists.get(one.ask)
        days = one.due, tuple(one.late_by_office(today).items())
        key = (listed, one.office, *days) if listed is not None and one.owes_answer else one.ask
        alike.setdefault(key, one)
    for one in sorted(alike.values(), key=lambda standing: (standing.owes, standing.ask)):
        late = one.late_by_office(today)
        for office in {**late, one.office: 0}:
            unit = unit_of(office)
            _count(by_unit.setdefault(unit, UnitTally(pack.unit_name(unit, lang))), one, late.get(office, 0))
    for row in above:
        tally = by_unit.setdefault(row.unit, UnitTally(pack.unit_name(row.unit, lang)))
        tally.marks.append(("city", "late" if row.days < 0 else "owed"))
        tally.late, tally.owed = tally.late + (row.days < 0), tally.owed + (row.days >= 0)
        tally.longest = max(tally.longest, -row.days)
    for one in found:
        if one.answer in marked:
            by_unit.setdefault(one.unit, UnitTally(pack.unit_name(one.unit, lang))).unreasoned += 1
    for tally in by_unit.values():
        del tally.marks[:-MOST_MARKS]  # of what is written; the counts beside them say all
    return sorted(by_unit.values(), key=lambda one: (-one.longest, one.name))


def _count(tally: UnitTally, one: Standing, days: int) -> None:
    """Count an ask as written, late by so many days of this unit, or still to come."""
    if one.due is None:
        tally.marks.append(("city", ""))
        tally.written += 1
    elif days:
        tally.marks.append(("city", "late"))
        tally.late += 1
        tally.longest = max(tally.longest, days)
    else:
        tally.marks.append(("city", "owed"))
        tally.owed += 1


class Owed(NamedTuple):
    """An ask that is owed an answer or a reply, as lists show it."""

    ask: int
    about: int
    unit: str
    office: str
    due: date
    days: int
    is_reply: bool
    is_acknowledged: bool
    promise: int | None = None
    #: The last day of its unit's learning period, until which public pages tell nothing late.
    quiet: date | None = None
    #: What was asked, by the kind of its entry.
    kind: str = ""
    #: The office above owes it, to a question that was raised.
    is_above: bool = False
    #: The day until which more time was taken after its day had passed.
    until: date | None = None
    #: The day from which its own bureau counts; and where another let a day pass, the days of each by name.
    own_due: date = date.max
    whose: str = ""
    #: The day on which it was asked, and that on which "not yet" was said of it.
    asked: date | None = None
    put_off: date | None = None
    #: The list that a question stands on; of a line for questions of one list, their number.
    listed: int | None = None
    questions: int = 1
    title: str = ""
    lang: str = ""

    @property
    def is_question(self) -> bool:
        """Say whether it is one question; what offices above owe is none, nor a line for many."""
        return self.kind == EntryKind.ASK_QUESTIONED and self.questions == 1

    @property
    def moved(self) -> str:
        """Say until when more time was taken of what was late by then; nothing where it was not."""
        return _("more time taken until %(day)s") % {"day": day_in_words(self.until)} if self.until else ""

    @property
    def named_by(self) -> int:
        """Give the entry whose title it has: the ask, or the list of many questions."""
        return self.ask if self.listed is None or self.questions == 1 else self.listed


def rows_of(
    program: Program,
    pack: Pack,
    lang: str,
    today: date,
    found: Sequence[Standing],
    stands: Mapping[tuple[int, str], int] | None = None,
) -> list[Owed]:
    """List what is owed of some asks, by date, late ones first, without words. One query at most, one more for merged units.

    `stands` is what each is asked on, if that is known. An office that the pack has no more is named as it was when it was asked.
    """
    there = {one.ask: all(pack.office(office) for office in (one.office, *one.missed)) for one in found}
    packs = None if all(there.values()) else record.packs_of(program)
    named = {one.ask: pack if there[one.ask] or not packs else packs.at(one.ask) for one in found}
    on = places_of(program, [one.ask for one in found]) if stands is None else stands
    rows = [_owed(one, named[one.ask], lang, today, on) for one in found]
    return sorted(rows, key=lambda row: (row.due, row.ask))


def raised_rows(program: Program, lang: str, today: date, found: Sequence[Standing]) -> list[Owed]:
    """List the replies that offices above owe of some asks, without words. Two queries at most, where any was raised."""
    raised = {one.raised: one for one in found if one.owes_above and one.raised is not None}
    entries = record.entries_at(program, raised) if raised else {}
    packs = record.packs_of(program) if raised else None
    return [
        Owed(
            ask=one.ask,
            about=index,
            unit=unit_of(entries[index].data["to"]),
            office=packs.called(entries[index].data["to"], index, lang) if packs else "",
            due=one.raise_due,
            days=(one.raise_due - today).days,
            is_reply=True,
            is_acknowledged=True,
            is_above=True,
        )
        for index, one in raised.items()
        if one.raise_due is not None
    ]


def owed_at(desk: Desk) -> list[Owed]:
    """List what is owed, for a desk, without words."""
    asked, stands = desk.once(open_asks), desk.once(places)
    return rows_of(desk.program, desk.pack, desk.lang, desk.today, asked, stands)


def raised_at(desk: Desk) -> list[Owed]:
    """List what offices above owe, for a desk, without words. Two queries at most."""
    raised = tuple(one for one in desk.once(looked_at) if one.owes_above)
    return kept(desk, raised_rows, desk.lang, desk.today, raised)


def _owed(one: Standing, pack: Pack, lang: str, today: date, on: Mapping[tuple[int, str], int]) -> Owed:
    is_reply, late = one.owes_reply, one.days_late(today)
    own = one.late_by_office(today).get(one.office, 0)
    due = today - timedelta(days=late) if late else one.due or one.answer_due
    return Owed(
        ask=one.ask,
        about=one.contest if is_reply and one.contest is not None else one.ask,
        unit=one.unit,
        office=pack.office_title(one.office, lang),
        due=due,
        days=(due - today).days,
        is_reply=is_reply,
        is_acknowledged=one.acknowledged is not None or one.state != AskStage.ASKED,
        promise=on.get((one.ask, "engagement")),
        listed=on.get((one.ask, "list")),
        quiet=one.quiet if one.is_learning(today) else None,
        kind=one.kind,
        until=one.more_time,
        own_due=today - timedelta(days=own) if own else one.due or one.answer_due,
        whose=stage_words.whose_days(one, pack, lang, today),
        asked=None if is_reply else one.asked,
        put_off=one.answered if one.is_put_off and one.owes_answer else None,
    )


def worded(rows: Sequence[Owed], texts: Words) -> list[Owed]:
    """Give rows with the title of what was asked, or of the list where they are questions of one."""
    titles = [texts.get(one.named_by, {}).get("title") for one in rows]
    return [
        one._replace(title=title.words, lang=title.lang) if title else one
        for one, title in zip(rows, titles, strict=True)
    ]


def together(rows: Sequence[Owed]) -> list[Owed]:
    """Make one line of the questions of one list that one office owes by one day: people meet one clock, not 200."""
    found: dict[object, list[Owed]] = {}
    for row in rows:
        key = (
            (row.listed, row.office, row.due, row.until, row.whose)
            if row.listed is not None and not row.is_reply
            else row.about
        )
        found.setdefault(key, []).append(row)
    return [_line(own) for own in found.values()]


def _line(own: Sequence[Owed]) -> Owed:
    first = own[0]
    if len(own) == 1:
        return first
    known = all(one.is_acknowledged for one in own)
    return first._replace(is_acknowledged=known, questions=len(own))


def folded(rows: Sequence[Owed]) -> tuple[list[Owed], list[Owed]]:
    """Part rows into those that a list shows at once and questions beyond the first few, so that 111 hide nothing else.

    What is late is never folded away.
    """
    waiting = [row for row in rows if row.is_question and row.days >= 0]
    if len(waiting) <= MOST_QUESTIONS:
        return list(rows), []
    away = waiting[MOST_QUESTIONS:]
    hidden = {row.ask for row in away}
    return [row for row in rows if row.ask not in hidden], away


@dataclass(frozen=True)
class Rates:
    """The two measures, in the auditors' words, and how many answers came by their day."""

    response: Rate
    implementation: Rate
    timely: Timely


def rates(asks: Sequence[Standing], promised: Sequence[MilestoneStanding], today: date) -> Rates:
    """Give the two rates."""
    return Rates(
        response_rate(asks, today),
        implementation_rate(promised, today),
        on_their_day(asks, today),
    )

"""What failed in a year, one line each: silence, disputes, broken dates, empty seats, plans that one side signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.desks.queries.lines import Lines
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView


@dataclass(frozen=True)
class Failure:
    """Something that failed. `about` says what it was about, `entry` is the number of the entry that tells it.

    `what` is silent, late, disputed, broken, unchecked, unheard, empty or unsigned; `who` an office, a unit, a cohort
    or nothing; `days` how long, as far as the record tells it in the year.
    """

    what: str
    entry: int
    about: str = ""
    lang: str = ""
    who: str = ""
    days: int | None = None


def failures(
    lines: Lines,
    told: Mapping[int, EntryView],
    own: Sequence[Entry],
    asks: Mapping[int, Standing],
    until: date,
) -> list[Failure]:
    """List what failed in a year. Asks nothing."""
    return [
        *_silences(lines, told, own, asks, until),
        *_promises(lines, told, own),
        *_unheard(lines, told, until),
        *_empty(lines, own),
        *_unsigned(lines, told, until),
    ]


def _silences(
    lines: Lines,
    told: Mapping[int, EntryView],
    own: Sequence[Entry],
    asks: Mapping[int, Standing],
    until: date,
) -> list[Failure]:
    """List the asks that got no answer by their day: `late` where one has come since, else `silent`.

    The days are counted from that day to the answer, or to the last day of the report; the clock writes only steps.
    """
    found = []
    for index, last in lines.last_by(EntryKind.ASK_SILENT, "ask", own).items():
        standing = asks.get(index)
        answered = standing.answered if standing and (standing.answered or date.min) >= last.date else None
        ask = told.get(index)
        found.append(
            Failure(
                "late" if answered else "silent",
                last.index,
                ask.say("title") if ask else "",
                ask.lang("title") if ask else "",
                str(last.data["office"]),
                _days_of_silence(last, standing, answered, until),
            )
        )
    return found


def _days_of_silence(last: Entry, standing: Standing | None, answered: date | None, until: date) -> int:
    """Count from the day an answer was due to when it came, or to `until`; as last told where the day moved since."""
    told = int(last.data["days"])
    due = last.date - timedelta(days=told)
    if answered is None and standing is not None and standing.answer_due > due:
        return told
    return (min(answered or until, until) - due).days


def _promises(lines: Lines, told: Mapping[int, EntryView], own: Sequence[Entry]) -> list[Failure]:
    """List milestones: disputed, past their day with nothing claimed, or claimed and not checked."""
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
    return [
        Failure(
            kinds[kind],
            one.index,
            told[commitment].say(name),
            told[commitment].lang(name),
            str(lines.by_index[commitment].data["office"]),
            one.data.get("days"),
        )
        for (kind, commitment, name), one in last.items()
    ]


def _commitment(lines: Lines, entry: Entry) -> Entry | None:
    claim = lines.cited(entry, "claim")
    return lines.cited(claim or entry, "commitment")


def _unheard(lines: Lines, told: Mapping[int, EntryView], until: date) -> list[Failure]:
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
            told[index].say("title"),
            told[index].lang("title"),
            days=((course.report.date if course.report else until) - course.report_back).days,
        )
        for index, course in late
    ]


def _empty(lines: Lines, own: Sequence[Entry]) -> list[Failure]:
    """List the seats that were empty past the alarm."""
    return [
        Failure("empty", last.index, days=int(last.data["days"]))
        for last in lines.last_by(EntryKind.VACANCY_LATE, "vacancy", own).values()
    ]


def _unsigned(lines: Lines, told: Mapping[int, EntryView], until: date) -> list[Failure]:
    """List the workplans of which, at the end, the newest version lacked a side's signature."""
    found = []
    for standing in lines.plans().values():
        waits, since = standing.one_sided, standing.waits_since
        if waits and since:
            said = told[waits.proposed.index]
            found.append(
                Failure(
                    "unsigned",
                    since.index,
                    said.say("title"),
                    said.lang("title"),
                    ",".join(waits.missing),
                    (until - since.date).days,
                )
            )
    return found

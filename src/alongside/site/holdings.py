"""What a government holds of a program, for its records officer: by table and month, until when, and what it cannot read and why."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import TextIO

from django.db.models import Count, DateField, Max, Model, Q
from django.db.models.functions import TruncMonth

from alongside.cohort.seats.models import Seat
from alongside.core.disclosure import band
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Post, Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.rows import RowsLog
from alongside.site.portable import name_of, rows_of, tables, told, ways_to_program

COLUMNS = (
    "table",
    "holds",
    "month",
    "rows",
    "erased by",
    "retention",
    "the government can read it",
    "why not",
)
#: The columns that hold what only a key of somebody else opens.
SEALED = frozenset({"sealed", "keyring", "test"})
KEYS = {
    "keys.Device": "locked to a device of its lead",
    "keys.LeadKey": "locked under six words that its lead alone has",
    "strategies.Strategy": "locked to the keys of the leads in it",
    "strategies.SideVersion": "locked to the keys of the leads in it",
    "keys.PaperWrap": "locked to a key that is on the leads' recovery papers alone",
    "keys.Wrap": "locked to the key of one lead",
}
LEADS = "locked to the key of its engagement, which leads alone hold"
#: What the public log shows anyway is counted to the row; all else in a range, as everywhere.
PUBLIC = ("programs.", "record.")
#: Where a single row would say what no role of the government may learn, one line tells of all, with no month and no day, also where there is none.
QUIET = (
    "messages.",
    "strategies.",
    "pay.Proposal",
    "rules.Consent",
    "rules.Proposal",
    "pay.StopAt",
    "proposals.",
    "referrals.",
    "remarks.",
    "seats.LastWords",
    "seats.PutOff",
)


def write_holdings(program: Program, out: TextIO) -> int:
    """Write what is held of a program as CSV, and give how many lines: `COLUMNS`, a line for each month of each table that has rows."""
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    found = list(_lines(program))
    lines.writerows(found)
    return len(found)


def _lines(program: Program) -> Iterator[tuple[str, ...]]:
    """Give the lines, table by table."""
    ways = ways_to_program()
    pack = pack_of(program)
    promised = [int(one.data["k"]) for one in RowsLog.of(program).every(EntryKind.ENGAGEMENT_PROMISED)]
    pack = replace(pack, k=max([pack.k, *promised]))
    people = set(Post.objects.filter(program=program).values_list("person", flat=True))
    people |= set(Seat.objects.filter(cohort__program=program).values_list("person", flat=True))
    for table in tables():
        chosen = rows_of(table, ways, program, people)
        if chosen is None:
            continue
        name, held = name_of(table), told(table)
        for month, count, until in _months(table, chosen, is_quiet=name.startswith(QUIET)):
            is_sealed = not SEALED.isdisjoint(held["columns"])
            why = KEYS.get(name, LEADS) if is_sealed else ""
            rows = str(count) if name.startswith(PUBLIC) else band(count, pack).label(pack.k)
            yield (
                name,
                held["holds"],
                month,
                rows,
                until,
                _rule(name, pack),
                "no" if is_sealed else "yes",
                why,
            )


def _months(table: type[Model], chosen: Q, *, is_quiet: bool) -> list[tuple[str, int, str]]:
    """Count the rows of a table by the month of its day, each with the last month of erasure that a row names; by none where no day is kept or told."""
    found = table._base_manager.filter(chosen)  # noqa: SLF001 -- the documented way to read any model
    days = {one.name: one for one in table._meta.concrete_fields if isinstance(one, DateField)}  # noqa: SLF001 -- as above
    until = next((name for name in ("erase_on", "erase_by", "voices_kept_until") if name in days), "")
    day = next((name for name, one in days.items() if not one.null and name != until), "")
    # Of choices, how many numbers they were made under.
    rows = Count("code_hash", distinct=True) if name_of(table) == "opinions.Vote" else Count("pk")
    if is_quiet:
        return [("", found.aggregate(rows=rows)["rows"], "")]
    if not day:
        counted = found.aggregate(rows=rows, **({"until": Max(until)} if until else {}))
        return [("", counted["rows"], _month(counted.get("until")))] if counted["rows"] else []
    by_month = found.annotate(month=TruncMonth(day)).values("month").order_by("month").annotate(rows=rows)
    if until:
        by_month = by_month.annotate(until=Max(until))
    return [(f"{one['month']:%Y-%m}", one["rows"], _month(one.get("until"))) for one in by_month]


def _rule(name: str, pack: Pack) -> str:
    """Say which retention class of the rules a table is of, where one is named."""
    classes = {
        "voices.Voice": "voices",
        "opinions.Vote": "voices",
        "meetings.Attendance": "attendance",
        "consultations.Comment": pack.kept.comments or "",
        "pay.Claim": pack.pay.retention or "",
        "pay.Attachment": pack.pay.retention or "",
    }
    found = next((one for one in pack.retention if one.id == classes.get(name)), None)
    return f"{found.name.say('en')}: {found.period.say('en')} ({found.rule_in('en')[0]})" if found else ""


def _month(value: object) -> str:
    """Write the month of a day, or nothing."""
    return str(value)[:7] if value else ""

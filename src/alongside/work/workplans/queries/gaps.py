"""What a draft lacks before a side can sign it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.core.canonical import canonical
from alongside.work.workplans.queries.shape import OFFICES, SEATS

MOST_SNAPSHOT = 60_000
WORDS: dict[str, str | Promise] = {
    "title": _("Say what the plan is called."),
    "from": _("Give the plan its first day."),
    "until": _("Give the plan its last day."),
    "plan-dates": _("The plan’s last day lies before its first; change one of them."),
    "no-question": _("Write at least one driving question."),
    "no-activity": _("Write at least one activity."),
    "question-words": _("Driving question %(n)s holds no words; write it or take it out."),
    "goal-words": _("Goal %(n)s holds no words; write it or take it out."),
    "activity-what": _("Say what is done in activity %(n)s."),
    "activity-owner": _("Choose who sees to activity %(n)s, on one side at least."),
    "activity-choice": _(
        "Activity %(n)s names someone or something that is not there any more; choose again."
    ),
    "activity-dates": _("The days of activity %(n)s are not in order; change one of them."),
    "touch-entry": _("Choose the project or decision in row %(n)s, or take the row out."),
    "long": _("The plan is longer than fits in one version; shorten it, or split it in two plans."),
}


def told(gaps: list[str]) -> list[str]:
    """Say in words what a draft lacks, each with its cure."""
    found = [one.partition(":") for one in gaps]
    return [str(WORDS[name]) % {"n": place} if place else str(WORDS[name]) for name, _colon, place in found]


def gaps_of(
    says: Mapping[str, Any], seats: Collection[str], offices: Collection[str], register: Collection[str]
) -> list[str]:
    """Name what keeps a snapshot from being signed, as (what) or (what:row); nothing where it can be signed."""
    found = [name for name in ("title", "from", "until") if not says[name]]
    rows = says["rows"]
    found += [f"no-{kind}" for kind in ("question", "activity") if not rows[kind]]
    found += [] if _in_order(says["from"], says["until"]) else ["plan-dates"]
    for place, one in enumerate(rows["activity"], 1):
        found += [f"activity-{name}:{place}" for name in _lacks(one, seats, offices, register)]
    for place, one in enumerate(rows["touch"], 1):
        found += [] if one["entry"] in register else [f"touch-entry:{place}"]
    for kind in ("question", "goal"):
        found += [f"{kind}-words:{place}" for place, one in enumerate(rows[kind], 1) if not one["words"]]
    if len(canonical(says)) > MOST_SNAPSHOT:
        found.append("long")
    return found


def owners_of(row: Mapping[str, str], names: tuple[str, ...]) -> set[str]:
    """Give everyone on one side who sees to an activity."""
    return {row[name] for name in names if row.get(name)}


def _lacks(
    row: Mapping[str, str], seats: Collection[str], offices: Collection[str], register: Collection[str]
) -> list[str]:
    lacking = [] if row["what"] else ["what"]
    leads, staff = owners_of(row, SEATS), owners_of(row, OFFICES)
    lacking += [] if leads or staff else ["owner"]
    known = leads <= {"leads", *seats} and staff <= {*offices}
    lacking += [] if known and row["decision"] in {"", *register} else ["choice"]
    return lacking + ([] if _in_order(row["from"], row["until"]) else ["dates"])


def _in_order(first: str, last: str) -> bool:
    """Say whether two days, either of which may be left out, are days and come in order."""
    try:
        days = [date.fromisoformat(one) for one in (first, last) if one]
    except ValueError:
        return False
    return days == sorted(days)

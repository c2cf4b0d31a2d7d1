"""What waits of rules: that leads read what is proposed, and what the City changed alone."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.rules import queries
from alongside.cohort.rules.models import Proposal
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step

#: So long a lead is told that the City changed the rules alone.
TOLD = timedelta(days=30)


def _proposed(desk: Desk) -> QuerySet[Proposal] | None:
    return queries.open_proposals(desk.program, desk.today) if desk.role is Role.LEAD else None


def _rules(desk: Desk) -> list[Step]:
    """Ask a lead who has not said yes to rules that are proposed, and has not lost their key."""
    is_open = is_any(desk, _proposed)
    found = queries.proposed_rules(desk.program, desk.today, desk.lang) if is_open else None
    if found is None or desk.viewer.seat in found.agreed or desk.once(lost_own_key):
        return []
    text = _("Read what would change. It holds only if more than half of you agree.")
    is_read = queries.is_left_to_others(desk.program, desk.viewer.seat or "", desk.today)
    heading, href = _("New rules are proposed"), desk.to("rules:proposed")
    return [Step(heading, text, href, "city", is_news=is_read, is_own=True)]


def _adopted(desk: Desk) -> list[Step]:
    """Tell a lead each time that the coordinator lately adopted other rules alone: nobody is asked first.

    Where leads signed they read all of it. Numbers to call for help are told as what they are: they are called once.
    """
    adopted = desk.once(rows).every(EntryKind.POLICY_ADOPTED)
    return [
        _told(desk, before, entry)
        for before, entry in pairwise(adopted)
        if desk.today - entry.date <= TOLD and not entry.seats and before.data["pack"] != entry.data["pack"]
    ]


def _told(desk: Desk, before: Entry, entry: Entry) -> Step:
    parts = [one.data.get("parts", {}) for one in (before, entry)]
    others = [{name: said for name, said in one.items() if name != "help"} for one in parts]
    was, now = (one.get("help") for one in parts)
    heading = _("The City changed the rules alone")
    text = _("The program coordinator adopted other rules on %(day)s. Read what is different.")
    if was and was != now and others[0] == others[1] and _terms(before) == _terms(entry):
        heading = _("Numbers to call for help changed")
        text = _(
            "The program coordinator changed them on %(day)s. Read what is different, and call them once."
        )
    href = desk.to("record:entry", index=entry.index)
    return Step(heading, text % {"day": day_in_words(entry.date)}, href, is_news=True, came=entry.date)


def _terms(entry: Entry) -> dict[str, Any]:
    """Give what rules tell beside their parts, their file and a count of days, which differ with every file."""
    return {name: said for name, said in entry.data.items() if name not in {"parts", "pack", "working_days"}}


#: What waits seldom.
SELDOM = (_proposed,)


def steps(desk: Desk) -> list[Step]:
    """List what a lead reads and agrees to."""
    return [*_rules(desk), *_adopted(desk)] if desk.role is Role.LEAD else []

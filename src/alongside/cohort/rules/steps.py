"""What waits of rules: that leads read what is proposed, and what changed of the help lines."""

from datetime import timedelta
from itertools import pairwise

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.rules import queries
from alongside.cohort.rules.models import Proposal
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step

#: So long a lead is told that numbers to call for help changed.
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


def _help(desk: Desk) -> list[Step]:
    """Tell a lead each time that the coordinator changed lately whom people can call for help: nobody is asked first.

    Where what is said first differs too, leads read and signed both.
    """
    adopted = desk.once(rows).every(EntryKind.POLICY_ADOPTED)
    parts = [(one, one.data.get("parts", {})) for one in adopted]
    changed = [
        entry
        for (_older, was), (entry, now) in pairwise(parts)
        if "help" in was and was["help"] != now.get("help") and was.get("sanctuary") == now.get("sanctuary")
    ]
    return [
        Step(
            _("Numbers to call for help changed"),
            _("The program coordinator changed them on %(day)s. Read what is different, and call them once.")
            % {"day": day_in_words(one.date)},
            desk.to("record:entry", index=one.index),
            is_news=True,
            came=one.date,
        )
        for one in changed
        if desk.today - one.date <= TOLD
    ]


#: What waits seldom.
SELDOM = (_proposed,)


def steps(desk: Desk) -> list[Step]:
    """List what a lead reads and agrees to."""
    return [*_rules(desk), *_help(desk)] if desk.role is Role.LEAD else []

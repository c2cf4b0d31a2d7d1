"""What waits of the record: that rows of the database tell something else than its entries. And the words of all steps."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.ground.record.queries import TextView, Words, differing_entries
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import THE_STEWARD, Desk, Step
from alongside.ground.ui.templatetags.ui import counted


def steps(desk: Desk) -> list[Step]:
    """Say to the steward that rows tell something else than the entries, with the first such entry. One query."""
    found = differing_entries(desk.program)
    if not found:
        return []
    text = ngettext(
        "Somebody changed the database past this site. It differs from %(n)s entry, number %(number)s.",
        "Somebody changed the database past this site. It differs from %(n)s entries, the first is number %(number)s.",
        len(found),
    ) % {"n": counted(len(found)), "number": counted(found[0])}
    return [
        Step(
            _("Pages do not show what the public log says"),
            text,
            desk.to("record:entry", index=found[0]),
            "city",
            "late",
            owner=THE_STEWARD,
            step=_(
                "Tell whoever runs the machine. They keep a copy, and make the pages anew from the public log."
            ),
        )
    ]


def rows(desk: Desk) -> RowsLog:
    """Give the record as the rules look at it, with what steps ask of it, and what the apps at this desk look at. One query."""
    stand = desk.request.stand
    return RowsLog.at(desk.program, stand.log, stand.size).read(*ASKED, *desk.reads)


#: A heading that is nothing but the words of an entry, in their own language.
ONLY_WORDS = "%(what)s"


def worded(steps: Iterable[Step], words: Words) -> list[Step]:
    """Say in the heading of each step what it is about."""
    return [one if one.about is None else _worded(one, words.get(one.about, {})) for one in steps]


def _worded(step: Step, texts: Mapping[str, TextView]) -> Step:
    shown = texts.get(step.named)
    what = shown.words if shown else step.instead
    if step.heading == ONLY_WORDS:
        return step._replace(heading=what, lang=shown.lang if shown else "")
    return step._replace(heading=step.heading % {"what": apart(what)})

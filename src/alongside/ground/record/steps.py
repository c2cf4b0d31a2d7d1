"""What waits of the record: that rows of the database tell something else than its entries."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.ground.record.queries import differing_entries
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
            _("Pages do not show what the record says"),
            text,
            desk.to("record:entry", index=found[0]),
            "city",
            "late",
            owner=THE_STEWARD,
            step=_(
                "Tell whoever runs the machine. They keep a copy, and make the pages anew from the record."
            ),
        )
    ]

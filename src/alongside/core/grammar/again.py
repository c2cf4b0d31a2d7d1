"""Asking again: what communities said before is cited, and the reason for asking again is public."""

from collections.abc import Mapping

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import Cites, fail
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import ASK_KINDS

#: What counts as said or asked before.
SAID_BEFORE = (
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ADVICE_PUBLISHED,
    EntryKind.CONSULTATION_OPENED,
    *ASK_KINDS,
    EntryKind.HARM_NAMED,
    EntryKind.RECONSTRUCTED_FINDING,
    EntryKind.RECONSTRUCTED_ASK,
)
BEFORE: Mapping[str, Cites] = {"before": Cites(SAID_BEFORE, 0, 50)}


def asks_again_with_a_reason(entry: Entry, _log: LogView) -> None:
    """Refuse to ask again, with what was said before in sight, and not to say why."""
    if ("before" in entry.cites) != ("asked_again" in entry.texts):
        fail("asking again needs its reason, and the reason needs what was said before; give both.")

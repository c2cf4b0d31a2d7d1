"""Which statement a person is asked next: those that are least known, so that a late or an unloved one is heard too.

Each is drawn with a chance in proportion to its weight, 1 over the square of its votes and one. A statement on which a
person's group has given fewer than 10 votes counts as known only as well as the group's own votes say. A statement about
the conversation itself weighs as much as the heaviest: everybody is asked it soon. It is asked for each vote, so it needs no numpy.
"""

from collections.abc import Sequence
from typing import Final

FLOOR: Final = 10


def weights(
    seen: Sequence[int],
    meta: Sequence[bool],
    open_to: Sequence[bool],
    group_seen: Sequence[int] | None = None,
    groups: int = 1,
) -> list[float]:
    """Return each statement's chance (m) to be asked next; all are 0 where none is open.

    `seen` counts all votes of each statement and `group_seen` those of the person's group, where it is known; `open_to`
    marks the statements that may still be asked of this person.
    """
    theirs = seen if group_seen is None else group_seen
    known = [
        min(votes, groups * own) if group_seen is not None and own < FLOOR else votes
        for votes, own in zip(seen, theirs, strict=True)
    ]
    heavy = [1 / (votes + 1) ** 2 for votes in known]
    heaviest = max([one for one, is_open in zip(heavy, open_to, strict=True) if is_open], default=0.0)
    asked = [
        (heaviest if is_meta else one) if is_open else 0.0
        for one, is_meta, is_open in zip(heavy, meta, open_to, strict=True)
    ]
    total = sum(asked)
    return [one / total for one in asked] if total else asked

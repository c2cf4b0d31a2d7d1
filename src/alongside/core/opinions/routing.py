"""Which statement a person is asked next: those that are least known, so that a late or an unloved one is heard too.

Each is drawn with a chance in proportion to its weight, 1 over the square of its votes and one. A statement on which a
person's group has given fewer than 10 votes counts as known only as well as the group's own votes say. A statement about
the conversation itself weighs as much as the heaviest: everybody is asked it soon.
"""

from typing import Final

import numpy as np

from alongside.core.opinions.votes import Flags, Floats, Ints

FLOOR: Final = 10


def weights(
    seen: Ints, meta: Flags, open_to: Flags, group_seen: Ints | None = None, groups: int = 1
) -> Floats:
    """Return each statement's chance (m) to be asked next; all are 0 where none is open.

    `seen` counts all votes of each statement and `group_seen` those of the person's group, where it is known; `open_to`
    marks the statements that may still be asked of this person.
    """
    known = seen.astype(np.float64)
    if group_seen is not None:
        known = np.where(group_seen < FLOOR, np.minimum(known, groups * group_seen), known)
    heavy = 1 / (known + 1) ** 2
    if open_to.any():
        heavy = np.where(meta, heavy[open_to].max(), heavy)
    heavy = np.where(open_to, heavy, 0.0)
    total = float(heavy.sum())
    return heavy / total if total else heavy


def exposure(seen: Ints) -> float:
    """Return the votes of the worst-served statement as a share of the median's; 1 where there are none."""
    middle = float(np.median(seen)) if len(seen) else 0.0
    return float(seen.min()) / middle if middle else 1.0

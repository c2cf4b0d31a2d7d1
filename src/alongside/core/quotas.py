r"""Balance by quotas: a list of panels that all meet them, fixed beforehand; a public seed then picks one panel.

1. A quota says how many seats go at least and at most to people with one value of a category, such as one part of the
   city. Every ticket has one value of each category. What a ticket has is never public: the leaf of a ticket's facts is
   SHA-256(0x00 || salt || ticket "\n" category "=" value "\n" ...), categories in order, with a salt of 32 bytes of its own.
2. A panel is as many tickets as there are seats; every panel on the list meets all quotas, and has its alternates with
   it, chosen as `core/quota_alternates.py` says. Its leaf is SHA-256(0x00 || salt || place "\n" ticket "\n" ... "\n" "-" "\n"
   alternate "\n" ...), tickets sorted, alternates in the order they were chosen, place its number in the list from 0, and
   salt = HMAC-SHA256(the list's salt, place). Both roots (RFC 6962, section 2.1) are on the record before the seed exists.
3. The panel drawn has the place HMAC-SHA256(key = seed, "alongside/lottery/panels/v2\n" root of the list), read as a
   number, modulo the length of the list. Its seats, and then its alternates, stand in the order of the plain lottery.

Method panels/v1 differs in this: a leaf ends with its panel, and alternates are the first of all others, without quotas.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alongside.core.ledger.hashing import leaf_hash
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.lottery import HEX64, LotteryError, Result, places, pool_root, seed_bytes

FIRST_METHOD, METHOD = "alongside/lottery/panels/v1", "alongside/lottery/panels/v2"
METHODS = (FIRST_METHOD, METHOD)
#: How many panels are on a list: so many tickets of chance there are to spread.
PANELS = 1000
type Facts = Mapping[str, Mapping[str, str]]
type Tickets = Sequence[str]


@dataclass(frozen=True)
class Quota:
    """At least `least` and at most `most` seats go to people with this value of this category."""

    category: str
    value: str
    least: int
    most: int

    def allows(self, seats: int) -> bool:
        """Say whether so many seats with this value are within it."""
        return self.least <= seats <= self.most


def by_category(quotas: Iterable[Quota]) -> dict[str, list[Quota]]:
    """Sort quotas by their category, in their order."""
    found: dict[str, list[Quota]] = {}
    for one in quotas:
        found.setdefault(one.category, []).append(one)
    return found


def contradictions(quotas: Sequence[Quota], seats: int) -> list[str]:
    """List the categories whose numbers nobody could meet, whoever is in the pool: too many at least, too few at most."""
    return [
        category
        for category, own in by_category(quotas).items()
        if any(one.least > one.most for one in own)
        or sum(one.least for one in own) > seats
        or sum(min(one.most, seats) for one in own) < seats
    ]


def short_of(quotas: Sequence[Quota], facts: Facts, seats: int) -> list[Quota]:
    """List the quotas that this pool cannot meet by itself: too few have the value, or too few have any other one."""
    found = []
    for category, own in by_category(quotas).items():
        there = Counter(values[category] for values in facts.values())
        most = {one.value: min(one.most, there[one.value]) for one in own}
        for one in own:
            others = sum(most.values()) - most[one.value]
            if there[one.value] < one.least or others + one.most < seats:
                found.append(one)
    return found


def unmet(panel: Iterable[str], facts: Facts, quotas: Sequence[Quota]) -> list[Quota]:
    """List the quotas that a panel does not meet; empty where it meets all."""
    chosen = list(panel)
    has = Counter((category, value) for one in chosen for category, value in facts[one].items())
    return [one for one in quotas if not one.allows(has[one.category, one.value])]


def chances(panels: Sequence[Sequence[str]], pool: Iterable[str]) -> dict[str, int]:
    """Count on how many panels of the list each ticket stands: its chance, of as many as there are panels."""
    on = Counter(ticket for panel in panels for ticket in panel)
    return {one: on[one] for one in pool}


def facts_leaf(ticket: str, values: Mapping[str, str], salt: str) -> bytes:
    """Hash what one ticket has, under its own salt of 64 hexadecimal digits."""
    told = "\n".join([ticket, *(f"{category}={value}" for category, value in sorted(values.items()))])
    return leaf_hash(_salt(salt) + told.encode())


def facts_root(leaves: Mapping[str, bytes]) -> str:
    """Give the root over the leaves of all tickets, in the order of the tickets."""
    tree = Tree()
    tree.extend_hashes([leaves[one] for one in sorted(leaves)])
    return tree.root().hex()


def _salt(salt: str) -> bytes:
    if not HEX64.match(salt):
        raise LotteryError("A salt is 64 hexadecimal digits; take it from the file as it is.")
    return bytes.fromhex(salt)


def panel_salt(salt: str, place: int) -> str:
    """Give the salt of one panel from the salt of the list."""
    return hmac.digest(_salt(salt), str(place).encode(), hashlib.sha256).hex()


def _panel_bytes(panel: Iterable[str], place: int, salt: str, alternates: Tickets | None) -> bytes:
    after = [] if alternates is None else ["-", *alternates]
    return _salt(salt) + "\n".join([str(place), *sorted(panel), *after]).encode()


def panels_tree(panels: Sequence[Tickets], salt: str, alternates: Sequence[Tickets] | None) -> Tree:
    """Grow the tree over a list of panels with the alternates of each, or with None in the first method."""
    return Tree(
        _panel_bytes(panel, place, panel_salt(salt, place), alternates[place] if alternates else None)
        for place, panel in enumerate(panels)
    )


def place_of(seed: str, root: str, count: int, method: str = METHOD) -> int:
    """Say which panel of the list a seed picks, counted from 0."""
    digest = hmac.digest(seed_bytes(seed), f"{method}\n{root}".encode(), hashlib.sha256)
    return int.from_bytes(digest) % count


@dataclass(frozen=True)
class Picked:
    """The panel that a seed picked with its alternates, and the proof that it stood on the list: hashes from its leaf up."""

    place: int
    panel: tuple[str, ...]
    salt: str
    proof: tuple[str, ...]
    alternates: tuple[str, ...] | None

    @property
    def method(self) -> str:
        """Give the method: in the first one, no alternates stand on the list."""
        return FIRST_METHOD if self.alternates is None else METHOD


def pick(
    panels: Sequence[Tickets], *, salt: str, seed: str, alternates: Sequence[Tickets] | None = None
) -> Picked:
    """Pick the panel by the seed."""
    tree = panels_tree(panels, salt, alternates)
    place = place_of(seed, tree.root().hex(), len(panels), METHOD if alternates else FIRST_METHOD)
    proof = tuple(step.hex() for step in tree.inclusion(place))
    own = tuple(alternates[place]) if alternates else None
    return Picked(place, tuple(sorted(panels[place])), panel_salt(salt, place), proof, own)


def stood_on_the_list(picked: Picked, *, root: str, count: int) -> bool:
    """Say whether a panel was on the list that a root stands for, at the place it says."""
    leaf = leaf_hash(_panel_bytes(picked.panel, picked.place, picked.salt, picked.alternates))
    try:
        steps = [bytes.fromhex(step) for step in picked.proof]
        verify_inclusion(picked.place, count, leaf, steps, bytes.fromhex(root))
    except ValueError:
        return False
    return True


def seated(picked: Picked, pool: Tickets, *, salt: str, seed: str, alternates: int) -> Result:
    """Put the seats of a picked panel, and its alternates, in the order of the plain lottery.

    Raises LotteryError where the pool does not hold the panel with its alternates, or too few others.
    """
    chosen, own = set(picked.panel), picked.alternates
    second = set(pool) - chosen if own is None else set(own)
    if not chosen | second <= set(pool) or chosen & second or len(second) < alternates:
        raise LotteryError("The pool does not hold this panel and its alternates; take the file as it is.")
    order = places(pool, root=pool_root(pool, salt), seed=seed)
    rest = [one for one in order if one in second]
    return Result(tuple(one for one in order if one in chosen), tuple(rest[:alternates]))

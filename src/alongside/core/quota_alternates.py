"""Alternates of a lottery with quotas: who stands on the list with a panel, and who of them steps into an empty seat.

1. Someone can take a seat where, with them in it, the quotas can still all be met. Of a full panel with one seat empty
   this says: every quota is met again.
2. The alternates of a panel are chosen one after another. Each next one is someone who can take the most of those seats
   that the fewest alternates before them can take; of several such, one by lot. So as many seats as possible have
   someone who can step in. The lot is drawn when the list is made; the list is fixed before the seed.
3. An empty seat goes to the first alternate, in the order of the draw, who can take it; where none can, to the first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from alongside.core.quotas import Facts, Quota, by_category

type Values = Mapping[str, str]
type Kind = tuple[tuple[str, str], ...]


def can_sit(holders: Iterable[Values], one: Values, quotas: Sequence[Quota], seats: int) -> bool:
    """Say whether the quotas of so many seats can still be met when someone sits beside those who hold seats."""
    there = [*holders, one]
    for category, own in by_category(quotas).items():
        has = Counter(values.get(category) for values in there)
        lacking = sum(max(0, quota.least - has[quota.value]) for quota in own)
        if lacking > seats - len(there) or any(has[quota.value] > quota.most for quota in own):
            return False
    return True


def steps_in(
    holders: Sequence[Values], waiting: Sequence[Values], quotas: Sequence[Quota], seats: int
) -> int:
    """Give the place of the one who takes an empty seat, of those who wait in their order; the first where none keeps the quotas."""
    fitting = (place for place, one in enumerate(waiting) if can_sit(holders, one, quotas, seats))
    return next(fitting, 0)


def _kind(values: Values) -> Kind:
    return tuple(sorted(values.items()))


class _Cover:
    """Which seats of one panel each kind of person can take, and how many alternates can take each seat so far."""

    def __init__(self, panel: Sequence[str], facts: Facts, quotas: Sequence[Quota]) -> None:
        self.seats = [_kind(facts[one]) for one in panel]
        self.so_far = [0] * len(self.seats)
        self._has = Counter(pair for kind in self.seats for pair in kind)
        self._rules = {(one.category, one.value): one for one in quotas}
        self._known: dict[tuple[Kind, Kind], bool] = {}

    def _can_take(self, leaves: Kind, comes: Kind) -> bool:
        """Say whether every quota is still met when one kind of person leaves and another comes."""
        if (leaves, comes) not in self._known:
            gone, new = set(leaves) - set(comes), set(comes) - set(leaves)
            self._known[leaves, comes] = all(
                self._has[pair] - 1 >= self._rules[pair].least for pair in gone if pair in self._rules
            ) and all(self._has[pair] + 1 <= self._rules[pair].most for pair in new if pair in self._rules)
        return self._known[leaves, comes]

    def taken_by(self, kind: Kind) -> list[int]:
        """List the seats that a kind of person can take."""
        return [place for place, seat in enumerate(self.seats) if self._can_take(seat, kind)]

    def add(self, kind: Kind) -> None:
        """Count someone among the alternates."""
        for place in self.taken_by(kind):
            self.so_far[place] += 1

    def best(self, kinds: Iterable[Kind]) -> set[Kind]:
        """Give the kinds that can take the most of the seats with the fewest alternates."""
        takes = {kind: self.taken_by(kind) for kind in kinds}
        level = min((self.so_far[place] for seats in takes.values() for place in seats), default=0)
        gains = {kind: sum(self.so_far[place] == level for place in seats) for kind, seats in takes.items()}
        most = max(gains.values(), default=0)
        return {kind for kind, gain in gains.items() if gain == most}


def choose_alternates(
    panel: Sequence[str],
    facts: Facts,
    quotas: Sequence[Quota],
    count: int,
    lot: Callable[[Sequence[str]], str],
) -> list[str]:
    """Choose so many alternates for a panel, one after another; `lot` draws one of several that are as good."""
    cover, rest = _Cover(panel, facts, quotas), {one: _kind(facts[one]) for one in facts}
    for one in panel:
        del rest[one]
    found: list[str] = []
    for _place in range(min(count, len(rest))):
        best = cover.best(set(rest.values()))
        chosen = lot([one for one, kind in rest.items() if kind in best])
        cover.add(rest.pop(chosen))
        found.append(chosen)
    return found


def are_chosen_so(
    panel: Sequence[str], alternates: Sequence[str], facts: Facts, quotas: Sequence[Quota]
) -> bool:
    """Say whether the alternates of a panel follow the rule, each in turn, as far as facts are known."""
    if set(panel) & set(alternates) or len(set(alternates)) != len(alternates):
        return False
    cover = _Cover(panel, facts, quotas)
    rest = {one: _kind(values) for one, values in facts.items() if one not in set(panel)}
    for one in alternates:
        if rest[one] not in cover.best(set(rest.values())):
            return False
        cover.add(rest.pop(one))
    return True


def with_an_alternate(
    panel: Sequence[str], alternates: Sequence[str], facts: Facts, quotas: Sequence[Quota]
) -> int:
    """Count the seats of a panel that at least one of its alternates can take."""
    cover = _Cover(panel, facts, quotas)
    for one in alternates:
        cover.add(_kind(facts[one]))
    return sum(bool(those) for those in cover.so_far)

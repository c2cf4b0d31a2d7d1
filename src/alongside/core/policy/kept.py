"""What a pack decides about words that leads write among themselves: how long they stay."""

from dataclasses import dataclass

#: However few days a pack names, a strategy stays for so many after all its leads have left.
LEAST_DAYS = 30
#: Nobody has to keep them longer than this without an answer from the City.
MOST_DAYS_KEPT = 3650


@dataclass(frozen=True)
class KeptRules:
    """The `[kept]` table.

    `comments` names the retention class of what leads say in a consultation, by its id; it has years, counted from the
    day on which the City's answers are due. `strategy_days` is for how long a sealed strategy stays after the last of
    its leads has left, 30 at least.
    """

    comments: str | None = None
    strategy_days: int = 90

    @property
    def days_of_strategies(self) -> int:
        """Give for how many days a strategy that is begun now stays after all its leads have left."""
        return max(LEAST_DAYS, self.strategy_days)

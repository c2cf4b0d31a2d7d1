"""What a pack decides about words that leads write among themselves: how long they stay."""

from dataclasses import dataclass

#: Nobody has to keep them longer than this without an answer from the City.
MOST_DAYS = 3650


@dataclass(frozen=True)
class KeptRules:
    """The `[kept]` table.

    `comments` names the retention class of what leads say in a consultation, by its id; it has years, counted from the
    day on which the City's answers are due. `strategy_days` is for how long a sealed strategy stays after the last of
    its leads has left.
    """

    comments: str | None = None
    strategy_days: int = 90

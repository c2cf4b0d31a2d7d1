"""What a pack decides about open calls: pay, how long applications are kept, and what is counted about applicants."""

from dataclasses import dataclass

from alongside.core.policy.shapes import Route
from alongside.core.policy.words import Words


@dataclass(frozen=True)
class Choice:
    """One answer to a demographic question."""

    id: str
    words: Words


@dataclass(frozen=True)
class Demographic:
    """What the pack demands to be counted, with the rule that demands it. What is not verified is not asked."""

    id: str
    words: Words
    choices: tuple[Choice, ...]
    rule: str
    source: str
    verified: bool = True


@dataclass(frozen=True)
class Category:
    """What a lottery may be balanced by. `protected` stands unless the pack says that no law protects it; `rule` is the law."""

    id: str
    words: Words
    choices: tuple[Choice, ...]
    protected: bool = True
    rule: str | None = None


@dataclass(frozen=True)
class CallRules:
    """The `[calls]` table. Without it nobody works unpaid and nothing is asked about a person's groups.

    `kept_days` counts from the day of the decision, as in force when the call was published, `unsent_kept_days` from the day
    of closing; then what people wrote is erased. `ways` are the other ways to apply: by phone, on paper.
    """

    unpaid_calls_allowed: bool = False
    kept_days: int = 730
    unsent_kept_days: int = 30
    demographics: tuple[Demographic, ...] = ()
    categories: tuple[Category, ...] = ()
    ways: tuple[Route, ...] = ()

    @property
    def asked(self) -> tuple[Demographic, ...]:
        """Give the demographic questions that may be asked: those that were checked."""
        return tuple(one for one in self.demographics if one.verified)

    def category(self, category_id: str) -> Category | None:
        """Give a category by its id, or None."""
        return next((one for one in self.categories if one.id == category_id), None)

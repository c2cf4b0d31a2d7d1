"""What a policy pack holds: one frozen class for each table of the TOML file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from alongside.core.canonical import canonical
from alongside.core.policy.patterns import Pattern
from alongside.core.policy.words import FALLBACK, Words

#: However few days a pack names, a strategy stays for so many after all its leads have left.
LEAST_DAYS = 30
#: Nobody has to keep them longer than this without an answer from the City.
MOST_DAYS_KEPT = 3650


@dataclass(frozen=True)
class Source:
    """Where something in the pack was read, and when."""

    title: str
    address: str
    checked_on: date


@dataclass(frozen=True)
class Government:
    """The government that answers: its full name, and what pages call it ("the City"), in words of that name."""

    name: Words
    short: Words


@dataclass(frozen=True)
class Language:
    """A language of the program. `name` is its own name; `complete` means that every word of the pack is there."""

    code: str
    name: str
    direction: str
    complete: bool = False


@dataclass(frozen=True)
class Clocks:
    """How long each party has, in days unless the name says otherwise."""

    acknowledge_business_days: int = 5
    answer_days: int = 60
    silence_days: tuple[int, ...] = (1, 30, 60, 90)
    silence_repeat_months: int = 3
    contest_days: int = 30
    reply_days: int = 30
    verify_days: int = 90
    monitor_years: int = 5
    vacancy_days: int = 45
    appeal_days: int = 30
    pay_business_days: int = 10
    invitation_business_days: int = 10
    invitation_notice_days: int = 45
    remind_days_before: tuple[int, ...] = (14, 3)
    escalate_days_after: int = 7
    backup_days: int = 30


@dataclass(frozen=True)
class Holiday:
    """A day on which the government does not work: a rule ("third monday of january", "july 4") or days.

    In a file, days can be those that a calendar of the world knows, as `days = "DE: Good Friday, 2027-2036"`; read_pack writes them out.
    """

    name: str
    rule: str | None = None
    days: tuple[date, ...] = ()
    moves_from_weekend: bool = True


#: From this level on, in every framework, people help to make the decision.
COLLABORATE = 4


@dataclass(frozen=True)
class Level:
    """A rung of a participation framework. What is not verified is not shown."""

    id: str
    number: int
    name: Words
    means: Words | None = None
    verified: bool = True

    @property
    def needs_office(self) -> bool:
        """Say whether it gives people a hand in the decision itself, which only an office can promise."""
        return self.number >= COLLABORATE


@dataclass(frozen=True)
class Framework:
    """A participation framework with its levels, lowest first."""

    id: str
    name: Words
    source: str
    levels: tuple[Level, ...]

    @property
    def shown(self) -> tuple[Level, ...]:
        """Give the levels that may be shown: those that were checked."""
        return tuple(level for level in self.levels if level.verified)


@dataclass(frozen=True)
class Topic:
    """Something that no question may ask, with its law and the plain reason.

    `patterns` and `unless` are by language code; every pattern is tried on every question. What lies inside
    a match of `unless` ("senior citizens") is not a hit.
    """

    id: str
    name: Words
    statute: str
    reason: Words
    source: str
    patterns: Mapping[str, tuple[Pattern, ...]]
    unless: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    verified: bool = True

    @property
    def sha256(self) -> str:
        """Give a hash over all that it catches and lets pass, by which the record tells whether it was changed."""
        said = [
            {lang: [one.text for one in many] for lang, many in group.items()}
            for group in (self.patterns, self.unless)
        ]
        return hashlib.sha256(canonical(said)).hexdigest()


@dataclass(frozen=True)
class Retention:
    """A retention class: what it covers, for how long, and the rule that says so. No years means `period` says it.

    The rule is a citation, the same in every language (`rule`), or something said to people (`rule_words`).
    """

    id: str
    name: Words
    period: Words
    source: str
    rule: str | None = None
    rule_words: Words | None = None
    years: int | None = None
    verified: bool = True

    def rule_in(self, lang: str) -> tuple[str, str]:
        """Give the rule as it is told in a language, with the code of the language that it is in."""
        if self.rule_words:
            return self.rule_words.say(lang), self.rule_words.lang_of(lang)
        return self.rule or "", FALLBACK


@dataclass(frozen=True)
class Office:
    """A position in a unit, never a person. `can_answer` may own an ask; `is_manager` signs for the unit."""

    slug: str
    title: Words
    can_answer: bool = True
    is_manager: bool = False


@dataclass(frozen=True)
class Unit:
    """A bureau or department; `parent` is the slug of the unit it belongs to."""

    slug: str
    name: Words
    offices: tuple[Office, ...]
    parent: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Sanctuary:
    """What the program says first to someone in trouble, and where that was read.

    `door` says, step by step, what to do when agents are at the door; `door_source` where that was read. `found_by` lists
    the words and phrases by which people look for help, in any language.
    """

    title: Words
    words: Words
    sources: tuple[str, ...] = ()
    door: tuple[Words, ...] = ()
    door_source: str = ""
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class HelpLine:
    """Someone to call. `tel` is dialed, `tel_shown` is read. What is not verified is not shown.

    `what_happens` says, before the call, what becomes of what a person tells them.
    """

    slug: str
    kind: str
    name: Words
    offers: Words
    tel: str
    tel_shown: str
    hours: Words
    languages: Words
    what_happens: Words
    source: str
    checked_on: date
    web: str | None = None
    verified: bool = True
    demonstration: bool = False


@dataclass(frozen=True)
class Route:
    """A way to speak without JavaScript, answered by a community body: `phone` or `paper`.

    Who answers the phone can be asked for help, too. `email` is where one writes who cannot call; it is no way to speak.
    """

    kind: str
    words: Words
    answered_by: Words
    tel: str | None = None
    tel_shown: str | None = None
    email: str | None = None
    demonstration: bool = False


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


@dataclass(frozen=True)
class Harm:
    """A kind of harm that a project can do; `means` says it in a sentence."""

    id: str
    name: Words
    means: Words


@dataclass(frozen=True)
class Touched:
    """A community that a project can touch. A tribal nation is a government, not one of these."""

    id: str
    name: Words

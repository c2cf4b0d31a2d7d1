"""The policy pack: everything a program decides for itself, read once and never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alongside.core.policy.calls import CallRules
from alongside.core.policy.pay import Pay
from alongside.core.policy.purpose import Purpose, usual_purpose
from alongside.core.policy.safeguards import CharterRules, CommunityBody, FederalRules
from alongside.core.policy.shapes import (
    Clocks,
    Framework,
    Government,
    Harm,
    HelpLine,
    Holiday,
    KeptRules,
    Language,
    Level,
    Office,
    Retention,
    Route,
    Sanctuary,
    Source,
    Topic,
    Touched,
    Unit,
)
from alongside.core.policy.words import Words, comma

RECORD_CLOCKS = (
    "acknowledge_business_days",
    "answer_days",
    "contest_days",
    "reply_days",
    "verify_days",
    "monitor_years",
)
#: The clocks of the cohort itself: of empty seats, appeals, pay and invitations.
COHORT_CLOCKS = (
    "vacancy_days",
    "appeal_days",
    "pay_business_days",
    "invitation_business_days",
    "invitation_notice_days",
)
#: The most of these: with more, no day would be left in the year in which an appeal or an answer to an invitation must lie.
#: And what was destroyed would stay in backups for years.
MOST_DAYS = {"appeal_days": 330, "invitation_business_days": 200, "backup_days": 366}
#: Words that stand on the record for somebody who is no unit: who signs beside units, and who pays a seat where none does.
NO_UNIT = frozenset({"community", "outside", "nobody", "steward", "clock", "seat", "office", "body"})


def is_no_unit(slug: str) -> bool:
    """Say whether a slug is a word of the record for somebody else, or reads as a seat; a unit so called would stand for them."""
    return slug in NO_UNIT or slug.startswith("seat-")


@dataclass(frozen=True)
class Pack:
    """A policy pack. Make one with `load_pack`.

    `bands` are the upper edges of the ranges in which counts of people are told, rising; the first range
    begins at `k`. `escalate_to` is the office, as unit/office, that hears of silence. `same_words` lists words and phrases of
    which a search for one finds the others. `witnesses` are the lines of a policy (c2sp.org/tlog-policy): who cosigns heads of the
    log, where they are asked, and how many must have; empty where nobody does. `masthead` is the short name at the top of each page,
    in place of Alongside. A pack that is `made_up` is for demonstrations and tests alone.
    """

    version: int
    name: Words
    government: Government
    languages: tuple[Language, ...]
    time_zone: str
    k: int
    bands: tuple[int, ...]
    leave_page: str
    holidays: tuple[Holiday, ...]
    frameworks: tuple[Framework, ...]
    forbidden: tuple[Topic, ...]
    retention: tuple[Retention, ...]
    units: tuple[Unit, ...]
    escalate_to: str
    sources: tuple[Source, ...]
    sanctuary: Sanctuary | None = None
    help: tuple[HelpLine, ...] = ()
    routes: tuple[Route, ...] = ()
    clocks: Clocks = field(default_factory=Clocks)
    suggested_slug: str | None = None
    calls: CallRules = field(default_factory=CallRules)
    pay: Pay = field(default_factory=Pay)
    charter: CharterRules = field(default_factory=CharterRules)
    federal: FederalRules = field(default_factory=FederalRules)
    kept: KeptRules = field(default_factory=KeptRules)
    community_body: CommunityBody | None = None
    harms: tuple[Harm, ...] = ()
    communities: tuple[Touched, ...] = ()
    same_words: tuple[tuple[str, ...], ...] = ()
    made_up: bool = False
    witnesses: tuple[str, ...] = ()
    purpose: Purpose = field(default_factory=usual_purpose)
    masthead: Words | None = None

    def words(self, what: Words | str, lang: str) -> str:
        """Give what the pack says in a language, else in English.

        `what` is Words, or a dotted path; a part of a list is named by its slug, id, code or kind:
        `name`, `government.short`, `units.permits-desk.name`. Raises KeyError where nothing is there.
        """
        found: Any = what
        if isinstance(what, str):
            found = self
            for part in what.split("."):
                found = _step(found, part, what)
        if not isinstance(found, Words):
            raise KeyError(f"{what} is not words; name a field of the pack that people read.")
        return found.say(lang)

    def language(self, code: str) -> Language | None:
        """Give a language of the program by its code, or None."""
        return next((one for one in self.languages if one.code == code), None)

    @property
    def complete_languages(self) -> tuple[str, ...]:
        """Give the codes of the languages in which every word of the pack is there."""
        return tuple(one.code for one in self.languages if one.complete)

    @property
    def help_shown(self) -> tuple[HelpLine, ...]:
        """Give the help lines that may be shown: those that were checked."""
        return tuple(line for line in self.help if line.verified)

    @property
    def offers_help(self) -> bool:
        """Say whether there is a page of help: something to say to someone in trouble, or somebody to call."""
        return bool(self.sanctuary or self.help_shown)

    @property
    def meets_federal(self) -> bool:
        """Say whether the pack says what staff do when a federal agency asks."""
        return self.federal != FederalRules()

    @property
    def phone(self) -> Route | None:
        """Give the way to speak by phone, whom people also call for help; None where there is none."""
        return next((one for one in self.routes if one.kind == "phone"), None)

    @property
    def offices(self) -> tuple[str, ...]:
        """Give all offices as unit/office, in the order of the pack."""
        return tuple(f"{unit.slug}/{one.slug}" for unit in self.units for one in unit.offices)

    @property
    def signing_offices(self) -> tuple[str, ...]:
        """Give the offices that sign for their unit, as unit/office, in the order of the pack."""
        return tuple(
            f"{unit.slug}/{one.slug}" for unit in self.units for one in unit.offices if one.is_manager
        )

    @property
    def within(self) -> dict[str, str]:
        """Give the unit above each unit that has one."""
        return {one.slug: one.parent for one in self.units if one.parent}

    @property
    def body(self) -> str:
        """Give the community body outside the government, written as unit/office; nothing where the pack names none."""
        return self.community_body.office if self.community_body else ""

    def office(self, public_id: str) -> Office | None:
        """Give an office by its unit/office id, or None."""
        unit, _, slug = public_id.partition("/")
        offices = next((one.offices for one in self.units if one.slug == unit), ())
        return next((one for one in offices if one.slug == slug), None)

    def office_title(self, public_id: str, lang: str) -> str:
        """Give an office as people read it, "Unit, office"; the id itself where the pack no longer has it."""
        if self.community_body and public_id == self.body:
            return self.community_body.name.say(lang)
        office = self.office(public_id)
        if office is None:
            return public_id
        return f"{self.unit_name(public_id.partition('/')[0], lang)}{comma(lang)}{office.title.say(lang)}"

    def unit_name(self, slug: str, lang: str) -> str:
        """Give a unit's name in a language; its slug where the pack no longer has it."""
        return next((one.name.say(lang) for one in self.units if one.slug == slug), slug)

    def units_in(self, lang: str) -> dict[str, str]:
        """Give what the units are called in a language, by slug."""
        return {one.slug: one.name.say(lang) for one in self.units}

    def communities_in(self, lang: str) -> dict[str, str]:
        """Give what the communities are called in a language, by id."""
        return {one.id: one.name.say(lang) for one in self.communities}

    def communities_called(self, ids: Iterable[str], lang: str) -> list[str]:
        """Give what these communities are called in a language; the id of one that the pack does not have."""
        called = self.communities_in(lang)
        return [called.get(one, one) for one in ids]

    def harms_called(self, ids: Iterable[str], lang: str) -> list[str]:
        """Give what these kinds of harm are called in a language; the id of one that the pack does not have."""
        called = {one.id: one.name.say(lang) for one in self.harms}
        return [called.get(one, one) for one in ids]

    def framework(self, framework_id: str) -> Framework | None:
        """Give a participation framework by its id, or None."""
        return next((one for one in self.frameworks if one.id == framework_id), None)

    def level(self, named: Mapping[str, str]) -> Level | None:
        """Give a level that may be promised, named by its framework and its own id; None where the pack shows it no more."""
        framework = self.framework(named["framework"])
        shown = framework.shown if framework else ()
        return next((one for one in shown if one.id == named["level"]), None)

    def record_clocks(self) -> dict[str, int]:
        """Give the clocks that go on the record when the pack is adopted."""
        return {name: getattr(self.clocks, name) for name in RECORD_CLOCKS}

    def cohort_clocks(self) -> dict[str, int]:
        """Give the clocks of the cohort that go on the record when the pack is adopted."""
        return {name: getattr(self.clocks, name) for name in COHORT_CLOCKS}


def _step(here: Any, part: str, path: str) -> Any:
    """Take one step along a dotted path."""
    if isinstance(here, tuple):
        for one in here:
            if part in (getattr(one, key, None) for key in ("slug", "id", "code", "kind")):
                return one
    elif not part.startswith("_") and hasattr(here, part):
        return getattr(here, part)
    raise KeyError(f"{path}: the pack has no {part}; see the pack for what is there.")

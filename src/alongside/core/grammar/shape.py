"""The parts that a kind of entry is described with: checks of fields, citations, texts and pens."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from typing import Any, NoReturn, Self

from alongside.core.entries import OFFICE, SEAT, Entry, GrammarError, LogView, MalformedError, entry_at
from alongside.core.kinds import Group
from alongside.core.lottery import LotteryError, seed_as_written
from alongside.core.refusals import Value
from alongside.core.words import gettext_noop as _

type Check = Callable[[str, Any], None]

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
LANG = re.compile(r"[a-z]{2,3}(-[a-zA-Z]{2,4})?\Z")
#: The language of a text that is no words: addresses, and names of sources. Nobody translates it (BCP 47: no linguistic content).
NO_LANGUAGE = "zxx"
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,19}(/[A-Za-z0-9_+-]{1,19}){0,2}\Z")
EVENT_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")
#: Which seats may hold the pen of a kind.
SITTING, SERVED, ANY = "sitting", "served", "any"
PENS = frozenset({"community", "city", "both", "clock", "program"})


type Rule = Callable[[Entry, LogView], None]
#: Gives the seats of earlier entries that count beside the pens of this one, and who stands on the other side of it:
#: offices, units, and "steward" for who runs the program.
type Beside = Callable[[Entry, LogView], Iterable[str]]


@dataclass(frozen=True)
class Cites:
    """Which kinds a role may cite, how many at least and at most."""

    kinds: tuple[str, ...]
    least: int = 1
    most: int = 1


@dataclass(frozen=True)
class Once:
    """What the clock tells once of the entry that it cites in this role, at each stage that its data and its day name."""

    role: str
    stage: Callable[[Mapping[str, Any], date], str] = lambda _data, _on: "once"


#: Why no key of a lead signs what her seat enters, as the page of the public log says it.
UNSIGNED = {
    "own": _("It is about keys, and holds signatures of its own."),
    "again": _("It says again, or aloud, what others can compare with what was signed."),
    "agreement": _("Whoever joins signs the group agreement before they have a key."),
    "free": _("Nobody needs a key to leave, or to appeal."),
    "faults": _("It mends a fault, takes private details down or hears an appeal, also where keys are lost."),
    "plans": _("It sets a meeting or gives a task, and can be changed."),
    "past": _("It writes down what older sources say, and names them."),
}

#: Which kinds are called together, by the first part of their name; every other kind is Group.OTHER.
FAMILIES = {
    "project": Group.PROJECT,
    "register": Group.PROJECT,
    "decision": Group.PROJECT,
    "harm": Group.FINDING,
    "invitation": Group.PROJECT,
    "engagement": Group.ENGAGEMENT,
    "map": Group.ENGAGEMENT,
    "offer": Group.ENGAGEMENT,
    "consultation": Group.ENGAGEMENT,
    "finding": Group.FINDING,
    "advice": Group.FINDING,
    "ask": Group.ASK,
    "raise": Group.ASK,
    "answer": Group.ANSWER,
    "contest": Group.ANSWER,
    "commitment": Group.COMMITMENT,
    "delivery": Group.COMMITMENT,
    "report": Group.REPORT,
    "reconstructed": Group.PAST,
}


def her_words(about: str, *kinds: str) -> Callable[[Mapping[str, Any], LogView], Sequence[Entry]]:
    """Give what lists, for an entry, what the same places said before of the same thing, in these kinds: the last word counts."""

    def before(value: Mapping[str, Any], log: LogView) -> Sequence[Entry]:
        told = (one for kind in kinds for one in log.about(kind, value["data"][about]))
        return [one for one in told if set(one.by) & set(value["by"])]

    return before


@dataclass(frozen=True)
class Kind:
    """What an entry of this kind holds and what it may cite.

    `heading` is what pages call it, and `mark` the pen and the state of the mark beside it; `group` are the kinds that are
    found together with it. `sentence` is what an entry without words says, and `did` what whoever wrote one of a thread did.
    `called` gives another name to one that cites by a role, or on a ground, as {"withdraws": "A file was withdrawn"}, and
    `on_ground` another sentence to one on a ground.
    `counted` is a sentence for one and for many, of days since `%(day)s`, or of marks. `once` is for what the clock tells once.
    `by` names who may hold the pen: "seat", "office", "clock", "steward" or "body" (the
    community body of the policy in force, written as an office). `texts` are required names of
    public texts, `may_text` optional ones; `any_text` accepts further names that match the pattern.
    `seats` says which seats hold the pen: those that are in force that day (SITTING), also those whose term is over
    (SERVED), or any that was ever taken (ANY).
    `beside` gives the seats of earlier entries that count beside these pens, and the offices, units and "steward" on the other
    side: nobody may stand behind both, nor sign for the community beside a bureau of which they ever held an office. The log
    names nobody, so whoever knows the people judges that (ground.record.persons).
    `subject` is the field of `data` by which entries of this kind are found again. `first` is the version of the grammar
    that brought this kind, and `since` the one that brought a part of it, as {"data.x": 2, "cites.y": 2, "texts.z": 2,
    "by.seat": 2}; a rule that came later is wrapped in `since`. `was` gives the fields that grammar 1 knew otherwise, or that
    it alone knew, as {"data": {"ground": words(200)}, "may": {}}.
    `unsigned` says, as in UNSIGNED, why no key of a lead signs it whose seat enters it.
    `signed` is the version from which on each seat that has a key signs it with that key; 0 where none has to. What leads sign
    apart, at different times, up to `apart` days before it is entered, each signs her own part of: of `own_data` (fields that hold
    what each says, by seat) and `own_texts` (a text of each, in the order of `by`) what is hers. Whoever signs has seen what changed
    the same `before`. Nobody signs what `follows` from what all say, or from the day on which it is entered: the rules leave no choice
    of it. With `follows_where` that holds only where other fields hold what it says.
    `alone` says that it has one pen: no other lead signs it beside one whose key was lost.
    """

    name: str
    heading: str
    says: str
    pen: str
    by: tuple[str, ...]
    sentence: str = ""
    counted: tuple[str, str] | None = None
    did: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    on_ground: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)
    cites: Mapping[str, Cites] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    may_text: tuple[str, ...] = ()
    any_text: str | None = None
    subject: str | None = None
    rules: tuple[Rule, ...] = ()
    seats: str = SITTING
    beside: Beside | None = None
    first: int = 1
    since: Mapping[str, int] = field(default_factory=dict)
    was: Mapping[str, Mapping[str, Check]] = field(default_factory=dict)
    marked: tuple[str, str] | None = None
    among: Group | None = None
    once: Once | None = None
    signed: int = 0
    unsigned: str = ""
    alone: bool = False
    apart: int = 0
    before: Callable[[Mapping[str, Any], LogView], Sequence[Entry]] = lambda _value, _log: ()
    own_data: tuple[str, ...] = ()
    own_texts: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    follows_where: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> tuple[str, str]:
        """Give the pen and the state of the mark beside it; entries of the clock show the city's empty place."""
        return self.marked or ({"clock": "city", "program": "both"}.get(self.pen, self.pen), "")

    @property
    def group(self) -> Group:
        """Give the group in which a search finds it."""
        return self.among or FAMILIES.get(self.name.partition(".")[0], Group.OTHER)

    def at(self, version: int) -> Self:
        """Return this kind as the grammar of this version knew it, without the parts that came later."""

        def there(group: str, name: str) -> bool:
            return self.since.get(f"{group}.{name}", 1) <= version

        was = self.was if version == 1 else {}
        return replace(
            self,
            by=tuple(one for one in self.by if there("by", one)),
            data={
                **{name: check for name, check in self.data.items() if there("data", name)},
                **was.get("data", {}),
            },
            may={
                **{name: check for name, check in self.may.items() if there("data", name)},
                **was.get("may", {}),
            },
            cites={role: rule for role, rule in self.cites.items() if there("cites", role)},
            texts=tuple(one for one in self.texts if there("texts", one)),
            may_text=tuple(one for one in self.may_text if there("texts", one)),
        )


#: What the clock may call a stage of silence; no other words of the clock are on the record.
STAGE = re.compile(r"(silence|quarter)-[1-9][0-9]{0,3}\Z|alarm\Z")


def names_a_stage(entry: Entry, _log: LogView) -> None:
    """Let the clock name a stage, and write nothing else in its place."""
    if not STAGE.match(entry.data["stage"]):
        malformed("the stage is silence-1, quarter-1 or alarm, with its number; write that.")


def since(version: int, rule: Rule) -> Rule:
    """Return the rule, held only to entries of this version of the grammar and later: what was written before stays valid."""

    @wraps(rule)
    def held(entry: Entry, log: LogView) -> None:
        if entry.v >= version:
            rule(entry, log)

    return held


def is_no_words(*names: str) -> Rule:
    """Refuse addresses or sources that are said to be words of a language: nobody translates them, so nobody rewords them."""

    def check(entry: Entry, _log: LogView) -> None:
        for name in names:
            if name in entry.texts and entry.texts[name]["lang"] != NO_LANGUAGE:
                malformed(f"{name} holds no words of a language; its language is {NO_LANGUAGE}.")

    check.__doc__ = f"Refuse {' and '.join(names)} as words of a language: nobody translates them, so nobody rewords them."
    return since(2, check)


def fail(template: str, **values: Value) -> NoReturn:
    """Refuse an entry with one sentence that a person may read; `./dev messages` collects it for translation."""
    raise GrammarError(template, values=values)


def malformed(message: str) -> NoReturn:
    """Refuse an entry whose shape is wrong, which no page lets a person cause."""
    raise MalformedError(message)


def cited(entry: Entry, role: str, log: LogView) -> Entry:
    """Give what an entry cites in a role, the first where it cites several; `check` has seen that it stands there, and its kind."""
    return entry_at(next(iter(entry.cites.get(role, ())), None), log)


def all_cited(entry: Entry, role: str, log: LogView) -> list[Entry]:
    """List what an entry cites in a role, in its order; nothing where it cites nothing."""
    return [entry_at(index, log) for index in entry.cites.get(role, ())]


def first_of(sentence: str, field: str, says: str) -> Rule:
    """Refuse a second entry of a kind about one thing, which this field names: the `subject` of the kind. The reference `says` so."""

    def is_first(entry: Entry, log: LogView) -> None:
        if log.about(entry.kind, entry.data[field]):
            fail(sentence)

    is_first.__doc__ = says
    return is_first


def once_for(sentence: str, role: str, says: str) -> Rule:
    """Refuse a second entry of a kind that cites in this role what another cites. The reference `says` so."""

    def is_done_once(entry: Entry, log: LogView) -> None:
        if log.citing(entry.cites[role][0], entry.kind):
            fail(sentence)

    is_done_once.__doc__ = says
    return is_done_once


def slug(where: str, value: Any) -> None:
    """Accept a short name of small letters, digits and hyphens."""
    if not isinstance(value, str) or not SLUG.match(value):
        malformed(f"{where} must be a short name of small letters, digits and hyphens.")


def seat(where: str, value: Any) -> None:
    """Accept the public id of a seat."""
    if not isinstance(value, str) or not SEAT.match(value):
        malformed(f"{where} must be the id of a seat, such as seat-1a2b3c4d.")


def office(where: str, value: Any) -> None:
    """Accept an office written as unit/office."""
    if not isinstance(value, str) or not OFFICE.match(value):
        malformed(f"{where} must name an office as unit/office.")


def hex64(where: str, value: Any) -> None:
    """Accept 32 bytes in small hexadecimal letters."""
    if not isinstance(value, str) or not HEX64.match(value):
        malformed(f"{where} must be 64 hexadecimal digits.")


def day(where: str, value: Any) -> None:
    """Accept a day as YYYY-MM-DD and in no other form, so that days compare as text; never a finer time."""
    try:
        ok = isinstance(value, str) and bool(DAY.match(value)) and bool(date.fromisoformat(value))
    except ValueError:
        ok = False
    if not ok:
        malformed(f"{where} must be a day written as YYYY-MM-DD.")


def event_date(where: str, value: Any) -> None:
    """Accept the date of an old event: a year, a month or a day."""
    if not isinstance(value, str) or not EVENT_DATE.match(value):
        malformed(f"{where} must be a year, a month or a day, as 2021, 2021-06 or 2021-06-21.")


def flag(where: str, value: Any) -> None:
    """Accept true or false."""
    if not isinstance(value, bool):
        malformed(f"{where} must be true or false.")


def lang(where: str, value: Any) -> None:
    """Accept the code of a language."""
    if not isinstance(value, str) or not LANG.match(value):
        malformed(f"{where} must be the code of a language, such as en.")


def zone(where: str, value: Any) -> None:
    """Accept the name of a time zone."""
    if not isinstance(value, str) or not ZONE.match(value):
        malformed(f"{where} must be the name of a time zone, such as America/New_York.")


def words(most: int = 200) -> Check:
    """Accept a short string of at most `most` characters, as grammar 1 did. Since grammar 2 free words are texts, never data."""

    def check(where: str, value: Any) -> None:
        if not isinstance(value, str) or not 0 < len(value) <= most:
            malformed(f"{where} must be text of 1 to {most} characters.")

    return check


def seed(where: str, value: Any) -> None:
    """Accept numbers as a public source gives them, in the one way in which they are written."""
    try:
        is_so = isinstance(value, str) and seed_as_written(value) == value
    except LotteryError:
        is_so = False
    if not is_so:
        malformed(
            f"{where} must be the digits that its source gave, 0 to 9 or a to f, with one space between numbers, and zeros "
            "in front only to make all as long as the longest."
        )


def number(low: int, high: int) -> Check:
    """Accept a whole number within bounds."""

    def check(where: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            malformed(f"{where} must be a whole number from {low} to {high}.")

    return check


def one_of(*choices: str) -> Check:
    """Accept one of these words."""

    def check(where: str, value: Any) -> None:
        if value not in choices:
            malformed(f"{where} must be one of: {', '.join(choices)}.")

    return check


def list_of(item: Check, least: int = 1, most: int = 900) -> Check:
    """Accept a list whose items pass `item`."""

    def check(where: str, value: Any) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            malformed(f"{where} must be a list of {least} to {most}.")
        for place, one in enumerate(value):
            item(f"{where}[{place}]", one)

    return check


#: Codes of languages, and how grammar 1 took them.
languages = list_of(lang, 1, 60)
OLD_LANGUAGES = {"languages": list_of(words(12), 1, 60)}


def fields(need: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """Accept an object with exactly these fields."""
    maybe = may or {}

    def check(where: str, value: Any) -> None:
        if not isinstance(value, dict):
            malformed(f"{where} must be an object.")
        check_fields(where, value, need, maybe)

    return check


def either(*checks: Check) -> Check:
    """Accept what at least one of the checks accepts."""

    def check(where: str, value: Any) -> None:
        last: GrammarError | None = None
        for one in checks:
            try:
                one(where, value)
            except GrammarError as error:
                last = error
            else:
                return
        if last:
            raise last

    return check


def check_fields(
    where: str, value: Mapping[str, Any], need: Mapping[str, Check], may: Mapping[str, Check]
) -> None:
    """Check every field of an object, and that none is missing or unknown."""
    for name in need:
        if name not in value:
            malformed(f"{where} lacks {name}; add it.")
    for name, one in value.items():
        check = need.get(name) or may.get(name)
        if check is None:
            malformed(f"{where} holds {name}, which this kind does not know; leave it out.")
        else:
            check(f"{where}.{name}", one)


#: A count of people as the public may see it: a range, or that they are fewer than k.
band = either(one_of("fewer"), fields({"low": number(1, 10**9), "high": number(1, 10**9)}))

"""What holds for entries of every kind since grammar 2: lists name each once, ranges hide single people, days fit their cohort."""

from collections.abc import Iterator
from typing import Any

from alongside.core.clocks import MILESTONE_YEARS, latest_milestone
from alongside.core.disclosure import is_hidden
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import NO_LANGUAGE, Rule, all_cited, fail, malformed, since


def names_each_once(entry: Entry, _log: LogView) -> None:
    """Refuse a list that names something twice: whoever counts the list would count it twice."""
    for where, found in _lists("data", entry.data):
        if any(one in found[:place] for place, one in enumerate(found)):
            malformed(f"{where} names something twice; name it once.")


def _lists(where: str, value: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(value, list):
        yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _lists(f"{where}.{key}", one)


def hides_single_people(low_high: Any, k: int) -> None:
    """Refuse a range upside down, below k, or so narrow that it is a count (see core.disclosure)."""
    if low_high != "fewer" and not is_hidden(low_high["low"], low_high["high"], k):
        fail("a range of people begins at {k} and holds at least {k} numbers; tell a wider one.", k=k)


def is_of_its_cohort(entry: Entry, log: LogView) -> None:
    """Refuse an entry about one cohort that cites another one."""
    for one in all_cited(entry, "cohort", log):
        if entry.data.get("cohort", one.data["cohort"]) != one.data["cohort"]:
            malformed("cites another cohort than it is about; cite its own.")


def is_near(name: str) -> Rule:
    """Refuse a day in a year that nobody lives to see, under this name in the data."""

    def check(entry: Entry, _log: LogView) -> None:
        if entry.data.get(name, "") > latest_milestone(entry.date).isoformat():
            fail("this lies more than {years} years ahead; name a nearer day.", years=MILESTONE_YEARS)

    check.__doc__ = f"Refuse a day for `{name}` that lies more than {MILESTONE_YEARS} years ahead."
    return since(2, check)


#: A text is called by a field, or by something that a slug names, such as a milestone.
LONGEST_NAME = 90


def names_texts_shortly(entry: Entry, _log: LogView) -> None:
    """Refuse a text under a name so long that the name itself says something: no take-down reaches it."""
    if long := [name for name in entry.texts if len(name) > LONGEST_NAME]:
        malformed(
            f"the name of a text has {LONGEST_NAME} letters at most, and {long[0][:LONGEST_NAME]}... has more."
        )


#: The texts that are no words: addresses, and names of sources.
IN_NO_LANGUAGE = frozenset({"link", "links", "source", "sources", "license"})


def speaks_a_language(entry: Entry, _log: LogView) -> None:
    """Refuse words that are said to be in no language: nobody could translate them."""
    for name, text in entry.texts.items():
        if text["lang"] == NO_LANGUAGE and name not in IN_NO_LANGUAGE:
            malformed(f"{name} holds words; say in which language.")


RULES: tuple[Rule, ...] = (
    since(2, names_each_once),
    since(2, is_of_its_cohort),
    since(2, names_texts_shortly),
    since(2, speaks_a_language),
)

"""Read what a pack asks applicants to be counted by: nothing that the pack itself forbids to ask."""

import re
from collections.abc import Sequence

from alongside.core.policy.calls import Category, Demographic
from alongside.core.policy.linter import lint_question
from alongside.core.policy.pack import Pack
from alongside.core.policy.words import PackError, Words

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
TEL = re.compile(r"\+?[0-9]{3,15}\Z")
LONGEST = 36_500


def asks_applicants_what_it_may(pack: Pack) -> None:
    """Refuse a `[calls]` table that asks a forbidden topic, counts nothing, or keeps applications for no time.

    Raises PackError naming the key and the cure.
    """
    _says_how_to_apply(pack)
    for name in ("kept_days", "unsent_kept_days"):
        if not 1 <= getattr(pack.calls, name) <= LONGEST:
            raise PackError(f"calls.{name}", f"must be from 1 to {LONGEST} days.")
    _asks(pack, "demographics", pack.calls.demographics)
    _asks(pack, "categories", pack.calls.categories)


def _asks(pack: Pack, name: str, asked: Sequence[Demographic | Category]) -> None:
    ids = [one.id for one in asked]
    for place, one in enumerate(asked):
        where = f"calls.{name}[{place}]"
        if ids.count(one.id) > 1:
            raise PackError(f"calls.{name}", f"names {one.id} twice; keep one.")
        for short in (one.id, *(choice.id for choice in one.choices)):
            if not SLUG.match(short):
                raise PackError(where, f"has the id {short}; write small letters, digits and hyphens.")
        if len({choice.id for choice in one.choices}) != len(one.choices) or not one.choices:
            raise PackError(f"{where}.choices", "needs answers to choose from, each once.")
        for words in (one.words, *(choice.words for choice in one.choices)):
            _refuse_forbidden(pack, where, words)


def _says_how_to_apply(pack: Pack) -> None:
    for place, way in enumerate(pack.calls.ways):
        where = f"calls.ways[{place}]"
        if way.kind not in {"phone", "paper"}:
            raise PackError(f"{where}.kind", "is neither phone nor paper.")
        if way.kind == "phone" and not (way.tel and TEL.match(way.tel) and way.tel_shown):
            raise PackError(f"{where}.tel", "is missing or not a number; add tel and tel_shown.")


def _refuse_forbidden(pack: Pack, where: str, words: Words) -> None:
    for text in words.by_lang.values():
        for hit in lint_question(text, pack):
            raise PackError(where, f"asks about {hit.topic} ({hit.statute}); take it out.")

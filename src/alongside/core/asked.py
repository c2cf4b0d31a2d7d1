"""What is written as JSON in an act, as a person reads it: frozen questions, and plans. As islands/lib/leads/asked.ts does; nothing is left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.core.canonical import canonical, read_json
from alongside.core.questions import SPOKEN, STATEMENTS, parts_of, read_questions, worded

#: What the site numbers: a question, an answer, a statement.
NUMBERED = re.compile(r"[qas][1-9]\d*\Z")
#: The steps at the ends of a scale.
ENDS = (1, 5)


@dataclass(frozen=True)
class InLanguage:
    """A question or a statement in one language, with the answers to choose from: the id of each that is no mere number, and its words."""

    lang: str
    words: str
    hint: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """A question or a statement in each language; its id where that is no mere number."""

    id: str
    kind: str
    in_each: Sequence[InLanguage]


@dataclass(frozen=True)
class Form:
    """Frozen questions, taken apart."""

    questions: Sequence[Asked]
    statements: Sequence[Asked]
    is_spoken: bool


def form_of(written: str) -> Form | None:
    """Take frozen questions apart; None where these words are none, or hold more or less than a promise can freeze."""
    try:
        form = read_questions(written)
        languages = list(dict.fromkeys(lang for one in worded(form) for lang in one["words"]))
        parts_of(form, languages)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    questions, statements = (
        [_asked(one, languages) for one in form.get(name, ())] for name in ("questions", STATEMENTS)
    )
    return Form(questions, statements, SPOKEN in form)


def _asked(held: Mapping[str, Any], languages: Sequence[str]) -> Asked:
    def choices(lang: str) -> list[tuple[str, str]]:
        options = [(_numberless(one["id"]), one["words"][lang]) for one in held.get("options", ())]
        ends = zip(ENDS, held.get("ends", ()), strict=False)
        return [*options, *(("", f"{step}: {end[lang]}") for step, end in ends)]

    hint = held.get("hint", {})
    in_each = [InLanguage(one, held["words"][one], hint.get(one, ""), choices(one)) for one in languages]
    return Asked(_numberless(held["id"]), held.get("kind", ""), in_each)


def _numberless(name: str) -> str:
    return "" if NUMBERED.match(name) else name


def legible(written: str) -> str:
    """Give words as they are; those of a plan, which are JSON, with each name and what it holds on a line."""
    try:
        held = read_json(written)
        is_plan = isinstance(held, dict) and canonical(held) == written.encode()
    except ValueError:
        return written
    return "\n".join(_lines(held)) if is_plan else written


def _lines(held: Any, name: str = "") -> list[str]:
    if not isinstance(held, dict | list):
        said = held if isinstance(held, str) else canonical(held).decode()
        return [f"{name}: {said}" if name else said]
    inside = (
        [(str(each), one) for each, one in held.items()]
        if isinstance(held, dict)
        else [("", one) for one in held]
    )
    return [*([f"{name}:"] if name else []), *(line for each, one in inside for line in _lines(one, each))]

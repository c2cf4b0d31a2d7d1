"""The questions of a form as a reader sees them: in their language where it is there, else as first written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: A scale has five steps; the first and the last have words.
STEPS = 5


@dataclass(frozen=True)
class Phrase:
    """Words and the language they are in."""

    words: str
    lang: str


@dataclass(frozen=True)
class Choice:
    """One way to answer: what is sent, and its words."""

    value: str
    phrase: Phrase | None


@dataclass(frozen=True)
class Question:
    """One question. `choices` are the options of a choice or the steps of a scale."""

    id: str
    kind: str
    phrase: Phrase
    hint: Phrase | None
    choices: Sequence[Choice] = ()


def phrase(by_lang: Mapping[str, str], lang: str, first: str) -> Phrase | None:
    """Give the words in a language, else in the first one, else None."""
    for code in (lang, first):
        if by_lang.get(code):
            return Phrase(by_lang[code], code)
    return None


def questions_of(form: Mapping[str, Any], lang: str, first: str) -> list[Question]:
    """Give the questions of a form (see actions.save_questions for its shape) in a language."""
    return [_question(one, lang, first) for one in form.get("questions", ())]


def _question(one: Mapping[str, Any], lang: str, first: str) -> Question:
    return Question(
        id=one["id"],
        kind=one["kind"],
        phrase=phrase(one["words"], lang, first) or Phrase("", lang),
        hint=phrase(one.get("hint", {}), lang, first),
        choices=_steps(one, lang, first) if one["kind"] == "scale" else _options(one, lang, first),
    )


def _options(one: Mapping[str, Any], lang: str, first: str) -> list[Choice]:
    return [Choice(each["id"], phrase(each["words"], lang, first)) for each in one.get("options", ())]


def _steps(one: Mapping[str, Any], lang: str, first: str) -> list[Choice]:
    low, high = [phrase(each, lang, first) for each in one["ends"]]
    return [Choice(str(step), {1: low, STEPS: high}.get(step)) for step in range(1, STEPS + 1)]


def parts_of(question: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """List what must be there in every language of a question: its words, its options, the ends of its scale."""
    options = [one["words"] for one in question.get("options", ())]
    return [question["words"], *options, *question.get("ends", ())]


def wordings(form: Mapping[str, Any]) -> list[str]:
    """List every wording of a form, in every language: questions, hints, options, ends."""
    parts = [part for one in form.get("questions", ()) for part in [*parts_of(one), one.get("hint", {})]]
    return [text for part in parts for text in part.values() if text]


def free_id(questions: Sequence[Mapping[str, Any]]) -> str:
    """Find an id that no question of a form has."""
    taken = {one["id"] for one in questions}
    return next(name for number in range(1, len(taken) + 2) if (name := f"q{number}") not in taken)


def arranged(questions: Sequence[Mapping[str, Any]], move: str, drop: str) -> list[Mapping[str, Any]]:
    """Give the questions with one moved a place up, or one taken out, by their ids."""
    kept = [one for one in questions if one["id"] != drop]
    place = next((place for place, one in enumerate(kept) if one["id"] == move), 0)
    if place:
        kept[place - 1], kept[place] = kept[place], kept[place - 1]
    return kept

"""The questions of an engagement as its promise freezes them: their shape, and their words in every language."""

from collections.abc import Mapping, Sequence
from typing import Any

from alongside.core.words import has_words

KINDS = ("text", "one", "several", "scale")
#: Kinds with answers to choose from; a scale has two ends instead.
CHOICES = ("one", "several")


def parts_of(form: Mapping[str, Any], languages: Sequence[str]) -> list[list[str]]:
    """List what is asked, part by part, each in every language: questions, answers to choose from, ends of scales.

    Raises ValueError where a part lacks words in a language, or where two questions, or two answers of one question, have one
    id: what a person chose would then be read as another answer.
    """
    try:
        questions = form["questions"]
        _refuse_twins(questions)
        parts = [part for one in questions for part in _parts(one)]
        said = [[str(part[lang]) for lang in languages] for part in parts]
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("A question lacks its words in a language, or what its kind needs.") from error
    if not said or not all(has_words(one) for part in said for one in part):
        raise ValueError("A question lacks its words in a language.")
    return said


def _parts(question: Mapping[str, Any]) -> list[Mapping[str, str]]:
    kind = question["kind"]
    choices, ends = question.get("options", ()), question.get("ends", ())
    _refuse_twins(choices)
    if kind not in KINDS or bool(choices) != (kind in CHOICES) or len(ends) != (2 if kind == "scale" else 0):
        raise ValueError("A question has not what its kind needs.")
    return [question["words"], *(one["words"] for one in choices), *ends]


def _refuse_twins(parts: Sequence[Mapping[str, Any]]) -> None:
    ids = [one["id"] for one in parts]
    if len(set(ids)) != len(ids):
        raise ValueError("Two questions, or two answers of one question, have one id.")

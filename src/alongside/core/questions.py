"""The questions of an engagement as its promise freezes them: their shape, and their words in every language."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from alongside.core.canonical import canonical, read_json
from alongside.core.words import as_seen, has_words, is_turned

KINDS = ("text", "one", "several", "scale")
#: Kinds with answers to choose from; a scale has two ends instead.
CHOICES = ("one", "several")
#: Ids are names that a page, a script and JSON read alike; these two name other fields of the page.
ID = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
OTHER_FIELDS = frozenset({"quote", "website"})
#: A question whose name the program gives: whether leads may give what somebody said to the office that can fix it.
PASS_ON, YES = "pass-on", "yes"
#: The other one: a statement that somebody offers, for others to judge.
OFFER = "offer"
OURS = frozenset({PASS_ON, OFFER})
#: The letters of a statement at most: each is read and judged in some seconds.
LONGEST_STATEMENT = 200
#: Stands in a form, true, where people may answer by voice.
SPOKEN = "spoken"
#: Stands in a form beside the questions where people judge statements: [{"id": "s1", "words": {lang: text}}].
STATEMENTS = "statements"
STATEMENT = re.compile(r"s([1-9][0-9]{0,3})\Z")
NEEDED, ALLOWED = {"id", "kind", "words"}, {"id", "kind", "words", "hint", "options", "ends"}


def read_questions(text: str) -> Mapping[str, Any]:
    """Read frozen questions; every reader must find the same hash. Raises ValueError where they are not canonical JSON."""
    form: Any = read_json(text)
    if not isinstance(form, dict) or canonical(form) != text.encode():
        raise ValueError("It is not written as canonical JSON.")
    return form


def asks_to_pass_on(form: Mapping[str, Any]) -> bool:
    """Say whether people were asked, in the questions that were frozen, if leads may pass on what they said."""
    return any(one.get("id") == PASS_ON for one in form.get("questions", ()))


def asks_for_statements(form: Mapping[str, Any]) -> bool:
    """Say whether people were asked, in the questions that were frozen, to offer a statement beside those that they judge."""
    return STATEMENTS in form and any(one.get("id") == OFFER for one in form.get("questions", ()))


def worded(form: Mapping[str, Any]) -> list[Any]:
    """List what of a form has an id and words: its questions, then the statements that people judge."""
    return [*form.get("questions", ()), *form.get(STATEMENTS, ())]


def number_of(statement: str) -> int:
    """Give the number of a statement, 3 for s3. Raises ValueError where it is no id of one."""
    found = STATEMENT.match(statement)
    if not found:
        raise ValueError(f"{statement} is no id of a statement; they are called s1, s2 and so on.")
    return int(found[1])


def may_be_spoken(form: Mapping[str, Any]) -> bool:
    """Say whether people may answer what is asked in their own words by voice, as was frozen with the questions."""
    return form.get(SPOKEN) is True and any(one.get("kind") == "text" for one in form.get("questions", ()))


def in_languages(form: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """Give a form with its words in these languages alone: people are asked in no language that nobody promised and signed.

    Raises ValueError where it is no form.
    """

    def said(words: Mapping[str, str]) -> dict[str, str]:
        return {lang: words[lang] for lang in languages if lang in words}

    def asked(question: Mapping[str, Any]) -> dict[str, Any]:
        made = {**question, "words": said(question["words"])}
        if "hint" in question:
            made["hint"] = said(question["hint"])
        if "options" in question:
            made["options"] = [{**one, "words": said(one["words"])} for one in question["options"]]
        if "ends" in question:
            made["ends"] = [said(one) for one in question["ends"]]
        return made

    try:
        told = [{**one, "words": said(one["words"])} for one in form.get(STATEMENTS, ())]
        made = {**form, "questions": [asked(one) for one in form.get("questions", ())]}
        return made | {STATEMENTS: told} if STATEMENTS in form else made
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("A question has not what its kind needs.") from error


def parts_of(form: Mapping[str, Any], languages: Sequence[str]) -> list[list[str]]:
    """List what is asked, part by part, each in every language: questions, answers to choose from, ends of scales, statements.

    Raises ValueError where a part lacks words in a language or holds a sign that turns letters round, where a question has
    not what its kind needs, or where two ids are alike or no names: what a person chose would be read as another answer.
    """
    try:
        more = {SPOKEN, STATEMENTS}
        if set(form) - more != {"v", "questions"} or form["v"] != 1 or form.get(SPOKEN, True) is not True:
            raise ValueError("It holds more or less than questions.")
        _refuse_wrong_ids(worded(form))
        _refuse_wrong_statements(form)
        parts = [part for one in form["questions"] for part in _parts(one)]
        parts += [one["words"] for one in form.get(STATEMENTS, ())]
        hints = [one["hint"] for one in form["questions"] if "hint" in one]
        said = [[part[lang] for lang in languages] for part in parts]
        if any(not set(part) <= set(languages) for part in [*parts, *hints]):
            raise ValueError("A question has words in a language that the promise does not name.")
        if not said or not all(isinstance(one, str) and has_words(one) for part in said for one in part):
            raise ValueError("A question lacks its words in a language.")
        if any(is_turned(one) for part in [*parts, *hints] for one in part.values()):
            raise ValueError("A question holds a sign that turns letters round.")
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("A question lacks its words in a language, or what its kind needs.") from error
    return said


def read_alike(form: Mapping[str, Any], languages: Sequence[str]) -> tuple[str, str] | None:
    """Give the id of a question of which two answers, or both ends, read alike in a language, and that language, or None.

    Or of one that reads in a language as another one does, while they differ in the others. The form has its parts
    (`parts_of`): nobody could tell afterwards which of the two was meant.
    """
    for one in form["questions"]:
        for lang in languages:
            choices = [each["words"][lang] for each in one.get("options", ())]
            if are_alike(choices) or are_alike([end[lang] for end in one.get("ends", ())]):
                return one["id"], lang
    for lang in languages:
        first: dict[str, Mapping[str, str]] = {}
        for one in worded(form):
            same = first.setdefault(as_seen(one["words"][lang]), one["words"])
            if any(as_seen(same[other]) != as_seen(one["words"][other]) for other in languages):
                return one["id"], lang
    return None


def are_alike(words: Sequence[str]) -> bool:
    """Say whether two of these read alike."""
    return len({as_seen(one) for one in words}) < len(words)


def _parts(question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kind, choices, ends = question["kind"], question.get("options", ()), question.get("ends", ())
    if not NEEDED <= set(question) <= ALLOWED or any(set(one) != {"id", "words"} for one in choices):
        raise ValueError("A question holds more or less than its parts.")
    _refuse_wrong_ids(choices)
    if kind not in KINDS or bool(choices) != (kind in CHOICES) or len(ends) != (2 if kind == "scale" else 0):
        raise ValueError("A question has not what its kind needs.")
    return [question["words"], *(one["words"] for one in choices), *ends]


def _refuse_wrong_statements(form: Mapping[str, Any]) -> None:
    told = form.get(STATEMENTS, [{"id": "s1", "words": {}}])
    if not told or any(set(one) != {"id", "words"} or not STATEMENT.match(one["id"]) for one in told):
        raise ValueError("A statement holds more or less than its id and its words.")
    if any(STATEMENT.match(one["id"]) for one in form["questions"]):
        raise ValueError("A question has the id of a statement.")


def _refuse_wrong_ids(parts: Sequence[Mapping[str, Any]]) -> None:
    ids = [one["id"] for one in parts]
    if any(not isinstance(one, str) or not ID.match(one) or one in OTHER_FIELDS for one in ids):
        raise ValueError("An id of a question or of an answer is no name.")
    if len(set(ids)) != len(ids):
        raise ValueError("Two questions, or two answers of one question, have one id.")

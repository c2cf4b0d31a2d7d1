"""The questions of a form, as leads write them and people read them."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from alongside.core.questions import (
    LONGEST_STATEMENT,
    OFFER,
    OURS,
    PASS_ON,
    STATEMENTS,
    YES,
    asks_to_pass_on,
    worded,
)
from alongside.core.sealing.voice import Shown, Way
from alongside.core.xlsforms.reading import PARTLY, Left, LeftOut
from alongside.ground.texts.models import Sound

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
    #: What people hear of it in the language of the page, where a lead says it aloud.
    said: Sound | None = None

    @property
    def longest(self) -> int:
        """Give how many letters an answer has at most, 0 where nothing but its size in bytes says so."""
        return LONGEST_STATEMENT if self.id == OFFER else 0


def phrase(by_lang: Mapping[str, str], lang: str, first: str) -> Phrase | None:
    """Give the words in a language, else in the first one, else None."""
    for code in (lang, first):
        if by_lang.get(code):
            return Phrase(by_lang[code], code)
    return None


def questions_of(form: Mapping[str, Any], lang: str, first: str) -> list[Question]:
    """Give the questions of a form (see actions.save_questions for its shape) in a language."""
    return [_question(one, lang, first) for one in form.get("questions", ())]


@dataclass(frozen=True)
class Statement:
    """A statement that people judge, in the words of one language."""

    id: str
    phrase: Phrase
    #: The entry by which leads released it, where somebody offered it.
    entry: int = 0


def statements_of(form: Mapping[str, Any], lang: str, first: str) -> list[Statement]:
    """Give the statements of a form in a language."""
    return [
        Statement(one["id"], phrase(one["words"], lang, first) or Phrase("", lang))
        for one in form.get(STATEMENTS, ())
    ]


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


def parts_of(question: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Name every part of a question that has words; all but a hint must be there in every language."""
    parts = {"words": question["words"]}
    if question.get("hint"):
        parts["hint"] = question["hint"]
    parts |= {f"option-{one['id']}": one["words"] for one in question.get("options", ())}
    return parts | {f"end-{place}": end for place, end in enumerate(question.get("ends", ()))}


def choices_of(question: Mapping[str, Any]) -> list[str]:
    """Name the parts of a question that people choose between: its answers, or the ends of its scale."""
    return [one for one in parts_of(question) if one.startswith(("option-", "end-"))]


def wordings(form: Mapping[str, Any]) -> list[str]:
    """List every wording of a form, in every language: questions, hints, options, ends, statements; and each question as it is read, with all below it."""
    asked = [list(parts_of(one).values()) for one in worded(form)]
    said = [text for parts in asked for part in parts for text in part.values() if text]
    whole = [
        " ".join(part.get(lang, "") for part in parts)
        for parts in asked
        for lang in dict.fromkeys(chain(*parts))
    ]
    return [*said, *whole]


def free_id(questions: Sequence[Mapping[str, Any]]) -> str:
    """Find an id that no question of a form has."""
    taken = {one["id"] for one in questions}
    return next(name for number in range(1, len(taken) + 2) if (name := f"q{number}") not in taken)


#: How a voice comes that a lead takes in, and how its person learned of the promise: what a lead chooses, and the reader tells.
TAKEN_IN: Mapping[str, Promise] = {
    Way.PAPER: gettext_lazy("On paper"),
    Way.SESSION: gettext_lazy("At a session"),
    Way.DOOR: gettext_lazy("At a door or in the street"),
    Way.PHONE: gettext_lazy("By phone"),
}
LEARNED: Mapping[str, Promise] = {
    Shown.PAPER: gettext_lazy("They read it on paper"),
    Shown.ALOUD: gettext_lazy("Somebody told them in their language"),
    Shown.SCREEN: gettext_lazy("They read it on a screen"),
}

#: The question whether leads may pass on what somebody said, its hint and its one answer. Nobody writes over them, and
#: nothing is given where other words were frozen: whoever changes them here ends that in engagements that are open.
MAY_PASS_ON = gettext_lazy(
    "May leads give this to the office that can fix it? It is then a paper of the City."
)
PASSED_ON = gettext_lazy(
    "Anyone can ask the City for its papers, and you cannot withdraw it. First, leads take out what could point at you, and a "
    "second lead checks that. It is not published. With your receipt you can see that it was given."
)
YES_PASS_ON = gettext_lazy("Yes, if leads take out what could point at me.")


#: The question by which people offer a statement for others to judge, and its hint. As of the one above, nobody writes over them.
OFFER_ONE = gettext_lazy(
    "Would you like others to judge a statement of yours? Write one sentence, with 200 letters at most."
)
OFFERED = gettext_lazy(
    "Only leads read what you write here. Two of them let others judge it, put it together with one that is there, or say why it stays out. You find that with "
    "your receipt. What others judge is public, in words that the leads choose, and you cannot withdraw it then."
)


def with_ours(
    asked: Sequence[Mapping[str, Any]], name: str, languages: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Give questions with one of ours, by its name, last; once.

    Its words stand in each language in which the program has them; leads write the others, as of every question.
    """
    return [*asked] if any(one["id"] == name for one in asked) else [*asked, _ours(name, languages)]


def is_ours(question: Mapping[str, Any], part: str, lang: str) -> bool:
    """Say whether nobody but the program writes the words of a part of a question in a language."""
    name = question["id"]
    return name in OURS and lang in parts_of(_ours(name, [lang])).get(part, {})


def in_our_words(form: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """Give a form whose questions of ours, where it has any, say what ours say in each of these languages."""
    asked = form.get("questions", ())
    made = [_as_ours(one, languages) if one["id"] in OURS else one for one in asked]
    return {**form, "questions": made} if made else dict(form)


def asks_in_our_words(form: Mapping[str, Any]) -> bool:
    """Say whether people were asked, in questions that were frozen, by our own question if leads may pass on what they said."""
    languages = [lang for one in form.get("questions", ()) for lang in one["words"]]
    return asks_to_pass_on(form) and form == in_our_words(form, languages)


def _ours(name: str, languages: Sequence[str]) -> dict[str, Any]:
    if name == OFFER:
        words, hint = (_in_each(one, languages) for one in (OFFER_ONE, OFFERED))
        return {"id": OFFER, "kind": "text", "words": words, "hint": hint}
    words, hint, yes = (_in_each(one, languages) for one in (MAY_PASS_ON, PASSED_ON, YES_PASS_ON))
    options = [{"id": YES, "words": yes}]
    return {"id": PASS_ON, "kind": "several", "words": words, "hint": hint, "options": options}


def _as_ours(question: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """Give our question, with what leads wrote in the languages in which we have no words."""
    made, written = _ours(question["id"], languages), parts_of(deepcopy(dict(question)))
    for name, words in parts_of(made).items():
        words |= {lang: said for lang, said in written.get(name, {}).items() if lang not in words}
    return made


def _in_each(words: Promise, languages: Sequence[str]) -> dict[str, str]:
    """Give our words in every language that has them."""
    found = {}
    for code in languages:
        with override(code):
            found[code] = str(words)
    with override("en"):
        english = str(words)
    return {code: said for code, said in found.items() if code == "en" or said != english}


#: Under this name, words of a promise in another language keep what was written beside first words that have changed since.
WAS = "was"


def parts_by_field(words: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Name all that a draft says, its promise and its questions, each with its words by language, by the field that they are typed in."""
    names = dict.fromkeys(
        name for texts in words.values() for name, said in texts.items() if isinstance(said, str)
    )
    parts = {
        f"text-{name}": {lang: texts[name] for lang, texts in words.items() if name in texts}
        for name in names
        if name != "checked"
    }
    for one in worded(form):
        parts |= {f"{one['id']}-{key}": part for key, part in parts_of(one).items()}
    return parts


def said_of_these_words(
    words: Mapping[str, Mapping[str, Any]],
    form: Mapping[str, Any],
    before: Mapping[str, Mapping[str, str]],
    first: str,
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Give the words and the form of a draft without what says, in another language, first words that have changed.

    `before` are its parts as they were. What falls out is kept as `WAS`, so that its form begins with it: people who
    answer one question must be asked one thing.
    """
    kept, asked = deepcopy({lang: dict(texts) for lang, texts in words.items()}), deepcopy(dict(form))
    for field, part in parts_by_field(kept, asked).items():
        had = before.get(field, {})
        outdated = [lang for lang, said in part.items() if lang != first and had.get(lang) == said]
        if had.get(first) in {None, part.get(first)}:
            continue
        for lang in outdated:
            kept.setdefault(lang, {}).setdefault(WAS, {})[field] = part.pop(lang)
            kept[lang].pop(field.removeprefix("text-"), None)
    return kept, asked


def arranged(questions: Sequence[Mapping[str, Any]], move: str, drop: str) -> list[Mapping[str, Any]]:
    """Give the questions with one moved a place up, or one taken out, by their ids."""
    kept = [one for one in questions if one["id"] != drop]
    place = next((place for place, one in enumerate(kept) if one["id"] == move), 0)
    if place:
        kept[place - 1], kept[place] = kept[place], kept[place - 1]
    return kept


#: What a row of a file is that is not brought along, whole or in part, and what to do.
LEFT = {
    Left.NOTE: gettext_lazy("Words to read, without a question. If people need them, put them in a hint."),
    Left.HEADING: gettext_lazy("The heading of a group. Its questions come one after the other."),
    Left.REPEAT: gettext_lazy(
        "Asked again for each person or thing. Ask it once, and let people answer in their own words."
    ),
    Left.CALCULATED: gettext_lazy("Something that the tool works out. Work it out later, from the answers."),
    Left.MEDIA: gettext_lazy(
        "A photo, a sound, a file or a bar code. Nobody can send these here. Ask people to say it in words."
    ),
    Left.PLACE: gettext_lazy(
        "A place on a map, which could lead to a person. Ask for a wide area, with answers to choose from."
    ),
    Left.DEVICE: gettext_lazy(
        "Taken from the phone without asking, such as its number or the time. Nothing of that is taken here."
    ),
    Left.RANKED: gettext_lazy("Answers to put in order. Ask which one matters most."),
    Left.EXTERNAL: gettext_lazy("Answers that stand in another file. Write up to 20 of them here."),
    Left.RANGE: gettext_lazy(
        "Another scale than ours, which goes from 1 to 5, with words for both ends. Write the question here."
    ),
    Left.EARLIER: gettext_lazy("It repeats an earlier answer. Write the question here without it."),
    Left.ALIKE: gettext_lazy("Two of its answers read alike. Write the question here, with other words."),
    Left.TURNED: gettext_lazy(
        "It holds a sign that turns letters round. Write the question here without it."
    ),
    Left.EMPTY: gettext_lazy(
        "The question or an answer has no words. Write them in the file, or write the question here."
    ),
    Left.UNKNOWN: gettext_lazy("A kind of row that we do not know. If you need it, write the question here."),
    Left.ENTITY: gettext_lazy("A list of things or people that the tool keeps. Nobody is on a list here."),
    Left.MANY: gettext_lazy(
        "More than 100 questions. Hardly anyone answers so many. Choose those that matter."
    ),
    Left.LONG: gettext_lazy("More than 100 answers to choose from. Write up to 20 of them here."),
    Left.CONDITION: gettext_lazy(
        "Asked only after certain answers. Here everyone sees it and can skip it. Read it again with that in mind."
    ),
    Left.FILTER: gettext_lazy("Which answers show depends on an earlier one. Here all of them show."),
    Left.LIMIT: gettext_lazy("A limit on the answer. There is none here. If it matters, say it in the hint."),
    Left.PICTURE: gettext_lazy("A picture or a sound. If it matters, say in words what it shows."),
    Left.BEGUN: gettext_lazy("An answer that stands there at first. Here every answer begins empty."),
    Left.OTHER: gettext_lazy("“Other, please say”. If you need it, write a question for it here."),
    Left.MUST: gettext_lazy("Must be answered. Here people can skip every question."),
    Left.IN_WORDS: gettext_lazy("A number, a day or a time. Here people write it in their own words."),
}


#: Why some rows of a file are not brought along, or not all of them, and which.
type LeftRows = tuple[str | Promise, Sequence[LeftOut]]


def left_by_why(left: Iterable[LeftOut]) -> tuple[list[LeftRows], list[LeftRows]]:
    """Gather what is left out of a file, and what is left out of questions that come along, by why."""
    found = list(left)
    by_why = {why: [one for one in found if one.why == why] for why in LEFT}
    whole: list[LeftRows] = [(LEFT[why], rows) for why, rows in by_why.items() if rows and why not in PARTLY]
    partly: list[LeftRows] = [(LEFT[why], rows) for why, rows in by_why.items() if rows and why in PARTLY]
    return whole, partly

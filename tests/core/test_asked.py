"""Frozen questions and plans are read as people read them, by the same rule as on the page to sign, and nothing is left out."""

import copy

import pytest

from alongside.check.keys import as_read
from alongside.core.asked import form_of, legible
from alongside.core.canonical import canonical

FORM = {
    "v": 1,
    "spoken": True,
    "questions": [
        {
            "id": "q1",
            "kind": "text",
            "words": {"en": "What happened?", "es": "¿Qué pasó?"},
            "hint": {"en": "In your own words"},
        },
        {
            "id": "q2",
            "kind": "one",
            "words": {"en": "Do you get letters?", "es": "¿Recibe cartas?"},
            "options": [
                {"id": "a1", "words": {"en": "Often", "es": "A menudo"}},
                {"id": "never", "words": {"en": "Never", "es": "Nunca"}},
            ],
        },
        {
            "id": "q3",
            "kind": "scale",
            "words": {"en": "How clear?", "es": "¿Qué tan claras?"},
            "ends": [{"en": "Not at all", "es": "Nada"}, {"en": "Very", "es": "Mucho"}],
        },
    ],
    "statements": [{"id": "s1", "words": {"en": "Letters should be short.", "es": "Cartas cortas."}}],
}


def written(form):
    return canonical(form).decode()


def test_the_command_shows_questions_in_each_language_with_all_that_is_chosen_from():
    assert as_read(written(FORM)) == [
        "1. In their own words",
        "   en: What happened?",
        "      In your own words",
        "   es: ¿Qué pasó?",
        "2. They choose one answer",
        "   en: Do you get letters?",
        "      - Often",
        "      - Never [never]",
        "   es: ¿Recibe cartas?",
        "      - A menudo",
        "      - Nunca [never]",
        "3. On a scale from 1 to 5",
        "   en: How clear?",
        "      - 1: Not at all",
        "      - 5: Very",
        "   es: ¿Qué tan claras?",
        "      - 1: Nada",
        "      - 5: Mucho",
        "Statements that people judge:",
        "1.",
        "   en: Letters should be short.",
        "   es: Cartas cortas.",
        "People may also answer by voice.",
    ]


def more(form):
    form["more"] = "word"


def more_of_a_question(form):
    form["questions"][0]["more"] = "word"


def more_of_an_answer(form):
    form["questions"][1]["options"][0]["more"] = "word"


def another_kind(form):
    form["questions"][0]["kind"] = "word"


def a_hint_that_is_none(form):
    form["questions"][0]["hint"] = ["word"]


def words_in_another_language(form):
    form["questions"][0]["words"]["vi"] = "word"


@pytest.mark.parametrize(
    "change",
    [
        more,
        more_of_a_question,
        more_of_an_answer,
        another_kind,
        a_hint_that_is_none,
        words_in_another_language,
    ],
)
def test_questions_that_hold_what_a_promise_cannot_freeze_are_shown_as_they_stand(change):
    form = copy.deepcopy(FORM)
    change(form)
    assert form_of(written(form)) is None
    assert "word" in "\n".join(as_read(written(form)))


def test_a_plan_is_read_line_by_line_and_other_words_stay_as_they_are():
    plan = {"activities": [{"what": "Listen", "people": 40, "open": True}], "why": "Letters\nare late"}
    assert legible(written(plan)).split("\n") == [
        "activities:",
        "open: true",
        "people: 40",
        "what: Listen",
        "why: Letters",
        "are late",
    ]
    for words in ("Name each office.", '{"a": 1}', '{"a":1.5}', "[1]", "1", ""):
        assert legible(words) == words

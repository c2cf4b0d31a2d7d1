"""The courses that ship: as many lessons, questions and choices in every language, short, plain, and of no city."""

import tomllib

import pytest

from alongside.cohort.training.queries import CONTENT, shipped, shipped_names
from alongside.core.policy.load import load_pack
from alongside.core.readability import grade
from alongside.ground.programs.pack_files import shipped_pack

LANGS = ["ar", "en", "es", "vi"]
NAMES = [
    "asking-people-safely",
    "how-a-budget-is-made",
    "how-data-decisions-are-made",
    "organizing-a-campaign",
    "speaking-at-a-public-meeting",
    "working-with-communities",
]
OLDER = {"asking-people-safely", "how-data-decisions-are-made", "working-with-communities"}


def table(name, lang):
    return tomllib.loads((CONTENT / name / f"{lang}.toml").read_text(encoding="utf-8"))


def shape(name, lang):
    """Give how many choices each question of each lesson has."""
    lessons = table(name, lang)["lessons"]
    return [[len(question["choices"]) for question in lesson["questions"]] for lesson in lessons]


def test_six_courses_ship():
    assert shipped_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_course_is_whole_in_four_languages(name):
    assert sorted(file.stem for file in (CONTENT / name).glob("*.toml")) == LANGS
    assert {lang: shape(name, lang) for lang in LANGS} == dict.fromkeys(LANGS, shape(name, "en"))
    assert [len(one.words) for one in shipped(name).lessons] == [4] * len(shipped(name).lessons)


@pytest.mark.parametrize("pack", ["neutral", "portland", "housing", "schools"])
def test_each_course_that_a_pack_names_ships(pack):
    named = load_pack(shipped_pack(pack)).purpose.courses
    assert named and set(named) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_says_where_it_is_from(name):
    said = [("Where this is from:" in one["body"]) for one in table(name, "en")["lessons"]]
    assert name in OLDER or all(said)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_short_and_plain(name):
    for lesson in table(name, "en")["lessons"]:
        assert 150 <= len(lesson["body"].split()) <= 300, lesson["title"]
        assert grade(lesson["body"]) < 8, lesson["title"]
        assert 3 <= len(lesson["questions"]) <= 5, lesson["title"]


@pytest.mark.parametrize("name", NAMES)
def test_every_check_can_be_passed_and_failed(name):
    for one in shipped(name).lessons:
        choices = [len(question["choices"]) for question in one.words["en"]["questions"]]
        assert all(0 <= right < many for right, many in zip(one.right, choices, strict=True))
        assert 0 < one.pass_mark <= len(one.right)
        assert len(set(one.right)) > 1, "The right answer always stands at the same place."


def test_a_number_names_its_source():
    lesson = table("how-data-decisions-are-made", "en")["lessons"][0]
    assert "87%" in lesson["body"] and "Where this is from:" in lesson["body"]
    sources = [
        [("rcfp.org" in one["body"]) for one in table("how-data-decisions-are-made", lang)["lessons"]]
        for lang in LANGS
    ]
    assert sources == [[False, True, False, False]] * 4

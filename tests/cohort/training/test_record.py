"""What the record hears of training: courses, and ranges when a term is over; never a person."""

import json
from datetime import date, timedelta

import pytest

from alongside.cohort.training import actions, tasks
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from tests.cohort.training import cast


def entries(thread, kind):
    return [one for one in map(json.loads, thread.entries()) if one["kind"] == kind]


def test_a_course_is_on_the_record_with_its_words_in_every_language(db):
    thread = cast.program()
    cast.offered(thread)

    (offered,) = entries(thread, "course.offered")
    assert offered["data"] == {
        "audience": "leads",
        "course": "asking-people-safely",
        "lessons": 4,
        "sessions_needed": 0,
        "track": "privacy",
    }
    made = [(one["data"]["lang"], one["data"]["reviewed"]) for one in entries(thread, "text.translated")]
    assert made == [("ar", False), ("es", False), ("vi", False)]


def reword(thread, course, lang, title, needs=0):
    given = {"about": "What it is about.", "sessions_needed": needs, "now": thread.now}
    actions.word_course(course=course, lang=lang, title=title, **given)


def test_a_course_that_is_open_is_worded_anew_on_the_record_and_its_translations_wait_for_a_reader(db):
    thread = cast.program()
    course = cast.offered(thread)
    reword(thread, course, "en", "Asking well")
    reword(thread, course, "en", "Asking well")  # the same words again are nothing new

    (anew,) = entries(thread, "course.reworded")
    offered = course.entry
    assert (anew["cites"], anew["data"]["course"]) == ({"offered": [offered]}, "asking-people-safely")
    course.refresh_from_db()
    assert {(one["lang"], one["is_reviewed"]) for one in course.texts} == {
        ("en", True),
        ("es", False),
        ("vi", False),
        ("ar", False),
    }
    index = len(thread.entries()) - 1
    reword(thread, course, "es", "Preguntar bien")
    last = entries(thread, "text.translated")[-1]
    assert (last["cites"], last["data"]["reviewed"]) == ({"of": [index]}, True)
    reword(thread, course, "es", "Preguntar bien", needs=2)
    assert [one["data"]["sessions_needed"] for one in entries(thread, "course.reworded")] == [0, 2]


def test_a_course_that_is_not_open_is_worded_in_private(db):
    thread = cast.program()
    course = actions.add_shipped(track=cast.track(thread), name=cast.SAFE, now=thread.now)
    before = len(thread.entries())
    reword(thread, course, "en", "Asking well")
    assert len(thread.entries()) == before


def test_learning_enters_nothing(db):
    thread = cast.program()
    course = cast.offered(thread)
    before = len(thread.entries())

    cast.complete(thread, course, thread.first_lead.person)
    tasks.tick(program=thread.program, now=thread.now)

    assert len(thread.entries()) == before


def test_when_a_term_is_over_ranges_are_told_once(both_databases):
    thread = cast.program()
    leads, staff = cast.offered(thread), cast.offered(thread, "welcome", "staff", cast.STAFF)
    cast.complete(thread, leads, thread.first_lead.person)
    for one in cast.colleagues(thread, 12):
        cast.complete(thread, staff, one)
    thread.now = thread.now.replace(year=2028)

    assert tasks.tick(program=thread.program, now=thread.now) == 3
    assert tasks.tick(program=thread.program, now=thread.now + timedelta(days=1)) == 0

    told = [
        (one["data"]["who"], one["data"].get("unit"), one["data"]["people"])
        for one in entries(thread, "training.completed")
    ]
    wide = {"low": 10, "high": 20}
    assert told == [("leads", None, "fewer"), ("staff", None, wide), ("staff", thread.unit.slug, wide)]
    text = b"".join(thread.entries()).decode()
    assert "@" not in text and "colleague" not in text
    check_log(thread.entries(), origin=thread.program.origin)


def test_nine_of_a_unit_are_never_told_beside_its_name(db):
    thread = cast.program()
    staff = cast.offered(thread, "welcome", "staff", cast.STAFF)
    for one in cast.colleagues(thread, 9):
        cast.complete(thread, staff, one)

    tasks.tick(program=thread.program, now=thread.now.replace(year=2028))

    told = [(one["data"]["people"], one["data"].get("unit")) for one in entries(thread, "training.completed")]
    assert told == [("fewer", None)]


def test_a_track_that_began_after_the_term_is_not_told_for_it(db):
    thread = cast.program()
    thread.seat_cohort("old", date(2024, 1, 1), date(2024, 12, 31))
    cast.offered(thread)

    assert tasks.tick(program=thread.program, now=thread.now) == 0


def count(thread, course, **more):
    data = {
        "track": "privacy",
        "who": "leads",
        "people": "fewer",
        "from": "2026-01-01",
        "until": "2026-02-01",
    }
    cohort = next(
        place for place, one in enumerate(map(json.loads, thread.entries())) if one["kind"] == "cohort.seated"
    )
    cites = {"courses": [course.entry], "cohort": [cohort]}
    return thread.enter("training.completed", ["clock"], data | more, cites)


@pytest.mark.parametrize(
    ("more", "cure"),
    [
        ({"until": "2027-12-31"}, "wait until the day after"),
        ({"unit": "permits-desk"}, "leave out the bureau"),
        ({"who": "staff", "unit": "permits-desk"}, "leave this count out"),
        ({"track": "another"}, "cite the courses of this one"),
        ({"people": 7}, "must be an object"),
    ],
)
def test_the_grammar_refuses_what_could_point_at_people(db, more, cure):
    thread = cast.program()
    course = cast.offered(thread)

    with pytest.raises(GrammarError, match=cure):
        count(thread, course, **more)


def test_a_count_and_an_offer_are_entered_once(db):
    thread = cast.program()
    course = cast.offered(thread)
    count(thread, course)

    with pytest.raises(GrammarError, match="counted on the public log already"):
        count(thread, course)
    data = {
        "course": course.slug,
        "track": "privacy",
        "audience": "leads",
        "lessons": 4,
        "sessions_needed": 0,
    }
    from alongside.ground.record.actions.entries import Text

    with pytest.raises(GrammarError, match="offer it once"):
        thread.enter(
            "course.offered", ["steward"], data, texts={"title": Text("en", "A"), "about": Text("en", "B")}
        )


def test_a_second_cohort_of_the_same_term_is_counted_with_the_first_and_stops_no_clock(db):
    thread = cast.program()
    course = cast.offered(thread)
    first = thread.first_lead.cohort
    thread.seat_cohort("twin", first.from_date, first.until_date)
    cast.complete(thread, course, thread.first_lead.person)
    thread.now = thread.now.replace(year=2028)

    assert tasks.tick(program=thread.program, now=thread.now) == 1
    assert tasks.tick(program=thread.program, now=thread.now) == 0
    (told,) = entries(thread, "training.completed")
    assert told["cites"]["cohort"] == [first.entry]
    check_log(thread.entries(), origin=thread.program.origin)


def test_the_leads_of_two_cohorts_of_one_term_are_counted_together(db):
    thread = cast.program()
    course = cast.offered(thread)
    first = thread.first_lead.cohort
    twin = thread.seat_cohort("twin", first.from_date, first.until_date)
    for number in range(12):
        cast.complete(thread, course, thread.seat(f"twin{number}", twin).person)
    thread.now = thread.now.replace(year=2028)

    tasks.tick(program=thread.program, now=thread.now)
    (told,) = entries(thread, "training.completed")
    assert told["data"]["people"] != "fewer"

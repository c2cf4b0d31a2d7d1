"""Learning: a check that can be tried again, sessions, and a track that completes by itself."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.cohort.training import actions
from alongside.cohort.training.models import Completion, Part
from alongside.core.refusals import Refused
from tests.cohort.training import cast


def test_a_check_that_does_not_pass_leaves_no_trace(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]
    wrong = [1 - one if one < 2 else 0 for one in lesson.right]

    checked = actions.finish_lesson(
        lesson=lesson, person=thread.first_lead.person, answers=wrong, now=thread.now
    )

    assert (checked.passed, checked.right) == (False, (False, False, False))
    assert Part.objects.count() == 0
    assert cast.pass_lesson(thread, lesson, thread.first_lead.person).passed
    assert cast.pass_lesson(thread, lesson, thread.first_lead.person).passed
    assert Part.objects.count() == 1


def test_the_pass_mark_decides(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]
    one_wrong = [*lesson.right[:2], 1 - lesson.right[2] if lesson.right[2] < 2 else 0]

    assert lesson.pass_mark == 2
    done = actions.finish_lesson(
        lesson=lesson, person=thread.first_lead.person, answers=one_wrong, now=thread.now
    )
    assert (done.passed, done.right) == (True, (True, True, False))


def test_an_open_question_is_refused_with_the_cure(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]

    with pytest.raises(Refused, match="answer every one"):
        actions.finish_lesson(
            lesson=lesson, person=thread.first_lead.person, answers=lesson.right[:2], now=thread.now
        )


def test_a_track_completes_by_itself_with_the_last_lesson(db):
    thread = cast.program()
    course, lead = cast.offered(thread), thread.first_lead
    *before, last = cast.lessons_of(course)

    assert [cast.pass_lesson(thread, one, lead.person).completion for one in before] == [None] * 3
    made = cast.pass_lesson(thread, last, lead.person).completion

    assert (made.track, made.seat, made.unit) == (course.track, lead, None)
    assert Completion.objects.get() == made


def test_a_session_counts_as_a_lesson_does(db):
    thread = cast.program()
    course = cast.offered(thread)
    actions.word_course(
        course=course,
        lang="en",
        title="With a session",
        about="Also in a room.",
        sessions_needed=1,
        now=thread.now,
    )
    course.refresh_from_db()
    assert cast.complete(thread, course, thread.first_lead.person) is None

    session = actions.schedule_session(
        course=course,
        on=thread.now.date() - timedelta(days=1),
        starts=time(18),
        ends=time(20),
        where="The hall",
        lang="en",
        now=thread.now,
    )
    people = [thread.first_lead.person, thread.second_lead.person]
    actions.note_attendance(session=session, people=people, now=thread.now)

    assert [one.person for one in Completion.objects.all()] == [thread.first_lead.person]
    actions.note_attendance(session=session, people=people[1:], now=thread.now)
    assert [one.person for one in session.attended.all()] == people[1:]
    assert Completion.objects.count() == 1, "What was completed stays completed."


def test_a_course_that_is_not_open_completes_nothing(db):
    thread = cast.program()
    course = actions.add_shipped(track=cast.track(thread), name=cast.SAFE, now=thread.now)

    assert cast.complete(thread, course, thread.first_lead.person) is None


def test_a_lead_does_not_complete_a_track_of_staff(db):
    thread = cast.program()
    course = cast.offered(thread, "welcome", "staff", cast.STAFF)

    assert cast.complete(thread, course, thread.first_lead.person) is None
    made = cast.complete(thread, course, thread.staff)
    assert (made.seat, made.unit) == (None, thread.unit)


def test_a_completion_belongs_to_a_seat_or_to_a_unit(db):
    thread = cast.program()
    course = cast.offered(thread)

    for seat, unit in ((None, None), (thread.first_lead, thread.unit)):
        with (
            pytest.raises(IntegrityError, match="a_track_is_completed_by_a_seat_or_for_a_unit"),
            transaction.atomic(),
        ):
            Completion.objects.create(
                track=course.track, person=thread.staff, on=thread.now.date(), seat=seat, unit=unit
            )


def test_an_empty_course_is_not_opened(db):
    thread = cast.program()
    words = {"en": {"title": "Empty", "about": "Nothing yet"}}
    course = actions.write_course(track=cast.track(thread), slug="empty", words=words, now=thread.now)

    with pytest.raises(Refused, match="write one first"):
        actions.offer_course(course=course, now=thread.now)


def test_a_course_is_opened_once_however_often_one_presses(db):
    thread = cast.program()
    course = cast.offered(thread)
    before = thread.entries()

    actions.offer_course(course=course, now=thread.now)

    assert thread.entries() == before


def test_a_translation_has_the_questions_of_its_check(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]

    with pytest.raises(Refused, match="has 3 questions, this has 0"):
        actions.word_lesson(
            lesson=lesson, lang="es", said={"title": "Uno", "body": "Texto", "questions": []}, now=thread.now
        )


def test_a_persons_words_of_a_lesson_or_a_track_wait_for_a_reader_when_the_first_words_change(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]
    track = lesson.course.track
    original, spanish = (
        {name: one[name] for name in ("title", "body", "questions")}
        for lang in ("en", "es")
        for one in lesson.texts
        if one["lang"] == lang
    )

    def reviewed(row):
        row.refresh_from_db()
        return next(one["is_reviewed"] for one in row.texts if one["lang"] == "es")

    actions.word_lesson(lesson=lesson, lang="es", said=spanish, now=thread.now)
    actions.word_track(track=track, lang="es", title="Privacidad", now=thread.now)
    actions.word_lesson(lesson=lesson, lang="en", said=original, now=thread.now)
    before = [reviewed(lesson), reviewed(track)]
    actions.word_lesson(lesson=lesson, lang="en", said=original | {"title": "Never ask"}, now=thread.now)
    actions.word_track(track=track, lang="en", title="Publicity", now=thread.now)

    assert (before, [reviewed(lesson), reviewed(track)]) == ([True, True], [False, False])

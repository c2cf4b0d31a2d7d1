"""A program of today with one track for leads and one for staff."""

from django.test import Client

from alongside.cohort.training import actions
from alongside.cohort.training.models import Completion, Course, Lesson, Track
from alongside.ground.people import actions as people
from alongside.ground.programs.actions import give_office
from alongside.site.demo import acts
from tests.support.pages import CheckingClient
from tests.support.remembering import this_hour
from tests.support.thread import Thread

SAFE, STAFF = "asking-people-safely", "working-with-communities"


def program() -> Thread:
    """Open a program today."""
    return Thread(now=this_hour()).open_program()


def track(thread: Thread, slug: str = "privacy", audience: str = "leads") -> Track:
    """Begin a track."""
    return actions.begin_track(
        program=thread.program,
        slug=slug,
        audience=audience,
        titles={"en": f"Track {slug}", "es": f"Ruta {slug}"},
        now=thread.now,
    )


def offered(thread: Thread, slug: str = "privacy", audience: str = "leads", course: str = SAFE) -> Course:
    """Begin a track with one shipped course, and open it."""
    made = actions.add_shipped(track=track(thread, slug, audience), name=course, now=thread.now)
    actions.offer_course(course=made, now=thread.now)
    return made


def lessons_of(course: Course) -> list[Lesson]:
    return list(course.lessons.select_related("course__track__program").order_by("place"))


def pass_lesson(thread: Thread, lesson: Lesson, person):
    return actions.finish_lesson(lesson=lesson, person=person, answers=lesson.right, now=thread.now)


def complete(thread: Thread, course: Course, person) -> Completion | None:
    """Do every lesson of a course; give what that completed."""
    acts.learn(course=course, people=[person], now=thread.now)
    return person.completions.filter(track=course.track).first()


def colleagues(thread: Thread, count: int):
    """Give more people a post in the unit."""
    made = []
    for number in range(count):
        person = people.make_person(email=f"colleague{number}@{thread.program.slug}.example")
        give_office(
            person=person, program=thread.program, office=thread.office.public_id, from_date=thread.now.date()
        )
        made.append(person)
    return made


def as_(person) -> Client:
    """Sign a person in with the client that checks pages."""
    client = CheckingClient()
    client.force_login(person)
    return client

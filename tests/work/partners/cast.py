"""A project on which two leads work with the library, and what they say in its room."""

from datetime import date, timedelta

from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.work.partners import actions
from alongside.work.projects import actions as projects
from tests.support.remembering import this_hour
from tests.support.thread import Thread

CANARY = "the-heron-nests-behind-the-annex"
ROOM = "/riverbend/en/partners/projects/computers/"


def joined(days_ago: int = 0) -> Thread:
    """Register a project, and let the first two leads work on it."""
    thread = Thread(now=this_hour() - timedelta(days=days_ago)).open_program()
    thread.project = thread.register_project("computers", "Library computers", "What they keep.")
    for seat in (thread.first_lead, thread.second_lead):
        projects.join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    return thread


def room_of(thread: Thread):
    """Give the room of the project."""
    return actions.open_room(program=thread.program, project=thread.project)


def say(thread: Thread, words: str = CANARY, **more):
    """Let the first lead write."""
    given = {"person": thread.first_lead.person, "actor": thread.first_lead.public_id, **more}
    return actions.write(room=room_of(thread), words=words, lang="en", now=thread.now, **given)


def stranger(thread: Thread):
    """Give somebody who works for another bureau."""
    person = make_person(email="other@riverbend.example")
    office = "streets-and-signals/manager"
    give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    return person

"""A question to an office that nobody holds: the lead is told before asking, the steward after, and the office above by letter."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.site.ticking import tick
from tests.support.mail import text_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread

BASE = "/riverbend/en"
ABOVE = "above@riverbend.example"
NOBODY = "nobody holds it today"


@pytest.fixture
def thread(db) -> Thread:
    thread = Thread(now=this_hour()).open_program()
    give_office(
        person=make_person(email=ABOVE),
        program=thread.program,
        office=pack_of(thread.program).escalate_to,
        from_date=thread.now.date(),
    )
    return thread


def empty_office(thread: Thread) -> str:
    """Give an office that can answer and that nobody holds, of a unit with staff of its own."""
    pack = pack_of(thread.program)
    offices = Office.objects.filter(unit__program=thread.program, posts=None).select_related("unit")
    return next(one.public_id for one in offices.order_by("pk") if pack.office(one.public_id).can_answer)


def ask(thread: Thread, office: str):
    return thread.question("Who looks at the records?", "Name them.", office=office)


def letters(mailbox) -> list[str]:
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    return [text_of(one) for one in mailbox.to(ABOVE)]


@pytest.mark.parametrize("page", ["asks/question/", "asks/questions/"])
def test_a_lead_sees_before_asking_that_nobody_holds_an_office(client, thread, page):
    client.force_login(thread.first_lead.person)
    shown = client.get(f"{BASE}/{page}").content.decode()
    options = dict(re.findall(r'<option value="([^"]+/[^"]+)"[^>]*>(.*?)</option>', shown))

    assert NOBODY in options[empty_office(thread)]
    assert NOBODY not in options[thread.manager.public_id]


def test_the_stewards_desk_names_an_office_that_owes_an_answer_and_that_nobody_holds(client, thread):
    office = empty_office(thread)
    client.force_login(thread.steward)
    title = pack_of(thread.program).office_title(office, "en")
    heading = f"Nobody holds an office that owes an answer: {title}"
    ask(thread, thread.manager.public_id)
    assert "Nobody holds an office" not in client.get(f"{BASE}/steward/").content.decode()
    ask(thread, office)

    page = re.sub(r"<[^>]+>", "", client.get(f"{BASE}/steward/").content.decode())
    assert re.sub(r"[⁨⁩]", "", page).count(heading) == 2  # its row, and what its button names
    assert f'href="{BASE}/steward/people/"' in client.get(f"{BASE}/steward/").content.decode()
    give_office(
        person=make_person(email="new@riverbend.example"),
        program=thread.program,
        office=office,
        from_date=thread.now.date(),
    )
    assert "Nobody holds an office" not in client.get(f"{BASE}/steward/").content.decode()


def test_the_office_above_gets_the_letters_for_an_office_that_nobody_holds(thread, mailbox):
    first = ask(thread, empty_office(thread))
    tick(thread.now)
    (told,) = letters(mailbox)
    assert f"Entry {first.index} of the public log asks an office that nobody holds." in told
    tick(thread.now + timedelta(days=1))
    assert len(letters(mailbox)) == 1

    tick(thread.now + timedelta(days=46))
    assert [
        f"Entry {first.index} of the public log asks an office that nobody holds." in one
        for one in letters(mailbox)
    ] == [True, True]
    assert LogEntry.objects.filter(kind="ask.silent").count() == 0


def test_a_letter_goes_to_whoever_holds_the_office_today(thread, mailbox):
    ask(thread, thread.manager.public_id)
    thread.boss.posts.update(until_date=thread.now.date() + timedelta(days=50))
    tick(thread.now + timedelta(days=46))
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    assert [len(mailbox.to(thread.boss.email)), len(mailbox.to(ABOVE))] == [1, 0]

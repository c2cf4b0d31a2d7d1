"""The steward's words wait behind the sign-in; what leaves the house says only that something waits."""

import io
import json
import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from alongside.cohort.messages import actions
from alongside.cohort.messages.models import Message, MessageTo, Notification
from alongside.cohort.seats.actions import give_seat, leave_seat
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office, give_post, make_steward, take_up
from alongside.ground.programs.models import Post
from alongside.site.config import Config, Text
from alongside.site.logs import ScrubbedFormatter
from tests.cohort.seats import cast
from tests.cohort.seats.care_cast import CANARY, HOME, hearer, let_letters_go, raise_alarm, write
from tests.support.mail import text_of as words_of
from tests.work.engagements.test_drafting import as_, text_of

pytest_plugins = ["tests.support.mail"]
PAGE = "http://localhost:8000/riverbend/en/messages/"


@pytest.fixture
def thread(db):
    made = cast.program()
    cast.adopt(made)
    return made


@pytest.fixture
def gateway(settings):
    """Give what a gateway of text messages on this machine was asked to send."""
    kept = []

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Catcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/send"
    settings.ALONGSIDE = Config(text=Text(gateway=address, token="a-token", sender="+15035550100"))
    yield kept
    server.shutdown()
    server.server_close()


def test_a_letter_says_only_that_something_waits_in_each_persons_language(thread, mailbox):
    spanish = thread.second_lead.person
    spanish.language = "es"
    spanish.save()
    write(thread, thread.first_lead, thread.second_lead)

    let_letters_go(thread)

    [first] = mailbox.to("first.lead@riverbend.example")
    [second] = mailbox.to("second.lead@riverbend.example")
    assert first["subject"] == "A message waits for you on localhost."
    assert PAGE in words_of(first)
    assert PAGE.replace("/en/", "/es/") in words_of(second)
    assert CANARY not in first.as_string() + second.as_string()
    assert len(mailbox.letters) == 2


def test_a_message_and_an_alarm_bring_the_same_letter(thread, mailbox):
    hearer(thread)
    write(thread, thread.third_lead)
    raise_alarm(thread)

    let_letters_go(thread)

    told = [(one["subject"], words_of(one)) for one in mailbox.letters]
    assert len(told) == 2
    assert told[0] == told[1]
    assert all(CANARY not in one.as_string() for one in mailbox.letters)


def test_two_messages_before_the_tick_bring_one_letter_and_a_second_tick_none(thread, mailbox):
    write(thread, thread.first_lead)
    write(thread, thread.first_lead)

    let_letters_go(thread)
    let_letters_go(thread)

    assert len(mailbox.letters) == 1
    assert Notification.objects.count() == 0


def test_the_community_body_is_told_and_can_sign_in(thread, mailbox):
    raise_alarm(thread)

    let_letters_go(thread)

    assert [str(one["to"]) for one in mailbox.letters] == ["council@example.org"]


def test_a_text_message_says_no_more_and_goes_only_to_a_number_that_was_given(thread, gateway, mailbox):
    as_(thread.first_lead.person).post(f"{HOME}phone/", {"number": "+1 (503) 555-0144"})
    write(thread)

    let_letters_go(thread)

    words = f"A message waits for you on localhost. {PAGE}"
    assert gateway == [("Bearer a-token", {"from": "+15035550100", "to": "+15035550144", "text": words})]


def test_an_erased_number_gets_nothing(thread, gateway, mailbox):
    actions.keep_number(person=thread.first_lead.person, number="+15035550144")
    as_(thread.first_lead.person).post(f"{HOME}phone/", {"number": ""})
    write(thread)

    let_letters_go(thread)

    assert (gateway, Person.objects.exclude(text_number="").count()) == ([], 0)


def test_without_a_gateway_nothing_is_texted_and_letters_still_go(thread, mailbox):
    actions.keep_number(person=thread.first_lead.person, number="+15035550144")
    write(thread, thread.first_lead)

    let_letters_go(thread)

    assert len(mailbox.letters) == 1


def test_a_number_that_cannot_be_dialed_is_given_back_with_the_cure(thread):
    page = text_of(as_(thread.first_lead.person).post(f"{HOME}phone/", {"number": "503"}))

    assert "Write the number with + and the country’s number first, as +1 503 555 0100." in page


def test_only_its_lead_reads_a_message(thread):
    made = write(thread, thread.first_lead)
    page = f"{HOME}{made.key}/"

    assert CANARY in text_of(as_(thread.first_lead.person).get(page))
    for person in (thread.second_lead.person, thread.steward, thread.staff, thread.boss):
        assert as_(person).get(page).status_code == 404


def test_the_steward_sees_what_was_written_and_not_who_read_it(thread):
    made = write(thread, thread.first_lead)
    steward = as_(thread.steward)
    before = steward.get(f"{HOME}write/").content

    as_(thread.first_lead.person).post(f"{HOME}{made.key}/")
    after = steward.get(f"{HOME}write/").content

    assert MessageTo.objects.filter(is_read=True).count() == 1
    assert CANARY in before.decode()
    assert text_of_main(before) == text_of_main(after)


def text_of_main(content: bytes) -> str:
    """Give the words of a page without the tokens of its forms."""
    return content.decode().partition("<h2")[2]


def test_the_steward_writes_to_one_or_to_all(thread):
    client = as_(thread.steward)

    client.post(f"{HOME}write/", {"to": thread.second_lead.public_id, "words": "To one."})
    client.post(f"{HOME}write/", {"to": "all", "words": "To all."})

    assert [(one.words, one.readers.count()) for one in Message.objects.order_by("pk")] == [
        ("To one.", 1),
        ("To all.", 3),
    ]


@pytest.mark.parametrize("who", ["staff", "boss"])
def test_nobody_but_the_steward_and_leads_writes_messages(thread, who):
    person = {"staff": thread.staff, "boss": thread.boss}[who]

    answer = as_(person).post(f"{HOME}write/", {"to": "all", "words": "Hello."})

    assert (answer.status_code, Message.objects.count()) == (403, 0)


def reads(made) -> set:
    """Give who can read a message."""
    return {one.person for one in made.readers.all()}


def test_a_lead_writes_to_all_other_leads_to_one_or_to_the_coordinator(thread):
    client = as_(thread.first_lead.person)
    for to in ("all", thread.second_lead.public_id, "steward"):
        client.post(f"{HOME}write/", {"to": to, "words": CANARY})

    to_all, to_one, to_steward = Message.objects.order_by("pk")
    assert reads(to_all) == {thread.second_lead.person, thread.third_lead.person}
    assert reads(to_one) == {thread.second_lead.person}
    assert (reads(to_steward), to_steward.to_steward) == (set(), True)
    for person in (thread.steward, thread.third_lead.person, thread.staff, thread.boss):
        assert as_(person).get(f"{HOME}{to_one.key}/").status_code == 404
    assert CANARY not in text_of(as_(thread.steward).get(f"{HOME}write/"))
    assert 'class="leave"' in client.get(f"{HOME}write/").content.decode()
    assert text_of(client.get(f"{HOME}write/")).count(CANARY) == 3


def test_a_manager_with_a_seat_is_none_of_all_leads_to_whom_one_writes(thread):
    seat = give_seat(cohort=cast.cohort(thread), person=thread.boss, paid_by="nobody", now=thread.now)
    client = as_(thread.first_lead.person)
    page = client.get(f"{HOME}write/").content.decode()
    client.post(f"{HOME}write/", {"to": "all", "words": CANARY})
    client.post(f"{HOME}write/", {"to": seat.public_id, "words": CANARY})

    assert (seat.public_id in page, thread.second_lead.public_id in page) == (False, True)
    assert seat.public_id not in as_(thread.steward).get(f"{HOME}write/").content.decode()
    assert reads(Message.objects.get()) == {thread.second_lead.person, thread.third_lead.person}
    assert as_(thread.boss).get(f"{HOME}{Message.objects.get().key}/").status_code == 404


@pytest.mark.parametrize("post", [cast.OFFICE, "steward"])
def test_what_was_written_to_a_lead_is_shut_to_them_while_they_hold_a_post(thread, post):
    made, person = write(thread), thread.first_lead.person
    leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    assert as_(person).get(f"{HOME}{made.key}/").status_code == 200
    given = give_post(person=person, program=thread.program, post=post, from_date=thread.now.date())
    take_up(post=given, today=thread.now.date())

    assert as_(person).get(f"{HOME}{made.key}/").status_code == 404
    assert made.key not in as_(person).get(HOME).content.decode()


def test_after_sending_the_page_says_that_it_is_sent_and_to_whom(thread):
    Person.objects.filter(pk=thread.second_lead.person_id).update(known_as="Rosa")
    lead, told = as_(thread.first_lead.person), []
    for to in ("all", thread.second_lead.public_id, "steward"):
        sent = lead.post(f"{HOME}write/", {"to": to, "words": CANARY})
        page = text_of(lead.get(sent.url)).replace("\u2068", "").replace("\u2069", "")
        told.append(page.partition("Your message is sent. ")[2].partition(" Write a message")[0])

    place = thread.third_lead.public_id[5:9]
    assert told == [f"To: Rosa; Lead (place {place})", "To: Rosa", "To: The program coordinator"]


def test_what_leads_write_to_the_coordinator_is_read_by_whoever_it_is_that_day(thread):
    as_(thread.first_lead.person).post(f"{HOME}write/", {"to": "steward", "words": CANARY})
    page = f"{HOME}{Message.objects.get().key}/"
    old, new = thread.steward, make_person(email="new@riverbend.example")
    assert CANARY in text_of(as_(old).get(page))
    as_(old).post(page)
    assert as_(new).get(page).status_code in {403, 404}

    day = thread.today
    make_steward(person=new, program=thread.program, from_date=day)
    Post.objects.filter(program=thread.program, person=old).update(until_date=day)
    give_office(person=old, program=thread.program, office="streets-and-signals/manager", from_date=day)

    assert CANARY in text_of(as_(new).get(page))
    assert "Read a message" in text_of(as_(new).get("/riverbend/en/steward/"))
    assert as_(old).get(page).status_code == 404
    assert Message.objects.get().key not in as_(old).get(HOME).content.decode()


def test_a_lead_cannot_write_to_themselves(thread):
    answer = as_(thread.first_lead.person).post(
        f"{HOME}write/", {"to": thread.first_lead.public_id, "words": "Hello."}
    )

    assert "This is not in the list. Choose from the list." in text_of(answer)
    assert Message.objects.count() == 0


def test_what_a_lead_writes_back_waits_on_the_coordinators_desk_by_the_name_the_leads_chose(thread):
    made = write(thread, thread.first_lead)
    Person.objects.filter(pk=thread.first_lead.person_id).update(known_as="Rosa")
    lead, steward = as_(thread.first_lead.person), as_(thread.steward)
    page = text_of(lead.get(f"{HOME}{made.key}/"))
    assert f"{HOME}write/?to=steward" in lead.get(f"{HOME}{made.key}/").content.decode()
    assert ("Write back" in page, "From the program coordinator" in page) == (True, True)

    lead.post(f"{HOME}write/", {"to": "steward", "words": CANARY})

    desk = text_of(steward.get("/riverbend/en/steward/"))
    assert ("Read a message" in desk, "Rosa" in desk, CANARY in desk) == (True, True, False)
    back = Message.objects.latest("pk")
    assert CANARY in text_of(steward.get(f"{HOME}{back.key}/"))
    steward.post(f"{HOME}{back.key}/")
    assert "Read a message" not in text_of(steward.get("/riverbend/en/steward/"))


def test_an_unread_message_waits_on_the_week_with_its_first_words_alone(thread):
    made = write(thread, thread.first_lead, words=f"Tell me by Friday\nwhat suits you. {'So. ' * 30}{CANARY}")
    client = as_(thread.first_lead.person)
    page = client.get(WEEK)

    assert "Only you · The program coordinator wrote it on " in text_of(page)
    assert "<q>Tell me by Friday what suits you. So. " in page.content.decode()
    assert CANARY not in page.content.decode()
    client.post(f"{HOME}{made.key}/")
    assert "Read a message" not in text_of(client.get(WEEK))


WEEK = "/riverbend/en/week/"


def test_a_message_is_erased_on_its_day(thread):
    made = write(thread)

    assert actions.erase_words(program=thread.program, today=made.erase_on - timedelta(days=1)) == 0
    assert actions.erase_words(program=thread.program, today=made.erase_on) == 1
    assert Message.objects.count() == 0


def test_no_words_reach_the_log_or_an_address(thread, mailbox):
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ScrubbedFormatter))
    written, before = io.StringIO(), handler.stream
    handler.stream = written
    try:
        hearer(thread)
        answer = as_(thread.steward).post(f"{HOME}write/", {"to": "all", "words": CANARY})
        lead = as_(thread.first_lead.person)
        raised = lead.post(f"{HOME}raise/", {"kind": "misuse", "about": thread.unit.slug, "words": CANARY})
        lead.get(f"{HOME}raised/{'0' * 12}/")
        let_letters_go(thread)
        logging.getLogger("alongside").warning("the log was heard")
    finally:
        handler.stream = before

    assert (answer.status_code, raised.status_code, Message.objects.count()) == (302, 302, 1)
    assert "the log was heard" in written.getvalue()
    assert CANARY not in written.getvalue() + answer["Location"] + raised["Location"]


def test_the_list_of_messages_takes_as_many_queries_for_three_as_for_one(thread, django_assert_num_queries):
    client = as_(thread.first_lead.person)
    write(thread)
    with django_assert_num_queries(INBOX):
        client.get(HOME)
    write(thread)
    write(thread)
    with django_assert_num_queries(INBOX):
        client.get(HOME)


def test_the_stewards_page_takes_as_many_queries_for_three_as_for_one(thread, django_assert_num_queries):
    client = as_(thread.steward)
    write(thread)
    with django_assert_num_queries(WRITE):
        client.get(f"{HOME}write/")
    write(thread)
    write(thread)
    with django_assert_num_queries(WRITE):
        client.get(f"{HOME}write/")


#: Queries of the two pages, sign-in and roles included.
INBOX = 12
WRITE = 10

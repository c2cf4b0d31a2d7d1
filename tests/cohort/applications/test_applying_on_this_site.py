"""Applying without an account: small pages, each saved, a code to come back, nothing in addresses, cookies or logs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import BooleanField

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications import views
from alongside.cohort.applications.models import (
    Answer,
    Application,
    ConflictForm,
    Contact,
    DemographicCount,
    Recording,
    Unsaved,
)
from alongside.cohort.applications.tasks import tick
from alongside.cohort.applications.visits import opened_by, pass_for
from alongside.cohort.calls.models import Call
from alongside.core.recordings import cleaned
from alongside.core.workflow.applications import EventKind
from alongside.ground.gate.limits import Doorman
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events
from tests.support.mail import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    return cast.program()


@pytest.fixture
def call(thread):
    return cast.published(thread)


@pytest.fixture
def phone(site_client, call):
    return cast.Phone(site_client)


def test_a_person_applies_page_by_page_and_sends(phone):
    phone.begin().fill()

    told = phone.post("send")

    assert "It is sent. Thank you." in told
    mine = Application.objects.get()
    assert events(EventKind.SENT).get().application == mine
    assert list(mine.answers.order_by("section").values_list("words", flat=True)) == [
        "My street, and the people on it.",
        "Ask first.",
    ]
    assert (mine.contact.name, mine.conflict_form.close_to_staff) == ("Rosa Marmolejo", True)


def test_the_code_is_kept_nowhere_and_opens_from_another_phone(phone, new_site_client, caplog):
    phone.begin().fill()

    other = cast.Phone(new_site_client())
    other.code = phone.code.lower().replace("-", " ")

    assert "My street, and the people on it." in other.post("open")
    plain = phone.code.replace("-", "")
    kept = Application.objects.get()
    assert kept.code_hash != phone.code
    assert [plain in str(vars(row)).replace("-", "") for row in (kept, kept.contact)] == [False, False]
    assert (phone.code in caplog.text, plain in caplog.text) == (False, False)


def test_no_page_of_an_application_sets_a_cookie_or_says_the_code_in_an_address(phone):
    phone.begin().fill()

    assert phone.client.cookies == {}
    assert re.findall(rf'(?:href|action|src)="[^"]*{phone.code}[^"]*"', phone.html) == []
    assert phone.response["Cache-Control"] == "no-store"


def test_a_code_is_shown_in_groups_of_capitals_however_it_was_typed(phone):
    phone.begin()
    given = phone.code
    phone.code = given.replace("-", "").lower()
    phone.post("open")
    assert (given in phone.html, phone.code in phone.html) == (True, False)
    assert "Application number" in phone.html


def test_a_wrong_code_opens_nothing_and_says_what_to_do(phone):
    phone.begin().fill()
    phone.code = "AAAA-BBBB-CCCC-DDDD"

    told = phone.post("open")

    assert "This code leads to no application here. Check each letter, and try again." in told
    assert "My street" not in told


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("AAAA-BBBB-CCCC-DDDD", "This code leads to no application here."),
        ("aaaa bbbb cccc ddd", "A code has 16 letters and digits. You typed 15."),
        ("AAAA-BBBB-O1CC-DDDO", "No code has these: O 1. Look at your code again."),
    ],
)
def test_a_mistyped_code_stays_in_its_field_and_what_is_wrong_stands_there(phone, typed, says):
    phone.code = typed

    told = phone.post("open")

    assert says in told
    assert re.search(r'<input[^>]* name="code"[^>]*>', phone.html).group().count(f'value="{typed}"') == 1
    assert phone.response.redirect_chain == []
    assert phone.response["Cache-Control"] == "no-store"
    assert (
        "value" not in re.search(r'<input type="text" name="code"[^>]*>', phone.get() and phone.html).group()
    )


def test_a_code_of_one_call_opens_nothing_in_another(phone, thread, site_client):
    cast.published(thread, "another")
    phone.begin().fill()

    other = cast.Phone(site_client, "another")
    other.code = phone.code

    assert "leads to no application here" in other.post("open")


def test_save_and_stop_saves_and_shows_nothing_of_it_on_a_phone_that_others_use(phone):
    phone.begin()
    phone.post("who", sender="person", name="Rosa Marmolejo", email="rosa@example.org", to="question-q1")
    assert 'name="to" value="stop"' in phone.html

    told = phone.post("question-q1", words="Half a thought", seen="0", to="stop")
    closes = day_in_words(Application.objects.get().call.closes)
    assert f"You can change it until {closes}" in told
    assert "It is saved, and closed on this phone or computer." in told
    assert Answer.objects.get().words == "Half a thought"
    assert [
        secret
        for secret in (phone.code, "Rosa", "rosa@example.org", "Half a thought")
        if secret in phone.html
    ] == []
    assert phone.response["Cache-Control"] == "no-store"
    assert "Half a thought" in phone.post("open"), "the code opens it again"


def test_a_half_page_is_saved_and_what_is_missing_is_named(phone):
    phone.begin()
    phone.post("question-q1", words="Half a thought", seen="0", to="status")

    told = phone.post("send")

    assert Answer.objects.get().words == "Half a thought"
    assert not events(EventKind.SENT).exists()
    assert "Before you can send it, some pages must be filled in" in told
    assert (
        told.count("Still missing") - 1 == 3
    )  # who, the second question, two sides; one in the sentence above


def test_two_open_pages_lose_neither_text(phone):
    phone.begin()
    phone.post("question-q1", words="From the first page", seen="0", to="question-q2")

    told = phone.post("question-q1", words="From the second page", seen="0", to="question-q2")

    assert "This answer was changed on another page." in told
    assert re.search(r"<textarea[^>]*>\s*From the first page\s+From the second page</textarea>", phone.html)
    assert Answer.objects.get().words == "From the first page"
    seen = re.search(r'name="seen" value="(\d+)"', phone.html).group(1)
    phone.post("question-q1", words="Both together", seen=seen, to="question-q2")
    assert Answer.objects.get().words == "Both together"


def test_sending_a_page_twice_changes_nothing(phone):
    phone.begin()
    for _time in range(2):
        phone.post("question-q1", words="Once", seen="0", to="question-q2")

    assert Answer.objects.values_list("words", "revision").get() == ("Once", 1)
    assert "another page" not in phone.words


def test_a_machine_that_fills_in_the_hidden_field_begins_nothing(phone):
    told = phone.post("begin", website="https://example.org")

    assert (phone.status, Application.objects.count()) == (422, 0)
    assert "Something filled in a hidden field." in told


def test_a_form_of_another_site_begins_nothing(site_client, call):
    response = site_client.post(
        "/riverbend/en/calls/second-cohort/apply/",
        {"step": "begin"},
        headers={"origin": "https://evil.example"},
    )

    assert (response.status_code, Application.objects.count()) == (403, 0)


def test_nobody_applies_before_a_call_opens_or_after_it_closes(thread, site_client):
    day = thread.now.date()
    cast.published(thread, "later", opens=day + timedelta(days=3))
    phone = cast.Phone(site_client, "later")

    assert "Nobody can apply yet." in phone.post("begin")
    assert Application.objects.count() == 0


def test_nothing_of_an_applicant_goes_on_the_record(phone, thread):
    before = LogEntry.objects.count()

    phone.begin().fill("Zanzibar street")
    phone.post("send")

    assert LogEntry.objects.count() == before
    assert not PublicText.objects.filter(words__contains="Zanzibar").exists()


def test_the_code_is_mailed_to_an_address_that_is_not_kept(phone, mailbox):
    phone.begin()

    told = phone.post("mail", address="rosa@example.org")

    (letter,) = mailbox.to("rosa@example.org")
    assert phone.code in text_of(letter)
    assert str(letter["subject"]) == "Your code to come back"
    assert "It is on its way." in told
    assert Contact.objects.count() == 0


def wav(words: bytes = b"") -> bytes:
    """Make a short WAV file, with a chunk of words about its owner."""
    info = b"LIST" + (4 + len(words)).to_bytes(4, "little") + b"INFO" + words if words else b""
    form = b"fmt " + (16).to_bytes(4, "little") + b"\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0"
    data = b"data" + (8).to_bytes(4, "little") + b"\x80" * 8
    body = b"WAVE" + form + info + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def upload(name: str, content: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="text/html")


def test_an_answer_can_be_spoken_and_says_nothing_of_its_owner(phone):
    phone.begin()
    sent = wav(b"Rosa's phone")

    phone.post("question-q1", words="", seen="0", sound=upload("Rosa Marmolejo.wav", sent), to="review")

    kept = Recording.objects.get()
    assert bytes(kept.bytes.content) == cleaned(wav())[1]
    assert (kept.kind, "Rosa" in str(vars(kept))) == ("wav", False)
    assert "A recording" in phone.words
    assert phone.words.count("Still missing") - 1 == 3


def test_a_page_that_calls_itself_a_sound_is_refused_and_the_words_are_saved(phone):
    phone.begin()

    told = phone.post(
        "question-q1",
        words="In words",
        seen="0",
        sound=upload("a.mp3", b"<script>alert(1)</script>"),
        to="review",
    )

    assert "We cannot play this file." in told
    (seen,) = re.findall(r'name="seen" value="(\d+)"', phone.html)
    assert "Bring the two together" not in phone.post("question-q1", words="Changed", seen=seen, to="review")
    phone.post("question-q1", words="In words", seen="2", to="review")
    assert (Recording.objects.count(), Answer.objects.get().words) == (0, "In words")


def test_a_recording_that_is_too_large_is_refused_and_the_words_are_saved(phone):
    phone.begin()
    large = wav() + b"\0" * (9 * 1024 * 1024)

    told = phone.post("question-q1", words="In words", seen="0", sound=upload("a.wav", large), to="review")

    assert "This file is larger than 8 MB, so it was not kept. Your words were saved." in told
    assert (Recording.objects.count(), Answer.objects.get().words) == (0, "In words")


def test_a_recording_does_not_take_the_room_of_voices_and_the_words_are_saved(phone, full_disk):
    phone.begin()

    told = phone.post("question-q1", words="In words", seen="0", sound=upload("a.wav", wav()), to="review")

    assert "There is no room for a recording today. Your words were saved" in told
    assert (Recording.objects.count(), Answer.objects.get().words) == (0, "In words")


def test_the_door_counts_recordings_by_their_size_and_shuts_for_the_rest_of_the_hour(phone, monkeypatch):
    monkeypatch.setattr(views, "DOOR", Doorman(most=11))
    phone.begin()
    large = wav() + b"\0" * (3 * 1024 * 1024)
    sent = {"code": phone.code, "step": "question-q1", "words": "", "seen": "0"}

    def send():
        typed = {**sent, "sound": upload("a.wav", large)}
        return phone.client.post(phone.address, typed, headers=phone.here).status_code

    assert [send(), send(), send()] == [302, 302, 429]
    assert Recording.objects.count() == 1


def test_a_recording_is_deleted_at_once_when_asked(phone):
    phone.begin()
    phone.post("question-q1", words="", seen="0", sound=upload("a.wav", wav()), to="question-q1")

    phone.post("question-q1", words="", seen="1", drop_sound="on", to="review")

    assert Recording.objects.count() == 0


def test_taking_an_application_back_erases_what_was_said(phone, thread):
    phone.begin().fill()
    phone.post("send")

    assert "Nothing was erased." in phone.post("withdraw")
    assert Answer.objects.count() == 2

    told = phone.post("withdraw", sure="yes")

    assert "What you wrote was erased." in told
    assert [model.objects.count() for model in (Contact, Answer, ConflictForm)] == [0, 0, 0]
    assert events(EventKind.ERASED).values_list("choice", flat=True).get() == "withdrawn"
    assert "My street" not in told
    phone.post("question-q1", words="Again", seen="0", to="review")
    assert Answer.objects.count() == 0


def test_a_legal_hold_keeps_a_withdrawn_application_until_it_is_lifted(phone, thread):
    hold = record.place_hold(program=thread.program, ground="A suit", by="steward", now=thread.now)
    phone.begin().fill()

    told = phone.post("withdraw", sure="yes")
    tick(program=thread.program, now=thread.now)

    assert "A legal hold stands, so it is erased on the day the hold is lifted." in told
    assert Answer.objects.count() == 2
    record.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)
    tick(program=thread.program, now=thread.now)
    assert (Answer.objects.count(), events(EventKind.ERASED).count()) == (0, 1)


def test_what_was_never_sent_is_erased_a_while_after_the_call_closed(thread, call):
    cast.filled(cast.begun(call, thread.now).application, thread.now)
    cast.sent(call, thread.now)
    Call.objects.update(decided_on=call.decides_by, decided_entry=call.entry)

    def left(days: int) -> list[str]:
        applications.erase_due(program=thread.program, now=thread.now + timedelta(days=days))
        return sorted(events(EventKind.ERASED).values_list("choice", flat=True))

    assert left(30 + 30) == []
    assert left(30 + 31) == ["never-sent"]
    assert left(60 + 730) == ["never-sent"]
    assert left(60 + 731) == ["never-sent", "retention"]


def test_demographics_are_counted_apart_and_lead_to_nobody(thread, call, site_client):
    cast.with_counts(thread)
    phone = cast.Phone(site_client).begin().fill()
    assert "Still missing" in phone.post("send")

    phone.post("about-you", age="over-30", to="review")
    phone.post("about-you", age="under-30", to="review")  # a second time counts nothing
    phone.post("send")

    counts = list(DemographicCount.objects.values_list("question", "choice", "count"))
    assert counts == [("age", "over-30", 1)]
    assert events(EventKind.SENT).count() == 1
    assert {field.name for field in DemographicCount._meta.get_fields()} == {
        "id",
        "call",
        "question",
        "choice",
        "count",
    }
    assert isinstance(Application._meta.get_field("was_counted"), BooleanField)


def test_without_a_demand_of_the_pack_nothing_is_asked_about_you(phone):
    phone.begin().fill()

    assert "About you" not in phone.post(to="review")


def test_an_application_asks_a_fixed_number_of_queries(thread, call):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from alongside.cohort.applications.queries import steps_of
    from alongside.ground.programs.queries import pack_of

    mine = cast.sent(call, thread.now).application
    pack = pack_of(thread.program)
    with CaptureQueriesContext(connection) as seen:
        steps_of(Application.objects.select_related("call").get(pk=mine.pk), pack)

    assert len(seen) == 6


def test_a_new_code_closes_the_door_of_the_old_one(phone, thread):
    from alongside.cohort.applications.actions import renew_code

    phone.begin().fill()
    new = renew_code(application=Application.objects.get(), now=thread.now)

    assert "leads to no application here" in phone.post("open")
    phone.code = new
    assert "My street" in phone.post("open")


def test_every_step_of_applying_leads_on_to_a_page_that_can_be_loaded_again(phone):
    phone.begin().fill()
    steps = [
        {"step": "open"},
        {"step": "who", "email": "rosa at home", "to": "review"},
        {"step": "question-q1", "words": "Changed", "seen": "0", "to": "review"},
        {"step": "mail", "address": "nothing"},
        {"to": "review"},
        {"step": "send"},
        {"step": "withdraw"},
        {"step": "who", "code": "AAAA-BBBB-CCCC-DDDD"},
        {"to": "stop"},
    ]
    for sent in steps:
        phone.post(**sent) if "code" not in sent else phone.post_as(**sent)
        assert (sent, [status for _to, status in phone.response.redirect_chain]) == (sent, [302])
        again = phone.client.get(phone.response.redirect_chain[0][0], headers=phone.here)
        assert (again.status_code, again.content) == (200, phone.response.content)


def test_the_address_of_a_page_opens_it_for_half_an_hour_and_not_after_it_was_closed(phone, thread, call):
    phone.begin()
    mine, now = Application.objects.get(), datetime.now(tz=UTC)
    made = pass_for(mine, phone.code, now)

    def opens(later=timedelta(), text=made, call=call):
        return opened_by(call, text, now + later)[0] == mine

    assert opens(timedelta(minutes=29))
    assert not opens(timedelta(minutes=31))
    assert [opens(text=one) for one in ("", "x", made[:-4], f"{made}é", "A" * 4000)] == [False] * 5
    assert not opens(call=cast.published(thread, "another"))
    applications.close(application=mine)
    assert not opens()
    assert "Your application is closed on this page." in phone.get(at="who", visit=made)
    assert phone.code not in phone.html


HERE, AWAY = "http://testserver/riverbend/en/", "https://elsewhere.example/"


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none", "referer": HERE}, True),
        ({"referer": HERE}, True),
        ({"sec-fetch-site": "cross-site", "referer": AWAY}, False),
        ({"sec-fetch-site": "cross-site", "referer": HERE}, False),
        ({"sec-fetch-site": "same-site", "referer": "http://other.testserver/"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"referer": AWAY}, False),
        ({"referer": "http://testserver.elsewhere.example/"}, False),
        ({}, False),
    ],
)
def test_the_address_of_a_page_opens_for_nobody_to_whom_it_was_sent(phone, client, headers, opens):
    phone.begin()
    asked = {"at": "who", "visit": pass_for(Application.objects.get(), phone.code, datetime.now(tz=UTC))}
    page = client.get(phone.address, asked, headers=headers).content.decode()
    assert (phone.code in page, 'name="name"' in page) == (opens, opens)
    assert ("Come back with your code" in page and "begin again" in page) != opens


def test_what_could_not_be_saved_is_kept_until_it_is_saved_or_closed_and_erased_with_the_rest(phone):
    phone.begin()
    wrong = {"sender": "person", "name": "Rosa", "email": "rosa at home", "to": "needs"}
    assert "Enter a valid email address." in phone.post("who", **wrong)
    assert Unsaved.objects.get().typed["email"] == ["rosa at home"]
    assert (phone.code in str(Unsaved.objects.get().typed), Contact.objects.count()) == (False, 0)
    phone.post("who", **wrong | {"email": ""})
    assert Unsaved.objects.count() == 0
    phone.post("who", **wrong)
    phone.post(to="stop")
    assert Unsaved.objects.count() == 0
    phone.post("who", **wrong)
    phone.post("withdraw", sure="yes")
    assert Unsaved.objects.count() == 0

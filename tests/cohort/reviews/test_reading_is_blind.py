"""Reading is blind: no page, list, order, count, address, header or log of a reader holds what names an applicant."""

import dataclasses
import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Application, Event, Recording
from alongside.cohort.calls.queries import published_call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries import queries as lotteries_queries
from alongside.cohort.lotteries.queries import OF_A_CALL
from alongside.cohort.messages.models import Notification
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews import queries as reviews_queries
from alongside.cohort.reviews.models import Reading
from alongside.cohort.reviews.views import invited_in_words
from alongside.core.refusals import Refused
from alongside.core.workflow.applications import EventKind
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events
from tests.cohort.reviews import choosing
from tests.cohort.reviews.choosing import PLANTED, UNTIL_CLOSED, closed, reader, with_readers
from tests.support.remembering import this_hour
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return with_readers(closed())


def _signed_in(client_class, person):
    client = client_class()
    client.force_login(person)
    return client


def _doors(client, person):
    """Fetch everything a reader can reach by links, and give each address with its bytes and headers."""
    seen, to_do = {}, ["/riverbend/en/readings/"]
    while to_do:
        address = to_do.pop()
        if address in seen:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        seen[address] = f"{response.content.decode()}\n{response.headers}"
        found = re.findall(r'href="(/riverbend/en/readings/[^"]*)"', seen[address])
        to_do += [one.replace("&amp;", "&") for one in found]
    return seen


def _leaks(text, made):
    """List what of an application's owner stands in a text."""
    told = [word for word in PLANTED.values() if word.casefold() in text.casefold()]
    for one in Application.objects.filter(call=made.call):
        told += [name for name in (one.reference, str(one.pk), one.code_hash) if name in text]
    return told


def test_nothing_that_names_an_applicant_reaches_a_reader_by_any_door(made, new_site_client, caplog):
    first = made.readers[0]
    client = _signed_in(new_site_client, first.person)

    with caplog.at_level("DEBUG"):
        doors = _doors(client, first.person)

    assert len(doors) == 1 + 2 * first.readings.count()
    assert {address: _leaks(page, made) for address, page in doors.items()} == dict.fromkeys(doors, [])
    assert [_leaks(address, made) for address in doors] == [[]] * len(doors)
    logged = [one.getMessage() for one in caplog.records if not one.name.startswith("django.db.")]
    assert [_leaks(one, made) for one in logged] == [[]] * len(logged)


def test_the_leaks_are_there_to_be_found(made, new_site_client):
    client = _signed_in(new_site_client, made.thread.steward)

    page = client.post(f"/riverbend/en/steward/selection/{made.call.slug}/names/").content.decode()

    assert set(_leaks(page, made)) >= {"Zebrina", "Quillfeather", "5550134477", "zebrina@xylo.example"}


def test_a_name_let_through_the_query_is_found_at_its_door(made, new_site_client, monkeypatch):
    real = reviews_queries.blind

    def careless(mine, lang):
        return dataclasses.replace(real(mine, lang), brings=[mine.application.contact.name])

    monkeypatch.setattr(reviews_queries, "blind", careless)
    client = _signed_in(new_site_client, made.readers[0].person)

    doors = _doors(client, made.readers[0].person)

    found = {leak for page in doors.values() for leak in _leaks(page, made)}
    assert found == {"Zebrina"}


def test_a_reader_sees_all_that_was_said(made, new_site_client):
    mine = Reading.objects.filter(reader=made.readers[0]).order_by("pk")[0]
    client = _signed_in(new_site_client, made.readers[0].person)

    page = client.get(f"/riverbend/en/readings/{mine.pk}/").content.decode()

    said = list(mine.application.answers.exclude(words="").values_list("words", flat=True))
    assert [words in page for words in said] == [True, True]


def arrived():
    """List the ids of all applications in the order in which they came in."""
    return list(events(EventKind.SENT).order_by("pk").values_list("application", flat=True))


def test_two_readers_have_orders_of_their_own_that_tell_nothing_of_arrival(new_site_client):
    made = with_readers(closed(count=12), 2)
    arrival = {pk: place for place, pk in enumerate(arrived())}
    orders = []
    for one in made.readers:
        client = _signed_in(new_site_client, one.person)
        page = client.get("/riverbend/en/readings/").content.decode()
        ids = re.findall(r"/readings/([0-9a-f-]{36})/", page)
        assert ids == re.findall(
            r"/readings/([0-9a-f-]{36})/", client.get("/riverbend/en/readings/").content.decode()
        )
        orders.append([arrival[Reading.objects.get(pk=pk).application_id] for pk in ids])

    assert sorted(orders[0]) == sorted(orders[1]) == list(range(12))
    assert orders[0] != orders[1]
    assert [order in (list(range(12)), list(range(11, -1, -1))) for order in orders] == [False, False]


def test_another_readers_reading_is_not_there(made, new_site_client):
    other = Reading.objects.filter(reader=made.readers[1])[0]
    client = _signed_in(new_site_client, made.readers[0].person)

    codes = [
        client.get(f"/riverbend/en/readings/{other.pk}/{door}").status_code for door in ("", "conflict/")
    ]

    assert codes == [404, 404]


def test_a_recording_is_read_as_its_transcript_and_its_sound_stays_with_the_steward(new_site_client):
    made = closed(count=1)
    one = made.applications[0]
    spoken = choosing.speak(one, made.thread.now - timedelta(days=2))
    with_readers(made, 2)
    mine = made.readers[0].readings.get()
    client = _signed_in(new_site_client, made.readers[0].person)
    address = f"/riverbend/en/readings/{mine.pk}/"
    before = client.get(address).content.decode()
    with pytest.raises(Refused, match="A recording is not written down yet"):
        choosing.score(mine, 3, made.thread)
    applications.transcribe(
        recording=spoken, words="I said [name] knows.", lang="en", by=made.thread.steward, now=made.thread.now
    )

    after = client.get(address).content.decode()

    assert ("not written down yet" in before, "I said [name] knows." in after) == (True, True)
    assert ("<audio" in after, "sound" in after) == (False, False)
    desk = f"/riverbend/en/recordings/{made.call.slug}/{spoken.pk}/sound/"
    assert client.get(desk).status_code == 404
    assert _signed_in(new_site_client, made.thread.steward).get(desk).content == bytes(
        Recording.objects.get().bytes.content
    )


def test_a_way_to_reach_someone_in_an_answer_is_warned_of_and_not_cut(made, new_site_client):
    mine = Reading.objects.filter(reader=made.readers[0])[0]
    answer = mine.application.answers.order_by("pk")[0]
    client = _signed_in(new_site_client, made.readers[0].person)
    warned = "There may be a name or a way to reach someone"
    address = f"/riverbend/en/readings/{mine.pk}/"
    quiet = warned in client.get(address).content.decode()
    answer.words = "Write to me at rosa@example.org, or 555-013-4477."
    type(answer).objects.filter(pk=answer.pk).update(words=answer.words)

    page = client.get(address).content.decode()

    assert (quiet, warned in page, answer.words in page) == (False, True, True)


def test_the_record_hears_nothing_while_people_read(made):
    before = LogEntry.objects.count()
    made.read_all(3)
    reviews.recuse(reading=Reading.objects.all()[0], ground="know-them", now=made.thread.now)

    assert LogEntry.objects.count() == before


def test_whoever_opened_the_names_before_the_shortlist_is_told_on_the_record_and_names_are_not(made):
    reviews.open_names(call=made.call, person=made.thread.steward, now=made.thread.now)
    made.read_all(5)
    made.line()
    for one in made.applications:
        reviews.decide(application=one, outcome="seat", reasons="Knows the street.", now=made.thread.now)

    closed_ = lotteries.close_selection(
        call=made.call, reasons="By the rubric.", lang="en", now=made.thread.now
    )

    raw = bytes(LogEntry.objects.get(index=closed_.decided_entry).raw).decode()
    assert ('"names_seen":true' in raw, '"steward_read":false' in raw) == (True, True)
    everything = "".join(bytes(one.raw).decode() for one in LogEntry.objects.all())
    everything += "".join(PublicText.objects.values_list("words", flat=True))
    assert _leaks(everything, made) == []
    made.call.refresh_from_db()
    assert (made.call.names_by, made.call.names_on) == (made.thread.steward, made.thread.now.date())


def test_names_open_to_the_panel_with_the_shortlist_and_not_before(made, new_site_client):
    client = _signed_in(new_site_client, made.readers[0].person)
    address = f"/riverbend/en/panel/{made.call.slug}/"
    made.read_all(5)
    before = client.get(address).status_code
    made.line()

    assert (before, "Zebrina" in client.get(address).content.decode()) == (404, True)
    assert _signed_in(new_site_client, made.thread.first_lead.person).get(address).status_code == 404


def test_people_who_do_not_read_have_an_empty_list(made, new_site_client):
    page = _signed_in(new_site_client, made.thread.first_lead.person).get("/riverbend/en/readings/")

    assert "Nothing waits for you to be read." in page.content.decode()
    assert new_site_client().get("/riverbend/en/readings/").status_code in (302, 401, 403)


def test_points_follow_the_published_rubric_and_notes_are_the_readers_own(made, new_site_client):
    mine = Reading.objects.filter(reader=made.readers[0]).order_by("pk")[0]
    client = _signed_in(new_site_client, made.readers[0].person)
    address = f"/riverbend/en/readings/{mine.pk}/"
    key = made.call.rubric[0]["criterion"]
    refused = client.post(address, {f"points-{key}": "6"})
    kept = client.post(address, {f"points-{key}": "4", f"words-{key}": "From inside.", "notes": "Mynoteonly"})

    assert (refused.status_code, kept.status_code) == (200, 302)
    done = Reading.objects.done().get()
    assert (done.share, done.notes, done.scores.get().words) == (800, "Mynoteonly", "From inside.")
    made.read_all(4)
    Reading.objects.filter(pk=done.pk).update(notes="Mynoteonly")
    made.line()
    desk = _signed_in(new_site_client, made.thread.steward)
    page = desk.get(
        f"/riverbend/en/steward/selection/{made.call.slug}/shortlist/{mine.application.reference}/"
    )
    assert (page.status_code, "Mynoteonly" in page.content.decode()) == (200, False)


@pytest.mark.parametrize("name", ["Oxbowcollective", "the OXBOWCOLLECTIVE, Inc.", "quillféather"])
def test_a_reader_of_a_shared_organization_gets_nothing_of_it(name):
    made = closed(count=1)
    reader(made, organizations=(name,))

    assert reviews.spread(call=made.call, now=made.thread.now) == 1
    assert Reading.objects.count() == 0


def test_no_staff_read_someone_who_declared_ties_to_the_government():
    made = closed(count=1)
    type(made.applications[0].conflict_form).objects.update(close_to_staff=True)
    reader(made, kind="staff")
    other = reader(made)

    assert reviews.spread(call=made.call, now=made.thread.now) == 1
    assert Reading.objects.get().reader == other


def test_a_reader_who_lays_one_down_never_gets_it_again_and_another_does():
    made = with_readers(closed(count=4), 3)
    mine = Reading.objects.filter(reader=made.readers[0]).order_by("pk")[0]
    choosing.score(mine, 5, made.thread)

    reviews.recuse(reading=mine, ground="know-them", now=made.thread.now)
    assert reviews.spread(call=made.call, now=made.thread.now) == 0

    held = Reading.objects.filter(application=mine.application, recused_on=None)
    assert {one.reader for one in held} == set(made.readers[1:])
    assert Reading.objects.done().count() == 0


def test_applications_are_spread_evenly():
    made = with_readers(closed(count=9), 3)

    assert [one.readings.count() for one in made.readers] == [6, 6, 6]
    assert {one.readings.count() for one in made.applications} == {2}


def test_nothing_is_given_out_while_people_can_still_apply():
    made = closed(count=1)
    reader(made)
    made.thread.now -= timedelta(days=2)

    with pytest.raises(Refused, match="People can still apply"):
        reviews.spread(call=made.call, now=made.thread.now)


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_as_little_for_one_as_for_three(count, new_site_client, django_assert_num_queries):
    made = with_readers(closed(count=count), 2)
    call = published_call(made.thread.program, made.call.slug, OF_A_CALL)
    with django_assert_num_queries(1):
        reviews_queries.queues(made.readers[0].person_id, made.thread.program)
    with django_assert_num_queries(3):
        reviews_queries.progress(call)
    with django_assert_num_queries(6):
        reviews_queries.readers_of(call)
    with django_assert_num_queries(1):
        reviews_queries.name_page(call)
    made.read_all(5)
    made.line()
    with django_assert_num_queries(2):
        assert len(reviews_queries.shortlist_page(call)) == count
    with django_assert_num_queries(1):
        lotteries_queries.next_in_line(call)
    with django_assert_num_queries(1):
        lotteries_queries.offers_of(call)


#: Words in what was there before and is not any more, and in what a phone wrote into a file.
BEFORE = {"answer": "Oldnamehortensia", "transcript": "Earliernamebalthazar", "title": "Phonetitlevalentine"}


def _told_wav(title):
    """Make a sound file in which a phone wrote whose it is."""
    info = b"INFOINAM" + len(title).to_bytes(4, "little") + title.encode() + b"\0" * (len(title) % 2)
    listed = b"LIST" + len(info).to_bytes(4, "little") + info
    whole = choosing.WAV[12:] + listed
    return b"RIFF" + (4 + len(whole)).to_bytes(4, "little") + b"WAVE" + whole


def _with_history(new_site_client):
    """Let one person change an answer, send a recording with their name on it, and have it written down twice."""
    made = closed(count=2)
    early = made.thread.now - timedelta(days=2)
    one = made.applications[0]
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[one.pk]
    said = one.answers.order_by("section")[0]
    asked = said.section
    phone.post(asked, words=f"I am {BEFORE['answer']}.", seen=said.revision, to="status")
    phone.post(asked, words="I know this street.", seen=said.revision + 1, to="status")
    sound = SimpleUploadedFile(f"{PLANTED['name']}-voice.wav", _told_wav(BEFORE["title"]), "audio/wav")
    phone.post(asked, words="I know this street.", seen=said.revision + 2, sound=sound, to="status")
    assert (phone.status, Recording.objects.count()) == (200, 1), phone.words
    spoken = Recording.objects.get()
    for words in (f"This is {BEFORE['transcript']}.", "This is [name]."):
        applications.transcribe(recording=spoken, words=words, lang="en", by=made.thread.steward, now=early)
    return with_readers(made, 2), spoken


def test_no_file_name_and_no_earlier_version_reaches_a_reader(new_site_client):
    made, spoken = _with_history(new_site_client)
    person = made.readers[0].person

    doors = _doors(_signed_in(new_site_client, person), person)

    everything = "".join(doors.values())
    assert "This is [name]." in everything
    assert {key: word in everything for key, word in BEFORE.items()} == dict.fromkeys(BEFORE, False)
    assert _leaks(everything, made) == []
    sound = bytes(spoken.bytes.content)
    assert (BEFORE["title"].encode() in sound, PLANTED["name"].encode() in sound) == (False, False)
    assert [field.name for field in Recording._meta.fields] == [
        "id",
        "application",
        "section",
        "kind",
        "size",
    ]


def test_an_earlier_version_let_through_is_found(new_site_client, monkeypatch):
    made, _spoken = _with_history(new_site_client)
    person = made.readers[0].person

    def careless(mine):
        rows = mine.recordings.values_list("section", "transcripts__words")
        return dict(rows.order_by("-transcripts__pk"))

    monkeypatch.setattr(reviews_queries, "transcripts_of", careless)

    doors = _doors(_signed_in(new_site_client, person), person)

    assert BEFORE["transcript"] in "".join(doors.values())


def _counts(client):
    """Read every number that the list of a reader tells, in order, but the seats and the term that the call says in public."""
    page = client.get("/riverbend/en/readings/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    shown = " ".join(re.sub(r"<[^>]+>", " ", main).split())
    words, found = re.subn(r"\d+ places?, \w+ \d+, \d+ to \w+ \d+, \d+", " ", shown)
    assert found == 1
    return re.findall(r"\b\d+\b", words)


def test_counts_tell_a_reader_nothing_but_their_own(new_site_client):
    made = closed(count=4)
    few = with_readers(made, 2)
    client = _signed_in(new_site_client, few.readers[0].person)
    before = _counts(client)
    mine = set(few.readers[0].readings.values_list("application", flat=True))
    cast_more = [
        Application(
            call=made.call,
            reference=f"{n:04}-CCCC",
            code_hash=f"{n:064x}",
            lang="vi",
            begun_on=made.call.opens,
        )
        for n in range(30)
    ]
    Application.objects.bulk_create(cast_more)
    for one in cast_more[:20]:
        Event.objects.create(application=one, kind=EventKind.SENT, on=made.call.opens)
    for one in cast_more[:7]:
        Event.objects.create(application=one, kind=EventKind.WITHDRAWN, on=made.call.closes)

    assert (before, _counts(client)) == (["4", "1", "2", "3", "4"], ["4", "1", "2", "3", "4"])
    assert len(mine) == 4


def test_a_count_of_all_applications_let_through_is_found(new_site_client, monkeypatch):
    made = with_readers(closed(count=4), 3)
    client = _signed_in(new_site_client, made.readers[0].person)
    own, everyone = made.readers[0].readings.count(), made.applications
    honest = _counts(client)
    monkeypatch.setattr(reviews_queries.Queue, "left", property(lambda _queue: len(everyone)))

    assert (honest[0], _counts(client)[0]) == (str(own), "4")


def test_an_order_of_arrival_let_through_is_found(new_site_client, monkeypatch):
    made = with_readers(closed(count=12), 2)
    real = reviews_queries._own
    monkeypatch.setattr(
        reviews_queries,
        "_own",
        lambda *given: Sorted(
            real(*given).filter(application__events__kind=EventKind.SENT).order_by("application__events__pk")
        ),
    )
    client = _signed_in(new_site_client, made.readers[0].person)

    ids = re.findall(r"/readings/([0-9a-f-]{36})/", client.get("/riverbend/en/readings/").content.decode())

    arrival = arrived()
    assert [Reading.objects.get(pk=pk).application_id for pk in ids] == arrival


class Sorted:
    """Rows that keep an order of arrival, whatever a list asks for: a planted mistake."""

    def __init__(self, rows):
        self.rows = rows

    def order_by(self, *_names):
        return self.rows


def test_a_name_written_to_a_log_is_found(made, new_site_client, monkeypatch, caplog):
    real = reviews_queries.blind

    def careless(mine, lang):
        logging.getLogger("alongside").info("reading %s", mine.application.contact.name)
        return real(mine, lang)

    monkeypatch.setattr(reviews_queries, "blind", careless)
    with caplog.at_level("DEBUG"):
        _doors(_signed_in(new_site_client, made.readers[0].person), made.readers[0].person)

    logged = "".join(one.getMessage() for one in caplog.records if not one.name.startswith("django.db."))
    assert _leaks(logged, made) == ["Zebrina"]


def test_whoever_invites_a_reader_reads_who_it_was_that_no_letter_goes_out_and_from_when_they_read(client):
    made = closed()
    lead, call = made.thread.third_lead.person, made.call
    client.force_login(made.thread.steward)
    there, closes = f"/riverbend/en/steward/selection/{call.slug}/readers/", call.closes
    name = re.search(rf'<option value="{lead.pk}">([^<]+)<', client.get(there).content.decode())[1]
    typed = {"person": lead.pk, "kind": "lead", "organizations": ""}
    page = client.get(client.post(there, typed).url).content.decode()

    told = re.sub("[\u2066-\u2069]", "", re.search(r'role="status"[^>]*>([^<]+)<', page)[1])
    says, day = f"{name} is invited. No letter goes out, so tell them. They read", closes + timedelta(days=1)
    assert told == f"{says} from {day_in_words(day)} on, once applications are given out."
    assert f'<th scope="row" dir="auto">{name}</th>' in page
    assert mail.outbox == []
    said = re.sub("[\u2066-\u2069]", "", invited_in_words(call, name, day))
    assert said == f"{says} once applications are given out."


def test_a_call_that_fewer_than_two_read_is_on_the_coordinators_desk_and_who_was_invited_before_can_be_chosen(
    client,
):
    made = closed()
    client.force_login(made.thread.steward)
    desk, told = "/riverbend/en/steward/", "3 applications, and fewer than two readers."
    invites = f"/riverbend/en/steward/selection/{made.call.slug}/readers/"
    assert told in client.get(desk).content.decode()
    reader(made, "Somebody from the east side")
    assert told in client.get(desk).content.decode()
    reader(made, "Somebody from the west side")
    assert told not in client.get(desk).content.decode()
    choices = re.findall(r"<option[^>]*>([^<]+)</option>", client.get(invites).content.decode())
    assert "Somebody from the east side" in choices
    assert [one for one in choices if len(set(one.split(", "))) != len(one.split(", "))] == []


def test_before_two_have_read_all_the_page_of_the_shortlist_names_who_reads_and_has_no_form(client):
    made = with_readers(closed(thread=cast.program(now=this_hour() - UNTIL_CLOSED)), 2)
    client.force_login(made.thread.steward)
    page = f"/riverbend/en/steward/selection/{made.call.slug}/"
    waits = "The shortlist waits for who has still to read: Reader 1 (3); Reader 2 (3)"
    shown = [text_of(client.get(f"{page}{part}")) for part in ("", "shortlist/")]
    assert [waits in one for one in shown] == [True, True]
    assert "The line, in percent" not in shown[1]

    made.read_all(4, 4, 4)
    shown = [text_of(client.get(f"{page}{part}")) for part in ("", "shortlist/")]
    assert ["waits for" in one for one in shown] == [False, False]
    assert "The line, in percent" in shown[1]


def test_who_has_still_to_read_is_reminded_by_a_letter_that_does_not_say_of_what(client):
    made = with_readers(closed(thread=cast.program(now=this_hour() - UNTIL_CLOSED)), 2)
    client.force_login(made.thread.steward)
    page = f"/riverbend/en/steward/selection/{made.call.slug}/"
    assert "Remind them by email" in text_of(client.get(page))
    there = client.post(f"{page}remind/", {}).url
    assert "Letters go to 2 people: something waits for them." in text_of(client.get(there))
    waiting = Notification.objects.values_list("person", flat=True)
    assert sorted(waiting) == sorted(one.person_id for one in made.readers)
    again = text_of(client.get(page))
    assert ("They were reminded on " in again, "Remind them by email" in again) == (True, False)
    assert "They were reminded today already." in text_of(client.post(f"{page}remind/", {}))

    made.read_all(4)
    assert "Remind them by email" not in text_of(client.get(page))
    assert "Nobody who has still to read has an email address" in text_of(client.post(f"{page}remind/", {}))

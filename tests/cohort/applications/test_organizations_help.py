"""People of a community organization help with a call: each has one desk, and nothing else opens to them."""

import re
from datetime import timedelta

import pytest

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Event, Recording, Transcript
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls.models import Invitee
from alongside.cohort.reviews import actions as reviews
from alongside.core.refusals import Refused
from alongside.core.workflow.applications import EventKind
from alongside.ground.people.actions import make_person
from tests.cohort.applications.test_steward_and_typing_in import ASSIST, type_in
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events
from tests.cohort.reviews import choosing
from tests.cohort.reviews.choosing import WAV, closed, reader, with_readers

pytestmark = pytest.mark.django_db
HELPERS = "/riverbend/en/steward/selection/second-cohort/helpers/"
HOUSE = "Riverbend Newcomers' House"


def signed_in(client_class, person):
    client = client_class()
    client.force_login(person)
    return client


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def helper(call, now, *does, organization=HOUSE, called="A helper"):
    person = make_person(email=None, called=called)
    calls.invite_helper(call=call, person=person, organization=organization, does=does, now=now)
    return person


def test_whom_the_steward_invites_under_large_letters_is_whoever_has_that_address(new_site_client):
    thread, known = cast.program(), make_person(email="neighbor@county.example")
    cast.published(thread)
    typed = {
        "called": "Robin",
        "email": "Neighbor@County.example",
        "organization": HOUSE,
        "does": ["types-in"],
    }

    signed_in(new_site_client, thread.steward).post(HELPERS, typed)

    assert Invitee.objects.get().person == known


def test_an_invited_organization_signs_in_with_a_code_on_paper_and_types_an_application_in(new_site_client):
    thread = cast.program()
    cast.published(thread)
    steward, other = signed_in(new_site_client, thread.steward), new_site_client()
    typed = {"called": "The front desk", "email": "", "organization": HOUSE, "does": ["types-in"]}
    assert steward.post(HELPERS, typed).status_code == 302
    slip = steward.post(f"{HELPERS}{Invitee.objects.get().pk}/code/").content.decode()
    code = re.search(r'class="digits"[^>]*><span>([^<]+)</span>', slip).group(1)

    landed = other.post("/riverbend/en/sign-in/printed-code/", {"code": code}, follow=True)
    where = type_in(other)
    other.post(where, {"agreed": "yes"})

    assert (landed.request["PATH_INFO"], f"You help for {HOUSE}" in words(landed).replace("&#x27;", "'")) == (
        "/riverbend/en/my-desk/",
        True,
    )
    mine = events(EventKind.ASSISTED).get()
    assert (mine.organization, mine.by, events(EventKind.READ_BACK).get().by) == (
        HOUSE,
        *[Invitee.objects.get().person] * 2,
    )
    assert mine.application.days["sent"]


def test_the_desk_of_a_helper_is_one_call_and_nothing_else(new_site_client):
    thread = cast.program()
    call = cast.published(thread)
    cast.published(thread, "other-call")
    client = signed_in(new_site_client, helper(call, thread.now, "types-in"))

    assert words(client.get("/riverbend/en/typing-in/")).count("Open call, to") == 1
    doors = {
        "calls/other-call/assist/": 403,
        "steward/calls/second-cohort/applications/": 403,
        "steward/selection/second-cohort/": 403,
        "steward/selection/second-cohort/names/": 403,
        "recordings/second-cohort/": 404,
        "panel/second-cohort/": 404,
    }
    assert {door: client.get(f"/riverbend/en/{door}").status_code for door in doors} == doors


def test_someone_who_signed_in_and_was_not_invited_types_nothing_in(new_site_client):
    thread = cast.program()
    cast.published(thread)
    client = signed_in(new_site_client, make_person(email=None, called="Someone"))

    assert client.post(ASSIST, {"came_by": "paper", "lang": "en"}).status_code == 403
    assert events(EventKind.ASSISTED).count() == 0


def test_a_helper_whose_help_ended_finds_the_desk_closed(new_site_client):
    thread = cast.program()
    call = cast.published(thread)
    person = helper(call, thread.now, "types-in")
    client = signed_in(new_site_client, person)
    steward = signed_in(new_site_client, thread.steward)

    steward.post(f"{HELPERS}{Invitee.objects.get().pk}/end/")

    assert (
        client.get(ASSIST).status_code,
        "Nothing waits for you" in words(client.get("/riverbend/en/my-desk/")),
    ) == (
        403,
        True,
    )
    calls.invite_helper(call=call, person=person, organization=HOUSE, does=["types-in"], now=thread.now)
    assert client.get(ASSIST).status_code == 200


def test_a_reader_of_the_organization_that_typed_it_in_does_not_get_it(new_site_client):
    made = closed(count=1)
    one = made.applications[0]
    Event.objects.create(
        application=one,
        kind=EventKind.ASSISTED,
        by=made.thread.steward,
        organization=HOUSE,
        choice="paper",
        on=one.begun_on,
    )
    reader(made, organizations=(HOUSE,))

    assert reviews.spread(call=made.call, now=made.thread.now) == 1
    assert one.readings.count() == 0


def _spoken(count=1):
    made = closed(count=count)
    early = made.thread.now - timedelta(days=2)
    return made, [choosing.speak(one, early) for one in made.applications]


def test_a_helper_writes_a_recording_down_and_a_reader_may_not(new_site_client):
    made, (spoken,) = _spoken()
    person = helper(made.call, made.thread.now, "writes-down")
    client = signed_in(new_site_client, person)
    address = f"/riverbend/en/recordings/second-cohort/{spoken.pk}/"

    assert "1 recording to write down" in words(client.get("/riverbend/en/my-desk/"))
    assert b"".join(client.get(f"{address}sound/")) == WAV
    assert client.post(address, {"words": "I said [name] knows."}).status_code == 302
    assert (Transcript.objects.get().made_by, Transcript.objects.get().words) == (
        person,
        "I said [name] knows.",
    )
    with pytest.raises(Refused, match="This person knows recordings of this call"):
        reviews.invite_reader(
            call=made.call, person=person, kind="community", organizations=(), now=made.thread.now
        )
    mine = reader(made).person
    for refused in (
        lambda: calls.invite_helper(
            call=made.call, person=mine, organization=HOUSE, does=["writes-down"], now=made.thread.now
        ),
        lambda: applications.transcribe(recording=spoken, words="x", lang="en", by=mine, now=made.thread.now),
    ):
        with pytest.raises(Refused, match="Whoever reads for this call gets words and never a voice"):
            refused()


def test_a_steward_who_reads_is_told_why_the_recordings_are_closed(new_site_client):
    made, (spoken,) = _spoken()
    reviews.invite_reader(
        call=made.call, person=made.thread.steward, kind="staff", organizations=(), now=made.thread.now
    )
    client = signed_in(new_site_client, made.thread.steward)

    page = client.get("/riverbend/en/recordings/second-cohort/")

    assert (page.status_code, "you get words and never a voice" in words(page)) == (403, True)
    assert client.get(f"/riverbend/en/recordings/second-cohort/{spoken.pk}/sound/").status_code == 404


def test_after_the_shortlist_the_panel_hears_it_and_nobody_below_the_line(new_site_client):
    made, spoken = _spoken(2)
    with_readers(made, 2)
    for one in spoken:
        applications.transcribe(
            recording=one, words="Written down.", lang="en", by=made.thread.steward, now=made.thread.now
        )
    made.read_all(5, 1)
    listed, below = made.applications
    client = signed_in(new_site_client, made.readers[0].person)
    first, second = (
        f"/riverbend/en/recordings/second-cohort/{Recording.objects.get(application=one).pk}/sound/"
        for one in (listed, below)
    )
    before = client.get(first).status_code
    made.line()

    page = client.get(f"/riverbend/en/panel/second-cohort/{listed.reference}/")
    heard = client.get(first)

    assert (before, client.get(second).status_code, page.status_code) == (404, 404, 200)
    assert [first in page.content.decode(), "Written down." in words(page), "Zebrina" in words(page)] == [
        True
    ] * 3
    assert (heard.content, heard["Content-Type"], heard["Cache-Control"]) == (WAV, "audio/wav", "no-store")
    assert (
        heard["Content-Disposition"]
        == f'inline; filename="recording-{Recording.objects.get(application=listed).pk}.wav"'
    )
    steward = signed_in(new_site_client, made.thread.steward)
    assert steward.get(f"{first}?save")["Content-Disposition"].startswith("attachment;")
    strangers = (new_site_client(), signed_in(new_site_client, made.thread.first_lead.person))
    assert [one.get(first).status_code for one in strangers] == [403, 404]
    assert client.get(f"/riverbend/en/panel/second-cohort/{below.reference}/").status_code == 404


def test_a_phone_that_asks_for_a_part_of_a_sound_gets_that_part(new_site_client):
    made, (spoken,) = _spoken()
    client = signed_in(new_site_client, made.thread.steward)
    address = f"/riverbend/en/recordings/second-cohort/{spoken.pk}/sound/"

    part = client.get(address, headers={"range": "bytes=4-7"})
    beyond = client.get(address, headers={"range": f"bytes={len(WAV)}-"})

    assert (part.status_code, part.content, part["Content-Range"]) == (206, WAV[4:8], f"bytes 4-7/{len(WAV)}")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(WAV)}")


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_takes_as_many_queries_for_three_as_for_one(
    new_site_client, django_assert_num_queries, count
):
    thread = cast.program()
    person = make_person(email=None, called="Helps a lot")
    for n in range(count):
        call = cast.published(thread, f"call-{n}")
        calls.invite_helper(
            call=call, person=person, organization=HOUSE, does=["types-in", "writes-down"], now=thread.now
        )
    client = signed_in(new_site_client, person)
    client.get("/riverbend/en/my-desk/")

    with django_assert_num_queries(12):
        page = client.get("/riverbend/en/my-desk/")

    assert page.content.decode().count("<h2>") == 2 * count

"""The steward writes a call in pages and sees what came in; someone types an application in and reads it back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.applications.actions import add_counts, hash_code
from alongside.cohort.applications.models import Application, ConflictForm, DemographicCount, Event
from alongside.cohort.calls.models import Call
from alongside.core.workflow.applications import EventKind
from alongside.ground.record.queries import entry_views_where
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events

pytestmark = pytest.mark.django_db
DESK = "/riverbend/en/steward/calls/"
CALL = f"{DESK}become-a-community-lead/"
ASSIST = "/riverbend/en/calls/second-cohort/assist/"


@pytest.fixture
def thread():
    return cast.program()


@pytest.fixture
def steward(thread, site_client):
    site_client.force_login(thread.steward)
    return site_client


@pytest.fixture
def lead(thread, new_site_client):
    client = new_site_client()
    client.force_login(thread.first_lead.person)
    return client


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def write_a_call(steward, thread) -> None:
    """Write a call in two languages, page by page."""
    day = thread.now.date()
    steward.post(f"{DESK}new/", cast.WORDS["en"])
    steward.post(
        f"{CALL}terms/",
        {
            "seats": "4",
            "alternates": "1",
            "pay_amount": "45",
            "pay_currency": "USD",
            "pay_per": "hour",
            "hours_a_month": "20",
            "budget": "48000",
            "not_to_exceed": "10000",
        },
    )
    days = {
        "opens": day,
        "closes": day + timedelta(days=30),
        "decides_by": day + timedelta(days=60),
        "term_from": day + timedelta(days=90),
        "term_until": day + timedelta(days=390),
    }
    steward.post(f"{CALL}dates/", {**days, "also": ["es"], "selection": "panel"})
    asked = {"question-q1": "Which community do you know?", "hint-q1": "A hint"}
    steward.post(f"{CALL}parts/questions/", asked)
    steward.post(f"{CALL}parts/criteria/", {"criterion-c1": "Knows a community", "points-c1": "5"})
    steward.post(f"{CALL}parts/sought/", {"sought-s1": "Renters", "least-s1": "2"})


def spanish() -> dict[str, str]:
    asked = {"question-q1": "¿Qué comunidad conoce?", "hint-q1": "Una pista", "criterion-c1": "Conoce"}
    return {**cast.WORDS["es"], **asked, "sought-s1": "Inquilinos"}


def test_the_steward_writes_and_publishes_a_call_in_two_languages(steward, thread):
    write_a_call(steward, thread)
    assert "10 texts are missing" in words(steward.get(CALL))
    refused = words(steward.post(CALL))
    steward.post(f"{CALL}words/es/", spanish())
    assert "In short" in words(steward.get(f"{CALL}preview/"))

    response = steward.post(CALL)

    assert re.search(
        r"Some words are missing in (Spanish|Español)\. Write them, or drop the language\.", refused
    )
    assert response["Location"] == "/riverbend/en/calls/become-a-community-lead/"
    (told,) = entry_views_where(thread.program, "es", kinds=["call.published"])
    assert (told.say("title"), told.say("question-q1")) == ("Sea líder comunitario", "¿Qué comunidad conoce?")
    assert "45.00 USD an hour" in words(steward.get(response["Location"])).replace("\u00a0", " ")


def test_the_steward_reads_what_a_call_is_called_in_the_language_of_the_page(steward, thread):
    cast.published(thread)
    spanish_desk, arabic_desk = (DESK.replace("/en/", f"/{lang}/") for lang in ("es", "ar"))

    assert '<h2><a href="/riverbend/es/steward/calls/second-cohort/">Sea líder comunitario</a></h2>' in (
        steward.get(spanish_desk).content.decode()
    )
    assert '<h2 lang="en" dir="ltr"><a href="/riverbend/ar/steward/calls/second-cohort/">' in (
        steward.get(arabic_desk).content.decode()
    )


def test_a_forbidden_question_is_shown_with_its_law_and_not_saved(steward, thread):
    write_a_call(steward, thread)

    told = words(steward.post(f"{CALL}parts/questions/", {"question-q1": "What is your immigration status?"}))

    assert "This asks about:" in told
    assert "The rule:" in told
    held = Call.objects.get()
    assert [held.say(f"question-{key}", "en")[0] for key in held.questions] == [
        "Which community do you know?"
    ]


def test_a_call_without_pay_is_refused_on_the_page_with_the_cure(steward, thread):
    write_a_call(steward, thread)
    steward.post(f"{CALL}words/es/", spanish())
    Call.objects.update(pay_amount=None)

    told = words(steward.post(CALL))

    assert "Say what it pays: the rules of this program allow no call without pay." in told


def test_nobody_but_the_steward_opens_the_pages_of_a_draft(lead, steward, thread):
    write_a_call(steward, thread)

    pages = ("", "texts/", "terms/", "dates/", "words/es/", "preview/", "correct/", "applications/")
    assert {lead.get(f"{CALL}{page}").status_code for page in (*pages, "parts/questions/")} == {403}


def test_a_door_to_apply_is_shown_only_while_one_can(steward, thread):
    write_a_call(steward, thread)
    assert "/apply/" not in steward.get(f"{CALL}preview/").content.decode()  # nobody can apply to a draft
    cast.published(thread)
    page = f"{DESK}second-cohort/"
    assert f'href="{ASSIST}"' in steward.get(page).content.decode()
    day = thread.now.date()
    over = {"opens": day - timedelta(days=9), "closes": day - timedelta(days=1)}
    Call.objects.filter(slug="second-cohort").update(**over)
    assert f'href="{ASSIST}"' not in steward.get(page).content.decode()


def test_a_correction_is_refused_in_words_once_someone_began(steward, thread):
    call = cast.published(thread)
    cast.begun(call, thread.now)

    typed = {"about": "seats", "count": "3", "words": "Fewer seats."}
    told = words(steward.post(f"{DESK}second-cohort/correct/", typed))

    assert "Someone has applied under these rules, so nobody can change them any more." in told


def test_the_list_of_applications_shows_no_name_and_no_order(steward, thread):
    call = cast.published(thread)
    for _one in range(4):
        cast.sent(call, thread.now)

    html = steward.get(f"{DESK}second-cohort/applications/").content.decode()

    references = re.findall(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", html)
    assert references == sorted(Application.objects.values_list("reference", flat=True))
    assert [name in html for name in ("Rosa", "example.org", "My street")] == [False, False, False]


def test_the_list_stays_one_page_and_as_many_queries_at_5000_applications(steward, thread):
    call = cast.published(thread)

    def look(page: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            response = steward.get(f"{DESK}second-cohort/applications/", {"page": page})
        return len(seen), response.content.decode().count('<th scope="row">')

    cast.sent(call, thread.now)
    few, one_row = look(1)
    Application.objects.bulk_create(
        Application(
            call=call, reference=f"{n:04}-AAAA", code_hash=f"{n:064x}", lang="en", begun_on=call.opens
        )
        for n in range(5000)
    )
    Event.objects.bulk_create(
        Event(application=one, kind=EventKind.SENT, on=call.opens)
        for one in Application.objects.filter(events=None)[:3000]
    )

    assert one_row == 1
    assert [look(1), look(50), look(101)] == [(few, 50), (few, 50), (few, 1)]


def type_in(client, **coming: str) -> str:
    """Type an application in and give the address of its reading back."""
    made = client.post(ASSIST, {"came_by": "paper", "lang": "es", "organization": "", **coming})
    where = made["Location"].removesuffix("who/")
    client.post(f"{where}who/", {"sender": "person", "name": "Rosa Marmolejo", "phone": "503-555-0100"})
    sought = Call.objects.get().sought[0]["sought"]
    client.post(f"{where}brings/", {"brings": [sought]})
    for key in ("question-q1", "question-q2"):
        client.post(f"{where}{key}/", {"words": f"Said on paper, {key}", "seen": "0"})
    client.post(f"{where}needs/", {"words": "A ride home"})
    declared = {"works_for_government": "no", "earns_from_it": "no", "close_to_staff": "no"}
    client.post(f"{where}conflicts/", {**declared, "organizations": "Riverbend Renters", "words": ""})
    return where


def test_a_paper_form_is_typed_in_read_back_and_sent(lead, thread):
    cast.published(thread)
    where = type_in(lead, organization="Riverbend Renters")
    page = words(lead.get(where))
    assert not events(EventKind.SENT).exists()
    unread = words(lead.post(where))

    told = lead.post(where, {"agreed": "yes"})

    code = re.search(r'class="digits"[^>]*><span>([^<]+)</span>', told.content.decode()).group(1)
    mine = Application.objects.get()
    assert "Said on paper, question-q2" in page
    declared = ConflictForm.objects.get()
    assert f"someone who works in this program? {'Yes' if declared.close_to_staff else 'No'}" in page
    assert [one in page for one in (*declared.organizations, declared.words)] == [True] * (
        len(declared.organizations) + 1
    )
    assert "Read it back first." in unread
    typed_in = events(EventKind.ASSISTED).get()
    assert (typed_in.application, typed_in.choice) == (mine, "paper")
    assert typed_in.organization == "Riverbend Renters"
    assert (events(EventKind.READ_BACK).get().by, typed_in.by) == (thread.first_lead.person,) * 2
    assert (mine.code_hash, mine.lang) == (hash_code(code), "es")
    assert mine.days["sent"] == mine.begun_on


def test_the_applicant_opens_what_was_typed_in_with_the_code_on_the_slip(lead, thread, new_site_client):
    cast.published(thread)
    where = type_in(lead)
    told = lead.post(where, {"agreed": "yes"}).content.decode()
    phone = cast.Phone(new_site_client(), lang="es")
    phone.code = re.search(r'class="digits"[^>]*><span>([^<]+)</span>', told).group(1)

    assert "Said on paper, question-q1" in phone.post("open")


def test_what_one_person_types_in_no_other_can_open(lead, steward, thread, new_site_client):
    cast.published(thread)
    where = type_in(lead)
    other = new_site_client()
    other.force_login(thread.second_lead.person)

    assert [other.get(where).status_code, steward.get(where).status_code] == [404, 404]
    assert [lead.get(where).status_code, new_site_client().get(where).status_code] == [200, 403]
    lead.post(where, {"agreed": "yes"})
    assert lead.get(where).status_code == 404


def test_a_separate_sheet_is_counted_and_tied_to_nobody(lead, thread):
    cast.published(thread)
    cast.with_counts(thread)

    lead.post(f"{ASSIST}sheet/", {"age": "under-30"})

    assert list(DemographicCount.objects.values_list("choice", "count")) == [("under-30", 1)]
    assert Application.objects.count() == 0


def over(call, thread) -> None:
    """Let the call close yesterday."""
    yesterday = thread.now.date() - timedelta(days=1)
    Call.objects.filter(pk=call.pk).update(opens=yesterday, closes=yesterday)


def test_no_count_is_shown_while_people_can_apply_so_that_none_is_seen_to_move(steward, thread):
    call = cast.published(thread)
    cast.with_counts(thread)
    address = f"{DESK}second-cohort/counts/"
    seen = []
    for _n in range(11):
        add_counts(call=call, chosen={"age": ["over-30"]}, now=thread.now)
        seen.append(words(steward.get(address)))
    assert len(set(seen)) == 1
    assert ("between" in seen[0], "The counts are shown from" in seen[0]) == (False, True)
    over(call, thread)
    assert "30 or over between 10 and 20" in words(steward.get(address))


def test_counts_are_ranges_and_a_small_one_is_not_told(lead, steward, thread):
    call = cast.published(thread)
    cast.with_counts(thread)
    for _n in range(11):
        add_counts(call=call, chosen={"age": ["over-30"]}, now=thread.now)
    add_counts(call=call, chosen={"age": ["under-30"]}, now=thread.now)
    over(call, thread)

    page = words(steward.get(f"{DESK}second-cohort/counts/"))

    assert "30 or over between 10 and 20" in page
    assert ("Under 30 fewer than 10" in page, "Example rule 9" in page) == (True, True)
    assert lead.get(f"{DESK}second-cohort/counts/").status_code == 403
    linked = f'href="{DESK}second-cohort/counts/"'
    assert linked in steward.get(f"{DESK}second-cohort/").content.decode()


def test_where_the_pack_demands_no_counts_none_are_offered(steward, thread):
    cast.published(thread)

    assert "/counts/" not in steward.get(f"{DESK}second-cohort/").content.decode()
    assert "ask for no counts" in words(steward.get(f"{DESK}second-cohort/counts/"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_calls_takes_as_many_queries_for_three_as_for_one(site_client, thread, count):
    for n in range(count):
        cast.published(thread, f"call-{n}")
    site_client.get("/riverbend/en/calls/call-0/")  # the page cache and the pack are warm

    with CaptureQueriesContext(connection) as seen:
        text = words(site_client.get("/riverbend/es/calls/"))

    assert (len(seen), text.count("Sea líder comunitario")) == (6, count)


def test_the_paper_form_asks_what_the_call_asks(site_client, thread):
    cast.published(thread)

    text = words(site_client.get("/riverbend/es/calls/second-cohort/paper/"))

    assert cast.WORDS["es"]["question-q1"] in text
    assert "Inquilinos" in text

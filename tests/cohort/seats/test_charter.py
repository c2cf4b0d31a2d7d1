"""A charter is signed by all over exactly the words that stand, and the record hears seats, never names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.seats import actions
from alongside.cohort.seats.queries.charters import charter_now
from alongside.core.entries import GrammarError
from alongside.ground.record.models import LogEntry
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/cohort/first/charter/"
SIGN = f"{PAGE}sign/"


@pytest.fixture
def thread(db):
    return cast.program()


def test_a_charter_is_in_force_only_when_every_lead_and_the_program_have_signed(thread, site_client):
    cast.adopt(thread)
    seats = [one.public_id for one in thread.leads]
    cast.sign(thread, "steward", *seats[:2])

    before = text_of(site_client.get(PAGE))
    cast.sign(thread, seats[2])
    after = text_of(site_client.get(PAGE))

    assert "They are in force." not in before
    assert f"Lead (place {seats[2][5:9]}) · has not signed yet" in before
    assert "Every lead and the program signed these rules. They are in force." in after
    assert "has not signed yet" not in after


def test_what_is_signed_is_the_hash_of_the_entry_as_the_log_holds_it(thread):
    charter = cast.adopt(thread)

    assert charter.hash == bytes(LogEntry.objects.get(kind="charter.adopted").leaf).hex()


def test_a_lead_reads_and_signs_on_a_phone_and_the_record_says_the_seat(thread):
    charter = cast.adopt(thread)
    client = as_(thread.first_lead.person)

    assert "What we say of conduct." in text_of(client.get(SIGN))
    assert client.post(SIGN, {"read": charter.hash, "agree": "on"}).url == PAGE
    assert list(charter_now(cast.cohort(thread), "en").signed) == [thread.first_lead.public_id]
    assert "You have signed this group agreement." in text_of(client.get(SIGN))


def test_a_signature_over_words_that_were_replaced_is_refused_and_the_new_words_are_shown(thread):
    old = cast.adopt(thread)
    cast.adopt(thread, conduct="Another rule of conduct.")

    response = as_(thread.first_lead.person).post(SIGN, {"read": old.hash, "agree": "on"})

    assert "The group agreement is not the one you read. Read it again; then sign it." in text_of(response)
    assert "Another rule of conduct." in text_of(response)
    assert "checked" not in response.content.decode()
    assert charter_now(cast.cohort(thread), "en").signed == {}


def test_a_new_charter_has_no_signature_of_the_old_one(thread):
    cast.adopt(thread)
    cast.sign(thread, "steward", thread.first_lead.public_id)

    assert cast.adopt(thread, changes="New.").signed == {}


def test_nobody_signs_without_ticking_the_box_or_twice(thread):
    charter = cast.adopt(thread)
    client = as_(thread.first_lead.person)

    assert "Tick the box to sign." in text_of(client.post(SIGN, {"read": charter.hash}))
    client.post(SIGN, {"read": charter.hash, "agree": "on"})
    assert "You have signed this group agreement." in text_of(
        client.post(SIGN, {"read": charter.hash, "agree": "on"})
    )
    assert cast.kinds(thread).count("charter.signed") == 1


@pytest.mark.parametrize("wrong", ["hash", "seat", "twice", "replaced"])
def test_the_log_itself_refuses_a_planted_signature(thread, wrong):
    charter = cast.adopt(thread)
    seat = thread.first_lead.public_id
    if wrong == "twice":
        cast.sign(thread, seat)
    if wrong == "replaced":
        cast.adopt(thread)
    if wrong == "seat":
        actions.leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    data = {"hash": "0" * 64 if wrong == "hash" else charter.hash}

    with pytest.raises(GrammarError) as refused:
        thread.enter("charter.signed", [seat], data, {"charter": [charter.index]})

    says = {
        "hash": "these are not the words of the group agreement; read the group agreement again and sign what stands there.",
        "seat": f"{seat} is over; ask a lead of the cohort today.",
        "twice": f"{seat} has signed this group agreement; once is enough.",
        "replaced": "a newer group agreement has taken its place; sign that one.",
    }
    assert refused.value.message == f"charter.signed: {says[wrong]}"


def test_the_steward_writes_it_in_two_languages_and_puts_it_up(thread):
    client = as_(thread.steward)
    typed = {**cast.PARTS, "appeals_to": cast.OFFICE, "alarms_to": thread.first_lead.public_id}

    client.post("/riverbend/en/steward/charter/", {**typed, "draft": "1"})
    spanish = {**typed, **{name: f"Lo que decimos: {name}." for name in cast.PARTS}, "adopt": "1"}
    assert client.post("/riverbend/es/steward/charter/", spanish).url == "/riverbend/es/cohort/first/charter/"

    assert "What we say of purpose." in text_of(client.get(PAGE))
    assert "Lo que decimos: purpose." in text_of(client.get(PAGE.replace("/en/", "/es/")))


@pytest.mark.parametrize("page", [PAGE, SIGN])
def test_a_charter_says_that_it_is_not_translated_into_the_language_of_the_page(thread, page):
    cast.adopt(thread)
    client = as_(thread.first_lead.person)
    note = "Este acuerdo está en inglés. Aún no está traducido al español."

    assert note in text_of(client.get(page.replace("/en/", "/es/")))
    assert "not translated into" not in text_of(client.get(page))


def test_a_charter_says_in_a_language_that_came_later_that_it_was_added_after_it_was_signed(thread):
    added = "Se agregó después de que se firmó."
    before = cast.adopt(thread)
    says = {f"words-{name}": f"Palabras sobre {name}." for name in cast.PARTS}
    told = says | {"made_by": "person", "is_reviewed": "on"}
    steward, page = as_(thread.steward), "/riverbend/en/record/{}/translations/?into=es"
    assert steward.post(page.format(before.index), told).status_code == 302
    assert charter_now(cast.cohort(thread), "es").parts[0][1].is_after_signing is False

    signed = cast.adopt(thread, purpose="Other words.")
    cast.sign(thread, *(one.public_id for one in thread.leads), "steward")
    assert steward.post(page.format(signed.index), told).status_code == 302
    assert charter_now(cast.cohort(thread), "es").parts[0][1].is_after_signing is True
    for where in ("cohort/first/charter/", f"record/{signed.index}/"):
        shown = text_of(steward.get(f"/riverbend/es/{where}"))
        assert (where, added in shown or "Added after it was signed." in shown) == (where, True)

    rows = LogEntry.objects.count()
    again = told | {"words-purpose": "Otras palabras."}
    assert steward.post(page.format(signed.index), again).status_code == 200
    assert LogEntry.objects.count() == rows
    lead = as_(thread.first_lead.person)
    assert lead.post(page.format(signed.index), again).status_code == 302


def test_the_steward_hears_which_languages_lack_words_before_putting_it_up(thread):
    client, page = as_(thread.steward), "/riverbend/en/steward/charter/"
    cast.adopt(thread)
    before = text_of(client.get(page))
    typed = {**cast.PARTS, "appeals_to": cast.OFFICE, "alarms_to": cast.OFFICE, "draft": "1"}
    client.post(page.replace("/en/", "/es/"), typed)

    assert "Words are missing in: Spanish" in before
    assert "Words are missing in: Spanish" not in text_of(client.get(page))


def test_a_charter_with_an_empty_part_goes_nowhere(thread):
    typed = {**cast.PARTS, "conduct": "", "appeals_to": cast.OFFICE, "alarms_to": cast.OFFICE, "adopt": "1"}

    response = as_(thread.steward).post("/riverbend/en/steward/charter/", typed)

    assert "Fill in: How we treat each other, and when a place ends" in text_of(response)
    assert "charter.adopted" not in cast.kinds(thread)


def test_a_charter_with_a_part_that_nobody_sees_goes_nowhere(thread):
    typed = {
        **cast.PARTS,
        "conduct": "\u2800",
        "appeals_to": cast.OFFICE,
        "alarms_to": cast.OFFICE,
        "adopt": "1",
    }

    response = as_(thread.steward).post("/riverbend/en/steward/charter/", typed)

    assert "A part of the group agreement has no words. Write every part first." in text_of(response)
    assert "charter.adopted" not in cast.kinds(thread)


def test_the_page_takes_as_many_queries_for_three_signatures_as_for_one(thread, site_client):
    cast.adopt(thread)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(PAGE).status_code == 200
        return len(seen)

    cast.sign(thread, "steward")
    one = queries()
    cast.sign(thread, thread.first_lead.public_id, thread.second_lead.public_id)

    assert (one, queries()) == (10, 10)

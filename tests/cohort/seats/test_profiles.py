"""A profile is its owner's: under any name, warned of and never forbidden, and gone everywhere at once."""

import pytest

from alongside.cohort.seats import actions
from alongside.ground.people.models import Profile
from tests.cohort.seats import cast
from tests.support.pages import CheckingClient
from tests.work.engagements.test_drafting import as_, text_of

MINE = "/riverbend/en/seat/profile/"
APPEAL = "/riverbend/en/seat/appeal/"
COHORT = "/riverbend/en/cohort/"
TYPED = {
    "shown_name": "Blue Heron",
    "about": "I listen.",
    "languages": "English",
    "links": "https://example.org/",
}


@pytest.fixture
def thread(db):
    return cast.program()


def page_of(thread) -> str:
    return f"/riverbend/en/leads/{thread.first_lead.public_id}/"


def show(thread, **more):
    return as_(thread.first_lead.person).post(MINE, {**TYPED, **more})


def test_a_lead_shows_a_name_that_is_not_theirs(thread, site_client):
    assert show(thread).url == page_of(thread)

    assert "Blue Heron" in text_of(site_client.get(COHORT))
    assert "I listen." in text_of(site_client.get(page_of(thread)))
    assert "Blue Heron" not in cast.log_text(thread)


@pytest.mark.parametrize(
    ("about", "topic"),
    [
        ("I am undocumented and proud.", "undocumented"),
        ("Soy indocumentada.", "indocumentada"),
        ("Write to me at my home address.", "your home address"),
    ],
)
def test_what_could_hurt_is_named_and_nothing_is_public_before_the_lead_decides(
    thread, site_client, about, topic
):
    response = show(thread, about=about)

    assert "Some of this could be used against you or your family:" in text_of(response)
    assert f"{topic}</q>" in response.content.decode()
    assert about.split()[0] in response.content.decode()
    assert Profile.objects.count() == 0
    assert show(thread, about=about, anyway="1").url == page_of(thread)
    assert about in text_of(site_client.get(page_of(thread)))


@pytest.mark.parametrize("sent", [{}, {"erase": "1"}])
def test_taking_it_down_works_everywhere_at_once_also_where_a_page_was_kept(thread, site_client, sent):
    show(thread)
    for _ in range(2):  # the second time from what was kept
        assert "Blue Heron" in text_of(site_client.get(COHORT))
        assert site_client.get(page_of(thread)).status_code == 200

    as_(thread.first_lead.person).post(f"{MINE}take-down/", sent)

    assert "Blue Heron" not in text_of(site_client.get(COHORT))
    assert site_client.get(page_of(thread)).status_code == 404
    assert Profile.objects.count() == (0 if sent else 1)


def test_no_browser_and_no_relay_keeps_a_page_with_a_profile(thread, site_client):
    show(thread)

    assert site_client.get(COHORT)["Cache-Control"] == "no-store"
    assert site_client.get(page_of(thread))["Cache-Control"] == "no-store"


def test_it_comes_down_in_every_program_where_the_person_sat(thread):
    other = cast.Thread(now=thread.now).open_program(slug="delta")
    person = thread.first_lead.person
    other.seat(person)
    show(thread)
    stranger = CheckingClient()
    assert "Blue Heron" in text_of(stranger.get("/delta/en/cohort/"))

    as_(person).post(f"{MINE}take-down/", {})

    assert "Blue Heron" not in text_of(stranger.get("/delta/en/cohort/"))


def test_a_seat_that_is_over_shows_no_profile(thread, site_client):
    show(thread)
    actions.leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)

    assert "Blue Heron" not in text_of(site_client.get(COHORT))
    assert site_client.get(page_of(thread)).status_code == 404


def test_a_lead_whose_seat_was_removed_can_still_erase_it(thread):
    show(thread)
    actions.remove_seat(
        seat=thread.first_lead,
        ground="absent",
        reasons="Away.",
        appeal_to=cast.OFFICE,
        by=thread.steward,
        now=thread.now,
    )

    as_(thread.first_lead.person).post(f"{MINE}take-down/", {"erase": "1"})

    assert Profile.objects.count() == 0


def test_a_link_that_is_none_is_told_with_its_cure(thread):
    response = show(thread, links="javascript:alert(1)")

    assert "javascript:alert(1) is not an address; write it with https:// at its start." in text_of(response)
    assert Profile.objects.count() == 0


def test_only_the_owner_writes_a_profile(thread):
    assert as_(thread.steward).get(MINE).status_code == 403
    assert as_(thread.boss).post(MINE, TYPED).status_code == 403


def removed(thread):
    """Remove the first lead's seat and sign the lead in."""
    actions.remove_seat(
        seat=thread.first_lead,
        ground="harm",
        reasons="So.",
        appeal_to=cast.OFFICE,
        by=thread.steward,
        now=thread.now,
    )
    return as_(thread.first_lead.person)


def test_a_removed_lead_without_a_profile_reads_nothing_of_one_beside_the_appeal(thread):
    lead = removed(thread)
    page = lead.get(APPEAL)
    assert "profile" not in text_of(page).lower()
    assert 'formaction="' not in page.content.decode() and "take-down" not in page.content.decode()
    assert lead.get(MINE).status_code == 403


def test_a_removed_lead_erases_a_profile_on_its_own_page_and_not_beside_the_appeal(thread):
    show(thread)
    lead = removed(thread)
    page = lead.get(APPEAL).content.decode()
    assert f'href="{MINE}"' in page
    assert "take-down" not in page
    mine = lead.get(MINE)
    assert mine.status_code == 200
    assert "Show it to everyone" not in text_of(mine)
    assert lead.post(MINE, TYPED).status_code == 403
    assert "Take it down and erase it" in text_of(mine)
    assert lead.post(f"{MINE}take-down/", {"erase": "1"}).status_code == 302
    assert Profile.objects.count() == 0
    assert MINE not in lead.get(APPEAL).content.decode()

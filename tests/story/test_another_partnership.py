"""Tenants and a housing authority, families and a school district: each goes from its pack to what came of what people said."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from alongside.cohort.training import actions as training
from alongside.ground.programs import pack_files
from alongside.ground.programs.queries import pack_of
from tests.support.partnerships import Partnership

pytestmark = [pytest.mark.django_db, pytest.mark.story]
PACKS = Path(pack_files.__file__).parent / "packs"


def words(client, address):
    """Give what stands on a page, in one line."""
    shown = client.get(address)
    assert shown.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.content.decode()))


@pytest.mark.parametrize(
    ("pack", "about", "looks_for"),
    [
        ("housing", "Leads look with you at homes", "Are homes with children, mold or no heat at the top?"),
        ("schools", "Families look with you at schools", "Which roads do they cross, and in the dark?"),
    ],
)
def test_another_partnership_goes_from_its_pack_to_what_came_of_it(client, pack, about, looks_for):
    # Given a program that adopted its pack
    made = Partnership().adopt(pack)
    said, home = made.said, f"/{made.said.slug}/en/"
    told = StringIO()
    call_command("program", "adopt", said.slug, str(PACKS / f"{pack}.toml"), stdout=told)
    assert "These rules hold already" in told.getvalue()
    top = words(client, home)
    assert about in top
    assert str(pack_of(made.program).masthead) in top
    assert f"Community leads are called “{pack_of(made.program).purpose.leads}” here" in top

    # When the coordinator opens a track, then they are offered the courses of this partnership, and no other
    track = training.begin_track(
        program=made.program, slug="first", audience="leads", titles={"en": "First steps"}, now=made.now
    )
    client.force_login(made.steward)
    offered = words(client, f"{home}steward/training/{track.slug}/new/")
    assert "Organizing a campaign" in offered
    assert "How data decisions are made" not in offered
    client.logout()

    # When leads are called for, then somebody applies, and three sit
    made.call_for_leads()
    assert "Become a community lead" in words(client, f"{home}calls/")
    assert made.application.events.exists()
    assert len(made.leads) == 3

    # When a bureau tells of its project and asks for advice, then its own words stand there
    made.describe()
    lang = pack_of(made.program).purpose
    project = words(client, f"{home}projects/{said.slug}-project/")
    assert lang.sorts_in("en")[said.sort] in project
    assert "Datasets" not in project
    assert looks_for in words(client, f"{home}consultations/draft/")

    # When people are asked, then the page says what is decided; what leads heard becomes an ask, an answer and a check
    made.engage()
    assert said.question in words(client, f"{home}engagements/{said.slug}-question/")
    made.ask_and_answer()
    came = words(client, f"{home}follow/{made.promise}/")
    for one in (said.heard, said.ask, said.answer):
        assert one in came
    assert "Kept" in came


@pytest.mark.parametrize(("pack", "has_help"), [("housing", False), ("schools", True)])
def test_what_a_pack_leaves_out_has_no_page_and_no_link_for_anybody(client, pack, has_help):
    made = Partnership().adopt(pack)
    home = f"/{made.said.slug}/en/"
    pages = {f"{home}help/": has_help, f"{home}papers/": False, f"{home}federal/": False}
    assert {page: client.get(page).status_code for page in pages} == {
        page: 200 if is_there else 404 for page, is_there in pages.items()
    }
    client.force_login(made.staff)
    assert client.get(f"{home}federal/requests/").status_code == 404
    assert client.get(f"{home}federal/requests/new/").status_code == 404
    linked = client.get(f"{home}unit/").content.decode()
    assert (f'href="{home}help/"' in linked, "Federal requests" in linked) == (has_help, False)

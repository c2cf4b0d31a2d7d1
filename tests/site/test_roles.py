"""One-click sign-in: demonstration data only, this machine only."""

import dataclasses
import re

import pytest
from django.test import Client

from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import make_steward
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from tests.site.conftest import opened

HERE = {"origin": "http://testserver"}


def choose(person, program: str = "delta", client: Client | None = None, **extra) -> tuple[int, bool]:
    """Click on a person; give the status and whether one is signed in after."""
    client = client or Client()
    said = client.post("/demonstration/sign-in", {"person": f"{program}/{person.pk}"}, headers=HERE, **extra)
    return said.status_code, "_auth_user_id" in client.session


def test_one_click_signs_in_as_a_person_of_the_demonstration(steward):
    assert choose(steward) == (302, True)


def test_a_click_leads_to_the_desk_of_the_person_in_the_language_of_their_browser(demonstration, client):
    page = client.get("/demo/").content.decode()
    headers = HERE | {"accept-language": "ar"}
    found = {
        client.post("/demonstration/sign-in", {"person": key}, headers=headers)["Location"]
        for key in re.findall(r'value="(riverbend/\d+)"', page)
    }
    assert found == {f"/riverbend/ar/{path}" for path in ("steward/", "week/", "unit/", "my-desk/")}


def test_an_office_is_offered_by_its_title_in_the_language_of_the_page(demonstration, client):
    pages = [client.get(f"/{lang}/demo/").content.decode() for lang in ("en", "es")]
    pack = pack_of(Program.objects.get(slug="riverbend"))

    titles = [pack.office_title("permits-desk/manager", lang) for lang in ("en", "es")]

    assert titles[0] != titles[1]
    assert [page.count(f">{title}</button>") for page, title in zip(pages, titles, strict=True)] == [1, 1]


def test_the_front_page_names_them_by_what_they_do(steward, client):
    page = client.get("/demo/").content.decode()
    assert f'name="person" value="delta/{steward.pk}">Start as the coordinator</button>' in page


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_nobody_signs_in_so_from_another_machine(steward, client, extra):
    assert choose(steward, **extra) == (404, False)
    assert 'name="person"' not in client.get("/demo/", **extra).content.decode()


def test_nobody_signs_in_so_where_the_data_is_real(delta, clock):
    program = opened("real", clock, is_demonstration=False)
    person = make_person(email="steward@example.org")
    make_steward(person=person, program=program, from_date=clock.date())
    assert choose(person, "real") == (404, False)


def test_a_steward_of_a_real_program_is_not_offered_in_a_demonstration(delta, clock):
    program = opened("real", clock, is_demonstration=False)
    person = make_person(email="real@example.org")
    make_steward(person=person, program=program, from_date=clock.date())
    assert choose(person) == (404, False)


@pytest.mark.parametrize("change", [{"mode": "production"}, {"demonstration_sign_in": False}])
def test_nobody_signs_in_so_where_the_configuration_forbids_it(steward, settings, change):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, **change)
    assert choose(steward) == (404, False)


def test_another_site_cannot_sign_one_in(steward, client):
    said = client.post(
        "/demonstration/sign-in",
        {"person": f"delta/{steward.pk}"},
        headers={"origin": "http://evil.example"},
    )
    assert (said.status_code, "_auth_user_id" in client.session) == (403, False)

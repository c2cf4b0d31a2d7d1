"""Every page of the demonstration that somebody can reach is a good page, in every language, for everyone it is open to."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page

from alongside.cohort.seats.queries.seats import viewer_for
from alongside.ground.gate.roles import Role
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from tests.support.browsers import AXE, axe
from tests.support.demonstration import Walk
from tests.support.pages import CheckingClient, left_to_scripts, without_scripts

pytestmark = pytest.mark.usefixtures("demonstration")
ROLES = [Role.LEAD, Role.STAFF, Role.MANAGER, Role.STEWARD]
EVERYBODY = (Role.EVERYONE, *ROLES)


def home(lang: str) -> list[str]:
    return [f"/{program.slug}/{lang}/" for program in Program.objects.order_by("slug")]


def somebody(role: Role) -> Person:
    """Give the first person of the demonstration that has a role in some program."""
    from datetime import UTC, datetime

    today = datetime.now(tz=UTC).date()
    for program in Program.objects.order_by("slug"):
        for person in Person.objects.order_by("pk"):
            if viewer_for(person, program, today).has(role):
                return person
    raise AssertionError(f"The demonstration has nobody who is {role}; give it one.")


#: The pages that need a script, with who sees them (docs/why/decisions/0067). All others do their work without.
NEED_SCRIPTS: dict[str, set[Role]] = {
    "engagements:engagement": {*EVERYBODY},
    "engagements:in_person": {Role.LEAD},
    "engagements:stubs": {Role.LEAD},
    "receipts:follow": {*EVERYBODY},
    "mfa_add_webauthn": {*ROLES},
    "keys:keyring": {Role.LEAD},
    "reader:reader": {Role.LEAD},
    "reader:read": {Role.LEAD},
    "desks:strategies": {Role.LEAD},
}
WALKS: dict[tuple[type[Client], Role, str], Walk] = {}


def walked(client: Client, role: Role, lang: str) -> Walk:
    """Walk as the first person of a role. It is done once a run: every test here begins with the same demonstration.

    What was walked with a client that checks each page serves for one that does not, and not the other way round.
    """
    for kind in (CheckingClient, type(client)):
        if (kind, role, lang) in WALKS:
            return WALKS[kind, role, lang]
    if role != Role.EVERYONE:
        client.force_login(somebody(role))
    walk = WALKS[type(client), role, lang] = Walk(client, role, lang).go(*home(lang))
    return walk


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_every_public_page_is_a_good_page(site_client, lang):
    walk = walked(site_client, Role.EVERYONE, lang)

    assert not walk.wrong, "\n" + "\n".join(walk.wrong)
    assert len(walk.pages) > 10


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_a_good_page(site_client, role):
    walk = walked(site_client, role, "en")

    assert not walk.wrong, "\n" + "\n".join(walk.wrong)


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_page_loses_its_use_without_scripts_but_those_of_the_list_and_they_say_so(site_client, role):
    walk = walked(site_client, role, "en")
    receipts = site_client.get("/r/en").content.decode()
    pages = [
        *((walk.pages[address], main) for address, main in walk.mains.items()),
        ("receipts:follow", receipts),
    ]
    found = {name: left for name, main in pages if (left := left_to_scripts(main))}
    silent = {name for name, main in pages if left_to_scripts(main) and not without_scripts(main)}

    lost = {name: left for name, left in found.items() if role not in NEED_SCRIPTS.get(name, set())}
    assert not lost
    assert {name for name, roles in NEED_SCRIPTS.items() if role in roles} == {*found}
    assert not silent


def one_page_of_each_kind(
    client, browsing, lang, *, again=True, **options
) -> Iterator[tuple[str, Role, Page]]:
    """Give each kind of page once, for the first to whom it is open, and `again` for each role that is shown something else.

    Each comes as its address, the role it is shown to, and a browser of that role in which to open it. A walk is long,
    and a page has its address in every language: where each is looked at once, the English walk finds them all.
    """
    kinds, mains = set(), set()
    for role in EVERYBODY:
        person = None if role == Role.EVERYONE else somebody(role)
        walk = walked(client, role, lang if again else "en")
        page = browsing.person(str(role), lang=lang, signed_in=person, **options)
        page.add_init_script(path=AXE)
        for name, address in {name: address for address, name in reversed(walk.pages.items())}.items():
            if walk.mains[address] not in mains and (again or name not in kinds):
                mains.add(walk.mains[address])
                kinds.add(name)
                yield address if again else address.replace("/en/", f"/{lang}/", 1), role, page


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_kind_of_page_passes_axe_on_a_phone(client, browsing, lang):
    """What else a role sees on the same page, and other languages, lights and sizes, are looked at by the soak.

    One stylesheet colors all languages, so contrast is looked at in English here, and in each language there.
    """
    found = [
        f"{address} ({role}): {violation}"
        for address, role, page in one_page_of_each_kind(client, browsing, lang, again=False, phone=True)
        for violation in violations_at(page, address, colors=lang == "en")
    ]

    assert not found, "\n" + "\n".join(found)


def violations_at(page: Page, address: str, *, colors: bool) -> list[str]:
    """Open a page and say what axe finds, and whether it is wider than the phone."""
    if page.goto(address).status != 200:
        return ["It is a page in English, and none here."]
    found = axe(page, colors=colors)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return (
        [*found, f"It is {wide} px wider than a phone; let it wrap or scroll inside."] if wide > 0 else found
    )

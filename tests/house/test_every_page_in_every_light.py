"""Every page, in every language, on a phone and a desk, by day and by night, passes axe and fits; a soak run."""

import pytest

from alongside.ground.gate import Role
from tests.house.test_every_page import ROLES, home, somebody
from tests.support.browsers import DESK, PHONE, axe
from tests.support.demonstration import Walk

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("demonstration")]
LIGHTS = ("light", "dark")
SIZES = (PHONE, DESK)


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
@pytest.mark.parametrize("role", [Role.EVERYONE, *ROLES])
def test_every_page_passes_axe_in_every_light(client, browsing, role, lang):
    person = None if role == Role.EVERYONE else somebody(role)
    if person:
        client.force_login(person)
    walk = Walk(client, role, lang).go(*home(lang))
    page = browsing.person(str(role), lang=lang, signed_in=person)

    found, seen = [], 0
    for address in walk.pages:
        if not page.goto(address).headers.get("content-type", "").startswith("text/html"):
            continue
        for size in SIZES:
            page.set_viewport_size(size)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                found.append(f"{address} is {wide} px wider than {size['width']} px; let it wrap.")
            for light in LIGHTS:
                page.emulate_media(color_scheme=light)
                found += [f"{address} ({size['width']} px, {light}): {one}" for one in axe(page)]
                seen += 1
    assert not found, "\n" + "\n".join(found)
    assert seen > 8

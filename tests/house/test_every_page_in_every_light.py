"""Every page, in every language, on a phone and a desk, by day and by night, passes axe and fits; a soak run."""

import pytest

from tests.house.test_every_page import one_page_of_each_kind
from tests.support.browsers import DESK, PHONE, axe

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("demonstration")]
LIGHTS = ("light", "dark")
SIZES = (PHONE, DESK)


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_every_kind_of_page_passes_axe_in_every_light(client, browsing, lang):
    found, seen = [], 0
    for address, role, page in one_page_of_each_kind(client, browsing, lang):
        if not page.goto(address).headers.get("content-type", "").startswith("text/html"):
            continue
        for size in SIZES:
            page.set_viewport_size(size)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                found.append(f"{address} ({role}) is {wide} px wider than {size['width']} px; let it wrap.")
            for light in LIGHTS:
                page.emulate_media(color_scheme=light)
                found += [f"{address} ({role}, {size['width']} px, {light}): {one}" for one in axe(page)]
                seen += 1
    assert not found, "\n" + "\n".join(found)
    assert seen > 200

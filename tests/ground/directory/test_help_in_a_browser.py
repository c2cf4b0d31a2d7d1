import pytest

from alongside.site.demo.acts import open_with_record
from tests.support.browsers import axe


@pytest.fixture
def portland(transactional_db, clock):
    """Open the program on Portland's pack."""
    open_with_record(slug="portland", pack="portland", is_demonstration=False, now=clock)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_help_page_fits_a_phone_and_passes_axe(portland, browsing, lang, scheme):
    page = browsing.person("Ana", phone=True, lang=lang, color_scheme=scheme)
    page.goto(f"/portland/{lang}/help/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    heights = page.eval_on_selector_all("a.tel", "all => all.map(a => a.getBoundingClientRect().height)")
    assert [height >= 44 for height in heights] == [True] * 8


def test_the_printed_page_shows_every_number(portland, browsing):
    page = browsing.person("Ana")
    page.goto("/portland/en/help/")
    page.emulate_media(media="print")
    shown = page.eval_on_selector_all("a.tel", "all => all.map(a => a.checkVisibility())")
    assert shown == [True] * 8


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_a_phone_shows_a_number_to_call_in_the_first_700_pixels(portland, browsing, lang):
    page = browsing.person("Ana", phone=True, lang=lang)
    page.goto(f"/portland/{lang}/help/")
    first = page.locator("main a[href^='tel:']").first.bounding_box()
    assert first["y"] + first["height"] <= 700, first


def test_what_to_do_when_agents_are_at_the_door_is_one_tap_from_the_first_page_and_from_help(
    portland, browsing
):
    page = browsing.person("Ana", phone=True)
    page.goto("/portland/en/")
    page.get_by_role("link", name="If agents are at my door").click()
    page.wait_for_url("**/portland/en/help/#door")
    steps = page.get_by_role("region", name="If agents are at my door").get_by_role("listitem")
    assert steps.count() == 6
    assert steps.first.inner_text().startswith("Keep the door closed.")
    assert page.locator("main").get_by_role("link", name="If agents are at my door").count() == 1

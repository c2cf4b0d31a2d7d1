from datetime import date

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
    assert [height >= 44 for height in heights] == [True] * 6


def test_the_printed_page_shows_every_number(portland, browsing):
    page = browsing.person("Ana")
    page.goto("/portland/en/help/")
    page.emulate_media(media="print")
    shown = page.eval_on_selector_all("a.tel", "all => all.map(a => a.checkVisibility())")
    assert shown == [True] * 6

from datetime import date

import pytest

from alongside.ground.programs import actions as programs
from alongside.ground.programs.pack_files import shipped_pack
from tests.support.browsers import axe


@pytest.fixture
def portland(transactional_db):
    """Open the program on Portland's pack."""
    programs.open_program(
        slug="portland",
        origin="portland.example/record",
        pack=shipped_pack("portland"),
        is_demonstration=False,
        on=date(2026, 11, 24),
    )


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

"""In a real browser: the page can be left at once, problems have the focus, and nothing breaks a rule of access."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import alongside
from alongside.ground.programs.queries import pack_of
from tests.support.browsers import axe

PACKS = Path(alongside.__file__).parent / "ground/programs/packs"
SIGN_IN = "/en/accounts/sign-in/"
LONG_WORDS = """() => {
    const within = "script, style, option, select, textarea, button, nav, time, label, legend, summary, .button";
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    let count = 0;
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (text.parentElement.closest(within) || text.data.trim().length < 15) continue;
        text.data = "https://example.org/" + "x".repeat(90);
        count += 1;
    }
    return count;
}"""


@pytest.mark.parametrize("way", ["click", "space", "shift three times"])
def test_a_person_can_leave_at_once_and_the_back_button_does_not_return(delta, browsing, way):
    browsing.forgive("asked https://")  # leaving is the one way to another site
    page = browsing.person("Ana", phone=True)
    page.route("https://**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    page.goto(SIGN_IN)
    page.goto("/delta/en/specimen/")
    ways = {
        "click": lambda: page.click(".leave"),
        "space": lambda: page.press(".leave", "Space"),
        "shift three times": lambda: [page.keyboard.press("Shift") for _ in range(3)],
    }
    ways[way]()
    page.wait_for_url(pack_of(delta).leave_page)
    page.go_back()

    assert page.url.endswith(SIGN_IN)


@pytest.mark.parametrize("pack", sorted(PACKS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_way_out_leads_to_no_site_of_a_government(pack):
    host = urlsplit(tomllib.loads(pack.read_text())["leave_page"]).hostname
    assert host is not None
    assert not host.endswith((".gov", ".mil", ".us"))


def test_a_problem_moves_the_focus_to_its_field_also_where_that_is_a_group_of_choices(delta, browsing):
    page = browsing.person("Ana", phone=True, bypass_csp=True)
    page.goto("/delta/en/specimen/")
    page.evaluate("""() => {
        const main = document.querySelector("main");
        main.insertAdjacentHTML("afterbegin", `<div class="problems" tabindex="-1"><a href="#group-x">Choose one</a></div>
            <fieldset id="group-x"><legend>One</legend><input type="radio" name="x" value="a" id="x-a"></fieldset>`);
    }""")

    page.click(".problems a[href='#group-x']")

    assert page.evaluate("document.activeElement.id") == "x-a"


def test_three_shifts_with_another_key_between_are_only_typing(delta, browsing):
    page = browsing.person("Ana")
    page.goto(SIGN_IN)

    for key in ("Shift", "Shift", "A", "Shift"):
        page.keyboard.press(key)

    assert page.url.endswith(SIGN_IN)


@pytest.mark.parametrize(
    "field", ["<textarea>words</textarea>", "<input>", "<select></select>", "<p contenteditable>words</p>"]
)
def test_three_shifts_in_a_field_stay_for_who_turns_sticky_keys_on(delta, browsing, field):
    browsing.forgive("asked https://")
    page = browsing.person("Ana", bypass_csp=True)
    page.route("https://**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    page.goto(SIGN_IN)
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('afterbegin', html)", field)
    page.locator("main > :first-child").focus()

    for _ in range(5):
        page.keyboard.press("Shift")
    assert page.url.endswith(SIGN_IN)

    page.evaluate("document.activeElement.blur()")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(pack_of(delta).leave_page)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_signing_in_breaks_no_rule_of_access_and_a_problem_has_the_focus(delta, browsing, lang):
    page = browsing.person("Lea", phone=True)
    page.goto(f"/{lang}/accounts/sign-in/")
    before = axe(page)
    page.click("form.form button")
    page.wait_for_selector(".problems")

    assert (before, axe(page)) == ([], [])
    assert page.evaluate("document.activeElement.className") == "problems"
    page.click(".problems a")
    assert page.evaluate("document.activeElement.name") == "email"


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False])
def test_every_part_breaks_no_rule_of_access(delta, browsing, lang, scheme, phone):
    page = browsing.person("Ana", phone=phone, color_scheme=scheme)
    page.goto(f"/delta/{lang}/specimen/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_one_long_word_that_somebody_typed_widens_no_part_of_a_page(delta, browsing):
    page = browsing.person("Ana", phone=True)
    page.goto("/delta/en/specimen/")

    assert page.evaluate(LONG_WORDS) > 20
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize(
    ("lang", "longest"), [("es", "30 de septiembre de 2026"), ("vi", "ngày 30 tháng 12, 2026")]
)
def test_the_longest_day_fits_on_the_narrowest_phone(delta, browsing, lang, longest):
    """So narrow is also a desk whose reader enlarges it four times."""
    page = browsing.person("Ana", viewport={"width": 320, "height": 640})
    page.goto(f"/delta/{lang}/specimen/")
    page.locator("main time").evaluate_all(
        "(all, day) => all.forEach((one) => one.textContent = day)", longest
    )

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_a_button_that_needs_a_script_stays_away_until_the_script_is_there(delta, browsing):
    page = browsing.person("Ana", java_script_enabled=False)
    page.goto("/delta/en/specimen/")

    assert page.locator("[data-does=print]").is_visible() is False

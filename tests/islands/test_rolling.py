"""A list of ten thousand lines in a real browser: only what is near the screen is drawn, and every line can be come to."""

import pytest

from tests.islands.conftest import UI
from tests.islands.test_islands import bundle

COUNT = 10_000
LIST = """(count) => {
  document.body.innerHTML = '<main class="wrap"><div class="voice-lines" role="list"></div></main>';
  const rolling = new x.Rolling(document.querySelector('.voice-lines'), (at) => {
    const line = document.createElement('div');
    line.setAttribute('role', 'listitem');
    line.textContent = `Line ${at} ` + 'says more. '.repeat(at % 30);
    return line;
  });
  rolling.show(Array.from({ length: count }, (_, at) => at));
  window.rolling = rolling;
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_content("<!doctype html><title>Lines</title>")
    page.add_style_tag(path=UI / "ui/alongside.css")
    page.add_script_tag(content=bundle("reader/rolling.ts"))
    yield page
    context.close()


def drawn(page):
    return page.get_by_role("listitem").count()


def test_of_ten_thousand_lines_only_those_near_the_screen_are_drawn(page):
    page.evaluate(LIST, COUNT)

    assert drawn(page) < 150
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.get_by_text("Line 9999 ", exact=False).wait_for()
    assert drawn(page) < 150
    last = page.get_by_role("listitem").last
    assert (last.get_attribute("aria-posinset"), last.get_attribute("aria-setsize")) == ("10000", "10000")
    page.evaluate("scrollTo(0, 0)")
    page.get_by_text("Line 0 ", exact=False).wait_for()
    assert drawn(page) < 150


def test_no_line_is_left_out_or_drawn_twice_on_the_way_down(page):
    page.evaluate(LIST, 1000)
    seen = page.evaluate("""async () => {
      const seen = new Set();
      for (let last = -1; last !== scrollY; ) {
        last = scrollY;
        const lines = [...document.querySelectorAll('[role=listitem]')].map((one) => Number(one.getAttribute('aria-posinset')));
        if (lines.some((one, at) => at && one !== lines[at - 1] + 1)) throw new Error(`not in order: ${lines}`);
        for (const one of lines) seen.add(one);
        scrollBy(0, 700);
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      }
      return seen.size;
    }""")

    assert seen == 1000


def test_a_list_of_two_hundred_is_all_there_for_the_browsers_own_search(page):
    page.evaluate(LIST, 200)

    assert drawn(page) == 200


def test_what_is_drawn_is_drawn_again_where_it_stands(page):
    page.evaluate(LIST, COUNT)
    page.evaluate("scrollTo(0, 100000)")
    page.wait_for_function("!document.querySelector('[aria-posinset=\"1\"]')")
    before = page.get_by_role("listitem").all_text_contents()

    page.evaluate("rolling.redraw()")

    assert page.get_by_role("listitem").all_text_contents() == before

"""Leads hand on what is asked and what came of it: a page, a sheet of paper, and words for a message, each in the language of its readers."""

import html
import io
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from alongside.desks.leaflets import CUTS, message, text_messages
from tests.chain.pages.test_what_came_of_it import kept, opened_ago
from tests.support.browsers import axe
from tests.support.thread import Thread

ASKED = "/riverbend/{lang}/poster/library-computers/"
CAME = "/riverbend/{lang}/follow/{promise}/"
#: The same sentences that the page shows, in each language of the engagement.
HEADINGS = {
    "es": ["Lo que escucharon los líderes", "Lo que respondió la Ciudad", "Lo que se hizo"],
    "ar": ["ما سمعه شركاء المجتمع", "ما أجابت به المدينة", "ما عُمل بشأنه"],
}


@pytest.fixture
def open_one(db) -> Thread:
    """Give a thread where people can speak."""
    return opened_ago(3)


@pytest.fixture
def heard(db) -> Thread:
    """Give a thread whose people have spoken."""
    return opened_ago(40)


def said(content: bytes) -> str:
    """Give what a PDF says, every page of it, without what breaks its lines."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def came(client, thread: Thread, lang: str, at: str):
    """Give a page or a file below what came of a thread."""
    return client.get(CAME.format(lang=lang, promise=thread.promise) + at)


def words_of(page: bytes) -> str:
    """Give the words for a message that stand on a page."""
    return re.search(r"data-words>(.*?)</p>", page.decode(), re.DOTALL)[1]


@pytest.mark.parametrize("lang", ["es", "ar"])
def test_what_came_of_it_stands_on_one_page_with_the_words_of_its_own_page(client, heard, lang):
    kept(heard)
    sent = came(client, heard, lang, "report.pdf")
    pdf = PdfReader(io.BytesIO(sent.content))
    shown = re.findall(r"<dt>.*?</dt>", came(client, heard, lang, "").content.decode())
    headings = [re.sub(r"<[^>]+>", "", one).strip() for one in shown][:3]

    assert (sent.status_code, sent["Content-Type"], len(pdf.pages)) == (200, "application/pdf", 1)
    assert headings == HEADINGS[lang]
    text = said(sent.content)
    for part in (
        "People want short keeping.",
        "Set it everywhere.",
        f"/riverbend/{lang}/follow/{heard.promise}/",
    ):
        assert part in text
    assert (pdf.trailer["/Root"]["/Lang"], "/StructTreeRoot" in pdf.trailer["/Root"]) == (lang, True)
    if lang == "es":  # what a reader of PDF takes out of joined Arabic letters depends on the reader
        assert [one in text for one in headings] == [True, True, True]


def test_a_long_story_still_stands_on_one_page(client, heard):
    for place in range(7):
        heard.answer(heard.recommend(heard.find(), title=f"{place} " + "Keep it short. " * 8), "declined")
    sent = came(client, heard, "en", "report.pdf")
    assert len(PdfReader(io.BytesIO(sent.content)).pages) == 1


def test_the_message_says_in_each_language_what_the_page_says_in_so_many_letters(client, heard):
    kept(heard)
    for lang in ("en", "es", "ar"):
        words = words_of(came(client, heard, lang, "tell/").content)
        assert len(words) <= 459
        assert "People want short keeping." in words
        assert words.endswith(f"/riverbend/{lang}/follow/{heard.promise}/")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("People want counting. They want no watching.", "People want counting. They want no watching."),
        ("People want counting. " * 6 + "They want no watching. " * 12, "read it on the page."),
    ],
)
def test_what_leads_heard_is_told_whole_in_a_message_or_not_at_all(client, heard, statement, told):
    heard.find(statement=statement.strip())
    words = words_of(came(client, heard, "en", "tell/").content)
    (line,) = [one for one in words.split("\n") if one.startswith("What the leads heard: ")]
    assert line.startswith(f"What the leads heard: {told}")


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (40, r"The leads report back by [A-Z]"),
        (200, r"promised to report back by [^.]+\. This is late by \d+ days"),
    ],
)
def test_whoever_tells_people_sees_that_the_leads_are_to_report_back_or_are_late(client, db, ago, told):
    thread = opened_ago(ago)
    assert re.search(told, came(client, thread, "en", "tell/").content.decode())
    thread.find()
    thread.report()
    page = came(client, thread, "en", "tell/").content.decode()
    assert (re.search(told, page), "The leads reported back on" in page) == (None, True)


@pytest.mark.parametrize("lang", ["es", "ar"])
@pytest.mark.parametrize("cut", CUTS)
def test_posters_and_flyers_say_what_is_asked_and_every_way_to_take_part(client, open_one, lang, cut):
    sent = client.get(f"{ASKED.format(lang=lang)}{cut}.pdf")
    pdf = PdfReader(io.BytesIO(sent.content))
    text = said(sent.content)

    assert (sent.status_code, len(pdf.pages)) == (200, 1)
    assert pdf.trailer["/Root"]["/Lang"] == lang
    up = CUTS[cut][1]
    for part in ("503-555-0142", "503-555-0101", "/engagements/library-computers/"):
        assert text.replace("- ", "-").count(part) == up
    if lang == "es":
        for part in ("Quién decide", "Lo que puede cambiar", "Llame y diga su idioma", "formulario de papel"):
            assert text.count(part) == up


def test_a_sheet_of_flyers_is_read_aloud_once(client, open_one):
    pdf = PdfReader(io.BytesIO(client.get(f"{ASKED.format(lang='en')}flyers-4-a4.pdf").content))
    kinds: list[str] = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            kinds.append(str(node.get("/S", "")))
            walk(node.get("/K", []))

    walk(pdf.trailer["/Root"]["/StructTreeRoot"])
    assert kinds.count("/H1") == 1


def test_nothing_invites_people_to_what_is_not_open(client, heard):
    for at in ("", "poster-a4.pdf"):
        assert client.get(ASKED.format(lang="en") + at).status_code == 404


def test_words_are_cut_after_a_whole_word_and_the_address_is_left_whole():
    parts = ["Short.", "word " * 200, "other " * 200]
    words = message(parts, "https://example.org/x", 120)
    first, second, third, address = words.split("\n")
    assert (first, address) == ("Short.", "https://example.org/x")
    assert second == "word " * 7 + "word..."
    assert third.endswith("other...")
    assert len(words) <= 120


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("The counters keep less. The halls keep as much as before.", "The counters keep less. ..."),
        ("هل تغيّر شيء؟ نعم، صار الانتظار أقصر مما كان.", "هل تغيّر شيء؟ ..."),
        ("No. The counters keep less, and the halls as well.", "No. The counters keep less..."),
    ],
)
def test_a_sentence_is_left_whole_where_it_fills_half_of_the_place(words, cut):
    assert message([words], "x", len(cut) + 4) == f"{cut}\nx"


def test_what_a_line_leaves_that_ends_with_its_sentence_goes_to_another_that_is_cut():
    counts, heard = "word " * 10 + "word.", "They heard this and more. " + "other " * 20
    assert message([counts, heard], "x", 90) == f"{counts}\nThey heard this and more. ...\nx"


def test_the_message_names_what_was_kept_first_then_what_is_disputed_and_counts_the_rest(client, heard):
    finding = heard.find()
    heard.answer(heard.recommend(finding, "Rest", "Rest."))
    for title, completion in (("Bad", "disputed"), ("Good", "verified")):
        _given, commitment = heard.answer(
            heard.recommend(finding, title, "Do."), milestones=step(heard, title)
        )
        claim = heard.claim(commitment)
        for seat in (heard.first_lead, heard.second_lead):
            heard.check(claim, seat, completion)
    lines = html.unescape(words_of(came(client, heard, "en", "tell/").content)).split("\n")
    assert lines[2:] == [
        "3 things were asked of the City: Accepted: 3.",
        "What was done: Kept: Good.",
        "Disputed: Bad.",
        "The rest: Not due yet: 1.",
        f"http://localhost:8000/riverbend/en/follow/{heard.promise}/",
    ]


def step(thread: Thread, title: str) -> list[tuple[str, date]]:
    """Give one thing that is promised, by its name."""
    return [(f"{title}.", thread.now.date() + timedelta(days=60))]


def test_parts_are_counted_as_phones_count_them():
    assert [text_messages(one) for one in ("a" * 160, "a" * 161, "a" * 459, "ñ" * 160, "é€" * 80)] == [
        1,
        2,
        3,
        1,
        2,
    ]
    assert [text_messages(one) for one in ("ó" * 70, "ó" * 71, "م" * 134, "م" * 135)] == [1, 2, 2, 3]


#: What a phone shares with, as a page meets it: it keeps what it was handed.
SHARES = "navigator.share = (what) => { window.shared = what.text; return Promise.resolve(); };"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_lead_copies_the_words_or_the_address_alone_or_shares_them_by_one_press_on_a_phone(
    browsing, live_site, heard, lang
):
    kept(heard)
    ana = browsing.person("Ana", phone=True, lang=lang, permissions=["clipboard-read", "clipboard-write"])
    ana.add_init_script(SHARES)
    ana.goto(CAME.format(lang=lang, promise=heard.promise) + "tell/")
    message, page = ana.locator("send-words").all()
    words, address = (one.locator("[data-words]").inner_text() for one in (message, page))

    message.locator("[data-copy]").click()
    expect(message.locator("[data-copied]")).to_be_visible()
    assert ana.evaluate("navigator.clipboard.readText()") == words
    expect(page.locator("[data-copied]")).to_be_hidden()
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copied]")).to_be_visible()
    assert ana.evaluate("navigator.clipboard.readText()") == address
    assert page.locator("a[data-words]").get_attribute("href") == address
    ana.locator("[data-share]").click()
    ana.wait_for_function("window.shared")
    assert ana.evaluate("window.shared") == words
    assert (axe(ana), ana.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)


def test_the_page_of_a_poster_passes_axe_on_a_phone_and_leads_to_each_language(browsing, live_site, open_one):
    ana = browsing.person("Ana", phone=True)
    ana.goto(ASKED.format(lang="en"))
    assert axe(ana) == []
    ana.get_by_role("link", name="Español").click()
    ana.wait_for_url(f"**{ASKED.format(lang='es')}")


def test_a_browser_that_cannot_share_shows_no_button_for_it(browsing, live_site, open_one):
    ana = browsing.person("Ana", phone=True)
    ana.goto(ASKED.format(lang="en"))
    expect(ana.locator("[data-copy]")).to_be_visible()
    expect(ana.locator("[data-share]")).to_be_hidden()

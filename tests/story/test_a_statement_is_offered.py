"""A resident judges in Arabic on a phone, stops, comes back by her number, offers two statements, and reads by receipt what became of each; the map is read without a script."""

import re
from datetime import timedelta

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.opinions.models import Map, Vote
from alongside.chain.proposals.models import Proposal
from alongside.chain.voices.models import Voice
from alongside.core.kinds import EntryKind
from alongside.core.questions import OFFER
from alongside.work.engagements import actions as engagements
from alongside.work.engagements import asking
from tests.chain.opinions.cast import STATEMENTS, crowd, judge
from tests.story.steps import digits
from tests.story.test_people_judge_statements import ARABIC
from tests.story.test_the_resident_in_arabic_on_a_phone import QUESTIONS, TITLE, in_arabic
from tests.support import thread as threads
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
PAGE = "/riverbend/ar/engagements/library-computers/"
OFFERED = "ينبغي ألا ينتظر أحد تحت المطر"
IN_ENGLISH = "Nobody should wait in the rain."
ABOUT_SOMEBODY = "جارتي ليلى تشغل الحاسوب طوال اليوم"
WHY = "تذكر جارتك باسمها."


def takes_offers_in_arabic(thread: Thread) -> Thread:
    """Open an engagement in English and Arabic, with eight statements, to which people can offer more."""
    thread.open_program().draft_engagement()
    names = ("title", "decision", "can_change", "cannot_change", "reading", "consent")
    arabic = {name: f"كلمات الوعد {place}" for place, name in enumerate(names)}
    words = {"en": threads.WORDS["en"], "ar": arabic | {"title": TITLE}}
    engagements.save_draft(engagement=thread.engagement, changes={"languages": ["en", "ar"], "words": words})
    questions = asking.with_ours(QUESTIONS, "offer", ["en", "ar"])
    engagements.save_questions(engagement=thread.engagement, questions=questions)
    told = [
        {"id": one["id"], "words": {"en": one["words"]["en"], "ar": said}}
        for one, said in zip(STATEMENTS, ARABIC, strict=True)
    ]
    engagements.save_statements(engagement=thread.engagement, statements=told)
    thread.found_keys(3, opens=True)
    return thread.make_keys().open()


def offer(person, words: str) -> str:
    """Offer a statement on the page, and give the digits of the receipt."""
    person.goto(f"{PAGE}#question-{OFFER}")
    field = person.locator(f"#answer-{OFFER}")
    assert field.get_attribute("maxlength") == "200"
    field.fill(words)
    person.get_by_role("button", name=in_arabic("Send so only leads can read it")).click()
    found = digits(person)
    person.on("dialog", lambda dialog: dialog.accept())
    person.locator("details:has([data-does=kept]) summary").click()
    person.locator("[data-does=kept]").click()
    person.get_by_label(in_arabic("The digits of your receipt")).wait_for()
    return found


def look_up(person, receipt: str):
    """Look a receipt up; give where the answer stands."""
    person.goto("/r/ar")
    person.get_by_label(in_arabic("The digits of your receipt")).fill(receipt)
    person.get_by_role("button", name=in_arabic("Look")).click()
    person.locator("[data-answer] h2").wait_for()
    return person.locator("[data-answer]")


def unlock(browsing, name, seat):
    page = browsing.person(name, signed_in=seat.person)
    page.goto("/riverbend/en/reader/library-computers/")
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text("Voices opened: 2").wait_for()
    return page, page.locator("[data-offering]")


def test_what_she_offers_is_judged_by_others_or_stays_out_with_a_reason_that_her_receipt_finds(
    browsing, live_site, calendar
):
    # Given statements in English and Arabic, to which people can offer more
    calendar.ago = timedelta(days=34)
    thread = takes_offers_in_arabic(Thread(now=calendar.now()))
    nadia = browsing.person("the resident", phone=True, lang="ar", color_scheme="light")

    # When she judges two, and stops
    nadia.goto(f"{PAGE}statements/")
    nadia.locator("button[value=start]").click()
    number = nadia.locator("p.data").inner_text()
    for answer in ("agree", "disagree"):
        nadia.locator(f"button[value={answer}]").click()

    # And comes back by her number
    nadia.goto(f"{PAGE}statements/")
    nadia.locator("input[name=code]").fill(number)
    nadia.locator("button[value=back]").click()
    assert re.search(r"2.*8", nadia.locator("p.hint").first.inner_text())
    nadia.locator("button[value=agree]").click()
    nadia.locator("p.hint").filter(has_text=re.compile("3.*8")).wait_for()
    assert Vote.objects.count() == 3

    # And offers a statement, and another one about somebody
    good, named = offer(nadia, OFFERED), offer(nadia, ABOUT_SOMEBODY)
    assert Voice.objects.count() == 2
    assert not [one for one in Voice.objects.all() if OFFERED.encode() in bytes(one.sealed)]
    answer = look_up(nadia, good)
    assert answer.locator("[data-offered]").count() == 0
    waits = "Did you offer a statement? Then nothing is decided on it yet. Two leads decide, and you read it here: come back with these digits."
    answer.get_by_text(in_arabic(waits)).wait_for()

    # Then one lead would release the first, in both languages, and keep the other out
    ana, part = unlock(browsing, "Ana", thread.first_lead)
    undecided = ana.get_by_role("link", name="Statements that people offered, to decide: 2")
    undecided.click()  # at the top; what it leads to is open
    row = part.locator("[data-offers] > li").filter(has_text=OFFERED)
    row.locator("summary").click()
    row.get_by_label("What becomes of it").select_option("released")
    row.get_by_text("Write it in every language below.").wait_for()
    row.get_by_role("button", name="Ask a second lead to confirm it").click()
    refused = ana.locator("[data-problem]").filter(has_text="Still empty: English").first
    refused.wait_for()
    assert row.locator("textarea[data-lang=en]").evaluate("box => box === document.activeElement")
    assert row.locator("textarea[data-lang=ar]").input_value() == OFFERED
    row.locator("textarea[data-lang=en]").fill(IN_ENGLISH)
    row.get_by_role("button", name="Ask a second lead to confirm it").click()
    part.locator("[data-waiting-offers] > li").wait_for()
    row = part.locator("[data-offers] > li").filter(has_text=ABOUT_SOMEBODY)
    row.locator("summary").click()
    row.get_by_label("What becomes of it").select_option("declined")
    row.get_by_label("Why it stays out").select_option("points-at-a-person")
    row.get_by_label("A sentence to its author").fill(WHY)
    row.get_by_role("button", name="Ask a second lead to confirm it").click()
    part.locator("[data-waiting-offers] > li").nth(1).wait_for()
    part.get_by_text("You would let others judge it, in these words:").locator("visible=true").wait_for()
    assert undecided.count() == 0
    assert part.locator("[data-decide]:visible").count() == 0
    assert axe(ana) == []
    assert [IN_ENGLISH.encode() in bytes(one.sealed) for one in Proposal.objects.all()] == [False, False]
    assert not thread.log.every(EntryKind.OFFER_DECIDED)

    # And a second lead reads each beside what she wrote, and decides it with them
    ben, part = unlock(browsing, "Ben", thread.second_lead)
    part.locator("[data-fill=offers]").get_by_text("2", exact=True).wait_for()  # and not 4
    assert part.locator("[data-waits-above]:not([hidden])").count() == 2
    ben.get_by_role("link", name="Another lead decided on a statement").wait_for()
    assert ben.locator("[data-waits=given]").is_hidden()
    for words, told in ((IN_ENGLISH, OFFERED), (WHY, ABOUT_SOMEBODY)):
        waits = part.locator("[data-waiting-offers] > li").filter(has_text=words)
        assert waits.locator("[data-original]").inner_text() == told
        waits.locator("[data-decide]").click()
        waits.wait_for(state="detached")
    assert [one.data["decision"] for one in thread.log.every(EntryKind.OFFER_DECIDED)] == [
        "released",
        "declined",
    ]

    # Then her receipts find what became of each, without an account and with the reason
    answer = look_up(nadia, good)
    answer.get_by_role(
        "heading", name=in_arabic("Others can judge the statement that you offered")
    ).wait_for()
    order = answer.locator("h3, [data-thread]").evaluate_all("found => found.map(one => one.tagName)")
    assert order[0] == "H3", "what is new stands before what stood there from the beginning"
    assert answer.locator("[data-offered=words]").inner_text() == OFFERED
    assert [one.get_attribute("href") for one in answer.locator("a[data-goes]").all()] == [
        f"{PAGE}statements/",
        f"{PAGE}map/",
    ]
    answer = look_up(nadia, named)
    answer.get_by_role("heading", name=in_arabic("The statement that you offered stays out")).wait_for()
    assert answer.locator("[data-offered]").all_inner_texts() == [
        in_arabic("It could point at a person."),
        WHY,
    ]
    assert answer.locator("a[data-goes]").get_attribute("href") == f"{PAGE}#question-{OFFER}"
    assert nadia.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert (nadia.url, axe(nadia), nadia.context.cookies()) == (nadia.url, [], [])

    # When she comes back by her number, hers is among those to judge, and she judges all
    nadia.goto(f"{PAGE}statements/")
    assert nadia.locator("li[data-statement=s9]").text_content() == OFFERED
    nadia.locator("input[name=code]").fill(number)
    nadia.locator("button[value=back]").click()
    assert re.search(r"3.*9", nadia.locator("p.hint").first.inner_text())
    while nadia.locator("button[value=agree]").count():
        nadia.locator("button[value=agree]").click()
    assert set(Vote.objects.values_list("statement", flat=True)) == set(range(1, 10))

    # And others judge, too, and the last day is over
    for code in crowd(thread, 59):
        judge(thread, code, {9: 1})
    calendar.turn_to(thread, ago=2)
    assert [one.entry is not None for one in Map.objects.all()] == [True]

    # Then the page says it all in words, with no script, and no word of what stayed out
    plain = browsing.person("without a script", phone=True, lang="ar", java_script_enabled=False)
    plain.goto(f"{PAGE}map/")
    section = plain.locator("section[aria-labelledby=offers-h]")
    section.locator("summary").click()
    assert section.locator(".said").inner_text() == OFFERED
    assert in_arabic("It could point at a person.") in section.inner_text()
    assert plain.locator("section[aria-labelledby=every-h] tbody tr").count() == 9
    assert ABOUT_SOMEBODY not in plain.content()
    checks = browsing.person("who checks", phone=True, lang="ar", color_scheme="light")
    checks.goto(f"{PAGE}map/")
    assert checks.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(checks) == []

"""Statements are judged in Arabic on an old phone without a script: begin, stop, come back by the number, withdraw, read where people lean."""

import re
from datetime import timedelta

import pytest

from alongside.chain.opinions.models import Map, Vote
from alongside.core.opinions.answers import code_hash
from alongside.core.sealing import receipt
from alongside.work.engagements import actions as engagements
from tests.chain.opinions.cast import STATEMENTS, crowd
from tests.story.test_the_resident_in_arabic_on_a_phone import QUESTIONS, TITLE
from tests.support import thread as threads
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
ARABIC = [
    "ينبغي أن تقول لافتة ما يُحفظ",
    "ينبغي حذف السجلات بعد أسبوع",
    "يجوز للموظفين النظر عندما يتعطل شيء",
    "تحتاج الشرطة إلى أمر قضائي",
    "يجوز حفظ الأعداد سنة",
    "لا يحتاج أحد إلى بطاقة ليجلس",
    "ينبغي أن تفتح القاعة أيام الأحد",
    "يحتاج الأطفال إلى حواسيب خاصة بهم",
]


def to_judge_in_arabic(thread: Thread) -> Thread:
    """Open an engagement in English and Arabic, with eight statements."""
    thread.open_program().draft_engagement()
    names = ("title", "decision", "can_change", "cannot_change", "reading", "consent")
    words = {
        "en": threads.WORDS["en"],
        "ar": {name: f"كلمات الوعد {place}" for place, name in enumerate(names)},
    }
    words["ar"]["title"] = TITLE
    engagements.save_draft(engagement=thread.engagement, changes={"languages": ["en", "ar"], "words": words})
    engagements.save_questions(engagement=thread.engagement, questions=QUESTIONS)
    told = [
        {"id": one["id"], "words": {"en": one["words"]["en"], "ar": said}}
        for one, said in zip(STATEMENTS, ARABIC, strict=True)
    ]
    engagements.save_statements(engagement=thread.engagement, statements=told)
    return thread.make_keys().open()


def test_a_resident_judges_in_arabic_without_a_script_and_reads_where_people_lean(
    browsing, live_site, calendar
):
    # Given statements in English and Arabic, an old phone on which no script runs, and one on which axe does
    calendar.ago = timedelta(days=34)
    thread = to_judge_in_arabic(Thread(now=calendar.now()))
    nadia = browsing.person("the resident", phone=True, lang="ar", java_script_enabled=False)
    checks = browsing.person("who checks", phone=True, lang="ar", color_scheme="light")

    # When she opens the question, the first button leads to what works there; and she reads that a choice is not locked before she can press anything
    nadia.goto("/riverbend/ar/engagements/library-computers/")
    first = nadia.locator("main .button").filter(visible=True).first
    assert first.get_attribute("href").endswith("/statements/")
    first.click()
    assert nadia.locator("html").get_attribute("dir") == "rtl"
    assert nadia.locator(".note h2").count() == 1
    nadia.locator("button[value=start]").click()

    # And judges three, one at a time, in her language
    number = nadia.locator("p.data").inner_text()
    seen = []
    for answer in ("agree", "disagree", "pass"):
        seen.append(nadia.locator("h2#statement").inner_text())
        nadia.locator(f"button[value={answer}]").click()
    assert len({*seen}) == 3
    assert {*seen} <= {*ARABIC}
    mine = Vote.objects.filter(code_hash=code_hash(receipt.parse(number)))
    assert (sorted(mine.values_list("answer", flat=True)), {*mine.values_list("lang", flat=True)}) == (
        [-1, 0, 1],
        {"ar"},
    )

    # When she reads the next in English and goes back, her number goes along
    nadia.locator("header button[lang=en]").click()
    nadia.locator("html[lang=en]").wait_for(state="attached")
    assert nadia.locator("p.data").inner_text() == number
    nadia.go_back()
    assert (nadia.locator("html").get_attribute("lang"), nadia.locator("p.data").inner_text()) == (
        "ar",
        number,
    )

    # When she stops, and comes back by her number
    nadia.goto("/riverbend/ar/engagements/library-computers/statements/")
    assert nadia.context.cookies() == []
    assert number.replace(" ", "") not in nadia.url
    nadia.locator("input[name=code]").fill(number)
    nadia.locator("button[value=back]").click()
    assert re.search(r"3.*8", nadia.locator("form .hint, p.hint").first.inner_text())

    # Then she judges the others, and is told that it was all
    for _ in range(5):
        nadia.locator("button[value=agree]").click()
    nadia.locator(".done").wait_for()
    assert mine.count() == 8

    # When others judge too, and the last day is over
    crowd(thread, 59)
    calendar.turn_to(thread, ago=2)
    assert [one.entry is not None for one in Map.objects.all()] == [True]

    # Then the page says in words what it shows, with no script
    nadia.goto("/riverbend/ar/engagements/library-computers/")
    nadia.locator("a[href$='/map/']").click()
    nadia.locator("section[aria-labelledby=how-h]").wait_for()
    labels = nadia.locator("figure .label text").all_text_contents()
    text = nadia.locator("main").inner_text().replace(nadia.locator("figure").inner_text(), "")
    assert (len(labels), all(labels)) == (4, True)
    assert all(re.search(r"\d", one) is None or one in text for one in labels)
    assert ARABIC[0] in nadia.locator("section[aria-labelledby=agree-h]").inner_text()
    assert nadia.locator("section[aria-labelledby=every-h] tbody tr").count() == 8

    # And pages fit the phone, from right to left, and pass axe
    for page in ("map/", "statements/"):
        checks.goto(f"/riverbend/ar/engagements/library-computers/{page}")
        assert checks.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page
        assert (page, axe(checks)) == (page, [])

    # When she withdraws, her choices are gone, and nobody else's
    nadia.goto("/riverbend/ar/engagements/library-computers/statements/")
    nadia.locator("input[name=code]").fill(number)
    nadia.locator("button[value=back]").click()
    nadia.locator("details:has(button[value=withdraw]) summary").click()
    nadia.locator("button[value=withdraw]").click()
    nadia.locator(".done").wait_for()
    assert (mine.count(), Vote.objects.count()) == (0, 59 * 8)

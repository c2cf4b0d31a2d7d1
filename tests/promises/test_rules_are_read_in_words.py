"""Whoever agrees to rules, and whoever hands on what a merged unit owes, reads offices by their names."""

import re
from dataclasses import fields
from datetime import date

import pytest

from alongside.cohort.rules.actions import adopt_rules
from alongside.cohort.rules.models import Proposal
from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import Clocks
from alongside.ground.people.actions import make_person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.comparing import AREAS, CLOCKS
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.actions.heads import sign_head
from alongside.work.projects import actions as projects
from tests.promises.attempts import BASE, agree, as_, today
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
NEUTRAL = shipped_pack("neutral")


def text_of(person, page: str) -> str:
    """Give what a person reads on a page."""
    words = re.sub(r"<[^>]+>", " ", as_(person).get(f"{BASE}/{page}").content.decode())
    return re.sub(r"[\u2066-\u2069]", "", " ".join(words.split()))


@pytest.fixture
def thread() -> Thread:
    return Thread().to_open_engagement()


def proposed(thread: Thread, text: str) -> None:
    """Propose or adopt rules, as if today: leads read what was proposed lately."""
    adopt_rules(program=thread.program, text=text, now=thread.now)
    Proposal.objects.update(proposed_on=today().date())


def without_the_unit(unit: str) -> str:
    """Leave a unit out of the rules."""
    head, *units = re.split(r"(?m)^(?=\[\[units\]\])", NEUTRAL)
    return "".join([head, *(one for one in units if f'slug = "{unit}"' not in one)])


def test_a_lead_finds_the_rules_and_that_nothing_is_proposed(thread):
    lead = thread.first_lead.person
    assert f'href="{BASE}/cohort-rules/"' in as_(lead).get(f"{BASE}/seat/me/").content.decode()
    assert "No new rules are proposed." in text_of(lead, "cohort-rules/")
    proposed(
        thread, NEUTRAL.replace('escalate_to = "city-manager/manager"', 'escalate_to = "open-data/manager"')
    )
    assert "No new rules are proposed." not in text_of(lead, "cohort-rules/")


def test_a_lead_reads_offices_and_not_their_codes_in_the_rules_that_they_agree_to(thread):
    other = NEUTRAL.replace('escalate_to = "city-manager/manager"', 'escalate_to = "open-data/manager"')
    proposed(thread, other)
    page = text_of(thread.first_lead.person, "cohort-rules/")
    assert "Office of the City Manager, City Manager" in page and "Open Data Unit, Manager" in page
    assert "city-manager/manager" not in page and "open-data/manager" not in page

    proposed(thread, without_the_unit(thread.unit.slug))
    page = text_of(thread.first_lead.person, "cohort-rules/")
    assert "An office Libraries and Halls Unit, Manager" in page
    assert f"{thread.unit.slug}/" not in page


def with_words(*pairs: tuple[str, str]) -> str:
    """Give the pack with some of its words changed."""
    text = NEUTRAL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


LONGER = ("answer_days = 60", "answer_days = 61")
UNREAD = {
    "routes.phone.tel": ("+15035550142", "+15038230000"),
    "harms.targeting.name.en": ("Picked out for being vulnerable", "No harm was found"),
    "leave_page": ("https://www.wikipedia.org/", "https://www.example.org/"),
    "pay.quick_minutes": ("quick_minutes = [60, 120, 180]", "quick_minutes = [30]"),
}


def test_leads_read_everything_that_a_pack_changes_before_they_sign_it(thread):
    text = with_words(LONGER, *UNREAD.values())
    proposed(thread, text)
    page = text_of(thread.first_lead.person, "cohort-rules/")
    needed, rest = page.split("If you agree, you sign all of it.")
    assert "Days in which an office answers 60 61" in needed
    assert "routes.phone.tel +15035550142 +15038230000" in needed
    assert "harms.targeting.name.en Picked out for being vulnerable No harm was found" in needed
    assert "leave_page https://www.wikipedia.org/ https://www.example.org/" in needed
    assert "pay.quick_minutes 60 · 120 · 180 30" in rest
    agree(thread.first_lead)
    agree(thread.second_lead)
    adopted = thread.log.every("policy.adopted")[-1]
    page = text_of(None, f"record/{adopted.index}/")
    listed = re.findall(
        r"([a-z_]+\.[\w.-]+|leave_page) ", page.partition("What differs from the rules before")[2]
    )
    assert {*UNREAD, "clocks.answer_days"} <= set(listed)


def test_the_page_of_rules_that_need_no_lead_tells_what_differs_and_that_of_the_first_nothing(thread):
    text = with_words(("answer_days = 60", "answer_days = 30"), UNREAD["pay.quick_minutes"])
    proposed(thread, text)
    first, adopted = thread.log.every("policy.adopted")
    page = text_of(None, f"record/{adopted.index}/")
    assert "Days in which an office answers clocks.answer_days 60 30" in page
    assert "pay.quick_minutes 60 · 120 · 180 30" in page
    assert "What differs from the rules before" not in text_of(None, f"record/{first.index}/")


#: The names of two bureaus, exchanged with the leads' agreement.
OLD, OTHER = "Libraries and Halls Unit", "Streets and Signals Unit"


def exchanged(thread: Thread) -> None:
    """Exchange the names of two bureaus, and name a harm and a community otherwise, as two leads agree."""
    text = with_words((f'"{OLD}"', '"@@@"'), (f'"{OTHER}"', f'"{OLD}"'), UNREAD["harms.targeting.name.en"])
    text = text.replace("@@@", OTHER).replace('en = "Renters"', 'en = "Nobody in particular"')
    proposed(thread, text)
    agree(thread.first_lead)
    agree(thread.second_lead)


def test_what_was_entered_keeps_the_name_that_its_bureau_had_with_its_name_of_today_beside_it(thread):
    question = thread.question().index
    thread.answer(thread.recommend(thread.find()))
    projects.join_project(project=thread.project, seat=thread.first_lead.public_id, now=thread.now)
    thread.later(40)
    office = thread.office.public_id
    said = {"quarter": "2026-Q1", "level": ("iap2", "involve"), "words": Text("en", "We were asked early.")}
    projects.assess_project(project=thread.project, by=office, now=thread.now, **said)
    pages = [
        f"follow/{thread.promise}/",
        "follow/promised/",
        "questions/",
        f"questions/{question}/",
        f"projects/{thread.project.slug}/",
    ]
    before = {page: text_of(None, page) for page in pages}
    exchanged(thread)
    for page in pages:
        assert re.search(rf"{OLD}(, \w+)* \(now: {OTHER}", text_of(None, page)), page
    for page in pages[:2]:
        shown = re.sub(rf" \(now: {OTHER}(, \w+)*\)", "", text_of(None, page))
        assert (shown.count(OLD), shown.count(OTHER)) == (before[page].count(OLD), 0), page


def test_a_harm_that_leads_named_keeps_the_words_under_which_they_named_it(thread):
    said = {"harms": ["targeting"], "communities": ["renters"], "findings": []}
    words = {"en": {"words": "It happened to us."}}
    seat = thread.first_lead.public_id
    projects.name_harm(project=thread.project, seat=seat, words=words, now=thread.now, **said)
    exchanged(thread)
    sign_head(program=thread.program, now=thread.now)
    page, statement = f"projects/{thread.project.slug}/", thread.log.every("policy.adopted")[-1].index + 1
    for shown in (text_of(None, page), text_of(None, f"{page}statement/{statement}/")):
        assert "Picked out for being vulnerable" in shown and "No harm was found" not in shown
    assert "Renters" in text_of(None, page) and "Nobody in particular" not in text_of(None, page)


def test_every_part_and_every_clock_of_a_pack_has_a_name_on_the_pages_that_tell_what_differs():
    assert set(AREAS) == {one.name for one in fields(Pack)}
    assert set(CLOCKS) == {one.name for one in fields(Clocks)}


def test_what_a_merged_unit_owes_is_told_by_its_title_and_the_name_that_the_unit_had(thread):
    finding = thread.find()
    thread.recommend(finding, title="Keep a day")
    thread.recommend(finding, title="Keep an hour")
    above = make_person(email="above@riverbend.example")
    office = "city-manager/manager"
    programs.give_office(person=above, program=thread.program, office=office, from_date=date(2026, 1, 1))
    proposed(thread, without_the_unit(thread.unit.slug))
    agree(thread.first_lead)
    agree(thread.second_lead)

    desk = text_of(above, "unit/")
    assert "Move it to the right bureau: Keep a day" in desk
    assert "Move it to the right bureau: Keep an hour" in desk
    assert "It was asked of Libraries and Halls Unit, Manager, which is no longer in the rules." in desk

"""The bar at the foot of a lead's phone covers no press: not at the end of a page, and not what is brought into sight."""

import pytest

from tests.promises.test_the_city_must_answer import BASE, asked
from tests.support.remembering import this_hour

pytestmark = [pytest.mark.django_db, pytest.mark.story]
YES = "Yes, say: “No reasons given”"
BELOW = "one => one.getBoundingClientRect().bottom - document.querySelector('.places').getBoundingClientRect().top"


def test_the_press_below_a_short_answer_is_in_sight_and_none_stays_under_the_bar(browsing):
    thread, ask = asked(this_hour())
    (given,) = thread.answer(
        ask,
        "declined",
        reasons="We will do this on all 46 counters. It costs us nothing and we should have asked the maker for it.",
    )
    lead = browsing.person("the lead", phone=True, signed_in=thread.first_lead.person)
    lead.goto(f"{BASE}/answers/{given.index}/no-reasons/")
    press = lead.get_by_role("button", name=YES)
    assert press.evaluate(BELOW) <= 0
    lead.set_viewport_size({"width": 390, "height": 500})
    lead.evaluate("scrollTo(0, 0)")
    assert press.evaluate(BELOW) > 0
    press.evaluate("one => one.scrollIntoView({block: 'end'})")
    assert press.evaluate(BELOW) <= 0
    lead.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert lead.locator(".foot").evaluate(BELOW) <= 0

"""Two leads each sign their own part of a check and of a correction, on their own devices; where one is shown other words, nothing is signed."""

import json
import re
from html import escape, unescape

import pytest

from alongside.chain.commitments.models import Check
from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.canonical import canonical
from alongside.core.grammar.log import check_log
from alongside.core.salted import salted_hash
from alongside.work.engagements import actions as engagements
from tests.story.steps import press, sign
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
FIRST, SECOND = "All counters have the poster.", "All but one have it."


def to_check() -> Thread:
    """Walk to a claim that two leads with keys can check."""
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    thread.found_keys(opens=True).make_keys().open()
    thread.made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    return thread


def look(page, thread, words):
    """Write what a lead saw, and send it."""
    page.goto(f"/riverbend/en/commitments/claims/{thread.made.index}/check/")
    page.get_by_label("Complete", exact=True).check()
    page.get_by_label("What did you look at, and what did you see?").fill(words)
    press(page, "Send what I saw")
    page.get_by_role("heading", name="Sign it with your key").wait_for()


def test_each_of_two_leads_signs_what_she_saw_and_the_second_reads_what_the_first_signed(browsing, live_site):
    # Given a claim, and two leads with keys
    thread = to_check()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)

    # When the first says what she saw, then she reads that it waits for another, and signs it
    look(ana, thread, FIRST)
    ana.get_by_text("Another lead has to sign, too.").wait_for()
    ana.locator("[data-drafts]").get_by_text(FIRST).wait_for()
    assert axe(ana) == []
    before = len(list(thread.entries()))
    sign(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    assert len(list(thread.entries())) == before

    # When the second comes, then he reads what she signed and when, beside what he signs
    look(ben, thread, SECOND)
    ben.locator("[data-drafts]").get_by_text(SECOND).wait_for()
    ben.locator("[data-before]").get_by_text(FIRST).wait_for()
    assert ben.locator("[data-drafts]").get_by_text(FIRST).count() == 0
    assert "signed on" in ben.get_by_role("region", name="What was signed before").inner_text()
    assert axe(ben) == []
    sign(ben, PASSPHRASE)
    ben.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")

    # Then both signatures stand under what goes on the log
    entries = list(thread.entries())
    assert set(json.loads(entries[-1])["act"]["sigs"]) == {
        thread.first_lead.public_id,
        thread.second_lead.public_id,
    }
    check_log(entries, origin=thread.program.origin)


def changed(change):
    """Give a server that changes the page on which a lead signs."""

    def lie(route):
        if route.request.method != "POST":
            return route.continue_()
        answer = route.fetch()
        route.fulfill(response=answer, body=change(answer.text()))

    return lie


def before_of(page: str) -> list:
    """Give what a page says another lead signed."""
    return json.loads(unescape(re.search(r' before="([^"]*)"', page)[1]))


def with_before(page: str, told: list) -> str:
    """Give the page with something else that another lead signed."""
    return re.sub(r' before="[^"]*"', lambda _found: f' before="{escape(json.dumps(told))}"', page)


def other_words(page: str) -> str:
    """Show other words of the first lead than she signed."""
    told = before_of(page)
    told[0]["said"][0][3] = "Nothing was done."
    return with_before(page, told)


def other_claim(page: str) -> str:
    """Show what the first lead signed of something else."""
    told = before_of(page)
    told[0]["act"] = re.sub(r'"claim":\[\d+\]', '"claim":[3]', told[0]["act"])
    return with_before(page, told)


def nothing_signed(page: str) -> str:
    """Show a part that the first lead never signed."""
    told = before_of(page)
    told[0]["signed"]["sig"] = "A" * 86 + "=="
    return with_before(page, told)


@pytest.mark.parametrize("lie", [other_words, other_claim, nothing_signed])
def test_a_second_lead_who_is_shown_other_than_the_first_signed_signs_nothing(browsing, live_site, lie):
    # Given a check that the first lead signed
    thread = to_check()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    look(ana, thread, FIRST)
    sign(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    before = len(list(thread.entries()))

    # When a server shows the second lead something else of it, then his device signs nothing and says so
    ben = browsing.person("Ben", phone=True, signed_in=thread.second_lead.person)
    ben.route("**/check/", changed(lie))
    look(ben, thread, SECOND)
    ben.get_by_text("What another lead signed before is not about the same").wait_for()
    assert not ben.get_by_role("button", name="Sign it").is_visible()
    assert len(list(thread.entries())) == before


def other_correction(page: str) -> str:
    """Give another act to the second lead than the first signed, whole, in words of its own."""
    told = {name: unescape(re.search(f' {name}="([^"]*)"', page)[1]) for name in ("act", "said")}
    act, ((place, name, salt, _words), *others) = json.loads(told["act"]), json.loads(told["said"])
    words = "Nothing changes."
    act["drafts"][0]["texts"][name]["sha256"] = salted_hash(bytes.fromhex(salt), words.encode())
    given = {"act": canonical(act).decode(), "said": json.dumps([[place, name, salt, words], *others])}
    for which, value in given.items():
        page = page.replace(f' {which}="{escape(told[which], quote=True)}"', f' {which}="{escape(value)}"')
    assert "Nothing changes." in page
    return page


@pytest.mark.parametrize("hides", [False, True], ids=["beside what the first signed", "alone"])
def test_two_signers_of_whom_one_sees_other_words_sign_nothing_together(browsing, live_site, hides):
    # Given a correction of a community engagement that the first lead wrote and signed
    thread = Thread(now=this_hour()).open_program().draft_engagement(community=True)
    thread.found_keys(opens=True).make_keys().open()
    made = engagements.propose_correction(
        engagement=thread.engagement,
        about="title",
        words="The title is wider now.",
        lang="en",
        others={"es": "El título es más amplio."},
        day=None,
        by=thread.first_lead.public_id,
        now=thread.now,
    )
    assert list(made.signed["signed"]) == [thread.first_lead.public_id]
    before = len(list(thread.entries()))

    # When a server gives the second lead another act to sign, in other words
    def lie(page):
        page = other_correction(page)
        return re.sub(r' before="[^"]*"', "", page) if hides else page

    ben = browsing.person("Ben", phone=True, signed_in=thread.second_lead.person)
    ben.route(f"**/correct/{made.pk}/", changed(lie))
    ben.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/correct/{made.pk}/")
    press(ben, "Sign this correction")
    ben.get_by_role("heading", name="Sign it with your key").wait_for()

    # Then his device says so where it is shown what she signed; else what he signs is nothing that the site enters
    if hides:
        ben.unroute_all()
        sign(ben, PASSPHRASE)
        ben.get_by_text("Something changed since you signed").wait_for()
        ben.locator("[data-drafts]").get_by_text("The title is wider now.").wait_for()
    else:
        ben.get_by_text("What another lead signed before is not about the same").wait_for()
        assert not ben.get_by_role("button", name="Sign it").is_visible()
    assert len(list(thread.entries())) == before

    # And the true words go on the log under both keys
    if hides:
        sign(ben, PASSPHRASE)
        ben.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
        entries = list(thread.entries())
        assert len(json.loads(entries[before])["act"]["sigs"]) == 2
        check_log(entries, origin=thread.program.origin)


def test_without_javascript_the_page_says_who_signed_before_and_what_it_needs(browsing, live_site):
    # Given a check that the first lead signed
    thread = to_check()
    thread_check = Check.objects.filter(claim=thread.made.index)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    look(ana, thread, FIRST)
    sign(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    assert thread_check.count() == 1

    # When the second comes without JavaScript
    ben = browsing.person("Ben", signed_in=thread.second_lead.person, java_script_enabled=False)
    look(ben, thread, SECOND)

    # Then he reads who signed before, and why he cannot sign here
    assert "signed on" in ben.get_by_role("region", name="What was signed before").inner_text()
    assert "this page needs JavaScript" in ben.locator("noscript p").inner_text()
    assert ben.locator("noscript p").is_visible()
    assert not ben.get_by_role("button", name="Sign it").is_visible()

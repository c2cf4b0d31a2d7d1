"""Recovery papers, in real browsers: three of five give back what leads can open, and nothing opens before each was checked."""

import random

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.recovery.actions import propose_papers
from alongside.chain.voices.actions import take_in as takes
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import papers_statement
from alongside.core.sealing.recovery_papers import check_of, rows
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import sealed
from alongside.site.demo.keys import new_identity
from tests.chain.reader.test_reader_in_browser import unlock
from tests.chain.voices.cast import form_of, say
from tests.story.steps import check_paper, make_papers, press, sign_papers, type_rows
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def with_keys(count: int) -> Thread:
    """Walk to a draft, and leads with keys and without papers."""
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    return thread.found_keys(count, opens=True, papers_too=False)


def at_the_desk(page, slug=""):
    """Unlock the reader anew, up to the papers."""
    unlock(page, PASSPHRASE, slug)
    page.get_by_role("heading", name="Recovery papers").wait_for()


def told(thread, kind):
    return RowsLog.of(thread.program).every(kind)


def test_three_of_five_papers_open_for_a_third_lead_what_two_others_could_open(browsing, live_site):
    # Given three leads with keys
    thread = with_keys(3)
    ana, ben, cam = (
        browsing.person(name, phone=name == "Cam", signed_in=seat.person)
        for name, seat in zip(("Ana", "Ben", "Cam"), thread.leads, strict=True)
    )

    # When the first makes five papers, and the second signs them
    at_the_desk(ana)
    papers = make_papers(ana, 5, 3)
    assert told(thread, "recovery.made") == []
    at_the_desk(ben)
    ben.get_by_text("Meet this lead, and agree who holds them.").wait_for()
    sign_papers(ben, papers[:3])
    assert [one.data["paper"] for one in told(thread, "recovery.checked")] == [1, 2, 3]

    # Then the others are checked; a wrong digit is found in its row
    ben.get_by_role("button", name="Check a paper").click()
    wrong = [papers[3][0], papers[3][1][:-1] + str((int(papers[3][1][-1]) + 1) % 10), *papers[3][2:]]
    type_rows(ben, wrong, "Check this paper")
    ben.get_by_role("alert").get_by_text("Row 2 is not as on a paper.").wait_for()
    assert axe(ben) == []
    type_rows(ben, papers[3], "Check this paper")
    ben.locator("[data-done]").get_by_text("Paper 4 is right.").wait_for()
    at_the_desk(ana)
    assert ana.get_by_role("button", name="Check a paper").locator("visible=true").count() == 0
    at_the_desk(ben)
    check_paper(ben, papers[4])
    at_the_desk(ana)
    ana.get_by_text("There are 5, and 3 of them open what leads can open. Each was checked.").wait_for()

    # When the first makes the engagement's key for herself and the second, then the papers open it, too
    ana.get_by_role("button", name="Make its key").click()
    cams = ana.locator("[data-leads] label", has_text=f"place {thread.third_lead.public_id[5:9]}")
    cams.get_by_role("checkbox").uncheck()
    ana.get_by_role("button", name="Let these leads read").click()
    ana.get_by_role("button", name="Yes, let them read").click()
    ana.locator("[data-done]").get_by_text("The test voice opened.").wait_for()
    assert [one.by[0] for one in told(thread, "recovery.locked")] == [thread.first_lead.public_id]
    at_the_desk(ben)
    ben.get_by_role("button", name="Open the test voice").click()
    ben.locator("[data-done]").get_by_text("The test voice opened.").wait_for()
    assert [one.by[0] for one in told(thread, "recovery.locked")] == [
        thread.first_lead.public_id,
        thread.second_lead.public_id,
    ]  # at the test voice, the second locked it too
    thread.open()
    (made,) = told(thread, "key.made")
    said = say("The hall is too far away.", form=form_of(thread), recipient=made.data["recipient"])
    take_in(thread, said)

    # When both lost their words, two papers are too few; with the third the third lead reads
    at_the_desk(cam)
    cam.get_by_role("button", name="Open keys with recovery papers").click()
    for paper, left in ((papers[3], 2), (papers[1], 1)):
        type_rows(cam, paper, "Take this paper")
        cam.locator("[data-done]").get_by_text(f"Papers that are still needed: {left}.").wait_for()
        assert cam.get_by_role("button", name="Open the keys, and lock").locator("visible=true").count() == 0
    assert axe(cam) == []
    type_rows(cam, papers[4], "Take this paper")
    cam.get_by_role("group", name="Leads whose keys two leads vouched for").locator("visible=true").wait_for()
    assert axe(cam) == []
    cam.get_by_role("button", name="Open the keys, and lock").click()
    cam.locator("[data-done]").get_by_text("locked to the leads: 1.").wait_for()
    (recovered,) = told(thread, "key.recovered")
    assert recovered.by == (thread.third_lead.public_id,)
    cam.get_by_role("button", name="Open the voices").click()
    cam.get_by_text("The hall is too far away.").first.wait_for()
    check_log(list(thread.entries()), origin=thread.program.origin)


def take_in(thread, said):
    """Let somebody speak."""
    takes(
        program=thread.program,
        engagement="library-computers",
        mark=said.mark,
        act=said.act,
        sealed=said.sealed,
        now=thread.now,
    )


def test_a_drill_that_fails_keeps_the_engagement_closed(browsing, live_site):
    # Given two leads who made and tested a key, and papers of which one was written down wrong
    thread = with_keys(2)
    sealed.make_engagement_key(story=thread, engagement=thread.engagement, seats=thread.leads, now=thread.now)
    ana, ben = (
        browsing.person(name, signed_in=seat.person)
        for name, seat in zip(("Ana", "Ben"), thread.leads[:2], strict=True)
    )
    at_the_desk(ana)
    papers = make_papers(ana, 3, 2)
    at_the_desk(ben)
    sign_papers(ben, papers[:2])

    # When the third paper does not fit, then nothing is noted, and nobody opens the engagement
    ben.get_by_role("button", name="Check a paper").click()
    type_rows(ben, [papers[2][0], papers[0][1], *papers[2][2:]], "Check this paper")
    ben.get_by_role("alert").get_by_text("These digits are of no recovery paper of this program").wait_for()
    assert len(told(thread, "recovery.checked")) == 2
    room = "/riverbend/en/engagements/library-computers/room/"
    ana.goto(room)
    ana.get_by_role("link", name="checked recovery papers").wait_for()
    with pytest.raises(GrammarError, match="not every recovery paper is checked: 3"):
        thread.open()

    # When it was checked as it stands on the paper, the key still has to be locked to the papers
    at_the_desk(ben)
    check_paper(ben, papers[2])
    at_the_desk(ana)
    with pytest.raises(GrammarError, match="the key is not locked to the recovery papers"):
        thread.open()
    ana.get_by_role("button", name="Let the papers open the keys that I hold").click()
    ana.get_by_text("Any 2 of them then open what people told you here").wait_for()
    assert told(thread, "recovery.locked") == []  # what it does is said first
    press(ana, "Yes, let the papers open them")
    ana.locator("[data-done]").get_by_text("The recovery papers open the keys that you hold").wait_for()

    # Then it opens
    thread.open()
    assert thread.promise >= 0


def make_again(page):
    """Make new papers, print the second one, and give the rows of each and the set that they name."""
    press(page, "Make new papers")
    press(page, "Make the papers")
    page.get_by_role("heading", name="Print each paper, then sign").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Print each paper, then sign"
    papers = [one.locator("li").all_text_contents() for one in page.locator("[data-rows]").all()]
    sets = {one.text_content() for one in page.locator("[data-sheets-of-paper] [data-fill=set]").all()}
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print this paper").nth(1).click()
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    page.emulate_media(media="screen")
    assert printed.startswith("Recovery paper 2 of 3")  # and nothing of the site
    assert "Recovery paper 3 of 3" not in printed
    assert "/riverbend/en/reader/" in printed
    press(page, "All are on paper: sign them")
    page.locator("[data-done]").get_by_text("You signed your papers.").wait_for()
    (named,) = sets
    return papers, named


def test_a_paper_of_another_set_is_told_for_what_it_is(browsing, live_site):
    # Given papers in force, and new ones of the same lead that wait for a second lead
    thread = with_keys(2)
    ana, ben = (
        browsing.person(name, phone=name == "Ben", signed_in=seat.person)
        for name, seat in zip(("Ana", "Ben"), thread.leads[:2], strict=True)
    )
    at_the_desk(ana)
    old = make_papers(ana, 3, 2)
    at_the_desk(ben)
    ben.get_by_role("link", name="Another lead made recovery papers.").wait_for()
    sign_papers(ben, old[:2])
    at_the_desk(ana)
    ana.get_by_text("You made these papers, so other leads check them.").wait_for()
    papers, named = make_again(ana)
    (made,) = told(thread, "recovery.made")
    before = made.data["recipient"][-6:]
    assert named != before

    # When one of the new ones is checked, or a row is left out, then the reader says so
    at_the_desk(ben)
    press(ben, "Check a paper")
    ben.get_by_text(f"The set that counts is {before}.").wait_for()
    type_rows(ben, papers[0], "Check this paper")
    ben.get_by_role("alert").get_by_text(f"It is of the new set {named}").wait_for()
    for row, why in (("", "Row 3 is empty."), ("123", "You typed 3 digits in row 3."), ("a", "no digit")):
        type_rows(ben, [*old[2][:2], row, old[2][3]], "Check this paper")
        ben.get_by_role("alert").get_by_text(why).wait_for()
    assert axe(ben) == []

    # When the second lead types the same one twice, or an old one among them
    at_the_desk(ben)
    press(ben, "Sign these papers")
    type_rows(ben, papers[0], "Take this paper")
    ben.locator("section:visible").get_by_text("Paper 1 is here.").wait_for()
    type_rows(ben, papers[0], "Take this paper")
    ben.get_by_role("alert").get_by_text("Paper 1 is here already.").wait_for()
    type_rows(ben, old[1], "Take this paper")
    ben.get_by_role("alert").get_by_text(f"it is of another set: {before}.").wait_for()

    # Then with a second new one the set counts, and an old paper is told as old
    type_rows(ben, papers[1], "Take this paper")
    press(ben, "Try all the papers, and sign")
    ben.locator("[data-done]").get_by_text("Two leads signed.").wait_for()
    press(ben, "Check a paper")
    type_rows(ben, old[0], "Check this paper")
    ben.get_by_role("alert").get_by_text(f"of an old set: {before}.").wait_for()


def test_papers_that_are_of_no_key_are_signed_by_nobody_who_typed_some(browsing, live_site):
    # Given a lead who made papers of random digits, and says that they open a key which that lead alone has
    thread = with_keys(2)
    ana, ben = thread.leads[:2]
    shares = [random.Random(at).randbytes(32) + bytes([at]) for at in (1, 2, 3)]
    said = {
        "recipient": recipient_of(new_identity()),
        "needed": 2,
        "papers": [check_of(one) for one in shares],
    }
    statement = papers_statement(origin=thread.program.origin, **said)
    signature = thread.keyrings[ana.public_id].sign(statement)
    propose_papers(program=thread.program, seat=ana, **said, signature=signature, now=thread.now)

    # When the second types two of them, whose digits and hashes are right
    page = browsing.person("Ben", phone=True, signed_in=ben.person)
    at_the_desk(page)
    press(page, "Sign these papers")
    assert axe(page) == []
    for share in shares[:2]:
        type_rows(page, rows(share), "Take this paper")
    press(page, "Try all the papers, and sign")

    # Then the device finds it out, signs nothing, and has forgotten what was typed
    page.get_by_role("alert").get_by_text("Nothing is signed. Do not use them").wait_for()
    assert told(thread, "recovery.made") == []
    assert page.locator("section:visible").get_by_text("is here.").count() == 0

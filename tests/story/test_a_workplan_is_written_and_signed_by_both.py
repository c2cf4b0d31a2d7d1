"""Two people write one workplan at once, sign it, go offline, and one side changes it alone."""

import re

import pytest
from playwright.sync_api import expect

from alongside.work.workplans.queries import draft_of, shown_plan
from tests.story.steps import HOME, click, to_desk
from tests.support.browsers import axe
from tests.work.workplans.cast import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.story]

TITLE = "What is the plan called?"
DRAFT = "workplans/libraries/draft/"
OFFLINE = r"ERR_INTERNET_DISCONNECTED"


def saved(page):
    """Wait until the page says that everything is saved."""
    page.locator("[data-state=saved]").wait_for()


def says(page, label, words):
    """Wait until a field of a page holds these words."""
    expect(page.get_by_label(label, exact=True).first).to_have_value(words)


def value(page, label):
    return page.get_by_label(label, exact=True).first.input_value()


def test_two_people_write_and_sign_a_workplan_and_then_one_side_changes_it(browsing):
    plan = Plan()
    lead = browsing.person("the lead", phone=True, signed_in=plan.thread.first_lead.person)
    boss = browsing.person("the manager", signed_in=plan.thread.boss)

    # Given both have the draft open and see each other
    for page in (lead, boss):
        page.goto(HOME + DRAFT)
        saved(page)
    lead.get_by_text("Here now: you and ").wait_for()
    boss.get_by_text("Here now: you and Lead (place ").wait_for()

    # When both type into one field at the same time
    ours, theirs = lead.get_by_label(TITLE, exact=True), boss.get_by_label(TITLE, exact=True)
    for place in range(8):
        ours.press_sequentially(str(place))
        theirs.press_sequentially("abcdefgh"[place])
    # Then nothing is lost and both see the same
    expect(ours).to_have_value(re.compile("^.{16}$"))
    expect(theirs).to_have_value(re.compile("^.{16}$"))
    mixed = value(lead, TITLE)
    assert mixed == value(boss, TITLE)
    assert sorted(mixed) == sorted("01234567abcdefgh")

    # When the lead has no connection, and both go on writing
    browsing.forgive(OFFLINE)
    lead.context.set_offline(True)
    ours.fill("Library computers")
    lead.locator("[data-state=offline]").wait_for()
    boss.get_by_label("The question", exact=True).fill("How long?")
    saved(boss)
    lead.context.set_offline(False)
    # Then both are merged when it is back
    says(boss, TITLE, "Library computers")
    says(lead, "The question", "How long?")

    # When the manager adds a row, the lead sees it without opening the page again, and what they type stays
    boss.get_by_role("button", name="Add a goal").click()
    boss.locator("[data-rows=goal] [data-row]").nth(1).wait_for()
    lead.locator("[data-rows=goal] [data-row]").nth(1).locator("textarea").fill("A rule that people know")
    expect(boss.locator("[data-rows=goal] textarea").nth(1)).to_have_value("A rule that people know")
    boss.locator("[data-rows=goal] [name=out]").first.click()
    expect(lead.locator("[data-rows=goal] [data-row]")).to_have_count(1)

    # And they write the rest
    day = plan.thread.now.date()
    lead.get_by_label("First day", exact=True).fill(day.isoformat())
    lead.get_by_label("Last day", exact=True).fill(day.replace(year=day.year + 1).isoformat())
    lead.get_by_label("What is done?").fill("Listen in three libraries")
    boss.get_by_label("Who sees to it for the bureau?").select_option(plan.manager)
    saved(lead)
    saved(boss)
    assert (axe(lead), axe(boss)) == ([], [])

    # When the lead reads and signs, and then the manager
    lead.get_by_label("What is done?").blur()
    expect(boss.get_by_label("What is done?")).to_have_value("Listen in three libraries")
    click(lead, "Read what changed, and sign")
    lead.get_by_label("I read all of it.").check()
    lead.get_by_role("button", name=re.compile(r"Sign the draft as Lead \(place ")).click()
    lead.get_by_role("heading", name="Signed by one side, not in force").wait_for()
    to_desk(boss, "Our desk")
    click(boss, "Sign, or ask for a change: Library computers")
    assert axe(boss) == []
    boss.get_by_label("I read all of it.").check()
    boss.get_by_role("button", name=re.compile("Sign this version as ")).click()
    # Then it is in force, for everyone to see
    boss.get_by_role("heading", name="The version in force").wait_for()
    assert shown_plan(plan.program, "en", "libraries").standing.in_force.proposed.data["version"] == 1

    # When the city changes it alone
    boss.goto(HOME + DRAFT)
    saved(boss)
    boss.get_by_label("What is done?").fill("Listen in one library")
    saved(boss)
    click(boss, "Read what changed, and sign")
    boss.get_by_label("I read all of it.").check()
    boss.get_by_role("button", name=re.compile("Sign the draft as ")).click()
    # Then it shows as one side's change, and what both signed stands
    someone = browsing.person("somebody", phone=True)
    someone.goto(HOME + "workplans/libraries/")
    someone.get_by_role("heading", name="Changed by one side only").wait_for()
    assert someone.locator("ins").all_text_contents()[0] == "Added: + one"
    assert someone.get_by_text("Listen in three libraries").count() >= 1
    assert axe(someone) == []
    to_desk(lead, "This week")
    click(lead, re.compile("Sign, or ask for a change: Library computers"))
    lead.get_by_role("heading", name="A version that one side signed").wait_for()
    assert draft_of(plan.row).say("plan.title") == "Library computers"


def test_without_a_script_the_draft_is_a_form_and_what_both_wrote_stands(browsing):
    plan = Plan().write(plan_title="Meet on Monday")
    lead = browsing.person("the lead", signed_in=plan.thread.first_lead.person, java_script_enabled=False)
    boss = browsing.person("the manager", signed_in=plan.thread.boss)
    lead.goto(HOME + DRAFT)
    boss.goto(HOME + DRAFT)
    saved(boss)
    boss.get_by_label(TITLE, exact=True).fill("Meet on Tuesday")
    saved(boss)
    lead.get_by_label(TITLE, exact=True).fill("Meet on Friday")
    lead.get_by_role("button", name="Save", exact=True).first.click()
    lead.get_by_text("Your words are saved.").wait_for()
    assert value(lead, TITLE) == "Meet on Tuesday Friday"
    says(boss, TITLE, "Meet on Tuesday Friday")


def test_words_that_were_not_sent_yet_outlast_a_reload_of_the_page(browsing):
    plan = Plan()
    lead = browsing.person("the lead", signed_in=plan.thread.first_lead.person)
    lead.goto(HOME + DRAFT)
    saved(lead)
    browsing.forgive(r"Failed to load resource|ERR_FAILED")
    lead.route("**/draft/live/", lambda route: route.abort())
    lead.get_by_label(TITLE, exact=True).fill("Not sent yet")
    lead.locator("[data-state=offline]").wait_for()
    lead.on("dialog", lambda dialog: dialog.accept())
    lead.unroute("**/draft/live/")
    lead.reload()
    says(lead, TITLE, "Not sent yet")
    saved(lead)
    assert draft_of(plan.row).say("plan.title") == "Not sent yet"

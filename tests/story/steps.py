"""What people do in their browsers, step by step, by clicking from where they are."""

import re
from typing import Any

from playwright.sync_api import Page

from alongside.work.engagements import actions as engagements
from tests.support.mail import send_what_waits
from tests.support.thread import Thread

HOME = "/riverbend/en/"


def click(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of this name."""
    page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page, name: str) -> None:
    """Open what is folded under these words."""
    page.locator("summary").filter(has_text=name).first.click()


def sign_in(page: Page, mailbox: Any, email: str) -> None:
    """Sign in with the code from a letter."""
    page.goto(HOME)
    click(page, "Leads and staff: sign in")
    page.get_by_label("Your email address").fill(email)
    press(page, "Send me a code")
    page.wait_for_url("**/sign-in/code/**")
    send_what_waits()
    page.get_by_role("textbox").fill(mailbox.code(email))
    press(page, "Sign in")
    page.wait_for_url(lambda address: "/accounts/" not in address)


def to_desk(page: Page, desk: str) -> None:
    """Go from the home page to a desk by the link in the menu."""
    page.goto(HOME)
    menu = page.locator("header summary, nav summary").first
    if menu.count() and menu.is_visible():
        menu.click()
    click(page, desk)


def make_keyring(page: Page) -> str:
    """Make a keyring in the page and give its six words."""
    press(page, "Make my key")
    page.get_by_role("heading", name="Your six words").wait_for()
    words = page.locator("[data-words] li").all_text_contents()
    press(page, "I have written them down")
    page.get_by_label("The six words").fill(" ".join(words))
    press(page, "Keep this key")
    page.get_by_role("link", name="Go to the reader").last.click()
    return " ".join(words)


def unlock(page: Page, words: str) -> None:
    """Unlock the reader that is shown."""
    page.get_by_label("Your six words").fill(words)
    press(page, "Unlock")


def sign(page: Page, words: str) -> None:
    """Sign what goes on the public log with the six words."""
    page.get_by_label("Your six words").fill(words)
    press(page, "Sign it")


def open_it(lead: Page, thread: Thread, words: str) -> None:
    """Let both sides sign the draft, and its first lead open it in her browser, where her six words sign the promise."""
    for actor in (thread.first_lead, thread.manager):
        engagements.sign(engagement=thread.engagement, actor=actor.public_id, now=thread.now)
    lead.goto(f"{HOME}engagements/{thread.engagement.slug}/room/")
    press(lead, "Freeze the promise and open")
    sign(lead, words)
    lead.wait_for_url("**/?done=opened")
    thread.engagement.refresh_from_db()
    thread.promise = thread.engagement.promise


def found_the_keys(first: Page, second: Page, words: dict[Page, str]) -> None:
    """Let two leads who met sign each other's key, in the readers that are open before them, and make and check recovery papers; the first stays unlocked."""
    unlock(second, words[second])
    press(second, "We met, and the digits are the same: sign")
    second.locator("[data-done]").get_by_text("You signed this key.").wait_for()
    unlock(first, words[first])
    press(first, "The digits are the same: vouch")
    first.locator("[data-done]").get_by_text("The first two keys count from now on").wait_for()
    papers = make_papers(first, 2, 2)
    second.reload()
    unlock(second, words[second])
    sign_papers(second, papers)
    first.reload()
    unlock(first, words[first])


def make_papers(page: Page, count: int, needed: int) -> list[list[str]]:
    """Make recovery papers in the reader that is unlocked, and give the rows of each."""
    press(page, "Make the recovery papers")
    page.get_by_label("How many papers").fill(str(count))
    page.get_by_label("How many of them open a key").fill(str(needed))
    press(page, "Make the papers")
    page.get_by_role("heading", name=f"Recovery paper {count} of {count}").wait_for()
    papers = [one.locator("li").all_text_contents() for one in page.locator("[data-rows]").all()]
    press(page, "All are on paper: sign them")
    page.locator("[data-done]").get_by_text("You signed your papers.").wait_for()
    return papers


def sign_papers(page: Page, papers: list[list[str]]) -> None:
    """Type as many papers as open a key, let the device try them all, and sign."""
    press(page, "Sign these papers")
    for rows in papers:
        type_rows(page, rows, "Take this paper")
        page.locator("section:visible").get_by_text("is here.").nth(papers.index(rows)).wait_for()
    press(page, "Try all the papers, and sign")
    page.locator("[data-done]").get_by_text("Two leads signed.").wait_for()


def type_rows(page: Page, rows: list[str], button: str) -> None:
    """Type the rows of a recovery paper, and press."""
    for place, row in enumerate(rows, start=1):
        page.locator("section:visible").get_by_label(f"Row {place}").fill(row)
    press(page, button)


def check_paper(page: Page, rows: list[str]) -> None:
    """Check a recovery paper, and wait until the page says that it is right."""
    press(page, "Check a paper")
    type_rows(page, rows, "Check this paper")
    page.locator("[data-done]").get_by_text("is right. The public log says that it was checked.").wait_for()


def digits(page: Page) -> str:
    """Give the digits of the receipt that is shown."""
    shown = page.locator(".digits")
    shown.wait_for()
    return re.sub(r"\s", "", shown.inner_text())

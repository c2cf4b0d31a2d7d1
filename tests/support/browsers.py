"""Real browsers: one context a person, no request outside the site, no error in the console."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests.support.sites import Site

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",  # and a person who lets it be used
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium; it can resolve no name but localhost."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": flags,
    }


class Browsing:
    """Opens browsers for people and remembers what went wrong in them."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []
        self.forgiven: list[str] = []

    def person(
        self, name: str, *, phone: bool = False, lang: str = "en", signed_in: Any = None, **options: Any
    ) -> Page:
        """Open a new browser for one person and give its first page; addresses may be relative to the site.

        `signed_in` is a row of the user model: the browser then holds a session of theirs from the start.
        """
        given = {"base_url": self.site.url, "viewport": PHONE if phone else DESK, "locale": lang, **options}
        context = self.browser.new_context(**given)
        context.set_default_timeout(10_000)
        context.on("request", lambda r: self._watch(name, r.url))
        context.on("console", lambda m: self._heard(name, m))
        context.on("weberror", lambda e: self.troubles.append(f"{name}'s page: {e.error}"))
        if signed_in is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(signed_in), "url": self.site.url}])
        self.contexts.append(context)
        return context.new_page()

    def forgive(self, pattern: str) -> None:
        """Expect a trouble that matches this regular expression."""
        self.forgiven.append(pattern)

    def _heard(self, name: str, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"{name}'s console: {message.text} ({message.location['url']})")

    def _watch(self, name: str, address: str) -> None:
        parts = urlsplit(address)
        if (
            parts.scheme not in {"data", "blob", "about"}
            and f"{parts.scheme}://{parts.netloc}" != self.site.url
        ):
            self.troubles.append(f"{name}'s page asked {address}; pages may ask nobody but the site.")

    def close(self) -> list[str]:
        """Close everything and give the troubles nobody forgave."""
        for context in self.contexts:
            context.close()
        return [t for t in self.troubles if not any(re.search(p, t) for p in self.forgiven)]


def session_of(person: Any) -> str:
    """Make a session for a person who signed in, and give its key."""
    client = Client()
    client.force_login(person)
    return client.session.session_key


def patient(click: Callable[..., None]) -> Callable[..., None]:
    """Give a click that waits until the page it leads to is read to its end.

    Playwright waits for the first byte alone; what looks at once then sees half a page, on a slow machine.
    """

    def click_and_wait(self: Locator, **options: Any) -> None:
        click(self, **options)
        self.page.wait_for_load_state("domcontentloaded")

    return click_and_wait


@pytest.fixture
def browsing(browser: Browser, live_site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browsing]:
    """Give a maker of browsers: `ana = browsing.person("Ana", phone=True)`."""
    monkeypatch.setattr(Locator, "click", patient(Locator.click))
    made = Browsing(browser, live_site)
    yield made
    troubles = made.close()
    assert not troubles, "\n".join(troubles)


def axe(page: Page, *, colors: bool = True) -> list[str]:
    """List the axe violations of the page as it stands, each with the elements it names; empty is good.

    The source goes in through the debugger, which the page's CSP does not bind, unless the browser brings it to each
    page (`page.add_init_script(path=AXE)`, where many are looked at). The page is looked at from its top: where the
    bar that stays in sight covers half a link, axe takes the other half for its size.
    """
    is_there = page.evaluate("(window.scrollTo(0, 0), Boolean(window.axe?.run))")
    session = page.context.new_cdp_session(page)
    if not is_there:
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    # Of what a page loads, its rules ask for sounds; to fetch the styles again would serve none of them.
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"color-contrast": {"enabled": colors}},
        "resultTypes": ["violations"],
        "preload": {"assets": ["media"]},
    }
    run = f"axe.run(document, {json.dumps(options)}).then(r => r.violations)"
    answer = session.send(
        "Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True}
    )
    session.detach()
    assert "exceptionDetails" not in answer, answer
    return [
        f"{v['id']}: {v['help']} ({', '.join(' '.join(n['target']) for n in v['nodes'][:5])})"
        for v in answer["result"]["value"]
    ]


def words_before(thing: Locator) -> int:
    """Count the words that a person sees in the page's own part before an element."""
    return thing.evaluate(
        """end => {
            const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
            let words = 0;
            while (walk.nextNode()) {
                const text = walk.currentNode;
                if (!(end.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING)) break;
                const parts = text.data.split(/\\s+/).filter(one => /[\\p{L}\\p{N}]/u.test(one));
                if (text.parentElement.checkVisibility()) words += parts.length;
            }
            return words;
        }"""
    )

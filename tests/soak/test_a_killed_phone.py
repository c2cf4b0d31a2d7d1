"""Kill the phone at any moment of taking in and sending: no voice that it said it had is lost, and none is there twice.

ALONGSIDE_SOAK_PHONES is how often (200); ALONGSIDE_SOAK_SEED repeats a run.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Error, Page

from alongside.core.sealing import receipt
from tests.soak.conftest import ROOT, Instance, kill
from tests.support.browsers import FLAGS

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("ALONGSIDE_SOAK_PHONES", "200"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
#: How many voices wait in the phone's store.
KEPT = """() => new Promise((done, fail) => {
    const asked = indexedDB.open("alongside-waiting", 1);
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
        const all = asked.result.transaction("voices").objectStore("voices").count();
        all.onsuccess = () => { asked.result.close(); done(all.result); };
    };
})"""
PAGE = "/riverbend/en/engagements/library-computers/in-person/"


class Phone:
    """A browser whose folder outlives it, and that dies without a word."""

    def __init__(self, browser: BrowserType, instance: Instance, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.site = f"http://localhost:{instance.port}"

    @contextlib.contextmanager
    def on(self) -> Iterator[BrowserContext]:
        """Switch it on; whatever befalls it, it is off afterward."""
        context = self.browser.launch_persistent_context(
            self.folder,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS,
            base_url=self.site,
        )
        context.set_default_timeout(20_000)
        try:
            yield context
        finally:
            with contextlib.suppress(Error):
                context.close()

    def die(self) -> None:
        """Pull the battery: kill every process of the browser at once."""
        found = subprocess.run(["pgrep", "-f", str(self.folder)], capture_output=True, text=True, check=False)
        for pid in found.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def opened(context: BrowserContext) -> Page:
    """Open the page, with or without a signal, and say what stays for everyone."""
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(PAGE)
    page.locator("input[name=taken][value=door]").check()
    page.locator("input[name=how][value=aloud]").check()
    return page


def take_in(page: Page, made: Iterator[bytes], said: list[str]) -> None:
    """Type in one voice after the other until the phone dies; note each that the page says is taken in."""
    with contextlib.suppress(Error):
        for count, secret in enumerate(made, 1):
            page.locator("#code").fill(receipt.digits(secret))
            page.locator("textarea").last.fill("Forget me.")
            page.locator("[data-seal]").click()
            page.locator("[data-count]", has_text=f"{count}").wait_for()
            said.append(receipt.seal_mark(receipt.read_secret(secret)).hex())


def test_no_voice_that_the_phone_took_in_is_lost_or_counted_twice(
    sqlite_instance: Instance, browser_type: BrowserType, tmp_path: Path
) -> None:
    draw, said = random.Random(SEED), list[str]()
    made = (receipt.make() for _ in iter(int, 1))
    phone = Phone(browser_type, sqlite_instance, tmp_path / "phone")
    key = subprocess.run(
        [sys.executable, "-m", "tests.soak.session"],
        env=sqlite_instance.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[-1]
    web = sqlite_instance.start("alongside.site.cli", "child", "web")
    try:
        sqlite_instance.wait(web)
        with phone.on() as context:
            expires = 4_000_000_000  # a cookie without an end goes with the browser
            cookie = {"name": "sessionid", "value": key, "url": phone.site, "expires": expires}
            context.add_cookies([cookie])
            opened(context).get_by_role("button", name="Keep it on this phone").click()
            context.pages[0].get_by_text("This page is on this phone.").wait_for()

        for number in range(KILLS):
            if (
                number % 40 == 39
            ):  # the site dies as well; and it counts anew what one address sends in an hour
                kill(web)
                web = sqlite_instance.start("alongside.site.cli", "child", "web")
                sqlite_instance.wait(web)
            with phone.on() as context:
                context.set_offline(draw.random() < 0.5)
                page = opened(context)
                battery = threading.Timer(draw.uniform(0.1, 2.5), phone.die)
                battery.start()
                take_in(page, made, said)
                battery.join()

        with phone.on() as context:
            page = opened(context)
            while page.evaluate(KEPT):
                page.wait_for_timeout(200)
            assert page.locator("[data-refused]").is_hidden()
        kept = Counter(mark for (mark,) in sqlite_instance.query("SELECT mark FROM voices_voice"))
        print(f"{KILLS} kills, {len(said)} voices said to be taken in, {kept.total()} there")
        assert len(said) > KILLS
        assert set(said) - set(kept) == set()
        assert set(kept.values()) == {1}
    finally:
        kill(web)

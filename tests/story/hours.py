"""A first hour with the site: a person goes on by what is seen or read aloud, and what it takes is counted."""

import math
import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, TimeoutError

from tests.support.browsers import PHONE, words_before

type Name = str | re.Pattern[str]

FIELDS = ("textbox", "searchbox", "combobox", "radio", "checkbox")
HEADING = re.compile(r"heading .*\[level=(\d)\]")


@dataclass
class Hour:
    """Walks from the first page by the roles and names of what a person meets; no address is ever typed.

    `pages` are what a browser loaded. Each page also counts for its height, as screens of a phone, and for the words
    that stand above what the person went on with: what somebody reads who skips nothing.
    """

    page: Page
    who: str
    pages: int = 0
    keys: int = 0
    _read: dict[int, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", self._loaded)
        self.page.goto("/")

    def _loaded(self, _page: Page) -> None:
        self.pages += 1

    def begin(self) -> None:
        """Count from here: the person is where the job begins, on a page that is not counted."""
        self.pages = 0
        self._read.clear()

    @property
    def screens(self) -> int:
        """Count the heights of a phone that all pages take together."""
        return sum(math.ceil(height) for height, _words in self._read.values())

    @property
    def words(self) -> int:
        """Count the words that stood above all that was gone for."""
        return sum(words for _height, words in self._read.values())

    def sees(self, thing: Locator) -> Locator:
        """Find something that is shown now, the first of its name, and count what stands above it."""
        shown = thing.filter(visible=True).first
        try:
            shown.wait_for()
        except TimeoutError as error:
            seen = self.page.locator("body").aria_snapshot()
            error.add_note(f"{self.who} is at {self.page.url} and does not see {thing}, but:\n{seen}")
            raise
        height, words = self._read.get(self.pages, (0.0, 0))
        tall = self.page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
        self._read[self.pages] = (max(height, tall), max(words, words_before(shown)))
        return shown

    def reads(self, words: Name) -> Locator:
        """Find words that are shown."""
        return self.sees(self.page.get_by_text(words))

    def heading(self, name: Name) -> Locator:
        """Find a heading."""
        return self.sees(self.page.get_by_role("heading", name=name))

    def follow(self, name: Name, *, inside: Locator | None = None) -> None:
        """Follow a link."""
        self.sees((inside or self.page).get_by_role("link", name=name)).click()

    def press(self, name: Name) -> None:
        """Press a button."""
        self.sees(self.page.get_by_role("button", name=name)).click()

    def unfold(self, words: Name, *, inside: Locator | None = None) -> None:
        """Open what is folded under these words."""
        self.sees((inside or self.page).get_by_text(words)).click()

    def field(self, name: Name) -> Locator:
        """Find what can be typed or chosen under this name."""
        first, *others = (self.page.get_by_role(one, name=name) for one in FIELDS)
        for each in others:
            first = first.or_(each)
        return self.sees(first)

    def choose(self, option: Name, name: Name) -> None:
        """Choose an option of the list of this name, by what it says."""
        box = self.field(name)
        box.select_option(label=box.get_by_role("option", name=option).first.inner_text())

    def become(self, name: str) -> None:
        """Take the part of somebody in the demonstration, as a visitor does, and count from their own first page."""
        self.unfold("Demonstration")
        self.follow("Try it as someone else")
        if not name.startswith("Start as"):
            self.unfold(re.compile(r"^\d+ more people"))
        self.press(name)
        self.begin()

    def key(self, key: str) -> str:
        """Press a key, and give the role and name that a screen reader then says; nothing where nothing is in focus."""
        self.page.keyboard.press(key)
        self.keys += 1
        return self.hears()

    def hears(self) -> str:
        """Give the role and name of what is in focus."""
        there = self.page.locator(":focus")
        return there.aria_snapshot().partition("\n")[0].strip("- :'") if there.count() else ""

    def tabs_to(self, heard: str) -> None:
        """Go on by Tab to what a screen reader calls so."""
        passed = []
        while len(passed) < 30 and (not passed or passed[-1] != heard):
            passed.append(self.key("Tab"))
        assert passed[-1] == heard, f"{self.who} does not come to {heard} at {self.page.url}, but: {passed}"

    def levels(self) -> list[int]:
        """Give the levels of the headings, in their order, as they are read aloud."""
        return [int(one) for one in HEADING.findall(self.page.locator("body").aria_snapshot())]

"""`alongside up --check`: visit pages of every kind, or every page, as everyone and in each role, and say what is wrong."""

import copy
import gzip
import re
import sys
import threading
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import NamedTuple, override
from urllib.parse import SplitResult, urldefrag, urlencode, urljoin, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from alongside.ground.gate.roles import Role
from alongside.site.converters import language_of
from alongside.site.roles import Eyes, every_eyes

#: Where everything is visited, so many of the addresses that differ only in a number (400 entries of a record in four
#: languages say nothing new), and so many of those that differ only in their query.
MOST_NUMBERS, MOST_QUERIES = 12, 4
#: Where everything is visited, a line tells after so many pages how far it is.
A_WHILE = 100
#: So many visit at the same time.
TOGETHER = 4
#: What a public page may weigh in bytes, with what it loads first, as they travel to someone who was never here.
MOST_COLD = 60_000
IN_A_STYLE = re.compile(rb"url\([\"']?(?!data:|#)([^)\"'#?]+)")
NUMBER = re.compile(r"(?<=/)(?:\d+|[0-9a-f-]{12,})(?=[/.]|$)")
#: What a page is made of: a tag with its class, and the name of what is pressed or filled in.
type Part = tuple[str, str, str]


class Page(HTMLParser):
    """What a visit looks at: links, files, headings, title and the people to look through the eyes of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.people: list[str] = []
        self.parts: set[Part] = set()
        self.headings = 0
        self.titled = False
        self._templates = 0
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if self._templates:  # what a template holds is not on the page
            return
        self.parts.add((tag, given.get("class", ""), given.get("name", "")))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in {"script", "img", "source"} and "src" in given:
            self.files.append(given["src"])
        elif tag == "link" and given.get("rel") in {"stylesheet", "icon", "manifest"}:
            self.files.append(given.get("href", ""))
        elif tag == "button" and given.get("name") == "person":
            self.people.append(given.get("value", ""))
        self.headings += tag == "h1"
        self.titled |= tag == "title"

    @override
    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"


class Fetched(NamedTuple):
    """What answered: the bytes that travelled, the same unpacked, of which type, and from which address."""

    travelled: bytes
    body: bytes
    content: str
    final: str


def fetch(address: str, opener: urllib.request.OpenerDirector | None = None) -> Fetched:
    """Fetch as a browser does. Raises HTTPError for an answer that is none, OSError where nothing answers."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Accept-Language": "en"})  # noqa: S310 -- our own site
    with (opener or urllib.request.build_opener()).open(request, timeout=60) as reply:
        travelled, content, final = reply.read(), reply.headers.get_content_type(), reply.geturl()
        is_packed = reply.headers.get("Content-Encoding") == "gzip"
    return Fetched(travelled, gzip.decompress(travelled) if is_packed else travelled, content, final)


def weigh(page: Fetched, get: Callable[[str], Fetched] = fetch) -> dict[str, int]:
    """Give the bytes that travel for a page and for each file that it or its styles load first, by kind."""
    found = {"html": len(page.travelled)}
    ahead = [urljoin(page.final, name) for name in Page(page.body.decode()).files]
    seen = set()
    for file in ahead:
        if file in seen or urlsplit(file).netloc != urlsplit(page.final).netloc:
            continue
        seen.add(file)
        of, kind = get(file), file.rpartition(".")[2]
        found[kind] = found.get(kind, 0) + len(of.travelled)
        ahead += [
            urljoin(file, name.decode()) for name in IN_A_STYLE.findall(of.body if kind == "css" else b"")
        ]
    return found


@dataclass
class Kind:
    """Pages that are alike: how many were visited, of which parts they were made, and whether the last showed a new one."""

    visited: int = 0
    parts: set[Part] = field(default_factory=set)
    is_new: bool = True


@dataclass
class Visitor:
    """Someone who visits what they can reach; nobody in particular without eyes to look through.

    Pages of one address name are a kind. Where their shape depends on where a thing stands, one of each shape is
    visited: another page of a kind is looked at as long as the last one showed a part that none before it had.
    """

    site: str
    stop: threading.Event
    everything: bool
    eyes: Eyes | None = None
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    kinds: defaultdict[str, Kind] = field(default_factory=lambda: defaultdict(Kind))
    left: int = 0
    jar: CookieJar = field(default_factory=CookieJar)
    people: set[str] = field(default_factory=set)
    files: dict[str, Fetched] = field(default_factory=dict)
    pages: int = 0

    @property
    def who(self) -> str:
        """Say in which role it visits."""
        return f"{self.eyes.does}, person {self.eyes.key}" if self.eyes else "everyone"

    def sign_in(self, eyes: Eyes) -> str:
        """Sign in as a person of the demonstration, and give the address of their desk."""
        body = urlencode({"person": eyes.key}).encode()
        request = urllib.request.Request(self.site + "/demonstration/sign-in", body, {"Origin": self.site})  # noqa: S310 -- our own site
        self.eyes = eyes
        try:
            with self._opener().open(request, timeout=60) as reply:
                return str(reply.geturl())
        except OSError as error:
            self._note("/demonstration/sign-in", f"did not let in: {error}")
            return self.site + "/"

    def visit_all(self, first: str) -> None:
        """Follow every link from an address on, until told to stop."""
        ahead = deque([first])
        while ahead and not self.stop.is_set():
            here = ahead.popleft()
            if here in self.seen:
                continue
            self.seen.add(here)
            address = urlsplit(here)
            name = self._kind_of(address)
            if name and self._is_enough(address, name, self.kinds[name]):
                self.left += 1
                continue
            ahead += self._visit(here, self.kinds[name])
            if self.everything and self.pages % A_WHILE == 0:
                say(f"{self.pages} pages as {self.who}; {len({*ahead} - self.seen)} addresses are ahead.")

    def _kind_of(self, address: SplitResult) -> str:
        """Name the kind of an address; nothing where each is visited."""
        alike = NUMBER.sub("#", address.path) + "?" * bool(address.query)
        if self.everything:
            return alike if alike != address.path else ""
        match = found_at(address.path)
        return match.view_name + "?" * bool(address.query) if match else alike

    def _is_enough(self, address: SplitResult, name: str, kind: Kind) -> bool:
        """Say whether enough pages of a kind were visited. A page for everyone is looked at once in each role, a file is the same."""
        if self.everything:
            return kind.visited >= (MOST_QUERIES if name.endswith("?") else MOST_NUMBERS)
        match = found_at(address.path)
        if self.eyes and (match is None or Role.EVERYONE in getattr(match.func, "open_to", ())):
            return kind.visited > 0 or "." in address.path.rpartition("/")[2]
        return kind.visited > 0 and not kind.is_new

    def _visit(self, here: str, kind: Kind) -> list[str]:
        """Fetch one address, note what is wrong, and give the addresses it links to."""
        kind.visited += 1
        kind.is_new = False
        try:
            found = fetch(here, self._opener())
        except urllib.error.HTTPError as error:
            self._note(here, f"answered {error.code}")
            return []
        except OSError as error:
            self._note(here, f"did not answer: {error}")
            return []
        self.pages += 1
        if self.eyes is None and len(self.jar):
            if "/sign-in/" not in here:
                self._note(here, "set a cookie: " + ", ".join(cookie.name for cookie in self.jar))
            self.jar.clear()
        if found.content != "text/html":
            return []
        page = Page(found.body.decode())
        kind.is_new = not page.parts <= kind.parts
        kind.parts |= page.parts
        self.people.update(page.people)
        if self.eyes is None:
            self._weigh(here, found)
        return list(self._read(here, found.final, page))

    def _weigh(self, here: str, page: Fetched) -> None:
        """Note a page that is too heavy."""

        def get(file: str) -> Fetched:
            if file not in self.files:
                self.files[file] = fetch(file, self._opener())
            return self.files[file]

        try:
            weights = weigh(page, get)
        except OSError:  # what it loads and what does not answer is noted where that is visited
            return
        if sum(weights.values()) > MOST_COLD:
            kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weights.items())
            total, most = sum(weights.values()) / 1000, MOST_COLD / 1000
            self._note(here, f"weighs {total:.1f} KB cold ({kinds}); {most:.0f} at most")

    def _read(self, here: str, final: str, page: Page) -> Iterator[str]:
        """Judge a page and give the addresses to visit next."""
        if page.headings != 1 or not page.titled:
            self._note(
                here, f"has {page.headings} h1 and {'a' if page.titled else 'no'} title; it needs one of each"
            )
        for name in page.files + page.links:
            address = urldefrag(urljoin(final, name)).url
            parts = urlsplit(address)
            if f"{parts.scheme}://{parts.netloc}" == self.site:
                if "/sign-out" not in parts.path:
                    yield address
            elif name in page.files and not name.startswith("data:"):
                self._note(here, f"loads a file from elsewhere: {name}")

    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def _note(self, here: str, what: str) -> None:
        if not self.stop.is_set():  # what stops does not answer
            self.wrong.append(f"{here.removeprefix(self.site)} ({self.who}) {what}")
            print(self.wrong[-1], file=sys.stderr, flush=True)  # noqa: T201 -- a command speaks


@cache
def found_at(path: str) -> ResolverMatch | None:
    """Give what answers at a path, in any language, or None."""
    try:
        with translation.override(language_of(path)):
            return resolve(path)
    except Resolver404:
        return None


def check(site: str, stop: threading.Event, *, everything: bool = False) -> int:
    """Visit as everyone and in each role of the demonstration, or with everything as each person; print and give the exit status."""
    everyone = Visitor(site, stop, everything)
    everyone.visit_all(site + "/")
    people = [one for one in every_eyes() if one.key in everyone.people]
    roles = {(one.program.pk, one.viewer.roles, one.invited): one for one in reversed(people)}

    def visit(eyes: Eyes) -> Visitor:
        visitor = Visitor(site, stop, everything)
        first = visitor.sign_in(eyes)
        if everything:  # what everyone has seen is not visited again
            visitor.seen, visitor.kinds = everyone.seen - {first}, copy.deepcopy(everyone.kinds)
        visitor.visit_all(first)
        return visitor

    with ThreadPoolExecutor(TOGETHER) as pool:
        visitors = [everyone, *pool.map(visit, people if everything else roles.values())]
    if stop.is_set():
        say("Stopped before the end.")
        return 1
    count, wrong, left = (
        sum(each) for each in zip(*((one.pages, len(one.wrong), one.left) for one in visitors), strict=True)
    )
    say(
        f"{count} pages visited as everyone and as {len(visitors) - 1} people; {wrong} things wrong."
        f" {left} more that are like these were left out."
    )
    return 1 if wrong else 0


def say(words: str) -> None:
    """Say how far it is."""
    print(words, flush=True)  # noqa: T201 -- a command speaks

"""`alongside up --check`: visit every page as everyone who can sign in, and say what is wrong."""

import gzip
import re
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import override
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

MOST_PAGES = 3000
#: Addresses of one page that differ only in their query; the rest says nothing new.
MOST_QUERIES = 4
#: Addresses that differ only in a number, as the entries of a record do: 400 of them in four languages say nothing new.
MOST_NUMBERS = 12
NUMBER = re.compile(r"(?<=/)(?:\d+|[0-9a-f-]{12,})(?=[/.]|$)")
#: Slashes in the address of a program's home page: http://host/program/lang/.
HOME_DEPTH = 5


class Page(HTMLParser):
    """What a visit looks at: links, files, headings, title and the people to look through the eyes of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.people: list[str] = []
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


@dataclass
class Visitor:
    """Someone who visits every page they can reach; nobody in particular without a `person`."""

    site: str
    who: str = "everyone"
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    #: Of addresses that differ only in a number or in their query, those that were chosen; and what was left out.
    kinds: dict[tuple[str, bool], set[str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    jar: CookieJar = field(default_factory=CookieJar)
    people: list[str] = field(default_factory=list)
    #: Pages that everyone has seen: someone who signed in visits those above which their own pages begin, and no more.
    public: frozenset[str] = frozenset()
    pages: int = 0

    def sign_in(self, person: str) -> None:
        """Sign in as a person of the demonstration."""
        body = urlencode({"person": person}).encode()
        request = urllib.request.Request(self.site + "/demonstration/sign-in", body, {"Origin": self.site})  # noqa: S310 -- our own site
        with self._opener().open(request, timeout=60):
            self.who = f"person {person}"

    def visit_all(self) -> None:
        """Follow every link from the front page."""
        ahead = [self.site + "/"]
        while ahead and self.pages < MOST_PAGES:
            here = ahead.pop()
            if here not in self.seen and (here not in self.public or here.count("/") <= HOME_DEPTH):
                self.seen.add(here)
                ahead += self._visit(here)
        if ahead:
            self._note(
                ahead[-1], f"and more are still to visit after {MOST_PAGES} pages; leave more alike ones out"
            )

    def _visit(self, here: str) -> list[str]:
        """Fetch one address, note what is wrong, and give the addresses it links to."""
        request = urllib.request.Request(here, headers={"Accept-Encoding": "gzip", "Accept-Language": "en"})  # noqa: S310 -- our own site
        try:
            with self._opener().open(request, timeout=60) as reply:
                body, kind, final = reply.read(), reply.headers.get_content_type(), reply.geturl()
                body = gzip.decompress(body) if reply.headers.get("Content-Encoding") == "gzip" else body
        except urllib.error.HTTPError as error:
            self._note(here, f"answered {error.code}")
            return []
        self.pages += 1
        if self.who == "everyone" and len(self.jar):
            if "/sign-in/" not in here:
                self._note(here, "set a cookie: " + ", ".join(cookie.name for cookie in self.jar))
            self.jar.clear()
        return self._read(final, body.decode()) if kind == "text/html" else []

    def _read(self, here: str, html: str) -> list[str]:
        """Judge a page and give the addresses to visit next."""
        page = Page(html)
        self.people = self.people or page.people
        if page.headings != 1 or not page.titled:
            self._note(
                here, f"has {page.headings} h1 and {'a' if page.titled else 'no'} title; it needs one of each"
            )
        for name in page.files:
            if urlsplit(urljoin(here, name)).netloc != urlsplit(self.site).netloc and not name.startswith(
                "data:"
            ):
                self._note(here, f"loads a file from elsewhere: {name}")
        return [found for name in page.links + page.files if (found := self._wanted(here, name))]

    def _wanted(self, here: str, name: str) -> str:
        """Give the whole address of a link that should be visited, or nothing."""
        address = urldefrag(urljoin(here, name)).url
        parts = urlsplit(address)
        mine = f"{parts.scheme}://{parts.netloc}" == self.site
        if not mine or address in self.seen or "/sign-out" in parts.path:
            return ""
        kind = NUMBER.sub("#", parts.path), bool(parts.query)
        if parts.query or kind[0] != parts.path:
            chosen = self.kinds.setdefault(kind, set())
            if address not in chosen and len(chosen) >= (MOST_QUERIES if parts.query else MOST_NUMBERS):
                self.left.add(address)
                return ""
            chosen.add(address)
        return address

    def _opener(self) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def _note(self, here: str, what: str) -> None:
        self.wrong.append(f"{here.removeprefix(self.site)} ({self.who}) {what}")


def check(site: str) -> int:
    """Visit everything as everyone and as each person of the demonstration; print and give the exit status."""
    everyone = Visitor(site)
    everyone.visit_all()
    visitors = [everyone]
    for person in everyone.people:
        chosen = {kind: set(addresses) for kind, addresses in everyone.kinds.items()}
        visitor = Visitor(site, public=frozenset(everyone.seen), kinds=chosen)
        visitor.sign_in(person)
        visitor.visit_all()
        visitors.append(visitor)
    wrong = [line for visitor in visitors for line in visitor.wrong]
    for line in wrong:
        print(line, file=sys.stderr)  # noqa: T201 -- a command speaks
    count = sum(visitor.pages for visitor in visitors)
    alike = len(set().union(*(visitor.left for visitor in visitors)))
    print(  # noqa: T201 -- a command speaks
        f"{count} pages visited as everyone and as {len(visitors) - 1} people; {len(wrong)} things wrong."
        f" {alike} more that differ only in a number or a query were left out."
    )
    return 1 if wrong else 0

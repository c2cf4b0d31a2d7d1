"""What must hold of every page, and a client that checks it of each page it fetches."""

import functools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from justhtml import JustHTML

from tests.support.writes import nothing_is_asked_while_rendering, only_actions_write

RESOURCES = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "link": "href",
}
POINTERS = (
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-errormessage",
    "for",
    "form",
    "headers",
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DATA_SCRIPTS = {"application/json", "application/ld+json"}
OWN_HOSTS = {"", "testserver", "localhost", "127.0.0.1"}


def words_of(node: Any) -> str:
    """Give a node's text with single spaces."""
    return " ".join(node.to_text().split())


def faults(html: str) -> list[str]:
    """List what is wrong with a page, each with its cure; an empty list is a good page."""
    return list(_faults(re.sub(r'(name="(?:csrfmiddlewaretoken|nonce)" value=")[^"]*', r"\1", html)))


def nonce_of(page: HttpResponse) -> str:
    """Give the nonce of the last form on a page, as a browser sends it back; a page without one has nothing to press."""
    return re.findall(r'name="nonce" value="([^"]+)"', page.content.decode())[-1]


@functools.lru_cache(maxsize=4096)
def _faults(html: str) -> tuple[str, ...]:
    """Do it once for each page: what the probes of every address are shown is mostly the same."""
    page = JustHTML(html, sanitize=False, collect_errors=True)
    nodes = page.query("*")  # once, for all that is looked for: a query of its own for each takes half a test
    return (
        *(f"line {e.line}: {e.message}; write valid HTML." for e in page.errors),
        *_unclosed(html),
        *_unfilled(html),
        *_heading(nodes),
        *_ids(nodes),
        *_language(nodes),
        *_inline(nodes),
        *_strangers(nodes),
        *_tables(nodes),
    )


def without_address(html: str, path: str) -> str:
    """Take out of a page that nobody is let in to where it stands: all such pages are then one, and looked at once."""
    _, _, here = path.strip("/").partition("/")
    return html.replace(here.partition("/")[2], "address") if here.count("/") > 1 else html


def _with(nodes: list[Any], attribute: str, name: str | None = None) -> list[Any]:
    """Choose the nodes that have an attribute, of one name of element or of any."""
    return [one for one in nodes if attribute in one.attrs and name in {None, one.name}]


class _Nesting(HTMLParser):
    """Follows opening and closing tags; the parser of pages forgives a missing one, we do not."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, int]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Remember an element that must be closed."""
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """Let `<path/>` pass."""

    def handle_endtag(self, tag: str) -> None:
        """Close up to the element named; what stood open inside it was never closed."""
        if tag not in [name for name, _ in self.open]:
            self.found.append(f"</{tag}> on line {self.getpos()[0]} closes nothing; take it out.")
            return
        while (last := self.open.pop())[0] != tag:
            self.found.append(f"<{last[0]}> on line {last[1]} is never closed; close it before </{tag}>.")


def _unclosed(html: str) -> list[str]:
    nesting = _Nesting()
    nesting.feed(html)
    nesting.close()
    return [
        *nesting.found,
        *(f"<{name}> on line {line} is never closed; close it." for name, line in nesting.open),
    ]


def _unfilled(html: str) -> list[str]:
    """Find where a sentence lacks the number that its view did not give it: two spaces stand in its place."""
    left_out = re.findall(r"\S+  (?:days|minutes)\b", html)
    return [f"A number lacks in {one!r}; give it to the template." for one in left_out]


def _is_asleep(node: Any) -> bool:
    """Say whether a template holds it: that is not on the page yet."""
    return any(one.name == "template" for one in _around(node))


def _heading(nodes: list[Any]) -> list[str]:
    headings = [one for one in nodes if one.name == "h1" and not _is_asleep(one)]
    titles = [one for one in nodes if one.name == "title" and one.parent.name == "head"]
    if len(headings) != 1:
        return [f"{len(headings)} h1 instead of 1; give the page one heading that says what it is."]
    if len(titles) != 1:
        return [f"{len(titles)} title elements instead of 1; fill the block title."]
    heading, title = words_of(headings[0]), words_of(titles[0])
    if not heading:
        return ["The h1 is empty; say what the page is."]
    if any(
        one.attrs["role"] == "alert" for one in _with(nodes, "role")
    ):  # a page with problems says so first: "Problem: ..."
        title = title.split(": ", 1)[-1] if not title.startswith(heading) else title
    return (
        []
        if title.startswith(heading)
        else [f"The title {title!r} does not begin with the h1 {heading!r}; begin it so."]
    )


def _ids(nodes: list[Any]) -> list[str]:
    ids = [n.attrs["id"] for n in _with(nodes, "id")]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    found = [f"The id {i!r} stands twice; give each element its own." for i in twice]
    for attribute in POINTERS:
        for node in _with(nodes, attribute):
            missing = [i for i in (node.attrs[attribute] or "").split() if i not in ids]
            found += [
                f"<{node.name} {attribute}> points to #{i}, which is not on the page; add it or drop it."
                for i in missing
            ]
    for node in _with(nodes, "href", "a"):
        href = node.attrs["href"] or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            found.append(f"A link goes to {href}, which is not on the page; add that id.")
    return found


def _language(nodes: list[Any]) -> list[str]:
    root = next(one for one in nodes if one.name == "html").attrs
    found = [] if root.get("lang") else ["<html> has no lang; set it from the request."]
    return found if root.get("dir") in {"ltr", "rtl"} else [*found, "<html> has no dir; set ltr or rtl."]


def _inline(nodes: list[Any]) -> list[str]:
    found = [f"<{n.name} style> is inline; the CSP drops it. Use a class." for n in _with(nodes, "style")]
    for node in nodes:
        if node.name == "style":
            found.append("A <style> element is inline; the CSP drops it. Use the stylesheet.")
        if node.name == "script" and "src" not in node.attrs and node.attrs.get("type") not in DATA_SCRIPTS:
            found.append("A <script> is inline; the CSP drops it. Make it an island.")
        found += [
            f"<{node.name} {a}> is inline script; the CSP drops it. Make it an island."
            for a in node.attrs
            if re.match(r"on[a-z]+$", a)
        ]
    return found


def _strangers(nodes: list[Any]) -> list[str]:
    found = []
    for name, attribute in RESOURCES.items():
        for node in _with(nodes, attribute, name):
            if name == "link" and node.attrs.get("rel") in {"canonical", "alternate"}:
                continue
            address = urlsplit(node.attrs[attribute] or "")
            if (address.hostname or "") not in OWN_HOSTS:
                found.append(f"<{name}> asks {address.hostname} for something; serve it ourselves.")
    return found


def _tables(nodes: list[Any]) -> list[str]:
    return [
        "A table has no caption and no aria-labelledby; say what it shows."
        for table in nodes
        if table.name == "table"
        and not table.query("caption")
        and not {"aria-labelledby", "aria-label"} & set(table.attrs)
    ]


def _far_from_help(response: HttpResponse) -> list[str]:
    """Say so where a page does not lead to help: that of its program, else where that of each program is."""
    program, html = getattr(response.wsgi_request, "program", None), response.content.decode()
    there = rf"/{program.slug}/[\w-]+/help/" if program else r"[^\"]+"
    if re.search(rf'<a href="{there}" rel="help">', html):
        return []
    return ["The page does not lead to help; build it on a base template of look."]


def left_to_scripts(html: str) -> list[str]:
    """List what of a page is of no use where no script runs. Printing is left out: every browser does it too."""
    nodes = [one for one in JustHTML(html, sanitize=False).query("*") if not _is_asleep(one)]
    found = []
    for node in nodes:
        form = _form_of(node, nodes)
        if node.name == "form" and not (node.attrs.get("method") and _sends(node, nodes)):
            found.append("a form without a method or a button that sends it")
        elif node.name in {"input", "select", "textarea"} and node.attrs.get("type") != "hidden":
            found += (
                [f"the field {node.attrs.get('name', '')!r}"]
                if form is None or _is_hidden(node.parent)
                else []
            )
        elif node.name == "button" and node.attrs.get("data-does") != "print":
            found += [f"the button {words_of(node)!r}"] if form is None or _is_plain(node) else []
        elif node.name in {"form", "section", "ul", "ol", "dl", "table", "details", "h1", "h2", "h3"}:
            found += [f"a hidden {node.name}"] if _is_hidden(node) else []
    return found


def without_scripts(html: str) -> str:
    """Give what a page says where no script runs; nothing where it says nothing."""
    notes = JustHTML(html, sanitize=False).query("noscript")
    return " ".join(words_of(one) for one in notes if not _is_hidden(one))


def _form_of(node: Any, nodes: list[Any]) -> Any:
    """Give the form that a field or a button belongs to: the one it names, else the one around it."""
    named = node.attrs.get("form")
    if named:
        return next((one for one in nodes if one.name == "form" and one.attrs.get("id") == named), None)
    return next((one for one in _around(node) if one.name == "form"), None)


def _sends(form: Any, nodes: list[Any]) -> bool:
    """Say whether a button that everybody sees sends a form."""
    buttons = (one for one in nodes if one.name == "button" and not _is_plain(one) and not _is_hidden(one))
    return any(_form_of(one, nodes) is form for one in buttons)


def _is_plain(button: Any) -> bool:
    return button.attrs.get("type") == "button"


def _is_hidden(node: Any) -> bool:
    return any("hidden" in (one.attrs or {}) for one in _around(node))


def _around(node: Any) -> Iterator[Any]:
    """Give a node and all that it stands in, the nearest first."""
    while node is not None:
        yield node
        node = node.parent


def may_set_cookies(response: HttpResponse) -> bool:
    """Say whether a page may set a cookie for somebody not signed in: only the ways to sign in may."""
    path = response.wsgi_request.path
    if "/sign-in/" in path:
        return True
    try:
        with translation.override(translation.get_language_from_path(path) or "en"):
            match = resolve(path)
    except Resolver404:
        match = None
    if match is None:
        return False
    return match.func.__module__.startswith("allauth.") or getattr(match.func, "sets_cookies", False)


class CheckingClient(Client):
    """Django's client; every page it fetches must be a good page, only actions may write, templates may not read."""

    def request(self, **request: Any) -> HttpResponse:
        """Fetch, and fail with the page's faults if it has any."""
        with only_actions_write(), nothing_is_asked_while_rendering():
            response = super().request(**request)
        where = f"{request.get('REQUEST_METHOD')} {request.get('PATH_INFO')} ({response.status_code})"
        if (
            response.get("content-type", "").startswith("text/html")
            and not response.streaming
            and response.content
        ):
            html = response.content.decode()
            if response.status_code in {403, 404}:
                html = without_address(html, request["PATH_INFO"])
            found = faults(html) + _far_from_help(response)
            assert not found, f"{where}:\n  " + "\n  ".join(found)
        if "_auth_user_id" not in self.session_without_making_one() and not may_set_cookies(response):
            given = sorted(
                name for name, one in response.cookies.items() if one.value
            )  # an empty one takes away
            assert not given, (
                f"{where} sets the cookies {given} for somebody not signed in; pages for residents set none."
            )
        return response

    def session_without_making_one(self) -> dict[str, Any]:
        """Give the session's values if there is one (Client.session would make one)."""
        from django.conf import settings

        return dict(self.session) if settings.SESSION_COOKIE_NAME in self.cookies else {}


@pytest.fixture
def site_client(db: None) -> CheckingClient:
    """Give a client, signed in as nobody, that checks every page it fetches."""
    return CheckingClient()


@pytest.fixture
def new_site_client(db: None) -> type[CheckingClient]:
    """Give the class, for tests with several people: `ana = new_site_client(); ana.force_login(person)`."""
    return CheckingClient

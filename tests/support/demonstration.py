"""The demonstration, built once for a run and copied for each test that asks for it; and walks through its pages."""

import dataclasses
import functools
import pickle
import re
import shutil
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.support.acts import STORIES
from tests.support.databases import once_a_run, pointed_at, with_name

SAME = 2  # pages of one address pattern that are visited; more of the same say nothing new


@dataclasses.dataclass(frozen=True)
class Built:
    """The demonstration as it was built: its database, the folder of its keys, its story with the leads' secrets.

    `secret` is the server's, to which what somebody pressed is bound.
    """

    file: Path
    keys: Path
    story: Any
    secret: str


@pytest.fixture(scope="session")
def demonstration_template(
    sqlite_template: dict[str, Any], django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """Build the demonstration in a copy of the empty template: once a run, by the worker that asks first.

    It is built for today, because pages look at the clock.
    """
    folder = Path(sqlite_template["NAME"]).with_name("demonstration")
    with django_db_blocker.unblock():
        built = once_a_run(tmp_path_factory, "demonstration", functools.partial(_build, sqlite_template))
    shutil.copytree(built, folder)
    story = pickle.loads((folder / "story").read_bytes())
    STORIES.append(weakref.ref(story))
    return Built(folder / "demonstration.sqlite3", folder / "keys", story, (folder / "secret").read_text())


def _build(template: dict[str, Any], folder: Path) -> None:
    """Fill a folder with the demonstration: its database, its keys, its secret, and last its story."""
    from alongside.site.demo.programs import build

    shutil.copyfile(template["NAME"], folder / "demonstration.sqlite3")
    before = django_settings.ALONGSIDE
    django_settings.ALONGSIDE = dataclasses.replace(before, keys=folder / "keys")
    try:
        with pointed_at(with_name(template, folder / "demonstration.sqlite3")):
            story = build(now=datetime.now(tz=UTC))
    finally:
        django_settings.ALONGSIDE = before
    (folder / "secret").write_text(django_settings.SECRET_KEY)
    (folder / "story").write_bytes(pickle.dumps(story))


@pytest.fixture
def demonstration(db: None, demonstration_template: Built, settings: Any, tmp_path: Path) -> Built:
    """Fill the test's database and keys with a copy of the demonstration, and take the secret of whoever built it."""
    shutil.copytree(demonstration_template.keys, tmp_path / "keys")
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    settings.SECRET_KEY = demonstration_template.secret
    connections["default"].close()
    shutil.copyfile(demonstration_template.file, connections.settings["default"]["NAME"])
    return demonstration_template


class Walk:
    """Follows links from a page on; `pages` maps each address to the name of its pattern, `wrong` holds the faults."""

    def __init__(self, client: Client, who: str, lang: str) -> None:
        self.client, self.who, self.lang = client, who, lang
        self.pages: dict[str, str] = {}  # pages that people read; files are visited and left out
        self.mains: dict[str, str] = {}  # the main part of each page, without its one-time tokens
        self.htmls: dict[str, str] = {}
        self.wrong: list[str] = []
        self._count: dict[tuple[str, str], int] = {}

    def go(self, *starts: str) -> "Walk":
        """Visit what can be reached, a few pages of each pattern in each program and language."""
        ahead, seen = list(starts), set()
        while ahead:
            here = ahead.pop(0)
            if here not in seen and f"/{self.lang}/" in here:
                seen.add(here)
                ahead += self._visit(here, name) if (name := self._name(here)) else []
        return self

    def _name(self, here: str) -> str:
        try:
            with translation.override(here.split("/")[1] if "/accounts/" in here else "en"):
                match = resolve(urlsplit(here).path)
        except Resolver404:
            self.wrong.append(f"{here} ({self.who}) is linked and has no page; correct the link.")
            return ""
        if "logout" in match.view_name or "sign_out" in match.view_name or "download" in match.view_name:
            return ""
        place = "/".join(here.split("/")[1:3])
        self._count[(match.view_name, place)] = seen = self._count.get((match.view_name, place), 0) + 1
        return match.view_name if seen <= SAME else ""

    def _visit(self, here: str, name: str) -> list[str]:
        try:
            response = self.client.get(here)
        except AssertionError as error:
            self.wrong.append(f"{here} ({self.who}): {error}")
            return []
        if response.status_code in {301, 302}:
            return [urldefrag(urljoin(here, response["Location"])).url]
        if response.status_code != 200:
            self.wrong.append(
                f"{here} ({self.who}) is linked and answers {response.status_code}; correct the link or the page."
            )
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            return []
        html = response.content.decode()
        self.pages[here], self.mains[here], self.htmls[here] = name, main_of(html), html
        links = re.findall(r"<a\b[^>]*?\shref=\"([^\"]*)\"", html)
        return [
            urldefrag(urljoin(here, link.replace("&amp;", "&"))).url
            for link in links
            if not re.match(r"[a-z]+:|//|#", link)
        ]


def main_of(html: str) -> str:
    """Give the main part of a page without its one-time tokens, so that equal mains show the same."""
    main = re.search(r"<main\b.*</main>", html, re.DOTALL)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main[0] if main else html)

"""`alongside publish`: what everyone can read, as plain files that lead to each other, and a record that is checked without the site."""

import dataclasses
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError
from django.db import connection

from alongside.chain.reader.views.own import reader_file
from alongside.core.grammar.releases import READER
from alongside.ground.record.actions.heads import sign_head
from alongside.site.publishing import name_of, own, publish
from tests.support.remembering import this_hour
from tests.support.thread import Thread

SECRET = "a draft that only its leads may read"


@pytest.fixture
def thread(db, settings, tmp_path: Path) -> Thread:
    """Give a signed record with an open engagement, and a draft that is nobody else's."""
    keys = tmp_path / "keys"
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=keys)
    settings.DATA, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    thread = Thread(now=this_hour() - timedelta(days=1)).to_open_engagement()
    thread.draft_engagement(slug="not-yet", words={"en": {"title": SECRET}, "es": {"title": SECRET}})
    sign_head(program=thread.program, now=thread.now)
    return thread


@dataclasses.dataclass
class Published:
    """A folder that was filled once, for all tests here that only look; and how many entries the record had."""

    folder: Path
    entries: int


@pytest.fixture(scope="module")
def kept() -> list[Published]:
    """Keep what was published once."""
    return []


@pytest.fixture
def published(kept: list[Published], request, tmp_path_factory) -> Published:
    """Give what was published; the first that asks publishes."""
    if not kept:
        thread = request.getfixturevalue("thread")
        folder = tmp_path_factory.mktemp("archive") / "published"
        publish(folder, print)
        kept.append(Published(folder, len(thread.entries())))
    return kept[0]


def pages(folder: Path) -> dict[str, str]:
    """Give every page; the reader is none, but a file that stands as it is."""
    found = [one for one in folder.rglob("*.html") if one.name != READER]
    return {one.relative_to(folder).as_posix(): one.read_text("utf-8") for one in found}


def links(html: str) -> list[str]:
    found = [unescape(one) for one in re.findall(r'<[^>]*\s(?:href|src)="([^"]*)"', html)]
    return [one for one in found if not re.match(r"[a-z]+:|#", one)]


def test_the_reader_stands_there_byte_for_byte_so_that_any_web_server_gives_it_to_leads(published):
    assert (published.folder / "riverbend" / "record" / READER).read_bytes() == reader_file()


def test_every_link_leads_to_a_file_that_is_there(published):
    folder = published.folder
    found = pages(folder)
    assert {"index.html", "riverbend/en/index.html", "riverbend/es/record/index.html"} <= found.keys()
    lost = [
        (name, link)
        for name, html in found.items()
        for link in links(html)
        if not ((folder / name).parent / unquote(urlsplit(link).path)).resolve().is_file()
    ]
    assert lost == []


def test_each_entry_has_its_page_and_each_signed_one_its_proof(published):
    folder = published.folder / "riverbend"
    lacking = [
        name
        for index in range(published.entries)
        for name in (
            f"en/record/{index}/index.html",
            f"es/record/{index}/index.html",
            f"record/entries/{index}.tlog-proof",
        )
        if not (folder / name).is_file()
    ]
    assert lacking == []


def test_it_reads_in_a_browser_from_the_disk_and_nothing_can_be_sent(published, page):
    refused: list[str] = []
    page.on("requestfailed", lambda one: refused.append(one.url))
    page.goto((published.folder / "index.html").as_uri())
    page.wait_for_url("**/riverbend/en/index.html")
    page.locator("main a[href*='engagements/']").first.click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator("main .done").first.inner_text().startswith("This is a copy of ")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "block"
    assert refused == []
    assert page.get_by_role("group", name="Do you use the library?").is_visible()
    for name, html in pages(published.folder).items():
        assert "<script" not in html, name
        assert re.findall(r"<(?:input|textarea|select|button)\b(?! disabled)[^>]*>", html) == [], name


def test_the_record_holds_without_the_site_by_the_program_that_lies_beside_it(published, tmp_path):
    line = next(
        one
        for one in (published.folder / "README.txt").read_text().splitlines()
        if one.startswith("    python3 ")
    )
    words = line.replace("'", "").split()[1:]
    given = {"HOME": str(tmp_path), "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, "-P", *words], cwd=published.folder, env=given, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing wrong was found in the record ")


def test_it_says_what_it_is_with_the_hash_of_each_file(published):
    folder = published.folder
    about = json.loads((folder / "published.json").read_text())
    here = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    assert about["files"].keys() == here - {"published.json", "README.txt"}
    wrong = [
        one for one, told in about["files"].items() if sha256((folder / one).read_bytes()).hexdigest() != told
    ]
    assert wrong == []
    (record,) = about["records"]
    assert (record["program"], record["size"]) == ("riverbend", published.entries)


def test_what_is_not_everyone_s_is_not_in_it(published):
    names = [one.relative_to(published.folder).as_posix() for one in published.folder.rglob("*")]
    assert [
        one
        for one in names
        if re.search(r"accounts|/drafts|/unit|/steward|/people|sign-in|engagements/not-yet", one)
    ] == []
    assert not any(SECRET in html for html in pages(published.folder).values())


def test_a_record_that_does_not_hold_is_not_published_and_the_last_publication_stays(thread, tmp_path):
    folder = earlier(tmp_path)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as owner, owner:
        for (trigger,) in owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            owner.execute(f'DROP TRIGGER "{trigger}"')
        changed = owner.execute("""UPDATE record_logentry SET raw = raw || ' ' WHERE "index" = 3""")
    assert changed.rowcount == 1
    with pytest.raises(CommandError, match="Nothing was published. The record of riverbend: "):
        publish(folder, print)
    assert [one.name for one in folder.iterdir()] == ["published.json"]


def test_a_publication_takes_the_place_of_an_earlier_one_and_of_nothing_else(db, tmp_path, settings):
    settings.DATA, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    folder = earlier(tmp_path)
    (folder / "gone.html").write_text("of a release before")
    publish(folder, print)
    assert ((folder / "gone.html").exists(), (folder / "index.html").exists()) == (False, True)
    assert sorted(one.name for one in tmp_path.glob("published*")) == ["published"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="holds something else"):
        publish(tmp_path / "other", print)


def earlier(folder: Path) -> Path:
    """Give a folder that holds an earlier publication."""
    made = folder / "published"
    made.mkdir()
    (made / "published.json").write_text("{}")
    return made


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/delta/en/record/?page=2", "/delta/en/record/?page=2"),
        ("/delta/en/record/?before=340", "/delta/en/record/?before=340"),
        ("/delta/en/record/?kind=ask&page=2", "/delta/en/record/"),
        ("https://elsewhere.example.org/delta/", ""),
        ("mailto:someone@example.org", ""),
        ("tel:+15035550100", ""),
    ],
)
def test_an_address_is_ours_or_not(address, kept):
    assert own(address) == kept


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("/", "text/html", "index.html"),
        ("/delta/en/record/?page=2", "text/html", "delta/en/record/index-page-2.html"),
        ("/delta/record/checkpoint", "text/plain", "delta/record/checkpoint"),
        ("/delta/en/owed/owed.csv", "text/csv", "delta/en/owed/owed.csv"),
        ("/delta/en/materials/bill/1/file", "application/pdf", "delta/en/materials/bill/1/file.pdf"),
    ],
)
def test_a_file_has_a_name_by_which_a_server_knows_its_type(address, kind, name):
    assert name_of(address, kind) == name

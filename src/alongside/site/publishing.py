"""`alongside publish DIR`: the records, what everyone can read, and the files of the pages, as plain files: for any web server, and as the archive.

Pages are read as everyone reads them. Links lead from file to file, so that a browser reads them from a disk, too. Nothing can be sent from there: no
script is kept, and what one would fill in is disabled. The records are checked while they are copied; one that does not hold is not published.
"""

import hashlib
import json
import posixpath
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape, unescape
from importlib.metadata import version
from mimetypes import guess_extension
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import MissingError, SavingSource, SourceError
from alongside.check.state import State
from alongside.core.entries import GrammarError
from alongside.core.grammar.releases import READER
from alongside.core.ledger.hashing import LedgerError
from alongside.ground.gate.roles import Role
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program
from alongside.ground.record.machine import VERIFIER
from alongside.ground.record.signing import SigningKeyError, vkey
from alongside.ground.ui.days import day_in_words
from alongside.site.checking import found_at
from alongside.site.converters import language_of
from alongside.site.starting import collect

#: What is in a folder that we may put another publication in place of.
ABOUT = "published.json"
README = "README.txt"
#: Links with these turn a page, or lead to one list or bureau. Pages of other queries choose and sort what is on the page without.
KEPT_QUERIES = frozenset({"page", "before", "list", "unit"})
#: Pages on which people only sign in, look up what is theirs, or try the demonstration.
LEFT_OUT = re.compile(
    r"^(account_|mfa_|receipts:|demonstration|health$|live$|ready$|metrics$|robots$|security$)"
)
#: Beside the files by which a record is checked: the verifier, and the reader with which leads read and sign anywhere.
BESIDE = ("vkey", "marks", VERIFIER, READER)
TAG = re.compile(r"<(?:a|area|link|img|source|audio|video|track|use|image)\b[^<>]*>")
LINK = re.compile(r'\s(href|src|poster)="([^"<>]*)"')
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
CONTROL = re.compile(r"<(?:input|textarea|select|button)\b")
#: The questions of an engagement show once a script ran; here they are read, and not answered.
UNSHOWN, SHOWN = " data-form hidden", " data-form"
MAIN = re.compile(r"<main\b[^>]*>")
ON = '<!doctype html><meta charset="utf-8"><title>Alongside</title><meta http-equiv="refresh" content="0; url={0}"><a href="{0}">Alongside</a>'
OK, MOVED, BROKEN = 200, (301, 302, 303), 500
HTML = "text/html"
PACKED = frozenset({".gz", ".br"})
#: After so many addresses a line tells how far it is.
A_WHILE = 500

#: What a folder says to whoever finds it, once the site is gone.
WORDS = """What {address} showed to everyone on {day}, as plain files.

Read it: open index.html in a browser, from here or from any web server.

Check it: each record below was signed as it grew, by a key that must be the one you know. With Python and its package cryptography:

{lines}

Each file's SHA-256 is in {about}. Nothing can be sent from these pages.

Leads read and sign with {reader} in the folder of a record: a file that asks nobody. The record names its SHA-256.
"""


class Reader:
    """Reads the site as everyone does, in this process; nothing needs to serve."""

    def __init__(self) -> None:
        parts = urlsplit(settings.ALONGSIDE.address)
        self.client = Client(raise_request_exception=False, SERVER_NAME=parts.hostname or "localhost")
        self.is_secure = parts.scheme == "https"

    def get(self, address: str) -> tuple[int, str, str, bytes]:
        """Give status, type, where it leads and the content of an address."""
        reply = self.client.get(address, secure=self.is_secure)
        self.client.cookies.clear()
        content = b"".join(reply)
        kind = str(reply.headers.get("Content-Type", "")).partition(";")[0]
        return reply.status_code, kind, str(reply.headers.get("Location", "")), content


class ProgramSource:
    """Gives the files of a program's record, as the site gives them."""

    is_mirror = False

    def __init__(self, reader: Reader, program: Program) -> None:
        self.reader = reader
        self.address = f"{settings.ALONGSIDE.address}/{program.slug}/record"
        self.path = f"/{program.slug}/record"

    def get(self, path: str) -> bytes:
        """Read one file."""
        status, _kind, _to, content = self.reader.get(f"{self.path}/{path}")
        if status != OK:
            kind = MissingError if status == 404 else SourceError  # noqa: PLR2004 -- the HTTP status of what is not there
            raise kind(f"{self.path}/{path} answers with {status}.")
        return content


@dataclass
class Archive:
    """A folder that is filled; `files` says under which name each address is kept, `moved` which address leads on to which."""

    folder: Path
    reader: Reader
    files: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def keep(self, name: str, content: bytes) -> None:
        """Write one file."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def crawl(self, *starts: str, tell: Callable[[str], None]) -> None:
        """Follow every link that everyone can follow, from some addresses on."""
        ahead, seen = deque(starts), set[str]()
        while ahead:
            here = ahead.popleft()
            if here not in seen:
                seen.add(here)
                ahead += self._visit(here)
                if len(seen) % A_WHILE == 0:
                    tell(f"{len(self.pages)} pages; {len({*ahead} - seen)} addresses are ahead.")

    def _visit(self, here: str) -> list[str]:
        """Keep what is at an address, and give the addresses it leads to."""
        if not is_everyones(here):
            return []
        status, kind, to, content = self.reader.get(here)
        if status in MOVED:
            self.moved[here] = there = own(urljoin(here, to))
            return [there]
        if status >= BROKEN:
            self.broken.append(f"{here} answers with {status}")
        if status != OK:
            return []
        self.files[here] = name = name_of(here, kind)
        self.keep(name, content)
        if kind != HTML:
            return []
        self.pages.append(here)
        tags = "".join(TAG.findall(content.decode()))
        found = (own(urljoin(here, unescape(link))) for _name, link in LINK.findall(tags))
        return [one for one in found if one]

    def lead(self, day: date) -> None:
        """Let the links of every page lead to files, take scripts out, disable what one would fill in, and say on each page what it is."""
        for here in self.pages:
            file = self.folder / self.files[here]
            with translation.override(language_of(here) or settings.LANGUAGE_CODE):
                file.write_text(self._led(here, file.read_text("utf-8"), day), "utf-8")
        for here in self.moved:
            there = self._place(own(here), of := name_of(here, HTML))
            if there and not (self.folder / of).exists():
                self.keep(of, ON.format(escape(there)).encode())

    def _led(self, here: str, html: str, day: date) -> str:
        """Give a page as it stands in the folder."""

        def led(found: re.Match[str]) -> str:
            target = urljoin(here, unescape(found[2]))
            if not (address := own(target)):
                return found[0]
            place = self._place(address, self.files[here])
            after = urlsplit(target).fragment
            return f' {found[1]}="{escape(place + f"#{after}" * bool(after))}"' if place else ""

        words = _("This is a copy of %(day)s. Nothing can be sent from it.") % {"day": day_in_words(day)}
        html = CONTROL.sub(
            lambda one: f"{one[0]} disabled", SCRIPT.sub("", TAG.sub(lambda tag: LINK.sub(led, tag[0]), html))
        ).replace(UNSHOWN, SHOWN)
        return MAIN.sub(
            lambda one: f'{one[0]}<div class="wrap"><p class="done">{words}</p></div>', html, count=1
        )

    def _place(self, address: str, of: str) -> str:
        """Say where an address is kept, as seen from the file `of`; empty where it is not."""
        for _step in range(5):
            address = self.moved.get(address, address)
        kept = self.files.get(address) or self.files.get(urlsplit(address).path)
        if kept is None and address.startswith(settings.STATIC_URL):
            kept = address.lstrip("/")
        return quote(posixpath.relpath(kept, posixpath.dirname(of) or ".")) if kept else ""


def own(address: str) -> str:
    """Give path and kept query of an address of this site; empty where it is another's, or no address of a page."""
    parts = urlsplit(address)
    site = urlsplit(settings.ALONGSIDE.address)
    if (parts.scheme, parts.netloc) not in {("", ""), (site.scheme, site.netloc)} or not parts.path:
        return ""
    keeps = bool(parts.query) and {key for key, _value in parse_qsl(parts.query)} <= KEPT_QUERIES
    return f"{parts.path}?{parts.query}" if keeps else parts.path


def is_everyones(here: str) -> bool:
    """Say whether an address is a page or a file that everyone can read."""
    match = found_at(urlsplit(here).path)
    return (
        match is not None
        and Role.EVERYONE in getattr(match.func, "open_to", ())
        and not LEFT_OUT.match(match.view_name)
    )


def name_of(here: str, kind: str) -> str:
    """Name the file in which an address is kept."""
    parts = urlsplit(here)
    path = parts.path.strip("/")
    if kind == HTML:
        which = re.sub(r"[^0-9a-z]+", "-", f"index {parts.query}".strip())
        return posixpath.join(path, f"{which}.html")
    is_named = "/record/" in parts.path or "." in posixpath.basename(path)
    return path if is_named else f"{path}{guess_extension(kind) or ''}"


def publish(folder: Path, tell: Callable[[str], None]) -> None:
    """Fill a folder, and put it in place of the last publication once all of it is there.

    Raises CommandError where a record does not hold, a page is broken, or the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / ABOUT).exists():
        raise CommandError(
            f"{folder} holds something else. Name a new folder, or one of an earlier publication."
        )
    today = datetime.now(tz=UTC).date()
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    archive = Archive(part, Reader())
    records = [_record(archive, program, today) for program in every_program()]
    archive.crawl("/", tell=tell)
    if archive.broken:
        raise CommandError(f"Nothing was published. Correct these first: {'; '.join(archive.broken)}.")
    archive.lead(today)
    _files(part)
    count = _about(part, records, today)
    if folder.exists():
        shutil.rmtree(folder.with_name(f"{folder.name}.old"), ignore_errors=True)
        folder.rename(folder.with_name(f"{folder.name}.old"))
    part.rename(folder)
    shutil.rmtree(folder.with_name(f"{folder.name}.old"), ignore_errors=True)
    tell(
        f"{len(archive.pages)} pages and {count - len(archive.pages)} other files are in {folder}; {len(records)} records hold."
    )


def _record(archive: Archive, program: Program, today: date) -> dict[str, Any]:
    """Copy a program's record while it is checked, and say what it is."""
    source = ProgramSource(archive.reader, program)
    folder = archive.folder / program.slug / "record"
    with tempfile.TemporaryDirectory() as seen:
        try:
            saving = SavingSource(source, folder)
            checked = verify_record(saving, state=State(Path(seen) / "seen"), today=today, vkey=vkey(program))
            saving.keep()
            for name in BESIDE:
                archive.keep(f"{program.slug}/record/{name}", source.get(name))
        except (SourceError, RecordError, GrammarError, LedgerError, SigningKeyError) as error:
            raise CommandError(f"Nothing was published. The record of {program.slug}: {error}") from error
    size = checked.log.head.size
    return {"program": program.slug, "origin": program.origin, "size": size, "vkey": checked.key.vkey}


def _files(folder: Path) -> None:
    """Copy the styles, pictures and scripts, each under the name that pages use."""
    collect()
    hashed = set(getattr(staticfiles_storage, "hashed_files", {}).values())
    for file in settings.STATIC_ROOT.rglob("*"):
        name = file.relative_to(settings.STATIC_ROOT).as_posix()
        if file.is_file() and (
            name in hashed if hashed else file.suffix not in PACKED and file.name[0] != "."
        ):
            target = folder / settings.STATIC_URL.strip("/") / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _about(folder: Path, records: list[dict[str, Any]], today: date) -> int:
    """Say what the folder is, for people and for machines; give how many files it holds."""
    files = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                files[file.relative_to(folder).as_posix()] = hashlib.file_digest(opened, "sha256").hexdigest()
    address = settings.ALONGSIDE.address
    lines = "\n".join(
        f"    python3 {one['program']}/record/{VERIFIER} record {one['program']}/record --vkey '{one['vkey']}'"
        for one in records
    )
    words = WORDS.format(address=address, day=today, lines=lines, about=ABOUT, reader=READER)
    (folder / README).write_text(words, encoding="utf-8")
    about = {
        "address": address,
        "day": today.isoformat(),
        "release": version("alongside"),
        "records": records,
        "files": files,
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return len(files)

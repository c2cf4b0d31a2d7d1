"""Where a record is read from: an http(s) address, or a folder that mirrors one."""

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.words import MOST_WORDS

#: No file of a record is larger: 256 entries of 65,535 bytes are 17 MB, and the words of each are no longer than this.
MAX_BYTES = TILE_WIDTH * MOST_WORDS
TIMEOUT_SECONDS = 30
PLAIN = "text/plain; charset=utf-8"
HEADERS = {"Accept-Encoding": "gzip, identity", "User-Agent": "alongside-verify"}


class SourceError(ValueError):
    """The record, or what was seen of it before, could not be read from or written where it should be."""


class MissingError(SourceError):
    """A file that belongs to the record is not there."""


class Source(Protocol):
    """Gives the files of one record."""

    address: str
    #: A mirror may hold the log without the words, and lag behind it; the record's own address may do neither.
    is_mirror: bool

    def get(self, path: str) -> bytes:
        """Give the bytes at a path below the address; raise MissingError or SourceError."""


@dataclass(frozen=True)
class Reply:
    """What a server gave, and the Content-Security-Policy headers beside it."""

    data: bytes
    policies: list[str]


class WebSource:
    """Reads a record over http or https."""

    is_mirror = False

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def get(self, path: str) -> bytes:
        """Fetch one file."""
        return self.fetch(f"{self.address}/{path}").data

    def fetch(self, url: str, headers: Mapping[str, str] = HEADERS) -> Reply:
        """Fetch an address of the site with what it lets a page do; raise MissingError or SourceError."""
        return self._ask(Request(url, headers=dict(headers)))  # noqa: S310 -- open_source lets only http and https through

    def post(self, path: str, data: bytes) -> bytes:
        """Send bytes to a path below the address as plain text, and give the answer; raise MissingError or SourceError."""
        parts = urlsplit(self.address)
        headers = {**HEADERS, "Content-Type": PLAIN, "Origin": f"{parts.scheme}://{parts.netloc}"}
        return self._ask(Request(f"{self.address}/{path}", data, headers)).data  # noqa: S310 -- as above

    def _ask(self, request: Request) -> Reply:
        url = request.full_url
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 -- as above
                data: bytes = reply.read(MAX_BYTES + 1)
                packed = reply.headers.get("Content-Encoding") == "gzip"
                policies = reply.headers.get_all("Content-Security-Policy", [])
            if packed:
                with gzip.open(BytesIO(data)) as unpacked:
                    data = unpacked.read(MAX_BYTES + 1)
        except HTTPError as error:
            if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                raise MissingError(f"{url} is not there.") from None
            raise SourceError(f"{url} answers with {error.code}; try again later.") from None
        except (URLError, HTTPException, OSError, EOFError, ValueError, zlib.error) as error:
            # What a server answers that speaks no HTTP stands in the error: a stranger's words, so its name is said alone.
            reason = getattr(error, "reason", None) or type(error).__name__
            raise SourceError(f"{url} cannot be reached ({reason}); check the address.") from None
        return Reply(_within(url, data), policies)


class FolderSource:
    """Reads a record from a folder, such as a mirror on a disk."""

    is_mirror = True

    def __init__(self, folder: Path) -> None:
        self.address = str(folder.resolve())
        self._folder = folder

    def get(self, path: str) -> bytes:
        """Read one file."""
        file = self._folder / path
        try:
            with file.open("rb") as opened:
                return _within(str(file), opened.read(MAX_BYTES + 1))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise MissingError(f"{file} is not there.") from None
        except OSError as error:
            raise SourceError(f"{file} cannot be read ({error.strerror}).") from None


class SavingSource:
    """Reads a record from another source, for a mirror: what is fetched waits in the folder, and joins it once it holds.

    So a record that is refused writes over nothing: the mirror can still show, and give back, what stood there before.
    """

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self.folder = folder
        self.address = source.address
        self.is_mirror = source.is_mirror
        self._unchecked = folder / "unchecked"
        self.drop()

    def get(self, path: str) -> bytes:
        """Read one file and put it beside the mirror."""
        data = self._source.get(path)
        file = self._unchecked / path
        if not path:  # a page that was looked at to find the record
            return data
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except OSError as error:
            raise SourceError(f"{file} cannot be written ({error.strerror}).") from None
        return data

    def mirrored(self) -> tuple[str, date] | None:
        """Give the head that the mirror stands at, and since which day; None where the folder is no mirror yet."""
        file = self.folder / "checkpoint"
        try:
            return file.read_text(encoding="utf-8"), datetime.fromtimestamp(
                file.stat().st_mtime, tz=UTC
            ).date()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise SourceError(
                f"{file} cannot be read as the head of a mirror; name another folder."
            ) from None

    def keep(self) -> None:
        """Move what was fetched into the mirror, the head last: until then the old one goes with the old files."""
        fetched = [file for file in self._unchecked.rglob("*") if file.is_file()]
        for file in sorted(fetched, key=lambda one: one.name == "checkpoint"):
            place = self.folder / file.relative_to(self._unchecked)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
        self.drop()

    def refuse(self) -> str:
        """Keep what was fetched as evidence, by the head that it has, and say where; empty where it has none."""
        head = self._unchecked / "checkpoint"
        if not head.is_file():
            return ""
        place = self.folder / "refused" / hashlib.sha256(head.read_bytes()).hexdigest()[:16]
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            self._unchecked.rename(place)
        return f"The mirror in {self.folder} stays as it was. What was refused is kept in {place}."

    def drop(self) -> None:
        """Throw away what was fetched and neither kept nor refused, as by a check that broke off."""
        rmtree(self._unchecked, ignore_errors=True)


def _within(where: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise SourceError(f"{where} is larger than any file of a record.")
    return data


def open_source(address: str) -> Source:
    """Choose how to read an address: http(s)://..., or a folder that is here."""
    if urlsplit(address).scheme in {"http", "https"}:
        return WebSource(address)
    folder = Path(address)
    if not folder.is_dir():
        raise SourceError(
            f"{address} is neither a folder nor an address that begins with http:// or https://."
        )
    return FolderSource(folder)

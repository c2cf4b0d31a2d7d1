"""Where a record is read from: an http(s) address, or a folder that mirrors one."""

import gzip
import zlib
from http import HTTPStatus
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

#: No file of a record is larger: 256 entries of 65,535 bytes are 17 MB, their words stay well below this.
MAX_BYTES = 64_000_000
TIMEOUT_SECONDS = 30
HEADERS = {"Accept-Encoding": "gzip, identity", "User-Agent": "alongside-verify"}


class SourceError(ValueError):
    """The record could not be read from where it should be."""


class MissingError(SourceError):
    """A file that belongs to the record is not there."""


class Source(Protocol):
    """Gives the files of one record."""

    address: str
    #: A mirror may hold the log without the words, and lag behind it; the record's own address may do neither.
    is_mirror: bool

    def get(self, path: str) -> bytes:
        """Give the bytes at a path below the address; raise MissingError or SourceError."""


class WebSource:
    """Reads a record over http or https."""

    is_mirror = False

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def get(self, path: str) -> bytes:
        """Fetch one file."""
        url = f"{self.address}/{path}"
        request = Request(url, headers=HEADERS)  # noqa: S310 -- open_source lets only http and https through
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 -- as above
                data: bytes = reply.read(MAX_BYTES + 1)
                packed = reply.headers.get("Content-Encoding") == "gzip"
            if packed:
                with gzip.open(BytesIO(data)) as unpacked:
                    data = unpacked.read(MAX_BYTES + 1)
        except HTTPError as error:
            if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                raise MissingError(f"{url} is not there.") from None
            raise SourceError(f"{url} answers with {error.code}; try again later.") from None
        except (URLError, HTTPException, OSError, EOFError, ValueError, zlib.error) as error:
            reason = getattr(error, "reason", None) or error
            raise SourceError(f"{url} cannot be reached ({reason}); check the address.") from None
        return _within(url, data)


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
    """Reads a record from another source, and keeps a copy of every file in a folder: a mirror."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self.address = source.address
        self.is_mirror = source.is_mirror

    def get(self, path: str) -> bytes:
        """Read one file and keep it."""
        data = self._source.get(path)
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return data


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

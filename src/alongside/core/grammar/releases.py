"""What the site gives to everybody: the scripts of a release, which pages load, and the program that checks the log."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import Kind, fail, fields, hex64, list_of, malformed
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

#: A name as files and releases have one: "dist/seal.js", "0.2.0.dev0".
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}([./][A-Za-z0-9_-]{1,40}){0,6}\Z")

#: The reader as one file, by its name in an entry and below the address of a record.
READER = "alongside-reader.html"


def name(where: str, value: Any) -> None:
    """Accept the name of a file, or of a release."""
    if not isinstance(value, str) or not NAME.match(value):
        malformed(f"{where} must be a name such as dist/seal.js, of letters, digits, dots and dashes.")


#: A file by the end of its address, without the part that changes with its bytes: "dist/seal.js".
FILES = list_of(fields({"name": name, "sha256": hex64}), 1, 200)


def are_told(data: Mapping[str, Any], on: date, log: LogView) -> bool:
    """Say whether the last entry tells these files, or one of this day: two machines that run two releases tell each once a day."""
    told = log.every(EntryKind.SITE_RELEASED)
    return bool(told) and (told[-1].data == data or any(one.data == data for one in told if one.date == on))


def last_told(log: LogView) -> list[Entry]:
    """List the entries whose files pages may load now: the last one, and others of its day."""
    told = log.every(EntryKind.SITE_RELEASED)
    return [one for one in told if one.date == told[-1].date]


def are_other_files(entry: Entry, log: LogView) -> None:
    """Refuse to tell the files that were told last once more, or the same files twice on a day."""
    if are_told(entry.data, entry.date, log):
        fail("these files are on the public log already; nothing more is needed.")


KINDS = (
    Kind(
        name=EntryKind.SITE_RELEASED,
        heading=_("The scripts of the site changed"),
        sentence=_(
            "Pages of this site load these scripts from now on. Anybody can compare what came to them: alongside verify site."
        ),
        marked=("both", ""),
        says="The scripts and styles that pages load from now on, the program that checks the log, and the reader as one file, each with its SHA-256. The site writes it by itself when it runs other ones.",
        pen="clock",
        by=("clock",),
        data={"version": name, "files": FILES},
        rules=(are_other_files,),
        first=3,
    ),
)

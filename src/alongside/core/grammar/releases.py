"""What the site gives to everybody: the scripts of a release, which pages load, and the program that checks the log."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import Kind, fail, fields, hex64, list_of, words
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

#: A file by the end of its address, without the part that changes with its bytes: "dist/seal.js".
FILES = list_of(fields({"name": words(100), "sha256": hex64}), 1, 200)


def are_other_files(entry: Entry, log: LogView) -> None:
    """Refuse to tell the files that were told last once more."""
    told = log.every(EntryKind.SITE_RELEASED)
    if told and told[-1].data == entry.data:
        fail("these files are on the public log already; nothing more is needed.")


KINDS = (
    Kind(
        name=EntryKind.SITE_RELEASED,
        heading=_("The scripts of the site changed"),
        sentence=_(
            "Pages of this site load these scripts from now on. Anybody can compare what came to them: alongside verify site."
        ),
        marked=("both", ""),
        says="The scripts that pages load from now on, and the program that checks the log, each with its SHA-256. The site writes it by itself when it runs other ones.",
        pen="clock",
        by=("clock",),
        data={"version": words(40), "files": FILES},
        rules=(are_other_files,),
        first=3,
    ),
)

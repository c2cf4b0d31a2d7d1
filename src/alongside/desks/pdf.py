"""Set a paper as PDF/UA-1 with typst. What people wrote is data for the template, never markup."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore
from typing import Any

import typst
from django.utils.translation import gettext as _

from alongside.ground.ui.untranslated import bare

#: What typst says of a letter that no font has, and of one that PDF/UA forbids.
UNSET = ("could not be displayed", "disallowed codepoint")
TEMPLATES = Path(__file__).parent / "templates/desks"
#: One file is made at a time in a process, so that a crowd that wants files takes no turn from people who speak.
DRAWING, PATIENCE = Semaphore(1), 8.0


class BusyError(Exception):
    """Others are waiting for files too; come back in a minute."""


def busy_words() -> str:
    """Say to whoever wants a file while others wait what to do."""
    return _("Many files are being made right now. Try again in a minute.")


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to make a file. Raises BusyError where it does not come soon."""
    if not DRAWING.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        yield
    finally:
        DRAWING.release()


class MissingGlyphError(ValueError):
    """The paper holds a letter that no font here has; print the page instead, which the reader's own fonts show."""


def set_paper(template: str, data: Mapping[str, Any]) -> bytes:
    """Give a paper as the bytes of a PDF. Fonts are those we ship, then those of this machine; nothing is kept.

    Raises MissingGlyphError where a letter has no font: PDF/UA forbids the empty box that would stand there, and control
    characters.
    """
    # Named, because the folder that somebody happens to be in may be one that this user cannot read.
    compiler = typst.Compiler(root=str(fonts()), font_paths=[str(fonts())])
    source = (TEMPLATES / template).read_bytes()
    try:
        pages = compiler.compile(
            input=source,
            format="pdf",
            sys_inputs={"data": bare(json.dumps(data, ensure_ascii=False))},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        if not any(one in str(error) for one in UNSET):
            raise
        raise MissingGlyphError(
            _("A letter of this paper is in no font here; print the page instead.")
        ) from None
    return pages if isinstance(pages, bytes) else b"".join(pages or [])


def fonts() -> Path:
    """Name the folder of the fonts that the build brought."""
    return Path(__file__).parent / "dist/fonts"

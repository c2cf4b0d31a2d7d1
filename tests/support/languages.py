"""Languages that an operator brings in a folder: made for a test, and brought into this process."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import write_po
from django.utils import formats

from alongside.ground.programs.pack_files import shipped_pack
from alongside.site import catalogues, languages

DAY = "2026-02-20"


@pytest.fixture(autouse=True)
def read_by_people(settings: Any) -> None:
    """Let a person have read each shipped language, as on a site that serves people; tests of languages say otherwise."""
    settings.READY_LANGUAGES = settings.OUR_LANGUAGES


@pytest.fixture
def unread(settings: Any, read_by_people: None) -> Iterator[Any]:
    """Give the settings of a site of whose languages nobody has read one, and forget at the end what was brought."""
    settings.READY_LANGUAGES = languages.ready({})
    yield settings
    formats.reset_format_cache()


def said_in(folder: Path, code: str, *, share: int = 100, **own: str) -> Path:
    """Begin a language, and say so many of a hundred public messages in it, each with a letter of its own before the English; `own` by message."""
    path, _count = catalogues.renew(folder, code, "public")
    catalog = catalogues.read(path)
    messages = [one for one in catalog if one.id]
    letter = {"fa": "ف", "so": "Q"}.get(code, "Ж")
    for one in messages[: -(-len(messages) * share // 100)]:  # rounded up
        said = own.get(catalogues.words_of(one)) or f"{letter} {catalogues.words_of(one)}"
        one.string = (said,) * catalog.num_plurals if one.pluralizable else said
    with path.open("wb") as file:
        write_po(file, catalog)
    return path


def change(path: Path, message: str, said: str) -> None:
    """Say one message otherwise."""
    catalog = catalogues.read(path)
    catalog[message].string = said
    with path.open("wb") as file:
        write_po(file, catalog)


def bring(settings: Any, folder: Path, data: Path) -> dict[str, languages.Tongue]:
    """Start the site anew with a folder, as `settings` does at a start."""
    compiled, tongues = catalogues.brought(folder, data)
    shipped = settings.LOCALE_PATHS[-1]
    settings.LOCALE_PATHS = [*compiled, shipped]
    settings.OUR_LANGUAGES = languages.spoken(tongues)
    settings.UNREVIEWED_LANGUAGES = languages.unread(tongues)
    settings.READY_LANGUAGES = languages.ready(tongues)
    settings.TONGUES = tongues
    formats.reset_format_cache()
    return tongues


def pack_that_speaks(code: str, name: str, direction: str) -> str:
    """Give the neutral pack with all its Arabic words in another language, too."""
    text = re.sub(
        r'\bar = ("(?:[^"\\]|\\.)*"|\[[^\]]*\])(?=[,}])', rf"\g<0>, {code} = \1", shipped_pack("neutral")
    )
    text = re.sub(r"^ar = (\[(?:.+\]|\n(?:  .*\n)*\]))$", rf"\g<0>\n{code} = \1", text, flags=re.MULTILINE)
    more = f'[[languages]]\ncode = "{code}"\nname = "{name}"\ndirection = "{direction}"\ncomplete = true\n'
    return text.replace("[clocks]", f"{more}\n[clocks]", 1)

"""Leaflets: a question, or what came of it, on one page, two or four times on a page to cut apart, or as words for a message."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from alongside.core.policy.words import Words
from alongside.desks.pdf import BusyError, MissingGlyphError, busy_words, set_paper, turn
from alongside.ground.record.queries import TextView
from alongside.ground.ui.context import language
from alongside.ground.ui.pages import PDF, download
from alongside.ground.ui.qr import drawn

#: How a leaflet is cut, by what its file is called: the paper, how often it stands on a page, and what people call it.
CUTS: Mapping[str, tuple[str, int, str | Promise]] = {
    "poster-letter": ("us-letter", 1, gettext_lazy("Poster, Letter")),
    "poster-a4": ("a4", 1, gettext_lazy("Poster, A4")),
    "flyers-2-letter": ("us-letter", 2, gettext_lazy("Two flyers on a page, Letter")),
    "flyers-2-a4": ("a4", 2, gettext_lazy("Two flyers on a page, A4")),
    "flyers-4-letter": ("us-letter", 4, gettext_lazy("Four flyers on a page, Letter")),
    "flyers-4-a4": ("a4", 4, gettext_lazy("Four flyers on a page, A4")),
}
#: So many characters hold words for a message: three text messages in the alphabet that most phones begin with.
MOST_CHARACTERS = 459
#: That alphabet, and what of it takes two places (3GPP TS 23.038, section 6.2.1).
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
#: How many places one text message has alone, and each of several: in that alphabet, and in all others (UCS-2).
GSM_PLACES, OTHER_PLACES = (160, 153), (70, 67)
#: Where a sentence ends before another one.
SENTENCE_ENDS = re.compile(r"[.!?؟](?= )")


type Piece = dict[str, str]


def piece(words: TextView | None, shown: str = "") -> Piece:
    """Give words with their language, as the template reads them; that they were taken down, where they were."""
    if words is None:
        return in_page(_("This text was taken down on a legal ground."))
    return _in(words.lang, shown or words.words)


def of_pack(words: Words) -> Piece:
    """Give words of a pack in the language of the page, else in English."""
    here = get_language() or "en"
    return _in(words.lang_of(here), words.say(here))


def in_page(words: str) -> Piece:
    """Give words of the page with its language, as the template reads them."""
    return _in(get_language() or "en", words)


def names_of(codes: Iterable[str]) -> list[Piece]:
    """Give the names of languages, each in itself."""
    return [_in(code, language(code).name) for code in codes]


def _in(lang: str, words: str) -> Piece:
    told = language(lang)
    return {"words": words, "lang": told.tag.split("-")[0], "dir": told.dir}


def sheet(
    heading: Piece,
    parts: Iterable[tuple[str, Sequence[Piece]]],
    *,
    kicker: str = "",
    lead: Sequence[Piece] = (),
    small: Sequence[Piece] = (),
    also: Sequence[Piece] = (),
    title: float = 2,
    large: float = 1,
) -> dict[str, Any]:
    """Give one sheet. `also` are the names of languages; `title` and `large` are how much larger its heading and the words of its parts are than the rest."""
    return {
        "kicker": kicker,
        "heading": heading,
        "lead": lead,
        "parts": [{"heading": name, "words": words} for name, words in parts],
        "small": small,
        "also": also,
        "title": title,
        "large": large,
    }


def leaflet(
    sheets: Sequence[Mapping[str, Any]], *, title: str, check: str, address: str, cut: str = "poster-letter"
) -> dict[str, Any]:
    """Give what the template reads. `check` says what the code at the foot opens, which is `address`."""
    here, (paper, up, _name) = language(get_language() or "en"), CUTS[cut]
    return {
        "title": title,
        "lang": here.tag.split("-")[0],
        "dir": here.dir,
        "paper": paper,
        "up": up,
        "sheets": sheets,
        "check": check,
        "address": address,
        "code": drawn(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        "code_says": _("Code that opens the page on a phone"),
    }


def as_pdf(data: Mapping[str, Any], name: str, page: Callable[[str], HttpResponse]) -> HttpResponseBase:
    """Give a leaflet as a file; `page` with a note instead where a letter has no font here, or others wait too."""
    try:
        with turn():
            content = set_paper("leaflet.typ", data)
    except BusyError:
        response = page(busy_words())
        response.status_code, response["Retry-After"] = HTTPStatus.SERVICE_UNAVAILABLE, "60"
        return response
    except MissingGlyphError:
        return page(
            _("Some letters cannot be set in a PDF here. Print this page instead and choose “Save as PDF”.")
        )
    return download(content, f"{name}.pdf", PDF)


def message(parts: Sequence[str], address: str, most: int = MOST_CHARACTERS) -> str:
    """Give words for a message: a line for each part, cut fairly where all do not fit, and the address whole."""
    lines = [" ".join(one.split()) for one in parts if one]
    room = most - len(address) - len(lines)  # each line ends
    kept: dict[int, str] = {}
    for left, place in zip(
        range(len(lines), 0, -1), sorted(range(len(lines)), key=lambda one: len(lines[one])), strict=True
    ):
        kept[place] = _cut(lines[place], room // left)
        room -= len(kept[place])
    for place, words in kept.items():  # what a line that ends with its sentence leaves
        kept[place] = _cut(lines[place], len(words) + room)
        room -= len(kept[place]) - len(words)
    return "\n".join([*(kept[one] for one in range(len(lines))), address])


def _cut(words: str, most: int) -> str:
    """Cut words so that they have `most` characters: after a sentence that fills half of them, else after a word, with dots behind."""
    if len(words) <= most:
        return words
    ends = [one.end() for one in SENTENCE_ENDS.finditer(words, 0, most - 3) if 2 * one.end() >= most]
    if ends:
        return f"{words[: ends[-1]]} ..."
    whole = words[: most - 2].rsplit(" ", 1)[0] if " " in words[: most - 2] else words[: most - 3]
    return f"{whole.rstrip(' ,;:.')}..."


def text_messages(words: str) -> int:
    """Say as how many text messages words travel."""
    if set(words) <= GSM | GSM_TWICE:
        places, (alone, each) = len(words) + sum(one in GSM_TWICE for one in words), GSM_PLACES
    else:
        places, (alone, each) = len(words.encode("utf-16-le")) // 2, OTHER_PLACES
    return 1 if places <= alone else math.ceil(places / each)

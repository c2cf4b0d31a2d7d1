"""Choose the words for a reader's language, and part a lesson's text into paragraphs and lists."""

from collections.abc import Iterable
from typing import Protocol


class Said(Protocol):
    """Words in one language."""

    lang: str
    is_original: bool


def words_in[T: Said](texts: Iterable[T], lang: str) -> T:
    """Give the words in a language, else the original."""
    every = list(texts)
    return next((one for one in every if one.lang == lang), None) or next(
        one for one in every if one.is_original
    )


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Part a text: ("p", [words]) for a paragraph, ("ul", items) for lines that begin with "- ", ("h", [words]) after "## "."""
    found: list[tuple[str, list[str]]] = []
    for part in body.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            found.append(("ul", [line[2:] for line in lines]))
        elif len(lines) == 1 and lines[0].startswith("## "):
            found.append(("h", [lines[0][3:]]))
        else:
            found.append(("p", [" ".join(lines)]))
    return found

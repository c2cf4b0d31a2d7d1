"""Read the courses that ship with the house: TOML beside the app, one file a course and language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parents[1] / "content"
ORIGINAL = "en"


@dataclass(frozen=True)
class ShippedLesson:
    """A lesson in every language it has, the original first: {lang, title, body, questions}."""

    words: tuple[dict[str, Any], ...]
    right: tuple[int, ...]
    pass_mark: int


@dataclass(frozen=True)
class Shipped:
    """A course that ships with the house. `words` maps a language to {title, about}."""

    name: str
    words: dict[str, dict[str, str]]
    lessons: tuple[ShippedLesson, ...]

    def title(self, lang: str) -> str:
        """Say what the course is called."""
        return (self.words.get(lang) or self.words[ORIGINAL])["title"]


def shipped_names() -> list[str]:
    """List the names of the courses that ship with the house."""
    return sorted(folder.name for folder in CONTENT.iterdir() if (folder / f"{ORIGINAL}.toml").exists())


@cache
def shipped(name: str) -> Shipped:
    """Read a course that ships with the house, in every language it has."""
    files = sorted((CONTENT / name).glob("*.toml"), key=lambda file: (file.stem != ORIGINAL, file.stem))
    tables = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    original = tables[ORIGINAL]["lessons"]
    lessons = tuple(
        ShippedLesson(
            words=tuple(_lesson(lang, table["lessons"][place]) for lang, table in tables.items()),
            right=tuple(question["right"] for question in one["questions"]),
            pass_mark=one["pass_mark"],
        )
        for place, one in enumerate(original)
    )
    words = {lang: {"title": table["title"], "about": table["about"]} for lang, table in tables.items()}
    return Shipped(name, words, lessons)


def _lesson(lang: str, lesson: dict[str, Any]) -> dict[str, Any]:
    questions = [{"ask": one["ask"], "choices": one["choices"]} for one in lesson["questions"]]
    return {"lang": lang, "title": lesson["title"], "body": lesson["body"].strip(), "questions": questions}

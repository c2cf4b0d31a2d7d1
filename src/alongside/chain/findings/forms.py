"""What the reader sends when a finding is published."""

from typing import Any

from alongside.ground.ui.bodies import UnreadableError, words

MOST_WORDS = 10_000
TEXTS = {"statement", "quote"}


def read_finding(body: dict[str, Any]) -> dict[str, Any]:
    """Take a finding: whether it is a smaller group's, its band, its root, and its words by language."""
    smaller, voices, said = body.get("smaller"), body.get("voices"), body.get("words")
    if (
        not isinstance(smaller, bool)
        or not isinstance(voices, dict | str)
        or not isinstance(said, dict)
        or not said
    ):
        raise UnreadableError
    for texts in said.values():
        if not isinstance(texts, dict) or not set(texts) <= TEXTS or not texts.get("statement"):
            raise UnreadableError
        for name in texts:
            words(texts, name, MOST_WORDS)
    return {"smaller": smaller, "voices": voices, "root": words(body, "root", 64), "words": said}


def read_entries(body: dict[str, Any], name: str) -> list[int]:
    """Take what a finding stands beside, the answers of the City that it looks at, or the map that it rests on: entries, none where none were named."""
    entries = body.get(name, [])
    if not isinstance(entries, list) or not all(type(one) is int and one >= 0 for one in entries):
        raise UnreadableError
    return entries


def read_driving(body: dict[str, Any]) -> tuple[int, str] | None:
    """Take the driving question that a finding answers, as `entry:question`; None where none was chosen."""
    entry, _colon, question = (
        words(body, "driving", 120).partition(":") if body.get("driving") else ("", "", "")
    )
    if bool(question) != entry.isdecimal():
        raise UnreadableError
    return (int(entry), question) if question else None

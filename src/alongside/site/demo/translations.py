"""What is said in English in the demonstration, in the other languages; made by a machine, and said to be so."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alongside.core.canonical import canonical
from alongside.core.grammar.texts import STANDING
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts import actions as record

LANGUAGES = ("es", "vi", "ar")
ALL = ("en", *LANGUAGES)


@cache
def table() -> dict[str, dict[str, str]]:
    """Give each paragraph in English, with its translations by language."""
    return tomllib.loads(Path(__file__).with_name("translations.toml").read_text("utf-8"))


def of(words: str, lang: str) -> str:
    """Give words in a language, paragraph by paragraph; empty where a paragraph has no translation."""
    if lang == "en":
        return words
    if words.startswith("{"):
        return canonical(_within(json.loads(words), lang)).decode()
    told = [table().get(part, {}).get(lang, "") for part in words.split("\n\n")]
    return "\n\n".join(told) if all(told) else ""


def each_of(texts: Mapping[str, str], lang: str) -> dict[str, str]:
    """Give texts by name in a language."""
    return {name: of(words, lang) for name, words in texts.items()}


def _within(value: Any, lang: str) -> Any:
    """Give what was JSON with each of its sentences in a language."""
    if isinstance(value, dict):
        return {key: _within(one, lang) for key, one in value.items()}
    if isinstance(value, list):
        return [_within(one, lang) for one in value]
    return of(value, lang) or value if isinstance(value, str) else value


def rows_of(value: Any, languages: Sequence[str], name: str = "") -> Any:
    """Give rows of a form, whose words, hints, meanings and ends are in English, in the languages."""
    if isinstance(value, Mapping):
        return {key: rows_of(one, languages, key) for key, one in value.items()}
    if isinstance(value, list):
        return [rows_of(one, languages, name) for one in value]
    if name in {"words", "hint", "means", "ends"}:
        return {lang: of(value, lang) for lang in languages}
    return value


def translate(*, program: Program, now: datetime) -> None:
    """Add translations to every entry of a program whose English words have none yet; a promise and a call have their own."""
    there = PublicText.objects.filter(log__program=program)
    has = set(there.filter(is_original=False).values_list("about", "name", "lang"))
    missing: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    lines = LogEntry.objects.filter(log__program=program)
    frozen = lines.filter(kind__in=STANDING).values_list("index", flat=True)
    # What is named by its language says each language in a text of its own, as a report does.
    first = there.filter(is_original=True, lang="en").exclude(about__in=list(frozen)).exclude(name="en")
    for about, name, words in first.values_list("about", "name", "words"):
        for lang in LANGUAGES:
            if (about, name, lang) not in has and (said := of(words, lang)):
                missing[about, lang][name] = said
    for (about, lang), texts in sorted(missing.items()):
        record.translate_text(
            program=program,
            entry=about,
            by="steward",
            lang=lang,
            texts=texts,
            made_by="machine",
            reviewed=False,
            now=now,
        )

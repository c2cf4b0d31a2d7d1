"""What is said in English in the demonstration, in the other languages; made by a machine, and said to be so."""

import tomllib
from collections import defaultdict
from datetime import datetime
from functools import cache
from pathlib import Path

from alongside.core.grammar.texts import FROZEN
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts import actions as record

LANGUAGES = ("es", "vi", "ar")


@cache
def table() -> dict[str, dict[str, str]]:
    """Give each paragraph in English, with its translations by language."""
    read = tomllib.loads(Path(__file__).with_name("translations.toml").read_text("utf-8"))
    return {one["en"]: {lang: one[lang] for lang in LANGUAGES} for one in read["say"]}


def of(words: str, lang: str) -> str:
    """Give words in a language, paragraph by paragraph; empty where a paragraph has no translation."""
    told = [table().get(part, {}).get(lang, "") for part in words.split("\n\n")]
    return "\n\n".join(told) if all(told) else ""


def translate(*, program: Program, now: datetime) -> None:
    """Add translations to every entry of a program whose English words have none yet; a promise has its own."""
    there = PublicText.objects.filter(log__program=program)
    has = set(there.filter(is_original=False).values_list("about", "name", "lang"))
    missing: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    lines = LogEntry.objects.filter(log__program=program)
    frozen = lines.filter(kind__in=FROZEN).values_list("index", flat=True)
    first = there.filter(is_original=True, lang="en").exclude(about__in=list(frozen))
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

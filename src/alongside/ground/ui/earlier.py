"""A new draft that begins with an earlier one. One rule for every page that begins a draft: `?from=` names it, and its words fill the first form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

#: What never goes along: that a person checked the words was said of the earlier ones, and why was asked again.
OF_THE_EARLIER = frozenset({"checked", "asked_again", "was"})


@dataclass(frozen=True)
class Earlier[T]:
    """What a new draft can begin with: names and titles to choose from, and the one that was chosen."""

    choices: Sequence[tuple[str, str]]
    name: str = ""
    title: str = ""
    chosen: T | None = None


def earlier_of[T](request: HttpRequest, found: Iterable[tuple[str, str, T]]) -> Earlier[T]:
    """Give what came before, each as its name, its title and itself, and which of them the address names."""
    rows = list(found)
    choices = [(name, title) for name, title, _one in rows]
    asked = request.GET.get("from", "")
    for name, title, one in rows:
        if name == asked:
            return Earlier(choices, name, title, one)
    return Earlier(choices)


def carried_words(
    earlier: Mapping[str, Mapping[str, Any]], languages: Sequence[str], typed: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Give the words that a draft begins with, in these languages: what was typed in the first, and what of the earlier ones still fits.

    What was typed anew has no words in other languages yet: those of before say something else.
    """
    first = languages[0]
    said = earlier.get(first, {})
    changed = OF_THE_EARLIER | {name for name, text in typed.items() if said.get(name) != text}
    kept = {
        lang: {name: text for name, text in earlier.get(lang, {}).items() if name not in changed}
        for lang in languages
    }
    return {**kept, first: {**kept[first], **typed}}

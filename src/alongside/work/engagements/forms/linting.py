"""What the linter says at a field, in the reader's language."""

from collections.abc import Iterable, Iterator

from django import forms
from django.utils.translation import gettext as say

from alongside.core.policy import Pack, lint_question


def forbidden(text: str, pack: Pack, lang: str) -> list[str]:
    """Say which forbidden topics a text asks about: the topic, the law, the reason. Empty where it may be asked."""
    return [
        say("This asks about: %(topic)s. You wrote “%(found)s”. %(reason)s The rule: %(statute)s.")
        % {
            "topic": hit.name.say(lang),
            "found": hit.found,
            "reason": hit.reason.say(lang),
            "statute": hit.statute,
        }
        for hit in lint_question(text, pack)
    ]


def refuse(form: forms.Form, name: str, texts: Iterable[str], pack: Pack, lang: str) -> None:
    """Put what the linter says of each text at a field, each sentence once."""
    sentences: Iterator[str] = (sentence for text in texts for sentence in forbidden(text, pack, lang))
    for sentence in dict.fromkeys(sentences):
        form.add_error(name, sentence)

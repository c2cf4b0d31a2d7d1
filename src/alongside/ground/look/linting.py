"""What the linter says at a field, in the reader's language; nobody can pass it."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as say

from alongside.core.policy import Pack, lint_question


def refuse(form: forms.Form, name: str, pack: Pack, lang: str, texts: Iterable[str] | None = None) -> None:
    """Put at a field what the pack forbids to ask, each sentence once: the topic, the law, the reason.

    `texts` are what is read one by one; without them, all that was typed into the field.
    """
    read = [str(form.cleaned_data.get(name) or "")] if texts is None else texts
    hits = [hit for text in read for hit in lint_question(text, pack)]
    words = say("This asks about: %(topic)s. You wrote “%(found)s”. %(reason)s The rule: %(statute)s.")
    told = [
        words
        % {
            "topic": hit.name.say(lang),
            "found": hit.found,
            "reason": hit.reason.say(lang),
            "statute": hit.statute,
        }
        for hit in hits
    ]
    for sentence in dict.fromkeys(told):
        form.add_error(name, sentence)

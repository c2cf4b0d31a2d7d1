"""What the linter says at a field, in the reader's language; nobody can pass it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, Field, RadioSelect, Select
from django.forms.utils import pretty_name
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as say

from alongside.core.entries import MalformedError
from alongside.core.policy.linter import lint_question
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Named, Refused, Tongue, Value
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import in_readers_words
from alongside.ground.ui.languages import listed as listed_languages
from alongside.ground.ui.leads import lead_in_words


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


@dataclass(frozen=True)
class Problem:
    """One sentence that says how to fix something, and the id of the control it is about (empty: the whole form)."""

    words: str
    control: str = ""


def has_problem(value: Any) -> bool:
    """Say whether this is a filled-in form with something to fix."""
    # isinstance would wake a lazy csrf_token, and so set a cookie on residents' pages
    return issubclass(type(value), BaseForm) and bool(value.errors)


def listed(forms: Iterable[BaseForm]) -> list[Problem]:
    """List the problems of these forms in the order of their fields."""
    return [problem for form in forms if has_problem(form) for problem in _of(form)]


def control_id(bound: BoundField) -> str:
    """Give the id of the control to focus: the field's own, or its first choice."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def sentences(bound: BoundField) -> list[str]:
    """Say what is wrong in one field; an empty one by its label, for Django's own words name nothing."""
    found = bound.form.errors.as_data().get(bound.name, [])
    empty = str(Field.default_error_messages["required"])
    chosen = isinstance(bound.field.widget, Select | RadioSelect | CheckboxSelectMultiple)
    cure = gettext("Choose: %(label)s") if chosen else gettext("Fill in: %(label)s")
    label = str(bound.field.label or pretty_name(bound.name)).rstrip(".:")
    told = [str(words) for error in found for words in error]
    return [cure % {"label": label} if words == empty else words for words in told]


def _of(form: BaseForm) -> Iterator[Problem]:
    """Give the problems of one form: first those of the whole, then each field's."""
    yield from (Problem(str(words)) for words in form.non_field_errors())
    for bound in form:
        yield from (Problem(words, control_id(bound)) for words in sentences(bound))


def refusal_text(error: Exception, pack: Pack | None = None) -> str:
    """Say why something was refused and what cures it. The pack gives the names of offices and units."""
    if isinstance(error, MalformedError):
        words = gettext(
            "Something is missing or does not fit, so nothing was saved. Look at what you filled in, then try again. "
            "If it happens again, tell the program coordinator."
        )
    elif isinstance(error, Refused):
        told = {name: _spoken(value, pack) for name, value in error.values.items()}
        words = gettext(error.template)
        words = words.format(**told) if told else words
    else:
        words = str(error)
    return words[:1].upper() + words[1:]


def _spoken(value: Value, pack: Pack | None) -> str:
    """Write one value as the reader does."""
    if isinstance(value, Named):
        return _called(value, pack)
    if isinstance(value, Tongue):
        return in_readers_words(value)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, int):
        return number_format(value, use_l10n=True, force_grouping=True)
    return listed_languages(_spoken(one, pack) for one in value)


def _called(one: str, pack: Pack | None) -> str:
    """Give what people call a seat, an office or a unit; its public id where nothing names it."""
    spoken = get_language() or "en"
    if one.startswith("seat-"):
        return lead_in_words(one)
    if pack is None:
        return one
    return pack.office_title(one, spoken) if "/" in one else pack.unit_name(one, spoken)

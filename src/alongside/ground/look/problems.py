"""What is wrong in the forms of a page, as links to the fields that hold it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxSelectMultiple, Field, RadioSelect, Select
from django.forms.utils import pretty_name
from django.utils.translation import gettext

type AnyForm = BaseForm | BaseFormSet[Any]


@dataclass(frozen=True)
class Problem:
    """One sentence that says how to fix something, and the id of the control it is about (empty: the whole form)."""

    words: str
    control: str = ""


def has_problem(value: Any) -> bool:
    """Say whether this is a filled-in form or set of forms with something to fix."""
    kind = type(value)  # isinstance would wake a lazy csrf_token, and so set a cookie on residents' pages
    if issubclass(kind, BaseForm):
        return bool(value.errors)
    if issubclass(kind, BaseFormSet):
        return value.is_bound and not value.is_valid()
    return False


def listed(forms: Iterable[AnyForm]) -> list[Problem]:
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


def _of(form: AnyForm) -> Iterator[Problem]:
    """Give the problems of one form: first those of the whole, then each field's."""
    if isinstance(form, BaseFormSet):
        yield from (Problem(str(words)) for words in form.non_form_errors())
        for each in form.forms:
            yield from _of(each)
        return
    yield from (Problem(str(words)) for words in form.non_field_errors())
    for bound in form:
        yield from (Problem(words, control_id(bound)) for words in sentences(bound))

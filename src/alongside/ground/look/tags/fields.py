"""Tags for forms: the list of problems and one field whole."""

from typing import Any

from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from alongside.ground.look import problems
from alongside.ground.look.tags import register


@register.inclusion_tag("look/parts/problems.html")
def form_problems(*forms: problems.AnyForm) -> dict[str, Any]:
    """List the problems of these forms at the top of the page, each linked to its field; nothing when there are none."""
    return {"problems": problems.listed(forms)}


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Begin the title with "Problem: " when any form in the page's context has one."""
    found = any(problems.has_problem(value) for layer in context.dicts for value in layer.values())
    return gettext("Problem:") + " " if found else ""


@register.simple_tag
def field(
    bound: BoundField, *, question: bool = False, label: str = "", hint: str = "", **attrs: object
) -> SafeString:
    """Set one field whole: label, hint, problem and native control; other arguments become its attributes.

    `label` and `hint` say it in other words than the form does.
    """
    bound.label = label or bound.label
    bound.help_text = hint or bound.help_text
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in attrs.items()}
    context = {"field": bound, "control": bound.as_widget(attrs=given), "as_question": question}
    return SafeString(render_to_string("look/forms/field.html", context))

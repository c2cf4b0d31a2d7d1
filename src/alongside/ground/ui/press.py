"""The press of a button: do what a filled-in form asks for and go on from there, or say in the form what was refused."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from alongside.core.refusals import Refused
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.refusals import refusal_text

#: What was typed into a form, cleaned.
type Typed = dict[str, Any]


def posted(request: HttpRequest) -> QueryDict | None:
    """Give what was sent, to fill a form in with; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def press[R](
    request: ViewerRequest,
    form: BaseForm,
    act: Callable[[Typed], R],
    onward: str | Callable[[R], str],
    *,
    at: str | None = None,
) -> HttpResponseRedirect | None:
    """Do what a form asks for and lead to `onward`; None where the page is to be shown, with what it has to say.

    `act` takes what was typed. What it refuses is told in the form: at the field that the refusal names, else at `at`,
    else above all fields; at several fields where it raises Django's ValidationError. `onward` is an address, or makes
    one of what `act` gave. A view ends with `return press(...) or render(...)`.
    """
    if not form.is_valid():
        return None
    try:
        made = act(form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except Refused as error:
        field = error.field if error.field in form.fields else at
        form.add_error(field, refusal_text(error, request.pack))
        return None
    return HttpResponseRedirect(onward if isinstance(onward, str) else onward(made))


def problem_of(form: BaseForm) -> str:
    """Say what was refused, for a page whose form is a button alone; empty where nothing was."""
    return " ".join(map(str, form.non_field_errors()))

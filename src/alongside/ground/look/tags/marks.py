"""Tags for the marks: shape says who, fill says written or owed."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from alongside.ground.look.tags import register

PENS = ("community", "city", "both")
STATES = ("", "owed", "late", "claimed", "disputed")

type Mark = str | tuple[str, str]


class UnknownMarkError(ValueError):
    """A mark names a pen or a state that the look does not have; the message lists those it has."""


def classes(pen: str, state: str = "") -> str:
    """Give the classes of a pen and a state. Raises UnknownMarkError for words the look does not know."""
    if pen not in PENS or state not in STATES:
        raise UnknownMarkError(
            f"There is no mark '{pen} {state}'. Pens are {', '.join(PENS)}; states are {', '.join(STATES[1:])} or none."
        )
    return f"by-{pen} is-{state}" if state else f"by-{pen}"


@register.simple_tag
def mark(pen: str, state: str = "") -> SafeString:
    """Draw one mark, always beside words that say the same: {% mark 'city' 'late' %}."""
    return format_html('<span class="mark {}"></span>', classes(pen, state))


@register.simple_tag
def tally(marks: Iterable[Mark] | str) -> SafeString:
    """Draw a row of marks: "community,city late", or a list of "city late" or ("city", "late")."""
    given = marks.split(",") if isinstance(marks, str) else marks
    drawn = format_html_join("", "{}", ((_drawn(each),) for each in given))
    return format_html('<span class="tally">{}</span>', drawn)


def _drawn(each: Mark) -> SafeString:
    """Draw a mark written as words or as a pair."""
    return mark(*(each.split() if isinstance(each, str) else each))

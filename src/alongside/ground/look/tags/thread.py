"""Tags for the thread: who wrote what and when, the knots, and the empty places."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from alongside.ground.look.days import Day
from alongside.ground.look.tags import register
from alongside.ground.look.tags.marks import Mark, classes, mark

type Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]


@register.inclusion_tag("look/parts/counter.html")
def counter(days: int, due: Day) -> dict[str, Any]:
    """Show the empty place's number: days left to a date, or (below zero) days past it."""
    return {"days": abs(days), "is_late": days < 0, "due": due}


@register.inclusion_tag("look/parts/byline.html")
def byline(
    pen: str = "",
    *,
    who: str = "",
    did: str = "",
    on: Day = None,
    more: str = "",
    state: str = "",
    marked: bool = True,
) -> dict[str, Any]:
    """Say who did what and when, after the pen's mark (marked=False beside a knot, which has its own)."""
    drawn = mark(pen, state) if pen and marked else ""
    return {"mark": drawn, "pen": pen, "who": who, "did": did, "on": on, "more": more}


@register.inclusion_tag("look/parts/facts.html")
def facts(pairs: Pairs) -> dict[str, Any]:
    """Set pairs of a term and what it is: a mapping, or an iterable of pairs; empty values are left out."""
    found = pairs.items() if isinstance(pairs, Mapping) else pairs
    return {"pairs": [(term, value) for term, value in found if value is not None and value != ""]}


@register.inclusion_tag("look/parts/proof.html")
def proof(
    index: int,
    *,
    kind: str = "",
    leaf: str = "",
    size: int | None = None,
    signed: bool = True,
    href: str = "",
) -> dict[str, Any]:
    """Tell how to check an entry: its number, kind, leaf hash (hex), the size of the signed tree, the full proof."""
    return {"index": index, "kind": kind, "leaf": leaf, "size": size, "signed": signed, "href": href}


@register.inclusion_tag("look/parts/turn.html")
def turn(
    heading: str, *, anchor: str = "", lang: str = "", pen: str = "", state: str = "", status: str = ""
) -> dict[str, Any]:
    """Head one stretch of the thread, with one status at the city's side."""
    drawn = mark(pen, state) if pen else ""
    return {"heading": heading, "anchor": anchor, "lang": lang, "mark": drawn, "status": status}


@register.inclusion_tag("look/parts/standing.html")
def standing(
    heading: str,
    *,
    href: str,
    marks: Iterable[Mark] | str,
    status: str,
    number: int | None = None,
    lang: str = "",
    late: bool = False,
) -> dict[str, Any]:
    """Sum up one ask in a row of marks and a sentence."""
    return {
        "heading": heading,
        "href": href,
        "marks": marks,
        "status": status,
        "number": number,
        "lang": lang,
        "late": late,
    }


@register.inclusion_tag("look/parts/milestone.html")
def milestone(heading: str, *, pen: str, state: str = "", **parts: Any) -> dict[str, Any]:
    """Show one milestone: kept ('both'), disputed, claimed or owed; what a checker said stands at its side.

    `support` is a line below the heading; `said` with `lang`, and where it was translated, `translated_from` and
    `is_reviewed`.
    """
    return {**parts, "heading": heading, "mark": mark(pen, state)}


@register.inclusion_tag("look/parts/empty.html")
def empty(why: str, after: str = "", *, href: str = "", words: str = "") -> dict[str, Any]:
    """Say why nothing is here, and what comes next."""
    return {"why": why, "after": after, "href": href, "words": words}


@register.inclusion_tag("look/parts/knot.html")
def whole_knot(pen: str, state: str = "", **parts: Any) -> dict[str, Any]:
    """Tie a knot from its parts.

    `who did on more` make the byline; then `heading`, `said` with `lang`, `text`, `days` with `due`, `facts`,
    `support`; `proof` is a mapping of the arguments of the proof tag; `anchor` names it; `gap=True` leaves out the mark.
    """
    is_open = state in {"owed", "late"} or parts.get("gap")
    drawn = "" if parts.get("gap") else mark(pen, state)
    found = classes(pen, state) + (" is-open" if is_open else "")
    return {"days": None, **parts, "pen": pen, "classes": found, "mark": drawn}


@register.simple_block_tag
def knot(content: str, pen: str, state: str = "", *, anchor: str = "", gap: bool = False) -> SafeString:
    """Tie one knot around what stands inside: {% knot 'city' 'owed' %}…{% endknot %}."""
    return format_html(
        '<li class="knot {}{}"{}>{}<article class="sheet">{}</article></li>',
        classes(pen, state),
        " is-open" if state in {"owed", "late"} or gap else "",
        format_html(' id="{}"', anchor) if anchor else "",
        "" if gap else mark(pen, state),
        content,
    )


@register.simple_block_tag
def sheet(content: str, pen: str = "", more: str = "", *, tag: str = "article") -> SafeString:
    """Lay a sheet in a pen's color; `more` adds classes: {% sheet 'community' %}…{% endsheet %}."""
    found = " ".join(filter(None, ["sheet", classes(pen) if pen else "", more]))
    return format_html('<{} class="{}">{}</{}>', tag, found, content, tag)


@register.simple_block_tag
def note(content: str, label: str = "") -> SafeString:
    """Set a note: an empty place with why and what next, or something to know first."""
    named = format_html(' role="note" aria-label="{}"', label) if label else ""
    return format_html('<div class="note"{}>{}</div>', named, content)

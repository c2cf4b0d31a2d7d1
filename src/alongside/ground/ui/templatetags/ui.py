"""Tags of every page: fields and problems, addresses, marks, sums, the thread, words in whose language."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context, TemplateSyntaxError
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.policy.words import Words
from alongside.ground.ui import addresses, refusals
from alongside.ground.ui.context import language
from alongside.ground.ui.days import Day, about_in_words, day_in_words, day_of, days_left, is_soon
from alongside.ground.ui.languages import comma, dot, in_readers_words, listed, semicolon
from alongside.ground.ui.leads import lead_by_name, lead_in_words
from alongside.ground.ui.numbers import counted, money, sums
from alongside.ground.ui.press import NONCE, new_nonce

register = template.Library()
for one in (counted, money, sums):
    register.filter(one)
register.simple_tag(days_left)


@register.inclusion_tag("ui/parts/problems.html")
def form_problems(*forms: BaseForm) -> dict[str, Any]:
    """List the problems of these forms at the top of the page, each linked to its field; nothing when there are none."""
    return {"problems": refusals.listed(forms)}


@register.simple_tag(takes_context=True)
def nonce(context: Context) -> SafeString:
    """Mark this drawing of a form, so that it is done once however often its button is pressed; nothing for residents."""
    drawn = new_nonce(context["request"])
    return (
        format_html('<input type="hidden" name="{}" value="{}">', NONCE, drawn) if drawn else SafeString("")
    )


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Begin the title with "Problem: " when any form in the page's context has one."""
    found = any(refusals.has_problem(value) for layer in context.dicts for value in layer.values())
    return gettext("Problem:") + " " if found else ""


@register.simple_tag(takes_context=True)
def title_again(context: Context) -> SafeString:
    """Say the title of the page once more, as its heading."""
    title = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return SafeString(title.render(context))


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
    return SafeString(render_to_string("ui/forms/field.html", context))


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, **kwargs: object) -> str:
    """Give the address of a named page: {% to 'engagements:engagement' slug=e.slug %}."""
    return addresses.to(context["request"], name, **kwargs)


@register.simple_tag(takes_context=True)
def to_if_there(context: Context, name: str, **kwargs: object) -> str:
    """Give the address of a page that may not exist, or an empty string: use with `as`."""
    request = context.get("request")
    return addresses.to_if_there(request, name, **kwargs) if request else ""


PENS = ("community", "city", "both")
STATES = ("", "owed", "late", "claimed", "disputed")

#: What a mark means in a row of marks that sums up an ask.
MEANINGS = {
    ("community", ""): gettext_lazy("The community wrote"),
    ("city", ""): gettext_lazy("The City wrote"),
    ("city", "owed"): gettext_lazy("Not due yet"),
    ("city", "late"): gettext_lazy("Late"),
    ("city", "claimed"): gettext_lazy("The City says it is done"),
    ("both", ""): gettext_lazy("Kept: both sides say so"),
    ("both", "disputed"): gettext_lazy("Disputed"),
}

type Mark = str | tuple[str, str]


def classes(pen: str, state: str = "") -> str:
    """Give the classes of a pen and a state. Raises TemplateSyntaxError for words the look does not know."""
    if pen not in PENS or state not in STATES:
        raise TemplateSyntaxError(
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


type Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]


@register.inclusion_tag("ui/parts/counter.html")
def counter(days: int, due: Day) -> dict[str, Any]:
    """Show the empty place's number: days left to a date, or (below zero) days past it."""
    return {"days": abs(days), "is_late": days < 0, "due": due}


@register.inclusion_tag("ui/parts/byline.html")
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


@register.inclusion_tag("ui/parts/facts.html")
def facts(pairs: Pairs) -> dict[str, Any]:
    """Set pairs of a term and what it is: a mapping, or an iterable of pairs; empty values are left out."""
    found = pairs.items() if isinstance(pairs, Mapping) else pairs
    return {"pairs": [(term, value) for term, value in found if value is not None and value != ""]}


@register.inclusion_tag("ui/parts/proof.html")
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


@register.inclusion_tag("ui/parts/turn.html")
def turn(
    heading: str, *, anchor: str = "", lang: str = "", pen: str = "", state: str = "", status: str = ""
) -> dict[str, Any]:
    """Head one stretch of the thread, with one status at the city's side."""
    drawn = mark(pen, state) if pen else ""
    return {"heading": heading, "anchor": anchor, "lang": lang, "mark": drawn, "status": status}


@register.inclusion_tag("ui/parts/standing.html")
def standing(
    heading: str,
    *,
    href: str,
    marks: Iterable[Mark] | str,
    status: str,
    number: int | None = None,
    lang: str = "",
    late: bool = False,
    place: str = "",
) -> dict[str, Any]:
    """Sum up one ask in a row of marks and a sentence; `place` is what an address leads to."""
    return {
        "heading": heading,
        "href": href,
        "marks": marks,
        "status": status,
        "number": number,
        "lang": lang,
        "late": late,
        "place": place,
    }


@register.inclusion_tag("ui/parts/legend.html")
def legend(lines: Iterable[Any]) -> dict[str, Any]:
    """Say what each mark means that stands in these lines, each with its `marks`."""
    drawn = {each for line in lines for each in line.marks}
    return {"drawn": [(mark(*each), words) for each, words in MEANINGS.items() if each in drawn]}


@register.inclusion_tag("ui/parts/milestone.html")
def milestone(heading: str, *, pen: str, state: str = "", **parts: Any) -> dict[str, Any]:
    """Show one milestone: kept ('both'), disputed, claimed or owed; what a checker said stands at its side.

    `support` is a line below the heading; `heard` are the texts, each with words and their language, `who` said it where
    two did, and where it was translated, `translated_from` and `is_reviewed`; `proof` is the entry to check, with the `href` of its page;
    `anchor` is its place on the page.
    """
    return {**parts, "heading": heading, "mark": mark(pen, state)}


@register.inclusion_tag("ui/parts/empty.html")
def empty(why: str, after: str = "", *, href: str = "", words: str = "") -> dict[str, Any]:
    """Say why nothing is here, and what comes next."""
    return {"why": why, "after": after, "href": href, "words": words}


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


@register.simple_tag
def in_words(lang: str | Words | None) -> SafeString:
    """Give the lang and dir attributes of text in another language than the page's; nothing for the page's own.

    Words of a pack have the language in which `say` gives them.
    """
    if isinstance(lang, Words):
        lang = lang.lang_of(get_language() or "")
    if not lang or lang == get_language():
        return SafeString("")
    told = language(lang)
    return format_html(' lang="{}" dir="{}"', told.tag, told.dir)


@register.filter
def say(words: Words) -> str:
    """Give words of a pack in the language of the page, else in English."""
    return words.say(get_language() or "")


register.filter("site", addresses.site_of)


@register.simple_tag
def reads(lang: str | None) -> SafeString:
    """Give the direction of what scrolls sideways, so that it begins where its language does; nothing for the page's own."""
    if not lang or lang == get_language():
        return SafeString("")
    return format_html(' dir="{}"', language(lang).dir)


@register.simple_tag
def said(words: str, lang: str | None = "") -> SafeString:
    """Set what someone said and stands behind, one paragraph a blank line, with its language where it is foreign."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", words.replace("\r\n", "\n")) if part.strip()]
    own = in_words(lang)
    return format_html_join("\n", '<p class="said"{}>{}</p>', ((own, _lines(part)) for part in parts))


@register.simple_tag
def said_here(text: Any) -> SafeString:
    """Set a public text of an entry, or say why it is not there: only what was taken down is missing."""
    if not text:
        return format_html('<p class="note">{}</p>', gettext("This text was taken down on a legal ground."))
    return said(text.words, text.lang)


@register.simple_tag(takes_context=True)
def when(context: Context, day: Day, form: str = "full") -> SafeString:
    """Write a day in the reader's language, the month as a word; form 'day' leaves out the year, 'soon' where it is near.

    A point in time is told by its day where the program is.
    """
    pack = context.get("pack")
    if form == "soon":
        form = "day" if is_soon(day, context["request"].today) else "full"
    return dated(local_date(day, pack) if isinstance(day, datetime) and pack else day, form)


def dated(day: Day, form: str = "full") -> SafeString:
    """Write a day in the reader's language and, for machines, as a date; nothing for no day."""
    value = day_of(day)
    if value is None:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", day_in_words(value, form))


@register.simple_tag
def when_about(day: str) -> SafeString:
    """Write a day, a month or a year, as an old source gives it, in the reader's language."""
    return format_html('<time datetime="{}">{}</time>', day, about_in_words(day))


@register.filter
def as_seat(public_id: str) -> str:
    """Name a seat as this page calls its lead; an office or a unit stays as it is."""
    return lead_in_words(public_id) if public_id.startswith("seat-") else public_id


@register.filter
def as_lead(public_id: str) -> str:
    """Name a lead as this page calls them, and say of a name that somebody chose that it is a lead's."""
    return lead_by_name(public_id)


@register.simple_tag(takes_context=True)
def whose(context: Context, entry: Entry) -> str:
    """Name who wrote an entry: the office by its title, the leads, the clock, or the City where no office is named."""
    if entry.offices:
        return str(context["pack"].office_title(entry.offices[0], context["lang"]))
    pens = {"community": gettext("Community leads"), "clock": gettext("The clock")}
    return pens.get(entry.pen, gettext("The City"))


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Name languages by their codes, one after the other, in the language of the page."""
    return listed(in_readers_words(code) for code in codes)


register.filter("listed", listed)
register.filter("language_name", in_readers_words)
register.simple_tag(comma)
register.simple_tag(dot)
register.simple_tag(semicolon)


@register.inclusion_tag("ui/parts/translated.html", takes_context=True)
def translated(
    context: Context,
    from_language: str,
    *,
    by: str = "",
    added_by: str = "",
    on: Day | None = None,
    is_reviewed: bool = False,
    after_signing: bool = False,
) -> dict[str, object]:
    """Say from which language a text was translated (its code), by whom, who added it and when, and whether a person reviewed it.

    `added_by` is lead, steward or office; `on` the day; `after_signing` says that the words were signed without this one.
    A page says it whole once; what was translated in the same way after that says it in short.
    """
    told = vars(getattr(context, "request", None) or SimpleNamespace()).setdefault(
        "ways_of_translating", set()
    )
    way = (from_language, by, added_by, is_reviewed, after_signing)
    is_told = way in told
    told.add(way)
    return {
        "is_told": is_told,
        "from_language": in_readers_words(from_language),
        "by": {"machine": gettext("a machine"), "person": gettext("a person")}.get(by, by),
        "added": added_in_words(added_by, on),
        "is_reviewed": is_reviewed,
        "after_signing": after_signing,
    }


def added_in_words(by: str, on: Day | None) -> str:
    """Say who added a translation, and on which day where it is known; nothing where nobody is named."""
    return _added(by, day_in_words(on)) if on else _added_some_day(by)


def _added(by: str, day: str) -> str:
    added = {
        "lead": gettext("Added by a lead on %(day)s."),
        "steward": gettext("Added by the program coordinator on %(day)s."),
        "office": gettext("Added by an office of the City on %(day)s."),
    }
    return added.get(by, "") % {"day": day}


def _added_some_day(by: str) -> str:
    added = {
        "lead": gettext("Added by a lead."),
        "steward": gettext("Added by the program coordinator."),
        "office": gettext("Added by an office of the City."),
    }
    return added.get(by, "")


def _lines(part: str) -> SafeString:
    """Keep the line breaks inside one paragraph."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in part.split("\n")))

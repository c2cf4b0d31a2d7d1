"""Tags for words: what someone said, when, how many, in whose language."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from alongside.core.clocks import local_date
from alongside.ground.look.context import language
from alongside.ground.look.days import Day, about_in_words, day_in_words, day_of
from alongside.ground.look.tags import register
from alongside.ground.look.tongues import comma, in_readers_words, semicolon
from alongside.ground.look.tongues import listed as list_of


@register.simple_tag
def in_words(lang: str | None) -> SafeString:
    """Give the lang and dir attributes of text in another language than the page's; nothing for the page's own."""
    if not lang or lang == get_language():
        return SafeString("")
    told = language(lang)
    return format_html(' lang="{}" dir="{}"', told.tag, told.dir)


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
    """Write a day in the reader's language, the month as a word; form 'day' leaves out the year.

    A point in time is told by its day where the program is.
    """
    pack = context.get("pack")
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
    """Name a seat without a person's name; an office or a unit stays as it is."""
    is_seat = public_id.startswith("seat-")
    return gettext("Lead, seat %(id)s") % {"id": public_id.removeprefix("seat-")} if is_seat else public_id


@register.filter
def tongues(codes: Iterable[str]) -> str:
    """Name languages by their codes, one after the other, in the language of the page."""
    return list_of(in_readers_words(code) for code in codes)


@register.filter
def listed(parts: Iterable[object]) -> str:
    """Write the parts of a list with the comma of the language of the page."""
    return list_of(parts)


@register.simple_tag(name="comma")
def comma_tag() -> str:
    """Write what stands between two parts of a list in the language of the page."""
    return comma()


@register.simple_tag(name="semicolon")
def semicolon_tag() -> str:
    """Write what stands between two longer parts of a list in the language of the page."""
    return semicolon()


@register.filter
def counted(number: int) -> str:
    """Write a whole number the way the reader's language groups its digits."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def tongue(code: str) -> str:
    """Name a language, given by its code, in the reader's words."""
    return in_readers_words(code)


@register.simple_tag
def days_left(days: int) -> str:
    """Say in words how far a date is: days left, due today, or late by so many days."""
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": counted(days)}
    return ngettext("late by %(days)s day", "late by %(days)s days", -days) % {"days": counted(-days)}


@register.inclusion_tag("look/parts/translated.html")
def translated(
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
    """
    return {
        "from_language": in_readers_words(from_language),
        "by": {"machine": gettext("a machine"), "person": gettext("a person")}.get(by, by),
        "added": _added(added_by, day_in_words(on)) if on else _added_some_day(added_by),
        "is_reviewed": is_reviewed,
        "after_signing": after_signing,
    }


def _added(by: str, day: str) -> str:
    added = {
        "lead": gettext("Added by a lead on %(day)s."),
        "steward": gettext("Added by the steward on %(day)s."),
        "office": gettext("Added by an office of the City on %(day)s."),
    }
    return added.get(by, "") % {"day": day}


def _added_some_day(by: str) -> str:
    added = {
        "lead": gettext("Added by a lead."),
        "steward": gettext("Added by the steward."),
        "office": gettext("Added by an office of the City."),
    }
    return added.get(by, "")


def _lines(part: str) -> SafeString:
    """Keep the line breaks inside one paragraph."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in part.split("\n")))

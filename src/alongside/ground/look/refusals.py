"""Say a refusal to the person who reads it: in their language, with their days and numbers, as a sentence."""

from datetime import date

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from alongside.core.grammar import MalformedError
from alongside.core.policy import Pack
from alongside.core.refusals import Named, Refused, Tongue, Value
from alongside.ground.look.days import day_in_words
from alongside.ground.look.tongues import in_readers_words, listed


def said(error: Exception, pack: Pack | None = None) -> str:
    """Say why something was refused and what cures it. The pack gives the names of offices and units."""
    if isinstance(error, MalformedError):
        words = gettext(
            "Something is missing or does not fit, so nothing was saved. Look at what you filled in, then try again. "
            "If it happens again, tell the steward."
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
    return listed(_spoken(one, pack) for one in value)


def _called(one: str, pack: Pack | None) -> str:
    """Give what people call a seat, an office or a unit; its public id where nothing names it."""
    spoken = get_language() or "en"
    if one.startswith("seat-"):
        return gettext("Lead, seat %(id)s") % {"id": one.removeprefix("seat-")}
    if pack is None:
        return one
    if "/" in one:
        return pack.office_title(one, spoken)
    try:
        return pack.words(f"units.{one}.name", spoken)
    except KeyError:
        return one

"""Say what failed in plain words, in the reader's language, with a link to the entry that tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.core.policy.pack import Pack
from alongside.desks.queries import unit_name
from alongside.desks.queries.failing import Failure
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import listed

HEADINGS: dict[str, str | Promise] = {
    "silent": gettext_lazy("No answer by the date, and none since"),
    "late": gettext_lazy("Answered after the date"),
    "disputed": gettext_lazy("Called done, and those who checked did not agree"),
    "broken": gettext_lazy("Promised for a date, and nothing was shown by then"),
    "unchecked": gettext_lazy("Called done, and nobody checked it in time"),
    "unheard": gettext_lazy("People did not hear back by the date"),
    "empty": gettext_lazy("A seat stayed empty past its alarm"),
    "unsigned": gettext_lazy("A workplan lacked a signature"),
}


@dataclass(frozen=True)
class FailureLine:
    """One failure as the page shows it."""

    heading: str
    about: str
    lang: str
    text: str
    index: int
    href: str


def told_lines(request: ViewerRequest, found: Sequence[Failure]) -> list[FailureLine]:
    """Say each failure, those of one sort together. Asks nothing."""
    lang, pack = lang_of(request), request.pack
    return [
        FailureLine(
            heading=str(heading),
            about=one.about,
            lang=one.lang,
            text=" · ".join(filter(None, [_who(one, pack, lang), _days(one)])),
            index=one.entry,
            href=to(request, "record:entry", index=one.entry),
        )
        for what, heading in HEADINGS.items()
        for one in found
        if one.what == what
    ]


def _who(one: Failure, pack: Pack, lang: str) -> str:
    if one.what == "unsigned":
        sides = [_side(side, pack, lang) for side in one.who.split(",")]
        return _("Waited for %(who)s") % {"who": listed(sides)}
    return pack.office_title(one.who, lang) if one.who else ""


def _side(side: str, pack: Pack, lang: str) -> str:
    return _("the community leads") if side == "community" else unit_name(pack, side, lang)


def _days(one: Failure) -> str:
    if one.days is None:
        return ""
    if one.what == "empty":
        words = ngettext("Empty for %(n)d day", "Empty for %(n)d days", one.days)
    elif one.what == "unsigned":
        words = ngettext("For %(n)d day", "For %(n)d days", one.days)
    else:
        words = ngettext("%(n)d day late", "%(n)d days late", one.days)
    return words % {"n": one.days}

"""What invites people to a question, on posters, on flyers and in a message: what is asked, who decides, until when, the next session, each way to take part, and help."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from alongside.core.policy.pack import Pack
from alongside.desks.leaflets import Piece, in_page, of_pack, piece
from alongside.desks.leaflets import message as message_of
from alongside.ground.directory.queries import help_called, help_of
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.record.queries import packs_of
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import comma
from alongside.work.engagements.queries.pages import Page
from alongside.work.engagements.queries.sessions import (
    SessionShown,
    listening_in,
    sessions_shown,
    to_come_to,
)
from alongside.work.engagements.queries.wording import Wording, wording

type Part = tuple[str, list[Piece]]

#: A number to call among the words of a sheet.
NUMBER = re.compile("\u2066[^\u2069]+\u2069")
#: So many numbers to call stand on a sheet, by how often it stands on a page.
LINES = {1: 4, 2: 3, 4: 2}


def facts(request: ViewerRequest, page: Page) -> list[Part]:
    """Give who decides, what can change, and how to take part: at the next session, by phone and on paper. Asks for the packs and for sessions once."""
    say = _wording(request, page)
    change = page.texts.get("can_change")
    lines = change.words.splitlines() if change else []
    held = _next(request, page)
    return [
        _who(page, say),
        (_("What can change"), [piece(change, lines[0] if lines else "")]),
        *([(_("In person"), [in_page(_meet(held, held.hours, _apart))])] if held else []),
        (_("Take part by phone or on paper"), _ways(request.pack)),
    ]


def _wording(request: ViewerRequest, page: Page) -> Wording:
    frozen = packs_of(request.program).at(page.entry or 0)
    decider = str(page.decision.entry.data["office"]) if page.decision else ""
    return wording(page.data, decider, frozen, lang_of(request), now=request.pack)


def _who(page: Page, say: Wording) -> Part:
    if page.data["community"]:
        nothing = _("%(government)s has promised nothing.") % {"government": say.government}
        return _("Who asks"), [in_page(f"{_('Community leads')}. {nothing}")]
    if not say.decider or page.decision_day is None:
        return _("Who decides"), [in_page(_("This promise names no office that decides, and no day."))]
    on = {"decider": say.decider, "day": day_in_words(page.decision_day)}
    return _("Who decides"), [in_page(_("%(decider)s, on %(day)s") % on)]


def _next(request: ViewerRequest, page: Page) -> SessionShown | None:
    """Give the next session that anybody may come to."""
    _methods, found = listening_in(request.program, page.slug)
    stands = [one for one in found if not one.cancelled]
    return next(iter(to_come_to(sessions_shown(stands, request.pack, request.today))), None)


def _apart(words: str) -> str:
    """Keep words in their own direction."""
    return f"\u2068{words}\u2069"


def _meet(held: SessionShown, hours: str, say: Callable[[str], str] = str) -> str:
    """Say on which day, when and where a session is, as far as pages tell its place."""
    where = say(held.of.place) if held.of.place else _("call to hear where")
    return comma().join([held.day, say(hours), where])


def _ways(pack: Pack) -> list[Piece]:
    """Give each way to speak without a screen: the number, what happens there, and who answers."""
    found = []
    for one in pack.routes:
        who = _("Who answers: %(who)s.") % {"who": of_pack(one.answered_by)["words"]}
        said = of_pack(one.words)
        number = f"\u2066{one.tel_shown or one.tel}\u2069. " if one.tel else ""
        found.append(said | {"words": f"{number}{said['words']} {who}"})
    return found


def help_lines(pack: Pack, most: int = LINES[1]) -> Part:
    """Give the first numbers to call of each kind of help, with the languages that are spoken there."""
    by_kind = [lines for _kind, _heading, lines in help_of(pack)]
    turns = [lines[place] for place in range(2) for lines in by_kind if place < len(lines)]
    return help_called(pack), [
        of_pack(one.name)
        | {
            "words": f"{of_pack(one.name)['words']}: \u2066{one.tel_shown}\u2069. {of_pack(one.languages)['words']}"
        }
        for one in turns[:most]
    ]


def on_a_page(part: Part) -> Part:
    """Keep each number to call on one line of a page; on paper the template does."""
    heading, said = part
    whole = [
        one | {"words": NUMBER.sub(lambda found: found[0].replace("-", "-\u2060"), one["words"])}
        for one in said
    ]
    return heading, whole


def until(page: Page) -> str:
    """Say until when people can speak, and that they need no name."""
    day = _("Open to %(day)s") % {"day": day_in_words(page.closes)}
    return f"{day}. {_('No name, no account.')}"


def message(request: ViewerRequest, page: Page, address: str) -> str:
    """Give the invitation as words for a message."""
    heading, said = _who(page, _wording(request, page))
    phone = request.pack.phone
    call = _("By phone: %(number)s") % {"number": phone.tel_shown or phone.tel} if phone else ""
    title, held = page.title.words if page.title else "", _next(request, page)
    # No letter here that phones send at twice the price.
    meet = f"{_('In person')}: {_meet(held, held.hours.replace('–', '-'))}" if held else ""
    return message_of([title, until(page), meet, f"{heading}: {said[0]['words']}", call], address)

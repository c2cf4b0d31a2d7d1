"""What waits of asks: to say what is meant, to move, to reply above, to agree to a learning period, to give an office to someone."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.asks.queries import LeftToOthers, learnings, places_of, raised_to
from alongside.core.workflow.asks import OWED
from alongside.ground.gate.roles import Role
from alongside.ground.programs.queries import answers_today, posts_today
from alongside.ground.record import queries as record
from alongside.ground.record.models import Standing
from alongside.ground.record.steps import rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import THE_STEWARD, Desk, Step


def left(desk: Desk) -> LeftToOthers:
    """Say what the viewer leaves to other leads: what is about a bureau that pays or employs them waits on the others' desks."""
    return LeftToOthers(desk.once(rows), desk.viewer.seat, desk.today)


def places(desk: Desk) -> dict[tuple[int, str], int]:
    """Give the promise and the list that each open ask stands on."""
    return places_of(desk.program, [one.ask for one in desk.once(open_asks)])


def open_asks(desk: Desk) -> list[Standing]:
    """List the asks to which an answer or a reply is owed: of staff, by their units; else by any. One query."""
    ours = {"unit__in": sorted(desk.viewer.answers_for)} if desk.role is Role.STAFF else {}
    return record.standings(desk.program, state__in=OWED, **ours)


def steps(desk: Desk) -> list[Step]:
    """List what leads clear up and agree to, what units move and reply to, and for the steward what nobody answers."""
    if desk.role is Role.STEWARD:
        return _held_by_nobody(desk)
    if desk.role is Role.STAFF:
        return [*_of_merged_units(desk), *_raised(desk)]
    return [*_unclear(desk), *_learning(desk)]


def _unclear(desk: Desk) -> list[Step]:
    """List the asks of which an office asked what is meant."""
    return [
        Step(
            _("Say what you mean: %(what)s"),
            _("The office asked."),
            desk.to("asks:clarify", ask=one.ask),
            about=one.ask,
        )
        for one in desk.once(open_asks)
        if one.unclear is not None and not desk.once(left).ask(one.ask)
    ]


def _learning(desk: Desk) -> list[Step]:
    """List the bureaus that asked for a learning period to which no lead agreed."""
    text = _("Its clocks run as always. In its first days, this site tells nothing late about it in public.")
    return [
        Step(
            _("Agree to a learning period, or leave it: %(unit)s")
            % {"unit": desk.pack.unit_name(one.unit, desk.lang)},
            text,
            desk.to("asks:learning"),
        )
        for one in learnings(desk.once(rows))
        if one.until is None
    ]


def _of_merged_units(desk: Desk) -> list[Step]:
    """List for the office above what units owe that the rules have no more: it hands each ask on."""
    found = [one for one in desk.once(open_asks) if one.owes_answer and one.unit in desk.viewer.merged]
    if not found:
        return []
    packs = record.packs_of(desk.program)
    text = _("It was asked of %(office)s, which is no longer in the rules. The answer is due on %(day)s.")
    return [
        Step(
            _("Move it to the right bureau: %(what)s"),
            text
            % {
                "office": apart(packs.at(one.ask).office_title(one.office, desk.lang)),
                "day": day_in_words(one.answer_due),
            },
            desk.to("asks:transfer", ask=one.ask),
            "city",
            desk.state(one.answer_due),
            about=one.ask,
        )
        for one in found
    ]


def _raised(desk: Desk) -> list[Step]:
    """List what was raised to the viewer's units and has no reply. Two queries."""
    text = _("Raised to your office. A reply is due on %(day)s.")
    return [
        Step(
            _("Reply: %(what)s"),
            text % {"day": day_in_words(one.raise_due)},
            desk.to("asks:reply_above", ask=one.ask),
            "city",
            desk.state(one.raise_due),
            about=one.ask,
        )
        for one in raised_to(desk.program, desk.viewer.units)
    ]


def _held_by_nobody(desk: Desk) -> list[Step]:
    """List the offices that owe an answer and that nobody holds today. What a merged unit was asked waits for the office above.

    Two queries.
    """
    held = {one.public_id for one in posts_today(desk.program, desk.today)}
    found: dict[str, list[Standing]] = {}
    for one in desk.once(open_asks):
        is_gone = answers_today(desk.pack, one.unit) != one.unit
        office = desk.pack.escalate_to if is_gone else one.office
        if office not in held:
            found.setdefault(office, []).append(one)
    return [_to_give(desk, office, asks) for office, asks in found.items()]


def _to_give(desk: Desk, office: str, asks: list[Standing]) -> Step:
    text = ngettext(
        "%(n)d answer waits, due on %(day)s.", "%(n)d answers wait, the first due on %(day)s.", len(asks)
    )
    due = min(one.due or one.answer_due for one in asks)
    return Step(
        _("Nobody holds an office that owes an answer: %(office)s")
        % {"office": apart(desk.pack.office_title(office, desk.lang))},
        text % {"n": len(asks), "day": day_in_words(due)},
        desk.to("seats:people"),
        "city",
        desk.state(due),
        owner=THE_STEWARD,
        step=_("Give the office to someone."),
        due=due,
    )

"""What waits of asks: to say what is meant, to move, to reply above, to agree to a learning period, to give an office to someone."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.asks.queries import LeftToOthers, learnings, places_of
from alongside.core.entries import unit_of
from alongside.core.grammar.keys import most_lost
from alongside.core.grammar.suspensions import Span, first_day, idle_days
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import OWED, AskStage
from alongside.core.workflow.commitments import KEPT
from alongside.ground.gate.roles import Role
from alongside.ground.programs.models import Post, Program
from alongside.ground.programs.queries import answers_today, posts_today
from alongside.ground.record import queries as record
from alongside.ground.record.labels import moved_words
from alongside.ground.record.models import LogEntry, Standing
from alongside.ground.record.steps import kept, rows
from alongside.ground.ui.days import day_in_words, late_by
from alongside.ground.ui.languages import apart, dot
from alongside.ground.ui.steps import THE_STEWARD, Desk, Step

#: Where an ask stands that has an answer, be it "not yet", which nobody contested.
ANSWERED = (AskStage.ANSWERED, AskStage.DEFERRED)


def left(desk: Desk) -> LeftToOthers:
    """Say what the viewer leaves to other leads: what is about a bureau that pays or employs them waits on the others' desks."""
    return LeftToOthers(desk.once(rows), desk.viewer, desk.today)


def idle(desk: Desk) -> list[Span]:
    """List the times until today in which no lead could act."""
    return idle_days(desk.once(rows), desk.today)


def since(desk: Desk) -> date:
    """Give the day since which an answer can still be contested by any rules, or, for staff, its contest have a reply."""
    clocks = desk.pack.clocks
    days = clocks.contest_days + clocks.reply_days
    if desk.role is not Role.STAFF:
        days = record.packs_in(desk.once(rows)).most_days_to_contest
    return first_day(desk.today, days, desk.once(idle)) - most_lost(desk.once(rows))


def looked_at(desk: Desk) -> list[Standing]:
    """List where the asks stand at which this desk looks. One query.

    What is owed: to staff, by their units; to a lead, where it is unclear or contested, and what was answered or replied
    to lately. To staff also what was raised to any unit or is so late that the office above any was told, and what their
    own answered lately; to the steward what was raised.
    """
    if desk.role is Role.STEWARD:
        return kept(desk, _of_steward)
    if desk.role is Role.STAFF:
        return kept(desk, _of_staff, desk.once(since), tuple(sorted(desk.viewer.answers_for)))
    return kept(desk, _of_leads, desk.once(since))


def _of_leads(program: Program, first: date) -> list[Standing]:
    which = Q(state__in=OWED) & (Q(unclear__isnull=False) | Q(contest__isnull=False))
    which |= Q(state__in=ANSWERED, answered__gte=first) | _replied(program, first)
    return record.standings(program, which)


def _of_staff(program: Program, first: date, units: Sequence[str]) -> list[Standing]:
    which = (Q(state__in=OWED) | Q(answered__gte=first, reply=None)) & Q(unit__in=units)
    which |= Q(raised__isnull=False, raise_reply=None) | Q(state__in=OWED, escalated=True)
    return record.standings(program, which)


def _of_steward(program: Program) -> list[Standing]:
    return record.standings(program, Q(state__in=OWED) | Q(raised__isnull=False, raise_reply=None))


def _replied(program: Program, first_day: date) -> Q:
    """Say which asks had their last reply since a day."""
    lines = LogEntry.objects.filter(log__program=program, date__gte=first_day).order_by("date", "index")
    first = Subquery(lines.values("index")[:1])
    return Q(state=AskStage.REPLIED) & (Q(reply__gte=first) | Q(raise_reply__gte=first))


def places(desk: Desk) -> dict[tuple[int, str], int]:
    """Give the promise and the list that each open ask stands on."""
    return kept(desk, places_of, tuple(one.ask for one in desk.once(open_asks)))


def open_asks(desk: Desk) -> list[Standing]:
    """List the asks to which an answer or a reply is owed: of staff, by their units; else by any."""
    found = [one for one in desk.once(looked_at) if one.owes]
    return [one for one in found if desk.role is not Role.STAFF or one.unit in desk.viewer.answers_for]


def steps(desk: Desk) -> list[Step]:
    """List what leads clear up and agree to, what units move and reply to, and for the steward what nobody answers."""
    if desk.role is Role.STEWARD:
        return _held_by_nobody(desk)
    if desk.role is Role.STAFF:
        return [*_of_merged_units(desk), *_raised(desk), *_late_below(desk), *_promised_below(desk)]
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
    """List what was raised to the viewer's units and has no reply, by its day. One query, and one more where there is any."""
    found = sorted(
        (one for one in desk.once(looked_at) if one.owes_above), key=lambda one: one.raise_due or date.max
    )
    raised = desk.once(rows).some(one.raised or 0 for one in found)
    text = _("Raised to your office. A reply is due on %(day)s.")
    return [
        Step(
            _("Reply: %(what)s"),
            text % {"day": day_in_words(one.raise_due)},
            desk.to("asks:reply_above", ask=one.ask),
            "city",
            desk.state(one.raise_due),
            due=one.raise_due,
            about=one.ask,
        )
        for one in found
        if unit_of(raised[one.raised or 0].data["to"]) in desk.viewer.units
    ]


def _late_below(desk: Desk) -> list[Step]:
    """Tell the office above what is late below it, of which it was told, the longest first. Three queries where anything is."""
    late = {one.ask: one for one in desk.once(looked_at) if one.escalated and one.is_late(desk.today)}
    cited = kept(desk, record.indexes_citing, tuple(late), (EntryKind.ASK_ESCALATED,)) if late else ()
    told = desk.once(rows).some(index for index, _kind, _ask in cited)
    above = {
        ask: told[index]
        for index, _kind, ask in cited
        if unit_of(told[index].data["to"]) in desk.viewer.units
    }
    stands = places_of(desk.program, sorted(above)) if above else {}
    text = _("%(office)s, %(late)s. You were told on %(day)s.")
    return [
        Step(
            _("Late below you: %(what)s"),
            " ".join(
                filter(
                    None,
                    [
                        text
                        % {
                            "office": apart(desk.pack.office_title(one.office, desk.lang)),
                            "late": late_by(one.days_late(desk.today)),
                            "day": day_in_words(above[one.ask].date),
                        },
                        moved_words(one),
                    ],
                )
            ),
            _in_thread(desk, one.ask, stands),
            "city",
            "late",
            is_news=True,
            about=one.ask,
        )
        for one in sorted(late.values(), key=lambda each: -each.days_late(desk.today))
        if one.ask in above
    ]


def _in_thread(desk: Desk, ask: int, stands: Mapping[tuple[int, str], int]) -> str:
    """Give where an ask stands in its thread; its entry where it has none."""
    promise = stands.get((ask, "engagement"))
    page = desk.to("record:entry", index=ask)
    return page if promise is None else f"{desk.to('desks:thread', promise=promise)}#ask-{ask}"


def _promised_below(desk: Desk) -> list[Step]:
    """Tell the office above what was promised below it and is late, the longest first. One query where it is above."""
    if unit_of(desk.pack.escalate_to) not in desk.viewer.units:
        return []
    found = record.milestones(desk.program, ~Q(completion__in=KEPT), due__lt=desk.today)
    late = [one for one in found if one.is_late(desk.today) and one.unit not in desk.viewer.answers_for]
    return [
        Step(
            _("Promised below you, and late: %(what)s"),
            dot().join(
                [
                    apart(desk.pack.office_title(one.office, desk.lang)),
                    late_by((desk.today - one.due).days),
                ]
            ),
            f"{desk.to('desks:promised')}#not-kept",
            "city",
            "late",
            is_news=True,
            about=one.commitment,
            named=one.milestone,
        )
        for one in late
    ]


def posts(desk: Desk) -> list[Post]:
    """List who holds an office today. One query."""
    return posts_today(desk.program, desk.today)


def _held_by_nobody(desk: Desk) -> list[Step]:
    """List the offices that owe an answer and that nobody holds today. What a merged unit was asked waits for the office above.

    Two queries.
    """
    held = {one.public_id for one in desk.once(posts)}
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
        desk.to("desks:people"),
        "city",
        desk.state(due),
        owner=THE_STEWARD,
        step=_("Give the office to someone."),
        due=due,
    )

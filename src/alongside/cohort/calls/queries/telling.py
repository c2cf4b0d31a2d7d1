"""How a selection went, as everyone reads it: from the record, and the drawing file where the pool is large enough."""

from dataclasses import dataclass
from typing import Any

from alongside.cohort.calls.models import Call, Invitee, Lottery
from alongside.cohort.calls.queries.balancing import fixed_facts, panels_of
from alongside.cohort.calls.queries.choosing import pool
from alongside.cohort.calls.queries.public import CallPage
from alongside.core import quota_sheets
from alongside.core import quota_sheets as core_quota_sheets
from alongside.core.kinds import EntryKind
from alongside.core.lottery import drawing_file
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, indexes_citing, told


@dataclass(frozen=True)
class HowItWent:
    """The entries of a selection, as far as it is."""

    announced: EntryView | None
    drawn: EntryView | None
    attested: list[EntryView]
    closed: EntryView | None
    doubted: list[EntryView]
    balance: list[tuple[str, str, bool]]

    @property
    def has_begun(self) -> bool:
        """Say whether the record knows anything yet."""
        return bool(self.announced or self.closed)


def how_it_went(program: Program, page: CallPage, lang: str) -> HowItWent:
    """Give the entries of a selection with their words. Five queries."""
    own = indexes_citing(
        program, [page.told.index], [EntryKind.LOTTERY_ANNOUNCED, EntryKind.SELECTION_CLOSED]
    )
    draws = indexes_citing(
        program,
        [at for at, kind, _to in own if kind == EntryKind.LOTTERY_ANNOUNCED],
        [EntryKind.LOTTERY_DRAWN],
    )
    words = indexes_citing(program, [at for at, _kind, _to in draws], [EntryKind.LOTTERY_ATTESTED])
    found = told(program, [at for at, _kind, _to in (*own, *draws, *words)], lang)
    last = max((at for at, _kind, _to in draws), default=0)
    by_kind: dict[str, list[EntryView]] = {}
    for one in found.values():
        by_kind.setdefault(one.entry.kind, []).append(one)
    closed = next(iter(by_kind.get(EntryKind.SELECTION_CLOSED, [])), None)
    met = {one["sought"]: one["met"] for one in closed.entry.data["balance"]} if closed else {}
    return HowItWent(
        announced=next(iter(by_kind.get(EntryKind.LOTTERY_ANNOUNCED, [])), None),
        drawn=found.get(last),
        attested=[found[at] for at, _kind, to in words if to == last],
        closed=closed,
        doubted=[one for one in by_kind.get(EntryKind.LOTTERY_DRAWN, []) if one.index != last],
        balance=[
            (one.words.words, one.words.lang, met[one.key])
            for one in page.sought
            if one.key in met and one.words
        ],
    )


def file_of(lottery: Lottery) -> str | None:
    """Write the drawing file of a lottery, or None before it is drawn. One query beside the lottery's own."""
    if not hasattr(lottery, "drawn"):
        return None
    given: dict[str, Any] = {
        "salt": lottery.salt,
        "seed": lottery.drawn.seed,
        "alternates": lottery.alternates,
        "entries": {"announced": lottery.entry, "drawn": lottery.drawn.entry},
    }
    if lottery.panel_list is None:
        return drawing_file(pool(lottery.call), seats=lottery.seats, **given)
    panels, listed = panels_of(lottery)
    given |= {"panels": panels, "panels_salt": lottery.panel_list.salt, "listed": listed}
    return core_quota_sheets.drawing_file(pool(lottery.call), **given)


def sheet_of(lottery: Lottery) -> str | None:
    """Write the sheet for the witnesses of a lottery with quotas: what each ticket has, and every panel. None without quotas."""
    held = lottery.panel_list
    if held is None:
        return None
    facts, salts, leaves = fixed_facts(lottery)
    panels, listed = panels_of(lottery)
    return quota_sheets.sheet_file(
        seats=lottery.seats,
        quotas=[Quota(**one) for one in held.asked.quotas],
        facts=facts,
        salts=salts,
        leaves=leaves,
        panels=panels,
        panels_salt=held.salt,
        listed=listed,
        entries={"announced": lottery.entry},
    )


def may_show_file(call: Call, pack: Pack) -> bool:
    """Say whether everyone may have the drawing file: a pool below k is a count of people that is told to nobody."""
    return hasattr(call, "lottery") and hasattr(call.lottery, "drawn") and len(pool(call)) >= pack.k


def witness_rows(call: Call) -> list[Invitee]:
    """List the witnesses of a call's lottery. One query."""
    rows = call.invitees.witnesses().select_related("person", "attested")
    return list(rows.order_by("number"))


def witnessed_by(person_id: int | None, program: Program) -> list[Invitee]:
    """List the lotteries that a person witnesses. One query."""
    rows = Invitee.objects.witnesses().filter(person=person_id, call__program=program)
    near = ("call__program", "call__lottery__drawn", "call__lottery__panel_list__asked", "attested")
    return list(rows.select_related(*near).order_by("-pk"))

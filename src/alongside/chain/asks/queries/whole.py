"""Read one question with everything that was entered about it; and what was raised to an office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alongside.chain.asks.queries.asking import OWING, Asked, asked
from alongside.chain.asks.queries.questions import KIND
from alongside.core.grammar.v1.bureaus import unit_of
from alongside.core.grammar.v1.raising import LACKING
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import Citation, Standing
from alongside.ground.record.queries import Told

#: What comes after a question, on its page.
STEPS = (
    "answer.given",
    "answer.contested",
    "contest.joined",
    "answer.unreasoned",
    "contest.replied",
    "contest.silent",
    "ask.silent",
    "ask.escalated",
    "ask.raised",
    "raise.replied",
    "raise.silent",
)


@dataclass(frozen=True)
class WholeQuestion:
    """A question with everything that was entered about it, what it follows up on and what follows up on it."""

    asked: Asked
    steps: list[Told]
    listed: Told | None = None
    follows: Told | None = None
    follow_up: Told | None = None

    @property
    def standing(self) -> Standing:
        """Say where it stands."""
        return self.asked.standing

    def may_be_raised(self, today: date) -> bool:
        """Say whether leads can raise it now: it was refused or told in part, or is late; and it was not raised."""
        one = self.standing
        if one.raised is not None:
            return False
        return one.decision in LACKING or (one.state in OWING and one.answer_due < today)

    def of_kind(self, kind: str) -> list[Told]:
        """List the steps of one kind."""
        return [one for one in self.steps if one.entry.kind == kind]

    @property
    def may_be_followed_up(self) -> bool:
        """Say whether leads can follow up: it was answered, and nobody did."""
        return self.follow_up is None and (
            self.standing.answer is not None or self.standing.raised is not None
        )


def whole_question(program: Program, ask: int, lang: str) -> WholeQuestion | None:
    """Give a question with everything about it, or None. Thirteen queries at most."""
    found = asked(program, ask, lang)
    if found is None or found.told.entry.kind != KIND:
        return None
    first = record.indexes_citing(program, [ask], STEPS)
    then = record.indexes_citing(program, [one for one, _kind, _cited in first], STEPS)
    last = record.indexes_citing(program, [one for one, _kind, _cited in then], STEPS)
    follow = Citation.objects.filter(log__program=program, role="follows", cited=ask).first()
    about = {role: next(iter(found.told.entry.cites.get(role, ())), None) for role in ("list", "follows")}
    about["next"] = follow.citing if follow else None
    steps = {one for rows in (first, then, last) for one, _kind, _cited in rows}
    told = record.told(program, {*steps, *(one for one in about.values() if one is not None)}, lang)
    return WholeQuestion(
        asked=found,
        steps=[told[one] for one in sorted(steps)],
        listed=told.get(about["list"]) if about["list"] is not None else None,
        follows=told.get(about["follows"]) if about["follows"] is not None else None,
        follow_up=told.get(about["next"]) if about["next"] is not None else None,
    )


def raised_to(program: Program, lang: str, units: Sequence[str]) -> list[tuple[Standing, Told, Told]]:
    """List what was raised to these units and has no reply: where it stands, the question, and why. Three queries."""
    rows = Standing.objects.filter(log__program=program, raised__isnull=False, raise_reply=None)
    found = [one for one in rows.order_by("raise_due", "ask") if one.raised is not None]
    told = record.told(program, [index for one in found for index in (one.ask, one.raised or 0)], lang)
    return [
        (one, told[one.ask], told[one.raised or 0])
        for one in found
        if unit_of(told[one.raised or 0].entry.data["to"]) in units
    ]


@dataclass(frozen=True)
class DoneBy:
    """An entry that ends what a unit owed of an ask, and the words that the unit said of it."""

    index: int
    texts: list[str]


def done_by(program: Program, asker: Asker, ask: int, lang: str) -> DoneBy | None:
    """Give the answer of the asker's unit, or by what it moved an ask to another unit; None where it did neither."""
    found = asked(program, ask, lang)
    if found is None:
        return None
    own = [one for one in found.between if any(asker.works_for(unit_of(by)) for by in one[1].entry.by)]
    texts = [shown.words for _kind, _told, shown in own if shown]
    if asker.works_for(found.standing.unit):
        return DoneBy(found.standing.answer, texts) if found.standing.answer is not None else None
    moved = [told.index for kind, told, _shown in own if kind == "ask.transferred"]
    return DoneBy(moved[-1], texts) if moved else None

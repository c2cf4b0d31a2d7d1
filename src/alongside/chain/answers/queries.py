"""Read what a unit answers: the ask or contest, its draft, and what stands around it."""

from dataclasses import dataclass

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.queries import Asked, asked, similar
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import Told


@dataclass(frozen=True)
class Answering:
    """What one answer is about: the ask, for a reply also the answer and its contest, and the draft so far."""

    asked: Asked
    about: int
    draft: AnswerDraft | None
    answer: Told | None
    contest: Told | None
    before: list[Told]

    @property
    def is_reply(self) -> bool:
        """Say whether a contest is replied to."""
        return self.contest is not None

    @property
    def is_advice(self) -> bool:
        """Say whether a point of advice is answered, in the words of a change list."""
        return self.asked.told.entry.kind == "ask.advised" and not self.is_reply

    @property
    def is_sent(self) -> bool:
        """Say whether the draft waits for the manager."""
        return self.draft is not None and hasattr(self.draft, "sent")


def answering(program: Program, asker: Asker, about: int, lang: str) -> Answering | None:
    """Give what the asker's unit answers, by the ask or the contest; None where it owes nothing here."""
    rows = Standing.objects.filter(log__program=program, unit__in=sorted(asker.units))
    standing = rows.filter(ask=about, state__in=("asked", "acknowledged", "deferred")).first()
    standing = standing or rows.filter(contest=about, state="contested").first()
    found = asked(program, standing.ask, lang) if standing else None
    if standing is None or found is None:
        return None
    is_reply = standing.contest == about
    around = [standing.answer, standing.contest if is_reply else None]
    told = record.told(program, [one for one in around if one is not None], lang)
    draft = AnswerDraft.objects.filter(program=program, about=about).select_related("sent").first()
    return Answering(
        asked=found,
        about=about,
        draft=draft,
        answer=told.get(standing.answer) if standing.answer is not None else None,
        contest=told.get(standing.contest) if is_reply and standing.contest is not None else None,
        before=similar(program, standing.unit, standing.ask, lang),
    )


@dataclass(frozen=True)
class Contestable:
    """An answer that leads may contest, with the ask it answers."""

    asked: Asked
    answer: Told


def contestable(program: Program, answer: int, lang: str) -> Contestable | None:
    """Give an answer that no one contested yet, or None."""
    standing = Standing.objects.filter(log__program=program, answer=answer, contest=None).first()
    found = asked(program, standing.ask, lang) if standing else None
    told = record.told(program, [answer], lang).get(answer)
    return Contestable(found, told) if found and told else None

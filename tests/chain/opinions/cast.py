"""An engagement with statements to judge, and people who judge them."""

import hashlib
import random
from datetime import datetime

from alongside.chain.opinions import actions, queries
from alongside.chain.proposals.models import Proposal
from alongside.chain.voices import actions as intake
from alongside.core.questions import OFFER
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import seal
from alongside.work.engagements import actions as engagements
from alongside.work.engagements import asking
from tests.chain.voices.cast import Said, form_of, say
from tests.support.remembering import remembered, this_hour
from tests.support.thread import QUESTIONS, Thread

SLUG = "library-computers"
STATEMENTS = [
    {"id": f"s{number}", "words": {"en": f"{said}.", "es": f"{dicho}."}}
    for number, (said, dicho) in enumerate(
        [
            ("A sign should say what is kept", "Un letrero debe decir qué se guarda"),
            ("Records should go after a week", "Los registros deben borrarse en una semana"),
            ("Staff may look when something breaks", "El personal puede mirar si algo falla"),
            ("The police need a warrant", "La policía necesita una orden"),
            ("Counts may be kept for a year", "Los conteos pueden guardarse un año"),
            ("Nobody needs a card to sit down", "Nadie necesita tarjeta para sentarse"),
            ("The hall should open on Sundays", "La sala debe abrir los domingos"),
            ("Children need computers of their own", "Los niños necesitan sus propias computadoras"),
        ],
        1,
    )
]


def to_judge() -> Thread:
    """Open an engagement with eight statements, in two languages, today."""
    return _opened(this_hour())


@remembered
def _opened(now: datetime) -> Thread:
    thread = Thread(now=now)
    thread.open_program().draft_engagement()
    engagements.save_statements(engagement=thread.engagement, statements=STATEMENTS)
    return thread.make_keys().open()


def asked(thread: Thread, lang: str = "en") -> queries.Asked:
    """Give what people judge."""
    found = queries.asked(thread.program, SLUG, lang)
    assert found is not None
    return found


def judge(thread: Thread, code: bytes, answers: dict[int, int], now: datetime | None = None) -> None:
    """Judge statements, by their numbers, under a code."""
    for number, answer in answers.items():
        actions.vote(
            program=thread.program,
            asked=asked(thread),
            code=code,
            number=number,
            answer=answer,
            now=now or thread.now,
        )


def crowd(thread: Thread, people: int, seed: int = 1) -> list[bytes]:
    """Let people judge who lean two ways: all want the first, and nobody the last; of the others each half wants another half."""
    chance = random.Random(seed)
    codes = [receipt.make(chance.randbytes) for _ in range(people)]
    for place, code in enumerate(codes):
        side = 1 if place % 2 else -1
        lean = {number: side if number <= 4 else -side for number in range(2, 8)}
        said = {1: 1, 8: -1} | {
            number: value if chance.random() < 0.9 else 0 for number, value in lean.items()
        }
        judge(thread, code, said)
    return codes


def takes_offers(*, opens: bool = False) -> Thread:
    """Open an engagement with eight statements, to which people can offer more; three leads hold keys."""
    return _taking_offers(this_hour(), opens)


@remembered
def _taking_offers(now: datetime, opens: bool) -> Thread:
    thread = Thread(now=now).open_program()
    thread.found_keys(3, opens=opens)
    return taking(thread)


def taking(thread: Thread) -> Thread:
    """Open such an engagement in a program that is there."""
    thread.draft_engagement(questions=asking.with_ours(QUESTIONS, "offer", ["en", "es"]))
    engagements.save_statements(engagement=thread.engagement, statements=STATEMENTS)
    return thread.make_keys().open()


def offer(thread: Thread, words: str, lang: str = "en") -> Said:
    """Let somebody offer a statement, sealed."""
    said = say(form=form_of(thread), recipient=thread.recipient, answers={OFFER: words}, lang=lang)
    given = {"mark": said.mark, "act": said.act, "sealed": said.sealed, "now": thread.now}
    intake.take_in(program=thread.program, engagement=thread.engagement.slug, **given)
    return said


def decided(said: Said, decision: str = "released", **more) -> queries.Decided:
    """Give what a lead's reader would have another lead decide of what somebody offered."""
    tag = receipt.offer_tag(receipt.read_secret(said.secret)).hex()
    given = {"statement": "", "reason": "", "lang": "en", "ground": "", "words": {}} | more
    return queries.Decided(salt="a" * 64, offer=tag, decision=decision, **given)


def propose(thread: Thread, said: queries.Decided, seat=None) -> Proposal:
    """Let the first lead propose it, sealed."""
    return actions.propose_offer(
        program=thread.program,
        asked=asked(thread),
        seat=seat or thread.first_lead,
        sealed=seal(queries.content_of(said).ljust(4096), thread.recipient),
        digest=hashlib.sha256(queries.content_of(said)).hexdigest(),
        now=thread.now,
    )


def decide(thread: Thread, said: queries.Decided, proposal=None, seat=None):
    """Let the second lead decide it, too."""
    return actions.decide_offer(
        program=thread.program,
        slug=SLUG,
        proposal=(proposal or propose(thread, said)).pk,
        seat=seat or thread.second_lead,
        said=said,
        now=thread.now,
    )

"""Put many questions to one office in one go: a list, and every question with its own clock."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from alongside.core.clocks import acknowledge_due, answer_due, local_date
from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Here, Text, append_once
from alongside.ground.record.declared import appends


@appends("ask.listed", "ask.questioned")
@transaction.atomic
def question_many(
    *,
    program: Program,
    seat: str,
    office: str,
    title: str,
    questions: Sequence[tuple[str, str]],
    lang: str,
    now: datetime,
) -> list[Entry]:
    """Ask an office many questions; give the entry of the list, then those of the questions.

    Each question is its one line and its words. All go on the record together or none does.
    """
    data = _due(program, office, now)
    listed = Draft(
        kind="ask.listed",
        by=[seat],
        data={"office": office, "questions": len(questions)},
        texts={"title": Text(lang, title)},
    )
    asked = [
        Draft(
            kind="ask.questioned",
            by=[seat],
            data=data,
            cites={"list": [Here(0)]},
            texts={"title": Text(lang, line), "ask": Text(lang, words)},
        )
        for line, words in questions
    ]
    return append_once(program=program, drafts=[listed, *asked], now=now).entries


def _due(program: Program, office: str, now: datetime) -> dict[str, str]:
    """Give the office and the days of a question that is asked now."""
    pack = pack_of(program)
    today = local_date(now, pack)
    due = answer_due(today, pack)
    ack = min(acknowledge_due(today, pack), due)
    return {"office": office, "answer_due": due.isoformat(), "ack_due": ack.isoformat()}

"""Answer many questions at once: the same words for all, or words of their own for some."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.chain.answers.actions.answering import save_draft, send_for_sign_off
from alongside.chain.answers.models import AnswerDraft
from alongside.core.words import has_words
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def send_many(
    *,
    program: Program,
    unit: str,
    asks: Sequence[int],
    decision: str,
    reasons: str,
    own: Mapping[int, str],
    until: date | None,
    lang: str,
    person: Person,
    now: datetime,
) -> list[AnswerDraft]:
    """Draft the same answer to many questions and send all for sign-off; `own` gives some of them words of their own.

    All are drafted or none is. Raises NotAskedOfYou or NotWhole.
    """
    drafts = []
    for ask in asks:
        said = own.get(ask, "").strip()
        said = said if has_words(said) else reasons
        values: dict[str, Any] = {"decision": decision, "reasons": said, "until": until, "lang": lang}
        values |= {"owner": "", "evidence": "", "milestones": []}
        draft = save_draft(program=program, about=ask, unit=unit, person=person, values=values, now=now)
        send_for_sign_off(draft=draft, person=person, now=now)
        drafts.append(draft)
    return drafts

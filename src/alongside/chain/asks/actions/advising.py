"""Publish advice with its points in one append. Leads alone; no city role comes here, and no draft is kept (promise 3)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.asks.queries import Cited
from alongside.core.clocks import acknowledge_due, answer_due, local_date
from alongside.core.grammar import Entry
from alongside.ground.programs.queries import office_today
from alongside.ground.record.actions import Draft, Here, Text, append_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.queries import packs_of
from alongside.ground.record.rows import RowsLog
from alongside.work.consultations.models import Comment, Consultation

BESIDE = 20


class NotToBeQuoted(ValueError):  # noqa: N818 -- the name is a sentence
    """A comment is cited whose writer did not agree, or that was taken back."""


@appends("advice.published", "ask.advised")
@transaction.atomic
def advise(
    *,
    consultation: Consultation,
    seat: str,
    words: Text,
    points: Sequence[tuple[Text, Text]],
    comments: Sequence[Cited] = (),
    smaller: bool = False,
    beside: Sequence[int] = (),
    answers: Sequence[int] = (),
    driving: tuple[int, str] | None = None,
    now: datetime,
) -> list[Entry]:
    """Publish advice and its points (title, ask) at once; each point starts the common clock. The advice comes first.

    Comments are quoted under the seats that wrote them. `beside` is the advice that a smaller group's stands beside;
    `answers` are answers of the City that it looks at.
    Raises NotToBeQuoted or GrammarError.
    """
    refuse_to_quote([one.comment for one in comments], consultation)
    brief = RowsLog(Log.objects.get(program=consultation.program)).get(consultation.entry)
    data: dict[str, Any] = {"smaller": smaller}
    cites: dict[str, Sequence[int]] = {"beside": list(beside)[-BESIDE:], "answer": list(answers)}
    if driving:
        data["driving_questions"], cites["workplan"] = [driving[1]], [driving[0]]
    advice = _advice(consultation, seat, words, comments, data, cites)
    given = brief.data if brief else {}
    asks = [_point(consultation, seat, given, title, ask, now) for title, ask in points]
    return append_once(program=consultation.program, drafts=[advice, *asks], now=now).entries


def refuse_to_quote(comments: Sequence[Comment], consultation: Consultation) -> None:
    """Raise NotToBeQuoted unless every writer agreed, the comment stands, and it is of this consultation."""
    for one in comments:
        if one.consultation_id != consultation.pk or not one.may_quote or hasattr(one, "taken_back"):
            raise NotToBeQuoted(
                _("The lead who wrote this comment did not agree to be quoted; ask them first.")
            )


def _advice(
    consultation: Consultation,
    seat: str,
    words: Text,
    comments: Sequence[Cited],
    data: Mapping[str, Any],
    cites: Mapping[str, Sequence[int]],
) -> Draft:
    quoted, texts = [], {"advice": words}
    for one in comments:
        name = f"comment-{one.comment.pk}"
        told: dict[str, Any] = {"id": name, "seat": one.comment.seat.public_id}
        if one.comment.version:
            told["material"] = one.comment.version.entry
        quoted.append(told)
        texts[name] = Text(one.comment.lang, one.comment.words)
        texts[f"{name}-place"] = Text(words.lang, one.place)
    seen = sorted({one["material"] for one in quoted if "material" in one})
    whole: dict[str, Sequence[int | Here]] = {**cites, "consultation": [consultation.entry], "material": seen}
    return Draft(
        kind="advice.published",
        by=[seat],
        data={**data, **({"comments": quoted} if quoted else {})},
        cites=whole,
        texts=texts,
    )


def _point(
    consultation: Consultation, seat: str, brief: Mapping[str, Any], title: Text, ask: Text, now: datetime
) -> Draft:
    pack = packs_of(consultation.program).at(consultation.entry)
    today = local_date(now, pack)
    promised = date.fromisoformat(brief["answer_by"])
    due = answer_due(today, pack, promised if promised >= today else None)
    data = {
        "office": office_today(consultation.program, brief["office"]),
        "answer_due": due.isoformat(),
        "ack_due": min(acknowledge_due(today, pack), due).isoformat(),
    }
    cites: dict[str, Sequence[int | Here]] = {"advice": [Here(0)], "consultation": [consultation.entry]}
    return Draft(kind="ask.advised", by=[seat], data=data, cites=cites, texts={"title": title, "ask": ask})

"""Ask an office, and what the unit does with an ask before it answers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.chain.asks.actions.silence import tell_silence
from alongside.chain.asks.models import Reminder
from alongside.core.clocks import acknowledge_due, answer_due, local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.asks import promised_answer
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append_once, translate_all
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.queries import packs_of
from alongside.ground.record.rows import RowsLog


@appends("ask.recommended", "text.translated")
def recommend(
    *,
    program: Program,
    seat: str,
    office: str,
    findings: Sequence[int],
    words: Mapping[str, Mapping[str, str]],
    before: Sequence[int] = (),
    driving: tuple[int, str] | None = None,
    now: datetime,
) -> Entry:
    """Recommend something to an office. `words` maps a language to {title, ask}; the first is the original.

    `driving` is the driving question that it answers: the entry of a workplan's version, and the question's id.
    """
    rests = {"finding": findings, "before": before}
    return _ask("ask.recommended", program, seat, office, rests, driving, words, now)


@appends("ask.questioned", "text.translated")
def question(
    *,
    program: Program,
    seat: str,
    office: str,
    findings: Sequence[int] = (),
    words: Mapping[str, Mapping[str, str]],
    before: Sequence[int] = (),
    follows: int | None = None,
    driving: tuple[int, str] | None = None,
    now: datetime,
) -> Entry:
    """Ask an office to tell something. `words` maps a language to {title, ask}; the first is the original.

    `follows` is the answered question that this one follows up on; once for each.
    """
    rests = {"finding": findings, "before": before, "follows": [follows] if follows is not None else []}
    return _ask("ask.questioned", program, seat, office, rests, driving, words, now)


@transaction.atomic
def _ask(
    kind: str,
    program: Program,
    seat: str,
    office: str,
    rests: Mapping[str, Sequence[int]],
    driving: tuple[int, str] | None,
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Entry:
    pack = pack_of(program)
    today = local_date(now, pack)
    promises, promised = _promises(program, rests["finding"], today)
    lang = next(iter(words))
    if promises:
        pack = packs_of(program).at(min(promises))
    data: dict[str, Any] = _due(office, today, pack, promised)
    if driving:
        data["driving_questions"] = [driving[1]]
    draft = Draft(
        kind=kind,
        by=[seat],
        data=data,
        cites={**rests, "engagement": promises, "workplan": [driving[0]] if driving else []},
        texts={name: Text(lang, words[lang][name]) for name in ("title", "ask")},
    )
    asked = append_once(program=program, drafts=[draft], now=now)
    (entry,) = asked.entries
    if asked.is_new:
        translate_all(program=program, entry=entry.index, by=seat, words=words, now=now)
    return entry


def _due(office: str, today: date, pack: Pack, promised: date | None) -> dict[str, str]:
    """Give the office and the days of an ask of today."""
    due = answer_due(today, pack, promised)
    ack = min(acknowledge_due(today, pack), due)
    return {"office": office, "answer_due": due.isoformat(), "ack_due": ack.isoformat()}


def _promises(program: Program, findings: Sequence[int], today: date) -> tuple[list[int], date | None]:
    """Find the promise the findings rest on, and the answer-by date it gives if that is still to come."""
    rows = RowsLog(Log.objects.get(program=program))
    found = [rows.get(index) for index in findings]
    indexes = sorted({one.cites["engagement"][0] for one in found if one})[:1]
    answer_by = promised_answer(rows, indexes[0]) if indexes else None
    day = date.fromisoformat(answer_by) if answer_by else None
    return indexes, day if day and day >= today else None


@appends("ask.acknowledged")
def acknowledge(*, program: Program, ask: int, office: str, now: datetime) -> Entry:
    """Say that the office has the ask."""
    return _step("ask.acknowledged", program, ask, office, now)


@appends("ask.unclear")
def ask_what_is_meant(
    *, program: Program, ask: int, office: str, words: str, lang: str, now: datetime
) -> Entry:
    """Ask the leads what they mean; the clock goes on."""
    return _step("ask.unclear", program, ask, office, now, texts={"question": Text(lang, words)})


@appends("ask.clarified")
def clarify(
    *, program: Program, ask: int, unclear: int, seat: str, words: str, lang: str, now: datetime
) -> Entry:
    """Say what the leads mean."""
    cites = {"ask": [ask], "unclear": [unclear]}
    draft = Draft(kind="ask.clarified", by=[seat], cites=cites, texts={"clarification": Text(lang, words)})
    return append_once(program=program, drafts=[draft], now=now, step_of=ask).entries[0]


@appends("ask.extended", "ask.silent", "contest.silent", "raise.silent")
@transaction.atomic
def take_more_time(
    *, program: Program, ask: int, office: str, until: date, words: str, lang: str, now: datetime
) -> Entry:
    """Take more time, to a day, with a reason; it is public. Raises GrammarError for a third time, and for a day too far off."""
    tell_silence(program=program, ask=ask, now=now)
    data = {"until": until.isoformat()}
    return _step("ask.extended", program, ask, office, now, data=data, texts={"reason": Text(lang, words)})


@appends("ask.transferred", "ask.silent", "contest.silent", "raise.silent")
@transaction.atomic
def transfer(
    *, program: Program, ask: int, office: str, to: str, words: str, lang: str, now: datetime
) -> Entry:
    """Move an ask that reached the wrong unit to the office that can answer; the clock goes on."""
    tell_silence(program=program, ask=ask, now=now)
    return _step(
        "ask.transferred", program, ask, office, now, data={"office": to}, texts={"reason": Text(lang, words)}
    )


def _step(
    kind: str,
    program: Program,
    ask: int,
    office: str,
    now: datetime,
    *,
    data: Mapping[str, str] | None = None,
    texts: Mapping[str, Text] | None = None,
) -> Entry:
    draft = Draft(kind=kind, by=[office], data=data or {}, cites={"ask": [ask]}, texts=texts or {})
    return append_once(program=program, drafts=[draft], now=now, step_of=ask).entries[0]


@appends()
def note_reminder(*, program: Program, ask: int, due: date, stage: str, on: date) -> bool:
    """Note that a unit is reminded of an ask at a stage; False where that was noted before."""
    _row, is_new = Reminder.objects.get_or_create(
        program=program, ask=ask, due=due, stage=stage, defaults={"sent_on": on}
    )
    return is_new

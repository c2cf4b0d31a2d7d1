"""Ask an office, once or in bulk, advise it, raise what it refused, and what the unit does before it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.chain.asks.queries import Cited
from alongside.core.clocks import acknowledge_due, answer_due, local_date, reply_due, silence_stages
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.asks import answer_of_brief, promised_answer, who_hears
from alongside.core.grammar.learning_periods import latest_end
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.core.workflow.asks import ANSWER_OWED, REPLY_OWED, Decision, is_past
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import office_today, pack_of
from alongside.ground.record.actions.entries import (
    Draft,
    EntryRef,
    Text,
    append,
    append_once,
    next_day,
    tell_once,
)
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log, Standing
from alongside.ground.record.persons import refuse_who_asked, refuse_who_was_asked
from alongside.ground.record.queries import entries_at, learns, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import translate_all
from alongside.work.consultations.models import Comment, Consultation
from alongside.work.projects.models import Project

BESIDE = 20


@appends(EntryKind.ADVICE_PUBLISHED, EntryKind.ASK_ADVISED)
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
    Raises Refused or GrammarError.
    """
    refuse_to_quote([one.comment for one in comments], consultation)
    brief = RowsLog.of(consultation.program).get(consultation.entry)
    data: dict[str, Any] = {"smaller": smaller}
    cites: dict[str, Sequence[int]] = {"beside": list(beside)[-BESIDE:], "answer": list(answers)}
    if driving:
        data["driving_questions"], cites["workplan"] = [driving[1]], [driving[0]]
    advice = _advice(consultation, seat, words, comments, data, cites)
    given = brief.data if brief else {}
    asks = [_point(consultation, seat, given, title, ask, now) for title, ask in points]
    return append_once(program=consultation.program, drafts=[advice, *asks], now=now).entries


def refuse_to_quote(comments: Sequence[Comment], consultation: Consultation) -> None:
    """Raise Refused unless every writer agreed, the comment stands as they wrote it, and it is of this consultation."""
    for one in comments:
        if one.consultation_id != consultation.pk or not one.may_quote or one.taken_back_on:
            raise Refused(_("The lead who wrote this comment did not agree to be quoted; ask them first."))
        if not one.is_theirs:
            raise Refused(
                _(
                    "This site cannot tell any more that this lead wrote these words, so advice does not quote them. Ask them to write the comment again."
                )
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
    whole: dict[str, Sequence[int | EntryRef]] = {
        **cites,
        "consultation": [consultation.entry],
        "material": seen,
    }
    return Draft(
        kind=EntryKind.ADVICE_PUBLISHED,
        by=[seat],
        data={**data, **({"comments": quoted} if quoted else {})},
        cites=whole,
        texts=texts,
    )


def _point(
    consultation: Consultation, seat: str, brief: Mapping[str, Any], title: Text, ask: Text, now: datetime
) -> Draft:
    pack = packs_of(consultation.program).at(consultation.entry)
    today = next_day(consultation.program, now)
    office = office_today(consultation.program, brief["office"])
    data = _due(office, today, pack, answer_of_brief(brief, today))
    cites: dict[str, Sequence[int | EntryRef]] = {
        "advice": [EntryRef(0)],
        "consultation": [consultation.entry],
    }
    return Draft(
        kind=EntryKind.ASK_ADVISED, by=[seat], data=data, cites=cites, texts={"title": title, "ask": ask}
    )


#: What still runs toward an answer: what is owed, and a "not yet" that is contested.
RUNS = Q(state__in=ANSWER_OWED) | Q(state__in=REPLY_OWED, decision=Decision.DEFERRED)


@appends(EntryKind.ASK_SILENT, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
@transaction.atomic
def tell_silence(*, program: Program, ask: int, now: datetime) -> int:
    """Tell all that is late of an ask and was not told: its answer, a reply, that of the office above; give how much.

    After missed runs of the clock one entry tells the silence as it is today, at the latest stage that is due.
    """
    log = Log.objects.select_for_update().get(program=program)
    standing = Standing.objects.filter(log=log, ask=ask).first()
    if standing is None:
        return 0
    today = next_day(program, now)
    late = silences(standing, today, pack_of(program))
    drafts = [draft for one in late if (draft := _by_whom(program, one, today))]
    return sum(tell_once(program=program, draft=one, now=now) is not None for one in drafts)


@appends(EntryKind.ASK_SILENT, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
def silences(standing: Standing, today: date, pack: Pack) -> list[Draft]:
    """List what is late of an ask: its answer, a reply, that of the office above, which its raise names."""
    return [
        *_answer_silence(standing, today, pack),
        *_reply_silence(standing, today),
        *_silence_above(standing, today),
    ]


def _answer_silence(standing: Standing, today: date, pack: Pack) -> list[Draft]:
    if not standing.runs or not standing.is_answer_past(today):
        return []
    stages = silence_stages(standing.answer_due, pack, today)
    if not stages:
        return []
    label, late = stages[-1].label, (today - standing.answer_due).days
    data = {"office": standing.office, "days": late, "stage": label}
    return [Draft(kind=EntryKind.ASK_SILENT, by=["clock"], data=data, cites={"ask": [standing.ask]})]


def _reply_silence(standing: Standing, today: date) -> list[Draft]:
    if standing.contest is None or not (
        standing.owes_reply and is_past(standing.reply_due, standing.quiet, today)
    ):
        return []
    data, cites = {"office": standing.office}, {"contest": [standing.contest]}
    return [Draft(kind=EntryKind.CONTEST_SILENT, by=["clock"], data=data, cites=cites)]


def _silence_above(standing: Standing, today: date) -> list[Draft]:
    raised = standing.raised
    if raised is None or not (standing.owes_above and is_past(standing.raise_due, None, today)):
        return []
    return [Draft(kind=EntryKind.RAISE_SILENT, by=["clock"], cites={"raise": [raised]})]


def _by_whom(program: Program, late: Draft, today: date) -> Draft | None:
    """Name the office above that is silent; None while its unit learns. All else names its office already."""
    if late.kind != EntryKind.RAISE_SILENT:
        return late
    (raised,) = entries_at(program, [one for one in late.cites["raise"] if isinstance(one, int)]).values()
    above = str(raised.data["to"])
    return None if learns(program, unit_of(above), today) else replace(late, data={"office": above})


@appends(EntryKind.ASK_RECOMMENDED, EntryKind.TEXT_TRANSLATED)
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
    return _ask(EntryKind.ASK_RECOMMENDED, program, seat, office, rests, driving, words, now)


@appends(EntryKind.ASK_QUESTIONED, EntryKind.TEXT_TRANSLATED)
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
    project: Project | None = None,
    now: datetime,
) -> Entry:
    """Ask an office to tell something. `words` maps a language to {title, ask}; the first is the original.

    `follows` is the answered question that this one follows up on; once for each. `project` is what it is about.
    """
    rests = {
        "finding": findings,
        "before": before,
        "follows": [follows] if follows is not None else [],
        **_about(project),
    }
    return _ask(EntryKind.ASK_QUESTIONED, program, seat, office, rests, driving, words, now)


def _about(project: Project | None) -> dict[str, list[int]]:
    return {"project": [project.entry]} if project else {}


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
    today = next_day(program, now)
    promises, promised = _promises(program, rests["finding"], office, today)
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


def _due(office: str, today: date, pack: Pack, promised: date | None = None) -> dict[str, str]:
    """Give the office and the days of an ask of today."""
    due = answer_due(today, pack, promised)
    ack = min(acknowledge_due(today, pack), due)
    return {"office": office, "answer_due": due.isoformat(), "ack_due": ack.isoformat()}


def _promises(
    program: Program, findings: Sequence[int], office: str, today: date
) -> tuple[list[int], date | None]:
    """Find the promise the findings rest on, and the answer-by date it gives for this office if that is still to come."""
    rows = RowsLog.of(program)
    found = [rows.get(index) for index in findings]
    indexes = sorted({one.cites["engagement"][0] for one in found if one})[:1]
    day = promised_answer(rows, indexes[0], office) if indexes else None
    return indexes, day if day and day >= today else None


@appends(EntryKind.ASK_ACKNOWLEDGED)
def acknowledge(*, program: Program, ask: int, office: str, now: datetime) -> Entry:
    """Say that the office has the ask."""
    return _step(EntryKind.ASK_ACKNOWLEDGED, program, ask, office, now)


@appends(EntryKind.ASK_UNCLEAR)
def ask_what_is_meant(
    *, program: Program, ask: int, office: str, words: str, lang: str, now: datetime
) -> Entry:
    """Ask the leads what they mean; the clock goes on."""
    return _step(EntryKind.ASK_UNCLEAR, program, ask, office, now, texts={"question": Text(lang, words)})


@appends(EntryKind.ASK_CLARIFIED)
def clarify(
    *, program: Program, ask: int, unclear: int, seat: str, words: str, lang: str, now: datetime
) -> Entry:
    """Say what the leads mean."""
    cites = {"ask": [ask], "unclear": [unclear]}
    draft = Draft(
        kind=EntryKind.ASK_CLARIFIED, by=[seat], cites=cites, texts={"clarification": Text(lang, words)}
    )
    return append_once(program=program, drafts=[draft], now=now, step_of=ask).entries[0]


@appends(EntryKind.ASK_EXTENDED, EntryKind.ASK_SILENT, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
@transaction.atomic
def take_more_time(
    *, program: Program, ask: int, office: str, until: date, words: str, lang: str, now: datetime
) -> Entry:
    """Take more time, to a day, with a reason; it is public. Raises GrammarError for a third time, and for a day too far off."""
    tell_silence(program=program, ask=ask, now=now)
    data = {"until": until.isoformat()}
    return _step(
        EntryKind.ASK_EXTENDED, program, ask, office, now, data=data, texts={"reason": Text(lang, words)}
    )


@appends(EntryKind.ASK_TRANSFERRED, EntryKind.ASK_SILENT, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
@transaction.atomic
def transfer(
    *, program: Program, ask: int, office: str, to: str, words: str, lang: str, now: datetime
) -> Entry:
    """Move an ask that reached the wrong unit to the office that can answer; the clock goes on."""
    tell_silence(program=program, ask=ask, now=now)
    return _step(
        EntryKind.ASK_TRANSFERRED,
        program,
        ask,
        office,
        now,
        data={"office": to},
        texts={"reason": Text(lang, words)},
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


@appends(EntryKind.LEARNING_ASKED)
def ask_to_learn(*, program: Program, office: str, now: datetime) -> Entry:
    """Ask leads for a learning period of the unit of this office; once a unit."""
    unit = unit_of(office)
    draft = Draft(kind=EntryKind.LEARNING_ASKED, by=[office], data={"unit": unit})
    return append_once(program=program, drafts=[draft], now=now).entries[0]


@appends(EntryKind.LEARNING_AGREED)
def agree_to_learn(*, program: Program, asked: int, unit: str, seat: str, now: datetime) -> Entry:
    """Agree to the learning period that a unit asked for, to its last possible day; once a unit."""
    today = local_date(now, pack_of(program))
    until = latest_end(RowsLog.of(program), unit, today)
    data = {"unit": unit, "until": until.isoformat()}
    draft = Draft(kind=EntryKind.LEARNING_AGREED, by=[seat], data=data, cites={"asked": [asked]})
    return append_once(program=program, drafts=[draft], now=now).entries[0]


@appends(EntryKind.ASK_LISTED, EntryKind.ASK_QUESTIONED)
@transaction.atomic
def question_many(
    *,
    program: Program,
    seat: str,
    office: str,
    title: str,
    questions: Sequence[tuple[str, str]],
    project: Project | None = None,
    lang: str,
    now: datetime,
) -> list[Entry]:
    """Ask an office many questions; give the entry of the list, then those of the questions.

    Each question is its one line and its words; `project` is what they are about. All go on the record together or none does.
    """
    pack = pack_of(program)
    data = _due(office, next_day(program, now), pack)
    listed = Draft(
        kind=EntryKind.ASK_LISTED,
        by=[seat],
        data={"office": office, "questions": len(questions)},
        cites=_about(project),
        texts={"title": Text(lang, title)},
    )
    asked = [
        Draft(
            kind=EntryKind.ASK_QUESTIONED,
            by=[seat],
            data=data,
            cites={"list": [EntryRef(0)]},
            texts={"title": Text(lang, line), "ask": Text(lang, words)},
        )
        for line, words in questions
    ]
    return append_once(program=program, drafts=[listed, *asked], now=now).entries


@appends(EntryKind.ASK_RAISED)
def raise_question(*, program: Program, ask: int, seat: str, words: str, lang: str, now: datetime) -> Entry:
    """Raise a question to the office that the policy pack names, with the reason; a reply is then due in public.

    Raises Refused, or GrammarError where it was neither refused nor late, or was raised before.
    """
    standing = Standing.objects.filter(log__program=program, ask=ask, kind=EntryKind.ASK_QUESTIONED).first()
    if standing is None:
        raise Refused(_("There is no such question; look at the list."))
    pack = pack_of(program)
    due = reply_due(next_day(program, now), packs_of(program).of(entries_at(program, [ask])[ask]))
    above = who_hears(standing.office, pack.escalate_to, pack.signing_offices)[0]
    draft = Draft(
        kind=EntryKind.ASK_RAISED,
        by=[seat],
        data={"office": standing.office, "to": above, "reply_due": due.isoformat()},
        cites={"ask": [ask]},
        texts={"reason": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.RAISE_REPLIED, EntryKind.ASK_SILENT, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
@transaction.atomic
def reply_above(
    *,
    program: Program,
    ask: int,
    office: str,
    person: Person,
    decision: str,
    words: str,
    lang: str,
    now: datetime,
) -> Entry:
    """Reply as the office above. `decision` is "told", and the words tell it, or "stands", and they say why.

    Raises Refused where this question was not raised, or whoever replies asked it or was asked before.
    """
    standing = Standing.objects.filter(log__program=program, ask=ask, raised__isnull=False).first()
    if standing is None or standing.raised is None:
        raise Refused(_("This question was not raised to your office; ask the office that it was raised to."))
    log, asked = RowsLog.of(program), entries_at(program, [ask])[ask]
    refuse_who_asked(person, asked, log)
    refuse_who_was_asked(program, person, office, asked, log)
    tell_silence(program=program, ask=ask, now=now)
    draft = Draft(
        kind=EntryKind.RAISE_REPLIED,
        by=[office],
        data={"decision": decision},
        cites={"raise": [standing.raised]},
        texts={"reply": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]

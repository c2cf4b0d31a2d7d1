"""What waits of answers: to read, to contest and to join a contest; to sign, and one without reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.answers.queries import (
    CONTESTABLE,
    drafts_about,
    to_contest,
    to_join,
)
from alongside.chain.asks.queries import MOST_QUESTIONS
from alongside.chain.asks.steps import ANSWERED, idle, left, looked_at, open_asks, since
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.suspensions import first_day
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.answer_drafts import AnswerStage
from alongside.core.workflow.asks import PROMISES, TELLS, AskStage, Decision
from alongside.ground.gate.roles import Role
from alongside.ground.record import queries as record
from alongside.ground.record.labels import ANSWERS
from alongside.ground.record.models import Standing
from alongside.ground.record.places import page_of_ask
from alongside.ground.record.steps import kept, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import Desk, Step

#: Answers that say yes or tell what was asked; any other is read where it can be contested.
TO_SEE = (Decision.ACCEPTED, *TELLS)


def lately(desk: Desk) -> list[Standing]:
    """List the asks whose answer came so lately that leads could contest it."""
    found = [one for one in desk.once(looked_at) if one.state in ANSWERED]
    return [one for one in found if one.answered and one.answered >= desk.once(since)]


def owed_here(desk: Desk) -> dict[int, Standing]:
    """Give what the viewer's units owe, by the ask or the contest that is answered; what a merged unit owes is moved first."""
    stays = [one for one in desk.once(open_asks) if one.owes_reply or one.unit not in desk.viewer.merged]
    return {(one.contest or one.ask) if one.owes_reply else one.ask: one for one in stays}


def drafts(desk: Desk) -> dict[int, AnswerDraft]:
    """Give the drafts of what the viewer's units owe, by what they answer. One query."""
    return drafts_about(desk.program, {about: one.unit for about, one in desk.once(owed_here).items()})


def steps(desk: Desk) -> list[Step]:
    """List the answers that a lead contests, joins and reads; or what a unit signs and gives reasons for."""
    if desk.role is Role.STAFF:
        return [*_without_reasons(desk), *_to_sign(desk)]
    here = [one for one in desk.once(looked_at) if one.answer is not None]
    told = [one for one in here if one.kind == EntryKind.ASK_QUESTIONED and one.decision not in CONTESTABLE]
    away = {one.ask for one in told[MOST_QUESTIONS:]}  # these are one line, which says how many they are
    desk.once(rows).some(
        index
        for one in here
        if one.ask not in away
        for index in (one.ask, one.reply, one.raise_reply)
        if index
    )
    return [*_to_contest(desk), *_to_join(desk), *_to_read(desk)]


def _to_contest(desk: Desk) -> list[Step]:
    """List the answers that this lead can contest; many answers to questions are one line."""
    every = to_contest(desk.program, desk.once(rows), desk.today, desk.once(lately))
    found = [one for one in every if not desk.once(left).ask(one.standing.ask)]
    questions, items = sum(one.is_question for one in found), []
    if questions > MOST_QUESTIONS:
        heading = ngettext(
            "%(n)d answer to a question can be contested",
            "%(n)d answers to questions can be contested",
            questions,
        )
        text = _("Read them, and contest what is no answer.")
        items.append(Step(heading % {"n": questions}, text, desk.to("desks:questions")))
        found = [one for one in found if not one.is_question]
    asks = desk.once(rows).some(one.standing.ask for one in found)
    names = briefs_of(desk, asks.values())
    return items + [
        Step(
            _("Read the answer: %(what)s"),
            _can_be_contested(one.standing, one.until, is_last=one.until == desk.today),
            place_of(desk, asks[one.standing.ask], names, one.answer),
            due=one.until,
            entry=one.answer,
            about=one.standing.ask,
        )
        for one in found
    ]


def _can_be_contested(standing: Standing, until: date, *, is_last: bool) -> str:
    """Say until when an answer can be contested; where it was raised, what contesting it does beside that."""
    if standing.owes_above:
        raised = _(
            "Answered: %(decision)s. Leads raised it to the office above; its reply is due on %(reply)s."
        )
        text = _("If you contest the answer too, by %(day)s, the bureau itself must also reply in public.")
        if is_last:
            text = _("If you contest the answer too, the bureau itself must also reply in public.")
        text = f"{raised} {text}"
    elif is_last:
        text = _("You can still contest it. Answered: %(decision)s.")
    else:
        text = _("You can contest it until %(day)s. Answered: %(decision)s.")
    return text % {
        "decision": ANSWERS[standing.decision or ""],
        "day": day_in_words(until),
        "reply": day_in_words(standing.raise_due),
    }


@dataclass(frozen=True)
class CanStand:
    """Where an answer stands that a lead need not contest, and how its step is set aside past its last day."""

    href: str
    step: str = ""
    last: date | None = None
    until: date | None = None


def can_stand(desk: Desk, ask: Entry, answer: int) -> CanStand:
    """Say how a lead lets an answer stand; there is no step where its days are over."""
    href = place_of(desk, ask, briefs_of(desk, [ask]), answer)
    for one in to_contest(desk.program, desk.once(rows), desk.today):
        if one.answer == answer:
            step = desk.name_of("answers", href, answer)
            return CanStand(href, step, one.until, one.until + timedelta(days=1))
    return CanStand(href)


def _to_join(desk: Desk) -> list[Step]:
    """List the contests of other leads to which this one can add words."""
    text = _(
        "Another lead says that this is no answer. You can add your words until the reply, due on %(day)s."
    )
    return [
        Step(
            _("Add your words: %(what)s"),
            text % {"day": day_in_words(one.until)},
            desk.to("answers:contest", answer=one.answer),
            due=one.until,
            about=one.standing.ask,
        )
        for one in to_join(desk.program, desk.once(rows), desk.viewer.seat or "", desk.once(open_asks))
        if not desk.once(left).ask(one.standing.ask)
    ]


def _to_read(desk: Desk) -> list[Step]:
    """List what the City told or promised and leads have to see, for as long as an answer can be contested.

    One query, and one where advice was answered. Many answers to questions are one line.
    """
    first = first_day(desk.today, desk.pack.clocks.contest_days, desk.once(idle))
    answered = [one for one in desk.once(lately) if one.state == AskStage.ANSWERED and one.decision in TO_SEE]
    replied = [one for one in desk.once(looked_at) if one.state == AskStage.REPLIED]
    replies = {one.ask: one.raise_reply or 0 if one.reply is None else one.reply for one in replied}
    said = desk.once(rows).some(replies.values())
    days = [(one, one.answered) for one in answered]
    days += [(one, said[replies[one.ask]].date) for one in replied]
    found = [(one, on) for one, on in days if on and on >= first]
    questions, items = sum(one.kind == EntryKind.ASK_QUESTIONED for one, _on in found), []
    if questions > MOST_QUESTIONS:
        heading = ngettext("%(n)d question was answered", "%(n)d questions were answered", questions)
        text = _("Read what you were told.")
        came = max(on for one, on in found if one.kind == EntryKind.ASK_QUESTIONED)
        href = desk.to("desks:questions")
        items.append(Step(heading % {"n": questions}, text, href, is_news=True, came=came))
        found = [(one, on) for one, on in found if one.kind != EntryKind.ASK_QUESTIONED]
    asks = desk.once(rows).some(one.ask for one, _on in found)
    names = briefs_of(desk, asks.values())
    return items + [_read(desk, one, asks[one.ask], on, names) for one, on in found]


def _read(desk: Desk, one: Standing, ask: Entry, on: date, names: Mapping[int, str]) -> Step:
    if one.decision in PROMISES:
        heading = _("The City accepted: %(what)s")
        text = _("Promised on %(day)s. Read what, who does it and by when.")
    else:
        heading, text = _("Read the answer: %(what)s"), _("Answered on %(day)s.")
    text %= {"day": day_in_words(on)}
    href = place_of(desk, ask, names, ask.index)
    return Step(heading, text, href, "city", is_news=True, came=on, about=one.ask)


def briefs_of(desk: Desk, asks: Iterable[Entry]) -> dict[int, str]:
    """Name the consultations that asks came from, by the entries that opened them. One query."""
    briefs = desk.once(rows).some(index for one in asks for index in one.cites.get("consultation", ()))
    return {index: str(brief.data["consultation"]) for index, brief in briefs.items()}


def place_of(desk: Desk, ask: Entry, names: Mapping[int, str], entry: int) -> str:
    """Say where an ask stands with its answer: in a thread, among the questions, in a change list, or as an entry."""
    return page_of_ask(desk.to, ask, names) or desk.to("record:entry", index=entry)


def _without_reasons(desk: Desk) -> list[Step]:
    """List the answers of the viewer's units of which leads say that they give no reasons.

    Each stands here until a contest has its reply, or no contest can come any more.
    """
    ours = [one for one in desk.once(looked_at) if one.unit in desk.viewer.answers_for]
    open_still = [
        one for one in ours if one.reply is None and one.answered and one.answered >= desk.once(since)
    ]
    answers = [one.answer for one in open_still if one.answer is not None]
    marked = kept(desk, record.indexes_citing, tuple(answers), (EntryKind.ANSWER_UNREASONED,))
    unreasoned = {answer for _index, _kind, answer in marked}
    found = [one for one in open_still if one.answer in unreasoned]
    text = _("It is on the public log. If they contest it, you can give the reasons in the reply.")
    return [
        Step(
            _("Leads say that your answer gives no reasons: %(what)s"),
            text,
            desk.to("record:entry", index=one.answer),
            "city",
            about=one.ask,
        )
        for one in found
    ]


def who_has(draft: AnswerDraft | None, pack: Pack, *, is_put_off: bool) -> str:
    """Say who in the office has an answer that is owed, or from when on it is public; `is_put_off` where it said "not yet"."""
    stage = draft.stage if draft else AnswerStage.EMPTY
    if draft is None or stage == AnswerStage.EMPTY:
        return _("The full answer is not written yet.") if is_put_off else _("Nothing is written yet.")
    if stage == AnswerStage.SIGNED and draft.goes_out_at:
        goes = draft.goes_out_at.astimezone(ZoneInfo(pack.time_zone))
        hour = f"{date_format(goes, 'TIME_FORMAT')} {goes.tzname()}"
        return _("Signed. It goes on the public log soon after %(hour)s.") % {"hour": hour}
    person, plain, words = {
        AnswerStage.SENT: (draft.sent_by, _("It is with the manager."), _("With the manager, from %(who)s.")),
        AnswerStage.HANDED_BACK: (draft.noted_by, _("It came back."), _("%(who)s handed it back.")),
    }.get(stage, (draft.saved_by, _("A draft in your bureau."), _("%(who)s writes a draft.")))
    called = person.called if person else ""
    return words % {"who": apart(called)} if called else plain


def _to_sign(desk: Desk) -> list[Step]:
    """List the answers that wait for the manager's signature; many are one line."""
    owed, viewer, items = desk.once(owed_here), desk.viewer, []
    sent = [one for one in desk.once(drafts).values() if one.is_sent and viewer.signs_for(one.unit)]
    together = [one for one in sent if owed[one.about].owes_answer]
    if len(together) > MOST_QUESTIONS:
        words = ngettext(
            "%(n)s answer waits for your signature", "%(n)s answers wait for your signature", len(together)
        )
        text = _("Read them on one page, and sign them together.")
        items.append(Step(words % {"n": len(together)}, text, desk.to("answers:many"), "city"))
        sent = [one for one in sent if one not in together]
    for one in sent:
        on = local_date(one.sent_at or one.saved_at, desk.pack)
        text = _("Sent for your sign-off on %(day)s.") % {"day": day_in_words(on)}
        href = desk.to("answers:answer", about=one.about)
        ask = owed[one.about].ask
        items.append(Step(_("Sign off the answer: %(what)s"), text, href, "city", about=ask))
    return items

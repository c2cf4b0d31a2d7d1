"""Draft answers, one or many at a time, hand them back, sign them, send out what waits in the outbox; contest one once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.actions import tell_silence
from alongside.core.clocks import latest_answer, latest_milestone, local_date, reply_due
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.bureaus import bureau_of
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.turns import in_turn
from alongside.core.words import has_words
from alongside.core.workflow.answer_drafts import OUTBOX, STALE, waits_in_outbox
from alongside.core.workflow.asks import ANSWER_OWED, PROMISES, REPLY_OWED, Decision
from alongside.ground.gate.presses import is_pressed, mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import answers_today, pack_of, signing_office, signs_today
from alongside.ground.record.actions.entries import Draft, EntryRef, Text, append, append_once, next_day
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log, Standing
from alongside.ground.record.persons import refuse_who_asked
from alongside.ground.record.queries import entries_at, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.refusals import refusal_text

#: An advice point whose change is made already: a yes whose milestones are due, and claimed, on the day of the answer.
CHANGED = "changed"
#: What a row holds that nobody signed.
UNSIGNED = {"signed_by": None, "signed_at": None, "mark": ""}
YES = (*PROMISES, CHANGED)


def refuse_unless_whole(draft: AnswerDraft, standing: Standing, now: datetime) -> None:
    """Raise ValidationError, at the fields to mend, where the decision demands more (promise 4)."""
    missing = missing_from(draft, local_date(now, pack_of(draft.program)))
    if draft.decision == Decision.DEFERRED and standing.is_put_off and draft.about == standing.ask:
        missing["decision"] = _("“Not yet” was said once. Choose an answer.")
    if missing:
        raise ValidationError(missing)


def missing_from(draft: AnswerDraft, today: date) -> dict[str, str]:
    """Say all that a draft lacks, by the form field to mend; nothing where it is whole."""
    found = {}
    if not draft.decision:
        found["decision"] = _("Choose an answer.")
    if not has_words(draft.reasons):
        found["reasons"] = _("Write the reasons, in words your neighbor would use.")
    if draft.decision == Decision.DEFERRED and (draft.until is None or draft.until <= today):
        found["until"] = _("Write the day by which you will answer; it lies in the future.")
    elif draft.decision == Decision.DEFERRED and draft.until and draft.until > latest_answer(today):
        found["until"] = _no_later_than(latest_answer(today))
    if draft.decision in YES:
        found |= _missing_from_a_yes(draft, today)
    return found


def _no_later_than(day: date) -> str:
    return _("Look at the year: choose a day no later than %(day)s.") % {"day": day_in_words(day)}


def _is_of_its_bureau(draft: AnswerDraft) -> bool:
    pack = pack_of(draft.program)
    owner, own = unit_of(draft.owner), answers_today(pack, draft.unit)
    return bureau_of(owner, pack.within) == bureau_of(own, pack.within)


def _missing_from_a_yes(draft: AnswerDraft, today: date) -> dict[str, str]:
    found = {}
    if not draft.owner:
        found["owner"] = _("Choose the office that owns this.")
    elif draft.decision == CHANGED and unit_of(draft.owner) != draft.unit:
        found["owner"] = _("What is changed already, your own bureau did: choose one of its offices.")
    elif not _is_of_its_bureau(draft):
        found["owner"] = _("You promise for your own bureau: choose one of its offices.")
    if not draft.milestones:
        found["milestone_1"] = _("Write at least one milestone, with a day.")
    if not has_words(draft.evidence):
        found["evidence"] = _("Say what people can look at to see that it is done.")
    for one in draft.milestones:
        place = one["id"].removeprefix("m")
        if not has_words(one.get("words", "")):
            found[f"milestone_{place}"] = _("Say what will be done by this day.")
        if draft.decision != CHANGED and one.get("due", "") < today.isoformat():
            found[f"due_{place}"] = _("Write the day of this milestone; it is today or later.")
        elif one.get("due", "") > latest_milestone(today).isoformat():
            found[f"due_{place}"] = _no_later_than(latest_milestone(today))
    return found


@transaction.atomic
def save_draft(
    *, program: Program, about: int, unit: str, person: Person, values: Mapping[str, Any], now: datetime
) -> AnswerDraft:
    """Save a draft answer as it is, whole or not; an edit takes it back from sign-off. Nothing goes on the record.

    What a unit drafted that handed the ask on is gone then: nobody could open it any more.
    """
    refuse_unless_owed_by(program, about, unit)
    _refuse_if_signed(program, about, unit)
    AnswerDraft.objects.filter(program=program, about=about).exclude(unit=unit).delete()
    saved = {**values, "unit": unit, "saved_by": person, "saved_at": now, "sent_by": None, "sent_at": None}
    return AnswerDraft.objects.update_or_create(program=program, about=about, defaults=saved)[0]


def _refuse_if_signed(program: Program, about: int, unit: str) -> None:
    """Raise Refused where the answer is signed: nobody writes into what the manager signed. Hold it against whoever signs now."""
    held = AnswerDraft.objects.select_for_update().filter(program=program, about=about, unit=unit).first()
    if held and held.is_signed:
        raise Refused(_("This answer is signed and waits in the outbox. Call it back to change it."))


def refuse_unless_owed_by(program: Program, about: int, unit: str) -> Standing:
    """Raise Refused unless this unit owes an answer, or a reply, to this entry."""
    rows = Standing.objects.filter(log__program=program, unit=unit)
    owed = rows.filter(ask=about, state__in=ANSWER_OWED).first()
    owed = owed or rows.filter(contest=about, state__in=REPLY_OWED).first()
    if owed is None:
        raise Refused(_("Your bureau does not owe this answer now; look at the list of what it owes."))
    return owed


@transaction.atomic
def send_for_sign_off(*, draft: AnswerDraft, person: Person, now: datetime) -> None:
    """Send a whole draft to the unit's manager; raise ValidationError where something is missing."""
    refuse_unless_whole(draft, refuse_unless_owed_by(draft.program, draft.about, draft.unit), now)
    AnswerDraft.objects.filter(pk=draft.pk).update(sent_by=person, sent_at=now, note="", noted_by=None)


@appends()
@transaction.atomic
def hand_back(*, draft: AnswerDraft, person: Person, note: str, now: datetime) -> None:
    """Give a draft that waits for the manager back to whoever writes it, with a note of what to change."""
    if not has_words(note):
        raise Refused(_("Say what should be changed."), "note")
    waits = AnswerDraft.objects.filter(pk=draft.pk, signed_at=None).exclude(sent_at=None)
    noted = {"note": note.strip(), "noted_by": person, "noted_at": now}
    if not waits.update(sent_by=None, sent_at=None, **noted):
        raise Refused(_("This draft does not wait for a signature now."))


@appends(
    EntryKind.ANSWER_GIVEN,
    EntryKind.CONTEST_REPLIED,
    EntryKind.COMMITMENT_MADE,
    EntryKind.DELIVERY_CLAIMED,
    EntryKind.ASK_SILENT,
    EntryKind.CONTEST_SILENT,
    EntryKind.RAISE_SILENT,
)
@transaction.atomic
def sign(*, drafts: Sequence[AnswerDraft], office: str, person: Person, now: datetime) -> list[Entry]:
    """Sign drafts: what is due today or late goes on the record at once, all else waits in the outbox; give what is on the record.

    What waits is judged now, as if it went out, and again when it does. Raises Refused or ValidationError; then nothing is signed.
    """
    program = drafts[0].program
    Log.objects.select_for_update().get(program=program)
    today = local_date(now, pack_of(program))
    due = {one.pk: refuse_unless_owed_by(program, one.about, one.unit).due or today for one in drafts}
    held = _as_read(drafts)
    waiting = [one for one in drafts if waits_in_outbox(due[one.pk], today)]
    at_once = [one for one in drafts if one not in waiting]
    for one in waiting:
        with transaction.atomic():
            sign_off(drafts=[one], office=office, person=person, now=now)
            transaction.set_rollback(True)
    for one in (held[each.pk] for each in waiting if not held[each.pk].is_signed):
        one.signed_by, one.signed_at, one.note, one.noted_by = person, now, "", None
        one.mark = mark_of(one)
        one.save(update_fields=["signed_by", "signed_at", "note", "noted_by", "mark"])
    return sign_off(drafts=at_once, office=office, person=person, now=now) if at_once else []


def _as_read(drafts: Sequence[AnswerDraft]) -> dict[int, AnswerDraft]:
    """Give the rows of drafts, held; raise Refused where one has other words now: a manager signs what they read, and nothing else."""
    held = AnswerDraft.objects.select_for_update().in_bulk([one.pk for one in drafts])
    if any(one.pk not in held or held[one.pk].version != one.version for one in drafts):
        raise Refused(_("Someone changed this draft while this page was open. Read it again, then sign."))
    return held


@appends()
@transaction.atomic
def call_back(*, draft: AnswerDraft) -> None:
    """Take a signed answer out of the outbox before it goes on the record; it is a draft again."""
    Log.objects.select_for_update().get(program=draft.program)
    waits = AnswerDraft.objects.filter(pk=draft.pk).exclude(signed_at=None)
    if not waits.update(**UNSIGNED):
        raise Refused(_("This answer does not wait in the outbox any more."))


@appends(
    EntryKind.ANSWER_GIVEN,
    EntryKind.CONTEST_REPLIED,
    EntryKind.COMMITMENT_MADE,
    EntryKind.DELIVERY_CLAIMED,
    EntryKind.ASK_SILENT,
    EntryKind.CONTEST_SILENT,
    EntryKind.RAISE_SILENT,
)
def send_out(*, program: Program, now: datetime) -> int:
    """Put on the record what waited its time in the outbox; give how many answers went out.

    What no longer holds goes back to whoever signs, as a draft with a note that says why.
    """
    ready = AnswerDraft.objects.filter(program=program, signed_at__lte=now - OUTBOX).order_by(
        "signed_at", "pk"
    )
    turns = [partial(_send_out, program, pk, now) for pk in ready.values_list("pk", flat=True)]
    return sum(in_turn(turns))


@transaction.atomic
def _send_out(program: Program, pk: int, now: datetime) -> int:
    Log.objects.select_for_update().get(program=program)
    found = AnswerDraft.objects.filter(pk=pk).exclude(signed_at=None).select_related("program", "signed_by")
    draft = found.first()
    if draft is None:  # called back a moment before
        return 0
    try:
        with transaction.atomic():
            person = _refuse_unless_signed(draft, now)
            office = signing_office(program, draft.unit) or ""
            sign_off(drafts=[draft], office=office, person=person, now=now)
    except (Refused, ValidationError) as error:
        with translation.override(draft.lang):
            noted = {"note": _why(error, draft), "noted_at": now}
            AnswerDraft.objects.filter(pk=pk).update(**UNSIGNED, **noted)
        return 0
    return 1


@appends()
@transaction.atomic
def empty_outboxes(*, now: datetime) -> int:
    """Give every answer that waits in an outbox back to its desk, with a note; say how many: what a backup holds may be called back since."""
    found = list(AnswerDraft.objects.exclude(signed_at=None))
    for draft in found:
        with translation.override(draft.lang):
            note = _(
                "It was in the outbox when a backup was made, and that backup is in use. Read it again, then sign."
            )
            AnswerDraft.objects.filter(pk=draft.pk).update(**UNSIGNED, note=note, noted_by=None, noted_at=now)
    return len(found)


def _refuse_unless_signed(draft: AnswerDraft, now: datetime) -> Person:
    """Give who signed. Raises Refused where they do not sign for the unit any more, signed other words, or signed them long ago."""
    today = local_date(now, pack_of(draft.program))
    if not is_pressed(draft):
        raise Refused(
            _("These are not the words that were signed here. Read them, then sign what your bureau says.")
        )
    if draft.signed_at and draft.signed_at < now - STALE:
        raise Refused(_("It waited for more than a day. Read it again, then sign."))
    signed_by = draft.signed_by
    if signed_by is None or not signs_today(draft.program, draft.unit, signed_by.pk, today):
        raise Refused(_("Whoever signed this does not sign for the bureau any more."))
    return signed_by


def _why(error: Refused | ValidationError, draft: AnswerDraft) -> str:
    """Say why an answer could not go on the record."""
    told = (
        error.messages
        if isinstance(error, ValidationError)
        else [refusal_text(error, pack_of(draft.program))]
    )
    return _("It could not go on the public log: %(why)s") % {"why": " ".join(told)}


@appends(
    EntryKind.ANSWER_GIVEN,
    EntryKind.CONTEST_REPLIED,
    EntryKind.COMMITMENT_MADE,
    EntryKind.DELIVERY_CLAIMED,
    EntryKind.ASK_SILENT,
    EntryKind.CONTEST_SILENT,
    EntryKind.RAISE_SILENT,
)
@transaction.atomic
def sign_off(*, drafts: Sequence[AnswerDraft], office: str, person: Person, now: datetime) -> list[Entry]:
    """Make drafts final: the manager signs, each answer goes on the record, and with a yes its commitment.

    `office` is the office that signs for the unit, by this person; who asked as a lead does not answer. What is changed already is claimed at once, so that two leads can
    check it like any delivery. The drafts are gone afterwards.
    """
    program, written = drafts[0].program, list[Draft]()
    log = RowsLog(Log.objects.select_for_update().get(program=program))
    owed = [refuse_unless_owed_by(program, one.about, one.unit) for one in drafts]
    asks = entries_at(program, [one.ask for one in owed])
    for one in owed:
        refuse_who_asked(person, asks[one.ask], log)
    for draft, standing in zip(drafts, owed, strict=True):
        refuse_unless_whole(draft, standing, now)
        place = len(written)
        written.append(_reply(draft, office) if standing.owes_reply else _answer(draft, office))
        if draft.decision in YES:
            today = local_date(now, pack_of(program))
            written += [_commitment(draft, office, today, place), *_claims(draft, office, place + 1)]
    AnswerDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    for one in owed:
        tell_silence(program=program, ask=one.ask, now=now)
    step_of = drafts[0].about if len(drafts) == 1 else None
    return append_once(program=program, drafts=written, now=now, step_of=step_of).entries


def _answer(draft: AnswerDraft, office: str) -> Draft:
    decision = Decision.ACCEPTED if draft.decision == CHANGED else draft.decision
    data = {"decision": decision, "signed_off": office}
    if draft.decision == Decision.DEFERRED and draft.until:
        data["until"] = draft.until.isoformat()
    texts = {"reasons": Text(draft.lang, draft.reasons.strip())}
    return Draft(
        kind=EntryKind.ANSWER_GIVEN, by=[office], data=data, cites={"ask": [draft.about]}, texts=texts
    )


def _reply(draft: AnswerDraft, office: str) -> Draft:
    decision = draft.decision if draft.decision in {*PROMISES, Decision.TOLD} else Decision.STANDS
    data = {"decision": decision, "signed_off": office}
    texts = {"reply": Text(draft.lang, draft.reasons.strip())}
    return Draft(
        kind=EntryKind.CONTEST_REPLIED, by=[office], data=data, cites={"contest": [draft.about]}, texts=texts
    )


def _commitment(draft: AnswerDraft, office: str, today: date, place: int) -> Draft:
    done = today.isoformat() if draft.decision == CHANGED else ""
    milestones = [{"id": one["id"], "due": done or one["due"]} for one in draft.milestones]
    texts = {"evidence": Text(draft.lang, draft.evidence.strip())}
    texts |= {one["id"]: Text(draft.lang, one["words"]) for one in draft.milestones}
    return Draft(
        kind=EntryKind.COMMITMENT_MADE,
        by=[office],
        data={"office": draft.owner, "milestones": milestones},
        cites={"answer": [EntryRef(place)]},
        texts=texts,
    )


def _claims(draft: AnswerDraft, office: str, place: int) -> list[Draft]:
    """Claim what is changed already, with what shows it."""
    if draft.decision != CHANGED:
        return []
    return [
        Draft(
            kind=EntryKind.DELIVERY_CLAIMED,
            by=[office],
            data={"milestone": one["id"]},
            cites={"commitment": [EntryRef(place)]},
            texts={"claim": Text(draft.lang, draft.evidence.strip())},
        )
        for one in draft.milestones
    ]


@appends(EntryKind.ANSWER_CONTESTED)
def contest(*, program: Program, answer: int, seat: str, words: str, lang: str, now: datetime) -> Entry:
    """Say that an answer does not answer what was asked; once per answer, within the days of the policy."""
    about = entries_at(program, [answer]).get(answer)
    asked = about.cites["ask"][0] if about and "ask" in about.cites else answer
    due = reply_due(next_day(program, now), packs_of(program).of(entries_at(program, [asked])[asked]))
    draft = Draft(
        kind=EntryKind.ANSWER_CONTESTED,
        by=[seat],
        data={"reply_due": due.isoformat()},
        cites={"answer": [answer]},
        texts={"contest": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.CONTEST_JOINED)
def join(*, program: Program, contest: int, seat: str, words: str, lang: str, now: datetime) -> Entry:
    """Add one's own words to a contest of another lead, once, until it has its reply."""
    texts = {"contest": Text(lang, words)}
    draft = Draft(kind=EntryKind.CONTEST_JOINED, by=[seat], cites={"contest": [contest]}, texts=texts)
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.ANSWER_UNREASONED)
def mark_unreasoned(*, program: Program, answer: int, seat: str, now: datetime) -> Entry:
    """Say that an answer gives no reasons; once per answer, within the days of a contest."""
    draft = Draft(kind=EntryKind.ANSWER_UNREASONED, by=[seat], cites={"answer": [answer]})
    return append_once(program=program, drafts=[draft], now=now).entries[0]


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

    All are drafted or none is. Raises Refused or ValidationError.
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

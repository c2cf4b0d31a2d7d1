"""Keep a sealed draft, attest a finding, publish it. Leads alone; no city role comes here (promise 3)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from alongside.chain.findings.models import Attestation, SealedDraft
from alongside.chain.findings.queries import attested
from alongside.cohort.seats.actions import ask_second, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting
from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.acts import signed_in_readers
from alongside.ground.record.declared import appends
from alongside.ground.texts.actions import translate_all

MOST_BYTES = 200_000
AGE = b"age-encryption.org/v1\n"
#: So long a lead's word for a finding counts; then they read it again.
COUNTS = timedelta(days=30)


@transaction.atomic
def keep_draft(
    *, program: Program, promise: int, seat: Seat, sealed: bytes, draft_id: str | None, now: datetime
) -> SealedDraft:
    """Keep a draft that was sealed in the reader; raise Refused for anything else.

    Another lead's draft is never changed: whoever saves it has a copy of their own. What the lead attested of this draft
    counts no more: they attest it anew as it is now.
    """
    if not sealed.startswith(AGE) or len(sealed) > MOST_BYTES:
        raise Refused(_("The draft is not sealed; save it from the reader, which seals it first."))
    values = {"sealed": sealed, "saved_on": local_date(now, pack_of(program)), "seat": seat}
    if draft_id:
        ours = SealedDraft.objects.filter(program=program, promise=promise, seat__person=seat.person_id)
        row = ours.filter(pk=draft_id).first()
        if row:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            _take_back(_attested_of(seat, row))
            return row
    return SealedDraft.objects.create(program=program, promise=promise, **values)


@transaction.atomic
def drop_draft(*, program: Program, promise: int, seat: Seat, draft_id: str | None) -> None:
    """Delete a draft that the lead wrote, and what they attested of it; another lead's stays."""
    ours = SealedDraft.objects.filter(program=program, promise=promise, seat__person=seat.person_id)
    row = ours.filter(pk=draft_id).first() if draft_id else None
    if row:
        _take_back(_attested_of(seat, row))
        row.delete()


def _attested_of(seat: Seat, draft: SealedDraft) -> QuerySet[Attestation]:
    return Attestation.objects.filter(draft=draft, seat__person=seat.person_id)


def _take_back(rows: QuerySet[Attestation]) -> int:
    """Take attestations back, and what waited for a second lead where no other attests the same; give how many."""
    gone = list(rows.select_related("program"))
    rows.delete()
    left = set(Attestation.objects.filter(finding__in=[one.finding for one in gone]).values_list("finding"))
    for one in gone:
        if (one.finding,) not in left:
            second_came(program=one.program, step="finding", about=one.finding)
    return len(gone)


@appends()
@transaction.atomic
def forget_attested(*, program: Program, today: date) -> int:
    """Let go of attestations that count no more, and of what waited for a second lead with them; give how many."""
    return _take_back(Attestation.objects.filter(program=program, attested_on__lte=today - COUNTS))


def _drop_drafts(program: Program, promise: int, seat: Seat, draft_id: str | None, finding: str) -> None:
    """Drop the drafts of a finding that is public: the lead's own, and those whose writers confirmed exactly this."""
    drafts = SealedDraft.objects.filter(program=program, promise=promise)
    confirmed = Attestation.objects.filter(draft=OuterRef("pk"), seat=OuterRef("seat"), finding=finding)
    drafts.filter(Q(pk=draft_id, seat__person=seat.person_id) | Q(Exists(confirmed))).delete()


#: What a finding stands beside, looks at and answers, where it names nothing: whoever attests it attests that, too.
NOTHING_MORE: Mapping[str, Any] = {"beside": [], "answers": [], "driving": "", "languages": []}


def finding_hash(finding: Mapping[str, Any]) -> str:
    """Hash all that a lead signs who attests a finding: SHA-256 of its canonical JSON, in hexadecimal.

    `driving` is the driving question as `entry:question`; what is not named is as in NOTHING_MORE. A map that it names is in it only
    where it names one, so that what was confirmed before findings named maps still counts.
    """
    return hashlib.sha256(canonical({**NOTHING_MORE, **finding})).hexdigest()


@transaction.atomic
def attest(
    *, program: Program, promise: int, seat: Seat, finding: str, draft_id: str | None = None, now: datetime
) -> Attestation:
    """Attest a finding by its hash, without sending its words; its sealed draft waits for a second lead.

    Raises Refused for a former lead while it is for leads of today.
    """
    day = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="finding", about=finding, today=day)
    ask_second(program=program, step="finding", about=finding, seat=seat, today=day)
    drafts = SealedDraft.objects.filter(pk=draft_id, program=program, promise=promise) if draft_id else ()
    return _attest(program, promise, seat, finding, day, next(iter(drafts), None))


def _attest(
    program: Program, promise: int, seat: Seat, finding: str, day: date, draft: SealedDraft | None = None
) -> Attestation:
    given = {"attested_on": day, "program": program}
    given |= {"draft": draft} if draft else {}
    row, _new = Attestation.objects.update_or_create(
        promise=promise, seat=seat, finding=finding, defaults=given
    )
    row.mark = mark_of(row)
    row.save(update_fields=["mark"])
    return row


@appends(EntryKind.FINDING_PUBLISHED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def publish(
    *,
    program: Program,
    promise: int,
    seat: Seat,
    smaller: bool,
    voices: Mapping[str, int] | str,
    root: str,
    words: Mapping[str, Mapping[str, str]],
    beside: Sequence[int] = (),
    languages: Sequence[str] = (),
    driving: tuple[int, str] | None = None,
    answers: Sequence[int] = (),
    maps: Sequence[int] = (),
    draft_id: str | None = None,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> Entry:
    """Publish a finding at once, by leads alone; its draft goes.

    `voices` is a band {"low", "high"} or "fewer"; `root` the salted root over the seal marks it rests on (64 hex
    digits); `words` maps a language to {statement[, quote]}, the first is the original. Leads who attested exactly
    this finding in the last 30 days sign it too; one that rests on few voices is refused without a second lead. `driving` is the driving
    question that it answers: the entry of a workplan's version, and the question's id. `answers` are answers of the
    City that it looks at, `maps` the last map of its engagement, where it rests on that, too. `draft_id` is the draft that the lead wrote it from.
    `signed` is what leads signed of it in their readers, each her own part: who attested it and is not among them does not sign it.
    """
    content: dict[str, Any] = {
        "promise": promise,
        "smaller": smaller,
        "voices": voices,
        "root": root,
        "words": words,
    }
    content |= {"beside": list(beside), "answers": list(answers), "languages": list(languages)}
    if maps:
        content["maps"] = list(maps)
    content["driving"] = f"{driving[0]}:{driving[1]}" if driving else ""
    today = local_date(now, pack_of(program))
    _attest(program, promise, seat, finding_hash(content), today)
    rows = Attestation.objects.filter(promise=promise, finding=finding_hash(content), program=program)
    count = attested(rows.filter(attested_on__gt=today - COUNTS))
    if signed:
        count = [one for one in count if one.seat.public_id in signed["signed"]]
    by = acting(program, [seat.public_id, *(one.seat.public_id for one in count)], today, after_term=True)
    if seat.public_id not in by:
        by = [seat.public_id]  # the record says why this lead cannot sign
    lang = next(iter(words))
    data: dict[str, Any] = {"smaller": smaller, "voices": voices, "root": root}
    if languages:
        data["languages"] = list(languages)
    if driving:
        data["driving_questions"] = [driving[1]]
    draft = Draft(
        kind=EntryKind.FINDING_PUBLISHED,
        by=by,
        data=data,
        cites={
            "engagement": [promise],
            "beside": list(beside),
            "workplan": [driving[0]] if driving else [],
            "answer": list(answers),
            "map": list(maps),
        },
        texts={name: Text(lang, text) for name, text in words[lang].items() if text},
    )
    with signed_in_readers(draft.kind, program.origin, finding_hash(content), signed):
        (entry,) = append(program=program, drafts=[draft], now=now)
    second_came(program=program, step="finding", about=finding_hash(content))
    _drop_drafts(program, promise, seat, draft_id, finding_hash(content))
    translate_all(program=program, entry=entry.index, by=seat.public_id, words=words, now=now)
    return entry

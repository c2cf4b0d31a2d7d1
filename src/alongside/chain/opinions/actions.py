"""Keep what people choose under a code, withdraw it, draw the maps on their days, and forget the choices on theirs; decide of statements that people offer."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.opinions import queries
from alongside.chain.opinions.models import Map, Vote, Withdrawn
from alongside.chain.proposals import actions as proposals
from alongside.chain.proposals.models import Proposal
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.opinions import GROUND
from alongside.core.kinds import EntryKind
from alongside.core.opinions.answers import code_hash
from alongside.core.policy.pack import Pack
from alongside.core.questions import LONGEST_STATEMENT
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.words import as_seen, has_words
from alongside.core.workflow.engagements import EngagementStage, EngagementState, course_at
from alongside.core.workflow.offered_statements import OfferDecision, decided_of, released
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.limits import has_room
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.acts import signed_in_readers
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.queries import is_under_hold
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold
from alongside.work.engagements.actions import refuse_forbidden

SALT_BYTES = 32
LONGEST_GROUND = 400


@appends()
def vote(
    *, program: Program, asked: queries.Asked, code: bytes, number: int, answer: int, now: datetime
) -> None:
    """Keep what is said of a statement under a code; what was said of it before gives way, and its day stays.

    Nothing about the sender comes here. Raises UnusableInputError where people cannot judge now, where the statement is none of
    the promise, or where there is no room; LegalHoldError for another answer than the one that stands, while a legal hold does.
    """
    today = local_date(now, pack_of(program))
    _refuse_shut(asked, today)
    said = asked.statement(number)
    if said is None:
        raise UnusableInputError(
            "unknown", _("This statement is not one of those that people judge here. Go on with the next.")
        )
    if queries.was_withdrawn(program, asked.promise.index, code):
        raise UnusableInputError("withdrawn", _("The choices under this number were withdrawn. Start anew."))
    if not has_room():
        raise UnusableInputError(
            "room", _("There is no room for more choices right now. Please try again tomorrow.")
        )
    row = Vote(
        program=program,
        promise=asked.promise.index,
        code_hash=code_hash(code),
        statement=number,
        answer=answer,
        lang=said.phrase.lang,
        date=today,
        taken=queries.is_taken(program, asked.promise.index, code),
    )
    kept = queries.chosen(program, row.promise, row.code_hash).get(number, answer)
    if kept != answer:
        refuse_under_hold(program)
    Vote.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["program", "promise", "code_hash", "statement"],
        update_fields=["answer", "lang"],
    )


def _refuse_shut(asked: queries.Asked, today: date) -> None:
    """Raise UnusableInputError where people cannot judge today."""
    stage = asked.door.state(today)
    if stage == EngagementStage.PAUSED:
        raise UnusableInputError(
            "paused", _("This engagement is paused. Please come back later with your number.")
        )
    if stage != EngagementStage.OPEN:
        raise UnusableInputError(
            "closed", _("This engagement is closed, so nobody can judge its statements any more.")
        )


@appends()
@transaction.atomic
def withdraw(*, program: Program, promise: int, code: bytes) -> int:
    """Delete all that was said under a code, which ends with it; give how many choices went. Raises LegalHoldError while a legal hold stands."""
    under: dict[str, Any] = {"program": program, "promise": promise, "code_hash": code_hash(code)}
    rows = Vote.objects.filter(**under)
    if not rows.exists():
        return 0
    refuse_under_hold(program)
    Withdrawn.objects.get_or_create(**under)
    return rows.delete()[0]


@appends(EntryKind.MAP_DRAWN)
def tick(*, program: Program, now: datetime) -> None:
    """Draw the maps that are due in a program, and forget the choices whose day to be kept is over. Safe to repeat."""
    pack = pack_of(program)
    today = local_date(now, pack)
    for promise in queries.promises_to_keep(program):
        course = course_at(promise, RowsLog.of(program))
        if queries.can_draw():
            own = replace(pack, k=course.promise.data["k"])
            draw(program=program, course=course, pack=own, today=today, now=now)
        if course.key_destroyed or course.is_to_be_destroyed(today):
            forget(program=program, promise=promise)


@appends(EntryKind.MAP_DRAWN)
def draw(*, program: Program, course: EngagementState, pack: Pack, today: date, now: datetime) -> Map | None:
    """Draw the map of an engagement where one is due; after the last day its hashes go on the record.

    Gives None where none is due, or where fewer than k people judged. Needs the extra `map`. What is computed can take a
    minute, and no transaction is open meanwhile: nobody who speaks or judges waits for it.
    """
    promise, is_over = course.promise.index, not course.is_taking(today)
    until = course.closes if is_over else queries.day_to_draw(program, promise, today, pack.k)
    if until is None or (is_over and queries.is_drawn_for_good(program, promise)):
        return None
    if queries.people_until(queries.newcomers(program, promise), until) < pack.k:
        return None
    salt = os.urandom(SALT_BYTES)
    data = queries.computed_of(program, promise, until, pack, salt)
    with transaction.atomic():
        made = Map.objects.create(program=program, promise=promise, until=until, data=data, salt=salt)
        if is_over:
            made.entry = append(program=program, drafts=[_entry(made)], now=now)[0].index
            made.save(update_fields=["entry"])
    return made


def _entry(made: Map) -> Draft:
    """Give what the record holds of the last map: hashes, and what computed it."""
    from alongside.core.opinions.published import sha256  # noqa: PLC0415 -- as above

    offers = [one.index for one in released(decided_of(made.promise, RowsLog.of(made.program)))]
    data: dict[str, Any] = {
        "votes": made.data["votes"],
        "parameters": sha256(made.data["parameters"]),
        "result": made.data["hash"],
        "computed_by": made.data["computed_by"],
    }
    return Draft(
        kind=EntryKind.MAP_DRAWN,
        by=["clock"],
        data=data,
        cites={"engagement": [made.promise], "offer": offers},
    )


@appends()
@transaction.atomic
def forget(*, program: Program, promise: int) -> int:
    """Delete all choices of an engagement, and the salts of its maps; give how many choices went. None go while a legal hold stands."""
    if is_under_hold(program):
        return 0
    Map.objects.filter(program=program, promise=promise).update(salt=b"")
    Withdrawn.objects.filter(program=program, promise=promise).delete()
    return Vote.objects.filter(program=program, promise=promise).delete()[0]


@appends()
@transaction.atomic
def propose_offer(*, program: Program, asked: queries.Asked, **given: Any) -> Proposal:
    """Keep, sealed to the leads, what one lead would decide of a statement that somebody offered; a second lead decides with them."""
    if not asked.takes_offers:
        raise Refused(_("People were not asked here to offer statements."))
    return proposals.propose(program=program, what=Proposed.OFFER, promise=asked.promise.index, **given)


@appends(EntryKind.OFFER_DECIDED)
@transaction.atomic
def decide_offer(
    *,
    program: Program,
    slug: str,
    proposal: UUID,
    seat: Seat,
    said: queries.Decided,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> Entry:
    """Decide, as the second lead, exactly what another lead proposed: a statement joins those that people judge, or its author reads why not.

    `signed` is what the two signed in their readers, each her own part; the first one's was sealed in what she proposed.

    Raises Refused where its writer decides alone, where it is not what was proposed, or where a rule forbids the words;
    GrammarError as the record does.
    """
    Log.objects.select_for_update().get(program=program)  # two at once would give two statements one number
    found = queries.asked(program, slug, "")
    if found is None:
        raise Refused(_("This waits no longer. Load the page again."))
    promise, digest = found.promise.index, hashlib.sha256(queries.content_of(said)).hexdigest()
    given: dict[str, Any] = {"program": program, "promise": promise, "proposal": proposal, "seat": seat}
    one = proposals.take(what=Proposed.OFFER, digest=digest, today=local_date(now, pack_of(program)), **given)
    _refuse_words(program, found, said)
    by = sorted([one.seat.public_id, seat.public_id])
    number = max(queries.numbers_of(program, promise)) + 1  # also past one that was taken down
    draft = draft_of(said, promise=promise, by=by, number=number)
    with signed_in_readers(EntryKind.OFFER_DECIDED, program.origin, digest, signed):
        return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.OFFER_DECIDED)
def draft_of(said: queries.Decided, *, promise: int, by: Sequence[str], number: int | None = None) -> Draft:
    """Write what goes on the public log of it; the number of a released statement follows from what stands there, and nobody signs it."""
    data = {"offer": said.offer, "decision": said.decision}
    if said.decision == OfferDecision.DECLINED:
        data["reason"] = said.reason
    elif said.decision == OfferDecision.MERGED:
        data["statement"] = said.statement
    elif number:
        data["statement"] = f"s{number}"
    cites = {"engagement": [promise]}
    return Draft(kind=EntryKind.OFFER_DECIDED, by=by, data=data, cites=cites, texts=_texts(said))


def _texts(said: queries.Decided) -> Mapping[str, Text]:
    if said.decision == OfferDecision.RELEASED:
        return {lang: Text(lang, words.strip()) for lang, words in said.words.items()}
    return {GROUND: Text(said.lang, said.ground.strip())}


def _refuse_words(program: Program, asked: queries.Asked, said: queries.Decided) -> None:
    """Raise Refused where a statement is empty, too long, there already or forbidden, names none that is there, or lacks a sentence."""
    if said.decision != OfferDecision.RELEASED:
        if not has_words(said.ground) or len(said.ground) > LONGEST_GROUND:
            raise Refused(_("Write a sentence to its author, in 400 letters at most."))
        if said.decision == OfferDecision.MERGED and said.statement not in {
            one.id for one in asked.statements
        }:
            raise Refused(_("Choose the statement that says the same."))
        return
    lacking = [one for one in asked.promise.entry.data["languages"] if not has_words(said.words.get(one, ""))]
    if lacking or any(len(one.strip()) > LONGEST_STATEMENT for one in said.words.values()):
        raise Refused(_("Write it in every language of the promise, in 200 letters at most."))
    for lang, words in said.words.items():
        there = queries.asked(program, asked.door.promise.data["engagement"], lang)
        if there and as_seen(words) in {as_seen(one.phrase.words) for one in there.statements}:
            raise Refused(_("There is a statement in these very words. Merge it with that one."))
    refuse_forbidden(program, {"questions": [{"id": "offer", "words": dict(said.words)}]}, {})

"""Keep what people choose under a code, withdraw it, draw the maps on their days, and forget the choices on theirs."""

import os
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.opinions import queries
from alongside.chain.opinions.models import Map, Vote
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.opinions.answers import code_hash
from alongside.core.policy.pack import Pack
from alongside.core.refusals import NotTakenIn
from alongside.core.workflow.engagements import EngagementStage, EngagementState, course_at
from alongside.ground.gate.limits import has_room
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.ground.texts.actions import refuse_under_hold

SALT_BYTES = 32


@appends()
def vote(
    *, program: Program, asked: queries.Asked, code: bytes, number: int, answer: int, now: datetime
) -> None:
    """Keep what is said of a statement under a code; what was said of it before gives way, and its day stays.

    Nothing about the sender comes here. Raises NotTakenIn where people cannot judge now, where the statement is none of
    the promise, or where there is no room; LegalHoldError for another answer than the one that stands, while a legal hold does.
    """
    today = local_date(now, pack_of(program))
    _refuse_shut(asked, today)
    said = asked.statement(number)
    if said is None:
        raise NotTakenIn(
            "unknown", _("This statement is not one of those that people judge here. Go on with the next.")
        )
    if not has_room():
        raise NotTakenIn("room", _("There is no room for more choices right now. Please try again tomorrow."))
    row = Vote(
        program=program,
        promise=asked.promise.index,
        code_hash=code_hash(code),
        statement=number,
        answer=answer,
        lang=said.phrase.lang,
        date=today,
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
    """Raise NotTakenIn where people cannot judge today."""
    stage = asked.door.state(today)
    if stage == EngagementStage.PAUSED:
        raise NotTakenIn("paused", _("This engagement is paused. Please come back later with your number."))
    if stage != EngagementStage.OPEN:
        raise NotTakenIn(
            "closed", _("This engagement is closed, so nobody can judge its statements any more.")
        )


@appends()
@transaction.atomic
def withdraw(*, program: Program, promise: int, code: bytes) -> int:
    """Delete all that was said under a code; give how many choices went. Raises LegalHoldError while a legal hold stands."""
    rows = Vote.objects.filter(program=program, promise=promise, code_hash=code_hash(code))
    if rows.exists():
        refuse_under_hold(program)
    return rows.delete()[0]


@appends(EntryKind.MAP_DRAWN)
def tick(*, program: Program, now: datetime) -> None:
    """Draw the maps that are due in a program, and forget the choices whose day to be kept is over. Safe to repeat."""
    pack = pack_of(program)
    today = local_date(now, pack)
    for promise in queries.promises_to_keep(program):
        course = course_at(promise, queries.rows_of(program))
        if course is None:
            continue
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

    data: dict[str, Any] = {
        "votes": made.data["votes"],
        "parameters": sha256(made.data["parameters"]),
        "result": made.data["hash"],
        "computed_by": made.data["computed_by"],
    }
    return Draft(kind=EntryKind.MAP_DRAWN, by=["clock"], data=data, cites={"engagement": [made.promise]})


@appends()
@transaction.atomic
def forget(*, program: Program, promise: int) -> int:
    """Delete all choices of an engagement, and the salts of its maps; give how many choices went. None go while a legal hold stands."""
    if is_under_hold(program):
        return 0
    Map.objects.filter(program=program, promise=promise).update(salt=b"")
    return Vote.objects.filter(program=program, promise=promise).delete()[0]

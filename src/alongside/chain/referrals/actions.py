"""Propose what goes to an office, confirm it as a second lead, reply to it. None of it is on the record."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.proposals import actions as proposals
from alongside.chain.proposals.models import Proposal
from alongside.chain.referrals.models import Given, Referral
from alongside.chain.referrals.queries import content, is_asked
from alongside.chain.voices.models import Voice
from alongside.cohort.messages.actions import notify_people
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.core.workflow.referrals import TO_ANSWER
from alongside.core.workflow.seconds import Proposed
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Office, Program
from alongside.ground.programs.queries import holders_of, pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.texts.actions import erase_on_its_day

LONGEST = 4_000  # letters that an office is given


@appends()
@transaction.atomic
def propose(*, program: Program, promise: int, **given: Any) -> Proposal:
    """Keep, sealed to the leads, what one lead would give to an office; a second lead confirms it."""
    _refuse_unless_asked(program, promise)
    return proposals.propose(program=program, what=Proposed.OFFICE, promise=promise, **given)


def _refuse_unless_asked(program: Program, promise: int) -> None:
    if not is_asked(program, promise):
        raise Refused(_("People were not asked here whether leads may pass on what they said."))


@appends()
@transaction.atomic
def give(
    *, program: Program, promise: int, proposal: UUID, seat: Seat, said: Mapping[str, str], now: datetime
) -> Referral:
    """Give an office the words that another lead proposed, exactly these, and a day to reply.

    `said` holds salt, office, language, words and the seal mark of the voice. Raises Refused where its writer confirms,
    where it is not what was proposed, or where something of this voice was given before.
    """
    _refuse_unless_asked(program, promise)
    today = local_date(now, pack_of(program))
    given: dict[str, Any] = {"program": program, "promise": promise, "proposal": proposal, "seat": seat}
    digest = hashlib.sha256(content(said)).hexdigest()
    waits = proposals.take(what=Proposed.OFFICE, digest=digest, today=today, **given)
    office, held = _office(program, said["office"]), holders_of(program, said["office"], today)
    if not said["words"].strip() or len(said["words"]) > LONGEST:
        raise Refused(_("Write what the office should know, in 4,000 letters at most."))
    if not held:
        raise Refused(_("Nobody holds this office today. Write it again, for another office."))
    _mark_given(program, promise, said["mark"])
    notify_people(program=program, people=[one.person for one in held])
    return Referral.objects.create(
        program=program,
        promise=promise,
        office=office,
        words=said["words"].strip(),
        lang=said["lang"],
        first=waits.seat,
        second=seat,
        given_on=today,
        answer_by=today + TO_ANSWER,
    )


def _office(program: Program, public_id: str) -> Office:
    unit, _slash, slug = public_id.partition("/")
    found = (
        Office.objects.select_related("unit")
        .filter(unit__program=program, unit__slug=unit, slug=slug)
        .first()
    )
    if found is None:
        raise Refused(_("There is no such office any more. Write it again, for another office."))
    return found


def _mark_given(program: Program, promise: int, mark: str) -> None:
    """Let the receipt of a voice say it; write all such rows anew, so that no order ties one to what an office was given."""
    voice = Voice.objects.filter(program=program, promise=promise, mark=mark).first()
    if voice is None:
        raise Refused(_("This voice is not here any more: its person withdrew it. Nothing of it is given."))
    Log.objects.select_for_update().get(program=program)  # two at once would write the same rows anew
    before = list(Given.objects.filter(program=program).values_list("act_hash", flat=True))
    if voice.act_hash in before:
        raise Refused(_("Something of this voice was given to an office before."))
    Given.objects.filter(program=program).delete()
    _write_given(program, [*before, voice.act_hash])


def _write_given(program: Program, acts: Sequence[str]) -> None:
    mixed = list(acts)
    SystemRandom().shuffle(mixed)
    Given.objects.bulk_create(Given(program=program, act_hash=one) for one in mixed)


@appends()
@transaction.atomic
def reply(*, referral: Referral, person: Person, words: str, lang: str, now: datetime) -> None:
    """Say for an office what it does; the two leads are told that something waits."""
    pack = pack_of(referral.program)
    today = local_date(now, pack)
    kept = timedelta(days=pack.charter.message_kept_days)
    open_still = Referral.objects.filter(pk=referral.pk, replied_on=None)
    if not open_still.update(
        reply=words, reply_lang=lang, replied_on=today, replied_by=person, erase_on=today + kept
    ):
        raise Refused(_("Your office replied before. Load the page again to read it."))
    notify_people(program=referral.program, people=[referral.first.person, referral.second.person])


@appends()
def erase_old(*, program: Program, today: date) -> int:
    """Erase what was replied to, once its day has come, unless a legal hold stands; give how much."""
    rows = [Referral.objects.filter(program=program)]
    return erase_on_its_day(program=program, today=today, rows=rows)

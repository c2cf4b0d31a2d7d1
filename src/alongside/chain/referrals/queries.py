"""Read what waits for a second lead, what offices were given, and of which voices."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from alongside.chain.asks.queries import offices_to_ask
from alongside.chain.proposals.queries import proposed
from alongside.chain.referrals.models import Given, Referral
from alongside.chain.voices.models import Voice
from alongside.cohort.seats.models import Seat
from alongside.core.canonical import canonical
from alongside.core.policy.pack import Pack
from alongside.core.sealing.marks import SALT_BYTES, pack_received
from alongside.core.workflow.referrals import ReferralStage, stage_of
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today
from alongside.ground.record.queries import entry_views
from alongside.work.engagements.asking import asks_in_our_words
from alongside.work.engagements.queries.promises import frozen_form


def is_asked(program: Program, promise: int) -> bool:
    """Say whether the frozen questions of a promise ask, in our words, if leads may pass on what somebody said."""
    found = entry_views(program, [promise], "en").get(promise)
    return found is not None and asks_in_our_words(frozen_form(found))


def content(said: Mapping[str, str]) -> bytes:
    """Write what two leads confirm as the bytes that both hash: salt, office, language, words and the seal mark."""
    return canonical({name: said[name] for name in ("salt", "office", "lang", "words", "mark")})


def written_by(seat: Seat) -> int:
    """Count what a lead wrote that waits for a second one. One query."""
    return proposed(seat.cohort.program, Proposed.OFFICE).filter(seat__person=seat.person_id).count()


def given_marks(program: Program, promise: int) -> list[str]:
    """List the seal marks of the voices of an engagement of which something was given, in an order that tells nothing."""
    given = Given.objects.filter(program=program).values("act_hash")
    voices = Voice.objects.filter(program=program, promise=promise, act_hash__in=given)
    return list(voices.order_by("mark").values_list("mark", flat=True))


def given_list(program: Program) -> bytes:
    """Pack of which voices something was given, so that only whoever has a receipt finds their own (core.sealing.marks)."""
    given = Given.objects.filter(program=program).values_list("act_hash", flat=True)
    return pack_received(os.urandom(SALT_BYTES), (bytes.fromhex(act) for act in given.iterator()))


def offices_held(program: Program, pack: Pack, lang: str, today: date) -> list[tuple[str, str]]:
    """List the offices that somebody holds today, as choices. One query."""
    held = {one.public_id for one in posts_today(program, today)}
    return [(office, title) for office, title in offices_to_ask(pack, lang) if office in held]


@dataclass(frozen=True)
class Passed:
    """Something that an office was given, as its page and the leads' list show it."""

    row: Referral
    office: str
    stage: ReferralStage
    may_reply: bool

    @property
    def is_late(self) -> bool:
        """Say whether its day has passed without a reply."""
        return self.stage is ReferralStage.LATE

    @property
    def waits(self) -> bool:
        """Say whether the office owes a reply."""
        return self.stage is not ReferralStage.REPLIED


def seen_by(program: Program, viewer: Viewer) -> QuerySet[Referral]:
    """Give what offices were given: to a lead all of it, to staff what their bureau was given."""
    found = Referral.objects.filter(program=program)
    return found if viewer.has(Role.LEAD) else found.filter(office__unit__slug__in=viewer.answers_for)


def passed(program: Program, pack: Pack, viewer: Viewer, lang: str, today: date) -> list[Passed]:
    """List what offices were given and the viewer sees. What waits stands first. One query."""
    found = seen_by(program, viewer).select_related("office__unit")
    rows = [_passed(one, pack, viewer, lang, today) for one in found]
    return sorted(rows, key=lambda one: (not one.waits, one.row.answer_by, one.row.pk))


def _passed(one: Referral, pack: Pack, viewer: Viewer, lang: str, today: date) -> Passed:
    office = one.office.public_id
    return Passed(
        row=one,
        office=pack.office_title(office, lang),
        stage=stage_of(one.answer_by, one.replied_on, today),
        may_reply=one.replied_on is None and viewer.office_in(one.office.unit.slug) is not None,
    )


def passed_one(
    program: Program, pack: Pack, viewer: Viewer, lang: str, today: date, key: UUID
) -> Passed | None:
    """Give one that the viewer may see, or None."""
    return next((one for one in passed(program, pack, viewer, lang, today) if one.row.pk == key), None)

"""A lottery: announce its pool and rules before the seed exists, draw, and let two outside witnesses run it again."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.panels import fitting_list
from alongside.cohort.calls.actions.pool import pool_of
from alongside.cohort.calls.actions.reviewing import refuse_before_it_closed, today_of
from alongside.cohort.calls.actions.tickets import Balanced, balance_told, keep_tickets, make_tickets
from alongside.cohort.calls.models import (
    Attested,
    Call,
    Decision,
    Drawn,
    Invitee,
    Lottery,
    Ticket,
)
from alongside.cohort.calls.models.inviting import READER, WITNESS
from alongside.cohort.calls.queries.balancing import panels_of
from alongside.cohort.calls.queries.choosing import doubts, pool, takes_witness
from alongside.cohort.seats.models import Seat
from alongside.core.disclosure import band
from alongside.core.kinds import EntryKind
from alongside.core.lottery import Result, draw, pool_root, seed_as_written
from alongside.core.quotas import pick, seated
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import ever_appointed, pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends

SALT_BYTES = 32


@appends(EntryKind.LOTTERY_ANNOUNCED)
@transaction.atomic
def announce(*, call: Call, seed_source: str, seed_day: date, lang: str, now: datetime) -> Lottery:
    """Fix the pool and the rules on the record. `seed_source` says in words which public value is the seed.

    Raises Refused, Refused where the pool is not larger than the seats, GrammarError for a seed that may be known.
    """
    refuse_before_it_closed(call, now)
    Call.objects.select_for_update().get(pk=call.pk)
    if Lottery.objects.filter(call=call).exists():
        raise Refused(_("The lottery is announced; its pool and its rules stand."))
    pool = pool_of(call)
    balanced = fitting_list(call, pool) if call.quotas else None
    tickets, salt = make_tickets(pool, balanced), secrets.token_hex(SALT_BYTES)
    numbers = [one.number for one in tickets]
    places = {"seats": call.seats, "alternates": min(call.alternates, len(pool) - call.seats)}
    more = balance_told(call, balanced, tickets, lang) if balanced else Balanced()
    draft = Draft(
        kind=EntryKind.LOTTERY_ANNOUNCED,
        by=["steward"],
        data={
            "method": more.method,
            "pool": pool_root(numbers, salt),
            "tickets": band(len(numbers), pack_of(call.program)).as_data(),
            **places,
            "seed_day": seed_day.isoformat(),
            **more.data,
        },
        cites={"call": [call.published]},
        texts={"seed_source": Text(lang, seed_source), **more.texts},
    )
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    held = {"salt": salt, "panel_list": balanced, "entry": entry, "seed_day": seed_day}
    made = Lottery.objects.create(call=call, **held, **places)
    keep_tickets(lottery=made, tickets=tickets, now=now)
    return made


@appends()
@transaction.atomic
def name_witness(
    *,
    lottery: Lottery,
    person: Person,
    organization: str,
    role: str,
    lang: str,
    now: datetime,
) -> Invitee:
    """Name someone outside the program who will run the lottery again. Their name and `organization` stay off the record."""
    today = today_of(lottery.call, now)
    there = list(lottery.call.invitees.witnesses())
    _refuse_witness(lottery, there, person, organization, today)
    return Invitee.objects.create(
        call=lottery.call,
        person=person,
        role=WITNESS,
        organizations=[organization],
        title=role,
        lang=lang,
        number=len(there) + 1,
        invited_on=today,
    )


def _refuse_witness(
    lottery: Lottery, there: Sequence[Invitee], person: Person, organization: str, today: date
) -> None:
    call = lottery.call
    if not person.gets_codes_by_email:
        raise Refused(
            _(
                "A witness signs in with a code by email, never with one that the steward prints. Write their address."
            ),
            "email",
        )
    if not takes_witness(lottery, today):
        raise Refused(_two("full"))
    if any(
        one.person_id == person.pk or one.organization.casefold() == organization.casefold() for one in there
    ):
        raise Refused(_two("same"))
    invited = list(call.invitees.filter(person=person).values_list("role", flat=True))
    if READER in invited:
        raise Refused(_two("reader"))
    program = call.program
    if (
        ever_appointed(program, person.pk)
        or Seat.objects.filter(cohort__program=program, person=person).exists()
        or invited
    ):
        raise Refused(_two("inside"))


def _two(why: str) -> str:
    return {
        "full": _(
            "There are two witnesses already. If they do not both agree, name another one 14 days after the draw."
        ),
        "same": _("The two witnesses come from two different places. Name someone else."),
        "inside": _(
            "This person runs the program, helps with this call, or has or had an office or a place as a lead. Name someone from outside."
        ),
        "reader": _("A reader of this call cannot be a witness. Name someone who had no part in it."),
    }[why]


@appends(EntryKind.LOTTERY_DRAWN)
@transaction.atomic
def draw_lottery(*, lottery: Lottery, seed: str, now: datetime) -> Drawn:
    """Draw with the seed as its source gave it; the record hears the tickets. Raises Refused, GrammarError, LotteryError.

    Where a witness came to another result it can be drawn again with another seed; the record keeps both draws.
    """
    call = Call.objects.select_for_update().select_related("program").get(pk=lottery.call_id)
    earlier = Drawn.objects.filter(lottery=lottery).first()
    if earlier and not doubts(lottery):
        raise Refused(_("This lottery was drawn, and its result stands."))
    plain = seed_as_written(seed)
    result, more = drawn_by(lottery, plain)
    data = {"seed": plain, "seats": list(result.seats), "alternates": list(result.alternates), **more}
    draft = Draft(kind=EntryKind.LOTTERY_DRAWN, by=["steward"], data=data, cites={"lottery": [lottery.entry]})
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    today = today_of(call, now)
    if earlier:
        _lay_aside(earlier)
    Decision.objects.bulk_create(_decisions(lottery, result, today))
    return Drawn.objects.create(lottery=lottery, seed=plain, on=today, entry=entry)


def _lay_aside(earlier: Drawn) -> None:
    """Take away what rests on an earlier draw; the draw itself, and what the witnesses said of it, stay on the record."""
    Attested.objects.filter(witness__call=earlier.lottery.call_id).delete()
    Decision.objects.filter(call=earlier.lottery.call_id, by_lottery=True).delete()
    earlier.delete()


def drawn_by(lottery: Lottery, seed: str) -> tuple[Result, dict[str, int]]:
    """Draw by the method that was announced; with quotas also say at which place of the list the panel stands."""
    tickets, held = pool(lottery.call), lottery.panel_list
    if held is None:
        places = {"seats": lottery.seats, "alternates": lottery.alternates}
        return draw(tickets, salt=lottery.salt, seed=seed, **places), {}
    panels, listed = panels_of(lottery)
    picked = pick(panels, salt=held.salt, seed=seed, alternates=listed)
    result = seated(picked, tickets, salt=lottery.salt, seed=seed, alternates=lottery.alternates)
    return result, {"panel": picked.place}


def _decisions(lottery: Lottery, result: Result, today: date) -> list[Decision]:
    """Say what the draw means for each application that is still in; a ticket whose owner left stands for nobody."""
    places = {number: place for place, number in enumerate(result.alternates, 1)}
    made = []
    for one in Ticket.objects.filter(lottery=lottery, application__in=lottery.call.applications.live()):
        outcome = "seat" if one.number in result.seats else "alternate" if one.number in places else "no"
        made.append(
            Decision(
                application_id=str(one.application_id),
                call_id=lottery.call_id,
                outcome=outcome,
                place=places.get(one.number),
                by_lottery=True,
                on=today,
            )
        )
    return made


@appends(EntryKind.LOTTERY_ATTESTED)
@transaction.atomic
def attest(*, witness: Invitee, agrees: bool, now: datetime) -> Attested:
    """Put a witness's word on the record, by their role. Raises Refused before the draw, Refused the second time.

    Who came to another result and then to the same one may say so: both words stay on the record.
    """
    drawn = Drawn.objects.filter(lottery__call=witness.call_id).first()
    if drawn is None:
        raise Refused(_("The lottery is not drawn yet. Come back when it is."))
    before = Attested.objects.filter(witness=witness).first()
    if before and (before.agrees or not agrees):
        raise Refused(_("You have attested already; nothing more is needed."))
    call = witness.call
    draft = Draft(
        kind=EntryKind.LOTTERY_ATTESTED,
        by=["steward"],
        data={"witness": witness.number, "agrees": agrees},
        cites={"draw": [drawn.entry]},
        texts={"role": Text(witness.lang, witness.title)},
    )
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    said = {"agrees": agrees, "on": today_of(call, now), "entry": entry}
    return Attested.objects.update_or_create(witness=witness, defaults=said)[0]

"""What the clock does about pay: remind the steward once, tell totals of whole quarters, erase what has had its time."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from alongside.cohort.pay.models import Bill, Claim, Erased, Note, Reminder
from alongside.cohort.pay.queries import quarters_to_tell, to_erase
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold


@appends()
@transaction.atomic
def note_reminder(*, claims: Sequence[Claim], on: date, now: datetime) -> int:  # noqa: ARG001 -- every action is told the time
    """Note that the steward was told of these claims; give how many are new."""
    known = set(Reminder.objects.filter(claim__in=claims).values_list("claim", flat=True))
    fresh = [one for one in claims if one.pk not in known]
    Reminder.objects.bulk_create(Reminder(claim=one, on=on) for one in fresh)
    return len(fresh)


@appends("pay.totaled")
def tell_quarters(*, program: Program, now: datetime) -> int:
    """Put the totals of whole quarters on the record, as far as they point at nobody; give how many."""
    pack = pack_of(program)
    today = local_date(now, pack)
    done = 0
    for one in quarters_to_tell(program, pack, today):
        data: dict[str, object] = {
            "cohort": one.cohort.slug,
            "from": str(one.first),
            "until": str(one.last),
            "as_of": today.isoformat(),
            "low": one.total.low.plain(),
            "high": one.total.high.plain(),
            "currency": one.total.low.currency,
        }
        if one.median_days is not None:
            data["median_days"] = max(0, one.median_days)
        draft = Draft(kind="pay.totaled", by=["clock"], data=data, cites={"cohort": [one.cohort.entry]})
        stage = f"{data['currency']} {data['until']}"
        told = tell_once(program=program, about=one.cohort.entry, stage=stage, draft=draft, now=now)
        done += told is not None
    return done


@appends()
@transaction.atomic
def erase(*, program: Program, now: datetime) -> int:
    """Erase notes and bills whose time is over, unless a legal hold stands; give how many claims. Sums stay."""
    pack = pack_of(program)
    today = local_date(now, pack)
    if pack.pay.retention is None or is_under_hold(program):
        return 0
    claims = to_erase(program, pack, today)
    Erased.objects.bulk_create(Erased(claim=one, rule=pack.pay.retention, on=today) for one in claims)
    Note.objects.filter(claim__in=claims).delete()
    Bill.objects.filter(claim__in=claims).delete()
    return len(claims)

"""Open the log of a program, and enter the policy it lives by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core.clocks import local_date, working_days
from alongside.core.grammar import Entry
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.ground.record.actions.appending import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import (
    Log,
)
from alongside.ground.record.signing import (
    make_key,
)


@appends("program.opened", "policy.adopted")
@transaction.atomic
def open_log(*, program: Program, now: datetime) -> list[Entry]:
    """Open the log of a new program: its key, its first entry, and the policy pack in force."""
    log = Log.objects.create(program=program)
    log.vkey = make_key(program)
    log.save(update_fields=["vkey"])
    pack = pack_of(program)
    data = {"program": program.slug, "time_zone": pack.time_zone, "demonstration": program.is_demonstration}
    name = Text("en", pack.words("name", "en"))
    opened = Draft(kind="program.opened", by=["steward"], data=data, texts={"name": name})
    return append(program=program, drafts=[opened, _adopted(program, now)], now=now)


def terms_of(pack: Pack, sha256: str, on: date) -> dict[str, Any]:
    """Say a policy pack that is adopted on a day in the terms of the record."""
    body = {"body": pack.body} if pack.body else {}
    return {
        **body,
        "pack": sha256,
        "k": pack.k,
        "clocks": pack.record_clocks(),
        "cohort_clocks": pack.cohort_clocks(),
        "languages": [one.code for one in pack.languages],
        "offices": sorted(pack.offices),
        "topics": [{"id": one.id, "sha256": one.sha256} for one in pack.forbidden],
        "within": [{"unit": one.slug, "within": one.parent} for one in pack.units if one.parent],
        "signing": sorted(pack.signing_offices),
        "silence_days": list(pack.clocks.silence_days),
        "silence_repeat_months": pack.clocks.silence_repeat_months,
        "escalate_days_after": pack.clocks.escalate_days_after,
        "escalate_to": pack.escalate_to,
        "time_zone": pack.time_zone,
        "working_days": working_days(on, pack),
        "alarms": pack.charter.told(),
        "bands": list(pack.bands),
    }


def _adopted(program: Program, now: datetime, by: Sequence[str] = ("steward",)) -> Draft:
    """Say the policy in force in the terms of the record."""
    pack = pack_of(program)
    data = terms_of(pack, pack_version(program).sha256, local_date(now, pack))
    return Draft(kind="policy.adopted", by=list(by), data=data)


@appends("policy.adopted")
def enter_policy(*, program: Program, now: datetime, seats: Sequence[str] = ()) -> Entry:
    """Enter the policy pack that was adopted last, with the seats that signed it where it makes the rules milder."""
    return append(program=program, drafts=[_adopted(program, now, ["steward", *seats])], now=now)[0]

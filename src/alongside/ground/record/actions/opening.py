"""Open the log of a program, and enter the policy it lives by."""

from datetime import datetime

from django.db import transaction

from alongside.core.grammar import Entry
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
    return append(program=program, drafts=[opened, _adopted(program)], now=now)


def _adopted(program: Program) -> Draft:
    """Say the policy in force in the terms of the record."""
    pack, version = pack_of(program), pack_version(program)
    data = {
        "pack": version.sha256,
        "k": pack.k,
        "clocks": pack.record_clocks(),
        "languages": [one.code for one in pack.languages],
        "offices": sorted(pack.offices),
    }
    return Draft(kind="policy.adopted", by=["steward"], data=data)


@appends("policy.adopted")
def enter_policy(*, program: Program, now: datetime) -> Entry:
    """Enter the policy pack that was adopted last."""
    return append(program=program, drafts=[_adopted(program)], now=now)[0]

"""Correct a published call by a dated entry, until the first application freezes every rule."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import Application, Call
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends

#: Which column holds what a correction is about, where it has another name.
COLUMNS = {"decides": "decides_by"}


@appends(EntryKind.CALL_CORRECTED)
@transaction.atomic
def correct_call(
    *, call: Call, about: str, words: str, lang: str, day: date | None, count: int | None, now: datetime
) -> Entry:
    """Add a dated correction, before the first application. `about` is one of core.grammar.calls.ABOUT.

    Raises Refused once someone has begun to apply, GrammarError where the correction does not fit.
    """
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.entry is None:
        raise Refused(_("This call is a draft; change the draft instead."))
    if Application.objects.filter(call=held).exists():
        raise Refused(_("Someone has applied under these rules; they stand until the call is decided."))
    data: dict[str, Any] = {"about": about}
    if day is not None:
        data["day"] = day.isoformat()
    if count is not None:
        data["count"] = count
    if about != "words":
        column = COLUMNS.get(about, about)
        setattr(held, column, day if day is not None else count)
        held.save(update_fields=[column])
    draft = Draft(
        kind=EntryKind.CALL_CORRECTED,
        by=["steward"],
        data=data,
        cites={"call": [held.entry]},
        texts={"correction": Text(lang, words)},
    )
    return append(program=held.program, drafts=[draft], now=now)[0]

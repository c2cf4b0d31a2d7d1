"""Ask leads for help as a unit, and take it back; take it or decline it as a lead. All of it is public at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from alongside.core.clocks import invitation_due, local_date
from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends


@appends(EntryKind.INVITATION_MADE)
def invite(
    *,
    program: Program,
    slug: str,
    office: str,
    needed_by: date,
    level: tuple[str, str],
    pay: Money,
    interpretation: Money,
    words: Mapping[str, str],
    lang: str,
    project: int | None = None,
    decision: int | None = None,
    communities: Sequence[str] = (),
    now: datetime,
) -> Entry:
    """Ask leads for help. `level` is a framework and its level; `words` are title, decision and open.

    `project` and `decision` are entries.
    """
    pack = pack_of(program)
    data: dict[str, Any] = {
        "invitation": slug,
        "unit": unit_of(office),
        "office": office,
        "answer_by": invitation_due(local_date(now, pack), pack).isoformat(),
        "needed_by": needed_by.isoformat(),
        "level": {"framework": level[0], "level": level[1]},
        "pay": pay.plain(),
        "interpretation": interpretation.plain(),
        "currency": pay.currency,
    }
    if communities:
        data["communities"] = list(communities)
    cited = {"project": project, "decision": decision}
    draft = Draft(
        kind=EntryKind.INVITATION_MADE,
        by=[office],
        data=data,
        cites={role: [one] for role, one in cited.items() if one is not None},
        texts={name: Text(lang, words[name]) for name in ("title", "decision", "open")},
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.INVITATION_TAKEN)
def take(*, program: Program, invitation: int, seat: str, now: datetime) -> Entry:
    """Take an invitation as a lead; an engagement or an activity of a workplan follows."""
    draft = Draft(kind=EntryKind.INVITATION_TAKEN, by=[seat], cites={"invitation": [invitation]})
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.INVITATION_DECLINED)
def decline(*, program: Program, invitation: int, seat: str, words: str, lang: str, now: datetime) -> Entry:
    """Decline an invitation as a lead, with the reason."""
    return _answer(EntryKind.INVITATION_DECLINED, program, invitation, seat, Text(lang, words), now)


@appends(EntryKind.INVITATION_WITHDRAWN)
def withdraw(
    *, program: Program, invitation: int, office: str, words: str, lang: str, now: datetime
) -> Entry:
    """Take an invitation back as the unit that made it, with the reason."""
    return _answer(EntryKind.INVITATION_WITHDRAWN, program, invitation, office, Text(lang, words), now)


def _answer(kind: str, program: Program, invitation: int, by: str, reason: Text, now: datetime) -> Entry:
    draft = Draft(kind=kind, by=[by], cites={"invitation": [invitation]}, texts={"reason": reason})
    return append(program=program, drafts=[draft], now=now)[0]

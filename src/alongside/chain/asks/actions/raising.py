"""Raise a question that was refused or met with silence to the office above; that office replies."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.asks.actions.silence import tell_silence
from alongside.core.clocks import local_date, reply_due
from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import entries_at, packs_of


class NothingToRaise(ValueError):  # noqa: N818 -- the name is a sentence
    """There is no such question, or nothing was raised to this office."""


@appends("ask.raised")
def raise_question(*, program: Program, ask: int, seat: str, words: str, lang: str, now: datetime) -> Entry:
    """Raise a question to the office that the policy pack names, with the reason; a reply is then due in public.

    Raises NothingToRaise, or GrammarError where it was neither refused nor late, or was raised before.
    """
    standing = Standing.objects.filter(log__program=program, ask=ask, kind="ask.questioned").first()
    if standing is None:
        raise NothingToRaise(_("There is no such question; look at the list."))
    pack = pack_of(program)
    due = reply_due(local_date(now, pack), packs_of(program).of(entries_at(program, [ask])[ask]))
    draft = Draft(
        kind="ask.raised",
        by=[seat],
        data={"office": standing.office, "to": pack.escalate_to, "reply_due": due.isoformat()},
        cites={"ask": [ask]},
        texts={"reason": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends("raise.replied", "ask.silent", "contest.silent", "raise.silent")
@transaction.atomic
def reply_above(
    *, program: Program, ask: int, office: str, decision: str, words: str, lang: str, now: datetime
) -> Entry:
    """Reply as the office above. `decision` is "told", and the words tell it, or "stands", and they say why.

    Raises NothingToRaise where this question was not raised.
    """
    standing = Standing.objects.filter(log__program=program, ask=ask, raised__isnull=False).first()
    if standing is None or standing.raised is None:
        raise NothingToRaise(
            _("This question was not raised to your office; ask the office that it was raised to.")
        )
    tell_silence(program=program, ask=ask, now=now)
    draft = Draft(
        kind="raise.replied",
        by=[office],
        data={"decision": decision},
        cites={"raise": [standing.raised]},
        texts={"reply": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]

"""Ask for letters, confirm and stop them; tell once a week that something is new. What is kept names nobody's voice."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import SystemRandom
from uuid import UUID

from django.db import transaction

from alongside.core.clocks import local_date
from alongside.ground.news.models import ASKED, CONFIRMED, LastNews, Subscription
from alongside.ground.news.queries import is_news, is_unsettled, readers, waits
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import stand_of

WEEK = timedelta(days=7)
A_DAY = timedelta(days=1)


def hash_token(token: str) -> str:
    """Hash what a link holds; it is random and long, so nothing else is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@appends()
@transaction.atomic
def ask(*, program: Program, address: str, lang: str, now: datetime, write: Callable[[str], object]) -> None:
    """Note that somebody wants letters, and let `write` send the first one; the worker finds out whether one is due.

    The same is done for an address that gets letters as for one that was never here, in the same time.
    """
    _alone(program)
    today = local_date(now, pack_of(program))
    given = Subscription(program=program, address=address.lower(), lang=lang, asked_on=today)
    Subscription.objects.bulk_create([given], ignore_conflicts=True)
    mine = Subscription.objects.filter(program=program, address=address.lower())
    earlier = mine.filter(state=ASKED).exclude(asked_on=today)
    earlier.update(lang=lang, asked_on=today, token_hash="", is_settled=False)
    write(str(mine.values_list("pk", flat=True).get()))


@appends()
@transaction.atomic
def make_link(*, subscription: Subscription) -> str:
    """Make the words of the link in the first letter; empty where an address gets letters, or got that letter today."""
    _alone(subscription.program)
    token = secrets.token_urlsafe(24)
    fresh = Subscription.objects.filter(pk=subscription.pk, state=ASKED, token_hash="")
    return token if fresh.update(token_hash=hash_token(token)) else ""


@appends()
@transaction.atomic
def confirm(*, program: Program, token: str) -> bool:
    """Let letters go to an address from now on; False where the link is too old or was used."""
    _alone(program)
    found = waits(program, hash_token(token))
    if found is None:
        return False
    Subscription.objects.filter(pk=found.pk).update(
        state=CONFIRMED, asked_on=None, token_hash="", is_settled=False
    )
    return True


@appends()
@transaction.atomic
def stop(*, program: Program, key: UUID) -> None:
    """Send no more letters and delete the address at once; a legal hold keeps none, for it holds nothing of the program's work."""
    _alone(program)
    Subscription.objects.filter(program=program, pk=key).delete()


@appends()
@transaction.atomic
def forget(*, program: Program, address: str) -> None:
    """Delete an address where its owner asks the program to, without a letter at hand."""
    _alone(program)
    Subscription.objects.filter(program=program, address=address.lower()).delete()


@appends()
@transaction.atomic
def tick(*, program: Program, now: datetime, write: Callable[[str], object]) -> int:
    """Delete what nobody confirmed in time, take away days and order, and tell once a week that something is new; give to how many."""
    today = local_date(now, pack_of(program))
    told = _alone(program)
    Subscription.objects.filter(program=program, state=ASKED, asked_on__lt=today - A_DAY).delete()
    if is_unsettled(program):
        _settle(program)
    if not _is_due(told, program, today):
        return 0
    LastNews.objects.filter(pk=told.pk).update(size=_size(program), on=today)
    found = readers(program)
    for one in found:
        write(str(one))
    return len(found)


def _is_due(told: LastNews, program: Program, today: date) -> bool:
    return (told.on is None or told.on + WEEK <= today) and is_news(program, told.size)


def _settle(program: Program) -> None:
    """Write the rows anew in an order that chance gives.

    Databases keep rows, and the numbers of their transactions, in the order in which they came: beside those of voices
    that would say who came after whom.
    """
    rows = list(Subscription.objects.filter(program=program))
    Subscription.objects.filter(program=program).delete()
    for one in rows:
        one.is_settled = True
    SystemRandom().shuffle(rows)
    Subscription.objects.bulk_create(rows)


def _size(program: Program) -> int:
    stand = stand_of(program)
    return stand.size if stand else 0


def _alone(program: Program) -> LastNews:
    """Hold a program's row, so that nobody who asks is lost, and nobody who stops put back, while all rows are written anew."""
    LastNews.objects.get_or_create(program=program, defaults={"size": _size(program)})
    return LastNews.objects.select_for_update().get(program=program)

"""The tick: everything that happens by itself when its day has come. Run it as often as you like."""

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache, partial

from alongside.chain.answers.actions import send_out
from alongside.chain.answers.queries import is_anything_ready
from alongside.chain.asks import tasks as asks
from alongside.chain.commitments import tasks as commitments
from alongside.chain.findings.actions import forget_attested
from alongside.chain.opinions import actions as opinions
from alongside.chain.proposals.actions import erase_old as erase_proposals
from alongside.chain.referrals.actions import erase_old as erase_referrals
from alongside.chain.voices.actions import publish_batches
from alongside.cohort.applications import tasks as applications
from alongside.cohort.lotteries import tasks as lotteries
from alongside.cohort.meetings.actions import erase_attendance, erase_cancelled
from alongside.cohort.pay import tasks as pay
from alongside.cohort.seats import tasks as seats
from alongside.cohort.training import tasks as training
from alongside.core.clocks import local_date
from alongside.core.turns import failures, in_turn
from alongside.ground.directory.actions import route
from alongside.ground.news import tasks as news
from alongside.ground.programs.actions import end_sessions_with_posts
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of
from alongside.ground.record.actions.folded import look_again
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.signing import (
    HaltedLogError,
    HaltedSigningError,
    SigningKeyError,
    has_key,
)
from alongside.ground.record.tasks import seek_cosignatures
from alongside.ground.ui.actions import forget_presses
from alongside.site import mail
from alongside.site.actions import (
    ask_providers,
    files_given,
    forget_done_work,
    forget_ways_in,
    look_at_tables,
    take_up_again,
    tell_files,
)
from alongside.site.database import stand_of_database
from alongside.site.logs import told
from alongside.site.standing import ask_provider
from alongside.work.consultations.actions import erase_comments
from alongside.work.invitations import tasks as invitations
from alongside.work.listening.actions import forget_places
from alongside.work.partners.actions import erase_old
from alongside.work.registers import tasks as registers
from alongside.work.remarks.actions import erase_remarks
from alongside.work.strategies.actions import erase_left, forget_pens
from alongside.work.workplans import tasks as workplans

logger = logging.getLogger("alongside.tick")


class TickError(RuntimeError):
    """The tick failed in the programs it names; all others were ticked."""


#: Where the database stood at a tick at which nothing was left to do, and the hour of that tick.
type Quiet = list[tuple[object, ...]]


def tick(now: datetime, held: Mapping[str, str] | None = None, quiet: Quiet | None = None) -> None:
    """Tell what is due in every program, then sign its head, so that what was told is signed; take up work that was left.

    In programs that are `held`, by their slug, the log cannot go on for the reason that stands there: nothing is told or sent.
    A program that fails stops no other, nor does one clock or one ask in it: what went wrong is logged, and TickError names them when all had their turn.
    Whoever ticks again and again keeps `quiet`: programs are looked at each hour, and whenever something was written since.
    """
    take_up_again(now=now)
    forget_done_work(now=now)
    forget_ways_in(now=now)
    forget_presses(today=now.date())
    look_at_tables()
    for slug, why in (held or {}).items():
        logger.error("Nothing is told in %s: %s", slug, why)
    stand = (*stand_of_database(), now.replace(minute=0, second=0, microsecond=0))
    if not held and quiet == [stand] and not is_anything_ready(now):
        return
    ask_providers(now=now, ask=ask_provider.enqueue)
    free = [program for program in every_program() if program.slug not in (held or {})]
    failed = [program.slug for program in free if not _ticked(program, now)] + list(held or {})
    if failed:
        raise TickError(f"The tick failed in these programs: {', '.join(failed)}")
    if quiet is not None:
        quiet[:] = [stand]


def tell_release(now: datetime, held: Collection[str] = ()) -> None:
    """Put on every log that goes on which scripts run now, where they are others than before. Why a log cannot, the tick says."""
    for program in every_program():
        if program.slug not in held:
            with suppress(HaltedLogError, HaltedSigningError, SigningKeyError):
                tell_files(program=program, files=files_given(), now=now)


def _ticked(program: Program, now: datetime) -> bool:
    """Tick one program and say whether it went well."""
    try:
        tick_program(program, now)
    except Exception as error:  # noqa: BLE001 -- whatever stops one program must not stop the others
        for one in failures(error):
            what = told((type(one), one, one.__traceback__))
            logger.error("The tick failed in %s: %s", program.slug, what)  # noqa: TRY400 -- a traceback's values stay out of the log
        return False
    return True


def tick_program(program: Program, now: datetime) -> None:
    """Tell what is due in one program, the cohort first, then in the order of the chain; look once a day whether the database still says what the entries say; sign the head where its key is here.

    Each clock fails alone, so that the head is signed all the same: raises ExceptionGroup once each had its turn.
    """
    today = local_date(now, pack_of(program))
    clocks: list[Callable[[], object]] = [
        partial(end_sessions_with_posts, program=program, today=today),
        partial(seats.tick, program=program, now=now),
        partial(erase_attendance, program=program, today=today),
        partial(erase_cancelled, program=program, today=today),
        partial(lotteries.tick, program=program, now=now),
        partial(applications.tick, program=program, now=now),
        partial(publish_batches, program=program, now=now),
        partial(opinions.tick, program=program, now=now),
        partial(send_out, program=program, now=now),
        partial(asks.tick, program=program, now=now, send=partial(mail.send, on=today)),
        partial(commitments.tick, program=program, now=now),
        partial(training.tick, program=program, now=now),
        partial(pay.tick, program=program, now=now, tell=mail.tell_of_pay),
        partial(workplans.tick, program=program, now=now),
        partial(invitations.tick, program=program, now=now),
        partial(registers.tick, program=program, now=now),
        partial(erase_comments, program=program, now=now),
        partial(forget_pens, program=program, now=now),
        partial(erase_left, program=program, now=now),
        partial(erase_old, program=program, today=today),
        partial(forget_attested, program=program, today=today),
        partial(erase_proposals, program=program, today=today),
        partial(erase_referrals, program=program, today=today),
        partial(forget_places, program=program, now=now),
        partial(erase_remarks, program=program, today=today),
        partial(mail.tick_days, program=program, now=now),
        partial(route, program=program, now=now, tell=mail.notify),
        partial(mail.tick_knocks, program=program, now=now),
        partial(news.tick, program=program, now=now),
        partial(look_again, program=program, today=today),
        partial(_sign, program=program, now=now),
    ]
    in_turn(clocks)


def _sign(program: Program, now: datetime) -> None:
    if has_key(program):
        signed = sign_head(program=program, now=now)
        seek_cosignatures(program, now, signed=signed is not None)
    else:
        _say_unsigned(program.slug)


@cache
def _say_unsigned(slug: str) -> None:
    """Say once that another machine has to sign."""
    logger.warning("No key of %s on this machine, so it does not sign; the machine with the keys does.", slug)

"""What the site itself changes: codes asked for, keys that were lost, work that was left or failed or is long done."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import metadata
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.staticfiles.finders import get_finders
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import TruncDay
from django_tasks_db.models import DBTaskResult

from alongside.chain.answers.actions import empty_outboxes
from alongside.chain.referrals.models import Proposal
from alongside.chain.voices.models import OpenedList
from alongside.cohort.applications.tasks import write_of_the_next_call
from alongside.cohort.lotteries.tasks import write_of_news
from alongside.cohort.seats.models import CalendarKey, SecondAsked
from alongside.core.grammar.releases import are_told
from alongside.core.kinds import EntryKind
from alongside.ground.gate.presses import pressed_tables
from alongside.ground.news import tasks as news
from alongside.ground.people.actions import end_sessions
from alongside.ground.people.models import Person, PrintedCode, Session
from alongside.ground.programs.models import Program
from alongside.ground.record import machine
from alongside.ground.record.actions import Draft, append, next_day
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.site.mail import (
    about_a_day,
    by_letter,
    by_text,
    remind,
    send_code,
    tell_of_changed_keys,
    tell_of_lost_keys,
    tell_steward,
)
from alongside.site.sessions import kept_as
from alongside.work.remarks.models import Shown
from alongside.work.strategies.models import Strategy

#: The steps that a first lead takes anew after a restore; a key's test and a lead's vouching stand by themselves.
ASKED_ANEW = ("check", "destroy", "finding", "opened")
#: No work of ours takes as long; what runs longer is run by nobody.
LONGEST = timedelta(hours=1)
#: Each goes to one person. Other work tells of its own failure on a page.
LETTERS = (
    remind,
    tell_steward,
    by_letter,
    by_text,
    about_a_day,
    write_of_news,
    write_of_the_next_call,
    send_code,
    tell_of_changed_keys,
    tell_of_lost_keys,
    news.invite,
    news.tell,
)
#: After the first failure a letter waits so long, then twice as long, and so on: the last try is 10 hours after the first.
FIRST_WAIT = timedelta(minutes=5)
MOST_TRIES = 8
#: What was done is forgotten so long after it ended.
KEPT = timedelta(days=30)
#: So long what failed for good is told on the health page.
TOLD = timedelta(days=1)
NOTHING: dict[str, Any] = {"args": [], "kwargs": {}}


@cache
def files_given() -> list[dict[str, str]]:
    """List the scripts and styles of this release and the program that checks a log, each by its name and SHA-256."""
    found = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            if name.endswith((".js", ".css")):
                with storage.open(name) as file:
                    found[name] = file.read()
    found[machine.VERIFIER] = machine.archive()
    return [{"name": name, "sha256": sha256(found[name]).hexdigest()} for name in sorted(found)]


@appends(EntryKind.SITE_RELEASED)
@transaction.atomic
def tell_files(*, program: Program, files: Sequence[Mapping[str, str]], now: datetime) -> None:
    """Put on the record which files pages load, each by its name and SHA-256, where others were told last."""
    data = {"version": metadata.version("alongside"), "files": list(files)}
    log = RowsLog(Log.objects.get(program=program))
    if not are_told(data, next_day(program, now), log):
        append(
            program=program, drafts=[Draft(kind=EntryKind.SITE_RELEASED, by=["clock"], data=data)], now=now
        )


@appends()
@transaction.atomic
def press_anew(*, now: datetime) -> None:
    """Let whatever waits for a second press, or in an outbox, be pressed anew, what is shown be shown anew, and calendars get new addresses: what a backup holds may be taken back since."""
    empty_outboxes(now=now)
    for table in pressed_tables():
        table.objects.exclude(mark="").update(mark="")
    OpenedList.objects.filter(entry=None).update(signature="")
    SecondAsked.objects.filter(step__in=ASKED_ANEW).delete()
    Strategy.objects.exclude(end_asked=None).update(end_asked=None, end_asked_on=None)
    Shown.objects.filter(stopped_on=None).update(stopped_on=now.date())
    CalendarKey.objects.all().delete()
    Proposal.objects.filter(dropped_on=None).update(dropped_on=now.date())


@appends()
def ask_for_code(*, session: SessionBase, lang: str) -> None:
    """Let the worker send the code that waits in a session, if one does."""
    session.save()
    send_code.enqueue(kept_as(str(session.session_key)), lang)


@appends()
@transaction.atomic
def take_away_keys(*, person: Person, today: date) -> None:
    """Take away the passkeys and spare codes of a person who lost them, sign them out everywhere, and tell them."""
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person=person, today=today)
    tell_of_lost_keys.enqueue(person.pk)


@appends()
def tell_of_keys(*, person: Person) -> None:
    """Let the worker tell a person that their passkeys or spare codes were changed."""
    tell_of_changed_keys.enqueue(person.pk)


@appends()
def look_at_tables() -> None:
    """Let SQLite look at tables that grew, so that it knows which index serves; PostgreSQL does so by itself.

    A connection knows what was found before it was made, so those of the program do not last (see database.py).
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")  # all tables, not only those that this connection asked


@appends()
def forget_ways_in(*, now: datetime) -> None:
    """Delete the sessions that are over, and the codes on paper that were used or are too old: they tell who came when."""
    Session.objects.filter(expire_date__lt=now).delete()
    PrintedCode.objects.filter(~Q(used_at=None) | Q(expires_at__lt=now)).delete()


@appends()
def take_up_again(*, now: datetime) -> int:
    """Put work back into the queue whose worker was killed an hour ago, and letters that failed. Give how much.

    All work may be done twice; at worst a letter comes twice.
    """
    left = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - LONGEST)
    again = left.update(status="READY", started_at=None)
    failed = DBTaskResult.objects.filter(status="FAILED", task_path__in=[one.module_path for one in LETTERS])
    for one in failed.filter(finished_at__gte=now - KEPT):
        tries = len(one.worker_ids)
        if tries < MOST_TRIES:
            one.run_after = one.finished_at + FIRST_WAIT * 2 ** (tries - 1)
            one.status, one.started_at, one.finished_at = "READY", None, None
            one.save(update_fields=["status", "run_after", "started_at", "finished_at"])
            again += 1
    return again


@appends()
def forget_done_work(*, now: datetime) -> int:
    """Keep of done work a day and nobody's number; delete what is long done, and what failed for good. Give how much is deleted.

    What failed keeps both for the day on which `/health` tells of it.
    """
    over = Q(status="SUCCESSFUL") | Q(status="FAILED", finished_at__lt=now - TOLD)
    days = {
        one: TruncDay(one, tzinfo=UTC) for one in ("enqueued_at", "started_at", "finished_at", "run_after")
    }
    DBTaskResult.objects.filter(over).exclude(args_kwargs=NOTHING).update(args_kwargs=NOTHING, **days)
    done = DBTaskResult.objects.filter(status__in=["SUCCESSFUL", "FAILED"], finished_at__lt=now - KEPT)
    return done.delete()[0]

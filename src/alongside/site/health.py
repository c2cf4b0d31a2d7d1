"""Is it well: age of the signed head and of the last tick, disk, mail, a full disk or a database that is down. Does it live, and is it ready."""

import errno
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.smtp import EmailBackend
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django_tasks_db.models import DBTaskResult

from alongside.cohort.seats.queries.seats import viewer_for
from alongside.ground.gate.roles import Role, open_to
from alongside.ground.programs.models import PackVersion, Program
from alongside.ground.programs.queries import every_program, pack_under
from alongside.ground.record.models import Head, Log, LogEntry
from alongside.ground.record.queries import head_shown
from alongside.site import clocks, resuming
from alongside.site.roles import local

#: PostgreSQL's code for a full disk, and what the operating system says of a full disk or a used-up share of one.
DISK_FULL = "53100"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})

#: SQLite's codes for "another writes, and went on writing for as long as we may wait", without what is added to them.
NO_TURN = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
#: PostgreSQL's: a lock that did not come, a deadlock, transactions that cannot follow one another, too many connections.
NO_TURN_STATES = frozenset({"55P03", "40P01", "40001", "53300"})

#: PostgreSQL's: no connection, and a server that stops, starts or was told to end us.
UNREACHED = (OperationalError, InterfaceError)
NO_CONNECTION, GOING_DOWN = "08", frozenset({"57P01", "57P02", "57P03"})


def is_for_want_of_room(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that a disk is full."""
    return any(
        getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(one, "sqlstate", None) == DISK_FULL
        or (isinstance(one, OSError) and one.errno in NO_SPACE)
        for one in _causes(error)
    )


def is_lock_timeout(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that others were writing all the while; a second try may do."""
    return any(
        (getattr(one, "sqlite_errorcode", None) or 0) & 0xFF in NO_TURN
        or getattr(one, "sqlstate", None) in NO_TURN_STATES
        for one in _causes(error)
    )


#: So long a provider may be silent about somebody before the operator is told.
PROVIDERS_SILENT = timedelta(days=2)
#: For the operator, in the log and on the health page.
NO_DATABASE = "The database does not answer. See that PostgreSQL runs, and that [database] in alongside.toml says where."


def is_for_want_of_a_database(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that the database is not there, or went away."""
    return any(
        (isinstance(one, UNREACHED) and connection.vendor == "postgresql" and not _state(one.__cause__))
        or _state(one)[:2] == NO_CONNECTION
        or _state(one) in GOING_DOWN
        or getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_CANTOPEN
        for one in _causes(error)
    )


def _state(error: BaseException | None) -> str:
    """Give the code with which PostgreSQL told of an error; empty where it told nothing, as where it was not reached."""
    return getattr(error, "sqlstate", None) or ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


#: Rows too short to be packed, in a table that is gone with the transaction.
A_MEGABYTE = """
    CREATE TEMPORARY TABLE health_room ON COMMIT DROP AS
    SELECT repeat(md5(n::text), 60) AS words FROM generate_series(1, 550) AS n
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its value, whether that is well, and what to do where it is not."""

    name: str
    value: int | None
    unit: str
    well: bool
    cure: str


def findings(now: datetime) -> list[Finding]:
    """Look at everything once. Seven queries, and two more for a program whose rules name witnesses; on PostgreSQL one that writes and takes it back."""
    try:
        room = [_room()] if connection.vendor == "postgresql" else []
        return [
            _head(now),
            _unseen(),
            _halted(),
            _changed(),
            _clock(now),
            _tick(now),
            _disk(),
            *room,
            _mail(),
            _failed(now),
            *_mail_server(now),
            *_providers(now),
        ]
    except (InterfaceError, OperationalError) as error:
        if not is_for_want_of_a_database(error):
            raise
        return [Finding("database", None, "", well=False, cure=NO_DATABASE), _tick(now), _disk()]


def _head(now: datetime) -> Finding:
    """Count the logs whose head is unsigned although entries wait longer than allowed."""
    limit = (now - timedelta(hours=settings.ALONGSIDE.health.head_hours)).date()
    signed = Head.objects.filter(log=OuterRef("log")).order_by("-size").values("size")[:1]
    late = LogEntry.objects.filter(index=Coalesce(Subquery(signed), 0), date__lt=limit).count()
    return Finding("late_heads", late, "logs", not late, "Run: alongside record sign")


def _unseen() -> Finding:
    """Count the logs of which too few witnesses have seen a head of yesterday or today."""
    sha256 = PackVersion.objects.filter(program=OuterRef("pk")).order_by("-pk").values("sha256")[:1]
    programs = [one for one in Program.objects.annotate(rules=Subquery(sha256)) if one.rules]
    named = [one for one in programs if pack_under(one.rules).witnesses]
    heads = [head for one in named if (head := head_shown(one))]
    count = sum(not head.seen.get("enough") for head in heads)
    cure = "The log says which witness did not answer; until enough do, alongside verify refuses the record"
    return Finding("unseen_logs", count, "logs", not count, cure)


def _halted() -> Finding:
    """Count the logs that may not go on, because what was signed last is not known or not here."""
    count = len(resuming.waiting())
    cure = "Nothing is added to them. alongside record sign says why; alongside record resume ends it."
    return Finding("halted_logs", count, "logs", not count, cure)


def _changed() -> Finding:
    """Count the entries of which rows of the database told something else, when they were compared last."""
    count = sum(len(one) for one in Log.objects.values_list("differing", flat=True))
    cure = "Somebody changed the database past the program. Keep a copy of it; then run: alongside record rebuild. A file or a row that still differs comes back from a backup"
    return Finding("changed_rows", count, "entries", not count, cure)


def _clock(now: datetime) -> Finding:
    """Count the programs whose clock waits for somebody to confirm the day."""
    count = clocks.waiting(now)
    cure = (
        "Set the clock of this machine right; or let the steward and a lead confirm the day at record/clock/."
    )
    return Finding("clock_waits", count, "programs", not count, cure)


def _tick(now: datetime) -> Finding:
    """Give the minutes since the last tick."""
    path = settings.DATA / "last-tick"
    cure = "Run alongside serve; look in its log for what stopped the tick."
    if not path.exists():
        return Finding("tick_age", None, "minutes", well=False, cure=cure)
    minutes = int((now.timestamp() - path.stat().st_mtime) // 60)
    return Finding("tick_age", minutes, "minutes", minutes <= settings.ALONGSIDE.health.tick_minutes, cure)


def _disk() -> Finding:
    """Give the free megabytes where the data is."""
    free = shutil.disk_usage(settings.DATA).free // 2**20
    least = settings.ALONGSIDE.health.disk_free_mb
    return Finding(
        "disk_free", free, "MB", free >= least, "Make room, or move the data folder to a larger disk."
    )


def _room() -> Finding:
    """Say whether PostgreSQL, whose disk may be another machine's, finds room for a megabyte; it is given back at once."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(A_MEGABYTE)
        room = 1
    except OperationalError as error:
        if not is_for_want_of_room(error):
            raise
        room = 0
    cure = "The disk of PostgreSQL is full. Make room there, or move its data to a larger disk."
    return Finding("database_room", room, "MB", bool(room), cure)


def _mail() -> Finding:
    """Count what waits to be done in the background, mail above all."""
    waiting = DBTaskResult.objects.ready().count()
    most = settings.ALONGSIDE.health.mail_waiting
    return Finding(
        "mail_waiting", waiting, "tasks", waiting <= most, "See that the worker runs and mail leaves."
    )


def _failed(now: datetime) -> Finding:
    """Count what failed since yesterday, and letters that failed and wait to be tried again."""
    for_good = Q(status="FAILED", finished_at__gte=now - timedelta(days=1))
    once_more = Q(status="READY", run_after__gt=now, worker_ids__0__isnull=False)
    count = DBTaskResult.objects.filter(for_good | once_more).count()
    cure = "See that the mail server answers and takes our letters; each is tried again for ten hours."
    return Finding("work_failed", count, "tasks", not count, cure)


def _mail_server(now: datetime) -> list[Finding]:
    """Say whether the mail server lets us in, asked once a minute; nothing where letters stay here."""
    if settings.ALONGSIDE.mail.kind != "smtp":
        return []
    lets_in = _lets_in(int(now.timestamp() // 60))
    cure = "The mail server does not let us in: no code by email leaves. See [mail] in alongside.toml, and that server's own log."
    return [Finding("mail_server", int(lets_in), "servers", lets_in, cure)]


def _providers(now: datetime) -> list[Finding]:
    """Count the people for whom a provider is asked each day and has not answered for some; nothing where no provider is named."""
    if not settings.ALONGSIDE.sso:
        return []
    known = [one.id for one in settings.ALONGSIDE.sso]
    asked = SocialAccount.objects.filter(provider__in=known, socialtoken__isnull=False)
    since = (now.date() - PROVIDERS_SILENT).isoformat()
    count = sum(told["stood_on"] < since for told in asked.values_list("extra_data", flat=True))
    cure = "The provider of [[sso]] does not answer: its address, the client secret, or the log says why. Posts of its groups end after sso.days."
    return [Finding("providers_silent", count, "people", not count, cure)]


@lru_cache(maxsize=1)
def _lets_in(_minute: int) -> bool:
    """Greet the mail server as before a letter, and leave again."""
    door = mailers.default
    if isinstance(door, EmailBackend):
        door.timeout = 5  # whoever watches waits no longer
    try:
        door.open()
    except OSError:  # smtplib's errors are OSErrors
        return False
    else:
        return True
    finally:
        door.close()


def may_watch(request: HttpRequest) -> bool:
    """Say whether the viewer is this machine, the operator, or a monitor with the token."""
    token = settings.ALONGSIDE.health.token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return (
        local(request)
        or (bool(token) and secrets.compare_digest(token.encode(), given.encode()))
        or _operates(request)
    )


def _operates(request: HttpRequest) -> bool:
    """Say whether the viewer is the operator of any program; this page stands outside all of them."""
    if not request.user.is_authenticated:
        return False
    today = datetime.now(tz=UTC).date()
    return any(viewer_for(request.user, program, today).has(Role.OPERATOR) for program in every_program())


@open_to(Role.EVERYONE)
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well and 503 when something is not, with the cure."""
    if not may_watch(request):
        raise Http404
    found = findings(datetime.now(tz=UTC))
    told = {
        f.name: {"value": f.value, "unit": f.unit, "well": f.well} | ({} if f.well else {"cure": f.cure})
        for f in found
    }
    well = all(f.well for f in found)
    status = 200 if well else 503
    response = JsonResponse({"well": well, **told}, status=status, headers={"Cache-Control": "no-store"})
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's own word for "not an error of ours"
    return response


@open_to(Role.EVERYONE)
def live(_request: HttpRequest) -> HttpResponse:
    """Say that a web process answers; nothing else is looked at."""
    return _said("live", 200)


@open_to(Role.EVERYONE)
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether people can be sent here: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (InterfaceError, OperationalError):
        return _said("not ready", 503)
    return _said("ready", 200)


def _said(words: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- as above
    return response

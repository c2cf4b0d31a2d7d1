"""What the site itself changes: codes asked for, keys that were lost, work that was left or failed or is long done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import metadata
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.staticfiles.finders import get_finders
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import TruncDay
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from alongside.chain.answers.actions import empty_outboxes
from alongside.chain.keys.actions import forget_devices
from alongside.chain.proposals.models import Proposal
from alongside.chain.reader.views.own import reader_file
from alongside.cohort.applications.tasks import write_of_the_next_call
from alongside.cohort.lotteries.tasks import write_of_news
from alongside.cohort.seats.models import CalendarKey, Seat, SecondAsked
from alongside.core.clocks import local_date
from alongside.core.grammar.releases import READER, are_told
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import pressed_tables
from alongside.ground.news import tasks as news
from alongside.ground.news.actions import forget as forget_address
from alongside.ground.people.actions import (
    end_sessions,
    forget_person,
    hide_profile,
    keep_as_known,
    make_person,
)
from alongside.ground.people.models import Person, PrintedCode, Session, Way
from alongside.ground.people.queries import known_at
from alongside.ground.programs.actions import (
    end_posts_of_others,
    follow_groups,
    is_for_leads,
    is_of_the_community,
    note,
)
from alongside.ground.programs.models import Did, Doer, Post, Program
from alongside.ground.programs.queries import appointed, every_program, pack_of, posts_from
from alongside.ground.record import machine
from alongside.ground.record.actions.entries import Draft, append, next_day
from alongside.ground.record.declared import appends
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold
from alongside.site.config import Provider
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
from alongside.site.person_data import programs_of
from alongside.site.sessions import kept_as, session_at
from alongside.site.sso import Claims, SignInError, posts_given, providers, sealed
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
#: Of an account at a provider: that what its groups gave has ended, since it stood for its person no more.
LET_GO = "is_let_go"
NOTHING: dict[str, Any] = {"args": [], "kwargs": {}}


@cache
def files_given() -> list[dict[str, str]]:
    """List the scripts and styles of this release, the program that checks a log, and the reader as one file, each by its name and SHA-256."""
    found = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            if name.endswith((".js", ".css")):
                with storage.open(name) as file:
                    found[name] = file.read()
    found |= {machine.VERIFIER: machine.archive(), READER: reader_file()}
    return [{"name": name, "sha256": sha256(found[name]).hexdigest()} for name in sorted(found)]


@appends(EntryKind.SITE_RELEASED)
@transaction.atomic
def tell_files(*, program: Program, files: Sequence[Mapping[str, str]], now: datetime) -> None:
    """Put on the record which files pages load, each by its name and SHA-256, where others were told last."""
    data = {"version": metadata.version("alongside"), "files": list(files)}
    log = RowsLog.of(program)
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
    SecondAsked.objects.filter(step__in=ASKED_ANEW).delete()
    Strategy.objects.exclude(end_asked=None).update(end_asked=None, end_asked_on=None)
    Shown.objects.filter(stopped_on=None).update(stopped_on=now.date())
    CalendarKey.objects.all().delete()
    Proposal.objects.filter(dropped_on=None).update(dropped_on=now.date())
    for program in every_program():
        note(program=program, by=Doer.OPERATOR, did=Did.RESTORED, on=now.date())


@appends()
def ask_for_code(*, session: SessionBase, lang: str) -> None:
    """Let the worker send the code that waits in a session, if one does."""
    session.save()
    send_code.enqueue(kept_as(str(session.session_key)), lang)


@appends()
@transaction.atomic
def take_away_keys(*, person: Person, program: Program, today: date) -> None:
    """Take away the passkeys and spare codes of a person of a program who lost them, sign them out everywhere, and tell them."""
    note(program=program, by=Doer.OPERATOR, did=Did.KEYS_TAKEN, on=today)
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


@appends()
def welcome(*, provider: Provider, claims: Claims, refresh: str, lang: str, now: datetime) -> Person:
    """Give the person whom a provider signs in, once they hold what its groups give today and nothing more that they gave before.

    Raises Refused where they hold no post then. Somebody new is made by a group alone, and an account that stands is joined by a
    verified address alone, where it is staff's: whoever is or was of the community signs in the house's way.
    """
    nothing = _(
        "None of your groups at {name} gives you a post here. Ask whoever keeps your account at work, or the program coordinator."
    ).format(name=provider.name)
    with transaction.atomic():
        account, is_new = _account_at(provider, claims, lang, now)
        holds = _follow(account, provider, claims.groups, now)
        if is_new and not holds:
            raise SignInError(nothing)
        _vouch(account, refresh, now)
    if not holds:
        raise SignInError(nothing)
    return Person.objects.get(pk=account.user_id)  # as it is now: whose post ended was signed out


def _account_at(provider: Provider, claims: Claims, lang: str, now: datetime) -> tuple[SocialAccount, bool]:
    """Give the account of whom a provider signs in, and whether its person is new; raise Refused where none may be joined or made."""
    account = (
        SocialAccount.objects.select_related("user").filter(provider=provider.id, uid=claims.subject).first()
    )
    known = account.user if account else known_at(claims.email) if claims.email else None
    if known and (is_of_the_community(known) or not _may_come(known, account, claims.email)):
        raise SignInError(
            _(
                "Your account here is not one that {name} signs in. Sign in with a code by email or a passkey, "
                "or ask whoever runs this site."
            ).format(name=provider.name)
        )
    if account:
        return account, False
    if not claims.email:
        raise SignInError(
            _(
                "{name} tells no email address of yours that it checked. Ask whoever keeps your account at work."
            ).format(name=provider.name)
        )
    joined = known if known and known.is_active else None
    if joined:  # what a code opened before lasts longer than what a provider opens
        end_sessions(person=joined, today=now.date())
    person = joined or make_person(email=claims.email, language=lang)
    return SocialAccount.objects.create(user=person, provider=provider.id, uid=claims.subject), joined is None


def _may_come(person: Person, account: SocialAccount | None, email: str) -> bool:
    """Say whether a provider may sign in who has an account at it, or joins one of staff that signs in at none.

    The address that an account has opens it, and anew the one that it had when it was erased, but none that was corrected.
    """
    if account:
        return person.is_active
    is_theirs = (person.email or "").lower() == email.lower() if person.is_active else person.email is None
    is_staffs = Post.objects.filter(person=person).exists()
    return is_theirs and is_staffs and not SocialAccount.objects.filter(user=person).exists()


def _follow(account: SocialAccount, provider: Provider, groups: Collection[str], now: datetime) -> bool:
    """Give and end posts in every program as the groups say, and say whether the person holds one today, whoever gave it.

    Whoever is or was of the community in any program gets none.
    """
    given = {} if is_of_the_community(account.user) else posts_given(provider, groups)
    holds = False
    for program in every_program():
        today = local_date(now, pack_of(program))
        posts = given.get(program.slug, set())
        follow_groups(person=account.user, program=program, posts=posts, by=provider.id, today=today)
        holds = holds or bool(appointed(account.user_id, program, today))
    return holds


def _vouch(account: SocialAccount, refresh: str, now: datetime) -> None:
    """Keep the day on which the provider stood for somebody, and what asks it the next time, sealed; of the account nothing else."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    extra = {"stood_on": day.date().isoformat()}
    SocialAccount.objects.filter(pk=account.pk).update(last_login=day, date_joined=day, extra_data=extra)
    SocialToken.objects.filter(account=account).delete()
    if refresh:
        SocialToken.objects.create(account=account, token="", token_secret=sealed(refresh))


@appends()
@transaction.atomic
def stand_for(
    *, account: SocialAccount, provider: Provider, claims: Claims, refresh: str, now: datetime
) -> None:
    """Let a person go on as the provider says today that they stand there."""
    _follow(account, provider, claims.groups, now)
    _vouch(account, refresh, now)


@appends()
@transaction.atomic
def let_go(*, account: SocialAccount, provider: Provider, now: datetime) -> None:
    """End, once, what the groups of a provider gave somebody for whom it stands no more, and sign them out everywhere.

    Whoever is of the community by now signs in the house's way: where no post ends they stay signed in, and they have no account
    at work any more.
    """
    SocialToken.objects.filter(account=account).delete()
    _follow(account, provider, (), now)
    if is_of_the_community(account.user):
        account.delete()
        return
    SocialAccount.objects.filter(pk=account.pk).update(extra_data=account.extra_data | {LET_GO: True})
    end_sessions(person=account.user, today=now.date())


@appends()
@transaction.atomic
def leave_at(*, provider: Provider, subject: str, sid: str, now: datetime) -> None:
    """Sign somebody out because the provider did: out of one session where it names that one, else everywhere.

    Whoever is of the community is signed out of nothing but what the provider opened.
    """
    if sid:
        Session.objects.filter(provider_session=session_at(provider.id, sid)).delete()
        return
    account = SocialAccount.objects.select_related("user").filter(provider=provider.id, uid=subject).first()
    if account and is_of_the_community(account.user):
        account.user.sessions.filter(way=Way.PROVIDER).delete()
    elif account:
        end_sessions(person=account.user, today=now.date())


@appends()
@transaction.atomic
def ask_providers(*, now: datetime, ask: Callable[[int], object]) -> None:
    """Once a day let each provider be asked whether it still stands for its people, and end what nobody stands for any more.

    Where it cannot be asked, or does not answer, people keep their posts for the days of the configuration; where it is gone
    from the configuration, not at all. Who is of the community by now is let go.
    """
    known = providers()
    for program in every_program():
        end_posts_of_others(program=program, providers=known, today=local_date(now, pack_of(program)))
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = SocialAccount.objects.select_related("user").filter(provider__in=known, last_login__lt=day)
    for account in waiting.select_for_update(of=("self",)):
        SocialAccount.objects.filter(pk=account.pk).update(last_login=day)
        stood = date.fromisoformat(account.extra_data["stood_on"])
        is_late = day.date() > stood + timedelta(days=known[account.provider].days)
        if is_of_the_community(account.user) or (is_late and LET_GO not in account.extra_data):
            let_go(account=account, provider=known[account.provider], now=now)
        elif SocialToken.objects.filter(account=account).exists():
            ask(account.pk)


@appends()
@transaction.atomic
def note_export(*, person: Person, now: datetime) -> None:
    """Note that somebody got all that is kept of them."""
    _note_of(person, Did.PERSON_EXPORTED, now)


@appends()
@transaction.atomic
def correct_person(
    *, person: Person, email: str = "", called: str | None = None, language: str = "", now: datetime
) -> None:
    """Correct how somebody is reached, called and spoken to; with another address they sign in anew, and only there.

    Raises Refused where the address is somebody else's.
    """
    other = known_at(email) if email else None
    if other and other.pk != person.pk:
        if (other.email or "").lower() != email.lower():
            raise Refused(f"{email} was the address of somebody else here, who held a post or a seat.")
        raise Refused(f"{email} is the address of somebody else here. Correct or erase that account first.")
    if email:
        if _ever_held(person):
            keep_as_known(person=person)
        person.email = email.lower()
        EmailAddress.objects.filter(user=person).delete()
    person.called = person.called if called is None else called
    person.language = language or person.language
    person.save(update_fields=["email", "called", "language"])
    if email:
        end_sessions(person=person, today=now.date())
    _note_of(person, Did.PERSON_CORRECTED, now)


@appends()
@transaction.atomic
def erase_person(*, person: Person, now: datetime) -> None:
    """Erase the account of somebody who has no post and no place any more: names, address, profile, and every way in.

    What others signed with them, and what they wrote, goes on its own day or stays for what cites it, without a name. Of who
    held a post or a seat a keyed hash of the address stays, so that nobody comes back as somebody else. Letters of news stop; an
    application under the address stays for its own days. Raises Refused where they still have a post or a place, agreed to be
    asked, or where a legal hold stands.
    """
    for program in every_program():
        today = local_date(now, pack_of(program))
        refuse_under_hold(program)
        if any(one.person_id == person.pk for one in posts_from(program, today)):
            raise Refused(
                f"This person holds a post in {program.slug}, or will. End it first: alongside program end"
            )
        if is_for_leads(program=program, person=person, day=today):
            raise Refused(
                f"This person has a place in a cohort of {program.slug}, can still get one, or agreed to be asked. "
                "They leave it first, on their own page."
            )
    _note_of(person, Did.PERSON_ERASED, now)
    end_sessions(person=person, today=now.date())
    for table in (Authenticator, SocialAccount, EmailAddress):
        table.objects.filter(user=person).delete()
    PrintedCode.objects.filter(person=person).delete()
    CalendarKey.objects.filter(person=person).delete()
    forget_devices(person=person.pk)
    hide_profile(person=person, erase=True)
    for program in every_program():
        forget_address(program=program, address=person.email or "")
    if _ever_held(person):
        keep_as_known(person=person)
    forget_person(person=person)


def _ever_held(person: Person) -> bool:
    """Say whether somebody ever took up a post or was given a seat, in any program."""
    took = Post.objects.filter(person=person, taken_on__isnull=False)
    return took.exists() or Seat.objects.filter(person=person).exists()


def _note_of(person: Person, did: Did, now: datetime) -> None:
    """Note in each program of a person, or in all where they are of none, what the operator did about them."""
    mine = programs_of(person)
    for program in every_program():
        if not mine or program.pk in mine:
            note(program=program, by=Doer.OPERATOR, did=did, on=local_date(now, pack_of(program)))

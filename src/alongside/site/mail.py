"""Letters and text messages that the clock or a person asks for. They say that something waits or comes, never what was said."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from django.conf import settings
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.answers.letters import WEEK, desks_to_tell, due_soon
from alongside.chain.asks.letters import ESCALATED, UNREASONED, VACANT
from alongside.chain.asks.queries import learning_end, owed_on_a_list
from alongside.chain.commitments.letters import checks_to_tell
from alongside.cohort.meetings.letters import meetings_to_tell
from alongside.cohort.messages import actions
from alongside.cohort.messages.actions import remind as remind_once
from alongside.cohort.messages.letters import alarms_to_tell
from alongside.cohort.pay.queries.terms import stewards_today
from alongside.cohort.seats.letters import called_up_to_tell, removals_to_tell
from alongside.cohort.training.letters import sessions_to_tell
from alongside.core.clocks import local_date
from alongside.core.entries import unit_of
from alongside.ground.people.letters import post
from alongside.ground.people.models import Person, Session
from alongside.ground.people.queries import letters_key, person_by_pk
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import holders_of, pack_of, posts_today, spoken, stewards_on
from alongside.ground.ui.days import day_in_words
from alongside.site.config import Text
from alongside.site.sessions import SessionStore

SECONDS = 10


def send_text(gateway: Text, number: str, words: str) -> bool:
    """Send one text message; say False where no gateway is configured. Raises OSError where the gateway fails.

    The gateway gets {"from", "to", "text"} with the token as a bearer. Neither number nor words reach a log here.
    """
    if not gateway.gateway:
        return False
    body = json.dumps({"from": gateway.sender, "to": number, "text": words}).encode()
    headers = {"Content-Type": "application/json"}
    if gateway.token:
        headers["Authorization"] = f"Bearer {gateway.token}"
    request = Request(gateway.gateway, body, headers, method="POST")  # noqa: S310 -- config refuses all but http and https
    with urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 -- as above
        reply.read()
    return True


def tick_knocks(*, program: Program, now: datetime) -> int:
    """Erase what is past its day, and notify everyone for whom something waits; give how many were notified."""
    actions.erase_words(program=program, today=local_date(now, pack_of(program)))
    return actions.send_notifications(program=program, notify=notify)


def notify(program_id: int, person_id: int) -> None:
    """Queue a letter and a text message; only ids wait in the queue."""
    by_letter.enqueue(program_id, person_id)
    by_text.enqueue(program_id, person_id)


@task
def by_letter(program_id: int, person_id: int) -> None:
    """Write to a person, in their language, that something waits."""
    _write(person_id, lambda lang: knock_letter(Program.objects.get(pk=program_id), lang))


def _write(person_id: int, letter: Callable[[str], tuple[str, str]]) -> None:
    """Write to a person who still has an address; `letter` gives the subject and the words in their language, which is active."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            post(*letter(person.language), person.email)


@task
def by_text(program_id: int, person_id: int) -> None:
    """Send a text message to a person who gave a number, where a gateway is configured."""
    person = person_by_pk(person_id)
    if person is not None and (number := person.text_number):
        with translation.override(person.language):
            program = Program.objects.get(pk=program_id)
            send_text(settings.ALONGSIDE.text, number, f"{_waits()} {inbox_page(program, person.language)}")


def knock_letter(program: Program, lang: str) -> tuple[str, str]:
    """Give the subject and the words of the letter, in the active language."""
    last = _("Sign in to read it. This letter says nothing more, so that nobody learns anything from it.")
    return _waits(), "\n\n".join([_waits(), inbox_page(program, lang), last]) + "\n"


def _waits() -> str:
    return _("A message waits for you on %(host)s.") % {"host": settings.ALONGSIDE.host}


def inbox_page(program: Program, lang: str) -> str:
    """Give the whole address of the page where everything waits; it is the same for every cause."""
    path = reverse("messages:inbox", kwargs={"program": program.slug, "lang": spoken(program, lang)})
    return f"{settings.ALONGSIDE.address}{path}"


def tick_days(*, program: Program, now: datetime) -> int:
    """Queue the letters that are due today, once each, also after missed runs; give how many."""
    pack = pack_of(program)
    sent = 0
    for one in (*meetings_to_tell(program, pack, now), *sessions_to_tell(program, pack, now)):
        send = partial(_queue, one.begins.isoformat(), one.is_off)
        sent += remind_once(program=program, due=one, send=send, now=now)
    today = local_date(now, pack)
    actions.hand_on_alarms(program=program, now=now)
    waiting = [*alarms_to_tell(program, pack, today), *checks_to_tell(program, today)]
    seats = [*called_up_to_tell(program, today), *removals_to_tell(program, today)]
    for due in [*waiting, *seats]:
        sent += remind_once(program=program, due=due, send=notify, now=now)
    for due in desks_to_tell(program, now):
        send_desk = partial(_queue_desk, due.stage.startswith(WEEK), today)
        sent += remind_once(program=program, due=due, send=send_desk, now=now)
    return sent


def _queue_desk(is_week: bool, today: date, program_id: int, person_id: int) -> None:  # noqa: FBT001 -- a fact of the letter
    about_the_desk.enqueue(program_id, person_id, today.isoformat() if is_week else "")


@task
def about_the_desk(program_id: int, person_id: int, monday: str) -> None:
    """Write to a person that something came to their desk, or on a Monday how much is due.

    Nothing where they turned letters off meanwhile, or where all that was due was answered.
    """
    program, person = Program.objects.get(pk=program_id), person_by_pk(person_id)
    if person is None or not person.email or not person.desk_letters:
        return
    days = _days_due(program, person, date.fromisoformat(monday)) if monday else []
    if monday and not days:
        return
    stop = _stop_page(program, person)
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with translation.override(person.language):
        post(
            *desk_letter(program, person, days, stop),
            person.email,
            headers,
        )


def _days_due(program: Program, person: Person, monday: date) -> list[date]:
    """List the days of what the bureaus of a person owe, that is late or due within a week."""
    units = {unit_of(one.public_id) for one in posts_today(program, monday) if one.person_id == person.pk}
    return due_soon(program, units, monday)


def desk_letter(program: Program, person: Person, days: Sequence[date], stop: str) -> tuple[str, str]:
    """Give the subject and the words of a letter about a desk: what is due, by its days, else that something came.

    It is in the active language, and names no topic.
    """
    subject = _("Something new is on your desk at %(host)s") % {"host": settings.ALONGSIDE.host}
    words = [
        _(
            "Something new came to your desk. This letter says nothing more, so that nobody learns anything from it."
        )
    ]
    if days:
        subject = _("What your desk at %(host)s owes this week") % {"host": settings.ALONGSIDE.host}
        told = ngettext(
            "%(n)d answer of your bureau is late or due within a week. The first day is %(day)s.",
            "%(n)d answers of your bureau are late or due within a week. The first day is %(day)s.",
            len(days),
        )
        words = [told % {"n": len(days), "day": day_in_words(days[0])}]
    words += [
        desk_page(program, person.language),
        _("To stop these letters, open this page and press once:"),
        stop,
    ]
    return subject, "\n\n".join(words) + "\n"


def _stop_page(program: Program, person: Person) -> str:
    lang = spoken(program, person.language)
    given = {"program": program.slug, "lang": lang, "key": letters_key(person.pk)}
    return f"{settings.ALONGSIDE.address}{reverse('desks:letters_off', kwargs=given)}"


def _queue(begins: str, is_off: bool, program_id: int, person_id: int) -> None:  # noqa: FBT001 -- a fact of the letter
    about_a_day.enqueue(program_id, person_id, begins, is_off)


@task
def about_a_day(program_id: int, person_id: int, begins: str, is_off: bool) -> None:  # noqa: FBT001 -- a fact of the letter
    """Write to a person, in their language, on which day and at what hour we meet, or that we do not."""
    program = Program.objects.get(pk=program_id)
    _write(person_id, partial(day_letter, program, datetime.fromisoformat(begins), is_off))


def day_letter(program: Program, begins: datetime, is_off: bool, lang: str) -> tuple[str, str]:  # noqa: FBT001 -- a fact of the letter
    """Give the subject and the words of the letter, in the active language."""
    pack = pack_of(program)
    local = begins.astimezone(ZoneInfo(pack.time_zone))
    told = {"day": day_in_words(local.date()), "hour": date_format(local, "TIME_FORMAT")}
    met, off = (
        _("We meet on %(day)s at %(hour)s"),
        _("We do not meet on %(day)s at %(hour)s: it is cancelled"),
    )
    subject = (off if is_off else met) % told
    last = _("Where, and what it is about, is on the site. Sign in to read it.")
    path = reverse("messages:inbox", kwargs={"program": program.slug, "lang": lang})
    name = pack.name.say(lang)
    return f"{name}: {subject}", "\n\n".join(
        [f"{subject}.", last, f"{settings.ALONGSIDE.address}{path}"]
    ) + "\n"


@task
def send_code(kept: str, lang: str) -> None:
    """Send the code that waits in a session, named by what the database keeps of its key; nothing where there is none.

    So the page does the same for an address that is known and for one that is not, and the queue names nobody.
    """
    now = datetime.now(tz=UTC)
    row = Session.objects.filter(session_key=kept, expire_date__gt=now).first()
    login = SessionStore().decode(row.session_data).get("account_login", {}) if row else {}
    asked = login.get("state", {}).get("stages", {}).get("login_by_code", {}).get("data", {})
    if not asked.get("code") or now.timestamp() - asked["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return
    with translation.override(lang):
        subject = render_to_string("account/email/login_code_subject.txt").strip()
        body = render_to_string("account/email/login_code_message.txt", {"code": asked["code"]}).strip()
        post(subject, body, asked["email"])


@task
def tell_of_lost_keys(person_id: int) -> None:
    """Tell a person that their keys were taken away, so that nobody does it behind their back."""

    def letter(_lang: str) -> tuple[str, str]:
        first = _(
            "Whoever runs %(host)s took your passkeys and spare codes away, as for someone who lost them."
        )
        last = _("If you did not ask for this, tell the other leads or your office today.")
        body = "\n\n".join([first % {"host": settings.ALONGSIDE.host}, last]) + "\n"
        return _("Your passkeys and spare codes were taken away"), body

    _write(person_id, letter)


def tell_of_another_address(person: Person, old: str) -> None:
    """Tell the address that a person had that it opens nothing now; it waits in no queue. Raises LetterNotSentError."""
    with translation.override(person.language):
        first = _(
            "Whoever runs %(host)s changed the address by which you sign in. This one opens nothing now."
        )
        last = _("If you did not ask for this, tell the other leads or your office today.")
        body = "\n\n".join([first % {"host": settings.ALONGSIDE.host}, last]) + "\n"
        post(_("The address by which you sign in was changed"), body, old)


@task
def tell_of_changed_keys(person_id: int) -> None:
    """Tell a person that a passkey came or went or spare codes were made, so that nobody else keeps a way in."""

    def letter(_lang: str) -> tuple[str, str]:
        first = _(
            "Somebody who was signed in as you at %(host)s added or removed a passkey, or made new spare codes."
        )
        last = _(
            "If it was you, there is nothing to do. If it was not you, ask whoever runs the server today to take these keys away, and tell the other leads or your office."
        )
        body = "\n\n".join([first % {"host": settings.ALONGSIDE.host}, last]) + "\n"
        return _("Your passkeys or spare codes were changed"), body

    _write(person_id, letter)


def tell_of_pay(program: Program, count: int, unagreed: int) -> None:
    """Queue a letter to each steward; only ids and numbers wait in the queue."""
    for person in stewards_today(program, local_date(datetime.now(tz=UTC), pack_of(program))):
        tell_steward.enqueue(program.pk, person.pk, count, unagreed)


@task
def tell_steward(program_id: int, person_id: int, count: int, unagreed: int = 0) -> None:
    """Write to a steward, in their language."""
    _write(person_id, partial(pay_letter, Program.objects.get(pk=program_id), count, unagreed))


def pay_letter(program: Program, count: int, unagreed: int, lang: str) -> tuple[str, str]:
    """Give the subject and the words of a letter, in the active language."""
    name = pack_of(program).name.say(lang)
    subject = _("Leads wait for their pay")
    waits = ngettext(
        "No pay is agreed yet with %(n)d lead, and the day for it is past. They can log no hours before it is written, and see how late it is.",
        "No pay is agreed yet with %(n)d leads, and the day for it is past. They can log no hours before it is written, and see how late it is.",
        unagreed,
    ) % {"n": unagreed}
    told = ngettext(
        "%(n)d piece of work is past the day on which it should be paid.",
        "%(n)d pieces of work are past the day on which they should be paid.",
        count,
    ) % {"n": count}
    next_step = _(
        "Approve it or send it back with a reason, then pay what is approved. Ask the finance office about what is in a payment run. The leads see how late it is."
    )
    words = []
    for n, said, name_of_page in (
        (unagreed, [waits], "pay:agreements"),
        (count, [told, next_step], "pay:desk"),
    ):
        path = reverse(name_of_page, kwargs={"program": program.slug, "lang": lang})
        words += [*said, f"{settings.ALONGSIDE.address}{path}"] if n else []
    return f"{name}: {subject}", "\n\n".join(words) + "\n"


def send(program: Program, office: str, ask: int, due: date, stage: str, *, on: date) -> None:
    """Queue a letter to each who holds the office on a day, and before an answer is due to the stewards; only ids and dates wait there."""
    for held in holders_of(program, office, on):
        remind.enqueue(program.pk, held.person_id, ask, due.isoformat(), stage)
    watch = stage if stage.startswith(VACANT) else f"watch-{stage}"
    for watching in stewards_on(program, on) if stage.startswith(("before", VACANT)) else ():
        remind.enqueue(program.pk, watching.person_id, ask, due.isoformat(), watch)


@task
def remind(program_id: int, person_id: int, ask: int, due: str, stage: str) -> None:
    """Write to one who holds the office, in their language."""
    program, day = Program.objects.get(pk=program_id), date.fromisoformat(due)
    _write(person_id, partial(reminder_letter, program, ask, day, stage))


def reminder_letter(program: Program, ask: int, due: date, stage: str, lang: str) -> tuple[str, str]:
    """Give the subject and the words of a letter, in the active language."""
    name = pack_of(program).name.say(lang)
    told = {"day": day_in_words(due), "ask": ask, "program": name}
    many = owed_on_a_list(program, ask, due)
    subject, first = _of_many(many, stage, told) if many > 1 else _of_one(stage, told)
    if stage == UNREASONED:
        last = _("If they contest the answer, your office can give its reasons in the reply.")
    else:
        last = _until_then(program, ask, due) or _(
            "If no answer is given, the public log says so by itself the day after."
        )
    return f"{name}: {subject}", "\n\n".join([first, last, desk_page(program, lang)]) + "\n"


def _of_one(stage: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Give the subject and the first words of a letter about one ask."""
    if stage == ESCALATED:
        subject = _("Entry %(ask)s has no answer since %(day)s")
        first = _("An answer to entry %(ask)s of the public log was due on %(day)s. None was given.")
    elif stage == UNREASONED:
        subject = _("Leads say that an answer gives no reasons: entry %(ask)s")
        first = _("Leads say on the public log that your office’s answer to entry %(ask)s gives no reasons.")
    elif stage.startswith(VACANT):
        subject = _("Nobody holds an office that owes an answer: entry %(ask)s")
        first = _(
            "Entry %(ask)s of the public log asks an office that nobody holds. The answer is due on %(day)s. "
            "Have the office given to someone, or see to it that its bureau answers."
        )
    elif stage.startswith("raised"):
        subject = _("A reply is due on %(day)s: entry %(ask)s")
        first = _("Leads raised entry %(ask)s of the public log to your office. It owes a reply by %(day)s.")
    else:
        subject = _("An answer is due on %(day)s: entry %(ask)s")
        first = _("Your office owes an answer to entry %(ask)s of the public log by %(day)s.")
        if stage.startswith("watch"):
            first = _(
                "The office that was asked owes an answer to entry %(ask)s of the public log by %(day)s."
            )
    return subject % told, first % told


def _until_then(program: Program, ask: int, due: date) -> str:
    """Say until when nothing late is told of the unit that owes an answer; empty where it does not learn on its day."""
    until = learning_end(program, ask)
    if until is None or until < due:
        return ""
    return _("Your bureau learns until %(day)s. From the day after, the public log says what is late.") % {
        "day": day_in_words(until)
    }


def _of_many(many: int, stage: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Give the subject and the first words of a letter about questions that were sent together."""
    told = {**told, "n": many}
    if stage == ESCALATED:
        subject = _("%(n)d questions of one list have no answer since %(day)s: entry %(ask)s")
        first = _(
            "Answers to %(n)d questions of one list, entry %(ask)s of the public log, were due on %(day)s. None was given."
        )
    elif stage.startswith(VACANT):
        subject = _("Nobody holds an office that owes answers to a list: entry %(ask)s")
        first = _(
            "%(n)d questions of one list, entry %(ask)s of the public log, ask an office that nobody holds. The answers are due "
            "on %(day)s. Have the office given to someone, or see to it that its bureau answers."
        )
    else:
        subject = _("%(n)d answers are due on %(day)s: entry %(ask)s")
        first = _(
            "Your office owes answers to %(n)d questions of one list, entry %(ask)s of the public log, by %(day)s."
        )
        if stage.startswith("watch"):
            first = _(
                "The office that was asked owes answers to %(n)d questions of one list, entry %(ask)s of the public log, by %(day)s."
            )
    return subject % told, first % told


def desk_page(program: Program, lang: str) -> str:
    """Give the whole address of the desk where answers are written."""
    path = reverse("desks:unit", kwargs={"program": program.slug, "lang": spoken(program, lang)})
    return f"{settings.ALONGSIDE.address}{path}"

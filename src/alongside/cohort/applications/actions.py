"""Apply in small saved steps, or have it typed in; come back with a code; take it back; erase it. Nothing of it goes on the record."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext as say

from alongside.cohort.applications.models import (
    AccessNeeds,
    Answer,
    Application,
    Balance,
    ConflictForm,
    Contact,
    DemographicCount,
    Event,
    Listener,
    Recording,
    RecordingBytes,
    Transcript,
    Unsaved,
)
from alongside.cohort.applications.queries import due_to_be_erased, is_read, lacks
from alongside.cohort.calls.actions import refuse_readers
from alongside.cohort.calls.models import Call
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.core.recordings import cleaned
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.workflow.applications import GONE, EventKind, erased_for
from alongside.ground.gate.limits import LARGEST_RECORDING, MEGABYTE, has_room
from alongside.ground.people.actions import ALPHABET
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold

#: 16 of 30 letters: 78 bits, which nobody guesses, so that a plain hash of it tells nothing.
CODE_LENGTH = 16
PART = 4


def make_code() -> str:
    """Make a code to come back, in four groups of four letters that cannot be taken for one another."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def in_groups(code: str) -> str:
    """Write a code as it was given out, however it was typed: case, spaces and hyphens do not matter."""
    plain = plain_code(code)
    return "-".join(plain[place : place + PART] for place in range(0, len(plain), PART))


def hash_code(code: str) -> str:
    """Hash a code to come back as typed: case, spaces and hyphens do not matter."""
    return hashlib.sha256(b"alongside/application-code/v1\n" + plain_code(code).encode()).hexdigest()


def plain_code(code: str) -> str:
    """Give the letters and digits of a code as typed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


@appends()
def renew_code(*, application: Application, now: datetime) -> str:  # noqa: ARG001 -- every action takes the time
    """Give an application a new code to come back; the one before no longer fits."""
    code = make_code()
    Application.objects.filter(pk=application.pk).update(code_hash=hash_code(code))
    return code


@appends()
@transaction.atomic
def replace_code(*, application: Application, send: Callable[[str, str], bool], now: datetime) -> str | None:
    """Give an applicant who lost their code a new one; give it to show where they left no address, and None where it went there.

    The code goes by `send(code, address)`, past whoever presses for it, and the page of the application says on which day
    one was made. Refuses where the letter does not go out: the code before it stays.
    """
    code = renew_code(application=application, now=now)
    Application.objects.filter(pk=application.pk).update(
        renewed_on=local_date(now, pack_of(application.call.program))
    )
    address = application.contact.email if hasattr(application, "contact") else ""
    if not address:
        return code
    if not send(code, address):
        raise Refused(
            _(
                "The letter with the new code did not go out, so the one before it still works. Try again later."
            )
        )
    return None


class CallClosedError(Refused):
    """Nobody can apply today, or change an application."""


class EditConflictError(Refused):
    """The answer was saved on another page since this one was opened; both texts are kept."""

    def __init__(self, saved: Answer) -> None:
        self.saved = saved
        super().__init__(
            say("This answer was changed on another page. Bring the two together, then save again.")
        )


class IncompleteApplicationError(Refused):
    """The application cannot be sent yet: something is missing."""


class Answers(Protocol):
    """An answer to what is offered."""

    def __call__(self, *, application: Application, now: datetime) -> object:
        """Take the answer; raises Refused."""


#: What an applicant can answer on the page of their application, and what that does.
ANSWERS: dict[str, Answers] = {}


def offers_are_answered_by(**acts: Answers) -> None:
    """Let the app that offers seats say what can be answered, and take it."""
    ANSWERS.update(acts)


@dataclass(frozen=True)
class Begun:
    """A new application, and the code that leads back to it, which is told once and kept nowhere."""

    application: Application
    code: str


def _free_reference(call: Call) -> str:
    """Draw a name for an application that tells nothing, such as K7WQ-3MZP."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(2 * PART))
        reference = f"{drawn[:PART]}-{drawn[PART:]}"
        if not Application.objects.filter(call=call, reference=reference).exists():
            return reference


@appends()
@transaction.atomic
def begin(*, call: Call, lang: str, now: datetime) -> Begun:
    """Begin an application to an open call. From here on the rules of the call stand. Raises CallClosedError."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    today = refuse_unless_open(held, now)
    code = make_code()
    made = Application.objects.create(
        call=held, reference=_free_reference(held), code_hash=hash_code(code), lang=lang, begun_on=today
    )
    return Begun(made, code)


def refuse_unless_open(call: Call, now: datetime) -> date:
    """Raise CallClosedError where nobody can apply today; give today where they can."""
    today = local_date(now, pack_of(call.program))
    if call.entry is None or not call.is_open(today):
        raise CallClosedError(
            say("This call is not open today, so nothing can be changed. What you saved is kept.")
        )
    return today


def refuse_unless_theirs_to_change(application: Application, now: datetime) -> date:
    """Raise CallClosedError where the call has closed or the application was taken back; give today where not."""
    today = refuse_unless_open(application.call, now)
    if Event.objects.filter(application=application, kind__in=GONE).exists():
        raise CallClosedError(
            say("This application was withdrawn. You can begin a new one while the call is open.")
        )
    return today


@appends()
@transaction.atomic
def keep_unsaved(
    *,
    application: Application,
    step: str,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[tuple[str, str]],
) -> None:
    """Keep what could not be saved, so that the page can be shown again with what stands in the way."""
    given = {"step": step, "typed": dict(typed), "problems": list(problems)}
    Unsaved.objects.update_or_create(application=application, defaults=given)


@appends()
def drop_unsaved(*, application: Application) -> None:
    """Forget what could not be saved before."""
    Unsaved.objects.filter(application=application).delete()


@appends()
@transaction.atomic
def close(*, application: Application) -> None:
    """Close an application on a phone that others use: no address that opened it before opens it again."""
    drop_unsaved(application=application)
    Application.objects.filter(pk=application.pk).update(times_closed=F("times_closed") + 1)


@appends()
@transaction.atomic
def save_contact(*, application: Application, values: Mapping[str, Any], now: datetime) -> Contact:
    """Save who applies and how to reach them. `values` are columns of models.Contact."""
    refuse_unless_theirs_to_change(application, now)
    saved, _new = Contact.objects.update_or_create(application=application, defaults=dict(values))
    return saved


@appends()
@transaction.atomic
def save_brings(*, application: Application, sought: Collection[str], now: datetime) -> None:
    """Save which of the things that the call seeks the applicant brings. `sought` are their names in the entry."""
    refuse_unless_theirs_to_change(application, now)
    application.answers.brought().delete()
    Answer.objects.bulk_create(Answer(application=application, section=one) for one in sought)


@appends()
@transaction.atomic
def save_answer(*, application: Application, section: str, words: str, seen: int, now: datetime) -> Answer:
    """Save an answer. `section` is the name of its question in the entry; `seen` is the revision that the page was opened on, 0 for none.

    Raises EditConflictError where another page saved other words since, so that neither text is lost.
    """
    refuse_unless_theirs_to_change(application, now)
    rows = Answer.objects.select_for_update()
    answered = {"application": application, "section": section}
    saved = rows.filter(**answered).first()
    if saved is None:
        return Answer.objects.create(**answered, words=words)
    if saved.words == words:
        return saved
    if saved.revision != seen:
        raise EditConflictError(saved)
    saved.words, saved.revision = words, saved.revision + 1
    saved.save(update_fields=["words", "revision"])
    return saved


@appends()
@transaction.atomic
def save_needs(*, application: Application, words: str, now: datetime) -> None:
    """Save what the applicant needs in order to take part; no words leave no row."""
    refuse_unless_theirs_to_change(application, now)
    AccessNeeds.objects.filter(application=application).delete()
    if words.strip():
        AccessNeeds.objects.create(application=application, words=words)


@appends()
@transaction.atomic
def save_conflicts(*, application: Application, values: Mapping[str, Any], now: datetime) -> None:
    """Save the declaration of conflicts. `values` are columns of models.ConflictForm."""
    today = refuse_unless_theirs_to_change(application, now)
    ConflictForm.objects.update_or_create(application=application, defaults={**values, "filed_on": today})


@appends()
@transaction.atomic
def send(*, application: Application, pack: Pack, now: datetime) -> Event:
    """Hand an application in; until the call closes it can still be changed. Raises IncompleteApplicationError."""
    today = refuse_unless_theirs_to_change(application, now)
    if lacks(application, pack):
        raise IncompleteApplicationError(say("Something is still missing; fill it in before you send it."))
    return Event.objects.get_or_create(application=application, kind=EventKind.SENT, defaults={"on": today})[
        0
    ]


@appends()
@transaction.atomic
def assist(
    *, call: Call, by: Person, came_by: str, organization: str, lang: str, now: datetime
) -> Application:
    """Begin an application that `by` types in. `came_by` is phone, paper or visit. Raises CallClosedError."""
    made = begin(call=call, lang=lang, now=now).application
    today = local_date(now, pack_of(call.program))
    typed_in = {"kind": EventKind.ASSISTED, "by": by, "organization": organization.strip(), "choice": came_by}
    Event.objects.create(application=made, **typed_in, on=today)
    return made


@appends()
@transaction.atomic
def confirm_read_back(*, application: Application, by: Person, pack: Pack, now: datetime) -> str:
    """Say that it was read back and agreed to, send it, and give the code to hand to the applicant.

    Raises IncompleteApplicationError or CallClosedError.
    """
    today = refuse_unless_theirs_to_change(application, now)
    Event.objects.create(application=application, kind=EventKind.READ_BACK, by=by, on=today)
    send(application=application, pack=pack, now=now)
    return renew_code(application=application, now=now)


@appends()
@transaction.atomic
def save_balance(*, application: Application, values: Mapping[str, str], now: datetime) -> None:
    """Save what an applicant says for the balance of the draw. Readers never see it. Raises CallClosedError."""
    refuse_unless_theirs_to_change(application, now)
    Balance.objects.filter(application=application).delete()
    Balance.objects.bulk_create(
        Balance(application=application, category=category, value=value)
        for category, value in values.items()
        if value
    )


@appends()
@transaction.atomic
def count_about_you(*, application: Application, chosen: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Count what someone chose on the separate page, once; the application keeps only that the page is done."""
    refuse_unless_theirs_to_change(application, now)
    if Application.objects.filter(pk=application.pk, was_counted=False).update(was_counted=True):
        add_counts(call=application.call, chosen=chosen, now=now)


@appends()
@transaction.atomic
def add_counts(*, call: Call, chosen: Mapping[str, Sequence[str]], now: datetime) -> None:  # noqa: ARG001 -- every action takes the time
    """Add one to the count of each choice. No row is about a person, so nothing here can be taken back or joined."""
    for question, choices in chosen.items():
        for choice in choices:
            row, _new = DemographicCount.objects.select_for_update().get_or_create(
                call=call, question=question, choice=choice
            )
            row.count += 1
            row.save(update_fields=["count"])


PERSONAL = (Unsaved, Contact, Answer, Recording, AccessNeeds, ConflictForm, Balance)


class Leaves(Protocol):
    """What an app does when someone leaves."""

    def __call__(self, *, application: Application, is_erased: bool, on: date) -> None:
        """Let go of an application that is taken back, and of all that is personal once it is erased."""


_leaving: list[Leaves] = []


def leaving_is_told_to(leaves: Leaves) -> None:
    """Let an app hear that an application is taken back or erased, so that what it keeps of it goes too."""
    _leaving.append(leaves)


def _leave(application: Application, on: date, *, is_erased: bool) -> None:
    for leaves in _leaving:
        leaves(application=application, is_erased=is_erased, on=on)


@appends()
@transaction.atomic
def withdraw(*, application: Application, now: datetime) -> bool:
    """Take an application back, at any time. Its words are erased at once, or when the legal hold ends; say whether now."""
    program = application.call.program
    today = local_date(now, pack_of(program))
    Event.objects.get_or_create(application=application, kind=EventKind.WITHDRAWN, defaults={"on": today})
    _leave(application, today, is_erased=False)
    if is_under_hold(program):
        return False
    erase(application=application, ground=erased_for([EventKind.WITHDRAWN]), today=today)
    return True


@transaction.atomic
def erase(*, application: Application, ground: str, today: date) -> None:
    """Delete everything personal of an application; the shell stays, so that counts stay true."""
    for model in PERSONAL:
        model._default_manager.filter(application=application).delete()  # noqa: SLF001 -- the models share one field, which no type names
    Application.objects.filter(pk=application.pk).update(was_counted=False)
    _leave(application, today, is_erased=True)
    Event.objects.get_or_create(
        application=application, kind=EventKind.ERASED, defaults={"on": today, "choice": ground}
    )


@appends()
def erase_due(*, program: Program, now: datetime) -> int:
    """Erase every application whose time is over; nothing while a legal hold stands. Give how many."""
    if is_under_hold(program):
        return 0
    pack = pack_of(program)
    today = local_date(now, pack)
    due = due_to_be_erased(program, today, unsent_before=today - timedelta(days=pack.calls.unsent_kept_days))
    for application in due:
        erase(application=application, ground=erased_for(application.days), today=today)
    return len(due)


@appends()
@transaction.atomic
def save_recording(*, application: Application, section: str, content: bytes, now: datetime) -> Recording:
    """Keep a spoken answer in place of the one before. Its name is not kept, nor titles, places and times in it.

    Raises UnusableInputError or Refused.
    """
    refuse_unless_theirs_to_change(application, now)
    if len(content) > LARGEST_RECORDING:
        words = _("This file is larger than %(most)s MB. Speak for up to 8 minutes, or in two parts.")
        raise Refused(words % {"most": LARGEST_RECORDING // MEGABYTE})
    if not has_room(len(content)):
        words = _(
            "There is no room for a recording today. Your words were saved; type your answer, or send it tomorrow."
        )
        raise UnusableInputError("room", words)
    kind, clean = cleaned(content)
    spoken = {"application": application, "section": section}
    Recording.objects.filter(**spoken).delete()
    made = Recording.objects.create(**spoken, kind=kind, size=len(clean))
    RecordingBytes.objects.create(recording=made, content=clean)
    return made


@appends()
@transaction.atomic
def drop_recording(*, application: Application, section: str, now: datetime) -> None:
    """Erase a spoken answer at once."""
    refuse_unless_theirs_to_change(application, now)
    Recording.objects.filter(application=application, section=section).delete()


@appends()
@transaction.atomic
def note_listener(*, call: Call, person: Person, now: datetime) -> None:
    """Keep that someone opens a recording of a call before its shortlist. Raises Refused for a reader of the call."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.line_on is not None:
        return
    refuse_readers(call=held, person=person)
    today = local_date(now, pack_of(held.program))
    Listener.objects.get_or_create(call=held, person=person, defaults={"on": today})


@appends()
@transaction.atomic
def transcribe(*, recording: Recording, words: str, lang: str, by: Person, now: datetime) -> Transcript:
    """Write down what a recording says, without names; the newest transcript is the one that is read.

    Raises Refused for a reader of the call, and once a reader has read the application.
    """
    call = Call.objects.select_for_update().get(pk=recording.application.call_id)
    refuse_readers(call=call, person=by)
    if is_read(recording.application):
        raise Refused(
            _("A reader has read this application, so its words stand: every reader gets the same ones.")
        )
    note_listener(call=call, person=by, now=now)
    today = local_date(now, pack_of(call.program))
    return Transcript.objects.create(recording=recording, words=words, lang=lang, made_by=by, made_on=today)


@appends()
def mark_invited_again(*, application: Application, now: datetime) -> None:
    """Keep that the letter about the next call goes to an applicant who asked for it: one call, one letter."""
    _ = now
    Contact.objects.filter(application=application).update(may_write_again=False)

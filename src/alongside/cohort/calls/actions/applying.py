"""Apply in small saved steps: begin with a code to come back, save, send. Nothing of it goes on the record."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as say

from alongside.cohort.calls.actions.codes import PART, hash_code, make_code
from alongside.cohort.calls.models import (
    AccessNeeds,
    Answer,
    Application,
    Call,
    ConflictForm,
    Contact,
    Event,
    Unsaved,
)
from alongside.cohort.calls.queries.applying import lacks
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.core.workflow.applications import GONE, EventKind
from alongside.ground.people.actions import ALPHABET
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class CallIsNotOpen(ValueError):  # noqa: N818 -- the name is a sentence
    """Nobody can apply today, or change an application."""


class AnswerChangedMeanwhile(ValueError):  # noqa: N818 -- the name is a sentence
    """The answer was saved on another page since this one was opened; both texts are kept."""

    def __init__(self, saved: Answer) -> None:
        self.saved = saved
        super().__init__(
            say("This answer was changed on another page. Bring the two together, then save again.")
        )


class SomethingIsMissing(ValueError):  # noqa: N818 -- the name is a sentence
    """The application cannot be sent yet; `steps` names what is missing."""

    def __init__(self, steps: Sequence[str]) -> None:
        self.steps = tuple(steps)
        super().__init__(say("Something is still missing; fill it in before you send it."))


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
    """Begin an application to an open call. From here on the rules of the call stand. Raises CallIsNotOpen."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    today = refuse_unless_open(held, now)
    code = make_code()
    made = Application.objects.create(
        call=held, reference=_free_reference(held), code_hash=hash_code(code), lang=lang, begun_on=today
    )
    return Begun(made, code)


def refuse_unless_open(call: Call, now: datetime) -> date:
    """Raise CallIsNotOpen where nobody can apply today; give today where they can."""
    today = local_date(now, pack_of(call.program))
    if call.entry is None or not call.opens <= today <= call.closes:
        raise CallIsNotOpen(
            say("This call is not open today, so nothing can be changed. What you saved is kept.")
        )
    return today


def refuse_unless_theirs_to_change(application: Application, now: datetime) -> date:
    """Raise CallIsNotOpen where the call has closed or the application was taken back; give today where not."""
    today = refuse_unless_open(application.call, now)
    if Event.objects.filter(application=application, kind__in=GONE).exists():
        raise CallIsNotOpen(
            say("This application was taken back. You can begin a new one while the call is open.")
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

    Raises AnswerChangedMeanwhile where another page saved other words since, so that neither text is lost.
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
        raise AnswerChangedMeanwhile(saved)
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
    """Hand an application in; until the call closes it can still be changed. Raises SomethingIsMissing."""
    today = refuse_unless_theirs_to_change(application, now)
    if missing := lacks(application, pack):
        raise SomethingIsMissing(missing)
    return Event.objects.get_or_create(application=application, kind=EventKind.SENT, defaults={"on": today})[
        0
    ]

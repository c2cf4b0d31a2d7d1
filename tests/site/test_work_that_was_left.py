"""Work whose worker was killed is done by the next, and a letter that failed is tried again."""

from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from alongside.ground.people.models import Person
from alongside.site.actions import MOST_TRIES, take_up_again
from alongside.site.health import findings
from alongside.site.mail import by_letter
from alongside.site.ticking import tick

pytestmark = pytest.mark.django_db


ADDRESS = "a.lead@example.org"


def work() -> None:
    """Do what waits and is due."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.fixture
def refused(delta, monkeypatch):
    """Queue a letter to someone whom the mail server refuses; give the row of the queue."""
    person = Person.objects.create(email=ADDRESS, called="A community lead", language="en")

    def refuse(*_: object) -> int:
        raise SMTPRecipientsRefused({ADDRESS: (450, b"Try later")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    by_letter.enqueue(delta.pk, person.pk)
    work()
    monkeypatch.undo()
    return DBTaskResult.objects.get()


def left(clock, **ago) -> DBTaskResult:
    """Leave a letter as a worker does that was killed so long ago."""
    by_letter.enqueue(1, 1)
    row = DBTaskResult.objects.latest("enqueued_at")
    DBTaskResult.objects.filter(pk=row.pk).update(status="RUNNING", started_at=clock - timedelta(**ago))
    return row


def test_work_that_was_left_an_hour_ago_is_done_and_what_runs_is_left_alone(clock):
    old, new = left(clock, minutes=61), left(clock, minutes=59)

    tick(clock)
    work()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == ("SUCCESSFUL", "RUNNING")


def test_a_letter_that_failed_is_sent_again_after_a_while(refused):
    assert (refused.status, mail.outbox) == ("FAILED", [])

    take_up_again(now=datetime.now(tz=UTC))
    work()
    assert mail.outbox == [], "five minutes have not passed"
    DBTaskResult.objects.update(run_after=datetime.now(tz=UTC))
    work()

    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    refused.refresh_from_db()
    assert refused.status == "SUCCESSFUL"


def test_what_failed_is_told_to_the_operator_also_while_it_waits_to_be_tried_again(refused):
    def failing() -> tuple[int | None, bool]:
        now = datetime.now(tz=UTC)
        return next((one.value, one.well) for one in findings(now) if one.name == "work_failed")

    at_once = failing()
    take_up_again(now=datetime.now(tz=UTC))

    assert (at_once, failing()) == ((1, False), (1, False))
    DBTaskResult.objects.update(run_after=datetime.now(tz=UTC))
    work()
    assert failing() == (0, True)


def test_a_letter_is_not_tried_for_ever(refused):
    DBTaskResult.objects.update(worker_ids=["one"] * MOST_TRIES)

    assert take_up_again(now=datetime.now(tz=UTC)) == 0
    refused.refresh_from_db()
    assert refused.status == "FAILED"


def test_what_is_kept_of_a_failure_names_nobody(refused):
    assert refused.exception_class_path.endswith("LetterNotSentError")
    assert "SMTPRecipientsRefused" in refused.traceback
    assert ADDRESS not in refused.traceback


def test_what_was_done_is_forgotten_after_thirty_days(refused, clock):
    for days, there in ((29, True), (31, False)):
        DBTaskResult.objects.update(
            status="SUCCESSFUL", finished_at=datetime.now(tz=UTC) - timedelta(days=days)
        )
        tick(datetime.now(tz=UTC))
        assert DBTaskResult.objects.filter(pk=refused.pk).exists() is there


def test_work_that_is_done_keeps_a_day_and_names_nobody(delta):
    person = Person.objects.create(email=ADDRESS, called="A community lead", language="en")
    by_letter.enqueue(delta.pk, person.pk)
    work()

    tick(datetime.now(tz=UTC))

    row = DBTaskResult.objects.get()
    assert (row.status, row.args_kwargs) == ("SUCCESSFUL", {"args": [], "kwargs": {}})
    times = (row.enqueued_at, row.started_at, row.finished_at, row.run_after)
    assert {one.time() for one in times} == {time(0)}
    assert {one.date() for one in times[:3]} == {datetime.now(tz=UTC).date()}


def test_what_failed_for_good_names_nobody_after_the_day_on_which_the_operator_is_told(refused):
    DBTaskResult.objects.update(worker_ids=["one"] * MOST_TRIES)
    tick(datetime.now(tz=UTC) + timedelta(hours=23))
    refused.refresh_from_db()
    assert refused.args_kwargs["args"][1:] == [Person.objects.get(email=ADDRESS).pk]

    tick(datetime.now(tz=UTC) + timedelta(hours=25))

    refused.refresh_from_db()
    assert (refused.status, refused.args_kwargs["args"], refused.finished_at.time()) == (
        "FAILED",
        [],
        time(0),
    )


def test_a_letter_that_waits_to_be_tried_again_still_knows_its_person(refused):
    tick(datetime.now(tz=UTC))
    DBTaskResult.objects.update(run_after=datetime.now(tz=UTC))
    work()
    assert [one.to for one in mail.outbox] == [[ADDRESS]]

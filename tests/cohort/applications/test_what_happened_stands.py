"""What happened to an application is only added, and an offer is answered once: the database itself says so, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from alongside.cohort.applications.actions import withdraw
from alongside.cohort.applications.apps import HAPPENED
from alongside.cohort.applications.models import Event
from alongside.cohort.applications.queries import applications_of
from alongside.cohort.lotteries.apps import ANSWERED
from alongside.cohort.lotteries.models import Offer
from alongside.cohort.reviews.queries import progress
from alongside.cohort.seats.models import Cohort
from alongside.core.workflow.applications import EventKind
from alongside.ground.record import triggers
from tests.cohort.calls import cast


def refused(sql: str) -> str:
    """Give the words with which the database refuses a statement."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(error.value)


def test_what_happened_to_an_application_is_never_changed_deleted_or_replaced(both_databases):
    thread = cast.program()
    mine = cast.sent(cast.published(thread), thread.now).application
    withdraw(application=mine, now=thread.now)
    table = Event._meta.db_table
    attempts = [f"UPDATE {table} SET choice = choice", f"DELETE FROM {table}"]
    if both_databases == "sqlite":
        columns = "application_id, kind, number, by_id, organization, choice"
        attempts += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"INSERT OR REPLACE INTO {table} ({columns}, \"on\") SELECT {columns}, '2001-01-01' FROM {table}",
        ]

    assert [one for one in attempts if HAPPENED not in refused(one)] == []
    assert list(mine.events.order_by("pk").values_list("kind", "choice")) == [
        ("sent", ""),
        ("withdrawn", ""),
        ("erased", "withdrawn"),
    ]
    assert triggers.missing() == []


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("only_news_and_letters_come_again", {"kind": EventKind.SENT, "number": 1}),
        ("an_assisted_application_came_by_phone_paper_or_visit", {"kind": EventKind.ASSISTED}),
        ("an_application_is_erased_for_a_reason", {"kind": EventKind.ERASED, "choice": "paper"}),
        ("other_events_of_an_application_hold_no_choice", {"kind": EventKind.TOLD, "choice": "glad"}),
    ],
)
def test_an_event_holds_what_its_kind_declares_and_nothing_else(both_databases, sentence, wrong):
    thread = cast.program()
    mine = cast.begun(cast.published(thread), thread.now).application

    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        Event.objects.create(application=mine, on=mine.begun_on, **wrong)


def test_what_happens_once_happens_to_an_application_once(both_databases):
    thread = cast.program()
    mine = cast.sent(cast.published(thread), thread.now).application

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Event.objects.create(application=mine, kind=EventKind.SENT, on=mine.begun_on)

    first = {"sqlite": HAPPENED, "postgres": "what_happened_to_an_application_is_kept_once"}
    assert first[both_databases] in str(error.value)


def test_an_offer_stands_as_it_was_made_and_is_answered_once(both_databases):
    thread = cast.program()
    call = cast.published(thread)
    mine = cast.sent(call, thread.now).application
    today = thread.now.date()
    cohort = Cohort.objects.create(
        program=thread.program, slug="c", from_date=today, until_date=today, entry=0
    )
    offer = Offer.objects.create(
        application=mine, call=call, cohort=cohort, made_on=today, answer_by=today + timedelta(days=9)
    )
    table, ends = Offer._meta.db_table, f"ground = 'said-no', answered_on = '{today}'"
    other_day = f"UPDATE {table} SET answer_by = '{today + timedelta(days=10)}'"
    refusals = [refused(one) for one in (other_day, f"UPDATE {table} SET ground = 'said-no'")]

    Offer.objects.filter(pk=offer.pk).update(ground="said-no", answered_on=today)

    attempts = [
        f"UPDATE {table} SET {ends}",
        f"UPDATE {table} SET ground = NULL, answered_on = NULL",
        f"DELETE FROM {table}",
        *([f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"] * (both_databases == "sqlite")),
    ]
    refusals += [refused(one) for one in attempts]
    assert [one for one in refusals if ANSWERED not in one] == []
    offer.refresh_from_db()
    assert (offer.ground, offer.answered_on, offer.seat) == ("said-no", today, None)


def test_what_came_in_is_counted_by_what_happened_to_it(both_databases):
    thread = cast.program()
    call = cast.published(thread)
    cast.begun(call, thread.now)
    mine, other = (cast.sent(call, thread.now).application for _n in range(2))
    withdraw(application=other, now=thread.now)

    found, read = applications_of(call, 1), progress(call)

    assert found.counts == {"all": 3, "sent": 1, "withdrawn": 1}
    assert sorted(one.stage for one in found.rows) == ["begun", "sent", "withdrawn"]
    assert (read.applications, read.lacking, read.unread) == (1, 1, 1)
    assert list(call.applications.live()) == [mine]

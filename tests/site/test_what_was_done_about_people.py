"""What the coordinator and the operator did about people stands in a list of days and acts, without names, to which one can only add."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from alongside.ground.people.models import Person
from alongside.ground.programs.models import Act
from alongside.site.actions import press_anew
from tests.site.test_visits import signed_in
from tests.support.provider import said
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db

PAGE = "/riverbend/en/acts/"


def done(thread):
    return list(Act.objects.filter(program=thread.program).order_by("pk").values_list("by", "did", "post"))


def command(*line):
    call_command("program", *line, verbosity=0)


@pytest.fixture
def thread():
    return Thread().open_program()


def test_what_the_operator_does_by_command_is_noted(thread):
    lead = thread.first_lead.public_id
    command("office", "riverbend", "new@riverbend.example", "permits-desk/staff")
    command("steward", "riverbend", "next@riverbend.example")
    command("end", "riverbend", "new@riverbend.example", "permits-desk/staff")
    command("code", "riverbend", lead)
    command("lost-keys", "riverbend", lead)
    command("no-letters", "riverbend", "somebody@riverbend.example")
    press_anew(now=thread.now)

    assert done(thread) == [
        ("operator", "post-given", "permits-desk/staff"),
        ("operator", "post-given", "steward"),
        ("operator", "post-ended", "permits-desk/staff"),
        ("operator", "code-printed", ""),
        ("operator", "keys-taken", ""),
        ("operator", "letters-stopped", ""),
        ("operator", "restored", ""),
    ]


def test_what_the_coordinator_does_on_people_is_noted_and_what_is_refused_is_not(thread):
    steward = signed_in(thread.steward)
    people = "/riverbend/en/steward/people/"
    given = {
        "email": "new@riverbend.example",
        "post": "permits-desk/staff",
        "from_date": "2999-01-01",
        "called": "N",
    }
    steward.post(people + "appoint/", given)
    steward.post(people + "appoint/", given | {"post": "permits-desk/king"})
    post = Person.objects.get(email="new@riverbend.example").posts.get()
    today = Act.objects.get().on
    steward.post(people + f"posts/{post.pk}/end/", {"on": today.isoformat(), "sure": "on"})
    lead = thread.first_lead.person
    Person.objects.filter(pk=lead.pk).update(email=None)
    steward.post(people + f"{lead.pk}/code/")
    steward.post(people + f"{thread.boss.pk}/code/")

    assert done(thread) == [
        ("steward", "post-given", "permits-desk/staff"),
        ("steward", "post-ended", "permits-desk/staff"),
        ("steward", "code-printed", ""),
    ]
    assert set(Act.objects.values_list("on", flat=True)) == {today}, (
        "the day on which it is done, not the post's first"
    )


def test_leads_and_the_coordinator_read_the_list_and_nobody_else(thread):
    command("office", "riverbend", "new@riverbend.example", "permits-desk/staff")
    command("code", "riverbend", thread.first_lead.public_id)
    readers = (thread.first_lead.person, thread.steward, thread.staff, thread.boss)
    assert [signed_in(one).get(PAGE).status_code for one in readers] == [200, 200, 403, 403]

    page = said(signed_in(thread.first_lead.person).get(PAGE))
    assert "Whoever runs the server" in page
    assert "gave a post : " in page or "gave a post: " in page
    assert "printed a sign-in code for someone" in page
    assert "new@riverbend.example" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_read_in_as_many_queries_however_long_it_is(thread, rows, django_assert_num_queries):
    for _each in range(rows):
        command("code", "riverbend", thread.first_lead.public_id)
    client = signed_in(thread.steward)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


QUERIES = 7


def test_nothing_in_the_list_can_be_changed_or_taken_away(both_databases, thread):
    command("code", "riverbend", thread.first_lead.public_id)
    act = Act.objects.get()
    for sql in ("UPDATE programs_act SET did = 'restored'", "DELETE FROM programs_act"):
        with (
            pytest.raises(DatabaseError, match="what was done stays"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Act.objects.get() == act
    assert Act.objects.get().on == act.on > act.on - timedelta(days=1)

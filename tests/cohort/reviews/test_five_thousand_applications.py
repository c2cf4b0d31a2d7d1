"""At 5,000 applications every list of reading and choosing is still one page, in as many queries as for three."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.applications.models import Application, Contact, Event, Recording
from alongside.cohort.reviews.models import Reading
from alongside.core.workflow.applications import EventKind
from tests.cohort.calls import cast
from tests.cohort.reviews.choosing import UNTIL_CLOSED, closed, reader
from tests.support.remembering import this_hour

pytestmark = pytest.mark.django_db
MANY = 5000
SELECTION = "/riverbend/en/steward/selection/second-cohort/"


def over():
    """Give a call that closed the other day, before anyone applied."""
    return closed(count=0, thread=cast.program(now=this_hour() - UNTIL_CLOSED))


def happened(rows, kind, day):
    Event.objects.bulk_create(Event(application=one, kind=kind, on=day) for one in rows)


def many(made, count, start):
    """Put in applications with who they are from, a recording, and two readings that are done, as plain rows."""
    call, day = made.call, made.call.closes
    rows = Application.objects.bulk_create(
        Application(call=call, reference=f"{n:04}-BBBB", code_hash=f"{n:064x}", lang="en", begun_on=day)
        for n in range(start, start + count)
    )
    section = call.asked[0]
    happened(rows, EventKind.SENT, day)
    Contact.objects.bulk_create(Contact(application=one, name="Someone") for one in rows)
    Recording.objects.bulk_create(
        Recording(application=one, section=section, kind="wav", size=9) for one in rows
    )
    Reading.objects.bulk_create(
        Reading(reader=each, application=one, assigned_on=day, share=800, read_on=day)
        for one in rows
        for each in made.readers
    )
    return rows


def shortlist(made, rows):
    line = {"line": 500, "line_reasons": "x", "line_by": made.thread.steward, "line_on": made.call.closes}
    type(made.call).objects.filter(pk=made.call.pk).update(**line)
    happened(rows, EventKind.SHORTLISTED, made.call.closes)


def look(client, address, row, method="get"):
    """Fetch a page and give how many queries it took and how many rows it shows."""
    with CaptureQueriesContext(connection) as seen:
        response = getattr(client, method)(address)
    assert response.status_code == 200, address
    return len(seen), len(re.findall(row, response.content.decode()))


def test_progress_names_readings_and_shortlist_stay_one_page_and_as_many_queries(new_site_client):
    made = over()
    for _n in range(2):
        reader(made)
    desk, own = new_site_client(), new_site_client()
    desk.force_login(made.thread.steward)
    own.force_login(made.readers[0].person)
    before = (
        (desk, SELECTION, r'<span class="data">\d{4}-BBBB', "get"),
        (desk, f"{SELECTION}names/", r'<th scope="row"', "post"),
        (desk, "/riverbend/en/recordings/second-cohort/", r'<li><p><a href="[^"]*/recordings/', "get"),
        (own, "/riverbend/en/readings/", r'href="[^"]*/readings/[0-9a-f-]{36}/"', "get"),
    )
    after = (
        (desk, f"{SELECTION}shortlist/", r'<th scope="row"', "get"),
        (own, "/riverbend/en/panel/second-cohort/", r"\d{4}-BBBB</span>", "get"),
    )
    rows = many(made, 3, 0)
    desk.post(f"{SELECTION}names/")  # that names were opened is kept once
    few = [look(client, address, row, way) for client, address, row, way in before]
    rows += many(made, MANY - 3, 3)

    large = [look(client, address, row, way) for client, address, row, way in before]

    assert [count for _queries, count in few] == [0, 3, 3, 3]
    assert large == [(few[0][0], 0), *((queries, 50) for queries, _count in few[1:])]
    shortlist(made, rows[:3])
    few = [look(client, address, row, way) for client, address, row, way in after]
    shortlist(made, rows[3:])
    large = [look(client, address, row, way) for client, address, row, way in after]

    assert [count for _queries, count in few] == [3, 3]
    assert large == [(queries, 50) for queries, _count in few]


def test_what_lacks_a_reader_is_counted_and_never_listed(new_site_client):
    made = over()
    desk = new_site_client()
    desk.force_login(made.thread.steward)
    many(made, 3, 0)
    row = r"\d{4}-BBBB"
    few = look(desk, SELECTION, row)
    many(made, 200, 3)

    assert (few[1], look(desk, SELECTION, row)) == (0, (few[0], 0))

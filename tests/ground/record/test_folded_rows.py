"""Rows that are folded from the entries are read as Django reads any: they can be changed, refreshed and read in part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.ground.record.models import Standing
from tests.support.remembering import this_hour
from tests.support.thread import Thread


@pytest.fixture
def standing(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.recommend(thread.find())
    return Standing.objects.get()


def test_a_folded_row_is_the_row_that_django_would_make(standing):
    names = [one.attname for one in Standing._meta.concrete_fields]
    (values,) = Standing.objects.values_list(*names)

    assert {name: getattr(standing, name) for name in names} == dict(zip(names, values, strict=True))
    assert standing == Standing(**dict(zip(names, values, strict=True)))
    assert (standing._state.adding, standing._state.db) == (False, "default")


def test_a_folded_row_that_is_read_in_part_reads_the_rest_when_asked(standing):
    part = Standing.objects.only("ask").get()
    with CaptureQueriesContext(connection) as asked:
        office = part.office

    assert (office, part.log, len(asked)) == (standing.office, standing.log, 1)


def test_a_folded_row_is_changed_and_refreshed(standing):
    Standing.objects.update(silences=2)
    standing.refresh_from_db()
    silences, standing.silences = standing.silences, 3
    standing.save()

    assert (silences, Standing.objects.get().silences, Standing.objects.count()) == (2, 3, 1)

"""A page for each project and each decision on it."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.work import cast

LIST = "/riverbend/en/projects/"
PROJECT = f"{LIST}library-computers-records/"
DECISION = f"{PROJECT}decisions/how-long/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_decision_says_what_by_whom_and_when(site_client, db):
    cast.opened()

    text = text_of(site_client.get(DECISION))

    assert "How long records of public computers are kept" in text
    assert "Who decides Libraries and Halls Unit, Manager" in text
    assert "What is still open The number of days, and who may look" in text
    assert "What should library computers remember about you?" in text


def test_a_decision_without_an_engagement_says_so(site_client, db):
    cast.draft(cast.program())

    assert "Nobody has asked people about this yet." in text_of(site_client.get(DECISION))


def test_a_project_lists_its_decisions(site_client, db):
    cast.opened()

    text = text_of(site_client.get(PROJECT))

    assert "Records of public computers" in text
    assert "How long records of public computers are kept" in text


def test_what_is_not_on_the_record_has_no_page(site_client, db):
    cast.program()

    assert site_client.get(PROJECT).status_code == 404
    assert site_client.get(DECISION).status_code == 404


def test_the_list_of_three_takes_as_many_queries_as_the_list_of_one(site_client, db):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(LIST).status_code == 200
        return len(seen)

    thread = cast.opened()
    queries()
    one = queries()
    cast.opened(thread, "halls")
    cast.opened(thread, "signs")

    assert (one, queries()) == (5, 5)
    assert text_of(site_client.get(LIST)).count("Records of public computers") == 3

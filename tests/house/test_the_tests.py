"""The helpers of the tests do what they say."""

import threading

import pytest
from django.core.mail import send_mail
from django.db import DatabaseError, connection, transaction

from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from tests.promises.attempts import is_caught
from tests.support.browsers import axe
from tests.support.pages import faults
from tests.support.remembering import remembered
from tests.support.toy import GOOD
from tests.support.writes import QueryWhileRenderingError, WriteOutsideActionError

TABLE = "CREATE TABLE stone (id INTEGER PRIMARY KEY, words VARCHAR(20))"
SQLITE = [
    "CREATE TRIGGER stone_no_delete BEFORE DELETE ON stone BEGIN SELECT RAISE(ABORT, 'insert only'); END",
    "CREATE TRIGGER stone_no_update BEFORE UPDATE ON stone BEGIN SELECT RAISE(ABORT, 'insert only'); END",
]
POSTGRES = [
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'insert only'; END $$",
    "CREATE TRIGGER stone_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON stone EXECUTE FUNCTION refuse()",
]


def carve() -> None:
    with connection.cursor() as cursor:
        for statement in [TABLE, *(SQLITE if connection.vendor == "sqlite" else POSTGRES)]:
            cursor.execute(statement)
        cursor.execute("INSERT INTO stone VALUES (1, 'kept')")


def stones() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, words FROM stone")
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_leaves_nothing_behind_even_where_rows_cannot_be_deleted(both_databases, time):
    carve()  # would fail the second time if the table had stayed

    with pytest.raises(DatabaseError, match="insert only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM stone")
    assert stones() == [(1, "kept")]
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[both_databases]


@remembered
def carved(words: str) -> list[str]:
    carve()
    return [words]


@pytest.mark.parametrize("time", ["built", "copied"])
def test_a_state_that_was_built_before_is_copied_with_its_rows(db, time):
    carved("kept").append("mine")
    assert stones() == [(1, "kept")]


def test_what_one_test_does_with_a_copied_state_no_other_sees(db):
    assert carved("kept") == ["kept"]


def test_no_state_is_copied_over_what_a_test_has_written(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sand (id INTEGER PRIMARY KEY)")
    carved("kept")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sand")
        assert cursor.fetchone() == (0,)


def test_another_thread_sees_what_the_test_committed(both_databases):
    carve()
    seen = []

    def look():
        seen.extend(stones())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert seen == [(1, "kept")]


def test_work_set_aside_until_commit_is_done(both_databases):
    done = []

    with transaction.atomic():
        transaction.on_commit(lambda: done.append("done"))
        assert done == []

    assert done == ["done"]


def test_mail_goes_through_a_socket(mailbox):
    send_mail("Your code", "Use this:\n\nABC-123\n", "house@example.org", ["ana@example.org"])

    assert [str(letter["subject"]) for letter in mailbox.to("ana@example.org")] == ["Your code"]
    assert mailbox.code("ana@example.org") == "ABC-123"


@pytest.fixture
def toy(settings):
    settings.ROOT_URLCONF = "tests.support.toy"


def test_a_good_page_is_fetched_without_a_word(toy, site_client):
    assert site_client.get("/good/").status_code == 200


def test_a_page_that_does_not_lead_to_help_is_refused(toy, site_client, monkeypatch):
    monkeypatch.setattr("tests.support.toy.GOOD", GOOD.replace(' rel="help"', ""))
    with pytest.raises(AssertionError, match="does not lead to help"):
        site_client.get("/good/")


def test_a_view_that_writes_is_refused_and_a_session_is_not(toy, site_client):
    assert site_client.get("/sessions/").status_code == 200
    with pytest.raises(WriteOutsideActionError, match="move the write into an actions.py"):
        site_client.get("/write/")


def test_a_template_that_asks_the_database_is_refused(toy, site_client):
    with pytest.raises(
        QueryWhileRenderingError, match="ui/parts/byline.html asks the database while it is drawn"
    ):
        site_client.get("/lazy/")


def test_a_cookie_for_somebody_not_signed_in_is_refused(toy, site_client):
    with pytest.raises(AssertionError, match=r"sets the cookies \['taste'\]"):
        site_client.get("/cookie/")


FAULTS = {
    "<h1>Again</h1>": "2 h1 instead of 1; give the page one heading that says what it is.",
    "<p id=a>x</p><p id=a>y</p>": "The id 'a' stands twice; give each element its own.",
    "<a href='#nowhere'>x</a>": "A link goes to #nowhere, which is not on the page; add that id.",
    "<label for=b>x</label>": "<label for> points to #b, which is not on the page; add it or drop it.",
    "<i style='color: red'>x</i>": "<i style> is inline; the CSP drops it. Use a class.",
    "<i onclick='x()'>x</i>": "<i onclick> is inline script; the CSP drops it. Make it an island.",
    "<script>x()</script>": "A <script> is inline; the CSP drops it. Make it an island.",
    "<img alt='' src='https://elsewhere.example/a'>": "<img> asks elsewhere.example for something; serve it ourselves.",
    "<table><tbody><tr><td>1</td></tr></tbody></table>": "A table has no caption and no aria-labelledby; say what it shows.",
}


@pytest.mark.parametrize(("part", "fault"), FAULTS.items())
def test_a_fault_of_a_page_is_told_with_its_cure(part, fault):
    assert faults(GOOD.replace("{}", part)) == [fault]


def test_the_parts_around_a_page_are_checked_too():
    assert faults(GOOD.replace("<title>Stones", "<title>Rocks")) == [
        "The title 'Rocks - Toy' does not begin with the h1 'Stones'; begin it so."
    ]
    assert faults(GOOD.replace(' lang="en" dir="ltr"', "")) == [
        "<html> has no lang; set it from the request.",
        "<html> has no dir; set ltr or rtl.",
    ]
    assert faults(GOOD.replace("</main>", "")) == [
        "<main> on line 3 is never closed; close it before </body>."
    ]


def test_a_browser_may_ask_nobody_but_the_site(toy, browsing):
    ana = browsing.person("Ana", phone=True)

    ana.goto("/stranger/")

    assert any("asked https://elsewhere.example/pixel.png" in trouble for trouble in browsing.troubles)
    browsing.forgive("elsewhere.example|Failed to load resource|Content Security Policy")


def test_an_error_in_the_console_is_kept(toy, browsing):
    ana = browsing.person("Ana")

    ana.goto("/script/")

    assert ana.title() == "Stones - Toy"
    assert ["Content Security Policy" in trouble for trouble in browsing.troubles] == [True]
    browsing.forgive("Content Security Policy")


@pytest.fixture
def slow_line(monkeypatch):
    monkeypatch.setenv("ALONGSIDE_TEST_SLOW", "0.3")


def test_who_clicks_waits_until_the_page_is_read_to_its_end(slow_line, toy, browsing):
    ana = browsing.person("Ana")
    ana.goto("/link/")

    ana.get_by_role("link", name="Go on").click()

    assert ana.locator("main").all_inner_texts() == ["Stones\nFine"]


def test_axe_looks_at_the_page_under_its_policy(toy, browsing):
    ana = browsing.person("Ana")

    ana.goto("/good/")
    assert axe(ana) == []

    ana.goto("/axe/")
    assert [line.split(":")[0] for line in axe(ana)] == ["image-alt"]
    assert ana.evaluate("document.title") == "Stones - Toy"


def test_a_served_page_that_writes_is_told(toy, live_site, browsing):
    ana = browsing.person("Ana")

    ana.goto("/write/")

    assert ["WriteOutsideActionError" in trouble for trouble in live_site.troubles] == [True]
    live_site.troubles.clear()
    browsing.forgive("500|favicon")


def fails() -> None:
    raised = ["by nobody"]
    assert raised == []


def test_a_planted_violation_is_caught_by_what_is_asserted_and_by_nothing_else():
    is_caught("by nobody", fails)
    is_caught("has exactly these fields", lambda: parse(0, b'{"kind":"nothing","v":1}'), by=GrammarError)
    with pytest.raises(AssertionError, match="not by by everyone"):
        is_caught("by everyone", fails)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        is_caught("by nobody", lambda: None)
    with pytest.raises(TypeError):
        is_caught("", lambda: None + 1)

"""Logs and error reports hold no personal data."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.debug import get_exception_reporter_class, technical_500_response

from alongside.ground.gate.roles import Role, open_to
from alongside.site import urls
from alongside.site.logs import ScrubbedFormatter, StructuredFormatter, told

CANARY = "my-brother-was-stopped-on-82nd"
RECEIPT = "123456789012345678901234567890"


@open_to(Role.EVERYONE)
def breaks(request: HttpRequest, name: str = "") -> HttpResponse:
    """Fail with what was typed in the message and in a local variable."""
    typed = request.POST["typed"]
    raise ValueError(f"could not read {typed}")


urlpatterns = [path("broken/<str:name>/", breaks), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the site's own handler writes during a test."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ScrubbedFormatter))
    written = io.StringIO()
    before = handler.stream
    handler.stream = written
    yield written
    handler.stream = before


def post(**extra: Any) -> HttpResponse:
    """Send a canary to the broken page in every way a browser can."""
    client = Client(raise_request_exception=False, headers={"user-agent": CANARY, "cookie": f"c={CANARY}"})
    address = f"/broken/{CANARY}/?receipt={RECEIPT}"
    return client.post(address, {"typed": CANARY}, REMOTE_ADDR="203.0.113.9", **extra)


def test_an_error_is_told_by_its_kind_and_place_and_by_nothing_else(settings, log):
    settings.ROOT_URLCONF = __name__
    assert post().status_code == 500
    first, second, *frames = log.getvalue().splitlines()
    at, rest = first.split(" ", 1)
    assert (re.sub(r"\d", "0", at), re.sub(r"\d{6}", "482913", rest)) == (
        "0000-00-00T00:00Z",
        "ERROR django.request 500 POST /broken/<str:name>/ (error 482913)",
    )
    assert second == "builtins.ValueError at"
    assert frames[-1].endswith(" breaks")
    assert not {CANARY, RECEIPT, "203.0.113.9"} & set(log.getvalue().replace("/", " ").split())


def test_the_page_of_an_error_shows_the_number_under_which_the_log_tells_it(db, settings, log):
    settings.ROOT_URLCONF = __name__
    page = re.sub(r"<[^>]*>", "", post().content.decode())
    number = re.search(r"Error number: (\d{6})\.", page)[1]
    assert log.getvalue().splitlines()[0].endswith(f"(error {number})")


def test_a_log_in_json_tells_the_same_and_nothing_else(db, settings, log):
    settings.ROOT_URLCONF = __name__
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ScrubbedFormatter))
    before = handler.formatter
    handler.setFormatter(StructuredFormatter())
    try:
        post()
        logging.getLogger("some.library").warning("could not mail %s", CANARY)
    finally:
        handler.setFormatter(before)
    first, second = map(json.loads, log.getvalue().splitlines())
    assert re.sub(r"\d", "0", first["at"]) == "0000-00-00T00:00Z"
    assert (first["message"], first["trace"][0]) == (
        "500 POST /broken/<str:name>/",
        "builtins.ValueError at",
    )
    assert re.fullmatch(r"\d{6}", first["error"])
    assert (second["logger"], second["message"]) == ("some.library", "could not mail %s")
    assert {CANARY, RECEIPT, "203.0.113.9"} & set(log.getvalue().replace("/", " ").split()) == set()


def test_nothing_typed_reaches_the_log_in_any_part_of_a_line(db, settings, log):
    settings.ROOT_URLCONF = __name__
    post()
    Client().get(f"/{RECEIPT}/", headers={"host": f"{CANARY}.example.org"})
    assert log.getvalue() != ""
    assert [word for word in (CANARY, RECEIPT, "203.0.113.9", ":00:") if word in log.getvalue()] == []


def test_an_address_is_written_down_by_its_pattern_alone(db, log):
    logging.getLogger("django").setLevel(logging.WARNING)
    try:
        assert Client().get(f"/{RECEIPT}/").status_code == 404
    finally:
        logging.getLogger("django").setLevel(logging.ERROR)
    assert log.getvalue().split(" ", 1)[1] == "WARNING django.request 404 GET /<program:program>/\n"


def test_what_other_libraries_log_is_kept_without_its_values(log):
    logging.getLogger("some.library").warning("could not mail %s", CANARY)
    assert log.getvalue().split(" ", 1)[1] == "WARNING some.library could not mail %s\n"


def test_an_error_report_holds_no_value(rf):
    request = rf.post(f"/x/?r={RECEIPT}", {"typed": CANARY}, headers={"cookie": f"c={CANARY}"})
    try:
        breaks(request)
    except ValueError as error:
        kind, value, trace = type(error), error, error.__traceback__
    reporter = get_exception_reporter_class(request)(request, kind, value, trace)
    assert reporter.get_traceback_text() == told((kind, value, trace))
    page = technical_500_response(request, kind, value, trace).content.decode()
    assert [word for word in (CANARY, RECEIPT) if word in page] == []


@pytest.mark.parametrize("name", ["django.tasks", "django_tasks_db"])
def test_of_the_steps_of_work_only_trouble_is_told_although_the_worker_wants_all(name, log, monkeypatch):
    logger = logging.getLogger(name)
    trouble = next(one for one in logger.handlers if isinstance(one.formatter, ScrubbedFormatter))
    monkeypatch.setattr(trouble, "stream", told := io.StringIO())
    before = logger.level
    logger.setLevel(logging.INFO)  # as its worker does when it begins
    logger.info("Task id=%s", CANARY)
    logger.warning("Task id=%s", CANARY)
    logger.setLevel(before)
    assert (log.getvalue(), [line.split(" ", 1)[1] for line in told.getvalue().splitlines()]) == (
        "",
        [f"WARNING {name} Task id=%s"],
    )

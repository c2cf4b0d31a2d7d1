"""What a Prometheus reads: numbers of the machine, whose processes count together, and of nobody."""

import dataclasses
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from alongside.ground.gate import counts
from alongside.ground.people.letters import LetterNotSentError, post
from alongside.ground.record.actions.heads import sign_head
from alongside.site.config import mailer
from alongside.site.health import Finding
from alongside.site.metrics import kind_of, lines
from tests.site.test_health import AWAY
from tests.support.postgres import free_port

COUNT = """
from alongside.ground.gate.counts import count_request
for _ in range(40):
    count_request("page", 200, 0.03)
"""
NOTHING = dict.fromkeys(counts.NAMES, 0)
LINE = re.compile(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')


@pytest.fixture(autouse=True)
def _own_memory(settings, tmp_path: Path):
    settings.DATA = tmp_path
    counts._memory.cache_clear()
    yield
    counts._memory.cache_clear()


def told(**headers: str) -> dict[str, str]:
    """Give each line of the page by its name and labels."""
    text = Client().get("/metrics", headers=headers).content.decode()
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_all_processes_of_a_machine_count_together(db):
    with counts.shared():
        running = [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(2)]
        assert [one.wait(60) for one in running] == [0, 0]
        found = told()
    assert found['alongside_requests_total{kind="page",status="200"}'] == "80"
    assert found['alongside_request_seconds_bucket{kind="page",le="0.025"}'] == "0"
    assert found['alongside_request_seconds_bucket{kind="page",le="0.05"}'] == "80"
    assert found['alongside_request_seconds_count{kind="page"}'] == "80"
    assert found['alongside_request_seconds_sum{kind="page"}'] == "2.4"


def test_every_line_is_as_prometheus_reads_it(delta, clock):
    sign_head(program=delta, now=clock)
    counts.count_request("page", 418, 20)
    text = Client().get("/metrics")
    assert text["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert [line for line in text.content.decode().splitlines() if not LINE.fullmatch(line)] == []
    assert told()['alongside_requests_total{kind="page",status="4xx"}'] == "1"
    assert int(told()['alongside_head_age_seconds{program="delta"}']) < 600


def test_what_health_looks_at_is_told_in_base_units(db):
    found = [
        Finding("tick_age", 3, "minutes", well=True, cure=""),
        Finding("disk_free", 2, "MB", well=False, cure=""),
        Finding("database", None, "", well=False, cure=""),
    ]
    said = list(lines(NOTHING, found, datetime.now(tz=UTC)))
    assert {"alongside_tick_age_seconds 180", "alongside_disk_free_bytes 2097152"} <= {*said}
    assert [line for line in said if line.startswith("alongside_well{")] == [
        'alongside_well{of="tick_age"} 1',
        'alongside_well{of="disk_free"} 0',
        'alongside_well{of="database"} 0',
    ]


def test_letters_that_left_and_that_did_not_are_counted(db, settings):
    post("A message waits", "Sign in.", "ana@example.org")
    mail = dataclasses.replace(settings.ALONGSIDE.mail, kind="smtp", port=free_port())
    settings.MAILERS = {"default": mailer(dataclasses.replace(settings.ALONGSIDE, mail=mail))}
    with pytest.raises(LetterNotSentError):
        post("A message waits", "Sign in.", "ana@example.org")
    found = counts.counted()
    assert (found["letters", "sent"], found["letters", "failed"]) == (1, 1)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/delta/en/engagements/curb/", "page"),
        ("/delta/en/engagements/curb/voices/", "page"),
        ("/delta/en/sign-in/printed-code/", "page"),
        ("/en/accounts/sign-in/", "account"),
        ("/delta/record/withdraw", "record"),
        ("/static/ui/alongside.css", "file"),
        ("/metrics", "watch"),
        ("/wp-login.php", "other"),
        ("//", "other"),
    ],
)
def test_an_address_counts_for_its_kind_alone(path, kind):
    assert kind_of(path) == kind


def test_a_voice_counts_as_a_page_that_was_read():
    read, sent = "/delta/en/engagements/curb/", "/delta/en/engagements/curb/voices/"
    assert kind_of(read) == kind_of(sent)
    assert not any(one in name for name in counts.NAMES for one in ("GET", "POST", "voices"))


def test_it_does_not_exist_for_others(db, settings):
    health = dataclasses.replace(settings.ALONGSIDE.health, token="watch")
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, health=health)
    asked = [
        Client().get("/metrics", **AWAY).status_code,
        Client().get("/metrics", headers={"authorization": "Bearer wrong"}, **AWAY).status_code,
        Client().get("/metrics", headers={"authorization": "Bearer watch"}, **AWAY).status_code,
        Client().get("/metrics").status_code,
    ]
    assert asked == [404, 404, 200, 200]

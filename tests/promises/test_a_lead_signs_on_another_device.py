"""What the site saves as a file is signed on another device by whoever holds the keyring and its words, and comes back as it went."""

import io
import json
import re
import sys
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.chain.keys.queries import PASSPHRASE
from alongside.check import keys
from alongside.core.act_files import read_act_file
from alongside.core.canonical import canonical
from alongside.core.grammar.log import check_log
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.acts import Nobody, Posted, SignatureNeededError, signed_by
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.queries.progress import draft_hash
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}/asks/question/"
BACK = f"{BASE}/reader/keyring/signed/"
WORDS = {"title": "Who reads the records?", "ask": "Name each office\nthat reads them."}


@pytest.fixture
def thread(db):
    """Give a program in which two leads have keys that six words open."""
    return Thread(now=today()).open_program().found_keys(opens=True)


@pytest.fixture
def alone(thread):
    """Let nobody sign beside the browser, as on a server."""
    with signed_by(Nobody()):
        yield as_(thread.first_lead.person)


def saved(thread, browser, address=PAGE, words=None):
    """Write a question, or press what opens another page to sign, and save it as a file."""
    words = words or WORDS | {"office": thread.office.public_id}
    page = browser.post(address, words).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    again = {unescape(name): unescape(value) for name, value in fields.items()} | {"save_it": "1"}
    answer = browser.post(address, urlencode(again), content_type="application/x-www-form-urlencoded")
    assert answer["Content-Disposition"].startswith('attachment; filename="to-sign-')
    return answer.content


def keyring(thread, browser):
    """Save the keyring of the first lead."""
    return browser.get(f"{BASE}/reader/keyring/{thread.first_lead.public_id}.age").content


def sign(tmp_path, file, ring, typed=f"yes\n{PASSPHRASE}\n"):
    """Sign a file with the command; give its exit status and what it wrote, if anything."""
    (tmp_path / "act.json").write_bytes(file)
    (tmp_path / "ring.age").write_bytes(ring)
    before, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        status = keys.main(["sign", str(tmp_path / "act.json"), "--keyring", str(tmp_path / "ring.age")])
    finally:
        sys.stdin = before
    done = tmp_path / "act.signed.json"
    return status, done.read_bytes() if done.exists() else b""


def bring_back(browser, file):
    """Choose a signed file on the page that takes it; give the page, and what it would send on, if anything."""
    answer = browser.post(BACK, {"file": SimpleUploadedFile("act.signed.json", file)})
    page = answer.content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return page, [
        (unescape(name), unescape(value)) for name, value in fields if name != "csrfmiddlewaretoken"
    ]


def send(browser, fields):
    """Send what was brought back to where it was going."""
    return browser.post(PAGE, urlencode(fields), content_type="application/x-www-form-urlencoded")


def changed(file, change):
    """Give a file in which something is changed."""
    found = json.loads(file)
    change(found)
    return json.dumps(found).encode()


def test_what_was_signed_on_another_device_goes_on_the_record_and_holds_for_anyone(
    thread, alone, tmp_path, capsys
):
    file = saved(thread, alone)
    status, done = sign(tmp_path, file, keyring(thread, alone))
    assert status == 0
    told = capsys.readouterr().out
    assert all(line in told for one in WORDS.values() for line in one.split("\n"))
    assert PASSPHRASE not in told
    page, fields = bring_back(alone, done)
    assert WORDS["title"] in page
    again = alone.post(BACK, {"file": SimpleUploadedFile("act.signed.json", done)})
    assert again["Cache-Control"] == "private, no-cache"  # Back shows it again
    assert send(alone, fields).status_code == 302
    entries = list(thread.entries())
    assert list(json.loads(entries[-1])["act"]["sigs"]) == [thread.first_lead.public_id]
    assert check_log(entries, origin=thread.program.origin).kinds["ask.questioned"] == 1
    bring_back(alone, done)
    send(alone, fields)
    assert list(thread.entries()) == entries  # once


def test_the_questions_of_a_promise_are_shown_as_people_read_them_where_it_is_signed_and_where_it_comes_back(
    db, tmp_path, capsys
):
    thread = Thread(now=today()).open_program().draft_engagement().found_keys(opens=True).make_keys()
    for actor in (thread.first_lead, thread.manager):
        engagements.sign(engagement=thread.engagement, actor=actor.public_id, now=thread.now)
    finish = f"{BASE}/drafts/library-computers/finish/"
    with signed_by(Nobody()):
        browser = as_(thread.first_lead.person)
        file = saved(thread, browser, finish, {"draft": draft_hash(thread.engagement), "open": "1"})
    status, done = sign(tmp_path, file, keyring(thread, browser))
    told = capsys.readouterr().out
    assert status == 0
    assert (
        "1. They choose one answer\n         en: Do you use the library?\n            - Yes [yes]\n" in told
    )
    page, _fields = bring_back(browser, done)
    assert "<p><b>Do you use the library?</b></p>" in page
    assert 'lang="es" dir="ltr"><p class="byline">Spanish</p><p><b>¿Usa la biblioteca?</b></p>' in page
    shown = unescape(re.sub(r"<input[^>]*>", "", page)) + told
    assert [one for one in ('"questions"', '"kind"', '"words"') if one in shown] == []


def test_saving_writes_nothing_and_keeps_nothing(thread, alone):
    before = LogEntry.objects.count()
    found = read_act_file(saved(thread, alone))
    assert (found.seat, found.is_signed) == (thread.first_lead.public_id, False)
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("typed", ["no\n", "\n", f"yes\n{PASSPHRASE} more\n"])
def test_without_a_yes_and_the_six_words_nothing_is_signed(thread, alone, tmp_path, typed):
    assert sign(tmp_path, saved(thread, alone), keyring(thread, alone), typed) == (2, b"")


def test_another_leads_keyring_signs_nothing(thread, alone, tmp_path):
    other = as_(thread.second_lead.person)
    ring = other.get(f"{BASE}/reader/keyring/{thread.second_lead.public_id}.age").content
    assert sign(tmp_path, saved(thread, alone), ring) == (2, b"")


def test_a_keyring_is_given_to_nobody_but_its_lead(thread):
    page = f"{BASE}/reader/keyring/{thread.first_lead.public_id}.age"
    for person in (thread.second_lead.person, thread.steward, thread.staff, None):
        assert as_(person).get(page).status_code in {403, 404}


def other_words(found):
    """Show other words than would be signed."""
    found["said"][1][3] = "Something harmless."


def fewer_words(found):
    """Show some of the words only."""
    found["said"].pop()


def other_head(found):
    """Have her sign over a log that lacks what it is about."""
    act = json.loads(found["act"])
    act["drafts"][0]["cites"] = {"project": [found["head"]["size"]]}
    found["act"] = canonical(act).decode()


def of_nobody(found):
    """Have a seat sign what is another's."""
    found["seat"] = "seat-00000000"


def written_otherwise(found):
    """Write the act in another way than the one."""
    found["act"] = found["act"].replace('"drafts":', '"drafts": ')


def to_come(found):
    """Name a day that is to come."""
    found["head"]["day"] = (today() + timedelta(days=9)).date().isoformat()


def long_ago(found):
    """Name a day that is long over."""
    found["head"]["day"] = (today() - timedelta(days=16)).date().isoformat()


def signed_before(found):
    """Say that another lead signed before what nobody signed."""
    act = json.loads(found["act"])
    act["drafts"][0]["by"] = ["seat-00000000"]
    told = {
        "act": canonical(act).decode(),
        "said": found["said"],
        "seat": "seat-00000000",
        "key": found["key"],
    }
    found["before"] = [told | {"signed": found["head"] | {"sig": "A" * 86 + "=="}}]


@pytest.mark.parametrize(
    "lie",
    [other_words, fewer_words, other_head, of_nobody, written_otherwise, to_come, long_ago, signed_before],
)
def test_a_file_that_shows_other_than_would_be_signed_is_signed_by_nobody(thread, alone, tmp_path, lie):
    file = saved(thread, alone)
    assert sign(tmp_path, changed(file, lie), keyring(thread, alone)) == (1, b"")
    assert sign(tmp_path, file, keyring(thread, alone))[0] == 0  # the same without the lie


def test_a_file_whose_act_was_changed_with_its_words_shows_them_and_comes_to_nothing(
    thread, alone, tmp_path, capsys
):
    def change(found):
        act = json.loads(found["act"])
        act["drafts"][0]["data"]["office"] = "streets/manager"
        found["act"] = canonical(act).decode()

    before = LogEntry.objects.count()
    _status, done = sign(tmp_path, changed(saved(thread, alone), change), keyring(thread, alone))
    assert "office: streets/manager" in capsys.readouterr().out
    _page, fields = bring_back(alone, done)
    assert "Something changed since you signed" in send(alone, fields).content.decode()
    assert LogEntry.objects.count() == before


def test_what_another_lead_saved_and_what_another_site_saved_is_not_taken_back(
    thread, alone, tmp_path, settings
):
    _status, done = sign(tmp_path, saved(thread, alone), keyring(thread, alone))
    assert bring_back(as_(thread.second_lead.person), done)[1] == []
    other_form = changed(done, lambda found: found.update(form="x" + found["form"]))
    assert bring_back(alone, other_form)[1] == []
    assert bring_back(alone, saved(thread, alone))[1] == []  # nobody signed it
    assert bring_back(alone, b"{}")[1] == []
    assert bring_back(alone, done)[1]
    settings.SECRET_KEY = "another secret of a server, long enough to be one"
    assert bring_back(as_(thread.first_lead.person), done)[1] == []


def later(thread, days):
    """Let the first lead sign a question on her own device today, and enter it so many days later."""
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        thread.question()
    act, seat = waits.value.act, thread.first_lead.public_id
    sig = thread.keyrings[seat].sign(act.statement(seat))
    thread.now += timedelta(days=days)
    with signed_by(Posted(act.token, json.dumps({seat: {**act.head, "sig": sig}}))):
        return thread.question()


@pytest.mark.parametrize("days", [0, 1, 14])
def test_what_a_lead_signed_is_entered_within_14_days_and_its_clock_runs_from_that_day(thread, days):
    asked = later(thread, days)
    assert asked.date == thread.today + timedelta(days=days)
    assert (
        asked.data["answer_due"]
        == (asked.date + timedelta(pack_of(thread.program).clocks.answer_days)).isoformat()
    )
    check_log(thread.entries(), origin=thread.program.origin)


def test_what_a_lead_signed_15_days_ago_is_entered_by_nobody(thread):
    before = LogEntry.objects.count()
    with pytest.raises(SignatureNeededError):
        later(thread, 15)
    assert LogEntry.objects.count() == before

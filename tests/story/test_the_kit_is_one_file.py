"""On a computer the field kit is one file: it opens without this site, locks what people say, sends nothing, and what it saved counts once."""

import base64
import hashlib
import json
import re

import pytest

from alongside.chain.voices.models import Voice
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import key_digits
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import parse
from alongside.site.actions import files_given
from alongside.site.demo.keys import new_identity
from tests.story.steps import press
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]


@pytest.fixture
def thread(calendar):
    return Thread(now=calendar.now()).to_open_engagement()


def saved_kit(browsing, thread, tmp_path):
    """Let a lead save the kit from the page where the site offers it."""
    ana = browsing.person("Ana", signed_in=thread.first_lead.person, accept_downloads=True)
    ana.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/in-person/")
    assert axe(ana) == []
    with ana.expect_download() as download:
        ana.get_by_role("link", name="On a computer: save it as one file").click()
    file = tmp_path / "kit.html"
    download.value.save_as(file)
    return ana, file


def take_in(page, words):
    page.locator("[data-question=q2] textarea").fill(words)
    page.locator("[data-seal]").click()
    page.locator("[data-written]").wait_for()


def test_a_file_takes_in_voices_without_the_site_and_the_site_takes_them_in_once(
    browsing, live_site, thread, computer, tmp_path
):
    # Given the file on a computer
    ana, file = saved_kit(browsing, thread, tmp_path)

    # When it opens without a connection, in Spanish
    computer.goto(file.as_uri())
    computer.get_by_role("button", name="Español").click()
    assert computer.evaluate("document.documentElement.lang") == "es"
    computer.locator("input[name=taken][value=door]").check()
    computer.locator("input[name=how]").first.check()
    assert axe(computer) == []

    # And two people speak, and the window is closed in between
    take_in(computer, "Más cerca.")
    computer.close(run_before_unload=False)
    again = computer.context.new_page()
    again.on("console", lambda said: computer.troubles.append(said.text) if said.type == "error" else None)
    again.goto(file.as_uri())
    again.get_by_role("button", name="English").click()
    again.get_by_label("At a door or in the street").check()
    again.get_by_label("Somebody told them in their language").check()
    take_in(again, "Closer.")
    again.get_by_role("heading", name="Waiting on this device: 2").wait_for()
    assert axe(again) == []
    assert Voice.objects.count() == 0

    # And she saves them as a file, which holds only what is sent
    with again.expect_download() as download:
        press(again, "Save them as a file")
    bundle = tmp_path / "voices.json"
    download.value.save_as(bundle)
    told = json.loads(bundle.read_text())
    assert [sorted(one) for one in told["voices"]] == [["act", "mark", "sealed"]] * 2
    assert "loser" not in bundle.read_text()
    press(again, "Delete what I saved from this computer")
    again.locator("[data-waiting]").wait_for(state="hidden")

    # Then the page on the site takes them in, once, however often she chooses the file
    ana.locator("summary", has_text="Bring in what a computer saved").click()
    answers = []
    ana.on("response", lambda got: answers.append(got.status) if got.request.method == "POST" else None)
    for times in (1, 2):
        ana.locator("[data-brought]").set_input_files(bundle)
        while len(answers) < 2 * times:
            ana.wait_for_timeout(50)
        ana.get_by_text("All that waited here is sent.").wait_for()
    assert answers == [200] * 4
    opened = [parse(open_sealed(bytes(one.sealed), [thread.identity])) for one in Voice.objects.all()]
    assert sorted((one.answers["q2"], one.taken, one.lang) for one in opened) == [
        ("Closer.", "door", "en"),
        ("Más cerca.", "door", "es"),
    ]
    assert computer.troubles == []


def test_only_the_script_and_the_style_whose_hashes_the_log_names_run_in_the_file(
    browsing, live_site, thread, tmp_path
):
    _ana, file = saved_kit(browsing, thread, tmp_path)
    html = file.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    named = {one["name"]: bytes.fromhex(one["sha256"]) for one in files_given()}
    for name, kind in (("dist/taking.js", "script"), ("ui/alongside.css", "style")):
        inside = re.findall(rf"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
        assert [hashlib.sha256(one.encode()).digest() for one in inside] == [named[name]]
        assert f"{kind}-src 'sha256-{base64.b64encode(named[name]).decode()}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src" not in policy


def test_a_file_tells_the_digits_of_the_key_to_which_it_locks(
    browsing, live_site, thread, computer, tmp_path
):
    ana, file = saved_kit(browsing, thread, tmp_path)
    digits = key_digits(thread.recipient)
    ana.get_by_text(f"Digits of the key, to compare with those in the file: {digits}").wait_for()

    def told():
        computer.goto(file.as_uri())
        computer.get_by_role("button", name="English").click()
        return computer.locator("[data-key-digits]").text_content()

    assert told() == digits
    another = recipient_of(new_identity())
    file.write_text(file.read_text().replace(thread.recipient, another))
    assert told() == key_digits(another) != digits


def test_a_file_of_something_else_is_told_and_nothing_is_sent(browsing, live_site, thread, tmp_path):
    ana, _file = saved_kit(browsing, thread, tmp_path)
    wrong = tmp_path / "wrong.json"
    voice = {"mark": "a", "act": "b", "sealed": "c"}
    wrong.write_text(json.dumps({"kind": "alongside voices 1", "recipient": "age1other", "voices": [voice]}))
    ana.locator("summary", has_text="Bring in what a computer saved").click()
    for text in (wrong.read_text(), "no JSON", "{}"):
        wrong.write_text(text)
        ana.locator("[data-brought]").set_input_files(wrong)
        ana.get_by_text("This is no file that a computer saved for these questions.").wait_for()
    assert Voice.objects.count() == 0

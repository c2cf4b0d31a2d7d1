"""A person speaks in a real browser where something is in the way: no recorder, no leave to record, a file, a bad line, a long story."""

import base64
import json
import re
from copy import deepcopy

import pytest

from alongside.chain.voices.models import Voice
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import SOUND_BUCKETS, parse
from alongside.work.engagements.actions import save_draft, save_questions
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, WORDS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
PAGE = "/riverbend/en/engagements/library-computers/"
RECORD = """async ([type, milliseconds]) => {
    const stream = await navigator.mediaDevices.getUserMedia({audio: true});
    const recorder = new MediaRecorder(stream, {mimeType: type, audioBitsPerSecond: 24000});
    const parts = [];
    recorder.ondataavailable = ({data}) => parts.push(data);
    const ended = new Promise(done => { recorder.onstop = done; });
    recorder.start();
    await new Promise(done => setTimeout(done, milliseconds));
    recorder.stop();
    await ended;
    stream.getTracks().forEach(track => track.stop());
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, one => String.fromCharCode(one)).join(""));
}"""
WHERE = b"+45.5152-122.6784/ my kitchen"


@pytest.fixture
def thread():
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    save_questions(engagement=walked.engagement, questions=QUESTIONS, spoken=True)
    return walked.make_keys().open()


def file_of(browsing, kind, seconds=1):
    """Record a sound with the microphone of a browser, and give its bytes."""
    page = browsing.person("somebody else")
    page.goto(PAGE)
    return base64.b64decode(page.evaluate(RECORD, [kind, 1000 * seconds]))


def choose(page, content, name="sound.m4a"):
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Choose a sound file").click()
    asked.value.set_files({"name": name, "mimeType": "audio/mp4", "buffer": content})


def sent(page, thread):
    """Send what stands on the page, and open what came in."""
    page.get_by_role("button", name="Send so only leads can read it").click()
    page.get_by_role("heading", name="Keep these digits").wait_for()
    return parse(open_sealed(bytes(Voice.objects.get().sealed), [thread.identity]))


def record(page):
    page.get_by_role("button", name="Answer by voice").click()
    page.locator("[data-time]", has_text="0:01").wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Your voice:").wait_for()


def test_where_the_browser_cannot_record_a_file_is_chosen_and_loses_where_it_was_made(
    browsing, live_site, thread
):
    made = file_of(browsing, "audio/mp4") + (8 + len(WHERE)).to_bytes(4) + b"uuid" + WHERE
    page = browsing.person("an old browser", phone=True)
    page.add_init_script("delete window.MediaRecorder")
    page.goto(PAGE)
    page.get_by_role("button", name="Choose a sound file").wait_for()
    assert page.get_by_role("button", name="Answer by voice").count() == 0

    choose(page, made)
    page.get_by_text("Your voice: 0:01").wait_for()
    assert axe(page) == []
    spoken = sent(page, thread)

    assert (spoken.answers["q2"]["kind"], spoken.answers["q2"]["seconds"]) == ("m4a", 1)
    sound = spoken.sounds["q2"]
    assert (len(sound), sound.count(WHERE), made.count(WHERE)) == (len(made), 0, 1)
    assert sound[: made.index(b"moov")] == made[: made.index(b"moov")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\0" * (SOUND_BUCKETS[-1] + 1), "This file is larger than 2 MB."),
        (b"RIFF\0\0\0\0WAVEfmt ", "This is no sound that we can take."),
        (b"\x1a\x45\xdf\xa3 and no sound behind it", "This is no sound that we can take."),
    ],
    ids=["too large", "another kind", "not what it says"],
)
def test_a_file_that_cannot_be_taken_is_named_and_what_was_typed_stays(
    browsing, live_site, thread, content, told
):
    page = browsing.person("an old browser", phone=True)
    page.add_init_script("delete window.MediaRecorder")
    page.goto(PAGE)
    page.get_by_label("2. What should change?").fill("Sundays")

    choose(page, content)

    page.get_by_role("alert").get_by_text(told).wait_for()
    assert axe(page) == []
    assert page.get_by_label("2. What should change?").input_value() == "Sundays"
    assert sent(page, thread).answers == {"q2": "Sundays"}


def test_a_file_of_more_than_three_minutes_is_named(browsing, live_site, thread):
    made = file_of(browsing, "audio/webm")
    page = browsing.person("an old browser")
    page.add_init_script(
        "delete window.MediaRecorder;"
        "Object.defineProperty(HTMLMediaElement.prototype, 'duration', {get: () => 181.5});"
    )
    page.goto(PAGE)

    choose(page, made, "sound.webm")

    page.get_by_text("This lasts longer than three minutes.").wait_for()


def test_where_the_person_says_no_to_the_microphone_the_page_says_what_else_goes(browsing, live_site, thread):
    page = browsing.person("the resident", phone=True)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
    )
    page.goto(PAGE)
    assert page.get_by_role("button", name="Choose a sound file").count() == 0

    page.get_by_role("button", name="Answer by voice").click()

    page.get_by_role("alert").get_by_text("This page may not use the microphone.").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Choose a sound file").wait_for()
    page.get_by_label("2. What should change?").fill("Sundays")
    assert sent(page, thread).answers == {"q2": "Sundays"}


def test_it_stops_by_itself_after_three_minutes(browsing, live_site, thread):
    page = browsing.person("the resident", phone=True)
    page.clock.install()
    page.goto(PAGE)
    page.get_by_role("button", name="Answer by voice").click()
    page.locator("[data-time]", has_text="0:01").wait_for()

    page.clock.fast_forward(180_000)

    page.get_by_text("Your voice: 3:00").wait_for()
    assert sent(page, thread).answers["q2"]["seconds"] == 180


def test_what_failed_on_its_way_is_sent_again_to_the_last_byte(browsing, live_site, thread):
    browsing.forgive("Failed to load resource: net::ERR_FAILED")
    page = browsing.person("the resident", phone=True)
    tried = []
    page.goto(PAGE)
    page.get_by_label("2. What should change?").fill("Sundays")
    record(page)

    def cut(route):
        tried.append(json.loads(route.request.post_data))
        route.abort() if len(tried) == 1 else route.continue_()

    page.route("**/voices/", cut)
    page.get_by_role("button", name="Send so only leads can read it").click()
    page.get_by_text("Nothing was sent: the connection failed.").wait_for()
    spoken = sent(page, thread)

    assert (len(tried), tried[0] == tried[1]) == (2, True)
    assert spoken.answers["q2"]["words"] == "Sundays"
    assert spoken.sounds["q2"][:4] == b"\x1a\x45\xdf\xa3"


def test_what_is_taken_out_is_not_sent_and_what_is_there_is_not_left_unasked(browsing, live_site, thread):
    page = browsing.person("the resident", phone=True)
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(PAGE)
    record(page)
    page.get_by_role("link", name="Español").first.click(no_wait_after=True)
    page.get_by_text("Your voice:").wait_for()
    assert (asked, re.search("/en/", page.url) is not None) == (["beforeunload"], True)

    page.get_by_role("button", name="Take it out").click()
    page.get_by_role("button", name="Answer by voice").wait_for()
    page.get_by_label("Yes").check()

    assert (sent(page, thread).answers, Voice.objects.get().bucket) == ({"q1": "yes"}, 1024)


def test_in_arabic_on_a_phone_each_state_runs_from_right_to_left_and_fits(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    arabic = {"q1": "هل تستخدم المكتبة؟", "q2": "ما الذي يجب أن يتغير؟", "yes": "نعم", "no": "لا"}
    asked = deepcopy(QUESTIONS)
    for one in [*asked, *asked[0]["options"]]:
        one["words"] = {"en": one["words"]["en"], "ar": arabic[one["id"]]}
    words = {"en": WORDS["en"], "ar": {name: f"كلمات {name}" for name in WORDS["en"]}}
    save_draft(engagement=walked.engagement, changes={"languages": ["en", "ar"], "words": words})
    save_questions(engagement=walked.engagement, questions=asked, spoken=True)
    walked.make_keys().open()
    page = browsing.person("نادية", phone=True, lang="ar")
    page.goto(PAGE.replace("/en/", "/ar/"))

    def good():
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert axe(page) == []

    page.locator("[data-record]").wait_for()
    good()
    page.locator("[data-record]").click()
    page.locator("[data-time]", has_text="0:01").wait_for()
    good()
    page.locator("[data-stop]").click()
    page.locator("[data-drop]").wait_for()
    good()
    assert page.locator("[data-length]").evaluate("one => getComputedStyle(one).direction") == "ltr"
    page.locator("[data-seal]").click()
    page.locator(".digits").wait_for()
    spoken = parse(open_sealed(bytes(Voice.objects.get().sealed), [walked.identity]))
    assert (spoken.lang, list(spoken.sounds)) == ("ar", ["q2"])

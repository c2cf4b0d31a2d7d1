"""With the reader as one file, where nothing of the site runs and nothing is connected, a lead reads what people said and signs what she asks."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.actions import take_in
from alongside.core.canonical import canonical
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.log import check_log
from alongside.core.grammar.releases import READER
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.voice import Voice, plaintext
from alongside.ground.record.actions import heads
from alongside.site import demo
from alongside.site.actions import files_given, tell_files
from alongside.work.engagements.actions import save_questions
from tests.chain.voices.cast import say
from tests.promises.test_leads_read_without_the_site import about, changed, speaks, take_in_said
from tests.story.steps import press, sign, unfold
from tests.story.test_a_spoken_voice_is_heard import until
from tests.story.test_two_leads_sign_their_parts import FIRST, SECOND, look, to_check
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
ASK = "Name each office that reads them."


@pytest.fixture
def thread(db):
    """Give an engagement on which people spoke, whose leads have keyrings that six words open."""
    thread = Thread(now=this_hour()).open_program().draft_engagement().found_keys(opens=True)
    thread.make_keys().open()
    heads.sign_head(program=thread.program, now=thread.now)
    speaks(thread, "Closer to the river.", answers={"q1": "yes", "q2": "Closer to the river."})
    speaks(thread, "Más cerca.", lang="es")
    return thread


def save(page, link, folder):
    """Save what a link or a button leads to."""
    with page.expect_download() as download:
        link.click()
    download.value.save_as(where := folder / download.value.suggested_filename)
    return where


def without_the_site(browsing, thread, folder):
    """Let the first lead save the reader, from the page that says what it is for; give her browser and the file."""
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto("/riverbend/en/reader/keyring/")
    unfold(ana, "Files, other devices and recovery papers")
    ana.get_by_role("link", name="Read and sign without this site").click()
    ana.get_by_role("heading", name="Save the reader, once").wait_for()
    assert axe(ana) == []
    return ana, save(ana, ana.get_by_role("link", name="Save the reader"), folder)


def opens(computer, reader, language="English"):
    """Open the file in a language."""
    computer.goto(reader.as_uri())
    computer.get_by_role("button", name=language).click()


def to_sign(ana, thread, folder):
    """Let her write a question, and save what she would sign, and her keyring."""
    ana.goto("/riverbend/en/asks/question/")
    ana.get_by_label("Which office should answer?").select_option(thread.office.public_id)
    ana.locator("[name=title]").fill("Who reads the records?")
    ana.locator("[name=ask]").fill(ASK)
    ana.locator("main form button.button").first.click()
    ana.get_by_role("heading", name="Sign it with your key").wait_for()
    unfold(ana, "Sign it on another device")
    file = save(ana, ana.get_by_role("button", name="Save it as a file"), folder)
    return file, save(ana, ana.get_by_role("link", name="Your key", exact=True), folder)


def test_what_people_said_is_read_in_the_file_with_nothing_connected(
    browsing, live_site, thread, computer, tmp_path
):
    # Given a lead who saved the reader, and what people said
    ana, reader = without_the_site(browsing, thread, tmp_path)
    sealed = save(ana, ana.get_by_role("link", name="Save what people said"), tmp_path)
    assert sealed.name == f"{thread.engagement.slug}-sealed.jsonl"
    assert "river." not in sealed.read_text()

    vkey = json.loads(sealed.read_text().partition("\n")[0])["vkey"]

    # When she opens both on a computer without a connection, and types other words than her six
    opens(computer, reader)
    assert axe(computer) == []
    computer.get_by_label("The file that you saved").set_input_files(sealed)
    computer.get_by_role("heading", name="title (en)").wait_for()
    computer.get_by_text(f"in entry {thread.promise} of the public log").wait_for()
    computer.get_by_text(vkey).wait_for()
    assert axe(computer) == []
    computer.locator("#read-words").fill("one two three four five six")
    press(computer, "Open what people said")
    computer.get_by_text("These are not the six words of this key.").wait_for()

    # Then her six words open it, as her reader on the site does
    computer.locator("#read-words").fill(PASSPHRASE)
    press(computer, "Open what people said")
    computer.get_by_text("Voices opened: 2.").wait_for()
    computer.get_by_text("Más cerca.").wait_for()
    computer.get_by_text("Closer to the river.").click()
    computer.get_by_text("Do you use the library?").first.wait_for()
    assert axe(computer) == []
    assert computer.get_by_role("checkbox", name="Choose voice").count() == 0
    assert not computer.get_by_text("Anybody can send one such voice").is_visible()
    translated = "meta[name=google][content=notranslate], [data-voices][translate=no], [data-by-text][spellcheck=false]"
    assert computer.locator(translated).count() == 3
    computer.get_by_label("Search").fill("river")
    computer.get_by_text("Más cerca.").wait_for(state="detached")

    # And nothing of it is left when she closes it
    press(computer, "Close it and forget what was opened")
    computer.get_by_role("button", name="English").wait_for()
    assert computer.get_by_text("river").count() == 0
    assert computer.troubles == []


def test_a_lead_finds_her_own_voice_in_the_file_by_its_receipt_and_learns_that_another_is_not_there(
    browsing, live_site, thread, computer, tmp_path
):
    # Given a lead who spoke as anyone does, and whose voice the site left out of the second file
    own = say("This is a check.", **about(thread))
    take_in_said(thread, own)
    ana, reader = without_the_site(browsing, thread, tmp_path)
    sealed = save(ana, ana.get_by_role("link", name="Save what people said"), tmp_path)
    lines = sealed.read_text().splitlines(keepends=True)
    (shorter := tmp_path / "shorter-sealed.jsonl").write_text(
        "".join(one for one in lines if own.mark not in one).replace('{"voices": 3}', '{"voices": 2}')
    )

    def looks(file):
        opens(computer, reader)
        computer.get_by_label("The file that you saved").set_input_files(file)
        computer.locator("#read-words").fill(PASSPHRASE)
        press(computer, "Open what people said")
        unfold(computer, "Find a voice by its receipt")
        computer.get_by_label("The digits of your receipt").fill(receipt.grouped(own.secret))
        press(computer, "Find it")

    # When she looks for it by its receipt where nothing is connected, then each file says whether it is there
    looks(sealed)
    computer.get_by_text("Only this one is shown below.").wait_for()
    assert computer.locator("[data-voices] [data-said]").first.inner_text() == "This is a check."
    assert computer.locator("[data-voices] .voice-line").count() == 1
    assert axe(computer) == []
    looks(shorter)
    computer.get_by_text("It is not among the voices that were opened here.").wait_for()
    computer.get_by_text("It came in after you saved this file").wait_for()
    assert computer.locator("[data-voices] .voice-line").count() == 2
    assert axe(computer) == []
    assert computer.troubles == []


def speaks_aloud(thread):
    """Let somebody answer by voice."""
    sound, secret = (Path(demo.__file__).parent / "tone.webm").read_bytes(), receipt.make()
    read = receipt.read_secret(secret)
    promise = thread.log.get(thread.promise)
    voice = Voice(
        engagement=thread.engagement.slug,
        form=promise.data["form"],
        r=read.hex(),
        lang="en",
        quote=False,
        answers={"q2": {"bytes": len(sound), "kind": "webm", "seconds": 1, "words": ""}},
        taken="self",
        consent={"notice": entry_hash(promise), "how": "screen", "on": thread.today.isoformat()},
        sounds={"q2": sound},
    )
    take_in(
        program=thread.program,
        engagement=thread.engagement.slug,
        mark=receipt.seal_mark(read).hex(),
        act=receipt.act_hash(receipt.act_secret(secret)).hex(),
        sealed=seal(plaintext(voice), thread.recipient),
        now=thread.now,
    )


def test_what_somebody_said_aloud_is_heard_from_the_file(browsing, live_site, computer, tmp_path):
    # Given an engagement in which people may answer by voice
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    save_questions(engagement=thread.engagement, questions=QUESTIONS, spoken=True)
    thread.found_keys(opens=True).make_keys().open()
    heads.sign_head(program=thread.program, now=thread.now)
    speaks_aloud(thread)
    ana, reader = without_the_site(browsing, thread, tmp_path)
    sealed = save(ana, ana.get_by_role("link", name="Save what people said"), tmp_path)

    # When a lead opens it without a connection, and listens
    opens(computer, reader)
    computer.get_by_label("The file that you saved").set_input_files(sealed)
    computer.locator("#read-words").fill(PASSPHRASE)
    press(computer, "Open what people said")
    computer.get_by_text("[spoken, 0:01]").click()
    computer.get_by_role("button", name="Listen").click()

    # Then it plays, and nothing asks for words that would be kept nowhere
    until(computer.locator("audio"), "one.readyState > 0")
    assert computer.get_by_label("What you hear, in words").count() == 0
    assert computer.troubles == []


def test_beside_questions_that_others_answered_no_voice_is_shown(
    browsing, live_site, thread, computer, tmp_path
):
    # Given one voice that answers other questions than two that fit
    ana, reader = without_the_site(browsing, thread, tmp_path)
    speaks(thread, "Other questions.", form="a" * 64)

    def reads():
        sealed = save(ana, ana.get_by_role("link", name="Save what people said"), tmp_path)
        opens(computer, reader)
        computer.get_by_label("The file that you saved").set_input_files(sealed)
        computer.locator("#read-words").fill(PASSPHRASE)
        press(computer, "Open what people said")
        computer.get_by_text("Anybody can send one such voice").wait_for()

    # When she opens them, then the page says so above the list
    reads()
    computer.get_by_text("Más cerca.").wait_for()
    assert axe(computer) == []

    # And where they are more than those that fit, it shows no voice
    for words in ("More.", "And more."):
        speaks(thread, words, form="a" * 64)
    reads()
    computer.get_by_text("So no voice is shown.").wait_for()
    assert not computer.get_by_text("Más cerca.").is_visible()
    assert computer.get_by_role("button", name="Close it and forget what was opened").is_visible()
    assert computer.troubles == []


def test_a_changed_file_is_refused_in_plain_words(browsing, live_site, thread, computer, tmp_path):
    ana, reader = without_the_site(browsing, thread, tmp_path)
    sealed = save(ana, ana.get_by_role("link", name="Save what people said"), tmp_path)
    whole = sealed.read_bytes()

    def questions(found):
        found["form"]["questions"][1]["words"]["en"] = "What is good as it is?"

    def title(found):
        found["title"]["words"] = "Something else"

    def maker(found):
        found["made"] = min(one["index"] for one in found["entries"])

    def promise(found):
        (one,) = [each for each in found["entries"] if each["index"] == found["promise"]]
        one["entry"] = one["entry"].replace('"closes"', '"Closes"')

    opens(computer, reader)
    wrong = tmp_path / "wrong.jsonl"
    for file, said in (
        (changed(whole, questions), "are not those that people were asked"),
        (changed(whole, title), "are not those that people were asked"),
        (changed(whole, promise), "does not stand in the public log that it names"),
        (whole[:-20], "This file was cut short"),
        (b'{"kind": "alongside sealed voices 1"}\n', "This file is not whole"),
        (b"{}", "This is no file that the site saved"),
    ):
        wrong.write_bytes(file)
        computer.get_by_label("The file that you saved").set_input_files(wrong)
        computer.get_by_text(said).wait_for()
        assert not computer.locator("#read-words").is_visible()
    wrong.write_bytes(changed(whole, maker))
    computer.get_by_label("The file that you saved").set_input_files(wrong)
    computer.locator("#read-words").fill(PASSPHRASE)
    press(computer, "Open what people said")
    computer.get_by_text("No lead made the key of this engagement").wait_for()
    computer.get_by_text("Closer to the river").wait_for(state="detached")
    assert computer.troubles == []


def test_what_she_asks_is_signed_in_the_file_and_stands_on_the_record(
    browsing, live_site, thread, computer, tmp_path
):
    # Given a lead who saved the reader, her keyring, and what she would sign
    ana, reader = without_the_site(browsing, thread, tmp_path)
    file, ring = to_sign(ana, thread, tmp_path)
    assert axe(ana) == []

    # When she signs it on a computer without a connection
    opens(computer, reader, "Español")
    assert computer.evaluate("document.documentElement.lang") == "es"
    computer.locator("[data-saved]").set_input_files(file)
    computer.locator("[data-drafts]").get_by_text(ASK).wait_for()
    assert axe(computer) == []
    computer.locator("[data-ring]").set_input_files(ring)
    computer.locator("#sign-words").fill(PASSPHRASE)
    signed = save(computer, computer.locator("[data-view=signing] [data-unlock]"), tmp_path)
    assert signed.name == file.name.replace(".json", ".signed.json")
    assert axe(computer) == []

    # And brings it back, then it is on the record under her key
    ana.get_by_role("link", name="Bring back what you signed", exact=True).click()
    ana.get_by_label("The signed file").set_input_files(signed)
    press(ana, "Show what it holds")
    press(ana, "Send it")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()
    entries = list(thread.entries())
    assert list(json.loads(entries[-1])["act"]["sigs"]) == [thread.first_lead.public_id]
    check_log(entries, origin=thread.program.origin)
    assert computer.troubles == []


def test_a_file_whose_words_are_not_those_that_would_be_signed_is_signed_by_nobody(
    browsing, live_site, thread, computer, tmp_path
):
    # Given a site that shows other words than it would have signed, or has other things signed
    ana, reader = without_the_site(browsing, thread, tmp_path)
    file, ring = to_sign(ana, thread, tmp_path)
    whole = json.loads(file.read_text())
    act = json.loads(whole["act"])

    def acting(**more):
        return {"act": canonical({**act, **more}).decode()}

    def drafts(**more):
        return acting(drafts=[{**act["drafts"][0], **more}])

    words = [[*whole["said"][0]], [*whole["said"][1][:3], "Something harmless."]]
    far = {**whole["head"], "day": "2999-01-01"}
    past = {**whole["head"], "day": "2020-01-01"}
    lies = [
        ({"said": words}, "The words in this file are not those that your key would sign."),
        ({"said": words[:1]}, "The words in this file are not those that your key would sign."),
        (drafts(cites={"project": [10**6]}), "does not hold all that this is about"),
        ({"seat": "seat-00000000"}, "is not of the place that it names"),
        (drafts(kind="ask.unheard"), "of another release of the site"),
        (acting(v=99), "of another release of the site"),
        ({"head": far}, "names a day that is still to come"),
        ({"head": past}, "This file was good until January 15, 2020"),
        ({"act": whole["act"].replace('"drafts":', '"drafts": ')}, "This file is not whole"),
        ({"before": [{"seat": "seat-00000000"}]}, "This file is not whole"),
        ({"key": "ab" * 32}, "This key is not the one of the place that signs this"),
    ]

    # When she opens such a file, then nothing is signed and the page says why
    wrong = tmp_path / "wrong.json"
    for lie, said in lies:
        wrong.write_text(json.dumps(whole | lie))
        opens(computer, reader)
        computer.get_by_label("The file that you saved").set_input_files(wrong)
        if "key" in lie:
            computer.locator("[data-drafts]").get_by_text(ASK).wait_for()
            computer.locator("[data-ring]").set_input_files(ring)
            computer.locator("#sign-words").fill(PASSPHRASE)
            press(computer, "Sign it")
        computer.get_by_text(said).wait_for()
        assert computer.get_by_role("button", name="Sign it").is_visible() == ("key" in lie)
    assert computer.troubles == []


def test_the_second_of_two_leads_reads_in_the_file_what_the_first_signed_and_other_words_of_it_are_refused(
    browsing, live_site, computer, tmp_path
):
    # Given a claim that a first lead checked, and signed
    thread = to_check()
    ana = browsing.person("Ana", signed_in=thread.first_lead.person)
    look(ana, thread, FIRST)
    sign(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")

    # When the second saves what he would sign, and opens it where other words of hers stand in it
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)
    ben.goto("/riverbend/en/reader/own/")
    reader = save(ben, ben.get_by_role("link", name="Save the reader"), tmp_path)
    look(ben, thread, SECOND)
    unfold(ben, "Sign it on another device")
    file = save(ben, ben.get_by_role("button", name="Save it as a file"), tmp_path)
    ring = save(ben, ben.get_by_role("link", name="Your key", exact=True), tmp_path)
    told = json.loads(file.read_text())
    told["before"][0]["said"][0][3] = "Nothing was done."
    (wrong := tmp_path / "wrong.json").write_text(json.dumps(told))
    opens(computer, reader)
    computer.get_by_label("The file that you saved").set_input_files(wrong)
    computer.get_by_text("What another lead signed before is not about the same").wait_for()

    # Then he reads hers beside his own where it is whole, and both stand on the record
    computer.get_by_label("The file that you saved").set_input_files(file)
    computer.locator("[data-before]").get_by_text(FIRST).wait_for()
    computer.locator("[data-drafts]").get_by_text(SECOND).wait_for()
    assert axe(computer) == []
    computer.locator("[data-ring]").set_input_files(ring)
    computer.locator("#sign-words").fill(PASSPHRASE)
    signed = save(computer, computer.locator("[data-view=signing] [data-unlock]"), tmp_path)
    ben.get_by_role("link", name="Bring back what you signed", exact=True).click()
    ben.get_by_label("The signed file").set_input_files(signed)
    press(ben, "Show what it holds")
    press(ben, "Send it")
    ben.get_by_role("button", name="Send it").wait_for(state="detached")
    entries = list(thread.entries())
    assert len(json.loads(entries[-1])["act"]["sigs"]) == 2
    check_log(entries, origin=thread.program.origin)
    assert computer.troubles == []


def test_only_the_script_and_the_style_that_are_in_the_file_run_in_it_and_the_log_names_all_of_it(
    browsing, live_site, thread, tmp_path
):
    tell_files(program=thread.program, files=files_given(), now=thread.now)
    ana, reader = without_the_site(browsing, thread, tmp_path)
    html = reader.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    for tag, kind in (("style", "style"), ('script type="module"', "script")):
        inside = re.findall(rf"<{tag}>(.*?)</{kind}>", html, re.DOTALL)
        digest = hashlib.sha256(inside[0].encode()).digest()
        assert len(inside) == 1
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src 'none';" in policy
    own = hashlib.sha256(reader.read_bytes()).hexdigest()
    assert {"name": READER, "sha256": own} in files_given()
    unfold(ana, "How do you know that it is the right one?")
    ana.get_by_text(own).wait_for()
    ana.get_by_role("link", name="The scripts of the site changed").click()
    ana.get_by_role("heading", name="The scripts of the site changed").wait_for()
    assert own in ana.content()

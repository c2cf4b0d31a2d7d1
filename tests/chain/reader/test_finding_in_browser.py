"""A lead writes a finding in the reader: what was typed is not lost, whatever ends or is pressed meanwhile."""

import json

import pytest

from alongside.chain.findings.actions import attest, keep_draft
from alongside.chain.findings.models import Attestation, SealedDraft
from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.reader import actions as reader
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import Voice
from alongside.core.canonical import canonical
from alongside.core.grammar.log import check_log
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.opening import open_sealed
from alongside.ground.gate import tokens
from alongside.ground.record.rows import RowsLog
from tests.chain.voices import cast
from tests.chain.voices.cast import form_of, say
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/en/reader/"
WORDS = "The hall is too far away."


@pytest.fixture
def walked():
    return spoken(this_hour())


@remembered
def spoken(now):
    """Give an open engagement with twelve sealed voices and two leads who hold its key."""
    walked = Thread(now=now).open_program().draft_engagement()
    walked.found_keys(opens=True).make_keys().open()
    marks = []
    for n in range(12):
        voice = say(f"Voice {n}", form=form_of(walked), recipient=walked.recipient)
        sent = {"mark": voice.mark, "act": voice.act, "sealed": voice.sealed}
        intake.take_in(program=walked.program, engagement="library-computers", now=walked.now, **sent)
        marks.append(voice.mark)
    walked.enter(
        "voices.published", ["clock"], {"marks": sorted(marks), "part": 1}, {"engagement": [walked.promise]}
    )
    return walked


@pytest.fixture
def ana(browsing, walked):
    """Give the first lead's page, with the voices open and a finding typed that rests on all of them."""
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana)
    for box in ana.locator("[data-voices] [data-choose]").all():
        box.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(WORDS)
    return ana


def unlock(page):
    """Open the reader of the engagement."""
    page.goto(READER + "library-computers/")
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text("Voices opened: 12").wait_for()


def press(page, name):
    page.get_by_role("button", name=name).click()


def kept(page):
    """Wait until the page says that it saved the draft."""
    page.get_by_text("Your draft is saved.").wait_for()


def published(walked):
    log = RowsLog.of(walked.program)
    return log.citing(walked.promise, "finding.published")


def test_a_finding_is_published_after_the_half_hour_without_unlocking_again(
    walked, ana, browsing, monkeypatch
):
    browsing.forgive("401")
    monkeypatch.setattr(tokens, "SALT", "every token given before has ended")

    press(ana, "See how it will look")
    press(ana, "Publish it")

    ana.wait_for_url("**/#finding-*")
    assert len(published(walked)) == 1


def test_where_a_lead_is_not_let_in_again_the_page_says_so_and_keeps_the_words(ana, browsing, monkeypatch):
    browsing.forgive("401")
    monkeypatch.setattr(tokens, "MINUTES", -1)

    ana.get_by_text("Your draft is not saved yet. The site did not let you in again.").wait_for()

    assert ana.get_by_label("What we heard").input_value() == WORDS
    press(ana, "Back to the voices")
    assert ana.locator("[data-voices] [data-choose]").first.is_checked()


def test_a_problem_stands_below_the_button_that_was_pressed(ana):
    ana.get_by_label("What we heard").fill("")

    press(ana, "See how it will look")

    told = ana.get_by_role("alert").get_by_text("choose at least one voice")
    told.wait_for()
    button = ana.get_by_role("button", name="See how it will look").bounding_box()
    assert 0 <= told.bounding_box()["y"] - button["y"] <= 200


def test_whoever_publishes_while_people_still_speak_is_told_before_and_may(walked, ana):
    press(ana, "See how it will look")

    warned = ana.locator("[data-part=look]").get_by_text("you leave out whoever speaks later")
    warned.wait_for()
    assert warned.bounding_box()["y"] < ana.get_by_role("button", name="Publish it").bounding_box()["y"]
    press(ana, "Publish it")
    ana.wait_for_url("**/#finding-*")
    assert len(published(walked)) == 1


def test_a_second_press_publishes_nothing_more(walked, ana):
    asked = []
    ana.on("request", lambda request: asked.append(request.url) if "/publish" in request.url else None)
    press(ana, "See how it will look")

    ana.get_by_role("button", name="Publish it").dblclick()

    ana.wait_for_url("**/#finding-*")
    assert (len(asked), len(published(walked))) == (1, 1)


def test_a_draft_saves_itself_once_for_one_change_and_is_there_for_every_lead(walked, ana, browsing):
    asked = []
    ana.on("request", lambda request: asked.append(request.url) if request.url.endswith("/drafts") else None)
    kept(ana)

    assert len(asked) == 1
    ben = browsing.person("Ben", signed_in=walked.second_lead.person)
    unlock(ben)
    drafts = ben.locator("[data-drafts] li")
    drafts.first.wait_for()
    assert drafts.locator("[data-said]").all_text_contents() == [WORDS]
    assert not drafts.get_by_role("button", name="Delete this draft").is_visible()
    press(ben, "Go on with this draft")
    assert ben.get_by_label("What we heard").input_value() == WORDS


def test_what_was_typed_is_there_again_after_a_look_at_the_desk(walked, ana):
    press(ana, "Back to the voices")
    press(ana, "Back to the list of engagements")
    press(ana, "Open the voices")
    ana.get_by_text("Voices opened: 12").wait_for()

    press(ana, "Go on with this draft")
    assert ana.get_by_label("What we heard").input_value() == WORDS
    press(ana, "See how it will look")
    press(ana, "Publish it")
    ana.wait_for_url("**/#finding-*")
    assert len(published(walked)) == 1
    unlock(ana)
    assert ana.locator("[data-drafts] li").count() == 0


def test_leaving_the_page_is_asked_about_while_words_are_not_kept(ana):
    asked = []
    ana.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    kept(ana)
    ana.reload()
    assert asked == []
    unlock(ana)
    press(ana, "Go on with this draft")
    ana.get_by_label("What we heard").fill("Typed again")
    ana.reload()
    assert asked == ["beforeunload"]


def test_the_quick_exit_is_not_held_back_by_words_that_are_not_kept(ana):
    asked = []
    ana.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ana.locator(".leave").evaluate("(link) => { link.href = '/riverbend/en/' }")

    ana.locator(".leave").click()

    ana.wait_for_url("**/riverbend/en/")
    assert asked == []


def test_another_draft_is_begun_beside_the_one_in_hand_and_only_ones_own_is_deleted(ana):
    press(ana, "Back to the voices")
    press(ana, "Choose none")
    ana.locator("[data-bar]").wait_for(state="hidden")
    ana.locator("[data-voices] [data-choose]").first.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").wait_for()
    assert ana.get_by_label("What we heard").input_value() == ""
    ana.get_by_label("What we heard").fill("Another thing")
    kept(ana)

    press(ana, "Back to the voices")
    drafts = ana.locator("[data-drafts] li")
    assert sorted(drafts.locator("[data-said]").all_text_contents()) == sorted([WORDS, "Another thing"])
    drafts.filter(has_text=WORDS).get_by_role("button", name="Delete this draft").click()
    ana.get_by_text("The draft is deleted.").wait_for()
    assert drafts.locator("[data-said]").all_text_contents() == ["Another thing"]


@pytest.mark.parametrize(
    "what", [b"age-encryption.org/v1\n-> X25519 nonsense\n", b"null", b'{"marks": ["zz"]}']
)
def test_a_draft_that_does_not_open_or_is_none_stops_nobody(walked, browsing, what):
    sealed = what if what.startswith(b"age") else seal(what, walked.recipient)
    given = {"promise": walked.promise, "seat": walked.second_lead, "draft_id": None, "now": walked.now}
    keep_draft(program=walked.program, sealed=sealed, **given)

    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana)

    ana.get_by_text("Drafts that do not open: 1").wait_for()
    ana.locator("[data-voices] [data-choose]").first.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(WORDS)
    kept(ana)


@pytest.mark.parametrize(
    "marked", ['{"themes": [null], "marked": {}}', '{"themes": [], "marked": {"MARK": 5}}']
)
def test_notes_that_are_none_stop_nobody_and_those_before_stand(walked, browsing, marked):
    mark = Voice.objects.order_by("mark").first().mark
    for saved, seat, notes in (
        (0, walked.first_lead, '{"themes": [{"id": "t1", "name": "Distance"}], "marked": {}}'),
        (1, walked.second_lead, marked.replace("MARK", mark)),
    ):
        sealed = seal(notes.encode(), walked.recipient)
        reader.keep_notes(
            program=walked.program, promise=walked.promise, seat=seat, sealed=sealed, revision=saved
        )

    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana)

    ana.locator("[data-themes]").get_by_text("Distance").wait_for()
    ana.locator("[data-voices] [data-choose]").first.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").wait_for()


def test_a_list_that_leaves_opened_voices_out_is_not_the_same_to_the_second_lead(walked, browsing):
    first, _second = cast.holders(walked)
    marks = sorted(Voice.objects.values_list("mark", flat=True))
    given = {"program": walked.program, "promise": walked.promise, "seat": first.seat, "not_opened": 0}

    def propose(listed) -> None:
        reader.propose_opened(**given, marks=listed, now=walked.now)

    propose(marks[:10])
    propose(marks)

    ben = browsing.person("Ben", signed_in=walked.second_lead.person)
    unlock(ben)
    ben.get_by_text("Opened here and not on it: 2").wait_for()

    assert ben.get_by_role("button", name="I opened the same: sign").count() == 1


def test_two_readers_sign_one_list_of_opened_voices_each_with_its_own_key(walked, browsing):
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana)
    ana.locator("[data-telling] summary").click()
    ana.locator("[data-propose]").click()
    ana.get_by_text("The list is kept. A second lead must sign it.").first.wait_for()
    assert walked.log.every("voices.opened") == []

    ben = browsing.person("Ben", signed_in=walked.second_lead.person)
    unlock(ben)
    press(ben, "I opened the same: sign")
    ben.get_by_text("Two leads signed the list. It is on the public log.").first.wait_for()
    (entry,) = walked.log.every("voices.opened")
    assert set(entry.act["sigs"]) == {one.public_id for one in walked.leads[:2]}
    check_log(walked.entries(), origin=walked.program.origin)


@pytest.mark.parametrize("who", ["its writer", "the word of the site", "another key"])
def test_only_what_its_writers_own_key_signed_is_confirmed_by_a_second_lead(walked, browsing, who):
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana)
    for box in ana.locator("[data-voices] [data-choose]").all()[:2]:
        box.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(WORDS)
    press(ana, "See how it will look")
    press(ana, "Confirm it for another lead to publish")
    ana.locator("[data-drafts] > li").wait_for()
    row = SealedDraft.objects.get()
    if who != "its writer":
        note = json.loads(open_sealed(bytes(row.sealed), [walked.identity]))
        if who == "another key":
            ring = walked.keyrings[walked.second_lead.public_id]
            note["part"]["signed"]["sig"] = ring.sign(b"as if it was hers")
        else:
            del note["part"]
        # Whoever holds the server seals another note, and makes the row that says that she confirmed it
        finding = Attestation.objects.get().finding
        given = {"program": walked.program, "promise": walked.promise, "seat": walked.first_lead}
        given |= {"draft_id": str(row.pk), "now": walked.now}
        keep_draft(sealed=seal(json.dumps(note).encode().ljust(16_384), walked.recipient), **given)
        attest(finding=finding, **given)
    ben = browsing.person("Ben", signed_in=walked.second_lead.person)
    unlock(ben)
    waits = ben.locator("[data-drafts] > li")
    waits.wait_for()
    is_hers = who == "its writer"
    assert waits.get_by_text("Another lead confirmed this.").is_visible() is is_hers
    if not is_hers:
        assert not published(walked)
        return
    waits.get_by_role("button", name="Read it and its voices").click()
    ben.locator("[data-confirm]").click()
    ben.wait_for_url("**/follow/**")
    (entry,) = published(walked)
    assert set(entry.act["sigs"]) == {walked.first_lead.public_id, walked.second_lead.public_id}


def test_nothing_is_signed_of_another_promise_than_the_opened_voices_agreed_to(walked, browsing):
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)

    def of_another(route):
        response = route.fetch()
        route.fulfill(response=response, json=response.json() | {"promise": walked.promise - 1})

    ana.route("**/read", of_another)
    ana.goto(READER + "library-computers/")
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Unlock")
    ana.get_by_text("No lead signed what people were promised here").wait_for()
    assert ana.locator("[data-mark]").count() == 0

    def upon_another(route):
        response = route.fetch()
        told = response.json()
        other = json.loads(told["entry"])
        other["data"]["k"] = 2
        route.fulfill(response=response, json=told | {"entry": canonical(other).decode()})

    ana.unroute("**/read", of_another)
    ana.route("**/to-sign", upon_another)
    unlock(ana)
    for box in ana.locator("[data-voices] [data-choose]").all():
        box.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(WORDS)
    press(ana, "See how it will look")
    press(ana, "Publish it")
    ana.get_by_role("alert").get_by_text("is not about the question whose answers you opened here").wait_for()
    assert not published(walked)

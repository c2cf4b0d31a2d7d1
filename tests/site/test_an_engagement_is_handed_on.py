"""Nobody has to say "now you": what one has done of an engagement stands on the desk of whoever goes on, and on nobody else's."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from lxml.html import FormElement, document_fromstring

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.keys import actions as keys
from alongside.chain.keys.models import EngagementKey
from alongside.chain.reader.actions import propose_opened, sign_opened
from alongside.chain.reader.models import OpenedList
from alongside.chain.reports import actions as reports
from alongside.chain.voices import actions as intake
from alongside.cohort.seats.models import Seat
from alongside.ground.programs.queries import pack_of
from alongside.site.demo import sealed
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.wording import government, reading_words
from tests.site.test_the_next_step_is_on_a_desk import BASE, desk, lines_of
from tests.support.pages import CheckingClient
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work import cast
from tests.work.engagements.test_drafting import as_

LEADS = {"first", "second", "third"}
HOLDERS = {"first", "second"}
ROOM = f"{BASE}/engagements/library-computers/room/"


def people(thread: Thread) -> dict[str, tuple[object, str]]:
    """Give everybody with the desk at which they sit."""
    leads = {name: (getattr(thread, f"{name}_lead").person, "week") for name in sorted(LEADS)}
    return leads | {
        "boss": (thread.boss, "unit"),
        "staff": (thread.staff, "unit"),
        "steward": (thread.steward, "steward"),
    }


def who_sees(thread: Thread, heading: str) -> set[str]:
    """Name those on whose desk a line begins with these words."""
    return {
        name
        for name, (person, where) in people(thread).items()
        if any(words.startswith(heading) for _href, words in lines_of(person, where, heading))
    }


def opens(thread: Thread) -> str:
    """Give what the room of a draft says it needs, without tags."""
    return re.sub(r"<[^>]+>|\s+", " ", needs(thread.first_lead))


def needs(lead: Seat) -> str:
    """Give the line of the room that tells a lead what the draft needs."""
    page = as_(lead.person).get(ROOM).content.decode()
    return page.split("To open:")[1].split("</p>")[0]


def change(thread: Thread, **changes) -> None:
    thread.engagement = engagements.save_draft(
        engagement=Engagement.objects.get(pk=thread.engagement.pk), changes=changes
    )


def sign(thread: Thread, *actors: str) -> None:
    for actor in actors:
        engagements.sign(engagement=thread.engagement, actor=actor, now=thread.now)


def begun(days: int) -> Thread:
    """Open the library's engagement so many days ago."""
    return cast.opened(Thread(now=this_hour() - timedelta(days=days)).open_program())


def test_a_draft_is_written_signed_tested_and_opened_by_whom_the_desk_tells(db):
    thread = cast.draft()
    first, boss = thread.first_lead.public_id, thread.manager.public_id
    questions = thread.engagement.form["questions"]
    change(thread, form={"v": 1, "questions": []})
    assert who_sees(thread, "Finish the draft: ") == {"first"}
    assert who_sees(thread, "Read and sign: ") == set()

    change(thread, form={"v": 1, "questions": questions})
    assert who_sees(thread, "Finish the draft: ") == set()
    assert who_sees(thread, "Read and sign: ") == {"first"}  # a manager reads once, when a lead has signed
    assert who_sees(thread, "Make its key: ") == {"first"}

    sign(thread, first)
    assert who_sees(thread, "Read and sign: ") == {"boss"}

    thread.make_keys()  # two leads test it
    assert who_sees(thread, "Make its key: ") == who_sees(thread, "Test the key: ") == set()
    assert who_sees(thread, "Open it: ") == set()

    sign(thread, boss)
    assert who_sees(thread, "Read and sign: ") == set()
    assert who_sees(thread, "Open it: ") == {"first", "second"}  # who can open what people say

    engagements.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    assert who_sees(thread, "Open it: ") == set()


def test_the_words_of_a_draft_in_another_language_wait_for_every_other_lead(db):
    thread = cast.draft()
    words, first = thread.engagement.words, thread.first_lead.public_id
    ours = reading_words(government(pack_of(thread.program), "en"))
    changed = {"en": {**words["en"], "reading": ours}, "es": {**words["es"], "reading": "", "decision": ""}}
    change(thread, words={**words, **changed})
    assert who_sees(thread, "Write the Spanish words: ") == LEADS
    assert who_sees(thread, "Finish the draft: ") == set()
    assert who_sees(thread, "Make its key: ") == {
        "first"
    }  # who waits for the words of others goes on with it

    other = thread.second_lead.person
    page = as_(other).get("/riverbend/en/drafts/library-computers/words/es/")
    assert (
        "1 field is still empty in Español." in page.content.decode()
    )  # who can read stands there in our words
    ask = re.search(r'href="([^"]+)">Ask a lead', page.content.decode())[1]
    asked = as_(other).get(ask).content.decode()
    assert "http://testserver/riverbend/en/drafts/library-computers/words/es/</textarea>" in asked
    assert '<a href="/riverbend/en/drafts/library-computers/words/es/">Back to the draft</a>' in asked
    sent = as_(other).post(ask, {"to": first, "words": "Who writes Spanish?"})
    assert sent.url == "/riverbend/en/drafts/library-computers/words/es/?done=written"
    assert (
        "Back to" not in as_(other).get(f"{ask.partition('?')[0]}?on=https://elsewhere.org/").content.decode()
    )

    mine = as_(thread.first_lead.person)
    pages, said = (ROOM, f"{BASE}/week/"), "You asked other leads for the Spanish words on "
    assert [said in mine.get(page).content.decode() for page in pages] == [False, False]
    mine.post(ask, {"to": "all", "words": f"Who writes Spanish? {BASE}/drafts/library-computers/words/es/"})
    assert [said in mine.get(page).content.decode() for page in pages] == [True, True]
    assert who_sees(thread, "Write the Spanish words: ") == LEADS

    change(thread, words=words)
    assert who_sees(thread, "Write the Spanish words: ") == set()


def test_a_draft_that_was_changed_goes_back_to_both_who_sign(db):
    thread = cast.draft().make_keys()
    first, boss = thread.first_lead.public_id, thread.manager.public_id
    sign(thread, first, boss)
    change(thread, closes=thread.now.date() + timedelta(days=31))

    assert who_sees(thread, "Open it: ") == set()
    assert who_sees(thread, "Read and sign: ") == {"first"}
    sign(thread, first)
    assert who_sees(thread, "Read and sign: ") == {"boss"}


def test_a_key_that_is_made_waits_for_those_who_hold_it_and_have_not_tested_it(db, monkeypatch):
    thread = cast.draft()
    nonces = []
    confirm = keys.confirm_test
    monkeypatch.setattr(keys, "confirm_test", lambda **given: nonces.append(given))
    thread.make_keys()
    assert who_sees(thread, "Test the key: ") == HOLDERS

    assert "two test voices to try the key, by any of:" in opens(thread)
    change(thread, form={"v": 1, "questions": []})
    assert who_sees(thread, "Test the key: ") == HOLDERS  # as the room says, also while words are missing
    assert who_sees(thread, "Finish the draft: ") == {"first"}

    confirm(**nonces[0])
    assert who_sees(thread, "Test the key: ") == {"second"}
    assert "one more test voice to try the key, by any of:" in opens(thread)
    reader = "/riverbend/en/reader/library-computers/"
    assert (reader in needs(thread.first_lead), reader in needs(thread.second_lead)) == (False, True)
    confirm(**nonces[1])
    assert who_sees(thread, "Test the key: ") == set()


@pytest.mark.parametrize("left", [1, 2])
def test_a_key_whose_holders_have_left_before_they_tested_it_is_made_anew(db, monkeypatch, left):
    thread = cast.draft()
    monkeypatch.setattr(keys, "confirm_test", lambda **given: None)
    thread.make_keys()
    for seat in (thread.first_lead, thread.second_lead)[:left]:
        type(seat).objects.filter(pk=seat.pk).update(left_on=thread.now.date())

    rows = desk(thread.third_lead.person, "week", "")

    assert any("Make its key" in one for one in rows.values())
    assert who_sees(thread, "Test the key: ") == set()


def test_what_the_lead_who_left_began_waits_for_every_other(db):
    thread = cast.draft()
    type(thread.first_lead).objects.filter(pk=thread.first_lead.pk).update(left_on=thread.now.date())

    seen = {
        name
        for name in ("second", "third")
        if any("Make its key" in one for one in desk(getattr(thread, f"{name}_lead").person, "week").values())
    }
    assert seen == {"second", "third"}


def test_a_pause_waits_for_those_who_can_end_it(db):
    thread = cast.opened()
    engagements.pause(
        engagement=thread.engagement, ground="A question leads to a person.", by="steward", now=thread.now
    )
    assert who_sees(thread, "Paused: ") == LEADS | {"steward"}

    engagements.resume(engagement=thread.engagement, by=thread.third_lead.public_id, now=thread.now)
    assert who_sees(thread, "Paused: ") == set()


def test_voices_are_opened_by_two_who_hold_the_key_and_then_what_was_heard_is_written(db):
    thread = begun(40)
    marks = thread.hear()
    thread.later(32)
    assert who_sees(thread, "Open the voices: ") == HOLDERS

    given = {"program": thread.program, "now": thread.now}
    propose_opened(promise=thread.promise, seat=thread.first_lead, marks=marks, not_opened=0, **given)
    assert who_sees(thread, "Open the voices: ") == {"second"}

    sign_opened(opened_list=OpenedList.objects.get(), seat=thread.second_lead, **given)
    assert who_sees(thread, "Open the voices: ") == set()
    assert who_sees(thread, "Write what you heard: ") == HOLDERS

    thread.find()
    assert who_sees(thread, "Write what you heard: ") == set()


def test_a_recommendation_goes_between_the_bureau_and_the_leads(db):
    thread = begun(40)
    ask = thread.later(33).recommend(thread.find())
    unit = {"boss", "staff"}
    assert who_sees(thread, "Keep for a day") == unit | {"steward"}

    given = {"program": thread.program, "ask": ask.index, "lang": "en", "now": thread.now}
    unclear = asks.ask_what_is_meant(office=thread.manager.public_id, words="Which records?", **given)
    assert who_sees(thread, "Say what you mean: ") == LEADS
    clear = {"unclear": unclear.index, "seat": thread.second_lead.public_id}
    asks.clarify(words="Of computers.", **clear, **given)
    assert who_sees(thread, "Say what you mean: ") == set()

    declined = thread.answer(ask, "declined")[0]
    assert who_sees(thread, "Keep for a day") == set()
    assert who_sees(thread, "Read the answer: Keep for a day") == LEADS

    contest = answers.contest(
        program=thread.program,
        answer=declined.index,
        seat=thread.first_lead.public_id,
        words="It was about computers.",
        lang="en",
        now=thread.now,
    )
    assert who_sees(thread, "Read the answer: ") == set()
    assert who_sees(thread, "Add your words: Keep for a day") == {"second", "third"}
    assert who_sees(thread, "Keep for a day") == unit | {"steward"}

    thread.answer(contest, "accepted")
    assert who_sees(thread, "Keep for a day") == who_sees(thread, "Add your words: ") == set()
    assert who_sees(thread, "The City accepted: Keep for a day") == LEADS


def test_what_is_said_to_be_done_waits_for_leads_who_look_until_two_have(db):
    thread = begun(40)
    ask = thread.later(33).recommend(thread.find())
    commitment = thread.answer(ask)[1]
    assert who_sees(thread, "Go and look: ") == set()

    claim = thread.claim(commitment)
    assert who_sees(thread, "Go and look: ") == LEADS
    thread.check(claim, thread.first_lead)
    assert who_sees(thread, "Go and look: ") == {"second", "third"}
    thread.check(claim, thread.third_lead)
    assert who_sees(thread, "Go and look: ") == set()
    assert who_sees(thread, "Kept: ") == LEADS


def test_people_hear_back_and_then_it_is_closed(db):
    thread = begun(75)
    thread.later(74).find()
    intake.publish_batches(program=thread.program, now=thread.now)
    thread.enter(
        "voices.opened",
        [thread.first_lead.public_id, thread.second_lead.public_id],
        {"marks": thread.hear(), "part": 1},
        {"engagement": [thread.promise]},
    )
    assert who_sees(thread, "Report back: ") == LEADS

    thread.report()
    assert who_sees(thread, "Report back: ") == set()
    assert who_sees(thread, "Close: ") == LEADS

    reports.close_engagement(
        program=thread.program, promise=thread.promise, seat=thread.second_lead, now=thread.now
    )
    assert who_sees(thread, "Close: ") == set()


def sent_by(page: str, button: str) -> tuple[FormElement, dict[str, list[str]]]:
    """Give the form that has this button, and what its press sends where nothing is typed."""
    for form in document_fromstring(page).forms:
        for one in form.xpath(".//button"):
            if one.text_content().strip() == button:
                sent = [
                    *form.form_values(),
                    *([(one.get("name"), one.get("value"))] if one.get("name") else []),
                ]
                return form, {name: [said for key, said in sent if key == name] for name, _said in sent}
    raise AssertionError(f"No button is called {button!r}.")


@pytest.mark.parametrize("is_earlier", [False, True], ids=["from nothing", "from an earlier one"])
def test_an_engagement_goes_from_idea_to_open_in_few_screens(db, is_earlier):
    thread = cast.draft()  # in two languages, with four questions
    day = thread.now.date()
    thread.project = thread.register_project("ramp", "A ramp", "Where it goes.")
    point = thread.schedule_decision(
        "where", on=day + timedelta(days=60), decision="Where the ramp is built", still_open="The street"
    )
    thread.found_keys(opens=True)
    seen: dict[str, list[str]] = {"first": [], "second": [], "boss": []}
    clients, now_at, here = {}, {}, {}
    for name in seen:
        clients[name] = CheckingClient()
        person = people(thread)[name][0]
        clients[name].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def opens(name: str, address: str) -> None:
        page = clients[name].get(address)
        assert page.status_code == 200, address
        seen[name].append(address.partition("?")[0].removeprefix(BASE))
        now_at[name], here[name] = page.content.decode(), address

    def follow(name: str, place: str) -> None:
        """Open a page by a link on the page before; every one counts."""
        links = [one.partition("#")[0] for one in re.findall(r'href="([^"]+)"', now_at[name])]
        assert f"{BASE}{place}" in links, (name, place)
        opens(name, f"{BASE}{place}")

    def press(name: str, button: str, **typed: str) -> None:
        """Fill in the form of the page that has this button, and follow where it leads."""
        form, sent = sent_by(now_at[name], button)
        sent |= {key: [said] for key, said in typed.items()}
        if form.method == "GET":
            opens(name, f"{here[name]}?{urlencode(sent, doseq=True)}")
            return
        went = clients[name].post(form.action or here[name], sent)
        assert went.status_code == 302, went.content.decode()
        opens(name, went.url)

    # The lead has an idea
    opens("first", f"{BASE}/week/")
    follow("first", "/drafts/new/")
    if is_earlier:
        press("first", "Fill it in", **{"from": thread.engagement.slug})
    press(
        "first",
        "Save and go on",
        title="Where should the new ramp go?",
        partner=thread.manager.public_id,
        point=str(point.pk),
        decision="Where the ramp is built",
        can_change="The street",
        cannot_change="That it is built this year.",
        level="iap2/involve",
        lang="en",
    )
    asked = "q2-words" if is_earlier else "n1-words"
    press("first", "Save and go on", **{asked: "Which side?"})
    draft = Engagement.objects.latest("pk")
    room, reader = f"/engagements/{draft.slug}/room/", f"/reader/{draft.slug}/"
    pages = ["/week/", "/drafts/new/", f"/drafts/{draft.slug}/questions/", room]
    assert list(dict.fromkeys(seen["first"])) == pages
    above, signs, _below = now_at["first"].partition("Sign this draft")
    assert bool(signs) and "Which side?" in above.partition("<details")[0]
    assert (
        now_at["first"].count("after the decision") == 0
    )  # the days that it begins with come before the decision
    press("first", "Sign this draft")
    assert seen["first"][-1] == reader  # the key is made there, and a test voice opened
    sealed.make_engagement_key(story=thread, engagement=draft, seats=thread.leads, now=thread.now)

    # A second lead is told to test the key, and the manager to read and sign
    assert EngagementKey.objects.count() == 1
    opens("second", f"{BASE}/week/")
    seen["second"].append(reader)
    opens("boss", f"{BASE}/unit/")
    follow("boss", f"/signatures/{draft.slug}/")
    press("boss", "Sign for the bureau")

    # Then a desk says: open it
    follow("first", "/week/")
    follow("first", room)
    press("first", "Freeze the promise and open")
    assert seen["first"][-1] == f"/engagements/{draft.slug}/"

    took = {name: len(pages) for name, pages in seen.items()}
    assert took == {"first": 9 if is_earlier else 8, "second": 2, "boss": 3}

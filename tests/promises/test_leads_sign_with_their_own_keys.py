"""Promise 3, from grammar 4 on: what a lead with a key asks or contests nobody enters without that key, whoever holds the server."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from alongside.chain.answers.actions import contest
from alongside.chain.asks import actions as asks
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.ledger.tree import Tree
from alongside.core.sealing.acts import act_statement
from alongside.ground.record import acts
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.acts import Nobody, Posted, SignatureNeededError, signed_by
from alongside.ground.record.models import LogEntry
from alongside.site.demo.keys import Rings
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}/asks/question/"
WORDS = {"title": "Who reads the records?", "ask": "Name each office that reads them."}


@pytest.fixture
def thread(db):
    """Give a program in which two leads have keys, and the third has none."""
    return Thread(now=today()).open_program().found_keys()


@pytest.fixture
def alone(thread):
    """Let nobody sign beside the browser, as on a server."""
    with signed_by(Nobody()):
        yield as_(thread.first_lead.person)


def shown(answer):
    """Give the fields of the form on the page to sign, and what the page gives the device."""
    page = answer.content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    told = dict(re.findall(r' (act|said|day|size|root|origin)="([^"]*)"', page))
    return {unescape(name): unescape(value) for name, value in fields}, {
        name: unescape(value) for name, value in told.items()
    }


def signed(thread, told, *, seat=None, ring=None, **other):
    """Sign what a page shows as a lead's device does: as the first lead, or otherwise."""
    seat = seat or thread.first_lead.public_id
    head = {"day": told["day"], "size": int(told["size"]), "root": told["root"]} | other
    statement = act_statement(origin=told["origin"], seat=seat, act=told["act"].encode(), **head)
    sig = thread.keyrings[ring or seat].sign(statement)
    return json.dumps({seat: {**head, "sig": sig}})


def send(browser, fields):
    """Send the form of the page to sign, as a browser does."""
    return browser.post(PAGE, urlencode(fields), content_type="application/x-www-form-urlencoded")


def asked(thread, browser, **more):
    """Send the question as a lead types it; give the page that comes."""
    return browser.post(PAGE, WORDS | {"office": thread.office.public_id} | more)


def last(thread):
    """Give the newest entry, as its bytes say it."""
    return json.loads(bytes(LogEntry.objects.order_by("-index").first().raw))


def judge(thread, spoil=lambda _entry: None):
    """Check the whole record as anybody can, with its last entry spoiled."""
    entries = [json.loads(one) for one in thread.entries()]
    spoil(entries[-1])
    return check_log([canonical(one) for one in entries], origin=thread.program.origin)


def test_a_question_of_a_lead_with_a_key_waits_for_that_key(thread, alone):
    before = LogEntry.objects.count()
    answer = asked(thread, alone)
    assert answer.status_code == 200
    assert LogEntry.objects.count() == before
    fields, told = shown(answer)
    assert {fields["title"], fields["ask"]} == set(WORDS.values())
    assert [one["kind"] for one in json.loads(told["act"])["drafts"]] == ["ask.questioned"]
    assert [words for *_rest, words in json.loads(told["said"])] == list(WORDS.values())


def test_what_the_key_signed_goes_on_the_record_and_holds_for_anyone(thread, alone):
    fields, told = shown(asked(thread, alone))
    answer = send(alone, fields | {"signed": signed(thread, told)})
    assert answer.status_code == 302
    entry = last(thread)
    assert (entry["v"], entry["kind"], entry["act"]["of"]) == (5, "ask.questioned", 1)
    assert list(entry["act"]["sigs"]) == [thread.first_lead.public_id]
    assert judge(thread).kinds["ask.questioned"] == 1


def test_pressed_twice_it_is_entered_once(thread, alone):
    fields, told = shown(asked(thread, alone, nonce="drawn"))
    sent = fields | {"signed": signed(thread, told)}
    assert send(alone, sent).url == send(alone, sent).url
    assert asked(thread, alone, nonce="drawn").status_code == 302
    assert judge(thread).kinds["ask.questioned"] == 1


def test_another_seats_key_signs_nothing_for_this_one(thread, alone):
    before = LogEntry.objects.count()
    fields, told = shown(asked(thread, alone))
    second = thread.second_lead.public_id
    for wrong in (
        signed(thread, told, ring=second),
        signed(thread, told, seat=second),
        signed(thread, told, size=int(told["size"]) + 1)[:-9],
        "{}",
        "",
    ):
        assert send(alone, fields | {"signed": wrong}).status_code == 200
    assert LogEntry.objects.count() == before


def test_other_words_than_those_that_were_signed_come_back_to_be_signed(thread, alone):
    before = LogEntry.objects.count()
    fields, told = shown(asked(thread, alone))
    answer = send(alone, fields | {"signed": signed(thread, told), "ask": "Name no office."})
    assert "Something changed since you signed" in answer.content.decode()
    assert LogEntry.objects.count() == before


def test_the_salts_of_what_is_signed_are_those_that_the_server_drew(thread, alone):
    fields, told = shown(asked(thread, alone))
    forged = fields | {"act": "x" + fields["act"][1:], "signed": signed(thread, told)}
    assert send(alone, forged).status_code == 200


def test_the_token_of_an_act_gives_its_salts_to_nothing_that_no_key_signs(thread, alone):
    # Two texts of one hash would make the whole record void for everyone who checks it, for good
    fields, told = shown(asked(thread, alone))
    head = {"day": told["day"], "size": 1, "root": "0" * 64, "sig": "A" * 86 + "=="}
    form = {"act": fields["act"], "signed": json.dumps({thread.first_lead.public_id: head})}
    form |= {
        "title": "Weekly meeting",
        "agenda": "What we do",
        "begins": "18:00",
        "ends": "19:00",
        "place": "Here",
    }
    for browser in (alone, as_(thread.steward)):
        for weeks in (1, 2):
            form["on"] = (thread.today + timedelta(weeks=weeks)).isoformat()
            sent = urlencode(form)
            answer = browser.post(
                f"{BASE}/meetings/new/", sent, content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code == 302
    assert judge(thread).kinds["meeting.planned"] == 4


def test_one_title_in_two_languages_has_two_salts(thread):
    words = {"en": WORDS | {"title": "Wi-Fi"}, "es": {"title": "Wi-Fi", "ask": "¿Quién lo lee?"}}

    def ask():
        return asks.question(
            program=thread.program,
            seat=thread.first_lead.public_id,
            office=thread.office.public_id,
            words=words,
            now=thread.now,
        )

    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        ask()
    act, seat = waits.value.act, thread.first_lead.public_id
    sig = thread.keyrings[seat].sign(act.statement(seat))
    with signed_by(Posted(act.token, json.dumps({seat: {**act.head, "sig": sig}}))):
        ask()
    assert judge(thread).kinds["ask.questioned"] == 1


def test_a_lead_without_a_key_is_entered_by_the_site(thread):
    third = as_(thread.third_lead.person)
    with signed_by(Nobody()):
        assert asked(thread, third).status_code == 302
    assert "act" not in last(thread)
    assert judge(thread).kinds["ask.questioned"] == 1


def test_a_list_of_questions_is_one_act_of_one_signature(thread):
    asks.question_many(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.office.public_id,
        title="Cameras",
        questions=[(f"{n}?", f"Question {n}") for n in range(200)],
        lang="en",
        now=thread.now,
    )
    entries = [json.loads(one) for one in thread.entries()][-201:]
    assert [one["act"]["place"] for one in entries] == list(range(201))
    assert [len(one["act"].get("sigs", [])) for one in entries] == [1, *[0] * 200]
    assert judge(thread).kinds["ask.questioned"] == 200


SPOILT = {
    "a word": lambda one: one["texts"]["ask"].update(sha256="ab" * 32),
    "the office": lambda one: one["data"].update(office="city-manager/manager"),
    "no signature": lambda one: one.pop("act"),
    "another nonce": lambda one: one["act"].update(nonce="0" * 32),
    "another head": lambda one: one["act"]["sigs"][one["by"][0]].update(root="ab" * 32),
    "a later day": lambda one: one["act"]["sigs"][one["by"][0]].update(day="2099-01-01"),
}
SAYS = {
    "a word": "does not stand under this act",
    "the office": "does not stand under this act",
    "no signature": "lacks the signature of",
    "another nonce": "does not stand under this act",
    "another head": "that this record never had",
    "a later day": "it is entered from that day on",
}


@pytest.mark.parametrize("how", SPOILT)
def test_whoever_holds_the_server_and_the_key_of_the_log_forges_no_act(thread, how):
    thread.question(title=WORDS["title"], ask=WORDS["ask"])
    with pytest.raises(GrammarError, match=SAYS[how]):
        judge(thread, SPOILT[how])


def contested(thread):
    """Contest an answer that no signed head holds yet; give both entries as the log holds them, the answer first."""
    question = thread.question()
    sign_head(program=thread.program, now=thread.now)
    given = thread.answer(question, "declined")[0]
    seat, words = thread.first_lead.public_id, "This is no answer."
    contest(program=thread.program, answer=given.index, seat=seat, words=words, lang="en", now=thread.now)
    entries = [json.loads(one) for one in thread.entries()]
    assert (entries[given.index]["kind"], entries[-1]["kind"]) == ("answer.given", "answer.contested")
    return entries[given.index], entries[-1]


def test_the_answer_below_a_contest_is_the_one_that_she_contested(thread):
    given, over = contested(thread)
    (signed_over,) = over["act"]["sigs"].values()
    assert signed_over["size"] == over["cites"]["answer"][0] + 1
    entries = [json.loads(one) for one in thread.entries()]
    entries[entries.index(given)]["texts"]["reasons"]["sha256"] = "ab" * 32
    with pytest.raises(GrammarError, match="that this record never had"):
        check_log([canonical(one) for one in entries], origin=thread.program.origin)


class Below(Rings):
    """A device that signs over whatever head it is told, as a server that wants to swap an entry later would have it."""

    def __init__(self, rings, tree, size):
        super().__init__(rings)
        self.tree, self.size = tree, size

    def sign(self, act):
        return super().sign(replace(act, size=self.size, root=self.tree.root(self.size).hex()))


@pytest.mark.parametrize("by", ["action", "grammar"])
@pytest.mark.parametrize("below", ["the answer", "her key", "everything"])
def test_an_act_over_a_head_that_lacks_what_it_cites_or_her_key_is_refused(thread, below, by, monkeypatch):
    given = thread.answer(thread.question(), "declined")[0]
    entries = list(thread.entries())
    key = next(at for at, one in enumerate(entries) if json.loads(one)["kind"] == "key.founded")
    size = {"the answer": given.index, "her key": key, "everything": 0}[below]
    seat, words = thread.first_lead.public_id, "This is no answer."
    if by == "grammar":  # as whoever would not let the action look
        monkeypatch.setattr(acts, "least_head", lambda *_what: 0)
        refused = pytest.raises(GrammarError, match=f"over a head of {size} entries, which lacks")
    else:
        refused = pytest.raises(SignatureNeededError)  # she is asked to sign again
    with signed_by(Below(thread.keyrings, Tree(entries), size)), refused:
        if below == "the answer":
            contest(
                program=thread.program, answer=given.index, seat=seat, words=words, lang="en", now=thread.now
            )
        else:  # a question cites nothing of the log
            thread.question(**WORDS)
    assert list(thread.entries()) == entries


def test_an_act_is_not_entered_a_second_time(thread):
    thread.question(title=WORDS["title"], ask=WORDS["ask"])
    entries = list(thread.entries())
    with pytest.raises(GrammarError, match="its act was entered before"):
        check_log([*entries, entries[-1]], origin=thread.program.origin)


def test_without_a_hand_an_action_writes_nothing(thread):
    before = LogEntry.objects.count()
    with signed_by(Nobody()), pytest.raises(SignatureNeededError):
        thread.question()
    with signed_by(Rings({})), pytest.raises(SignatureNeededError):
        thread.question()
    assert LogEntry.objects.count() == before

"""Promise 5, from grammar 5 on: what two leads sign carries the key of each, the first one's kept until the second comes."""

import json
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from alongside.chain.commitments.actions import check_delivery
from alongside.chain.commitments.models import Check
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import WAITS_FOR
from alongside.core.grammar.shape import UNSIGNED
from alongside.core.grammar.versions import KINDS
from alongside.ground.gate.presses import mark_of
from alongside.ground.record.acts import Nobody, SignedOtherwise, Unsigned, signed_by
from alongside.ground.record.models import LogEntry
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_kept_means_verified import claimed
from tests.promises.test_leads_sign_with_their_own_keys import judge, last, shown, signed
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
FIRST = {"completion": "complete", "words": "All counters have the poster."}
SECOND = {"completion": "substantial", "words": "All but one."}


@pytest.fixture
def thread(db):
    """Walk to a claim that two leads with keys can check."""
    return claimed(today())


def look(thread, seat, said):
    """Say what a lead saw, as a page does."""
    return check_delivery(
        program=thread.program, claim=thread.made.index, seat=seat, lang="en", now=thread.now, **said
    )


def page_of(thread):
    """Give the address of the check."""
    return f"{BASE}/commitments/claims/{thread.made.index}/check/"


def sign_in_page(thread, seat, said):
    """Look and sign in pages, as a lead whose key no server holds; give what was shown to be signed, and the answer."""
    browser = as_(seat.person)
    fields, told = shown(browser.post(page_of(thread), said))
    sent = fields | {"signed": signed(thread, told, seat=seat.public_id)}
    form = "application/x-www-form-urlencoded"
    return told, browser.post(page_of(thread), urlencode(sent), content_type=form)


def kept(thread, seat):
    """Give what the row of a lead's look keeps of her signature."""
    return Check.objects.get(claim=thread.made.index, seat=seat).signed


def test_what_two_leads_saw_stands_under_the_key_of_each_and_each_signs_her_own_words(thread):
    ana, ben = thread.first_lead, thread.second_lead
    with signed_by(Nobody()):
        told, answer = sign_in_page(thread, ana, FIRST)
        assert answer.status_code == 302
        (draft,) = json.loads(told["act"])["drafts"]
        assert (draft["by"], list(draft["texts"])) == ([ana.public_id], ["check"])
        assert list(kept(thread, ana)["signed"]) == [ana.public_id]
        told, answer = sign_in_page(thread, ben, SECOND)
        assert answer.status_code == 302
    (draft,) = json.loads(told["act"])["drafts"]
    assert (draft["by"], draft["data"]["saw"]) == ([ben.public_id], {ben.public_id: "substantial"})
    entry = last(thread)
    assert (entry["kind"], entry["data"]["completion"]) == ("delivery.verified", "substantial")
    assert sorted(entry["act"]["sigs"]) == sorted([ana.public_id, ben.public_id])
    assert judge(thread).kinds["delivery.verified"] == 1
    assert kept(thread, ana) == {}  # no salt stays beside the words


def test_nothing_is_kept_of_a_lead_with_a_key_who_did_not_sign(thread):
    before = LogEntry.objects.count()
    with signed_by(Nobody()):
        assert as_(thread.first_lead.person).post(page_of(thread), FIRST).status_code == 200
        with pytest.raises(Unsigned):
            look(thread, thread.first_lead, FIRST)
    assert (Check.objects.count(), LogEntry.objects.count()) == (0, before)


def test_the_second_lead_alone_enters_nothing_without_her_key(thread):
    look(thread, thread.first_lead, FIRST)
    before = LogEntry.objects.count()
    with signed_by(Nobody()), pytest.raises(Unsigned) as waits:
        look(thread, thread.second_lead, SECOND)
    assert list(waits.value.act.keys) == [thread.second_lead.public_id]
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("how", ["other words", "more complete", "no signature", "too long ago"])
def test_what_the_first_lead_did_not_sign_is_entered_by_nobody_until_she_confirms_it(thread, how):
    look(thread, thread.first_lead, FIRST)
    row = Check.objects.get(seat=thread.first_lead)
    if how == "other words":
        row.words = "Nothing was done."
    elif how == "more complete":
        row.completion = "substantial"
    elif how == "no signature":
        row.signed = {}
    else:
        thread.now += WAITS_FOR + timedelta(days=1)
    row.mark = mark_of(row)  # whoever holds the server makes the mark of a press
    row.save()
    before = LogEntry.objects.count()
    with pytest.raises(SignedOtherwise, match=thread.first_lead.public_id):
        with signed_by(Alone(thread, thread.second_lead)):
            look(thread, thread.second_lead, SECOND)
    assert LogEntry.objects.count() == before
    assert look(thread, thread.first_lead, FIRST) is None
    assert look(thread, thread.second_lead, SECOND).kind == "delivery.verified"
    judge(thread)


class Alone(Nobody):
    """A lead's own device, which signs for her alone."""

    def __init__(self, thread, seat):
        super().__init__()
        self.seat, self.ring = seat.public_id, thread.keyrings[seat.public_id]

    def sign(self, act):
        if self.seat not in act.keys:
            return {}
        return {self.seat: {**act.head, "sig": self.ring.sign(act.statement(self.seat))}}


SPOILT = {
    "the first one's words": lambda one: one["texts"]["check"].update(sha256="ab" * 32),
    "the second one's words": lambda one: one["texts"]["check-2"].update(sha256="ab" * 32),
    "whose words are whose": lambda one: one["by"].reverse(),
    "what the first one saw": lambda one: one["data"]["saw"].update({one["by"][0]: "substantial"}),
    "what each saw": lambda one: one["data"].pop("saw"),
    "one signature": lambda one: one["act"]["sigs"].pop(one["by"][0]),
    "both signatures": lambda one: one.pop("act"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_whoever_holds_the_server_and_the_key_of_the_log_changes_no_part_of_what_two_signed(thread, what):
    look(thread, thread.first_lead, FIRST)
    look(thread, thread.second_lead, SECOND)
    judge(thread)
    says = {"one signature": "has a key and has to sign", "both signatures": "lacks the signature of"}
    with pytest.raises(GrammarError, match=says.get(what, "does not stand under this act")):
        judge(thread, SPOILT[what])


def test_the_lower_of_what_two_saw_is_what_counts(thread):
    look(thread, thread.first_lead, FIRST)
    look(thread, thread.second_lead, SECOND)
    with pytest.raises(GrammarError, match="completion is the lowest of it"):
        judge(thread, lambda one: one["data"].update(completion="complete"))


def test_a_lead_without_a_key_looks_beside_one_who_has_one(thread):
    with signed_by(Nobody()):
        assert look(thread, thread.third_lead, FIRST) is None
    assert kept(thread, thread.third_lead)["signed"] == {}
    entry = look(thread, thread.second_lead, SECOND)
    assert list(entry.act["sigs"]) == [thread.second_lead.public_id]
    judge(thread)


def test_each_kind_that_a_seat_enters_is_signed_or_says_in_public_why_not(client):
    by_seats = {name: kind for name, kind in KINDS.items() if "seat" in kind.by}
    assert [name for name, kind in by_seats.items() if bool(kind.signed) == bool(kind.unsigned)] == []
    Thread(now=today()).open_program()
    page = client.get(f"{BASE}/record/").content.decode()
    listed = unescape(page.partition('<details id="keys">')[2].partition("</details>")[0])
    for kind in by_seats.values():
        assert (kind.heading in listed) is bool(kind.unsigned), kind.name
    for why in UNSIGNED.values():
        assert why in listed

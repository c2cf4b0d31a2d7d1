"""Promise 5, from grammar 5 on: what two leads sign carries the key of each, the first one's kept until the second comes."""

import json
from copy import deepcopy
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from alongside.chain.commitments.actions import check_delivery
from alongside.chain.commitments.models import Check
from alongside.cohort.rules.actions import agree_to_rules
from alongside.cohort.rules.models import Proposal
from alongside.cohort.rules.queries import to_read
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.grammar.shape import UNSIGNED
from alongside.core.grammar.versions import KINDS
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.acts import (
    Nobody,
    OutdatedSignatureError,
    Posted,
    SignatureNeededError,
    signed_by,
)
from alongside.ground.record.models import LogEntry
from alongside.ground.ui.leads import lead_in_words
from alongside.site.demo.sealed import make_keys
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction
from tests.promises.attempts import BASE, adopt, as_, today
from tests.promises.test_kept_means_verified import claimed
from tests.promises.test_leads_sign_with_their_own_keys import judge, last, shown, signed
from tests.promises.test_the_rules_are_under_two_pens import with_clock
from tests.support.thread import UNOPENED, WORDS, Thread

pytestmark = pytest.mark.django_db
OF_A_CORRECTION = (
    *("engagement", "about", "words", "lang", "others", "checked", "day", "by"),
    *("beside", "post", "mark", "proposed_at"),
)
FIRST = {"completion": "complete", "words": "All counters have the poster."}
SECOND = {"completion": "substantial", "words": "All but one."}


@pytest.fixture
def thread(db):
    """Walk to a claim that two leads with keys can check."""
    return claimed(today())


def renew_key(thread, seat):
    """Let a lead lose her key, and two others vouch for another."""
    others = [one for one in thread.leads if one != seat]
    del thread.keyrings[seat.public_id]
    make_keys(story=thread, seats=[*others, seat], keyring=lambda _ring: UNOPENED, now=thread.now)


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
        with pytest.raises(SignatureNeededError):
            look(thread, thread.first_lead, FIRST)
    assert (Check.objects.count(), LogEntry.objects.count()) == (0, before)


def test_the_second_lead_alone_enters_nothing_without_her_key(thread):
    look(thread, thread.first_lead, FIRST)
    before = LogEntry.objects.count()
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        look(thread, thread.second_lead, SECOND)
    assert list(waits.value.act.keys) == [thread.second_lead.public_id]
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("how", ["other words", "more complete", "another signature", "too long ago"])
def test_what_the_first_lead_did_not_sign_is_entered_by_nobody_until_she_confirms_it(thread, how):
    look(thread, thread.first_lead, FIRST)
    row = Check.objects.get(seat=thread.first_lead)
    if how == "other words":
        row.words = "Nothing was done."
    elif how == "more complete":
        row.completion = "substantial"
    elif how == "another signature":
        row.signed["signed"][thread.first_lead.public_id]["sig"] = "A" * 86 + "=="
    else:
        thread.now += timedelta(days=KINDS["delivery.verified"].apart + 1)
    row.mark = mark_of(row)  # whoever holds the server makes the mark of a press
    row.save()
    before = LogEntry.objects.count()
    with pytest.raises(OutdatedSignatureError, match=thread.first_lead.public_id):
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


class Otherwise(Alone):
    """A lead's own device that signs over another head or day than it was shown."""

    def __init__(self, thread, seat, wrong):
        super().__init__(thread, seat)
        self.wrong = wrong

    def sign(self, act):
        head = act.head | self.wrong
        return {self.seat: {**head, "sig": self.ring.sign(act.statement(self.seat, head))}}


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
    says["what each saw"] = "data lacks saw"
    with pytest.raises(GrammarError, match=says.get(what, "does not stand under this act")):
        judge(thread, SPOILT[what])


def test_nobody_is_named_beside_two_who_looked(thread):
    look(thread, thread.first_lead, FIRST)
    look(thread, thread.second_lead, SECOND)
    third = thread.third_lead.public_id

    def named(one):
        one["by"].append(third)
        one["data"]["saw"][third] = "substantial"

    with pytest.raises(GrammarError, match="nobody is named beside them"):
        judge(thread, named)


def test_a_lead_whose_signature_could_never_be_entered_holds_up_nobody(thread):
    ana = thread.first_lead
    for wrong in ({"size": 0}, {"root": "ab" * 32}, {"day": (thread.today - timedelta(days=89)).isoformat()}):
        with signed_by(Otherwise(thread, ana, wrong)), pytest.raises(SignatureNeededError) as waits:
            look(thread, ana, FIRST)
        assert waits.value.is_other
    assert Check.objects.count() == 0


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


def test_what_a_lead_signed_with_another_key_than_today_counts_for_nobody_until_she_looks_again(thread):
    thread.found_keys(3)
    look(thread, thread.first_lead, FIRST)
    renew_key(thread, thread.first_lead)
    before = LogEntry.objects.count()
    assert look(thread, thread.second_lead, SECOND) is None
    assert LogEntry.objects.count() == before
    page = as_(thread.first_lead.person).get(page_of(thread)).content.decode()
    assert "does not count any more: you have another key since" in page
    entry = look(thread, thread.first_lead, FIRST)
    assert set(entry.act["sigs"]) == {thread.first_lead.public_id, thread.second_lead.public_id}
    judge(thread)


def test_a_lead_who_has_to_look_again_holds_up_no_two_others_who_saw_the_same(thread):
    thread.found_keys(3)
    look(thread, thread.first_lead, FIRST)
    renew_key(thread, thread.first_lead)
    assert look(thread, thread.second_lead, SECOND) is None
    entry = look(thread, thread.third_lead, SECOND)
    assert set(entry.by) == {thread.second_lead.public_id, thread.third_lead.public_id}
    judge(thread)


def test_the_refusal_names_the_other_lead_and_never_the_one_who_reads_it(thread):
    look(thread, thread.first_lead, FIRST)
    row = Check.objects.get()
    row.signed["signed"][thread.first_lead.public_id]["sig"] = "A" * 86 + "=="
    row.save()
    with signed_by(Nobody()):
        answer = as_(thread.second_lead.person).post(page_of(thread), SECOND)
    page = unescape(answer.content.decode())
    assert f"confirms this again: {lead_in_words(thread.first_lead.public_id)}. What they signed" in page


def test_a_lead_keeps_only_her_own_signature_whatever_her_device_sends(thread):
    ana, ben = thread.first_lead, thread.second_lead
    with signed_by(Nobody()):
        browser = as_(ben.person)
        fields, told = shown(browser.post(page_of(thread), SECOND))
        own = json.loads(signed(thread, told, seat=ben.public_id))
        own[ana.public_id] = own[ben.public_id]
        sent = urlencode(fields | {"signed": json.dumps(own)})
        form = "application/x-www-form-urlencoded"
        assert browser.post(page_of(thread), sent, content_type=form).status_code == 302
    assert list(kept(thread, ben)["signed"]) == [ben.public_id]


def test_no_lead_uses_up_the_nonce_under_which_two_sign(thread):
    ana = thread.first_lead
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        look(thread, ana, FIRST)
    nonce = waits.value.act.nonce
    head = {**waits.value.act.head, "sig": "A" * 86 + "=="}
    hand = Posted(waits.value.act.token, json.dumps({ana.public_id: head}))
    assert hand.nonce != nonce
    with signed_by(hand), pytest.raises(SignatureNeededError) as other:
        thread.question()
    assert other.value.act.nonce == hand.nonce


def test_an_act_that_was_entered_is_entered_no_second_time_under_another_day(thread):
    look(thread, thread.first_lead, FIRST)
    look(thread, thread.second_lead, SECOND)
    entries = list(thread.entries())
    again = json.loads(entries[-1]) | {"date": (thread.today + timedelta(days=1)).isoformat()}
    with pytest.raises(GrammarError):
        check_log([*entries, canonical(again)], origin=thread.program.origin)


def test_nobody_is_put_beside_a_lead_who_signed_alone(thread):
    thread.question(title="Who reads the records?", ask="Name each office.")
    judge(thread)
    with pytest.raises(GrammarError, match="does not stand under this act"):
        judge(thread, lambda one: one["by"].append(thread.third_lead.public_id))


def corrected(thread, words="The title is wider now."):
    """Write a correction of a community engagement as its first lead, who signs it."""
    return engagements.propose_correction(
        engagement=thread.engagement,
        about="title",
        words=words,
        lang="en",
        others={"es": "El título es más amplio.", "vi": "Tên rộng hơn."},
        day=None,
        by=thread.first_lead.public_id,
        now=thread.now,
    )


@pytest.fixture
def community(db):
    """Walk to an engagement that leads hold on their own, in three languages."""
    thread = Thread(now=today()).open_program()
    words = WORDS | {"vi": {name: f"{said} (vi)" for name, said in WORDS["en"].items()}}
    questions = [{"id": "q1", "kind": "text", "words": dict.fromkeys(words, "What should change?")}]
    thread.draft_engagement(community=True, words=words, questions=questions)
    return thread.make_keys().open()


def test_a_correction_stands_under_the_keys_of_both_leads_whatever_order_its_languages_come_in(community):
    made = corrected(community)
    Correction.objects.filter(pk=made.pk).update(others=dict(reversed(made.others.items())))
    made.refresh_from_db()
    engagements.sign_correction(correction=made, by=community.second_lead.public_id, now=community.now)
    entries = [json.loads(one) for one in community.entries()]
    (at,) = [at for at, one in enumerate(entries) if one["kind"] == "engagement.corrected"]
    assert len(entries[at]["act"]["sigs"]) == 2
    assert [one["act"]["place"] for one in entries[at:]] == [0, 1, 2]
    made.refresh_from_db()
    assert made.signed == {}
    judge(community)
    for seat in (community.first_lead.public_id, community.second_lead.public_id):
        changed = deepcopy(entries)
        changed[at]["act"]["sigs"].pop(seat)
        with pytest.raises(GrammarError, match="has a key and has to sign"):
            check_log([canonical(one) for one in changed], origin=community.program.origin)


def test_words_that_the_first_lead_did_not_sign_are_no_correction(community):
    made = corrected(community)
    made.words = "The title is narrower now."
    made.mark = mark_of(made)  # whoever holds the server makes the mark of a press
    made.save()
    before = LogEntry.objects.count()
    with pytest.raises(OutdatedSignatureError, match=community.first_lead.public_id):
        engagements.sign_correction(correction=made, by=community.second_lead.public_id, now=community.now)
    assert LogEntry.objects.count() == before


def test_the_nonce_of_a_correction_tells_nothing_of_its_words(community, settings):
    nonce = corrected(community).signed["nonce"]
    settings.SECRET_KEY = "another secret of a server, long enough to be one"
    assert corrected(community).signed["nonce"] != nonce


def test_the_token_of_a_correction_gives_its_salts_to_no_other_in_the_same_words(community):
    # Two texts of one hash would make the whole record void for everyone who checks it, for good
    ana, ben = community.first_lead, community.second_lead
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        corrected(community)
    token = waits.value.act.token

    def write():
        with signed_by(Nobody()), pytest.raises(SignatureNeededError) as shown_again:
            corrected(community)
        act = shown_again.value.act
        with signed_by(Posted(token, json.dumps({ana.public_id: {**act.head, "sig": "A" * 86 + "=="}}))):
            with pytest.raises(SignatureNeededError) as again:
                corrected(community)
        return {one.salt for one in again.value.act.said}

    first = write()
    engagements.sign_correction(correction=corrected(community), by=ben.public_id, now=community.now)
    assert first & write() == set()
    engagements.sign_correction(correction=corrected(community), by=ben.public_id, now=community.now)
    assert judge(community).kinds["engagement.corrected"] == 2


def test_a_correction_that_was_overtaken_is_entered_by_nobody_who_kept_its_signature(community):
    made = corrected(community)
    kept_of_it = made.signed
    engagements.withdraw_correction(correction=made, by=community.first_lead.public_id)
    other = corrected(community, "The title is narrower now.")
    engagements.sign_correction(correction=other, by=community.second_lead.public_id, now=community.now)
    again = Correction(**{name: getattr(made, name) for name in OF_A_CORRECTION}, signed=kept_of_it)
    with pytest.raises(GrammarError, match="what changed the same before"):
        engagements._enter(again, [made.by, community.second_lead.public_id], community.now)


def test_the_second_lead_is_shown_what_the_first_signed_and_when(thread):
    look(thread, thread.first_lead, FIRST)
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        look(thread, thread.second_lead, SECOND)
    (before,) = waits.value.others
    assert (before.seat, [one.words for one in before.said]) == (
        thread.first_lead.public_id,
        [FIRST["words"]],
    )
    assert before.signed["day"] == thread.today.isoformat()


def agrees(thread, seat):
    """Agree to the rules that are proposed, as a lead."""
    rows = thread.log
    proposal = Proposal.objects.get()
    return agree_to_rules(proposal=proposal, seat=seat, read=to_read(thread.program, rows), now=thread.now)


def test_milder_rules_stand_under_the_key_of_each_lead_who_agreed_today(thread, tmp_path):
    thread.found_keys(3)
    adopt(thread, with_clock("answer_days", 90), tmp_path)
    assert agrees(thread, thread.first_lead) is None
    renew_key(thread, thread.first_lead)
    assert [agrees(thread, one) for one in (thread.second_lead, thread.third_lead)] == [None, None]
    assert pack_of(thread.program).clocks.answer_days == 60
    entry = agrees(thread, thread.first_lead)  # the third of four who sit
    three = {one.public_id for one in thread.leads[:3]}
    assert set(entry.act["sigs"]) == three == set(entry.by) - {"steward"}
    judge(thread)
    for spoil in (
        lambda one: one["data"].update(k=2),
        lambda one: one["data"]["clocks"].update(answer_days=365),
        lambda one: one["data"].update(pack="ab" * 32),
        lambda one: one["data"].update(working_days=one["data"]["working_days"] - 1),
    ):
        with pytest.raises(GrammarError, match="does not stand under this act"):
            judge(thread, spoil)

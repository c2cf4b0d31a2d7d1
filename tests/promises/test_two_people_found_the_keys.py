"""Promise 2: keys of leads rest on two leads who met, and not on a steward who prints two sign-in codes."""

import re

import pytest

from alongside.chain.keys import actions as keys_actions
from alongside.chain.keys.queries import signs_in_with, waiting_keys
from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.core.grammar.keys import founding
from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.core.sealing.leads import fingerprint
from alongside.ground.record.rows import RowsLog
from tests.chain.voices.cast import IDENTITY, RECIPIENT, Holder, lock, offer, wrap
from tests.check.records import ANA, SIGNER, small
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(db):
    return Thread(now=today()).open_program().draft_engagement()


@pytest.fixture
def leads(thread):
    """Three leads who each made a keyring; nobody compared anything."""
    made = [Holder.make(one) for one in thread.leads]
    for one in made:
        offer(thread.program, one, thread.now)
    return made


def is_founded(thread):
    return bool(founding(RowsLog.of(thread.program)))


def compare(thread, one, first):
    signature = one.vouch_for(first, thread.program.origin)
    return keys_actions.compare(program=thread.program, seat=one.seat, signature=signature, now=thread.now)


def vouch(thread, one, other):
    asked = next(each for each in waiting_keys(thread.program) if each.seat == other.seat)
    return keys_actions.vouch(
        program=thread.program,
        key=asked,
        seat=one.seat,
        signature=one.vouch_for(other, thread.program.origin),
        now=thread.now,
    )


def make_key(thread, *holders):
    return keys_actions.make_engagement_key(
        program=thread.program,
        engagement="library-computers",
        recipient=RECIPIENT,
        **lock(thread.program, holders[0], wrap(IDENTITY, *holders)),
        now=thread.now,
    )


def test_no_page_prints_a_leads_own_digits_from_the_server(thread, leads):
    for one in leads:
        for page in ("reader/", "reader/keyring/"):
            told = as_(one.seat.person).get(f"{BASE}/{page}").content.decode()
            assert re.findall(r"[0-9]{5}(?: [0-9]{5}){5}", told) == []


def test_two_keyrings_alone_found_nothing(thread, leads):
    ana, ben, cam = leads
    assert not is_founded(thread)
    with pytest.raises(GrammarError, match="first two keys of the leads do not count yet"):
        make_key(thread, ana, ben)
    with pytest.raises(Refused, match="do not count yet"):
        vouch(thread, ben, cam)
    data = {"seat": ben.seat.public_id, **{n: ben.keys[n] for n in ("recipient", "sign_key")}}
    with pytest.raises(GrammarError, match="the first two leads meet, compare the digits of both keys"):
        thread.enter("key.founded", [ben.seat.public_id], data)


def test_the_set_is_founded_only_when_each_has_signed_the_others_key(thread, leads):
    ana, ben, _cam = leads
    with pytest.raises(Refused, match="signature is not yours"):
        keys_actions.compare(
            program=thread.program,
            seat=ben.seat,
            signature=ana.vouch_for(ben, thread.program.origin),
            now=thread.now,
        )
    with pytest.raises(Refused, match="no first key for you to compare"):
        compare(thread, ana, ben)
    assert compare(thread, ben, ana) is False
    with pytest.raises(GrammarError, match="first two keys of the leads do not count yet"):
        make_key(thread, ana, ben)
    entry = vouch(thread, ana, ben)
    assert (entry.kind, entry.by) == ("key.founded", (ben.seat.public_id,))
    assert is_founded(thread)
    assert make_key(thread, ana, ben)


def test_the_order_of_the_two_signatures_does_not_matter_and_a_third_is_certified_by_both(thread, leads):
    ana, ben, cam = leads
    assert vouch(thread, ana, ben) is None
    assert compare(thread, ben, ana) is True
    with pytest.raises(Refused, match="no first key"):
        compare(thread, cam, ana)
    vouch(thread, ana, cam)
    assert vouch(thread, ben, cam).kind == "key.certified"


def test_a_lead_who_only_compared_the_first_key_is_no_voucher_for_themselves(thread, leads):
    ana, ben, cam = leads
    compare(thread, cam, ana)
    compare(thread, ben, ana)
    vouch(thread, ana, ben)
    assert vouch(thread, ana, cam) is None
    assert vouch(thread, ben, cam).kind == "key.certified"


def test_a_first_key_whose_words_are_lost_is_made_anew_and_then_signed_again(thread, leads):
    ana, ben, _cam = leads
    compare(thread, ben, ana)
    again = Holder.make(ana.seat)
    assert offer(thread.program, again, thread.now).entry is not None
    assert vouch(thread, again, ben) is None, "what Ben signed was the key that is lost"
    assert compare(thread, ben, again) is True


def test_another_lead_brings_the_first_key_when_the_seat_of_the_first_is_over(thread, leads):
    ana, ben, cam = leads
    seats.suspend_seat(seat=ana.seat, ground="absent", now=thread.now)
    again = Holder.make(ben.seat)
    assert offer(thread.program, again, thread.now).entry is not None
    compare(thread, cam, again)
    vouch(thread, again, cam)
    assert is_founded(thread)


def test_the_set_is_founded_anew_with_who_is_left_when_a_founder_was_removed_for_good(thread, leads):
    ana, ben, cam = leads
    compare(thread, ben, ana)
    vouch(thread, ana, ben)
    said = {"ground": "absent", "reasons": "No answer.", "appeal_to": thread.manager.public_id}
    seats.remove_seat(seat=ana.seat, **said, by=thread.steward, now=thread.now)
    again = Holder.make(ben.seat)
    assert offer(thread.program, again, thread.now).entry is None, "the appeal can still be made"
    thread.later(60)
    again = Holder.make(ben.seat)
    assert offer(thread.program, again, thread.now).entry is not None
    with pytest.raises(GrammarError, match="first two keys of the leads do not count yet"):
        make_key(thread, ben, ana)
    assert signs_in_with(cam.seat.public_id, thread.program)
    assert compare(thread, cam, again) is False
    entry = vouch(thread, again, cam)
    assert (entry.kind, entry.by) == ("key.founded", (cam.seat.public_id,))
    assert make_key(thread, again, cam)
    check_log(thread.entries(), origin=thread.program.origin)


@pytest.mark.parametrize(
    ("said", "change"),
    [
        (
            "the signature of .* does not stand",
            lambda one: one["data"].update(
                certs=[{"seat": ANA, "signature": "AA=="}, *one["data"]["certs"][1:]]
            ),
        ),
        (
            "the signature of .* does not stand",
            lambda one: one["data"].update(certs=[one["data"]["certs"][0]] * 2),
        ),
        (
            "the first two leads meet, compare the digits of both keys",
            lambda one: (one["data"].pop("certs"), one["cites"].clear()),
        ),
        ("the first key is another one now", lambda one: one["cites"].clear()),
    ],
)
def test_the_verifier_names_a_founding_that_one_side_did_not_sign(said, change):
    record = small()
    (at,) = (place for place, one in enumerate(record.entries) if one["data"].get("certs"))
    change(record.entries[at])
    with pytest.raises(GrammarError, match=said) as refused:
        check_log(record.raw(), origin=SIGNER.name)
    assert refused.value.index == at


def test_everyone_sees_whether_the_keys_are_founded(thread):
    page = f"{BASE}/cohort/"
    assert "No lead has brought a first key yet." in as_(None).get(page).content.decode()
    ana, ben = Holder.make(thread.first_lead), Holder.make(thread.second_lead)
    offer(thread.program, ana, thread.now)
    offer(thread.program, ben, thread.now)
    assert "One key waits for a second lead" in as_(None).get(page).content.decode()
    compare(thread, ben, ana)
    vouch(thread, ana, ben)
    told = as_(None).get(page).content.decode()
    assert "Two leads compared their keys in person" in told
    for one in (ana, ben):
        keys = {name: one.keys[name] for name in ("recipient", "sign_key")}
        assert fingerprint(origin=thread.program.origin, seat=one.seat.public_id, **keys) in told


def test_old_records_whose_founders_signed_nothing_still_hold():
    assert check_log(small(v=1).raw(), origin=SIGNER.name).entries

"""The leads' keys: founded by two, certified by two, wrapped to no ghost, tested by two, destroyed on the record."""

import base64
from datetime import timedelta

import pytest
from django.db import connection

from alongside.chain.keys import actions as keys_actions
from alongside.chain.keys.models import EngagementKey, LeadKey, Wrap
from alongside.chain.keys.queries import key_of_seat
from alongside.chain.reader import queries as reader
from alongside.chain.reader.actions import keep_notes, propose_opened, sign_opened
from alongside.chain.reader.models import OpenedList
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import ReachedCount, Voice
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.sealing import leads, receipt
from alongside.core.sealing.envelope import check_sealed
from alongside.core.sealing.keys import recipient_bytes, recipient_of, recipient_text
from alongside.core.sealing.opening import open_sealed
from alongside.ground.record.acts import Nobody, SignatureNeededError, signed_by
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.record.queries import kept_otherwise
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts import actions as record
from alongside.site.demo import sealed
from alongside.site.demo.keys import new_identity
from tests.chain.voices import cast
from tests.chain.voices.cast import IDENTITY, RECIPIENT, Holder, lock, offer, say, wrap
from tests.promises.attempts import taken_by_sql
from tests.support.thread import START, Thread

pytestmark = pytest.mark.django_db
#: What stands under every statement, where the key is a point of small order.
ANYBODYS = base64.b64encode(bytes([1, *bytes(63)])).decode()


@pytest.fixture
def walked():
    return Thread().open_program().draft_engagement()


@pytest.fixture
def holders(walked):
    return [*cast.holders(walked.found_keys()), Holder.make(walked.third_lead)]


def rows(walked):
    return RowsLog.of(walked.program)


def vouch(walked, voucher, other, signature=None):
    return keys_actions.vouch(
        program=walked.program,
        key=LeadKey.objects.get(seat=other.seat, entry=None),
        seat=voucher.seat,
        signature=signature or voucher.vouch_for(other, walked.program.origin),
        now=walked.now,
    )


def make_key(walked, maker, *others, wraps=None):
    return keys_actions.make_engagement_key(
        program=walked.program,
        engagement="library-computers",
        recipient=RECIPIENT,
        **lock(walked.program, maker, wraps or wrap(IDENTITY, maker, *others)),
        now=walked.now,
    )


def nonce_of(key):
    return open_sealed(bytes(key.test), [IDENTITY]).decode().strip()


def test_two_keyrings_found_the_set_once_each_lead_signed_the_others(walked, holders):
    first, second = rows(walked).every("key.founded")

    for one, entry in zip(holders, (first, second), strict=False):
        keys = {name: one.keys[name] for name in ("recipient", "sign_key")} | {"seat": one.seat.public_id}
        assert {name: entry.data[name] for name in keys} == keys
        assert entry.by == (one.seat.public_id,)
    assert second.cites == {"key": (first.index,)}
    assert {one["seat"] for one in second.data["certs"]} == {one.seat.public_id for one in holders[:2]}
    assert [(k.seat, k.entry) for k in LeadKey.objects.order_by("entry")] == [
        (one.seat, e.index) for one, e in zip(holders, (first, second), strict=False)
    ]


def test_a_third_key_waits_for_two_leads_who_vouch(walked, holders):
    one, two, three = holders
    asked = offer(walked.program, three, walked.now)
    assert asked.entry is None

    assert vouch(walked, one, three) is None
    assert vouch(walked, one, three) is None, "the same lead counts once"
    entry = vouch(walked, two, three)

    assert entry.kind == "key.certified"
    assert set(entry.by) == {one.seat.public_id, two.seat.public_id}
    assert [cert["seat"] for cert in entry.data["certs"]] == [one.seat.public_id, two.seat.public_id]
    statement = leads.vouch_statement(
        origin=walked.program.origin,
        seat=three.seat.public_id,
        recipient=three.keys["recipient"],
        sign_key=three.keys["sign_key"],
    )
    signers = {one.seat.public_id: one, two.seat.public_id: two}
    assert [
        leads.is_signed(signers[cert["seat"]].keys["sign_key"], statement, cert["signature"])
        for cert in entry.data["certs"]
    ] == [True, True]


def test_nobody_vouches_for_themselves_or_without_a_key_or_with_anothers_signature(walked, holders):
    one, two, three = holders
    offer(walked.program, three, walked.now)

    for voucher, signature in (
        (three, None),
        (one, two.vouch_for(three, walked.program.origin)),
        (one, one.vouch_for(three, "another.example/record")),
        (one, one.vouch_for(two, walked.program.origin)),
        (one, "AAAA"),
        (one, "not base64"),
    ):
        with pytest.raises(
            Refused, match="Only another lead whose key is on the public log|The signature is not yours"
        ):
            vouch(walked, voucher, three, signature)

    assert rows(walked).every("key.certified") == []


def test_a_keyring_without_a_passphrase_or_with_broken_keys_is_refused(walked):
    one = Holder.make(walked.first_lead)
    sent = {**one.keys, "signature": one.vouch_for(one, walked.program.origin)}
    bad = [
        {"signature": ""},
        {"signature": one.vouch_for(one, "another.example/record")},
        {"signature": Holder.make(walked.second_lead).vouch_for(one, walked.program.origin)},
        {"sign_key": f"01{'0' * 62}", "signature": ANYBODYS},
        {"recipient": recipient_text(bytes(32))},
        {"recipient": recipient_text(recipient_bytes(one.recipient)[:31] + b"\xff")},
        {"keyring": b"age-encryption.org/v1\n-> X25519 abc"},
        {"keyring": b"AGE-SECRET-KEY-1QQQ"},
        {"keyring": one.keys["keyring"].ljust(5000)},
        {"recipient": "age1qqqq"},
        {"recipient": one.identity},
        {"sign_key": "12"},
        {"sign_key": "Z" * 64},
    ]
    for change in bad:
        with pytest.raises(
            Refused,
            match="This page could not make the key.",
        ):
            keys_actions.offer_key(
                program=walked.program, seat=one.seat, now=walked.now, **{**sent, **change}
            )
    assert LeadKey.objects.count() == 0


def test_a_lead_who_lost_the_passphrase_is_certified_anew_by_two_others(walked, holders):
    one, two, three = holders
    offer(walked.program, three, walked.now)
    vouch(walked, one, three)
    vouch(walked, two, three)
    again = Holder.make(walked.first_lead)
    offer(walked.program, again, walked.now)

    vouch(walked, two, again)
    vouch(walked, three, again)

    assert key_of_seat(again.seat.public_id, walked.program).recipient == again.keys["recipient"]


def test_a_key_is_wrapped_to_certified_leads_only(walked, holders):
    one, two, three = holders
    offer(walked.program, three, walked.now)

    with pytest.raises(GrammarError, match="has no key that counts; two leads must vouch for it first"):
        make_key(walked, one, three)
    with pytest.raises(GrammarError, match="must be a list of 2 to 60"):
        make_key(walked, one)
    with pytest.raises(Refused, match="Lock the key of this engagement to yourself, too"):
        make_key(walked, one, wraps=wrap(IDENTITY, two, three))
    with pytest.raises(Refused, match="This page could not lock the key"):
        make_key(walked, one, wraps={h.seat.public_id: IDENTITY.encode() for h in (one, two)})
    assert (EngagementKey.objects.count(), Wrap.objects.count()) == (0, 0)

    key = make_key(walked, one, two)

    assert (key.recipient, Wrap.objects.filter(key=key).count()) == (RECIPIENT, 2)


def test_a_test_voice_has_the_form_of_a_voice_and_only_its_words_prove_the_key(walked, holders):
    one, two, _three = holders
    key = make_key(walked, one, two)
    assert check_sealed(bytes(key.test)) == 1024
    assert nonce_of(key) not in str(LogEntry.objects.values_list())

    for guess in ("", "0" * 64, key.nonce_hash):
        with pytest.raises(Refused, match="not what the test voice says"):
            keys_actions.confirm_test(
                program=walked.program, key=key, seat=one.seat, nonce=guess, now=walked.now
            )
    for holder in (one, one, two):
        keys_actions.confirm_test(
            program=walked.program, key=key, seat=holder.seat, nonce=nonce_of(key), now=walked.now
        )

    assert [e.by for e in rows(walked).citing(key.entry, "key.tested")] == [
        (one.seat.public_id,),
        (two.seat.public_id,),
    ]


def test_a_lead_to_whom_the_key_is_not_locked_cannot_test_it(walked, holders):
    one, two, three = holders
    key = make_key(walked, one, two)

    with pytest.raises(GrammarError, match="only a lead to whom this key is locked can test it"):
        keys_actions.confirm_test(
            program=walked.program, key=key, seat=three.seat, nonce=nonce_of(key), now=walked.now
        )


def test_the_engagement_opens_on_this_key_and_then_gets_no_other(walked, holders):
    one, two, _three = holders
    key = make_key(walked, one, two)
    for holder in (one, two):
        keys_actions.confirm_test(
            program=walked.program, key=key, seat=holder.seat, nonce=nonce_of(key), now=walked.now
        )
    walked.secrets[key.engagement] = IDENTITY
    sealed.lock_to_papers(story=walked, key=key, seat=one.seat, now=walked.now)
    walked.open()
    assert rows(walked).get(walked.promise).data["recipient"] == key.recipient

    with pytest.raises(Refused, match="is promised with its key"):
        make_key(walked, one, two)


def test_a_key_is_shared_with_one_more_lead_by_a_lead_who_holds_it(walked, holders):
    one, two, three = holders
    key = make_key(walked, one, two)
    with pytest.raises(Refused, match="has no key that counts"):
        keys_actions.share_engagement_key(
            program=walked.program,
            key=key,
            **lock(walked.program, one, wrap(IDENTITY, three)),
            now=walked.now,
        )
    offer(walked.program, three, walked.now)
    vouch(walked, one, three)
    vouch(walked, two, three)
    with pytest.raises(Refused, match="Only a lead who holds this key can share it"):
        keys_actions.share_engagement_key(
            program=walked.program,
            key=key,
            **lock(walked.program, three, wrap(IDENTITY, three)),
            now=walked.now,
        )

    keys_actions.share_engagement_key(
        program=walked.program,
        key=key,
        **lock(walked.program, two, wrap(IDENTITY, three)),
        now=walked.now,
    )

    (entry,) = rows(walked).citing(key.entry, "key.shared")
    assert entry.data["wrapped_to"] == [three.seat.public_id]
    sealed = bytes(Wrap.objects.get(key=key, seat=three.seat).sealed)
    assert open_sealed(sealed, [three.identity]) == IDENTITY.encode()


@pytest.fixture
def opened(walked, holders):
    """An open engagement with 12 voices on the record."""
    one, two, _three = holders
    key = make_key(walked, one, two)
    for holder in (one, two):
        keys_actions.confirm_test(
            program=walked.program, key=key, seat=holder.seat, nonce=nonce_of(key), now=walked.now
        )
    walked.secrets[key.engagement] = IDENTITY
    sealed.lock_to_papers(story=walked, key=key, seat=one.seat, now=walked.now)
    walked.open()
    walked.said = [say() for _ in range(12)]
    for voice in walked.said:
        take(walked, voice)
    return walked


def take(walked, voice):
    intake.take_in(
        program=walked.program,
        engagement="library-computers",
        mark=voice.mark,
        act=voice.act,
        sealed=voice.sealed,
        now=walked.now,
    )


def destroy(walked, *asking):
    """Let leads ask for it, on the day from which they may."""
    key = EngagementKey.objects.get()
    walked.now = max(walked.now, START + timedelta(days=366))
    intake.publish_batches(program=walked.program, now=walked.now)
    for seat in asking:
        keys_actions.destroy_key(
            program=walked.program, key=key, seat=seat, ground="Kept long enough", now=walked.now
        )


def test_how_far_people_came_goes_with_the_key(opened, holders):
    slug = opened.engagement.slug
    intake.count_refusal(program=opened.program, engagement=slug, lang="en", reason="unsealed")
    assert ReachedCount.objects.filter(engagement=slug).count() == 1
    destroy(opened, holders[0].seat, holders[1].seat)
    assert ReachedCount.objects.count() == 0


def test_what_is_refused_once_the_key_is_destroyed_is_counted_no_more(opened, holders, client):
    slug, sent = opened.engagement.slug, {"mark": "a" * 64, "act": "b" * 64, "sealed": "AA==", "website": ""}
    post = f"/{opened.program.slug}/vi/engagements/{slug}/voices/"

    def refused() -> int:
        client.post(post, sent, content_type="application/json", headers={"origin": "http://testserver"})
        return ReachedCount.objects.count()

    assert refused() == 1
    destroy(opened, holders[0].seat, holders[1].seat)
    assert refused() == 0


def test_a_destroyed_key_is_gone_and_the_record_says_so(opened, holders):
    destroy(opened, holders[0].seat, holders[1].seat)

    assert Wrap.objects.count() == 0
    (entry,) = rows(opened).citing(opened.promise, "key.destroyed")
    assert PublicText.objects.get(entry=entry.index, name="ground").words == "Kept long enough"
    with pytest.raises(Refused, match="was destroyed, so it cannot be shared"):
        keys_actions.share_engagement_key(
            program=opened.program,
            key=EngagementKey.objects.get(),
            **lock(opened.program, holders[0], wrap(IDENTITY, holders[1])),
            now=opened.now,
        )


def another_key(walked, *holders):
    """Make the key of another engagement, locked to these leads."""
    identity = new_identity()
    named = {"engagement": "another-hall", "recipient": recipient_of(identity)}
    locked = lock(walked.program, holders[0], wrap(identity, *holders), **named)
    return keys_actions.make_engagement_key(program=walked.program, **named, **locked, now=walked.now)


def test_the_end_of_one_key_lets_no_wrap_of_another_key_go(both_databases, opened, holders):
    destroy(opened, holders[0].seat, holders[1].seat)
    other = another_key(opened, *holders[:2])
    (end,) = rows(opened).citing(opened.promise, "key.destroyed")

    gone = f"UPDATE keys_engagementkey SET destroyed = {end.index} WHERE id = {other.pk}"
    assert taken_by_sql([gone, f"DELETE FROM keys_wrap WHERE key_id = {other.pk}"]) == []
    assert Wrap.objects.filter(key=other).count() == 2


def test_a_look_names_the_key_that_lacks_a_wrap_and_the_one_that_another_entry_ends(opened, holders):
    destroy(opened, holders[0].seat, holders[1].seat)
    other = another_key(opened, *holders[:2])
    (end,) = rows(opened).citing(opened.promise, "key.destroyed")

    def named():
        return kept_otherwise(opened.program, rows(opened).every("key.made"))

    assert named() == set()
    with connection.cursor() as cursor:
        for one in ("keys_wrap_no_delete", "keys_engagementkey_no_update"):
            cursor.execute(f"DROP TRIGGER {one}")
    Wrap.objects.filter(key=other, seat=holders[1].seat).delete()
    assert named() == {other.entry}
    EngagementKey.objects.filter(pk=other.pk).update(destroyed=end.index)
    assert named() == {other.entry}


def test_nothing_more_is_taken_in_once_the_key_is_destroyed(opened, holders):
    destroy(opened, holders[0].seat, holders[1].seat)

    with pytest.raises(UnusableInputError, match="takes in no more voices"):
        take(opened, say())


def test_a_voice_that_waits_in_line_while_the_key_is_destroyed_is_refused(opened, holders, monkeypatch):
    both = [one.seat for one in holders[:2]]
    monkeypatch.setattr(intake, "_refuse_without_room", lambda _size: destroy(opened, *both))

    with pytest.raises(UnusableInputError, match="takes in no more voices"):
        take(opened, say())

    assert Voice.objects.count() == len(opened.said)


def test_a_key_is_destroyed_once_and_by_leads_who_hold_it(opened, holders):
    with pytest.raises(Refused, match="Only a lead who holds this key can destroy it"):
        destroy(opened, holders[2].seat)
    destroy(opened, holders[0].seat, holders[1].seat)

    with pytest.raises(Refused, match="destroyed already"):
        destroy(opened, holders[1].seat)
    assert len(rows(opened).citing(opened.promise, "key.destroyed")) == 1


def test_a_legal_hold_pauses_the_destruction_of_a_key(opened, holders):
    record.place_hold(program=opened.program, ground="Case 12", by="steward", now=opened.now)

    with pytest.raises(record.LegalHoldError):
        destroy(opened, holders[0].seat)

    assert Wrap.objects.count() == 2


def propose(walked, holder, voices, not_opened=0):
    return propose_opened(
        program=walked.program,
        promise=walked.promise,
        seat=holder.seat,
        marks=sorted(one.mark for one in voices),
        not_opened=not_opened,
        now=walked.now,
    )


def test_the_list_of_opened_voices_is_signed_by_two_leads(opened, holders):
    one, two, _three = holders
    with pytest.raises(Refused, match="not on the public log yet"):
        propose(opened, one, opened.said)
    opened.later(31)
    intake.publish_batches(program=opened.program, now=opened.now)
    with pytest.raises(Refused, match="point at people"):
        propose(opened, one, opened.said[:9])
    with signed_by(Nobody()), pytest.raises(SignatureNeededError):
        propose(opened, one, opened.said)

    proposed = propose(opened, one, opened.said[:11], 1)
    sign = {"program": opened.program, "opened_list": proposed, "now": opened.now}
    with pytest.raises(Refused, match="You proposed this list"):
        sign_opened(seat=one.seat, **sign)
    with signed_by(Nobody()), pytest.raises(SignatureNeededError):
        sign_opened(seat=two.seat, **sign)
    sign_opened(seat=two.seat, **sign)

    (entry,) = rows(opened).citing(opened.promise, "voices.opened")
    assert dict(entry.data) == {"marks": sorted(one.mark for one in opened.said[:11]), "part": 1}
    assert set(entry.by) == {one.seat.public_id, two.seat.public_id} == set(entry.act["sigs"])


def test_a_list_that_its_first_lead_did_not_sign_waits_for_no_second(opened, holders):
    one, two, _three = holders
    opened.later(31)
    intake.publish_batches(program=opened.program, now=opened.now)
    proposed = propose(opened, one, opened.said[:11])
    sign = {"program": opened.program, "opened_list": proposed, "seat": two.seat, "now": opened.now}
    OpenedList.objects.update(marks=sorted(one.mark for one in opened.said[:12]))

    assert reader.waiting_lists(opened.program, opened.promise) == []
    with pytest.raises(Refused, match="waits no longer"):
        sign_opened(**sign)

    OpenedList.objects.update(marks=proposed.marks)
    assert sign_opened(**sign)


def test_notes_are_kept_only_sealed_and_a_late_save_is_refused(opened):
    from alongside.core.sealing.envelope import seal

    ours = {"program": opened.program, "promise": opened.promise, "seat": opened.first_lead}
    with pytest.raises(Refused, match="The notes are not sealed"):
        keep_notes(**ours, sealed=b'{"themes": []}', revision=0)
    first = keep_notes(**ours, sealed=seal(b"one", RECIPIENT), revision=0)
    second = keep_notes(**ours, sealed=seal(b"two", RECIPIENT), revision=first.revision)

    for late in (0, first.revision):
        with pytest.raises(Refused, match="load them, then save again"):
            keep_notes(**ours, sealed=seal(b"three", RECIPIENT), revision=late)

    assert open_sealed(bytes(second.sealed), [IDENTITY]) == b"two"


def test_notes_that_save_themselves_take_the_place_of_the_leads_own_last_ones_alone(opened):
    from alongside.core.sealing.envelope import seal

    ours = {"program": opened.program, "promise": opened.promise, "sealed": seal(b"one", RECIPIENT)}
    first, second = opened.first_lead, opened.second_lead
    keep_notes(**ours, seat=first, revision=0)
    keep_notes(**ours, seat=second, revision=1)

    keep_notes(**ours, seat=first, revision=2, again=True)
    keep_notes(**ours, seat=first, revision=3, again=True)

    kept = reader.notebook(opened.program, opened.promise)
    assert [(one.revision, one.seat) for one in kept] == [(4, first), (2, second), (1, first)]


def test_a_fingerprint_is_thirty_digits_that_change_with_either_key_the_seat_and_the_record():
    own = {
        "origin": "a.example/record",
        "seat": "seat-aaaaaaaa",
        "recipient": RECIPIENT,
        "sign_key": "ab" * 32,
    }
    others = {
        "origin": "b.example/record",
        "seat": "seat-bbbbbbbb",
        "recipient": recipient_of(new_identity()),
        "sign_key": "ac" * 32,
    }
    told = leads.fingerprint(**own)
    assert [len(group) for group in told.split(" ")] == [5] * 6
    assert len({told, *(leads.fingerprint(**{**own, name: other}) for name, other in others.items())}) == 5
    assert receipt  # the receipt's secrets are other keys than these

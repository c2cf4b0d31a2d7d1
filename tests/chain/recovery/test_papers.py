"""Recovery papers: what the site takes of them, from whom, and what it gives to whom."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from alongside.chain.recovery import actions
from alongside.chain.recovery.models import PapersAsked
from alongside.chain.recovery.queries import papers_of, to_recover
from alongside.chain.voices import actions as voices
from alongside.chain.voices.models import EngagementKey, PaperWrap, Wrap
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.leads import papers_statement
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.papers import combine, rows
from alongside.ground.gate.tokens import READ, give_token
from alongside.site.demo import sealed
from tests.chain.voices.cast import Holder, holders, lock, offer, wrap
from tests.support.remembering import remembered
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
API = "/riverbend/en/reader/api/papers/"


@remembered
def with_keys() -> Thread:
    """Walk to two leads with keys, a draft, and no papers."""
    return Thread().open_program().draft_engagement().found_keys(papers_too=False)


@remembered
def with_papers() -> Thread:
    """Walk to an engagement that is open, whose key is locked to checked papers."""
    return Thread().open_program().draft_engagement().make_keys().open()


def told(thread: Thread, kind: str) -> list:
    return list(thread.log.every(kind))


def asked(thread: Thread) -> PapersAsked:
    return sealed.propose_papers(story=thread, seat=thread.first_lead, now=thread.now)


def test_the_papers_of_which_enough_are_put_together_open_what_was_locked_to_them():
    thread = with_papers()
    made = papers_of(thread.program)
    assert (made.needed, made.count, made.unchecked) == (2, 2, [])
    recovery = identity_text(combine(thread.papers))
    (wrapped,) = PaperWrap.objects.all()
    assert wrapped.recipient == recipient_of(recovery)
    assert open_sealed(bytes(wrapped.sealed), [recovery]).decode() == thread.identity


def in_the_database() -> str:
    """Give all rows of all tables, bytes as their hexadecimal digits."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [
                bytes(one).hex() if isinstance(one, bytes | memoryview) else str(one)
                for row in cursor.fetchall()
                for one in row
            ]
    return "\n".join(found)


def test_no_digit_of_a_paper_and_nothing_of_its_key_is_in_the_database_or_in_the_record():
    thread = with_papers()
    secrets = [one.hex() for one in thread.papers] + [combine(thread.papers).hex()]
    secrets += [row for one in thread.papers for row in rows(one)]
    secrets += [row.replace(" ", "") for one in thread.papers for row in rows(one)]
    held = in_the_database()
    held += "\n".join(bytes(one).decode() for one in thread.entries())
    assert [one for one in secrets if one.lower() in held.lower()] == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"needed": 1}, "These are no recovery papers"),
        ({"needed": 3}, "These are no recovery papers"),
        ({"papers": ["ab" * 32]}, "These are no recovery papers"),
        ({"papers": ["x" * 64, "ab" * 32]}, "These are no recovery papers"),
        ({"recipient": "age1notakey"}, "The key is not whole"),
        ({"papers": ["cd" * 32, "ab" * 32]}, "The signature is not yours"),
    ],
)
def test_what_can_be_no_papers_or_was_signed_otherwise_is_not_kept(changed, says):
    thread = with_keys()
    one = asked(thread)
    said = {name: getattr(one, name) for name in ("recipient", "needed", "papers", "signature")} | changed
    with pytest.raises(Refused, match=says):
        actions.propose_papers(program=thread.program, seat=thread.first_lead, **said, now=thread.now)


def test_papers_count_only_once_another_lead_signed_the_same():
    thread = with_keys()
    one = asked(thread)
    with pytest.raises(Refused, match="A second lead signs them"):
        sealed.sign_papers(story=thread, asked=one, seat=thread.first_lead, now=thread.now)
    second = thread.keyrings[thread.second_lead.public_id]
    other = papers_statement(
        origin=thread.program.origin, recipient=one.recipient, needed=2, papers=one.papers[::-1]
    )
    signed = {"program": thread.program, "asked": one, "seat": thread.second_lead, "now": thread.now}
    with pytest.raises(Refused, match="The signature is not yours"):
        actions.sign_papers(**signed, signature=second.sign(other))
    assert told(thread, "recovery.made") == []
    sealed.sign_papers(story=thread, asked=one, seat=thread.second_lead, now=thread.now)
    assert (len(told(thread, "recovery.made")), PapersAsked.objects.count()) == (1, 0)


def test_a_paper_is_checked_by_a_signature_of_whoever_typed_it_and_told_once():
    thread = with_keys()
    sealed.sign_papers(story=thread, asked=asked(thread), seat=thread.second_lead, now=thread.now)
    given = {"program": thread.program, "seat": thread.first_lead, "now": thread.now}
    with pytest.raises(GrammarError, match="does not stand under this key"):
        actions.check_paper(
            **given, paper=1, signature=thread.keyrings[thread.first_lead.public_id].sign(b"")
        )
    for _again in range(2):
        sealed.check_paper(story=thread, seat=thread.first_lead, paper=1, now=thread.now)
    assert [one.data["paper"] for one in told(thread, "recovery.checked")] == [1]


def newcomer(thread: Thread) -> Holder:
    """Let a third lead come with a certified key that opens nothing."""
    third = Holder.make(thread.third_lead)
    key = offer(thread.program, third, thread.now)
    for one in holders(thread)[:2]:
        signature = one.vouch_for(third, thread.program.origin)
        voices.vouch(program=thread.program, key=key, seat=one.seat, signature=signature, now=thread.now)
    return third


def recovering(thread: Thread, third: Holder, **changed) -> dict:
    """Give what the reader of a lead sends who opened the key with papers."""
    key = EngagementKey.objects.get()
    made = papers_of(thread.program).entry
    wraps = wrap(thread.identity, third)
    keys = {one: third.recipient for one in wraps} | {"papers": made.data["recipient"]}
    named = {"engagement": key.engagement, "recipient": key.recipient}
    return {
        "program": thread.program,
        "key": key,
        "seat": third.seat,
        "papers": made.index,
        "wraps": wraps,
        "signature": third.lock(origin=thread.program.origin, keys=keys, **named),
        "nonce": open_sealed(bytes(key.test), [thread.identity]).decode().strip(),
        "now": thread.now,
    } | changed


def test_a_lead_who_opened_a_key_with_papers_holds_it_and_the_record_says_how():
    thread = with_papers()
    third = newcomer(thread)
    entry = actions.recover_key(**recovering(thread, third))
    assert (entry.kind, entry.by, entry.data["wrapped_to"]) == (
        "key.recovered",
        (third.seat.public_id,),
        [third.seat.public_id],
    )
    assert Wrap.objects.filter(seat=third.seat, recipient=third.recipient).count() == 1


def test_nobody_holds_a_key_by_papers_who_does_not_tell_what_its_test_voice_says():
    thread = with_papers()
    third = newcomer(thread)
    with pytest.raises(Refused, match="This is not what the test voice says"):
        actions.recover_key(**recovering(thread, third, nonce="0" * 64))
    assert not Wrap.objects.filter(seat=third.seat).exists()


def test_a_key_that_was_not_locked_to_papers_is_not_recovered_with_them():
    thread = with_keys().make_keys()
    sealed.sign_papers(story=thread, asked=asked(thread), seat=thread.second_lead, now=thread.now)
    third = newcomer(thread)
    with pytest.raises(GrammarError, match="was not locked to these recovery papers"):
        actions.recover_key(**recovering(thread, third))


def test_only_who_holds_a_key_locks_it_to_the_papers():
    thread = with_papers()
    third = newcomer(thread)
    thread.keyrings[third.seat.public_id] = third
    with pytest.raises(GrammarError, match="only a lead who can open this key"):
        sealed.lock_to_papers(story=thread, key=EngagementKey.objects.get(), seat=third.seat, now=thread.now)
    assert PaperWrap.objects.count() == 1


def test_what_is_locked_to_papers_is_neither_changed_nor_taken_away_before_its_key_is_destroyed():
    with_papers()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperWrap.objects.update(sealed=b"nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperWrap.objects.all().delete()


def test_with_the_key_what_was_locked_to_papers_is_destroyed():
    thread = with_papers()
    key = EngagementKey.objects.get()
    thread.later(400).end_intake()
    for seat in thread.leads[:2]:
        voices.destroy_key(
            program=thread.program, key=key, seat=seat, ground="Kept long enough", now=thread.now
        )
    assert (PaperWrap.objects.count(), to_recover(thread.program)["keys"]) == (0, [])
    with pytest.raises(Refused, match="This key was destroyed"):
        sealed.lock_to_papers(story=thread, key=key, seat=thread.first_lead, now=thread.now)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("", "get"),
        ("", "post"),
        ("sign", "post"),
        ("drop", "post"),
        ("check", "post"),
        ("keys", "get"),
        ("keys/library-computers/lock", "post"),
        ("keys/library-computers/recover", "post"),
    ],
)
def test_no_door_opens_without_a_leads_key(client, path, method):
    with_papers()
    reply = getattr(client, method)(
        API + path, content_type="application/json", headers={"Origin": "http://testserver"}
    )
    assert reply.status_code == 401


def test_a_reader_is_given_what_it_judges_the_papers_by(client):
    thread = with_papers()
    token = give_token(program="riverbend", seat=thread.first_lead.public_id, use=READ)
    reply = client.get(API, headers={"Authorization": f"Bearer {token}"})
    given = json.loads(reply.content)
    (made,) = told(thread, "recovery.made")
    assert [one["index"] for one in given["made"]] == [made.index]
    assert [one["paper"] for one in given["checked"]] == [1, 2]
    assert (given["asked"], len(given["locked"])) == (None, 1)

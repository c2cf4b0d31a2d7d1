"""Recovery papers: what the site takes of them, from whom, and what it gives to whom."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from alongside.chain.keys.actions import destroy_key, report_lost_key, vouch
from alongside.chain.keys.models import EngagementKey, PaperWrap, Wrap
from alongside.chain.recovery import actions
from alongside.chain.recovery.models import PapersAsked
from alongside.chain.recovery.queries import KINDS, papers_asked, papers_in, to_recover
from alongside.cohort.seats.actions import leave_seat
from alongside.cohort.seats.models import Seat
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.engagements import is_recoverable
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.leads import checked_statement, joined_statement, papers_statement
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.recovery_papers import combine, rows
from alongside.ground.gate.tokens import READ, give_token
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import sealed
from tests.chain.opinions.test_maps import words_of
from tests.chain.voices.cast import Holder, holders, offer, wrap
from tests.support.remembering import remembered
from tests.support.thread import Thread


def papers_of(program, today):
    """Give the recovery papers of a program that count today."""
    return papers_in(RowsLog.of(program).read(*KINDS), today)


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
    made = papers_of(thread.program, thread.now.date())
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
        ({"recipient": "age1notakey"}, "This page could not make the key"),
        ({"papers": ["cd" * 32, "ab" * 32]}, "The signature is not yours"),
    ],
)
def test_what_can_be_no_papers_or_was_signed_otherwise_is_not_kept(changed, says):
    thread = with_keys()
    one = asked(thread)
    said = {name: getattr(one, name) for name in ("recipient", "needed", "papers", "signature")} | changed
    with pytest.raises(Refused, match=says):
        actions.propose_papers(program=thread.program, seat=thread.first_lead, **said, now=thread.now)


def signing(thread: Thread, one: PapersAsked, seat: Seat, statement=joined_statement, typed=()) -> dict:
    """Give what the reader of a second lead sends who typed these papers of those that wait."""
    ring = thread.keyrings[seat.public_id]
    origin = thread.program.origin
    said = {name: getattr(one, name) for name in ("recipient", "needed", "papers")}
    checks = {
        paper: ring.sign(
            checked_statement(
                origin=origin, recipient=one.recipient, paper=paper, known_by=one.papers[paper - 1]
            )
        )
        for paper in typed
    }
    signature = ring.sign(statement(origin=origin, **said))
    return {"program": thread.program, "asked": one, "seat": seat, "now": thread.now} | {
        "signature": signature,
        "checked": checks,
    }


def test_papers_count_only_once_another_lead_typed_as_many_as_open_a_key_and_signed():
    thread = with_keys()
    one = asked(thread)
    with pytest.raises(Refused, match="A second lead signs them"):
        sealed.sign_papers(story=thread, asked=one, seat=thread.first_lead, now=thread.now)
    with pytest.raises(Refused, match="Type as many of the papers as open a key"):
        actions.sign_papers(**signing(thread, one, thread.second_lead, typed=[1]))
    with pytest.raises(Refused, match="The signature is not yours"):  # as if it had made them
        actions.sign_papers(**signing(thread, one, thread.second_lead, papers_statement, typed=[1, 2]))
    assert told(thread, "recovery.made") == []
    sealed.sign_papers(story=thread, asked=one, seat=thread.second_lead, now=thread.now)
    (made,) = told(thread, "recovery.made")
    assert (made.data["maker"], PapersAsked.objects.count()) == (thread.first_lead.public_id, 0)


def with_five() -> Thread:
    """Walk to five papers, of which the second lead typed three and signed."""
    thread = with_keys()
    one = sealed.propose_papers(story=thread, seat=thread.first_lead, many=True, now=thread.now)
    sealed.sign_papers(story=thread, asked=one, seat=thread.second_lead, now=thread.now)
    return thread


def test_what_the_second_lead_typed_before_signing_is_checked_by_that():
    thread = with_five()
    assert [(one.data["paper"], one.by[0]) for one in told(thread, "recovery.checked")] == [
        (paper, thread.second_lead.public_id) for paper in (1, 2, 3)
    ]
    assert papers_of(thread.program, thread.now.date()).unchecked == [4, 5]


def test_a_paper_is_checked_by_a_signature_of_whoever_typed_it_and_told_once():
    thread = with_five()
    given = {"program": thread.program, "seat": thread.second_lead, "now": thread.now}
    with pytest.raises(GrammarError, match="does not stand under this key"):
        actions.check_paper(
            **given, paper=4, signature=thread.keyrings[thread.second_lead.public_id].sign(b"")
        )
    for _again in range(2):
        sealed.check_paper(story=thread, seat=thread.second_lead, paper=4, now=thread.now)
    assert [one.data["paper"] for one in told(thread, "recovery.checked")] == [1, 2, 3, 4]


def test_whoever_made_the_papers_checks_none_of_them_from_any_place():
    thread = with_five()
    with pytest.raises(GrammarError, match="you made these papers; ask another lead to check them"):
        sealed.check_paper(story=thread, seat=thread.first_lead, paper=4, now=thread.now)
    third = newcomer(thread)
    thread.keyrings[third.seat.public_id] = third
    cohort = third.seat.cohort  # of another cohort, as nobody has two places in one
    cohort.pk, cohort.slug = None, "another"
    cohort.save()
    third.seat.person, third.seat.cohort = thread.first_lead.person, cohort
    third.seat.save()
    with pytest.raises(GrammarError, match="are one person, who counts once"):
        sealed.check_paper(story=thread, seat=third.seat, paper=4, now=thread.now)
    assert papers_of(thread.program, thread.now.date()).unchecked == [4, 5]


def test_papers_that_wait_give_way_to_none_of_another_lead_while_their_maker_can_stand_for_them():
    thread = with_keys()
    one = asked(thread)
    with pytest.raises(Refused, match="Papers of another lead wait"):
        sealed.propose_papers(story=thread, seat=thread.second_lead, now=thread.now)
    own = asked(thread)  # one's own give way
    assert (own.pk, own.recipient != one.recipient) == (one.pk, True)
    leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="moved", now=thread.now)
    thread.later(1)
    assert papers_asked(thread.program, thread.now.date()) is None
    sealed.propose_papers(story=thread, seat=thread.second_lead, now=thread.now)
    assert papers_asked(thread.program, thread.now.date()).seat == thread.second_lead


def test_papers_of_a_lead_who_left_open_no_new_engagement():
    thread = with_keys().make_keys()
    assert is_recoverable(EngagementKey.objects.get().entry, RowsLog.of(thread.program), thread.now.date())
    leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="moved", now=thread.now)
    thread.later(1)
    assert papers_of(thread.program, thread.now.date()) is None
    assert not is_recoverable(
        EngagementKey.objects.get().entry, RowsLog.of(thread.program), thread.now.date()
    )
    with pytest.raises(GrammarError, match="these papers count no more"):
        actions.lock_to_papers(
            program=thread.program,
            key=EngagementKey.objects.get(),
            seat=thread.third_lead,
            papers=told(thread, "recovery.made")[0].index,
            sealed=bytes(PaperWrap.objects.get().sealed),
            signature=told(thread, "recovery.locked")[0].data["signature"],
            now=thread.now,
        )


def test_the_pages_of_the_entries_say_how_many_papers_there_are_of_which_set_and_which_was_checked(
    site_client,
):
    thread = with_five()
    made, check = told(thread, "recovery.made")[0], told(thread, "recovery.checked")[0]

    def shown(entry: Entry) -> str:
        return words_of(site_client.get(f"/riverbend/en/record/{entry.index}/").content.decode())

    assert "How many papers 5 How many of them open a key 3" in shown(made)
    assert f"Their set {made.data['recipient'][-6:]}" in shown(made)
    assert f"Which paper {check.data['paper']}" in shown(check)


def test_papers_of_a_lead_who_reported_the_key_lost_count_no_more():
    thread = with_five()
    assert papers_of(thread.program, thread.now.date()) is not None
    report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)
    assert papers_of(thread.program, thread.now.date()) is None


def newcomer(thread: Thread) -> Holder:
    """Let a third lead come with a certified key that opens nothing."""
    third = Holder.make(thread.third_lead)
    key = offer(thread.program, third, thread.now)
    for one in holders(thread)[:2]:
        signature = one.vouch_for(third, thread.program.origin)
        vouch(program=thread.program, key=key, seat=one.seat, signature=signature, now=thread.now)
    return third


def recovering(thread: Thread, third: Holder, **changed) -> dict:
    """Give what the reader of a lead sends who opened the key with papers."""
    key = EngagementKey.objects.get()
    made = papers_made(thread)
    wraps = wrap(thread.identity, third)
    keys = dict.fromkeys(wraps, third.recipient) | {"papers": made.data["recipient"]}
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


def test_a_key_that_papers_opened_is_told_once_however_often_it_is_pressed():
    thread = with_papers()
    third = newcomer(thread)
    first, again = (actions.recover_key(**recovering(thread, third)) for _press in range(2))
    assert (first.index, len(told(thread, "key.recovered"))) == (again.index, 1)


def test_whoever_holds_a_key_does_not_say_that_papers_gave_it_back():
    thread = with_papers()
    one = next(one for one in holders(thread) if one.seat.pk == thread.second_lead.pk)
    with pytest.raises(GrammarError, match="this key is open to you already"):
        actions.recover_key(**recovering(thread, one))


def test_who_made_a_key_and_lost_it_recovers_it_for_all_leads_also_those_it_was_locked_to_before():
    thread = with_papers()
    third, (first, second, *_others) = newcomer(thread), holders(thread)
    again = Holder.make(first.seat)
    key = offer(thread.program, again, thread.now)
    for one in (second, third):
        signature = one.vouch_for(again, thread.program.origin)
        vouch(program=thread.program, key=key, seat=one.seat, signature=signature, now=thread.now)
    wraps = wrap(thread.identity, again, second, third)
    keys = {one.seat.public_id: one.recipient for one in (again, second, third)}
    given = recovering(thread, again, wraps=wraps)
    named = {"engagement": given["key"].engagement, "recipient": given["key"].recipient}
    keys["papers"] = papers_made(thread).data["recipient"]
    given["papers"] = papers_made(thread).index
    given["signature"] = again.lock(origin=thread.program.origin, keys=keys, **named)
    entry = actions.recover_key(**given)
    assert entry.data["wrapped_to"] == sorted(wraps)
    assert Wrap.objects.filter(by=first.seat, seat=second.seat).count() == 1  # what was locked before stays


def papers_made(thread: Thread) -> Entry:
    return told(thread, "recovery.made")[-1]


def test_a_lead_locks_a_key_to_the_same_papers_once_and_a_second_lead_can_too():
    thread = with_papers()
    key = EngagementKey.objects.get()
    sealed.lock_to_papers(story=thread, key=key, seat=thread.first_lead, now=thread.now)
    sealed.lock_to_papers(story=thread, key=key, seat=thread.second_lead, now=thread.now)
    locked = told(thread, "recovery.locked")
    assert [one.by[0] for one in locked] == [thread.first_lead.public_id, thread.second_lead.public_id]
    named = {"kind": EntryKind.RECOVERY_LOCKED, "by": list(locked[0].by), "data": dict(locked[0].data)}
    cites = {role: list(cited) for role, cited in locked[0].cites.items()}
    with pytest.raises(GrammarError, match="you locked this key to these papers before"):
        append(program=thread.program, drafts=[Draft(**named, cites=cites)], now=thread.now)


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
        destroy_key(program=thread.program, key=key, seat=seat, ground="Kept long enough", now=thread.now)
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
    assert (given["asked"], given["counts"], len(given["locked"])) == (None, made.index, 1)

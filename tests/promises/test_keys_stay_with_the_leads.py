"""Promise 2: no lead alone can take the voices from the others, and a key goes on the day that was promised, by two."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from alongside.chain.keys.actions import (
    destroy_key,
    keep_key,
    make_engagement_key,
    report_lost_key,
    share_engagement_key,
    vouch,
)
from alongside.chain.keys.models import DestructionAsked, EngagementKey, Wrap
from alongside.chain.keys.queries import destruction_asked, waiting_keys, wraps_for
from alongside.chain.reader import queries as reader
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats import actions as seats_actions
from alongside.cohort.seats.queries.seconds import seconds_awaited
from alongside.core.entries import GrammarError
from alongside.core.policy.shapes import Clocks
from alongside.core.refusals import Refused
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.workflow.engagements import course_at
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.acts import Nobody, SignatureNeededError, signed_by
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from alongside.site.demo.keys import new_identity
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction
from alongside.work.engagements.queries.drafts import promise_data
from tests.chain.voices.cast import Holder, holders, lock, offer, wrap
from tests.promises.attempts import BASE, as_, today
from tests.support.remembering import remembered
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}/engagements/library-computers/"
KEPT = 120


class Keys:
    """An open engagement whose voices are kept for 120 days, and the two leads who hold its key; a third is certified."""

    def __init__(self, now, *, opens=True) -> None:
        self.day = now.date() + timedelta(days=KEPT)
        self.thread = thread = Thread(now=now).open_program().draft_engagement(voices_kept_until=self.day)
        thread.make_keys().found_keys(3)
        self.key = EngagementKey.objects.get()
        self.ana, self.ben, self.cam = holders(thread)
        if opens:
            thread.open()

    def certify(self, holder, *, by=None):
        for one in by or (self.ana, self.ben):
            vouch(
                program=self.thread.program,
                key=waiting_keys(self.thread.program)[-1],
                seat=one.seat,
                signature=one.vouch_for(holder, self.thread.program.origin),
                now=self.thread.now,
            )

    def share(self, holder, wraps):
        share_engagement_key(
            program=self.thread.program,
            key=self.key,
            **lock(self.thread.program, holder, wraps, self.key.recipient),
            now=self.thread.now,
        )

    def destroy(self, holder):
        self.thread.end_intake()
        return destroy_key(
            program=self.thread.program,
            key=self.key,
            seat=holder.seat,
            ground="Kept as long as promised",
            now=self.thread.now,
        )

    def forge(self, *holders):
        """Write key.destroyed as whoever holds the log's key could, once the clock did its own."""
        self.thread.end_intake()
        self.thread.enter(
            "key.destroyed",
            sorted(one.seat.public_id for one in holders),
            cites={"engagement": [self.thread.promise]},
            texts={"ground": Text("en", "Kept as long as promised")},
        )

    def opens(self, holder) -> bool:
        """Say whether the reader of a lead finds the engagement's key in what it is given."""
        for one in wraps_for(self.key, holder.seat.public_id):
            try:
                if open_sealed(bytes(one.sealed), [holder.identity]) == self.thread.identity.encode():
                    return True
            except ValueError:
                continue
        return False


@pytest.fixture
def keys(db):
    return held(today())


@remembered
def held(now):
    return Keys(now)


def nonsense(holder):
    return {holder.seat.public_id: seal(b"AGE-SECRET-KEY-1NONSENSE", holder.keys["recipient"])}


def test_no_lead_puts_nonsense_in_the_place_of_anothers_key(keys):
    keys.share(keys.ana, nonsense(keys.ben))
    assert keys.opens(keys.ben), "what she locked before stays, whatever she presses again"
    keys.share(keys.ben, nonsense(keys.ana))
    keys.share(keys.ana, nonsense(keys.cam))
    assert keys.opens(keys.ana), "what Ben sealed stands beside the key, not in its place"
    assert not keys.opens(keys.cam)
    keys.share(keys.ben, wrap(keys.thread.identity, keys.cam))
    assert keys.opens(keys.cam), "another lead mends what was nonsense"


def test_a_lead_with_a_new_keyring_gets_the_key_again(keys):
    keys.share(keys.ana, wrap(keys.thread.identity, keys.cam))
    again = Holder.make(keys.cam.seat)
    offer(keys.thread.program, again, keys.thread.now)
    keys.certify(again)
    assert not keys.opens(again)
    keys.share(keys.ana, wrap(keys.thread.identity, again))
    assert keys.opens(again)


def test_the_database_itself_changes_and_takes_away_no_wrapped_key(both_databases):
    keys = Keys(today())
    for attempt in (
        lambda: Wrap.objects.update(sealed=b"-"),
        lambda: Wrap.objects.all().delete(),
        lambda: (
            EngagementKey.objects.update(destroyed=keys.thread.promise),
            Wrap.objects.all().delete(),
        ),
        lambda: EngagementKey.objects.update(recipient="-"),
        lambda: EngagementKey.objects.update(test=b"-"),
        lambda: EngagementKey.objects.update(nonce_hash="-"),
        lambda: EngagementKey.objects.update(destroyed=keys.thread.promise, engagement="-"),
        lambda: [EngagementKey.objects.update(destroyed=one) for one in (keys.thread.promise, None)],
    ):
        with pytest.raises(DatabaseError, match="a wrapped key is never changed"), transaction.atomic():
            attempt()
    assert keys.opens(keys.ana)
    assert keys.opens(keys.ben)


def test_a_key_goes_by_two_leads_and_not_before_the_promised_day(keys):
    for later in (0, KEPT - 1):
        keys.thread.later(later)
        for attempt in (
            lambda: keys.destroy(keys.ana),
            lambda: keys.forge(keys.ana, keys.ben),
        ):
            with pytest.raises(GrammarError, match="voices are kept to .*, as promised"):
                attempt()
    keys.thread.later(1)
    assert keys.thread.now.date() == keys.day
    assert keys.destroy(keys.ana) is None
    assert keys.destroy(keys.ana) is None, "one lead counts once"
    with pytest.raises(GrammarError, match="two leads destroy a key together"):
        keys.forge(keys.ana)
    with pytest.raises(Refused, match="Only a lead who holds this key"):
        keys.destroy(keys.cam)
    with pytest.raises(GrammarError, match="does not hold this key today"):
        keys.forge(keys.ana, keys.cam)
    assert keys.opens(keys.ben)

    entry = keys.destroy(keys.ben)

    assert set(entry.by) == {keys.ana.seat.public_id, keys.ben.seat.public_id}
    assert not Wrap.objects.exists()
    with pytest.raises(GrammarError, match="destroyed already"):
        keys.forge(keys.ana, keys.ben)


def test_a_key_does_not_go_while_people_can_speak_though_the_promised_day_moved_past(keys):
    thread = keys.thread
    for about, days in (("report_back", 160), ("answer_by", 155), ("closes", 150)):
        day = (thread.now.date() + timedelta(days=days)).isoformat()
        words = {"words": "The hall was closed.", "words-es": "La sala estuvo cerrada."}
        as_(thread.first_lead.person).post(f"{PAGE}correct/", {"about": about, "day": day} | words)
        as_(thread.boss).post(f"{PAGE}correct/{Correction.objects.latest('pk').pk}/")
    thread.later(KEPT)
    with pytest.raises(GrammarError, match="voices are kept to"):
        keys.destroy(keys.ana)


def test_a_legal_hold_stops_the_first_step_and_the_second(keys):
    keys.thread.later(KEPT)
    keys.destroy(keys.ana)
    hold = record.place_hold(program=keys.thread.program, ground="Case 12", by="steward", now=keys.thread.now)
    for one in (keys.ana, keys.ben):
        with pytest.raises(record.LegalHoldError):
            keys.destroy(one)
    with pytest.raises(GrammarError, match="a legal hold stands"):
        keys.forge(keys.ana, keys.ben)
    assert keys.opens(keys.ana)
    record.lift_hold(program=keys.thread.program, hold=hold.index, by="steward", now=keys.thread.now)
    assert keys.destroy(keys.ben) is not None


def test_a_former_lead_who_agreed_is_the_second_where_only_one_who_holds_the_key_sits(keys):
    thread = keys.thread
    thread.later(KEPT)
    gone = keys.ben.seat
    seats.leave_seat(seat=gone, on=thread.now.date(), reason="", now=thread.now)
    keys.ben.seat = type(gone).objects.get(pk=gone.pk)
    keys.destroy(keys.ana)
    for one in (keys.ben, keys.cam):
        with pytest.raises(Refused, match="Only a lead who holds this key"):
            keys.destroy(one)
    seats_actions.stay_in_reach(
        person=gone.person,
        program=thread.program,
        name="seconds",
        reach="503-555-0100",
        offers="",
        until=thread.now.date() + timedelta(days=30),
        now=thread.now,
    )
    entry = keys.destroy(keys.ben)
    assert set(entry.by) == {keys.ana.seat.public_id, gone.public_id}


def test_no_former_lead_takes_part_while_two_who_hold_the_key_sit(keys):
    thread = keys.thread
    keys.share(keys.ana, wrap(keys.thread.identity, keys.cam))
    thread.later(KEPT)
    gone = keys.cam.seat
    seats.leave_seat(seat=gone, on=thread.now.date(), reason="", now=thread.now)
    keys.cam.seat = type(gone).objects.get(pk=gone.pk)
    seats_actions.stay_in_reach(
        person=gone.person,
        program=thread.program,
        name="seconds",
        reach="503-555-0100",
        offers="",
        until=thread.now.date() + timedelta(days=60),
        now=thread.now,
    )
    keys.destroy(keys.ana)
    thread.later(11)
    with pytest.raises(Refused, match="Only a lead who holds this key"):
        keys.destroy(keys.cam)


def test_a_promise_whose_key_goes_before_people_hear_back_is_refused(db):
    kept = today().date() + timedelta(days=60)
    thread = Thread(now=today()).open_program().draft_engagement(voices_kept_until=kept).make_keys()
    with pytest.raises(GrammarError, match="leads read the voices until people hear back"):
        thread.open()


def test_a_wish_to_destroy_a_key_that_came_into_the_database_by_other_hands_destroys_nothing(keys):
    keys.thread.later(KEPT + 1)
    said = {"key": keys.key, "ground": "Nobody said this.", "asked_on": keys.thread.now.date()}
    DestructionAsked.objects.create(**said, seat=keys.ben.seat)
    assert keys.destroy(keys.ana) is None
    assert destruction_asked(keys.key).seat == keys.ana.seat
    assert keys.destroy(keys.ben).kind == "key.destroyed"


def test_a_wish_to_destroy_a_key_is_taken_back_by_whoever_had_it(keys):
    keys.thread.later(KEPT + 1)
    program, today = keys.thread.program, keys.thread.today
    keys.destroy(keys.ana)
    keep_key(key=keys.key, seat=keys.ben.seat)
    assert destruction_asked(keys.key).seat == keys.ana.seat
    keep_key(key=keys.key, seat=keys.ana.seat)
    assert (destruction_asked(keys.key), seconds_awaited(program, today)) == (None, [])
    assert keys.destroy(keys.ben) is None
    assert keys.destroy(keys.ana).kind == "key.destroyed"


def test_the_page_says_that_a_key_should_have_been_destroyed(db):
    keys = Keys(today() - timedelta(days=KEPT + 1))
    said = "What people said should be unreadable since "
    page = as_(None).get(PAGE).content.decode()
    assert said in page
    assert "Two leads must see to it, and have not." in page
    keys.thread.now = today()
    record.place_hold(program=keys.thread.program, ground="Case 12", by="steward", now=keys.thread.now)
    assert (
        "A court or an audit has asked that nothing be deleted for now."
        in as_(None).get(PAGE).content.decode()
    )


def test_the_page_says_nothing_of_it_before_the_day_nor_after_it_was_done(db):
    keys = Keys(today() - timedelta(days=KEPT))
    assert "should be unreadable" not in as_(None).get(PAGE).content.decode()
    keys.thread.now = today()
    keys.destroy(keys.ana)
    keys.destroy(keys.ben)
    keys.thread.later(1)
    assert "should be unreadable" not in as_(None).get(PAGE).content.decode()


def test_the_promise_and_the_destroyed_key_name_the_day_on_which_copies_leave_the_backups(db):
    keys = Keys(today() - timedelta(days=KEPT + 3))
    last = "copies in backups are gone by"
    assert f"The last locked {last} {day_in_words(keys.day + timedelta(days=30))}." in said_on(PAGE)
    keys.thread.now = today()
    keys.destroy(keys.ana)
    assert said_on(PAGE).count(last) == 1
    gone = keys.destroy(keys.ben)
    day = day_in_words(gone.date + timedelta(days=30))
    assert f"The last locked {last} {day}." in said_on(PAGE), "three days late, and so are the copies"
    assert f"The last locked {last} {day} " in said_on(f"{BASE}/record/{gone.index}/")


def test_copies_leave_the_backups_as_many_days_later_as_was_promised_whatever_the_rules_become(db):
    keys = Keys(today() - timedelta(days=KEPT))
    (promise,) = RowsLog.of(keys.thread.program).every("engagement.promised")
    assert promise.data["backup_days"] == 30
    pack = replace(pack_of(keys.thread.program), clocks=Clocks(backup_days=300))
    assert promise_data(keys.thread.engagement, pack, "")["backup_days"] == 300
    state = course_at(promise.index, RowsLog.of(keys.thread.program))
    assert state.backups_until == keys.day + timedelta(days=30)


def said_on(address) -> str:
    """Give the words that everybody reads on a page."""
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"</?time[^>]*>", "", text_of(as_(None), address)))
    return " ".join(plain.split())


NOT_HELD = "fewer than two leads of today hold this key"
SAYS = "Fewer than two leads of today hold this key, so perhaps nobody could read what people say."
ROOM = f"{BASE}/engagements/library-computers/room/"


def text_of(client, address):
    return client.get(address).content.decode()


def test_a_draft_waits_until_leads_of_today_hold_its_key(db):
    keys = Keys(today(), opens=False)
    thread, lead = keys.thread, as_(keys.cam.seat.person)
    assert SAYS not in text_of(lead, ROOM)
    seats.leave_seat(seat=keys.ben.seat, on=thread.now.date(), reason="", now=thread.now)
    with pytest.raises(GrammarError, match=NOT_HELD), transaction.atomic():
        thread.open()
    assert reader.desk_of(thread.program, "en", keys.cam.seat, thread.now.date())[0]["recipient"]
    left = text_of(lead, ROOM)
    assert (SAYS in left, "Freeze the promise" in left) == (True, False)
    share_engagement_key(
        program=thread.program,
        key=keys.key,
        **lock(thread.program, keys.ana, wrap(thread.identity, keys.cam), keys.key.recipient),
        now=thread.now,
    )
    assert SAYS not in text_of(lead, ROOM)
    assert thread.open().promise


def test_leads_of_today_make_another_key_for_a_draft_whose_key_they_do_not_hold(db):
    keys = Keys(today(), opens=False)
    thread = keys.thread
    for one in (keys.ana, keys.ben):
        seats.leave_seat(seat=one.seat, on=thread.now.date(), reason="", now=thread.now)
    for actor in (thread.third_lead, thread.manager):
        engagements.sign(engagement=thread.engagement, actor=actor.public_id, now=thread.now)
    with pytest.raises(GrammarError, match=NOT_HELD):
        engagements.open_engagement(
            engagement=thread.engagement, by=thread.third_lead.public_id, now=thread.now
        )
    (shown,) = reader.desk_of(thread.program, "en", keys.cam.seat, thread.now.date())
    assert (shown["recipient"], shown["holders"], shown["tested"]) == (None, [], [])


def test_whoever_was_given_the_key_opens_it_where_those_who_made_it_cannot(db):
    keys = Keys(today(), opens=False)
    thread = keys.thread
    lead, bureau = keys.cam.seat.public_id, thread.manager.public_id
    keys.share(keys.ana, wrap(thread.identity, keys.cam))
    for actor in (lead, bureau):
        engagements.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    seats.leave_seat(seat=keys.ben.seat, on=thread.now.date(), reason="", now=thread.now)
    seats.declare_own(seat=keys.ana.seat, works_for=thread.unit.slug, now=thread.now)

    def offered(holder):
        return "Freeze the promise and open" in text_of(as_(holder.seat.person), ROOM)

    assert [offered(one) for one in (keys.ana, keys.cam)] == [False, True]
    assert "Open it: " in text_of(as_(keys.cam.seat.person), f"{BASE}/week/")
    with signed_by(Nobody()), pytest.raises(SignatureNeededError):
        engagements.open_engagement(engagement=thread.engagement, by=lead, now=thread.now)
    report_lost_key(program=thread.program, seat=lead, now=thread.now)
    assert not offered(keys.cam)


def test_whoever_takes_the_request_cannot_put_a_key_of_their_own_in_the_place_of_the_leads(db):
    keys = Keys(today(), opens=False)
    thread, theirs = keys.thread, new_identity()
    wraps = wrap(thread.identity, keys.ana, keys.ben)
    honest = lock(thread.program, keys.ana, wraps, keys.key.recipient)
    forged = {
        "engagement": "library-computers",
        "recipient": recipient_of(theirs),
        "wraps": wrap(theirs, keys.ana, keys.ben),
    }
    with pytest.raises(GrammarError, match="does not stand under this key"):
        make_engagement_key(program=thread.program, now=thread.now, **{**honest, **forged})
    data = {
        "engagement": "library-computers",
        "recipient": forged["recipient"],
        "wrapped_to": sorted(forged["wraps"]),
        "signature": honest["signature"],
    }
    with pytest.raises(GrammarError, match="does not stand under this key"), transaction.atomic():
        thread.enter("key.made", [keys.ana.seat.public_id], data)
    assert [one.recipient for one in EngagementKey.objects.all()] == [keys.key.recipient]

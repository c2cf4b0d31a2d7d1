"""Promises 2, 3 and 7: leads who serve a second term keep their keys, so that what people said can be read and answered."""

from datetime import date, timedelta

import pytest

from alongside.chain.keys.actions import destroy_key, vouch
from alongside.chain.keys.queries import key_of_seat, keys_that_leave, waiting_keys
from alongside.chain.reader import queries as reader
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.queries.goodbyes import held_by
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.core.sealing.keys import recipient_of
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.site.demo.keys import new_identity
from tests.chain.reader.test_reader_api import answer, ask
from tests.chain.voices.cast import Holder, lock, offer, wrap
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_keys_stay_with_the_leads import KEPT, Keys

pytestmark = pytest.mark.django_db
NEXT = date(2028, 1, 1)


class Renewed(Keys):
    """Five leads with keys, whose term ended yesterday; those who serve again sit in the next cohort since today, with no key."""

    def __init__(self, now, *, renewed: int) -> None:
        super().__init__(now)
        thread, first = self.thread, self.ana.seat.cohort
        self.old = [self.ana, self.ben, self.cam]
        for name in ("dee", "eli"):
            self.old.append(Holder.make(thread.seat(name, first)))
            offer(thread.program, self.old[-1], thread.now)
            self.certify(self.old[-1])
        self.share(self.ana, wrap(thread.identity, *self.old[2:]))
        thread.later((NEXT - thread.now.date()).days)
        again = thread.seat_cohort("second", NEXT, NEXT + timedelta(days=500))
        people = [one.seat.person for one in self.old[:renewed]]
        people += [make_person(email=f"new{one}@riverbend.example") for one in range(5 - renewed)]
        # Whoever signs in is read anew, as every page does.
        self.new = [Holder.make(thread.seat(Person.objects.get(pk=one.pk), again)) for one in people]

    def certify_new(self, one, by):
        offer(self.thread.program, one, self.thread.now)
        self.certify(one, by=by)

    def key_of(self, one):
        return key_of_seat(one.seat.public_id, self.thread.program)


@pytest.mark.parametrize("renewed", [5, 4])
def test_a_cohort_that_is_renewed_the_day_after_certifies_new_keys_and_opens_what_people_said(db, renewed):
    keys = Renewed(today(), renewed=renewed)
    day, program = keys.thread.now.date(), keys.thread.program
    for old in keys.old[:renewed]:
        assert reader.reader_seat(program, old.seat.public_id, day) == old.seat, "the reader opens"
        assert keys.opens(old)
    for new in keys.new:
        others = [old for old in keys.old[:renewed] if old.seat.person_id != new.seat.person_id]
        keys.certify_new(new, others[-2:])
        assert keys.key_of(new), "two leads vouched for the key of the new seat"
    keys.share(keys.ana, wrap(keys.thread.identity, *keys.new))
    assert all(keys.opens(new) for new in keys.new)


def test_whoever_is_not_seated_again_reads_and_vouches_no_more(db):
    keys = Renewed(today(), renewed=4)
    program, gone = keys.thread.program, keys.old[4]
    assert reader.reader_seat(program, gone.seat.public_id, keys.thread.now.date()) is None
    offer(program, keys.new[0], keys.thread.now)
    with pytest.raises(Refused, match="Your place is over"):
        keys.certify(keys.new[0], by=[gone])
    with pytest.raises(Refused, match="is over"):
        keys.share(gone, wrap(keys.thread.identity, keys.ana))


def test_an_earlier_key_counts_as_the_same_lead(db):
    keys = Renewed(today(), renewed=5)
    offer(keys.thread.program, keys.new[0], keys.thread.now)
    with pytest.raises(Refused, match="Only another lead"):
        keys.certify(keys.new[0], by=[keys.ana])
    keys.certify(keys.new[0], by=[keys.ben])
    keys.certify_new(keys.new[1], [keys.ana, keys.cam])
    assert keys.key_of(keys.new[1])
    key = next(one for one in waiting_keys(keys.thread.program) if one.seat == keys.new[0].seat)
    signed = keys.new[1].vouch_for(keys.new[0], keys.thread.program.origin)
    given = {"program": keys.thread.program, "key": key, "now": keys.thread.now}
    assert vouch(seat=keys.new[1].seat, signature=signed, **given) is None, "Ben vouched twice: one person"
    assert not keys.key_of(keys.new[0])


def test_two_seats_of_one_person_destroy_no_key_and_sign_no_list(db):
    keys = Renewed(today(), renewed=5)
    keys.certify_new(keys.new[0], keys.old[1:3])
    keys.share(keys.ana, wrap(keys.thread.identity, keys.new[0]))
    marks = keys.thread.hear()
    with pytest.raises(GrammarError, match="are one person"):
        keys.forge(keys.ana, keys.new[0])
    with pytest.raises(GrammarError, match="are one person"):
        keys.thread.enter(
            "voices.opened",
            sorted([keys.ana.seat.public_id, keys.new[0].seat.public_id]),
            {"marks": marks, "part": 1},
            {"engagement": [keys.thread.promise]},
        )


def test_two_seats_of_one_person_are_one_who_tests_a_key(db):
    keys = Renewed(today(), renewed=5)
    keys.certify_new(keys.new[0], keys.old[1:3])
    both, secret = (keys.ana, keys.new[0]), new_identity()
    named = {"engagement": "another", "recipient": recipient_of(secret)}
    locked = lock(keys.thread.program, keys.new[0], wrap(secret, *both), named["recipient"], "another")
    named["wrapped_to"] = sorted(locked["wraps"])
    made = {**named, "signature": locked["signature"]}
    key = keys.thread.enter("key.made", [keys.new[0].seat.public_id], made).index
    first, again = (([one.seat.public_id], {}, {"key": [key]}) for one in both)
    keys.thread.enter("key.tested", *first)
    with pytest.raises(GrammarError, match="are one person"):
        keys.thread.enter("key.tested", *again)


def test_leads_of_a_second_term_destroy_a_key_with_their_earlier_keyrings(db):
    keys = Renewed(today(), renewed=5)
    assert keys.thread.now.date() >= today().date() + timedelta(days=KEPT)
    assert keys.destroy(keys.ana) is None
    assert keys.destroy(Holder(identity="", seed=keys.ana.seed, seat=keys.new[0].seat)) is None, (
        "the same lead counts once"
    )
    entry = keys.destroy(keys.ben)
    assert set(entry.by) == {keys.new[0].seat.public_id, keys.new[1].seat.public_id}


def test_what_an_earlier_keyring_signs_is_nothing_for_a_place_that_has_a_key_today(db):
    keys = Renewed(today(), renewed=5)
    keys.certify_new(keys.new[0], keys.old[1:3])
    keys.thread.end_intake()
    head = {
        "day": keys.thread.now.date().isoformat(),
        "size": 1,
        "root": "ab" * 32,
        "sig": keys.ana.sign(b""),
    }
    with pytest.raises(Refused, match="Your place of today has a key of its own"):
        destroy_key(
            program=keys.thread.program,
            key=keys.key,
            seat=keys.ana.seat,
            ground="Kept as long as promised",
            signed={"seed": "5a" * 16, "signed": {keys.ana.seat.public_id: head}},
            now=keys.thread.now,
        )


def test_a_lead_whose_seat_is_over_shares_a_key_with_leads_of_today_alone(db):
    keys = Renewed(today(), renewed=4)
    data = {
        "engagement": "library-computers",
        "recipient": keys.key.recipient,
        "wrapped_to": [keys.old[4].seat.public_id],
    }
    with pytest.raises(GrammarError, match="shares the key with leads of today"):
        keys.thread.enter("key.shared", [keys.ana.seat.public_id], data, {"key": [keys.key.entry]})


def test_the_reader_offers_every_keyring_of_a_lead_and_the_desk_names_who_can_hold_a_key(client):
    keys = Keys(today())
    thread, day = keys.thread, today().date()
    old = keys.ana.seat
    seats.leave_seat(seat=old, on=day, reason="", now=thread.now)
    cohort = thread.seat_cohort("second", day, day + timedelta(days=400))
    person = Person.objects.get(pk=old.person_id)
    new = Holder.make(thread.seat(person, cohort))

    page = as_(person).get(f"{BASE}/reader/").content.decode()
    assert f'seat="{old.public_id}"' in page
    assert "Your new place has no key yet." in page
    offer(thread.program, new, thread.now)
    page = as_(person).get(f"{BASE}/reader/").content.decode()
    assert f' seat="{old.public_id}"' in page
    assert (
        f'waiting-seat="{new.seat.public_id}"' in page
    )  # its words show its digits, until two leads vouched for it

    token = answer(client, thread, keys.ana).json()["token"]
    desk = ask(client, token).json()
    assert desk["seat"] == old.public_id
    assert sorted(desk["able"]) == sorted(one.seat.public_id for one in (keys.ana, keys.ben, keys.cam))
    keys.certify(new, by=[keys.ben, keys.cam])
    desk = ask(client, token).json()
    assert sorted(desk["able"]) == sorted(one.seat.public_id for one in (new, keys.ben, keys.cam))


def seat_next(thread, *leads):
    """Seat leads again from the day after their term is over."""
    first = leads[0].seat.until_date + timedelta(days=1)
    cohort = thread.seat_cohort("next", first, first + timedelta(days=400))
    people = [Person.objects.get(pk=one.seat.person_id) for one in leads]
    return [thread.seat(one, cohort).pk for one in people]


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_no_key_leaves_with_a_lead_where_a_holder_serves_again(db, who):
    keys = Keys(today())
    program = keys.thread.program
    assert keys_that_leave(program, keys.ana.seat) == ["library-computers"]
    seat_next(keys.thread, getattr(keys, who))
    assert keys_that_leave(program, keys.ana.seat) == []


def test_a_key_that_a_lead_holds_by_an_earlier_seat_leaves_with_their_last_one(db):
    keys = Renewed(today(), renewed=4)
    program, day, ana = keys.thread.program, keys.thread.now.date(), keys.new[0].seat
    assert keys_that_leave(program, ana) == ["library-computers"]
    held = held_by(ana, "en", day)
    assert [(slug, others) for slug, _title, others in held.keys] == [("library-computers", 3)], (
        "the other three who sit again"
    )
    seat_next(keys.thread, keys.new[1])
    assert keys_that_leave(program, ana) == []


def test_whoever_leaves_and_serves_again_is_told_that_they_keep_the_key(db):
    keys = Keys(today())
    page = f"{BASE}/seat/leave/"
    for one in (keys.ben, keys.cam):
        seats.leave_seat(seat=one.seat, on=keys.thread.now.date(), reason="", now=keys.thread.now)
    ana = Person.objects.get(pk=keys.ana.seat.person_id)
    assert "No other lead of today has this key." in as_(ana).get(page).content.decode()
    seat_next(keys.thread, keys.ana)
    shown = as_(ana).get(page).content.decode()
    assert "No other lead of today has this key." not in shown
    assert "You keep it: you serve again later." in shown

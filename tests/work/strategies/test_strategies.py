"""Strategies as the server keeps them: sealed, one pen, nothing written over, ended for good."""

import uuid
from datetime import timedelta

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.cohort.seats.actions import appeal, leave_seat, let_removals_fall, remove_seat, suspend_seat
from alongside.cohort.seats.models import Seat
from alongside.core.refusals import Refused
from alongside.core.sealing.envelope import seal_to_all
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.opening import open_sealed
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.ground.texts.actions import lift_hold, place_hold
from alongside.work.strategies import actions, queries
from alongside.work.strategies.models import Destroyed, Member, SideVersion, Strategy
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import posted_by_rows
from tests.work.strategies.cast import CANARY, Sealer, keyed

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


@pytest.fixture
def three() -> Sealer:
    return keyed()


@pytest.fixture
def plan(three) -> Strategy:
    """A strategy of the first and second lead, in which the first writes."""
    return three.begin(three.seats[:2])


def save(sealer, plan, seat, version, now=None, title="Later words"):
    return actions.keep_version(
        strategy=plan,
        seat=seat,
        version=version,
        sealed=sealer.sealed(plan.pk, version + 1, sealer.seats[:2], title, by=seat),
        now=now or sealer.thread.now,
    )


def refused(words, act, **given):
    with pytest.raises(Refused, match=words):
        act(**given)


def test_the_server_keeps_a_strategy_that_it_cannot_read(three, plan):
    first, _second, third = three.seats
    raw = bytes(plan.sealed)
    assert CANARY.encode() in open_sealed(raw, [three.rings[first.public_id].identity])
    with pytest.raises(SealedError, match="No key given here"):
        open_sealed(raw, [three.rings[third.public_id].identity])
    assert CANARY.encode() not in raw
    assert (plan.version, plan.bucket, plan.saved_on) == (1, 16_384, three.thread.now.date())
    assert LogEntry.objects.filter(kind__startswith="strategy").count() == 0


@pytest.mark.parametrize("raw", [b"", b"{}", CANARY.encode() * 500])
def test_what_is_not_sealed_is_not_kept(three, plan, raw):
    given = {"program": three.thread.program, "seat": three.seats[0], "now": three.thread.now}
    first = [three.seats[0].public_id]
    refused("was not sealed", actions.begin, strategy=uuid.uuid4(), members=first, sealed=raw, **given)
    refused(
        "was not sealed",
        actions.keep_version,
        strategy=plan,
        seat=three.seats[0],
        version=1,
        sealed=raw,
        now=three.thread.now,
    )
    assert Strategy.objects.count() == 1


def test_one_lead_writes_at_a_time_and_the_pen_goes_from_hand_to_hand(three, plan):
    first, second, third = three.seats
    now, given = three.thread.now, {"strategy": plan}
    assert actions.take_pen(seat=second, now=now, **given) == first
    actions.ask_for_pen(seat=second, now=now, **given)
    plan.refresh_from_db()
    assert plan.pen_asked == second
    refused("not in the strategy", actions.hand_pen, seat=first, to=third.public_id, now=now, **given)
    refused("not your turn", actions.hand_pen, seat=second, to=second.public_id, now=now, **given)
    actions.hand_pen(seat=first, to=second.public_id, now=now, **given)
    actions.put_down_pen(seat=first, now=now, **given)
    plan.refresh_from_db()
    assert (queries.writer_of(plan, now), plan.pen_asked) == (second, None)
    actions.put_down_pen(seat=second, now=now, **given)
    plan.refresh_from_db()
    assert (plan.pen, plan.pen_until, plan.pen_asked) == (None, None, None)


def test_a_pen_that_nobody_holds_any_more_is_free_and_is_forgotten(three, plan):
    first, second, _third = three.seats
    now = three.thread.now
    assert actions.take_pen(strategy=plan, seat=second, now=now + 4 * MINUTES) == first
    plan.refresh_from_db()
    assert queries.writer_of(plan, now + 6 * MINUTES) is None
    assert actions.forget_pens(program=three.thread.program, now=now + 4 * MINUTES) == 0
    assert actions.forget_pens(program=three.thread.program, now=now + 6 * MINUTES) == 1
    assert actions.take_pen(strategy=plan, seat=second, now=now + 6 * MINUTES) == second


def test_a_save_on_an_old_version_stands_beside_and_writes_over_nothing(three, plan):
    first, second, _third = three.seats
    later = three.thread.now + 6 * MINUTES
    assert save(three, plan, second, 1, later, "Second") == actions.Saved(2)
    actions.put_down_pen(
        strategy=plan, seat=second, now=later
    )  # the pen is free: the version alone keeps it apart
    standing = bytes(Strategy.objects.get().sealed)
    late = save(three, plan, first, 1, later, "First")
    assert late.version == 2
    assert bytes(Strategy.objects.get().sealed) == standing
    (side,) = SideVersion.objects.all()
    ring = three.rings[second.public_id]
    assert (side.pk, b"First" in open_sealed(bytes(side.sealed), [ring.identity])) == (late.beside, True)


def test_a_save_while_another_lead_writes_stands_beside_too(three, plan):
    assert save(three, plan, three.seats[1], 1).beside is not None
    assert Strategy.objects.get().version == 1


def test_only_leads_with_a_key_that_two_leads_vouched_for_are_let_in(three, plan):
    sealer = keyed_by_two()
    first, second, third = sealer.seats
    sealer.rings[third.public_id] = three.rings[three.seats[2].public_id]  # a key that stands on no record
    given = {"program": sealer.thread.program, "seat": first, "now": sealer.thread.now}
    made = uuid.uuid4()
    sealed = sealer.sealed(made, 1, [first, third])
    members = [first.public_id, third.public_id]
    refused("no key that two leads", actions.begin, strategy=made, members=members, sealed=sealed, **given)
    strangers = [first.public_id, three.seats[1].public_id]  # a lead of another program
    refused("no key that two leads", actions.begin, strategy=made, members=strangers, sealed=sealed, **given)
    alone = sealer.sealed(made, 1, [second])
    refused("Stay in", actions.begin, strategy=made, members=[second.public_id], sealed=alone, **given)
    assert Strategy.objects.filter(pk=made).count() == 0


def test_who_works_for_the_city_or_is_suspended_is_let_into_none(three, django_assert_num_queries):
    first, second, third = three.seats
    program, today = three.thread.program, three.thread.now.date()
    with django_assert_num_queries(8):
        assert set(queries.seats_with_keys(program, today)) == {one.public_id for one in three.seats}
    office = three.thread.manager.public_id
    posted_by_rows(program, second.person, office, second.from_date)
    suspend_seat(seat=third, ground="Asked by the steward.", now=three.thread.now)
    with django_assert_num_queries(8 + 2):
        assert set(queries.seats_with_keys(program, today)) == {first.public_id}


def keyed_by_two() -> Sealer:
    from tests.support.thread import Thread

    return keyed(Thread(now=this_hour()).open_program(slug="elsewhere"), count=2)


def test_a_lead_who_is_taken_out_is_locked_out_from_then_on(three, plan):
    first, second, third = three.seats
    sealed = three.sealed(plan.pk, 2, [first, third], by=first)
    given = {"strategy": plan, "version": 1, "sealed": sealed, "now": three.thread.now}
    members = [first.public_id, third.public_id]
    refused("Load the strategy again", actions.set_members, seat=second, members=members, **given)
    actions.set_members(seat=first, members=members, **given)
    assert queries.members_of(plan) == sorted(members)
    assert queries.strategy_of(second, plan.pk) is None
    with pytest.raises(SealedError, match="No key given here"):
        open_sealed(bytes(Strategy.objects.get().sealed), [three.rings[second.public_id].identity])
    too_many = seal_to_all(b" " * 16_384, [ring.recipient for ring in three.rings.values()])
    refused(
        "was not sealed",
        actions.keep_version,
        strategy=plan,
        seat=first,
        version=2,
        sealed=too_many,
        now=three.thread.now,
    )


def test_destroying_leaves_a_number_a_day_and_a_seat_and_waits_for_a_legal_hold(three, plan):
    first, program, now = three.seats[0], three.thread.program, three.thread.now
    save(three, plan, three.seats[1], 1)
    hold = place_hold(program=program, ground="Case 12", by="steward", now=now)
    refused("nothing be deleted", actions.destroy, strategy=plan, seat=first, now=now)
    side = SideVersion.objects.get().pk
    refused("nothing be deleted", actions.drop_side_version, strategy=plan, side=side, now=now)
    lift_hold(program=program, hold=hold.index, by="steward", now=now)
    assert actions.destroy(strategy=plan, seat=first, now=now) is False
    assert actions.destroy(strategy=plan, seat=three.seats[1], now=now) is True
    left = [table.objects.count() for table in (Strategy, Member, SideVersion, Destroyed)]
    assert left == [0, 0, 0, 1]
    told = Destroyed.objects.values_list("pk", "seat", "agreed", "on").get()
    assert told == (plan.pk, first.pk, three.seats[1].pk, now.date())
    again = {"program": program, "seat": first, "members": [first.public_id], "now": now}
    sealed = three.sealed(plan.pk, 1, [first])
    refused("is there already", actions.begin, strategy=plan.pk, sealed=sealed, **again)


def test_no_lead_destroys_a_strategy_alone_and_any_other_can_say_no(three, plan):
    first, second, now = three.seats[0], three.seats[1], three.thread.now
    given = {"strategy": plan, "seat": first}
    asked = [actions.destroy(now=now + timedelta(days=days), **given) for days in (0, 13, 14, 100)]
    actions.keep(strategy=plan, seat=second, now=now)
    kept = (Strategy.objects.count(), Strategy.objects.exclude(end_asked=None).count())
    again = actions.destroy(strategy=plan, seat=second, now=now)
    assert (asked, kept, again, Strategy.objects.count()) == ([False] * 4, (1, 0), False, 1)


def away(three, how, seat):
    """Let a lead of a strategy be no lead meanwhile, or for good."""
    now = three.thread.now
    if how == "left":
        leave_seat(seat=seat, on=now.date(), reason="", now=now)
    elif how == "removed":
        given = {"ground": "harm", "reasons": "Case 7", "by": three.thread.steward}
        remove_seat(seat=seat, appeal_to="city-manager/manager", now=now, **given)
    elif how == "suspended":
        suspend_seat(seat=seat, ground="Case 7", now=now)


@pytest.mark.parametrize(("how", "days"), [("left", 1), ("removed", 1), ("suspended", 1), ("sits on", 31)])
def test_the_wish_of_a_lead_who_is_gone_or_that_is_old_lets_no_other_destroy_a_strategy_alone(
    three, how, days
):
    """What the first one of three asked is nothing to agree to any more, and the second one's press asks anew."""
    first, second, third = Seat.objects.select_related("cohort__program", "person").order_by("pk")
    plan, now = three.begin(three.seats), three.thread.now
    later = now + timedelta(days=days)
    assert actions.destroy(strategy=plan, seat=first, now=now) is False
    assert queries.wish_to_end(Strategy.objects.get(), second, now.date()) == first
    away(three, how, first)

    assert queries.wish_to_end(Strategy.objects.get(), second, later.date()) is None
    assert actions.destroy(strategy=plan, seat=second, now=later) is False
    plan.refresh_from_db()
    assert (plan.end_asked, plan.end_asked_on) == (second, later.date())
    assert actions.destroy(strategy=plan, seat=third, now=later + timedelta(days=30)) is True
    assert Destroyed.objects.values_list("seat", "agreed").get() == (second.pk, third.pk)


def test_the_last_lead_of_a_strategy_destroys_it_after_14_days_and_taking_others_out_begins_them_anew(
    three, plan
):
    first, second, now = three.seats[0], three.seats[1], three.thread.now
    given = {"strategy": plan, "seat": first}
    actions.destroy(now=now, **given)
    later = now + timedelta(days=14)
    sealed = three.sealed(plan.pk, 2, [first])
    actions.set_members(version=1, members=[first.public_id], sealed=sealed, now=later, **given)
    begun = actions.destroy(now=later, **given)
    early = actions.destroy(now=later + timedelta(days=13), **given)
    gone = actions.destroy(now=later + timedelta(days=14), **given)
    assert (begun, early, gone) == (False, False, True)
    assert Destroyed.objects.values_list("seat", "agreed").get() == (first.pk, None)
    assert Strategy.objects.count() == 0
    assert second.pk not in set(Destroyed.objects.values_list("seat", flat=True))


def test_a_strategy_whose_leads_all_left_is_erased_after_the_days_of_the_pack_and_a_hold_keeps_it(
    three, plan
):
    program, now = three.thread.program, three.thread.now
    days = pack_of(program).kept.strategy_days
    one, other = three.seats[:2]
    last = now.date() + timedelta(days=40)
    Seat.objects.filter(pk=one.pk).update(until_date=now.date() + timedelta(days=10))
    Seat.objects.filter(pk=other.pk).update(until_date=last)
    over = now + timedelta(days=40 + days)
    actions.erase_left(program=program, now=over)
    early = Strategy.objects.count()
    hold = place_hold(program=program, ground="Case 12", by="steward", now=now)
    actions.erase_left(program=program, now=over + timedelta(days=1))
    held = Strategy.objects.count()
    lift_hold(program=program, hold=hold.index, by="steward", now=now)
    actions.erase_left(program=program, now=over + timedelta(days=1))
    left = [table.objects.count() for table in (Strategy, Member, Destroyed)]
    assert (days, early, held, left) == (90, 1, 1, [0, 0, 1])
    assert Destroyed.objects.values_list("seat", "agreed").get() == (None, None)


def remove(three, seat):
    given = {"ground": "absent", "reasons": "Was away.", "appeal_to": "city-manager/manager"}
    return remove_seat(seat=seat, by=three.thread.steward, now=three.thread.now, **given)


def days_of_the_pack(three, days):
    text = shipped_pack("neutral").replace("strategy_days = 90", f"strategy_days = {days}")
    adopt_pack(program=three.thread.program, text=text, on=three.thread.now.date())


def stays(three, until):
    """Let the clock tick on a day, and say whether a strategy is still there."""
    actions.erase_left(program=three.thread.program, now=three.thread.now + (until - three.thread.now.date()))
    return Strategy.objects.count() == 1


def test_a_strategy_is_erased_only_once_every_removal_of_its_leads_is_final(three, plan):
    first, second, _third = three.seats
    remove(three, second)
    removal = remove(three, first)
    final = removal.appeal_by + timedelta(days=1)
    assert stays(three, three.thread.now.date() + timedelta(days=91))
    assert stays(three, final + timedelta(days=90))
    assert not stays(three, final + timedelta(days=91))


def test_a_strategy_whose_leads_wait_for_an_appeal_is_not_erased_and_not_where_it_gave_a_seat_back(
    three, plan
):
    first, second, _third = three.seats
    remove(three, second)
    appeal(removal=remove(three, first), words="No.", now=three.thread.now)
    assert stays(three, three.thread.now.date() + timedelta(days=200))
    let_removals_fall(program=three.thread.program, now=three.thread.now + timedelta(days=31))
    assert stays(three, three.thread.now.date() + timedelta(days=200))


@pytest.mark.parametrize(("begun", "later", "kept"), [(90, 1, 90), (1, 90, 30), (1, 1, 30)])
def test_a_strategy_keeps_the_days_under_which_it_was_begun_and_thirty_at_least(three, begun, later, kept):
    days_of_the_pack(three, begun)
    three.begin(three.seats[:2])
    days_of_the_pack(three, later)
    last = three.thread.now.date() + timedelta(days=5)
    Seat.objects.filter(pk__in=[one.pk for one in three.seats[:2]]).update(until_date=last)
    for seat in three.seats[:2]:
        leave_seat(seat=seat, on=last, reason="", now=three.thread.now)
    assert stays(three, last + timedelta(days=kept))
    assert not stays(three, last + timedelta(days=kept + 1))


def test_the_list_of_a_lead_takes_the_same_queries_for_one_and_for_three(
    three, plan, django_assert_num_queries
):
    for count in (1, 3):
        while Strategy.objects.count() < count:
            three.begin(three.seats[:2])
        with django_assert_num_queries(1):
            found = queries.strategies_of(three.seats[0])
            assert [one.version for one in found] == [1] * count


def test_the_page_of_a_demonstration_tells_the_six_words_that_open_it_and_no_other_does(three):
    page = "/riverbend/en/strategies"
    told = []
    for is_demonstration in (True, False):
        Program.objects.update(is_demonstration=is_demonstration)
        told.append(PASSPHRASE in as_(three.seats[0].person).get(page).content.decode())
    assert told == [True, False]

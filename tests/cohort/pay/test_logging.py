"""A lead logs what they did; what cannot be paid is refused with its cure."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.cohort.pay.actions.claims import ConfirmationNeededError, send_back, withdraw
from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries import claims, terms
from alongside.cohort.seats.actions import leave_seat, stay_in_reach
from alongside.core.refusals import Refused
from tests.cohort.pay.cast import paid_by_the_hour, usd
from tests.support.writes import only_actions_write


def test_two_hours_at_45_are_90(both_databases):
    cast = paid_by_the_hour()
    claim = cast.log(hours=2)

    assert claim.money == usd("90.00")
    account = cast.account()
    assert (account.owed, account.paid, account.since) == ([usd("90.00")], [], cast.today)
    assert (account.limit, account.left) == (usd("900.00"), usd("810.00"))


def test_the_same_day_and_kind_is_refused_and_is_logged_on_purpose(db):
    cast = paid_by_the_hour()
    cast.log(hours=2)

    with pytest.raises(ConfirmationNeededError) as refused:
        cast.log(hours=3)
    assert [one.minutes for one in refused.value.why["twice"]] == [120]

    again = cast.log(hours=3, again=1)
    assert again.turn == 2
    with pytest.raises(ConfirmationNeededError):
        cast.log(hours=3, again=1)  # the same button pressed twice


def test_another_day_kind_or_seat_is_another_piece(db):
    cast = paid_by_the_hour()
    cast.log()
    cast.log(what="training")
    cast.log(ago=1)
    cast.log(cast.second)

    assert Claim.objects.count() == 4


def test_the_database_itself_holds_one_row_for_one_piece(both_databases):
    cast = paid_by_the_hour()
    claim = cast.log()
    claim.pk = None

    with (
        pytest.raises(IntegrityError, match=r"a_piece_of_work_is_logged_once|only added"),
        transaction.atomic(),
    ):
        claim.save(force_insert=True)


def test_what_was_sent_back_is_corrected_by_a_new_row_that_names_it(db):
    cast = paid_by_the_hour()
    claim = cast.log(hours=8)
    send_back(claim=claim, reason="The meeting took two hours.", viewer=cast.viewer(), now=cast.now)
    old = claims.correctable(cast.first, claim.pk)
    fresh = cast.log(hours=2, corrects=old)

    assert (fresh.turn, fresh.corrects_id) == (2, claim.pk)
    assert cast.account().owed == [usd("90.00")]
    assert cast.account().sent_back == []
    assert claims.correctable(cast.first, claim.pk) is None


def test_what_waits_can_be_taken_back_and_what_is_approved_cannot(db):
    cast = paid_by_the_hour()
    waits, approved = cast.log(), cast.log(what="training")
    cast.approve(approved)

    for claim in (waits, approved):
        withdraw(claim=claim, now=cast.now)
    assert list(Claim.objects.order_by("pk").values_list("verdict", flat=True)) == ["taken-back", "approved"]
    assert cast.account().left == usd("810.00")


def test_a_day_ahead_is_refused(db):
    with pytest.raises(Refused, match="This day lies ahead; log the work when it is done."):
        paid_by_the_hour().log(ago=-1)


def test_a_day_has_24_hours(db):
    cast = paid_by_the_hour()
    cast.log(hours=18)

    with pytest.raises(Refused, match="With this"):
        cast.log(hours=7, what="training", past=True)


def test_a_seat_without_an_agreement_logs_nothing(db):
    cast = paid_by_the_hour()
    cast.change(cast.second, per="deliverable", rate="300.00")

    with pytest.raises(Refused, match="No pay of this kind is agreed for your place"):
        cast.log(cast.second)
    assert cast.log(cast.second, kind="deliverable", minutes=None).money == usd("300.00")


def test_a_month_is_paid_once(db):
    cast = paid_by_the_hour()
    cast.change(cast.second, per="month", rate="400.00")
    month = {"kind": "month", "minutes": None, "on": cast.today}
    cast.log(cast.second, **month)

    with pytest.raises(ConfirmationNeededError):
        cast.log(cast.second, again=1, **month)


def test_the_sum_agreed_warns_before_it_is_exceeded(db):
    cast = paid_by_the_hour()
    cast.log(hours=19)

    with pytest.raises(ConfirmationNeededError) as refused:
        cast.log(hours=2, ago=1)
    assert refused.value.why == {"past": {"left": usd("45.00"), "asked": usd("90.00")}}
    assert cast.log(hours=1, ago=1).money == usd("45.00")
    assert cast.log(hours=2, ago=2, past=True).money == usd("90.00")


def test_after_the_term_only_a_check_on_the_record_is_payable(db):
    cast = paid_by_the_hour()
    thread = cast.thread.draft_engagement().make_keys().open()
    cast.change(cast.first, cast.third, until_date=cast.today + timedelta(days=1))
    claimed = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    thread.later(2)
    thread.check(claimed, cast.first)
    with pytest.raises(Refused, match="After your agreement"):
        cast.log(what="checking")  # one lead's look is no check yet
    thread.later(1)
    checked = thread.check(claimed, cast.second)

    with pytest.raises(Refused, match="This day lies outside your agreement"):
        cast.log(what="meeting", ago=1)
    with pytest.raises(Refused, match="After your agreement"):
        cast.log(cast.third, what="checking", ago=1)  # it was not theirs
    made = cast.log(what="checking", ago=1)
    assert (made.money, made.entry) == (usd("90.00"), checked.index)
    assert cast.log(what="meeting", ago=3).entry is None  # in the term, nothing need be checked
    thread.later(1)
    with pytest.raises(Refused, match="After your agreement"):
        cast.log(what="checking")  # the day after the record had the check


def test_a_lead_who_left_logs_the_check_they_wrote_and_no_meeting(db):
    cast = paid_by_the_hour()
    thread = cast.thread.draft_engagement().make_keys().open()
    claimed = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    for seat in (cast.first, cast.third):
        leave_seat(seat=seat, on=cast.today, reason="", now=cast.now)
    asked = {
        "name": "checks",
        "reach": "503-555-0100",
        "offers": "",
        "until": cast.today + timedelta(days=30),
    }
    stay_in_reach(person=cast.first.person, program=cast.program, now=cast.now, **asked)
    thread.later(1)
    checked = [thread.check(claimed, seat) for seat in (cast.first, cast.second)][-1]
    seat = terms.seat_for(cast.program, cast.viewer(cast.first.person), cast.today)

    assert seat == cast.first
    with pytest.raises(Refused, match="This day lies outside your agreement"):
        cast.log(seat, what="meeting")
    assert cast.log(seat, what="checking").entry == checked.index


def test_a_day_before_the_agreement_is_refused(db):
    cast = paid_by_the_hour()

    with pytest.raises(Refused, match="This day lies outside your agreement"):
        cast.log(on=date(2025, 12, 31))


def test_only_actions_write_pay(db):
    cast = paid_by_the_hour()
    with only_actions_write():
        cast.approve(cast.log())
        cast.run()
        cast.back()

"""A payment that did not arrive, or was paid otherwise: rows are added, and what is missing is sent again."""

import re
from datetime import timedelta

import pytest

from alongside.cohort.pay.actions import runs as runs_actions
from alongside.cohort.pay.models import Payment
from alongside.cohort.pay.queries.runs import came_back, past_their_day, run_of, spent_of_cohorts
from alongside.core.refusals import Refused
from alongside.ground.programs.queries import pack_of
from tests.cohort.pay.cast import another_steward, paid_by_the_hour, usd
from tests.cohort.pay.test_clock import ticked
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.work.engagements.test_drafting import text_of

DESK = "/riverbend/en/steward/pay/"


def states(cast, seat=None):
    return [one.state for one in cast.account(seat).claims]


def sent(cast):
    """Let the first lead's 90 dollars and the second's 45 go to finance."""
    cast.approve(cast.log(), cast.log(cast.second, hours=1))
    cast.run()
    return Payment.objects.get(seat=cast.first)


def reject(cast, payment, **more):
    given = {"payment": payment, "reason": "The account is closed.", "viewer": cast.viewer(), "now": cast.now}
    return runs_actions.reject(**(given | more))


def correct(cast, payment, amount, **more):
    given = {
        "payment": payment,
        "amount": usd(amount),
        "paid_on": cast.today,
        "reason": "A slip of the bank.",
    }
    return runs_actions.correct(**(given | {"viewer": cast.viewer(), "now": cast.now} | more))


def test_what_the_bank_sent_back_goes_out_again_and_is_paid_once(both_databases):
    cast = paid_by_the_hour()
    payment = sent(cast)
    reject(cast, payment)
    assert (states(cast), cast.account().owed) == (["again"], [usd("90.00")])

    cast.back()  # the file says nothing of it; the other payment arrives
    assert (cast.account().owed, cast.account(cast.second).paid) == ([usd("90.00")], [usd("45.00")])
    again = run_of(cast.program, cast.run().number)
    assert [(one.first, one.money, one.who) for one in again.payments.all()] == [
        (payment, usd("90.00"), cast.first.person.called)
    ]
    assert states(cast) == ["sent"]
    with pytest.raises(Refused, match="Nothing approved can be paid now"):
        cast.run()  # it is under way, and not sent a third time

    row = [payment.reference, cast.today.isoformat(), "90.00"]
    with pytest.raises(runs_actions.UnreconciledFileError) as refused:
        cast.back(more=[row])
    assert [one.why for one in refused.value.judged.refused] == ["rejected"]
    cast.back()
    assert (states(cast), cast.account().paid, cast.account().owed) == (["paid"], [usd("90.00")], [])
    assert cast.account().claims[0].mended == ["The account is closed."]


def test_what_the_bank_sent_back_is_left_out_of_a_run_unless_it_is_ticked(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    reject(cast, payment)
    cast.approve(cast.log(cast.second, what="training"))
    steward = as_(cast.steward)
    page = text_of(steward.get(f"{DESK}runs/close/"))
    assert "It pays 90.00 USD of what is approved:" in page
    assert "You wrote to Ana: The account is closed." in page.replace(payment.who, "Ana")
    assert "The finance office says it can arrive now" in page

    steward.post(f"{DESK}runs/close/")
    assert [one.first for one in run_of(cast.program, 2).payments.all()] == [None]
    assert states(cast) == ["again"]
    assert "Nothing approved can be paid now" in text_of(steward.post(f"{DESK}runs/close/"))

    steward.post(f"{DESK}runs/close/", {"again": [payment.reference]})
    assert [one.first for one in run_of(cast.program, 3).payments.all()] == [payment]
    assert states(cast) == ["sent"]


def test_new_pay_to_a_payee_whose_payment_came_back_is_held_with_it_under_one_tick(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    reject(cast, payment)
    cast.approve(cast.log(what="training"), cast.log(hours=1, ago=1))
    cast.approve(cast.log(cast.second, what="training"))
    steward = as_(cast.steward)
    whole = steward.get(f"{DESK}runs/close/").content.decode()
    goes, _heading, held = whole.partition("Not sent, unless you tick it")
    assert "It pays 90.00 USD of what is approved:" in text_of(steward.get(f"{DESK}runs/close/"))
    assert (payment.who in goes, held.count(f"<b>{payment.who}</b>"), held.count('name="again"')) == (
        False,
        3,
        1,
    )
    assert "Pay what is approved: 90.00 USD of 315.00 USD" in text_of(steward.get(DESK))

    steward.post(f"{DESK}runs/close/")
    assert [one.seat for one in run_of(cast.program, 2).payments.all()] == [cast.second]
    assert "Nothing approved can be paid now" in text_of(steward.post(f"{DESK}runs/close/"))

    steward.post(f"{DESK}runs/close/", {"again": [payment.reference]})
    paid = {one.first: one.money for one in run_of(cast.program, 3).payments.all()}
    assert paid == {payment: usd("90.00"), None: usd("135.00")}


def test_what_is_approved_and_held_is_told_apart_to_the_coordinator_and_to_the_lead(db):
    cast = paid_by_the_hour()
    reject(cast, sent(cast))
    claims = [cast.log(what="training"), cast.log(cast.second, what="training")]
    steward, held = as_(cast.steward), "It waits for the account: a payment came back."
    approve = f"{DESK}approve/"

    page = text_of(steward.get(steward.post(approve, {"claim": [one.pk for one in claims]}).url))

    assert "The next payment run does not pay 1 entry of it: its row says why." in page
    assert (page.count(f"Approved. {held}"), page.count("Approved, not paid yet")) == (1, 1)
    mine = [
        text_of(as_(seat.person).get("/riverbend/en/pay/")).count(held) for seat in (cast.first, cast.second)
    ]
    assert mine == [1, 0]
    later = cast.log(cast.second, hours=1, ago=1)
    shown = text_of(steward.get(steward.post(approve, {"claim": [later.pk]}).url))
    assert "1 entry is approved. The next payment run pays it." in shown
    assert "Pay what is approved: 135.00 USD of 315.00 USD" in shown


def test_what_waits_for_a_leads_account_has_no_day_and_names_the_finance_office(db):
    cast = paid_by_the_hour()
    reject(cast, sent(cast))
    cast.approve(cast.log(what="training"))
    lead, steward = as_(cast.first.person), as_(cast.steward)

    assert (cast.account().dues, cast.account().held) == ([], [usd("180.00")])
    for page in ("/riverbend/en/week/", "/riverbend/en/pay/"):
        shown = text_of(lead.get(page))
        waits = "180.00 USD waits until your account can take it. Call the finance office: 503-555-0107"
        assert waits in shown, page
        assert "due" not in shown.partition(waits)[2].partition("Log ")[0], page
        assert "180.00 USD is owed to you" in shown, page
    assert "180.00 USD waits until your account can take it." in text_of(
        lead.get("/riverbend/en/seat/leave/")
    )

    cast.log(hours=1, ago=1)
    found = cast.account()
    assert (found.dues, found.held, found.held_after) == ([], [usd("180.00")], [usd("45.00")])
    assert (
        "due" not in text_of(lead.get("/riverbend/en/pay/")).partition("owed to you")[2].partition("Log ")[0]
    )
    assert "90.00 USD more waits for such an account." in text_of(steward.get("/riverbend/en/steward/"))
    row = (
        text_of(steward.get(DESK)).partition("Waits for your approval")[2].partition("Approved, in no run")[0]
    )
    assert "Then it waits for the account: a payment came back." in row


def test_the_list_of_runs_tells_what_the_bank_sent_back_and_not_that_all_is_paid(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    reject(cast, payment)
    runs = text_of(as_(cast.steward).get(f"{DESK}runs/"))
    assert "1 payment has not come back · 1 payment was sent back by the bank" in runs
    cast.back()
    runs = text_of(as_(cast.steward).get(f"{DESK}runs/"))
    assert ("All paid" in runs, "1 payment was sent back by the bank" in runs) == (False, True)


def test_what_was_told_as_paid_and_came_back_is_owed_again(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    cast.back()
    reject(cast, payment)
    assert (states(cast), cast.account().owed, cast.account().paid) == (["again"], [usd("90.00")], [])
    with pytest.raises(Refused, match="The bank sent this payment back"):
        reject(cast, payment)
    with pytest.raises(Refused, match="The bank sent this payment back"):
        correct(cast, payment, "80.00")


def test_a_correction_is_a_row_and_the_last_one_counts(both_databases):
    cast = paid_by_the_hour()
    payment = sent(cast)
    cast.back()
    correct(cast, payment, "9.00")
    cast.thread.later(1)
    correct(cast, payment, "60.00")
    assert (states(cast), cast.account().owed, cast.account().paid) == (
        ["again"],
        [usd("30.00")],
        [usd("60.00")],
    )
    assert [str(one.reason) for one in payment.corrections.all()] == ["A slip of the bank."] * 2

    cast.run()
    cast.back()
    assert (states(cast), cast.account().owed, cast.account().paid) == (["paid"], [], [usd("90.00")])


def test_a_correction_of_the_day_changes_the_day_alone(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    cast.thread.later(3)
    cast.back()
    earlier = cast.today - timedelta(days=2)
    correct(cast, payment, "90.00", paid_on=earlier)
    assert (cast.account().claims[0].paid_on, states(cast)) == (earlier, ["paid"])
    for change in (
        {"paid_on": cast.today + timedelta(days=1)},
        {"paid_on": earlier},
        {"viewer": cast.viewer(cast.second.person)},
    ):
        with pytest.raises(Refused):
            correct(cast, payment, "90.00", **change)


def test_a_quarter_tells_what_came_back_as_less_and_never_twice(db):
    cast = paid_by_the_hour()
    for seat in (cast.first, cast.second, cast.third):
        cast.approve(cast.log(seat))
    cast.run()
    cast.back()
    reject(cast, Payment.objects.get(seat=cast.first))
    cast.run()
    cast.back()
    from alongside.cohort.pay.queries.totals import moves_of

    moved = [one.minor for payment in Payment.objects.order_by("pk") for one in moves_of(payment)]
    assert sorted(moved) == [-9000, 9000, 9000, 9000, 9000]


def test_the_steward_writes_both_in_forms_and_what_was_typed_stays(db):
    cast = paid_by_the_hour()
    payment = sent(cast)
    browser = as_(another_steward(cast))
    page = f"{DESK}payments/{payment.pk}/"
    typed = {"paid_on": "2020-01-01", "amount": "60", "reason": "It was less."}
    refused = browser.post(f"{page}correct/", typed).content.decode()
    assert "It cannot have been paid on this day" in refused
    assert "It was less." in refused
    assert browser.post(f"{page}correct/", typed | {"paid_on": str(cast.today)}).status_code == 302
    shown = browser.get(f"{DESK}runs/1/").content.decode()
    assert "It was less." in shown
    assert "60.00" in shown
    assert "30.00" in browser.get(DESK).content.decode()
    assert browser.post(f"{page}sent-back/", {"reason": "Wrong account."}).status_code == 302
    assert "The bank sent it back." in as_(cast.first.person).get("/riverbend/en/pay/").content.decode()


def test_why_a_payment_came_back_stands_before_the_coordinator_and_first_before_the_lead(db):
    cast = paid_by_the_hour()
    reject(cast, sent(cast), reason="Your account is closed.")
    steward, lead = as_(another_steward(cast)), as_(cast.first.person)

    for page in ("/riverbend/en/steward/", DESK, f"{DESK}runs/close/"):
        assert "Your account is closed." in steward.get(page).content.decode(), page
    desk = re.sub("[\u2068\u2069]", "", steward.get("/riverbend/en/steward/").content.decode())
    assert "You wrote to them: “Your account is closed.” Call the finance office" in desk
    for page in ("/riverbend/en/week/", "/riverbend/en/pay/"):
        shown = lead.get(page).content.decode()
        assert shown.index("did not reach you") < shown.index("Your account is closed."), page
        assert shown.index("Your account is closed.") < shown.index("Other hours, or another day"), page
    assert "Call the finance office first" in steward.get("/riverbend/en/steward/").content.decode()
    cast.run()
    assert "did not reach you" not in lead.get("/riverbend/en/pay/").content.decode()


def test_a_payment_that_came_back_is_late_on_every_page_until_it_is_sent_again(db):
    cast = paid_by_the_hour(this_hour() - timedelta(days=40))
    payment = sent(cast)
    reject(cast, payment)
    cast.back()
    assert ticked(cast) == []
    cast.thread.later(40)
    days = -cast.account().claims[0].days
    late = f"late by {days} days"
    steward, lead = as_(cast.steward), as_(cast.first.person)

    pay, week = "/riverbend/en/pay/", "/riverbend/en/week/"
    past = "1 piece of it is past the day on which it should be paid."
    for told in (False, True):
        assert past in text_of(lead.get(pay))
        assert "Your pay is late." in text_of(lead.get(week))
        for page in (pay, week):
            assert ("The program coordinator was told." in text_of(lead.get(page))) is told, page
        assert ticked(cast) == ([] if told else [1])

    assert f"{payment.reference} did not arrive, or not whole · {late}" in text_of(steward.get(DESK))
    assert f"90.00 USD · {late}" in text_of(steward.get(f"{DESK}runs/close/"))
    queue = text_of(steward.get("/riverbend/en/steward/"))
    assert (
        "Call the finance office first, 503-555-0107: can it arrive now? 1 should be paid already." in queue
    )
    (spent,) = spent_of_cohorts([cast.first.cohort], came_back(cast.program))
    assert (spent.sent, spent.waits) == (usd("45.00"), usd("90.00"))

    cast.run()
    assert past_their_day(cast.program, pack_of(cast.program), cast.today) == []
    (spent,) = spent_of_cohorts([cast.first.cohort], came_back(cast.program))
    assert (spent.sent, spent.waits) == (usd("135.00"), usd("0.00"))


def test_what_came_in_part_is_late_by_what_is_missing_alone(db):
    cast = paid_by_the_hour(this_hour() - timedelta(days=40))
    cast.approve(cast.log(what="training"))
    cast.thread.later(1)
    newest = cast.log()
    cast.approve(newest)
    cast.run()
    cast.back()
    correct(cast, Payment.objects.get(), "100.00")
    cast.thread.later(39)

    assert [one.claim for one in cast.account().late] == [newest]
    assert past_their_day(cast.program, pack_of(cast.program), cast.today) == [newest]
    assert text_of(as_(cast.steward).get(DESK)).count(f"late by {-cast.account().late[0].days} days") == 1
    assert "1 should be paid already." in text_of(as_(cast.steward).get("/riverbend/en/steward/"))

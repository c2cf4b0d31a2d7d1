"""Costs stand outside the sum agreed, and money for a cost can be had before it is spent and is accounted for later."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from alongside.cohort.pay.actions.claims import Work, log, note_returned, send_back, stop_at
from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries import claims
from alongside.core.clocks import pay_due
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.ui.days import day_in_words
from tests.cohort.pay.cast import HOME, paid_by_the_hour, usd
from tests.support.remembering import this_hour
from tests.work.engagements.test_drafting import as_, text_of

COST = f"{HOME}pay/cost/"


@pytest.fixture
def cast(db):
    return paid_by_the_hour()


def account(cast, seat=None):
    return claims.account_of(seat or cast.first, pack_of(cast.program), "en", cast.today)


def advanced(cast, amount="50.00"):
    """Give an advance that was approved and sent."""
    one = cast.log(kind="advance", what="childcare", minutes=None, money=usd(amount))
    cast.approve(one)
    cast.run()
    return Claim.objects.get(pk=one.pk)


def spend(cast, advance, amount, **more):
    return cast.cost(amount=amount, advance=advance, **more)


def rest(cast):
    return [str(one.rest) for one in claims.open_advances(cast.program)]


def test_work_is_translating_interpreting_organizing_and_learning_this_tool_too(cast):
    kinds = [one.id for one in pack_of(cast.program).pay.kinds_of_work]
    assert {"translating", "interpreting", "organizing", "this-tool"} <= set(kinds)
    page = text_of(as_(cast.first.person).get(f"{HOME}pay/log/"))
    assert [one for one in ("Translating", "Interpreting", "Learning this tool") if one not in page] == []


def test_a_cost_uses_nothing_of_the_sum_agreed_unless_the_pack_says_so(cast):
    cast.cost(amount="300.00")
    assert str(account(cast).left) == "900.00 USD"

    text = shipped_pack("neutral").replace(
        'retention = "pay"', 'retention = "pay"\ncosts_within_limit = true'
    )
    assert load_pack(text).pay.costs_within_limit
    adopt_pack(program=cast.program, text=text, on=cast.today)
    assert str(account(cast).left) == "600.00 USD"


def test_an_advance_is_asked_for_approved_and_paid_like_a_cost_and_uses_nothing_of_the_sum_agreed(cast):
    lead = as_(cast.first.person)
    sent = lead.post(
        f"{HOME}pay/advance/",
        {"on": cast.today, "amount": "50", "what": "childcare", "note": "Two evenings, by Friday."},
    )
    (one,) = Claim.objects.all()
    assert (sent.status_code, one.kind, str(one.money)) == (302, "advance", "50.00 USD")
    assert "Two evenings, by Friday." in text_of(as_(cast.steward).get(f"{HOME}steward/pay/"))

    cast.approve(one)
    run = cast.run()

    assert [str(each.money) for each in run.payments.all()] == ["50.00 USD"]
    assert str(account(cast).left) == "900.00 USD"
    assert rest(cast) == ["50.00 USD"]


def test_money_that_was_asked_for_is_not_owed_before_the_coordinator_agrees_and_its_page_says_by_when(cast):
    lead, asked = as_(cast.first.person), "Two evenings, by tomorrow."
    by = day_in_words(pay_due(cast.today, pack_of(cast.program)))
    page = text_of(lead.get(f"{HOME}pay/advance/"))
    assert f"If the coordinator agrees, it is due by {by} ." in page
    assert "If you need it sooner, write to the coordinator as well." in page

    sent = {"on": cast.today, "amount": "50", "what": "childcare", "note": asked}
    lead.post(f"{HOME}pay/advance/", sent)
    page = text_of(lead.get(f"{HOME}pay/"))
    assert "Nothing is owed to you today." in page
    assert ("Waits for the program coordinator" in page, "owed since" in page) == (True, False)

    cast.approve(Claim.objects.get())
    assert "50.00 USD is owed to you" in text_of(lead.get(f"{HOME}pay/"))


def test_what_an_advance_paid_is_logged_with_its_bill_and_is_not_paid_again(cast):
    advance = advanced(cast)
    page = text_of(as_(cast.first.person).get(f"{HOME}pay/"))
    assert "50.00 USD is left." in page
    lead = as_(cast.first.person)

    sent = lead.post(
        COST, {"on": cast.today, "amount": "30", "what": "childcare", "advance": advance.pk, "note": ""}
    )
    assert sent.status_code == 302
    spent = Claim.objects.get(kind="cost")
    assert (spent.advance, rest(cast)) == (advance, ["20.00 USD"])
    cast.approve(spent)

    assert account(cast).owed == [usd("50.00")], "of the run that is under way, and nothing more"
    with pytest.raises(Refused, match="Nothing approved can be paid now"):
        cast.run()
    assert "Paid from your advance" in text_of(lead.get(f"{HOME}pay/"))
    assert "Paid from your advance" not in text_of(as_(cast.second.person).get(f"{HOME}pay/"))


def test_what_is_more_than_the_advance_is_paid_as_any_cost(cast):
    advance = advanced(cast)

    spend(cast, advance, "80.00")

    own = Claim.objects.filter(kind="cost").order_by("pk")
    assert [(str(one.money), one.advance_id) for one in own] == [
        ("50.00 USD", advance.pk),
        ("30.00 USD", None),
    ]
    cast.approve(*own)
    assert [str(each.money) for each in cast.run().payments.all()] == ["30.00 USD"]
    assert rest(cast) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_costs_at_one_moment_an_advance_covers_no_more_than_it_is(both_databases):
    cast, together = paid_by_the_hour(), Barrier(2)
    advance = advanced(cast)

    def spent(ago):
        together.wait()
        try:
            spend(cast, advance, "40.00", ago=ago)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(spent, range(2)))

    covered = Claim.objects.filter(kind="cost", advance=advance).order_by("minor")
    assert [str(one.money) for one in covered] == ["10.00 USD", "40.00 USD"]


def test_a_cost_that_was_sent_back_uses_nothing_of_the_advance(cast):
    advance = advanced(cast)
    spent = spend(cast, advance, "30.00")
    send_back(claim=spent, reason="Which day?", viewer=cast.viewer(), now=cast.now)
    assert rest(cast) == ["50.00 USD"]


def test_a_cost_that_is_corrected_is_still_paid_from_its_advance(cast):
    advance = advanced(cast)
    spent = spend(cast, advance, "30.00")
    send_back(claim=spent, reason="Which day?", viewer=cast.viewer(), now=cast.now)

    page = as_(cast.first.person).get(f"{COST}?corrects={spent.pk}").content.decode()

    chosen = re.findall(r'name="advance" value="(\d*)"[^>]*checked', page)
    assert chosen == [str(advance.pk)]


def test_the_steward_writes_what_came_back_and_no_more_than_is_left(cast):
    advance = advanced(cast)
    spend(cast, advance, "30.00")
    steward, page = as_(cast.steward), f"{HOME}steward/pay/advances/{advance.pk}/returned/"

    more = steward.post(page, {"amount": "20.01", "on": cast.today})
    assert "That is more than what is left of this advance." in text_of(more)
    assert steward.post(page, {"amount": "20", "on": cast.today}).status_code == 302

    assert (rest(cast), steward.get(page).status_code) == ([], 404)
    assert "Given back" in text_of(as_(cast.first.person).get(f"{HOME}pay/"))


def test_nobody_spends_the_advance_of_another_lead_or_one_that_was_not_sent(cast):
    waits = cast.log(kind="advance", what="travel", minutes=None, money=usd("10.00"))
    with pytest.raises(Refused, match="accounted for already"):
        spend(cast, waits, "5.00")
    advance = advanced(cast)
    with pytest.raises(Refused, match="accounted for already"):
        spend(cast, advance, "5.00", seat=cast.second)
    assert as_(cast.first.person).get(f"{HOME}steward/pay/advances/{advance.pk}/returned/").status_code == 403


def test_the_database_pays_nothing_twice_that_an_advance_covers(cast):
    advance = advanced(cast)
    spent = spend(cast, advance, "5.00")
    cast.approve(spent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=spent.pk).update(payment=advance.payment)


def test_an_advance_is_no_income_and_stops_nobody_who_wants_to_stop_at_a_sum(cast):
    stop_at(seat=cast.first, amount=usd("50.00"))
    log(
        seat=cast.first,
        work=Work(kind="advance", what="travel", on=cast.today, money=usd("60.00")),
        now=cast.now,
    )
    assert str(claims.stop_of(cast.first, cast.today).logged) == "0.00 USD"


def test_the_notes_and_bills_of_what_an_advance_paid_are_erased_on_their_day(cast):
    advance = advanced(cast)
    spent = spend(cast, advance, "5.00", note="Two children.")
    cast.approve(spent)
    later = cast.today + timedelta(days=4 * 365)
    assert spent in claims.to_erase(cast.program, pack_of(cast.program), later)


def test_where_the_pack_counts_costs_an_advance_counts_once_and_not_again_with_what_it_paid(cast):
    text = shipped_pack("neutral").replace(
        'retention = "pay"', 'retention = "pay"\ncosts_within_limit = true'
    )
    adopt_pack(program=cast.program, text=text, on=cast.today)
    advance = advanced(cast)
    spend(cast, advance, "30.00")
    assert str(account(cast).left) == "850.00 USD"


def test_an_advance_waits_on_its_leads_desk_until_it_is_accounted_for_and_on_nobody_elses(cast):
    advance = advanced(cast)
    first, second = as_(cast.first.person), as_(cast.second.person)
    waits = "Account for your advance"
    assert (waits in text_of(first.get(f"{HOME}week/")), waits in text_of(second.get(f"{HOME}week/"))) == (
        True,
        False,
    )
    spend(cast, advance, "50.00")
    assert waits not in text_of(first.get(f"{HOME}week/"))


def test_the_steward_is_told_of_an_advance_that_nobody_accounted_for_in_two_months(db):
    cast = paid_by_the_hour(now=this_hour() - timedelta(days=61))
    advance = advanced(cast)
    cast.thread.later(61)
    desk = as_(cast.steward)
    assert "1 advance is older than two months" in text_of(desk.get(f"{HOME}steward/"))
    note_returned(advance=advance, amount=usd("50.00"), on=cast.today, viewer=cast.viewer(), now=cast.now)
    assert "Account for advances" not in text_of(desk.get(f"{HOME}steward/"))

"""From approval to payment: who may, what a run holds, and what comes back."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from alongside.cohort.pay.actions import claims
from alongside.cohort.pay.actions.runs import UnreconciledFileError, close_run, correct, reject
from alongside.cohort.pay.actions.terms import Terms, accept, agree, raise_limit, set_budget
from alongside.cohort.pay.models import Claim, FileBack, Payee, Payment, Proposal, Run
from alongside.cohort.pay.queries import runs
from alongside.cohort.pay.queries.terms import agreement_of
from alongside.cohort.seats import actions as seats
from alongside.core.clocks import local_date
from alongside.core.grammar.calls import CALL_TEXTS, TIME_TO_APPLY
from alongside.core.money import Money, sums
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.core.tables import write
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Text
from tests.cohort.pay.cast import BUDGET, HOME, Cast, another_steward, paid_by_the_hour, usd
from tests.support.remembering import this_hour
from tests.support.thread import Thread, posted_by_rows
from tests.work.engagements.test_drafting import as_, text_of


def file_of(cast, run, pack=None):
    headings, rows = runs.in_finance_columns(
        runs.run_of(cast.program, run.number), pack or pack_of(cast.program)
    )
    return list(csv.DictReader(io.StringIO(write(headings, rows))))


@pytest.mark.parametrize("who", ["staff", "boss", "first_lead"])
def test_nobody_but_the_steward_decides(db, who):
    cast = paid_by_the_hour()
    claim = cast.log(cast.second)
    someone = getattr(cast.thread, who)
    viewer = cast.viewer(getattr(someone, "person", someone))

    with pytest.raises(Refused, match="Only the program coordinator decides on pay"):
        claims.approve(claim=claim, viewer=viewer, now=cast.now)
    with pytest.raises(Refused, match="Only the program coordinator decides on pay"):
        claims.send_back(claim=claim, reason="No.", viewer=viewer, now=cast.now)
    with pytest.raises(Refused, match="Only the program coordinator decides on pay"):
        close_run(program=cast.program, again=[], viewer=viewer, now=cast.now)
    assert Claim.objects.get().verdict is None


def test_a_steward_who_works_for_the_unit_that_was_asked_decides_nothing(db):
    cast = paid_by_the_hour()
    office = cast.thread.office.public_id
    programs.give_office(person=cast.steward, program=cast.program, office=office, from_date=date(2026, 1, 1))
    claim = cast.log()
    cast.approve(claim)  # nobody has asked that unit anything yet

    cast.thread.draft_engagement().make_keys().open()
    cast.thread.recommend(cast.thread.find())
    later = cast.log(what="training")

    for attempt in (
        lambda: claims.approve(claim=later, viewer=cast.viewer(), now=cast.now),
        lambda: claims.send_back(claim=later, reason="No.", viewer=cast.viewer(), now=cast.now),
        cast.run,
        lambda: cast.back(more=[["X", "2026-01-01", "1.00"]]),
        lambda: cast.budget("9000.00"),
        lambda: cast.agree(cast.first),
    ):
        with pytest.raises(Refused, match="You also hold an office in a bureau that leads have asked"):
            attempt()
    other = cast.viewer(another_steward(cast))
    claims.approve(claim=later, viewer=other, now=cast.now)
    later.refresh_from_db()
    assert later.verdict == "approved"


def test_nobody_who_runs_the_program_decides_on_their_own_pay(db):
    cast = paid_by_the_hour()
    paid, advance = (
        cast.log(cast.first),
        cast.log(kind="advance", what="childcare", minutes=None, money=usd("50")),
    )
    cast.approve(paid, advance)
    cast.run()
    cast.back()
    waits = cast.log(cast.first, ago=1)
    paid.refresh_from_db()
    advance.refresh_from_db()
    posted_by_rows(cast.program, cast.first.person, "steward")
    terms = {"per": "hour", "rate": usd("200.00"), "limit": usd("900.00")}
    terms |= {"from_date": date(2026, 1, 1), "until_date": date(2027, 12, 31)}
    on, agreed = cast.today, agreement_of(cast.first)
    came = {"amount": usd("80.00"), "paid_on": on, "reason": "Mine."}
    attempts = [
        (claims.approve, {"claim": waits}),
        (claims.send_back, {"claim": waits, "reason": "Mine."}),
        (claims.note_returned, {"advance": advance, "amount": usd("5.00"), "on": on}),
        (correct, {"payment": paid.payment, **came}),
        (reject, {"payment": paid.payment, "reason": "Mine."}),
        (raise_limit, {"agreement": agreed, "limit": usd("950.00"), "reason": "Mine."}),
        (agree, {"seat": cast.first, "terms": Terms(**terms)}),
    ]
    own = {"viewer": cast.viewer(cast.first.person), "now": cast.now}
    for decide, what in attempts:
        with pytest.raises(Refused, match="This is your own pay; another program coordinator decides on it."):
            decide(**what, **own)
    for decide, what in attempts[1:]:
        decide(**what, viewer=cast.viewer(), now=cast.now)


def test_what_is_decided_is_decided_once(both_databases):
    cast = paid_by_the_hour()
    claim = cast.log()
    cast.approve(claim)

    with pytest.raises(Refused, match="This was decided already; look at the list again."):
        claims.send_back(claim=claim, reason="No.", viewer=cast.viewer(), now=cast.now)


def test_a_run_pays_each_seat_once_and_its_file_names_nobody(both_databases):
    cast = paid_by_the_hour()
    cast.approve(cast.log(hours=2), cast.log(hours=1, what="training"), cast.cost(amount="30.00"))
    cast.approve(cast.log(cast.second, hours=3))
    cast.log(cast.third)  # waits
    run = cast.run()
    rows = file_of(cast, run)

    assert sorted(rows[0]) == ["amount", "currency", "payee", "reference"]
    by_payee = {one["payee"]: (one["amount"], one["currency"]) for one in rows}
    numbers = {one.seat_id: one.number for one in Payee.objects.all()}
    assert by_payee == {
        numbers[cast.first.pk]: ("165.00", "USD"),
        numbers[cast.second.pk]: ("135.00", "USD"),
    }
    assert [len(number) for number in numbers.values()] == [8, 8, 8]
    with pytest.raises(Refused, match="Nothing approved can be paid now"):
        cast.run()


def test_finance_gets_a_name_only_where_the_pack_says_so(db):
    cast = paid_by_the_hour()
    cast.first.person.called = "=Ana"
    cast.first.person.save()
    cast.approve(cast.log())
    run = cast.run()
    text = shipped_pack("neutral")
    named = load_pack(
        text.replace(
            'columns = ["payee", "amount", "currency", "reference"]\nneeds_name = false',
            'columns = ["payee", "name", "amount", "currency", "reference"]\nneeds_name = true\n'
            'headings = {payee = "Vendor"}',
        )
    )

    assert list(file_of(cast, run, named)[0]) == ["Vendor", "name", "amount", "currency", "reference"]
    assert file_of(cast, run, named)[0]["name"] == "'=Ana"


def test_nothing_is_paid_beyond_the_sum_agreed_until_it_is_raised(db):
    cast = paid_by_the_hour()
    cast.approve(cast.log(hours=15), cast.log(hours=8, ago=1, past=True), cast.log(hours=5, ago=2, past=True))
    cast.run()
    left = runs.to_pay(cast.program, pack_of(cast.program))

    assert [one.money for one in left.leaves] == [usd("360.00")]  # 675 and 225 fill the 900
    with pytest.raises(Refused, match="Nothing approved can be paid now"):
        cast.run()
    agreement = agreement_of(cast.first)
    with pytest.raises(Refused, match="This is not more than the sum agreed"):
        raise_limit(agreement=agreement, limit=usd("900.00"), reason="x", viewer=cast.viewer(), now=cast.now)
    raise_limit(
        agreement=agreement, limit=usd("1300.00"), reason="More meetings.", viewer=cast.viewer(), now=cast.now
    )
    assert runs.run_of(cast.program, cast.run().number).sums == [usd("360.00")]


def test_the_sums_agreed_stay_within_the_budget(db):
    cast = paid_by_the_hour()

    with pytest.raises(Refused, match="leaves .* for this place"):
        cast.agree(cast.first, limit="3201.00")
    with pytest.raises(Refused, match="Together"):
        cast.budget("2699.99")
    cast.agree(cast.first, limit="3200.00")


def test_a_file_that_matches_is_taken_in(both_databases):
    cast = paid_by_the_hour()
    cast.approve(cast.log(), cast.log(cast.second))
    cast.run()
    cast.back()

    assert (cast.account().paid, cast.account().owed) == ([usd("90.00")], [])
    assert list(FileBack.objects.values_list("rows", "left_out")) == [(2, 0)]


def test_a_file_that_does_not_reconcile_is_refused_whole(both_databases):
    cast = paid_by_the_hour()
    cast.approve(cast.log(), cast.log(cast.second))
    cast.run()

    with pytest.raises(UnreconciledFileError) as refused:
        cast.back(more=[["NOBODY-1", cast.today.isoformat(), "5.00"]])
    assert [(one.number, one.why) for one in refused.value.judged.refused] == [(4, "unknown")]
    assert Payment.objects.exclude(paid_on=None).count() == FileBack.objects.count() == 0

    cast.back(only_matching=True, more=[["NOBODY-1", cast.today.isoformat(), "5.00"]])
    assert list(FileBack.objects.values_list("rows", "left_out")) == [(3, 1)]
    assert Payment.objects.exclude(paid_on=None).count() == 2


def test_a_file_goes_in_once(db):
    cast = paid_by_the_hour()
    cast.approve(cast.log())
    cast.run()
    (known,) = runs.expected_back(cast.program).values()
    row = [known.reference, cast.today.isoformat(), known.money.plain()]
    cast.back()

    with pytest.raises(UnreconciledFileError) as refused:
        cast.back(only_matching=True, more=[row])
    assert [one.why for one in refused.value.judged.refused] == ["paid-already"]


def test_another_sum_is_refused(db):
    cast = paid_by_the_hour()
    cast.approve(cast.log())
    cast.run()
    (name,) = runs.expected_back(cast.program)

    with pytest.raises(UnreconciledFileError) as refused:
        cast.back(amounts={name: "89.99"}, only_matching=True)
    assert [one.why for one in refused.value.judged.refused] == ["sum"]


def test_every_change_of_terms_is_a_row(db):
    cast = paid_by_the_hour()
    first = agreement_of(cast.first)
    second = cast.agree(cast.first, rate="50.00")

    assert (second.replaces, agreement_of(cast.first)) == (first, second)
    assert cast.log(hours=1).money == usd("50.00")


def test_the_steward_alone_lowers_no_pay(db):
    cast = paid_by_the_hour()
    first, lead = agreement_of(cast.first), as_(cast.first.person)
    less = {"rate": "0.01"}, {"limit": "45.00"}, {"until_date": cast.today}, {"per": "month", "rate": "90.00"}
    proposals = [cast.agree(cast.first, **one) for one in less]
    assert (agreement_of(cast.first), cast.log(hours=1).money) == (first, usd("45.00"))

    page = lead.get(f"{HOME}pay/").content.decode()
    assert "The program coordinator proposes to pay you less, or in another way" in page
    page = page.replace("\xa0", " ")
    both = re.findall(r"<dd>(.*?)</dd>", page.partition("proposed-h")[2], re.DOTALL)[:2]
    assert ["45.00" in both[0], "each hour" in both[0], "90.00" in both[1], "each month" in both[1]] == [
        True
    ] * 4
    assert lead.post(f"{HOME}pay/proposals/{proposals[0].pk}/agree/").status_code == 404  # not the last one
    other = as_(cast.second.person).post(f"{HOME}pay/proposals/{proposals[-1].pk}/agree/")
    assert (other.status_code, agreement_of(cast.first)) == (404, first)


def test_lower_pay_holds_from_the_day_after_the_lead_agreed_and_never_for_work_done_before(db):
    cast = paid_by_the_hour()
    proposal = cast.agree(cast.first, rate="40.00")
    asked = as_(cast.first.person).post(f"{HOME}pay/proposals/{proposal.pk}/agree/")
    assert asked.url == f"{HOME}pay/"
    cast.thread.later(1)
    assert cast.log(hours=1, ago=1).money == usd("45.00")
    assert cast.log(hours=1).money == usd("40.00")
    with pytest.raises(Refused, match="This is no longer proposed. Load the page again."):
        accept(proposal=proposal, now=cast.now)


def test_a_lead_agrees_to_no_more_than_the_budget_holds_on_that_day(db):
    cast = paid_by_the_hour()
    cast.budget("2700.00")
    cast.change(cast.second, limit="100.00")
    proposal = cast.agree(cast.second, per="month", rate="500.00", limit="900.00")
    more = {"reason": "More work.", "viewer": cast.viewer(), "now": cast.now}
    raise_limit(agreement=agreement_of(cast.third), limit=usd("1700.00"), **more)

    page = as_(cast.second.person).post(f"{HOME}pay/proposals/{proposal.pk}/agree/")
    assert "Ask the program coordinator to raise the budget, or to propose less." in text_of(page)
    assert agreement_of(cast.second).limit == usd("100.00")

    cast.budget("3500.00")
    assert accept(proposal=proposal, now=cast.now).limit == usd("900.00")


def seated_again(cast, first, last):
    """Seat the first lead again, in a next cohort with a budget."""
    days = {"from_date": first, "until_date": last}
    cohort = cast.thread.seat_cohort("next", first, last)
    set_budget(cohort=cohort, amount=usd(BUDGET), viewer=cast.viewer(), now=cast.now)
    person = type(cast.first.person).objects.get(pk=cast.first.person_id)
    return cast.thread.seat(person, cohort), days


def test_a_lead_who_serves_again_gets_less_only_if_they_agree(db):
    cast = paid_by_the_hour()
    again, days = seated_again(cast, date(2028, 1, 1), date(2028, 12, 31))
    lead = as_(cast.first.person)
    proposal = cast.agree(again, rate="0.01", **days)
    assert agreement_of(again) is None, "a new place is no way to pay less"
    page = lead.get(f"{HOME}pay/").content.decode()
    page = page.replace("\xa0", " ")
    both = re.findall(r"<dd>(.*?)</dd>", page.partition("proposed-h")[2], re.DOTALL)[:2]
    assert ["45.00 USD for each hour" in both[0], "0.01 USD for each hour" in both[1]] == [True, True]
    assert "nothing is agreed for your new place yet" in page
    steward = as_(cast.steward).get(f"{HOME}steward/pay/agreements/{again.public_id}/").content.decode()
    assert "the lead has not agreed yet" in steward
    assert lead.post(f"{HOME}pay/proposals/{proposal.pk}/agree/").status_code == 302
    agreed = agreement_of(again)
    assert (agreed.money, agreed.from_date, agreed.until_date) == (usd("0.01"), *days.values())
    assert agreement_of(cast.first).money == usd("45.00")


def test_what_a_lead_had_before_or_more_is_agreed_at_once(db):
    cast = paid_by_the_hour()
    again, days = seated_again(cast, date(2028, 1, 1), date(2028, 12, 31))
    assert cast.agree(again, **days) == agreement_of(again)


def test_terms_of_a_seat_that_ended_long_before_bind_nobody(db):
    cast = paid_by_the_hour()
    again, days = seated_again(cast, date(2028, 6, 1), date(2028, 12, 31))
    assert cast.agree(again, rate="40.00", **days) == agreement_of(again)


def called(thread, **rules):
    """Publish a call with these rules."""
    day = thread.now.date().isoformat()
    data = {
        "call": "leads",
        "seats": 3,
        "alternates": 0,
        "hours_a_month": 10,
        "languages": ["en"],
        "opens": day,
        **dict.fromkeys(("closes", "decides"), (thread.now.date() + TIME_TO_APPLY).isoformat()),
        "selection": "panel",
        "rubric": [],
        "questions": ["why"],
        "sought": [],
        "budget": "5000.00",
        "not_to_exceed": "900.00",
        "currency": "USD",
    }
    texts = {name: Text("en", "Words.") for name in (*CALL_TEXTS, "question-why")}
    return thread.enter("call.published", ["steward"], data | rules, texts=texts)


def test_no_rate_is_below_the_one_that_the_call_published(db):
    cast = paid_by_the_hour()
    term = cast.first.cohort
    days = {"from": term.from_date.isoformat(), "until": term.until_date.isoformat()}
    pay = {"per": "hour", "amount": "45.00", "currency": "USD"}
    called(cast.thread, term=days, pay=pay)
    with pytest.raises(Refused, match="This is less than the call promised"):
        cast.agree(cast.first, rate="44.99")
    assert cast.agree(cast.first, rate="45.01").money == usd("45.01")


def test_a_later_call_makes_no_lead_s_pay_smaller(db):
    cast = paid_by_the_hour()
    term = cast.first.cohort
    days = {"from": term.from_date.isoformat(), "until": term.until_date.isoformat()}
    for amount in ("45.00", "1.00"):
        pay = {"per": "hour", "amount": amount, "currency": "USD"}
        called(cast.thread, call=f"leads-{amount[0]}", term=days, pay=pay)
    with pytest.raises(Refused, match="This is less than the call promised"):
        cast.agree(cast.first, rate="44.99")


def test_a_first_agreement_that_comes_late_still_pays_from_the_first_day_of_the_place(db):
    cast = Cast(Thread(now=this_hour()).open_program())
    cast.budget()
    term = cast.first.cohort
    days = {"from": term.from_date.isoformat(), "until": term.until_date.isoformat()}
    called(cast.thread, term=days, pay={"per": "hour", "amount": "45.00", "currency": "USD"})
    cast.thread.later(30)
    with pytest.raises(Refused, match="agree on all days of this place"):
        cast.agree(cast.first, from_date=cast.today)
    agreed = cast.agree(cast.first, from_date=cast.first.from_date)
    assert agreed.from_date == cast.first.from_date


def test_what_is_in_a_run_of_which_nobody_hears_is_late_for_the_coordinator_too(db):
    cast = paid_by_the_hour(now=this_hour() - timedelta(days=40))
    cast.approve(cast.log())
    cast.run()
    pack = pack_of(cast.program)
    assert runs.past_their_day(cast.program, pack, cast.today) == []
    today = local_date(this_hour(), pack)
    assert [one.payment is None for one in runs.past_their_day(cast.program, pack, today)] == [False]
    cast.back(paid_on=cast.today)
    assert runs.past_their_day(cast.program, pack, today) == []


@pytest.mark.parametrize("longer", [0, 1])
def test_a_first_agreement_is_by_the_measure_and_for_the_days_that_the_call_promised(db, longer):
    cast = Cast(Thread(now=this_hour()).open_program())
    cast.budget()
    term = cast.first.cohort
    until = term.until_date - timedelta(days=longer)
    days = {"from": term.from_date.isoformat(), "until": until.isoformat()}
    called(cast.thread, term=days, pay={"per": "hour", "amount": "45.00", "currency": "USD"})
    soon = {"until_date": cast.today + timedelta(days=7)}
    for less in (
        {"per": "month", "rate": "449.99"},
        {"per": "deliverable", "rate": "1.00"},
        {"rate": "10.00"},
        soon,
        {"from_date": cast.today + timedelta(days=9)},
    ):
        with pytest.raises(Refused, match="the call promised|The call promised"):
            cast.agree(cast.first, **less)
    cast.agree(cast.first)
    assert isinstance(cast.agree(cast.first, per="month", rate="10.00"), Proposal), "the lead says yes to it"
    assert not isinstance(cast.agree(cast.second, per="month", rate="450.00"), Proposal)


def test_a_place_that_nobody_pays_begins_with_no_sum_and_waits_for_no_agreement(db):
    cast = Cast(Thread(now=this_hour()).open_program())
    cast.budget()
    term = cast.first.cohort
    days = {"from": term.from_date.isoformat(), "until": term.until_date.isoformat()}
    called(cast.thread, term=days, pay={"per": "hour", "amount": "45.00", "currency": "USD"})
    for seat in (cast.second, cast.third):
        cast.agree(seat, rate="45.00")
    steward, page = as_(cast.steward), f"{HOME}steward/pay/agreements/{cast.first.public_id}/"

    def seen():
        shown = steward.get(page)
        waits = "can log no hours before it is written" in text_of(steward.get(f"{HOME}steward/"))
        told = "You said that nobody pays this place" in text_of(shown)
        return [shown.context["form"].initial.get(name) for name in ("rate", "limit")], told, waits

    before = seen()
    seats.declare_payer(seat=cast.first, paid_by="nobody", now=cast.now)
    assert (before, seen()) == ((["45.00", "900.00"], False, True), ([None, None], True, False))


PIECES = some.lists(
    some.tuples(some.integers(0, 2), some.integers(1, 600), some.sampled_from(["approve", "back", "wait"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=PIECES)
def test_what_is_logged_is_owed_paid_or_gone_to_the_last_cent(db, pieces):
    slug = f"p{Program.objects.count()}"
    cast = Cast(Thread().open_program(slug=slug))
    cast.budget()
    leads = (cast.first, cast.second, cast.third)
    for seat in leads:
        cast.agree(seat, rate="33.33", limit="1000.00")
    logged: list[Money] = []
    for day, (lead, minutes, what) in enumerate(pieces):
        claim = cast.log(leads[lead], ago=day, minutes=minutes, past=True)
        if what == "approve":
            cast.approve(claim)
        if what == "back":
            claims.send_back(claim=claim, reason="No.", viewer=cast.viewer(), now=cast.now)
        else:
            logged.append(claim.money)
    if any(what == "approve" for *_rest, what in pieces):
        try:
            run = runs.run_of(cast.program, cast.run().number)
        except Refused:
            run = None
        if run:
            assert run.sums == sums(one.money for one in run.payments.all())
            cast.back()
    accounts = [cast.account(seat) for seat in leads]
    told = [money for one in accounts for money in (*one.owed, *one.paid)]

    assert sums(told) == sums(logged)
    assert all(not money > usd("1000.00") for one in accounts for money in one.paid)


def test_runs_are_numbered_by_program(db):
    cast = paid_by_the_hour()
    cast.approve(cast.log())
    cast.run()
    cast.thread.now += timedelta(days=1)
    cast.approve(cast.log())
    cast.run()

    assert list(Run.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]

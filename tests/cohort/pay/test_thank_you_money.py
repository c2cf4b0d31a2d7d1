"""Thank-you money: a lead has a float, counts the stubs that people exchanged, and a second person counts them without that number. No name anywhere."""

import pytest
from django.db import IntegrityError, transaction

from alongside.cohort.pay.actions.claims import count_again, note_returned
from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries import claims
from alongside.core.refusals import Refused
from tests.cohort.pay.cast import HOME, paid_by_the_hour, usd
from tests.work.engagements.test_drafting import as_, text_of

SESSION = "library-computers/s1"


@pytest.fixture
def cast(db):
    return paid_by_the_hour()


def floated(cast, amount="500.00"):
    """Give the money that a lead was paid before a session."""
    one = cast.log(kind="advance", what="thanks", minutes=None, money=usd(amount), session=SESSION)
    cast.approve(one)
    cast.run()
    return Claim.objects.get(pk=one.pk)


def counted(cast, stubs=14, each="25"):
    """Let the lead count on the page."""
    page = f"{HOME}pay/stubs/"
    advance = Claim.objects.get(kind="advance").pk
    given = {"on": cast.today, "stubs": stubs, "each": each, "advance": advance, "what": "thanks", "note": ""}
    return as_(cast.first.person).post(page, given)


def test_what_a_lead_counts_waits_for_a_second_count_that_does_not_show_the_first(cast):
    floated(cast)
    assert counted(cast).status_code == 302
    one = Claim.objects.get(stubs=14)
    assert (str(one.money), one.session, str(one.advance.rest)) == ("350.00 USD", SESSION, "150.00 USD")

    steward = as_(cast.steward)
    page = text_of(steward.get(f"{HOME}steward/pay/"))
    assert "Count the stubs a second time" in page
    told = text_of(steward.get(f"{HOME}steward/pay/{one.pk}/count/"))
    assert [
        each
        for each in ("14", "350")
        if each in page.split("Waits for your approval")[1].split("Advances")[0]
        or each in told.split("Count the stubs")[1].split("Back to unpaid")[0]
    ] == []

    steward.post(f"{HOME}steward/pay/{one.pk}/count/", {"stubs": 14})

    one.refresh_from_db()
    assert (one.verdict, one.decided_by) == ("approved", cast.steward)
    assert claims.given_at(cast.program, [SESSION])[SESSION] == claims.Given(
        usd("500.00"), 14, usd("350.00"), usd("0.00"), is_counted=True
    )
    assert "14 stubs · counted by two people" in text_of(as_(cast.first.person).get(f"{HOME}pay/"))


def test_another_number_goes_back_to_be_counted_again(cast):
    floated(cast)
    counted(cast)
    one = Claim.objects.get(stubs=14)
    as_(cast.steward).post(f"{HOME}steward/pay/{one.pk}/count/", {"stubs": 13})

    one.refresh_from_db()
    assert one.verdict == "sent-back"
    assert "another number of stubs: 13" in one.reason
    lead = as_(cast.first.person)
    assert f"{HOME}pay/stubs/?corrects={one.pk}" in lead.get(f"{HOME}pay/").content.decode()
    given = {
        "on": cast.today,
        "stubs": 13,
        "each": "25",
        "advance": one.advance_id,
        "what": "thanks",
        "note": "",
        "corrects": one.pk,
    }
    assert lead.post(f"{HOME}pay/stubs/?corrects={one.pk}", given).status_code == 302
    assert Claim.objects.get(stubs=13).corrects == one


def test_it_is_not_approved_without_a_count(cast):
    floated(cast)
    counted(cast)
    with pytest.raises(Refused, match="Count the stubs of this thank-you money first"):
        cast.approve(Claim.objects.get(stubs=14))


def test_nobody_counts_a_second_time_what_they_counted_first(cast):
    floated(cast)
    counted(cast)
    one = Claim.objects.get(stubs=14)
    assert as_(cast.first.person).post(f"{HOME}steward/pay/{one.pk}/count/", {"stubs": 14}).status_code in {
        403,
        404,
    }
    assert Claim.objects.get(pk=one.pk).verdict is None


def test_more_than_the_float_is_no_count(cast):
    floated(cast, "100.00")
    assert "This is more than the money that you had for it." in text_of(counted(cast))
    assert not Claim.objects.filter(stubs__isnull=False).exists()


def test_it_is_no_cost_without_stubs_and_stubs_are_of_nothing_else(cast):
    advance = floated(cast)
    with pytest.raises(Refused, match="counted in stubs"):
        cast.cost(amount="25.00", what="thanks", advance=advance)
    with pytest.raises(Refused, match="counted in stubs"):
        cast.cost(amount="25.00", what="childcare", advance=advance, stubs=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**{**_row(advance), "kind": "cost", "stubs": 3, "advance": None})


def _row(one):
    return {
        name: getattr(one, name)
        for name in ("seat", "agreement", "what", "on", "minor", "currency", "logged_on")
    }


def test_what_is_left_comes_back_and_the_float_is_accounted_for(cast):
    advance = floated(cast)
    counted(cast)
    count_again(claim=Claim.objects.get(stubs=14), stubs=14, viewer=cast.viewer(), now=cast.now)
    note_returned(advance=advance, amount=usd("150.00"), on=cast.today, viewer=cast.viewer(), now=cast.now)
    assert claims.open_advances(cast.program) == []
    assert str(claims.given_at(cast.program, [SESSION])[SESSION].back) == "150.00 USD"

"""The community body that the leads let the policy name: the log shows where it may stand, and the verifier names it elsewhere."""

import pytest

from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER
from tests.check.test_who_checks import checked, confirmed, declare, find, promised

BODY = "neighbors-union/desk"


def policy(record):
    return dict(record.entries[find(record, "policy.adopted")]["data"])


def named(record, body=BODY, by=("steward", ANA, BEN)):
    """Let the policy name the body from now on."""
    record.add("policy.adopted", "2026-03-04", list(by), {**policy(record), "body": body})
    return record


def refused(record):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    return str(error.value).partition(": ")[2]


def holds(record):
    return check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def destroyed(record, by, on="2027-07-01"):
    """Destroy the key, on the day that was promised or a later one."""
    promise = find(record, "engagement.promised")
    counted = {"voices": {"low": 3, "high": 3}, "withdrawn": "fewer"}
    record.add("voices.closed", on, ["clock"], counted, {"engagement": [promise]})
    record.add("key.destroyed", on, list(by), {}, {"engagement": [promise]}, texts=["ground"])
    return record


def leave(record, *seats):
    for one in seats:
        record.add("seat.left", "2026-03-04", [one], {"seat": one})
    return record


def test_the_body_stands_beside_one_lead_who_checks():
    record = named(promised(payers=("outside", "water", "water")))
    assert holds(checked(record, (ANA, BODY)))


def test_the_body_checks_alone_only_where_no_lead_can():
    by_one = checked(named(promised(payers=("outside", "water", "water"))), (BODY,))
    assert refused(by_one) == (
        "delivery.verified: a delivery is checked by two leads and by no office; ask a second lead."
    )
    paid = promised(payers=("water", "water", "pipes"))
    # The word of the steward alone, written when they were seated, lets nobody in.
    assert "checked by two leads and by no office" in refused(checked(named(paid.copy()), (BODY,)))
    assert holds(checked(named(confirmed(paid, ANA, BEN, CAM)), (BODY,)))


def test_a_lead_of_whom_nobody_said_who_pays_could_say_it_and_check():
    record = named(confirmed(promised(payers=("water", "water", "")), ANA, BEN))
    assert "checked by two leads and by no office" in refused(checked(record.copy(), (BODY,)))
    declare(record, CAM, by=CAM, on="2026-03-04", paid_by="water")
    assert holds(checked(record, (BODY,)))


def test_the_body_checks_alone_where_the_bureau_paid_or_employed_every_lead_since_its_promise():
    record = named(promised())
    for seat, tie in (
        (ANA, {"paid_by": "pipes"}),
        (BEN, {"works_for": "water"}),
        (CAM, {"paid_by": "water"}),
    ):
        for one in (tie, dict.fromkeys(tie, "outside")):
            declare(record, seat, by=seat, on="2026-03-04", **one)
        alone = checked(record.copy(), (BODY,)) if seat == BEN else None
        assert alone is None or "checked by two leads and by no office" in refused(alone)
    assert holds(checked(record, (BODY,)))


def silenced(record, seat, how):
    """Let the steward alone do to a seat what might keep its lead from checking."""
    if how == "paid":
        declare(record, seat, on="2026-03-05", paid_by="water")
    elif how == "suspended" and seat == ANA:  # no more than one of three can be
        record.add("seat.suspended", "2026-03-05", ["steward"], {"seat": seat}, texts=["ground"])
    else:
        told = {"ground": "absent", "appeal_to": OFFICE, "appeal_by": "2026-04-05"}
        record.add("seat.removed", "2026-03-05", ["steward"], {"seat": seat, **told})


@pytest.mark.parametrize("how", ["paid", "suspended", "removed"])
@pytest.mark.parametrize("kind", ["delivery.verified", "delivery.disputed"])
def test_the_steward_does_not_let_the_body_check_alone_by_silencing_the_leads(how, kind):
    record = named(promised())
    for seat in (ANA, BEN, CAM):
        silenced(record, seat, how)
    assert refused(checked(record, (BODY,), kind)) == (
        f"{kind}: a delivery is checked by two leads and by no office; ask a second lead."
    )


def test_the_body_checks_alone_where_the_leads_left_by_themselves():
    record = named(promised())
    for seat in (ANA, BEN, CAM):
        record.add("seat.left", "2026-03-04", [seat], {"seat": seat})
    assert holds(checked(record, (BODY,)))


def test_an_office_that_is_not_the_body_of_the_policy_checks_nothing():
    for by in ((ANA, BODY), (BODY,)):
        said = refused(checked(promised(), by))
        assert said.startswith(f"delivery.verified: {BODY} does not write entries of this kind")
    other = named(named(promised()), "other-neighbors/desk")
    assert refused(checked(other, (ANA, BODY))).startswith(f"delivery.verified: {BODY} does not write")
    assert refused(checked(named(promised()), (ANA, OFFICE))).startswith(
        f"delivery.verified: {OFFICE} does not"
    )


def test_the_body_is_the_second_who_destroys_a_key_where_only_one_who_holds_it_sits():
    assert holds(destroyed(leave(named(promised()), BEN), (ANA, BODY)))
    assert refused(destroyed(named(promised()), (ANA, BODY))) == (
        f"key.destroyed: {BODY} does not hold this key today; ask the leads who do."
    )
    assert "two leads destroy a key together" in refused(
        destroyed(leave(named(promised()), ANA, BEN), (BODY,))
    )


def test_holders_who_are_removed_and_can_appeal_are_left_to_destroy_their_key():
    record = named(promised())
    for one in (ANA, BEN):
        data = {"seat": one, "ground": "absent", "appeal_to": OFFICE, "appeal_by": "2027-08-01"}
        record.add("seat.removed", "2027-07-01", ["steward"], data)
    assert "does not hold this key today" in refused(destroyed(record.copy(), (CAM, BODY)))
    assert holds(destroyed(record, (CAM, BODY), on="2027-08-02"))


def test_the_body_signs_nothing_else():
    answer = named(promised())
    ask = find(answer, "ask.recommended")
    answer.add("ask.acknowledged", "2026-03-04", [BODY], {}, {"ask": [ask]})
    assert f"{BODY} does not write entries of this kind" in refused(answer)
    clock = named(promised())
    data = {"from": "2026-03-04", "until": "2026-03-05"}
    clock.add("clock.agreed", "2026-03-05", [ANA, BODY], data)
    assert f"{BODY} does not write entries of this kind" in refused(clock)
    tested = named(promised())
    tested.add("key.tested", "2026-03-05", [BODY], cites={"key": [find(tested, "key.made")]})
    assert f"{BODY} does not write entries of this kind" in refused(tested)


def test_the_city_alone_names_no_body_and_takes_none_away():
    milder = "policy.adopted: this makes the rules milder; more than half of the seated leads sign it, in each cohort."
    assert refused(named(promised(), by=("steward",))).startswith(milder)
    assert refused(named(named(promised()), "friends-of-city-hall/desk", ("steward",))).startswith(milder)
    gone = named(promised())
    gone.add("policy.adopted", "2026-03-05", ["steward"], policy(gone))
    assert refused(gone).startswith(milder)


def test_no_program_opens_with_a_body_that_no_lead_agreed_to():
    record = promised()
    record.entries[find(record, "policy.adopted")]["data"]["body"] = BODY
    assert refused(record) == (
        "policy.adopted: a community body is named together with the leads; leave it out until leads are seated."
    )


@pytest.mark.parametrize("body", ["water/manager", "water/neighbors", "pipes/neighbors"])
def test_no_unit_of_the_government_is_the_body(body):
    said = refused(named(promised(), body))
    assert said.endswith("is a bureau of the government, and the community body is not; name another.")

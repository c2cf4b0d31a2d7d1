"""Who hears the appeal of a removed lead: whom the charter names that most of its leads signed, and nobody of the steward's choice."""

import pytest

from alongside.core.entries import GrammarError
from alongside.core.grammar.charter import CHARTER_TEXTS, entry_hash
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER, small
from tests.check.test_seats_are_seen_first import later

MANAGER, CITY, BODY = "water/manager", "city/manager", "neighbors/desk"
FRIENDS = ("seat-0badf001", "seat-0badf002", "seat-0badf003", "seat-0badf004", "seat-0badf005")


def find(record, kind):
    return next(at for at, one in enumerate(record.entries) if one["kind"] == kind)


def refused(record):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    return str(error.value)


def holds(record):
    return check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def charter(record, to, *signers, on="2026-03-01"):
    """Let the steward put up a charter, and leads sign it."""
    before = [at for at, one in enumerate(record.entries) if one["kind"] == "charter.adopted"]
    cites = {"cohort": [find(record, "cohort.seated")]} | ({"replaces": before[-1:]} if before else {})
    data = {"cohort": "first", "appeals_to": to, "alarms_to": MANAGER}
    at = record.add("charter.adopted", on, ["steward"], data, cites, CHARTER_TEXTS)
    said = {"hash": entry_hash(parse(at, record.raw()[at]))}
    for one in signers:
        record.add("charter.signed", on, [one], said, {"charter": [at]})


def sits(record, seats, on, first=None):
    for one in seats:
        data = {"seat": one, "cohort": "first", "from": first or on, "until": "2027-12-31"}
        record.add("seat.taken", on, ["steward"], data, {"cohort": [find(record, "cohort.seated")]})


def removed(record, seat, to, on):
    """Give a copy in which a seat was removed, and its appeal goes to somebody."""
    tried = record.copy()
    data = {"seat": seat, "ground": "absent", "appeal_to": to, "appeal_by": later(on, 60)}
    tried.add("seat.removed", on, ["steward"], data)
    return tried


def rules(record, on, by, **more):
    record.add("policy.adopted", on, ["steward", *by], record.entries[1]["data"] | more)


def test_a_charter_that_most_leads_signed_stands_however_many_seats_are_filled_later():
    record = small()
    charter(record, MANAGER, ANA, BEN, CAM)
    sits(record, FRIENDS, "2026-04-02")
    assert "the group agreement names water/manager" in refused(removed(record, ANA, OFFICE, "2026-05-10"))
    assert holds(removed(record, ANA, MANAGER, "2026-05-10"))


def test_no_seat_that_is_entered_later_with_an_earlier_day_ends_a_charter_that_stands():
    record = small()
    charter(record, MANAGER, ANA, BEN, CAM)
    sits(record, FRIENDS, "2026-04-10", first="2026-03-15")
    assert "the group agreement names water/manager" in refused(removed(record, ANA, OFFICE, "2026-05-15"))


def test_a_charter_stands_until_most_leads_sign_another_one():
    record = small()
    charter(record, MANAGER, ANA, BEN, CAM)
    charter(record, OFFICE, ANA, on="2026-04-10")
    assert "the group agreement names water/manager" in refused(removed(record, CAM, OFFICE, "2026-06-10"))
    charter(record, OFFICE, ANA, BEN, on="2026-06-11")
    assert "the group agreement names water/director" in refused(removed(record, CAM, MANAGER, "2026-06-12"))


@pytest.mark.parametrize(("first", "kept"), [((ANA,), (BEN, CAM)), ((ANA, BEN), (CAM,))])
def test_a_charter_that_the_first_leads_signed_binds_nobody_who_is_seated_in_its_first_month(first, kept):
    record = small()
    for at, one in enumerate(record.entries):
        if one["kind"] == "seat.taken" and one["data"]["seat"] in kept:
            record.entries[at]["data"]["seat"] = f"seat-0000000{kept.index(one['data']['seat'])}"
    record.entries = record.entries[: find(record, "key.founded")]
    for at in range(len(kept)):
        record.add("seat.left", "2026-02-01", [f"seat-0000000{at}"], {"seat": f"seat-0000000{at}"})
    charter(record, OFFICE, *first, on="2026-02-02")
    sits(record, FRIENDS, "2026-02-03")
    assert holds(removed(record, FRIENDS[0], MANAGER, "2026-03-20"))


def test_whom_the_charter_names_is_removed_and_another_hears_that_appeal():
    record = small()
    charter(record, ANA, ANA, BEN, CAM)
    assert "the group agreement names seat-aaaaaaaa" in refused(removed(record, BEN, OFFICE, "2026-05-10"))
    assert "whom the group agreement names cannot hear this; water/manager" in refused(
        removed(record, ANA, OFFICE, "2026-05-10")
    )
    gone = removed(record, ANA, MANAGER, "2026-05-10")
    assert holds(gone)
    assert holds(removed(gone, BEN, MANAGER, "2026-05-11"))


def test_a_lead_who_is_named_and_suspended_hears_the_appeal_once_that_is_over():
    record = small()
    charter(record, ANA, ANA, BEN, CAM)
    record.add("seat.suspended", "2026-05-10", ["steward"], {"seat": ANA}, texts=["ground"])
    assert "the group agreement names seat-aaaaaaaa" in refused(removed(record, BEN, OFFICE, "2026-05-11"))


def test_the_community_body_hears_an_appeal_where_the_lead_is_gone_whom_the_charter_names():
    record = small()
    charter(record, ANA, ANA, BEN, CAM)
    rules(record, "2026-05-01", [ANA, BEN, CAM], body=BODY)
    assert f"cannot hear this; {BODY}" in refused(removed(record, ANA, OFFICE, "2026-05-10"))
    record = removed(record, ANA, BODY, "2026-05-10")
    appeal = len(record.entries)
    record.add("removal.appealed", "2026-05-11", [ANA], {}, {"removal": [appeal - 1]})
    record.add("removal.decided", "2026-05-12", [BODY], {"decision": "lifted"}, {"appeal": [appeal]})
    assert holds(record)


def test_the_office_that_answers_for_one_that_is_gone_hears_the_appeals_the_charter_gave_it():
    record = small()
    charter(record, MANAGER, ANA, BEN, CAM)
    offices = {"offices": [CITY, OFFICE], "signing": [CITY, OFFICE], "escalate_to": CITY}
    rules(record, "2026-05-01", [ANA, BEN, CAM], **offices)
    assert "cannot hear this; water/director" in refused(removed(record, ANA, CITY, "2026-05-10"))
    assert holds(removed(record, ANA, OFFICE, "2026-05-10"))
    offices = {"offices": [CITY], "signing": [CITY], "escalate_to": CITY}
    rules(record, "2026-05-02", [ANA, BEN, CAM], **offices)
    assert holds(removed(record, ANA, CITY, "2026-05-10"))


@pytest.mark.parametrize("name", ["appeal_days", "invitation_business_days"])
def test_no_rules_give_so_many_days_that_nobody_can_be_removed_or_asked_for_help(name):
    record = small()
    clocks = record.entries[1]["data"]["cohort_clocks"]
    most = record.copy()
    rules(record, "2026-05-01", [], cohort_clocks=clocks | {name: 337})
    assert f"data.cohort_clocks.{name} must be a whole number from 1 to" in refused(record)
    rules(most, "2026-05-01", [ANA, BEN, CAM], cohort_clocks=clocks | {name: 200})
    assert holds(most)


@pytest.mark.parametrize(("on", "stands"), [("2026-03-30", False), ("2026-03-31", True)])
def test_no_seat_that_was_entered_after_the_others_hears_their_appeals_for_thirty_days(on, stands):
    record = small()
    sits(record, FRIENDS[:1], "2026-03-01")
    tried = removed(record, ANA, FRIENDS[0], on)
    if stands:
        assert holds(tried)
    else:
        assert "signs this from 2026-03-31 on; ask a lead who has been here for longer" in refused(tried)
    assert holds(removed(record, ANA, BEN, on))


def test_a_new_seat_hears_appeals_where_most_leads_named_it():
    record = small()
    sits(record, FRIENDS[:1], "2026-03-01")
    charter(record, FRIENDS[0], ANA, BEN, CAM, on="2026-03-02")
    assert holds(removed(record, ANA, FRIENDS[0], "2026-03-03"))


def test_the_office_above_stands_in_for_a_judge_who_is_gone_before_any_that_the_steward_names_first():
    record = small()
    charter(record, ANA, ANA, BEN, CAM)
    before = record.entries[1]["data"]
    more = {name: sorted([*before[name], "water/friend"]) for name in ("offices", "signing")}
    rules(record, "2026-05-01", [], **more)
    assert f"whom the group agreement names cannot hear this; {MANAGER}" in refused(
        removed(record, ANA, "water/friend", "2026-05-02")
    )
    assert holds(removed(record, ANA, MANAGER, "2026-05-02"))

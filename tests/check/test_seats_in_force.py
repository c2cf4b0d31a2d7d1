"""Whoever writes a log cannot let a seat act that is not in force that day: the verifier names it."""

import pytest

from alongside.core.grammar import KINDS, GrammarError, check_log
from tests.check.records import ANA, BEN, CAM, HEX, OFFICE, SIGNER, recipient, small

LATE = "seat-dddddddd"
WATER = {"office": OFFICE, "ack_due": "2026-03-11", "answer_due": "2026-05-01"}


def seat_taken(record, seat, first, last):
    cohort = next(at for at, one in enumerate(record.entries) if one["kind"] == "cohort.seated")
    data = {"seat": seat, "cohort": "first", "from": first, "until": last}
    record.add("seat.taken", "2026-03-02", ["steward"], data, {"cohort": [cohort]})


def find(record, kind):
    return next(at for at, one in enumerate(record.entries) if one["kind"] == kind)


def asks(record, by, on="2026-03-04"):
    promise = find(record, "engagement.promised")
    cites = {"finding": [find(record, "finding.published")], "engagement": [promise]}
    record.add("ask.recommended", on, by, WATER, cites, ["title", "ask"])


def refused(record):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    return str(error.value)


def test_a_seat_that_has_not_begun_signs_nothing():
    record = small()
    seat_taken(record, LATE, "2027-06-01", "2027-12-31")
    asks(record, [LATE])
    assert refused(record) == (
        "Entry 18: ask.recommended: the term of seat-dddddddd begins on 2027-06-01; ask a lead who sits today."
    )


def test_a_seat_whose_term_is_over_signs_nothing():
    record = small()
    seat_taken(record, LATE, "2026-01-06", "2026-03-03")
    asks(record, [LATE])
    assert refused(record) == (
        "Entry 18: ask.recommended: seat-dddddddd is over; ask a lead who sits in the cohort today."
    )


def test_a_seat_signs_on_the_last_day_of_its_term():
    record = small()
    seat_taken(record, LATE, "2026-01-06", "2026-03-04")
    asks(record, [LATE])
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("seat.left", {}, "seat-aaaaaaaa is over; ask a lead who sits in the cohort today."),
        (
            "seat.left",
            {"on": "2026-03-04"},
            "seat-aaaaaaaa is over; ask a lead who sits in the cohort today.",
        ),
        (
            "seat.suspended",
            {},
            "seat-aaaaaaaa is suspended; ask another lead, or the steward to restore the seat.",
        ),
        (
            "seat.removed",
            {"ground": "harm", "appeal_to": "water/manager", "appeal_by": "2026-04-15"},
            "seat-aaaaaaaa was removed; ask a lead who sits in the cohort today.",
        ),
    ],
)
def test_a_seat_that_was_left_suspended_or_removed_signs_nothing(kind, data, said):
    record = small()
    by = ANA if kind == "seat.left" else "steward"
    record.add(kind, "2026-03-03", [by], {"seat": ANA, **data}, texts=KINDS[kind].texts)
    asks(record, [ANA])
    assert refused(record) == f"Entry 18: ask.recommended: {said}"


def test_a_seat_that_is_left_on_a_later_day_signs_until_then():
    record = small()
    record.add("seat.left", "2026-03-03", [ANA], {"seat": ANA, "on": "2026-03-05"})
    asks(record, [ANA])
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19


def test_a_restored_seat_signs_again():
    record = small()
    record.add("seat.suspended", "2026-03-03", ["steward"], {"seat": ANA}, texts=["ground"])
    record.add("seat.restored", "2026-03-03", ["steward"], {"seat": ANA})
    asks(record, [ANA])
    assert check_log(record.raw(), origin=SIGNER.name).entries == 20


def test_a_lead_ends_no_seat_but_their_own():
    record = small()
    record.add("seat.left", "2026-03-03", [BEN], {"seat": ANA})
    assert refused(record) == (
        "Entry 17: seat.left: only the lead leaves their own seat; the steward removes it, so that the lead can appeal."
    )


def opened(record, by):
    marks = next(one for one in record.entries if one["kind"] == "voices.opened")["data"]["marks"]
    cites = {"engagement": [find(record, "engagement.promised")]}
    record.add("voices.opened", "2026-03-04", by, {"marks": marks, "part": 1}, cites)


def test_a_former_lead_is_the_second_beside_a_lead_of_today_and_two_former_leads_are_not_enough():
    record = small()
    record.add("seat.left", "2026-03-03", [BEN], {"seat": BEN})
    beside = record.copy()
    opened(beside, [ANA, BEN])
    assert check_log(beside.raw(), origin=SIGNER.name).entries == 19
    record.add("seat.left", "2026-03-03", [ANA], {"seat": ANA})
    opened(record, [ANA, BEN])
    assert refused(record) == (
        "Entry 19: voices.opened: a lead who sits in the cohort today signs this too; ask one of them."
    )


def test_no_key_is_locked_to_a_seat_that_was_suspended():
    record = small()
    record.add("seat.suspended", "2026-03-03", ["steward"], {"seat": BEN}, texts=["ground"])
    data = {"engagement": "other", "recipient": recipient("other"), "wrapped_to": [ANA, BEN]}
    record.add("key.made", "2026-03-04", [ANA], data)
    assert "seat-bbbbbbbb is suspended" in refused(record)


def test_no_key_is_certified_for_a_seat_whose_term_has_not_begun():
    record = small()
    seat_taken(record, LATE, "2027-06-01", "2027-12-31")
    certs = [{"seat": one, "signature": "ab"} for one in (ANA, BEN)]
    data = {"seat": LATE, "recipient": "age1z", "sign_key": HEX, "certs": certs}
    record.add("key.certified", "2026-03-04", [ANA, BEN], data)
    assert "the term of seat-dddddddd begins on 2027-06-01" in refused(record)


def test_verify_names_the_seat_that_is_not_in_force(verify, tmp_path):
    record = small()
    record.add("seat.left", "2026-03-03", [CAM], {"seat": CAM})
    asks(record, [CAM])
    code, _, said = verify("record", record.write(tmp_path / "forged"), "--state", tmp_path / "seen.json")
    assert code == 1
    assert "Entry 18: ask.recommended: seat-cccccccc is over" in said


def test_what_was_written_before_the_rule_stays_valid():
    record = small(v=1)
    seat_taken(record, LATE, "2027-06-01", "2027-12-31")
    asks(record, [LATE])
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19


@pytest.mark.parametrize(
    ("first", "last", "stands"),
    [
        ("2026-01-06", "2027-12-31", True),
        ("2026-01-06", "2028-12-31", True),
        ("2026-01-05", "2027-12-31", False),
        ("2026-01-06", "2029-01-01", False),
        ("2026-01-06", "2099-12-31", False),
    ],
)
def test_a_seat_lies_within_the_term_of_its_cohort_and_a_year(first, last, stands):
    record = small()
    seat_taken(record, LATE, first, last)
    if stands:
        assert check_log(record.raw(), origin=SIGNER.name).entries == 18
    else:
        assert "ends within a year after it; name such days" in refused(record)


def test_a_seat_cites_its_own_cohort_and_no_cohort_sits_for_good():
    record = small()
    record.add(
        "cohort.seated",
        "2026-03-02",
        ["steward"],
        {"cohort": "second", "from": "2026-03-02", "until": "2031-03-02"},
        texts=["name"],
    )
    long = record.copy()
    data = {"seat": LATE, "cohort": "first", "from": "2026-03-02", "until": "2031-03-02"}
    record.add("seat.taken", "2026-03-02", ["steward"], data, {"cohort": [17]})
    assert "another cohort than the one it cites" in refused(record)
    long.add(
        "cohort.seated",
        "2026-03-02",
        ["steward"],
        {"cohort": "third", "from": "2026-03-02", "until": "2099-03-02"},
        texts=["name"],
    )
    assert "five years at most" in refused(long)


def test_a_lead_takes_their_own_role_and_gives_none_to_another():
    record = small()
    data = {"role": "chair", "change": "takes"}
    record.add("role.changed", "2026-03-03", [ANA], {"seat": ANA, **data})
    record.add("role.changed", "2026-03-03", ["steward"], {"seat": BEN, **data})
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19
    record.add("role.changed", "2026-03-03", [ANA], {"seat": CAM, **data})
    assert "a lead takes and lays down their own role" in refused(record)


@pytest.mark.parametrize(
    ("planned", "changed", "stands"),
    [([ANA], [ANA], True), ([ANA], ["steward"], True), ([ANA], [BEN], False), (["steward"], [ANA], False)],
)
def test_whoever_planned_a_meeting_or_the_steward_cancels_it(planned, changed, stands):
    record = small()
    cohort = next(at for at, one in enumerate(record.entries) if one["kind"] == "cohort.seated")
    data = {"meeting": "one", "cohort": "first", "on": "2026-04-01"}
    record.add("meeting.planned", "2026-03-03", planned, data, {"cohort": [cohort]}, ["title", "agenda"])
    record.add("meeting.changed", "2026-03-03", changed, {"change": "cancelled"}, {"planned": [17]})
    if stands:
        assert check_log(record.raw(), origin=SIGNER.name).entries == 19
    else:
        assert "whoever planned this meeting moves or cancels it" in refused(record)

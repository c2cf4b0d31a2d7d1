"""Whoever writes a log cannot let a seat act that is not in force that day: the verifier names it."""

from datetime import date, timedelta

import pytest

from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import MemoryLog, check_log
from alongside.core.grammar.vacancies import is_filled
from alongside.core.grammar.versions import KINDS
from tests.check.records import ANA, BEN, CAM, HEX, OFFICE, SIGNER, recipient, small

LATE = "seat-dddddddd"


def seat_taken(record, seat, first, last):
    cohort = next(at for at, one in enumerate(record.entries) if one["kind"] == "cohort.seated")
    data = {"seat": seat, "cohort": "first", "from": first, "until": last}
    record.add("seat.taken", "2026-03-02", ["steward"], data, {"cohort": [cohort]})


def ending(last):
    """Give a record whose cohort ends on a day, and its leads a year later."""
    record = small()
    record.entries[find(record, "cohort.seated")]["data"] |= {"from": "2025-11-01", "until": last}
    for one in record.entries:
        if one["kind"] == "seat.taken":
            one["data"]["until"] = "2027-03-01"
    return record


def find(record, kind):
    return next(at for at, one in enumerate(record.entries) if one["kind"] == kind)


def asks(record, by, on="2026-03-04"):
    promise = find(record, "engagement.promised")
    cites = {"finding": [find(record, "finding.published")], "engagement": [promise]}
    ack, due = ((date.fromisoformat(on) + timedelta(days=days)).isoformat() for days in (5, 60))
    data = {"office": OFFICE, "ack_due": ack, "answer_due": due}
    record.add("ask.recommended", on, by, data, cites, ["title", "ask"])


def refused(record):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    return str(error.value)


def test_a_seat_that_has_not_begun_signs_nothing():
    record = small()
    seat_taken(record, LATE, "2027-06-01", "2027-12-31")
    asks(record, [LATE])
    assert refused(record) == (
        "Entry 18: ask.recommended: the term of seat-dddddddd begins on 2027-06-01; ask a lead of today."
    )


def test_a_seat_whose_term_is_over_signs_nothing():
    record = ending("2026-03-03")
    seat_taken(record, LATE, "2026-01-06", "2026-03-03")
    asks(record, [LATE])
    assert refused(record) == (
        "Entry 18: ask.recommended: seat-dddddddd is over; ask a lead of the cohort today."
    )


def test_a_seat_signs_on_the_last_day_of_its_term():
    record = ending("2026-03-03")
    seat_taken(record, LATE, "2026-01-06", "2026-03-04")
    asks(record, [LATE])
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("seat.left", {}, "seat-aaaaaaaa is over; ask a lead of the cohort today."),
        (
            "seat.left",
            {"on": "2026-03-04"},
            "seat-aaaaaaaa is over; ask a lead of the cohort today.",
        ),
        (
            "seat.suspended",
            {},
            "seat-aaaaaaaa is suspended; ask another lead, or the program coordinator to restore the place.",
        ),
        (
            "seat.removed",
            {"ground": "harm", "appeal_to": "water/manager", "appeal_by": "2026-04-15"},
            "seat-aaaaaaaa was removed; ask a lead of the cohort today.",
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


NOTICE = {"seat": ANA, "on": "2026-03-20"}
REMOVAL = {"seat": ANA, "ground": "harm", "appeal_to": "water/manager", "appeal_by": "2026-04-15"}


def noticed(on="2026-03-20"):
    """Give a record in which a lead says that they leave on a later day."""
    record = small()
    record.add("seat.left", "2026-03-03", [ANA], NOTICE | {"on": on})
    return record


def acts(record, on):
    """List what else than asking a lead does in a seat, each in a record of its own."""
    plan = {"workplan": "first", "version": 1, "cohort": "first", "units": ["water"]}
    plan |= {"questions": ["first"], "activities": ["first"]}
    role = {"seat": ANA, "role": "chair", "change": "takes"}
    told = {
        "role.changed": (role, {}, []),
        "workplan.proposed": (plan, {}, ["title", "plan"]),
    }
    for kind, (data, cites, texts) in told.items():
        tried = record.copy()
        tried.add(kind, on, [ANA], data, cites, texts)
        yield tried


def test_a_lead_who_gave_notice_for_a_later_day_does_all_that_a_lead_does_until_then():
    for tried in acts(noticed(), "2026-03-19"):
        assert check_log(tried.raw(), origin=SIGNER.name).entries == 19
    for tried in acts(noticed(), "2026-03-20"):
        assert "seat-aaaaaaaa is over" in refused(tried)


def test_a_seat_is_left_once_also_before_the_day_of_the_notice():
    record = noticed()
    record.add("seat.left", "2026-03-04", [ANA], NOTICE | {"on": "2026-03-10"})
    assert "this place is over already" in refused(record)


def test_notice_for_a_later_day_keeps_nobody_from_being_removed():
    record = noticed()
    record.add("seat.removed", "2026-03-04", ["steward"], REMOVAL)
    beside = record.copy()
    assert check_log(beside.raw(), origin=SIGNER.name).entries == 19
    asks(beside, [ANA], "2026-03-05")
    assert "seat-aaaaaaaa was removed" in refused(beside)
    over = noticed()
    over.add("seat.removed", "2026-03-20", ["steward"], REMOVAL)
    assert "this place is over already" in refused(over)


def steps_in(record, seat, vacancy, first, on=None):
    data = {"seat": seat, "cohort": "first", "from": first, "until": "2027-12-31", "paid_by": "outside"}
    cites = {"cohort": [find(record, "cohort.seated")], "vacancy": [vacancy]}
    record.add("seat.taken", on or first, ["steward"], data, cites)


def test_one_seat_that_was_left_and_removed_is_filled_once_and_after_its_appeal():
    record = noticed()
    left = find(record, "seat.left")
    record.add("seat.removed", "2026-03-04", ["steward"], REMOVAL)
    early = record.copy()
    steps_in(early, LATE, left, "2026-03-21")
    assert "an appeal is possible until 2026-04-15" in refused(early)
    for first, second in ((left, left + 1), (left + 1, left)):
        twice = record.copy()
        steps_in(twice, LATE, first, "2026-04-16")
        assert check_log(twice.raw(), origin=SIGNER.name).entries == 20
        steps_in(twice, "seat-eeeeeeee", second, "2026-04-16")
        assert "someone has stepped into this vacancy already" in refused(twice)


def test_an_empty_seat_is_filled_while_somebody_sits_in_it():
    record = small()
    record.add("seat.left", "2026-03-03", [ANA], {"seat": ANA})
    left = find(record, "seat.left")
    steps_in(record, LATE, left, "2026-04-02", on="2026-03-03")
    log = MemoryLog(SIGNER.name)
    for index, raw in enumerate(record.raw()):
        log.add(parse(index, raw))
    days = ("2026-03-03", "2026-04-01", "2026-04-02", "2027-12-31")
    filled = [is_filled(log.get(left), log, date.fromisoformat(one)) for one in days]
    assert filled == [False, False, True, True]
    assert check_log(record.raw(), origin=SIGNER.name).entries == 19
    steps_in(record, "seat-eeeeeeee", left, "2026-03-03")
    assert "someone has stepped into this vacancy already" in refused(record)


def test_leads_who_gave_notice_count_where_a_majority_is_needed_until_their_day():
    record = small()
    for one in (ANA, BEN):
        record.add("seat.left", "2026-03-03", [one], NOTICE | {"seat": one})
    rules = dict(record.entries[find(record, "policy.adopted")]["data"])
    milder = rules | {"clocks": rules["clocks"] | {"answer_days": 3000}}
    agree = {
        ("2026-03-19", ANA): False,
        ("2026-03-19", CAM): False,
        ("2026-03-19", ANA, BEN): True,
        ("2026-03-20", CAM): True,
    }
    for (on, *by), holds in agree.items():
        tried = record.copy()
        tried.add("policy.adopted", on, ["steward", *by], milder)
        if holds:
            assert check_log(tried.raw(), origin=SIGNER.name).entries == 20
        else:
            assert "more than half of the seated leads sign it" in refused(tried)


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
        "Entry 17: seat.left: only the lead leaves their own place; the program coordinator removes it, so that the lead can appeal."
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
        "Entry 19: voices.opened: a lead of the cohort today signs this too; ask one of them."
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


OLDER = "ask a lead who has been here for longer"


def signed_plan(record, by=ANA, on="2026-03-01"):
    """Let a lead propose a workplan with two activities, and the unit sign it; give the index of the version."""
    plan = {"workplan": "plan", "cohort": "first", "units": ["water"], "version": 1, "questions": ["q"]}
    at = len(record.entries)
    record.add("workplan.proposed", on, [by], plan | {"activities": ["a", "b"]}, {}, ["title", "plan"])
    sign_plan(record, at, OFFICE, on)
    return at


def sign_plan(record, version, by, on):
    data = {"workplan": "plan", "plan": record.entries[version]["texts"]["plan"]["sha256"]}
    record.add("workplan.signed", on, [by], data, {"version": [version]})


def next_version(record, version, by, on):
    data = record.entries[version]["data"] | {"version": 2, "activities": ["a"]}
    record.add("workplan.proposed", on, [by], data, {"before": [version]}, ["title", "plan"])
    return len(record.entries) - 1


def removed_all(record, *seats):
    for one in seats:
        data = {"ground": "absent", "appeal_to": "water/manager", "appeal_by": "2026-05-02"}
        record.add("seat.removed", "2026-03-03", ["steward"], {"seat": one, **data})


def test_a_seat_of_its_first_day_agrees_to_no_workplan_beside_older_leads():
    record = small()
    first = signed_plan(record)
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    cut = record.copy()
    second = next_version(record, first, OFFICE, "2026-03-02")
    sign_plan(record, second, LATE, "2026-03-02")
    assert OLDER in refused(record)
    next_version(cut, first, LATE, "2026-03-02")
    assert OLDER in refused(cut)
    record.entries[-1]["date"] = "2026-04-01"
    assert check_log(record.raw(), origin=SIGNER.name)
    record.entries[-1] |= {"date": "2026-03-02", "by": [BEN]}
    assert check_log(record.raw(), origin=SIGNER.name)


def test_a_new_lead_changes_no_workplan_for_thirty_days_where_all_older_ones_were_removed():
    record = small()
    first = signed_plan(record)
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    removed_all(record, ANA, BEN, CAM)
    proposed = record.copy()
    next_version(proposed, first, LATE, "2026-03-04")
    assert OLDER in refused(proposed)
    second = next_version(record, first, OFFICE, "2026-03-04")
    signed = record.copy()
    sign_plan(signed, second, LATE, "2026-03-04")
    assert OLDER in refused(signed)
    sign_plan(record, second, LATE, "2026-04-01")
    assert check_log(record.raw(), origin=SIGNER.name)


def test_a_new_lead_agrees_to_the_first_words_of_a_workplan_where_no_older_one_can_act():
    record = small()
    seat_taken(record, LATE, "2026-03-01", "2027-12-31")
    removed_all(record, ANA, BEN, CAM)
    signed_plan(record, LATE, "2026-03-04")
    assert check_log(record.raw(), origin=SIGNER.name)


def test_a_lead_who_is_seated_after_the_older_ones_left_changes_a_workplan_at_once():
    record = small()
    first = signed_plan(record)
    for one in (ANA, BEN, CAM):
        record.add("seat.left", "2026-03-02", [one], {"seat": one, "on": "2026-03-02"})
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    sign_plan(record, next_version(record, first, OFFICE, "2026-03-02"), LATE, "2026-03-02")
    assert check_log(record.raw(), origin=SIGNER.name)


def proposed_alone(record, by, on="2026-03-01"):
    """Let a lead propose a workplan that the unit does not sign yet; give the index of the version."""
    at = signed_plan(record, by, on)
    record.entries.pop()
    return at


def test_no_office_completes_a_workplan_that_a_removed_lead_signed():
    record = small()
    version = proposed_alone(record, ANA)
    waits = record.copy()
    removed_all(record, ANA)
    sign_plan(record, version, OFFICE, "2026-03-04")
    assert "signed this and was removed; let another lead sign a newer version." in refused(record)
    sign_plan(waits, version, OFFICE, "2026-03-04")
    assert check_log(waits.raw(), origin=SIGNER.name)


def test_no_office_completes_a_workplan_of_a_cohort_of_which_nobody_sits():
    record = small()
    version = proposed_alone(record, ANA)
    for one in (ANA, BEN, CAM):
        record.add("seat.left", "2026-03-02", [one], {"seat": one, "on": "2026-03-02"})
    sign_plan(record, version, OFFICE, "2026-05-04")
    assert "this cohort has no lead today; begin a workplan with the leads of today." in refused(record)


def paused(record, by, on, kind="engagement.paused"):
    promise = {"engagement": [find(record, "engagement.promised")]}
    record.add(kind, on, [by], {}, promise, ["ground"] if kind == "engagement.paused" else [])


def of_the_community(record):
    """Make the promise of a record one of leads alone."""
    promise = record.entries[find(record, "engagement.promised")]
    promise["by"], promise["data"]["community"] = [ANA], True
    for name in ("unit", "office", "answer_by"):
        del promise["data"][name]
    for one in [one for one in record.entries if one["kind"] == "ask.recommended"]:
        one["by"] = [ANA]
    return record


@pytest.mark.parametrize("whose", [of_the_community, lambda record: record])
def test_a_seat_of_its_first_day_pauses_nothing_beside_older_leads(whose):
    record = whose(small())
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    tried = record.copy()
    paused(tried, LATE, "2026-03-02")
    assert OLDER in refused(tried)
    paused(record, ANA, "2026-03-02")
    assert check_log(record.raw(), origin=SIGNER.name)


def test_a_new_lead_pauses_and_resumes_where_no_older_one_can_act():
    record = of_the_community(small())
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    removed_all(record, ANA, BEN, CAM)
    paused(record, LATE, "2026-03-04")
    paused(record, LATE, "2026-03-05", kind="engagement.resumed")
    assert check_log(record.raw(), origin=SIGNER.name)


@pytest.mark.parametrize(
    "acts",
    [[["steward"], [LATE]], [[LATE], ["steward"]], [["steward", LATE]]],
    ids=["joins", "is joined", "at once"],
)
def test_a_seat_of_its_first_day_makes_no_pause_last_where_all_older_leads_were_removed(acts):
    record = small()
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    removed_all(record, ANA, BEN, CAM)
    promise = {"engagement": [find(record, "engagement.promised")]}
    for by in acts:
        alone = record.copy()
        record.add("engagement.paused", "2026-03-04", by, {}, promise, ["ground"])
    assert OLDER in refused(record)
    assert check_log(alone.raw(), origin=SIGNER.name)
    for one in record.entries:
        one["date"] = "2026-04-01" if one["kind"] == "engagement.paused" else one["date"]
    assert check_log(record.raw(), origin=SIGNER.name)


def test_people_hear_back_from_no_seat_of_its_first_day_while_removed_leads_can_appeal():
    record = small()
    record.entries[find(record, "engagement.promised")]["data"]["closes"] = "2026-03-01"
    seat_taken(record, LATE, "2026-03-02", "2027-12-31")
    removed_all(record, ANA, BEN, CAM)
    promise = {"engagement": [find(record, "engagement.promised")]}
    record.add("report.published", "2026-03-04", [LATE], {"languages": ["en"]}, promise, ["en"])
    assert OLDER in refused(record)
    record.entries[-1]["date"] = "2026-04-01"
    assert check_log(record.raw(), origin=SIGNER.name)


def test_the_one_lead_who_is_left_corrects_a_community_engagement_once_no_removal_can_be_appealed():
    record = of_the_community(small())
    removed_all(record, BEN)
    beside = record.copy()
    cites = {"engagement": [find(record, "engagement.promised")]}
    beside.add("engagement.corrected", "2026-03-04", [ANA], {"about": "title"}, cites, ["correction"])
    assert "two leads correct a community engagement together" in refused(beside)
    removed_all(record, CAM)
    at_once = record.copy()
    at_once.add("engagement.corrected", "2026-03-04", [ANA], {"about": "title"}, cites, ["correction"])
    assert "two leads correct a community engagement together" in refused(at_once)
    record.add("engagement.corrected", "2027-02-11", [ANA], {"about": "title"}, cites, ["correction"])
    assert check_log(record.raw(), origin=SIGNER.name)

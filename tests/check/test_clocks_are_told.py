"""No clock ends or is stretched in silence: a record that hides lateness is refused, and the entry is named."""

import pytest

from alongside.core.grammar import GrammarError, check_log
from tests.check.records import ANA, BEN, OFFICE, SIGNER, small
from tests.check.test_who_checks import find, promised


def judged(record):
    """Give what the verifier says of a record, or nothing where it holds."""
    try:
        check_log(record.raw(), origin=SIGNER.name)
    except GrammarError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"silence_days": [3650]}, "silence is told the day after the day"),
        ({"silence_days": [1, 90, 60]}, "silence is told the day after the day"),
        ({"silence_repeat_months": 1200}, "silence_repeat_months must be a whole number from 1 to 3"),
        ({"escalate_to": "nobody/manager"}, "nobody/manager hears of silence and is not an office"),
    ],
)
def test_no_policy_lets_the_clock_keep_silent(told, says):
    record = small()
    record.entries[find(record, "policy.adopted")]["data"] |= told
    assert says in judged(record)


@pytest.mark.parametrize(
    "told",
    [
        {"silence_days": [1]},
        {"escalate_days_after": 3650},
        {"escalate_to": "water/director"},
        {"time_zone": "Pacific/Kiritimati"},
    ],
)
def test_the_steward_alone_lets_no_silence_be_told_later(told):
    record = small()
    policy = record.entries[find(record, "policy.adopted")]["data"]
    record.add("policy.adopted", "2026-03-05", ["steward"], {**policy, **told})
    assert "more than half of the seated leads sign it" in judged(record)


def test_the_steward_alone_has_silence_told_more_often():
    record = small()
    policy = record.entries[find(record, "policy.adopted")]["data"]
    sooner = {"silence_days": [1, 7, 30, 60, 90], "silence_repeat_months": 1, "escalate_days_after": 1}
    record.add("policy.adopted", "2026-03-05", ["steward"], {**policy, **sooner})
    assert judged(record) == ""


def delivered(verdict=None):
    """A record in which an office claimed a milestone before its day, and two leads looked, or did not."""
    record = promised()
    if verdict:
        completion = {"delivery.disputed": "no_evidence", "delivery.verified": "complete"}[verdict]
        data, cites = {"milestone": "m1", "completion": completion}, {"claim": [record.claim]}
        record.add(verdict, "2026-03-05", [ANA, BEN], data, cites, ["check"])
    return record


def tell_late(record, days=1, stage="silence-1"):
    data = {"milestone": "m1", "office": "water/manager", "days": days, "stage": stage}
    cites = {"commitment": [find(record, "commitment.made")]}
    record.add("commitment.late", f"2026-03-{20 + days}", ["clock"], data, cites)


def test_the_clock_tells_a_milestone_late_whose_last_claim_leads_dispute():
    for verdict, says in (("delivery.disputed", ""), ("delivery.verified", "claimed"), (None, "claimed")):
        record = delivered(verdict)
        tell_late(record)
        assert (says in judged(record)) if says else judged(record) == ""
    record = delivered("delivery.disputed")
    data, cites = {"milestone": "m1"}, {"commitment": [find(record, "commitment.made")]}
    record.add("delivery.claimed", "2026-03-19", ["water/manager"], data, cites, ["claim"])
    tell_late(record)
    assert "claimed" in judged(record)


def answered(by, signed_off="water/director", decision="declined", on="2026-03-02"):
    """A record of two units that sign, in which an ask to water is answered by these offices."""
    record = small()
    units = {"offices": [OFFICE, "water/manager", "parks/clerk"], "signing": [OFFICE, "parks/clerk"]}
    record.entries[find(record, "policy.adopted")]["data"] |= units
    ask = find(record, "ask.recommended")
    data = {"decision": decision, "signed_off": signed_off}
    record.answer = record.add("answer.given", on, by, data, {"ask": [ask]}, ["reasons"])
    return record


def test_an_answer_is_signed_only_by_offices_of_the_unit_that_owes_it():
    assert judged(answered([OFFICE, "water/manager"])) == ""
    for by in (["parks/clerk", OFFICE], [OFFICE, "parks/clerk"]):
        assert "the answer is owed by water; only that unit may write it." in judged(answered(by))


def test_no_other_unit_replies_to_a_contest():
    for by in (["parks/clerk"], ["parks/clerk", OFFICE], [OFFICE]):
        record = answered([OFFICE])
        contest = record.add(
            "answer.contested",
            "2026-03-03",
            [ANA],
            {"reply_due": "2026-04-02"},
            {"answer": [record.answer]},
            ["contest"],
        )
        data = {"decision": "stands", "signed_off": by[-1]}
        record.add("contest.replied", "2026-03-04", by, data, {"contest": [contest]}, ["reply"])
        assert (judged(record) == "") if by == [OFFICE] else ("is owed by water" in judged(record))

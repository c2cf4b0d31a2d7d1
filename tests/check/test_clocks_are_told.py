"""No clock ends or is stretched in silence: a record that hides lateness is refused, and the entry is named."""

import pytest

from alongside.core.grammar import GrammarError, check_log
from tests.check.records import SIGNER, small


def find(record, kind):
    return next(at for at, one in enumerate(record.entries) if one["kind"] == kind)


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

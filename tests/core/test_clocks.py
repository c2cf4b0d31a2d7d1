from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core import clocks
from alongside.core.clocks import Stage
from tests.core.packs import pack

PACK = pack("portland")
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def test_an_ask_is_acknowledged_within_five_business_days():
    # Tuesday; Thanksgiving is the 26th, so Wednesday, Friday, Monday, Tuesday, Wednesday.
    assert clocks.acknowledge_due(date(2026, 11, 24), PACK) == date(2026, 12, 2)


@given(days, st.integers(0, 40))
def test_business_days_are_counted_one_by_one(start, number):
    end = clocks.business_due(start, number, PACK)
    between = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(clocks.is_business_day(day, PACK) for day in between) == number
    assert number == 0 or clocks.is_business_day(end, PACK)


@given(days)
def test_no_weekend_and_no_holiday_is_a_business_day(day):
    if day.weekday() >= 5 or (day.month, day.day) == (12, 25):
        assert not clocks.is_business_day(day, PACK)


@given(days, st.none() | st.integers(-100, 200))
def test_an_answer_is_due_in_sixty_days_or_on_the_promised_day_if_sooner(asked, shift):
    promised = None if shift is None else asked + timedelta(days=shift)
    found = clocks.answer_due(asked, PACK, promised)
    sooner = shift is not None and 0 <= shift < 60
    assert found == asked + timedelta(days=shift if sooner else 60)
    assert asked <= clocks.acknowledge_due(asked, PACK) <= asked + timedelta(days=60)


def test_silence_is_told_the_day_after_then_at_30_60_and_90_days_then_quarterly():
    due = date(2026, 1, 10)
    assert clocks.silence_stages(due, PACK, date(2026, 12, 31)) == [
        Stage(date(2026, 1, 11), "silence-1"),
        Stage(date(2026, 2, 9), "silence-30"),
        Stage(date(2026, 3, 11), "silence-60"),
        Stage(date(2026, 4, 10), "silence-90"),
        Stage(date(2026, 7, 10), "quarter-1"),
        Stage(date(2026, 10, 10), "quarter-2"),
    ]


@given(days)
def test_no_silence_is_told_by_the_due_day(due):
    assert clocks.silence_stages(due, PACK, due) == []
    assert clocks.silence_stages(due, PACK, due - timedelta(days=1)) == []


@given(days, st.integers(0, 12))
def test_a_stage_is_told_on_its_own_day_and_not_before(due, place):
    stage = clocks.silence_stages(due, PACK, due + timedelta(days=4000))[place]
    assert clocks.silence_stages(due, PACK, stage.on)[-1] == stage
    assert len(clocks.silence_stages(due, PACK, stage.on - timedelta(days=1))) == place


@given(days, st.integers(0, 4000), st.integers(0, 4000))
def test_a_clock_that_missed_runs_tells_each_stage_once(due, first, later):
    early = clocks.silence_stages(due, PACK, due + timedelta(days=min(first, later)))
    late = clocks.silence_stages(due, PACK, due + timedelta(days=max(first, later)))
    assert late[: len(early)] == early
    assert len({stage.label for stage in late}) == len(late)
    assert [stage.on for stage in late] == sorted({stage.on for stage in late})
    assert all(due < stage.on <= due + timedelta(days=max(first, later)) for stage in late)
    assert all(len(stage.label) <= 20 for stage in late)


@given(days, st.integers(90, 4000))
def test_silence_never_stops_being_told(due, late):
    last = clocks.silence_stages(due, PACK, due + timedelta(days=late))[-1].on
    assert due + timedelta(days=late) - last < timedelta(days=93)


@given(days, st.integers(0, 60))
def test_reminders_come_before_the_due_day_and_after_the_ask(due, before):
    assert clocks.reminder_dates(due, PACK) == [due - timedelta(days=14), due - timedelta(days=3)]
    asked = due - timedelta(days=before)
    assert clocks.reminder_dates(due, PACK, asked) == [
        due - timedelta(days=one) for one in (14, 3) if one < before
    ]


@given(days)
def test_the_days_that_each_party_has(day):
    assert clocks.escalation_date(day, PACK) - day == timedelta(days=7)
    assert clocks.reply_due(day, PACK) - day == timedelta(days=30)
    assert clocks.vacancy_due(day, PACK) - day == timedelta(days=45)
    assert clocks.pay_due(day, PACK) == clocks.business_due(day, 10, PACK)


@given(days, st.integers(0, 400))
def test_months_add_up(day, months):
    found = clocks.plus_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_a_day_begins_at_midnight_in_the_programs_own_time_zone():
    assert clocks.local_date(datetime(2026, 11, 24, 7, 59, tzinfo=UTC), PACK) == date(2026, 11, 23)
    assert clocks.local_date(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), PACK) == date(2026, 11, 24)
    assert clocks.local_date(datetime(2026, 7, 24, 7, 0, tzinfo=UTC), PACK) == date(2026, 7, 24)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="A time has no time zone"):
        clocks.local_date(datetime(2026, 11, 24, 8, 0), PACK)


def test_no_day_lies_beyond_the_last_one_of_the_calendar():
    end = date.max
    assert (clocks.due(end, 30), clocks.due(end - timedelta(days=9), 9)) == (end, end)
    assert (clocks.due(end, -1), clocks.due(end, 0)) == (end - timedelta(days=1), end)
    assert [clocks.plus_months(end, months) for months in (0, 1, 24)] == [end] * 3
    assert clocks.plus_months(date(9998, 12, 31), 12) == end
    assert clocks.vacancy_stages(end - timedelta(days=1), PACK, end)[-1].on == end

"""Days on which no lead could act count in no clock of theirs."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alongside.core.grammar.suspensions import first_day, last_day

DAY = timedelta(days=1)
START = date(2026, 1, 1)


@st.composite
def idle_times(draw):
    """Draw times in order that do not touch."""
    found, at = [], 0
    for _each in range(draw(st.integers(0, 4))):
        first = at + draw(st.integers(1, 40))
        at = first + draw(st.integers(1, 40))
        found.append((START + first * DAY, START + at * DAY))
    return found


def counted(begun, until, idle):
    days = (begun + n * DAY for n in range(1, (until - begun).days + 1))
    return sum(not any(first <= day < over for first, over in idle) for day in days)


@given(idle_times(), st.integers(0, 200), st.integers(1, 60))
def test_leads_have_all_their_days_and_not_one_more(idle, shift, days):
    begun = START + shift * DAY
    last = last_day(begun, days, idle)
    assert counted(begun, last, idle) == days
    assert counted(begun, last + DAY, idle) == days + 1 or any(first == last + DAY for first, _over in idle)


@given(idle_times(), st.integers(0, 400), st.integers(1, 60))
def test_what_began_before_the_first_day_has_no_day_left(idle, shift, days):
    today = START + shift * DAY
    first = first_day(today, days, idle)
    assert last_day(first - DAY, days, idle) < today

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.disclosure import (
    FEWER,
    Band,
    Batches,
    Fewer,
    band,
    band_of_data,
    beside,
    closed_batch,
    counted,
    is_hidden,
    may_publish_batch,
    plan_batches,
)
from tests.core.packs import pack

PACK = pack("portland")
packs = st.integers(2, 19).map(lambda k: replace(PACK, k=k))


def test_a_count_is_told_as_a_range():
    assert band(187, PACK) == Band(151, 200)
    assert band(187, PACK).label(10) == "between 151 and 200"
    assert [band(count, PACK) for count in (10, 20, 21, 1000, 1001, 2000, 2001)] == [
        Band(10, 20),
        Band(10, 20),
        Band(21, 30),
        Band(751, 1000),
        Band(1001, 2000),
        Band(1001, 2000),
        Band(2001, 3000),
    ]


@given(st.integers(0, 9))
def test_a_count_below_k_is_told_as_fewer_and_zero_is_no_exception(count):
    assert band(count, PACK) == FEWER
    assert FEWER.label(PACK.k) == "fewer than 10"
    assert FEWER.as_data() == "fewer"


def test_a_count_below_zero_is_refused():
    with pytest.raises(ValueError, match="-1"):
        band(-1, PACK)


@given(st.integers(0, 10**7), packs)
def test_every_count_lies_in_its_band_and_every_band_holds_at_least_k(count, here):
    found = band(count, here)
    if count < here.k:
        assert found == FEWER
    else:
        assert here.k <= found.low <= count <= found.high
        assert band(found.low, here) == band(found.high, here) == found
        assert band(found.high + 1, here).low == found.high + 1
    assert band_of_data(found.as_data()) == found


def take(state, marks):
    """Add marks that came in."""
    return replace(state, pending=(*state.pending, *marks))


def close(state, here):
    """Let the rest out, as the clock does when nobody can speak any more."""
    rest = closed_batch(state.pending, state.held, here)
    return Batches(published=(*state.published, rest)) if rest else state


steps = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 2)), max_size=40)


@given(steps, packs)
def test_no_batch_is_ever_below_k_and_nothing_is_lost(happened, here):
    state: Batches[int] = Batches()
    came = 0
    for voices, runs in happened:
        state = take(state, range(came, came + voices))
        came += voices
        for _ in range(runs):
            state = plan_batches(state, here)
        assert sorted([*state.pending, *state.held, *(m for b in state.published for m in b)]) == list(
            range(came)
        )
        assert all(len(batch) >= here.k for batch in state.published)
    state = close(state, here)
    out = [mark for batch in state.published for mark in batch]
    assert all(len(batch) >= here.k for batch in state.published)
    assert sorted(out) == (list(range(came)) if came >= here.k else [])


@given(steps, packs)
def test_publishing_is_one_batch_behind(happened, here):
    state: Batches[int] = Batches()
    came = 0
    for voices, _runs in happened:
        state = take(state, range(came, came + voices))
        came += voices
        before, state = state, plan_batches(state, here)
        if len(state.published) > len(before.published):
            assert state.published[-1] == before.held
            assert state.held == before.pending
            assert may_publish_batch(len(before.pending), len(before.held), here)


@given(steps, packs)
def test_a_second_run_on_one_day_moves_nothing(happened, here):
    state: Batches[int] = Batches()
    for voices, _runs in happened:
        state = plan_batches(take(state, range(voices)), here)
        assert plan_batches(state, here) == state


@pytest.mark.parametrize(
    ("pending", "held", "may"), [(9, 10, False), (10, 9, False), (10, 10, True), (0, 50, False)]
)
def test_a_held_batch_waits_for_the_next_to_qualify(pending, held, may):
    assert may_publish_batch(pending, held, PACK) is may


def test_the_rest_goes_out_with_the_held_batch_at_closing():
    state = plan_batches(take(Batches(), range(12)), PACK)
    state = close(take(state, range(12, 15)), PACK)
    assert state == Batches((), (), (tuple(range(15)),))
    assert close(state, PACK) == plan_batches(state, PACK) == state


def test_an_engagement_with_fewer_than_k_voices_publishes_no_mark():
    state = close(take(Batches(), range(9)), PACK)
    assert state == Batches(tuple(range(9)), (), ())


@given(st.integers(0, 3000), st.integers(0, 3000), packs)
def test_a_range_beside_what_can_be_counted_never_tells_a_small_count(count, others, here):
    of = count + others
    told = beside(band(count, here), here.k, of)
    if isinstance(told, Fewer):
        return
    assert told.low <= count <= told.high <= of
    assert is_hidden(told.low, told.high, here.k, of)
    rest = range(of - told.high, of - told.low + 1)
    assert len(rest) >= here.k or told == Band(here.k, of)


@given(st.integers(0, 3000), packs)
def test_every_range_that_is_told_alone_hides_a_small_count(count, here):
    found = band(count, here)
    assert isinstance(found, Fewer) or is_hidden(found.low, found.high, here.k)


@given(
    st.lists(st.integers(20, 60), min_size=1, max_size=9, unique=True),
    st.integers(0, 500),
    st.integers(2, 19),
)
def test_a_pack_with_narrow_ranges_tells_wider_ones(edges, count, k):
    here = replace(PACK, k=k, bands=tuple(sorted(edges)))
    found = band(count, here)
    if isinstance(found, Band):
        assert found.low <= count <= found.high
        assert is_hidden(found.low, found.high, k)
        assert band(found.low, here) == band(found.high, here) == found


def test_a_range_beside_65_public_marks_ends_at_65():
    assert beside(band(52, PACK), 10, 65) == Band(51, 65)
    assert beside(band(52, PACK), 10, 53) == Band(44, 53)
    assert beside(band(12, PACK), 10, 12) == Band(10, 12)
    assert beside(band(76, PACK), 10, 65) == Band(76, 100)
    assert counted(65) == Band(65, 65)
    assert counted(0) == FEWER
    assert not is_hidden(76, 100, 10, 65)
    assert not is_hidden(64, 65, 10, 65)
    assert not is_hidden(30, 20, 10)
    assert not is_hidden(9, 40, 10)

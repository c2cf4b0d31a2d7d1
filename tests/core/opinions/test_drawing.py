"""The picture of a result: areas and numbers lie inside it, and cover no other number and no name."""

from hypothesis import given
from hypothesis import strategies as st

from alongside.core.opinions.drawing import APART, HEIGHT, NAME, WIDTH, areas, pins

PLACE = st.tuples(st.integers(-300, 300), st.integers(-300, 300)).map(list)


@given(st.lists(st.tuples(PLACE, st.integers(10, 500)), max_size=5), st.lists(PLACE, max_size=9))
def test_all_lies_inside_and_numbers_cover_nothing(groups, places):
    result = {
        "groups": {"each": [{"middle": at, "people": {"low": 10, "high": size}} for at, size in groups]},
        "places": {str(number): at for number, at in enumerate(places, 1)},
    }
    found = areas(result)
    told = pins(result, range(1, 20), found if len(found) < 3 else [])

    for one in found:
        assert one.radius <= one.x <= WIDTH - one.radius
        assert one.radius <= one.y <= HEIGHT - one.radius
    assert [one.number for one in told] == list(range(1, len(places) + 1))
    for one in told:
        assert 0 <= one.x <= WIDTH
        assert 0 <= one.y <= HEIGHT
        if len(found) < 3:
            assert all(abs(one.x - a.x) >= NAME[0] or abs(one.y - a.y - NAME[2]) >= NAME[1] for a in found)
        assert all(
            (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= APART**2 for other in told if other is not one
        )


def test_the_largest_group_has_the_largest_area():
    each = [{"middle": [30, 0], "people": {"low": 51, "high": 75}}, {"middle": [-30, 0], "people": "fewer"}]
    large, small = areas({"groups": {"each": each}})

    assert (large.radius > small.radius, large.x > small.x) == (True, True)

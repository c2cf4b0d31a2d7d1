"""A comment's place is found again in every version that still holds it, and said to be gone where it does not."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alongside.core.anchors import AROUND, GONE, anchor_cells, anchor_words, find_cells, find_words
from alongside.core.refusals import UnusableInputError

FEW = settings(max_examples=50)
MANY = settings(max_examples=3000)
WORDS = st.text(alphabet="abc åé\n\t日ب.", min_size=1, max_size=120)
CELL = st.text(alphabet="ab1 ", max_size=4)
TABLES = st.integers(1, 5).flatmap(
    lambda wide: st.lists(st.lists(CELL, min_size=wide, max_size=wide), min_size=2, max_size=7)
)


@st.composite
def chosen(draw):
    """Give a text and a span in it that holds a letter."""
    text = draw(WORDS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    words = text[start:end].strip()
    assume(words)
    return text, start + text[start:end].index(words[0]), words


def words_are_found_where_they_were_chosen(case):
    text, start, words = case
    anchor = anchor_words(text, words, near=start)
    found = find_words(anchor, text)
    assert (found.state, found.start, text[found.start : found.end]) == ("there", start, words)


def words_are_found_however_their_white_space_is_set(case):
    text, start, words = case
    anchor = anchor_words(text, "  ".join(words.split()), near=start)
    assert anchor["exact"].split() == words.split()


def words_move_with_what_is_put_in_front(case, more):
    text, start, words = case
    anchor = anchor_words(text, words, near=start)
    front = more + "#" * (AROUND + 1)
    found = find_words(anchor, front + text)
    around = (len(front) + start, len(front) + start + len(words))
    assert (found.state, found.start, found.end) == ("moved", *around) or words in front


def words_that_are_taken_out_are_gone(case):
    text, start, words = case
    anchor = anchor_words(text, words, near=start)
    assert find_words(anchor, "".join(one for one in text if one not in set(words) - {" "})) == GONE


@FEW
@given(chosen())
def test_words_are_found_where_they_were_chosen(case):
    words_are_found_where_they_were_chosen(case)
    words_are_found_however_their_white_space_is_set(case)


@FEW
@given(chosen(), st.text(alphabet="xyz\n", max_size=30))
def test_words_move_with_what_is_put_in_front(case, more):
    words_move_with_what_is_put_in_front(case, more)
    words_that_are_taken_out_are_gone(case)


def cells_are_found_where_they_are(table, row, column):
    head, rows = table[0], table[1:]
    anchor = anchor_cells(head, rows, row, column)
    found = find_cells(anchor, head, rows)
    assert (found.state, found.row, found.column) == ("there", row, column)


def a_row_moves_with_the_rows_above(table, row):
    head, rows = table[0], table[1:]
    anchor = anchor_cells(head, rows, row, None)
    new = ["new" for _ in head]
    found = find_cells(anchor, head, [new, *rows])
    assert found.state in {"there", "moved"}
    assert [new, *rows][found.row - 1] == rows[row - 1]


def a_column_is_known_by_its_name(table, column):
    head = [f"{place}-{name}" for place, name in enumerate(table[0])]
    anchor = anchor_cells(head, table[1:], None, column)
    turned = find_cells(anchor, head[::-1], table[1:])
    assert head[::-1][turned.column - 1] == head[column - 1]
    renamed = [name if place != column else "renamed" for place, name in enumerate(head, 1)]
    assert find_cells(anchor, renamed, table[1:]) == GONE


@st.composite
def places(draw):
    table = draw(TABLES)
    return table, draw(st.integers(1, len(table) - 1)), draw(st.integers(1, len(table[0])))


@FEW
@given(places())
def test_rows_and_columns_are_found_again(case):
    table, row, column = case
    for one in ((row, column), (row, None), (None, column)):
        cells_are_found_where_they_are(table, *one)
    a_row_moves_with_the_rows_above(table, row)
    a_column_is_known_by_its_name(table, column)


@pytest.mark.soak
@MANY
@given(chosen(), st.text(alphabet="xyz\n", max_size=30), places())
def test_places_are_found_again_many_times_over(case, more, place):
    words_are_found_where_they_were_chosen(case)
    words_move_with_what_is_put_in_front(case, more)
    words_that_are_taken_out_are_gone(case)
    test_rows_and_columns_are_found_again.hypothesis.inner_test(place)


def test_the_same_words_elsewhere_are_told_apart_by_what_stands_around():
    first = "Data is kept for one year.\n\nLogs: it is kept for one year, then burnt."
    anchor = anchor_words(first, "kept for one year", near=40)
    later = "Logs: it is kept for one year, then burnt.\n\nData is kept for one year."
    found = find_words(anchor, later)
    assert (found.state, later[found.start - 6 : found.start]) == ("moved", "it is ")


def test_a_row_whose_words_changed_is_known_by_its_first_cell():
    anchor = anchor_cells(["id", "kept"], [["a", "1 year"], ["b", "2 years"]], 2, 2)
    found = find_cells(anchor, ["id", "kept"], [["a", "1 year"], ["b", "30 days"]])
    assert (found.state, found.row, found.column) == ("changed", 2, 2)


def test_two_columns_of_one_name_stay_two():
    anchor = anchor_cells(["Other", "Other"], [["a", "b"]], None, 2)
    assert find_cells(anchor, ["Other", "Other"], []).column == 2
    assert find_cells(anchor, ["Other"], []) == GONE


@pytest.mark.parametrize(
    ("part", "attempt"),
    [
        ("words", lambda: anchor_words("We keep it.", "We sell it.")),
        ("words", lambda: anchor_words("We keep it.", "  ")),
        ("words", lambda: anchor_words("x" * 500, "x" * 401)),
        ("row", lambda: anchor_cells(["a"], [["1"]], 2, None)),
        ("column", lambda: anchor_cells(["a"], [["1"]], None, 0)),
    ],
)
def test_a_place_that_is_not_there_is_refused_with_its_cure(part, attempt):
    with pytest.raises(UnusableInputError) as caught:
        attempt()
    assert caught.value.why == part

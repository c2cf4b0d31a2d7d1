"""Two edits of one text are merged, and no word is lost."""

import time
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from alongside.core.merging import Clash, Part, differences, merge, splices

WORDS = st.lists(
    st.sampled_from(["meet", "on", "Monday", "Tuesday", "at", "noon", "日", "😀", ".", "é", "نعم"]),
    max_size=12,
)
TEXTS = WORDS.map(" ".join)


def count(text: str) -> Counter[str]:
    return Counter(text.split())


def test_edits_of_different_words_are_both_kept():
    merged = merge("We meet on Monday at noon.", "We meet on Monday at one.", "Leads meet on Monday at noon.")
    assert (merged.text, merged.clashes) == ("Leads meet on Monday at one.", ())


def test_edits_of_the_same_words_leave_both_in_the_text():
    merged = merge("We meet on Monday.", "We meet on Friday.", "We meet on Tuesday.")
    assert merged.text == "We meet on Tuesday Friday."
    assert merged.clashes == (Clash("Monday", "Friday", "Tuesday"),)


def test_two_who_both_begin_an_empty_field_keep_both():
    assert merge("", "Ask elders", "Ask youth").text == "Ask youth Ask elders"


def test_the_same_edit_of_both_is_taken_once():
    assert merge("a b", "a c", "a c").text == "a c"


def test_what_one_takes_out_while_the_other_rewrites_it_stays_as_rewritten():
    assert merge("keep this line", "keep", "keep that line").text == "keep that line"


@given(TEXTS, TEXTS, TEXTS)
def test_every_word_that_either_added_is_in_the_merged_text(base, mine, theirs):
    merged = count(merge(base, mine, theirs).text)
    for edited in (mine, theirs):
        added = Counter[str]()
        gone = Counter[str]()
        for part in differences(base, edited):
            (added if part.how == "added" else gone if part.how == "gone" else Counter()).update(
                part.text.split()
            )
        assert not added - merged


@given(TEXTS, TEXTS)
def test_an_edit_beside_someone_who_did_nothing_is_taken_as_it_is(base, mine):
    assert merge(base, mine, base).text == mine
    assert merge(base, base, mine).text == mine


@given(TEXTS, TEXTS, TEXTS)
def test_a_word_that_both_left_alone_is_left_alone(base, mine, theirs):
    kept = [word for word in count(base) if min(count(mine)[word], count(theirs)[word]) >= count(base)[word]]
    merged = count(merge(base, mine, theirs).text)
    assert [word for word in kept if merged[word] < 1] == []


@given(TEXTS, TEXTS)
def test_differences_tell_both_texts(old, new):
    parts = differences(old, new)
    assert "".join(one.text for one in parts if one.how != "added") == old
    assert "".join(one.text for one in parts if one.how != "gone") == new


def test_differences_are_told_by_words():
    assert differences("by May", "by June") == [
        Part("same", "by "),
        Part("gone", "May"),
        Part("added", "June"),
    ]


@given(TEXTS, TEXTS)
def test_splices_turn_one_text_into_the_other(old, new):
    text = old
    for at, gone, come in splices(old, new):
        text = text[:at] + come + text[at + gone :]
    assert text == new


def test_two_texts_of_few_signs_are_compared_within_a_second():
    """Of 1,200 signs each; by difflib these two take ten seconds, and eight times as long for twice as much."""
    begun = time.process_time()
    differences(",.,.,." * 200, ",,.,,." * 200)
    merge(",.,.,." * 200, ",,.,,." * 200, ",..,.," * 200)
    assert time.process_time() - begun < 1

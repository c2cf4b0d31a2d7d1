"""The voice inside the envelope, and the list of marks outside."""

import dataclasses
import json
from bisect import bisect_left
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.canonical import canonical
from alongside.core.sealing import marks, receipt, voice
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.marks import MarkState

FORM = {"v": 1, "questions": [{"id": "q1", "kind": "text"}]}
READ = receipt.read_secret(b"twelve bytes")
NOTICE = "4e" * 32
SAID = voice.Voice(
    "library", voice.form_hash(FORM), READ.hex(), "es", True, {"q1": "nada", "q2": ["a"], "q3": 3}
)
WRITTEN = {name: said for name, said in vars(SAID).items() if name not in {*voice.TAKEN_IN, "sounds"}}
whole = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
answers = st.dictionaries(
    whole.filter(lambda name: 0 < len(name) <= 64),
    whole | st.lists(whole, max_size=4) | st.integers(-(2**53), 2**53),
    max_size=5,
)


def test_a_voice_is_canonical_json_padded_to_a_bucket():
    text = voice.plaintext(SAID)
    assert len(text) == 1024
    assert text.rstrip(b" ") == canonical({"v": 1, **WRITTEN})
    assert voice.parse(text) == SAID


@settings(max_examples=1000)
@given(answers, st.booleans())
def test_any_answers_read_back_from_one_of_four_sizes(said, quote):
    spoken = voice.Voice("library", voice.form_hash(FORM), READ.hex(), "ar", quote, said)
    text = voice.plaintext(spoken)
    assert {len(text)} <= set(voice.BUCKETS)
    assert voice.parse(text) == spoken


@pytest.mark.parametrize(("size", "bucket"), [(0, 1024), (1024, 1024), (1025, 4096), (65536, 65536)])
def test_padding_goes_up_to_the_next_bucket(size, bucket):
    assert voice.pad(b"x" * size) == b"x" * size + b" " * (bucket - size)


def test_too_much_says_how_much_too_much():
    with pytest.raises(SealedError) as refusal:
        voice.pad(b"x" * 65540)
    assert str(refusal.value) == "This is 4 bytes more than fits; shorten what you wrote."


def spoiled(**change):
    fields = {"v": 1, **WRITTEN, **change}
    return json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    "opened",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"v":1,"v":1}',
        b"1" * 5000,
        spoiled(v=2),
        spoiled(v=True),
        spoiled(v=1.0),
        spoiled(r="00"),
        spoiled(r=READ.hex().upper()),
        spoiled(r=READ.hex() + "\n"),
        spoiled(form=None),
        spoiled(lang="<b>"),
        spoiled(lang="aa" + "-abcdefgh" * 4),
        spoiled(quote=1),
        spoiled(engagement=""),
        spoiled(answers=[]),
        spoiled(answers={"q1": {"a": "b"}}),
        spoiled(answers={"q1": True}),
        spoiled(answers={"q1": [1]}),
        spoiled(answers={"q1": 1.5}),
        spoiled(answers={"q" * 65: "x"}),
        spoiled(answers={"q1": "\ud800"}),
        spoiled(answers=...),
        spoiled(more="x"),
        spoiled()[:-1] + b',"quote":true}',
    ],
)
def test_an_opened_text_that_is_no_voice_is_named_so(opened):
    with pytest.raises(SealedError, match="count it as unreadable"):
        voice.parse(opened)


VECTORS = json.loads((Path(__file__).parents[2] / "vectors/voice.json").read_text())


@pytest.mark.parametrize("way", voice.WAYS)
def test_a_voice_that_a_lead_took_in_says_how_and_what_the_person_agreed_to(way):
    agreed = {"notice": "0f" * 32, "how": "aloud", "on": "2026-11-29"}
    spoken = dataclasses.replace(SAID, taken=way, consent=agreed)
    text = voice.plaintext(spoken)
    assert json.loads(text)["v"] == 2
    assert voice.parse(text) == spoken


def test_nobody_is_said_to_have_agreed_where_no_lead_took_it_in():
    with pytest.raises(SealedError, match="is not a voice.s"):
        voice.plaintext(dataclasses.replace(SAID, consent={"how": "aloud"}))


@pytest.mark.parametrize("wrong", VECTORS["not_taken_in"])
def test_a_voice_that_says_it_wrongly_is_no_voice(wrong):
    with pytest.raises(SealedError, match="count it as unreadable"):
        voice.parse(json.dumps(wrong).encode())


OPUS = b"\x1a\x45\xdf\xa3" + bytes(range(200))
TOLD = {"bytes": len(OPUS), "kind": "webm", "seconds": 7, "words": ""}
AGREED = {"notice": "0f" * 32, "how": "screen", "on": "2026-11-29"}
SPOKEN = dataclasses.replace(
    SAID, taken="self", consent=AGREED, answers={"q2": TOLD, "q1": "nada"}, sounds={"q2": OPUS}
)


def test_a_spoken_voice_is_text_then_sounds_then_spaces():
    text = voice.plaintext(SPOKEN)
    head, line, rest = text.partition(b"\n")
    assert (len(text), json.loads(head)["v"], line) == (262_144, 3, b"\n")
    assert rest.rstrip(b" ") == OPUS
    assert voice.parse(text) == SPOKEN


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["q1", "q2", "ﬀ", "🐟", "q10"]),
        st.tuples(
            st.sampled_from(sorted(voice.SOUNDS)),
            st.binary(max_size=90_000),
            st.integers(1, voice.LONGEST),
            whole,
        ),
        min_size=1,
    )
)
def test_any_sounds_read_back_from_one_of_three_sizes(said):
    sounds, answers = {}, {}
    for name, (kind, rest, seconds, words) in said.items():
        place, begins = voice.SOUNDS[kind]
        sounds[name] = bytes(place) + begins + rest + b" "
        answers[name] = {"bytes": len(sounds[name]), "kind": kind, "seconds": seconds, "words": words}
    spoken = dataclasses.replace(SPOKEN, answers=answers, sounds=sounds)
    text = voice.plaintext(spoken)
    assert {len(text)} <= set(voice.SOUND_BUCKETS)
    assert voice.parse(text) == spoken


@pytest.mark.parametrize("wrong", VECTORS["not_spoken"])
def test_what_is_said_wrongly_of_a_sound_is_no_voice(wrong):
    whole = wrong["head"].encode() + b"\n" + bytes.fromhex(wrong["behind"])
    with pytest.raises(SealedError, match="count it as unreadable"):
        voice.parse(voice.pad(whole, voice.SOUND_BUCKETS))


def test_a_voice_with_sound_has_no_size_of_typed_ones_nor_the_other_way_round():
    text = voice.plaintext(SPOKEN)
    for other in (text.rstrip(b" "), voice.plaintext(SAID).ljust(voice.SOUND_BUCKETS[0])):
        with pytest.raises(SealedError, match="count it as unreadable"):
            voice.parse(other)


def test_sounds_that_the_answers_do_not_tell_of_are_not_sealed():
    for sounds in ({"q1": OPUS}, {"q2": OPUS + b"x"}, {"q2": OPUS, "q3": OPUS}):
        with pytest.raises(SealedError, match="not those|more than the sounds|not what is said"):
            voice.plaintext(dataclasses.replace(SPOKEN, sounds=sounds))


def test_too_much_text_beside_a_sound_is_not_sealed():
    much = dataclasses.replace(SPOKEN, answers={"q2": TOLD, "q1": "x" * voice.MOST_HEAD})
    with pytest.raises(SealedError, match="too much text"):
        voice.plaintext(much)


@settings(max_examples=2000)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_random_bytes_never_crash_the_parser(opened):
    with pytest.raises(SealedError, match="count it as unreadable"):
        voice.parse(opened)


def test_a_voice_fits_its_own_engagement_form_and_mark():
    voice.check(SAID, engagement="library", form=SAID.form, notice=NOTICE, mark=receipt.seal_mark(READ))
    agreed = dataclasses.replace(
        SAID, taken="self", consent={"notice": NOTICE, "how": "screen", "on": "2026-06-01"}
    )
    voice.check(agreed, engagement="library", form=SAID.form, notice=NOTICE, mark=receipt.seal_mark(READ))
    with pytest.raises(SealedError, match="agreed to another promise"):
        voice.check(
            agreed, engagement="library", form=SAID.form, notice="0" * 64, mark=receipt.seal_mark(READ)
        )


@pytest.mark.parametrize(
    ("engagement", "form", "mark", "told"),
    [
        ("sensors", SAID.form, receipt.seal_mark(READ), "This voice is for library"),
        ("library", "0" * 64, receipt.seal_mark(READ), "answers another form"),
        ("library", SAID.form, receipt.seal_mark(b"x" * 32), "does not fit the seal mark"),
    ],
)
def test_a_voice_from_elsewhere_is_named_so(engagement, form, mark, told):
    with pytest.raises(SealedError, match=told):
        voice.check(SAID, engagement=engagement, form=form, notice=NOTICE, mark=mark)


def test_the_hash_of_a_form_does_not_depend_on_the_order_of_its_keys():
    assert voice.form_hash({"b": 1, "a": 2}) == voice.form_hash({"a": 2, "b": 1})
    assert voice.form_hash({"a": 1}) != voice.form_hash({"a": 2})


def test_a_list_of_marks_is_thirteen_bytes_a_row_and_tells_the_furthest_state_first():
    own, other = bytes(range(32)), bytes(range(1, 33))
    raw = marks.pack(
        [
            (MarkState.PUBLISHED, own, 5),
            (MarkState.OPENED, other, 6),
            (MarkState.OPENED, own, 2**32 - 1),
            (MarkState.FEWER, b"", 8),
        ]
    )
    assert len(raw) == 4 * 13
    assert raw[:13] == b"\x01" + own[:8] + b"\0\0\0\x05"
    assert raw[39:] == b"\x03" + bytes(8) + b"\0\0\0\x08"
    assert [(row.state, row.entry) for row in marks.find(marks.unpack(raw), own)] == [
        (MarkState.OPENED, 2**32 - 1),
        (MarkState.PUBLISHED, 5),
    ]
    assert marks.find(marks.unpack(raw), bytes(32)) == []


def test_what_waits_for_its_batch_is_told_only_to_whoever_has_the_receipt_and_without_a_count():
    acts = [bytes([n]) * 32 for n in range(3)]
    salt = bytes(range(16))
    lists = [marks.pack_received(salt, acts[:count]) for count in range(4)]
    assert {len(raw) for raw in lists} == {16 + 8 * 1024}
    assert [[marks.is_received(raw, act) for act in acts] for raw in lists] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    rows = [lists[3][start : start + 8] for start in range(16, len(lists[3]), 8)]
    assert rows == sorted(rows)
    assert len(marks.pack_received(salt, acts * 342)) == 16 + 8 * 2048
    assert marks.pack_received(salt, acts) != marks.pack_received(salt, acts), "the padding is drawn anew"


SHIFTS = st.integers(0, 2**64).map(lambda key: lambda edge: Random(f"{key} {edge}").randrange(marks.STEP))


@given(before=st.integers(0, 9000), came=st.integers(0, 9000), shift=SHIFTS)
def test_the_list_of_a_day_holds_all_and_moves_only_after_more_than_a_step_came(before, came, shift):
    told = [marks.rows_of_the_day(before, before + one, shift) for one in (0, marks.STEP, came, came + 1)]
    assert told[0] == told[1]
    assert before + came <= told[2] <= told[3]
    assert {one % marks.STEP for one in told} == {0}


@pytest.mark.parametrize("before", [0, 1, 15, 511, 1000, 4000])
def test_whoever_adds_rows_until_the_list_grows_learns_no_count(before):
    def added(key: int) -> int:
        def shift(edge: int) -> int:
            return Random(f"{key} {edge}").randrange(marks.STEP)

        first = marks.rows_of_the_day(before, before, shift)
        later = range(before, before + 4 * marks.STEP)
        return bisect_left(later, True, key=lambda now: marks.rows_of_the_day(before, now, shift) > first)

    grows = [added(key) for key in range(30)]
    assert max(grows) - min(grows) > marks.STEP / 3, "another day or server, another edge"


@pytest.mark.parametrize("raw", [b"\x01", b"\x09" + bytes(12)])
def test_a_broken_list_of_marks_is_refused(raw):
    with pytest.raises(SealedError, match="list of seal marks"):
        marks.unpack(raw)

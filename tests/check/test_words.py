"""Public words fit the hashes on the record; words taken down are told with the entry that says why."""

import hashlib
import json
from typing import Any

import pytest

from alongside.core.canonical import canonical
from alongside.core.grammar.versions import VERSION
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.proof import ProofFile
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, BEN, OFFICE, SIGNER, in_grammar, questions, recipient, small


@pytest.fixture
def check(verify, tmp_path):
    return lambda folder, *more: verify("record", folder, "--state", tmp_path / "seen.json", *more)


def erased():
    record = small()
    sha256 = record.entries[14]["texts"]["statement"]["sha256"]
    record.add(
        "text.erased",
        "2026-03-02",
        [ANA, "steward"],
        {"sha256": sha256},
        {"of": [14]},
        texts=["ground"],
    )
    return record


def test_words_that_were_taken_down_are_told_with_their_entry(check, tmp_path):
    record = erased()
    del record.words.rows[14]
    code, said, _ = check(record.write(tmp_path / "record"))
    assert (code, said.count("A text of entry 14 was taken down; entry 17 says on what ground.")) == (0, 1)


def test_words_that_were_taken_down_and_are_still_given_out_are_a_fault(check, tmp_path):
    assert check(erased().write(tmp_path / "record")) == (
        1,
        "",
        "This does not hold. Entry 14: its text statement was taken down by entry 17, and its words are still given out.",
    )


def test_a_mirror_without_words_says_that_they_could_not_be_compared(check, tmp_path):
    folder = small().write(tmp_path / "record")
    (folder / "texts/0.json").unlink()
    code, said, _ = check(folder)
    assert (code, said.count("This copy does not hold the words of 15 public texts")) == (0, 1)


def lose(rows):
    del rows[3]


def change(rows):
    rows[3]["text"] += " "


def add_some(rows):
    salt = bytes(16)
    rows.append({"sha256": hashlib.sha256(salt + b"more").hexdigest(), "salt": salt.hex(), "text": "more"})


def shorten(rows):
    rows[3] = {"sha256": hashlib.sha256(b"yes").hexdigest(), "salt": "", "text": "yes"}


def cut(rows):
    """Move the first words into the salt: what is left fits the same hash."""
    head, rest = rows[3]["text"].encode()[:4], rows[3]["text"].encode()[4:]
    rows[3] |= {"salt": rows[3]["salt"] + head.hex(), "text": rest.decode()}


def mistype(rows):
    rows[3] = {"sha256": 5, "salt": None, "text": []}


SALT = (
    "The file texts/0.json holds a text whose salt has not 16 bytes: its words can be guessed, or were cut."
)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lose,
            "Entry 11: the words of its text decision are not given out, and no entry says that they were taken down. "
            "If that was done a moment ago, its entry is not signed yet: check again later.",
        ),
        (
            change,
            "The file texts/0.json holds words that do not fit their hash {!r}: they were changed.",
        ),
        (shorten, SALT),
        (cut, SALT),
        (mistype, "The file texts/0.json holds something that is not a text with its salt and hash."),
    ],
)
def test_words_that_were_touched_are_refused(check, tmp_path, spoil, said):
    folder = small().write(tmp_path / "record")
    file = folder / "texts/0.json"
    rows = json.loads(file.read_text())
    sha256 = rows[3]["sha256"]
    spoil(rows)
    file.write_text(json.dumps(rows))
    assert check(folder) == (1, "", f"This does not hold. {said.format(sha256)}")


def test_words_that_no_entry_names_are_refused_in_a_full_file_and_awaited_in_a_growing_one(check, tmp_path):
    record = small()
    folder = record.write(tmp_path / "growing")
    file = folder / "texts/0.json"
    rows = json.loads(file.read_text())
    add_some(rows)
    file.write_text(json.dumps(rows))
    assert check(folder)[0] == 0
    for n in range(240):
        record.add("hold.placed", "2026-03-02", ["steward"], texts=["ground"])
    record.write(folder)
    file.write_text(json.dumps(rows))
    assert check(folder) == (
        1,
        "",
        "This does not hold. The file texts/0.json gives out words that no entry on the record names.",
    )


def test_a_file_of_words_that_says_a_name_twice_is_refused(check, tmp_path):
    """People would read the first, and the verifier the last."""
    folder = small().write(tmp_path / "record")
    words = folder / "texts/0.json"
    words.write_text(words.read_text().replace('"text":', '"text": "Another city", "text":', 1))
    assert check(folder) == (1, "", "This does not hold. The file texts/0.json is not a list of texts.")


@pytest.mark.parametrize("data", [b"{}", b"", b"\xff", b"[" * 100_000, b"null"])
def test_a_file_of_words_in_another_form_is_refused(check, tmp_path, data):
    folder = small().write(tmp_path / "record")
    (folder / "texts/0.json").write_bytes(data)
    assert check(folder) == (1, "", "This does not hold. The file texts/0.json is not a list of texts.")


@pytest.mark.parametrize(("v", "words"), [(2, " \n"), (2, ""), (2, "\u2800\u200b"), (2, "\u3164."), (1, " ")])
def test_a_text_whose_words_are_blank_is_refused_since_grammar_2(check, tmp_path, v, words):
    record = small(v)
    at = next(at for at, one in enumerate(record.entries) if one["kind"] == "reconstructed.promise")
    del record.words.rows[at]
    for name in record.entries[at]["texts"]:
        text = words if name == "title" else "Water for all."
        salt = hashlib.sha256(name.encode()).digest()[:16]
        sha256 = hashlib.sha256(salt + text.encode()).hexdigest()
        record.entries[at]["texts"][name]["sha256"] = sha256
        record.words.rows.setdefault(at, []).append({"sha256": sha256, "salt": salt.hex(), "text": text})
    code, _said, complaint = check(record.write(tmp_path / "record"), "--grammar", str(v))
    if v == 1:
        assert "its text title is blank" not in complaint
    else:
        assert (code, f"Entry {at}: its text title is blank" in complaint) == (1, True)


def test_questions_on_the_record_that_do_not_fit_the_hash_of_the_promise_are_refused(check, tmp_path):
    record = small()
    at = next(at for at, one in enumerate(record.entries) if one["kind"] == "engagement.promised")
    record.entries[at]["data"]["form"] = hashlib.sha256(b"Other questions").hexdigest()
    assert check(record.write(tmp_path / "record")) == (
        1,
        "",
        f"This does not hold. Entry {at}: the questions in its text form are not those whose hash it promised.",
    )


def test_questions_that_were_taken_down_need_fit_no_hash(check, tmp_path):
    record = small()
    at = next(at for at, one in enumerate(record.entries) if one["kind"] == "engagement.promised")
    sha256 = record.entries[at]["texts"]["form"]["sha256"]
    by = [ANA, OFFICE, "steward"]
    record.add("text.erased", "2026-03-02", by, {"sha256": sha256}, {"of": [at]}, texts=["ground"])
    record.words.rows[at] = [one for one in record.words.rows[at] if one["sha256"] != sha256]
    assert check(record.write(tmp_path / "record"))[0] == 0


def in_two_languages(asked=None, said=None, v=VERSION):
    """Give a record that ends with a promise in English and Spanish; `asked` is its form, `said` its Spanish words where they are others."""
    record = small()
    promise = next(one for one in record.entries if one["kind"] == "engagement.promised")
    data = promise["data"] | {"engagement": "bus", "languages": ["en", "es"], "recipient": recipient("bus")}
    data |= {"closes": "2027-06-01", "report_back": "2027-06-01"}
    made = {"engagement": "bus", "recipient": recipient("bus"), "wrapped_to": [ANA, BEN]}
    key = record.add("key.made", DAY, [ANA], made)
    tested = [record.add("key.tested", DAY, [seat], cites={"key": [key]}) for seat in (ANA, BEN)]
    if v == VERSION:  # of which an older grammar knows nothing
        record.recover(DAY, "bus", key)
        data["backup_days"] = 30
    at = record.add("engagement.promised", DAY, [ANA, OFFICE], data, {"key": [key], "tested": tested})
    words = canonical(asked if asked is not None else questions(["en", "es"])).decode()
    record.entries[at]["data"]["form"] = hashlib.sha256(words.encode()).hexdigest()
    about = {"lang": "es", "reviewed": True, "made_by": "person"}
    other = record.add("text.translated", DAY, [ANA, OFFICE], about, {"of": [at]})
    for name in NAMES:
        first = f"What we ask of the bus, as we promise it here: {name}."
        for index, lang, told in ((at, "en", first), (other, "es", (said or str.upper)(first))):
            sha256 = record.words.keep(index, told)
            record.entries[index]["texts"][name] = {"lang": lang, "sha256": sha256}
    record.entries[at]["texts"]["form"] = {"lang": "en", "sha256": record.words.keep(at, words)}
    return record, at, other


DAY = "2026-04-01"
NAMES = ("title", "decision", "can_change", "cannot_change", "reading", "consent")


def test_questions_in_every_language_of_a_promise_hold(check, tmp_path):
    code, said, _ = check(
        in_two_languages(said="Lo mismo en otras palabras: {}".format)[0].write(tmp_path / "r")
    )
    assert (code, "very words" in said) == (0, False)


ONE = questions(["en"])["questions"][0]
BLANK = {"en": "Hard?", "es": " "}


@pytest.mark.parametrize(
    "asked",
    [
        questions(["en"]),
        {"v": 1, "questions": []},
        {"v": 1, "questions": [{**ONE, "words": BLANK}]},
        {
            "v": 1,
            "questions": [{**ONE, "words": {"en": "a", "es": "b"}, "options": [{"id": "o", "words": BLANK}]}],
        },
        {
            "v": 1,
            "questions": [{**ONE, "words": {"en": "a", "es": "b"}, "ends": [{"en": "low"}, {"en": "high"}]}],
        },
        {"v": 1, "questions": [{**ONE, "words": "Hard?"}]},
        {"questions": "none"},
        "form of 8",
    ],
)
def test_questions_that_lack_a_language_of_their_promise_are_refused(check, tmp_path, asked):
    record, at, _ = in_two_languages(asked)
    code, said, problem = check(record.write(tmp_path / "record"))
    assert (code, said) == (1, "")
    assert f"Entry {at}: its text form does not hold its questions as a page reads them." in problem


BOTH = {"en": "Shall it close?", "es": "¿Debe cerrar?"}
YES, NO = {"id": "a", "words": {"en": "Yes", "es": "Sí"}}, {"id": "b", "words": {"en": "No", "es": "No"}}


def chosen(**changed: Any) -> dict[str, Any]:
    """Give a question with two answers to choose from."""
    return {"id": "q1", "kind": "one", "words": BOTH, "options": [YES, NO], **changed}


def test_questions_with_answers_to_choose_from_hold(check, tmp_path):
    record, _, _ = in_two_languages({"v": 1, "questions": [chosen(), chosen(id="q2")]})
    assert check(record.write(tmp_path / "record"))[0] == 0


@pytest.mark.parametrize(
    "asked",
    [
        [chosen(options=[YES, {**NO, "id": "a"}])],
        [chosen(), chosen()],
        [chosen(kind="text")],
        [chosen(kind="scale")],
        [chosen(kind="guess")],
        [chosen(options=[])],
        [chosen(id=1), chosen(id="q2")],
        [chosen(options=[{**YES, "id": ""}, NO])],
        [chosen(id="__proto__")],
        [chosen(id="q" * 65)],
        [chosen(id="quote")],
        [chosen(required=True)],
        [chosen(options=[YES, {**NO, "more": "x"}])],
        [chosen(words={**BOTH, "es": None})],
        [chosen(words={**BOTH, "vi": "Có"})],
        [chosen(options=[YES, {**NO, "words": {**NO["words"], "vi": "Có"}}])],
    ],
)
def test_questions_of_which_an_answer_could_be_read_as_another_are_refused(check, tmp_path, asked):
    record, at, _ = in_two_languages({"v": 1, "questions": asked})
    code, _said, problem = check(record.write(tmp_path / "record"))
    assert (code, f"Entry {at}: its text form does not hold its questions" in problem) == (1, True)


def scaled(low: dict[str, str], high: dict[str, str]) -> dict[str, Any]:
    """Give a question on a scale."""
    return {"id": "q1", "kind": "scale", "words": BOTH, "ends": [low, high]}


ALIKE = [
    [chosen(options=[{**YES, "words": {"en": "Yes", "es": "No"}}, NO])],
    [chosen(options=[{**YES, "words": {"en": "Yes", "es": "no\u200b."}}, NO])],
    [chosen(options=[{**YES, "words": {"en": "N\u043e", "es": "S\u00ed"}}, NO])],
    [scaled({"en": "Not safe", "es": "Segura"}, {"en": "Very safe", "es": "Segura"})],
    [chosen(), chosen(id="q2", words={"en": "Shall it stay?", "es": BOTH["es"]})],
]


@pytest.mark.parametrize(("v", "code"), [(VERSION, 1), (2, 0)])
@pytest.mark.parametrize("asked", ALIKE)
def test_answers_and_ends_that_read_alike_in_one_language_are_refused_since_grammar_3(
    check, tmp_path, asked, v, code
):
    record, at, _ = in_two_languages({"v": 1, "questions": asked}, v=v)
    if v != VERSION:
        record.entries = [in_grammar(v, one) for one in record.entries]
    exit_code, _said, problem = check(
        record.write(tmp_path / "record"), *([] if v == VERSION else ["--grammar", str(v)])
    )
    assert (exit_code, f"Entry {at}: its text form holds the question q" in problem) == (code, code == 1)


def test_questions_that_read_alike_in_every_language_hold(check, tmp_path):
    why = {"id": "q2", "kind": "text", "words": {"en": "Why?", "es": "\u00bfPor qu\u00e9?"}}
    asked = [
        chosen(),
        why,
        chosen(id="q3", words={"en": "Shall it stay?", "es": "\u00bfDebe quedar?"}),
        {**why, "id": "q4"},
    ]
    record, _, _ = in_two_languages({"v": 1, "questions": asked})
    assert check(record.write(tmp_path / "record"))[0] == 0


def test_questions_that_another_reader_would_give_another_hash_are_refused(check, tmp_path):
    record, at, _ = in_two_languages({"v": 1, "questions": [chosen()]})
    text = record.entries[at]["texts"]["form"]
    record.words.rows[at] = [one for one in record.words.rows[at] if one["sha256"] != text["sha256"]]
    spaced = json.dumps({"v": 1, "questions": [chosen()]}, ensure_ascii=False, sort_keys=True)
    text["sha256"] = record.words.keep(at, spaced)
    record.entries[at]["data"]["form"] = hashlib.sha256(spaced.encode()).hexdigest()
    code, _said, problem = check(record.write(tmp_path / "record"))
    assert (code, "It is not written as canonical JSON." in problem) == (1, True)


def test_a_translation_in_the_very_words_of_its_original_is_named(check, tmp_path):
    record, at, other = in_two_languages(said=lambda first: f"  {first.upper()} ")
    code, said, _ = check(record.write(tmp_path / "record"))
    assert (
        code,
        said.count(f"Entry {other} says can_change, cannot_change, consent, decision, reading, title"),
    ) == (0, 1)
    assert f"in the very words of entry {at}, and calls it another language." in said


def test_words_of_another_text_under_another_language_are_named(check, tmp_path):
    record, at, other = in_two_languages(said="En otras palabras: {}".format)
    for name, of in zip(NAMES, (*NAMES[1:], NAMES[0]), strict=True):
        told = f"What we ask of the bus, as we promise it here: {of}."
        record.entries[other]["texts"][name]["sha256"] = record.words.keep(other, told)
    said = check(record.write(tmp_path / "record"))[1]
    names = "can_change, cannot_change, consent, decision, reading, title"
    assert f"Entry {other} says {names} in the very words of entry {at}, and" in said


def test_words_of_another_entry_under_another_language_are_named(check, tmp_path):
    record, at, other = in_two_languages(said="En otras palabras: {}".format)
    told = "Nobody has ever told us why the meters are read at night."
    finding = next(at for at, one in enumerate(record.entries) if one["kind"] == "finding.published")
    record.entries[finding]["texts"]["statement"]["sha256"] = record.words.keep(finding, told)
    record.entries[other]["texts"]["consent"]["sha256"] = record.words.keep(other, told)
    said = check(record.write(tmp_path / "record"))[1]
    assert f"Entry {other} says consent in the very words of entry {finding}, and" in said


def test_a_second_translation_into_one_language_keeps_words_of_the_first(check, tmp_path):
    record, _, _ = in_two_languages(said="En otras palabras: {}".format)
    finding = next(at for at, one in enumerate(record.entries) if one["kind"] == "finding.published")
    about = {"lang": "es", "reviewed": True, "made_by": "person"}
    for _ in range(2):
        at = record.add("text.translated", DAY, [ANA], about, {"of": [finding]}, ["statement"], lang="es")
        sha256 = record.words.keep(at, "Lo que la gente dijo del autobus, con muchas palabras.")
        record.entries[at]["texts"]["statement"]["sha256"] = sha256
    code, said, _ = check(record.write(tmp_path / "record"))
    assert (code, "very words" in said) == (0, False)


def test_longer_questions_in_the_same_words_under_two_languages_are_named(check, tmp_path):
    same = {"en": "How long should the pictures of a street be kept at most?"}
    record, at, _ = in_two_languages(
        {"v": 1, "questions": [{**ONE, "words": same | {"es": same["en"]}}]},
        said="En otras palabras: {}".format,
    )
    said = check(record.write(tmp_path / "record"))[1]
    assert f"Entry {at} says form in the very words of each other, and calls it another language." in said


UNSEEN = (
    lambda words: words.replace(" ", "\u200b ", 1),
    lambda words: f"{words[:3]}\u00ad{words[3:]}",
    lambda words: f"{words}\u2060\u3164",
    lambda words: words.replace(" ", " \u00a0", 1),
    lambda words: f"{words[:3]}\U00013442{words[3:]}",
    lambda words: words.rstrip(".?"),
    lambda words: words.replace(":", " :").replace("?", " ?"),
    lambda words: words.replace("w", "\uff57"),
    str.upper,
)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_words_are_the_same_in_two_languages_whatever_nobody_sees_in_them(check, tmp_path, unseen):
    same = "How long should the pictures of a street be kept at most?"
    asked = {"v": 1, "questions": [{**ONE, "words": {"en": same, "es": unseen(same)}}]}
    record, at, other = in_two_languages(asked, said=unseen)
    said = check(record.write(tmp_path / "record"))[1]
    names = "can_change, cannot_change, consent, decision, reading, title"
    assert f"Entry {at} says form in the very words of each other, and calls it another language." in said
    assert f"Entry {other} says {names} in the very words of entry {at}, and" in said


def turned(words):
    """Write each word the other way round, between signs that turn it back: it is read as it was."""
    return " ".join(f"\u202e{one[::-1]}\u202c" for one in words.split())


def test_words_that_a_sign_turns_round_are_refused(check, tmp_path):
    record, _, _ = in_two_languages(said=turned)
    code, _, said = check(record.write(tmp_path / "record"))
    assert code == 1
    assert "holds a sign that turns letters round, so that people read other words" in said


def test_signs_without_a_letter_are_in_no_language(check, tmp_path):
    signs = "\u2600" * 60
    asked = {"v": 1, "questions": [{**ONE, "words": {"en": signs, "es": signs}}]}
    record, _, _ = in_two_languages(asked, said="En otras palabras: {}".format)
    code, said, _ = check(record.write(tmp_path / "record"))
    assert (code, "very words" in said) == (0, False)


def test_a_translation_in_the_very_words_of_another_translation_is_named(check, tmp_path):
    record, at, other = in_two_languages(said="En otras palabras: {}".format)
    finding = next(i for i, one in enumerate(record.entries) if one["kind"] == "finding.published")
    told = "What we heard on the street, told at length in one language."
    places = []
    for lang in ("es", "vi"):
        about = {"lang": lang, "reviewed": True, "made_by": "person"}
        places.append(record.add("text.translated", DAY, [ANA], about, {"of": [finding]}))
        name = next(iter(record.entries[finding]["texts"]))
        sha256 = record.words.keep(places[-1], told)
        record.entries[places[-1]]["texts"] = {name: {"lang": lang, "sha256": sha256}}
    said = check(record.write(tmp_path / "record"))[1]
    assert f"Entry {places[1]} says {name} in the very words of entry {places[0]}, and" in said


def test_other_words_under_an_entry_that_is_signed_are_refused_in_the_growing_file_too(check, tmp_path):
    record = small()
    folder = record.write(tmp_path / "record")
    path = folder / "texts/0.json"
    rows = named(record)
    path.write_text(json.dumps(rows))
    assert check(folder)[0] == 0
    sha256 = record.words.keep(11, "They said something else.")
    other = next(one for one in record.words.rows[11] if one["sha256"] == sha256)
    path.write_text(json.dumps([*rows, other | {"entry": 11, "name": "statement"}]))
    code, _, said = check(folder)
    assert (code, "as 'statement' of entry 11, which does not hold their hash there." in said) == (1, True)


def named(record):
    """Give the rows of a record as its own site gives them out: each with its entry and its name."""
    return [
        row | {"entry": index, "name": name}
        for index, rows in sorted(record.words.rows.items())
        for row in rows
        for name, text in record.entries[index]["texts"].items()
        if text["sha256"] == row["sha256"]
    ]


def swap(rows, *fields):
    """Let two texts change places, as somebody who writes to the database can."""
    one, other = [row for row in rows if row["entry"] == 11][1:3]
    for field in fields:
        one[field], other[field] = other[field], one[field]


def swap_names(rows):
    swap(rows, "name")


def swap_entries(rows):
    one = next(row for row in rows if (row["entry"], row["name"]) == (11, "title"))
    other = next(row for row in rows if (row["entry"], row["name"]) == (15, "title"))
    one["entry"], other["entry"] = 15, 11


def put_after(rows):
    next(row for row in rows if (row["entry"], row["name"]) == (11, "decision"))["entry"] = 99


def drop_name(rows):
    del next(row for row in rows if (row["entry"], row["name"]) == (11, "decision"))["name"]


PLACES = "gives words out as {!r} of entry {}, and they are {!r} of entry 11: they changed places."


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (swap_names, PLACES.format("can_change", 11, "decision")),
        (swap_entries, PLACES.format("title", 15, "title")),
        (put_after, PLACES.format("decision", 99, "decision")),
        (drop_name, "holds something that is not a text with its salt and hash."),
    ],
)
def test_words_that_changed_places_are_refused(check, verify, tmp_path, spoil, said):
    record = small()
    folder, rows = record.write(tmp_path / "record"), named(record)
    file = folder / "texts/0.json"
    file.write_text(json.dumps(rows))
    assert check(folder)[0] == 0
    spoil(rows)
    file.write_text(json.dumps(rows))
    assert check(folder) == (1, "", f"This does not hold. The file texts/0.json {said}")


def test_words_beside_a_proof_stand_under_their_own_names(verify, tmp_path):
    record = small()
    raw = record.raw()
    tree = Tree(raw)
    note = Checkpoint(SIGNER.name, tree.size, tree.root()).sign(SIGNER)
    proof, words = tmp_path / "11.tlog-proof", tmp_path / "11.texts.json"
    proof.write_text(ProofFile(11, tuple(tree.inclusion(11)), note, raw[11]).text)
    rows = [row for row in named(record) if row["entry"] == 11]
    words.write_text(json.dumps(rows))
    asked = ("proof", proof, "--texts", words, "--vkey", SIGNER.verifier.vkey)
    assert verify(*asked)[0] == 0
    swap(rows, "name")
    words.write_text(json.dumps(rows))
    wrong = PLACES.format("can_change", 11, "decision")
    assert verify(*asked) == (1, "", f"This does not hold. The file {words} {wrong}")

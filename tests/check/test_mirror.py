"""A mirror takes in only what holds: what was refused is kept beside it, and it can still show what stood there before."""

import pytest

from alongside.core.ledger.keys import KeyKind, Signer
from tests.check.records import ANA, BEN, SIGNER, small


@pytest.fixture
def folder(tmp_path):
    return small().write(tmp_path / "record")


@pytest.fixture
def mirror(tmp_path):
    return tmp_path / "mirror"


@pytest.fixture
def night(verify, folder, mirror, tmp_path):
    """Give a function that runs the nightly job of a mirror."""
    return lambda *more, state="seen.json": verify(
        "record", folder, "--save", mirror, "--state", tmp_path / state, *more
    )


def files(folder):
    """Give all files of a mirror, without what was refused."""
    found = {
        str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()
    }
    return {path: data for path, data in found.items() if not path.startswith("refused/")}


def rewrite(folder):
    """Let the record show another history, longer than the one before, under the same key."""
    record = small()
    record.entries[15]["data"]["answer_due"] = "2026-04-13"
    record.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    return record.write(folder)


def shrink(folder):
    """Let the record show the head of an older backup."""
    record = small()
    del record.entries[13:]
    return record.write(folder)


@pytest.mark.parametrize("loss", [{"lost": 17}, {"lost": "x"}, {"lost": [1]}, {"lost": 17, "root": 5}])
def test_a_fork_that_tells_a_loss_in_no_form_is_refused_and_kept(night, folder, mirror, loss):
    assert night()[0] == 0
    record = small()
    del record.entries[13:]
    told = {"kept": 13, **loss}
    record.add("record.resumed", "2026-03-02", [ANA, "steward"], told, texts=["reason"])
    for _ in range(5):
        record.add("hold.placed", "2026-03-02", ["steward"], texts=["ground"])
    record.write(folder)
    code, _, said = night()
    assert (code, "was rewritten or forked" in said) == (1, True)
    assert len(list((mirror / "refused").iterdir())) == 1
    small().write(folder)
    assert night()[0] == 1, "two histories were signed"
    assert night(state="new.json")[0] == 0, "the mirror goes on with what it holds"


def test_what_the_verifier_stumbles_over_is_kept_too(night, folder, mirror, monkeypatch):
    assert night()[0] == 0
    rewrite(folder)
    monkeypatch.setattr("alongside.check.state.State.check_growth", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        night()
    assert len(list((mirror / "refused").iterdir())) == 1
    monkeypatch.undo()
    small().write(folder)
    assert night()[0] == 1, "the head over it was written down"


@pytest.mark.parametrize(("bend", "why"), [(rewrite, "was rewritten or forked"), (shrink, "has shrunk")])
@pytest.mark.parametrize("state", ["seen.json", "lost.json"])
def test_a_mirror_stays_as_it_was_and_keeps_what_was_refused(
    night, verify, folder, mirror, tmp_path, bend, why, state
):
    assert night()[0] == 0
    before = files(mirror)
    bend(folder)
    code, _, said = night(state=state)
    assert (code, why in said, files(mirror) == before) == (1, True, True)
    assert verify("record", mirror, "--state", tmp_path / "other.json")[0] == 0
    (kept,) = (mirror / "refused").iterdir()
    assert said.endswith(f"The mirror in {mirror} stays as it was. What was refused is kept in {kept}.")
    assert (kept / "checkpoint").read_bytes() == (folder / "checkpoint").read_bytes()
    assert [path.read_bytes() for path in kept.rglob("tile/entries/**/*") if path.is_file()] == [
        path.read_bytes() for path in folder.rglob(f"tile/entries/**/{18 if bend is rewrite else 13}")
    ]
    assert (night(state=state)[0], list((mirror / "refused").iterdir())) == (1, [kept])


def grown(count, bend=""):
    """Give a record with some entries more; a fork of it plans other meetings."""
    record = small()
    for place in range(count):
        data = {"meeting": f"meeting-{place}{bend}", "cohort": "first", "on": "2026-04-01"}
        record.add("meeting.planned", "2026-03-02", ["steward"], data, {"cohort": [2]}, ["title", "agenda"])
    return record


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("the state", "was rewritten or forked: its first 18 entries"),
        ("the mirror", "was rewritten or forked: its first 18 entries"),
        ("an old copy", "has shrunk"),
    ],
)
def test_a_fork_that_is_shorter_than_what_was_seen_is_called_a_fork(verify, tmp_path, way, said):
    state, true, mirror = tmp_path / "state", tmp_path / "true", tmp_path / "mirror"
    for count in (1, 3):
        assert verify("record", grown(count).write(true), "--state", state)[0] == 0
    assert verify("record", true, "--save", mirror, "--state", tmp_path / "another")[0] == 0
    other = grown(1, "" if way == "an old copy" else "-other").write(tmp_path / "other")
    seen = ["--state", state] if way == "the state" else ["--save", mirror, "--state", tmp_path / "none"]
    code, _, told = verify("record", other, *seen)
    assert (code, said in told) == (1, True), told


def test_a_mirror_is_renewed_by_a_record_that_grew(night, verify, folder, mirror, tmp_path):
    assert night()[0] == 0
    grown = small()
    grown.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    grown.write(folder)
    assert night()[0] == 0
    assert sorted(one.name for one in mirror.iterdir()) == ["checkpoint", "rules", "texts", "tile", "vkey"]
    code, said, _ = verify("record", mirror, "--state", tmp_path / "other.json")
    assert (code, "18 entries" in said) == (0, True)


def test_a_night_that_breaks_off_leaves_the_mirror_as_it_was(night, folder, mirror):
    assert night()[0] == 0
    before = files(mirror)
    rewrite(folder)
    (folder / "checkpoint").unlink()
    assert (night()[0], files(mirror) == before, (mirror / "refused").exists()) == (1, True, False)


def test_a_folder_that_mirrors_another_record_is_not_written_over(night, folder, mirror):
    assert night()[0] == 0
    before = files(mirror)
    small().write(folder, signer=Signer(SIGNER.name, KeyKind.ED25519, b"x" * 32))
    code, _, said = night(state="new.json")
    assert (code, said, files(mirror) == before) == (
        2,
        f"This could not be checked. {mirror} mirrors another record, or this one under another key; name another folder. "
        "The head of 17 entries is signed and was written down: whatever this record shows later has to hold these entries.",
        True,
    )


def test_a_mirror_takes_in_no_history_that_was_rewritten_before_a_told_loss(night, folder, mirror):
    grown = small()
    grown.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    grown.write(folder)
    assert night()[0] == 0
    before = files(mirror)
    for bends in (True, False):
        lost = small()
        if bends:
            lost.entries[15]["data"]["answer_due"] = "2026-04-13"
        kept = len(lost.entries)
        lost.add("record.resumed", "2026-03-02", [ANA, "steward"], {"kept": kept}, texts=["reason"])
        lost.write(folder)
        code, said, error = night("--resumed", kept, state="another.json")
        if bends:
            refused = "were rewritten" in error or "was rewritten or forked" in error
            assert (code, refused, files(mirror) == before) == (1, True, True)
        else:
            assert (code, files(mirror) == before) == (0, False)


def went_on(record, leaves):
    """Let a record say that all behind it is lost, and go on; give the entry that says so."""
    at = record.add(
        "record.resumed",
        "2026-03-02",
        [BEN, "steward"],
        {"kept": len(record.entries)},
        texts=["reason"],
    )
    for one in leaves:
        record.add("meeting.planned", "2026-03-02", ["steward"], *one)
    return at


def meeting(name):
    return {"meeting": name, "cohort": "first", "on": "2026-04-01"}, {"cohort": [2]}, ["title", "agenda"]


def test_a_loss_that_a_mirror_holds_explains_no_rewriting_of_it(night, folder, mirror):
    record = small()
    first = went_on(record, [meeting("one"), meeting("two")])
    record.write(folder)
    assert night()[0] == 0
    before = files(mirror)
    rewritten = small()
    went_on(rewritten, [meeting("three"), meeting("four"), meeting("five")])
    rewritten.write(folder)
    code, _, said = night("--resumed", first, state="another.json")
    assert (code, "was rewritten or forked" in said, files(mirror) == before) == (1, True, True)


def test_a_mirror_goes_on_after_a_second_loss(night, folder, mirror):
    record = small()
    went_on(record, [meeting("one"), meeting("two")])
    record.write(folder)
    assert night()[0] == 0
    del record.entries[-1]
    second = went_on(record, [])
    record.write(folder)
    assert night("--resumed", second)[0] == 0

import sys
from pathlib import Path

import pytest

from alongside.core.policy.load import load_pack, made_up
from alongside.ground.programs.pack_files import read_pack, shipped_pack
from alongside.site import cli, packs
from scripts import pack as reference

NEUTRAL = Path(packs.__file__).parents[1] / "ground/programs/packs/neutral.toml"
ANSWERS = {
    "What is the program called?": 'Eastside "Housing" Partners',
    "Its short name in addresses": "eastside",
    "The full name of the government": "City of Eastside",
    "Languages besides English": "es ru so",
    "The unit whose manager hears": "Mayor’s Office",
    "Other units that are asked": "Housing; Code Inspections",
    "The number that people call": "+12025550142",
}


def answer(question):
    return next((said for begins, said in ANSWERS.items() if question.startswith(begins)), "")


def written(folder, **changes):
    text = NEUTRAL.read_text("utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "city.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_dozen_answers_make_a_pack_that_can_be_adopted_and_names_what_is_still_an_example(tmp_path):
    file = tmp_path / "eastside.toml"
    said, is_well = packs.new(file, answer)
    assert (is_well, said[-1].startswith(f"{file} is written.")) == (True, True)
    made = load_pack(read_pack(file))
    assert str(made.name) == 'Eastside "Housing" Partners'
    assert [one.code for one in made.languages] == ["en", "es", "ru", "so"]
    assert [one.slug for one in made.units] == ["mayor-s-office", "housing", "code-inspections"]
    assert (made.escalate_to, made.phone.tel) == ("mayor-s-office/manager", "+12025550142")
    assert made.clocks == load_pack(shipped_pack("neutral")).clocks
    assert {len(one.name.by_lang) for one in made.communities} == {2}, "in English and Spanish, as asked"
    assert {one.key.rpartition(".")[2] for one in made_up(made)} == {"source"}

    said, is_well = packs.new(file, answer)
    assert (said, is_well) == ([f"{file} is there already; name another file."], False)


def test_nothing_typed_makes_a_pack_too(tmp_path):
    file = tmp_path / "usual.toml"
    assert packs.new(file, lambda _question: "")[1]
    assert load_pack(read_pack(file)).routes == ()


def test_all_that_is_wrong_with_a_pack_is_told_at_once_each_with_its_line_and_cure(tmp_path):
    file = written(
        tmp_path,
        small=("k = 10", "k = 1"),
        zone=('time_zone = "America/Chicago"', 'time_zone = "Mars/Olympus"'),
        parent=('parent = "streets-and-signals"', 'parent = "nowhere"'),
        word=('short = {en = "the City", es = "la Ciudad"', 'short = {en = "the City"'),
    )
    lines = file.read_text("utf-8").splitlines()
    said, is_well = packs.check(file)
    assert not is_well
    assert [one.removeprefix(f"{file}:").partition(":")[2].split(":")[0].strip() for one in said[:-1]] == [
        "government.short.es",
        "time_zone",
        "k",
        "units[4].parent",
    ]
    named = [lines[int(one.removeprefix(f"{file}:").partition(":")[0]) - 1] for one in said[:-1]]
    assert [one.split(" =")[0] for one in named] == ["short", "time_zone", "k", "parent"]
    assert all("; " in one for one in said[:2])


def test_what_cannot_be_read_is_told_at_once_too(tmp_path):
    file = written(
        tmp_path,
        small=("k = 10", 'k = "ten"'),
        known=("answer_days = 60", "answer_weeks = 8"),
        gone=("[sanctuary]", "[refuge]"),
    )
    said, _is_well = packs.check(file)
    assert [one.removeprefix(f"{file}:").partition(": ")[2].split(":")[0] for one in said[:-1]] == [
        "refuge",
        "k",
        "clocks.answer_weeks",
    ]


def test_a_made_up_pack_and_made_up_numbers_are_named_with_their_lines():
    said, is_well = packs.check(NEUTRAL)
    assert is_well
    text = NEUTRAL.read_text("utf-8").splitlines()
    held = [one for one in said if one.startswith(str(NEUTRAL))]
    shown = [text[int(one.removeprefix(f"{NEUTRAL}:").partition(":")[0]) - 1] for one in held]
    assert shown.count("made_up = true") == 1
    assert shown.count("demonstration = true") == NEUTRAL.read_text("utf-8").count("demonstration = true")


def test_what_two_packs_say_otherwise_stands_line_by_line(tmp_path):
    file = written(tmp_path, small=("k = 10", "k = 12"))
    assert packs.diff(NEUTRAL, file) == (["k: 10 -> 12"], True)
    assert packs.diff(NEUTRAL, NEUTRAL) == (["They say the same."], True)


@pytest.mark.parametrize("words", [["check", "nowhere.toml"], ["diff", "nowhere.toml", "nowhere.toml"]])
def test_a_file_that_is_not_there_is_a_sentence(words, capsys):
    assert packs.main(words) == 1
    assert "nowhere.toml" in capsys.readouterr().out


def test_the_command_needs_no_django_settings(tmp_path):
    import subprocess

    line = "import sys; from alongside.site.packs import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", line, "check", str(NEUTRAL)],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("options", [["--config", "nowhere.toml", "--port=1"], []])
def test_a_command_that_needs_no_configuration_may_stand_behind_the_options_of_the_others(options, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([*options, "pack", "check", str(NEUTRAL)])
    assert ended.value.code == 0
    assert "units" in capsys.readouterr().out


def test_the_reference_of_a_pack_is_made_from_its_shapes():
    assert reference.PAGE.read_text("utf-8") == reference.text(), "run: ./dev python scripts/pack.py"

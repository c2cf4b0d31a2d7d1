"""The verifier is one file that a stranger runs beside nothing but Python and its package cryptography."""

import subprocess
import sys

from alongside.ground.record import machine
from tests.check.records import small


def run(tmp_path, *words):
    file = tmp_path / machine.VERIFIER
    file.write_bytes(machine.archive())
    # -I: neither the folder nor a path of this machine gives it our own code
    return subprocess.run([sys.executable, "-I", file, *words], capture_output=True, text=True, check=False)


def test_the_file_checks_a_record_and_knows_one_that_was_changed(tmp_path):
    folder = small().write(tmp_path / "record")
    seen = ["--state", tmp_path / "seen.json"]

    held = run(tmp_path, "record", folder, *seen)
    assert (held.returncode, held.stderr) == (0, "")
    assert "Nothing wrong was found" in held.stdout

    note = folder / "checkpoint"
    note.write_text(note.read_text().replace("\n", "\n", 1)[:-4] + "AAA\n")
    assert run(tmp_path, "record", folder, *seen).returncode != 0


def test_the_file_is_a_witness_too(tmp_path):
    folder = small().write(tmp_path / "record")
    witness = ["witness", "--folder", tmp_path / "witness"]
    made = [run(tmp_path, *witness, "key", "library.example/witness").stdout for _ in range(2)]
    known = run(tmp_path, *witness, "log", folder)

    assert (made[0], known.returncode) == (made[1], 0)
    assert made[0].splitlines()[1].startswith("library.example/witness+")
    assert sorted(one.name for one in (tmp_path / "witness").iterdir()) == ["key", "lock", "logs"]
    assert (tmp_path / "witness" / "key").stat().st_mode & 0o077 == 0


def test_the_file_holds_core_and_check_alone_and_no_django(tmp_path):
    code = "import sys; sys.path.insert(0, sys.argv[1]); import alongside.check.cli, alongside; print(sorted({one.split('.')[0] for one in sys.modules} & {'django', 'pyrage'}), alongside.__file__)"
    file = tmp_path / machine.VERIFIER
    file.write_bytes(machine.archive())
    said = subprocess.run(
        [sys.executable, "-I", "-c", code, file], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["[]", f"{file}/alongside/__init__.py"]


def test_the_same_code_is_the_same_bytes():
    machine.archive.cache_clear()
    first = machine.archive()
    machine.archive.cache_clear()
    assert machine.archive() == first

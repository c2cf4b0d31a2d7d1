"""What an operator may set is documented, and nothing is documented that cannot be set."""

import dataclasses
import re
import typing

import pytest
from django.urls import get_resolver

from alongside.ground.gate.roles import Role
from alongside.site.config import Config
from tests.house.test_addresses import addresses
from tests.support.house import ROOT, modules, name_of

REFERENCE = ROOT / "docs" / "reference"
ROW = re.compile(r"^\| `([a-z_.]+)` \|", re.MULTILINE)


def keys(shape: type, prefix: str = "") -> list[str]:
    """List the keys of the configuration file, as `table.key`."""
    listed = []
    for name, hint in typing.get_type_hints(shape).items():
        hint = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint
        inner = dataclasses.is_dataclass(hint)
        listed += keys(hint, f"{prefix}{name}.") if inner else [prefix + name]
    return listed


def differences(told: list[str], known: list[str]) -> list[str]:
    return [
        *(
            f"{key} is not documented; give it a row in docs/reference/configuration.md."
            for key in sorted(set(known) - set(told))
        ),
        *(
            f"{key} is documented and does not exist; take its row out."
            for key in sorted(set(told) - set(known))
        ),
        *(f"{key} has two rows; keep one." for key in sorted({k for k in told if told.count(k) > 1})),
    ]


def test_every_setting_is_documented():
    text = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    assert differences(ROW.findall(text), keys(Config)) == []


def test_every_variable_of_the_environment_is_documented():
    used = {
        name
        for path in modules()
        for name in re.findall(r"[\"'](ALONGSIDE_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    used -= set(
        re.findall(
            r"^(ALONGSIDE_[A-Z_]+) =",
            (ROOT / "src/alongside/site/settings.py").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    told = set(
        re.findall(r"`(ALONGSIDE_[A-Z_]+)`", (REFERENCE / "configuration.md").read_text(encoding="utf-8"))
    )
    assert sorted(used - told) == [], "Say in docs/reference/configuration.md what these do."
    assert sorted(told - used) == [], "Nothing reads these; take them out."


def test_every_command_is_documented():
    from django.core.management import get_commands

    ours = {name for name, app in get_commands().items() if str(app).startswith("alongside.")}
    if not (REFERENCE / "commands.md").exists():
        pytest.skip("docs/reference/commands.md is not written yet")
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert [name for name in sorted(ours) if f"alongside {name.replace('_', ' ')}" not in text] == [], (
        "Say in docs/reference/commands.md what these do."
    )


MACHINES = re.compile(
    r"\.(csv|xlsx|json|xml|ics|toml|tlog-proof)$|/record/(checkpoint|cosignatures|vkey|marks|tile/.*)$|^/(health|live|ready|metrics|marks\.json|robots\.txt|\.well-known/.*)$"
)


def test_every_public_file_for_machines_is_documented_and_no_other():
    public = {
        re.sub(r"<\w+:(\w+)>", lambda found: found[1].upper(), route)
        for route, _name, pattern in addresses(get_resolver())
        if MACHINES.search(route) and Role.EVERYONE in pattern.callback.open_to
    }
    told = set(re.findall(r"`(/[^` ]+)`", (REFERENCE / "machines.md").read_text(encoding="utf-8")))
    assert sorted(public - told) == [], "Give these a row in docs/reference/machines.md."
    assert sorted(told - public) == [], (
        "Nothing answers at these; take them out of docs/reference/machines.md."
    )


def test_a_setting_that_is_not_told_is_found():
    @dataclasses.dataclass
    class Inner:
        depth: int

    @dataclasses.dataclass
    class Outer:
        width: int
        inner: Inner

    Outer.__annotations__["inner"] = Inner
    assert keys(Outer) == ["width", "inner.depth"]
    assert differences(["width", "height"], ["width", "inner.depth"]) == [
        "inner.depth is not documented; give it a row in docs/reference/configuration.md.",
        "height is documented and does not exist; take its row out.",
    ]


def test_every_document_that_is_linked_is_there():
    found = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                found.append(
                    f"{page.relative_to(ROOT)} links to {target}, which is not there; correct the link."
                )
    assert found == []


def test_a_decision_has_a_number_of_its_own():
    found = sorted((ROOT / "docs/why/decisions").glob("*.md"))
    numbers = [int(one.name[:4]) for one in found]
    told = [re.match(r"# (\d+)\.", one.read_text("utf-8")) for one in found]
    assert numbers == sorted({*numbers})
    assert [n for n, says in zip(numbers, told, strict=True) if says and int(says[1]) != n] == []


def test_each_promise_of_the_readme_is_tried_by_a_module_of_its_name():
    promised = re.findall(r"^\d\. \*\*([^*]+?)[.,]?\*\*", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(promised) == 8
    named = [f"test_{one.lower().replace(' ', '_')}.py" for one in promised]
    assert [one for one in named if not (ROOT / "tests" / "promises" / one).is_file()] == []

"""What an operator may set is documented, and nothing is documented that cannot be set."""

import dataclasses
import re
import typing

import pytest
from django.urls import get_resolver

from alongside.ground.gate.roles import Role
from alongside.site.config import Config
from tests.house.test_addresses import addresses
from tests.support.house import ROOT, SRC, modules

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


def test_the_paths_of_a_newcomer_lead_to_every_document():
    docs = ROOT / "docs"
    told = re.findall(r"\]\(([^)#]+)", (docs / "README.md").read_text(encoding="utf-8"))
    reached = {(docs / one).resolve() for one in told}
    left = [one for one in docs.rglob("*.md") if not {one, one.parent} & reached]
    assert [str(one.relative_to(docs)) for one in left] == ["README.md"], (
        "Lead to these from docs/README.md, in the path of who needs them."
    )


def anchors(page: str) -> set[str]:
    """List the names by which the headings of a page are linked."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"(?ms)^```.*?^```", "", page), re.MULTILINE)
    words = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one).lower() for one in headings)
    return {re.sub(r"[^\w\s-]", "", one).strip().replace(" ", "-") for one in words}


def test_every_heading_that_is_linked_is_there():
    found = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target, anchor in re.findall(r"\]\(((?!\w+:)[^)#]*)#([^)]*)\)", page.read_text(encoding="utf-8")):
            other = page.parent / target if target else page
            if other.suffix == ".md" and anchor not in anchors(other.read_text(encoding="utf-8")):
                found.append(
                    f"{page.relative_to(ROOT)} links to #{anchor}, which no heading of {other.name} is called; correct it."
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


#: What leads to a file: in backticks, or first in a line of a tree of folders.
PATH = re.compile(r"`([^`\s]+/[^`\s]*)`|^    (\S+/)(?=\s)", re.MULTILINE)


def lost(text: str) -> list[str]:
    """List the paths of a text that begin with a room or a folder of the repository, and lead nowhere."""
    told = {one or other for one, other in PATH.findall(text)}
    beside = {one: folder for folder in (ROOT, SRC) for one in folder.iterdir() if one.is_dir()}
    starts = {one.name: folder for one, folder in beside.items()}
    return sorted(
        one for one in told if (start := starts.get(one.split("/")[0])) and not (start / one).exists()
    )


@pytest.mark.parametrize("page", ["README.md", "docs/why/house.md", "docs/reference/where.md"])
def test_every_file_that_a_newcomer_is_sent_to_is_there(page: str):
    assert lost((ROOT / page).read_text(encoding="utf-8")) == [], f"Mend these in {page}."


def test_a_path_that_leads_nowhere_is_found():
    text = "    desks/attic/   gone\n`core/clocks.py` `ground/nowhere.py` `src/nothing/` `./dev up` `parts/`"
    assert lost(text) == ["desks/attic/", "ground/nowhere.py", "src/nothing/"]


def test_the_readme_is_short_enough_to_be_read():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120, "Move what only somebody who changes the code needs to docs/reference/where.md."
    assert [one[:60] for one in lines if len(one) > 400] == [], "Say these shorter, or cut them in two."


def test_every_test_that_the_threat_model_names_is_there():
    text = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    named = {*re.findall(r"`((?:[a-z]+/)*test_[a-z_]+)`", text)}
    told = {
        one: ROOT / "tests" / f"{one}.py" if "/" in one else ROOT / f"tests/promises/{one}.py"
        for one in named
    }
    assert len(told) > 40
    assert [name for name, file in sorted(told.items()) if not file.is_file()] == [], (
        "Name in docs/threat-model.md the module that tries to break it, as it is called today."
    )


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("threat-model.md", 45_500),
        ("how-to/lead.md", 19_000),
        ("how-to/operate.md", 28_000),
        ("how-to/steward.md", 13_000),
        ("how-to/staff.md", 11_000),
    ],
)
def test_a_document_that_everybody_should_read_is_short_enough(page: str, most: int):
    size = len((ROOT / "docs" / page).read_bytes())
    assert size <= most, f"docs/{page} has {size} bytes: merge what you add with what stands there."

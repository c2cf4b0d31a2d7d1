"""A release says what is in it: each package that it brings, with its version and its hash, and the same bytes each time."""

import json
import re
import tomllib

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from alongside.core.grammar.versions import GRAMMARS, VERSION
from scripts import release
from tests.support.house import ROOT

BILL = json.loads(release.materials())
PARTS = {one["purl"]: one for one in BILL["components"]}


def test_the_bill_of_materials_is_one_that_tools_read():
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(release.materials())
    assert found is None, str(found)


def test_the_bill_names_each_package_that_a_release_installs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = [one.partition(";")[0].strip() for one in project["optional-dependencies"]["locked"]]
    assert len(pins) > 40
    assert [pin for pin in pins if f"pkg:pypi/{pin.replace('==', '@')}" not in PARTS] == []


def test_the_bill_names_each_package_that_pages_and_papers_are_built_from():
    package = json.loads((ROOT / "islands/package.json").read_text("utf-8"))
    runs = {*package["dependencies"], *(one for one in package["devDependencies"] if "fonts" in one)}
    named = {one["name"] for one in BILL["components"] if one["purl"].startswith("pkg:npm/")}
    assert runs <= named
    assert not {"esbuild", "typescript", "axe-core"} & named
    assert any(one.startswith("pkg:pypi/noto-cjk") for one in PARTS)


def test_each_package_of_the_bill_has_a_hash_of_the_lock():
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    for purl, part in PARTS.items():
        assert part["hashes"], purl
        if purl.startswith("pkg:pypi/"):
            assert all(f"sha256:{one['content']}" in locked for one in part["hashes"]), purl


def test_the_bill_is_the_same_bytes_each_time_and_tells_no_place():
    assert release.materials() == release.materials()
    assert not re.search(r"serialNumber|timestamp|/[a-z]+/[a-z]+/alongside", release.materials())


def test_two_builds_that_differ_are_refused_and_nothing_is_written(monkeypatch, tmp_path):
    builds = iter([{"a.whl": b"one", "a.tar.gz": b"same"}, {"a.whl": b"two", "a.tar.gz": b"same"}])
    monkeypatch.setattr(release, "said", lambda *words, **_: "" if "status" in words else "1")
    monkeypatch.setattr(release, "built", lambda *_: next(builds))
    with pytest.raises(SystemExit, match=r"differ in a.whl. Nothing was written"):
        release.release(tmp_path / "out", "")
    assert not (tmp_path / "out").exists()


def test_the_table_of_releases_names_the_grammars_that_this_one_writes_and_reads():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = (ROOT / "docs/reference/releases.md").read_text("utf-8")
    rows = [re.split(r"\s*\|\s*", line)[1:4] for line in told.splitlines() if line.startswith("| 0.")]
    minor = ".".join(project["version"].split(".")[:2])
    assert rows[-1] == [minor, str(VERSION), ", ".join(str(v) for v in sorted(GRAMMARS))]

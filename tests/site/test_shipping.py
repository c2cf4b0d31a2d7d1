"""What ships beside the code (deploy/) can be read by what reads it, and lets nothing through that it should not."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.urls import resolve

from alongside.chain.voices.forms import MOST_SPOKEN_BODY
from alongside.site.config import BadConfigError, load
from tests.support.house import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
OPERATE = (ROOT / "docs/how-to/operate.md").read_text("utf-8")


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Give what a unit says, each name with all its values."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_a_unit_is_one_that_systemd_knows(unit):
    if not shutil.which("systemd-analyze"):
        pytest.skip("There is no systemd here; install the package systemd.")
    said = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True).stderr
    wrong = [line for line in said.splitlines() if "is not executable" not in line]
    assert wrong == []  # what a unit starts is installed on the operator's machine


@pytest.mark.parametrize("unit", UNITS[:2], ids=lambda one: one.name)
def test_a_service_may_do_no_more_than_it_must(unit):
    if not shutil.which("systemd-analyze"):
        pytest.skip("There is no systemd here; install the package systemd.")
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-400:]


def test_a_service_is_nobody_s_but_its_own_user_s():
    assert [settings_of(unit)["User"] for unit in UNITS[:2]] == [["alongside"], ["alongside"]]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_of_the_containers_only_the_proxy_is_reached_from_outside(compose):
    services = compose["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert (services["database"]["networks"], services["proxy"]["networks"]) == (["inside"], ["outside"])


def test_a_container_holds_no_rights_and_its_program_cannot_be_written(compose):
    app, proxy = compose["services"]["app"], compose["services"]["proxy"]
    assert (app["read_only"], app["cap_drop"], proxy["cap_drop"]) == (True, ["ALL"], ["ALL"])
    assert proxy["cap_add"] == ["NET_BIND_SERVICE"]
    assert not any("privileged" in one for one in compose["services"].values())


def test_what_the_containers_name_is_there(compose):
    app = compose["services"]["app"]
    assert (ROOT / app["build"]["dockerfile"]).is_file()
    named = [volume.split(":")[0] for one in compose["services"].values() for volume in one["volumes"]]
    missing = [one for one in named if not one.startswith("./") and one not in compose["volumes"]] + [
        one for one in named if one.startswith("./") and not (DEPLOY / one).exists()
    ]
    assert missing == ["./alongside.toml"]  # the operator writes it, from compose.toml


def test_the_configuration_of_the_containers_is_refused_until_it_is_filled_in(tmp_path, compose):
    text = (DEPLOY / "compose.toml").read_text("utf-8")
    text = re.sub(r'"/var/lib/(alongside[a-z-]*)"', f'"{tmp_path}/\\1"', text)
    file = tmp_path / "alongside.toml"
    file.write_text(text)
    with pytest.raises(BadConfigError, match="^secret: production needs its own"):
        load(file)
    file.write_text(text.replace('secret = "CHANGE"', f'secret = "{"k9Qx7mW2pL4v" * 5}"'))
    config = load(file)
    told = tomllib.loads((DEPLOY / "compose.toml").read_text("utf-8"))
    mounted = {volume.split(":")[1] for volume in compose["services"]["app"]["volumes"]}
    assert {told["data"], told["keys"]} <= mounted
    assert (config.serve.behind_proxy, config.database.host in compose["services"]) == (True, True)


#: What PostgreSQL would else write to its log: a refused statement with its values, and the row that it refused.
SAYS_NO_VALUES = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
}


def test_the_database_writes_no_values_of_a_refused_statement_to_its_log(compose):
    first, *words = compose["services"]["database"]["command"]
    assert (first, set(words[::2])) == ("postgres", {"-c"})
    of_file = (DEPLOY / "postgresql-archive.conf").read_text("utf-8")
    for said in ("\n".join(words[1::2]), of_file):
        assert SAYS_NO_VALUES.items() <= dict(re.findall(r"^(\w+) ?= ?([\w-]+)$", said, re.MULTILINE)).items()


def test_nginx_writes_no_voice_to_its_disk():
    conf = (DEPLOY / "nginx.conf").read_text("utf-8")
    post = "/riverbend/en/engagements/library-computers/voices/"
    resolve(post)
    found = [
        inside
        for place, inside in re.findall(r"location ~ (\S+) {(.*?)}", conf, re.DOTALL)
        if re.search(place, post)
    ]
    assert [re.search(r"client_body_buffer_size (\d+)m;", one)[1] for one in found] == [
        f"{MOST_SPOKEN_BODY // 2**20}"
    ]
    whole = re.search(r"^    client_body_buffer_size (\d+)k;", conf, re.MULTILINE)
    assert int(whole[1]) * 1024 >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_the_image_runs_as_nobody_that_can_change_it():
    steps = [
        line for line in (DEPLOY / "Containerfile").read_text().splitlines() if re.match("[A-Z]+ ", line)
    ]
    last = steps[max(place for place, one in enumerate(steps) if one.startswith("FROM ")) :]
    assert [one for one in last if one.startswith(("USER", "CMD"))] == ["USER 10001", 'CMD ["serve"]']
    copied = {
        name for one in steps if one.startswith("COPY") and "--from" not in one for name in one.split()[1:-1]
    }
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


def test_what_an_operator_is_told_to_use_ships():
    named = set(re.findall(r"deploy/([a-zA-Z.-]+)", OPERATE))
    here = {one.name for one in DEPLOY.iterdir()}
    assert sorted(here - named) == [], "Say in docs/how-to/operate.md what these are for."
    assert sorted(named - here - {"alongside.toml", "database-password"}) == []


def test_the_copy_script_is_one_that_a_shell_reads():
    assert subprocess.run(["sh", "-n", str(DEPLOY / "backup")]).returncode == 0

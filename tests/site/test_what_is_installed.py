"""What an operator installs is what was tested: the wheel with the versions it names, walked in an empty environment."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from alongside.site.starting import untested
from tests.site.test_serving import environment
from tests.site.test_supervision import wait_until
from tests.support.demonstration import Built
from tests.support.house import ROOT
from tests.support.postgres import free_port

MANAGER = "manager.streets-and-signals@riverbend.example"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
MOST_MEGABYTES = 300
DESK = re.compile(r"\d/riverbend/en/unit/$")
ANSWER = "Every picture is gone after three days; the log of it is public."
NAME = re.compile(r"[A-Za-z0-9._-]+")


def folded(name: str) -> str:
    """Write the name of a package as the lock does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lines: list[str]) -> dict[str, str]:
    """Give the version that each line pins."""
    found = [re.match(r"([a-z0-9.-]+)==([^\s;]+)", line) for line in lines]
    return {one[1]: one[2] for one in found if one}


def locked() -> dict[str, str]:
    """Give what `alongside[locked]` pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return pinned(project["optional-dependencies"]["locked"])


def test_what_a_release_pins_is_what_the_tests_ran_with():
    tested = pinned((ROOT / "requirements.lock").read_text("utf-8").splitlines())
    assert {name: tested.get(name) for name in locked()} == locked(), "Run ./dev lock."


def test_a_release_pins_everything_that_it_brings():
    todo, seen = [one for one in requires("alongside") or () if "extra" not in one or "postgres" in one], {}
    while todo:
        asked = todo.pop()
        name, extras = folded(NAME.match(asked)[0]), re.findall(r"\[([^]]*)\]", asked.partition(";")[0])
        if (name, *extras) in seen:
            continue
        seen[name, *extras] = asked
        try:
            below = distribution(name).requires or []
        except PackageNotFoundError:  # for another system
            continue
        wanted = [one.strip() for part in extras for one in part.split(",")]
        todo += [
            one
            for one in below
            if "extra" not in one or any(re.search(rf"extra == ['\"]{w}['\"]", one) for w in wanted)
        ]
    here = {name for name, *_ in seen if is_installed(name)}
    assert {name: version(name) for name in here} == {name: locked().get(name) for name in here}


def is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def test_what_was_not_tested_is_named_with_what_was():
    assert untested() == []
    told = untested(lambda name: "99.1" if name == "django-allauth" else version(name))
    assert told == [f"django-allauth 99.1 (tested with {version('django-allauth')})"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it as docs/how-to/operate.md says, into an environment with nothing else; give its command."""
    folder = tmp_path_factory.mktemp("installed")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    uv, python = os.environ.get("UV", "uv"), str(folder / "venv/bin/python")
    line = 'pip install "$(ls /srv/release/alongside-*.whl)[locked]"'
    assert line in (ROOT / "docs/how-to/operate.md").read_text("utf-8")
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("alongside-*.whl")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder / "venv")], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", python, f"{wheel}[locked]"], check=True)
    return folder / "venv/bin/alongside"


def taken(folder: Path) -> int:
    """Give the bytes that the files of a folder take."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file() and not one.is_symlink())


def test_what_is_installed_takes_less_than_300_megabytes(installed):
    packages = next((installed.parents[1] / "lib").glob("python*/site-packages"))
    largest = sorted(packages.iterdir(), key=taken, reverse=True)[:4]
    told = ", ".join(f"{one.name} {taken(one) / 1e6:.0f}" for one in largest)
    size = taken(installed.parents[1]) / 1e6
    print(f"Installed: {size:.0f} MB ({told}).")
    assert size < MOST_MEGABYTES, f"Installed: {size:.0f} MB, {told}. Take out what nobody needs."


@pytest.fixture
def served(installed: Path, demonstration_template: Built, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """Serve the demonstration's data with what was installed; give the address, a code printed for a manager, and the data."""
    port = free_port()
    address = f"http://localhost:{port}"
    (tmp_path / "alongside.toml").write_text(
        f'address = "{address}"\n[serve]\nport = {port}\nprocesses = 1\ntick_seconds = 1\n'
    )
    (tmp_path / "data").mkdir()
    shutil.copyfile(demonstration_template.file, tmp_path / "data/alongside.sqlite3")
    shutil.copytree(demonstration_template.keys, tmp_path / "data/keys")
    line = [str(installed), "--config", str(tmp_path / "alongside.toml")]
    given: dict[str, Any] = {"cwd": tmp_path, "env": environment(), "text": True}
    subprocess.run([*line, "upgrade"], check=True, capture_output=True, **given)
    told = subprocess.run(
        [*line, "program", "code", "riverbend", MANAGER], check=True, capture_output=True, **given
    )
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*line, "serve"], stdout=log, stderr=log, **given)
        try:
            wait_until(lambda: is_answering(port), 120)
            yield address, told.stdout.split()[0], tmp_path / "data/alongside.sqlite3"
        finally:
            process.terminate()
            process.wait(30)
    assert "Traceback" not in (tmp_path / "log").read_text()
    assert "tested with" not in (tmp_path / "log").read_text()


def is_answering(port: int) -> bool:
    """Say whether something listens on a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def person(browser: Browser, address: str) -> Page:
    """Give the browser of a person, which can hold passkeys."""
    page = browser.new_context(base_url=address).new_page()
    page.set_default_timeout(15_000)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def can_read(person: Page, words: str) -> bool:
    """Ask past the browser's memory, which keeps a public page for a minute."""
    return words in person.context.request.get("/riverbend/en/questions/").text()


def test_what_the_docs_install_signs_in_takes_a_passkey_seals_and_answers(served, browser):
    address, code, data = served

    # A manager signs in with the code on paper, adds a passkey, and comes back with it
    manager = person(browser, address)
    manager.goto("/riverbend/en/sign-in/printed-code/")
    manager.locator("[name=code]").fill(code)
    manager.locator("main form button").click()
    manager.wait_for_url(DESK)
    manager.goto("/en/accounts/keys/passkeys/add/")
    manager.locator("[name=name]").fill("my phone")
    manager.locator("main form button").first.click()
    manager.wait_for_url("**/keys/codes/")
    manager.context.clear_cookies()
    manager.goto("/en/accounts/sign-in/?next=/riverbend/en/unit/")
    manager.locator("#passkey_login").click()
    manager.wait_for_url(DESK)

    # A resident seals what they have to say
    resident = person(browser, address)
    resident.goto("/riverbend/en/engagements/landlord-letters/")
    resident.locator("main textarea").first.fill("I could not read the letter.")
    resident.locator("[data-seal]").click()
    resident.locator(".digits").wait_for()
    assert re.fullmatch(r"\d{30}", re.sub(r"\s", "", resident.locator(".digits").inner_text()))

    # The manager answers, and ten minutes later anyone can read it
    manager.goto("/riverbend/en/answers/questions/")
    manager.locator("[name=asks]").first.check()
    manager.locator("[name=decision][value=told]").check()
    manager.locator("[name=reasons]").fill(ANSWER)
    manager.locator("[name=sign]").click()
    manager.get_by_role("heading", level=1).wait_for()
    with closing(sqlite3.connect(data, timeout=30)) as rows, rows:
        signed = rows.execute("UPDATE answers_answerdraft SET signed_at = datetime(signed_at, '-11 minutes')")
    assert signed.rowcount >= 1
    wait_until(lambda: can_read(resident, ANSWER), 120)

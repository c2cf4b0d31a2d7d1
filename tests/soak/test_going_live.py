"""A housing program goes live in a bare Debian by the lines of the documents, as they stand there: every line is run, or it is named below why not."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import Page

from alongside.core.sealing.opening import open_sealed
from alongside.ground.programs.pack_files import read_pack
from tests.soak.bare import bare, chroot, mounted, prepare_network
from tests.soak.conftest import ROOT
from tests.support.postgres import free_port
from tests.support.provider import SECRET, running

pytestmark = pytest.mark.soak
DOCS = ROOT / "docs/how-to"
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
#: Where the release's source lies in the bare system; whoever operates is there.
SOURCE = "/opt/release"
HOST, LOGIN = "alongside.example.gov", "login.example.gov"
OFFICE = "homes-and-repairs/manager"
LANGUAGES = ("es", "ru", "so")
NORA = {"email": "nora@example.gov", "email_verified": True, "groups": ["alongside-bts-managers"]}
SAYS = "Kululeeyuhu ma shaqeeyo."  # the heater does not work
#: Seconds: the issue's hour.
LONGEST = 3600
#: Blocks that are not run, by their first line, and why.
NOT_RUN = {
    "cd deploy": "No builder of images is at hand; test_shipping.py runs the steps of the Containerfile, and tests/site/test_shipping.py reads the files.",
    "alongside restore moving.tar.gz": "It is done on a second machine; tests/site/test_moving.py moves a program by these commands.",
    "alongside restore --as-copy alongside.tar.gz": "It is done on a second machine; tests/site/test_backups.py makes a copy by this command.",
    **dict.fromkeys(
        (
            "runuser -u postgres -- createuser --replication --pwprompt replicator",
            "pg_ctlcluster 17 main stop",
            "cp deploy/postgresql-primary.conf /etc/postgresql/17/main/conf.d/alongside-primary.conf",
            "pg_ctlcluster 17 main promote     # on db2",
        ),
        "It takes four machines; tests/soak/test_two_machines.py makes a replica, kills the primary and promotes it.",
    ),
}
#: What `alongside pack new` asks, answered in its order.
ANSWERS = (
    "Lakemont Tenants and Homes", "mycity", "Lakemont Housing Authority", "the Authority", "housing", "America/New_York",
    " ".join(LANGUAGES), "", "Office of the Executive Director", "Homes and Repairs", "+13155550142", "The tenants' union", "",
)  # fmt: skip
RETENTION = """
[[retention]]
id = "voices"
name = {en = "Locked voices"}
period = {en = "Until the day that the promise names"}
rule_words = {en = "The promise itself"}
source = "https://example.gov/retention"
"""


@dataclass
class Block:
    """Lines of a document that are run together."""

    heading: str
    lines: str

    @property
    def first(self) -> str:
        """Give the first line, by which the block is named."""
        return self.lines.partition("\n")[0]


def blocks(page: str, kind: str = "sh") -> list[Block]:
    """Give the fenced blocks of a document, in order, each with the heading that it stands below."""
    text = (DOCS / page).read_text("utf-8")
    headings = [
        (one.start(), one[1]) for one in HEADING.finditer(FENCE.sub(lambda one: "\n" * len(one[0]), text))
    ]
    return [
        Block([title for place, title in headings if place < one.start()][-1], textwrap.dedent(one[3]))
        for one in FENCE.finditer(text)
        if one[2] == kind
    ]


@dataclass
class Machine:
    """A bare Debian, and somebody at its shell: where they are and what they set stays from one block to the next."""

    here: Path
    #: What stands in the documents, and what stands for it on this machine.
    instead: dict[str, str]
    unused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.unused = {*self.instead}
        self.sit_down()

    def sit_down(self) -> None:
        """Begin in the folder of the source, with nothing set."""
        (self.here / "opt/session").write_text(f"cd {SOURCE}\n")

    def run(self, lines: str) -> str:
        """Run lines of a document as they stand, but for what stands for an example; give what they say."""
        for old, new in self.instead.items():
            if old in lines:
                self.unused.discard(old)
                lines = lines.replace(old, new)
        return self.do(lines)

    def do(self, lines: str) -> str:
        """Run lines at the shell; give what they say."""
        script = f'. /opt/session\nset -eu\n{lines}\n{{ echo "cd \'$PWD\'"; umask | sed "s/^/umask /"; export -p; }} > /opt/session\n'
        trust = {"REQUESTS_CA_BUNDLE": "/etc/ssl/certs/ca-certificates.crt", "HOME": "/root"}
        return chroot(self.here, ["sh", "-ec", script], trust)

    def walk(
        self,
        page: str,
        *,
        until: str = "",
        after: str = "",
        before: dict[str, Callable[[], None]] | None = None,
    ) -> Iterator[Block]:
        """Run the blocks of a document in order, from one heading to another; give each when it is done."""
        found = blocks(page)
        titles = [one.heading for one in found]
        first = titles.index(after) if after else 0
        last = titles.index(until) if until else len(found)
        for block in found[first:last]:
            if block.first in NOT_RUN:
                continue
            (before or {}).get(block.first, lambda: None)()
            self.run(block.lines)
            if "apt-get install" in block.lines and "postgresql" in block.lines:
                self.do("systemctl start postgresql")  # as the package does where systemd runs
            yield block


def test_every_block_that_is_not_run_is_in_a_document():
    first = {one.first for page in ("operate.md", "adopt.md", "more-machines.md") for one in blocks(page)}
    assert NOT_RUN.keys() - first == set()


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    """Give ports of this machine that nobody listens on: the bare system shares its network."""
    return {name: free_port() for name in ("https", "http", "serve", "oidc", "archive")}


@pytest.fixture(scope="module")
def machine(ports, tmp_path_factory) -> Iterator[Machine]:
    """Make a bare Debian with the release's source in it and what is built of that; nothing of ours is installed."""
    folder = tmp_path_factory.mktemp("live")
    here = bare(folder / "debian")
    prepare_network(here)
    with (here / "etc/hosts").open("a") as file:
        file.write(f"\n127.0.0.1 {HOST} {LOGIN}\n")
    release = here / "srv/release"
    release.mkdir()
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(release)], cwd=ROOT, check=True, capture_output=True)
    for name in ("deploy", "languages"):
        shutil.copytree(ROOT / name, here / SOURCE.lstrip("/") / name)
    lets_us_in(here / SOURCE.lstrip("/") / "deploy/Caddyfile", ports)
    shutil.copy(ROOT / "tests/soak/systemctl.py", here / "usr/local/sbin/systemctl")
    shutil.copy(ROOT / "tests/soak/first_people.py", here / "opt/first_people.py")
    (here / "usr/local/sbin/systemctl").chmod(0o755)
    day = datetime.now(tz=UTC).date().isoformat()
    instead = {
        "[serve]\n": f"[serve]\nport = {ports['serve']}\n",  # the network is shared with other tests
        HOST: f"{HOST}:{ports['https']}",
        "libraries/director": OFFICE,  # an office of this pack
        "alongside pack new mycity.toml": "alongside pack new mycity.toml < /opt/answers",  # nobody types
        "sftp:backup@elsewhere.example.org:alongside": "/srv/away",  # no other machine
        "/var/lib/alongside-base/2026-11-29 ": f"/var/lib/alongside-base/{day} ",
        "2026-11-29 14:05:00 UTC": "MINUTE",  # told below, once it is known
        "python3 -m http.server": "timeout 3 python3 -m http.server",  # it serves for ever
        "now 8080": f"now {ports['archive']} || [ $? = 124 ]",
    }  # fmt: skip
    (here / "opt/answers").write_text("\n".join(ANSWERS) + "\n")
    with mounted(here):
        yield Machine(here, instead)


def lets_us_in(caddyfile: Path, ports: dict[str, int]) -> None:
    """Let Caddy make certificates itself, for names that nobody has, at ports that are free; and speak https before the provider, too."""
    text = caddyfile.read_text()
    upstream = "{$ALONGSIDE_UPSTREAM:127.0.0.1:8000}"
    for old, new in (
        ("admin off\n", f"admin off\n\tlocal_certs\n\tskip_install_trust\n\thttp_port {ports['http']}\n\thttps_port {ports['https']}\n"),
        (upstream, f"127.0.0.1:{ports['serve']}"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    caddyfile.write_text(
        f"{text}\n{LOGIN}:{ports['https']} {{\n\treverse_proxy 127.0.0.1:{ports['oidc']}\n}}\n"
    )


def go_through(file: Path) -> None:
    """Go through a new pack as adopt.md asks: write what is missing, in every language, and say that each is whole. English stands for the words of others."""
    text = read_pack(file)
    text = (
        text.replace("example.org", "example.gov")
        .replace("retention = []", "")
        .replace("complete = false", "complete = true")
        + RETENTION
    )

    def whole(words: re.Match[str]) -> str:
        english = re.search(r'en = ("(?:[^"\\]|\\.)*")', words[0])[1]
        missing = [f"{lang} = {english}" for lang in LANGUAGES if f" {lang} = " not in words[0]]
        return f"{words[0][:-1]}, {', '.join(missing)}}}" if missing else words[0]

    text = re.sub(r"\{en = .*?\"\}", whole, text)
    patterns = "".join(f'{lang} = ["visa"]\n' for lang in LANGUAGES if lang != "es")
    file.write_text(
        text.replace("[forbidden.patterns]\n", f"[forbidden.patterns]\n{patterns}"), encoding="utf-8"
    )


def read_all(file: Path) -> None:
    """Translate what waits, as somebody who speaks the language would: English stands for their words."""
    with file.open("rb") as source:
        catalogue = read_po(source)
    for one in catalogue:
        if one.id and not (one.string if isinstance(one.string, str) else all(one.string)):
            one.string = one.id if isinstance(one.id, str) else (one.id[1],) * len(one.string)
    with file.open("wb") as target:
        write_po(target, catalogue)


def bring_languages(machine: Machine) -> None:
    """Do what translate.md says: bring Russian and Somali, and note of each language that a person has read it."""
    machine.do(
        f"install -d -o alongside /etc/alongside/languages\ncp -r {SOURCE}/languages/. /etc/alongside/languages\nchown -R alongside /etc/alongside/languages"
    )
    config = machine.here / "etc/alongside/alongside.toml"
    (said,) = (one.lines for one in blocks("translate.md", "toml") if one.lines.startswith("languages"))
    config.write_text(said + config.read_text())
    for lang in ("ru", "so"):
        machine.do(f"alongside languages renew {lang}")
        read_all(machine.here / f"etc/alongside/languages/{lang}/public.po")
    machine.do("alongside languages check")
    for lang in LANGUAGES:
        machine.do(f'alongside languages read {lang} --by "Two teachers"')


def name_the_provider(machine: Machine, issuer: str) -> None:
    """Do what single-sign-on.md says: trust the provider (here its certificate, too), and say which group gives which post."""
    machine.do(
        "cp /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt /usr/local/share/ca-certificates/live.crt\nupdate-ca-certificates"
    )
    (said,) = (one.lines for one in blocks("single-sign-on.md", "toml"))
    for old, new in (
        ("https://login.example.gov/realms/staff", issuer),
        ('secret = "..."', f'secret = "{SECRET}"'),
        ('program = "example"', 'program = "mycity"'),
        ("bts/manager", OFFICE),
    ):
        assert old in said
        said = said.replace(old, new)
    with (machine.here / "etc/alongside/alongside.toml").open("a") as file:
        file.write(f"\n{said}")
    machine.do("systemctl restart alongside")


def query(machine: Machine, sql: str) -> str:
    """Ask the database as its owner."""
    return machine.do(f'runuser -u postgres -- psql -tA -d alongside -c "{sql}"').strip()


@pytest.fixture
def browsers(playwright, ports) -> Iterator[Callable[[], Page]]:
    """Give a maker of browsers that find the two names on this machine, and nothing else."""
    args = [
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP {LOGIN} 127.0.0.1, MAP * ~NOTFOUND",
        "--no-sandbox",
    ]
    made = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=args
    )

    def person() -> Page:
        page = made.new_context(
            base_url=f"https://{HOST}:{ports['https']}", ignore_https_errors=True
        ).new_page()
        page.set_default_timeout(30_000)
        return page

    yield person
    made.close()


def wait_until_ready(machine: Machine, ports: dict[str, int]) -> None:
    """Wait until the site answers behind its proxy."""
    ask = f"import urllib.request as u; u.urlopen('https://{HOST}:{ports['https']}/ready', timeout=5)"
    end = time.monotonic() + 300
    while True:
        try:
            machine.do(f'python3 -c "{ask}"')
        except AssertionError as error:
            assert time.monotonic() < end, f"{error}{said(machine)}"
            time.sleep(1)
        else:
            return


def said(machine: Machine) -> str:
    """Give the end of what the site said."""
    return (machine.here / "run/units/alongside.log").read_text()[-3000:]


def test_a_housing_program_goes_live_from_a_bare_machine_by_the_lines_of_the_documents(
    machine, ports, browsers
):
    began = time.monotonic()
    issuer = f"https://{LOGIN}:{ports['https']}"

    # Given a bare Debian, when the lines of operate.md are run, then something serves
    done = list(machine.walk("operate.md", until="In containers"))
    assert len(done) == 8

    # When the lines of adopt.md are run, with the pack gone through between, then a program is open and its first people are in
    machine.sit_down()
    pack = machine.here / "var/lib/alongside/mycity.toml"
    with running(ports["oidc"], ours=f"https://{HOST}:{ports['https']}", issuer=issuer) as city:
        for block in machine.walk("adopt.md", until="5. Let others check"):
            if "pack new" in block.lines:
                go_through(pack)
        bring_languages(machine)
        name_the_provider(machine, issuer)
        wait_until_ready(machine, ports)

        # When a manager signs in with the account at work, then the office is held
        city.tell(nora=NORA)
        nora = browsers()
        nora.goto("/en/accounts/sign-in/?next=/mycity/en/")
        nora.get_by_role("button", name="City of Example").click()
        nora.get_by_label("Who are you?").fill("nora")
        nora.get_by_role("button", name="Go on").click()
        nora.wait_for_url(f"https://{HOST}:{ports['https']}/mycity/en/**")
        assert re.search(
            rf"{OFFICE}.*nora@example.gov|nora@example.gov.*{OFFICE}",
            machine.do("alongside program people mycity"),
        )

    # When leads sit and ask, then a resident reads it in Somali, and what they say is sealed and kept
    told = machine.do(
        "ALONGSIDE_CONFIG=/etc/alongside/alongside.toml runuser -u alongside -- "
        f"/srv/alongside/bin/python /opt/first_people.py mycity {OFFICE} en {' '.join(LANGUAGES)}"
    )
    secret = told.split()[-1]
    resident = browsers()
    front = resident.goto("/mycity/so/")
    assert (front.status, resident.locator("html").get_attribute("lang")) == (200, "so")
    assert {*LANGUAGES} <= {one.get_attribute("lang") for one in resident.locator("a[lang]").all()}
    resident.goto("/mycity/so/engagements/repairs/")
    resident.locator("main textarea").first.fill(SAYS)
    resident.locator("[data-seal]").click()
    resident.locator(".digits").wait_for()
    assert re.fullmatch(r"\d{30}", re.sub(r"\s", "", resident.locator(".digits").inner_text()))
    kept = query(machine, "SELECT encode(sealed, 'hex') FROM voices_voice")
    assert SAYS.encode() in open_sealed(bytes.fromhex(kept), [secret])
    assert SAYS not in said(machine)

    # When others check, then the record holds
    machine.do("alongside record sign")
    assert [one.heading for one in machine.walk("adopt.md", after="5. Let others check")] == [
        "5. Let others check"
    ]

    # When what operate.md says of copies, of a minute, of archives and of a new release is run, then nothing is lost
    machine.sit_down()
    machine.do("install -d -o alongside -m 700 /srv/away")
    copies = {"pg_createcluster 17 minute": lambda: let_a_minute_pass(machine)}
    ran = [one.heading for one in machine.walk("operate.md", after="In containers", before=copies)]
    assert {
        "Each night, encrypted, on another machine",
        "To the minute, on PostgreSQL",
        "Restore",
        "Publish, and keep",
        "Upgrade",
    } <= {*ran}
    wait_until_ready(machine, ports)
    assert query(machine, "SELECT encode(sealed, 'hex') FROM voices_voice") == kept
    list(machine.walk("adopt.md", after="5. Let others check"))
    assert resident.goto("/mycity/so/engagements/repairs/").status == 200

    assert machine.unused == set(), "These stand in no document any more; take them out."
    took = time.monotonic() - began
    print(f"From a bare machine to a kept voice, copies and a new release: {took / 60:.1f} minutes.")
    assert took < LONGEST


def let_a_minute_pass(machine: Machine) -> None:
    """Let something happen after a minute that is told, and let the archive have it."""
    machine.instead["2026-11-29 14:05:00 UTC"] = datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    time.sleep(2)
    machine.do("alongside program steward mycity late@example.gov")
    segment = query(machine, "SELECT pg_walfile_name(pg_switch_wal())")
    end = time.monotonic() + 60
    while not (machine.here / "var/lib/alongside-wal" / segment).exists():
        assert time.monotonic() < end, "The archive did not get what changed."
        time.sleep(0.2)

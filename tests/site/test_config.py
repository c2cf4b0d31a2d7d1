"""The one configuration file."""

import re
import sqlite3
import typing
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from alongside.site import database
from alongside.site.config import BadConfigError, Config, from_environment, load

SAFE = {
    "mode": '"production"',
    "secret": f'"{"k9Qx7mW2pL4v" * 5}"',
    "address": '"https://alongside.example.org"',
    "mail": '{kind = "smtp"}',
    "source": '"https://code.example.org/alongside"',
}


def written(folder: Path, **values: str) -> Path:
    """Write a configuration file of these top-level values."""
    path = folder / "alongside.toml"
    path.write_text("".join(f"{key} = {value}\n" for key, value in values.items()), encoding="utf-8")
    return path


def refusal(folder: Path, **values: str) -> str:
    """Give the words with which this configuration is refused."""
    with pytest.raises(BadConfigError) as error:
        load(written(folder, **values))
    return str(error.value)


def keys_of(shape: type, prefix: str = "") -> set[str]:
    """List every key of the configuration as a dotted name."""
    hints = typing.get_type_hints(shape)
    found = set()
    for each in fields(shape):
        kind = hints[each.name]
        kind = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind
        found |= keys_of(kind, f"{prefix}{each.name}.") if is_dataclass(kind) else {prefix + each.name}
    return found


def test_a_safe_production_file_is_accepted(tmp_path):
    config = load(written(tmp_path, **SAFE))
    assert (config.production, config.host, config.data) == (True, "alongside.example.org", tmp_path / "data")


def test_nothing_needs_to_be_written_for_the_demonstration(tmp_path):
    config = load(None, data=tmp_path / "new")
    assert (config.mode, config.database.kind, config.mail.kind) == ("demo", "sqlite", "files")
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_all_read_one_whole_secret(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: load(None, data=tmp_path).secret, range(64)))
    assert (len(set(made)), len(made[0])) == (1, 64)
    assert [one.name for one in tmp_path.iterdir() if "secret" in one.name] == ["secret"]


def test_the_made_secret_stays_the_same(tmp_path):
    assert load(None, data=tmp_path).secret == load(None, data=tmp_path).secret


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("secret", '""'),
        ("secret", '"short"'),
        ("secret", f'"{"k9" * 30}"'),
        ("secret", f'"{"change-me" * 9}"'),
        ("demonstration_sign_in", "true"),
        ("debug", "true"),
        ("address", '"http://alongside.example.org"'),
        ("mail", '{kind = "files"}'),
        ("source", '""'),
        ("source", '"javascript:alert(1)"'),
    ],
)
def test_production_does_not_start_unsafe_and_names_the_key_and_the_cure(tmp_path, key, value):
    said = refusal(tmp_path, **SAFE | {key: value})
    assert re.match(rf"{key}(\.kind)?: ", said)
    assert re.search(r"Take the line out|Make one|needs an https|Write \[mail\]|Write the https", said)


def test_production_does_not_start_with_no_secret_at_all(tmp_path):
    unsafe = {key: value for key, value in SAFE.items() if key != "secret"}
    assert refusal(tmp_path, **unsafe).startswith("secret: ")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"colour": "1"}, "colour: there is no such key."),
        ({"reader_origin": '"https://reader.example.org/"'}, "reader_origin: write scheme and host alone"),
        ({"reader_origin": '"reader.example.org"'}, "reader_origin: write scheme and host alone"),
        (
            SAFE | {"reader_origin": '"http://reader.example.org"'},
            "reader_origin: production needs an https://",
        ),
        ({"debug": '"yes"'}, "debug: write true or false, not 'yes'."),
        ({"mode": '"prod"'}, "mode: use one of demo, production, not 'prod'."),
        ({"serve": '"fast"'}, "serve: this is a table. Write [serve] and its keys below."),
        ({"serve": "{port = true}"}, "serve.port: write a whole number, not True."),
        ({"database": '{replica = "db2"}'}, "database.replica: only PostgreSQL has one."),
        ({"mail": '{kind = "pigeon"}'}, "mail.kind: use one of files, smtp, not 'pigeon'."),
    ],
)
def test_a_wrong_key_or_value_is_refused_by_name(tmp_path, values, said):
    assert refusal(tmp_path, **values).startswith(said)


def test_the_address_of_another_reader_is_taken_from_the_file(tmp_path):
    values = SAFE | {"reader_origin": '"https://reader.example.org"'}
    assert load(written(tmp_path, **values)).reader_origin == "https://reader.example.org"
    assert load(None, data=tmp_path / "none").reader_origin == ""


def test_what_is_acknowledged_is_on_the_disk(tmp_path):
    """FULL is 2: in WAL mode each commit waits until its page is on the disk, so a loss of power loses nothing."""
    config = load(written(tmp_path, data=f'"{tmp_path}"'))
    given = database.database(config)
    with closing(sqlite3.connect(given["NAME"])) as made:
        made.executescript(given["OPTIONS"]["init_command"])
        assert made.execute("PRAGMA synchronous").fetchone() == (2,)
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_of_several_hosts_the_one_that_takes_writes_is_used_and_a_replica_only_while_it_is_one(tmp_path):
    given = '{kind = "postgresql", host = "db1,db2", replica = "db2"}'
    made = database.databases(load(written(tmp_path, database=given)))
    asked = {alias: (one["HOST"], one["OPTIONS"]["target_session_attrs"]) for alias, one in made.items()}
    assert asked == {"default": ("db1,db2", "read-write"), "replica": ("db2", "standby")}


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadConfigError, match="There is no file .*absent.toml"):
        load(tmp_path / "absent.toml")


def test_a_port_given_at_start_becomes_the_address(tmp_path):
    config = from_environment({"ALONGSIDE_DATA": str(tmp_path), "ALONGSIDE_PORT": "8123"})
    assert (config.serve.port, config.address) == (8123, "http://localhost:8123")


def test_every_key_is_documented_and_nothing_else():
    page = (Path(__file__).parents[2] / "docs/reference/configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    assert documented == keys_of(Config)


ONE = """
[[sso]]
id = "city"
name = "City"
issuer = "https://login.example.gov"
client = "alongside"
secret = "s"
domains = "example.gov"
"""
ITS_POST = """
[[sso.posts]]
group = "g"
program = "p"
post = "steward"
"""


def test_providers_and_what_their_groups_give_are_read_in_their_order(tmp_path):
    file = tmp_path / "alongside.toml"
    file.write_text(
        ONE
        + ITS_POST
        + ITS_POST.replace('"g"', '"h"')
        + ONE.replace("city", "county").replace("example.gov", "county.gov")
    )
    first, second = load(file).sso
    assert [one.group for one in first.posts] == ["g", "h"]
    assert (first.verified, first.hours, first.days, second.id, second.posts) == (
        "claim",
        12,
        30,
        "county",
        (),
    )


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        (ONE.replace('id = "city"\n', ""), "sso.id: this key is needed in each [[sso]]."),
        (ONE.replace('domains = "example.gov"\n', ""), "sso.domains: this key is needed"),
        (
            ONE + ITS_POST.replace('post = "steward"\n', ""),
            "sso.posts.post: this key is needed in each [[sso.posts]].",
        ),
        (ONE.replace("[[sso]]", "[sso]"), "sso: this is a list of tables. Write [[sso]]"),
        (ONE + 'posts = "g"', "sso.posts: this is a list of tables."),
        (ONE + 'role = "g"', "sso.role: there is no such key."),
        (ONE + 'verified = "yes"', "sso.verified: use one of claim, domain"),
        (ONE + "hours = 0", "sso.hours, sso.days: write 1 or more."),
        (ONE + 'scope = "email"', "sso.scope: openid is needed"),
        (ONE.replace('"city"', '"a/b"'), "sso.id: write up to 40 small letters and digits"),
        (ONE + ONE.replace('"example.gov"', '"b.gov"'), "sso.id: write up to 40 small letters and digits"),
        (
            ONE + ONE.replace('"city"', '"county"').replace('"example.gov"', '"EXAMPLE.gov"'),
            "two providers speak for one domain",
        ),
        (ONE.replace('"example.gov"', '"*.gov"'), "sso.domains: write whole domains"),
        (ONE.replace('"example.gov"', '""'), "sso.domains: write whole domains"),
        (ONE.replace('secret = "s"', 'secret = ""'), "name, client and secret may not be empty"),
        (ONE.replace("https://", "ftp://"), "sso.issuer: write its whole https:// address"),
    ],
)
def test_a_provider_that_others_could_speak_for_is_refused_with_the_cure(tmp_path, text, cure):
    file = tmp_path / "alongside.toml"
    file.write_text(text)
    with pytest.raises(BadConfigError, match=re.escape(cure)):
        load(file)


def test_production_reads_who_signs_in_over_https_alone(tmp_path):
    file = written(tmp_path, **SAFE)
    file.write_text(file.read_text() + ONE.replace("https://login", "http://login"))
    with pytest.raises(BadConfigError, match="sso.issuer"):
        load(file)


def test_a_copy_has_another_host_carries_no_key_and_sends_nothing(tmp_path):
    real = '"https://alongside.example.org"'
    copy = SAFE | {
        "copy_of": real,
        "address": '"https://copy.example.org"',
        "text": '{gateway = "https://t.example.org"}',
    }
    config = load(written(tmp_path, **copy))
    assert (config.mail.kind, config.text.gateway) == ("files", "")
    assert refusal(tmp_path, **(SAFE | {"copy_of": real})).startswith("copy_of: write the whole address")
    assert refusal(tmp_path, **(copy | {"copy_of": '"there"'})).startswith("copy_of: write the whole address")
    (tmp_path / "data/keys/delta.key").write_text("PRIVATE+KEY+delta")
    assert refusal(tmp_path, **copy) == (
        f"keys: a copy carries no key. Move delta.key out of {tmp_path / 'data/keys'}."
    )


def test_whom_to_tell_of_a_weakness_is_an_address(tmp_path):
    assert refusal(tmp_path, security_contact='"security@example.org"').startswith(
        "security_contact: write an address"
    )

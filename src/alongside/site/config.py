"""The one configuration file, `alongside.toml`, as typed values; refuses what would not be safe."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import secrets
import sys
import tempfile
import tomllib
import typing
from pathlib import Path
from urllib.parse import urlsplit

CHOICES = {
    "mode": ("demo", "production"),
    "database.kind": ("sqlite", "postgresql"),
    "mail.kind": ("files", "smtp"),
    "mail.encryption": ("none", "starttls", "tls"),
    "sso.verified": ("claim", "domain"),
    "log.form": ("lines", "json"),
}


class BadConfigError(Exception):
    """The configuration cannot be used; the message names the key and says the cure."""


def typed[T](shape: type[T], table: dict[str, typing.Any], prefix: str) -> T:
    """Build the dataclass `shape` from a TOML table, refusing unknown keys, wrong types and wrong choices."""
    hints = typing.get_type_hints(shape)
    values: dict[str, typing.Any] = {}
    for key, value in table.items():
        where = prefix + key
        if key not in hints:
            known = ", ".join(prefix + k for k in hints)
            raise BadConfigError(f"{where}: there is no such key. Use one of: {known}.")
        values[key] = _value(hints[key], value, where)
    missing = [
        prefix + one.name
        for one in dataclasses.fields(shape)  # type: ignore[arg-type]  # every shape here is a dataclass
        if one.name not in values and one.default is one.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise BadConfigError(f"{missing[0]}: this key is needed in each [[{prefix[:-1]}]].")
    return shape(**values)


def _value(hint: typing.Any, value: typing.Any, where: str) -> typing.Any:
    """Return `value` as the type that `hint` asks for, or refuse it by name."""
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise BadConfigError(
                f"{where}: this is a list of tables. Write [[{where}]] above the keys of each."
            )
        return tuple(_value(typing.get_args(hint)[0], one, where) for one in value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise BadConfigError(f"{where}: this is a table. Write [{where}] and its keys below.")
        return typed(hint, value, where + ".")
    kind: type[typing.Any] = next(t for t in (Path, bool, int, str) if hint in {t, t | None})
    wanted = str if kind is Path else kind
    if type(value) is not wanted:
        words = {str: "text in quotes", int: "a whole number", bool: "true or false"}[wanted]
        raise BadConfigError(f"{where}: write {words}, not {value!r}.")
    if where in CHOICES and value not in CHOICES[where]:
        raise BadConfigError(f"{where}: use one of {', '.join(CHOICES[where])}, not {value!r}.")
    return kind(value)


SHORTEST_SECRET = 50
FEWEST_LETTERS = 10
PLACEHOLDER = "change-me"


@dataclasses.dataclass(frozen=True, slots=True)
class Database:
    """The `[database]` table: where rows are kept."""

    kind: str = "sqlite"
    name: str = "alongside"
    host: str = ""
    port: int = 5432
    user: str = ""
    password: str = ""
    pool: int = 8
    replica: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Mail:
    """The `[mail]` table: how mail leaves."""

    kind: str = "files"
    sender: str = "Alongside <alongside@localhost>"
    host: str = "localhost"
    port: int = 1025
    user: str = ""
    password: str = ""
    encryption: str = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """The `[text]` table: the gateway through which text messages leave; without one none are sent."""

    gateway: str = ""
    token: str = ""
    sender: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Serve:
    """The `[serve]` table: the processes that answer and work."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    threads: int = 4
    tick_seconds: int = 60
    behind_proxy: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """The `[health]` table: when the health page says that something is wrong."""

    token: str = ""
    head_hours: int = 24
    tick_minutes: int = 15
    disk_free_mb: int = 512
    mail_waiting: int = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    """The `[log]` table: how what went wrong is written to standard error."""

    form: str = "lines"


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """The `[clock]` table: the addresses, with spaces between, of machines whose clocks are asked where ours jumped."""

    ask: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Gives:
    """A `[[sso.posts]]` table: the post in a program that a group of the provider gives."""

    group: str
    program: str
    post: str


@dataclasses.dataclass(frozen=True, slots=True)
class Provider:
    """A `[[sso]]` table: a provider (OpenID Connect) that signs staff in."""

    id: str
    name: str
    issuer: str
    client: str
    secret: str
    #: Domains of email addresses, with spaces between, for which this provider speaks.
    domains: str
    verified: str = "claim"
    scope: str = "openid email"
    groups: str = "groups"
    hours: int = 12
    days: int = 30
    posts: tuple[Gives, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    """The whole file. `data`, `keys` and, where it is set, `languages` are absolute after `load`."""

    mode: str = "demo"
    address: str = "http://localhost:8000"
    data: Path = Path("data")
    keys: Path = Path()
    secret: str = ""
    debug: bool = False
    demonstration_sign_in: bool | None = None
    reader_origin: str = ""
    source: str = ""
    security_contact: str = ""
    copy_of: str = ""
    languages: Path = Path()
    database: Database = dataclasses.field(default_factory=Database)
    mail: Mail = dataclasses.field(default_factory=Mail)
    text: Text = dataclasses.field(default_factory=Text)
    serve: Serve = dataclasses.field(default_factory=Serve)
    health: Health = dataclasses.field(default_factory=Health)
    log: Log = dataclasses.field(default_factory=Log)
    clock: Clock = dataclasses.field(default_factory=Clock)
    sso: tuple[Provider, ...] = ()

    @property
    def production(self) -> bool:
        """Say whether real people are served."""
        return self.mode == "production"

    @property
    def host(self) -> str:
        """Give the host name of the public address."""
        return urlsplit(self.address).hostname or "localhost"


def load(path: Path | None, *, data: Path | None = None) -> Config:
    """Read the file at `path` (none: every default), refuse what is unsafe, make the data folder, return the values."""
    table: dict[str, typing.Any] = {}
    if path is not None:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BadConfigError(
                f"There is no file {path}. Name one with --config, or leave it out."
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise BadConfigError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    config = typed(Config, table, "")
    base = path.parent if path else Path.cwd()
    folder = (data or base / config.data).expanduser().resolve()
    keys = (base / config.keys).expanduser().resolve() if config.keys != Path() else folder / "keys"
    languages = (base / config.languages).expanduser().resolve() if config.languages != Path() else Path()
    config = dataclasses.replace(config, data=folder, keys=keys, languages=languages)
    refuse(config)
    if config.copy_of:  # nothing leaves a copy
        config = dataclasses.replace(config, mail=Mail(sender=config.mail.sender), text=Text())
    folder.mkdir(parents=True, exist_ok=True)
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    return config if config.secret else dataclasses.replace(config, secret=_made_secret(folder))


def from_environment(environment: typing.Mapping[str, str] = os.environ) -> Config:
    """Load what ALONGSIDE_CONFIG, _DATA and _PORT name; without the first, `alongside.toml` here if there is one."""
    named, data, port = (environment.get(f"ALONGSIDE_{key}", "") for key in ("CONFIG", "DATA", "PORT"))
    path = Path(named) if named else Path("alongside.toml")
    config = load(path if named or path.exists() else None, data=Path(data) if data else None)
    if not port:
        return config
    address = f"http://localhost:{port}" if config.address == Config().address else config.address
    serve = dataclasses.replace(config.serve, port=int(port))
    return dataclasses.replace(config, address=address, serve=serve)


def mailer(config: Config) -> dict[str, typing.Any]:
    """Return Django's MAILERS["default"] for the configured way out."""
    given = config.mail
    if given.kind == "files":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(config.data / "mail")},
        }
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": given.host,
            "port": given.port,
            "username": given.user,
            "password": given.password,
            "use_tls": given.encryption == "starttls",
            "use_ssl": given.encryption == "tls",
            "timeout": 20,
        },
    }


def refuse(config: Config) -> None:
    """Raise BadConfigError for a set of values that must not serve people."""
    if not config.address.startswith(("http://", "https://")) or config.address.endswith("/"):
        raise BadConfigError('address: write it whole and without a last slash, as in "https://example.org".')
    _refuse_reader(config)
    _refuse_providers(config)
    _refuse_copy(config)
    _refuse_contacts(config)
    _refuse_missing(config)
    if not config.production:
        return
    if config.debug:
        raise BadConfigError("debug: it shows private state to anyone. Take the line out in production.")
    if config.demonstration_sign_in:
        raise BadConfigError("demonstration_sign_in: anyone is anyone. Take the line out in production.")
    few = len(set(config.secret)) < FEWEST_LETTERS
    if len(config.secret) < SHORTEST_SECRET or few or PLACEHOLDER in config.secret:
        made = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        raise BadConfigError(
            f"secret: production needs its own, at least {SHORTEST_SECRET} long. Make one: {made}"
        )
    if not config.address.startswith("https://"):
        raise BadConfigError("address: production needs an https:// address; sealing needs it to be safe.")
    if not config.source.startswith("https://"):
        raise BadConfigError("source: the license gives all its source. Write the https:// address of it.")
    if config.mail.kind == "files" and not config.copy_of:
        raise BadConfigError('mail.kind: letters would stay here. Write [mail] with kind = "smtp" and host.')


def _refuse_reader(config: Config) -> None:
    """Refuse an address of the reader that no browser would send as its origin, or that others could listen to."""
    parts = urlsplit(config.reader_origin)
    if not config.reader_origin:
        return
    if parts.scheme not in {"http", "https"} or config.reader_origin != f"{parts.scheme}://{parts.netloc}":
        raise BadConfigError(
            'reader_origin: write scheme and host alone, as in "https://reader.example.org".'
        )
    if config.production and parts.scheme != "https":
        raise BadConfigError("reader_origin: production needs an https:// address for what leads open.")


def _refuse_providers(config: Config) -> None:
    """Refuse a provider that others could speak for, or that speaks for another one's people."""
    secure = ("https://",) if config.production else ("https://", "http://")
    ids = [one.id for one in config.sso]
    spoken_for = [domain for one in config.sso for domain in one.domains.lower().split()]
    for one in config.sso:
        if not re.fullmatch(r"[a-z0-9]{1,40}", one.id) or ids.count(one.id) > 1:
            raise BadConfigError(
                "sso.id: write up to 40 small letters and digits, other ones for each provider."
            )
        if not one.issuer.startswith(secure):
            raise BadConfigError("sso.issuer: write its whole https:// address; who signs in is read there.")
        if not one.name or not one.client or not one.secret:
            raise BadConfigError("sso: name, client and secret may not be empty.")
        if "openid" not in one.scope.split():
            raise BadConfigError("sso.scope: openid is needed among the words.")
        if not one.domains.split() or any("@" in domain or "*" in domain for domain in one.domains.split()):
            raise BadConfigError('sso.domains: write whole domains, as in "example.gov police.example.gov".')
        if one.hours < 1 or one.days < 1:
            raise BadConfigError("sso.hours, sso.days: write 1 or more.")
    if len(set(spoken_for)) < len(spoken_for):
        raise BadConfigError("sso.domains: two providers speak for one domain. Leave it to one of them.")


def _refuse_contacts(config: Config) -> None:
    """Refuse where texts would go in the clear, or an address at which nobody is reached."""
    secure = ("https://",) if config.production else ("https://", "http://")
    if config.text.gateway and not config.text.gateway.startswith(secure):
        raise BadConfigError("text.gateway: write a whole https:// address; numbers pass through it.")
    if config.security_contact and not config.security_contact.startswith(("https://", "mailto:", "tel:")):
        raise BadConfigError(
            'security_contact: write an address, as in "mailto:security@example.org" or "https://example.org/security".'
        )


def _refuse_missing(config: Config) -> None:
    """Refuse a folder that is not there, and a replica of what has none."""
    if config.database.replica and config.database.kind != "postgresql":
        raise BadConfigError("database.replica: only PostgreSQL has one. Take the line out.")
    if config.languages != Path() and not config.languages.is_dir():
        raise BadConfigError(
            f"languages: there is no folder {config.languages}. Make it, or take the line out."
        )


def _refuse_copy(config: Config) -> None:
    """Refuse a copy for trying things out that could pass for what it is a copy of, or sign as it."""
    if not config.copy_of:
        return
    if not urlsplit(config.copy_of).hostname or urlsplit(config.copy_of).hostname == config.host:
        raise BadConfigError(
            "copy_of: write the whole address of what this is a copy of; a copy has another host, in address."
        )
    if found := sorted(one.name for one in config.keys.glob("*.key")):
        raise BadConfigError(f"keys: a copy carries no key. Move {', '.join(found)} out of {config.keys}.")


def _made_secret(folder: Path) -> str:
    """Return the secret kept in the data folder, making it (mode 600) the first time."""
    path = folder / "secret"
    if not path.exists():
        # Written whole before it has its name: of processes that start at once, all read the one that came first.
        handle, begun = tempfile.mkstemp(dir=folder, prefix="secret-")  # mode 600
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(begun, path)
        os.unlink(begun)  # noqa: PTH108 -- a path as mkstemp gives it
    return path.read_text(encoding="ascii")


def stop(error: BadConfigError) -> typing.NoReturn:
    """Print the refusal without a traceback and leave."""
    sys.exit(f"alongside: {error}")

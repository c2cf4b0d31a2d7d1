"""Backup, restore and upgrade. Keys and the high-water mark are never in a backup: a restored record cannot sign.

Nor is what signs people in (see fleeting): a stolen backup opens no desk. Each carries a mark made with the secret of the server,
so one that somebody altered, or made, is not restored as one of ours.
"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from alongside.check.verdict import for_terminal
from alongside.ground.record import search_tables
from alongside.site import fleeting

SQLITE = "alongside.sqlite3"
POSTGRES = "alongside.dump"
ROWS = "alongside.rows.zip"
FORMAT = 1


def backup(file: Path, *, is_portable: bool = False, program: str = "") -> None:
    """Write the whole database to `file`, while people work. Refuses to write over a file.

    One that is portable is taken in by every kind of database, and can hold one program alone; nobody can write meanwhile.
    """
    if file.exists():
        raise CommandError(f"{file} is there already. Name a file that is not, or move that one away.")
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        dump = _dump_rows(Path(folder), program) if is_portable or program else _dump(Path(folder))
        about = {
            "format": FORMAT,
            "made_on": datetime.now(tz=UTC).date().isoformat(),
            "release": version("alongside"),
            "address": settings.ALONGSIDE.address,
            "database": dump.name,
            "sha256": _sha256(dump),
        }
        about["mark"] = _mark(about)
        label = Path(folder) / "about.json"
        label.write_text(json.dumps(about, indent=1), encoding="ascii")
        part = file.with_name(file.name + ".part")
        with tarfile.open(part, "w:gz") as archive:
            archive.add(label, label.name)
            archive.add(dump, dump.name)
        part.chmod(0o600)
        part.rename(file)
    _say(
        f"Wrote {file}. Not in it: the keys and the high-water mark in {settings.ALONGSIDE.keys}. Keep them elsewhere."
    )


def restore_as_copy(file: Path) -> None:
    """Put the database of a backup of another site in an empty place, to try things out: nothing leaves there, and nothing is signed.

    Refuses where the configuration does not say `copy_of`, or names another site than the one that the backup is of.
    """
    told = settings.ALONGSIDE.copy_of
    if not told:
        raise CommandError("This is no copy. Write copy_of, the address of the site it is a copy of.")
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        about, dump = _unpack(file, Path(folder))
        if about.get("address", told) != told:
            raise CommandError(f"{file} is of {about['address']}, and copy_of says {told}. Correct copy_of.")
        _put(file, about, dump)
    _say(
        f"A copy of {told} as of {about['made_on']}. It sends no letters and signs nothing, and each page says that it is a copy. "
        "It holds what people told the real site: let nobody in who may not read that."
    )


def restore(file: Path, *, without_mark: bool = False) -> None:
    """Put the database of a backup in place of an empty or missing one; stop `alongside serve` first.

    Refuses a backup whose mark was not made with the secret of this server. Where `without_mark` says to go on all the same, prints
    who can sign in by it, and as what, for somebody to compare.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        about, dump = _unpack(file, Path(folder))
        if settings.ALONGSIDE.copy_of:
            raise CommandError("This is a copy. Run alongside restore --as-copy.")
        if not without_mark and not constant_time_compare(str(about.get("mark")), _mark(about)):
            raise CommandError(
                f"The secret of this server did not make the mark on {file}: somebody altered it, a release before this one made it, "
                "or the secret is another. Use another backup, or put the secret back. Where you know that it is yours: --without-mark"
            )
        _put(file, about, dump)
    _say(
        f"Restored what {file} held on {about['made_on']}. It cannot sign until you have compared it with a mirror: "
        "run alongside record resume. What waited in an outbox or for a second signature is pressed anew: tell people."
    )
    if without_mark:
        _say(_who_signs_in())


def upgrade(file: Path | None = None) -> None:
    """Back up, migrate or make all tables of an empty database, put the triggers back, fold every record anew, collect the files, and check.

    An earlier release folded some entries otherwise; left so, the nightly look would say that somebody changed the database.
    Stops at the first thing that fails.
    """
    from alongside.ground.record.actions.folded import rebuild  # noqa: PLC0415 -- models must be loaded first
    from alongside.ground.record.models import Log  # noqa: PLC0415 -- as above
    from alongside.site.starting import collect, make_tables, refuse_older_tables  # noqa: PLC0415 -- it starts servers, and a backup needs none of it

    refuse_older_tables()
    day = datetime.now(tz=UTC).strftime("%Y-%m-%d-%H%M%S")
    folder = settings.DATA / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    backup(file or folder / f"before-upgrade-{day}.tar.gz")
    if not connection.introspection.table_names():
        make_tables()
    call_command("migrate", verbosity=1)  # the record puts its triggers back after every migrate
    for log in Log.objects.select_related("program").order_by("pk"):
        rebuild(program=log.program)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # so that every page finds its index from the first request on
    collect()
    call_command("check", deploy=settings.PRODUCTION, databases=["default"], fail_level="ERROR")


def _dump(folder: Path) -> Path:
    """Write the database to a file in `folder` by its own means, as one moment."""
    if connection.vendor == "sqlite":
        dump = folder / SQLITE
        with closing(sqlite3.connect(_sqlite_file())) as source, closing(sqlite3.connect(dump)) as target:
            source.backup(target)
            search_tables.index_anew(target)
            fleeting.empty(target)
            if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CommandError("The copy is damaged. Check the disk, and keep your last good backup.")
        return dump
    dump = folder / POSTGRES
    _run(
        [
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-unlogged-table-data",
            *(f"--exclude-table-data={table}" for table in fleeting.NOT_BACKED_UP),
            f"--file={dump}",
        ],
        database_last=True,
    )
    return dump


def _dump_rows(folder: Path, slug: str) -> Path:
    """Write the rows to a file in `folder`, of one program where one is named."""
    from alongside.ground.programs.queries import program_by_slug  # noqa: PLC0415 -- models must be loaded first
    from alongside.site.portable import write_rows  # noqa: PLC0415 -- as above

    program = program_by_slug(slug) if slug else None
    if slug and program is None:
        raise CommandError(f"There is no program {slug} here.")
    write_rows(folder / ROWS, program)
    return folder / ROWS


def _put(file: Path, about: Mapping[str, str], dump: Path) -> None:
    """Put the database of a backup in an empty place, and bring its tables up to date."""
    from alongside.site.actions import press_anew  # noqa: PLC0415 -- models must be loaded first
    from alongside.site.starting import OLDER  # noqa: PLC0415 -- it starts servers, and a backup needs none of it

    if about["database"] not in {ROWS, SQLITE if connection.vendor == "sqlite" else POSTGRES}:
        raise CommandError(
            f"{file} is of another kind of database. Set [database] kind to match, then try again; or write it anew with "
            "alongside backup --portable, which every kind takes in."
        )
    if about["release"].startswith("0.1."):
        raise CommandError(OLDER)
    if _holds_people():
        raise CommandError(
            "There is a database here already. Move it away first; nothing is ever overwritten."
        )
    if about["database"] == ROWS:
        _load_rows(dump)
    else:
        _load(dump)
    call_command("migrate", verbosity=0)
    press_anew(now=datetime.now(tz=UTC))


def _load(dump: Path) -> None:
    """Put a dump in place."""
    connections.close_all()
    if connection.vendor == "sqlite":
        target = _sqlite_file()
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copy(dump, part)
        part.rename(target)
        return
    _run(
        ["pg_restore", "--no-owner", "--clean", "--if-exists", "--exit-on-error", "--single-transaction"],
        dump,
    )


def _load_rows(dump: Path) -> None:
    """Make every table anew and fill it."""
    from alongside.site.portable import load_rows  # noqa: PLC0415 -- models must be loaded first
    from alongside.site.starting import make_tables  # noqa: PLC0415 -- it starts servers

    make_tables()
    load_rows(dump)


def _unpack(file: Path, folder: Path) -> tuple[dict[str, str], Path]:
    """Read a backup into `folder` and check it whole before anything is touched."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        about = json.loads((folder / "about.json").read_text(encoding="ascii"))
        dump = folder / Path(about["database"]).name
        whole = about["format"] == FORMAT and about["sha256"] == _sha256(dump)
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError) as error:
        raise CommandError(f"{file} is not a backup of ours, or is cut short. Use another one.") from error
    if not whole:
        raise CommandError(f"{file} is damaged. Use another one.")
    return about, dump


def _mark(about: Mapping[str, Any]) -> str:
    """Make the mark of a backup over all that its label says, the hash of its database with it."""
    told = json.dumps({name: about[name] for name in sorted(about) if name != "mark"})
    return salted_hmac("alongside/backup/v1", told, algorithm="sha256").hexdigest()


def _who_signs_in() -> str:
    """Say of everyone who can sign in with which addresses, how many passkeys, and as what."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415 -- models must be loaded first
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- as above
    from allauth.socialaccount.models import SocialAccount  # noqa: PLC0415 -- as above

    from alongside.cohort.calls.models import Invitee  # noqa: PLC0415 -- as above
    from alongside.cohort.seats.models import Seat  # noqa: PLC0415 -- as above
    from alongside.ground.people.models import Person  # noqa: PLC0415 -- as above
    from alongside.ground.programs.models import Post  # noqa: PLC0415 -- as above

    held, known = defaultdict[int, list[str]](list), defaultdict[int, set[str]](set)
    stands = Q(until_date=None) | Q(until_date__gt=datetime.now(tz=UTC).date())
    for post in Post.objects.filter(stands).select_related("program", "office__unit"):
        held[post.person_id].append(f"{post.program.slug} {post.public_id}")
    for seat in Seat.objects.select_related("cohort__program"):
        held[seat.person_id].append(f"{seat.cohort.program.slug} {seat.public_id}")
    for one in Invitee.objects.filter(ended_on=None).select_related("call__program"):
        held[one.person_id].append(f"{one.call.program.slug} {one.call.slug} {one.role}")
    for user, email in EmailAddress.objects.values_list("user", "email"):
        known[user].add(email)
    keys = Counter(Authenticator.objects.filter(type="webauthn").values_list("user", flat=True))
    rows = SocialAccount.objects.values_list("user", "provider", "uid")
    at_work = {user: f"{provider} {uid}" for user, provider, uid in rows}
    lines = [
        "Nothing shows that this backup is as it was made. Compare with what you know who signs in, and as what:"
    ]
    for person in Person.objects.order_by("email", "pk"):
        names = ", ".join(sorted(known[person.pk] | {person.email or person.called}))
        work = f"; at work: {at_work[person.pk]}" if person.pk in at_work else ""
        lines.append(f"{names}{work}; passkeys: {keys[person.pk]}; {', '.join(held[person.pk]) or 'nothing'}")
    lines += [
        "Take a wrong post with alongside program end, a wrong passkey with alongside program lost-keys.",
        "Then run alongside manage check --database default: it names what in the database is not ours.",
    ]
    return "\n".join(map(for_terminal, lines))


def _holds_people() -> bool:
    """Say whether there is a database here that holds anything."""
    if connection.vendor == "sqlite" and not _sqlite_file().exists():
        return False
    if "programs_program" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM programs_program)")
        return bool(cursor.fetchone()[0])


def _run(command: Sequence[str], dump: Path | None = None, *, database_last: bool = False) -> None:
    """Run a tool of PostgreSQL on the configured database; the password goes by the environment."""
    if not shutil.which(command[0]):
        raise CommandError(
            f"{command[0]} is not here. Install PostgreSQL's client tools, of the server's release."
        )
    given = connection.settings_dict
    where = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGTARGETSESSIONATTRS": given["OPTIONS"].get("target_session_attrs", ""),
    }
    last = [given["NAME"]] if database_last else [f"--dbname={given['NAME']}", str(dump)]
    path = {"PATH": str(Path(shutil.which(command[0]) or "").parent)}
    done = subprocess.run(  # noqa: S603 -- our own command line
        [*command, *last],
        env=path | {k: str(v) for k, v in where.items() if v},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{command[0]} stopped: {done.stderr.strip()}. Put that right and try again.")


def _sqlite_file() -> Path:
    """Give the path of the SQLite database in use (under pytest, the test's)."""
    return Path(connection.settings_dict["NAME"])


def _sha256(file: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _say(words: str) -> None:
    """Tell the operator."""
    print(words, file=sys.stderr)  # noqa: T201 -- a command speaks

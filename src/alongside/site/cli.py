"""The `alongside` command."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = (
    "up",
    "serve",
    "child",
    "manage",
    "verify",
    "backup",
    "restore",
    "upgrade",
    "publish",
    "record",
    "mail-catcher",
)

#: Commands that read their own lines.
ELSEWHERE = {
    "manage": "Django's own commands",
    "verify": "check a record",
    "lottery": "run a lottery again",
    "map": "compute an opinion map again",
    "witness": "be a witness of logs",
    "key": "sign on another device what the site saved",
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run what the command line asks for; words we do not know go to Django's own commands."""
    before, words = _led(list(sys.argv[1:] if argv is None else argv))
    if words[:1] == ["verify"]:
        from alongside.check.cli import main as verify  # noqa: PLC0415 -- the verifier needs no Django and must not load it

        sys.exit(verify(words[1:]))
    if words[:1] == ["witness"]:
        from alongside.check.cli import main as witness  # noqa: PLC0415 -- nor does a witness of the log

        sys.exit(witness(words))
    if words[:1] == ["lottery"]:
        from alongside.check.lottery import main as lottery  # noqa: PLC0415 -- a witness needs no Django either

        sys.exit(lottery(words[1:]))
    if words[:1] == ["map"]:
        from alongside.check.opinions import main as opinion_map  # noqa: PLC0415 -- nor does who computes a map again

        sys.exit(opinion_map(words[1:]))
    if words[:1] == ["key"]:
        from alongside.check.keys import main as key  # noqa: PLC0415 -- a lead signs where there is no site

        sys.exit(key(words[1:]))
    if words[:1] == ["pack"]:
        from alongside.site.packs import main as pack  # noqa: PLC0415 -- a pack is written before there is a configuration

        sys.exit(pack(words[1:]))
    words = _common([*before, *words])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    if not words or (words[0] not in COMMANDS and words[0] not in {"-h", "--help"}):
        _django(words)
    elif words[0] == "manage":
        _django(words[1:])
    else:
        _ours(_parser().parse_args(words))


def _led(words: list[str]) -> tuple[list[str], list[str]]:
    """Split off the options of `_common` that stand before the name of a command: one that reads its own line does not know them."""
    place = 0
    while place < len(words) and words[place].partition("=")[0] in {"--config", "--data", "--port"}:
        place += 1 if "=" in words[place] else 2
    return words[:place], words[place:]


def _common(words: list[str]) -> list[str]:
    """Take --config, --data and --port out of the line into the environment, where children find them too."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--config", type=Path)
    if words[:1] != ["manage"]:
        parser.add_argument("--data", type=Path)
        parser.add_argument("--port", type=int)
    given, rest = parser.parse_known_args(words)
    for key in ("config", "data", "port"):
        value = getattr(given, key, None)
        if value is not None:
            os.environ[f"ALONGSIDE_{key.upper()}"] = str(
                value.resolve() if isinstance(value, Path) else value
            )
    return rest


def _parser() -> argparse.ArgumentParser:
    """Build the parser of our own commands."""
    parser = argparse.ArgumentParser("alongside", description="Runs a partnership on the record.")
    parser.epilog = (
        "What the operator does to a program: alongside program, lead, engagement or text, each with --help. "
        "--config FILE, --data DIR and --port N may stand anywhere. See docs/reference/commands.md."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser(
        "up", help="set everything up and serve; the demonstration where there is no data yet"
    )
    up.add_argument(
        "--check",
        nargs="?",
        const="kind",
        choices=("kind", "all"),
        help="fetch a page of each kind, or all, as everyone and in each role, then stop",
    )
    commands.add_parser("serve", help="serve: web, worker and tick; TERM stops all")
    commands.add_parser("child", help=argparse.SUPPRESS).add_argument("role", choices=("web", "work", "tick"))
    _backups(commands)
    published = commands.add_parser(
        "publish",
        help="write records, public pages and files into a folder, for any web server and as the archive",
    )
    published.add_argument("folder", type=Path)
    record = commands.add_parser(
        "record",
        help="sign the heads, resume after a restore, change the key, tell a fault of the clock, or make pages anew from the entries",
    )
    record.add_argument("what", choices=("sign", "resume", "rekey", "fault", "rebuild"))
    record.add_argument("rest", nargs=argparse.REMAINDER)
    commands.add_parser("mail-catcher", help="catch mail on the configured port into data/mail")
    for name, text in ELSEWHERE.items():
        commands.add_parser(name, help=text)
    return parser


def _backups(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what writes and reads backups."""
    backup = commands.add_parser("backup", help="write the database to a file; keys are not in it")
    restore = commands.add_parser("restore", help="put the database of a backup in place")
    for one in (backup, restore):
        one.add_argument("file", type=Path)
    backup.add_argument(
        "--portable",
        action="store_true",
        help="as rows that every kind of database takes in; stop alongside serve first",
    )
    backup.add_argument("--program", default="", help="one program alone, as rows")
    restore.add_argument(
        "--without-mark",
        action="store_true",
        help="go on where the secret of this server did not make the backup's mark, and print who can sign in by it",
    )
    restore.add_argument(
        "--as-copy",
        action="store_true",
        help="a copy to try things out: other host, no key, no letters (copy_of in alongside.toml)",
    )
    upgrade = commands.add_parser("upgrade", help="back up, migrate, reinstall triggers, check")
    upgrade.add_argument(
        "--backup", type=Path, dest="file", help="where to; a dated file in the data folder if left out"
    )


def _ours(given: argparse.Namespace) -> None:
    """Set Django up and run one of our commands."""
    import django  # noqa: PLC0415 -- loaded only when the line has been understood

    django.setup()
    from django.core.management import CommandError  # noqa: PLC0415 -- as above

    try:
        _run(given)
    except CommandError as error:
        sys.exit(f"alongside: {error}")


def _run(given: argparse.Namespace) -> None:
    """Run one of our commands, Django being set up."""
    from alongside.site import catcher, children, publishing, starting  # noqa: PLC0415 -- needs Django set up

    match given.command:
        case "up":
            sys.exit(starting.up(check=given.check))
        case "serve":
            starting.serve()
        case "child":
            children.run(given.role)
        case "backup" | "restore" | "upgrade":
            _keep(given)
        case "publish":
            publishing.publish(given.folder.resolve(), starting.tell)
        case "record":
            _django([f"record_{given.what}", *given.rest])
        case "mail-catcher":
            catcher.catch()


def _keep(given: argparse.Namespace) -> None:
    """Run a command about backups."""
    from alongside.site import backups  # noqa: PLC0415 -- needs Django set up

    match given.command:
        case "backup":
            backups.backup(given.file, is_portable=given.portable, program=given.program)
        case "restore" if given.as_copy:
            backups.restore_as_copy(given.file)
        case "restore":
            backups.restore(given.file, without_mark=given.without_mark)
        case "upgrade":
            backups.upgrade(given.file)


def _django(words: Sequence[str]) -> None:
    """Hand the line to Django's own commands."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- loaded only when asked for

    execute_from_command_line(["alongside", *words])


if __name__ == "__main__":
    main()

"""After a restore: take back from a mirror what the backup lacks, or say what is lost; then sign again."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import program_by_slug
from alongside.ground.record.actions import Text, go_on_without, sign_head
from alongside.ground.record.agreeing import RESUME, agreed
from alongside.ground.record.queries import log_of
from alongside.ground.record.signing import NoLogKey, RestoredLogCannotSign
from alongside.site.resuming import OtherHistoryError, resume


class Command(BaseCommand):
    """Compare the record with a mirror, take back what is missing, and sign."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the slug of the program")
        parser.add_argument("address", nargs="?", help="a mirror: https://.../record, or a folder")
        parser.add_argument(
            "--without-mirror",
            metavar="REASON",
            help="no mirror has what is lost: go on, with an entry that says so. The reason is public",
        )
        parser.add_argument(
            "--code", help="with --without-mirror: what a lead who agrees got on the record's page"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        program = program_by_slug(options["program"])
        if program is None:
            raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
        if bool(options["address"]) == bool(options["without_mirror"]):
            raise CommandError(
                "Name the address of a mirror, or say --without-mirror REASON with a lead's --code."
            )
        now = datetime.now(tz=UTC)
        try:
            said = (
                _without(program, options, now)
                if options["without_mirror"]
                else _from(program, options["address"])
            )
            sign_head(program=program, now=now)
        except (NoLogKey, RestoredLogCannotSign, OtherHistoryError, ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{program.slug}: {said} The record is signed again.")


def _from(program: Program, address: str) -> str:
    return f"took back {resume(program=program, address=address)} entries."


def _without(program: Program, options: dict[str, Any], now: datetime) -> str:
    """Go on by an entry that a lead and the steward stand for."""
    reason, log = options["without_mirror"], log_of(program)
    size = log.size if log else 0
    lead = agreed(options["code"] or "", program=program.slug, entry=size, name=RESUME, ground=reason)
    entry = go_on_without(program=program, reason=Text("en", reason), by=[lead, "steward"], now=now)
    return f"entry {entry.index} says that the record goes on without what was signed after it."

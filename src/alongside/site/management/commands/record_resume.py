"""After a restore: take back from a mirror what the backup lacks, then sign again."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.ground.programs.queries import program_by_slug
from alongside.ground.record.actions import sign_head
from alongside.ground.record.signing import NoLogKey, RestoredLogCannotSign
from alongside.site.resuming import OtherHistoryError, resume


class Command(BaseCommand):
    """Compare the record with a mirror, take back what is missing, and sign."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the slug of the program")
        parser.add_argument("address", help="a mirror: https://.../record, or a folder")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        program = program_by_slug(options["program"])
        if program is None:
            raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
        try:
            count = resume(program=program, address=options["address"])
            sign_head(program=program, now=datetime.now(tz=UTC))
        except (NoLogKey, RestoredLogCannotSign, OtherHistoryError, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{program.slug}: took back {count} entries. The record is signed again.")

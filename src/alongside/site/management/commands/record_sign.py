"""Sign the heads of all logs now, without waiting for the tick."""

from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.ground.programs.queries import every_program
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.signing import HaltedSigningError, SigningKeyError


class Command(BaseCommand):
    """Sign the heads of all logs."""

    help = __doc__ or ""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        now, refused = datetime.now(tz=UTC), []
        for program in every_program():
            try:
                head = sign_head(program=program, now=now)
            except (SigningKeyError, HaltedSigningError) as error:
                refused.append(f"{program.slug}: {error}")
                continue
            signed = f"signed up to entry {head.size - 1}" if head else "was signed already"
            self.stdout.write(f"{program.slug}: {signed}.")
        if refused:
            raise CommandError("\n".join(refused))

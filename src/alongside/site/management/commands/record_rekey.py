"""Give the log of a program another key: both sign the change; or, where somebody else may have the old one, a lead and the steward stand for it."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.ground.programs.queries import program_by_slug
from alongside.ground.record.actions import Text, change_key
from alongside.ground.record.signing import vkey
from alongside.ground.record.take_down_codes import agreed, distrust


class Command(BaseCommand):
    """Change the key."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the slug of the program")
        parser.add_argument(
            "--distrust",
            nargs=3,
            metavar=("DAY", "REASON", "CODE"),
            help="the day from which the old key is not trusted, why (it is public), and what a lead who agrees got at record/key/",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        program, now = program_by_slug(options["program"]), datetime.now(tz=UTC)
        if program is None:
            raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
        more: dict[str, Any] = {}
        try:
            if options["distrust"]:
                day, reason, code = options["distrust"]
                since = date.fromisoformat(day)
                asked = {"entry": since.toordinal(), "name": distrust(program), "ground": reason}
                lead = agreed(code, program=program.slug, **asked)
                more = {"since": since, "reason": Text("en", reason), "by": [lead, "steward"]}
            entry = change_key(program=program, now=now, **more)
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Entry {entry.index} says so. The new key is {vkey(program)}\n"
            "Copy its file to where you keep the others, and give the key on paper to whoever had the old one. "
            + (
                "Tell everyone who checks this log: they are asked to name the new key by hand."
                if more
                else "The old one signs beside it while its file ends in .old: delete that after 30 days."
            )
        )

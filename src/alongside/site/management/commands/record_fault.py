"""Tell that the clock of this machine was ahead: what it told of anyone's lateness then counts for nothing."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.core.clocks import local_date
from alongside.ground.programs.queries import pack_of, program_by_slug
from alongside.ground.record.actions.days import tell_fault
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.take_down_codes import FAULT, agreed


class Command(BaseCommand):
    """Tell the fault, with the word of a lead and of the steward."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the slug of the program")
        parser.add_argument("reason", help="how the clock came to be wrong; it is public")
        parser.add_argument("code", help="what a lead who agrees got at record/clock/, today")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        program, now = program_by_slug(options["program"]), datetime.now(tz=UTC)
        if program is None:
            raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
        today, reason = local_date(now, pack_of(program)), options["reason"]
        asked = {"entry": today.toordinal(), "name": FAULT, "ground": reason}
        try:
            lead = agreed(options["code"], program=program.slug, **asked)
            told = tell_fault(program=program, reason=Text("en", reason), by=[lead, "steward"], now=now)
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from None
        said = ", ".join(f"Entry {one.index}" for one in told)
        self.stdout.write(
            f"{said} says so. {sum(len(one.cites['wrong']) for one in told)} entries count for nothing."
        )

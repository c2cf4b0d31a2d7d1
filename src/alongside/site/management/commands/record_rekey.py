"""Give the log of a program another key: the old key and the new one sign the entry that says so; or make the new key that a lead names where somebody else may have the old one."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.ground.programs.queries import program_by_slug
from alongside.ground.record.actions.heads import change_key
from alongside.ground.record.signing import next_key, read_key, vkey
from alongside.ground.record.take_down_codes import offer_key


class Command(BaseCommand):
    """Change the key."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the slug of the program")
        parser.add_argument(
            "--distrust",
            action="store_true",
            help="somebody else may have the old key: make the new one, and show the line with which a lead names it at record/key/",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        program, now = program_by_slug(options["program"]), datetime.now(tz=UTC)
        if program is None:
            raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
        try:
            if options["distrust"]:
                read_key(program)  # only the machine that signs makes the next key
                new = next_key(program).verifier.vkey
                line = offer_key(program, new)
                self.stdout.write(
                    f"The new key is {new}\nIt signs once a lead has said why the old one is not trusted. A lead opens "
                    f"/{program.slug}/en/record/key/, copies this line there and signs:\n{line}"
                )
                return
            entry = change_key(program=program, now=now)
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Entry {entry.index} says so. The new key is {vkey(program)}\n"
            "Copy its file to where you keep the others, destroy the copies of the old one, and give the new key on paper to whoever "
            "had the old one."
        )

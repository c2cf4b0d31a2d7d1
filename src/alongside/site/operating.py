"""What the operator's commands share: a program named first, one action, and errors told as sentences."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.core.policy.words import PackError
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import program_by_slug


class ProgramCommand(BaseCommand):
    """A command about one program, with a word that says what to do. Subclasses list `words` and write `do_<word>`."""

    #: What to do -> its help and its arguments, by name and help.
    words: Mapping[str, tuple[str, Mapping[str, dict[str, Any]]]]

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        found = parser.add_subparsers(dest="word", required=True)
        for word, (text, arguments) in self.words.items():
            sub = found.add_parser(word, help=text, description=text)
            sub.add_argument("program", help="the slug of the program")
            for name, given in arguments.items():
                sub.add_argument(name, **given)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        act = getattr(self, "do_" + options["word"].replace("-", "_"))
        try:
            self.stdout.write(act(options, datetime.now(tz=UTC)))
        except PackError as error:
            raise CommandError("\n".join(map(str, error.every))) from None
        except (ValueError, RuntimeError) as error:
            raise CommandError(str(error)) from None


def program_of(options: Mapping[str, Any]) -> Program:
    """Give the program that the command names."""
    program = program_by_slug(options["program"])
    if program is None:
        raise CommandError(f"There is no program {options['program']} here. Name it as its address does.")
    return program

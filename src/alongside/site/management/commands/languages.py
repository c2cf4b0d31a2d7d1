"""Begin or renew the catalogues of a language that an operator brings, check them, and note that a person has read one."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alongside.site import catalogues
from alongside.site.config import BadConfigError
from alongside.site.languages import OUR_OWN, Tongue


class Command(BaseCommand):
    """What the operator does to languages."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser(
            "check", help="say what is wrong, with file, line and cure, and how far each language is"
        )
        renew = words.add_parser("renew", help="begin a language, or bring it up to what is said now")
        renew.add_argument("code", help="as so, pt-br or zh-hant")
        renew.add_argument("--desk", action="store_true", help="the words of leads and staff, too")
        read = words.add_parser("read", help="note that a person has read the public words of a language")
        read.add_argument("code")
        read.add_argument("--by", required=True, help="who, as everyone may read it: no name is needed")
        read.add_argument("--on", type=date.fromisoformat, help="on which day; today where none is named")

    @override
    def handle(self, *_args: Any, **options: Any) -> str | None:
        folder: Path = settings.ALONGSIDE.languages
        if folder == Path():
            raise CommandError('No folder is named. Write languages = "languages" into alongside.toml.')
        try:
            said: str = getattr(self, f"do_{options['word']}")(folder, options)
        except BadConfigError as error:
            raise CommandError(str(error)) from None
        return said

    def do_check(self, folder: Path, _options: dict[str, Any]) -> str:
        """Say how far each language is; end with an error where one has a fault."""
        public = catalogues.wanted()
        found = [catalogues.tongue(folder, code, public) for code in catalogues.codes_in(folder)]
        shipped = [code for code in OUR_OWN[1:] if code not in {one.code for one in found}]
        found += [catalogues.tongue(None, code, public) for code in shipped]
        self.stdout.write("\n".join(_told(one) for one in found))
        if faults := [fault for one in found for fault in one.faults]:
            raise CommandError("\n".join(faults))
        return "No fault was found."

    def do_renew(self, folder: Path, options: dict[str, Any]) -> str:
        """Write the catalogues."""
        parts = catalogues.PARTS if options["desk"] else catalogues.PARTS[:1]
        done = [catalogues.renew(folder, options["code"], part) for part in parts]
        return "\n".join(f"{path}: {count} messages wait for words." for path, count in done)

    def do_read(self, folder: Path, options: dict[str, Any]) -> str:
        """Note who read, and when."""
        day = options["on"] or date.today()  # noqa: DTZ011 -- the day of whoever types it
        path = catalogues.read_by_person(folder, options["code"], options["by"], day.isoformat())
        return f"{path}: read by a person on {day}. Start the site anew, and the language is offered."


def _told(one: Tongue) -> str:
    """Say in a line how far a language is."""
    if one.is_ready:
        state = f"read by a person on {one.read_on}: offered"
    elif one.read_on:
        state = f"changed since a person read it on {one.read_on}: not offered"
    else:
        state = "not read by a person: not offered"
    return f"{one.code} ({one.name}): {one.percent} percent of the public words, {state}."

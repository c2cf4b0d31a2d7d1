"""After a restore: take back from a mirror what the backup lacks, or say what is lost; then sign again."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from alongside.check.verdict import complaint
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import read_pack
from alongside.ground.programs.queries import program_by_slug
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.restoring import go_on_without
from alongside.ground.record.queries import log_of
from alongside.ground.record.returning import lost
from alongside.ground.record.take_down_codes import agreed, resume_without
from alongside.site.resuming import resume


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

        parser.add_argument(
            "--without-words",
            action="store_true",
            help="no mirror has the words of these entries: take the entries back all the same",
        )
        parser.add_argument(
            "--pack",
            type=Path,
            action="append",
            default=[],
            help="the file of a policy pack that was adopted since the backup; may be given more than once",
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
            said = _without(program, options, now) if options["without_mirror"] else _from(program, options)
            sign_head(program=program, now=now)
        except (ValueError, RuntimeError, OSError) as error:
            raise CommandError(complaint(error)) from None
        self.stdout.write(f"{program.slug}: {said}")


def _from(program: Program, options: dict[str, Any]) -> str:
    """Take back what a mirror has, and say what did not come back with it."""
    back = resume(
        program=program,
        address=options["address"],
        packs=[text for one in options["pack"] for text in (read_pack(one), one.read_text(encoding="utf-8"))],
        is_without_words=options["without_words"],
    )
    entries = back.entries
    said = [f"took back {len(entries)} entries and {back.texts} texts. The record is signed again."]
    if not entries:
        return said[0]
    if gone := lost(entries):
        said.append("These entries are back; what stood beside them here is not, and is in no mirror:")
        said += [f"- {line}" for line in gone]
        said.append(
            "If there is a newer backup, move this database away, restore that one, and resume again."
        )
    said.append(
        "Posts are on no record. Who had lost one since the backup has it again: look at "
        f"alongside program people {program.slug}, and end those posts with alongside program end."
    )
    if back.unheld:
        said.append(
            "Who was given one since the backup does not have it here. Nobody here held these posts then:"
        )
        said += [f"- {office} (entries {', '.join(map(str, at))})" for office, at in back.unheld.items()]
        said.append(
            "Whoever held one must not sit as a lead: let them take the post up again, and end it then, so that it bars them."
        )
    return "\n".join(said)


def _without(program: Program, options: dict[str, Any], now: datetime) -> str:
    """Go on by an entry that a lead and the steward stand for."""
    reason, log = options["without_mirror"], log_of(program)
    size = log.size if log else 0
    name = resume_without(program)
    lead = agreed(options["code"] or "", program=program.slug, entry=size, name=name, ground=reason)
    entry = go_on_without(program=program, reason=Text("en", reason), by=[lead, "steward"], now=now)
    return (
        f"entry {entry.index} says that the record goes on without what was signed after it. The record is signed again.\n"
        "What was taken down or destroyed since the backup is back: words, files, rows, keys. "
        "Take it down and destroy it anew before people read here."
    )

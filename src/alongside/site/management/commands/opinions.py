"""Give the votes of an engagement, for `alongside map`, Polis and other tools."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from alongside.chain.opinions import queries
from alongside.core.canonical import canonical
from alongside.site.operating import ProgramCommand, program_of

FOLDER = {"type": Path, "help": "a folder that is not there yet"}


class Command(ProgramCommand):
    """What the operator gets of the statements that people judged."""

    help = __doc__ or ""
    words = {
        "export": (
            "Write votes.csv and comments.csv as Polis does, with the newest map and its salt. These are single choices: keep them as secret as the database.",
            {"slug": {"help": "the engagement's slug, as in its address"}, "folder": FOLDER},
        ),
    }

    def do_export(self, options: Mapping[str, Any], now: datetime) -> str:
        """Write the files, of the votes that are in the newest map, or of all where there is none."""
        program, folder = program_of(options), options["folder"]
        asked = queries.asked(program, options["slug"], "en")
        if asked is None:
            raise CommandError(f"Nobody judges statements in {options['slug']}. Name it as its address does.")
        found = queries.last_map(program, asked.promise.index)
        files = queries.as_files(program, asked, found.until if found else now.date())
        if found:
            files |= {"map.json": canonical(found.data).decode(), "salt.txt": bytes(found.salt).hex()}
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError as error:
            raise CommandError(f"{folder} is there already. Name a folder that is not.") from error
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return f"{folder} holds {', '.join(sorted(files))}. These are single choices of people: delete them when you are done."

"""Make what pages read anew from the entries, in every program: where asks and promises stand, citations, the list of projects, the search."""

from typing import Any, override

from django.core.management.base import BaseCommand

from alongside.ground.programs.queries import every_program
from alongside.ground.record.actions.folded import rebuild
from alongside.work.projects.actions import rebuild_listings
from alongside.work.registers.actions import find_lines_anew


class Command(BaseCommand):
    """Fold the entries anew."""

    help = __doc__ or ""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        for program in every_program():
            rebuild(program=program)
            rebuild_listings(program=program)
            find_lines_anew(program=program)
            self.stdout.write(f"{program.slug}: made anew from its entries.")

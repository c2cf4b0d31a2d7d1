"""Which program an address is about."""

from dataclasses import dataclass

from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of, program_and_pack


@dataclass(frozen=True, slots=True)
class Place:
    """A program with the pack in force."""

    program: Program
    pack: Pack

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the codes of the languages its pages can be read in, in the pack's order."""
        return tuple(language.code.lower() for language in self.pack.languages)


def at(slug: str) -> Place | None:
    """Give the program of this slug with its pack, or None. One small query."""
    found = program_and_pack(slug)
    return Place(*found) if found else None


def of_next(path: str) -> Place | None:
    """Give the program that a page outside every program was reached from, or the only one there is."""
    slug = path.split("/")[1] if path.startswith("/") and path.count("/") > 1 else ""
    if slug and (place := at(slug)):
        return place
    programs = every_program()
    return Place(programs[0], pack_of(programs[0])) if programs else None

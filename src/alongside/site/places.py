"""Which program an address is about."""

from dataclasses import dataclass
from datetime import date

from django.db import DEFAULT_DB_ALIAS, connection

from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, home_program, pack_of, pack_under
from alongside.ground.record.queries import Stand


@dataclass(frozen=True, slots=True)
class Place:
    """A program with the pack in force, and where its log stands, if it has one and that was asked."""

    program: Program
    pack: Pack
    stand: Stand | None = None
    #: The last day on which the clock was sure.
    agreed_day: date | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the codes of the languages its pages can be read in, in the pack's order."""
        return tuple(language.code.lower() for language in self.pack.languages)


#: Written out, because every request asks it and putting the words of a query together costs more than asking. Where the
#: log stands is asked along, so that intake need not ask again.
PLACE = """
    SELECT program.id, program.slug, program.origin, program.is_demonstration, program.opened_on,
        pack.sha256, log.id, log.size, line.leaf, log.text_revision, log.agreed_day
    FROM programs_program program
    JOIN programs_packversion pack ON pack.program_id = program.id
    LEFT JOIN record_log log ON log.program_id = program.id
    LEFT JOIN record_logentry line ON line.log_id = log.id AND line."index" = log.size - 1
    WHERE program.slug = %s ORDER BY pack.id DESC LIMIT 1
"""
COLUMNS = ("id", "slug", "origin", "is_demonstration", "opened_on")


def at(slug: str) -> Place | None:
    """Give the program of this slug with its pack, or None. One small query; the parsed pack is kept."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [slug])
        found = cursor.fetchone()
    if found is None:
        return None
    *columns, sha256, log, size, leaf, revision, agreed = found
    program = Program.from_db(DEFAULT_DB_ALIAS, COLUMNS, columns)  # also where a replica told it
    stand = None if leaf is None else Stand(log, size, bytes(leaf), revision)
    # SQLite gives a day as text where a query is written out.
    return Place(program, pack_under(sha256), stand, date.fromisoformat(str(agreed)) if agreed else None)


def home() -> Place | None:
    """Give the program whose home is the first page, or None."""
    program = home_program()
    return Place(program, pack_of(program)) if program else None


def of_next(path: str) -> Place | None:
    """Give the program that a page outside every program was reached from, or the only one there is."""
    slug = path.split("/")[1] if path.startswith("/") and path.count("/") > 1 else ""
    if slug and (place := at(slug)):
        return place
    programs = every_program()
    return Place(programs[0], pack_of(programs[0])) if programs else None

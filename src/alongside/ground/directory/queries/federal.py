"""Read the register: staff their unit's, the steward and the lawyers all of it; everyone only counts that counsel cleared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy import Pack
from alongside.ground.directory.models import FederalRequest
from alongside.ground.gate import Asker, Role
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.programs.queries import holders_of

COLUMNS = ("received", "unit", "agency", "came_by", "asked", "paper", "immigration", "outcome", "decided")


def is_counsel(asker: Asker, pack: Pack) -> bool:
    """Say whether the asker holds the office of the government's lawyers, where the pack names one of its own."""
    return pack.federal.attorney is not None and pack.federal.attorney in asker.offices


def may_clear(asker: Asker, pack: Pack) -> bool:
    """Say whether the asker says what counsel cleared: counsel, or the steward where counsel has no office here."""
    return is_counsel(asker, pack) or (pack.federal.attorney is None and asker.has(Role.STEWARD))


def requests_for(program: Program, pack: Pack, asker: Asker) -> list[FederalRequest]:
    """List the requests that this asker may see, the latest first, with their steps. Two queries."""
    found = FederalRequest.objects.filter(unit__program=program)
    if not (asker.has(Role.STEWARD) or is_counsel(asker, pack)):
        found = found.filter(unit__slug__in=asker.units)
    return list(
        found.select_related("unit__program", "routed")
        .prefetch_related("steps")
        .order_by("-received_on", "-pk")
    )


def request_for(program: Program, pack: Pack, asker: Asker, key: str) -> FederalRequest | None:
    """Give one request to those who may see it, or None."""
    return next((one for one in requests_for(program, pack, asker) if one.key == key), None)


def steps_of(one: FederalRequest) -> dict[str, date]:
    """Give the steps taken with their days. Asks nothing where they were fetched."""
    return {step.step: step.on for step in one.steps.all()}


def steps_left(one: FederalRequest, pack: Pack, asker: Asker) -> list[str]:
    """List the steps that this asker can take now. Only a paper signed by a judge can be followed."""
    taken = set(steps_of(one))
    left = []
    if asker.works_for(one.unit.slug) or is_counsel(asker, pack):
        if not taken & {"declined", "followed"}:
            left += ["declined"]
            # Whoever works for the unit follows nothing before the lawyers have it.
            left += ["followed"] if one.paper == "judicial" and "attorney" in taken else []
        left += [step for step in ("head", "attorney") if step not in taken]
    if may_clear(asker, pack) and "attorney" in taken and "cleared" not in taken:
        left.append("cleared")
    return left


def units_to_record(program: Program, asker: Asker) -> list[Unit]:
    """List the units for which this asker records requests. One query."""
    return list(Unit.objects.filter(program=program, slug__in=asker.units).order_by("slug"))


def is_reported(one: FederalRequest) -> bool:
    """Say whether a request belongs in the monthly file: immigration enforcement, and no paper signed by a judge."""
    return one.immigration != "no" and one.paper != "judicial"


def months(found: Sequence[FederalRequest]) -> list[str]:
    """List the months that need a file, as 2026-11, the latest first. A month without requests needs none."""
    return sorted({one.received_on.isoformat()[:7] for one in found if is_reported(one)}, reverse=True)


def month_rows(found: Sequence[FederalRequest], month: str) -> list[dict[str, str]]:
    """Give the lines of a month's file, oldest first; nothing in them points at a person."""
    chosen = [one for one in found if is_reported(one) and one.received_on.isoformat()[:7] == month]
    return [_line(one) for one in sorted(chosen, key=lambda one: (one.received_on, one.pk))]


def _line(one: FederalRequest) -> dict[str, str]:
    taken = steps_of(one)
    outcome = next((step for step in ("declined", "followed") if step in taken), "")
    cells = (
        one.received_on.isoformat(),
        one.unit.slug,
        one.agency,
        one.came_by,
        " ".join(one.asked),
        one.paper,
        one.immigration,
        outcome,
        taken[outcome].isoformat() if outcome else "",
    )
    return dict(zip(COLUMNS, cells, strict=True))


@dataclass(frozen=True)
class Year:
    """What everyone sees of a year: ranges, or numbers where the pack allows them."""

    year: int
    received: int | Band | Fewer
    declined: int | Band | Fewer


def public_years(program: Program, pack: Pack, opened: date, today: date) -> list[Year]:
    """Count by year what counsel cleared, from the program's first year on; none looks the same as few. Two queries."""
    cleared = FederalRequest.objects.filter(unit__program=program, steps__step="cleared")
    rows = list(cleared.prefetch_related("steps"))

    def told(count: int) -> int | Band | Fewer:
        return count if pack.federal.exact_counts else band(count, pack)

    return [
        Year(
            year,
            told(sum(one.received_on.year == year for one in rows)),
            told(sum(one.received_on.year == year and "declined" in steps_of(one) for one in rows)),
        )
        for year in range(today.year, opened.year - 1, -1)
    ]


def head_office(pack: Pack, unit: str) -> str:
    """Name the office that heads a unit: the one that signs for it; empty where the pack has none."""
    found = next((one for one in pack.units if one.slug == unit), None)
    office = next((one.slug for one in found.offices if one.is_manager), "") if found else ""
    return f"{unit}/{office}" if office else ""


def to_route(program: Program) -> list[FederalRequest]:
    """List the requests about which no letter went out. One query."""
    found = FederalRequest.objects.filter(unit__program=program, routed=None)
    return list(found.select_related("unit__program").order_by("pk"))


def routed_to(one: FederalRequest, pack: Pack, today: date) -> list[Person]:
    """List who hears of a request today: whoever heads its unit, and the lawyers where they hold an office here."""
    offices = [head_office(pack, one.unit.slug), pack.federal.attorney or ""]
    posts = [post for office in offices if office for post in holders_of(one.unit.program, office, today)]
    return list({post.person_id: post.person for post in posts}.values())


def waiting_for(program: Program, pack: Pack, asker: Asker) -> list[FederalRequest]:
    """List the open requests that this asker was written about: their unit's where they head it, all where they are counsel."""
    found = requests_for(program, pack, asker) if asker.manages or is_counsel(asker, pack) else []
    mine = [one for one in found if asker.signs_for(one.unit.slug) or is_counsel(asker, pack)]
    return [one for one in mine if not steps_of(one).keys() & {"declined", "followed"}]

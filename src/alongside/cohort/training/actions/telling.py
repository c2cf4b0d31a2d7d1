"""Enter in the record how many completed a track in a cohort's term, in bands."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alongside.cohort.seats.models import Cohort
from alongside.cohort.training.models import Track
from alongside.core.disclosure import FEWER, band
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.training import are_counted
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.actions import Draft, note_told, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


@appends("training.completed")
def tell_completed(*, cohort: Cohort, track: Track, pack: Pack, now: datetime) -> int:
    """Tell once, for one track, how many of a cohort and how many staff completed it in the cohort's term.

    A unit is named only where at least k of its people did; gives how many entries were written. Whom an entry counts
    already is passed over: cohorts of the same days are counted together, once.
    """
    rows = RowsLog(Log.objects.get(program=cohort.program))
    offered = track.courses.filter(offering__offered_on__lte=cohort.until_date).order_by("place")
    courses = list(offered.values_list("offering__entry", flat=True))
    told = 0
    for unit, data in _counts(cohort, track, pack) if courses else []:
        if are_counted(data, rows):
            continue
        cites = {"courses": courses, "cohort": [cohort.entry]}
        draft = Draft(kind="training.completed", by=["clock"], data=data, cites=cites)
        stage = _stage(cohort, track, data["who"], unit)
        entry = tell_once(program=cohort.program, about=cohort.entry, stage=stage, draft=draft, now=now)
        told += entry is not None
    return told


def _stage(cohort: Cohort, track: Track, who: str, unit: int | None) -> str:
    """Say of whom a count is, by numbers of rows: names together would be too long."""
    return f"{cohort.pk}:{track.pk}:{who}:{unit or ''}"


@appends()
def completed_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Note as told what these entries count, where the backup holds the cohort, the track and the unit."""
    for entry in entries:
        cohort = Cohort.objects.filter(program=program, entry=entry.cites["cohort"][0]).first()
        track = Track.objects.filter(program=program, slug=entry.data["track"]).first()
        slug = entry.data.get("unit")
        unit = Unit.objects.filter(program=program, slug=slug).first() if slug else None
        if cohort and track and bool(unit) == bool(slug):
            stage = _stage(cohort, track, entry.data["who"], unit.pk if unit else None)
            note_told(program=program, about=cohort.entry, stage=stage, entry=entry)


def _counts(cohort: Cohort, track: Track, pack: Pack) -> list[tuple[int | None, dict[str, Any]]]:
    """Give the data of each count, with the row of the unit it is about, if it is about one."""
    base = {
        "track": track.slug,
        "from": cohort.from_date.isoformat(),
        "until": cohort.until_date.isoformat(),
    }
    found: list[tuple[int | None, dict[str, Any]]] = []
    if track.audience != "staff":
        same = Cohort.objects.filter(
            program=cohort.program, from_date=cohort.from_date, until_date=cohort.until_date
        )
        leads = track.completions.filter(seat__cohort__in=same).count()
        found.append((None, {**base, "who": "leads", "people": band(leads, pack).as_data()}))
    if track.audience != "leads":
        term = track.completions.filter(on__gte=cohort.from_date, on__lte=cohort.until_date)
        units = Counter(term.exclude(unit=None).values_list("unit", "unit__slug"))
        found.append((None, {**base, "who": "staff", "people": band(units.total(), pack).as_data()}))
        bands = {unit: band(count, pack) for unit, count in sorted(units.items())}
        found += [
            (row, {**base, "who": "staff", "unit": slug, "people": one.as_data()})
            for (row, slug), one in bands.items()
            if one is not FEWER
        ]
    return found

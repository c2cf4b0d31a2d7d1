"""The program's training as everyone sees it: tracks, courses, and how many completed them, in ranges."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch

from alongside.cohort.training.models import Completion, Course, CourseText, Track, TrackText
from alongside.cohort.training.queries.wording import words_in
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program


@dataclass(frozen=True)
class CourseOpen:
    """A course on the public page."""

    text: CourseText
    languages: list[str]
    lessons: int
    sessions_needed: int


@dataclass(frozen=True)
class TrackShown:
    """A track with ranges of how many completed it. `leads` and `staff` are None where it is not theirs."""

    slug: str
    audience: str
    text: TrackText
    courses: list[CourseOpen]
    leads: Band | Fewer | None
    staff: Band | Fewer | None
    units: list[tuple[str, Band]]


def counted_until(today: date) -> date:
    """Give the last day that public counts look at: the end of the month before, so that no single day shows."""
    return today.replace(day=1) - timedelta(days=1)


def public_tracks(program: Program, pack: Pack, lang: str, today: date) -> list[TrackShown]:
    """List the tracks that have an open course. Five queries."""
    courses = Course.objects.exclude(offering=None).order_by("place").annotate(many=Count("lessons"))
    tracks = Track.objects.filter(program=program).prefetch_related(
        "texts", Prefetch("courses", courses.prefetch_related("texts"))
    )
    done = Completion.objects.filter(track__program=program, on__lte=counted_until(today))
    leads, units = Counter[int](), Counter[tuple[int, str]]()
    for track, unit in done.values_list("track", "unit__slug"):
        if unit is None:
            leads[track] += 1
        else:
            units[track, unit] += 1
    names = {unit.slug: unit.name.say(lang) for unit in pack.units}
    return [
        _shown(
            track,
            lang,
            pack,
            leads[track.pk],
            {names.get(unit, unit): count for (one, unit), count in units.items() if one == track.pk},
        )
        for track in tracks.order_by("pk")
        if track.courses.all()
    ]


def _shown(track: Track, lang: str, pack: Pack, leads: int, units: dict[str, int]) -> TrackShown:
    bands = [(unit, band(count, pack)) for unit, count in sorted(units.items())]
    return TrackShown(
        slug=track.slug,
        audience=track.audience,
        text=words_in(track.texts.all(), lang),
        courses=[_open(one, lang) for one in track.courses.all()],
        leads=band(leads, pack) if track.audience != "staff" else None,
        staff=band(sum(units.values()), pack) if track.audience != "leads" else None,
        units=[(unit, one) for unit, one in bands if isinstance(one, Band)],
    )


def _open(course: Course, lang: str) -> CourseOpen:
    texts = list(course.texts.all())
    return CourseOpen(
        text=words_in(texts, lang),
        languages=sorted(one.lang for one in texts),
        lessons=course.many,  # type: ignore[attr-defined]  # annotated by public_tracks
        sessions_needed=course.sessions_needed,
    )

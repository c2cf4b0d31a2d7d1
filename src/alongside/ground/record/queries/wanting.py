"""Which public texts want a translation, or a person who reads one that a machine made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from alongside.core.grammar import parse
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.v1.texts import FROZEN, may_translate
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Line, PublicText
from alongside.ground.record.queries.telling import Told, told
from alongside.ground.record.queries.translating import IN_PARTS

#: A page of a list of texts.
MOST = 50
#: Every language of a report is written by its leads, and of a promise signed by both sides; the name of a program stands
#: in its pack.
NO_NEED = ("report.published", "program.opened", *sorted(FROZEN))
#: Kinds of which only the newest of a subject is read.
NEWER_STANDS = ("course.offered", "course.reworded")


@dataclass(frozen=True)
class Wanting:
    """An entry whose texts have no translation into a language, or one that no person reviewed."""

    told: Told
    is_there: bool


@dataclass(frozen=True)
class WantingList:
    """One page of entries that want a translation, newest first, and where the next older page begins."""

    rows: list[Wanting]
    older: int | None


@dataclass(frozen=True)
class WantingCount:
    """How many entries want a translation into a language, and how many want a person who reads one."""

    missing: int
    unread: int


def wanting_list(
    program: Program,
    lang: str,
    into: str,
    *,
    is_there: bool | None = None,
    before: int | None = None,
    passed: Collection[int] = (),
    most: int = MOST,
) -> WantingList:
    """Give a page of what wants a translation into a language, with its words in the reader's. Three queries.

    `is_there` keeps only those that have a translation, or have none; `passed` are entries that others took the place
    of, or that are not the reader's to translate.
    """
    rows = _wanting(program, into, passed)
    if is_there is not None:
        rows = rows.filter(state__isnull=not is_there)
    if before is not None:
        rows = rows.filter(about__lt=before)
    found = list(rows.values_list("about", "state").distinct().order_by("-about")[: most + 1])
    page = dict(found[:most])
    words = told(program, page, lang)
    shown = [Wanting(words[about], state is not None) for about, state in page.items()]
    return WantingList(shown, found[most - 1][0] if len(found) > most else None)


def wanting_counts(
    program: Program, languages: Sequence[str], *, passed: Collection[int] = ()
) -> dict[str, WantingCount]:
    """Count what wants a translation into each of these languages. A query a language."""
    found = {}
    for into in languages:
        counts = _wanting(program, into, passed).aggregate(
            missing=Count("about", distinct=True, filter=Q(state=None)),
            unread=Count("about", distinct=True, filter=Q(state=False)),
        )
        found[into] = WantingCount(**counts)
    return found


def _wanting(program: Program, into: str, passed: Collection[int]) -> QuerySet[Any]:
    """Give the first words of all that is not first written in a language and has no reviewed translation into it."""
    here = PublicText.objects.filter(log=OuterRef("log"), about=OuterRef("about"), lang=into)
    newest = here.filter(is_original=False).order_by("-entry", "-pk").values("is_reviewed")[:1]
    first = PublicText.objects.filter(log__program=program, is_original=True).exclude(lang=NO_LANGUAGE)
    first = first.exclude(name__in=IN_PARTS - {"plan"})
    first = first.exclude(about__in=passed).exclude(about__in=_no_need(program))
    first = first.exclude(Exists(here.filter(is_original=True))).annotate(state=Subquery(newest))
    return first.filter(Q(state=None) | Q(state=False))


def not_theirs(program: Program, pens: Sequence[str]) -> list[int]:
    """List the entries whose words none of these seats and offices may translate; the steward may all. One query."""
    if "steward" in pens:
        return []
    worded = PublicText.objects.filter(log__program=program, is_original=True).values("about")
    lines = Line.objects.filter(log__program=program, index__in=worded).values_list("index", "raw")
    entries = [parse(index, bytes(raw)) for index, raw in lines]
    return [one.index for one in entries if not any(may_translate(pen, one) for pen in pens)]


def _no_need(program: Program) -> QuerySet[Line, int]:
    lines = Line.objects.filter(log__program=program)
    newer = Line.objects.filter(
        log=OuterRef("log"), kind__in=NEWER_STANDS, subject=OuterRef("subject"), index__gt=OuterRef("index")
    )
    out = Q(kind__in=NO_NEED) | Q(Exists(newer), kind__in=NEWER_STANDS)
    return lines.filter(out).values_list("index", flat=True)

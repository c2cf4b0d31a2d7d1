"""The register's list, a page at a time, narrowed by plain keywords."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, Head
from alongside.ground.record.queries import Told, head_of, indexes_citing, told
from alongside.work.projects.models import DecisionPoint, Listing, Touch

PAGE = 30
SOON_DAYS = 90


@dataclass(frozen=True)
class Narrow:
    """By what the list is narrowed. Empty values narrow nothing.

    `slugs` are addresses found by other means, such as a search; None where nothing was searched.
    """

    unit: str = ""
    stage: str = ""
    impact: str = ""
    community: str = ""
    is_soon: bool = False
    never_asked: bool = False
    slugs: Collection[str] | None = None

    @property
    def narrows(self) -> bool:
        """Say whether anything is left out."""
        return self != Narrow()


@dataclass(frozen=True)
class Listed:
    """One line of the list: words from the record or from the file it came in with, and the next decision."""

    listing: Listing
    told: Told | None
    summary: str = ""
    summary_lang: str = ""
    decision: DecisionPoint | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return self.listing.slug

    @property
    def title(self) -> str:
        """Give what it is called."""
        if self.told:
            return self.told.say("title") or self.slug
        return str(self.row_facts.get("name", self.slug))

    @property
    def lang(self) -> str:
        """Give the language that its title is in."""
        if self.told:
            return self.told.lang("title")
        return self.listing.row.register.lang if self.listing.row else ""

    @property
    def row_facts(self) -> Mapping[str, Any]:
        """Give the facts that were read from a file."""
        return self.listing.row.facts if self.listing.row else {}

    @property
    def body(self) -> str:
        """Give the body that an imported row names."""
        return str(self.row_facts.get("body", ""))


@dataclass(frozen=True)
class ListPage:
    """A page of the list, counted from 1, with how many there are on all pages."""

    lines: list[Listed]
    count: int
    number: int
    head: Head | None = None
    pages: int = 1
    is_narrowed: bool = False

    @property
    def before(self) -> int:
        """Give the number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Give the number of the next page."""
        return self.number + 1


def narrowed(program: Program, narrow: Narrow, today: date) -> QuerySet[Listing]:
    """Give the lines of the register that fit, unordered."""
    found = Listing.objects.filter(program=program)
    exact = {name: getattr(narrow, name) for name in ("unit", "stage", "impact") if getattr(narrow, name)}
    found = found.filter(**exact)
    if narrow.community:
        found = found.filter(Exists(Touch.objects.filter(listing=OuterRef("pk"), community=narrow.community)))
    if narrow.is_soon:
        found = found.filter(project__in=_ahead(program, today).values("project"))
    if narrow.never_asked:
        promised = Citation.objects.filter(log__program=program, kind="engagement.promised", role="decision")
        spoken = DecisionPoint.objects.filter(project__program=program, entry__in=promised.values("cited"))
        found = found.exclude(asked="asked").exclude(project__in=spoken.values("project"))
    if narrow.slugs is not None:
        found = found.filter(slug__in=narrow.slugs)
    return found


def _ahead(program: Program, today: date) -> QuerySet[DecisionPoint]:
    last = today + timedelta(days=SOON_DAYS)
    made = Citation.objects.filter(log__program=program, kind="decision.made", role="decision")
    points = DecisionPoint.objects.filter(project__program=program, on__gte=today, on__lte=last)
    return points.exclude(entry__in=made.values("cited"))


def list_page(program: Program, lang: str, narrow: Narrow, today: date, number: int = 1) -> ListPage:
    """Give a page of the register, the City's own projects before imported ones, newest first. Nine queries at most."""
    found = narrowed(program, narrow, today)
    count = found.count()
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    lines = found.order_by("is_imported", "-pk")[(number - 1) * PAGE : number * PAGE]
    shown = show_lines(program, lang, list(lines.select_related("project", "row__register")), today)
    return ListPage(shown, count, number, head_of(program), pages, narrow.narrows)


def show_lines(program: Program, lang: str, lines: Sequence[Listing], today: date) -> list[Listed]:
    """Give lines with their words and their next decisions. Six queries."""
    entries = [one.project.entry for one in lines if one.project]
    rows = indexes_citing(program, entries, ["project.described"])
    words = told(program, [*entries, *(citing for citing, _kind, _cited in rows)], lang)
    summaries: dict[int, Told] = {}
    for citing, _kind, cited in rows:
        if "summary" in words[citing].entry.texts:
            summaries[cited] = words[citing]
    decisions = _next(program, [one.project_id for one in lines if one.project_id], today)
    return [_listed(one, words, summaries, decisions) for one in lines]


def _listed(
    listing: Listing,
    words: Mapping[int, Told],
    summaries: Mapping[int, Told],
    decisions: Mapping[int, DecisionPoint],
) -> Listed:
    if listing.project is None:
        facts = listing.row.facts if listing.row else {}
        lang = listing.row.register.lang if listing.row else ""
        return Listed(listing, None, str(facts.get("summary", "")), lang)
    entry = listing.project.entry
    last = summaries.get(entry, words[entry])
    return Listed(
        listing, words[entry], last.say("summary"), last.lang("summary"), decisions.get(listing.project.pk)
    )


def _next(program: Program, projects: Sequence[int], today: date) -> dict[int, DecisionPoint]:
    made = Citation.objects.filter(log__program=program, kind="decision.made", role="decision")
    points = DecisionPoint.objects.filter(project__in=projects, on__gte=today)
    points = points.exclude(entry__in=made.values("cited")).order_by("-on")
    return {one.project_id: one for one in points}


def listing_of(program: Program, slug: str) -> Listing | None:
    """Give a line of the list by its address, with its project and the row it came in with, or None. One query."""
    found = Listing.objects.filter(program=program, slug=slug)
    return found.select_related("project", "row__register", "row__came_with").first()

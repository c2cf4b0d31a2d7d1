"""Read the register of city projects from the record, and what may be put on it."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import batched, islice
from random import randrange
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.cohort.seats.models import Seat
from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.core.grammar.facts import Facts, facts_of
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import HASH_SIZE
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.policy.pack import Pack
from alongside.core.registers.cells import holds_people, without_emails
from alongside.core.registers.choices import CHOICES as CHOICES_CHOICES
from alongside.core.registers.decoding import UnreadableError
from alongside.core.registers.mapping import DROP, FACTS, KEEP, Plan, Read, read_row
from alongside.core.registers.opening import open_register
from alongside.core.registers.proving import RowProof
from alongside.core.registers.roots import leaf_of, root_of, tiles_over, way_of
from alongside.core.registers.rows import SAYS_ANEW, RawRow, RowState
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.engagements import CHANGES, EngagementStage, EngagementState, course_of
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.record.models import Citation, Head, Standing
from alongside.ground.record.queries import (
    EntryView,
    Packs,
    entries_at,
    head_of,
    indexes_citing,
    proof_file,
    standings,
    told,
    told_where,
)
from alongside.ground.ui.addresses import short_name
from alongside.ground.ui.languages import listed
from alongside.work.projects.models import (
    Chunk,
    DecisionPoint,
    Import,
    Listing,
    Project,
    Register,
    Row,
    Tile,
    Touch,
)


@dataclass(frozen=True)
class EngagementShown:
    """An engagement in a list: its promise with its words, and where it stands."""

    told: EntryView
    course: EngagementState
    state: EngagementStage

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["engagement"])


def courses_of(program: Program, promises: Iterable[EntryView], today: date) -> list[EngagementShown]:
    """Say where engagements stand, in the order given. Two queries."""
    shown = list(promises)
    rows = indexes_citing(program, [one.index for one in shown], CHANGES)
    changes = entries_at(program, {citing for citing, _kind, _cited in rows})
    found = []
    for one in shown:
        about = [changes[citing] for citing, _kind, cited in rows if cited == one.index]
        course = course_of(one.entry, about)
        found.append(EngagementShown(one, course, course.state(today)))
    return found


#: Names that addresses of the register use themselves.
OURS = ("new", "import", "imports", "harms")


def may_write_about(viewer: Viewer, unit: str) -> bool:
    """Say whether the viewer may write about the projects of a unit: its staff, and the steward."""
    return viewer.has(Role.STEWARD) or viewer.works_for(unit)


def units_for(program: Program, viewer: Viewer) -> list[Unit]:
    """List the units whose projects the viewer may put on the register: all for the steward, else their own."""
    units = Unit.objects.filter(program=program, outside=False).order_by("slug")
    if not viewer.has(Role.STEWARD):
        units = units.filter(slug__in=viewer.units)
    return list(units)


def project_for(program: Program, viewer: Viewer, slug: str) -> Project | None:
    """Give a project that the viewer may write about, or None."""
    projects = Project.objects.filter(program=program, slug=slug).select_related("unit", "program")
    if not viewer.has(Role.STEWARD):
        projects = projects.filter(unit__slug__in=viewer.units)
    return projects.first()


def project_of(program: Program, slug: str) -> Project | None:
    """Give a project on the record, or None."""
    return Project.objects.filter(program=program, slug=slug).select_related("unit", "program").first()


def point_for(program: Program, viewer: Viewer, slug: str, decision: str) -> DecisionPoint | None:
    """Give a decision that the viewer may write about, or None."""
    points = DecisionPoint.objects.filter(project__program=program, project__slug=slug, slug=decision)
    if not viewer.has(Role.STEWARD):
        points = points.filter(project__unit__slug__in=viewer.units)
    return points.select_related("project__program", "project__unit").first()


def pen_of(viewer: Viewer, unit: str) -> str:
    """Give the actor as which the viewer writes about a unit: their office in it, else the steward."""
    return viewer.office_in(unit) or "steward"


def slugs_like(program: Program, title: str) -> list[str]:
    """List the names that projects of a program have and that begin like a title, so that a new one has another."""
    base = short_name(title, 50) or "project"
    listed = Listing.objects.filter(Q(slug=base) | Q(slug__startswith=f"{base}-"), program=program)
    return [*OURS, *listed.values_list("slug", flat=True)]


def decisions_of(project: Project) -> list[str]:
    """List the names of a project's decisions, which no new one may have."""
    return list(DecisionPoint.objects.filter(project=project).values_list("slug", flat=True))


def office_by_id(program: Program, public_id: str) -> Office:
    """Give an office by its unit/office id. Raises Office.DoesNotExist."""
    unit, _, slug = public_id.partition("/")
    offices = Office.objects.select_related("unit")
    return offices.get(unit__program=program, unit__slug=unit, slug=slug)


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
    told: EntryView | None
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
    """The lines of a page of the list, and which page of how many it is."""

    lines: list[Listed]
    page: Page[Listing]
    head: Head | None
    is_narrowed: bool


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
        promised = Citation.objects.filter(
            log__program=program, kind=EntryKind.ENGAGEMENT_PROMISED, role="decision"
        )
        spoken = DecisionPoint.objects.filter(project__program=program, entry__in=promised.values("cited"))
        found = found.exclude(asked="asked").exclude(project__in=spoken.values("project"))
    if narrow.slugs is not None:
        found = found.filter(slug__in=narrow.slugs)
    return found


def _ahead(program: Program, today: date) -> QuerySet[DecisionPoint]:
    last = today + timedelta(days=SOON_DAYS)
    made = Citation.objects.filter(log__program=program, kind=EntryKind.DECISION_MADE, role="decision")
    points = DecisionPoint.objects.filter(project__program=program, on__gte=today, on__lte=last)
    return points.exclude(entry__in=made.values("cited"))


def list_page(program: Program, lang: str, narrow: Narrow, today: date, number: str = "1") -> ListPage:
    """Give a page of the register, the City's own projects before imported ones, newest first. Nine queries at most."""
    found = narrowed(program, narrow, today).order_by("is_imported", "-pk")
    page = Paginator(found.select_related("project", "row__register"), PAGE).get_page(number)
    shown = show_lines(program, lang, list(page.object_list), today)
    return ListPage(shown, page, head_of(program), narrow.narrows)


def show_lines(program: Program, lang: str, lines: Sequence[Listing], today: date) -> list[Listed]:
    """Give lines with their words and their next decisions. Six queries."""
    entries = [one.project.entry for one in lines if one.project]
    rows = indexes_citing(program, entries, [EntryKind.PROJECT_DESCRIBED])
    words = told(program, [*entries, *(citing for citing, _kind, _cited in rows)], lang)
    summaries: dict[int, EntryView] = {}
    for citing, _kind, cited in rows:
        if "summary" in words[citing].entry.texts:
            summaries[cited] = words[citing]
    decisions = _next(program, [one.project_id for one in lines if one.project_id], today)
    return [_listed(one, words, summaries, decisions) for one in lines]


def _listed(
    listing: Listing,
    words: Mapping[int, EntryView],
    summaries: Mapping[int, EntryView],
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
    made = Citation.objects.filter(log__program=program, kind=EntryKind.DECISION_MADE, role="decision")
    points = DecisionPoint.objects.filter(project__in=projects, on__gte=today)
    points = points.exclude(entry__in=made.values("cited")).order_by("-on")
    return {one.project_id: one for one in points}


def listing_of(program: Program, slug: str) -> Listing | None:
    """Give a line of the list by its address, with its project and the row it came in with, or None. One query."""
    found = Listing.objects.filter(program=program, slug=slug)
    return found.select_related("project", "row__register", "row__came_with").first()


type Named = dict[str, str | Promise]

SORTS: Named = {
    "policy": _("Policy"),
    "service": _("Service"),
    "data": _("Data"),
    "technology": _("Technology"),
}
STAGES: Named = {
    "planned": pgettext_lazy("stage of a project", "Planned"),
    "development": pgettext_lazy("stage of a project", "Being made"),
    "pilot": pgettext_lazy("stage of a project", "On trial"),
    "in_use": pgettext_lazy("stage of a project", "In use"),
    "retired": pgettext_lazy("stage of a project", "Ended"),
}
IMPACTS: Named = {
    "high": _("High: it can touch rights, money or safety"),
    "limited": _("Limited"),
}
PERSONAL: Named = {"yes": _("Yes"), "no": _("No")}
ASKED: Named = {
    "asked": _("People were asked"),
    "planned": _("People will be asked"),
    "not_asked": _("Nobody was asked"),
}
CHOICES: dict[str, Named] = {
    "sort": SORTS,
    "stage": STAGES,
    "impact": IMPACTS,
    "personal_data": PERSONAL,
    "asked": ASKED,
}
#: The facts of a project in the order of its page. Its name, its unit and what it is stand above them.
FACT_WORDS: Named = {
    "sort": _("Kind"),
    "stage": _("Stage"),
    "impact": _("Impact on people"),
    "communities": _("Whom it touches"),
    "purpose": _("What it is for"),
    "data_used": _("What data it uses"),
    "personal_data": _("Data about persons?"),
    "people_in_data": _("What it knows of people"),
    "vendors": _("Who sells or runs it"),
    "datasets": _("Datasets"),
    "documents": _("Documents"),
    "oversight": _("Who watches over it"),
    "appeal": _("How to object"),
    "asked": _("Was the public asked?"),
    "consultation": _("How the public was asked"),
}
#: What stands above the facts on a page.
CALLED: Named = {"name": _("Name"), "body": _("Body or bureau"), "summary": _("What it is")}
#: Facts with one thing on a line, each with or without an address at its end.
LISTS = ("vendors", "datasets", "documents")
STATES: Named = {
    RowState.NEW: pgettext_lazy("row of a file", "New"),
    RowState.CHANGED: pgettext_lazy("row of a file", "Changed"),
    RowState.SAME: pgettext_lazy("row of a file", "The same"),
    RowState.GONE: pgettext_lazy("row of a file", "Gone"),
    RowState.WRONG: pgettext_lazy("row of a file", "Left out"),
}


def choice(name: str, value: object) -> str:
    """Give what a choice is called; the value itself where it has no name."""
    return str(CHOICES.get(name, {}).get(str(value), value))


AT_ONCE = 500
HEADINGS = (
    "project",
    "name",
    "unit",
    "body",
    "summary",
    *FACT_WORDS,
    "next_decision",
    "entry",
    "register",
    "row",
    "file",
    "license",
)

type Exported = dict[str, Any]


def exported(program: Program, lang: str, narrow: Narrow, today: date) -> Iterator[Exported]:
    """Give every line of the register that fits, a few hundred at a time, so that any length streams."""
    found = narrowed(program, narrow, today).order_by("is_imported", "-pk")
    keys = found.values_list("pk", flat=True).iterator(chunk_size=10_000)
    for some in batched(keys, AT_ONCE, strict=False):
        lines = Listing.objects.filter(pk__in=some).order_by("is_imported", "-pk")
        lines = lines.select_related("project", "row__register", "row__came_with")
        rows = list(lines.prefetch_related("touches"))
        shown = show_lines(program, lang, rows, today)
        facts = _facts(program, lang, rows)
        for one in shown:
            yield _line(one, facts.get(one.listing.pk, {}))


def _facts(program: Program, lang: str, rows: list[Listing]) -> dict[int, Exported]:
    """Give the facts that the record tells of these projects, by their lines. Three queries."""
    own = {one.project.entry: one.pk for one in rows if one.project}
    citing = indexes_citing(program, own, [EntryKind.PROJECT_DESCRIBED])
    words = told(program, [index for index, _kind, _cited in citing], lang)
    about: dict[int, list[EntryView]] = {}
    for index, _kind, cited in citing:
        about.setdefault(own[cited], []).append(words[index])
    return {pk: _told(entries) for pk, entries in about.items()}


def _told(entries: list[EntryView]) -> Exported:
    facts = facts_of(one.entry for one in entries)
    words = {one.index: one for one in entries}
    texts = {name: words[index].say(name) for name, index in facts.texts.items() if name != "summary"}
    return dict(facts.choices) | texts


def _line(one: Listed, told_facts: Mapping[str, Any]) -> Exported:
    listing, row = one.listing, one.listing.row
    facts = dict(told_facts) if listing.project else dict(one.row_facts)
    facts.setdefault("communities", [touch.community for touch in listing.touches.all()])
    line: Exported = {"project": one.slug, "name": one.title, "unit": listing.unit, "body": one.body}
    line |= {"summary": one.summary} | {name: facts.get(name, "") for name in FACT_WORDS}
    line["next_decision"] = one.decision.on.isoformat() if one.decision else ""
    line["entry"] = listing.project.entry if listing.project else ""
    if row and row.erased is None:
        line |= {"register": row.register.slug, "row": row.number, "file": row.came_with.sha256}
        line |= {"license": row.register.license, "as_imported": without_emails(row.cells)}
    return line


ABOUT = (
    EntryKind.PROJECT_DESCRIBED,
    EntryKind.PROJECT_JOINED,
    EntryKind.PROJECT_LEFT,
    EntryKind.HARM_NAMED,
    EntryKind.DECISION_SCHEDULED,
    EntryKind.WORKPLAN_PROPOSED,
    EntryKind.CONSULTATION_OPENED,
)
ON_A_DECISION = (EntryKind.ENGAGEMENT_PROMISED, EntryKind.DECISION_MOVED, EntryKind.DECISION_MADE)


@dataclass(frozen=True)
class DecisionShown:
    """A decision point with its words, the engagements on it, and what became of it."""

    told: EntryView
    engagements: list[EngagementShown]
    moves: Sequence[EntryView] = ()
    made: EntryView | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["decision"])

    @property
    def on(self) -> date:
        """Give the day on which it is decided, as moved, or was."""
        last = self.made or (self.moves[-1] if self.moves else self.told)
        return date.fromisoformat(last.entry.data["on"])

    @property
    def office(self) -> str:
        """Give the office that decides, as unit/office."""
        return str(self.told.entry.data["office"])

    @property
    def promise(self) -> EntryView:
        """Give the entry that promises how people take part: the last engagement on it, else the decision itself."""
        return self.engagements[-1].told if self.engagements else self.told

    @property
    def level(self) -> tuple[str, str] | None:
        """Give the level of participation that is promised, as (framework, level)."""
        level = self.promise.entry.data.get("level")
        return (level["framework"], level["level"]) if level else None

    @property
    def asked(self) -> str:
        """Say whether the public was asked: an engagement on it says so by itself."""
        return "asked" if self.engagements else str(self.told.entry.data.get("asked", ""))


@dataclass(frozen=True)
class Spoken:
    """What communities said on a project: a finding, and the asks that rest on it with where they stand."""

    finding: EntryView
    asks: list[tuple[EntryView, Standing | None]]


@dataclass(frozen=True)
class ProjectShown:
    """A project with its words, its facts, its decisions (the first one first) and what communities said."""

    told: EntryView
    decisions: list[DecisionShown]
    facts: Facts = field(default_factory=Facts)
    about: Mapping[int, EntryView] = field(default_factory=dict)
    harms: Sequence[EntryView] = ()
    seats: Sequence[Seat] = ()
    workplans: Sequence[EntryView] = ()
    reviews: Sequence[EntryView] = ()
    spoken: Sequence[Spoken] = ()
    head: Head | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["project"])

    @property
    def unit(self) -> str:
        """Give the unit that owns it."""
        return str(self.told.entry.data["unit"])

    @property
    def summary(self) -> EntryView:
        """Give the entry that last said what it is."""
        return self.about.get(self.facts.texts.get("summary", -1), self.told)

    def decision(self, slug: str) -> DecisionShown | None:
        """Give one of its decisions, or None."""
        return next((one for one in self.decisions if one.slug == slug), None)


def project_page(program: Program, lang: str, slug: str, today: date) -> ProjectShown | None:
    """Give a project with everything its page shows, or None. Eighteen queries at most."""
    found = told_where(program, lang, kinds=[EntryKind.PROJECT_REGISTERED], subject=slug)
    if not found:
        return None
    about = _citing(program, lang, [found[0].index], ABOUT)
    points = [one for one in about.values() if one.entry.kind == EntryKind.DECISION_SCHEDULED]
    on_them = _citing(program, lang, [one.index for one in points], ON_A_DECISION)
    promises = [one for one in on_them.values() if one.entry.kind == EntryKind.ENGAGEMENT_PROMISED]
    engagements = courses_of(program, promises, today)
    return ProjectShown(
        told=found[0],
        decisions=sorted((_point(one, on_them, engagements) for one in points), key=lambda one: one.on),
        facts=facts_of(one.entry for one in about.values() if one.entry.kind == EntryKind.PROJECT_DESCRIBED),
        about=about,
        harms=[one for one in about.values() if one.entry.kind == EntryKind.HARM_NAMED][::-1],
        seats=_working(program, about.values()),
        workplans=_plans(about.values()),
        reviews=[one for one in about.values() if one.entry.kind == EntryKind.CONSULTATION_OPENED][::-1],
        spoken=_spoken(program, lang, [one.index for one in promises]),
        head=head_of(program),
    )


def _citing(program: Program, lang: str, cited: Iterable[int], kinds: Sequence[str]) -> dict[int, EntryView]:
    rows = indexes_citing(program, cited, kinds)
    return told(program, [citing for citing, _kind, _cited in rows], lang)


def _point(
    point: EntryView, on_them: Mapping[int, EntryView], engagements: Iterable[EngagementShown]
) -> DecisionShown:
    its = [one for one in on_them.values() if point.index in one.entry.cites.get("decision", ())]
    return DecisionShown(
        told=point,
        engagements=[one for one in engagements if point.index in one.told.entry.cites.get("decision", ())],
        moves=[one for one in its if one.entry.kind == EntryKind.DECISION_MOVED],
        made=next((one for one in its if one.entry.kind == EntryKind.DECISION_MADE), None),
    )


def _working(program: Program, about: Iterable[EntryView]) -> list[Seat]:
    """List the seats that work on a project, with the profile of whoever holds each. One query."""
    works: dict[str, bool] = {}
    for one in about:
        if one.entry.kind in {EntryKind.PROJECT_JOINED, EntryKind.PROJECT_LEFT}:
            works[one.entry.data["seat"]] = one.entry.kind == EntryKind.PROJECT_JOINED
    here = [seat for seat, still in works.items() if still]
    seats = Seat.objects.filter(cohort__program=program, public_id__in=here)
    return list(seats.select_related("person__profile").order_by("pk"))


def _plans(about: Iterable[EntryView]) -> list[EntryView]:
    latest: dict[str, EntryView] = {}
    for one in about:
        if one.entry.kind == EntryKind.WORKPLAN_PROPOSED:
            latest[one.entry.data["workplan"]] = one
    return list(latest.values())


def _spoken(program: Program, lang: str, promises: Sequence[int]) -> list[Spoken]:
    """Give what communities said in the engagements on a project. Five queries."""
    rows = indexes_citing(program, promises, [EntryKind.FINDING_PUBLISHED])
    findings = [citing for citing, _kind, _cited in rows]
    rests = indexes_citing(program, findings, ASK_KINDS)
    words = told(program, [*findings, *(citing for citing, _kind, _cited in rests)], lang)
    stand = {one.ask: one for one in standings(program, ask__in=[citing for citing, _kind, _cited in rests])}
    return [
        Spoken(words[one], [(words[ask], stand.get(ask)) for ask, _kind, cited in rests if cited == one])
        for one in dict.fromkeys(findings)
    ]


def facts_for_form(shown: ProjectShown) -> dict[str, Any]:
    """Give what stands of each fact, as a form shows it."""
    texts = {name: shown.about[index].say(name) for name, index in shown.facts.texts.items()}
    return dict(shown.facts.choices) | texts


ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Part:
    """A piece of a fact: words, and where they lead if they do."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class FactLine:
    """One fact: what it is called, and its parts; none where nobody told it."""

    label: str
    parts: tuple[Part, ...] = ()
    lang: str = ""


def fact_lines(shown: ProjectShown, pack: Pack, lang: str) -> list[FactLine]:
    """Give every fact of a project on the record. No queries."""
    return [_line_facts(name, str(label), shown, pack, lang) for name, label in FACT_WORDS.items()]


def _line_facts(name: str, label: str, shown: ProjectShown, pack: Pack, lang: str) -> FactLine:
    if name in shown.facts.texts:
        index = shown.facts.texts[name]
        words = shown.about[index].say(name)
        parts = tuple(parts_of(words)) if name in LISTS else (Part(words),) if words else ()
        return FactLine(label, parts, shown.about[index].lang(name))
    value = shown.facts.choices.get(name)
    if name == "asked" and any(one.engagements for one in shown.decisions):
        value = "asked"
    return FactLine(label, tuple(Part(one) for one in chosen(name, value, pack, lang)))


def chosen(name: str, value: Any, pack: Pack, lang: str) -> list[str]:
    """Give what was chosen for a fact, as people read it; nothing where nobody told it."""
    if not value:
        return []
    if name == "communities":
        called = {one.id: one.name.say(lang) for one in pack.communities}
        return [listed(called.get(one, one) for one in value)]
    return [choice(name, value)]


def parts_of(words: str) -> Iterable[Part]:
    """Read one thing a line; an address in a line is what its words lead to."""
    for line in filter(None, (one.strip() for one in words.splitlines())):
        found = ADDRESS.search(line)
        if found is None:
            yield Part(line)
        else:
            said = ADDRESS.sub("", line).strip(" |:-–—()")
            yield Part(said or found[0], found[0].rstrip(").,;"))


def row_lines(row: Row, pack: Pack, lang: str) -> list[FactLine]:
    """Give the facts that were read from the row of a file. No queries."""
    return [
        _row_line(name, str(label), row.facts, row.register.lang, pack, lang)
        for name, label in FACT_WORDS.items()
    ]


def _row_line(name: str, label: str, facts: Mapping[str, Any], its: str, pack: Pack, lang: str) -> FactLine:
    value = facts.get(name, "")
    if name in CHOICES or name == "communities":
        return FactLine(label, tuple(Part(one) for one in chosen(name, value, pack, lang)))
    parts = tuple(parts_of(str(value))) if name in LISTS else (Part(str(value)),) if value else ()
    return FactLine(label, parts, its)


def level_in_words(point: DecisionShown, pack: Pack, lang: str) -> str:
    """Give the level of participation that is promised on a decision, in the pack of that promise; empty where none is."""
    if point.level is None:
        return ""
    framework = pack.framework(point.level[0])
    level = next((one for one in framework.levels if one.id == point.level[1]), None) if framework else None
    return f"{framework.name.say(lang)}: {level.name.say(lang)}" if framework and level else point.level[1]


def page_of(shown: ProjectShown, packs: Packs, pack: Pack, lang: str, viewer: Viewer) -> dict[str, Any]:
    """Give what the page of a project shows, in words: of what was promised, those of its day. No queries."""
    harms = {one.id: one for one in pack.harms}
    called = {one.id: one.name.say(lang) for one in pack.communities}
    return {
        "project": shown,
        "lines": fact_lines(shown, pack, lang),
        "told_in": sorted(
            one.index for one in shown.about.values() if one.entry.kind == EntryKind.PROJECT_DESCRIBED
        ),
        "points": [
            (
                one,
                packs.at(one.told.index).office_title(one.office, lang),
                level_in_words(one, packs.at(one.promise.index), lang),
                asked_in_words(one),
            )
            for one in shown.decisions
        ],
        "harms": [
            (
                one,
                [harms[each].name.say(lang) if each in harms else each for each in one.entry.data["harms"]],
                [called.get(each, each) for each in one.entry.data.get("communities", ())],
            )
            for one in shown.harms
        ],
        "works_here": viewer.seat in {one.public_id for one in shown.seats},
        "is_lead": viewer.has(Role.LEAD),
        "record_head": shown.head,
    }


def asked_in_words(point: DecisionShown) -> str:
    """Say whether the public was asked about a decision; empty where nobody says."""
    return choice("asked", point.asked) if point.asked else ""


SAMPLE = 300
PAGE = 30


@dataclass(frozen=True)
class Sample:
    """The headings of a file and its first rows; `why` says why it cannot be read, if it cannot."""

    headings: tuple[str, ...] = ()
    rows: Sequence[RawRow] = ()
    why: str = ""


@dataclass(frozen=True)
class RowShown:
    """A row of a file as the check shows it: what it is, and for a changed one what was and what is."""

    row: Row
    state: str
    differences: Sequence[tuple[str, str, str]] = ()


def pieces_of(of: Import) -> Iterator[bytes]:
    """Give the bytes of a file, a piece at a time. One query a piece."""
    number = 0
    while (
        piece := Chunk.objects.filter(of=of, number=number).values_list("data", flat=True).first()
    ) is not None:
        yield bytes(piece)
        number += 1


def sample_of(of: Import) -> Sample:
    """Read the headings of a file and its first rows. One query for each piece that they reach into."""
    rows: list[RawRow] = []
    try:
        opened = open_register(pieces_of(of), of.encoding)
    except UnreadableError as error:
        return Sample(why=f"{error.why} {error.row}")
    with suppress(UnreadableError):  # told when every row is read; the rows before it can be mapped
        rows.extend(islice(opened.rows, SAMPLE))
    return Sample(opened.headings, rows)


def gone_of(of: Import) -> QuerySet[Row]:
    """Give the rows in force that a file no longer has. A row that is wrong in the file is not gone: it stays as it was."""
    here = Row.objects.filter(came_with=of, key=OuterRef("key"))
    return Row.objects.filter(~Exists(here), register=of.register_id, is_in_force=True)


def counts_of(of: Import) -> dict[str, int]:
    """Count the rows of a file by how they stand, and what is gone. Two queries; after it came in, what the record tells."""
    told = Row.objects.filter(came_with=of).order_by().values("state").annotate(n=Count("pk"))
    return {one["state"]: one["n"] for one in told} | {RowState.GONE: gone_of(of).count()}


def coming_of(of: Import) -> int:
    """Count the rows that a confirmed file brings into the list, or brought. One query, none before a yes."""
    return Row.objects.filter(came_with=of, state__in=SAYS_ANEW).count() if of.confirmed_at else 0


def rows_page(of: Import, state: str, number: int) -> list[RowShown]:
    """Give a page of the rows of a file that stand in one way, counted from 1. Two queries."""
    rows = gone_of(of) if state == RowState.GONE else Row.objects.filter(came_with=of, state=state)
    some = list(rows.order_by("number", "pk")[(number - 1) * PAGE : number * PAGE])
    before = {}
    if state == RowState.CHANGED:
        keys = [one.key for one in some]
        standing = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=keys)
        before = {one.key: one for one in standing}
    return [RowShown(one, state, differences(before.get(one.key), one)) for one in some]


def preview(
    plan: Plan, sample: Sample, most: int, communities: Mapping[str, str]
) -> tuple[list[str], list[tuple[Read, list[tuple[str, str]]]]]:
    """Give how the first rows come out by a mapping: what stands in each, under the facts it fills and the columns it keeps.

    `communities` says what the communities of the pack are called, by id.
    """
    used = [name for name in FACTS if plan.columns_for(name)]
    read = [read_row(plan, one) for one in sample.rows[:most]]
    called = {name: str(CALLED.get(name) or FACT_WORDS[name]) for name in used}
    kept = kept_as_they_are(plan, sample)
    return [*called.values(), *kept], [
        (
            one,
            [(called[name], _said(name, one.facts.get(name, ""), communities)) for name in used]
            + [(name, one.cells.get(name, "")) for name in kept],
        )
        for one in read
    ]


def kept_as_they_are(plan: Plan, sample: Sample) -> list[str]:
    """List the columns that nobody mapped and nobody left out: they come in as they are, for everyone to read."""
    return [name for name in sample.headings if plan.columns.get(name, KEEP) == KEEP]


def about_people(plan: Plan, sample: Sample) -> list[str]:
    """List the columns that come in, mapped or as they are, and look as if they were about people.

    What is mapped as the name of a project is about a thing.
    """
    return [
        name
        for name in sample.headings
        if plan.columns.get(name, KEEP) not in {DROP, "name"}
        and holds_people(name, [one.cells.get(name, "") for one in sample.rows])
    ]


def _said(name: str, value: str | list[str], communities: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return " · ".join(communities.get(one, one) for one in value)
    return choice(name, value) if value and name in CHOICES else value


def differences(before: Row | None, after: Row) -> list[tuple[str, str, str]]:
    """List what differs between two rows, cell by cell: the column, what was, what is."""
    if before is None:
        return []
    names = dict.fromkeys([*before.cells, *after.cells])
    pairs = [(name, before.cells.get(name, ""), after.cells.get(name, "")) for name in names]
    return [one for one in pairs if one[1] != one[2]]


def registers_for(program: Program, viewer: Viewer) -> list[Register]:
    """List the registers that the viewer may bring files into: all for the steward, else those of their units."""
    found = Register.objects.filter(program=program).select_related("unit").order_by("title")
    if not viewer.has(Role.STEWARD):
        found = found.filter(unit__slug__in=viewer.units)
    return list(found)


def imports_for(program: Program, viewer: Viewer, most: int = 50) -> list[Import]:
    """List the files that the viewer may see on their way, newest first. One query."""
    found = Import.objects.filter(register__program=program).exclude(sha256="").select_related("register")
    if not viewer.has(Role.STEWARD):
        found = found.filter(register__unit__slug__in=viewer.units)
    return list(found.order_by("-pk")[:most])


def import_for(program: Program, viewer: Viewer, number: int) -> Import | None:
    """Give a file that the viewer may bring in, or None."""
    found = Import.objects.filter(register__program=program, pk=number).exclude(sha256="")
    if not viewer.has(Role.STEWARD):
        found = found.filter(register__unit__slug__in=viewer.units)
    return found.select_related("register__unit", "register__program").first()


def old_files(program: Program, before: datetime) -> list[Import]:
    """List the files that came before a moment and that nobody confirmed."""
    return list(Import.objects.filter(register__program=program, confirmed_at=None, made_at__lt=before))


def register_slugs(program: Program) -> list[str]:
    """List the names of all registers, which no new one may have."""
    return list(Register.objects.filter(program=program).values_list("slug", flat=True))


#: How many digits of its mark stand in the address of a row.
MARK = 10


def last_entry(register: Register) -> int | None:
    """Give the entry of the last file that came into a register, or None."""
    found = Import.objects.filter(register=register, entry__isnull=False).order_by("-entry")
    return found.values_list("entry", flat=True).first()


def last_change(register: Register) -> int | None:
    """Give the last entry that changed a register: a file that came in, or a row that was taken down; None where there is none."""
    gone = Row.objects.filter(register=register, erased__isnull=False)
    taken_down = gone.aggregate(last=Max("erased"))["last"]
    return max((one for one in (last_entry(register), taken_down) if one is not None), default=None)


def leaves_in_force(register: Register) -> list[bytes]:
    """Give the hashes of the rows in force, over which the root in the record stands, in the order of their bytes."""
    rows = Row.objects.filter(register=register, is_in_force=True).order_by("leaf")
    return [bytes(one) for one in rows.values_list("leaf", flat=True).iterator()]


def leaves_after(of: Import) -> list[bytes]:
    """Give the hashes of the rows that were in force once an import had come in, in the order of their bytes."""
    rows = Row.objects.filter(register=of.register_id, came_with__entry__lte=of.entry, state__in=SAYS_ANEW)
    rows = rows.filter(Q(ended_by=None) | Q(ended_by__entry__gt=of.entry)).order_by("leaf")
    return [bytes(one) for one in rows.values_list("leaf", flat=True)]


def mark_of(register: Register, key: str) -> str:
    """Give the hash by which a row is told apart in addresses, and by which one whose words are gone is known again."""
    return hashlib.sha256(f"{register.slug}\0{key}".encode()).hexdigest()


def hidden(register: Register, key: str) -> str:
    """Give the key of a row whose words were taken down: it is known again, and does not say its own id."""
    return f"!{mark_of(register, key)[:40]}"


def slug_of(row: Row) -> str:
    """Give the name that a row has in addresses, the same in every file: its register, its name, and a mark of its key."""
    mark = mark_of(row.register, row.key)[:MARK]
    said = short_name(str(row.facts.get("name", "")), 32)
    return "-".join(filter(None, [row.register.slug[:14].strip("-"), said, mark]))


MARKED = re.compile(rf"(?:.*-)?([0-9a-f]{{{MARK}}})\Z")


def row_proof(program: Program, row: Row) -> RowProof | None:
    """Give the proof that a row is as it came in, under the last signed root over it; None where there is none yet.

    A few queries more the larger the register is: one for each level of its tiles.
    """
    head = head_of(program)
    over = _last_over(row, head) if head and row.erased is None else None
    if head is None or over is None or over.entry is None:
        return None
    place, path = way(over, bytes(row.leaf))
    proof = proof_file(program, over.entry, head)
    return RowProof(row.key, row.cells, bytes(row.salt), place, path, proof)


def _last_over(row: Row, head: Head) -> Import | None:
    """Give the last signed import whose root stands over a row: it came in then or before, and was not replaced yet."""
    first = row.came_with.entry
    signed = Import.objects.filter(register=row.register_id, entry__gte=first or 0, entry__lt=head.size)
    if row.ended_by is not None:
        signed = signed.filter(entry__lt=row.ended_by.entry)
    return None if first is None else signed.order_by("-entry").first()


def way(of: Import, leaf: bytes) -> tuple[int, list[bytes]]:
    """Give the place of a row's hash under the root of an import, and the way from it to the root."""
    hashes = Tile.objects.filter(of=of, level=0)
    last = hashes.order_by("number").last()
    held = hashes.filter(first__lte=leaf).order_by("first").last()
    if last is None or held is None:
        return _way_without_tiles(of, leaf)
    size = last.number * TILE_WIDTH + _width(last)
    place = held.number * TILE_WIDTH + _place_in(bytes(held.hashes), leaf)
    return place, way_of(place, size, lambda level, n, _width: _kept(of, level, n))


def _width(tile: Tile) -> int:
    return len(bytes(tile.hashes)) // HASH_SIZE


def _place_in(hashes: bytes, leaf: bytes) -> int:
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)].index(leaf)


def _kept(of: Import, level: int, n: int) -> bytes:
    return bytes(Tile.objects.values_list("hashes", flat=True).get(of=of, level=level, number=n))


def _way_without_tiles(of: Import, leaf: bytes) -> tuple[int, list[bytes]]:
    """Make the tiles anew for an import from before they were kept."""
    leaves = leaves_after(of)
    made = {(ref.level, ref.n): hashes for ref, hashes in tiles_over(leaves).items()}
    place = leaves.index(leaf)
    return place, way_of(place, len(leaves), lambda level, n, _width: made[level, n])


def erased_row(program: Program, slug: str) -> Row | None:
    """Give the row whose words were taken down and that stood at an address, or None. One query, on few rows."""
    marked = MARKED.match(slug)
    if marked is None:
        return None
    found = Row.objects.filter(register__program=program, erased__isnull=False)
    return (
        found.filter(key__startswith=f"!{marked[1]}").select_related("register").order_by("-erased").first()
    )


#: So many rows of one file are looked at in a night; of a longer file others each time.
A_NIGHT = 20_000
#: What a line of the list has of its row, so that the list is narrowed by it.
CHOSEN = tuple(name for name in CHOICES_CHOICES if name != "personal_data")


def is_as_it_came(row: Row) -> bool:
    """Say whether a row is the one over which the root in the record stands. A few queries more the larger its register is."""
    if row.erased is not None or row.came_with.entry is None:
        return True
    entry = entries_at(row.register.program, [row.came_with.entry]).get(row.came_with.entry)
    if (
        entry is None
        or not _is_mapped_so(row.came_with, entry)
        or _differs(row, Plan.read(row.came_with.mapping))
    ):
        return False
    try:
        place, path = way(row.came_with, bytes(row.leaf))
        root = bytes.fromhex(entry.data["root"])
        verify_inclusion(place, entry.data["listed"], bytes(row.leaf), path, root)
    except (ObjectDoesNotExist, ValueError):
        return False
    return True


def changed_rows(*, program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries of files of which rows, or lines of the list, say something else here than came in.

    The root is compared for the last file of a register, as it stands over all that is in force.
    """
    told = {one.index: one for one in entries}
    held = Import.objects.filter(register__program=program, entry__in=told).select_related("register")
    return {one.entry for one in held if one.entry is not None and _is_changed(one, told[one.entry])}


def _is_changed(of: Import, entry: Entry) -> bool:
    if not _is_mapped_so(of, entry):
        return True
    plan = Plan.read(of.mapping)
    if any(_differs(row, plan) or (of.listed_at and _listed_otherwise(row)) for row in _some(of)):
        return True
    is_last = last_entry(of.register) == of.entry
    return is_last and root_of(leaves_in_force(of.register)).hex() != entry.data["root"]


def _some(of: Import) -> Iterable[Row]:
    """Give the rows that came in with a file, or as many of them as a night has time for."""
    rows = Row.objects.filter(came_with=of, state__in=SAYS_ANEW, erased=None).order_by("number")
    most = rows.count()
    first = randrange(most - A_NIGHT + 1) if most > A_NIGHT else 0  # noqa: S311 -- nothing is kept secret by it
    some = rows[first : first + A_NIGHT].select_related("listing").prefetch_related("listing__touches")
    return some.iterator(chunk_size=AT_ONCE)


def _is_mapped_so(of: Import, entry: Entry) -> bool:
    return hashlib.sha256(canonical(of.mapping)).hexdigest() == str(entry.data["mapping"])


def _differs(row: Row, plan: Plan) -> bool:
    """Say whether the cells of a row are not under its hash, or its facts are not what its file's mapping reads in them."""
    read = read_row(plan, RawRow(row.number, row.cells))
    return leaf_of(row.key, row.cells, bytes(row.salt)) != bytes(row.leaf) or read.facts != row.facts


def _listed_otherwise(row: Row) -> bool:
    """Say whether the line of the list that shows a row says something else; where a project is on the record, that is told."""
    listing = getattr(row, "listing", None)
    if listing is None or listing.project_id is not None:
        return False
    facts: Mapping[str, object] = row.facts
    touched = sorted(one.community for one in listing.touches.all())
    return touched != sorted(row.facts.get("communities", [])) or any(
        getattr(listing, name) != facts.get(name, "") for name in CHOSEN
    )

"""Read city projects from the record, in the list and one by one, and what may be told of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from alongside.cohort.seats.models import Seat
from alongside.core.entries import unit_of
from alongside.core.grammar.project_rules import MOVES
from alongside.core.grammar.projects import Facts, facts_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.core.registers.cells import without_emails
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.engagements import CHANGES, EngagementStage, EngagementState, course_of
from alongside.core.workflow.levels import by_quarter, first_day, last_day
from alongside.core.workflow.workplans import COMMUNITY
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Office, Program
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import (
    EntryView,
    Packs,
    asked_on,
    entries_at,
    entry_views,
    entry_views_where,
    indexes_citing,
    is_cited,
    latest_entry_views,
    milestones,
    standings,
    worded,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import short_name
from alongside.ground.ui.days import months_in_words
from alongside.ground.ui.languages import listed
from alongside.work.projects.models import DecisionPoint, Project
from alongside.work.registers import queries as registers
from alongside.work.registers.models import Listing, Row, Touch

if TYPE_CHECKING:
    from alongside.core.entries import Entry


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


def courses_of(
    program: Program,
    promises: Iterable[EntryView],
    today: date,
    citing: Sequence[tuple[int, str, int]] | None = None,
) -> list[EngagementShown]:
    """Say where engagements stand, in the order given; `citing` is what cites them, if that is known. Two queries at most."""
    shown = list(promises)
    rows = indexes_citing(program, [one.index for one in shown], CHANGES) if citing is None else citing
    moves = [(index, cited) for index, kind, cited in rows if kind in CHANGES]
    changes = entries_at(program, {index for index, _cited in moves}) if moves else {}
    about: dict[int, list[Entry]] = defaultdict(list)
    for index, cited in moves:
        about[cited].append(changes[index])
    found = []
    for one in shown:
        course = course_of(one.entry, about[one.index])
        found.append(EngagementShown(one, course, course.state(today)))
    return found


def worded_courses(program: Program, found: Iterable[EngagementShown], lang: str) -> list[EngagementShown]:
    """Give engagements with the words of their promises, in the order given. One query."""
    shown = list(found)
    told = worded(program, [one.told for one in shown], lang)
    return [replace(one, told=words) for one, words in zip(shown, told, strict=True)]


def decision_days(program: Program, promises: Iterable[EntryView]) -> dict[int, date]:
    """Give the day of the decision that each promise cites, as it stands now. Two queries at most."""
    cited = {one.index: one.entry.cites["decision"][0] for one in promises if one.entry.cites.get("decision")}
    last = dict(zip(cited.values(), cited.values(), strict=True))
    last |= {decision: move for move, _kind, decision in sorted(indexes_citing(program, last, MOVES))}
    entries = entries_at(program, last.values()) if last else {}
    return {
        promise: date.fromisoformat(entries[last[decision]].data["on"]) for promise, decision in cited.items()
    }


#: What stands for a level that an entry names and the rules of its day do not have: its name there may be anything.
UNKNOWN_LEVEL = gettext_noop("A level that the rules do not have")

#: Names that addresses of the register use themselves.
OURS = ("new", "import", "imports", "harms")


def may_write_about(viewer: Viewer, unit: str) -> bool:
    """Say whether the viewer may write about the projects of a unit: its staff, and the steward."""
    return viewer.has(Role.STEWARD) or viewer.works_for(unit)


def project_for(program: Program, viewer: Viewer, slug: str) -> Project | None:
    """Give a project that the viewer may write about, or None."""
    projects = Project.objects.filter(program=program, slug=slug).select_related("unit", "program")
    return registers.of_ones_units(projects, viewer, "unit__slug").first()


def project_of(program: Program, slug: str) -> Project | None:
    """Give a project on the record, or None."""
    return Project.objects.filter(program=program, slug=slug).select_related("unit", "program").first()


def point_for(program: Program, viewer: Viewer, slug: str, decision: str) -> DecisionPoint | None:
    """Give a decision that the viewer may write about, of the project's bureau or of the one that decides, or None."""
    points = DecisionPoint.objects.filter(project__program=program, project__slug=slug, slug=decision)
    points = points.select_related("project__program", "project__unit", "office__unit")
    return next(
        (
            found
            for unit in ("project__unit__slug", "office__unit__slug")
            if (found := registers.of_ones_units(points, viewer, unit).first())
        ),
        None,
    )


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


def narrowed(program: Program, narrow: Narrow, today: date) -> QuerySet[Listing]:
    """Give the lines of the register that fit, unordered."""
    found = Listing.objects.filter(program=program)
    exact = {name: getattr(narrow, name) for name in ("unit", "stage", "impact") if getattr(narrow, name)}
    found = found.filter(**exact)
    if narrow.community:
        found = found.filter(Exists(Touch.objects.filter(listing=OuterRef("pk"), community=narrow.community)))
    if narrow.is_soon:
        found = found.filter(entry__in=_ahead(program, today).values("project__entry"))
    if narrow.never_asked:
        promised = is_cited(program, "entry", EntryKind.ENGAGEMENT_PROMISED)
        spoken = DecisionPoint.objects.filter(promised, project__program=program)
        found = found.exclude(asked="asked").exclude(entry__in=spoken.values("project__entry"))
    if narrow.slugs is not None:
        found = found.filter(slug__in=narrow.slugs)
    return found


def _ahead(program: Program, today: date) -> QuerySet[DecisionPoint]:
    last = today + timedelta(days=SOON_DAYS)
    points = DecisionPoint.objects.filter(project__program=program, on__gte=today, on__lte=last)
    return points.exclude(is_cited(program, "entry", EntryKind.DECISION_MADE))


def list_page(
    program: Program, lang: str, narrow: Narrow, today: date, number: str = "1"
) -> tuple[Page[Listing], list[Listed]]:
    """Give a page of the register, the City's own projects before imported ones, newest first. Eight queries at most."""
    found = narrowed(program, narrow, today).order_by("is_imported", "-pk")
    page = Paginator(found.select_related("row__register"), registers.PAGE).get_page(number)
    return page, show_lines(program, lang, list(page.object_list), today)


def show_lines(program: Program, lang: str, lines: Sequence[Listing], today: date) -> list[Listed]:
    """Give lines with their words and their next decisions. Six queries."""
    entries = [one.entry for one in lines if one.entry is not None]
    rows = indexes_citing(program, entries, [EntryKind.PROJECT_DESCRIBED])
    words = entry_views(program, [*entries, *(citing for citing, _kind, _cited in rows)], lang)
    summaries: dict[int, EntryView] = {}
    for citing, _kind, cited in rows:
        if "summary" in words[citing].entry.texts:
            summaries[cited] = words[citing]
    decisions = _next(program, entries, today)
    return [_listed(one, words, summaries, decisions) for one in lines]


def _listed(
    listing: Listing,
    words: Mapping[int, EntryView],
    summaries: Mapping[int, EntryView],
    decisions: Mapping[int, DecisionPoint],
) -> Listed:
    entry = listing.entry
    if entry is None:
        facts = listing.row.facts if listing.row else {}
        lang = listing.row.register.lang if listing.row else ""
        return Listed(listing, None, str(facts.get("summary", "")), lang)
    last = summaries.get(entry, words[entry])
    return Listed(listing, words[entry], last.say("summary"), last.lang("summary"), decisions.get(entry))


def _next(program: Program, projects: Sequence[int], today: date) -> dict[int, DecisionPoint]:
    points = DecisionPoint.objects.filter(
        project__program=program, project__entry__in=projects, on__gte=today
    )
    points = points.exclude(is_cited(program, "entry", EntryKind.DECISION_MADE))
    return {one.project.entry: one for one in points.select_related("project").order_by("-on")}


#: Facts with one thing on a line, each with or without an address at its end.
LISTS = ("vendors", "datasets", "documents")


HEADINGS = (
    "project",
    "name",
    "unit",
    "body",
    "summary",
    *registers.FACT_WORDS,
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
    for some in batched(keys, registers.AT_ONCE, strict=False):
        lines = Listing.objects.filter(pk__in=some).order_by("is_imported", "-pk")
        lines = lines.select_related("row__register", "row__came_with")
        rows = list(lines.prefetch_related("touches"))
        shown = show_lines(program, lang, rows, today)
        facts = _facts(program, lang, rows)
        for one in shown:
            yield _line(one, facts.get(one.listing.pk, {}))


def _facts(program: Program, lang: str, rows: list[Listing]) -> dict[int, Exported]:
    """Give the facts that the record tells of these projects, by their lines. Three queries."""
    own = {one.entry: one.pk for one in rows if one.entry is not None}
    citing = indexes_citing(program, own, [EntryKind.PROJECT_DESCRIBED])
    words = entry_views(program, [index for index, _kind, _cited in citing], lang)
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
    facts = dict(one.row_facts if listing.entry is None else told_facts)
    facts.setdefault("communities", [touch.community for touch in listing.touches.all()])
    line: Exported = {"project": one.slug, "name": one.title, "unit": listing.unit, "body": one.body}
    line |= {"summary": one.summary} | {name: facts.get(name, "") for name in registers.FACT_WORDS}
    line["next_decision"] = one.decision.on.isoformat() if one.decision else ""
    line["entry"] = "" if listing.entry is None else listing.entry
    if row and row.erased is None:
        line |= {"register": row.register.slug, "row": row.number, "file": row.came_with.sha256}
        line |= {"license": row.register.license, "as_imported": without_emails(row.cells)}
    return line


ABOUT = (
    EntryKind.PROJECT_DESCRIBED,
    EntryKind.PROJECT_JOINED,
    EntryKind.PROJECT_LEFT,
    EntryKind.HARM_NAMED,
    EntryKind.PROJECT_ASSESSED,
    EntryKind.DECISION_SCHEDULED,
    EntryKind.WORKPLAN_PROPOSED,
    EntryKind.CONSULTATION_OPENED,
    EntryKind.ASK_LISTED,
    EntryKind.ASK_QUESTIONED,
)
#: What leads asked about a project: a question, or a list of them.
ASKED = (EntryKind.ASK_LISTED, EntryKind.ASK_QUESTIONED)
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
    asks: list[tuple[EntryView, Standing | None, str, str]]


@dataclass(frozen=True)
class AskedAbout:
    """A question about a project, or a list of them, with how many questions it is and how many have an answer."""

    told: EntryView
    questions: int
    answered: int


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
    asked: Sequence[AskedAbout] = ()

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


#: So many lists of questions stand on a project's page, of so many that are looked at.
LISTS_SHOWN, LOOKED_AT = 3, 30


def lists_to(program: Program, unit: str, lang: str) -> list[EntryView]:
    """List the newest lists of questions that leads put to offices of a bureau, whatever they are about. Two queries."""
    found = latest_entry_views(program, lang, (EntryKind.ASK_LISTED,), LOOKED_AT)
    return [one for one in found if unit_of(one.entry.data["office"]) == unit][:LISTS_SHOWN]


def project_page(program: Program, lang: str, slug: str, today: date) -> ProjectShown | None:
    """Give a project with everything its page shows, or None. Nineteen queries at most."""
    found = entry_views_where(program, lang, kinds=[EntryKind.PROJECT_REGISTERED], subject=slug)
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
        spoken=_spoken(program, lang, [one.index for one in promises], today),
        asked=_asked_about(program, [one for one in about.values() if one.entry.kind in ASKED]),
    )


def _asked_about(program: Program, found: Sequence[EntryView]) -> list[AskedAbout]:
    """Count the questions about a project and those that have an answer, the newest first. A few queries."""
    if not found:
        return []
    on = asked_on(program, [one.index for one in found])
    on |= {one.index: one.index for one in found if one.entry.kind != EntryKind.ASK_LISTED}
    asks = Counter(on.values())
    has = Counter(on[one.ask] for one in standings(program, ask__in=on) if one.is_answered)
    return [AskedAbout(one, asks[one.index], has[one.index]) for one in found][::-1]


def _citing(program: Program, lang: str, cited: Iterable[int], kinds: Sequence[str]) -> dict[int, EntryView]:
    rows = indexes_citing(program, cited, kinds)
    return entry_views(program, [citing for citing, _kind, _cited in rows], lang)


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


#: What says who works on a project.
WORKS = (EntryKind.PROJECT_JOINED, EntryKind.PROJECT_LEFT)


def working_on(log: RowsLog) -> dict[str, set[str]]:
    """Give the seats that work on each project, by its slug. One query."""
    found: dict[str, set[str]] = defaultdict(set)
    log.read(*WORKS)
    for one in sorted((one for kind in WORKS for one in log.every(kind)), key=lambda one: one.index):
        seats, seat = found[one.data["project"]], one.data["seat"]
        seats.add(seat) if one.kind == EntryKind.PROJECT_JOINED else seats.discard(seat)
    return {project: seats for project, seats in found.items() if seats}


#: By which of its citations an entry is about a project or a workplan, or because of what is.
LEADS_UP = (
    "project",
    "decision",
    "workplan",
    "list",
    "engagement",
    "finding",
    "consultation",
    "follows",
)
#: Written out, because whoever follows up on a follow-up is as many steps away as they like.
BEHIND = """
    WITH RECURSIVE behind(entry, at, steps) AS (
        SELECT citing, cited, 1 FROM record_citation
        WHERE log_id = {log} AND citing IN ({entries}) AND role IN ({roles})
        UNION
        SELECT behind.entry, up.cited, behind.steps + 1 FROM behind
        JOIN record_citation up ON up.log_id = {log} AND up.citing = behind.at AND up.role IN ({roles})
    )
    SELECT behind.entry, line.kind, line."index", line.subject, MIN(behind.steps) FROM behind
    JOIN record_logentry line ON line.log_id = {log} AND line."index" = behind.at AND line.kind IN ({kinds})
    GROUP BY behind.entry, line.kind, line."index", line.subject
    ORDER BY MIN(behind.steps), line."index"
"""


class Above(NamedTuple):
    """What something was asked on, or because of: the kind and the number of its entry, its short name, and how many steps lead to it."""

    kind: str
    entry: int
    slug: str
    steps: int


def stands_on(program: Program, entries: Collection[int], kinds: Sequence[str]) -> dict[int, list[Above]]:
    """Give what of some kinds each of these entries is about, or because of, the nearest first.

    What is asked because of something on a project is on that project: a follow-up, a question of a list, what rests on a
    finding. One query.
    """
    if not entries:
        return {}
    found = defaultdict[int, list[Above]](list)
    named = {"entries": entries, "roles": LEADS_UP, "kinds": kinds}
    places = {name: ", ".join(["%s"] * len(each)) for name, each in named.items()}
    asked = BEHIND.format(log="(SELECT id FROM record_log WHERE program_id = %s)", **places)
    of = program.pk
    with connection.cursor() as cursor:
        cursor.execute(asked, [of, *entries, *LEADS_UP, of, *LEADS_UP, of, *map(str, kinds)])
        for entry, *above in cursor.fetchall():
            found[entry].append(Above(*above))
    return found


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


def _spoken(program: Program, lang: str, promises: Sequence[int], today: date) -> list[Spoken]:
    """Give what communities said in the engagements on a project. Six queries."""
    rows = indexes_citing(program, promises, [EntryKind.FINDING_PUBLISHED])
    findings = [citing for citing, _kind, _cited in rows]
    rests = indexes_citing(program, findings, ASK_KINDS)
    words = entry_views(program, [*findings, *(citing for citing, _kind, _cited in rests)], lang)
    asks = [citing for citing, _kind, _cited in rests]
    stand, steps = standings(program, ask__in=asks), milestones(program, ask__in=asks)
    stands = {one.ask: _stands(one, [step for step in steps if step.ask == one.ask], today) for one in stand}
    return [
        Spoken(
            words[one],
            [(words[ask], *stands.get(ask, (None, "", ""))) for ask, _kind, cited in rests if cited == one],
        )
        for one in dict.fromkeys(findings)
    ]


def _stands(one: Standing, steps: Sequence[MilestoneStanding], today: date) -> tuple[Standing, str, str]:
    """Give what was asked with the state of its mark, and where it stands in words."""
    state = "" if not one.owes else "late" if one.is_late(today) else "owed"
    return one, state, where_it_stands(one, steps, today)


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
    parts: Sequence[Part] = ()
    lang: str = ""


def fact_lines(shown: ProjectShown, pack: Pack, lang: str) -> list[FactLine]:
    """Give every fact of a project on the record. No queries."""
    told = facts_for_form(shown)
    if any(one.engagements for one in shown.decisions):
        told["asked"] = "asked"
    # Where it says how people were asked, it is not missing that they were.
    names = [
        name
        for name in facts_shown(pack, told)
        if name != "asked" or told.get(name) or not told.get("consultation")
    ]
    langs = {name: shown.about[index].lang(name) for name, index in shown.facts.texts.items()}
    return [_line_of(name, told.get(name), langs.get(name, ""), pack, lang) for name in names]


def row_lines(row: Row, pack: Pack, lang: str) -> list[FactLine]:
    """Give the facts that were read from the row of a file. No queries."""
    its = row.register.lang
    names = facts_shown(pack, row.facts)
    return [_line_of(name, row.facts.get(name), its, pack, lang) for name in names]


def facts_shown(pack: Pack, told: Mapping[str, Any]) -> list[str]:
    """List the facts that bureaus tell by the pack, then what was told although the pack does not have it."""
    more = [name for name in registers.FACT_WORDS if told.get(name) and name not in pack.purpose.facts]
    return [*pack.purpose.facts, *more]


def _line_of(name: str, value: Any, its: str, pack: Pack, lang: str) -> FactLine:
    """Word a fact: a choice in the language of the page, a text as it stands in its own."""
    label = str(registers.FACT_WORDS[name])
    if not value:
        return FactLine(label)
    if name == "communities":
        called = pack.communities_in(lang)
        return FactLine(label, [Part(listed(called.get(one, one) for one in value))])
    choices = registers.choices_in(pack, lang)
    if name in choices:
        return FactLine(label, [Part(registers.choice(choices, name, value))])
    return FactLine(label, list(parts_of(str(value))) if name in LISTS else [Part(str(value))], its)


def parts_of(words: str) -> Iterable[Part]:
    """Read one thing a line; an address in a line is what its words lead to."""
    for line in filter(None, (one.strip() for one in words.splitlines())):
        found = ADDRESS.search(line)
        if found is None:
            yield Part(line)
        else:
            said = ADDRESS.sub("", line).strip(" |:-–—()")
            yield Part(said or found[0], found[0].rstrip(").,;"))


def level_in_words(point: DecisionShown, pack: Pack, lang: str) -> str:
    """Give the level of participation that is promised on a decision, in the pack of that promise; empty where none is."""
    return level_named(*point.level, pack, lang) if point.level else ""


def level_named(framework: str, level: str, pack: Pack, lang: str) -> str:
    """Name a level of participation with its framework, in a pack of its day; what it does not have stands on no page."""
    found = pack.framework(framework)
    one = next((one for one in found.levels if one.id == level), None) if found else None
    return f"{found.name.say(lang)}: {one.name.say(lang)}" if found and one else gettext(UNKNOWN_LEVEL)


def level_data(program: Program, level: tuple[str, str]) -> dict[str, str]:
    """Give a level, as (framework, level), as the record holds it. Raises Refused where the rules show no such level."""
    told = {"framework": level[0], "level": level[1]}
    if pack_of(program).level(told) is None:
        raise Refused(gettext("There is no such level of participation. Choose one from the list."), "level")
    return told


@dataclass(frozen=True)
class Assessed:
    """What one side says of a quarter: its pen, its name, the level and the entry; no entry where it has not said it."""

    pen: str
    who: str
    level: str = ""
    told: EntryView | None = None


def quarters_told(
    views: Iterable[EntryView], units: Sequence[str], packs: Packs, pack: Pack, lang: str
) -> list[tuple[str, list[Assessed]]]:
    """Give what both sides said of each quarter, the newest first, side by side. No queries.

    `units` are those beside whom the leads work; a side that has not said it, by who answers for it today, stands there empty.
    """
    told = {one.index: one for one in views}
    found = []
    for quarter, sides in by_quarter(one.entry for one in told.values()).items():
        said = {answers_today(pack, side) for side in sides if side != COMMUNITY}
        silent = {answers_today(pack, unit) for unit in units} - said
        row = [
            _assessed(side, told[sides[side].index] if side in sides else None, packs, pack, lang)
            for side in dict.fromkeys((COMMUNITY, *sides, *sorted(silent)))
        ]
        found.append((quarter_in_words(quarter), row))
    return found


def _assessed(side: str, told: EntryView | None, packs: Packs, pack: Pack, lang: str) -> Assessed:
    pen = "community" if side == COMMUNITY else "city"
    if told is None:
        return Assessed(pen, gettext("Community leads") if side == COMMUNITY else pack.unit_name(side, lang))
    who = gettext("Community leads") if side == COMMUNITY else packs.called(side, told.index, lang)
    level = told.entry.data["level"]
    named = level_named(level["framework"], level["level"], packs.at(told.index), lang)
    return Assessed(pen, who, named, told)


def quarter_in_words(quarter: str) -> str:
    """Name a quarter by its first and its last month."""
    return months_in_words(first_day(quarter), last_day(quarter))


def page_of(shown: ProjectShown, packs: Packs, pack: Pack, lang: str, viewer: Viewer) -> dict[str, Any]:
    """Give what the page of a project shows, in words: of what was promised, those of its day. No queries."""
    described = sorted(
        one.index for one in shown.about.values() if one.entry.kind == EntryKind.PROJECT_DESCRIBED
    )
    works_here = viewer.seat in {one.public_id for one in shown.seats}
    return {
        "project": shown,
        "lines": fact_lines(shown, packs.at(described[-1]) if described else pack, lang),
        "told_in": described,
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
                packs.at(one.index).harms_called(one.entry.data["harms"], lang),
                packs.at(one.index).communities_called(one.entry.data.get("communities", ()), lang),
            )
            for one in shown.harms
        ],
        "quarters": quarters_told(shown.about.values(), [shown.unit], packs, pack, lang),
        "works_here": works_here,
        "is_partner": works_here or (bool(shown.seats) and shown.unit in viewer.answers_for),
        "is_lead": viewer.has(Role.LEAD),
    }


def asked_in_words(point: DecisionShown) -> str:
    """Say whether the public was asked about a decision; empty where nobody says."""
    return registers.choice(registers.CHOICES, "asked", point.asked) if point.asked else ""

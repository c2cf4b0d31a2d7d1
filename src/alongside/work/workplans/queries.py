"""Read drafts of workplans, their versions on the record, and what differs between the two."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pycrdt import Doc, Map, Text

from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.cohorts import cohorts_now
from alongside.core.canonical import canonical
from alongside.core.grammar.project_rules import MOVES
from alongside.core.kinds import EntryKind
from alongside.core.merging import Part, differences
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.commitments import Completion
from alongside.core.workflow.workplans import CHANGES, PlanStanding, Version, standing_of
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.ground.record.labels import COMPLETION
from alongside.ground.record.models import PublicText
from alongside.ground.record.queries import (
    EntryView,
    entry_views,
    entry_views_where,
    indexes_citing,
    texts_of,
    worded,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import listed
from alongside.ground.ui.leads import lead_in_words
from alongside.work.workplans.models import PlanUpdate, Presence, Workplan

PLAN = "plan"
MOST_CHARACTERS = 6000
MOST_CHOICE = 140
MOST_ROWS = 60


type Words = str | Promise


@dataclass(frozen=True)
class Shape:
    """What a row of one kind holds and is called. What is in `more` stands in a version only where it is chosen."""

    texts: tuple[str, ...]
    firsts: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    heading: Words = ""
    hint: Words = ""
    add: Words = ""
    numbered: Words = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """Name its choices."""
        return self.firsts + self.more

    @property
    def fields(self) -> tuple[str, ...]:
        """Name all its fields, texts first."""
        return self.texts + self.choices

    def label(self, number: int) -> str:
        """Name a row by its place."""
        return str(self.numbered) % {"n": number}


KINDS: Mapping[str, Shape] = {
    "question": Shape(
        ("words",),
        heading=_("Driving questions"),
        hint=_("What must be known before the decisions? What leads hear and recommend can answer these."),
        add=_("Add a driving question"),
        numbered=_("Driving question %(n)s"),
    ),
    "goal": Shape(
        ("words",),
        heading=_("Goals"),
        hint=_("What is different when this has worked?"),
        add=_("Add a goal"),
        numbered=_("Goal %(n)s"),
    ),
    "activity": Shape(
        ("what",),
        ("seat", "office", "from", "until", "decision"),
        ("seat2", "seat3", "office2", "office3"),
        heading=_("Activities"),
        hint=_("What is done, by whom on each side, and by when."),
        add=_("Add an activity"),
        numbered=_("Activity %(n)s"),
    ),
    "touch": Shape(
        ("why",),
        ("entry",),
        heading=_("Projects and decisions it touches"),
        hint=_("Name what is decided meanwhile, so that this plan comes in time."),
        add=_("Add a project or decision"),
        numbered=_("Project or decision %(n)s"),
    ),
    "support": Shape(
        ("words",),
        ("kind", "amount"),
        heading=_("Support needed"),
        hint=_("What people need so that they can take part."),
        add=_("Add support"),
        numbered=_("Support %(n)s"),
    ),
}
#: The owners of an activity, on both sides, in the order in which they are named.
SEATS = ("seat", "seat2", "seat3")
OFFICES = ("office", "office2", "office3")
WHOLE = Shape(("title", "about"), ("from", "until"))
SHAPES: Mapping[str, Shape] = {PLAN: WHOLE, **KINDS}
ROW = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{8}}\Z")


def kind_of(row: str) -> str | None:
    """Give the kind of a row by its id, `plan` for the plan itself, or None where it is no id of a row."""
    if row == PLAN:
        return PLAN
    found = ROW.match(row)
    return found[1] if found else None


def shape_of(row: str) -> Shape | None:
    """Give the shape of a row by its id, or None."""
    return SHAPES.get(kind_of(row) or "")


def is_text(name: str) -> bool:
    """Say whether a name such as `goal-1a2b3c4d.words` is a text of a row."""
    row, _, field = name.partition(".")
    shape = shape_of(row)
    return shape is not None and field in shape.texts


def is_choice(name: str) -> bool:
    """Say whether a name such as `activity-1a2b3c4d.office` is a choice of a row."""
    row, _, field = name.partition(".")
    shape = shape_of(row)
    return shape is not None and field in shape.choices


ROWS, GONE, SET = "rows", "gone", "set"
NO_TEXTS = frozenset({ROWS, GONE, SET})
MOST_UPDATE = 256 * 1024
MOST_DOCUMENT = 1024 * 1024


@dataclass(frozen=True)
class Draft:
    """A draft as it stands: values by name (`goal-1a2b3c4d.words`), rows in their order, and those taken out."""

    values: dict[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def of(self, kind: str) -> list[str]:
        """List the rows of one kind, in order."""
        return [row for row in self.rows if kind_of(row) == kind]

    def say(self, name: str) -> str:
        """Give a value by its name, or an empty string."""
        return self.values.get(name, "")


def open_document(updates: Iterable[bytes]) -> Doc[Any]:
    """Put a document together from its updates."""
    document: Doc[Any] = Doc()
    for update in updates:
        document.apply_update(update)
    return document


def updates_of(plan: Workplan, after: int = 0) -> list[tuple[int, bytes]]:
    """List the updates of a draft after a number, with theirs, in order. One query."""
    rows = PlanUpdate.objects.filter(plan=plan, number__gt=after).order_by("number")
    return [(number, bytes(data)) for number, data in rows.values_list("number", "data")]


def document_of(plan: Workplan) -> Doc[Any]:
    """Put the draft of a plan together. One query."""
    return open_document(data for _number, data in updates_of(plan))


def draft_of(plan: Workplan) -> Draft:
    """Read the draft of a plan as it stands. One query."""
    return read(document_of(plan))


def read(document: Doc[Any]) -> Draft:
    """Read the values and rows of a document."""
    places: Map[Any] = document.get(ROWS, type=Map)
    gone: Map[Any] = document.get(GONE, type=Map)
    chosen: Map[Any] = document.get(SET, type=Map)
    ordered = sorted(places.keys(), key=lambda row: (str(places[row]), row))
    values = {name: str(value) for name, value in chosen.items()}
    for row in (PLAN, *ordered):
        shape = shape_of(row)
        for one in shape.texts if shape else ():
            values[f"{row}.{one}"] = str(document.get(f"{row}.{one}", type=Text))
    out = [row for row in ordered if row in gone and gone[row] == "1"]
    return Draft(values, tuple(row for row in ordered if row not in out), tuple(out))


def document_of_what_stands(draft: Draft) -> Doc[Any]:
    """Write a draft into a document of its own, without what was taken out of it: other bureaus may come to read it."""
    document: Doc[Any] = Doc()
    places: Map[Any] = document.get(ROWS, type=Map)
    chosen: Map[Any] = document.get(SET, type=Map)
    for place, row in enumerate(draft.rows, 1):
        places[row] = f"{place:06}"
    for name, said in draft.values.items():
        if said and name.partition(".")[0] in {PLAN, *draft.rows}:
            if is_choice(name):
                chosen[name] = said
            else:
                text: Text = document.get(name, type=Text)
                text += said
    return document


def judge(document: Doc[Any]) -> None:
    """Raise Refused where a document holds anything that no page of ours writes, or too much of it."""
    if len(document.get_update()) > MOST_DOCUMENT:
        raise Refused(
            gettext("This draft holds as much as fits. Sign a version, then begin a new workplan from it.")
        )
    places: Map[Any] = document.get(ROWS, type=Map)
    rows = set(places.keys())
    kinds = [kind_of(row) for row in rows]
    if not set(kinds) <= set(KINDS) or any(kinds.count(kind) > MOST_ROWS for kind in KINDS):
        raise Refused(
            gettext("A workplan has at most %(n)s rows of a kind; take one out first.") % {"n": MOST_ROWS}
        )
    for name in document.keys():  # noqa: SIM118 -- a document is not a dict
        if name in NO_TEXTS:
            _judge_choices(name, document.get(name, type=Map), rows)
        elif is_text(name) and name.partition(".")[0] in {*rows, PLAN}:
            _judge_text(document.get(name, type=Text))
        else:
            raise Refused(gettext("This is no field of a workplan; open the page again and write it there."))


def _judge_choices(kept: str, held: Map[Any], rows: set[str]) -> None:
    for key, value in held.items():
        known = key in rows if kept != SET else is_choice(key) and key.partition(".")[0] in {*rows, PLAN}
        if not known or not isinstance(value, str) or len(value) > MOST_CHOICE:
            raise Refused(gettext("This is no choice of a workplan; open the page again and choose there."))


def _judge_text(text: Text) -> None:
    pieces = text.diff()
    if any(not isinstance(words, str) or marks for words, marks in pieces):
        raise Refused(gettext("A field holds plain words only; write it without pictures or marks."))
    refuse_too_long(str(text))


def refuse_too_long(words: str) -> None:
    """Raise Refused where words are more than a field holds."""
    if len(words) > MOST_CHARACTERS:
        raise Refused(
            gettext("A field holds at most %(n)s characters; shorten it or use another row.")
            % {"n": number_format(MOST_CHARACTERS, use_l10n=True, force_grouping=True)}
        )


def taken_in(document: Doc[Any], update: bytes) -> bytes:
    """Apply an update to a document and give what it really changed, as an update; empty where it changed nothing.

    Give it a scratch document: after Refused it is spoiled. What is not connected to the document yet is left out.
    """
    if len(update) > MOST_UPDATE:
        raise Refused(
            gettext("A change holds at most %(n)s KB; make it in smaller steps.") % {"n": MOST_UPDATE // 1024}
        )
    changed: list[bytes] = []
    held = document.observe(lambda event: changed.append(event.update))
    try:
        document.apply_update(update)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # at some bytes pycrdt's Rust part panics, which is no Exception
        raise Refused(
            gettext("This change could not be read; open the page again. Your words are still in it.")
        ) from error
    finally:
        document.unobserve(held)
    judge(document)
    return changed[0] if changed else b""


def snapshot(plan: Workplan, draft: Draft) -> dict[str, Any]:
    """Take the snapshot that is signed: every row that holds words, in order, with all its fields."""
    whole = {name: _said(draft, f"{PLAN}.{name}") for name in WHOLE.fields}
    rows = {}
    for kind, shape in KINDS.items():
        every = [_row(draft, row, shape) for row in draft.of(kind)]
        rows[kind] = [one for one in every if any(one.get(name) for name in shape.fields)]
    return {"v": 1, "workplan": plan.slug, **whole, "rows": rows}


def _said(draft: Draft, key: str) -> str:
    words = draft.say(key).strip()
    return words if has_words(words) else ""


def _row(draft: Draft, row: str, shape: Shape) -> dict[str, str]:
    said = {one: _said(draft, f"{row}.{one}") for one in shape.fields}
    return {"id": row, **{name: words for name, words in said.items() if words or name not in shape.more}}


MOST_SNAPSHOT = 60_000
WORDS: dict[str, Words] = {
    "title": _("Say what the plan is called."),
    "from": _("Give the plan its first day."),
    "until": _("Give the plan its last day."),
    "plan-dates": _("The plan’s last day lies before its first; change one of them."),
    "no-question": _("Write at least one driving question."),
    "no-activity": _("Write at least one activity."),
    "question-words": _("Driving question %(n)s holds no words; write it or take it out."),
    "goal-words": _("Goal %(n)s holds no words; write it or take it out."),
    "activity-what": _("Say what is done in activity %(n)s."),
    "activity-owner": _("Choose who sees to activity %(n)s, on one side at least."),
    "activity-choice": _(
        "Activity %(n)s names someone or something that is not there any more; choose again."
    ),
    "activity-dates": _("The days of activity %(n)s are not in order; change one of them."),
    "touch-entry": _("Choose the project or decision in row %(n)s, or take the row out."),
    "long": _("The plan is longer than fits in one version; shorten it, or split it in two plans."),
}


def gaps_of(plan: Workplan, says: Mapping[str, Any], register: Collection[str], today: date) -> list[str]:
    """Say what keeps a snapshot from being signed, each with its cure; nothing where it can be signed."""
    seats, offices = seats_of(plan, today), offices_of(plan)
    found = [(name, 0) for name in ("title", "from", "until") if not says[name]]
    rows = says["rows"]
    found += [(f"no-{kind}", 0) for kind in ("question", "activity") if not rows[kind]]
    found += [] if _in_order(says["from"], says["until"]) else [("plan-dates", 0)]
    for place, one in enumerate(rows["activity"], 1):
        found += [(f"activity-{name}", place) for name in _lacks(one, seats, offices, register)]
    for place, one in enumerate(rows["touch"], 1):
        found += [] if one["entry"] in register else [("touch-entry", place)]
    for kind in ("question", "goal"):
        found += [(f"{kind}-words", place) for place, one in enumerate(rows[kind], 1) if not one["words"]]
    found += [("long", 0)] if len(canonical(says)) > MOST_SNAPSHOT else []
    return [str(WORDS[name]) % {"n": place} for name, place in found]


def owners_of(row: Mapping[str, str], names: tuple[str, ...]) -> set[str]:
    """Give everyone on one side who sees to an activity."""
    return {row[name] for name in names if row.get(name)}


def _lacks(
    row: Mapping[str, str], seats: Collection[str], offices: Collection[str], register: Collection[str]
) -> list[str]:
    lacking = [] if row["what"] else ["what"]
    leads, staff = owners_of(row, SEATS), owners_of(row, OFFICES)
    lacking += [] if leads or staff else ["owner"]
    known = leads <= {"leads", *seats} and staff <= {*offices}
    lacking += [] if known and row["decision"] in {"", *register} else ["choice"]
    return lacking + ([] if _in_order(row["from"], row["until"]) else ["dates"])


def _in_order(first: str, last: str) -> bool:
    """Say whether two days, either of which may be left out, are days and come in order."""
    try:
        days = [date.fromisoformat(one) for one in (first, last) if one]
    except ValueError:
        return False
    return days == sorted(days)


HERE_FOR = timedelta(seconds=25)


def plan_for(program: Program, viewer: Viewer, slug: str) -> Workplan | None:
    """Give a workplan that the viewer is a party to, or None: leads of its cohort, staff of its units. Two queries."""
    return _mine(program, viewer).filter(slug=slug).first()


def plans_for(program: Program, viewer: Viewer) -> list[Workplan]:
    """List the workplans that the viewer is a party to, the newest first. Two queries."""
    return list(_mine(program, viewer).order_by("-pk"))


def _mine(program: Program, viewer: Viewer) -> QuerySet[Workplan]:
    party = Q(units__slug__in=viewer.answers_for)
    if viewer.has(Role.LEAD):
        party |= Q(cohort__seats=viewer.seat_id)
    plans = Workplan.objects.filter(party, program=program).distinct()
    return plans.select_related("cohort", "program").prefetch_related("units")


@dataclass(frozen=True)
class PlanSides:
    """Whose a workplan is: the slugs of its cohort and of its units, these by name."""

    cohort: str
    units: tuple[str, ...]


def every_plan(program: Program) -> dict[Workplan, PlanSides]:
    """Give all workplans of a program, the newest first, each with whose it is. One query."""
    sides = Workplan.objects.filter(program=program).annotate(of=F("cohort__slug"), side=F("units__slug"))
    units = defaultdict[Workplan, list[str]](list)
    for one in sides.order_by("-pk", "side"):
        units[one].append(one.side)
    return {one: PlanSides(one.of, tuple(those)) for one, those in units.items()}  # type: ignore[attr-defined]  # annotated above


def units_of(plan: Workplan, pack: Pack | None = None) -> list[str]:
    """List the slugs of a plan's units in the order of the record: by name. Who answers for a merged one stands in its place."""
    rules = pack or pack_of(plan.program)
    return sorted({answers_today(rules, unit.slug) for unit in plan.units.all()})


def slugs_of(program: Program) -> list[str]:
    """List the names of all workplans of a program, which no new one may have."""
    return list(Workplan.objects.filter(program=program).values_list("slug", flat=True))


def actor_of(viewer: Viewer, plan: Workplan, *, signing: bool = False) -> str | None:
    """Give who the viewer is in a plan: their seat, else the office they hold in one of its units, one that signs if asked for."""
    if viewer.seat:
        return viewer.seat
    return next((one for unit in units_of(plan) if (one := viewer.office_in(unit, signing=signing))), None)


def seats_of(plan: Workplan, today: date) -> list[str]:
    """List the seats of a plan's cohort that nobody has left by a day."""
    stays = Q(left_on=None) | Q(left_on__gt=today)
    seats = Seat.objects.filter(stays, cohort=plan.cohort_id).order_by("pk")
    return [one.public_id for one in seats]


def offices_of(plan: Workplan) -> list[str]:
    """List the offices of a plan's units."""
    offices = Office.objects.filter(unit__program=plan.program, unit__slug__in=units_of(plan))
    found = offices.select_related("unit").order_by("unit__slug", "slug")
    return [one.public_id for one in found]


def cohorts_for(program: Program, viewer: Viewer, today: date) -> list[Cohort]:
    """List the cohorts with which the viewer can begin a plan: a lead's own, else those of today, the first that began first."""
    own = Cohort.objects.filter(seats=viewer.seat_id) if viewer.seat_id else ()
    return list(own) or cohorts_now(program, today)


def units_for(program: Program, viewer: Viewer) -> list[Unit]:
    """List the units with which the viewer can begin a plan: any for a lead, their own for staff."""
    units = Unit.objects.filter(program=program, outside=False).order_by("slug")
    return list(units if viewer.has(Role.LEAD) else units.filter(slug__in=viewer.units))


def last_number(plan: Workplan) -> int:
    """Give the number of the newest update of a draft, 0 where there is none."""
    return PlanUpdate.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0


def present_in(plan: Workplan, now: datetime) -> list[Presence]:
    """List who has the draft open now."""
    return list(Presence.objects.filter(plan=plan, seen_at__gte=now - HERE_FOR).order_by("actor"))


def worth_compacting(program: Program, most: int) -> QuerySet[Workplan]:
    """Find the drafts with more updates than this."""
    return Workplan.objects.filter(program=program).annotate(many=Count("updates")).filter(many__gt=most)


#: What may cite a driving question, in the order of the thread.
CITING = (
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ASK_RECOMMENDED,
    EntryKind.ASK_QUESTIONED,
    EntryKind.ADVICE_PUBLISHED,
)
PROGRESS = EntryKind.WORKPLAN_PROGRESSED
#: No language's code: every text is then given as it was first written, so that versions can be compared.
AS_WRITTEN = ""


@dataclass(frozen=True)
class Progress:
    """How far an activity was said to be, on which day, by whom, and what shows it."""

    told: EntryView

    @property
    def completion(self) -> str:
        """Give the OGP word."""
        return str(COMPLETION[self.told.entry.data["completion"]])

    @property
    def pen(self) -> str:
        """Name the side that said so."""
        return "community" if self.told.entry.seats else "city"

    @property
    def on(self) -> date:
        """Give the day that is told of."""
        return date.fromisoformat(self.told.entry.data["on"])


@dataclass(frozen=True)
class PlanShown:
    """A workplan as the record tells it: its versions, and their entries with their words."""

    slug: str
    standing: PlanStanding
    told: Mapping[int, EntryView]
    progress: Mapping[str, list[Progress]] = field(default_factory=dict)

    def says(self, version: Version | None) -> dict[str, Any] | None:
        """Give what a version says, or None where there is none or its words were taken down."""
        words = self.told[version.proposed.index].say("plan") if version else ""
        return json.loads(words) if words else None

    def words_of_activities(self, version: int) -> dict[str, str]:
        """Give the words of each activity in a version, by its id; none where they were taken down."""
        words = self.told[version].say("plan")
        return {one["id"]: one["what"] for one in json.loads(words)["rows"]["activity"]} if words else {}

    def original(self, version: Version | None) -> str:
        """Give the language in which a version is shown."""
        return self.told[version.proposed.index].lang("plan") if version else ""

    @property
    def shown(self) -> Version:
        """Give the version in force, else the newest one-sided one."""
        return self.standing.in_force or self.standing.versions[-1]

    @property
    def title(self) -> str:
        """Give the title of the version in force, else of the newest one."""
        return self.told[self.shown.proposed.index].say("title")

    @property
    def lang(self) -> str:
        """Give the language of the title."""
        return self.told[self.shown.proposed.index].lang("title")

    @property
    def units(self) -> list[str]:
        """Name the units of the plan."""
        return list(self.shown.proposed.data["units"])

    @property
    def cohort(self) -> str:
        """Name the cohort of the plan."""
        return str(self.shown.proposed.data["cohort"])


def shown_plans(program: Program, lang: str, slug: str = "") -> list[PlanShown]:
    """List the workplans on the record with all their versions, the newest plan first. Three queries."""
    return worded_plans(program, plans_without_words(RowsLog.of(program), slug), lang)


#: What a workplan stands in.
TOLD = (*CHANGES, PROGRESS, EntryKind.WORKPLAN_ASSESSED)


def plans_without_words(log: RowsLog, slug: str = "", told: Sequence[str] = TOLD) -> list[PlanShown]:
    """List the workplans on the record, the newest plan first, for a list that shows some of them. One query.

    `told` is what is told of them; where they stand follows from CHANGES alone.
    """
    by_plan: dict[str, list[EntryView]] = {}
    found = (one for kind in told for one in (log.about(kind, slug) if slug else log.read(*told).every(kind)))
    for one in sorted(found, key=lambda one: one.index):
        by_plan.setdefault(str(one.data["workplan"]), []).append(EntryView(one))
    return [_shown(name, found) for name, found in reversed(by_plan.items())]


def worded_plans(program: Program, found: Iterable[PlanShown], lang: str) -> list[PlanShown]:
    """Give workplans with their words, in the order given. One query."""
    plans = list(found)
    told = {
        one.index: one
        for one in worded(program, (each for plan in plans for each in plan.told.values()), lang)
    }
    return [_shown(plan.slug, [told[index] for index in plan.told]) for plan in plans]


def titled_plans(program: Program, found: Iterable[PlanShown], lang: str) -> list[PlanShown]:
    """Give workplans with the words of the version that is shown of each, in the order given. One query."""
    plans = list(found)
    texts = texts_of(program, [one.shown.proposed.index for one in plans], lang)
    shown = [EntryView(one.shown.proposed, texts.get(one.shown.proposed.index, {})) for one in plans]
    return [replace(one, told={**one.told, view.index: view}) for one, view in zip(plans, shown, strict=True)]


class PlanDay(NamedTuple):
    """A day that a version of a workplan says: its last one, or that by which offices do something, in the words of an activity."""

    on: date
    activity: str = ""
    what: str = ""
    lang: str = ""
    offices: frozenset[str] = frozenset()


def days_said(program: Program, versions: Sequence[int]) -> dict[int, list[PlanDay]]:
    """Give the days that versions of workplans say, by their entries; none where the words were taken down. One query."""
    texts = PublicText.objects.filter(log__program=program, entry__in=versions, name="plan", is_original=True)
    return {
        entry: _days_in(json.loads(words), lang)
        for entry, lang, words in texts.values_list("entry", "lang", "words")
    }


def _days_in(says: Mapping[str, Any], lang: str) -> list[PlanDay]:
    last = [PlanDay(date.fromisoformat(says["until"]))] if says.get("until") else []
    return last + [
        PlanDay(
            date.fromisoformat(one["until"]), one["id"], one["what"], lang, frozenset(owners_of(one, OFFICES))
        )
        for one in says["rows"]["activity"]
        if one.get("until")
    ]


def done_in(log: RowsLog, slug: str) -> set[str]:
    """Give the activities of a workplan of which the last word is that they are complete. One query."""
    last = {str(one.data["activity"]): one.data["completion"] for one in log.about(PROGRESS, slug)}
    return {activity for activity, completion in last.items() if completion == Completion.COMPLETE}


def shown_plan(program: Program, lang: str, slug: str) -> PlanShown | None:
    """Give one workplan as the record tells it, or None before it was first signed. Two queries."""
    found = shown_plans(program, lang, slug)
    return found[0] if found else None


def _shown(slug: str, found: Iterable[EntryView]) -> PlanShown:
    rows = list(found)
    progress: dict[str, list[Progress]] = {}
    for one in rows:
        if one.entry.kind == PROGRESS:
            progress.setdefault(str(one.entry.data["activity"]), []).append(Progress(one))
    standing = standing_of(one.entry for one in rows)
    return PlanShown(slug, standing, {one.index: one for one in rows}, progress)


def progress_in_its_words(plan: PlanShown, written: PlanShown) -> dict[str, list[Progress]]:
    """Give what was told of each activity in the words that it has now: what was said of others stands under no new ones.

    `written` is the same plan as it was first written.
    """
    now = written.words_of_activities(written.shown.proposed.index)
    found: dict[str, list[Progress]] = {}
    for activity, told in plan.progress.items():
        for one in told:
            then = written.words_of_activities(one.told.entry.cites["version"][0])
            if then.get(activity) == now.get(activity):
                found.setdefault(activity, []).append(one)
    return found


def answers_to(program: Program, plan: PlanShown, lang: str) -> dict[str, list[EntryView]]:
    """Give what cites each driving question of a plan, in any of its versions, by its id. Three queries."""
    versions = [one.proposed.index for one in plan.standing.versions]
    citing = [index for index, _kind, _cited in indexes_citing(program, versions, CITING)]
    found: dict[str, list[EntryView]] = {}
    for one in entry_views(program, citing, lang).values():
        for question in one.entry.data.get("driving_questions", ()):
            found.setdefault(str(question), []).append(one)
    return found


@dataclass(frozen=True)
class Touched:
    """A project or a decision point that a plan touches, with its words."""

    index: int
    title: str
    lang: str
    slug: str
    project: str
    on: date | None = None


def register_of(program: Program, lang: str) -> dict[str, Touched]:
    """Give every project and decision of the register by its entry's number, as text. Two queries."""
    kinds = (EntryKind.PROJECT_REGISTERED, EntryKind.DECISION_SCHEDULED, *MOVES)
    found = entry_views_where(program, lang, kinds=kinds)
    names = {one.index: str(one.entry.data["project"]) for one in found if "project" in one.entry.data}
    moves = sorted((one for one in found if one.entry.kind in MOVES), key=lambda one: one.index)
    moved = {one.entry.cites["decision"][0]: str(one.entry.data["on"]) for one in moves}
    return {str(one.index): _touched(one, names, moved) for one in found if one.entry.kind not in MOVES}


def _touched(one: EntryView, names: Mapping[int, str], moved: Mapping[int, str]) -> Touched:
    data = one.entry.data
    if one.entry.kind == EntryKind.PROJECT_REGISTERED:
        return Touched(one.index, one.say("title"), one.lang("title"), "", str(data["project"]))
    project = names.get(one.entry.cites["project"][0], "")
    on = date.fromisoformat(moved.get(one.index, data["on"]))
    return Touched(one.index, one.say("decision"), one.lang("decision"), str(data["decision"]), project, on)


def driving_questions(program: Program, lang: str) -> list[tuple[int, str, str, str]]:
    """List the driving questions of all plans in force as (version, id, words, language). Two queries."""
    found = []
    for plan in shown_plans(program, lang):
        version = plan.standing.in_force
        says = plan.says(version)
        if version and says:
            where = plan.original(version)
            found += [
                (version.proposed.index, one["id"], one["words"], where) for one in says["rows"]["question"]
            ]
    return found


FIELDS: dict[tuple[str, str], Words] = {
    ("plan", "title"): _("What is the plan called?"),
    ("plan", "about"): _("What is it for, in a few sentences?"),
    ("plan", "from"): _("First day"),
    ("plan", "until"): _("Last day"),
    ("question", "words"): _("The question"),
    ("goal", "words"): _("The goal"),
    ("activity", "what"): _("What is done?"),
    ("activity", "seat"): _("Who sees to it for the leads?"),
    ("activity", "office"): _("Who sees to it for the bureau?"),
    ("activity", "seat2"): _("Who else for the leads?"),
    ("activity", "seat3"): _("A third for the leads?"),
    ("activity", "office2"): _("Who else for the bureaus?"),
    ("activity", "office3"): _("A third for the bureaus?"),
    ("activity", "from"): _("From"),
    ("activity", "until"): _("Done by"),
    ("activity", "decision"): _("For which decision?"),
    ("touch", "entry"): _("Project or decision"),
    ("touch", "why"): _("How does the plan touch it?"),
    ("support", "words"): _("What is needed, for whom and when?"),
    ("support", "kind"): _("What kind of support?"),
    ("support", "amount"): _("How much money, if any?"),
}
SUPPORT: dict[str, Words] = {
    "interpreters": _("Interpreters"),
    "childcare": _("Childcare"),
    "money": _("Money"),
    "travel": _("Travel"),
    "other": _("Other"),
}


@dataclass(frozen=True)
class Naming:
    """What choices are called: offices by the pack, decisions by the register, in one language."""

    pack: Pack
    lang: str
    register: Mapping[str, Touched]

    def actor(self, actor: str) -> str:
        """Name a seat as the page calls its lead, all leads together, or an office."""
        if "/" in actor:
            return self.pack.office_title(actor, self.lang)
        return gettext("All leads together") if actor == "leads" else lead_in_words(actor)

    def side(self, side: str) -> str:
        """Name a side: the leads, or a unit."""
        names = {unit.slug: unit.name.say(self.lang) for unit in self.pack.units}
        return gettext("the community leads") if side == "community" else names.get(side, side)

    def sides(self, sides: Sequence[str]) -> str:
        """Name some sides in one line."""
        return listed(self.side(one) for one in sides)

    def choice(self, field: str, value: str) -> str:
        """Say a choice in words; empty where nothing was chosen."""
        if not value:
            return ""
        if field in {"from", "until"}:
            return _day(value)
        if field in {*SEATS, *OFFICES}:
            return self.actor(value)
        if field in {"entry", "decision"}:
            return self.register[value].title if value in self.register else value
        return str(SUPPORT.get(value, value)) if field == "kind" else value


def _day(value: str) -> str:
    try:
        return str(day_in_words(date.fromisoformat(value)))
    except ValueError:
        return value


def sheet_of(
    says: Mapping[str, Any],
    naming: Naming,
    answers: Mapping[str, Sequence[EntryView]] | None = None,
    progress: Mapping[str, Sequence[Progress]] | None = None,
) -> dict[str, Any]:
    """Name everything in a snapshot, with what cites each question and the progress of each activity, by their ids, and what ends too late."""
    rows = says["rows"]
    activities = [_activity(one, says["until"], naming, progress or {}) for one in rows["activity"]]
    return {
        **says,
        "questions": [{**one, "answers": (answers or {}).get(one["id"], ())} for one in rows["question"]],
        "activities": activities,
        "late": [one for one in activities if one["is_late"]],
        "touches": [
            (naming.register[one["entry"]], one["why"])
            for one in rows["touch"]
            if one["entry"] in naming.register
        ],
        "support": [{**one, "kind": naming.choice("kind", one["kind"])} for one in rows["support"]],
    }


def _activity(
    one: Mapping[str, str], last: str, naming: Naming, progress: Mapping[str, Sequence[Progress]]
) -> dict[str, Any]:
    """Name the owners and the decision of an activity, and the last word of each side on how far it is, the newest first.

    It is late where it ends after the decision that it is for: on its own last day, else on that of the plan.
    """
    decision = naming.register.get(one["decision"])
    decided = decision.on.isoformat() if decision and decision.on else None
    pens = [
        (pen, one.get(name, "")) for pen, names in (("community", SEATS), ("city", OFFICES)) for name in names
    ]
    return {
        **one,
        "owners": [(pen, naming.actor(actor)) for pen, actor in dict.fromkeys(pens) if actor],
        "decision": decision,
        "is_late": decided is not None and (one["until"] or last) > decided,
        "progress": [
            (told, naming.actor(told.told.entry.by[0])) for told in _last_words(progress, one["id"])
        ],
    }


def _last_words(progress: Mapping[str, Sequence[Progress]], activity: str) -> list[Progress]:
    """Give the last word of the City and of each lead on an activity, the newest first: nobody hides what another said.

    Of leads who say the same, the last stands for all.
    """
    last = {
        one.told.entry.by[0] if one.pen == "community" else one.pen: one for one in progress.get(activity, ())
    }
    newest = sorted(last.values(), key=lambda one: one.told.index)
    return sorted(
        {(one.pen, one.completion): one for one in newest}.values(), key=lambda one: -one.told.index
    )


@dataclass(frozen=True)
class Change:
    """A row that is new, gone or changed, below its heading, which the plan itself does not have.

    Of each field that changed: its label, and both choices, or a text word by word.
    """

    how: str
    heading: Words
    fields: list[tuple[str, str, str, list[Part]]]


def changes_told(before: Mapping[str, Any], after: Mapping[str, Any], naming: Naming) -> list[Change]:
    """Tell what changed from one snapshot to another: the plan itself first, then row by row in their order."""
    whole = _fields(PLAN, before, after, naming)
    found = [Change("changed", "", whole)] if whole else []
    for kind, shape in KINDS.items():
        old = {one["id"]: one for one in before["rows"].get(kind, ())}
        new = {one["id"]: one for one in after["rows"].get(kind, ())}
        for row in [*new, *(one for one in old if one not in new)]:
            fields = _fields(kind, old.get(row, {}), new.get(row, {}), naming)
            if fields:
                how = "new" if row not in old else "changed" if row in new else "gone"
                found.append(Change(how, shape.heading, fields))
    return found


def _fields(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], naming: Naming
) -> list[tuple[str, str, str, list[Part]]]:
    found = []
    for name in SHAPES[kind].fields:
        old, new = str(before.get(name, "")), str(after.get(name, ""))
        if old != new:
            parts = differences(old, new) if name in SHAPES[kind].texts else []
            told = naming.choice(name, old), naming.choice(name, new)
            found.append((str(FIELDS[kind, name]), *told, parts))
    return found


def signatures_of(
    plan: PlanShown, version: Version | None, naming: Naming
) -> list[tuple[str, str, EntryView]]:
    """List who signed a version, in order: the pen, who holds it, and the entry."""
    entries = version.signed if version else ()
    return [
        ("community" if one.seats else "city", naming.actor(one.by[0]), plan.told[one.index])
        for one in entries
    ]


@dataclass(frozen=True)
class OneSided:
    """A version that some side has not signed: who changed it, who has not signed, and what it changes."""

    version: Version
    pens: tuple[str, ...]
    by: str
    missing: str
    missing_pens: tuple[str, ...]
    changes: Sequence[Change]
    is_first: bool


def one_sided_of(plan: PlanShown, naming: Naming) -> OneSided | None:
    """Tell the one-sided change of a plan, or None where both sides stand by the newest version."""
    version = plan.standing.one_sided
    if version is None:
        return None
    before, after = plan.says(plan.standing.in_force), plan.says(version)
    return OneSided(
        version=version,
        pens=tuple("community" if one.seats else "city" for one in version.signed),
        by=listed(naming.actor(one) for one in version.signers),
        missing=naming.sides(version.missing),
        missing_pens=tuple("community" if one == "community" else "city" for one in version.missing),
        changes=changes_told(before, after, naming) if before and after else [],
        is_first=before is None,
    )

"""What a statement is made of: signed heads, and everything on the record about one project or past thread under one of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from alongside.core.entries import Entry
from alongside.core.grammar.asks import all_learn
from alongside.core.grammar.check import parse
from alongside.core.kinds import EntryKind
from alongside.core.workflow import asks as workflow_asks
from alongside.core.workflow import commitments as workflow_commitments
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, Head, LogEntry, MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, learning_of, texts_of

#: The longest way from a project: decision, promise, finding, ask, answer, contest, reply, commitment, claim, check; and follow-ups.
DEEPEST = 14
STEPS_OF_ASKS = (
    "acknowledged",
    "unclear",
    "clarified",
    "extended",
    "transferred",
    "silent",
    "escalated",
    "raised",
)
#: Which kinds belong to a project, and by which of their citations: what they were asked before is not among them.
LINKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            EntryKind.PROJECT_DESCRIBED,
            EntryKind.HARM_NAMED,
            EntryKind.DECISION_SCHEDULED,
            EntryKind.WORKPLAN_PROPOSED,
            EntryKind.CONSULTATION_OPENED,
        ),
        ("project",),
    ),
    **dict.fromkeys(
        (EntryKind.DECISION_MOVED, EntryKind.DECISION_MADE, EntryKind.ENGAGEMENT_PROMISED), ("decision",)
    ),
    **dict.fromkeys(
        (
            EntryKind.ENGAGEMENT_CORRECTED,
            EntryKind.ENGAGEMENT_PAUSED,
            EntryKind.ENGAGEMENT_RESUMED,
            EntryKind.ENGAGEMENT_CLOSED,
            EntryKind.VOICES_CLOSED,
            EntryKind.KEY_DESTROYED,
            EntryKind.REPORT_PUBLISHED,
            EntryKind.FINDING_PUBLISHED,
        ),
        ("engagement",),
    ),
    **dict.fromkeys((EntryKind.CONSULTATION_WITHDRAWN, EntryKind.ADVICE_PUBLISHED), ("consultation",)),
    EntryKind.ASK_RECOMMENDED: ("finding", "engagement"),
    EntryKind.ASK_QUESTIONED: ("finding", "engagement", "workplan", "follows"),
    EntryKind.ASK_ADVISED: ("advice", "consultation"),
    **{f"ask.{one}": ("ask",) for one in STEPS_OF_ASKS},
    EntryKind.ANSWER_GIVEN: ("ask",),
    **dict.fromkeys(
        (EntryKind.ANSWER_CONTESTED, EntryKind.ANSWER_UNREASONED, EntryKind.COMMITMENT_MADE), ("answer",)
    ),
    **dict.fromkeys(
        (EntryKind.CONTEST_JOINED, EntryKind.CONTEST_REPLIED, EntryKind.CONTEST_SILENT), ("contest",)
    ),
    **dict.fromkeys((EntryKind.RAISE_REPLIED, EntryKind.RAISE_SILENT), ("raise",)),
    **dict.fromkeys((EntryKind.DELIVERY_CLAIMED, EntryKind.COMMITMENT_LATE), ("commitment",)),
    **dict.fromkeys(
        (EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED, EntryKind.DELIVERY_UNCHECKED), ("claim",)
    ),
}
ABOUT_AN_ASK = ("ask", "answer", "contest", "raise")


@dataclass(frozen=True)
class Stated:
    """What stands on the record about something, up to a signed head. `told` is in the order of the log."""

    head: Head
    subject: EntryView
    told: Mapping[int, EntryView] = field(default_factory=dict)
    asks: Sequence[Standing] = ()
    steps: Mapping[int, Sequence[MilestoneStanding]] = field(default_factory=dict)
    #: What was said before, as promises and briefs cite it.
    before: Mapping[int, EntryView] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds, oldest first."""
        return [one for one in self.told.values() if one.entry.kind in kinds]

    def citing(self, index: int, role: str, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds that cite an entry in a role, oldest first."""
        return [one for one in self.of(*kinds) if index in one.entry.cites.get(role, ())]


def stated_of(program: Program, slug: str, head: Head, lang: str) -> Stated | None:
    """Gather a project up to a signed head, or None where it was not on the record by then. Twenty queries at most."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.PROJECT_REGISTERED, subject=slug)
    first = lines.filter(index__lt=head.size).order_by("index").first()
    if first is None:
        return None
    by_index = _entries(program, _closure(program, first.index, head.size))
    own = {index: by_index[index] for index in sorted(_without_strays(by_index))}
    cited = {
        index for one in own.values() if "asked_again" in one.texts for index in one.cites.get("before", ())
    }
    earlier = _entries(program, cited)
    texts = texts_of(program, {*own, *earlier}, lang, until=head.size)
    told = {index: EntryView(entry, texts.get(index, {})) for index, entry in own.items()}
    asks, steps = _stand(program, own.values(), head.size)
    before = {index: EntryView(entry, texts.get(index, {})) for index, entry in earlier.items()}
    return Stated(head, told[first.index], told, asks, steps, before)


def past_of(program: Program, slug: str, head: Head, lang: str) -> Stated | None:
    """Gather a thread from old sources up to a signed head, by the days of its events. Two queries."""
    lines = LogEntry.objects.filter(log__program=program, kind__startswith="reconstructed.", subject=slug)
    found = [parse(one.index, bytes(one.raw)) for one in lines.filter(index__lt=head.size).order_by("index")]
    if not found:
        return None
    texts = texts_of(program, [one.index for one in found], lang, until=head.size)
    told = {
        one.index: EntryView(one, texts.get(one.index, {}))
        for one in sorted(found, key=lambda one: (one.data["event_date"], one.index))
    }
    return Stated(head, next(iter(told.values())), told)


def _entries(program: Program, indexes: Iterable[int]) -> dict[int, Entry]:
    rows = LogEntry.objects.filter(log__program=program, index__in=list(indexes)).order_by("index")
    return {row.index: parse(row.index, bytes(row.raw)) for row in rows}


def _closure(program: Program, start: int, size: int) -> set[int]:
    """Follow citations from a project on, a query a step, up to a size of the log."""
    seen, edge = {start}, [start]
    roles = {one for roles in LINKS.values() for one in roles}
    here = Citation.objects.filter(log__program=program, citing__lt=size, kind__in=LINKS, role__in=roles)
    for _step in range(DEEPEST):
        rows = here.filter(cited__in=edge).values_list("citing", "kind", "role") if edge else ()
        edge = sorted({citing for citing, kind, role in rows if role in LINKS[kind]} - seen)
        seen.update(edge)
    return seen


def _without_strays(by_index: Mapping[int, Entry]) -> set[int]:
    """Leave out what came in only by a workplan and belongs to another project's engagement, with all that follows from it."""
    kept: set[int] = set()
    for index, one in by_index.items():
        cited = [each for role in LINKS.get(one.kind, ()) for each in one.cites.get(role, ())]
        own = [each for role in ("finding", "engagement") for each in one.cites.get(role, ())]
        if one.kind == EntryKind.ASK_QUESTIONED and own:
            cited = own
        if not cited or kept.intersection(cited):
            kept.add(index)
    return kept


def _stand(
    program: Program, entries: Iterable[Entry], size: int
) -> tuple[list[Standing], dict[int, list[MilestoneStanding]]]:
    """Fold where asks and milestones stood at a size of the log: the rows that pages read know only today. One query."""
    adopted = LogEntry.objects.filter(log__program=program, kind=EntryKind.POLICY_ADOPTED, index__lt=size)
    rules = adopted.order_by("-index").first()
    days = parse(rules.index, bytes(rules.raw)).data["clocks"]["verify_days"] if rules else 0
    asks: dict[int, workflow_asks.AskStanding] = {}
    steps: dict[tuple[int, str], workflow_commitments.MilestoneStanding] = {}
    by_index: dict[int, Entry] = {}
    for one in entries:
        by_index[one.index] = one
        if workflow_asks.is_ask(one):
            asks[one.index] = workflow_asks.open_ask(one)
        ask = _ask_of(by_index, one)
        if ask in asks:
            asks[ask] = workflow_asks.fold_ask(asks[ask], one)
        if one.kind == EntryKind.COMMITMENT_MADE and ask is not None:
            steps |= {
                (one.index, step.milestone): step for step in workflow_commitments.open_milestones(one, ask)
            }
        if one.kind.startswith("delivery."):
            claim = one if one.kind == EntryKind.DELIVERY_CLAIMED else by_index[one.cites["claim"][0]]
            name = (claim.cites["commitment"][0], one.data["milestone"])
            steps[name] = workflow_commitments.fold_milestone(steps[name], one, days)
    quiet = _Quiet(by_index.values(), learning_of(program, size))
    by_ask: dict[int, list[MilestoneStanding]] = defaultdict(list)
    for step in steps.values():
        by_ask[step.ask].append(_step_row(replace(step, quiet=quiet.until(step.ask, step.commitment))))
    rows = [replace(one, quiet=quiet.until(one.ask)) for one in asks.values()]
    return [Standing(**asdict(one), unit=one.unit) for one in rows], by_ask


class _Quiet:
    """Says until when nothing late was told of asks and promises, as `quiet_until` of the grammar does, at a size of the log."""

    def __init__(self, entries: Iterable[Entry], learning: Mapping[str, date]) -> None:
        self._learning = learning
        self._had: dict[int, set[str]] = defaultdict(set)
        self._told: set[int] = set()
        for one in entries:
            if one.kind == EntryKind.ASK_TRANSFERRED:
                self._had[one.cites["ask"][0]].add(one.data["office"])
            elif one.kind in {EntryKind.ASK_SILENT, EntryKind.COMMITMENT_LATE}:
                self._told.update(
                    index for role in ("ask", "commitment") for index in one.cites.get(role, ())
                )
            elif workflow_asks.is_ask(one) or one.kind == EntryKind.COMMITMENT_MADE:
                self._had[one.index].add(one.data["office"])

    def until(self, *about: int) -> date | None:
        if self._told.intersection(about):
            return None
        units = {office.split("/", 1)[0] for index in about for office in self._had[index]}
        return all_learn(self._learning.get(unit) for unit in units)


def _ask_of(by_index: Mapping[int, Entry], entry: Entry) -> int | None:
    if workflow_asks.is_ask(entry):
        return entry.index
    for role in ABOUT_AN_ASK:
        if role in entry.cites:
            other = by_index.get(entry.cites[role][0])
            return _ask_of(by_index, other) if other else None
    return None


def _step_row(step: workflow_commitments.MilestoneStanding) -> MilestoneStanding:
    values = asdict(step)
    values["check_entry"] = values.pop("check")
    return MilestoneStanding(**values, unit=step.office.split("/", 1)[0])


def begins_at(program: Program, what: str, slug: str) -> int | None:
    """Give the first entry about a project or a thread from old sources, or None where there is none. One query."""
    kinds = (
        {"kind": EntryKind.PROJECT_REGISTERED}
        if what == "project"
        else {"kind__startswith": "reconstructed."}
    )
    first = LogEntry.objects.filter(log__program=program, subject=slug, **kinds).order_by("index").first()
    return first.index if first else None


def head_of_size(program: Program, size: int) -> Head | None:
    """Give the head that was signed first over so many entries, or None where none was. One query."""
    return Head.objects.filter(log__program=program, size=size).order_by("pk").first()


def last_taken_down(program: Program) -> int:
    """Give the entry that took a text down last, or -1: words of an old head change by this alone. One query."""
    erased = LogEntry.objects.filter(log__program=program, kind=EntryKind.TEXT_ERASED).order_by("-index")
    return next(iter(erased.values_list("index", flat=True)[:1]), -1)

"""What came of something on the record: the thread that hangs on a promise, a brief, a project or an old source, walked once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property

from alongside.core.entries import Entry
from alongside.core.grammar.asks import ask_behind, clocks_of, quiet_until
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.project_rules import MOVES as DAYS
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.workflow.asks import STEPS as MOVES
from alongside.core.workflow.asks import AskStanding, fold_ask, is_ask, open_ask
from alongside.core.workflow.commitments import CHANGES as CLAIMS
from alongside.core.workflow.commitments import CHECKS, fold_milestone, open_milestones
from alongside.core.workflow.commitments import MilestoneStanding as Step
from alongside.core.workflow.engagements import CHANGES, EngagementState, course_of
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import Citation, Head, LogEntry, MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, texts_of

#: The longest way from a project: decision, promise, finding, ask, answer, contest, reply, commitment, claim, check; and follow-ups.
DEEPEST = 14
#: By which of its citations an entry belongs to another: what was said before, or stands beside it, belongs to its own thread.
BELONGS: dict[str, tuple[EntryKind, ...]] = {
    "project": (
        EntryKind.PROJECT_DESCRIBED,
        EntryKind.HARM_NAMED,
        EntryKind.DECISION_SCHEDULED,
        EntryKind.WORKPLAN_PROPOSED,
        EntryKind.CONSULTATION_OPENED,
        EntryKind.ASK_LISTED,
        EntryKind.ASK_QUESTIONED,
    ),
    "decision": (EntryKind.DECISION_MOVED, EntryKind.DECISION_MADE, EntryKind.ENGAGEMENT_PROMISED),
    "engagement": (
        *CHANGES,
        EntryKind.VOICES_OPENED,
        EntryKind.FINDING_PUBLISHED,
        EntryKind.ASK_RECOMMENDED,
        EntryKind.ASK_QUESTIONED,
    ),
    "consultation": (
        EntryKind.CONSULTATION_WITHDRAWN,
        EntryKind.ADVICE_PUBLISHED,
        EntryKind.ASK_ADVISED,
    ),
    "finding": (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED),
    "advice": (EntryKind.ASK_ADVISED,),
    "workplan": (EntryKind.ASK_QUESTIONED,),
    "list": (EntryKind.ASK_QUESTIONED,),
    "follows": (EntryKind.ASK_QUESTIONED,),
    "ask": (
        EntryKind.ASK_ACKNOWLEDGED,
        EntryKind.ASK_UNCLEAR,
        EntryKind.ASK_CLARIFIED,
        EntryKind.ASK_EXTENDED,
        EntryKind.ASK_TRANSFERRED,
        EntryKind.ASK_SILENT,
        EntryKind.ASK_ESCALATED,
        EntryKind.ASK_RAISED,
        EntryKind.ANSWER_GIVEN,
    ),
    "answer": (EntryKind.ANSWER_CONTESTED, EntryKind.ANSWER_UNREASONED, EntryKind.COMMITMENT_MADE),
    "contest": (EntryKind.CONTEST_JOINED, EntryKind.CONTEST_REPLIED, EntryKind.CONTEST_SILENT),
    "raise": (EntryKind.RAISE_REPLIED, EntryKind.RAISE_SILENT),
    "commitment": (EntryKind.DELIVERY_CLAIMED, EntryKind.COMMITMENT_LATE),
    "claim": (*CHECKS, EntryKind.DELIVERY_UNCHECKED),
}
FROM_SOURCES = tuple(filter(is_from_sources, EntryKind))
#: What the days of an ask and of a milestone follow from, beside the entries about them.
RULES = (EntryKind.POLICY_ADOPTED, EntryKind.LEARNING_AGREED)
#: What both sides say after an ask, each step with what follows on it, in the order in which it is read.
STEPS: dict[str, tuple[EntryKind, ...]] = {
    EntryKind.ANSWER_GIVEN: (EntryKind.ANSWER_UNREASONED, EntryKind.ANSWER_CONTESTED),
    EntryKind.ANSWER_CONTESTED: (
        EntryKind.CONTEST_JOINED,
        EntryKind.CONTEST_SILENT,
        EntryKind.CONTEST_REPLIED,
    ),
    EntryKind.ASK_RAISED: (EntryKind.RAISE_SILENT, EntryKind.RAISE_REPLIED),
}


def belongs_to(entry: Entry) -> Iterator[int]:
    """Give the entries that an entry belongs to, by those of its citations that say so."""
    for role, cited in entry.cites.items():
        if entry.kind in BELONGS.get(role, ()):
            yield from cited


@dataclass(frozen=True)
class Thread:
    """Everything that belongs to an entry, in the order of the log, and where each ask and each milestone stands."""

    first: EntryView
    told: Mapping[int, EntryView] = field(default_factory=dict)
    asks: Sequence[Standing] = ()
    milestones: Mapping[int, Sequence[MilestoneStanding]] = field(default_factory=dict)
    #: What it cites of other threads: what was said before, or the decision that it is about, its days and what was decided.
    before: Mapping[int, EntryView] = field(default_factory=dict)

    @cached_property
    def _belonging(self) -> Mapping[int, Sequence[EntryView]]:
        found: dict[int, list[EntryView]] = defaultdict(list)
        for one in self.told.values():
            for index in dict.fromkeys(belongs_to(one.entry)):
                found[index].append(one)
        return found

    def of(self, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds, oldest first."""
        return [one for one in self.told.values() if one.entry.kind in kinds]

    def about(self, index: int, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds that belong to an entry, oldest first."""
        return [one for one in self._belonging.get(index, ()) if one.entry.kind in kinds]

    def after(
        self, index: int, kinds: Sequence[EntryKind] = (EntryKind.ANSWER_GIVEN, EntryKind.ASK_RAISED)
    ) -> Iterator[EntryView]:
        """Walk what both sides said after an ask: each answer and what came of it, then what the office above was told."""
        for kind in kinds:
            for one in self.about(index, kind):
                yield one
                yield from self.after(one.index, STEPS.get(kind, ()))

    def checks_before(self, one: MilestoneStanding) -> list[EntryView]:
        """Give the checks of a milestone before the last one, or before its new claim, oldest first."""
        claims = self.about(one.commitment, EntryKind.DELIVERY_CLAIMED)
        own = [each.index for each in claims if each.entry.data["milestone"] == one.milestone]
        checks = [check for claim in own for check in self.about(claim, *CHECKS)]
        return [check for check in checks if check.index != one.check_entry]

    def at(self, index: int | None) -> EntryView | None:
        """Give an entry of the thread by its number, or None."""
        return self.told.get(index) if index is not None else None

    def course(self, promise: EntryView) -> EngagementState:
        """Say where an engagement stands, as corrected."""
        return course_of(promise.entry, [one.entry for one in self.about(promise.index, *CHANGES)])


def thread_today(
    program: Program, first: int, lang: str, kind: str = EntryKind.ENGAGEMENT_PROMISED
) -> Thread | None:
    """Gather the thread of a promise, or of the brief of a consultation, as it stands; None where that entry is not of this kind."""
    found = record.entries_at(program, [first])
    if first not in found or found[first].kind != kind:
        return None
    decisions = found[first].cites.get("decision", ())
    made = record.indexes_citing(program, decisions, DAYS) if decisions else ()
    beside = {*decisions, *(citing for citing, _kind, _cited in made)}
    told = record.entry_views(program, {*_followed(program, first), *beside}, lang)
    before = {index: told.pop(index) for index in beside}
    asks = [index for index, one in told.items() if is_ask(one.entry)]
    standings = sorted(record.standings(program, ask__in=asks), key=lambda one: one.ask)
    milestones = _by_ask(record.milestones(program, ask__in=asks))
    return Thread(told[first], told, standings, milestones, before)


def thread_of_project(program: Program, slug: str, head: Head, lang: str) -> Thread | None:
    """Gather a project up to a signed head, or None where it was not on the record by then. Twenty queries at most."""
    first = begins_at(program, slug, EntryKind.PROJECT_REGISTERED)
    if first is None or first >= head.size:
        return None
    by_index = record.entries_at(program, _followed(program, first, head.size))
    own = {index: by_index[index] for index in sorted(_without_strays(first, by_index))}
    cited = {
        index for one in own.values() if "asked_again" in one.texts for index in one.cites.get("before", ())
    }
    earlier = record.entries_at(program, cited)
    texts = texts_of(program, {*own, *earlier}, lang, until=head.size)
    told = {index: EntryView(entry, texts.get(index, {})) for index, entry in own.items()}
    before = {index: EntryView(entry, texts.get(index, {})) for index, entry in earlier.items()}
    asks, milestones = _stood(program, own, head.size)
    return Thread(told[first], told, asks, milestones, before)


def thread_of_sources(program: Program, slug: str, head: Head, lang: str) -> Thread | None:
    """Gather a thread from old sources up to a signed head, by the days of its events. Two queries."""
    lines = LogEntry.objects.filter(log__program=program, kind__in=FROM_SOURCES, subject=slug)
    found = [one.parsed for one in lines.filter(index__lt=head.size)]
    texts = texts_of(program, [one.index for one in found], lang, until=head.size)
    told = {
        one.index: EntryView(one, texts.get(one.index, {}))
        for one in sorted(found, key=lambda one: (one.data["event_date"], one.index))
    }
    return Thread(next(iter(told.values())), told) if told else None


def begins_at(program: Program, slug: str, *kinds: str) -> int | None:
    """Give the first entry of some kinds about a project or a thread from old sources, or None. One query."""
    lines = LogEntry.objects.filter(log__program=program, subject=slug, kind__in=kinds).order_by("index")
    return lines.values_list("index", flat=True).first()


def head_of_size(program: Program, size: int) -> Head | None:
    """Give the head that was signed first over so many entries, or None where none was. One query."""
    return Head.objects.filter(log__program=program, size=size).order_by("pk").first()


def last_taken_down(program: Program) -> int | None:
    """Give the entry that took a text down last: words of an old head change by this alone. One query."""
    erased = LogEntry.objects.filter(log__program=program, kind=EntryKind.TEXT_ERASED).order_by("-index")
    return erased.values_list("index", flat=True).first()


def _followed(program: Program, first: int, size: int | None = None) -> set[int]:
    """Follow what belongs to an entry, and to that, a query a step, up to a size of the log."""
    seen, edge = {first}, [first]
    kinds = {kind for own in BELONGS.values() for kind in own}
    here = Citation.objects.filter(log__program=program, role__in=BELONGS, kind__in=kinds)
    here = here if size is None else here.filter(citing__lt=size)
    for _step in range(DEEPEST):
        rows = here.filter(cited__in=edge).values_list("citing", "kind", "role") if edge else ()
        edge = sorted({citing for citing, kind, role in rows if kind in BELONGS[role]} - seen)
        seen.update(edge)
    return seen


def _without_strays(first: int, by_index: Mapping[int, Entry]) -> set[int]:
    """Leave out what came in only by a workplan and belongs to another project's engagement, with all that follows from it."""
    kept = {first}
    for index, one in sorted(by_index.items()):
        own = [each for role in ("finding", "engagement") for each in one.cites.get(role, ())]
        cited = own if one.kind == EntryKind.ASK_QUESTIONED and own else belongs_to(one)
        if kept.intersection(cited):
            kept.add(index)
    return kept


def _by_ask(found: Iterable[MilestoneStanding]) -> dict[int, list[MilestoneStanding]]:
    by_ask: dict[int, list[MilestoneStanding]] = defaultdict(list)
    for one in found:
        by_ask[one.ask].append(one)
    return by_ask


def _stood(
    program: Program, own: Mapping[int, Entry], size: int
) -> tuple[list[Standing], dict[int, list[MilestoneStanding]]]:
    """Fold where asks and milestones stood at a size of the log: the rows that pages read know only today. One query."""
    rules = LogEntry.objects.filter(log__program=program, kind__in=RULES, index__lt=size)
    log, asks, steps = MemoryLog(program.origin), dict[int, AskStanding](), dict[tuple[int, str], Step]()
    read = {**own, **{one.index: one.parsed for one in rules}}
    for index, one in sorted(read.items()):
        if is_ask(one):
            asks[index] = open_ask(one)
        elif one.kind in MOVES:
            ask = ask_behind(log, one).index
            asks[ask] = fold_ask(replace(asks[ask], quiet=quiet_until(log, read[ask])), one)
            if one.kind == EntryKind.COMMITMENT_MADE:
                steps |= {(index, step.milestone): step for step in open_milestones(one, ask)}
        elif one.kind in CLAIMS:
            claim = read[one.cites["claim"][0]] if one.kind in CHECKS else one
            name = claim.cites["commitment"][0], one.data["milestone"]
            days = clocks_of(log, ask_behind(log, claim), one)["verify_days"]
            steps[name] = fold_milestone(steps[name], one, days)
        log.add(one)
    found = [replace(one, quiet=quiet_until(log, read[one.ask])) for one in asks.values()]
    kept = [
        replace(one, quiet=quiet_until(log, read[one.ask], read[one.commitment])) for one in steps.values()
    ]
    rows = (MilestoneStanding(**asdict(one), unit=one.unit) for one in kept)
    return [Standing(**asdict(one), unit=one.unit) for one in found], _by_ask(rows)

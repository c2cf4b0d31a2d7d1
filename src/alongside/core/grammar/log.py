"""Judge a whole log from its first entry to its last, and say what it holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from alongside.core.canonical import canonical
from alongside.core.entries import Entry, GrammarError, LogView, MalformedError
from alongside.core.grammar.acts import goes_on, is_whole
from alongside.core.grammar.answers import promised
from alongside.core.grammar.asks import owed_to
from alongside.core.grammar.check import TOO_FAR, check_entry, parse
from alongside.core.grammar.commitments import checks_owed, deliveries_owed
from alongside.core.grammar.invitations import help_owed
from alongside.core.grammar.silence import GRACE, Hidden, Owed, hidden
from alongside.core.grammar.take_downs import hashes_in
from alongside.core.grammar.texts import awaited
from alongside.core.grammar.vacancies import is_filled_by, leads_owed
from alongside.core.grammar.versions import KINDS
from alongside.core.grammar.voices import ends_owed
from alongside.core.kinds import EntryKind
from alongside.core.ledger.tree import Tree
from alongside.core.workflow.asks import ASK_KINDS


class MemoryLog:
    """A log held in memory, as the rules look at it."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._entries: dict[int, Entry] = {}
        self._citing: dict[tuple[int, str], list[Entry]] = defaultdict(list)
        self._about: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._every: dict[str, list[Entry]] = defaultdict(list)
        self._acts: dict[str, int] = {}
        #: The leaves that are not in the tree yet: it grows when somebody asks for a root.
        self._leaves: list[bytes | Entry] = []
        self._tree = Tree()
        self._roots: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry, raw: bytes | None = None) -> None:
        """Take in the next entry, with its bytes where they are at hand, or of a part of a log the next one of it."""
        self._leaves.append(raw or entry)
        if entry.act and not entry.act["place"]:
            self._acts.setdefault(entry.act["nonce"], entry.index)
        self._entries[entry.index] = entry
        self._every[entry.kind].append(entry)
        for index in {index for cited in entry.cites.values() for index in cited}:
            self._citing[index, entry.kind].append(entry)
        for index in entry.cites.get("wrong", ()) if entry.kind == EntryKind.CLOCK_FAULTED else ():
            self._forget(self._entries[index])
        subject = KINDS[entry.kind].subject
        if subject and isinstance(entry.data.get(subject), str):
            self._about[entry.kind, entry.data[subject]].append(entry)

    def _forget(self, wrong: Entry) -> None:
        """Let what a wrong clock told count for nothing: it cites nothing any more."""
        for index in {index for cited in wrong.cites.values() for index in cited}:
            self._citing[index, wrong.kind].remove(wrong)

    def get(self, index: int) -> Entry | None:
        """Give the entry at this index, or None."""
        return self._entries.get(index)

    def citing(self, index: int, kind: str) -> Sequence[Entry]:
        """Give the entries of this kind that cite this index, oldest first."""
        return self._citing.get((index, kind), ())

    def about(self, kind: str, subject: str) -> Sequence[Entry]:
        """Give the entries of this kind about this subject, oldest first."""
        return self._about.get((kind, subject), ())

    def every(self, kind: str) -> Sequence[Entry]:
        """Give all entries of this kind, oldest first."""
        return self._every.get(kind, ())

    def act(self, nonce: str) -> int | None:
        """Give the index of the first entry of the act with this nonce, or None."""
        return self._acts.get(nonce)

    def root(self, size: int) -> bytes:
        """Give the 32-byte root over the first `size` entries; many acts are signed over one head."""
        if size in self._roots:
            return self._roots[size]
        self._tree.extend(one if isinstance(one, bytes) else canonical(one.value) for one in self._leaves)
        self._leaves.clear()
        return self._roots.setdefault(size, self._tree.root(size))


#: From this version on one hash stands under one text.
TEXTS_ONCE = 2
YES_ALONE = "says yes, and no commitment follows; a yes is saved with its commitment."
HALF_SAID = (
    "its words in {langs} do not follow; what both sides sign is saved in every language of the promise."
)


@dataclass
class Summary:
    """What a checked log holds: counts by kind, first and last day, and what stands out."""

    entries: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None
    #: The version of the grammar that the last entry was written in; 0 in an empty log.
    version: int = 0
    #: All that has a clock and is owed, late or not, in the order of the log.
    owed: list[Owed] = field(default_factory=list)
    #: What the clock should have told of it by the day before the last one, and no entry tells.
    hidden: list[Hidden] = field(default_factory=list)


def check_log(entries: Iterable[bytes], *, origin: str) -> Summary:
    """Check every entry of a log in order; raise GrammarError at the first that breaks a rule.

    Takes the verbatim bytes of the entries, from index 0, and the name under which the log signs its heads. Checks
    canonical form, grammar, citations, the rules of each kind, that days and versions never go backwards, that the log
    opens with its program, that every yes is followed at once by its commitment, and every promise and correction by its
    words in the other languages of the promise, and that no two texts have one hash.
    """
    log, summary = MemoryLog(origin), Summary()
    before: Entry | None = None
    said: set[str] = set()
    for index, raw in enumerate(entries):
        entry = parse(index, raw)
        follows(before, entry, log)
        check_entry(entry, log)
        texts_are_its_own(entry, said)
        log.add(entry, raw)
        summary.kinds[entry.kind] += 1
        before = entry
    if before is not None:
        ends(before, log)
        summary.version = before.v
    summary.entries = len(log)
    first = log.get(0)
    summary.first, summary.last = (first.date, before.date) if first and before else (None, None)
    if before is not None:
        try:
            summary.owed = owed(log, before.date)
            summary.hidden = hidden(log, summary.owed, before.date)
            summary.owed = [one for one in summary.owed if not is_filled_by(one, log, before.date)]
        except OverflowError:
            raise MalformedError(TOO_FAR).told_of(before.index) from None
    return summary


def texts_are_its_own(entry: Entry, said: set[str]) -> None:
    """Refuse a text or a file with the hash of another one: each has a salt of its own, so it would be that one, called something else."""
    for name, sha256 in sorted(hashes_in(entry).items()):
        if entry.v >= TEXTS_ONCE and sha256 in said:
            raise MalformedError(
                f"its text {name} has the hash of another one on the record; each text has words and a salt of its own."
            ).told_of(entry.index)
        said.add(sha256)


def follows(before: Entry | None, entry: Entry, log: LogView) -> None:
    """Check what one entry demands of the next one; the log holds all up to `before`."""
    if before is None:
        if entry.kind != EntryKind.PROGRAM_OPENED:
            raise MalformedError("a log opens with program.opened.").told_of(entry.index)
        return
    if entry.date < before.date and entry.kind != EntryKind.CLOCK_FAULTED:
        raise MalformedError(
            f"is dated {entry.date}, before the entry in front of it ({before.date})."
        ).told_of(entry.index)
    if entry.v < before.v:
        raise MalformedError(
            f"is written in grammar {entry.v}, after an entry in grammar {before.v}; the version never falls."
        ).told_of(entry.index)
    try:
        goes_on(before, entry)
    except GrammarError as error:
        raise error.told_of(entry.index, entry.kind) from None
    if promised(before) and not (
        entry.kind == EntryKind.COMMITMENT_MADE and before.index in entry.cites.get("answer", ())
    ):
        raise MalformedError(YES_ALONE).told_of(before.index)
    about, langs = awaited(before, log)
    if langs and not (
        entry.kind == EntryKind.TEXT_TRANSLATED
        and entry.cites.get("of") == (about,)
        and entry.data.get("lang") in langs
    ):
        raise MalformedError(HALF_SAID.format(langs=", ".join(langs))).told_of(about)


def ends(last: Entry, log: LogView) -> None:
    """Check that nothing is left open at the end of an append or of a log."""
    if not is_whole(last):
        raise MalformedError("its act is cut off; what leads sign is entered whole.").told_of(last.index)
    if promised(last):
        raise MalformedError(YES_ALONE).told_of(last.index)
    about, langs = awaited(last, log)
    if langs:
        raise MalformedError(HALF_SAID.format(langs=", ".join(langs))).told_of(about)


def owed(log: MemoryLog, last: date) -> list[Owed]:
    """List all that is owed at the end of a log, on its last day."""
    asks = (one for kind in ASK_KINDS for one in log.every(kind))
    found = [each for ask in asks for each in owed_to(log, ask)]
    for made in log.every(EntryKind.COMMITMENT_MADE):
        found += [*deliveries_owed(log, made), *checks_owed(log, made)]
    found += [*leads_owed(log, last - GRACE), *help_owed(log), *ends_owed(log)]
    return sorted(found, key=lambda one: one.index)

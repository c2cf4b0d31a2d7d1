"""The log in the database, as the rules of the grammar look at it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Self

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from alongside.core.entries import Entry
from alongside.core.grammar.check import read
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.ledger.nodes import inclusion_proof, root_from
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import PackVersion, Program
from alongside.ground.programs.queries import pack_of, pack_under, worked_in
from alongside.ground.record.models import Citation, Head, Log, LogEntry
from alongside.ground.record.tiles import tile_reader

type Asked = tuple[str | int, ...]

#: What the rules ask again and again: who sits, who may act, what was agreed. There is little of each.
ASKED = (
    EntryKind.POLICY_ADOPTED,
    EntryKind.SEAT_TAKEN,
    EntryKind.SEAT_DECLARED,
    EntryKind.SEAT_LEFT,
    EntryKind.SEAT_SUSPENDED,
    EntryKind.SEAT_RESTORED,
    EntryKind.SEAT_REMOVED,
    EntryKind.REMOVAL_APPEALED,
    EntryKind.REMOVAL_DECIDED,
    EntryKind.CHARTER_ADOPTED,
    EntryKind.CHARTER_SIGNED,
    EntryKind.LEARNING_ASKED,
    EntryKind.KEY_LOST,
    EntryKind.LEARNING_AGREED,
    EntryKind.PROJECT_ASSESSED,
    EntryKind.WORKPLAN_ASSESSED,
)


def subject_of(entry: Entry) -> str:
    """Give what an entry is about, by which it is found among those of its kind."""
    name = KINDS[entry.kind].subject
    return str(entry.data.get(name, "")) if name else ""


#: For each kind those that are about the same sort of thing, itself among them; a kind about nothing stands alone.
ALIKE = {
    kind: [other for other, its in KINDS.items() if its.subject == one.subject] if one.subject else [kind]
    for kind, one in KINDS.items()
}


def _asked_for(entry: Entry) -> Iterator[Asked]:
    """List the questions that an entry is an answer to."""
    yield "every", entry.kind
    yield "about", entry.kind, subject_of(entry)
    yield from (("citing", index, entry.kind) for index in _cited_in(entry))


def _cited_in(entry: Entry) -> set[int]:
    return {one for each in entry.cites.values() for one in each}


class Begun(NamedTuple):
    """What every append asks for: the last entry, how many entries are signed, and the pack in force."""

    last: Entry | None
    signed: int
    pack: Pack


class RowsLog:
    """Answers the questions of the grammar from the rows of one log. Remembers what it parsed, and what it answered.

    The rules ask the same again and again: who sits, for each seat. An answer holds until this process writes an entry,
    and one that is written through this log joins its answers.
    """

    #: How many entries this process wrote, to whatever log.
    written: ClassVar[int] = 0

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seen: dict[int, Entry] = {}
        self._answers: dict[Asked, list[Entry]] = {}
        #: The kinds of which all entries were read, with the sort of questions about one that are all answered.
        self._laid_out: set[tuple[str, str]] = set()
        #: For each entry that was asked about: which entries cite it, by kind. Kept as long as the answers.
        self._citing: dict[int, dict[str, list[int]]] = {}
        self._since = RowsLog.written
        self._worked: dict[int, set[str]] = {}
        #: The first entry that was written through this log; nothing else cites it or those after it.
        self._first: int | None = None
        #: Where the log is read again from its start: up to where.
        self._until: int | None = None

    @classmethod
    def of(cls, program: Program | int) -> Self:
        """Give the log of a program, which is read anew."""
        return cls(Log.objects.get(program=program))

    @classmethod
    def at(cls, program: Program, log: int, size: int, seen: dict[int, Entry] | None = None) -> Self:
        """Give the log of a program by its id and its size, which a request knows already. `seen` are entries that were read; others join them."""
        found = cls(Log(pk=log, size=size, program=program))
        found._seen = {} if seen is None else seen
        return found

    @property
    def log(self) -> Log:
        """Give the row of the log."""
        return self._log

    @property
    def program(self) -> Program:
        """Give the program whose log this is."""
        return self._log.program

    def worked(self, person: int) -> set[str]:
        """Give the units in which a person ever took up an office here, and "steward" where they ran the program. One query, once."""
        if person not in self._worked:
            self._worked[person] = worked_in(self.program, [person]).get(person, set())
        return self._worked[person]

    @property
    def origin(self) -> str:
        """Give the name under which the log signs its heads."""
        return self._log.program.origin

    def remember(self, entry: Entry) -> None:
        """Take in an entry as it was read; what was answered may no longer hold."""
        self._seen[entry.index] = entry
        RowsLog.written += 1

    def read_again(self, entry: Entry) -> None:
        """Take in the next entry of a log that is read again from its start: what comes after it is not there yet."""
        self._until = entry.index + 1
        self.remember(entry)

    def add(self, entry: Entry) -> None:
        """Take in an entry that was just written, and put it into each answer that it belongs to."""
        answers = self._still_true()
        self.remember(entry)
        self._since = RowsLog.written
        self._first = entry.index if self._first is None else self._first
        for asked in _asked_for(entry):
            # What cites an entry that was written through this log was written through it as well.
            cites_new = isinstance(asked[1], int) and asked[1] >= self._first
            if asked in answers or cites_new or (asked[0], entry.kind) in self._laid_out:
                answers.setdefault(asked, []).append(entry)
            if asked[0] == "citing" and asked[1] in self._citing:
                self._citing[asked[1]].setdefault(entry.kind, []).append(entry.index)

    def forget(self) -> None:
        """Ask the rows anew: one of them is gone."""
        RowsLog.written += 1

    def begin(self) -> Begun:
        """Read what every append asks for. One query."""
        heads = Head.objects.filter(log=OuterRef("log")).order_by("-size").values("size")[:1]
        packs = (
            PackVersion.objects.filter(program=OuterRef("log__program")).order_by("-pk").values("sha256")[:1]
        )
        policies, last = Q(kind=EntryKind.POLICY_ADOPTED), self._log.size - 1
        lines = self._lines().filter(policies | Q(index=last))
        found = list(lines.annotate(signed=Subquery(heads), pack=Subquery(packs)))
        entries = self._parsed([(one.index, one.raw) for one in found])
        self._answer([EntryKind.POLICY_ADOPTED], entries)
        if not found:
            return Begun(None, 0, pack_of(self._log.program))
        return Begun(self._seen.get(last), found[0].signed or 0, pack_under(found[0].pack))

    def read(self, *kinds: str) -> Self:
        """Read all entries of these kinds at once: whatever is asked of them afterwards takes no query."""
        ahead = [kind for kind in kinds if not self._has(kind)]
        if ahead:
            self._answer(ahead, self._read(self._lines().filter(kind__in=ahead)))
        return self

    def know(self, kinds: Sequence[str], entries: Iterable[Entry]) -> Self:
        """Answer from these, which are all entries of these kinds, oldest first."""
        self._answer(kinds, entries)
        return self

    def _answer(self, kinds: Sequence[str], entries: Iterable[Entry]) -> None:
        """Keep all that can be asked of these kinds, of which these are all entries."""
        answers: dict[Asked, list[Entry]] = {("every", kind): [] for kind in kinds}
        for entry in entries:
            if entry.kind in kinds:
                answers["every", entry.kind].append(entry)
        self._still_true().update(answers)
        self._laid_out = {one for one in self._laid_out if one[1] not in kinds}

    def _of_all(self, asked: Asked) -> list[Entry]:
        """Give the answer to a question about a kind of which all entries were read; the first lays out all of its sort."""
        answers, is_about = self._answers, asked[0] == "about"
        sort, kind = str(asked[0]), str(asked[1] if is_about else asked[-1])
        if (sort, kind) not in self._laid_out:
            self._laid_out.add((sort, kind))
            found = defaultdict[Asked, list[Entry]](list)
            for entry in answers["every", kind]:
                if is_about:
                    found["about", kind, subject_of(entry)].append(entry)
                else:
                    for index in _cited_in(entry):
                        found["citing", index, kind].append(entry)
            answers.update(found)
        return answers.setdefault(asked, [])

    def _still_true(self) -> dict[Asked, list[Entry]]:
        """Give what was answered and still holds."""
        if self._since != RowsLog.written:
            self._answers, self._citing, self._since, self._first = {}, {}, RowsLog.written, None
            self._laid_out = set()
        return self._answers

    def _lines(self) -> QuerySet[LogEntry]:
        """Give the lines of the log; a row beyond its size, as this process or the database has it, is none."""
        is_there = Q(index__lt=self._log.size) | Q(index__lt=F("log__size"))
        lines = LogEntry.objects.filter(is_there, log=self._log).order_by("index")
        return lines if self._until is None else lines.filter(index__lt=self._until)

    def get(self, index: int) -> Entry | None:
        """Give the entry at this index, or None."""
        if index not in self._seen:
            line = self._lines().filter(index=index).first()
            if line is None:
                return None
            self._seen[index] = line.parsed
        return self._seen[index]

    def _read(self, lines: QuerySet[LogEntry]) -> list[Entry]:
        return self._parsed(list(lines.values_list("index", "raw")))

    def _parsed(self, lines: Sequence[tuple[int, bytes | memoryview]]) -> list[Entry]:
        for index, raw in lines:
            if index not in self._seen:
                self._seen[index] = read(index, bytes(raw))
        return [self._seen[index] for index, _raw in lines]

    def some(self, indexes: Iterable[int]) -> dict[int, Entry]:
        """Give the entries at these indexes that are there. One query at most."""
        wanted = set(indexes)
        if ahead := wanted.difference(self._seen):
            self._read(self._lines().filter(index__in=ahead))
        return {index: self._seen[index] for index in sorted(wanted) if index in self._seen}

    def citing(self, index: int, kind: str) -> Sequence[Entry]:
        """Give the entries of this kind that cite this index, oldest first. One query tells which of all kinds there are."""
        answers, asked = self._still_true(), ("citing", index, kind)
        if asked not in answers and self._has(kind):
            return self._of_all(asked)
        if asked not in answers:
            is_new = self._first is not None and index >= self._first
            found = () if is_new else self._cited_by(index).get(kind, ())
            answers[asked] = list(self.some(found).values())
        return answers[asked]

    def _cited_by(self, index: int) -> Mapping[str, Sequence[int]]:
        """Give the indexes of the entries that cite this one, by kind. One query the first time."""
        if index not in self._citing:
            is_there = Q(citing__lt=self._log.size) | Q(citing__lt=F("log__size"))
            lines = Citation.objects.filter(is_there, log=self._log, cited=index).distinct()
            found = defaultdict[str, list[int]](list)
            for kind, citing in lines.values_list("kind", "citing"):
                found[kind].append(citing)
            self._citing[index] = found
        return self._citing[index]

    def about(self, kind: str, subject: str) -> Sequence[Entry]:
        """Give the entries of this kind about this subject, oldest first. One query reads all that is about it."""
        answers, asked = self._still_true(), ("about", kind, subject)
        if asked not in answers and self._has(kind):
            return self._of_all(asked)
        if asked not in answers:
            ahead = [
                one for one in ALIKE[kind] if not self._has(one) and ("about", one, subject) not in answers
            ]
            found = self._read(self._lines().filter(kind__in=ahead, subject=subject))
            answers |= {
                ("about", one, subject): [entry for entry in found if entry.kind == one] for one in ahead
            }
        return answers[asked]

    def every(self, kind: str) -> Sequence[Entry]:
        """Give all entries of this kind, oldest first."""
        self.read(kind)
        return self._answers["every", kind]

    def act(self, nonce: str) -> int | None:
        """Give the index of the first entry of the act with this nonce, or None. One query."""
        return self._lines().filter(nonce=nonce).values_list("index", flat=True).first()

    def root(self, size: int) -> bytes:
        """Give the 32-byte root over the first `size` entries."""
        return root_from(tile_reader(self._log, size).read, size)

    def path(self, index: int, size: int) -> list[bytes]:
        """Give the hashes that lead from an entry to that root. Raises LedgerError, a ValueError, where it stands above."""
        return inclusion_proof(index, size, tile_reader(self._log, size).read)

    def _has(self, kind: str) -> bool:
        """Say whether all entries of a kind were read: of these, what is not among the answers is nowhere."""
        return ("every", kind) in self._still_true()

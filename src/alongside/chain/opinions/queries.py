"""What people are asked to judge, what is asked next, and how a map is shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from random import Random, SystemRandom
from typing import Any

from django.db.models import Min
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from alongside.chain.opinions.models import Map, Vote
from alongside.chain.voices.queries import Door, door_of
from alongside.core.disclosure import FEWER, Band, Fewer, band_of_data
from alongside.core.kinds import EntryKind
from alongside.core.opinions.answers import AGREE, DISAGREE, NAMED, WITHHELD, code_hash
from alongside.core.opinions.drawing import Area, Pin, areas, pins
from alongside.core.opinions.routing import weights
from alongside.core.policy.pack import Pack
from alongside.core.questions import STATEMENTS, number_of
from alongside.core.sealing import receipt
from alongside.core.workflow.engagements import EngagementStage
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.queries import EntryView, Stand, entry_views
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.templatetags.ui import counted
from alongside.work.engagements.asking import Phrase, Statement, statements_of
from alongside.work.engagements.queries import frozen_form

#: Chance that nobody can foresee.
CHANCE = SystemRandom()


@dataclass(frozen=True)
class Asked:
    """An engagement whose promise has statements to judge: where it stands, its title, and the statements in a language."""

    door: Door
    promise: EntryView
    statements: Sequence[Statement]

    @property
    def k(self) -> int:
        """Give how many people there must be at least before anything is told of them."""
        return int(self.door.promise.data["k"])

    @property
    def numbers(self) -> list[int]:
        """List the numbers of its statements."""
        return [number_of(one.id) for one in self.statements]

    def is_open(self, today: date) -> bool:
        """Say whether people can judge today."""
        return self.door.state(today) == EngagementStage.OPEN

    def statement(self, number: int) -> Statement | None:
        """Give the statement of a number."""
        return next((one for one in self.statements if number_of(one.id) == number), None)


def asked(program: Program, slug: str, lang: str, stand: Stand | None = None) -> Asked | None:
    """Give what people judge in an engagement, in a language; None where nothing is promised, or no statement. Three queries at most."""
    door = door_of(program, slug, stand)
    if door is None:
        return None
    index = door.promise.index
    promise = entry_views(program, [index], lang)[index]
    found = statements_of(frozen_form(promise), lang, promise.lang("form"))
    return Asked(door, promise, found) if found else None


def chosen(program: Program, promise: int, code_hash: str) -> dict[int, int]:
    """Give what was said under a code: the answer to each statement, by its number. One query."""
    rows = Vote.objects.filter(program=program, promise=promise, code_hash=code_hash)
    return dict(rows.values_list("statement", "answer"))


#: How many bytes of a code chance gives; the others show that this server made it.
BY_CHANCE = 8


def new_code(program: Program, promise: int) -> bytes:
    """Make a code for one engagement. It is kept nowhere."""
    start = receipt.make()[:BY_CHANCE]
    return start + _mark(program, promise, start)


def is_known(program: Program, promise: int, code: bytes) -> bool:
    """Say whether this server made a code for this engagement, or keeps choices under it. One query at most."""
    if constant_time_compare(code[BY_CHANCE:], _mark(program, promise, code[:BY_CHANCE])):
        return True
    return bool(chosen(program, promise, code_hash(code)))


def _mark(program: Program, promise: int, start: bytes) -> bytes:
    said = f"{program.pk}/{promise}/{start.hex()}"
    mark = salted_hmac("alongside/vote-code/v1", said, algorithm="sha256").digest()
    return mark[: receipt.SECRET_BYTES - BY_CHANCE]


def next_statement(
    program: Program, one: Asked, done: Mapping[int, int], chance: Random = CHANCE
) -> Statement | None:
    """Give the statement to judge next; None where all are judged. One query.

    Those are asked more often that the newest map tells least of. Who asks often can count what comes: so nothing weighs that is not public.
    """
    left = [number not in done for number in one.numbers]
    if not any(left):
        return None
    last = last_map(program, one.promise.index)
    told = {each["id"]: each["everybody"] for each in last.data["result"]["statements"]} if last else {}
    seen = [_least(told.get(number)) for number in one.numbers]
    chances = weights(seen, [False] * len(left), left)
    return chance.choices(one.statements, chances)[0]


def _least(told: Any) -> int:
    """Give how many people at the least judged a statement, by the ranges of a map."""
    ranges = map(band_of_data, told.values()) if isinstance(told, dict) else ()
    return sum(one.low for one in ranges if isinstance(one, Band))


def promises_to_keep(program: Program) -> list[int]:
    """List the promises of which choices are kept, or the salt of a map, oldest first. Two queries."""
    votes = Vote.objects.filter(program=program).values_list("promise", flat=True)
    salts = Map.objects.filter(program=program).exclude(salt=b"").values_list("promise", flat=True)
    return sorted({*votes.distinct(), *salts.distinct()})


def rows_of(program: Program) -> RowsLog:
    """Give the log as the grammar's rules ask for it."""
    return RowsLog(Log.objects.get(program=program))


def can_draw() -> bool:
    """Say whether this machine has what a map is computed with, the extra `map`."""
    return all(find_spec(one) is not None for one in ("numpy", "scipy"))


def last_map(program: Program, promise: int) -> Map | None:
    """Give the newest map of an engagement."""
    return Map.objects.filter(program=program, promise=promise).order_by("until").last()


def newcomers(program: Program, promise: int) -> list[tuple[date, int]]:
    """Count the people who came on each day, by the first day on which something was said under a code. One query."""
    rows = (
        Vote.objects.filter(program=program, promise=promise).values("code_hash").annotate(first=Min("date"))
    )
    return sorted(Counter(rows.order_by().values_list("first", flat=True)).items())


def people_until(came: Sequence[tuple[date, int]], until: date | None) -> int:
    """Count those of `newcomers` who came up to a day, all where none is given."""
    return sum(people for day, people in came if until is None or day <= until)


def day_to_draw(program: Program, promise: int, today: date, k: int) -> date | None:
    """Give the day up to which votes may be drawn while people still judge, or None. Two queries.

    Whole days, so that at least as many people are new in the map as in the last one, k at least, and k more came after it. That keeps
    maps few. It does not keep from comparing them who presses under many codes: the page says so.
    """
    last, came = last_map(program, promise), newcomers(program, promise)
    before = people_until(came, last.until) if last else 0
    told = band_of_data(last.data["result"]["people"]) if last else FEWER
    # By what the last map told, too: who withdraws makes no map come sooner.
    needed = max(k, before, told.low if isinstance(told, Band) else 0)
    everybody = people_until(came, None)
    for day in reversed([day for day, _people in came if day < today and (not last or day > last.until)]):
        inside = people_until(came, day)
        if everybody - inside >= k:
            return day if inside - before >= needed else None
    return None


def votes_until(program: Program, promise: int, until: date) -> list[tuple[int, int, int]]:
    """List people (numbered by the hashes of their codes, in order), statements and answers up to a day. One query.

    A statement counts from the day on which it was first judged under a code, with the answer that stands now.
    """
    rows = Vote.objects.filter(program=program, promise=promise, date__lte=until)
    told = list(rows.order_by("code_hash", "statement").values_list("code_hash", "statement", "answer"))
    places = {one: place for place, one in enumerate(dict.fromkeys(code for code, *_said in told))}
    return [(places[code], statement, answer) for code, statement, answer in told]


def computed_of(program: Program, promise: int, until: date, pack: Pack, salt: bytes) -> dict[str, Any]:
    """Compute the map of all votes up to a day, as core.opinions lets it out. Needs the extra `map`."""
    from alongside.core.opinions.published import computed  # noqa: PLC0415 -- numpy is an extra, and no page needs it
    from alongside.core.opinions.votes import cast  # noqa: PLC0415 -- as above

    people, statements, answers = zip(*votes_until(program, promise, until), strict=True)
    return computed(cast(people, statements, answers, of=numbers_of(program, promise)), pack, salt)


def is_drawn_for_good(program: Program, promise: int) -> bool:
    """Say whether the last map of an engagement is on the record."""
    return bool(rows_of(program).citing(promise, EntryKind.MAP_DRAWN))


def data_of(found: Map) -> dict[str, Any]:
    """Give what everybody may take along of a map."""
    return {"until": found.until.isoformat(), **found.data}


def numbers_of(program: Program, promise: int) -> list[int]:
    """List the numbers of the statements of a promise. Two queries."""
    told = entry_views(program, [promise], "")[promise]
    return [number_of(one["id"]) for one in frozen_form(told).get(STATEMENTS, ())]


#: What a person can say, by how it is kept: the words of the button, and of what was said.
CHOICES: Mapping[str, Promise] = {
    "agree": gettext_lazy("Agree"),
    "disagree": gettext_lazy("Disagree"),
    "pass": gettext_lazy("Pass, or not sure"),
}
ANSWERS: Mapping[int, Promise] = {value: CHOICES[name] for name, value in NAMED.items()}
#: How many statements have a number on the picture.
MOST_PINS = 9
LETTERS = "ABCDE"


@dataclass(frozen=True)
class Judged:
    """A statement as it came out: its number, its words, what is said of it, and what is said of it by each group."""

    number: int
    phrase: Phrase
    words: str = ""
    #: What a reader must know beside it.
    marks: tuple[str, ...] = ()
    #: How many of each group agree and disagree; empty where that would tell a small count.
    by_group: tuple[str, ...] = ()
    #: How many of all people agree, disagree and pass.
    everybody: tuple[str, ...] = ()

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Give what each group says, with its letter."""
        return list(zip(LETTERS, self.by_group, strict=False))


@dataclass(frozen=True)
class Leaning:
    """People who lean one way: the letter of the group, how many they are, and where they stand in the picture."""

    letter: str
    people: str
    area: Area
    apart: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Smaller:
    """A smaller group: how many they are, and the statements that they reject."""

    people: str
    rejects: tuple[Judged, ...]


@dataclass(frozen=True)
class Shown:
    """A map in words, and the same in a picture: both are made of what was published, and of nothing else."""

    people: str
    groups: tuple[Leaning, ...]
    has_gap: bool
    shared: tuple[Judged, ...]
    parted: tuple[Judged, ...]
    smaller: tuple[Smaller, ...]
    unknown: tuple[Judged, ...]
    unplaced: str
    every: tuple[Judged, ...]
    equal: str
    pins: tuple[Pin, ...]


def range_words(data: Any, k: int) -> str:
    """Say a published count of people: a range, or that it is below k."""
    found = band_of_data(data)
    if isinstance(found, Fewer):
        return gettext("fewer than %(k)s") % {"k": counted(k)}
    return gettext("%(low)s to %(high)s") % {"low": counted(found.low), "high": counted(found.high)}


def shown(result: Mapping[str, Any], one: Asked) -> Shown:
    """Give what the page of a map shows of a published result."""
    phrases = {number_of(each.id): each.phrase for each in one.statements}
    told = [each for each in result["statements"] if each["id"] in phrases]
    every = {each["id"]: _judged(each, phrases[each["id"]], one.k) for each in told}
    listed = [each for each in told if each["shared"] in {"agree", "disagree"}]
    places = areas(result)
    leaning = tuple(
        Leaning(LETTERS[place], range_words(each["people"], one.k), places[place], _apart(each, every))
        for place, each in enumerate(result["groups"]["each"])
    )
    parted = dict.fromkeys(each.number for group in leaning for each in group.apart)
    numbers = [*(each["id"] for each in listed), *parted][:MOST_PINS]
    return Shown(
        people=range_words(result["people"], one.k),
        groups=leaning,
        has_gap=bool(result["groups"]["gap"]),
        shared=tuple(_shared(each, phrases[each["id"]], len(leaning)) for each in listed),
        parted=tuple(every[number] for number in parted),
        smaller=tuple(
            Smaller(
                range_words(each["people"], one.k), tuple(every[n] for n in each["rejects"] if n in every)
            )
            for each in result["smaller_groups"]
        ),
        unknown=tuple(every[each["id"]] for each in told if each["shared"] == "not known yet"),
        unplaced=range_words(result["groups"]["not_known_yet"], one.k),
        every=tuple(every.values()),
        equal=""
        if result["equal_answers"]["people"] == FEWER.as_data()
        else range_words(result["equal_answers"]["people"], one.k),
        pins=tuple(pins(result, numbers, places)),
    )


def _cells(counts: Any, k: int) -> tuple[str, ...]:
    """Say how many agree, disagree and pass; once where all together are too few."""
    if not isinstance(counts, dict):
        return (range_words(counts, k),) * len(CHOICES)
    return tuple(range_words(counts[name], k) for name in CHOICES)


def _of_group(counts: Any, k: int) -> str:
    """Say in one line how many of a group agree and disagree."""
    if not isinstance(counts, dict):
        return gettext("%(range)s answered") % {"range": range_words(counts, k)}
    said = {name: range_words(counts[name], k) for name in CHOICES}
    return gettext("%(agree)s agree, %(disagree)s disagree") % said


def _judged(told: Mapping[str, Any], phrase: Phrase, k: int) -> Judged:
    """Give a statement with the counts of everybody, and of each group where they are told."""
    groups = [] if told["groups"] == WITHHELD else told["groups"]
    by_group = tuple(_of_group(one, k) for one in groups)
    return Judged(told["id"], phrase, by_group=by_group, everybody=_cells(told["everybody"], k))


def _shared(told: Mapping[str, Any], phrase: Phrase, groups: int) -> Judged:
    """Say of a statement what all share, and what stands against that."""
    agrees = told["shared"] == "agree"
    tenths = int(told["tenths"] or 0)
    if tenths:
        words = gettext("At least %(n)d in 10 agree") if agrees else gettext("At least %(n)d in 10 disagree")
        words %= {"n": tenths}
    else:
        words = gettext("More than half agree") if agrees else gettext("More than half disagree")
    words = gettext("%(share)s, in every group.") % {"share": words} if groups else f"{words}."
    marks = []
    if told["rejected_by_a_smaller_group"]:
        marks.append(gettext("A smaller group rejects this. See below."))
    if told["other_without_equal_answers"]:
        marks.append(gettext("Without the answers that are almost equal, this would come out another way."))
    return Judged(told["id"], phrase, words, tuple(marks))


def _apart(group: Mapping[str, Any], every: Mapping[int, Judged]) -> tuple[Judged, ...]:
    """List what sets a group apart, each with what the group says of it."""
    said = {"agree": gettext("This group agrees."), "disagree": gettext("This group disagrees.")}
    return tuple(
        replace(every[one["statement"]], words=said[one["answer"]])
        for one in group["apart"]
        if one["statement"] in every
    )


def as_files(program: Program, one: Asked, until: date) -> dict[str, str]:
    """Give the votes up to a day as Polis writes them, people numbered as `votes_until` does. Needs the extra `map`. Two queries."""
    from alongside.core.opinions.files import written_statements, written_votes  # noqa: PLC0415 -- numpy is an extra

    promise = one.promise.index
    days = Vote.objects.filter(program=program, promise=promise, date__lte=until)
    on = list(days.order_by("code_hash", "statement").values_list("date", flat=True))
    told = votes_until(program, promise, until)
    counts = Counter((statement, answer) for _person, statement, answer in told)
    statements = [
        (number, each.phrase.words, counts[number, AGREE], counts[number, DISAGREE])
        for number, each in zip(one.numbers, one.statements, strict=True)
    ]
    rows = ((*each, day) for each, day in zip(told, on, strict=True))
    return {"votes.csv": written_votes(rows), "comments.csv": written_statements(statements)}

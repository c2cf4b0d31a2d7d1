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
from django.utils.translation import gettext, gettext_lazy, ngettext

from alongside.chain.opinions.models import Map, Vote, Withdrawn
from alongside.chain.proposals.queries import as_sent
from alongside.chain.voices.queries import Door, door_of
from alongside.cohort.seats.models import Seat
from alongside.core.canonical import canonical
from alongside.core.disclosure import FEWER, Band, Fewer, band_of_data
from alongside.core.grammar.opinions import GROUND
from alongside.core.kinds import EntryKind
from alongside.core.opinions.answers import AGREE, DISAGREE, NAMED, WITHHELD, code_hash
from alongside.core.opinions.drawing import Area, Pin, areas, pins
from alongside.core.opinions.routing import weights
from alongside.core.policy.pack import Pack
from alongside.core.questions import STATEMENTS, asks_for_statements, number_of
from alongside.core.sealing import receipt
from alongside.core.workflow.engagements import EngagementStage
from alongside.core.workflow.offered_statements import OfferDecision, decided_of, released
from alongside.core.workflow.seconds import Proposed
from alongside.ground.programs.models import Program
from alongside.ground.record.labels import OFFER_REASONS
from alongside.ground.record.queries import EntryView, Stand, entry_views, entry_views_where, indexes_citing
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.languages import in_readers_words, listed
from alongside.ground.ui.numbers import counted
from alongside.work.engagements.asking import Phrase, Statement, statements_of
from alongside.work.engagements.queries.pages import released_of
from alongside.work.engagements.queries.promises import frozen_form

#: Chance that nobody can foresee.
CHANCE = SystemRandom()


@dataclass(frozen=True)
class Asked:
    """An engagement whose promise has statements to judge: where it stands, its title, and the statements in a language."""

    door: Door
    promise: EntryView
    #: Those that were promised, then those that people offered and leads released.
    statements: Sequence[Statement]
    #: What leads decided of statements that people offered, oldest first.
    decided: Sequence[EntryView] = ()
    #: Whether a lead presses for somebody.
    taking: bool = False

    @property
    def takes_offers(self) -> bool:
        """Say whether people were asked to offer statements."""
        return asks_for_statements(frozen_form(self.promise))

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
    """Give what people judge in an engagement, in a language; None where nothing is promised, or no statement. Four queries at most."""
    door = door_of(program, slug, stand)
    if door is None:
        return None
    index = door.promise.index
    offers = [citing for citing, *_rest in indexes_citing(program, [index], [EntryKind.OFFER_DECIDED])]
    views = entry_views(program, [index, *offers], lang)
    promise, decided = views[index], [views[one] for one in offers]
    found = statements_of(frozen_form(promise), lang, promise.lang("form"))
    if not found:
        return None
    return Asked(door, promise, [*found, *released_of(decided, lang)], decided)


def chosen(program: Program, promise: int, code_hash: str) -> dict[int, int]:
    """Give what was said under a code: the answer to each statement, by its number. One query."""
    rows = Vote.objects.filter(program=program, promise=promise, code_hash=code_hash)
    return dict(rows.values_list("statement", "answer"))


#: How many bytes of a code chance gives; the others show that this server made it.
BY_CHANCE = 8


def new_code(program: Program, promise: int, *, taken: bool = False) -> bytes:
    """Make a code for one engagement, `taken` for somebody for whom a lead presses. It is kept nowhere."""
    start = receipt.make()[:BY_CHANCE]
    return start + _mark(program, promise, start, taken=taken)


def is_known(program: Program, promise: int, code: bytes) -> bool:
    """Say whether this server made a code for this engagement, or keeps choices under it. One query at most."""
    if any(_is_of(program, promise, code, taken=taken) for taken in (False, True)):
        return True
    return bool(chosen(program, promise, code_hash(code)))


def was_withdrawn(program: Program, promise: int, code: bytes) -> bool:
    """Say whether somebody withdrew what was said under a code. One query."""
    rows = Withdrawn.objects.filter(program=program, promise=promise, code_hash=code_hash(code))
    return rows.exists()


def is_taken(program: Program, promise: int, code: bytes) -> bool:
    """Say whether a code was made for somebody for whom a lead presses: it stays so, whoever presses later. One query at most."""
    if _is_of(program, promise, code, taken=False):
        return False
    kept = Vote.objects.filter(program=program, promise=promise, code_hash=code_hash(code), taken=True)
    return _is_of(program, promise, code, taken=True) or kept.exists()


def _is_of(program: Program, promise: int, code: bytes, *, taken: bool) -> bool:
    return constant_time_compare(code[BY_CHANCE:], _mark(program, promise, code[:BY_CHANCE], taken=taken))


#: Under which name each sort of code is marked.
SALTS = {False: "alongside/vote-code/v1", True: "alongside/vote-code/taken/v1"}


def _mark(program: Program, promise: int, start: bytes, *, taken: bool) -> bytes:
    said = f"{program.pk}/{promise}/{start.hex()}"
    mark = salted_hmac(SALTS[taken], said, algorithm="sha256").digest()
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


def votes_until(program: Program, promise: int, until: date) -> list[tuple[int, int, int, bool, str]]:
    """List people (numbered by the hashes of their codes, in order), statements, answers, whether a lead pressed, and the language read, up to a day. One query.

    A statement counts from the day on which it was first judged under a code, with the answer that stands now.
    """
    rows = Vote.objects.filter(program=program, promise=promise, date__lte=until)
    named = ("code_hash", "statement", "answer", "taken", "lang")
    told = list(rows.order_by("code_hash", "statement").values_list(*named))
    places = {one: place for place, one in enumerate(dict.fromkeys(code for code, *_said in told))}
    return [(places[code], *said) for code, *said in told]


def computed_of(program: Program, promise: int, until: date, pack: Pack, salt: bytes) -> dict[str, Any]:
    """Compute the map of all votes up to a day, as core.opinions lets it out. Needs the extra `map`."""
    from alongside.core.opinions.published import computed  # noqa: PLC0415 -- numpy is an extra, and no page needs it
    from alongside.core.opinions.votes import cast  # noqa: PLC0415 -- as above

    told = votes_until(program, promise, until)
    people, statements, answers, by_lead, langs = zip(*told, strict=True)
    taken = {person for person, is_taken in zip(people, by_lead, strict=True) if is_taken}
    numbers = numbers_of(program, promise)
    return computed(cast(people, statements, answers, of=numbers, taken=taken, langs=langs), pack, salt)


def is_drawn_for_good(program: Program, promise: int) -> bool:
    """Say whether the last map of an engagement is on the record."""
    return bool(RowsLog.of(program).citing(promise, EntryKind.MAP_DRAWN))


def data_of(found: Map) -> dict[str, Any]:
    """Give what everybody may take along of a map."""
    return {"until": found.until.isoformat(), **found.data}


def numbers_of(program: Program, promise: int) -> list[int]:
    """List the numbers of the statements of a promise, and of those that leads released since. Four queries."""
    told = entry_views(program, [promise], "")[promise]
    more = released(decided_of(promise, RowsLog.of(program)))
    ids = [one["id"] for one in frozen_form(told).get(STATEMENTS, ())]
    return [number_of(one) for one in [*ids, *(each.data["statement"] for each in more)]]


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
    #: For how many of these a lead pressed; empty words where they are too few.
    taken: tuple[str, ...] = ()
    #: Where people of the same leaning answered otherwise in another language.
    languages: tuple[str, ...] = ()

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
class MapInWords:
    """A map in words, and the same in a picture: both are made of what was published, and of nothing else."""

    people: str
    #: For how many of them a lead pressed.
    taken: str
    groups: tuple[Leaning, ...]
    has_gap: bool
    shared: tuple[Judged, ...]
    parted: tuple[Judged, ...]
    smaller: tuple[Smaller, ...]
    unknown: tuple[Judged, ...]
    #: Statements that leads released after this map was drawn.
    later: tuple[Judged, ...]
    unplaced: str
    every: tuple[Judged, ...]
    equal: str
    pins: tuple[Pin, ...]
    #: What is known of languages, on all statements together; empty where it was not looked at.
    languages: str


#: Keeps a range in one line.
NO_BREAK = "\N{NO-BREAK SPACE}"


def range_words(data: Any, k: int) -> str:
    """Say a published count of people: a range, or that it is below k."""
    found = band_of_data(data)
    if isinstance(found, Fewer):
        words = gettext("fewer than %(k)s") % {"k": counted(k)}
    else:
        words = gettext("%(low)s to %(high)s") % {"low": counted(found.low), "high": counted(found.high)}
    return words.replace(" ", NO_BREAK)


def shown(result: Mapping[str, Any], one: Asked) -> MapInWords:
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
    read = {each["id"]: each["languages"] for each in told if "languages" in each}
    return MapInWords(
        people=range_words(result["people"], one.k),
        taken=range_words(result["taken_in"], one.k) if "taken_in" in result else "",
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
        later=tuple(Judged(number, phrase) for number, phrase in phrases.items() if number not in every),
        unplaced=range_words(result["groups"]["not_known_yet"], one.k),
        every=tuple(every.values()),
        equal=""
        if result["equal_answers"]["people"] == FEWER.as_data()
        else range_words(result["equal_answers"]["people"], one.k),
        pins=tuple(pins(result, numbers, places)),
        languages=compared_words(read),
    )


def compared_words(told: Mapping[int, Sequence[Mapping[str, Any]]]) -> str:
    """Say of all statements together, by their numbers, what is known of the languages in which they were read."""
    compared = [each for each in told.values() if each]
    many = dict.fromkeys(one["lang"] for each in compared for one in each if one["one_of_many"])
    if many:
        words = gettext(
            "People who read in %(languages)s answered many statements otherwise than people of the same leaning who read in another language. They may see it in another way, or all texts may differ."
        )
        return words % {"languages": listed(in_readers_words(one) for one in many)}
    if any(one["stands_out"] for each in compared for one in each):
        return gettext(
            "In one language people answered some statement otherwise than people of the same leaning did in another. It stands beside the statement. The words may differ, or what people think."
        )
    if compared:
        words = ngettext(
            "%(n)s statement was read in more than one language by enough people of the same leaning to compare. We found no difference.",
            "%(n)s statements were read in more than one language by enough people of the same leaning to compare. We found no difference.",
            len(compared),
        ) % {"n": counted(len(compared))}
        others = [counted(number) for number, each in told.items() if not each]
        return f"{words} {_not_compared(others)}" if others else words
    if told:
        return gettext(
            "Too few people of the same leaning read a statement in different languages to say whether the language makes a difference."
        )
    return ""


def _not_compared(numbers: Sequence[str]) -> str:
    words = ngettext(
        "Too few read this one in a second language: %(numbers)s.",
        "Too few read these in a second language: %(numbers)s.",
        len(numbers),
    )
    return words % {"numbers": listed(numbers)}


def _languages(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of a statement in which language it was answered otherwise by people of the same leaning."""
    words = gettext(
        "People who read this in %(lang)s answered otherwise than people of the same leaning who read it in %(beside)s. Two people should read both texts."
    )
    return tuple(
        words % {name: in_readers_words(one[name]) for name in ("lang", "beside")}
        for one in told.get("languages", ())
        if one["stands_out"]
    )


def read_otherwise(program: Program, one: Asked) -> tuple[Judged, ...]:
    """List the statements that people of the same leaning answered otherwise in another language, by the newest map. One query."""
    found = last_map(program, one.promise.index)
    every = shown(found.data["result"], one).every if found else ()
    return tuple(each for each in every if each.languages)


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
    pressed = told.get("taken_in")  # maps of before do not tell it
    by_lead = pressed if isinstance(pressed, dict) else {}
    few = FEWER.as_data()
    taken = tuple(range_words(by_lead[name], k) if by_lead.get(name, few) != few else "" for name in CHOICES)
    everybody, languages = _cells(told["everybody"], k), _languages(told)
    return Judged(
        told["id"], phrase, by_group=by_group, everybody=everybody, taken=taken, languages=languages
    )


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
    return Judged(told["id"], phrase, words, tuple(marks), languages=_languages(told))


def _apart(group: Mapping[str, Any], every: Mapping[int, Judged]) -> tuple[Judged, ...]:
    """List what sets a group apart, each with what the group says of it."""
    said = {"agree": gettext("This group agrees."), "disagree": gettext("This group disagrees.")}
    return tuple(
        replace(every[one["statement"]], words=said[one["answer"]])
        for one in group["apart"]
        if one["statement"] in every
    )


@dataclass(frozen=True)
class Decided:
    """What two leads decide of an offered statement, to the letter; the salt keeps anybody from guessing it by its hash."""

    salt: str
    offer: str
    decision: str
    statement: str
    reason: str
    lang: str
    ground: str
    words: Mapping[str, str]


def content_of(said: Decided) -> bytes:
    """Write what two leads decide as the bytes that both hash."""
    return canonical(vars(said))


def reader_offers(program: Program, one: Asked, seat: Seat, today: date) -> dict[str, Any]:
    """Give what the reader of a seat needs to decide of offered statements. Two queries."""
    return {
        "waiting": as_sent(program, Proposed.OFFER, one.promise.index, seat, today),
        "decided": [each.entry.data["offer"] for each in one.decided],
        "statements": [{"id": each.id, "words": each.phrase.words} for each in one.statements],
        "reasons": [[value, str(words)] for value, words in OFFER_REASONS.items()],
        "is_open": one.door.course.is_taking(today),
    }


@dataclass(frozen=True)
class Offers:
    """What became of statements that people offered, as the page of the map tells it."""

    decided: int
    released: tuple[Statement, ...]
    merged: int
    declined: int
    #: How often each reason was given.
    why: tuple[tuple[str, int], ...]


def offers_of(one: Asked) -> Offers:
    """Count what leads decided of the statements that people offered."""
    by = Counter(each.entry.data["decision"] for each in one.decided)
    why = Counter(each.entry.data["reason"] for each in one.decided if "reason" in each.entry.data)
    return Offers(
        decided=len(one.decided),
        released=tuple(each for each in one.statements if each.entry),
        merged=by[OfferDecision.MERGED],
        declined=by[OfferDecision.DECLINED],
        why=tuple((str(words), why[value]) for value, words in OFFER_REASONS.items() if why[value]),
    )


def offers_listed(program: Program, lang: str) -> list[dict[str, Any]]:
    """List what was decided of all offered statements of a program, so that a receipt finds its own in it. Six queries.

    Whoever looks for one takes the whole list along: no server learns which.
    """
    decided = entry_views_where(program, lang, kinds=[EntryKind.OFFER_DECIDED])
    promises = entry_views(program, {each.entry.cites["engagement"][0] for each in decided}, lang)
    found = []
    for each in decided:
        promise, data = promises[each.entry.cites["engagement"][0]], each.entry.data
        named = {one.id: one for one in statements_of(frozen_form(promise), lang, promise.lang("form"))}
        others = [other for other in decided if other.entry.cites == each.entry.cites]
        named |= {one.id: one for one in released_of(others, lang)}
        phrase = named[data["statement"]].phrase if data.get("statement") in named else Phrase("", "")
        found.append(
            {
                "offer": data["offer"],
                "promise": promise.index,
                "decision": data["decision"],
                "words": phrase.words,
                "lang": phrase.lang,
                "why": str(OFFER_REASONS[data["reason"]]) if "reason" in data else "",
                "ground": each.say(GROUND),
                "ground_lang": each.lang(GROUND),
                "entry": each.index,
            }
        )
    return found


def as_files(program: Program, one: Asked, until: date) -> dict[str, str]:
    """Give the votes up to a day as Polis writes them, people numbered as `votes_until` does. Needs the extra `map`. Two queries."""
    from alongside.core.opinions.files import written_statements, written_votes  # noqa: PLC0415 -- numpy is an extra

    promise = one.promise.index
    days = Vote.objects.filter(program=program, promise=promise, date__lte=until)
    on = list(days.order_by("code_hash", "statement").values_list("date", flat=True))
    told = votes_until(program, promise, until)
    counts = Counter((statement, answer) for _person, statement, answer, *_more in told)
    statements = [
        (number, each.phrase.words, counts[number, AGREE], counts[number, DISAGREE])
        for number, each in zip(one.numbers, one.statements, strict=True)
    ]
    rows = ((*each, day) for each, day in zip(told, on, strict=True))
    return {"votes.csv": written_votes(rows), "comments.csv": written_statements(statements)}

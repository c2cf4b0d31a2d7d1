"""Check the public words against the hashes on the record; erased ones are told with their entry."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from alongside.check.log import RecordError
from alongside.check.source import MissingError, Source
from alongside.core.canonical import read_json
from alongside.core.entries import Entry
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.kinds import EntryKind
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.questions import parts_of, read_alike, read_questions
from alongside.core.salted import SALT_BYTES, fits
from alongside.core.words import BLANK, has_words, is_turned

#: From this version of the grammar on, no text is blank, and the questions of a promise fit its hash.
HOLDS_WORDS = 2
#: From this version on, no two answers of a question read alike in a language.
TELLS_APART = 3
#: Longer words than a name or a title are not the same in two languages.
NAME = 40
#: What is no letter and no digit, or is a letter that nobody sees.
UNSEEN = re.compile(rf"[\W_{''.join(BLANK)}]+")
#: What says in one language what stands in another.
SAY_IT_AGAIN = (EntryKind.TEXT_TRANSLATED, EntryKind.REPORT_PUBLISHED, EntryKind.OFFER_DECIDED)


@dataclass
class Words:
    """How many texts fit their hashes, which were erased (entry, by entry), and how many were not given out.

    `long` holds a hash of longer words as they are read, by their entry and name.
    """

    fitting: int = 0
    erased: list[tuple[int, int]] = field(default_factory=list)
    withheld: int = 0
    long: dict[tuple[int, str], bytes] = field(default_factory=dict)
    #: Promises whose longer questions stand in the same words under two languages.
    asked_twice: set[int] = field(default_factory=set)
    #: Entries that say in the very words of an entry, that or their own, what they call another language, with the names of the texts.
    repeated: list[tuple[int, int, list[str]]] = field(default_factory=list)


def check_words(source: Source, entries: Sequence[Entry]) -> Words:
    """Fetch all public words and refuse the first that is not the one on the record."""
    words = Words()
    erased = {
        (entry.cites["of"][0], entry.data["sha256"]): entry.index
        for entry in entries
        if entry.kind == EntryKind.TEXT_ERASED
    }
    for start in range(0, len(entries), TILE_WIDTH):
        bundle = entries[start : start + TILE_WIDTH]
        named = {text["sha256"] for entry in bundle for text in entry.texts.values()}
        if not named:
            continue
        given = _given(source, start, bundle, len(entries))
        if given is None and source.is_mirror:
            words.withheld += len(named)
            continue
        # Words of entries that are written but not signed yet may stand in the last, growing bundle.
        if len(bundle) == TILE_WIDTH and set(given or {}) - named:
            raise RecordError(
                f"The file texts/{start}.json gives out words that no entry on the record names."
            )
        _compare(bundle, given or {}, erased, words)
    said: dict[bytes, list[tuple[str, int]]] = {}
    for entry in entries:
        words.repeated += _repeated(entry, words, said)
    return words


def _repeated(
    entry: Entry, words: Words, said: dict[bytes, list[tuple[str, int]]]
) -> Iterator[tuple[int, int, list[str]]]:
    """Give what an entry says in the very words of a text in another language, under whatever name and entry; `said` holds all before it."""
    long = {
        name: (text["lang"], words.long[entry.index, name])
        for name, text in sorted(entry.texts.items())
        if (entry.index, name) in words.long and text["lang"] != NO_LANGUAGE
    }
    for lang, own in long.values():
        said.setdefault(own, []).append((lang, entry.index))
    found: dict[int, list[str]] = {}
    first = entry.cites.get("of", (entry.index,))[0]
    for name, (lang, own) in long.items() if entry.kind in SAY_IT_AGAIN else ():
        alike = [at for other, at in said[own] if other != lang]
        if alike:
            found.setdefault(first if first in alike else alike[0], []).append(name)
    if entry.index in words.asked_twice:
        found[entry.index] = ["form"]
    yield from ((entry.index, of, names) for of, names in found.items())


def _compare(
    bundle: Sequence[Entry], given: dict[str, str], erased: dict[tuple[int, str], int], words: Words
) -> None:
    for entry, name, sha256 in _texts(bundle):
        by = erased.get((entry.index, sha256))
        if by is not None:
            if sha256 in given:
                raise RecordError(
                    f"Entry {entry.index}: its text {name} was taken down by entry {by}, "
                    "and its words are still given out."
                )
            words.erased.append((entry.index, by))
        elif sha256 in given:
            if entry.v >= HOLDS_WORDS and not has_words(given[sha256]):
                raise RecordError(f"Entry {entry.index}: its text {name} is blank; a text has words.")
            if entry.v >= HOLDS_WORDS and is_turned(given[sha256]):
                raise RecordError(
                    f"Entry {entry.index}: its text {name} holds a sign that turns letters round, so that people read other words."
                )
            if _are_other_questions(entry, name, given[sha256]):
                raise RecordError(
                    f"Entry {entry.index}: the questions in its text {name} are not those whose hash it promised."
                )
            if _is_form(entry, name):
                _look_at_questions(entry, name, given[sha256], words)
            if len(given[sha256]) > NAME and (read := as_read(given[sha256])):
                words.long[entry.index, name] = hashlib.sha256(read.encode()).digest()
            words.fitting += 1
        else:
            raise RecordError(
                f"Entry {entry.index}: the words of its text {name} are not given out, and no entry says that they "
                "were taken down. If that was done a moment ago, its entry is not signed yet: check again later."
            )


def as_read(words: str) -> str:
    """Give words by their letters and digits alone, so that a blank, a dot, a capital or an unseen sign makes no others of them."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    return UNSEEN.sub("", folded)


def _is_form(entry: Entry, name: str) -> bool:
    return (entry.kind, name) == (EntryKind.ENGAGEMENT_PROMISED, "form") and entry.v >= HOLDS_WORDS


def _are_other_questions(entry: Entry, name: str, words: str) -> bool:
    is_its_hash = hashlib.sha256(words.encode()).hexdigest() == entry.data.get("form")
    return _is_form(entry, name) and not is_its_hash


def _look_at_questions(entry: Entry, name: str, form: str, words: Words) -> None:
    """Refuse questions that a page does not read as they were frozen; note longer ones that two languages share."""
    try:
        asked = read_questions(form)
        parts = parts_of(asked, entry.data["languages"])
    except (ValueError, RecursionError) as error:
        raise RecordError(
            f"Entry {entry.index}: its text {name} does not hold its questions as a page reads them. {error}"
        ) from error
    if entry.v >= TELLS_APART and (alike := read_alike(asked, entry.data["languages"])):
        raise RecordError(
            f"Entry {entry.index}: its text {name} holds the question {alike[0]}, of which two answers or ends, or it and another "
            f"question, read alike in {alike[1]}: nobody could tell what was meant."
        )
    long = [[as_read(one) for one in part if len(one) > NAME] for part in parts]
    if any(one and part.count(one) > 1 for part in long for one in part):
        words.asked_twice.add(entry.index)


def _texts(bundle: Sequence[Entry]) -> Iterator[tuple[Entry, str, str]]:
    for entry in bundle:
        for name, text in entry.texts.items():
            yield entry, name, text["sha256"]


def _given(source: Source, start: int, bundle: Sequence[Entry], size: int) -> dict[str, str] | None:
    """Fetch the words of one bundle by their hash, each checked against it; None where there is no such file."""
    path = f"texts/{start}.json"
    try:
        return read_words(path, source.get(path), bundle, size)
    except MissingError:
        return None


def read_words(path: str, content: bytes, entries: Sequence[Entry], size: int = 0) -> dict[str, str]:
    """Read words by their hash from a file of texts with their salts, each checked against its hash and its place.

    `size` is how many entries are signed: words under one of them are of these entries. 0 where other ones may stand beside.
    """
    try:
        rows: Any = read_json(content)
    except ValueError:
        rows = None
    if not isinstance(rows, list):
        raise RecordError(f"The file {path} is not a list of texts.")
    own: dict[str, list[tuple[int, str]]] = {}
    for entry, name, sha256 in _texts(entries):
        own.setdefault(sha256, []).append((entry.index, name))
    given = dict[str, str]()
    for row in rows:
        sha256, text = _row(path, row)
        if "entry" in row or "name" in row:
            _refuse_misplaced(path, row, own.get(sha256, []), size)
        given[sha256] = text
    return given


def _refuse_misplaced(path: str, row: dict[str, Any], own: Sequence[tuple[int, str]], size: int) -> None:
    """Refuse words that stand under another entry or name than the one that holds their hash: pages read them there.

    Copies made by other tools may leave both out. Words of an entry that is not signed yet have no place so far.
    """
    stands = (row.get("entry"), row.get("name"))
    if type(stands[0]) is not int or not isinstance(stands[1], str):
        raise RecordError(f"The file {path} holds something that is not a text with its salt and hash.")
    if own and stands not in own:
        entry, name = own[0]
        raise RecordError(
            f"The file {path} gives words out as {stands[1]!r} of entry {stands[0]}, and they are {name!r} of entry {entry}: "
            "they changed places."
        )
    if not own and stands[0] < size:
        raise RecordError(
            f"The file {path} gives words out as {stands[1]!r} of entry {stands[0]}, which does not hold their hash there."
        )


def _row(path: str, row: Any) -> tuple[str, str]:
    try:
        sha256, salt, text = row["sha256"], bytes.fromhex(row["salt"]), row["text"]
        content = text.encode()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RecordError(
            f"The file {path} holds something that is not a text with its salt and hash."
        ) from None
    if len(salt) != SALT_BYTES:
        raise RecordError(
            f"The file {path} holds a text whose salt has not {SALT_BYTES} bytes: its words can be guessed, or were cut."
        )
    if not fits(sha256, salt, content):
        raise RecordError(
            f"The file {path} holds words that do not fit their hash {sha256!r}: they were changed."
        )
    return sha256, text

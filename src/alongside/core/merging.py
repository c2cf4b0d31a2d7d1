"""Merge two people's edits of one text so that no words are lost, and tell two texts' differences by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

WORD = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True)
class Clash:
    """Both changed the same words: what stood there before, and what each made of it."""

    before: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """A merged text, and where both had changed the same words; both versions stand in the text then."""

    text: str
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Part:
    """A run of words that is `same`, `added` or `gone`."""

    how: str
    text: str


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _edits(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    """List what turns one list of words into another: (from, to, words instead), in order; edits that touch are one."""
    found = list[tuple[int, int, list[str]]]()
    for one in Indel.opcodes(old, new):
        if one.tag == "equal":
            continue
        start, instead = one.src_start, list(new[one.dest_start : one.dest_end])
        if found and found[-1][1] == start:
            start, _end, before = found.pop()
            instead = before + instead
        found.append((start, one.src_end, instead))
    return found


def differences(old: str, new: str) -> list[Part]:
    """Tell how a text changed, word by word: what stayed, what is gone, what was added."""
    words, found, at = _words(old), list[Part](), 0
    for start, end, instead in _edits(words, _words(new)):
        found += [
            Part("same", "".join(words[at:start])),
            Part("gone", "".join(words[start:end])),
            Part("added", "".join(instead)),
        ]
        at = end
    found.append(Part("same", "".join(words[at:])))
    return [one for one in found if one.text]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Merge two edits of `base`. Where both touch the same words, theirs stays and mine follows it.

    Holds: every word that either added is in the text; a word of `base` is gone only if one of them took it out.
    """
    if mine in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(mine)
    words, out, clashes, at = _words(base), list[str](), list[Clash](), 0
    for start, end, ours, others in _groups(_edits(words, _words(mine)), _edits(words, _words(theirs))):
        out += words[at:start]
        my_words, their_words = _made(words, start, end, ours), _made(words, start, end, others)
        if not others:
            out += my_words
        elif not ours or my_words == their_words:
            out += their_words
        else:
            clash = Clash(*("".join(one) for one in (words[start:end], my_words, their_words)))
            out.append(_both(clash))
            clashes.append(clash)
        at = end
    return Merged("".join([*out, *words[at:]]), tuple(one for one in clashes if one.mine and one.theirs))


type Edit = tuple[int, int, list[str]]


def _groups(mine: list[Edit], theirs: list[Edit]) -> list[tuple[int, int, list[Edit], list[Edit]]]:
    """Gather edits that touch: those that overlap, or that put words in at the same place."""
    tagged = sorted(
        [(one, True) for one in mine] + [(one, False) for one in theirs], key=lambda each: each[0][:2]
    )
    groups: list[tuple[int, int, list[Edit], list[Edit]]] = []
    for edit, is_mine in tagged:
        start, end, _instead = edit
        last = groups[-1] if groups else None
        if last is None or start > last[1] or (start == last[1] and last[0] < last[1] and start < end):
            groups.append((start, end, [edit] if is_mine else [], [] if is_mine else [edit]))
            continue
        low, high, ours, others = last
        (ours if is_mine else others).append(edit)
        groups[-1] = (low, max(high, end), ours, others)
    return groups


def _made(words: Sequence[str], start: int, end: int, edits: list[Edit]) -> list[str]:
    """Apply one side's edits to a stretch of words."""
    out, at = list[str](), start
    for first, last, instead in edits:
        out += [*words[at:first], *instead]
        at = last
    return [*out, *words[at:end]]


def _both(clash: Clash) -> str:
    """Write both versions one after the other, apart, whichever is there."""
    if not (clash.mine and clash.theirs) or clash.theirs[-1].isspace() or clash.mine[0].isspace():
        return clash.theirs + clash.mine
    return f"{clash.theirs} {clash.mine}"


def splices(old: str, new: str) -> list[tuple[int, int, str]]:
    """List what turns one text into another as (at, how many characters go, what comes), last place first."""
    words = _words(old)
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return [
        (places[start], places[end] - places[start], "".join(instead))
        for start, end, instead in reversed(_edits(words, _words(new)))
    ]

"""Judge one entry: its canonical bytes, its fields, its citations, its pens and the rules of its kind."""

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from alongside.core.canonical import canonical
from alongside.core.entries import OFFICE, SEAT, Entry, GrammarError, LogView, MalformedError
from alongside.core.grammar import general
from alongside.core.grammar.acts import SIGNED, leads_signed, shape_of_act
from alongside.core.grammar.program import body_of
from alongside.core.grammar.seats import can_act, one_of_them_sat_before
from alongside.core.grammar.shape import (
    ANY,
    HEX64,
    LANG,
    PENS,
    SERVED,
    Cites,
    Kind,
    check_fields,
    day,
    fail,
    malformed,
    since,
)
from alongside.core.grammar.versions import GRAMMARS, VERSION
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named

#: An entry bundle carries a length of 16 bits.
MOST_BYTES = 65_535
#: From this version on, whoever signs with a seat sits in it that day.
SEATS_IN_FORCE = 2
TOO_FAR = "a day lies beyond what a calendar holds; name a nearer one."
#: What kinds call those who sign by a name of their own; the word alone is nobody's name.
SORTS = frozenset({"seat", "office", "body"})
FIELDS = {"v", "kind", "date", "pen", "by", "data", "cites", "texts"}


def parse(index: int, raw: bytes) -> Entry:
    """Read canonical bytes as an entry; raise GrammarError where they are anything else."""
    try:
        value = _load(raw)
        _frame(value)
    except GrammarError as error:
        raise error.told_of(index) from None
    return _entry(index, value)


@lru_cache(maxsize=8192)
def read(index: int, raw: bytes) -> Entry:
    """Read the bytes of an entry that was judged before it was kept; raise GrammarError where they are no entry."""
    try:
        return _entry(index, json.loads(raw.decode()))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise MalformedError("these bytes are no entry.").told_of(index) from None


def _entry(index: int, value: dict[str, Any]) -> Entry:
    return Entry(
        index=index,
        kind=value["kind"],
        date=date.fromisoformat(value["date"]),
        pen=value["pen"],
        by=tuple(value["by"]),
        data=value["data"],
        cites={role: tuple(cited) for role, cited in value["cites"].items()},
        texts=value["texts"],
        v=value["v"],
        act=value.get("act", {}),
    )


def _load(raw: bytes) -> dict[str, Any]:
    if len(raw) > MOST_BYTES:
        malformed(f"an entry holds at most {MOST_BYTES} bytes; split it in parts.")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        malformed("the entry is not JSON.")
    if not isinstance(value, dict) or set(value) - {"act"} != FIELDS:
        malformed(f"an entry has exactly these fields: {', '.join(sorted(FIELDS))}.")
    try:
        same = canonical(value) == raw
    except ValueError:
        same = False
    if not same:
        malformed("the bytes are not canonical JSON.")
    return value


def _frame(value: dict[str, Any]) -> None:
    if type(value["v"]) is not int or value["v"] not in GRAMMARS:
        malformed(f"this grammar knows versions 1 to {VERSION}; use a newer verifier.")
    if "act" in value:
        if value["v"] < SIGNED:
            malformed(f"entries hold an act from grammar {SIGNED} on; leave it out.")
        shape_of_act(value["act"])
    if not isinstance(value["kind"], str) or value["kind"] not in GRAMMARS[value["v"]]:
        malformed(f"there is no kind {value['kind']!r} in grammar {value['v']}.")
    if not isinstance(value["pen"], str) or value["pen"] not in PENS:
        malformed("the pen is community, city, both, clock or program.")
    day("date", value["date"])
    by, cites, texts = value["by"], value["cites"], value["texts"]
    named = isinstance(by, list) and all(isinstance(one, str) for one in by)
    if not named or not by or len(set(by)) != len(by):
        malformed("by names who holds the pen, each once.")
    if not isinstance(value["data"], dict) or not isinstance(cites, dict) or not isinstance(texts, dict):
        malformed("data, cites and texts are objects.")
    _frame_links(cites, texts)


def _frame_links(cites: dict[str, Any], texts: dict[str, Any]) -> None:
    for role, cited in cites.items():
        numbers = isinstance(cited, list) and all(type(one) is int and one >= 0 for one in cited)
        if not numbers or not cited or len(set(cited)) != len(cited):
            malformed(f"cites.{role} must list entry numbers, each once; leave an empty role out.")
    for name, text in texts.items():
        if not isinstance(text, dict) or set(text) != {"lang", "sha256"}:
            malformed(f"text {name} has a lang and a sha256, nothing else: words are never in the log.")
        if not isinstance(text["sha256"], str) or not HEX64.match(text["sha256"]):
            malformed(f"text {name} needs the SHA-256 of its salt and words.")
        if not isinstance(text["lang"], str) or not LANG.match(text["lang"]):
            malformed(f"text {name} needs the code of its language.")


def check_entry(entry: Entry, log: LogView) -> None:
    """Raise GrammarError unless the entry keeps every rule of its kind and version, and leads signed it, given the log before it."""
    check_unsigned(entry, log)
    try:
        leads_signed(entry, GRAMMARS[entry.v], log)
    except GrammarError as error:
        raise error.told_of(entry.index, entry.kind) from None


def check_unsigned(entry: Entry, log: LogView) -> None:
    """Raise GrammarError unless the entry keeps every rule but that leads sign it: so it is judged before they are asked to."""
    kind = GRAMMARS[entry.v][entry.kind]
    try:
        check_fields("data", entry.data, kind.data, kind.may)
        _check_pen(entry, kind, log)
        _check_cites(entry, kind, log)
        _check_texts(entry, kind)
        for rule in (*kind.rules, *general.RULES, since(2, one_of_them_sat_before)):
            rule(entry, log)
    except GrammarError as error:
        raise error.told_of(entry.index, entry.kind) from None
    except OverflowError:
        far = MalformedError(TOO_FAR)
        raise far.told_of(entry.index, entry.kind) from None


def _check_pen(entry: Entry, kind: Kind, log: LogView) -> None:
    if entry.pen != kind.pen:
        malformed(f"the pen of this kind is {kind.pen}.")
    for actor in entry.by:
        sort = "seat" if SEAT.match(actor) else "office" if OFFICE.match(actor) else actor
        if sort == "office" and actor == body_of(log):
            sort = "body"
        if sort not in kind.by or actor in SORTS:
            malformed(f"{actor} does not write entries of this kind; it takes {' or '.join(kind.by)}.")
        if sort == "seat" and not log.about(EntryKind.SEAT_TAKEN, actor):
            fail(
                "{seat} is not a place on the public log; ask the program coordinator to enter it.",
                seat=Named(actor),
            )
        if sort == "seat" and entry.v >= SEATS_IN_FORCE and kind.seats != ANY:
            can_act(entry, log, actor, after_term=kind.seats == SERVED)
        if sort == "office":
            adopted = log.every(EntryKind.POLICY_ADOPTED)
            if not adopted or actor not in adopted[-1].data["offices"]:
                fail(
                    "{office} is not an office of the policy in force; add it to the pack first.",
                    office=Named(actor),
                )


def _check_cites(entry: Entry, kind: Kind, log: LogView) -> None:
    for role in entry.cites:
        if role not in kind.cites:
            malformed(f"this kind cites nothing as {role}; leave it out.")
    for role, rule in kind.cites.items():
        cited = entry.cites.get(role, ())
        if not rule.least <= len(cited) <= rule.most:
            malformed(f"cites {len(cited)} entries as {role}; cite {_count(rule)}.")
        for index in cited:
            other = log.get(index) if index < entry.index else None
            if other is None:
                malformed(
                    f"cites entry {index}, which is not before it; a link may look back, never forward."
                )
            if "*" not in rule.kinds and other.kind not in rule.kinds:
                malformed(
                    f"cites entry {index} as {role}, but that is {other.kind}; cite {' or '.join(rule.kinds)}."
                )


def _count(rule: Cites) -> str:
    return str(rule.least) if rule.least == rule.most else f"{rule.least} to {rule.most}"


def _check_texts(entry: Entry, kind: Kind) -> None:
    for name in kind.texts:
        if name not in entry.texts:
            malformed(f"lacks the text {name}; write it.")
    for name in entry.texts:
        known = name in kind.texts or name in kind.may_text
        if not known and not (kind.any_text and re.fullmatch(kind.any_text, name)):
            malformed(f"holds the text {name}, which this kind does not know; leave it out.")
    if kind.any_text and not kind.texts and not entry.texts:
        malformed("lacks its text; write it.")

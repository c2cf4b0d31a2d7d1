"""`alongside lottery rerun|panels FILE`: run a lottery again, or check its list of panels. Needs no database, and no network but for --record."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from alongside.check.log import WHOLE, FetchedLog, RecordError
from alongside.check.source import SourceError, open_source
from alongside.check.state import default_file, load
from alongside.check.trust import Trust, read_log
from alongside.check.verdict import complaint, for_terminal
from alongside.core.disclosure import Band, band_of_data
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.quotas import quotas_of
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError, to_base64
from alongside.core.lottery import LotteryError, Rerun, seed_bytes
from alongside.core.quota_sheets import PanelRerun, SheetCheck, check_sheet, rerun

HOLDS, BROKEN, UNREADABLE = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    """Run a lottery again, or look at every panel of a sheet; 0 where it holds, 1 where not, 2 for what cannot be read."""
    parser = argparse.ArgumentParser("alongside lottery", description=__doc__)
    parser.add_argument("what", choices=("rerun", "panels"))
    parser.add_argument(
        "file", type=Path, help="the drawing file, or for panels the sheet that witnesses get"
    )
    parser.add_argument(
        "--record",
        metavar="ADDRESS",
        help="compare with the draw, or for panels with the rules, on the record at this address, or in this folder",
    )
    parser.add_argument("--vkey", help="the verifier key of that record's log")
    given = parser.parse_args(argv)
    try:
        text = given.file.read_text(encoding="utf-8")
        if given.what == "panels":
            sheet = check_sheet(text)
            looked = compare_sheet(sheet, given.record, given.vkey) if given.record else None
            sys.stdout.write(told_of_sheet(sheet, looked[1] if looked else ""))
            return HOLDS if sheet.holds and (looked is None or looked[0]) else BROKEN
        found = rerun(text)
        compared = compare(found, given.record, given.vkey) if given.record and found.fits else None
    except (OSError, UnicodeDecodeError, LotteryError, SourceError, KeyFormatError) as error:
        sys.stderr.write(f"alongside: {complaint(error)}\n")
        return UNREADABLE
    except (RecordError, GrammarError, LedgerError) as error:
        sys.stderr.write(f"This does not hold. {complaint(error)}\n")
        return BROKEN
    sys.stdout.write(told(found, compared[1] if compared else ""))
    return HOLDS if found.fits and (compared is None or compared[0]) else BROKEN


def compare(found: Rerun, address: str, vkey: str | None) -> tuple[bool, str]:
    """Compare a draw that was run again with the one on a record; say whether it is that, and how it was compared."""
    log, trust = _read(address, vkey)
    if wrong := _other_than(found, log):
        return False, f"The record {log.head.origin} does not hold this draw: {wrong}."
    announced, drawn = found.entries["announced"], found.entries["drawn"]
    call = _call(log, parse(announced, log.entries[announced]))
    return True, (
        f"The record {log.head.origin} holds this draw{call}: entry {announced} the pool's root, entry {drawn} this seed "
        f"and these tickets, in this order. {_signed(log, trust)}"
    )


def compare_sheet(found: SheetCheck, address: str, vkey: str | None) -> tuple[bool, str]:
    """Compare what a sheet was checked against with the rules on a record; say whether it is that, and how it was compared."""
    log, trust = _read(address, vkey)
    if wrong := _other_rules(found, log):
        return False, f"The record {log.head.origin} does not hold this list: {wrong}."
    call = _call(log, parse(found.announced, log.entries[found.announced]))
    held = "quotas, seats and alternates" if found.alternates is not None else "quotas and seats"
    return True, (
        f"The record {log.head.origin} holds this list{call}: entry {found.announced} these {held}, this method, as many "
        f"panels, and all three roots. {_signed(log, trust)}"
    )


def _read(address: str, vkey: str | None) -> tuple[FetchedLog, Trust]:
    """Read the log at an address with the keys that are trusted for it."""
    log, followed = read_log(open_source(address), load(default_file(os.environ)), vkey=vkey)
    return log, followed.trust


def _signed(log: FetchedLog, trust: Trust) -> str:
    """Say who signed the head of a log, and what this comparing does not check."""
    advice = f" {trust.advice}." if trust.advice else ""
    return (
        f"Its head is signed with {trust.says}.{advice} Whether its entries keep the rules is another check: {WHOLE}. "
        f"Compare with what others see: {log.head.size} {to_base64(log.head.root)}"
    )


def _other_rules(found: SheetCheck, log: FetchedLog) -> str:
    """Say in which way the rules on a record are others than a sheet was checked against; empty where they are the same."""
    at = found.announced
    entry = parse(at, log.entries[at]) if 0 <= at < len(log.entries) else None
    if entry is None or entry.kind != EntryKind.LOTTERY_ANNOUNCED:
        return f"entry {at} is not the rules of a lottery"
    rules = entry.data
    alternates = rules["alternates"] if found.alternates is None else found.alternates
    wrong = {
        f"entry {at} holds another root of the pool": rules["pool"] != found.pool_root,
        f"entry {at} tells another range of tickets": not _is_told(found.tickets, entry, log),
        f"entry {at} announces another method": rules["method"] != found.method,
        f"entry {at} announces other quotas": quotas_of(rules) != list(found.quotas),
        f"entry {at} announces other numbers of seats or alternates": (
            [rules["seats"], rules["alternates"]] != [found.seats, alternates]
        ),
        f"entry {at} announces another list of panels": (
            [rules.get("panels"), rules.get("panel_count")] != [found.panels_root, found.panels]
        ),
        f"entry {at} holds another root of what tickets have": rules.get("facts") != found.facts_root,
    }
    return next((words for words, is_so in wrong.items() if is_so), "")


def _call(log: FetchedLog, announced: Entry) -> str:
    """Name the call of a lottery."""
    index = announced.cites["call"][0]
    if index >= announced.index:
        return ""
    return f" of the call {parse(index, log.entries[index]).data.get('call')}"


def _other_than(found: Rerun, log: FetchedLog) -> str:
    """Say in which way the draw on a record is another than the one that was run again; empty where it is the same."""
    first, second = (found.entries.get(name, -1) for name in ("announced", "drawn"))
    if (pair := _lottery(log, first, second)) is None:
        return f"entries {first} and {second} are not the rules of one lottery and its draw"
    rules, drawn = (one.data for one in pair)
    seats, alternates = list(found.result.seats), list(found.result.alternates)
    root, count, place = (
        (found.panels_root, found.panel_count, found.place)
        if isinstance(found, PanelRerun)
        else (None, None, None)
    )
    method = [rules["method"], rules.get("panels"), rules.get("panel_count")]
    tickets = [drawn["seats"], drawn["alternates"], drawn.get("panel")]
    later = [one.index for one in _draws(log, second + 1) if one.cites["lottery"] == (first,)]
    wrong = {
        f"entry {first} holds another root of the pool": rules["pool"] != found.root,
        f"entry {first} tells another range of tickets": not _is_told(found.tickets, pair[0], log),
        f"entry {first} announces another method or another list of panels": (
            method != [found.method, root, count]
        ),
        f"entry {first} announces other numbers of seats or alternates": (
            [rules["seats"], rules["alternates"]] != [len(seats), len(alternates)]
        ),
        f"entry {second} holds another seed": seed_bytes(drawn["seed"]) != seed_bytes(found.seed),
        f"entry {second} says that other tickets were drawn, or in another order": (
            tickets != [seats, alternates, place]
        ),
        f"entry {later[-1] if later else 0} is a later draw of this lottery": bool(later),
    }
    return next((words for words, is_so in wrong.items() if is_so), "")


def _lottery(log: FetchedLog, announced: int, drawn: int) -> tuple[Entry, Entry] | None:
    """Give the rules of a lottery and a draw of it; None where these entries are something else."""
    if not 0 <= announced < drawn < len(log.entries):
        return None
    rules = parse(announced, log.entries[announced])
    draw = next((one for one in _draws(log, drawn) if one.index == drawn), None)
    if rules.kind != EntryKind.LOTTERY_ANNOUNCED or draw is None or draw.cites["lottery"] != (announced,):
        return None
    return rules, draw


def _draws(log: FetchedLog, first: int) -> list[Entry]:
    """Read the draws from an entry on."""
    return _read_of(EntryKind.LOTTERY_DRAWN, log, range(first, len(log.entries)))


def _read_of(kind: EntryKind, log: FetchedLog, places: range) -> list[Entry]:
    """Read the entries of a kind at these places; most are of another, and are not parsed."""
    read = [parse(at, log.entries[at]) for at in places if kind.encode() in log.entries[at]]
    return [one for one in read if one.kind == kind]


def _is_told(tickets: int, announced: Entry, log: FetchedLog) -> bool:
    """Say whether so many tickets are within the range that the rules of a lottery tell, or below k where they tell fewer."""
    if isinstance(told := band_of_data(announced.data["tickets"]), Band):
        return told.low <= tickets <= told.high
    adopted = _read_of(EntryKind.POLICY_ADOPTED, log, range(announced.index))
    return bool(adopted) and tickets < adopted[-1].data["k"]


def told(found: Rerun, compared: str) -> str:
    """Say what a rerun gave, line by line."""
    lines = [f"pool root  {found.root}"]
    lines += [f"seat       {place}  {one}" for place, one in enumerate(found.result.seats, 1)]
    lines += [f"alternate  {place}  {one}" for place, one in enumerate(found.result.alternates, 1)]
    if isinstance(found, PanelRerun):
        lines.insert(1, f"list root  {found.panels_root}")
        lines.insert(2, f"panel      {found.place}")
        lines.insert(3, f"panels     {found.panel_count}")
        if found.panel_count == 1:
            lines.append("The list holds one panel, so the seed chose nothing but the order.")
        if not found.panel_fits:
            lines.append("This panel was not on the list at the place that the seed picks.")
    if not found.root_fits:
        lines.append("The pool is not the one that the file's root stands for.")
    if not found.result_fits:
        lines.append("The result in the file does not follow from its pool and seed.")
    if found.fits:
        lines.append("The result follows from the pool and the seed.")
    if found.fits and compared:
        lines.append(compared)
        lines.append("Now look the seed up at its source yourself.")
    elif found.fits:
        lines.append(
            "Compare the root with the entry that announced the lottery, the seed with its source, and these tickets, in this "
            "order, with the entry of the draw; or let --record ADDRESS compare them:"
        )
        lines += [f"  {name}: entry {number} of the record" for name, number in sorted(found.entries.items())]
    return "\n".join(map(for_terminal, lines)) + "\n"


def _told_of_panels(found: SheetCheck) -> list[str]:
    lines = [
        f"panels      {found.panels}",
        f"chances     from {found.smallest} to {found.largest} in {found.panels}",
        f"{found.differing} different panels stand on the list. {found.left_out} of {found.tickets} tickets stand on none.",
    ]
    if found.differing == 1:
        lines.append(
            "All panels are the same, though somebody else could take a place on it: the seed chooses nothing."
            if found.is_fixed
            else "All panels are the same; with one other ticket on it, none that can be checked meets the quotas."
        )
    return lines


def told_of_sheet(found: SheetCheck, compared: str) -> str:
    """Say what a sheet shows, line by line."""
    lines = [
        f"pool root   {found.pool_root}",
        f"facts root  {found.facts_root}",
        f"list root   {found.panels_root}",
        f"seats       {found.seats}",
    ]
    if found.alternates is not None:
        lines.append(f"alternates  {found.alternates}")
    lines += [
        f"quota       {one.category}: {one.value}  at least {one.least}, at most {one.most}"
        for one in found.quotas
    ]
    lines += _told_of_panels(found)
    if found.covered is not None:
        lines.append(f"stand-ins   for at least {found.covered} of {found.seats} seats of every panel")
    if found.unknown:
        lines.append(f"{found.unknown} panels hold a ticket whose facts were erased, and cannot be checked.")
    if found.strays:
        lines.append(f"On {found.strays} panels the alternates do not follow the rule.")
    lines.append(
        f"{found.unmet} panels do not meet the quotas."
        if found.unmet
        else "Every panel that can be checked meets every quota."
    )
    if compared:
        lines.append(compared)
    else:
        named = "the seats" if found.alternates is None else "the seats, the alternates"
        lines.append(
            f"The quotas are those of this file. Compare them, {named}, the panels and all three roots with the entry "
            "that announced the lottery; or let --record ADDRESS compare them:"
        )
        lines.append(f"  announced: entry {found.announced} of the record")
    lines.append("Delete this file when you have attested.")
    return "\n".join(map(for_terminal, lines)) + "\n"

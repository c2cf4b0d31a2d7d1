"""Word what the verifier says of a record that holds: what was checked, what is late, what was lost. A fault is worded where it is found."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from alongside.check.log import FetchedLog
from alongside.check.texts import Words
from alongside.check.trust import Trust
from alongside.core.entries import Entry
from alongside.core.grammar.log import Summary
from alongside.core.grammar.program import ENDED_BY_A_FAULT, TELLS_PACKS
from alongside.core.grammar.silence import UNTOLD, Due, Hidden, Owed
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.ledger.keys import to_base64
from alongside.core.policy.parts import PARTS
from alongside.core.words import is_turned
from alongside.core.workflow.calls import Selection
from alongside.core.workflow.offered_statements import OfferDecision

#: What of a stranger's words a terminal would act on, and not show.
UNSHOWN = frozenset({"Cc", "Zl", "Zp", "Cs"})
#: No complaint is longer, so that its first words stay on the screen.
LONGEST = 2_000


def for_terminal(line: str) -> str:
    """Write a line so that a terminal shows each of its signs and does nothing: what it would act on stands as its number."""
    acts = (unicodedata.category(one) in UNSHOWN or is_turned(one) for one in line)
    return "".join(
        one.encode("unicode_escape").decode() if is_act else one
        for one, is_act in zip(line, acts, strict=True)
    )


def complaint(error: Exception) -> str:
    """Give what an error says as one line, whose end is cut where a stranger made it very long."""
    said = for_terminal(str(error))
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} ... (cut)"


#: What an entry asks or promises, and what lacks, where the record keeps silent about it.
HIDDEN = {
    Due.ANSWER: "asks for an answer by {due}. No answer is",
    Due.REPLY: "contests an answer, with a reply due by {due}. No reply is",
    Due.REPLY_ABOVE: "raises a question, with a reply of the office above due by {due}. No such reply is",
    Due.DELIVERY: "promises its milestone {milestone} by {due}. No delivery that leads did not dispute is",
    Due.CHECK: "says that a milestone is done, with a check due by {due}. No check is",
    Due.LEAD: "leaves a seat empty, to be told on {due}. No new lead is",
    Due.HELP: "asks leads for help, with their word due by {due}. No word of a lead is",
    Due.INTAKE: "promises that people can speak to {due}. That the intake has ended is not",
}
#: For what nothing stands, one and many.
LATE = {
    Due.ANSWER: ("ask", "asks"),
    Due.REPLY: ("contested answer", "contested answers"),
    Due.REPLY_ABOVE: ("raised question", "raised questions"),
    Due.DELIVERY: ("milestone", "milestones"),
    Due.CHECK: ("claim", "claims"),
    Due.LEAD: ("empty seat", "empty seats"),
    Due.HELP: ("invitation", "invitations"),
    Due.INTAKE: ("engagement", "engagements"),
    Due.PAUSE: ("engagement", "engagements"),
    Due.REPORT: ("engagement", "engagements"),
    Due.KEY: ("engagement", "engagements"),
}
#: A claim that those who looked dispute is on the record, and delivers nothing.
STANDS = {Due.DELIVERY: "stands undisputed"}
RULES_KEPT = (
    "Every entry is in its one right form, cites only what stands before it, keeps the rules of its kind{clocks}, "
    "and no date goes backwards."
)
WRITTEN_DOWN = "The head of {} entries is signed and was written down: whatever this record shows later has to hold these entries."
NOT_SHOWN = (
    "This does not show that what is written is true, nor that everyone is shown the same record. "
    "Compare these two with what others see, the number of entries and the root over them:"
)


def said_of(one: Hidden) -> str:
    """Say in plain words what the record keeps silent about."""
    owed = one.owed
    asks = HIDDEN[owed.what].format(due=owed.due, milestone=owed.milestone)
    if one.since:
        lacks = f", and no entry from {one.since} on says that none came so far"
    elif one.above:
        lacks = f", and no entry says that the office above was told, as was due on {one.above}"
    else:
        lacks = "" if owed.what is Due.INTAKE else ", and no entry says that none came"
    return f"Entry {owed.index} {asks} on the record{lacks}."


def _lost(losses: Sequence[Entry]) -> str:
    """Tell where the record went on without entries that had been signed."""
    told = []
    for one in losses:
        last = f" to {one.data['lost'] - 1}" if "lost" in one.data else " on, nobody knows how many,"
        told.append(
            f"Entry {one.index} says that entries {one.index}{last} had been signed and were lost, and that the record went on "
            f"without them; {' and '.join(one.by)} stand for that."
        )
    return " ".join(told)


def _older(entries: Sequence[Entry]) -> str:
    """Tell how much was judged by milder rules, because it was written before there were the stricter ones."""
    older = sum(one.v < VERSION for one in entries)
    if not older:
        return ""
    said = f"{count(older, 'entry', 'entries')}, up to number {older - 1}"
    return f"{said}, were written in an older grammar and judged by its rules, which are milder."


def signed(entries: Sequence[Entry]) -> str:
    """Tell how much of what leads stand for their own keys signed, and how much the site entered for them."""
    by_leads = [one for one in entries if one.seats and not {"signature", "certs"} & one.data.keys()]
    own = sum(bool(one.act) for one in by_leads)
    if not own:
        return ""
    rest = len(by_leads) - own
    stand = count(own, "entry that names a lead stands", "entries that name leads stand")
    left = f"{count(rest, 'other', 'others')} that {'names' if rest == 1 else 'name'} leads the site entered for them."
    return f"{stand} under those leads' own signatures. {left if rest else ''}".strip()


def faulted(entries: Sequence[Entry]) -> str:
    """Tell where people said that the clock was ahead, so that days went back and what it told counts for nothing."""
    told = []
    for one in entries:
        if one.kind != EntryKind.CLOCK_FAULTED:
            continue
        told.append(
            f"Entry {one.index} says that the clock was ahead: {count(len(one.cites['wrong']), 'entry', 'entries')} from "
            f"{min(one.cites['wrong'])} on tell of lateness that was none, and days go on from {one.date}; "
            f"{' and '.join(one.by)} stand for that."
        )
        stays = [one.index - 1]
        while entries[stays[-1]].date > one.date:
            stays.append(stays[-1] - 1)
        told += [
            f"Entry {index}, {entries[index].kind}, was written on {entries[index].date}, a day that had not come, and stays."
            for index in sorted(stays[:-1])
            if entries[index].kind not in ENDED_BY_A_FAULT
        ]
    return " ".join(told)


def undrawn(entries: Sequence[Entry]) -> str:
    """Tell where a selection ended without the draw that its call had named."""
    drawn = {
        entries[announced].cites["call"][0]
        for one in entries
        if one.kind == EntryKind.LOTTERY_DRAWN
        for announced in one.cites["lottery"]
    }
    return " ".join(
        f"Entry {one.index} ends a selection whose call, entry {call}, named a lottery, and none was drawn."
        for one in entries
        if one.kind == EntryKind.SELECTION_CLOSED
        and (call := one.cites["call"][0]) not in drawn
        and entries[call].data["selection"] != Selection.PANEL
    )


def held(entries: Sequence[Entry]) -> str:
    """Name the legal holds that nobody lifted: while one stands, no key is destroyed, however late."""
    lifted = {index for one in entries if one.kind == EntryKind.HOLD_LIFTED for index in one.cites["hold"]}
    found = [one for one in entries if one.kind == EntryKind.HOLD_PLACED and one.index not in lifted]
    if not found:
        return ""
    listed = ", ".join(f"entry {one.index} (since {one.date}, by {' and '.join(one.by)})" for one in found)
    stand = count(len(found), "legal hold stands", "legal holds stand")
    return f"{stand}, so that nothing is erased and no key is destroyed: {listed}."


def mapped(entries: Sequence[Entry]) -> str:
    """Name what leads heard that rests on a map of statements, too, each with its map."""
    found = [one for one in entries if one.kind == EntryKind.FINDING_PUBLISHED and one.cites.get("map")]
    listed = ", ".join(f"entry {one.index} (on the map of entry {one.cites['map'][0]})" for one in found)
    rest = count(len(found), "finding rests", "findings rest")
    return f"{rest} on a map of statements that people judged, too: {listed}." if found else ""


def offered(entries: Sequence[Entry]) -> str:
    """Count what leads decided of statements that people offered: what stays out stands on the record, and not its words."""
    decided = [one for one in entries if one.kind == EntryKind.OFFER_DECIDED]
    by = [
        f"{count(sum(one.data['decision'] == each for one in decided), 'was', 'were')} {each}"
        for each in OfferDecision
    ]
    told = count(len(decided), "statement that somebody offered was", "statements that people offered were")
    return f"{told} decided by two leads each: {', '.join(by)}." if decided else ""


def of_entries(
    entries: Sequence[Entry],
    losses: Sequence[Entry],
    words: Words,
    lacking: int,
    summary: Summary,
    today: date,
) -> list[str]:
    """Say what was found of the entries: by which rules, their words, what is older, what was lost, what is late.

    `lacking` counts the rules that this copy does not hold.
    """
    late = [one for one in summary.owed if one.is_late(today)]
    return [
        _rules_kept(late),
        _words(words),
        _rules(entries, lacking),
        _reconstructed(entries),
        signed(entries),
        _older(entries),
        _lost(losses),
        faulted(entries),
        undrawn(entries),
        offered(entries),
        mapped(entries),
        held(entries),
        _late(late, summary, today),
    ]


def paragraph(
    log: FetchedLog,
    trust: Trust,
    growth: str,
    summary: Summary,
    found: Sequence[str],
    seen: Mapping[str, date],
) -> str:
    """Say what was checked, in one paragraph: the record, its head, who has `seen` it, what was found, and what this does not show."""
    size = log.head.size
    days = f", written from {summary.first} to {summary.last}" if summary.first else ""
    said = [
        f"Nothing wrong was found in the record {log.head.origin}. It holds {count(size, 'entry', 'entries')}{days}.",
        f"Its head is signed with {trust.says}{cosigned(seen)}; {growth}.",
        trust.advice and f"{trust.advice}.",
        f"All entries and {count(log.tiles, 'file', 'files')} of hashes were fetched, and they lead to the signed head.",
        *found,
        f"{NOT_SHOWN} {size} {to_base64(log.head.root)}",
    ]
    return " ".join(one for one in said if one)


def cosigned(seen: Mapping[str, date]) -> str:
    """Name who outside has seen a head, and when."""
    named = ", ".join(f"{name} (on {day})" for name, day in seen.items())
    return f", and cosigned by {named}" if named else ""


def _rules_kept(late: Sequence[Owed]) -> str:
    return RULES_KEPT.format(
        clocks=" and its clocks" if all(one.is_told or one.what in UNTOLD for one in late) else ""
    )


def _late(late: Sequence[Owed], summary: Summary, today: date) -> str:
    """Name all that is late today, and that of which the record does not tell it because it stopped before."""
    said = []
    for what, nouns in LATE.items():
        found = [one for one in late if one.what is what]
        listed = ", ".join(f"{one.place} (due {one.due})" for one in found)
        if found:
            things = count(len(found), *nouns)
            said.append(
                f"No {what} {STANDS.get(what, 'stands')} on the record for {things} whose day had passed by {today}: {listed}."
            )
    if untold := ", ".join(one.place for one in late if not one.is_told and one.what not in UNTOLD):
        said.append(f"No entry says so of {untold}: the record ends on {summary.last}.")
    return " ".join(said)


def _words(words: Words) -> str:
    said = []
    if words.fitting:
        said.append(f"{count(words.fitting, 'public text fits its hash', 'public texts fit their hashes')}.")
    if words.withheld:
        said.append(
            f"This copy does not hold the words of {count(words.withheld, 'public text', 'public texts')}, "
            "so they could not be compared with their hashes."
        )
    said += [
        f"Entry {index} says {', '.join(names)} in the very words of {f'entry {of}' if of != index else 'each other'}, "
        "and calls it another language."
        for index, of, names in words.repeated
    ]
    said += [
        f"A text of entry {of} was taken down; entry {by} says on what ground." for of, by in words.erased
    ]
    return " ".join(said)


def _rules(entries: Sequence[Entry], lacking: int) -> str:
    """Tell whether the words that people read in the rules fit their hashes."""
    if lacking:
        return f"This copy does not hold the rules that {count(lacking, 'entry adopts', 'entries adopt')}, so nothing compared their words."
    told = [one for one in entries if one.kind == EntryKind.POLICY_ADOPTED and one.v >= TELLS_PACKS]
    if not told:
        return ""
    untold = sorted(PARTS.keys() - told[-1].data["parts"])
    said = f" Entry {told[-1].index} tells no hash of {', '.join(untold)}, so nothing compared these."
    return "The words of its rules that people read fit their hashes." + (said if untold else "")


def _reconstructed(entries: Sequence[Entry]) -> str:
    old = sum(is_from_sources(entry.kind) for entry in entries)
    if not old:
        return ""
    return (
        f"{count(old, 'entry is', 'entries are')} reconstructed from older sources: dated the day of writing here, "
        "each carries the date of the event itself and its source, and no clocks run on it."
    )


def count(number: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"

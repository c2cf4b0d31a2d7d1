"""Check a whole record, and say in one paragraph what was checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from alongside.check.log import (
    FetchedLog,
    RecordError,
    believed,
    fetch_log,
    fetch_note,
    fetch_under,
    signed_alone,
)
from alongside.check.rules import check_rules, check_witnesses
from alongside.check.source import SavingSource, Source, SourceError, open_source
from alongside.check.state import State, hash_of
from alongside.check.texts import check_words
from alongside.check.trust import (
    UNCHANGED,
    follow_key,
    handed_over,
    keys_of,
    parsed,
    refuse_old_key,
    signed_by,
)
from alongside.check.verdict import WRITTEN_DOWN, of_entries, paragraph, said_of
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.log import Summary, check_log
from alongside.core.grammar.silence import Due
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import VerifierKey
from alongside.core.ledger.policy import Policy

#: A record far to the east of us may be a day ahead.
AHEAD = timedelta(days=1)
#: The first grammar under which a log that went on tells every silence; before it, that of answers alone.
TELLS_ALL = 2


@dataclass(frozen=True)
class Checked:
    """A record that holds, and the paragraph that says so."""

    log: FetchedLog
    key: VerifierKey
    summary: Summary
    says: str


def verify_record(
    source: Source,
    *,
    state: State,
    today: date,
    vkey: str | None = None,
    policy: Policy | None = None,
    grammar: int = VERSION,
    resumed: int | None = None,
    drops: bool = False,
) -> Checked:
    """Check everything about a record that can be checked from outside.

    `grammar` is the oldest version of the grammar that its last entry may be written in: whoever holds the log's key could else fall back to milder rules. `resumed` is the entry
    whose loss is accepted; `drops` lets go what was seen under another key. Raises RecordError, GrammarError or a LedgerError with the first thing that is wrong, SourceError where it cannot be read.
    Remembers in `state` every head that a known key signed, before anything under it is looked at: else what was refused could be rewritten unseen. Another key is followed once all held.
    """
    note = fetch_note(source)
    followed = follow_key(source, note, state, vkey=vkey, policy=policy, resumed=resumed, drops=drops)
    trust, seen, before = followed.trust, followed.state, replace(followed.state)
    shown = signed_alone(note, trust.keys) or believed(note, trust.keys, policy)
    key = signed_by(shown)
    seen.glimpse(source, shown, key, today)
    try:
        log = fetch_under(source, believed(note, trust.keys, policy))
        refuse_old_key(log, key)
        seen.compare(log, key)
        entries = parsed(log)
        losses = [entry for entry in entries if entry.kind == EntryKind.RECORD_RESUMED]
        growth = before.check_growth(log, key, losses, resumed)
        if isinstance(source, SavingSource):
            _check_mirror(source, log, key, losses, resumed)
        before.check_dates(source, log, entries, key, today)
    except (RecordError, GrammarError, LedgerError, SourceError) as error:
        error.args = (f"{error} {UNCHANGED if followed.is_new else WRITTEN_DOWN.format(shown.head.size)}",)
        raise
    seen.remember(source, log, key, today, losses)
    summary = check_log(log.entries, origin=log.head.origin)
    check_version(summary, grammar)
    check_days(summary, today)
    words, rules = check_words(source, entries), check_rules(source, entries)
    asked = [one for one in (policy, rules.witnesses) if one]
    by = {name: on for one in asked for name, on in check_witnesses(log, one, trust.keys).items()}
    _take(state, seen, log, key, losses, resumed)
    found = of_entries(entries, losses, words, rules.lacking, summary, today)
    return Checked(log, key, summary, paragraph(log, trust, growth, summary, found, by))


def _take(
    state: State, seen: State, log: FetchedLog, key: VerifierKey, losses: Sequence[Entry], resumed: int | None
) -> None:
    """Write down what stands under another key now, once all else held; refuse a log that lacks what was seen under one that it gave up."""
    moved = handed_over(log, seen, key)
    if moved is not seen:
        moved.check_growth(log, key, losses, resumed)
    if moved is not state:
        state.take(moved)


def _check_mirror(
    source: SavingSource, log: FetchedLog, key: VerifierKey, losses: Sequence[Entry], resumed: int | None
) -> None:
    """Refuse a record that does not hold all of the mirror that it would be written over, whatever was seen from here."""
    if (mirrored := source.mirrored()) is None:
        return
    note, day = mirrored
    try:
        head, _signed = open_checkpoint(note, keys_of(log, key))
    except LedgerError:
        raise SourceError(
            f"{source.folder} mirrors another record, or this one under another key; name another folder."
        ) from None
    seen = State(source.folder / "checkpoint", heads={key.vkey: {"note": note, "day": day.isoformat()}})
    if losses or log.head.size < head.size:
        mirror = fetch_log(open_source(str(source.folder)), keys_of(log, key))
        told = [one for one in parsed(mirror) if one.kind == EntryKind.RECORD_RESUMED]
        seen.losses[key.vkey] = [hash_of(mirror, one) for one in told]
        whole = mirror.tree
        seen.past[key.vkey] = [
            (size, whole.root(size).hex())
            for size in sorted({min(one, whole.size) for one in (resumed or 0, log.head.size)})
            if size
        ]
    seen.check_growth(log, key, losses, resumed)


def check_version(summary: Summary, grammar: int) -> None:
    """Refuse a record whose last entry was written under older rules than asked for."""
    if 0 < summary.version < grammar:
        raise RecordError(
            f"The last entry is written in grammar {summary.version}; this check asks for grammar {grammar}, which is stricter. "
            f"If you know why this site still writes in the older one, check again with --grammar {summary.version}."
        )


def check_days(summary: Summary, today: date) -> None:
    """Refuse a record from the future, and one that went on and kept silent about a silence (decision 5)."""
    if summary.last and summary.last > today + AHEAD:
        raise RecordError(f"The last entry is dated {summary.last}, which is after today ({today}).")
    for one in summary.hidden:
        is_first_of_an_answer = one.owed.what is Due.ANSWER and not one.owed.is_told
        if is_first_of_an_answer or summary.version >= TELLS_ALL:
            raise RecordError(said_of(one))

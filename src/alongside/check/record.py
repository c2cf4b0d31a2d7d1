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
from alongside.check.trust import choose_keys, signed_by
from alongside.check.verdict import WRITTEN_DOWN, of_entries, paragraph, said_of
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.check import parse
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
) -> Checked:
    """Check everything about a record that can be checked from outside.

    `grammar` is the oldest version of the grammar that its last entry may be written in: whoever holds the log's key
    could else fall back to milder rules. `resumed` is the entry whose loss is accepted. Raises RecordError, GrammarError or a LedgerError with the first thing that is wrong, SourceError where it cannot
    be read. Remembers in `state` every head that is signed, before anything under it is looked at: else what was refused
    could be rewritten unseen.
    """
    trust = choose_keys(source, vkey, state, policy)
    note, before = fetch_note(source), replace(state)
    known = trust.keys or (policy.logs if policy else ())
    shown = signed_alone(note, known) or believed(note, trust.keys, policy)
    key = signed_by(shown)
    state.glimpse(source, shown, key, today)
    try:
        log = fetch_under(source, believed(note, trust.keys, policy))
        state.compare(log, key)
        entries = _parsed(log.entries)
        losses = [entry for entry in entries if entry.kind == EntryKind.RECORD_RESUMED]
        growth = before.check_growth(log, key, losses, resumed)
        if isinstance(source, SavingSource):
            _check_mirror(source, log, key, losses, resumed)
        before.check_dates(source, log, entries, key, today)
    except (RecordError, GrammarError, LedgerError, SourceError) as error:
        error.args = (f"{error} {WRITTEN_DOWN.format(shown.head.size)}",)
        raise
    state.remember(source, log, key, today, losses)
    summary = check_log(log.entries, origin=log.head.origin)
    check_version(summary, grammar)
    check_days(summary, today)
    words, rules = check_words(source, entries), check_rules(source, entries)
    seen = [check_witnesses(log, one, trust.keys) for one in (policy, rules.witnesses) if one]
    found = of_entries(entries, losses, words, rules.lacking, summary, today)
    says = paragraph(
        log, trust, growth, summary, found, {name: on for one in seen for name, on in one.items()}
    )
    return Checked(log, key, summary, says)


def _check_mirror(
    source: SavingSource, log: FetchedLog, key: VerifierKey, losses: Sequence[Entry], resumed: int | None
) -> None:
    """Refuse a record that does not hold all of the mirror that it would be written over, whatever was seen from here."""
    if (mirrored := source.mirrored()) is None:
        return
    note, day = mirrored
    try:
        head, _signed = open_checkpoint(note, [key])
    except LedgerError:
        raise SourceError(
            f"{source.folder} mirrors another record, or this one under another key; name another folder."
        ) from None
    seen = State(source.folder / "checkpoint", heads={key.vkey: {"note": note, "day": day.isoformat()}})
    if losses or log.head.size < head.size:
        mirror = fetch_log(open_source(str(source.folder)), [key])
        told = [one for one in _parsed(mirror.entries) if one.kind == EntryKind.RECORD_RESUMED]
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


def _parsed(entries: Sequence[bytes]) -> list[Entry]:
    return [parse(index, raw) for index, raw in enumerate(entries)]

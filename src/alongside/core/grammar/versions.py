"""Every kind of entry that there is, in each version of the grammar."""

from alongside.core.grammar import (
    answers,
    asks,
    calls,
    charter,
    cohort,
    commitments,
    consultations,
    engagements,
    findings,
    holds,
    invitations,
    keys,
    learning_periods,
    levels,
    log_keys,
    meetings,
    opinions,
    pay,
    program,
    projects,
    raising,
    reconstructed,
    recovery,
    releases,
    reports,
    seat_removals,
    selection,
    sounds,
    suspensions,
    take_downs,
    texts,
    ties,
    training,
    vacancies,
    voices,
    workplans,
)
from alongside.core.grammar.shape import Kind

#: Every new entry is written in this version. Older ones stay for ever, so that old logs stay valid.
VERSION = 5
_DECLARED: tuple[Kind, ...] = tuple(
    kind
    for module in (
        program,
        cohort,
        suspensions,
        charter,
        meetings,
        vacancies,
        seat_removals,
        ties,
        keys,
        recovery,
        calls,
        selection,
        training,
        pay,
        projects,
        invitations,
        workplans,
        levels,
        engagements,
        consultations,
        voices,
        opinions,
        findings,
        asks,
        answers,
        raising,
        learning_periods,
        commitments,
        reports,
        texts,
        sounds,
        take_downs,
        holds,
        releases,
        log_keys,
        reconstructed,
    )
    for kind in module.KINDS
)

#: What each version of the grammar knows: version, name of the kind, kind.
GRAMMARS: dict[int, dict[str, Kind]] = {
    version: {kind.name: kind.at(version) for kind in _DECLARED if kind.first <= version}
    for version in range(1, VERSION + 1)
}
KINDS = GRAMMARS[VERSION]

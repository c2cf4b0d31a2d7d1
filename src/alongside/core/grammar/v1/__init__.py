"""Version 1 of the grammar: every kind of entry, one module a link of the thread."""

from alongside.core.grammar.shape import Kind
from alongside.core.grammar.v1 import (
    answers,
    asks,
    calls,
    charter,
    cohort,
    commitments,
    consultations,
    engagements,
    findings,
    invitations,
    moves,
    pay,
    program,
    projects,
    raising,
    reconstructed,
    reports,
    selection,
    texts,
    training,
    voices,
    workplans,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for module in (
        program,
        cohort,
        charter,
        moves,
        calls,
        selection,
        training,
        pay,
        projects,
        invitations,
        workplans,
        engagements,
        consultations,
        voices,
        findings,
        asks,
        answers,
        raising,
        commitments,
        reports,
        texts,
        reconstructed,
    )
    for kind in module.KINDS
}

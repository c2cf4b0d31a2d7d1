"""Version 1 of the grammar: every kind of entry, one module a link of the thread."""

from alongside.core.grammar.shape import Kind
from alongside.core.grammar.v1 import (
    answers,
    asks,
    cohort,
    commitments,
    engagements,
    findings,
    program,
    projects,
    reconstructed,
    reports,
    texts,
    voices,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for module in (
        program,
        cohort,
        projects,
        engagements,
        voices,
        findings,
        asks,
        answers,
        commitments,
        reports,
        texts,
        reconstructed,
    )
    for kind in module.KINDS
}

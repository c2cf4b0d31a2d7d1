"""Read the record: entries with their words, proofs, standings and the two rates."""

from alongside.ground.record.queries.before import SaidBefore, answered_on, said_before, seen_before
from alongside.ground.record.queries.listing import PAGE, EntryList, entry_list
from alongside.ground.record.queries.proving import (
    head_at_least,
    head_of,
    last_day,
    line_at,
    path_of,
    proof_file,
)
from alongside.ground.record.queries.standing import (
    Rate,
    Stand,
    counts_in,
    implementation_rate,
    milestones,
    response_rate,
    stand_of,
    standings,
)
from alongside.ground.record.queries.telling import (
    Shown,
    Told,
    entries_at,
    indexes_citing,
    log_of,
    texts_of,
    titles_of,
    told,
    told_where,
    told_where_latest,
)
from alongside.ground.record.queries.translating import IN_PARTS, Texts, texts_in_all
from alongside.ground.record.queries.wanting import (
    Wanting,
    WantingCount,
    WantingList,
    wanting_counts,
    wanting_list,
)

__all__ = [
    "IN_PARTS",
    "PAGE",
    "EntryList",
    "Rate",
    "SaidBefore",
    "Shown",
    "Stand",
    "Texts",
    "Told",
    "Wanting",
    "WantingCount",
    "WantingList",
    "answered_on",
    "counts_in",
    "entries_at",
    "entry_list",
    "head_at_least",
    "head_of",
    "implementation_rate",
    "indexes_citing",
    "last_day",
    "line_at",
    "log_of",
    "milestones",
    "path_of",
    "proof_file",
    "response_rate",
    "said_before",
    "seen_before",
    "stand_of",
    "standings",
    "texts_in_all",
    "texts_of",
    "titles_of",
    "told",
    "told_where",
    "told_where_latest",
    "wanting_counts",
    "wanting_list",
]

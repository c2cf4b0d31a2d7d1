"""Read asks: one with what it rests on, for those who ask and act; and questions, many at a time."""

from alongside.chain.asks.queries.asking import (
    OWING,
    Asked,
    Cited,
    ToAdvise,
    asked,
    asked_of,
    driving_choices,
    findings_of,
    offices_to_ask,
    similar,
    to_advise,
)

__all__ = [
    "OWING",
    "Asked",
    "Cited",
    "ToAdvise",
    "asked",
    "asked_of",
    "driving_choices",
    "findings_of",
    "offices_to_ask",
    "similar",
    "to_advise",
]

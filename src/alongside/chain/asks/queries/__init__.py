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
    offices_and_holders,
    offices_to_ask,
    similar,
    to_advise,
    to_hand_on,
)
from alongside.chain.asks.queries.questions import (
    QuestionLine,
    QuestionPage,
    UnitCount,
    counts,
    page_of_questions,
)
from alongside.chain.asks.queries.whole import DoneBy, WholeQuestion, done_by, raised_to, whole_question

__all__ = [
    "OWING",
    "Asked",
    "Cited",
    "DoneBy",
    "QuestionLine",
    "QuestionPage",
    "ToAdvise",
    "UnitCount",
    "WholeQuestion",
    "asked",
    "asked_of",
    "counts",
    "done_by",
    "driving_choices",
    "findings_of",
    "offices_and_holders",
    "offices_to_ask",
    "page_of_questions",
    "raised_to",
    "similar",
    "to_advise",
    "to_hand_on",
    "whole_question",
]

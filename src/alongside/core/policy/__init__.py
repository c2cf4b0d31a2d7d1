"""The policy pack: what a program decides for itself, and the linter that reads questions against it."""

from alongside.core.policy.calls import CallRules, Category, Choice, Demographic
from alongside.core.policy.grade import reading_grade
from alongside.core.policy.holidays import days_off
from alongside.core.policy.linter import Hit, lint_question
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.core.policy.register import Harm, Touched
from alongside.core.policy.shapes import (
    Clocks,
    Framework,
    Government,
    HelpLine,
    Holiday,
    Language,
    Level,
    Office,
    Retention,
    Route,
    Sanctuary,
    Source,
    Topic,
    Unit,
)
from alongside.core.policy.words import PackError, Words

__all__ = [
    "CallRules",
    "Category",
    "Choice",
    "Clocks",
    "Demographic",
    "Framework",
    "Government",
    "Harm",
    "HelpLine",
    "Hit",
    "Holiday",
    "Language",
    "Level",
    "Office",
    "Pack",
    "PackError",
    "Retention",
    "Route",
    "Sanctuary",
    "Source",
    "Topic",
    "Touched",
    "Unit",
    "Words",
    "days_off",
    "lint_question",
    "load_pack",
    "reading_grade",
]

"""An application as its owner, or who typed it in, reads it over: every page with what is saved on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from alongside.cohort.calls.models import Application
from alongside.cohort.calls.queries.applying import OPTIONAL, Step
from alongside.cohort.calls.queries.rules import words_of


@dataclass(frozen=True)
class Row:
    """One page of an application: its name, the question on it, what was said, and whether it is still missing."""

    step: Step
    asked: str
    asked_lang: str
    said: str
    has_sound: bool = False

    @property
    def is_missing(self) -> bool:
        """Say whether the application cannot be sent before this page is filled in."""
        return not self.step.is_done and self.step.name not in OPTIONAL


def review_of(application: Application, steps: Sequence[Step], lang: str) -> list[Row]:
    """Give what is saved on each page but the last. Six queries."""
    first = application.call.first_lang
    answers = dict(application.answers.values_list("question_id", "words"))
    sounds = set(application.recordings.values_list("question_id", flat=True))
    said = {
        "who": _who(application),
        "brings": "\n".join(
            words_of(one.sought.words, lang, first)[0]
            for one in application.brings.select_related("sought").order_by("sought__place")
        ),
        "needs": application.access_needs.words if hasattr(application, "access_needs") else "",
    }
    rows = []
    for step in steps:
        if step.question:
            asked, told = words_of(step.question.words, lang, first)
            pk = step.question.pk
            rows.append(Row(step, asked, told, answers.get(pk, ""), pk in sounds))
        elif step.name != "review":
            rows.append(Row(step, "", lang, said.get(step.name, "")))
    return rows


def _who(application: Application) -> str:
    contact = getattr(application, "contact", None)
    if contact is None:
        return ""
    parts = (contact.name, contact.organization, contact.phone, contact.email, contact.other)
    return "\n".join(one for one in parts if one)

"""An application as its owner, or who typed it in, reads it over: every page with what is saved on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.cohort.calls.models import Application
from alongside.cohort.calls.queries.applying import OPTIONAL, Step
from alongside.cohort.calls.queries.balancing import balance_of
from alongside.core.policy.pack import Pack


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


def review_of(application: Application, steps: Sequence[Step], lang: str, pack: Pack) -> list[Row]:
    """Give what is saved on each page but the last. Eight queries."""
    call = application.call
    answers = dict(application.answers.values_list("section", "words"))
    sounds = set(application.recordings.values_list("section", flat=True))
    said = {
        "who": _who(application),
        "brings": "\n".join(call.say(one, lang)[0] for one in call.seeks if one in answers),
        "conflicts": _conflicts(application, pack, lang),
        "balance": _balance(application, pack, lang),
        "needs": application.access_needs.words if hasattr(application, "access_needs") else "",
    }
    rows = []
    for step in steps:
        if step.is_question:
            words = answers.get(step.name, "")
            rows.append(Row(step, *call.say(step.name, lang), words, step.name in sounds))
        elif step.name != "review":
            rows.append(Row(step, "", lang, said.get(step.name, "")))
    return rows


def _who(application: Application) -> str:
    contact = getattr(application, "contact", None)
    if contact is None:
        return ""
    sender = _("An organization") if contact.sender == "organization" else ""
    parts = (sender, contact.name, contact.organization, contact.phone, contact.email, contact.other)
    return "\n".join(one for one in parts if one)


def _conflicts(application: Application, pack: Pack, lang: str) -> str:
    """Say each question of the conflict form with its answer, so that it can be read back. No query beside the form's."""
    filed = getattr(application, "conflict_form", None)
    if filed is None:
        return ""
    named = {"government": pack.words("government.short", lang)}
    asked = (
        (_("Do you work for %(government)s?") % named, filed.works_for_government),
        (
            _("Do you, or does someone you live with, earn money from a contract or grant of %(government)s?")
            % named,
            filed.earns_from_it,
        ),
        (_("Are you family, or close, to someone who works in this program?"), filed.close_to_staff),
    )
    lines = [f"{words} {_('Yes') if said else _('No')}" for words, said in asked if said is not None]
    return "\n".join([*lines, *filed.organizations, *([filed.words] if filed.words else [])])


def _balance(application: Application, pack: Pack, lang: str) -> str:
    """Say what was chosen for the balance of the draw, in the words of the pack. One query."""
    found = []
    for name, value in balance_of(application).items():
        category = pack.calls.category(name)
        words = [one.words.say(lang) for one in category.choices if one.id == value] if category else []
        found += words or [_("I would rather not say")]
    return "\n".join(found)

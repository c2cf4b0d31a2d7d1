"""The unit's answer: a decision, reasons, and with a yes what is promised."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext_lazy as _

from alongside.chain.answers.models import AnswerDraft
from alongside.ground.look.forms import Choices, DayInput

MILESTONES = 3
DECISIONS = [
    ("accepted", _("Accept")),
    ("accepted_in_part", _("Accept in part")),
    ("declined", _("Decline")),
    ("deferred", _("Defer to a date")),
]
#: A point of advice on a data product gets the same kinds of answer, in the words of a change list.
ADVISED = [
    ("changed", _("Changed: it is done")),
    ("accepted", _("Will change by a day")),
    ("accepted_in_part", _("Will change in part, by a day")),
    ("declined", _("Not changed, and why")),
    ("deferred", _("Not decided yet: answer by a day")),
]
REPLIES = [
    ("stands", _("Our answer stands")),
    ("accepted", _("Accept")),
    ("accepted_in_part", _("Accept in part")),
]


class _Later:
    """May be empty while an answer is a draft; which of them a decision needs is judged when it is sent."""

    def validate(self, value: Any) -> None:
        """Refuse only what was typed and is wrong."""
        if value not in EMPTY_VALUES:
            super().validate(value)  # type: ignore[misc]  # every class that takes this is a field


class LaterWords(_Later, forms.CharField):
    """Words of an answer."""


class LaterChoice(_Later, forms.ChoiceField):
    """A choice of an answer."""


class LaterDay(_Later, forms.DateField):
    """A day of an answer."""


class AnswerForm(forms.Form):
    """A draft may be saved as it is; sending it for sign-off needs it whole."""

    decision = LaterChoice(label=_("Decision"), choices=DECISIONS, widget=Choices(two=True))
    reasons = LaterWords(
        label=_("Reasons, in words your neighbor would use"),
        max_length=8000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
    )
    until = LaterDay(
        label=_("If you defer: you will answer by"),
        widget=DayInput,
        help_text=_("“Not yet” needs a date."),
    )
    owner = LaterChoice(label=_("Owner: the office that answers for it"))
    evidence = LaterWords(
        label=_("Evidence"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What anyone can look at to see that it is done. For example: a list with old and new times."
        ),
    )

    def __init__(
        self,
        *args: Any,
        offices: Sequence[tuple[str, str]],
        is_reply: bool = False,
        is_advice: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_advice:
            self.fields["decision"].choices = ADVISED  # type: ignore[attr-defined]  # a choice field
        self.fields["owner"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a choice field
        if is_reply:
            self.fields["decision"].choices = REPLIES  # type: ignore[attr-defined]  # a choice field
            del self.fields["until"]
        for place in range(1, MILESTONES + 1):
            label = _("Milestone %(n)d: what will be done") % {"n": place}
            self.fields[f"milestone_{place}"] = LaterWords(label=label, max_length=400)
            due = _("Milestone %(n)d: by when") % {"n": place}
            self.fields[f"due_{place}"] = LaterDay(label=due, widget=DayInput)

    @property
    def milestones(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Give the fields of each milestone, in pairs."""
        return [(self[f"milestone_{place}"], self[f"due_{place}"]) for place in range(1, MILESTONES + 1)]

    def values(self) -> dict[str, Any]:
        """Give what a draft keeps."""
        data = self.cleaned_data
        steps = [
            {"id": f"m{place}", "words": data[f"milestone_{place}"], "due": str(data[f"due_{place}"] or "")}
            for place in range(1, MILESTONES + 1)
            if data.get(f"milestone_{place}") or data.get(f"due_{place}")
        ]
        return {
            "decision": data.get("decision") or "",
            "reasons": data.get("reasons", ""),
            "until": data.get("until"),
            "owner": data.get("owner") or "",
            "evidence": data.get("evidence", ""),
            "milestones": steps,
        }


def filled(draft: AnswerDraft | None) -> Mapping[str, Any]:
    """Give what a draft holds, as the form shows it."""
    if draft is None:
        return {}
    steps: dict[str, Any] = {}
    for place, one in enumerate(draft.milestones, 1):
        steps[f"milestone_{place}"] = one.get("words", "")
        steps[f"due_{place}"] = one.get("due", "")
    names = ("decision", "reasons", "until", "owner", "evidence")
    return {name: getattr(draft, name) for name in names} | steps


class ContestForm(forms.Form):
    """Why this is not an answer to what was asked."""

    words = forms.CharField(
        label=_("Why is this not an answer to what you asked?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
    )

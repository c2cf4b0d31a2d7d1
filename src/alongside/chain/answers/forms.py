"""The unit's answer: a decision, reasons, and with a yes what is promised."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.forms import MORE_TIME, NOT_YET
from alongside.core.words import has_words
from alongside.core.workflow.asks import PROMISES, Decision
from alongside.ground.ui.context import language
from alongside.ground.ui.forms import (
    Choices,
    DayInput,
    LaterChoice,
    LaterDay,
    LaterWords,
    SharedForm,
    area,
    offer,
    said,
)

MILESTONES = 3
DECISIONS = [
    (Decision.ACCEPTED, _("Accept")),
    (Decision.ACCEPTED_IN_PART, _("Accept in part")),
    (Decision.DECLINED, _("Decline")),
    (Decision.DEFERRED, _("Not yet: we answer by a day")),
]
#: A point of advice on a data product gets the same kinds of answer, in the words of a change list.
ADVISED = [
    ("changed", _("Accepted: it is changed")),
    (Decision.ACCEPTED, _("Accepted: it will change by a day")),
    (Decision.ACCEPTED_IN_PART, _("Accepted in part: that part will change by a day")),
    (Decision.DECLINED, _("Declined: it is not changed, and why")),
    (Decision.DEFERRED, _("Not yet: we answer by a day")),
]
#: A question is told what it asked; that binds to nothing more.
TELLINGS = [
    (Decision.TOLD, _("Told: here is the answer")),
    (Decision.TOLD_IN_PART, _("Told in part: here is a part of it")),
    (Decision.DECLINED, _("Declined: we do not tell it")),
    (Decision.DEFERRED, _("Not yet: we answer by a day")),
]
NO_PROMISE = _(
    "A day that stands only in these words is not followed up. To make a promise, ask the leads to recommend it: only they can, from what people said. Your yes then has a date."
)
REPLIES = [
    (Decision.STANDS, _("Our answer stands")),
    (Decision.ACCEPTED, _("Accept")),
    (Decision.ACCEPTED_IN_PART, _("Accept in part")),
]


#: What a decision needs beside its reasons.
NEEDS = {**dict.fromkeys((*PROMISES, ADVISED[0][0]), "commit"), Decision.DEFERRED: "day"}


class AnswerForm(SharedForm):
    """A draft may be saved as it is; sending it for sign-off needs it whole.

    `languages` are the languages in which its words can be, its own first: one alone is not asked for.
    """

    decision = LaterChoice(label=_("Decision"), choices=DECISIONS, widget=Choices(two=True, needs=NEEDS))
    reasons = LaterWords(
        label=_("Reasons, in words your neighbor would use"),
        max_length=8000,
        widget=said(6),
    )
    until = LaterDay(
        label=_("If not yet: you will answer by"),
        widget=DayInput,
        help_text=format_lazy("{} {}", NOT_YET, MORE_TIME),
    )
    owner = LaterChoice(label=_("Owner: the office that answers for it"))
    evidence = LaterWords(
        label=_("Evidence"),
        max_length=4000,
        widget=area(3),
        help_text=_(
            "What anyone can look at to see that it is done. For example: a list with old and new times."
        ),
    )

    def __init__(
        self,
        *args: Any,
        offices: Sequence[tuple[str, str]],
        languages: Sequence[str],
        is_reply: bool = False,
        is_advice: bool = False,
        is_question: bool = False,
        is_put_off: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        if len(languages) > 1:
            named = [(one, language(one).name) for one in languages]
            self.fields["lang"] = LaterChoice(
                label=_("In which language are these words?"), choices=named, initial=languages[0]
            )
        if is_question:
            offer(self, "decision", TELLINGS)
            self.fields["reasons"].help_text = NO_PROMISE
        if is_advice:
            offer(self, "decision", ADVISED)
        offer(self, "owner", [("", _("Choose an office")), *offices])
        if is_reply:
            offer(self, "decision", [REPLIES[0], *(TELLINGS[:1] if is_question else REPLIES[1:])])
        if is_reply or is_put_off:
            del self.fields["until"]
        if is_put_off:
            choices = self.fields["decision"].choices  # type: ignore[attr-defined]  # a choice field
            offer(self, "decision", [one for one in choices if one[0] != Decision.DEFERRED])
            said_once = _("“Not yet” was said once. Choose an answer.")
            self.fields["decision"].error_messages["invalid_choice"] = said_once
        if not is_question:
            self.fields["decision"].help_text = say(
                "Each decision needs reasons. A yes also needs an owner, a milestone with its day, and evidence."
            )
        self._add_milestones()

    def _add_milestones(self) -> None:
        for place in range(1, MILESTONES + 1):
            label = _("Milestone %(n)d: what will be done") % {"n": place}
            self.fields[f"milestone_{place}"] = LaterWords(label=label, max_length=400)
            due = _("Milestone %(n)d: by when") % {"n": place}
            self.fields[f"due_{place}"] = LaterDay(label=due, widget=DayInput)

    @property
    def said(self) -> dict[str, Any]:
        """Give the words of each decision that this form offers."""
        choices = self.fields["decision"].choices  # type: ignore[attr-defined]  # a choice field
        return dict(choices)

    @property
    def milestones(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Give the fields of each milestone, in pairs."""
        return [(self[f"milestone_{place}"], self[f"due_{place}"]) for place in range(1, MILESTONES + 1)]

    @property
    def commits(self) -> bool:
        """Say whether anything stands, or is to be mended, of what an answer commits to."""
        fields = [self["owner"], self["evidence"], *(one for pair in self.milestones for one in pair)]
        return any(one.value() or one.errors for one in fields)

    @property
    def has_more_milestones(self) -> bool:
        """Say whether anything stands, or is to be mended, beyond the first milestone."""
        return any(one.value() or one.errors for pair in self.milestones[1:] for one in pair)

    def values(self) -> dict[str, Any]:
        """Give what a draft keeps; its words stay in their language, on whichever page they were read, unless somebody says so."""
        data = self.cleaned_data
        steps = [
            {"id": f"m{place}", "words": data[f"milestone_{place}"], "due": str(data[f"due_{place}"] or "")}
            for place in range(1, MILESTONES + 1)
            if data.get(f"milestone_{place}") or data.get(f"due_{place}")
        ]
        return {
            "decision": data.get("decision") or "",
            "reasons": data.get("reasons", ""),
            "lang": data.get("lang") or self.languages[0],
            "until": data.get("until"),
            "owner": data.get("owner") or "",
            "evidence": data.get("evidence", ""),
            "milestones": steps,
        }


def possible_languages(draft: AnswerDraft | None, lang: str) -> list[str]:
    """List the languages in which words of an answer can be: that of the draft, where it has words, and that of the page."""
    own = [draft.lang] if draft and has_words(draft.reasons + draft.evidence) else []
    return list(dict.fromkeys([*own, lang]))


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


class ManyAnswersForm(forms.Form):
    """The same answer to many questions; each may get words of its own.

    Questions go by their versions: what is answered stood on the page, and nobody wrote to it meanwhile.
    """

    everything = forms.BooleanField(label=_("All questions on this page"), required=False)
    asks = forms.Field(label=_("Which questions?"), widget=forms.MultipleHiddenInput, required=False)
    decision = forms.ChoiceField(label=_("Your answer to them"), choices=TELLINGS, widget=Choices(two=True))
    reasons = LaterWords(
        label=_("Words for all of them"),
        max_length=8000,
        widget=said(5),
        help_text=format_lazy(
            "{own} {promise}",
            own=_("A question with words of its own gets those instead."),
            promise=NO_PROMISE,
        ),
    )
    until = LaterDay(
        label=_("If not yet: you will answer by"),
        widget=DayInput,
        help_text=format_lazy("{} {}", NOT_YET, MORE_TIME),
    )

    def __init__(self, *args: Any, asks: Sequence[int], versions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = versions
        for ask in asks:
            self.fields[f"own_{ask}"] = LaterWords(
                label=_("Words for this question alone"),
                max_length=8000,
                widget=said(3),
            )

    def clean(self) -> None:
        """Ask for words, for all or for each chosen question, and for a day where the answer is not yet."""
        typed = self.cleaned_data
        typed["asks"] = self.chosen
        if not self.chosen:
            self.add_error("asks", _("Choose at least one question."))
        elif not set(self.chosen).issubset(self.versions):
            changed = _(
                "A question or its draft changed while your page was open, so nothing was sent. "
                "Read those that are not checked below, then answer."
            )
            self.add_error("asks", changed)
        numbers = [one.partition(" ")[0] for one in self.chosen]
        if not typed.get("reasons") and any(not typed.get(f"own_{ask}") for ask in numbers):
            self.add_error("reasons", _("Write words for all of them, or for each one."))
        if typed.get("decision") == Decision.DEFERRED and not typed.get("until"):
            self.add_error("until", _("“Not yet” needs a date."))

    @property
    def chosen(self) -> list[str]:
        """List the versions that were checked, or all that the page showed."""
        if not isinstance(self.data, QueryDict):
            return []
        return self.data.getlist("shown" if self.data.get("everything") else "asks")

    @property
    def own(self) -> dict[int, str]:
        """Give the words of questions that have their own."""
        names = {
            name: value for name, value in self.cleaned_data.items() if name.startswith("own_") and value
        }
        return {int(name.removeprefix("own_")): value for name, value in names.items()}


class WaitingForm(forms.Form):
    """The answers that a manager signs together, each by its version: what is signed is what stood on the page."""

    def __init__(self, *args: Any, versions: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = versions

    @property
    def chosen(self) -> list[str]:
        """List the versions that were checked."""
        return self.data.getlist("waiting") if isinstance(self.data, QueryDict) else []

    def clean(self) -> None:
        """Refuse answers that are others now than those on the page."""
        if not self.chosen:
            raise forms.ValidationError(_("Choose at least one answer."))
        if not set(self.chosen).issubset(self.versions):
            raise forms.ValidationError(
                _(
                    "Somebody changed an answer while your page was open, so nothing was signed. "
                    "Read those that are not checked below, then sign."
                )
            )


class HandBackForm(forms.Form):
    """What should be changed before the manager signs."""

    note = forms.CharField(
        label=_("What should be changed?"),
        max_length=2000,
        widget=area(4),
        help_text=_("It stays inside your bureau, but it may be asked for under public-records law."),
    )


class ContestForm(forms.Form):
    """Why this is not an answer to what was asked."""

    words = forms.CharField(
        label=_("Why is this not an answer to what you asked?"),
        max_length=4000,
        widget=said(6),
    )

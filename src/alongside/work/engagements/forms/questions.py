"""One question at a time; the linter reads every word of it."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import Pack
from alongside.ground.look.linting import refuse
from alongside.work.engagements.forms.drafting import LONGEST, DraftForm, LaterField

FEWEST, MOST = 2, 20


class QuestionForm(DraftForm):
    """A question in the language it is first written in."""

    kind = forms.ChoiceField(
        label=_("How do people answer?"),
        widget=forms.RadioSelect,
        choices=[
            ("text", _("In their own words")),
            ("one", _("They choose one answer")),
            ("several", _("They choose all that fit")),
            ("scale", _("On a scale from 1 to 5")),
        ],
    )
    words = forms.CharField(label=_("The question"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    hint = forms.CharField(
        label=_("A hint below it"), max_length=400, required=False, help_text=_("Only if people need one.")
    )
    options = LaterField(
        label=_("The answers to choose from"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Only where people choose. One on each line. “I would rather not say” is added by itself."
        ),
    )
    low = LaterField(label=_("What 1 means"), max_length=80)
    high = LaterField(label=_("What 5 means"), max_length=80)

    def __init__(self, *args: Any, pack: Pack, lang: str, **kwargs: Any) -> None:
        self.pack, self.lang = pack, lang
        super().__init__(*args, **kwargs)

    @property
    def lines(self) -> list[str]:
        """Give the options, one a line that holds something; the same words are one option."""
        lines = str(self.cleaned_data.get("options", "")).splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask, and a choice without choices."""
        cleaned = super().clean()
        kind, lines = cleaned.get("kind"), self.lines
        for name in ("words", "hint", "low", "high"):
            refuse(self, name, self.pack, self.lang)
        refuse(self, "options", self.pack, self.lang, lines)
        if kind in {"one", "several"} and not FEWEST <= len(lines) <= MOST:
            self.add_error("options", say("Write 2 to 20 answers, one on each line."))
        if kind == "scale":
            for name in ("low", "high"):
                if not cleaned.get(name):
                    self.add_error(name, say("Say what this end of the scale means."))
        return cleaned

    def question(self, old: Mapping[str, Any] | None, free_id: str, first: str) -> dict[str, Any]:
        """Make the question; words in other languages stay where the first words did not change."""
        before = old or {}
        made: dict[str, Any] = {
            "id": before.get("id", free_id),
            "kind": self.cleaned_data["kind"],
            "words": {**before.get("words", {}), first: self.cleaned_data["words"]},
        }
        if self.cleaned_data["hint"]:
            made["hint"] = {**before.get("hint", {}), first: self.cleaned_data["hint"]}
        if made["kind"] in {"one", "several"}:
            made["options"] = options_from(self.lines, before.get("options", ()), first)
        if made["kind"] == "scale":
            ends = before.get("ends", ({}, {}))
            words = (self.cleaned_data["low"], self.cleaned_data["high"])
            made["ends"] = [{**end, first: word} for end, word in zip(ends, words, strict=True)]
        return made


def options_from(lines: list[str], old: Any, first: str) -> list[dict[str, Any]]:
    """Make options from lines; one whose first words are the same keeps its id and its other languages."""
    kept = {one["words"].get(first): one for one in old}
    taken = {one["id"] for one in old}
    free = (f"a{number}" for number in range(1, len(lines) + len(taken) + 1) if f"a{number}" not in taken)
    return [kept.get(line) or {"id": next(free), "words": {first: line}} for line in lines]


def typed_of(question: Mapping[str, Any], first: str) -> dict[str, Any]:
    """Give a saved question as its form shows it."""
    low, high = question.get("ends", ({}, {}))
    return {
        "kind": question["kind"],
        "words": question["words"].get(first, ""),
        "hint": question.get("hint", {}).get(first, ""),
        "options": "\n".join(one["words"].get(first, "") for one in question.get("options", ())),
        "low": low.get(first, ""),
        "high": high.get(first, ""),
    }

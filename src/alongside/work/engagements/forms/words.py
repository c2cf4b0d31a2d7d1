"""The promise and its questions in one language; the linter reads every word of a question."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import Pack
from alongside.ground.look.linting import refuse
from alongside.ground.look.tongues import apart
from alongside.work.engagements.forms.drafting import LONGEST, DraftForm, LaterField
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import texts_of

LONG_LINE = 90
LABELS = {
    "title": _("What you ask, in one line"),
    "decision": _("What is decided"),
    "can_change": _("What can change"),
    "cannot_change": _("What cannot change, and why"),
    "reading": _("Who can read what people write"),
    "consent": _("What their words are used for"),
    "asked_again": _("Why you ask again"),
}


class WordsForm(DraftForm):
    """Step 4: the promise and every question in one language. Each field shows the first words as its hint."""

    def __init__(
        self, *args: Any, engagement: Engagement, pack: Pack, lang: str, here: str, **kwargs: Any
    ) -> None:
        self.pack, self.lang, self.here = pack, lang, here
        super().__init__(*args, engagement=engagement, **kwargs)
        self.first = engagement.languages[0]
        self.asked = engagement.form.get("questions", ()) if lang != self.first else ()
        for name in texts_of(engagement):
            self._add(f"text-{name}", LABELS[name], engagement.words.get(self.first, {}).get(name, ""))
        for number, one in enumerate(self.asked, 1):
            for key, words in parts_by_key(one).items():
                label = (
                    say("Question %(number)s") % {"number": number} if key == "words" else say("Its words")
                )
                self._add(f"{one['id']}-{key}", label, words.get(self.first, ""))
        if lang != self.first:
            self.fields["checked"] = forms.BooleanField(
                label=_("A person who speaks this language wrote or checked all of this."), required=False
            )

    def _add(self, name: str, label: Any, original: str) -> None:
        rows = 2 if len(original) < LONG_LINE else 4
        self.fields[name] = LaterField(
            label=label,
            help_text=apart(original) if self.lang != self.first else "",
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": rows, "lang": self.lang, "dir": "auto"}),
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask, in this language too."""
        cleaned = super().clean()
        for one in self.asked:
            for key in parts_by_key(one):
                refuse(self, f"{one['id']}-{key}", self.pack, self.here)
        refuse(self, "text-title", self.pack, self.here)
        return cleaned

    def words(self) -> dict[str, Any]:
        """Give the promise in this language, with whether a person checked it."""
        said = [name for name in LABELS if f"text-{name}" in self.cleaned_data]
        texts: dict[str, Any] = {name: self.cleaned_data[f"text-{name}"] for name in said}
        return {**texts, "checked": True} if self.cleaned_data.get("checked") else texts

    def questions(self) -> list[dict[str, Any]]:
        """Give every question with its words in this language put in."""
        assert self.engagement is not None  # noqa: S101 -- this form is never made without a draft
        return [
            with_words(one, self.lang, self._said(one)) for one in self.engagement.form.get("questions", ())
        ]

    def _said(self, one: Mapping[str, Any]) -> dict[str, str]:
        names = {key: f"{one['id']}-{key}" for key in parts_by_key(one)}
        return {key: self.cleaned_data[name] for key, name in names.items() if name in self.cleaned_data}


def parts_by_key(question: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Name every part of a question that has words."""
    parts = {"words": question["words"]}
    if question.get("hint"):
        parts["hint"] = question["hint"]
    parts |= {f"option-{one['id']}": one["words"] for one in question.get("options", ())}
    return parts | {f"end-{place}": end for place, end in enumerate(question.get("ends", ()))}


def with_words(question: Mapping[str, Any], lang: str, said: Mapping[str, str]) -> dict[str, Any]:
    """Copy a question with its words in one language; a part without words keeps what it had."""

    def put(key: str, words: Mapping[str, str]) -> dict[str, str]:
        if key not in said:
            return dict(words)
        return {**words, lang: said[key]} if said[key] else {k: v for k, v in words.items() if k != lang}

    made = {**question, "words": put("words", question["words"])}
    if question.get("hint"):
        made["hint"] = put("hint", question["hint"])
    if "options" in question:
        made["options"] = [
            {**one, "words": put(f"option-{one['id']}", one["words"])} for one in question["options"]
        ]
    if "ends" in question:
        made["ends"] = [put(f"end-{place}", end) for place, end in enumerate(question["ends"])]
    return made


def initial_words(engagement: Engagement, lang: str, defaults: Mapping[str, str]) -> dict[str, Any]:
    """Give what the form of a language begins with: what was saved, else the house's words for two texts."""
    saved = engagement.words.get(lang, {})
    found: dict[str, Any] = {
        f"text-{name}": saved.get(name) or defaults.get(name, "") for name in texts_of(engagement)
    }
    for one in engagement.form.get("questions", ()):
        found |= {f"{one['id']}-{key}": words.get(lang, "") for key, words in parts_by_key(one).items()}
    return {**found, "checked": bool(saved.get("checked"))}

"""The parts of a call that people read one by one: questions, rubric, what is sought; their translations; a correction."""

from typing import Any, override

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.applying import area
from alongside.cohort.calls.forms.drafting import LONGEST
from alongside.cohort.calls.queries.rules import ASKED
from alongside.core.grammar.calls import ABOUT
from alongside.core.policy.pack import Pack
from alongside.ground.ui.forms import DayInput
from alongside.ground.ui.languages import apart
from alongside.ground.ui.refusals import refuse


class PartForm(forms.Form):
    """A question, a line of the rubric or something sought. An empty row is left out."""

    words = forms.CharField(label="", max_length=400, required=False)

    def __init__(self, *args: Any, part: str, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.pack, self.lang = part, pack, lang
        self.fields["words"].label = {
            "questions": say("The question"),
            "criteria": say("What counts"),
            "sought": say("A community or an experience"),
        }[part]
        if part == "questions":
            self.fields["below"] = forms.CharField(
                label=say("A hint below it"), max_length=400, required=False
            )
        elif part == "criteria":
            self.fields["below"] = forms.CharField(
                label=say("Full points mean"), max_length=400, required=False
            )
            self.fields["number"] = forms.IntegerField(
                label=say("Points"), min_value=1, max_value=100, required=False
            )
        else:
            self.fields["number"] = forms.IntegerField(
                label=say("How many seats at least"), min_value=0, max_value=1000, required=False
            )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask; nobody can pass it."""
        cleaned = super().clean() or {}
        for name in ("words", "below") if self.part != "criteria" else ():
            refuse(self, name, self.pack, self.lang)
        return cleaned


PartRows = formset_factory(PartForm, extra=3, max_num=20)


class WordsForm(forms.Form):
    """Every text of a call in one more language, each beside its first words."""

    def __init__(self, *args: Any, first: dict[str, str], pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.lang = pack, lang
        for name, words in first.items():
            self.fields[name] = forms.CharField(
                label=apart(" · ".join(words.splitlines())),
                max_length=LONGEST,
                required=False,
                widget=area(2),
            )
        self.fields["checked"] = forms.BooleanField(
            label=say("A person who speaks this language has checked it"), required=False
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a translation that asks for what the pack forbids."""
        cleaned = super().clean() or {}
        for name in [one for one in self.fields if one.startswith(ASKED)]:
            refuse(self, name, self.pack, self.lang)
        return cleaned


class CorrectionForm(forms.Form):
    """A dated correction, before the first application."""

    about = forms.ChoiceField(
        label=_("What is corrected?"),
        widget=forms.RadioSelect,
        choices=[
            ("closes", _("The day on which it closes")),
            ("opens", _("The day on which it opens")),
            ("decides", _("The day of the answers")),
            ("seats", _("How many seats")),
            ("alternates", _("How many alternates")),
            ("words", _("Something in the words")),
        ],
    )
    day = forms.DateField(label=_("The new day"), widget=DayInput, required=False)
    count = forms.IntegerField(label=_("The new number"), min_value=0, max_value=1000, required=False)
    words = forms.CharField(label=_("What is corrected, and why?"), max_length=LONGEST, widget=area(3))

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for the new value where one is needed, and drop the other."""
        cleaned = super().clean() or {}
        about = cleaned.get("about")
        needs = {"words": "", "seats": "count", "alternates": "count"}.get(str(about), "day")
        for name in ("day", "count"):
            if name != needs:
                cleaned[name] = None
        if about in ABOUT and needs and cleaned.get(needs) is None and needs not in self.errors:
            self.add_error(needs, say("Fill in the new value."))
        return cleaned

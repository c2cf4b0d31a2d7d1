"""What a lead types, step by step, to plan an engagement. Each form holds the hash of the draft it was opened on."""

from collections.abc import MutableMapping, Sequence
from copy import copy
from datetime import date
from typing import Any, cast, override

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import Pack
from alongside.ground.look.forms import DayInput
from alongside.ground.look.linting import refuse
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import draft_hash

type Choices = Sequence[tuple[str, Any]]

LONGEST = 4000


class LaterField(forms.CharField):
    """Words that may be missing while a draft is written, but not when it is signed."""

    @override
    def validate(self, value: Any) -> None:
        """Let an empty field pass; the last step says what is missing."""


class ChosenField(forms.ChoiceField):
    """A choice whose first option, which sends nothing, is an answer like the others."""

    @override
    def validate(self, value: Any) -> None:
        """Refuse only what is no option."""
        if value:
            super().validate(value)


class DraftForm(forms.Form):
    """A form on a draft. Refuses where someone else changed the draft since the form was opened."""

    CHANGED = _("Someone changed this draft while this page was open. Read what you typed, then save again.")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, engagement: Engagement | None, **kwargs: Any) -> None:
        self.engagement = engagement
        now = draft_hash(engagement) if engagement else ""
        kwargs["initial"] = {"draft": now, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a form that was opened on another draft; what was typed stays."""
        cleaned = super().clean() or {}
        if self.engagement and cleaned.get("draft") != draft_hash(self.engagement):
            typed = cast("MutableMapping[str, Any]", copy(self.data))
            typed["draft"] = draft_hash(self.engagement)
            self.data = typed
            self.add_error(None, self.CHANGED)
        return cleaned


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Set the choices of a field."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DecisionForm(DraftForm):
    """Step 1: what is decided, who answers, and what people's words can change."""

    lang = forms.ChoiceField(
        label=_("Which language do you write it in first?"),
        help_text=_("You add the others in step 4."),
    )
    title = forms.CharField(label=_("What do you ask people, in one line?"), max_length=140)
    partner = ChosenField(
        label=_("Which office answers?"),
        help_text=_(
            "Its unit signs the promise with you. If no unit will sign, choose a community engagement."
        ),
    )
    point = ChosenField(label=_("Which decision is it about?"))
    decision = forms.CharField(
        label=_("What is decided?"),
        max_length=LONGEST,
        widget=_area(3),
        help_text=_("Say it in plain words."),
    )
    can_change = forms.CharField(
        label=_("What can change?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("One thing on each line."),
    )
    cannot_change = forms.CharField(
        label=_("What cannot change, and why?"),
        max_length=LONGEST,
        widget=_area(3),
        help_text=_("People trust a promise more when it says what it cannot do."),
    )
    level = forms.ChoiceField(label=_("What can people's words do?"), widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        offices: Choices,
        points: Choices,
        levels: Choices,
        langs: Choices,
        pack: Pack,
        here: str,
        **kwargs: Any,
    ) -> None:
        self.pack, self.here = pack, here
        super().__init__(*args, **kwargs)
        offer(self, "lang", langs)
        offer(self, "partner", offices)
        offer(self, "point", [("", _("None of these")), *points])
        offer(self, "level", levels)
        if self.engagement:
            del self.fields["lang"]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a title that asks what the pack forbids: it stands over the form that people fill in."""
        cleaned = super().clean()
        refuse(self, "title", self.pack, self.here)
        return cleaned


class DatesForm(DraftForm):
    """Step 2: when it closes, when people hear back, in which languages, and how long voices are kept."""

    also = forms.MultipleChoiceField(
        label=_("Which other languages?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The promise, the questions and the report-back are written in every one of them."),
    )
    closes = forms.DateField(label=_("To which day can people speak?"), widget=DayInput)
    answer_by = forms.DateField(
        label=_("By which day does the unit answer?"),
        widget=DayInput,
        help_text=_("It comes after people have spoken."),
    )
    report_back = forms.DateField(
        label=_("By which day do people hear back?"),
        widget=DayInput,
        help_text=_("You promise this day to everyone who speaks. It cannot be taken back, only corrected."),
    )
    retention = forms.ChoiceField(label=_("How long are voices kept?"), widget=forms.RadioSelect)
    voices_kept_until = forms.DateField(
        label=_("On which day is the key destroyed?"),
        widget=DayInput,
        required=False,
        help_text=_("Only if voices are kept until a day that you name. After it nobody can read them."),
    )
    cap = forms.IntegerField(
        label=_("How many voices do you plan to read?"),
        min_value=50,
        max_value=100_000,
        help_text=_("If more come in, leads are told, and people can still speak. 5,000 is usual."),
    )

    def __init__(
        self, *args: Any, langs: Choices, retention: Choices, open_ended: set[str], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.open_ended = open_ended
        self.today = today
        offer(self, "also", langs)
        offer(self, "retention", retention)
        if self.engagement and not self.engagement.partner:
            del self.fields["answer_by"]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse dates that come in another order than the promise needs."""
        cleaned = super().clean()
        kept = cleaned.get("voices_kept_until")
        if cleaned.get("retention") in self.open_ended and not kept:
            self.add_error("voices_kept_until", say("Choose the day to which voices are kept."))
        if kept and cleaned.get("report_back") and kept < cleaned["report_back"]:
            self.add_error(
                "voices_kept_until", say("Leads read the voices until people hear back; choose a later day.")
            )
        if cleaned.get("retention") not in self.open_ended:
            cleaned["voices_kept_until"] = None
        closes, back, answer = (cleaned.get(name) for name in ("closes", "report_back", "answer_by"))
        if closes and closes < self.today:
            self.add_error("closes", say("This day has passed; choose today or a later day."))
        if closes and back and back < closes:
            self.add_error("report_back", say("People hear back after they spoke; choose a later day."))
        if closes and answer and answer < closes:
            self.add_error("answer_by", say("The unit answers after people spoke; choose a later day."))
        return cleaned


class AgainForm(DraftForm):
    """What was said before, and why it is asked again."""

    asked_again = forms.CharField(
        label=_("Why do you ask again?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_(
            "People who spoke before read this. Say what is new, and what becomes of what they said."
        ),
    )

    def __init__(self, *args: Any, must: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_again"].required = must


class SignForm(DraftForm):
    """Step 6: sign the draft exactly as it was read, or open it."""

    CHANGED = _("Someone changed this draft while this page was open. Read it again, then sign.")


def levels_of(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List the levels that may be promised, lowest first, each with what it means."""
    return [
        (
            f"{framework.id}/{level.id}",
            f"{level.name.say(lang)}: {level.means.say(lang)}"
            if level.means
            else f"{level.name.say(lang)} ({framework.name.say(lang)})",
        )
        for framework in pack.frameworks
        for level in framework.shown
    ]


def retention_of(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List how long voices may be kept, each with the rule that says so."""
    return [
        (one.id, f"{one.name.say(lang)}: {one.period.say(lang)} ({one.rule_in(lang)[0]})")
        for one in pack.retention
        if one.verified and one.id != pack.kept.comments
    ]


def offices_of(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List the offices that may own an answer; the first choice is that none does."""
    named = {"government": capfirst(pack.government.short.say(lang))}
    nobody = say("No office: a community engagement. %(government)s has promised nothing.") % named
    return [("", nobody)] + [
        (f"{unit.slug}/{office.slug}", pack.office_title(f"{unit.slug}/{office.slug}", lang))
        for unit in pack.units
        for office in unit.offices
        if office.can_answer
    ]

"""What someone types to ask, one question or many, and what a unit types before it answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from alongside.core.workflow.asks import Decision
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.forms import DayInput, NarrowForm, offer, said


class AdviceForm(forms.Form):
    """Advice in a few sentences, the comments and answers it cites, and its points; no draft of it is kept on the server."""

    POINTS = 8

    advice = forms.CharField(
        label=_("What do you advise, in a few sentences?"),
        max_length=8000,
        widget=said(6),
        help_text=_("Write for your neighbors as well as for the City."),
    )
    smaller = forms.BooleanField(
        label=_("This is what a smaller group of us advises"),
        required=False,
        help_text=_("It then stands beside the advice of the others, just as large."),
    )
    comments = forms.MultipleChoiceField(
        label=_("Which comments is it based on?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only those whose writers agreed. Each is quoted under the number of its writer’s place."
        ),
    )
    answers = forms.MultipleChoiceField(
        label=_("Which answers of the City does it look at?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    driving = forms.ChoiceField(
        label=_("Which driving question of a workplan does it answer?"), required=False
    )

    def __init__(
        self,
        *args: Any,
        comments: Sequence[tuple[str, str]],
        answers: Sequence[tuple[str, str]] = (),
        driving: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "comments", comments)
        offer(self, "answers", answers)
        offer(self, "driving", [("", _("None")), *driving])
        for name, choices in (("comments", comments), ("answers", answers), ("driving", driving)):
            if not choices:
                del self.fields[name]
        for place in range(1, self.POINTS + 1):
            label = _("Point %(n)d: what should change?") % {"n": place}
            self.fields[f"title_{place}"] = forms.CharField(label=label, max_length=140, required=False)
            self.fields[f"ask_{place}"] = forms.CharField(
                label=_("Point %(n)d: in your words") % {"n": place},
                max_length=4000,
                required=False,
                widget=said(3),
            )

    @property
    def points(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Give each point's number and fields."""
        places = range(1, self.POINTS + 1)
        return [(place, self[f"title_{place}"], self[f"ask_{place}"]) for place in places]

    def clean(self) -> None:
        """Ask for one point at least, and for both halves of each."""
        typed = self.cleaned_data
        for place in range(1, self.POINTS + 1):
            if bool(typed.get(f"title_{place}")) != bool(typed.get(f"ask_{place}")):
                lacking = f"ask_{place}" if typed.get(f"title_{place}") else f"title_{place}"
                self.add_error(lacking, _("A point needs both: one line, and your words."))
        if not self.said() and not any(name.endswith("_1") for name in self.errors):
            self.add_error("title_1", _("Write one point at least: each gets an answer of its own."))

    def said(self) -> list[tuple[str, str]]:
        """Give the points that were written."""
        pairs = [
            (self.cleaned_data.get(f"title_{place}", ""), self.cleaned_data.get(f"ask_{place}", ""))
            for place in range(1, self.POINTS + 1)
        ]
        return [(title, ask) for title, ask in pairs if title and ask]


class OfficeForm(forms.Form):
    """Something for one office."""

    office = forms.ChoiceField(label=_("Which office should answer?"))

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "office", [("", _("Choose an office")), *offices])


class AskForm(OfficeForm):
    """An ask in a title and a few sentences, to one office."""

    title = forms.CharField(
        label=_("In one line"),
        max_length=140,
        help_text=_("What should be done. Start with a verb."),
    )
    ask = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        widget=said(6),
        help_text=_("Say it so that someone can check later whether it happened."),
    )
    driving = forms.ChoiceField(
        label=_("Which driving question of a workplan does it answer?"),
        required=False,
        help_text=_("It then stands beside the question on the workplan’s page."),
    )

    def __init__(self, *args: Any, driving: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "driving", [("", _("None")), *driving])
        if not driving:
            del self.fields["driving"]

    @property
    def driven(self) -> tuple[int, str] | None:
        """Give the driving question that was chosen: the entry of its workplan's version, and its id."""
        return driven_by(self.cleaned_data)


def driven_by(typed: Mapping[str, Any]) -> tuple[int, str] | None:
    """Read which driving question was chosen in a form: the entry of its workplan's version, and its id."""
    entry, _colon, question = typed.get("driving", "").partition(":")
    return (int(entry), question) if question else None


class QuestionForm(AskForm):
    """A question to an office: something that it must tell."""

    field_order = ("office", "title", "ask")
    title = forms.CharField(
        label=_("In one line"), max_length=140, help_text=_("What you want to know, as a question.")
    )
    ask = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        widget=said(6),
        help_text=_("Say what the answer must tell, so that anyone can see whether it does."),
    )


class RecommendForm(AskForm):
    """A recommendation rests on findings."""

    findings = forms.MultipleChoiceField(
        label=_("What did you hear that leads to this?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing you heard that leads to this.")},
    )
    field_order = ("findings", "office", "title", "ask")

    def __init__(self, *args: Any, findings: Sequence[EntryView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.index), Truncator(one.say("statement")).words(28)) for one in findings]
        offer(self, "findings", choices)


class WordsForm(forms.Form):
    """A few sentences."""

    words = forms.CharField(label=_("Your words"), max_length=4000, widget=said(5))


#: How the two ways to a later day differ; both stand where either is chosen.
MORE_TIME = _("More time is no answer: it only moves the day.")
NOT_YET = _(
    "“Not yet” is an answer for now: it gives reasons and the day of the full answer, and leads can contest it. It can be said once. After it, neither “not yet” nor more time is open again."
)


class MoreTimeForm(WordsForm):
    """More time, with a reason and a new day; `moves` is how often the day can still be moved."""

    until = forms.DateField(label=_("You will answer by"), widget=DayInput)
    field_order = ("until", "words")

    def __init__(self, *args: Any, due: date, latest: date, today: date, moves: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due, self.latest, self.today = due, latest, today
        how_often = ngettext(
            "You can move the day %(n)d more time, to %(day)s at the latest.",
            "You can move the day %(n)d more times, to %(day)s at the latest.",
            moves,
        ) % {"n": moves, "day": day_in_words(latest)}
        self.fields["until"].help_text = f"{MORE_TIME} {how_often} {NOT_YET}"

    def clean_until(self) -> date:
        """Ask for a day to come, after the one that stands, and not so far off that the clock ends with it."""
        until: date = self.cleaned_data["until"]
        if until <= self.due:
            words = _("Choose a day after %(day)s: that is the day by which you answer now.")
            raise forms.ValidationError(words % {"day": day_in_words(self.due)})
        if until <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        if until > self.latest:
            words = _("Look at the year: choose a day no later than %(day)s.")
            raise forms.ValidationError(words % {"day": day_in_words(self.latest)})
        return until


class TransferForm(OfficeForm, WordsForm):
    """The office that can answer, with a reason."""

    office = forms.ChoiceField(
        label=_("Which office can answer?"),
        help_text=_("It needs days to answer. Where the date is near or past, take more time first."),
    )
    field_order = ("office", "words")


#: What fits into the one line of a question, and into its words.
LINE, WORDS = 140, 4000
MOST = 200


class ManyForm(OfficeForm):
    """A list of questions to one office: one question on a line."""

    title = forms.CharField(
        label=_("What are the questions about, in one line?"),
        max_length=LINE,
        help_text=_("The list is shown under this name."),
    )
    questions = forms.CharField(
        label=_("Your questions, one on each line"),
        max_length=MOST * 400,
        widget=said(14),
        help_text=_("You can paste them from anywhere. A number in front of a question is left out."),
    )

    def clean_questions(self) -> list[tuple[str, str]]:
        """Give each question as its one line and its words. What was typed stays where something is wrong."""
        found = [one for line in self.cleaned_data["questions"].splitlines() if (one := _unnumbered(line))]
        if len(found) != len(set(found)):
            twice = next(one for one in found if found.count(one) > 1)
            raise forms.ValidationError(
                gettext("This question is there twice; take one out: %(words)s") % {"words": twice[:LINE]}
            )
        if not 2 <= len(found) <= MOST:  # noqa: PLR2004 -- one question alone is no list
            words = gettext("Write 2 to %(most)d questions; you wrote %(n)d.")
            raise forms.ValidationError(words % {"most": MOST, "n": len(found)})
        long = [one for one in found if len(one) > WORDS]
        if long:
            words = ngettext(
                "%(n)d question is longer than %(most)d letters. Make it shorter, or make two of it.",
                "%(n)d questions are longer than %(most)d letters. Make them shorter, or make two of each.",
                len(long),
            )
            raise forms.ValidationError(words % {"n": len(long), "most": WORDS})
        return [(shortened(one), one) for one in found]


def _unnumbered(line: str) -> str:
    """Take a number, a letter or a dash off the front of a pasted line."""
    words = " ".join(line.split())
    head, _space, rest = words.partition(" ")
    is_number = head.rstrip(".):").isdigit() and head[-1:] in ".):"
    return rest if rest and (is_number or head in {"-", "–", "•", "*"}) else words


def shortened(words: str) -> str:
    """Make one line of a question: the whole of it where it fits, else its beginning."""
    if len(words) <= LINE:
        return words
    return words[: LINE - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


class FollowUpForm(forms.Form):
    """A question that follows up on an answer; it goes to the same office."""

    title = forms.CharField(label=_("In one line"), max_length=LINE, help_text=_("What is still missing."))
    ask = forms.CharField(
        label=_("In your words"),
        max_length=WORDS,
        widget=said(6),
        help_text=_("Say what the answer left out. You can follow up once on each question."),
    )


class RaiseForm(forms.Form):
    """Why a question is raised to the office above."""

    words = forms.CharField(
        label=_("Why does the office above need to see this?"),
        max_length=WORDS,
        widget=said(5),
    )


class ReplyAboveForm(forms.Form):
    """What the office above says to a question that was raised to it."""

    decision = forms.ChoiceField(
        label=_("Your reply"),
        choices=[
            (Decision.TOLD, _("We tell it: here is the answer")),
            (Decision.STANDS, _("It stands as it is, and why")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words your neighbor would use"),
        max_length=WORDS,
        widget=said(6),
    )


class StateForm(NarrowForm):
    """Narrow the list of questions; nothing is required."""

    STATES = (
        ("", _("All")),
        ("waiting", _("Not answered yet")),
        ("late", _("Late")),
        ("told", _("Told, all or in part")),
        ("refused", _("Declined")),
        ("raised", _("Raised to the office above")),
        ("above", _("The office above owes a reply")),
    )
    unit = forms.ChoiceField(label=_("Bureau"), required=False)
    state = forms.ChoiceField(label=_("Where it stands"), required=False, choices=STATES)
    list = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _("All")), *units])

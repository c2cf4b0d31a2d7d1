"""What readers and the steward type while applications are read and decided."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms import InvitedForm
from alongside.cohort.reviews.queries import RubricLine
from alongside.core.workflow.calls import Outcome
from alongside.ground.ui.forms import area, offer

LONGEST_NOTE = 3000


def lines(text: str) -> list[str]:
    """Give the lines of a text that hold something."""
    return [one.strip() for one in text.splitlines() if one.strip()]


class ReaderForm(InvitedForm):
    """Who is to read, as what, and the organizations they belong to."""

    kind = forms.ChoiceField(
        label=_("They read as"),
        widget=forms.RadioSelect,
        choices=[
            ("staff", _("Staff")),
            ("lead", _("A lead")),
            ("past-lead", _("A lead of an earlier cohort")),
            ("community", _("A reader from the community")),
        ],
    )
    organizations = forms.CharField(
        label=_("Organizations they belong to"),
        help_text=_("One on each line. They are kept away from applications that name the same one."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=area(3),
    )


class ScoreForm(forms.Form):
    """Points by each line of the rubric with a reason, and notes for oneself."""

    def __init__(self, *args: Any, rubric: Sequence[RubricLine], notes: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for one in rubric:
            top = one.most
            choices = [(str(n), f"{n}") for n in range(1, top + 1)]
            self.fields[f"points-{one.key}"] = forms.ChoiceField(
                label=one.words,
                help_text=say("%(top)d points: %(means)s") % {"top": top, "means": one.means}
                if one.means
                else "",
                choices=choices,
                initial=str(one.points or ""),
                widget=forms.RadioSelect,
            )
            self.fields[f"words-{one.key}"] = forms.CharField(
                label=say("Why"),
                max_length=LONGEST_NOTE,
                required=False,
                initial=one.why,
                widget=area(2),
            )
        self.fields["notes"] = forms.CharField(
            label=say("Notes for yourself"),
            help_text=say("Nobody else reads them."),
            max_length=LONGEST_NOTE,
            required=False,
            initial=notes,
            widget=area(3),
        )

    def given(self) -> dict[str, tuple[int, str]]:
        """Give key of a criterion to points and reason."""
        return {
            one.key: (
                int(self.cleaned_data[f"points-{one.key}"]),
                self.cleaned_data[f"words-{one.key}"],
            )
            for one in self.rubric
        }


class RecuseForm(forms.Form):
    """Why a reader lays an application down."""

    ground = forms.ChoiceField(
        label=_("What is the conflict?"),
        widget=forms.RadioSelect,
        choices=[
            ("know-them", _("I think I know who this is")),
            ("same-organization", _("We are in the same organization")),
            ("other", _("Something else could pull me two ways")),
        ],
    )


LONGEST = 4000


def reasons(label: Any, hint: Any) -> forms.CharField:
    """Make the field for reasons that someone reads."""
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST, widget=area(5))


class ShortlistForm(forms.Form):
    """Where the line is drawn, and why there."""

    percent = forms.IntegerField(
        label=_("The line, in percent of all points"),
        help_text=_("The mean of its readings must reach it."),
        min_value=1,
        max_value=100,
    )
    reasons = reasons(
        _("Why the line is there"), _("Everyone below the line reads these words. Be plain and kind.")
    )


class DecideForm(forms.Form):
    """What the panel decided of one application, and why."""

    outcome = forms.ChoiceField(label=_("The panel decided"), widget=forms.RadioSelect)
    reasons = reasons(_("The reasons"), _("The applicant reads these words."))

    def __init__(self, *args: Any, with_lottery: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        no = (Outcome.NO, say("Not this time"))
        ways = [(Outcome.LOTTERY, say("Goes into the lottery")), no]
        if not with_lottery:
            ways = [(Outcome.SEAT, say("A place")), (Outcome.ALTERNATE, say("An alternate")), no]
        offer(self, "outcome", ways)

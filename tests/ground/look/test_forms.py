"""Forms: each problem stands at the top and at its field, in the same words, and the title begins with it."""

import datetime
import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from alongside.ground.ui.forms import Choices, DayInput, Renderer, Scale
from alongside.ground.ui.refusals import Problem, listed


class Answer(forms.Form):
    default_renderer = Renderer()

    reasons = forms.CharField(label="Reasons", help_text="In plain words.", widget=forms.Textarea)
    due = forms.DateField(label="Due", widget=DayInput, required=False)
    decision = forms.ChoiceField(
        label="Decision", widget=Choices(two=True), choices=[("yes", "Accept"), ("no", "Decline")]
    )
    feel = forms.ChoiceField(label="Feel", widget=Scale, choices=[(1, "Uneasy"), (2, "Fine")], required=False)
    quote = forms.BooleanField(label="May be quoted", required=False)

    def clean(self):
        if self.cleaned_data.get("reasons") == "no":
            raise forms.ValidationError("Say more than no.")


def drawn(source, **context):
    """Draw a template, without the breaks between its tags."""
    return re.sub(r">\s+<", "><", Template("{% load ui %}" + source).render(Context(context))).strip()


def test_a_field_has_its_label_its_hint_and_a_native_control():
    assert drawn("{% field form.reasons rows=6 class='said' %}", form=Answer()) == (
        '<div class="field"><label for="id_reasons">Reasons</label>'
        '<p class="hint" id="id_reasons_helptext">In plain words.</p>'
        '<textarea name="reasons" cols="40" rows="6" class="said" aria-describedby="id_reasons_helptext" id="id_reasons"></textarea></div>'
    )


def test_a_field_with_a_problem_says_it_and_ties_it_to_its_control():
    html = drawn("{% field form.reasons %}", form=Answer({"decision": "yes"}))

    assert html == (
        '<div class="field has-problem"><label for="id_reasons">Reasons</label>'
        '<p class="hint" id="id_reasons_helptext">In plain words.</p>'
        '<p class="problem" id="id_reasons_error"><span class="unseen">Problem: </span>Fill in: Reasons</p>'
        '<textarea name="reasons" cols="40" rows="10" aria-invalid="true"'
        ' aria-describedby="id_reasons_helptext id_reasons_error" id="id_reasons"></textarea></div>'
    )


def test_choices_are_rows_in_a_fieldset_and_nothing_is_chosen_before():
    assert drawn("{% field form.decision %}", form=Answer()) == (
        '<fieldset class="field"><legend>Decision</legend>'
        '<div class="choices two">'
        '<label class="choice"><input type="radio" name="decision" value="yes" id="id_decision_0"><span>Accept</span></label>'
        '<label class="choice"><input type="radio" name="decision" value="no" id="id_decision_1"><span>Decline</span></label>'
        "</div></fieldset>"
    )


def test_a_scale_has_words_at_both_ends_and_a_whole_label_on_each_number():
    html = drawn("{% field form.feel %}", form=Answer())

    assert '<span aria-hidden="true">1</span><span class="unseen">1, Uneasy</span>' in html
    assert '<p class="scale-ends" aria-hidden="true"><span>Uneasy</span><span>Fine</span></p>' in html


def test_a_field_that_may_be_empty_says_so_and_no_browser_bubble_speaks_for_us():
    html = drawn("{{ form }}", form=Answer())

    assert html.count("(you may skip this)") == 2
    assert html.count("required") == 0
    assert '<input type="date" name="due" id="id_due">' in html


def test_the_problems_are_listed_in_order_and_lead_to_the_first_control_of_each_field():
    assert listed([Answer({})]) == [
        Problem("Fill in: Reasons", "id_reasons"),
        Problem("Choose: Decision", "id_decision_0"),
    ]
    assert listed([Answer({"reasons": "no", "decision": "yes"})]) == [Problem("Say more than no.")]


def test_a_form_without_problems_draws_no_list():
    good = Answer({"reasons": "because", "decision": "yes"})

    assert (
        drawn("{% form_problems form %}", form=good),
        drawn("{% form_problems form %}", form=Answer()),
    ) == ("", "")


@pytest.mark.parametrize(
    ("data", "title"), [(None, "Owed"), ({}, "Problem: Owed"), ({"reasons": "x", "decision": "no"}, "Owed")]
)
def test_the_title_begins_with_the_problem_if_there_is_one(data, title):
    assert drawn("{% title_prefix %}Owed", form=Answer(data)) == title


def test_a_day_is_handed_to_the_browser_in_its_own_form_in_every_language():
    with translation.override("es"):
        html = drawn("{% field form.due %}", form=Answer(initial={"due": datetime.date(2026, 11, 24)}))

    assert 'type="date" name="due" value="2026-11-24"' in html

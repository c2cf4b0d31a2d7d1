"""What is open in the demonstration can be spoken to in every language that its promise is shown in."""

import json

from alongside.ground.record.models import PublicText


def test_the_questions_of_every_open_engagement_are_in_every_language_of_its_title(demonstration) -> None:
    texts = PublicText.objects.filter(log__program__slug="riverbend", name__in=("title", "form"))
    forms = {one.about: json.loads(one.words) for one in texts if one.name == "form" and one.is_original}
    shown = {
        about: {one.lang for one in texts if one.about == about and one.name == "title"} for about in forms
    }

    asked = {
        about: [set(question["words"]) for question in form["questions"]] for about, form in forms.items()
    }

    assert len(forms) == 3
    assert {
        about: [shown[about] - langs for langs in questions if shown[about] - langs]
        for about, questions in asked.items()
    } == {about: [] for about in forms}

"""What a second lead's reader sends, and what an office replies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.chain.referrals.actions import LONGEST
from alongside.ground.ui.bodies import words
from alongside.ground.ui.forms import area


def read_said(body: dict[str, Any]) -> dict[str, str]:
    """Read what a second lead confirms."""
    return {
        "salt": words(body, "salt", 64),
        "office": words(body, "office", 121),
        "lang": words(body, "lang", 12),
        "words": words(body, "words", 2 * LONGEST),
        "mark": words(body, "mark", 64),
    }


class ReplyForm(forms.Form):
    """What the office does about it."""

    words = forms.CharField(
        label=_("What does your office do about it, and by when?"),
        max_length=LONGEST,
        widget=area(5),
        help_text=_("The leads read it. It is not published."),
    )

"""What people send who judge statements: their code, a statement, an answer; and what a second lead's reader sends who decides of an offered one."""

from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.chain.opinions.actions import LONGEST_GROUND
from alongside.chain.opinions.queries import Decided
from alongside.core.opinions.answers import NAMED
from alongside.core.questions import LONGEST_STATEMENT, STATEMENT
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt
from alongside.ground.ui.bodies import UnreadableError, words


class CodeForm(forms.Form):
    """The 30 digits under which somebody judges."""

    code = forms.CharField(
        label=_("Your number"),
        max_length=200,
        help_text=_("30 digits. Spaces do not matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )

    def clean_code(self) -> bytes:
        """Give the bytes of the code; say what is wrong with its digits."""
        try:
            return receipt.parse(self.cleaned_data["code"])
        except UnusableInputError as error:
            raise forms.ValidationError(
                say("One of the digits is different from your number. Compare them, group by group.")
                if error.why == "wrong"
                else say("Write the 30 digits of your number, and nothing else.")
            ) from error


class VoteForm(CodeForm):
    """One answer to one statement."""

    statement = forms.RegexField(regex=STATEMENT)
    answer = forms.ChoiceField(choices=[(one, one) for one in NAMED])

    @override
    def clean(self) -> dict[str, Any]:
        """Give the answer as it is kept, and the number of the statement."""
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned |= {"answer": NAMED[cleaned["answer"]], "number": int(cleaned["statement"][1:])}
        return cleaned


def read_decided(body: dict[str, Any]) -> Decided:
    """Read what a second lead decides."""
    by_lang = body.get("words")
    if not isinstance(by_lang, dict):
        raise UnreadableError
    return Decided(
        salt=words(body, "salt", 64),
        offer=words(body, "offer", 64),
        decision=words(body, "decision", 20),
        statement=words(body, "statement", 5),
        reason=words(body, "reason", 20),
        lang=words(body, "lang", 12),
        ground=words(body, "ground", 2 * LONGEST_GROUND),
        words={lang: words(by_lang, lang, 2 * LONGEST_STATEMENT) for lang in by_lang},
    )

"""What people send who judge statements: their code, a statement, an answer."""

from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.opinions.answers import NAMED
from alongside.core.questions import STATEMENT
from alongside.core.sealing import receipt


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
        except receipt.WrongDigitError as error:
            raise forms.ValidationError(
                say("One of the digits is different from your number. Compare them, group by group.")
            ) from error
        except receipt.ReceiptError as error:
            raise forms.ValidationError(
                say("Write the 30 digits of your number, and nothing else.")
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

"""What a lead writes of themselves, and what in it could be used against them."""

from collections.abc import Sequence

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.forms.moves import area
from alongside.core.policy import Hit, Pack, lint_question

MOST_LINKS = 5


class ProfileForm(forms.Form):
    """What a lead shows of themselves."""

    shown_name = forms.CharField(
        label=_("Name to show"), max_length=80, help_text=_("It need not be your name. Any name is fine.")
    )
    about = forms.CharField(label=_("About you"), max_length=2000, required=False, widget=area(5))
    languages = forms.CharField(label=_("Languages you speak"), max_length=200, required=False)
    links = forms.CharField(
        label=_("Links"),
        max_length=1000,
        required=False,
        widget=area(2),
        help_text=_("One a line, each beginning with https://"),
    )

    def clean_links(self) -> list[str]:
        """Give the links as a list; refuse what is not an address of the web."""
        links = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        for link in links:
            try:
                URLValidator(schemes=["https", "http"])(link)
            except forms.ValidationError:
                raise forms.ValidationError(
                    say("%(link)s is not an address; write it with https:// at its start.") % {"link": link}
                ) from None
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(say("That is too many; keep five."))
        return links

    def sensitive(self, pack: Pack) -> list[Hit]:
        """Tell which sensitive topics the person writes about; the person decides."""
        typed = self.cleaned_data
        own = [typed["shown_name"], typed["about"], typed["languages"], *typed["links"]]
        hits: dict[str, Hit] = {}
        for text in own:
            for hit in [*lint_question(text, pack), *lint_question(_asked(text), pack)]:
                hits.setdefault(hit.topic, hit)
        return list(hits.values())


#: The patterns of a pack are written for questions; a person's own words say "my" where a question says "your".
ASKED: Sequence[tuple[str, str]] = (("my", "your"), ("mi", "su"), ("mis", "sus"))


def _asked(text: str) -> str:
    """Turn a person's own words into what a question would say."""
    turned = dict(ASKED)
    return " ".join(turned.get(word.lower(), word) for word in text.split())

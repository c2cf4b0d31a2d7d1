"""The report-back, one text for each language of the engagement."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext_lazy as _

from alongside.ground.ui.forms import LaterWords, SharedForm


class ReportForm(SharedForm):
    """One text a language; drafts may be unfinished."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        for lang in languages:
            with override(lang):
                direction = "rtl" if get_language_bidi() else "ltr"
            attrs = {"class": "said", "rows": 8, "lang": lang, "dir": direction}
            self.fields[f"words_{lang}"] = LaterWords(
                label=_("In %(language)s") % {"language": names.get(lang, lang)},
                max_length=12000,
                widget=forms.Textarea(attrs=attrs),
            )

    def words(self) -> dict[str, str]:
        """Give the text of each language."""
        texts = {name: words for name, words in self.cleaned_data.items() if name != "version"}
        return {name.removeprefix("words_"): words for name, words in texts.items()}

"""The filter over the record."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.ground.record.labels import KINDS, PENS


class FilterForm(forms.Form):
    """Narrow the record by pen, kind and day; nothing is required."""

    pen = forms.ChoiceField(label=_("Pen"), required=False, choices=[("", _("All")), *PENS.items()])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KINDS.items()])
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def wanted(self) -> dict[str, Any]:
        """Give what a query takes; what does not fit is left out, and the form says so."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def as_query(self) -> str:
        """Give the filter as the tail of an address, without the page."""
        return urlencode({name: value for name, value in self.wanted().items() if name != "before"})

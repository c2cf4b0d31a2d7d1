"""What the specimen shows: one of every part, in every state."""

import datetime as dt
from typing import Any

from django import forms

from alongside.ground.ui.forms import Choices, DayInput, Scale

DAY = dt.date(2026, 11, 24)
DUE = dt.date(2026, 12, 8)
LATE = dt.date(2026, 11, 7)
LEAF = "ee94fb8cc727c15c8a712a85e4acb42e329aaeca350a80fe8cdc32bff9b8015d"
#: State, then for each pen the mark and its words; no words where that pen never has that state.
ROWS = (
    ("Written", (("community", "", "wrote"), ("city", "", "wrote"), ("both", "", "kept: both say so"))),
    ("Owed", (("community", "owed", "to write"), ("city", "owed", "to write"), ("both", "", ""))),
    ("Late", (("community", "late", "past the date"), ("city", "late", "past the date"), ("both", "", ""))),
    ("Claimed", (("community", "", ""), ("city", "claimed", "says done, not checked"), ("both", "", ""))),
    (
        "Disputed",
        (("community", "", ""), ("city", "", ""), ("both", "disputed", "one says done, one says not")),
    ),
)
SAID = {
    "vi": "Hãy đặt một tấm bảng ở mỗi cảm biến, bằng các ngôn ngữ của khu phố, cho biết nó ghi lại những gì.",
    "zh-hans": "请在每个传感器旁设置告示牌，用这条街的居民使用的语言，说明它记录什么、保存多久。",
    "ru": "Поставьте у каждого датчика табличку на языках этой улицы: что он записывает и как долго.",
    "so": "Dareeme kasta agtiisa dhiga calaamad ku qoran luqadaha xaafadda, sheegaysa waxa uu duubo.",
    "ar": "ضعوا عند كل مستشعر لافتة بلغات ذلك الشارع، تقول ماذا يسجل، وكم يحفظه، وبمن نتصل.",
    "es": "Lo haremos en los 46 contadores. No nos cuesta nada y debimos pedirlo al fabricante.",
}

#: What those who looked at two milestones said.
HEARD = (
    "Two of us checked 8 counters on the street, chosen by dice. No pictures are kept.",
    "The list is online, but only in English, and it does not open on a phone.",
)


class SpecimenForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="One line", help_text="A hint, before the field.")
    reasons = forms.CharField(label="Several lines", widget=forms.Textarea, required=False)
    due = forms.DateField(label="A day", widget=DayInput)
    office = forms.ChoiceField(label="One of many", choices=[("", "Choose a role"), ("1", "Signal engineer")])
    decision = forms.ChoiceField(
        label="One of a few",
        widget=Choices(two=True),
        choices=[
            ("yes", "Accept"),
            ("part", "Accept in part"),
            ("no", "Decline"),
            ("later", "Not yet: we answer by a day"),
        ],
    )
    themes = forms.MultipleChoiceField(
        label="Several of a few",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "How long records are kept"), ("b", "Who may look")],
    )
    feel = forms.ChoiceField(
        label="How do you feel about that?",
        widget=Scale,
        choices=[(1, "Very uneasy"), (2, "Uneasy"), (3, "Not sure"), (4, "Fine"), (5, "Quite fine")],
    )
    quote = forms.BooleanField(label="The leads may quote my words", required=False)
    receipt = forms.CharField(label="Your receipt")

    def clean_receipt(self) -> str:
        """Ask for thirty digits."""
        digits = "".join(c for c in self.cleaned_data["receipt"] if c.isdigit())
        wanted = 30
        if len(digits) != wanted:
            raise forms.ValidationError(
                f"Write the digits of your receipt: there are {wanted}, you wrote {len(digits)}"
            )
        return digits


def specimen() -> dict[str, Any]:
    """Give the context of the specimen page."""
    broken = SpecimenForm(data={"receipt": "40718 92265 13904 77531 60482 259"}, prefix="bad")
    return {
        "rows": ROWS,
        "filled_form": SpecimenForm(),
        "broken": [broken],
        "day": DAY,
        "due": DUE,
        "late": LATE,
        "said": SAID,
        "heard": [[{"words": one, "lang": ""}] for one in HEARD],
        "marks": ["community", "city", "both", "both disputed", "city owed"],
        "proof": {"index": 4803, "kind": "answer.overdue", "leaf": LEAF, "size": 4812, "href": "#r3"},
        "terms": {"Owner": "Manager of the counter project", "Evidence": "Settings file for each counter"},
        "record_head": {
            "size": 4812,
            "signed_on": DAY,
            "seen": {"by": ["City library", "Riverside Herald"], "of": 3},
        },
    }

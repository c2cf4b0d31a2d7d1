"""How much money somebody types: one field for all forms, and nothing that means two sums."""

import pytest

from alongside.ground.ui.forms import SumField, SumsForm


class Asked(SumsForm):
    amount = SumField(label="How much, in %(currency)s?")
    beside = SumField(label="What else?", or_nothing=True, required=False)


def read(text, currency="USD", name="amount"):
    form = Asked({"amount": "1", "beside": "", name: text}, currency=currency)
    return form.cleaned_data[name].plain() if form.is_valid() else form.errors[name][0]


@pytest.mark.parametrize(
    ("text", "currency", "sum_read"),
    [
        ("1250", "USD", "1250.00"),
        ("1250.50", "USD", "1250.50"),
        ("1250,5", "USD", "1250.50"),
        ("USD 12", "USD", "12.00"),
        ("١٢٥٠٫٥", "USD", "1250.50"),
        ("1250.125", "KWD", "1250.125"),
        ("1250", "JPY", "1250"),
    ],
)
def test_a_sum_is_read_as_people_type_it(text, currency, sum_read):
    assert read(text, currency) == sum_read


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1,250", "USD"),
        ("1.250", "USD"),
        ("1,250", "KWD"),
        ("1.5", "JPY"),
        ("1,250.50", "USD"),
        ("-5", "USD"),
        ("x", "USD"),
    ],
)
def test_what_means_two_sums_or_none_is_refused_with_the_cure(text, currency):
    assert (
        read(text, currency) == "Write the sum in digits, as 1250 or 1250.50, without a mark for thousands."
    )


def test_nothing_is_a_sum_only_where_the_form_says_so():
    assert read("0") == "The sum is nothing; write how much."
    assert read("0", name="beside") == "0.00"


def test_the_label_names_the_currency_of_its_form():
    form = Asked(currency="KWD")
    assert [str(form[name].label) for name in form.fields] == ["How much, in KWD?", "What else?"]

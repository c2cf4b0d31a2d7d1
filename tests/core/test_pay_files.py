"""What finance sends back is compared row by row; nothing that does not match goes in."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alongside.core.money import Money
from alongside.core.pay_files import Expected, judge
from alongside.core.refusals import UnusableInputError
from alongside.core.tables import harmless, write

ASKED, TODAY = date(2026, 11, 2), date(2026, 11, 24)
KNOWN = {
    "R-1-1": Expected("R-1-1", Money.of("1250.50", "USD"), ASKED),
    "R-1-2": Expected("R-1-2", Money.of("80.00", "USD"), ASKED),
    "R-0-1": Expected("R-0-1", Money.of("10.00", "USD"), ASKED, paid_on=date(2026, 11, 5)),
}
HEAD = "reference,paid_on,amount\n"


def whys(text, **more):
    judged = judge(HEAD + text, KNOWN, TODAY, **more)
    return [one.reference for one in judged.matching], [(one.number, one.why) for one in judged.refused]


def test_rows_that_say_what_was_asked_match():
    judged = judge(HEAD + "R-1-1,2026-11-20,1250.50\nR-1-2,2026-11-20,80.00\n", KNOWN, TODAY)

    assert not judged.refused
    assert [one.money for one in judged.matching] == [Money(125050, "USD"), Money(8000, "USD")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("R-9-9,2026-11-20,80.00", "unknown"),
        (",2026-11-20,80.00", "unknown"),
        ("R-0-1,2026-11-20,10.00", "paid-already"),
        ("R-1-2,2026-11-20,80.01", "sum"),
        ("R-1-2,2026-11-20,-80.00", "amount"),
        ('R-1-2,2026-11-20,"1,250.50"', "amount"),
        ("R-1-2,2026-11-20,", "amount"),
        ("R-1-2,11/20/2026,80.00", "day"),
        ("R-1-2,2026-11-25,80.00", "future"),
        ("R-1-2,2026-11-01,80.00", "before"),
    ],
)
def test_a_row_that_does_not_match_is_refused_and_the_rest_is_not(row, why):
    assert whys(f"R-1-1,2026-11-20,1250.50\n{row}\n") == (["R-1-1"], [(3, why)])


def test_a_reference_that_stands_twice_is_refused_both_times():
    assert whys("R-1-2,2026-11-20,80.00\nR-1-2,2026-11-20,80.00\n") == ([], [(2, "twice"), (3, "twice")])


def test_another_currency_is_refused():
    text = "reference,paid_on,amount,currency\nR-1-2,2026-11-20,80.00,EUR\n"

    assert [one.why for one in judge(text, KNOWN, TODAY).refused] == ["currency"]


def test_their_own_headings_and_a_byte_order_mark_are_read():
    text = "\ufeffVendor,Doc No,Date paid,Amt\nx,R-1-2,2026-11-20,80.00\n"
    headings = {"reference": "Doc no", "paid_on": "Date Paid", "amount": "Amt"}
    judged = judge(text, KNOWN, TODAY, headings)

    assert judged.matching and not judged.refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "columns"),
        ("reference,amount\nR,1\n", "columns"),
        (HEAD, "empty"),
        ('reference,"paid', "columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text, why):
    with pytest.raises(UnusableInputError) as refused:
        judge(text, KNOWN, TODAY)

    assert refused.value.why == why


ROWS = some.lists(
    some.tuples(
        some.sampled_from([*KNOWN, "R-9-9", ""]),
        some.dates(ASKED - timedelta(days=5), TODAY + timedelta(days=5)).map(str),
        some.sampled_from(["1250.50", "80.00", "10.00", "80", "80.001", "x"]),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS)
def test_every_row_is_judged_and_what_matches_is_exactly_what_was_asked(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["reference", "paid_on", "amount"], *rows])
    judged = judge(out.getvalue(), KNOWN, TODAY)

    assert sorted([one.number for one in (*judged.matching, *judged.refused)]) == list(
        range(2, len(rows) + 2)
    )
    references = [one.reference for one in judged.matching]
    assert len(references) == len(set(references))
    for one in judged.matching:
        assert one.money == KNOWN[one.reference].money
        assert KNOWN[one.reference].paid_on is None
        assert ASKED <= one.paid_on <= TODAY


@given(ROWS)
def test_what_went_in_once_does_not_go_in_again(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["reference", "paid_on", "amount"], *rows])
    first = judge(out.getvalue(), KNOWN, TODAY)
    paid = {one.reference: one.paid_on for one in first.matching}
    known = {
        name: Expected(name, one.money, one.asked_on, paid.get(name, one.paid_on))
        for name, one in KNOWN.items()
    }

    assert judge(out.getvalue(), known, TODAY).matching == ()


@pytest.mark.parametrize("runs", ["=", "+", "-", "@", "\u2212", "\uff1d", "\ufe66", "\u207a", "\t", "\r"])
@pytest.mark.parametrize(
    "before",
    [
        "",
        " ",
        "\u00a0",
        "\ufeff",
        "\u200b",
        "\u200e\u202e",
        "\u2060 \u00ad",
        "\u3000",
        "\x00",
        "\u3164",
        "\u2800",
        "\u034f",
    ],
)
def test_nothing_that_cannot_be_seen_leads_a_formula_in(before, runs):
    cell = f"{before}{runs}HYPERLINK(1)"
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"{before}a{runs}") == f"{before}a{runs}"


@given(some.text())
def test_no_cell_is_run_by_a_spreadsheet(cell):
    assert not harmless(cell).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert harmless(cell).endswith(cell)


def test_the_file_that_goes_out_comes_back():
    rows = [["11112222", "1250.50", "USD", "R-1-1"], ["33334444", "80.00", "USD", "R-1-2"]]
    out = list(csv.DictReader(io.StringIO(write(["payee", "amount", "currency", "reference"], rows))))
    back = "\n".join(f"{one['reference']},2026-11-20,{one['amount']}" for one in out)

    judged = judge(HEAD + back, KNOWN, TODAY)

    assert judged.matching and not judged.refused

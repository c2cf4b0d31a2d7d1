"""Rows of registers as they stream by: any encoding, any delimiter, odd headings, newlines in cells."""

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.refusals import UnusableInputError
from alongside.core.registers.cells import clean, holds_emails, holds_people, is_email, nothing, several
from alongside.core.registers.decoding import LONGEST_LINE, lines_of, text_stream
from alongside.core.registers.rows import BEYOND, headings_of
from tests.core.registers.files import csv_bytes, encoding_of, opened, real

WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd"),
    max_size=12,
)
CELL = st.one_of(WORD, st.sampled_from(["a\nb", "c\r\nd", '"', '""', "=1+1", "x,y;z\tw|v", " ", "é", "—"]))
WIDTHS = st.integers(min_value=2, max_value=5)


@st.composite
def tables(draw):
    width = draw(WIDTHS)
    heads = [f"h{n}" for n in range(width)]
    row = st.lists(CELL, min_size=width, max_size=width).filter(
        lambda cells: any(one.strip() for one in cells)
    )
    return heads, draw(st.lists(row, min_size=1, max_size=12))


def comes_back(table, encoding, delimiter, quoting, ends, size):
    heads, rows = table
    found = opened(csv_bytes(heads, rows, encoding, delimiter, quoting, ends), size)
    assert found.headings == tuple(heads)
    assert [list(one.cells.values()) for one in found.rows] == rows


ANY = {
    "table": tables(),
    "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    "size": st.sampled_from([1, 7, 1000]),
}


@given(**ANY)
@settings(max_examples=40)
def test_what_was_written_is_read_back_whatever_the_pieces(table, encoding, quoting, size):
    comes_back(table, encoding, ",", quoting, "\r\n", size)


@pytest.mark.soak
@given(**ANY, delimiter=st.sampled_from(",;\t|"), ends=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=4000)
def test_every_delimiter_and_line_end_is_read_back(table, encoding, delimiter, quoting, ends, size):
    comes_back(table, encoding, delimiter, csv.QUOTE_ALL if delimiter != "," else quoting, ends, size)


#: Letters that every office's files may hold, in an encoding of old spreadsheets too.
OLD = st.text(st.sampled_from("aB9 éñÄ–“”€=+@'"), max_size=10)
HEADING = st.one_of(
    OLD, WORD, st.sampled_from(["Note", "Note", "Note (2)", "", " ", "a\nb", '"', "id, name", "Column 2"])
)


@st.composite
def odd_files(draw):
    """Give headings of any kind, twice or missing, with rows of any length, in an encoding that can write them."""
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    heading, cell = (OLD, OLD) if encoding == "cp1252" else (HEADING, CELL)
    heads = draw(
        st.lists(heading, min_size=2, max_size=6).filter(lambda found: any(one.strip() for one in found))
    )
    row = st.lists(cell, min_size=1, max_size=8).filter(lambda cells: any(one.strip() for one in cells))
    return heads, draw(st.lists(row, min_size=1, max_size=12)), encoding


def every_cell_is_kept(file, size):
    heads, rows, encoding = file
    found = opened(csv_bytes(heads, rows, encoding, quoting=csv.QUOTE_ALL), size)
    read = list(found.rows)
    width = len(heads)

    assert (len(found.headings), len(set(found.headings))) == (width, width)
    assert [" ".join(one.split()) for one in heads if one.strip()] == [
        name.rpartition(" (")[0] if name != said and said else name
        for name, said in zip(found.headings, (" ".join(one.split()) for one in heads), strict=True)
        if said
    ]
    assert [one.number for one in read] == list(range(1, len(rows) + 1))
    for one, cells in zip(read, rows, strict=True):
        kept = [one.cells[name] for name in found.headings]
        beyond = [cell for cell in cells[width:] if cell.strip()]
        assert kept == (cells + [""] * width)[:width]
        assert (one.why, one.cells.get(BEYOND, "")) == ("more-cells" if beyond else "", "\n".join(beyond))


@given(file=odd_files(), size=st.sampled_from([1, 7, 1000]))
@settings(max_examples=60)
def test_headings_of_any_kind_and_rows_of_any_length_lose_no_cell(file, size):
    every_cell_is_kept(file, size)


@pytest.mark.soak
@given(file=odd_files(), size=st.integers(min_value=1, max_value=5000))
@settings(max_examples=3000)
def test_thousands_of_odd_files_lose_no_cell(file, size):
    every_cell_is_kept(file, size)


def test_a_delimiter_is_found_by_what_cuts_rows_alike():
    for delimiter in ",;\t|":
        rows = [["Counters", "They count people, bikes; all"], ["Cameras", "At the, bridge"]]
        found = opened(csv_bytes(["name", "what"], rows, delimiter=delimiter))
        assert [list(one.cells.values()) for one in found.rows] == rows


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Señal – é".encode(), "utf-8"),
        ("Señal".encode("utf-8-sig"), "utf-8-sig"),
        ("Señal – “é”".encode("cp1252"), "cp1252"),
        ("name,what\r\na,b".encode("utf-16"), "utf-16"),
        ("name,what\r\na,b".encode("utf-16-le"), "utf-16-le"),
        ("name,what\r\na,b".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_an_encoding_is_found_from_the_bytes_alone(data, encoding):
    assert encoding_of(data, 1) == encoding
    assert encoding_of(data, 1000) == encoding


def test_a_letter_cut_in_two_by_pieces_is_still_one_letter():
    assert "".join(lines_of(text_stream([b"\xc3", b"\xb1\n", b"x"], "utf-8"))) == "ñ\nx"


def test_bytes_that_are_no_letter_do_not_stop_the_file():
    found = opened(b"name,what\nCaf\xe9,\x81\n")

    assert [dict(one.cells) for one in found.rows] == [{"name": "Café", "what": "\ufffd"}]


def test_headings_of_one_name_are_told_apart():
    assert headings_of(["Note", "Note", "", "Note", "Note (2)"]) == (
        "Note",
        "Note (2)",
        "Column 3",
        "Note (3)",
        "Note (2) (2)",
    )


def test_a_row_with_more_cells_than_headings_says_so_and_the_rest_goes_on():
    rows = list(opened(b"name,what\na,b\nc,d,e\nf\n").rows)

    assert [(one.number, one.why) for one in rows] == [(1, ""), (2, "more-cells"), (3, "")]
    assert dict(rows[1].cells) == {"name": "c", "what": "d", "beyond the headings": "e"}
    assert dict(rows[2].cells) == {"name": "f", "what": ""}


def test_blank_lines_are_no_rows():
    assert [one.number for one in opened(b"\n\nname,what\n\na,b\n\nc,d\n").rows] == [1, 2]


def test_a_file_without_line_ends_is_refused_before_it_fills_the_memory():
    with pytest.raises(UnusableInputError, match="line"):
        opened(b"x" * (LONGEST_LINE + 10), 1 << 16)


def test_a_quote_that_never_ends_is_told_with_the_last_good_row():
    data = csv_bytes(["name", "what"], [["a", "b"]]) + b'c,"' + b"never ends\n" * 20_000

    with pytest.raises(UnusableInputError) as told:
        list(opened(data, 1 << 16).rows)
    assert (told.value.why, told.value.about) == ("cell", ("1",))


def test_an_empty_file_is_told():
    for data in (b"", b"\n\n", b"[]", b'{"records": []}'):
        with pytest.raises(UnusableInputError, match="empty"):
            opened(data)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(
    items=st.lists(
        st.dictionaries(st.text(min_size=1, max_size=6), JSON, min_size=1, max_size=4), min_size=1, max_size=6
    ),
    nest=st.integers(min_value=0, max_value=3),
    size=st.sampled_from([1, 5, 1000]),
)
@settings(max_examples=40)
def test_objects_come_out_one_by_one_however_deep_their_list_lies(items, nest, size):
    value: object = items
    for depth in range(nest):
        value = {"meta": {"made": "2026", "parts": ["a", [1]]}, f"inside{depth}": value, "after": [1, 2]}

    rows = list(opened(json.dumps(value, indent=1).encode(), size).rows)

    assert [one.number for one in rows] == list(range(1, len(items) + 1))
    assert [set(one.cells) for one in rows] == [{clean(name) for name in one} for one in items]


def test_nested_objects_become_columns_and_lists_are_written_as_lists():
    found = opened(b'[{"name": "a", "owner": {"unit": "x", "office": null}, "of": ["p", "q"], "live": true}]')

    (row,) = found.rows
    assert dict(row.cells) == {
        "name": "a",
        "owner.unit": "x",
        "owner.office": "",
        "of": '["p", "q"]',
        "live": "Yes",
    }


def test_an_item_that_is_no_object_is_told_and_the_rest_goes_on():
    rows = list(opened(b'[{"name": "a"}, "b", {"name": "c"}]').rows)

    assert [(one.number, one.why) for one in rows] == [(1, ""), (2, "not-an-object"), (3, "")]


def test_broken_json_is_told():
    with pytest.raises(UnusableInputError, match="json"):
        list(opened(b'[{"name": "a"}, {"name": ').rows)


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        (
            "['a) Direct usability testing', 'b) It\\'s \\ncomments']",
            ("a) Direct usability testing", "b) It's \ncomments"),
        ),
        ('["Race/Ethnicity","Age"]', ("Race/Ethnicity", "Age")),
        ("[]", ()),
        ("Not Applicable", ()),
        ("", ()),
        ("[a, b]", ("a", "b")),
        ("['N/A', 'c']", ("c",)),
        ("plain words", ("plain words",)),
    ],
)
def test_a_list_written_as_one_string_is_read_as_its_items(cell, items):
    assert several(cell) == items


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_no_cell_breaks_the_reading_of_lists(cell):
    assert all(not nothing(one) for one in several(f"[{cell}]"))


def test_columns_of_e_mail_addresses_are_known_by_heading_or_by_what_stands_in_them():
    assert holds_emails("contact_email", ["", ""])
    assert holds_emails("Who to ask", ["ann@city.example", "", "bo@city.example; cy@city.example"])
    assert not holds_emails("Summary", ["Write to us", "a @ b"])
    assert is_email("a@b.example") is True


@pytest.mark.parametrize(
    ("name", "columns", "rows", "encoding"),
    [
        ("us_federal_2023.csv", 10, 710, "utf-8"),
        ("us_federal_2024_v2.csv", 62, 2133, "cp1252"),
        ("us_federal_2025_individual.csv", 36, 3611, "utf-8-sig"),
        ("us_federal_2025_cots.csv", None, 900, None),
        ("uk_atrs_records.csv", 4, 136, "utf-8"),
        ("uk_atrs_records.json", 7, 136, "utf-8"),
    ],
)
def test_every_row_of_a_real_register_is_read(name, columns, rows, encoding):
    data = real(name).read_bytes()
    found = opened(data, 1 << 16)

    assert encoding in {None, encoding_of(data, 1 << 16)}
    assert columns in {None, len(found.headings)}
    assert [one.number for one in found.rows] == list(range(1, rows + 1))


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Name", ["Ana Ruiz"]),
        ("first_name", []),
        ("Nombre del solicitante", []),
        ("Họ và tên", []),
        ("الاسم", []),
        ("Home address", []),
        ("DOB", ["1990-01-01"]),
        ("Column 3", ["503-555-0142", "(503) 555-0143", ""]),
        ("Column 4", ["123-45-6789", "987-65-4321"]),
        ("Who to ask", ["ann@city.example"]),
        ("Contact", ["Ana Ruiz"]),
        ("Contact name", []),
        ("contact_name", []),
        ("contactName", []),
        ("Contact person", []),
        ("Staff name", []),
        ("Employee name", []),
        ("Applicant's name", []),
        ("phone_number", []),
        ("Contacto", []),
        ("Persona de contacto", []),
        ("Nombre del contacto", []),
        ("Người liên hệ", []),
        ("Tên nhân viên", []),
        ("جهة الاتصال", []),
        ("اسم الموظف", []),
    ],
)
def test_a_column_that_looks_like_people_is_found(heading, cells):
    assert holds_people(heading, cells)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("file_name", ["a.csv"]),
        ("Project name", ["Library hours"]),
        ("use_case_name", ["Sorting calls"]),
        ("Contact hours", ["9 to 5"]),
        ("Staffing", ["Two shifts"]),
        ("Tên dự án", []),
        ("اسم المشروع", []),
        ("Column", ["hi_appeal_process"]),
        ("Count", ["1200", "15"]),
        ("Day", ["2026-11-27"]),
        ("Purpose", ["Sorting calls"]),
    ],
)
def test_a_column_about_things_is_not(heading, cells):
    assert not holds_people(heading, cells)

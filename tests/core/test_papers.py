"""A file that is reviewed says nothing of who made it, when and with what; what cannot be cleaned is refused with its cure."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from alongside.core.papers import taken_in
from alongside.core.reading import grade
from alongside.core.tables import NotTakenIn, decoded, read_table
from tests.core.test_pictures import SECRET, exif, jpeg

CANARY = "canary-who-made-this"


def pdf(*, locked: bool = False) -> bytes:
    """Make a PDF that tells of its maker everywhere we know of."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY})
    xmp = StreamObject()
    xmp.set_data(CANARY.encode())
    xmp[NameObject("/Type")] = NameObject("/Metadata")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    run = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{CANARY}')")}
    opens = DictionaryObject({NameObject(name): value for name, value in run.items()})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(opens)
    writer.add_attachment(f"{CANARY}.txt", CANARY.encode())
    note = FreeText(text="A note that stays", rect=(10, 10, 90, 90))
    note[NameObject("/T")] = TextStringObject(CANARY)
    writer.add_annotation(0, note)
    writer.add_annotation(0, Link(rect=(1, 1, 5, 5), url="https://alongside.example/"))
    photo = StreamObject()
    photo._data = jpeg(exif(1))
    photo[NameObject("/Filter")] = NameObject("/DCTDecode")
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/I"): writer._add_object(photo)})}
    )
    if locked:
        writer.encrypt("word")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_loses_what_it_says_of_its_makers_and_keeps_what_it_says():
    before = pdf()
    assert CANARY.encode() in before
    assert SECRET in before
    paper = taken_in(before, "notes.txt")
    assert (paper.shown, paper.media_type, paper.ending) == ("pdf", "application/pdf", "pdf")
    read = PdfReader(io.BytesIO(paper.data))
    told = [repr(one) for one in (read.get_object(n) for n in read.xref[0])]
    assert CANARY.encode() not in paper.data
    assert [one for one in told if CANARY in one] == []
    assert SECRET not in paper.data
    notes = [one.get_object() for one in read.pages[0]["/Annots"]]
    assert [one.get("/Contents") for one in notes] == ["A note that stays", None]
    assert notes[1]["/A"]["/URI"] == "https://alongside.example/"
    assert read.metadata is None or "/Author" not in read.metadata


@pytest.mark.parametrize(
    ("why", "data", "name"),
    [
        ("nothing", b"", "a.csv"),
        ("office", b"PK\x03\x04 a spreadsheet", "a.csv"),
        ("office", b"\xd0\xcf\x11\xe0 an old one", "a.pdf"),
        ("locked", pdf(locked=True), "a.pdf"),
        ("broken", b"%PDF-1.7\nnothing", "a.pdf"),
        ("picture", b"\xff\xd8\xff cut off", "a.jpg"),
        ("text", b"\x7fELF\x00\x01", "a.txt"),
        ("text", b"GIF89a\x01\x00", "a.png"),
        ("empty", b"\n\n", "a.csv"),
        ("columns", b"a," * 600, "a.csv"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_by_what_it_is_not_by_its_name(why, data, name):
    with pytest.raises(NotTakenIn) as caught:
        taken_in(data, name)
    assert caught.value.why == why


def test_a_page_with_scripts_is_only_text():
    paper = taken_in(b"<script>alert(1)</script>", "page.html")
    assert (paper.shown, paper.media_type, paper.ending) == ("text", "text/plain", "txt")


@pytest.mark.parametrize(
    "data",
    ["é,b\r\nc,d".encode(), "é,b\r\nc,d".encode("utf-8-sig"), "é,b\nc,d".encode("utf-16"), b"\xe9,b\rc,d"],
)
def test_letters_of_every_office_come_out_alike(data):
    assert taken_in(data, "a.csv").data == "é,b\nc,d".encode()


def test_a_table_keeps_line_ends_in_cells_and_columns_of_one_name():
    table = read_table('Other,Other\n"two\nlines"\n1,2\n')
    assert (table.head, table.rows) == (("Other", "Other"), (("two\nlines", ""), ("1", "2")))
    assert decoded(b"\xef\xbb\xbfa") == "a"


def test_a_grade_tells_a_plain_question_from_a_hard_one():
    plain = "Do you use the bus? How often do you ride it? Tell us what we can do to make your ride better. Is it safe? Is it on time?"
    hard = "Characterize the multidimensional accessibility considerations influencing transportation utilization within disadvantaged communities, incorporating organizational accountability and environmental sustainability requirements, notwithstanding administrative limitations."
    assert grade("Too short to tell.") is None
    assert grade(plain) < 5 < 16 < grade(hard)

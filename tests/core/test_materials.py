"""A file that is reviewed says nothing of who made it, when and with what; what cannot be cleaned is refused with its cure."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from alongside.core.materials import taken_in
from alongside.core.readability import grade
from alongside.core.refusals import UnusableInputError
from alongside.core.tables import decoded, read_table
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


def made(action: dict, where: str = "note") -> bytes:
    """Make a PDF of two pages with an action somewhere; every name in it is an object of its own that is only pointed at."""
    writer = PdfWriter()
    page, other = writer.add_blank_page(200, 200), writer.add_blank_page(200, 200)

    def turned(value):
        if isinstance(value, dict):
            return writer._add_object(DictionaryObject({NameObject(n): turned(v) for n, v in value.items()}))
        if isinstance(value, list):
            return ArrayObject([NumberObject(0) if one == 0 else turned(one) for one in value])
        if value == "second page":
            return other.indirect_reference
        if isinstance(value, bytes):
            return writer._add_object(ByteStringObject(value))
        return writer._add_object(NameObject(value) if value.startswith("/") else TextStringObject(value))

    acts = turned(action)
    if where.startswith("note"):
        note = {"/Type": "/Annot", "/Subtype": "/Link", "/Contents": "A link"}
        held = turned(note)
        held.get_object()[NameObject("/Rect")] = ArrayObject([NumberObject(n) for n in (1, 1, 5, 5)])
        held.get_object()[NameObject("/A")] = acts if where == "note" else acts.get_object()
        page[NameObject("/Annots")] = writer._add_object(ArrayObject([held]))
    elif where == "outline":
        writer.add_outline_item(title="A chapter", page_number=0)
        writer.root_object["/Outlines"]["/First"][NameObject("/A")] = acts
    elif where == "page":
        page[NameObject("/AA")] = turned({"/O": action})
    else:
        writer.root_object[NameObject(where)] = acts
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def every_object(data: bytes) -> list[DictionaryObject]:
    """List every dictionary that a PDF holds, however deep."""
    read = PdfReader(io.BytesIO(data))
    todo, found = [read.get_object(n) for n in range(1, len(read.xref[0]) + 1) if n in read.xref[0]], []
    while todo:
        one = todo.pop()
        if isinstance(one, DictionaryObject):
            found.append(one)
            todo += [each for each in one.values() if isinstance(each, DictionaryObject | ArrayObject)]
        elif isinstance(one, ArrayObject):
            todo += [each for each in one if isinstance(each, DictionaryObject | ArrayObject)]
    return found


def acts_of(data: bytes) -> set[str]:
    """Name what a PDF does when it is opened, read or pressed."""
    done = {
        "/URI",
        "/GoTo",
        "/GoToE",
        "/GoToR",
        "/JavaScript",
        "/Launch",
        "/Named",
        "/SubmitForm",
        "/ImportData",
    }
    done |= {"/Thread", "/Sound", "/Hide", "/ResetForm", "/SetOCGState", "/Rendition", "/NewKindOfAction"}
    return {str(one["/S"]) for one in every_object(data) if "/S" in one} & done


RUNS = {"/Type": "/Action", "/S": "/JavaScript", "/JS": f"app.alert('{CANARY}')"}
ACTS = {
    "a script": RUNS,
    "a script without its type": {"/S": "/JavaScript", "/JS": CANARY},
    "a file inside": {"/S": "/GoToE", "/F": {"/F": CANARY}, "/D": CANARY},
    "another file": {"/S": "/GoToR", "/F": f"\\\\{CANARY}\\share", "/D": CANARY},
    "a program": {"/S": "/Launch", "/F": CANARY},
    "a form sent": {"/S": "/SubmitForm", "/F": CANARY},
    "what the program names": {"/S": "/Named", "/N": "/Print"},
    "what nobody knows yet": {"/Type": "/Action", "/S": "/NewKindOfAction", "/N": CANARY},
    "javascript:": {"/S": "/URI", "/URI": f"javascript:{CANARY}"},
    "JavaScript: as bytes": {"/S": "/URI", "/URI": f"JaVaScript:{CANARY}".encode()},
    "javascript: after a space": {"/S": "/URI", "/URI": f" \tjavascript:{CANARY}"},
    "file:": {"/S": "/URI", "/URI": f"file:///{CANARY}"},
    "data:": {"/S": "/URI", "/URI": f"data:text/html,{CANARY}"},
    "no scheme": {"/S": "/URI", "/URI": f"//{CANARY}"},
    "a good address, with a line end": {"/S": "/URI", "/URI": f"https://a.example/\n{CANARY}"},
}


@pytest.mark.parametrize("where", ["note", "note that holds it", "outline", "page", "/OpenAction"])
@pytest.mark.parametrize("action", ACTS.values(), ids=ACTS)
def test_a_pdf_does_nothing_but_lead_to_a_page_however_its_action_is_written(action, where):
    before = made(action, where)
    assert action["/S"] in acts_of(before)

    clean = taken_in(before).data

    assert acts_of(clean) == set()
    assert [one for one in every_object(clean) if CANARY in repr(one)] == []
    assert len(PdfReader(io.BytesIO(clean)).pages) == 2


@pytest.mark.parametrize("where", ["note", "outline"])
def test_a_good_link_stays_without_what_would_come_after_it(where):
    good = {"/S": "/URI", "/URI": "https://alongside.example/a?b=c", "/Next": RUNS}

    clean = taken_in(made(good, where)).data

    (kept,) = [one for one in every_object(clean) if one.get("/S") == "/URI"]
    assert dict(kept) == {"/S": "/URI", "/URI": "https://alongside.example/a?b=c"}
    assert acts_of(clean) == {"/URI"}


def test_a_link_to_another_page_stays():
    clean = taken_in(made({"/S": "/GoTo", "/D": ["second page", "/Fit"], "/Next": [RUNS]})).data

    read = PdfReader(io.BytesIO(clean))
    action = read.pages[0]["/Annots"][0].get_object()["/A"]
    assert action["/S"] == "/GoTo"
    assert read.get_page_number(action["/D"][0].get_object()) == 1
    assert acts_of(clean) == {"/GoTo"}


@pytest.mark.parametrize(
    "name", ["/Perms", "/DSS", "/Legal", "/Collection", "/SpiderInfo", "/Requirements", "/URI", "/NewKey"]
)
def test_a_pdf_keeps_only_what_shows_its_pages(name):
    clean = taken_in(made({"/Reason": CANARY}, name)).data
    assert [one for one in every_object(clean) if CANARY in repr(one)] == []


def test_a_kind_of_note_that_nobody_knows_keeps_only_its_words():
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    note = DictionaryObject(
        {NameObject("/Subtype"): NameObject("/NewKind"), NameObject("/Runs"): TextStringObject(CANARY)}
    )
    note[NameObject("/Rect")] = ArrayObject([NumberObject(n) for n in (1, 1, 5, 5)])
    note[NameObject("/Contents")] = TextStringObject("A note that stays")
    page[NameObject("/Annots")] = ArrayObject([note])
    out = io.BytesIO()
    writer.write(out)

    (kept,) = PdfReader(io.BytesIO(taken_in(out.getvalue()).data)).pages[0]["/Annots"]

    assert (kept["/Subtype"], kept["/Contents"], "/Runs" in kept) == ("/Text", "A note that stays", False)


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
    with pytest.raises(UnusableInputError) as caught:
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
    assert (grade("Too short to tell."), grade("", fewest=1)) == (None, None)
    assert grade(plain) < 5 < 16 < grade(hard)


@given(st.text(max_size=300))
def test_any_text_of_a_word_has_a_grade(text):
    assert isinstance(grade(f"word {text}", fewest=1), float)

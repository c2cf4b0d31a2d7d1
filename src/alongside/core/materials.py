"""Take in a file that is to be reviewed: tell what it is from its bytes, and give it without what it says of its makers."""

import contextlib
import io
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from alongside.core.pictures import PNG
from alongside.core.pictures import cleaned as clean_picture
from alongside.core.refusals import UnusableInputError
from alongside.core.tables import decoded, looks_like_a_table, read_table


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: What the document as a whole may hold: what shows its pages, and helps a person to find and to hear them.
OF_THE_DOCUMENT = _names(
    "/Type /Version /Extensions /Pages /PageLabels /Names /Dests /ViewerPreferences /PageLayout /PageMode "
    "/Outlines /StructTreeRoot /MarkInfo /Lang /OutputIntents /OCProperties /AcroForm"
)
OF_A_PAGE = _names(
    "/Type /Parent /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Rotate /UserUnit /Contents "
    "/Group /Annots /StructParents /Tabs"
)
#: Notes on a page that only show something, and what they need for it; any other kind keeps its place and its words.
NOTES = _names(
    "/Text /Link /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly "
    "/StrikeOut /Caret /Stamp /Ink /Popup /Widget /Redact"
)
OF_A_NOTE = _names(
    "/Type /Subtype /Rect /Contents /P /F /AP /AS /Border /BS /BE /C /IC /CA /ca /H /StructParent /Lang "
    "/OC /Dest /A /QuadPoints /InkList /Vertices /L /LE /LL /LLE /LLO /Cap /CP /CO /IT /RD /DA /DS /Q /CL "
    "/Sy /Name /Open /Popup /Parent /IRT /RT /State /StateModel /OverlayText /Repeat /RO"
)
OF_A_FIELD = _names("/T /TU /FT /V /DV /Ff /Opt /TI /I /MaxLen /Kids /MK")
OF_A_BARE_NOTE = _names("/Type /Subtype /Rect /Contents /P /F /StructParent /Lang")
#: What tells of people, machines and other files, or does something by itself, wherever it stands.
TELLING = _names(
    "/Metadata /PieceInfo /LastModified /AF /AA /PA /OpenAction /JS /Thumb /XFA /EmbeddedFiles /JavaScript "
    "/EF /RF /Ref /OPI /OnInstantiate /DestOutputProfileRef"
)
#: Everything that the PDF standard lets a document do. Of these, only what leads to a page or an address is kept, and made anew.
ACTIONS = _names(
    "/GoTo /GoToR /GoToE /GoToDp /Launch /Thread /URI /Sound /Movie /Hide /Named /SubmitForm /ResetForm "
    "/ImportData /JavaScript /SetOCGState /Rendition /Trans /GoTo3DView /RichMediaExecute"
)
#: Addresses that a link may lead to.
LEADS_TO = re.compile(r"(?:https?://|mailto:)[^\x00-\x20\x7f-\xa0]+", re.IGNORECASE)
#: What holds names, times and certificates, or a file.
EMPTIED = ("/Filespec", "/Sig", "/DocTimeStamp", "/SigRef")
MOST_PAGES = 500
BROKEN = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
ZIP, OLE, PDF, JPEG = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\xff\xd8\xff"


@dataclass(frozen=True)
class Paper:
    """A cleaned file: how it is shown (table, text, picture or pdf), its media type, its ending, its bytes."""

    shown: str
    media_type: str
    ending: str
    data: bytes


def taken_in(data: bytes, name: str = "") -> Paper:
    """Tell what a file is from its bytes and give it clean. Its name only tells a table from a text. Raises UnusableInputError."""
    if not data:
        raise UnusableInputError("nothing", "The file is empty; choose another.")
    if data.startswith((ZIP, OLE)):
        raise UnusableInputError(
            "office",
            "Office files keep names and old wordings that we cannot take out. Save it as PDF or CSV.",
        )
    if PDF in data[:1024]:
        return Paper("pdf", "application/pdf", "pdf", clean_pdf(data))
    if data.startswith((PNG, JPEG)):
        media_type, clean = clean_picture(data)
        return Paper("picture", media_type, media_type.removeprefix("image/").replace("jpeg", "jpg"), clean)
    return _words(data, name)


def _words(data: bytes, name: str) -> Paper:
    text = decoded(data)
    if looks_like_a_table(text, name):
        read_table(text)
        return Paper("table", "text/csv", "csv", text.encode())
    return Paper("text", "text/plain", "txt", text.encode())


def clean_pdf(data: bytes) -> bytes:
    """Give a PDF without metadata, files inside, scripts, and names and times in its notes. Raises UnusableInputError."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        _refuse(reader)
        writer = PdfWriter(clone_from=reader)
        _keep(writer.root_object, OF_THE_DOCUMENT)
        names = _of(writer.root_object, "/Names")
        if isinstance(names, DictionaryObject):
            _keep(names, frozenset({"/Dests"}))
        for page in writer.pages:
            _keep(page, OF_A_PAGE)
            _clean_notes(page)
        for one in list(writer._objects):  # noqa: SLF001 -- pypdf gives no other way to walk every object
            _clean(one)
        writer.metadata = None
        writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
        made = io.BytesIO()
        writer.write(made)
    except UnusableInputError:
        raise
    except BROKEN as error:
        raise UnusableInputError(
            "broken", "This PDF is cut off or broken. Save it again, then send it."
        ) from error
    return made.getvalue()


def _refuse(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise UnusableInputError("locked", "This PDF is locked. Save it without a password, then send it.")
    if len(reader.pages) > MOST_PAGES:
        raise UnusableInputError(
            "pages", f"This PDF has more than {MOST_PAGES} pages. Send the part to review."
        )


def _of(one: DictionaryObject, name: str) -> Any:
    """Give what a dictionary says, itself or in another object that it points at."""
    value = dict.get(one, NameObject(name))
    return value.get_object() if isinstance(value, PdfObject) else value


def _keep(one: DictionaryObject, names: frozenset[str]) -> None:
    for name in [each for each in one if each not in names]:
        del one[name]


def _clean_notes(page: DictionaryObject) -> None:
    """Keep notes that only show something, without who wrote them and when."""
    notes = _of(page, "/Annots")
    for each in notes if isinstance(notes, ArrayObject) else ():
        note = each.get_object()
        if isinstance(note, DictionaryObject):
            _clean_note(note)


def _clean_note(note: DictionaryObject) -> None:
    kind = _of(note, "/Subtype")
    if kind in NOTES:
        _keep(note, OF_A_NOTE | OF_A_FIELD if kind == "/Widget" else OF_A_NOTE)
    else:
        _keep(note, OF_A_BARE_NOTE)
        note[NameObject("/Subtype")] = NameObject("/Text")


def _clean(one: Any) -> None:
    if isinstance(one, ArrayObject):
        for each in one:
            _clean(each)
    if not isinstance(one, DictionaryObject):
        return
    if isinstance(one, StreamObject):
        _clean_stream(one)
    _clean_by_type(one)
    for name in TELLING:
        one.pop(NameObject(name), None)
    _clean_action(one)
    for each in list(one.values()):
        if isinstance(each, DictionaryObject | ArrayObject):
            _clean(each)


def _clean_by_type(one: DictionaryObject) -> None:
    kind = _of(one, "/Type")
    if kind in EMPTIED:
        one.clear()
    if kind == "/Annot" or ("/Subtype" in one and "/Rect" in one):
        _clean_note(one)
    if kind == "/Action" or _of(one, "/S") in ACTIONS:
        allowed = _allowed(one)
        one.clear()
        one.update(allowed or {})


def _clean_action(one: DictionaryObject) -> None:
    """Keep what happens when something is pressed if it only leads to a page or an address, and make it anew."""
    action = _of(one, "/A")
    # A part of the structure has attributes under the same name; without an "S" they do nothing.
    if action is None or (isinstance(action, DictionaryObject) and "/S" not in action):
        return
    if isinstance(action, ArrayObject) and not any("/S" in each for each in _held(action)):
        return
    allowed = _allowed(action) if isinstance(action, DictionaryObject) else None
    if allowed:
        one[NameObject("/A")] = allowed
    else:
        del one["/A"]


def _held(many: ArrayObject) -> list[DictionaryObject]:
    held = (each.get_object() for each in many)
    return [each for each in held if isinstance(each, DictionaryObject)]


def _allowed(action: DictionaryObject) -> DictionaryObject | None:
    """Make an action anew that leads to an address or to a page of this document; None for any other."""
    kind = _of(action, "/S")
    if kind == "/URI":
        said = _of(action, "/URI")
        address = bytes(said).decode("latin-1") if isinstance(said, ByteStringObject) else str(said)
        if not LEADS_TO.fullmatch(address):
            return None
        return DictionaryObject(
            {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(address)}
        )
    place = _place(_of(action, "/D")) if kind == "/GoTo" else None
    if place is None:
        return None
    return DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): place})


def _place(place: Any) -> PdfObject | None:
    """Give a place in this document: its name, or a page and how much of it to show."""
    if isinstance(place, NameObject | TextStringObject | ByteStringObject):
        return place
    if not isinstance(place, ArrayObject) or not place:
        return None
    page, *rest = (each.get_object() for each in place)
    is_page = isinstance(page, NumberObject) or (isinstance(page, DictionaryObject) and "/MediaBox" in page)
    plain = all(isinstance(each, NameObject | NumberObject | FloatObject | NullObject) for each in rest)
    return ArrayObject(place) if is_page and plain else None


def _clean_stream(stream: StreamObject) -> None:
    """Empty what is metadata or a file inside; take out what a camera wrote into a photo."""
    raw = stream._data  # noqa: SLF001 -- the bytes as they stand, which pypdf would decode
    for name in ("/F", "/FFilter", "/FDecodeParms"):  # in a stream, bytes that stand in another file
        stream.pop(NameObject(name), None)
    if _of(stream, "/Type") in ("/Metadata", "/EmbeddedFile"):
        stream.pop(NameObject("/Filter"), None)
        stream._data = b""  # noqa: SLF001 -- as above
    elif _of(stream, "/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        with contextlib.suppress(UnusableInputError):
            stream._data = clean_picture(raw)[1]  # noqa: SLF001 -- as above

"""Take in a file that is to be reviewed: tell what it is from its bytes, and give it without what it says of its makers."""

import contextlib
import io
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from alongside.core.pictures import PNG, NotAPictureError
from alongside.core.pictures import cleaned as clean_picture
from alongside.core.tables import NotTakenIn, decoded, looks_like_a_table, read_table

#: What tells of people, machines and other files, or does something by itself when a PDF is opened.
TELLING = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/OpenAction", "/JS", "/Thumb", "/XFA"),
    *("/EmbeddedFiles", "/JavaScript"),
)
#: Actions that do more than lead to a page.
RUNNING = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition")
#: What a note on a page says of who wrote it and when; a note that runs or carries something goes whole.
OF_A_NOTE = ("/T", "/M", "/CreationDate", "/NM", "/A", "/FS", "/RC")
CARRIERS = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D")
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
    """Tell what a file is from its bytes and give it clean. Its name only tells a table from a text. Raises NotTakenIn."""
    if not data:
        raise NotTakenIn("nothing", "The file is empty; choose another.")
    if data.startswith((ZIP, OLE)):
        raise NotTakenIn(
            "office",
            "Office files keep names and old wordings that we cannot take out. Save it as PDF or CSV.",
        )
    if PDF in data[:1024]:
        return Paper("pdf", "application/pdf", "pdf", clean_pdf(data))
    if data.startswith((PNG, JPEG)):
        try:
            media_type, clean = clean_picture(data)
        except NotAPictureError as error:
            raise NotTakenIn("picture", str(error)) from error
        return Paper("picture", media_type, media_type.removeprefix("image/").replace("jpeg", "jpg"), clean)
    return _words(data, name)


def _words(data: bytes, name: str) -> Paper:
    text = decoded(data)
    if looks_like_a_table(text, name):
        read_table(text)
        return Paper("table", "text/csv", "csv", text.encode())
    return Paper("text", "text/plain", "txt", text.encode())


def clean_pdf(data: bytes) -> bytes:
    """Give a PDF without metadata, files inside, scripts, and names and times in its notes. Raises NotTakenIn."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        _refuse(reader)
        writer = PdfWriter(clone_from=reader)
        for one in list(writer._objects):  # noqa: SLF001 -- pypdf gives no other way to walk every object
            _clean(one)
        writer.metadata = None
        writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
        made = io.BytesIO()
        writer.write(made)
    except NotTakenIn:
        raise
    except BROKEN as error:
        raise NotTakenIn("broken", "This PDF is cut off or broken. Save it again, then send it.") from error
    return made.getvalue()


def _refuse(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise NotTakenIn("locked", "This PDF is locked. Save it without a password, then send it.")
    if len(reader.pages) > MOST_PAGES:
        raise NotTakenIn("pages", f"This PDF has more than {MOST_PAGES} pages. Send the part to review.")


def _clean(one: Any) -> None:
    if isinstance(one, ArrayObject):
        for each in one:
            _clean(each)
    if not isinstance(one, DictionaryObject):
        return
    if isinstance(one, StreamObject):
        _clean_stream(one)
    if one.get("/S") in RUNNING or one.get("/Type") == "/Filespec":
        one.clear()
    if one.get("/Type") == "/Annot" or ("/Subtype" in one and "/Rect" in one):
        _clean_note(one)
    for name in TELLING:
        one.pop(NameObject(name), None)
    for each in list(one.values()):
        if isinstance(each, DictionaryObject | ArrayObject):
            _clean(each)


def _clean_note(note: DictionaryObject) -> None:
    """Take who wrote a note, when, and what it carries out of it; a plain link stays a link."""
    if note.get("/Subtype") in CARRIERS:
        note[NameObject("/Subtype")] = NameObject("/Text")
    action = note.get("/A")
    keeps = isinstance(action, DictionaryObject) and action.get("/S") in ("/URI", "/GoTo")
    names = OF_A_NOTE if note.get("/Subtype") != "/Widget" else ()
    for name in names:
        if not (keeps and name == "/A"):
            note.pop(NameObject(name), None)


def _clean_stream(stream: StreamObject) -> None:
    """Empty what is metadata or a file inside; take out what a camera wrote into a photo."""
    raw = stream._data  # noqa: SLF001 -- the bytes as they stand, which pypdf would decode
    if stream.get("/Type") in ("/Metadata", "/EmbeddedFile"):
        stream.pop(NameObject("/Filter"), None)
        stream._data = b""  # noqa: SLF001 -- as above
    elif stream.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        with contextlib.suppress(NotAPictureError):
            stream._data = clean_picture(raw)[1]  # noqa: SLF001 -- as above

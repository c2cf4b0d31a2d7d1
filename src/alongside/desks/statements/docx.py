"""Draw a paper as DOCX: real headings, a heading row in each table, the language of every run, right to left where it is."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from alongside.desks.statements.binding import zipped
from alongside.desks.statements.blocks import Block, Grid, Heading, Line, Paper, Para, Points, Run, clean
from alongside.ground.ui.context import language

DATA = "Statement Data"
WIDE = Inches(6)
#: Letters of a row that stays on one page, as in the PDF; a longer one may run over.
SHORT = 1200
SOFT = RGBColor(0x50, 0x50, 0x50)
THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"


def docx_of(paper: Paper) -> bytes:
    """Give a paper as the bytes of a DOCX. The same paper gives the same bytes; it names no person."""
    document: Any = Document()
    drawing = Drawing(document, paper)
    drawing.prepare()
    drawing.line(document.add_paragraph(style="Title"), paper.title)
    for block in paper.blocks:
        drawing.block(block)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as packed:
        files = {one: packed.read(one) for one in packed.namelist()}
    return zipped(files, paper.on)


class Drawing:
    """Draws one paper into one document."""

    def __init__(self, document: Any, paper: Paper) -> None:
        self.document, self.paper = document, paper
        self.here = language(paper.lang)

    def prepare(self) -> None:
        """Set what holds for the whole document: title, maker, day, language, direction, and one style of our own."""
        about, moment = self.document.core_properties, datetime.combine(self.paper.on, time(12), tzinfo=UTC)
        about.title, about.language = self.paper.name[:255], self.here.tag
        about.author = about.last_modified_by = clean(self.paper.maker)[:255]
        about.comments = about.keywords = about.subject = ""
        about.created = about.modified = moment.replace(tzinfo=None)
        about.revision = 1
        package = self.document.part.package
        for key in [key for key, one in package.rels.items() if one.reltype == THUMBNAIL]:
            package.rels.pop(key)
        spoken = self.document.styles.element.find(".//" + qn("w:lang"))
        for name in ("val", "eastAsia", "bidi"):
            spoken.set(qn(f"w:{name}"), self.here.tag)
        data = self.document.styles.add_style(DATA, WD_STYLE_TYPE.PARAGRAPH)
        data.base_style, data.font.name, data.font.size = self.document.styles["Normal"], "Courier New", Pt(8)
        self.document.styles["Normal"].font.size = Pt(10.5)
        if self.here.dir == "rtl":
            section = self.document.sections[0]._sectPr  # noqa: SLF001 -- python-docx has no door to it
            section.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")

    def block(self, block: Block) -> None:
        """Draw one part of the paper."""
        match block:
            case Heading():
                self.line(self.document.add_heading(level=block.level - 1), block.line)
            case Para():
                self.line(
                    self.document.add_paragraph(style=DATA if block.style == "data" else None), block.line
                )
            case Points():
                for one in block.lines:
                    self.line(self.document.add_paragraph(style="List Bullet"), one)
            case Grid():
                self.grid(block)

    def grid(self, grid: Grid) -> None:
        """Draw a table; its first row is told as the row of headings, on every page that it runs over."""
        table = self.document.add_table(rows=1, cols=len(grid.head), style="Table Grid")
        about = table._tbl.tblPr  # noqa: SLF001 -- python-docx has no door to a table's own words
        if self.here.dir == "rtl":
            about.insert_element_before(
                OxmlElement("w:bidiVisual"), "w:tblW", "w:jc", "w:tblLayout", "w:tblLook"
            )
        told = OxmlElement("w:tblCaption")
        told.set(qn("w:val"), clean(grid.caption))
        about.append(told)
        top = table.rows[0]
        top._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 -- as above
        for cell, words in zip(top.cells, grid.head, strict=True):
            self.line(cell.paragraphs[0], (Run(words, is_strong=True),))
        for row in grid.rows:
            made = table.add_row()
            if sum(len(run.words) for lines in row for line in lines for run in line) <= SHORT:
                made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 -- as above
            for cell, lines in zip(made.cells, row, strict=True):
                for place, line in enumerate(lines):
                    self.line(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), line)
        for column, weight in zip(table.columns, grid.widths, strict=True):
            column.width = WIDE * weight // sum(grid.widths)
            for cell in column.cells:
                cell.width = column.width
        self.document.add_paragraph()

    def line(self, paragraph: Any, line: Line) -> None:
        """Put the runs of a line into a paragraph that has its direction."""
        first = language(line[0].lang or self.paper.lang) if line else self.here
        if first.dir == "rtl":
            paragraph.paragraph_format.element.get_or_add_pPr().insert_element_before(
                OxmlElement("w:bidi"),
                "w:adjustRightInd",
                "w:snapToGrid",
                "w:spacing",
                "w:ind",
                "w:jc",
                "w:rPr",
            )
        for one in line:
            self.run(paragraph, one)

    def run(self, paragraph: Any, one: Run) -> None:
        """Put words into a paragraph, with their language, and as a link where they lead somewhere."""
        run = paragraph.add_run(clean(one.words))
        told = language(one.lang or self.paper.lang)
        if one.is_strong:
            run.bold = run.font.cs_bold = True
        if one.is_hint:
            run.font.color.rgb = SOFT
        about = run._r.get_or_add_rPr()  # noqa: SLF001 -- python-docx has no door to the language of words
        if told.dir == "rtl":
            about.append(OxmlElement("w:rtl"))
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:bidi" if told.dir == "rtl" else "w:val"), told.tag)
        about.append(spoken)
        if one.href:
            run.font.underline = True
            link = OxmlElement("w:hyperlink")
            address = self.paper.address(one.href)
            link.set(
                qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            )
            paragraph._p.append(link)  # noqa: SLF001 -- as above
            link.append(run._r)  # noqa: SLF001 -- as above

"""Read consultations from the record, what leads say among themselves, and what a reviewer may look for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from alongside.cohort.seats.models import Seat
from alongside.core.anchors import LONGEST as LONGEST_ANCHOR
from alongside.core.anchors import Found, PlaceState, find_cells, find_words
from alongside.core.clocks import plus_months
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.texts import FILE
from alongside.core.kinds import EntryKind
from alongside.core.policy.linter import lint_question
from alongside.core.policy.pack import Pack
from alongside.core.policy.purpose import Product
from alongside.core.policy.shapes import Retention
from alongside.core.readability import LANGUAGES, grade
from alongside.core.salted import fits
from alongside.core.tables import Table, read_table
from alongside.core.workflow.consultations import ConsultationStage, stage_of
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import (
    EntryView,
    entries_at,
    entry_views,
    is_under_hold,
    packs_of,
    taken_down,
    worded,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.search.queries import SaidBefore, said_before
from alongside.ground.ui.addresses import number_in
from alongside.work.consultations.models import Comment, Consultation, Version
from alongside.work.projects.models import DecisionPoint, Project

MONTHS = 12


def rule_of(pack: Pack) -> Retention | None:
    """Give the class by which comments are kept; None where the pack names none."""
    return next((one for one in pack.retention if one.id == pack.kept.comments and one.years), None)


def until(rule: Retention, answer_by: date, last: date | None) -> date:
    """Give the day on which comments go: counted from the day of the answers, or of the last comment if that is later."""
    return plus_months(max(answer_by, last or answer_by), MONTHS * (rule.years or 0))


def keeping(consultation: Consultation, pack: Pack, answer_by: date, lang: str) -> dict[str, Any]:
    """Say until when the comments of a consultation are kept, by which class, and whether they are gone. Three queries."""
    rule = rule_of(pack)
    last = consultation.comments.aggregate(last=Max("written_on"))["last"]
    law, law_lang = rule.rule_in(lang) if rule else ("", "")
    return {
        "until": until(rule, answer_by, last) if rule else None,
        "period": rule.period.say(lang) if rule else "",
        "rule": law,
        "rule_lang": law_lang,
        "is_held": is_under_hold(consultation.program),
        "erased": consultation.comments_erased_on if last is None else None,
    }


def to_erase(program: Program, pack: Pack, today: date) -> Iterable[Consultation]:
    """List the consultations whose comments have reached their day; none while a legal hold stands."""
    rule = rule_of(pack)
    if rule is None or is_under_hold(program):
        return []
    rows = Consultation.objects.filter(program=program).annotate(last=Max("comments__written_on"))
    found = list(rows.filter(last__isnull=False).order_by("pk"))
    briefs = entries_at(program, [one.entry for one in found])
    days = {one.pk: date.fromisoformat(briefs[one.entry].data["answer_by"]) for one in found}
    return [one for one in found if until(rule, days[one.pk], one.last) <= today]


#: So many rows or paragraphs stand on a page.
ROWS = 100


@dataclass(frozen=True)
class Block:
    """A paragraph of a text. `start` is where it begins in the whole."""

    number: int
    start: int
    words: str


@dataclass(frozen=True)
class Sheet:
    """What a version holds; a page shows its rows or paragraphs from `first` on, each with its number."""

    shown: str
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    first: int = 1

    @property
    def columns(self) -> list[tuple[int, str]]:
        """Give each column with its number."""
        return list(enumerate(self.head, 1))

    @property
    def part(self) -> list[tuple[int, list[tuple[int, str]]]]:
        """Give the rows of this page: a row's number, and its cells with theirs."""
        rows = self.rows[self.first - 1 : self.first - 1 + ROWS]
        return [(place, list(enumerate(one, 1))) for place, one in enumerate(rows, self.first)]

    @property
    def before(self) -> int | None:
        """Give the first row of the page before, or None."""
        return max(1, self.first - ROWS) if self.first > 1 else None

    @property
    def after(self) -> int | None:
        """Give the first row of the next page, or None."""
        return self.first + ROWS if self.first + ROWS <= max(len(self.rows), len(self.blocks)) else None

    @property
    def paragraphs(self) -> list[Block]:
        """Give the paragraphs of this page."""
        return self.blocks[self.first - 1 : self.first - 1 + ROWS]

    def block(self, number: int) -> Block | None:
        """Give a paragraph by its number, or None."""
        return self.blocks[number - 1] if 1 <= number <= len(self.blocks) else None


def sheet_of(version: Version, first: int = 1) -> Sheet:
    """Read what a version holds, to be shown from one of its rows or paragraphs on. Asks nothing."""
    if not version.data:
        return Sheet("link")  # it stands elsewhere, or nowhere any more
    if version.shown == "table":
        table = _table(bytes(version.data))
        start = min(max(1, first), max(1, len(table.rows)))
        return Sheet("table", head=table.head, rows=table.rows, first=start)
    if version.shown == "text":
        text = bytes(version.data).decode(errors="replace")
        blocks = blocks_of(text)
        return Sheet("text", text=text, blocks=blocks, first=min(max(1, first), max(1, len(blocks))))
    return Sheet(version.shown)


@lru_cache(maxsize=2)
def _table(data: bytes) -> Table:
    """Read a table; the last two are kept, as the parts of a long one are asked for one after the other."""
    return read_table(data.decode(errors="replace"))


def blocks_of(text: str) -> list[Block]:
    """Cut a text in paragraphs at blank lines; each knows where it begins."""
    found: list[Block] = []
    place = 0
    for part in text.split("\n\n"):
        words = part.strip()
        if words:
            found.append(Block(len(found) + 1, place + part.index(words[0]), words))
        place += len(part) + 2
    return found


def starting_at(sheet: Sheet, asked: Mapping[str, str]) -> dict[str, object]:
    """Give the place that a link named, as a comment's form begins with it: a paragraph, a row, a column."""
    given = {
        name: number_in(asked[name])
        for name in ("paragraph", "row", "column")
        if asked.get(name, "").isdecimal()
    }
    block = sheet.block(given.pop("paragraph", 0))
    if block:
        words = (
            block.words
            if len(block.words) <= LONGEST_ANCHOR
            else block.words[:LONGEST_ANCHOR].rpartition(" ")[0]
        )
        return {"quote": words, "near": block.start}
    return {name: value for name, value in given.items() if sheet.shown == "table"}


#: Where on a page, in the order of reading.
REGIONS: dict[str, str | Promise] = {
    "top-start": gettext_lazy("At the top, where a line begins"),
    "top-middle": gettext_lazy("At the top, in the middle"),
    "top-end": gettext_lazy("At the top, where a line ends"),
    "middle-start": gettext_lazy("Halfway down, where a line begins"),
    "middle": gettext_lazy("In the middle"),
    "middle-end": gettext_lazy("Halfway down, where a line ends"),
    "bottom-start": gettext_lazy("At the bottom, where a line begins"),
    "bottom-middle": gettext_lazy("At the bottom, in the middle"),
    "bottom-end": gettext_lazy("At the bottom, where a line ends"),
}
FIRST_STRONG, POP = "\u2068", "\u2069"  # words of another language keep their own direction
LONGEST = 160


def product_of(program: Program, brief: Entry) -> Product:
    """Give what a consultation looks at, with its guide, as the pack of its day has them. One query."""
    return packs_of(program).at(brief.index).purpose.product(brief.data["of"])


def place_of(comment: Comment, product: Product) -> str:
    """Say what a comment is about, in the language of the page: a place and a version, a heading, or the whole."""
    place = _of_anchor(comment.anchor)
    if not place:
        heading = product.heading(comment.heading)
        place = heading.name.say(get_language() or "") if heading else gettext("The whole of it")
    if comment.version is None:
        return place
    return gettext("%(place)s, version %(n)d") % {"place": place, "n": comment.version.number}


def _of_anchor(anchor: dict[str, object]) -> str:
    kind = anchor.get("kind")
    if kind == "words":
        return gettext("The words %(words)s") % {"words": _quoted(anchor["exact"])}
    if kind == "cells" and "row" in anchor and "column" in anchor:
        return gettext("Row %(row)d, column %(name)s") % {
            "row": anchor["row"],
            "name": _quoted(anchor["name"]),
        }
    if kind == "cells" and "column" in anchor:
        return gettext("The column %(name)s") % {"name": _quoted(anchor["name"])}
    if kind == "cells":
        return gettext("Row %(row)d") % {"row": anchor["row"]}
    if kind == "page":
        page = gettext("Page %(n)d") % {"n": anchor["page"]} if anchor["page"] else ""
        return ": ".join(filter(None, [page, str(REGIONS.get(str(anchor["region"]), ""))]))
    return _quoted(anchor["where"]) if kind == "where" else ""


def _quoted(words: object) -> str:
    said = " ".join(str(words).split())
    short = said if len(said) <= LONGEST else said[:LONGEST].rpartition(" ")[0] + " …"
    return f"{FIRST_STRONG}“{short}”{POP}"


def for_lead(program: Program, viewer: Viewer, slug: str) -> tuple[Consultation, Seat] | None:
    """Give a consultation and the viewer's seat, to a lead who sits; else None. Two queries."""
    if not viewer.has(Role.LEAD):
        return None
    seat = Seat.objects.filter(pk=viewer.seat_id or 0, public_id=viewer.seat or "").first()
    rows = Consultation.objects.select_related("program").filter(program=program, slug=slug)
    found = rows.first() if seat else None
    return (found, seat) if found and seat else None


@dataclass(frozen=True)
class Said:
    """A comment with its replies, and where its place is in the version that is looked at."""

    row: Comment
    where: str
    place: Found | None = None
    replies: list[Comment] = field(default_factory=list)

    @property
    def is_gone(self) -> bool:
        """Say whether its place is not in the version that is looked at."""
        return self.place is not None and self.place.state == PlaceState.GONE


def comments_of(
    consultation: Consultation,
    product: Product,
    *,
    material: str = "",
    version: Version | None = None,
    sheet: Sheet | None = None,
) -> list[Said]:
    """List the threads of a consultation on this product, or of one material up to a version, oldest first. One query.

    With a sheet, each says where its place is in it: also those that were written on an earlier version.
    """
    rows = Comment.objects.filter(consultation=consultation).select_related("seat", "version")
    if material:
        rows = rows.filter(version__material=material)
    if version:
        rows = rows.filter(version__number__lte=version.number)
    found = list(rows.order_by("pk"))
    replies: dict[int, list[Comment]] = defaultdict(list)
    for one in found:
        if one.parent_id:
            replies[one.parent_id].append(one)
    return [
        Said(one, place_of(one, product), _place(one, sheet), replies[one.pk])
        for one in found
        if not one.parent_id
    ]


def _place(row: Comment, sheet: Sheet | None) -> Found | None:
    """Find a comment's place in a sheet; None where it has none that can be found again."""
    kind = row.anchor.get("kind")
    if sheet is None or kind not in {"words", "cells"}:
        return None
    if kind == "words":
        return find_words(row.anchor, sheet.text)
    return find_cells(row.anchor, sheet.head, sheet.rows)


def comment_of(consultation: Consultation, number: int) -> Comment | None:
    """Give a comment that was not taken back, or None. One query."""
    rows = Comment.objects.filter(consultation=consultation, taken_back_on=None)
    return rows.select_related("parent", "seat", "consultation__program").filter(pk=number).first()


def own_comments(program: Program, viewer: Viewer) -> list[Comment]:
    """List what the viewer said of reviews, in any seat, and did not take back, the latest first. One query."""
    rows = Comment.objects.filter(consultation__program=program, seat__person=viewer.person_id or 0)
    return list(rows.filter(taken_back_on=None).select_related("consultation").order_by("-pk"))


def to_cite(consultation: Consultation) -> list[Comment]:
    """List the comments whose writers agreed to be quoted, as they wrote them, oldest first. One query."""
    rows = Comment.objects.filter(consultation=consultation, may_quote=True, taken_back_on=None)
    return [one for one in rows.select_related("seat", "version").order_by("pk") if one.is_theirs]


def answered(said: Sequence[Said]) -> set[str]:
    """Name the headings of the guide that some comment answers."""
    return {one.row.heading for one in said if one.row.heading and one.row.taken_back_on is None}


#: The record takes no more of them.
MOST_BEFORE = 50


@dataclass(frozen=True)
class Offered:
    """The projects, decisions and offices of the viewer's units, as choices."""

    projects: list[tuple[str, str]]
    points: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    by_slug: dict[str, Project]
    by_place: dict[str, DecisionPoint]

    def project(self, choice: str) -> Project | None:
        """Give a project that was offered, by the value of its choice, or None."""
        return self.by_slug.get(choice.partition(":")[0])


def offered(program: Program, pack: Pack, viewer: Viewer, lang: str) -> Offered:
    """Gather what a brief can be about, for the viewer's own units. Four queries."""
    mine = Project.objects.filter(program=program, unit__slug__in=viewer.units).select_related(
        "unit", "program"
    )
    projects = {one.slug: one for one in mine.order_by("-pk")}
    points = DecisionPoint.objects.filter(project__in=list(projects.values())).select_related("project")
    by_place = {f"{one.project.slug}/{one.slug}": one for one in points.order_by("on", "pk")}
    entries = [one.entry for one in projects.values()] + [one.entry for one in by_place.values()]
    words = entry_views(program, entries, lang)
    able = [one for one in pack.offices if unit_of(one) in viewer.units]
    can = [one for one in able if (office := pack.office(one)) and office.can_answer]
    return Offered(
        projects=[
            (f"{one.slug}:{one.unit.slug}", _named(words, one.entry, one.slug)) for one in projects.values()
        ],
        points=[(place, _named(words, one.entry, place, "decision")) for place, one in by_place.items()],
        offices=[(one, pack.office_title(one, lang)) for one in can],
        by_slug=projects,
        by_place=by_place,
    )


def _named(words: dict[int, EntryView], entry: int, otherwise: str, name: str = "title") -> str:
    return (words[entry].say(name) if entry in words else "") or otherwise


def asked_before(project: Project, title: str, lang: str) -> list[SaidBefore]:
    """List what communities said before on a project, or in words like this title: what has no answer first."""
    titles = [title] if title else []
    return said_before(project.program, lang, titles=titles, project=project.entry)[:MOST_BEFORE]


def is_cut_off(length: str) -> bool:
    """Say whether a request was so long that its file was not taken in."""
    return length.isdecimal() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


#: What moves a consultation on, and what is entered about one.
ENDS = (EntryKind.ADVICE_PUBLISHED, EntryKind.CONSULTATION_WITHDRAWN)
KINDS = (EntryKind.MATERIAL_ENTERED, *ENDS)


@dataclass(frozen=True)
class ConsultationView:
    """A brief with what came of it."""

    told: EntryView
    versions: list[EntryView] = field(default_factory=list)
    advice: list[EntryView] = field(default_factory=list)
    withdrawn: EntryView | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["consultation"])

    @property
    def unit(self) -> str:
        """Give the unit that asked and will answer."""
        return str(self.told.entry.data["unit"])

    @property
    def advice_by(self) -> date:
        """Give the day by which advice is asked for."""
        return date.fromisoformat(self.told.entry.data["advice_by"])

    @property
    def answer_by(self) -> date:
        """Give the day by which the office answers."""
        return date.fromisoformat(self.told.entry.data["answer_by"])

    @property
    def views(self) -> list[EntryView]:
        """List its brief and all that came of it."""
        last = [self.withdrawn] if self.withdrawn else []
        return [self.told, *self.versions, *self.advice, *last]

    @property
    def materials(self) -> list[list[EntryView]]:
        """Give each material in the order they came, with its versions, the newest first."""
        found: dict[str, list[EntryView]] = {}
        for one in self.versions:
            found.setdefault(str(one.entry.data["material"]), []).insert(0, one)
        return list(found.values())

    def state(self, today: date) -> ConsultationStage:
        """Say where it stands on a day."""
        said = [one.entry.kind for one in (*self.advice, self.withdrawn) if one]
        return stage_of(self.told.entry, said, today)


def every_consultation(log: RowsLog, slug: str = "") -> list[ConsultationView]:
    """List all consultations, or the one of a name, newest first, without their words. One query, or four for one."""
    opened = EntryKind.CONSULTATION_OPENED
    briefs = log.about(opened, slug) if slug else log.read(opened, *KINDS).every(opened)
    return [_consultation(log, one) for one in reversed(briefs)]


def stages(log: RowsLog, today: date) -> list[tuple[Entry, ConsultationStage]]:
    """Say where each consultation stands on a day, with its brief, the newest first. One query."""
    briefs = log.read(EntryKind.CONSULTATION_OPENED, *ENDS).every(EntryKind.CONSULTATION_OPENED)
    return [
        (one, stage_of(one, [kind for kind in ENDS if log.citing(one.index, kind)], today))
        for one in reversed(briefs)
    ]


def _consultation(log: RowsLog, brief: Entry) -> ConsultationView:
    versions, advice, withdrawn = (
        [EntryView(one) for one in log.citing(brief.index, kind)] for kind in KINDS
    )
    return ConsultationView(EntryView(brief), versions, advice, next(iter(withdrawn), None))


def with_words(program: Program, found: Sequence[ConsultationView], lang: str) -> list[ConsultationView]:
    """Give consultations, and all that came of them, with their words. One query."""
    words = {one.index: one for one in worded(program, (view for each in found for view in each.views), lang)}
    return [
        ConsultationView(
            words[one.told.index],
            [words[each.index] for each in one.versions],
            [words[each.index] for each in one.advice],
            words[one.withdrawn.index] if one.withdrawn else None,
        )
        for one in found
    ]


def consultation_page(program: Program, lang: str, slug: str) -> ConsultationView | None:
    """Give one consultation, or None. Four queries."""
    return next(
        iter(with_words(program, every_consultation(RowsLog.of(program), slug), lang)),
        None,
    )


def version_at(program: Program, slug: str, material: str, number: int) -> Version | None:
    """Give a version of a material with its bytes, or None. One query."""
    rows = Version.objects.filter(consultation__program=program, consultation__slug=slug)
    return rows.filter(material=material, number=number).select_related("consultation__program").first()


@dataclass(frozen=True)
class Stands:
    """How a file stands beside the hash in its entry: as it was brought, changed, gone, or taken down by another entry."""

    state: str = ""
    by: int | None = None


def stands(version: Version, entry: Entry) -> Stands:
    """Compare a file with the hash in its entry. No query; one where it is gone."""
    if "hash" not in entry.data or _fits(version, entry):
        return Stands()
    if version.data:
        return Stands(PlaceState.CHANGED)
    by = taken_down(version.consultation.program, entry).get(FILE)
    return Stands(PlaceState.GONE if by is None else "taken-down", by)


def _fits(version: Version, entry: Entry) -> bool:
    return fits(str(entry.data["hash"]), bytes(version.salt or b""), bytes(version.data or b""))


def changed_files(program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries whose file is another one here, or gone with no entry that says why."""
    found = Version.objects.filter(
        consultation__program=program, entry__in=[one.index for one in entries]
    ).select_related("consultation__program")
    by_index = {one.index: one for one in entries}
    rows = found.iterator(chunk_size=1)  # a file may be large
    return {
        one.entry
        for one in rows
        if stands(one, by_index[one.entry]).state in {PlaceState.CHANGED, PlaceState.GONE}
    }


def newest_of(consultation: Consultation, material: str) -> Version | None:
    """Give the newest version of a material, or None. One query."""
    return consultation.versions.filter(material=material).order_by("-number").first()


def for_staff(program: Program, viewer: Viewer, slug: str) -> tuple[Consultation, str] | None:
    """Give a consultation of the viewer's unit, or of one that was merged into it, and the office they write as, or None. One query."""
    rows = Consultation.objects.select_related("program", "project__unit")
    found = rows.filter(program=program, slug=slug, project__unit__slug__in=viewer.answers_for).first()
    office = viewer.office_in(found.project.unit.slug) if found else None
    return (found, office) if found and office else None


def slugs_of(program: Program) -> list[str]:
    """List the names of all consultations, which no new one may have."""
    return list(Consultation.objects.filter(program=program).values_list("slug", flat=True))


def materials_of(consultation: Consultation) -> list[str]:
    """List the names of the materials of a consultation, which no new one may have."""
    return list(consultation.versions.values_list("material", flat=True).distinct())


def noted(sheet: Sheet, said: Sequence[Said]) -> dict[str, list[Any]]:
    """Put comments beside the paragraphs, columns and rows that they are about. Asks nothing."""
    by_column: dict[int, list[Said]] = defaultdict(list)
    by_row: dict[int, list[Said]] = defaultdict(list)
    by_start: list[tuple[int, Said]] = []
    for one in said:
        place = one.place
        if place is None or one.is_gone or one.row.taken_back_on:
            continue
        if place.row:
            by_row[place.row].append(one)
        elif place.column:
            by_column[place.column].append(one)
        elif place.start is not None:
            by_start.append((place.start, one))
    return {
        "blocks": [(one, _inside(one, by_start)) for one in sheet.paragraphs],
        "columns": [(place, name, by_column[place]) for place, name in sheet.columns],
        "rows": [(place, cells, by_row[place]) for place, cells in sheet.part],
    }


def _inside(block: Block, by_start: Sequence[tuple[int, Said]]) -> list[Said]:
    return [one for start, one in by_start if block.start <= start < block.start + len(block.words)]


def first_row(asked: Mapping[str, str]) -> int:
    """Give the first row or paragraph to show: the one that is asked for, or the one to comment on."""
    for name in ("from", "row", "paragraph"):
        if found := number_in(str(asked.get(name, ""))):
            return found
    return 1


@dataclass(frozen=True)
class Checked:
    """What the program's own checks say of a form's text: forbidden topics (found, why, law), how hard it is to read."""

    hits: list[tuple[str, str, str]]
    grade: float | None
    is_graded: bool


#: How what is checked for forbidden questions is shown.
CHECKED = frozenset({"text", "table"})


def checked(version: Version, sheet: Sheet, pack: Pack, lang: str, product: str) -> Checked | None:
    """Check the text of a form or survey; None for anything else. Asks nothing."""
    if product != "form" or version.shown not in CHECKED:
        return None
    text = sheet.text or "\n".join(" ".join(one) for one in (sheet.head, *sheet.rows))
    hits = [
        (hit.found, hit.reason.say(lang), hit.statute)
        for part in text.split("\n")
        for hit in lint_question(part, pack)
    ]
    is_graded = version.lang in LANGUAGES
    return Checked(hits, grade(text) if is_graded else None, is_graded)

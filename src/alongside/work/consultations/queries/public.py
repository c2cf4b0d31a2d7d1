"""Consultations as everyone sees them: the brief, the material in its versions, the advice, and where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from alongside.core.grammar import Entry
from alongside.core.grammar.v1.texts import FILE
from alongside.core.salted import fits
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import Told, head_of, indexes_citing, taken_down, told, told_where
from alongside.work.consultations.models import Consultation, Version

KINDS = ("material.entered", "advice.published", "consultation.withdrawn")


@dataclass(frozen=True)
class Shown:
    """A brief with what came of it."""

    told: Told
    versions: list[Told] = field(default_factory=list)
    advice: list[Told] = field(default_factory=list)
    withdrawn: Told | None = None
    head: Head | None = None

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
    def materials(self) -> list[list[Told]]:
        """Give each material in the order they came, with its versions, the newest first."""
        found: dict[str, list[Told]] = {}
        for one in self.versions:
            found.setdefault(str(one.entry.data["material"]), []).insert(0, one)
        return list(found.values())

    def state(self, today: date) -> str:
        """Say where it stands: withdrawn, advised, late (the day has passed, no advice), or open."""
        if self.withdrawn:
            return "withdrawn"
        if self.advice:
            return "advised"
        return "late" if today > self.advice_by else "open"


def _shown(program: Program, briefs: Iterable[Told], lang: str) -> list[Shown]:
    """Gather what came of some briefs. Three queries."""
    given = list(briefs)
    rows = indexes_citing(program, [one.index for one in given], KINDS)
    found = told(program, [citing for citing, _kind, _cited in rows], lang)
    shown = []
    for one in given:
        about = [found[citing] for citing, _kind, cited in rows if cited == one.index]
        by = {kind: [each for each in about if each.entry.kind == kind] for kind in KINDS}
        last = next(iter(by["consultation.withdrawn"]), None)
        shown.append(Shown(one, by["material.entered"], by["advice.published"], last))
    return shown


def every_consultation(program: Program, lang: str) -> list[Shown]:
    """List all consultations, newest first. Five queries."""
    return _shown(program, told_where(program, lang, kinds=["consultation.opened"])[::-1], lang)


def consultation_page(program: Program, lang: str, slug: str) -> Shown | None:
    """Give one consultation, or None. Six queries."""
    briefs = told_where(program, lang, kinds=["consultation.opened"], subject=slug)
    if not briefs:
        return None
    (one,) = _shown(program, briefs, lang)
    return Shown(one.told, one.versions, one.advice, one.withdrawn, head_of(program))


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
        return Stands("changed")
    by = taken_down(version.consultation.program, entry).get(FILE)
    return Stands("gone" if by is None else "taken-down", by)


def _fits(version: Version, entry: Entry) -> bool:
    return fits(str(entry.data["hash"]), bytes(version.salt or b""), bytes(version.data or b""))


def changed_files(program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries whose file is another one here, or gone with no entry that says why."""
    found = Version.objects.filter(
        consultation__program=program, entry__in=[one.index for one in entries]
    ).select_related("consultation__program")
    by_index = {one.index: one for one in entries}
    rows = found.iterator(chunk_size=1)  # a file may be large
    return {one.entry for one in rows if stands(one, by_index[one.entry]).state in {"changed", "gone"}}


def newest_of(consultation: Consultation, material: str) -> Version | None:
    """Give the newest version of a material, or None. One query."""
    return consultation.versions.filter(material=material).order_by("-number").first()


def for_staff(program: Program, asker: Asker, slug: str) -> tuple[Consultation, str] | None:
    """Give a consultation of the asker's unit, or of one that was merged into it, and the office they write as, or None. One query."""
    rows = Consultation.objects.select_related("program", "project__unit")
    found = rows.filter(program=program, slug=slug, project__unit__slug__in=asker.answers_for).first()
    office = asker.office_in(found.project.unit.slug) if found else None
    return (found, office) if found and office else None


def slugs_of(program: Program) -> list[str]:
    """List the names of all consultations, which no new one may have."""
    return list(Consultation.objects.filter(program=program).values_list("slug", flat=True))


def materials_of(consultation: Consultation) -> list[str]:
    """List the names of the materials of a consultation, which no new one may have."""
    return list(consultation.versions.values_list("material", flat=True).distinct())

"""What leads say of a consultation among themselves. Nobody else is given a row of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from alongside.cohort.seats.models import Seat
from alongside.core.anchors import Found, find_cells, find_words
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program
from alongside.work.consultations.models import Comment, Consultation, Version
from alongside.work.consultations.queries.showing import Sheet
from alongside.work.consultations.queries.wording import place_of


def for_lead(program: Program, asker: Asker, slug: str) -> tuple[Consultation, Seat] | None:
    """Give a consultation and the asker's seat, to a lead who sits; else None. Two queries."""
    if not asker.has(Role.LEAD):
        return None
    seat = Seat.objects.filter(pk=asker.seat_id or 0, public_id=asker.seat or "").first()
    rows = Consultation.objects.select_related("program").filter(program=program, slug=slug)
    found = rows.first() if seat else None
    return (found, seat) if found and seat else None


def asked_of(program: Program, asker: Asker) -> list[str]:
    """List the consultations that a lead who sits is asked, by name: all of them, whoever sat when they were opened. One query."""
    if not asker.has(Role.LEAD):
        return []
    rows = Consultation.objects.filter(program=program)
    return list(rows.order_by("pk").values_list("slug", flat=True))


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
        return self.place is not None and self.place.state == "gone"


def comments_of(
    consultation: Consultation,
    product: str,
    *,
    material: str = "",
    version: Version | None = None,
    sheet: Sheet | None = None,
) -> list[Said]:
    """List the threads of a consultation on this product, or of one material up to a version, oldest first. One query.

    With a sheet, each says where its place is in it: also those that were written on an earlier version.
    """
    rows = Comment.objects.filter(consultation=consultation).select_related("seat", "version", "taken_back")
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
    rows = Comment.objects.filter(consultation=consultation, taken_back=None)
    return rows.select_related("parent", "consultation__program").filter(pk=number).first()


def to_cite(consultation: Consultation) -> list[Comment]:
    """List the comments whose writers agreed to be quoted, oldest first. One query."""
    rows = Comment.objects.filter(consultation=consultation, may_quote=True, taken_back=None)
    return list(rows.select_related("seat", "version").order_by("pk"))


def answered(said: Sequence[Said]) -> set[str]:
    """Name the headings of the guide that some comment answers."""
    return {one.row.heading for one in said if one.row.heading and not hasattr(one.row, "taken_back")}

"""Comment among leads, and take back. What leads say among themselves is never on the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Text
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.work.consultations.models import (
    Comment,
    CommentsErased,
    Consultation,
    TakenBack,
    Version,
)
from alongside.work.consultations.queries.keeping import to_erase

GONE = "-"


class NotTheirs(ValueError):  # noqa: N818 -- the name is a sentence
    """Someone writes among leads who is not one of them."""


@appends()
@transaction.atomic
def comment(
    *,
    consultation: Consultation,
    seat: Seat,
    words: Text,
    version: Version | None = None,
    anchor: Mapping[str, Any] | None = None,
    parent: Comment | None = None,
    heading: str = "",
    may_quote: bool = False,
    now: datetime,
) -> Comment:
    """Write a comment for leads; nothing goes on the record. Raises NotTheirs.

    A reply stands with its parent: in the same version, below the first comment of the thread.
    """
    refuse_a_stranger(consultation, seat, version, parent)
    first = parent.parent or parent if parent else None
    return Comment.objects.create(
        consultation=consultation,
        version=first.version if first else version,
        seat=seat,
        parent=first,
        heading="" if first else heading,
        anchor={} if first else dict(anchor or {}),
        words=words.words.strip(),
        lang=words.lang,
        may_quote=may_quote,
        written_on=local_date(now, pack_of(consultation.program)),
    )


def refuse_a_stranger(
    consultation: Consultation, seat: Seat, version: Version | None, parent: Comment | None
) -> None:
    """Raise NotTheirs unless the seat is of the program, and the version and parent of the consultation."""
    if seat.cohort.program_id != consultation.program_id:
        raise NotTheirs(_("Only leads of this program write here; ask one of them."))
    if any(one is not None and one.consultation_id != consultation.pk for one in (version, parent)):
        raise NotTheirs(_("This belongs to another consultation; open it from its own page."))


@appends()
@transaction.atomic
def take_back(*, comment: Comment, seat: Seat, now: datetime) -> None:
    """Take a comment of one's own back: nobody reads it any more, and its words and place are gone for good. Raises NotTheirs.

    Under a legal hold they go once it is lifted.
    """
    if comment.seat_id != seat.pk:
        raise NotTheirs(_("Only the lead who wrote a comment can take it back; ask that lead."))
    program = comment.consultation.program
    TakenBack.objects.get_or_create(comment=comment, defaults={"on": local_date(now, pack_of(program))})
    _let_go(program, Comment.objects.filter(pk=comment.pk))


def _let_go(program: Program, comments: QuerySet[Comment]) -> int:
    """Let the words and places of comments that were taken back go, unless a legal hold stands; give how many went."""
    return 0 if is_under_hold(program) else comments.update(words=GONE, anchor={}, may_quote=False)


@appends()
@transaction.atomic
def erase_comments(*, program: Program, now: datetime) -> int:
    """Erase what was taken back, and the comments that reached the day the pack's retention names; nothing under a legal hold. Give how many."""
    pack = pack_of(program)
    waiting = Comment.objects.filter(consultation__program=program, taken_back__isnull=False)
    today, gone = local_date(now, pack), _let_go(program, waiting.exclude(words=GONE))
    for one in to_erase(program, pack, today):
        comments = Comment.objects.filter(consultation=one)
        gone += comments.count()
        comments.exclude(parent=None).delete()
        comments.delete()
        CommentsErased.objects.update_or_create(consultation=one, defaults={"on": today})
    return gone

"""Open a consultation, bring material, comment, take back. What leads say among themselves is never on the record."""

import hashlib
import os
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.papers import Paper
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.work.consultations.models import Comment, Consultation, TakenBack, Version
from alongside.work.projects.models import DecisionPoint, Project

GONE = "-"


class NobodyToAsk(ValueError):  # noqa: N818 -- the name is a sentence
    """No cohort is seated."""


class NotTheirs(ValueError):  # noqa: N818 -- the name is a sentence
    """Someone writes among leads who is not one of them."""


@appends("consultation.opened", "text.translated")
@transaction.atomic
def open_consultation(
    *,
    project: Project,
    slug: str,
    of: str,
    office: str,
    by: str,
    days: tuple[date, date],
    words: Mapping[str, Mapping[str, str]],
    decision: DecisionPoint | None = None,
    before: tuple[int, ...] = (),
    now: datetime,
) -> Consultation:
    """Freeze the brief and put it on the record. Raises NobodyToAsk or GrammarError.

    `office` will answer; `days` are the day of the advice and of the answer. `words` maps a language to {title, what,
    decision, can_change, cannot_change[, asked_again]}; the first is the original. `before` are entries that said
    something on the subject before; they need `asked_again`.
    """
    program = project.program
    today = local_date(now, pack_of(program))
    cohort = Cohort.objects.filter(program=program, from_date__lte=today, until_date__gte=today).last()
    if cohort is None:
        raise NobodyToAsk(_("No cohort is seated today; open the consultation when one is."))
    lang = next(iter(words))
    draft = Draft(
        kind="consultation.opened",
        by=[by],
        data={
            "consultation": slug,
            "of": of,
            "unit": office.split("/", maxsplit=1)[0],
            "office": office,
            "advice_by": days[0].isoformat(),
            "answer_by": days[1].isoformat(),
        },
        cites={
            "project": [project.entry],
            "decision": [decision.entry] if decision else [],
            "before": before,
        },
        texts={name: Text(lang, text) for name, text in words[lang].items() if text},
    )
    entry = append(program=program, drafts=[draft], now=now)[0].index
    translate_all(program=program, entry=entry, by=by, words=words, now=now)
    return Consultation.objects.create(
        program=program, slug=slug, project=project, cohort=cohort, entry=entry
    )


@appends("material.entered")
@transaction.atomic
def enter_material(
    *,
    consultation: Consultation,
    material: str,
    by: str,
    paper: Paper | None,
    form: str = "file",
    link: str = "",
    texts: Mapping[str, Text],
    now: datetime,
) -> Version:
    """Enter a version of a material: a cleaned paper (`form` file or page), or a link. Raises GrammarError.

    `texts` holds its title and, for a later version, what changes.
    """
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    before = consultation.versions.filter(material=material).order_by("-number").first()
    salt = os.urandom(16) if paper else None
    data: dict[str, Any] = {"material": material, "version": before.number + 1 if before else 1, "form": form}
    data |= {"hash": hashlib.sha256(salt + paper.data).hexdigest()} if paper and salt else {"link": link}
    draft = Draft(
        kind="material.entered",
        by=[by],
        data=data,
        cites={"consultation": [consultation.entry], "before": [before.entry] if before else []},
        texts=texts,
    )
    (entry,) = append(program=consultation.program, drafts=[draft], now=now)
    return Version.objects.create(
        consultation=consultation,
        material=material,
        number=data["version"],
        shown=paper.shown if paper else "link",
        media_type=paper.media_type if paper else "",
        ending=paper.ending if paper else "",
        data=paper.data if paper else None,
        salt=salt,
        lang=texts["title"].lang,
        entry=entry.index,
    )


@appends("consultation.withdrawn")
def withdraw(*, consultation: Consultation, by: str, reason: Text, now: datetime) -> Entry:
    """Take a consultation back, with the reason. Advice that is public keeps its clock. Raises GrammarError."""
    cites = {"consultation": [consultation.entry]}
    draft = Draft(kind="consultation.withdrawn", by=[by], cites=cites, texts={"reason": reason})
    return append(program=consultation.program, drafts=[draft], now=now)[0]


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
    """Write a comment for the leads of the cohort; nothing goes on the record. Raises NotTheirs.

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
    """Raise NotTheirs unless the seat is of the cohort, and the version and parent of the consultation."""
    if seat.cohort_id != consultation.cohort_id:
        raise NotTheirs(_("Only leads of the cohort that was asked write here; ask one of them."))
    if any(one is not None and one.consultation_id != consultation.pk for one in (version, parent)):
        raise NotTheirs(_("This belongs to another consultation; open it from its own page."))


@appends()
@transaction.atomic
def take_back(*, comment: Comment, seat: Seat, now: datetime) -> None:
    """Take a comment of one's own back: its words and its place are gone for good. Raises NotTheirs."""
    if comment.seat_id != seat.pk:
        raise NotTheirs(_("Only the lead who wrote a comment can take it back; ask that lead."))
    today = local_date(now, pack_of(comment.consultation.program))
    TakenBack.objects.get_or_create(comment=comment, defaults={"on": today})
    Comment.objects.filter(pk=comment.pk).update(words=GONE, anchor={}, may_quote=False)

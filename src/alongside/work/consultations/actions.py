"""Open a consultation, bring material, comment, take back."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import leads_today
from alongside.core.clocks import local_date
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.take_downs import hashes_in
from alongside.core.grammar.texts import FILE
from alongside.core.kinds import EntryKind
from alongside.core.materials import Paper
from alongside.core.refusals import Refused
from alongside.core.salted import SALT_BYTES, salted_hash
from alongside.ground.gate.limits import (
    MEGABYTE,
    MOST_CHECKED,
    MOST_LINES,
    MOST_REVIEWED,
    refuse_without_room,
)
from alongside.ground.gate.presses import mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import PublicText
from alongside.ground.record.queries import entries_at, is_under_hold, texts_going
from alongside.ground.texts.actions import translate_all
from alongside.work.consultations import queries
from alongside.work.consultations.models import GONE, Comment, Consultation, Version
from alongside.work.projects.models import DecisionPoint, Project

#: How the text that says a comment's place is named, beside that of its words.
PLACE = "-place"


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
    """Write a comment for leads; nothing goes on the record. Raises Refused.

    A reply stands with its parent: in the same version, below the first comment of the thread.
    """
    refuse_a_stranger(consultation, seat, version, parent)
    first = parent.parent or parent if parent else None
    made = Comment(
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
    made.mark = mark_of(made)
    made.save()
    return made


def refuse_a_stranger(
    consultation: Consultation, seat: Seat, version: Version | None, parent: Comment | None
) -> None:
    """Raise Refused unless the seat is of the program, and the version and parent of the consultation."""
    if seat.cohort.program_id != consultation.program_id:
        raise Refused(_("Only leads of this program write here; ask one of them."))
    if any(one is not None and one.consultation_id != consultation.pk for one in (version, parent)):
        raise Refused(_("This belongs to another consultation; open it from its own page."))


@appends()
@transaction.atomic
def withdraw_comment(*, comment: Comment, by: Person, now: datetime) -> None:
    """Take a comment of one's own back, from whatever seat it was written: nobody reads it any more, and its words and place are gone for good. Raises Refused.

    Under a legal hold they go once it is lifted.
    """
    if comment.seat.person_id != by.pk:
        raise Refused(_("Only the lead who wrote a comment can withdraw it; ask that lead."))
    program = comment.consultation.program
    mine = Comment.objects.filter(pk=comment.pk)
    mine.filter(taken_back_on=None).update(taken_back_on=local_date(now, pack_of(program)))
    _let_go(program, mine)


def _let_go(program: Program, comments: QuerySet[Comment]) -> int:
    """Let the words and places of comments that were taken back go, unless a legal hold stands; give how many went."""
    return 0 if is_under_hold(program) else comments.update(words=GONE, anchor={}, may_quote=False)


@appends()
@transaction.atomic
def erase_comments(*, program: Program, now: datetime) -> int:
    """Erase what was taken back, and the comments that reached the day the pack's retention names; nothing under a legal hold. Give how many."""
    pack = pack_of(program)
    waiting = Comment.objects.filter(consultation__program=program, taken_back_on__isnull=False)
    today, gone = local_date(now, pack), _let_go(program, waiting.exclude(words=GONE))
    for one in queries.to_erase(program, pack, today):
        comments = Comment.objects.filter(consultation=one)
        gone += comments.count()
        comments.exclude(parent=None).delete()
        comments.delete()
        Consultation.objects.filter(pk=one.pk).update(comments_erased_on=today)
    return gone


@appends(EntryKind.CONSULTATION_OPENED, EntryKind.TEXT_TRANSLATED)
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
    now: datetime,
) -> Consultation:
    """Freeze the brief and put it on the record: every lead who sits is asked. Raises Refused or GrammarError.

    `office` will answer; `days` are the day of the advice and of the answer. `words` maps a language to {title, what,
    decision, can_change, cannot_change[, asked_again]}; the first is the original. Where something was said
    before and has no answer, `asked_again` says why it is asked again; then the brief cites what was said before.
    """
    if not leads_today(project.program, local_date(now, pack_of(project.program))):
        raise Refused(_("There is no lead today; open the consultation when there is one."))
    draft = _brief(project, words, decision, by)
    given = {"consultation": slug, "of": of, "unit": unit_of(office), "office": office}
    given |= {"advice_by": days[0].isoformat(), "answer_by": days[1].isoformat()}
    entry = append(program=project.program, drafts=[replace(draft, data=given)], now=now)[0].index
    translate_all(program=project.program, entry=entry, by=by, words=words, now=now)
    return Consultation.objects.create(program=project.program, slug=slug, project=project, entry=entry)


def _brief(
    project: Project, words: Mapping[str, Mapping[str, str]], decision: DecisionPoint | None, by: str
) -> Draft:
    lang = next(iter(words))
    before = refuse_if_asked_before(project, words[lang])
    said = {name: text for name, text in words[lang].items() if text and (before or name != "asked_again")}
    return Draft(
        kind=EntryKind.CONSULTATION_OPENED,
        by=[by],
        cites={
            "project": [project.entry],
            "decision": [decision.entry] if decision else [],
            "before": before,
        },
        texts={name: Text(lang, text) for name, text in said.items()},
    )


def refuse_if_asked_before(project: Project, words: Mapping[str, str]) -> list[int]:
    """Give what the brief cites as said before; raise Refused where it has no answer and no reason to ask again."""
    said = queries.asked_before(project, words["title"], "en")
    owed = [one for one in said if one.is_unanswered]
    if owed and not words.get("asked_again"):
        told = _(
            "Communities asked about this before and have no answer yet: “%(what)s”. Say why you ask again; the reason is public."
        )
        raise Refused(told % {"what": owed[0].said[:140]}, "asked_again")
    return sorted(one.told.index for one in said) if words.get("asked_again") else []


@appends(EntryKind.MATERIAL_ENTERED)
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
    """Enter a version of a material: a cleaned paper (`form` file or page), or a link. Raises GrammarError or Refused.

    `texts` holds its title and, for a later version, what changes.
    """
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    if paper:
        _refuse_over_quota(consultation, len(paper.data))
        _refuse_longer_than_is_checked(consultation, paper)
    before = consultation.versions.filter(material=material).order_by("-number").first()
    number = before.number + 1 if before else 1
    salt = os.urandom(SALT_BYTES)
    held = {"hash": salted_hash(salt, paper.data)} if paper else {}
    draft = Draft(
        kind=EntryKind.MATERIAL_ENTERED,
        by=[by],
        data={"material": material, "version": number, "form": form, **held},
        cites={"consultation": [consultation.entry], "before": [before.entry] if before else []},
        texts={**texts, **({} if paper else {"link": Text(NO_LANGUAGE, link)})},
    )
    (entry,) = append(program=consultation.program, drafts=[draft], now=now)
    values = {"consultation": consultation, "material": material, "number": number, "entry": entry.index}
    return Version.objects.create(lang=texts["title"].lang, **values, **_kept(paper, salt))


def _refuse_over_quota(consultation: Consultation, size: int) -> None:
    held = consultation.versions.aggregate(all=Sum(Length("data")))["all"] or 0
    if held + size > MOST_REVIEWED:
        raise Refused(
            _("The files of one review may hold %(most)s megabytes together. Give a link instead.")
            % {"most": MOST_REVIEWED // MEGABYTE},
            "file",
        )
    refuse_without_room(size)


def _refuse_longer_than_is_checked(consultation: Consultation, paper: Paper) -> None:
    of = entries_at(consultation.program, [consultation.entry])[consultation.entry].data["of"]
    if of != "form" or paper.shown not in queries.CHECKED:
        return
    text = paper.data.decode()
    if len(text) > MOST_CHECKED or text.count("\n") > MOST_LINES:
        raise Refused(
            _(
                "We check the questions of a form, of up to 1,000 lines and 60,000 letters. Bring a longer one in parts."
            ),
            "file",
        )


def _kept(paper: Paper | None, salt: bytes) -> dict[str, Any]:
    """Give what is kept of a paper; of a link nothing but that it is one."""
    if paper is None:
        return {"shown": "link"}
    told = {"shown": paper.shown, "media_type": paper.media_type, "ending": paper.ending}
    return {**told, "data": paper.data, "salt": salt}


@appends()
def lose_files(*, program: Program, entries: Sequence[Entry]) -> None:
    """Let the bytes and the salt go of files that these entries took down, each of the entry that it cites."""
    brought = entries_at(program, [one.cites["of"][0] for one in entries])
    files = Version.objects.filter(consultation__program=program).exclude(shown="link")
    for one in entries:
        of = brought.get(one.cites["of"][0])
        if of and hashes_in(of).get(FILE) == one.data["sha256"]:
            files.filter(entry=of.index).update(data=b"", salt=b"")


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of a comment that advice quotes, or of its place, where these entries take that down."""
    going = list(texts_going(program, entries))
    told = entries_at(program, {one.about for one in going})
    for gone in going:
        of = told[gone.about].cites.get("consultation", ())
        comments = Comment.objects.filter(consultation__program=program, consultation__entry__in=of)
        comments.filter(words=gone.words).update(words=GONE, anchor={}, may_quote=False)
        if gone.name.endswith(PLACE):
            beside = PublicText.objects.filter(
                log=gone.log, entry=gone.entry, name=gone.name.removesuffix(PLACE)
            )
            comments.filter(words__in=beside.values("words")).update(anchor={})


@appends(EntryKind.CONSULTATION_WITHDRAWN)
def withdraw(*, consultation: Consultation, by: str, reason: Text, now: datetime) -> Entry:
    """Take a consultation back, with the reason. Advice that is public keeps its clock. Raises GrammarError."""
    cites = {"consultation": [consultation.entry]}
    draft = Draft(kind=EntryKind.CONSULTATION_WITHDRAWN, by=[by], cites=cites, texts={"reason": reason})
    return append(program=consultation.program, drafts=[draft], now=now)[0]

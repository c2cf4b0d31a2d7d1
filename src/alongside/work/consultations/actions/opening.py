"""Freeze a brief, bring material in versions, take a consultation back."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.queries.seats import seated_today
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.v1.texts import FILE, hashes_in
from alongside.core.papers import Paper
from alongside.core.salted import SALT_BYTES, salted_hash
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import entries_at
from alongside.work.consultations.models import Consultation, Version
from alongside.work.consultations.queries.opening import asked_before
from alongside.work.projects.models import DecisionPoint, Project


class NobodyToAsk(ValueError):  # noqa: N818 -- the name is a sentence
    """No lead sits."""


class AskedBefore(ValueError):  # noqa: N818 -- the name is a sentence
    """Communities said something on this that has no answer, and the brief does not say why it asks again."""


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
    now: datetime,
) -> Consultation:
    """Freeze the brief and put it on the record: every lead who sits is asked. Raises NobodyToAsk, AskedBefore or GrammarError.

    `office` will answer; `days` are the day of the advice and of the answer. `words` maps a language to {title, what,
    decision, can_change, cannot_change[, asked_again]}; the first is the original. Where something was said
    before and has no answer, `asked_again` says why it is asked again; then the brief cites what was said before.
    """
    if not seated_today(project.program, local_date(now, pack_of(project.program))):
        raise NobodyToAsk(_("No lead sits today; open the consultation when one does."))
    draft = _brief(project, words, decision, by)
    given = {"consultation": slug, "of": of, "unit": office.split("/", maxsplit=1)[0], "office": office}
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
        kind="consultation.opened",
        by=[by],
        cites={
            "project": [project.entry],
            "decision": [decision.entry] if decision else [],
            "before": before,
        },
        texts={name: Text(lang, text) for name, text in said.items()},
    )


def refuse_if_asked_before(project: Project, words: Mapping[str, str]) -> list[int]:
    """Give what the brief cites as said before; raise AskedBefore where it has no answer and no reason to ask again."""
    said = asked_before(project, words["title"], "en")
    owed = [one for one in said if one.is_unanswered]
    if owed and not words.get("asked_again"):
        told = _(
            "Communities asked about this before and have no answer yet: “%(what)s”. Say why you ask again; the reason is public."
        )
        raise AskedBefore(told % {"what": owed[0].said[:140]})
    return sorted(one.told.index for one in said) if words.get("asked_again") else []


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
    number = before.number + 1 if before else 1
    salt = os.urandom(SALT_BYTES)
    held = {"hash": salted_hash(salt, paper.data)} if paper else {}
    draft = Draft(
        kind="material.entered",
        by=[by],
        data={"material": material, "version": number, "form": form, **held},
        cites={"consultation": [consultation.entry], "before": [before.entry] if before else []},
        texts={**texts, **({} if paper else {"link": Text(NO_LANGUAGE, link)})},
    )
    (entry,) = append(program=consultation.program, drafts=[draft], now=now)
    values = {"consultation": consultation, "material": material, "number": number, "entry": entry.index}
    return Version.objects.create(lang=texts["title"].lang, **values, **_kept(paper, salt))


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


@appends("consultation.withdrawn")
def withdraw(*, consultation: Consultation, by: str, reason: Text, now: datetime) -> Entry:
    """Take a consultation back, with the reason. Advice that is public keeps its clock. Raises GrammarError."""
    cites = {"consultation": [consultation.entry]}
    draft = Draft(kind="consultation.withdrawn", by=[by], cites=cites, texts={"reason": reason})
    return append(program=consultation.program, drafts=[draft], now=now)[0]

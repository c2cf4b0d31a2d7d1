"""What waits for a translation, by language: no translation yet, or one that no person reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.workflow.workplans import CHANGES
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.sentences import Row, named_in
from alongside.ground.texts import queries as texts_queries
from alongside.ground.texts.queries import Wanting, WantingCount
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import in_readers_words, listed
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries.drafts import drafts_for, gaps, title_of
from alongside.work.workplans.queries import PlanShown, plans_without_words
from alongside.work.workplans.steps import on_the_record


class WantedForm(forms.Form):
    """Which language, whether a translation is there, and where the page begins; what does not fit is left out."""

    into = forms.CharField(required=False)
    there = forms.ChoiceField(required=False, choices=[("", ""), ("no", ""), ("yes", "")])
    before = forms.IntegerField(required=False, min_value=0)


@dataclass(frozen=True)
class Waits:
    """A text that waits: what it is, its first language, and the page that takes its translation in."""

    row: Row
    first: str
    is_there: bool
    href: str


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def translations(request: ViewerRequest) -> HttpResponseBase:
    """List what waits for a translation into one language; the pages it leads to take it in."""
    stand = request.stand
    plans = plans_without_words(RowsLog.at(request.program, stand.log, stand.size), told=CHANGES)
    where = _where(request, plans)
    counts = counted(request, [one.code for one in request.pack.languages], where)
    form = WantedForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data
    into = typed.get("into") if typed.get("into") in counts else _first(request, counts)
    there = {"yes": True, "no": False}.get(typed.get("there", ""))
    given = {"is_there": there, "before": typed.get("before"), **where}
    found = texts_queries.untranslated(request.program, lang_of(request), str(into), **given)
    drafts = drafts_lacking(request) if request.viewer.has(Role.LEAD) else {}
    context = {
        "counts": [(code, one, len(drafts.get(code, ()))) for code, one in counts.items()],
        "drafts": drafts.get(str(into), ()),
        "into": into,
        "there": typed.get("there", ""),
        "rows": _rows(request, found.rows),
        "older": found.older,
        "is_for_unit": not request.viewer.has(Role.LEAD, Role.STEWARD),
        "is_for_leads": not request.viewer.has(Role.STAFF, Role.STEWARD),
    }
    return render(request, "desks/translations.html", context)


def drafts_lacking(request: ViewerRequest) -> dict[str, list[tuple[str, str, str]]]:
    """List by language the drafts of engagements whose words are missing in it: title, its language, where they are written. Two queries."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in drafts_for(request.program, request.viewer):
        lacking = dict.fromkeys(gap.lang for gap in gaps(one)) if one.promise is None else {}
        for code in [each for each in lacking if each != one.languages[0]]:
            title, lang = title_of(one, lang_of(request))
            href = to(request, "engagements:words", slug=one.slug, code=code)
            found.setdefault(code, []).append((title, lang, href))
    return found


def steps(desk: Desk) -> list[Step]:
    """Tell the steward that texts wait for a translation into a language of these pages. Two queries, and one a language."""
    waits = {into: one for into, one in desk.once(counts).items() if one.missing or one.unread}
    if not waits:
        return []
    missing, unread = (sum(getattr(one, name) for one in waits.values()) for name in ("missing", "unread"))
    text = _("Into %(languages)s: %(missing)s not translated, %(unread)s not reviewed by a person.") % {
        "languages": listed(in_readers_words(into) for into in waits),
        "missing": missing,
        "unread": unread,
    }
    return [
        Step(
            _("Translate, or review a translation"),
            text,
            desk.to("desks:translations"),
            "both",
            owner=_("Whoever speaks the language: who wrote it, or the program coordinator"),
            step=_("Choose a language, and begin."),
        )
    ]


def counts(desk: Desk) -> dict[str, WantingCount]:
    """Count what waits for a translation into each language of these pages. Two queries at most, and one of the log."""
    codes = [one.code for one in desk.pack.languages if one.complete]
    return counted(desk.request, codes, _where(desk.request, desk.once(on_the_record)))


def counted(
    request: ViewerRequest, languages: Sequence[str], where: Mapping[str, Any]
) -> dict[str, WantingCount]:
    """Count what waits for a translation into these languages. Two queries for each entry that comes, however often it is asked."""
    return _counted(request.program, tuple(languages), tuple(where["passed"]), request.stand.last)


@lru_cache(maxsize=64)  # no text comes, is reviewed or goes without an entry
def _counted(
    program: Program, languages: tuple[str, ...], passed: tuple[int, ...], _last: bytes
) -> dict[str, WantingCount]:
    return texts_queries.wanting_counts(program, languages, passed=passed)


def _where(request: ViewerRequest, plans: Sequence[PlanShown]) -> dict[str, Any]:
    """Leave out versions of workplans that no longer stand, and what the viewer may not translate. One query at most."""
    stands = {one.shown.proposed.index for one in plans}
    passed = {index for one in plans for index, told in one.told.items() if told.entry.kind == CHANGES[0]}
    others = texts_queries.not_theirs(request.program, request.viewer.pens)
    return {"passed": [*sorted(passed - stands), *others]}


def _first(request: ViewerRequest, counts: dict[str, WantingCount]) -> str:
    """Give the reader's own language if something waits in it, else the first in which something does."""
    waits = [into for into, one in counts.items() if one.missing or one.unread]
    here = lang_of(request)
    return here if here in waits else next(iter(waits), here)


def _rows(request: ViewerRequest, found: list[Wanting]) -> list[Waits]:
    lang = lang_of(request)
    titles = queries.titles_of(request.program, named_in(one.told for one in found), lang)
    return [
        Waits(
            Row.of(one.told, "", request.pack, lang, signed=True, titles=titles),
            next((text.original_lang for text in one.told.texts.values()), lang),
            one.is_there,
            _href(request, one),
        )
        for one in found
    ]


def _href(request: ViewerRequest, one: Wanting) -> str:
    if one.told.entry.kind in CHANGES:
        return to(request, "workplans:translations", slug=one.told.entry.data["workplan"])
    return to(request, "texts:translations", index=one.told.index)

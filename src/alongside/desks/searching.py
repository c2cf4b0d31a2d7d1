"""The search: one box over everything public, narrowed by what it is and by the register's own filters."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from alongside.core.kinds import EntryKind, Group
from alongside.core.policy.pack import Pack
from alongside.desks import queries
from alongside.desks.queries.finding import FoundThing, Piece, find
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.record.labels import told_from
from alongside.ground.record.sentences import Row
from alongside.ground.ui.addresses import lang_of, to, to_if_there
from alongside.work.projects.queries import IMPACTS, STAGES, Narrow

GROUPS = {
    Group.PROJECT: _("Projects and decisions"),
    Group.ENGAGEMENT: _("Promises to listen"),
    Group.FINDING: _("What communities said"),
    Group.ASK: _("What was asked of the City"),
    Group.ANSWER: _("Answers"),
    Group.COMMITMENT: _("Commitments, and what was kept"),
    Group.REPORT: _("What people heard back"),
    Group.PAST: _("From old sources"),
    Group.OTHER: _("Everything else"),
}


class SearchForm(forms.Form):
    """What is looked for, and to what the search is narrowed; nothing is required."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    what = forms.ChoiceField(label=_("What"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    impact = forms.ChoiceField(label=_("Impact"), required=False)
    community = forms.ChoiceField(label=_("Whom it touches"), required=False)
    soon = forms.BooleanField(label=_("A decision in the next 90 days"), required=False)
    never = forms.BooleanField(label=_("The public was never asked"), required=False)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = sorted(((one.slug, one.name.say(lang)) for one in pack.units), key=lambda pair: pair[1])
        named: dict[str, list[tuple[Any, Any]]] = {
            "what": list(GROUPS.items()),
            "unit": units,
            "stage": list(STAGES.items()),
            "impact": list(IMPACTS.items()),
            "community": [(one.id, one.name.say(lang)) for one in pack.communities],
        }
        for name, choices in named.items():
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> dict[str, Any]:
        """Give what was chosen; what does not fit is left out, and the form says so."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}

    def as_query(self) -> str:
        """Give the search as the tail of an address, without the page."""
        return urlencode({name: value for name, value in self.wanted().items() if name != "page"})


@dataclass(frozen=True)
class ResultView:
    """One line of what was found."""

    label: str
    mark: tuple[str, str]
    title: str
    lang: str
    href: str
    on: date | None
    pieces: list[Piece]
    pieces_lang: str
    unit: str = ""


@open_to(Role.EVERYONE)
def search(request: ViewerRequest) -> HttpResponseBase:
    """Search everything public. Nobody keeps what was looked for: no log, no cache."""
    lang = lang_of(request)
    form = SearchForm(request.GET or None, pack=request.pack, lang=lang)
    wanted = form.wanted()
    narrow = Narrow(
        unit=wanted.get("unit", ""),
        stage=wanted.get("stage", ""),
        impact=wanted.get("impact", ""),
        community=wanted.get("community", ""),
        is_soon=wanted.get("soon", False),
        never_asked=wanted.get("never", False),
    )
    typed, today = wanted.get("q", ""), request.today
    found = find(request.program, lang, typed, wanted.get("what", ""), narrow, today, wanted.get("page", 1))
    rows = [_line(request, one, lang) for one in found.things]
    kinds = [one.told.entry.kind if one.told else "" for one in found.things]
    context = {"form": form, "typed": typed, "found": found, "rows": rows, "filters": form.as_query()}
    context["told_from"] = told_from(kinds)
    response = render(request, "desks/search.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _line(request: ViewerRequest, one: FoundThing, lang: str) -> ResultView:
    pieces, spoken = list(one.pieces), one.pieces_lang
    if one.told is None:
        href = to_if_there(request, "projects:project", slug=one.project)
        listed = one.listed
        title, unit = (listed.title, listed.body) if listed else ("", "")
        label = str(_("On the register, from a file"))
        return ResultView(label, ("city", ""), title, spoken, href, None, pieces, spoken, unit)
    row = Row.of(one.told, "", request.pack, lang, signed=True, titles={})
    unit = str(one.told.entry.data.get("unit", ""))
    named = queries.unit_name(request.pack, unit, lang) if unit else ""
    href = _href(request, one)
    return ResultView(
        row.label,
        row.mark,
        row.about or row.label,
        row.lang if row.about else lang,
        href,
        row.date,
        pieces,
        spoken,
        named,
    )


def _href(request: HttpRequest, one: FoundThing) -> str:
    """Give the page on which what was found is read in its place; its entry where it has none."""
    entry = one.told.entry if one.told else None
    if entry is None:
        return ""
    place = entry.kind.partition(".")[0]
    if one.decision and one.project:
        return to(request, "projects:decision", slug=one.project, decision=one.decision)
    if one.project and place in {"project", "harm"}:
        return to(request, "projects:project", slug=one.project)
    if entry.kind == EntryKind.ENGAGEMENT_PROMISED:
        return to(request, "engagements:engagement", slug=entry.data["engagement"])
    if one.promise is not None:
        thread = to(request, "desks:thread", promise=one.promise)
        return thread + (f"#ask-{one.ask}" if one.ask is not None else f"#{place}-{entry.index}")
    page = {
        "reconstructed": ("desks:past", {"slug": entry.data.get("thread", "")}),
        EntryKind.WORKPLAN_PROPOSED: ("workplans:plan", {"slug": entry.data.get("workplan", "")}),
        EntryKind.CONSULTATION_OPENED: (
            "consultations:consultation",
            {"slug": entry.data.get("consultation", "")},
        ),
        EntryKind.INVITATION_MADE: ("invitations:invitation", {"slug": entry.data.get("invitation", "")}),
    }
    itself = ("record:entry", {"index": entry.index})
    name, given = page.get(entry.kind) or page.get(place) or itself
    return to(request, name, **given)

"""The search: one box over everything public, narrowed by what it is and by the register's own filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from alongside.core.entries import Entry
from alongside.core.findable import sentences_of, terms_in, words_in
from alongside.core.kinds import EntryKind, Group
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import told_from
from alongside.ground.record.queries import EntryView, TextView
from alongside.ground.record.sentences import HEADINGS, LONGEST, Row
from alongside.ground.search.queries import Hit, Narrowed, Results
from alongside.ground.search.queries import search as hits_in
from alongside.ground.ui.addresses import lang_of, to
from alongside.work.projects.queries import Listed, Narrow, narrowed, show_lines
from alongside.work.registers.models import Listing
from alongside.work.registers.queries import IMPACTS, STAGES

PAGE = 20
#: How many letters of a text are shown around the first word that fits.
AROUND = 220
BEFORE = 60


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether they are what was looked for."""

    words: str
    fits: bool = False


@dataclass(frozen=True)
class FoundThing:
    """One thing that was found: an entry with its words, or a line of the register that came in from a file."""

    told: EntryView | None
    listed: Listed | None
    #: The ask that an answer or a step is about, the promise of its engagement, and the project it belongs to.
    ask: int | None = None
    promise: int | None = None
    project: str = ""
    decision: str = ""
    pieces: Sequence[Piece] = ()
    pieces_lang: str = ""


@dataclass(frozen=True)
class FoundPage:
    """A page of what was found, and which page of how many it is."""

    things: list[FoundThing]
    page: Page[Hit]
    results: Results


def find(
    program: Program, lang: str, words: str, group: str, narrow: Narrow, today: date, number: int = 1
) -> FoundPage:
    """Give a page of what fits. Fifteen queries at most, and six more for lines of the register."""
    log = record.log_of(program)
    if log is None:
        return FoundPage([], Paginator([], PAGE).get_page(1), Results())
    by_project = narrow != Narrow(unit=narrow.unit)
    results = hits_in(log, words, Narrowed(group="project" if by_project else group, unit=narrow.unit))
    hits = _of_projects(program, results.hits, narrow, today) if by_project else list(results.hits)
    page = Paginator(hits, PAGE).get_page(number)
    shown = _shown(program, lang, list(page.object_list), words, results.meant, today)
    return FoundPage(shown, page, results)


def _of_projects(program: Program, hits: Sequence[Hit], narrow: Narrow, today: date) -> list[Hit]:
    """Keep the projects that fit the register's own filters. Three queries."""
    entries = [one.about for one in hits if one.source == "entry"]
    listings = [one.about for one in hits if one.source == "listing"]
    fits = narrowed(program, narrow, today)
    kept = {("entry", one) for one in fits.filter(entry__in=entries).values_list("entry", flat=True)}
    kept |= {("listing", one) for one in fits.filter(pk__in=listings).values_list("pk", flat=True)}
    return [one for one in hits if (one.source, one.about) in kept]


def _shown(
    program: Program, lang: str, hits: Sequence[Hit], words: str, meant: Mapping[str, str], today: date
) -> list[FoundThing]:
    told = record.told(program, [one.about for one in hits if one.source == "entry"], lang)
    asks = {index for one in told.values() for index in one.entry.cites.get("ask", ())}
    projects = {index for one in told.values() for index in one.entry.cites.get("project", ())}
    cited = record.entries_at(program, asks | projects)
    rows = Listing.objects.filter(
        program=program, pk__in=[one.about for one in hits if one.source == "listing"]
    )
    lines = list(rows.select_related("row__register"))
    listed = {one.listing.pk: one for one in show_lines(program, lang, lines, today)} if lines else {}
    wanted = tuple(words_in(" ".join([words, *meant.values()])))
    return [
        _of_entry(told[one.about], cited, wanted)
        if one.source == "entry"
        else _of_row(listed[one.about], wanted)
        for one in hits
        if one.about in (told if one.source == "entry" else listed)
    ]


def _of_entry(told: EntryView, cited: Mapping[int, Entry], wanted: Sequence[str]) -> FoundThing:
    entry = told.entry
    ask = next((one for one in entry.cites.get("ask", ()) if one in cited), None)
    about = cited[ask] if ask is not None else entry
    project = next((cited[one] for one in entry.cites.get("project", ()) if one in cited), entry)
    is_ask = entry.kind.startswith("ask.") and ask is None
    fitting = _fitting(told, wanted)
    return FoundThing(
        told=told,
        listed=None,
        ask=entry.index if is_ask else ask,
        promise=next(iter(about.cites.get("engagement", ())), None),
        project=str(project.data.get("project", "")),
        decision=str(entry.data.get("decision", "")) if entry.kind == EntryKind.DECISION_SCHEDULED else "",
        pieces=cut(fitting.words, wanted) if fitting else (),
        pieces_lang=fitting.lang if fitting else "",
    )


def _fitting(told: EntryView, wanted: Sequence[str]) -> TextView | None:
    """Give the text that fits; what stands whole in the heading is not said twice."""
    heading = next((name for name in HEADINGS if told.say(name)), "")
    plain = [replace(one, words=sentences_of(one.words)) for one in told.texts.values()]
    texts = sorted(plain, key=lambda one: one.name == heading)
    found = next((one for one in texts if any(each.fits for each in cut(one.words, wanted))), None)
    is_said = found is not None and found.name == heading and len(found.words) <= LONGEST
    return None if is_said else found


def _of_row(listed: Listed, wanted: Sequence[str]) -> FoundThing:
    pieces = cut(listed.summary, wanted) if listed.summary else []
    return FoundThing(None, listed, project=listed.slug, pieces=pieces, pieces_lang=listed.summary_lang)


def cut(text: str, wanted: Sequence[str]) -> list[Piece]:
    """Cut the part of a text around the first word that fits, with what fits set apart; the beginning where none does."""
    parts = text.split()
    fits = [_fits(part, wanted) for part in parts]
    first, room = (fits.index(True) if True in fits else 0), BEFORE
    while first > 0 and room > len(parts[first - 1]):
        first -= 1
        room -= len(parts[first]) + 1
    pieces, room = [Piece("…")] if first else [], AROUND
    for part, is_wanted in zip(parts[first:], fits[first:], strict=True):
        if room <= 0:
            pieces.append(Piece("…"))
            break
        pieces.append(Piece(part, is_wanted))
        room -= len(part) + 1
    return pieces


def _fits(part: str, wanted: Sequence[str]) -> bool:
    return any(word.startswith(one) or word in forms_of(one) for word in words_in(part) for one in wanted)


def forms_of(word: str) -> tuple[str, ...]:
    """Give the other forms that a search takes for a word."""
    return tuple(form for term in terms_in(word) for form in term.forms)


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
        href = to(request, "projects:project", slug=one.project)
        listed = one.listed
        title, unit = (listed.title, listed.body) if listed else ("", "")
        label = str(_("On the register, from a file"))
        return ResultView(label, ("city", ""), title, spoken, href, None, pieces, spoken, unit)
    row = Row.of(one.told, "", request.pack, lang, signed=True, titles={})
    unit = str(one.told.entry.data.get("unit", ""))
    named = request.pack.unit_name(unit, lang) if unit else ""
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

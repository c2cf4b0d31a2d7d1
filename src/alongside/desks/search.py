"""The search: one box over everything public, narrowed by what it is and by the register's own filters."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.queries import CallPage, call_list
from alongside.core.kinds import EntryKind, Group
from alongside.core.policy.pack import Pack
from alongside.core.search_words import Term, sentences_of, stem_of, terms_in, words_in
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.engagements import EngagementStage
from alongside.desks.stage_words import asked_words, promised_words
from alongside.ground.directory.queries import asks_for_help, to_call_now
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import KINDS, page_source, where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.places import ABOVE, page_of_thing
from alongside.ground.record.queries import EntryView, TextView
from alongside.ground.record.sentences import HEADINGS, LONGEST, Row
from alongside.ground.search.queries import Hit, Narrowed, Results, Thing, Tongue, things
from alongside.ground.search.queries import search as hits_in
from alongside.ground.ui.addresses import asker_of, lang_of, to, to_if_there
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.forms import NarrowForm, offer
from alongside.work.projects.queries import (
    SOON_DAYS,
    EngagementShown,
    Listed,
    Narrow,
    courses_of,
    narrowed,
    show_lines,
)
from alongside.work.registers.models import Listing
from alongside.work.registers.queries import IMPACTS, STAGES

PAGE = 20
#: Where an engagement is over, and what came of it is told.
OVER = (EngagementStage.ENDED, EngagementStage.CLOSED)
#: How many letters of a text are shown around the first word that fits.
AROUND = 220
BEFORE = 60


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether they are what was looked for."""

    words: str
    fits: bool = False


@dataclass(frozen=True)
class Around:
    """What stands beside the things of one page of results: their words, what they cite, and where they stand."""

    told: Mapping[int, EntryView]
    listed: Mapping[tuple[str, int], Listed]
    courses: Mapping[int, EngagementShown]
    standings: Mapping[int, Standing]
    milestones: Mapping[int, list[MilestoneStanding]]
    calls: Mapping[int, CallPage]
    #: The asks that came of an engagement that is over, by its promise; and those on a list.
    asked: Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class FoundPage:
    """A page of what was found, and which page of how many it is."""

    things: list[Thing]
    page: Page[Thing]
    results: Results


def find(
    program: Program,
    words: str,
    group: str,
    narrow: Narrow,
    today: date,
    tongue: Tongue,
    number: int = 1,
) -> FoundPage:
    """Give a page of what fits, the best first. Twenty-seven queries at most."""
    log = record.log_of(program)
    if log is None:
        return FoundPage([], Paginator([], PAGE).get_page(1), Results())
    by_project = narrow != Narrow(unit=narrow.unit)
    narrowed_to = Narrowed(group="project" if by_project else group, unit=narrow.unit)
    results = hits_in(log, words, narrowed_to, tongue)
    if by_project:
        results = replace(results, hits=_of_projects(program, results.hits, narrow, today))
    page = Paginator(_closed_last(program, things(log, results), today, tongue.lang), PAGE).get_page(number)
    return FoundPage(list(page.object_list), page, results)


def _closed_last(program: Program, found: Sequence[Thing], today: date, lang: str) -> list[Thing]:
    """Put calls that are closed behind all else that has a page. Six queries where there are calls."""
    called = any(one.kind == EntryKind.CALL_PUBLISHED for one in found)
    calls = call_list(program, lang) if called else ()
    closed = {one.told.index for one in calls if one.closes < today}
    return sorted(found, key=lambda one: (not one.is_on_a_page, not one.kind, one.about in closed))


def _of_projects(program: Program, hits: Sequence[Hit], narrow: Narrow, today: date) -> list[Hit]:
    """Keep the projects that fit the register's own filters. Three queries."""
    entries = [one.about for one in hits if one.source == "entry"]
    listings = [one.about for one in hits if one.source == "listing"]
    fits = narrowed(program, narrow, today)
    kept = {("entry", one) for one in fits.filter(entry__in=entries).values_list("entry", flat=True)}
    kept |= {("listing", one) for one in fits.filter(pk__in=listings).values_list("pk", flat=True)}
    return [one for one in hits if (one.source, one.about) in kept]


def around(program: Program, lang: str, found: Sequence[Thing], today: date) -> Around:
    """Read what stands beside things. Twenty queries at most."""
    entries = {one.about for one in found if one.kind} | {one.best.about for one in found if one.kind}
    told = record.entry_views(program, entries, lang)
    above = {cited for one in told.values() for role in ABOVE for cited in one.entry.cites.get(role, ())}
    told |= record.entry_views(program, above - told.keys(), lang)
    promises = [told[one.about] for one in found if one.kind == EntryKind.ENGAGEMENT_PROMISED]
    courses = {one.told.index: one for one in courses_of(program, promises, today)}
    closed = [index for index, one in courses.items() if one.state in OVER]
    asked: dict[int, list[int]] = defaultdict(list)
    told_of = [*closed, *(one.about for one in found if one.kind == EntryKind.ASK_LISTED)]
    for ask, on in record.asked_on(program, told_of).items():
        asked[on].append(ask)
    asks = [one.about for one in found if one.kind in ASK_KINDS]
    asks = sorted({*asks, *(ask for own in asked.values() for ask in own)})
    standings = {one.ask: one for one in record.standings(program, ask__in=asks)} if asks else {}
    by_ask: dict[int, list[MilestoneStanding]] = defaultdict(list)
    for one in record.milestones(program, ask__in=asks) if asks else ():
        by_ask[one.ask].append(one)
    lines = Q(pk__in=[one.about for one in found if not one.kind])
    lines |= Q(entry__in=[one.about for one in found if one.kind == EntryKind.PROJECT_REGISTERED])
    rows = list(Listing.objects.filter(lines, program=program).select_related("row__register"))
    listed = {}
    for each in show_lines(program, lang, rows, today) if rows else ():
        listed["", each.listing.pk] = each
        if each.listing.entry is not None:
            listed["entry", each.listing.entry] = each
    has_calls = any(one.kind == EntryKind.CALL_PUBLISHED for one in found)
    calls = {one.told.index: one for one in call_list(program, lang)} if has_calls else {}
    return Around(told, listed, courses, standings, by_ask, calls, asked)


def _fitting(one: Thing, told: EntryView, wanted: Sequence[Term], lang: str) -> TextView | None:
    """Give the text that fits, in one language; of another entry than the one in the heading, else what it is called.

    What stands whole in the heading is not said twice.
    """
    heading = next((name for name in HEADINGS if told.say(name)), "")
    plain = [
        replace(each, words=words, lang=lang if words != sentences_of(each.words) else each.lang)
        for each in told.texts.values()
        if (words := sentences_of(each.words, lang))
    ]
    texts = sorted(plain, key=lambda each: each.name == heading)
    found = next((each for each in texts if any(piece.fits for piece in cut(each.words, wanted))), None)
    if one.best.about != one.about:
        return found or next((each for each in texts if each.name == heading), None)
    is_said = found is not None and found.name == heading and len(found.words) <= LONGEST
    return None if is_said else found


def cut(text: str, wanted: Sequence[Term]) -> list[Piece]:
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


def _fits(part: str, wanted: Sequence[Term]) -> bool:
    """Say whether a word of a text is one that was looked for, in one of its forms; of a phrase, any word of it."""
    return any(
        word in one.word.split() or word in one.forms or (one.begins and word.startswith(one.word))
        for word in words_in(part)
        for one in wanted
    )


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


class SearchForm(NarrowForm):
    """What is looked for, and to what the search is narrowed; nothing is required."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    what = forms.ChoiceField(label=_("What"), required=False)
    unit = forms.ChoiceField(label=_("Bureau"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    impact = forms.ChoiceField(label=_("Impact"), required=False)
    community = forms.ChoiceField(label=_("Whom it touches"), required=False)
    soon = forms.BooleanField(
        label=format_lazy(_("A decision in the next {days} days"), days=SOON_DAYS), required=False
    )
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
            offer(self, name, [("", _("All")), *choices])


@dataclass(frozen=True)
class ResultView:
    """One line of what was found: what it is, where it stands, and the words that fit. `shelf` is what it is listed under."""

    shelf: str
    label: str
    mark: tuple[str, str]
    title: str
    lang: str
    href: str
    state: str
    on: date | None
    pieces: Sequence[Piece]
    pieces_lang: str


#: The pages that say what this site is, with their titles and the words by which people look for them.
OWN_PAGES: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        "directory:help",
        _("Help and sanctuary"),
        _(
            "contact call phone number email address reach someone complain complaint problem my lost stolen device"
        ),
    ),
    (
        "engagements:open",
        _("Take part"),
        _("agree disagree judge statement opinion vote poll survey answer speak"),
    ),
    ("calls:calls", _("Calls for community leads"), _("apply application join become lead job")),
    ("pay:public", _("What leads are paid"), _("pay payment wage salary money stipend hour earn")),
    (
        "receipts:follow",
        _("Where is my voice?"),
        _("receipt digits code number withdraw take back cancel remove delete erase answers sent"),
    ),
    (
        "desks:keeps",
        _("What this site keeps about you"),
        _("privacy private personal data cookie delete backup copy keep kept how long court subpoena police"),
    ),
    ("desks:promises", _("What we promise, and what we cannot"), _("trust safe secret rule")),
    (
        "record:entries#check",
        _("Check the public log yourself"),
        _("proof prove verify verification copy mirror record changed signature witness"),
    ),
    (
        "desks:accessibility",
        _("Accessibility"),
        _("accessible screen reader keyboard blind deaf disability"),
    ),
    ("languages", _("Languages"), _("language translation translated interpreter")),
    (
        "desks:software",
        _("This is free software"),
        _("source code open install program cost price license another city"),
    ),
)

#: The same, for leads and the coordinator.
RULES_PAGE: tuple[str, str | Promise, str | Promise] = (
    "rules:proposed",
    _("The rules of the program"),
    _("new rule proposed proposal change agree policy in force days to answer"),
)

#: The same, for leads alone: alarms, their keys and the papers that bring them back.
PAGES_OF_LEADS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        "messages:raise",
        _("Raise an alarm"),
        _(
            "alarm punished pressed threat threatened boss retaliation misused wrong unfair complaint speaking up"
        ),
    ),
    (
        "keys:keyring",
        _("My key"),
        _("lost my phone computer device stolen keyring six words fingerprint passkey"),
    ),
    ("keys:lost", _("I lost my six words"), _("lost key keyring new phone")),
    (
        "reader:reader",
        _("Reader"),
        _("recovery papers paper make check sign open lost key voices unlock vouch"),
    ),
)


def _stems(words: str, lang: str) -> frozenset[str]:
    return frozenset(stem_of(one.word, lang) for one in terms_in(words, lang=lang))


def own_words(lang: str) -> frozenset[str]:
    """Give the stems of all words by which the pages of this site are found: who types one mistyped nothing."""
    told = [f"{title} {also}" for _name, title, also in (*OWN_PAGES, RULES_PAGE, *PAGES_OF_LEADS)]
    return frozenset(stem_of(one, lang) for words in told for one in words_in(words))


def own_pages(request: ViewerRequest, words: str) -> list[tuple[str, str]]:
    """List the pages of this site, for leads those of leads too, each address with its title, that hold every word that is looked for, in any form."""
    lang, found = lang_of(request), []
    wanted = _stems(words, lang)
    pages, asker = list(OWN_PAGES), asker_of(request)
    pages += [RULES_PAGE] if asker.has(Role.LEAD, Role.STEWARD) else []
    pages += PAGES_OF_LEADS if asker.has(Role.LEAD) else ()
    for name, title, also in pages:
        has = {stem_of(one, lang) for one in words_in(f"{title} {also}")}
        page, mark, place = name.partition("#")
        if wanted and wanted <= has and (href := to_if_there(request, page)):
            found.append((href + mark + place, str(title)))
    return found + _of_that_title(request, wanted)


def _of_that_title(request: ViewerRequest, wanted: frozenset[str]) -> list[tuple[str, str]]:
    """List the kinds of entries of which this is the title, each with where they stand on the public log. One query for each that is."""
    lang, found = lang_of(request), []
    for kind, title in KINDS.items():
        if not wanted or wanted != _stems(str(title), lang):
            continue
        entries = record.lines_where(request.program, kind=kind).values_list("index", flat=True)[:2]
        if len(entries) == 1:
            href = to(request, "record:entry", index=entries[0])
        else:
            href = f"{to(request, 'record:entries')}?kind={kind}"
        if entries:
            found.append((href, say("On the public log: %(what)s") % {"what": title}))
    return found


@open_to(Role.EVERYONE)
def search(request: ViewerRequest) -> HttpResponseBase:
    """Search everything public. Nobody keeps what was looked for: no log, no cache."""
    lang, today = lang_of(request), request.today
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
    typed, what, number = wanted.get("q", ""), wanted.get("what", ""), wanted.get("page", 1)
    found = find(
        request.program, typed, what, narrow, today, Tongue.of(request.pack, lang, own_words(lang)), number
    )
    beside = around(request.program, lang, found.things, today)
    rows = [_line(request, one, beside, found.results.terms) for one in found.things]
    context = {"form": form, "typed": typed, "found": found, "rows": rows, "filters": form.as_query()}
    context["own_pages"] = own_pages(request, typed)
    if asks_for_help(request.pack, typed):
        context |= {"asks_for_help": True, **to_call_now(request.program, request.pack)}
    context["page_source"] = page_source(one.kind for one in found.things)
    response = render(request, "desks/search.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


#: What people call the things they look for; everything else is called as the log calls it.
LABELS = {
    EntryKind.ENGAGEMENT_PROMISED: _("Question to the public"),
    EntryKind.ASK_RECOMMENDED: _("Recommendation"),
    EntryKind.ASK_QUESTIONED: _("Question to the City"),
    EntryKind.ASK_ADVISED: _("Advice to the City"),
    EntryKind.ASK_LISTED: _("A list of questions"),
    EntryKind.PROJECT_REGISTERED: _("City project"),
    EntryKind.CALL_PUBLISHED: _("A call for community leads"),
}


def _line(request: ViewerRequest, one: Thing, beside: Around, wanted: Sequence[Term]) -> ResultView:
    if not one.kind:
        return _line_of_a_file(request, beside.listed["", one.about], wanted)
    lang, told = lang_of(request), beside.told[one.about]
    row = Row.of(told, "", request.pack, lang, signed=True, titles={})
    fitting = _fitting(one, beside.told[one.best.about], wanted, lang)
    return ResultView(
        shelf="" if one.is_on_a_page else say("In the public log"),
        label=str(LABELS.get(EntryKind(one.kind), row.label)),
        mark=row.mark,
        title=row.about or row.label,
        lang=row.lang if row.about else lang,
        href=_href(request, told, beside),
        state=_state(one, beside, request.today),
        on=row.date,
        pieces=cut(fitting.words, wanted) if fitting else (),
        pieces_lang=fitting.lang if fitting else "",
    )


def _line_of_a_file(request: ViewerRequest, one: Listed, wanted: Sequence[Term]) -> ResultView:
    return ResultView(
        shelf=say("From lists that the City published"),
        label=one.body or say("City project"),
        mark=("city", ""),
        title=one.title,
        lang=one.summary_lang,
        href=to(request, "projects:project", slug=one.slug),
        state="",
        on=None,
        pieces=cut(one.summary, wanted) if one.summary else (),
        pieces_lang=one.summary_lang,
    )


def _state(one: Thing, beside: Around, today: date) -> str:
    """Say where a thing stands, in a few words; nothing where it does not move."""
    if course := beside.courses.get(one.about):
        day = day_in_words(course.course.closes)
        words = {
            EngagementStage.OPEN: say("Open until %(day)s") % {"day": day},
            EngagementStage.PAUSED: say("Paused"),
            EngagementStage.ENDED: say("Closed on %(day)s. The report is to come.") % {"day": day},
            EngagementStage.CLOSED: say("Closed. People have heard back."),
        }[course.state]
        return " ".join(filter(None, (words, *_came(beside, one.about, today))))
    if one.kind == EntryKind.ASK_LISTED:
        return _came(beside, one.about, today)[0]
    if standing := beside.standings.get(one.about):
        words = where_it_stands(standing, beside.milestones.get(one.about, []), today)
        if not standing.owes_above or standing.raise_due is None:
            return words
        day = day_in_words(standing.raise_due)
        raised = say("Raised to the office above. A reply is due on %(day)s.") % {"day": day}
        return f"{words} {raised}"
    if call := beside.calls.get(one.about):
        words = say("Open until %(day)s") if call.closes >= today else say("Closed on %(day)s")
        return words % {"day": day_in_words(call.closes)}
    listed = beside.listed.get(("entry", one.about))
    return str(STAGES.get(listed.listing.stage, "")) if listed else ""


def _came(beside: Around, about: int, today: date) -> tuple[str, str]:
    """Say of an engagement that is over, or of a list, what was asked of the City, and what it promised; nothing where nothing was."""
    asks = [beside.standings[ask] for ask in beside.asked.get(about, ()) if ask in beside.standings]
    promised = [each for one in asks for each in beside.milestones.get(one.ask, ())]
    return asked_words(asks, today), promised_words(promised, today)


def _href(request: HttpRequest, told: EntryView, beside: Around) -> str:
    """Give the page on which a thing is read; its entry of the log where it has none."""
    entry, course = told.entry, beside.courses.get(told.index)
    if course and course.state in OVER:
        return to(request, "desks:thread", promise=entry.index)
    above = {
        role: beside.told[entry.cites[role][0]].entry
        for role in ABOVE
        if entry.cites.get(role, (None,))[0] in beside.told
    }
    return page_of_thing(partial(to, request), entry, above) or to(request, "record:entry", index=entry.index)

"""A lead's own portfolio, from the record: the page, and the PDF with a name that is typed in for it and kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.seats.models import ROLES, RoleHeld, Seat
from alongside.cohort.seats.queries.seats import ends_on
from alongside.cohort.training.models import Completion, words_in
from alongside.core.disclosure import Band, band_of_data, is_counted
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.commitments import CHECKS
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.workplans import CHANGES as VERSIONS
from alongside.desks import stage_words
from alongside.desks.handover import KINDS as HANDED
from alongside.desks.handover import Asked, asked_of
from alongside.desks.lines import Lines, lines_of
from alongside.desks.pdf import MissingGlyphError, set_paper
from alongside.ground.gate.roles import Role, Viewer, ViewerRequest, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.queries import Words
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.pages import PDF, download, page_of_many
from alongside.ground.ui.press import posted

KINDS = (*HANDED, *VERSIONS, *CHECKS)


@dataclass(frozen=True)
class Learned:
    """A track that the lead completed."""

    title: str
    lang: str
    on: date
    has_credential: bool
    completion: int


#: The parts of a portfolio that may be long.
LONG = ("promised", "found", "plans", "asked", "checked", "learned")


@dataclass(frozen=True)
class Kept:
    """Everything in a portfolio, without words: of what the lead's own seats wrote or signed, oldest first."""

    seats: Sequence[Seat]
    promised: Sequence[Entry]
    found: Sequence[Entry]
    #: The version of each plan that has its title, and whether both sides signed it.
    plans: Sequence[tuple[Entry, bool]]
    asked: Sequence[Asked]
    checked: Sequence[Entry]
    learned: Sequence[Learned]
    courses: Mapping[int, EngagementState]

    @property
    def parts(self) -> tuple[Sequence[Any], ...]:
        """Give what may be long."""
        return tuple(getattr(self, name) for name in LONG)

    def page(self, shown: slice) -> "Kept":
        """Give a page of each part."""
        return replace(self, **{name: getattr(self, name)[shown] for name in LONG})

    @property
    def named_by(self) -> set[int]:
        """Give the entries whose words it shows."""
        entries = (*self.promised, *self.found, *(one for one, _both in self.plans), *self.checked)
        asked = (one.told.index for one in self.asked)
        return {one.cohort.entry for one in self.seats}.union(asked, (one.index for one in entries))


def kept_of(program: Program, viewer: Viewer, lang: str, today: date) -> Kept | None:
    """Gather the viewer's own portfolio, or None for someone who never sat in this program. Eight queries."""
    roles = Prefetch("roles", RoleHeld.objects.order_by("from_date", "pk"))
    found = Seat.objects.filter(person=viewer.person_id or 0, cohort__program=program)
    seats = list(found.select_related("cohort").prefetch_related(roles).order_by("from_date", "pk"))
    if not seats:
        return None
    lines = lines_of(program, KINDS, today)
    mine = {one.public_id for one in seats}
    own = [one for one in lines.by_index.values() if mine & set(one.seats)]
    asks = [one for one in own if one.kind in ASK_KINDS]
    return Kept(
        seats=seats,
        promised=[one for one in own if one.kind == EntryKind.ENGAGEMENT_PROMISED],
        found=[one for one in own if one.kind == EntryKind.FINDING_PUBLISHED],
        plans=_plans_signed(own, lines),
        asked=asked_of(program, lines, asks),
        checked=[one for one in own if one.kind in CHECKS],
        learned=_tracks(program, viewer, lang),
        courses=lines.courses(),
    )


def _plans_signed(own: Sequence[Entry], lines: Lines) -> list[tuple[Entry, bool]]:
    """Give the versions that hold the titles of the plans that these entries propose or sign, and which both sides signed."""
    signed = (EntryKind.WORKPLAN_PROPOSED, EntryKind.WORKPLAN_SIGNED)
    names = {str(one.data["workplan"]) for one in own if one.kind in signed}
    return [
        ((one.in_force or one.versions[-1]).proposed, one.in_force is not None)
        for name, one in lines.plans().items()
        if name in names
    ]


def _tracks(program: Program, viewer: Viewer, lang: str) -> list[Learned]:
    rows = Completion.objects.filter(person=viewer.person_id or 0, track__program=program)
    found = [
        (one, words_in(one.track.texts, lang)) for one in rows.select_related("track").order_by("on", "pk")
    ]
    return [
        Learned(text["title"], text["lang"], one.on, one.issued_on is not None, one.pk) for one, text in found
    ]


@dataclass(frozen=True)
class PortfolioLine:
    """One line: what it is in its own language, what is said of it in the reader's, and the completion whose papers it has."""

    title: str
    lang: str
    text: str = ""
    papers: int | None = None


@dataclass(frozen=True)
class Section:
    """A heading with its lines; `why` says why there are none."""

    heading: str
    lines: list[PortfolioLine]
    why: str


def sections_of(kept: Kept, words: Words, today: date) -> list[Section]:
    """Lay a portfolio out. Asks nothing."""
    parts: list[tuple[str, list[PortfolioLine], str]] = [
        (_("Places and roles"), _seats(kept, words), ""),
        (
            _("Engagements I led"),
            _engagements(kept, words),
            _("None was opened under this place."),
        ),
        (_("What I heard and signed"), _findings(kept, words), _("None was published under this place.")),
        (_("Workplans I signed"), _plans(kept, words), _("None was signed under this place.")),
        (
            _("What I asked the City, and what came of it"),
            _asked(kept, words, today),
            _("Nothing was asked under this place."),
        ),
        (_("Deliveries I checked"), _checked(kept, words), _("None was checked under this place.")),
        (_("Training I completed"), _learned(kept), _("None was completed yet.")),
    ]
    return [Section(heading, lines, why) for heading, lines, why in parts]


def _seats(kept: Kept, words: Words) -> list[PortfolioLine]:
    found = []
    for seat in kept.seats:
        name, last = words.get(seat.cohort.entry, {}).get("name"), ends_on(seat)
        term = _("Community lead from %(first)s to %(last)s.") % {
            "first": day_in_words(seat.from_date),
            "last": day_in_words(last),
        }
        roles = [
            _("%(role)s from %(first)s to %(last)s.")
            % {
                "role": ROLES[one.role],
                "first": day_in_words(one.from_date),
                "last": day_in_words(min(one.until_date or last, last)),
            }
            for one in seat.roles.all()
        ]
        text = " ".join([term, *roles])
        found.append(PortfolioLine(name.words if name else "", name.lang if name else "", text))
    return found


def _engagements(kept: Kept, words: Words) -> list[PortfolioLine]:
    found = []
    for one in kept.promised:
        text = [_("Opened on %(day)s.") % {"day": day_in_words(one.date)}]
        course = kept.courses[one.index]
        if course.ended:
            voices = band_of_data(course.ended.data["voices"])
            if is_counted(course.ended.data["voices"]):
                text.append(f"{stage_words.voices_words(course.ended.data['voices'])}.")
            elif isinstance(voices, Band):
                text.append(
                    _("Between %(low)d and %(high)d people spoke.") % {"low": voices.low, "high": voices.high}
                )
        if course.report:
            text.append(_("People heard back on %(day)s.") % {"day": day_in_words(course.report.date)})
        found.append(_line(words, one, "title", " ".join(text)))
    return found


def _findings(kept: Kept, words: Words) -> list[PortfolioLine]:
    return [_line(words, one, "statement", day_in_words(one.date)) for one in kept.found]


def _plans(kept: Kept, words: Words) -> list[PortfolioLine]:
    signed, waits = _("Signed by both sides."), _("The other side has not signed.")
    return [_line(words, one, "title", signed if by_both else waits) for one, by_both in kept.plans]


def _asked(kept: Kept, words: Words, today: date) -> list[PortfolioLine]:
    return [
        _line(words, one.told.entry, "title", where_it_stands(one.standing, one.steps, today))
        for one in kept.asked
    ]


def _checked(kept: Kept, words: Words) -> list[PortfolioLine]:
    return [
        _line(
            words,
            one,
            "check",
            (_("Kept, %(day)s.") if one.kind == CHECKS[0] else _("Disputed, %(day)s."))
            % {"day": day_in_words(one.date)},
        )
        for one in kept.checked
    ]


def _learned(kept: Kept) -> list[PortfolioLine]:
    found = []
    for one in kept.learned:
        text = _("Completed on %(day)s.") % {"day": day_in_words(one.on)}
        if one.has_credential:
            text += " " + _("There is a digital credential.")
        found.append(PortfolioLine(one.title, one.lang, text, one.completion))
    return found


def _line(words: Words, one: Entry, name: str, text: str) -> PortfolioLine:
    shown = words.get(one.index, {}).get(name)
    if shown is None or not shown.words:
        return PortfolioLine(
            _("This text was taken down on a legal ground."), shown.lang if shown else "", text
        )
    return PortfolioLine(shown.words, shown.lang, text)


LONGEST = 120


class NameForm(forms.Form):
    """The name that the PDF shall bear, if any."""

    name = forms.CharField(
        label=gettext_lazy("Your name, as it shall stand on the paper"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy(
            "It goes into the file and is kept nowhere. Leave it empty for a paper without a name."
        ),
    )


@open_to(Role.PERSON)
def portfolio(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead what they take along, and give it as PDF with the name they type in; also when the seat is over."""
    program, lang, today = request.program, lang_of(request), request.today
    kept, form = or_404(kept_of(program, request.viewer, lang, today)), NameForm(posted(request))
    if form.is_valid():
        sections = sections_of(kept, record.texts_of(program, kept.named_by, lang), today)
        try:
            return _file(set_paper("portfolio.typ", data_of(request, sections, form.cleaned_data["name"])))
        except MissingGlyphError:
            cure = _(
                "Some letters cannot be set in a PDF here. Print this page instead and choose “Save as PDF”."
            )
            form.add_error(None, cure)
    page, shown = page_of_many(request.GET.get("page"), *kept.parts)
    part = kept.page(shown)
    sections = sections_of(part, record.texts_of(program, part.named_by, lang), today)
    response = render(request, "desks/portfolio.html", {"form": form, "sections": sections, "page": page})
    response["Cache-Control"] = "private, no-store"
    return response


def data_of(request: ViewerRequest, sections: list[Section], name: str) -> dict[str, Any]:
    """Give what the template of the PDF reads: words alone, each with its language and direction."""
    here, program = language(lang_of(request)), request.pack.name.say(lang_of(request))
    day = {"day": day_in_words(request.today)}
    return {
        "title": _("Portfolio: %(program)s") % {"program": program},
        "name": name.strip(),
        "lang": here.tag[:2],
        "dir": here.dir,
        "intro": _("Work as a community lead, counted from the public log on %(day)s.") % day,
        "check": _("Anyone can check this at %(address)s")
        % {"address": request.build_absolute_uri(to(request, "record:entries"))},
        "sections": [_section(one, here.code) for one in sections],
    }


def _section(one: Section, lang: str) -> dict[str, Any]:
    lines = [
        {
            "title": line.title,
            "lang": language(line.lang or lang).tag[:2],
            "dir": language(line.lang or lang).dir,
            "text": line.text,
        }
        for line in one.lines
    ]
    return {"heading": one.heading, "why": one.why, "lines": lines}


def _file(content: bytes) -> HttpResponseBase:
    response = download(content, "portfolio.pdf", PDF)
    response["Cache-Control"] = "private, no-store"
    return response

"""A lead's own portfolio, from the record: the page, and the PDF with a name that is typed in for it and kept nowhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
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
from alongside.core.workflow.workplans import PlanStanding
from alongside.desks import saying
from alongside.desks.handover import KINDS as HANDED
from alongside.desks.handover import Asked, asked_of
from alongside.desks.lines import Lines, lines_of
from alongside.desks.paper import UnsetError, set_paper
from alongside.ground.gate.roles import Role, Viewer, ViewerRequest, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words
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


@dataclass(frozen=True)
class Kept:
    """Everything in a portfolio. `told` holds the entries with their words."""

    seats: Sequence[tuple[Seat, EntryView]]
    own: Sequence[Entry]
    courses: Mapping[int, EngagementState]
    plans: Mapping[str, PlanStanding]
    asked: Sequence[Asked]
    learned: Sequence[Learned]
    told: Mapping[int, EntryView]

    def of(self, *kinds: str) -> list[EntryView]:
        """Give what the lead's own seats wrote or signed, oldest first."""
        return [self.told[one.index] for one in self.own if one.kind in kinds]


def kept_of(program: Program, viewer: Viewer, lang: str, today: date) -> Kept | None:
    """Gather the viewer's own portfolio, or None for someone who never sat in this program. Nine queries."""
    roles = Prefetch("roles", RoleHeld.objects.order_by("from_date", "pk"))
    found = Seat.objects.filter(person=viewer.person_id or 0, cohort__program=program)
    seats = list(found.select_related("cohort").prefetch_related(roles).order_by("from_date", "pk"))
    if not seats:
        return None
    lines = lines_of(program, KINDS, today)
    mine = {one.public_id for one in seats}
    own = [one for one in lines.by_index.values() if mine & set(one.seats)]
    asks = [one for one in own if one.kind in ASK_KINDS]
    steps = record.milestones(program, ask__in=[one.index for one in asks])
    wanted = {one.cohort.entry for one in seats} | {one.index for one in own}
    wanted |= {one.commitment for one in steps} | {one.index for one in _plans_signed(own, lines)}
    texts = record.texts_of(program, wanted, lang)
    told = {one: EntryView(lines.by_index[one], texts.get(one, {})) for one in wanted}
    return Kept(
        seats=[(one, told[one.cohort.entry]) for one in seats],
        own=own,
        courses=lines.courses(),
        plans=lines.plans(),
        asked=asked_of(program, lines, asks, steps, told),
        learned=_tracks(program, viewer, lang),
        told=told,
    )


def _plans_signed(own: Sequence[Entry], lines: Lines) -> list[Entry]:
    """Give the versions that hold the titles of the plans that these entries propose or sign."""
    names = {str(one.data["workplan"]) for one in own if one.kind in VERSIONS}
    plans = lines.plans()
    return [(plans[name].in_force or plans[name].versions[-1]).proposed for name in sorted(names)]


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


def sections_of(kept: Kept, today: date) -> list[Section]:
    """Lay a portfolio out. Asks nothing."""
    parts: list[tuple[str, Callable[[Kept, date], list[PortfolioLine]], str]] = [
        (_("Seats and roles"), _seats, ""),
        (_("Engagements I led"), _engagements, _("None was opened under this seat.")),
        (_("Findings I signed"), _findings, _("None was published under this seat.")),
        (_("Workplans I signed"), _plans, _("None was signed under this seat.")),
        (_("What I asked the City, and what came of it"), _asked, _("Nothing was asked under this seat.")),
        (_("Deliveries I checked"), _checked, _("None was checked under this seat.")),
        (_("Training I completed"), _learned, _("None was completed yet.")),
    ]
    return [Section(heading, lines(kept, today), why) for heading, lines, why in parts]


def _seats(kept: Kept, _today: date) -> list[PortfolioLine]:
    found = []
    for seat, told in kept.seats:
        last = ends_on(seat)
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
        found.append(PortfolioLine(told.say("name"), told.lang("name"), " ".join([term, *roles])))
    return found


def _engagements(kept: Kept, _today: date) -> list[PortfolioLine]:
    found = []
    for told in kept.of(EntryKind.ENGAGEMENT_PROMISED):
        text = [_("Opened on %(day)s.") % {"day": day_in_words(told.entry.date)}]
        course = kept.courses[told.index]
        if course.ended:
            voices = band_of_data(course.ended.data["voices"])
            if is_counted(course.ended.data["voices"]):
                text.append(f"{saying.voices_words(course.ended.data['voices'])}.")
            elif isinstance(voices, Band):
                text.append(
                    _("Between %(low)d and %(high)d people spoke.") % {"low": voices.low, "high": voices.high}
                )
        if course.report:
            text.append(_("People heard back on %(day)s.") % {"day": day_in_words(course.report.date)})
        found.append(_line(told, "title", " ".join(text)))
    return found


def _findings(kept: Kept, _today: date) -> list[PortfolioLine]:
    return [
        _line(told, "statement", day_in_words(told.entry.date))
        for told in kept.of(EntryKind.FINDING_PUBLISHED)
    ]


def _plans(kept: Kept, _today: date) -> list[PortfolioLine]:
    names = {
        str(one.entry.data["workplan"])
        for one in kept.of(EntryKind.WORKPLAN_PROPOSED, EntryKind.WORKPLAN_SIGNED)
    }
    found = []
    for name, standing in kept.plans.items():
        if name in names:
            told = kept.told[(standing.in_force or standing.versions[-1]).proposed.index]
            both = _("Signed by both sides.") if standing.in_force else _("The other side has not signed.")
            found.append(_line(told, "title", both))
    return found


def _asked(kept: Kept, today: date) -> list[PortfolioLine]:
    return [
        _line(one.told, "title", saying.where_it_stands(one.standing, one.steps, today)) for one in kept.asked
    ]


def _checked(kept: Kept, _today: date) -> list[PortfolioLine]:
    return [
        _line(
            told,
            "check",
            (_("Kept, %(day)s.") if told.entry.kind == CHECKS[0] else _("Disputed, %(day)s."))
            % {"day": day_in_words(told.entry.date)},
        )
        for told in kept.of(*CHECKS)
    ]


def _learned(kept: Kept, _today: date) -> list[PortfolioLine]:
    found = []
    for one in kept.learned:
        text = _("Completed on %(day)s.") % {"day": day_in_words(one.on)}
        if one.has_credential:
            text += " " + _("There is a digital credential.")
        found.append(PortfolioLine(one.title, one.lang, text, one.completion))
    return found


def _line(told: EntryView, name: str, text: str) -> PortfolioLine:
    words = told.say(name) or _("This text was taken down on a legal ground.")
    return PortfolioLine(words, told.lang(name), text)


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
    kept = or_404(kept_of(request.program, request.viewer, lang_of(request), request.today))
    sections = sections_of(kept, request.today)
    form = NameForm(posted(request))
    if form.is_valid():
        try:
            return _file(set_paper("portfolio.typ", data_of(request, sections, form.cleaned_data["name"])))
        except UnsetError:
            cure = _(
                "Some letters cannot be set in a PDF here. Print this page instead and choose “Save as PDF”."
            )
            form.add_error(None, cure)
    response = render(request, "desks/portfolio.html", {"form": form, "sections": sections})
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
        "intro": _("Work as a community lead, counted from the public record on %(day)s.") % day,
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


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="portfolio.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response

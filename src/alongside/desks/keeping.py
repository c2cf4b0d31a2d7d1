"""The portfolio that a lead takes along, as sections of lines: the same for the page and for the PDF."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from alongside.cohort.seats.queries import ROLES
from alongside.core.disclosure import Band, band_of_data, is_counted
from alongside.core.kinds import EntryKind
from alongside.desks import saying
from alongside.desks.queries.keeping import CHECKS, Kept
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import day_in_words

if TYPE_CHECKING:
    from collections.abc import Callable


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
        end = getattr(seat, "end", None)
        last = end.left_on if end else seat.until_date
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

"""What the City promised to do, by office: what was kept beside what was not, with days; the page and the CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.core.tables import write
from alongside.core.workflow.commitments import MilestoneStage
from alongside.desks import stage_words
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.places import page_of_ask
from alongside.ground.record.queries import EntryView, Packs, TextView
from alongside.ground.record.rates import Rate, implementation_rate
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.days import late_by
from alongside.ground.ui.numbers import counted
from alongside.ground.ui.pages import download, page_of

#: So many cases a median stands for; of fewer, their own days are told.
FEWEST_FOR_A_MEDIAN = 3

#: So many offices whose answers are late are named; of more, how many answers.
MOST_LATE = 3

#: The stages in which a promise is not kept, in the order in which they are read.
NOT_KEPT = (MilestoneStage.LATE, MilestoneStage.DISPUTED)


@dataclass(frozen=True)
class Scored:
    """One thing that was promised: its words, where it stands, and its place on the page of its question."""

    step: MilestoneStanding
    stage: MilestoneStage
    days_late: int | None
    days_to_keep: int | None
    words: TextView | None
    ask: EntryView
    href: str
    #: How late it is that does not count as called done, and since which day; empty where it is not late.
    late: str
    late_since: date | None
    #: What those who looked said last.
    seen: str
    mark: tuple[str, str]

    @property
    def again(self) -> str:
        """Say when what is disputed was called done again."""
        return stage_words.again_words(self.step)


@dataclass(frozen=True)
class Office:
    """What one office promised: how much of it is kept and not, of what was due, and the days of both."""

    name: str
    steps: Sequence[MilestoneStanding]
    today: date
    made: Mapping[int, date]

    def at(self, *stages: MilestoneStage) -> list[MilestoneStanding]:
        """Give what stands at one of these stages."""
        return [one for one in self.steps if one.stage(self.today) in stages]

    @property
    def kept(self) -> int:
        """Count what is kept."""
        return len(self.at(MilestoneStage.KEPT))

    @property
    def late(self) -> int:
        """Count what is past its day with nothing claimed."""
        return len(self.at(MilestoneStage.LATE))

    @property
    def disputed(self) -> int:
        """Count what those who looked say is not done."""
        return len(self.at(MilestoneStage.DISPUTED))

    @property
    def unchecked(self) -> int:
        """Count what is called done and nobody has checked."""
        return len(self.at(MilestoneStage.CLAIMED))

    @property
    def owed(self) -> int:
        """Count what is not due yet."""
        return len(self.at(MilestoneStage.OWED))

    @property
    def rate(self) -> Rate:
        """Say how much is kept of what was due or is kept; in percent from ten on."""
        return implementation_rate(self.steps, self.today)

    @property
    def days_to_keep(self) -> str:
        """Say in how many days the City called done what is kept, counted from the promise."""
        days = [days_to_keep(one, self.made) for one in self.at(MilestoneStage.KEPT)]
        known = [one for one in days if one is not None]
        n, is_median = _days(known)
        if known and n == 0:
            return _("Called done on the day of the promise")
        if is_median:
            words = ngettext(
                "Called done within %(n)s day of the promise (median)",
                "Called done within %(n)s days of the promise (median)",
                n,
            )
        else:
            words = ngettext(
                "Called done within %(n)s day of the promise",
                "Called done within %(n)s days of the promise",
                n,
            )
        return words % {"n": counted(n)} if known else ""

    @property
    def days_late(self) -> str:
        """Say by how many days what is late is late."""
        return _by_days(self._late_at(MilestoneStage.LATE))

    @property
    def kept_late(self) -> int:
        """Count what is kept and was called done after its day."""
        return len(self._late_at(MilestoneStage.KEPT))

    @property
    def days_kept_late(self) -> str:
        """Say by how many days what is kept was called done late."""
        return _by_days(self._late_at(MilestoneStage.KEPT))

    @property
    def unchecked_late(self) -> int:
        """Count what was called done after its day and nobody has checked."""
        return len(self._late_at(MilestoneStage.CLAIMED))

    def _late_at(self, stage: MilestoneStage) -> list[int]:
        days = [one.days_late(self.today) for one in self.at(stage)]
        return [one for one in days if one is not None]


def _days(days: Sequence[int]) -> tuple[int, bool]:
    """Give the days that stand for several, and whether they are a median: of one or two, the most."""
    if len(days) < FEWEST_FOR_A_MEDIAN:
        return max(days, default=0), False
    return round(median(days)), True


def _by_days(days: Sequence[int]) -> str:
    n, is_median = _days(days)
    if is_median:
        words = ngettext("by %(n)s day (median)", "by %(n)s days (median)", n)
    elif len(days) > 1:
        words = ngettext("the longest by %(n)s day", "the longest by %(n)s days", n)
    else:
        words = ngettext("by %(n)s day", "by %(n)s days", n)
    return words % {"n": counted(n)}


def days_to_keep(one: MilestoneStanding, made: Mapping[int, date]) -> int | None:
    """Count the days from a promise to the day on which the City said that it is done, where that was found true."""
    if not one.is_kept or one.claimed is None or one.commitment not in made:
        return None
    return (one.claimed - made[one.commitment]).days


def offices_of(
    steps: Sequence[MilestoneStanding], made: Mapping[int, date], packs: Packs, lang: str, today: date
) -> list[Office]:
    """Sum up the offices that promised something, called as when each did so last; most that is not kept first. Asks nothing."""
    own: dict[str, list[MilestoneStanding]] = {}
    for one in steps:
        own.setdefault(one.office, []).append(one)
    found = [
        Office(packs.called(office, max(one.commitment for one in steps), lang), steps, today, made)
        for office, steps in own.items()
    ]
    return sorted(found, key=lambda one: (-len(one.at(*NOT_KEPT)), -one.kept, one.name))


def made_on(program: Program, steps: Iterable[MilestoneStanding]) -> dict[int, date]:
    """Give the day of each promise of which something is to be done, by its entry. One query."""
    found = record.entries_at(program, {one.commitment for one in steps})
    return {index: entry.date for index, entry in found.items()}


def scored(
    request: ViewerRequest, steps: Sequence[MilestoneStanding], made: Mapping[int, date]
) -> list[Scored]:
    """Say of each thing that was promised where it stands, in words. Three queries."""
    about = [each for one in steps for each in (one.ask, one.commitment, one.check_entry)]
    wanted = {each for each in about if each is not None}
    told = record.entry_views(request.program, wanted, lang_of(request))
    briefs = {index for one in told.values() for index in one.entry.cites.get("consultation", ())}
    names = {
        index: str(one.data["consultation"])
        for index, one in record.entries_at(request.program, briefs).items()
    }
    return [_scored(request, one, told, names, made) for one in steps]


def _scored(
    request: ViewerRequest,
    one: MilestoneStanding,
    told: Mapping[int, EntryView],
    names: Mapping[int, str],
    made: Mapping[int, date],
) -> Scored:
    ask, today = told[one.ask], request.today
    days, seen = one.days_late(today), told.get(one.check_entry or 0)
    is_late = bool(days) and not one.is_claimed
    return Scored(
        step=one,
        stage=one.stage(today),
        days_late=days,
        days_to_keep=days_to_keep(one, made),
        words=told[one.commitment].texts.get(one.milestone),
        ask=ask,
        href=_place(request, ask, names, one.anchor),
        late=late_by(days or 0, today) if is_late else "",
        late_since=one.due if is_late else None,
        seen="\n".join(text.words for text in seen.texts.values()) if seen else "",
        mark=stage_words.milestone_mark(one, today),
    )


def _place(request: ViewerRequest, ask: EntryView, names: Mapping[int, str], anchor: str) -> str:
    """Give the place that tells whether something that was asked for is kept: in its thread, or its change list."""
    own = to(request, "record:entry", index=ask.index)
    return page_of_ask(partial(to, request), ask.entry, names, anchor) or own


def _in_order(one: MilestoneStanding, today: date) -> tuple[int, date]:
    """Put what is not kept first, the oldest first; then what is kept."""
    order = [*NOT_KEPT, MilestoneStage.KEPT, MilestoneStage.CLAIMED, MilestoneStage.OWED]
    return order.index(one.stage(today)), one.due


@from_the_record
@open_to(Role.EVERYONE)
def promised(request: ViewerRequest) -> HttpResponseBase:
    """Show what the City promised, by office, and each thing with where it stands: what is not kept first."""
    lang, today = lang_of(request), request.today
    steps, packs = record.milestones(request.program), record.packs_of(request.program)
    made = made_on(request.program, steps)
    page = page_of(sorted(steps, key=lambda one: _in_order(one, today)), request.GET.get("page"))
    shown = scored(request, list(page.object_list), made)
    late = [one for one in record.standings(request.program) if one.is_late(today)]
    context = {
        "in_short": stage_words.promised_words(steps, today),
        "offices": offices_of(steps, made, packs, lang, today),
        "not_kept": _named(packs, [one for one in shown if one.stage in NOT_KEPT], lang),
        "kept": _named(packs, [one for one in shown if one.stage == MilestoneStage.KEPT], lang),
        "other": _named(
            packs, [one for one in shown if one.stage not in (*NOT_KEPT, MilestoneStage.KEPT)], lang
        ),
        "is_clear": not any(one.stage(today) in NOT_KEPT or one.days_late(today) for one in steps),
        "page": page,
        "late_answers": len(late),
        "who_is_late": stage_words.who_is_late(
            (packs.called(one.office, one.ask, lang), one.days_late(today)) for one in late
        )
        if len(late) <= MOST_LATE
        else "",
        "columns": COLUMNS.items(),
        "stages": [(stage.value, words) for stage, words in stage_words.STAGES.items()],
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/promised.html", context)


def _named(packs: Packs, found: Sequence[Scored], lang: str) -> list[tuple[Scored, str]]:
    """Set the title of its office beside each, as it was when that promised."""
    return [(one, packs.called(one.step.office, one.step.commitment, lang)) for one in found]


#: The columns of the file, in their order, and what the page beside it says that they mean.
COLUMNS = {
    "title": gettext_lazy("what was promised"),
    "recommendation": gettext_lazy("what was asked for"),
    "office": gettext_lazy("the short name of the office that promised it"),
    "office_title": gettext_lazy("what that office is called"),
    "promised": gettext_lazy("the day of the promise"),
    "due": gettext_lazy("the day by which it was promised"),
    "stage": gettext_lazy("where it stands today"),
    "claimed": gettext_lazy("the day on which the City called it done"),
    "checked": gettext_lazy("the day on which others looked"),
    "seen": gettext_lazy("what those who looked wrote"),
    "days_late": gettext_lazy(
        "how many days after its day it was called done; where it was not, or those who looked say that it is not done, how many days it is late today"
    ),
    "late_since": gettext_lazy("since which day it is late"),
    "days_to_keep": gettext_lazy(
        "the days from the promise to the day on which the City called it done; only where it is kept"
    ),
    "link": gettext_lazy("where to read it"),
    "entry": gettext_lazy("the number of the promise in the public log"),
    "claim_entry": gettext_lazy("the number of the entry in which the City called it done"),
    "check_entry": gettext_lazy("the number of the entry in which others looked"),
}


@from_the_record
@open_to(Role.EVERYONE)
def promised_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give each thing that was promised, with its title and a link, as CSV; cells that a spreadsheet would run are made harmless."""
    steps, packs = record.milestones(request.program), record.packs_of(request.program)
    made = made_on(request.program, steps)
    rows = [
        [
            one.words.words if one.words else "",
            one.ask.say("title"),
            one.step.office,
            office,
            made.get(one.step.commitment),
            one.step.due,
            one.stage.value,
            one.step.claimed,
            one.step.checked,
            one.seen,
            one.days_late,
            one.late_since,
            one.days_to_keep,
            f"{settings.ALONGSIDE.address}{one.href}",
            one.step.commitment,
            one.step.claim,
            one.step.check_entry,
        ]
        for one, office in _named(packs, scored(request, steps, made), lang_of(request))
    ]
    text = write(list(COLUMNS), [["" if cell is None else str(cell) for cell in row] for row in rows])
    return download(text, f"{request.program.slug}-promised-{request.today}.csv")

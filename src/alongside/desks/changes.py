"""The change list of a consultation: each point of the leads' advice with its answer, made from rows of the record alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import Decision
from alongside.desks import stage_words
from alongside.desks.thread_entries import thread_today
from alongside.desks.thread_page import Stretch, Timeline
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.record import queries as record
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, TextView
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.days import day_in_words

BRIEF = EntryKind.CONSULTATION_OPENED


@dataclass(frozen=True)
class Change:
    """One line of the change list: the point, what became of it, and the reasons."""

    number: int
    ask: int
    title: TextView | None
    marks: list[tuple[str, str]]
    outcome: str
    checked: str
    reasons: TextView | None


@dataclass(frozen=True)
class Quoted:
    """A comment as advice quotes it: whose seat, which place, which words."""

    seat: str
    place: TextView | None
    words: TextView | None


@dataclass(frozen=True)
class Advised:
    """One piece of advice with what it quotes, its points in lines, and each point in full."""

    told: EntryView
    quoted: list[Quoted]
    changes: list[Change]
    stretches: list[Stretch]


@from_the_record
@by_name
@open_to(Role.EVERYONE)
def changes(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what came of each point of advice on a consultation."""
    lang = lang_of(request)
    briefs = record.entry_views_where(request.program, lang, kinds=(BRIEF,), subject=slug)
    found = or_404(thread_today(request.program, briefs[0].index, lang, BRIEF) if briefs else None)
    changes = ChangeList(request, found)
    context = {
        "brief": found.first,
        "unit": changes.unit(found.first.entry.data["office"], found.first),
        "advised": changes.advised(),
        "today": request.today,
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/changes.html", context)


class ChangeList(Timeline):
    """Lays the points of advice out as a list of changes, and each point as a stretch of thread."""

    def advised(self) -> list[Advised]:
        """Give each piece of advice, the oldest first; points are counted through all of them."""
        found, place = [], 0
        for told in self.thread.of(EntryKind.ADVICE_PUBLISHED):
            points = {one.index for one in self.thread.about(told.index, EntryKind.ASK_ADVISED)}
            own = [one for one in self.thread.asks if one.ask in points]
            numbered = list(enumerate(own, place + 1))
            place += len(own)
            found.append(
                Advised(
                    told,
                    self._quoted(told),
                    [self._change(number, one) for number, one in numbered],
                    [self.ask(number, one) for number, one in numbered],
                )
            )
        return found

    @staticmethod
    def _quoted(told: EntryView) -> list[Quoted]:
        return [
            Quoted(one["seat"], told.texts.get(f"{one['id']}-place"), told.texts.get(one["id"]))
            for one in told.entry.data.get("comments", [])
        ]

    def _change(self, number: int, standing: Standing) -> Change:
        milestones = self.thread.milestones.get(standing.ask, ())
        answer = self.thread.at(standing.answer)
        return Change(
            number=number,
            ask=standing.ask,
            title=self.thread.told[standing.ask].texts.get("title"),
            marks=stage_words.marks_of(standing, milestones, self.today),
            outcome=outcome(standing, milestones, self.today),
            checked=checked(milestones),
            reasons=answer.texts.get("reasons") if answer else None,
        )


def outcome(standing: Standing, milestones: Sequence[MilestoneStanding], today: date) -> str:
    """Say in a few words what became of a point: changed, will change by a day, late, disputed, not changed, or no answer."""
    if not standing.is_answered:
        return where_it_stands(standing, milestones, today)
    if standing.decision == Decision.DECLINED:
        return _("Not changed")
    is_whole = standing.decision == Decision.ACCEPTED
    again = [one for one in milestones if one.is_unchecked and one.stands_disputed]
    if milestones and not again and all(one.is_claimed for one in milestones):
        return _("Changed") if is_whole else _("Changed in part")
    past = [*again, *(one for one in milestones if one.is_late(today))]
    if past:
        return _("Disputed") if any(one.stands_disputed for one in past) else _("Late")
    last = max((one.due for one in milestones), default=None)
    words = _("Will change by %(day)s") if is_whole else _("Will change in part by %(day)s")
    return words % {"day": day_in_words(last)}


def checked(milestones: Sequence[MilestoneStanding]) -> str:
    """Say who looked whether it is changed: nobody yet, those who looked agree, or do not. Empty before a claim."""
    if any(one.stands_disputed for one in milestones):
        return _("Those who looked say that it is not changed.")
    if milestones and all(one.is_kept for one in milestones):
        return _("Those who looked agree.")
    if any(one.claim is not None for one in milestones):
        return _("The City says so. Two leads have not looked yet.")
    return ""

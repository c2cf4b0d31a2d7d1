"""Who can check what is claimed in a thread, and what pages say of who will look and who looked."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from alongside.cohort.seats.models import CHECKS, Seat
from alongside.cohort.seats.queries.seats import leads_today
from alongside.cohort.seats.queries.seconds import Ties, former_leads, leads_since, ties_in, with_standing
from alongside.core.grammar.commitments import CHECKERS, nobody_sits_to_check
from alongside.core.policy.pack import Pack
from alongside.core.workflow.commitments import CHECKS as CHECKED
from alongside.desks import stage_words
from alongside.desks.thread_entries import Thread
from alongside.ground.programs.models import Program
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words

#: Whoever looked and has sat for less than this is said to have come lately.
LATELY = timedelta(days=90)


class Checkers:
    """Who sits and who paid them, where a claim of the thread waits; former leads too where fewer than two of today can check it."""

    def __init__(self, program: Program, pack: Pack, thread: Thread, lang: str, today: date) -> None:
        self.pack, self.thread, self.lang = pack, thread, lang
        checks = thread.of(*CHECKED)
        looked = {seat for one in checks for seat in one.entry.seats}
        self.since = leads_since(program, looked) if checks else {}
        waiting = [one for own in thread.milestones.values() for one in own if one.is_unchecked]
        self.seats = leads_today(program, today) if waiting else []
        self.ties: Ties | None = ties_in(program, pack) if waiting else None
        is_known = with_standing(program, today) if waiting else set[str]()
        self.too_new = {one.public_id for one in self.seats} - is_known
        few = {one.claim for one in waiting if one.claim and self._able(self.seats, one) < CHECKERS}
        self.former = former_leads(program, CHECKS, today) if few else []
        log = RowsLog.of(program) if few else None
        self.unseated = {one for one in few if log and nobody_sits_to_check(log, today, one)}

    def _able(self, seats: Sequence[Seat], one: MilestoneStanding) -> int:
        """Count the seats among these that may check a claim that waits."""
        old = [seat for seat in seats if seat.public_id not in self.too_new]
        return sum(1 for seat in old if self.ties and self.ties.may_check(seat, one))

    def looked(self, check: EntryView) -> list[str]:
        """Say who looked and whether they agree, and since when the newest of them sits, where that is short."""
        said = [stage_words.looked(check, self.pack, self.lang)]
        newest = max((self.since.get(seat, date.min) for seat in check.entry.seats), default=date.min)
        if newest > check.entry.date - LATELY:
            late = _("Of those who looked, the newest has been a lead here since %(day)s.")
            said.append(late % {"day": day_in_words(newest)})
        return said

    def will_look(self, one: MilestoneStanding) -> str:
        """Say who checks a claim now: also when the cohort that asked has ended, or when nobody is seated to check."""
        able, former = self._able(self.seats, one), self._able(self.former, one)
        asked = self.thread.told.get(one.ask)
        if able < CHECKERS <= able + former:
            return _(
                "Fewer than two leads of today can check this: the others are paid or employed by that bureau. Leads of earlier "
                "cohorts who agreed to check will look with them, or in their place."
            )
        if able < CHECKERS and self.pack.body:
            return _(
                "Fewer than two leads can check this. %(body)s, a community body outside the government, looks beside the lead "
                "who can, or alone if none can."
            ) % {"body": self.pack.office_title(self.pack.body, self.lang)}
        if able < CHECKERS:
            return self._too_few(one)
        if asked and not {seat.public_id for seat in self.seats}.intersection(asked.entry.seats):
            return _(
                "The leads who asked have left. Two leads of today will check, not paid by that bureau or one above it."
            )
        return _("Two leads not paid by that bureau or one above it will check.")

    def _too_few(self, one: MilestoneStanding) -> str:
        """Say why a claim waits: nobody is seated who could check it, as the record tells it too, or fewer than two can."""
        if one.claim in self.unseated:
            return _(
                "Nobody is seated to check this now. It does not count as kept until two leads have looked."
            )
        ties = self.ties
        if ties and any(
            ties.has_stake(seat, one) and not ties.has_stake(seat, one, firm=True) for seat in self.seats
        ):
            return _(
                "Fewer than two leads can confirm this now: of some leads the program coordinator says that this bureau pays or paid them. "
                "They can look too, and say that it was not kept. It does not count as kept until two leads have looked."
            )
        return _(
            "Fewer than two leads can check this now. It does not count as kept until two leads have looked."
        )

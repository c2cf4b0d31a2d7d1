"""Read commitments and claims for those who claim and those who check."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from alongside.chain.commitments.models import Check
from alongside.cohort.seats.models import CHECKS, Cohort, Seat, SecondAsked
from alongside.cohort.seats.queries.seats import seated_today, sits
from alongside.cohort.seats.queries.seconds import (
    agreed_to,
    body_is_second,
    former_leads,
    seat_stepping_in,
    ties_in,
    with_standing,
)
from alongside.core.grammar.commitments import CHECKERS, nobody_could_check
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.commitments import CHECKS as LOOKS
from alongside.core.workflow.seconds import opens_on
from alongside.ground.gate.presses import is_pressed
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, serving
from alongside.ground.record import queries as record
from alongside.ground.record.acts import still_signs
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog


@dataclass(frozen=True)
class Step:
    """A milestone with its commitment's words, the ask behind it, and the claim and its check if there is one."""

    standing: MilestoneStanding
    commitment: EntryView
    ask: EntryView
    claim: EntryView | None
    check: EntryView | None = None

    @property
    def words(self) -> str:
        """Say what will be done."""
        return self.commitment.say(self.standing.milestone)


def with_words(program: Program, standings: Sequence[MilestoneStanding], lang: str) -> list[Step]:
    """Give milestones with what was promised, asked, claimed and seen, in words. Two queries."""
    about = [(one.commitment, one.ask, one.claim, one.check_entry) for one in standings]
    told = record.entry_views(program, [index for each in about for index in each if index is not None], lang)
    return [
        Step(
            one,
            told[made],
            told[ask],
            told.get(-1 if claim is None else claim),
            told.get(-1 if check is None else check),
        )
        for one, (made, ask, claim, check) in zip(standings, about, strict=True)
    ]


def _step(program: Program, standing: MilestoneStanding, lang: str) -> Step:
    return with_words(program, [standing], lang)[0]


def unchecked(program: Program) -> QuerySet[MilestoneStanding]:
    """Give the milestones that are claimed and that nobody checked, by the day of their check."""
    rows = MilestoneStanding.objects.filter(log__program=program, claim__isnull=False, check_entry=None)
    return rows.order_by("verify_due", "pk")


def not_done(program: Program, today: date) -> list[MilestoneStanding]:
    """List what is past its day, or disputed, and waits for its office, not for a check. One query."""
    return [
        one
        for one in record.milestones(program)
        if not one.is_unchecked and (one.stands_disputed or one.is_late(today))
    ]


def seen_before(program: Program, one: MilestoneStanding, lang: str) -> list[EntryView]:
    """Give what those who looked said of earlier claims of a milestone, oldest first. Three queries where they did not agree."""
    if one.disputed is None:
        return []
    claims = record.indexes_citing(program, [one.commitment], [EntryKind.DELIVERY_CLAIMED])
    checks = record.indexes_citing(program, [index for index, _kind, _cited in claims], LOOKS)
    told = record.entry_views(program, [index for index, _kind, _cited in checks], lang)
    return [each for each in told.values() if each.entry.data["milestone"] == one.milestone]


def seen_by_two(program: Program) -> list[int]:
    """List the claims that wait though two or more leads have looked. One query."""
    waiting = unchecked(program).values("claim")
    seen = Check.objects.filter(program=program, claim__in=waiting).values("claim").annotate(n=Count("pk"))
    return list(seen.filter(n__gte=CHECKERS).order_by("claim").values_list("claim", flat=True))


def to_claim(program: Program, viewer: Viewer, commitment: int, milestone: str, lang: str) -> Step | None:
    """Give a milestone that the viewer's unit promised, or answers for, and has not delivered, or None. Three queries."""
    rows = MilestoneStanding.objects.filter(log__program=program, unit__in=sorted(viewer.answers_for))
    standing = rows.filter(commitment=commitment, milestone=milestone).first()
    if standing is None or standing.is_kept or standing.is_unchecked:
        return None
    return _step(program, standing, lang)


def claimed(program: Program, viewer: Viewer, commitment: int, milestone: str) -> int | None:
    """Give what the viewer's unit claimed of a milestone, or None."""
    rows = MilestoneStanding.objects.filter(log__program=program, unit__in=sorted(viewer.answers_for))
    return rows.filter(commitment=commitment, milestone=milestone).values_list("claim", flat=True).first()


def checked(program: Program, claim: int) -> int | None:
    """Give the check of a claim that is on the record, or None."""
    rows = MilestoneStanding.objects.filter(log__program=program, claim=claim).exclude(check_entry=None)
    return rows.values_list("check_entry", flat=True).first()


def to_check(program: Program, claim: int, lang: str) -> Step | None:
    """Give a claim that is not checked yet, or None. Three queries."""
    standing = unchecked(program).filter(claim=claim).first()
    return _step(program, standing, lang) if standing else None


def seat_to_check(program: Program, viewer: Viewer, found: Step, today: date) -> Seat | None:
    """Give the seat as which the viewer checks a claim: the one they hold, or held and agreed to check with; else None."""
    if viewer.seat_id is not None:
        return Seat.objects.select_related("paid_by", "works_for", "cohort__program").get(pk=viewer.seat_id)
    seat = seat_stepping_in(program, viewer, today, (CHECKS,))
    if seat is None or found.standing.claim is None:
        return None
    return seat if may_check_claim(seat, found.commitment.entry.date, found.standing, today) else None


def waiting_checks(program: Program, viewer: Viewer, today: date) -> list[MilestoneStanding] | None:
    """List the claims that the viewer may check and nobody has checked; None for whoever checks nothing here.

    A lead of today checks all that no bureau promised which paid or employed them since. A former lead checks what their cohort
    was promised, and what too few can check; that takes more queries for each claim.
    """
    own = Seat.objects.filter(pk=viewer.seat_id or 0).select_related("paid_by", "works_for")
    seat = own.first() if viewer.seat_id else None
    is_former = seat is None
    if seat is None:
        seat = seat_stepping_in(program, viewer, today, (CHECKS,))
        if seat is None or not agreed_to(seat, CHECKS, today):
            return None
    ties = ties_in(program, pack_of(program))
    found = [one for one in unchecked(program) if ties.may_look(seat, one)]
    if not is_former:
        return found
    days = promised_between(seat)
    made = record.entries_at(program, {one.commitment for one in found})
    return [one for one in found if is_for_former(program, days, made[one.commitment].date, one, today)]


class Waiting(NamedTuple):
    """What waits of claims for one lead: those to check, and those that no lead can check, this one for a post that the log does not tell."""

    to_check: Sequence[MilestoneStanding] = ()
    to_say_why: Sequence[MilestoneStanding] = ()
    #: The claims of which this lead can only say that it is not done.
    only_not: Collection[int | None] = ()


def only_not() -> str:
    """Say to a lead that they can say of a promise only that it is not done."""
    return _(
        "You can only say that it is not done: a bureau that has or had this is said to pay or employ you."
    )


def unchecked_by(
    program: Program,
    pack: Pack,
    seat: Seat | None,
    waiting: Sequence[MilestoneStanding],
    leads: Sequence[Seat] = (),
) -> Waiting:
    """Sort the claims that wait for a lead, of `leads` who sit, and that this one has not checked. Two queries at most."""
    if seat is None or not waiting:
        return Waiting()
    mine = {one.claim for one in checks_of(program, seat=seat, claim__in=[one.claim for one in waiting])}
    ties = ties_in(program, pack)
    mine_to_check = [one for one in waiting if one.claim not in mine and ties.may_look(seat, one)]
    nobodys = [one for one in waiting if not any(ties.may_look(each, one) for each in leads)]
    only_not = {one.claim for one in mine_to_check if ties.keeps(seat, one)}
    return Waiting(mine_to_check, [one for one in nobodys if ties.untold_post(seat, one)], only_not)


def waiting_for_body(program: Program, body: str, today: date) -> list[MilestoneStanding]:
    """List the claims that the community body may check today: beside a lead who looked, or where nobody else can."""
    return [
        one
        for one in unchecked(program)
        if body_is_second(program, body, "check", str(one.claim), today) or nobody_checks(program, one, today)
    ]


def checks_of(program: Program, **which: Any) -> list[Check]:
    """List the checks so far that fit, as leads pressed and signed them: what other hands changed counts for nobody, and is asked anew.

    One query; three more where there are any.
    """
    found = Check.objects.filter(program=program, **which).select_related("seat__paid_by").order_by("pk")
    return _that_count(program, found)


def _that_count(program: Program, checks: Iterable[Check]) -> list[Check]:
    """Give those that are as their leads pressed them, by the key that each has today."""
    pressed = [one for one in checks if is_pressed(one)]
    if not pressed:
        return []
    rows = RowsLog.of(program).read(EntryKind.KEY_FOUNDED, EntryKind.KEY_CERTIFIED, EntryKind.KEY_LOST)
    return [one for one in pressed if still_signs(rows, one.seat.public_id, one.signed)]


def lost_check(program: Program, claim: int, viewer: Viewer) -> date | None:
    """Give the day of the viewer's check of a claim where it does not count any more; None where it does, or there is none."""
    mine = Check.objects.filter(program=program, claim=claim, seat__person=viewer.person_id).order_by("-pk")
    last = list(mine.select_related("seat")[:1])
    return None if _that_count(program, last) else next((one.checked_on for one in last), None)


def checkers_for(program: Program, one: MilestoneStanding, today: date, *, kept: bool = True) -> list[Seat]:
    """List the seats that may check what was promised: of leads whom no bureau with a stake in it paid or employed since.

    With `kept=False` also those who may only say that it was not, as where the steward alone said that it did. Nobody who holds an office or runs the program is among them, and no seat that is too new.
    """
    ties = ties_in(program, pack_of(program))
    weigh = with_standing(program, today)
    seats = [
        seat
        for seat in seated_today(program, today)
        if seat.public_id in weigh and ties.may_check(seat, one, kept=kept)
    ]
    serves = serving(program, {seat.person_id for seat in seats}, today)
    return [seat for seat in seats if seat.person_id not in serves]


def promised_between(seat: Seat) -> tuple[date, date]:
    """Give the days of the promises that a seat's cohort checks, also after its term: its own, and those of the one before.

    From the first day of the last cohort that was over when it began, or of those that sat beside it then, until, not with,
    the first day of the next one that begins when its own term is over: no cohort in between cuts these days. One query.
    """
    own, cohorts = seat.cohort, Cohort.objects.filter(program=seat.cohort.program_id)
    before = sorted((one.until_date, one.from_date) for one in cohorts if one.from_date < own.from_date)
    sat = [first for last, first in before if last >= own.from_date]
    over = [first for last, first in before if last < own.from_date][-1:]
    after = [one.from_date for one in cohorts if one.from_date > own.until_date]
    return min([own.from_date, *sat, *over]), min(after, default=date.max)


def too_few_check(program: Program, one: MilestoneStanding, today: date) -> bool:
    """Say whether a claim is for former leads of every cohort: fewer than two leads can check it, or one waited for a second as long as any step does."""
    if len(checkers_for(program, one, today)) < CHECKERS:
        return True
    rows = SecondAsked.objects.filter(program=program, step="check", about=str(one.claim))
    return any(opens_on(one.asked_on, has_leads=True) <= today for one in rows)


def is_for_former(
    program: Program, days: tuple[date, date], promised_on: date, one: MilestoneStanding, today: date
) -> bool:
    """Say whether a claim is for former leads who check what was promised in these days, as `promised_between` gives them.

    It was promised then, or fewer than two others can check it.
    """
    first, after = days
    return first <= promised_on < after or too_few_check(program, one, today)


def may_check_claim(seat: Seat, promised_on: date, one: MilestoneStanding, today: date) -> bool:
    """Say whether a seat may check a claim: it is taken today, or its person agreed and the promise is their cohort's.

    Where fewer than two leads can check it, a person of any cohort who agreed may.
    """
    if sits(seat, today):
        return True
    if not agreed_to(seat, CHECKS, today):
        return False
    return is_for_former(seat.cohort.program, promised_between(seat), promised_on, one, today)


def nobody_checks(program: Program, one: MilestoneStanding, today: date) -> bool:
    """Say whether no seat of the record could check what was promised, and no former lead who agreed can look."""
    if not nobody_could_check(RowsLog.of(program), today, one.commitment, one.bound):
        return False
    ties = ties_in(program, pack_of(program))
    return not any(ties.may_look(seat, one) for seat in former_leads(program, CHECKS, today))

"""Read who pays and employs whom, who steps in, and what waits for a second person."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.models import ACTS, CHECKS, SECONDS, STEPS, InReach, Seat, SecondAsked
from alongside.cohort.seats.queries.seats import (
    acting,
    last_seat,
    of_a_lead_today,
    removed,
    seated_today,
    sits,
    sitters,
)
from alongside.core.entries import STEWARD, Entry
from alongside.core.grammar.bureaus import EVER, is_beside
from alongside.core.grammar.engagements import DESTROYERS, holders_of
from alongside.core.grammar.keys import FOUNDERS, first_key, seats_with_key, seats_without
from alongside.core.grammar.seats import (
    day_after,
    is_suspended,
    left_on,
    standing,
    waits_until,
    was_held_briefly,
)
from alongside.core.grammar.ties import SERVED, TIES, is_payer_told, said, stake_since, told_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.seconds import Proposed, opens_on
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import answers_today, body_of, pack_of, serving, worked_in
from alongside.ground.record.models import LogEntry, MilestoneStanding
from alongside.ground.record.rows import RowsLog


def new_until(program: Program, seat: str, today: date) -> date | None:
    """Give the day from which a seat does what needs a lead's weight, where it cannot today; None where it can."""
    return waits_until(RowsLog.of(program), seat, today)


def with_standing(program: Program, today: date) -> set[str]:
    """Name the seats that have a lead's weight today."""
    return set(standing(RowsLog.of(program), today))


def leads_since(program: Program, seats: Collection[str]) -> dict[str, date]:
    """Give the day since which each of some seats sits: its first day, or the day on which the record heard of it. One query."""
    lines = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.SEAT_TAKEN, subject__in=sorted(seats)
    )
    told = [one.parsed for one in lines]
    return {one.data["seat"]: max(one.date, date.fromisoformat(one.data["from"])) for one in told}


@dataclass(frozen=True)
class Said:
    """What the lead of a seat, and the steward beside, last said of who pays and employs the lead; nothing where they did not say."""

    payer: str
    employer: str
    steward: str


def said_of(seat: Seat) -> Said:
    """Give what the record tells that was said of a seat. Three queries."""
    told = told_of(RowsLog.of(seat.cohort.program_id), seat.public_id)
    return Said(
        payer=said(told, "paid_by", by_lead=True),
        employer=said(told, "works_for", by_lead=True),
        steward=said(told, "paid_by", by_lead=False),
    )


@dataclass(frozen=True)
class Ties:
    """What the record tells of who pays and employs each person who ever had a seat, and which units are of one bureau.

    `told` maps a person to what is told of each of their seats, `worked` to the units in which they held any office here, and
    to "steward" where they ran the program;
    `pack` is the one in force, `rules` are all adopted. `over` gives the first day on which each seat is over as the record has it,
    `day_of` the day of an entry.
    """

    told: Mapping[int, Sequence[Sequence[Entry]]]
    worked: Mapping[int, Collection[str]]
    pack: Pack
    rules: Sequence[Entry]
    over: Mapping[str, date]
    day_of: Callable[[int], date]

    def has_stake(
        self, seat: Seat, one: MilestoneStanding, *, firm: bool = False, bound: bool = False
    ) -> bool:
        """Say whether a bureau with a stake in a promise paid or employed the person of a seat at any time since, or they ran the program.

        `firm` leaves out what the steward alone said, `bound` the units through which its ask only went.
        """
        behind = [*(one.bound if bound else one.units), STEWARD]
        return self.is_beside(seat, behind, one.commitment, firm=firm)

    def is_beside(self, seat: Seat, behind: Collection[str], start: int, *, firm: bool = False) -> bool:
        """Say whether one of these units, or its bureau, paid or employed the person of a seat at any time since the entry `start`.

        Whoever took up any office of it here stands beside it for good. Who paid another place of theirs that was over by then
        does not count; for whom they work they last said in whatever place.
        """
        told, units = self.told.get(seat.person_id, ()), self._who_answer(behind)
        if any(is_beside(one, EVER, units, self.rules) for one in self.worked.get(seat.person_id, ())):
            return True
        every = sorted((one for entries in told for one in entries), key=lambda one: one.index)
        if stake_since(every, start, units, self.rules, names=("works_for",), firm=firm):
            return True
        return any(
            stake_since(self._counted(entries, seat, start), start, units, self.rules, names=names, firm=firm)
            for entries in told
            for names in [TIES if entries[0].data["seat"] == seat.public_id else ("paid_by", SERVED)]
        )

    def _who_answer(self, units: Collection[str]) -> set[str]:
        """Give these units with those that answer for them today."""
        return {*units, *(answers_today(self.pack, one) for one in units if one != STEWARD)}

    def _of_seat(self, seat: Seat) -> Sequence[Entry]:
        """List what is told of a seat."""
        told = self.told.get(seat.person_id, ())
        return next((entries for entries in told if entries[0].data["seat"] == seat.public_id), ())

    def _counted(self, entries: Sequence[Entry], seat: Seat, start: int) -> Sequence[Entry]:
        """List what counts of a place for the person of a seat: of this very one all, as the record judges it.

        Of another that was over when `start` was entered, who paid it counts only if that was said since.
        """
        place = str(entries[0].data["seat"])
        if place == seat.public_id or self.over[place] >= self.day_of(start):
            return entries
        return [one for one in entries if one.index > start or SERVED in one.data]

    def untold_post(self, seat: Seat, one: MilestoneStanding) -> str:
        """Give the unit of a post, or "steward", that alone keeps the person of a seat from a check and that the log does not tell of that seat."""
        own, units = self._of_seat(seat), self._who_answer([*one.bound, STEWARD])
        if not own or stake_since(own, one.commitment, units, self.rules, firm=True):
            return ""
        worked = sorted(self.worked.get(seat.person_id, ()))
        return next((each for each in worked if is_beside(each, EVER, units, self.rules)), "")

    def keeps(self, seat: Seat, one: MilestoneStanding) -> str:
        """Say what keeps a lead from saying that it was kept: they are "tied", the steward "said" so, or it "passed" through; else nothing."""
        if not self.has_stake(seat, one):
            return ""
        if self.has_stake(seat, one, firm=True, bound=True):
            return "tied"
        return "said" if self.has_stake(seat, one, bound=True) else "passed"

    def is_payer_told(self, seat: Seat) -> bool:
        """Say whether anybody said who pays a seat."""
        return is_payer_told(self._of_seat(seat))

    def may_check(self, seat: Seat, one: MilestoneStanding, *, kept: bool = True) -> bool:
        """Say whether a lead may say that what was promised is kept, or is not: it is said who pays, and no bureau with a stake did since.

        What the steward alone said keeps nobody from saying that it was not kept, nor does a unit through which its ask went.
        """
        return self.is_payer_told(seat) and not self.has_stake(seat, one, firm=not kept, bound=not kept)

    def may_look(self, seat: Seat, one: MilestoneStanding) -> bool:
        """Say whether a lead may say anything of what was promised."""
        return self.may_check(seat, one, kept=False)


def ties_in(program: Program, pack: Pack) -> Ties:
    """Read who pays and employs whom, and did before. Three queries; one more for each promise where somebody had several places."""
    by_seat: dict[str, list[Entry]] = {}
    rules: list[Entry] = []
    over: dict[str, date] = {}
    lines = LogEntry.objects.filter(log__program=program)
    kinds = (EntryKind.SEAT_TAKEN, EntryKind.SEAT_DECLARED, EntryKind.SEAT_LEFT, EntryKind.POLICY_ADOPTED)
    for line in lines.filter(kind__in=kinds).order_by("index"):
        entry = line.parsed
        if entry.kind == EntryKind.POLICY_ADOPTED:
            rules.append(entry)
            continue
        seat = str(entry.data["seat"])
        if entry.kind == EntryKind.SEAT_LEFT:
            over[seat] = min(left_on(entry), over[seat])
            continue
        if entry.kind == EntryKind.SEAT_TAKEN:
            over[seat] = day_after(entry.data["until"])
        by_seat.setdefault(seat, []).append(entry)
    told: dict[int, list[list[Entry]]] = {}
    for seat, person in sitters(by_seat).items():
        told.setdefault(person, []).append(by_seat[seat])

    @cache
    def day_of(entry: int) -> date:
        last = lines.filter(index__lte=entry).order_by("-index").values_list("date", flat=True)
        return next(iter(last[:1]), date.min)

    return Ties(told, worked_in(program, told), pack, rules, over, day_of)


def former_leads(program: Program, name: str, today: date, rows: RowsLog | None = None) -> list[Seat]:
    """List the last seats of those who agreed to be on a list (CHECKS or SECONDS) when their term was over.

    A seat of a term that is still to come changes nothing of theirs. None of a person who sits again, is suspended, serves the City or the program now, or whose seat was removed; and none of who gets no code by email,
    for whoever runs the program prints codes for them, and nobody would notice who acts. Five queries.
    """
    agreed = InReach.objects.filter(program=program, list=name, until__gte=today).exclude(person__email=None)
    seats = Seat.objects.filter(
        cohort__program=program, person__in=agreed.values("person"), from_date__lte=today
    )
    loaded = seats.select_related("cohort__program", "person", "paid_by", "works_for")
    loaded = loaded.annotate(is_removed=removed())
    ordered = loaded.order_by("from_date", "pk")
    rows = rows or RowsLog.of(program)
    last = {
        one.person_id: one
        for one in ordered
        if one.is_removed or sits(one, today) or not was_held_briefly(rows, one.public_id, today)
    }
    gone = {one.person_id for one in last.values() if one.left_on and one.is_removed}
    gone |= {one.person_id for one in last.values() if sits(one, today)}
    if set(last) - gone:
        gone |= serving(program, set(last), today)
        gone |= {person for person, one in last.items() if is_suspended(rows, one.public_id, today)}
    return [one for person, one in last.items() if person not in gone]


def agreed_to(seat: Seat, name: str, today: date) -> bool:
    """Say whether someone who sat here is on a list of former leads today. Five queries at most."""
    return any(one.pk == seat.pk for one in former_leads(seat.cohort.program, name, today))


def seat_stepping_in(
    program: Program, viewer: Viewer, today: date, names: Collection[str] = ACTS
) -> Seat | None:
    """Give the seat by which the viewer is a former lead on one of these lists; else their last, or None where they had none.

    It need not be the last: one that they held for some days since makes nobody a former lead, and ends nothing of theirs.
    """
    last = last_seat(program, viewer, today)
    if last is None or viewer.seat_id:
        return last
    able = (one for name in names for one in former_leads(program, name, today))
    return next((one for one in able if one.person_id == viewer.person_id), last)


#: What waits, sealed, for a second lead; nobody asked for it apart, as for what stands in STEPS.
PROPOSED: dict[str, str | Promise] = {
    Proposed.OFFICE: _("Confirm what goes to an office"),
    Proposed.OFFER: _("Decide what becomes of an offered statement"),
}


@dataclass(frozen=True)
class Second:
    """A step that waits for a second person: who took the first, since when, and who can take it."""

    step: str
    about: str
    first: Seat
    asked_on: date
    leads: list[Seat]
    former: list[Seat]
    #: From this day on former leads can take it: at once where no lead of today can.
    opens: date
    #: The community body that can take it from then on; nothing where the rules name none, or leads who hold the key sit.
    body: str = ""
    #: Leads who can once two leads vouched for their new key: they reported theirs lost.
    lost: Sequence[Seat] = ()
    #: Whether it waits for a lead who holds the key, and for nobody who stands in.
    is_held: bool = False
    #: The day on which it is deleted where nobody took it; None where it waits on.
    gone_on: date | None = None

    @property
    def what(self) -> str | Promise:
        """Say what is to be done."""
        return (STEPS | PROPOSED)[self.step]

    def is_for(self, seat: Seat, today: date) -> bool:
        """Say whether a seat can take the second step today."""
        former = self.former if self.opens <= today else []
        return any(one.pk == seat.pk for one in (*self.leads, *former))


def destroyers(able: Sequence[Seat], holders: Collection[str]) -> list[Seat]:
    """Of the leads who can sign today, list those who destroy a key: in whose seat it is held.

    Where fewer than two are left, also those who hold it by an earlier seat; they stand in for who is missing. One query.
    """
    held = [one for one in able if one.public_id in holders]
    if len(held) >= DESTROYERS:
        return held
    people = set(sitters(holders).values())
    return held + [one for one in able if one not in held and one.person_id in people]


def seconds_awaited(program: Program, today: date) -> list[Second]:
    """List what waits for a second person, oldest first. Whom a bureau pays or employs is no second for its check.

    None of a lead whose seat is too new, or who lost their key, which each of these steps takes. Thirty queries, and one for each
    key that is to be destroyed; some more for each key that was reported lost.
    """
    waiting = SecondAsked.objects.filter(program=program).select_related("seat__person")
    asked = list(waiting.order_by("asked_on", "pk"))
    if not asked:
        return []
    seated = {one.public_id: one for one in seated_today(program, today)}
    weigh = with_standing(program, today)
    able = [seated[one] for one in acting(program, list(seated), today) if one in weigh]
    former = {name: former_leads(program, name, today) for name in ACTS}
    claims = [int(one.about) for one in asked if one.step == "check"]
    rows = MilestoneStanding.objects.filter(log__program=program, claim__in=claims)
    body = body_of(program, today)
    claimed, ties = {str(one.claim): one for one in rows}, ties_in(program, pack_of(program))

    record = RowsLog.of(program)
    keys_of = _keys_of_people(record)
    able_to = {
        about: [one.pk for one in destroyers(able, holders_of(int(about), record))]
        for about in {one.about for one in asked if one.step == "destroy"}
    }

    def can(one: SecondAsked, seat: Seat) -> bool:
        if seat.person_id == one.seat.person_id or (one.step in WITH_A_KEY and seat.person_id not in keys_of):
            return False
        claim = claimed.get(one.about) if one.step == "check" else None
        return claim is None or ties.may_look(seat, claim)

    def row(one: SecondAsked) -> Second:
        others = [seat for seat in able if can(one, seat)]
        others = [seat for seat in others if one.step != "destroy" or seat.pk in able_to[one.about]]
        leads = [seat for seat in others if keys_of.get(seat.person_id, True)]
        late = [seat for seat in former[CHECKS if one.step == "check" else SECONDS] if can(one, seat)]
        is_held = one.step == "destroy" and bool(others)  # others stand in only for a holder who is missing
        opens = opens_on(one.asked_on, has_leads=len(leads) >= (FOUNDERS if one.step == "vouch" else 1))
        steps_in = body if one.step == "check" or (one.step == "destroy" and not is_held) else ""
        without = [seat for seat in others if seat not in leads]
        given = (one.step, one.about, one.seat, one.asked_on, leads, [] if is_held else late)
        return Second(*given, opens, steps_in, without, is_held)

    return [row(one) for one in asked]


#: What nobody takes who never had a key on the public log.
WITH_A_KEY = frozenset({"finding", "opened", "test", "vouch"})


def _keys_of_people(record: RowsLog) -> dict[int, bool]:
    """Say of each person with a key on the record, of whatever seat, whether one of theirs was not reported lost; who brought a first key has one."""
    first, lost = first_key(record), seats_without(record)
    keyed = seats_with_key(record) | ({str(first.data["seat"])} if first else set())
    able = set(sitters(keyed - lost).values())
    return {person: person in able for person in sitters(keyed).values()}


def may_be_second(program: Program, seat: Seat, step: str, about: str, today: date) -> bool:
    """Say whether a seat may take a step: its lead sits today, or it waits for a second and is for its former lead now."""
    if of_a_lead_today(seat, today):
        return True
    awaited = seconds_awaited(program, today)
    return any((one.step, one.about) == (step, about) and one.is_for(seat, today) for one in awaited)


def body_is_second(program: Program, body: str, step: str, about: str, today: date) -> bool:
    """Say whether the community body may take the second step today: where and when former leads may."""
    return bool(body) and any(
        (one.step, one.about, one.body) == (step, about, body) and one.opens <= today
        for one in seconds_awaited(program, today)
    )


def awaits(program: Program, seat: Seat, today: date) -> bool:
    """Say whether anything that takes the reader waits for a former lead today."""
    return any(one.step != "check" and one.is_for(seat, today) for one in seconds_awaited(program, today))

"""Read lotteries and what comes of them: the pool, panels, witnesses, what everyone and each applicant reads, who is next."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from alongside.cohort.applications.models import Answer, Application, Event, happened
from alongside.cohort.applications.queries import facts_of
from alongside.cohort.calls.models import HELPS, READER, WITNESS, Call, Invitee
from alongside.cohort.calls.queries import Balanced, CallPage, told_quotas
from alongside.cohort.lotteries.models import (
    Carried,
    Lottery,
    Offer,
    PanelList,
    Ticket,
)
from alongside.cohort.reviews.models import Decision, Reading
from alongside.cohort.seats.models import Alternate, Cohort, Seat
from alongside.cohort.seats.queries.cohorts import Line, alternates_of
from alongside.core import quota_sheets
from alongside.core.grammar.selection import ANOTHER_AFTER, MOST_WITNESSES, WITNESSES
from alongside.core.kinds import EntryKind
from alongside.core.lottery import drawing_file
from alongside.core.policy.pack import Pack
from alongside.core.quota_alternates import steps_in
from alongside.core.quotas import PANELS, Quota, chances, short_of
from alongside.core.workflow.applications import AGAIN, GONE, EventKind
from alongside.core.workflow.calls import OfferEnd, Outcome, PanelsStage, next_step
from alongside.core.workflow.open_steps import OpenStep
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post, Program
from alongside.ground.programs.queries import ever_appointed, ever_ran, ever_served
from alongside.ground.record.queries import EntryView, entry_views, indexes_citing

PACKAGE = "sortition_algorithms"


def has_package() -> bool:
    """Say whether the optional package that makes lists of panels is installed."""
    return find_spec(PACKAGE) is not None


def panels_asked(call: Call) -> PanelList | None:
    """Give the newest request for a list of panels, with the list if it is made. One query."""
    return PanelList.objects.filter(call=call).order_by("-pk").first()


def panels_of(lottery: Lottery) -> tuple[list[list[str]], list[list[str]] | None]:
    """Give the list of panels of a lottery, as tickets, and the alternates of each; None in the first method. One query."""
    held = lottery.panel_list
    if held is None:
        return [], None
    numbers = dict(Ticket.objects.filter(lottery=lottery).values_list("application", "number"))
    tickets = [numbers[UUID(one)] for one in held.members]
    panels, listed = (
        [[tickets[place] for place in row] for row in rows] for rows in (held.panels, held.alternates)
    )
    return panels, listed or None


def fixed_facts(lottery: Lottery) -> tuple[dict[str, dict[str, str]], dict[str, str], dict[str, bytes]]:
    """Give by ticket what it has, its salt, and its leaf; of erased ones the leaf alone. One query."""
    rows = list(Ticket.objects.filter(lottery=lottery))
    return (
        {one.number: one.values for one in rows if one.values},
        {one.number: one.salt for one in rows if one.salt},
        {one.number: bytes.fromhex(one.leaf) for one in rows},
    )


def balance(call: Call) -> list[tuple[str, bool]]:
    """Say for the key of everything that was sought whether those who get a seat bring enough of it. One query."""
    seated = Decision.objects.filter(call=call, outcome=Outcome.SEAT).values("application")
    rows = Answer.objects.brought().filter(application__in=seated)
    brought = dict(rows.values_list("section").annotate(n=Count("pk")))
    least = {one["sought"]: one["least"] for one in call.sought}
    return [(key, brought.get(f"sought-{key}", 0) >= enough) for key, enough in least.items()]


def withdrawn(call: Call) -> int:
    """Count the applications that were sent and taken back. One query."""
    taken_back = call.applications.filter(happened(EventKind.WITHDRAWN))
    return taken_back.filter(happened(EventKind.SENT)).count()


def steward_read(call: Call) -> bool:
    """Say whether somebody who runs the program, or ever did, was one of the readers of the call, whatever became of it."""
    people = list(call.invitees.readers().values_list("person", flat=True))
    return any(ever_ran(call.program, one) for one in people)


def doubts(lottery: Lottery) -> bool:
    """Say whether a witness came to another result than the draw, and no two others agree. One query."""
    said = list(Invitee.objects.filter(call=lottery.call_id).values_list("agrees", flat=True))
    return False in said and said.count(True) < WITNESSES


def is_inside(call: Call, person: Person) -> bool:
    """Say whether a person has or had an office or a place as a lead, or applies to the call. At most three queries."""
    program = call.program
    if (
        ever_appointed(program, person.pk)
        or Seat.objects.filter(cohort__program=program, person=person).exists()
    ):
        return True
    return (
        bool(person.email) and call.applications.live().filter(contact__email__iexact=person.email).exists()
    )


def went_inside(call: Call, witnesses: Sequence[Invitee]) -> set[int]:
    """Give the people among the witnesses of a call who took up an office, or ran the program. One query.

    What others did with their address (a post that they never took up, a place, an application) takes no word from a
    witness: else whoever runs the program could choose which of them speaks.
    """
    return ever_served(call.program, [one.person_id for one in witnesses])


def takes_witness(lottery: Lottery, today: date) -> bool:
    """Say whether a witness can be named: one of the first two, or one more where these do not both agree for long."""
    there = [one.agrees for one in witness_rows(lottery.call)]
    if len(there) < WITNESSES:
        return True
    is_late = lottery.drawn_on is not None and today >= lottery.drawn_on + ANOTHER_AFTER
    return is_late and there.count(True) < WITNESSES and len(there) < MOST_WITNESSES


def pool(call: Call) -> list[str]:
    """List the numbers of a lottery's pool. One query."""
    return sorted(Ticket.objects.filter(lottery__call=call).values_list("number", flat=True))


def _owing() -> Q:
    """Say of which calls somebody was chosen for a place and is still in, and no place was offered to anybody."""
    chosen = Decision.objects.filter(call=OuterRef("pk"), outcome=Outcome.SEAT)
    there = Exists(chosen.exclude(happened(*GONE, to="application")))
    return Q(there, ~Exists(Offer.objects.filter(call=OuterRef("pk"))), decided_on__isnull=False)


def owes_places(call: Call) -> bool:
    """Say whether a call is decided, and its places are offered to nobody yet. One query."""
    return Call.objects.filter(_owing(), pk=call.pk).exists()


def without_address(lottery: Lottery) -> int:
    """Count the tickets of the pool whose application somebody else typed in, for a person who gave no email address. One query."""
    typed = Ticket.objects.filter(happened(EventKind.ASSISTED, to="application"), lottery=lottery)
    nowhere = Q(application__contact=None) | Q(application__contact__email="")
    return typed.filter(nowhere, application__in=lottery.call.applications.live()).count()


def next_steps(program: Program, today: date) -> list[tuple[Call, OpenStep]]:
    """Give the next step of every published call that is not decided or owes its places, each with how many `readers` it has.

    One query.
    """
    rows = Call.objects.filter(Q(decided_on=None) | _owing(), program=program, entry__isnull=False)
    agree = Count("invitees", filter=Q(invitees__agrees=True))
    readers = Count("invitees", filter=Q(invitees__role=READER, invitees__ended_on=None))
    counted = rows.select_related("lottery").annotate(agree=agree, readers=readers)
    found = counted.order_by("closes", "pk")
    return [(one, _step(one, today)) for one in found]


def _step(call: Call, today: date) -> OpenStep:
    lottery = getattr(call, "lottery", None)
    return next_step(
        today,
        closes=call.closes,
        decides_by=call.decides_by,
        seed_day=lottery.seed_day if lottery else None,
        is_drawn=bool(lottery and lottery.seed),
        is_witnessed=call.agree >= WITNESSES,  # type: ignore[attr-defined]  # annotated above
        is_decided=call.decided_on is not None,
    )


def to_attest(program: Program, viewer: Viewer) -> list[Invitee]:
    """List the lotteries that the viewer is to run again. One query."""
    mine = Invitee.objects.witnesses().filter(person=viewer.person_id, call__program=program)
    return list(mine.filter(agrees=None).select_related("call").order_by("pk"))


def invited_here(program: Program) -> dict[int, str]:
    """Give by person what others were invited to do that is not done: read, help or witness. Two queries."""
    found: dict[int, str] = {}
    mine = Reading.objects.filter(reader__call__program=program, read_on=None, recused_on=None)
    for person in mine.filter(reader__call__line_on=None).values_list("reader__person", flat=True):
        found[person] = "reader"
    rows = Invitee.objects.filter(call__program=program, ended_on=None, agrees=None)
    invited = list(rows.values_list("person", "role"))
    found |= dict.fromkeys((person for person, role in invited if role in HELPS), "helper")
    return found | dict.fromkeys((person for person, role in invited if role == WITNESS), "witness")


@dataclass(frozen=True)
class PanelsPage:
    """Where the list stands; `state` is empty where nobody asked for one."""

    state: str
    quotas: list[Quota]
    told: list[Balanced]
    short: frozenset[tuple[str, str]] = frozenset()
    smallest: int = 0
    largest: int = 0
    count: int = PANELS

    @property
    def is_done(self) -> bool:
        """Say whether the list was made, or it is known why not."""
        return self.state not in {"", PanelsStage.WAITING}


def panels_page(call: Call, pack: Pack, lang: str) -> PanelsPage:
    """Give how the list of panels came out; counts of a pool as ranges. Four queries."""
    asked = panels_asked(call)
    if asked is None:
        return PanelsPage("", [], [])
    quotas = [Quota(**one) for one in asked.quotas]
    if not asked.salt:
        return PanelsPage(PanelsStage.WAITING, quotas, told_quotas(asked.quotas, pack, lang))
    members = list(call.applications.live().filter(pk__in=asked.members).values_list("pk", flat=True))
    facts = {str(one): values for one, values in facts_of(members, quotas).items()}
    counts = Counter(pair for values in facts.values() for pair in values.items())
    short = short_of(quotas, facts, call.seats) if asked.problem == PanelsStage.SHORT else []
    spread = chances(asked.panels, range(len(asked.members))) if asked.panels else {}  # type: ignore[arg-type]  # places stand for tickets here
    return PanelsPage(
        state=asked.problem or PanelsStage.MADE,
        quotas=quotas,
        told=told_quotas(asked.quotas, pack, lang, counts),
        short=frozenset((one.category, one.value) for one in short),
        smallest=min(spread.values(), default=0),
        largest=max(spread.values(), default=0),
        count=len(asked.panels),
    )


#: What the pages of a selection read with a call.
OF_A_CALL = "lottery__panel_list"
NEAR = (
    "decision",
    "ticket__lottery__panel_list",
    "call",
    "offer__cohort",
    "carried__alternate",
)


@dataclass(frozen=True)
class Result:
    """What the owner of an application reads. `offer` is open, accepted, declined, or empty.

    `waits` is false for an alternate who is on no list any more: called up to a seat, or taken off it. `draws_on` is the
    day of the seed, for someone in a lottery that is not decided.
    """

    outcome: str
    place: int | None
    reasons: str
    by_lottery: bool
    ticket: str
    offer: str = ""
    answer_by: date | None = None
    #: The first and the last day of the place that is offered, where it is one of the call's own.
    term: tuple[date, date] | None = None
    is_balanced: bool = False
    waits: bool = True
    was_called_up: bool = False
    draws_on: date | None = None
    #: The offer is of a place that fell empty in the middle of a term, which is over on this day.
    until: date | None = None
    #: The day by which they were asked to answer passed.
    was_late: bool = False
    #: They are chosen, and this is the day by which the place was to be offered.
    offered_by: date | None = None


def result_of(application: Application) -> Result | None:
    """Give what became of an application once the selection is over; before that its lottery ticket, or None. One query."""
    row = Application.objects.there().filter(pk=application.pk).select_related(*NEAR).first()
    if row is None:
        return None
    number = row.ticket.number if hasattr(row, "ticket") else ""
    if row.call.decided_on is None or not hasattr(row, "decision"):
        return _waiting(row, number) if number else None
    found = row.decision
    offer = getattr(row, "offer", None)
    gone = _stood_down(row)
    return Result(
        outcome=found.outcome,
        place=found.place,
        reasons=found.reasons,
        by_lottery=found.by_lottery,
        ticket=number,
        offer=_state(offer),
        answer_by=offer.answer_by if offer else None,
        term=(offer.cohort.from_date, offer.cohort.until_date) if offer and not offer.vacancy_id else None,
        is_balanced=bool(
            number and row.ticket.lottery.panel_list and row.ticket.lottery.panel_list.alternates
        ),
        waits=gone is None,
        was_called_up=gone is not None and gone.seat_id is not None,
        until=offer.cohort.until_date if offer and offer.vacancy_id else None,
        was_late=bool(offer and offer.ground == OfferEnd.NO_ANSWER),
        offered_by=row.call.decides_by if found.outcome == Outcome.SEAT and offer is None else None,
    )


def _waiting(row: Application, number: str) -> Result:
    """Give what someone in a lottery reads before everyone has a decision."""
    return Result("waiting", None, "", by_lottery=False, ticket=number, draws_on=row.ticket.lottery.seed_day)


def _stood_down(row: Application) -> Alternate | None:
    """Give the alternate who came off the cohort's list, or None."""
    carried = getattr(row, "carried", None)
    return carried.alternate if carried and carried.alternate.stood_down_on else None


def _state(offer: Offer | None) -> str:
    if offer is None:
        return ""
    if offer.answered_on is None:
        return "open"
    return "accepted" if offer.ground is None else "declined"


def hopeful(program: Program, today: date) -> QuerySet[Application]:
    """Give the applications that have an open offer, or may get one before the term is over: they are kept until then."""
    offered = Q(offer__isnull=False, offer__answered_on=None, offer__answer_by__gte=today)
    waits = Q(
        offer=None, decision__outcome__in=(Outcome.SEAT, Outcome.ALTERNATE), call__term_until__gte=today
    )
    waits &= Q(carried__alternate__stood_down_on=None)
    return Application.objects.filter(offered | waits, call__program=program)


def open_offer(application: Application) -> Offer | None:
    """Give the offer that an applicant can still answer, or None. One query."""
    rows = Offer.objects.open().filter(application=application)
    near = ("cohort__program", "call__program", "application__contact", "vacancy__cohort")
    return rows.select_related(*near).first()


def has_open_offer(program: Program, person: int, day: date) -> bool:
    """Say whether a person is offered a seat and can still answer; one that the day finds answered or over counts no more. One query."""
    email = Person.objects.filter(pk=person).exclude(email=None).values("email")
    theirs = Q(typed__in=email) | Q(application__carried__alternate__person=person)
    rows = Offer.objects.open().annotate(typed=Lower("application__contact__email"))
    rows = rows.filter(theirs, call__program=program)
    return rows.filter(cohort__until_date__gte=day).exists()


def next_in_line(call: Call) -> list[Decision]:
    """List who may be offered a seat and was not yet: those with a seat first, then alternates in their order. One query.

    An alternate whom the steward took off the cohort's list, or seated from there, is not in line any more.
    """
    rows = Decision.objects.filter(
        call=call, outcome__in=(Outcome.SEAT, Outcome.ALTERNATE), application__offer=None
    )
    waits = rows.filter(application__carried__alternate__stood_down_on=None)
    found = waits.exclude(happened(*GONE, to="application")).select_related("application__contact")
    return sorted(found, key=lambda one: (one.place or 0, str(one.application_id)))


#: So many days of its term a place may lose until it is offered.
TIME_TO_OFFER = timedelta(days=14)


def is_long_enough(call: Call, cohort: Cohort, today: date) -> bool:
    """Say whether a place in a cohort is what a call promised: as long as its term, or, for two weeks, what is left of just that term.

    These begin with the term, or with the day by which everyone was to have an answer: ending the selection late makes no place shorter.
    """
    since = max(min(call.decided_on or today, call.decides_by), call.term_from)
    holds = cohort.from_date <= call.term_from and call.term_until <= cohort.until_date
    left = cohort.until_date - max(today, cohort.from_date)
    return left >= call.term_until - call.term_from or (holds and today <= since + TIME_TO_OFFER)


def term_of_a_new_cohort(call: Call, today: date) -> tuple[date, date]:
    """Give the first and the last day of a cohort for a call: its term, or as many days from today where that has begun."""
    first = max(call.term_from, today)
    return first, first + (call.term_until - call.term_from)


def free_seats(call: Call) -> int:
    """Count the seats of a call that are offered to nobody. One query."""
    return max(0, call.seats - call.offers.standing().filter(vacancy=None).count())


def asked_for(vacancies: Collection[int]) -> dict[int, date]:
    """Give until when an alternate can take an empty seat that they were offered, by its row. One query."""
    rows = Offer.objects.open().filter(vacancy__in=vacancies)
    return dict(rows.values_list("vacancy", "answer_by"))


def line(waiting: Sequence[Alternate]) -> Line:
    """Say in which order people step in: whom a selection chose by their places, then whom the steward added, or put back.

    It is the turn of the first who is not asked just now; where a draw had quotas, of the first with whom they are met. Seven
    queries at most.
    """
    answered = Q(application__offer__answered_on__isnull=False)
    rows = Carried.objects.filter(alternate__in=[one.pk for one in waiting]).exclude(answered)
    rows = rows.exclude(happened(*GONE, to="application"))
    near = ("application__call", "application__decision")
    chosen = {one.alternate_id: one.application for one in rows.select_related(*near)}
    offers = Offer.objects.open().filter(application__in=chosen.values())
    until = dict(offers.values_list("application", "answer_by"))
    asked = {row: until[one.pk] for row, one in chosen.items() if one.pk in until}
    ordered = sorted(waiting, key=lambda one: (*_turn(chosen.get(one.pk)), one.place))
    free = [one for one in ordered if one.pk not in asked]
    first = next(iter(free), None)
    if first is not None and first.pk in chosen:
        call = chosen[first.pk].call
        mine = {
            chosen[one.pk].pk: one for one in free if one.pk in chosen and chosen[one.pk].call_id == call.pk
        }
        first = next((mine[one] for one in _steps_in(call, list(mine))), first)
    return Line(ordered, first, frozenset(chosen), asked)


def who_waits_beside(call: Call, cohort: Cohort) -> Alternate | None:
    """Give who comes next of those who wait in a cohort, but those whom this call put there. Eight queries at most."""
    waiting = alternates_of(cohort)
    own = Carried.objects.filter(application__call=call, alternate__in=[one.pk for one in waiting])
    mine = set(own.values_list("alternate", flat=True))
    return line([one for one in waiting if one.pk not in mine]).next


def _turn(chosen: Application | None) -> tuple[bool, date, int, int]:
    """Give where somebody's turn is: whom a selection chose by its day and their place in it, never by their place here."""
    decision = getattr(chosen, "decision", None)
    if chosen is None or decision is None:
        return (chosen is None, date.max, 0, 0)
    return (False, chosen.call.decided_on or date.max, chosen.call_id, decision.place or 0)


def application_of(alternate: Alternate) -> Application | None:
    """Give the application of an alternate whom a selection chose, with its call and how to reach its owner. One query."""
    rows = Application.objects.filter(carried__alternate=alternate)
    return rows.select_related("call", "contact").first()


def _steps_in(call: Call, waiting: Sequence[UUID]) -> list[UUID]:
    """Give who of a call's alternates, in their order, steps into one seat under its quotas; nobody where it has none."""
    if not (quotas := balanced_by(call)):
        return []
    facts = _facts(call)
    has = [facts["every"].get(one, {}) for one in waiting]
    return [waiting[steps_in([*facts["held"].values()], has, quotas, call.seats)]]


def to_carry(call: Call) -> list[Application]:
    """List the alternates of a call who are still in and on no list yet, in their order. One query."""
    waits = call.applications.there().filter(decision__outcome=Outcome.ALTERNATE)
    rows = waits.filter(offer=None, carried=None)
    return list(rows.select_related("contact").order_by("decision__place"))


def only_waited(person: int) -> bool:
    """Say whether an account was made for an alternate and waits no more, in any program: no seat, no post, no invitation. Five queries."""
    needs = (Seat.objects, Post.objects, Invitee.objects, Alternate.objects.filter(stood_down_on=None))
    was_made = Carried.objects.filter(alternate__person=person, is_new=True).exists()
    return was_made and not any(rows.filter(person=person).exists() for rows in needs)


def offers_of(call: Call) -> list[Offer]:
    """List the offers of a call, newest last. One query."""
    near = ("application__contact", "seat", "cohort")
    return list(Offer.objects.filter(call=call).select_related(*near).order_by("pk"))


def overdue(program_id: int, today: date) -> list[tuple[Offer, str]]:
    """List the offers whose day has passed without an answer, or whose owner left, each with its ground. One query."""
    rows = Offer.objects.open().filter(call__program=program_id)
    left = happened(*GONE, to="application")
    found = rows.filter(Q(left) | Q(answer_by__lt=today)).select_related(
        "call__program", "cohort", "application", "vacancy__cohort"
    )
    return [(one, OfferEnd.NO_ANSWER if one.answer_by < today else OfferEnd.TAKEN_BACK) for one in found]


def untold(program_id: int) -> list[Application]:
    """List applications with a result, or an offer, that no letter told of, and that gave an address. One query."""
    rows = Application.objects.there().untold().filter(call__program=program_id)
    known = rows.filter(call__decided_on__isnull=False, decision__isnull=False, contact__isnull=False)
    return list(known.exclude(contact__email="").select_related("call", "contact"))


#: So many days before the last day to answer, a second letter goes to whoever did not answer an offer.
SECOND_LETTER = timedelta(days=2)


def to_tell_again(program_id: int, today: date) -> list[Application]:
    """List who is told a second time: alternates who came off the list, and whose last day to answer is near. One query."""
    rows = Application.objects.filter(call__program=program_id)
    news = Event.objects.filter(application=OuterRef("pk"), kind__in=AGAIN)
    heard = news.filter(on__gte=OuterRef("carried__alternate__stood_down_on"))
    came_off = Q(offer=None, carried__alternate__stood_down_on__isnull=False) & ~Exists(heard)
    warned = news.filter(on__gt=OuterRef("offer__made_on"))
    near = (today, today + SECOND_LETTER)
    is_near = Q(offer__answered_on=None, offer__answer_by__range=near) & ~Exists(warned)
    return list(rows.filter(came_off | is_near, events__kind=EventKind.TOLD).distinct())


#: Whose facts count: whoever has an offer that stands, or stepped in from the list, and did not leave since.
OFFERED = Q(application__offer__isnull=False, application__offer__ground=None)
SITS = Q(application__offer__seat__left_on=None)
CALLED_UP = Q(
    application__carried__alternate__seat__isnull=False,
    application__carried__alternate__seat__left_on=None,
)


def balanced_by(call: Call) -> list[Quota]:
    """Give the quotas that alternates of a call step in under; none where they were drawn without. One query."""
    held = Lottery.objects.filter(call=call).select_related("panel_list").first()
    if held is None or held.panel_list is None or not held.panel_list.alternates:
        return []
    return [Quota(**one) for one in held.panel_list.quotas]


def who_is_next(call: Call, count: int | None = None) -> list[Decision]:
    """List who is offered the seats that are free, or so many seats, in turn. At most four queries."""
    found = next_in_line(call)
    free = free_seats(call) if count is None else count
    quotas = balanced_by(call)
    if not quotas:
        return found[:free]
    own = [one for one in found if one.outcome == Outcome.SEAT]
    waiting = [one for one in found if one.outcome != Outcome.SEAT]
    chosen, facts = own[:free], _facts(call)
    holders = [*facts["held"].values(), *(facts["every"].get(one.application_id, {}) for one in own)]
    while waiting and len(chosen) < free:
        at = steps_in(
            holders, [facts["every"].get(one.application_id, {}) for one in waiting], quotas, call.seats
        )
        chosen.append(waiting.pop(at))
        holders.append(facts["every"].get(chosen[-1].application_id, {}))
    return chosen


def _facts(call: Call) -> Mapping[str, Mapping[object, Mapping[str, str]]]:
    """Give what tickets of a call have by application: of all, and of those who hold a seat or an offer. Two queries."""
    rows = Ticket.objects.filter(lottery__call=call).exclude(salt="")
    groups = {"every": rows, "held": rows.filter((OFFERED & SITS) | CALLED_UP)}
    return {
        name: {one: has or {} for one, has in group.values_list("application", "values")}
        for name, group in groups.items()
    }


@dataclass(frozen=True)
class HowItWent:
    """The entries of a selection, as far as it is."""

    announced: EntryView | None
    drawn: EntryView | None
    attested: list[EntryView]
    closed: EntryView | None
    doubted: list[EntryView]
    balance: list[tuple[str, str, bool]]

    @property
    def has_begun(self) -> bool:
        """Say whether the record knows anything yet."""
        return bool(self.announced or self.closed)


def how_it_went(program: Program, page: CallPage, lang: str) -> HowItWent:
    """Give the entries of a selection with their words. Five queries."""
    own = indexes_citing(
        program, [page.told.index], [EntryKind.LOTTERY_ANNOUNCED, EntryKind.SELECTION_CLOSED]
    )
    draws = indexes_citing(
        program,
        [at for at, kind, _to in own if kind == EntryKind.LOTTERY_ANNOUNCED],
        [EntryKind.LOTTERY_DRAWN],
    )
    words = indexes_citing(program, [at for at, _kind, _to in draws], [EntryKind.LOTTERY_ATTESTED])
    found = entry_views(program, [at for at, _kind, _to in (*own, *draws, *words)], lang)
    last = max((at for at, _kind, _to in draws), default=0)
    by_kind: dict[str, list[EntryView]] = {}
    for one in found.values():
        by_kind.setdefault(one.entry.kind, []).append(one)
    closed = next(iter(by_kind.get(EntryKind.SELECTION_CLOSED, [])), None)
    met = {one["sought"]: one["met"] for one in closed.entry.data["balance"]} if closed else {}
    return HowItWent(
        announced=next(iter(by_kind.get(EntryKind.LOTTERY_ANNOUNCED, [])), None),
        drawn=found.get(last),
        attested=[found[at] for at, _kind, to in words if to == last],
        closed=closed,
        doubted=[one for one in by_kind.get(EntryKind.LOTTERY_DRAWN, []) if one.index != last],
        balance=[
            (one.words.words, one.words.lang, met[one.key])
            for one in page.sought
            if one.key in met and one.words
        ],
    )


def file_of(lottery: Lottery) -> str | None:
    """Write the drawing file of a lottery, or None before it is drawn. One query beside the lottery's own."""
    if not lottery.seed:
        return None
    given: dict[str, Any] = {
        "salt": lottery.salt,
        "seed": lottery.seed,
        "alternates": lottery.alternates,
        "entries": {"announced": lottery.entry, "drawn": lottery.draw_entry},
    }
    if lottery.panel_list is None:
        return drawing_file(pool(lottery.call), seats=lottery.seats, **given)
    panels, listed = panels_of(lottery)
    given |= {"panels": panels, "panels_salt": lottery.panel_list.salt, "listed": listed}
    return quota_sheets.drawing_file(pool(lottery.call), **given)


def sheet_of(lottery: Lottery) -> str | None:
    """Write the sheet for the witnesses of a lottery with quotas: what each ticket has, and every panel. None without quotas."""
    held = lottery.panel_list
    if held is None:
        return None
    facts, salts, leaves = fixed_facts(lottery)
    panels, listed = panels_of(lottery)
    return quota_sheets.sheet_file(
        seats=lottery.seats,
        quotas=[Quota(**one) for one in held.quotas],
        facts=facts,
        salts=salts,
        leaves=leaves,
        pool_salt=lottery.salt,
        panels=panels,
        panels_salt=held.salt,
        listed=listed,
        entries={"announced": lottery.entry},
    )


def may_show_file(call: Call, pack: Pack) -> bool:
    """Say whether everyone may have the drawing file: a pool below k is a count of people that is told to nobody."""
    return hasattr(call, "lottery") and bool(call.lottery.seed) and len(pool(call)) >= pack.k


def witness_rows(call: Call) -> list[Invitee]:
    """List the witnesses of a call's lottery. One query."""
    rows = call.invitees.witnesses().select_related("person")
    return list(rows.order_by("number"))


def witnessed_by(person_id: int | None, program: Program) -> list[Invitee]:
    """List the lotteries that a person witnesses. One query."""
    rows = Invitee.objects.witnesses().filter(person=person_id, call__program=program)
    near = ("call__program", "call__lottery__panel_list")
    return list(rows.select_related(*near).order_by("-pk"))

"""Announce a lottery, make its panels, draw it, let witnesses run it again; end the selection, offer seats and seat whoever accepts."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from alongside.cohort.applications.models import Application, Event, happened
from alongside.cohort.applications.queries import facts_of
from alongside.cohort.calls.actions import refuse_before_it_closed, refuse_unadvised, today_of
from alongside.cohort.calls.models import READER, WITNESS, Call, Invitee
from alongside.cohort.calls.queries import advice_for, rules_of
from alongside.cohort.lotteries import queries
from alongside.cohort.lotteries.models import (
    Carried,
    Lottery,
    Offer,
    PanelList,
    Ticket,
)
from alongside.cohort.lotteries.queries import (
    doubts,
    is_inside,
    only_waited,
    open_offer,
    overdue,
    panels_of,
    pool,
    takes_witness,
    to_carry,
    to_tell_again,
    went_inside,
    who_is_next,
    who_waits_beside,
    witness_rows,
)
from alongside.cohort.reviews.actions import refuse_without
from alongside.cohort.reviews.models import Admitted, Decision
from alongside.cohort.reviews.queries import sums
from alongside.cohort.seats.actions import give_seat, make_alternate, refuse_out_of_turn
from alongside.cohort.seats.models import Alternate, Cohort, Seat, Vacancy
from alongside.cohort.seats.queries.cohorts import asked_for, line_of, place_to_fill
from alongside.cohort.seats.queries.seats import seat_within
from alongside.core import lottery as plain
from alongside.core import quotas
from alongside.core.clocks import local_date
from alongside.core.disclosure import band
from alongside.core.grammar.selection import ANOTHER_AFTER
from alongside.core.kinds import EntryKind
from alongside.core.lottery import Result, draw, pool_root, seed_as_written
from alongside.core.quota_alternates import choose_alternates
from alongside.core.quotas import PANELS, Quota, by_category, contradictions, pick, seated, short_of, unmet
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.applications import EventKind
from alongside.core.workflow.calls import OfferEnd, Outcome, PanelsStage, Selection
from alongside.ground.people.actions import find_or_make_person, forget_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.ui.days import day_in_words

LONGEST_NAME = 80


def person_of(application: Application) -> Person:
    """Give the account of an applicant: the one with their address, the one they wait with, or a new one."""
    carried = Carried.objects.filter(application=application).select_related("alternate__person").first()
    if carried:
        return carried.alternate.person
    contact = application.contact
    called = (contact.name or contact.organization)[:LONGEST_NAME]
    return find_or_make_person(email=contact.email, language=application.lang, called=called)


@appends()
@transaction.atomic
def carry_alternates(*, call: Call, cohort: Cohort, now: datetime) -> int:
    """Put the alternates of a call behind those whom a selection put there before; give how many.

    Whom the steward put there by hand, or took off, waits from now on as chosen. Who sits, was called up before, or waits by
    another application is left out.
    """
    _ = now
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    place = last = Alternate.objects.filter(cohort=cohort).aggregate(last=Max("place"))["last"] or 0
    chosen = set(line_of(cohort).chosen)
    for one in to_carry(call):
        before = Person.objects.aggregate(last=Max("pk"))["last"] or 0
        person = person_of(one)
        waits = _wait_as_chosen(cohort, person, place + 1, chosen)
        if waits is None:
            continue
        if not Carried.objects.filter(alternate=waits).update(application=one):
            Carried.objects.create(application=one, alternate=waits, is_new=person.pk > before)
        chosen.add(waits.pk)
        place += 1
    return place - last


def _wait_as_chosen(cohort: Cohort, person: Person, place: int, chosen: Collection[int]) -> Alternate | None:
    """Let a person wait in a place of the list, or in the one that they have there; None for who is left out."""
    row = Alternate.objects.filter(cohort=cohort, person=person, seat=None).first()
    if row is None:
        try:
            return make_alternate(cohort=cohort, person=person, place=place)
        except Refused:
            return None
    if row.pk in chosen or Seat.objects.filter(cohort=cohort, person=person).exists():
        return None
    Alternate.objects.filter(pk=row.pk).update(stood_down_on=None)
    return row


@appends()
def leave_the_list(*, application: Application, seat: Seat | None, on: date) -> None:
    """Take an applicant off the list of alternates: into a seat, or because they left."""
    carried = Carried.objects.filter(application=application, alternate__stood_down_on=None).first()
    if carried:
        Alternate.objects.filter(pk=carried.alternate_id).update(seat=seat, stood_down_on=on)


@appends()
def let_go(*, application: Application, is_erased: bool, on: date) -> None:
    """Take an applicant who left off the list; once they are erased, forget what their ticket has, and that they waited."""
    leave_the_list(application=application, seat=None, on=on)
    if is_erased:
        Ticket.objects.filter(application=application).update(values=None, salt="")
        _forget_who_waited(application)


def _forget_who_waited(application: Application) -> None:
    """Forget an account that was made only to wait, where nothing else needs it."""
    carried = Carried.objects.filter(application=application).select_related("alternate__person").first()
    if carried and only_waited(carried.alternate.person_id):
        forget_person(person=carried.alternate.person)


def pool_of(call: Call) -> list[UUID]:
    """Give the applications that go into the pool. Raises Refused, as where there is nothing to draw."""
    found = _pool_of(call)
    if len(found) <= call.seats:
        raise Refused(
            _(
                "The pool is not larger than the places, so there is nothing to draw. Give everyone in it a place, or end the selection, and write why."
            )
        )
    return found


def needs_no_draw(call: Call) -> bool:
    """Say whether those in the pool are as many as the seats or fewer, and none of them has a decision."""
    try:
        found = _pool_of(call)
    except Refused:
        return False
    return 0 < len(found) <= call.seats and not Decision.objects.filter(application__in=found).exists()


@appends()
@transaction.atomic
def seat_everyone(*, call: Call, reasons: str, now: datetime) -> int:
    """Give everyone in the pool a seat, where they are no more than the seats; give how many. They read the reasons.

    Raises Refused, as where a draw must decide.
    """
    today = refuse_before_it_closed(call, now)
    refuse_without(reasons)
    Call.objects.select_for_update().get(pk=call.pk)
    if not needs_no_draw(call):
        raise Refused(_("More people are in the pool than there are places, or they have a decision. Draw."))
    made = [
        Decision(application_id=one, call=call, outcome=Outcome.SEAT, reasons=reasons, on=today)
        for one in _pool_of(call)
    ]
    return len(Decision.objects.bulk_create(made))


def _pool_of(call: Call) -> list[UUID]:
    if call.selection == Selection.PANEL:
        raise Refused(_("The rules of this call name no lottery; choose people as its rules say."))
    if call.selection == Selection.LOTTERY:
        return list(call.applications.live().values_list("pk", flat=True))
    if sums(call).open or call.line_on is None:
        raise Refused(_("The panel is not done. Make the shortlist and decide each application on it first."))
    admitted = Admitted.objects.filter(call=call, application__in=call.applications.live())
    return list(admitted.values_list("application", flat=True))


#: Why there is no list; the page says it in words.
type Facts = Mapping[str, Mapping[str, str]]
#: Finds panels, none where none meets every quota: who has what, the quotas, how many seats, how many panels.
type Find = Callable[[Facts, Sequence[Quota], int, int], Sequence[Sequence[str]]]


def with_package(facts: Facts, quotas: Sequence[Quota], seats: int, panels: int) -> Sequence[Sequence[str]]:
    """Find panels with sortition-algorithms, so that the smallest chance of anyone is as large as it can be.

    None where none meets every quota. The package is an optional extra, `quotas`.
    """
    import sortition_algorithms as package  # noqa: PLC0415 -- optional, and slow to load

    names = list(by_category(quotas))
    rows = [
        {"feature": one.category, "value": one.value, "min": str(one.least), "max": str(one.most)}
        for one in quotas
    ]
    features, _feature, _value = package.read_in_features(["feature", "value", "min", "max"], rows, seats)
    settings = package.Settings(id_column="id", columns_to_keep=[])
    body = [{"id": one, **values} for one, values in facts.items()]
    people, _report = package.read_in_people(["id", *names], body, features, settings)
    try:
        found, _report = package.find_random_sample(features, people, seats, [], number_selections=panels)
    except package.SortitionBaseError:
        return ()
    return [sorted(one) for one in found]


@appends()
@transaction.atomic
def ask_for_panels(*, call: Call, quotas: Sequence[Quota], widened: str, now: datetime) -> PanelList:
    """Ask for the list of panels. Quotas may be wider than the call says, with a reason that goes on the record.

    Raises Refused, as for a quota that is narrower than the call says.
    """
    today = refuse_before_it_closed(call, now)
    if Lottery.objects.filter(call=call).exists():
        raise Refused(_("The lottery is announced; its pool and its rules stand."))
    refuse_unadvised(call.program, pack_of(call.program), quotas)
    rules = {(one.category, one.value): one for one in rules_of(call)}
    for one in quotas:
        rule = rules[one.category, one.value]
        if one.least > rule.least or one.most < rule.most:
            raise Refused(
                _("A quota can only be made wider than the call says. Lower the least, or raise the most.")
            )
    if contradictions(quotas, call.seats):
        raise Refused(_("These numbers cannot be met with the places of the call. Change them."))
    if list(quotas) != list(rules.values()) and not has_words(widened):
        raise Refused(_("Write why the quotas are wider than the call says. The public log tells it."))
    pool_of(call)
    kept = [vars(one) for one in quotas]
    return PanelList.objects.create(call=call, quotas=kept, widened=widened.strip(), asked_on=today)


@appends()
def make_panels(*, asked: PanelList, find: Find = with_package) -> PanelList:
    """Make the list that was asked for, once, with the alternates of each panel. Where none meets the quotas, keep why."""
    if asked.salt:
        return asked
    call, quotas = asked.call, [Quota(**one) for one in asked.quotas]
    members = sorted(pool_of(call), key=str)
    facts = {str(one): values for one, values in facts_of(members, quotas).items()}
    panels, problem = _found(facts, quotas, call.seats, find)
    after = [choose_alternates(one, facts, quotas, call.alternates, secrets.choice) for one in panels]
    places = {str(one): place for place, one in enumerate(members)}
    PanelList.objects.filter(pk=asked.pk, salt="").update(
        members=list(places),
        panels=[[places[one] for one in panel] for panel in panels],
        alternates=[[places[one] for one in those] for those in after],
        salt=secrets.token_hex(SALT_BYTES),
        problem=problem,
    )
    asked.refresh_from_db()
    return asked


def _found(
    facts: Facts, quotas: Sequence[Quota], seats: int, find: Find
) -> tuple[Sequence[Sequence[str]], str]:
    if short_of(quotas, facts, seats):
        return [], PanelsStage.SHORT
    panels = find(facts, quotas, seats, PANELS)
    if not panels:
        return [], PanelsStage.NONE
    if any(len(set(one)) != seats or unmet(one, facts, quotas) for one in panels):
        return [], PanelsStage.WRONG
    return panels, ""


def fitting_list(call: Call, pool: Sequence[UUID]) -> PanelList:
    """Give the list of panels to announce a lottery with. Raises Refused where none is made, or the pool changed since."""
    made = queries.panels_asked(call)
    if made is None or not made.panels:
        raise Refused(_("This lottery has quotas. Make the list of panels first."))
    if made.members != sorted(str(one) for one in pool):
        raise Refused(_("Someone left the pool since the list of panels was made. Make the list again."))
    return made


SALT_BYTES, TICKET_BYTES = 32, 16


@dataclass(frozen=True)
class Made:
    """A ticket with what it has, if the lottery has quotas."""

    application: UUID
    number: str
    values: Mapping[str, str]
    salt: str

    @property
    def leaf(self) -> str:
        """Give the leaf of what it has, or nothing without quotas."""
        return quotas.facts_leaf(self.number, self.values, self.salt).hex() if self.salt else ""


@dataclass(frozen=True)
class Balanced:
    """What an announcement says beside the plain rules; nothing without quotas."""

    method: str = plain.METHOD
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)


def make_tickets(pool: Sequence[UUID], balanced: PanelList | None) -> list[Made]:
    """Draw a ticket for each application. One query with quotas, else none."""
    facts = facts_of(pool, [Quota(**one) for one in balanced.quotas]) if balanced else {}
    return [
        Made(
            one,
            secrets.token_hex(TICKET_BYTES),
            facts.get(one, {}),
            secrets.token_hex(SALT_BYTES) if balanced else "",
        )
        for one in pool
    ]


def balance_told(call: Call, balanced: PanelList, tickets: Sequence[Made], lang: str) -> Balanced:
    """Say what the record hears of a lottery with quotas: the quotas, both roots, and who advised. No ticket's facts."""
    rows = [Quota(**one) for one in balanced.quotas]
    by_member = {str(one.application): one.number for one in tickets}
    numbers = [by_member[one] for one in balanced.members]
    panels = [[numbers[place] for place in panel] for panel in balanced.panels]
    listed = [[numbers[place] for place in those] for those in balanced.alternates] or None
    data: dict[str, Any] = {
        "quotas": [vars(one) for one in rows],
        "facts": quotas.facts_root({one.number: bytes.fromhex(one.leaf) for one in tickets}),
        "panels": quotas.panels_tree(panels, balanced.salt, listed).root().hex(),
        "panel_count": len(panels),
    }
    texts = {"widened": Text(lang, balanced.widened)} if balanced.widened else {}
    advice = advice_for(call.program, pack_of(call.program), rows)
    if advice:
        data["advised_on"] = advice.on.isoformat()
        texts["advised_by"] = Text(advice.lang, advice.office)
    return Balanced(quotas.METHOD if listed else quotas.FIRST_METHOD, data, texts)


@appends()
def keep_tickets(*, lottery: Lottery, tickets: Sequence[Made], now: datetime) -> None:
    """Keep the tickets of a lottery, each with what it has where there are quotas."""
    _ = now
    Ticket.objects.bulk_create(
        Ticket(
            lottery=lottery,
            application_id=one.application,
            number=one.number,
            leaf=one.leaf,
            values=dict(one.values) if one.salt else None,
            salt=one.salt,
        )
        for one in tickets
    )


@appends(EntryKind.LOTTERY_ANNOUNCED)
@transaction.atomic
def announce(*, call: Call, seed_source: str, seed_day: date, lang: str, now: datetime) -> Lottery:
    """Fix the pool and the rules on the record. `seed_source` says in words which public value is the seed.

    Raises Refused, as where the pool is not larger than the seats; GrammarError for a seed that may be known.
    """
    refuse_before_it_closed(call, now)
    Call.objects.select_for_update().get(pk=call.pk)
    if Lottery.objects.filter(call=call).exists():
        raise Refused(_("The lottery is announced; its pool and its rules stand."))
    pool = pool_of(call)
    balanced = fitting_list(call, pool) if call.quotas else None
    tickets, salt = make_tickets(pool, balanced), secrets.token_hex(SALT_BYTES)
    numbers = [one.number for one in tickets]
    places = {"seats": call.seats, "alternates": min(call.alternates, len(pool) - call.seats)}
    more = balance_told(call, balanced, tickets, lang) if balanced else Balanced()
    draft = Draft(
        kind=EntryKind.LOTTERY_ANNOUNCED,
        by=["steward"],
        data={
            "method": more.method,
            "pool": pool_root(numbers, salt),
            "tickets": band(len(numbers), pack_of(call.program)).as_data(),
            **places,
            "seed_day": seed_day.isoformat(),
            **more.data,
        },
        cites={"call": [call.published]},
        texts={"seed_source": Text(lang, seed_source), **more.texts},
    )
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    held = {"salt": salt, "panel_list": balanced, "entry": entry, "seed_day": seed_day}
    made = Lottery.objects.create(call=call, **held, **places)
    keep_tickets(lottery=made, tickets=tickets, now=now)
    return made


@appends()
@transaction.atomic
def name_witness(
    *,
    lottery: Lottery,
    person: Person,
    organization: str,
    role: str,
    lang: str,
    now: datetime,
) -> Invitee:
    """Name someone outside the program who will run the lottery again. Their name and `organization` stay off the record."""
    today = today_of(lottery.call, now)
    Call.objects.select_for_update().get(pk=lottery.call_id)
    there = witness_rows(lottery.call)
    _refuse_witness(lottery, there, person, organization, today)
    return Invitee.objects.create(
        call=lottery.call,
        person=person,
        role=WITNESS,
        organizations=[organization],
        title=role,
        lang=lang,
        number=1 + max((one.number or 0 for one in there), default=0),
        invited_on=today,
    )


def _refuse_witness(
    lottery: Lottery, there: Sequence[Invitee], person: Person, organization: str, today: date
) -> None:
    call = lottery.call
    if not person.gets_codes_by_email:
        raise Refused(
            _(
                "A witness signs in with a code by email, never with one that the program coordinator prints. Write their address."
            ),
            "email",
        )
    if not takes_witness(lottery, today):
        raise Refused(
            _(
                "There are two witnesses already. If they do not both agree, name another one {days} days after the draw."
            ).format(days=ANOTHER_AFTER.days)
        )
    if any(
        one.person_id == person.pk or one.organization.casefold() == organization.casefold() for one in there
    ):
        raise Refused(_("The two witnesses come from two different places. Name someone else."))
    invited = list(call.invitees.filter(person=person).values_list("role", flat=True))
    if READER in invited:
        raise Refused(_("A reader of this call cannot be a witness. Name someone who had no part in it."))
    if invited or is_inside(call, person):
        raise Refused(
            _(
                "This person runs the program, helps with this call or applies to it, or has or had an office or a place as a lead. Name someone from outside."
            )
        )


@appends(EntryKind.LOTTERY_DRAWN)
@transaction.atomic
def draw_lottery(*, lottery: Lottery, seed: str, now: datetime) -> Lottery:
    """Draw with the seed as its source gave it; the record hears the tickets. Raises Refused, GrammarError, LotteryError.

    Where a witness came to another result it can be drawn again with another seed; the record keeps both draws.
    """
    call = Call.objects.select_for_update().select_related("program").get(pk=lottery.call_id)
    lottery.refresh_from_db()
    if lottery.seed and not doubts(lottery):
        raise Refused(_("This lottery was drawn, and its result stands."))
    plain = seed_as_written(seed)
    result, more = drawn_by(lottery, plain)
    data = {"seed": plain, "seats": list(result.seats), "alternates": list(result.alternates), **more}
    draft = Draft(kind=EntryKind.LOTTERY_DRAWN, by=["steward"], data=data, cites={"lottery": [lottery.entry]})
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    today = today_of(call, now)
    if lottery.seed:
        _lay_aside(lottery)
    Decision.objects.bulk_create(_decisions(lottery, result, today))
    lottery.seed, lottery.drawn_on, lottery.draw_entry = plain, today, entry
    lottery.save(update_fields=["seed", "drawn_on", "draw_entry"])
    return lottery


def _lay_aside(lottery: Lottery) -> None:
    """Take away what rests on an earlier draw; the draw itself, and what the witnesses said of it, stay on the record."""
    Invitee.objects.filter(call=lottery.call_id).update(agrees=None, attested_on=None, attested_entry=None)
    Decision.objects.filter(call=lottery.call_id, by_lottery=True).delete()


def drawn_by(lottery: Lottery, seed: str) -> tuple[Result, dict[str, int]]:
    """Draw by the method that was announced; with quotas also say at which place of the list the panel stands."""
    tickets, held = pool(lottery.call), lottery.panel_list
    if held is None:
        places = {"seats": lottery.seats, "alternates": lottery.alternates}
        return draw(tickets, salt=lottery.salt, seed=seed, **places), {}
    panels, listed = panels_of(lottery)
    picked = pick(panels, salt=held.salt, seed=seed, alternates=listed)
    result = seated(picked, tickets, salt=lottery.salt, seed=seed, alternates=lottery.alternates)
    return result, {"panel": picked.place}


def _decisions(lottery: Lottery, result: Result, today: date) -> list[Decision]:
    """Say what the draw means for each application that is still in; a ticket whose owner left stands for nobody."""
    places = {number: place for place, number in enumerate(result.alternates, 1)}
    made = []
    for one in Ticket.objects.filter(lottery=lottery, application__in=lottery.call.applications.live()):
        outcome = Outcome.ALTERNATE if one.number in places else Outcome.NO
        if one.number in result.seats:
            outcome = Outcome.SEAT
        made.append(
            Decision(
                application_id=str(one.application_id),
                call_id=lottery.call_id,
                outcome=outcome,
                place=places.get(one.number),
                by_lottery=True,
                on=today,
            )
        )
    return made


@appends(EntryKind.LOTTERY_ATTESTED)
@transaction.atomic
def attest(*, witness: Invitee, agrees: bool, now: datetime) -> Invitee:
    """Put a witness's word on the record, by their role. Raises Refused before the draw, and the second time.

    Who came to another result and then to the same one may say so: both words stay on the record.
    """
    drawn = Lottery.objects.filter(call=witness.call_id).first()
    if drawn is None or drawn.draw_entry is None:
        raise Refused(_("The lottery is not drawn yet. Come back when it is."))
    witness.refresh_from_db(fields=["agrees"])
    if witness.agrees or witness.agrees is agrees:
        raise Refused(_("You have checked it already; nothing more is needed."))
    call = witness.call
    if went_inside(call, [witness]):
        raise Refused(
            _(
                "A witness is from outside, and you took up an office, or ran the program. So you get no files and check "
                "no more."
            )
        )
    draft = Draft(
        kind=EntryKind.LOTTERY_ATTESTED,
        by=["steward"],
        data={"witness": witness.number, "agrees": agrees},
        cites={"draw": [drawn.draw_entry]},
        texts={"role": Text(witness.lang, _role_of(witness))},
    )
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    witness.agrees, witness.attested_on, witness.attested_entry = agrees, today_of(call, now), entry
    witness.save(update_fields=["agrees", "attested_on", "attested_entry"])
    return witness


def _role_of(witness: Invitee) -> str:
    """Give who a witness is, in their language; a role that was taken down is told as no more than that."""
    with override(witness.lang):
        return witness.title or _("A witness from outside the program")


#: So many days at least whoever is offered a seat has to answer: silence gives it to the next in line.
DAYS_TO_ANSWER = 5
#: So many at most: others wait for it, and while somebody is asked nobody else can take it.
MOST_DAYS_TO_ANSWER = 14


def refuse_to_offer(*, call: Call, answer_by: date, now: datetime) -> date:
    """Raise Refused before the selection is over, or for a day that comes too soon or too late; give today."""
    if not Call.objects.filter(pk=call.pk, decided_on__isnull=False).exists():
        raise Refused(_("End the selection first; then offer the places."))
    today = today_of(call, now)
    _refuse_last_day(answer_by, today)
    return today


def _refuse_last_day(answer_by: date, today: date, until: date = date.max) -> None:
    """Raise Refused for a last day to answer that comes too soon, too late, or after the term is over."""
    first = today + timedelta(days=DAYS_TO_ANSWER)
    last = min(today + timedelta(days=MOST_DAYS_TO_ANSWER), until)
    told = {"n": DAYS_TO_ANSWER, "last": day_in_words(last)}
    if last < first:
        words = _(
            "This cohort sits until %(last)s, and people need %(n)d days to answer. Choose another cohort, or ask the person yourself."
        )
        raise Refused(words % told)
    if answer_by < first:
        words = _("People need time to answer: {days} days at least. Choose a later day.")
        raise Refused(words.format(days=DAYS_TO_ANSWER), "answer_by")
    if answer_by > last:
        words = _("Others wait for a place too. Choose %(last)s, or a day before it.")
        raise Refused(words % told, "answer_by")


@appends()
@transaction.atomic
def make_offers(*, call: Call, cohort: Cohort, answer_by: date, now: datetime) -> list[Offer]:
    """Offer every seat that is free, in order, and put the alternates on the cohort's list, in theirs.

    Raises Refused before the selection is over, for a day that comes too soon, or for a cohort that sits for less than the
    call promised.
    """
    today = refuse_to_offer(call=call, answer_by=answer_by, now=now)
    if not queries.is_long_enough(call, cohort, today):
        words = _(
            "The call promised a place from %(first)s to %(last)s, and this cohort does not sit so long. Choose another one, or name a new one."
        )
        days = {"first": day_in_words(call.term_from), "last": day_in_words(call.term_until)}
        raise Refused(words % days, "cohort")
    _refuse_last_day(answer_by, today, cohort.until_date)
    Call.objects.select_for_update().get(pk=call.pk)
    carry_alternates(call=call, cohort=cohort, now=now)
    return [_offer(one.application, cohort, answer_by, today) for one in who_is_next(call)]


@appends()
@transaction.atomic
def ask_next(*, alternate: Alternate, vacancy: Vacancy, answer_by: date, now: datetime) -> Offer:
    """Offer an empty seat to the alternate whose turn it is; they answer on the page of their application.

    Raises Refused out of turn, for a day that comes too soon, and for whom no selection chose: they have no such page.
    """
    cohort, line = refuse_out_of_turn(alternate=alternate, vacancy=vacancy, now=now)
    today = local_date(now, pack_of(cohort.program))
    _refuse_last_day(answer_by, today, cohort.until_date)
    if not line.asks:
        raise Refused(_("This person has no page to answer on. Ask them yourself, and call them up."))
    return _ask(alternate, vacancy, answer_by, today)


def _ask(alternate: Alternate, vacancy: Vacancy, answer_by: date, today: date) -> Offer:
    application = Application.objects.get(carried__alternate=alternate)
    return _offer(application, vacancy.cohort, answer_by, today, vacancy)


def _offer(
    application: Application, cohort: Cohort, answer_by: date, today: date, vacancy: Vacancy | None = None
) -> Offer:
    """Offer a seat to an applicant, who gets a letter."""
    _there_is_news(application, today)
    return Offer.objects.create(
        application=application,
        call_id=application.call_id,
        cohort=cohort,
        vacancy=vacancy,
        made_on=today,
        answer_by=answer_by,
    )


def _end(declined: Offer, ground: str, today: date) -> None:
    """End an offer, and offer the seat to whoever is next, with as many days to answer as the last one had.

    A place of a term that has no day left is offered to nobody.
    """
    Cohort.objects.select_for_update().get(pk=declined.cohort_id)
    Offer.objects.filter(pk=declined.pk).update(ground=ground, answered_on=today)
    leave_the_list(application=declined.application, seat=None, on=today)
    _there_is_news(declined.application, today)
    days = min(max(1, (declined.answer_by - declined.made_on).days), MOST_DAYS_TO_ANSWER)
    answer_by = min(today + timedelta(days=days), declined.cohort.until_date)
    if answer_by <= today:
        return
    if declined.vacancy is not None:
        _ask_another(declined.vacancy, answer_by, today)
        return
    for one in who_is_next(declined.call, 1):
        _offer(one.application, declined.cohort, answer_by, today)


def _ask_another(vacancy: Vacancy, answer_by: date, today: date) -> None:
    """Ask whoever comes next for an empty seat, where they can answer by themselves; else it waits for the steward."""
    line = line_of(vacancy.cohort)
    if line.next is not None and line.asks and vacancy.filled_on is None:
        _ask(line.next, vacancy, answer_by, today)


def _open(application: Application, now: datetime) -> tuple[Offer, date]:
    offer = open_offer(application)
    if offer is None:
        raise Refused(
            _("There is no open offer here. If you think there should be, ask who runs the program.")
        )
    today = today_of(offer.call, now)
    if today > min(offer.answer_by, offer.cohort.until_date):
        raise Refused(
            _("The last day to answer has passed. Ask who runs the program whether a place is free.")
        )
    return offer, today


@appends(EntryKind.SEAT_TAKEN)
@transaction.atomic
def accept(*, application: Application, now: datetime) -> Seat:
    """Take the seat. The record hears a seat, and no name. Raises Refused, also for someone who sits there, or elsewhere then."""
    Call.objects.select_for_update().get(pk=application.call_id)
    offer, today = _open(application, now)
    person = person_of(offer.application)
    if Seat.objects.filter(cohort=offer.cohort, person=person).exists():
        raise Refused(_("You have a place in this cohort already; nothing more is needed."))
    first = max(today, offer.cohort.from_date)
    if held := seat_within(offer.cohort.program, person.pk, first, offer.cohort.until_date):
        raise Refused(
            _(
                "You have a place until %(last)s already, and one person has one place at a time. Leave that place on its own "
                "page first, or ask who runs the program to offer you this one for a later day."
            )
            % {"last": day_in_words(held.until_date)}
        )
    seat = give_seat(
        cohort=offer.cohort,
        person=person,
        paid_by="",
        vacancy=_empty_for(offer, today),
        from_date=first,
        now=now,
    )
    Offer.objects.filter(pk=offer.pk).update(seat=seat, answered_on=today)
    leave_the_list(application=application, seat=seat, on=today)
    return seat


def _empty_for(offer: Offer, today: date) -> Vacancy | None:
    """Give the empty seat that an offer is of, while it is empty.

    A call brings seats of its own: it fills those that were empty when it was published, and of which nobody is asked, once
    nobody waits for them on the list of the cohort.
    """
    if offer.vacancy is not None:
        return offer.vacancy if offer.vacancy.filled_on is None else None
    found = place_to_fill(offer.cohort, offer.call.entry or 0, today)
    if found is None or asked_for([found.pk]) or who_waits_beside(offer.call, offer.cohort):
        return None
    return found


@appends()
@transaction.atomic
def decline(*, application: Application, now: datetime) -> None:
    """Say no to a seat; the next in line is offered it at once. Raises Refused."""
    Call.objects.select_for_update().get(pk=application.call_id)
    offer, today = _open(application, now)
    _end(offer, OfferEnd.SAID_NO, today)


@appends()
@transaction.atomic
def give_up_waiting(*, program: Program, now: datetime) -> int:
    """End every offer whose day passed or whose owner left, and call the next in line; give how many."""
    today = local_date(now, pack_of(program))
    found = overdue(program.pk, today)
    for offer, ground in found:
        _end(offer, ground, today)
    return len(found)


@appends()
def tell_again(*, program: Program, now: datetime) -> int:
    """Let a second letter go to whoever has news since the last one, or two days left to answer an offer. Give how many."""
    today = local_date(now, pack_of(program))
    found = to_tell_again(program.pk, today)
    for one in found:
        _there_is_news(one, today)
    return len(found)


def _there_is_news(application: Application, today: date) -> None:
    """Keep that an applicant has something new to read, so that a letter goes to them."""
    number = application.events.filter(kind=EventKind.NEWS).count() + 1
    Event.objects.create(application=application, kind=EventKind.NEWS, number=number, on=today)


@appends()
def mark_told(*, application: Application, now: datetime) -> bool:
    """Keep that a letter goes to an applicant, so that their news are told once; say whether this is the first."""
    news = application.events.filter(kind=EventKind.NEWS).count()
    told = {"application": application, "kind": EventKind.TOLD, "number": news}
    return Event.objects.get_or_create(**told, defaults={"on": today_of(application.call, now)})[1]


@appends(EntryKind.SELECTION_CLOSED)
@transaction.atomic
def close_selection(*, call: Call, reasons: str, lang: str, now: datetime) -> Call:
    """End the selection: everyone has a decision, and reads it from now on. The record hears ranges and reasons.

    Raises Refused where someone has none; GrammarError before two witnesses agree on a lottery.
    """
    refuse_without(reasons)
    today = refuse_before_it_closed(call, now)
    call.refresh_from_db(fields=["decided_on", "names_on"], from_queryset=Call.objects.select_for_update())
    if call.decided_on is not None:
        raise Refused(_("This selection is over; the public log says how people were chosen."))
    waiting = call.applications.live().filter(decision=None).count()
    if waiting:
        told = ngettext(
            "%(n)d application is not decided yet.", "%(n)d applications are not decided yet.", waiting
        )
        raise Refused(told % {"n": waiting})
    pack = pack_of(call.program)
    draft = Draft(
        kind=EntryKind.SELECTION_CLOSED,
        by=["steward"],
        data={
            "applications": band(call.applications.live().count(), pack).as_data(),
            "shortlisted": band(
                call.applications.filter(happened(EventKind.SHORTLISTED)).count(), pack
            ).as_data(),
            "withdrawn": band(queries.withdrawn(call), pack).as_data(),
            "steward_read": queries.steward_read(call),
            "names_seen": call.names_on is not None,
            "balance": [{"sought": key, "met": met} for key, met in queries.balance(call)],
        },
        cites={"call": [call.published]},
        texts={"reasons": Text(lang, reasons)},
    )
    call.decided_entry = append(program=call.program, drafts=[draft], now=now)[0].index
    call.decided_on = today
    call.save(update_fields=["decided_on", "decided_entry"])
    return call

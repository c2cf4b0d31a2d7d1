"""Invite readers, give them applications evenly and without conflicts, take in what they make of them; draw the line and decide. Nothing goes on the record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import SystemRandom

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.cohort.applications.models import Application, Event
from alongside.cohort.applications.queries import knows_voices
from alongside.cohort.calls.actions import refuse_before_it_closed, today_of
from alongside.cohort.calls.models import READER, Call, Invitee
from alongside.cohort.messages.actions import notify_people
from alongside.cohort.reviews import queries
from alongside.cohort.reviews.models import OUTCOMES, PASSED_ON, Admitted, Decision, Reading, Score
from alongside.cohort.reviews.queries import LEAST, blind, counted
from alongside.cohort.seats.actions import note_letter
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.applications import EventKind
from alongside.core.workflow.calls import Outcome, Selection
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import ever_appointed
from alongside.ground.record.declared import appends


def refuse_after_the_shortlist(call: Call) -> None:
    """Raise Refused once the line is drawn."""
    if Call.objects.filter(pk=call.pk).exclude(line_on=None).exists():
        raise Refused(_("The shortlist is made, so the reading is over."))


@appends()
@transaction.atomic
def invite_reader(
    *, call: Call, person: Person, kind: str, organizations: Sequence[str], now: datetime
) -> Invitee:
    """Let a person read for a call. `organizations` are those they belong to, as they said. Raises Refused."""
    refuse_after_the_shortlist(call)
    if kind != "staff" and ever_appointed(call.program, person.pk):
        raise Refused(
            _(
                "This person has or had an office, or runs the program. Invite them as staff, or choose another reader."
            )
        )
    if call.invitees.readers().filter(person=person).exists():
        raise Refused(_("This person reads for this call already; nothing more is needed."))
    if knows_voices(call, person):
        raise Refused(
            _("This person knows recordings of this call, and readers hear no voice. Choose another reader.")
        )
    if queries.applicants(call, [person.email or ""]):
        raise Refused(
            _("This person applies for this call, so they cannot read for it. Choose another reader.")
        )
    return Invitee.objects.create(
        call=call,
        person=person,
        role=READER,
        kind=kind,
        organizations=list(organizations),
        invited_on=today_of(call, now),
    )


@appends()
@transaction.atomic
def remind_readers(*, call: Call, now: datetime) -> int:
    """Let who has still to read be told by letter that something waits; give how many have an address. Raises Refused."""
    refuse_before_it_closed(call, now)
    refuse_after_the_shortlist(call)
    waits = [one.reader.person for one in queries.progress(call).readers if one.left]
    reached = [one for one in waits if one.gets_codes_by_email]
    if not reached:
        raise Refused(_("Nobody who has still to read has an email address here. Tell them yourself."))
    today, about = today_of(call, now), queries.about_readers(call)
    if not note_letter(program=call.program, about=about, stage=f"{today}", on=today):
        raise Refused(_("They were reminded today already."))
    notify_people(program=call.program, people=reached)
    return len(reached)


@appends()
@transaction.atomic
def recuse(*, reading: Reading, ground: str, now: datetime) -> None:
    """Lay a reading down because of a conflict; its points and words go, and another reader takes it."""
    refuse_after_the_shortlist(reading.reader.call)
    _end_readings(Reading.objects.filter(pk=reading.pk), ground, today_of(reading.reader.call, now))


def _end_readings(readings: QuerySet[Reading], ground: str, today: date) -> None:
    """Let readings that are not ended count no more, and forget their points and words; who had them stays known."""
    held = list(readings.filter(recused_on=None).values_list("pk", flat=True))
    Score.objects.filter(reading__in=held).delete()
    rows = Reading.objects.filter(pk__in=held)
    rows.update(share=None, notes="", read_on=None, ground=ground, recused_on=today)


@appends()
@transaction.atomic
def score(*, reading: Reading, given: Mapping[str, tuple[int, str]], notes: str, now: datetime) -> Reading:
    """Judge an application: key of a criterion to (points, reason). Can be changed until the shortlist. Raises Refused."""
    call = Call.objects.select_for_update().get(pk=reading.reader.call_id)
    refuse_after_the_shortlist(call)
    _refuse_who_may_not_read(reading)
    if not blind(reading, call.first_lang).is_whole:
        raise Refused(_("A recording is not written down yet. Come back when it is."))
    most = {one["criterion"]: one["points"] for one in call.rubric}
    lacking = sum(not 1 <= given.get(key, (0, ""))[0] <= top for key, top in most.items())
    if lacking:
        told = ngettext("Give points for %(n)d more line.", "Give points for %(n)d more lines.", lacking)
        raise Refused(told % {"n": lacking})
    for key in most:
        points, words = given[key]
        values = {"points": points, "words": words}
        Score.objects.update_or_create(reading=reading, criterion=key, defaults=values)
    share = 1000 * sum(given[key][0] for key in most) // sum(most.values())
    reading.share, reading.notes, reading.read_on = share, notes, today_of(call, now)
    reading.save(update_fields=["share", "notes", "read_on"])
    return reading


def _refuse_who_may_not_read(reading: Reading) -> None:
    """Raise Refused for a reading that another reader has now, and where its reader may not have it any more."""
    if not Reading.objects.held().filter(pk=reading.pk).exists():
        raise Refused(_("Another reader has this application now. Go back to your list."))
    near = Application.objects.with_ties().get(pk=reading.application_id)
    mine = next(one for one in queries.readers_of(reading.reader.call) if one.reader == reading.reader)
    if queries.conflict(mine, queries.facts_of([near])[near.pk]):
        raise Refused(
            _(
                "Something in this application could pull you two ways. Choose “I have a conflict here”, and another reader takes it."
            )
        )


@appends()
def open_names(*, call: Call, person: Person, now: datetime) -> None:
    """Keep that someone opened the page of names before the shortlist; the record of the selection tells it."""
    unseen = Call.objects.filter(pk=call.pk, line_on=None, names_on=None)
    unseen.update(names_by=person, names_on=today_of(call, now))


def refuse_without(reasons: str) -> None:
    """Raise Refused for reasons without words."""
    if not has_words(reasons):
        raise Refused(_("Write the reasons. The applicant reads them."))


@appends()
@transaction.atomic
def make_shortlist(*, call: Call, share: int, reasons: str, by: Person, now: datetime) -> None:
    """Draw the line at a mean share of points, per thousand. Who is below it gets a no with these reasons.

    Raises Refused before two people have read every application, Refused where nobody reaches the line.
    """
    today = refuse_before_it_closed(call, now)
    refuse_without(reasons)
    call.refresh_from_db(fields=["line_on"], from_queryset=Call.objects.select_for_update())
    if call.selection == Selection.LOTTERY:
        raise Refused(_("This call is decided by lottery alone; there is no shortlist."))
    if call.line_on:
        raise Refused(_("The shortlist is made and stands; go on to the selection."))
    if lacking := queries.unread(call):
        told = ngettext(
            "%(n)d application lacks a second reading. Ask its reader, or give it to another.",
            "%(n)d applications lack a second reading. Ask their readers, or give them to others.",
            lacking,
        )
        raise Refused(told % {"n": lacking})
    above = set(counted(call).filter(mean__gte=share).values_list("pk", flat=True))
    if not above:
        raise Refused(_("Nobody reaches this line. Choose a lower one."))
    call.line, call.line_reasons, call.line_by, call.line_on = share, reasons, by, today
    call.save(update_fields=["line", "line_reasons", "line_by", "line_on"])
    below = [one for one in call.applications.live() if one.pk not in above]
    Event.objects.bulk_create(Event(application_id=pk, kind=EventKind.SHORTLISTED, on=today) for pk in above)
    Decision.objects.bulk_create(
        Decision(application=one, call=call, outcome=Outcome.NO, reasons=reasons, on=today) for one in below
    )


@appends()
@transaction.atomic
def decide(*, application: Application, outcome: str, reasons: str, now: datetime) -> Decision | Admitted:
    """Write down what the panel decided: seat, alternate, no, or lottery, with the reasons that the applicant reads.

    Raises Refused, as for an application that is not on the shortlist.
    """
    call = Call.objects.select_for_update().select_related("program").get(pk=application.call_id)
    refuse_without(reasons)
    _refuse_to_decide(call, application, outcome)
    today = today_of(call, now)
    if outcome == Outcome.LOTTERY:
        return Admitted.objects.create(application=application, call=call, reasons=reasons, on=today)
    given = Decision.objects.filter(call=call)
    place = None
    if outcome == Outcome.SEAT and given.filter(outcome=Outcome.SEAT).count() >= call.seats:
        raise Refused(_("All places are given. Make this one an alternate, or change nothing."))
    if outcome == Outcome.ALTERNATE:
        place = (given.aggregate(last=Max("place"))["last"] or 0) + 1
        if place > call.alternates:
            raise Refused(_("The call names fewer alternates. This one is a no."))
    return Decision.objects.create(
        application=application, call=call, outcome=outcome, place=place, reasons=reasons, on=today
    )


def _refuse_to_decide(call: Call, application: Application, outcome: str) -> None:
    if EventKind.SHORTLISTED not in application.days:
        raise Refused(_("This application is not on the shortlist; choose one that is."))
    admitted = Admitted.objects.filter(application=application).exists()
    if admitted or Decision.objects.filter(application=application).exists():
        raise Refused(_("This application is decided, and the decision stands."))
    is_admitted = call.selection == Selection.PANEL_THEN_LOTTERY
    if outcome not in ((Outcome.LOTTERY, Outcome.NO) if is_admitted else OUTCOMES):
        raise Refused(_("The rules of the call do not decide this way; choose what they say."))


CHANCE = SystemRandom()


@dataclass
class ReaderLoads:
    """Who holds how much, who had what, and how many still hold each application."""

    load: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    had: dict[object, set[int]] = field(default_factory=lambda: defaultdict(set))
    live: dict[object, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, call: Call) -> "ReaderLoads":
        """Count what is assigned. One query."""
        found = cls()
        rows = Reading.objects.filter(reader__call=call).values_list(
            "application_id", "reader_id", "recused_on"
        )
        for application, reader, gone in rows:
            found.had[application].add(reader)
            found.live[application] += gone is None
            found.load[reader] += gone is None
        return found

    def choose(
        self, pk: object, readers: Sequence[queries.ReaderFacts], facts: queries.Facts, each: int
    ) -> list[Invitee]:
        """Choose the readers with the least to do who may read an application and never had it, by chance among equals."""
        free = [
            one.reader
            for one in readers
            if one.reader.pk not in self.had[pk] and not queries.conflict(one, facts)
        ]
        CHANCE.shuffle(free)
        free.sort(key=lambda one: self.load[one.pk])
        chosen = free[: max(0, each - self.live[pk])]
        for one in chosen:
            self.load[one.pk] += 1
            self.had[pk].add(one.pk)
        self.live[pk] += len(chosen)
        return chosen


@appends()
def let_go(*, application: Application, is_erased: bool, on: date) -> None:  # noqa: ARG001 -- every app is told the day
    """Forget what was read and decided of an application that is erased."""
    for model in (Reading, Admitted, Decision) if is_erased else ():
        model._default_manager.filter(application=application).delete()  # noqa: SLF001 -- the models share one field, which no type names


@appends()
@transaction.atomic
def spread(*, call: Call, now: datetime, each: int = LEAST) -> int:
    """Pass on what was not read, and give every application `each` readers without a conflict, evenly and by chance.

    Nobody chooses who reads which: who gave up too much keeps none. Give how many applications still lack a reader.
    """
    today = refuse_before_it_closed(call, now)
    refuse_after_the_shortlist(call)
    Call.objects.select_for_update().get(pk=call.pk)
    applications = list(call.applications.live().with_ties().order_by("pk"))
    facts, everyone = queries.facts_of(applications), queries.readers_of(call)
    gave_up = queries.who_gave_up(call)
    _pass_on(call, [one for one in everyone if one.reader.pk not in gave_up], facts, today)
    gave_up = queries.who_gave_up(call)
    _end_readings(Reading.objects.filter(reader__in=gave_up), PASSED_ON, today)
    loads, readers = ReaderLoads.of(call), [one for one in everyone if one.reader.pk not in gave_up]
    Reading.objects.bulk_create(
        Reading(reader=reader, application=one, assigned_on=today)
        for one in applications
        for reader in loads.choose(one.pk, readers, facts[one.pk], each)
    )
    return sum(loads.live[one.pk] < each for one in applications)


def _pass_on(
    call: Call,
    readers: Sequence[queries.ReaderFacts],
    facts: Mapping[object, queries.Facts],
    today: date,
) -> None:
    """Give what was not read in time to readers who read in time, where one of them may have it."""
    loads, late = ReaderLoads.of(call), list(queries.not_read(call, today).order_by("pk"))
    slow = {one.reader_id for one in late}
    others = [one for one in readers if one.reader.pk not in slow]
    made, gone = [], []
    for one in late:
        pk = one.application_id
        for reader in loads.choose(pk, others, facts[pk], loads.live[pk] + 1):
            made.append(Reading(reader=reader, application_id=pk, assigned_on=today))
            gone.append(one)
            one.ground, one.recused_on = PASSED_ON, today
            loads.live[pk] -= 1
    Reading.objects.bulk_update(gone, ["ground", "recused_on"], batch_size=500)
    Reading.objects.bulk_create(made)

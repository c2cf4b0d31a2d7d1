"""Draw the line, decide with written reasons, and end the selection: the record hears ranges, reasons and what is met."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.cohort.calls.actions.reviewing import refuse_before_it_closed, today_of
from alongside.cohort.calls.models import (
    Admitted,
    Application,
    Call,
    Decision,
    Event,
    NamesOpened,
    SelectionClosed,
    Shortlist,
)
from alongside.cohort.calls.models.applications import happened
from alongside.cohort.calls.queries import choosing
from alongside.cohort.calls.queries.progress import counted
from alongside.core.disclosure import band
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.applications import EventKind
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends


def refuse_without(reasons: str) -> None:
    """Raise Refused for reasons without words."""
    if not has_words(reasons):
        raise Refused(_("Write the reasons. The applicant reads them."))


@appends()
@transaction.atomic
def make_shortlist(*, call: Call, share: int, reasons: str, by: Person, now: datetime) -> Shortlist:
    """Draw the line at a mean share of points, per thousand. Who is below it gets a no with these reasons.

    Raises Refused before two people have read every application, Refused where nobody reaches the line.
    """
    today = refuse_before_it_closed(call, now)
    refuse_without(reasons)
    Call.objects.select_for_update().get(pk=call.pk)
    if call.selection == "lottery":
        raise Refused(_("This call is decided by lottery alone; there is no shortlist."))
    if Shortlist.objects.filter(call=call).exists():
        raise Refused(_("The shortlist is made and stands; go on to the selection."))
    if lacking := choosing.unread(call):
        told = ngettext(
            "%(n)d application lacks a second reading. Ask its reader, or give it to another.",
            "%(n)d applications lack a second reading. Ask their readers, or give them to others.",
            lacking,
        )
        raise Refused(told % {"n": lacking})
    made = Shortlist.objects.create(call=call, share=share, reasons=reasons, made_by=by, made_on=today)
    above = set(counted(call).filter(mean__gte=share).values_list("pk", flat=True))
    if not above:
        raise Refused(_("Nobody reaches this line. Choose a lower one."))
    below = [one for one in call.applications.live() if one.pk not in above]
    Event.objects.bulk_create(Event(application_id=pk, kind=EventKind.SHORTLISTED, on=today) for pk in above)
    Decision.objects.bulk_create(
        Decision(application=one, call=call, outcome="no", reasons=reasons, on=today) for one in below
    )
    return made


@appends()
@transaction.atomic
def decide(*, application: Application, outcome: str, reasons: str, now: datetime) -> Decision | Admitted:
    """Write down what the panel decided: seat, alternate, no, or lottery, with the reasons that the applicant reads.

    Raises Refused, Refused, Refused, or Refused for an application that is not on the shortlist.
    """
    call = Call.objects.select_for_update().select_related("program").get(pk=application.call_id)
    refuse_without(reasons)
    _refuse_to_decide(call, application, outcome)
    today = today_of(call, now)
    if outcome == "lottery":
        return Admitted.objects.create(application=application, call=call, reasons=reasons, on=today)
    given = Decision.objects.filter(call=call)
    place = None
    if outcome == "seat" and given.filter(outcome="seat").count() >= call.seats:
        raise Refused(_("All seats are given. Make this one an alternate, or change nothing."))
    if outcome == "alternate":
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
    fits = ("lottery", "no") if call.selection == "panel-then-lottery" else ("seat", "alternate", "no")
    if outcome not in fits:
        raise Refused(_("The rules of the call do not decide this way; choose what they say."))


@appends(EntryKind.SELECTION_CLOSED)
@transaction.atomic
def close_selection(*, call: Call, reasons: str, lang: str, now: datetime) -> SelectionClosed:
    """End the selection: everyone has a decision, and reads it from now on. The record hears ranges and reasons.

    Raises Refused where someone has none; GrammarError before two witnesses agree on a lottery.
    """
    refuse_without(reasons)
    today = refuse_before_it_closed(call, now)
    if SelectionClosed.objects.filter(call=call).exists():
        raise Refused(_("This selection is over; the record says how people were chosen."))
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
            "withdrawn": band(choosing.withdrawn(call), pack).as_data(),
            "steward_read": choosing.steward_read(call),
            "names_seen": NamesOpened.objects.filter(call=call).exists(),
            "balance": [{"sought": key, "met": met} for key, met in choosing.balance(call)],
        },
        cites={"call": [call.published]},
        texts={"reasons": Text(lang, reasons)},
    )
    entry = append(program=call.program, drafts=[draft], now=now)[0].index
    return SelectionClosed.objects.create(call=call, entry=entry, on=today)

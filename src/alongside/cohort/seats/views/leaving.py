"""A lead's goodbye: last words and staying in reach; and what the steward and the next leads read of it."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.actions import leaving as actions
from alongside.cohort.seats.forms.leaving import InReachForm, LastWordsForm
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries import leaving
from alongside.cohort.seats.views.asking import now_and_today
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to

AGAIN: dict[str, str | Promise] = {
    "yes": _("Would do it again."),
    "no": _("Would not do it again."),
    "unsure": _("Is not sure about doing it again."),
}
LISTS: dict[str, str | Promise] = {
    "alumni": _("Alumni"),
    "checks": _("Checks of what was delivered"),
    "consultants": _("Consultants"),
    "seconds": _("Second where only one lead can"),
}


@open_to(Role.PERSON)
def goodbye(request: AskedHttpRequest) -> HttpResponseBase:
    """Let a lead say last words and stay in reach, near the end of their seat and after it."""
    _now, today = now_and_today(request)
    seat = leaving.last_seat(request.program, request.asker, today)
    if seat is None:
        raise Http404
    said = getattr(seat, "last_words", None)
    said = said if said and said.erase_on > today else None
    names = ("worked", "did_not", "again", "readers")
    initial = {name: getattr(said, name) for name in names} if said else None
    sent = request.POST if request.method == "POST" else None
    words = LastWordsForm(sent if sent and "say" in sent else None, initial=initial, prefix="words")
    reach = InReachForm(sent if sent and "agree" in sent else None, today=today, prefix="reach")
    if sent and _did(request, seat, words, reach):
        return HttpResponseRedirect(to(request, "seats:goodbye"))
    lists = leaving.own_lists(request.program, request.asker, today)
    ends = leaving.ends_on(seat)
    context = {
        "ends": ends,
        "is_over": ends < today,
        "words": words,
        "reach": reach,
        "said": said,
        "lists": [(LISTS[one.list], one) for one in lists],
        "days": request.pack.charter.message_kept_days,
    }
    return _kept_nowhere(render(request, "seats/goodbye.html", context))


def _did(request: AskedHttpRequest, seat: Seat, words: LastWordsForm, reach: InReachForm) -> bool:
    """Do the one thing whose button was pressed; say whether it was done."""
    now, today = now_and_today(request)
    sent, person, program = request.POST, seat.person, request.program
    if "take-back" in sent:
        actions.take_back_last_words(seat=seat, today=today)
    elif "withdraw" in sent:
        actions.withdraw(person=person, program=program)
    elif words.is_valid():
        actions.say_last_words(seat=seat, lang=lang_of(request), now=now, **words.cleaned_data)
    elif reach.is_valid():
        actions.stay_in_reach(person=person, program=program, now=now, **reach.cleaned_data)
    else:
        return False
    return True


@open_to(Role.LEAD, Role.STEWARD)
def goodbyes(request: AskedHttpRequest) -> HttpResponseBase:
    """Show last words to whom the lead chose, and to the steward who can be reached, and until when."""
    _now, today = now_and_today(request)
    is_steward = request.asker.has(Role.STEWARD)
    lists = leaving.in_reach(request.program, today) if is_steward else []
    context = {
        "said": [
            (one, AGAIN[one.again]) for one in leaving.last_words_for(request.program, request.asker, today)
        ],
        "lists": [(LISTS[one.list], one) for one in lists],
        "is_steward": is_steward,
    }
    return _kept_nowhere(render(request, "seats/goodbyes.html", context))


def _kept_nowhere[R: HttpResponseBase](response: R) -> R:
    response["Cache-Control"] = "private, no-store"
    return response

"""Pages of cohorts and seats: what everyone sees, what is a lead's own, and what the steward does."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from alongside.cohort.seats import actions, forms
from alongside.cohort.seats.models import Alternate, Cohort, Seat
from alongside.cohort.seats.queries import charters, cohorts, goodbyes, people, seats, seconds
from alongside.core.grammar.seat_removals import ASKED
from alongside.core.grammar.seats import SUSPENDED
from alongside.core.grammar.ties import NOBODY
from alongside.core.workflow.seat_removals import APPEAL_DECIDED
from alongside.ground.gate.roles import (
    NotOpenToYou,
    Role,
    ViewerRequest,
    by_name,
    from_the_record,
    open_to,
    or_404,
)
from alongside.ground.people.views import on_paper
from alongside.ground.programs.actions import appoint as give
from alongside.ground.programs.actions import end_post, note, take_up
from alongside.ground.programs.models import Did, Doer
from alongside.ground.programs.queries import to_take_up
from alongside.ground.record.labels import REMOVED
from alongside.ground.record.queries import head_of
from alongside.ground.ui.addresses import free_slug, lang_of, to, to_if_there
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.links import desk_of
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.ground.ui.templatetags.ui import as_seat

#: How a page looks that leads have for themselves.
OWN = "ui/form_page.html"


def cohort_or_404(request: ViewerRequest, slug: str | None = None) -> Cohort:
    """Give the cohort of an address, or the one of today; the steward can ask for another that sits (`?cohort=`)."""
    today = request.today
    if request.viewer.has(Role.STEWARD):
        slug = slug or request.GET.get("cohort")
    return or_404(
        cohorts.cohort_by_slug(request.program, slug) if slug else cohorts.cohort_now(request.program, today)
    )


def which(request: ViewerRequest) -> str:
    """Give what keeps the pages of the steward with the cohort that was chosen: the end of an address, or nothing."""
    chosen = request.GET.get("cohort")
    return f"?{urlencode({'cohort': chosen})}" if chosen else ""


def seat_or_404(request: ViewerRequest, public_id: str) -> Seat:
    """Give a seat of this program by its public id."""
    return or_404(seats.seat_for(request.program, public_id))


def unit_names(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the units of the rules in force by their names, for a form."""
    return [*request.pack.units_in(lang_of(request)).items()]


def _payers(request: ViewerRequest) -> list[tuple[str, str]]:
    """List who can pay a seat: the units, somebody outside, or nobody."""
    return [*unit_names(request), *forms.otherwise()]


def pen_of(request: ViewerRequest) -> str:
    """Give the actor as which the viewer writes: their seat, else the steward."""
    return request.viewer.seat or "steward"


@by_name
@open_to(Role.LEAD, Role.STEWARD)
def sign_charter(request: ViewerRequest, cohort: str) -> HttpResponseBase:
    """Read the charter and sign it: a lead for their seat, the steward for the program."""
    found, lang, by = cohort_or_404(request, cohort), lang_of(request), pen_of(request)
    standing = or_404(charters.charter_now(found, lang))
    form = forms.SignForm(posted(request))

    def act(typed: Typed) -> None:
        actions.sign_charter(cohort=found, by=by, read=typed["read"], now=request.now)

    if went := press(request, form, act, to(request, "seats:charter", cohort=found.slug)):
        return went
    if form.is_bound:
        form.untick()
    context = {
        "form": form,
        "cohort": found,
        "charter": standing,
        "has_signed": by in standing.signed,
        "who": seats.who(by, request.pack, lang),
    }
    return render(request, "seats/sign_charter.html", context)


def _who_hears(request: ViewerRequest, found: Cohort) -> list[tuple[str, str]]:
    """List the offices, then the seats, that a charter can name."""
    leads = [one for one in seats.leads_today(request.program, request.today) if one.cohort == found]
    named = [*request.pack.offices, *(one.public_id for one in leads)]
    return [(one, seats.who(one, request.pack, lang_of(request))) for one in named]


@open_to(Role.STEWARD)
def write_charter(request: ViewerRequest) -> HttpResponseBase:
    """Write the charter in the language of the page; keep it, or put it up to be signed."""
    found, lang, adopts = cohort_or_404(request), lang_of(request), "adopt" in request.POST
    draft, standing = getattr(found, "charter_draft", None), charters.charter_now(found, lang)
    form = forms.CharterForm(
        posted(request),
        lists=dict.fromkeys(("appeals_to", "alarms_to"), _who_hears(request, found)),
        initial=charters.to_begin_with(draft, standing, lang),
    )

    def act(typed: Typed) -> None:
        words = {**(draft.words if draft else {}), lang: {name: typed[name] for name in charters.PARTS}}
        given = {name: typed[name] for name in ("appeals_to", "alarms_to")}
        saved = actions.save_charter(cohort=found, words=words, now=request.now, **given)
        if adopts:
            actions.adopt_charter(draft=saved, now=request.now)

    page = to(request, "seats:charter", cohort=found.slug)
    if went := press(
        request, form, act, page if adopts else to(request, "seats:write_charter") + which(request)
    ):
        return went
    written = list(draft.words) if draft else []
    wanting = charters.languages_without(draft, [one.code for one in request.pack.languages], lang)
    context = {"form": form, "cohort": found, "written": written, "charter": standing, "wanting": wanting}
    return render(request, "seats/write_charter.html", context)


@open_to(Role.PERSON)
@cache_control(private=True, no_store=True)
def goodbye(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead say last words and stay in reach, near the end of their seat and after it."""
    today = request.today
    seat = or_404(seats.last_seat(request.program, request.viewer, today))
    said = getattr(seat, "last_words", None)
    said = said if said and said.erase_on > today else None
    initial = vars(said) if said else None
    sent = posted(request)
    words = forms.LastWordsForm(sent if sent and "say" in sent else None, initial=initial, prefix="words")
    may_act = seat.person.gets_codes_by_email
    reach = forms.InReachForm(
        sent if sent and "agree" in sent else None, today=today, may_act=may_act, prefix="reach"
    )
    if sent and _did(request, seat, words, reach):
        return HttpResponseRedirect(to(request, "seats:goodbye"))
    lists = goodbyes.own_lists(request.program, request.viewer, today)
    ends = seats.ends_on(seat)
    context = {
        "ends": ends,
        "is_over": ends < today,
        "words": words,
        "reach": reach,
        "said": said,
        "lists": lists,
        "days": request.pack.charter.message_kept_days,
    }
    return render(request, "seats/goodbye.html", context)


def _did(request: ViewerRequest, seat: Seat, words: forms.LastWordsForm, reach: forms.InReachForm) -> bool:
    """Do the one thing whose button was pressed; say whether it was done."""
    now, today = request.now, request.today
    sent, person, program = request.POST, seat.person, request.program
    if "take-back" in sent:
        actions.withdraw_last_words(seat=seat, today=today)
    elif "withdraw" in sent:
        actions.withdraw(person=person, program=program)
    elif words.is_valid():
        actions.say_last_words(seat=seat, lang=lang_of(request), now=now, **words.cleaned_data)
    elif reach.is_valid():
        actions.stay_in_reach(person=person, program=program, now=now, **reach.cleaned_data)
    else:
        return False
    return True


@by_name
@open_to(Role.LEAD, Role.STEWARD)
@cache_control(private=True, no_store=True)
def list_goodbyes(request: ViewerRequest) -> HttpResponseBase:
    """Show last words to whom the lead chose, and to the steward who can be reached, and until when."""
    today = request.today
    is_steward = request.viewer.has(Role.STEWARD)
    lists = goodbyes.in_reach(request.program, today) if is_steward else []
    context = {
        "said": goodbyes.last_words_for(request.program, request.viewer, today),
        "lists": lists,
        "is_steward": is_steward,
    }
    return render(request, "seats/goodbyes.html", context)


@open_to(Role.PERSON)
def profile(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead write what everyone may see of them; warn of what could be used against them, and let them decide.

    Who wrote one and is a lead no more takes it down here, and writes nothing.
    """
    saved = seats.profile_of(request.viewer.person_id or 0)
    stands = {"saved": saved, "is_held": saved is not None and seats.is_profile_held(saved.person_id)}
    if not request.viewer.has(Role.LEAD):
        if saved is None or request.method == "POST":
            raise NotOpenToYou(frozenset({Role.LEAD}))
        return render(request, "seats/profile.html", stands)
    seat = seats.seat_of_viewer(request.viewer)
    initial = {**vars(saved), "links": "\n".join(saved.links)} if saved else {}
    form = forms.ProfileForm(posted(request), initial=initial)
    warnings = form.sensitive(request.pack) if form.is_valid() else []
    if not warnings or "anyway" in request.POST:
        act = taking(actions.show_profile, seat=seat, lang=lang_of(request))
        if went := press(request, form, act, to(request, "seats:lead", seat=seat.public_id)):
            return went
    lang = lang_of(request)
    context = {
        "form": form,
        "seat": seat,
        **stands,
        "warnings": [(one.name.say(lang), one.found) for one in warnings],
    }
    return render(request, "seats/profile.html", context)


@open_to(Role.PERSON)
@require_POST
def take_down(request: ViewerRequest) -> HttpResponseBase:
    """Take a profile down everywhere, at once; also for those whose seat is over."""
    actions.take_down_profile(person=request.user, erase="erase" in request.POST)
    is_kept = seats.profile_of(request.viewer.person_id or 0) is not None
    back = "seats:profile" if is_kept or request.viewer.has(Role.LEAD) else "seats:cohort"
    return HttpResponseRedirect(to(request, back))


@open_to(Role.PERSON)
def my_name(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead choose what leads and the steward call them; whoever is a lead no more can erase it."""
    is_lead, name = request.viewer.has(Role.LEAD), request.user.known_as
    if not is_lead and not name:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    sent = posted(request)
    form = forms.NameForm(sent, initial={"name": name}) if is_lead else Form(sent)
    if is_lead:
        act = taking(actions.choose_name, seat=seats.seat_of_viewer(request.viewer))
        onward = after(to(request, "seats:my_name"), Done.KEPT)
    else:
        act, onward = taking(actions.erase_name, person=request.user), to(request, "messages:inbox")
    context = {"form": form, "name": "" if is_lead else name}
    return press(request, form, act, onward) or render(request, "seats/my_name.html", context)


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def put_off(request: ViewerRequest) -> HttpResponseBase:
    """Put a step of one's own desk off until a day."""
    form = forms.PutOffForm(posted(request), initial={"step": request.GET.get("step", "")})
    act = taking(actions.put_off, person=request.user, program=request.program, today=request.today)
    done = Done.STANDS if "stands" in request.POST else Done.CHOSEN
    onward = after(to_if_there(request, desk_of(request.viewer) or "desks:home"), done)
    return press(request, form, act, onward) or render(request, "seats/put_off.html", {"form": form})


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
@require_POST
def put_back(request: ViewerRequest) -> HttpResponseBase:
    """Let a step of one's own desk wait again."""
    actions.put_back(person=request.user, program=request.program, step=request.POST.get("step", ""))
    return HttpResponseRedirect(to_if_there(request, desk_of(request.viewer) or "desks:home"))


@open_to(Role.PERSON)
def calendar(request: ViewerRequest) -> HttpResponseBase:
    """Make or revoke the address of one's own calendar; it is shown once."""
    today = request.today
    person, token = request.user, ""
    if request.method == "POST" and "revoke" in request.POST:
        actions.revoke_calendar_key(person=person, program=request.program)
    elif request.method == "POST":
        token = actions.make_calendar_key(person=person, program=request.program, on=today)
    href = to_if_there(request, "desks:private_calendar", token=token) if token else ""
    context = {
        "address": request.build_absolute_uri(href) if href else "",
        "key": seats.calendar_key_of(request.viewer.person_id or 0, request.program),
        "public": request.build_absolute_uri(to_if_there(request, "desks:calendar")),
    }
    return render(request, "seats/calendar.html", context)


@open_to(Role.PERSON)
def other_job(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead say which bureau employs them and who pays their seat; also who sat here, because they may still check."""
    seat = or_404(seats.last_seat(request.program, request.viewer, request.today))
    if not seats.sits(seat, request.today) and not seat.person.gets_codes_by_email:
        raise NotOpenToYou(
            frozenset({Role.LEAD})
        )  # what is said here is theirs for good, and others print their codes
    said, names = seconds.said_of(seat), dict(_payers(request))
    form = forms.OwnTiesForm(
        posted(request),
        units=unit_names(request),
        steward=names.get(said.steward, said.steward),
        initial={"works_for": said.employer, "paid_by": said.payer},
    )

    act = taking(actions.declare_own, seat=seat, now=request.now)
    return press(request, form, act, after(to(request, "seats:other_job"), Done.RECORDED)) or _page(
        request,
        form,
        layout=OWN,
        does="other-job",
        seat=seat,
        offices=people.offices_held(seat.person_id, request.program, request.pack, lang_of(request)),
    )


@open_to(Role.PERSON)
def leave(request: ViewerRequest) -> HttpResponseBase:
    """Leave one's seat, also one that is suspended, saying as much as one wants to."""
    seat = seats.seat_of(request.viewer.person_id or 0, request.program, request.today)
    if seat is None:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    form = forms.LeaveForm(posted(request), initial={"on": request.today, "ground": "not-said"})

    act = taking(actions.leave_seat, seat=seat, now=request.now)
    return press(request, form, act, to(request, "seats:goodbye")) or _page(
        request,
        form,
        layout=OWN,
        does="leave-own",
        seat=seat,
        held=goodbyes.held_by(seat, lang_of(request), request.today),
        told=goodbyes.told_before_leaving(seat, lang_of(request), request.today),
    )


@by_name
@open_to(Role.PERSON)
def appeal(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead whose seat was removed read why, and appeal."""
    found = or_404(seats.removal_of(request.program, request.viewer, request.today))
    form = forms.AppealForm(posted(request) if found.appealed_on is None else None)

    act = taking(actions.appeal, removal=found, now=request.now)
    if went := press(request, form, act, to(request, "seats:appeal")):
        return went
    context = {
        "form": form,
        "removal": found,
        "ground": REMOVED[found.ground],
        "hears": seats.who(found.appeal_to, request.pack, lang_of(request)),
        "has_profile": seats.profile_of(request.viewer.person_id or 0) is not None,
        "is_open": found.appealed_on is None and request.today <= found.appeal_by,
    }
    return render(request, "seats/appeal.html", context)


@by_name
@open_to(Role.LEAD, Role.STAFF)
def decide(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """Let the office or lead that the charter names decide an appeal."""
    mine = seats.appeals_for(request.program, request.viewer)
    found = or_404(next((one for one in mine if one.pk == pk), None))
    form = forms.DecideForm(posted(request))

    act = taking(actions.decide_appeal, removal=found, by=request.user, now=request.now)
    if went := press(request, form, act, after(to(request, "seats:cohort"), Done.DECIDED)):
        return went
    context = {"form": form, "removal": found, "ground": REMOVED[found.ground]}
    return render(request, "seats/decide.html", context)


def _found(request: ViewerRequest) -> list[people.Someone]:
    return people.people_today(request.program, request.pack, lang_of(request), request.today)


def _posts(request: ViewerRequest, form: Form) -> HttpResponseBase:
    given = to_take_up(request.viewer.person_id or 0, request.program, request.today)
    titled = [(one, people.post_title(one, request.pack, lang_of(request))) for one in given]
    return render(request, "seats/posts.html", {"posts": titled, "form": form})


@open_to(Role.PERSON)
def posts(request: ViewerRequest) -> HttpResponseBase:
    """Show a person the posts that they were given and have not taken up."""
    return _posts(request, Form())


@open_to(Role.PERSON)
@require_POST
def take(request: ViewerRequest, post: int) -> HttpResponseBase:
    """Take up a post that one was given."""
    given = to_take_up(request.viewer.person_id or 0, request.program, request.today)
    found = or_404(next((one for one in given if one.pk == post), None))
    page = "commitments:checks" if found.office and found.office.unit.outside else "desks:unit"
    onward = to(request, page if found.office else "desks:steward")
    form = Form(posted(request))
    return press(request, form, taking(take_up, post=found, today=request.today), onward) or _posts(
        request, form
    )


@open_to(Role.STEWARD)
def appoint(request: ViewerRequest) -> HttpResponseBase:
    """Let a person hold an office, or run the program, from a day on."""
    lang = lang_of(request)
    named = [*request.pack.offices, *([request.pack.body] if request.pack.body else [])]
    offices = [(one, request.pack.office_title(one, lang)) for one in named]
    form = forms.AppointForm(
        posted(request),
        lists={"post": offices},
        today=request.today,
        initial={"from_date": request.today, "post": request.GET.get("post", "")},
    )

    act = taking(give, program=request.program, language=lang, today=request.today)
    onward = after(to(request, "desks:people"), Done.APPOINTED)
    return press(request, form, act, onward) or render(request, "seats/appoint.html", {"form": form})


@open_to(Role.STEWARD)
def end(request: ViewerRequest, post: int) -> HttpResponseBase:
    """End a post from a day on."""
    today = request.today
    every = [(one, held, title) for one in _found(request) for held, title, _to_come in one.posts]
    someone, found, title = or_404(next((one for one in every if one[1].pk == post), None))
    who = someone.called if someone.called != title else someone.person.email or someone.called
    form = forms.EndForm(posted(request), initial={"on": today}, who=who, what=title)

    def act(typed: Typed) -> str:
        end_post(post=found, on=typed["on"], today=today)
        is_out = someone.person.pk == request.viewer.person_id and typed["on"] <= today
        return "desks:home" if is_out else "desks:people"

    if went := press(request, form, act, lambda page: after(to(request, page), Done.POST_ENDED)):
        return went
    others = [(one, other) for one, other, _title in every if other.office_id == found.office_id]
    stay = [(one, other) for one, other in others if other != found and other.until_date is None]
    is_last = found.office_id is not None and not any(other.taken_on for _one, other in stay)
    context = {"form": form, "who": who, "post": found, "title": title, "is_last": is_last}
    context["to_come"] = found.from_date > today
    context["stays"] = [other for one, held, other in every if one is someone and held != found]
    context["waits_for"] = [one.called for one, other in stay if not other.taken_on]
    return render(request, "seats/end_post.html", context)


@open_to(Role.STEWARD)
@require_POST
def code(request: ViewerRequest, person: int) -> HttpResponseBase:
    """Print a code that signs one person of this program in, once."""
    wanted = or_404(next((one for one in _found(request) if one.person.pk == person), None))
    tell = partial(note, program=request.program, by=Doer.STEWARD, did=Did.CODE_PRINTED, on=request.today)
    return on_paper(request, "seats/code.html", person=wanted.person, wanted=wanted, tell=tell)


#: No browser and no relay keeps a page with a profile, so that taking it down works at once.
kept_nowhere = cache_control(no_store=True)


@from_the_record
@by_name
@open_to(Role.EVERYONE)
@kept_nowhere
def cohort(request: ViewerRequest, slug: str | None = None) -> HttpResponseBase:
    """Show a cohort: who sits by seat, until when, which seats are empty and for how long."""
    if slug is None and cohorts.cohort_now(request.program, request.today) is None:
        before = cohorts.cohort_names(request.program, lang_of(request))
        return render(request, "seats/nobody.html", {"before": before})
    found, lang, today = cohort_or_404(request, slug), lang_of(request), request.today
    shown = cohorts.show_cohort(found, request.pack, lang, today)
    is_known = request.viewer.person_id is not None
    others = [one for one in cohorts.cohort_names(request.program, lang) if one[0].pk != found.pk]
    context = {
        "cohort": shown,
        "beside": [one for one in others if one[0].runs_on(today)],
        "others": [one for one in others if not one[0].runs_on(today)],
        "charter": charters.charter_now(found, lang),
        "founding": cohorts.founding_of(request.program, request.today),
        "removal": seats.removal_of(request.program, request.viewer, today) if is_known else None,
        "today": today,
        "has_sat": is_known and seats.last_seat(request.program, request.viewer, today) is not None,
        "vacancy_days": request.pack.clocks.vacancy_days,
        "record_head": head_of(request.program),
    }
    return render(request, "seats/cohort.html", context)


@from_the_record
@open_to(Role.EVERYONE)
@kept_nowhere
def lead(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Show the profile that a lead made public; there is no page for those who show none."""
    lang, today = lang_of(request), request.today
    found = seat_or_404(request, seat)
    shown = cohorts.show_cohort(found.cohort, request.pack, lang, today)
    row = or_404(next((one for one in shown.seats if one.row.pk == found.pk and one.profile), None))
    return render(request, "seats/lead.html", {"seat": row, "cohort": shown})


@from_the_record
@by_name
@open_to(Role.EVERYONE)
def charter(request: ViewerRequest, cohort: str) -> HttpResponseBase:
    """Show a cohort's charter with who signed it, to read or to print."""
    lang, today = lang_of(request), request.today
    found = cohort_or_404(request, cohort)
    standing = charters.charter_now(found, lang)
    here = [one.public_id for one in seats.seated_today(request.program, today) if one.cohort == found]
    waits = [one for one in [*here, "steward"] if standing and one not in standing.signed]
    signed = standing.signed.items() if standing else ()
    data = standing.told.entry.data if standing else {}
    context = {
        "cohort": found,
        "charter": standing,
        "signed": [(seats.who(by, request.pack, lang), index, on) for by, (index, on) in signed],
        "waits": [seats.who(one, request.pack, lang) for one in waits],
        "hears": {
            name: seats.who(one, request.pack, lang) for name, one in data.items() if one and name != "cohort"
        },
        "in_force": standing is not None and standing.is_in_force(here),
        "may_sign": (request.viewer.seat in waits)
        or (request.viewer.has(Role.STEWARD) and "steward" in waits),
        "record_head": head_of(request.program),
    }
    return render(request, "seats/charter.html", context)


@by_name
@open_to(Role.STEWARD)
def list_seats(request: ViewerRequest) -> HttpResponseBase:
    """Show the seats of a cohort with everything a steward can do about them, and the way to the others that sit."""
    cohort, today = cohort_or_404(request), request.today
    shown = cohorts.show_cohort(cohort, request.pack, lang_of(request), today)
    others = [one for one in cohorts.cohorts_now(request.program, today) if one.pk != cohort.pk]
    titles = cohorts.names_in(request.program, lang_of(request)) if others else {}
    empty = cohorts.with_calls(shown.empty, partial(cohorts.running_calls, request.program))
    line = cohorts.line_of(cohort)
    context = {
        "cohort": shown,
        "empty": empty,
        "line": line,
        "alternates": [(one, one.pk in line.chosen, line.asked.get(one.pk)) for one in line.waiting],
        "charter": charters.charter_now(cohort, lang_of(request)),
        "today": today,
        "which": which(request),
        "called": titles.get(cohort.pk),
        "others": [(one.slug, titles[one.pk]) for one in others],
    }
    return render(request, "seats/seats.html", context)


def called_as(seat: Seat) -> str:
    """Name a seat and its lead, for the steward, who seats and removes people and not numbers."""
    return listed(filter(None, (as_seat(seat.public_id), seat.person.called and apart(seat.person.called))))


def _page(request: ViewerRequest, form: Form, **more: object) -> HttpResponseBase:
    return render(
        request,
        "seats/move.html",
        {"form": form, "decide_days": APPEAL_DECIDED.days, "which": which(request), **more},
    )


def _back(request: ViewerRequest, what: Done = Done.RECORDED) -> str:
    return after(to(request, "seats:seats") + which(request), what)


def _to_people(request: ViewerRequest, what: Done = Done.RECORDED) -> str:
    return after(to(request, "desks:people"), what)


@open_to(Role.STEWARD)
def open_vacancy(request: ViewerRequest) -> HttpResponseBase:
    """Say that a seat is empty which nobody has taken."""
    cohort = cohort_or_404(request)
    form = forms.VacancyForm(posted(request), initial={"on": request.today})

    act = taking(actions.open_vacancy, cohort=cohort, now=request.now)
    return press(request, form, act, _back(request)) or _page(
        request, form, does="vacancy", days=request.pack.clocks.vacancy_days
    )


@open_to(Role.STEWARD)
def add_alternate(request: ViewerRequest) -> HttpResponseBase:
    """Put someone on the list of those who step in."""
    cohort = cohort_or_404(request)
    form = forms.AlternateForm(posted(request))

    act = taking(actions.add_alternate, cohort=cohort, language=lang_of(request), now=request.now)
    return press(request, form, act, _back(request, Done.LISTED)) or _page(request, form, does="alternate")


@open_to(Role.STEWARD)
@require_POST
def stand_down(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """Take an alternate from the list."""
    listed_here = cohorts.alternates_of(cohort_or_404(request))
    found = or_404(next((one for one in listed_here if one.pk == pk), None))
    actions.stand_down(alternate=found, now=request.now)
    return HttpResponseRedirect(_back(request, Done.UNLISTED))


@dataclass(frozen=True)
class Turn:
    """Whose turn it is to step in, with the places that they can have, and what a page says of both."""

    line: cohorts.Line
    empty: Mapping[str, cohorts.Empty]

    @property
    def who(self) -> Alternate | None:
        """Give the alternate whose turn it is."""
        return self.line.next

    def given(self) -> dict[str, Any]:
        """Give what a form of the page lets choose: any who waits, so that who is out of turn is told whose turn it is."""
        return {
            "lists": {
                "vacancy": [(pk, empty_in_words(one)) for pk, one in self.empty.items()],
                "alternate": [(str(one.pk), one.person.called) for one in self.line.waiting],
            },
            "initial": {
                "vacancy": next(iter(self.empty)) if len(self.empty) == 1 else None,
                "alternate": self.who.pk if self.who else None,
            },
        }

    def chosen(self, typed: Typed) -> dict[str, Any]:
        """Give the alternate and the empty place of a form."""
        waits = {str(one.pk): one for one in self.line.waiting}
        return {"alternate": waits[typed["alternate"]], "vacancy": self.empty[typed["vacancy"]].vacancy}


def turn_in(request: ViewerRequest, cohort: Cohort) -> Turn:
    """Give whose turn it is to step into an empty place of a cohort."""
    found = cohorts.vacancies(request.program, request.pack, request.today, cohort)
    found = cohorts.with_calls(found, partial(cohorts.running_calls, request.program))
    empty = {str(one.vacancy.pk): one for one in found if not one.free and not one.asked}
    return Turn(cohorts.line_of(cohort), empty)


def told_of(request: ViewerRequest, turn: Turn) -> dict[str, object]:
    """Give what a page says of whose turn it is: how to reach them, and the offices that would keep them from signing beside them."""
    who = turn.who
    offices = ""
    if who:
        offices = people.offices_held(who.person_id, request.program, request.pack, lang_of(request))
    return {
        "who": who,
        "asks": turn.line.asks,
        "is_free": bool(turn.empty),
        "offices": offices,
        "is_called": any(one.call for one in turn.empty.values()),
        "which": which(request),
    }


def empty_in_words(one: cohorts.Empty) -> str:
    """Name an empty place: who had it, or that nobody has taken it, since when it is empty, and the call that is running for it."""
    seat, said = one.vacancy.seat, {"day": day_in_words(one.vacancy.from_date)}
    words = gettext("A place that nobody has taken, empty since %(day)s") % said
    if seat is not None:
        words = gettext("The place of %(who)s, empty since %(day)s") % (said | {"who": called_as(seat)})
    if one.call is None:
        return words
    runs = gettext("A call was made for it: choose by %(by)s.") % {"by": day_in_words(one.call.decides)}
    return f"{words}. {runs}"


@by_name
@open_to(Role.STEWARD)
def call_up(request: ViewerRequest) -> HttpResponseBase:
    """Seat the alternate whose turn it is in an empty seat."""
    turn = turn_in(request, cohort_or_404(request))
    told, can = told_of(request, turn), bool(turn.who and turn.empty)
    given = turn.given()
    given["lists"]["paid_by"] = _payers(request)
    form = forms.CallUpForm(posted(request) if can else None, **given)

    def act(typed: Typed) -> str:
        seat = actions.call_up(paid_by=typed["paid_by"], now=request.now, **turn.chosen(typed))
        if seat.payer == NOBODY:
            return _to_people(request)
        done = Done.CALLED_UP if seat.person.email else Done.CALLED_UP_UNREACHED
        pay = to_if_there(request, "pay:agreement", seat=seat.public_id)
        return after(pay, done) if pay else _back(request, done)

    return press(request, form, act, str) or _page(request, form, does="call-up", can=can, **told)


@by_name
@open_to(Role.STEWARD)
def note_payer(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Write down who pays a seat."""
    found = seat_or_404(request, seat)
    lists, initial = {"paid_by": _payers(request)}, {"paid_by": found.payer}
    form = forms.PayerForm(posted(request), lists=lists, initial=initial)

    act = taking(actions.declare_payer, seat=found, now=request.now)
    names, said = dict(_payers(request)), seconds.said_of(found)
    employer = found.works_for.slug if found.works_for else ""
    more = {"works_for": names.get(employer, employer), "said": names.get(said.payer, said.payer)}
    return press(request, form, act, _to_people(request)) or _page(
        request, form, does="payer", seat=found, **more
    )


@by_name
@open_to(Role.STEWARD)
def change_role(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Let a lead take a role, or lay one down."""
    found = seat_or_404(request, seat)
    form = forms.RoleForm(posted(request))

    act = taking(actions.change_role, seat=found, by="steward", now=request.now)
    return press(request, form, act, _to_people(request)) or _page(request, form, does="role", seat=found)


@by_name
@open_to(Role.STEWARD)
def suspend(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Suspend a lead for some weeks, with the ground that the record tells."""
    found = seat_or_404(request, seat)
    form = forms.SuspendForm(posted(request), who=called_as(found))
    act = taking(actions.suspend_seat, seat=found, lang=lang_of(request), now=request.now)
    return press(request, form, act, _to_people(request)) or _page(
        request, form, does="suspend", seat=found, days=SUSPENDED.days
    )


@open_to(Role.STEWARD)
@require_POST
def restore(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Let a suspended lead act again."""
    actions.restore_seat(seat=seat_or_404(request, seat), now=request.now)
    return HttpResponseRedirect(_to_people(request))


@by_name
@open_to(Role.STEWARD)
def remove(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Remove a seat, with reasons; the lead can appeal to whom the charter names."""
    return _end(request, seat, forms.RemoveForm, does="remove", done=Done.REMOVED)


@by_name
@open_to(Role.STEWARD)
def asked_to_leave(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """End a seat whose lead asked for it and cannot leave it themselves; they can object as to a removal."""
    return _end(request, seat, forms.AskedForm, does="asked", done=Done.LEFT, ground=ASKED)


def _end(
    request: ViewerRequest, seat: str, asks: type[forms.RemoveForm], *, does: str, done: Done, **given: str
) -> HttpResponseBase:
    found, lang, today = seat_or_404(request, seat), lang_of(request), request.today
    named, stands_in = seats.hears_appeal(found, today)
    hears = [] if named else [(one, request.pack.office_title(one, lang)) for one in request.pack.offices]
    form = asks(posted(request), who=called_as(found), hears=hears)

    act = taking(actions.remove_seat, seat=found, appeal_to=named, by=request.user, now=request.now, **given)
    return press(request, form, act, _to_people(request, done)) or _page(
        request,
        form,
        does=does,
        seat=found,
        held=goodbyes.held_by(found, lang, today),
        hears=seats.who(named, request.pack, lang) if named else "",
        stands_in=stands_in,
        days=request.pack.clocks.appeal_days,
    )


@open_to(Role.STEWARD)
def seat_cohort(request: ViewerRequest) -> HttpResponseBase:
    """Read the people first; write nothing before the steward has seen every row and confirmed."""
    data, lang = posted(request), lang_of(request)
    known = partial(people.known_of, request.program, request.pack, lang)
    form = forms.SeatCohortForm(data, request.FILES if data else None, pack=request.pack, known=known)
    if data is None or not form.is_valid():
        return render(request, "seats/seat_cohort.html", {"form": form})
    if form.has_problems or data.get("confirmed") != "yes":
        beside = cohorts.beside_whom(request.program, lang, form.cleaned_data["from_date"], request.today)
        return render(request, "seats/seat_preview.html", {"form": form, "beside": beside})

    def act(typed: Typed) -> None:
        actions.seat_people(
            program=request.program,
            slug=free_slug(
                [one.slug for one in cohorts.cohorts_of(request.program)], typed["name"], "cohort"
            ),
            lang=lang,
            name=typed["name"],
            from_date=typed["from_date"],
            until_date=typed["until_date"],
            people=[one.said for one in form.rows],
            now=request.now,
        )

    there = press(request, form, act, to(request, "desks:people"))
    return there or render(request, "seats/seat_cohort.html", {"form": form})

"""The steward's list of people: who runs the program, who has a seat, who holds an office; appoint, end, and print codes."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.seats import queries
from alongside.cohort.seats.forms.posts import AppointForm, EndForm
from alongside.cohort.seats.views.asking import done, now_and_today
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.done import Done, after
from alongside.ground.look.refusals import said
from alongside.ground.people.views import on_paper
from alongside.ground.programs.actions import PostRefused, end_post, take_up
from alongside.ground.programs.actions import appoint as give
from alongside.ground.programs.queries import to_take_up


def _found(request: AskedHttpRequest) -> list[queries.Someone]:
    _now, today = now_and_today(request)
    return queries.people_today(request.program, request.pack, lang_of(request), today)


@open_to(Role.STEWARD)
def people(request: AskedHttpRequest) -> HttpResponseBase:
    """List the people of today, and those whose post is to come."""
    return render(request, "seats/people.html", {"people": _found(request)})


def _posts(request: AskedHttpRequest, problem: str = "") -> HttpResponseBase:
    _now, today = now_and_today(request)
    given = to_take_up(request.asker.person_id or 0, request.program, today)
    titled = [(one, queries.post_title(one, request.pack, lang_of(request))) for one in given]
    return render(request, "seats/posts.html", {"posts": titled, "problem": problem})


@open_to(Role.PERSON)
def posts(request: AskedHttpRequest) -> HttpResponseBase:
    """Show a person the posts that they were given and have not taken up."""
    return _posts(request)


@open_to(Role.PERSON)
@require_POST
def take(request: AskedHttpRequest, post: int) -> HttpResponseBase:
    """Take up a post that one was given."""
    _now, today = now_and_today(request)
    given = to_take_up(request.asker.person_id or 0, request.program, today)
    found = next((one for one in given if one.pk == post), None)
    if found is None:
        raise Http404
    try:
        take_up(post=found, today=today)
    except PostRefused as error:
        return _posts(request, said(error))
    page = "commitments:checks" if found.office and found.office.unit.outside else "desks:unit"
    return HttpResponseRedirect(to(request, page if found.office else "desks:steward"))


@open_to(Role.STEWARD)
def appoint(request: AskedHttpRequest) -> HttpResponseBase:
    """Let a person hold an office, or run the program, from a day on."""
    _now, today = now_and_today(request)
    lang = lang_of(request)
    named = [*request.pack.offices, *([request.pack.body] if request.pack.body else [])]
    offices = [(one, request.pack.office_title(one, lang)) for one in named]
    posted = request.POST if request.method == "POST" else None
    form = AppointForm(posted, offices=offices, today=today, initial={"from_date": today})
    if form.is_valid() and done(
        request, form, lambda: give(program=request.program, language=lang, **form.cleaned_data)
    ):
        return HttpResponseRedirect(after(to(request, "seats:people"), Done.APPOINTED))
    return render(request, "seats/appoint.html", {"form": form})


@open_to(Role.STEWARD)
def end(request: AskedHttpRequest, post: int) -> HttpResponseBase:
    """End a post from a day on."""
    _now, today = now_and_today(request)
    found = next(((one, held) for one in _found(request) for held in one.posts if held.post.pk == post), None)
    if found is None:
        raise Http404
    someone, held = found
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid() and done(
        request, form, lambda: end_post(post=held.post, on=form.cleaned_data["on"], today=today)
    ):
        is_out = someone.person.pk == request.asker.person_id and form.cleaned_data["on"] <= today
        page = to(request, "desks:home" if is_out else "seats:people")
        return HttpResponseRedirect(after(page, Done.POST_ENDED))
    others = [
        (each.called, one.post)
        for each in _found(request)
        for one in each.posts
        if one.post.office_id == held.post.office_id and one.post.pk != held.post.pk
    ]
    stay = [(called, other) for called, other in others if other.until_date is None]
    is_last = held.post.office_id is not None and not any(other.taken_on for _called, other in stay)
    context = {"form": form, "someone": someone, "held": held, "is_last": is_last}
    context["waits_for"] = [called for called, other in stay if not other.taken_on]
    return render(request, "seats/end_post.html", context)


@open_to(Role.STEWARD)
@require_POST
def code(request: AskedHttpRequest, person: int) -> HttpResponseBase:
    """Print a code that signs one person of this program in, once."""
    wanted = next((one for one in _found(request) if one.person.pk == person), None)
    if wanted is None:
        raise Http404
    return on_paper(request, "seats/code.html", person=wanted.person, wanted=wanted)

"""The public page of training, a learner's own page, one lesson, one file."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.training import actions, queries
from alongside.cohort.training.forms import CheckForm
from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to


def today_of(request: AskedHttpRequest) -> date:
    """Give the program's local day."""
    return local_date(datetime.now(tz=UTC), request.pack)


@open_to(Role.EVERYONE)
def tracks(request: AskedHttpRequest) -> HttpResponseBase:
    """Show everyone what leads and staff learn, and how many completed it, in ranges."""
    today = today_of(request)
    context = {
        "tracks": queries.public_tracks(request.program, request.pack, lang_of(request), today),
        "until": queries.counted_until(today),
        "k": request.pack.k,
        "may_learn": request.asker.has(Role.LEAD, Role.STAFF),
        "may_write": request.asker.has(Role.STEWARD),
    }
    return render(request, "training/tracks.html", context)


@open_to(Role.LEAD, Role.STAFF)
def mine(request: AskedHttpRequest) -> HttpResponseBase:
    """Show a lead or staff their tracks and what comes next; staff also see what their leads learn."""
    found = queries.my_tracks(request.program, request.asker, lang_of(request), today_of(request))
    context = {
        "tracks": [one for one in found if one.is_theirs],
        "theirs": [one for one in found if not one.is_theirs],
    }
    return render(request, "training/mine.html", context)


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def lesson(request: AskedHttpRequest, lesson: int) -> HttpResponseBase:
    """Show a lesson with its check; passing it is kept, and a try that does not pass is not."""
    found = queries.lesson_for(request.program, request.asker, lesson, lang_of(request))
    if found is None:
        raise Http404
    may_do = found.is_theirs and request.asker.has(Role.LEAD, Role.STAFF)
    sent = request.method == "POST" and may_do
    form = CheckForm(request.POST if sent else None, questions=found.text.questions)
    if sent and form.is_valid():
        checked = actions.finish_lesson(
            lesson=found.lesson,
            person=request.user,  # type: ignore[arg-type]  # a lead or staff is signed in
            answers=form.answers,
            now=datetime.now(tz=UTC),
        )
        if checked.passed:
            return HttpResponseRedirect(to(request, "training:lesson", lesson=lesson) + "#done")
        form.tell(checked.right)
    return render(request, "training/lesson.html", {"lesson": found, "form": form, "may_do": may_do})


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def material(request: AskedHttpRequest, material: int) -> HttpResponseBase:
    """Give a file to take along; a browser saves it and never runs it."""
    found = queries.material_for(request.program, request.asker, material)
    if found is None or found.content is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="material-{found.pk}{_ending(found.file_name)}"'
    return response


def _ending(name: str) -> str:
    """Give the ending of a file's name, of letters and digits only."""
    ending = name.rpartition(".")[2]
    return f".{ending}" if ending.isascii() and ending.isalnum() else ""

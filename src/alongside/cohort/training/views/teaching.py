"""The steward's pages inside a course: lessons, materials, sessions and who came."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.training import actions, queries
from alongside.cohort.training.forms import AttendanceForm, LessonForm, MaterialForm, SessionForm
from alongside.cohort.training.forms.steward import typed_lesson
from alongside.cohort.training.queries.wording import words_in
from alongside.cohort.training.views.learning import today_of
from alongside.cohort.training.views.steward import course_of, languages_of, to_course
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of


@open_to(Role.STEWARD)
def new_lesson(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Write a lesson."""
    found = course_of(request, course)
    form = LessonForm(request.POST if request.method == "POST" else None, languages=languages_of(request))
    if form.is_valid():
        actions.write_lesson(
            course=found.course,
            words=_said(form),
            right=form.cleaned_data["right"],
            pass_mark=len(form.cleaned_data["right"]),
            now=datetime.now(tz=UTC),
        )
        return to_course(request, course)
    return render(request, "training/lesson_form.html", {"form": form, "page": found, "is_new": True})


def _said(form: LessonForm) -> actions.LessonWords:
    typed = form.cleaned_data
    return actions.LessonWords(typed["lang"], typed["title"], typed["body"], typed["questions"])


@open_to(Role.STEWARD)
def edit_lesson(request: AskedHttpRequest, course: int, lesson: int) -> HttpResponseBase:
    """Write a lesson anew, or in one more language; the check of the original is the one that counts."""
    found, one = course_of(request, course), queries.lesson_for_steward(request.program, course, lesson)
    if one is None:
        raise Http404
    lang = request.GET.get("in", lang_of(request))
    text, original = words_in(one.texts.all(), lang), words_in(one.texts.all(), "")
    given = {**typed_lesson(text.title, text.body, text.questions, one.right), "lang": lang}
    posted = request.POST if request.method == "POST" else None
    form = LessonForm(posted, languages=languages_of(request), initial=given)
    if form.is_valid() and form.fits(one.right, original.lang):
        is_original = form.cleaned_data["lang"] == original.lang
        right = form.cleaned_data["right"] if is_original else None
        actions.word_lesson(lesson=one, words=_said(form), right=right, now=datetime.now(tz=UTC))
        return to_course(request, course)
    context = {"form": form, "page": found, "is_new": False, "texts": one.texts.all()}
    return render(request, "training/lesson_form.html", context)


@open_to(Role.STEWARD)
def new_material(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Add a link or a file to take along."""
    found, posted = course_of(request, course), request.method == "POST"
    form = MaterialForm(
        request.POST if posted else None, request.FILES if posted else None, languages=languages_of(request)
    )
    if form.is_valid():
        typed = form.cleaned_data
        about = {
            "course": found.course,
            "lang": typed["lang"],
            "title": typed["title"],
            "now": datetime.now(tz=UTC),
        }
        if typed["href"]:
            actions.add_link(**about, href=typed["href"])
        else:
            actions.add_file(**about, file_name=typed["file"].name[-120:], content=typed["file"].read())
        return to_course(request, course)
    return render(request, "training/material_form.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def new_session(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Schedule a session."""
    found = course_of(request, course)
    form = SessionForm(request.POST if request.method == "POST" else None, languages=languages_of(request))
    if form.is_valid():
        actions.schedule_session(course=found.course, now=datetime.now(tz=UTC), **form.cleaned_data)
        return to_course(request, course)
    return render(request, "training/session_form.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def attendance(request: AskedHttpRequest, course: int, session: int) -> HttpResponseBase:
    """Note who came to a session."""
    found = queries.session_for_steward(request.program, course, session, lang_of(request))
    if found is None:
        raise Http404
    people = queries.attenders(found[0], today_of(request))
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.person.pk), one.called) for one in people],
        initial={"people": [one.person.pk for one in people if one.came]},
    )
    if form.is_valid():
        came = [one.person for one in people if one.person.pk in form.cleaned_data["people"]]
        actions.note_attendance(session=found[0], people=came, now=datetime.now(tz=UTC))
        return to_course(request, course)
    return render(request, "training/attendance.html", {"form": form, "session": found[0], "text": found[1]})

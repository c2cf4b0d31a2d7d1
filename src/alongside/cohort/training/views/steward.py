"""The steward's pages of training: tracks, courses and what they are called, letters."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.training import actions, queries
from alongside.cohort.training.forms import (
    CourseForm,
    LetterForm,
    ShippedForm,
    TrackForm,
    TrackNameForm,
)
from alongside.cohort.training.queries.shipped import shipped
from alongside.cohort.training.queries.wording import words_in
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to


def languages_of(request: AskedHttpRequest) -> list[tuple[str, str]]:
    """List the languages of the program, the page's own first, each under its own name."""
    found = [(one.code.lower(), one.name) for one in request.pack.languages]
    return sorted(found, key=lambda one: one[0] != lang_of(request))


def course_of(request: AskedHttpRequest, course: int) -> queries.CoursePage:
    """Give a course of this program. Raises Http404 where there is none."""
    found = queries.course_for_steward(request.program, course, lang_of(request))
    if found is None:
        raise Http404
    return found


def to_course(request: AskedHttpRequest, course: int) -> HttpResponseRedirect:
    """Go to the page of a course."""
    return HttpResponseRedirect(to(request, "training:course", course=course))


@open_to(Role.STEWARD)
def tracks(request: AskedHttpRequest) -> HttpResponseBase:
    """List tracks, courses and letters that wait; begin a track."""
    lang = lang_of(request)
    form = TrackForm(request.POST if request.method == "POST" else None)
    found = queries.steward_tracks(request.program, lang)
    if form.is_valid():
        typed = form.cleaned_data
        slug = queries.free_slug([one.track.slug for one in found], typed["title"], "track")
        actions.begin_track(
            program=request.program,
            slug=slug,
            audience=typed["audience"],
            titles={lang: typed["title"]},
            now=datetime.now(tz=UTC),
        )
        return HttpResponseRedirect(to(request, "training:steward"))
    context = {"form": form, "tracks": found, "letters": queries.letters_waiting(request.program, lang)}
    return render(request, "training/steward.html", context)


@open_to(Role.STEWARD)
def track_words(request: AskedHttpRequest, track: str) -> HttpResponseBase:
    """Write what a track is called, in one more language or anew."""
    found = queries.track_for_steward(request.program, track)
    if found is None:
        raise Http404
    given = {"title": words_in(found.texts.all(), lang_of(request)).title, "lang": lang_of(request)}
    posted = request.POST if request.method == "POST" else None
    form = TrackNameForm(posted, languages=languages_of(request), initial=given)
    if form.is_valid():
        actions.word_track(track=found, now=datetime.now(tz=UTC), **form.cleaned_data)
        return HttpResponseRedirect(to(request, "training:steward"))
    return render(request, "training/track_words.html", {"form": form})


@open_to(Role.STEWARD)
def new_course(request: AskedHttpRequest, track: str) -> HttpResponseBase:
    """Write a course of a track, or add one that ships with the house."""
    found, now = queries.track_for_steward(request.program, track), datetime.now(tz=UTC)
    if found is None:
        raise Http404
    taken = queries.slugs_of(found)
    named = [
        (one, shipped(one).title(lang_of(request))) for one in queries.shipped_names() if one not in taken
    ]
    ready = ShippedForm(request.POST if "add" in request.POST else None, courses=named)
    form = CourseForm(request.POST if "write" in request.POST else None, languages=languages_of(request))
    if ready.is_valid():
        made = actions.add_shipped(track=found, name=ready.cleaned_data["name"], now=now)
        return to_course(request, made.pk)
    if form.is_valid():
        typed = form.cleaned_data
        made = actions.write_course(
            track=found,
            slug=queries.free_slug(taken, typed["title"], "course"),
            words={typed["lang"]: {"title": typed["title"], "about": typed["about"]}},
            sessions_needed=typed["sessions_needed"],
            now=now,
        )
        return to_course(request, made.pk)
    return render(request, "training/new_course.html", {"form": form, "ready": ready if named else None})


@open_to(Role.STEWARD)
def course(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Show a course with its lessons, sessions and materials."""
    return render(request, "training/course.html", {"page": course_of(request, course)})


@open_to(Role.STEWARD)
@require_POST
def offer(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Open a course to its people, on the record."""
    found = course_of(request, course)
    if found.may_be_offered:
        actions.offer_course(course=found.course, now=datetime.now(tz=UTC))
    return to_course(request, course)


@open_to(Role.STEWARD)
def words(request: AskedHttpRequest, course: int) -> HttpResponseBase:
    """Write what a course is called and about, in one more language or anew."""
    found = course_of(request, course)
    text = words_in(found.texts, request.GET.get("in", lang_of(request)))
    given = {
        "title": text.title,
        "about": text.about,
        "lang": request.GET.get("in", lang_of(request)),
        "sessions_needed": found.course.sessions_needed,
    }
    posted = request.POST if request.method == "POST" else None
    form = CourseForm(posted, languages=languages_of(request), initial=given)
    if form.is_valid():
        actions.word_course(course=found.course, now=datetime.now(tz=UTC), **form.cleaned_data)
        return to_course(request, course)
    return render(request, "training/words.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def letter(request: AskedHttpRequest, letter: int) -> HttpResponseBase:
    """Write a letter that was asked for."""
    found = queries.letter_for_steward(request.program, letter, lang_of(request))
    if found is None:
        raise Http404
    asked, text = found
    written = getattr(asked, "written", None)
    posted = request.POST if request.method == "POST" else None
    form = LetterForm(posted, initial={"words": written.words if written else ""})
    if form.is_valid():
        actions.write_letter(
            asked=asked, words=form.cleaned_data["words"], lang=lang_of(request), now=datetime.now(tz=UTC)
        )
        return HttpResponseRedirect(to(request, "training:steward"))
    return render(request, "training/letter_form.html", {"form": form, "asked": asked, "text": text})

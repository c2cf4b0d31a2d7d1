"""Pages of training: for everyone, for learners, for the steward; and what machines ask."""

import json

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.training import actions, queries
from alongside.cohort.training.credentials import controller_document, did_of, read_key
from alongside.cohort.training.forms import (
    AttendanceForm,
    CheckForm,
    CourseForm,
    CredentialForm,
    LessonForm,
    LetterForm,
    LetterWish,
    MaterialForm,
    SessionForm,
    ShippedForm,
    TrackForm,
    TrackNameForm,
    typed_lesson,
)
from alongside.cohort.training.models import Completion, Course, words_in
from alongside.cohort.training.queries import shipped
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record.signing import SigningKeyError
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.earlier import earlier_of
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import Typed, posted, press
from alongside.ground.ui.qr import drawn


@open_to(Role.EVERYONE)
def tracks(request: ViewerRequest) -> HttpResponseBase:
    """Show everyone what leads and staff learn, and how many completed it, in ranges."""
    today = request.today
    context = {
        "tracks": queries.public_tracks(request.program, request.pack, lang_of(request), today),
        "until": queries.counted_until(today),
        "k": request.pack.k,
        "may_learn": request.viewer.has(Role.LEAD, Role.STAFF),
        "may_write": request.viewer.has(Role.STEWARD),
    }
    return render(request, "training/tracks.html", context)


@open_to(Role.LEAD, Role.STAFF)
def mine(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead or staff their tracks and what comes next; staff also see what their leads learn."""
    found = queries.my_tracks(request.program, request.viewer, lang_of(request), request.today)
    own = queries.audiences_of(request.viewer)
    context = {
        "tracks": [one for one in found if one.audience in own],
        "theirs": [one for one in found if one.audience not in own],
    }
    return render(request, "training/mine.html", context)


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def lesson(request: ViewerRequest, lesson: int) -> HttpResponseBase:
    """Show a lesson with its check; passing it is kept, and a try that does not pass is not."""
    found = or_404(queries.lesson_for(request.program, request.viewer, lesson))
    is_theirs = found.course.track.audience in queries.audiences_of(request.viewer)
    may_do = is_theirs and request.viewer.has(Role.LEAD, Role.STAFF)
    form = CheckForm(posted(request) if may_do else None, questions=found.text["questions"])
    if form.is_bound and form.is_valid():
        checked = actions.finish_lesson(
            lesson=found,
            person=request.user,
            answers=form.answers,
            now=request.now,
        )
        if checked.passed:
            return HttpResponseRedirect(to(request, "training:lesson", lesson=lesson) + "#done")
        form.tell(checked.right)
    later = [one for one in found.course.lessons.all() if one.place > found.place]
    context = {"lesson": found, "form": form, "may_do": may_do, "after": later[0] if later else None}
    return render(request, "training/lesson.html", context | {"parts": queries.blocks(found.text["body"])})


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def material(request: ViewerRequest, material: int) -> HttpResponseBase:
    """Give a file to take along; a browser saves it and never runs it."""
    found = or_404(queries.material_for(request.program, request.viewer, material))
    name = f"material-{found.pk}{_ending(found.file_name)}"
    return download(bytes(or_404(found.content)), name, "application/octet-stream")


def _ending(name: str) -> str:
    """Give the ending of a file's name, of letters and digits only."""
    ending = name.rpartition(".")[2]
    return f".{ending}" if ending.isascii() and ending.isalnum() else ""


@open_to(Role.EVERYONE)
def did(request: ViewerRequest) -> HttpResponseBase:
    """Give the program's DID document (did:web method, section 3.2: a path is followed by /did.json)."""
    name = did_of(settings.ALONGSIDE.address, request.program.slug)
    try:
        document = controller_document(name, read_key(request.program))
    except SigningKeyError:
        raise Http404 from None
    response = HttpResponse(json.dumps(document, indent=2), content_type="application/did+json")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def completion_of(request: ViewerRequest, completion: int) -> Completion:
    """Give a completion of the viewer's own. Raises Http404 where there is none."""
    return or_404(queries.completion_for(request.program, request.viewer, completion))


def _back(request: ViewerRequest, completion: int, anchor: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(to(request, "training:papers", completion=completion) + f"#{anchor}")


@open_to(Role.PERSON)
def papers(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Show the owner the papers of a completed track, and let them choose."""
    context = {
        "completion": completion_of(request, completion),
        "wish": LetterWish(),
        "credential": CredentialForm(),
        "mail": bool(getattr(request.user, "email", None)),
    }
    return render(request, "training/papers.html", context)


@open_to(Role.PERSON)
def certificate(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the certificate to print, with a QR to the proof where its owner opened one."""
    found = completion_of(request, completion)
    address = ""
    if found.proof:
        address = request.build_absolute_uri(to(request, "training:proof", token=found.proof))
    context = {"completion": found, "address": address, "code": drawn(address) if address else ""}
    context["courses"] = queries.courses_done(found)
    return render(request, "training/certificate.html", context)


@open_to(Role.PERSON)
@require_POST
def switch(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Open the proof, or close it."""
    found = completion_of(request, completion)
    act = actions.close_proof if found.proof else actions.open_proof
    act(completion=found)
    return _back(request, completion, "proof")


@open_to(Role.EVERYONE)
def proof(request: ViewerRequest, token: str) -> HttpResponseBase:
    """Say to whoever holds the paper what was completed, without a name; nobody may keep the page."""
    found = queries.completion_by_proof(request.program, token)
    response = render(request, "training/proof.html", {"completion": found}, status=200 if found else 404)
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
@require_POST
def ask_letter(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Ask the program for a letter."""
    found, form = completion_of(request, completion), LetterWish(request.POST)
    if form.is_valid() and not found.asked_on:
        actions.ask_letter(completion=found, wish=form.cleaned_data["wish"], now=request.now)
    return _back(request, completion, "letter")


@open_to(Role.PERSON)
def letter(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the letter to print."""
    found = completion_of(request, completion)
    or_404(found.written_on)
    return render(request, "training/letter.html", {"completion": found})


@open_to(Role.PERSON)
@require_POST
def issue(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Sign the credential."""
    found, form = completion_of(request, completion), CredentialForm(request.POST)
    wants = form.is_valid() and form.cleaned_data["with_mail"]
    actions.issue_credential(completion=found, lang=lang_of(request), with_mail=wants, now=request.now)
    return _back(request, completion, "credential")


@open_to(Role.PERSON)
def credential(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the credential as a file."""
    found = completion_of(request, completion)
    signed = or_404(found.credential)
    document = json.dumps(signed, ensure_ascii=False, indent=2)
    return download(document, f"{found.track.slug}.credential.json", "application/vc")


def languages_of(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the languages of the program, the page's own first, each under its own name."""
    found = [(one.code.lower(), one.name) for one in request.pack.languages]
    return sorted(found, key=lambda one: one[0] != lang_of(request))


def course_of(request: ViewerRequest, course: int) -> Course:
    """Give a course of this program. Raises Http404 where there is none."""
    return or_404(queries.course_for_steward(request.program, course))


def to_course(request: ViewerRequest, course: int) -> str:
    """Give the address of a course."""
    return to(request, "training:course", course=course)


@open_to(Role.STEWARD)
def steward(request: ViewerRequest) -> HttpResponseBase:
    """List tracks, courses and letters that wait; begin a track."""
    form = TrackForm(posted(request))
    found = queries.steward_tracks(request.program)

    def act(typed: Typed) -> None:
        actions.begin_track(
            program=request.program,
            slug=free_slug([one.slug for one in found], typed["title"], "track"),
            audience=typed["audience"],
            titles={lang_of(request): typed["title"]},
            now=request.now,
        )

    if went := press(request, form, act, to(request, "training:steward")):
        return went
    context = {"form": form, "tracks": found, "letters": queries.letters_waiting(request.program)}
    return render(request, "training/steward.html", context)


@open_to(Role.STEWARD)
def track_words(request: ViewerRequest, track: str) -> HttpResponseBase:
    """Write what a track is called, in one more language or anew."""
    found = or_404(queries.track_for_steward(request.program, track))
    given = {"title": found.text["title"], "lang": lang_of(request)}
    form = TrackNameForm(posted(request), languages=languages_of(request), initial=given)

    def act(typed: Typed) -> None:
        actions.word_track(track=found, now=request.now, **typed)

    return press(request, form, act, to(request, "training:steward")) or render(
        request, "training/track_words.html", {"form": form}
    )


@open_to(Role.STEWARD)
def new_course(request: ViewerRequest, track: str) -> HttpResponseBase:
    """Write a course of a track, empty or from an earlier one, or add one that ships with the house."""
    found = or_404(queries.track_for_steward(request.program, track))
    taken = queries.slugs_of(found)
    fit = [one for one in queries.shipped_names() if one in request.pack.purpose.courses]
    named = [(one, shipped(one).title(lang_of(request))) for one in fit if one not in taken]
    ready = ShippedForm(request.POST if "add" in request.POST else None, courses=named)
    known = queries.courses_of(request.program)
    earlier = earlier_of(request, ((str(one.pk), one.text["title"], one) for one in known))
    form = CourseForm(
        request.POST if "write" in request.POST else None,
        languages=languages_of(request),
        initial=queries.begins_with(earlier.chosen) if earlier.chosen else {},
    )

    def add(typed: Typed) -> Course:
        return actions.add_shipped(track=found, name=typed["name"], now=request.now)

    def write(typed: Typed) -> Course:
        return actions.write_course(
            track=found,
            slug=free_slug(taken, typed["title"], "course"),
            words={typed["lang"]: {"title": typed["title"], "about": typed["about"]}},
            sessions_needed=typed["sessions_needed"],
            earlier=earlier.chosen,
            now=request.now,
        )

    def onward(made: Course) -> str:
        return to_course(request, made.pk)

    return (
        press(request, ready, add, onward)
        or press(request, form, write, onward)
        or render(
            request,
            "training/new_course.html",
            {"form": form, "ready": ready if named else None, "earlier": earlier},
        )
    )


@open_to(Role.STEWARD)
def course(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Show a course with its lessons, sessions and materials."""
    return render(request, "training/course.html", {"course": course_of(request, course)})


@open_to(Role.STEWARD)
@require_POST
def offer(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Open a course to its people, on the record."""
    found = course_of(request, course)
    if found.may_be_offered:
        actions.offer_course(course=found, now=request.now)
    return HttpResponseRedirect(to_course(request, course))


@open_to(Role.STEWARD)
def words(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Write what a course is called and about, in one more language or anew."""
    found = course_of(request, course)
    lang = request.GET.get("in", lang_of(request))
    given = {**words_in(found.texts, lang), "lang": lang, "sessions_needed": found.sessions_needed}
    form = CourseForm(posted(request), languages=languages_of(request), initial=given)

    def act(typed: Typed) -> None:
        actions.word_course(course=found, now=request.now, **typed)

    return press(request, form, act, to_course(request, course)) or render(
        request, "training/words.html", {"form": form, "course": found}
    )


@open_to(Role.STEWARD)
def write_letter(request: ViewerRequest, letter: int) -> HttpResponseBase:
    """Write a letter that was asked for."""
    asked = or_404(queries.letters_of(request.program).filter(pk=letter).first())
    form = LetterForm(posted(request), initial={"words": asked.letter})

    def act(typed: Typed) -> None:
        actions.write_letter(completion=asked, words=typed["words"], lang=lang_of(request), now=request.now)

    return press(request, form, act, to(request, "training:steward")) or render(
        request, "training/letter_form.html", {"form": form, "asked": asked}
    )


@open_to(Role.STEWARD)
def new_lesson(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Write a lesson."""
    found = course_of(request, course)
    form = LessonForm(posted(request), languages=languages_of(request))

    def act(typed: Typed) -> None:
        right = typed["right"]
        given = {"right": right, "pass_mark": len(right), "now": request.now}
        actions.write_lesson(course=found, words={typed["lang"]: form.said}, **given)

    return press(request, form, act, to_course(request, course)) or render(
        request, "training/lesson_form.html", {"form": form, "course": found}
    )


@open_to(Role.STEWARD)
def edit_lesson(request: ViewerRequest, course: int, lesson: int) -> HttpResponseBase:
    """Write a lesson anew, or in one more language; the check of the original is the one that counts."""
    found = or_404(queries.lesson_for_steward(request.program, course, lesson))
    lang, original = request.GET.get("in", lang_of(request)), found.texts[0]["lang"]
    given = {**typed_lesson(words_in(found.texts, lang), found.right), "lang": lang}
    form = LessonForm(posted(request), languages=languages_of(request), initial=given)

    def act(typed: Typed) -> None:
        right = typed["right"] if typed["lang"] == original else None
        actions.word_lesson(lesson=found, lang=typed["lang"], said=form.said, right=right, now=request.now)

    if form.is_valid():
        form.fits(found.right, original)
    context = {"form": form, "course": found.course, "texts": found.texts}
    return press(request, form, act, to_course(request, course)) or render(
        request, "training/lesson_form.html", context
    )


@open_to(Role.STEWARD)
def new_material(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Add a link or a file to take along."""
    found = course_of(request, course)
    files = request.FILES if request.method == "POST" else None
    form = MaterialForm(posted(request), files, languages=languages_of(request))

    def act(typed: Typed) -> None:
        file = typed.pop("file")
        kept = {"file_name": file.name[-120:], "content": file.read()} if file else {}
        actions.add_material(course=found, now=request.now, **typed, **kept)

    return press(request, form, act, to_course(request, course)) or render(
        request, "training/material_form.html", {"form": form, "course": found}
    )


@open_to(Role.STEWARD)
def new_session(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Schedule a session."""
    found = course_of(request, course)
    form = SessionForm(posted(request), languages=languages_of(request))

    def act(typed: Typed) -> None:
        actions.schedule_session(course=found, now=request.now, **typed)

    return press(request, form, act, to_course(request, course)) or render(
        request, "training/session_form.html", {"form": form, "course": found}
    )


@open_to(Role.STEWARD)
def attendance(request: ViewerRequest, course: int, session: int) -> HttpResponseBase:
    """Note who came to a session."""
    held = or_404(queries.session_for_steward(request.program, course, session))
    people = queries.attenders(held, request.today)
    form = AttendanceForm(
        posted(request),
        people=[(str(one.person.pk), one.called) for one in people],
        initial={"people": [one.person.pk for one in people if one.came]},
    )

    def act(typed: Typed) -> None:
        came = [one.person for one in people if one.person.pk in typed["people"]]
        actions.note_attendance(session=held, people=came, now=request.now)

    return press(request, form, act, to_course(request, course)) or render(
        request, "training/attendance.html", {"form": form, "session": held}
    )

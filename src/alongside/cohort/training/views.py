"""Pages of training: for everyone, for learners, for the steward; and what machines ask."""

import json

import segno
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from alongside.cohort.training import actions, queries
from alongside.cohort.training.credentials import NoCredentialKey, controller_document, did_of, read_key
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
from alongside.cohort.training.queries import shipped, words_in
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to


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
    context = {
        "tracks": [one for one in found if one.is_theirs],
        "theirs": [one for one in found if not one.is_theirs],
    }
    return render(request, "training/mine.html", context)


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def lesson(request: ViewerRequest, lesson: int) -> HttpResponseBase:
    """Show a lesson with its check; passing it is kept, and a try that does not pass is not."""
    found = queries.lesson_for(request.program, request.viewer, lesson, lang_of(request))
    if found is None:
        raise Http404
    may_do = found.is_theirs and request.viewer.has(Role.LEAD, Role.STAFF)
    sent = request.method == "POST" and may_do
    form = CheckForm(request.POST if sent else None, questions=found.text.questions)
    if sent and form.is_valid():
        checked = actions.finish_lesson(
            lesson=found.lesson,
            person=request.user,  # type: ignore[arg-type]  # a lead or staff is signed in
            answers=form.answers,
            now=request.now,
        )
        if checked.passed:
            return HttpResponseRedirect(to(request, "training:lesson", lesson=lesson) + "#done")
        form.tell(checked.right)
    return render(request, "training/lesson.html", {"lesson": found, "form": form, "may_do": may_do})


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def material(request: ViewerRequest, material: int) -> HttpResponseBase:
    """Give a file to take along; a browser saves it and never runs it."""
    found = queries.material_for(request.program, request.viewer, material)
    if found is None or found.content is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="material-{found.pk}{_ending(found.file_name)}"'
    return response


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
    except NoCredentialKey:
        raise Http404 from None
    response = HttpResponse(json.dumps(document, indent=2), content_type="application/did+json")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _paper(request: ViewerRequest, completion: int) -> queries.PaperShown:
    found = queries.completion_for(request.program, request.viewer, completion, lang_of(request))
    if found is None:
        raise Http404
    return found


def _back(request: ViewerRequest, completion: int, anchor: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(to(request, "training:papers", completion=completion) + f"#{anchor}")


@open_to(Role.PERSON)
def papers(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Show the owner the papers of a completed track, and let them choose."""
    context = {
        "paper": _paper(request, completion),
        "wish": LetterWish(),
        "credential": CredentialForm(),
        "mail": bool(getattr(request.user, "email", None)),
    }
    return render(request, "training/papers.html", context)


@open_to(Role.PERSON)
def certificate(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the certificate to print, with a QR to the proof where its owner opened one."""
    found = _paper(request, completion)
    address = ""
    if found.proof:
        address = request.build_absolute_uri(to(request, "training:proof", token=found.proof.token))
    context = {"paper": found, "address": address, "code": _code(address) if address else ""}
    return render(request, "training/certificate.html", context)


def _code(address: str) -> SafeString:
    """Draw an address as a QR, as SVG without styles."""
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308 -- segno draws squares from an address that we built


@open_to(Role.PERSON)
@require_POST
def switch(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Open the proof, or close it."""
    found, now = _paper(request, completion), request.now
    act = actions.close_proof if found.proof else actions.open_proof
    act(completion=found.completion, now=now)
    return _back(request, completion, "proof")


@open_to(Role.EVERYONE)
def proof(request: ViewerRequest, token: str) -> HttpResponseBase:
    """Say to whoever holds the paper what was completed, without a name; nobody may keep the page."""
    found = queries.proof_by_token(request.program, token, lang_of(request))
    response = render(request, "training/proof.html", {"proof": found}, status=200 if found else 404)
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
@require_POST
def ask_letter(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Ask the program for a letter."""
    found, form = _paper(request, completion), LetterWish(request.POST)
    if form.is_valid() and not found.letter:
        actions.ask_letter(completion=found.completion, wish=form.cleaned_data["wish"], now=request.now)
    return _back(request, completion, "letter")


@open_to(Role.PERSON)
def letter(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the letter to print."""
    found = _paper(request, completion)
    if found.written is None:
        raise Http404
    return render(request, "training/letter.html", {"paper": found})


@open_to(Role.PERSON)
@require_POST
def issue(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Sign the credential."""
    found, form = _paper(request, completion), CredentialForm(request.POST)
    wants = form.is_valid() and form.cleaned_data["with_mail"]
    actions.issue_credential(
        completion=found.completion, lang=lang_of(request), with_mail=wants, now=request.now
    )
    return _back(request, completion, "credential")


@open_to(Role.PERSON)
def credential(request: ViewerRequest, completion: int) -> HttpResponseBase:
    """Give the credential as a file."""
    found = _paper(request, completion)
    if found.credential is None:
        raise Http404
    document = json.dumps(found.credential.document, ensure_ascii=False, indent=2)
    response = HttpResponse(document, content_type="application/vc")
    response["Content-Disposition"] = f'attachment; filename="{found.completion.track.slug}.credential.json"'
    return response


def languages_of(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the languages of the program, the page's own first, each under its own name."""
    found = [(one.code.lower(), one.name) for one in request.pack.languages]
    return sorted(found, key=lambda one: one[0] != lang_of(request))


def course_of(request: ViewerRequest, course: int) -> queries.CoursePage:
    """Give a course of this program. Raises Http404 where there is none."""
    found = queries.course_for_steward(request.program, course, lang_of(request))
    if found is None:
        raise Http404
    return found


def to_course(request: ViewerRequest, course: int) -> HttpResponseRedirect:
    """Go to the page of a course."""
    return HttpResponseRedirect(to(request, "training:course", course=course))


@open_to(Role.STEWARD)
def steward(request: ViewerRequest) -> HttpResponseBase:
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
            now=request.now,
        )
        return HttpResponseRedirect(to(request, "training:steward"))
    context = {"form": form, "tracks": found, "letters": queries.letters_waiting(request.program, lang)}
    return render(request, "training/steward.html", context)


@open_to(Role.STEWARD)
def track_words(request: ViewerRequest, track: str) -> HttpResponseBase:
    """Write what a track is called, in one more language or anew."""
    found = queries.track_for_steward(request.program, track)
    if found is None:
        raise Http404
    given = {"title": words_in(found.texts.all(), lang_of(request)).title, "lang": lang_of(request)}
    posted = request.POST if request.method == "POST" else None
    form = TrackNameForm(posted, languages=languages_of(request), initial=given)
    if form.is_valid():
        actions.word_track(track=found, now=request.now, **form.cleaned_data)
        return HttpResponseRedirect(to(request, "training:steward"))
    return render(request, "training/track_words.html", {"form": form})


@open_to(Role.STEWARD)
def new_course(request: ViewerRequest, track: str) -> HttpResponseBase:
    """Write a course of a track, or add one that ships with the house."""
    found, now = queries.track_for_steward(request.program, track), request.now
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
def course(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Show a course with its lessons, sessions and materials."""
    return render(request, "training/course.html", {"page": course_of(request, course)})


@open_to(Role.STEWARD)
@require_POST
def offer(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Open a course to its people, on the record."""
    found = course_of(request, course)
    if found.may_be_offered:
        actions.offer_course(course=found.course, now=request.now)
    return to_course(request, course)


@open_to(Role.STEWARD)
def words(request: ViewerRequest, course: int) -> HttpResponseBase:
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
        actions.word_course(course=found.course, now=request.now, **form.cleaned_data)
        return to_course(request, course)
    return render(request, "training/words.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def write_letter(request: ViewerRequest, letter: int) -> HttpResponseBase:
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
            asked=asked, words=form.cleaned_data["words"], lang=lang_of(request), now=request.now
        )
        return HttpResponseRedirect(to(request, "training:steward"))
    return render(request, "training/letter_form.html", {"form": form, "asked": asked, "text": text})


@open_to(Role.STEWARD)
def new_lesson(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Write a lesson."""
    found = course_of(request, course)
    form = LessonForm(request.POST if request.method == "POST" else None, languages=languages_of(request))
    if form.is_valid():
        actions.write_lesson(
            course=found.course,
            words=_said(form),
            right=form.cleaned_data["right"],
            pass_mark=len(form.cleaned_data["right"]),
            now=request.now,
        )
        return to_course(request, course)
    return render(request, "training/lesson_form.html", {"form": form, "page": found, "is_new": True})


def _said(form: LessonForm) -> actions.LessonWords:
    typed = form.cleaned_data
    return actions.LessonWords(typed["lang"], typed["title"], typed["body"], typed["questions"])


@open_to(Role.STEWARD)
def edit_lesson(request: ViewerRequest, course: int, lesson: int) -> HttpResponseBase:
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
        actions.word_lesson(lesson=one, words=_said(form), right=right, now=request.now)
        return to_course(request, course)
    context = {"form": form, "page": found, "is_new": False, "texts": one.texts.all()}
    return render(request, "training/lesson_form.html", context)


@open_to(Role.STEWARD)
def new_material(request: ViewerRequest, course: int) -> HttpResponseBase:
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
            "now": request.now,
        }
        if typed["href"]:
            actions.add_link(**about, href=typed["href"])
        else:
            actions.add_file(**about, file_name=typed["file"].name[-120:], content=typed["file"].read())
        return to_course(request, course)
    return render(request, "training/material_form.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def new_session(request: ViewerRequest, course: int) -> HttpResponseBase:
    """Schedule a session."""
    found = course_of(request, course)
    form = SessionForm(request.POST if request.method == "POST" else None, languages=languages_of(request))
    if form.is_valid():
        actions.schedule_session(course=found.course, now=request.now, **form.cleaned_data)
        return to_course(request, course)
    return render(request, "training/session_form.html", {"form": form, "page": found})


@open_to(Role.STEWARD)
def attendance(request: ViewerRequest, course: int, session: int) -> HttpResponseBase:
    """Note who came to a session."""
    found = queries.session_for_steward(request.program, course, session, lang_of(request))
    if found is None:
        raise Http404
    people = queries.attenders(found[0], request.today)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.person.pk), one.called) for one in people],
        initial={"people": [one.person.pk for one in people if one.came]},
    )
    if form.is_valid():
        came = [one.person for one in people if one.person.pk in form.cleaned_data["people"]]
        actions.note_attendance(session=found[0], people=came, now=request.now)
        return to_course(request, course)
    return render(request, "training/attendance.html", {"form": form, "session": found[0], "text": found[1]})

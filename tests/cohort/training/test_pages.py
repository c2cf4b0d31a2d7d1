"""The pages of training: for everyone, for a lead, for staff, for the steward."""

import json
import re
from datetime import time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.training import actions
from alongside.cohort.training.models import Completion, Course, Part, Track, words_in
from alongside.ground.programs.queries import pack_of
from tests.cohort.training import cast

EN = "/riverbend/en"
PUBLIC, MINE, STEWARD = f"{EN}/training/", f"{EN}/training/mine/", f"{EN}/steward/training/"


def text_of(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def last_month(completion):
    """Move a completion into the month before, as if it had been made then."""
    Completion.objects.filter(pk=completion.pk).update(on=completion.on.replace(day=1) - timedelta(days=1))


def test_everyone_sees_tracks_and_ranges_and_no_person(site_client, db):
    thread = cast.program()
    course = cast.offered(thread)
    staff = cast.offered(thread, "welcome", "staff", cast.STAFF)
    last_month(cast.complete(thread, course, thread.first_lead.person))
    for one in cast.colleagues(thread, 12):
        last_month(cast.complete(thread, staff, one))

    text = text_of(site_client.get(PUBLIC))

    assert "Asking people safely" in text and "4 lessons · in 4 languages" in text
    assert "Completed by leads: fewer than 10 people" in text
    assert "Completed by City staff: 10 to 20 people" in text
    assert "Unit: 10 to 20 people" in text
    assert "first.lead" not in text and "12" not in re.sub(r"\b2\d{3}\b", "", text.split("How we count")[0])


def test_what_was_completed_this_month_does_not_show_yet(site_client, db):
    thread = cast.program()
    staff = cast.offered(thread, "welcome", "staff", cast.STAFF)
    for one in cast.colleagues(thread, 12):
        cast.complete(thread, staff, one)

    assert "Completed by City staff: fewer than 10 people" in text_of(site_client.get(PUBLIC))


def test_a_unit_below_k_is_not_named(site_client, db):
    thread = cast.program()
    staff = cast.offered(thread, "welcome", "staff", cast.STAFF)
    for one in cast.colleagues(thread, 9):
        last_month(cast.complete(thread, staff, one))

    text = text_of(site_client.get(PUBLIC))
    assert "fewer than 10 people" in text
    assert "Unit: " not in text


@pytest.mark.parametrize(
    ("who", "address", "count"), [("nobody", PUBLIC, 5), ("lead", MINE, 12), ("steward", STEWARD, 9)]
)
def test_three_tracks_take_as_many_queries_as_one(site_client, db, who, address, count):
    thread = cast.program()
    people = {"lead": thread.first_lead.person, "steward": thread.steward}
    if who in people:
        site_client.force_login(people[who])
    cast.offered(thread)
    one = queries_of(site_client, address)
    for slug in ("second", "third"):
        cast.complete(thread, cast.offered(thread, slug), thread.first_lead.person)

    assert (one, queries_of(site_client, address)) == (count, count)


def test_a_lead_reads_a_lesson_fails_and_passes(db):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]
    client, address = cast.as_(thread.first_lead.person), f"{EN}/training/lessons/{lesson.pk}/"

    assert "First, do no harm" in text_of(client.get(address))
    open_question = client.post(address, {"q0": lesson.right[0]})
    assert "Choose an answer: Can you see who is at risk when speaking?" in text_of(open_question)
    wrong = client.post(address, {"q0": 0, "q1": 1, "q2": lesson.right[2]})
    assert "Not yet. Look once more at the text: What protects people best?" in text_of(wrong)
    assert Part.objects.count() == 0

    done = client.post(address, {f"q{place}": one for place, one in enumerate(lesson.right)})
    assert done.url == address + "#done"
    assert "You have done this lesson" in text_of(client.get(address))
    assert f"{thread.first_lead.person.pk}" and Part.objects.get().person == thread.first_lead.person


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", "Primero, no hacer daño"), ("vi", "Trước hết, đừng gây hại"), ("ar", "أولًا، لا تُلحق ضررًا")],
)
def test_a_lesson_is_in_the_language_of_the_page_and_says_it_is_unreviewed(db, lang, words):
    thread = cast.program()
    lesson = cast.lessons_of(cast.offered(thread))[0]
    response = cast.as_(thread.first_lead.person).get(f"/riverbend/{lang}/training/lessons/{lesson.pk}/")

    assert words in text_of(response)
    assert words_in(response.context["lesson"].texts, lang)["is_reviewed"] is False


def test_staff_read_what_leads_learn_and_do_their_own(db):
    thread = cast.program()
    leads = cast.lessons_of(cast.offered(thread))[0]
    own = cast.lessons_of(cast.offered(thread, "welcome", "staff", cast.STAFF))[0]
    client = cast.as_(thread.staff)

    text = text_of(client.get(MINE))
    assert (
        text.index("Working with communities")
        < text.index("What your leads learn")
        < text.index("Asking people safely")
    )
    answers = {f"q{place}": one for place, one in enumerate(leads.right)}
    assert "A short check" not in text_of(client.get(f"{EN}/training/lessons/{leads.pk}/"))
    client.post(f"{EN}/training/lessons/{leads.pk}/", answers)
    assert Part.objects.count() == 0
    client.post(f"{EN}/training/lessons/{own.pk}/", {f"q{place}": one for place, one in enumerate(own.right)})
    assert Part.objects.get().lesson == own


def test_a_lesson_is_not_for_everyone(site_client, db):
    thread = cast.program()
    staff = cast.lessons_of(cast.offered(thread, "welcome", "staff", cast.STAFF))[0]
    hidden = actions.add_shipped(track=cast.track(thread), name=cast.SAFE, now=thread.now)

    assert site_client.get(f"{EN}/training/lessons/{staff.pk}/").status_code == 403
    lead = cast.as_(thread.first_lead.person)
    assert lead.get(f"{EN}/training/lessons/{staff.pk}/").status_code == 404
    assert lead.get(f"{EN}/training/lessons/{cast.lessons_of(hidden)[0].pk}/").status_code == 404


def papers_of(thread):
    completion = cast.complete(thread, cast.offered(thread), thread.first_lead.person)
    return cast.as_(thread.first_lead.person), f"{EN}/training/papers/{completion.pk}/"


def test_papers_belong_to_their_owner(db):
    thread = cast.program()
    _client, papers = papers_of(thread)
    other, steward = cast.as_(thread.second_lead.person), cast.as_(thread.steward)

    for end in ("", "certificate/", "letter/", "credential.json"):
        assert (other.get(papers + end).status_code, steward.get(papers + end).status_code) == (404, 404)
    for end in ("proof/", "ask-letter/", "issue/"):
        assert other.post(papers + end).status_code == 404


def test_no_paper_and_no_count_says_that_somebody_did_a_course_that_came_later(db):
    thread = cast.program()
    first = cast.offered(thread)
    done = cast.complete(thread, first, thread.first_lead.person)
    later = actions.add_shipped(track=first.track, name=cast.STAFF, now=thread.now)
    actions.offer_course(course=later, now=thread.now)
    later.refresh_from_db()
    page = cast.as_(thread.first_lead.person).get(f"{EN}/training/papers/{done.pk}/certificate/")
    assert (first.text["title"] in text_of(page), later.text["title"] in text_of(page)) == (True, False)
    signed = actions.issue_credential(completion=done, lang="en", with_mail=False, now=thread.now).credential
    assert (first.text["title"] in str(signed), later.text["title"] in str(signed)) == (True, False)
    cohort = thread.first_lead.cohort
    over = thread.later((cohort.until_date - thread.now.date()).days + 1).now
    actions.tell_completed(cohort=cohort, track=first.track, pack=pack_of(thread.program), now=over)
    told = [one.cites["courses"] for one in thread.log.every("training.completed")]
    assert told and all(one == (first.entry,) or list(one) == [first.entry] for one in told)


def test_the_proof_is_opened_and_closed_by_its_owner_and_names_nobody(site_client, db):
    thread = cast.program()
    client, papers = papers_of(thread)
    assert 'class="qr"' not in client.get(papers + "certificate/").content.decode()

    client.post(papers + "proof/")
    page = client.get(papers + "certificate/")
    address = page.context["address"].removeprefix("http://testserver")
    assert 'class="qr"' in page.content.decode() and len(address.split("/")[-2]) == 32

    proof = site_client.get(address)
    assert "Someone who holds this paper completed a track of training" in text_of(proof)
    assert "Track privacy" in text_of(proof) and f"{thread.now:%B %Y}" in text_of(proof)
    assert proof["Cache-Control"] == "no-store"
    person = thread.first_lead.person
    assert [one for one in (person.called, person.email) if one in text_of(proof)] == []
    assert str(thread.now.day) not in text_of(proof).replace(f"{thread.now:%Y}", "")

    client.post(papers + "proof/")
    closed = site_client.get(address)
    assert (closed.status_code, "Someone who holds" in text_of(closed)) == (404, False)
    client.post(papers + "proof/")
    again = client.get(papers + "certificate/").context["address"]
    assert address not in again
    assert site_client.get(address).status_code == 404


def test_a_proof_of_one_program_is_none_of_another(site_client, db):
    thread = cast.program()
    client, papers = papers_of(thread)
    client.post(papers + "proof/")
    address = client.get(papers + "certificate/").context["address"].removeprefix("http://testserver")
    from tests.support.thread import Thread

    Thread(now=thread.now).open_program(slug="hillside")

    assert site_client.get(address.replace("riverbend", "hillside")).status_code == 404


def test_a_letter_is_asked_for_written_and_printed(db):
    thread = cast.program()
    client, papers = papers_of(thread)
    assert client.get(papers + "letter/").status_code == 404
    client.post(papers + "ask-letter/", {"wish": "For a job"})

    steward = cast.as_(thread.steward)
    assert "Letters people asked for" in text_of(steward.get(STEWARD))
    (found,) = re.findall(r"/steward/training/letters/(\d+)/", steward.get(STEWARD).content.decode())
    page = f"{STEWARD}letters/{found}/"
    assert "They wish: For a job" in text_of(steward.get(page))
    assert "Fill in: The letter" in text_of(steward.post(page, {"words": ""}))
    steward.post(page, {"words": "They led three meetings.\n\nWe thank them."})

    assert "They led three meetings." in text_of(client.get(papers + "letter/"))
    assert Completion.objects.exclude(written_on=None).count() == 1
    assert "Letters people asked for" not in text_of(steward.get(STEWARD))


def test_the_credential_is_made_and_downloaded(db):
    thread = cast.program()
    client, papers = papers_of(thread)
    assert client.get(papers + "credential.json").status_code == 404
    client.post(papers + "issue/")

    response = client.get(papers + "credential.json")

    document = json.loads(response.content)
    assert document["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert "identifier" not in document["credentialSubject"]
    assert response["Content-Disposition"] == 'attachment; filename="privacy.credential.json"'


def test_what_waits_about_training_stands_on_the_stewards_desk(db):
    thread = cast.program()
    client, papers = papers_of(thread)
    steward, desk = cast.as_(thread.steward), f"{EN}/steward/"
    course = Course.objects.get()
    actions.schedule_session(
        course=course,
        on=thread.now.date() - timedelta(days=3),
        starts=time(18),
        ends=time(20),
        where="The hall",
        lang="en",
        now=thread.now,
    )
    assert "Write a letter" not in text_of(steward.get(desk))

    client.post(papers + "ask-letter/", {"wish": ""})

    text = text_of(steward.get(desk))
    assert "Write a letter about a training: Track privacy" in text
    assert "Note who came: Asking people safely" in text
    session = course.sessions.get()
    actions.note_attendance(session=session, people=[thread.first_lead.person], now=thread.now)
    assert "Note who came" not in text_of(steward.get(desk))


LESSON = {
    "title": "Power",
    "body": "Who holds it.\n\n- One\n- Two",
    "lang": "en",
    "ask0": "Who decides?",
    "choices0": "Nobody\n* The council",
}


def test_the_steward_writes_a_course_and_opens_it(db):
    thread = cast.program()
    client = cast.as_(thread.steward)
    client.post(STEWARD, {"title": "Power mapping", "audience": "leads"})
    assert Track.objects.get().slug == "power-mapping"
    sent = {
        "title": "Who holds power",
        "about": "To see it.",
        "lang": "en",
        "sessions_needed": 0,
        "write": "1",
    }
    page = client.post(f"{STEWARD}power-mapping/new/", sent).url
    assert "Only you see this course. Write a lesson" in text_of(client.get(page))
    client.post(page + "lessons/new/", LESSON)
    assert cast.as_(thread.first_lead.person).get(MINE).context["tracks"] == []

    client.post(page + "offer/")
    client.post(page + "offer/")

    lead = cast.as_(thread.first_lead.person)
    course = Course.objects.get()
    lesson = cast.lessons_of(course)[0]
    assert (lesson.right, lesson.pass_mark) == ([1], 1)
    shown = lead.get(f"{EN}/training/lessons/{lesson.pk}/").content.decode()
    assert "<ul><li>One</li><li>Two</li></ul>" in shown
    assert lead.post(f"{EN}/training/lessons/{lesson.pk}/", {"q0": 1}).status_code == 302
    assert Completion.objects.get().track.slug == "power-mapping"


@pytest.mark.parametrize(
    ("more", "cure"),
    [
        ({"choices0": "Nobody\nThe council"}, "a * before the one right one"),
        ({"choices0": "* Nobody\n* The council"}, "a * before the one right one"),
        ({"choices0": "* Nobody"}, "Write at least two choices"),
        ({"ask0": ""}, "Write the question that these choices answer."),
    ],
)
def test_a_check_without_one_right_choice_is_refused(db, more, cure):
    thread = cast.program()
    course = cast.offered(thread)

    page = cast.as_(thread.steward).post(f"{STEWARD}courses/{course.pk}/lessons/new/", LESSON | more)

    assert cure in text_of(page)
    assert course.lessons.count() == 4


def test_the_steward_reviews_a_translation_with_the_same_check(db):
    thread = cast.program()
    course = cast.offered(thread)
    lesson = cast.lessons_of(course)[0]
    client, page = cast.as_(thread.steward), f"{STEWARD}courses/{course.pk}/lessons/{lesson.pk}/?in=es"
    given = client.get(page).context["form"].initial
    assert given["title"] == "Primero, no hacer daño"

    other = given | {"choices0": "* Una\nDos\nTres"}
    assert "A translation has the same questions as the original" in text_of(client.post(page, other))
    assert client.post(page, given | {"title": "Ante todo, no dañar"}).status_code == 302

    lesson.refresh_from_db()
    text = words_in(lesson.texts, "es")
    assert (text["title"], text["is_reviewed"], text["made_by"]) == ("Ante todo, no dañar", True, "person")
    assert (lesson.right, lesson.pass_mark) == ([1, 0, 1], 2)


def test_the_steward_names_a_track_in_one_more_language(db):
    thread = cast.program()
    cast.offered(thread)
    client, page = cast.as_(thread.steward), f"{STEWARD}privacy/words/"

    assert client.post(page, {"title": "", "lang": "vi"}).status_code == 200
    assert client.post(page, {"title": "Quyền riêng tư", "lang": "vi"}).url == STEWARD

    assert "Quyền riêng tư" in text_of(client.get("/riverbend/vi/training/"))
    assert "Track privacy" in text_of(client.get(PUBLIC))
    assert cast.as_(thread.first_lead.person).get(page).status_code == 403


def test_the_steward_schedules_a_session_and_notes_who_came(db):
    thread = cast.program()
    course = cast.offered(thread)
    client, page = cast.as_(thread.steward), f"{STEWARD}courses/{course.pk}/"
    sent = {"on": thread.now.date(), "starts": "18:00", "ends": "17:00", "where": "The hall", "lang": "en"}
    assert "The end lies before the beginning" in text_of(client.post(page + "sessions/new/", sent))
    client.post(page + "sessions/new/", sent | {"ends": "20:00"})
    session = course.sessions.get()

    client.post(f"{page}sessions/{session.pk}/", {"people": [thread.first_lead.person.pk]})

    assert [one.person for one in session.attended.all()] == [thread.first_lead.person]
    response = client.post(f"{page}sessions/{session.pk}/", {"people": [thread.staff.pk]})
    assert response.status_code == 200, "Staff do not attend what is for leads."
    assert "The hall" in text_of(cast.as_(thread.first_lead.person).get(MINE))


def test_a_link_and_a_file_can_be_taken_along(db):
    from django.core.files.uploadedfile import SimpleUploadedFile

    thread = cast.program()
    course = cast.offered(thread)
    client, page = cast.as_(thread.steward), f"{STEWARD}courses/{course.pk}/materials/new/"
    bad = {"title": "Sheet", "lang": "en", "href": "javascript:alert(1)"}
    assert client.post(page, bad).status_code == 200
    big = SimpleUploadedFile("a.pdf", b"x" * (401 * 1024))
    assert "larger than 400 KB" in text_of(client.post(page, {"title": "Big", "lang": "en", "file": big}))
    page_as_file = SimpleUploadedFile("a.html", b"<script>")
    assert "Use one of these kinds" in text_of(
        client.post(page, {"title": "Page", "lang": "en", "file": page_as_file})
    )
    assert "Give either a link or a file." in text_of(client.post(page, {"title": "None", "lang": "en"}))
    assert course.materials.count() == 0

    client.post(page, {"title": "Sheet", "lang": "en", "href": "https://example.org/sheet"})
    client.post(page, {"title": "Paper", "lang": "en", "file": SimpleUploadedFile("Ana's.pdf", b"%PDF")})

    lead = cast.as_(thread.first_lead.person)
    assert 'href="https://example.org/sheet"' in lead.get(MINE).content.decode()
    file = course.materials.get(title="Paper")
    response = lead.get(f"{EN}/training/materials/{file.pk}/")
    assert (response.content, response["Content-Disposition"]) == (
        b"%PDF",
        f'attachment; filename="material-{file.pk}.pdf"',
    )

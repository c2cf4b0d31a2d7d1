"""Pages of consultations: the brief, material in versions, comments of the leads, advice, answers, the change list."""

import hashlib
import html
import re
from datetime import UTC, date, datetime, time, timedelta
from time import thread_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.seats import actions as seats
from alongside.core.clocks import local_date, plus_months
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.ground.programs import actions as programs
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from alongside.work.consultations import actions, queries
from alongside.work.consultations.forms import CommentForm
from alongside.work.consultations.models import Comment, Version
from alongside.work.consultations.queries import Sheet
from tests.core.test_materials import CANARY as MAKER
from tests.core.test_materials import pdf
from tests.promises.attempts import as_
from tests.support.outbox import send_out
from tests.support.thread import Thread
from tests.work.consultations.cast import CANARY, RENAMED, SLUG, TABLE, WORDS, Review

pytestmark = pytest.mark.django_db
BASE = "/riverbend/en/consultations/"
PAGE = f"{BASE}{SLUG}/"
OTHERS = "/riverbend/en/my-desk/"
FIRST = f"{PAGE}materials/columns/1/"


def words_of(reply) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


@pytest.mark.parametrize("how", ["left", "suspended", "sits again", "works for the City"])
def test_whoever_wrote_a_comment_takes_it_back_from_whatever_seat_they_had(how):
    review = Review()
    said, lead, now = review.say(), as_(review.lead.person), review.now
    there = f"{PAGE}comments/{said.pk}/take-back/"
    if how == "suspended":
        seats.suspend_seat(seat=review.lead, ground="Case 7", now=now)
    else:
        seats.leave_seat(seat=review.lead, on=review.day, reason="", now=now)
    if how == "sits again":
        cohort = review.thread.seat_cohort("next", review.day, review.day + timedelta(days=90))
        review.thread.seat(review.lead.person, cohort, from_date=review.day)
    if how == "works for the City":
        given = {"program": review.program, "post": "permits-desk/manager", "from_date": review.day}
        programs.take_up(post=programs.give_post(person=review.lead.person, **given), today=review.day)
    listed = f"{PAGE}comments/" if how == "sits again" else OTHERS
    page = lead.get(listed).content.decode()
    assert (CANARY in page, f'action="{there}"' in page) == (True, True)
    assert as_(review.other.person).post(there).status_code == 404
    went = lead.post(there)

    assert (went.status_code, went.url.partition("#")[0]) == (302, listed)
    said.refresh_from_db()
    assert (said.taken_back_on, CANARY in said.words, said.may_quote) == (review.day, False, False)
    assert CANARY not in lead.get(listed, follow=True).content.decode()


def brief(review, **other):
    """Give what staff type for a brief."""
    return {
        **WORDS,
        "title": "Another register",
        "of": "dataset",
        "project": f"{review.project.slug}:{review.thread.unit.slug}",
        "office": review.office,
        "advice_by": (review.day + timedelta(days=10)).isoformat(),
        "answer_by": (review.day + timedelta(days=30)).isoformat(),
        "shown": review.project.slug,
        **other,
    }


def looked(staff, address, sent):
    """Send a table, look at it, tick the box, and send what the page kept of it."""
    asked = staff.post(address, sent).content.decode()
    kept = re.search(r'<textarea name="kept" hidden>\n(.*?)</textarea>', asked, re.DOTALL)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', asked)
    assert kept is not None
    assert seen is not None
    again = {name: value for name, value in sent.items() if name != "file"}
    confirmed = {"kept": html.unescape(kept[1]).replace("\n", "\r\n"), "seen": seen[1], "looked": "yes"}
    return staff.post(address, again | confirmed, follow=True)


def test_a_table_with_names_and_emails_is_not_public_before_someone_looked_at_it():
    review = Review()
    staff = as_(review.thread.staff)
    staff.post(f"{BASE}new/", brief(review))
    address = f"{BASE}another-register/materials/new/"
    table = b"Name,Contact,Purpose\nAna Ruiz,ana@example.org,Sorting calls\n"
    before = Version.objects.count()

    def send(**more):
        file = SimpleUploadedFile("people.csv", table)
        return staff.post(address, {"title": "People", "file": file, "lang": "en", **more})

    first = send()
    asked = words_of(first)
    assert asked.count("Nothing is public yet.") == 1
    assert '<a href="#id_looked">Nothing is public yet' in first.content.decode()
    assert re.search("These columns look like they are about people: Name ?, Contact", asked)
    assert "Ana Ruiz" in asked
    send(looked="yes", seen="0" * 64)
    send(looked="yes", seen=hashlib.sha256(b"another table").hexdigest())
    own = re.search(r'name="seen" value="([0-9a-f]{64})"', send().content.decode())
    assert own is not None
    again = send(looked="yes", seen=own[1]).content.decode()
    assert again.count("Nothing is public yet.") == 1
    assert re.search(r'<a href="#id_nobody-0">Nothing is public yet', again)
    assert 'id="id_nobody-0"' in again
    assert "The column “Name” tells nobody who a person is." in again
    assert "Nothing is public yet." in words_of(send(looked="yes", seen=own[1], **{"nobody-0": "yes"}))
    pasted = {"title": "People", "page": "a\tb\n1\t2\n3\t4\n", "lang": "en"}
    assert "Nothing is public yet." in words_of(staff.post(address, pasted))
    by_commas = 'name,email\n"Ruiz, Ana",ana@example.org\nBo,bo@example.org\n'
    assert "Nothing is public yet." in words_of(staff.post(address, pasted | {"page": by_commas}))
    file = SimpleUploadedFile("people.txt", by_commas.encode())
    read = words_of(staff.post(address, {"title": "People", "file": file, "lang": "en"}))
    assert re.search("look like they are about people: name ?, email", read)
    assert Version.objects.count() == before

    told = looked(
        staff, address, {"title": "People", "file": SimpleUploadedFile("p.csv", TABLE), "lang": "en"}
    )
    assert told.redirect_chain == [(f"{BASE}another-register/materials/people/1/", 302)]
    assert Version.objects.count() == before + 1


def test_staff_freeze_a_brief_and_bring_a_file_and_the_public_reads_both():
    review = Review()
    staff = as_(review.thread.staff)
    reply = staff.post(f"{BASE}new/", brief(review), follow=True)
    assert reply.redirect_chain == [(f"{BASE}another-register/materials/new/", 302)]
    file = SimpleUploadedFile("columns.csv", TABLE)
    sent = {"title": "The columns", "file": file, "lang": "en"}
    reply = looked(staff, f"{BASE}another-register/materials/new/", sent)
    assert reply.redirect_chain == [(f"{BASE}another-register/materials/the-columns/1/", 302)]
    page = words_of(as_(None).get(f"{BASE}another-register/"))
    assert [
        one for one in (*WORDS.values(), "Another register", "The columns", "version 1") if one not in page
    ] == [WORDS["title"]]
    table = words_of(as_(None).get(f"{BASE}another-register/materials/the-columns/1/"))
    assert [one for one in ("hi_appeal_process", "Sorting calls", "none") if one not in table] == []


@pytest.mark.parametrize(
    ("other", "cure"),
    [
        ({"answer_by": "2020-01-01"}, "Choose a day after the advice is due."),
        ({"answer_by": "9999-12-31"}, "Answers come within 2 years of the advice; name a nearer day."),
        ({"advice_by": "2020-01-01"}, "This day has passed; choose today or a later day."),
        ({"office": ""}, "Which office will answer?"),
        ({"of": "person"}, "Select a valid choice"),
    ],
)
def test_a_brief_that_lacks_something_is_told_its_cure(other, cure):
    review = Review()
    before = LogEntry.objects.count()
    assert cure in words_of(as_(review.thread.staff).post(f"{BASE}new/", brief(review, **other)))
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize(
    ("sent", "cure"),
    [
        ({}, "Give one of the three"),
        ({"page": "Words", "link": "https://alongside.example/"}, "Give one of the three"),
        ({"file": SimpleUploadedFile("a.csv", b"PK\x03\x04")}, "Save it as PDF or CSV."),
        (
            {"file": SimpleUploadedFile("a.pdf", b"MZ\x00")},
            "This file is not of a kind that can be shown here.",
        ),
    ],
)
def test_what_cannot_be_reviewed_is_refused_with_its_cure(sent, cure):
    review = Review()
    for file in sent.values():
        if hasattr(file, "seek"):
            file.seek(0)
    reply = as_(review.thread.staff).post(f"{PAGE}materials/new/", {"title": "It", "lang": "en", **sent})
    assert cure in words_of(reply)
    assert Version.objects.count() == 0


def test_files_for_review_have_a_quota_and_leave_voices_their_room(monkeypatch, request):
    review = Review()
    held = len(review.bring().data)

    def bring():
        sent = {"title": "It", "page": "Words", "lang": "en"}
        return words_of(as_(review.thread.staff).post(f"{PAGE}materials/new/", sent))

    with monkeypatch.context() as soon:
        soon.setattr(actions, "MOST_REVIEWED", held + 4)
        assert "The files of one review may hold 0 megabytes together. Give a link instead." in bring()
    request.getfixturevalue("full_disk")
    assert "There is no room for this file right now." in bring()
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [(b"a.b-\n" * 1_000, True), (b"a.b-\n" * 1_001, False), (b"a_" * 30_000, True), (b"a_" * 30_001, False)],
)
def test_a_form_is_no_longer_than_its_questions_are_checked_in_a_breath(text, is_taken):
    review = Review(of="form")
    if not is_taken:
        with pytest.raises(Refused, match="Bring a longer one in parts"):
            review.bring(text, "form.txt")
        return
    version, pack = review.bring(text, "form.txt"), pack_of(review.program)
    began = thread_time()
    queries.checked(version, Sheet("text", text.decode()), pack, "en", "form")
    assert thread_time() - began < 3
    assert Review(thread=review.thread, slug="as-data").bring(text * 2, "form.txt"), "no questions are asked"


def test_a_file_is_no_ones_it_is_kept_clean_and_nothing_in_it_runs():
    review = Review()
    as_(review.thread.staff).post(
        f"{PAGE}materials/new/",
        {"title": "Columns", "lang": "en", "file": SimpleUploadedFile("who.pdf", pdf())},
    )
    salt = bytes(Version.objects.get().salt)
    replies = [as_(one).get(f"{FIRST}file") for one in (None, review.thread.boss, review.lead.person)]
    bodies = {reply.content for reply in replies}
    assert len(bodies) == 1
    (body,) = bodies
    assert MAKER.encode() not in body
    told = LogEntry.objects.get(kind="material.entered")
    assert hashlib.sha256(salt + body).hexdigest() in bytes(told.raw).decode()
    for reply in replies:
        assert reply["Content-Disposition"] == 'attachment; filename="columns-1.pdf"'
        assert reply["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert (reply.cookies, reply.wsgi_request.viewer.person_id) == ({}, None)


def test_the_words_of_a_table_are_never_markup():
    review = Review()
    review.bring(b"<script>alert(1)</script>,b\n<img src=x>,2\n")
    page = as_(None).get(FIRST).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_lead_comments_on_a_column_and_the_comment_keeps_its_version():
    review = Review()
    review.bring()
    lead = as_(review.lead.person)
    page = lead.get(f"{FIRST}review/?column=3").content.decode()
    assert '<option value="3" selected>3. hi_appeal_process</option>' in page
    lead.post(f"{FIRST}review/", {"column": "3", "words": "Say how to appeal.", "may_quote": "on"})
    review.bring(RENAMED)
    there = words_of(lead.get(f"{FIRST}review/"))
    later = words_of(lead.get(f"{PAGE}materials/columns/2/review/"))
    assert "The column \u2068“hi_appeal_process”\u2069, version 1" in there
    gone = "This place is not in the version you are looking at."
    assert (gone in there, gone in later) == (False, True)


def test_a_lead_comments_on_words_and_is_told_where_they_are_not():
    review = Review()
    review.bring(b"We keep it for a year.\n\nWe sell nothing.\n", "policy.txt", "policy")
    lead = as_(review.lead.person)
    address = f"{PAGE}materials/policy/1/review/"
    assert "We sell nothing.</textarea>" in lead.get(f"{address}?paragraph=2").content.decode()
    refused = lead.post(address, {"quote": "We sell everything.", "words": "No."})
    assert "These words are not in this version." in words_of(refused)
    lead.post(address, {"quote": "for a  year", "words": "Thirty days will do."})
    assert Comment.objects.get().anchor["exact"] == "for a year"


def test_a_thread_grows_and_a_lead_takes_words_back():
    review = Review()
    said = review.say("One thing", seat=review.other)
    lead = as_(review.lead.person)
    lead.post(f"{PAGE}comments/{said.pk}/reply/", {"words": "And another"})
    mine = Comment.objects.get(parent=said)
    assert lead.post(f"{PAGE}comments/{said.pk}/take-back/").status_code == 404
    lead.post(f"{PAGE}comments/{mine.pk}/take-back/")
    page = words_of(lead.get(f"{PAGE}comments/"))
    assert ("One thing" in page, "And another" in page, "Withdrawn by the lead" in page) == (
        True,
        False,
        True,
    )
    assert Comment.objects.get(pk=mine.pk).words == actions.GONE


def test_the_guide_of_a_dataset_has_the_seven_headings_and_answers_become_comments():
    review = Review()
    lead = as_(review.lead.person)
    page = lead.get(f"{PAGE}guide/").content.decode()
    assert page.count("<textarea") == 7
    assert "Write under one heading at least." in words_of(lead.post(f"{PAGE}guide/", {}))
    lead.post(f"{PAGE}guide/", {"collection": "Nobody was asked.", "uses": "Never for policing."})
    assert sorted(Comment.objects.values_list("heading", flat=True)) == ["collection", "uses"]


def test_the_guide_of_an_algorithm_asks_what_a_person_is_told_how_to_appeal_and_who_decides():
    page = words_of(as_(Review(of="algorithm").lead.person).get(f"{PAGE}guide/"))
    asked = ("What the person should know", "How to appeal", "Who decides in the end")
    assert [one for one in asked if one not in page] == []


def test_a_form_is_read_for_forbidden_topics_and_for_how_hard_it_is():
    review = Review(of="form")
    text = b"Are you a United States citizen?\n\nHow often do you take the bus, and what would make you ride it more often than you do now?\n"
    review.bring(text, "survey.txt", "survey")
    page = words_of(as_(review.lead.person).get(f"{PAGE}materials/survey/1/review/"))
    assert "It asks about things that this program never asks:" in page
    assert "citizen" in page
    assert re.search(r"Reading grade \d", page)


def test_advice_is_quoted_answered_and_told_in_the_change_list():
    review = Review()
    version = review.bring()
    said = review.say("Say how to appeal.", version=version, column=3, seat=review.other)
    advice, first, second, third = review.advise(said, points=3)
    thread: Thread = review.thread
    today = review.day
    done = [("The column is renamed.", "")]
    thread.answer(first, "changed", milestones=done, owner=review.office, evidence="See version 2.")
    thread.answer(second, "accepted")
    thread.answer(third, "declined", reasons="State law sets this name.")
    page = words_of(as_(None).get(f"{PAGE}changes/"))
    outcomes = (
        "Changed",
        "Will change by",
        "Not changed",
        "State law sets this name.",
        "Two leads have not looked yet.",
    )
    quoted = f"Lead (place {review.other.public_id[5:9]})"
    assert [one for one in (*outcomes, quoted, "Say how to appeal.") if one not in page] == []
    assert first.data["answer_due"] == (today + timedelta(days=50)).isoformat()
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["ask.advised"] == 3
    assert advice.data["comments"] == [
        {"id": f"comment-{said.pk}", "seat": review.other.public_id, "material": version.entry}
    ]


def test_the_unit_answers_a_point_in_the_words_of_a_change_list():
    review = Review()
    point = review.advise()[1]
    page = as_(review.thread.boss).get(f"/riverbend/en/answers/{point.index}/").content.decode()
    assert [
        one
        for one in (
            "Accepted: it is changed",
            "Accepted: it will change by a day",
            "Declined: it is not changed, and why",
        )
        if one not in page
    ] == []
    sent = {
        "decision": "changed",
        "reasons": "You are right.",
        "owner": review.office,
        "evidence": "Version 2.",
        "milestone_1": "It is renamed.",
        "sign": "1",
    }
    as_(review.thread.boss).post(f"/riverbend/en/answers/{point.index}/", sent)
    assert send_out(review.thread.program) == 1
    kinds = list(LogEntry.objects.order_by("-index").values_list("kind", flat=True)[:3])
    assert kinds == ["delivery.claimed", "commitment.made", "answer.given"]


def test_what_leads_wrote_on_the_advice_page_is_on_the_record_at_once():
    review = Review()
    said = review.say("Quote me.", seat=review.other)
    review.say("Do not.", seat=review.other, may_quote=False)
    lead = as_(review.lead.person)
    page = lead.get(f"{PAGE}advise/").content.decode()
    assert ("Quote me." in page, "Do not." in page) == (True, False)
    empty = lead.post(f"{PAGE}advise/", {"advice": "Change it."})
    assert "Write one point at least" in words_of(empty)
    sent = {
        "advice": "Change it.",
        "comments": [str(said.pk)],
        "title_1": "Rename it",
        "ask_1": "Call it what it is.",
    }
    assert lead.post(f"{PAGE}advise/", sent).headers["Location"] == f"{PAGE}changes/?done=recorded"
    sent = {"advice": "Leave it.", "smaller": "on", "title_1": "Leave it", "ask_1": "It is known."}
    lead.post(f"{PAGE}advise/", sent)
    page = words_of(as_(None).get(f"{PAGE}changes/"))
    assert [
        one for one in ("Change it.", "What a smaller group of leads advised", "Leave it.") if one not in page
    ] == []


def test_advice_may_look_at_answers_of_the_city_on_its_own_project_and_at_no_other():
    review = Review()
    lead, answers = as_(review.lead.person), "Which answers of the City does it look at?"
    other = Review(slug="other", thread=review.thread)
    (elsewhere,) = review.thread.answer(other.advise()[1], "declined")
    none = words_of(lead.get(f"{PAGE}advise/"))
    point = review.advise()[1]
    (first,) = review.thread.answer(point, "declined")
    sent = {"advice": "Look again.", "title_1": "Say a day", "ask_1": "Name it."}

    page = lead.get(f"{PAGE}advise/")
    stray = words_of(lead.post(f"{PAGE}advise/", sent | {"answers": [str(elsewhere.index)]}))
    told = LogEntry.objects.filter(kind="advice.published").count()
    lead.post(f"{PAGE}advise/", sent | {"answers": [str(first.index)]})

    assert (answers in none, answers in words_of(page)) == (False, True)
    offered = re.findall(r'name="answers" value="(\d+)"', page.content.decode())
    assert (offered, "Rename column 1 (" in words_of(page)) == ([str(first.index)], True)
    assert (told, "not one of the available choices" in stray) == (2, True)
    entries = check_log(review.thread.entries(), origin=review.thread.program.origin).kinds
    cites = LogEntry.objects.filter(kind="advice.published").latest("index")
    assert (entries["advice.published"], f'"answer":[{first.index}]' in bytes(cites.raw).decode()) == (
        3,
        True,
    )
    changes = as_(None).get(f"{PAGE}changes/").content.decode()
    assert words_of(as_(None).get(f"{PAGE}changes/")).count("Look again.") == 1
    assert f'Based on <a href="/riverbend/en/record/{first.index}/"' in changes


def test_words_that_no_lead_wrote_are_quoted_by_nobody_and_the_room_says_so():
    review = Review()
    mine, theirs = (
        review.say("Leave the map."),
        review.say("I fear for my job.", seat=review.other, may_quote=False),
    )
    review.say("So do I.", seat=review.other, parent=mine)
    Comment.objects.filter(seat=review.other).update(words="All is well.", may_quote=True)
    before = review.thread.entries()

    with pytest.raises(Refused, match="cannot tell any more that this lead wrote"):
        review.advise(Comment.objects.get(pk=theirs.pk))
    assert review.thread.entries() == before
    page = words_of(as_(review.lead.person).get(f"{PAGE}advise/"))
    assert ("Leave the map." in page, "All is well." in page) == (True, False)
    room = words_of(as_(review.lead.person).get(f"{PAGE}comments/"))
    assert room.count("All is well.") == 2
    assert (
        room.count(
            "This site cannot tell any more that a lead wrote these words, so advice does not quote them. If they are yours, write them again."
        )
        == 2
    )
    assert room.count("Advice may quote it.") == 1


@pytest.mark.parametrize(
    ("attempt", "refusal", "why"),
    [
        (
            lambda review: review.advise(review.say(may_quote=False)),
            Refused,
            "did not agree to be quoted",
        ),
        (
            lambda review: review.advise(seat=review.lead, driving=(0, "q1")),
            GrammarError,
            "cite workplan.proposed",
        ),
        (
            lambda review: (
                review.advise(points=0)
                and review.thread.enter(
                    "ask.advised",
                    [review.other.public_id],
                    {"office": review.office, "ack_due": "2026-01-01", "answer_due": "2026-01-02"},
                )
            ),
            GrammarError,
            "cites 0 entries as advice; cite 1",
        ),
    ],
)
def test_advice_that_breaks_a_rule_is_refused(attempt, refusal, why):
    review = Review()
    with pytest.raises(refusal, match=why):
        attempt(review)


def test_a_consultation_that_was_taken_back_takes_no_material_and_still_takes_advice():
    review = Review()
    point = review.advise()[1]
    as_(review.thread.staff).post(f"{PAGE}take-back/", {"reason": "The register is not bought."})
    page = words_of(as_(review.lead.person).get(PAGE))
    assert ("The register is not bought." in page, "Write the advice" in page) == (True, True)
    assert as_(review.lead.person).get(f"{PAGE}advise/").status_code == 200
    with pytest.raises(GrammarError):
        review.bring()
    assert as_(review.thread.boss).get(f"/riverbend/en/answers/{point.index}/").status_code == 200


@pytest.mark.parametrize(
    ("address", "who"),
    [
        (BASE, "nobody"),
        (PAGE, "nobody"),
        (f"{PAGE}comments/", "lead"),
        (f"{FIRST}review/", "lead"),
        (f"{PAGE}changes/", "nobody"),
    ],
)
def test_a_page_asks_as_often_with_three_rows_as_with_one(address, who):
    review = Review()
    version = review.bring()
    review.say(version=version, column=1)
    review.advise()
    client = as_(review.lead.person if who == "lead" else None)
    counts = []
    for more in (0, 2):
        for place in range(more):
            other = Review(slug=f"more-{place}", thread=review.thread)
            other.bring()
            review.bring(TABLE, material=f"m{place}")
            review.say(version=version, column=2)
            review.advise()
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_no_city_role_is_shown_or_told_a_comment():
    review = Review()
    review.say(version=review.bring(), column=1)
    people = (None, review.thread.staff, review.thread.boss, review.thread.steward)
    for address in (f"{PAGE}comments/", f"{FIRST}review/", f"{PAGE}guide/", f"{PAGE}advise/"):
        for person in people:
            reply = as_(person).get(address)
            assert reply.status_code in {302, 403, 404}, (address, person)
            assert CANARY not in reply.content.decode()


def test_asking_again_what_has_no_answer_needs_a_reason_that_is_public():
    review = Review()
    point = review.advise()[1]
    staff = as_(review.thread.staff)
    page = words_of(staff.get(f"{BASE}new/?project={review.project.slug}:{review.thread.unit.slug}"))
    assert "Rename column 1" in page
    before = LogEntry.objects.count()
    refused = words_of(staff.post(f"{BASE}new/", brief(review)))
    assert "Say why you ask again; the reason is public." in refused
    assert LogEntry.objects.count() == before
    staff.post(f"{BASE}new/", brief(review, asked_again="The first answer is not due, and the list grew."))
    page = words_of(as_(None).get(f"{BASE}another-register/"))
    assert "The first answer is not due, and the list grew." in page
    told = LogEntry.objects.filter(kind="consultation.opened").order_by("-index")[0]
    assert str(point.index) in bytes(told.raw).decode().split('"before":[')[1].split("]")[0].split(",")


def test_what_was_said_and_answered_is_read_before_a_brief_goes_out():
    review = Review()
    staff, before = as_(review.thread.staff), LogEntry.objects.count()
    first = words_of(staff.post(f"{BASE}new/", brief(review, shown="")))
    assert (
        "Communities spoke of this before. Read on this page what they said, then send the brief again."
        in first
    )
    assert ("Read this before you ask people again." in first, LogEntry.objects.count()) == (True, before)
    assert staff.post(f"{BASE}new/", brief(review)).status_code == 302


def test_a_long_text_and_a_long_table_come_in_parts():
    review = Review()
    review.bring(b"id,name\n" + b"".join(b"%d,n\n" % n for n in range(1, 151)), material="rows")
    review.bring(b"".join(b"Paragraph number %d.\n\n" % n for n in range(1, 151)), "long.txt", "words")
    for material, last in (("rows", "<td>150</td>"), ("words", "Paragraph number 150.")):
        first = as_(None).get(f"{PAGE}materials/{material}/1/").content.decode()
        rest = as_(None).get(f"{PAGE}materials/{material}/1/?from=101").content.decode()
        assert ('href="?from=101"' in first, last in first) == (True, False)
        assert ('href="?from=1"' in rest, last in rest) == (True, True)
        assert as_(None).get(f"{PAGE}materials/{material}/1/?from=99999").status_code == 200


def test_a_project_offers_a_consultation_to_its_unit_and_lists_what_was_reviewed():
    review = Review()
    address = f"/riverbend/en/projects/{review.project.slug}/"
    seen = {
        who: as_(person).get(address).content.decode()
        for who, person in {
            "nobody": None,
            "staff": review.thread.staff,
            "steward": review.thread.steward,
        }.items()
    }
    assert {who: "Ask the leads to review something" in page for who, page in seen.items()} == {
        "nobody": False,
        "staff": True,
        "steward": False,
    }
    assert all(WORDS["title"] in page for page in seen.values())


def test_comments_are_erased_on_the_day_that_the_page_says_and_a_hold_keeps_them():
    review = Review()
    version = review.bring()
    quoted = review.say("Nobody knows this word.", version=version, column=3)
    review.say(parent=quoted)
    review.advise(quoted)
    pack = pack_of(review.program)
    day = plus_months(review.day + timedelta(days=50), 24)
    late = datetime.combine(day, time(20), UTC)
    lead = as_(review.lead.person)

    page = words_of(lead.get(f"{PAGE}comments/"))
    actions.erase_comments(program=review.program, now=late - timedelta(days=1))
    before = Comment.objects.count()
    hold = record.place_hold(program=review.program, ground="A suit", by="steward", now=review.now)
    actions.erase_comments(program=review.program, now=late)
    held, said = Comment.objects.count(), words_of(lead.get(f"{PAGE}comments/"))
    record.lift_hold(program=review.program, hold=hold.index, by="steward", now=review.now)
    gone = actions.erase_comments(program=review.program, now=late)
    again = actions.erase_comments(program=review.program, now=late)

    rule = "2 years after the answers are due ( Example rule 5 )"
    assert (pack.kept.comments, f"Comments are erased on {day_in_words(day)} . {rule}." in page) == (
        "comments",
        True,
    )
    assert ("They stay until that is over." in page, "They stay until that is over." in said) == (False, True)
    assert (before, held, gone, again, Comment.objects.count()) == (2, 2, 2, 0, 0)
    after = words_of(lead.get(f"{PAGE}comments/"))
    told = f"The comments were erased on {day_in_words(local_date(late, pack))} ."
    assert (told in after, "Nobody knows this word." in after) == (True, False)
    assert "Nobody knows this word." in words_of(as_(None).get(f"{PAGE}changes/"))


def test_a_day_beyond_the_calendar_stops_neither_the_page_nor_the_night():
    review = Review()
    review.say("Nobody knows this word.")
    short = r'(id = "comments"\n.*\n.*\nyears = )2\n'
    text, found = re.subn(short, r"\g<1>9000\n", shipped_pack("neutral"))
    assert found == 1
    programs.adopt_pack(program=review.program, text=text, on=review.day)

    page = words_of(as_(review.lead.person).get(f"{PAGE}comments/"))

    assert f"Comments are erased on {day_in_words(date.max)} ." in page
    assert actions.erase_comments(program=review.program, now=review.now + timedelta(days=3650)) == 0
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("shown", "asks"), [("picture", "Where in the picture?"), ("pdf", "Where on the page?")]
)
def test_a_place_is_asked_for_by_what_the_material_is(shown, asks):
    assert str(CommentForm(sheet=Sheet(shown)).fields["region"].label) == asks

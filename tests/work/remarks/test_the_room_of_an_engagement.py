"""In the room of an engagement leads and their partner talk about the draft, see what changed, and leads show what they heard when they like."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.chain.reports.actions import close_engagement
from alongside.cohort.messages.models import Notification
from alongside.cohort.seats import actions as seats
from alongside.core.refusals import Refused
from alongside.ground.record.models import LogEntry
from alongside.ground.texts import actions as record
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.projects.actions import move_decision
from alongside.work.remarks import actions
from alongside.work.remarks.models import Remark, Shown
from alongside.work.remarks.queries import people_in
from tests.site.test_an_engagement_is_handed_on import who_sees
from tests.support.remembering import this_hour
from tests.support.thread import Thread, enter_correction
from tests.work import cast
from tests.work.engagements.test_drafting import PUBLIC, ROOM, as_, lead, text_of
from tests.work.partners.cast import stranger

SAY, SHOW = f"{ROOM}say/", f"{ROOM}show/"
HEARD = "People want every record gone by morning."


@pytest.fixture
def thread(db):
    return cast.draft()


def heard(days: int = 40) -> Thread:
    """Open an engagement whose last day to speak is over."""
    return cast.opened(Thread(now=this_hour() - timedelta(days=days)).open_program()).later(days)


def shown_by_a_lead(thread: Thread, days: int = 5) -> Shown:
    sent = {"words": HEARD, "days": days, "safe": "on"}
    assert lead(thread).post(SHOW, sent).status_code == 302
    return Shown.objects.get()


def test_the_room_says_the_stage_the_next_step_and_whose_it_is_to_both_halves(thread):
    of_leads, of_staff = text_of(lead(thread).get(ROOM)), text_of(as_(thread.staff).get(ROOM))

    for shown in (of_leads, of_staff):
        assert "Plan People speak Leads read People hear back Closed" in shown
        assert "Read and sign" in shown
        assert "The decision" in shown
    assert "Read and sign You ·" in of_leads
    assert "Read and sign Any lead" in of_staff
    assert "Throw this draft away" not in of_staff


def said(day) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def test_an_open_room_holds_its_days_against_the_decision_as_it_was_moved(db):
    thread = cast.opened()
    was, closes, due = thread.decision.on, thread.engagement.closes, thread.engagement.answer_by
    rooms = [lead(thread), as_(thread.staff)]
    for one in rooms:
        days = text_of(one.get(ROOM)).partition(" Days ")[2]
        assert f"The decision {said(was)} " in days
        assert f"People can speak until {said(closes)} " in days
        assert "after the decision" not in days

    on = closes - timedelta(days=2)
    words = {"en": {"reason": "The council meets sooner."}}
    move_decision(point=thread.decision, on=on, by=thread.manager.public_id, words=words, now=thread.now)
    for one in rooms:
        days = text_of(one.get(ROOM)).partition(" Days ")[2]
        assert f"The decision {said(on)} (was {said(was)} )" in days
        assert f"People can speak until {said(closes)} · after the decision" in days
        assert f"The bureau answers by {said(due)} · after the decision" in days


def test_an_open_room_shows_its_days_as_they_were_corrected(db):
    thread = cast.opened()
    was, closes = thread.engagement.closes, thread.engagement.closes + timedelta(days=3)
    enter_correction(
        engagement=thread.engagement,
        about="closes",
        words="The libraries are closed for three days.",
        lang="en",
        by=[thread.first_lead.public_id, thread.manager.public_id],
        now=thread.now,
        others={"es": "Las bibliotecas cierran tres días."},
        checked=True,
        closes=closes,
    )

    assert f"People can speak until {said(closes)} (was {said(was)} )" in text_of(lead(thread).get(ROOM))


def test_an_open_room_leads_a_lead_to_what_waits_for_their_check_as_long_as_it_does(db):
    thread = heard()
    checks = 'href="/riverbend/en/commitments/checks/"'
    answered = thread.answer(thread.recommend(thread.find()))

    def shows(person) -> bool:
        return checks in as_(person).get(ROOM).content.decode().partition("<main")[2]

    assert not shows(thread.first_lead.person)
    claim = thread.claim(answered[1])
    assert [shows(one) for one in (thread.first_lead.person, thread.boss)] == [True, False]
    thread.check(claim, thread.first_lead)
    assert [shows(one.person) for one in (thread.first_lead, thread.second_lead)] == [False, True]
    thread.check(claim, thread.second_lead)
    assert not shows(thread.second_lead.person)


def test_an_open_room_leads_both_halves_to_the_words_of_its_promise_in_each_language(db):
    thread = cast.opened()
    page = f"/riverbend/en/record/{thread.promise}/translations/"

    for person in (thread.first_lead.person, thread.staff):
        assert f'<a href="{page}">Words in each language</a>' in as_(person).get(ROOM).content.decode()
        assert "Translation" in text_of(as_(person).get(page))


def test_nobody_else_enters_the_room(thread):
    assert as_(thread.steward).get(ROOM).status_code == 403
    assert as_(thread.first_lead.person).get(ROOM.replace("library-computers", "none")).status_code == 404
    alone = cast.draft(thread, "alone", community=True)
    room = ROOM.replace("library-computers", "alone")
    assert lead(alone).get(room).status_code == 200
    assert as_(thread.boss).get(room).status_code == 404


def test_a_bureau_named_later_does_not_read_what_leads_said_among_themselves(thread):
    named = thread.engagement
    alone = cast.draft(thread, "alone", community=True)
    room = ROOM.replace("library-computers", "alone")
    lead(alone).post(f"{room}say/", {"words": "Ask Ana first."})
    engagements.save_draft(
        engagement=Engagement.objects.get(slug="alone"),
        changes={"partner": named.partner, "answer_by": named.answer_by},
    )
    lead(alone).post(f"{room}say/", {"words": "Welcome to the libraries."})

    staff = text_of(as_(thread.boss).get(room))
    assert "Welcome to the libraries." in staff
    assert "Ask Ana first." not in staff
    assert "Ask Ana first." in text_of(lead(alone).get(room))


def test_a_comment_waits_for_the_lead_who_began_it_and_what_changed_since_stands_beside_it(thread):
    assert as_(thread.staff).post(SAY, {"words": "Who decides this?"}).status_code == 302
    assert who_sees(thread, "Read the comments: ") == {"first", "boss"}  # and who signs for the bureau
    assert "changed since" not in text_of(lead(thread).get(ROOM))

    words = {
        **thread.engagement.words,
        "en": {**thread.engagement.words["en"], "can_change": "Only the days"},
    }
    engagements.save_draft(
        engagement=Engagement.objects.get(),
        changes={"words": words, "closes": thread.engagement.closes + timedelta(days=1)},
    )
    shown = text_of(as_(thread.boss).get(ROOM))
    assert "Who decides this?" in shown
    assert "3 parts changed since" in shown  # the Spanish words of that part wait to be written anew
    assert "Now: Only the days" in shown

    lead(thread).post(SAY, {"read": "1"})
    assert who_sees(thread, "Read the comments: ") == {"boss"}


def test_who_signed_sees_what_changed_since(thread):
    thread.make_keys()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        engagements.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    assert "What changed since your bureau signed" not in text_of(as_(thread.boss).get(ROOM))

    later = thread.engagement.closes + timedelta(days=2)
    engagements.save_draft(engagement=Engagement.objects.get(), changes={"closes": later})

    assert "What changed since your bureau signed" in text_of(as_(thread.boss).get(ROOM))
    assert f"Now: {later:%B} {later.day}, {later.year}" in text_of(as_(thread.boss).get(ROOM))


def test_a_lead_pauses_at_once_in_the_room_and_it_says_who_and_why(db):
    thread = cast.opened()
    client = as_(thread.third_lead.person)
    assert "Pause it now" in text_of(client.get(ROOM))
    Notification.objects.all().delete()

    assert client.post(f"{PUBLIC}pause/", {"ground": "Question 2 leads to a person."}).status_code == 302

    shown = text_of(as_(thread.boss).get(ROOM))
    assert f"Lead (place {thread.third_lead.public_id[5:9]})" in shown
    assert "Question 2 leads to a person." in shown
    (told,) = LogEntry.objects.filter(kind="engagement.paused")
    assert told.parsed.by == (thread.third_lead.public_id,)
    waits = {one.person for one in Notification.objects.all()}
    assert waits == {thread.first_lead.person, thread.second_lead.person, thread.steward}


def test_the_partner_reads_what_leads_show_for_as_long_as_they_show_it(db):
    thread = heard()
    boss = as_(thread.boss)
    assert HEARD not in text_of(boss.get(ROOM))
    size = LogEntry.objects.count()
    shown = shown_by_a_lead(thread)

    assert HEARD in text_of(boss.get(ROOM))
    assert who_sees(thread, "Read what leads heard: ") == {"boss"}
    assert boss.post(SAY, {"words": "It is two buildings.", "shown": shown.pk}).status_code == 302
    assert "It is two buildings." in text_of(lead(thread).get(ROOM))
    assert who_sees(thread, "Read the comments: ") == {"first"}
    assert Shown.objects.get().words == HEARD  # a comment stands apart
    assert LogEntry.objects.count() == size  # and nothing of it is on the record

    thread.find()  # leads publish when they like
    lead(thread).post(SHOW, {"stop": shown.pk})
    assert HEARD not in text_of(boss.get(ROOM))
    assert HEARD in text_of(lead(thread).get(ROOM))
    assert boss.post(SAY, {"words": "Wait.", "shown": shown.pk}).status_code == 404


def test_the_partner_reads_it_no_more_once_its_days_are_over(db):
    thread = heard()
    shown_by_a_lead(thread, days=1)
    Shown.objects.update(
        shown_on=thread.now.date() - timedelta(days=3), until=thread.now.date() - timedelta(days=2)
    )

    assert HEARD not in text_of(as_(thread.boss).get(ROOM))
    assert who_sees(thread, "Read what leads heard: ") == set()


def test_once_people_have_heard_back_and_it_is_closed_nothing_more_is_shown(db):
    thread = heard()
    thread.end_intake().report()
    close_engagement(program=thread.program, promise=thread.promise, seat=thread.first_lead, now=thread.now)

    assert "This engagement is closed" in text_of(
        lead(thread).post(SHOW, {"words": HEARD, "days": 5, "safe": "on"})
    )
    assert Shown.objects.count() == 0


def test_no_city_role_shows_or_stops_anything(db):
    thread = heard()
    shown = shown_by_a_lead(thread)

    for who in (thread.boss, thread.staff, thread.steward):
        assert as_(who).post(SHOW, {"stop": shown.pk}).status_code == 403
    assert Shown.objects.get().stopped_on is None
    with pytest.raises(Refused, match="You are not in this room any more"):
        actions.say(
            engagement=thread.engagement,
            person=thread.steward,
            actor="steward",
            words="Wait.",
            lang="en",
            now=thread.now,
        )


def test_the_room_asks_as_much_with_three_comments_as_with_one(thread):
    boss, counts = as_(thread.boss), []
    for more in (1, 2):
        for number in range(more):
            boss.post(SAY, {"words": f"Comment {more}.{number}"})
        with CaptureQueriesContext(connection) as asked:
            boss.get(ROOM)
        counts.append(len(asked))

    assert Remark.objects.count() == 3
    assert counts[0] == counts[1]


def test_what_may_point_at_a_person_is_not_shown_without_a_lead_saying_that_it_does_not(db):
    thread = heard()

    assert lead(thread).post(SHOW, {"words": HEARD, "days": 5}).status_code == 200
    assert Shown.objects.count() == 0


def test_comments_and_what_was_shown_are_erased_on_their_day_unless_a_hold_stands(db):
    thread = heard()
    shown = shown_by_a_lead(thread)
    as_(thread.boss).post(SAY, {"words": "It is two buildings.", "shown": shown.pk})
    as_(thread.boss).post(SAY, {"words": "Thank you."})
    last = max(one.erase_on for one in [*Remark.objects.all(), *Shown.objects.all()])

    assert actions.erase_remarks(program=thread.program, today=thread.now.date()) == 0
    held = record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    assert actions.erase_remarks(program=thread.program, today=last) == 0
    record.lift_hold(program=thread.program, hold=held.index, by="steward", now=thread.now)
    assert actions.erase_remarks(program=thread.program, today=last) == 3
    assert (Remark.objects.count(), Shown.objects.count()) == (0, 0)


def test_the_seat_of_a_manager_of_another_bureau_is_not_in_the_room(thread):
    boss = stranger(thread)
    seats.give_seat(cohort=thread.first_lead.cohort, person=boss, paid_by="nobody", now=thread.now)
    here = {one.person for one in people_in(Engagement.objects.get(), thread.now.date())}

    assert {one.person for one in thread.leads} <= here
    assert boss not in here


def test_each_step_that_is_a_leads_to_take_leads_to_where_it_is_taken(thread):
    page = lead(thread).get(ROOM).content.decode()
    section = page.split('id="next-h"')[1].split("</section>")[0]
    found = re.findall(r"<h3>(.*?)</h3>", section)

    assert [one for one in found if "<a href=" not in one] == []
    assert ('<a href="#sign-here">' in section, 'id="sign-here"' in section) == (True, True)


def test_the_room_and_the_page_of_the_bureaus_signature_can_be_read_in_each_language(thread):
    signing = ROOM.replace("/engagements/", "/signatures/").replace("room/", "")
    pages = {ROOM: lead(thread), signing: as_(thread.boss)}

    for page, who in pages.items():
        assert f'href="{page.replace("/en/", "/ar/")}"' in who.get(page).content.decode()

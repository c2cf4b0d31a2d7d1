"""The list of what leads plan and hold says where each stands; a step says what is done and offers what can be."""

import re
from datetime import timedelta

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.reports import actions as reports
from alongside.cohort.seats import actions as seats
from alongside.core.refusals import Refused
from alongside.ground.programs.models import Program
from alongside.site.demo.sealed import make_engagement_key
from alongside.work.engagements import actions
from tests.promises.attempts import as_
from tests.work import cast
from tests.work.engagements.test_drafting import BASE, DRAFT, ROOM, SIGN, lead, text_of

WEEK = "/riverbend/en/week/"


@pytest.fixture
def thread(db):
    return cast.program()


def rows_of(thread, *names: str) -> list[str]:
    """Give what the list says of each engagement after its title, without the day."""
    text = text_of(lead(thread).get(BASE))
    return text.split("What should library computers remember about you?")[1 : len(names) + 1]


def test_the_list_says_of_an_open_engagement_to_which_day_people_speak(thread):
    cast.opened(thread)
    (row,) = rows_of(thread, "open")

    assert row.startswith(" Open since ")
    assert "Correct the promise" in row


def test_a_paused_engagement_says_so_in_the_list(thread):
    cast.opened(thread)
    seat = thread.first_lead.public_id
    actions.pause(engagement=thread.engagement, ground="Case 12", by=seat, now=thread.now)

    assert rows_of(thread, "paused")[0].startswith(" Paused Correct the promise")


def test_a_closed_engagement_is_neither_open_nor_to_be_corrected_in_the_list(thread):
    cast.opened(thread)
    thread.later(31).end_intake().report()
    reports.close_engagement(
        program=thread.program, promise=thread.promise, seat=thread.first_lead, now=thread.now
    )
    (row,) = rows_of(thread, "closed")

    assert row.startswith(" Closed: people have heard back Follow what came of it")
    assert "Correct the promise" not in row
    assert "people speak to" not in row


def scheduled(thread, slug: str, days: int) -> None:
    on = thread.now.date() + timedelta(days=days)
    thread.schedule_decision(slug, on=on, decision=f"The one that is {slug}", still_open="All of it")


def test_a_decision_that_was_taken_is_not_offered_for_a_new_plan(thread):
    cast.draft(thread)
    scheduled(thread, "over", -1)
    scheduled(thread, "today", 0)
    text = text_of(lead(thread).get(f"{BASE}new/"))

    assert "The one that is today" in text
    assert "The one that is over" not in text


def test_a_draft_keeps_the_decision_it_is_about_once_its_day_has_passed(thread):
    cast.draft(thread)
    type(thread.decision).objects.filter(pk=thread.decision.pk).update(
        on=thread.now.date() - timedelta(days=1)
    )

    assert "How long records of public computers are kept" in text_of(lead(thread).get(f"{DRAFT}decision/"))
    assert "How long records of public computers are kept" not in text_of(lead(thread).get(f"{BASE}new/"))


def test_each_step_of_a_draft_says_in_words_whether_it_is_done(thread):
    cast.draft(thread)
    actions.save_questions(engagement=thread.engagement, questions=[])
    steps = text_of(lead(thread).get(ROOM)).split(" The draft ")[1].split("Key and signatures")[0]

    assert "Questions Still to do · 0 questions" in steps
    assert steps.count("Still to do") == 2  # its words are not all there either


def test_the_first_step_speaks_of_no_second_side_since_there_may_be_none(thread):
    assert "both sides" not in text_of(lead(thread).get(f"{BASE}new/"))


def test_numbers_in_hints_are_grouped(thread):
    cast.draft(thread)

    assert "5,000 is usual." in text_of(lead(thread).get(f"{DRAFT}dates/"))


@pytest.mark.parametrize(("works_for", "paid_by", "signs"), [(True, False, False), (False, True, True)])
def test_a_lead_signs_with_the_bureau_that_pays_their_place_but_not_with_one_for_which_they_work(
    thread, works_for, paid_by, signs
):
    cast.draft(thread).make_keys()
    unit, seat = thread.engagement.partner.unit.slug, thread.first_lead
    said = {"works_for": unit if works_for else "nobody", "paid_by": unit if paid_by else "outside"}
    seats.declare_own(seat=seat, **said, now=thread.now)
    page = text_of(lead(thread).get(ROOM))
    assert ("Sign this draft" in page, "another lead signs with this bureau" in page) == (signs, not signs)

    sign = {"engagement": thread.engagement, "actor": seat.public_id, "now": thread.now}
    if signs:
        assert actions.sign(**sign).actor == seat.public_id
    else:
        with pytest.raises(Refused, match="You work for this bureau, or did"):
            actions.sign(**sign)


def test_a_lead_who_said_in_an_earlier_place_that_they_work_for_the_bureau_does_not_sign_with_it(thread):
    lead = thread.first_lead
    seats.declare_own(seat=lead, works_for=thread.unit.slug, paid_by="outside", now=thread.now)
    seats.leave_seat(seat=lead, on=thread.now.date(), reason="", now=thread.now)
    thread.later(1)
    cohort = thread.seat_cohort("second", thread.now.date(), thread.now.date() + timedelta(days=400))
    again = thread.seat(lead.person, cohort)
    thread.first_lead, thread.second_lead, thread.third_lead = (
        thread.second_lead,
        thread.third_lead,
        thread.seat("friend", cohort),
    )
    cast.draft(thread).make_keys()
    with pytest.raises(Refused, match="You work for this bureau, or did"):
        actions.sign(engagement=thread.engagement, actor=again.public_id, now=thread.now)


def test_a_lead_who_signs_and_then_works_for_that_bureau_keeps_no_draft_shut_for_the_others(thread):
    cast.draft(thread).make_keys()
    draft, first, second = thread.engagement, thread.first_lead, thread.second_lead
    actions.sign(engagement=draft, actor=first.public_id, now=thread.now)
    seats.declare_own(seat=first, works_for=thread.unit.slug, now=thread.now)
    actions.sign(engagement=draft, actor=thread.manager.public_id, now=thread.now)

    first_week, week = (text_of(as_(one.person).get(WEEK)) for one in (first, second))
    assert ("Read and sign: " in first_week, "Read and sign: " in week) == (False, True)
    room = text_of(as_(second.person).get(ROOM))
    assert "You · Every word is there. Your signature comes first." in room
    assert "Freeze the promise and open" not in room
    assert (
        "wrote it. A lead signs first."
        in text_of(as_(first.person).get(ROOM)).partition("Any lead · Every word is there. ")[2]
    )
    given = {"engagement": draft, "now": thread.now}
    with pytest.raises(Refused, match="You work for this bureau"):
        actions.open_engagement(**given, by=first.public_id)
    actions.sign(engagement=draft, actor=second.public_id, now=thread.now)
    assert "Freeze the promise and open" not in text_of(as_(first.person).get(ROOM))
    assert "Freeze the promise and open" in text_of(as_(second.person).get(ROOM))
    assert actions.open_engagement(**given, by=second.public_id).promise


@pytest.mark.parametrize("runs", [True, False])
def test_the_reader_tells_the_six_words_of_the_demonstration_and_only_there(thread, runs):
    cast.draft(thread).make_keys()
    Program.objects.update(is_demonstration=runs)
    shown = lead(thread).get("/riverbend/en/reader/").content.decode()
    assert (PASSPHRASE in shown) is runs


def test_whoever_comes_to_the_reader_for_a_key_reads_that_it_is_made_or_tested_and_what_unlocking_does(
    thread,
):
    cast.draft(thread).found_keys()
    reader, says = "/riverbend/en/reader/library-computers/", "The public log then says that you can read."

    def shown(seat) -> str:
        return text_of(as_(seat.person).get(reader))

    title = "What should library computers remember about you?"
    to_make = shown(thread.first_lead)
    assert f"Make its key: {title} Unlock your own key to make the key of this engagement" in to_make
    assert says in to_make
    make_engagement_key(
        story=thread, engagement=thread.engagement, seats=[thread.first_lead], now=thread.now
    )  # and tests it alone
    to_test = shown(thread.second_lead)
    assert f"Test the key: {title} Unlock your key to open the test voice. {says}" in to_test
    for one in (shown(thread.first_lead), text_of(lead(thread).get("/riverbend/en/reader/"))):
        assert ("Here this device opens what people said." in one, says in one) == (True, False)


def test_once_somebody_signed_a_change_says_how_many_signatures_it_voids_and_nothing_asks_for_one(thread):
    cast.draft(thread).make_keys()
    draft, nag = thread.engagement, "It names no office that decides"
    type(draft).objects.update(decision=None)
    draft.refresh_from_db()
    pages = [ROOM, f"{DRAFT}decision/", f"{DRAFT}dates/", f"{DRAFT}questions/", f"{DRAFT}words/en/"]
    says = "A change here voids"
    assert not any(says in text_of(lead(thread).get(one)) for one in pages)
    assert nag in text_of(lead(thread).get(ROOM))
    actions.sign(engagement=draft, actor=thread.first_lead.public_id, now=thread.now)
    one = f"{says} 1 signature: the draft must be signed again."
    assert all(one in text_of(lead(thread).get(page)) for page in pages)
    assert nag not in text_of(lead(thread).get(ROOM))
    actions.sign(engagement=draft, actor=thread.manager.public_id, now=thread.now)
    assert f"{says} 2 signatures: all must sign again." in text_of(lead(thread).get(pages[1]))


def test_the_room_leads_to_what_is_missing(thread):
    cast.draft(thread)
    whole = lead(thread).get(ROOM)
    opens = whole.content.decode().split("To open:")[1].split("</p>")[0]
    assert re.findall(r'href="([^"]+)">([^<]+)<', opens) == [
        ("/riverbend/en/reader/library-computers/", "its key"),
        ("/riverbend/en/reader/library-computers/", "checked recovery papers"),
        ("#sign-here", "signature of a lead"),
    ]
    assert "two test voices" in opens
    page = whole.content.decode().split('id="next-h"')[1].split("</section>")[0]
    assert 'href="/riverbend/en/reader/library-computers/"' in page
    assert f'href="{DRAFT}words/' not in page

    thread.make_keys()
    actions.save_questions(engagement=thread.engagement, questions=[])
    page = lead(thread).get(ROOM).content.decode().split('id="next-h"')[1].split("</section>")[0]
    assert "/reader/" not in page
    assert f'href="{DRAFT}questions/"' in page


def test_any_lead_can_sign_first_and_the_room_says_who_wrote_it(thread):
    cast.draft(thread).make_keys()
    first = thread.first_lead
    wrote = f"Any lead · Every word is there. Lead (place {first.public_id[5:9]}) wrote it."

    for person in (thread.second_lead.person, thread.boss):
        assert wrote in text_of(as_(person).get(ROOM))
    assert "Sign this draft" in text_of(as_(thread.second_lead.person).get(ROOM))


def test_once_a_lead_signed_the_room_names_her_and_what_is_next_and_offers_no_second_lead_to_sign(thread):
    cast.draft(thread).make_keys()
    first, second = thread.first_lead, thread.second_lead
    seats.choose_name(seat=first, name="Ana Q.")
    actions.sign(engagement=thread.engagement, actor=first.public_id, now=thread.now)

    room = text_of(as_(second.person).get(ROOM))
    assert "Sign this draft" not in room
    assert "The draft as it stands is signed by Ana Q. (lead)." in room
    assert "Signed by Ana Q. (lead). It binds the bureau when its manager signs too." in room

    named = f"Lead (place {first.public_id[5:9]})"
    for page in (ROOM, SIGN):
        assert f"The draft as it stands is signed by {named}." in text_of(as_(thread.boss).get(page))


def test_a_bureau_that_signed_reads_that_nothing_more_waits_for_it(thread):
    cast.draft(thread).make_keys()
    boss, words = as_(thread.boss), "Nothing more waits for you: a lead opens it next."
    asks = "Read what your bureau would promise."
    before = text_of(boss.get(SIGN))
    actions.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)
    actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    then = text_of(boss.get(SIGN))

    assert [(words in page, asks in page) for page in (before, then)] == [(False, True), (True, False)]

"""Promise 5: a delivery counts as kept only when two leads whom that unit does not pay have looked."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import get_resolver

from alongside.chain.asks import actions as asks
from alongside.chain.commitments import actions
from alongside.chain.commitments import tasks as clock
from alongside.chain.commitments.letters import checks_to_tell
from alongside.chain.commitments.models import Check
from alongside.chain.commitments.queries import may_check_claim
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats import actions as seats_actions
from alongside.cohort.seats.queries.seconds import former_leads, seconds_awaited
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.commitments import said_by
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import KINDS
from alongside.core.refusals import Refused
from alongside.desks.changes import outcome
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post, Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import folded, heads
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.acts import Nobody, signed_by
from alongside.ground.record.models import LogEntry, MilestoneStanding, Standing
from alongside.ground.ui.days import day_in_words
from tests.promises.attempts import (
    BASE,
    accepted,
    appended_by_commands,
    as_,
    city,
    is_caught,
    taken_by_sql,
    today,
    without_rule,
)
from tests.support.house import templates
from tests.support.thread import Thread, posted_by_rows, seated_by_rows
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
CHECK = {"completion": "complete", "words": "We saw it."}


#: So long somebody sits before they check as a former lead.
MONTH = timedelta(days=30)


def claimed(now=None) -> Thread:
    """Walk to a claim, with one more lead whom the promising unit pays, as they say, too."""
    thread = Thread(**({"now": now} if now else {})).to_open_engagement()
    thread.paid = thread.seat("paid", paid_by=thread.unit.slug)
    seats.declare_own(seat=thread.paid, works_for="nobody", paid_by=thread.unit.slug, now=thread.now)
    thread.commitment = thread.answer(thread.recommend(thread.find()))[-1]
    thread.made = thread.claim(thread.commitment)
    return thread


def verify(thread, by, *, kind="delivery.verified", milestone="m1", completion="complete", claim=None):
    from alongside.ground.record.actions.entries import Text

    return thread.enter(
        kind,
        by,
        {"milestone": milestone, "completion": completion},
        {"claim": [claim if claim is not None else thread.made.index]},
        {"check": Text("en", "We looked.")},
    )


def verdict(thread) -> str | None:
    standing = MilestoneStanding.objects.get(claim=thread.made.index)
    return "verified" if standing.is_kept else "disputed" if standing.is_disputed else None


def test_the_record_refuses_every_check_but_that_of_two_unpaid_leads(db):
    thread = claimed()
    one, two = thread.first_lead.public_id, thread.second_lead.public_id
    signers = {
        "one lead": [one],
        "one lead twice": [one, one],
        "a lead whom the unit pays": [one, thread.paid.public_id],
        "the bureau": [thread.manager.public_id],
        "a lead and the bureau": [one, thread.manager.public_id],
        "two leads and the unit": [one, two, thread.manager.public_id],
        "the program coordinator": ["steward"],
        "the clock": ["clock"],
        "someone without a seat": [one, "seat-00000000"],
        "nobody": [],
    }
    attempts = {
        f"{kind} by {who}": lambda by=by, kind=kind, completion=completion: verify(
            thread, by, kind=kind, completion=completion
        )
        for who, by in signers.items()
        for kind, completion in (("delivery.verified", "complete"), ("delivery.disputed", "limited"))
    }
    assert accepted(attempts) == []
    assert verdict(thread) is None


def test_the_record_refuses_a_check_of_anything_but_the_claim(db):
    thread = claimed()
    by = [thread.first_lead.public_id, thread.second_lead.public_id]
    attempts = {
        "another milestone": lambda: verify(thread, by, milestone="m2"),
        "the promise itself": lambda: verify(thread, by, claim=thread.commitment.index),
        "kept though limited": lambda: verify(thread, by, completion="limited"),
        "kept by percent": lambda: verify(thread, by, completion="80"),
        "disputed though complete": lambda: verify(thread, by, kind="delivery.disputed"),
    }
    assert accepted(attempts) == []
    verify(thread, by)
    assert accepted({"a second time": lambda: verify(thread, by)}) == []


def test_one_lead_is_not_enough(db):
    thread = claimed()
    for _ in range(3):
        assert thread.check(thread.made, thread.first_lead) is None
    assert verdict(thread) is None
    assert thread.check(thread.made, thread.second_lead).kind == "delivery.verified"


def test_two_leads_who_do_not_agree_are_not_enough(db):
    thread = claimed()
    assert thread.check(thread.made, thread.first_lead) is None
    assert thread.check(thread.made, thread.second_lead, "disputed") is None
    assert verdict(thread) is None


def test_a_check_that_came_into_the_database_by_other_hands_is_nobodys(db):
    thread = claimed()
    checked = {"program": thread.program, "claim": thread.made.index, "completion": "complete"}
    checked |= {"words": "All of it.", "lang": "en", "checked_on": thread.now.date()}
    Check.objects.create(**checked, seat=thread.first_lead)
    assert thread.check(thread.made, thread.second_lead) is None
    Check.objects.filter(seat=thread.second_lead).update(words="Nobody said this.")
    assert thread.check(thread.made, thread.third_lead) is None
    assert thread.check(thread.made, thread.first_lead).kind == "delivery.verified"


def test_a_lead_whose_check_does_not_count_any_more_is_asked_again(db):
    thread = claimed(today() - MONTH)
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    former = thread.seat("former")
    former = over(thread.later(MONTH.days), former)
    ana, ben = as_(thread.first_lead.person), as_(thread.second_lead.person)
    told = f"check {thread.made.index} {former.public_id}"
    assert told in {one.about for one in checks_to_tell(thread.program, thread.now.date())}
    thread.check(thread.made, thread.first_lead, "disputed")
    thread.check(thread.made, former)
    assert page not in ana.get(f"{BASE}/week/").content.decode()
    assert told not in {one.about for one in checks_to_tell(thread.program, thread.now.date())}

    Check.objects.update(mark="")

    assert page in ana.get(f"{BASE}/week/").content.decode()
    assert told in {one.about for one in checks_to_tell(thread.program, thread.now.date())}
    assert "does not count any more" in ana.get(page).content.decode()
    assert "does not count any more" not in ben.get(page).content.decode()
    assert thread.check(thread.made, thread.second_lead, "disputed") is None
    assert thread.check(thread.made, thread.first_lead, "disputed").kind == "delivery.disputed"


def test_a_lead_takes_back_what_they_saw_until_a_second_one_agrees(db):
    thread = claimed()
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    lead = as_(thread.first_lead.person)
    thread.check(thread.made, thread.first_lead)
    assert "Withdraw what I saw" in lead.get(page).content.decode()
    assert "It is withdrawn." in text_of(lead.post(page, {"take_back": "1"}, follow=True))
    assert (Check.objects.count(), seconds_awaited(thread.program, thread.today)) == (0, [])
    assert thread.check(thread.made, thread.second_lead) is None
    thread.check(thread.made, thread.first_lead, "disputed")
    actions.take_back_check(program=thread.program, claim=thread.made.index, person=thread.second_lead.person)
    (waits,) = seconds_awaited(thread.program, thread.today)
    assert (waits.first, Check.objects.get().seat) == (thread.first_lead, thread.first_lead)
    thread.check(thread.made, thread.second_lead, "disputed")
    with pytest.raises(Refused, match="This claim is checked"):
        actions.take_back_check(
            program=thread.program, claim=thread.made.index, person=thread.first_lead.person
        )


def test_one_person_in_two_seats_is_one_lead(db):
    thread = claimed()
    cohort = following(thread, "second")
    again = seated_by_rows(cohort, thread.first_lead.person, thread.now)
    thread.later(30)
    assert thread.check(thread.made, thread.first_lead) is None
    assert thread.check(thread.made, again) is None
    assert verdict(thread) is None


def following(thread, slug, first=None):
    return thread.seat_cohort(slug, first or thread.now.date(), date(2028, 12, 31))


def test_a_lead_whom_the_unit_pays_or_employs_is_refused(db):
    thread = claimed()
    employed = thread.second_lead.person
    posted_by_rows(thread.program, employed, thread.office.public_id)
    attempts = {
        "paid": lambda: thread.check(thread.made, thread.paid),
        "employed": lambda: thread.check(thread.made, thread.second_lead),
    }
    assert accepted(attempts, Refused) == []


def test_whoever_held_any_office_of_the_bureau_before_checks_nothing_of_it(db):
    thread = claimed()
    for lead in (thread.second_lead, thread.third_lead):
        post = posted_by_rows(thread.program, lead.person, thread.office.public_id)
        Post.objects.filter(pk=post.pk).update(until_date=thread.now.date())
    attempts = {
        "kept": lambda: thread.check(thread.made, thread.second_lead),
        "not kept": lambda: thread.check(thread.made, thread.third_lead, "not kept"),
    }
    assert accepted(attempts, Refused) == []


def test_a_lead_whom_the_bureau_pays_that_was_asked_first_is_refused(db):
    thread = Thread(now=today()).to_open_engagement()
    first = Unit.objects.filter(program=thread.program, parent=None).exclude(pk=thread.unit.pk).first()
    office = next(one for one in pack_of(thread.program).offices if one.startswith(f"{first.slug}/"))
    paid = thread.seat("paid", paid_by=first.slug)
    ask = thread.recommend(thread.find(), office=office)
    asks.transfer(
        program=thread.program,
        ask=ask.index,
        office=office,
        to=thread.manager.public_id,
        words="They keep the records.",
        lang="en",
        now=thread.now,
    )
    thread.made = thread.claim(thread.answer(ask)[-1])
    attempts = {"paid by who moved it": lambda: thread.check(thread.made, paid)}
    assert accepted(attempts, Refused) == []
    assert accepted({"entered": lambda: verify(thread, [thread.first_lead.public_id, paid.public_id])}) == []
    assert checked_by_two_others(thread)


def test_an_office_that_only_handed_an_ask_on_keeps_no_lead_from_saying_not_kept(db):
    thread = Thread(now=today()).to_open_engagement()
    first = Unit.objects.filter(program=thread.program, parent=None).exclude(pk=thread.unit.pk).first()
    office = next(one for one in pack_of(thread.program).offices if one.startswith(f"{first.slug}/"))
    leads = [thread.first_lead, thread.second_lead]
    for seat in leads:
        seats.declare_own(seat=seat, works_for="nobody", paid_by=first.slug, now=thread.now)
    ask = thread.recommend(thread.find())
    words = {"words": "It is theirs.", "lang": "en", "now": thread.now}
    for one, to in ((thread.manager.public_id, office), (office, thread.manager.public_id)):
        asks.transfer(program=thread.program, ask=ask.index, office=one, to=to, **words)
    thread.made = thread.claim(thread.answer(ask)[-1])
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    assert (
        "For a time this was with a bureau that pays or employs you"
        in as_(leads[0].person).get(page).content.decode()
    )
    attempts = {one.public_id: lambda one=one: thread.check(thread.made, one) for one in leads}
    attempts["entered"] = lambda: verify(thread, [one.public_id for one in leads])
    assert accepted(attempts, Refused) == []
    for lead in leads:
        checked = thread.check(thread.made, lead, "disputed")
    assert checked.kind == "delivery.disputed"


def checked_by_two_others(thread) -> bool:
    thread.check(thread.made, thread.second_lead)
    return thread.check(thread.made, thread.third_lead).kind == "delivery.verified"


def test_a_steward_cannot_unsay_for_a_day_who_pays_a_checker(db):
    thread = claimed(today())
    door = f"{BASE}/steward/seats/{thread.paid.public_id}/pay/"
    assert as_(thread.steward).post(door, {"paid_by": "outside"}).status_code == 302
    assert is_refused(thread, thread.paid)


def test_a_lead_cannot_unsay_for_a_day_who_employs_them(db):
    thread = claimed(today())
    client, door = as_(thread.third_lead.person), f"{BASE}/seat/job/"
    for unit in (thread.unit.slug, "nobody"):
        assert client.post(door, {"works_for": unit}).status_code == 302
    assert is_refused(thread, thread.third_lead)


def is_refused(thread, seat) -> bool:
    """Say whether the desk, the page, the action and the record all refuse a lead's check."""
    client, page = as_(seat.person), f"{BASE}/commitments/claims/{thread.made.index}/check/"
    seat = type(seat).objects.get(pk=seat.pk)
    attempts = {
        "asked": lambda: thread.check(thread.made, seat),
        "entered": lambda: verify(thread, [thread.first_lead.public_id, seat.public_id]),
    }
    assert accepted(attempts, Refused) == []
    for desk in ("week", "commitments/checks"):
        assert page in as_(thread.second_lead.person).get(f"{BASE}/{desk}/").content.decode()
        assert page not in client.get(f"{BASE}/{desk}/").content.decode(), desk
    for reply in (client.get(page), client.post(page, CHECK)):
        assert "pays or employs you, or did, or you ran the program" in reply.content.decode()
    return verdict(thread) is None


def test_a_lead_whom_the_bureau_paid_in_an_earlier_seat_since_the_promise_is_refused(db):
    thread = claimed(today())
    again = seated_by_rows(following(thread, "second"), thread.paid.person, thread.now)
    assert accepted({"again": lambda: thread.check(thread.made, again)}, Refused) == []


@pytest.mark.parametrize("by", ["the coordinator", "the lead"])
def test_what_a_bureau_paid_in_a_place_that_was_over_before_it_promised_keeps_no_lead_who_sits_again(db, by):
    thread = Thread(now=today() - MONTH * 6).open_program()
    lead = thread.first_lead
    if by == "the lead":
        seats.declare_own(seat=lead, works_for=thread.unit.slug, paid_by=thread.unit.slug, now=thread.now)
    else:
        seats.declare_payer(seat=lead, paid_by=thread.unit.slug, now=thread.now)
    over(thread.later(40), lead, agrees=False)
    again = thread.later(1).seat(lead.person, following(thread, "second"))
    if by == "the lead":
        seats.declare_own(seat=again, works_for="nobody", paid_by="outside", now=thread.now)
    thread.later(31).first_lead = thread.third_lead
    thread.draft_engagement().make_keys().open()
    thread.made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])

    assert thread.check(thread.made, again) is None
    assert thread.check(thread.made, thread.second_lead).by == (again.public_id, thread.second_lead.public_id)


@pytest.mark.parametrize("by", ["the coordinator", "the lead"])
def test_who_paid_a_place_that_was_over_counts_where_it_was_said_after_the_promise(db, by):
    thread = Thread(now=today() - MONTH * 7).open_program().later(40)
    lead = over(thread, thread.first_lead)
    thread.first_lead = thread.third_lead
    thread.later(5).draft_engagement().make_keys().open()
    made = thread.answer(thread.recommend(thread.find()))[-1]
    if by == "the lead":
        seats.declare_own(seat=lead, works_for="nobody", paid_by=thread.unit.slug, now=thread.later(2).now)
    else:
        seats.declare_payer(seat=lead, paid_by=thread.unit.slug, now=thread.later(2).now)
    thread.made = thread.claim(made)
    again = thread.later(1).seat(lead.person, following(thread, "second"))

    with pytest.raises(Refused, match="pays you|pays or employs you"):
        thread.later(31).check(thread.made, again)


def test_a_steward_who_says_for_a_day_that_the_bureau_pays_a_lead_does_not_silence_their_not_kept(db):
    thread = claimed(today())
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    for seat in (thread.first_lead, thread.second_lead):
        for payer in (thread.unit.slug, "outside"):
            door = f"{BASE}/steward/seats/{seat.public_id}/pay/"
            assert as_(thread.steward).post(door, {"paid_by": payer}).status_code == 302
        client = as_(seat.person)
        for desk in ("week", "commitments/checks"):
            assert page in client.get(f"{BASE}/{desk}/").content.decode(), desk
        shown = client.get(page).content.decode()
        assert "The program coordinator said that the bureau that promised this pays you" in shown
        assert 'value="limited"' in shown
        assert 'value="complete"' not in shown
        refused = client.post(page, CHECK)
        assert (refused.status_code, verdict(thread)) == (200, None)
        attempts = {"kept": lambda seat=seat: thread.check(thread.made, seat)}
        assert accepted(attempts, Refused) == []
    by = [thread.third_lead.public_id, thread.first_lead.public_id]
    assert accepted({"entered": lambda: verify(thread, by)}) == []
    for seat in (thread.first_lead, thread.second_lead):
        said = {"completion": "limited", "words": "Half of it is missing."}
        assert as_(seat.person).post(page, said).status_code == 302
    assert verdict(thread) == "disputed"


def test_a_lead_whom_the_coordinator_calls_paid_by_the_bureau_reads_before_they_look_what_they_can_say(db):
    thread = claimed(today())
    seats.declare_payer(seat=thread.third_lead, paid_by=thread.unit.slug, now=thread.now)
    said = "You can only say that it is not done"
    told = {}
    for seat in (thread.second_lead, thread.third_lead):
        client = as_(seat.person)
        pages = [client.get(f"{BASE}/{page}/").content.decode() for page in ("week", "commitments/checks")]
        told[seat] = [said in page for page in pages]
    assert told == {thread.second_lead: [False, False], thread.third_lead: [True, True]}


def test_a_lead_confirms_or_contradicts_who_pays_their_seat(db):
    thread = claimed(today())
    seat, door = thread.third_lead, f"{BASE}/seat/job/"
    seats.declare_payer(seat=seat, paid_by=thread.unit.slug, now=thread.now)
    name = next(one.name.say("en") for one in pack_of(thread.program).units if one.slug == thread.unit.slug)
    client = as_(seat.person)
    assert f"The program coordinator says: {name}." in client.get(door).content.decode()
    for payer in ("", "outside", "outside"):
        assert client.post(door, {"works_for": "nobody", "paid_by": payer}).status_code == 302
    told = [
        parse(one.index, bytes(one.raw))
        for one in LogEntry.objects.filter(kind="seat.declared").order_by("index")
    ]
    assert [(one.by, dict(one.data)) for one in told if one.data["seat"] == seat.public_id] == [
        (("steward",), {"seat": seat.public_id, "paid_by": thread.unit.slug}),
        ((seat.public_id,), {"seat": seat.public_id, "works_for": "nobody"}),
        ((seat.public_id,), {"seat": seat.public_id, "paid_by": "outside"}),
    ]
    assert client.get(door).context["form"].initial == {"works_for": "nobody", "paid_by": "outside"}
    public = as_(None).get(f"{BASE}/cohort/").content.decode()
    assert f"Paid by: {name}" in public
    assert "Not paid by the City, as the lead says" in public
    steward = as_(thread.steward).get(f"{BASE}/steward/seats/{seat.public_id}/pay/").content.decode()
    assert "Who pays, as the lead says: Somebody who is no part of the City." in steward
    client.post(door, {"works_for": "nobody", "paid_by": thread.unit.slug})
    seats.declare_payer(seat=seat, paid_by="outside", now=thread.now)
    assert is_refused(thread, seat)


def test_a_lead_of_whom_the_steward_did_not_say_who_pays_says_it_and_checks(db):
    thread = claimed(today())
    open_ = thread.seat("open", paid_by="")
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    assert "Say it on the page" in as_(open_.person).post(page, CHECK).content.decode()
    as_(open_.person).post(f"{BASE}/seat/job/", {"works_for": "nobody", "paid_by": "nobody"})
    assert as_(open_.person).post(page, CHECK).status_code == 302
    assert thread.check(thread.made, thread.first_lead).kind == "delivery.verified"


def test_former_leads_and_the_body_are_counted_in_where_the_bureau_paid_the_leads_since_the_promise(db):
    thread = claimed(today() - MONTH)
    former = thread.seat("former")
    former = over(thread.later(MONTH.days), former, agrees=False)
    for seat in (thread.first_lead, thread.second_lead):
        for payer in (thread.unit.slug, "outside"):
            seats.declare_payer(seat=seat, paid_by=payer, now=thread.now)
    shown = as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert "Nobody is seated to check this now." not in shown
    assert "of some leads the program coordinator says that this bureau pays or paid them" in shown
    consents(thread, former)
    shown = as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert "Leads of earlier cohorts who agreed to check will look with them" in shown
    thread.later(200)
    clock.tick(program=thread.program, now=thread.now)
    told = [parse(one.index, bytes(one.raw)) for one in LogEntry.objects.filter(kind="delivery.unchecked")]
    assert [one.data["nobody_seated"] for one in told] == ["no"]  # the steward alone said who pays them
    thread.check(thread.made, thread.third_lead)
    assert thread.check(thread.made, former).kind == "delivery.verified"


def test_leads_of_whom_the_coordinator_alone_says_who_pays_them_read_that_nobody_looks_in_their_place(db):
    thread = claimed(today() - MONTH * 2)
    friends = [thread.seat(one) for one in ("friend", "other")]
    thread.later(MONTH.days)
    friends = [over(thread, one) for one in friends]
    for seat in thread.leads:
        seats.declare_payer(seat=seat, paid_by=thread.unit.slug, now=thread.now)

    page = as_(thread.first_lead.person).get(f"{BASE}/commitments/claims/{thread.made.index}/check/")
    assert "no former lead and no community body can look in your place" in text_of(page)
    assert [thread.check(thread.made, one) for one in friends] == [None, None]

    for seat in thread.leads:
        seats.declare_own(seat=seat, works_for="nobody", paid_by=thread.unit.slug, now=thread.now)
    assert thread.check(thread.made, friends[0]).kind == "delivery.verified"


def test_the_page_says_that_nobody_is_seated_to_check_only_where_the_record_would(db):
    thread = claimed(today())
    page = f"{BASE}/follow/{thread.promise}/"
    leads = thread.leads

    def says(paid):
        for seat in paid:
            told_by = {"seat": seat.public_id, "paid_by": thread.unit.slug}
            thread.enter("seat.declared", [seat.public_id], told_by)
        shown = as_(None).get(page).content.decode()
        words = (
            "Nobody is seated",
            "Fewer than two leads can check this now.",
            "the program coordinator says",
        )
        return [one in shown for one in words]

    assert says(()) == [False, False, False]
    assert says(leads[:2]) == [False, True, False]
    assert says(leads[2:]) == [True, False, False]


def test_a_check_by_a_lead_whom_the_bureau_paid_afterwards_holds_up_no_other(db):
    thread = claimed(today())
    thread.check(thread.made, thread.first_lead)
    for payer in (thread.unit.slug, "outside"):
        seats.declare_payer(seat=thread.first_lead, paid_by=payer, now=thread.now)
    assert thread.check(thread.made, thread.second_lead) is None
    made = thread.check(thread.made, thread.third_lead)
    assert made.by == (thread.second_lead.public_id, thread.third_lead.public_id)


def test_a_steward_cannot_say_for_whom_a_lead_works(db):
    thread = claimed(today())
    seat = thread.first_lead.public_id
    door = f"{BASE}/steward/seats/{seat}/pay/"
    typed = {"paid_by": "outside", "works_for": thread.unit.slug}
    before = LogEntry.objects.count()
    as_(thread.steward).post(door, typed)
    assert LogEntry.objects.count() == before
    for by in ("steward", thread.second_lead.public_id):
        data = {"seat": seat, "works_for": thread.unit.slug}
        attempts = {by: lambda by=by, data=data: thread.enter("seat.declared", [by], data)}
        assert accepted(attempts) == []


def test_the_form_refuses_a_lead_whom_the_unit_pays(db):
    thread = claimed(today())
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    assert as_(thread.third_lead.person).post(page, CHECK).status_code == 302
    reply = as_(thread.paid.person).post(page, CHECK)
    assert reply.status_code == 200
    assert "The bureau that promised this pays or employs you" in reply.content.decode()
    assert verdict(thread) is None


def test_no_city_role_checks_what_the_city_promised(db):
    thread = claimed(today())
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    answers = {who: as_(person).post(page, CHECK).status_code for who, person in city(thread).items()}
    assert answers == {"staff": 403, "manager": 403, "steward": 403}
    assert as_(None).post(page, CHECK).status_code == 403
    assert verdict(thread) is None


def test_only_the_unit_that_promised_claims_a_delivery_of_its_own_milestones(db):
    from alongside.ground.programs.models import Office

    thread = claimed()
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program).first().public_id
    given = {
        "program": thread.program,
        "commitment": thread.commitment.index,
        "lang": "en",
        "now": thread.now,
    }

    def claim(office, milestone="m1", words="Done."):
        return lambda: actions.claim_delivery(office=office, milestone=milestone, words=words, **given)

    attempts = {
        "another bureau": claim(other),
        "a lead": claim(thread.first_lead.public_id),
        "another milestone": claim(thread.manager.public_id, "m9"),
        "without words": claim(thread.manager.public_id, words=""),
    }
    assert accepted(attempts) == []


def test_the_next_cohort_can_check_and_a_claim_alone_is_never_kept(db):
    thread = claimed()
    cohort = following(thread, "second")
    new = [thread.seat(one, cohort) for one in ("new", "other")]
    for seat in (thread.first_lead, thread.second_lead, thread.third_lead, thread.paid):
        seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    standing = MilestoneStanding.objects.get()
    assert (standing.completion, standing.check_entry) == ("no_evidence", None)
    assert thread.check(thread.made, new[0]) is None
    assert thread.check(thread.made, new[1]).kind == "delivery.verified"


def over(thread, seat, *, agrees=True):
    """End a seat, and let its person agree to check what their cohort was promised."""
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    if agrees:
        consents(thread, seat)
    return type(seat).objects.get(pk=seat.pk)


def consents(thread, seat, name="checks"):
    until = thread.now.date() + timedelta(days=300)
    given = {"person": seat.person, "program": thread.program, "name": name, "until": until}
    seats_actions.stay_in_reach(**given, reach="503-555-0100", offers="", now=thread.now)


def test_a_lead_whose_term_is_over_checks_by_consent_and_at_that_desk_alone(db):
    thread = claimed(today() - MONTH).later(MONTH.days)
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    for seat in (thread.first_lead, thread.second_lead):
        over(thread, seat)
    former = as_(thread.first_lead.person)
    assert page in former.get(f"{BASE}/commitments/checks/").content.decode()
    assert former.post(page, CHECK)["Location"].endswith("/commitments/checks/?done=checked")
    assert [former.get(f"{BASE}/{one}/").status_code for one in ("week", "unit", "steward", "reader")] == [
        403
    ] * 4
    assert as_(thread.second_lead.person).post(page, CHECK).status_code == 302
    assert verdict(thread) == "verified"


@pytest.mark.parametrize("days_before", [0, 31])
def test_a_former_lead_who_sat_again_for_some_days_checks_by_the_place_that_made_them_one(db, days_before):
    thread = claimed(today() - MONTH * 5).later(MONTH.days)
    former = over(thread, thread.first_lead)
    over(thread, thread.second_lead, agrees=False)
    first = thread.later(1).now.date()  # a term is said to have begun before the day on which it is entered
    cohort = following(thread.later(days_before), "second", first)
    again = thread.seat(former.person, cohort)
    over(thread.later(5), again)
    page, person = f"{BASE}/commitments/claims/{thread.made.index}/check/", as_(former.person)

    assert page in person.get(f"{BASE}/commitments/checks/").content.decode()
    assert person.post(page, CHECK).status_code == 302
    thread.now = today()  # as the page has it
    assert thread.check(thread.made, thread.third_lead).by == (thread.third_lead.public_id, former.public_id)


def test_a_lead_whose_term_is_over_checks_nothing_without_consent_and_nothing_of_another_cohort(db):
    thread = claimed()
    two_later = [following(thread, slug, date(2026 + n, 1, 1)) for n, slug in ((1, "second"), (2, "third"))]
    stranger = thread.seat("stranger", two_later[1])
    refused = {
        "without consent": over(thread, thread.first_lead, agrees=False),
        "of a cohort after the next": stranger,
    }
    consents(thread, stranger)
    consents(thread, thread.first_lead, "alumni")  # to meet the next leads is not to check
    for role in ("staff", "steward"):
        one = over(thread, thread.second_lead if role == "staff" else thread.third_lead)
        refused[f"who is {role} now"] = one
    elsewhere = next(one for one in offices(thread) if not one.startswith(thread.unit.slug))
    posted_by_rows(thread.program, thread.second_lead.person, elsewhere)
    posted_by_rows(thread.program, thread.third_lead.person, "steward")
    attempts = {who: lambda seat=seat: thread.check(thread.made, seat) for who, seat in refused.items()}
    assert accepted(attempts, Refused) == []


def test_a_former_lead_checks_nothing_that_was_promised_once_the_cohort_after_theirs_began(db):
    thread = claimed(today() - MONTH)
    friend = thread.seat("friend")
    former = over(thread.later(MONTH.days), friend)
    first = former.cohort.until_date + timedelta(days=1)
    following(thread, "second", first)
    step, day = MilestoneStanding.objects.get(claim=thread.made.index), thread.now.date()

    assert may_check_claim(former, first - timedelta(days=1), step, day)
    assert not may_check_claim(former, first, step, day)


def test_consent_that_was_withdrawn_or_is_over_checks_nothing(db):
    thread = claimed().later(MONTH.days)
    former = over(thread, thread.first_lead)
    assert thread.check(thread.made, former) is None  # one look, and it is kept until another agrees
    seats_actions.withdraw(person=former.person, program=thread.program)
    with pytest.raises(Refused, match="agree to be asked"):
        thread.check(thread.made, former)
    consents(thread, former)
    thread.later(301)
    with pytest.raises(Refused, match="agree to be asked"):
        thread.check(thread.made, former)


def test_former_leads_alone_check_nothing_where_two_leads_of_today_could_look(db):
    thread = claimed(today() - MONTH)
    friends = [thread.seat(one) for one in ("friend", "other")]
    thread.later(MONTH.days)
    friends = [over(thread, one) for one in friends]

    assert [thread.check(thread.made, one) for one in friends] == [None, None]

    by = [one.public_id for one in friends]
    assert accepted({"entered": lambda: verify(thread, by)}) == []
    assert verdict(thread) is None
    made = thread.check(thread.made, thread.first_lead)
    assert (made.kind, made.by) == ("delivery.verified", (thread.first_lead.public_id, by[0]))


def test_no_former_lead_takes_the_place_of_a_lead_of_today_who_saw_it_otherwise(db):
    thread = claimed(today() - MONTH)
    friend = thread.seat("friend")
    friend = over(thread.later(MONTH.days), friend)
    assert thread.check(thread.made, thread.first_lead, "disputed") is None
    assert thread.check(thread.made, friend) is None
    assert thread.check(thread.made, thread.second_lead) is None  # one against one, of those who sit
    assert thread.check(thread.made, thread.third_lead).by == (
        thread.second_lead.public_id,
        thread.third_lead.public_id,
    )


def test_what_a_lead_says_in_a_new_place_replaces_what_they_said_in_the_one_before(db):
    thread = claimed(today() - MONTH)
    assert thread.check(thread.made, thread.first_lead) is None
    again = seated_by_rows(following(thread, "second"), thread.first_lead.person, thread.now)
    thread.later(MONTH.days)
    seats.leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)

    assert thread.check(thread.made, again, "disputed") is None
    assert (
        thread.check(thread.made, thread.second_lead) is None
    )  # nobody is "kept" by whom they themselves unsaid
    assert [(one.seat, one.is_kept) for one in Check.objects.order_by("pk")] == [
        (again, False),
        (thread.second_lead, True),
    ]
    assert thread.check(thread.made, thread.third_lead, "disputed").by == (
        again.public_id,
        thread.third_lead.public_id,
    )


@pytest.mark.parametrize("how", ["suspension", "taken back", "tied"])
def test_what_two_leads_see_alike_by_now_is_entered_though_nobody_presses(db, how):
    thread = claimed(today() - MONTH * 5)
    friend = thread.seat("friend")
    first, second, third = thread.leads
    seats.declare_own(seat=third, works_for=thread.unit.slug, paid_by="outside", now=thread.now)
    friend = over(thread.later(60), friend)
    if how == "suspension":
        seats.suspend_seat(seat=first, ground="We look into it.", now=thread.now)
        said = ((second, "verified"), (first, "verified"))
    else:
        said = ((first, "disputed"), (friend, "verified"), (second, "verified"))
    assert [thread.check(thread.made, *one) for one in said] == [None] * len(said)
    clock.tick(program=thread.program, now=thread.now)
    assert verdict(thread) is None
    if how == "taken back":
        actions.take_back_check(program=thread.program, claim=thread.made.index, person=first.person)
    elif how == "tied":
        seats.declare_own(seat=first, works_for=thread.unit.slug, paid_by="outside", now=thread.now)

    with signed_by(Nobody()):  # what was kept of each lead's key is enough
        clock.tick(program=thread.program, now=thread.later(40).now)

    assert verdict(thread) == "verified"
    assert not LogEntry.objects.filter(kind="delivery.unchecked").exists()


@pytest.mark.parametrize("is_too_new", [False, True])
def test_what_a_lead_saw_in_an_earlier_place_is_entered_under_the_one_of_today_once_that_may_check(
    db, is_too_new
):
    thread = claimed(today() - MONTH * 5)
    friend = thread.seat("friend")
    lead = thread.later(40).first_lead
    assert thread.check(thread.made, lead) is None
    over(thread, lead, agrees=False)
    friend = over(thread, friend)
    again = thread.seat(lead.person, following(thread.later(1), "second"))
    thread.later(10 if is_too_new else 31)

    made = thread.check(thread.made, friend)

    by = (again.public_id, friend.public_id)
    assert (made and made.by) == (None if is_too_new else by)


@pytest.mark.parametrize("how", ["removal", "suspension"])
def test_nobody_is_one_of_two_by_an_earlier_place_who_was_stopped_in_the_one_of_today(db, how):
    thread = claimed(today() - MONTH * 5).later(40)
    lead = thread.first_lead
    assert thread.check(thread.made, lead) is None
    over(thread, lead)
    cohort = following(thread.later(1), "second")
    again, *_others = [thread.seat(one, cohort) for one in (lead.person, "friend", "stranger")]
    thread.later(31)
    if how == "removal":
        told = {"reasons": "They took money.", "ground": "harm", "appeal_to": thread.manager.public_id}
        seats.remove_seat(seat=again, **told, by=thread.steward, now=thread.now)
    else:
        seats.suspend_seat(seat=again, ground="We look into it.", now=thread.now)

    assert thread.check(thread.made, thread.second_lead) is None
    assert thread.check(thread.made, thread.third_lead).by == (
        thread.second_lead.public_id,
        thread.third_lead.public_id,
    )


@pytest.mark.parametrize("how", ["pay", "suspension"])
def test_no_word_of_the_coordinator_lets_a_former_lead_pass_by_who_saw_it_otherwise(db, how):
    thread = claimed(today() - MONTH)
    friend = thread.seat("friend")
    friend = over(thread.later(MONTH.days), friend)
    assert thread.check(thread.made, thread.second_lead, "disputed") is None
    if how == "pay":
        for seat in (thread.second_lead, thread.third_lead):
            seats.declare_payer(seat=seat, paid_by=thread.unit.slug, now=thread.now)
    else:
        seats_actions.suspend_seat(seat=thread.second_lead, ground="We look into it.", now=thread.now)

    assert thread.check(thread.made, friend) is None
    assert thread.check(thread.made, thread.first_lead) is None

    assert verdict(thread) is None


def test_nobody_who_prints_the_codes_of_former_leads_without_an_address_checks_in_their_name(db):
    thread = claimed(today() - MONTH).later(MONTH.days)
    steward, page = as_(thread.steward), f"{BASE}/commitments/claims/{thread.made.index}/check/"
    consents(thread, thread.second_lead)  # also who agreed while they sat
    for seat in (thread.first_lead, thread.second_lead):
        Person.objects.filter(pk=seat.person_id).update(email=None)
        over(thread, seat, agrees=False)
    agree = {
        "agree": "1",
        "reach-name": "checks",
        "reach-reach": "503-555-0100",
        "reach-until": (thread.now.date() + timedelta(days=300)).isoformat(),
    }
    for seat in (thread.first_lead, thread.second_lead):
        code = steward.post(f"{BASE}/steward/people/{seat.person_id}/code/").context["code"]
        client = Client()
        client.post(f"{BASE}/sign-in/printed-code/", {"code": code})
        shown = client.post(f"{BASE}/seat/goodbye/", agree)
        assert (shown.status_code, "no email address is not asked to check" in shown.content.decode()) == (
            200,
            True,
        )
        client.post(page, CHECK)
        assert client.post(f"{BASE}/seat/job/", {"works_for": thread.unit.slug}).status_code == 403
    assert (Check.objects.count(), verdict(thread)) == (0, None)
    assert not LogEntry.objects.filter(kind="seat.declared", subject=thread.first_lead.public_id).exists()


def offices(thread):
    from alongside.ground.programs.models import Office

    return [
        one.public_id for one in Office.objects.filter(unit__program=thread.program).select_related("unit")
    ]


@pytest.mark.parametrize(("seated", "nobody"), [(3, "no"), (1, "no"), (0, "yes")])
def test_it_says_so_if_nobody_is_seated_to_check(db, seated, nobody):
    thread = claimed()
    for seat in (thread.first_lead, thread.second_lead, thread.third_lead)[seated:]:
        seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    thread.later(90)
    assert clock.tick(program=thread.program, now=thread.now) == 0
    thread.later(1)
    assert [clock.tick(program=thread.program, now=thread.now) for _ in range(2)] == [1, 0]
    line = LogEntry.objects.get(kind="delivery.unchecked")
    assert f'"nobody_seated":"{nobody}"' in bytes(line.raw).decode()


def test_a_dispute_stands_until_a_new_claim_is_checked_anew(db):
    thread = claimed()
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, seat, "disputed")
    assert verdict(thread) == "disputed"
    with pytest.raises(Refused, match="is checked"):
        thread.check(thread.made, thread.third_lead)
    thread.later(14)
    thread.made = thread.claim(thread.commitment)
    assert verdict(thread) is None


def test_what_leads_dispute_is_not_claimed_again_at_once_and_stays_late_meanwhile(db):
    thread = claimed(today())
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, seat, "disputed")
    commitment, office = thread.commitment.index, thread.manager.public_id
    page, again = f"{BASE}/commitments/{commitment}/m1/claim/", thread.now.date() + timedelta(days=14)
    claim = {"data": {"milestone": "m1"}, "cites": {"commitment": [commitment]}}

    def enter(days):
        texts, later = {"claim": Text("en", "It is set.")}, thread.now + timedelta(days=days)
        draft = Draft(kind="delivery.claimed", by=[office], texts=texts, **claim)
        return lambda: append(program=thread.program, drafts=[draft], now=later)

    assert accepted({f"after {days} days": enter(days) for days in (0, 1, 13)}) == []
    boss = as_(thread.boss)
    shown = boss.post(page, {"words": "It is set now."})
    assert (shown.status_code, "It can be claimed again from" in shown.content.decode()) == (200, True)
    desk = boss.get(f"{BASE}/unit/").content.decode()
    said = " ".join(re.sub(r"<[^>]+>", "", desk).split())
    assert (f"You can claim it again from {day_in_words(again)} on." in said, page in desk) == (True, False)
    assert accepted({"after two weeks": enter(14)}) == ["after two weeks"]


def late(thread) -> list[int]:
    return [
        parse(one.index, bytes(one.raw)).data["days"]
        for one in LogEntry.objects.filter(kind="commitment.late")
    ]


def test_an_early_empty_claim_that_leads_dispute_stops_no_clock(db):
    thread = claimed()
    for lead in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, lead, "disputed")
    milestone = MilestoneStanding.objects.get(claim=thread.made.index)
    days = (milestone.due - thread.now.date()).days
    clock.tick(program=thread.program, now=thread.now + timedelta(days=days))
    assert late(thread) == []
    for after in (1, 1, 40):
        clock.tick(program=thread.program, now=thread.now + timedelta(days=days + after))
    assert late(thread) == [1, 40]
    assert LogEntry.objects.filter(kind="delivery.unchecked").count() == 0
    thread.later(days + 45)
    thread.claim(thread.commitment)
    clock.tick(program=thread.program, now=thread.now + timedelta(days=50))
    assert late(thread) == [1, 40]
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["commitment.late"] == 2


def test_a_late_delivery_stands_behind_the_entry_that_says_so_also_before_the_clock_ran(db):
    from alongside.ground.record.actions.entries import Text

    thread = claimed()
    for lead in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, lead, "disputed")
    due = MilestoneStanding.objects.get(claim=thread.made.index).due
    thread.later((due - thread.now.date()).days + 2)
    data, cites = {"milestone": "m1"}, {"commitment": [thread.commitment.index]}
    claim = {
        "hidden": lambda: thread.enter(
            "delivery.claimed", [thread.manager.public_id], data, cites, {"claim": Text("en", "It is set.")}
        )
    }
    assert accepted(claim) == []
    thread.claim(thread.commitment)
    clock.tick(program=thread.program, now=thread.now)
    kinds = LogEntry.objects.order_by("index").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["commitment.late", "delivery.claimed"]
    assert late(thread) == [2]


def test_pages_tell_what_is_disputed_or_late_once_the_day_has_passed():
    due = date(2026, 3, 20)
    answered = Standing(answer=3, decision="accepted", state="answered")
    empty = MilestoneStanding(due=due, claim=5, check_entry=6)
    unclaimed = MilestoneStanding(due=due)

    def said(milestone, days):
        return outcome(answered, [milestone], due + timedelta(days=days))

    assert said(empty, -1).startswith("Will change by")
    assert [said(empty, 1), said(unclaimed, 1)] == ["Disputed", "Late"]
    assert said(MilestoneStanding(due=due, claim=5), 1) == "Changed"
    assert said(MilestoneStanding(due=due, quiet=due + timedelta(days=9)), 1).startswith("Will change by")


def test_two_who_write_in_two_languages_are_each_heard_in_their_own(db):
    thread = claimed()
    for seat, words, lang in (
        (thread.first_lead, "Miramos y estaba todo.", "es"),
        (thread.second_lead, "We looked, and all of it is there.", "en"),
    ):
        made = actions.check_delivery(
            program=thread.program,
            claim=thread.made.index,
            seat=seat,
            completion="complete",
            words=words,
            lang=lang,
            now=thread.now,
        )

    assert {name: text["lang"] for name, text in made.texts.items()} == {"check": "es", "check-2": "en"}
    page = as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert '<p class="said" lang="es" dir="ltr">Miramos y estaba todo.</p>' in page
    assert '<p class="said">We looked, and all of it is there.</p>' in page


def test_what_each_of_two_saw_stands_under_their_own_place(db):
    thread = claimed()
    said = {thread.first_lead: "We both went there twice.", thread.second_lead: "I saw one."}
    made = None
    for seat, words in said.items():
        about = {"program": thread.program, "claim": thread.made.index, "seat": seat, "now": thread.now}
        made = actions.check_delivery(completion="complete", words=words, lang="en", **about)

    assert said_by(made) == {
        "check": thread.first_lead.public_id,
        "check-2": thread.second_lead.public_id,
    }
    for page in (f"{BASE}/record/{made.index}/", f"{BASE}/follow/{thread.promise}/"):
        shown = text_of(as_(None).get(page))
        for seat, words in said.items():
            assert f"Lead (place {seat.public_id[5:9]}) {words}" in shown


def test_no_command_claims_or_checks_a_delivery():
    assert appended_by_commands() & {"delivery.claimed", "delivery.verified", "delivery.disputed"} == set()


def test_no_sql_makes_a_promise_kept_on_the_record(both_databases):
    thread = claimed()
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, seat, "disputed")
    statements = [
        "UPDATE record_logentry SET kind = 'delivery.verified' WHERE kind = 'delivery.disputed'",
        "DELETE FROM record_logentry WHERE kind = 'delivery.disputed'",
    ]
    assert taken_by_sql(statements) == []


def test_a_standing_that_sql_forged_is_folded_away_again(db):

    thread = claimed()
    MilestoneStanding.objects.update(check_entry=1, completion="complete")
    folded.rebuild(program=thread.program)
    standing = MilestoneStanding.objects.get()
    assert (standing.completion, standing.check_entry) == ("no_evidence", None)


# No percentage is ever typed in

LOGS = ("StubsForm", "AdvanceForm", "CostForm", "MonthForm", "PieceForm", "WorkForm", "LogForm")
#: Numbers that people type and that are no measure of work, by form; each list is whole, so a new one stops here.
COUNTS = {
    "how many may speak, sit, came or must come": {
        ("DatesForm", "cap"),
        ("CorrectionForm", "count"),
        ("TermsForm", "seats"),
        ("TermsForm", "alternates"),
        ("MinutesForm", "people"),
        ("SessionForm", "room"),
        ("PeopleForm", "people"),
        ("CourseForm", "sessions_needed"),
    },
    "money, and hours that are paid": {
        ("TermsForm", "budget"),
        ("TermsForm", "not_to_exceed"),
        ("TermsForm", "pay_amount"),
        ("TermsForm", "hours_a_month"),
        ("StubsForm", "stubs"),
        ("CountForm", "stubs"),
    },
    "which page, version, answer or piece of work is meant": {
        ("FilterForm", "before"),
        ("WantedForm", "before"),
        ("AnswerForm", "seen"),
        ("SignForm", "version"),
        *((form, name) for form in LOGS for name in ("again", "corrects")),
    },
    "how many days a partner sees a draft": {("ShowForm", "days")},
    "the line that applicants' points must reach": {("ShortlistForm", "percent")},
    "which page of what was found, and which list of questions": {
        ("SearchForm", "page"),
        ("StateForm", "page"),
        ("StateForm", "list"),
    },
    "the place in a file or text that a lead's comment is about": {
        ("CommentForm", name) for name in ("row", "page", "near")
    },
}
#: Names that sound like a measure of work and are none: words of what was done, points of applicants, and pay for an hour.
NO_MEASURE_IN_FORMS = {("DoneForm", "done"), ("ShortlistForm", "percent"), ("TermsForm", "rate")}
NO_MEASURE_IN_TABLES = {
    ("Alarm", "done"),
    ("Alarm", "done_lang"),
    ("Reading", "share"),
}
MONEY = {("Call", "budget"), ("Call", "not_to_exceed"), ("Call", "pay_amount")}
PERCENT = re.compile(r"percent|progress|share|(?<![a-z])(?:ratio|rate|pct|done)(?![a-z])", re.IGNORECASE)


def form_classes() -> list[type[forms.Form]]:
    found, waiting = [], [forms.Form, forms.ModelForm]
    assert get_resolver().url_patterns, "the views, and with them every form that a page shows"
    while waiting:
        new = waiting.pop().__subclasses__()
        found += [one for one in new if one.__module__.startswith("alongside.")]
        waiting += new
    return found


def test_no_form_takes_a_number_for_how_much_is_done():
    classes = form_classes()
    assert len(classes) > 10
    fields = {(form.__name__, name): field for form in classes for name, field in form.base_fields.items()}
    named = {where for where in fields if PERCENT.search(where[1])}
    typed = {
        where for where, field in fields.items() if isinstance(field, forms.IntegerField)
    }  # and its kinds
    assert (named, typed) == (NO_MEASURE_IN_FORMS, set().union(*COUNTS.values()))


def test_no_table_and_no_entry_keeps_a_percentage():
    ours = [one for one in apps.get_models() if one.__module__.startswith("alongside.")]
    columns = {
        (one.__name__, field.name): field
        for one in ours
        for field in one._meta.get_fields()
        if isinstance(field, models.Field)
    }
    assert {where for where in columns if PERCENT.search(where[1])} == NO_MEASURE_IN_TABLES
    kept = {
        where for where, one in columns.items() if isinstance(one, models.FloatField | models.DecimalField)
    }
    assert kept == MONEY
    names = [(kind.name, name) for kind in KINDS.values() for name in (*kind.data, *kind.may)]
    assert [where for where in names if PERCENT.search(where[1])] == []


def test_no_page_offers_a_slider_or_a_number_for_how_much_is_done():
    offers = re.compile(r"<(?:input[^>]+type=[\"'](?:range|number)|progress|meter)", re.IGNORECASE)
    inside = [path for path in templates() if "commitments" in path.parts or "answers" in path.parts]
    assert len(inside) > 2
    assert [path.name for path in inside if offers.search(path.read_text(encoding="utf-8"))] == []


def test_a_record_that_lets_anyone_check_is_caught(db, monkeypatch):
    without_rule(monkeypatch, "delivery.verified", "is_checked_by_others")
    is_caught("verified by one lead", test_the_record_refuses_every_check_but_that_of_two_unpaid_leads, None)


def test_a_record_that_lets_another_milestone_be_checked_is_caught(db, monkeypatch):
    without_rule(monkeypatch, "delivery.verified", "is_checked_by_others")
    nowhere = MilestoneStanding.DoesNotExist  # the record took it, and knows of no such claim
    test = test_the_record_refuses_a_check_of_anything_but_the_claim
    is_caught("MilestoneStanding matching query", test, None, by=nowhere)


def test_an_action_that_takes_one_lead_is_caught(db, monkeypatch):
    monkeypatch.setattr(actions, "CHECKERS", 1)
    without_rule(monkeypatch, "delivery.verified", "is_checked_by_others")
    is_caught("is None", test_one_lead_is_not_enough, None)


def test_a_count_of_checks_instead_of_people_is_caught(db, monkeypatch):
    def every(program, standing, _today):
        """Count a check once for each seat of whoever looked."""
        looked = Check.objects.filter(program=program, claim=standing.claim).select_related("seat")
        own = type(looked.get().seat).objects.filter(person=looked.get().seat.person_id)
        said = {"completion": "complete", "words": "We looked.", "lang": "en"}
        return [Check(program=program, claim=standing.claim, seat=seat, **said) for seat in own]

    monkeypatch.setattr(actions, "_of_different_people", every)
    twice = GrammarError  # the record counts people, even where the action does not
    is_caught("are one person, who counts once", test_one_person_in_two_seats_is_one_lead, None, by=twice)


def test_a_former_lead_who_agreed_to_check_does_so_until_a_next_term_of_theirs_begins(db):
    thread = claimed(today() - MONTH).later(MONTH.days)
    former = over(thread, thread.first_lead)
    over(thread, thread.second_lead, agrees=False)
    day = thread.now.date()
    again = thread.seat(former.person, following(thread, "second", date(2028, 1, 1)))

    assert former_leads(thread.program, "checks", day) == [former]
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    client = as_(former.person)
    assert page in client.get(f"{BASE}/commitments/checks/").content.decode()
    assert client.post(page, CHECK)["Location"].endswith("/commitments/checks/?done=checked")
    assert former_leads(thread.program, "checks", again.from_date) == []


def pages_after(thread):
    """Give the words of a thread's page, its statement and the year, without tags."""
    heads.sign_head(program=thread.program, now=thread.now)
    paths = (
        f"follow/{thread.promise}/",
        "projects/library-computers-project/statement/",
        f"years/{thread.now.year}/",
    )
    return [text_of(as_(None).get(f"{BASE}/{path}", follow=True)) for path in paths]


def test_one_milestone_that_is_claimed_again_and_again_is_counted_once_in_the_year():
    thread = claimed(today())
    sheet = f"{BASE}/years/{thread.now.year}/report.csv"
    for claim in (thread.made, None, None):
        claim = claim or thread.claim(thread.commitment)
        thread.check(claim, thread.first_lead)
        thread.check(claim, thread.second_lead)
    year = pages_after(thread)[-1]
    assert "1 milestone was kept, and people outside that bureau checked it." in year
    assert "milestones verified,,1," in as_(None).get(sheet).content.decode()


def test_a_dispute_stands_in_thread_and_statement_also_once_others_say_kept():
    thread = claimed(today())
    for seat in (thread.first_lead, thread.second_lead):
        actions.check_delivery(
            program=thread.program,
            claim=thread.made.index,
            seat=seat,
            completion="limited",
            words="Half of them is not set.",
            lang="en",
            now=thread.now,
        )
    told = LogEntry.objects.get(kind="delivery.disputed")
    before = f"Two leads looked and say that this is not done, {day_in_words(thread.now.date())}."
    claim = thread.later(40).claim(thread.commitment)
    waits = pages_after(thread)[:2]
    thread.check(claim, thread.second_lead)
    thread.check(claim, thread.third_lead)
    for pages in (waits, pages_after(thread)[:2]):
        assert [(before in one, "Half of them is not set." in one) for one in pages] == [(True, True)] * 2
        assert [f"Entry {told.index}" in one for one in pages] == [True, True]
    after = f"Two leads looked and say that this is done, {day_in_words(thread.now.date())}."
    assert [after in one for one in pages] == [True, True]

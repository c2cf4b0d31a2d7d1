"""Promises 3, 4 and 5: whom the steward seats beside the leads who sit has no lead's weight before that is public for 30 days."""

import re
from datetime import date, timedelta

import pytest

from alongside.chain.commitments.queries import promised_between
from alongside.cohort.rules.actions import agree_to_rules
from alongside.cohort.rules.models import Consent, Proposal
from alongside.cohort.rules.queries import to_read
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seconds import seconds_awaited
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.days import confirm_day
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements import actions as engagements
from tests.promises.attempts import BASE, accepted, adopt, agree, as_, today
from tests.promises.test_kept_means_verified import CHECK, claimed, following, verdict, verify
from tests.promises.test_the_rules_are_under_two_pens import MILDER
from tests.support.thread import Thread
from tests.work.consultations.cast import Review

pytestmark = pytest.mark.django_db
NEW = f"{BASE}/steward/cohorts/new/"


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def form(thread, count=6, **more):
    day = thread.now.date()
    rows = "\n".join(f"Friend {one},friend{one}@example.org,en,outside" for one in range(count))
    term = {"name": "Friends", "from_date": day, "until_date": day + timedelta(days=300)}
    return {**term, "people": rows, **more}


def friends_of_the_steward(thread, count=6) -> list[Seat]:
    """Let the steward seat people on the page, beside the leads who sit."""
    assert as_(thread.steward).post(NEW, form(thread, count, confirmed="yes")).status_code == 302
    return list(Seat.objects.filter(cohort__slug="friends").order_by("pk"))


def agrees(thread, seat):
    """Let a lead agree to the milder rules that are proposed."""
    rows = RowsLog.of(thread.program)
    given = {"seat": seat, "read": to_read(thread.program, rows), "now": thread.now}
    return agree_to_rules(proposal=Proposal.objects.get(), **given)


def test_the_steward_makes_no_majority_for_milder_rules_by_filling_seats(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    friends = friends_of_the_steward(thread)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    page = f"{BASE}/cohort-rules/"
    shown = words(as_(friends[0].person).get(page))
    assert "Your place is new. You can agree from" in shown
    assert "I agree to the new rules" not in shown
    for one in friends:
        agree(one)
    assert Consent.objects.count() == 0
    agree(thread.first_lead)
    assert "5 more are needed" in words(as_(thread.second_lead.person).get(page))
    assert agrees(thread, thread.second_lead) is None
    assert pack_of(thread.program).clocks.answer_days == 60


def test_a_majority_is_one_of_each_cohort_that_sits(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    friends = friends_of_the_steward(thread)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    thread.later(30)
    assert [agrees(thread, one) for one in friends] == [None] * 6
    assert agrees(thread, thread.first_lead) is None
    entry = agrees(thread, thread.second_lead)
    assert entry.kind == "policy.adopted"
    check_log(thread.entries(), origin=thread.program.origin)


def test_friends_of_the_steward_check_nothing_in_their_first_days(db):
    thread = claimed(today())
    friends = friends_of_the_steward(thread)
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    told = "Your place is new, and leads who have been here for longer do this."
    opened = as_(friends[0].person).get(page).content.decode()
    assert (told in opened, "Send what I saw" in opened) == (True, False), "no form offers what is refused"
    refused = words(as_(friends[0].person).post(page, CHECK))
    assert told in refused
    by = [one.public_id for one in friends[:2]]
    attempts = {
        kind: lambda kind=kind, how=how: verify(thread, by, kind=kind, completion=how)
        for kind, how in (("delivery.verified", "complete"), ("delivery.disputed", "limited"))
    }
    assert accepted(attempts) == []
    thread.check(thread.made, thread.first_lead)
    (waits,) = seconds_awaited(thread.program, thread.now.date())
    assert not {one.pk for one in waits.leads} & {one.pk for one in friends}
    assert verdict(thread) is None
    assert thread.check(thread.made, thread.second_lead).kind == "delivery.verified"


def test_a_friend_of_the_steward_agrees_to_no_take_down_and_writes_no_correction_in_their_first_days(db):
    thread = Thread(now=today()).to_open_engagement()
    found = thread.find()
    (friend,) = friends_of_the_steward(thread, 1)
    client = as_(friend.person)
    typed = {"name": "statement", "ground": "A court said so."}
    page = f"{BASE}/record/{found.index}/agree/"
    shown = words(client.post(page, typed))
    assert "signs this from" in shown
    assert "take-down riverbend" not in shown
    assert "take-down riverbend" in words(as_(thread.first_lead.person).post(page, typed))
    given = {"about": "title", "words": "Another title", "lang": "en", "day": None, "others": {"es": "Otro"}}
    with pytest.raises(GrammarError, match="signs this from"):
        engagements.propose_correction(
            engagement=thread.engagement, by=friend.public_id, now=thread.now, **given
        )


def test_a_friend_of_the_steward_does_not_say_which_day_it_is_beside_them(db):
    thread = Thread(now=today() - timedelta(days=9)).open_program()
    (friend,) = friends_of_the_steward(thread, 1)
    Log.objects.filter(program=thread.program).update(agreed_day=thread.now.date())
    thread.now = today()
    given = {"program": thread.program, "day": thread.now.date(), "now": thread.now}
    with pytest.raises(GrammarError, match="signs this from"):
        confirm_day(person=friend.person, by=friend.public_id, **given)
    shown = as_(friend.person).post(f"{BASE}/record/clock/", {"day": str(thread.now.date())})
    assert (shown.status_code, "signs this from" in words(shown)) == (200, True)


def test_a_new_seat_checks_at_once_where_nobody_sits_who_was_there_before(db):
    thread = claimed(today())
    friends = friends_of_the_steward(thread, 2)
    for one in (thread.first_lead, thread.second_lead, thread.third_lead, thread.paid):
        seats.leave_seat(seat=one, on=thread.now.date(), reason="", now=thread.now)
    assert thread.check(thread.made, friends[0]) is None
    assert thread.check(thread.made, friends[1]).kind == "delivery.verified"


def test_suspending_who_was_there_before_gives_a_new_seat_no_weight(db):
    thread = claimed(today())
    friends = friends_of_the_steward(thread, 2)
    seats.suspend_seat(seat=thread.first_lead, ground="harm", now=thread.now)
    for one in (thread.second_lead, thread.third_lead, thread.paid):
        seats.leave_seat(seat=one, on=thread.now.date(), reason="", now=thread.now)
    attempts = {one.public_id: lambda one=one: thread.check(thread.made, one) for one in friends}
    assert accepted(attempts, Refused) == []


def test_friends_make_no_rules_milder_in_their_first_month_also_where_nobody_sits_beside_them(db, tmp_path):
    thread = Thread(now=today() - timedelta(days=8)).to_open_engagement()
    thread.later(8)
    friends = friends_of_the_steward(thread, 3)
    for one in thread.leads:
        seats.leave_seat(seat=one, on=thread.now.date(), reason="", now=thread.now)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    attempts = {one.public_id: lambda one=one: agrees(thread, one) for one in friends}
    assert accepted(attempts, Refused) == []
    assert pack_of(thread.program).clocks.answer_days == 60
    thread.later(30)
    assert agrees(thread, friends[0]) is None
    assert agrees(thread, friends[1]).kind == "policy.adopted"
    check_log(thread.entries(), origin=thread.program.origin)


def test_leads_who_come_into_a_cohort_after_its_first_week_wait_and_those_before_do_not(db):
    thread = claimed(today())
    early = thread.seat("early")
    thread.later(8)
    late = thread.seat("late")
    attempts = {"late": lambda: thread.check(thread.made, late)}
    assert accepted(attempts, Refused) == []
    assert thread.check(thread.made, early) is None
    assert thread.check(thread.made, thread.first_lead).kind == "delivery.verified"


def test_the_thread_says_since_when_the_newest_of_those_who_checked_sits(db):
    thread = claimed(today())
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(thread.made, seat)
    shown = words(as_(None).get(f"{BASE}/follow/{thread.promise}/"))
    assert "Of those who looked, the newest has been a lead here since" in shown


def test_the_steward_reads_who_sits_and_from_when_the_new_leads_count(db):
    thread = Thread(now=today()).open_program()
    shown = words(as_(thread.steward).post(NEW, form(thread)))
    assert "These leads have a place already: The first cohort: 3 leads, until December 31, 2027" in shown
    assert "The new leads can work beside them from the first day of their term. They count from" in shown
    for one in thread.leads:
        seats.leave_seat(seat=one, on=thread.now.date(), reason="", now=thread.now)
    shown = words(as_(thread.steward).post(NEW, form(thread)))
    assert "There is no lead now, so the new leads count from the first day of their term." in shown


@pytest.mark.parametrize(
    ("days", "told"),
    [((0, 88), "A term is 90 days at least."), ((-32, 300), "begins 31 days before it is entered")],
)
def test_the_steward_seats_no_cohort_for_some_days_or_back_into_the_past(db, days, told):
    thread = Thread().open_program()
    thread.now = today()
    first, last = (thread.now.date() + timedelta(days=one) for one in days)
    typed = form(thread, from_date=first, until_date=last, confirmed="yes")
    assert told in words(as_(thread.steward).post(NEW, typed))
    assert not Seat.objects.filter(cohort__slug="friends").exists()


def test_every_lead_who_sits_is_asked_for_advice_whoever_was_seated_last(db):
    review = Review()
    thread = review.thread
    (friend,) = friends_of_the_steward(thread, 1)
    second = Review(slug="second-register", thread=thread)
    for slug in (review.row.slug, second.row.slug):
        for seat in (thread.first_lead, friend):
            client = as_(seat.person)
            for door in ("comments", "advise"):
                page = f"{BASE}/consultations/{slug}/{door}/"
                assert client.get(page).status_code == 200, (page, seat)
            assert f"/consultations/{slug}/" in client.get(f"{BASE}/week/").content.decode()


def test_leads_of_today_advise_where_the_term_of_those_who_were_asked_is_over(db):
    review = Review()
    thread = review.thread
    (next_lead,) = friends_of_the_steward(thread, 1)
    for one in thread.leads:
        seats.leave_seat(seat=one, on=thread.now.date(), reason="", now=thread.now)
    assert as_(next_lead.person).get(f"{BASE}/consultations/{review.row.slug}/advise/").status_code == 200
    review.lead = next_lead
    assert review.advise(points=1)[0].kind == "advice.published"


def test_no_brief_waits_for_advice_for_longer_than_two_years(db):
    late = timedelta(days=800)
    review = Review()
    data = dict(RowsLog.of(review.program).get(review.row.entry).data)
    data |= {"consultation": "late", "advice_by": str(review.day + late), "answer_by": str(review.day + late)}
    entry = RowsLog.of(review.program).get(review.row.entry)
    texts = {name: Text("en", "Words.") for name in entry.texts}
    cites = {name: list(one) for name, one in entry.cites.items()}
    with pytest.raises(GrammarError, match="advice is given within 2 years"):
        review.thread.enter("consultation.opened", [review.office], data, cites, texts)


def test_no_cohort_in_between_cuts_the_promises_that_former_leads_check(db):
    thread = Thread().open_program()
    own = thread.first_lead
    following(thread, "friends", thread.now.date())
    assert promised_between(own) == (date(2026, 1, 1), date.max)
    last = following(thread, "next", date(2028, 1, 1))
    assert promised_between(own) == (date(2026, 1, 1), date(2028, 1, 1))
    later = thread.seat("later", last)
    assert promised_between(later)[0] == date(2026, 1, 1)

"""Promises 3, 6: no seat is taken from a lead without an appeal that somebody else decides, and in time."""

from datetime import timedelta

import pytest

from alongside.cohort.seats import actions
from alongside.cohort.seats.models import Cohort, Removal, Seat
from alongside.cohort.seats.queries.charters import charter_of_the_leads
from alongside.cohort.seats.queries.seats import appeals_for, viewer_for
from alongside.cohort.seats.tasks import tick
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import end_post, give_office, make_steward
from alongside.ground.programs.models import Post
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import LogEntry
from tests.cohort.seats import cast
from tests.promises.attempts import BASE, accepted, as_, is_caught, size, without_rule

pytestmark = pytest.mark.django_db
OTHER = "libraries-and-halls/manager"


@pytest.fixture
def thread(db):
    return cast.program()


def remove(thread, to=cast.OFFICE, ground="absent"):
    given = {"ground": ground, "reasons": "Was away.", "appeal_to": to, "by": thread.steward}
    return actions.remove_seat(seat=thread.third_lead, now=thread.now, **given)


def acts(thread, seat):
    """Give an attempt to act as a lead."""
    data = {"meeting": f"meeting-{size()}", "cohort": cast.cohort(thread).slug, "on": "2030-01-01"}
    texts = {name: Text("en", "Words.") for name in ("title", "agenda")}
    cites = {"cohort": [cast.cohort(thread).entry]}
    return lambda: thread.enter("meeting.planned", [seat.public_id], data, cites, texts)


def is_lead(thread, seat) -> bool:
    """Say whether the site knows somebody as a lead today."""
    return viewer_for(seat.person, thread.program, thread.now.date()).seat == seat.public_id


def sits(thread) -> bool:
    """Say whether the third lead can act, by the record and on the site."""
    by_record = accepted({"acts": acts(thread, thread.third_lead)}) != []
    assert by_record is (Seat.objects.get(pk=thread.third_lead.pk).left_on is None)
    return by_record


def test_the_steward_leaves_no_seat_in_the_name_of_its_lead(db):
    thread = cast.program()
    seat = thread.third_lead.public_id
    attempts = {
        "today": lambda: thread.enter("seat.left", ["steward"], {"seat": seat}),
        "later": lambda: thread.enter(
            "seat.left",
            ["steward"],
            {"seat": seat, "on": (thread.now.date() + timedelta(days=30)).isoformat()},
        ),
        "with the lead": lambda: thread.enter("seat.left", ["steward", seat], {"seat": seat}),
        "another lead": lambda: thread.enter("seat.left", [thread.first_lead.public_id], {"seat": seat}),
    }
    assert accepted(attempts) == []
    gone = as_(thread.steward).post(f"{BASE}/steward/seats/{seat}/leave/", {"ground": "no-time"})
    assert (gone.status_code, sits(thread)) == (404, True)


def test_whom_the_steward_ends_a_seat_for_because_they_asked_can_appeal(db):
    thread = cast.program()
    page = f"{BASE}/steward/seats/{thread.third_lead.public_id}"
    typed = {"ground": "asked", "reasons": "Called to say so.", "appeal_to": cast.OFFICE, "sure": "on"}
    steward = as_(thread.steward)
    assert steward.post(f"{page}/remove/", typed).status_code == 200
    assert steward.post(f"{page}/asked-to-leave/", typed | {"ground": "harm"}).status_code == 302
    assert sits(thread) is False
    as_(thread.third_lead.person).post(f"{BASE}/seat/appeal/", {"words": "I never did."})
    assert Removal.objects.exclude(appealed_on=None).get().ground == "asked"


def test_a_charter_says_who_hears_appeals_once_most_leads_have_signed_it(db):
    thread = cast.program()
    cast.adopt(thread, appeals_to=cast.OFFICE)
    cast.sign(thread, *(one.public_id for one in thread.leads))
    cast.adopt(thread, appeals_to=OTHER)
    with pytest.raises(GrammarError, match=f"the group agreement names {cast.OFFICE} for appeals"):
        remove(thread, to=OTHER)
    cast.sign(thread, thread.first_lead.public_id, "steward")
    with pytest.raises(GrammarError, match=f"the group agreement names {cast.OFFICE} for appeals"):
        remove(thread, to=OTHER)
    cast.sign(thread, thread.second_lead.public_id)
    assert remove(thread, to=OTHER).appeal_to == OTHER


def test_a_suspension_ends_by_itself_and_comes_once_in_a_year(db):
    thread = cast.program()
    seat = thread.third_lead
    actions.suspend_seat(seat=seat, ground="Case 7", now=thread.now)
    thread.later(29)
    tick(program=thread.program, now=thread.now)
    assert (accepted({"acts": acts(thread, seat)}), is_lead(thread, seat)) == ([], False)
    thread.later(1)
    tick(program=thread.program, now=thread.now)
    assert (accepted({"acts": acts(thread, seat)}), is_lead(thread, seat)) == (["acts"], True)
    with pytest.raises(
        GrammarError, match="remove it if the lead shall not act, so that the lead can appeal"
    ):
        actions.suspend_seat(seat=seat, ground="Case 8", now=thread.now)


def test_a_removal_falls_whose_appeal_nobody_decides(db):
    thread = cast.program()
    decider = make_person(email="decider@riverbend.example")
    give_office(person=decider, program=thread.program, office=cast.OFFICE, from_date=thread.now.date())
    made = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    early = lambda: thread.enter(
        "removal.decided", ["clock"], {"decision": "lifted"}, {"appeal": [made.appeal_entry]}
    )
    thread.later(30)
    tick(program=thread.program, now=thread.now)
    assert accepted({"the clock, too early": early}) == []
    assert not sits(thread)
    thread.later(1)
    with pytest.raises(GrammarError, match="the days to decide this appeal are over"):
        actions.decide_appeal(removal=made, decision="stands", reasons="So.", by=decider, now=thread.now)
    tick(program=thread.program, now=thread.now)
    assert (cast.kinds(thread)[-1], sits(thread)) == ("removal.decided", True)
    assert as_(decider).get(f"{BASE}/appeals/{made.pk}/").status_code == 404


def test_a_removal_that_fell_is_not_repeated(db):
    thread = cast.program()
    decider = make_person(email="decider@riverbend.example")
    give_office(person=decider, program=thread.program, office=cast.OFFICE, from_date=thread.now.date())
    removal = remove(thread)
    made = actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(removal=made, decision="lifted", reasons="Was there.", by=decider, now=thread.now)
    data = {"seat": thread.third_lead.public_id, "ground": "absent", "appeal_to": cast.OFFICE}
    data |= {"appeal_by": removal.appeal_by.isoformat()}
    assert accepted({"again": lambda: thread.enter("seat.removed", ["steward"], data)}) == []


def test_the_charter_of_a_cohort_is_brought_in_force_by_its_own_leads_however_many_sit_in_another(db):
    thread = cast.program()
    today = thread.now.date()
    term = {"from": today.isoformat(), "until": (today + timedelta(days=200)).isoformat()}
    next_one = thread.enter(
        "cohort.seated", ["steward"], {"cohort": "next", **term}, texts={"name": Text("en", "Next")}
    )
    seat = {"seat": "seat-aaaaaaaa", "cohort": "next", **term}
    thread.enter("seat.taken", ["steward"], seat, {"cohort": [next_one.index]})
    texts = {name: Text("en", words) for name, words in cast.PARTS.items()}
    says = {"cohort": "next", "appeals_to": cast.OFFICE, "alarms_to": cast.OFFICE}
    charter = thread.enter("charter.adopted", ["steward"], says, {"cohort": [next_one.index]}, texts)
    read = bytes(LogEntry.objects.get(index=charter.index).leaf).hex()
    thread.enter("charter.signed", ["seat-aaaaaaaa"], {"hash": read}, {"charter": [charter.index]})

    data = {"seat": "seat-aaaaaaaa", "ground": "absent", "appeal_to": OTHER}
    data |= {"appeal_by": (today + timedelta(days=60)).isoformat()}
    removes = lambda: thread.enter("seat.removed", ["steward"], data)
    assert accepted({"another hears the appeal": removes}) == []
    data["appeal_to"] = cast.OFFICE
    assert accepted({"the charter's own": removes}) == ["the charter's own"]


def test_a_charter_that_a_few_signed_before_the_others_sat_hears_no_appeal_of_theirs(db):
    thread = cast.program()
    today = thread.now.date()
    term = {"from": today.isoformat(), "until": (today + timedelta(days=200)).isoformat()}
    cohort = thread.enter(
        "cohort.seated", ["steward"], {"cohort": "next", **term}, texts={"name": Text("en", "Next")}
    )
    sits = lambda seat: thread.enter(
        "seat.taken", ["steward"], {"seat": seat, "cohort": "next", **term}, {"cohort": [cohort.index]}
    )
    sits("seat-aaaaaaaa")
    texts = {name: Text("en", words) for name, words in cast.PARTS.items()}
    says = {"cohort": "next", "appeals_to": OTHER, "alarms_to": OTHER}
    charter = thread.enter("charter.adopted", ["steward"], says, {"cohort": [cohort.index]}, texts)
    read = bytes(LogEntry.objects.get(index=charter.index).leaf).hex()
    thread.enter("charter.signed", ["seat-aaaaaaaa"], {"hash": read}, {"charter": [charter.index]})
    data = {"seat": "seat-aaaaaaaa", "ground": "absent", "appeal_to": cast.OFFICE}
    data |= {"appeal_by": (today + timedelta(days=60)).isoformat()}
    removes = lambda: thread.enter("seat.removed", ["steward"], data)
    assert accepted({"alone, another hears the appeal": removes}) == []

    sits("seat-bbbbbbbb")
    data["seat"] = "seat-bbbbbbbb"
    assert accepted({"another hears the appeal": removes}) == ["another hears the appeal"]
    assert charter_of_the_leads(Cohort(program=thread.program, slug="next"), today) is None


def suspend(thread, seat):
    return lambda: actions.suspend_seat(seat=seat, ground="Case 7", now=thread.now)


def test_a_seat_that_is_removed_is_not_suspended_too(db):
    thread = cast.program()
    remove(thread)
    assert accepted({"that day": suspend(thread, thread.third_lead)}) == []
    thread.later(1)
    assert accepted({"the day after": suspend(thread, thread.third_lead)}) == []


@pytest.mark.parametrize(("leads", "most"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)])
def test_more_than_half_of_a_cohort_can_act_at_any_time_whatever_is_suspended(db, leads, most):
    thread = cast.program()
    seats = thread.leads
    while len(seats) < leads:
        seats.append(thread.seat(f"number{len(seats)}"))
    for gone in seats[leads:]:
        actions.leave_seat(seat=gone, on=thread.now.date(), reason="", now=thread.now)
    tried = {one.public_id: suspend(thread, one) for one in seats[:leads]}
    assert accepted(tried) == [one.public_id for one in seats[:most]]


def test_a_seat_that_is_restored_makes_room_for_another_suspension_and_a_removed_one_takes_it(db):
    thread = cast.program()
    actions.suspend_seat(seat=thread.first_lead, ground="Case 7", now=thread.now)
    with pytest.raises(GrammarError, match="more than half of the leads of a cohort can act"):
        suspend(thread, thread.second_lead)()
    actions.restore_seat(seat=thread.first_lead, now=thread.now)
    remove(thread)
    assert accepted({"beside one removed": suspend(thread, thread.second_lead)}) == []


def test_a_seat_is_not_suspended_before_its_term_begins(db):
    thread = cast.program()
    soon = thread.now.date() + timedelta(days=9)
    seat = thread.seat("soon", from_date=soon)
    assert accepted({"before it can act": suspend(thread, seat)}) == []


def test_a_suspension_in_another_program_silences_nobody_here(db):
    thread, elsewhere = cast.program(), cast.program(slug="elsewhere")
    person = thread.first_lead.person
    there = elsewhere.seat(person)
    actions.suspend_seat(seat=there, ground="Case 7", now=elsewhere.now)
    assert (is_lead(elsewhere, there), is_lead(thread, thread.first_lead)) == (False, True)
    assert as_(person).get(f"{BASE}/week/").status_code == 200
    assert accepted({"acts": acts(thread, thread.first_lead)}) == ["acts"]


def test_a_suspended_lead_keeps_the_pages_of_their_own_seat_and_reads_why_and_until_when(db):
    thread = cast.program()
    seat = thread.third_lead
    actions.suspend_seat(seat=seat, ground="We look into Friday.", now=thread.now)
    client = as_(seat.person)
    own = {
        one: client.get(f"{BASE}/{one}/").status_code for one in ("my-desk", "pay", "seat/job", "seat/leave")
    }
    assert own == dict.fromkeys(own, 200)
    said = " ".join(client.get(f"{BASE}/my-desk/").content.decode().split())
    acts_again = thread.now.date() + timedelta(days=30)
    for words in ("You are suspended", "We look into Friday.", f'datetime="{acts_again}"', "Leave my place"):
        assert words in said
    assert [client.get(f"{BASE}/{one}/").status_code for one in ("week", "reader", "cohort-rules")] == [
        403
    ] * 3
    assert client.post(f"{BASE}/seat/job/", {"works_for": "nobody"}).status_code == 302
    given = {"on": thread.now.date().isoformat(), "ground": "not-said", "sure": "on"}
    assert client.post(f"{BASE}/seat/leave/", given).status_code == 302
    assert cast.kinds(thread)[-2:] == ["seat.declared", "seat.left"]


def test_whoever_is_suspended_and_then_removed_can_appeal(db):
    thread = cast.program()
    actions.suspend_seat(seat=thread.third_lead, ground="Case 7", now=thread.now)
    remove(thread)
    client = as_(thread.third_lead.person)
    assert client.get(f"{BASE}/seat/appeal/").status_code == 200
    assert client.post(f"{BASE}/seat/appeal/", {"words": "I was there."}).status_code == 302
    assert cast.kinds(thread)[-1] == "removal.appealed"


def test_the_days_of_a_suspension_are_no_days_to_appeal(db):
    thread = cast.program()
    seat = thread.third_lead
    actions.suspend_seat(seat=seat, ground="Case 7", now=thread.now)
    acts_again = thread.now.date() + timedelta(days=30)
    thread.later(10)
    told = {"seat": seat.public_id, "ground": "absent", "appeal_to": cast.OFFICE}
    too_soon = {**told, "appeal_by": (acts_again + timedelta(days=28)).isoformat()}
    assert accepted({"too few": lambda: thread.enter("seat.removed", ["steward"], too_soon)}) == []
    assert remove(thread).appeal_by == acts_again + timedelta(days=29)


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        ("seat.left", "leaves_their_own", test_the_steward_leaves_no_seat_in_the_name_of_its_lead, "today"),
        (
            "seat.removed",
            "names_the_charter_in_force",
            test_a_charter_says_who_hears_appeals_once_most_leads_have_signed_it,
            "DID NOT RAISE GrammarError",
        ),
        (
            "seat.suspended",
            "is_not_suspended_again",
            test_a_suspension_ends_by_itself_and_comes_once_in_a_year,
            "DID NOT RAISE GrammarError",
        ),
        (
            "seat.suspended",
            "has_begun_and_is_not_removed",
            test_a_seat_that_is_removed_is_not_suspended_too,
            "that day",
        ),
        (
            "seat.suspended",
            "leaves_most_leads_able_to_act",
            test_a_seat_that_is_restored_makes_room_for_another_suspension_and_a_removed_one_takes_it,
            "DID NOT RAISE GrammarError",
        ),
        (
            "seat.removed",
            "leaves_the_days_of_the_rules",
            test_the_days_of_a_suspension_are_no_days_to_appeal,
            "too few",
        ),
        (
            "removal.decided",
            "decided_by_someone_else",
            test_a_removal_falls_whose_appeal_nobody_decides,
            "the clock, too early",
        ),
        ("seat.removed", "is_not_removed_again", test_a_removal_that_fell_is_not_repeated, "again"),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)


def test_who_runs_the_program_or_ever_did_decides_no_appeal_in_another_post(db):
    thread = cast.program()
    removal = remove(thread)
    actions.appeal(removal=removal, words="It was not so.", now=thread.now)
    other = make_person(email="other@example.org")
    today = thread.now.date()
    make_steward(person=other, program=thread.program, from_date=today)
    give_office(person=other, program=thread.program, office=cast.OFFICE, from_date=today)
    for _ in ("runs it", "ran it"):
        assert appeals_for(thread.program, viewer_for(other, thread.program, today)) == []
        with pytest.raises(Refused, match="you run the program or once did"):
            actions.decide_appeal(
                removal=Removal.objects.get(), decision="stands", reasons="So.", by=other, now=thread.now
            )
        for post in Post.objects.filter(person=other, office=None, until_date=None):
            end_post(post=post, on=today, today=today)
    tick(program=thread.program, now=thread.later(31).now)
    assert sits(thread)

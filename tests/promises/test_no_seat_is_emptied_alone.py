"""Promises 3, 6: no seat is taken from a lead without an appeal that somebody else decides, and in time."""

from datetime import timedelta

import pytest

from alongside.cohort.seats import actions
from alongside.cohort.seats.models import Appeal, Cohort, SeatEnd
from alongside.cohort.seats.queries import charters
from alongside.cohort.seats.tasks import tick
from alongside.core.grammar import GrammarError
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from tests.cohort.seats import cast
from alongside.ground.record.actions import Text
from alongside.ground.record.models import Line as LogEntry
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


def sits(thread) -> bool:
    """Say whether the third lead can act, by the record and on the site."""
    by_record = accepted({"acts": acts(thread, thread.third_lead)}) != []
    assert by_record is not SeatEnd.objects.filter(seat=thread.third_lead).exists()
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
    page = f"{BASE}/steward/seats/{thread.third_lead.public_id}/remove/"
    typed = {"ground": "asked", "reasons": "Called to say so.", "appeal_to": cast.OFFICE, "sure": "on"}
    assert as_(thread.steward).post(page, typed).status_code == 302
    assert sits(thread) is False
    as_(thread.third_lead.person).post(f"{BASE}/seat/appeal/", {"words": "I never did."})
    assert Appeal.objects.get().removal.ground == "asked"


def test_a_charter_says_who_hears_appeals_once_most_leads_have_signed_it(db):
    thread = cast.program()
    cast.adopt(thread, appeals_to=cast.OFFICE)
    cast.sign(thread, *(one.public_id for one in cast.leads(thread)))
    cast.adopt(thread, appeals_to=OTHER)
    with pytest.raises(GrammarError, match=f"the charter names {cast.OFFICE} for appeals"):
        remove(thread, to=OTHER)
    cast.sign(thread, thread.first_lead.public_id, "steward")
    with pytest.raises(GrammarError, match=f"the charter names {cast.OFFICE} for appeals"):
        remove(thread, to=OTHER)
    cast.sign(thread, thread.second_lead.public_id)
    assert remove(thread, to=OTHER).appeal_to == OTHER


def test_a_suspension_ends_by_itself_and_comes_once_in_a_year(db):
    thread = cast.program()
    seat = thread.third_lead
    actions.suspend_seat(seat=seat, ground="Case 7", now=thread.now)
    thread.later(29)
    tick(program=thread.program, now=thread.now)
    assert (accepted({"acts": acts(thread, seat)}), seat.person.is_suspended) == ([], True)
    thread.later(1)
    tick(program=thread.program, now=thread.now)
    assert (accepted({"acts": acts(thread, seat)}), seat.person.is_suspended) == (["acts"], False)
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
        "removal.decided", ["clock"], {"decision": "lifted"}, {"appeal": [made.entry]}
    )  # noqa: E731 -- tried on two days
    thread.later(30)
    tick(program=thread.program, now=thread.now)
    assert (accepted({"the clock, too early": early}), sits(thread)) == ([], False)
    thread.later(1)
    with pytest.raises(GrammarError, match="the days to decide this appeal are over"):
        actions.decide_appeal(appeal=made, decision="stands", reasons="So.", by=decider, now=thread.now)
    tick(program=thread.program, now=thread.now)
    assert (cast.kinds(thread)[-1], sits(thread)) == ("removal.decided", True)
    assert as_(decider).get(f"{BASE}/appeals/{made.pk}/").status_code == 404


def test_a_removal_that_fell_is_not_repeated(db):
    thread = cast.program()
    decider = make_person(email="decider@riverbend.example")
    give_office(person=decider, program=thread.program, office=cast.OFFICE, from_date=thread.now.date())
    removal = remove(thread)
    made = actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(appeal=made, decision="lifted", reasons="Was there.", by=decider, now=thread.now)
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

    data = {"seat": "seat-aaaaaaaa", "ground": "absent", "appeal_to": OTHER, "appeal_by": term["until"]}
    removes = lambda: thread.enter("seat.removed", ["steward"], data)  # noqa: E731 -- tried once
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
    sits = lambda seat: thread.enter(  # noqa: E731 -- one after the other
        "seat.taken", ["steward"], {"seat": seat, "cohort": "next", **term}, {"cohort": [cohort.index]}
    )
    sits("seat-aaaaaaaa")
    texts = {name: Text("en", words) for name, words in cast.PARTS.items()}
    says = {"cohort": "next", "appeals_to": OTHER, "alarms_to": OTHER}
    charter = thread.enter("charter.adopted", ["steward"], says, {"cohort": [cohort.index]}, texts)
    read = bytes(LogEntry.objects.get(index=charter.index).leaf).hex()
    thread.enter("charter.signed", ["seat-aaaaaaaa"], {"hash": read}, {"charter": [charter.index]})
    data = {"seat": "seat-aaaaaaaa", "ground": "absent", "appeal_to": cast.OFFICE, "appeal_by": term["until"]}
    removes = lambda: thread.enter("seat.removed", ["steward"], data)  # noqa: E731 -- tried twice
    assert accepted({"alone, another hears the appeal": removes}) == []

    sits("seat-bbbbbbbb")
    data["seat"] = "seat-bbbbbbbb"
    assert accepted({"another hears the appeal": removes}) == ["another hears the appeal"]
    assert charters.hears_appeals(Cohort(program=thread.program, slug="next"), today) == ""


@pytest.mark.parametrize(
    ("kind", "rule", "test"),
    [
        ("seat.left", "leaves_their_own", test_the_steward_leaves_no_seat_in_the_name_of_its_lead),
        (
            "seat.removed",
            "names_the_charter_in_force",
            test_a_charter_says_who_hears_appeals_once_most_leads_have_signed_it,
        ),
        (
            "seat.suspended",
            "is_not_suspended_again",
            test_a_suspension_ends_by_itself_and_comes_once_in_a_year,
        ),
        ("removal.decided", "decided_by_someone_else", test_a_removal_falls_whose_appeal_nobody_decides),
        ("seat.removed", "is_not_removed_again", test_a_removal_that_fell_is_not_repeated),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test):
    without_rule(monkeypatch, kind, rule)
    is_caught(test, None)

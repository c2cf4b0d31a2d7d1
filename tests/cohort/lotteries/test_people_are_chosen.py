"""People are chosen by a line, a panel with reasons, a lottery with witnesses; offers go down the line until a seat is taken."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from alongside.check.lottery import main as rerun
from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.tasks import tick as tick_applications
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls.models import TYPES_IN, Call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries import queries as lotteries_queries
from alongside.cohort.lotteries.models import Offer, Ticket
from alongside.cohort.lotteries.tasks import tick
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Admitted, Decision
from alongside.cohort.seats.actions import (
    add_alternate,
    give_seat,
    leave_seat,
    open_vacancy,
)
from alongside.cohort.seats.models import Alternate, Cohort, Seat, Vacancy
from alongside.cohort.seats.queries.cohorts import alternates_of, names_in
from alongside.cohort.seats.tasks import tick as tick_seats
from alongside.core.entries import GrammarError
from alongside.core.grammar.calls import TIME_TO_APPLY
from alongside.core.refusals import Refused
from alongside.core.workflow.applications import EventKind
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import STEWARD, Post
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts.actions import erase_text
from tests.check.records import Record
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events
from tests.cohort.lotteries.drawing import SEED, attest, drawn, offered, over, panel, panel_with_alternates
from tests.cohort.reviews.choosing import UNTIL_CLOSED, Closed, brought, closed, outsider, with_readers
from tests.promises.attempts import as_
from tests.support.remembering import this_hour

pytestmark = pytest.mark.django_db


def test_the_line_needs_two_readings_of_every_application():
    made = with_readers(closed(count=3), 2)
    made.read_all(5)
    reading = made.applications[0].readings.all()[0]
    type(reading).objects.filter(pk=reading.pk).update(share=None, read_on=None)

    with pytest.raises(Refused, match="application lacks a second reading") as refused:
        made.line()

    assert (
        str(refused.value) == "1 application lacks a second reading. Ask its reader, or give it to another."
    )
    assert (events(EventKind.SHORTLISTED).count(), Decision.objects.count()) == (0, 0)


def test_the_line_is_the_mean_of_the_readings_and_below_it_everyone_gets_the_reasons(both_databases):
    made = with_readers(closed(count=3), 2)
    made.read_all(4, 3, 2)

    made.line(share=600)

    first, second, third = made.applications
    assert {one.application for one in events(EventKind.SHORTLISTED)} == {first, second}
    assert [(one.application, one.outcome, one.reasons) for one in Decision.objects.all()] == [
        (third, "no", "Others know their community from closer.")
    ]


def test_a_line_that_nobody_reaches_is_refused():
    made = with_readers(closed(count=1), 2)
    made.read_all(2)

    with pytest.raises(Refused, match="Nobody reaches this line"):
        made.line(share=900)

    assert Call.objects.get(pk=made.call.pk).line_on is None


def test_points_stand_once_the_line_is_drawn():
    made = panel()

    with pytest.raises(Refused, match="The shortlist is made"):
        made.read_all(1)


def test_the_panel_gives_no_more_seats_than_the_call_and_always_says_why():
    made = panel(seats=1, alternates=1)
    first, second, third = (
        one.application for one in events(EventKind.SHORTLISTED).order_by("application__reference")
    )
    with pytest.raises(Refused, match="Write the reasons"):
        reviews.decide(application=first, outcome="seat", reasons=" ", now=made.thread.now)
    reviews.decide(application=first, outcome="seat", reasons="Knows it.", now=made.thread.now)
    with pytest.raises(Refused, match="All places are given"):
        reviews.decide(application=second, outcome="seat", reasons="Knows it.", now=made.thread.now)
    reviews.decide(application=second, outcome="alternate", reasons="Close.", now=made.thread.now)
    with pytest.raises(Refused, match="The call names fewer alternates"):
        reviews.decide(application=third, outcome="alternate", reasons="Close.", now=made.thread.now)
    with pytest.raises(Refused, match="This application is decided"):
        reviews.decide(application=first, outcome="no", reasons="Changed.", now=made.thread.now)
    with pytest.raises(Refused, match="The rules of the call do not decide this"):
        reviews.decide(application=third, outcome="lottery", reasons="Lot.", now=made.thread.now)

    assert Decision.objects.get(application=second).place == 1


def test_the_end_tells_ranges_reasons_and_what_is_met_and_nothing_of_anyone():
    made = panel(seats=4)
    with pytest.raises(Refused, match="applications are not decided yet"):
        over(made)
    for one in events(EventKind.SHORTLISTED):
        reviews.decide(application=one.application, outcome="seat", reasons="Knows it.", now=made.thread.now)

    ended = over(made)

    data = json.loads(bytes(LogEntry.objects.get(index=ended.decided_entry).raw))["data"]
    seated = [brought(one.application) for one in Decision.objects.filter(outcome="seat")]
    assert data == {
        "applications": "fewer",
        "shortlisted": "fewer",
        "withdrawn": "fewer",
        "steward_read": False,
        "names_seen": False,
        "balance": [
            {"sought": "s1", "met": sum("s1" in one for one in seated) >= 2},
            {"sought": "s2", "met": any("s2" in one for one in seated)},
        ],
    }


@pytest.mark.parametrize("hands_over", [False, True])
def test_a_steward_who_read_is_told_on_the_record_also_after_their_post(hands_over):
    made = closed(count=1, seats=1)
    for person in (made.thread.steward, outsider(1)):
        made.readers.append(
            reviews.invite_reader(
                call=made.call, person=person, kind="staff", organizations=(), now=made.thread.now
            )
        )
    reviews.spread(call=made.call, now=made.thread.now)
    made.read_all(5)
    made.line()
    reviews.decide(application=made.applications[0], outcome="seat", reasons="Knows it.", now=made.thread.now)
    if hands_over:
        Post.objects.filter(person=made.thread.steward).update(until_date=made.thread.now.date())

    assert (
        json.loads(bytes(LogEntry.objects.get(index=over(made).decided_entry).raw))["data"]["steward_read"]
        is True
    )


def test_a_seed_that_may_be_known_is_refused():
    made = closed(count=8, selection="lottery", seats=2, alternates=1)

    with pytest.raises(GrammarError, match="the seed may be known already"):
        lotteries.announce(
            call=made.call,
            seed_source="Today's",
            seed_day=made.thread.now.date(),
            lang="en",
            now=made.thread.now,
        )

    assert Ticket.objects.count() == 0


def test_a_pool_without_a_choice_is_not_drawn():
    made = closed(count=3, selection="lottery", seats=3, alternates=1)

    with pytest.raises(Refused, match="The pool is not larger than the places"):
        lotteries.announce(
            call=made.call,
            seed_source="The state's evening numbers.",
            seed_day=made.thread.now.date() + timedelta(days=3),
            lang="en",
            now=made.thread.now,
        )


def test_nobody_draws_before_the_day_of_the_seed_or_twice():
    made = drawn()
    held = made.call.lottery
    with pytest.raises(Refused, match="This lottery was drawn"):
        lotteries.draw_lottery(lottery=held, seed="another", now=made.thread.now)

    other = _early()
    with pytest.raises(GrammarError, match="the seed does not exist yet"):
        lotteries.draw_lottery(lottery=other.call.lottery, seed=SEED, now=other.thread.now)


def _early() -> Closed:
    """Announce another lottery whose seed is still to come."""
    thread = cast.Thread(now=this_hour()).open_program("neutral", "hillside")
    call = cast.published(
        thread,
        closes=(thread.now + TIME_TO_APPLY).date(),
        selection="lottery",
        seats=1,
        alternates=0,
    )
    for _place in range(3):
        cast.sent(call, thread.now)
    thread.now += UNTIL_CLOSED
    lotteries.announce(
        call=call,
        seed_source="Later",
        seed_day=thread.now.date() + timedelta(days=9),
        lang="en",
        now=thread.now,
    )
    return Closed(thread, Call.objects.get(pk=call.pk))


def test_the_draw_decides_by_the_written_method_and_the_record_names_nobody():
    made = drawn()
    data = json.loads(bytes(LogEntry.objects.get(index=made.call.lottery.draw_entry).raw))["data"]
    by_number = {one.number: one.application for one in Ticket.objects.all()}

    seats = Decision.objects.filter(outcome="seat").values_list("application", flat=True)
    assert set(seats) == {by_number[one].pk for one in data["seats"]}
    assert Decision.objects.get(outcome="alternate").application == by_number[data["alternates"][0]]
    assert (len(data["seats"]), Decision.objects.filter(outcome="no", by_lottery=True).count()) == (2, 5)
    raw = "".join(bytes(one.raw).decode() for one in LogEntry.objects.all())
    raw += "".join(PublicText.objects.values_list("words", flat=True))
    told = [
        one for one in made.applications if one.reference in raw or str(one.pk) in raw or one.pk.hex in raw
    ]
    assert told == []


def test_the_selection_does_not_end_before_two_witnesses_agree():
    made = drawn()
    with pytest.raises(GrammarError, match="two witnesses must run the lottery again"):
        over(made)
    attest(made, True, False)
    with pytest.raises(GrammarError, match="two witnesses must run the lottery again"):
        over(made)


def test_the_selection_ends_when_both_witnesses_agree_and_the_record_knows_their_roles_only():
    made = drawn()
    attest(made, True, True)

    assert over(made).decided_entry == LogEntry.objects.order_by("-index")[0].index
    roles = PublicText.objects.filter(name="role").order_by("entry").values_list("words", flat=True)
    assert list(roles) == ["A county librarian", "A professor of statistics"]
    words = "".join(PublicText.objects.values_list("words", flat=True))
    assert ("Outside 1" in words, "House 1" in words) == (False, False)


def test_witnesses_are_two_from_two_places_and_no_readers():
    made = drawn()
    held = made.call.lottery
    with pytest.raises(Refused, match="There are two witnesses already"):
        lotteries.name_witness(
            lottery=held, person=outsider(3), organization="House 3", role="x", lang="en", now=made.thread.now
        )
    held.call.invitees.witnesses().filter(number=2).delete()
    for person, place in ((outsider(4), "HOUSE 1"), (made.readers[0].person, "House 4")):
        with pytest.raises(
            Refused,
            match="A reader of this call cannot be a witness|The two witnesses come from two different places",
        ):
            lotteries.name_witness(
                lottery=held, person=person, organization=place, role="x", lang="en", now=made.thread.now
            )


def _named(made, person, number):
    return lotteries.name_witness(
        lottery=made.call.lottery,
        person=person,
        organization=f"House {number}",
        role="An auditor",
        lang="en",
        now=made.thread.now,
    )


POSTS = [STEWARD, "libraries-and-halls/staff"]
PAGE = "/riverbend/en/witness/second-cohort/"


def _given(made, person, post):
    today = made.thread.now.date()
    return programs.appoint(program=made.thread.program, email=person.email, post=post, from_date=today)


@pytest.mark.parametrize("post", POSTS)
def test_what_others_do_with_the_address_of_a_witness_takes_no_word_from_them(post):
    made = drawn(selection_="lottery")
    first, second = made.call.invitees.witnesses().order_by("number")
    given = _given(made, first.person, post)
    one = made.applications[0].contact
    one.email = first.person.email.upper()
    one.save()
    term = made.thread.now.date() + timedelta(days=500)
    there = made.thread.seat_cohort("fourth", term, term + timedelta(days=300))
    give_seat(cohort=there, person=first.person, paid_by="", now=made.thread.now)

    assert (given.taken_on, as_(first.person).get(f"{PAGE}drawing.json").status_code) == (None, 200)
    with pytest.raises(Refused, match="There are two witnesses already"):
        _named(made, outsider(30), 3)
    assert lotteries.attest(witness=first, agrees=False, now=made.thread.now).agrees is False
    lotteries.attest(witness=second, agrees=True, now=made.thread.now)
    with pytest.raises(GrammarError, match="two witnesses must run the lottery again"):
        over(made)


@pytest.mark.parametrize("post", POSTS)
def test_a_witness_who_took_up_a_post_attests_nothing_and_keeps_row_and_number(post, new_site_client):
    made = drawn(selection_="lottery")
    (first, second), other = made.call.invitees.witnesses().order_by("number"), outsider(30)
    programs.take_up(post=_given(made, first.person, post), today=made.thread.now.date())

    with pytest.raises(Refused, match="A witness is from outside"):
        lotteries.attest(witness=first, agrees=True, now=made.thread.now)
    mine = as_(first.person)
    assert mine.get(f"{PAGE}drawing.json").status_code == 404
    assert "you get no files and check no more" in mine.get(PAGE).content.decode()
    lottery = as_(made.thread.steward).get("/riverbend/en/steward/selection/second-cohort/lottery/")
    assert "can check no more" in lottery.content.decode()
    with pytest.raises(Refused, match="There are two witnesses already"):
        _named(made, other, 3)
    made.thread.now += timedelta(days=14)
    third = _named(made, other, 3)
    rows = made.call.invitees.witnesses().order_by("number").values_list("number", "person")
    assert list(rows) == [(1, first.person_id), (2, second.person_id), (3, third.person_id)]
    for one in (third, second):
        lotteries.attest(witness=one, agrees=True, now=made.thread.now)
    over(made)
    page = new_site_client().get("/riverbend/en/calls/second-cohort/selection/").content.decode()
    assert ("3 witnesses were named." in page, page.count("got the same result")) == (True, 2)


def test_the_word_of_a_witness_stands_who_took_up_a_post_after_it():
    made = drawn(selection_="lottery")
    attest(made, True, True)
    first = made.call.invitees.witnesses().order_by("number")[0]
    programs.take_up(post=_given(made, first.person, STEWARD), today=made.thread.now.date())
    with pytest.raises(Refused, match="There are two witnesses already"):
        _named(made, outsider(30), 3)
    assert over(made).decided_entry == LogEntry.objects.order_by("-index")[0].index


def test_who_applies_to_the_call_or_was_given_a_post_is_not_named_as_a_witness_of_its_lottery():
    made = drawn(selection_="lottery")
    made.thread.now += timedelta(days=14)
    applies, given = outsider(30), outsider(31)
    one = made.applications[0].contact
    one.email = applies.email.upper()
    one.save()
    _given(made, given, "libraries-and-halls/staff")
    for person in (applies, given):
        with pytest.raises(Refused, match="helps with this call or applies to it"):
            _named(made, person, 3)
    assert _named(made, outsider(32), 3).number == 3


def test_nobody_of_the_program_is_an_outside_witness_of_its_lottery():
    made = drawn()
    thread, held = made.thread, made.call.lottery
    held.call.invitees.witnesses().delete()
    page = as_(thread.steward)
    for person in (thread.steward, thread.staff, thread.boss, thread.first_lead.person):
        typed = {
            "email": person.email,
            "called": "x",
            "organization": f"House {person.pk}",
            "role": "Librarian",
        }
        shown = page.post(f"/riverbend/en/steward/selection/{made.call.slug}/lottery/witness/", typed)
        assert "Name someone from outside" in shown.content.decode()
    assert not held.call.invitees.witnesses().exists()


def test_who_holds_an_office_does_not_read_as_somebody_of_the_community():
    made = closed(count=1, seats=1)
    for kind in ("community", "lead"):
        typed = {"email": made.thread.boss.email, "called": "x", "kind": kind, "organizations": ""}
        shown = as_(made.thread.steward).post(
            f"/riverbend/en/steward/selection/{made.call.slug}/readers/", typed
        )
        assert "Invite them as staff" in shown.content.decode()
    assert not made.call.invitees.readers().exists()


def test_a_witness_fetches_the_file_runs_it_again_and_attests(new_site_client, tmp_path, capsys):
    made = drawn()
    client = new_site_client()
    client.force_login(made.call.invitees.witnesses().get(number=1).person)
    page = client.get(f"/riverbend/en/witness/{made.call.slug}/")
    path = tmp_path / "drawing.json"
    path.write_bytes(client.get(f"/riverbend/en/witness/{made.call.slug}/drawing.json").content)

    mirror = Record().write(
        tmp_path / "record", raw=[bytes(one.raw) for one in LogEntry.objects.order_by("index")]
    )
    again = ["rerun", str(path), "--record", str(mirror)]
    assert (SEED in page.content.decode(), rerun(again)) == (True, 0)
    announced = json.loads(bytes(LogEntry.objects.get(index=made.call.lottery.entry).raw))["data"]
    assert announced["pool"] in capsys.readouterr().out
    assert client.post(f"/riverbend/en/witness/{made.call.slug}/", {"agrees": "yes"}).status_code == 302
    assert LogEntry.objects.filter(kind="lottery.attested").count() == 1
    assert (
        new_site_client().get(f"/riverbend/en/calls/{made.call.slug}/selection/drawing.json").status_code
        == 404
    )


def test_everyone_may_have_the_file_of_a_pool_that_is_large_enough(new_site_client):
    made = drawn(count=11, selection_="lottery")
    client = new_site_client()

    page = client.get(f"/riverbend/en/calls/{made.call.slug}/selection/").content.decode()
    file = client.get(f"/riverbend/en/calls/{made.call.slug}/selection/drawing.json")

    assert sorted(json.loads(file.content)["pool"]) == lotteries_queries.pool(made.call)
    assert ("calls/second-cohort/selection/drawing.json" in page, SEED in page) == (True, True)


def test_the_panel_lets_people_into_the_lottery_and_its_no_stays_out():
    made = with_readers(closed(count=6, selection="panel-then-lottery", seats=2, alternates=1), 2)
    made.read_all(5)
    made.line()
    out = made.applications[0]
    for one in made.applications:
        way = "no" if one == out else "lottery"
        reviews.decide(application=one, outcome=way, reasons="Why.", now=made.thread.now)
    call = Call.objects.get(pk=made.call.pk)

    lotteries.announce(
        call=call,
        seed_source="x",
        seed_day=made.thread.now.date() + timedelta(days=1),
        lang="en",
        now=made.thread.now,
    )

    assert Admitted.objects.count() == Ticket.objects.count() == 5
    assert Ticket.objects.filter(application=out).count() == 0


def test_a_declined_seat_goes_to_the_next_alternate_and_an_accepted_one_is_taken(both_databases):
    made = drawn()
    attest(made, True, True)
    over(made)
    first, second = offered(made)
    alternate = Decision.objects.get(outcome="alternate").application
    before = Seat.objects.count()

    lotteries.decline(application=first.application, now=made.thread.now)
    seat = lotteries.accept(application=second.application, now=made.thread.now)

    third = Offer.objects.order_by("pk").last()
    assert (third.application, third.answer_by - third.made_on) == (
        alternate,
        first.answer_by - first.made_on,
    )
    assert Seat.objects.count() == before + 1
    last = LogEntry.objects.order_by("-index")[0]
    assert (last.kind, json.loads(bytes(last.raw))["data"]["seat"]) == ("seat.taken", seat.public_id)
    with pytest.raises(Refused, match="There is no open offer here"):
        lotteries.accept(application=first.application, now=made.thread.now)


def test_whoever_takes_an_offered_place_fills_the_one_that_the_call_was_for_and_the_clock_tells_it_no_more():
    thread = cast.program()
    cohort = Cohort.objects.get()
    empty = open_vacancy(cohort=cohort, on=thread.now.date(), now=thread.now)
    made, line = panel_with_alternates(thread=thread)
    offered(made)

    seat = lotteries.accept(application=line[0], now=made.thread.now)

    assert list(Vacancy.objects.values_list("filled_by", "filled_on")) == [(seat.pk, made.thread.now.date())]
    taken = LogEntry.objects.get(kind="seat.taken", subject=seat.public_id).parsed
    assert list(taken.cites["vacancy"]) == [empty.entry]
    made.thread.now += timedelta(days=90)
    tick_seats(program=made.thread.program, now=made.thread.now)
    assert not LogEntry.objects.filter(kind="vacancy.late").exists()


def test_whoever_takes_an_offered_place_does_not_fill_one_that_was_left_since_the_call():
    made, line = panel_with_alternates()
    cohort, thread = Cohort.objects.get(), made.thread
    offered(made)
    leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    thread.now += timedelta(days=1)

    lotteries.accept(application=line[0], now=thread.now)

    assert [one.filled_on for one in Vacancy.objects.filter(cohort=cohort)] == [None]


def test_nobody_is_given_a_post_to_whom_a_seat_is_offered():
    made = drawn()
    attest(made, True, True)
    over(made)
    first, _second = offered(made)
    given = {"program": made.call.program, "post": "steward", "from_date": made.thread.now.date()}
    email = first.application.contact.email = "offered@riverbend.example"
    first.application.contact.save()
    with pytest.raises(Refused, match="They give that up first"):
        programs.appoint(email=email, **given)
    lotteries.decline(application=first.application, now=made.thread.now)
    assert programs.appoint(email=email, **given).pk


def test_an_applicant_who_typed_a_large_letter_is_whoever_has_that_address():
    made = drawn()
    attest(made, True, True)
    over(made)
    first, _second = offered(made)
    known = make_person(email="offered@county.example")
    first.application.contact.email = "Offered@County.example"
    first.application.contact.save()
    given = {"program": made.call.program, "post": "steward", "from_date": made.thread.now.date()}
    with pytest.raises(Refused, match="They give that up first"):
        programs.appoint(email=known.email, **given)
    assert lotteries.accept(application=first.application, now=made.thread.now).person == known


def test_a_day_that_passes_and_a_withdrawal_call_the_next_in_line_by_themselves(both_databases):
    made = drawn()
    attest(made, True, True)
    over(made)
    first, second = offered(made)
    applications.withdraw(application=first.application, now=made.thread.now)

    tick(program=made.thread.program, now=made.thread.now)
    made.thread.now += timedelta(days=11)
    tick(program=made.thread.program, now=made.thread.now)
    tick(program=made.thread.program, now=made.thread.now)

    assert {one: one.ground for one in Offer.objects.exclude(ground=None)} == {
        first: "taken-back",
        second: "no-answer",
        Offer.objects.order_by("pk").last(): "no-answer",
    }
    assert Offer.objects.count() == 3


def test_an_applicant_reads_the_result_with_reasons_and_takes_the_seat_with_the_code(new_site_client):
    made = panel(seats=1, alternates=1)
    chosen, other, last = (
        one.application for one in events(EventKind.SHORTLISTED).order_by("application__reference")
    )
    for one, way in ((chosen, "seat"), (other, "alternate"), (last, "no")):
        reviews.decide(application=one, outcome=way, reasons=f"Because of {way}.", now=made.thread.now)
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[last.pk]
    before = phone.post("open")
    over(made)
    offered(made)

    assert "Because of no." not in before
    assert ("You are not chosen this time." in phone.post("open"), "Because of no." in phone.words) == (
        True,
        True,
    )
    phone.code = made.codes[other.pk]
    assert "You are alternate number 1." in phone.post("open")
    phone.code = made.codes[chosen.pk]
    assert "A place is yours if you want it." in phone.post("open")
    assert "You took the place. Welcome." in phone.post("accept")
    assert "There is no open offer here." in phone.post("accept")
    assert Seat.objects.filter(person__called="Zebrina").count() == 1


def test_who_has_a_place_already_reads_so_where_they_would_take_another(new_site_client):
    made = panel(seats=1)
    chosen, *others = (one.application for one in events(EventKind.SHORTLISTED))
    for one in (chosen, *others):
        way = "seat" if one == chosen else "no"
        reviews.decide(application=one, outcome=way, reasons="Knows it.", now=made.thread.now)
    over(made)
    (offer,) = offered(made)
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[chosen.pk]
    person = lotteries.person_of(offer.application)
    give_seat(cohort=offer.cohort, person=person, paid_by="", now=made.thread.now)

    assert "You have a place in this cohort already; nothing more is needed." in phone.post("accept")
    assert Seat.objects.filter(person=person).count() == 1


def _post():
    """Let the worker send what is queued."""
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)


def test_a_letter_tells_that_there_is_news_once_and_not_which():
    made = panel(seats=3)
    for one in events(EventKind.SHORTLISTED):
        reviews.decide(application=one.application, outcome="seat", reasons="Knows it.", now=made.thread.now)
    tick(program=made.thread.program, now=made.thread.now)
    _post()
    assert mail.outbox == []
    over(made)

    tick(program=made.thread.program, now=made.thread.now)
    tick(program=made.thread.program, now=made.thread.now)
    _post()

    assert len(mail.outbox) == 4
    words = {f"{one.subject}\n{one.body}" for one in mail.outbox}
    assert len(words) == 1
    text = words.pop()
    assert ["seat" in text.lower(), "lead" in text.lower(), "chosen" in text.lower(), "Zebrina" in text] == [
        False
    ] * 4


def test_what_readers_and_the_panel_wrote_is_erased_with_the_application():
    made = panel(seats=4)
    one = events(EventKind.SHORTLISTED)[0].application
    reviews.decide(application=one, outcome="seat", reasons="Knows it.", now=made.thread.now)

    applications.withdraw(application=one, now=made.thread.now)

    assert (one.readings.count(), Decision.objects.filter(application=one).count()) == (0, 0)


def test_why_the_panel_let_someone_into_the_lottery_is_erased_with_the_application():
    made = panel(seats=4, selection="panel-then-lottery")
    one = events(EventKind.SHORTLISTED)[0].application
    reviews.decide(application=one, outcome="lottery", reasons="Knows it.", now=made.thread.now)
    assert Admitted.objects.get().reasons == "Knows it."

    applications.withdraw(application=one, now=made.thread.now)

    assert Admitted.objects.count() == 0


def _waiting(cohort):
    return [(one.place, one.person.email) for one in alternates_of(cohort)]


def test_offering_the_seats_puts_the_alternates_on_the_cohorts_list_in_their_order(new_site_client):
    made, line = panel_with_alternates()
    cohort = Cohort.objects.get()
    before = add_alternate(
        cohort=cohort, email="early@example.org", called="Early", language="en", now=made.thread.now
    )

    offered(made)
    offered(made)

    names = [one.contact.email for one in line[1:]]
    assert _waiting(cohort) == [(1, before.person.email), *enumerate(names, 2)]
    client = new_site_client()
    client.force_login(made.thread.steward)
    page = client.get("/riverbend/en/steward/seats/").content.decode()
    assert page.count("Zebrina") >= len(names)


def test_an_alternate_who_is_offered_a_seat_leaves_the_list_with_it_or_without():
    made, line = panel_with_alternates()
    cohort = Cohort.objects.get()
    offered(made)

    lotteries.decline(application=line[0], now=made.thread.now)
    seat = lotteries.accept(application=line[1], now=made.thread.now)
    applications.withdraw(application=line[2], now=made.thread.now)

    assert _waiting(cohort) == [(3, line[3].contact.email)]
    stood = {one.place: one.seat for one in Alternate.objects.exclude(stood_down_on=None)}
    assert stood == {1: seat, 2: None}


def test_who_was_taken_off_the_list_by_mistake_waits_again_at_the_old_place():
    made, line = panel_with_alternates()
    cohort, client = Cohort.objects.get(), as_(made.thread.steward)
    given = {"cohort": cohort, "language": "en", "now": made.thread.now}
    first = add_alternate(email="first@example.org", called="First", **given)
    add_alternate(email="second@example.org", called="Second", **given)
    offered(made)
    waiting = _waiting(cohort)
    taken = client.post(f"/riverbend/en/steward/seats/alternates/{first.pk}/stand-down/")
    assert "they wait at their old place again" in client.get(taken.url).content.decode()
    assert len(_waiting(cohort)) == len(waiting) - 1

    typed = {"called": "First", "email": "first@example.org"}
    assert client.post("/riverbend/en/steward/seats/alternates/", typed).status_code == 302

    assert _waiting(cohort) == waiting
    lotteries.decline(application=line[0], now=made.thread.now)
    seat = lotteries.accept(application=line[1], now=made.thread.now)
    with pytest.raises(Refused, match="has a place, or waits for one, in this cohort"):
        add_alternate(email=seat.person.email, called="Again", **given)


def test_who_takes_the_application_back_while_waiting_leaves_no_name_behind():
    made, line = panel_with_alternates()
    offered(made)
    person = line[1].carried.alternate.person

    applications.withdraw(application=line[1], now=made.thread.now)

    person.refresh_from_db()
    assert (person.email, person.called, person.is_active) == (None, "", False)


def _given_a_post(post):
    def given(made, person):
        today = made.thread.now.date()
        row = programs.appoint(program=made.thread.program, email=person.email, post=post, from_date=today)
        programs.take_up(post=row, today=today)

    return given


def _asked_to_help(made, person):
    helper = {"organization": "Library friends", "does": [TYPES_IN], "now": made.thread.now}
    calls.invite_helper(call=made.call, person=person, **helper)


def _waiting_for_another_term(made, person):
    first = made.thread.now.date() + timedelta(days=400)
    there = made.thread.seat_cohort("third", first, first + timedelta(days=600))
    add_alternate(cohort=there, email=person.email, called="Zebrina", language="en", now=made.thread.now)


@pytest.mark.parametrize(
    "is_needed",
    [
        _given_a_post("city-manager/manager"),
        _given_a_post("steward"),
        _asked_to_help,
        _waiting_for_another_term,
    ],
)
def test_an_account_that_waited_and_is_needed_since_stays_open_when_the_application_is_erased(is_needed):
    made, line = panel_with_alternates()
    offered(made)
    waits = line[1].carried.alternate
    lotteries.leave_the_list(application=line[1], seat=None, on=made.thread.now.date())
    address = waits.person.email
    is_needed(made, waits.person)

    later = made.thread.now + timedelta(days=900)
    assert applications.erase_due(program=made.thread.program, now=later) == len(line)

    waits.person.refresh_from_db()
    assert (waits.person.email, waits.person.is_active) == (address, True)
    others = Person.objects.filter(alternates__carried__application__in=line[2:])
    assert {one.is_active for one in others} == {False}, "nothing else needs theirs"


def test_how_many_took_it_back_is_told_to_everyone_as_a_range(new_site_client):
    made = closed(count=13, seats=1, alternates=0)
    for one in made.applications[1:12]:
        applications.withdraw(application=one, now=made.thread.now)
    with_readers(made, 2)
    made.read_all(5)
    made.line()
    for way, one in zip(("seat", "no"), events(EventKind.SHORTLISTED).order_by("pk"), strict=True):
        reviews.decide(application=one.application, outcome=way, reasons="Why.", now=made.thread.now)
    over(made)

    page = new_site_client().get("/riverbend/en/calls/second-cohort/selection/").content.decode()

    assert re.search(r"Withdrawn by their owners</dt><dd>\s*between 10 and 20", page)


def test_all_free_seats_are_offered_in_one_press_and_those_freed_later_in_another(new_site_client):
    made = with_readers(
        closed(count=4, seats=2, alternates=0, thread=cast.program(now=this_hour() - UNTIL_CLOSED)), 2
    )
    made.read_all(5)
    made.line()
    for way, one in zip(
        ("seat", "seat", "no", "no"), events(EventKind.SHORTLISTED).order_by("pk"), strict=True
    ):
        reviews.decide(application=one.application, outcome=way, reasons="Why.", now=made.thread.now)
    over(made)
    client = new_site_client()
    client.force_login(made.thread.steward)
    address = "/riverbend/en/steward/selection/second-cohort/offers/"
    before = client.get(address).content.decode()
    day = (made.thread.now + timedelta(days=10)).date()

    client.post(address, {"cohort": str(Cohort.objects.get().pk), "name": "", "answer_by": day})

    after = client.get(address).content.decode()
    name = names_in(made.thread.program, "en")[Cohort.objects.get().pk][0]
    assert ("One press offers 2 places, to:" in before, f">{name}</option>" in before) == (True, True)
    assert (Offer.objects.count(), "One press offers" in after) == (2, False)


def test_who_asked_for_it_gets_one_letter_when_the_next_call_opens_and_nobody_else():
    made = closed(count=3)
    asked, left, _silent = made.applications
    for one in (asked, left):
        one.contact.may_write_again = True
        one.contact.save()
    applications.withdraw(application=left, now=made.thread.now)
    tick_applications(program=made.thread.program, now=made.thread.now)
    _post()
    before = len(mail.outbox)
    cast.published(made.thread, "third-cohort")

    for _again in range(2):
        tick_applications(program=made.thread.program, now=made.thread.now)
        _post()

    assert before == 0
    assert [one.to for one in mail.outbox] == [[asked.contact.email]]
    words = f"{mail.outbox[0].subject}\n{mail.outbox[0].body}"
    assert "/riverbend/en/calls/" in words
    assert ["second-cohort" in words, "lead" in words.lower(), "Zebrina" in words] == [False] * 3


def test_a_role_that_is_taken_down_goes_from_the_witness_who_said_it_alone():
    made = drawn(selection_="lottery")
    made.call.invitees.witnesses().update(title="An auditor of the county")
    first, second = made.call.invitees.witnesses().order_by("number")
    said = lotteries.attest(witness=first, agrees=True, now=made.thread.now).attested_entry
    text, by = PublicText.objects.get(entry=said, name="role"), ["steward", made.thread.first_lead.public_id]
    given = {"entry": said, "sha256": text.sha256, "ground": "Order 12", "by": by}
    erase_text(program=made.thread.program, now=made.thread.now, **given)

    witnesses = made.call.invitees.witnesses().order_by("number")
    assert list(witnesses.values_list("title", flat=True)) == ["", "An auditor of the county"]
    lotteries.attest(witness=second, agrees=False, now=made.thread.now)
    lotteries.draw_lottery(lottery=made.call.lottery, seed="1 2 3 4", now=made.thread.now)
    for one in made.call.invitees.witnesses():
        lotteries.attest(witness=one, agrees=True, now=made.thread.now)
    roles = set(PublicText.objects.filter(name="role").values_list("words", flat=True))
    assert roles == {"A witness from outside the program", "An auditor of the county"}


def test_a_role_goes_also_where_the_draw_that_it_was_said_of_was_laid_aside():
    made = drawn(selection_="lottery")
    first, second = made.call.invitees.witnesses().order_by("number")
    said = lotteries.attest(witness=first, agrees=False, now=made.thread.now).attested_entry
    lotteries.draw_lottery(lottery=made.call.lottery, seed="1 2 3 4", now=made.thread.now)
    text, by = PublicText.objects.get(entry=said, name="role"), ["steward", made.thread.first_lead.public_id]
    given = {"entry": said, "sha256": text.sha256, "ground": "Order 12", "by": by}
    erase_text(program=made.thread.program, now=made.thread.now, **given)

    second.refresh_from_db()
    assert second.title
    assert made.call.invitees.witnesses().order_by("number").first().title == ""

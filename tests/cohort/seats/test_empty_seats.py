"""An empty seat has a clock that nobody has to wind; an alternate who steps in stops it."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from alongside.cohort.seats import actions, tasks
from alongside.cohort.seats.models import Alternate, RoleHeld, Seat, Vacancy
from alongside.cohort.seats.queries.cohorts import cohort_now
from alongside.cohort.seats.queries.seats import seated_today
from alongside.core.clocks import local_date, vacancy_stages
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.models import LogEntry, PublicText
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/cohort/"
PACK = load_pack(shipped_pack("neutral"))


@pytest.fixture
def thread(db):
    return cast.program()


def leave(thread, seat=None, **more):
    seat = seat or thread.third_lead
    return actions.leave_seat(
        seat=seat,
        on=thread.now.date(),
        reason="My mother is ill.",
        ground="no-time",
        now=thread.now,
        **more,
    )


def told(thread) -> list[tuple[str, int]]:
    lines = LogEntry.objects.filter(log__program=thread.program, kind="vacancy.late").order_by("index")
    entries = [parse(line.index, bytes(line.raw)) for line in lines]
    return [(one.data["stage"], one.data["days"]) for one in entries]


@pytest.mark.usefixtures("both_databases")
def test_the_clock_tells_a_seat_on_the_day_after_its_days_once_and_again_each_quarter():
    thread = cast.program()
    leave(thread)
    heard = {}
    for days in (0, 44, 45, 45, 46, 136, 138, 138):
        tasks.tick(program=thread.program, now=thread.now + timedelta(days=days))
        heard[days] = told(thread)

    assert heard[44] == []
    assert heard[46] == [("alarm", 45)]
    assert heard[138][1][0] == "quarter-1"
    assert len(heard[138]) == 2


def test_after_missed_runs_one_entry_tells_it_as_it_is_today(thread):
    leave(thread)

    tasks.tick(program=thread.program, now=thread.now + timedelta(days=200))

    assert told(thread) == [("quarter-1", 200)]


def test_a_seat_that_was_filled_stays_silent(thread):
    leave(thread)
    alternate = actions.add_alternate(
        cohort=cast.cohort(thread),
        email="a@riverbend.example",
        called="An alternate",
        language="en",
        now=thread.now,
    )
    seat = actions.call_up(
        alternate=alternate, vacancy=Vacancy.objects.get(), paid_by="outside", now=thread.now
    )

    tasks.tick(program=thread.program, now=thread.now + timedelta(days=60))

    assert told(thread) == []
    assert seat.public_id in [one.public_id for one in seated_today(thread.program, thread.now.date())]
    taken = parse(*[(one.index, bytes(one.raw)) for one in LogEntry.objects.filter(kind="seat.taken")][-1])
    assert taken.cites["vacancy"] == (Vacancy.objects.get().entry,)


def test_two_alternates_never_step_into_one_seat(thread):
    leave(thread)
    both = [
        actions.add_alternate(
            cohort=cast.cohort(thread),
            email=f"{n}@riverbend.example",
            called=n,
            language="en",
            now=thread.now,
        )
        for n in ("a", "b")
    ]
    vacancy = Vacancy.objects.get()
    actions.call_up(alternate=both[0], vacancy=vacancy, paid_by="outside", now=thread.now)

    with pytest.raises(Refused, match="Someone has this place"):
        actions.call_up(alternate=both[1], vacancy=vacancy, paid_by="outside", now=thread.now)
    planted = {"seat": "seat-00000001", "cohort": "first", "from": "2026-01-01", "until": "2027-12-31"}
    cites = {"cohort": [cast.cohort(thread).entry], "vacancy": [vacancy.entry]}
    with pytest.raises(GrammarError, match="someone has stepped into this vacancy already"):
        thread.enter("seat.taken", ["steward"], planted, cites)
    with pytest.raises(GrammarError, match="someone has this place; it is not empty"):
        thread.enter("vacancy.late", ["clock"], {"days": 50, "stage": "alarm"}, {"vacancy": [vacancy.entry]})


@pytest.mark.usefixtures("both_databases")
def test_the_database_fills_a_vacancy_once():
    thread = cast.program()
    leave(thread)
    vacancy, seat, day = Vacancy.objects.get(), thread.first_lead, thread.now.date()
    Vacancy.objects.filter(pk=vacancy.pk).update(filled_by=seat, filled_on=day)

    for filled in ({"filled_by": thread.second_lead}, {"filled_by": None, "filled_on": None}):
        with pytest.raises(DatabaseError, match="an empty seat is filled once"), transaction.atomic():
            Vacancy.objects.update(**filled)


@pytest.mark.usefixtures("both_databases")
def test_the_database_lets_an_alternate_step_in_once_and_wait_again_only_before_that():
    thread = cast.program()
    given = {"cohort": cast.cohort(thread), "called": "Next", "language": "en", "now": thread.now}
    said, called = (actions.add_alternate(email=f"{n}@riverbend.example", **given) for n in "ab")
    leave(thread)
    actions.stand_down(alternate=said, now=thread.now)
    seat = actions.call_up(alternate=called, vacancy=Vacancy.objects.get(), paid_by="outside", now=thread.now)

    assert Alternate.objects.get(seat=seat) == called
    other = {"seat": thread.first_lead, "stood_down_on": thread.now.date()}
    elsewhere, back = {"stood_down_on": None, "place": 9}, {"seat": None, "stood_down_on": None}
    later = {"stood_down_on": thread.now.date() + timedelta(days=1)}
    refused = (
        *((said, one) for one in (other, elsewhere, later)),
        *((called, one) for one in (back, {"stood_down_on": None}, {"place": 9})),
    )
    for one, what in refused:
        with pytest.raises(DatabaseError, match="an alternate steps in once"), transaction.atomic():
            Alternate.objects.filter(pk=one.pk).update(**what)
    assert Alternate.objects.filter(pk=said.pk).update(stood_down_on=None) == 1
    for model in (Alternate, Vacancy):
        with pytest.raises(DatabaseError, match="that stays as it was"), transaction.atomic():
            model.objects.all().delete()


@pytest.mark.usefixtures("both_databases")
def test_the_database_lets_a_lead_hold_a_role_once_at_a_time():
    thread = cast.program()
    actions.change_role(seat=thread.first_lead, role="chair", change="takes", by="steward", now=thread.now)

    with pytest.raises(IntegrityError):
        RoleHeld.objects.create(seat=thread.first_lead, role="chair", from_date=thread.now.date())


def test_a_role_is_a_dated_row_and_a_dated_entry(thread, site_client):
    seat = thread.first_lead
    actions.change_role(seat=seat, role="chair", change="takes", by="steward", now=thread.now)
    with pytest.raises(Refused, match="It is so already; there is nothing to change."):
        actions.change_role(seat=seat, role="chair", change="takes", by="steward", now=thread.now)
    shown = text_of(site_client.get(PAGE))
    actions.change_role(seat=seat, role="chair", change="lays-down", by=seat.public_id, now=thread.now)

    assert "Chair, since" in shown
    assert "Chair, since" not in text_of(site_client.get(PAGE))
    assert cast.kinds(thread)[-2:] == ["role.changed", "role.changed"]
    assert [one.until_date for one in RoleHeld.objects.all()] == [thread.now.date()]


def test_why_a_lead_left_is_nowhere_on_the_record_or_the_page(thread, site_client):
    leave(thread)

    assert "My mother is ill." not in cast.log_text(thread)
    assert "My mother is ill." not in text_of(site_client.get(PAGE))
    assert "third.lead" not in cast.log_text(thread)


def test_a_lead_leaves_by_themselves_and_the_page_shows_the_empty_seat(thread, site_client):
    person = thread.third_lead.person
    day = local_date(datetime.now(UTC), PACK).isoformat()

    sent = {"on": day, "ground": "by-choice", "reason": ""}
    asked = as_(person).post("/riverbend/en/seat/leave/", sent)
    assert "Tick the box if you want to leave your place" in text_of(asked)
    assert not Seat.objects.exclude(left_on=None).exists(), "one press ends no place"
    past = {"sure": "on", "on": (date.fromisoformat(day) - timedelta(days=1)).isoformat()}
    told = text_of(as_(person).post("/riverbend/en/seat/leave/", sent | past))
    assert "or a later one; name such a day" in told
    assert not Seat.objects.exclude(left_on=None).exists(), "nobody left before they said so"
    left = as_(person).post("/riverbend/en/seat/leave/", sent | {"sure": "on"})

    assert left.url == "/riverbend/en/seat/goodbye/"
    assert "45 days left" in text_of(site_client.get(PAGE))
    assert as_(person).get("/riverbend/en/week/").status_code == 403


def test_who_leaves_is_told_what_the_seat_still_holds(thread):
    thread.draft_engagement().make_keys()
    seat = thread.first_lead
    actions.change_role(seat=seat, role="chair", change="takes", by=seat.public_id, now=thread.now)

    told = text_of(as_(seat.person).get("/riverbend/en/seat/leave/"))

    assert "Your place still holds" in told
    assert (
        "the key of 1 engagement: a question that is not open yet · 1 other lead of today has this key"
        in told
    )
    assert "the role Chair" in told


def test_who_leaves_reads_the_titles_of_engagements_and_whether_someone_else_has_each_key(thread):
    thread.draft_engagement().make_keys().open()
    seat = thread.first_lead
    title = PublicText.objects.get(entry=thread.promise, name="title").words

    told = text_of(as_(seat.person).get("/riverbend/en/seat/leave/"))
    assert f"the key of 1 engagement: {title} · 1 other lead of today has this key" in told

    actions.leave_seat(
        seat=thread.second_lead,
        now=thread.now,
        on=thread.now.date(),
        reason="",
    )
    told = text_of(as_(seat.person).get("/riverbend/en/seat/leave/"))
    assert f"{title} · No other lead of today has this key." in told


def test_a_lead_who_gave_notice_sits_until_that_day(thread):
    seat = thread.third_lead
    day = thread.now.date() + timedelta(days=10)
    actions.leave_seat(seat=seat, on=day, reason="", now=thread.now)

    assert seat in seated_today(thread.program, day - timedelta(days=1))
    assert seat not in seated_today(thread.program, day)


def test_whoever_calls_up_an_alternate_reads_whose_place_it_was(thread):
    seat, today = thread.third_lead, thread.now.date()
    seat.person.called = "Dara"
    seat.person.save()
    actions.leave_seat(seat=seat, on=today, reason="", now=thread.now)
    actions.open_vacancy(cohort=cast.cohort(thread), on=today, now=thread.now)
    given = {"email": None, "called": "Next", "language": "en", "now": thread.now}
    actions.add_alternate(cohort=cast.cohort(thread), **given)

    offered = text_of(as_(thread.steward).get("/riverbend/en/steward/seats/call-up/"))

    assert "A place that nobody has taken, empty since" in offered
    assert re.search(r"The place of .*Dara.*, empty since", offered)


def test_the_steward_opens_a_vacancy_adds_an_alternate_and_calls_them_up(thread):
    client = as_(thread.steward)
    desk = "/riverbend/en/steward/seats/"
    client.post(f"{desk}empty/", {"on": thread.now.date().isoformat()})
    client.post(f"{desk}alternates/", {"called": "An alternate", "email": ""})
    page = text_of(client.get(desk))
    vacancy = Vacancy.objects.get()
    alternate = cast.cohort(thread).alternates.get()

    typed = {"vacancy": vacancy.pk, "alternate": alternate.pk, "paid_by": "outside"}
    unasked = text_of(client.post(f"{desk}call-up/", typed))
    sent = client.post(f"{desk}call-up/", {**typed, "asked": "on"})

    assert "Call up an alternate" in page
    assert "It is the turn of: An alternate · no address here" in unasked
    assert "Ask the alternate first. Nobody gets a place without a yes." in unasked
    taken = alternate.cohort.seats.latest("pk")
    assert sent.url == f"/riverbend/en/steward/pay/agreements/{taken.public_id}/?done=called-up-unreached"
    assert cast.kinds(thread)[-2:] == ["vacancy.opened", "seat.taken"]
    assert "No place is empty today." in text_of(client.get(desk))
    assert "An alternate" not in cast.log_text(thread)


def test_only_the_steward_moves_people(thread):
    for page in ("", "empty/", "alternates/", "call-up/", f"{thread.first_lead.public_id}/remove/"):
        address = f"/riverbend/en/steward/seats/{page}"
        assert as_(thread.first_lead.person).get(address).status_code == 403
        assert as_(thread.boss).get(address).status_code == 403


def test_the_page_of_three_empty_seats_takes_as_many_queries_as_that_of_one(thread, site_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(f"{PAGE}first/").status_code == 200
        return len(seen)

    leave(thread)
    one = queries()
    leave(thread, thread.second_lead)
    leave(thread, thread.first_lead)

    assert (one, queries()) == (18, 18)


@given(st.dates(), st.integers(0, 900), st.integers(0, 900))
def test_the_stages_for_a_later_day_begin_with_those_for_an_earlier_one(vacant, days, more):
    if vacant.year > 9000:
        return
    until = vacant + timedelta(days=days)
    early = vacancy_stages(vacant, PACK, until)
    late = vacancy_stages(vacant, PACK, until + timedelta(days=more))

    assert late[: len(early)] == early
    assert all(one.on <= until for one in early)
    assert len({one.label for one in late}) == len(late)
    assert bool(early) == (days >= PACK.clocks.vacancy_days)


def test_a_program_without_a_cohort_says_that_nobody_is_seated(client, demonstration):
    page = client.get("/portland/en/cohort/")

    assert page.status_code == 200
    assert "Nobody is seated today." in page.content.decode()


def test_the_steward_says_who_pays_a_seat_and_reads_for_whom_its_lead_works(thread):
    seat, unit = thread.third_lead, thread.unit
    page = f"/riverbend/en/steward/seats/{seat.public_id}/pay/"
    steward = as_(thread.steward)
    assert "Who pays this place?" in steward.get(page).content.decode()
    before = LogEntry.objects.count()

    steward.post(page, {"paid_by": ""})
    unknown = steward.post(page, {"paid_by": "watter"}).content.decode()
    assert "This is not in the list. Choose from the list." in unknown
    assert LogEntry.objects.count() == before  # who pays is never left open, nor a bureau that is none
    steward.post(page, {"paid_by": unit.slug})
    steward.post(page, {"paid_by": unit.slug})
    actions.declare_own(seat=seat, works_for=unit.slug, now=thread.now)

    told = [json.loads(bytes(line.raw))["data"] for line in LogEntry.objects.filter(kind="seat.declared")]
    assert told == [
        {"seat": seat.public_id, "paid_by": unit.slug},
        {"seat": seat.public_id, "works_for": unit.slug},
    ]
    assert "This lead said that they also work for" in steward.get(page).content.decode()
    assert as_(thread.first_lead.person).get(page).status_code == 403


JOB = "/riverbend/en/seat/job/"


def test_a_lead_says_for_which_bureau_they_also_work(thread):
    seat, unit = thread.third_lead, thread.unit
    lead = as_(seat.person)
    assert JOB in lead.get("/riverbend/en/seat/me/").content.decode()
    shown = lead.get(JOB)
    assert shown.context["form"].initial == {"works_for": "", "paid_by": ""}
    for choice in ("nobody", unit.slug, unit.slug, "nobody"):
        landed = lead.post(JOB, {"works_for": choice}, follow=True)
        assert landed.context["form"].initial == {"works_for": choice, "paid_by": ""}

    told = [
        json.loads(bytes(line.raw))
        for line in LogEntry.objects.filter(kind="seat.declared").order_by("index")
    ]
    assert [(one["by"], one["data"]) for one in told] == [
        ([seat.public_id], {"seat": seat.public_id, "works_for": choice})
        for choice in ("nobody", unit.slug, "nobody")
    ]
    seat.refresh_from_db()
    assert seat.works_for is None


def test_a_bureau_that_is_none_is_refused_with_its_cure_and_the_bureaus_are_named(thread):
    lead = as_(thread.third_lead.person)
    before = LogEntry.objects.count()
    for typed, said in (
        ("watter", "This is not in the list. Choose from the list."),
        ("", "Choose: Which bureau do you also work for?"),
    ):
        page = lead.post(JOB, {"works_for": typed})
        assert (page.status_code, said in page.content.decode()) == (200, True)
        assert page.context["form"]["works_for"].value() == typed
    names = [name for _slug, name in page.context["form"].fields["works_for"].choices]
    assert names[1:] == [one.name.say("en") for one in PACK.units] + ["None of them"]
    assert LogEntry.objects.count() == before


def test_whoever_has_or_had_a_seat_says_for_whom_they_work_and_nobody_else(thread):
    for person in (thread.staff, thread.boss, thread.steward):
        assert as_(person).get(JOB).status_code == 404
    leave(thread, thread.second_lead)
    for seat in (thread.first_lead, thread.second_lead):
        assert as_(seat.person).post(JOB, {"works_for": thread.unit.slug}).status_code == 302
    assert LogEntry.objects.filter(kind="seat.declared").count() == 2


def test_the_steward_reaches_every_cohort_that_sits_and_first_the_one_that_began_first(thread):
    cast.circle(thread)
    home = "/riverbend/en/steward/seats/"
    steward = as_(thread.steward)
    page = steward.get(home).content.decode()
    assert "3 people are leads today." in page
    assert f'href="{home}?cohort=circle"' in page
    page = steward.get(f"{home}?cohort=circle").content.decode()
    assert "1 person is a lead today." in page
    assert f'href="{home}empty/?cohort=circle"' in page
    for which in ("?cohort=circle", ""):
        there = steward.post(f"{home}empty/{which}", {"on": thread.now.date().isoformat()})
        assert there["Location"].startswith(f"{home}{which or '?done'}")
    assert [one.cohort.slug for one in Vacancy.objects.order_by("pk")] == ["circle", "first"]
    assert steward.get(f"{home}?cohort=none").status_code == 404


def test_a_lead_is_asked_to_sign_the_charter_of_their_own_cohort_only(thread):
    cast.adopt(thread)
    cast.circle(thread)
    lead = as_(thread.first_lead.person)
    assert "/cohort/first/charter/sign/" in lead.get("/riverbend/en/week/").content.decode()


def test_a_cohort_in_which_nobody_sits_any_more_hides_no_other(thread):
    other, today = cast.circle(thread), thread.now.date()
    assert cohort_now(thread.program, today).slug == "first"
    for seat in thread.leads:
        leave(thread, seat)
    assert cohort_now(thread.program, today) == other


def test_the_stewards_desk_leads_to_the_cohort_whose_seat_is_empty(thread):
    other = cast.circle(thread)
    actions.open_vacancy(cohort=other, on=thread.now.date(), now=thread.now)
    desk = as_(thread.steward).get("/riverbend/en/steward/").content.decode()
    assert "/riverbend/en/steward/seats/?cohort=circle" in desk


def test_the_page_of_one_cohort_leads_to_the_other_that_sits_before_it_tells_who_sits(thread, site_client):
    cast.circle(thread)
    page = site_client.get(PAGE).content.decode()
    head, rest = page.split('id="seats-h"')
    assert ("/riverbend/en/cohort/circle/" in head, "/riverbend/en/cohort/circle/" in rest) == (True, False)


def test_a_seat_that_is_kept_free_for_an_appeal_counts_down_no_days_in_public(thread, site_client):
    removal = actions.remove_seat(
        seat=thread.third_lead,
        ground="harm",
        reasons="Told.",
        appeal_to=cast.OFFICE,
        by=thread.steward,
        now=thread.now,
    )
    shown = text_of(site_client.get(PAGE))
    assert ("can appeal until" in shown, "45 days left" in shown) == (True, False)
    actions.appeal(removal=removal, words="No.", now=thread.now)
    assert "The lead who was removed appealed." in text_of(site_client.get(PAGE))


def test_removing_a_lead_takes_more_than_one_press_and_says_first_what_it_does(thread):
    page = as_(thread.steward).get("/riverbend/en/steward/people/").content.decode()
    row = next(one for one in page.split("<li>") if thread.first_lead.public_id in one)
    actions_row, asked, folded = row.split("<details")
    assert [one for one in (actions_row, asked) if "/remove/" in one] == []
    assert "their place ends on that day" in " ".join(folded.split("/remove/")[0].split())

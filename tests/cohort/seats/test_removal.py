"""A seat is removed with reasons that only the lead and the decider read; an appeal is decided by someone else."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError

from alongside.cohort.seats import actions
from alongside.cohort.seats.actions import let_removals_fall
from alongside.cohort.seats.models import Removal, Seat, Vacancy
from alongside.cohort.seats.queries.cohorts import kept_free, roles_of
from alongside.cohort.seats.queries.seats import seated_today
from alongside.cohort.seats.tasks import tick
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.people import actions as people
from alongside.ground.programs.actions import give_office
from alongside.ground.record.models import LogEntry
from alongside.ground.ui.days import day_in_words
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

WHY = "Told a reporter what was said in trust."
APPEAL = "/riverbend/en/seat/appeal/"


@pytest.fixture
def thread(db):
    thread = cast.program()
    thread.decider = people.make_person(email="decider@riverbend.example")
    give_office(
        person=thread.decider, program=thread.program, office=cast.OFFICE, from_date=thread.now.date()
    )
    return thread


def remove(thread, **more) -> Removal:
    values = {"ground": "harm", "reasons": WHY, "appeal_to": cast.OFFICE, "by": thread.steward, **more}
    return actions.remove_seat(seat=thread.third_lead, now=thread.now, **values)


def test_the_record_says_a_seat_and_a_ground_and_nothing_of_the_reasons(thread):
    remove(thread)

    assert cast.kinds(thread)[-1] == "seat.removed"
    assert '"ground":"harm"' in cast.log_text(thread)
    assert WHY not in cast.log_text(thread)
    person = thread.third_lead.person
    assert [one for one in (person.called, person.email) if one in cast.log_text(thread)] == []


def test_the_page_of_a_removal_says_its_ground_in_words(thread):
    index = remove(thread).entry
    shown = text_of(as_(thread.third_lead.person).get(f"/riverbend/en/record/{index}/"))
    assert "On what ground Someone was harmed or put at risk" in " ".join(shown.split())


def test_a_removed_lead_reads_why_appeals_and_gets_the_seat_back(thread):
    client = as_(thread.steward)
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"
    client.post(page, {"ground": "harm", "reasons": WHY, "appeal_to": cast.OFFICE, "sure": "on"})
    lead = as_(thread.third_lead.person)
    assert lead.get("/riverbend/en/week/").status_code == 403
    assert APPEAL in lead.get("/riverbend/en/cohort/").content.decode()
    assert WHY in text_of(lead.get(APPEAL))

    assert lead.post(APPEAL, {"words": "It was not me."}).url == APPEAL
    decider = as_(thread.decider)
    address = f"/riverbend/en/appeals/{Removal.objects.get().pk}/"
    assert address in decider.get("/riverbend/en/unit/").content.decode()
    assert "It was not me." in text_of(decider.get(address))
    sent = decider.post(address, {"decision": "lifted", "reasons": "Nobody can say it was."}, follow=True)
    assert "Your decision is on the public log. The lead can read it." in text_of(sent)

    assert thread.third_lead.pk in [one.pk for one in seated_today(thread.program, thread.now.date())]
    assert lead.get("/riverbend/en/week/").status_code == 200
    assert cast.kinds(thread)[-3:] == ["seat.removed", "removal.appealed", "removal.decided"]
    assert "It was not me." not in cast.log_text(thread)
    assert "Nobody can say it was." not in cast.log_text(thread)


def test_a_lead_who_asked_to_leave_is_nowhere_called_removed_and_can_object(thread):
    steward, lead = as_(thread.steward), as_(thread.third_lead.person)
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/asked-to-leave/"
    typed = {"reasons": "Called me on Monday.", "appeal_to": cast.OFFICE, "sure": "on"}
    landed = text_of(steward.post(page, typed, follow=True))

    said = "The program coordinator says that a lead asked to leave. If that is not so, the lead can object."
    index = Removal.objects.get().entry
    pages = [f"/riverbend/en/{one}" for one in (f"record/{index}/", "record/", "cohort/")]
    shown = [text_of(lead.get(one)) for one in pages] + [landed]
    assert [one for one in shown[2:] if "was removed" in one] == []
    assert said in shown[0]
    assert "A lead is said to have asked to leave" in shown[1]
    assert "The program coordinator wrote that you asked to leave." in shown[2]
    assert "If you did not ask for it" in text_of(lead.get(APPEAL))
    lead.post(APPEAL, {"words": "I asked for a week off."})
    assert "and the lead objects" in text_of(steward.get("/riverbend/en/steward/people/"))


def test_a_removed_lead_stays_on_the_list_of_people_while_an_appeal_can_still_lift_it_and_then_as_a_lead_of_before(
    thread,
):
    seat = thread.third_lead
    seat.person.called, seat.person.email = "Dara", None
    seat.person.save()
    removal, steward = remove(thread), as_(thread.steward)

    shown = steward.get("/riverbend/en/steward/people/?only=leads")
    own = shown.content.decode().split('dir="auto">Dara</h2>')[1].split("<h2")[0]
    assert "Removed" in own
    assert f'can appeal until <time datetime="{removal.appeal_by}">' in " ".join(own.split())
    assert steward.post(f"/riverbend/en/steward/people/{seat.person_id}/code/").status_code == 200
    actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(
        removal=removal, decision="stands", reasons="It is so.", by=thread.decider, now=thread.now
    )
    after = steward.get("/riverbend/en/steward/people/").content.decode().split('dir="auto">Dara</h2>')[1]
    own = after.split("<h2")[0]
    assert ("Was a lead until" in own, "Removed" in own) == (
        True,
        False,
    )  # what is theirs stays, by a printed code


def test_a_place_that_is_kept_free_is_a_day_to_come_and_nothing_that_waits(thread):
    desk = as_(thread.steward)
    waiting = re.search(r"<h1>(.*?)</h1>", desk.get("/riverbend/en/steward/").content.decode())[1]
    remove(thread)

    page = desk.get("/riverbend/en/steward/").content.decode()
    assert f"<h1>{waiting}</h1>" in page
    assert "A place is kept free" in page


def test_a_removal_that_stands_is_told_to_the_lead_with_its_reasons(thread):
    appeal = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    actions.decide_appeal(
        removal=appeal, decision="stands", reasons="Two people heard it.", by=thread.decider, now=thread.now
    )

    assert "The removal stands. Two people heard it." in text_of(as_(thread.third_lead.person).get(APPEAL))


def test_whoever_removed_cannot_decide_even_from_the_office_that_decides(thread):
    give_office(
        person=thread.steward, program=thread.program, office=cast.OFFICE, from_date=thread.now.date()
    )
    appeal = actions.appeal(removal=remove(thread), words="No.", now=thread.now)

    assert as_(thread.steward).get(f"/riverbend/en/appeals/{appeal.pk}/").status_code == 404
    with pytest.raises(Refused, match="You removed this place"):
        actions.decide_appeal(
            removal=appeal, decision="stands", reasons="Mine.", by=thread.steward, now=thread.now
        )


@pytest.mark.usefixtures("both_databases")
def test_the_database_refuses_a_decision_by_whoever_removed():
    thread = cast.program()
    appeal = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    decided = {"decision": "stands", "decided_by": thread.steward, "decided_on": thread.now.date()}

    with pytest.raises(IntegrityError, match="an_appeal_is_decided_by_someone_else"):
        Removal.objects.filter(pk=appeal.pk).update(**decided)


def test_nobody_else_reads_an_appeal(thread):
    appeal = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    address = f"/riverbend/en/appeals/{appeal.pk}/"

    assert as_(thread.boss).get(address).status_code == 404
    assert as_(thread.first_lead.person).get(address).status_code == 404
    assert as_(thread.first_lead.person).get(APPEAL).status_code == 404


def test_the_charter_says_who_decides(thread):
    cast.adopt(thread, appeals_to=thread.first_lead.public_id)
    cast.sign(thread, thread.first_lead.public_id, thread.second_lead.public_id)
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"

    as_(thread.steward).post(page, {"ground": "absent", "reasons": WHY, "sure": "on"})

    assert Removal.objects.get().appeal_to == thread.first_lead.public_id
    with pytest.raises(GrammarError, match="for appeals; name the same"):
        actions.remove_seat(
            seat=thread.second_lead,
            ground="absent",
            reasons=WHY,
            appeal_to=cast.OFFICE,
            by=thread.steward,
            now=thread.now,
        )


def test_whom_the_charter_names_is_removed_and_the_page_says_who_decides_in_their_place(thread):
    cast.adopt(thread, appeals_to=thread.third_lead.public_id)
    cast.sign(thread, thread.first_lead.public_id, thread.second_lead.public_id)
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"
    client = as_(thread.steward)

    assert "Whom the group agreement names cannot decide this. This does instead:" in text_of(
        client.get(page)
    )
    client.post(page, {"ground": "absent", "reasons": WHY, "sure": "on"})
    assert Removal.objects.get().appeal_to == "city-manager/manager"


def test_the_seat_stays_free_while_an_appeal_is_possible_or_waits(thread):
    removal = remove(thread)
    alternate = actions.add_alternate(
        cohort=cast.cohort(thread), email=None, called="An alternate", language="en", now=thread.now
    )
    vacancy = Vacancy.objects.get()
    with pytest.raises(Refused, match="An appeal is still possible"):
        actions.call_up(alternate=alternate, vacancy=vacancy, paid_by="outside", now=thread.now)
    appeal = actions.appeal(removal=removal, words="No.", now=thread.now)
    vacancy = Vacancy.objects.get()
    with pytest.raises(Refused, match="An appeal waits"):
        actions.call_up(
            alternate=alternate, vacancy=vacancy, paid_by="outside", now=thread.now + timedelta(days=90)
        )
    actions.decide_appeal(removal=appeal, decision="stands", reasons="So.", by=thread.decider, now=thread.now)

    assert actions.call_up(
        alternate=alternate, vacancy=Vacancy.objects.get(), paid_by="outside", now=thread.now
    ).public_id.startswith("seat-")


def test_an_appeal_after_its_last_day_is_refused(thread):
    removal = remove(thread)
    last = thread.now + timedelta(days=30)

    with pytest.raises(Refused, match="The last day to appeal has passed"):
        actions.appeal(removal=removal, words="No.", now=last + timedelta(days=1))
    assert actions.appeal(removal=removal, words="No.", now=last).appealed_on == removal.appeal_by


@pytest.mark.parametrize("by", ["steward", "first", "office"])
def test_the_log_itself_refuses_a_decision_by_anyone_but_whom_the_removal_names(thread, by):
    removal = remove(thread, appeal_to=thread.second_lead.public_id)
    appeal = actions.appeal(removal=removal, words="No.", now=thread.now)
    actor = {"steward": "steward", "first": thread.first_lead.public_id, "office": cast.OFFICE}[by]

    with pytest.raises(GrammarError):
        thread.enter("removal.decided", [actor], {"decision": "stands"}, {"appeal": [appeal.appeal_entry]})


def test_a_removal_without_reasons_goes_nowhere(thread):
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"

    response = as_(thread.steward).post(
        page, {"ground": "harm", "reasons": "", "appeal_to": cast.OFFICE, "sure": "on"}
    )

    assert "Fill in: Your reasons, in full" in text_of(response)
    assert "seat.removed" not in cast.kinds(thread)


def test_notice_for_a_later_day_keeps_nobody_from_being_removed_and_stands_again_when_that_is_lifted(thread):
    lead, today = thread.third_lead, thread.now.date()
    on = today + timedelta(days=90)
    actions.leave_seat(seat=lead, on=on, reason="We move.", now=thread.now)
    removal = remove(thread)
    assert lead not in seated_today(thread.program, today)
    assert [(one.entry, one.from_date) for one in Vacancy.objects.all()] == [(removal.entry, today)]
    appeal = actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(removal=appeal, decision="lifted", reasons="So.", by=thread.decider, now=thread.now)
    assert lead in seated_today(thread.program, today)
    assert lead not in seated_today(thread.program, on)
    left = LogEntry.objects.get(kind="seat.left").index
    assert [(one.entry, one.from_date) for one in Vacancy.objects.filter(filled_on=None)] == [(left, on)]
    assert Seat.objects.get(pk=lead.pk).left_reason == "We move."


def test_a_lead_whose_place_was_given_away_for_a_later_day_is_removed_today_and_back_until_that_day(thread):
    lead, today = thread.third_lead, thread.now.date()
    on = today + timedelta(days=20)
    actions.leave_seat(seat=lead, on=on, reason="We move.", now=thread.now)
    given = {"cohort": cast.cohort(thread), "called": "Next", "language": "en", "now": thread.now}
    waits = actions.add_alternate(email="next@riverbend.example", **given)
    next_lead = actions.call_up(
        alternate=waits, vacancy=Vacancy.objects.get(), paid_by="outside", now=thread.now
    )

    removal = remove(thread)
    assert [one in seated_today(thread.program, today) for one in (lead, next_lead)] == [False, False]
    assert [one in seated_today(thread.program, on) for one in (lead, next_lead)] == [False, True]
    assert [(one.from_date, one.filled_by) for one in Vacancy.objects.all()] == [(on, next_lead)]
    actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(
        removal=removal, decision="lifted", reasons="So.", by=thread.decider, now=thread.now
    )

    assert [lead in seated_today(thread.program, day) for day in (today, on)] == [True, False]
    assert [(one.from_date, one.filled_by) for one in Vacancy.objects.all()] == [(on, next_lead)]
    thread.later(80)
    assert tick(program=thread.program, now=thread.now) == 0, "the place is not empty"


def test_a_seat_that_is_over_is_not_removed(thread):
    actions.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)
    with pytest.raises(Refused, match="This place has ended; there is nothing to remove."):
        remove(thread)


def test_a_lead_who_gave_notice_takes_a_role_until_their_day_and_leaves_once(thread):
    lead, today = thread.third_lead, thread.now.date()
    on = today + timedelta(days=90)
    actions.change_role(seat=lead, role="chair", change="takes", by=lead.public_id, now=thread.now)
    actions.leave_seat(seat=lead, on=on, reason="", now=thread.now)
    with pytest.raises(GrammarError, match="this place is over already"):
        actions.leave_seat(seat=lead, on=on, reason="", now=thread.now)
    actions.change_role(seat=lead, role="chair", change="lays-down", by=lead.public_id, now=thread.now)
    actions.change_role(seat=lead, role="note-taker", change="takes", by=lead.public_id, now=thread.now)
    assert roles_of([lead.pk], today)[lead.pk][0].role == "note-taker"
    assert roles_of([lead.pk], on) == {}


def removing(thread) -> str:
    return f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"


def test_the_steward_reads_whom_they_remove_and_what_the_seat_holds_and_one_press_alone_removes_nobody(
    thread,
):
    lead = thread.third_lead
    lead.person.called = "Noor from the east side"
    lead.person.save()
    actions.change_role(seat=lead, role="chair", change="takes", by=lead.public_id, now=thread.now)
    client = as_(thread.steward)
    assert "Noor from the east side" in text_of(client.get("/riverbend/en/steward/people/"))
    shown = text_of(client.get(removing(thread)))
    assert "I want to remove this lead today" in shown
    assert "Noor from the east side" in shown
    assert "This place still holds" in shown and "the role Chair" in shown

    typed = {"ground": "harm", "reasons": WHY, "appeal_to": cast.OFFICE}
    refused = text_of(client.post(removing(thread), typed))
    assert "Tick the box if this is the place that you want to remove." in refused
    assert WHY in refused and not Removal.objects.exists()

    done = text_of(client.post(removing(thread), {**typed, "sure": "on"}, follow=True))
    assert "The place is removed, and the lead can read your reasons and appeal." in done
    assert Removal.objects.get().seat == lead


def test_a_removed_lead_finds_the_appeal_on_the_page_of_what_waits_for_them(thread):
    removal = remove(thread)
    lead = as_(thread.third_lead.person)
    desk = "/riverbend/en/my-desk/"
    shown = lead.get(desk)
    assert APPEAL in shown.content.decode()
    assert "You can appeal until" in text_of(shown)
    actions.appeal(removal=removal, words="No.", now=thread.now)
    after = lead.get(desk)
    assert APPEAL in after.content.decode()
    assert "You can appeal until" not in text_of(after)


def test_the_desk_of_a_removed_lead_says_where_the_appeal_is(thread):
    removal, desk = remove(thread), "/riverbend/en/my-desk/"
    lead = as_(thread.third_lead.person)
    assert f"You can appeal until {day_in_words(removal.appeal_by)} ." in text_of(lead.get(desk))
    appeal = actions.appeal(removal=removal, words="No.", now=thread.now)
    waiting = text_of(lead.get(desk))
    until = day_in_words(appeal.appealed_on + timedelta(days=30))
    assert f"Your appeal waits for a decision, until {until} at the latest." in waiting
    assert "what came of it" not in waiting and "You can appeal" not in waiting
    actions.decide_appeal(removal=appeal, decision="stands", reasons="So.", by=thread.decider, now=thread.now)
    stands = text_of(lead.get(desk))
    assert "Your appeal was decided: the removal stands." in stands
    assert "Your appeal waits" not in stands
    for page in ("cohort", "messages"):
        other = text_of(lead.get(f"/riverbend/en/{page}/"))
        assert "Your appeal was decided: the removal stands." in other
        assert "Read why, and appeal" not in other


def test_the_desk_of_a_lead_who_did_not_appeal_says_that_the_days_are_over(thread):
    removal = remove(thread)
    long_ago = {
        "removed_on": removal.removed_on - timedelta(days=40),
        "appeal_by": removal.removed_on - timedelta(days=1),
    }
    Removal.objects.filter(pk=removal.pk).update(**long_ago)
    shown = text_of(as_(thread.third_lead.person).get("/riverbend/en/my-desk/"))
    assert "The last day to appeal was" in shown
    assert "You can appeal until" not in shown and "what came of it" not in shown


@pytest.mark.parametrize("decided", ["by the office", "by nobody in time"])
def test_the_desk_of_a_lead_whose_appeal_was_heard_says_that_they_have_their_seat_back(thread, decided):
    appeal = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    if decided == "by the office":
        given = {"decision": "lifted", "reasons": "Nobody saw it.", "by": thread.decider, "now": thread.now}
        actions.decide_appeal(removal=appeal, **given)
    else:
        thread.later(31)
        let_removals_fall(program=thread.program, now=thread.now)
        Removal.objects.update(decided_on=appeal.appealed_on)
    lead, other = as_(thread.third_lead.person), as_(thread.second_lead.person)
    desk = "/riverbend/en/my-desk/"
    assert "Your appeal was decided: you have your place back." in text_of(lead.get(desk))
    assert APPEAL in lead.get(desk).content.decode()
    read = text_of(lead.get(APPEAL))
    assert "You have your place back." in read
    assert ("Nobody saw it." in read) == (decided == "by the office")
    assert other.get(desk).status_code == 302
    Removal.objects.update(decided_on=appeal.appealed_on - timedelta(days=31))
    assert lead.get(desk).status_code == 302


def offered(response) -> list[str]:
    """Give the empty seats that the form offers."""
    found = re.search(r'<select name="vacancy".*?</select>', response.content.decode(), re.DOTALL)
    return [one for one in re.findall(r'<option value="(\d*)"', found[0] if found else "") if one]


def test_nobody_is_asked_to_fill_a_seat_whose_lead_can_still_appeal_or_did(thread):
    actions.add_alternate(
        cohort=cast.cohort(thread),
        email="next@riverbend.example",
        called="Next",
        language="en",
        now=thread.now,
    )
    removal = remove(thread)
    client = as_(thread.steward)
    desk, seats = "/riverbend/en/steward/", "/riverbend/en/steward/seats/"
    for says in ("can appeal until", "Nobody else can take the place before that is decided."):
        assert "Fill an empty place" not in text_of(client.get(desk))
        assert says in text_of(client.get(desk))
        assert says in text_of(client.get(seats))
        assert "Call up an alternate" not in text_of(client.get(seats))
        assert offered(client.get(f"{seats}call-up/")) == []
        if removal.appealed_on is None:
            appeal = actions.appeal(removal=removal, words="No.", now=thread.now)
    actions.decide_appeal(removal=appeal, decision="stands", reasons="So.", by=thread.decider, now=thread.now)
    assert "Fill an empty place" in text_of(client.get(desk))
    assert "Call up an alternate" in text_of(client.get(seats))
    assert offered(client.get(f"{seats}call-up/")) == [str(Vacancy.objects.get().pk)]


def test_a_removal_that_fell_may_come_again_after_a_year_and_its_lead_appeals_that_one(thread):
    given = {"reasons": "Broke the charter.", "appeal_to": cast.OFFICE, "sure": "on"}
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/remove/"
    first = actions.appeal(removal=remove(thread), words="No.", now=thread.now)
    actions.decide_appeal(removal=first, decision="lifted", reasons="So.", by=thread.decider, now=thread.now)
    soon = as_(thread.steward).post(page, {"ground": "harm", **given})
    assert "this place was removed within the last year" in text_of(soon).lower()
    thread.later(366)
    again = actions.remove_seat(
        seat=thread.third_lead,
        ground="harm",
        reasons="Broke the charter.",
        appeal_to=cast.OFFICE,
        by=thread.steward,
        now=thread.now,
    )
    assert seats_of(thread) == [thread.first_lead, thread.second_lead]
    empty = Vacancy.objects.get(filled_on=None)
    assert (empty.entry, kept_free(empty, thread.now.date())) == (again.entry, again)
    second = actions.appeal(removal=again, words="No again.", now=thread.now)
    actions.decide_appeal(removal=second, decision="lifted", reasons="So.", by=thread.decider, now=thread.now)
    assert seats_of(thread) == thread.leads


def seats_of(thread):
    return seated_today(thread.program, thread.now.date())


def test_each_change_of_the_stewards_to_the_seats_says_that_it_is_done(thread):
    client, seats = as_(thread.steward), "/riverbend/en/steward/seats/"
    seat = thread.third_lead.public_id
    role = client.post(f"{seats}{seat}/role/", {"role": "chair", "change": "takes"}, follow=True)
    assert "It is on the public log." in text_of(role)
    added = client.post(
        f"{seats}alternates/", {"called": "Next", "email": "next@riverbend.example"}, follow=True
    )
    assert "This person is on the list of alternates." in text_of(added)


def test_a_suspended_lead_reads_that_and_why_and_is_not_sent_to_sign_in_again(thread):
    lead = thread.third_lead
    actions.suspend_seat(seat=lead, ground="We look into what happened on Friday.", now=thread.now)
    for page, code in {"week/": 403, "cohort-rules/": 403, "my-desk/": 200}.items():
        refused = as_(lead.person).get(f"/riverbend/en/{page}")
        assert refused.status_code == code
        assert "You are suspended" in text_of(refused)
        assert "We look into what happened on Friday." in text_of(refused)
        assert 'class="button" href="/en/accounts/sign-in/' not in refused.content.decode()
    actions.restore_seat(seat=lead, now=thread.now)
    assert as_(lead.person).get("/riverbend/en/week/").status_code == 200

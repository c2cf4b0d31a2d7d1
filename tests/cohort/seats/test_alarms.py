"""An alarm reaches the person the charter names, outside what it is about, and nobody else at any address."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from alongside.cohort.messages import actions, queries
from alongside.cohort.messages.models import Alarm, Notification
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Reminded, Removal, Seat
from alongside.cohort.seats.queries.seats import viewer_for
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import adopt_pack, end_post, give_office, make_steward
from alongside.ground.programs.models import Post
from alongside.ground.programs.queries import pack_of
from alongside.site import mail
from tests.cohort.seats import cast
from tests.cohort.seats.care_cast import CANARY, HOME, hearer, raise_alarm
from tests.support.pages import CheckingClient
from tests.work.engagements.test_drafting import as_, text_of


@pytest.fixture
def thread(db):
    made = cast.program()
    cast.adopt(made)
    cast.sign(made, *(one.public_id for one in made.leads))
    return made


def hears(thread, person, about=""):
    """Say to whom an alarm about something goes, and whether past the charter's choice."""
    alarm = Alarm(seat=thread.first_lead, about=about)
    ear = queries.next_to_hear(alarm, pack_of(thread.program), thread.now.date())
    return (ear[0], ear[2], person in ear[1]) if ear else None


def test_an_alarm_goes_to_the_one_the_charter_names(thread):
    named = hearer(thread)

    assert hears(thread, named, thread.unit.slug) == (cast.OFFICE, False, True)


def test_a_charter_that_the_leads_have_not_signed_sends_no_alarm_elsewhere(thread):
    named = hearer(thread)
    other = make_person(email="desk@riverbend.example")
    today = thread.now.date()
    give_office(person=other, program=thread.program, office="libraries-and-halls/manager", from_date=today)
    cast.adopt(thread, alarms_to="libraries-and-halls/manager")
    assert hears(thread, named) == (cast.OFFICE, False, True)

    cast.sign(thread, thread.first_lead.public_id, "steward")
    assert hears(thread, named) == (cast.OFFICE, False, True)

    cast.sign(thread, thread.second_lead.public_id)
    assert hears(thread, other) == ("libraries-and-halls/manager", False, True)


def test_an_alarm_about_the_named_unit_goes_to_the_community_body(thread):
    named = hearer(thread)

    assert hears(thread, named, "city-manager") == (queries.BODY, True, False)


def test_whoever_also_works_in_the_asked_unit_does_not_hear_it(thread):
    named = hearer(thread)
    give_office(
        person=named, program=thread.program, office=thread.office.public_id, from_date=thread.now.date()
    )

    assert hears(thread, named, thread.unit.slug) == (queries.BODY, True, False)


@pytest.mark.parametrize("tie", ["works_for", "paid_by"])
def test_who_employs_or_pays_a_lead_hears_her_alarm_only_where_nobody_else_does(thread, tie, monkeypatch):
    named, own = hearer(thread), thread.first_lead.public_id
    thread.enter("seat.declared", [own], {"seat": own, tie: "city-manager"})
    assert hears(thread, named, thread.unit.slug) == (queries.BODY, True, False)

    monkeypatch.setattr(queries, "named_first", lambda *_of: [cast.OFFICE])
    assert hears(thread, named, thread.unit.slug) == (cast.OFFICE, False, True)


@pytest.mark.parametrize("tie", ["works_for", "paid_by"])
def test_a_lead_whom_the_bureau_employs_or_pays_by_their_own_word_does_not_hear_it(thread, tie):
    named, unit = thread.second_lead, thread.unit.slug
    cast.adopt(thread, alarms_to=named.public_id)
    cast.sign(thread, *(one.public_id for one in thread.leads))
    hearer(thread)
    assert hears(thread, named.person, unit) == (named.public_id, False, True)
    alarm = raise_alarm(thread, about=unit)

    def reads():
        viewer = viewer_for(named.person, thread.program, thread.now.date())
        return alarm in queries.alarms_for(thread.program, pack_of(thread.program), viewer)

    assert reads()
    thread.enter("seat.declared", [named.public_id], {"seat": named.public_id, tie: unit})
    assert hears(thread, named.person, unit)[:2] == (cast.OFFICE, True)
    assert not reads(), "a job taken there afterwards shuts it, too"
    assert hears(thread, named.person, "city-manager") == (named.public_id, False, True)


def test_a_unit_below_the_asked_one_is_inside_it(thread):
    assert queries.units_within(pack_of(thread.program), "streets-and-signals") == {
        "streets-and-signals",
        "signs-and-markings",
    }


def test_a_steward_who_holds_the_named_office_does_not_hear_an_alarm_about_the_program(thread):
    named = hearer(thread)
    make_steward(person=named, program=thread.program, from_date=thread.now.date())

    assert hears(thread, named, queries.PROGRAM) == (queries.BODY, True, False)
    assert hears(thread, named, thread.unit.slug) == (cast.OFFICE, False, True)


def test_whoever_ran_the_program_hears_no_alarm_about_that_in_a_later_post(thread):
    named = hearer(thread)
    raise_alarm(thread, about=queries.PROGRAM)
    today = thread.now.date()

    def heard():
        viewer = viewer_for(thread.steward, thread.program, today)
        return queries.alarms_for(thread.program, pack_of(thread.program), viewer)

    Post.objects.filter(person=thread.steward, office=None).update(until_date=today)
    give_office(person=thread.steward, program=thread.program, office=cast.OFFICE, from_date=today)
    assert (heard(), hears(thread, thread.steward, queries.PROGRAM)) == ([], (cast.OFFICE, False, False))

    alarm = raise_alarm(thread, about=thread.unit.slug)
    assert heard() == [alarm]
    assert named in queries.recipients_of(alarm, alarm.to, pack_of(thread.program), today)


def test_a_post_taken_in_the_asked_unit_afterwards_shuts_the_alarm_to_them(thread):
    named = hearer(thread)
    raise_alarm(thread)
    today = thread.now.date()
    before = queries.alarms_for(
        thread.program, pack_of(thread.program), viewer_for(named, thread.program, today)
    )
    give_office(person=named, program=thread.program, office=thread.office.public_id, from_date=today)
    after = queries.alarms_for(
        thread.program, pack_of(thread.program), viewer_for(named, thread.program, today)
    )

    assert (len(before), len(after)) == (1, 0)


def test_the_seat_of_a_manager_hears_no_alarm_and_no_charter_can_newly_name_it(thread):
    boss = hearer(thread, "permits-desk/manager", called="permits")
    named = hearer(thread)
    seat = seats.give_seat(cohort=cast.cohort(thread), person=boss, paid_by="nobody", now=thread.now)
    cast.adopt(thread, alarms_to=seat.public_id)
    cast.sign(thread, *(one.public_id for one in thread.leads))

    assert hears(thread, named, thread.unit.slug) == (cast.OFFICE, True, True)
    page = as_(thread.steward).get("/riverbend/en/steward/charter/").content.decode()
    assert (f'value="{seat.public_id}"' in page, f'value="{thread.first_lead.public_id}"' in page) == (
        False,
        True,
    )


def test_an_alarm_that_nobody_outside_can_hear_is_refused_and_not_kept(thread):
    text = thread.program.packs.get().text
    without = text[: text.index("[charter.alarm_body]")] + text[text.index("[federal]") :]
    adopt_pack(program=thread.program, text=without, on=thread.now.date())

    with pytest.raises(Refused, match="Call one of the lines on the help page"):
        raise_alarm(thread)
    assert Alarm.objects.count() == 0


def test_the_database_refuses_an_alarm_that_goes_to_its_own_unit(thread):
    hearer(thread)
    made = raise_alarm(thread)

    with pytest.raises(IntegrityError, match="an_alarm_goes_outside_its_unit"), transaction.atomic():
        Alarm.objects.filter(pk=made.pk).update(about="city-manager")


def test_the_lead_and_the_named_person_read_it_and_the_clock_is_visible(thread):
    named = hearer(thread)
    made = raise_alarm(thread)

    mine = text_of(as_(thread.first_lead.person).get(f"{HOME}raised/{made.key}/"))
    theirs = text_of(as_(named).get(f"{HOME}raised/{made.key}/"))

    assert (CANARY in mine, CANARY in theirs) == (True, True)
    assert ("Not yet read." in mine, "10 days left" in mine) == (True, True)


def test_the_lead_sees_that_it_was_read_and_what_was_done(thread):
    named = hearer(thread)
    made = raise_alarm(thread)
    page = f"{HOME}raised/{made.key}/"
    client = as_(named)

    client.post(page, {"take": "1"})
    client.post(page, {"done": "I moved the work to another unit."})
    told = text_of(as_(thread.first_lead.person).get(page))

    assert "I moved the work to another unit." in told
    assert "Not yet read." not in told
    assert client.post(page, {"done": "Again."}).status_code == 200
    assert Alarm.objects.get().done == "I moved the work to another unit."


def test_whoever_prints_the_code_of_who_raised_it_reads_no_words_of_an_alarm(thread):
    hearer(thread)
    made = raise_alarm(thread)
    page, raiser = f"{HOME}raised/{made.key}/", thread.first_lead.person
    assert CANARY in as_(raiser).get(page).content.decode()

    raiser.email = None
    raiser.save()

    shown = as_(raiser).get(page).content.decode()
    assert (CANARY in shown, "whoever prints your sign-in codes could read them" in shown) == (False, True)
    assert "your words are not shown to you again" in as_(raiser).get(f"{HOME}raise/").content.decode()


def test_a_lead_cannot_close_their_own_alarm(thread):
    hearer(thread)
    made = raise_alarm(thread)

    answer = as_(thread.first_lead.person).post(f"{HOME}raised/{made.key}/", {"done": "Nothing."})

    assert "is heard again" in text_of(answer)
    assert not Alarm.objects.exclude(closed_on=None).exists()


def every_address(key: str) -> list[str]:
    """List every address of the site that needs nothing but a program, a language and a key."""
    found = set()
    for pattern, _kept in walk(get_resolver().url_patterns, ""):
        address = pattern.replace("<program:program>", "riverbend").replace("<lang:lang>", "en")
        address = address.replace("<slug:key>", key).replace("<slug:seat>", "first")
        if "<" not in address and "^" not in address:
            found.add(f"/{address}")
    return sorted(found)


def walk(patterns, before):
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from walk(one.url_patterns, route)
        else:
            yield route, one


def test_nobody_else_finds_the_alarm_at_any_address(thread):
    named = hearer(thread)
    made = raise_alarm(thread)
    addresses = every_address(made.key)
    others = [thread.steward, thread.staff, thread.boss, thread.second_lead.person, None]

    def leaks(person) -> list[str]:
        client = as_(person) if person else CheckingClient()
        client.raise_request_exception = False
        found = []
        for one in addresses:
            answer = client.get(one)
            body = b"".join(answer) if answer.streaming else answer.content
            if CANARY.encode() in body or (made.key not in one and made.key.encode() in body):
                found.append(one)
        return found

    page = f"{HOME}raised/{made.key}/"
    assert page in addresses
    assert len(addresses) > 60
    assert CANARY in text_of(as_(named).get(page))
    for person in others:
        assert leaks(person) == []
        assert (as_(person) if person else CheckingClient()).get(page).status_code in {403, 404}


def gone(thread, how):
    """Let whoever the charter names be there no more."""
    named = thread.second_lead
    match how:
        case "suspended":
            seats.suspend_seat(seat=named, ground="Case 7", now=thread.now)
        case "left":
            seats.leave_seat(seat=named, on=thread.now.date(), reason="", now=thread.now)
        case "removed":
            given = {"ground": "harm", "reasons": "Case 7", "appeal_to": cast.OFFICE, "by": thread.steward}
            seats.remove_seat(seat=named, now=thread.now, **given)
        case "of the City":
            post = Post.objects.filter(person=hearer(thread, "permits-desk/manager", called="permits"))
            post.update(person=named.person)


def raised_to_a_lead(thread, **about):
    """Raise an alarm that a lead hears, as the charter says."""
    cast.adopt(thread, alarms_to=thread.second_lead.public_id)
    cast.sign(thread, *(one.public_id for one in thread.leads))
    made = raise_alarm(thread, **about)
    actions.take_alarm(alarm=made, by=thread.second_lead.person, now=thread.now)
    assert actions.hand_on_alarms(program=thread.program, now=thread.now) == 0
    return made


@pytest.mark.parametrize("how", ["left", "removed", "term"])
def test_an_alarm_goes_on_to_the_next_who_is_named_once_its_hearer_is_gone_for_good(thread, how):
    named = hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    if how == "term":
        Seat.objects.filter(pk=thread.second_lead.pk).update(until_date=thread.now.date())
        thread.later(1)
    else:
        gone(thread, how)
    if how == "removed":
        mail.tick_days(program=thread.program, now=thread.now)
        made.refresh_from_db()
        assert made.to == thread.second_lead.public_id, "an appeal can still lift it"
        thread.later((Removal.objects.get().appeal_by - thread.now.date()).days + 1)
    Notification.objects.all().delete()
    mail.tick_days(program=thread.program, now=thread.now)

    made.refresh_from_db()
    assert (made.to, made.to_unit, made.is_rerouted, made.taken_on) == (
        cast.OFFICE,
        "city-manager",
        True,
        None,
    )
    told = set(Notification.objects.values_list("person", flat=True))
    assert told == {named.pk, thread.first_lead.person_id}
    assert CANARY in text_of(as_(named).get(f"{HOME}raised/{made.key}/"))
    mine = text_of(as_(thread.first_lead.person).get(f"{HOME}raised/{made.key}/"))
    assert f"It waits with: {queries.called(cast.OFFICE, pack_of(thread.program), 'en')}" in mine
    assert actions.hand_on_alarms(program=thread.program, now=thread.now) == 0


@pytest.mark.parametrize("how", ["suspended", "removed", "of the City"])
def test_an_alarm_whose_hearer_is_only_away_is_handed_on_by_the_lead_alone(thread, how):
    named = hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    page, lead = f"{HOME}raised/{made.key}/", as_(thread.first_lead.person)
    gone(thread, how)
    Notification.objects.all().delete()
    for _each in range(2):
        assert actions.hand_on_alarms(program=thread.program, now=thread.now) == 0

    assert [one.person_id for one in Notification.objects.all()] == [thread.first_lead.person_id]
    assert as_(named).get(page).status_code == 404
    mine = text_of(lead.get(page))
    assert f"The next who could hear it: {queries.called(cast.OFFICE, pack_of(thread.program), 'en')}" in mine
    assert "Somebody there got that office" not in mine
    lead.post(page, {"to": "streets-and-signals/manager"})
    assert Alarm.objects.get().to == thread.second_lead.public_id
    lead.post(page, {"to": cast.OFFICE})
    assert (Alarm.objects.get().to, Alarm.objects.get().taken_on) == (cast.OFFICE, None)
    assert CANARY in text_of(as_(named).get(page))


def test_an_alarm_never_goes_by_itself_to_an_office_that_somebody_got_since_it_was_raised(thread):
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    friend = make_person(email="friend@riverbend.example")
    today = thread.now.date()
    give_office(person=friend, program=thread.program, office=cast.OFFICE, from_date=today)
    gone(thread, "left")
    Notification.objects.all().delete()
    page = f"{HOME}raised/{made.key}/"
    mail.tick_days(program=thread.program, now=thread.now)

    assert as_(friend).get(page).status_code == 404
    assert [one.person_id for one in Notification.objects.all()] == [thread.first_lead.person_id]
    mine = as_(thread.first_lead.person).get(page)
    assert "Somebody there got that office on the day you raised this, or later." in text_of(mine)


def test_whoever_prints_the_code_of_who_raised_an_alarm_hands_it_to_nobody(thread):
    hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    gone(thread, "suspended")
    raiser = thread.first_lead.person
    raiser.email = None
    raiser.save()
    page = f"{HOME}raised/{made.key}/"

    assert "so you cannot hand it on" in text_of(as_(raiser).get(page))
    as_(raiser).post(page, {"to": cast.OFFICE})
    assert Alarm.objects.get().to == thread.second_lead.public_id


def test_an_alarm_that_is_not_closed_by_its_day_is_handed_on_by_its_lead_and_gets_its_days_anew(thread):
    named = hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    page, lead = f"{HOME}raised/{made.key}/", as_(thread.first_lead.person)
    said = f"The next who could hear it: {queries.called(cast.OFFICE, pack_of(thread.program), 'en')}"
    thread.later((made.due_on - thread.now.date()).days)
    before = text_of(lead.get(page))
    assert (said in before, "you can hand it on here to the next one from the day after." in before) == (
        False,
        True,
    )
    with pytest.raises(Refused, match="heard again"):
        actions.hand_on(alarm=made, to=cast.OFFICE, now=thread.now)
    thread.later(1)
    Notification.objects.all().delete()

    assert actions.hand_on_alarms(program=thread.program, now=thread.now) == 0
    assert [one.person_id for one in Notification.objects.all()] == [thread.first_lead.person_id]
    actions.hand_on(alarm=made, to=cast.OFFICE, now=thread.now)
    made.refresh_from_db()
    days = pack_of(thread.program).charter.alarm_days
    assert (made.to, (made.due_on - thread.now.date()).days, made.taken_on) == (cast.OFFICE, days, None)
    assert as_(thread.second_lead.person).get(page).status_code == 404
    assert CANARY in text_of(as_(named).get(page))
    thread.later(days + 1)
    actions.hand_on(alarm=made, to=queries.BODY, now=thread.now)  # never back to who let a day pass before
    made.refresh_from_db()
    assert (
        made.to,
        queries.next_to_hear(made, pack_of(thread.program), made.due_on + timedelta(days=1)),
    ) == (
        queries.BODY,
        None,
    )
    assert "you can hand it on here" not in text_of(lead.get(page)), "nobody is named behind"
    thread.later(days + 1)
    assert mail.tick_days(program=thread.program, now=thread.now) > 0
    late = Reminded.objects.filter(about=f"alarm {made.key}", stage__startswith="late").values_list("stage")
    assert [str(made.due_on) in one for (one,) in late] == [True]


def test_the_page_of_an_alarm_whose_day_has_passed_hands_it_on(thread):
    hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    Alarm.objects.filter(pk=made.pk).update(due_on=thread.now.date() - timedelta(days=2))
    page, lead = f"{HOME}raised/{made.key}/", as_(thread.first_lead.person)
    assert "Its day has passed." in text_of(lead.get(page))
    lead.post(page, {"to": "streets-and-signals/manager"})
    assert Alarm.objects.get().to == thread.second_lead.public_id
    lead.post(page, {"to": cast.OFFICE})
    assert Alarm.objects.get().to == cast.OFFICE


def test_nobody_hands_an_alarm_on_that_is_heard(thread):
    hearer(thread)
    made = raised_to_a_lead(thread, about=queries.PROGRAM)
    page = f"{HOME}raised/{made.key}/"
    again = as_(thread.first_lead.person).post(page, {"to": cast.OFFICE})
    assert "is heard again" in text_of(again)
    assert Alarm.objects.get().to == made.to
    with pytest.raises(Refused, match="heard again"):
        actions.hand_on(alarm=made, to=cast.OFFICE, now=thread.now)


def test_no_word_of_the_steward_alone_takes_an_alarm_from_the_lead_who_hears_it(thread):
    hearer(thread)
    unit = thread.unit.slug
    made = raised_to_a_lead(thread, about=unit)
    thread.enter("seat.declared", ["steward"], {"seat": thread.second_lead.public_id, "paid_by": unit})

    page = as_(thread.second_lead.person).get(f"{HOME}raised/{made.key}/")
    assert (page.status_code, actions.hand_on_alarms(program=thread.program, now=thread.now)) == (200, 0)


def test_an_alarm_that_nobody_can_hear_says_so_and_goes_on_once_somebody_is_there(thread):
    text = thread.program.packs.get().text
    without = text[: text.index("[charter.alarm_body]")] + text[text.index("[federal]") :]
    adopt_pack(program=thread.program, text=without, on=thread.now.date())
    first = hearer(thread)
    made = raise_alarm(thread)
    page, lead = f"{HOME}raised/{made.key}/", as_(thread.first_lead.person)
    waits = f"It waits with: {queries.called(cast.OFFICE, pack_of(thread.program), 'en')}"
    assert waits in text_of(lead.get(page))
    end_post(post=Post.objects.get(person=first), on=thread.now.date(), today=thread.now.date())
    mail.tick_days(program=thread.program, now=thread.now)

    told = text_of(lead.get(page))
    assert "Nobody who could hear it is there today" in told
    assert "It waits with" not in told
    hearer(thread, called="next")
    mail.tick_days(program=thread.program, now=thread.now)
    assert waits in text_of(lead.get(page))


@pytest.mark.parametrize("how", ["suspended", "removed", "left"])
def test_a_lead_who_was_suspended_or_removed_raises_an_alarm_until_the_term_is_over(thread, how):
    hearer(thread)
    gone(thread, how)
    lead = as_(thread.second_lead.person)
    assert f"{HOME}raise/" in lead.get(HOME).content.decode()
    went = lead.post(f"{HOME}raise/", {"kind": "retaliation", "about": queries.PROGRAM, "words": CANARY})
    assert (went.status_code, Alarm.objects.get().seat) == (302, thread.second_lead)
    assert CANARY in text_of(lead.get(went["Location"]))

    over = thread.second_lead.until_date + timedelta(days=1)
    viewer = viewer_for(thread.second_lead.person, thread.program, over)
    assert queries.raises_from(thread.program, viewer, over - timedelta(days=1)) == thread.second_lead
    assert queries.raises_from(thread.program, viewer, over) is None


def test_whoever_holds_a_post_raises_no_alarm_from_a_seat(thread):
    gone(thread, "of the City")

    assert as_(thread.second_lead.person).get(f"{HOME}raise/").status_code == 403
    assert f"{HOME}raise/" not in as_(thread.second_lead.person).get(HOME).content.decode()


def test_the_record_hears_nothing_of_an_alarm(thread):
    named = hearer(thread)
    before = cast.kinds(thread)
    made = raise_alarm(thread)
    actions.take_alarm(alarm=made, by=named, now=thread.now)
    actions.close_alarm(alarm=made, done=CANARY, lang="en", by=named, now=thread.now)

    assert cast.kinds(thread) == before
    assert CANARY not in cast.log_text(thread)


def test_a_closed_alarm_is_erased_on_its_day_and_an_open_one_stays(thread):
    named = hearer(thread)
    actions.close_alarm(alarm=raise_alarm(thread), done="Done.", lang="en", by=named, now=thread.now)
    waits = raise_alarm(thread)
    last = Alarm.objects.exclude(erase_on=None).get().erase_on

    assert actions.erase_words(program=thread.program, today=last - timedelta(days=1)) == 0
    assert actions.erase_words(program=thread.program, today=last) == 1
    assert [one.key for one in Alarm.objects.all()] == [waits.key]


def test_the_inbox_lists_many_alarms_with_as_many_queries_as_one(thread, django_assert_num_queries):
    named = hearer(thread)
    client = as_(named)
    raise_alarm(thread)
    with django_assert_num_queries(INBOX):
        client.get(HOME)
    raise_alarm(thread)
    raise_alarm(thread, thread.second_lead)
    with django_assert_num_queries(INBOX):
        client.get(HOME)


#: Queries of the inbox, sign-in and roles included; one is for units that were merged away, as for all who hold the
#: office above, one for the names that leads show to everyone.
INBOX = 14

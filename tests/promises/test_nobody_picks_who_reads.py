"""How people are chosen: chance says who reads an application, and who knows it otherwise does not read it."""

import json
from datetime import timedelta

import pytest

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import ConflictForm, Contact, Recording, Transcript
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls.models import TYPES_IN, WRITES_DOWN
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Reading, Score
from alongside.cohort.reviews.queries import not_read, progress
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs.models import Post
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from tests.cohort.calls import cast
from tests.cohort.reviews import choosing
from tests.cohort.reviews.choosing import UNTIL_CLOSED, Closed, closed, outsider, reader, score, with_readers
from tests.promises.attempts import BASE, as_
from tests.support.remembering import this_hour
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
HOUSE = "Quince House"
DESK = f"{BASE}/steward/selection/second-cohort/"
FORTNIGHT = timedelta(days=14)


def today():
    """Begin so that the day of the call is today's: pages have a clock of their own."""
    return cast.program(now=this_hour() - UNTIL_CLOSED)


def invite(made, person, kind="community"):
    return reviews.invite_reader(
        call=made.call, person=person, kind=kind, organizations=(), now=made.thread.now
    )


def spoken(count=1) -> tuple[Closed, list[Recording]]:
    made = closed(count=count, thread=today())
    early = made.thread.now - timedelta(days=2)
    return made, [choosing.speak(one, early) for one in made.applications]


def write_down(made, recording, words="I know this street."):
    given = {"lang": "en", "by": made.thread.steward, "now": made.thread.now}
    return applications.transcribe(recording=recording, words=words, **given)


def end(made) -> dict:
    """Let every application on the shortlist have a place, and give what the record then says."""
    for one in Reading.objects.held():
        score(one, 5, made.thread)
    made.line()
    for one in made.applications:
        reviews.decide(application=one, outcome="seat", reasons="Knows it.", now=made.thread.now)
    given = {"reasons": "By the rubric.", "lang": "en", "now": made.thread.now}
    over = lotteries.close_selection(call=made.call, **given)
    return json.loads(bytes(LogEntry.objects.get(index=over.decided_entry).raw))["data"]


def test_no_page_of_the_coordinator_gives_one_application_to_one_reader_or_says_which_lacks_one():
    made = closed(count=3, thread=today())
    friend = reader(made)
    coordinator = as_(made.thread.steward)

    typed = {"application": made.applications[0].reference, "reader": friend.pk}
    assert coordinator.post(f"{DESK}assign/", typed).status_code == 404
    coordinator.post(f"{DESK}spread/")

    desk = coordinator.get(DESK).content.decode()
    assert "Give every application two readers" in desk, "each lacks its second reader"
    assert [one.reference in desk for one in made.applications] == [False] * 3


def test_of_readers_who_have_as_much_to_read_chance_picks():
    made = closed(count=1)
    for _place in range(3):
        reader(made)
    pairs = set()
    for _time in range(60):
        assert reviews.spread(call=made.call, now=made.thread.now) == 0
        pairs.add(frozenset(Reading.objects.values_list("reader", flat=True)))
        Reading.objects.all().delete()

    assert len(pairs) == 3


@pytest.mark.parametrize("lays_it_down", [False, True])
def test_a_coordinator_who_was_a_reader_is_told_on_the_record_whatever_became_of_it(lays_it_down):
    made = closed(count=3)
    mine = invite(made, made.thread.steward, kind="staff")
    with_readers(made, 3)
    if lays_it_down:
        for one in Reading.objects.filter(reader=mine):
            reviews.recuse(reading=one, ground="other", now=made.thread.now)
        assert reviews.spread(call=made.call, now=made.thread.now) == 0

    assert end(made)["steward_read"] is True


def test_what_was_not_read_for_two_weeks_goes_to_another_reader_and_who_had_it_stays_known():
    made = with_readers(closed(count=4), 2)
    quick, slow = made.readers
    for one in Reading.objects.filter(reader=quick):
        score(one, 4, made.thread)
    third = reader(made)
    made.thread.now += FORTNIGHT - timedelta(days=1)
    reviews.spread(call=made.call, now=made.thread.now)
    assert third.readings.count() == 0, "two weeks are not over"

    made.thread.now += timedelta(days=1)
    assert not_read(made.call, made.thread.now.date()).count() == 4
    reviews.spread(call=made.call, now=made.thread.now)

    assert {one.reader for one in Reading.objects.held()} == {quick, third}
    assert third.readings.count() == slow.readings.exclude(recused_on=None).count() == 4
    rows = [(one.reader, one.held, one.done, one.recused) for one in progress(made.call).readers]
    assert rows == [(quick, 4, 4, 0), (slow, 0, 0, 0), (third, 4, 0, 0)]
    with pytest.raises(Refused, match="Another reader has this application now"):
        score(slow.readings.first(), 5, made.thread)


@pytest.mark.parametrize("way", ["laid down", "read before", "left unread"])
def test_two_who_are_invited_first_do_not_keep_one_application_and_leave_all_others_to_who_comes_later(way):
    made = with_readers(closed(count=6), 2)
    first, friend = list(made.readers), made.applications[0]
    others = Reading.objects.exclude(application=friend)
    if way != "laid down":
        for one in Reading.objects.filter(application=friend):
            score(one, 5, made.thread)
    for one in others if way != "left unread" else ():
        reviews.recuse(reading=one, ground="other", now=made.thread.now)
    later = [reader(made), reader(made)]
    made.thread.now += FORTNIGHT if way == "left unread" else timedelta(0)
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    held = Reading.objects.held()
    assert {one.reader for one in held} == set(later)
    assert (held.count(), Score.objects.filter(reading__reader__in=first).exists()) == (12, False)
    assert Reading.objects.filter(reader__in=first).count() == 12, "who once had it stays known"


def test_who_laid_down_a_third_keeps_what_they_read_and_with_one_more_nothing():
    made = with_readers(closed(count=6), 2)
    mine = made.readers[0]
    for one in Reading.objects.filter(reader=mine):
        score(one, 4, made.thread)
    for one in Reading.objects.filter(reader=mine)[:2]:
        reviews.recuse(reading=one, ground="know-them", now=made.thread.now)
    reader(made)
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    assert Reading.objects.held().filter(reader=mine, share=800).count() == 4
    reviews.recuse(
        reading=Reading.objects.held().filter(reader=mine)[0], ground="know-them", now=made.thread.now
    )
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    assert not Reading.objects.held().filter(reader=mine).exists()


def test_one_conflict_of_two_takes_nothing_else_from_a_reader():
    made = with_readers(closed(count=2), 2)
    first, other = Reading.objects.filter(reader=made.readers[0])
    score(other, 4, made.thread)
    reviews.recuse(reading=first, ground="know-them", now=made.thread.now)
    reader(made)
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    assert Reading.objects.held().get(reader=made.readers[0]) == other


def test_who_is_slow_and_read_half_keeps_it_on_whatever_day_it_is_passed_on():
    made = with_readers(closed(count=6), 2)
    for one in Reading.objects.filter(reader=made.readers[0])[:3]:
        score(one, 4, made.thread)
    for one in Reading.objects.filter(reader=made.readers[1]):
        score(one, 3, made.thread)
    reader(made)
    made.thread.now += FORTNIGHT
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    assert Reading.objects.held().filter(reader=made.readers[0], share=800).count() == 3


def test_what_waits_for_its_recording_to_be_written_down_goes_to_no_other_reader():
    made, (voice,) = spoken()
    with_readers(made, 2)
    reader(made)
    made.thread.now += FORTNIGHT
    write_down(made, voice)

    reviews.spread(call=made.call, now=made.thread.now)
    assert not Reading.objects.exclude(recused_on=None).exists(), "else nobody writes down what is to move on"

    made.thread.now += FORTNIGHT
    reviews.spread(call=made.call, now=made.thread.now)
    assert Reading.objects.exclude(recused_on=None).count() == 1


def test_an_applicant_does_not_judge_the_others():
    made = closed(count=3)
    applies = make_person(email="0.zebrina@xylo.example", called="Applies")
    Contact.objects.filter(email=applies.email).update(email="0.Zebrina@Xylo.example")

    with pytest.raises(Refused, match="This person applies for this call"):
        invite(made, applies)

    thread = made.thread
    call = cast.published(thread, "another-call")
    later = Closed(thread, call)
    first = invite(later, applies)
    for place in range(2):
        choosing.plant(cast.begun(call, thread.now).application, thread.now, place)
    thread.now += timedelta(days=1 + (call.closes - thread.now.date()).days)
    assert reviews.spread(call=call, now=thread.now) == 2
    assert first.readings.count() == 0


def typed_in(made, by, organization=""):
    early = made.thread.now
    given = {"came_by": "phone", "organization": organization, "lang": "en"}
    one = applications.assist(call=made.call, by=by, now=early, **given)
    choosing.plant(one, early, made.call.applications.count())
    pack = pack_of(made.thread.program)
    applications.confirm_read_back(application=one, by=by, pack=pack, now=early)
    return one


@pytest.mark.parametrize("who", ["lead", "steward", "helper", "colleague"])
def test_who_typed_an_application_in_does_not_read_it_nor_does_anyone_who_helps_for_the_same_house(who):
    made = closed(count=0, seats=1)
    thread, call = made.thread, made.call
    thread.now -= UNTIL_CLOSED
    early = thread.now
    people = {"lead": thread.first_lead.person, "steward": thread.steward}
    people |= {one: outsider(place) for place, one in enumerate(("helper", "colleague"))}
    for one in ("helper", "colleague"):
        given = {"organization": HOUSE, "does": [TYPES_IN], "now": early}
        calls.invite_helper(call=call, person=people[one], **given)
    typed_in(
        made, people["helper" if who == "colleague" else who], "" if who in {"lead", "steward"} else HOUSE
    )
    thread.now = early + UNTIL_CLOSED
    invite(made, people[who], {"lead": "lead", "steward": "staff"}.get(who, "community"))
    other = reader(made)

    assert reviews.spread(call=call, now=thread.now) == 1
    assert Reading.objects.get().reader == other


@pytest.mark.parametrize("way", ["helped", "wrote", "opened"])
def test_nobody_who_knows_the_voices_reads_however_their_help_ended(way):
    made, (voice,) = spoken()
    steward = made.thread.steward
    person = outsider(7) if way == "helped" else steward
    if way == "helped":
        given = {"organization": HOUSE, "does": [WRITES_DOWN], "now": made.thread.now}
        (helper,) = calls.invite_helper(call=made.call, person=person, **given)
        calls.end_helping(helper=helper, now=made.thread.now)
    elif way == "wrote":
        here = f"{BASE}/recordings/second-cohort/{voice.pk}/"
        assert as_(steward).post(here, {"words": "I know this street."}).status_code == 302
    else:
        assert as_(steward).get(f"{BASE}/recordings/second-cohort/{voice.pk}/sound/").status_code == 200

    with pytest.raises(Refused, match="This person knows recordings of this call"):
        invite(made, person, "community" if way == "helped" else "staff")


def test_every_reader_gets_the_same_words_of_a_recording_and_the_applicant_reads_them(new_site_client):
    made, (voice,) = spoken()
    write_down(made, voice, "I know tihs street.")
    write_down(made, voice)
    with_readers(made, 2)
    score(Reading.objects.all()[0], 5, made.thread)

    here = f"{BASE}/recordings/second-cohort/{voice.pk}/"
    told = text_of(as_(made.thread.steward).post(here, {"words": "Something else."}))

    assert "A reader has read this application, so its words stand" in told
    assert Transcript.objects.order_by("pk").last().words == "I know this street."
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[made.applications[0].pk]
    phone.post("status", to="status")
    shown = phone.words
    assert "So it was written down for the readers, who do not hear your voice:" in shown
    assert ("I know this street." in shown, "tihs" in shown) == (True, False)


@pytest.mark.parametrize("way", ["given an office", "works for a bureau"])
def test_who_came_to_the_government_after_they_were_invited_reads_nobody_with_ties_to_it(way):
    made = closed(count=2)
    thread, kept = made.thread, made.applications[0]
    lead = way == "works for a bureau"
    mine = invite(made, thread.first_lead.person, "lead") if lead else reader(made)
    reader(made)
    reviews.spread(call=made.call, now=thread.now)
    held = Reading.objects.get(reader=mine, application=kept)
    ConflictForm.objects.filter(application=kept).update(works_for_government=True)
    if lead:
        type(thread.first_lead).objects.filter(pk=thread.first_lead.pk).update(works_for=thread.manager.unit)
    else:
        Post.objects.create(
            person=mine.person, program=thread.program, office=thread.manager, from_date=thread.now.date()
        )

    with pytest.raises(Refused, match="Something in this application could pull you two ways"):
        score(held, 5, thread)
    reviews.recuse(reading=held, ground="other", now=thread.now)
    Reading.objects.all().delete()
    assert reviews.spread(call=made.call, now=thread.now) == 1
    assert [one.application == kept for one in Reading.objects.filter(reader=mine)] == [False]


def test_a_reader_reads_from_which_organizations_they_are_kept_away():
    made = closed(count=1, thread=today())
    mine = reader(made, organizations=("Riverside Choir",))
    reviews.spread(call=made.call, now=made.thread.now)

    page = text_of(as_(mine.person).get(f"{BASE}/readings/"))
    assert "You get no application that names one of these." in page
    assert "Riverside Choir" in page


def shown_to(person, made, voices) -> list[tuple[bool, bool]]:
    """Give by application whether the panel's page names it to a person, and whether they can hear it."""
    client, page = as_(person), as_(person).get(f"{BASE}/panel/{made.call.slug}/")
    found = []
    for one, voice in zip(made.applications, voices, strict=True):
        here = client.get(f"{BASE}/panel/{made.call.slug}/{one.reference}/").status_code
        heard = client.get(f"{BASE}/recordings/{made.call.slug}/{voice.pk}/sound/").status_code
        assert (here, heard) in {(200, 200), (404, 404)}
        found.append((one.reference in page.content.decode(), here == 200))
    return found


@pytest.mark.parametrize("why", ["applies", "same house", "typed in", "read nothing", "laid all down", ""])
def test_on_the_panel_nobody_sees_or_hears_whom_they_may_not_read_and_nobody_sits_there_who_read_nothing(why):
    made, voices = spoken(count=3)
    for one in voices:
        write_down(made, one)
    mine = reader(made, organizations=("Riverside Choir",))
    with_readers(made, 2)
    made.read_all(5)
    if why == "laid all down":
        for one in mine.readings.all():
            reviews.recuse(reading=one, ground="other", now=made.thread.now)
    if why in {"read nothing", "laid all down"}:
        Reading.objects.filter(reader=mine, recused_on=None).delete()
    for one in made.applications:
        for each in made.readers[1:]:
            given = {"assigned_on": made.call.closes, "share": 900, "read_on": made.call.closes}
            Reading.objects.get_or_create(reader=each, application=one, defaults=given)
    made.line()
    first = made.applications[0]
    if why == "applies":
        Contact.objects.filter(application=first).update(email=mine.person.email.upper())
    elif why == "same house":
        ConflictForm.objects.filter(application=first).update(organizations=["The Riverside Choir"])
    elif why == "typed in":
        typed = {"by": mine.person, "on": made.thread.now.date(), "choice": "phone"}
        first.events.create(kind="assisted", **typed)

    sees = {"": [True] * 3, "same house": [False, True, True], "typed in": [False, True, True]}
    assert shown_to(mine.person, made, voices) == [(one, one) for one in sees.get(why, [False] * 3)]


def test_how_many_of_a_pool_were_typed_in_without_an_address_stands_beside_it_and_before_the_witnesses():
    made = closed(count=4, selection="lottery", seats=2, alternates=1, thread=today())
    made.thread.now -= UNTIL_CLOSED
    for place in range(12):
        one = typed_in(made, made.thread.steward)
        Contact.objects.filter(application=one).update(email="" if place else "known@example.org")
    made.thread.now += UNTIL_CLOSED
    given = {"seed_source": "The evening numbers.", "lang": "en", "now": made.thread.now}
    held = lotteries.announce(call=made.call, seed_day=made.thread.now.date() + timedelta(days=3), **given)
    named = {"organization": "A library", "role": "A librarian", "lang": "en", "now": made.thread.now}
    witness = lotteries.name_witness(lottery=held, person=outsider(1), **named)

    says = "Typed in by someone else, for people who gave no email address"
    public = text_of(as_(None).get(f"{BASE}/calls/{made.call.slug}/selection/"))
    theirs = text_of(as_(witness.person).get(f"{BASE}/witness/{made.call.slug}/"))
    assert (f"{says} between 10 and 20" in public, f"Tickets 16 {says} 11" in theirs) == (True, True)

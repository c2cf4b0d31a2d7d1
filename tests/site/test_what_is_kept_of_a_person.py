"""The operator gives somebody all that is kept of them, corrects it, and erases their account once they have no post and no place."""

import json
import stat
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.core.management.base import CommandError

from alongside.cohort.applications.models import Contact
from alongside.cohort.messages.actions import raise_alarm, take_alarm, write_message
from alongside.cohort.seats.actions import leave_seat
from alongside.ground.news.models import Subscription
from alongside.ground.people.actions import find_or_make_person, make_person, print_code, write_profile
from alongside.ground.people.models import Person, Profile
from alongside.ground.programs.actions import end_post, give_office, give_post
from alongside.ground.programs.models import Act
from alongside.ground.texts.actions import place_hold
from alongside.site.person_data import kept_of
from tests.cohort.reviews.choosing import closed
from tests.site.test_visits import signed_in
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db

NOW = datetime.now(tz=UTC)


@pytest.fixture
def thread():
    return Thread().open_program()


@pytest.fixture
def ana(thread):
    """Give somebody who held an office, and has all that an account can have."""
    ana = make_person(email="ana@riverbend.example", called="Ana")
    held = give_office(
        person=ana, program=thread.program, office="permits-desk/staff", from_date=thread.today
    )
    end_post(post=held, on=thread.today, today=thread.today)
    write_profile(person=ana, shown_name="Ana Q.", about="Plays the accordion", is_public=True)
    Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data={"secret": "of a passkey"})
    SocialAccount.objects.create(user=ana, provider="city", uid="ana", extra_data={"stood_on": "2026-03-02"})
    EmailAddress.objects.create(user=ana, email="ana@riverbend.example", verified=True)
    print_code(person=ana, now=NOW, by_operator=True)
    return ana


def person(*line):
    call_command("person", *line, verbosity=0)


def done():
    return list(Act.objects.exclude(did="post-ended").values_list("by", "did"))


def test_a_person_gets_all_that_is_their_own_and_nothing_that_opens_a_door(thread, ana, tmp_path):
    signed_in(ana)
    file = tmp_path / "ana.json"
    person("export", "Ana@riverbend.example", str(file))

    told = json.loads(file.read_text())
    own = told["own"]
    assert sorted(own) == [
        "account.EmailAddress",
        "mfa.Authenticator",
        "people.Person",
        "people.PrintedCode",
        "people.Profile",
        "people.Session",
        "programs.Post",
        "socialaccount.SocialAccount",
    ]
    assert (own["people.Person"][0]["email"], own["people.Person"][0]["called"]) == (
        "ana@riverbend.example",
        "Ana",
    )
    assert own["people.Profile"][0]["about"] == "Plays the accordion"
    assert own["programs.Post"][0]["from_date"] == thread.today.isoformat()
    assert not {"password", "session_key", "session_data", "code_hash", "data"} & {
        name for rows in own.values() for row in rows for name in row
    }
    assert "of a passkey" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert done() == [("operator", "person-exported")]
    with pytest.raises(CommandError, match="exists"):
        person("export", "ana@riverbend.example", str(file))


def test_a_person_gets_their_own_words_and_of_others_only_how_many_rows_name_them(thread):
    lead, other = thread.first_lead, thread.second_lead
    for seat, words in ((lead, "I cannot come on Friday"), (other, "Nor can I, for I am ill")):
        write_message(
            cohort=seat.cohort,
            seats=[],
            to_steward=True,
            words=words,
            lang="en",
            by=seat.person,
            seat=seat,
            now=thread.now,
        )
    told = json.dumps(kept_of(lead.person))

    assert ("I cannot come on Friday" in told, "for I am ill" in told) == (True, False)
    alarm = raise_alarm(
        seat=lead, kind="safety", about="", words="Someone followed me home", lang="en", now=thread.now
    )
    take_alarm(alarm=alarm, by=thread.steward, now=thread.now)
    steward = kept_of(thread.steward)
    assert ("Someone followed me" in json.dumps(steward), steward["named_besides"]["messages.Alarm"]) == (
        False,
        1,
    )
    assert "Someone followed me" in json.dumps(kept_of(lead.person))
    assert kept_of(lead.person)["own"]["seats.Seat"][0]["public_id"] == lead.public_id


def test_a_corrected_address_is_the_one_that_signs_in_and_the_old_one_opens_nothing(thread, ana, mailbox):
    there = signed_in(ana)
    person(
        "correct",
        "ana@riverbend.example",
        "--email",
        "Ana.Q@riverbend.example",
        "--called",
        "Ana Q.",
        "--language",
        "es",
    )

    ana.refresh_from_db()
    assert (ana.email, ana.called, ana.language) == ("ana.q@riverbend.example", "Ana Q.", "es")
    assert there.get("/en/accounts/keys/").status_code == 403
    assert (EmailAddress.objects.count(), ana.printed_codes.count()) == (0, 0)
    assert done() == [("operator", "person-corrected")]
    with pytest.raises(CommandError, match="Nobody here"):
        person("correct", "ana@riverbend.example", "--called", "A")


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        (["--email", "steward@riverbend.example"], "is the address of somebody else"),
        (["--email", "nowhere"], "is no email address"),
        ([], "Say what to correct"),
    ],
)
def test_a_correction_that_would_not_do_is_refused_and_noted_nowhere(thread, ana, line, cure):
    with pytest.raises(CommandError, match=cure):
        person("correct", "ana@riverbend.example", *line)
    assert (Person.objects.get(pk=ana.pk).email, done()) == ("ana@riverbend.example", [])


def test_an_erased_account_keeps_no_name_no_address_and_no_way_in(thread, ana):
    there = signed_in(ana)
    person("erase", "ana@riverbend.example")

    ana.refresh_from_db()
    assert (ana.email, ana.called, ana.known_as, ana.text_number, ana.is_active) == (None, "", "", "", False)
    assert there.get("/en/accounts/keys/").status_code == 403
    tables = (Authenticator, SocialAccount, EmailAddress, Profile)
    assert [one.objects.count() for one in tables] == [0, 0, 0, 0]
    assert (ana.sessions.count(), ana.printed_codes.count(), ana.posts.count()) == (0, 0, 1)
    assert list(kept_of(ana)["own"]) == ["people.Person", "programs.Post"]
    assert done() == [("operator", "person-erased")]
    assert "ana@" not in json.dumps(kept_of(ana))


def test_whoever_is_erased_is_told_that_they_are_known_again_and_comes_back_bare(thread, ana, capsys):
    call_command("person", "erase", "ana@riverbend.example")
    assert "a keyed hash of each address stays" in capsys.readouterr().out

    with pytest.raises(CommandError, match="Nobody here"):
        person("erase", "ana@riverbend.example")
    again = find_or_make_person(email="Ana@riverbend.example", language="es")
    assert (again.pk, again.email, again.called, again.language, again.is_active) == (
        ana.pk,
        "ana@riverbend.example",
        "",
        "es",
        True,
    )
    assert make_person(email="other@riverbend.example").pk != ana.pk


def test_who_never_held_a_post_or_a_seat_is_erased_without_a_trace_of_the_address(thread, capsys):
    noor = make_person(email="noor@riverbend.example", called="Noor")
    give_post(person=noor, program=thread.program, post="permits-desk/staff", from_date=thread.today).delete()
    call_command("person", "erase", "noor@riverbend.example")

    noor.refresh_from_db()
    assert (noor.was_at, "keyed hash" in capsys.readouterr().out) == ("", False)
    assert make_person(email="noor@riverbend.example").pk != noor.pk


def test_an_export_and_an_erasure_reach_letters_of_news_and_say_what_stays_of_an_application(
    tmp_path, capsys
):
    made = closed(count=2)
    Contact.objects.filter(application=made.applications[0]).update(
        name="Lina Lead", email="Lina@riverbend.example", phone="555 0100"
    )
    lina, program = make_person(email="lina@riverbend.example"), made.thread.program
    for address in ("lina@riverbend.example", "other@riverbend.example"):
        Subscription.objects.create(program=program, address=address, lang="en", state="confirmed")
    person("export", "lina@riverbend.example", str(tmp_path / "lina.json"))
    own = json.loads((tmp_path / "lina.json").read_text())["own"]
    assert own["applications.Contact"][0]["phone"] == "555 0100"
    assert [one["address"] for one in own["news.Subscription"]] == ["lina@riverbend.example"]

    capsys.readouterr()
    call_command("person", "erase", "lina@riverbend.example")
    assert "Not reached: applications with this address (1)" in capsys.readouterr().out
    assert [one.address for one in Subscription.objects.all()] == ["other@riverbend.example"]
    assert Contact.objects.filter(phone="555 0100").exists()
    assert not Person.objects.get(pk=lina.pk).is_active


def test_the_address_that_was_corrected_is_told_and_not_the_new_one(thread, ana, mailbox):
    person("correct", "ana@riverbend.example", "--called", "Ana")
    assert mailbox.letters == []
    person("correct", "ana@riverbend.example", "--email", "gone@riverbend.example", "--language", "en")

    (letter,) = mailbox.letters
    assert letter["To"] == "ana@riverbend.example"
    words = f"{letter['Subject']} {letter.get_content()}"
    assert ("This one opens nothing now" in words, "gone@" in words) == (True, False)


def test_an_address_that_was_corrected_stays_that_persons_and_becomes_nobody_elses(thread, ana):
    person("correct", "ana@riverbend.example", "--email", "ana.q@riverbend.example")
    noor = make_person(email="noor@riverbend.example")

    assert find_or_make_person(email="ana@riverbend.example").pk == ana.pk
    with pytest.raises(CommandError, match="was the address of somebody else"):
        person("correct", "noor@riverbend.example", "--email", "Ana@riverbend.example")
    person("correct", "ana.q@riverbend.example", "--email", "ana@riverbend.example")
    person("erase", "ana@riverbend.example")
    assert find_or_make_person(email="ana.q@riverbend.example").pk == ana.pk
    assert noor.pk != ana.pk


def test_a_slip_in_an_address_that_nobody_ever_signed_in_with_is_free_again(thread):
    slip = make_person(email="slip@riverbend.example")
    give_post(person=slip, program=thread.program, post="permits-desk/staff", from_date=thread.today)
    person("correct", "slip@riverbend.example", "--email", "right@riverbend.example")
    assert make_person(email="slip@riverbend.example").pk != slip.pk


def test_nobody_is_erased_who_holds_a_post_has_a_place_or_while_a_court_forbids_it(thread, ana):
    for one, cure in (
        (thread.boss, "holds a post in riverbend"),
        (thread.steward, "holds a post in riverbend"),
        (thread.first_lead.person, "has a place in a cohort of riverbend"),
    ):
        Person.objects.filter(pk=one.pk).update(email=f"{one.pk}@riverbend.example")
        with pytest.raises(CommandError, match=cure):
            person("erase", f"{one.pk}@riverbend.example")
    place_hold(program=thread.program, ground="A subpoena", by="steward", now=thread.now)
    with pytest.raises(CommandError, match="A court or an audit"):
        person("erase", "ana@riverbend.example")
    assert (Person.objects.filter(is_active=False).count(), done()) == (0, [])


def test_a_lead_who_left_is_erased_by_the_seat(thread):
    lead = thread.third_lead
    Person.objects.filter(pk=lead.person_id).update(email=None)
    with pytest.raises(CommandError, match="has a place"):
        person("erase", lead.public_id)
    leave_seat(seat=lead, on=thread.today, reason="", now=thread.now)
    person("erase", lead.public_id)

    assert Person.objects.get(pk=lead.person_id).is_active is False

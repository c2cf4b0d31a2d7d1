"""A unit asks leads for help in one form; leads take or decline it in public; nobody's silence stays hidden."""

import json
import re
from datetime import datetime, timedelta

import pytest

from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.money import Money
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.work.engagements.models import Engagement
from alongside.work.invitations import actions, tasks
from alongside.work.invitations.queries import invitations
from tests.support.remembering import this_hour
from tests.support.thread import Thread

BASE = "/riverbend/en"


def invited(thread: Thread, slug: str = "counters", days: int = 60, **more):
    words = {"title": f"Help us with {slug}", "decision": "What they record", "open": "All of it"}
    return actions.invite(
        program=thread.program,
        slug=slug,
        office=thread.office.public_id,
        needed_by=thread.now.date() + timedelta(days=days),
        level=("iap2", "involve"),
        pay=Money.of("1500", "USD"),
        interpretation=Money.of("400", "USD"),
        words=words,
        lang="en",
        now=thread.now,
        **more,
    )


def test_a_unit_asks_in_one_form_and_a_lead_goes_on_to_a_draft(db, client) -> None:
    thread = Thread().open_program().draft_engagement()
    thread.now = datetime.now(tz=thread.now.tzinfo)
    day = thread.now.date() + timedelta(days=20)
    client.force_login(thread.staff)
    typed = {
        "title": "Help us with the counters",
        "point": "",
        "decision": "What they record",
        "open": "All of it",
        "needed_by": day.isoformat(),
        "level": "iap2/involve",
        "pay": "1500.50",
        "interpretation": "none",
    }
    wrong = client.post(f"{BASE}/invitations/new/", typed).content.decode()
    assert "Write the sum in digits" in wrong
    made = client.post(f"{BASE}/invitations/new/", typed | {"interpretation": "0"})
    assert made["Location"] == f"{BASE}/invitations/help-us-with-the-counters/"
    assert json.loads(thread.entries()[-1])["data"]["level"] == {"framework": "iap2", "level": "involve"}
    assert client.post(made["Location"] + "take/").status_code == 403
    page = client.get(made["Location"]).content.decode()
    assert ("The bureau asked late: 20 days before the decision." in page, "1,500.50" in page) == (True, True)

    client.force_login(thread.first_lead.person)
    assert client.post(made["Location"] + "take/").status_code == 302
    assert client.post(made["Location"] + "take/").status_code == 302  # a second press says nothing new
    page = client.get(made["Location"]).content.decode()
    assert f"{BASE}/drafts/new/?invitation=help-us-with-the-counters" in page
    draft = client.get(f"{BASE}/drafts/new/?invitation=help-us-with-the-counters").content.decode()
    assert 'value="Help us with the counters"' in draft
    first = {name: typed[name] for name in ("title", "decision", "level", "point")}
    first |= {"lang": "en", "partner": thread.manager.public_id, "can_change": "All", "cannot_change": "No"}
    client.post(f"{BASE}/drafts/new/?invitation=help-us-with-the-counters", first)
    index = LogEntry.objects.get(kind="invitation.made").index
    assert Engagement.objects.latest("pk").invitation == index
    assert LogEntry.objects.filter(kind="invitation.taken").count() == 1
    taken = client.get(f"{BASE}/record/?kind=invitation.taken").content.decode()
    assert "<td>Help us with the counters</td>" in taken  # it has no words of its own; what it cites names it


def test_a_lead_whom_the_bureau_employs_leaves_its_invitation_to_others(db, client) -> None:
    thread = Thread().open_program().draft_engagement()
    invited(thread)
    unit, lead = thread.office.unit.slug, thread.first_lead
    data = {"seat": lead.public_id, "works_for": unit}
    thread.enter("seat.declared", [lead.public_id], data)
    client.force_login(lead.person)
    assert "So another lead takes this." in words_of(client, "invitations/counters/")
    assert client.post(f"{BASE}/invitations/counters/take/").status_code == 302
    assert not LogEntry.objects.filter(kind="invitation.taken").exists()
    client.force_login(thread.second_lead.person)
    assert "So another lead takes this." not in words_of(client, "invitations/counters/")
    client.post(f"{BASE}/invitations/counters/take/")
    assert LogEntry.objects.filter(kind="invitation.taken").count() == 1


def words_of(client, page: str) -> str:
    """Give what a page says, in one line."""
    shown = client.get(f"{BASE}/{page}").content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_what_no_lead_took_ends_once_and_nobody_is_late(db, client) -> None:
    thread = Thread(now=this_hour() - timedelta(days=90)).open_program()
    invited(thread, days=200)
    assert tasks.tick(program=thread.program, now=thread.now) == 0
    for days, told in ((40, 1), (0, 0), (20, 0), (30, 0)):
        assert tasks.tick(program=thread.program, now=thread.later(days).now) == told
    (line,) = LogEntry.objects.filter(kind="invitation.unanswered")
    assert json.loads(bytes(line.raw))["data"] == {}
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["invitation.unanswered"] == 1

    for page in ("invitations/", "invitations/counters/"):
        shown = words_of(client, page)
        assert "No lead took this." in shown
        assert re.findall(r"late by|days late|days ago|have not answered", shown) == []
    entry = words_of(client, f"record/{line.index}/")
    assert ("No lead took it by its day." in entry, "days later" in entry) == (True, False)
    client.force_login(thread.first_lead.person)
    assert "Help us with counters" not in words_of(client, "week/")
    client.force_login(thread.steward)
    assert "Help us with counters" not in words_of(client, "steward/")
    client.force_login(thread.staff)
    assert "A lead can still take it until the decision on" in words_of(client, "unit/")


@pytest.mark.parametrize("data", [{"days": 26, "stage": "silence-1"}, {"days": 26}, {"stage": "once"}])
def test_the_record_refuses_to_count_the_days_of_leads(db, data) -> None:
    thread = Thread().open_program()
    entry = invited(thread)
    thread.later(40)
    with pytest.raises(GrammarError, match="leave out the days and the stage"):
        thread.enter("invitation.unanswered", ["clock"], data, {"invitation": [entry.index]})
    thread.enter("invitation.unanswered", ["clock"], {}, {"invitation": [entry.index]})
    with pytest.raises(GrammarError, match="told already"):
        thread.later(60).enter("invitation.unanswered", ["clock"], {}, {"invitation": [entry.index]})


def test_what_no_lead_took_can_still_be_declined_and_taken(db, client) -> None:
    thread = Thread().open_program()
    entry = invited(thread)
    tasks.tick(program=thread.program, now=thread.later(40).now)
    given = {"program": thread.program, "seat": thread.first_lead.public_id, "now": thread.now}
    actions.decline(invitation=entry.index, words="We have no time.", lang="en", **given)
    assert tasks.tick(program=thread.program, now=thread.later(60).now) == 0
    with pytest.raises(GrammarError, match="declined already"):
        actions.decline(invitation=entry.index, words="Again.", lang="en", **given)
    actions.take(invitation=entry.index, **given | {"now": thread.now})
    with pytest.raises(GrammarError, match="taken this already"):
        actions.take(invitation=entry.index, **given | {"now": thread.now})
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["invitation.taken"] == 1
    page = client.get(f"{BASE}/invitations/counters/").content.decode()
    assert "We have no time." in page


def test_only_its_own_unit_takes_an_invitation_back(db) -> None:
    thread = Thread().open_program()
    entry = invited(thread)
    other = next(one for one in pack_of(thread.program).offices if not one.startswith(thread.unit.slug))
    given = {
        "program": thread.program,
        "invitation": entry.index,
        "words": "Off.",
        "lang": "en",
        "now": thread.now,
    }
    with pytest.raises(GrammarError):
        actions.withdraw(office=other, **given)
    actions.withdraw(office=thread.office.public_id, **given)
    with pytest.raises(GrammarError, match="withdrawn this"):
        actions.take(
            program=thread.program, invitation=entry.index, seat=thread.first_lead.public_id, now=thread.now
        )


def test_the_list_asks_the_database_as_often_for_one_as_for_many(
    db, client, django_assert_num_queries
) -> None:
    thread = Thread().open_program()
    counts = []
    for place in range(3):
        invited(thread, f"counters-{place}", communities=["renters"] if place else [])
        with django_assert_num_queries(LIST):
            client.get(f"{BASE}/invitations/")
    found = invitations(thread.log, pack_of(thread.program), thread.now.date())
    assert ([one.slug for one in found], counts) == (["counters-0", "counters-1", "counters-2"], [])
    page = client.get(f"{BASE}/invitations/?community=renters").content.decode()
    assert ("counters-0" in page, "counters-2" in page) == (False, True)


LIST = 4


def test_a_lead_whom_the_bureau_employs_does_not_decline_for_the_others_and_who_declined_is_named(
    db, client
) -> None:
    thread = Thread(now=this_hour()).open_program()
    made, (lead, other) = invited(thread), (thread.first_lead, thread.second_lead)
    thread.enter(
        "seat.declared", [lead.public_id], {"seat": lead.public_id, "works_for": thread.office.unit.slug}
    )
    page, no = f"{BASE}/invitations/counters/", {"words": "We have no time."}
    client.force_login(lead.person)
    assert "Decline, with a reason" not in client.get(page).content.decode()
    assert client.post(f"{page}decline/", no).status_code == 404
    with pytest.raises(GrammarError, match="another lead does this"):
        actions.decline(
            program=thread.program,
            invitation=made.index,
            seat=lead.public_id,
            words="No.",
            lang="en",
            now=thread.now,
        )
    client.force_login(other.person)
    assert client.post(f"{page}decline/", no).status_code == 302
    client.logout()
    shown = words_of(client, "invitations/counters/")
    assert "A lead declined." in shown
    assert f"(place {other.public_id[5:9]}) declined" in shown


@pytest.mark.parametrize("how", ["leaves", "lets it lie"])
def test_what_a_lead_took_and_let_lie_is_open_to_another_lead_and_to_the_bureau(db, client, how) -> None:
    thread = Thread(now=this_hour() - timedelta(days=91)).open_program()
    made, page = invited(thread), f"{BASE}/invitations/counters/"
    given = {"program": thread.program, "invitation": made.index}
    actions.take(**given, seat=thread.first_lead.public_id, now=thread.now)
    with pytest.raises(GrammarError, match="taken this already"):
        actions.take(**given, seat=thread.second_lead.public_id, now=thread.later(90).now)
    if how == "leaves":
        seats.leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    thread.now = this_hour()
    client.force_login(thread.staff)
    assert client.get(f"{page}withdraw/").status_code == 200
    assert "does not go on with it. Another lead may take it." in words_of(client, "invitations/")
    client.force_login(thread.second_lead.person)
    client.post(f"{page}take/")
    assert [one.by for one in thread.log.every("invitation.taken")] == [
        (thread.first_lead.public_id,),
        (thread.second_lead.public_id,),
    ]
    assert f"{BASE}/drafts/new/?invitation=counters" in client.get(page).content.decode()
    assert tasks.tick(program=thread.program, now=thread.now) == 0
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["invitation.taken"] == 2


def test_staff_of_two_bureaus_ask_in_the_name_of_the_one_that_decides(db, client) -> None:
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    both = make_person(email="both@riverbend.example")
    for office in ("permits-desk/staff", thread.office.public_id):
        give_office(
            person=both,
            program=thread.program,
            office=office,
            from_date=thread.now.date() - timedelta(days=9),
        )
    client.force_login(both)
    typed = {
        "title": "Help us with the counters",
        "point": str(thread.decision.pk),
        "decision": "What they record",
        "open": "All of it",
        "needed_by": (thread.now.date() + timedelta(days=70)).isoformat(),
        "level": "iap2/involve",
        "pay": "1500",
        "interpretation": "0",
    }

    assert client.post(f"{BASE}/invitations/new/", typed).status_code == 302

    assert LogEntry.objects.get(kind="invitation.made").parsed.data["unit"] == thread.unit.slug

"""A unit asks leads for help in one form; leads take or decline it in public; nobody's silence stays hidden."""

from datetime import UTC, datetime, timedelta

import pytest

from alongside.core.grammar import GrammarError, check_log
from alongside.core.money import Money
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import Line
from alongside.work.engagements.models import Engagement
from alongside.work.invitations import actions, tasks
from alongside.work.invitations.queries import invitations
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
        "pay": "1,500.50",
        "interpretation": "none",
    }
    wrong = client.post(f"{BASE}/invitations/new/", typed).content.decode()
    assert "Write the sum in digits" in wrong
    made = client.post(f"{BASE}/invitations/new/", typed | {"interpretation": "0"})
    assert made["Location"] == f"{BASE}/invitations/help-us-with-the-counters/"
    assert client.post(made["Location"] + "take/").status_code == 403
    page = client.get(made["Location"]).content.decode()
    assert ("The unit asked late: 20 days before the decision." in page, "1,500.50" in page) == (True, True)

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
    index = Line.objects.get(kind="invitation.made").index
    assert Engagement.objects.get(slug="help-us-with-the-counters").invitation == index
    assert Line.objects.filter(kind="invitation.taken").count() == 1
    taken = client.get(f"{BASE}/record/?kind=invitation.taken").content.decode()
    assert "<td>Help us with the counters</td>" in taken  # it has no words of its own; what it cites names it


def test_what_leads_do_not_answer_ages_in_public_until_they_do(db, client) -> None:
    thread = Thread().open_program()
    entry = invited(thread)
    assert tasks.tick(program=thread.program, now=thread.now) == 0
    thread.later(40)
    assert tasks.tick(program=thread.program, now=thread.now) == 1
    assert tasks.tick(program=thread.program, now=thread.now) == 0
    told = Line.objects.get(kind="invitation.unanswered")
    assert b'"days":26' in bytes(told.raw)
    given = {"program": thread.program, "seat": thread.first_lead.public_id, "now": thread.now}
    actions.decline(invitation=entry.index, words="We have no time.", lang="en", **given)
    assert tasks.tick(program=thread.program, now=thread.later(60).now) == 0
    with pytest.raises(GrammarError, match="declined already"):
        actions.decline(invitation=entry.index, words="Again.", lang="en", **given)
    actions.take(invitation=entry.index, **given | {"now": thread.now})
    with pytest.raises(GrammarError, match="taken this already"):
        actions.take(invitation=entry.index, **given | {"now": thread.now})
    assert check_log(thread.entries()).kinds["invitation.taken"] == 1
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
    with pytest.raises(GrammarError, match="taken this back"):
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
    found = invitations(thread.program, pack_of(thread.program), "en", thread.now.date())
    assert ([one.slug for one in found], counts) == (["counters-0", "counters-1", "counters-2"], [])
    page = client.get(f"{BASE}/invitations/?community=renters").content.decode()
    assert ("counters-0" in page, "counters-2" in page) == (False, True)


LIST = 5

"""A lead who reports a key lost: it signs nothing more, nobody acts for the seat through the report, and its days stand still for 14 days at most."""

import json
from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest

from alongside.chain.answers.actions import contest
from alongside.chain.answers.queries import to_contest
from alongside.chain.commitments.actions import check_delivery
from alongside.chain.keys.actions import report_lost_key
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.acts import CosignerNeededError, signed_beside
from alongside.ground.record.models import LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.site.demo.sealed import make_keys
from alongside.work.projects.actions import join_project
from tests.chain.voices.cast import Holder, offer
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import UNOPENED, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(db):
    """Give a program in which three leads have keys."""
    thread = Thread(now=today()).open_program().found_keys(3)
    thread.begun = thread.now
    return thread


def lose(thread):
    """Let the first lead report their key lost."""
    return report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)


def judge(thread):
    """Check the whole record as anybody can."""
    return check_log(thread.entries(), origin=thread.program.origin)


def renew(thread):
    """Let the first lead make a new keyring, and the two others vouch for it."""
    seat, *others = thread.leads
    del thread.keyrings[seat.public_id]
    make_keys(story=thread, seats=[*others, seat], keyring=lambda _ring: UNOPENED, now=thread.now)


def test_a_lead_reports_their_own_key_on_its_page_and_everyone_reads_it(thread):
    lead = as_(thread.first_lead.person)
    assert lead.get(f"{BASE}/reader/keyring/lost/").status_code == 200
    assert as_(thread.steward).post(f"{BASE}/reader/keyring/lost/").status_code == 403
    asked = lead.post(f"{BASE}/reader/keyring/lost/").content.decode()
    assert "Tick the box if your six words are lost." in asked
    assert not RowsLog.of(thread.program).every("key.lost")
    assert lead.post(f"{BASE}/reader/keyring/lost/", {"sure": "on"}).status_code == 302
    told = json.loads(list(thread.entries())[-1])
    seat = thread.first_lead.public_id
    assert (told["kind"], told["by"], told["data"]) == ("key.lost", [seat], {"seat": seat})
    assert "You lost your key" in lead.get(f"{BASE}/reader/keyring/").content.decode()
    judge(thread)


def test_the_page_on_which_it_was_said_says_since_when_and_what_comes_next_and_asks_no_more(thread):
    lead = as_(thread.first_lead.person)

    def page():
        return lead.get(f"{BASE}/reader/keyring/lost/").content.decode().partition("<main")[2]

    assert ('name="sure"' in page(), "You said so on" in page()) == (True, False)
    lose(thread)
    assert ('name="sure"' in page(), "You said so on" in page()) == (False, True)
    assert "Make a new key now." in page()
    again = lead.post(f"{BASE}/reader/keyring/lost/", {"sure": "on"}).content.decode()
    assert "You said so on" in again
    offer(thread.program, Holder.make(thread.first_lead), thread.now)
    assert "Leads who vouched for it: 0 of two." in page()
    assert "Make a new key now." not in page()


def test_another_lead_reads_what_two_leads_do_for_a_lost_key_where_they_look_for_it(thread):
    lead = as_(thread.second_lead.person)
    told = (
        "Did another lead lose a key?",
        "Two leads meet or call that lead, compare the 30 digits with the paper, and each signs it in the reader.",
        "Until both have, another lead signs with that lead.",
    )
    own, reader = (lead.get(f"{BASE}/reader/{place}").content.decode() for place in ("keyring/", ""))
    assert [[one in page for one in told] for page in (own, reader)] == [[True] * 3] * 2
    assert f'href="{BASE}/reader/#vouch">Vouch for a lead’s key' in own
    assert reader.index(told[0]) < reader.index("data-unlock ")


def test_a_key_that_was_lost_signs_nothing_more(thread):
    lose(thread)
    before = LogEntry.objects.count()
    with pytest.raises(CosignerNeededError):  # the keyring is at hand, and does not count
        thread.question()
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("beside", ["", "the lead", "nobody"])
def test_nobody_acts_for_a_seat_by_reporting_its_key_lost(thread, beside):
    lose(thread)
    before = LogEntry.objects.count()
    chosen = {"the lead": thread.first_lead.public_id, "nobody": "seat-00000000"}.get(beside, "")
    with signed_beside(chosen), pytest.raises(CosignerNeededError):
        thread.question()
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("beside", [False, True])
def test_whoever_holds_the_server_enters_nothing_for_a_seat_whose_key_is_reported_lost(thread, beside):
    thread.question(seat=thread.second_lead)
    forged = json.loads(list(thread.entries())[-1])
    lose(thread)
    without = thread.seat("Dee").public_id  # a lead who has no key yet
    forged.pop("act")
    forged["by"] = [thread.first_lead.public_id, *([without] if beside else [])]
    forged["texts"] = {
        name: one | {"sha256": sha256(name.encode()).hexdigest()} for name, one in forged["texts"].items()
    }
    with pytest.raises(GrammarError, match="another lead whose key is on the public log signs this"):
        check_log([*thread.entries(), canonical(forged)], origin=thread.program.origin)


def test_what_two_leads_sign_apart_nobody_signs_for_a_lead_who_lost_their_key(thread):
    made = thread.claim(thread.answer(thread.question(), "accepted")[-1])
    saw = {"words": "I saw it.", "lang": "en", "completion": "complete"}
    lose(thread)
    with pytest.raises(GrammarError, match="this takes the key of each"):
        check_delivery(
            program=thread.program, claim=made.index, seat=thread.first_lead, **saw, now=thread.now
        )


def test_what_has_one_pen_waits_for_the_new_key_of_its_lead(thread):
    project = thread.register_project("computers", "Library computers", "What they keep.")
    lead, second = (one.public_id for one in thread.leads[:2])
    lose(thread)
    joins = partial(join_project, project=project, seat=lead, now=thread.now)
    with signed_beside(second), pytest.raises(GrammarError, match="this takes their own"):
        joins()
    renew(thread)
    assert joins().by == (lead,)
    judge(thread)


def test_another_lead_signs_beside_who_lost_their_key(thread):
    lose(thread)
    first, second = (one.public_id for one in thread.leads[:2])
    with signed_beside(second):
        asked = thread.question()
    assert list(asked.by) == [first, second]
    assert set(json.loads(list(thread.entries())[-1])["act"]["sigs"]) == {second}
    judge(thread)


def test_a_key_is_reported_once_in_90_days_and_no_other_than_the_one_of_today(thread):
    lose(thread)
    with pytest.raises(GrammarError, match="reported lost already"):
        lose(thread)
    renew(thread)
    with pytest.raises(GrammarError, match="within the last 90 days"):
        lose(thread)
    thread.now += timedelta(days=90)
    lose(thread)
    judge(thread)


def test_with_a_new_key_a_lead_signs_alone_again(thread):
    lose(thread)
    renew(thread)
    asked = thread.question()
    assert list(asked.by) == [thread.first_lead.public_id]
    judge(thread)


def declined(thread, seat=None):
    """Let the City decline what a lead asks; give the answer and the last day to contest it."""
    answer = thread.answer(thread.question(seat=seat), "declined")[0]
    return answer, answer.date + timedelta(days=pack_of(thread.program).clocks.contest_days)


def by_second(thread, answer, day):
    """Let the second lead contest an answer on a day."""
    thread.now = thread.begun + (day - thread.today)
    contest(
        program=thread.program,
        answer=answer.index,
        seat=thread.second_lead.public_id,
        words="This is no answer.",
        lang="en",
        now=thread.now,
    )


@pytest.mark.parametrize(("lost_for", "more"), [(None, 14), (5, 5)])
def test_the_days_to_contest_what_a_lead_asked_stand_still_until_the_new_key_and_14_at_most(
    thread, lost_for, more
):
    answer, last = declined(thread)
    thread.now += timedelta(days=1)
    lose(thread)
    if lost_for:
        thread.now += timedelta(days=lost_for)
        renew(thread)
    still = last + timedelta(days=more)
    listed = to_contest(thread.program, RowsLog.of(thread.program), still)
    assert [(one.answer, one.until) for one in listed] == [(answer.index, still)]
    assert to_contest(thread.program, RowsLog.of(thread.program), still + timedelta(days=1)) == []
    with pytest.raises(GrammarError, match="can be contested until"):
        by_second(thread, answer, still + timedelta(days=1))
    by_second(thread, answer, still)
    judge(thread)


def test_the_days_of_what_another_lead_asked_do_not_stand_still(thread):
    answer, last = declined(thread, seat=thread.second_lead)
    lose(thread)
    with pytest.raises(GrammarError, match="can be contested until"):
        by_second(thread, answer, last + timedelta(days=1))


def test_a_day_that_is_over_does_not_come_back_with_a_report(thread):
    answer, last = declined(thread)
    thread.now = thread.begun + (last - thread.today) + timedelta(days=1)
    lose(thread)
    with pytest.raises(GrammarError, match="can be contested until"):
        by_second(thread, answer, last + timedelta(days=1))

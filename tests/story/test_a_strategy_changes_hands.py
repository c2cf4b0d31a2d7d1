"""Two leads plan a campaign and hand the pen over; a member of staff knocks at every address and finds nothing."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.cohort.seats import actions as seats
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.opening import open_sealed
from alongside.ground.record.models import LogEntry
from alongside.work.strategies.actions import forget_pens, put_down_pen, set_members
from alongside.work.strategies.models import Destroyed, Member, SideVersion, Strategy
from tests.promises.attempts import addresses, as_, knock
from tests.story.steps import click, press, sign, unlock
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.strategies.cast import keyed

pytestmark = [pytest.mark.django_db, pytest.mark.story]
PLAN = "Fewer days on file before winter"


def test_a_strategy_changes_hands_and_staff_find_nothing(browsing, live_site):
    # Given two leads with keyrings, and someone who works for the City
    thread = Thread(now=this_hour()).open_program()
    keyed(thread, count=2, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)

    # When Ana begins a strategy from a first campaign, for herself and Ben
    ana.goto("/riverbend/en/seat/plan/")
    click(ana, "Organizing strategies")
    unlock(ana, PASSPHRASE)
    ana.get_by_label("Start with").select_option(label="A first campaign: keep records for a shorter time")
    press(ana, "Choose who is in it")
    ana.get_by_label("digits of the key").last.check()
    press(ana, "Begin it with these leads")
    ana.get_by_text("You are writing.").wait_for()
    ana.get_by_label("What is it called?").fill(PLAN)
    press(ana, "Add a target")
    ana.get_by_label("Office and person").last.fill("The deputy director")
    assert ana.locator("[data-map-rows] tr").count() == ana.locator("[data-pins] g").count() == 6
    assert ana.locator("[data-map-rows]").get_by_text("The deputy director").count() == 1
    press(ana, "Save, sealed")
    ana.get_by_text("Saved, sealed to its leads.").first.wait_for()
    assert axe(ana) == []

    # Then Ben reads it, cannot write in it, and asks to write
    ben.goto("/riverbend/en/strategies")
    unlock(ben, PASSPHRASE)
    ben.get_by_role("button", name=re.compile("^Open")).click()
    ben.get_by_text("is writing. You can read.").wait_for()
    assert ben.get_by_label("What is it called?").is_disabled()
    press(ben, "Ask to write")
    ana.get_by_text("wants to write.").wait_for()
    ana.get_by_label("First").fill("A meeting in March")
    press(ana, "Save and hand over")
    ana.get_by_text("Saved, and handed over.").first.wait_for()
    ben.get_by_text("You are writing.").wait_for()
    assert ben.get_by_label("First").input_value() == "A meeting in March"
    assert axe(ben) == []

    # When Ana writes and her device sleeps, Ben writes on; what she wrote is kept beside, and put together
    press(ben, "Save and stop writing")
    ana.get_by_text("Nobody is writing.").wait_for()
    press(ana, "Write")
    ana.get_by_label("With this campaign").fill("Seven days at most")
    forget_pens(program=thread.program, now=datetime.now(tz=UTC) + timedelta(minutes=6))
    ben.get_by_text("Nobody is writing.").wait_for()
    press(ben, "Write")
    ben.get_by_label("With this campaign").fill("A week, and a sign that says so")
    press(ben, "Save and stop writing")
    ana.get_by_text("Nobody is writing.").wait_for()
    press(ana, "Save, sealed")
    ana.get_by_text("Your version is kept beside theirs").first.wait_for()
    assert SideVersion.objects.count() == 1
    press(ana, "Compare and put together")
    ana.get_by_label("Both, one after the other").wait_for()
    assert axe(ana) == []
    press(ana, "Put them together and save")
    ana.get_by_text("Saved, sealed to its leads.").first.wait_for()
    both = "A week, and a sign that says so\n\nSeven days at most"
    assert ana.get_by_label("With this campaign").input_value() == both
    press(ana, "Compare and put together")
    press(ana, "Nothing is missing: drop the version beside")
    ana.get_by_text("The version beside is gone.").first.wait_for()
    assert SideVersion.objects.count() == 0

    # Then the member of staff knocks at every address, with its very number, and finds nothing
    strategy = Strategy.objects.get()
    assert PLAN.encode() not in bytes(strategy.sealed)
    assert found_by(thread.staff, strategy) == []

    # When the leads bring one ask out, only its line and words leave, and become a question on the record
    press(ana, "The leads chose this: bring it out")
    press(ana, "Yes, open the form with it")
    ana.get_by_role("heading", name="Ask the City a question").wait_for()
    ana.get_by_text("Nothing else left it").wait_for()
    title = "Tell how long these records are kept, and who has looked at them"
    assert ana.get_by_label("In one line").input_value() == title
    assert not LogEntry.objects.filter(kind="ask.questioned").exists()
    ana.get_by_label("Which office should answer?").select_option(index=1)
    press(ana, "Put it on the public log")
    sign(ana, PASSPHRASE)
    ana.wait_for_url(lambda address: "/asks/" not in address)
    assert LogEntry.objects.filter(kind="ask.questioned").count() == 1

    # And Ben asks to destroy it, and Ana agrees: its text and who was in it are gone
    ben.get_by_text("Nobody is writing.").wait_for()
    press(ben, "Destroy this strategy")
    assert ben.get_by_role("button", name="Yes, destroy it").is_hidden()
    press(ben, "Ask to destroy it")
    ben.get_by_text("Another lead of it has to agree.").wait_for()
    assert (axe(ben), Strategy.objects.count()) == ([], 1)
    ben.goto("/riverbend/en/week/")  # a page that stays asks for what is no longer there
    ana.goto("/riverbend/en/strategies")
    unlock(ana, PASSPHRASE)
    ana.get_by_text("A lead asks to destroy it.").wait_for()
    ana.get_by_role("button", name=re.compile("^Open")).click()
    ana.get_by_text("It is gone once you agree.").wait_for()
    press(ana, "Destroy this strategy")
    press(ana, "Yes, destroy it")
    ana.get_by_text("The strategy is destroyed.").first.wait_for()
    ana.get_by_text("You are in no strategy yet.").wait_for()
    assert (Strategy.objects.count(), Member.objects.count(), Destroyed.objects.count()) == (0, 0, 1)


def found_by(person, strategy):
    """List the addresses that show someone more than that nothing is there, or anything of the strategy."""
    client = as_(person)
    telling = (
        str(strategy.pk),
        strategy.pk.hex,
        base64.b64encode(bytes(strategy.sealed)).decode()[:80],
        PLAN,
    )
    found = []
    for address in addresses((1,)):
        address = address.replace("12345678-1234-5678-1234-567812345678", str(strategy.pk))
        reply = knock(client, "GET", address)
        body = (b"".join(reply.streaming_content) if reply.streaming else reply.content).decode(
            errors="replace"
        )
        found += [address for word in telling if word in body and word not in address]
        if "strategies" in address and reply.status_code != 404:
            found.append(address)
    return found


def test_a_lead_of_a_second_term_writes_on_in_a_strategy_of_the_first(browsing, live_site):
    # Given a strategy of Ana and Ben, and that Ana sits again, in a new place without a keyring
    thread = Thread(now=this_hour()).open_program()
    sealer = keyed(thread, count=2, opens=True)
    old, ben = thread.first_lead, thread.second_lead
    plan = sealer.begin([old, ben], PLAN)
    put_down_pen(strategy=plan, seat=old, now=thread.now)
    again(thread, old)
    ana = browsing.person("Ana", phone=True, signed_in=type(old.person).objects.get(pk=old.person_id))

    # When she unlocks the page with the six words of her first term
    ana.goto("/riverbend/en/strategies")
    ana.get_by_text("Your new place has no key yet.").wait_for()
    unlock(ana, PASSPHRASE)
    ana.get_by_role("button", name=re.compile("^Open")).click()

    # Then she writes on, and what she saves opens for both as before
    press(ana, "Write")
    ana.get_by_text("You are writing.").wait_for()
    ana.get_by_label("First").fill("A meeting in March")
    press(ana, "Save, sealed")
    ana.get_by_text("Saved, sealed to its leads.").first.wait_for()
    assert axe(ana) == []
    kept = bytes(Strategy.objects.get().sealed)
    for seat in (old, ben):
        assert b"A meeting in March" in open_sealed(kept, [sealer.rings[seat.public_id].identity])


def test_a_strategy_that_is_open_goes_back_to_no_version_of_before_a_lead_was_taken_out(browsing, live_site):
    # Given a strategy out of which Cam was taken, and that Ana has open
    thread = Thread(now=this_hour()).open_program()
    sealer = keyed(thread, count=3, opens=True)
    first, second, cam = sealer.seats
    plan = sealer.begin([first, second, cam], "Of before")
    before, members = bytes(plan.sealed), [first.public_id, second.public_id]
    sealed = sealer.sealed(plan.pk, 2, [first, second], PLAN)
    given = {"strategy": plan, "version": 1, "sealed": sealed, "now": thread.now}
    set_members(seat=first, members=members, **given)
    put_down_pen(strategy=plan, seat=first, now=thread.now)
    ana = browsing.person("Ana", signed_in=first.person)
    sent = []
    ana.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/save") else None)

    def opened():
        ana.unroute_all()
        ana.goto("/riverbend/en/strategies")
        unlock(ana, PASSPHRASE)
        ana.get_by_role("button", name=re.compile("^Open")).click()
        ana.get_by_role("heading", name=PLAN).wait_for()

    def tell(version, held):
        told = {"version": version, "members": [*members, cam.public_id]}
        told["sealed"] = base64.b64encode(held).decode()

        def answer(route):
            reply = route.fetch()
            route.fulfill(response=reply, json=reply.json() | told)

        ana.route(f"**/strategies/{plan.pk}", answer)
        ana.route(f"**/strategies/{plan.pk}/pen", answer)

    # When the site sends the version of before, it is not shown, and nothing is sealed to Cam
    opened()
    press(ana, "Write")
    ana.get_by_label("First").fill("A meeting in March")
    tell(1, before)
    press(ana, "Save, sealed")
    ana.get_by_text("is older than what this page had").first.wait_for()
    assert (sent, ana.get_by_label("First").input_value()) == ([], "A meeting in March")

    # And where Cam signs a later version for the site, what Ana writes is not sealed to Cam, nor is it shown
    opened()
    ana.get_by_text("You are writing.").wait_for()
    ana.get_by_label("First").fill("A meeting in March")
    tell(3, sealer.sealed(plan.pk, 3, [first, second, cam], "Of Cam", by=cam))
    press(ana, "Save, sealed")
    ana.get_by_text("Saved, sealed to its leads.").first.wait_for()
    (kept,) = sent
    with pytest.raises(SealedError, match="No key given here"):
        open_sealed(base64.b64decode(kept["sealed"]), [sealer.rings[cam.public_id].identity])
    assert b"in March" in open_sealed(
        base64.b64decode(kept["sealed"]), [sealer.rings[second.public_id].identity]
    )
    ana.unroute_all()
    tell(4, sealer.sealed(plan.pk, 4, [first, second, cam], "Of Cam", by=cam))
    ana.get_by_text("or signed by a lead who was not in it").first.wait_for()
    assert ana.get_by_role("heading", name="Of Cam").count() == 0
    assert axe(ana) == []


def again(thread, seat):
    """Let a lead leave their seat, and sit in the next cohort from today."""
    day = thread.now.date()
    seats.leave_seat(seat=seat, on=day, reason="", now=thread.now)
    cohort = thread.seat_cohort("second", day, day + timedelta(days=400))
    person = type(seat.person).objects.get(pk=seat.person_id)
    return thread.seat(person, cohort)

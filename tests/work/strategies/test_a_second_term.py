"""Leads who sit again open, save, share and end the strategies that are sealed to their earlier seat."""

import base64
from datetime import date, timedelta

import pytest

from alongside.cohort.seats import actions as seats
from alongside.core.sealing.opening import open_sealed
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.work.strategies import actions, queries
from alongside.work.strategies.models import Destroyed, Strategy
from tests.promises.attempts import BASE, as_
from tests.support.thread import posted_by_rows
from tests.work.strategies.cast import keyed, token

pytestmark = pytest.mark.django_db
API = f"{BASE}/reader/api/strategies"


class Again:
    """A strategy of two leads who left their seats today; as many as `renewed` sit again since today, without a key."""

    def __init__(self, renewed: int) -> None:
        self.sealer = keyed()
        self.thread = self.sealer.thread
        self.old = self.sealer.seats[:2]
        self.plan = self.sealer.begin(self.old)
        self.day = self.thread.now.date()
        actions.put_down_pen(strategy=self.plan, seat=self.old[0], now=self.thread.now)
        for one in self.old:
            seats.leave_seat(seat=one, on=self.day, reason="", now=self.thread.now)
        self.new = [self.seat_again(one) for one in self.old[:renewed]]

    def seat_again(self, one, until: date | None = None):
        cohort = self.thread.seat_cohort(f"again-{one.pk}", self.day, until or self.day + timedelta(days=300))
        person = Person.objects.get(pk=one.person_id)
        return self.thread.seat(person, cohort)

    def sealed(self, version, members, by):
        return base64.b64encode(self.sealer.sealed(self.plan.pk, version, members, by=by)).decode()

    def stays(self, day):
        for clock in (actions.forget_pens, actions.erase_left):
            clock(program=self.thread.program, now=self.thread.now + (day - self.day))
        return Strategy.objects.count() == 1


def post(door, seat, **body):
    return as_(None).post(f"{API}{door}", body, content_type="application/json", headers=token(seat))


def test_a_lead_who_sits_again_opens_saves_and_shares_what_is_sealed_to_their_earlier_seat():
    again = Again(renewed=2)
    ana, ben = again.old
    found = as_(None).get(f"{API}/{again.plan.pk}", headers=token(ana))
    assert found.status_code == 200
    ring = again.sealer.rings[ana.public_id]
    assert open_sealed(base64.b64decode(found.json()["sealed"]), [ring.identity])
    listed = as_(None).get(API, headers=token(ana)).json()
    assert [one["id"] for one in listed["strategies"]] == [str(again.plan.pk)]
    assert {ana.public_id, ben.public_id} <= set(listed["able"]), "what is saved is sealed to their keys"

    saved = post(f"/{again.plan.pk}/save", ana, version=1, sealed=again.sealed(2, again.old, ana))
    assert saved.json() == {"version": 2, "beside": None}
    three = [*again.old, again.sealer.seats[2]]
    members = [one.public_id for one in three]
    shared = post(
        f"/{again.plan.pk}/members", ana, version=2, members=members, sealed=again.sealed(3, three, ana)
    )
    assert shared.json()["version"] == 3
    assert queries.members_of(Strategy.objects.get()) == sorted(members)


def test_two_leads_who_sit_again_end_a_strategy_and_two_seats_of_one_lead_do_not():
    again = Again(renewed=2)
    ana, ben = again.old
    again.plan.members.create(seat=again.new[0])
    given = {"strategy": again.plan, "now": again.thread.now}
    assert post(f"/{again.plan.pk}/destroy", ana, do="destroy").json()["destroyed"] is False
    assert actions.destroy(seat=again.new[0], **given) is False, "the same lead counts once"
    told = as_(None).get(f"{API}/{again.plan.pk}", headers=token(again.new[0])).json()["ending"]
    assert told["by"] == again.new[0].public_id, "it is told as their own"
    assert post(f"/{again.plan.pk}/destroy", ben, do="destroy").json()["destroyed"] is True
    assert Destroyed.objects.values_list("seat", "agreed").get() == (ana.pk, ben.pk)


def test_another_seat_of_the_last_lead_does_not_hold_up_the_end():
    again = Again(renewed=1)
    again.plan.members.create(seat=again.new[0])
    given = {"strategy": again.plan, "seat": again.old[0]}
    assert actions.destroy(now=again.thread.now, **given) is False
    assert actions.destroy(now=again.thread.now + queries.ALONE, **given) is True


def test_the_pen_of_a_lead_is_theirs_in_every_seat():
    again = Again(renewed=1)
    again.plan.members.create(seat=again.new[0])
    given = {"strategy": again.plan, "now": again.thread.now}
    actions.take_pen(seat=again.old[0], **given)
    assert actions.take_pen(seat=again.new[0], **given) == again.new[0]


def test_an_earlier_seat_of_who_sits_no_more_or_is_suspended_opens_nothing():
    again = Again(renewed=1)
    ana, ben = again.old
    address = f"{API}/{again.plan.pk}"
    assert as_(None).get(address, headers=token(ben)).status_code == 404, "nobody seated Ben again"
    assert ben.public_id not in queries.seats_with_keys(again.thread.program, again.day)
    for name in ("dee", "eli"):
        person = make_person(email=f"{name}@riverbend.example")
        again.thread.seat(person, again.new[0].cohort)
    seats.suspend_seat(seat=again.new[0], ground="Asked by the steward.", now=again.thread.now)
    assert as_(None).get(address, headers=token(ana)).status_code == 404
    assert ana.public_id not in queries.seats_with_keys(again.thread.program, again.day)


def test_an_earlier_seat_of_who_serves_the_city_opens_nothing():
    again = Again(renewed=1)
    ana = again.old[0]
    posted_by_rows(again.thread.program, ana.person, again.thread.manager.public_id, again.day)
    assert as_(None).get(f"{API}/{again.plan.pk}", headers=token(ana)).status_code == 404
    assert ana.public_id not in queries.seats_with_keys(again.thread.program, again.day)


def test_a_seat_that_was_removed_opens_nothing_for_who_sits_again():
    again = Again(renewed=0)
    third = again.sealer.seats[2]
    plan = again.sealer.begin([third])
    given = {"ground": "absent", "reasons": "Was away.", "appeal_to": "city-manager/manager"}
    seats.remove_seat(seat=third, by=again.thread.steward, now=again.thread.now, **given)
    again.thread.later(100)
    again.day = again.thread.now.date()
    again.seat_again(third)
    assert queries.strategist(again.thread.program, third.public_id, again.day) is None
    assert Strategy.objects.filter(pk=plan.pk).exists()


def test_a_strategy_is_erased_once_nobody_who_could_open_it_sits_any_more():
    again = Again(renewed=1)
    kept = again.plan.days_kept
    last = again.new[0].until_date
    assert again.stays(again.day + timedelta(days=kept + 5)), "Ana sits, and can open it"
    assert again.stays(last + timedelta(days=kept)), "her days count from the end of her second term"
    assert not again.stays(last + timedelta(days=kept + 1))


def test_the_page_offers_every_keyring_of_a_lead_and_names_earlier_places():
    again = Again(renewed=1)
    ana, new = again.old[0], again.new[0]
    Person.objects.filter(pk=ana.person_id).update(called="Ana")
    page = as_(Person.objects.get(pk=ana.person_id)).get(f"{BASE}/strategies").content.decode()
    assert f'seat="{ana.public_id}"' in page
    assert "Your new place has no key yet." in page
    names = queries.names_of(again.thread.program, again.day)
    assert (names[ana.public_id], names[new.public_id]) == ("Ana (earlier place)", "Ana")

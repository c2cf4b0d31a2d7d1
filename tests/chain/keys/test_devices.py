"""What is locked to a lead's devices: kept for whoever has the keyring, forgotten by its lead alone, gone with its keyring."""

import base64
import json
import re

import pytest

from alongside.chain.keys import queries as keys
from alongside.chain.keys.actions import MOST_DEVICES, MOST_LOCKED, keep_device, vouch
from alongside.chain.keys.models import Device
from alongside.core.refusals import Refused
from alongside.site.person_data import kept_of
from tests.chain.reader.test_reader_api import API, answer
from tests.chain.voices.cast import Holder, holders, offer
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
KEYRING = "/riverbend/en/reader/keyring/"


@pytest.fixture
def walked():
    return Thread(now=this_hour()).open_program()


@pytest.fixture
def leads(walked):
    return holders(walked.found_keys())


def keep(walked, holder, **other):
    """Keep a device of a lead."""
    told = {"recipient": holder.recipient, "passkey": "credential-1", "called": "my phone"}
    keep_device(
        program=walked.program,
        seat=holder.seat,
        **{**told, "sealed": b"locked", **other},
        today=walked.today,
    )


def kept(holder):
    return [(one.passkey, one.called, bytes(one.sealed)) for one in Device.objects.filter(seat=holder.seat)]


def send(client, token, holder, **other):
    body = {"recipient": holder.recipient, "passkey": "credential-1", "called": "my phone"}
    body |= {"sealed": base64.b64encode(b"locked").decode(), **other}
    headers = {"Authorization": f"Bearer {token}", "Origin": "http://testserver"}
    return client.post(API + "device", json.dumps(body), "application/json", headers=headers)


def test_who_signs_in_with_the_keyring_keeps_a_device_for_it(client, walked, leads):
    ana, _ben = leads
    token = answer(client, walked, ana).json()["token"]

    assert send(client, token, ana).status_code == 200
    assert kept(ana) == [("credential-1", "my phone", b"locked")]

    # The same device, set up again, is one device.
    assert send(client, token, ana, called="my old phone").status_code == 200
    assert kept(ana) == [("credential-1", "my old phone", b"locked")]


def test_nobody_keeps_a_device_without_the_keyring(client, walked, leads):
    ana, ben = leads
    client.force_login(ana.seat.person)
    assert send(client, "", ana).status_code == 401

    token = answer(client, walked, ben).json()["token"]
    assert send(client, token, ana).json() == {
        "words": "You have another key now. Load the page again and unlock that one."
    }
    assert Device.objects.count() == 0


@pytest.mark.parametrize(
    "other",
    [
        {"passkey": ""},
        {"passkey": "not base64 of addresses"},
        {"called": "  "},
        {"sealed": b""},
        {"sealed": b"x" * (MOST_LOCKED + 1)},
    ],
)
def test_what_is_no_device_is_refused(walked, leads, other):
    with pytest.raises(Refused, match="what you call this device"):
        keep(walked, leads[0], **other)


def test_a_keyring_is_on_so_many_devices_and_no_more(walked, leads):
    ana, ben = leads
    for number in range(MOST_DEVICES):
        keep(walked, ana, passkey=f"credential-{number}")
    keep(walked, ana, passkey="credential-0", called="again")
    keep(walked, ben)

    with pytest.raises(Refused, match="Remove one that you no longer use"):
        keep(walked, ana, passkey="one-more")


def test_a_lead_forgets_their_own_devices_and_nobody_elses(walked, leads):
    ana, ben = leads
    keep(walked, ana)
    keep(walked, ana, passkey="credential-2", called="my tablet")
    phone, tablet = Device.objects.order_by("pk")

    as_(ben.seat.person).post(f"{KEYRING}devices/{phone.pk}/remove/")
    assert Device.objects.count() == 2

    reply = as_(ana.seat.person).post(f"{KEYRING}devices/{phone.pk}/remove/", follow=True)
    assert list(Device.objects.all()) == [tablet]
    assert "my tablet" in reply.text
    assert "my phone" not in reply.text


def test_devices_go_with_the_keyring_that_they_open(walked):
    ana, ben, cam = holders(walked.found_keys(3))
    keep(walked, ana)
    keep(walked, ben)
    anew = Holder.make(ana.seat)
    key = offer(walked.program, anew, walked.now)

    # Until two leads vouched for the new one, the old one is in force, and so are its devices.
    assert len(kept(ana)) == 1
    with pytest.raises(Refused, match="another key"):
        keep(walked, anew)
    for voucher in (ben, cam):
        vouch(
            program=walked.program,
            key=key,
            seat=voucher.seat,
            signature=voucher.vouch_for(anew, walked.program.origin),
            now=walked.now,
        )
    assert (kept(ana), len(kept(ben))) == ([], 1)
    with pytest.raises(Refused, match="another key"):
        keep(walked, ana)
    keep(walked, anew)


def test_a_page_gets_the_devices_of_its_lead_and_of_the_keyring_that_it_gets(walked, leads):
    ana, ben = leads
    keep(walked, ana)
    keep(walked, ben)
    rings = [(ana.seat, keys.keyring_of(ana.seat.pk))]

    assert json.loads(keys.to_unlock(walked.program, rings)["devices"]) == [
        {
            "seat": ana.seat.public_id,
            "recipient": ana.recipient,
            "passkey": "credential-1",
            "sealed": base64.b64encode(b"locked").decode(),
        }
    ]
    page = as_(ben.seat.person).get("/riverbend/en/reader/").text
    assert (ben.recipient in page, ana.recipient in page) == (True, False)


def test_a_keyring_that_waits_and_is_made_anew_gets_no_devices_of_the_one_before(walked):
    ana, ben, anew = (Holder.make(seat) for seat in (*walked.leads[:2], walked.second_lead))
    for one in (ana, ben):
        offer(walked.program, one, walked.now)
    keep(walked, ben)
    offer(walked.program, anew, walked.now)

    made = keys.keyring_of(ben.seat.pk)
    assert (made.recipient, len(kept(ben)), keys.devices_of([made])) == (anew.recipient, 1, [])


def test_what_is_kept_of_a_person_names_their_devices_and_nothing_that_opens(walked, leads):
    ana, _ben = leads
    keep(walked, ana)

    (row,) = kept_of(ana.seat.person)["own"]["keys.Device"]

    assert row["called"] == "my phone"
    assert {"sealed", "passkey"} & set(row) == set()


def test_the_page_says_that_a_new_keyring_waits_until_two_leads_vouched_for_it(walked, leads):
    ana, ben = leads
    lead = as_(ana.seat.person)
    waits = "Your new key waits for two leads"
    assert waits not in (page := text_of(lead.get(KEYRING)))
    assert "choose that this device can do it" in page

    new = Holder.make(ana.seat)
    offer(walked.program, new, walked.now)
    page = text_of(lead.get(KEYRING))
    assert waits in page
    assert not re.findall(
        r"[0-9]{5}(?: [0-9]{5}){5}", page
    )  # a server could print others than those of her paper
    assert "You have a key" in page
    assert waits not in text_of(as_(ben.seat.person).get(KEYRING))


def test_a_lead_without_a_key_reads_how_to_make_one_and_then_who_can_vouch_and_of_nothing_else(walked, leads):
    ana, ben = leads
    page = text_of(as_(walked.third_lead.person).get(KEYRING))
    able = ", ".join(f"Lead (place {one})" for one in sorted(each.seat.public_id[5:9] for each in leads))

    assert page.index("Make your key") < page.index("Make my key") < page.index("Your six words")
    assert f"These leads can vouch for you: {able}" in page
    assert "A phone or computer is lost" not in page
    assert "A phone or computer is lost" in (own := text_of(as_(ana.seat.person).get(KEYRING)))
    assert f"These leads can vouch for you: Lead (place {ben.seat.public_id[5:9]}) " in own

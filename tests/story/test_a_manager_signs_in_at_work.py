"""A bureau's manager signs in with the account at work, is signed out with it, and has no post once the group is gone."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest

from alongside.ground.programs.models import Post
from alongside.site.config import Gives
from alongside.site.ticking import tick
from tests.story.steps import HOME, click, press
from tests.support.browsers import axe
from tests.support.mail import send_what_waits
from tests.support.postgres import free_port
from tests.support.provider import provider, running
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

OFFICE = "libraries-and-halls/manager"
NORA = {"email": "nora@riverbend.example", "email_verified": True, "groups": ["library-managers"]}


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def held():
    posts = Post.objects.filter(person__email=NORA["email"]).order_by("pk")
    return [(one.public_id, one.until_date is None) for one in posts]


def test_a_manager_signs_in_at_work_and_leaves_with_the_group(browsing, live_site, settings):
    thread = Thread().open_program()
    with running(free_port(), ours=live_site.url) as city:
        # Given a provider of the city, whose group of library managers holds an office here, and Nora in it
        given = Gives("library-managers", thread.program.slug, OFFICE)
        told = provider(
            city.issuer, name="City of Riverbend", domains="riverbend.example", posts=(given,), hours=48
        )
        settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, address=live_site.url, sso=(told,))
        city.tell(nora=NORA)
        nora = browsing.person("Nora")
        browsing.forgive(rf"asked {city.issuer}/")  # what a page of ours asks is told apart below
        browsing.forgive("the server responded with a status of (403|409)")
        asked = []
        nora.on("request", lambda one: asked.append((one.url, one.is_navigation_request(), nora.url)))

        # When she chooses to sign in, the page leads her to the city, and the city back
        nora.goto(HOME)
        click(nora, "Leads and staff: sign in")
        assert axe(nora) == []
        press(nora, "City of Riverbend")
        nora.get_by_label("Who are you?").fill("nora")
        nora.get_by_role("button", name="Go on").click()
        nora.wait_for_url(live_site.url + HOME + "**")

        # Then she has the office, and no page of ours asked another machine for anything
        assert held() == [(OFFICE, True)]
        others = [one for one in asked if not one[0].startswith((live_site.url, "data:"))]
        assert others
        assert [one for one in others if not one[1] and not one[2].startswith(city.issuer)] == []
        nora.goto("/en/accounts/keys/")
        assert "with your account at work. This is the device you are using now." in words(nora)
        assert axe(nora) == []

        # When the city ends her session, by a request from its server to ours, she is signed out here at once
        assert city.end("nora") == ""
        nora.reload()
        assert "Sign in" in words(nora)
        assert nora.goto("/en/accounts/keys/").status == 403

        # When she signs in again, on a phone without scripts, it goes by a link
        phone = browsing.person("Nora's phone", java_script_enabled=False)
        phone.goto("/en/accounts/sign-in/")
        press(phone, "City of Riverbend")
        phone.get_by_label("Who are you?").fill("nora")
        phone.get_by_role("button", name="Go on").click()
        phone.wait_for_url(live_site.url + "/**")
        assert phone.goto("/en/accounts/keys/").status == 200

        # When she leaves the group, the clock ends her post and her session the next day, and she is not let in again
        city.tell(nora=NORA | {"groups": ["everyone"]})
        tick(datetime.now(tz=UTC) + timedelta(days=1))
        send_what_waits()
        assert held() == [(OFFICE, False)]
        assert phone.goto("/en/accounts/keys/").status == 403
        nora.goto("/es/accounts/sign-in/")
        press(nora, "City of Riverbend")
        nora.wait_for_url(live_site.url + "/es/**")
        assert "Ninguno de sus grupos" in words(nora) or "None of your groups" in words(nora)
        assert axe(nora) == []

"""What residents see: the promise first, then the form; no cookie, no form that posts, and few queries."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.seats import actions as seats
from alongside.core.sealing.voice import SHOWN, WAYS
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts import actions as record
from alongside.work.engagements import actions
from alongside.work.engagements.queries.wording import reading_words
from tests.chain.referrals.cast import asked
from tests.support.thread import enter_correction
from tests.work import cast

LIST = "/riverbend/en/engagements/"
PAGE = f"{LIST}library-computers/"


@pytest.fixture
def thread(db):
    return cast.opened()


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_promise_stands_before_the_form(site_client, thread):
    html = site_client.get(PAGE).content.decode()

    assert html.index("The promise") < html.index("Who can read what you write") < html.index("<seal-voice")
    assert thread.promise == 17
    assert "Entry 17" in html


def test_the_front_cuts_no_sentence_of_what_can_change_and_has_each_day_beside_what_it_is_the_day_of(
    site_client, thread
):
    html = site_client.get(PAGE).content.decode()
    front = html.split('<dl class="facts">')[1].split("</dl>")[0]
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", front, re.DOTALL))
    promised = PublicText.objects.get(about=thread.promise, name="can_change", lang="en")
    first, *more = promised.words.splitlines()

    assert re.sub("<[^>]+>", "", facts["What can change"]) == f"{first} and {len(more)} more"
    assert {label: said for label, said in facts.items() if "<time" in said}.keys() == {
        "Who decides",
        "You hear back",
    }


def test_the_front_names_the_earlier_day_first_and_leads_to_all_that_can_change(site_client, thread):
    html = site_client.get(PAGE).content.decode()
    front = html.split('<dl class="facts">')[1].split("</dl>")[0]
    days = re.findall(r'datetime="([^"]+)"', front.split("You hear back")[1])

    assert (len(days), days) == (2, sorted(days))
    assert re.search(r'<a href="#can-change">and \d+ more</a>', front)
    assert html.count('id="can-change"') == 1


def test_a_promise_that_lets_leads_pass_words_on_never_says_that_the_city_cannot_read_them(site_client, db):
    asked()
    text = text_of(site_client.get(PAGE))

    assert "community leads, alone. The City, only what you allow." in text
    assert "or withdraw them. What leads gave to an office stays there." in text
    assert "The City cannot." not in text


def test_how_this_is_checked_leads_to_the_command_that_checks_these_pages(site_client, thread):
    (href,) = re.findall(r'<a href="([^"]+)">How this is checked<', site_client.get(PAGE).content.decode())
    page, _hash, place = href.partition("#")
    told = site_client.get(page).content.decode().partition(f'id="{place}"')[2].partition("</pre>")[0]
    assert "alongside-verify.pyz site http://testserver/riverbend/record" in told


@pytest.mark.parametrize("page", ["follow/promised/", "owed/"])
def test_what_the_city_owes_leads_to_what_was_promised_with_each_question(site_client, thread, page):
    shown = site_client.get(f"/riverbend/en/{page}").content.decode()
    assert f'<a href="{LIST}">What was promised with each question</a>' in shown


def test_the_page_has_no_form_that_posts(site_client, thread):
    html = site_client.get(PAGE).content.decode()

    assert "<form" not in html
    assert " action=" not in html
    assert "<noscript>" in html
    assert "503-555-0142" in html[html.index('id="ways-h"') :]


def test_the_seal_is_told_the_frozen_key_and_form(site_client, thread):
    html = site_client.get(PAGE).content.decode()
    promise = json.loads(thread.entries()[thread.promise])["data"]

    assert re.search(r'<seal-voice [^>]*recipient="([^"]+)"', html)[1] == promise["recipient"]
    assert re.search(r'form-hash="([^"]+)"', html)[1] == promise["form"]
    assert re.search(r' post="([^"]+)"', html)[1] == f"{PAGE}voices/"


def test_the_receipt_names_the_day_of_the_decision_and_of_the_answer_beside_that_of_the_report(
    site_client, thread
):
    html = site_client.get(PAGE).content.decode()
    told = " ".join(
        re.sub(r"<[^>]+>", " ", html[html.index("data-told") : html.index("data-digits")]).split()
    )
    assert re.search(r"Come back on \w+ \d+, \d+ to see", told)
    assert re.search(r"The decision is on \w+ \d+, \d+ ?\. The bureau answers by \w+ \d+, \d+ ?\.", told), (
        told
    )


def test_the_page_says_that_any_one_lead_can_read(site_client, thread):
    text = text_of(site_client.get(PAGE))

    assert "Any one of the leads can read it, alone. 2 leads can now." in text


def test_who_holds_the_key_counts_those_who_sit_today_and_names_the_others_apart(site_client, thread):
    seats.leave_seat(seat=thread.second_lead, on=thread.now.date(), reason="", now=thread.now)

    text = text_of(site_client.get(PAGE))

    assert "1 lead can now. 1 former lead could open it, and this site gives them no voices any more." in text
    assert "2 leads can now." not in text
    assert "One community lead. The City cannot. 1 former lead could open it too." in text


def test_a_page_that_takes_voices_is_not_kept_by_the_browser(site_client, thread):
    response = site_client.get(PAGE)

    assert response["Cache-Control"] == "no-store"
    assert response["CDN-Cache-Control"] == "public, max-age=60"
    assert not response.cookies


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}paper/"])
def test_an_open_engagement_is_made_once_for_all_who_speak(client, thread, django_assert_num_queries, page):
    first = client.get(page)
    with django_assert_num_queries(1):
        again = client.get(page)
    assert (again.content, again["Cache-Control"]) == (first.content, first["Cache-Control"])


def test_an_engagement_that_is_kept_shows_at_once_that_it_is_paused_resumed_or_read_by_fewer(client, thread):
    def shown() -> tuple[bool, bool, bool, str | None]:
        kept, told = client.get(PAGE), text_of(client.get(PAGE))
        takes = b"<seal-voice" in kept.content
        return takes, "Paused" in told, "1 lead can now." in told, kept.get("CDN-Cache-Control")

    speaks = (True, False, False, "public, max-age=60")
    assert shown() == speaks
    actions.pause(engagement=thread.engagement, ground="Bots.", by="steward", now=thread.now)
    assert shown()[:2] == (False, True)
    assert shown()[3] != speaks[3]
    actions.resume(engagement=thread.engagement, by="steward", now=thread.now)
    assert shown() == speaks
    seats.leave_seat(seat=thread.second_lead, on=thread.now.date(), reason="", now=thread.now)
    assert shown() == (True, False, True, "public, max-age=60")


def test_a_page_in_another_language_says_who_reviewed_it(site_client, thread):
    text = text_of(site_client.get("/riverbend/es/engagements/library-computers/"))

    assert cast.TITLES["es"] in text
    assert cast.TITLES["en"] not in text
    assert f"<h1>{cast.TITLES['es']}</h1>" in site_client.get(PAGE.replace("/en/", "/es/")).content.decode()


def test_a_community_engagement_says_that_the_city_promised_nothing(site_client, db):
    cast.opened(community=True)

    text = text_of(site_client.get(PAGE))

    assert "The City has promised nothing." in text
    assert "Who decides" not in text
    assert "What your words can do" not in text, "a level of participation is the City's to promise"
    assert "Libraries and Halls Unit" not in text


def test_a_draft_has_no_public_page(site_client, db):
    cast.draft()

    assert site_client.get(PAGE).status_code == 404
    assert text_of(site_client.get(LIST)).count("remember about you") == 0


def test_nobody_can_speak_while_it_is_paused_and_the_reason_is_told(site_client, thread):
    actions.pause(engagement=thread.engagement, ground="Bots write here.", by="steward", now=thread.now)

    response = site_client.get(PAGE)

    assert "Bots write here." in text_of(response)
    assert "<seal-voice" not in response.content.decode()
    assert site_client.get(f"{PAGE}paper/").status_code == 404


def test_it_takes_voices_again_after_it_is_resumed(site_client, thread):
    actions.pause(engagement=thread.engagement, ground="Bots.", by="steward", now=thread.now)
    actions.resume(engagement=thread.engagement, by="steward", now=thread.now)

    assert "<seal-voice" in site_client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("name", "told", "can_speak"),
    [
        ("form", "The questions that were promised cannot be shown", False),
        ("title", "An engagement", True),
        ("can_change", "These words were taken down. The public log says why.", True),
    ],
)
def test_words_that_were_taken_down_leave_a_gap_that_says_so(site_client, thread, name, told, can_speak):
    text = PublicText.objects.get(about=thread.promise, entry=thread.promise, name=name)
    record.erase_text(
        program=thread.program,
        entry=thread.promise,
        sha256=text.sha256,
        ground="A court order.",
        by=["steward", thread.first_lead.public_id],
        now=thread.now,
    )

    html = site_client.get(PAGE).content.decode()

    assert told in html
    assert ("<seal-voice" in html) == can_speak


def test_the_list_of_three_takes_as_many_queries_as_the_list_of_one(site_client, thread):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(LIST).status_code == 200
        return len(seen)

    queries()
    one = queries()
    cast.opened(thread, "halls")
    cast.opened(thread, "signs", community=True)

    assert (one, queries()) == (6, 6)
    assert text_of(site_client.get(LIST)).count("What should library computers remember") == 3


def test_a_page_weighs_little_and_asks_little(site_client, thread):
    site_client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        html = site_client.get(f"{PAGE}?made=anew").content  # with a query it is never kept

    assert (
        len(seen) == 14
    )  # the last: who of those with the key sits today, what was put off, its sessions, what leads say aloud
    assert len(html) < 24_000


def test_the_paper_form_has_the_promise_and_every_question(site_client, thread):
    html = site_client.get(f"{PAGE}paper/").content.decode()

    assert html.index("The promise") < html.index("1. Do you use computers")
    assert html.count('class="tick"') == 3 + 2 + 5 + 1
    assert "<input" not in html
    assert "A paper is not locked until a lead has locked it." in html


def test_whoever_prints_the_form_reads_where_it_goes_and_what_it_lacks(site_client, thread):
    text = text_of(site_client.get(f"{PAGE}paper/")).partition("The promise")[0]

    assert "It brings no receipt and no envelope. Give it to a community lead" in text
    assert "Need help? Call: 503-555-0142" in text


def test_that_recovery_papers_open_it_too_stands_before_anything_is_unfolded(site_client, thread):
    first = text_of(site_client.get(PAGE)).partition("The whole promise")[0]

    assert "Any one of 2 community leads, alone. The City cannot." in first
    told = "Whoever holds enough of the leads’ recovery papers can also read what you write. None is for the City."
    assert told in first


def test_a_promise_says_before_its_key_is_made_that_only_leads_chosen_for_it_can_read():
    assert reading_words("The City") == (
        "Any one of the leads chosen for this can read what you write. The City cannot."
    )


def test_the_paper_form_says_once_who_can_read(site_client, thread):
    text = text_of(site_client.get(f"{PAGE}paper/"))

    assert text.count("Any one of the leads") == 1


def test_the_paper_form_says_who_can_read_even_where_the_promise_says_it_otherwise(site_client, db):
    thread = cast.draft()
    words = {**thread.engagement.words["en"], "reading": "Leads read it."}
    thread.engagement.words["en"] = words
    thread.engagement.save()
    thread.make_keys().open()
    text = text_of(site_client.get(f"{PAGE}paper/"))

    assert "Any one of the leads can read it, alone. Leads read it." in text


def test_what_closes_soon_stands_apart(site_client, thread):
    near = thread.now.date() + timedelta(days=7)
    enter_correction(
        engagement=thread.engagement,
        about="closes",
        words="The hall is closed after that day.",
        lang="en",
        others={"es": "La sala cierra."},
        by=[thread.first_lead.public_id, thread.manager.public_id],
        now=thread.now,
        closes=near,
    )

    text = text_of(site_client.get(LIST))

    assert "Coming to a close" in text
    assert "7 days left" in text
    assert "The hall is closed after that day." in text_of(site_client.get(PAGE))


def test_who_sits_again_in_another_seat_holds_the_key_once(site_client, thread):
    lead = thread.second_lead
    seats.leave_seat(seat=lead, on=thread.now.date(), reason="", now=thread.now)
    on = thread.now.date()
    thread.seat(lead.person, thread.seat_cohort("second", on, on + timedelta(days=90)))

    text = text_of(site_client.get(PAGE))

    assert "2 leads can now." in text
    assert "whose place is over" not in text


@pytest.mark.parametrize(
    ("page", "paused"), [("in-person/", 423), ("in-person/worker.js", 200), ("paper/stubs/", 404)]
)
def test_only_a_lead_takes_in_what_others_say_and_only_while_people_can_speak(
    site_client, thread, page, paused
):
    assert site_client.get(PAGE + page).status_code == 403

    site_client.force_login(thread.boss)
    assert site_client.get(PAGE + page).status_code == 403

    site_client.force_login(thread.first_lead.person)
    assert site_client.get(PAGE + page).status_code == 200

    actions.pause(engagement=thread.engagement, ground="Bots.", by="steward", now=thread.now)
    there = site_client.get(PAGE + page)
    assert there.status_code == paused
    assert b"<take-in" not in there.content


def test_what_a_lead_takes_in_names_the_promise_by_its_leaf_and_no_cache_keeps_the_page(site_client, thread):
    site_client.force_login(thread.first_lead.person)
    line = LogEntry.objects.get(index=thread.promise)
    leaf = hashlib.sha256(b"\x00" + bytes(line.raw)).hexdigest()

    response = site_client.get(f"{PAGE}in-person/")

    host = response.content.decode().partition("<take-in")[2].partition("</take-in>")[0]
    assert f'notice="{leaf}"' in host
    assert "<form" not in host  # without the script nothing can leave the page
    assert response["Cache-Control"] == "no-store"


def test_a_lead_says_of_what_they_take_in_each_way_that_a_voice_comes_through_leads(site_client, thread):
    site_client.force_login(thread.first_lead.person)

    page = site_client.get(f"{PAGE}in-person/").content.decode()

    ways, learned = (re.findall(rf'name="{name}" value="([^"]*)"', page) for name in ("taken", "how"))
    assert (ways, learned) == ([*WAYS[1:]], [*SHOWN])
    reader = site_client.get("/riverbend/en/reader/").content.decode()
    options = reader.partition("data-by-way")[2].partition("</select>")[0]
    assert re.findall(r'<option value="([^"]*)">', options) == ["", *WAYS[1:]]

"""What the City promised stands by office, what was kept beside what was not, with days; as a page and as a file."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from alongside.core.clocks import local_date
from alongside.core.grammar.check import parse
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import entry_views
from alongside.ground.ui.days import day_in_words
from alongside.work.partners.actions import open_room, write
from alongside.work.partners.models import Said
from alongside.work.projects.actions import join_project
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

PAGE = "/riverbend/en/follow/promised/"
FILE = "/riverbend/en/follow/promised.csv"
QUERIES = 8


def promise(thread: Thread, title: str, days: int) -> object:
    """Let the City promise to do something so many days from now."""
    steps = [(f"{title} is done.", thread.now.date() + timedelta(days=days))]
    _given, commitment = thread.answer(thread.recommend(thread.find(), title, f"{title}."), milestones=steps)
    return commitment


def check(thread: Thread, commitment: object, verdict: str) -> None:
    """Let two leads look."""
    claim = thread.claim(commitment)
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(claim, seat, verdict)


def answer_of(ask: int) -> int:
    """Give the answer to an ask."""
    return Standing.objects.get(ask=ask).answer


def words(part: str) -> str:
    """Give what a reader reads of a part of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def part(page: str, anchor: str) -> list[str]:
    """Give the lines of one list of the page, as words."""
    listed = page.split(f'id="{anchor}"')[1].split("</section>")[0]
    return [words(one) for one in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


@pytest.fixture
def promised(db) -> Thread:
    """Give a thread of 140 days with a promise at each stage: kept, late, disputed, called done, and not due yet."""
    thread = Thread(now=this_hour() - timedelta(days=140)).to_open_engagement().later(40)
    late, disputed = promise(thread, "Late", 10), promise(thread, "Disputed", 95)
    kept, claimed = promise(thread, "Kept", 60), promise(thread, "Claimed", 70)
    promise(thread, "Owed", 200)
    thread.later(20)
    check(thread, kept, "verified")
    check(thread, disputed, "disputed")
    thread.claim(claimed)
    assert late
    return thread.later(80)


def test_an_office_is_told_by_counts_with_what_is_kept_beside_what_is_not(client, promised):
    page = client.get(PAGE).content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = [words(one) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table, re.DOTALL)]
    days = re.search(r"1 late by (\d+) days", cells[2])[1]
    assert cells == [
        pack_of(promised.program).office_title(promised.manager.public_id, "en"),
        "1 of 4 due Called done within 20 days of the promise",
        f"1 late by {days} days 1 disputed",
        "1 called done, not checked yet 1 not due yet",
    ]
    assert int(days) in {89, 90, 91}
    assert "%" not in table


def test_what_is_not_kept_stands_beside_what_is_kept_each_with_its_office_and_days(client, promised):
    page = client.get(PAGE).content.decode()
    office = pack_of(promised.program).office_title(promised.manager.public_id, "en")
    not_kept, kept = part(page, "not-kept"), part(page, "kept")
    assert [one.split(" · ")[0] for one in (*not_kept, *kept)] == [
        f"Late is done. {office}",
        f"Disputed is done. {office}",
        f"Kept is done. {office}",
    ]
    assert page.index('id="kept"') < page.index('id="not-kept"')  # kept before broken
    assert re.search(r"late by (89|90|91) days, since \w+ \d+ ", not_kept[0])
    assert "those who looked say that it is not done" in not_kept[1]
    assert [one.split(" ")[0] for one in part(page, "open")] == ["Claimed", "Owed"]


@pytest.fixture
def called_late(db) -> Thread:
    """Give a thread with two promises that were called done twelve days late, one of them found kept."""
    thread = Thread(now=this_hour() - timedelta(days=100)).to_open_engagement().later(40)
    kept, claimed = promise(thread, "Kept", 10), promise(thread, "Claimed", 10)
    thread.later(22)
    check(thread, kept, "verified")
    thread.claim(claimed)
    return thread.later(20)


def test_what_was_late_stays_late_by_its_days_once_it_is_called_done_and_kept(client, called_late):
    page = client.get(PAGE).content.decode()
    assert "called done 12 days late" in part(page, "kept")[0]
    assert "called done 12 days late" in part(page, "open")[0]
    table = words(page.split("<tbody>")[1].split("</tbody>")[0])
    assert "1 of 2 due Called done within 22 days of the promise 1 of them late by 12 days" in table
    assert "1 called done, not checked yet, 1 of them late" in table
    assert "Kept: 1 (late by 12 days); Called done, not checked yet: 1 (late by 12 days)." in words(page)
    assert "Nothing is late or disputed." not in page
    rows = list(csv.DictReader(io.StringIO(client.get(FILE).content.decode())))
    assert [(one["stage"], one["days_late"]) for one in rows] == [("kept", "12"), ("claimed", "12")]


def test_who_checks_reads_what_is_not_done_and_what_others_saw_and_how_late_it_came(client, promised):
    thread, step = promised, MilestoneStanding.objects.get(disputed__isnull=False)
    client.force_login(thread.first_lead.person)
    page = client.get("/riverbend/en/commitments/checks/").content.decode()
    listed = page.partition("Not done: the City must act first")[2]
    assert listed.count(f'href="/riverbend/en/follow/{thread.promise}/#kept-') == 2
    listed = words(listed)
    assert re.search(r"Late is done\. late by \d+ days", listed)
    assert re.search(
        r"Disputed is done\. late by \d+ days · those who looked say that it is not done", listed
    )

    again = thread.claim(parse(step.commitment, thread.entries()[step.commitment]))
    shown = words(client.get(f"/riverbend/en/commitments/claims/{again.index}/check/").content.decode())
    late = (again.date - step.due).days
    assert f"called done {late} days late" in shown
    assert "What those who looked saw" in shown
    assert f"On the public log: {step.check_entry}" in shown
    listed = words(client.get("/riverbend/en/commitments/checks/").content.decode())
    assert "Disputed is done." not in listed.partition("Not done: the City must act first")[2]

    check, said = (
        f"/riverbend/en/commitments/claims/{again.index}/check/",
        "The list is there in four languages.",
    )
    assert listed.count("You have looked") == 0
    client.post(check, {"completion": "substantial", "words": said})
    listed = words(client.get("/riverbend/en/commitments/checks/").content.decode())
    assert listed.count("You have looked; it waits for a second lead.") == 1
    form = client.get(check).context["form"]
    assert (form["completion"].value(), form["words"].value()) == ("substantial", said)


def test_a_list_of_what_is_not_done_that_is_cut_says_how_many_more_there_are_and_where(
    client, promised, monkeypatch
):
    client.force_login(promised.first_lead.person)
    checks, more = "/riverbend/en/commitments/checks/", "1 more · What the City promised, kept and not kept"
    assert more not in words(client.get(checks).content.decode())
    monkeypatch.setattr("alongside.chain.commitments.views.ROWS", 1)
    page = client.get(checks).content.decode()
    assert more in words(page)
    assert f'href="{PAGE}#not-kept"' in page


def test_the_office_above_and_the_coordinator_read_which_promises_are_late(client, promised):
    above = make_person(email="above@riverbend.example")
    office = {"program": promised.program, "office": "city-manager/manager", "from_date": date(2026, 1, 1)}
    give_office(person=above, **office)
    client.force_login(above)
    shown = words(client.get("/riverbend/en/unit/").content.decode())
    found = re.findall(r"Promised below you, and late: (\w+) .*?(late by \d+ days)", shown)
    today = promised.now.date()
    late = [one for one in MilestoneStanding.objects.order_by("due") if one.is_late(today)]
    assert [days for _what, days in found] == [f"late by {(today - one.due).days} days" for one in late]
    assert {what for what, _days in found} == {"Late", "Disputed"}
    client.force_login(promised.boss)
    assert "Promised below you" not in client.get("/riverbend/en/unit/").content.decode()

    client.force_login(promised.steward)
    assert "2 promises are late." in words(client.get("/riverbend/en/steward/").content.decode())


def test_a_second_claim_ends_no_dispute_until_others_look_and_each_thing_counts_once(client, promised):
    thread, step = promised, MilestoneStanding.objects.get(disputed__isnull=False)
    before, first = step.disputed, step.claimed
    page = client.get(f"/riverbend/en/follow/{thread.promise}/")
    shown, late = words(page.content.decode()), (page.context["today"] - step.due).days
    late_since = f"late by {late} days, since {day_in_words(step.due, 'day')}"
    assert [
        f"Disputed ({late_since}): Disputed is done" in shown,
        f"Those who looked say that it is not done, so it still counts as late by {late} days." in shown,
    ] == [
        True,
        True,
    ]
    again = thread.claim(parse(step.commitment, thread.entries()[step.commitment]))

    page = client.get(PAGE).content.decode()
    said = re.search(r"The City promised 5 things: ([^.]*)\.", words(page))[1]
    assert sum(int(one) for one in re.findall(r": (\d+)", said)) == 5
    assert re.search(r"Disputed: 1 \(late by \d+ days\); Called done, not checked yet: 1;", said)
    row = part(page, "not-kept")[1]
    since = f"called done again on {day_in_words(again.date)}, not checked yet"
    assert f"those who looked say that it is not done · {since}" in row
    shown = words(client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode())
    assert (
        f"It had said so before: those who looked on {day_in_words(before)} said that it was not done."
        in shown
    )
    project = words(client.get(f"/riverbend/en/projects/{thread.project.slug}/").content.decode())
    for each in (shown, project):
        assert "0 of 1 milestone kept. 1 disputed." in each
    late = (again.date - step.due).days
    assert f"Disputed ({late} days late) · {since}: Disputed is done" in shown
    of_before, of_now = (f"The City said it is done, {day_in_words(day)}" for day in (first, again.date))
    assert f"{of_before}. Two leads looked and say that this is not done" in shown
    assert f"{of_now}, {late} days late." in shown
    assert since in words(client.get(f"/riverbend/en/years/{thread.now.year}/").content.decode())

    for seat in (thread.first_lead, thread.second_lead):
        thread.check(again, seat, "verified")
    step.refresh_from_db()
    assert (step.disputed, step.is_kept) == (None, True)


def test_a_thing_called_done_on_time_and_disputed_says_why_it_counts_as_late(client, promised):
    step = MilestoneStanding.objects.get(disputed__isnull=False)
    assert step.claimed <= step.due
    late = (promised.now.date() - step.due).days
    row = next(
        one
        for one in csv.DictReader(io.StringIO(client.get(FILE).content.decode()))
        if one["stage"] == "disputed"
    )
    assert row["days_late"] == f"{late}"
    page = words(client.get(PAGE).content.decode())
    assert (
        f"late by {late} days, since {day_in_words(step.due, 'day')} · those who looked say that it is not done"
        in page
    )
    assert (
        "where it was not, or those who looked say that it is not done, how many days it is late today"
        in page
    )
    thread = words(client.get(f"/riverbend/en/follow/{promised.promise}/").content.decode())
    assert thread.count(f"so it still counts as late by {late} days.") == 1
    assert "It is late by" in thread  # the one that nobody called done


def test_a_thread_and_the_card_of_what_was_kept_say_how_late_it_came(client, called_late):
    page = words(client.get(f"/riverbend/en/follow/{called_late.promise}/").content.decode())
    card, steps = page.split("Did it happen?", 1)
    assert card.count(", 12 days late. Two leads looked") == 2  # on the card, and in the text to send
    assert steps.count(", 12 days late.") == 2


def test_a_rate_is_told_from_ten_on(client, promised):
    for place in range(7):
        check(promised, promise(promised, f"More {place}", 30), "verified")
    table = client.get(PAGE).content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert "8 of 11 due (73%)" in words(table)
    assert "Called done on the day of the promise" in words(table)


def test_the_page_says_how_many_answers_are_late_on_the_other_page_whose_and_by_how_many_days(
    client, promised
):
    promised.now -= timedelta(days=90)
    promised.recommend(promised.find(), "Ask first", "Ask before keeping.")
    promised.later(90)
    said = words(client.get(PAGE).content.decode())
    assert re.search(r"Answers due: 1 late \([^()]+, [^()]+: late by \d+ days\)", said)


@pytest.mark.parametrize(
    ("page", "file"), [(PAGE, FILE), ("/riverbend/en/owed/", "/riverbend/en/owed/owed.csv")]
)
def test_the_page_beside_a_file_says_what_its_columns_and_its_stages_mean(client, promised, page, file):
    told = client.get(page).content.decode().split("What the columns of the file mean")[1].split("</dl>")[0]
    got = client.get(file)
    assert 'filename="riverbend-' in got["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(got.getvalue().decode())))
    assert re.findall(r"<dt[^>]*>(.*?)</dt>", told) == list(rows[0])
    stages = set(re.findall(r"<b[^>]*>(.*?)</b>", told))
    assert {one.get("stage") or one["state"] for one in rows} <= stages


def test_the_file_has_each_promise_with_its_title_its_days_and_a_link(client, promised, settings):
    rows = list(csv.DictReader(io.StringIO(client.get(FILE).content.decode())))
    assert [(one["title"], one["recommendation"], one["stage"]) for one in rows] == [
        ("Late is done.", "Late", "late"),
        ("Kept is done.", "Kept", "kept"),
        ("Claimed is done.", "Claimed", "claimed"),
        ("Disputed is done.", "Disputed", "disputed"),
        ("Owed is done.", "Owed", "owed"),
    ]
    assert [bool(one["days_late"]) for one in rows] == [True, False, False, True, False]
    assert rows[1]["days_to_keep"] == "20"
    link = f"{settings.ALONGSIDE.address}/riverbend/en/follow/{promised.promise}/#kept-"
    assert [one["link"].startswith(link) for one in rows] == [True] * 5
    page = client.get(PAGE).content.decode()
    assert {f'href="/riverbend/en/record/{one["entry"]}/">entry {one["entry"]}<' in page for one in rows} == {
        True
    }


def test_the_files_tell_the_words_of_an_answer_and_of_who_looked_and_since_when_something_is_late(
    client, promised
):
    promised.now -= timedelta(days=90)
    promised.recommend(promised.find(), "Ask first", "Ask before keeping.")
    promised.later(90)
    rows = {one["stage"]: one for one in csv.DictReader(io.StringIO(client.get(FILE).content.decode()))}
    assert [bool(rows[stage]["seen"]) for stage in ("late", "kept", "disputed")] == [False, True, True]
    late = rows["late"]
    assert (late["late_since"], rows["kept"]["late_since"]) == (late["due"], "")
    file = client.get("/riverbend/en/owed/owed.csv").getvalue().decode()
    asked = {one["title"]: one for one in csv.DictReader(io.StringIO(file))}
    given = MilestoneStanding.objects.get(commitment=late["entry"])
    assert asked["Late"]["answer"] == entry_views(promised.program, [answer_of(given.ask)], "en")[
        answer_of(given.ask)
    ].say("reasons")
    first = asked["Ask first"]
    assert (first["answer"], first["late_since"]) == ("", first["answer_due"])
    assert {one["asked_on"] for one in asked.values()} == {"title (en)"}


def test_answers_due_tells_on_the_way_to_what_was_promised_how_much_of_it_is_late(client, promised):
    said = "What the City promised, kept and not kept · 2 promises, the longest late by "
    assert said in words(client.get("/riverbend/en/owed/").content.decode())


def test_what_is_late_reads_the_same_in_its_thread_and_on_the_first_page(client, promised):
    thread, first = (
        words(client.get(f"/riverbend/en/{one}").content.decode())
        for one in (f"follow/{promised.promise}/", "")
    )
    for late in ("1 not done", "1 disputed"):
        assert re.search(rf"0 of 1 milestone kept\. {late}, late by \d+ days, since", thread)
    told = re.findall(
        r"\d of \d milestone kept\.(?: \d (?:not done|disputed)[^.]*\.)?(?: Late: \d[^.]*\.)?", first
    )
    assert [one for one in told if "Late:" not in one]
    assert all(one in thread for one in told)


def test_the_page_asks_as_much_of_the_database_for_many_promises_as_for_one(
    client, db, django_assert_num_queries
):
    thread = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement().later(40)
    promise(thread, "First", 10)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE, {"again": 1})
    for title in ("Second", "Third"):
        promise(thread, title, 10)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE, {"again": 2})


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_fits_a_phone(browsing, live_site, promised, lang):
    page = browsing.person("Ana", phone=True, lang=lang)
    page.goto(PAGE.replace("/en/", f"/{lang}/"))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_bureau_reads_at_a_late_promise_by_how_much_and_what_it_can_do_before_it_is_done(client, db):
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    commitment = promise(thread, "Late", 5)
    client.force_login(thread.staff)
    page = client.get(f"/riverbend/en/commitments/{commitment.index}/m1/claim/").content.decode()
    assert re.search(r"It is late by 1[456] days\. The day that was promised cannot be moved", words(page))
    assert re.search(
        r'href="#id_words">It is done</a> <a [^>]*href="/riverbend/en/partners/">It is not done', page
    )


def test_a_bureau_that_sees_that_it_will_be_late_is_led_to_the_leads_before_the_day(client, db):
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    commitment = promise(thread, "Ahead", 90)
    client.force_login(thread.staff)
    page = client.get(f"/riverbend/en/commitments/{commitment.index}/m1/claim/").content.decode()
    assert "Will it be late? Tell the leads now. The day that was promised cannot be moved." in words(page)
    assert "You have no partner room yet." in words(page)  # nobody works on its project
    for seat in (thread.first_lead, thread.second_lead):
        join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    page = client.get(f"/riverbend/en/commitments/{commitment.index}/m1/claim/").content.decode()
    room = f"/riverbend/en/partners/projects/{thread.project.slug}/?promise={commitment.index}/m1"
    assert f'href="{room}">Write to the leads' in page
    kept = pack_of(thread.program).charter.message_kept_days
    assert (
        "What you write is read by 2 leads and the staff of your partner room. No public page shows it, but anyone can "
        f"ask the City for it. It is erased after {kept} days."
    ) in words(page)
    assert "Write why it is or will be late" in client.get(room).content.decode()
    client.post(room, {"words": "The part comes in June."})
    page = client.get(f"/riverbend/en/commitments/{commitment.index}/m1/claim/").content.decode()
    assert "Your office wrote to the leads about it on" in words(page)
    assert "It is not done yet" not in page


def test_the_desk_calls_a_promise_a_promise_and_says_what_can_be_said_of_it_before_its_day_and_after(
    client, db
):
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    late, ahead = promise(thread, "Late", 5).index, promise(thread, "Ahead", 90).index
    client.force_login(thread.staff)
    for desk in ("unit/", "unit/dates/"):
        page = client.get(f"/riverbend/en/{desk}").content.decode()
        told = {
            index: words(page.partition(f"/commitments/{index}/m1/claim/")[2].partition("</li>")[0])
            for index in (late, ahead)
        }
        assert "Promise: Late is done." in told[late] and "Promise: Ahead is done." in told[ahead]
        assert "Say whether it is done" in told[late]
        assert "Say that it is done, or will be late" in told[ahead]


def test_each_thing_that_was_promised_is_led_to_at_its_own_place_in_the_thread(client, db):
    thread = Thread().to_open_engagement().later(40)
    steps = [(f"{name} is done.", thread.now.date() + timedelta(days=90)) for name in ("One", "Two")]
    commitment = thread.answer(thread.recommend(thread.find()), milestones=steps)[1].index
    page = client.get(PAGE).content.decode()
    there = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    for milestone, name in (("m1", "One"), ("m2", "Two")):
        anchor = f"kept-{commitment}-{milestone}"
        assert f'href="/riverbend/en/follow/{thread.promise}/#{anchor}">{name} is done.' in page
        assert f"{name} is done." in there.partition(f'id="{anchor}"')[2].partition("</li>")[0]


def test_a_bureau_tells_leads_why_it_is_late_in_the_room_of_its_project_and_reads_when_it_did(client, db):
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement()
    for seat in (thread.first_lead, thread.second_lead):
        join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    other = thread.register_project("parking", "Parking meters", "What they keep.")
    join_project(project=other, seat=thread.first_lead.public_id, now=thread.now)
    thread.later(40)
    commitment = promise(thread, "Late", 5)
    said = {"person": thread.staff, "actor": thread.office.public_id, "words": "On Thursday.", "lang": "en"}
    write(room=open_room(program=thread.program, project=thread.project), **said, now=this_hour())
    client.force_login(thread.staff)
    form, desk = f"/riverbend/en/commitments/{commitment.index}/m1/claim/", "/riverbend/en/unit/"
    room = f"/riverbend/en/partners/projects/{thread.project.slug}/"
    about, today = f"?promise={commitment.index}/m1", local_date(this_hour(), pack_of(thread.program))
    wrote = f"Your office wrote to the leads about it on {day_in_words(today)}."

    page = client.get(form).content.decode()
    assert re.search(rf'href="{re.escape(room + about)}">It is not done yet', page)
    client.post(room, {"words": "We meet on Friday."})
    client.post(f"/riverbend/en/partners/projects/parking/{about}", {"words": "They stay."})
    shown = [client.get(one).content.decode() for one in (form, desk)]
    assert ["wrote to the leads" in one for one in shown] == [False] * 2

    late = client.get(room + about).content.decode()
    assert re.search(r"<textarea[^>]*>\s*About “[^”]+”, due on ", late)
    assert f'href="{form}">Back to the promise' in late
    gone = client.post(room + about, {"words": "It waits for a part. We expect it on January 15."})
    assert gone["Location"] == f"{desk}?done=written"
    page = client.get(form).content.decode()
    linked = words(page.partition(f'<a href="{room}#said-h">')[2].partition("</a>")[0])
    assert linked.replace(" .", ".") == wrote
    assert wrote in words(client.get(desk).content.decode())


def test_a_message_is_about_no_promise_of_another_bureau(client, db):
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement()
    for seat in (thread.first_lead, thread.second_lead):
        join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    thread.later(40)
    late, far = promise(thread, "Late", 5).index, promise(thread, "Far", 90).index
    room = f"/riverbend/en/partners/projects/{thread.project.slug}/"
    for person, about in ((thread.staff, far), (thread.staff, "x"), (thread.first_lead.person, late)):
        client.force_login(person)
        client.post(f"{room}?promise={about}/m1", {"words": "Soon."})
    assert sorted(Said.objects.values_list("about", flat=True)) == ["", "", f"{far}/m1"]


def test_whoever_promised_reads_what_those_who_looked_saw(client, promised):
    one = MilestoneStanding.objects.get(check_entry__isnull=False, completion="limited")
    seen = f"Those who looked on {day_in_words(one.checked)} say that it is not done."
    client.force_login(promised.boss)
    assert seen in words(client.get("/riverbend/en/unit/").content.decode())
    form = words(client.get(f"/riverbend/en/commitments/{one.commitment}/m1/claim/").content.decode())
    assert f"Those who looked on {day_in_words(one.checked)} say that it is not." in form
    assert form.count("We looked.") == 2


def test_the_page_of_a_promise_leads_to_the_checks_of_what_was_claimed(client, promised):
    one = MilestoneStanding.objects.get(check_entry__isnull=False, completion="limited")
    page = client.get(f"/riverbend/en/record/{one.commitment}/").content.decode()
    assert [f"/record/{index}/" in page for index in (one.claim, one.check_entry)] == [True, True]

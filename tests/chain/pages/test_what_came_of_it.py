"""Someone who answered a question reads what came of it: three sentences, what was kept because of it, then every step."""

import html
import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.asks.queries import counts
from alongside.desks.stage_words import asked_word
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import entries
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.ui.days import day_in_words
from alongside.work.projects import actions as projects
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

PAGE = "/riverbend/{lang}/follow/{promise}/"
FOLLOW = "/riverbend/en/follow/"
QUERIES = 16
LIST_QUERIES = 10
WITH_LISTS = 12


def kept(thread: Thread) -> tuple[int, int]:
    """Let the City promise something and two leads say that it was kept; give the ask and the check."""
    ask = thread.recommend(thread.find())
    _given, commitment = thread.answer(ask)
    claim = thread.claim(commitment)
    thread.check(claim, thread.first_lead)
    return ask.index, thread.check(claim, thread.second_lead).index


def page_of(client, thread: Thread, lang: str = "en") -> str:
    """Give the page of the thread's question."""
    return client.get(PAGE.format(lang=lang, promise=thread.promise)).content.decode()


def short(page: str) -> list[tuple[str, str]]:
    """Give the three sentences with their headings, as words."""
    part = page.split('<dl class="short">')[1].split("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part, re.DOTALL)
    return [(words(heading), words(text)) for heading, text in found]


def words(part: str) -> str:
    """Give what a reader reads of a part of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def opened_ago(days: int) -> Thread:
    """Give a thread that was opened so many days ago, walked to today: pages look at the clock."""
    return Thread(now=this_hour() - timedelta(days=days)).to_open_engagement().later(days)


def report_back(thread: Thread) -> str:
    """Give the day by which people were promised to hear back."""
    return day_in_words(thread.engagement.report_back)


def come_back(thread: Thread) -> str:
    """Give what the page says of that day while it is to come."""
    day = report_back(thread)
    return f"Come back on {day} to see what the leads heard: nobody calls or writes to you unless you ask for email."


def days_ahead(thread: Thread) -> str:
    """Give what the page says of the day of the decision and of the answer."""
    decision, answer = day_in_words(thread.decision.on), day_in_words(thread.engagement.answer_by)
    return f"The decision is on {decision}. The bureau answers by {answer}."


def test_the_receipt_the_look_up_and_the_thread_name_the_same_days_in_the_same_order(client, db):
    thread = opened_ago(3)
    back = come_back(thread)
    (asked,) = client.get("/marks.json").json()[0]["asked"]
    assert asked["days"] == f"{back} {days_ahead(thread)}"
    html = client.get(f"/riverbend/en/engagements/{thread.engagement.slug}/").content.decode()
    assert f"Your answers arrived. {back}&#10;{days_ahead(thread)}" in html
    shown = re.findall(r"<p data-told>(.*?)</p>", html)
    assert shown == [f"Your answers arrived. {back}", days_ahead(thread)]
    heard, answered, _done = short(page_of(client, thread))
    assert heard[1] == f"People can speak to {day_in_words(thread.engagement.closes)}. {back}"
    assert answered[1] == f"Nothing was asked of the City yet. {days_ahead(thread)}"


def late_since(rows, today: date) -> str:
    """Say of the one that is late, an answer or what was promised, by how many days and since when."""
    late = [one for one in rows.objects.all() if one.is_late(today)]
    return f"Late by {(today - late[0].due).days} days, since {day_in_words(late[0].due, 'day')}"


@pytest.fixture
def heard(db) -> Thread:
    """Give a thread whose people have spoken."""
    return opened_ago(40)


def test_before_anything_came_of_it_the_page_says_when_people_hear_back(client, heard):
    assert short(page_of(client, heard)) == [
        ("What the leads heard", f"People hear back by {report_back(heard)}."),
        (
            "What the City answered",
            f"Nothing was asked of the City yet. {days_ahead(heard)}",
        ),
        ("What was done", "No decision yet."),
    ]


def test_the_page_names_the_day_to_which_the_decision_was_moved_and_none_that_is_over(client, heard):
    on = heard.decision.on - timedelta(days=1)
    moved = {"point": heard.decision, "on": on, "by": heard.manager.public_id, "now": heard.now}
    projects.move_decision(**moved, words={"en": {"reason": "The council meets then."}})
    assert day_in_words(on) in short(page_of(client, heard))[1][1]
    projects.make_decision(**{**moved, "on": heard.today}, words={"en": {"outcome": "They bought it."}})

    on = day_in_words(heard.today)
    said = short(page_of(client, heard))[1][1]
    assert said.startswith(f"Decided on {on}: They bought it. Nothing was asked of the City yet. The bureau")


def test_what_was_done_says_while_nothing_is_promised_whether_the_decision_is_to_come(client, heard):
    heard.answer(heard.recommend(heard.find()), "declined")
    on = day_in_words(heard.decision.on)
    assert short(page_of(client, heard))[2] == ("What was done", f"No decision yet. The decision is on {on}.")
    made = {"point": heard.decision, "on": heard.now.date(), "by": heard.manager.public_id, "now": heard.now}
    projects.make_decision(**made, words={"en": {"outcome": "They bought it."}})

    assert short(page_of(client, heard))[2][1] == "Nothing yet, as far as the public log tells."


def test_the_page_begins_with_what_was_heard_answered_and_done(client, heard):
    kept(heard)
    assert short(page_of(client, heard)) == [
        ("What the leads heard", f"People want short keeping. {come_back(heard)}"),
        ("What the City answered", "Accepted."),
        ("What was done", "Kept: Set it everywhere."),
    ]


def test_several_answers_and_promises_are_told_by_name_with_why_not_and_the_days_of_what_is_late(client, db):
    heard = opened_ago(140)
    heard.now -= timedelta(days=100)
    finding = heard.find()
    heard.find(smaller=True, voices={"low": 10, "high": 20})
    kept(heard)
    heard.answer(heard.recommend(finding, "Say it on a sign", "Say it."))
    no = heard.answer(heard.recommend(finding, "Keep nothing", "Keep nothing."), "declined")[0]
    heard.recommend(finding, "Who may look?", "Ask before keeping.")
    heard.later(100)
    page = client.get(PAGE.format(lang="en", promise=heard.promise))
    today = page.context["today"]
    assert short(page.content.decode()) == [
        (
            "What the leads heard",
            "People want short keeping. A smaller group sees it differently: People want short keeping. They heard 1 more thing.",
        ),
        (
            "What the City answered",
            f"Declined · {day_in_words(no.date)}: Keep nothing We can do this. "
            f"Accepted · {day_in_words(no.date)}: Keep for a day We can do this. "
            f"Accepted · {day_in_words(no.date)}: Say it on a sign We can do this. "
            f"{late_since(Standing, today)}: Who may look?",
        ),
        (
            "What was done",
            f"Kept: Set it everywhere. {late_since(MilestoneStanding, today)}: Set it everywhere.",
        ),
    ]


def test_of_two_things_asked_one_that_is_declined_and_contested_says_so_with_why_and_how_late_the_reply_is(
    client, db
):
    heard = opened_ago(140)
    heard.now -= timedelta(days=100)
    heard.answer(heard.recommend(heard.find(), "Say it on a sign", "Say it."))
    no = heard.answer(heard.recommend(heard.find(), "Keep nothing", "Keep nothing."), "declined")[0]
    given = {"program": heard.program, "answer": no.index, "seat": heard.first_lead.public_id, "lang": "en"}
    answers.contest(words="Why?", now=heard.now, **given)
    on = day_in_words(no.date)
    told = (
        f"Declined and contested{{}} · {on}: Keep nothing We can do this. "
        f"Accepted · {on}: Say it on a sign We can do this."
    )
    standing = Standing.objects.get(answer=no.index)
    assert asked_word(standing, standing.reply_due) == "Declined and contested"

    page = client.get(PAGE.format(lang="en", promise=heard.promise))
    late = (page.context["today"] - standing.reply_due).days
    assert late > 0
    said = dict(short(page.content.decode()))["What the City answered"]
    assert said == told.format(
        f" (reply late by {late} days, since {day_in_words(standing.reply_due, 'day')})"
    )


@pytest.mark.parametrize("others", [0, 1])
def test_a_no_that_the_city_kept_after_leads_objected_says_both_with_their_days(client, db, others):
    heard = opened_ago(140)
    heard.now -= timedelta(days=100)
    no = heard.answer(heard.recommend(heard.find(), "Keep nothing", "Keep nothing."), "declined")[0]
    for _n in range(others):
        heard.answer(heard.recommend(heard.find(), "Say it on a sign", "Say it."))
    given = {"program": heard.program, "answer": no.index, "seat": heard.first_lead.public_id, "lang": "en"}
    contest = answers.contest(words="Why?", now=heard.now, **given)
    heard.later(9)
    by = heard.manager.public_id
    data = {"decision": "stands", "signed_off": by}
    texts = {"reply": entries.Text("en", "We looked again.")}
    reply = heard.enter("contest.replied", [by], data, {"contest": [contest.index]}, texts)

    said = dict(short(page_of(client, heard)))["What the City answered"]
    days = [day_in_words(contest.date), day_in_words(reply.date)]
    if others:
        apart = "Leads objected on {}: Why? The City kept its answer on {}: We looked again.".format(*days)
        assert apart in said
    else:
        assert "eads objected on {}; the City kept its answer on {}".format(*days) in said


def test_each_outcome_of_several_stands_in_a_line_of_its_own(client, db):
    heard = opened_ago(140)
    put_off, until = (
        heard.recommend(heard.find(), "Say it on a sign", "Say it."),
        heard.now.date() + timedelta(days=30),
    )
    heard.answer(put_off, "deferred", until=until)
    heard.recommend(heard.find(), "Who may look?", "Ask before keeping.")
    page = page_of(client, heard)

    by = day_in_words(Standing.objects.get(answer=None).due)
    assert (
        f"<p>Not yet: Say it on a sign (answer by {day_in_words(until)}).<br>"
        f"No answer yet: Who may look? (answer by {by}).</p>"
    ) in page


def test_the_reasons_of_a_yes_that_came_as_a_reply_are_those_of_the_reply(client, db):
    heard = opened_ago(140)
    heard.now -= timedelta(days=100)
    heard.recommend(heard.find(), "Who may look?", "Ask before keeping.")
    no = heard.answer(heard.recommend(heard.find(), "Keep nothing", "Keep nothing."), "declined")[0]
    given = {"program": heard.program, "answer": no.index, "seat": heard.first_lead.public_id, "lang": "en"}
    contest = answers.contest(words="Why?", now=heard.now, **given)
    heard.later(9)
    reply = heard.answer(contest, reasons="We looked again: we can.")[0]
    said = dict(short(page_of(client, heard)))["What the City answered"]
    assert f"Accepted · {day_in_words(reply.date)}: Keep nothing We looked again: we can." in said


@pytest.mark.parametrize(
    ("decision", "said"), [("declined", "Declined and raised"), ("told_in_part", "Told in part and raised")]
)
def test_what_was_raised_says_so_and_how_late_the_office_above_is(decision, said):
    due = date(2026, 3, 1)
    one = Standing(state="answered", decision=decision, answer=4, raised=5, raise_due=due)
    assert asked_word(one, due) == said
    assert asked_word(one, due + timedelta(days=1)) == f"{said} (reply late by 1 day, since March 1)"
    one.raise_reply = 6
    assert asked_word(one, due + timedelta(days=1)) == said.removesuffix(" and raised")


def test_a_kept_promise_has_a_card_of_what_was_said_what_changed_and_who_looked(client, heard):
    ask, _check = kept(heard)
    page = page_of(client, heard)
    card = page.split('<dl class="card">')[1].split("</dl>")[0]
    assert [
        (words(term), words(text))
        for term, text in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", card, re.DOTALL)
    ] == [
        ("You said", "People want short keeping."),
        ("The City changed", "Set it everywhere."),
        (
            "Checked",
            f"Two leads looked and say that this is done, {day_in_words(heard.now.date())}. "
            f"Of those who looked, the newest has been a lead here since {day_in_words(heard.today)}. We looked.",
        ),
    ]
    assert f'href="#kept-{ask}"' in page


def test_where_it_stands_says_what_each_mark_means(client, heard):
    kept(heard)
    page = page_of(client, heard)
    legend = page.split('<ul class="legend')[1].split("</ul>")[0]
    meanings = dict(re.findall(r'class="mark ([^"]+)"></span> ([^<]+)</li>', legend))
    drawn = set(re.findall(r'class="mark ([^"]+)"', page.split('id="stand-h"')[1].split("</section>")[0]))

    assert drawn == set(meanings)
    assert meanings["by-both"] == "Kept: both sides say so"


def test_there_is_no_card_for_what_is_promised_claimed_or_disputed(client, heard):
    finding = heard.find()
    heard.answer(heard.recommend(finding))
    _given, claimed = heard.answer(heard.recommend(finding, "Say it on a sign", "Say it."))
    heard.claim(claimed)
    _given, disputed = heard.answer(heard.recommend(finding, "Who may look?", "Ask before keeping."))
    claim = heard.claim(disputed)
    for seat in (heard.first_lead, heard.second_lead):
        heard.check(claim, seat, "disputed")
    page = page_of(client, heard)
    assert "Because of you" not in page
    due = day_in_words(MilestoneStanding.objects.get(claim=None).due)
    assert short(page)[2] == (
        "What was done",
        "Disputed: Set it everywhere. · Libraries and Halls Unit We looked. "
        f"Not due yet: Set it everywhere (due on {due}). "
        "Called done, not checked yet: Set it everywhere.",
    )


@pytest.mark.parametrize("after", ["disputed", "late"])
def test_what_was_done_begins_with_what_was_kept_then_what_is_disputed_or_late_then_the_rest(
    client, db, after
):
    thread = opened_ago(140)
    thread.now -= timedelta(days=100)
    today, finding = thread.now.date(), thread.find()
    for what, days in (("Rest", 300), (after, 60), ("Good", 60)):
        promised = [(f"{what}.", today + timedelta(days=days))]
        _given, commitment = thread.answer(thread.recommend(finding, what, "Do."), milestones=promised)
        if what in {"Good", "disputed"}:
            claim = thread.claim(commitment)
            for seat in (thread.first_lead, thread.second_lead):
                thread.check(claim, seat, "verified" if what == "Good" else "disputed")
    thread.later(100)
    _heading, done = short(page_of(client, thread))[2]
    assert done.startswith("Kept: Good.")
    assert done.index("Good") < done.index(f"{after}.") < done.index("Not due yet: Rest")


def test_a_card_of_a_promise_that_is_kept_in_part_says_what_is_not_kept(client, heard):
    today = heard.now.date()
    ask = heard.recommend(heard.find())
    steps = [("Set it here.", today + timedelta(days=60)), ("Set it there.", today + timedelta(days=90))]
    _given, commitment = heard.answer(ask, milestones=steps)
    claim = heard.claim(commitment)
    for seat in (heard.first_lead, heard.second_lead):
        heard.check(claim, seat)
    page = page_of(client, heard)
    because = page.split('id="because"')[1].split("</section>")[0]
    assert "Set it there." not in because
    assert "The rest of the promise is not kept yet." in words(because)
    day = day_in_words(MilestoneStanding.objects.get(claim=None).due)
    assert short(page)[2] == (
        "What was done",
        f"Kept: Set it here. Not due yet: Set it there (due on {day}).",
    )
    assert (
        page.count("The City promised 2 things") == 1
    )  # in the words to send, which have no page beside them


def test_the_list_says_of_each_question_what_came_of_it(client, heard):
    kept(heard)
    page = client.get(FOLLOW).content.decode()
    listed = page.split('id="all-h"')[1].split("</ul>")[0]
    assert [words(each) for each in re.findall(r"<p[^>]*>(.*?)</p>", listed, re.DOTALL)] == [
        f"People hear back by {report_back(heard)}.",
        "1 thing was asked of the City: Accepted: 1.",
        "The City promised 1 thing: Kept: 1.",
    ]


@pytest.mark.parametrize(("ago", "said"), [(3, "Take part:"), (40, "People were asked:")])
def test_a_project_invites_to_take_part_only_while_people_can_speak(client, db, ago, said):
    thread = opened_ago(ago)
    page = client.get(f"/riverbend/en/projects/{thread.project.slug}/").content.decode()
    (asked,) = re.findall(r"<p>([^<:]+:) <a[^>]*/engagements/", page)
    assert asked == said


def ask_a_list(thread: Thread, title: str) -> int:
    """Put a list of two questions on the record; give its number."""
    listed, *_questions = asks.question_many(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.office.public_id,
        title=title,
        questions=[("What do they keep?", "Say what they keep."), ("Who looks?", "Say who looks.")],
        lang="en",
        now=thread.now,
    )
    return listed.index


def test_beside_what_people_were_asked_stand_the_lists_of_questions_to_the_city(client, heard):
    assert 'id="city-h"' not in client.get(FOLLOW).content.decode()
    number = ask_a_list(heard, "Cameras at three crossings")
    page = client.get(FOLLOW, {"again": 1}).content.decode()
    assert words(page.split('id="all-h">')[1].split("</h2>")[0]) == "What people were asked"
    to_the_city = page.split('id="city-h"')[1].split("</section>")[0]
    links = re.findall(r'<a href="([^"]+)">(.*?)</a>', to_the_city)
    assert links == [
        (f"/riverbend/en/questions/?list={number}", "Cameras at three crossings"),
        ("/riverbend/en/questions/", "All questions"),
    ]
    assert "2 things were asked of the City: No answer yet: 2." in words(to_the_city)


def test_the_list_asks_as_much_of_the_database_for_three_lists_of_questions_as_for_one(
    client, heard, django_assert_num_queries
):
    ask_a_list(heard, "Cameras")
    with django_assert_num_queries(WITH_LISTS):
        client.get(FOLLOW, {"again": 1})
    for title in ("Sirens", "Street lights"):
        ask_a_list(heard, title)
    with django_assert_num_queries(WITH_LISTS):
        client.get(FOLLOW, {"again": 2})


def another(thread: Thread, slug: str) -> None:
    """Open one more question beside those that there are."""
    thread.draft_engagement(slug)
    thread.make_keys().open()


def test_the_list_asks_as_much_of_the_database_for_three_questions_as_for_one(
    client, heard, django_assert_num_queries
):
    kept(heard)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(FOLLOW, {"again": 1})
    for slug in ("street-lights", "bus-stops"):
        another(heard, slug)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(FOLLOW, {"again": 2})


def test_the_page_asks_as_much_of_the_database_for_three_promises_as_for_one(
    client, heard, django_assert_num_queries
):
    kept(heard)
    page = PAGE.format(lang="en", promise=heard.promise)
    with django_assert_num_queries(QUERIES):
        client.get(page, {"again": 1})
    for title in ("Say it on a sign", "Ask first"):
        _given, commitment = heard.answer(heard.recommend(heard.find(), title, f"{title}."))
        claim = heard.claim(commitment)
        for seat in (heard.first_lead, heard.second_lead):
            heard.check(claim, seat)
    with django_assert_num_queries(QUERIES):
        client.get(page, {"again": 2})


def test_the_page_of_the_report_back_leads_to_the_report_on_this_page(client, heard):
    heard.find()
    heard.report()
    reply = client.get(f"/riverbend/en/reports/{heard.promise}/")
    assert (reply.status_code, reply["Location"]) == (
        302,
        f"{PAGE.format(lang='en', promise=heard.promise)}#report",
    )
    assert 'id="report"' in page_of(client, heard)


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_the_poster_of_a_kept_promise_says_what_its_card_says_and_where_to_check_it(client, heard, lang):
    kept(heard)
    sent = client.get(f"{PAGE.format(lang=lang, promise=heard.promise)}because.pdf")
    pdf = PdfReader(io.BytesIO(sent.content))

    assert (sent.status_code, sent["Content-Type"], len(pdf.pages)) == (200, "application/pdf", 1)
    said = " ".join(pdf.pages[0].extract_text().split())
    for part in (
        "People want short keeping.",
        "Set it everywhere.",
        "We looked.",
        PAGE.format(lang=lang, promise=heard.promise),
    ):
        assert part in said
    assert pdf.trailer["/Root"]["/Lang"].startswith(lang)


def test_there_is_no_poster_where_nothing_was_kept(client, heard):
    heard.answer(heard.recommend(heard.find()))
    assert client.get(f"{PAGE.format(lang='en', promise=heard.promise)}because.pdf").status_code == 404


def test_a_card_can_be_sent_as_a_text_with_its_address(client, heard, settings):
    kept(heard)
    page = page_of(client, heard)
    href = html.unescape(re.search(r'href="sms:\?&amp;body=([^"]*)"', page)[1])
    text = unquote(href).splitlines()
    assert text[:2] == ["You said: People want short keeping.", "The City changed: Set it everywhere."]
    assert text[2].startswith("Two leads looked and say that this is done")
    assert text[3] == "Those who looked say: We looked."
    assert text[4].startswith(
        f"{settings.ALONGSIDE.address}{PAGE.format(lang='en', promise=heard.promise)}#kept-"
    )


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_phone_the_three_sentences_stand_in_the_first_screen(browsing, live_site, heard, lang):
    kept(heard)
    page = browsing.person("Ana", phone=True, lang=lang)
    page.goto(PAGE.format(lang=lang, promise=heard.promise))

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    last = page.locator(".short dd").last.bounding_box()
    assert last["y"] + last["height"] <= 844
    page.goto(PAGE.format(lang=lang, promise=heard.promise) + "#report-of-nothing")
    assert page.locator(".thread").is_visible() is False
    page.locator(".standing a").first.click()
    assert page.locator(".thread").is_visible() is True


def links_to_contest(client, address: str) -> int:
    """Count the ways to contest an answer that a page offers."""
    return client.get(address).content.decode().count("/contest/")


def test_a_lead_can_contest_an_answer_where_it_is_read_and_nobody_else_is_led_there(client, heard):
    answer = heard.answer(heard.recommend(heard.find()), "declined")[0].index
    pages = [PAGE.format(lang="en", promise=heard.promise), f"/riverbend/en/record/{answer}/"]

    assert [links_to_contest(client, page) for page in pages] == [0, 0]
    client.force_login(heard.boss)
    assert [links_to_contest(client, page) for page in pages] == [0, 0]
    client.force_login(heard.first_lead.person)
    assert [links_to_contest(client, page) for page in pages] == [1, 1]


@pytest.mark.parametrize("is_question", [False, True])
def test_a_lead_lets_an_answer_stand_with_one_press_and_it_leaves_their_week_and_no_one_elses(
    client, heard, is_question
):
    ask = heard.question() if is_question else heard.recommend(heard.find())
    answer = heard.answer(ask, "declined")[-1].index
    week, row = "/riverbend/en/week/", "You can contest it until"
    client.force_login(heard.first_lead.person)
    assert client.get(week).content.decode().count(row) == 1
    page = client.get(f"/riverbend/en/answers/{answer}/contest/").content.decode()

    assert page.count(">Contest it on the public log</button>") == 1
    back = re.search(r'<a href="([^"]+)">Back to the answer</a>', page)[1]
    assert f"/answers/{answer}/contest/" in client.get(back.partition("#")[0]).content.decode()
    given = dict(re.findall(r'name="(step|until|stands)" value="([^"]+)"', page))
    where = re.search(r'formaction="([^"]+)" formnovalidate>It can stand<', page)[1]
    assert "You let this answer stand." in client.post(where, given, follow=True).content.decode()

    waits, _mark, aside = client.get(week).content.decode().partition('id="aside"')
    assert (waits.count(row), "Read the answer" in aside) == (0, True)
    assert ("It does not come back" in aside, "Comes back on" in aside) == (True, False)
    last = Standing.objects.get().answered + timedelta(days=pack_of(heard.program).clocks.contest_days)
    assert given["until"] == (last + timedelta(days=1)).isoformat()
    client.force_login(heard.second_lead.person)
    assert client.get(week).content.decode().count(row) == 1


@pytest.mark.parametrize("left", [1, 0])
def test_where_a_lead_decides_about_an_answer_its_last_day_is_told(client, db, left):
    late = opened_ago(60)
    late.now -= timedelta(days=pack_of(late.program).clocks.contest_days - left)
    answer = late.answer(late.recommend(late.find()), "declined")[-1].index
    client.force_login(late.first_lead.person)
    told = day_in_words(this_hour().date() + timedelta(days=left))
    pages = (PAGE.format(lang="en", promise=late.promise), f"/riverbend/en/answers/{answer}/contest/")
    thread, contest = (words(client.get(page).content.decode()) for page in pages)

    assert (f"Any lead can contest it until {told} ." in contest) is bool(left)
    assert ("Last day: today" in contest, "Last day: today" in thread) == (not left, not left)
    assert (f"Contest it, or let it stand · until {told}" in thread) is bool(left)


def test_the_page_of_a_question_leads_to_the_files_of_what_was_asked_and_promised(client, heard):
    files = [f'href="/riverbend/en/{name}"' for name in ("owed/owed.csv", "follow/promised.csv")]
    assert [one in page_of(client, heard) for one in files] == [False, False]
    heard.answer(heard.recommend(heard.find()), "declined")
    assert [one in page_of(client, heard) for one in files] == [True, True]


def test_what_a_lead_lets_stand_is_one_answer_and_the_next_one_waits_for_them_again(client, heard):
    ask = heard.recommend(heard.find())
    first = heard.answer(ask, "deferred", until=heard.now.date() + timedelta(days=20))[-1].index
    client.force_login(heard.first_lead.person)
    page = client.get(f"/riverbend/en/answers/{first}/contest/").content.decode()
    given = dict(re.findall(r'name="(step|until)" value="([^"]+)"', page))
    client.post(re.search(r'formaction="([^"]+)" formnovalidate>It can stand<', page)[1], given)
    week, row = "/riverbend/en/week/", "You can contest it until"
    assert client.get(week).content.decode().partition('id="aside"')[0].count(row) == 0

    heard.answer(ask, "declined")

    assert client.get(week).content.decode().partition('id="aside"')[0].count(row) == 1


@pytest.mark.parametrize("contested", [True, False])
def test_a_not_yet_that_passed_counts_as_late_among_the_questions_contested_or_not(client, db, contested):
    late = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement().later(40)
    late.now -= timedelta(days=6)
    answer = late.answer(late.question(), "deferred", until=late.now.date() + timedelta(days=2))[-1].index
    if contested:
        answers.contest(
            program=late.program,
            answer=answer,
            seat=late.first_lead.public_id,
            words="No answer.",
            lang="en",
            now=late.now,
        )
    late.later(6)

    row = counts(late.program, late.now.date()).get()
    told = asked_word(Standing.objects.get(), late.now.date())

    assert (row["waiting"], row["late"]) == (1, 1)
    since = day_in_words(late.now.date() - timedelta(days=4), "day")
    says = (
        f"Not yet and contested (late by 4 days, since {since})"
        if contested
        else f"Late by 4 days, since {since}"
    )
    assert told == says


def test_whoever_contests_an_answer_lands_on_the_day_by_which_the_city_must_reply(client, heard):
    answer = heard.answer(heard.recommend(heard.find()), "declined")[0].index
    client.force_login(heard.first_lead.person)
    sent = client.post(f"/riverbend/en/answers/{answer}/contest/", {"words": "No reason is given."})
    page = words(client.get(sent["Location"]).content.decode())
    due = day_in_words(Standing.objects.get().reply_due)
    assert f"The City must reply by {due}" in page

"""A bureau's desk is a queue: what it owes by day, who has it, and the one thing that is open beside it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.formats import date_format

from alongside.chain.answers.letters import desks_to_tell
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks import actions as asks
from alongside.core.workflow.asks import AskStage
from alongside.ground.people.actions import make_person
from alongside.ground.programs.models import Office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.folded import rebuild
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import entry_views_where
from alongside.ground.ui.days import day_in_words
from alongside.site.demo.workplans import tell_progress
from alongside.work.projects.models import DecisionPoint
from tests.promises.attempts import BASE, as_
from tests.support.outbox import send_out
from tests.support.remembering import this_hour
from tests.support.thread import Thread, posted_by_rows
from tests.work import cast
from tests.work.engagements.test_drafting import text_of
from tests.work.workplans.cast import ACTIVITY, Plan

DESK = f"{BASE}/unit/"


@pytest.fixture
def thread(db):
    return cast.opened()


def question(thread, title: str, days: int = 30, office: Office | None = None) -> int:
    """Ask an office of the unit something that is due in so many days."""
    ask = asks.question(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=(office or thread.office).public_id,
        words={"en": {"title": title, "ask": f"{title}, please?"}},
        now=thread.now,
    ).index
    Standing.objects.filter(ask=ask).update(answer_due=thread.today + timedelta(days=days))
    return ask


def rows(client, tail: str = "") -> list[str]:
    html = client.get(DESK + tail).content.decode()
    found = re.findall(r'<li class="queue-row">.*?</li>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def headings(client, tail: str = "") -> list[str]:
    html = client.get(DESK + tail).content.decode()
    return re.findall(r'<li class="queue-row">.*?<h2[^>]*><a [^>]*>(.*?)</a>', html, re.DOTALL)


def test_what_a_bureau_owes_stands_by_day_with_its_office_who_has_it_and_the_days(thread):
    far, near = question(thread, "How long are pictures kept", 9), question(thread, "Who reads them", 2)
    typed = {"decision": "told", "reasons": "Three people.", "send": "1"}
    as_(thread.staff).post(f"{BASE}/answers/{near}/", typed)
    staff = as_(thread.staff)

    assert headings(staff) == ["Who reads them", "How long are pictures kept"]
    first, last = rows(staff)
    assert ("2 days left" in first, "the manager" in first) == (True, True)
    assert "9 days left" in last and "Nothing is written yet." in last
    assert headings(as_(thread.boss))[0] == "Sign off the answer: Who reads them"
    assert f'href="{DESK}?at={far}#thing"' in staff.get(DESK).content.decode()


def test_a_row_says_what_is_answered_and_the_form_of_a_question_that_it_makes_no_promise(thread):
    asked = question(thread, "Who reads them", 2)
    recommended = thread.recommend(thread.find()).index
    staff = as_(thread.staff)

    first, last = rows(staff)
    assert ("A question · 2 days left" in first, "A recommendation · " in last) == (True, True)
    says = "A day that stands only in these words is not followed up. To make a promise, ask the leads to recommend it: only they can"
    pages = [f"{DESK}?at={asked}", f"{DESK}?at={recommended}", f"{BASE}/answers/questions/"]
    assert [says in text_of(staff.get(page)) for page in pages] == [True, False, True]
    door = f'href="{BASE}/partners/">Ask the leads in a partner room'
    assert [door in staff.get(page).content.decode() for page in pages[:2]] == [True, False]


def test_a_row_says_when_it_was_asked_and_that_not_yet_was_said_and_of_one_day_the_oldest_stands_first(
    thread,
):
    old = question(thread, "Which bureaus get it", 9)
    asked = day_in_words(thread.today)
    thread.answer(old, "deferred", reasons="We look.", until=thread.today + timedelta(days=40))
    thread.later(5)
    young, near = question(thread, "Who reads them", 35), question(thread, "Who built it", 2)
    Standing.objects.filter(ask=young).update(asked=thread.today - timedelta(days=90))
    due = Standing.objects.get(ask=old).due
    Standing.objects.filter(ask=young).update(answer_due=due)
    staff = as_(thread.staff)
    assert headings(staff) == ["Who built it", "Who reads them", "Which bureaus get it"]
    first, _middle, last = rows(staff)
    assert f"asked {asked} · “not yet” on {asked}" in last
    assert "not yet" not in first
    assert ["Nothing is written yet." in one for one in (first, last)] == [True, False]
    for page in (last, text_of(staff.get(f"{DESK}?at={old}"))):
        assert "The full answer is not written yet." in page
    Standing.objects.filter(ask=young).update(asked=thread.today)
    renew_pages(program=thread.program)  # as an entry would have
    assert headings(staff) == ["Who built it", "Which bureaus get it", "Who reads them"]
    assert near


def test_the_queue_narrows_to_who_has_it_and_by_when(thread):
    late, soon = question(thread, "Who paid", -3), question(thread, "Who built it", 4)
    question(thread, "Who sold it", 40)
    typed = {"decision": "told", "reasons": "A firm.", "send": "1"}
    as_(thread.staff).post(f"{BASE}/answers/{soon}/", typed)
    staff = as_(thread.staff)

    found = {tail: headings(staff, tail) for tail in ("?when=late", "?when=soon", "?has=sent", "?has=empty")}

    assert found == {
        "?when=late": ["Who paid"],
        "?when=soon": ["Who paid", "Who built it"],
        "?has=sent": ["Who built it"],
        "?has=empty": ["Who paid", "Who sold it"],
    }
    assert late in Standing.objects.values_list("ask", flat=True)


def test_the_first_that_is_owed_is_open_beside_the_queue_and_any_other_by_its_line(thread):
    first, other = question(thread, "Who reads them", 2), question(thread, "How long are pictures kept", 9)
    staff = as_(thread.staff)

    shown = {at: staff.get(f"{DESK}{at}").content.decode() for at in ("", f"?at={other}", "?at=1")}

    forms = {
        at: re.findall(r'id="answer" method="post" action="([^"]+)"', page) for at, page in shown.items()
    }
    assert forms == {
        "": [f"{DESK}?at={first}"],
        f"?at={other}": [f"{DESK}?at={other}"],
        "?at=1": [],
    }
    assert 'class="wrap opening bureau is-chosen"' in shown[f"?at={other}"]
    assert "is-chosen" not in shown[""]


def test_a_draft_with_a_problem_stands_beside_the_queue_with_what_was_typed(thread):
    ask, _other = question(thread, "Who reads them", 2), question(thread, "How long are pictures kept", 9)
    answer = as_(thread.staff).post(f"{DESK}?at={ask}", {"decision": "", "reasons": "Three.", "send": "1"})
    page = answer.content.decode()

    assert (answer.status_code, page.count('<li class="queue-row">')) == (200, 2)
    assert "2 things wait for you" in re.search("<h1[^>]*>(.*?)</h1>", page)[1]
    assert re.search(r"<title>\s*Problem:", page) and 'class="problems' in page
    assert re.search(r"<textarea[^>]*>\s*Three\.", page)


def test_what_is_sent_from_the_desk_leads_back_to_its_top_where_it_says_so(thread):
    ask = question(thread, "Who reads them", 2)
    typed = {"decision": "told", "reasons": "Three people.", "send": "1"}
    assert as_(thread.staff).post(f"{DESK}?at={ask}", typed)["Location"] == f"{DESK}?at={ask}&done=sent"


def test_beside_what_was_asked_stand_its_project_its_thread_and_what_a_smaller_group_sees(thread):
    larger = thread.find()
    thread.find(smaller=True)
    ask = thread.recommend(larger).index
    page = as_(thread.staff).get(f"{DESK}?at={ask}").content.decode().partition('id="thing"')[2]

    assert (
        "Records of public computers"
        in re.search(r'href="/riverbend/en/projects/[^"]+"[^>]*>(.*?)</a>', page)[1]
    )
    assert f'href="{BASE}/follow/{thread.promise}/#ask-{ask}"' in page
    asked = page.partition("Your answer")[0]
    said = "People want short keeping.", "a smaller group sees it differently"
    assert [asked.count(one) for one in said] == [2, 1]


def test_what_is_late_is_open_first_and_without_it_stands_what_the_bureau_decided(thread):
    told = question(thread, "Who reads them", 2)
    thread.answer(told, "told", reasons="Three people.")
    plain = text_of(as_(thread.staff).get(DESK))
    assert "Who reads them Told ·" in plain.partition("What your office decided lately")[2]
    lately = as_(thread.staff).get(DESK).content.decode().partition("What your office decided lately")[2]
    assert f'href="{BASE}/questions/{told}/"' in lately
    assert "/record/" not in lately.partition("</section>")[0]
    early, late = question(thread, "How long", 2), question(thread, "Who paid", -3)
    page = as_(thread.staff).get(DESK).content.decode()
    assert (f'{DESK}?at={late}"' in page, f'action="{DESK}?at={early}"' in page) == (True, False)


def test_beside_an_ask_stand_three_answers_to_what_is_like_it_and_their_words_can_be_taken_over(thread):
    titles = [f"How long does the {one} camera keep pictures" for one in ("north", "south", "east", "west")]
    for title in titles:
        thread.answer(question(thread, title), "told", reasons=f"Three days: {title}.")
    thread.answer(question(thread, "Who may borrow a tablet"), "told", reasons="All who have a card.")
    ask = question(thread, "How long does the new camera keep pictures")
    page = as_(thread.staff).get(f"{BASE}/answers/{ask}/").content.decode()

    beside = page.partition('id="like-h"')[2].partition("</aside>")[0]
    assert (beside.count("<details>"), "borrow a tablet" in beside) == (3, False)
    begin = re.findall(r'href="(\?at=[^"]+)">Begin with these words', beside)
    filled = as_(thread.staff).get(DESK + begin[0].replace("&amp;", "&")).content.decode()
    assert re.search(r"<textarea[^>]*>\s*Three days: How long does the \w+ camera", filled)


def test_questions_that_were_chosen_on_the_desk_are_answered_together_and_no_other(thread):
    chosen = [question(thread, "Who paid"), question(thread, "Who built it")]
    question(thread, "Who sold it")
    desk = as_(thread.staff).get(DESK).content.decode()
    assert len(re.findall(r'form="pick" name="ask"', desk)) == 3

    page = (
        as_(thread.staff).get(f"{BASE}/answers/questions/?ask={chosen[0]}&ask={chosen[1]}").content.decode()
    )

    assert re.findall(r'name="asks" value="(\d+)"[^>]* checked', page) == [str(one) for one in chosen]
    assert "Who sold it" not in page


def test_the_queue_narrows_to_an_office_where_the_bureau_has_several(thread):
    question(thread, "Who paid"), question(thread, "Who built it", office=thread.manager)
    staff = as_(thread.staff)
    offered = re.findall(
        r'<option value="([^"]+)"',
        staff.get(DESK).content.decode().split('name="office"')[1].split("</select>")[0],
    )

    assert offered == [thread.manager.public_id, thread.office.public_id]
    assert headings(staff, f"?office={thread.office.public_id}") == ["Who paid"]
    assert headings(staff, f"?office={thread.manager.public_id}&has=empty") == ["Who built it"]
    assert headings(staff, "?office=somewhere/else") == ["Who paid", "Who built it"]


def test_a_bureau_of_one_office_has_no_choice_of_office(thread):
    above = Office.objects.get(unit__slug="city-manager")
    boss = make_person(email="above@example.org")
    posted_by_rows(thread.program, boss, above.public_id)
    question(thread, "Who paid", office=above)

    page = as_(boss).get(DESK).content.decode()
    assert ('name="has"' in page, 'name="office"' in page) == (True, False)


def test_recommendations_that_wait_for_a_signature_are_chosen_on_the_desk_of_who_signs_and_read_together(
    thread,
):
    finding = thread.find()
    titles = ("Keep for a day", "Show a sign", "Ask first")
    first, second, third = (thread.recommend(finding, title).index for title in titles)
    staff, boss = as_(thread.staff), as_(thread.boss)
    for ask in (first, second):
        typed = {"decision": "declined", "reasons": "It costs too much.", "send": "1"}
        assert staff.post(f"{BASE}/answers/{ask}/", typed).status_code == 302
    desk = boss.get(DESK).content.decode()
    offered = re.findall(r'form="pick" name="ask" value="(\d+)"', desk)
    assert (offered, re.search(r'name="ask"[^>]* checked', desk)) == ([f"{first}", f"{second}"], None)
    assert "Answer or sign the chosen ones together" in desk
    assert 'form="pick"' not in staff.get(DESK).content.decode()

    page = boss.get(f"{BASE}/answers/questions/?ask={first}&ask={second}").content.decode()
    assert "<h1>Sign answers together</h1>" in page and 'name="asks"' not in page
    waiting = re.findall(r'name="waiting" value="([^"]+)"( checked)?', page)
    assert [(one.split()[0], checked) for one, checked in waiting] == [(f"{first}", ""), (f"{second}", "")]
    assert "Ask first" not in page


def test_what_staff_set_aside_waits_for_their_colleagues_as_before(thread):
    question(thread, "Who paid")
    staff, boss = as_(thread.staff), as_(thread.boss)
    (step,) = re.findall(r'name="step" value="([^"]+)"', staff.get(DESK).content.decode())

    sent = staff.post(f"{BASE}/seat/set-aside/", {"step": step, "until": thread.today + timedelta(days=2)})

    assert (sent.status_code, sent["Location"]) == (302, f"{DESK}?done=chosen")
    assert (headings(staff), headings(boss)) == ([], ["Who paid"])
    assert "Set aside: 1 thing" in text_of(staff.get(DESK))


def test_a_desk_that_owes_a_reply_alone_says_that_something_waits(thread):
    ask = question(thread, "Who paid")
    thread.answer(ask, "told", reasons="A firm.")
    assert "Nothing waits for you" in text_of(as_(thread.staff).get(DESK))
    answer = Standing.objects.get(ask=ask).answer
    sent = as_(thread.first_lead.person).post(f"{BASE}/answers/{answer}/contest/", {"words": "Which firm?"})
    assert sent.status_code == 302

    assert "1 thing waits for you" in text_of(as_(thread.staff).get(DESK))
    assert "A reply to a contest." in rows(as_(thread.staff))[0]


def test_all_that_a_bureau_owes_by_a_day_stands_once_on_its_desk_and_month_by_month(thread):
    due = thread.today + timedelta(days=9)
    asked = question(thread, "Who reads them", 9)
    thread.answer(thread.recommend(thread.find()))
    plan = Plan(thread=thread).fill()
    plan.sign(plan.propose())
    staff = as_(thread.staff)
    page = staff.get(DESK).content.decode()
    queued, listed = (one.split("</section>")[0] for one in page.split('id="days-h"'))
    found = re.findall(r'<time datetime="([^"]+)">.*?<a href="([^"]+)"', listed)
    milestone = MilestoneStanding.objects.get()
    promise = entry_views_where(thread.program, "en", kinds=["engagement.promised"])[0].entry
    decision = DecisionPoint.objects.get()

    assert found == sorted(found, key=lambda one: one[0])
    assert set(found) >= {
        (f"{milestone.due}", f"{BASE}/commitments/{milestone.commitment}/{milestone.milestone}/claim/"),
        (promise.data["answer_by"], f"{BASE}/engagements/{promise.data['engagement']}/"),
        (f"{decision.on}", f"{BASE}/projects/{decision.project.slug}/statement/"),
        (f"{thread.today + timedelta(days=120)}", f"{BASE}/workplans/{plan.row.slug}/"),
    }
    assert re.findall(r'<h2><a href="([^"]+)"', queued) == [f"{DESK}?at={asked}#thing"]
    assert f"{DESK}?at={asked}#thing" not in listed
    by_month = staff.get(f"{DESK}dates/").content.decode()
    assert f'<time datetime="{due}">' in by_month and f"{DESK}?at={asked}#thing" in by_month
    assert [href for _on, href in found if href not in staff.get(f"{DESK}dates/").content.decode()] == []


def test_what_a_workplan_says_a_bureau_does_by_a_day_stands_among_its_days_until_it_is_complete(thread):
    plan, soon = Plan(thread=thread, units=2).fill(), thread.today + timedelta(days=6)
    plan.write(activity_until=soon.isoformat())
    beside = Office.objects.exclude(unit=thread.unit).get(unit__in=plan.row.units.all(), signs=True)
    plan.sign(version := plan.propose())
    plan.sign(version, beside.public_id)
    who = pack_of(thread.program).office_title(plan.manager, "en")
    staff, told = as_(thread.staff), f"{ACTIVITY} · {who}"
    assert f"{day_in_words(soon)} · {told}" in text_of(staff.get(DESK))
    assert [told in text_of(staff.get(page)) for page in (DESK, f"{DESK}dates/")] == [True, True]
    posted_by_rows(thread.program, other := make_person(email="beside@example.org"), beside.public_id)
    theirs = text_of(as_(other).get(DESK))  # the plan is theirs too, what is done on that day is not
    assert ("Last day of a workplan" in theirs, ACTIVITY in theirs) == (True, False)

    said = {
        "place": 0,
        "completion": "complete",
        "evidence": "Held.",
        "actor": plan.manager,
        "now": thread.now,
    }
    tell_progress(plan=plan.row, version=version, **said)
    assert ACTIVITY not in text_of(staff.get(DESK))


def test_the_dates_of_a_bureau_say_what_is_signed_and_what_waits_without_a_day(thread):
    ask = question(thread, "Who paid")
    boss = as_(thread.boss)
    signed, no_day = "Signed: it goes out by itself", "Waits, and no day is set"
    before = text_of(boss.get(f"{DESK}dates/"))
    boss.post(f"{BASE}/answers/{ask}/", {"decision": "told", "reasons": "A firm.", "sign": "1"})
    Plan(thread=thread).fill().propose()

    after = text_of(boss.get(f"{DESK}dates/"))

    assert [words in before for words in (signed, no_day, "Who paid")] == [False, False, True]
    assert [words in after for words in (signed, no_day, "Who paid")] == [True, True, True]
    assert f'href="{BASE}/workplans/libraries/sign/"' in boss.get(f"{DESK}dates/").content.decode()


def test_what_has_a_day_stands_on_a_desk_before_what_has_none(thread):
    question(thread, "Who reads them", 40)
    Plan(thread=thread).fill().propose()
    dated, undated = headings(as_(thread.boss))
    assert (dated, undated.partition(": ")[0]) == ("Who reads them", "Sign, or ask for a change")


def test_a_desk_with_three_things_asks_as_much_as_one_with_one(thread, django_assert_num_queries):
    staff = as_(thread.staff)
    for asked in (["Who paid"], ["Who built it", "Who sold it"]):
        for one in asked:
            question(thread, one)
        with django_assert_num_queries(FIRST):
            staff.get(DESK)
        with django_assert_num_queries(AGAIN):
            staff.get(DESK)


#: What the desk asks when an entry came, and after that until the next one.
FIRST, AGAIN = 29, 23


def test_what_is_signed_waits_for_nobody_and_says_at_which_hour_it_leaves(thread):
    ask, boss = question(thread, "Who paid", 20), as_(thread.boss)
    question(thread, "Who built it", 25)
    boss.post(f"{BASE}/answers/{ask}/", {"decision": "told", "reasons": "A firm.", "sign": "1"})
    goes = AnswerDraft.objects.get().goes_out_at.astimezone(ZoneInfo(pack_of(thread.program).time_zone))

    page = boss.get(DESK).content.decode()
    assert "1 thing waits for you" in text_of(boss.get(DESK))
    assert f"goes on the public log soon after {date_format(goes, 'TIME_FORMAT')} {goes.tzname()}." in page
    assert "Who paid" in page.partition('id="leaving-h"')[2].partition("</section>")[0]
    assert "Who paid" not in page.partition('id="leaving-h"')[0].partition("<h1")[2]
    assert ("a.m." in page or "p.m." in page, page.count("<summary>Set aside")) == (True, 1)
    assert f'id="answer" method="post" action="{DESK}?at={ask}"' not in page


@pytest.mark.story
def test_an_answer_shows_the_fields_that_its_decision_needs(thread, browsing):
    ask = thread.recommend(thread.find()).index
    page = browsing.person("a manager", signed_in=thread.boss)
    page.goto(f"{BASE}/answers/{ask}/")
    seen = {}
    for decision in ("accepted", "declined", "deferred"):
        page.locator(f'[name="decision"][value="{decision}"]').check()
        seen[decision] = [page.locator(f'[name="{name}"]').is_visible() for name in ("owner", "until")]

    assert seen == {"accepted": [True, False], "declined": [False, False], "deferred": [False, True]}
    page.locator('[value="accepted"]').check()
    page.get_by_role("button", name="Sign off and publish").click()
    page.get_by_text("Choose the office that owns this.").first.wait_for()
    assert page.locator('[name="owner"]').is_visible()


def test_a_lead_reads_on_the_last_day_that_it_is_the_last_and_not_when_it_was_answered(db):
    thread = cast.opened(Thread(now=this_hour() - timedelta(days=30)).open_program())
    thread.answer(question(thread, "Who paid"), "declined")
    page = text_of(as_(thread.first_lead.person).get(f"{BASE}/week/"))

    assert "Last day: today · You can still contest it. Answered: " in page


def test_an_answer_that_was_raised_says_so_where_it_can_still_be_contested(db):
    thread = cast.opened(Thread(now=this_hour() - timedelta(days=30)).open_program())
    ask = question(thread, "Who paid")
    thread.answer(ask, "declined")
    given = {"words": "We need it.", "lang": "en", "now": thread.now}
    asks.raise_question(program=thread.program, ask=ask, seat=thread.first_lead.public_id, **given)
    page = text_of(as_(thread.second_lead.person).get(f"{BASE}/week/"))

    assert re.search(
        r"Last day: today · Answered: Declined\. Leads raised it to the office above; its reply is due on [^.]+\. "
        r"If you contest the answer too, the bureau itself must also reply in public\. ",
        page,
    )


def test_what_a_bureau_drafted_before_it_handed_an_ask_on_is_no_draft_of_the_next_one(thread):
    ask = question(thread, "Who paid", 20)
    sent = {"decision": "told", "reasons": "A firm.", "send": "1"}
    as_(thread.staff).post(f"{BASE}/answers/{ask}/", sent)
    assert [one.people[0] for one in desks_to_tell(thread.program, thread.now)].count(thread.boss) == 1
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", {**sent, "send": "", "sign": "1"})
    to = Office.objects.filter(unit__program=thread.program, signs=True, unit__outside=False)
    other = to.exclude(unit=thread.unit).latest("pk")
    moved = {"program": thread.program, "ask": ask, "to": other.public_id, "words": "Theirs.", "lang": "en"}
    asks.transfer(**moved, office=thread.manager.public_id, now=thread.now)
    theirs = make_person(email="other@example.org")
    posted_by_rows(thread.program, theirs, other.public_id)

    for _while in ("it waits in the old outbox", "it came back"):
        assert headings(as_(theirs), "?has=empty") == ["Who paid"]
        assert "goes on the public log soon after" not in as_(theirs).get(DESK).content.decode()
        send_out(thread.program)
    assert AnswerDraft.objects.get().note
    told = [one.people[0] for one in desks_to_tell(thread.program, AnswerDraft.objects.get().noted_at)]
    assert thread.boss not in told and thread.staff not in told


def test_rows_that_are_made_anew_stand_on_the_desk_and_on_pages_at_once(thread):
    question(thread, "Who paid")
    Standing.objects.update(state=AskStage.ANSWERED)  # as somebody with the database's password can
    staff, owed = as_(thread.staff), f"{BASE}/owed/"
    seen = [(headings(staff), "Who paid" in Client().get(owed).content.decode()) for _time in range(2)]

    rebuild(program=thread.program)

    assert seen == [([], False)] * 2
    assert headings(staff) == ["Who paid"]
    assert "Who paid" in Client().get(owed).content.decode()

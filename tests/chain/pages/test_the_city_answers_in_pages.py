"""The asks, answers, checks and report-backs, walked page by page as each role would."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.actions import transfer
from alongside.core.clocks import latest_more_time
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office
from alongside.ground.record.models import LogEntry, MilestoneStanding, Standing
from alongside.ground.ui.days import day_in_words
from tests.support.outbox import send_out
from tests.support.pages import nonce_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread


def test_a_recommendation_is_answered_claimed_checked_and_reported(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    thread.now = __import__("datetime").datetime.now(tz=__import__("datetime").UTC)
    finding = thread.find()
    base = "/riverbend/en"

    client.force_login(thread.first_lead.person)
    asked = {
        "findings": [finding.index],
        "office": thread.manager.public_id,
        "title": "Keep a day",
        "ask": "One day.",
    }
    assert client.get(f"{base}/asks/recommend/{thread.promise}/").status_code == 200
    assert client.post(f"{base}/asks/recommend/{thread.promise}/", {}).status_code == 200
    assert client.post(f"{base}/asks/recommend/{thread.promise}/", asked).status_code == 302
    ask = Standing.objects.get().ask

    client.force_login(thread.staff)
    assert client.get(f"{base}/unit/").status_code == 200
    page = f"{base}/answers/{ask}/"
    assert client.get(page).status_code == 200
    assert client.post(f"{base}/asks/{ask}/acknowledge/").status_code == 302
    unfinished = client.post(page, {"decision": "accepted", "reasons": "Yes.", "send": "1"})
    assert "Choose the office that owns this." in unfinished.content.decode()
    whole = {
        "decision": "accepted",
        "reasons": "Yes.",
        "owner": thread.manager.public_id,
        "evidence": "A page.",
        "milestone_1": "Set it.",
        "due_1": "2027-01-31",
    }
    assert client.post(page, whole | {"send": "1"}).status_code == 302
    assert client.post(page, whole | {"sign": "1"}).status_code == 302
    assert Standing.objects.get().state == "acknowledged"

    client.force_login(thread.boss)
    assert client.get(page).status_code == 200
    assert client.post(page, whole | {"sign": "1"}).status_code == 302
    assert (Standing.objects.get().state, send_out(thread.program)) == ("acknowledged", 1)
    assert Standing.objects.get().state == "answered"
    step = MilestoneStanding.objects.get()
    claim_page = f"{base}/commitments/{step.commitment}/m1/claim/"
    assert client.get(claim_page).status_code == 200
    assert (
        client.post(claim_page, {"words": "It is set.", "links": "https://example.org/list"}).status_code
        == 302
    )

    claim = MilestoneStanding.objects.get().claim
    for seat in (thread.second_lead, thread.third_lead):
        client.force_login(seat.person)
        assert client.get(f"{base}/week/").status_code == 200
        check_page = f"{base}/commitments/claims/{claim}/check/"
        assert client.get(check_page).status_code == 200
        assert client.post(check_page, {"completion": "complete", "words": "We saw it."}).status_code == 302
    assert MilestoneStanding.objects.get().is_kept

    write = f"{base}/reports/{thread.promise}/write/"
    assert client.get(write).status_code == 200
    missing = client.post(write, {"words_en": "Done.", "publish": "1"})
    assert "Write it in this language too" in missing.content.decode()
    assert client.post(write, {"words_en": "Done.", "words_es": "Hecho.", "publish": "1"}).status_code == 302
    thread.end_intake()
    assert client.post(write, {"close": "1"}).status_code == 302
    assert LogEntry.objects.order_by("-index").first().kind == "engagement.closed"
    client.logout()
    assert client.get(f"/riverbend/es/reports/{thread.promise}/", follow=True).status_code == 200


def test_staff_of_another_unit_cannot_answer(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    other = Office.objects.exclude(unit=thread.unit).filter(signs=True).first()
    stranger = make_person(email="other@riverbend.example")
    give_office(person=stranger, program=thread.program, office=other.public_id, from_date=thread.now.date())
    client.force_login(stranger)
    assert client.get(f"/riverbend/en/answers/{ask.index}/").status_code == 404
    assert client.post(f"/riverbend/en/asks/{ask.index}/acknowledge/").status_code == 404


def test_no_city_role_reaches_a_lead_page(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    thread.find()
    client.force_login(thread.boss)
    for address in (
        f"asks/recommend/{thread.promise}/",
        "asks/question/",
        f"reports/{thread.promise}/write/",
        "week/",
    ):
        assert (address, client.get(f"/riverbend/en/{address}").status_code) == (address, 403)


def test_the_hints_of_a_question_are_not_those_of_a_recommendation(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    thread.find()
    client.force_login(thread.first_lead.person)
    asking = client.get("/riverbend/en/asks/question/").content.decode()
    recommending = client.get(f"/riverbend/en/asks/recommend/{thread.promise}/").content.decode()

    told = {
        "question": ("What you want to know, as a question.", "Say what the answer must tell"),
        "recommendation": (
            "What should be done. Start with a verb.",
            "Say it so that someone can check later",
        ),
    }
    assert [words in asking for words in told["question"]] == [True, True]
    assert [words in asking for words in told["recommendation"]] == [False, False]
    assert [words in recommending for words in told["question"]] == [False, False]
    assert [words in recommending for words in told["recommendation"]] == [True, True]


def test_no_language_of_the_report_back_may_be_skipped(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    client.force_login(thread.first_lead.person)
    write = f"/riverbend/en/reports/{thread.promise}/write/"

    assert "you may skip this" not in client.get(write).content.decode()
    assert client.post(write, {"words_en": "Done.", "keep": "1"}).status_code == 302
    assert "Done." in client.get(write).content.decode()


def test_a_report_back_names_no_language_by_its_code_and_says_that_people_can_still_speak(db, client) -> None:

    thread = Thread(now=this_hour()).to_open_engagement()
    client.force_login(thread.first_lead.person)
    write = f"/riverbend/en/reports/{thread.promise}/write/"
    page = client.post(write, {"publish": "1"}).content.decode()

    assert page.count("Write it in this language too: people were asked in it.") == 4
    assert page.count("You can close the engagement after that day.") == 1


def test_a_report_back_after_the_last_day_says_nothing_of_people_who_can_still_speak(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    client.force_login(thread.first_lead.person)

    page = client.get(f"/riverbend/en/reports/{thread.promise}/write/").content.decode()
    assert "You can close the engagement after that day." not in page


def test_an_answer_offers_nothing_to_skip_and_a_draft_may_still_be_empty(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    client.force_login(thread.staff)
    page = f"/riverbend/en/answers/{ask.index}/"

    assert "you may skip this" not in client.get(page).content.decode()
    assert client.post(page, {"keep": "1"}).status_code == 302
    assert client.post(page, {"until": "soon", "keep": "1"}).content.decode().count("has-problem") == 1


def test_where_more_time_or_not_yet_is_chosen_the_page_says_how_they_differ(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    client.force_login(thread.boss)
    for page in (f"asks/{ask.index}/more-time/", f"answers/{ask.index}/"):
        told = client.get(f"/riverbend/en/{page}").content.decode()
        assert told.count("More time is no answer: it only moves the day.") == 1, page
        assert told.count("“Not yet” is an answer for now: it gives reasons and the day") == 1, page
        assert "It can be said once. After it, neither “not yet” nor more time is open again." in told, page


def test_more_time_says_that_it_is_public_at_once_how_often_it_can_be_taken_and_how_far(db, client) -> None:
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    client.force_login(thread.boss)
    page, due = f"/riverbend/en/asks/{ask.index}/more-time/", Standing.objects.get().answer_due
    latest = day_in_words(latest_more_time(due))
    told = client.get(page).content.decode()
    assert "This goes on the public log under your office at once. It does not wait" in told
    assert f"You can move the day 2 more times, to {latest} at the latest." in told
    until = due + timedelta(days=9)
    assert client.post(page, {"until": until.isoformat(), "words": "It is not made."}).status_code == 302
    assert (
        f"You can move the day 1 more time, to {latest} at the latest." in client.get(page).content.decode()
    )


def test_a_recommendation_on_two_findings_names_both(db, client) -> None:
    from alongside.chain.asks.actions import recommend

    thread = Thread().to_open_engagement().later(40)
    findings = [thread.find().index, thread.find().index]
    recommend(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.manager.public_id,
        findings=findings,
        words={"en": {"title": "Keep a day", "ask": "One day."}},
        now=thread.now,
    )

    page = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    assert "Based on what the leads heard, no. 1 and 2." in page


def test_an_answer_that_was_put_off_stands_beside_the_next_one(db, client) -> None:
    from datetime import timedelta

    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    thread.answer(
        ask, "deferred", reasons="Three requests come first.", until=thread.now.date() + timedelta(days=30)
    )
    client.force_login(thread.boss)
    assert "Three requests come first." in client.get(f"/riverbend/en/answers/{ask.index}/").content.decode()


def test_a_thread_leads_to_its_report_back_once_there_is_one(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    link = 'href="#report"'
    before = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()

    words = {"words_en": "We heard you.", "words_es": "Les oímos.", "publish": "1"}
    client.force_login(thread.first_lead.person)
    assert client.post(f"/riverbend/en/reports/{thread.promise}/write/", words).status_code == 302
    after = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()

    assert [before.count(link), after.count(link)] == [0, 1]


def test_a_project_says_that_an_answer_past_its_day_is_late(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    thread.recommend(thread.find())
    due = Standing.objects.get().answer_due
    page = client.get(f"/riverbend/en/projects/{thread.project.slug}/").content.decode()

    assert due < date.today()
    assert re.search(rf"No answer, late by \d+ days, since {day_in_words(due)}\.", page)
    assert "An answer is due on" not in page


def test_an_answer_that_came_late_says_so_wherever_it_is_read_each_with_its_own_day(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    first, second = thread.recommend(finding, "Ask first", "Ask."), thread.recommend(finding)
    (timely, *_none) = thread.answer(first, "declined")
    due = Standing.objects.get(ask=second.index).answer_due
    (late, *_none) = thread.later((due - thread.now.date()).days + 5).answer(second, "declined")

    pages = [
        f"/riverbend/en/{one}/" for one in (f"follow/{thread.promise}", f"projects/{thread.project.slug}")
    ]
    for page in (client.get(one).content.decode() for one in pages):
        assert set(re.findall(r"Declined \(answered[^)]*\)", page)) == {"Declined (answered 5 days late)"}
    thread_page = client.get(pages[0]).content.decode()
    for one in (timely, late):
        assert re.search(rf"Declined[^<]*· {day_in_words(one.date)}: ", thread_page)


@pytest.mark.parametrize(
    ("decision", "said"), [("declined", "Declined."), ("deferred", "Not yet. An answer")]
)
def test_a_project_says_what_was_decided_of_what_was_asked(db, client, decision, said) -> None:
    thread = Thread(now=datetime.now(UTC)).to_open_engagement().later(31)
    until = {"until": thread.now.date() + timedelta(days=40)} if decision == "deferred" else {}
    thread.answer(thread.recommend(thread.find()), decision, **until)
    page = client.get(f"/riverbend/en/projects/{thread.project.slug}/").content.decode()

    assert [said in page, "Answered on" in page] == [True, False]


def test_an_ask_that_moves_to_another_unit_does_not_take_the_draft_of_the_first_along(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    page = f"/riverbend/en/answers/{ask.index}/"
    client.force_login(thread.staff)
    client.post(page, {"decision": "declined", "reasons": "Words for our unit alone.", "keep": "1"})
    other = Office.objects.exclude(unit=thread.unit).filter(signs=True).first()
    stranger = make_person(email="other@riverbend.example")
    give_office(person=stranger, program=thread.program, office=other.public_id, from_date=thread.now.date())
    transfer(
        program=thread.program,
        ask=ask.index,
        office=thread.office.public_id,
        to=other.public_id,
        words="The other unit decides.",
        lang="en",
        now=thread.now,
    )

    client.force_login(stranger)
    shown = client.get(page)
    client.post(page, {"decision": "", "reasons": "Our own.", "keep": "1"})

    assert (shown.status_code, "Words for our unit alone." in shown.content.decode()) == (200, False)
    (draft,) = AnswerDraft.objects.all()
    assert (draft.unit, draft.reasons, draft.decision) == (other.unit.slug, "Our own.", "")


def test_two_colleagues_do_not_overwrite_each_others_draft_of_an_answer(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    page = f"/riverbend/en/answers/{ask.index}/"
    client.force_login(thread.boss)
    opened = client.get(page).context["form"].initial["version"]
    client.post(page, {"decision": "declined", "reasons": "What staff wrote.", "keep": "1"})

    late = client.post(page, {"reasons": "What the boss wrote.", "version": opened, "sign": "1"})

    html = late.content.decode()
    assert "Somebody saved this while your page was open." in html
    assert ("What staff wrote." in html, "What the boss wrote." in html) == (True, True)
    assert AnswerDraft.objects.get().reasons == "What staff wrote."
    again = {"reasons": "Both, joined.", "version": late.context["form"].data["version"], "keep": "1"}
    assert client.post(page, again).status_code == 302
    assert AnswerDraft.objects.get().reasons == "Both, joined."


def test_a_report_back_is_published_once_also_from_a_page_that_was_open_since(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    page = f"/riverbend/en/reports/{thread.promise}/write/"
    words = {f"words_{lang}": f"It is done ({lang})." for lang in ("en", "es")}
    client.force_login(thread.first_lead.person)
    first = client.get(page).context["form"].initial["version"]
    client.post(page, {"words_en": "Half.", "keep": "1"})

    stale = client.post(page, {**words, "version": first, "publish": "1"})
    assert "Somebody saved this while your page was open." in stale.content.decode()
    sent = {**words, "publish": "1", "nonce": nonce_of(client.get(page))}
    published = client.post(page, sent)
    twice = client.post(page, sent)
    other = client.post(page, {**sent, "words_en": "Other words, of mine."})

    assert (published.status_code, twice.status_code, other.status_code) == (302, 302, 409)
    assert twice.url == published.url
    assert "Other words, of mine." in other.content.decode()
    assert LogEntry.objects.filter(kind="report.published").count() == 1


def test_who_keeps_or_sends_a_draft_twice_is_not_told_that_somebody_else_saved_it(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    page = f"/riverbend/en/answers/{ask.index}/"
    client.force_login(thread.staff)
    opened = client.get(page).context["form"].initial["version"]
    whole = {"decision": "declined", "reasons": "One line.\r\nAnother one. ", "until": "", "version": opened}

    kept = [client.post(page, {**whole, "keep": "1"}).status_code for _ in range(2)]
    sent = [client.post(page, {**whole, "send": "1"}).status_code for _ in range(2)]

    assert (kept, sent) == ([302, 302], [302, 302])


def test_who_keeps_a_report_back_twice_is_not_told_that_somebody_else_saved_it(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    page = f"/riverbend/en/reports/{thread.promise}/write/"
    client.force_login(thread.first_lead.person)
    words = {
        "words_en": "Half.",
        "words_es": "",
        "version": client.get(page).context["form"].initial["version"],
    }

    assert [client.post(page, {**words, "keep": "1"}).status_code for _ in range(2)] == [302, 302]

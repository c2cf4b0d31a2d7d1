"""Whoever presses twice lands where the first press leads; whoever comes second gets back what they typed."""

import re
from datetime import UTC, datetime

import pytest

from alongside.chain.asks import actions
from alongside.ground.programs.models import Office
from alongside.ground.record.models import LogEntry, Standing
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.progress import draft_hash
from tests.support.outbox import send_out
from tests.support.pages import CheckingClient, nonce_of
from tests.support.remembering import CITY
from tests.work import cast

BASE = "/riverbend/en"
NEXT_YEAR = f"{datetime.now(tz=UTC).year + 1}-01-31"


def as_(person) -> CheckingClient:
    client = CheckingClient()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def thread(db):
    return cast.opened()


@pytest.fixture
def ask(thread) -> int:
    return thread.recommend(thread.find()).index


def entered(kind: str) -> int:
    return LogEntry.objects.filter(kind=kind).count()


def twice(client, address: str, typed: dict) -> tuple[str, str]:
    """Open a page and send its form twice; give where each press leads."""
    typed = typed | {"nonce": nonce_of(client.get(f"{BASE}/{address}", follow=True))}
    first, second = (client.post(f"{BASE}/{address}", typed) for _press in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    return first.url, second.url


def given_back(response) -> list[str]:
    assert response.status_code == 409
    assert "<h1>Somebody was here before you</h1>" in response.content.decode()
    return re.findall(
        r"<textarea[^>]* readonly[^>]*>\n(.*?)</textarea>", response.content.decode(), re.DOTALL
    )


def test_freezing_a_promise_twice_leads_both_times_to_the_open_engagement(db):
    thread = cast.draft().make_keys()
    client = as_(thread.first_lead.person)
    for pen in (thread.first_lead.public_id, thread.manager.public_id):
        engagements.sign(engagement=thread.engagement, actor=pen, now=thread.now)
    typed = {"draft": draft_hash(Engagement.objects.get()), "open": "1"}

    first, second = twice(client, "drafts/library-computers/finish/", typed)

    assert first == f"{BASE}/engagements/library-computers/?done=opened"
    assert second == first
    assert entered("engagement.promised") == 1


def test_saying_twice_what_is_meant_says_it_once(thread, ask):
    as_(thread.staff).post(f"{BASE}/asks/{ask}/unclear/", {"words": "Do you mean machines?"})

    first, second = twice(
        as_(thread.first_lead.person), f"asks/{ask}/clarify/", {"words": "Machines\r\ntoo, yes."}
    )

    assert second == first
    assert entered("ask.clarified") == 1


def test_another_lead_who_said_what_is_meant_a_moment_later_gets_their_words_back(thread, ask):
    as_(thread.staff).post(f"{BASE}/asks/{ask}/unclear/", {"words": "Do you mean machines?"})
    as_(thread.first_lead.person).post(f"{BASE}/asks/{ask}/clarify/", {"words": "Machines too."})

    page = as_(thread.second_lead.person).post(
        f"{BASE}/asks/{ask}/clarify/", {"words": "All of them, and phones."}
    )

    assert given_back(page) == ["All of them, and phones."]
    assert entered("ask.clarified") == 1


@pytest.mark.parametrize(
    ("step", "kind", "typed"),
    [
        ("more-time", "ask.extended", {"until": NEXT_YEAR, "words": "We count first."}),
        ("transfer", "ask.transferred", {"words": "It is theirs."}),
    ],
)
def test_a_step_of_a_unit_that_is_sent_twice_is_taken_once(thread, ask, step, kind, typed):
    other = Office.objects.exclude(unit=thread.unit).filter(signs=True).select_related("unit")[0]
    typed = typed if step == "more-time" else typed | {"office": other.public_id}

    first, second = twice(as_(thread.staff), f"asks/{ask}/{step}/", typed)

    assert entered(kind) == 1
    assert first == second == f"{BASE}/unit/?done=recorded"


def declined(**more) -> dict:
    return {"decision": "declined", "reasons": "We cannot pay for it this year."} | more


def test_signing_an_answer_twice_leads_both_times_to_the_desk_where_it_waits(thread, ask):
    first, second = twice(as_(thread.boss), f"answers/{ask}/", declined(sign="1"))

    assert first == f"{BASE}/unit/?at={ask}&done=in-outbox"
    assert second == first
    assert (send_out(thread.program), entered("answer.given")) == (1, 1)


def test_signing_an_answer_of_today_twice_leads_both_times_to_its_entry(thread, ask):
    Standing.objects.filter(ask=ask).update(answer_due=datetime.now(tz=CITY).date())
    first, second = twice(as_(thread.boss), f"answers/{ask}/", declined(sign="1"))

    assert first == f"{BASE}/record/{Standing.objects.get().answer}/?done=answered"
    assert second == first


def test_signing_many_answers_twice_tells_both_times_how_many(thread):
    asks = [
        actions.question(
            program=thread.program,
            seat=thread.first_lead.public_id,
            office=thread.office.public_id,
            words={"en": {"title": title, "ask": f"{title}, please?"}},
            now=thread.now,
        ).index
        for title in ("Who made them", "Who paid")
    ]
    typed = {"asks": [str(one) for one in asks], "decision": "told", "reasons": "It is on page four."}

    first, second = twice(as_(thread.boss), "answers/questions/", typed | {"sign": "1"})

    assert first == second == f"{BASE}/answers/questions/?done=in-outbox&n=2"
    assert (send_out(thread.program), entered("answer.given")) == (2, 2)


def test_putting_an_answer_off_twice_is_one_entry(thread, ask):
    typed = {"decision": "deferred", "reasons": "We count first.", "until": NEXT_YEAR, "sign": "1"}

    first, second = twice(as_(thread.boss), f"answers/{ask}/", typed)

    assert (send_out(thread.program), entered("answer.given")) == (1, 1)
    assert second == first


def test_staff_who_write_while_an_answer_waits_in_the_outbox_get_their_words_back(thread, ask):
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", declined(sign="1"))

    page = as_(thread.staff).post(f"{BASE}/answers/{ask}/", declined(reasons="We looked at it.", keep="1"))

    assert given_back(page) == ["We looked at it."]
    assert (send_out(thread.program), entered("answer.given")) == (1, 1)


def test_staff_who_write_while_the_manager_publishes_get_their_words_back(thread, ask):
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", declined(sign="1"))
    send_out(thread.program)

    typed = declined(reasons="We looked at all twelve machines.", evidence="A list at the desk.", keep="1")
    page = as_(thread.staff).post(f"{BASE}/answers/{ask}/", typed)

    assert given_back(page) == ["We looked at all twelve machines.", "A list at the desk."]
    assert f'href="{BASE}/record/{Standing.objects.get().answer}/"' in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_page_of_an_answer_that_is_given_leads_to_it(thread, ask):
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", declined(sign="1"))
    send_out(thread.program)

    for page in (f"answers/{ask}/", f"asks/{ask}/unclear/"):
        assert (
            f"/record/{Standing.objects.get().answer}/?done=" in as_(thread.staff).get(f"{BASE}/{page}").url
        )


def test_an_answer_and_its_reply_that_are_contested_and_signed_twice_are_entered_once(thread, ask):
    boss, lead = as_(thread.boss), as_(thread.first_lead.person)
    boss.post(f"{BASE}/answers/{ask}/", declined(sign="1"))
    send_out(thread.program)
    answer = Standing.objects.get().answer

    first, second = twice(lead, f"answers/{answer}/contest/", {"words": "That is not what we asked."})
    contest = Standing.objects.get().contest
    assert first == second == f"{BASE}/record/{contest}/?done=recorded"

    typed = {"decision": "stands", "reasons": "We looked again, and it stands.", "sign": "1"}
    first, second = twice(boss, f"answers/{contest}/", typed)
    assert first == second == f"{BASE}/unit/?at={contest}&done=in-outbox"
    assert (send_out(thread.program), entered("contest.replied")) == (1, 1)


def test_a_delivery_that_is_claimed_twice_is_claimed_once(thread, ask):
    yes = {"decision": "accepted", "reasons": "We can do this.", "owner": thread.manager.public_id}
    yes |= {"milestone_1": "Set it everywhere.", "due_1": NEXT_YEAR, "evidence": "A public page."}
    first, second = twice(as_(thread.boss), f"answers/{ask}/", yes | {"sign": "1"})
    assert (second, send_out(thread.program)) == (first, 1)
    promise = LogEntry.objects.get(kind="commitment.made").index

    first, second = twice(
        as_(thread.staff), f"commitments/{promise}/m1/claim/", {"words": "It is done.", "links": ""}
    )

    assert entered("delivery.claimed") == 1
    assert first == second == f"{BASE}/unit/?done=recorded"


def test_a_correction_that_is_sent_twice_waits_once(thread):
    typed = {"about": "can_change", "day": "", "words": "One more hall is open.", "words-es": "Una sala más."}

    twice(as_(thread.first_lead.person), "engagements/library-computers/correct/", typed)

    assert thread.engagement.corrections.count() == 1


def test_letting_people_speak_again_twice_says_both_times_that_they_can(thread):
    steward, page = as_(thread.steward), "engagements/library-computers/pause/"
    steward.post(f"{BASE}/{page}", {"ground": "Case 12"})

    first, second = twice(steward, page, {"resume": "1"})

    assert first == second == f"{BASE}/{page}?done=resumed"


def test_staff_of_another_unit_still_find_nothing(thread, ask):
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", declined(sign="1"))
    send_out(thread.program)

    assert as_(thread.steward).get(f"{BASE}/answers/{ask}/").status_code == 403


def test_whoever_only_opens_a_page_whose_step_another_took_is_not_told_that_they_did_it(thread, ask):
    as_(thread.boss).post(f"{BASE}/answers/{ask}/", declined(sign="1"))
    send_out(thread.program)
    opened = as_(thread.staff).get(f"{BASE}/answers/{ask}/")

    assert opened.status_code == 302
    assert "done=answered" not in opened.url
    landed = as_(thread.staff).get(opened.url).content.decode()
    assert "This was done before you opened the page." in landed
    assert "1 answer is on the record." not in landed and "It is on the public log." not in landed

"""Nothing gets lost between two people: what one has begun stands on the desk of whoever takes the next step."""

import html
import json
import re
from datetime import timedelta

import pytest

from alongside.chain.answers import actions as answers
from alongside.chain.findings import actions as findings
from alongside.desks.bureau import UNIT
from alongside.desks.desks import STEWARD, WEEK
from alongside.ground.gate.tokens import READ as TO_READ
from alongside.ground.gate.tokens import give_token
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction
from tests.promises.attempts import as_, knock
from tests.support.house import SRC
from tests.support.pages import CheckingClient
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work import cast
from tests.work.consultations.cast import Review

BASE = "/riverbend/en"
PAGE = f"{BASE}/engagements/library-computers"
READ = f"{BASE}/reader/library-computers/"
SEALED = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCg=="


def desk(person, name: str, follows: str = "") -> dict[str, str]:
    """Give what waits on a person's desk: where each line leads, and its heading. Every link of those that begin so must lead there."""
    return dict(lines_of(person, name, follows))


def lines_of(person, name: str, follows: str = "") -> list[tuple[str, str]]:
    """List the lines of a person's desk, of which two may lead to one place: where, and the heading."""
    client = CheckingClient()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"{BASE}/{name}/").content.decode()
    found = re.findall(r'<h[23][^>]*><a href="([^"]+)"[^>]*>(.*?)</a></h[23]>', page, re.DOTALL)
    lines = [(href, " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())) for href, words in found]
    for href in {one for one, words in lines if words.startswith(follows)}:
        assert client.get(href.partition("#")[0], follow=True).status_code == 200, href
    return lines


def week(thread: Thread, seat: str = "second") -> dict[str, str]:
    return desk(getattr(thread, f"{seat}_lead").person, "week")


@pytest.fixture
def open_promise(db) -> Thread:
    return cast.opened()


def corrected(thread: Thread, by: str) -> str:
    """Let one side write a correction; give where the other side signs it."""
    engagements.propose_correction(
        engagement=thread.engagement,
        about="closes",
        words="The hall was closed for a week.",
        lang="en",
        others={"es": "La sala estuvo cerrada."},
        day=thread.now.date() + timedelta(days=44),
        by=by,
        now=thread.now,
    )
    return f"{PAGE}/correct/{Correction.objects.get().pk}/"


def test_a_correction_by_a_lead_waits_on_the_desk_of_the_manager_who_signs_it(open_promise):
    thread = open_promise
    href = corrected(thread, thread.first_lead.public_id)

    assert desk(thread.boss, "unit")[href] == f"Sign the correction: {cast.TITLES['en']}"
    assert href not in desk(thread.staff, "unit")
    assert href not in week(thread)

    correction = Correction.objects.get()
    engagements.sign_correction(correction=correction, by=thread.manager.public_id, now=thread.now)
    assert href not in desk(thread.boss, "unit")


def test_a_correction_by_the_unit_waits_in_the_week_of_each_lead(open_promise):
    thread = open_promise
    href = corrected(thread, thread.manager.public_id)

    assert week(thread)[href] == f"Sign the correction: {cast.TITLES['en']}"
    assert href not in desk(thread.boss, "unit")


def test_a_small_finding_waits_for_a_second_lead_until_it_is_public(open_promise):
    thread = open_promise
    said = {
        "smaller": True,
        "voices": "fewer",
        "root": "ab" * 32,
        "words": {"en": {"statement": "One of us."}},
    }
    door = give_token(program="riverbend", seat=thread.first_lead.public_id, use=TO_READ)
    headers = {"Authorization": f"Bearer {door}"}
    api = f"{BASE}/reader/api/engagements/library-computers/findings"
    kept = knock(as_(None), "POST", f"{api}/drafts", json.dumps({"id": "", "sealed": SEALED}), **headers)
    assert kept.status_code == 200, kept.content
    draft = json.loads(kept.content)["id"]
    exact = findings.finding_hash({"promise": thread.promise, **said})
    sent = json.dumps({"finding": exact, "draft": draft})
    assert knock(as_(None), "POST", f"{api}/attest", sent, **headers).status_code == 200

    assert week(thread)[READ] == f"Confirm what few people said: {cast.TITLES['en']}"
    assert READ not in week(thread, "first")
    assert READ not in week(thread, "third")  # who cannot open the draft
    assert READ not in desk(thread.boss, "unit")

    findings.publish(
        program=thread.program, promise=thread.promise, seat=thread.second_lead, now=thread.now, **said
    )
    assert READ not in week(thread)


@pytest.mark.parametrize(
    ("decision", "heading"), [("accepted", "The City accepted"), ("accepted_in_part", "Read the answer")]
)
def test_an_answer_that_says_yes_waits_for_the_leads_to_see_it(db, decision, heading):
    thread = Thread(now=this_hour()).to_open_engagement()
    ask = thread.recommend(thread.find())
    thread.answer(ask, decision)

    lines = [(words, href) for href, words in week(thread).items() if "Keep for a day" in words]
    assert lines == [(f"{heading}: Keep for a day", f"{BASE}/follow/{thread.promise}/#ask-{ask.index}")]


def test_a_yes_leads_to_what_was_promised_and_a_reply_that_says_yes_does_too(db):
    thread = Thread(now=this_hour() - timedelta(days=1)).to_open_engagement()
    finding = thread.find()
    first, second = thread.recommend(finding), thread.recommend(finding, "Show it on the screen")
    thread.answer(first)
    declined = thread.answer(second, "declined")[0]
    contest = answers.contest(
        program=thread.program,
        answer=declined.index,
        seat=thread.first_lead.public_id,
        words="It was about screens.",
        lang="en",
        now=thread.now,
    )
    thread.answer(contest, "accepted")

    at = f"{BASE}/follow/{thread.promise}/#ask-"
    lines = week(thread)
    assert lines[f"{at}{first.index}"] == "The City accepted: Keep for a day"
    assert lines[f"{at}{second.index}"] == "The City accepted: Show it on the screen"


def test_a_question_that_was_answered_waits_for_the_leads_to_read_it(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    ask = answers_a_question(thread)

    assert week(thread)[f"{BASE}/questions/{ask}/"] == "Read the answer: Who looks at the records?"


def answers_a_question(thread: Thread) -> int:
    entry = thread.question("Who looks at the records?", "Name them.")
    thread.answer(entry, "told")
    return entry.index


def test_a_yes_to_a_point_of_advice_leads_to_its_change_list_with_office_and_day(db):
    review = Review()
    review.bring()
    point = review.advise(review.say(), points=1)[1]
    review.thread.answer(point)

    lines = week(review.thread)
    at = f"{BASE}/consultations/ai-register/changes/#ask-{point.index}"
    assert lines[at] == "The City accepted: Rename column 1"


def test_a_desk_collects_the_steps_of_every_app_that_gives_some():
    given = {
        ".".join(("alongside", *path.relative_to(SRC).with_suffix("").parts))
        for path in SRC.glob("*/*/steps.py")
        if re.search(r"^def steps\(", path.read_text(), re.MULTILINE)
    }
    collected = {app.__name__ for app in (*WEEK, *UNIT, *STEWARD)}

    assert given - collected == set()

"""Before people are asked again, what they said and what has no answer is shown; asking again needs a public reason."""

from datetime import datetime, timedelta

import pytest

from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.ground.search.queries import said_before
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import asked_before
from tests.support.thread import WORDS, Thread


def asked_again(thread: Thread, **words: str) -> Engagement:
    """Draft a second engagement on the same decision."""
    day = thread.now.date()
    made = actions.begin_draft(
        program=thread.program,
        slug="again",
        lead=thread.first_lead,
        partner=thread.manager,
        decision=thread.decision,
        framework="iap2",
        level="involve",
        languages=["en", "es"],
        retention="voices",
        closes=day + timedelta(days=30),
        report_back=day + timedelta(days=90),
        voices_kept_until=day + timedelta(days=365),
        answer_by=day + timedelta(days=75),
        words={lang: {**texts, **words} for lang, texts in WORDS.items()},
    )
    from tests.support.thread import QUESTIONS

    return actions.save_questions(engagement=made, questions=QUESTIONS)


def unanswered() -> Thread:
    thread = Thread().to_open_engagement().later(40)
    thread.recommend(thread.find())
    return thread


def test_what_has_no_answer_must_be_faced_before_anyone_signs(db) -> None:
    thread = unanswered()
    draft = asked_again(thread)
    before = asked_before(draft)
    assert [(one.said, one.is_unanswered) for one in before.said] == [
        ("Keep for a day", True),
        ("People want short keeping.", False),
    ]
    with pytest.raises(Refused, match="“Keep for a day”"):
        actions.sign(engagement=draft, actor=thread.first_lead.public_id, now=thread.now)


def test_the_reason_goes_on_the_record_with_what_was_said_in_every_language(db, client) -> None:
    thread = unanswered()
    draft = asked_again(thread, asked_again="The cameras are new.")
    thread.engagement = draft
    thread.make_keys().open()
    entry = check_log(thread.entries(), origin=thread.program.origin)
    assert entry.kinds["engagement.promised"] == 2
    page = client.get("/riverbend/es/engagements/again/").content.decode()
    assert ("The cameras are new." in page, "Keep for a day" in page) == (True, True)


def test_when_everything_is_answered_no_reason_is_needed(db) -> None:
    thread = unanswered()
    from alongside.ground.record.models import Standing

    thread.answer(Standing.objects.get().ask, "declined")
    draft = asked_again(thread)
    assert asked_before(draft).lacks_reason is False
    assert actions.sign(engagement=draft, actor=thread.first_lead.public_id, now=thread.now).pk


def test_words_like_these_are_found_on_another_project_too(db) -> None:
    thread = unanswered()
    near = said_before(thread.program, "en", titles=["Keeping short, as people want"])
    far = said_before(thread.program, "en", titles=["Bus stops near schools"])
    assert ([one.said for one in near], far) == (["People want short keeping."], [])


def test_a_lead_meets_it_before_going_on(db, client) -> None:
    thread = unanswered()
    draft = asked_again(thread)
    client.force_login(thread.first_lead.person)
    thread.now = datetime.now(tz=thread.now.tzinfo)
    address = "/riverbend/en/drafts/again/before/"
    page = client.get(address).content.decode()
    assert ("1 thing below has no answer yet" in page, "Keep for a day" in page) == (True, True)
    held = page.split('name="draft" value="')[1].split('"')[0]
    assert client.post(address, {"draft": held, "asked_again": ""}).status_code == 200
    saved = client.post(address, {"draft": held, "asked_again": "It is new."})
    assert saved["Location"].endswith("/drafts/again/questions/")
    draft.refresh_from_db()
    assert draft.words["en"]["asked_again"] == "It is new."

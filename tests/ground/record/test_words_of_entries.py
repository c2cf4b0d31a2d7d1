"""Entries are told in words: what they are about, what they rest on, how many there are."""

import hashlib
import json
import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from alongside.chain.asks import actions as asks
from alongside.chain.asks.tasks import tick as clock_of_asks
from alongside.chain.commitments.tasks import tick as clock_of_commitments
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.grammar.versions import KINDS
from alongside.ground.programs.queries import pack_of
from alongside.ground.record import labels
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.labels import text_called
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import dot
from alongside.ground.ui.leads import lead_in_words
from tests.support.thread import Thread


def made_key(thread: Thread) -> Entry:
    """Give the entry that says that the leads made a key."""
    entries = [parse(index, raw) for index, raw in enumerate(thread.entries())]
    return next(one for one in entries if one.kind == "key.made")


def test_the_making_of_a_key_is_told_by_the_name_of_its_engagement(db, client) -> None:
    thread = Thread().to_open_engagement()
    made = made_key(thread)

    page = client.get("/riverbend/en/record/").content.decode()
    row = page.split(f'/record/{made.index}/">')[1].split("</tr>")[0]
    feed = client.get("/riverbend/en/record/feed.xml").content.decode()

    title = "title (en)"
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row)[0] == title
    assert feed.count(title) > 1
    assert '<summary type="html">library-computers</summary>' not in feed


def test_what_an_entry_rests_on_is_called_by_its_kind(db, client) -> None:
    thread = Thread().to_open_engagement()
    made = made_key(thread)

    page = client.get(f"/riverbend/en/record/{thread.promise}/").content.decode()

    on = re.findall(
        r'Based on <a href="[^"]*">(\d+)[^<]*(?:<span[^>]*>[^<]*</span>)?</a> <span class="hint">([^<]*)</span>',
        page,
    )
    assert (str(made.index), "The leads made a key") in on
    promise = parse(thread.promise, thread.entries()[thread.promise])
    assert sorted({int(index) for index, _ in on}) == sorted(
        {index for cited in promise.cites.values() for index in cited}
    )


def test_the_size_of_a_long_record_is_grouped(db, client) -> None:
    from alongside.ground.record.models import Log

    Thread().to_open_engagement()
    Log.objects.update(size=5000)

    page = client.get("/riverbend/en/record/").content.decode()

    assert "The public log has 5,000 entries, numbered from 0." in page


def test_a_translation_shows_its_own_words_and_says_of_no_text_that_it_was_taken_down(db, client) -> None:
    thread = Thread().to_open_engagement()
    entries = [parse(index, raw) for index, raw in enumerate(thread.entries())]
    spanish = next(one for one in entries if one.kind == "text.translated" and one.data["lang"] == "es")

    pages = [
        client.get(f"/riverbend/{lang}/record/{spanish.index}/").content.decode().partition('id="links-h"')[0]
        for lang in ("en", "es")
    ]

    assert [sorted(set(re.findall(r"\w+ \(\w\w\)", page))) for page in pages] == [
        sorted(f"{name} (es)" for name in spanish.texts if name != "form")
    ] * 2
    assert ["taken down" in page for page in pages] == [False, False]


def test_every_text_an_entry_may_hold_is_called_by_words_and_not_by_its_code() -> None:
    held = {name for kind in KINDS.values() for name in (*kind.texts, *kind.may_text)}

    assert sorted(name for name in held if text_called(name) == name) == []


def test_every_kind_that_needs_no_words_but_a_ground_is_told_in_a_sentence() -> None:
    worded = {name for name, kind in KINDS.items() if kind.any_text or set(kind.texts) - {"ground"}}
    told = {name for name, kind in KINDS.items() if kind.sentence or kind.counted}

    assert sorted((KINDS.keys() - worded) ^ told) == []


def said(client, lang: str, index: int) -> tuple[list[str], str, str]:
    """Give what the page of an entry says, its facts, and what is folded away, and the link to what it rests on."""
    page = client.get(f"/riverbend/{lang}/record/{index}/").content.decode()
    says = page.partition('id="words-h"')[2].partition("<details")[0]
    folded = page.partition('<details class="proof">')[2]
    facts = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<(?:p|dt|dd)>(.*?)</(?:p|dt|dd)>", says)]
    return facts, folded.partition("</details>")[0], page.partition('id="links-h"')[2]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "An answer was due on %s. 1 day later, none had come."),
        ("es", "Una respuesta vencía el %s. 1 día después no había llegado ninguna."),
    ],
)
def test_what_the_clock_wrote_of_silence_is_read_in_the_readers_language(db, client, lang, words) -> None:
    thread = Thread().to_open_engagement()
    ask = thread.recommend(thread.find())
    due = date.fromisoformat(ask.data["answer_due"])
    thread.later((due - thread.now.date()).days + 1)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)
    silent = [parse(index, raw) for index, raw in enumerate(thread.entries())][-1]
    pack = pack_of(thread.program)

    facts, folded, links = said(client, lang, silent.index)

    with translation.override(lang):
        assert facts[0] == words % day_in_words(due)
    assert facts[2] == pack.office_title(ask.data["office"], lang)
    assert facts[4].split()[-1] == f"{ask.index}"
    assert "ask.silent" in folded
    assert re.search(rf'/record/{ask.index}/">{ask.index}: <span[^>]*>Keep for a day</span></a>', links)


def test_what_the_clock_wrote_of_voices_tells_how_many_marks_and_the_range(db, client) -> None:
    thread = Thread().to_open_engagement()
    marks = sorted(f"{number:064x}" for number in range(10))
    batch = thread.enter(
        "voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [thread.promise]}
    )
    data = {"voices": {"low": 10, "high": 10}, "withdrawn": "fewer"}
    thread.later(31)
    closed = thread.enter("voices.closed", ["clock"], data, {"engagement": [thread.promise]})

    assert said(client, "en", batch.index)[0][0].startswith(
        "The marks of 10 locked voices are on the public log."
    )
    assert said(client, "en", closed.index)[0] == [
        "The last voices are in. We say how many were published, and give ranges where a number could point at someone.",
        "People",
        "10",
    ]


def test_a_milestone_that_is_late_is_told_by_its_words_and_its_office(db, client) -> None:
    thread = Thread().to_open_engagement()
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    due = date.fromisoformat(commitment.data["milestones"][0]["due"])
    thread.later((due - thread.now.date()).days + 3)
    clock_of_commitments(program=thread.program, now=thread.now)
    late = [parse(index, raw) for index, raw in enumerate(thread.entries())][-1]
    pack = pack_of(thread.program)

    assert said(client, "en", late.index)[0] == [
        f"A promise was due on {day_in_words(due)}. 3 days later, the City had not said that it is done.",
        "Office",
        pack.office_title(late.data["office"], "en"),
        "What was promised",
        "Set it everywhere.",
    ]


def test_a_delay_after_those_who_looked_did_not_agree_says_that_the_city_called_it_done(db, client) -> None:
    thread = Thread().to_open_engagement()
    due = thread.now.date() + timedelta(days=60)
    steps = [("Set it everywhere.", due), ("Show it.", due)]
    _given, commitment = thread.answer(thread.recommend(thread.find()), milestones=steps)
    claim = thread.claim(commitment)
    for seat in thread.leads[:2]:
        disputed = thread.check(claim, seat, "disputed")
    thread.later((due - thread.now.date()).days + 3)
    clock_of_commitments(program=thread.program, now=thread.now)
    entries = [parse(index, raw) for index, raw in enumerate(thread.entries())]
    late, other = (one for one in entries if one.kind == "commitment.late")
    page = client.get(f"/riverbend/en/record/{commitment.index}/").content.decode()

    assert (late.data["milestone"], other.data["milestone"]) == ("m1", "m2")
    assert said(client, "en", other.index)[0][0] == (
        f"A promise was due on {day_in_words(due)}. 3 days later, the City had not said that it is done."
    )
    assert said(client, "en", late.index)[0][0] == (
        f"A promise was due on {day_in_words(due)}. The City said that it is done. Those who looked said that it is not "
        f"(entry {disputed.index}). 3 days after it was due, it did not count as kept."
    )
    assert f"It led to {late.index}: Set it everywhere. A promise is late, late by 3 days" in re.sub(
        r"<[^>]*>", "", page
    )
    assert f'<p class="byline">Due {day_in_words(due)}</p>' in page
    assert said(client, "en", commitment.index)[0][:2] == [
        "Office",
        pack_of(thread.program).office_title(thread.manager.public_id, "en"),
    ]
    rows = client.get("/riverbend/en/record/?kind=commitment.made").content.decode()
    assert "Set it everywhere." in rows


def test_a_question_of_leads_alone_is_written_by_the_community_and_a_draft_is_not_called_by_its_address(
    db, client
) -> None:
    thread = Thread().open_program().draft_engagement("q-ff646a", community=True).make_keys()
    assert "q-ff646a" not in client.get("/riverbend/en/record/").content.decode()
    made = made_key(thread).index

    thread.open()
    page = client.get("/riverbend/en/record/").content.decode()
    row = page.split(f'/record/{thread.promise}/">')[1].split("</tr>")[0]

    assert "<td>What was promised with a question" in row
    assert ("Community" in row, "Both" in row) == (True, False)
    assert "title (en)" in page.split(f'/record/{made}/">')[1].split("</tr>")[0]


def test_the_entry_of_a_promise_says_who_signed_it_what_they_promised_and_how_long_what_people_say_is_kept(
    db, client
) -> None:
    thread = Thread().to_open_engagement()
    page = client.get("/riverbend/en/record/").content.decode()
    row = page.split(f'/record/{thread.promise}/">')[1].split("</tr>")[0]
    facts, _folded, _links = said(client, "en", thread.promise)
    kept = thread.engagement.voices_kept_until

    assert ("Community" in row, "Both" in row) == (False, True)
    office = pack_of(thread.program).office_title(thread.manager.public_id, "en")
    promise = thread.engagement
    assert facts[:20] == [
        "Signed by",
        f"{lead_in_words(thread.first_lead.public_id)}{dot()}{office}",
        "Level of participation",
        "Involve",
        "Last day to speak",
        day_in_words(promise.closes),
        "People hear back by",
        day_in_words(promise.report_back),
        "Answer by",
        day_in_words(promise.answer_by),
        "Day of the decision",
        day_in_words(json.loads(list(thread.entries())[thread.promise])["data"]["decided_on"]),
        "Languages",
        "English, Spanish",
        "No number below this is told",
        "10",
        "Voices are kept until",
        day_in_words(kept),
        "The last locked copies in backups are gone by",
        day_in_words(kept + timedelta(days=30)),
    ]


def test_every_kind_of_entry_has_a_name_on_pages():
    assert labels.KINDS.keys() == KINDS.keys()


def test_the_record_is_read_after_a_lead_said_who_pays_them(db, client):
    thread = Thread().open_program()
    seat = thread.first_lead.public_id
    thread.enter("seat.declared", [seat], {"seat": seat, "paid_by": "outside"})

    assert "Who pays or employs a lead" in client.get("/riverbend/en/record/").content.decode()
    assert client.get("/riverbend/en/record/feed.xml").status_code == 200


def test_the_entry_that_set_the_day_of_a_silence_is_linked_and_tells_the_day(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    until = date.fromisoformat(ask.data["answer_due"]) + timedelta(days=14)
    more = asks.take_more_time(
        program=thread.program,
        ask=ask.index,
        office=thread.office.public_id,
        until=until,
        words="We look for the list.",
        lang="en",
        now=thread.now,
    )
    thread.later((until - thread.now.date()).days + 1)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)
    silent = [parse(index, raw) for index, raw in enumerate(thread.entries())][-1]

    facts, _folded, _links = said(client, "en", silent.index)
    assert facts[facts.index("Where its day stands") + 1] == f"Entry {more.index}"
    assert day_in_words(until) in said(client, "en", more.index)[0]
    asked, _folded, _links = said(client, "en", ask.index)
    assert asked[asked.index("Answer by") + 1] == day_in_words(date.fromisoformat(ask.data["answer_due"]))
    assert asked[asked.index("Office") + 1] == pack_of(thread.program).office_title(ask.data["office"], "en")


def test_a_thread_says_when_the_log_told_last_that_nothing_was_written(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    due = date.fromisoformat(ask.data["answer_due"])
    thread.later((due - thread.now.date()).days + 30)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)

    page = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    last = f"The public log last said so on {day_in_words(thread.now.date())}, when it was late by 30 days."
    assert f"Nothing has been written here. {last}" in page


def test_an_entry_gives_the_program_that_checks_it_before_the_command(db, client) -> None:
    thread = Thread().to_open_engagement()
    sign_head(program=thread.program, now=thread.now)
    pages = [f"/riverbend/en/record/{thread.promise}/", "/riverbend/en/record/1/", "/riverbend/en/record/"]
    given = [client.get(page).content.decode() for page in pages]

    file = client.get("/riverbend/record/alongside-verify.pyz").content
    assert ["all three files" in one for one in given] == [True, False, False]
    assert ["both files" in one for one in given] == [False, True, False]
    for one in given:
        place = one.find('href="/riverbend/record/alongside-verify.pyz" download>')
        assert 0 < place < one.find("python3 alongside-verify.pyz")
        assert hashlib.sha256(file).hexdigest() in one

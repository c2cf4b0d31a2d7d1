"""A list of 111 questions to one unit stays usable for those who ask and for those who answer."""

import csv
import io
import re
from datetime import date, datetime, timedelta

import pytest

from alongside.chain.answers import actions as answers
from alongside.chain.answers.forms import AnswerForm
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks import actions as asks
from alongside.chain.asks import tasks as clock
from alongside.chain.findings import actions as findings
from alongside.chain.reader.queries import answers_to_cite
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import OWED
from alongside.desks.answers_due import folded, rows_of, together
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import entries as record_entries
from alongside.ground.record.actions import folded as record_folded
from alongside.ground.record.models import Citation, LogEntry, Standing
from alongside.ground.record.queries import standings
from alongside.ground.record.rates import on_their_day
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.pages import ROWS_OF_EACH
from alongside.site.mail import reminder_letter
from alongside.work.partners.queries import Place, rooms_above, talks_of
from alongside.work.projects.queries import stands_on
from tests.promises.attempts import as_
from tests.support.outbox import send_out
from tests.support.pages import nonce_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread, silence_untold
from tests.work.consultations.cast import SLUG, Review
from tests.work.engagements.test_drafting import text_of

BASE = "/riverbend/en"
MANY = 111
#: Queries of a clock of asks that has nothing to tell, however many of them are late.
NOTHING_NEW = 9


def pasted(count: int) -> str:
    return "\r\n".join(f"{place}. What does camera {place} keep?" for place in range(1, count + 1))


def asked(thread: Thread, count: int) -> list[int]:
    """Put a list of questions on the record; give their numbers."""
    entries = asks.question_many(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.office.public_id,
        title="Cameras",
        questions=[
            (f"What does camera {place} keep?", f"Say what camera {place} keeps.") for place in range(count)
        ],
        lang="en",
        now=thread.now,
    )
    return [one.index for one in entries[1:]]


def today(thread: Thread) -> Thread:
    thread.now = datetime.now(tz=thread.now.tzinfo)
    return thread


def test_leads_paste_111_questions_and_each_gets_its_own_clock_and_office(db, client) -> None:
    thread = today(Thread().open_program())
    client.force_login(thread.first_lead.person)
    typed = {"office": thread.office.public_id, "title": "Cameras", "questions": pasted(MANY)}
    wrong = client.post(f"{BASE}/asks/questions/", typed | {"title": "", "send": "1"}).content.decode()
    assert "What does camera 111 keep?" in wrong
    looked = client.post(f"{BASE}/asks/questions/", typed | {"look": "1"}).content.decode()
    assert ("We read 111 questions" in looked, Standing.objects.count()) == (True, 0)
    sent = client.post(f"{BASE}/asks/questions/", typed | {"send": "1"})
    assert sent.status_code == 302
    standings = list(Standing.objects.order_by("ask"))
    assert [one.office for one in standings] == [thread.office.public_id] * MANY
    assert {(one.answer_due - one.asked).days for one in standings} == {60}
    page = client.get(sent["Location"]).content.decode()
    assert (page.count("camera 1 keep?"), "111 questions" in page) == (1, True)


def test_questions_asked_from_the_page_of_a_project_stand_on_it_and_lead_back_to_it(db, client) -> None:
    thread = today(Thread().open_program())
    thread.register_project("cameras", "Cameras at crossings", "Three crossings have cameras.")
    thread.register_project("signs", "Signs", "Signs on corners.")
    client.force_login(thread.first_lead.person)
    assert (
        f"{BASE}/asks/questions/?project=cameras" in client.get(f"{BASE}/projects/cameras/").content.decode()
    )

    many = {"office": thread.office.public_id, "title": "What they keep", "questions": pasted(3)}
    form = client.get(f"{BASE}/asks/question/?project=cameras")
    one = {"office": thread.office.public_id, "title": "Who looks?", "ask": "Say who looks at them."}
    there = client.post(f"{BASE}/asks/questions/?project=cameras", many | {"send": "1"})["Location"]
    alone = client.post(f"{BASE}/asks/question/?project=cameras", one | {"nonce": nonce_of(form)})["Location"]

    assert "About the project: Cameras at crossings" in text_of(client.get(there))
    assert "About the project: Cameras at crossings" in text_of(client.get(alone))
    page = text_of(client.get(f"{BASE}/projects/cameras/"))
    assert "What leads asked the City about it Who looks?" in page
    assert "What they keep · 3 questions, 0 answered" in page
    assert "What leads asked the City about it" not in text_of(client.get(f"{BASE}/projects/signs/"))


def told(client, typed: dict) -> list[str]:
    """Answer many questions; give what the page that follows tells of it."""
    page = client.post(f"{BASE}/answers/questions/", typed, follow=True).content.decode()
    return re.findall(r'<p class="done"[^>]*>(.*?)</p>', page)


def test_a_unit_answers_many_with_shared_words_and_its_manager_signs_them_together(db, client) -> None:
    thread = today(Thread().open_program())
    first, second, third, fourth = asked(thread, 4)
    client.force_login(thread.staff)
    typed = {"asks": [first, second], "decision": "told", "reasons": "One day.", f"own_{second}": "Two days."}
    assert told(client, typed | {"send": "1"}) == ["2 answers wait for the manager’s sign-off."]
    assert LogEntry.objects.filter(kind="answer.given").count() == 0
    nothing = client.post(
        f"{BASE}/answers/questions/", {"asks": [third], "decision": "deferred", "send": "1"}
    )
    assert "needs a date" in nothing.content.decode()

    client.force_login(thread.boss)
    page = client.get(f"{BASE}/answers/questions/").content.decode()
    assert page.count("<b>Told: here is the answer</b>") == 2
    waiting = {"waiting": re.findall(r'name="waiting" value="([^"]+)"', page), "sign_waiting": "1"}
    assert re.findall(r'name="waiting"[^>]* checked', page) == [], (
        "nothing is ticked before a person reads it"
    )
    waiting["nonce"] = nonce_of(client.get(f"{BASE}/answers/questions/"))
    signed = (
        "2 answers are signed. They go on the public log in 10 minutes. Until then you can call them back."
    )
    assert told(client, waiting) == [signed]
    assert told(client, waiting) == [signed]  # pressed twice
    declined = {"asks": [third], "decision": "declined", "reasons": "It is secret.", "sign": "1"}
    signed = "1 answer is signed. It goes on the public log in 10 minutes. Until then you can call it back."
    assert told(client, declined) == [signed]
    assert send_out(thread.program) == 3
    decisions = list(Standing.objects.order_by("ask").values_list("decision", flat=True))
    assert decisions == ["told", "told", "declined", None]
    page = client.get(f"{BASE}/questions/?state=told").content.decode()
    assert ("One day." in page, "Two days." in page, "It is secret." in page) == (True, True, False)
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["answer.given"] == 3


def test_a_manager_reads_all_of_each_answer_to_a_recommendation_and_signs_those_that_they_tick(
    db, client
) -> None:
    thread = today(Thread().to_open_engagement())
    finding = thread.find()
    first, second = (thread.recommend(finding, title) for title in ("Keep for a day", "Show a sign"))
    yes = {
        "decision": "accepted",
        "reasons": "We can do this.",
        "owner": thread.manager.public_id,
        "evidence": "The setting, on a public page.",
        "milestones": [
            {"id": "m1", "words": "Set it everywhere.", "due": str(thread.now.date() + timedelta(days=30))}
        ],
    }
    for ask, values in ((first, yes), (second, {"decision": "declined", "reasons": "It costs too much."})):
        given = {"program": thread.program, "about": ask.index, "unit": thread.unit.slug}
        person, said = thread.staff, {"lang": "en", **values}
        draft = answers.save_draft(person=person, values=said, now=thread.now, **given)
        answers.send_for_sign_off(draft=draft, person=person, now=thread.now)
    here = f"{BASE}/answers/questions/"

    client.force_login(thread.staff)
    assert 'name="waiting"' not in client.get(here).content.decode()
    client.force_login(thread.boss)
    page = client.get(here).content.decode()
    words = ("Accept<", "Set it everywhere.", "The setting, on", "Decline<", "It costs too much.")
    assert [one for one in words if one not in page] == []
    assert re.findall(r'name="waiting"[^>]* checked', page) == []
    (chosen, _other) = re.findall(r'name="waiting" value="([^"]+)"', page)
    sent = {
        "waiting": chosen,
        "sign_waiting": "1",
        "nonce": re.search(r'name="nonce" value="([^"]+)"', page)[1],
    }
    assert client.post(here, sent).status_code == 302

    assert send_out(thread.program) == 1
    decided = dict(Standing.objects.values_list("ask", "decision"))
    assert decided == {first.index: "accepted", second.index: None}


def test_a_unit_answers_all_of_a_list_at_once_and_its_desk_still_shows_what_else_waits(db, client) -> None:
    thread = today(Thread().to_open_engagement()).later(1)
    other = thread.recommend(thread.find())
    (one, _two), many = asked(thread, 2), asked(thread, 9)
    listed = Citation.objects.filter(role="list", citing=many[0]).get().cited
    client.force_login(thread.boss)
    desk = client.get(f"{BASE}/unit/").content.decode()
    here = f"{BASE}/answers/questions/?list={listed}"
    page = client.get(here).content.decode()
    typed = {"everything": "on", "decision": "told", "reasons": "One day.", "send": "1"}
    typed["shown"] = re.findall(r'name="shown" value="([^"]+)"', page)
    nothing = client.post(here, {**typed, "everything": ""}).content.decode()
    sent = client.post(here, typed)
    waits = client.get(f"{BASE}/unit/").content.decode()

    assert (
        desk.count(f'href="{BASE}/unit/?at={other.index}#thing"'),
        len(re.findall(r"\d+ questions", desk)),
    ) == (1, 2)  # what waits, each once
    assert (page.count('name="asks"'), page.count('name="everything"')) == (9, 1)
    assert ("Choose at least one question." in nothing, sent.status_code) == (True, 302)
    drafted = list(AnswerDraft.objects.order_by("about").values_list("about", flat=True))
    assert (drafted, one in drafted) == (many, False)
    assert (waits.count("9 answers wait for your signature</a>"), waits.count("Sign off the answer:")) == (
        1,
        0,
    )


def test_all_questions_on_a_page_are_those_that_it_showed_in_the_words_that_it_showed(db, client) -> None:
    thread = today(Thread().open_program())
    first, second, *_four = asked(thread, 6)
    client.force_login(thread.boss)
    here = f"{BASE}/answers/questions/"

    def all_of_them() -> str:
        shown = re.findall(r'name="shown" value="([^"]+)"', client.get(here).content.decode())
        return {"everything": "on", "shown": shown, "decision": "declined", "reasons": "No.", "sign": "1"}

    typed = all_of_them()
    client.force_login(thread.staff)
    client.post(f"{BASE}/answers/{second}/", {"decision": "told", "reasons": "Four.", "keep": "1"})
    client.force_login(thread.boss)
    refused = client.post(here, typed).content.decode()
    assert "changed while your page was open, so nothing was sent" in refused
    assert len(re.findall(r'name="asks" value="[^"]+" id="ask-\d+" checked', refused)) == 5
    assert AnswerDraft.objects.get().reasons == "Four."

    typed = all_of_them()
    new = thread.question("Who is watched by the new cameras?", "Tell us whom, and why.").index
    assert client.post(here, typed).status_code == 302
    signed = set(AnswerDraft.objects.exclude(signed_at=None).values_list("about", flat=True))
    assert (len(signed), first in signed, new in signed) == (6, True, False)


def test_questions_sent_together_are_one_line_with_one_date_for_everyone(db, client) -> None:
    thread = today(Thread().open_program())
    many = asked(thread, 12)
    listed = Citation.objects.filter(role="list", citing=many[0]).get().cited
    day = day_in_words(thread.now.date() + timedelta(days=60))
    pages = {"owed": None, "unit": thread.staff, "steward": thread.steward}
    shown = {}
    for page, person in pages.items():
        client.logout()
        if person:
            client.force_login(person)
        shown[page] = client.get(f"{BASE}/{page}/")
    words = {page: one.content.decode().partition("<main")[2] for page, one in shown.items()}
    assert {page: text.count("12 questions") for page, text in words.items()} == dict.fromkeys(pages, 1)
    assert {page: text.count("What does camera") for page, text in words.items()} == dict.fromkeys(pages, 0)
    assert [len(one.context["shown" if page == "unit" else "owed"]) for page, one in shown.items()] == [
        1,
        1,
        1,
    ]
    assert words["owed"].count(day) == 1
    assert (f"/questions/?list={listed}" in words["owed"], "1 thing waits for you" in words["unit"]) == (
        True,
        True,
    )
    assert [(one.owed, len(one.marks)) for one in shown["owed"].context["tallies"]] == [(1, 1)]
    thread.answer(many[0], "told", reasons="One day.")
    owed_now = client.get(f"{BASE}/owed/")
    assert [one.questions for one in owed_now.context["owed"]] == [11]


def test_the_sums_of_a_bureau_agree_with_the_rows_the_rates_and_the_file(db, client) -> None:
    thread = Thread().open_program()
    many = asked(thread, 5)
    for one in many[:3]:
        thread.answer(one, "told", reasons="One day.")
    page = client.get(f"{BASE}/owed/").context
    (tally,) = page["tallies"]
    rows = csv.DictReader(io.StringIO(client.get(f"{BASE}/owed/owed.csv").getvalue().decode()))
    written = [one for one in rows if one["state"] in {"answered", "replied"}]
    assert (tally.written, page["rates"].response.done, len(written)) == (3, 3, 3)
    assert tally.owed + tally.late == len(page["owed"]) == 1


def test_questions_sent_together_are_one_letter_a_stage(db) -> None:
    thread = Thread().open_program()
    many = asked(thread, 12)
    listed = Citation.objects.filter(role="list", citing=many[0]).get().cited
    due, sent = Standing.objects.get(ask=many[0]).answer_due, []
    for days in range(1, 75):
        now = thread.now + timedelta(days=days)
        clock.tick(program=thread.program, now=now, send=lambda *one: sent.append(one[1:]))
    assert len(sent) == len(set(sent)) > 1
    assert {(ask, on) for _office, ask, on, _stage in sent} == {(listed, due)}
    assert (
        LogEntry.objects.filter(kind="ask.silent").count() >= 12
    )  # each question keeps its own clock on the record
    subject, body = reminder_letter(thread.program, listed, due, "before-3", "en")
    assert subject.endswith(f"12 answers are due on {day_in_words(due)}: entry {listed}")
    assert f"Your office owes answers to 12 questions of one list, entry {listed}" in body


def test_many_answers_to_questions_are_one_line_of_a_leads_week_and_what_is_late_is_folded_nowhere(
    db, client
) -> None:
    thread = today(Thread().open_program())
    many = asked(thread, 8)
    client.force_login(thread.first_lead.person)
    for ask in many[:6]:
        thread.answer(ask, "declined", reasons="It is secret.")
    week = client.get(f"{BASE}/week/").content.decode()
    owed, late = standings(thread.program, state__in=OWED), thread.now.date() + timedelta(days=70)
    rows = rows_of(thread.program, pack_of(thread.program), "en", late, owed)
    shown, away = folded([*rows, *rows, *rows])
    told = "6 answers to questions can be contested"
    assert (week.count(f"{told}</a>"), week.count("Read the answer:")) == (1, 0)
    assert ([len(rows), len(shown), away], rows[0].is_question) == ([2, 6, []], True)
    assert [one.questions for one in together(rows)] == [2]


def test_only_a_question_is_told(db) -> None:
    thread = Thread().to_open_engagement().later(40)
    recommended = thread.recommend(thread.find())
    with pytest.raises(GrammarError, match="only a question is told"):
        thread.answer(recommended, "told")


def test_a_question_is_followed_up_once_and_only_after_an_answer(db, client) -> None:
    thread = today(Thread().open_program())
    first, second = asked(thread, 2)
    client.force_login(thread.first_lead.person)
    typed = {"title": "And the copies?", "ask": "Where are the copies?"}
    assert client.post(f"{BASE}/asks/{first}/follow-up/", typed).status_code == 404
    thread.answer(first, "told_in_part", reasons="One day.")
    assert client.post(f"{BASE}/asks/{first}/follow-up/", typed).status_code == 302
    other = {"title": "And who reads them?", "ask": "Who reads the copies?"}
    assert client.post(f"{BASE}/asks/{first}/follow-up/", other).status_code == 409
    assert "And the copies?" in client.get(f"{BASE}/questions/{first}/").content.decode()
    with pytest.raises(GrammarError, match="followed up once"):
        thread.question(**other, office=thread.office.public_id, follows=first)


def test_a_finding_may_look_at_an_answer_and_stays_in_its_own_thread(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    (told, _commitment) = thread.answer(thread.recommend(finding))
    first = thread.promise
    later = findings.publish(
        program=thread.program,
        promise=first,
        seat=thread.first_lead,
        smaller=False,
        voices={"low": 51, "high": 75},
        root="cd" * 32,
        words={"en": {"statement": "People looked, and saw no change."}},
        answers=[told.index],
        now=thread.now,
    )
    assert later.cites["answer"] == (told.index,)
    assert answers_to_cite(thread.program, "en") == [(told.index, "Keep for a day", "en", False)]
    page = client.get(f"{BASE}/follow/{first}/").content.decode()
    assert page.count("People looked, and saw no change.") == 1
    assert page.count(f"It looks at what the City answered: entry {told.index}.") == 1


def test_a_refused_or_silent_question_is_raised_once_and_the_office_above_owes_a_dated_reply(db) -> None:
    thread = Thread().open_program()
    refused, silent, open_one = asked(thread, 3)
    raising = {
        "program": thread.program,
        "seat": thread.first_lead.public_id,
        "words": "We need it.",
        "lang": "en",
    }
    with pytest.raises(GrammarError, match="not late yet"):
        asks.raise_question(ask=open_one, now=thread.now, **raising)
    thread.later(10).answer(refused, "declined", reasons="It is secret.")
    raised = asks.raise_question(ask=refused, now=thread.now, **raising)
    with pytest.raises(GrammarError):
        asks.raise_question(ask=refused, now=thread.now, **raising)
    thread.later(60)
    asks.raise_question(ask=silent, now=thread.now, **raising)
    assert clock.tick(program=thread.program, now=thread.now, send=lambda *told: None) > 0
    assert clock.tick(program=thread.program, now=thread.now, send=lambda *told: None) == 0
    silences = list(LogEntry.objects.filter(kind="raise.silent").values_list("index", flat=True))
    assert len(silences) == 1  # of the refused one; the other reply is not due yet
    above = raised.data["to"]
    asks.reply_above(
        program=thread.program,
        ask=silent,
        office=above,
        person=thread.steward,
        decision="told",
        words="A week.",
        lang="en",
        now=thread.now,
    )
    assert Standing.objects.get(ask=silent).state == "replied"
    size = len(thread.entries())
    clock.tick(program=thread.program, now=thread.later(40).now, send=lambda *told: None)
    late = [parse(index, raw) for index, raw in enumerate(thread.entries())][size:]
    assert [(one.kind, one.cites["ask"]) for one in late] == [("ask.silent", (open_one,))]
    summary = check_log(thread.entries(), origin=thread.program.origin)
    assert [ask for ask, _due in silence_untold(summary)] == []
    before = list(Standing.objects.order_by("ask").values())
    record_folded.rebuild(program=thread.program)
    after = list(Standing.objects.order_by("ask").values())
    assert [{**one, "id": 0} for one in after] == [{**one, "id": 0} for one in before]


def test_the_office_above_is_written_to_once_when_a_question_is_raised_to_it_and_before_its_day(db) -> None:
    thread = Thread().open_program()
    ask, _other = asked(thread, 2)
    thread.answer(ask, "declined", reasons="It is secret.")
    sent = []

    def send(_program, *letter) -> None:
        sent.append(letter)

    clock.tick(program=thread.program, now=thread.now, send=send)
    before = list(sent)
    given = {"program": thread.program, "ask": ask, "lang": "en"}
    seat = thread.first_lead.public_id
    raised = asks.raise_question(seat=seat, words="We need it.", now=thread.now, **given)
    above, due = raised.data["to"], date.fromisoformat(raised.data["reply_due"])
    for _again in range(2):
        clock.tick(program=thread.program, now=thread.now, send=send)
    first = sent[len(before) :]
    days = (due - raised.date).days
    for late in (days - 2, 1):
        clock.tick(program=thread.program, now=thread.later(late).now, send=send)
    last = [one for one in sent if one[0] == above]
    asks.reply_above(
        office=above, person=thread.steward, decision="stands", words="No.", now=thread.later(1).now, **given
    )
    clock.tick(program=thread.program, now=thread.now, send=send)

    assert (before, first) == ([], [(above, ask, due, "raised")])
    assert last == [(above, ask, due, "raised"), (above, ask, due, "raised-before-3")]
    assert [one for one in sent if one[0] == above] == last
    subject, body = reminder_letter(thread.program, ask, due, "raised", "en")
    assert subject.endswith(f"A reply is due on {day_in_words(due)}: entry {ask}")
    assert (body.count("raised entry"), body.count("What does camera"), body.count("secret")) == (1, 0, 0)


def test_the_reply_of_the_office_above_stands_with_its_day_wherever_answers_are_due(db, client) -> None:
    thread = Thread().open_program()
    ask, _other = asked(thread, 2)
    thread.answer(ask, "declined", reasons="It is secret.")
    given = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    raised = asks.raise_question(seat=thread.first_lead.public_id, words="We need it.", **given)
    due = day_in_words(raised.data["reply_due"])

    shown = client.get(f"{BASE}/owed/").content.decode()
    rows = [row for row in shown.split("<tr>") if "The office above owes a reply." in row]
    assert [(f"/questions/{ask}/" in row, due in row, "Office" in row) for row in rows] == [
        (True, True, True)
    ]
    above = make_person(email="above@riverbend.example")
    give_office(person=above, program=thread.program, office=raised.data["to"], from_date=date(2026, 1, 1))
    client.force_login(above)
    assert f"Raised to your office. A reply is due on {due}." in client.get(f"{BASE}/unit/").content.decode()
    assert "Reply: " in client.get(f"{BASE}/unit/dates/").content.decode()
    client.logout()
    cells = ("office", "answer_due", "state", "decision", "owed_now")
    to, last, standing = raised.data["to"], raised.data["reply_due"], Standing.objects.get(ask=ask)
    below = (standing.office, standing.answer_due.isoformat(), "answered", "declined", "no")
    assert row_of(client, ask, *cells) == [below, (to, last, "raised", "", "yes")]
    (unit,) = client.get(f"{BASE}/questions/").context["units"]
    assert (unit[2]["waiting"], unit[2]["above"]) == (1, 1)

    asks.reply_above(office=to, person=thread.steward, decision="told", words="It is 12.", **given)
    assert "The office above owes a reply." not in client.get(f"{BASE}/owed/").content.decode()
    assert row_of(client, ask, *cells) == [below, (to, last, "replied", "told", "no")]
    (unit,) = client.get(f"{BASE}/questions/").context["units"]
    assert (unit[2]["waiting"], unit[2]["above"]) == (1, 0)


def row_of(client, ask: int, *cells: str) -> list[tuple[str, ...]]:
    """Give these cells of each row that the file has for an ask."""
    rows = csv.DictReader(io.StringIO(client.get(f"{BASE}/owed/owed.csv").getvalue().decode()))
    return [tuple(one[cell] for cell in cells) for one in rows if one["ask"] == str(ask)]


@pytest.mark.parametrize(
    ("own", "below"),
    [
        (None, ("asked", "", "1")),
        ("declined", ("answered", "declined", "0")),
        ("deferred", ("deferred", "deferred", "1")),
    ],
)
def test_the_file_tells_each_silence_and_each_answer_of_the_office_whose_it_is(
    db, client, own, below
) -> None:
    thread = Thread().open_program()
    ask, _other = asked(thread, 2)
    if own:
        more = {"until": thread.now.date() + timedelta(days=60)} if own == "deferred" else {}
        thread.answer(ask, own, reasons="It is secret.", **more)
    thread.later(90)
    clock.tick(program=thread.program, now=thread.now, send=lambda *_one: None)
    given = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    raised = asks.raise_question(seat=thread.first_lead.public_id, words="We need it.", **given)
    asks.reply_above(office=raised.data["to"], person=thread.steward, decision="told", words="12.", **given)

    office = Standing.objects.get(ask=ask).office
    assert row_of(client, ask, "office", "state", "decision", "silences") == [
        (office, *below),
        (raised.data["to"], "replied", "told", "0"),
    ]


def test_what_nobody_answered_is_answered_once_the_office_above_tells_it(db) -> None:
    thread = Thread().open_program()
    ask, _other = asked(thread, 2)
    thread.later(90)
    given = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    raised = asks.raise_question(seat=thread.first_lead.public_id, words="We need it.", **given)
    asks.reply_above(office=raised.data["to"], person=thread.steward, decision="told", words="12.", **given)

    standing = Standing.objects.get(ask=ask)
    assert (standing.is_answered, standing.answered) == (True, thread.now.date())
    found = on_their_day(standings(thread.program), thread.now.date())
    assert (found.on_time, found.late, found.missing) == (0, 1, 1)


def test_a_question_that_was_put_off_and_handed_on_names_only_who_has_it_now(client, db):
    thread = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement().later(40)
    other = Unit.objects.filter(program=thread.program, parent=None).exclude(pk=thread.unit.pk).first()
    office = next(one for one in pack_of(thread.program).offices if one.startswith(f"{other.slug}/"))
    ask = thread.question()
    thread.answer(ask, "deferred", until=thread.now.date() + timedelta(days=20))
    asks.transfer(
        program=thread.program,
        ask=ask.index,
        office=thread.manager.public_id,
        to=office,
        words="They keep it.",
        lang="en",
        now=thread.now,
    )

    for page in ("/riverbend/en/questions/", f"/riverbend/en/questions/{ask.index}/"):
        assert " answered · Not yet" not in re.sub(r"<[^>]+>|\s+", " ", client.get(page).content.decode())


def test_a_question_its_list_and_the_file_name_the_office_that_answered_where_it_is_not_the_one_asked(
    db, client
) -> None:
    thread = Thread().open_program()
    refused, told, waits = asked(thread, 3)
    thread.answer(refused, "declined", reasons="It is secret.")
    thread.answer(told, "told", reasons="12.")
    title = pack_of(thread.program).office_title(thread.office.public_id, "en")

    name = f"Asked of {title}; Manager answered · "
    assert f"{name}Declined." in text_of(client.get(f"{BASE}/questions/{refused}/"))
    shown = text_of(client.get(f"{BASE}/questions/"))
    assert (shown.count(name), shown.count(f"{title} · ")) == (2, 1)
    assert row_of(client, refused, "office", "answered_by") == [
        (thread.office.public_id, thread.manager.public_id)
    ]
    assert row_of(client, waits, "answered_by") == [("",)]


def test_the_file_tells_answer_and_reply_apart_each_with_its_day_and_the_project_where_there_is_one(
    db, client
) -> None:
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    (no,) = thread.answer(ask, "declined", reasons="The law asks for it.")
    given = thread.now.date()
    contest = answers.contest(
        program=thread.program,
        answer=no.index,
        seat=thread.first_lead.public_id,
        words="It does not.",
        lang="en",
        now=thread.now,
    )
    thread.later(9)
    data = {"decision": "stands", "signed_off": thread.manager.public_id}
    texts = {"reply": record_entries.Text("en", "It does.")}
    thread.enter("contest.replied", [thread.manager.public_id], data, {"contest": [contest.index]}, texts)
    alone = thread.question()

    cells = ("answered", "answer", "replied", "reply", "project")
    said = (str(given), "The law asks for it.", str(thread.now.date()), "It does.", thread.project.slug)
    assert row_of(client, ask.index, *cells) == [said]
    assert row_of(client, alone.index, *cells) == [("",) * 5]
    told = client.get(f"{BASE}/owed/owed.csv")["Content-Disposition"]
    assert re.search(r'filename="riverbend-owed-\d{4}-\d\d-\d\d\.csv"', told)


def test_the_questions_and_the_answers_due_tell_the_same_number_of_a_raised_question(db, client) -> None:
    thread = today(Thread(now=this_hour()).open_program())
    raised, both, _one, _other = asked(thread, 4)
    thread.answer(raised, "declined", reasons="It is secret.")
    given = {"program": thread.program, "lang": "en", "now": thread.now}
    asks.raise_question(ask=raised, seat=thread.first_lead.public_id, words="We need it.", **given)

    questions = client.get(f"{BASE}/questions/")
    (cells,) = re.findall(r"<tbody>(.*?)</tbody>", questions.content.decode(), re.DOTALL)
    cells = [
        " ".join(re.sub("<[^>]+>", " ", one).split()) for one in re.findall("<td.*?</td>", cells, re.DOTALL)
    ]
    assert cells == ["4", "3 · and 1 reply owed by the office above", "0"]
    for state, many in (("waiting", "3 questions"), ("above", "1 question")):
        assert many in text_of(client.get(f"{BASE}/questions/?state={state}"))

    owed = text_of(client.get(f"{BASE}/owed/"))
    units = owed.partition("By bureau")[2].partition("Not answered yet")[0]
    assert "Questions of one list that are due on one day count here as one." in units
    assert "1 written; 1 still to come" in units  # of the three on the list, due on one day
    assert "None late; 1 still to come" in units  # of the office above
    assert "a question has a second row where the office above owes a reply to it" in owed
    assert [len(row_of(client, ask, "unit")) for ask in (raised, both)] == [2, 1]


def test_a_list_of_questions_tells_its_follow_ups_and_shared_answers_and_leads_to_the_file(
    db, client
) -> None:
    thread = today(Thread(now=this_hour()).open_program())
    first, second, third = asked(thread, 3)
    for ask, said in ((first, "Three days."), (second, "Three days."), (third, "Twelve.")):
        thread.answer(ask, "told", reasons=said)
    follow_up = thread.question("Who checks", "Who checks it?", office=thread.office.public_id, follows=first)
    listed = Citation.objects.filter(role="list", citing=first).get().cited
    every, own = (client.get(f"{BASE}/questions/{tail}").content.decode() for tail in ("", f"?list={listed}"))
    assert [one.count("Another question here has the same answer.") for one in (every, own)] == [2, 2]
    assert [f'href="{BASE}/owed/owed.csv"' in one for one in (every, own)] == [True, True]
    columns = f'href="{BASE}/owed/#columns">What the columns of the file mean'
    assert [columns in one for one in (every, own)] == [True, True]
    on = [row_of(client, one, "asked_on", "project") for one in (first, follow_up.index)]
    assert [on[0], on[0][0][0] != ""] == [on[1], True]
    assert ["By bureau" in one for one in (every, own)] == [True, False]
    day = day_in_words(thread.now.date())
    row = text_of(client.get(f"{BASE}/questions/?list={listed}")).partition("Followed up")[2]
    assert row.startswith(f" · Who checks · {day}")
    assert f'href="{BASE}/questions/{follow_up.index}/"' in own


def test_a_lead_reads_what_contesting_adds_where_the_question_was_raised_already(db) -> None:
    thread = today(Thread(now=this_hour()).open_program())
    raised, other = asked(thread, 2)
    given = {"program": thread.program, "lang": "en", "now": thread.now}
    for ask in (raised, other):
        thread.answer(ask, "declined", reasons="It is secret.")
    asks.raise_question(ask=raised, seat=thread.first_lead.public_id, words="We need it.", **given)
    lead, adds = as_(thread.second_lead.person), "If you contest the answer too, the bureau itself must also"

    for ask, is_said in ((raised, True), (other, False)):
        answer = Standing.objects.get(ask=ask).answer
        pages = (f"{BASE}/questions/{ask}/", f"{BASE}/answers/{answer}/contest/")
        assert [adds in text_of(lead.get(one)) for one in pages] == [is_said] * 2
    assert adds not in text_of(as_(None).get(f"{BASE}/questions/{raised}/"))
    manager = pack_of(thread.program).office_title(thread.manager.public_id, "en")
    assert f"Contest “Declined” by {manager}, until" in text_of(lead.get(f"{BASE}/questions/{raised}/"))


def test_a_search_says_of_a_question_that_it_was_declined_and_raised(db, client) -> None:
    thread = Thread().open_program()
    ask, _other = asked(thread, 2)
    thread.answer(ask, "declined", reasons="It is secret.")
    given = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    raised = asks.raise_question(seat=thread.first_lead.public_id, words="We need it.", **given)

    found = client.get(f"{BASE}/search/", {"q": "camera 0"}).content.decode()

    due = day_in_words(raised.data["reply_due"])
    assert f"<strong>Declined. Raised to the office above. A reply is due on {due}.</strong>" in found


@pytest.mark.parametrize("is_reply", [False, True])
def test_nobody_accepts_a_question(is_reply) -> None:
    form = AnswerForm(stands="", offices=[], languages=["en"], is_question=True, is_reply=is_reply)

    assert list(form.said) == (
        ["stands", "told"] if is_reply else ["told", "told_in_part", "declined", "deferred"]
    )


def test_a_finding_and_advice_may_look_at_what_the_office_above_replied(db, client) -> None:
    review = Review()
    thread = review.thread
    ask, _other = asked(thread, 2)
    thread.answer(ask, "declined", reasons="It is secret.")
    given = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    raised = asks.raise_question(seat=thread.first_lead.public_id, words="We need it.", **given)
    reply = asks.reply_above(
        office=raised.data["to"], person=thread.steward, decision="told", words="A week.", **given
    )
    declined = LogEntry.objects.get(kind="answer.given").index

    to_cite = answers_to_cite(thread.program, "en")
    client.force_login(thread.first_lead.person)
    page = client.get(f"{BASE}/consultations/{SLUG}/advise/").content.decode()
    sent = {"advice": "Keep a day.", "title_1": "A day", "ask_1": "Keep one day.", "answers": [reply.index]}
    client.post(f"{BASE}/consultations/{SLUG}/advise/", sent)

    title = "What does camera 0 keep?"
    assert to_cite == [(reply.index, title, "en", True), (declined, title, "en", False)]
    offered = re.findall(r'name="answers" value="(\d+)"', page)
    assert (offered, page.count(f"{title} (the office above, ")) == ([str(declined), str(reply.index)], 1)
    cited = Citation.objects.filter(role="answer", kind="advice.published").values_list("cited", flat=True)
    assert list(cited) == [reply.index]


@pytest.mark.parametrize("count", [2, MANY])
def test_a_page_of_questions_asks_the_database_equally_often(
    count, db, client, django_assert_num_queries
) -> None:
    thread = today(Thread().open_program())
    asked(thread, count)
    with django_assert_num_queries(PUBLIC):
        client.get(f"{BASE}/questions/?state=waiting")
    client.force_login(thread.staff)
    with django_assert_num_queries(STAFF):
        page = client.get(f"{BASE}/answers/questions/").content.decode()
    assert page.count('name="asks"') == min(count, ROWS_OF_EACH)


def test_questions_of_all_lists_are_answered_a_page_at_a_time_and_a_list_at_once(db, client) -> None:
    thread = today(Thread().open_program())
    asks_there, at = asked(thread, MANY), f"{BASE}/answers/questions/"
    client.force_login(thread.staff)
    page = client.get(f"{at}?page=6")
    last = page.content.decode()
    chosen = re.findall(r'name="asks" value="([^"]+)"', last)
    typed = {"asks": chosen[0], "shown": chosen, "decision": "told", "send": "1", "nonce": nonce_of(page)}
    wrong = client.post(f"{at}?page=1", typed).content.decode()
    sent = client.post(f"{at}?page=6", {**typed, "reasons": "A day."})
    listed = client.get(f"{at}?list={asks_there[0] - 1}").content.decode()

    assert (len(chosen), f"{MANY} questions wait" in last) == (MANY % ROWS_OF_EACH, True)
    assert re.findall(r'name="asks" value="([^"]+)"[^>]* checked', wrong) == [chosen[0]]
    assert (sent.status_code, AnswerDraft.objects.get().about) == (302, asks_there[5 * ROWS_OF_EACH])
    assert listed.count('name="asks"') == MANY


PUBLIC, STAFF = 8, 11


def test_the_clock_asks_once_what_it_told_of_all_that_is_late(db, django_assert_num_queries) -> None:
    thread = Thread().open_program()
    letters: list[int] = []
    for many in (3, 30):
        asked(thread, many)
        thread.now += timedelta(days=200)
        letters.append(clock.tick(program=thread.program, now=thread.now, send=lambda *_: None))
        with django_assert_num_queries(NOTHING_NEW):
            assert clock.tick(program=thread.program, now=thread.now, send=lambda *_: None) == 0
    assert letters == [6, 60 + 3]


@pytest.mark.parametrize("is_over", [False, True])
def test_the_link_to_contest_names_the_answer_its_office_and_its_last_day_until_it_is_over(db, is_over):
    thread = Thread(now=this_hour() - timedelta(days=200 * is_over)).open_program()
    asked_one = thread.question(office=thread.manager.public_id)
    answer = thread.answer(asked_one, "declined")[-1]
    pack = pack_of(thread.program)
    until = day_in_words(answer.date + timedelta(days=pack.clocks.contest_days))
    link = f"Contest “Declined” by {pack.office_title(thread.manager.public_id, 'en')}, until {until}"
    page = text_of(as_(thread.first_lead.person).get(f"{BASE}/questions/{asked_one.index}/"))

    assert (link in page, "Contest “" in page) == (not is_over, not is_over)


def test_a_project_leads_to_what_leads_asked_its_bureau_whatever_it_is_about(db, site_client) -> None:
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    page = f"{BASE}/projects/{thread.project.slug}/"
    assert "Cameras" not in text_of(site_client.get(page))

    first = asked(thread, 2)[0] - 1

    html = site_client.get(page).content.decode()
    assert f'href="{BASE}/questions/?list={first}"' in html
    assert re.search(r">Cameras</a>", html)
    assert site_client.get(f"{BASE}/questions/?list={first}").status_code == 200


def test_what_is_asked_because_of_something_on_a_project_is_on_it_in_the_file_and_in_its_room(
    db, client, django_assert_num_queries
) -> None:
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    other = thread.register_project("cameras", "Cameras", "Three crossings have cameras.")
    finding = thread.find()
    given = {"program": thread.program, "seat": thread.first_lead.public_id, "lang": "en", "now": thread.now}
    office = thread.office.public_id
    many = [("How long?", "Say how long."), ("Who looks?", "Say who looks.")]
    about = {"office": office, "title": "Cameras", "questions": many, "project": other}
    _list, first, second = (one.index for one in asks.question_many(**given, **about))
    own = thread.recommend(finding).index
    thread.answer(first, "told", reasons="Three days.")
    thread.answer(second, "told", reasons="Staff.")
    rests = thread.question(
        "Who checks", "Who checks?", office=office, follows=first, findings=[finding.index]
    )
    thread.answer(rests.index, "told", reasons="We do.")
    again = thread.question("Since when", "Since when?", office=office, follows=rests.index)
    because = thread.question("Why", "Why so long?", office=office, findings=[finding.index])
    alone = thread.question("Alone", "What is it?", office=office)

    mine, cameras = thread.project.slug, "cameras"
    on = {own: mine, first: cameras, second: cameras, because.index: mine, alone.index: ""}
    chained = [rests.index, again.index]
    assert {ask: row_of(client, ask, "project") for ask in on} == {ask: [(slug,)] for ask, slug in on.items()}
    near = [row_of(client, ask, "project") for ask in chained]
    there = [Place(one, None, "projects", one.slug, (), one.entry, None) for one in (thread.project, other)]
    talks = talks_of(rooms_above(thread.program, [*on, *chained]), there, [], thread.now.date())
    assert {ask: one.place.slug for ask, one in talks.items()} == {
        **{ask: slug for ask, slug in on.items() if slug},
        **{ask: slug for ask, [(slug,)] in zip(chained, near, strict=True)},
    }
    for some in ([own], [*on, *chained]):
        with django_assert_num_queries(1):
            stands_on(thread.program, some, [EntryKind.PROJECT_REGISTERED])


def test_a_bureau_that_was_asked_nothing_has_an_empty_list_and_no_problem(client, db):
    thread = today(Thread().open_program())
    asked(thread, 2)
    other = Unit.objects.filter(program=thread.program).exclude(pk=thread.unit.pk).first()
    page = client.get(f"{BASE}/questions/", {"unit": other.slug}).content.decode()
    assert "There is a problem" not in page
    assert "No question matches." in page

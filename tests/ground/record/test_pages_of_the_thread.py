"""Pages that follow the thread show what the record holds, for anyone."""

import dataclasses
import pathlib
import re
from datetime import timedelta

import pytest
from django.utils import translation

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.ground.programs.queries import pack_of
from alongside.ground.texts.actions import translate_text
from alongside.ground.ui.days import day_in_words
from tests.support.remembering import this_hour
from tests.support.thread import Thread


def walked(db) -> Thread:
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    thread.find(smaller=True, voices={"low": 10, "high": 20})
    first = thread.recommend(finding)
    thread.recommend(finding, "Keep for an hour")
    given, commitment = thread.answer(first)
    thread.claim(commitment)
    return thread


def test_the_thread_shows_what_was_asked_answered_and_claimed(db, client) -> None:
    thread = walked(db)
    page = client.get(f"/riverbend/en/follow/{thread.promise}/")
    words = page.content.decode()
    assert page.status_code == 200
    for said in (
        "People want short keeping.",
        "Keep records for one day.",
        "We can do this.",
        "Set it everywhere.",
    ):
        assert said in words


def test_an_entry_begins_with_a_link_to_the_page_where_people_read_it(db, client) -> None:
    thread = Thread(now=this_hour() - timedelta(days=60)).to_open_engagement().later(40)
    finding = thread.find()
    ask, refused = thread.recommend(finding), thread.recommend(finding, "Keep for an hour")
    answer, promise = thread.answer(ask)
    no = thread.answer(refused, "declined")[0]
    said = {"answer": no.index, "seat": thread.first_lead.public_id, "words": "Why?", "lang": "en"}
    contest = answers.contest(program=thread.program, **said, now=thread.now)
    claim, question = thread.claim(promise), thread.question().index
    told = thread.answer(question, "told")[0]
    follow, questions = f"/riverbend/en/follow/{thread.promise}/", "/riverbend/en/questions/"
    places = {
        thread.promise: f"/riverbend/en/engagements/{thread.engagement.slug}/",
        finding.index: f"{follow}#finding-{finding.index}",
        **dict.fromkeys((one.index for one in (ask, answer, promise, claim)), f"{follow}#ask-{ask.index}"),
        **dict.fromkeys((one.index for one in (refused, no, contest)), f"{follow}#ask-{refused.index}"),
        **dict.fromkeys((question, told.index), f"{questions}{question}/"),
        thread.project.entry: f"/riverbend/en/projects/{thread.project.slug}/",
    }
    for index, place in places.items():
        page = client.get(f"/riverbend/en/record/{index}/").content.decode()
        assert re.search(r'href="([^"]+)">Where people read this', page)[1] == place, index
    only_here = thread.log.every("seat.taken")[0].index
    assert "Where people read this" not in client.get(f"/riverbend/en/record/{only_here}/").content.decode()


def test_an_answer_that_says_yes_names_each_milestone_with_its_day(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    days = [thread.now.date() + timedelta(days=each) for each in (30, 60)]
    steps = [("One sign is up.", days[0]), ("All signs are up.", days[1])]
    answer, promise = thread.answer(thread.recommend(thread.find()), milestones=steps)
    page = client.get(f"/riverbend/en/record/{answer.index}/").content.decode()
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words, day in steps:
        assert (
            f"It led to {promise.index}: {words} A promise of the City · due on {day_in_words(day)}" in told
        )


def test_every_page_of_the_desks_opens(db, client) -> None:
    walked(db)
    for address in (
        "",
        "follow/",
        "owed/",
        "owed/owed.csv",
        "record/",
        "record/3/",
        "record/feed.xml",
        "record/entries.csv",
        "about/keeps/",
        "about/promises/",
        "about/accessibility/",
        "about/software/",
    ):
        page = client.get(f"/riverbend/en/{address}")
        assert (address, page.status_code) == (address, 200)


def test_the_page_of_what_is_kept_says_that_a_draft_of_a_report_back_is_not_sealed(db, client) -> None:
    walked(db)
    page = client.get("/riverbend/en/about/keeps/").content.decode()
    assert "whoever runs the server could read it" in page
    assert "all of it until 730 days after the choice" in page


def test_the_pages_of_a_receipt_name_the_press_that_takes_it_out_of_the_tab(db, client) -> None:
    walked(db)
    receipt = client.get("/r/en").content.decode()
    closes = re.search(r'data-does="kept"[^>]*>([^<]+)<', receipt)[1]

    assert f"until you press “{closes}”" in client.get("/riverbend/en/about/keeps/").content.decode()
    assert f'<summary class="button">{closes.removeprefix("Yes, ").capitalize()}<' in receipt


def test_the_page_of_what_is_kept_names_the_day_of_each_question_and_leads_to_the_rules_in_words(
    db, client
) -> None:
    thread = walked(db)
    until = day_in_words(thread.engagement.voices_kept_until)

    page = client.get("/riverbend/en/about/keeps/").content.decode()
    asked = re.sub(r"<[^>]*>", "", page.split("Your words are kept until")[1].partition("</ul>")[0])
    rules = re.search(r'href="(/riverbend/en/record/\d+/)">The rules of the program', page)[1]
    told = client.get(rules).content.decode()

    assert f"title (en): until {until}" in asked
    assert "The last locked copies in backups are gone 30 days later." in asked
    assert "<dd>Until the day that the promise names</dd>" in page
    assert re.search(r"<dt[^>]*>Days in which an office answers</dt>\s*<dd[^>]*>60</dd>", told)
    assert f'href="{rules}">The rules' in client.get("/riverbend/en/about/promises/").content.decode()


def test_everyone_finds_the_source_of_what_runs_here(db, client, settings) -> None:
    walked(db)
    own = client.get("/riverbend/en/about/software/").content.decode()
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, source="https://code.example.org/alongside")

    page = client.get("/riverbend/es/about/software/").content.decode()  # the English page is kept since

    assert "A real site links its source here." in own
    assert 'href="https://code.example.org/alongside"' in page
    assert "git clone https://code.example.org/alongside alongside" in page
    assert "python3 alongside-verify.pyz record" in own and "pip install" not in own


@pytest.mark.parametrize("path", ["software", "accessibility"])
def test_whoever_has_a_question_about_the_site_finds_whom_to_call(db, client, path) -> None:
    thread = walked(db)
    route = pack_of(thread.program).phone

    page = client.get(f"/riverbend/en/about/{path}/").content.decode().split("<main", 1)[1]

    assert f'href="tel:{route.tel}"' in page
    assert 'href="mailto:leads@example.org">leads@example.org</a>' in page
    assert f"Who answers: {route.answered_by.say('en')}." in page


def test_a_government_that_wants_the_program_reads_which_guide_it_needs_and_whom_to_ask_beside_it(db, client):
    walked(db)
    page = client.get("/riverbend/en/about/software/").content.decode()
    told = page.partition("For a government that wants it</h2>")[2]
    order = [
        "docs/how-to/pilot.md",
        "docs/how-to/adopt.md",
        "docs/how-to/operate.md",
        "mailto:leads@example.org",
        "whoever started it can give you a copy",
    ]
    places = [told.index(one) for one in order]
    assert places == sorted(places)
    assert [pathlib.Path(one).is_file() for one in order[:3]] == [True] * 3


def test_the_address_to_write_to_is_told_nowhere_as_a_way_to_speak(db, client):
    thread = Thread(now=this_hour()).to_open_engagement()
    open_page = f"/riverbend/en/engagements/{thread.engagement.slug}/"
    assert "503-555-0142" in client.get(open_page).content.decode()
    for page in (open_page, "/r/en", "/riverbend/en/help/"):
        assert "leads@example.org" not in client.get(page).content.decode(), page


def test_the_thread_says_who_checks_when_the_leads_have_left(db, client) -> None:
    from alongside.cohort.seats.actions import leave_seat

    thread = walked(db)
    words = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    assert "Two leads not paid by that bureau or one above it will check." in words
    for seat in thread.leads:
        leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    words = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    assert "Nobody is seated to check this now." in words


def test_what_a_checker_said_is_marked_as_translated_as_every_other_word_is(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    claim = thread.claim(commitment)
    checked = [thread.check(claim, seat) for seat in (thread.first_lead, thread.second_lead)]
    mark = '<p class="said">Miramos.</p><p class="byline">{}</p>\n'
    with translation.override("es"):  # the same was said in full above on the page
        short = translation.gettext("Translated from %(name)s, not reviewed.") % {"name": "inglés"}

    for reviewed, more in ((False, short), (True, "Traducido de: inglés.")):
        translate_text(
            program=thread.program,
            entry=checked[-1].index,
            by=thread.first_lead.public_id,
            lang="es",
            texts={"check": "Miramos."},
            made_by="person" if reviewed else "machine",
            reviewed=reviewed,
            now=thread.now,
        )
        words = client.get(f"/riverbend/es/follow/{thread.promise}/").content.decode()
        assert mark.format(more) in words
    english = client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    assert "Translated from" not in english.split("We looked.")[1].split("</li>")[0]


def test_a_record_filtered_to_nothing_leads_back_to_all_of_it(db, client) -> None:
    thread = walked(db)
    nothing = client.get("/riverbend/en/record/?kind=finding.published&pen=city").content.decode()
    assert "No entry matches." in nothing
    note = nothing.split('<div class="note">')[1].split("</div>")[0]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', note) == [
        ("/riverbend/en/record/", "Show all entries")
    ]
    whole = client.get("/riverbend/en/record/")
    assert whole.context["found"].size == len(thread.entries())
    assert "No entry matches." not in whole.content.decode()


def test_a_file_of_the_record_is_refused_for_a_filter_that_its_page_refuses(db, client) -> None:
    walked(db)
    for lang, since in (("en", "Since: Enter a valid date."), ("es", "Desde: Introduzca una fecha válida.")):
        page = client.get(f"/riverbend/{lang}/record/?kind=garbage&since=zzz")
        reply = client.get(f"/riverbend/{lang}/record/entries.csv?kind=garbage&since=zzz")
        assert (reply.status_code, reply["Content-Type"]) == (400, "text/plain; charset=utf-8")
        assert "Content-Disposition" not in reply
        kind, day = reply.content.decode().splitlines()
        assert day == since
        for line in (kind, day):
            assert line.split(": ", 1)[1] in page.content.decode()
    fits = client.get("/riverbend/en/record/entries.csv?kind=finding.published&since=")
    assert (fits.status_code, len(fits.getvalue().decode().splitlines())) == (200, 3)


def test_the_entry_that_an_office_takes_more_time_says_until_when(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask, until = thread.recommend(thread.find()).index, thread.today + timedelta(days=200)
    given = {"ask": ask, "office": thread.manager.public_id, "lang": "en", "now": thread.now}
    entry = asks.take_more_time(program=thread.program, until=until, words="We wait.", **given).index
    told = client.get(f"/riverbend/en/record/{entry}/").content.decode()
    assert f"<dt>Answer by</dt><dd>{day_in_words(until)}</dd>" in told.replace("\n", "")

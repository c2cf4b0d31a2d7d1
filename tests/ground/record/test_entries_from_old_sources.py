"""What was reconstructed from old sources is told with its event and its source, and never called made up."""

import re
from html import unescape

import pytest

from alongside.ground.programs.models import Program
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.models import LogEntry
from alongside.ground.texts.actions import reconstruct, translate_text
from tests.promises.attempts import as_
from tests.support.thread import Thread

SOURCE = "https://old.example/report?year=2022&part=1"
MADE_UP = "Demonstration. The people, bureaus, dates and numbers here are made up."
SOURCES = "This site is a demonstration. What is told here comes from the sources named."
BOTH = (
    "This site is a demonstration. What is told from old sources comes from the sources named with it. "
    "The rest is made up."
)


@pytest.fixture
def thread(db):
    thread = Thread().open_program()
    Program.objects.update(is_demonstration=True)
    return thread


def old(thread, sources=(SOURCE,), **more):
    """Enter what a city delivered before there was a record, and translate it."""
    data = {"thread": "counts", "whose": "city", "event_date": "2022-05-03"} | more
    words = {"en": {"title": "The first report", "statement": "The report covers eight bureaus."}}
    entry = reconstruct(
        program=thread.program, step="delivery", data=data, words=words, sources=sources, now=thread.now
    )
    spanish = {"title": "El primer informe", "statement": "El informe abarca ocho oficinas."}
    translate_text(
        program=thread.program,
        entry=entry.index,
        by="steward",
        lang="es",
        texts=spanish,
        made_by="machine",
        reviewed=False,
        now=thread.now,
    )
    return entry


def banner(client, address):
    page = client.get(f"/riverbend/en/{address}").content.decode()
    return re.findall(r'<details class="demo">.*?<p class="wrap">([^<]*?) <a', page, re.S)


def test_the_banner_of_a_demonstration_never_says_of_what_names_its_source_that_it_is_made_up(thread, client):
    entry = old(thread)
    size = sign_head(program=thread.program, now=thread.now).size
    translation = LogEntry.objects.get(kind="text.translated", index=entry.index + 1).index

    told = [
        "past/counts/",
        f"past/counts/statement/{size}/",
        f"record/{entry.index}/",
        f"record/{translation}/",
    ]
    told += [f"record/{entry.index}/translations/", "record/?kind=reconstructed.delivery", "follow/"]

    assert {one: banner(client, one) for one in told} == {one: [SOURCES] for one in told}


def test_a_page_that_tells_of_both_says_which_is_which(thread, client):
    old(thread)

    mixed = ["", "record/", "search/?q=the"]

    assert {one: banner(client, one) for one in mixed} == {one: [BOTH] for one in mixed}
    assert banner(client, "record/0/") == [MADE_UP]


def test_what_a_demonstration_made_up_is_called_made_up(thread, client):
    pages = ["", "record/", "record/0/", "follow/", "search/"]

    assert {one: banner(client, one) for one in pages} == {one: [MADE_UP] for one in pages}


def parts(client, address):
    """Give the facts, the names of the texts and the links out of an entry's page."""
    page = client.get(f"/riverbend/{address}").content.decode().partition("<main")[2]
    said = page.partition('id="words-h"')[2].partition("<details")[0]
    facts = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<d[td]>(.*?)</d[td]>", said)]
    links = re.findall(r'<a href="(http[^"]*)" rel="([^"]*)"', said)
    named = re.findall(r'<div class="sheet"><p class="byline">([^<]*)</p>', said)
    return facts, [(unescape(href), rel) for href, rel in links], sorted(named)


def test_an_entry_from_old_sources_says_when_it_happened_and_who_says_so(thread, client):
    entry = old(thread, until="2022-06")

    pages = [parts(client, f"en/record/{index}/") for index in (entry.index, entry.index + 1)]

    facts, links, named = pages[0]
    assert facts[:3] == ["When it happened", "May 3, 2022 – June 2022", "Source"]
    assert links == [(SOURCE, "noopener noreferrer nofollow")]
    assert named == ["In one line", "What the source says"]
    assert pages[1][0] == facts
    assert pages[1][1:] == (links, named)  # its translation says the same of itself
    assert "entered on" in client.get(f"/riverbend/en/record/{entry.index}/").content.decode()


def test_a_source_that_is_no_address_of_the_web_is_told_and_not_linked(thread, client):
    entry = old(thread, sources=["Minutes of the council, shelf 4", "javascript:alert(1)"])

    facts, links, _named = parts(client, f"en/record/{entry.index}/")

    assert (facts[3], links) == ("Minutes of the council, shelf 4, javascript:alert(1)", [])
    assert 'href="javascript' not in client.get("/riverbend/en/past/counts/").content.decode()


def test_what_a_source_says_is_called_so_where_it_is_translated_and_taken_down(thread):
    entry = old(thread)
    lead = as_(thread.first_lead.person)

    translating = lead.get(f"/riverbend/en/record/{entry.index}/translations/?into=es").context["form"]
    agreeing = lead.get(f"/riverbend/en/record/{entry.index}/agree/").context["form"]

    assert translating["words-statement"].label == "What the source says"
    assert dict(agreeing.fields["name"].choices)["statement"] == "What the source says"

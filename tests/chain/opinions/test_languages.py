"""The map says where people of the same leaning answer a statement otherwise in another language; maps of before still show and are computed again."""

import csv
import json
import random

import pytest
from django.core.management import call_command

from alongside.chain.opinions import actions, queries
from alongside.chain.opinions.models import Map
from alongside.check.opinions import main
from alongside.core.opinions.files import read
from alongside.core.opinions.maps import WITHOUT_LANGUAGES
from alongside.core.opinions.published import computed
from alongside.core.sealing import receipt
from alongside.ground.programs.queries import pack_of
from tests.chain.opinions.cast import SLUG, asked, to_judge
from tests.chain.opinions.test_maps import words_of
from tests.promises.attempts import as_
from tests.support.remembering import remembered

pytestmark = pytest.mark.django_db
MAP, ROOM = (f"/riverbend/en/engagements/{SLUG}/{page}/" for page in ("map", "room"))
#: What Spanish says the other way round here.
TURNED = 3
SAID = "People who read this in Spanish answered otherwise than people of the same leaning who read it in English."
AGAIN = "Read these statements again in both languages"


@remembered
def judged_in_two_languages():
    """Let 160 people judge who lean two ways, half of them in Spanish, where one statement says the opposite; the last day is over."""
    thread = to_judge()
    chance = random.Random(1)
    in_languages = {lang: asked(thread, lang) for lang in ("en", "es")}
    for place in range(160):
        code, lang = receipt.make(chance.randbytes), "es" if place % 4 < 2 else "en"
        side = 1 if place % 2 else -1
        said = {1: 1, 8: -1} | {number: side if number <= 4 else -side for number in range(2, 8)}
        for number, answer in said.items():
            told = -answer if (lang, number) == ("es", TURNED) else answer
            given = {"number": number, "answer": told if chance.random() < 0.9 else 0}
            actions.vote(program=thread.program, asked=in_languages[lang], code=code, now=thread.now, **given)
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)
    return thread


def test_the_map_names_the_statement_and_both_languages_at_the_statement(site_client):
    judged_in_two_languages()
    html = words_of(site_client.get(MAP).content.decode())
    every = html.split("Every statement")[1]

    assert every.count(SAID) == 1
    assert every.split(SAID)[0].rstrip().endswith("Staff may look when something breaks.")
    assert "In one language people answered some statement otherwise" in every
    told = json.loads(site_client.get(MAP.rstrip("/") + ".json").content)["result"]["statements"]
    assert [one["id"] for one in told if any(each["stands_out"] for each in one["languages"])] == [TURNED]


def test_leads_read_it_in_the_room_of_the_engagement_and_the_bureau_does_not():
    thread = judged_in_two_languages()
    room = words_of(as_(thread.first_lead.person).get(ROOM).content.decode())
    assert AGAIN in room
    assert SAID in room
    assert AGAIN not in words_of(as_(thread.boss).get(ROOM).content.decode())


def test_a_map_that_was_drawn_before_all_this_was_told_still_shows(site_client):
    thread = judged_in_two_languages()
    found = Map.objects.get()
    data = json.loads(json.dumps(found.data))
    del data["result"]["taken_in"]
    for one in data["result"]["statements"]:
        del one["taken_in"], one["languages"]
    later = {"until": found.until.replace(year=found.until.year + 1), "salt": b""}
    Map.objects.create(program=thread.program, promise=thread.promise, data=data, **later)
    html = words_of(site_client.get(MAP).content.decode())

    assert "Every statement" in html
    assert "a lead read aloud" not in html
    assert "language" not in html


def test_the_export_tells_in_which_language_each_was_read_and_gives_the_same_map(tmp_path, capsys):
    judged_in_two_languages()
    folder = tmp_path / "votes"
    call_command("opinions", "export", "riverbend", SLUG, str(folder))
    with (folder / "votes.csv").open() as opened:
        assert {one["read-in"] for one in csv.DictReader(opened)} == {"en", "es"}
    assert main([str(folder)]) == 0
    assert "This is the same map" in capsys.readouterr().err


def test_a_map_of_before_languages_were_compared_is_computed_again_from_an_export_of_today(tmp_path, capsys):
    thread = judged_in_two_languages()
    folder = tmp_path / "votes"
    call_command("opinions", "export", "riverbend", SLUG, str(folder))
    votes = read((folder / "votes.csv").read_text(), (folder / "comments.csv").read_text()).votes
    old = computed(votes.unread(), pack_of(thread.program), bytes.fromhex((folder / "salt.txt").read_text()))
    assert old["computed_by"]["method"] == WITHOUT_LANGUAGES
    (folder / "map.json").write_text(json.dumps(old))

    assert main([str(folder)]) == 0
    assert "This is the same map" in capsys.readouterr().err


def test_where_nothing_stands_out_the_page_says_how_much_was_compared():
    alike = {"lang": "es", "beside": "en", "stands_out": False, "one_of_many": False}
    many = alike | {"one_of_many": True}
    assert queries.compared_words({}) == ""
    assert "Too few people" in queries.compared_words({1: [], 2: []})
    assert queries.compared_words({1: [alike], 2: [], 3: [alike]}) == (
        "2 statements were read in more than one language by enough people of the same leaning to compare. "
        "We found no difference. Too few read this one in a second language: 2."
    )
    assert "who read in Spanish answered many" in queries.compared_words({1: [many], 2: [many], 3: [alike]})

"""What leads heard can name the last map of its own engagement; the thread, the statement and the verifier say so."""

import pytest

from alongside.chain.findings import actions as findings
from alongside.chain.reader.queries import to_read
from alongside.check.verdict import mapped
from alongside.core.entries import GrammarError
from alongside.core.kinds import EntryKind
from tests.chain.opinions import test_maps
from tests.chain.opinions.cast import asked
from tests.site.test_statements import address, signed

pytestmark = pytest.mark.django_db


def find(thread, maps, promise=None):
    thread.hear()
    return findings.publish(
        program=thread.program,
        promise=promise or thread.promise,
        seat=thread.first_lead,
        smaller=False,
        voices={"low": 51, "high": 75},
        root="ab" * 32,
        words={"en": {"statement": "People want short keeping."}},
        maps=maps,
        now=thread.now,
    )


def drawn(thread):
    (entry,) = thread.log.every(EntryKind.MAP_DRAWN)
    return entry.index


def test_a_finding_names_the_map_and_its_thread_says_which(site_client):
    thread = test_maps.over()
    entry = find(thread, [drawn(thread)])
    page = test_maps.words_of(site_client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode())

    assert entry.cites["map"] == (drawn(thread),)
    assert f"It is based on the map of where people lean, too: entry {drawn(thread)}." in page


def test_a_finding_that_names_no_map_says_nothing_of_one(site_client):
    thread = test_maps.over()
    find(thread, [])

    assert (
        "It rests on the map"
        not in site_client.get(f"/riverbend/en/follow/{thread.promise}/").content.decode()
    )


def test_the_statement_of_the_project_says_it_too(site_client):
    thread = test_maps.over()
    find(thread, [drawn(thread)])
    page = site_client.get(address(signed(thread)))

    assert f"map of where people lean, too: entry {drawn(thread)}." in page.content.decode()


def test_the_verifier_names_which_finding_rests_on_which_map():
    thread = test_maps.over()
    one = find(thread, [drawn(thread)])

    assert mapped([thread.log.get(drawn(thread)), one]) == (
        f"1 finding rests on a map of statements that people judged, too: entry {one.index} (on the map of entry {drawn(thread)})."
    )
    assert mapped([thread.log.get(drawn(thread))]) == ""


def test_a_finding_cannot_name_the_map_of_another_engagement():
    thread = test_maps.over()
    other = drawn(thread)
    thread.draft_engagement(slug="another").make_keys().open()
    with pytest.raises(GrammarError, match="the map is of another engagement"):
        find(thread, [other])


def test_the_reader_offers_the_map_once_it_is_drawn_for_good():
    thread = test_maps.judged()

    def offered():
        door = asked(thread).door
        return to_read(thread.program, thread.engagement, door, "en", thread.today)["map"]

    assert offered() is None
    thread.later(31)
    test_maps.actions.tick(program=thread.program, now=thread.now)
    assert offered() == drawn(thread)


def test_what_was_confirmed_before_findings_named_maps_still_counts():
    said = {
        "promise": 1,
        "smaller": False,
        "voices": "fewer",
        "root": "ab" * 32,
        "words": {"en": {"statement": "x"}},
    }
    assert findings.finding_hash(said) != findings.finding_hash({**said, "maps": [3]})
    assert "maps" not in findings.NOTHING_MORE

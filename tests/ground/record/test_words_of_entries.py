"""Entries are told in words: what they are about, what they rest on, how many there are."""

import re

from alongside.core.grammar import Entry, parse
from alongside.core.grammar.v1 import KINDS
from alongside.ground.record.text_names import text_called
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

    on = re.findall(r'It rests on <a href="[^"]*">(\d+)</a> <span class="hint">([^<]*)</span>', page)
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

    assert "The record has 5,000 entries." in page


def test_a_translation_shows_its_own_words_and_says_of_no_text_that_it_was_taken_down(db, client) -> None:
    thread = Thread().to_open_engagement()
    entries = [parse(index, raw) for index, raw in enumerate(thread.entries())]
    spanish = next(one for one in entries if one.kind == "text.translated" and one.data["lang"] == "es")

    pages = [
        client.get(f"/riverbend/{lang}/record/{spanish.index}/").content.decode() for lang in ("en", "es")
    ]

    assert [sorted(set(re.findall(r"\w+ \(\w\w\)", page))) for page in pages] == [
        sorted(f"{name} (es)" for name in spanish.texts if name != "form")
    ] * 2
    assert ["taken down" in page for page in pages] == [False, False]


def test_every_text_an_entry_may_hold_is_called_by_words_and_not_by_its_code() -> None:
    held = {name for kind in KINDS.values() for name in (*kind.texts, *kind.may_text)}

    assert sorted(name for name in held if text_called(name) == name) == []

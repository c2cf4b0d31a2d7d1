"""The page of an entry compares its words, the entry and the proof, and says which of them was changed in the database."""

import pytest
from django.db import connection
from django.utils.translation import gettext, override

from alongside.check.cli import main
from alongside.core.grammar.general import LONGEST_NAME
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.models import PublicText
from alongside.ground.record.signing import vkey
from alongside.ground.texts.actions import erase_text
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
FIT = "Yes. Every word of this entry above is the one that was written."
TRANSLATED = "Yes. Each translation above was compared with its own hash, and each text without one with the hash in this entry."
FIRST = "Translations were added later: this entry holds the words as they were first written."
IN = "under the log’s signature."


@pytest.fixture
def thread(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    sign_head(program=thread.program, now=thread.now)
    return thread


def tamper(table, sql, given):
    """Change what is there, as whoever owns the database can."""
    sqlite = connection.vendor == "sqlite"
    names = [f"{table}_no_{what}" for what in ("update", "delete")]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {name}" if sqlite else f"DROP TRIGGER IF EXISTS {name} ON {table}"
            )
        cursor.execute(sql, given)


def shown(client, index, lang="en"):
    return text_of(client.get(f"/riverbend/{lang}/record/{index}/"))


def test_the_page_says_that_words_and_proof_were_compared(client, thread):
    told = shown(client, thread.promise)
    assert (FIT in told, IN in told) == (True, True)
    assert FIT in shown(client, thread.promise + 1)  # its words in the other language


def test_an_entry_says_first_who_wrote_it_and_folds_the_proof_behind_plain_words(client, thread):
    reply = client.get(f"/riverbend/en/record/{thread.promise}/")
    page = reply.content.decode()
    above, _fold, folded = page.partition("<summary>The proof itself, to check without us</summary>")

    assert "Both : Libraries and Halls Unit, Manager, Lead (place" in text_of(reply)
    assert "Whoever keeps a copy of the public log sees it if an entry is changed later." in above
    technical = ("Signed head", "The path to the root", "Leaf", ".tlog-proof", "--vkey")
    assert [one in above for one in technical] == [False] * 5
    assert [one in folded for one in technical] == [True] * 5


def test_the_page_names_words_that_were_changed(client, thread):
    tamper(
        "record_publictext",
        "UPDATE record_publictext SET words = 'All of it.' WHERE entry = %s AND name = 'can_change'",
        [thread.promise],
    )
    told = shown(client, thread.promise)
    assert (
        FIT in told,
        "No. Somebody changed these words after they were written: What can change." in told,
    ) == (
        False,
        True,
    )
    assert FIT in shown(client, thread.promise + 1)


def test_words_whose_hash_was_changed_with_them_are_found(client, thread):
    import hashlib

    made = hashlib.sha256(bytes(16) + b"All of it.").hexdigest()
    tamper(
        "record_publictext",
        "UPDATE record_publictext SET words = 'All of it.', sha256 = %s, salt = %s WHERE entry = %s AND name = 'title'",
        [made, bytes(16), thread.promise],
    )
    assert "No. Somebody changed these words after they were written: " in shown(client, thread.promise)


def test_a_translation_that_was_changed_is_named_where_it_is_read(client, thread):
    tamper(
        "record_publictext",
        "UPDATE record_publictext SET words = 'Nada.' WHERE entry = %s AND name = 'consent'",
        [thread.promise + 1],
    )
    assert FIT in shown(client, thread.promise)
    assert FIT not in shown(client, thread.promise, "es")
    assert FIT not in shown(client, thread.promise + 1)


def test_words_that_are_gone_without_an_entry_that_says_why_are_told(client, thread):
    tamper(
        "record_publictext",
        "DELETE FROM record_publictext WHERE entry = %s AND name = 'consent'",
        [thread.promise],
    )
    told = shown(client, thread.promise)
    assert "No. These words are gone, and no entry says why: What their words are used for." in told
    assert "was taken down on a legal ground" not in told


def test_words_that_were_taken_down_are_no_fault(client, thread):
    text = PublicText.objects.get(entry=thread.promise, name="consent")
    by = ["steward", thread.first_lead.public_id]
    given = {"entry": text.entry, "sha256": text.sha256, "ground": "Order 7", "by": by}
    erase_text(program=thread.program, now=thread.now, **given)
    told = shown(client, thread.promise)
    assert (FIT in told, "A text of this entry was taken down on a legal ground." in told) == (True, True)


def test_an_entry_that_was_changed_is_not_told_to_be_in_the_tree(client, thread):
    tamper(
        "record_logentry",
        'UPDATE record_logentry SET raw = %s WHERE "index" = %s',
        [thread.entries()[thread.promise].replace(b'"cap":5000', b'"cap":5001'), thread.promise],
    )
    told = shown(client, thread.promise)
    assert (IN in told, "No. This entry is not the one that was signed." in told) == (False, True)


def kept(client, thread, folder):
    """Download what the page offers, and give the command that it prints."""
    page = client.get(f"/riverbend/en/record/{thread.promise}/")
    for name in ("tlog-proof", "json", "texts.json"):
        file = folder / f"{thread.promise}.{name}"
        file.write_bytes(client.get(f"/riverbend/record/entries/{file.name}").content)
    printed = page.content.decode().split("alongside-verify.pyz ")[1].split("</pre>")[0].split()
    return [str(folder / one) if one.startswith(f"{thread.promise}.") else one for one in printed]


def test_the_command_that_the_page_prints_compares_the_words(client, thread, tmp_path, capsys):
    command = kept(client, thread, tmp_path)
    assert (command[-1], main(command)) == (vkey(thread.program), 0)
    assert "All 7 texts of these entries fit their hashes." in capsys.readouterr().out
    tamper(
        "record_publictext",
        "UPDATE record_publictext SET words = 'All of it.' WHERE entry = %s AND name = 'can_change'",
        [thread.promise],
    )
    assert main(kept(client, thread, tmp_path)) == 1
    assert "holds words that do not fit their hash" in capsys.readouterr().err


def test_an_entry_read_in_another_language_says_that_it_shows_translations_and_leads_to_the_first_words(
    client, thread
):
    page = client.get(f"/riverbend/es/record/{thread.promise}/").content.decode()
    proof = page[page.index('<ul class="list checks"') :].partition("</ul>")[0]
    with override("es"):
        words = [gettext(FIT), gettext(TRANSLATED), gettext(FIRST)]
    assert [one in proof for one in words] == [False, True, True]
    assert f'<a href="/riverbend/en/record/{thread.promise}/">' in proof
    assert TRANSLATED not in shown(client, thread.promise)
    assert TRANSLATED not in shown(client, thread.promise + 1)  # itself a translation, in its own words


def test_the_longest_name_of_a_text_that_the_grammar_takes_has_room_in_the_database():
    assert PublicText._meta.get_field("name").max_length >= LONGEST_NAME

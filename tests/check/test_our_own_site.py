"""The site serves its record so that the verifier, knowing nothing but the address, finds it in order."""

import contextlib
import dataclasses
import sqlite3
from datetime import timedelta
from urllib.request import urlopen

import pytest
from django.db import connection

from alongside.chain.voices import actions as intake
from alongside.core.ledger.hashing import leaf_hash
from alongside.ground.record.actions import heads
from alongside.ground.record.models import PublicText
from alongside.ground.texts import actions as texts_actions
from tests.check.records import CODE, MARK, fake
from tests.check.test_record import WRITTEN_DOWN
from tests.support.remembering import this_hour
from tests.support.thread import Thread


@pytest.fixture
def thread(db, settings, tmp_path):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    thread = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement()
    heads.sign_head(program=thread.program, now=thread.now)
    return thread


@pytest.fixture
def address(live_site, thread):
    return f"{live_site}/{thread.program.slug}/record"


@pytest.fixture
def check(verify, address, tmp_path):
    return lambda: verify("record", address, "--state", tmp_path / "seen.json")


@contextlib.contextmanager
def owning_the_database():
    """Do what only someone with the file of the database can: change it past every trigger."""
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as owner:
        for (trigger,) in owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            owner.execute(f'DROP TRIGGER "{trigger}"')
        yield owner
        owner.commit()


def test_a_record_in_use_holds_and_holds_again_after_it_grew_and_a_text_was_taken_down(check, thread):
    code, said, wrong = check()
    assert (code, wrong) == (0, "")
    size = len(thread.entries())
    finding = thread.later(40).find()
    intake.publish_batches(program=thread.program, now=thread.now)
    thread.answer(thread.recommend(finding), "declined")
    texts_actions.erase_text(
        program=thread.program,
        entry=finding.index,
        sha256=finding.texts["statement"]["sha256"],
        ground="ORS 192.355",
        by=[thread.first_lead.public_id, "steward"],
        now=thread.now,
    )
    erasing = len(thread.entries()) - 1
    heads.sign_head(program=thread.program, now=thread.now)
    code, said, wrong = check()
    assert (code, wrong) == (0, "")
    assert said.count(f"it still begins with the {size} entries seen on") == 1
    assert (
        said.count(f"A text of entry {finding.index} was taken down; entry {erasing} says on what ground.")
        == 1
    )


def test_words_changed_by_the_owner_of_the_database_are_found(check, thread):
    text = PublicText.objects.order_by("pk")[0]
    assert check()[0] == 0
    with owning_the_database() as owner:
        owner.execute("UPDATE record_publictext SET words = words || ' and more' WHERE id = ?", [text.pk])
    code, _, wrong = check()
    assert (code, wrong) == (
        1,
        f"This does not hold. The file texts/0.json holds words that do not fit their hash {text.sha256!r}: "
        "they were changed.",
    )


def test_a_receipt_is_found_at_its_address(verify, thread, address):
    promised = verify("receipt", "--at", address, typed=CODE)
    assert (promised[0], promised[1].startswith("This receipt is not on the public log yet.")) == (0, True)
    marks = sorted([MARK, *map(fake, range(20))])
    cited = {"engagement": [thread.promise]}
    batch = thread.enter("voices.published", ["clock"], {"marks": marks, "part": 1}, cited)
    heads.sign_head(program=thread.program, now=thread.now)
    published = verify("receipt", "--at", address, typed=CODE)
    assert published[1].startswith(
        f"This voice was published in entry {batch.index} on {batch.date}, in the engagement “"
    )


def test_a_proof_from_the_site_stands_on_its_own(verify, thread, address, tmp_path):
    with urlopen(f"{address}/entries/{thread.promise}.tlog-proof") as reply:
        (tmp_path / "promise.tlog-proof").write_bytes(reply.read())
    with urlopen(f"{address}/vkey") as reply:
        vkey = reply.read().decode()
    code, said, wrong = verify("proof", tmp_path / "promise.tlog-proof", "--vkey", vkey)
    assert (code, wrong) == (0, "")
    assert said.startswith(
        f"This is entry {thread.promise} of the public log {thread.program.origin}: engagement.promised, dated"
    )


def rewrite(owner, index):
    """Change an entry in the database, as its owner can: the line, its hash, and no trigger left to object."""
    (raw,) = owner.execute('SELECT raw FROM record_logentry WHERE "index" = ?', [index]).fetchone()
    changed = raw.replace(b'"demonstration":false', b'"demonstration":true')
    assert changed != raw
    owner.execute(
        'UPDATE record_logentry SET raw = ?, leaf = ? WHERE "index" = ?', [changed, leaf_hash(changed), index]
    )


def test_an_entry_changed_by_the_owner_of_the_database_is_found(check, thread):
    assert check()[0] == 0
    with owning_the_database() as owner:
        rewrite(owner, 0)
    code, _, wrong = check()
    size = len(thread.entries())
    assert (code, wrong) == (
        1,
        f"This does not hold. The {size} entries do not lead to the head that the log signed: "
        "an entry was changed, removed, put in or swapped, and the tiles were made anew to hide it."
        + WRITTEN_DOWN.format(size),
    )

"""The log gets another key: planned, or because somebody else may have the old one."""

import dataclasses
import shutil

import pytest
from django.core.management import CommandError, call_command

from alongside.check.record import verify_record
from alongside.check.source import SavingSource, WebSource
from alongside.check.state import State
from alongside.core.canonical import canonical
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError, leaf_hash
from alongside.core.ledger.keys import KeyKind, Signer, parse_vkey
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.actions.heads import change_key, distrust_key, sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.acts import Nobody, SignatureNeededError, signed_by
from alongside.ground.record.models import Head, Log, LogEntry
from alongside.ground.record.signing import SigningKeyError, next_key, read_key, vkey, write_safely
from alongside.ground.record.take_down_codes import offer_key
from alongside.site.backups import backup, restore
from alongside.site.resuming import resume
from tests.site.conftest import opened
from tests.site.test_backups import folder, lose_everything  # noqa: F401 -- folder is a fixture
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db


def is_signed(head, key):
    """Say whether a key signed a head."""
    try:
        return bool(open_checkpoint(head.note, [parse_vkey(key)]))
    except LedgerError:
        return False


def test_both_keys_sign_the_change_and_the_new_one_alone_the_heads_after_it(
    both_databases, settings, tmp_path, clock
):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    program = opened("delta", clock)
    sign_head(program=program, now=clock)
    old = vkey(program)

    entry = change_key(program=program, now=clock)

    new, last = vkey(program), Head.objects.order_by("pk").last()
    assert (entry.kind, entry.by, entry.data["old"], entry.data["new"]) == (
        "record.rekeyed",
        ("clock",),
        old,
        new,
    )
    assert (last.size, is_signed(last, new), is_signed(last, old)) == (entry.index + 1, True, False)
    assert {one.name for one in (tmp_path / "keys").iterdir()} == {"delta.key", "delta.high"}


def test_who_checked_before_the_change_checks_on(live_site, delta, clock, tmp_path):
    state, source = State(tmp_path / "seen.json"), WebSource(f"{live_site.url}/delta/record")
    sign_head(program=delta, now=clock)
    verify_record(source, state=state, today=clock.date())
    change_key(program=delta, now=clock)
    says = verify_record(source, state=state, today=clock.date()).says
    assert "the key that took the place of the one you knew, as entry 2 says" in says


def test_a_crash_after_the_entry_leaves_a_log_that_goes_on_with_the_new_key(delta, clock, settings):
    keys = settings.ALONGSIDE.keys
    sign_head(program=delta, now=clock)
    old = (keys / "delta.key").read_bytes()
    change_key(program=delta, now=clock)
    new = vkey(delta)
    # as the disk and the database are when the machine fell after the entry
    write_safely(keys / "delta.key.next", (keys / "delta.key").read_bytes())
    write_safely(keys / "delta.key", old)
    Log.objects.update(vkey=LogEntry.objects.order_by("-index").first().parsed.data["old"])
    enter_policy(program=delta, now=clock)

    assert is_signed(sign_head(program=delta, now=clock), new)
    assert (vkey(delta), (keys / "delta.key.next").exists()) == (new, False)


def test_a_key_that_was_made_for_a_change_that_did_not_come_signs_nothing(delta, clock):
    before = vkey(delta)
    first = next_key(delta)
    assert next_key(delta) == first  # an entry may name it still
    enter_policy(program=delta, now=clock)
    assert is_signed(sign_head(program=delta, now=clock), before)
    assert read_key(delta).verifier.vkey == before


def test_a_machine_with_the_old_key_alone_signs_no_more(delta, clock, settings):
    keys = settings.ALONGSIDE.keys
    sign_head(program=delta, now=clock)
    shutil.copy(keys / "delta.key", keys / "kept")
    change_key(program=delta, now=clock)
    shutil.copy(keys / "kept", keys / "delta.key")
    enter_policy(program=delta, now=clock)
    with pytest.raises(SigningKeyError, match="is not the one its record is signed with"):
        sign_head(program=delta, now=clock)


def test_a_backup_from_before_the_change_takes_it_back_from_a_mirror(live_site, folder, delta, clock):
    sign_head(program=delta, now=clock)
    backup(folder / "old.tar.gz")
    change_key(program=delta, now=clock)
    new = vkey(delta)
    source = SavingSource(WebSource(f"{live_site.url}/delta/record"), folder / "mirror")
    verify_record(source, state=State(folder / "seen.json"), today=clock.date())
    source.keep()
    lose_everything()
    restore(folder / "old.tar.gz")
    assert vkey(delta) != new

    resume(program=delta, address=str(folder / "mirror"))

    enter_policy(program=delta, now=clock)
    assert is_signed(sign_head(program=delta, now=clock), new)
    assert vkey(delta) == new


WHY = "A disk with the key was stolen."
BASE = "/riverbend/en/record/key/"


@pytest.fixture
def thread(db, settings, tmp_path) -> Thread:
    """Give a program with leads who have keys, whose head is signed."""
    made = Thread(now=this_hour()).open_program().found_keys()
    sign_head(program=made.program, now=made.now)
    return made


def line_of(thread, capsys):
    """Let the operator make the new key, and give the line that a lead copies."""
    call_command("record_rekey", thread.program.slug, "--distrust")
    return capsys.readouterr().out.strip().splitlines()[-1]


def sent(client, thread, line):
    client.force_login(thread.first_lead.person)
    return client.post(BASE, {"key": line, "reason": WHY})


def test_a_lead_says_with_her_own_signature_that_a_key_is_not_trusted(client, thread, capsys):
    old = vkey(thread.program)
    line = line_of(thread, capsys)
    assert vkey(thread.program) == old
    led = sent(client, thread, line)
    assert "It is on the public log." in client.get(led["Location"]).content.decode()
    last = LogEntry.objects.order_by("-index").first().parsed
    assert (last.kind, last.data["old"], sorted(last.by), list(last.act["sigs"])) == (
        "record.distrusted",
        old,
        sorted([thread.first_lead.public_id, "steward"]),
        [thread.first_lead.public_id],
    )
    head = sign_head(program=thread.program, now=thread.now)
    new = vkey(thread.program)
    assert (last.data["new"], is_signed(head, new), is_signed(head, old)) == (new, True, False)
    # the line stood for the key that is in force now: it names no other
    page = sent(client, thread, line)
    assert page.status_code == 200
    assert LogEntry.objects.order_by("-index").first().parsed == last


def test_where_the_key_that_the_log_names_is_gone_nothing_is_signed(client, thread, capsys, settings):
    assert sent(client, thread, line_of(thread, capsys)).status_code == 302
    (settings.ALONGSIDE.keys / "riverbend.key.next").unlink()
    with pytest.raises(SigningKeyError, match="is not the one its record is signed with"):
        sign_head(program=thread.program, now=thread.now)


def test_a_row_that_nobody_signed_takes_no_key_away(thread, settings):
    keys = settings.ALONGSIDE.keys
    before, new = (keys / "riverbend.key").read_bytes(), next_key(thread.program).verifier.vkey
    log, line = Log.objects.get(), LogEntry.objects.order_by("-index").first()
    value = {**line.parsed.value, "kind": "record.distrusted", "pen": "program", "cites": {}, "texts": {}}
    value |= {
        "by": [thread.first_lead.public_id, "steward"],
        "data": {"old": vkey(thread.program), "new": new},
    }
    value.pop("act", None)
    raw = canonical(value)
    row = {
        "kind": "record.distrusted",
        "date": line.date,
        "pen": "program",
        "raw": raw,
        "leaf": leaf_hash(raw),
    }
    LogEntry.objects.create(log=log, index=log.size, **row)
    with pytest.raises(SigningKeyError):
        sign_head(program=thread.program, now=thread.now)
    assert ((keys / "riverbend.key").read_bytes(), (keys / "riverbend.key.next").exists()) == (before, True)


def test_without_her_signature_nothing_is_written(client, thread, capsys):
    line, before = line_of(thread, capsys), LogEntry.objects.count()
    with signed_by(Nobody()):
        page = sent(client, thread, line)
    assert (page.status_code, LogEntry.objects.count()) == (200, before)
    assert line.split(":")[0] in page.content.decode()
    with signed_by(Nobody()), pytest.raises(SignatureNeededError):
        distrust_key(
            program=thread.program,
            new=next_key(thread.program).verifier.vkey,
            reason=Text("en", WHY),
            by=thread.first_lead.public_id,
            now=thread.now,
        )


def test_a_key_that_no_machine_of_the_site_made_is_not_named(client, thread):
    other = Signer(thread.program.origin, KeyKind.ED25519, b"t" * 32).verifier.vkey
    before = LogEntry.objects.count()
    elsewhere = Program(slug="another")
    gone = offer_key(thread.program, other)  # the operator made this once, and the file is gone
    for line in (other, f"{other}:abc:def", offer_key(elsewhere, other), gone):
        page = sent(client, thread, line)
        assert "Ask whoever runs the site for a new one" in page.content.decode()
    assert LogEntry.objects.count() == before


def test_only_a_lead_gets_the_page(client, thread):
    for person in (None, thread.steward, thread.staff, thread.boss):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(BASE).status_code in {403, 302}
    client.force_login(thread.first_lead.person)
    assert client.get(BASE).status_code == 200


def test_a_machine_without_the_key_makes_no_next_one(delta, settings):
    (settings.ALONGSIDE.keys / "delta.key").unlink()
    for more in ((), ("--distrust",)):
        with pytest.raises(CommandError, match="No key to sign with"):
            call_command("record_rekey", "delta", *more)
    assert not (settings.ALONGSIDE.keys / "delta.key.next").exists()

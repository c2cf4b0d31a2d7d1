"""The log gets another key: planned, or because somebody else may have the old one."""

import dataclasses
import html
import shlex
import shutil
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from alongside.check.record import verify_record
from alongside.check.source import SavingSource, WebSource
from alongside.check.state import State
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.keys import parse_vkey
from alongside.ground.record.actions import change_key, enter_policy, sign_head
from alongside.ground.record.models import Head, LogEntry
from alongside.ground.record.signing import (
    NoLogKey,
    make_next_key,
    read_beside,
    read_key,
    settle_key,
    vkey,
    write_safely,
)
from alongside.site.backups import backup, restore
from alongside.site.resuming import resume
from tests.site.conftest import opened
from tests.site.test_backups import folder, lose_everything  # noqa: F401 -- folder is a fixture
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db


def signed_by(head, *keys):
    """Say of each key whether it signed a head."""
    found = open_checkpoint(head.note, [parse_vkey(one) for one in keys])[1]
    return [any(one.key.vkey == key for one in found.signatures) for key in keys]


def test_both_keys_sign_the_change_and_the_heads_after_it_until_the_old_one_is_deleted(
    both_databases, settings, tmp_path, clock
):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    program = opened("delta", clock)
    sign_head(program=program, now=clock)
    old = vkey(program)

    entry = change_key(program=program, now=clock)

    new = vkey(program)
    assert (entry.kind, entry.by, new != old) == ("record.rekeyed", ("clock",), True)
    assert signed_by(Head.objects.order_by("pk").last(), new, old) == [True, True]
    assert {one.name for one in (tmp_path / "keys").iterdir()} == {"delta.key", "delta.key.old", "delta.high"}
    (tmp_path / "keys/delta.key.old").unlink()
    enter_policy(program=program, now=clock)
    assert signed_by(sign_head(program=program, now=clock), new, old) == [True, False]


def test_who_checked_before_the_change_checks_on_and_a_mirror_with_them(live_site, delta, clock, tmp_path):
    state, source = State(tmp_path / "seen.json"), WebSource(f"{live_site.url}/delta/record")
    sign_head(program=delta, now=clock)
    verify_record(source, state=state, today=clock.date())
    change_key(program=delta, now=clock)
    says = verify_record(source, state=state, today=clock.date()).says
    assert "the key that took the place of the one you know, as entry 2 says" in says


def test_a_crash_between_the_entry_and_its_files_leaves_a_log_that_goes_on(delta, clock, settings):
    keys = settings.ALONGSIDE.keys
    sign_head(program=delta, now=clock)
    before = (keys / "delta.key").read_bytes()
    change_key(program=delta, now=clock)
    # as the disk is when the machine fell after the entry: the old key is where it was, the new one beside it
    write_safely(keys / "delta.key.next", (keys / "delta.key").read_bytes())
    write_safely(keys / "delta.key", before)
    (keys / "delta.key.old").unlink()

    enter_policy(program=delta, now=clock)
    head = sign_head(program=delta, now=clock)

    assert signed_by(head, vkey(delta), read_beside(delta, "old").verifier.vkey) == [True, True]


def test_a_key_that_was_made_for_a_change_that_did_not_come_signs_nothing(delta, clock, settings):
    before = vkey(delta)
    make_next_key(delta)
    settle_key(delta)
    assert (read_key(delta).verifier.vkey, vkey(delta)) == (before, before)


def test_a_machine_with_the_old_key_alone_signs_no_more(delta, clock, settings):
    keys = settings.ALONGSIDE.keys
    sign_head(program=delta, now=clock)
    shutil.copy(keys / "delta.key", keys / "kept")
    change_key(program=delta, now=clock)
    shutil.copy(keys / "kept", keys / "delta.key")
    enter_policy(program=delta, now=clock)
    with pytest.raises(NoLogKey, match="is not the one its record is signed with"):
        sign_head(program=delta, now=clock)


def test_a_backup_from_before_the_change_takes_it_back_from_a_mirror(live_site, folder, delta, clock):  # noqa: F811 -- as above
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

    assert vkey(delta) == new
    enter_policy(program=delta, now=clock)
    assert signed_by(sign_head(program=delta, now=clock), new) == [True]


WHY = "A disk with the key was stolen."
BASE = "/riverbend/en/record/key/"


@pytest.fixture
def thread(db, settings, tmp_path) -> Thread:
    """Give a program with leads, whose head is signed."""
    made = Thread(now=this_hour()).open_program()
    sign_head(program=made.program, now=made.now)
    return made


def line_for(client, thread, since, reason=WHY):
    """Let a lead write why, and give the words of the line that they get."""
    client.force_login(thread.first_lead.person)
    page = client.post(BASE, {"since": since, "reason": reason})
    return shlex.split(html.unescape(page.content.decode().split('tabindex="0">')[1].split("</pre>")[0]))[3:]


def test_a_lead_and_the_steward_say_that_a_key_is_not_trusted(client, thread, settings):
    old, since = vkey(thread.program), str(date.today() - timedelta(days=3))
    words = line_for(client, thread, since)
    call_command("record_rekey", *words)
    last = LogEntry.objects.order_by("-index").first().parsed
    assert (last.kind, last.data["since"], sorted(last.by)) == (
        "record.distrusted",
        since,
        sorted([thread.first_lead.public_id, "steward"]),
    )
    head = Head.objects.order_by("pk").last()
    assert signed_by(head, vkey(thread.program), old) == [True, False]
    # the code stood for the old key: it changes no later one
    with pytest.raises(CommandError, match="This code does not stand for this"):
        call_command("record_rekey", *words)


def test_another_day_or_reason_than_the_lead_agreed_to_changes_nothing(client, thread):
    words = line_for(client, thread, str(date.today()))
    before = vkey(thread.program)
    for place, other in ((2, "2026-01-01"), (3, "Another reason.")):
        with pytest.raises(CommandError, match="This code does not stand for this"):
            call_command("record_rekey", *words[:place], other, *words[place + 1 :])
    assert vkey(thread.program) == before


def test_only_a_lead_gets_the_code(client, thread):
    for person in (None, thread.steward, thread.staff, thread.boss):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(BASE).status_code in {403, 302}

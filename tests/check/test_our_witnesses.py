"""The site asks the witnesses that its rules name, shows who saw the head, and takes in what others bring; the verifier asks for enough of them."""

import dataclasses
import json
import socket
import threading
import time
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest

from alongside.check.witness import Witness
from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.keys import KeyKind, parse_vkey
from alongside.core.ledger.note import split_note
from alongside.core.ledger.tree import Tree
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record import queries
from alongside.ground.record.actions import heads as record_heads
from alongside.ground.record.models import Head
from alongside.ground.record.signing import HighWater, read_key, vkey, write_high_water
from alongside.ground.record.tasks import seek_cosignatures
from alongside.site.health import findings
from alongside.site.ticking import tick_program
from tests.promises.attempts import adopt, agree
from tests.support.mail import send_what_waits
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.support.witnesses import ask, running

NAMES = ("library.example/witness", "herald.example/witness", "club.example/witness")


@pytest.fixture
def thread(db, settings, tmp_path):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    thread = Thread(now=this_hour()).open_program()
    sign(thread)
    return thread


@pytest.fixture
def three(thread, tmp_path):
    """Run three witnesses that know the log: a library, a newspaper, a club whose key is another kind."""
    kinds = (KeyKind.COSIGNATURE, KeyKind.COSIGNATURE, KeyKind.COSIGNATURE_ML_DSA)
    key = parse_vkey(vkey(thread.program))
    with ExitStack() as stack:
        yield [
            stack.enter_context(running(tmp_path / name.split(".")[0], key, name=name, kind=kind))
            for name, kind in zip(NAMES, kinds, strict=True)
        ]


def sign(thread):
    return record_heads.sign_head(program=thread.program, now=thread.now)


def name_witnesses(thread, tmp_path, three, without_address=()):
    """Let rules that name the three be adopted, two of whom are enough, and sign the head."""
    names = ("City_library", "Riverside_Herald", "Garden_club")
    lines = [
        f"witness {name} {one.vkey}{'' if place in without_address else f' {one.address}'}"
        for place, (name, one) in enumerate(zip(names, three, strict=True))
    ]
    lines += [f"group outside 2 {' '.join(names)}", "quorum outside"]
    text = f"witnesses = {json.dumps(lines)}\n{shipped_pack('neutral')}"
    adopt(thread, text, tmp_path)
    agree(thread.first_lead)
    agree(thread.second_lead)
    return sign(thread)


def collect(thread):
    """Let the worker ask who has not cosigned, as after a tick that signed."""
    asked = seek_cosignatures(thread.program, thread.now, signed=True)
    send_what_waits()
    return asked


def grow(thread, title="Another"):
    thread.register_project(title.lower().replace(" ", "-"), title, "Something that the City decides.")
    return sign(thread)


def unwell(now):
    return [one.name for one in findings(now) if not one.well]


def shown(client):
    return client.get("/riverbend/record/checkpoint").content.decode()


def test_a_head_is_cosigned_by_all_three_shown_on_pages_and_told_by_the_verifier(
    thread, three, client, tmp_path, verify, live_site
):
    name_witnesses(thread, tmp_path, three)
    assert (collect(thread), collect(thread)) == (True, False)
    keys = [parse_vkey(one) for one in (vkey(thread.program), *(each.vkey for each in three))]
    found, opened = open_checkpoint(shown(client), keys)
    assert (found.size, len(opened.signatures)) == (len(thread.entries()), 4)
    page = client.get("/riverbend/en/record/").content.decode()
    foot = "Seen from outside by 3 of 3: <bdi>City library, Riverside Herald, Garden club</bdi>."
    assert (page.count(foot), "3 of 3" in page.split('id="check"')[1]) == (1, True)
    code, said, wrong = verify("record", f"{live_site}/riverbend/record", "--state", tmp_path / "seen.json")
    assert (code, wrong) == (0, "")
    assert "and cosigned by City library (on 20" in said


def test_each_tick_that_signs_has_witnesses_asked_and_others_only_after_ten_minutes(thread, three, tmp_path):
    name_witnesses(thread, tmp_path, three)
    thread.register_project("bus-lanes", "Bus lanes", "Where buses get a lane.")
    tick_program(thread.program, thread.now)
    send_what_waits()
    assert queries.head_of(thread.program).seen["enough"] is True
    away = three[1].witness.folder / "key"
    away.rename(tmp_path / "away")
    thread.register_project("curbs", "Curbs", "Which curbs are lowered.")
    seen = []
    for minutes in (1, 2, 12):
        tick_program(thread.program, thread.now + timedelta(minutes=minutes))
        send_what_waits()
        seen.append(queries.head_of(thread.program).seen["by"])
        if minutes == 1:
            tmp_path.joinpath("away").rename(away)
    two, all_three = ["City library", "Garden club"], ["City library", "Riverside Herald", "Garden club"]
    assert seen == [two, two, all_three]


def test_a_witness_that_saw_an_earlier_head_gets_the_proof_from_there(thread, three, client, tmp_path):
    name_witnesses(thread, tmp_path, three)
    collect(thread)
    grow(thread)
    alone = {"program": thread.program, "text": queries.head_of(thread.program).text, "now": thread.now}
    assert record_heads.keep_cosignatures(**alone, lines="— library.example/witness AAAA\nnothing\n") is None
    collect(thread)
    first = three[0].witness.seen(thread.program.origin)
    grow(thread, "A third")
    three[1].witness.folder.joinpath("key").rename(tmp_path / "away")  # it answers 500 meanwhile
    collect(thread)
    tmp_path.joinpath("away").rename(three[1].witness.folder / "key")
    grow(thread, "A fourth")
    collect(thread)
    head = queries.head_of(thread.program)
    assert (first.size < head.size, head.seen) == (
        True,
        {"by": ["City library", "Riverside Herald", "Garden club"], "of": 3, "enough": True},
    )


@pytest.mark.usefixtures("both_databases")
def test_the_head_that_enough_saw_is_served_while_the_newest_waits(thread, three, client, tmp_path):
    name_witnesses(thread, tmp_path, three)
    collect(thread)
    before = shown(client)
    newest = grow(thread)
    assert shown(client) == before
    page = client.get("/riverbend/en/record/").content.decode()
    assert ("Seen from outside by" in page, "3 of 3" in page.split('id="check"')[1]) == (False, True)
    proof, last = client.get("/riverbend/record/entries/1.tlog-proof"), newest.size - 1
    assert proof.content.decode().endswith(before), (
        "a proof stands under the head that was seen, if that covers it"
    )
    assert newest.text in client.get(f"/riverbend/record/entries/{last}.tlog-proof").content.decode()
    collect(thread)
    assert shown(client).startswith(newest.text)


def test_a_log_whose_witnesses_are_gone_shows_its_newest_head_after_a_day(
    thread, three, client, tmp_path, verify, live_site
):
    name_witnesses(thread, tmp_path, three)
    collect(thread)
    before = shown(client)
    for days, waits in ((1, True), (1, False)):
        thread.later(days)
        newest = grow(thread, f"After {thread.now:%d}")
        assert (shown(client) == before) is waits
        assert ("unseen_logs" in unwell(thread.now)) is not waits
    assert shown(client) == newest.note


def test_two_histories_of_one_size_are_not_both_cosigned(thread, three, client, tmp_path):
    name_witnesses(thread, tmp_path, three)
    size = queries.head_of(thread.program).size
    other = Tree(b"another %d" % n for n in range(size))
    forked = Checkpoint(thread.program.origin, size, other.root()).sign(read_key(thread.program))
    assert ask(three[0].server_port, f"old 0\n\n{forked}".encode())[0] == 200, "shown to one first"
    collect(thread)
    head = queries.head_of(thread.program)
    assert head.seen["by"] == ["Riverside Herald", "Garden club"]
    assert three[0].witness.seen(thread.program.origin).root == other.root()


def test_a_witness_whom_nobody_reaches_fetches_cosigns_and_brings_it(
    thread, three, client, tmp_path, verify, live_site
):
    name_witnesses(thread, tmp_path, three, without_address={0, 2})
    assert collect(thread)
    assert queries.head_of(thread.program).seen["enough"] is False
    address = f"{live_site}/riverbend/record"
    grow(thread)
    for place, by in ((0, ["City library", "Riverside Herald"]), (2, ["Garden club"])):
        code, said, wrong = verify("witness", "--folder", three[place].witness.folder, "pull", address)
        assert (code, wrong, said.endswith("The log has taken it in.")) == (0, "", True)
        origin = thread.program.origin
        heads = [one for one in Head.objects.filter(size=three[place].witness.seen(origin).size) if one.seen]
        assert heads[-1].seen["by"] == by, "the library met the Herald at the head that it began"
    assert heads[-1].size == queries.head_of(thread.program).size > queries.head_shown(thread.program).size
    assert verify("record", address, "--state", tmp_path / "seen.json")[0] == 0
    assert verify("witness", "--folder", three[0].witness.folder, "pull", address)[0] == 0
    assert queries.head_shown(thread.program).seen["by"] == ["City library", "Garden club"]


def test_after_a_change_of_the_key_no_head_of_the_old_one_is_shown_and_witnesses_go_on_once_they_know_the_new_one(
    thread, three, tmp_path, verify, live_site
):
    name_witnesses(thread, tmp_path, three)
    collect(thread)
    old, address = queries.head_shown(thread.program), f"{live_site}/riverbend/record"
    state = ("--state", tmp_path / "seen.json")
    assert verify("record", address, *state)[0] == 0
    before = (tmp_path / "seen.json").read_bytes()
    record_heads.change_key(program=thread.program, now=thread.now)
    new = queries.head_of(thread.program)
    assert queries.head_shown(thread.program) == queries.head_waiting(thread.program, old.size) == new
    collect(thread)
    assert queries.head_of(thread.program).seen.get("by", []) == [], "nobody outside knows the new key yet"
    code, _, wrong = verify("record", address, *state)
    assert (code, "too few have" in wrong) == (1, True)
    assert (tmp_path / "seen.json").read_bytes() == before, "a key that nobody outside saw is not taken"
    for one in three:
        assert verify("witness", "--folder", one.witness.folder, "log", address)[0] == 0
    collect(thread)
    assert queries.head_shown(thread.program).seen["enough"] is True
    assert verify("record", address, *state)[0] == 0


def test_only_lines_of_named_witnesses_over_heads_of_this_log_are_taken_in(thread, three, client, tmp_path):
    name_witnesses(thread, tmp_path, three)
    head, count = queries.head_of(thread.program), Head.objects.count()
    strange = Witness(tmp_path / "strange")
    strange.make_key("strange.example/witness")
    strange.know(parse_vkey(vkey(thread.program)))
    body = f"old 0\n\n{head.note}".encode()
    theirs = strange.add_checkpoint(body).content.decode()
    ours = three[0].witness.add_checkpoint(body).content.decode()
    other = Checkpoint(thread.program.origin, head.size, bytes(32))
    asked = {
        "nothing": ("", 400),
        "the head without a line": (head.text, 400),
        "a stranger's line": (f"{head.text}\n{theirs}", 403),
        "the log's own line": (head.note, 403),
        "a line over another head": (f"{other.text}\n{ours}", 404),
        "a line that was changed": (f"{head.text}\n{ours[:-9]}AAAAAAA=\n", 403),
        "a long one": (f"{head.text}\n{ours * 200}", 400),
    }
    door = "/riverbend/record/cosignatures"
    given = {"content_type": "text/plain", "headers": {"Origin": "http://testserver"}}
    found = {name: client.post(door, sent, **given).status_code for name, (sent, _code) in asked.items()}
    assert found == {name: code for name, (_sent, code) in asked.items()}
    assert Head.objects.count() == count
    assert client.post(door, f"{head.text}\n{theirs}{ours}", **given).status_code == 200
    assert client.post(door, f"{head.text}\n{ours}", **given).status_code == 200, "again changes nothing"
    assert Head.objects.count() == count + 1
    lines = split_note(queries.head_of(thread.program).note)[1]
    assert [line.split()[1] for line in lines] == [thread.program.origin, NAMES[0]]
    assert client.post(door, head.note, content_type="text/plain").status_code == 403, "from another site"


def test_a_witness_that_the_rules_do_not_name_is_told_so(thread, three, tmp_path, verify, live_site):
    pull = ("witness", "--folder", three[0].witness.folder, "pull", f"{live_site}/riverbend/record")
    code, _, said = verify(*pull)
    assert (code, "do its rules name this witness with this key?" in said) == (2, True)


def test_a_log_that_was_restored_offers_no_head_to_any_witness(thread, client):
    door = "/riverbend/record/cosignatures"
    before = client.get(door).status_code
    high = HighWater(len(thread.entries()) + 1, bytes(32))
    write_high_water(thread.program, high)
    given = {"content_type": "text/plain", "headers": {"Origin": "http://testserver"}}
    sent = queries.head_of(thread.program).note
    assert (before, client.get(door).status_code, client.post(door, sent, **given).status_code) == (
        200,
        503,
        503,
    )


def test_a_witness_that_never_ends_its_answer_holds_up_nobody(thread, three, tmp_path, settings):
    slow = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip():
        connection, _ = slow.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not over.wait(1):
                connection.sendall(b"x")

    thread_of_it = threading.Thread(target=drip, daemon=True)
    thread_of_it.start()
    three[2].address = f"http://127.0.0.1:{slow.getsockname()[1]}"
    name_witnesses(thread, tmp_path, three)
    begun = time.monotonic()
    collect(thread)
    took = time.monotonic() - begun
    over.set()
    thread_of_it.join()
    slow.close()
    head = queries.head_of(thread.program)
    assert (head.seen["by"], head.seen["enough"], took < 40) == (
        ["City library", "Riverside Herald"],
        True,
        True,
    )


def test_a_copy_asks_no_witness_not_even_by_what_waited_in_its_backup(thread, three, tmp_path, settings):
    name_witnesses(thread, tmp_path, three)
    seek_cosignatures(thread.program, thread.now, signed=True)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, copy_of="https://example.org")
    send_what_waits()
    assert collect(thread) is False
    assert [one.witness.seen(thread.program.origin) for one in three] == [None, None, None]


def test_rules_that_name_nobody_ask_nobody_and_say_nothing(thread, client):
    assert collect(thread) is False
    page = client.get("/riverbend/en/record/").content.decode()
    assert ("Seen from outside" in page, "this site keeps no list of them" in page) == (False, True)

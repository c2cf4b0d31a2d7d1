"""What people sealed to a lead opens where nothing of the site runs, and what a person seals there is a voice like any other."""

import base64
import csv
import io
import json
import re
import stat
import sys
from pathlib import Path

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.actions import take_in
from alongside.chain.voices.models import Voice
from alongside.check import keys, voices
from alongside.check.leads import read_own
from alongside.core.canonical import canonical
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.receipt import act_hash, act_secret, grouped
from alongside.core.sealing.receipt import parse as parse_receipt
from alongside.core.sealing.saved import SavedError, read_saved
from alongside.core.sealing.voice import parse
from alongside.ground.record.actions import heads
from alongside.site.demo.keys import new_identity, wrap
from tests.chain.voices.cast import form_of, say
from tests.promises.attempts import BASE, as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread

#: How the command says what the reader calls so.
WHY = {
    "forged": "No lead made the key",
    "not-signed": "No lead signed what people were asked",
    "other-own": "other keys than yours",
    "other-log": "does not stand in the public log",
    "other-questions": "in this file ",
    "not-whole": "This file is not whole",
}
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "saved.json").read_text())
FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture
def thread(db):
    """Give an engagement on which people can speak, whose leads have keyrings that six words open."""
    thread = Thread(now=this_hour()).open_program().draft_engagement().found_keys(opens=True)
    thread.make_keys().open()
    heads.sign_head(program=thread.program, now=thread.now)
    return thread


def about(thread):
    """Give what a voice must be meant for."""
    return {"engagement": thread.engagement.slug, "form": form_of(thread), "recipient": thread.recipient}


def take_in_said(thread, said):
    """Take in what somebody sealed; give the mark."""
    sent = {"mark": said.mark, "act": said.act, "sealed": said.sealed}
    take_in(program=thread.program, engagement=thread.engagement.slug, now=thread.now, **sent)
    return said.mark


def speaks(thread, words, **more):
    """Let somebody speak; give the mark."""
    return take_in_said(thread, say(words, **about(thread) | more))


def saved(thread):
    """Save what people said, as the first lead."""
    answer = as_(thread.first_lead.person).get(f"{BASE}/reader/own/{thread.engagement.slug}.jsonl")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def run(*words, typed=""):
    """Run `alongside key ...`; give its exit status."""
    before, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        return keys.main([str(one) for one in words])
    finally:
        sys.stdin = before


def opened(tmp_path, file, name="out.csv", typed=f"{PASSPHRASE}\n", more=()):
    """Open a file; give the exit status, and what was written."""
    where = tmp_path / name
    (tmp_path / "sealed.jsonl").write_bytes(file)
    where.unlink(missing_ok=True)
    status = run("open", tmp_path / "sealed.jsonl", "--save", where, *more, typed=typed)
    return status, where.read_bytes().decode() if where.exists() else ""


def changed(file, change, line=0):
    """Give a file of which one line says something else."""
    lines = file.split(b"\n")
    found = json.loads(lines[line])
    change(found)
    lines[line] = json.dumps(found).encode()
    return b"\n".join(lines)


def test_what_people_said_opens_with_the_file_and_six_words_alone(thread, tmp_path, capsys):
    marks = {speaks(thread, one, answers={"q1": "yes", "q2": one}): one for one in ("Closer.", FORMULA)}
    status, written = opened(tmp_path, saved(thread))
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(written)))
    by_mark = [marks[mark] for mark in sorted(marks)]
    assert [row["What should change?"].lstrip("'") for row in rows] == by_mark
    assert [(row["number"], row["Do you use the library?"], row["may be quoted"]) for row in rows] == [
        ("1", "Yes", "yes"),
        ("2", "Yes", "yes"),
    ]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    told = capsys.readouterr().out
    assert "2 voices opened." in told
    assert "Delete it" in told
    assert PASSPHRASE not in told


def test_as_json_it_holds_each_voice_as_it_was_sealed(thread, tmp_path):
    mark = speaks(thread, "Closer.")
    status, written = opened(tmp_path, saved(thread), "out.json")
    assert status == 0
    assert json.loads(written) == {
        "engagement": thread.engagement.slug,
        "voices": [
            {"number": 1, "mark": mark, "lang": "en", "taken": "self", "quote": True}
            | {"answers": {"q2": "Closer."}}
        ],
        "left_out": {},
    }


def test_a_lead_finds_her_own_voice_by_its_receipt_and_learns_where_it_is_not(thread, tmp_path, capsys):
    said = [say(one, **about(thread)) for one in ("Closer.", "This is a check.", "Later.")]
    for one in said[:2]:
        take_in_said(thread, one)
    file = saved(thread)
    own, number = said[1], 1 + sorted(one.mark for one in said[:2]).index(said[1].mark)

    def told(file, typed):
        status, _written = opened(tmp_path, file, typed=f"{PASSPHRASE}\n{typed}\n", more=["--receipt"])
        out, wrong = capsys.readouterr()
        assert typed not in out + wrong
        return status, out + wrong

    def other(found):
        found["sealed"] = base64.b64encode(said[0].sealed).decode()

    status, out = told(file, grouped(own.secret))
    assert (status, f"Found: it is voice {number}." in out) == (0, True)
    status, out = told(file, grouped(said[2].secret))
    assert (status, "It is not among the voices that were opened." in out) == (0, True)
    status, out = told(changed(file, other, number), grouped(own.secret))
    assert (status, "It is in this file, but it was left out" in out) == (0, True)
    status, out = told(file, "1" * 30)
    assert (status, "One of the digits is different" in out) == (2, True)
    assert not (tmp_path / "out.csv").exists()


def test_the_file_holds_no_word_in_the_clear_and_no_other_leads_key(thread):
    speaks(thread, "Closer to the river.")
    file = saved(thread)
    assert b"river." not in file
    first, _voices = read_saved(iter(file.splitlines(keepends=True)))
    assert (first.seat, len(first.wraps)) == (thread.first_lead.public_id, 1)
    assert thread.second_lead.public_id not in json.dumps([first.wraps, first.keyring])


def test_a_title_that_runs_the_other_way_keeps_its_own_direction_where_it_is_saved(thread):
    page = as_(thread.first_lead.person).get(f"{BASE.replace('/en', '/ar')}/reader/own/").content.decode()
    link = page.split(f'/reader/own/{thread.engagement.slug}.jsonl"')[1].split("</a>")[0]
    assert link.endswith("<bdi>title (en)</bdi>")


def test_nobody_saves_what_was_not_sealed_to_them(thread):
    page = f"{BASE}/reader/own/{thread.engagement.slug}.jsonl"
    for person in (thread.steward, thread.staff, thread.boss, None):
        assert as_(person).get(page).status_code in {403, 404}
    assert as_(thread.first_lead.person).get(f"{BASE}/reader/own/another.jsonl").status_code == 404


@pytest.mark.parametrize("typed", ["", f"{PASSPHRASE} more\n"])
def test_without_the_six_words_nothing_opens(thread, tmp_path, typed):
    speaks(thread, "Closer.")
    assert opened(tmp_path, saved(thread), typed=typed) == (2, "")


def test_voices_that_were_meant_for_something_else_are_left_out_and_told(thread, tmp_path, capsys):
    speaks(thread, "Closer.")
    speaks(thread, "Closer still.")
    speaks(thread, "Another engagement.", engagement="other")
    speaks(thread, "Other questions.", form="a" * 64)
    speaks(thread, "Another key.", recipient=recipient_of(new_identity()))
    mark = speaks(thread, "Another receipt.")
    file = saved(thread)
    at = next(place for place, one in enumerate(file.split(b"\n")) if mark.encode() in one)
    status, written = opened(tmp_path, changed(file, lambda found: found.update(mark="ab" * 32), at))
    assert status == 0
    rows = csv.DictReader(io.StringIO(written))
    assert {row["What should change?"] for row in rows} == {"Closer.", "Closer still."}
    told = capsys.readouterr().out
    assert "LOOK: 1 voice in this file answered something else" in told
    assert "A file can lack voices" in told
    assert [one.split(": ", 1)[1][:20] for one in sorted(told.split("\n")) if "Left out, 1" in one] == [
        "No key given here op",
        "The receipt inside d",
        "This voice answers a",
        "This voice is for ot",
    ]


def other_question(found):
    """Show other questions than people were asked."""
    found["form"]["questions"][1]["words"]["en"] = "What is good as it is?"


def promise_in(found):
    """Give the promise of a file, as it stands in it."""
    return next(one for one in found["entries"] if one["index"] == found["promise"])


def other_promise(found):
    """Show another promise, with its questions."""
    one = promise_in(found)
    entry = json.loads(one["entry"])
    entry["data"]["recipient"] = "age1" + "q" * 58
    one["entry"] = canonical(entry).decode()


def other_title(found):
    """Show another title."""
    found["title"]["words"] = "Something else"


def other_key(found):
    """Put another key in the place of the engagement's."""
    found["wraps"] = []


def no_promise(found):
    """Write the promise in another way than the one."""
    promise_in(found)["entry"] += " "


def more(found):
    """Say more than a file does."""
    found["more"] = 1


@pytest.mark.parametrize(
    ("lie", "status"),
    [
        (other_question, 1),
        (other_title, 1),
        (no_promise, 1),
        (more, 1),
        (other_promise, 1),
        (other_key, 2),
    ],
)
def test_a_file_that_was_changed_opens_nothing(thread, tmp_path, lie, status):
    speaks(thread, "Closer.")
    file = saved(thread)
    assert opened(tmp_path, changed(file, lie)) == (status, "")
    assert opened(tmp_path, file)[0] == 0  # the same without the lie


def test_a_file_that_was_cut_short_opens_nothing(thread, tmp_path):
    speaks(thread, "Closer.")
    speaks(thread, "Larger.")
    lines = saved(thread).splitlines(keepends=True)
    for cut in (lines[:1], lines[:2], lines[:-1], [*lines[:1], *lines[2:]], [b""], [b"{}\n"], [b"[[[\n"]):
        assert opened(tmp_path, b"".join(cut)) == (1, "")


def test_what_is_saved_is_never_written_over(thread, tmp_path):
    speaks(thread, "Closer.")
    (tmp_path / "sealed.jsonl").write_bytes(saved(thread))
    (tmp_path / "out.csv").write_text("mine")
    command = ("open", tmp_path / "sealed.jsonl", "--save", tmp_path / "out.csv")
    assert run(*command, typed=f"{PASSPHRASE}\n") == 2
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_no_bytes_but_those_of_a_file_are_read_as_one():
    for raw in (
        b"",
        b"null",
        b"{}",
        b'{"kind": "alongside sealed voices 1"}',
        b"\xff",
        b'{"kind": 1, "kind": 1}',
    ):
        with pytest.raises(SavedError):
            read_saved(iter([raw]))


def test_the_file_holds_the_title_in_each_language_in_which_it_was_signed(thread):
    first = json.loads(saved(thread).partition(b"\n")[0])
    named = {one["lang"]: one["words"] for one in (first["title"], *first["titles"])}
    assert (first["title"]["lang"], named) == ("en", {"en": "title (en)", "es": "title (es)"})


def test_a_file_in_which_a_field_is_something_else_is_refused_in_words(thread, tmp_path):
    speaks(thread, "Closer.")
    file = saved(thread)
    first = json.loads(file.partition(b"\n")[0])
    for name in first.keys():
        for junk in (None, 0, "x", "\u00e9", [], {}, ["x"], {"x": []}):
            wrong = changed(file, lambda found, name=name, junk=junk: found.update({name: junk}))
            status, written = opened(tmp_path, wrong)
            assert (status, written) in {(1, ""), (2, "")} or (name, junk) in [("title", {}), ("titles", [])]


@pytest.fixture
def site(thread, live_site):
    """Give where the record of the engagement is, on a site that answers."""
    heads.sign_head(program=thread.program, now=thread.now)
    return f"{live_site}/{thread.program.slug}/record"


def sealing(tmp_path, site, thread, said, *options, typed="yes\n"):
    """Seal what somebody says; give the exit status, and what was written."""
    (tmp_path / "said.json").write_text(json.dumps(said))
    where = tmp_path / "voice.json"
    where.unlink(missing_ok=True)
    command = ("seal", site, thread.engagement.slug, tmp_path / "said.json", "--save", where)
    status = run(*command, *options, typed=typed)
    return status, json.loads(where.read_text()) if where.exists() else None


SAID = {"lang": "es", "quote": True, "answers": {"q1": "yes", "q2": "Más cerca."}}


def test_what_a_person_seals_without_a_browser_is_a_voice_and_its_receipt_withdraws_it(
    thread, site, tmp_path, capsys, client
):
    status, sent = sealing(tmp_path, site, thread, SAID)
    told = capsys.readouterr().out
    assert status == 0
    assert all(words in told for words in ("title (es)", "consent (es)", "¿Usa la biblioteca?", "Más cerca."))
    assert sorted(sent) == ["act", "mark", "sealed", "website"]
    address = re.search(r"https?://\S+/voices/", told)[0].split("/", 3)[3]
    answer = client.post(
        f"/{address}", json.dumps(sent), content_type="application/json", HTTP_ORIGIN="http://testserver"
    )
    assert answer.status_code == 200
    kept = Voice.objects.get()
    voice = parse(open_sealed(bytes(kept.sealed), [thread.identity]))
    assert (voice.lang, voice.quote, voice.answers, voice.taken) == ("es", True, SAID["answers"], "self")
    secret = parse_receipt(re.search(r"(\d{5} ){5}\d{5}", told)[0])
    assert kept.act_hash == act_hash(act_secret(secret)).hex()
    first, _voices = read_saved(iter(saved(thread).splitlines(keepends=True)))
    assert voice.consent["notice"] == first.notice


def test_for_a_lead_it_is_the_file_that_the_page_brings_in(thread, site, tmp_path):
    status, bundle = sealing(tmp_path, site, thread, SAID, "--for-a-lead")
    assert status == 0
    assert {name: bundle[name] for name in ("kind", "recipient")} == {
        "kind": "alongside voices 1",
        "recipient": thread.recipient,
    }
    assert [sorted(one) for one in bundle["voices"]] == [["act", "mark", "sealed"]]


@pytest.mark.parametrize(
    "said",
    [
        SAID | {"lang": "fr"},
        SAID | {"quote": "yes"},
        SAID | {"answers": {}},
        SAID | {"answers": {"q1": "maybe"}},
        SAID | {"answers": {"q1": ["yes"]}},
        SAID | {"answers": {"q2": " "}},
        SAID | {"answers": {"q9": "x"}},
        SAID | {"more": 1},
        [],
    ],
)
def test_what_answers_something_else_than_was_asked_is_not_sealed(thread, site, tmp_path, said):
    assert sealing(tmp_path, site, thread, said) == (2, None)


def test_without_a_yes_nothing_is_sealed_and_where_nobody_can_speak_neither(thread, site, tmp_path):
    assert sealing(tmp_path, site, thread, SAID, typed="no\n") == (2, None)
    (tmp_path / "said.json").write_text(json.dumps(SAID))
    assert run("seal", site, "another", tmp_path / "said.json", "--save", tmp_path / "x", typed="yes\n") == 2
    assert not (tmp_path / "x").exists()


def test_a_key_that_is_not_the_promised_one_opens_nothing(thread, tmp_path):
    speaks(thread, "Closer.")
    own = thread.keyrings[thread.first_lead.public_id].recipient

    def lie(found):
        found["wraps"] = [base64.b64encode(wrap(new_identity(), own)).decode()]

    assert opened(tmp_path, changed(saved(thread), lie)) == (2, "")


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_command_opens_only_what_leads_signed_as_the_reader_does(case):
    own, why = read_own(json.dumps(VECTORS["rings"][case["ring"]]).encode()), ""
    try:
        saved_file, _voices = read_saved(iter([json.dumps(case["file"]).encode()]))
        voices.open_all(saved_file, [], own)
    except SavedError as error:
        why = next((one for one, words in WHY.items() if words in str(error)), str(error))
    assert why == case["why"]


def test_a_file_under_another_key_of_the_log_than_the_one_named_opens_nothing(thread, tmp_path, capsys):
    speaks(thread, "Closer.")
    (tmp_path / "sealed.jsonl").write_bytes(file := saved(thread))
    vkey = json.loads(file.partition(b"\n")[0])["vkey"]
    command = ("open", tmp_path / "sealed.jsonl", "--save", tmp_path / "out.csv", "--vkey")
    assert run(*command, f"{vkey}x", typed=f"{PASSPHRASE}\n") == 1
    assert run(*command, vkey, typed=f"{PASSPHRASE}\n") == 0
    assert f"entry {thread.promise} of the log whose key is {vkey}" in capsys.readouterr().out


def test_nothing_is_saved_before_the_log_signed_what_the_file_rests_on(db):
    thread = Thread(now=this_hour()).open_program().draft_engagement().found_keys(opens=True)
    thread.make_keys().open()
    answer = as_(thread.first_lead.person).get(f"{BASE}/reader/own/{thread.engagement.slug}.jsonl")
    assert answer.status_code == 409
    assert "The public log has not signed yet" in answer.content.decode()


def test_where_most_voices_answer_other_questions_none_is_shown(thread, tmp_path, capsys):
    speaks(thread, "Closer.")
    speaks(thread, "Other questions.", form="a" * 64)
    assert opened(tmp_path, saved(thread))[0] == 0
    speaks(thread, "Other questions, too.", form="a" * 64)
    assert opened(tmp_path, saved(thread)) == (1, "")
    assert "So no voice is shown." in capsys.readouterr().err

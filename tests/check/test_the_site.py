"""What a site gives to a browser is compared with its log: a server that gives another page or script is found."""

import dataclasses
import re
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from alongside.chain.opinions import actions as opinions
from alongside.check import site
from alongside.check.log import RecordError
from alongside.check.source import MissingError
from alongside.core.entries import Entry
from alongside.core.grammar.releases import READER
from alongside.core.kinds import EntryKind
from alongside.ground.record.actions import heads
from alongside.ground.record.actions.entries import Text
from alongside.ground.texts.actions import say_aloud
from alongside.site.actions import files_given, tell_files
from alongside.work.engagements import actions as engagements
from tests.chain.opinions.cast import STATEMENTS, crowd
from tests.core.test_recordings import ogg
from tests.support.remembering import this_hour
from tests.support.thread import Thread


@pytest.fixture
def thread(db, settings, tmp_path, request):
    """Open an engagement two days ago, or as many as are named; with statements to judge, where they are named too."""
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    days, *statements = getattr(request, "param", (2,))
    thread = Thread(now=this_hour() - timedelta(days=days))
    if statements:
        thread.open_program().draft_engagement()
        engagements.save_statements(engagement=thread.engagement, statements=statements)
        thread.make_keys().open()
    else:
        thread.to_open_engagement()
    tell_files(program=thread.program, files=files_given(), now=thread.now)
    heads.sign_head(program=thread.program, now=thread.now)
    return thread


@pytest.fixture
def through(live_site, thread):
    """Serve the site through a server that changes what it gives: `change` takes path, body and policy, and gives the last two."""
    running = []

    def start(change):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    with urlopen(f"{live_site}{self.path}") as reply:
                        given = self.path, reply.read(), reply.headers.get("Content-Security-Policy", "")
                        agent = (self.headers["User-Agent"],) if change.__name__ == "seen" else ()
                        body, policy = change(*given, *agent)
                    status = 200
                except HTTPError as error:
                    status, body, policy = error.code, b"", ""
                self.send_response(status)
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}/{thread.program.slug}/record"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def compare(verify, tmp_path):
    return lambda address: verify("site", address, "--state", tmp_path / "seen.json")


def test_a_site_that_gives_what_its_log_names_holds(compare, through, thread):
    code, said, wrong = compare(through(lambda _path, body, policy: (body, policy)))
    assert (code, wrong) == (0, "")
    assert "Compared with the site, as it answered here and now: 2 pages on which people can speak" in said
    assert "the reader as one file, and " in said


def test_the_reader_as_one_file_is_the_one_that_the_log_names(compare, through):
    def changed(path, body, policy):
        return (body + b"<!-- -->" if path.endswith(READER) else body), policy

    code, _said, wrong = compare(through(changed))
    assert code == 1
    assert f"{READER} is another reader than entry" in wrong


def test_where_the_log_or_the_site_alone_has_a_reader_it_says_so():
    class Site:
        address = "https://example.org/riverbend/record"

        def __init__(self, given):
            self.given = given

        def fetch(self, url, _headers):
            if self.given is None:
                raise MissingError(f"{url} is not there.")
            return SimpleNamespace(data=self.given)

    def release(*names):
        return SimpleNamespace(index=7, data={"files": [{"name": one, "sha256": "0" * 64} for one in names]})

    url = f"https://example.org/riverbend/record/{READER}"
    assert site.compare_reader(Site(None), [release("seal.js")]) == ([], "")
    compared, lacks = site.compare_reader(Site(b"any"), [release("seal.js")])
    assert (compared, lacks.startswith(f"The site gives {url}, and entry 7 names no reader")) == ([], True)
    compared, lacks = site.compare_reader(Site(None), [release(READER)])
    assert (compared, lacks.startswith("Entry 7 names a reader as one file, and the site does not")) == (
        [],
        True,
    )


def other_sound(path, body, policy):
    return (body[:-1] + b"x" if "/aloud/" in path else body), policy


def say(thread, about, part):
    say_aloud(
        program=thread.program,
        about=about,
        part=part,
        lang="en",
        content=ogg(),
        by=thread.first_lead.public_id,
        now=thread.now,
    )
    heads.sign_head(program=thread.program, now=thread.now)


def test_what_a_page_plays_is_the_recording_that_the_log_names(compare, through, thread):
    say(thread, thread.promise, "q1")
    assert compare(through(lambda _path, body, policy: (body, policy)))[0] == 0
    code, _said, wrong = compare(through(other_sound))
    assert (code, "which is not the recording that the log names" in wrong) == (1, True)
    assert compare(through(under_the_next_question))[0] == 1


@pytest.mark.parametrize(
    ("plays", "says"),
    [
        (b'<audio controls><source src="/static/evil.ogg" type="audio/ogg"></audio>', "holds <source,"),
        (b'<video controls src="/static/evil.ogg"></video>', "holds <video,"),
        (b'<audio controls SRC="/static/evil.ogg"', "plays .*/static/evil.ogg|evil.ogg"),
    ],
)
def test_no_page_plays_a_sound_in_another_way(compare, through, thread, plays, says):
    say(thread, thread.promise, "q1")
    whole = plays.endswith(b">")

    def changed(_path, body, policy):
        audio = re.search(rb"<audio controls([^>]*)></audio>", body)
        return body.replace(
            audio[0], plays if whole else plays + audio[1] + b"></audio>"
        ) if audio else body, policy

    code, said, wrong = compare(through(changed))
    assert (code in {1, 2}, said) == (True, "")
    assert re.search(says, wrong), wrong


def to_a_report_back(thread):
    """Let people hear back, in the voice of a lead."""
    report = thread.later(31).end_intake().report()
    heads.sign_head(program=thread.program, now=thread.now)
    say(thread, report.index, "")


@pytest.mark.parametrize("thread", [(33,)], indirect=True)
def test_what_is_played_beside_a_report_back_is_the_recording_that_the_log_names(compare, through, thread):
    to_a_report_back(thread)
    code, said, wrong = compare(through(lambda _path, body, policy: (body, policy)))
    assert (code, wrong) == (0, "")
    assert "0 pages on which people can speak, 2 pages of what came of it" in said
    code, _said, wrong = compare(through(other_sound))
    assert (code, "which is not the recording that the log names" in wrong) == (1, True)


@pytest.mark.parametrize("thread", [(33,)], indirect=True)
def test_a_sound_beside_a_report_back_that_nobody_recorded_is_refused(compare, through, thread):
    to_a_report_back(thread)

    def in_spanish(path, body, policy):
        if "/en/follow/" in path:
            in_spanish.audio = re.search(rb"<audio [^>]*></audio>", body)[0]
        return (
            body.replace(b"</main>", in_spanish.audio + b"</main>") if "/es/follow/" in path else body
        ), policy

    code, _said, wrong = compare(through(in_spanish))
    assert (code, "/es/follow/" in wrong and "which is not the recording" in wrong) == (1, True)


def under_the_next_question(_path, body, policy):
    audio = re.search(rb"<audio [^>]*src[^>]*></audio>", body)
    moved = body.replace(audio[0], b"").replace(b"<textarea", audio[0] + b"<textarea") if audio else body
    return moved, policy


def on_pages(change):
    """Change the bytes of pages alone; what a change leaves as it was, it did not change."""

    def changed(path, body, policy):
        if not path.endswith("/engagements/library-computers/"):
            return body, policy
        new = change(body)
        assert new != body
        return new, policy

    return changed


def instead(old, new, times=-1):
    return on_pages(lambda body: body.replace(old, new, times))


def before_the_end(markup):
    return instead(b"</body>", markup + b"</body>")


def other(name, value):
    def changed(body):
        at = body.index(name + b'="') + len(name) + 2
        return body[:at] + value + body[body.index(b'"', at) :]

    return on_pages(changed)


def other_script(path, body, policy):
    return (body + b"\n//" if path.endswith("/seal.js") else body), policy


def other_style(path, body, policy):
    return (body + b"\n.question { display: none }" if path.endswith(".css") else body), policy


def policy_with(change):
    return lambda _path, body, policy: (body, change(policy))


STEALS = b'<script src="/static/evil.js"></script>'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other(b"recipient", b"age1" + b"q" * 58), "its recipient is another"),
        (
            instead(b' recipient="', b' recipient="age1' + b"q" * 58 + b'" recipient="'),
            "its recipient is another",
        ),
        (other(b"notice", b"0" * 64), "its notice is another"),
        (
            instead(b"<seal-voice", b'<seal-voice recipient="age1' + b"q" * 58 + b'"', 1),
            "its recipient is another",
        ),
        (other_script, "which is no file that entry "),
        (other_style, "which is no file that entry "),
        (before_the_end(b"<script>steal()</script>"), "holds a script written otherwise"),
        (before_the_end(STEALS), "cannot be reached|is not there|which is no file"),
        (
            before_the_end(b'<svg><script src="/static/dist/seal.js" href="/e.js"></script></svg>'),
            "holds <svg,",
        ),
        (before_the_end(b"<!-->" + STEALS + b"-->"), "holds <!-,"),
        (before_the_end(b'<SCRIPT SRC="/static/evil.js"></SCRIPT>'), "holds a script written otherwise"),
        (
            before_the_end(b'<script src="https://elsewhere.example/x.js"></script>'),
            "which is not of this site",
        ),
        (before_the_end(b'<form method="post" action="/collect"><textarea name="a">'), "holds <form,"),
        (before_the_end(b'<a href="javascript:steal()">Send</a>'), "holds javascript:,"),
        (instead(b"<main", b'<main onclick="steal()"', 1), "holds onclick=,"),
        (instead(b"<seal-voice", b"<template><seal-voice", 1), "its within is another"),
        (
            instead(b"What should change?", b"Do you agree that it should close?"),
            "in other words than entry ",
        ),
        (instead(b'data-question="q2"', b'data-question="q9"'), "does not ask the questions of entry "),
        (
            policy_with(lambda one: one.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")),
            "does not keep",
        ),
        (policy_with(lambda one: f"{one}; script-src-elem 'self' 'unsafe-inline'"), "does not keep"),
        (policy_with(lambda one: f"script-src *; {one}"), "does not keep"),
        (policy_with(lambda _one: ""), "does not keep browsers from running other scripts"),
    ],
)
def test_a_server_that_gives_something_else_than_its_log_says_is_refused(compare, through, change, says):
    code, said, wrong = compare(through(change))
    assert said == ""
    assert code in {1, 2}
    assert re.search(says, wrong), wrong


@pytest.mark.parametrize("thread", [(2, *STATEMENTS)], indirect=True)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body, ""),
        (
            lambda body: body.replace(b"the police", b"Nobody").replace(b"The police", b"Nobody"),
            "lists other",
        ),
        (lambda body: body.replace(b'data-statement="s2"', b'data-statement="s9"'), "lists other"),
        (lambda body: body.replace(b'<li data-statement="s8"', b"<li"), "lists other"),
        (
            lambda body: body.replace(b"</main>", STEALS + b"</main>"),
            "cannot be reached|is not there|which is",
        ),
        (lambda body: body.replace(b' method="post">', b' method="post" action="/collect">'), "holds <form"),
        (lambda body: body.replace(b"</main>", b'<form action="/x" method="post"></main>'), "holds <form"),
        (lambda body: body.replace(b"<main", b'<main onclick="steal()"'), "holds onclick="),
    ],
)
def test_a_page_on_which_people_judge_lists_the_statements_that_were_promised(compare, through, change, says):
    def changed(path, body, policy):
        return (
            change(body) if path.endswith("/en/engagements/library-computers/statements/") else body
        ), policy

    code, said, wrong = compare(through(changed))
    if says:
        assert (code in {1, 2}, said) == (True, "")
        assert re.search(says, wrong), wrong
    else:
        assert (code, wrong) == (0, "")
        assert "2 pages of statements to judge" in said
        assert "the pages behind the first press" in said


@pytest.mark.parametrize("thread", [(2, *STATEMENTS)], indirect=True)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body, ""),
        (lambda body: body.replace(b'<li data-statement="s9"', b"<li"), "lists other statements"),
        (lambda body: body.replace(b"in the rain", b"in the sun"), "lists other statements"),
    ],
)
def test_a_statement_that_leads_released_is_on_the_page_in_the_words_of_the_log(
    compare, through, thread, change, says
):
    data = {"offer": "0" * 64, "decision": "released", "statement": "s9"}
    words = {"en": Text("en", "Nobody waits in the rain."), "es": Text("es", "Nadie espera bajo la lluvia.")}
    by = sorted([thread.first_lead.public_id, thread.second_lead.public_id])
    thread.enter(EntryKind.OFFER_DECIDED, by, data, {"engagement": [thread.promise]}, words)
    heads.sign_head(program=thread.program, now=thread.now)
    code, _said, wrong = compare(
        through(
            lambda path, body, policy: (
                change(body) if path.endswith("/en/engagements/library-computers/statements/") else body,
                policy,
            )
        )
    )
    assert (code, says in wrong) == (1 if says else 0, True), wrong
    assert bool(wrong) == bool(says)


@pytest.mark.parametrize("thread", [(2, *STATEMENTS)], indirect=True)
def test_a_page_on_which_people_judge_keeps_other_scripts_out(compare, through):
    code, _said, wrong = compare(
        through(lambda path, body, policy: (body, "" if path.endswith("/statements/") else policy))
    )
    assert (code, "does not keep browsers from running other scripts" in wrong) == (1, True)


@pytest.mark.parametrize("thread", [(33, *STATEMENTS)], indirect=True)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body, ""),
        (
            lambda body: re.sub(rb'"agree":\{"high":\d+', b'"agree":{"high":999', body),
            "gives another map than",
        ),
        (lambda body: re.sub(rb'"k":10', b'"k":11', body), "gives another map than"),
        (lambda _body: b"[]", "does not give the map"),
    ],
)
def test_the_last_map_is_the_one_whose_hashes_the_log_tells(compare, through, thread, change, says):
    crowd(thread, 30)
    thread.later(32).end_intake()
    opinions.tick(program=thread.program, now=thread.now)
    heads.sign_head(program=thread.program, now=thread.now)
    code, said, wrong = compare(
        through(lambda path, body, policy: (change(body) if path.endswith("/map.json") else body, policy))
    )
    assert (says in wrong) if says else (wrong == ""), wrong
    assert (code, "1 last map" in said) == (1 if says else 0, not says)


@pytest.mark.parametrize("thread", [(33, *STATEMENTS)], indirect=True)
def test_a_map_that_the_site_does_not_give_is_named_and_accuses_nobody(compare, through, thread):
    thread.later(32).end_intake()
    hashes = dict.fromkeys(("votes", "parameters", "result"), "0" * 64)
    data = {**hashes, "computed_by": {"method": "m", "numpy": "2", "scipy": "1"}}
    entry = thread.enter(EntryKind.MAP_DRAWN, ["clock"], data, {"engagement": [thread.promise]})
    heads.sign_head(program=thread.program, now=thread.now)
    code, said, wrong = compare(through(lambda _path, body, policy: (body, policy)))

    assert (code, wrong) == (0, "")
    assert f"Not given by the site: the map of entry {entry.index}." in said


@pytest.mark.parametrize("thread", [(33, *STATEMENTS)], indirect=True)
def test_a_last_map_that_nobody_drew_is_named(compare, through, thread):
    thread.later(32).end_intake()
    heads.sign_head(program=thread.program, now=thread.now)
    code, said, wrong = compare(through(lambda _path, body, policy: (body, policy)))

    assert (code, wrong) == (0, "")
    told = f"No map is on the record of what people judged for entry {thread.promise}: fewer than its k did"
    assert told in said.replace("\n", " ")


def test_a_server_does_not_learn_from_what_is_asked_for_pages_who_compares(compare, through):
    asked = {}

    def seen(path, body, policy, agent):
        asked.setdefault(agent, set()).add(path.rpartition("/")[2] or "page")
        return body, policy

    assert compare(through(seen))[0] == 0
    tools = asked.pop("alongside-verify")
    assert "page" not in tools and not any(one.endswith(".js") for one in tools)
    assert [agent.startswith("Mozilla/5.0 ") for agent in asked] == [True]


def test_scripts_are_told_once_and_again_only_when_they_are_others(thread):
    before = len(thread.entries())
    tell_files(program=thread.program, files=files_given(), now=thread.now)
    assert len(thread.entries()) == before


def test_two_machines_that_run_two_releases_tell_each_once_a_day(thread):
    ours = files_given()
    theirs = [*ours[:-1], {**ours[-1], "sha256": "0" * 64}]
    before = len(thread.entries())
    for given in (theirs, ours, theirs, ours):
        tell_files(program=thread.program, files=given, now=thread.now)
    assert len(thread.entries()) == before + 1  # ours stood there before
    tell_files(program=thread.program, files=ours, now=thread.now + timedelta(days=1))
    assert len(thread.entries()) == before + 2


def test_a_log_that_names_no_scripts_cannot_be_compared_and_says_so(
    verify, live_site, db, settings, tmp_path
):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    bare = Thread(now=this_hour() - timedelta(days=2)).to_open_engagement()
    heads.sign_head(program=bare.program, now=bare.now)
    code, said, wrong = verify(
        "site", f"{live_site}/{bare.program.slug}/record", "--state", tmp_path / "seen.json"
    )
    assert (code, said) == (2, "")
    assert "The record does not say which scripts the site gives" in wrong


def released(index, statement):
    return Entry(
        index=index,
        v=5,
        kind="offer.decided",
        date=date(2026, 11, 30),
        pen="community",
        by=("seat-1a2b3c4d", "seat-5e6f7a8b"),
        data={"decision": "released", "statement": statement, "offer": "00" * 32},
        cites={"engagement": (7,)},
        texts={"en": {"lang": "en", "sha256": f"{index:064x}"}},
    )


@pytest.mark.parametrize(
    ("numbers", "follows"),
    [(["s3", "s4"], True), (["s2"], False), (["s4"], False), (["s3", "s3"], False), (["s4", "s3"], False)],
)
def test_statements_that_leads_release_take_the_numbers_after_those_that_were_promised(
    numbers, follows, monkeypatch
):
    entries = [released(20 + place, name) for place, name in enumerate(numbers)]
    monkeypatch.setattr(site, "words_of", lambda *_all: {f"{one.index:064x}": "Offered." for one in entries})
    form = {"statements": [{"id": f"s{n}", "words": {"en": "Promised."}} for n in (1, 2)]}
    promise = dataclasses.replace(entries[0], index=7)
    if follows:
        told = site.with_offers(form, None, promise, entries)
        assert [one["id"] for one in told["statements"]] == ["s1", "s2", "s3", "s4"]
    else:
        with pytest.raises(RecordError, match="do not follow on what was promised"):
            site.with_offers(form, None, promise, entries)

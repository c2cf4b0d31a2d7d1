"""The field kit that somebody handed on is compared with the log: a file with another key, question or script is found."""

import dataclasses
import re
from datetime import timedelta

import pytest

from alongside.core.grammar.releases import READER
from alongside.core.sealing.leads import key_digits
from alongside.ground.record.actions import heads
from alongside.ground.texts.actions import say_aloud
from alongside.site.actions import files_given, tell_files
from alongside.work.engagements.actions import save_questions
from tests.core.test_recordings import ogg
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread


@pytest.fixture
def thread(db, settings, tmp_path, request):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    thread = Thread(now=this_hour() - timedelta(days=2)).open_program().draft_engagement()
    spoken = getattr(request, "param", False)
    save_questions(engagement=thread.engagement, questions=QUESTIONS, spoken=spoken)
    thread.found_keys(opens=True).make_keys().open()
    tell_files(program=thread.program, files=files_given(), now=thread.now)
    heads.sign_head(program=thread.program, now=thread.now)
    return thread


def page_of(site_client, thread, name):
    site_client.force_login(thread.first_lead.person)
    given = site_client.get(
        f"/{thread.program.slug}/en/engagements/{thread.engagement.slug}/in-person/{name}"
    )
    assert given.status_code == 200
    return given.content


@pytest.fixture
def compare(site_client, thread, live_site, verify, tmp_path):
    """Give what `verify kit` says of the file that a lead saved, after a change of its bytes."""

    def run(change):
        file = tmp_path / "kit.html"
        file.write_bytes(change(page_of(site_client, thread, "kit.html")))
        record = f"{live_site}/{thread.program.slug}/record"
        return verify("kit", file, record, "--state", tmp_path / "seen.json")

    return run


def test_the_file_that_the_site_gives_holds_and_its_digits_are_told(compare, site_client, thread):
    code, said, wrong = compare(lambda file: file)
    assert (code, wrong) == (0, "")
    digits = key_digits(thread.recipient)
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", digits)
    assert f"The digits of that key: {digits}." in said
    assert digits in page_of(site_client, thread, "").decode()


@pytest.mark.parametrize("thread", [True], indirect=True)
def test_a_file_in_which_people_may_speak_and_hear_the_questions_holds_too(compare, thread):
    say_aloud(
        program=thread.program,
        about=thread.promise,
        part="q1",
        lang="en",
        content=ogg(),
        by=thread.first_lead.public_id,
        now=thread.now,
    )
    heads.sign_head(program=thread.program, now=thread.now)
    assert compare(lambda file: file)[::2] == (0, "")


def other(old, new):
    def changed(file):
        assert re.search(old, file)
        return re.sub(old, new, file, count=1)

    return changed


EVIL = b"age1" + b"q" * 58
INTO = b'<main id="main">'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda file: re.sub(rb'recipient="[^"]+"', b'recipient="' + EVIL + b'"', file),
            "its recipient is another",
        ),
        (other(rb"<take-in ", b'<take-in recipient="' + EVIL + b'" '), "its recipient is another"),
        (
            other(rb'notice="[^"]+"', b'notice="' + b"0" * 64 + b'"'),
            "names a promise that the log does not hold",
        ),
        (
            other(rb"\. What should change\?", b". Where do you live?"),
            "asks q2 in other words than entry ",
        ),
        (
            other(rb">What should change\?", b">Where do you live?"),
            "lists a question for notes in other words",
        ),
        (other(rb'data-question="q2"', b'data-question="q9"'), "does not ask the questions of entry "),
        (other(rb"<script>", b"<script>steal();"), "holds a script or a style that entry "),
        (
            other(rb"</style>", b" .question { display: none }</style>"),
            "holds a script or a style that entry ",
        ),
        (other(rb"default-src 'none'", b"default-src *"), "does not keep browsers from"),
        (other(rb" form-action 'none';", b""), "does not keep browsers from"),
        (other(rb"<head>", b"<head><script>steal()</script>"), "is not built as the site writes"),
        (other(rb'<meta name="referrer"', b'<meta http-equiv="refresh"'), "is not built as the site writes"),
        (other(INTO, INTO + b"<script>steal()</script>"), "holds <script,"),
        (other(INTO, INTO + b'<form action="https://elsewhere.example">'), "holds <form,"),
        (other(INTO, INTO + b'<take-in recipient="' + EVIL + b'"></take-in>'), "one page for each language"),
        (other(rb"</take-in>", b"</take-in><seal-voice></seal-voice>"), "one page for each language"),
        (other(rb"</take-in>", b"</take-in></template><p>Send it here</p>"), "one page for each language"),
        (
            other(INTO, INTO + b"<template data-body='en'><p>Send it here</p></template>"),
            "one page for each language",
        ),
        (other(rb"<take-in ", b"<take-in/"), "one page for each language"),
        (other(rb'data-body="es"', b'data-body="en"'), "one page for each language"),
        (other(rb'data-body="es"', b'data-body="ru"'), "a language in which entry "),
    ],
)
def test_a_file_that_was_changed_is_refused_and_what_differs_is_said(compare, change, says):
    code, said, wrong = compare(change)
    assert (code, said) == (1, "")
    assert says in wrong, wrong


def test_a_file_that_is_not_there_cannot_be_compared(verify, thread, live_site, tmp_path):
    record = f"{live_site}/{thread.program.slug}/record"
    code, _said, wrong = verify("kit", tmp_path / "none.html", record, "--state", tmp_path / "seen.json")
    assert (code, "cannot be read" in wrong) == (2, True)


def test_the_reader_that_somebody_handed_on_is_the_one_of_a_release_or_is_refused(
    site_client, thread, live_site, verify, tmp_path
):
    record = f"{live_site}/{thread.program.slug}/record"
    file = tmp_path / READER
    given = site_client.get(f"/{thread.program.slug}/record/{READER}").content
    told = thread.log.every("site.released")[-1]

    def compared():
        return verify("reader", file, record, "--state", tmp_path / "seen.json")

    file.write_bytes(given)
    code, said, wrong = compared()
    assert (code, wrong) == (0, "")
    assert f"as entry {told.index} of {told.date.isoformat()} names it." in said
    file.write_bytes(given.replace(b"default-src 'none'", b"default-src 'self'"))
    assert compared()[0] == 1
    file.unlink()
    assert compared()[0] == 2

"""Promise 2: nothing we ship sends a voice to the server in the clear; a receipt's code reaches nobody."""

import base64
import dataclasses
import importlib.util
import io
import json
import logging
import pkgutil
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

import alongside
from alongside.chain.keys import actions as keys
from alongside.chain.keys.queries import engagement_key, may_hold_keys
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import Voice, Withdrawal
from alongside.cohort.seats.queries.seats import viewer_for
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import check_sealed
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.leads import challenge_statement
from alongside.core.sealing.opening import open_sealed
from alongside.ground.gate.roles import Role
from alongside.ground.record.actions.heads import sign_head
from alongside.site import backups
from alongside.site.logs import ScrubbedFormatter
from alongside.work.engagements.actions import save_questions
from tests.chain.voices import cast
from tests.chain.voices.cast import Holder, holders, lock, offer, wrap
from tests.promises.attempts import BASE, addresses, as_, is_caught, knock, today
from tests.support.mail import text_of
from tests.support.thread import QUESTIONS, Thread, posted_by_rows

pytestmark = pytest.mark.django_db
CANARY = "canary-my-brother-was-stopped"
PAGE = f"{BASE}/engagements/library-computers/"
DOOR = f"{PAGE}voices/"
STANZA = (
    b"-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n"
)


@pytest.fixture
def log():
    """Give everything that is written: by the site's own handler, and by any logger at any level."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ScrubbedFormatter))
    written, root = io.StringIO(), logging.getLogger()
    before, level = handler.stream, root.level
    handler.stream = written  # not setStream: it would flush the stream of a test that is over
    every = logging.StreamHandler(written)  # plain, so that what a careless formatter would tell is told
    root.addHandler(every)
    yield written
    root.removeHandler(every)
    root.setLevel(level)
    handler.stream = before


@pytest.fixture
def walked():
    return Thread(now=today()).to_open_engagement()


def shapes(words: str) -> list[bytes]:
    """Give the ways in which words could hide: as they are, in base64 at each offset, in hex, in an address, in UTF-16."""
    raw = words.encode()
    coded = [base64.b64encode(b"x" * n + raw)[4 * (n > 0) : -4][2:] for n in range(3)]
    return [raw, raw.hex().encode(), quote(words).encode(), words.encode("utf-16-le"), *coded]


def found_in(whole: bytes, words: str) -> list[bytes]:
    return [one for one in shapes(words) if one in whole]


def database() -> bytes:
    """Give every row of every table."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [
                bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                for row in cursor.fetchall()
                for one in row
            ]
    return b"\n".join(rows)


def backup(folder: Path) -> bytes:
    """Give all that a backup holds."""
    backups.backup(folder / "one.tar.gz")
    with tarfile.open(folder / "one.tar.gz") as archive:
        return b"".join(archive.extractfile(name).read() for name in archive.getnames())


# In a real browser


def speak(page, words: str) -> str:
    """Type words into the sealing page, send them, and give the 30 digits of the receipt."""
    page.goto(PAGE)
    page.get_by_label("Yes").first.check()
    page.get_by_label("What should change?").fill(words)
    page.locator("[data-seal]").click()
    page.locator("[data-digits]").wait_for()
    return "".join(page.locator("[data-digits]").inner_text().split())


def heard(page) -> list[bytes]:
    """Keep everything that the page sends and is answered."""
    kept: list[bytes] = []
    page.on(
        "request",
        lambda one: kept.append(f"{one.method} {one.url}\n".encode() + (one.post_data_buffer or b"")),
    )
    page.on("response", lambda one: kept.append(json.dumps(dict(one.headers)).encode()))
    page.on("requestfinished", lambda one: kept.append(one.response().body() if one.response().ok else b""))
    return kept


@pytest.mark.story
def test_words_typed_into_the_page_are_found_nowhere(walked, browsing, mailbox, log, settings, tmp_path):
    settings.DATA = tmp_path
    page = browsing.person("Ana", phone=True)
    sent = heard(page)
    code = speak(page, CANARY)
    voice = Voice.objects.get()
    assert CANARY.encode() in open_sealed(bytes(voice.sealed), [walked.identity])  # it was really said
    places = {
        "requests and responses": b"\n".join(sent),
        "database": database(),
        "backup": backup(tmp_path),
        "log": log.getvalue().encode(),
        "mail": "\n".join(text_of(one) for one in mailbox.letters).encode(),
        "record": b"\n".join(walked.entries()),
        "public pages": b"\n".join(
            as_(None).get(one).content for one in (PAGE, f"{BASE}/record/", f"{BASE}/")
        ),
    }
    assert {name: found_in(whole, CANARY) for name, whole in places.items() if found_in(whole, CANARY)} == {}
    secrets = (code, receipt.grouped(receipt.parse(code)), receipt.parse(code).hex())
    assert {name for name, whole in places.items() for one in secrets if one.encode() in whole} == set()


@pytest.mark.story
def test_a_receipt_code_stays_in_the_page_while_it_is_looked_up_and_used(walked, browsing, log):
    secret = receipt.make()
    r, w = receipt.read_secret(secret), receipt.act_secret(secret)
    voice = cast.say("Withdraw it.")
    voice = dataclasses.replace(
        voice, secret=secret, mark=receipt.seal_mark(r).hex(), act=receipt.act_hash(w).hex()
    )
    assert knock(as_(None), "POST", DOOR, voice.body()).status_code == 200
    later = walked.now + timedelta(days=31)
    for _ in range(12):
        assert knock(as_(None), "POST", DOOR, cast.say().body()).status_code == 200
    intake.publish_batches(
        program=walked.program, now=later
    )  # the intake ends, and the seal marks are on the record
    sign_head(program=walked.program, now=later)
    page = browsing.person("Ana", phone=True)
    sent = heard(page)
    page.goto("/r")
    page.get_by_label("The digits of your receipt").fill(receipt.grouped(secret))
    page.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Withdraw my answers").click()
    page.get_by_role("button", name="Yes, withdraw it").click()
    page.get_by_role("heading", name="Withdrawn").wait_for()
    assert Withdrawal.objects.count() == 1
    whole, digits = b"\n".join(sent) + log.getvalue().encode(), "".join(receipt.grouped(secret).split())
    never = (digits, receipt.grouped(secret), secret.hex(), r.hex(), quote(receipt.grouped(secret)))
    assert [one for one in never if one.encode() in whole] == []
    assert w.hex().encode() in whole


# Every other door


def unsealed() -> dict[str, tuple[str, str | bytes]]:
    """Give bodies that are not one sealed voice, each with its content type."""
    good = cast.say()
    rest = {"mark": good.mark, "act": good.act, "website": ""}

    def body(sealed: bytes) -> tuple[str, str]:
        return "application/json", json.dumps(rest | {"sealed": base64.b64encode(sealed).decode()})

    scrypt = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 18\n" + good.sealed.split(b"\n", 2)[2]
    multipart = f'--b\r\nContent-Disposition: form-data; name="q2"\r\n\r\n{CANARY}\r\n--b--\r\n'
    return {
        "plain text": ("text/plain", CANARY),
        "plain JSON": ("application/json", json.dumps({"answers": {"q2": CANARY}})),
        "plain words beside hashes": ("application/json", json.dumps(rest | {"sealed": CANARY})),
        "a sealed voice with plain words beside it": (
            "application/json",
            good.body()[:-1] + f', "answers": "{CANARY}"}}',
        ),
        "a sealed voice as plain text": ("text/plain", good.body()),
        "a form": ("application/x-www-form-urlencoded", f"q2={CANARY}&sealed=x"),
        "multipart": ("multipart/form-data; boundary=b", multipart),
        "plain words the size of a voice": body(CANARY.encode().ljust(1224)),
        "two stanzas": body(good.sealed.replace(b"---", STANZA + b"---", 1)),
        "two stanzas the size of a voice": body(good.sealed.replace(b"---", STANZA + b"---", 1)[:1224]),
        "a passphrase": body(scrypt),
        "a passphrase the size of a voice": body(scrypt.ljust(1224, b"x")),
        "one byte short": body(good.sealed[:-1]),
        "one byte long": body(good.sealed + b"x"),
        "10 MB": ("application/json", json.dumps(rest | {"sealed": CANARY * 400_000})),
        "nothing": ("application/json", ""),
        "an empty object": ("application/json", "{}"),
        "an empty voice": body(b""),
        "not UTF-8": ("application/json", b"\xff" + CANARY.encode()),
        "broken JSON": ("application/json", f'{{"sealed": "{CANARY}'),
    }


@pytest.mark.parametrize("name", list(unsealed()))
def test_what_is_not_one_sealed_voice_is_refused_and_written_down_nowhere(walked, log, name):
    logging.getLogger().setLevel(logging.INFO)
    kind, body = unsealed()[name]
    reply = as_(None).post(DOOR, body, kind, headers={"Origin": "http://testserver"})
    assert reply.status_code in {400, 413, 415, 422}
    assert Voice.objects.count() == 0
    told = {"reply": reply.content, "log": log.getvalue().encode(), "database": database()}
    assert {where for where, whole in told.items() if found_in(whole, CANARY)} == set()


def spoken_in_the_clear() -> dict[str, tuple[str, str | bytes]]:
    """Give bodies that hold a sound which nobody sealed, each with its content type."""
    sound = b"\x1a\x45\xdf\xa3" + CANARY.encode() * 9000
    rest = {"mark": "ab" * 32, "act": "cd" * 32, "website": ""}
    coded = base64.b64encode(sound.ljust(262_392)).decode()
    return {
        "the sound itself": ("audio/webm", sound),
        "a sound for a seal": ("application/json", json.dumps(rest | {"sealed": coded})),
        "a sound beside a seal": ("application/json", cast.say().body()[:-1] + f', "sound": "{coded}"}}'),
        "a form": ("multipart/form-data; boundary=b", b"--b\r\n\r\n" + sound + b"\r\n--b--\r\n"),
    }


@pytest.mark.parametrize("name", list(spoken_in_the_clear()))
def test_a_sound_that_is_not_sealed_is_refused_and_written_down_nowhere_also_where_people_may_speak(
    log, name
):
    thread = Thread(now=today()).open_program().draft_engagement()
    save_questions(engagement=thread.engagement, questions=QUESTIONS, spoken=True)
    thread.make_keys().open()
    kind, body = spoken_in_the_clear()[name]
    reply = as_(None).post(DOOR, body, kind, headers={"Origin": "http://testserver"})
    assert (reply.status_code, Voice.objects.count()) == (422, 0)
    told = {"reply": reply.content, "log": log.getvalue().encode(), "database": database()}
    assert {where for where, whole in told.items() if found_in(whole, CANARY)} == set()


def test_no_other_address_takes_plain_words_in(walked, log):
    every = [one for one in addresses((walked.promise,)) if one != DOOR]
    sent = json.dumps({"answers": {"q2": CANARY}, "words": CANARY, "sealed": CANARY, "act": CANARY})
    for address in every:
        knock(as_(None), "POST", address, sent)
        knock(as_(None), "POST", address, {"words": CANARY, "q2": CANARY})
        knock(as_(None), "GET", f"{address}?q2={CANARY}")
    told = {"log": log.getvalue().encode(), "database": database()}
    assert {where for where, whole in told.items() if found_in(whole, CANARY)} == set()


def test_an_error_at_the_door_tells_nothing_of_what_was_sent(walked, log, monkeypatch, mailbox):
    def broken(**given):
        typed = str(given)
        raise RuntimeError(f"{CANARY} {typed}")

    monkeypatch.setattr(intake, "take_in", broken)
    client = as_(None)
    client.raise_request_exception = False
    voice = cast.say()
    reply = client.post(DOOR, voice.body(), "application/json", headers={"Origin": "http://testserver"})
    scrubbed = [one for one in log.getvalue().splitlines() if "RuntimeError" in one]
    assert (reply.status_code, len(mailbox.letters), scrubbed[:1]) == (500, 0, ["builtins.RuntimeError at"])
    assert [one for one in (CANARY, voice.mark, voice.act) if one.encode() in reply.content] == []


@pytest.mark.parametrize("size", [0, 199, 200, 1223, 1225, 4295, 65_737, 10_000_000])
def test_only_four_sizes_of_a_voice_are_taken(size):
    with pytest.raises(SealedError):
        check_sealed(cast.say().sealed[:200].ljust(size, b"x")[:size])


def test_the_page_holds_no_form_that_could_send_words_without_sealing(walked):
    page = as_(None).get(PAGE).content.decode()
    assert "<form" not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_no_app_that_serves_can_open_a_voice():
    """Load everything that serves in a process of its own and look for what opens."""
    serving = [
        one.name
        for one in pkgutil.walk_packages(alongside.__path__, "alongside.")
        if one.name.split(".")[1] in {"ground", "cohort", "work", "chain", "desks", "site"}
        and not {"demo", "management", "migrations"} & set(one.name.split("."))
    ]
    assert len(serving) > 150
    script = (
        "import django, importlib, sys; django.setup(); import alongside.site.urls\n"
        f"for one in {serving}: importlib.import_module(one)\n"
        "print([one for one in ('alongside.core.sealing.opening', 'pyrage') if one in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert run.stdout.strip() == "[]"
    assert importlib.util.find_spec("alongside.core.sealing.opening") is not None


def test_a_door_that_keeps_plain_words_is_caught(walked, log, monkeypatch):
    monkeypatch.setattr(intake, "_refuse_unsealed", lambda *_, **__: 1024)
    is_caught(
        "200 in",
        test_what_is_not_one_sealed_voice_is_refused_and_written_down_nowhere,
        walked,
        log,
        "two stanzas",
    )


def test_a_door_that_logs_what_it_refuses_is_caught(walked, log, monkeypatch):
    from alongside.chain.voices import views as public

    read = public.read_sealed

    def careless(request, **how):
        logging.getLogger("alongside").warning("refused %s", request.body)
        return read(request, **how)

    monkeypatch.setattr(public, "read_sealed", careless)
    name = "plain JSON"
    test = test_what_is_not_one_sealed_voice_is_refused_and_written_down_nowhere
    is_caught("{'log'} == set()", test, walked, log, name)


def voices_status(client, thread: Thread, lead: Holder, token: str = "") -> int:
    """Say how the reader answers a lead's key, by signing in anew or with a token from before."""
    api = f"{BASE}/reader/api/"
    if not token:
        token = token_of(client, thread, lead)
    given = client.get(
        f"{api}engagements/library-computers/voices", headers={"Authorization": f"Bearer {token}"}
    )
    return given.status_code


def token_of(client, thread: Thread, lead: Holder) -> str:
    api, seat = f"{BASE}/reader/api/", lead.seat.public_id
    asked = client.get(f"{api}challenge", {"seat": seat}).json().get("challenge", "")
    said = challenge_statement(origin=thread.program.origin, seat=seat, challenge=asked)
    sent = json.dumps({"challenge": asked, "signature": lead.sign(said)})
    reply = client.post(f"{api}session", sent, "application/json", headers={"Origin": "http://testserver"})
    return reply.json().get("token", "none")


def test_whoever_holds_a_post_opens_no_voice_also_with_a_seat_and_a_key(db, client):
    thread = Thread(now=today()).to_open_engagement()
    lead = holders(thread)[0]
    before = token_of(client, thread, lead)
    assert voices_status(client, thread, lead, before) == 200
    for post in (thread.manager.public_id, thread.office.public_id, "steward"):
        held = posted_by_rows(thread.program, lead.seat.person, post)
        assert [voices_status(client, thread, lead, token) for token in (before, "")] == [401, 401]
        viewer = viewer_for(lead.seat.person, thread.program, thread.now.date())
        assert (viewer.has(Role.LEAD), viewer.seat) == (False, None)
        assert as_(lead.seat.person).get(f"{BASE}/reader/").status_code == 403
        held.delete()
    assert voices_status(client, thread, lead) == 200


def test_no_key_is_vouched_for_or_locked_to_whoever_holds_a_post(db):
    thread = Thread(now=today()).to_open_engagement()
    ana, ben = holders(thread)[:2]
    other = Holder.make(thread.third_lead)
    asked = offer(thread.program, other, thread.now)
    post = posted_by_rows(thread.program, thread.third_lead.person, thread.office.public_id)
    vouched = {"program": thread.program, "key": asked, "now": thread.now}
    first, second = (one.vouch_for(other, thread.program.origin) for one in (ana, ben))
    keys.vouch(**vouched, seat=ana.seat, signature=first)
    with pytest.raises(GrammarError, match="also holds an office in this program"):
        keys.vouch(**vouched, seat=ben.seat, signature=second)
    post.delete()
    assert keys.vouch(**vouched, seat=ben.seat, signature=second).kind == "key.certified"
    posted_by_rows(thread.program, thread.third_lead.person, thread.office.public_id)
    assert thread.third_lead.public_id not in may_hold_keys(thread.program, thread.now.date())
    shared = lock(thread.program, ana, wrap(thread.identity, other), recipient=thread.recipient)
    key = engagement_key(thread.program, "library-computers")
    with pytest.raises((GrammarError, Refused)):
        keys.share_engagement_key(
            program=thread.program,
            key=key,
            seat=ana.seat,
            wraps=shared["wraps"],
            signature=shared["signature"],
            now=thread.now,
        )

"""Promise 3: findings go to the record from the leads; no city role can edit, delay or see one before it is public."""

import base64
import json
import re
from uuid import UUID

import pytest

from alongside.chain.findings import actions
from alongside.chain.findings.models import Attestation, SealedDraft
from alongside.chain.findings.queries import confirmed_in
from alongside.cohort.meetings.models import MinutesDraft
from alongside.cohort.seats.queries.seconds import seconds_awaited
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.core.sealing.envelope import seal
from alongside.ground.gate.tokens import ENROL, READ, give_token
from alongside.ground.record.models import LogEntry, PublicText
from alongside.site.ticking import tick_program
from alongside.work.engagements import actions as engagements
from alongside.work.strategies import models as strategies
from tests.cohort.seats import cast as meetings
from tests.promises.attempts import (
    BASE,
    NOT_FOR_YOU,
    VALUES,
    accepted,
    addresses,
    appended_by_commands,
    as_,
    city,
    is_caught,
    knock,
    size,
    taken_by_sql,
    today,
    without_rule,
)
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
API = f"{BASE}/reader/api/engagements/library-computers/findings"
CANARY = "canary-finding-that-is-not-public"
DRAFT = {
    "smaller": False,
    "voices": {"low": 51, "high": 75},
    "root": "ab" * 32,
    "words": {"en": {"statement": CANARY}},
    "draft": "",
}


def held() -> Thread:
    """Walk to an open engagement whose key two leads hold, with one sealed draft of a finding."""
    thread = Thread(now=today()).to_open_engagement()
    thread.hear()
    thread.sealed = actions.keep_draft(
        program=thread.program,
        promise=thread.promise,
        seat=thread.first_lead,
        sealed=seal(CANARY.encode().ljust(1024), thread.recipient),
        draft_id=None,
        now=thread.now,
    )
    return thread


def reader(thread, seat=None, use=READ, program="riverbend") -> dict[str, str]:
    """Give the header that a lead's reader sends once the lead's key has signed in."""
    public_id = seat or thread.first_lead.public_id
    return {"Authorization": f"Bearer {give_token(program=program, seat=public_id, use=use)}"}


def planned(thread) -> strategies.Strategy:
    """Let the first lead begin a strategy, sealed, under the number that `addresses` puts into every address."""
    from alongside.work.strategies.actions import begin

    return begin(
        program=thread.program,
        seat=thread.first_lead,
        strategy=UUID(VALUES["uuid"][0]),
        members=[thread.first_lead.public_id],
        sealed=seal(CANARY.encode().ljust(16_384), thread.recipient),
        now=thread.now,
    )


def published() -> int:
    return LogEntry.objects.filter(kind="finding.published").count()


def test_a_lead_who_holds_the_key_drafts_and_publishes_alone(db):
    thread = held()
    person = as_(None)
    listed = knock(person, "GET", API, **reader(thread)).json()["drafts"]
    assert [one["id"] for one in listed] == [str(thread.sealed.pk)]
    sent = json.dumps(DRAFT | {"draft": str(thread.sealed.pk)})
    assert knock(person, "POST", f"{API}/publish", sent, **reader(thread)).status_code == 200
    assert (published(), SealedDraft.objects.count()) == (1, 0)


def test_no_address_shows_a_sealed_draft_or_a_strategy_to_any_city_role(db):
    thread = held()
    rows = [bytes(thread.sealed.sealed), bytes(planned(thread).sealed)]
    telling = (str(thread.sealed.pk), CANARY)
    for row in rows:
        telling = (*telling, base64.b64encode(row).decode()[:200], row.hex()[:200])
    people = {"nobody": None, **city(thread)}
    every = addresses((1, thread.promise))
    assert len(every) > 90
    shown = []
    for who, person in people.items():
        client = as_(person)
        for address in every:
            reply = knock(client, "GET", address)
            body = b"".join(reply.streaming_content) if reply.streaming else reply.content
            shown += [(who, address) for word in telling if word.encode() in body]
    assert shown == []


def test_no_city_role_lists_keeps_attests_or_publishes_a_finding(db):
    thread = held()
    people = {"nobody": None, **city(thread), "a lead with a cookie alone": thread.first_lead.person}
    sealed = base64.b64encode(bytes(thread.sealed.sealed)).decode()
    doors = {
        API: ("GET", None),
        f"{API}/drafts": ("POST", json.dumps({"id": str(thread.sealed.pk), "sealed": sealed})),
        f"{API}/attest": ("POST", json.dumps({"finding": "a" * 64})),
        f"{API}/publish": ("POST", json.dumps(DRAFT)),
    }
    before = size()
    answers = {
        (who, door): knock(as_(person), method, door, body).status_code
        for who, person in people.items()
        for door, (method, body) in doors.items()
    }
    assert {where: status for where, status in answers.items() if status != 401} == {}
    assert (size(), Attestation.objects.count(), SealedDraft.objects.count()) == (before, 0, 1)


def test_no_door_of_the_reader_opens_to_a_city_role(db):
    thread = held()
    doors = [one for one in addresses((1, thread.promise)) if "/reader/api/" in one]
    open_to_all = {f"{BASE}/reader/api/challenge", f"{BASE}/reader/api/session"}
    assert len(doors) > 15
    opened = [
        (who, method, door, reply.status_code)
        for who, person in city(thread).items()
        for door in doors
        for method in ("GET", "POST")
        if (reply := knock(as_(person), method, door, "{}" if method == "POST" else None)).status_code < 400
        and door not in open_to_all
    ]
    assert opened == []


def test_no_city_role_learns_that_a_strategy_is_there(db):
    thread = held()
    plan = planned(thread)
    doors = [one for one in addresses((1,)) if "strategies" in one]
    assert len(doors) == 8
    for who, person in city(thread).items():
        client = as_(person)
        for method in ("GET", "POST"):
            body = "{}" if method == "POST" else None
            nothing = knock(client, method, f"{BASE}/there-is-nothing-here", body)
            answers = {(who, door): knock(client, method, door, body) for door in doors}
            told = {where: (one.status_code, one.content) for where, one in answers.items()}
            assert told == dict.fromkeys(told, (404, nothing.content))
    assert (plan.members.count(), strategies.Destroyed.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "token", ["enrol", "another program", "no place", "forged", "basic", "without the key"]
)
def test_no_token_but_that_of_a_lead_who_holds_the_key_opens_a_draft(db, token):
    thread = held()
    headers = {
        "enrol": reader(thread, use=ENROL),
        "another program": reader(thread, program="elsewhere"),
        "no place": reader(thread, seat="seat-00000000"),
        "forged": {"Authorization": "Bearer e30:1abc:def"},
        "basic": {"Authorization": reader(thread)["Authorization"].replace("Bearer", "Basic")},
        "without the key": reader(thread, seat=thread.third_lead.public_id),
    }[token]
    reply = knock(as_(None), "GET", API, **headers)
    assert reply.status_code in {401, 409}
    assert str(thread.sealed.pk) not in reply.content.decode()


def test_the_server_keeps_no_draft_that_it_could_read(db):
    thread = held()
    given = {
        "program": thread.program,
        "promise": thread.promise,
        "seat": thread.first_lead,
        "now": thread.now,
    }
    for plain in (CANARY.encode(), b"", b'{"statement": "x"}', b" age-encryption.org/v1\n"):
        with pytest.raises(Refused, match="which seals it first"):
            actions.keep_draft(sealed=plain, draft_id=None, **given)
    sent = json.dumps({"id": "", "sealed": base64.b64encode(CANARY.encode()).decode()})
    assert knock(as_(None), "POST", f"{API}/drafts", sent, **reader(thread)).status_code == 409
    assert SealedDraft.objects.count() == 1


def sealed(thread, words: bytes) -> str:
    return base64.b64encode(seal(words.ljust(1024), thread.recipient)).decode()


def test_no_lead_changes_or_drops_what_another_lead_drafted(db):
    thread = held()
    before, second = bytes(thread.sealed.sealed), reader(thread, thread.second_lead.public_id)
    sent = json.dumps({"id": str(thread.sealed.pk), "sealed": sealed(thread, b"rubbish")})
    reply = knock(as_(None), "POST", f"{API}/drafts", sent, **second)
    copied = json.loads(reply.content)["id"]
    rows = {str(one.pk): (one.seat, bytes(one.sealed) == before) for one in SealedDraft.objects.all()}
    assert copied != str(thread.sealed.pk)
    assert rows == {str(thread.sealed.pk): (thread.first_lead, True), copied: (thread.second_lead, False)}

    drop = json.dumps({"id": str(thread.sealed.pk)})
    assert knock(as_(None), "POST", f"{API}/drafts/drop", drop, **second).status_code == 200
    assert SealedDraft.objects.filter(pk=thread.sealed.pk).exists()
    assert (
        knock(as_(None), "POST", f"{API}/drafts/drop", json.dumps({"id": copied}), **second).status_code
        == 200
    )
    assert not SealedDraft.objects.filter(pk=copied).exists()

    other = DRAFT | {"words": {"en": {"statement": "Something else."}}, "draft": str(thread.sealed.pk)}
    assert knock(as_(None), "POST", f"{API}/publish", json.dumps(other), **second).status_code == 200
    assert SealedDraft.objects.filter(pk=thread.sealed.pk).exists()


def test_a_draft_goes_with_its_finding_whoever_of_those_who_confirmed_it_publishes(db):
    thread = held()
    own, second = reader(thread), reader(thread, thread.second_lead.public_id)
    finding = {name: DRAFT[name] for name in ("smaller", "voices", "root", "words")}
    exact = actions.finding_hash({"promise": thread.promise, **finding})
    told = json.dumps({"finding": exact, "draft": str(thread.sealed.pk)})
    assert knock(as_(None), "POST", f"{API}/attest", told, **own).status_code == 200
    assert knock(as_(None), "POST", f"{API}/publish", json.dumps(DRAFT), **second).status_code == 200
    assert SealedDraft.objects.count() == 0


def test_no_lead_spoils_the_notes_of_all(db):
    thread = held()
    api = f"{BASE}/reader/api/engagements/library-computers/notes"
    first, second = (reader(thread, one.public_id) for one in (thread.first_lead, thread.second_lead))
    good = sealed(thread, b'{"themes": []}')
    for revision, (headers, words) in enumerate([(first, good), *[(second, sealed(thread, b"rubbish"))] * 7]):
        sent = json.dumps({"sealed": words, "revision": revision})
        assert knock(as_(None), "POST", api, sent, **headers).status_code == 200
    told = json.loads(knock(as_(None), "GET", api, **first).content)
    assert (told["revision"], told["earlier"]) == (8, [7, 6, 5, 4, 1])
    assert json.loads(knock(as_(None), "GET", f"{api}?revision=1", **first).content)["sealed"] == good


def publish(thread, by, voices=None, smaller=False, cites=None):
    """Try to enter a finding directly."""
    from alongside.ground.record.actions.entries import Text

    return thread.enter(
        "finding.published",
        by,
        {"smaller": smaller, "voices": voices or {"low": 51, "high": 75}, "root": "ab" * 32},
        {"engagement": [thread.promise], **(cites or {})},
        {"statement": Text("en", CANARY)},
    )


def test_the_record_takes_a_finding_from_leads_alone(db):
    thread = held()
    lead, office = thread.first_lead.public_id, thread.manager.public_id
    signers = {
        "an office": [office],
        "a lead and an office": [lead, office],
        "the program coordinator": ["steward"],
        "a lead and the program coordinator": [lead, "steward"],
        "the clock": ["clock"],
        "someone without a seat": ["seat-00000000"],
        "nobody": [],
    }
    attempts = {who: lambda by=by: publish(thread, by) for who, by in signers.items()}
    assert accepted(attempts) == []


def test_a_small_finding_needs_two_leads_however_its_count_is_told(db):
    thread = held()
    lead = [thread.first_lead.public_id]
    bands = {
        "fewer": "fewer",
        "a count": {"low": 3, "high": 3},
        "a low band": {"low": 1, "high": 9},
        "a band that begins low": {"low": 9, "high": 75},
        "a band upside down": {"low": 75, "high": 51},
        "a band over more voices than are on the record": {"low": 76, "high": 100},
        "a band that is as good as a count": {"low": 70, "high": 75},
    }
    attempts = {name: lambda band=band: publish(thread, lead, band) for name, band in bands.items()}
    assert accepted(attempts) == []
    sent = json.dumps(DRAFT | {"voices": "fewer"})
    assert knock(as_(None), "POST", f"{API}/publish", sent, **reader(thread)).status_code == 409
    assert published() == 0
    both = [*lead, thread.second_lead.public_id]
    assert publish(thread, both, "fewer").kind == "finding.published"


def test_two_leads_must_attest_exactly_the_same_small_finding(db):
    thread = held()
    content = {"promise": thread.promise} | {name: DRAFT[name] for name in ("smaller", "root", "words")}
    given = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    exact = actions.finding_hash(content | {"voices": "fewer"})
    other = actions.finding_hash(content | {"voices": "fewer", "words": {"en": {"statement": "Other"}}})
    sent = {**given, "seat": thread.first_lead, "voices": "fewer", "smaller": False, "root": "ab" * 32}
    actions.attest(seat=thread.second_lead, finding=other, **given)
    attempt = {"another finding": lambda: actions.publish(words=DRAFT["words"], **sent)}
    assert accepted(attempt) == []
    actions.attest(seat=thread.second_lead, finding=exact, **given)
    entry = actions.publish(words=DRAFT["words"], **sent)
    assert set(entry.by) == {thread.first_lead.public_id, thread.second_lead.public_id}


def test_a_row_that_no_lead_pressed_attests_no_small_finding(db):
    thread = held()
    given = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    small = {"smaller": False, "voices": "fewer", "root": "ab" * 32, "words": DRAFT["words"]}
    exact = actions.finding_hash({"promise": thread.promise, **small})
    actions.attest(seat=thread.second_lead, finding="0" * 64, draft_id=str(thread.sealed.pk), **given)
    row = Attestation.objects.get()
    for changed in ({"finding": exact}, {"finding": exact, "mark": ""}):
        Attestation.objects.filter(pk=row.pk).update(**changed)
        assert confirmed_in(thread.program, thread.promise) == {}
        with pytest.raises(GrammarError, match="two leads confirm it; ask a second lead"):
            actions.publish(seat=thread.first_lead, **small, **given)
    actions.attest(seat=thread.second_lead, finding=exact, **given)
    assert len(actions.publish(seat=thread.first_lead, **small, **given).seats) == 2


def test_a_word_for_a_small_finding_ends_with_its_draft_an_edit_or_thirty_days(db):
    thread = held()
    small = {"smaller": False, "voices": "fewer", "root": "ab" * 32, "words": DRAFT["words"]}
    exact = actions.finding_hash({"promise": thread.promise, **small})
    about = {"program": thread.program, "promise": thread.promise}
    mine = {**about, "seat": thread.second_lead}

    def attest():
        lock = seal(CANARY.encode(), thread.recipient)
        draft = str(actions.keep_draft(sealed=lock, draft_id=None, now=thread.now, **mine).pk)
        actions.attest(finding=exact, draft_id=draft, now=thread.now, **mine)
        assert len(seconds_awaited(thread.program, thread.today)) == 1
        return {"draft_id": draft, **mine}

    def edit(**draft):
        actions.keep_draft(sealed=seal(b"{}", thread.recipient), now=thread.now, **draft)

    def wait(**_draft):
        thread.later(30)

    def publish():
        return actions.publish(seat=thread.first_lead, now=thread.now, **small, **about)

    for end in (actions.drop_draft, edit, wait):
        end(**attest())
        with pytest.raises(GrammarError, match="two leads confirm it; ask a second lead"):
            publish()
        tick_program(thread.program, thread.now)
        assert (seconds_awaited(thread.program, thread.today), Attestation.objects.count()) == ([], 0)
    attest()
    thread.later(29)
    assert len(publish().seats) == 2


def test_a_second_lead_signs_no_more_of_a_finding_than_they_attested(db):
    thread = held()
    majority, lead = thread.find(), thread.first_lead
    answer = thread.answer(thread.recommend(majority))[0]
    given = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    small = {"smaller": True, "voices": "fewer", "root": "cd" * 32, "words": DRAFT["words"]}
    attested = actions.finding_hash({"promise": thread.promise, **small, "beside": [majority.index]})
    actions.attest(seat=thread.second_lead, finding=attested, **given)
    more = {
        "beside nothing": {},
        "an answer of the City": {"beside": [majority.index], "answers": [answer.index]},
        "other languages": {"beside": [majority.index], "languages": ["es"]},
    }
    attempts = {
        name: lambda cites=cites: actions.publish(seat=lead, **small, **cites, **given)
        for name, cites in more.items()
    }
    assert accepted(attempts) == []
    with pytest.raises(GrammarError, match="two leads confirm it; ask a second lead"):
        attempts["beside nothing"]()
    entry = actions.publish(seat=lead, **small, beside=[majority.index], **given)
    assert (len(entry.seats), entry.cites["beside"]) == (2, (majority.index,))


def test_a_finding_stands_beside_those_that_its_writer_names(db):
    thread = held()
    first, second = thread.find(), thread.find()
    sent = json.dumps(DRAFT | {"smaller": True, "beside": [second.index], "answers": ["1"]})
    assert knock(as_(None), "POST", f"{API}/publish", sent, **reader(thread)).status_code == 400
    sent = json.dumps(DRAFT | {"smaller": True, "beside": [second.index]})
    assert knock(as_(None), "POST", f"{API}/publish", sent, **reader(thread)).status_code == 200
    line = LogEntry.objects.filter(kind="finding.published").order_by("-index")[0]
    assert f'"beside":[{second.index}]' in bytes(line.raw).decode()
    read = knock(as_(None), "GET", API, **reader(thread))
    listed = [(one["entry"], one["words"]) for one in json.loads(read.content)["findings"]]
    assert [entry for entry, _words in listed] == [first.index, second.index, line.index]
    assert listed[-1][1] == CANARY


def test_a_smaller_groups_finding_stands_beside_the_majoritys(db):
    thread = held()
    first = thread.find()
    sent = json.dumps(DRAFT | {"smaller": True, "beside": [first.index]})
    assert knock(as_(None), "POST", f"{API}/publish", sent, **reader(thread)).status_code == 200
    page = as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert [words in page for words in (CANARY, "People want short keeping.")] == [True, True]
    line = LogEntry.objects.filter(kind="finding.published").order_by("-index")[0]
    assert f'"beside":[{first.index}]' in bytes(line.raw).decode()


def test_no_city_role_delays_a_finding(db):
    thread = held()
    engagements.pause(engagement=thread.engagement, ground="Wait for us.", by="steward", now=thread.now)
    for person in city(thread).values():
        client = as_(person)
        for page in (
            f"{BASE}/engagements/library-computers/pause/",
            f"{BASE}/reports/{thread.promise}/write/",
        ):
            client.post(page, {"ground": "Wait.", "publish": "1"})
    sent = json.dumps(DRAFT)
    assert knock(as_(None), "POST", f"{API}/publish", sent, **reader(thread)).status_code == 200
    assert CANARY in as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()


def test_no_city_role_changes_a_finding_that_is_public(db):
    thread = held()
    finding = thread.find().index
    before = size()
    words = {"statement": "The City is right.", "words": "The City is right.", "publish": "1"}
    for person in city(thread).values():
        client = as_(person)
        for address in addresses((finding,)):
            if "/reader/" not in address and "/accounts/" not in address and "/pause/" not in address:
                knock(client, "POST", address, words)
    assert size() == before
    assert not PublicText.objects.filter(words__contains="City is right").exists()


def test_no_city_role_replaces_what_a_lead_put_into_another_language(db):
    thread = held()
    finding = thread.find().index
    page = f"{BASE}/record/{finding}/translations/?into=es"
    told = {"made_by": "person", "is_reviewed": "on"}
    theirs = told | {"words-statement": "La gente quiere plazos cortos."}
    assert knock(as_(thread.first_lead.person), "POST", page, theirs).status_code == 302
    before = size()
    for person in city(thread).values():
        for how in (told, {"made_by": "machine"}):
            knock(as_(person), "POST", page, how | {"words-statement": "La Ciudad tiene razón."})
    assert size() == before
    follow = as_(None).get(f"/riverbend/es/follow/{thread.promise}/").content.decode()
    assert ("plazos cortos" in follow, "La Ciudad tiene" in follow) == (True, False)


def test_missing_rules_on_translations_are_caught(db, monkeypatch):
    for rule in ("leaves_a_leads_words", "leaves_what_needs_a_lead"):
        without_rule(monkeypatch, "text.translated", rule)
    is_caught("= size()", test_no_city_role_replaces_what_a_lead_put_into_another_language, None)


def test_no_command_publishes_or_changes_a_finding():
    assert appended_by_commands() & {"finding.published", "advice.published", "voices.opened"} == set()


def test_no_sql_changes_a_finding_that_is_public(both_databases):
    thread = Thread(now=today()).to_open_engagement()
    thread.find()
    statements = [
        "UPDATE record_publictext SET words = 'The City is right.' WHERE name = 'statement'",
        "DELETE FROM record_publictext WHERE name = 'statement'",
        "DELETE FROM record_logentry WHERE kind = 'finding.published'",
        "UPDATE record_logentry SET pen = 'city' WHERE kind = 'finding.published'",
    ]
    assert taken_by_sql(statements) == []


@pytest.mark.parametrize(
    ("rule", "test", "says"),
    [
        ("is_the_leads_own", test_a_small_finding_needs_two_leads_however_its_count_is_told, "fewer"),
        ("is_the_leads_own", test_two_leads_must_attest_exactly_the_same_small_finding, "another finding"),
        (
            "rests_on_voices",
            test_a_small_finding_needs_two_leads_however_its_count_is_told,
            "a band over more voices than are on the record",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, rule, test, says):
    without_rule(monkeypatch, "finding.published", rule)
    is_caught(says, test, None)


def test_a_reader_that_opens_to_cookies_is_caught(db, monkeypatch):
    from alongside.chain.reader.views.api import doors

    seat = "seat-00000000"
    monkeypatch.setattr(doors, "seat_of", lambda *_: seat)
    monkeypatch.setattr(doors.reader, "reader_seat", lambda program, _seat, _today: first_seat(program))
    is_caught("/findings'): 200", test_no_city_role_lists_keeps_attests_or_publishes_a_finding, None)


def test_a_strategy_that_opens_to_cookies_is_caught(db, monkeypatch):
    from alongside.work.strategies import views as doors

    monkeypatch.setattr(doors.queries, "strategist", lambda program, *_: first_seat(program))
    is_caught("(200, b'{", test_no_city_role_learns_that_a_strategy_is_there, None)


def test_a_page_of_strategies_that_says_for_whom_it_is_is_caught(db, monkeypatch):
    from alongside.site import pages

    monkeypatch.setattr(pages, "NothingHere", KeyError)
    is_caught("Differing items", test_no_city_role_learns_that_a_strategy_is_there, None)


def first_seat(program):
    from alongside.cohort.seats.models import Seat

    return Seat.objects.filter(cohort__program=program).order_by("pk").first()


# What leads say of a data product, and what they advise.

HERE = f"{BASE}/consultations/library-computers"


def reviewed():
    """Walk to a consultation with a comment of a lead that nobody may quote."""
    from tests.work.consultations.cast import Review

    review = Review(slug="library-computers")
    version = review.bring(material="library-computers")
    review.said = review.say(CANARY, version=version, column=3, seat=review.other, may_quote=False)
    return review


def test_no_address_shows_a_comment_of_the_leads_to_any_city_role(db):
    review = reviewed()
    people = {"nobody": None, **city(review.thread)}
    every = [one for one in addresses((1,)) if "/consultations/" in one]  # version 1, comment 1
    assert (len(every) > 12, review.said.pk) == (True, 1)
    shown = []
    for who, person in people.items():
        client = as_(person)
        for address in every:
            reply = knock(client, "GET", address)
            body = b"".join(reply.streaming_content) if reply.streaming else reply.content
            shown += [(who, address)] if CANARY.encode() in body else []
    assert shown == []
    assert CANARY in as_(review.lead.person).get(f"{HERE}/comments/").content.decode()
    assert not PublicText.objects.filter(words__contains=CANARY).exists()


def test_no_city_role_writes_among_the_leads_or_publishes_advice(db):
    from alongside.work.consultations.models import Comment

    review = reviewed()
    number = review.said.pk
    sent = {"words": "The City is right.", "advice": "The City is right.", "title_1": "So", "ask_1": "It is."}
    doors = ("comments", "guide", "advise", f"comments/{number}/reply", f"comments/{number}/take-back")
    before = size(), Comment.objects.count()
    answers = {
        (who, door): as_(person).post(f"{HERE}/{door}/", sent).status_code
        for who, person in {"nobody": None, **city(review.thread)}.items()
        for door in (*doors, "materials/library-computers/1/review")
    }
    assert {where: status for where, status in answers.items() if status not in {302, *NOT_FOR_YOU}} == {}
    assert (size(), Comment.objects.count()) == before


def test_the_record_takes_advice_from_leads_alone(db):
    from alongside.ground.record.actions.entries import Text

    review = reviewed()
    lead, office = review.lead.public_id, review.office
    signers = {
        "an office": [office],
        "a lead and an office": [lead, office],
        "the program coordinator": ["steward"],
        "someone without a seat": ["seat-00000000"],
    }

    def enter(by):
        cites = {"consultation": [review.row.entry]}
        return review.thread.enter(
            "advice.published", by, {"smaller": False}, cites, {"advice": Text("en", "No.")}
        )

    assert accepted({who: lambda by=by: enter(by) for who, by in signers.items()}) == []
    assert enter([lead]).kind == "advice.published"


def test_no_city_role_delays_advice_or_hides_a_smaller_groups(db):
    review = reviewed()
    first = review.advise()[0]
    as_(review.thread.boss).post(f"{HERE}/take-back/", {"reason": "Wait."})
    advice = review.advise(smaller=True, beside=[first.index], seat=review.other)[0]
    page = as_(None).get(f"{HERE}/changes/").content.decode()
    assert "What a smaller group of leads advised" in page
    assert advice.cites["beside"] == (first.index,)


def test_a_comment_that_its_writer_did_not_give_is_never_quoted(db):
    review = reviewed()
    refused = {"a comment that may not be quoted": lambda: review.advise(review.said)}
    assert accepted(refused, ValueError) == []


def test_a_city_role_that_is_taken_for_a_lead_is_caught(db, monkeypatch):
    from alongside.cohort.seats.queries.seats import viewer_for as real
    from alongside.site import middleware

    monkeypatch.setattr(
        middleware, "viewer_for", lambda _person, program, *of: real(first_seat(program).person, program, *of)
    )
    is_caught("('staff', '/", test_no_address_shows_a_comment_of_the_leads_to_any_city_role, None)


def test_a_pen_that_an_office_may_hold_is_caught(db, monkeypatch):
    import dataclasses

    from alongside.core.grammar.versions import KINDS

    kind = KINDS["advice.published"]
    monkeypatch.setitem(KINDS, kind.name, dataclasses.replace(kind, by=("seat", "office"), rules=()))
    is_caught("an office", test_the_record_takes_advice_from_leads_alone, None)


def test_a_unit_that_can_stop_advice_is_caught(db, monkeypatch):
    import dataclasses

    from alongside.core.grammar.consultations import is_under_way
    from alongside.core.grammar.versions import KINDS

    kind = KINDS["advice.published"]
    monkeypatch.setitem(KINDS, kind.name, dataclasses.replace(kind, rules=(*kind.rules, is_under_way)))
    is_caught(
        "the bureau withdrew this consultation",
        test_no_city_role_delays_advice_or_hides_a_smaller_groups,
        None,
        by=GrammarError,
    )


MINUTES = f"{BASE}/meetings/first/minutes/"


def opened_minutes(person) -> tuple:
    """Open the page of the minutes; give the browser and what its form sends along."""
    browser = as_(person)
    page = browser.get(MINUTES).content.decode()
    return browser, version_in(page)


def version_in(page: str) -> dict[str, str]:
    """Give what the form of the minutes sends along unseen."""
    return dict(re.findall(r'name="(version)"(?: value="([^"]*)")?', page))


def test_an_older_page_of_the_steward_takes_no_minority_position_out_of_the_minutes(db):
    thread = meetings.program()
    meetings.meet(thread)
    steward, older = opened_minutes(thread.steward)
    lead, sent = opened_minutes(thread.first_lead.person)
    words = {"minutes": "We spoke.\r\n\r\nLong.", "decisions": "One.\r\n\r\nTwo.", "people": "4"}
    said = words | {"minority": "Two of us say: no cameras at all."}
    assert lead.post(MINUTES, said | sent).status_code == 302
    assert lead.post(MINUTES, said | sent).status_code == 302  # pressed twice

    agreed = {"minutes": "All agreed.", "decisions": "", "minority": "", "people": "4"}
    shown = steward.post(MINUTES, agreed | older).content.decode()
    assert "Somebody saved this while your page was open. Read both, then save again." in shown
    assert ("no cameras at all" in shown, "All agreed." in shown) == (True, True)
    assert MinutesDraft.objects.get().minority == ["Two of us say: no cameras at all."]

    # Also who has read it and is the steward leaves it as it is; who is a lead may change it.
    read = version_in(shown)
    again = steward.post(MINUTES, agreed | read).content.decode()
    assert "Only leads change a minority position or take it away." in again
    assert steward.post(MINUTES, agreed | read | {"minority": said["minority"]}).status_code == 302
    other, now = opened_minutes(thread.second_lead.person)
    assert other.post(MINUTES, agreed | now | {"minority": "Three of us."}).status_code == 302
    draft = MinutesDraft.objects.get()
    assert (draft.minutes, draft.minority) == ("All agreed.", ["Three of us."])

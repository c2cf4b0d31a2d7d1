"""Promise 3, from grammar 5 on: what leads do in the reader carries the key of each, and the site holds no signature before the last of them comes."""

import hashlib
import json
import os
from datetime import timedelta

import pytest

from alongside.chain.findings.actions import finding_hash
from alongside.chain.findings.models import Attestation
from alongside.chain.keys.models import DestructionAsked
from alongside.chain.proposals.models import Proposal
from alongside.chain.reader.models import OpenedList
from alongside.core.entries import GrammarError
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import leaf_hash
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.salted import salted_hash
from alongside.core.sealing.acts import act_bytes, act_statement, salt_in_reader
from alongside.core.sealing.opening import open_sealed
from alongside.ground.gate.tokens import READ, give_token
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.acts import Nobody, nonce_about, signed_by
from alongside.ground.record.models import LogEntry
from alongside.site.demo.keys import Rings
from alongside.site.demo.sealed import make_engagement_key
from tests.chain.opinions.cast import SLUG, decided, offer, propose, takes_offers, taking
from tests.promises.attempts import as_
from tests.promises.test_keys_stay_with_the_leads import KEPT, Keys
from tests.promises.test_leads_sign_with_their_own_keys import judge, last
from tests.promises.test_two_leads_sign_with_their_own_keys import renew_key
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
API = "/riverbend/en/reader/api/"
SUNDAYS = {"en": "Nobody should wait in the rain.", "es": "Nadie debe esperar bajo la lluvia."}
NO = {"reason": "points-at-a-person", "ground": "It names your neighbor."}


@pytest.fixture
def thread(db):
    """Walk to an engagement in which people offer statements; three leads hold keys, and the site none of them."""
    thread = takes_offers()
    with signed_by(Nobody()):
        yield thread


def post(thread, seat, path, body):
    """Send something as a lead's reader does."""
    token = give_token(program=thread.program.slug, seat=seat.public_id, use=READ)
    headers = {"Authorization": f"Bearer {token}", "Origin": "http://testserver"}
    return as_(None).post(API + path, json.dumps(body), "application/json", headers=headers)


def asked_of(kind, about, cited, promise):
    """Give what a reader asks for before a lead signs."""
    return {"kind": kind, "about": about, "cited": cited, "upon": promise}


def part_of_rows(thread, seat, meant, about):
    """Sign a lead's part of entries in a row, which hold no words."""
    kind, _data, cites = meant[0]
    asked = asked_of(kind, about, cites["engagement"][0], cites["engagement"][0])
    told = post(thread, seat, "to-sign", asked).json()
    drafts = [
        {"kind": kind, "by": [seat.public_id], "data": data, "cites": cites, "texts": {}}
        for kind, data, cites in meant
    ]
    act = act_bytes(v=told["v"], origin=thread.program.origin, nonce=told["nonce"], drafts=drafts)
    head = {name: told[name] for name in ("day", "size", "root")}
    statement = act_statement(origin=thread.program.origin, seat=seat.public_id, act=act, **head)
    sig = thread.keyrings[seat.public_id].sign(statement)
    return {"seed": os.urandom(16).hex(), "signed": {**head, "sig": sig}}


def part_of(thread, seat, meant, about, before=None, **other):
    """Sign a lead's part on her own device: what it would say, with its words."""
    kind, data, cites, texts = meant
    cited = max(one for many in cites.values() for one in many)
    told = (
        post(thread, seat, "to-sign", asked_of(kind, about, cited, next(iter(cites.values()))[0])).json()
        | other
    )
    seed = before["seed"] if before else os.urandom(16).hex()
    salts = {name: salt_in_reader(nonce=told["nonce"], seed=seed, place=0, name=name) for name in texts}
    hashed = {
        name: {"lang": lang, "sha256": salted_hash(salts[name], words.encode())}
        for name, (lang, words) in texts.items()
    }
    draft = {"kind": kind, "by": [seat.public_id], "data": data, "cites": cites, "texts": hashed}
    act = act_bytes(v=told["v"], origin=thread.program.origin, nonce=told["nonce"], drafts=[draft])
    head = {name: told[name] for name in ("day", "size", "root")}
    statement = act_statement(origin=thread.program.origin, seat=seat.public_id, act=act, **head)
    sig = thread.keyrings[seat.public_id].sign(statement)
    return {"v": told["v"], "nonce": told["nonce"], "seed": seed, "signed": {**head, "sig": sig}}


def together(*parts):
    """Give what is sent of the parts of leads."""
    return {"seed": parts[0][1]["seed"], "signed": {seat.public_id: part["signed"] for seat, part in parts}}


def meant_by(thread, said):
    """Give what goes on the public log of a decision, as islands/reader/offering.ts does."""
    more = {"released": {}, "merged": {"statement": said.statement}, "declined": {"reason": said.reason}}
    texts = {lang: (lang, words) for lang, words in said.words.items()} or {
        "ground": (said.lang, said.ground)
    }
    data = {"offer": said.offer, "decision": said.decision} | more[said.decision]
    return EntryKind.OFFER_DECIDED, data, {"engagement": [thread.promise]}, texts


def decide(thread, said, row, act):
    """Let the second lead's reader send what two signed."""
    body = vars(said) | ({"act": act} if act else {})
    return post(thread, thread.second_lead, f"engagements/{SLUG}/offers/{row.pk}/decide", body)


def both(thread, said, row):
    """Let the first lead sign in her reader, and the second in his; give their parts."""
    meant, (ana, ben) = meant_by(thread, said), (thread.first_lead, thread.second_lead)
    first = part_of(thread, ana, meant, row.digest)
    return (ana, first), (ben, part_of(thread, ben, meant, row.digest, first))


WAYS = {
    "released": {"words": SUNDAYS},
    "merged": {"statement": "s1", "ground": "The first one says it."},
    "declined": NO,
}


@pytest.mark.parametrize("decision", WAYS)
def test_a_decision_of_an_offered_statement_stands_under_the_keys_of_both(thread, decision):
    said = decided(offer(thread, SUNDAYS["en"]), decision, **WAYS[decision])
    row = propose(thread, said)
    parts = both(thread, said, row)
    assert parts[0][1]["signed"]["sig"] not in json.dumps(list(Proposal.objects.values()), default=str)
    assert decide(thread, said, row, together(*parts)).status_code == 200
    entry = last(thread)
    assert (entry["kind"], entry["data"]["decision"]) == ("offer.decided", decision)
    assert set(entry["act"]["sigs"]) == {seat.public_id for seat, _part in parts} == set(entry["by"])
    judge(thread)


@pytest.mark.parametrize("who", ["nobody", "the first", "the second"])
def test_nothing_is_decided_without_the_signature_of_each(thread, who):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    first, second = both(thread, said, row)
    before = LogEntry.objects.count()
    given = {"nobody": None, "the first": together(first), "the second": together(second)}[who]
    answer = decide(thread, said, row, given)
    assert (answer.status_code, LogEntry.objects.count()) == (409, before)
    assert Proposal.objects.filter(pk=row.pk).exists()
    ours = "What you signed is not what would go on the public log now."
    assert (ours in answer.json()["words"]) is (who != "the second")
    assert ("Another lead confirms this again" in answer.json()["words"]) is (who == "the second")


SPOILT = {
    "the words": lambda one: one["texts"]["en"].update(sha256="ab" * 32),
    "the language": lambda one: one["texts"].pop("es"),
    "which statement": lambda one: one["data"].update(offer="cd" * 32),
    "one signature": lambda one: one["act"]["sigs"].pop(one["by"][0]),
    "both signatures": lambda one: one.pop("act"),
}
SAYS = {
    "one signature": "has a key and has to sign",
    "both signatures": "lacks the signature of",
    "the language": "write it in each",
}


@pytest.mark.parametrize("what", SPOILT)
def test_whoever_holds_the_server_and_the_key_of_the_log_has_two_leads_release_nothing_else(thread, what):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    decide(thread, said, row, together(*both(thread, said, row)))
    judge(thread)
    with pytest.raises(GrammarError, match=SAYS.get(what, "does not stand under this act")):
        judge(thread, SPOILT[what])


@pytest.mark.parametrize(
    ("decision", "change"),
    [("merged", {"statement": "s2"}), ("declined", {"reason": "too-late"})],
)
def test_nobody_puts_a_statement_elsewhere_or_gives_another_reason_than_two_signed(thread, decision, change):
    said = decided(offer(thread, "Something."), decision, **WAYS[decision])
    row = propose(thread, said)
    decide(thread, said, row, together(*both(thread, said, row)))
    with pytest.raises(GrammarError, match="does not stand under this act"):
        judge(thread, lambda one: one["data"].update(change))


def test_a_place_without_a_key_is_put_beside_no_lead_who_decides(db):
    thread = taking(Thread(now=this_hour()).open_program().found_keys())
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    by = [thread.first_lead.public_id, thread.third_lead.public_id]
    kind, data, cites, _texts = meant_by(thread, said)
    words = {lang: Text(lang, one) for lang, one in SUNDAYS.items()}
    with signed_by(Rings(thread.keyrings)):
        with pytest.raises(GrammarError, match="cannot sign this without a key"):
            thread.enter(kind, by, data | {"statement": "s9"}, cites, words)


def test_other_words_than_the_first_lead_signed_are_decided_by_nobody_until_she_proposes_them(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    first, _second = both(thread, said, row)
    # Whoever holds the server has the second lead read other words, with the digest and the mark of a press that fit
    bent = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS | {"en": "People may wait in the rain."})
    other = propose(thread, bent)
    meant = meant_by(thread, bent)
    second = part_of(thread, thread.second_lead, meant, other.digest, first[1])
    answer = decide(thread, bent, other, together(first, (thread.second_lead, second)))
    assert answer.status_code == 409
    assert "Another lead confirms this again" in answer.json()["words"]
    assert not thread.log.every(EntryKind.OFFER_DECIDED)


def test_what_a_lead_signed_with_another_key_than_today_decides_nothing(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    first, second = both(thread, said, row)
    with signed_by(Rings(thread.keyrings)):
        renew_key(thread, thread.first_lead)
    answer = decide(thread, said, row, together(first, second))
    assert answer.status_code == 409
    assert "Another lead confirms this again" in answer.json()["words"]


def test_what_was_signed_too_long_ago_decides_nothing(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    meant, (ana, ben) = meant_by(thread, said), (thread.first_lead, thread.second_lead)
    old = (thread.today - timedelta(days=91)).isoformat()
    first = part_of(thread, ana, meant, row.digest, day=old)
    second = part_of(thread, ben, meant, row.digest, first)
    assert decide(thread, said, row, together((ana, first), (ben, second))).status_code == 409


def test_what_stands_on_the_log_is_signed_over_a_head_that_holds_the_promise_and_the_key(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    asked = asked_of(EntryKind.OFFER_DECIDED, "ab" * 32, thread.promise, thread.promise)
    told = post(thread, thread.first_lead, "to-sign", asked).json()
    assert told["size"] > thread.promise
    path = [bytes.fromhex(one) for one in told["path"]]
    leaf = leaf_hash(thread.entries()[thread.promise])
    verify_inclusion(thread.promise, told["size"], leaf, path, bytes.fromhex(told["root"]))
    assert post(thread, thread.first_lead, "to-sign", asked | {"upon": told["size"]}).status_code == 400
    size = LogEntry.objects.count()
    assert post(thread, thread.first_lead, "to-sign", asked | {"cited": size}).status_code == 400
    assert post(thread, thread.first_lead, "to-sign", asked | {"kind": "no.such"}).status_code == 400
    row = propose(thread, said)
    meant, (ana, ben) = meant_by(thread, said), (thread.first_lead, thread.second_lead)
    first = part_of(thread, ana, meant, row.digest, size=0)
    second = part_of(thread, ben, meant, row.digest, first)
    assert decide(thread, said, row, together((ana, first), (ben, second))).status_code == 409


def test_no_reader_is_told_the_nonce_under_which_leads_sign_anything_else(thread):
    told = nonce_about("check", thread.program.origin, 7)
    for kind, about in (("check", "7"), (EntryKind.DELIVERY_VERIFIED, "7")):
        asked = asked_of(kind, about, 0, 0)
        assert post(thread, thread.first_lead, "to-sign", asked).json().get("nonce") != told


def test_no_device_makes_two_texts_of_the_log_hash_alike_and_the_whole_record_void(thread):
    drawn = []
    for words in ("Ana shouts.", "Bo shouts."):
        said = decided(offer(thread, words), "declined", **NO)
        row = propose(thread, said)
        meant, (ana, ben) = meant_by(thread, said), (thread.first_lead, thread.second_lead)
        asked = asked_of(EntryKind.OFFER_DECIDED, row.digest, thread.promise, thread.promise)
        same = post(thread, ana, "to-sign", asked).json() | {"seed": "ab" * 16}
        first = part_of(thread, ana, meant, row.digest, same)
        second = part_of(thread, ben, meant, row.digest, first)
        assert decide(thread, said, row, together((ana, first), (ben, second))).status_code == 200
        drawn.append(last(thread)["texts"]["ground"]["sha256"])
    assert len(set(drawn)) == 2
    judge(thread)


# Findings: what is attested is sealed with its signature, what is published carries the key of each.

SMALL = {"smaller": False, "voices": "fewer", "root": "ab" * 32}
LARGE = SMALL | {"voices": {"low": 51, "high": 75}}
HEARD = {"statement": "Few said it.", "quote": "I said it."}
FINDINGS = "engagements/library-computers/findings"


@pytest.fixture
def heard(db):
    """Walk to an engagement whose key two leads hold, with voices on the log; the site holds no key of theirs."""
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.hear()
    with signed_by(Nobody()):
        yield thread


def found(thread, more, words=HEARD):
    """Give a finding as its reader sends it, its hash, and what goes on the public log of it, as islands/reader/drafting.ts does."""
    said = {"words": {"en": words}, **more}
    about = finding_hash({"promise": thread.promise, **said})
    texts = {name: ("en", one) for name, one in words.items()}
    return said, about, (EntryKind.FINDING_PUBLISHED, dict(more), {"engagement": [thread.promise]}, texts)


def attested(thread, seat, about):
    """Let a lead confirm a finding by its hash."""
    assert post(thread, seat, f"{FINDINGS}/attest", {"finding": about, "draft": ""}).status_code == 200


def publish(thread, seat, said, act):
    """Let a lead's reader publish a finding, with what leads signed of it."""
    body = {**said, "draft": ""} | ({"act": act} if act else {})
    return post(thread, seat, f"{FINDINGS}/publish", body)


def test_what_few_people_said_stands_under_the_keys_of_both_leads(heard):
    (ana, ben), (said, about, meant) = (heard.first_lead, heard.second_lead), found(heard, SMALL)
    first = part_of(heard, ana, meant, about)
    attested(heard, ana, about)
    assert first["signed"]["sig"] not in json.dumps(list(Attestation.objects.values()), default=str)
    second = part_of(heard, ben, meant, about, first)
    assert publish(heard, ben, said, together((ana, first), (ben, second))).status_code == 200
    entry = last(heard)
    assert entry["kind"] == "finding.published"
    assert set(entry["act"]["sigs"]) == {ana.public_id, ben.public_id} == set(entry["by"])
    judge(heard)
    changes = {
        "the words": lambda one: one["texts"]["statement"].update(sha256="cd" * 32),
        "a quote left out": lambda one: one["texts"].pop("quote"),
        "how many": lambda one: one["data"].update(voices={"low": 51, "high": 75}),
        "whose voices": lambda one: one["data"].update(root="cd" * 32),
        "as a smaller group's": lambda one: one["data"].update(smaller=True),
    }
    for change in changes.values():
        with pytest.raises(GrammarError, match="does not stand under this act"):
            judge(heard, change)
    with pytest.raises(GrammarError, match="two leads confirm it"):
        judge(heard, lambda one: (one["by"].remove(ana.public_id), one["act"]["sigs"].pop(ana.public_id)))
    with pytest.raises(GrammarError, match="lacks the signature of"):
        judge(heard, lambda one: one.pop("act"))


@pytest.mark.parametrize("how", ["by the word of the site", "by other words", "by a signature of nobody"])
def test_one_lead_is_taken_for_two_by_nobody_who_holds_the_server(heard, how):
    (ana, ben), (said, about, meant) = (heard.first_lead, heard.second_lead), found(heard, SMALL)
    attested(heard, ana, about)  # the row that the server could make, with its mark
    before = LogEntry.objects.count()
    own = part_of(heard, ben, meant, about)
    parts = [(ben, own)]
    if how == "by other words":
        other = found(heard, SMALL, HEARD | {"statement": "Few said another thing."})[2]
        parts.append((ana, part_of(heard, ana, other, about, own)))
    elif how == "by a signature of nobody":
        parts.append((ana, own | {"signed": own["signed"] | {"sig": "A" * 86 + "=="}}))
    assert publish(heard, ben, said, together(*parts)).status_code == 409
    assert LogEntry.objects.count() == before


def test_a_lead_who_publishes_alone_signs_it_and_nobody_is_put_beside_her(heard):
    said, about, meant = found(heard, LARGE)
    ana = heard.first_lead
    assert publish(heard, ana, said, None).status_code == 409
    assert publish(heard, ana, said, together((ana, part_of(heard, ana, meant, about)))).status_code == 200
    assert list(last(heard)["act"]["sigs"]) == [ana.public_id]
    judge(heard)
    with pytest.raises(GrammarError, match="cannot sign this without a key"):
        judge(heard, lambda one: one["by"].append(heard.third_lead.public_id))
    with pytest.raises(GrammarError, match="has a key and has to sign"):
        judge(heard, lambda one: one["by"].append(heard.second_lead.public_id))


def test_who_confirmed_a_finding_and_did_not_sign_it_does_not_stand_under_it(heard):
    (ana, ben), (said, about, meant) = (heard.first_lead, heard.second_lead), found(heard, LARGE)
    attested(heard, ana, about)
    assert publish(heard, ben, said, together((ben, part_of(heard, ben, meant, about)))).status_code == 200
    assert last(heard)["by"] == [ben.public_id]


def test_what_a_finding_answers_and_stands_beside_is_signed_too(heard):
    ana = heard.first_lead
    for more, cited in ((LARGE, {}), (LARGE | {"smaller": True, "root": "cd" * 32}, {"beside": 1})):
        said, about, (kind, data, cites, texts) = found(heard, more)
        if cited:
            beside = [LogEntry.objects.order_by("-index").first().index]
            said, cites = said | {"beside": beside}, cites | {"beside": beside}
            about = finding_hash({"promise": heard.promise, **said})
        own = part_of(heard, ana, (kind, data, cites, texts), about)
        assert publish(heard, ana, said, together((ana, own))).status_code == 200
    judge(heard)
    with pytest.raises(GrammarError, match="does not stand under this act"):
        judge(heard, lambda one: one["cites"].pop("beside"))


def test_a_lead_says_under_her_own_key_that_she_tested_the_key_of_an_engagement(db):
    thread = Thread(now=this_hour()).open_program().draft_engagement().found_keys()
    lead = thread.first_lead
    given = {"story": thread, "engagement": thread.engagement, "now": thread.now}
    key = make_engagement_key(seats=[thread.second_lead], **given)  # who tests it alone
    nonce = open_sealed(bytes(key.test), [thread.identity]).decode().strip()
    meant = (EntryKind.KEY_TESTED, {}, {"key": [key.entry]}, {})
    at, before = f"engagements/{thread.engagement.slug}/test", LogEntry.objects.count()
    with signed_by(Nobody()):
        own = part_of(thread, lead, meant, f"{key.entry} {lead.public_id}")
        assert post(thread, lead, at, {"nonce": nonce}).status_code == 409
        assert LogEntry.objects.count() == before
        assert post(thread, lead, at, {"nonce": nonce, "act": together((lead, own))}).status_code == 200
    entry = last(thread)
    assert (entry["kind"], list(entry["act"]["sigs"])) == ("key.tested", [lead.public_id])
    judge(thread)
    with pytest.raises(GrammarError, match="lacks the signature of"):
        judge(thread, lambda one: one.pop("act"))


GROUND = "Kept as long as promised"


@pytest.fixture
def kept_long(db):
    """Walk to the day on which a key may be destroyed; the site holds the key of no lead."""
    keys = Keys(this_hour() - timedelta(days=KEPT))
    keys.thread.later(KEPT).end_intake()
    with signed_by(Nobody()):
        yield keys.thread


def destroy(thread, seat, *parts):
    """Let a lead's reader ask that the key be destroyed, with what it signed."""
    body = {"ground": GROUND} | ({"act": together(*parts)} if parts else {})
    return post(thread, seat, f"engagements/{thread.engagement.slug}/destroy", body)


def part_of_destroying(thread, seat, before=None, ground=GROUND):
    meant = (
        EntryKind.KEY_DESTROYED,
        {},
        {"engagement": [thread.promise]},
        {"ground": ("en", ground)},
    )
    return part_of(thread, seat, meant, str(thread.promise), before)


def asked_before(thread, seat):
    """Give what the desk tells the second lead of the first one's wish: what she signed."""
    token = give_token(program=thread.program.slug, seat=seat.public_id, use=READ)
    headers = {"Authorization": f"Bearer {token}", "Origin": "http://testserver"}
    (shown,) = as_(None).get(f"{API}desk", headers=headers).json()["engagements"]
    return shown["asked"]["part"]


def test_two_leads_destroy_a_key_each_under_her_own(kept_long):
    thread, (ana, ben, _cam) = kept_long, kept_long.leads
    assert destroy(thread, ana).status_code == 409
    assert not DestructionAsked.objects.exists()
    first = part_of_destroying(thread, ana)
    assert destroy(thread, ana, (ana, first)).json() == {"destroyed": False}
    before = asked_before(thread, ben)
    assert before == first

    second = part_of_destroying(thread, ben, before)
    other = part_of_destroying(thread, ben, before, "Nobody needs it")
    for parts in ((), ((ana, first),), ((ben, other),)):
        assert destroy(thread, ben, *parts).status_code == 409
    assert destroy(thread, ben, (ben, second)).json() == {"destroyed": True}

    entry = last(thread)
    assert entry["kind"] == "key.destroyed"
    assert set(entry["act"]["sigs"]) == set(entry["by"]) == {ana.public_id, ben.public_id}
    judge(thread)
    for spoil, says in (
        (lambda one: one["texts"]["ground"].update(sha256="ab" * 32), "does not stand under this act"),
        (lambda one: one["act"]["sigs"].pop(ana.public_id), "has a key and has to sign"),
        (lambda one: one.pop("act"), "lacks the signature of"),
    ):
        with pytest.raises(GrammarError, match=says):
            judge(thread, spoil)


def test_a_wish_by_another_key_than_todays_destroys_nothing_until_its_lead_asks_again(kept_long):
    thread, (ana, ben, _cam) = kept_long, kept_long.leads
    destroy(thread, ana, (ana, part_of_destroying(thread, ana)))
    with signed_by(Rings(thread.keyrings)):
        renew_key(thread, ana)
    second = part_of_destroying(thread, ben, asked_before(thread, ben))
    answer = destroy(thread, ben, (ben, second))
    assert (answer.status_code, thread.log.every(EntryKind.KEY_DESTROYED)) == (409, [])
    assert "Another lead confirms this again" in answer.json()["words"]


def test_the_list_of_opened_voices_stands_under_the_keys_of_both(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    marks, (ana, ben, _cam) = thread.hear(900), thread.leads
    cites = {"engagement": [thread.promise]}
    parts = [{"marks": marks[:800], "part": 1}, {"marks": marks[800:], "part": 2}]
    about = hashlib.sha256("\n".join([str(thread.promise), *marks]).encode()).hexdigest()
    at, body = f"engagements/{thread.engagement.slug}/opened", {"marks": marks, "not_opened": 0}
    with signed_by(Nobody()):
        assert post(thread, ana, at, body).status_code == 409
        own, his = (
            part_of_rows(thread, seat, [(EntryKind.VOICES_OPENED, one, cites) for one in parts], about)
            for seat in (ana, ben)
        )
        assert post(thread, ana, at, body | {"act": together((ana, own))}).json()["most"] == 800
        waits = f"{at}/{OpenedList.objects.get().pk}"
        assert post(thread, ben, waits, {"act": together((ana, own))}).status_code == 409
        assert post(thread, ben, waits, {"act": together((ben, his))}).status_code == 200
    first, second = (json.loads(one) for one in thread.entries()[-2:])
    assert set(first["act"]["sigs"]) == set(first["by"]) == {ana.public_id, ben.public_id}
    assert [first["act"]["of"], second["act"]["place"]] == [2, 1]
    judge(thread)
    with pytest.raises(GrammarError, match="does not stand under this act"):
        judge(thread, lambda one: one["data"].update(marks=marks[801:]))

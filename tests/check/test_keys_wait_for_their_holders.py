"""The key of an engagement, and what it opens, waits for the leads who hold it: forged logs of few leads."""

import base64
from datetime import UTC, datetime

import pytest

from alongside.core.grammar.versions import VERSION
from alongside.core.sealing.leads import vouch_statement
from alongside.core.sealing.voice import form_hash
from tests.check.records import (
    HEX,
    SIGNER,
    cert,
    fake,
    founded,
    hand,
    in_grammar,
    key_of,
    questions,
    recipient,
    recovery,
)
from tests.check.test_seats_are_seen_first import FRIENDS, LEADS, OFFICE, Log, holds, later, refused

HOLDERS = LEADS[:3]
PROMISE = {
    "engagement": "meters",
    "community": False,
    "level": {"framework": "iap2", "level": "involve"},
    "languages": ["en"],
    "readers": "any-lead-with-the-key",
    "retention": "standard",
    "closes": "2026-04-01",
    "report_back": "2026-04-10",
    "voices_kept_until": "2026-04-10",
    "k": 2,
    "cap": 1000,
    "recipient": recipient("meters"),
    "form": HEX,
    "backup_days": 30,
    "unit": "water",
    "office": OFFICE,
    "answer_by": "2026-06-01",
}
WORDS = ["title", "decision", "can_change", "cannot_change", "reading", "consent", "form"]


def recovers(log, key, leads, name=str, **when):
    """Let two leads make and check recovery papers, which open a key too; `name` gives that of a hand by the seat."""
    papers = recovery(SIGNER.name, list(leads), "meters", key, len(log.entries), name)
    for kind, by, data, cites in papers:
        log.tell(kind, by, data, cites, **when)


def promised(last="2027-06-30", v=VERSION):
    """Give a log in which three leads hold the key of a promise under which eight voices are sealed, and the promise."""
    log = Log()
    log.sits(log.cohort("first", last=last), *HOLDERS)
    first = log.tell("key.founded", [LEADS[0]], key_of(LEADS[0]))
    data, cites = founded(LEADS[0], LEADS[1], SIGNER.name, first)
    log.tell("key.founded", [LEADS[1]], data, cites)
    certs = [cert(one, LEADS[2], SIGNER.name) for one in LEADS[:2]]
    log.tell("key.certified", LEADS[:2], {**key_of(LEADS[2]), "certs": certs})
    made = {"engagement": "meters", "recipient": recipient("meters"), "wrapped_to": HOLDERS}
    key = log.tell("key.made", [LEADS[0]], made)
    tested = [log.tell("key.tested", [one], cites={"key": [key]}) for one in LEADS[:2]]
    cites = {"key": [key], "tested": tested}
    if v == VERSION:  # of which an older grammar knows nothing
        recovers(log, key, LEADS[:2])
    promise = log.tell("engagement.promised", [LEADS[0], OFFICE], PROMISE, cites, WORDS)
    marks = sorted(fake(one) for one in range(8))
    cites = {"engagement": [promise]}
    log.tell("voices.published", ["clock"], {"marks": marks, "part": 1}, cites, on="2026-02-20")
    return log, promise


def beside():
    """Give the same with two friends in a cohort beside it, who have sat for 30 days in the last week of March."""
    log, promise = promised()
    log.sits(log.cohort("side", "2026-02-21", on="2026-02-21"), *FRIENDS[:2])
    return log, promise


def certifies(log, *seats):
    """Let the first two leads vouch for the keys of some seats."""
    for one in seats:
        certs = [cert(lead, one, SIGNER.name) for lead in LEADS[:2]]
        log.tell("key.certified", LEADS[:2], {**key_of(one), "certs": certs}, on="2026-03-24")


def removes(log, *seats, on):
    for one in seats:
        data = {"seat": one, "ground": "absent", "appeal_to": "water/manager"}
        data |= {"appeal_by": min(later(on, 60), "2026-05-30")}
        log.tell("seat.removed", ["steward"], data, on=on)


def closed(log, promise, on="2026-04-02"):
    data = {"voices": {"low": 8, "high": 8}, "withdrawn": "fewer"}
    log.tell("voices.closed", ["clock"], data, {"engagement": [promise]}, on=on)


def reported(log, promise, on="2026-04-05"):
    cites = {"engagement": [promise]}
    report = log.tell("report.published", [LEADS[1]], {"languages": ["en"]}, cites, ["en"], on=on)
    return cites | {"report": [report]}


@pytest.mark.parametrize(("v", "holds_early"), [(VERSION, False), (2, True)])
@pytest.mark.parametrize("what", ["key.destroyed", "engagement.closed"])
def test_the_last_voices_are_on_the_record_before_a_key_is_destroyed_or_an_engagement_closed(
    what, v, holds_early
):
    log, promise = promised(v=v)
    cites, texts = reported(log, promise), ["ground"] if what == "key.destroyed" else []
    early, by = log.copy(), LEADS[:2] if texts else LEADS[1:2]
    cites = {"engagement": cites["engagement"]} if texts else cites
    early.tell(what, by, cites=cites, texts=texts, on="2026-05-11")
    early.entries = [in_grammar(v, one) for one in early.entries]
    if holds_early:
        holds(early)
    else:
        assert "the last voices are not on the public log yet" in refused(early)
    closed(log, promise, on="2026-05-10")  # by a clock that stood still for weeks
    log.tell(what, by, cites=cites, texts=texts, on="2026-05-11")
    log.entries = [in_grammar(v, one) for one in log.entries]
    holds(log)


def corrects(log, promise, *by):
    data = {"about": "cannot_change"}
    log.tell("engagement.corrected", [*by, OFFICE], data, {"engagement": [promise]}, ["correction"])


def destroys(log, promise, *by, on="2026-04-10"):
    log.tell("key.destroyed", by, cites={"engagement": [promise]}, texts=["ground"], on=on)


@pytest.mark.parametrize("how", ["seat.removed", "seat.left"])
def test_a_promise_is_not_corrected_by_others_while_a_removal_of_who_holds_its_key_is_open(how):
    log, promise = beside()
    if how == "seat.removed":
        removes(log, *HOLDERS[:2], on="2026-03-25")
    else:
        for one in HOLDERS[:2]:
            log.tell(how, [one], {"seat": one}, on="2026-03-25")
    corrects(log, promise, FRIENDS[0])
    if how == "seat.left":
        holds(log)
    else:
        assert "does not hold the key of this engagement; ask the leads who do" in refused(log)


def test_who_still_holds_the_key_corrects_the_promise_while_others_are_removed():
    log, promise = beside()
    removes(log, *HOLDERS[:2], on="2026-03-25")
    corrects(log, promise, HOLDERS[2])
    holds(log)


def test_a_key_is_not_destroyed_by_others_while_the_removals_of_who_holds_it_are_open():
    log, promise = beside()
    closed(log, promise)
    removes(log, *HOLDERS, on="2026-04-10")
    early, late = log.copy(), log.copy()
    destroys(early, promise, *FRIENDS[:2])
    assert "does not hold this key today; ask the leads who do" in refused(early)
    destroys(late, promise, *FRIENDS[:2], on="2026-05-31")
    holds(late)


def finds(log, promise, voices, *by):
    data = {"smaller": False, "voices": voices, "root": "cd" * 32}
    log.tell("finding.published", by, data, {"engagement": [promise]}, ["statement"])


@pytest.mark.parametrize(
    ("voices", "by", "stands"),
    [
        ({"low": 2, "high": 8}, [FRIENDS[0]], False),
        ({"low": 2, "high": 8}, [LEADS[0], FRIENDS[0]], True),
        ("fewer", FRIENDS[:2], False),
        ("fewer", LEADS[:2], True),
    ],
)
def test_a_finding_is_signed_by_a_lead_who_can_open_the_voices(voices, by, stands):
    log, promise = beside()
    certifies(log, *FRIENDS[:2])
    log.on = "2026-03-25"
    finds(log, promise, voices, *by)
    if stands:
        holds(log)
    else:
        assert "cannot open the key of this engagement; a lead who can signs what was found too" in refused(
            log
        )


@pytest.mark.parametrize(
    ("on", "by", "says"),
    [
        (
            "2026-05-20",
            FRIENDS[:2],
            "cannot open the key of this engagement; a lead who can signs what was found too",
        ),
        (
            "2026-05-31",
            FRIENDS[:1],
            "nobody is left who can open the key of this engagement; two leads of today sign",
        ),
        ("2026-05-31", FRIENDS[:2], None),
    ],
)
def test_a_finding_is_not_stopped_by_removing_who_can_open_the_voices(on, by, says):
    log, promise = beside()
    certifies(log, *FRIENDS[:2])
    removes(log, *HOLDERS, on="2026-03-25")
    log.on = on
    finds(log, promise, {"low": 2, "high": 8}, *by)
    if says:
        assert says in refused(log)
    else:
        holds(log)


@pytest.mark.parametrize("said", [True, False])
def test_an_intake_that_has_ended_is_not_opened_again_where_its_end_was_not_told(said):
    log, promise = promised()
    cites = {"engagement": [promise]}
    if said:
        ended = {"voices": {"low": 8, "high": 8}, "withdrawn": "fewer"}
        log.tell("voices.closed", ["clock"], ended, cites, on="2026-04-02")
    data = {"about": "closes", "closes": "2026-04-10"}
    log.tell("engagement.corrected", [LEADS[0], OFFICE], data, cites, ["correction"], on="2026-04-05")
    assert "the last voices are in; open a new engagement to hear more" in refused(log)


def few(last="2027-06-30"):
    """Give a log in which three leads sit, and two of them founded the keys."""
    log = Log()
    log.sits(log.cohort("first", last=last), *HOLDERS)
    founds(log, *LEADS[:2])
    return log


def founds(log, one, other, again=False, on=None):
    """Let two leads found the keys; where they are founded again, each with a new one."""
    name = {seat: f"{seat} again" if again else seat for seat in (one, other)}
    keys = {seat: {**key_of(name[seat]), "seat": seat} for seat in (one, other)}

    def signs(by, of):
        statement = vouch_statement(origin=SIGNER.name, **keys[of])
        return {"seat": by, "signature": base64.b64encode(hand(name[by]).sign(statement)).decode()}

    first = log.tell("key.founded", [one], keys[one], on=on)
    certs = [signs(one, other), signs(other, one)]
    return log.tell("key.founded", [other], {**keys[other], "certs": certs}, {"key": [first]})


def makes_a_key(log, *seats):
    data = {"engagement": "roads", "recipient": recipient("roads"), "wrapped_to": list(seats)}
    log.tell("key.made", [seats[0]], data)


def refused_first(log):
    """Give why the first of two founding keys is refused."""
    del log.entries[-1]
    return refused(log)


COMPLETE = "two leads brought the first keys already; two leads with a key must vouch for this one"


def test_the_keys_are_founded_anew_with_the_one_lead_who_is_left_with_a_key():
    log = few()
    removes(log, LEADS[0], on="2026-03-25")
    early, without = log.copy(), log.copy()
    founds(early, LEADS[1], LEADS[2], again=True, on="2026-05-24")
    assert COMPLETE in refused_first(early)
    log.sits(2, FRIENDS[0], first="2026-03-26", on="2026-03-26")
    without = log.copy()
    stopped = log.copy()
    stopped.sits(2, FRIENDS[1], first="2026-03-26", on="2026-03-26")
    stopped.suspends(LEADS[1], on="2026-05-31")
    for tried in (without, stopped):
        founds(tried, LEADS[2], FRIENDS[0], again=True, on="2026-05-31")
        assert (
            "the first two leads meet, compare the digits of both keys, and sign each other's"
            in refused_first(tried)
        )
    founds(log, LEADS[1], LEADS[2], again=True, on="2026-05-31")
    holds(log)
    old = log.copy()
    makes_a_key(old, LEADS[1], LEADS[0])
    assert "no key that counts" in refused(old)
    makes_a_key(log, LEADS[1], LEADS[2])
    holds(log)
    founds(log, LEADS[1], LEADS[2], on=log.on)
    assert COMPLETE in refused_first(log)


def test_the_keys_are_founded_anew_where_everybody_who_had_one_was_removed_for_good():
    log = few()
    removes(log, *LEADS[:2], on="2026-03-25")
    log.sits(2, FRIENDS[0], first="2026-03-26", on="2026-03-26")
    founds(log, LEADS[2], FRIENDS[0], on="2026-05-31")
    holds(log)


@pytest.mark.parametrize(("on", "stands"), [("2026-09-28", False), ("2026-09-29", True)])
def test_the_next_cohort_founds_its_keys_when_nobody_with_a_key_has_sat_for_ninety_days(on, stands):
    log = few(last="2026-06-30")
    log.sits(log.cohort("second", "2026-09-01", "2027-06-30", on="2026-09-01"), *FRIENDS[:2])
    founds(log, *FRIENDS[:2], on=on)
    if stands:
        holds(log)
    else:
        assert COMPLETE in refused_first(log)


def test_no_key_is_certified_by_the_old_ones_while_the_set_is_founded_anew():
    log = few(last="2026-06-30")
    log.sits(log.cohort("second", "2026-09-01", "2027-06-30", on="2026-09-01"), *FRIENDS[:2])
    log.tell("key.founded", [FRIENDS[0]], key_of(FRIENDS[0]), on="2026-10-01")
    certs = [cert(one, FRIENDS[1], SIGNER.name) for one in LEADS[:2]]
    log.tell("key.certified", LEADS[:2], {**key_of(FRIENDS[1]), "certs": certs})
    assert "first two keys of the leads do not count yet" in refused(log)


def paused(log, promise, *by):
    log.tell("engagement.paused", by, cites={"engagement": [promise]}, texts=["ground"], on="2026-02-25")


def test_no_key_is_destroyed_while_the_engagement_is_paused_for_good():
    log, promise = promised()
    paused(log, promise, "steward", LEADS[0])
    destroys(log, promise, *LEADS[:2], on="2026-05-01")
    assert "it is paused, and people were promised that they can speak; resume it" in refused(log)


def test_a_key_is_destroyed_once_the_days_of_a_pause_were_given_back():
    log, promise = promised()
    paused(log, promise, "steward", LEADS[0])
    log.tell("engagement.resumed", [LEADS[2]], cites={"engagement": [promise]}, on="2026-04-05")
    early = log.copy()
    destroys(early, promise, *LEADS[:2], on="2026-05-10")
    assert "voices are kept to 2026-05-11" in refused(early)
    closed(log, promise, on="2026-05-11")
    destroys(log, promise, *LEADS[:2], on="2026-05-11")
    holds(log)


@pytest.mark.parametrize(("left", "stands"), [("2026-03-02", False), ("2026-04-01", True), (None, True)])
def test_nobody_who_was_seated_for_a_day_stands_in_for_a_holder_who_is_gone(left, stands):
    log, promise = promised()
    for one in LEADS[1:3]:
        log.tell("seat.left", [one], {"seat": one, "on": "2026-03-02"}, on="2026-03-02")
    log.sits(2, FRIENDS[0], on="2026-03-02")
    if left:
        log.tell("seat.left", [FRIENDS[0]], {"seat": FRIENDS[0], "on": left})
    closed(log, promise)
    destroys(log, promise, LEADS[0], FRIENDS[0], on="2026-04-15")
    if stands:
        holds(log)
    else:
        assert f"{FRIENDS[0]} was held for fewer than 30 days" in refused(log)


def brings(log, seat, on, name=None):
    """Let a lead bring a first founding key."""
    return log.tell("key.founded", [seat], {**key_of(name or seat), "seat": seat}, on=on)


@pytest.mark.parametrize(("on", "stands"), [("2026-03-06", False), ("2026-03-07", True)])
def test_nobody_holds_up_the_keys_with_a_first_one_that_is_not_compared(on, stands):
    log = Log()
    log.sits(log.cohort("first"), *HOLDERS)
    brings(log, LEADS[0], "2026-02-05")
    brings(log, LEADS[0], "2026-02-20", "another one")
    founds(log, LEADS[1], LEADS[2], on=on)
    if stands:
        holds(log)
        return
    assert "the first two leads meet, compare the digits of both keys" in refused_first(log)


@pytest.mark.parametrize(("on", "stands"), [("2026-06-29", False), ("2026-06-30", True)])
def test_the_keys_are_founded_anew_where_a_lead_with_one_left_by_choice(on, stands):
    log = few()
    log.tell("seat.left", [LEADS[0]], {"seat": LEADS[0]}, on="2026-04-01")
    founds(log, LEADS[1], LEADS[2], again=True, on=on)
    if stands:
        holds(log)
        return
    assert COMPLETE in refused_first(log)


def test_two_leads_with_a_key_who_sit_keep_the_set_when_a_third_left():
    log = few()
    certs = [cert(one, LEADS[2], SIGNER.name) for one in LEADS[:2]]
    log.tell("key.certified", LEADS[:2], {**key_of(LEADS[2]), "certs": certs})
    log.tell("seat.left", [LEADS[0]], {"seat": LEADS[0]}, on="2026-04-01")
    founds(log, LEADS[1], LEADS[2], again=True, on="2027-01-05")
    assert COMPLETE in refused_first(log)


def said_by_the_verifier(verify, log, tmp_path):
    folder = log.write(tmp_path / "record")
    code, said, complaint = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, complaint) == (0, "")
    return said


@pytest.mark.parametrize("held", [False, True])
def test_the_verifier_names_a_report_back_and_a_key_whose_day_has_passed(verify, tmp_path, held):
    log, promise = promised()
    log.entries[promise]["data"] |= {"voices_kept_until": "2026-05-01", "form": form_hash(questions(["en"]))}
    closed(log, promise)
    if held:
        log.tell("hold.placed", ["steward"], texts=["ground"], on="2026-05-01")
    said = said_by_the_verifier(verify, log, tmp_path)
    day = f"whose day had passed by {datetime.now(UTC).date()}"
    assert (
        f"No report-back stands on the record for 1 engagement {day}: entry {promise} (due 2026-04-10)."
        in said
    )
    key = f"No destroyed key stands on the record for 1 engagement {day}: entry {promise} (due 2026-05-01)."
    assert key in said
    hold = f"no key is destroyed: entry {len(log.entries) - 1} (since 2026-05-01, by steward)."
    assert (f"1 legal hold stands, so that nothing is erased and {hold}" in said) is held
    assert "No entry says so" not in said


def test_a_hold_that_was_lifted_is_not_named(verify, tmp_path):
    log, promise = promised()
    log.entries[promise]["data"]["form"] = form_hash(questions(["en"]))
    closed(log, promise)
    hold = log.tell("hold.placed", ["steward"], texts=["ground"], on="2026-05-01")
    log.tell("hold.lifted", ["steward"], cites={"hold": [hold]}, on="2026-05-02")
    assert "legal hold" not in said_by_the_verifier(verify, log, tmp_path)


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_a_report_back_whose_words_were_taken_down_is_none_for_the_verifier(
    verify, tmp_path, again, is_closed
):
    log, promise = promised()
    log.entries[promise]["data"]["form"] = form_hash(questions(["en"]))
    closed(log, promise)
    cites = {"engagement": [promise]}
    report = log.tell("report.published", [LEADS[1]], {"languages": ["en"]}, cites, ["en"], on="2026-04-05")
    if is_closed:
        log.tell("engagement.closed", [LEADS[1]], cites={**cites, "report": [report]})
    sha256 = log.entries[report]["texts"]["en"]["sha256"]
    by = [LEADS[1], "steward"]
    log.tell("text.erased", by, {"sha256": sha256}, {"of": [report]}, ["ground"])
    del log.words.rows[report]
    if again:
        log.tell("report.published", [LEADS[1]], {"languages": ["en"]}, cites, ["en"], on="2026-04-06")
    said = said_by_the_verifier(verify, log, tmp_path)
    assert ("No report-back stands on the record for 1 engagement" in said) is not again


def test_the_verifier_names_no_report_back_and_no_key_that_came(verify, tmp_path):
    log, promise = promised()
    log.entries[promise]["data"] |= {"voices_kept_until": "2026-05-01", "form": form_hash(questions(["en"]))}
    closed(log, promise)
    report = log.tell(
        "report.published",
        [LEADS[1]],
        {"languages": ["en"]},
        {"engagement": [promise]},
        ["en"],
        on="2026-04-10",
    )
    destroys(log, promise, *LEADS[:2], on="2026-05-02")
    log.tell("engagement.closed", [LEADS[1]], {}, {"engagement": [promise], "report": [report]})
    said = said_by_the_verifier(verify, log, tmp_path)
    assert "report-back" not in said and "destroyed key" not in said


@pytest.mark.parametrize("resumed", [False, True])
def test_the_verifier_names_a_pause_that_goes_on_past_the_last_day_to_speak(verify, tmp_path, resumed):
    log, promise = promised()
    log.entries[promise]["data"] |= {"voices_kept_until": "2026-05-01", "form": form_hash(questions(["en"]))}
    paused(log, promise, "steward", LEADS[0])
    if resumed:
        log.tell("engagement.resumed", [LEADS[2]], cites={"engagement": [promise]}, on="2026-04-05")
    said = said_by_the_verifier(verify, log, tmp_path)
    was = {"end of a pause": "2026-04-01", "report-back": "2026-04-10", "destroyed key": "2026-05-01"}
    now = {"end of the intake": "2026-05-10", "report-back": "2026-05-10", "destroyed key": "2026-05-11"}
    day = f"whose day had passed by {datetime.now(UTC).date()}"
    for name, due in (now if resumed else was).items():
        assert f"No {name} stands on the record for 1 engagement {day}: entry {promise} (due {due})." in said
    assert ("end of a pause" in said, "end of the intake" in said) == (not resumed, resumed)


@pytest.mark.parametrize(("days", "stands"), [(60, True), (61, False), (366, False)])
def test_days_to_appeal_keep_a_finding_back_for_no_longer_than_thirty_days_beyond_the_rules(days, stands):
    log, _ = promised()
    data = {"seat": LEADS[0], "ground": "absent", "appeal_to": "water/manager"}
    log.tell("seat.removed", ["steward"], {**data, "appeal_by": later("2026-03-25", days)}, on="2026-03-25")
    if stands:
        holds(log)
    else:
        assert "an appeal is made by 2026-05-24 at the latest" in refused(log)


def drafted():
    """Give a log of five leads, four with keys, in which the first two made and tested the key of a promise; that key, and its tests."""
    log = Log()
    log.sits(log.cohort("first"), *LEADS[:5])
    founds(log, *LEADS[:2])
    for one in LEADS[2:4]:
        certs = [cert(each, one, SIGNER.name) for each in LEADS[:2]]
        log.tell("key.certified", LEADS[:2], {**key_of(one), "certs": certs})
    made = {"engagement": "meters", "recipient": recipient("meters"), "wrapped_to": LEADS[:2]}
    key = log.tell("key.made", [LEADS[0]], made)
    recovers(log, key, LEADS[:2])
    return log, key, [log.tell("key.tested", [one], cites={"key": [key]}) for one in LEADS[:2]]


def promises(log, key, tested, *by, on):
    cites = {"key": [key], "tested": tested}
    log.tell("engagement.promised", [*by, OFFICE], PROMISE, cites, WORDS, on=on)


def shares(log, key, by, *seats, on):
    data = {"engagement": "meters", "recipient": recipient("meters"), "wrapped_to": list(seats)}
    log.tell("key.shared", [by], data, {"key": [key]}, on=on)


NOT_HELD = (
    "fewer than two leads of today hold this key; share it with leads of today, or make and test a new key"
)


def leave(log, *seats):
    for one in seats:
        log.tell("seat.left", [one], {"seat": one}, on="2026-02-10")


@pytest.mark.parametrize("gone", [1, 2])
def test_no_engagement_opens_on_a_key_that_fewer_than_two_leads_of_today_hold(gone):
    log, key, tested = drafted()
    leave(log, *LEADS[:gone])
    shared = log.copy()
    promises(log, key, tested, LEADS[2], on="2026-02-11")
    assert NOT_HELD in refused(log)
    shares(shared, key, LEADS[0], *LEADS[2:4], on="2026-02-11")
    unpapered = shared.copy()
    promises(unpapered, key, tested, LEADS[2], on="2026-02-11")
    assert "no recovery papers by a lead who sits" in refused(unpapered)  # whoever made them left
    recovers(shared, key, LEADS[2:4], on="2026-02-11")
    promises(shared, key, tested, LEADS[2], on="2026-02-11")
    holds(shared)


def test_no_engagement_opens_on_a_key_whose_holders_were_removed_for_harm():
    log, key, tested = drafted()
    for one in LEADS[:2]:
        data = {"seat": one, "ground": "harm", "appeal_to": "water/manager", "appeal_by": "2026-03-12"}
        log.tell("seat.removed", ["steward"], data, on="2026-02-10")
    for on in ("2026-02-11", "2026-03-14"):
        tried = log.copy()
        promises(tried, key, tested, LEADS[2], on=on)
        assert NOT_HELD in refused(tried)


@pytest.mark.parametrize(("stopped", "stands"), [(1, True), (2, False)])
def test_a_holder_who_is_suspended_counts_while_another_one_can_act(stopped, stands):
    log, key, tested = drafted()
    for one in LEADS[:stopped]:
        log.suspends(one, on="2026-02-10")
    promises(log, key, tested, LEADS[stopped], on="2026-02-11")
    if stands:
        holds(log)
    else:
        assert NOT_HELD in refused(log)


@pytest.mark.parametrize("again", [False, True])
def test_older_keys_count_for_no_new_engagement_where_the_set_was_founded_anew(again):
    log = few()
    made = {"engagement": "meters", "recipient": recipient("meters"), "wrapped_to": LEADS[:2]}
    key = log.tell("key.made", [LEADS[0]], made)
    tested = [log.tell("key.tested", [one], cites={"key": [key]}) for one in LEADS[:2]]
    removes(log, LEADS[0], on="2026-02-10")
    founds(log, LEADS[1], LEADS[2], again=True, on="2026-05-31")
    if again:
        shares(log, key, LEADS[1], *LEADS[1:3], on="2026-05-31")
        recovers(log, key, LEADS[1:3], "{} again".format, on="2026-05-31")
    days = {"closes": "2026-06-10", "report_back": "2026-06-20", "answer_by": "2026-07-01"}
    data = PROMISE | days | {"voices_kept_until": "2026-06-20"}
    cites = {"key": [key], "tested": tested}
    log.tell("engagement.promised", [LEADS[1], OFFICE], data, cites, WORDS)
    if again:
        holds(log)
    else:
        assert NOT_HELD in refused(log)

"""A seat counts for what others lose by it only from the day on which the record tells it: forged logs of few leads."""

import base64
from datetime import date, timedelta

import pytest

from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import VERSION
from alongside.core.sealing.leads import vouch_statement
from tests.check.records import SIGNER, Record, founded, hand, key_of, small

LEADS = [f"seat-{n:08x}" for n in range(1, 8)]
FRIENDS = [f"seat-f{n:07x}" for n in range(1, 8)]
OFFICE = "water/director"
RULES = next(one["data"] for one in small().entries if one["kind"] == "policy.adopted")
MILDER = RULES | {"clocks": RULES["clocks"] | {"answer_days": 600}}
LEAST_K = RULES | {"k": 50}


def later(day, days):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


class Log(Record):
    """A record of a program that begins on 5 January; each entry is of the day of the last one, or of a later one."""

    def __init__(self, v=VERSION):
        super().__init__(v)
        self.on = "2026-01-05"
        opened = {"program": "river-city", "time_zone": "America/Los_Angeles", "demonstration": False}
        self.tell("program.opened", ["steward"], opened, texts=["name"])
        self.tell("policy.adopted", ["steward"], RULES)

    def tell(self, kind, by, data=None, cites=None, texts=(), on=None):
        self.on = on or self.on
        return self.add(kind, self.on, list(by), data, cites, texts)

    def cohort(self, name, first="2026-01-05", last="2027-06-30", on=None):
        data = {"cohort": name, "from": first, "until": last}
        return self.tell("cohort.seated", ["steward"], data, texts=["name"], on=on)

    def sits(self, cohort, *seats, first=None, last=None, on=None):
        told = self.entries[cohort]["data"]
        for seat in seats:
            term = {"from": first or told["from"], "until": last or told["until"]}
            data = {"seat": seat, "cohort": told["cohort"], "paid_by": "outside", **term}
            self.tell("seat.taken", ["steward"], data, {"cohort": [cohort]}, on=on)

    def answered(self, seat, on, asked="2026-03-01"):
        days = {"ack_due": later(asked, 5), "answer_due": later(asked, 60)}
        ask = self.tell(
            "ask.questioned", [seat], {"office": OFFICE, **days}, texts=["title", "ask"], on=asked
        )
        data = {"decision": "declined", "signed_off": OFFICE}
        return self.tell("answer.given", [OFFICE], data, {"ask": [ask]}, ["reasons"], on=on)

    def contests(self, seat, answer, on):
        data = {"reply_due": later(on, 30)}
        self.tell("answer.contested", [seat], data, {"answer": [answer]}, ["contest"], on=on)

    def suspends(self, seat, on):
        self.tell("seat.suspended", ["steward"], {"seat": seat}, texts=["ground"], on=on)


def began(*leads, v=VERSION):
    """Give a log whose first cohort sits, and the entry of the cohort."""
    log = Log(v)
    cohort = log.cohort("first")
    log.sits(cohort, *leads)
    return log, cohort


def holds(log):
    assert check_log(log.raw(), origin=SIGNER.name).entries == len(log.entries)


def refused(log):
    with pytest.raises(GrammarError) as error:
        check_log(log.raw(), origin=SIGNER.name)
    assert error.value.index == len(log.entries) - 1
    return str(error.value).partition(": ")[2]


def between_cohorts():
    """Give a log in which an answer came after the last day of the only cohort, and that answer."""
    log = Log()
    log.sits(log.cohort("first", last="2026-06-30"), *LEADS[:3])
    return log, log.answered(LEADS[0], on="2026-07-05", asked="2026-06-20")


@pytest.mark.parametrize("back", [0, 20, 31])
def test_the_next_cohort_contests_what_was_answered_before_it_sat_however_far_back_its_term_begins(back):
    log, answer = between_cohorts()
    second = log.cohort("second", later("2026-08-10", -back), "2027-06-30", on="2026-08-10")
    log.sits(second, *LEADS[3:5])
    log.contests(LEADS[3], answer, on="2026-08-12")
    holds(log)


def test_a_program_begins_with_leads_who_sat_before_its_record():
    log = Log()
    log.sits(log.cohort("first", first="2025-10-01"), *LEADS[:3])
    answer = log.answered(LEADS[0], on="2026-03-03")
    log.contests(LEADS[0], answer, on="2026-04-03")
    assert "2026-04-02" in refused(log)


def test_a_friend_seated_back_into_the_past_takes_no_day_to_contest_from_who_gets_their_seat_back():
    log, cohort = began(*LEADS[:2])
    log.tell("vacancy.opened", ["steward"], {"cohort": "first", "from": "2026-01-05"}, {"cohort": [cohort]})
    removed = {"ground": "absent", "appeal_to": "water/manager"}
    ask = {"office": OFFICE, "ack_due": "2026-03-06", "answer_due": "2026-04-30"}
    ask = log.tell("ask.questioned", [LEADS[0]], ask, texts=["title", "ask"], on="2026-03-01")
    for seat in LEADS[:2]:
        data = {"seat": seat, "appeal_by": "2026-04-01", **removed}
        removal = log.tell("seat.removed", ["steward"], data, on="2026-03-02")
    first = removal - 1
    data = {"decision": "declined", "signed_off": OFFICE}
    answer = log.tell("answer.given", [OFFICE], data, {"ask": [ask]}, ["reasons"], on="2026-03-03")
    for seat, at in zip(LEADS[:2], (first, removal), strict=True):
        log.tell("removal.appealed", [seat], cites={"removal": [at]}, on="2026-03-20")
    log.sits(cohort, FRIENDS[0], on="2026-04-19")
    log.contests(LEADS[0], answer, on="2026-04-20")
    holds(log)


def test_no_seat_is_taken_for_days_that_are_past():
    log, _ = between_cohorts()
    log.sits(2, FRIENDS[0], first="2026-06-30", last="2026-08-09", on="2026-08-10")
    assert "begins within the term of its cohort" in refused(log)


@pytest.mark.parametrize(("first", "stands"), [("2028-01-05", True), ("2028-01-07", False)])
def test_a_term_begins_within_two_years(first, stands):
    log, _ = began(*LEADS[:3])
    log.cohort("next", first, later(first, 365))
    if stands:
        holds(log)
    else:
        assert "a term begins within two years of the day on which it is told" in refused(log)


def test_a_seat_in_the_year_9999_closes_no_answer_to_a_contest():
    log, _ = began(*LEADS[:3], v=1)
    far = log.cohort("far", "9994-01-01", "9998-12-30")
    log.sits(far, FRIENDS[0], last="9999-12-31")
    log.v = 2
    answer = log.answered(LEADS[0], on="2026-03-03")
    log.contests(LEADS[0], answer, on="2026-03-05")
    holds(log)


@pytest.mark.parametrize(
    ("on", "stands"), [("2026-04-20", True), ("2026-05-01", True), ("2026-04-19", False)]
)
def test_nobody_left_before_they_said_so(on, stands):
    log, _ = began(*LEADS[:3])
    log.tell("seat.left", [LEADS[0]], {"seat": LEADS[0], "on": on}, on="2026-04-20")
    if stands:
        holds(log)
    else:
        assert "a place is left from the day on which its lead says so, or a later one" in refused(log)


@pytest.mark.parametrize(
    ("first", "last", "on", "stands"),
    [
        ("2026-01-05", "2027-06-30", "2026-02-01", True),
        ("2027-06-30", "2027-06-30", "2026-02-01", True),
        ("2027-06-30", "2028-06-30", "2027-06-30", True),
        ("2026-01-05", "2027-06-29", "2026-02-01", False),
        ("2027-07-01", "2027-12-31", "2026-02-01", False),
        ("2027-06-30", "2028-06-30", "2027-07-01", False),
    ],
)
def test_a_seat_begins_within_the_term_of_its_cohort_and_lasts_to_its_end(first, last, on, stands):
    log, cohort = began(*LEADS[:3])
    log.sits(cohort, FRIENDS[0], first=first, last=last, on=on)
    if stands:
        holds(log)
    else:
        assert "a place begins within the term of its cohort, lasts to its end" in refused(log)


def second_cohort():
    """Give a log in which a second cohort of three is seated on 10 August 2026, where nobody older sits."""
    log, _ = between_cohorts()
    log.sits(log.cohort("second", "2026-08-10", "2027-06-30", on="2026-08-10"), *LEADS[3:6])
    return log


@pytest.mark.parametrize("rules", [MILDER, LEAST_K], ids=["milder", "hampers-leads"])
def test_a_cohort_that_is_not_the_first_makes_rules_milder_when_it_was_public_for_thirty_days(rules):
    log = second_cohort()
    early, late = log.copy(), log.copy()
    early.tell("policy.adopted", ["steward", *LEADS[3:5]], rules, on="2026-09-08")
    assert f"{LEADS[3]} signs this from 2026-09-09 on" in refused(early)
    late.tell("policy.adopted", ["steward", *LEADS[3:5]], rules, on="2026-09-09")
    holds(late)


def test_the_first_cohort_makes_rules_milder_from_its_first_day():
    log, _ = began(*LEADS[:3])
    log.tell("policy.adopted", ["steward", *LEADS[:2]], MILDER)
    holds(log)


@pytest.mark.parametrize(("after", "stands"), [(0, True), (7, True), (8, False), (29, False)])
def test_friends_who_come_into_a_cohort_after_its_first_week_make_no_majority_for_a_month(after, stands):
    log, cohort = began(*LEADS[:3])
    log.sits(cohort, *FRIENDS[:4], on=later("2026-01-05", after))
    log.tell("policy.adopted", ["steward", *FRIENDS[:4]], MILDER)
    if stands:
        holds(log)
    else:
        assert f"signs this from {later('2026-01-05', after + 30)} on" in refused(log)


def test_new_seats_are_not_suspended_before_they_count():
    log, cohort = began(LEADS[0])
    log.sits(cohort, *FRIENDS[:4], on="2026-02-10")
    for seat in FRIENDS[:2]:
        log.suspends(seat, on="2026-03-11")
    holds(log)
    log.suspends(FRIENDS[2], on="2026-03-11")
    assert "more than half of the leads of a cohort can act at any time" in refused(log)


def test_of_two_leads_of_whom_one_is_new_nobody_is_suspended():
    log, cohort = began(LEADS[0])
    log.sits(cohort, FRIENDS[0], on="2026-02-10")
    log.suspends(FRIENDS[0], on="2026-03-11")
    assert "more than half of the leads of a cohort can act at any time" in refused(log)


def test_new_seats_make_no_room_to_suspend_who_was_there_before():
    log, cohort = began(*LEADS[:3])
    log.sits(cohort, *FRIENDS[:4], on="2026-02-10")
    log.suspends(LEADS[0], on="2026-02-11")
    holds(log)
    log.suspends(LEADS[1], on="2026-02-11")
    assert "more than half of the leads of a cohort can act at any time" in refused(log)


@pytest.mark.parametrize(
    ("first", "stands"),
    [("2026-01-05", True), ("2027-06-30", True), ("2026-01-04", False), ("9990-01-01", False)],
)
def test_a_seat_that_nobody_took_is_empty_from_a_day_of_the_term(first, stands):
    log, cohort = began(*LEADS[:3])
    data = {"cohort": "first", "from": first}
    log.tell("vacancy.opened", ["steward"], data, {"cohort": [cohort]}, on="2026-02-01")
    if stands:
        holds(log)
    else:
        assert "the day lies outside the term of this cohort; name a day within it." in refused(log)


def test_the_verifier_says_a_sentence_of_an_empty_seat_in_the_year_9999(verify, tmp_path):
    log, cohort = began(*LEADS[:3], v=1)
    data = {"cohort": "first", "from": "9999-12-31"}
    log.tell("vacancy.opened", ["steward"], data, {"cohort": [cohort]}, on="2026-02-01")
    log.v = 2
    log.tell("policy.adopted", ["steward", *LEADS[:2]], RULES)
    last = log.tell("seat.left", [LEADS[0]], {"seat": LEADS[0]}, on="2026-03-02")
    code, _, said = verify("record", log.write(tmp_path / "far"), "--state", tmp_path / "seen.json")
    assert code == 1
    assert said.startswith(f"This does not hold. Entry {last}: ") and "beyond what a calendar holds" in said


def outlasting():
    """Give a log in which the seats of two friends outlast the term of their cohort by a year."""
    log = Log()
    cohort = log.cohort("first", last="2026-06-30")
    log.sits(cohort, *LEADS[:3])
    log.sits(cohort, *FRIENDS[:2], last="2027-06-30")
    return log


def test_seats_that_outlast_their_cohort_make_no_rules_milder():
    log = outlasting()
    log.tell("policy.adopted", ["steward", *FRIENDS[:2]], MILDER, on="2026-07-01")
    assert "there is no lead now" in refused(log)


def test_seats_that_outlast_their_cohort_neither_make_nor_hold_back_rules_beside_the_next_one():
    log = outlasting()
    log.sits(log.cohort("second", "2026-07-01", "2028-06-30", on="2026-07-01"), *LEADS[3:7])
    early, late = log.copy(), log.copy()
    early.tell("policy.adopted", ["steward", *FRIENDS[:2]], MILDER, on="2026-07-15")
    assert "more than half of the seated leads sign it" in refused(early)
    late.tell("policy.adopted", ["steward", *LEADS[3:6]], MILDER, on="2026-09-01")
    holds(late)


def test_a_cohort_of_five_years_makes_no_rules_milder_before_a_new_one_beside_it_can_sign():
    log, _ = began()
    log.sits(log.cohort("council", last="2030-12-31"), *FRIENDS[:2])
    log.sits(log.cohort("second", "2026-07-01", "2027-06-30", on="2026-07-01"), *LEADS[:3])
    log.tell("policy.adopted", ["steward", *FRIENDS[:2]], MILDER, on="2026-07-02")
    assert "more than half of the seated leads sign it" in refused(log)


def test_friends_whose_cohort_is_entered_first_make_no_rules_milder_before_the_next_lines_can_sign():
    log = Log()
    log.sits(log.cohort("pilot"), *FRIENDS[:2])
    log.sits(log.cohort("first"), *LEADS[:5])
    log.tell("policy.adopted", ["steward", *FRIENDS[:2]], MILDER, on="2026-01-06")
    assert "more than half of the seated leads sign it" in refused(log)


def test_friends_who_were_entered_a_week_sooner_make_no_rules_milder_alone():
    log, cohort = began(*FRIENDS[:2])
    log.sits(cohort, *LEADS[:5], on="2026-01-13")
    log.tell("policy.adopted", ["steward", *FRIENDS[:2]], MILDER, on="2026-01-14")
    assert "more than half of the seated leads sign it" in refused(log)


@pytest.mark.parametrize("kind", ["seat.suspended", "seat.removed"])
def test_no_former_lead_is_suspended_or_removed(kind):
    log, _ = between_cohorts()
    if kind == "seat.suspended":
        log.suspends(LEADS[1], on="2026-07-06")
    else:
        data = {"ground": "absent", "appeal_to": OFFICE, "appeal_by": "2026-09-10"}
        log.tell(kind, ["steward"], {"seat": LEADS[1], **data}, on="2026-07-06")
    assert "the term of this place is over" in refused(log)


@pytest.mark.parametrize(
    ("left", "stands"), [("2026-03-01", False), ("2026-03-30", False), ("2026-03-31", True)]
)
def test_who_held_a_seat_for_less_than_thirty_days_checks_nothing_as_a_former_lead(left, stands):
    log, cohort = began(*LEADS[:3])
    days = {"ack_due": "2026-02-06", "answer_due": "2026-04-02"}
    ask = log.tell(
        "ask.questioned", [LEADS[0]], {"office": OFFICE, **days}, texts=["title", "ask"], on="2026-02-01"
    )
    given = {"decision": "accepted", "signed_off": OFFICE}
    answer = log.tell("answer.given", [OFFICE], given, {"ask": [ask]}, ["reasons"])
    made = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-06-01"}]}
    commitment = log.tell("commitment.made", [OFFICE], made, {"answer": [answer]}, ["evidence", "m1"])
    log.sits(cohort, *FRIENDS[:2], first="2026-03-01", on="2026-03-01")
    for friend in FRIENDS[:2]:
        log.tell("seat.left", [friend], {"seat": friend, "on": left})
    claim = {"commitment": [commitment]}
    at = log.tell("delivery.claimed", [OFFICE], {"milestone": "m1"}, claim, ["claim"], on="2026-04-30")
    kept = {"milestone": "m1", "completion": "complete"}
    log.tell("delivery.verified", [LEADS[0], FRIENDS[0]], kept, {"claim": [at]}, ["check"])
    if stands:
        holds(log)
    else:
        assert "was held for fewer than 30 days; ask somebody who was a lead for longer." in refused(log)


@pytest.mark.parametrize("taken", ["2026-01-05", "2026-01-13"])
def test_a_former_lead_with_whom_a_program_began_sat_before_its_record(taken):
    log = Log()
    cohort = log.cohort("first", first="2025-10-01", last="2026-01-20")
    log.sits(cohort, LEADS[0])
    days = {"ack_due": "2026-01-20", "answer_due": "2026-03-06"}
    ask = log.tell("ask.questioned", [LEADS[0]], {"office": OFFICE, **days}, texts=["title", "ask"])
    log.sits(cohort, *LEADS[1:3], on=taken)
    given = {"decision": "accepted", "signed_off": OFFICE}
    answer = log.tell("answer.given", [OFFICE], given, {"ask": [ask]}, ["reasons"])
    made = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-06-01"}]}
    cites = {
        "commitment": [log.tell("commitment.made", [OFFICE], made, {"answer": [answer]}, ["evidence", "m1"])]
    }
    at = log.tell("delivery.claimed", [OFFICE], {"milestone": "m1"}, cites, ["claim"], on="2026-02-10")
    kept = {"milestone": "m1", "completion": "complete"}
    log.tell("delivery.verified", LEADS[1:3], kept, {"claim": [at]}, ["check"])
    if taken == "2026-01-05":
        holds(log)
    else:
        assert "was held for fewer than 30 days" in refused(log)


def told_in_part(log, seat, on):
    """Let a lead ask and the office tell a part of it; give the question."""
    days = {"ack_due": later(on, 5), "answer_due": later(on, 60)}
    ask = log.tell("ask.questioned", [seat], {"office": OFFICE, **days}, texts=["title", "ask"], on=on)
    told = {"decision": "told_in_part", "signed_off": OFFICE}
    log.tell("answer.given", [OFFICE], told, {"ask": [ask]}, ["reasons"])
    return ask


def follows_up(log, seat, ask, before=()):
    days = {"ack_due": later(log.on, 5), "answer_due": later(log.on, 60)}
    cites = {"follows": [ask], **({"before": list(before)} if before else {})}
    log.tell("ask.questioned", [seat], {"office": OFFICE, **days}, cites, ["title", "ask"])


def test_a_follow_up_that_cites_other_questions_spends_their_follow_ups_not():
    log, _ = began(*LEADS[:2])
    first, other = (told_in_part(log, LEADS[0], "2026-02-03") for _ in range(2))
    follows_up(log, LEADS[1], first, before=[other])
    follows_up(log, LEADS[0], other)
    holds(log)
    follows_up(log, LEADS[0], first)
    assert "this was followed up once" in refused(log)


def test_former_leads_alone_replace_no_key_of_a_lead():
    log = Log()
    log.sits(log.cohort("pilot", last="2026-04-10"), *FRIENDS[:2])
    log.sits(log.cohort("first"), *LEADS[:3])
    one, other = FRIENDS[:2]
    first = log.tell("key.founded", [one], key_of(one))
    log.tell("key.founded", [other], *founded(one, other, SIGNER.name, first))
    certify(log, FRIENDS[:2], LEADS[0], "2026-06-01")
    holds(log)
    alone, beside = log.copy(), log.copy()
    certify(alone, FRIENDS[:2], LEADS[0], "2026-06-02", name="another")
    assert "a lead of the cohort today signs this too" in refused(alone)
    certify(beside, FRIENDS[:2], LEADS[1], "2026-06-02")
    certify(beside, [LEADS[1], FRIENDS[0]], LEADS[0], "2026-06-02", name="another")
    holds(beside)


def test_who_held_a_seat_for_a_day_vouches_for_no_key_when_it_is_over():
    log, cohort = began(*LEADS[:2])
    one, other = LEADS[:2]
    first = log.tell("key.founded", [one], key_of(one))
    log.tell("key.founded", [other], *founded(one, other, SIGNER.name, first))
    log.sits(cohort, *FRIENDS[:2], first="2026-01-10", on="2026-01-10")
    for friend in FRIENDS[:2]:
        certify(log, [one, other], friend, "2026-01-10")
    for friend in FRIENDS[:2]:
        log.tell("seat.left", [friend], {"seat": friend, "on": "2026-01-11"})
    log.sits(cohort, LEADS[2], first="2026-02-15", on="2026-02-15")
    beside = log.copy()
    certify(log, FRIENDS[:2], LEADS[2], "2026-03-20")
    assert "was held for fewer than 30 days" in refused(log)
    certify(beside, [one, other], LEADS[2], "2026-03-20")
    holds(beside)


def certify(log, vouchers, seat, on, name=""):
    """Let leads vouch for the key of a seat, or for another one of a name."""
    key = {**key_of(name or seat), "seat": seat}
    statement = vouch_statement(origin=SIGNER.name, **key)
    certs = [
        {"seat": one, "signature": base64.b64encode(hand(one).sign(statement)).decode()} for one in vouchers
    ]
    log.tell("key.certified", vouchers, {**key, "certs": certs}, on=on)


def side():
    """Give a log in which the steward seats a friend in a cohort beside one of three leads, and the day."""
    log, _ = began(*LEADS[:3])
    log.sits(log.cohort("side", "2026-03-01", on="2026-03-01"), FRIENDS[0])
    return log


def invited(log):
    """Ask leads for help; give what takes it."""
    data = {"invitation": "meters", "unit": "water", "office": OFFICE, "pay": "0", "interpretation": "0"}
    data |= {"needed_by": "2026-06-01", "answer_by": "2026-04-01", "currency": "USD"}
    data |= {"level": {"framework": "iap2", "level": "involve"}}
    made = log.tell("invitation.made", [OFFICE], data, texts=["title", "decision", "open"])
    return {}, {"invitation": [made]}, []


def asked_in_vain(log):
    """Ask leads for help; give what declines it."""
    return *invited(log)[:2], ["reason"]


def consulted(log):
    """Ask leads for advice; give advice that quotes another lead."""
    about = {"project": "meters", "unit": "water"}
    project = log.tell("project.registered", [OFFICE], about, texts=["title", "summary"])
    data = {"consultation": "meters", "of": "dashboard", "unit": "water", "office": OFFICE}
    data |= {"advice_by": "2026-04-01", "answer_by": "2026-05-01"}
    texts = ["title", "what", "decision", "can_change", "cannot_change"]
    brief = log.tell("consultation.opened", [OFFICE], data, {"project": [project]}, texts)
    data = {"smaller": False, "comments": [{"id": "comment-1", "seat": LEADS[0]}]}
    return data, {"consultation": [brief]}, ["advice", "comment-1"]


def told(log):
    """Give what the community found before the log began."""
    data = {"thread": "pipes", "whose": "community", "event_date": "2024"}
    return data, {}, ["title", "statement", "sources"]


def answers_no(log):
    """Let an office say no; give what contests it."""
    return {"reply_due": "2026-03-31"}, {"answer": [log.answered(LEADS[0], "2026-03-01")]}, ["contest"]


SPEAKS = {
    "invitation.taken": invited,
    "invitation.declined": asked_in_vain,
    "advice.published": consulted,
    "reconstructed.finding": told,
    "answer.contested": answers_no,
}


def speaks(log, kind, *seats):
    data, cites, texts = SPEAKS[kind](log)
    by = [*(["steward"] if kind.startswith("reconstructed") else []), *seats]
    tried = log.copy()
    tried.tell(kind, by, data, cites, texts)
    return tried


@pytest.mark.parametrize("kind", SPEAKS)
def test_who_was_seated_that_day_does_not_speak_alone_for_the_community_beside_leads_who_sat_before(kind):
    log = side()
    assert refused(speaks(log.copy(), kind, FRIENDS[0])).endswith(
        f"{FRIENDS[0]} signs this from 2026-03-31 on; ask a lead who has been here for longer."
    )
    for seats in ([LEADS[1]], [LEADS[1], FRIENDS[0]]):
        holds(speaks(log.copy(), kind, *seats))


@pytest.mark.parametrize("kind", SPEAKS)
def test_who_was_seated_that_day_speaks_for_the_community_where_no_older_lead_can(kind):
    log = side()
    for seat in LEADS[1:3]:
        log.tell("seat.left", [seat], {"seat": seat})
    data, cites, texts = SPEAKS[kind](log)
    log.tell("seat.left", [LEADS[0]], {"seat": LEADS[0]})
    by = [*(["steward"] if kind.startswith("reconstructed") else []), FRIENDS[0]]
    log.tell(kind, by, data, cites, texts)
    holds(log)


def test_who_was_seated_that_day_asks_a_question_and_says_who_pays_them():
    log = side()
    days = {"ack_due": "2026-03-06", "answer_due": "2026-04-30"}
    log.tell("ask.questioned", [FRIENDS[0]], {"office": OFFICE, **days}, texts=["title", "ask"])
    log.tell("seat.declared", [FRIENDS[0]], {"seat": FRIENDS[0], "works_for": "nobody"})
    holds(log)


def meets(log, cohort, *seats):
    data = {"meeting": "march", "cohort": log.entries[cohort]["data"]["cohort"], "on": log.on}
    planned = log.tell("meeting.planned", [seats[0]], data, {"cohort": [cohort]}, ["title", "agenda"])
    return planned


def test_who_was_seated_that_day_writes_no_minutes_of_their_cohort_and_a_new_cohort_writes_its_own():
    log, cohort = began(*LEADS[:3])
    planned = meets(log, cohort, LEADS[0])
    minutes = {"on": "2026-03-01", "people": "fewer"}
    log.sits(cohort, FRIENDS[0], first="2026-03-01", on="2026-03-01")
    friend, lead = log.copy(), log.copy()
    friend.tell("meeting.held", [FRIENDS[0]], minutes, {"planned": [planned]}, ["minutes"])
    assert "signs this from 2026-03-31 on" in refused(friend)
    lead.tell("meeting.held", [LEADS[1]], minutes, {"planned": [planned]}, ["minutes"])
    holds(lead)
    log = side()
    own = next(at for at, one in enumerate(log.entries) if one["data"].get("cohort") == "side")
    planned = meets(log, own, FRIENDS[0])
    log.tell("meeting.held", [FRIENDS[0]], minutes, {"planned": [planned]}, ["minutes"])
    holds(log)


def claimed(log):
    """Let the City promise something to a lead and claim it; give the claim, and what was asked."""
    days = {"ack_due": "2026-03-06", "answer_due": "2026-04-30"}
    ask = log.tell(
        "ask.questioned", [LEADS[0]], {"office": OFFICE, **days}, texts=["title", "ask"], on="2026-03-01"
    )
    data = {"decision": "accepted", "signed_off": OFFICE}
    answer = log.tell("answer.given", [OFFICE], data, {"ask": [ask]}, ["reasons"])
    data = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-06-01"}]}
    made = log.tell("commitment.made", [OFFICE], data, {"answer": [answer]}, ["evidence", "m1"])
    return log.tell("delivery.claimed", [OFFICE], {"milestone": "m1"}, {"commitment": [made]}, ["claim"]), ask


def next_cohort(until):
    """Give a log in which two friends sit in the next cohort since its first day, and leads of the last one to a day."""
    log = Log()
    log.tell("policy.adopted", ["steward"], RULES | {"offices": [*RULES["offices"], "parks/director"]})
    log.sits(log.cohort("first", last="2026-06-30"), *LEADS[:3], last=until)
    claim, ask = claimed(log)
    log.sits(log.cohort("second", "2026-07-01", "2027-06-30", on="2026-07-01"), *FRIENDS[:2])
    return log, claim, ask


def judges(log, claim, ask, what, *seats):
    """Let leads check a claim, agree that words are taken down, or agree to a learning period."""
    if what.startswith("delivery"):
        done = "complete" if what == "delivery.verified" else "limited"
        log.tell(what, seats, {"milestone": "m1", "completion": done}, {"claim": [claim]}, ["check"])
    elif what == "text.erased":
        sha256 = log.entries[ask]["texts"]["ask"]["sha256"]
        log.tell(what, ["steward", *seats], {"sha256": sha256}, {"of": [ask]}, ["ground"])
    else:
        asked = log.tell("learning.asked", ["parks/director"], {"unit": "parks"})
        log.tell(what, seats[:1], {"unit": "parks", "until": "2026-08-01"}, {"asked": [asked]})


@pytest.mark.parametrize("what", ["delivery.verified", "delivery.disputed", "text.erased", "learning.agreed"])
def test_leads_of_the_first_day_judge_nothing_alone_while_leads_sit_on_past_the_term_of_their_cohort(what):
    log, *about = next_cohort("2027-06-30")
    for seats, stands in ((FRIENDS[:2], False), (LEADS[:2], True), ([LEADS[1], FRIENDS[0]], True)):
        tried = log.copy()
        judges(tried, *about, what, *seats)
        if stands:
            holds(tried)
        else:
            assert (
                f"{FRIENDS[0]} signs this from 2026-07-31 on; ask a lead who has been here for longer"
                in refused(tried)
            )
    log.on = "2026-07-31"
    judges(log, *about, what, *FRIENDS[:2])
    holds(log)


@pytest.mark.parametrize("what", ["delivery.verified", "delivery.disputed", "text.erased", "learning.agreed"])
def test_leads_of_the_first_day_judge_where_nobody_sits_who_was_there_before(what):
    log, *about = next_cohort("2026-06-30")
    judges(log, *about, what, *FRIENDS[:2])
    holds(log)

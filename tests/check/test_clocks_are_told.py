"""No clock ends or is stretched in silence: a record that hides lateness is refused, and the entry is named."""

from datetime import date, timedelta

import pytest

from alongside.check.log import RecordError
from alongside.check.record import check_days, verify_record
from alongside.check.source import open_source
from alongside.check.state import load
from alongside.check.verdict import faulted
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.grammar.silence import Due
from tests.check.records import ANA, BEN, OFFICE, SIGNER, in_grammar, small
from tests.check.test_who_checks import find, promised


def judged(record):
    """Give what the verifier says of a record, or nothing where it holds."""
    try:
        check_log(record.raw(), origin=SIGNER.name)
    except GrammarError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"silence_days": [3650]}, "silence is told the day after the day"),
        ({"silence_days": [1, 90, 60]}, "silence is told the day after the day"),
        ({"silence_repeat_months": 1200}, "silence_repeat_months must be a whole number from 1 to 3"),
        ({"escalate_to": "nobody/manager"}, "nobody/manager hears of silence and is not an office"),
    ],
)
def test_no_policy_lets_the_clock_keep_silent(told, says):
    record = small()
    record.entries[find(record, "policy.adopted")]["data"] |= told
    assert says in judged(record)


@pytest.mark.parametrize(
    "told",
    [
        {"silence_days": [1]},
        {"escalate_days_after": 3650},
        {"escalate_to": "water/director"},
        {"time_zone": "Pacific/Kiritimati"},
    ],
)
def test_the_steward_alone_lets_no_silence_be_told_later(told):
    record = small()
    policy = record.entries[find(record, "policy.adopted")]["data"]
    record.add("policy.adopted", "2026-03-05", ["steward"], {**policy, **told})
    assert "more than half of the seated leads sign it" in judged(record)


def test_the_steward_alone_has_silence_told_more_often():
    record = small()
    policy = record.entries[find(record, "policy.adopted")]["data"]
    sooner = {"silence_days": [1, 7, 30, 60, 90], "silence_repeat_months": 1, "escalate_days_after": 1}
    record.add("policy.adopted", "2026-03-05", ["steward"], {**policy, **sooner})
    assert judged(record) == ""


def delivered(verdict=None):
    """A record in which an office claimed a milestone before its day, and two leads looked, or did not."""
    record = promised()
    if verdict:
        completion = {"delivery.disputed": "no_evidence", "delivery.verified": "complete"}[verdict]
        data, cites = {"milestone": "m1", "completion": completion}, {"claim": [record.claim]}
        record.add(verdict, "2026-03-05", [ANA, BEN], data, cites, ["check"])
    return record


def tell_late(record, days=1, stage="silence-1"):
    data = {"milestone": "m1", "office": "water/manager", "days": days, "stage": stage}
    cites = {"commitment": [find(record, "commitment.made")]}
    record.add("commitment.late", f"2026-03-{20 + days}", ["clock"], data, cites)


def test_the_clock_tells_a_milestone_late_whose_last_claim_leads_dispute():
    for verdict, says in (("delivery.disputed", ""), ("delivery.verified", "claimed"), (None, "claimed")):
        record = delivered(verdict)
        tell_late(record)
        assert (says in judged(record)) if says else judged(record) == ""
    record = delivered("delivery.disputed")
    data, cites = {"milestone": "m1"}, {"commitment": [find(record, "commitment.made")]}
    record.add("delivery.claimed", "2026-03-19", ["water/manager"], data, cites, ["claim"])
    tell_late(record)
    assert "claimed" in judged(record)


def answered(by, signed_off="water/director", decision="declined", on="2026-03-02"):
    """A record of two units that sign, in which an ask to water is answered by these offices."""
    record = small()
    units = {"offices": [OFFICE, "water/manager", "parks/clerk"], "signing": [OFFICE, "parks/clerk"]}
    record.entries[find(record, "policy.adopted")]["data"] |= units
    ask = find(record, "ask.recommended")
    data = {"decision": decision, "signed_off": signed_off}
    record.answer = record.add("answer.given", on, by, data, {"ask": [ask]}, ["reasons"])
    return record


def test_an_answer_is_signed_only_by_offices_of_the_unit_that_owes_it():
    assert judged(answered([OFFICE, "water/manager"])) == ""
    for by in (["parks/clerk", OFFICE], [OFFICE, "parks/clerk"]):
        assert "the answer is owed by water; only that bureau may write it." in judged(answered(by))


def test_no_other_unit_replies_to_a_contest():
    for by in (["parks/clerk"], ["parks/clerk", OFFICE], [OFFICE]):
        record = answered([OFFICE])
        contest = record.add(
            "answer.contested",
            "2026-03-03",
            [ANA],
            {"reply_due": "2026-04-02"},
            {"answer": [record.answer]},
            ["contest"],
        )
        data = {"decision": "stands", "signed_off": by[-1]}
        record.add("contest.replied", "2026-03-04", by, data, {"contest": [contest]}, ["reply"])
        assert (judged(record) == "") if by == [OFFICE] else ("is owed by water" in judged(record))


# What was due and came late: the silence in between stands on the record before it


class Waiting:
    """A record in which something is owed and nobody did it yet: its day, its entry, and what ends or moves its clock."""

    def __init__(self, what):
        self.what = what
        self.record = getattr(self, f"_{what}")()

    def _answer(self):
        record = small()
        self.about, self.due = find(record, "ask.recommended"), "2026-04-12"
        return record

    def _reply(self):
        record = answered([OFFICE])
        self.due = "2026-04-02"
        data, cites = {"reply_due": self.due}, {"answer": [record.answer]}
        self.about = record.add("answer.contested", "2026-03-03", [ANA], data, cites, ["contest"])
        return record

    def _above(self):
        record = small()
        data = {"office": OFFICE, "ack_due": "2026-03-09", "answer_due": "2026-05-01"}
        ask = record.add("ask.questioned", "2026-03-02", [ANA], data, texts=["title", "ask"])
        data = {"decision": "declined", "signed_off": OFFICE}
        record.add("answer.given", "2026-03-02", [OFFICE], data, {"ask": [ask]}, ["reasons"])
        self.due = "2026-04-02"
        data = {"office": OFFICE, "to": "water/manager", "reply_due": self.due}
        self.about = record.add("ask.raised", "2026-03-03", [ANA], data, {"ask": [ask]}, ["reason"])
        return record

    def _delivery(self):
        record = promised()
        record.entries.pop()
        self.about, self.due = find(record, "commitment.made"), "2026-03-20"
        return record

    def day(self, after):
        return (date.fromisoformat(self.due) + timedelta(days=after)).isoformat()

    def tell(self, after=1):
        """Let the clock tell so many days after the day that nothing came."""
        days = {"days": after, "stage": "silence-1"}
        kind, role, data = {
            "answer": ("ask.silent", "ask", {"office": OFFICE, **days}),
            "reply": ("contest.silent", "contest", {"office": OFFICE}),
            "above": ("raise.silent", "raise", {"office": "water/manager"}),
            "delivery": (
                "commitment.late",
                "commitment",
                {"office": "water/manager", "milestone": "m1", **days},
            ),
        }[self.what]
        return self.record.add(kind, self.day(after), ["clock"], data, {role: [self.about]})

    def end(self, way, after):
        """Do what is owed, or move its day or its office, so many days after its day."""
        signed = {"signed_off": OFFICE}
        kind, by, data, role, text = {
            "answer": ("answer.given", OFFICE, {"decision": "declined", **signed}, "ask", "reasons"),
            "not yet": (
                "answer.given",
                OFFICE,
                {"decision": "deferred", "until": self.day(after + 30), **signed},
                "ask",
                "reasons",
            ),
            "more time": ("ask.extended", OFFICE, {"until": self.day(after + 30)}, "ask", "reason"),
            "handed on": ("ask.transferred", OFFICE, {"office": "water/manager"}, "ask", "reason"),
            "reply": ("contest.replied", OFFICE, {"decision": "stands", **signed}, "contest", "reply"),
            "reply above": ("raise.replied", OFFICE, {"decision": "stands"}, "raise", "reply"),
            "delivery": ("delivery.claimed", "water/manager", {"milestone": "m1"}, "commitment", "claim"),
        }[way]
        return self.record.add(kind, self.day(after), [by], data, {role: [self.about]}, [text])


#: What is owed, each way to end or move its clock, and how the verifier names it.
ENDS = [
    ("answer", "answer", "answer to entry"),
    ("answer", "not yet", "answer to entry"),
    ("answer", "more time", "answer to entry"),
    ("answer", "handed on", "answer to entry"),
    ("reply", "reply", "reply to entry"),
    ("above", "reply above", "reply of the office above to entry"),
    ("delivery", "delivery", "delivery of milestone m1 of entry"),
]


@pytest.mark.parametrize(("what", "way", "named"), ENDS)
def test_what_is_done_late_stands_behind_its_silence(what, way, named):
    hidden = Waiting(what)
    at = hidden.end(way, 2)
    said = f"the {named} {hidden.about} was due on {hidden.due}, and no entry before this one says that none came"
    assert (judged(hidden.record).startswith(f"Entry {at}: "), said in judged(hidden.record)) == (True, True)
    told = Waiting(what)
    told.tell()
    told.end(way, 2)
    assert judged(told.record) == ""
    after = Waiting(what)
    after.end(way, 2)
    after.tell(2)
    assert said in judged(after.record)


@pytest.mark.parametrize(("what", "way", "_named"), ENDS)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_what_is_done_by_its_day_or_in_the_night_after_needs_no_silence(what, way, _named, days):
    waiting = Waiting(what)
    waiting.end(way, days)
    assert judged(waiting.record) == ""


@pytest.mark.parametrize(("what", "way", "_named"), ENDS)
def test_what_was_done_late_in_an_older_grammar_stays_valid(what, way, _named):
    waiting = Waiting(what)
    waiting.end(way, 2)
    waiting.record.entries = [in_grammar(1, one) for one in waiting.record.entries]
    assert judged(waiting.record) == ""


def test_a_silence_told_before_the_day_was_moved_tells_nothing_of_the_new_day():
    waiting = Waiting("answer")
    waiting.tell()
    waiting.end("more time", 2)
    waiting.end("answer", 34)
    assert "the answer to entry 15 was due on 2026-05-14" in judged(waiting.record)


@pytest.mark.parametrize(
    ("v", "after", "says"), [(2, 1, "a day to come"), (2, 2, "a day to come"), (2, 3, ""), (1, 1, "")]
)
def test_more_time_ends_after_the_day_on_which_it_is_taken(v, after, says):
    waiting = Waiting("answer")
    waiting.tell()
    moved = waiting.end("more time", 2)
    waiting.record.entries[moved]["data"]["until"] = waiting.day(after)
    waiting.record.entries = [in_grammar(v, one) for one in waiting.record.entries]
    assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


def test_a_silence_told_on_the_day_to_which_an_older_grammar_moved_it_is_told_again_after_that_day():
    waiting = Waiting("answer")
    waiting.tell()
    moved = waiting.end("more time", 2)
    waiting.record.entries[moved]["data"]["until"] = waiting.day(1)
    again = waiting.tell()
    waiting.record.entries[again]["date"] = waiting.day(2)
    waiting.record.entries = [in_grammar(1, one) for one in waiting.record.entries]
    assert judged(waiting.record) == ""


def test_what_a_wrong_clock_told_covers_no_late_answer():
    for tells, says in ((False, "no entry before this one says that none came"), (True, "")):
        waiting = Waiting("answer")
        wrong = waiting.tell(2)
        waiting.record.add(
            "clock.faulted", "2026-03-10", [ANA, "steward"], {}, {"wrong": [wrong]}, ["reason"]
        )
        if tells:
            waiting.tell()
        waiting.end("answer", 5)
        assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


def test_days_do_not_go_back_behind_what_a_person_wrote_while_the_clock_was_wrong():
    for writes, says in ((True, "people wrote on 2026-04-14 while the clock was wrong"), (False, "")):
        waiting = Waiting("answer")
        wrong = waiting.tell(2)
        if writes:
            days = {"ack_due": "2026-04-21", "answer_due": "2026-06-13"}
            texts, on = ["title", "ask"], waiting.day(2)
            waiting.record.add("ask.questioned", on, [ANA], {"office": OFFICE, **days}, {}, texts)
        by, on = [ANA, "steward"], "2026-03-10"
        waiting.record.add("clock.faulted", on, by, {}, {"wrong": [wrong]}, ["reason"])
        assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


def test_no_bureau_ends_what_was_told_of_its_own_lateness():
    for by, says in (([ANA, OFFICE], "does not end what was told of its own bureau"), ([ANA, BEN], "")):
        waiting = Waiting("answer")
        wrong = waiting.tell(2)
        waiting.record.add("clock.faulted", "2026-03-10", by, {}, {"wrong": [wrong]}, ["reason"])
        assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


def test_what_the_clock_wrote_on_days_that_had_not_come_and_what_stays_of_it_is_named(tmp_path):
    waiting = Waiting("answer")
    wrong = waiting.tell(2)
    data = {"cohort": "first", "from": "2026-01-01", "until": "2026-03-31", "as_of": waiting.day(2)}
    waiting.record.add("pay.totaled", waiting.day(2), ["clock"], data, {}, [])
    waiting.record.add("clock.faulted", "2026-03-10", [ANA, BEN], {}, {"wrong": [wrong]}, ["reason"])
    entries = [parse(index, raw) for index, raw in enumerate(waiting.record.raw())]
    assert faulted(entries).endswith(
        f"Entry {wrong + 1}, pay.totaled, was written on {waiting.day(2)}, a day that had not come, and stays."
    )


def test_a_unit_that_learns_answers_without_a_silence_until_its_learning_is_over():
    for on, says in ((29, ""), (31, ""), (32, "no entry before this one says that none came")):
        waiting = Waiting("answer")
        asked = waiting.record.add("learning.asked", "2026-03-02", [OFFICE], {"unit": "water"})
        until = {"unit": "water", "until": waiting.day(30)}
        waiting.record.add("learning.agreed", "2026-03-02", [ANA], until, {"asked": [asked]})
        waiting.end("answer", on)
        assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


def test_an_office_hands_nothing_on_whose_reply_it_hides():
    record = answered([OFFICE], decision="accepted")
    record.entries[record.answer]["data"] |= {"decision": "deferred", "until": "2026-06-01"}
    data, cites = {"reply_due": "2026-04-02"}, {"answer": [record.answer]}
    contest = record.add("answer.contested", "2026-03-03", [ANA], data, cites, ["contest"])
    cites = {"ask": [find(record, "ask.recommended")]}
    record.add("ask.transferred", "2026-04-04", [OFFICE], {"office": "parks/clerk"}, cites, ["reason"])
    assert f"the reply to entry {contest} was due on 2026-04-02" in judged(record)


def test_what_leads_dispute_is_late_again_from_that_day_on():
    for tells, says in ((False, "the delivery of milestone m1"), (True, "")):
        record = promised()
        data, cites = {"milestone": "m1", "completion": "no_evidence"}, {"claim": [record.claim]}
        record.add("delivery.disputed", "2026-04-10", [ANA, BEN], data, cites, ["check"])
        (owed,) = [one for one in check_log(record.raw(), origin=SIGNER.name).owed if one.milestone]
        assert [owed.is_late(date(2026, 4, day)) for day in (11, 12)] == [False, True]
        cites = {"commitment": [find(record, "commitment.made")]}
        if tells:
            data = {"milestone": "m1", "office": "water/manager", "days": 22, "stage": "silence-1"}
            record.add("commitment.late", "2026-04-11", ["clock"], data, cites)
        record.add("delivery.claimed", "2026-04-24", ["water/manager"], {"milestone": "m1"}, cites, ["claim"])
        assert (says in judged(record)) if says else judged(record) == ""


@pytest.mark.parametrize(
    ("on", "says"), [("2026-03-18", "can be claimed again from 2026-03-19 on"), ("2026-03-19", "")]
)
def test_what_leads_dispute_is_claimed_again_after_two_weeks(on, says):
    record = delivered("delivery.disputed")
    cites = {"commitment": [find(record, "commitment.made")]}
    record.add("delivery.claimed", on, ["water/manager"], {"milestone": "m1"}, cites, ["claim"])
    assert (says in judged(record)) if says else judged(record) == ""
    record.entries = [in_grammar(1, one) for one in record.entries]
    assert judged(record) == ""


def test_a_yes_in_reply_to_a_contested_not_yet_ends_the_clock_of_the_answer():
    record = answered([OFFICE])
    record.entries[record.answer]["data"] |= {"decision": "deferred", "until": "2026-05-01"}
    data, cites = {"reply_due": "2026-04-02"}, {"answer": [record.answer]}
    contest = record.add("answer.contested", "2026-03-03", [ANA], data, cites, ["contest"])
    data = {"decision": "accepted", "signed_off": OFFICE}
    reply = record.add("contest.replied", "2026-03-04", [OFFICE], data, {"contest": [contest]}, ["reply"])
    data = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-12-01"}]}
    record.add("commitment.made", "2026-03-04", [OFFICE], data, {"answer": [reply]}, ["evidence", "m1"])
    assert [one.what for one in check_log(record.raw(), origin=SIGNER.name).owed] == [
        Due.INTAKE,
        Due.REPORT,
        Due.KEY,
        Due.DELIVERY,
    ]


# What is late at the end of a record


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("answer", "Entry {} asks for an answer by {}. No answer is"),
        ("reply", "Entry {} contests an answer, with a reply due by {}. No reply is"),
        (
            "above",
            "Entry {} raises a question, with a reply of the office above due by {}. No such reply is",
        ),
        ("delivery", "Entry {} promises its milestone m1 by {}. No delivery that leads did not dispute is"),
    ],
)
def test_a_record_that_goes_on_and_hides_what_is_late_is_refused(verify, tmp_path, what, says):
    waiting, seen = Waiting(what), ("--state", tmp_path / "seen.json")
    waiting.record.add("seat.left", waiting.day(1), [BEN], {"seat": BEN, "ground": "not-said"})
    assert verify("record", waiting.record.write(tmp_path / "in the night"), *seen)[0] == 0
    waiting.record.entries[-1]["date"] = waiting.day(2)
    said = f"{says.format(waiting.about, waiting.due)} on the record, and no entry says that none came."
    hidden = verify("record", waiting.record.write(tmp_path / "hidden"), "--state", tmp_path / "new.json")
    assert hidden == (1, "", f"This does not hold. {said}")
    waiting.tell(2)
    told = verify("record", waiting.record.write(tmp_path / "told"), "--state", tmp_path / "newest.json")
    assert told[0] == 0


@pytest.mark.parametrize(
    ("what", "says", "place"),
    [
        ("answer", "No answer stands on the record for 1 ask whose day", "entry {}"),
        ("reply", "No reply stands on the record for 1 contested answer whose day", "entry {}"),
        (
            "above",
            "No reply of the office above stands on the record for 1 raised question whose day",
            "entry {}",
        ),
        (
            "delivery",
            "No delivery stands undisputed on the record for 1 milestone whose day",
            "milestone m1 of entry {}",
        ),
    ],
)
def test_all_that_is_late_is_named_also_where_the_record_stopped_before(tmp_path, what, says, place):
    waiting = Waiting(what)
    today = date.fromisoformat(waiting.day(2))
    at = place.format(waiting.about)

    def said(name):
        folder = open_source(str(waiting.record.write(tmp_path / name)))
        return verify_record(folder, state=load(tmp_path / f"{name}.json"), today=today).says

    late = f"{says} had passed by {today}: {at} (due {waiting.due})."
    last = waiting.record.entries[-1]["date"]
    assert f"{late} No entry says so of {at}: the record ends on {last}." in said("stopped")
    waiting.tell()
    assert (late in said("told"), "No entry says so" in said("told")) == (True, False)


# What the clock should have told since: later stages, the office above, and what nobody did


def later(day, days):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def hidden(record, on):
    """Let a record go on with something else on a day; give what the verifier says is missing, or nothing."""
    record = record.copy()
    old = {"thread": "more", "whose": "city", "event_date": "2019-06"}
    record.add("reconstructed.promise", on, ["steward"], old, texts=["title", "statement", "sources"])
    summary = check_log(record.raw(), origin=SIGNER.name)
    try:
        check_days(summary, summary.last)
    except RecordError as error:
        return str(error)
    return ""


class Silent(Waiting):
    """Something that is owed and never done, while the clock tells its stages; all else in the record has its answer."""

    def _delivery(self):
        record = super()._delivery()
        declined(record)
        return record

    def stage(self, days, stage):
        kind, role = {"answer": ("ask.silent", "ask"), "delivery": ("commitment.late", "commitment")}[
            self.what
        ]
        data = {"office": OFFICE if self.what == "answer" else "water/manager", "days": days, "stage": stage}
        data |= {} if self.what == "answer" else {"milestone": "m1"}
        self.record.add(kind, self.day(days), ["clock"], data, {role: [self.about]})

    def escalate(self, days=7):
        data = {"office": OFFICE, "to": "water/manager"}
        if self.what == "answer":
            self.record.add("ask.escalated", self.day(days), ["clock"], data, {"ask": [self.about]})


def declined(record):
    """Let the office decline the ask that the small record holds, before its day."""
    data, cites = {"decision": "declined", "signed_off": OFFICE}, {"ask": [find(record, "ask.recommended")]}
    record.add("answer.given", record.entries[-1]["date"], [OFFICE], data, cites, ["reasons"])


def starts(what, waiting):
    if what == "answer":
        return f"Entry {waiting.about} asks for an answer by {waiting.due}. No answer is on the record, and"
    return (
        f"Entry {waiting.about} promises its milestone m1 by {waiting.due}. "
        "No delivery that leads did not dispute is on the record, and"
    )


@pytest.mark.parametrize("what", ["answer", "delivery"])
def test_a_record_that_leaves_out_a_later_stage_of_a_silence_is_refused(what):
    silent = Silent(what)
    silent.stage(1, "silence-1")
    silent.escalate()
    for days, stage in ((30, "silence-30"), (60, "silence-60"), (90, "silence-90")):
        assert hidden(silent.record, silent.day(days)) == ""
        says = f"{starts(what, silent)} no entry from {silent.day(days)} on says that none came so far."
        assert hidden(silent.record, silent.day(days + 1)) == says
        silent.stage(days, stage)
        assert hidden(silent.record, silent.day(days + 1)) == ""
    assert "on says that none came so far" in hidden(silent.record, silent.day(190))


@pytest.mark.parametrize("what", ["answer", "delivery"])
def test_a_clock_that_stood_still_for_a_hundred_days_tells_one_stage_and_the_record_holds(what):
    silent = Silent(what)
    silent.stage(100, "silence-90")
    silent.escalate(100)
    assert hidden(silent.record, silent.day(103)) == ""


def test_a_stage_that_is_named_before_its_day_covers_nothing_later():
    silent = Silent("answer")
    for stage in ("silence-1", "silence-30", "silence-60", "quarter-1"):
        silent.stage(1, stage)
    silent.escalate()
    assert f"no entry from {silent.day(30)} on says" in hidden(silent.record, silent.day(31))


def test_a_record_that_keeps_silent_to_the_office_above_is_refused():
    silent = Silent("answer")
    silent.stage(1, "silence-1")
    assert hidden(silent.record, silent.day(7)) == ""
    says = f"{starts('answer', silent)} no entry says that the office above was told, as was due on {silent.day(7)}."
    assert hidden(silent.record, silent.day(8)) == says
    silent.escalate()
    assert hidden(silent.record, silent.day(8)) == ""


def test_new_days_of_silence_are_demanded_from_the_day_after_they_are_adopted_and_no_stage_twice():
    silent = Silent("answer")
    rules = silent.record.entries[find(silent.record, "policy.adopted")]["data"]
    rules["silence_days"] = [1, 30]
    for days, stage in ((1, "silence-1"), (30, "silence-30"), (122, "quarter-1")):
        silent.stage(days, stage)
        if days == 1:
            silent.escalate(1)
    silent.record.add(
        "policy.adopted", silent.day(125), ["steward"], {**rules, "silence_days": [1, 30, 60, 124]}
    )
    assert hidden(silent.record, silent.day(126)) == ""
    assert f"no entry from {silent.day(124)} on" in hidden(silent.record, silent.day(127))
    silent.stage(126, "silence-124")
    assert hidden(silent.record, silent.day(230)) == ""


def test_what_a_wrong_clock_told_is_no_later_stage():
    silent = Silent("answer")
    silent.stage(1, "silence-1")
    silent.escalate()
    silent.stage(30, "silence-30")
    wrong, on = len(silent.record.entries) - 1, silent.day(29)
    silent.record.add("clock.faulted", on, [ANA, "steward"], {}, {"wrong": [wrong]}, ["reason"])
    assert hidden(silent.record, silent.day(30)) == ""
    assert f"no entry from {silent.day(30)} on" in hidden(silent.record, silent.day(31))
    silent.stage(30, "silence-30")
    assert hidden(silent.record, silent.day(31)) == ""


@pytest.mark.parametrize("after", [1, 5])
@pytest.mark.parametrize("what", ["answer", "reply", "above", "delivery"])
def test_a_learning_period_hides_nothing_that_was_late_before_it(what, after):
    for tells, says in ((False, "no entry before this one says that none came"), (True, "")):
        waiting = Waiting(what)
        if tells:
            waiting.tell()
        asked = waiting.record.add("learning.asked", waiting.day(after), [OFFICE], {"unit": "water"})
        until = {"unit": "water", "until": waiting.day(9)}
        waiting.record.add("learning.agreed", waiting.day(after), [ANA], until, {"asked": [asked]})
        assert (says in judged(waiting.record)) if says else judged(waiting.record) == ""


ABOVE, FIRE = "city/manager", "fire/chief"


class Learning:
    """A record of three bureaus, one of which has the office above, where leads ask and a bureau learns."""

    def __init__(self):
        self.record = small()
        units = {"offices": [OFFICE, ABOVE, FIRE], "signing": [OFFICE, ABOVE, FIRE], "escalate_to": ABOVE}
        self.record.entries[find(self.record, "policy.adopted")]["data"] |= units

    def ask(self, office=OFFICE, on="2026-03-02"):
        data = {"office": office, "ack_due": later(on, 5), "answer_due": later(on, 60)}
        return self.record.add("ask.questioned", on, [ANA], data, texts=["title", "ask"])

    def answer(self, ask, on, decision="declined"):
        data = {"decision": decision, "signed_off": OFFICE}
        return self.record.add("answer.given", on, [OFFICE], data, {"ask": [ask]}, ["reasons"])

    def raise_it(self, on="2026-03-03"):
        """Ask, decline, and raise it to the office above, whose reply is due in 30 days."""
        ask = self.ask(on=on)
        self.answer(ask, on)
        data = {"office": OFFICE, "to": ABOVE, "reply_due": later(on, 30)}
        return self.record.add("ask.raised", on, [BEN], data, {"ask": [ask]}, ["reason"])

    def learn(self, office, on, until):
        unit = office.split("/")[0]
        asked = self.record.add("learning.asked", on, [office], {"unit": unit})
        data = {"unit": unit, "until": until}
        return self.record.add("learning.agreed", on, [ANA], data, {"asked": [asked]})


@pytest.mark.parametrize("tells", [True, False])
def test_the_office_above_hides_no_late_reply_by_learning(tells):
    log = Learning()
    raised = log.raise_it()  # due on 2 April
    if tells:
        log.record.add("raise.silent", "2026-04-03", ["clock"], {"office": ABOVE}, {"raise": [raised]})
    agreed = log.learn(ABOVE, "2026-04-10", "2026-05-10")
    log.record.add(
        "raise.replied", "2026-05-09", [ABOVE], {"decision": "stands"}, {"raise": [raised]}, ["reply"]
    )
    says = f"Entry {agreed}: learning.agreed: the reply of the office above to entry {raised} was due on 2026-04-02"
    assert judged(log.record) == "" if tells else judged(log.record).startswith(says)


@pytest.mark.parametrize("tells", [True, False])
def test_no_bureau_hides_by_learning_what_another_one_promised_late_to_an_ask_that_it_had(tells):
    log = Learning()
    ask = log.ask(FIRE)
    log.record.add("ask.transferred", "2026-03-03", [FIRE], {"office": OFFICE}, {"ask": [ask]}, ["reason"])
    log.learn(OFFICE, "2026-03-03", "2026-05-10")
    answer = log.answer(ask, "2026-03-04", "accepted")
    data = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-03-20"}]}
    made = log.record.add(
        "commitment.made", "2026-03-04", [OFFICE], data, {"answer": [answer]}, ["evidence", "m1"]
    )
    about = {"commitment": [made]}
    if tells:
        late = {"milestone": "m1", "office": OFFICE, "days": 1, "stage": "silence-1"}
        log.record.add("commitment.late", "2026-03-21", ["clock"], late, about)
    agreed = log.learn(FIRE, "2026-03-25", "2026-05-10")
    log.record.add("delivery.claimed", "2026-05-09", [OFFICE], {"milestone": "m1"}, about, ["claim"])
    says = (
        f"Entry {agreed}: learning.agreed: the delivery of milestone m1 of entry {made} was due on 2026-03-20"
    )
    assert judged(log.record) == "" if tells else judged(log.record).startswith(says)


@pytest.mark.parametrize(
    ("v", "days", "holds"), [(3, 90, True), (3, 91, False), (2, 91, True), (2, 152, False)]
)
def test_the_first_days_of_an_office_above_begin_with_what_was_raised_to_it_first(v, days, holds):
    log = Learning()
    raised = log.raise_it()
    log.record.add(
        "raise.replied", "2026-03-20", [ABOVE], {"decision": "stands"}, {"raise": [raised]}, ["reply"]
    )
    agreed = log.learn(ABOVE, "2026-05-03", later("2026-03-03", days))
    log.record.entries = [in_grammar(v, one) for one in log.record.entries]
    says = f"Entry {agreed}: learning.agreed: a learning period ends by"
    assert judged(log.record) == "" if holds else judged(log.record).startswith(says)


def test_the_first_days_of_an_office_begin_with_what_it_replied_for_a_unit_that_was_merged_away():
    log = Learning()
    ask = log.ask(FIRE)
    data = {"decision": "declined", "signed_off": FIRE}
    answer = log.record.add("answer.given", "2026-03-02", [FIRE], data, {"ask": [ask]}, ["reasons"])
    data, cites = {"reply_due": "2026-04-01"}, {"answer": [answer]}
    contest = log.record.add("answer.contested", "2026-03-02", [BEN], data, cites, ["contest"])
    rules = log.record.entries[find(log.record, "policy.adopted")]["data"]
    merged = {name: [one for one in rules[name] if one != FIRE] for name in ("offices", "signing")}
    log.record.add("policy.adopted", "2026-03-03", ["steward", ANA, BEN], {**rules, **merged})
    data = {"decision": "stands", "signed_off": ABOVE}
    log.record.add("contest.replied", "2026-03-04", [ABOVE], data, {"contest": [contest]}, ["reply"])
    early = log.record.copy()
    log.learn(ABOVE, "2026-05-03", later("2026-03-04", 90))
    assert judged(log.record) == ""
    log.record = early
    log.learn(ABOVE, "2026-05-03", later("2026-03-04", 91))
    assert "a learning period ends by" in judged(log.record)


def test_a_bureau_that_nobody_asked_learns_for_its_first_days_while_others_are_late():
    log = Learning()
    log.ask(on="2026-03-02")  # of water, late in May and told by nobody: the verifier names that by itself
    log.learn(FIRE, "2026-05-10", "2026-08-08")
    assert judged(log.record) == ""


def test_a_bureau_that_learns_is_told_late_when_its_learning_is_over_at_the_stage_of_that_day():
    silent = Silent("answer")
    asked = silent.record.add("learning.asked", "2026-03-02", [OFFICE], {"unit": "water"})
    until = {"unit": "water", "until": silent.day(30)}
    silent.record.add("learning.agreed", "2026-03-02", [ANA], until, {"asked": [asked]})
    assert hidden(silent.record, silent.day(31)) == ""
    assert "no entry says that none came" in hidden(silent.record, silent.day(32))
    silent.stage(31, "silence-30")
    assert "the office above was told" in hidden(silent.record, silent.day(32))
    silent.escalate(31)
    assert hidden(silent.record, silent.day(32)) == ""


def test_a_record_that_hides_that_nobody_checked_a_claim_is_refused():
    record = promised()
    declined(record)
    due = later("2026-03-04", 90)
    assert hidden(record, later(due, 1)) == ""
    says = f"Entry {record.claim} says that a milestone is done, with a check due by {due}. No check is on the record, and no entry says that none came."
    assert hidden(record, later(due, 2)) == says
    checked = record.copy()
    data, cites = {"milestone": "m1", "completion": "complete"}, {"claim": [record.claim]}
    checked.add("delivery.verified", later(due, 2), [ANA, BEN], data, cites, ["check"])
    assert hidden(checked, later(due, 2)) == ""
    data = {"milestone": "m1", "nobody_seated": "no"}
    record.add("delivery.unchecked", later(due, 1), ["clock"], data, {"claim": [record.claim]})
    assert hidden(record, later(due, 200)) == ""


def empty():
    """A record in which a seat is empty from 2026-03-05, and the day of its alarm."""
    record = small()
    declined(record)
    cites = {"cohort": [find(record, "cohort.seated")]}
    data = {"cohort": "first", "from": "2026-03-05"}
    record.vacancy = record.add("vacancy.opened", "2026-03-05", ["steward"], data, cites)
    return record, later("2026-03-05", 45)


def test_a_record_that_hides_an_empty_seat_is_refused():
    record, alarm = empty()
    assert hidden(record, alarm) == ""
    says = f"Entry {record.vacancy} leaves a seat empty, to be told on {alarm}. No new lead is on the record, and no entry says that none came."
    assert hidden(record, later(alarm, 1)) == says
    cites = {"vacancy": [record.vacancy]}
    record.add("vacancy.late", alarm, ["clock"], {"days": 45, "stage": "alarm"}, cites)
    assert hidden(record, "2026-07-19") == ""
    assert "no entry from 2026-07-19 on says that none came so far" in hidden(record, "2026-07-20")
    days = (date(2026, 7, 19) - date(2026, 3, 5)).days
    record.add("vacancy.late", "2026-07-19", ["clock"], {"days": days, "stage": "quarter-1"}, cites)
    assert hidden(record, "2026-07-20") == ""


def test_a_seat_that_was_filled_or_whose_term_is_over_is_not_empty():
    record, alarm = empty()
    short = record.copy()
    for one in short.entries:
        one["data"] |= {"until": "2026-04-30"} if one["kind"] in {"cohort.seated", "seat.taken"} else {}
    assert ("leaves a seat empty" in hidden(short, "2026-05-01"), hidden(short, "2026-05-02")) == (True, "")
    data = {"cohort": "first", "from": alarm, "until": "2027-12-31", "paid_by": "outside"}
    cites = {"cohort": [find(record, "cohort.seated")], "vacancy": [record.vacancy]}
    record.add("seat.taken", alarm, ["steward"], {"seat": "seat-dddddddd", **data}, cites)
    assert hidden(record, later(alarm, 200)) == ""


def test_a_seat_is_told_as_empty_no_more_from_the_day_on_which_somebody_sits_in_it():
    record, alarm = empty()
    late = later(alarm, 1)
    record.add(
        "vacancy.late", alarm, ["clock"], {"days": 45, "stage": "alarm"}, {"vacancy": [record.vacancy]}
    )
    data = {"cohort": "first", "from": late, "until": "2027-12-31", "paid_by": "outside"}
    cites = {"cohort": [find(record, "cohort.seated")], "vacancy": [record.vacancy]}
    before = record.copy()
    before.add(
        "vacancy.opened", late, ["steward"], {"cohort": "first", "from": late}, {"cohort": cites["cohort"]}
    )
    assert record.vacancy in [one.index for one in check_log(before.raw(), origin=SIGNER.name).owed]
    record.add("seat.taken", late, ["steward"], {"seat": "seat-dddddddd", **data}, cites)
    assert record.vacancy not in [one.index for one in check_log(record.raw(), origin=SIGNER.name).owed]


def invited():
    """A record in which a unit asks leads for help by 2026-03-20."""
    record = small()
    data = {
        "invitation": "meter-help",
        "unit": "water",
        "office": OFFICE,
        "needed_by": "2026-06-01",
        "answer_by": "2026-03-20",
        "level": {"framework": "iap2", "level": "involve"},
        "pay": "100.00",
        "interpretation": "50.00",
        "currency": "USD",
    }
    record.asked = record.add(
        "invitation.made", "2026-03-05", [OFFICE], data, texts=["title", "decision", "open"]
    )
    return record


def test_a_record_that_hides_that_no_lead_took_an_invitation_is_refused():
    record = invited()
    assert hidden(record, "2026-03-21") == ""
    says = f"Entry {record.asked} asks leads for help, with their word due by 2026-03-20. No word of a lead is on the record, and no entry says that none came."
    assert hidden(record, "2026-03-22") == says
    for kind, by, text in (
        ("invitation.unanswered", "clock", []),
        ("invitation.taken", ANA, []),
        ("invitation.declined", ANA, ["reason"]),
        ("invitation.withdrawn", OFFICE, ["reason"]),
    ):
        told = record.copy()
        told.add(kind, "2026-03-21", [by], {}, {"invitation": [record.asked]}, text)
        assert hidden(told, "2026-03-22") == "", kind


def ending():
    """A record in which people can speak to 2026-03-20."""
    record = small()
    promise = record.entries[find(record, "engagement.promised")]
    promise["data"]["closes"] = "2026-03-20"
    return record


def test_a_record_that_hides_the_end_of_an_intake_is_refused():
    record = ending()
    at = find(record, "engagement.promised")
    assert hidden(record, "2026-03-21") == ""
    says = f"Entry {at} promises that people can speak to 2026-03-20. That the intake has ended is not on the record."
    assert hidden(record, "2026-03-22") == says
    data = {"voices": {"low": 3, "high": 3}, "withdrawn": "fewer"}
    record.add("voices.closed", "2026-03-21", ["clock"], data, {"engagement": [at]})
    assert hidden(record, "2026-03-22") == ""


def test_the_days_of_a_pause_come_before_the_end_of_an_intake_is_demanded():
    record = ending()
    cites = {"engagement": [find(record, "engagement.promised")]}
    record.add("engagement.paused", "2026-03-10", ["steward", ANA], {}, cites, ["ground"])
    assert hidden(record, "2026-04-01") == ""
    record.add("engagement.resumed", "2026-04-01", [ANA], {}, cites)
    assert hidden(record, "2026-04-12") == ""
    assert "people can speak to 2026-04-11" in hidden(record, "2026-04-13")


@pytest.mark.parametrize("kind", ["stage", "above", "check", "seat", "help", "intake"])
def test_in_an_older_grammar_only_the_first_silence_about_an_answer_is_demanded(kind):
    silent = Silent("answer")
    silent.stage(1, "silence-1")
    record, on = {
        "stage": lambda: (silent.record, silent.day(200)),
        "above": lambda: (silent.record, silent.day(9)),
        "check": lambda: (promised(), "2026-04-12"),
        "seat": lambda: (empty()[0], "2026-09-01"),
        "help": lambda: (invited(), "2026-04-12"),
        "intake": lambda: (ending(), "2026-04-12"),
    }[kind]()
    record.entries = [in_grammar(1, one) for one in record.entries]
    record.v = 1
    assert hidden(record, on) == ""


@pytest.mark.parametrize(
    ("signing", "hears"),
    [([OFFICE, "water/manager"], "water/manager"), ([OFFICE], OFFICE)],
)
def test_where_the_office_above_is_silent_itself_another_that_signs_hears_of_it(signing, hears):
    for to in (OFFICE, "water/manager"):
        silent = Silent("answer")
        policy = silent.record.entries[find(silent.record, "policy.adopted")]["data"]
        policy |= {"escalate_to": OFFICE, "signing": signing}
        silent.stage(1, "silence-1")
        assert judged(silent.record) == ""
        cites = {"ask": [silent.about]}
        silent.record.add("ask.escalated", silent.day(7), ["clock"], {"office": OFFICE, "to": to}, cites)
        wrong = "" if to == hears else "the office above hears of this silence"
        assert (wrong in judged(silent.record), bool(judged(silent.record))) == (True, bool(wrong))


@pytest.mark.parametrize(("v", "holds"), [(3, False), (2, True)])
@pytest.mark.parametrize(
    ("kind", "name", "days"),
    [
        ("ask.questioned", "answer_due", 59),
        ("ask.questioned", "ack_due", 4),
        ("ask.raised", "reply_due", 29),
        ("answer.contested", "reply_due", 0),
    ],
)
def test_an_office_has_all_the_days_that_the_rules_give(kind, name, days, v, holds):
    log = Learning()
    raised = log.raise_it()
    if kind == "answer.contested":
        answer = log.record.entries[raised - 1]
        assert answer["kind"] == "answer.given"
        data, cites = {"reply_due": later("2026-03-03", 30)}, {"answer": [raised - 1]}
        log.record.add(kind, "2026-03-03", [BEN], data, cites, ["contest"])
    at = [place for place, one in enumerate(log.record.entries) if one["kind"] == kind][-1]
    assert judged(log.record) == ""
    entry = log.record.entries[at]
    entry["data"][name] = later(entry["date"], days)
    log.record.entries = [in_grammar(v, one) for one in log.record.entries]
    says = f"Entry {at}: {kind}: the rules give this office until"
    assert judged(log.record) == "" if holds else judged(log.record).startswith(says)


def test_an_office_has_fewer_days_where_its_unit_promised_them():
    record = small()
    promise, ask = find(record, "engagement.promised"), find(record, "ask.recommended")
    record.entries[promise]["data"] |= {
        "closes": "2026-02-10",
        "report_back": "2026-06-01",
        "answer_by": "2026-02-14",
    }
    days = {"ack_due": "2026-02-14", "answer_due": "2026-02-14"}
    record.entries[ask]["data"] |= days
    assert judged(record) == ""
    record.entries[ask]["data"]["answer_due"] = "2026-02-13"
    assert "the rules give this office until 2026-02-14" in judged(record)


@pytest.mark.parametrize(
    ("v", "due", "says"),
    [
        (3, 60, "the rules give this office until {all}"),
        (2, 1, "the answer is due by {promised} at the latest"),
    ],
)
def test_another_office_has_all_days_beside_what_a_unit_promised(v, due, says):
    record = small()
    policy, promise, ask = (
        find(record, one) for one in ("policy.adopted", "engagement.promised", "ask.recommended")
    )
    record.entries[policy]["data"]["offices"].append("streets/director")
    on = record.entries[ask]["date"]
    days = {"closes": "2026-02-10", "report_back": "2026-06-01", "answer_by": later(on, 1)}
    record.entries[promise]["data"] |= days
    asked = {"office": "streets/director", "ack_due": later(on, min(due, 5)), "answer_due": later(on, due)}
    record.entries[ask]["data"] |= asked
    record.entries = [in_grammar(v, one) for one in record.entries[: ask + 1]]
    assert judged(record) == ""
    record.entries[ask]["data"] |= {"ack_due": later(on, 1), "answer_due": later(on, 61 - due)}
    assert says.format(all=later(on, 60), promised=later(on, 1)) in judged(record)

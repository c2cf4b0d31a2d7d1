"""Where an ask stands (the fold that pages read) and what is owed (the rules that the verifier holds) never differ."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import signers
from alongside.core.grammar.answers import promised
from alongside.core.grammar.asks import ask_behind, due_of, final_answer, office_of, owed_to
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.silence import Due
from alongside.core.grammar.versions import KINDS
from alongside.core.workflow.asks import fold_ask, open_ask
from tests.check.records import ANA, OFFICE, SIGNER, Record, hand, small
from tests.support.acts import signed_act

#: What an office or leads may try next, by the kind of entry; what the rules refuse then is left out.
STEPS = (
    ("answer.given", "declined"),
    ("answer.given", "accepted"),
    ("answer.given", "deferred"),
    ("answer.given", "told"),
    ("answer.given", "told_in_part"),
    ("answer.contested", None),
    ("contest.replied", "stands"),
    ("contest.replied", "accepted"),
    ("contest.replied", "told"),
    ("ask.acknowledged", None),
    ("ask.extended", None),
    ("ask.transferred", None),
    ("ask.raised", None),
    ("raise.replied", "told"),
    ("raise.replied", "stands"),
    ("ask.silent", None),
    ("contest.silent", None),
    ("raise.silent", None),
)
ABOUT = {
    "answer.contested": "answer",
    "contest.replied": "contest",
    "contest.silent": "contest",
    "raise.replied": "raise",
    "raise.silent": "raise",
}
CITED = {"answer": "answer.given", "contest": "answer.contested", "raise": "ask.raised"}
TEXTS = {
    "answer.given": ("reasons",),
    "answer.contested": ("contest",),
    "contest.replied": ("reply",),
    "ask.extended": ("reason",),
    "ask.transferred": ("reason",),
    "ask.raised": ("reason",),
    "raise.replied": ("reply",),
}


class Told:
    """A record that grows by what its rules accept, and the standing of its question."""

    def __init__(self):
        self.record, self.log = small(), MemoryLog(SIGNER.name)
        self.day = date(2026, 3, 1)
        words = {"office": OFFICE, "ack_due": "2026-03-08", "answer_due": "2026-04-30"}
        self.ask = self.record.add(
            "ask.questioned", self.day.isoformat(), [ANA], words, texts=["title", "ask"]
        )
        for index, raw in enumerate(self.record.raw()):
            self.log.add(parse(index, raw))
        self.standing = open_ask(self.log.get(self.ask))

    def signed(self, value):
        """Give an entry as an act of the leads who have to sign it, where such leads do."""
        keys = signers(self.log, value["by"]) if KINDS[value["kind"]].signed else {}
        if not keys:
            return value
        first, hands = len(self.log), {seat: hand(seat) for seat in keys}
        more = {"first": first, "size": first, "root": self.log.root(first), "nonce": f"{first:032x}"}
        (act,) = signed_act([value], **more, origin=SIGNER.name, hands=hands)
        return act

    def enter(self, kind, by, data, cites):
        """Enter one step where the rules accept it, and the commitment that a yes brings; give whether they did."""
        trial = Record()
        trial.add(kind, self.day.isoformat(), by, data, cites, TEXTS.get(kind, ()))
        entry = parse(len(self.log), canonical(self.signed(trial.entries[0])))
        try:
            check_entry(entry, self.log)
        except GrammarError:
            return False
        self.log.add(entry)
        self.standing = fold_ask(self.standing, entry)
        if promised(entry):
            made = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2027-06-01"}]}
            trial.add(
                "commitment.made",
                self.day.isoformat(),
                [OFFICE],
                made,
                {"answer": [entry.index]},
                ("evidence", "m1"),
            )
            made = parse(len(self.log), canonical(trial.entries[1]))
            check_entry(made, self.log)
            self.log.add(made)
            self.standing = fold_ask(self.standing, made)
        return True

    def try_(self, step, days):
        """Try one step some days later, as whoever it is for."""
        kind, decision = step
        ask, self.day = self.log.get(self.ask), self.day + timedelta(days=days)
        data, by = {"decision": decision} if decision else {}, [OFFICE]
        role = ABOUT.get(kind, "ask")
        cited = list(self.log.every(CITED.get(role, "ask.questioned")))
        if not cited:
            return False
        later, reply = ((self.day + timedelta(days=days)).isoformat() for days in (9, 30))
        if kind in {"answer.given", "contest.replied"}:
            data |= {"signed_off": OFFICE} | ({"until": later} if decision == "deferred" else {})
        elif kind == "answer.contested":
            data, by = {"reply_due": reply}, [ANA]
        elif kind == "ask.raised":
            data, by = {"office": office_of(self.log, ask), "to": "water/manager", "reply_due": reply}, [ANA]
        elif kind == "ask.extended":
            data = {"until": (due_of(self.log, ask) + timedelta(days=5)).isoformat()}
        elif kind == "ask.transferred":
            data = {"office": "water/manager"}
        elif kind == "ask.silent":
            late = (self.day - due_of(self.log, ask)).days
            data, by = {"office": office_of(self.log, ask), "days": late, "stage": "silence-1"}, ["clock"]
        elif kind == "contest.silent":
            data, by = {"office": office_of(self.log, ask)}, ["clock"]
        elif kind == "raise.silent":
            data, by = {"office": "water/manager"}, ["clock"]
        return any(self.enter(kind, by, data, {role: [one.index]}) for one in cited)

    def agrees(self):
        """Say whether fold and rules see the same question: open or answered, its office, what is owed by which day."""
        ask, standing = self.log.get(self.ask), self.standing
        runs = standing.owes_answer or (standing.owes_reply and standing.decision == "deferred")
        is_same = (final_answer(self.log, ask) is None) == runs
        owed = {Due.ANSWER: standing.answer_due} if runs else {}
        owed |= {Due.REPLY: standing.reply_due} if standing.owes_reply else {}
        is_raised = standing.raised is not None and standing.raise_reply is None
        owed |= {Due.REPLY_ABOVE: standing.raise_due} if is_raised else {}
        return (
            is_same
            and owed == {one.what: one.due for one in owed_to(self.log, ask)}
            and standing.office == office_of(self.log, ask)
            and standing.answer_due == due_of(self.log, ask)
        )


@settings(max_examples=200)
@given(st.permutations(STEPS), st.lists(st.integers(0, 9), min_size=len(STEPS), max_size=len(STEPS)))
def test_the_fold_and_the_rules_agree_on_whether_an_answer_is_owed(steps, days):
    told = Told()
    for step, later in zip(steps, days, strict=True):
        told.try_(step, later)
        assert told.agrees(), (steps, told.standing)


def test_not_yet_contested_and_then_a_yes_is_answered_in_both():
    told = Told()
    for step in (("answer.given", "deferred"), ("answer.contested", None), ("contest.replied", "accepted")):
        assert told.try_(step, 1)
    answer = final_answer(told.log, ask_behind(told.log, told.log.get(told.ask)))
    assert (told.agrees(), answer.kind, told.standing.state) == (True, "contest.replied", "replied")
    assert not told.try_(("answer.given", "declined"), 1)


def test_what_another_answer_took_the_place_of_is_replied_to_no_more():
    told = Told()
    for decision in ("deferred", "declined"):
        assert told.try_(("answer.given", decision), 1)
        assert told.try_(("answer.contested", None), 1)
    first, last = (one.index for one in told.log.every("answer.contested"))
    data = {"decision": "stands", "signed_off": OFFICE}
    assert not told.enter("contest.replied", [OFFICE], data, {"contest": [first]})
    assert told.agrees() and told.standing.owes_reply
    assert told.enter("contest.replied", [OFFICE], data, {"contest": [last]})

"""Promise 4: every ask has a clock and a named office; silence is told by itself; no answer without what it needs."""

import csv
import io
import re
from datetime import date, timedelta
from functools import partial
from html import unescape

import pytest
from django.core.exceptions import ValidationError

from alongside.chain.answers import actions as answers
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.answers.queries import to_contest
from alongside.chain.asks import actions as asks
from alongside.chain.asks import tasks as ask_clock
from alongside.chain.commitments import actions as commitments
from alongside.cohort.seats import actions as seats
from alongside.core.clocks import plus_months
from alongside.core.entries import GrammarError
from alongside.core.grammar.asks import who_hears
from alongside.core.grammar.bureaus import bureau_of
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.desks.answers_due import tallies
from alongside.desks.thread_entries import thread_of_project
from alongside.desks.years import year_of
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office, Post
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import heads
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.folded import rebuild
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.models import Head, LogEntry, MilestoneStanding, PublicText, Standing
from alongside.ground.record.queries import standings
from alongside.ground.record.rates import Rate, Timely, on_their_day, on_time
from alongside.ground.ui.days import day_in_words
from alongside.site import ticking
from tests.promises.attempts import (
    BASE,
    accepted,
    appended_by_commands,
    as_,
    is_caught,
    size,
    taken_by_sql,
    today,
    without_rule,
)
from tests.support.outbox import send_out
from tests.support.pages import nonce_of
from tests.support.thread import Thread, enter_correction, posted_by_rows, silence_untold
from tests.work.consultations.cast import Review
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
#: Signs that every font draws as nothing.
UNSEEN = "\u2800\u3164\u2060\u200b\u034f"
WHOLE = {
    "decision": "accepted",
    "reasons": "We can do this.",
    "evidence": "A public page.",
    "milestone_1": "Set it.",
    "due_1": "2029-01-31",
}


def asked(now=None) -> tuple[Thread, int]:
    thread = Thread(**({"now": now} if now else {})).to_open_engagement()
    return thread, thread.recommend(thread.find()).index


def due(ask: int) -> date:
    return Standing.objects.get(ask=ask).answer_due


def told(kind: str) -> list[date]:
    return list(LogEntry.objects.filter(kind=kind).order_by("index").values_list("date", flat=True))


def run_clock(thread, days_after: int, ask: int, sent=None) -> int:
    """Let the clock run at noon of the day that lies so many days after the day an answer is due."""
    thread.now += due(ask) - thread.now.date() + timedelta(days=days_after)
    keep = sent if sent is not None else []
    return ask_clock.tick(program=thread.program, now=thread.now, send=lambda *one: keep.append(one))


# No answer without what it needs


def answer(thread, ask, decision, texts=None, by=None, follow=None, **data):
    """Try to enter an answer directly, past every form; `follow` is the commitment that a yes brings along."""
    from alongside.ground.record.actions.entries import Draft, EntryRef, Text, append

    office = thread.manager.public_id
    given = Draft(
        kind="answer.given",
        by=by or [office],
        data={"decision": decision, "signed_off": office, **data},
        cites={"ask": [ask]},
        texts={"reasons": Text("en", "Because.")} if texts is None else texts,
    )
    made = []
    if follow is not None:
        milestones = [{"id": "m1", "due": (thread.now.date() + timedelta(days=9)).isoformat()}]
        whole = {
            "data": {"office": office, "milestones": milestones},
            "texts": {"evidence": Text("en", "A page."), "m1": Text("en", "Set it.")},
        }
        whole = {"by": [office], "cites": {"answer": [EntryRef(0)]}} | whole | follow
        made = [Draft(kind="commitment.made", **whole)]
    return append(program=thread.program, drafts=[given, *made], now=thread.now)


def test_the_record_refuses_an_answer_that_lacks_what_its_decision_demands(db):
    from alongside.ground.record.actions.entries import Text

    thread, ask = asked()
    office, lead = thread.manager.public_id, thread.first_lead.public_id
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program).first().public_id
    soon = (thread.now.date() + timedelta(days=9)).isoformat()
    evidence, m1 = {"evidence": Text("en", "A page.")}, {"m1": Text("en", "Set it.")}
    one = [{"id": "m1", "due": soon}]
    past = [{"id": "m1", "due": "2026-01-01"}]
    far = [{"id": "m1", "due": "9999-01-01"}]
    junior = thread.office.public_id

    def yes(**follow):
        return lambda: answer(thread, ask, "accepted", follow=follow)

    attempts = {
        "no without reasons": lambda: answer(thread, ask, "declined", texts={}),
        "no with blank reasons": lambda: answer(thread, ask, "declined", texts={"reasons": Text("en", " ")}),
        "no with reasons that nobody sees": lambda: answer(
            thread, ask, "declined", texts={"reasons": Text("en", UNSEEN)}
        ),
        "yes without a commitment": lambda: answer(thread, ask, "accepted"),
        "yes in part without a commitment": lambda: answer(thread, ask, "accepted_in_part"),
        "yes without an office": yes(data={"milestones": one}),
        "yes with an office that is not there": yes(data={"office": "moon/chief", "milestones": one}),
        "yes without milestones": yes(data={"office": office, "milestones": []}),
        "yes with a milestone in the past": yes(data={"office": office, "milestones": past}),
        "yes with a milestone without words": yes(texts=evidence),
        "yes without evidence": yes(texts=m1),
        "not yet with a day that has passed": lambda: answer(thread, ask, "deferred", until="2026-01-01"),
        "not yet with a word for a day": lambda: answer(thread, ask, "deferred", until="soon"),
        "no with a day": lambda: answer(thread, ask, "declined", until=soon),
        "noted": lambda: answer(thread, ask, "noted"),
        "not signed off": lambda: answer(thread, ask, "declined", signed_off=other),
        "by another unit": lambda: answer(thread, ask, "declined", by=[other], signed_off=other),
        "by junior staff": lambda: answer(thread, ask, "declined", by=[junior], signed_off=junior),
        "not yet, in a far year": lambda: answer(thread, ask, "deferred", until="9999-01-01"),
        "yes with a milestone in a far year": yes(data={"office": office, "milestones": far}),
        "yes that another unit commits to": yes(by=[other]),
        "by a lead": lambda: answer(thread, ask, "declined", by=[lead], signed_off=lead),
        "by the clock": lambda: answer(thread, ask, "declined", by=["clock"]),
    }
    assert accepted(attempts) == []
    assert accepted({"not yet without a day": lambda: answer(thread, ask, "deferred")}) == []
    assert answer(thread, ask, "accepted", follow={})[-1].kind == "commitment.made"


def another_bureau(thread) -> str:
    """Give an office that is above, below and beside nothing of the unit that answers."""
    within = pack_of(thread.program).within
    own = bureau_of(thread.unit.slug, within)
    return next(
        one
        for one in pack_of(thread.program).offices
        if bureau_of(one.split("/", 1)[0], within) != own and pack_of(thread.program).office(one).can_answer
    )


def test_the_form_offers_an_owner_of_the_own_bureau_alone(db):
    thread, ask = asked(today())
    page = as_(thread.boss).get(f"{BASE}/answers/{ask}/").content.decode()
    assert f'value="{thread.manager.public_id}"' in page
    assert f'value="{another_bureau(thread)}"' not in page


def test_the_record_refuses_a_promise_that_binds_another_bureau(db):
    thread, ask = asked()
    due = (thread.now.date() + timedelta(days=9)).isoformat()
    data = {"office": another_bureau(thread), "milestones": [{"id": "m1", "due": due}]}
    with pytest.raises(GrammarError, match="is not of the bureau that signs this"):
        answer(thread, ask, "accepted", follow={"data": data})
    assert told("answer.given") == []


def test_the_actions_refuse_an_answer_that_lacks_what_its_decision_demands(db):
    thread, ask = asked()
    lacking = {
        "a decision": ("", {}),
        "reasons": ("declined", {"reasons": " "}),
        "a day": ("deferred", {}),
        "a day to come": ("deferred", {"until": date(2026, 1, 1)}),
        "a day that the clock can reach": ("deferred", {"until": date(9999, 12, 31)}),
        "an owner": ("accepted", {"owner": ""}),
        "an owner of its own bureau": ("accepted", {"owner": another_bureau(thread)}),
        "milestones": ("accepted", {"milestones": []}),
        "words of a milestone": ("accepted", {"milestones": [("", "2029-01-01")]}),
        "the day of a milestone": ("accepted", {"milestones": [("Set it.", "")]}),
        "a milestone that people live to see": ("accepted", {"milestones": [("Set it.", "9999-12-31")]}),
        "evidence": ("accepted_in_part", {"evidence": ""}),
    }
    attempts = {
        name: lambda decision=decision, more=more: thread.answer(ask, decision, **more)
        for name, (decision, more) in lacking.items()
    }
    assert accepted(attempts, ValidationError) == []


def test_the_form_refuses_an_answer_that_lacks_what_its_decision_demands(db):
    thread, ask = asked(today())
    boss, page = as_(thread.boss), f"{BASE}/answers/{ask}/"
    whole = WHOLE | {"owner": thread.manager.public_id}
    lacking = {
        "decision": whole | {"decision": ""},
        "reasons": whole | {"decision": "declined", "reasons": ""},
        "until": whole | {"decision": "deferred"},
        "a day to come": whole | {"decision": "deferred", "until": "2026-01-01"},
        "a day that the clock can reach": whole | {"decision": "deferred", "until": "9999-12-31"},
        "owner": whole | {"owner": ""},
        "an owner that is not there": whole | {"owner": "moon/chief"},
        "an owner in another bureau": whole | {"owner": another_bureau(thread)},
        "milestones": whole | {"milestone_1": "", "due_1": ""},
        "day of a milestone": whole | {"due_1": ""},
        "words of a milestone": whole | {"milestone_1": ""},
        "evidence": whole | {"evidence": ""},
    }
    lacking |= {
        f"{name} that nobody sees: {ord(sign):x}": whole | {name: f" {sign}\n{sign}"}
        for name in ("reasons", "evidence", "milestone_1")
        for sign in UNSEEN
    }
    statuses = {name: boss.post(page, sent | {"sign": "1"}).status_code for name, sent in lacking.items()}
    assert {name for name, status in statuses.items() if status != 200} == set()
    assert told("answer.given") == []
    assert (boss.post(page, whole | {"sign": "1"}).status_code, send_out(thread.program)) == (302, 1)
    assert (len(told("answer.given")), len(told("commitment.made"))) == (1, 1)


def test_nobody_but_the_units_manager_makes_an_answer_final(db):
    thread, ask = asked(today())
    sent = WHOLE | {"decision": "declined", "sign": "1"}
    people = (thread.staff, thread.steward, thread.first_lead.person, None)
    for person in people:
        as_(person).post(f"{BASE}/answers/{ask}/", sent)
    assert told("answer.given") == []


def test_an_ask_goes_only_to_an_office_that_there_is_and_stays_with_one(db):
    thread, ask = asked()
    finding = LogEntry.objects.get(kind="finding.published").index
    ask_words = {"en": {"title": "Keep a day", "ask": "One day."}}
    given = {"program": thread.program, "now": thread.now}
    moved = {"ask": ask, "office": thread.manager.public_id, "words": "Not ours.", "lang": "en", **given}
    asking = {"seat": thread.first_lead.public_id, "words": ask_words, **given}
    attempts = {
        "asked of nobody": lambda: asks.recommend(office="moon/chief", findings=[finding], **asking),
        "questioned of nobody": lambda: asks.question(office="moon/chief", **asking),
        "moved to nobody": lambda: asks.transfer(to="moon/chief", **moved),
        "moved without a reason": lambda: asks.transfer(to="city-manager/manager", **(moved | {"words": ""})),
        "resting on nothing": lambda: asks.recommend(office=thread.manager.public_id, findings=[], **asking),
    }
    assert accepted(attempts) == []
    assert Standing.objects.get(ask=ask).office == thread.manager.public_id


def test_the_clock_of_an_ask_is_never_longer_than_the_policy_or_the_promise(db):
    thread, _ask = asked()
    promised = thread.engagement.answer_by
    finding = LogEntry.objects.get(kind="finding.published").index
    late = {"office": thread.manager.public_id, "ack_due": "2026-03-09"}
    cites = {"finding": [finding], "engagement": [thread.promise]}
    from alongside.ground.record.actions.entries import Text

    texts = {"title": Text("en", "Keep"), "ask": Text("en", "One day.")}

    def ask(day, **more):
        data = late | {"answer_due": day.isoformat()} | more
        return lambda: thread.enter("ask.recommended", [thread.first_lead.public_id], data, cites, texts)

    sixty = thread.now.date() + timedelta(days=60)
    attempts = {
        "longer than the policy": ask(sixty + timedelta(days=1)),
        "longer than the promise": ask(promised + timedelta(days=1)),
        "never": ask(date(9999, 12, 31)),
        "acknowledged after the answer": ask(thread.now.date() + timedelta(days=3)),
    }
    assert accepted(attempts) == []


def test_the_day_that_a_bureau_promised_is_not_the_day_of_a_bureau_that_promised_nothing(db):
    thread = Thread().to_open_engagement()
    found, other = thread.find(), "city-manager/manager"
    promised = thread.engagement.answer_by
    thread.later((promised - thread.now.date()).days)

    theirs, mine = thread.recommend(found, "Keep it"), thread.recommend(found, "Mend it", office=other)
    assert theirs.data["answer_due"] == promised.isoformat()
    assert mine.data["answer_due"] == (promised + timedelta(days=60)).isoformat()
    run_clock(thread, 1, theirs.index)
    assert [one.data["office"] for one in thread.log.every("ask.silent")] == [thread.manager.public_id]


@pytest.mark.parametrize(("after", "days"), [(20, 30), (21, 60), (50, 60)])
def test_the_day_of_a_brief_binds_advice_that_came_by_its_own_day_alone(db, after, days):
    review = Review(thread=Thread().open_program())
    thread = review.thread.later(after)
    points = [(Text("en", f"Point {n}"), Text("en", "Change it.")) for n in (1, 2)]
    told = asks.advise(
        consultation=review.row,
        seat=review.lead.public_id,
        words=Text("en", "Our advice."),
        points=points,
        now=thread.now,
    )

    due = thread.now.date() + timedelta(days=days)
    assert [one.data["answer_due"] for one in told[1:]] == [due.isoformat()] * 2
    thread.later(1)
    ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_told: None)
    assert list(thread.log.every("ask.silent")) == []


# More time, once more, and not yet


def test_more_time_needs_a_reason_and_a_later_day(db):
    thread, ask = asked()
    day = due(ask)
    given = {"program": thread.program, "ask": ask, "office": thread.manager.public_id, "lang": "en"}

    def more(until, words="We wait for the map."):
        return lambda: asks.take_more_time(until=until, words=words, now=thread.now, **given)

    attempts = {
        "no reason": more(day + timedelta(days=9), ""),
        "a blank reason": more(day + timedelta(days=9), "\n "),
        "a reason that nobody sees": more(day + timedelta(days=9), UNSEEN),
        "the same day": more(day),
        "a day before": more(day - timedelta(days=1)),
        "a mistyped year": more(date(9999, 12, 31)),
    }
    assert accepted(attempts) == []
    page = f"{BASE}/asks/{ask}/more-time/"
    assert as_(thread.boss).post(page, {"until": "2029-01-01", "words": ""}).status_code == 200
    assert as_(thread.boss).post(page, {"until": "", "words": "A reason."}).status_code == 200
    assert as_(thread.boss).post(page, {"until": "9999-12-31", "words": "A reason."}).status_code == 200
    assert due(ask) == day
    more(day + timedelta(days=9))()
    assert due(ask) == day + timedelta(days=9)


def test_more_time_is_taken_twice_and_never_beyond_a_year_after_the_day_first_due(db):
    thread, ask = asked(today())
    first, page = due(ask), f"{BASE}/asks/{ask}/more-time/"
    boss, reason = as_(thread.boss), {"words": "We wait for the map."}
    beyond = plus_months(first, 12) + timedelta(days=1)

    def enter(until):
        data, cites = {"until": until.isoformat()}, {"ask": [ask]}
        texts = {"reason": Text("en", "We wait.")}
        return lambda: thread.enter("ask.extended", [thread.manager.public_id], data, cites, texts)

    assert accepted({"beyond a year": enter(beyond)}) == []
    assert boss.post(page, reason | {"until": beyond.isoformat()}).status_code == 200
    for days in (9, 300):
        until = first + timedelta(days=days)
        assert boss.post(page, reason | {"until": until.isoformat()}).status_code == 302
        assert due(ask) == until
    third = first + timedelta(days=310)
    assert accepted({"a third time": enter(third)}) == []
    shown = boss.post(page, reason | {"until": third.isoformat()}).content.decode()
    assert "More time was taken twice" in shown
    assert "/more-time/" not in boss.get(f"{BASE}/answers/{ask}/").content.decode()
    assert (due(ask), len(told("ask.extended"))) == (first + timedelta(days=300), 2)


def test_a_late_office_takes_no_time_until_a_day_that_is_past_and_the_clock_goes_on(db):
    thread, ask = asked(today() - timedelta(days=62))
    day, given = due(ask), {"words": "We answer today."}
    page, now = f"{BASE}/asks/{ask}/more-time/", today()
    assert day < now.date()
    ticking.tick(now)
    assert told("ask.silent") == [now.date()]
    for until in (now.date(), day + timedelta(days=1)):
        shown = as_(thread.boss).post(page, given | {"until": until.isoformat()})
        assert (shown.status_code, "Choose a day after today." in shown.content.decode()) == (200, True)
        data, texts = {"until": until.isoformat()}, {"reason": Text("en", "Today.")}
        thread.now = now
        with pytest.raises(GrammarError, match="more time means a day to come; name a day after today"):
            thread.enter("ask.extended", [thread.manager.public_id], data, {"ask": [ask]}, texts)
    tomorrow = now.date() + timedelta(days=1)
    assert as_(thread.boss).post(page, given | {"until": tomorrow.isoformat()}).status_code == 302
    thread.now = now + timedelta(days=2)
    ticking.tick(thread.now)
    assert (due(ask), told("ask.silent")) == (tomorrow, [now.date(), thread.now.date()])


def test_not_yet_becomes_late_like_any_other_answer(db):
    thread, ask = asked()
    until = thread.now.date() + timedelta(days=20)
    thread.answer(ask, "deferred", until=until)
    assert (run_clock(thread, 0, ask), told("ask.silent")) == (1, [])  # the reminder of that morning
    run_clock(thread, 1, ask)
    assert told("ask.silent") == [until + timedelta(days=1)]


def put_off(thread, ask, days=20):
    """Answer "not yet", to a day that lies so many days ahead."""
    until = thread.now.date() + timedelta(days=days)
    return thread.answer(ask, "deferred", until=until)


def test_not_yet_is_said_once_and_then_comes_an_answer_or_a_public_late(db):
    thread, ask = asked()
    put_off(thread, ask)
    until, later = due(ask), thread.now.date() + timedelta(days=40)
    office = thread.manager.public_id
    more = {"program": thread.program, "ask": ask, "office": office, "words": "We wait.", "lang": "en"}
    attempts = {
        "past every form": lambda: answer(thread, ask, "deferred", until=later.isoformat()),
        "by the actions": lambda: put_off(thread, ask, 40),
        "as more time": lambda: asks.take_more_time(until=later, now=thread.now, **more),
    }
    assert accepted(attempts, ValidationError) == []
    run_clock(thread, 1, ask)
    assert (due(ask), told("ask.silent")) == (until, [until + timedelta(days=1)])
    thread.answer(ask, "declined")
    assert Standing.objects.get(ask=ask).state == "answered"


def test_the_form_says_why_not_yet_is_no_answer_a_second_time(db):
    thread, ask = asked(today())
    put_off(thread, ask)
    boss, page = as_(thread.boss), f"{BASE}/answers/{ask}/"
    shown = boss.get(page).content.decode()
    assert 'value="deferred"' not in shown
    assert "Your bureau said “not yet” once. Neither “not yet” nor more time is open again." in shown
    assert "/more-time/" not in shown
    sent = {"decision": "deferred", "reasons": "Later.", "until": "2027-12-01", "sign": "1"}
    assert boss.post(page, sent).status_code == 200
    assert len(told("answer.given")) == 1


def test_an_office_that_has_what_it_put_off_still_owes_it_as_put_off(db):
    thread, ask = asked()
    put_off(thread, ask)
    asks.acknowledge(program=thread.program, ask=ask, office=thread.manager.public_id, now=thread.now)
    standing = Standing.objects.get(ask=ask)
    assert (standing.state, standing.acknowledged) == ("deferred", thread.now.date())


def test_a_contest_of_not_yet_stops_no_clock(db):
    thread, ask = asked()
    (given,) = put_off(thread, ask)
    say = {"program": thread.program, "lang": "en", "now": thread.now}
    seat, office = thread.first_lead.public_id, thread.manager.public_id
    contest = answers.contest(answer=given.index, seat=seat, words="Say a day this month.", **say)
    run_clock(thread, 1, ask)
    assert told("ask.silent") == [due(ask) + timedelta(days=1)]
    standing, late = Standing.objects.get(ask=ask), due(ask) + timedelta(days=1)
    assert (standing.due, standing.is_late(late)) == (due(ask), True)
    assert "contested, and now late by 1 day" in where_it_stands(standing, [], late)
    from alongside.ground.record.actions.entries import Text

    data = {"decision": "stands", "signed_off": office}
    texts = {"reply": Text("en", "It stands.")}
    thread.enter("contest.replied", [office], data, {"contest": [contest.index]}, texts)
    assert Standing.objects.get(ask=ask).state == "deferred"


def test_an_answer_is_contested_once_and_within_its_days(db):
    thread, ask = asked()
    (given,) = thread.answer(ask, "declined")

    def contest(words="This is not what we asked."):
        return lambda: answers.contest(
            program=thread.program,
            answer=given.index,
            seat=thread.first_lead.public_id,
            words=words,
            lang="en",
            now=thread.now,
        )

    assert accepted({"without words": contest("")}) == []
    contest()()
    assert accepted({"twice": contest()}) == []
    page = f"{BASE}/answers/{given.index}/contest/"
    assert as_(thread.first_lead.person).post(page, {"words": "Again."}).status_code == 409
    assert as_(thread.second_lead.person).post(page, {"words": "Nor I."}).status_code == 302
    assert (len(told("answer.contested")), len(told("contest.joined"))) == (1, 1)


def contested(thread, ask) -> int:
    """Decline an ask, and let a lead contest it; give the contest."""
    (given,) = thread.answer(ask, "declined")
    said = {"words": "You know it.", "lang": "en", "now": thread.now}
    return answers.contest(
        program=thread.program, answer=given.index, seat=thread.first_lead.public_id, **said
    ).index


def test_a_lead_whom_the_bureau_pays_does_not_spend_what_leads_say_once_of_its_answer(db):
    thread, ask = questioned()
    (given,) = thread.answer(ask, "declined")
    paid, free = thread.first_lead.public_id, thread.second_lead.public_id
    asks_more = {"words": {"en": {"title": "And?", "ask": "How many?"}}, "follows": ask, "now": thread.now}
    asks_more |= {"program": thread.program, "office": thread.manager.public_id}
    once = {
        "contest": lambda seat: answers.contest(
            program=thread.program, answer=given.index, seat=seat, words="So?", lang="en", now=thread.now
        ),
        "no reasons": lambda seat: answers.mark_unreasoned(
            program=thread.program, answer=given.index, seat=seat, now=thread.now
        ),
        "raise": lambda seat: asks.raise_question(
            program=thread.program, ask=ask, seat=seat, words="Tell us.", lang="en", now=thread.now
        ),
        "follow up": lambda seat: asks.question(seat=seat, **asks_more),
    }
    told_by = {"seat": paid, "paid_by": thread.unit.slug}
    thread.enter("seat.declared", ["steward"], told_by)
    assert accepted({"the steward alone says so": lambda: once["no reasons"](paid)}) != []
    del once["no reasons"]
    thread.enter("seat.declared", [paid], told_by)
    assert accepted({name: lambda act=act: act(paid) for name, act in once.items()}) == []
    with pytest.raises(GrammarError, match="another lead does this"):
        once["contest"](paid)
    assert accepted({name: lambda act=act: act(free) for name, act in once.items()}) == list(once)


@pytest.mark.parametrize("office", ["manager", "staff"])
def test_whoever_was_of_a_bureau_that_was_asked_says_nothing_of_it_once_for_all_leads_later(db, office):
    thread, ask = questioned()
    (given,) = thread.answer(ask, "declined")
    was = thread.first_lead
    post = posted_by_rows(thread.program, was.person, f"{thread.unit.slug}/{office}")
    Post.objects.filter(pk=post.pk).update(until_date=thread.now.date())
    words = {"words": "So?", "lang": "en", "now": thread.now, "program": thread.program}
    once = {
        "contest": lambda seat: answers.contest(answer=given.index, seat=seat, **words),
        "no reasons": lambda seat: answers.mark_unreasoned(
            program=thread.program, answer=given.index, seat=seat, now=thread.now
        ),
        "raise": lambda seat: asks.raise_question(ask=ask, seat=seat, **words),
        "follow up": lambda seat: asks.question(
            program=thread.program,
            office=thread.manager.public_id,
            words={"en": {"title": "And?", "ask": "How many?"}},
            follows=ask,
            seat=seat,
            now=thread.now,
        ),
    }
    assert accepted({name: lambda act=act: act(was.public_id) for name, act in once.items()}) == []
    with pytest.raises(GrammarError, match="works or worked for the other side"):
        once["contest"](was.public_id)
    free = thread.second_lead.public_id
    assert accepted({name: lambda act=act: act(free) for name, act in once.items()}) == list(once)


def test_what_the_office_above_refuses_is_raised_to_another_office_that_signs(db):
    thread = Thread(now=today() - timedelta(days=200)).to_open_engagement()
    above = "city-manager/manager"
    ask = thread.question(office=above).index
    thread.now = today()
    lead, page = as_(thread.first_lead.person), f"{BASE}/asks/{ask}/raise/"
    named = pack_of(thread.program)
    other = who_hears(above, above, named.signing_offices)[0]
    assert other != above
    assert named.office_title(other, "en") in unescape(lead.get(page).content.decode())
    assert lead.post(page, {"words": "Tell us."}).status_code == 302
    assert [one.data["to"] for one in thread.log.every("ask.raised")] == [other]


def test_who_refused_a_question_does_not_reply_to_it_as_the_office_above(db):
    thread, ask = questioned()
    thread.answer(ask, "declined")
    raised = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    asks.raise_question(**raised, seat=thread.first_lead.public_id, words="Tell us.")
    above = "city-manager/manager"
    other = make_person(email="other@example.org")
    for person in (thread.boss, other):  # one appointee more lets nobody reply to what they refused
        posted_by_rows(thread.program, person, above)
    reply = {**raised, "office": above, "decision": "stands", "words": "The bureau is right."}
    with pytest.raises(Refused, match="You were asked this before, in another office"):
        asks.reply_above(**reply, person=thread.boss)
    assert asks.reply_above(**reply, person=other).kind == "raise.replied"


def manages(thread, seat) -> Person:
    """Let a lead leave and become the manager of the unit, beside the one that it has."""
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now, ground="not-said")
    posted_by_rows(thread.program, seat.person, thread.manager.public_id)
    return seat.person


@pytest.mark.parametrize("who", ["contested", "joined", "asked"])
def test_whoever_contested_as_a_lead_does_not_reply_for_the_bureau_later(db, who):
    thread, ask = asked(today())
    contest = contested(thread, ask)
    words = {"words": "Tell us.", "lang": "en", "now": thread.now}
    answers.join(program=thread.program, contest=contest, seat=thread.second_lead.public_id, **words)
    if who == "asked":
        other = thread.recommend(thread.find(), "Two", "Keep two.", seat=thread.third_lead).index
        contest, was = other, thread.third_lead
    else:
        was = {"contested": thread.first_lead, "joined": thread.second_lead}[who]
    person, before = manages(thread, was), len(thread.entries())
    page = f"{BASE}/answers/{contest}/"
    typed = {"decision": "declined" if who == "asked" else "stands", "reasons": "As we said.", "sign": "1"}
    assert (
        "You asked this as a lead, or contested its answer" in as_(person).post(page, typed).content.decode()
    )
    assert len(thread.entries()) == before
    draft = AnswerDraft.objects.get(about=contest)
    given = {"drafts": [draft], "office": thread.manager.public_id, "now": thread.now}
    with pytest.raises(Refused, match="Somebody else in your office signs it"):
        answers.sign_off(**given, person=person)
    assert len(answers.sign_off(**given, person=thread.boss)) == 1


def test_whoever_raised_a_question_as_a_lead_does_not_reply_to_it_above_later(db):
    thread, ask = questioned(today())
    thread.answer(ask, "declined")
    raised = {"program": thread.program, "ask": ask, "lang": "en", "now": thread.now}
    asks.raise_question(**raised, seat=thread.second_lead.public_id, words="Tell us.")
    above = "city-manager/manager"
    person = manages(thread, thread.second_lead)
    posted_by_rows(thread.program, person, above)
    reply = {**raised, "office": above, "decision": "stands", "words": "No."}
    with pytest.raises(Refused, match="You asked this as a lead"):
        asks.reply_above(**reply, person=person)
    assert asks.reply_above(**reply, person=thread.steward).kind == "raise.replied"


def test_a_lead_whom_the_bureau_pays_contests_where_it_pays_every_lead(db):
    thread, ask = asked()
    for seat in thread.leads:
        told_by = {"seat": seat.public_id, "works_for": thread.unit.slug}
        thread.enter("seat.declared", [seat.public_id], told_by)
    assert contested(thread, ask)


def test_a_second_lead_adds_their_own_words_to_a_contest_until_its_reply(db):
    thread, ask = asked()
    contest = contested(thread, ask)
    answer = Standing.objects.get(ask=ask).answer
    page = f"{BASE}/answers/{answer}/contest/"
    first, second, third = (as_(one.person) for one in thread.leads)
    shown = second.get(page).content.decode()
    assert ("You know it." in shown, "Add your words" in shown) == (True, True)
    weeks = lambda: [page in one.get(f"{BASE}/week/").content.decode() for one in (first, second)]
    assert weeks() == [False, True], "each other lead is led there"
    typed = {"words": "We asked for a number, and you gave none.", "nonce": nonce_of(second.get(page))}
    assert second.post(page, typed).status_code == 302
    assert weeks() == [False, False]
    assert LogEntry.objects.last().kind == "contest.joined"
    before = size()
    assert second.post(page, typed).status_code == 302  # pressed twice
    assert [one.post(page, {"words": "More."}).status_code for one in (first, second)] == [409, 409]
    assert size() == before
    given = {"program": thread.program, "contest": contest, "words": "Again.", "lang": "en"}
    again = lambda seat: lambda: answers.join(seat=seat.public_id, now=thread.now, **given)
    assert accepted({"twice": again(thread.second_lead), "its own": again(thread.first_lead)}) == []

    desk = as_(thread.boss).get(f"{BASE}/answers/{contest}/").content.decode()
    assert typed["words"] in desk
    thread.answer(contest, "declined")
    assert accepted({"after the reply": again(thread.third_lead)}) == []
    assert third.post(page, typed).status_code == 409
    follow = as_(thread.boss).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert typed["words"] in follow


def test_the_page_of_a_question_leads_other_leads_to_its_contest(db):
    thread, ask = questioned()
    contested(thread, ask)
    answer = Standing.objects.get(ask=ask).answer
    page = f"{BASE}/answers/{answer}/contest/"
    leads = [as_(one.person) for one in (thread.first_lead, thread.second_lead)]
    assert [page in one.get(f"{BASE}/questions/{ask}/").content.decode() for one in leads] == [False, True]


def questioned(now=None) -> tuple[Thread, int]:
    thread = Thread(**({"now": now} if now else {})).to_open_engagement()
    return thread, thread.question().index


def test_a_manager_signs_only_the_words_that_stood_on_the_page(db):
    thread, ask = questioned(today())
    page = f"{BASE}/answers/questions/"
    staff, boss = as_(thread.staff), as_(thread.boss)

    def send(reasons):
        asks = re.findall(r'name="asks" value="([^"]+)"', staff.get(page).content.decode())
        staff.post(page, {"asks": asks, "decision": "told", "send": "1", "reasons": reasons})

    send("The police may see nothing.")
    seen = boss.get(page).content.decode()
    assert "The police may see nothing." in seen
    read = re.findall(r'name="waiting" value="([^"]+)"', seen)

    send("The police may see all of it.")
    shown = boss.post(page, {"waiting": read, "sign_waiting": "1"}).content.decode()
    assert LogEntry.objects.filter(kind="answer.given").count() == 0
    assert "Somebody changed an answer while your page was open, so nothing was signed." in shown
    assert "The police may see all of it." in shown
    assert re.findall(r'name="waiting" value="[^"]+" id="[^"]+"( checked)?', shown) == [""]

    read = re.findall(r'name="waiting" value="([^"]+)"', shown)
    assert boss.post(page, {"waiting": read, "sign_waiting": "1"}).status_code == 302
    assert send_out(thread.program) == 1
    assert PublicText.objects.get(name="reasons").words == "The police may see all of it."


def test_a_contested_question_is_answered_in_the_reply(db):
    thread, ask = questioned(today())
    contest = contested(thread, ask)
    boss, page = as_(thread.boss), f"{BASE}/answers/{contest}/"
    assert 'value="told"' in boss.get(page).content.decode()
    sent = {"decision": "told", "reasons": "Eleven of twelve.", "sign": "1"}
    assert (boss.post(page, sent).status_code, send_out(thread.program)) == (302, 1)
    standing = Standing.objects.get(ask=ask)
    assert (standing.state, standing.decision) == ("replied", "told")
    above = {"seat": thread.first_lead.public_id, "words": "More.", "lang": "en", "now": thread.now}
    attempts = {"raised": lambda: asks.raise_question(program=thread.program, ask=ask, **above)}
    assert accepted(attempts) == []


def test_a_not_yet_that_becomes_a_yes_in_the_reply_is_answered_for_page_clock_and_verifier(db):
    thread, ask = asked(today())
    (given,) = put_off(thread, ask, 3)
    lead, boss = as_(thread.first_lead.person), as_(thread.boss)
    assert (
        lead.post(f"{BASE}/answers/{given.index}/contest/", {"words": "You can say it."}).status_code == 302
    )
    contest = Standing.objects.get(ask=ask).contest
    yes = WHOLE | {"decision": "accepted", "owner": thread.manager.public_id, "sign": "1"}
    assert boss.post(f"{BASE}/answers/{contest}/", yes).status_code == 302
    assert send_out(thread.program) == 1
    standing = Standing.objects.get(ask=ask)
    assert (standing.state, standing.decision) == ("replied", "accepted")

    assert run_clock(thread, 9, ask) == 0
    thread.enter("hold.placed", ["steward"], texts={"ground": Text("en", "A day on which nothing is late.")})
    assert silence_untold(check_log(thread.entries(), origin=thread.program.origin)) == []
    attempts = {
        "another answer": lambda: answer(thread, ask, "declined"),
        "a silence": lambda: thread.enter(
            "ask.silent",
            ["clock"],
            {"office": thread.manager.public_id, "days": 9, "stage": "silence-1"},
            {"ask": [ask]},
        ),
    }
    assert accepted(attempts) == []


def test_only_a_question_is_told_in_the_reply_to_a_contest(db):
    from alongside.ground.record.actions.entries import Text

    thread, ask = asked()
    contest, office = contested(thread, ask), thread.manager.public_id
    given = ({"decision": "told", "signed_off": office}, {"contest": [contest]}, {"reply": Text("en", "So.")})
    attempts = {"told": lambda: thread.enter("contest.replied", [office], *given)}
    assert accepted(attempts) == []


def test_a_lead_marks_an_answer_no_reasons_given_once_and_pages_say_so(db):
    thread, ask = asked(today())
    (given,) = thread.answer(ask, "declined", reasons="No.")
    page = f"{BASE}/answers/{given.index}/no-reasons/"
    for person in (*(thread.staff, thread.boss, thread.steward), None):
        as_(person).post(page)
    assert told("answer.unreasoned") == []
    lead = as_(thread.first_lead.person)
    assert f'href="{page}"' in lead.get(f"{BASE}/answers/{given.index}/contest/").content.decode()
    assert lead.post(page).status_code == 302
    as_(thread.second_lead.person).post(page)
    mark = LogEntry.objects.get(kind="answer.unreasoned")
    said = "The leads say: no reasons given."
    seen = {
        "thread": as_(None).get(f"{BASE}/follow/{thread.promise}/"),
        "entry": as_(None).get(f"{BASE}/record/{given.index}/"),
        "owed": as_(None).get(f"{BASE}/owed/"),
        "year": as_(None).get(f"{BASE}/years/{thread.now.year}/"),
        "unit": as_(thread.staff).get(f"{BASE}/unit/"),
    }
    words = {name: " ".join(one.content.decode().split()) for name, one in seen.items()}
    assert said in words["thread"]
    assert f"/record/{mark.index}/" in words["entry"]
    assert "1 answer without reasons, the leads say" in words["owed"]
    assert "1 was marked “no reasons given”." in words["year"]
    assert "Leads say that your answer gives no reasons" in words["unit"]
    sent: list[tuple] = []
    for _again in range(2):
        ask_clock.tick(program=thread.program, now=thread.now, send=lambda *one: sent.append(one))
    assert [(one[1], one[2], one[4]) for one in sent if one[4] == "unreasoned"] == [
        (thread.manager.public_id, ask, "unreasoned")
    ]
    say_why = {"words": "Why?", "lang": "en", "now": thread.now, "seat": thread.first_lead.public_id}
    assert answers.contest(program=thread.program, answer=given.index, **say_why).kind == "answer.contested"


def test_one_press_says_of_no_answer_that_it_gives_no_reasons_and_the_second_stands_below_its_words(db):
    thread, ask = asked(today())
    (given,) = thread.answer(ask, "declined", reasons="The fire code forbids it.")
    lead = as_(thread.first_lead.person)
    contest = lead.get(f"{BASE}/answers/{given.index}/contest/").content.decode()
    assert 'name="unreasoned"' not in contest
    lead.post(f"{BASE}/answers/{given.index}/contest/", {"unreasoned": "1"})
    assert told("answer.unreasoned") == []
    page = lead.get(f"{BASE}/answers/{given.index}/no-reasons/").content.decode()
    words = page.index("The fire code forbids it.")
    assert words < page.index("Yes, say: “No reasons given”")
    assert "Does it say why, and you do not agree? Then contest it instead" in page


def test_only_a_lead_marks_only_an_answer_that_needs_reasons_and_only_in_its_days(db):
    thread, ask = asked()
    (given, _commitment) = thread.answer(ask, "accepted")
    (declined,) = thread.answer(thread.recommend(thread.find()), "declined")
    office, lead = thread.manager.public_id, thread.first_lead.public_id
    cites = {"answer": [declined.index]}
    attempts = {
        "a yes": lambda: thread.enter("answer.unreasoned", [lead], {}, {"answer": [given.index]}),
        "by an office": lambda: thread.enter("answer.unreasoned", [office], {}, cites),
        "after its days": lambda: thread.later(31).enter("answer.unreasoned", [lead], {}, cites),
    }
    assert accepted(attempts) == []


def test_an_answer_is_not_contested_after_its_days_nor_by_the_city(db):
    thread, ask = asked()
    (given,) = thread.answer(ask, "declined")
    say = {"program": thread.program, "answer": given.index, "words": "No.", "lang": "en"}
    office, lead = thread.manager.public_id, thread.first_lead.public_id
    attempts = {
        "by the city": lambda: answers.contest(seat=office, now=thread.now, **say),
        "too late": lambda: answers.contest(seat=lead, now=thread.now + timedelta(days=31), **say),
    }
    assert accepted(attempts) == []


def silenced(thread) -> None:
    """Let the City stop all three leads on one day: one is suspended, two are removed."""
    seats.suspend_seat(seat=thread.first_lead, ground="Case 7", now=thread.now)
    for seat in (thread.second_lead, thread.third_lead):
        given = {"ground": "absent", "reasons": "Was away.", "by": thread.steward}
        seats.remove_seat(seat=seat, appeal_to="city-manager/manager", now=thread.now, **given)


@pytest.mark.parametrize("kind", ["answer.contested", "answer.unreasoned"])
def test_days_on_which_no_lead_could_act_are_no_days_of_a_contest(db, kind):
    thread, ask = asked(today())
    (given,) = thread.answer(ask, "declined")
    answered = thread.now.date()
    thread.later(1)
    silenced(thread)
    cites = {"answer": [given.index]}

    def says():
        due = (thread.now + timedelta(days=30)).date().isoformat()
        data = {"reply_due": due} if kind == "answer.contested" else {}
        texts = {"contest": Text("en", "Why?")} if kind == "answer.contested" else {}
        return lambda: thread.enter(kind, [thread.first_lead.public_id], data, cites, texts)

    thread.later(29)
    assert accepted({"while suspended": says()}) == []
    thread.later(1)
    (shown,) = to_contest(thread.program, thread.log, thread.now.date())
    assert (shown.answer, shown.until) == (given.index, answered + timedelta(days=60))
    thread.later(29)
    (shown,) = to_contest(thread.program, thread.log, thread.now.date())
    assert shown.until == thread.now.date() == answered + timedelta(days=60)
    late = thread.now + timedelta(days=1)
    assert to_contest(thread.program, thread.log, late.date()) == []
    says()()


def test_days_on_which_one_lead_could_act_count(db):
    thread, ask = asked()
    (given,) = thread.answer(ask, "declined")
    thread.later(1)
    seats.suspend_seat(seat=thread.first_lead, ground="Case 7", now=thread.now)
    thread.later(30)
    say = {"program": thread.program, "answer": given.index, "words": "No.", "lang": "en"}
    late = {"late": lambda: answers.contest(seat=thread.second_lead.public_id, now=thread.now, **say)}
    assert accepted(late) == []


# Silence


def test_silence_is_told_the_day_after_by_itself_and_once(db):
    thread, ask = asked()
    day = due(ask)
    run_clock(thread, 0, ask)
    assert told("ask.silent") == []
    run_clock(thread, 1, ask)
    run_clock(thread, 1, ask)
    run_clock(thread, 2, ask)
    assert told("ask.silent") == [day + timedelta(days=1)]
    for later in (30, 60, 90):
        run_clock(thread, later, ask)
        run_clock(thread, later, ask)
    assert told("ask.silent") == [day + timedelta(days=n) for n in (1, 30, 60, 90)]


def test_silence_is_told_after_the_clock_missed_its_days(db):
    thread, ask = asked()
    day = due(ask)
    run_clock(thread, 75, ask)
    run_clock(thread, 75, ask)
    assert told("ask.silent") == [day + timedelta(days=75)]
    assert len(told("ask.escalated")) == 1


def test_an_office_is_reminded_before_and_the_office_above_hears_after(db):
    thread, ask = asked()
    sent: list[tuple] = []
    for days in range(-60, 10):
        if due(ask) + timedelta(days=days) > thread.now.date():
            run_clock(thread, days, ask, sent)
    stages = [(one[1], one[4]) for one in sent]
    before = [office for office, stage in stages if stage != "escalated"]
    assert len(before) > 1
    assert set(before) == {thread.manager.public_id}
    assert [one for one in stages if one[1] == "escalated"] == [("city-manager/manager", "escalated")]


def test_the_desk_of_the_office_above_tells_what_is_late_below_it_and_since_when_it_knows(db):
    thread, ask = asked(today() - timedelta(days=140))
    above = make_person(email="above@riverbend.example")
    give_office(
        person=above, program=thread.program, office="city-manager/manager", from_date=date(2026, 1, 1)
    )
    assert "Late below you" not in as_(above).get(f"{BASE}/unit/").content.decode()
    run_clock(thread, 20, ask)
    shown = as_(above).get(f"{BASE}/unit/").content.decode()
    days = (today().date() - due(ask)).days
    found = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert re.search(rf"Late below you: .* late by {days} days\. You were told on ", found)
    assert f'href="{BASE}/follow/{thread.promise}/#ask-{ask}"' in shown
    since = f"It was due {day_in_words(due(ask))}; more time was taken until"
    reason = {"words": "We need time.", "until": (today().date() + timedelta(days=30)).isoformat()}
    assert as_(thread.boss).post(f"{BASE}/asks/{ask}/more-time/", reason).status_code == 302
    assert since in as_(above).get(f"{BASE}/unit/").content.decode()
    assert "Late below you" not in as_(thread.boss).get(f"{BASE}/unit/").content.decode()


def test_the_tick_of_the_site_tells_silence_with_nobody_at_a_page(db):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date() + timedelta(days=1)
    ticking.tick(thread.now)
    assert told("ask.silent") == [due(ask) + timedelta(days=1)]


def test_an_ask_whose_letter_fails_keeps_no_other_from_being_told(db):
    thread, ask = asked()
    other = thread.recommend(thread.find()).index
    thread.now += due(ask) - thread.now.date() + timedelta(days=75)

    def fails(_program, _office, about, *_letter):
        if about == ask:
            raise OSError("no mail")

    with pytest.RaisesGroup(pytest.RaisesExc(OSError, match="no mail")):
        ask_clock.tick(program=thread.program, now=thread.now, send=fails)
    lines = LogEntry.objects.filter(kind="ask.silent").order_by("index")
    assert [parse(one.index, bytes(one.raw)).cites["ask"] for one in lines] == [(ask,), (other,)]


def test_nobody_silences_the_clock(db):
    thread, ask = asked()
    office, lead = thread.manager.public_id, thread.first_lead.public_id
    data = {"office": office, "days": 1, "stage": "silence-1"}
    cites = {"ask": [ask]}
    before = {
        "before the day": lambda: thread.enter("ask.silent", ["clock"], data, cites),
        "by a lead": lambda: thread.enter("ask.silent", [lead], data, cites),
    }
    assert accepted(before) == []
    run_clock(thread, 1, ask)
    after = {
        "twice": lambda: thread.enter("ask.silent", ["clock"], data, cites),
        "other days": lambda: thread.enter("ask.silent", ["clock"], data | {"days": 9, "stage": "x"}, cites),
    }
    assert accepted(after) == []


def test_no_sql_takes_a_silence_back(both_databases):
    thread, ask = asked()
    run_clock(thread, 1, ask)
    where = "WHERE kind = 'ask.silent'"
    statements = [
        f"DELETE FROM record_logentry {where}",
        f"UPDATE record_logentry SET kind = 'ask.unclear' {where}",
        f"DELETE FROM record_clocknotice {where}",
    ]
    assert taken_by_sql(statements) == []


def test_a_missing_reply_to_a_contest_is_told_once_and_only_when_it_is_late(db):
    thread, ask = asked()
    (given,) = thread.answer(ask, "declined")
    seat = thread.first_lead.public_id
    answers.contest(
        program=thread.program, answer=given.index, seat=seat, words="Why?", lang="en", now=thread.now
    )
    contest = LogEntry.objects.get(kind="answer.contested").index
    data, cites = {"office": thread.manager.public_id}, {"contest": [contest]}
    attempt = {"too soon": lambda: thread.enter("contest.silent", ["clock"], data, cites)}
    assert accepted(attempt) == []
    thread.later(31)
    counts = [
        ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_letter: None) for _ in range(2)
    ]
    assert (counts, told("contest.silent")) == ([1, 0], [thread.now.date()])
    assert accepted(attempt) == []


def test_no_command_answers_moves_or_silences_an_ask(db):
    from django.core.management import get_commands

    ours = {name for name, app in get_commands().items() if str(app).startswith("alongside")}
    record = {"record_fault", "record_rebuild", "record_rekey", "record_resume", "record_sign"}
    assert ours == {"engagement", "languages", "lead", "opinions", "person", "program", "text"} | record
    assert sorted(appended_by_commands()) == [
        "clock.faulted",
        "engagement.paused",
        "engagement.resumed",
        "hold.lifted",
        "hold.placed",
        "policy.adopted",
        "program.opened",
        "record.rekeyed",
        "record.resumed",
        "row.erased",
        "seat.restored",
        "seat.suspended",
        "text.erased",
    ]


# Whoever acts late, before the clock ran, has the silence told first


def since(before: int) -> list[str]:
    """List the kinds of the entries from this number on."""
    lines = LogEntry.objects.filter(index__gte=before).order_by("index")
    return list(lines.values_list("kind", flat=True))


def parsed(thread):
    return [parse(at, raw) for at, raw in enumerate(thread.entries())]


def of(thread, **more):
    return {
        "program": thread.program,
        "office": thread.manager.public_id,
        "now": thread.now,
        "lang": "en",
    } | more


LATE_STEPS = {
    "answer.given": lambda thread, ask: thread.answer(ask, "declined"),
    "commitment.made": lambda thread, ask: thread.answer(ask, "accepted"),
    "ask.extended": lambda thread, ask: asks.take_more_time(
        ask=ask, until=thread.now.date() + timedelta(days=20), words="We wait.", **of(thread)
    ),
}


@pytest.mark.parametrize("kind", LATE_STEPS)
def test_the_silence_stands_right_before_a_late_step_and_the_clock_tells_it_no_second_time(db, kind):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date() + timedelta(days=3)
    before = LogEntry.objects.count()
    LATE_STEPS[kind](thread, ask)
    written = ["ask.silent", "answer.given", kind] if kind == "commitment.made" else ["ask.silent", kind]
    assert since(before) == written
    silence = parse(before, thread.entries()[before])
    assert silence.data == {"office": thread.manager.public_id, "days": 3, "stage": "silence-1"}
    for _again in range(2):
        ticking.tick(thread.now)
    assert since(before) == [*written, "voices.closed"]
    check_log(thread.entries(), origin=thread.program.origin)


@pytest.mark.parametrize("before", [-101, -1, 0, 4])
def test_a_bureau_that_let_the_day_come_hands_its_lateness_to_no_other(db, before):
    thread, ask = asked()
    thread.now = thread.now + (due(ask) - thread.now.date()) - timedelta(days=before)
    hand_on = partial(asks.transfer, ask=ask, to="city-manager/manager", words="Theirs.")
    told = LogEntry.objects.count()

    with pytest.raises(GrammarError, match="take more time first, then hand it on"):
        hand_on(**of(thread))

    assert LogEntry.objects.count() == told
    until = thread.now.date() + timedelta(days=20)
    asks.take_more_time(ask=ask, until=until, words="We wait.", **of(thread))
    hand_on(**of(thread))
    run_clock(thread, 1, ask)
    silent = [one.data["office"] for one in thread.log.every("ask.silent")]
    assert silent == [thread.manager.public_id] * (before < 0) + ["city-manager/manager"]


def test_a_bureau_hands_on_what_leaves_another_its_days_and_within_itself_at_any_time(db):
    thread, ask = asked()
    thread.now = thread.now + (due(ask) - thread.now.date()) - timedelta(days=5)
    asks.transfer(ask=ask, to="city-manager/manager", words="Theirs.", **of(thread))
    run_clock(thread, 1, ask)
    assert [one.data["office"] for one in thread.log.every("ask.silent")] == ["city-manager/manager"]


def test_not_yet_said_late_stands_behind_its_silence_and_a_second_lateness_is_told_anew(db):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date() + timedelta(days=40)
    before = LogEntry.objects.count()
    put_off(thread, ask)
    thread.now += timedelta(days=25)
    thread.answer(ask, "declined")
    assert since(before) == ["ask.silent", "answer.given", "ask.silent", "answer.given"]
    stages = [parse(at, thread.entries()[at]).data["stage"] for at in (before, before + 2)]
    assert stages == ["silence-30", "silence-1"]


def test_a_silence_that_the_clock_told_is_told_no_second_time_by_an_answer(db):
    thread, ask = asked()
    run_clock(thread, 1, ask)
    before = LogEntry.objects.count()
    thread.now += timedelta(days=3)
    thread.answer(ask, "declined")
    assert since(before) == ["answer.given"]


def test_an_answer_of_a_bureau_that_learns_tells_nothing_late(db):
    thread, ask = asked()
    learns(thread)
    thread.now += due(ask) - thread.now.date() + timedelta(days=3)
    before = LogEntry.objects.count()
    thread.answer(ask, "declined")
    assert since(before) == ["answer.given"]


def test_a_late_answer_by_the_form_stands_behind_its_silence(db):
    thread, ask = asked(today() - timedelta(days=70))
    before, late = LogEntry.objects.count(), (today().date() - due(ask)).days
    sent = {"decision": "declined", "reasons": "It costs too much.", "sign": "1"}
    assert as_(thread.boss).post(f"{BASE}/answers/{ask}/", sent).status_code == 302
    assert since(before) == ["ask.silent", "answer.given"]
    assert parse(before, thread.entries()[before]).data["days"] == late


def test_a_silence_bears_the_day_of_its_entry_also_where_the_clock_went_back(db):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date() + timedelta(days=3)
    asks.acknowledge(program=thread.program, ask=ask, office=thread.manager.public_id, now=thread.now)
    before = LogEntry.objects.count()
    thread.now -= timedelta(days=2)
    ticking.tick(thread.now)
    thread.answer(ask, "declined")
    assert [one for one in since(before) if one != "voices.closed"] == ["ask.silent", "answer.given"]
    (silence,) = [one for one in parsed(thread) if one.kind == "ask.silent"]
    assert (silence.data["days"], silence.date) == (3, due(ask) + timedelta(days=3))


def test_many_late_answers_at_once_have_each_silence_told(db):
    thread = Thread().open_program()
    found = asks.question_many(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.manager.public_id,
        title="Cameras",
        questions=[("One", "What is it?"), ("Two", "Who sees it?")],
        lang="en",
        now=thread.now,
    )
    questions = [one.index for one in found if one.kind == "ask.questioned"]
    thread.now += due(questions[0]) - thread.now.date() + timedelta(days=3)
    before = LogEntry.objects.count()
    drafts = answers.send_many(
        program=thread.program,
        unit=thread.unit.slug,
        asks=questions,
        decision="told",
        reasons="It is a camera.",
        own={},
        until=None,
        lang="en",
        person=thread.boss,
        now=thread.now,
    )
    answers.sign_off(drafts=drafts, office=thread.manager.public_id, person=thread.boss, now=thread.now)
    assert since(before) == ["ask.silent", "ask.silent", "answer.given", "answer.given"]


def test_a_late_reply_to_a_contest_stands_behind_its_silence(db):
    thread, ask = asked()
    (given,) = thread.answer(ask, "declined")
    seat = thread.first_lead.public_id
    contest = answers.contest(
        program=thread.program, answer=given.index, seat=seat, words="Why?", lang="en", now=thread.now
    )
    thread.later(33)
    before = LogEntry.objects.count()
    thread.answer(contest, "declined")
    assert since(before) == ["contest.silent", "contest.replied"]
    ticking.tick(thread.now)
    assert since(before) == ["contest.silent", "contest.replied", "voices.closed"]


def test_a_late_reply_of_the_office_above_stands_behind_its_silence(db):
    thread = Thread().open_program()
    ask = thread.question("Cameras", "Where are they?").index
    asking = {"program": thread.program, "seat": thread.first_lead.public_id, "now": thread.now}
    thread.answer(ask, "declined")
    raised = asks.raise_question(ask=ask, words="We need it.", lang="en", **asking)
    thread.later(33)
    before = LogEntry.objects.count()
    given = of(
        thread, ask=ask, office=raised.data["to"], person=thread.steward, decision="stands", words="No."
    )
    asks.reply_above(**given)
    assert since(before) == ["raise.silent", "raise.replied"]
    ticking.tick(thread.now)
    assert since(before) == ["raise.silent", "raise.replied"]


def thread_and_statement(thread):
    """Give the words of a thread's page and of its statement, without tags."""
    heads.sign_head(program=thread.program, now=thread.now)
    paths = f"follow/{thread.promise}/", "projects/library-computers-project/statement/"
    return [text_of(as_(None).get(f"{BASE}/{path}", follow=True)) for path in paths]


def test_the_silence_before_a_late_reply_to_a_contest_stays_in_thread_and_statement(db):
    thread, ask = asked(today())
    (given,) = thread.answer(ask, "declined")
    contest = answers.contest(
        program=thread.program,
        answer=given.index,
        seat=thread.first_lead.public_id,
        words="Why?",
        lang="en",
        now=thread.now,
    )
    thread.later(75)
    ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_one: None)
    silence = LogEntry.objects.get(kind="contest.silent")
    waits = thread_and_statement(thread)
    thread.later(5)
    office = thread.manager.public_id
    stands = {"decision": "stands", "signed_off": office}
    thread.enter(
        "contest.replied", [office], stands, {"contest": [contest.index]}, {"reply": Text("en", "So.")}
    )
    for page, statement in (waits, thread_and_statement(thread)):
        assert "No reply by the date" in page
        assert (
            f"No reply was written by the day. The public log told it on {day_in_words(silence.date)}."
            in statement
        )
        assert [f"Entry {silence.index}" in one for one in (page, statement)] == [True, True]


def test_the_silence_of_the_office_above_stays_in_thread_and_statement(db):
    thread = Thread(now=today()).to_open_engagement()
    finding = thread.find()
    ask = thread.question("Cameras", "Where are they?", findings=[finding.index]).index
    asking = {"program": thread.program, "seat": thread.first_lead.public_id, "now": thread.now}
    thread.answer(ask, "declined")
    raised = asks.raise_question(ask=ask, words="We need it.", lang="en", **asking)
    thread.later(40)
    given = of(
        thread, ask=ask, office=raised.data["to"], person=thread.steward, decision="stands", words="No."
    )
    asks.reply_above(**given)
    silence = LogEntry.objects.get(kind="raise.silent")
    page, statement = thread_and_statement(thread)
    assert "The office above wrote nothing by the date" in page
    told = (
        f"The office above wrote nothing by the day. The public log told it on {day_in_words(silence.date)}."
    )
    assert told in statement
    assert [f"Entry {silence.index}" in one for one in (page, statement)] == [True, True]


def test_a_statement_names_the_office_that_was_asked_first_and_each_move_with_its_reason(db):
    thread, ask = asked(today())
    asked_on, first = thread.now.date(), thread.manager.public_id
    offices = Office.objects.filter(unit__program=thread.program, signs=True).exclude(unit=thread.unit)
    second = offices.select_related("unit").first().public_id
    thread.later(50)
    reason = {"reason": Text("en", "They run the budget.")}
    thread.enter("ask.transferred", [first], {"office": second}, {"ask": [ask]}, reason)
    _page, statement = thread_and_statement(thread)
    pack = pack_of(thread.program)
    names = [pack.office_title(one, "en") for one in (first, second)]
    assert f"Asked of {names[0]} on {day_in_words(asked_on)}." in statement
    moved = f"Moved to {names[1]} on {day_in_words(thread.now.date())}."
    assert f"{moved} Because: They run the budget." in statement
    assert f"Asked of {names[1]}" not in statement


def test_the_record_refuses_what_ends_or_moves_a_clock_and_hides_its_silence(db):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date() + timedelta(days=2)
    later = (thread.now.date() + timedelta(days=9)).isoformat()
    reason, cites, office = {"reason": Text("en", "Why.")}, {"ask": [ask]}, [thread.manager.public_id]
    to = {"office": "city-manager/manager"}
    attempts = {
        "a late answer": lambda: answer(thread, ask, "declined"),
        "a late not yet": lambda: answer(thread, ask, "deferred", until=later),
        "more time": lambda: thread.enter("ask.extended", office, {"until": later}, cites, reason),
        "to another office": lambda: thread.enter("ask.transferred", office, to, cites, reason),
    }
    assert accepted(attempts) == []
    run_clock(thread, 2, ask)
    assert accepted({"after the silence": attempts["a late answer"]}) == ["after the silence"]


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        (
            "answer.given",
            "hides_no_silence",
            test_the_record_refuses_what_ends_or_moves_a_clock_and_hides_its_silence,
            "a late answer",
        ),
        (
            "answer.given",
            "deferral_has_a_day",
            test_the_record_refuses_an_answer_that_lacks_what_its_decision_demands,
            "not yet with a day that has passed",
        ),
        (
            "answer.given",
            "is_signed_for_the_unit",
            test_the_record_refuses_an_answer_that_lacks_what_its_decision_demands,
            "by junior staff",
        ),
        (
            "commitment.made",
            "follows_a_promise",
            test_the_record_refuses_an_answer_that_lacks_what_its_decision_demands,
            "yes with a milestone in the past",
        ),
        (
            "ask.transferred",
            "names_an_office",
            test_an_ask_goes_only_to_an_office_that_there_is_and_stays_with_one,
            "moved to nobody",
        ),
        ("ask.extended", "moves_the_date_on", test_more_time_needs_a_reason_and_a_later_day, "the same day"),
        (
            "answer.contested",
            "contest_is_in_time_and_once",
            test_an_answer_is_contested_once_and_within_its_days,
            "twice",
        ),
        (
            "answer.contested",
            "is_by_no_lead_of_its_bureau",
            test_a_lead_whom_the_bureau_pays_does_not_spend_what_leads_say_once_of_its_answer,
            "contest",
        ),
        (
            "ask.raised",
            "is_by_no_lead_of_its_bureau",
            test_a_lead_whom_the_bureau_pays_does_not_spend_what_leads_say_once_of_its_answer,
            "raise",
        ),
        (
            "ask.questioned",
            "is_by_no_lead_of_its_bureau",
            test_a_lead_whom_the_bureau_pays_does_not_spend_what_leads_say_once_of_its_answer,
            "follow up",
        ),
        (
            "contest.joined",
            "joins_an_open_contest_once",
            test_a_second_lead_adds_their_own_words_to_a_contest_until_its_reply,
            "twice",
        ),
        ("ask.silent", "is_late", test_nobody_silences_the_clock, "before the day"),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)


def test_a_clock_that_stands_still_is_caught(db, monkeypatch):
    monkeypatch.setattr(ask_clock, "tell_silence", lambda **_: 0)
    is_caught("assert [] == [datetime.date(", test_silence_is_told_the_day_after_by_itself_and_once, None)


# The first days of a bureau


def learns(thread, *, agrees: bool = True) -> int:
    """Let the unit that was asked ask for its learning period, and a lead agree; give the entry that asks."""
    given = {"program": thread.program, "now": thread.now}
    entry = asks.ask_to_learn(office=thread.manager.public_id, **given).index
    if agrees:
        unit = thread.manager.public_id.split("/")[0]
        asks.agree_to_learn(asked=entry, unit=unit, seat=thread.first_lead.public_id, **given)
    return entry


def test_a_lead_whom_the_bureau_pays_does_not_agree_to_its_learning_period(db):
    thread, _ask = asked(today())
    unit = thread.manager.public_id.split("/")[0]
    lead = thread.seat("paid", paid_by=thread.unit.slug).person
    learns(thread, agrees=False)
    page = f"{BASE}/asks/learning/"
    before = size()
    client = as_(lead)
    client.raise_request_exception = False
    refused = client.post(page, {"unit": unit})
    told = "does not stand for the community beside it" in refused.content.decode()
    assert (refused.status_code, told, size()) == (409, True, before)
    assert as_(thread.first_lead.person).post(page, {"unit": unit}).status_code == 302
    assert size() == before + 1


def test_a_learning_period_lets_clocks_run_and_tells_nothing_late_before_day_91(db):
    thread, ask = asked()
    learns(thread)
    first, day = thread.now.date(), due(ask)
    end = first + timedelta(days=90)
    assert day < end
    data = {"office": thread.manager.public_id, "days": 1, "stage": "silence-1"}
    for days in (1, (end - day).days):
        run_clock(thread, days, ask)
        forged = {
            "late": lambda: thread.enter("ask.silent", ["clock"], data | {"days": days}, {"ask": [ask]})
        }
        assert accepted(forged) == []
    assert told("ask.silent") == told("ask.escalated") == []
    run_clock(thread, (end - day).days + 1, ask)
    assert told("ask.silent") == [end + timedelta(days=1)]
    assert silence_untold(check_log(thread.entries(), origin=thread.program.origin)) == []


def test_a_verifier_knows_the_learning_period_and_finds_a_silence_hidden_after_it(db):
    thread, ask = asked()
    learns(thread)
    end = thread.now.date() + timedelta(days=90)
    thread.now += due(ask) - thread.now.date() + timedelta(days=5)
    thread.find()
    assert silence_untold(check_log(thread.entries(), origin=thread.program.origin)) == []
    thread.now += end - thread.now.date() + timedelta(days=2)
    thread.find()
    assert [
        index for index, _due in silence_untold(check_log(thread.entries(), origin=thread.program.origin))
    ] == [ask]


def test_pages_tell_nothing_late_of_a_bureau_that_learns_and_its_desk_does(db):
    thread, ask = asked(today() - timedelta(days=70))
    learns(thread)
    assert due(ask) < today().date()
    shown = {
        page: " ".join(as_(None).get(f"{BASE}/{page}/").content.decode().split())
        for page in ("owed", f"follow/{thread.promise}")
    }
    assert {name: "late by" in words or "is-late" in words for name, words in shown.items()} == dict.fromkeys(
        shown, False
    )
    assert "learns until" in shown["owed"]
    seen_by_a_lead = as_(thread.first_lead.person).get(f"{BASE}/owed/").content.decode()
    assert f'datetime="{due(ask)}"' in seen_by_a_lead
    desk = as_(thread.staff).get(f"{BASE}/unit/").content.decode()
    assert "is-late" in desk


def test_a_bureau_learns_once_in_its_first_days_and_only_if_a_lead_agrees(db):
    thread, ask = asked()
    entry = learns(thread, agrees=False)
    unit, office, lead = (
        thread.manager.public_id.split("/")[0],
        thread.manager.public_id,
        thread.first_lead.public_id,
    )
    soon, cites = (thread.now.date() + timedelta(days=90)), {"asked": [entry]}
    data = {"unit": unit, "until": soon.isoformat()}
    longer = data | {"until": (soon + timedelta(days=1)).isoformat()}
    attempts = {
        "by the bureau alone": lambda: thread.enter("learning.agreed", [office], data, cites),
        "for longer": lambda: thread.enter("learning.agreed", [lead], longer, cites),
        "for another bureau": lambda: thread.enter(
            "learning.agreed", [lead], data | {"unit": "city-manager"}, cites
        ),
        "asked for another": lambda: thread.enter("learning.asked", [office], {"unit": "city-manager"}),
        "asked twice": lambda: thread.enter("learning.asked", [office], {"unit": unit}),
        "after its first days": lambda: thread.later(91).enter("learning.agreed", [lead], data, cites),
    }
    assert accepted(attempts) == []
    thread.now -= timedelta(days=91)
    run_clock(thread, 1, ask)
    assert len(told("ask.silent")) == 1


def another_learns(thread) -> str:
    """Let a manager of another bureau ask for its learning period and a lead agree, by the form; give its office."""
    office = another_bureau(thread)
    person = make_person(email="other.boss@riverbend.example")
    give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    for one in (person, thread.first_lead.person):
        as_(one).post(f"{BASE}/asks/learning/", {"unit": office.split("/")[0]})
    assert len(told("learning.agreed")) == 1
    return office


def hand_over(thread, ask: int, office: str) -> None:
    sent = {"office": office, "words": "They know it better."}
    assert as_(thread.staff).post(f"{BASE}/asks/{ask}/transfer/", sent).status_code == 302
    assert Standing.objects.get(ask=ask).office == office


def test_a_late_ask_stays_late_in_public_when_it_is_handed_to_a_bureau_that_learns(db):
    thread, ask = asked(today() - timedelta(days=80))
    thread.now = today()
    assert ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_one: None)
    assert len(told("ask.silent")) == 1
    until = thread.now.date() + timedelta(days=20)
    asks.take_more_time(ask=ask, until=until, words="We wait.", **of(thread))
    hand_over(thread, ask, another_learns(thread))
    owed = " ".join(as_(None).get(f"{BASE}/owed/").content.decode().split())
    assert ("learns until" in owed, Standing.objects.get(ask=ask).quiet) == (False, None)
    run_clock(thread, 30, ask)
    run_clock(thread, 60, ask)
    assert told("ask.silent")[1:] == [due(ask) + timedelta(days=days) for days in (30, 60)]
    assert silence_untold(check_log(thread.entries(), origin=thread.program.origin)) == []


def test_an_ask_keeps_its_own_clock_when_it_is_handed_over_before_its_day(db):
    thread, ask = asked(today())
    hand_over(thread, ask, another_learns(thread))
    run_clock(thread, 1, ask)
    assert told("ask.silent") == [due(ask) + timedelta(days=1)]
    rebuild(program=thread.program)
    assert Standing.objects.get(ask=ask).quiet is None


def test_an_ask_that_was_handed_on_by_a_bureau_that_learns_is_late_for_one_that_does_not(db):
    thread, ask = asked(today())
    learns(thread)
    assert Standing.objects.get(ask=ask).quiet is not None
    hand_over(thread, ask, another_bureau(thread))
    run_clock(thread, 1, ask)
    assert told("ask.silent") == [due(ask) + timedelta(days=1)]


def test_a_silence_that_was_told_is_not_quiet_again_when_its_bureau_learns(db):
    thread, ask = asked()
    run_clock(thread, 1, ask)
    learns(thread)
    assert Standing.objects.get(ask=ask).quiet is None
    run_clock(thread, 30, ask)
    assert told("ask.silent") == [due(ask) + timedelta(days=days) for days in (1, 30)]
    rebuild(program=thread.program)
    assert Standing.objects.get(ask=ask).quiet is None


def test_a_silence_that_a_wrong_clock_told_does_not_end_the_learning(db):
    thread, ask = asked()
    learns(thread)
    until, data = Standing.objects.get(ask=ask).quiet, {"office": thread.manager.public_id}
    was, thread.now = thread.now, thread.now + timedelta(days=100)
    late = (thread.now.date() - due(ask)).days
    wrong = thread.enter(
        "ask.silent", ["clock"], {**data, "days": late, "stage": "silence-1"}, {"ask": [ask]}
    )
    assert Standing.objects.get(ask=ask).quiet is None
    thread.now = was
    by, cites = [thread.first_lead.public_id, "steward"], {"wrong": [wrong.index]}
    thread.enter("clock.faulted", by, cites=cites, texts={"reason": Text("en", "It ran ahead.")})
    assert Standing.objects.get(ask=ask).quiet == until


def test_a_bureau_that_learns_promises_nothing_quietly_where_another_was_asked_first(db):
    thread, ask = asked(today())
    office = another_learns(thread)
    hand_over(thread, ask, office)
    soon = (thread.now.date() + timedelta(days=5)).isoformat()
    follow = {"data": {"office": office, "milestones": [{"id": "m1", "due": soon}]}, "by": [office]}
    answer(thread, ask, "accepted", by=[office], follow=follow, signed_off=office)
    assert MilestoneStanding.objects.get().quiet is None
    thread.later(7)
    ticking.tick(thread.now)
    assert len(told("commitment.late")) == 1


def test_one_bureau_has_one_learning_period_also_in_a_unit_of_its_own_and_in_its_first_days(db):
    thread = Thread(now=today()).open_program()
    below, above, lead = "signs-and-markings", "streets-and-signals", thread.first_lead.public_id

    def ask_for(unit: str) -> int:
        return thread.enter("learning.asked", [f"{unit}/manager"], {"unit": unit}).index

    until = (thread.now.date() + timedelta(days=90)).isoformat()
    first, second = ask_for(above), ask_for(below)
    thread.enter("learning.agreed", [lead], {"unit": above, "until": until}, {"asked": [first]})
    with pytest.raises(GrammarError, match="a bureau has one learning period"):
        thread.enter("learning.agreed", [lead], {"unit": below, "until": until}, {"asked": [second]})
    page = as_(thread.first_lead.person).get(f"{BASE}/asks/learning/").content.decode()
    assert f'value="{below}"' not in page


def test_a_unit_of_a_bureau_that_was_asked_long_ago_has_no_first_days(db):
    thread = Thread(now=today()).to_open_engagement()
    finding = thread.find()
    thread.recommend(finding, "Fix the lamp", "Fix the lamp.", office="streets-and-signals/manager")
    below = "signs-and-markings"
    asked_for = thread.enter("learning.asked", [f"{below}/manager"], {"unit": below}).index
    thread.later(91)
    data = {"unit": below, "until": (thread.now.date() + timedelta(days=90)).isoformat()}
    with pytest.raises(GrammarError, match="it is for the first days of a bureau"):
        thread.enter("learning.agreed", [thread.first_lead.public_id], data, {"asked": [asked_for]})


def test_a_manager_asks_and_a_lead_agrees_by_one_press_each(db):
    thread, _ask = asked(today())
    page, unit = f"{BASE}/asks/learning/", thread.manager.public_id.split("/")[0]
    for person in (thread.staff, thread.first_lead.person):
        as_(person).post(page, {"unit": unit})
    assert told("learning.asked") == []
    assert as_(thread.boss).post(page, {"unit": unit}).status_code == 302
    assert "Agree to a learning period" in as_(thread.first_lead.person).get(f"{BASE}/week/").content.decode()
    as_(thread.boss).post(page, {"unit": unit})
    assert told("learning.agreed") == []
    assert as_(thread.first_lead.person).post(page, {"unit": unit}).status_code == 302
    assert (len(told("learning.asked")), len(told("learning.agreed"))) == (1, 1)
    assert Standing.objects.get().quiet == thread.now.date() + timedelta(days=90)


def test_after_a_gap_of_a_hundred_days_one_run_of_all_clocks_leaves_a_record_that_hides_nothing(db):
    thread = Thread(now=today()).to_open_engagement()
    finding, start = thread.find(), thread.now.date()
    ask = thread.recommend(finding).index
    made = [thread.answer(thread.recommend(finding, title), "accepted")[1] for title in ("One", "Two")]
    claim = thread.claim(made[1])
    vacancy = seats.open_vacancy(cohort=thread.first_lead.cohort, on=start, now=thread.now).entry
    office = thread.manager.public_id
    days = {
        "needed_by": (start + timedelta(days=90)).isoformat(),
        "answer_by": (start + timedelta(days=10)).isoformat(),
    }
    money = {"pay": "100.00", "interpretation": "50.00", "currency": "USD"}
    level = {"framework": "iap2", "level": "involve"}
    names = {"invitation": "help", "unit": office.split("/")[0], "office": office, "level": level}
    words = {name: Text("en", "What leads read.") for name in ("title", "decision", "open")}
    invited = thread.enter("invitation.made", [office], {**names, **days, **money}, texts=words).index

    def hidden():
        return check_log(thread.entries(), origin=thread.program.origin).hidden

    thread.now += timedelta(days=150)
    thread.find()
    missed = {ask, made[0].index, claim.index, vacancy, invited, thread.promise}
    assert {one.owed.index for one in hidden()} == missed
    ticking.tick(thread.now)
    assert hidden() == []
    for days_later in (1, 100):
        thread.now += timedelta(days=days_later)
        ticking.tick(thread.now)
        thread.find()
        assert hidden() == []
    thread.now += timedelta(days=1)
    thread.find()
    assert hidden() == []


def merged_away(thread) -> None:
    """Leave the unit that owes out of the rules, with more than half of the leads."""
    unit = thread.unit.slug
    was = parsed(thread)
    told = next(one for one in reversed(was) if one.kind == "policy.adopted")
    left = {
        name: [one for one in told.data[name] if one.split("/")[0] != unit] for name in ("offices", "signing")
    }
    by = ["steward", thread.first_lead.public_id, thread.second_lead.public_id]
    gone = ("within",)
    data = {name: value for name, value in told.data.items() if name not in gone} | left | {"pack": "cd" * 32}
    within = [one for one in told.data.get("within", ()) if unit not in one.values()]
    data |= {"within": within} if within else {}
    append(program=thread.program, drafts=[Draft(kind="policy.adopted", by=by, data=data)], now=thread.now)


ABOVE = "city-manager/manager"


def test_what_a_merged_unit_was_asked_is_handed_on_by_the_office_above_and_keeps_its_clock(db):
    thread, ask = asked()
    due_before = due(ask)
    given = {"program": thread.program, "ask": ask, "words": "Merged.", "lang": "en", "now": thread.now}
    with pytest.raises(GrammarError, match="only that bureau may do this"):
        asks.transfer(office=ABOVE, to="open-data/manager", **given)
    merged_away(thread)
    with pytest.raises(GrammarError, match="only that bureau may do this"):
        asks.transfer(office="open-data/manager", to=ABOVE, **given)
    with pytest.raises(GrammarError, match="only that bureau may do this"):
        asks.acknowledge(program=thread.program, ask=ask, office=ABOVE, now=thread.now)
    asks.transfer(office=ABOVE, to="open-data/manager", **given)
    assert Standing.objects.get(ask=ask).office == "open-data/manager"
    assert due(ask) == due_before
    check_log(thread.entries(), origin=thread.program.origin)


def test_what_a_merged_unit_promised_is_claimed_by_the_office_above(db):
    thread, ask = asked()
    made = thread.answer(parsed(thread)[ask])[-1]
    step = MilestoneStanding.objects.filter(commitment=made.index).first()
    given = {"program": thread.program, "commitment": made.index, "milestone": step.milestone}
    given |= {"words": "Done.", "lang": "en", "now": thread.now}
    with pytest.raises(GrammarError, match="only that bureau claims"):
        commitments.claim_delivery(office=ABOVE, **given)
    merged_away(thread)
    with pytest.raises(GrammarError, match="only that bureau claims"):
        commitments.claim_delivery(office="open-data/manager", **given)
    commitments.claim_delivery(office=ABOVE, **given)
    check_log(thread.entries(), origin=thread.program.origin)


def test_an_answer_of_which_a_silence_was_told_is_not_on_time_whatever_time_was_taken_after(db):
    thread, ask = asked()
    run_clock(thread, 40, ask)
    until = (thread.now.date() + timedelta(days=30)).isoformat()
    reason = {"reason": Text("en", "We need time.")}
    thread.enter("ask.extended", [thread.manager.public_id], {"until": until}, {"ask": [ask]}, reason)
    thread.later(20).answer(parse(ask, bytes(LogEntry.objects.get(index=ask).raw)), "declined")

    assert told("ask.silent")
    assert on_time(standings(thread.program), thread.now.date()) == Rate(done=0, due=1)


def shown_late(thread: Thread, ask: int) -> dict[str, bool]:
    """Say of every page that counts lateness whether it tells that this ask is late by its first day."""
    standing = Standing.objects.get(ask=ask)
    first = standing.late_from
    days = (thread.now.date() - first).days
    by, was = f"late by {days} days", f"It was due {day_in_words(first)}; more time was taken until"
    pages = {
        "": [f"No answer, {by}. {was}", "1 is late and has not come"],
        "owed/": [f"{by} · more time taken until", "1 late, the longest by", "0 of 1 answer that was due"],
        "follow/": [f"Late: 1 ({days} days). {was}"],
        "engagements/library-computers/": [f"1 answer is {by}. {was}"],
        f"projects/{thread.project.slug}/": [f"No answer, {by}. {was}"],
        f"years/{first.year}/": [f"{days} days late · more time taken until"],
        f"years/{first.year}/report.csv": [f",{standing.answer_due}"],
        f"follow/{thread.promise}/": [f"No answer, {by}. {was}"],
        "owed/owed.csv": [f",{days},"],
    }
    found = {}
    for page, words in pages.items():
        shown = as_(None).get(f"{BASE}/{page}").getvalue().decode()
        plain = " ".join(unescape(re.sub(r"<[^>]+>", "", shown)).split())
        found[page] = [one for one in words if one not in plain] == []
    return found


@pytest.mark.parametrize("how", ["more time", "not yet"])
def test_what_was_late_when_its_day_was_moved_stays_late_by_its_first_day_on_every_page(db, how):
    thread, ask = asked(today() - timedelta(days=140))
    first = due(ask)
    thread.now = today()
    until = thread.now.date() + timedelta(days=30)
    form = as_(thread.boss).get(f"{BASE}/asks/{ask}/more-time/").content.decode()
    late = (thread.now.date() - first).days
    assert f"It is late by {late} days, and that stays" in form

    if how == "more time":
        reason = {"words": "We need time.", "until": until.isoformat()}
        assert as_(thread.boss).post(f"{BASE}/asks/{ask}/more-time/", reason).status_code == 302
    else:
        put_off(thread, ask, 30)

    standing = Standing.objects.get(ask=ask)
    assert (standing.answer_due, standing.late_from) == (until, first)
    assert (standing.is_late(thread.now.date()), standing.days_late(thread.now.date())) == (True, late)
    year = year_of(thread.program, "en", first.year, thread.now.date())
    assert (year.rates.response, [one.days for one in year.failures if one.about == ask]) == (
        Rate(0, 1),
        [late],
    )
    before = list(Standing.objects.values())
    rebuild(program=thread.program)
    assert [one | {"id": 0} for one in before] == [one | {"id": 0} for one in Standing.objects.values()]
    if how == "more time":
        assert shown_late(thread, ask) == dict.fromkeys(
            [
                "",
                "owed/",
                "follow/",
                "engagements/library-computers/",
                f"projects/{thread.project.slug}/",
                f"years/{first.year}/",
                f"years/{first.year}/report.csv",
                f"follow/{thread.promise}/",
                "owed/owed.csv",
            ],
            True,
        )


def by_bureau(thread: Thread) -> dict[str, tuple[int, int, int]]:
    """Give what "By bureau" counts of each: what is late, the longest by how many days, and what is still to come."""
    pack, found = pack_of(thread.program), standings(thread.program)
    return {
        one.name: (one.late, one.longest, one.owed)
        for one in tallies(thread.program, found, pack, "en", thread.now.date())
    }


def text_at(page: str, person: Person | None = None) -> str:
    shown = as_(person).get(f"{BASE}/{page}").content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def file_rows(ask: int) -> list[tuple[str, ...]]:
    """Give of each row of the file for an ask its unit, day, end of more time, whether it is owed, silences and days late."""
    shown = as_(None).get(f"{BASE}/owed/owed.csv").getvalue().decode()
    names = ("unit", "answer_due", "more_time_until", "owed_now", "silences", "days_late")
    return [
        tuple(one[name] for name in names)
        for one in csv.DictReader(io.StringIO(shown))
        if one["ask"] == str(ask)
    ]


def test_each_bureau_is_late_by_the_days_that_it_let_pass_itself(db):
    thread, ask = asked(today() - timedelta(days=200))
    own, above = "Libraries and Halls Unit", "Office of the City Manager"
    first = due(ask)
    run_clock(thread, 30, ask)
    second = thread.now.date() + timedelta(days=40)
    asks.take_more_time(ask=ask, until=second, words="We wait.", **of(thread))
    asks.transfer(ask=ask, to=ABOVE, words="They know it better.", **of(thread))

    assert by_bureau(thread) == {own: (1, 30, 0), above: (0, 0, 1)}
    posted_by_rows(thread.program, boss := make_person(email="above@example.org"), ABOVE)
    days, until = (today().date() - first).days, day_in_words(second)
    thread.now = today()
    ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_one: None)
    lasts = (today().date() - second).days
    for moved in (False, True):
        assert by_bureau(thread) == {own: (1, days, 0), above: (1, lasts, 0)}
        each = f"{own}: late by {days} days; {above}: late by {lasts} days · more time taken until {until}"
        assert each in text_at("owed/")
        assert each.partition(" ·")[0] in text_at("unit/dates/", boss) + text_at("unit/", boss)
        said = f"Another bureau let {day_in_words(first)} pass; more time was taken until {until}."
        assert said in text_at(f"follow/{thread.promise}/")
        assert {
            one.who: one.days
            for one in year_of(thread.program, "en", today().year, today().date()).failures
            if one.about == ask
        } == {
            thread.manager.public_id: days,
            ABOVE: lasts,
        }
        rows = file_rows(ask)
        assert [(one[0], one[1], one[3], one[5]) for one in rows] == [
            ("city-manager", second.isoformat(), "yes", str(lasts)),
            (thread.unit.slug, first.isoformat(), "no", str(days)),
        ]
        third = thread.now.date() + timedelta(days=9)
        ends = (third, third) if moved else ("", second)
        assert [(one[2], one[4]) for one in rows] == [(str(each), "1") for each in ends]
        before = list(Standing.objects.values())
        rebuild(program=thread.program)
        assert [one | {"id": 0} for one in before] == [one | {"id": 0} for one in Standing.objects.values()]
        if not moved:
            given = {"program": thread.program, "office": ABOVE, "lang": "en", "now": thread.now}
            asks.take_more_time(ask=ask, until=third, words="We wait, too.", **given)
        until = day_in_words(third)


def test_whoever_is_handed_what_is_late_counts_from_the_day_on_which_it_came(db):
    thread, ask = asked(today() - timedelta(days=200))
    first, own = due(ask), thread.manager.public_id
    run_clock(thread, 30, ask)
    merged_away(thread)
    given = {"program": thread.program, "ask": ask, "words": "Merged.", "lang": "en"}
    asks.transfer(office=ABOVE, to="open-data/manager", now=thread.now, **given)
    assert Standing.objects.get(ask=ask).late_by_office(thread.now.date()) == {own: 30}
    came = thread.now.date()
    thread.now += timedelta(days=7)
    until = thread.now.date() + timedelta(days=20)
    asks.take_more_time(office="open-data/manager", until=until, now=thread.now, **given)

    standing = Standing.objects.get(ask=ask)
    assert standing.missed == {own: first.isoformat(), "open-data/manager": came.isoformat()}
    assert standing.late_by_office(thread.now.date()) == {own: 37, "open-data/manager": 7}
    assert standing.days_late(thread.now.date()) == 37


def test_more_time_that_is_taken_while_a_bureau_learns_makes_nothing_late_once_that_is_over(db):
    thread, ask = asked(today() - timedelta(days=65))
    learns(thread)
    until = Standing.objects.get(ask=ask).quiet
    thread.now = today()
    assert due(ask) < thread.now.date() < until
    assert "and that stays" not in text_at(f"asks/{ask}/more-time/", thread.boss)
    new = until + timedelta(days=60)
    asks.take_more_time(ask=ask, until=new, words="We wait.", **of(thread))
    thread.now += new - thread.now.date() + timedelta(days=1)
    for told_by_the_clock in (0, 1):
        standing = Standing.objects.get(ask=ask)
        assert (len(told("ask.silent")), standing.was_due) == (told_by_the_clock, None)
        assert (standing.days_late(thread.now.date()), *by_bureau(thread).values()) == (1, (1, 1, 0))
        rebuild(program=thread.program)
        ask_clock.tick(program=thread.program, now=thread.now, send=lambda *_one: None)
    heads.sign_head(program=thread.program, now=thread.now)
    head = Head.objects.filter(log__program=thread.program).latest("size")
    (stood,) = thread_of_project(thread.program, thread.project.slug, head, "en").asks
    assert (stood.was_due, stood.days_late(thread.now.date())) == (None, 1)


def test_what_was_late_when_its_day_was_moved_stays_so_if_its_bureau_learns_from_then_on(db):
    thread, ask = asked(today())
    thread.now += due(ask) - thread.now.date() + timedelta(days=1)
    moved = {"until": (thread.now.date() + timedelta(days=60)).isoformat()}
    reason = {"reason": Text("en", "We need time.")}
    thread.enter("ask.extended", [thread.manager.public_id], moved, {"ask": [ask]}, reason)
    learns(thread)
    before = Standing.objects.values("missed", "quiet", "answer_due").get(ask=ask)
    assert (len(before["missed"]), before["quiet"] is None) == (1, False)
    rebuild(program=thread.program)
    assert Standing.objects.values("missed", "quiet", "answer_due").get(ask=ask) == before


def test_more_time_that_is_taken_by_the_day_makes_nothing_late(db):
    thread, ask = asked()
    thread.now += due(ask) - thread.now.date()
    until = (thread.now.date() + timedelta(days=30)).isoformat()
    reason = {"reason": Text("en", "We need time.")}
    thread.enter("ask.extended", [thread.manager.public_id], {"until": until}, {"ask": [ask]}, reason)
    thread.later(20)

    standing = Standing.objects.get(ask=ask)
    assert (standing.was_due, standing.is_late(thread.now.date())) == (None, False)
    assert (
        where_it_stands(standing, [], thread.now.date()) == f"An answer is due on {day_in_words(due(ask))}."
    )


def test_an_answer_that_came_early_lifts_no_rate_of_those_that_were_due(db):
    thread, late = asked()
    run_clock(thread, 70, late)
    thread.answer(thread.recommend(thread.find(), "Early", "Early."))

    assert on_time(standings(thread.program), thread.now.date()).due == 2
    assert on_their_day(standings(thread.program), thread.now.date()) == Timely(on_time=1, late=0, missing=1)


def told_on_the_promise() -> str:
    shown = as_(None).get(f"{BASE}/engagements/library-computers/").content.decode()
    shown = shown.partition('class="hear-by"')[2].partition("Questions")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_the_promise_tells_what_the_office_put_off_past_its_day(db):
    thread = Thread(now=today()).to_open_engagement().later(31)
    promised = thread.engagement.answer_by
    found = thread.find()
    asked = [thread.recommend(found, f"Keep for {n} days") for n in (1, 2, 3)]
    assert {one.data["answer_due"] for one in asked} == {promised.isoformat()}
    assert "took more time" not in told_on_the_promise()
    office, late = thread.manager.public_id, promised + timedelta(days=300)
    for one in asked[:2]:
        asks.take_more_time(
            program=thread.program,
            ask=one.index,
            office=office,
            until=late,
            words="We need time.",
            lang="en",
            now=thread.now,
        )
    thread.answer(asked[2], "deferred", until=promised + timedelta(days=20))

    told = told_on_the_promise()
    days = [day_in_words(one) for one in (promised, late, promised + timedelta(days=20))]
    was, more, not_yet = days
    unit = "Libraries and Halls Unit"
    assert f"2 things that leads asked were due by {was}. {unit} took more time, until {more}." in told
    assert (
        f"1 thing that leads asked was due by {was}. {unit} said “not yet”, and answers by {not_yet}." in told
    )


def test_a_correction_of_the_answer_by_day_says_that_what_was_asked_before_keeps_its_day(db):
    thread = Thread(now=today()).to_open_engagement().later(31)
    asked = thread.recommend(thread.find())
    assert "keeps its day" not in told_on_the_promise()
    sooner = thread.now.date() + timedelta(days=10)
    both = [thread.first_lead.public_id, thread.manager.public_id]
    said = {"about": "answer_by", "words": "Sooner.", "lang": "en", "others": {"es": "Antes."}}
    enter_correction(engagement=thread.engagement, by=both, now=thread.now, answer_by=sooner, **said)
    assert "What leads asked before that keeps its day." in told_on_the_promise()
    assert Standing.objects.get(ask=asked.index).answer_due == thread.engagement.answer_by
    assert thread.recommend(thread.find(), "Keep for a week").data["answer_due"] == sooner.isoformat()


@pytest.mark.parametrize(
    ("came", "says"),
    [("answered", "late"), ("not yet", "silent"), ("told from above", "late"), ("nothing", "silent")],
)
def test_a_year_calls_answered_only_what_has_an_answer(db, came, says):
    thread = Thread().open_program()
    ask = thread.question()
    run_clock(thread, 1, ask.index)
    if came == "answered":
        thread.answer(ask, "told")
    elif came == "not yet":
        thread.answer(ask, "deferred", until=thread.now.date() + timedelta(days=200))
    elif came == "told from above":
        said = {
            "program": thread.program,
            "ask": ask.index,
            "words": "It is late.",
            "lang": "en",
            "now": thread.now,
        }
        raised = asks.raise_question(seat=thread.first_lead.public_id, **said)
        reply = {"reply": Text("en", "There are nine.")}
        thread.enter(
            "raise.replied", [raised.data["to"]], {"decision": "told"}, {"raise": [raised.index]}, reply
        )
    thread.later(20)

    failed = year_of(thread.program, "en", thread.now.year, thread.now.date()).failures

    assert next(one.what for one in failed if one.about == ask.index) == says

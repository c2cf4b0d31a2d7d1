"""Every step that a desk can show: the one who takes it sees it, nobody else does, and nobody does once it is taken."""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from alongside.chain.answers import actions as answers
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks import actions as asks
from alongside.chain.asks.queries import MOST_QUESTIONS
from alongside.chain.asks.tasks import tick as clock_of_asks
from alongside.chain.findings import actions as findings
from alongside.chain.keys import actions as keys
from alongside.chain.keys.models import EngagementKey, LeadKey, Wrap
from alongside.chain.proposals.actions import drop
from alongside.chain.proposals.models import Proposal as Proposing
from alongside.chain.reader.actions import propose_opened, sign_opened
from alongside.chain.referrals import actions as referrals
from alongside.chain.referrals.models import Referral
from alongside.chain.reports import actions as reports
from alongside.cohort.applications import actions as applications
from alongside.cohort.calls.actions import invite_helper
from alongside.cohort.calls.models import WRITES_DOWN
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.meetings import actions as meetings
from alongside.cohort.messages import actions as messages
from alongside.cohort.messages.models import MessageTo
from alongside.cohort.pay.actions import claims, terms
from alongside.cohort.pay.models import Proposal
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Cohort, Reminded, Seat, Vacancy
from alongside.cohort.seats.queries.seats import viewer_for
from alongside.cohort.training import actions as training
from alongside.core.clocks import local_date
from alongside.core.sessions import Session
from alongside.core.workflow.levels import last_over
from alongside.core.workflow.seconds import Proposed
from alongside.ground.directory import actions as directory
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import folded
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import Standing
from alongside.ground.record.steps import ONLY_WORDS
from alongside.ground.texts import actions as texts
from alongside.ground.ui.days import day_in_words
from alongside.site.demo import sealed
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.invitations import actions as invite
from alongside.work.invitations.queries import invitations
from alongside.work.listening import actions as listening
from alongside.work.partners import actions as partners
from alongside.work.projects import actions as projects
from alongside.work.projects.models import DecisionPoint
from alongside.work.remarks import actions as remarks
from tests.chain.opinions import cast as offers
from tests.chain.referrals.cast import PASS, gift, give, propose, speak
from tests.chain.voices.cast import Holder, holders, lock, offer, wrap
from tests.cohort.pay.cast import Cast, usd
from tests.cohort.reviews.choosing import closed
from tests.cohort.reviews.choosing import speak as speak_up
from tests.cohort.seats import cast as care
from tests.cohort.seats.care_cast import raise_alarm
from tests.cohort.training import cast as learning
from tests.promises.attempts import adopt, agree, without_the_unit
from tests.support.house import SRC
from tests.support.remembering import remembered, this_hour
from tests.support.thread import QUESTIONS, Thread, posted_by_rows
from tests.work.consultations.cast import Review
from tests.work.invitations.test_invitations import invited
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
BASE = "/riverbend/en"
LEADS = {"first", "second", "third"}
UNIT = {"boss", "staff"}
ABOVE, BESIDE = "city-manager/manager", "permits-desk/manager"

#: The files whose tests say who sees a step and that it is gone, as `who...(..., "Its heading") == {...}`.
HERE = ("test_every_step_is_handed_on.py", "test_an_engagement_is_handed_on.py")
#: What waits as long as anything does: there is always a text that somebody could translate.
NEVER_GONE = {"Translate, or review a translation"}


def steps_made() -> tuple[set[str], set[str]]:
    """Give the headings of all steps that the apps make, as the code has them: of what waits, and of what only tells what came."""
    waits: set[str] = set()
    news: set[str] = set()
    for path in sorted(one for one in SRC.rglob("*.py") if "ground.ui.steps import" in one.read_text()):
        tree = ast.parse(path.read_text())
        functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        for function in functions.values():
            for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
                if called(call) not in {"Step", "dated"} or not call.args:
                    continue
                found = set(headings(call.args[0], function, functions))
                assert found, f"{path.name}: {function.name}() makes a step of which no heading is found"
                is_news = any(one.arg == "is_news" for one in call.keywords)
                (news if is_news else waits).update(found)
    return waits, news - waits


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def headings(
    node: ast.expr, function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]
) -> Iterator[str]:
    """List the sentences that an expression can be: what is marked for translation, by its names in the function."""
    match node:
        case ast.Call(args=[*_, ast.Constant(value=str(words)), _n]) if called(node) == "ngettext":
            yield words  # of many
        case ast.Call(args=[ast.Constant(value=str(words))]) if called(node) in {"_", "say"}:
            yield words
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            for said in (one for one in ast.walk(functions[name]) if isinstance(one, ast.Tuple)):
                yield from headings(said.elts[0], functions[name], {})
        case ast.BinOp(left=left, op=ast.Mod()):
            yield from headings(left, function, functions)
        case ast.IfExp(body=one, orelse=other):
            yield from headings(one, function, functions)
            yield from headings(other, function, functions)
        case ast.Name(id="ONLY_WORDS"):
            yield ONLY_WORDS
        case ast.Name(id=name) if name in (given := [one.arg for one in function.args.args]):
            for other in functions.values():
                for one in (one for one in ast.walk(other) if isinstance(one, ast.Call)):
                    if called(one) == function.name:
                        yield from headings(one.args[given.index(name)], other, functions)
        case ast.Name(id=name):
            for one in (one for one in ast.walk(function) if isinstance(one, ast.Assign)):
                for target in one.targets:
                    names, values = parts(target), parts(one.value)
                    if len(names) != len(values):
                        values = [one.value] * len(names)  # what a function gives together
                        names = names[:1]
                    for left, right in zip(names, values, strict=False):
                        if isinstance(left, ast.Name) and left.id == name:
                            yield from headings(right, function, functions)


def parts(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def looked_for() -> tuple[set[str], set[str]]:
    """Give the headings of which these tests say that somebody sees them, and those of which they say that nobody does."""
    seen: set[str] = set()
    gone: set[str] = set()
    for name in HERE:
        for one in ast.walk(ast.parse((Path(__file__).parent / name).read_text())):
            if not isinstance(one, ast.Compare):
                continue
            sides = [one.left, *one.comparators]
            words = {
                side.args[-1].value
                for side in sides
                if isinstance(side, ast.Call)
                and called(side) in {"who", "who_sees"}
                and isinstance(side.args[-1], ast.Constant)
            }
            is_nobody = ast.unparse(sides[-1]) == "set()"
            (gone if is_nobody else seen).update(words)
    return seen, gone


def covers(words: str, heading: str) -> bool:
    """Say whether what a test looks for is a heading as the code has it, or begins one."""
    begins, hole, _rest = heading.partition("%(")
    if begins or not hole:
        return words.startswith(begins) and begins != ""
    return re.match(re.sub(r"%\(\w+\)[sd]", ".+", heading), words) is not None


def test_of_every_step_it_is_tested_who_sees_it_and_that_it_goes():
    (waits, news), (seen, gone) = steps_made(), looked_for()
    unseen = {one for one in waits | news if not any(covers(words, one) for words in seen)}
    staying = {one for one in waits - NEVER_GONE if not any(covers(words, one) for words in gone)}
    assert unseen == set(), "Say in a test of these files who sees the step, and so that nobody else does."
    assert staying == set(), "Say in a test of these files that nobody sees the step once it is taken."


@remembered
def house(days: int = 0) -> Thread:
    """Open a program so many days ago, with other bureaus, a lead who is suspended, and one who left."""
    thread = Thread(now=this_hour() - timedelta(days=days)).open_program()
    thread.above, thread.beside = posted(thread, ABOVE), posted(thread, BESIDE)
    gone = thread.seat("gone")
    seats.leave_seat(seat=gone, on=thread.today, reason="resigned", now=thread.now)
    thread.gone, thread.browsers = gone.person, {}
    return until_today(thread, 0) if days == 0 else thread


def until_today(thread: Thread, days: int) -> Thread:
    """Let the days pass; today a lead is suspended."""
    away = thread.later(days).seat("away")
    seats.suspend_seat(seat=away, ground="A complaint is looked at.", now=thread.now)
    thread.away = away.person
    return thread


def posted(thread: Thread, office: str) -> Person:
    person = make_person(email=f"{office.replace('/', '.')}@riverbend.example")
    give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    return person


def desks(thread: Thread) -> dict[str, tuple[Person, str]]:
    """Give everybody with the desk at which they sit."""
    week = {name: getattr(thread, f"{name}_lead").person for name in sorted(LEADS)}
    week |= {"new": thread.new.person} if hasattr(thread, "new") else {}
    staff = {name: getattr(thread, name) for name in ("boss", "staff", "above", "beside")}
    return {
        **{name: (one, "week") for name, one in week.items()},
        **{name: (one, "unit") for name, one in staff.items()},
        "steward": (thread.steward, "steward"),
    }


@dataclass
class Seen:
    """What waits on everybody's desk: by whose it is, each line with where it leads."""

    lines: dict[str, list[tuple[str, str]]]
    browsers: dict[str, Client]

    def who(self, heading: str) -> set[str]:
        """Name those on whose desk a line begins with these words; each leads to a page that opens."""
        found = {
            name: href for name, own in self.lines.items() for href, words in own if words.startswith(heading)
        }
        for href, name in {href: name for name, href in found.items()}.items():
            opened = self.browsers[name].get(href.partition("#")[0], follow=True)
            assert opened.status_code == 200, (name, href)
        return set(found)


def browser(thread: Thread, name: str, person: Person) -> Client:
    """Give the browser in which somebody is signed in."""
    if name not in thread.browsers:
        thread.browsers[name] = Client()
        thread.browsers[name].force_login(
            person, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return thread.browsers[name]


def look(thread: Thread) -> Seen:
    """Open everybody's desk."""
    seen = Seen({}, thread.browsers)
    for name, (person, where) in desks(thread).items():
        page = browser(thread, name, person).get(f"{BASE}/{where}/").content.decode()
        found = re.findall(r'<h[23][^>]*><a href="([^"]+)"[^>]*>(.*?)</a></h[23]>', page, re.DOTALL)
        seen.lines[name] = [
            (href, " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())) for href, words in found
        ]
    return seen


def test_whoever_left_or_is_suspended_is_shown_no_desk():
    thread = house()
    for name in ("gone", "away"):
        page = browser(thread, name, getattr(thread, name)).get(f"{BASE}/week/")
        assert page.status_code == 403


def kept_until(thread: Thread, slug: str, day: date) -> EngagementKey:
    """Open an engagement whose voices are kept until a day; give its key."""
    words = {
        lang: {
            name: f"{slug} {name}"
            for name in ("title", "decision", "can_change", "cannot_change", "reading", "consent")
        }
        for lang in ("en", "es")
    }
    thread.draft_engagement(slug, words=words, voices_kept_until=day).make_keys().open()
    return EngagementKey.objects.get(engagement=slug)


def destroy(thread: Thread, key: EngagementKey, name: str) -> None:
    seat = getattr(thread, f"{name}_lead")
    keys.destroy_key(program=thread.program, key=key, seat=seat, ground="Kept long enough", now=thread.now)


def test_a_key_waits_on_its_promised_day_for_two_who_hold_it_until_both_asked():
    thread = house(92)
    late, today, early = (
        kept_until(thread, slug, thread.today + timedelta(days=days))
        for slug, days in (("late", 91), ("today", 92), ("early", 93))
    )
    until_today(thread, 92).end_intake()
    seen = look(thread)
    assert seen.who("Destroy the key: late") == {"first", "second"}
    assert seen.who("Destroy the key: today") == {"first", "second"}
    assert seen.who("Destroy the key: early") == set()
    week = seen.browsers["first"].get(f"{BASE}/week/").content.decode()
    assert week.count("What people said should be unreadable since") == 1

    destroy(thread, late, "second")
    seen = look(thread)
    assert seen.who("Destroy the key: late") == {"first"}

    destroy(thread, late, "first")
    hold = texts.place_hold(program=thread.program, ground="Case 12", by="steward", now=thread.now)
    assert look(thread).who("Destroy the key: ") == set()

    texts.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)
    seen = look(thread)
    assert seen.who("Destroy the key: late") == set()
    assert seen.who("Destroy the key: today") == {"first", "second"}


def listened(days: int) -> Thread:
    """Open the library's engagement so many days ago; people have spoken, and can no more."""
    return until_today(house(days).draft_engagement().make_keys().open(), days)


def now_in(thread: Thread) -> dict:
    return {"program": thread.program, "now": thread.now}


def drafted(thread: Thread, ask: int, decision: str = "declined") -> AnswerDraft:
    """Let the staff write an answer, and send it to the manager."""
    values = {"lang": "en", "decision": decision, "reasons": "There is no money for it."}
    given = {"unit": thread.unit.slug, "person": thread.staff, "values": values}
    draft = answers.save_draft(about=ask, **given, **now_in(thread))
    answers.send_for_sign_off(draft=draft, person=thread.staff, now=thread.now)
    return AnswerDraft.objects.get(about=ask)


def test_what_is_late_below_an_office_is_told_to_the_office_above_alone_until_it_is_answered():
    thread = house(120).draft_engagement().make_keys().open().later(40)
    asked = thread.recommend(thread.find(), "One late day")
    until_today(thread, 80)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)
    assert look(thread).who("Late below you: One late day") == {"above"}

    thread.answer(asked, "declined")
    assert look(thread).who("Late below you: ") == set()


def test_a_promise_that_is_late_is_told_to_the_office_above_alone_until_it_is_called_done():
    thread = house(120).draft_engagement().make_keys().open().later(40)
    milestones = [("One screen is up.", thread.now.date() + timedelta(days=3))]
    commitment = thread.answer(thread.recommend(thread.find()), milestones=milestones)[1]
    until_today(thread, 80)
    assert look(thread).who("Promised below you, and late: One screen is up.") == {"above"}

    thread.claim(commitment)
    assert look(thread).who("Promised below you, and late: ") == set()


def test_what_is_asked_goes_to_whoever_answers_signs_or_replies_above():
    thread = listened(40)
    lead, boss = thread.first_lead.public_id, thread.manager.public_id
    find = thread.find()
    said = {"words": "We need it.", "lang": "en", **now_in(thread)}
    draft = drafted(thread, thread.recommend(find, "One day").index)
    claimed = thread.answer(
        thread.recommend(find, "One screen"),
        milestones=[("One screen is up.", thread.today + timedelta(days=43))],
    )[1]
    declined = thread.answer(thread.recommend(find, "One sign"), "declined")[0]
    answers.mark_unreasoned(answer=declined.index, seat=lead, **now_in(thread))
    thread.recommend(find, "One hall", office="open-data/manager")
    asked = thread.question("One door")
    thread.answer(asked, "declined")
    asks.raise_question(ask=asked.index, seat=lead, **said)
    learns = asks.ask_to_learn(office=boss, **now_in(thread))

    seen = look(thread)
    assert seen.who("Sign off the answer: One day") == {"boss"}
    assert seen.who("One day") == {"staff", "steward"}
    assert seen.who("Promised: One screen is up.") == {"steward"}
    assert seen.who("Promise: One screen is up.") == UNIT
    assert seen.who("Leads say that your answer gives no reasons: One sign") == UNIT
    assert seen.who("Nobody holds an office that owes an answer: ") == {"steward"}
    assert seen.who("Reply: One door") == {"above"}
    assert seen.who("Agree to a learning period, or leave it: ") == LEADS

    answers.sign_off(drafts=[draft], office=boss, person=thread.boss, now=thread.now)
    claim = thread.claim(claimed)
    contest = answers.contest(answer=declined.index, seat=lead, **said)
    thread.answer(contest, "stands")
    posted(thread, "open-data/manager")
    asks.reply_above(ask=asked.index, office=ABOVE, person=thread.above, decision="stands", **said)
    asks.agree_to_learn(asked=learns.index, unit=thread.unit.slug, seat=lead, **now_in(thread))

    seen = look(thread)
    assert seen.who("Sign off the answer: ") == set()
    assert seen.who("One day") == set()
    assert seen.who("Read the answer: One day") == LEADS
    assert seen.who("Promised: ") == set()
    assert seen.who("Promise: ") == set()
    assert seen.who("Check what was delivered: One screen is up.") == {"steward"}
    assert seen.who("Leads say that your answer gives no reasons: ") == set()
    assert seen.who("Nobody holds an office that owes an answer: ") == set()
    assert seen.who("Reply: ") == set()
    assert seen.who("Agree to a learning period, or leave it: ") == set()

    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat)
    assert look(thread).who("Check what was delivered: ") == set()


def test_what_leads_do_not_find_done_goes_back_to_the_bureau_and_from_it_to_them_again():
    thread = house(120).draft_engagement().make_keys().open().later(40)
    milestones = [("One screen is up.", thread.now.date() + timedelta(days=3))]
    commitment = thread.answer(thread.recommend(thread.find()), milestones=milestones)[1]
    claim = thread.claim(commitment)
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat, "disputed")
    seen = look(until_today(thread, 80))
    assert seen.who("Promise: One screen is up.") == UNIT
    assert seen.who("Go and look: One screen is up.") == set()

    thread.claim(commitment)
    seen = look(thread)
    assert seen.who("Promise: One screen is up.") == set()
    assert seen.who("Go and look: One screen is up.") == LEADS


def test_leads_who_all_served_the_city_once_are_asked_to_say_on_the_log_why_they_cannot_check():
    thread = house().draft_engagement().make_keys().open()
    thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    seen = look(thread)
    assert (seen.who("Go and look: "), seen.who("Say why you cannot check: ")) == (LEADS, set())
    for seat in (*thread.leads, Seat.objects.get(person=thread.away)):
        day = seat.from_date - timedelta(days=200)
        held = posted_by_rows(thread.program, seat.person, "steward", from_date=day)
        held.until_date = day + timedelta(days=1)
        held.save()
    seen = look(thread)
    assert seen.who("Say why you cannot check: ") == LEADS
    assert seen.who("Go and look: ") == set()

    for seat in thread.leads:
        seats.declare_post(seat=seat, served="steward", now=thread.now)
    assert look(thread).who("Say why you cannot check: ") == set()


def test_many_questions_are_signed_read_and_contested_in_one_line():
    thread = house()
    numbers = range(2 * MOST_QUESTIONS + 2)
    many = [thread.question(f"Question {n}", office=thread.manager.public_id).index for n in numbers]
    told, refused = many[::2], many[1::2]
    for part, decision in ((told, "told"), (refused, "declined")):
        given = {"unit": thread.unit.slug, "asks": part, "decision": decision, "own": {}, "until": None}
        answers.send_many(reasons="Twelve.", lang="en", person=thread.staff, **given, **now_in(thread))
    assert look(thread).who("12 answers wait for your signature") == {"boss"}

    drafts = list(AnswerDraft.objects.filter(about__in=many))
    answers.sign_off(drafts=drafts, office=thread.manager.public_id, person=thread.boss, now=thread.now)
    seen = look(thread)
    assert seen.who("12 answers wait for your signature") == set()
    assert seen.who("6 questions were answered") == LEADS
    assert seen.who("6 answers to questions can be contested") == LEADS

    for one in refused:
        answer = Standing.objects.get(ask=one).answer
        seat = thread.first_lead.public_id
        answers.contest(answer=answer, seat=seat, words="How many?", lang="en", **now_in(thread))
    assert look(thread).who("6 answers to questions can be contested") == set()


def test_what_a_bureau_owed_that_is_no_more_goes_to_the_office_above_once_leads_agreed(tmp_path):
    thread = house()
    asked = thread.question("A permit", office=BESIDE)
    assert look(thread).who("A permit") == {"beside", "steward"}

    adopt(thread, without_the_unit("permits-desk"), tmp_path)
    agree(thread.first_lead)
    assert look(thread).who("New rules are proposed") == {"second", "third"}

    agree(thread.second_lead)
    agree(thread.third_lead)
    seen = look(thread)
    assert seen.who("New rules are proposed") == set()
    assert seen.who("Move it to the right bureau: A permit") == {"above"}

    moved = {"ask": asked.index, "office": ABOVE, "to": thread.manager.public_id}
    asks.transfer(words="They answer now.", lang="en", **moved, **now_in(thread))
    seen = look(thread)
    assert seen.who("Move it to the right bureau: ") == set()
    assert seen.who("A permit") == UNIT | {"steward"}


def test_numbers_to_call_for_help_that_changed_are_told_to_leads(tmp_path):
    thread = house()
    adopt(thread, shipped_pack("neutral").replace("+15035550102", "+15035550199"), tmp_path)
    assert look(thread).who("Numbers to call for help changed") == LEADS


def test_rules_that_the_city_changed_alone_are_told_to_leads(tmp_path):
    thread = house()
    adopt(thread, shipped_pack("neutral").replace("answer_days = 60", "answer_days = 30"), tmp_path)
    assert look(thread).who("The City changed the rules alone") == LEADS


def test_what_a_lead_would_give_an_office_who_has_left_is_started_again_by_another_who_has_the_key():
    thread = house()
    thread.draft_engagement(questions=[*QUESTIONS, PASS]).make_keys().open()
    propose(thread, gift(speak(thread)))
    seats.leave_seat(seat=thread.first_lead, on=thread.today, reason="", now=thread.now)
    seen = look(thread)
    assert seen.who("Start again what goes to an office") == {"second"}
    assert seen.who("Confirm what goes to an office") == set()
    (waits,) = Proposing.objects.all()
    about = {"promise": waits.promise, "proposal": waits.pk, "now": thread.now}
    drop(program=thread.program, what=Proposed.OFFICE, seat=thread.second_lead, **about)
    assert look(thread).who("Start again what goes to an office") == set()


def test_what_is_given_to_an_office_goes_to_a_second_lead_then_to_the_office_and_back():
    thread = house()
    thread.draft_engagement(questions=[*QUESTIONS, PASS]).make_keys().open()
    words = gift(speak(thread))
    proposal = propose(thread, words)
    seen = look(thread)
    assert seen.who("Confirm what goes to an office") == {"second"}
    assert seconds_of(seen, "second") == ["Confirm what goes to an office: title (en)"]
    assert seconds_of(seen, "first") == []
    page = re.sub(r"<[^>]+>", "", seen.browsers["second"].get(f"{BASE}/seat/seconds/").content.decode())
    assert f"it is deleted on {day_in_words(proposal.erase_on)}" in page

    row = give(thread, proposal, words)
    seen = look(thread)
    assert seen.who("Confirm what goes to an office") == set()
    assert seen.who("Say what you do about it") == UNIT

    Referral.objects.update(answer_by=thread.today - timedelta(days=1))
    seen = look(thread)
    assert seen.who("Libraries and Halls Unit, Manager did not reply") == {"first", "second"}
    assert seen.who("Libraries and Halls Unit, Manager replied to what you gave it") == set()

    referrals.reply(referral=row, person=thread.boss, words="Mended.", lang="en", now=thread.now)
    seen = look(thread)
    assert seen.who("Say what you do about it") == set()
    assert seen.who("Libraries and Halls Unit, Manager did not reply") == set()
    assert seen.who("Libraries and Halls Unit, Manager replied to what you gave it") == {"first", "second"}


def test_what_becomes_of_an_offered_statement_waits_for_a_second_lead_who_has_the_key():
    thread = house()
    offers.taking(thread)
    said = offers.decided(offers.offer(thread, "A ramp."), "merged", statement="s1", ground="It says that.")
    proposal = offers.propose(thread, said)
    seen = look(thread)
    assert seen.who("Decide what becomes of an offered statement") == {"second"}
    assert seconds_of(seen, "second") == ["Decide what becomes of an offered statement: title (en)"]
    assert seconds_of(seen, "first") == []

    offers.decide(thread, said, proposal)
    assert look(thread).who("Decide what becomes of an offered statement") == set()


def test_what_a_lead_would_decide_of_an_offered_statement_who_has_left_is_started_again_by_another():
    thread = house()
    offers.taking(thread)
    said = offers.decided(offers.offer(thread, "A ramp."), "merged", statement="s1", ground="It says that.")
    offers.propose(thread, said)
    seats.leave_seat(seat=thread.first_lead, on=thread.today, reason="", now=thread.now)
    seen = look(thread)
    assert seen.who("Start again what becomes of an offered statement") == {"second"}
    assert seen.who("Decide what becomes of an offered statement") == set()
    (waits,) = Proposing.objects.all()
    about = {"promise": waits.promise, "proposal": waits.pk, "now": thread.now}
    drop(program=thread.program, what=Proposed.OFFER, seat=thread.second_lead, **about)
    assert look(thread).who("Start again what becomes of an offered statement") == set()


def test_what_the_cohort_agrees_meets_for_writes_and_learns_waits_for_whoever_does_it():
    thread = house()
    care.adopt(thread)
    past, coming = care.meet(thread, "past", days=-3), care.meet(thread, "coming", days=3)
    message = messages.write_message(
        cohort=care.cohort(thread),
        seats=[thread.first_lead],
        by=thread.steward,
        words="Call me.",
        lang="en",
        now=thread.now,
    )
    course = learning.offered(thread)
    held, ahead = (
        training.schedule_session(
            course=course,
            on=thread.today + timedelta(days=days),
            starts=time(18),
            ends=time(20),
            where="The hall",
            lang="en",
            now=thread.now,
        )
        for days in (-3, 3)
    )
    asked = learning.complete(thread, course, thread.second_lead.person)
    training.ask_letter(completion=asked, wish="For a job.", now=thread.now)

    seen = look(thread)
    assert seen.who("Sign the group agreement") == LEADS | {"steward"}
    assert seen.who("Minutes: About past") == LEADS | {"steward"}
    assert seen.who("Meeting: About coming") == {"steward"}
    assert seen.who("Read a message") == {"first"}
    assert seen.who("Note who came: ") == {"steward"}
    assert seen.who("Training: ") == {"steward"}
    assert seen.who("Write a letter about a training: ") == {"steward"}

    care.sign(thread, "steward", *(one.public_id for one in thread.leads))
    meetings.publish_minutes(draft=care.write(thread, past), seat=thread.first_lead, now=thread.now)
    meetings.cancel_meeting(meeting=coming, by="steward", now=thread.now)
    messages.mark_read(to=MessageTo.objects.get(message=message))
    training.note_attendance(session=held, people=[thread.first_lead.person], now=thread.now)
    ahead.delete()
    training.write_letter(completion=asked, words="They know it.", lang="en", now=thread.now)
    alarm = raise_alarm(thread)

    seen = look(thread)
    assert seen.who("Sign the group agreement") == set()
    assert seen.who("Minutes: ") == set()
    assert seen.who("Minutes to confirm: About past") == LEADS - {"first"}
    listed = [
        f'/meetings/{past.slug}/"' in seen.browsers[name].get(f"{BASE}/seat/seconds/").content.decode()
        for name in ("first", "second")
    ]
    assert listed == [False, True]

    past.refresh_from_db()
    meetings.confirm(program=thread.program, minutes=past.minutes, seat=thread.second_lead, now=thread.now)
    assert look(thread).who("Minutes to confirm: ") == set()
    assert seen.who("Meeting: ") == set()
    assert seen.who("Read a message") == set()
    assert seen.who("Note who came: ") == set()
    assert seen.who("Training: ") == set()
    assert seen.who("Write a letter about a training: ") == set()
    assert seen.who("Hear an alarm") == {
        "above"
    }  # whom the agreement names, and not the bureau that it is about

    messages.close_alarm(alarm=alarm, done="I called.", lang="en", by=thread.above, now=thread.now)
    assert look(thread).who("Hear an alarm") == set()


def test_an_empty_place_waits_for_the_appeal_then_for_the_coordinator_then_for_who_is_called_up():
    thread = house()
    removal = seats.remove_seat(
        seat=thread.third_lead, ground="harm", reasons="-", appeal_to=ABOVE, by=thread.steward, now=thread.now
    )
    appeal = seats.appeal(removal=removal, words="No.", now=thread.now)
    seen = look(thread)
    assert seen.who("Decide an appeal") == {"above"}
    assert seen.who("A place is kept free") == {"steward"}
    assert seen.who("Fill an empty place") == {"steward"}  # of the lead who left

    decided = {"decision": "stands", "reasons": "-", "by": thread.above, "now": thread.now}
    seats.decide_appeal(removal=appeal, **decided)
    for vacancy in Vacancy.objects.filter(filled_on=None):
        called = {"email": None, "called": "An alternate", "language": "en", "now": thread.now}
        alternate = seats.add_alternate(cohort=care.cohort(thread), **called)
        thread.new = seats.call_up(alternate=alternate, vacancy=vacancy, paid_by="outside", now=thread.now)
    seen = look(thread)
    assert seen.who("Decide an appeal") == set()
    assert seen.who("A place is kept free") == set()
    assert seen.who("Fill an empty place") == set()
    assert seen.who("You have a place now") == {"new"}
    assert seen.who("Ask what you do not know yet") == {"new"}
    assert seen.who("Make your key") == {"new"}

    seats.leave_seat(seat=thread.new, on=thread.today, reason="resigned", now=thread.now)
    seen = look(thread)
    assert seen.who("You have a place now") == set()
    assert seen.who("Ask what you do not know yet") == set()
    assert seen.who("Make your key") == set()
    assert seen.who("Fill an empty place") == {"steward"}


def test_a_lead_of_a_cohort_that_just_began_is_told_to_make_a_key_until_it_is_made():
    thread = house()
    cohort = thread.seat_cohort("fresh", thread.today - timedelta(days=9), thread.today + timedelta(days=400))
    thread.new = thread.seat("fresh", cohort)
    seen = look(thread)
    assert seen.who("Make your key") == {"new"}
    assert seen.who("You have a place now") == set()  # who began with the others

    those = [thread.first_lead, thread.second_lead, thread.new]
    sealed.make_keys(story=thread, seats=those, now=thread.now, papers_too=False)
    assert look(thread).who("Make your key") == set()


def test_recovery_papers_are_made_signed_checked_and_open_a_key_by_whom_the_desk_tells():
    thread = house().draft_engagement()
    assert look(thread).who("Make the recovery papers") == set()

    thread.found_keys(papers_too=False)
    key = sealed.make_engagement_key(
        story=thread, engagement=thread.engagement, seats=thread.leads, now=thread.now
    )
    assert look(thread).who("Make the recovery papers") == {"first", "second"}  # who have a key

    asked = sealed.propose_papers(story=thread, seat=thread.first_lead, many=True, now=thread.now)
    seen = look(thread)
    assert seen.who("Make the recovery papers") == set()
    assert seen.who("Sign the recovery papers") == {"second"}

    sealed.sign_papers(story=thread, asked=asked, seat=thread.second_lead, now=thread.now)
    seen = look(thread)
    assert seen.who("Sign the recovery papers") == set()
    assert seen.who("Check the recovery papers") == {"second"}  # who did not make them

    for paper in (4, 5):
        sealed.check_paper(story=thread, seat=thread.second_lead, paper=paper, now=thread.now)
    seen = look(thread)
    assert seen.who("Check the recovery papers") == set()
    assert seen.who("Lock keys to the recovery papers") == {"first", "second"}  # who hold the key

    sealed.lock_to_papers(story=thread, key=key, seat=thread.second_lead, now=thread.now)
    assert look(thread).who("Lock keys to the recovery papers") == set()

    keys.report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)
    seen = look(thread)  # whoever has a key makes the next ones
    assert seen.who("Make new recovery papers") == {"second"}
    asked = sealed.propose_papers(story=thread, seat=thread.second_lead, now=thread.now)
    assert look(thread).who("Make new recovery papers") == set()
    asked.delete()


def vouch(thread: Thread, one: Holder, other: Holder) -> None:
    signature = one.vouch_for(other, thread.program.origin)
    key = LeadKey.objects.get(seat=other.seat)
    keys.vouch(key=key, seat=one.seat, signature=signature, **now_in(thread))


def first_on_the_week(thread):
    """Give what stands first on the week of the first lead, who has more to do."""
    client = Client()
    client.force_login(thread.first_lead.person)
    waits = client.get("/riverbend/en/week/").context["queue"].waits
    assert len(waits) > 1
    return waits[0].step.heading


def test_a_lead_who_lost_the_key_is_led_to_a_new_one_and_others_vouch_for_it_and_share_with_it():
    thread = house().draft_engagement().found_keys(3)
    sealed.make_engagement_key(story=thread, engagement=thread.engagement, seats=thread.leads, now=thread.now)
    first, second, third = holders(thread)
    seen = look(thread)
    assert seen.who("Make a new key") == set()
    assert seen.who("Share your keys with a lead: ") == set()

    keys.report_lost_key(program=thread.program, seat=first.seat.public_id, now=thread.now)
    assert look(thread).who("Make a new key") == {"first"}
    assert first_on_the_week(thread) == "Make a new key"

    again = Holder.make(first.seat)
    waits = offer(thread.program, again, thread.now)
    seen = look(thread)
    assert seen.who("Make a new key") == set()
    assert seen.who("Your new key waits for two leads") == {"first"}
    assert first_on_the_week(thread) == "Your new key waits for two leads"
    assert seen.who("Vouch for a lead’s key: ") == {"second", "third"}

    for one in (second, third):
        signature = one.vouch_for(again, thread.program.origin)
        keys.vouch(key=waits, seat=one.seat, signature=signature, **now_in(thread))
    seen = look(thread)
    assert seen.who("Your new key waits for two leads") == set()
    assert seen.who("Your new key opens nothing yet") == {"first"}
    assert seen.who("Share your keys with a lead: ") == {
        "second",
        "third",
    }  # who hold what the lost key opened
    assert first_on_the_week(thread) == "Your new key opens nothing yet"

    given = lock(thread.program, second, wrap(thread.identity, again), thread.recipient)
    keys.share_engagement_key(key=EngagementKey.objects.get(), **given, **now_in(thread))
    seen = look(thread)
    assert seen.who("Share your keys with a lead: ") == seen.who("Your new key opens nothing yet") == set()


def test_a_new_key_waits_to_be_shared_until_it_opens_all_but_what_its_lead_is_paid_beside():
    thread = house().draft_engagement().found_keys(3)
    first, second, third = holders(thread)
    seats.declare_payer(seat=first.seat, paid_by=thread.unit.slug, now=thread.now)
    sealed.make_engagement_key(story=thread, engagement=thread.engagement, seats=thread.leads, now=thread.now)
    for slug in ("benches", "trees"):
        thread.draft_engagement(slug, community=True)
        sealed.make_engagement_key(
            story=thread, engagement=thread.engagement, seats=thread.leads, now=thread.now
        )
    keys.report_lost_key(program=thread.program, seat=first.seat.public_id, now=thread.now)
    again = Holder.make(first.seat)
    waits = offer(thread.program, again, thread.now)
    for one in (second, third):
        signature = one.vouch_for(again, thread.program.origin)
        keys.vouch(key=waits, seat=one.seat, signature=signature, **now_in(thread))

    seen = look(thread)
    assert seen.who("Your new key opens nothing yet") == {"first"}
    for slug, left in (("benches", {"first"}), ("trees", set())):
        key = EngagementKey.objects.get(engagement=slug)
        locked = wrap(thread.secrets[slug], again)
        keys.share_engagement_key(
            key=key, **lock(thread.program, second, locked, key.recipient, slug), **now_in(thread)
        )
        seen = look(thread)
        assert seen.who("Your new key opens nothing yet") == set()
        assert seen.who("Your new key opens 1 of 3 questions") == left
        assert seen.who("Share your keys with a lead: ") == ({"second", "third"} if left else set())
    assert not Wrap.objects.filter(key__engagement="library-computers", recipient=again.recipient).exists()


def test_what_a_term_that_ends_leaves_waits_for_those_who_go_and_a_new_key_for_the_others():
    thread = house().draft_engagement().make_keys().open()
    third = Holder.make(thread.third_lead)
    offer(thread.program, third, thread.now)
    seen = look(thread)
    assert seen.who("Hand over to the next cohort") == set()
    assert seen.who("Share the key: ") == set()
    assert seen.who("The end of the term") == set()
    assert seen.who("Vouch for a lead’s key: ") == {"first", "second"}  # who have a key

    first, second = holders(thread)[:2]
    vouch(thread, first, third)
    assert look(thread).who("Vouch for a lead’s key: ") == {"second"}

    vouch(thread, second, third)
    last = thread.today + timedelta(days=30)
    Seat.objects.filter(pk__in=[thread.first_lead.pk, thread.second_lead.pk]).update(until_date=last)
    Cohort.objects.update(until_date=last)
    seen = look(thread)
    assert seen.who("Vouch for a lead’s key: ") == set()
    assert seen.who("Hand over to the next cohort") == {"first", "second"}
    assert seen.who("Goodbye, and thank you") == {"first", "second"}
    assert seen.who("Share the key: ") == {"first", "second"}
    assert seen.who("The end of the term") == {"steward"}

    locked = wrap(thread.identity, third)
    given = lock(thread.program, first, locked, thread.recipient)
    keys.share_engagement_key(key=EngagementKey.objects.get(), **given, **now_in(thread))
    words = {"worked": "The hall.", "did_not": "The forms.", "again": "yes", "readers": "next", "lang": "en"}
    for seat in (thread.first_lead, thread.second_lead):
        seats.say_last_words(seat=seat, now=thread.now, **words)
    seen = look(thread)
    assert seen.who("Share the key: ") == set()
    assert seen.who("Goodbye, and thank you") == set()


def test_pay_goes_between_a_lead_and_the_coordinator_and_no_bureau_sees_it():
    thread = house()
    pay = Cast(thread)
    pay.budget()
    pay.agree(pay.first)
    log = pay.log()
    back = pay.cost(what="travel")
    claims.send_back(claim=back, reason="Which bus?", viewer=pay.viewer(), now=pay.now)
    seen = look(thread)
    assert seen.who("Agree on pay") == {"steward"}
    assert seen.who("Approve unpaid hours") == {"steward"}
    assert seen.who("Correct what you logged: ") == {"first"}
    assert seen.who("Pay what is approved") == set()

    for seat in Seat.objects.exclude(pk=pay.first.pk).filter(left_on=None):
        pay.agree(seat)
    pay.approve(log, pay.cost(what="travel", corrects=back))
    seen = look(thread)
    assert seen.who("Agree on pay") == set()
    assert seen.who("Approve unpaid hours") == set()
    assert seen.who("Correct what you logged: ") == set()
    assert seen.who("Pay what is approved") == {"steward"}
    assert seen.who("Account for your advance") == set()

    advance = pay.log(kind="advance", what="childcare", minutes=None, money=usd("50.00"), ago=61, past=True)
    pay.approve(advance)
    pay.run()
    pay.back()
    pay.agree(pay.second, rate="40.00")
    seen = look(thread)
    assert seen.who("Pay what is approved") == set()
    assert seen.who("Account for your advance") == {"first"}
    assert seen.who("Account for advances") == {"steward"}
    assert seen.who("Read the terms of pay that are proposed to you") == {"second"}

    pay.approve(pay.cost(amount="50.00", advance=advance))
    terms.accept(proposal=Proposal.objects.get(), now=pay.now)
    seen = look(thread)
    assert seen.who("Account for your advance") == set()
    assert seen.who("Account for advances") == set()
    assert seen.who("Read the terms of pay that are proposed to you") == set()


def test_pay_that_nobody_agreed_in_time_waits_for_the_coordinator_and_each_lead_without_it():
    thread = until_today(house(40), 40)
    pay = Cast(thread)
    pay.budget()
    pay.agree(pay.first)
    seen = look(thread)
    assert seen.who("Agree on pay") == {"steward"}
    assert seen.who("Ask for your pay to be agreed") == {"second", "third"}
    for seat in (pay.second, pay.third, Seat.objects.get(person=thread.away)):
        pay.agree(seat)
    seen = look(thread)
    assert seen.who("Agree on pay") == set()
    assert seen.who("Ask for your pay to be agreed") == set()


def test_what_a_run_sent_and_nobody_heard_of_waits_for_the_coordinator_until_it_comes_back():
    thread = house(40)
    pay = Cast(thread)
    pay.budget()
    pay.agree(pay.first)
    pay.approve(pay.log())
    pay.run()
    until_today(thread, 40)
    assert look(thread).who("Payments without a word") == {"steward"}
    pay.back(paid_on=pay.today)
    assert look(thread).who("Payments without a word") == set()


def test_what_a_bureau_and_leads_work_on_goes_from_one_to_the_other():
    thread = house(100)
    thread.project = thread.register_project("computers", "Library computers", "What they keep.")
    for seat in (thread.first_lead, thread.second_lead):
        projects.join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    for slug, days in (("past", 99), ("near", 120)):
        thread.schedule_decision(
            slug, on=thread.today + timedelta(days=days), decision=f"The {slug} one", still_open="All of it"
        )
    until_today(thread, 100)
    day = thread.now.date()
    person, lead, boss = thread.first_lead.person, thread.first_lead.public_id, thread.manager.public_id
    room = partners.open_room(program=thread.program, project=thread.project)
    partners.write(room=room, person=person, actor=lead, words="Look.", lang="en", now=thread.now)
    review = Review(thread=thread)
    invited(thread)
    plan = Plan(thread=thread)
    seen = look(thread)
    assert seen.who("Decision: Library computers") == {"steward"}
    assert seen.who("Tell what was decided: The past one") == UNIT
    assert seen.who("Read in your partner room: Library computers") == UNIT | {"second"}
    assert seen.who("Say which level was reached: Library computers") == UNIT | {"first", "second"}
    assert seen.who("Bring what the leads should review: ") == UNIT
    assert seen.who("Review: ") == LEADS
    assert seen.who("A bureau asks for help: ") == LEADS
    assert seen.who("A workplan that nobody has signed yet, with ") == {"steward"}

    for point in DecisionPoint.objects.filter(project=thread.project):
        words = {"en": {"outcome": "For a day."}}
        projects.make_decision(point=point, on=day - timedelta(days=1), by=boss, words=words, now=thread.now)
    for one in (thread.staff, thread.boss, thread.second_lead.person):
        partners.mark_read(room=room, person=one)
    for by in (lead, boss):
        projects.assess_project(
            project=thread.project,
            quarter=last_over(day),
            level=("iap2", "inform"),
            words=Text("en", "We were told."),
            by=by,
            now=thread.now,
        )
    review.bring()
    review.advise(review.say())
    (invitation,) = invitations(thread.log, pack_of(thread.program), day)
    invite.decline(invitation=invitation.told.index, seat=lead, words="No time.", lang="en", **now_in(thread))
    version = plan.fill().propose()
    seen = look(thread)
    assert seen.who("Decision: Library computers") == set()
    assert seen.who("Tell what was decided: ") == set()
    assert seen.who("Read in your partner room: ") == set()
    assert seen.who("Say which level was reached: ") == set()
    assert seen.who("Bring what the leads should review: ") == set()
    assert seen.who("Review: ") == set()
    assert seen.who("A bureau asks for help: ") == set()
    assert seen.who("A workplan that nobody has signed yet, with ") == set()
    assert seen.who("Sign, or ask for a change: ") == UNIT
    assert seen.who("Unsigned workplan: ") == {"steward"}

    plan.sign(version)
    seen = look(thread)
    assert seen.who("Sign, or ask for a change: ") == set()
    assert seen.who("Unsigned workplan: ") == set()


def test_neither_a_quarter_nor_a_plan_waits_for_a_lead_who_lost_her_key():
    thread = house(100)
    thread.project = thread.register_project("computers", "Library computers", "What they keep.")
    for seat in (thread.first_lead, thread.second_lead):
        projects.join_project(project=thread.project, seat=seat.public_id, now=thread.now)
    until_today(thread, 100).found_keys()
    Plan(thread=thread).fill().propose(thread.manager.public_id)
    seen = look(thread)
    assert seen.who("Say which level was reached: ") == UNIT | {"first", "second"}
    assert seen.who("Sign, or ask for a change: ") == LEADS

    keys.report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)
    seen = look(thread)
    assert seen.who("Say which level was reached: ") == UNIT | {"second"}
    assert seen.who("Sign, or ask for a change: ") == LEADS - {"first"}


def lose(thread: Thread) -> Seen:
    keys.report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)
    return look(thread)


def test_what_was_heard_waits_also_for_a_lead_who_lost_her_key_as_the_old_one_opens_it_still():
    thread = listened(45)
    marks = {"promise": thread.promise, "marks": thread.hear(), "not_opened": 0}
    proposed = propose_opened(seat=thread.first_lead, **marks, **now_in(thread))
    sign_opened(opened_list=proposed, seat=thread.second_lead, **now_in(thread))
    assert look(thread).who("Write what you heard: ") == {"first", "second"}

    seen = lose(thread)
    assert seen.who("Write what you heard: ") == {"first", "second"}
    week = seen.browsers["first"].get(f"{BASE}/week/").content.decode()
    assert week.count("What your old key opened it still opens, if you find its six words.") == 1


def test_voices_to_open_wait_for_no_lead_who_lost_her_key_as_their_list_is_signed():
    thread = listened(45)
    thread.hear()
    assert look(thread).who("Open the voices: ") == {"first", "second"}
    seen = lose(thread)
    assert seen.who("Open the voices: ") == {"second"}
    assert seen.who("Write what you heard: ") == set()


def seconds_of(seen: Seen, name: str) -> list[str]:
    """List the headings of what a lead can take on the page of what waits for a second lead."""
    page = seen.browsers[name].get(f"{BASE}/seat/seconds/").content.decode()
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page)
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


def test_a_small_finding_of_a_closed_engagement_waits_for_its_second_lead_too():
    thread = house(45).draft_engagement().make_keys().open()
    until_today(thread, 45).end_intake().report()
    lead = thread.first_lead
    at = {"promise": thread.promise, "seat": lead, **now_in(thread)}
    reports.close_engagement(**at)
    small = {"smaller": True, "voices": "fewer", "root": "ab" * 32, "words": {"en": {"statement": "One."}}}
    draft = findings.keep_draft(sealed=b"age-encryption.org/v1\n", draft_id=None, **at)
    exact = findings.finding_hash({"promise": thread.promise, **small})
    findings.attest(finding=exact, draft_id=str(draft.pk), **at)
    seen = look(thread)
    assert seen.who("Confirm what few people said: ") == {"second"}
    (said,) = seconds_of(seen, "second")
    assert said.startswith("Confirm what few people said: ")
    assert seconds_of(seen, "first") == []


def test_what_is_said_of_an_engagement_waits_for_the_other_half_and_its_days_for_the_coordinator():
    thread = house().draft_engagement().make_keys().open()
    lead, engagement = thread.first_lead, thread.engagement
    said = {"words": "A word.", "lang": "en", "now": thread.now}
    remarks.say(engagement=engagement, person=thread.boss, actor=thread.manager.public_id, **said)
    given = {"day": thread.now.date() + timedelta(days=44), "others": {"es": "Una palabra."}}
    engagements.propose_correction(engagement=engagement, about="closes", by=lead.public_id, **given, **said)
    small = {"smaller": True, "voices": "fewer", "root": "ab" * 32, "words": {"en": {"statement": "One."}}}
    at = {"promise": thread.promise, "seat": lead, **now_in(thread)}
    draft = findings.keep_draft(sealed=b"age-encryption.org/v1\n", draft_id=None, **at)
    exact = findings.finding_hash({"promise": thread.promise, **small})
    findings.attest(finding=exact, draft_id=str(draft.pk), **at)
    seen = look(thread)
    assert seen.who("Read the comments: ") == {"first"}  # who goes on with it
    assert seen.who("Sign the correction: ") == {"boss"}
    assert seen.who("Confirm what few people said: ") == {"second"}  # who can open it
    assert seen.who("Last day to speak: ") == {"steward"}

    remarks.mark_read(engagement=engagement, person=lead.person)
    signed = {"by": thread.manager.public_id, "now": thread.now}
    engagements.sign_correction(correction=Correction.objects.get(), **signed)
    findings.publish(promise=thread.promise, seat=thread.second_lead, **small, **now_in(thread))
    engagements.pause(engagement=engagement, ground="A flood.", by=lead.public_id, now=thread.now)
    seen = look(thread)
    assert seen.who("Read the comments: ") == set()
    assert seen.who("Sign the correction: ") == set()
    assert seen.who("Confirm what few people said: ") == set()
    assert seen.who("Paused: ") == LEADS | {"steward"}


def test_what_leads_heard_waits_for_the_bureau_and_the_report_for_the_leads():
    thread = listened(75)
    thread.find()
    thread.end_intake()
    shown = remarks.show(
        engagement=thread.engagement,
        seat=thread.first_lead,
        words="Short.",
        lang="en",
        days=5,
        now=thread.now,
    )
    seen = look(thread)
    assert seen.who("Read what leads heard: ") == {"boss"}  # with whom they promised it
    assert seen.who("People hear back: ") == {"steward"}
    assert seen.who("Last day to speak: ") == set()

    remarks.stop_showing(engagement=thread.engagement, shown=shown.pk, now=thread.now)
    thread.report()
    seen = look(thread)
    assert seen.who("Read what leads heard: ") == set()
    assert seen.who("People hear back: ") == set()


def test_a_report_that_is_late_stands_on_the_desk_of_the_coordinator_until_people_have_heard_back():
    thread = listened(95)
    thread.find()
    thread.end_intake()
    assert look(thread).who("Late report-back: ") == {"steward"}
    thread.report()
    assert look(thread).who("Late report-back: ") == set()


def test_a_federal_request_waits_for_the_bureau_and_the_coordinator_until_it_is_handed_on():
    thread = house()
    received = {
        "received_on": thread.today,
        "agency": "immigration",
        "came_by": "visit",
        "asked": ["address"],
    }
    asked = directory.record_request(
        unit=thread.unit,
        by=thread.staff,
        now=thread.now,
        paper="administrative",
        immigration="yes",
        **received,
    )

    def take(*steps: str) -> None:
        viewer = viewer_for(thread.staff, thread.program, thread.today)
        for one in steps:
            directory.take_step(request=asked, step=one, viewer=viewer, by=thread.staff, now=thread.now)

    assert look(thread).who("Answer a federal request today") == UNIT | {"steward"}
    take("declined")
    seen = look(thread)
    assert seen.who("Answer a federal request today") == set()
    assert seen.who("A federal request is not finished") == UNIT | {"steward"}
    take("head", "attorney")
    assert look(thread).who("A federal request is not finished") == set()


def test_a_call_waits_for_the_coordinator_and_what_was_sent_for_whoever_was_asked_to_read():
    thread = house()
    made = closed(thread=thread, seats=2)
    assert look(thread).who("Invite readers: ") == {"steward"}
    for person, kind in ((thread.first_lead.person, "lead"), (thread.staff, "staff")):
        reviews.invite_reader(call=made.call, person=person, kind=kind, organizations=(), now=thread.now)
    reviews.spread(call=made.call, now=thread.now)
    invite_helper(
        call=made.call,
        person=thread.third_lead.person,
        organization="Ours",
        does=[WRITES_DOWN],
        now=thread.now,
    )
    recordings = [speak_up(one, thread.now - timedelta(days=2)) for one in made.applications[:2]]
    seen = look(thread)
    assert seen.who("A call: ") == {"steward"}
    assert seen.who("Invite readers: ") == set()
    assert seen.who("3 applications to read") == {"first", "staff"}
    assert seen.who("Remind who has still to read: ") == {"steward"}
    assert seen.who("2 recordings to write down") == {"third"}

    reviews.remind_readers(call=made.call, now=thread.now)
    assert look(thread).who("Remind who has still to read: ") == set()
    assert look(thread).who("3 applications to read") == {"first", "staff"}
    Reminded.objects.update(on=thread.now.date() - timedelta(days=30))
    assert look(thread).who("Remind who has still to read: ") == {"steward"}

    written = {"words": "My street.", "lang": "en", "by": thread.third_lead.person, "now": thread.now}
    for one in recordings:
        applications.transcribe(recording=one, **written)
    made.read_all(5)
    made.line()
    *chosen, waits = made.applications
    for one, outcome in (*((one, "seat") for one in chosen), (waits, "alternate")):
        reviews.decide(application=one, outcome=outcome, reasons="Knows the street.", now=thread.now)
    lotteries.close_selection(call=made.call, reasons="By the rubric.", lang="en", now=thread.now)
    seen = look(thread)
    assert seen.who("A call: ") == set()
    assert seen.who("3 applications to read") == set()
    assert seen.who("Remind who has still to read: ") == set()
    assert seen.who("2 recordings to write down") == set()

    today = local_date(thread.now, pack_of(thread.program))
    soon = {"answer_by": today + timedelta(days=5), "now": thread.now}
    lotteries.make_offers(call=made.call, cohort=care.cohort(thread), **soon)
    vacancy = Vacancy.objects.get()  # of the lead who left
    lotteries.ask_next(alternate=waits.carried.alternate, vacancy=vacancy, **soon)
    seen = look(thread)
    assert seen.who("Fill an empty place") == set()
    assert seen.who("Somebody is asked to fill an empty place") == {"steward"}

    lotteries.decline(application=waits, now=thread.now)
    seen = look(thread)
    assert seen.who("Somebody is asked to fill an empty place") == set()
    assert seen.who("Fill an empty place") == {"steward"}


def test_rows_that_tell_something_else_than_the_record_wait_for_the_coordinator_alone():
    thread = house()
    thread.question()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_standing SET state = 'answered'")
    folded.look_again(program=thread.program, today=thread.today)
    seen = look(thread)
    assert seen.who("Pages do not show what the public log says") == {"steward"}
    assert seen.who("Translate, or review a translation") == {"steward"}

    call_command("record_rebuild")
    folded.look_again(program=thread.program, today=thread.today + timedelta(days=1))
    seen = look(thread)
    assert seen.who("Pages do not show what the public log says") == set()


def test_thank_you_money_that_a_lead_counted_waits_for_a_second_count():
    thread = house()
    pay = Cast(thread)
    pay.budget()
    pay.agree(pay.first)
    given = {"kind": "advance", "what": "thanks", "minutes": None, "session": "library-computers/s1"}
    advance = pay.log(**given, money=usd("500.00"))
    pay.approve(advance)
    pay.run()
    assert look(thread).who("Count the thank-you stubs a second time") == set()

    one = pay.cost(amount="350.00", what="thanks", advance=advance, stubs=14, session="library-computers/s1")
    assert look(thread).who("Count the thank-you stubs a second time") == {"steward"}
    claims.count_again(claim=one, stubs=14, viewer=pay.viewer(), now=pay.now)
    assert look(thread).who("Count the thank-you stubs a second time") == set()


def test_a_session_waits_on_its_day_and_then_for_how_many_came():
    thread = house(3)
    thread.draft_engagement().make_keys().open()
    held = Engagement.objects.get()
    zone = ZoneInfo(pack_of(thread.program).time_zone)
    today = local_date(until_today(thread, 3).now, pack_of(thread.program))
    over, later = (
        listening.save_session(
            engagement=held,
            session=Session(
                "",
                *(
                    datetime.combine(today + timedelta(days=days), hour, zone)
                    for hour in (time(0), time(23, 59))
                ),
            ),
            now=thread.now - timedelta(days=3),
        )
        for days in (-1, 0)
    )
    seen = look(thread)
    assert seen.who("Hold the session: ") == LEADS
    assert seen.who("Say how many came: ") == LEADS

    listening.tell_headcount(engagement=held, session=over.id, people=14, now=thread.now)
    listening.cancel_session(engagement=held, session=later.id, now=thread.now)
    seen = look(thread)
    assert seen.who("Say how many came: ") == set()
    assert seen.who("Hold the session: ") == set()

"""Promise 3, from grammar 5 on: whatever one lead does, for herself or for the leads, stands under her own key; no server enters it for her."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from alongside.cohort.meetings import actions as meetings
from alongside.core.entries import GrammarError
from alongside.core.grammar.versions import KINDS
from alongside.core.ledger.tree import Tree
from alongside.ground.record.acts import Nobody, signed_by
from alongside.ground.record.models import LogEntry
from alongside.site.demo.workplans import propose_plan
from alongside.work.engagements import actions as engagements
from alongside.work.projects import actions as projects
from tests.cohort.seats.cast import meet, write
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_leads_sign_with_their_own_keys import judge, last, shown, signed
from tests.support.thread import Thread
from tests.work.invitations.test_invitations import invited
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
#: Kinds with tests of their own: what is signed in the reader (test_leads_sign_in_the_reader.py), beside the coordinator, and with
#: a bureau (test_the_promise_comes_first.py).
ELSEWHERE = {"key.tested", "record.distrusted", "engagement.promised"}
PROJECT = {"slug": "computers", "title": "Library computers", "summary": "What they keep."}


@dataclass
class Scene:
    """A page that a lead presses at the end of a scene, and what its form holds."""

    path: str
    form: dict[str, str] = field(default_factory=dict)


def on_a_project(thread: Thread, *, works: bool) -> str:
    """Register a project, on which the first lead works or does not; give its page."""
    thread.project = thread.register_project(**PROJECT)
    if works:
        projects.join_project(project=thread.project, seat=thread.first_lead.public_id, now=thread.now)
    return f"{BASE}/projects/computers/leads/"


def joins(thread: Thread) -> Scene:
    return Scene(on_a_project(thread.later(AGO), works=False))


def leaves(thread: Thread) -> Scene:
    return Scene(on_a_project(thread.later(AGO), works=True), {"leave": "1"})


def judges_a_project(thread: Thread) -> Scene:
    on_a_project(thread, works=True)
    thread.later(AGO)
    return Scene(
        f"{BASE}/partners/projects/computers/level/",
        {"level": "iap2/involve", "words": "We were asked early."},
    )


def judges_a_plan(thread: Thread) -> Scene:
    Plan(thread=thread).in_force()
    thread.later(AGO)
    return Scene(
        f"{BASE}/partners/workplans/libraries/level/", {"level": "iap2/involve", "words": "We met each week."}
    )


def proposes(thread: Thread) -> Scene:
    Plan(thread=thread.later(AGO)).fill()
    return to_sign_a_plan(thread)


def to_sign_a_plan(thread: Thread) -> Scene:
    """Give the page on which a lead signs a plan, with what it has her confirm."""
    path = f"{BASE}/workplans/libraries/sign/"
    page = as_(thread.first_lead.person).get(path).content.decode()
    (form,) = [one for one in page.split("<form")[1:] if 'name="read"' in one]
    fields = dict(re.findall(r'name="(version|read)" value="([^"]*)"', form))
    return Scene(path, fields | {"sure": "on"})


def signs(thread: Thread) -> Scene:
    plan = Plan(thread=thread.later(AGO)).fill()
    propose_plan(plan=plan.row, actor=plan.manager, now=thread.now)
    return to_sign_a_plan(thread)


def tells_progress(thread: Thread) -> Scene:
    plan = Plan(thread=thread.later(AGO))
    plan.in_force()
    said = {"completion": "limited", "on": thread.now.date().isoformat(), "evidence": "One library of three."}
    return Scene(f"{BASE}/workplans/libraries/progress/{plan.first('activity')}/", said)


def takes(thread: Thread) -> Scene:
    invited(thread.later(AGO))
    return Scene(f"{BASE}/invitations/counters/take/")


def declines(thread: Thread) -> Scene:
    invited(thread.later(AGO))
    return Scene(f"{BASE}/invitations/counters/decline/", {"words": "We have no time."})


def opened(thread: Thread) -> str:
    """Open an engagement; give the page that pauses it."""
    thread.draft_engagement().make_keys().open()
    return f"{BASE}/engagements/library-computers/pause/"


def pauses(thread: Thread) -> Scene:
    return Scene(opened(thread.later(AGO)), {"ground": "A flood."})


def resumes(thread: Thread) -> Scene:
    path = opened(thread.later(AGO))
    lead = thread.first_lead.public_id
    engagements.pause(engagement=thread.engagement, ground="A flood.", by=lead, now=thread.now)
    return Scene(path, {"resume": "1"})


def closes(thread: Thread) -> Scene:
    opened(thread.later(AGO - 40))
    thread.later(40).end_intake()
    thread.report()
    return Scene(f"{BASE}/reports/{thread.promise}/write/", {"close": "1"})


def declares(thread: Thread) -> Scene:
    thread.later(AGO)
    return Scene(f"{BASE}/seat/job/", {"works_for": "streets-and-signals", "paid_by": "outside"})


def publishes(thread: Thread) -> Scene:
    meet(thread.later(AGO))
    said = {"minutes": "We spoke.", "decisions": "One.\n\nTwo.", "minority": "", "people": "14"}
    return Scene(f"{BASE}/meetings/first/minutes/", said | {"publish": "1"})


def published(thread: Thread) -> None:
    """Let the second lead publish minutes."""
    draft = write(thread, meet(thread))
    meetings.publish_minutes(draft=draft, seat=thread.second_lead, now=thread.now)


def says_beside(thread: Thread) -> Scene:
    published(thread.later(AGO))
    return Scene(f"{BASE}/meetings/first/position/", {"words": "We meet on Fridays."})


def confirms(thread: Thread) -> Scene:
    published(thread.later(AGO))
    return Scene(f"{BASE}/meetings/first/confirm/")


AGO = 100
DOES: dict[str, Callable[[Thread], Scene]] = {
    "project.joined": joins,
    "project.left": leaves,
    "project.assessed": judges_a_project,
    "workplan.assessed": judges_a_plan,
    "workplan.proposed": proposes,
    "workplan.signed": signs,
    "workplan.progressed": tells_progress,
    "invitation.taken": takes,
    "invitation.declined": declines,
    "engagement.paused": pauses,
    "engagement.resumed": resumes,
    "engagement.closed": closes,
    "seat.declared": declares,
    "meeting.held": publishes,
    "meeting.dissented": says_beside,
    "meeting.confirmed": confirms,
}


@pytest.fixture
def thread(db) -> Thread:
    """Give a program of some months, in which two leads have keys."""
    return Thread(now=today() - timedelta(days=AGO)).open_program().found_keys()


def press(thread: Thread, path: str, form: dict[str, str]):
    """Send a form as the first lead's browser does, where nothing signs for her but what the form holds."""
    with signed_by(Nobody()):
        sent = urlencode(form)
        return as_(thread.first_lead.person).post(
            path, sent, content_type="application/x-www-form-urlencoded"
        )


def test_each_kind_of_grammar_5_that_one_lead_enters_is_pressed_here():
    alone = {name for name, kind in KINDS.items() if kind.signed == 5 and not kind.apart}
    assert set(DOES) == alone - ELSEWHERE


@pytest.mark.parametrize("kind", DOES)
def test_what_one_lead_does_waits_for_her_key_and_nobody_forges_it(thread, kind):
    scene = DOES[kind](thread)
    before = LogEntry.objects.count()
    answer = press(thread, scene.path, scene.form)
    assert (answer.status_code, LogEntry.objects.count()) == (200, before)
    fields, told = shown(answer)
    assert [one["kind"] for one in json.loads(told["act"])["drafts"]] == [kind]

    by_another = {**fields, "signed": signed(thread, told, ring=thread.second_lead.public_id)}
    assert press(thread, scene.path, by_another).status_code == 200
    assert LogEntry.objects.count() == before

    assert press(thread, scene.path, {**fields, "signed": signed(thread, told)}).status_code == 302
    entry, seat = last(thread), thread.first_lead.public_id
    assert (entry["kind"], entry["by"], list(entry["act"]["sigs"])) == (kind, [seat], [seat])
    judge(thread)
    with pytest.raises(GrammarError, match=f"lacks the signature of {seat}"):
        judge(thread, lambda one: one.pop("act"))
    with pytest.raises(GrammarError, match="does not stand under this act"):
        judge(thread, lambda one: one["act"].update(nonce="0" * 32))


#: What a lead says, and how she says otherwise on the same page.
OTHERWISE = {
    "project.joined": {"leave": "1"},
    "seat.declared": {"works_for": "nobody", "paid_by": "outside"},
    "engagement.paused": {"resume": "1"},
    "workplan.progressed": {"completion": "substantial", "evidence": "Two libraries of three."},
}


@pytest.mark.parametrize("kind", OTHERWISE)
def test_what_she_signed_before_her_later_word_is_entered_by_nobody(thread, kind):
    scene = DOES[kind](thread)
    before = list(thread.entries())
    fields, told = shown(press(thread, scene.path, scene.form))
    assert press(thread, scene.path, {**fields, "signed": signed(thread, told)}).status_code == 302
    said = list(thread.entries())

    old = {"size": len(before), "root": Tree(before).root(len(before)).hex()}
    fields, told = shown(press(thread, scene.path, scene.form | OTHERWISE[kind]))
    again = press(thread, scene.path, {**fields, "signed": signed(thread, told, **old)})
    assert "Something changed since you signed" in again.content.decode()
    assert list(thread.entries()) == said

    assert press(thread, scene.path, {**fields, "signed": signed(thread, told)}).status_code == 302
    assert len(list(thread.entries())) == len(said) + 1
    with pytest.raises(GrammarError, match="what changed the same before"):
        judge(thread, lambda one: one["act"].update(sigs=json.loads(signed(thread, told, **old))))

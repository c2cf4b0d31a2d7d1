"""Promise 6: a workplan is in force only as a version both parties signed, and a one-sided change shows as one."""

import hashlib
import json
from datetime import timedelta

import pytest

from alongside.cohort.seats import actions as seats
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.refusals import Refused
from alongside.core.workflow.workplans import standing_of
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.models import LogEntry, PublicText
from alongside.work.workplans import actions
from alongside.work.workplans.actions import hash_of
from alongside.work.workplans.models import PlanUpdate, Workplan
from alongside.work.workplans.queries import snapshot
from tests.promises.attempts import (
    BASE,
    NOT_FOR_YOU,
    accepted,
    as_,
    is_caught,
    size,
    taken_by_sql,
    today,
    without_rule,
)
from tests.support.thread import Thread
from tests.work.workplans.cast import ACTIVITY, Plan

pytestmark = pytest.mark.django_db

PAGE = f"{BASE}/workplans/libraries/"
SIGN = f"{PAGE}sign/"
FORCE = "In force: both sides signed"
CHANGED = "Changed by one side only"


def planned(**more) -> Plan:
    return Plan(now=today(), **more).fill()


def strangers(plan):
    """Name those who are no party: another unit's office, a seat of another cohort, the steward."""
    other = (
        Office.objects.exclude(unit=plan.thread.unit).filter(unit__program=plan.program, signs=True).first()
    )
    today = plan.thread.now.date()
    cohort = plan.thread.seat_cohort("second", today, today + timedelta(days=300))
    seat = plan.thread.seat("fourth", cohort)
    return {
        "another bureau": other.public_id,
        "another cohort": seat.public_id,
        "the program coordinator": "steward",
    }


def version(plan, *, by, number=1, before=(), **data):
    """Give a version's entry as someone might write it past our actions."""
    says = snapshot(plan.row, plan.draft)
    whole = {
        "workplan": "libraries",
        "cohort": "first",
        "units": [plan.thread.unit.slug],
        "version": number,
        "questions": [one["id"] for one in says["rows"]["question"]],
        "activities": [one["id"] for one in says["rows"]["activity"]],
    }
    texts = {"title": Text("en", "Plan"), "plan": Text("en", canonical(says).decode())}
    cites = {"before": list(before)}
    return Draft(kind="workplan.proposed", by=by, data=whole | data, cites=cites, texts=texts)


def signature(entry, *, by, plan=None, index=None):
    data = {"workplan": entry.data["workplan"], "plan": plan or entry.texts["plan"]["sha256"]}
    return Draft(kind="workplan.signed", by=by, data=data, cites={"version": [index or entry.index]})


def enter(plan, draft):
    return append(program=plan.program, drafts=[draft], now=plan.thread.now)[0]


def in_force(plan):
    """Give the number of the version in force by the record alone, or None."""
    found = standing_of(
        one for one in map(parse, range(size()), plan.thread.entries()) if one.kind.startswith("workplan.")
    ).in_force
    return found.proposed.data["version"] if found else None


def seen(person=None) -> dict[str, bool]:
    """Say what the public page tells: that a version is in force, and that one side changed it."""
    page = as_(person).get(PAGE)
    text = page.content.decode() if page.status_code == 200 else ""
    return {"force": FORCE in text, "changed": CHANGED in text}


def test_both_signatures_bring_a_version_in_force(db):
    plan = planned()
    entry = plan.propose()
    assert in_force(plan) is None
    plan.sign(entry)
    assert in_force(plan) == 1
    assert seen() == {"force": True, "changed": False}
    assert check_log(plan.thread.entries(), origin=plan.thread.program.origin).kinds["workplan.signed"] == 1


def test_one_side_alone_brings_nothing_in_force(db):
    plan = planned()
    for first in ("lead", "manager"):
        plan = plan if first == "lead" else planned_again(plan)
        actor = getattr(plan, first)
        entry = plan.propose(actor)
        second_lead = plan.thread.second_lead.public_id
        same_side = second_lead if first == "lead" else plan.thread.office.public_id
        attempts = {
            "the same again": lambda entry=entry, actor=actor: enter(plan, signature(entry, by=[actor])),
            "another of the same side": lambda entry=entry, one=same_side: enter(
                plan, signature(entry, by=[one])
            ),
            "both names by one side": lambda entry=entry: enter(
                plan, signature(entry, by=[plan.lead, plan.manager])
            ),
        }
        assert accepted(attempts) == []
        assert in_force_of(plan, plan.row.slug) is None


def planned_again(plan) -> Plan:
    """Begin one more plan of the same program."""
    plan.row = actions.begin_plan(
        program=plan.program,
        slug="plan-manager",
        cohort=plan.row.cohort,
        units=[plan.thread.unit],
        lang="en",
        on=plan.thread.now.date(),
    )
    return plan.fill()


def in_force_of(plan, slug):
    entries = map(parse, range(size()), plan.thread.entries())
    return standing_of(one for one in entries if one.data.get("workplan") == slug).in_force


def test_no_stranger_signs_in_a_partys_place(db):
    plan = planned()
    entry = plan.propose(plan.manager)
    people = strangers(plan)
    plan.thread.later(31)  # a new seat has a lead's weight by then, and is a stranger still
    attempts = {
        f"{who} signs": lambda one=one: enter(plan, signature(entry, by=[one])) for who, one in people.items()
    }
    attempts |= {
        f"{who} proposes": lambda one=one: enter(
            plan, version(plan, by=[one], number=2, before=[entry.index])
        )
        for who, one in people.items()
    }
    attempts |= {f"{who} by the action": lambda one=one: plan.sign(entry, one) for who, one in people.items()}
    assert accepted(attempts, Refused) == []
    assert in_force(plan) is None


def test_a_signature_over_another_hash_is_refused_by_the_record(db):
    plan = planned()
    entry = plan.propose()
    attempts = {
        "another hash": lambda: enter(plan, signature(entry, by=[plan.manager], plan="ab" * 32)),
        "the hash of the words without their salt": lambda: enter(
            plan, signature(entry, by=[plan.manager], plan=hash_of(snapshot(plan.row, plan.draft)))
        ),
    }
    assert accepted(attempts) == []
    assert in_force(plan) is None


def test_two_signatures_over_two_texts_bring_neither_in_force(db):
    plan = planned()
    first = plan.propose(plan.lead)
    plan.write(activity_what="Something else")
    second = plan.propose(plan.manager)
    assert in_force(plan) is None
    attempts = {"the manager signs the old text": lambda: enter(plan, signature(first, by=[plan.manager]))}
    assert accepted(attempts) == []
    enter(plan, signature(second, by=[plan.lead]))
    assert in_force(plan) == 2


def test_an_older_version_cannot_be_signed_once_a_newer_one_stands(db):
    plan = planned()
    first = plan.propose(plan.lead)
    plan.write(goal_words="Another goal").propose(plan.lead)
    assert accepted({"the old one": lambda: enter(plan, signature(first, by=[plan.manager]))}) == []


def test_a_version_cannot_drop_the_side_that_would_say_no(db):
    plan = planned(units=2)
    other = next(one for one in plan.row.units.all() if one.slug != plan.thread.unit.slug)
    second = Office.objects.select_related("unit").get(unit=other, signs=True).public_id
    entry = plan.propose()
    plan.sign(entry)
    assert in_force(plan) is None
    plan.sign(entry, second)
    assert in_force(plan) == 1
    both = sorted([other.slug, plan.thread.unit.slug])
    attempts = {
        "without the other bureau": lambda: enter(
            plan, version(plan, by=[plan.lead], number=2, before=[entry.index], units=[plan.thread.unit.slug])
        ),
        "with another cohort": lambda: enter(
            plan, version(plan, by=[plan.lead], number=2, before=[entry.index], units=both, cohort="second")
        ),
        "a bureau twice": lambda: enter(
            plan, version(plan, by=[plan.lead], units=[plan.thread.unit.slug] * 2, workplan="fresh")
        ),
    }
    assert accepted(attempts) == []


def test_a_unit_that_calls_itself_the_community_signs_for_nobody(db):
    plan = planned()
    attempts = {
        "community as a bureau": lambda: enter(
            plan, version(plan, by=[plan.lead], workplan="fresh", units=["community"])
        ),
    }
    assert accepted(attempts) == []


def test_versions_count_on_and_cite_the_one_before(db):
    plan = planned()
    entry = plan.propose()
    attempts = {
        "the same number again": lambda: enter(
            plan, version(plan, by=[plan.lead], number=1, before=[entry.index])
        ),
        "a number left out": lambda: enter(
            plan, version(plan, by=[plan.lead], number=3, before=[entry.index])
        ),
        "without the one before": lambda: enter(plan, version(plan, by=[plan.lead], number=2)),
    }
    assert accepted(attempts) == []


def test_who_left_the_seat_signs_nothing(db):
    plan = planned()
    entry = plan.propose(plan.manager)
    plan.thread.enter("seat.left", [plan.lead], {"seat": plan.lead})
    assert accepted({"a place that was left": lambda: enter(plan, signature(entry, by=[plan.lead]))}) == []


def test_a_lead_who_gave_notice_for_a_later_day_signs_a_plan_until_then(db):
    plan = planned()
    seat, on = plan.thread.first_lead, plan.thread.now.date() + timedelta(days=30)
    seats.leave_seat(seat=seat, on=on, reason="", now=plan.thread.now)
    version = plan.propose()
    plan.sign(version)
    assert in_force(plan) == 1
    plan.thread.later(30)
    plan.write(activity_what="Read one more record aloud")
    attempts = {"on the day": plan.propose}
    assert accepted(attempts, Refused) == []


def test_no_action_signs_words_that_were_not_read(db):
    plan = planned()
    read = hash_of(snapshot(plan.row, plan.draft))
    plan.write(activity_what="Changed meanwhile")
    attempts = {
        "a draft that changed": lambda: actions.propose(
            plan=plan.row, actor=plan.lead, read=read, now=plan.thread.now
        ),
    }
    assert accepted(attempts, Refused) == []
    entry = plan.propose()
    plan.write(activity_what="Changed again").propose()
    assert accepted({"a version that was replaced": lambda: plan.sign(entry)}, Refused) == []


def test_a_plan_that_lacks_its_parts_is_signed_by_nobody(db):
    plan = Plan(now=today())
    assert accepted({"an empty plan": lambda: plan.propose()}, Refused) == []


def test_no_form_brings_a_plan_in_force_for_one_side(db):
    plan = planned()
    entry = plan.propose()
    before = size()
    sent = {"read": entry.texts["plan"]["sha256"], "version": entry.index, "sure": "on"}
    person = make_person(email="other.unit@riverbend.example")
    other = (
        Office.objects.exclude(unit=plan.thread.unit).filter(unit__program=plan.program, signs=True).first()
    )
    give_office(person=person, program=plan.program, office=other.public_id, from_date=plan.thread.now.date())
    assert as_(plan.thread.first_lead.person).post(SIGN, sent).status_code == 200
    assert as_(plan.thread.second_lead.person).post(SIGN, sent).status_code == 200
    assert as_(plan.thread.staff).post(SIGN, sent).status_code == 200  # works for the unit, signs for nobody
    assert as_(plan.thread.steward).post(SIGN, sent).status_code in NOT_FOR_YOU
    assert as_(person).post(SIGN, sent).status_code in NOT_FOR_YOU
    assert as_(None).post(SIGN, sent).status_code in NOT_FOR_YOU
    assert (size(), in_force(plan)) == (before, None)


def test_a_one_sided_change_shows_as_one_and_leaves_what_is_in_force(db):
    plan = planned()
    plan.sign(plan.propose())
    plan.write(activity_what="The City decides alone").propose(plan.manager)
    assert in_force(plan) == 1
    assert seen() == {"force": True, "changed": True}
    page = as_(None).get(PAGE).content.decode()
    assert f"<b>{ACTIVITY}</b>" in page
    line = LogEntry.objects.order_by("-index").first()
    entry = as_(None).get(f"{BASE}/record/{line.index}/").content.decode()
    assert "A workplan that one side signed" in entry


def test_a_draft_changes_nothing_that_is_in_force(db):
    plan = planned()
    plan.sign(plan.propose())
    before = as_(None).get(PAGE).content
    plan.write(activity_what="Only typed")
    assert as_(None).get(PAGE).content == before


def test_progress_is_told_only_of_what_both_signed(db):
    plan = planned()
    entry = plan.propose()
    row = plan.first("activity")
    data = {
        "workplan": "libraries",
        "activity": row,
        "completion": "complete",
        "on": today().date().isoformat(),
    }
    shown = {"evidence": Text("en", "A list.")}

    def tell(by=plan.lead, texts=shown, **other):
        draft = Draft("workplan.progressed", [by], data | other, {"version": [entry.index]}, texts)
        return lambda: enter(plan, draft)

    assert accepted({"before both signed": tell()}) == []
    plan.sign(entry)
    ahead = (today() + timedelta(days=3)).date().isoformat()
    attempts = {
        "an activity that is not in it": tell(activity="activity-00000000"),
        "without anything that shows it": tell(texts={}),
        "a percentage": tell(completion="80"),
        "of a day to come": tell(on=ahead),
        "by the program coordinator": tell(by="steward"),
    }
    assert accepted(attempts) == []
    assert tell()().kind == "workplan.progressed"


def test_no_sql_brings_a_plan_in_force_or_changes_one(both_databases):
    plan = planned()
    entry = plan.propose()
    where = f'WHERE "index" = {entry.index}'
    assert (
        taken_by_sql(
            [
                f"UPDATE record_logentry SET kind = 'workplan.signed' {where}",
                f"UPDATE record_logentry SET raw = raw {where}",
                f"DELETE FROM record_logentry {where}",
                "UPDATE record_publictext SET words = 'The City decides alone'",
                "DELETE FROM record_publictext",
            ]
        )
        == []
    )
    assert in_force(plan) is None


def test_a_draft_that_is_changed_by_sql_is_not_what_is_in_force(db):
    plan = planned()
    plan.sign(plan.propose())
    before = as_(None).get(PAGE).content
    PlanUpdate.objects.all().delete()
    Workplan.objects.update(slug="other", lang="es")
    assert as_(None).get(PAGE).content == before


def test_what_is_signed_is_exactly_what_the_draft_said(db):
    plan = planned()
    entry = plan.propose()
    kept = PublicText.objects.get(entry=entry.index, name="plan")
    assert json.loads(kept.words) == snapshot(plan.row, plan.draft)
    salted = hashlib.sha256(bytes(kept.salt) + kept.words.encode()).hexdigest()
    assert salted == entry.texts["plan"]["sha256"]


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        (
            "workplan.signed",
            "is_the_other_side",
            test_one_side_alone_brings_nothing_in_force,
            "the same again",
        ),
        (
            "workplan.signed",
            "is_by_one_party",
            test_no_stranger_signs_in_a_partys_place,
            "another cohort signs",
        ),
        (
            "workplan.signed",
            "signs_the_same_text",
            test_a_signature_over_another_hash_is_refused_by_the_record,
            "another hash",
        ),
        (
            "workplan.signed",
            "signs_the_latest",
            test_an_older_version_cannot_be_signed_once_a_newer_one_stands,
            "the old one",
        ),
        (
            "workplan.proposed",
            "is_by_one_party",
            test_no_stranger_signs_in_a_partys_place,
            "another bureau proposes",
        ),
        (
            "workplan.proposed",
            "keeps_its_parties",
            test_a_version_cannot_drop_the_side_that_would_say_no,
            "without the other bureau",
        ),
        (
            "workplan.proposed",
            "counts_on",
            test_versions_count_on_and_cite_the_one_before,
            "the same number again",
        ),
        (
            "workplan.progressed",
            "is_an_activity_in_force",
            test_progress_is_told_only_of_what_both_signed,
            "before both signed",
        ),
        (
            "workplan.progressed",
            "shows_how_far",
            test_progress_is_told_only_of_what_both_signed,
            "without anything that shows it",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)


def test_a_planted_violation_in_the_action_is_caught(db, monkeypatch):
    class Read:  # whatever was read, it is what stands there
        def __eq__(self, _other):
            return True

    monkeypatch.setattr("alongside.work.workplans.actions.hash_of", lambda _says: Read())
    is_caught("a draft that changed", test_no_action_signs_words_that_were_not_read, None)


def test_a_planted_violation_in_the_fold_is_caught(db, monkeypatch):
    monkeypatch.setattr("alongside.core.workflow.workplans.Version.is_complete", property(lambda _one: True))
    is_caught("Version(proposed=", test_one_side_alone_brings_nothing_in_force, None)


@pytest.mark.parametrize("when", ["said in an earlier place", "said since they proposed"])
def test_no_plan_comes_in_force_between_a_bureau_and_a_lead_who_said_that_they_work_for_it(db, when):
    plan = Plan()
    thread = plan.thread
    lead = thread.first_lead
    if when == "said in an earlier place":
        seats.declare_own(seat=lead, works_for=thread.unit.slug, paid_by="outside", now=thread.now)
        thread.later((lead.cohort.until_date - thread.now.date()).days + 1)
        cohort = thread.seat_cohort("second", thread.now.date(), thread.now.date() + timedelta(days=400))
        thread.first_lead = thread.seat(lead.person, cohort)
        plan = Plan(slug="again", thread=thread)
        with pytest.raises(GrammarError, match="works or worked for the other side"):
            plan.fill().propose()
        return
    version = plan.fill().propose(lead.public_id)
    seats.declare_own(seat=lead, works_for=thread.unit.slug, paid_by="outside", now=thread.now)
    with pytest.raises(GrammarError, match="works or worked for the other side"):
        plan.sign(version)


def test_a_job_that_a_lead_said_in_another_place_since_the_plan_was_begun_keeps_them_from_every_version(db):
    thread = Thread(now=today() - timedelta(days=150)).open_program()
    first = thread.now.date()
    lead = thread.second_lead
    cohort = thread.seat_cohort("second", first, first + timedelta(days=500))
    friend = thread.seat("friend", cohort)
    plan = Plan(thread=thread)
    plan.lead = friend.public_id
    thread.later(31)
    plan.sign(plan.fill().propose(friend.public_id))
    seats.declare_own(seat=lead, works_for=thread.unit.slug, paid_by="outside", now=thread.later(1).now)
    seats.leave_seat(seat=lead, on=thread.now.date(), reason="", now=thread.now)
    again = thread.later(1).seat(lead.person, cohort, from_date=thread.now.date())
    seats.declare_own(seat=again, works_for="nobody", paid_by="outside", now=thread.later(31).now)
    plan.write(plan_title="Another title")
    later = plan.propose(plan.manager)

    with pytest.raises(GrammarError, match="works or worked for the other side"):
        plan.sign(later, again.public_id)
    assert plan.sign(later, friend.public_id)

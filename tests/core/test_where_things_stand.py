"""Where a thing stands follows from its days and from what was said of it, and from nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow import consultations, invitations, pay
from alongside.core.workflow.calls import CallStage
from alongside.core.workflow.commitments import (
    KEPT,
    Completion,
    MilestoneStanding,
    fold_milestone,
)
from alongside.core.workflow.consultations import ConsultationStage
from alongside.core.workflow.engagements import EngagementState, kept_until_at_most
from alongside.core.workflow.invitations import InvitationStage
from alongside.core.workflow.open_steps import LEADS
from alongside.core.workflow.pay import ClaimStage

DAY = date(2026, 3, 1)
days = st.integers(-400, 400).map(lambda one: DAY + timedelta(days=one))


def made(kind: str, data: dict[str, str], on: date = DAY) -> Entry:
    return Entry(7, kind, on, "city", ("parks/director",), data, {}, {}, 2)


@given(days, days, days, days, st.booleans(), st.booleans())
def test_a_call_goes_from_one_stage_to_the_next_and_never_back(one, two, three, today, was, became):
    opens, closes, decides = sorted((one, two, three))
    call, order = {"opens": opens, "closes": closes, "decides": decides}, list(CallStage)
    now = CallStage.on(today, **call, is_decided=was)
    later = CallStage.on(today + timedelta(days=1), **call, is_decided=was or became)
    assert order.index(now) <= order.index(later)
    assert (now == CallStage.OPEN) == (opens <= today <= closes)
    assert (now == CallStage.LATE) == (today > decides and not was)
    assert (now == CallStage.OVER) == (today > closes and was)


@given(st.sets(st.sampled_from([*invitations.ANSWERS, EntryKind.INVITATION_UNANSWERED])), days)
def test_an_invitation_waits_until_its_day_or_an_answer_and_is_open_until_somebody_takes_it(said, today):
    invitation = made(EntryKind.INVITATION_MADE, {"answer_by": DAY.isoformat()})
    stage = invitations.stage_of(invitation, said, today)
    answered = said & set(invitations.ANSWERS)
    assert (stage == InvitationStage.WAITS) == (not answered and today <= DAY)
    assert (stage == InvitationStage.OVER) == (not answered and today > DAY)
    assert stage.may_be_taken == (not said & {EntryKind.INVITATION_TAKEN, EntryKind.INVITATION_WITHDRAWN})


@given(st.sets(st.sampled_from(["advice.published", "consultation.withdrawn", "material.entered"])), days)
def test_leads_are_to_advise_until_they_did_or_the_unit_took_it_back_also_after_the_day(said, today):
    brief = made(EntryKind.CONSULTATION_OPENED, {"advice_by": DAY.isoformat()})
    stage = consultations.stage_of(brief, said, today)
    assert stage.waits_for_advice == (not said & {"advice.published", "consultation.withdrawn"})
    assert (stage == ConsultationStage.LATE) == (stage.waits_for_advice and today > DAY)


def test_every_key_that_is_to_be_destroyed_is_among_those_that_are_looked_for():
    promise = made(EntryKind.ENGAGEMENT_PROMISED, {})
    near = [DAY + timedelta(days=one) for one in range(-9, 10)]
    for closes, kept in product(near, near):
        course = EngagementState(promise, closes, closes, None, kept_until=kept)
        is_due = kept <= kept_until_at_most(DAY) and closes < DAY
        assert course.is_to_be_destroyed(DAY) == is_due, (closes, kept)


def test_money_is_owed_for_a_claim_until_it_arrived_or_the_claim_was_dropped():
    for verdict, in_run, under_way, paid in product((None, *pay.VERDICTS), *[(False, True)] * 3):
        stage = pay.stage_of(verdict, is_in_run=in_run, is_under_way=under_way, is_paid=paid)
        assert stage.is_owed + stage.is_dropped + (stage == ClaimStage.PAID) == 1
        assert stage.is_dropped == (not in_run and verdict in {"sent-back", "taken-back"})
        assert (stage == ClaimStage.PAID) == (in_run and not under_way and paid)


@given(st.lists(st.sampled_from(["claimed", *Completion])), days, st.none() | days)
def test_a_milestone_is_late_after_its_day_while_no_claim_of_it_counts(steps, today, quiet):
    standing = MilestoneStanding(5, "counts", 3, "parks/director", DAY, quiet=quiet)
    for step in steps:
        kind = {"claimed": "claimed", **dict.fromkeys(KEPT, "verified")}.get(step, "disputed")
        standing = fold_milestone(standing, made(f"delivery.{kind}", {"completion": step}), 90)
    last = steps[-1] if steps else None
    disputed = last not in {None, "claimed", *KEPT}
    claimed = "claimed" in steps and not disputed
    assert (standing.is_kept, standing.is_disputed) == (last in KEPT, disputed)
    holder = LEADS if standing.is_unchecked else None if standing.is_kept else "parks/director"
    assert (standing.step and standing.step.who) == holder
    assert standing.is_late(today) == (today > DAY and not claimed and (quiet is None or today > quiet))


@given(days, days, st.none() | days)
def test_a_claim_ends_the_days_by_which_a_milestone_is_late_and_undoes_none(claimed, today, quiet):
    owed = MilestoneStanding(5, "counts", 3, "parks/director", DAY, quiet=quiet)
    late = (today - DAY).days if owed.is_late(today) else None
    assert owed.days_late(today) == late
    called_done = replace(owed, claim=6, claimed=claimed)
    kept = replace(called_done, check_entry=7, completion=Completion.COMPLETE, checked=claimed)
    disputed = replace(kept, completion=Completion.LIMITED)
    assert called_done.days_late(today) == kept.days_late(today) == owed.days_late(claimed)
    assert disputed.days_late(today) == late

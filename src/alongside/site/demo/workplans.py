"""Acts of a workplan: its rows are written one by one, and what is signed is what was shown."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from alongside.cohort.seats.models import Cohort
from alongside.core.entries import Entry
from alongside.ground.programs.models import Program, Unit
from alongside.work.projects.models import DecisionPoint
from alongside.work.workplans import actions
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import draft_of, snapshot

#: The field that the words of a row stand in, where it is not `words`.
FIELDS = {"activity": "what", "touch": "why"}


def begin_plan(
    *,
    program: Program,
    cohort: Cohort,
    slug: str,
    unit: Unit,
    decision: DecisionPoint,
    first: date,
    last: date,
    title: str,
    about: str,
    rows: Mapping[str, Sequence[Any]],
    now: datetime,
) -> Workplan:
    """Write a plan; `rows` gives by kind what each row says, or its fields by name."""
    plan = actions.begin_plan(
        program=program, slug=slug, cohort=cohort, units=[unit], lang="en", on=now.date()
    )
    typed = {"plan.title": title, "plan.about": about}
    typed |= {"plan.from": first.isoformat(), "plan.until": last.isoformat()}
    entry, office = str(decision.entry), f"{unit.slug}/manager"
    more = {
        "activity": {"seat": "leads", "office": office, "until": last.isoformat(), "decision": entry},
        "touch": {"entry": entry},
    }
    for kind, said in rows.items():
        there = draft_of(plan).of(kind)
        for place, one in enumerate(said):
            row = there[0] if there and not place else actions.add_row(plan=plan, kind=kind)
            fields = (
                one if isinstance(one, Mapping) else {FIELDS.get(kind, "words"): one, **more.get(kind, {})}
            )
            typed |= {f"{row}.{name}": value for name, value in fields.items()}
    actions.merge_form(plan=plan, base=draft_of(plan).values, typed=typed)
    return plan


def propose_plan(*, plan: Workplan, actor: str, now: datetime) -> Entry:
    """Let a lead sign the plan as it is shown."""
    read = actions.hash_of(snapshot(plan, draft_of(plan)))
    return actions.propose(plan=plan, actor=actor, read=read, now=now)


def sign_plan(*, plan: Workplan, version: Entry, actor: str, now: datetime) -> Entry:
    """Let the other side sign the same version."""
    read = version.texts["plan"]["sha256"]
    return actions.sign(plan=plan, version=version.index, read=read, actor=actor, now=now)


def tell_progress(
    *, plan: Workplan, version: Entry, place: int, completion: str, evidence: str, actor: str, now: datetime
) -> None:
    """Tell how far the activity is that stands at a place of the version in force."""
    actions.tell_progress(
        plan=plan,
        activity=version.data["activities"][place],
        completion=completion,
        on=now.date(),
        evidence=evidence,
        actor=actor,
        now=now,
    )

"""A version of a workplan as a page shows it: its parts in words, its progress, and what answers its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.core.grammar.plan import Version
from alongside.core.merging import Part
from alongside.ground.look.tongues import listed
from alongside.ground.record.queries import Told
from alongside.work.workplans.queries.differences import RowChange, changes_between
from alongside.work.workplans.queries.shape import OFFICES, SEATS
from alongside.work.workplans.queries.versions import PlanShown, Progress, Touched
from alongside.work.workplans.queries.wording import FIELDS, SECTIONS, Naming


@dataclass(frozen=True)
class QuestionShown:
    """A driving question, and the findings, advice and asks that cite it."""

    id: str
    words: str
    answers: Sequence[Told]


@dataclass(frozen=True)
class ActivityShown:
    """An activity with its owners, days and progress, the newest progress first."""

    id: str
    what: str
    owners: Sequence[tuple[str, str]]
    start: str
    until: str
    decision: Touched | None
    #: It ends after the decision that it is for: on its own last day, else on that of the plan.
    is_late: bool
    progress: Sequence[Progress]


@dataclass(frozen=True)
class Sheet:
    """A version with everything named."""

    title: str
    about: str
    start: str
    until: str
    questions: Sequence[QuestionShown]
    goals: Sequence[str]
    activities: Sequence[ActivityShown]
    touches: Sequence[tuple[Touched, str]]
    support: Sequence[Mapping[str, str]]


def sheet_of(
    says: Mapping[str, Any],
    naming: Naming,
    answers: Mapping[str, Sequence[Told]] | None = None,
    progress: Mapping[str, Sequence[Progress]] | None = None,
) -> Sheet:
    """Name everything in a snapshot."""
    rows = says["rows"]
    return Sheet(
        title=says["title"],
        about=says["about"],
        start=says["from"],
        until=says["until"],
        questions=[
            QuestionShown(one["id"], one["words"], (answers or {}).get(one["id"], ()))
            for one in rows["question"]
        ],
        goals=[one["words"] for one in rows["goal"]],
        activities=[_activity(one, says["until"], naming, progress or {}) for one in rows["activity"]],
        touches=[
            (naming.register[one["entry"]], one["why"])
            for one in rows["touch"]
            if one["entry"] in naming.register
        ],
        support=[{**one, "kind": naming.choice("kind", one["kind"])} for one in rows["support"]],
    )


def _activity(
    one: Mapping[str, str], last: str, naming: Naming, progress: Mapping[str, Sequence[Progress]]
) -> ActivityShown:
    decision = naming.register.get(one["decision"])
    decided = decision.on.isoformat() if decision and decision.on else None
    pens = [
        (pen, one.get(name, "")) for pen, names in (("community", SEATS), ("city", OFFICES)) for name in names
    ]
    return ActivityShown(
        id=one["id"],
        what=one["what"],
        owners=[(pen, naming.actor(actor)) for pen, actor in dict.fromkeys(pens) if actor],
        start=one["from"],
        until=one["until"],
        decision=decision,
        is_late=decided is not None and (one["until"] or last) > decided,
        progress=list(progress.get(one["id"], ()))[::-1],
    )


@dataclass(frozen=True)
class FieldTold:
    """A changed field in words: its label, and either its parts word by word or both choices."""

    label: str
    before: str
    after: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class ChangeTold:
    """A changed row in words. `how` is new, gone or changed."""

    how: str
    section: str
    fields: Sequence[FieldTold]


def changes_told(before: Mapping[str, Any], after: Mapping[str, Any], naming: Naming) -> list[ChangeTold]:
    """Tell what changed from one snapshot to another in words."""
    return [_change(one, naming) for one in changes_between(before, after)]


def _change(one: RowChange, naming: Naming) -> ChangeTold:
    fields = [
        FieldTold(
            label=str(FIELDS[one.kind, each.field]),
            before=naming.choice(each.field, each.before),
            after=naming.choice(each.field, each.after),
            parts=each.parts,
        )
        for each in one.fields
    ]
    return ChangeTold(one.how, str(SECTIONS.get(one.kind, "")), fields)


@dataclass(frozen=True)
class SignedBy:
    """A signature on a version: whose pen, who, and the entry that holds it."""

    pen: str
    who: str
    told: Told


def signatures_of(plan: PlanShown, version: Version | None, naming: Naming) -> list[SignedBy]:
    """List who signed a version, in order."""
    entries = version.signed if version else ()
    return [
        SignedBy("community" if one.seats else "city", naming.actor(one.by[0]), plan.told[one.index])
        for one in entries
    ]


@dataclass(frozen=True)
class OneSided:
    """A version that some side has not signed: who changed it, who has not signed, and what it changes."""

    version: Version
    told: Told
    pens: tuple[str, ...]
    by: str
    missing: str
    missing_pens: tuple[str, ...]
    changes: Sequence[ChangeTold]
    is_first: bool


def one_sided_of(plan: PlanShown, naming: Naming) -> OneSided | None:
    """Tell the one-sided change of a plan, or None where both sides stand by the newest version."""
    version = plan.standing.one_sided
    if version is None:
        return None
    before, after = plan.says(plan.standing.in_force), plan.says(version)
    return OneSided(
        version=version,
        told=plan.told[version.proposed.index],
        pens=tuple("community" if one.seats else "city" for one in version.signed),
        by=listed(naming.actor(one) for one in version.signers),
        missing=naming.sides(version.missing),
        missing_pens=tuple("community" if one == "community" else "city" for one in version.missing),
        changes=changes_told(before, after, naming) if before and after else [],
        is_first=before is None,
    )

"""Sign a version of a workplan over its hash, and tell how far an activity is."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as say

from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.plan import Version
from alongside.core.words import has_words
from alongside.ground.programs.models import Office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries.drafting import draft_of, snapshot
from alongside.work.workplans.queries.gaps import gaps_of, told
from alongside.work.workplans.queries.plans import offices_of, seats_of, units_of
from alongside.work.workplans.queries.versions import Touched, register_of, shown_plan


class NotTheirs(ValueError):  # noqa: N818 -- the name is a sentence
    """Someone signs what is not theirs to sign."""


class ChangedSinceRead(ValueError):  # noqa: N818 -- the name is a sentence
    """The words are others than the ones that were read."""


class NotComplete(ValueError):  # noqa: N818 -- the name is a sentence
    """The draft lacks something that a plan needs; `gaps` name it."""

    def __init__(self, gaps: list[str]) -> None:
        self.gaps = gaps
        super().__init__(" ".join(told(gaps)))


class NothingToSign(ValueError):  # noqa: N818 -- the name is a sentence
    """There is nothing that waits for this signature."""


def hash_of(says: Mapping[str, Any]) -> str:
    """Hash a snapshot, so that a form can say which words were read. It is kept nowhere; the record holds a salted one."""
    return hashlib.sha256(canonical(says)).hexdigest()


def refuse_a_stranger(plan: Workplan, actor: str, now: datetime) -> None:
    """Raise NotTheirs unless the actor is a seat of the cohort, or the office that signs for one of the units."""
    unit, _, office = actor.partition("/")
    if office:
        signs = Office.objects.filter(unit__program=plan.program, unit__slug=unit, slug=office, signs=True)
        if unit not in units_of(plan) or not signs.exists():
            raise NotTheirs(
                say("Only the one who signs for a unit of this plan can sign here; ask its manager.")
            )
    elif actor not in [seat.public_id for seat in seats_of(plan, local_date(now, pack_of(plan.program)))]:
        raise NotTheirs(say("Only a lead of the plan's own cohort can sign here; ask one of them."))


@appends("workplan.proposed")
@transaction.atomic
def propose(*, plan: Workplan, actor: str, read: str, now: datetime) -> Entry:
    """Sign the draft as it stands, as a new version. It goes on the record, and waits there for the other side.

    `read` is the hash of the snapshot that the signer read. Raises NotTheirs, ChangedSinceRead, NotComplete,
    NothingToSign or GrammarError.
    """
    Workplan.objects.select_for_update().get(pk=plan.pk)
    refuse_a_stranger(plan, actor, now)
    says = snapshot(plan, draft_of(plan))
    if hash_of(says) != read:
        raise ChangedSinceRead(say("The plan was changed while you read it. Read it again below, then sign."))
    register = register_of(plan.program, plan.lang)
    refuse_if_incomplete(plan, says, register, now)
    shown = shown_plan(plan.program, plan.lang, plan.slug)
    latest = shown.standing.versions[-1] if shown else None
    if shown and latest and is_signed_already(plan, latest, shown.says(latest), says):
        raise NothingToSign(
            say("This version is signed already, and nothing has changed since. Change the draft first.")
        )
    draft = _version(plan, actor, says, latest, register)
    return append(program=plan.program, drafts=[draft], now=now)[0]


def is_signed_already(
    plan: Workplan, latest: Version, says: Mapping[str, Any] | None, draft: Mapping[str, Any]
) -> bool:
    """Say whether the last version says what the draft does, and names the units that can sign it today."""
    return says == draft and latest.proposed.data["units"] == units_of(plan)


def refuse_if_incomplete(
    plan: Workplan, says: Mapping[str, Any], register: Mapping[str, Touched], now: datetime
) -> None:
    """Raise NotComplete where a snapshot lacks what a plan needs."""
    seats = seats_of(plan, local_date(now, pack_of(plan.program)))
    gaps = gaps_of(says, [one.public_id for one in seats], offices_of(plan), register)
    if gaps:
        raise NotComplete(gaps)


def _version(
    plan: Workplan,
    actor: str,
    says: Mapping[str, Any],
    latest: Version | None,
    register: Mapping[str, Touched],
) -> Draft:
    rows = says["rows"]
    touched = {one["entry"] for one in rows["touch"]} | {one["decision"] for one in rows["activity"]} - {""}
    return Draft(
        kind="workplan.proposed",
        by=[actor],
        data={
            "workplan": plan.slug,
            "cohort": plan.cohort.slug,
            "units": units_of(plan),
            "version": latest.proposed.data["version"] + 1 if latest else 1,
            "questions": [one["id"] for one in rows["question"]],
            "activities": [one["id"] for one in rows["activity"]],
        },
        cites={
            "before": [latest.proposed.index] if latest else [],
            "project": sorted(int(one) for one in touched if not register[one].slug),
            "decision": sorted(int(one) for one in touched if register[one].slug),
        },
        texts={"title": Text(plan.lang, says["title"]), "plan": Text(plan.lang, canonical(says).decode())},
    )


@appends("workplan.signed")
@transaction.atomic
def sign(*, plan: Workplan, version: int, read: str, actor: str, now: datetime) -> Entry:
    """Sign the same hash that the other side signed; with every side's signature the version is in force.

    `version` is its entry and `read` the hash in it, as the signer read them. Raises NotTheirs, ChangedSinceRead,
    NothingToSign or GrammarError.
    """
    refuse_a_stranger(plan, actor, now)
    shown = shown_plan(plan.program, plan.lang, plan.slug)
    waiting = shown.standing.one_sided if shown else None
    if waiting is None:
        raise NothingToSign(
            say("No version waits for a signature. Read the plan in force, or change the draft.")
        )
    if (waiting.proposed.index, waiting.proposed.texts["plan"]["sha256"]) != (version, read):
        raise ChangedSinceRead(
            say("A newer version was signed while you read. Read it below, then sign that one.")
        )
    data = {"workplan": plan.slug, "plan": read}
    draft = Draft(kind="workplan.signed", by=[actor], data=data, cites={"version": [version]})
    return append(program=plan.program, drafts=[draft], now=now)[0]


@appends("workplan.progressed")
def tell_progress(
    *, plan: Workplan, activity: str, completion: str, on: date, evidence: str, actor: str, now: datetime
) -> Entry:
    """Tell how far an activity of the plan in force is, in the OGP words, with what shows it. Raises NothingToSign."""
    shown = shown_plan(plan.program, plan.lang, plan.slug)
    version = shown.standing.in_force if shown else None
    if version is None:
        raise NothingToSign(say("No version is in force yet; both sides sign one first."))
    data = {"workplan": plan.slug, "activity": activity, "completion": completion, "on": on.isoformat()}
    draft = Draft(
        kind="workplan.progressed",
        by=[actor],
        data=data,
        cites={"version": [version.proposed.index]},
        texts={"evidence": Text(plan.lang, evidence)} if has_words(evidence) else {},
    )
    return append(program=plan.program, drafts=[draft], now=now)[0]

"""Read sealed drafts, and which findings of an engagement are public."""

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from alongside.chain.findings.models import Attestation, SealedDraft
from alongside.chain.keys.models import Wrap
from alongside.core.kinds import EntryKind
from alongside.ground.gate.presses import is_pressed
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation
from alongside.ground.record.queries import entry_views

#: As many as one finding may stand beside.
MOST_BESIDE = 20


def drafts_of(program: Program, promise: int) -> list[SealedDraft]:
    """List the sealed drafts of an engagement, the last saved first."""
    drafts = SealedDraft.objects.filter(program=program, promise=promise).select_related("seat")
    return list(drafts.order_by("-saved_on", "pk"))


def attested(rows: QuerySet[Attestation]) -> list[Attestation]:
    """List attestations as leads pressed them, the oldest first. One query."""
    return [one for one in rows.select_related("seat").order_by("pk") if is_pressed(one)]


def confirmed_in(program: Program, promise: int) -> dict[uuid.UUID, list[Attestation]]:
    """Give, for each sealed draft, who confirmed which words of it. One query."""
    found: dict[uuid.UUID, list[Attestation]] = {}
    for one in attested(Attestation.objects.filter(program=program, promise=promise).exclude(draft=None)):
        found.setdefault(one.draft_id, []).append(one)  # type: ignore[arg-type]  # a row without a draft is left out
    return found


def promises_to_confirm(program: Program, hashes: Collection[str]) -> dict[str, int]:
    """Give the promise that each finding belongs to, by its hash. One query."""
    rows = Attestation.objects.filter(program=program, finding__in=hashes)
    return dict(rows.values_list("finding", "promise"))


def of_drafts(program: Program) -> QuerySet[Attestation]:
    """Give the attestations of sealed drafts."""
    return Attestation.objects.filter(program=program).exclude(draft=None)


def to_attest(program: Program, seat_id: int) -> set[int]:
    """Give the promises of which a lead can read a small finding that another lead attested. Three queries at most."""
    last = {one.draft_id: one for one in attested(of_drafts(program))}
    waiting = {one.promise for one in last.values() if one.seat_id != seat_id}
    if not waiting:
        return set()
    keys = Wrap.objects.filter(seat=seat_id, key__program=program).values_list("key__entry", flat=True)
    cites = Citation.objects.filter(
        log__program=program, citing__in=waiting, cited__in=list(keys), role="key"
    )
    return set(cites.values_list("citing", flat=True))


def findings_of(program: Program, promise: int, lang: str) -> list[dict[str, int | str]]:
    """List an engagement's public findings, oldest first: the entry and its words; empty where they were taken down. Three queries."""
    cited = Citation.objects.filter(
        log__program=program, cited=promise, kind=EntryKind.FINDING_PUBLISHED, role="engagement"
    )
    entries = cited.order_by("citing").values_list("citing", flat=True)[:MOST_BESIDE]
    found = entry_views(program, entries, lang)
    return [{"entry": index, "words": one.say("statement")} for index, one in found.items()]

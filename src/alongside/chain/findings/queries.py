"""Read sealed drafts, and which findings of an engagement are public."""

from alongside.chain.findings.models import SealedDraft
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation

MOST_BESIDE = 20


def drafts_of(program: Program, promise: int) -> list[SealedDraft]:
    """List the sealed drafts of an engagement, the last saved first."""
    return list(SealedDraft.objects.filter(program=program, promise=promise).order_by("-saved_on", "pk"))


def findings_of(program: Program, promise: int) -> list[int]:
    """List the entries of an engagement's public findings, oldest first, as many as one finding may stand beside."""
    cited = Citation.objects.filter(
        log__program=program, cited=promise, kind="finding.published", role="engagement"
    )
    return list(cited.order_by("citing").values_list("citing", flat=True)[:MOST_BESIDE])

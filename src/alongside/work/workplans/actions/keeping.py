"""Keep drafts small, and know for a short while who is there."""

from datetime import datetime

from django.db import transaction

from alongside.ground.record.declared import appends
from alongside.work.workplans.actions.writing import locked
from alongside.work.workplans.models import PlanUpdate, Presence, Workplan
from alongside.work.workplans.queries.drafting import open_document
from alongside.work.workplans.queries.plans import HERE_FOR


@appends()
@transaction.atomic
def compact(*, plan: Workplan) -> None:
    """Put all updates of a draft into one, at the place of the newest. Who has seen them all misses nothing."""
    held = locked(plan=plan)
    if len(held) < 2:  # noqa: PLR2004 -- one update is as compact as it gets
        return
    whole = open_document(data for _number, data in held).get_update()
    PlanUpdate.objects.filter(plan=plan).delete()
    PlanUpdate.objects.create(plan=plan, number=held[-1][0], data=whole)


@appends()
def be_here(*, plan: Workplan, actor: str, now: datetime) -> None:
    """Note that a seat or an office has the draft open; at most every few seconds."""
    fresh = now - HERE_FOR / 3
    if not Presence.objects.filter(plan=plan, actor=actor, seen_at__gte=fresh).exists():
        Presence.objects.update_or_create(plan=plan, actor=actor, defaults={"seen_at": now})


@appends()
def forget_absent(*, now: datetime) -> None:
    """Forget who is not there any more."""
    Presence.objects.filter(seen_at__lt=now - HERE_FOR).delete()

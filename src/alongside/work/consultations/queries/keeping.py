"""Until when the leads' comments on a consultation are kept: by a class of the pack, and longer while a legal hold stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from alongside.core.clocks import plus_months
from alongside.core.policy import Pack, Retention
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import entries_at, is_under_hold
from alongside.work.consultations.models import CommentsErased, Consultation

MONTHS = 12


@dataclass(frozen=True)
class Keeping:
    """The day on which comments are erased, the class that says so, and whether they are gone or held."""

    rule: Retention | None = None
    until: date | None = None
    is_held: bool = False
    erased: date | None = None


def rule_of(pack: Pack) -> Retention | None:
    """Give the class by which comments are kept; None where the pack names none."""
    return next((one for one in pack.retention if one.id == pack.kept.comments and one.years), None)


def until(rule: Retention, answer_by: date, last: date | None) -> date:
    """Give the day on which comments go: counted from the day of the answers, or of the last comment if that is later."""
    return plus_months(max(answer_by, last or answer_by), MONTHS * (rule.years or 0))


def keeping(consultation: Consultation, pack: Pack, answer_by: date) -> Keeping:
    """Say until when the comments of a consultation are kept. Four queries."""
    rule = rule_of(pack)
    last = consultation.comments.aggregate(last=Max("written_on"))["last"]
    gone = CommentsErased.objects.filter(consultation=consultation).first()
    return Keeping(
        rule=rule,
        until=until(rule, answer_by, last) if rule else None,
        is_held=is_under_hold(consultation.program),
        erased=gone.on if gone and last is None else None,
    )


def to_erase(program: Program, pack: Pack, today: date) -> Iterable[Consultation]:
    """List the consultations whose comments have reached their day; none while a legal hold stands."""
    rule = rule_of(pack)
    if rule is None or is_under_hold(program):
        return []
    rows = Consultation.objects.filter(program=program).annotate(last=Max("comments__written_on"))
    found = list(rows.filter(last__isnull=False).order_by("pk"))
    briefs = entries_at(program, [one.entry for one in found])
    days = {one.pk: date.fromisoformat(briefs[one.entry].data["answer_by"]) for one in found}
    return [one for one in found if until(rule, days[one.pk], one.last) <= today]

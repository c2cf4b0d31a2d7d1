"""Read which units asked for a learning period, and until when those that have one learn."""

from dataclasses import dataclass
from datetime import date

from alongside.core.grammar import parse
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Line
from alongside.ground.record.queries import learning_of


@dataclass(frozen=True)
class Learning:
    """A unit that asked for a learning period; `until` is None while no lead agreed."""

    unit: str
    asked: int
    until: date | None


def learnings(program: Program) -> list[Learning]:
    """List the units that asked for a learning period. Two queries."""
    until = learning_of(program)
    lines = Line.objects.filter(log__program=program, kind="learning.asked").order_by("index")
    found = [parse(one.index, bytes(one.raw)) for one in lines]
    return [Learning(one.data["unit"], one.index, until.get(one.data["unit"])) for one in found]

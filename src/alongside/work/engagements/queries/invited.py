"""What a draft begins with where a unit asked leads for help."""

from typing import Any

from alongside.ground.programs.models import Program
from alongside.work.invitations.queries import Invited
from alongside.work.projects.models import DecisionPoint


def begins_with(program: Program, invited: Invited) -> dict[str, Any]:
    """Give what step 1 begins with where a unit asked leads for help. One query."""
    texts, data = invited.told, invited.told.entry.data
    points = DecisionPoint.objects.filter(project__program=program, project__slug=invited.project)
    point = points.filter(slug=invited.decision).first() if invited.decision else None
    return {
        "title": texts.say("title"),
        "decision": texts.say("decision"),
        "can_change": texts.say("open"),
        "partner": data["office"],
        "point": str(point.pk) if point else "",
        "level": f"{data['level']['framework']}/{data['level']['level']}",
    }

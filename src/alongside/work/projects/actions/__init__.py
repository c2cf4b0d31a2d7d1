"""Put a project on the register, say what it is, date its decisions, work on it, name harm, and bring registers in."""

from alongside.work.projects.actions.deciding import make_decision, move_decision, schedule_decision
from alongside.work.projects.actions.joining import join_project, leave_project, name_harm
from alongside.work.projects.actions.listing import rebuild_listings
from alongside.work.projects.actions.registering import describe_project, register_project

__all__ = [
    "describe_project",
    "join_project",
    "leave_project",
    "make_decision",
    "move_decision",
    "name_harm",
    "rebuild_listings",
    "register_project",
    "schedule_decision",
]

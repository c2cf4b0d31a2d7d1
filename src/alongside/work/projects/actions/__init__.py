"""Put a project on the register, say what it is, date its decisions, work on it, name harm, and bring registers in."""

from alongside.work.projects.actions.bringing import LookAgain, bring_in, list_rows
from alongside.work.projects.actions.deciding import make_decision, move_decision, schedule_decision
from alongside.work.projects.actions.erasing import NothingToErase, erase_row
from alongside.work.projects.actions.finding import find_lines_anew
from alongside.work.projects.actions.joining import join_project, leave_project, name_harm
from alongside.work.projects.actions.listing import rebuild_listings
from alongside.work.projects.actions.looking import look_at_file
from alongside.work.projects.actions.registering import describe_project, register_project
from alongside.work.projects.actions.uploading import (
    AlreadyConfirmed,
    NoRoomForFile,
    drop_file,
    open_register,
    refuse_without_room,
    save_mapping,
    say_yes,
    take_back_yes,
    take_in_file,
)

__all__ = [
    "AlreadyConfirmed",
    "LookAgain",
    "NoRoomForFile",
    "NothingToErase",
    "bring_in",
    "describe_project",
    "drop_file",
    "erase_row",
    "find_lines_anew",
    "join_project",
    "leave_project",
    "list_rows",
    "look_at_file",
    "make_decision",
    "move_decision",
    "name_harm",
    "open_register",
    "rebuild_listings",
    "refuse_without_room",
    "register_project",
    "save_mapping",
    "say_yes",
    "schedule_decision",
    "take_back_yes",
    "take_in_file",
]

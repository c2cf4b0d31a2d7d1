"""Write to the record: append entries, tell a thing once, take a text down, sign, rebuild what is folded."""

from alongside.ground.record.actions.appending import Draft, Here, Text, append, day_of, place_line
from alongside.ground.record.actions.clock import begin_day, confirm_day, tell_fault
from alongside.ground.record.actions.keeping import fill_search, look_again, rebuild, sign_head, tell_once
from alongside.ground.record.actions.once import Entered, append_once
from alongside.ground.record.actions.opening import enter_policy, open_log, terms_of
from alongside.ground.record.actions.returning import go_on_without, note_told, take_back
from alongside.ground.record.actions.wording import (
    erase_text,
    lift_hold,
    place_hold,
    reconstruct,
    renew_pages,
    translate_all,
    translate_text,
)

__all__ = [
    "Draft",
    "Entered",
    "Here",
    "Text",
    "append",
    "append_once",
    "begin_day",
    "confirm_day",
    "day_of",
    "enter_policy",
    "erase_text",
    "fill_search",
    "go_on_without",
    "lift_hold",
    "look_again",
    "note_told",
    "open_log",
    "place_hold",
    "place_line",
    "rebuild",
    "reconstruct",
    "renew_pages",
    "sign_head",
    "take_back",
    "tell_fault",
    "tell_once",
    "terms_of",
    "translate_all",
    "translate_text",
]

"""Begin a workplan, write it together, sign it, and tell how far its activities are."""

from alongside.work.workplans.actions.beginning import begin_plan
from alongside.work.workplans.actions.keeping import be_here, compact, forget_absent
from alongside.work.workplans.actions.signing import (
    ChangedSinceRead,
    NotComplete,
    NothingToSign,
    NotTheirs,
    propose,
    sign,
    tell_progress,
)
from alongside.work.workplans.actions.writing import (
    FieldClash,
    NoSuchRow,
    Taken,
    add_row,
    merge_form,
    put_back,
    take_out,
    take_update,
)

__all__ = [
    "ChangedSinceRead",
    "FieldClash",
    "NoSuchRow",
    "NotComplete",
    "NotTheirs",
    "NothingToSign",
    "Taken",
    "add_row",
    "be_here",
    "begin_plan",
    "compact",
    "forget_absent",
    "merge_form",
    "propose",
    "put_back",
    "sign",
    "take_out",
    "take_update",
    "tell_progress",
]

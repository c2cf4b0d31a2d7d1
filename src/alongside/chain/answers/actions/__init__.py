"""Draft answers, one or many at a time, sign them off; contest one once."""

from alongside.chain.answers.actions.answering import (
    NotAskedOfYou,
    contest,
    join,
    mark_unreasoned,
    refuse_unless_owed_by,
    save_draft,
    send_for_sign_off,
    sign_many,
    sign_off,
)
from alongside.chain.answers.actions.many import send_many
from alongside.chain.answers.actions.wholeness import NotWhole, refuse_unless_whole

__all__ = [
    "NotAskedOfYou",
    "NotWhole",
    "contest",
    "join",
    "mark_unreasoned",
    "refuse_unless_owed_by",
    "refuse_unless_whole",
    "save_draft",
    "send_for_sign_off",
    "send_many",
    "sign_many",
    "sign_off",
]

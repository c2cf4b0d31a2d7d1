"""Take voices in and give them back, publish their marks; make, certify, test, share and destroy the leads' keys."""

from alongside.chain.voices.actions.batches import publish_batches
from alongside.chain.voices.actions.intake import (
    LegalHoldError,
    NotTakenInError,
    count_refusal,
    take_in,
    withdraw,
)
from alongside.chain.voices.actions.keyrings import KeyRefusedError, compare, offer_key, vouch
from alongside.chain.voices.actions.keys import (
    confirm_test,
    destroy_key,
    destroy_key_as_body,
    make_engagement_key,
    share_engagement_key,
    start_test,
)
from alongside.chain.voices.actions.reading import (
    OpenedListError,
    StaleNotesError,
    keep_notes,
    propose_opened,
    set_aside,
    sign_opened,
)
from alongside.chain.voices.actions.sign_in import spend_challenge

__all__ = [
    "KeyRefusedError",
    "LegalHoldError",
    "NotTakenInError",
    "OpenedListError",
    "StaleNotesError",
    "compare",
    "confirm_test",
    "count_refusal",
    "destroy_key",
    "destroy_key_as_body",
    "keep_notes",
    "make_engagement_key",
    "offer_key",
    "propose_opened",
    "publish_batches",
    "set_aside",
    "share_engagement_key",
    "sign_opened",
    "spend_challenge",
    "start_test",
    "take_in",
    "vouch",
    "withdraw",
]

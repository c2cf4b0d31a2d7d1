"""Tables of voices, of the leads' keys, and of reading."""

from alongside.chain.voices.models.keys import (
    CertificationRequest,
    DestructionAsked,
    EngagementKey,
    KeyDestroyed,
    LeadKey,
    SpentChallenge,
    TestOpened,
    TestVoice,
    Vouch,
    Wrap,
)
from alongside.chain.voices.models.reading import OpenedList, OpenedSigned, SealedNote, SetAside
from alongside.chain.voices.models.voices import (
    Batch,
    BatchMark,
    BatchPublished,
    Intake,
    Refusal,
    Voice,
    Withdrawal,
)

__all__ = [
    "Batch",
    "BatchMark",
    "BatchPublished",
    "CertificationRequest",
    "DestructionAsked",
    "EngagementKey",
    "Intake",
    "KeyDestroyed",
    "LeadKey",
    "OpenedList",
    "OpenedSigned",
    "Refusal",
    "SealedNote",
    "SetAside",
    "SpentChallenge",
    "TestOpened",
    "TestVoice",
    "Voice",
    "Vouch",
    "Withdrawal",
    "Wrap",
]

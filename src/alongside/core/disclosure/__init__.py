"""Which counts of people may be published, and when a batch of voices may."""

from alongside.core.disclosure.bands import FEWER, Band, Fewer, band, band_of_data
from alongside.core.disclosure.batches import (
    Batches,
    close,
    closed_batch,
    may_publish_batch,
    plan_batches,
    take,
)

__all__ = [
    "FEWER",
    "Band",
    "Batches",
    "Fewer",
    "band",
    "band_of_data",
    "close",
    "closed_batch",
    "may_publish_batch",
    "plan_batches",
    "take",
]

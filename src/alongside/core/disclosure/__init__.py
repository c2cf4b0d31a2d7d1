"""Which counts of people may be published, and when a batch of voices may."""

from alongside.core.disclosure.bands import FEWER, Band, Fewer, band, band_of_data, is_counted
from alongside.core.disclosure.batches import (
    Batches,
    close,
    closed_batch,
    may_publish_batch,
    plan_batches,
    take,
)
from alongside.core.disclosure.together import beside, counted, is_hidden

__all__ = [
    "FEWER",
    "Band",
    "Batches",
    "Fewer",
    "band",
    "band_of_data",
    "beside",
    "close",
    "closed_batch",
    "counted",
    "is_counted",
    "is_hidden",
    "may_publish_batch",
    "plan_batches",
    "take",
]

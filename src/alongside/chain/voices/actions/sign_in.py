"""Let a reader's answer to a challenge open the door once."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.db import transaction

from alongside.chain.voices.models import SpentChallenge
from alongside.ground.record.declared import appends

KEPT = timedelta(days=2)  # a challenge is good for minutes; days, because nothing finer is kept


@appends()
@transaction.atomic
def spend_challenge(*, challenge: str, now: datetime) -> bool:
    """Use up a challenge that was answered rightly; False where it was used before."""
    sha256 = hashlib.sha256(challenge.encode()).hexdigest()
    today = now.astimezone(UTC).date()
    _row, is_new = SpentChallenge.objects.get_or_create(sha256=sha256, defaults={"spent_on": today})
    SpentChallenge.objects.filter(spent_on__lt=today - KEPT).delete()
    return is_new

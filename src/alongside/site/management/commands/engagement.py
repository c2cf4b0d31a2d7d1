"""Pause an engagement, with the ground on the record, and resume it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from alongside.site.operating import ProgramCommand, program_of
from alongside.work.engagements.actions import pause, resume
from alongside.work.engagements.models import Engagement

SLUG = {"help": "the engagement's slug, as in its address"}


class Command(ProgramCommand):
    """What the operator does to an engagement."""

    help = __doc__ or ""
    words = {
        "pause": (
            "Stop people from speaking.",
            {"slug": SLUG, "ground": {"help": "why; the record tells it"}},
        ),
        "resume": ("Let people speak again.", {"slug": SLUG}),
    }

    def do_pause(self, options: Mapping[str, Any], now: datetime) -> str:
        """Pause; the record tells the ground."""
        pause(engagement=_engagement(options), ground=options["ground"], by="steward", now=now)
        return f"{options['slug']} is paused. The record says so."

    def do_resume(self, options: Mapping[str, Any], now: datetime) -> str:
        """Resume; the record tells it."""
        resume(engagement=_engagement(options), by="steward", now=now)
        return f"{options['slug']} goes on. The record says so."


def _engagement(options: Mapping[str, Any]) -> Engagement:
    """Give the open engagement that the command names."""
    found = Engagement.objects.filter(
        program=program_of(options), slug=options["slug"], promise__isnull=False
    )
    engagement = found.first()
    if engagement is None:
        raise CommandError(
            f"No engagement {options['slug']} is open in this program. Name it as its address does."
        )
    return engagement

"""Builds both programs of the demonstration: one that lives in a made-up city, one from the public record."""

from datetime import datetime

from alongside.site.demo import live, past


def build(*, now: datetime) -> live.Story:
    """Build both programs of the demonstration: one that lives in a made-up city, one from the public record.

    Give the story of the made-up city, with what only its made-up leads know.
    """
    story = live.build(now=now)
    past.build(now=now)
    return story

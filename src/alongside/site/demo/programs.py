"""Builds both programs of the demonstration: one that lives in a made-up city, one from the public record."""

from collections.abc import Callable
from datetime import datetime

from alongside.ground.record.acts import signed_by
from alongside.site.demo import acts, past, translations
from alongside.site.demo.keys import Rings
from alongside.site.demo.packs import in_program_timezone
from alongside.site.demo.player import Days, Player
from alongside.site.demo.story import Story

#: In the order in which they are played on one day.
SCENES = (
    "thread",
    "calls",
    "cohort",
    "workplans",
    "register",
    "questions",
    "consultations",
    "pay",
    "care",
    "training",
    "strategy",
)


def build(*, now: datetime, tell: Callable[[str], object] = str) -> Story:
    """Build both programs of the demonstration: one that lives in a made-up city, one from the public record.

    Give the story of the made-up city, with what only its made-up leads know; `tell` hears what is being built.
    """
    tell("Building the demonstration: half a year of a made-up city, day by day.")
    story = play(now=in_program_timezone(now, "neutral"))
    tell("Building the demonstration: what the public record says of another.")
    past.build(now=now)
    return story


def play(*, now: datetime) -> Story:
    """Walk the made-up city day by day, by the actions that people use, up to where a visitor comes in."""
    story = Story(now.date())
    player = Player(story)
    days = Days(now, at_night=lambda now: translations.translate(program=story.program, now=now))
    for scene in SCENES:
        player.plan(scene, days)
    for ago in range(195, -1, -5):
        days.on(ago, lambda now: acts.tick(program=story.program, now=now))
    with signed_by(Rings(story.keyrings)):
        days.run()
    acts.tick(program=story.program, now=now)
    return story

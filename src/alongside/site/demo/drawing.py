"""A lottery of these days: its list of panels and its rules are on the record, two witnesses are named, the seed is still to come."""

from datetime import datetime

from alongside.cohort.calls.actions import lottery, panels
from alongside.cohort.calls.actions.balancing import save_quotas
from alongside.cohort.calls.actions.calls import publish_call, save_call
from alongside.cohort.calls.queries.balancing import rules_of
from alongside.core.quotas import Quota
from alongside.ground.people.models import Person
from alongside.site.demo import call_words
from alongside.site.demo import selection_words as words
from alongside.site.demo.player import Days
from alongside.site.demo.selection import Selection, by_looking_at_all
from alongside.site.demo.story import Story

BY_DRAW = "by-draw"
SEATS, ALTERNATES = 3, 2
QUOTAS = (Quota("part-of-city", "river-side", 1, 2), Quota("part-of-city", "hill-side", 1, 2))
#: When it opened, closed and is decided, how many days ago; below zero lies ahead. Then the term, and the day of the seed.
WINDOW, TERM, SEED_DAY = (27, 10, -25), (-60, -360), -5


def plan(story: Story, days: Days) -> None:
    """Plan the call that a draw alone decides, up to the day before its seed."""
    life = Drawing(story)
    days.on(27, life.publish)
    days.on(18, life.apply)
    days.on(3, life.announce)


class Drawing(Selection):
    """The lottery that waits for its seed."""

    def publish(self, now: datetime) -> None:
        """Publish a call with a draw for three seats, balanced by the part of the city."""
        made = self.calls.draft(BY_DRAW, WINDOW, TERM, now)
        texts = {lang: {**texts, **words.BY_DRAW[lang]} for lang, texts in made.words.items()}
        rules = {"words": texts, "seats": SEATS, "alternates": ALTERNATES, "selection": "lottery"}
        save_call(call=made, changes=rules, now=now)
        save_quotas(call=made, quotas=QUOTAS, now=now)
        publish_call(call=made, now=now)

    def apply(self, now: datetime) -> None:
        """Let everyone apply who has something to say in the made-up city."""
        others = tuple((name, *said[:2]) for name, _lang, said, _brings in call_words.APPLICANTS)
        for place, said in enumerate((*words.MORE, *others)):
            self.one_applies(BY_DRAW, place, said, now)

    def announce(self, now: datetime) -> None:
        """Make the list of panels, put its root and the rules on the record, and name the same two witnesses."""
        call = self.call(BY_DRAW)
        asked = panels.ask_for_panels(call=call, quotas=rules_of(call), widened="", now=now)
        panels.make_panels(asked=asked, find=by_looking_at_all)
        held = lottery.announce(
            call=call, seed_source=words.SEED["en"], seed_day=self.story.day(SEED_DAY), lang="en", now=now
        )
        self.say(held.entry, "seed_source", words.SEED, now)
        for place, (_called, organization, role) in enumerate(words.WITNESSES, 1):
            person = Person.objects.get(email=f"witness{place}@{self.story.program.slug}.example")
            named = {"organization": organization, "role": role["en"], "lang": "en"}
            lottery.name_witness(lottery=held, person=person, now=now, **named)

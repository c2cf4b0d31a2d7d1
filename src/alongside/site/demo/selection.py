"""How the made-up cohort was chosen, by panel and then by lottery, and a call for one seat that is read in these weeks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations

from alongside.cohort.calls.actions import applying, lottery, panels, reviewing, selection, spreading
from alongside.cohort.calls.actions.balancing import save_balance
from alongside.cohort.calls.actions.calls import publish_call, save_call
from alongside.cohort.calls.models import Application, Call, Invitee, Reading
from alongside.cohort.calls.queries.balancing import rules_of
from alongside.core.quotas import Quota, unmet
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.texts.actions import translate_all
from alongside.site.demo import call_words
from alongside.site.demo import selection_words as words
from alongside.site.demo.calls import PAST, Calls
from alongside.site.demo.player import Days
from alongside.site.demo.story import Story

ONE_SEAT = "one-seat"
#: Which of the past applicants, in the order of their random names, stay below the line, and which the panel turned down.
BELOW, TURNED_DOWN = 1, 2


def plan(story: Story, days: Days) -> None:
    """Plan the selection of the past call, and the reading of the one for a seat that is empty."""
    life = Selection(story)
    days.on(258, life.more_apply)
    days.on(254, life.spread)
    days.on(249, life.read)
    days.on(246, life.decide)
    days.on(244, life.announce)
    days.on(240, life.draw)
    days.on(238, life.attest)
    days.on(232, life.close)
    days.on(30, life.seek_one)
    days.on(4, life.read_one)


def by_looking_at_all(
    facts: panels.Facts, quotas: Sequence[Quota], seats: int, _count: int
) -> list[list[str]]:
    """Find every panel that meets the quotas; the pool of the story is small enough to need no package."""
    return [list(one) for one in combinations(sorted(facts), seats) if not unmet(one, facts, quotas)]


class Selection:
    """The selection of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.calls = Calls(story)

    def call(self, slug: str = PAST) -> Call:
        """Give a call as it is now."""
        return self.calls.call(slug)

    def applications(self, slug: str = PAST) -> list[Application]:
        """List the applications that were sent, by their random names."""
        return list(
            Application.objects.filter(call=self.call(slug), sent__isnull=False).order_by("reference")
        )

    def more_apply(self, now: datetime) -> None:
        """Let more people apply to the past call, so that there is something to draw."""
        for place, said in enumerate(words.MORE):
            self.one_applies(PAST, place, said, now)

    def one_applies(self, slug: str, place: int, said: tuple[str, str, str], now: datetime) -> None:
        """Let a made-up person apply to a call, with a name and two answers."""
        name, first, second = said
        call = self.call(slug)
        made = applying.begin(call=call, lang="en", now=now).application
        contact = {"sender": "person", "name": name, "other": "Leave word at the library desk"}
        applying.save_contact(application=made, values=contact, now=now)
        sought = call.seeks
        applying.save_brings(application=made, sought=sought[place % len(sought) :][:2], now=now)
        answers = (first, second, first)
        for section, answer in zip(call.asked, answers, strict=False):
            applying.save_answer(application=made, section=section, words=answer, seen=0, now=now)
        if call.quotas:
            part = call_words.PARTS[place % len(call_words.PARTS)]
            save_balance(application=made, values={"part-of-city": part}, now=now)
        declared = {"works_for_government": False, "earns_from_it": False, "close_to_staff": False}
        values = {**declared, "organizations": [], "words": ""}
        applying.save_conflicts(application=made, values=values, now=now)
        applying.send(application=made, pack=pack_of(self.story.program), now=now)

    def _invite(self, slug: str, person: "Person", kind: str, now: datetime) -> Invitee:
        return reviewing.invite_reader(
            call=self.call(slug), person=person, kind=kind, organizations=(), now=now
        )

    def spread(self, now: datetime) -> None:
        """Invite two readers from the community and one of staff, and give them what to read."""
        for place, called in enumerate(words.READERS, 1):
            email = f"reader{place}@{self.story.program.slug}.example"
            self._invite(PAST, make_person(email=email, called=called), "community", now)
        self._invite(PAST, self.story.people["libraries-and-halls/staff"], "staff", now)
        spreading.spread(call=self.call(), now=now)

    def read(self, now: datetime) -> None:
        """Let everyone read, and draw the line: one application stays below it."""
        for place, one in enumerate(self.applications()):
            for reading in Reading.objects.filter(application=one).select_related("reader__call__program"):
                self._score(reading, low=place < BELOW, now=now)

    @staticmethod
    def _score(reading: Reading, *, low: bool, now: datetime) -> None:
        given = {
            one["criterion"]: (max(1, one["points"] // 3 if low else one["points"] - 1), words.WHY)
            for one in reading.reader.call.rubric
        }
        reviewing.score(reading=reading, given=given, notes="", now=now)

    def decide(self, now: datetime) -> None:
        """Make the shortlist, and write down what the panel decided."""
        steward = Person.objects.get(email=f"steward@{self.story.program.slug}.example")
        selection.make_shortlist(call=self.call(), share=550, reasons=words.LINE, by=steward, now=now)
        for place, one in enumerate(self.applications()[BELOW:], BELOW + 1):
            outcome = "no" if place == TURNED_DOWN else "lottery"
            selection.decide(application=one, outcome=outcome, reasons=words.PANEL[outcome], now=now)

    def say(self, entry: int, name: str, said: Mapping[str, str], now: datetime) -> None:
        """Add what an entry says in the other languages."""
        by_lang = {lang: {name: text} for lang, text in said.items()}
        translate_all(program=self.story.program, entry=entry, by="steward", words=by_lang, now=now)

    def announce(self, now: datetime) -> None:
        """Put the rules of the lottery on the record, and name two witnesses."""
        call = self.call()
        asked = panels.ask_for_panels(call=call, quotas=rules_of(call), widened="", now=now)
        panels.make_panels(asked=asked, find=by_looking_at_all)
        held = lottery.announce(
            call=self.call(), seed_source=words.SEED["en"], seed_day=self.story.day(241), lang="en", now=now
        )
        self.say(held.entry, "seed_source", words.SEED, now)
        for place, (called, organization, role) in enumerate(words.WITNESSES, 1):
            person = make_person(email=f"witness{place}@{self.story.program.slug}.example", called=called)
            lottery.name_witness(
                lottery=held, person=person, organization=organization, role=role["en"], lang="en", now=now
            )

    def draw(self, now: datetime) -> None:
        """Draw with the numbers that the made-up source gave."""
        lottery.draw_lottery(lottery=self.call().lottery, seed=words.NUMBERS, now=now)

    def attest(self, now: datetime) -> None:
        """Let both witnesses say that they came to the same result."""
        witnesses = self.call().invitees.witnesses().order_by("number")
        for witness, (_called, _organization, role) in zip(witnesses, words.WITNESSES, strict=True):
            made = lottery.attest(witness=witness, agrees=True, now=now)
            self.say(made.entry, "role", role, now)

    def close(self, now: datetime) -> None:
        """End the selection."""
        made = selection.close_selection(call=self.call(), reasons=words.CLOSED["en"], lang="en", now=now)
        self.say(made.entry, "reasons", words.CLOSED, now)

    def seek_one(self, now: datetime) -> None:
        """Publish a call for the seat that is empty; two people apply."""
        made = self.calls.draft(ONE_SEAT, (30, 6, -20), (-30, -150), now)
        texts = {lang: {**texts, **words.ONE_SEAT[lang]} for lang, texts in made.words.items()}
        save_call(call=made, changes={"words": texts, "seats": 1, "alternates": 1}, now=now)
        publish_call(call=made, now=now)
        for place, said in enumerate(words.MORE[:2]):
            self.one_applies(ONE_SEAT, place, said, now)

    def read_one(self, now: datetime) -> None:
        """Give both to a lead and to staff; one of the four readings is done."""
        self._invite(ONE_SEAT, self.story.seats[1].person, "lead", now)
        self._invite(ONE_SEAT, self.story.people["libraries-and-halls/staff"], "staff", now)
        reader = Person.objects.get(email=f"reader1@{self.story.program.slug}.example")
        self._invite(ONE_SEAT, reader, "community", now)
        spreading.spread(call=self.call(ONE_SEAT), now=now)
        first = Reading.objects.filter(reader__call__slug=ONE_SEAT, reader__kind="lead").order_by("pk")[0]
        self._score(first, low=False, now=now)

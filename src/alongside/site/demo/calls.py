"""The calls of the made-up program: the one its cohort came by, and one that is open now, with applications in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from alongside.cohort.calls.actions import applying
from alongside.cohort.calls.actions.assisting import assist, confirm_read_back
from alongside.cohort.calls.actions.balancing import record_advice, save_balance, save_quotas
from alongside.cohort.calls.actions.calls import begin_call, publish_call, save_call, save_part
from alongside.cohort.calls.actions.helping import invite_helper
from alongside.cohort.calls.actions.recordings import save_recording
from alongside.cohort.calls.models import Application, Call
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.site.demo import call_words as words
from alongside.site.demo.player import Days
from alongside.site.demo.story import Story

#: Which applicant answers the last question by voice.
SPEAKS = 1
PAST, OPEN = "first-cohort", "second-cohort"
TERMS: Mapping[str, Any] = {
    "seats": 5,
    "alternates": 2,
    "pay_amount": Decimal("45.00"),
    "pay_currency": "USD",
    "pay_per": "hour",
    "hours_a_month": 20,
    "selection": "panel",
    "budget": Decimal("60000.00"),
    "not_to_exceed": Decimal("12000.00"),
}


def plan(story: Story, days: Days) -> None:
    """Plan the past call before the cohort sat down, and the open one in these weeks."""
    life = Calls(story)
    days.on(299, lambda now: life.publish(PAST, (299, 255, 230), (209, -150), now))
    for place in range(len(words.APPLICANTS)):
        days.on(290 - 5 * place, lambda now, place=place: life.apply(PAST, place, now))  # type: ignore[misc]  # the default binds the place
    days.on(25, life.advise)
    days.on(20, life.draft_next)
    days.on(20, lambda now: life.publish(OPEN, (20, -30, -75), (-160, -460), now))
    for place in (3, 1, 5):
        days.on(15 - place, lambda now, place=place: life.apply(OPEN, place, now))  # type: ignore[misc]  # as above
    days.on(14, life.invite_house)
    days.on(4, life.type_in)
    days.on(4, life.house_types_in)
    days.on(2, life.begin_one)


class Calls:
    """The calls of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def draft(self, slug: str, window: Sequence[int], term: Sequence[int], now: datetime) -> Call:
        """Draft a call. `window` is how many days ago it opens, closes and is decided; `term` when it begins and ends."""
        opens, closes, decides = (self.story.day(ago) for ago in window)
        made = begin_call(
            program=self.story.program,
            slug=slug,
            languages=list(words.CALL),
            words=words.CALL,
            term_from=self.story.day(term[0]),
            term_until=self.story.day(term[1]),
            opens=opens,
            closes=closes,
            decides_by=decides,
            now=now,
            **{**TERMS, "selection": "panel-then-lottery" if slug == PAST else "panel"},
        )
        parts: Mapping[str, Sequence[Mapping[str, Any]]] = {
            "questions": words.QUESTIONS,
            "criteria": words.CRITERIA,
            "sought": words.SOUGHT,
        }
        for part, rows in parts.items():
            save_part(call=made, part=part, rows=rows, now=now)
        if slug == PAST:
            save_quotas(call=made, quotas=words.BALANCE, now=now)
        return made

    def draft_next(self, now: datetime) -> None:
        """Leave a draft that is not published yet: a lottery with quotas, one of them as counsel advised."""
        made = self.draft("third-cohort", (-200, -260, -300), (-400, -700), now)
        save_call(call=made, changes={"selection": "lottery"}, now=now)
        save_quotas(call=made, quotas=[*words.BALANCE, *words.BALANCE_BY_AGE], now=now)

    def advise(self, now: datetime) -> None:
        """Record what counsel advised on quotas by age."""
        record_advice(
            program=self.story.program,
            office=words.COUNSEL["office"],
            lang="en",
            on=self.story.day(26),
            words=words.COUNSEL["words"],
            categories=["age"],
            by=self.steward(),
            now=now,
        )

    def steward(self) -> Person:
        """Give whoever runs the program."""
        return Person.objects.get(email=f"steward@{self.story.program.slug}.example")

    def publish(self, slug: str, window: Sequence[int], term: Sequence[int], now: datetime) -> None:
        """Draft a call and put it on the record."""
        publish_call(call=self.draft(slug, window, term, now), now=now)

    def call(self, slug: str) -> Call:
        """Give a call of the story."""
        return Call.objects.select_related("program").get(program=self.story.program, slug=slug)

    def apply(self, slug: str, place: int, now: datetime) -> None:
        """Let a made-up applicant apply on the site, and send it."""
        made = applying.begin(call=self.call(slug), lang=words.APPLICANTS[place][1], now=now)
        self._fill(made.application, place, now)
        applying.send(application=made.application, pack=pack_of(self.story.program), now=now)

    def _fill(self, application: Application, place: int, now: datetime) -> None:
        name, _lang, said, brings = words.APPLICANTS[place]
        contact = {"sender": "person", "name": name, "other": "Leave word at the library desk"}
        applying.save_contact(application=application, values=contact, now=now)
        applying.save_brings(application=application, sought=[f"sought-{key}" for key in brings], now=now)
        for section, answer in zip(application.call.asked, said, strict=True):
            applying.save_answer(application=application, section=section, words=answer, seen=0, now=now)
        if application.call.slug == PAST:
            part = words.PARTS[place % len(words.PARTS)]
            save_balance(application=application, values={"part-of-city": part}, now=now)
        if application.call.slug == OPEN and place == SPEAKS:
            asked = application.call.asked[len(said) - 1]
            save_recording(application=application, section=asked, content=words.sound(), now=now)
        declared = {"works_for_government": False, "earns_from_it": False, "close_to_staff": False}
        values = {**declared, "organizations": [], "words": ""}
        applying.save_conflicts(application=application, values=values, now=now)

    def type_in(self, now: datetime) -> None:
        """Let a lead type two paper forms in; one was read back, the other still waits for it."""
        lead: Person = self.story.seats[0].person
        for place in (2, 4):
            lang = words.APPLICANTS[place][1]
            made = assist(call=self.call(OPEN), by=lead, came_by="paper", organization="", lang=lang, now=now)
            self._fill(made, place, now)
            if place == 2:  # noqa: PLR2004 -- the first of the two
                confirm_read_back(application=made, by=lead, pack=pack_of(self.story.program), now=now)

    def invite_house(self, now: datetime) -> None:
        """Invite a made-up community organization to type applications in, and someone to write recordings down."""
        for place, (called, does) in enumerate(words.HELPERS, 1):
            person = make_person(email=f"helper{place}@{self.story.program.slug}.example", called=called)
            invite_helper(call=self.call(OPEN), person=person, organization=words.HOUSE, does=[does], now=now)

    def house_types_in(self, now: datetime) -> None:
        """Let the organization begin to type in a call that it took; it is not read back yet."""
        helper = self.call(OPEN).invitees.get(role="types-in")
        assist(
            call=self.call(OPEN),
            by=helper.person,
            came_by="phone",
            organization=words.HOUSE,
            lang="vi",
            now=now,
        )

    def begin_one(self, now: datetime) -> None:
        """Let someone begin and stop half way."""
        made = applying.begin(call=self.call(OPEN), lang="en", now=now)
        section = made.application.call.asked[0]
        words_so_far = "The night shift at the laundry, and"
        applying.save_answer(
            application=made.application, section=section, words=words_so_far, seen=0, now=now
        )

"""The made-up cohort in the middle of its term: a charter all signed, meetings, an empty seat, a profile."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.meetings.models import Held
from alongside.cohort.seats import actions
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries import charter_now
from alongside.core.policy.load import load_pack
from alongside.ground.people.actions import make_person
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.texts.actions import translate_all
from alongside.site.demo import seat_words as words

#: Days ago: the fifth lead left so long ago that the clock has told it.
LEFT = 61


def plan(story: Any, days: Any) -> None:
    """Plan what happens in the cohort beside the thread."""
    life = Life(story)
    days.on(209, life.seat_a_fifth)
    days.on(204, life.adopt_charter)
    days.on(203, life.sign_charter)
    days.on(202, life.take_roles)
    days.on(130, life.plan_meeting("first", 120))
    days.on(118, life.hold("first", people=14))
    days.on(LEFT, life.leave)
    days.on(32, life.plan_meeting("second", 20))
    days.on(18, life.hold("second", people=4))
    days.on(15, life.show_profile)
    days.on(5, life.plan_meeting("next", -9))


class Life:
    """The cohort of the story."""

    def __init__(self, story: Any) -> None:
        self.story = story
        self.fifth: Seat
        self.meetings: dict[str, Any] = {}

    @property
    def cohort(self) -> Cohort:
        """Give the cohort with its program."""
        return Cohort.objects.select_related("program").get(program=self.story.program)

    def seat_a_fifth(self, now: datetime) -> None:
        """Seat a fifth lead, and put an alternate on the list."""
        person = make_person(
            email=f"fifth.lead@{self.story.program.slug}.example", called="A community lead (fifth)"
        )
        self.fifth = actions.give_seat(cohort=self.cohort, person=person, paid_by="outside", now=now)
        actions.add_alternate(
            cohort=self.cohort,
            email=f"alternate@{self.story.program.slug}.example",
            called="An alternate",
            language="en",
            now=now,
        )

    def adopt_charter(self, now: datetime) -> None:
        """Put the charter up in four languages."""
        draft = actions.save_charter(
            cohort=self.cohort,
            words=words.CHARTER,
            appeals_to="city-manager/manager",
            alarms_to="city-manager/manager",
            now=now,
        )
        actions.adopt_charter(draft=draft, now=now)

    def sign_charter(self, now: datetime) -> None:
        """Let all five leads and the steward sign."""
        charter = charter_now(self.cohort, "en")
        if charter is None:
            return
        seats = [one.public_id for one in (*self.story.seats, self.fifth)]
        for by in ("steward", *seats):
            actions.sign_charter(cohort=self.cohort, by=by, read=charter.hash, now=now)

    def take_roles(self, now: datetime) -> None:
        """Let three leads take a role."""
        for seat, role in zip(self.story.seats, ("chair", "note-taker", "peer-coach"), strict=False):
            actions.change_role(seat=seat, role=role, takes=True, by=seat.public_id, now=now)

    def plan_meeting(self, name: str, ago: int) -> Callable[[datetime], None]:
        """Plan a meeting for so many days ago, in the evening."""

        def act(now: datetime) -> None:
            zone = ZoneInfo(load_pack(shipped_pack("neutral")).time_zone)
            begins, ends = (
                datetime.combine(self.story.day(ago), hour, zone).astimezone(UTC)
                for hour in (time(18), time(20))
            )
            self.meetings[name] = meetings_actions.plan_meeting(
                cohort=self.cohort,
                slug=f"{self.story.day(ago).isoformat()}-{name}-meeting",
                starts_at=begins,
                ends_at=ends,
                place="Example Hall, room 2",
                words=words.MEETINGS[name],
                by="steward",
                now=now,
            )

        return act

    def hold(self, name: str, *, people: int) -> Callable[[datetime], None]:
        """Publish the minutes of a meeting; at the second one a lead stands apart."""

        def act(now: datetime) -> None:
            said = words.MINUTES[name]
            first = said["en"]
            draft = meetings_actions.save_minutes(
                meeting=self.meetings[name],
                lang="en",
                minutes=first["minutes"],
                decisions=_numbered(first, "decision"),
                minority=_numbered(first, "minority"),
                people=people,
                by=self.story.seats[1].public_id,
                now=now,
            )
            seat = self.story.seats[1]
            entry = meetings_actions.publish_minutes(draft=draft, seat=seat, now=now)
            translate_all(
                program=self.story.program, entry=entry.index, by=seat.public_id, words=said, now=now
            )
            if name == "second":
                self._dissent(now)

        return act

    def _dissent(self, now: datetime) -> None:
        held = Held.objects.select_related("meeting__cohort__program").get(meeting=self.meetings["second"])
        seat = self.story.seats[3]
        entry = meetings_actions.dissent(
            held=held, seat=seat, words=words.POSITION["en"]["position"], lang="en", now=now
        )
        translate_all(
            program=self.story.program, entry=entry.index, by=seat.public_id, words=words.POSITION, now=now
        )

    def leave(self, now: datetime) -> None:
        """Let the fifth lead leave; nobody has filled the seat since."""
        actions.leave_seat(
            seat=self.fifth,
            on=self.story.day(LEFT),
            reason="",
            ground="no-time",
            now=now,
        )

    def show_profile(self, now: datetime) -> None:
        """Let one lead show a profile under a name that is not theirs."""
        _ = now
        actions.show_profile(person=self.story.seats[2].person, lang="en", **words.PROFILE)


def _numbered(words: Mapping[str, str], name: str) -> list[str]:
    return [words[key] for key in words if key.startswith(f"{name}-")]

"""The goodbye of the demonstration: the lead who left said what worked and what did not, and stays in reach for a year."""

from datetime import datetime
from typing import Any

from alongside.cohort.seats import actions
from alongside.cohort.seats.models import SeatEnd
from alongside.core.clocks import plus_months
from alongside.site.demo.seats import LEFT

WORKED = "We were paid for every evening, and someone looked after the children. So I could come."
DID_NOT = "Answers took so long that my neighbors stopped asking me. Tell the next leads to name the date each time."
KNOWS = "Night buses, and how to reach people who work shifts."


def plan(story: Any, days: Any) -> None:
    """Plan what is said a few days after the lead has left."""
    days.on(LEFT - 3, lambda now: _say(story, now))


def _say(story: Any, now: datetime) -> None:
    found = SeatEnd.objects.select_related("seat__person", "seat__cohort__program")
    seat = found.get(seat__cohort__program=story.program).seat
    actions.say_last_words(
        seat=seat, worked=WORKED, did_not=DID_NOT, again="yes", readers="next", lang="en", now=now
    )
    for name, knows in (("consultants", KNOWS), ("checks", "")):
        actions.stay_in_reach(
            person=seat.person,
            program=story.program,
            name=name,
            reach="fifth.lead@riverbend.example",
            offers=knows,
            until=plus_months(story.today, 12),
            now=now,
        )

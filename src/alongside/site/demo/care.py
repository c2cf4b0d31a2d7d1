"""Messages, an alarm and a federal request of the made-up program, by the actions that people use."""

from datetime import datetime

from alongside.cohort.messages import actions
from alongside.cohort.messages.models import Alarm
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries import viewer_for
from alongside.ground.directory import actions as directory
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Unit
from alongside.site.demo.casting import Days, Story

HEARS = "city-manager/manager"
ASKED = "libraries-and-halls"
MESSAGE = (
    "The library asks if we can meet an hour earlier next month. Tell me by Friday what suits you.\n\n"
    "La biblioteca pregunta si podemos reunirnos una hora antes el mes próximo. Díganme antes del viernes qué les conviene.\n\n"
    "Thư viện hỏi tháng sau chúng ta có thể họp sớm hơn một giờ không. Xin cho tôi biết trước thứ Sáu.\n\n"
    "تسأل المكتبة هل يمكن أن نجتمع قبل الموعد بساعة في الشهر المقبل. أخبروني قبل يوم الجمعة بما يناسبكم."
)
ALARM = "I was asked to bring more people to a survey that is not in our workplan, without pay."
DONE = "I spoke with the unit. The survey is dropped, and the next request goes through the workplan."
OPEN = "A sentence from our report stands in a leaflet as if we had agreed with the plan."


def plan(story: Story, days: Days) -> None:
    """Plan a message, an alarm that is closed, one that waits, and two federal requests."""
    days.on(90, lambda now: _seat_the_hearer(story, now))
    days.on(40, lambda now: _raise_and_close(story, now))
    days.on(3, lambda now: _raise_another(story, now))
    days.on(45, lambda now: _request(story, "visit", ("address", "appointments"), now))
    days.on(2, lambda now: _request(story, "phone", ("data",), now))
    days.on(1, lambda now: _write(story, now))


def _seat_the_hearer(story: Story, now: datetime) -> None:
    """Let someone hold the office that hears alarms."""
    person = make_person(
        email=f"manager.city-manager@{story.program.slug}.example", called="The city manager"
    )
    story.people[HEARS] = person
    give_office(person=person, program=story.program, office=HEARS, from_date=now.date())


def _raise(seat: Seat, kind: str, words: str, now: datetime) -> Alarm:
    found = Seat.objects.select_related("cohort__program", "person").get(pk=seat.pk)
    return actions.raise_alarm(seat=found, kind=kind, about=ASKED, words=words, lang="en", now=now)


def _raise_and_close(story: Story, now: datetime) -> None:
    alarm = _raise(story.seats[0], "scope", ALARM, now)
    actions.close_alarm(alarm=alarm, done=DONE, lang="en", by=story.people[HEARS], now=now)


def _raise_another(story: Story, now: datetime) -> None:
    _raise(story.seats[1], "misuse", OPEN, now)


def _request(story: Story, came_by: str, asked: tuple[str, ...], now: datetime) -> None:
    """Write a request down; the older one is declined and handed on, the newer waits."""
    unit = Unit.objects.select_related("program").get(program=story.program, slug=ASKED)
    by = story.people[f"{ASKED}/staff"]
    what = directory.Asked(
        received_on=now.date(),
        agency="immigration" if came_by == "visit" else "unclear",
        came_by=came_by,
        asked=asked,
        paper="administrative" if came_by == "visit" else "none",
        immigration="yes" if came_by == "visit" else "unclear",
    )
    made = directory.record_request(unit=unit, what=what, by=by, now=now)
    if came_by == "visit":
        viewer = viewer_for(by, story.program, now.date())
        for step in ("declined", "head", "attorney"):
            directory.take_step(request=made, step=step, viewer=viewer, by=by, now=now)


def _write(story: Story, now: datetime) -> None:
    """Write to all leads who sit."""
    cohort = Cohort.objects.select_related("program").get(program=story.program)
    seats = list(Seat.objects.filter(pk__in=[one.pk for one in story.seats]).select_related("person"))
    steward = Person.objects.get(email=f"steward@{story.program.slug}.example")
    actions.write_message(cohort=cohort, seats=seats, words=MESSAGE, lang="en", by=steward, now=now)

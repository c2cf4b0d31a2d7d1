"""Training of the made-up program: courses opened, a session held, three leads and one unit's staff who did theirs."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from alongside.cohort.training import actions
from alongside.cohort.training.models import Course, Track
from alongside.site.demo.casting import Days, Story

if TYPE_CHECKING:
    from alongside.ground.people.models import Person


TRACKS = (
    (
        "data-justice",
        "leads",
        {
            "en": "Data justice",
            "es": "Justicia de datos",
            "vi": "Công bằng về dữ liệu",
            "ar": "عدالة البيانات",
        },
        "how-data-decisions-are-made",
    ),
    (
        "privacy",
        "leads",
        {"en": "Privacy", "es": "Privacidad", "vi": "Quyền riêng tư", "ar": "الخصوصية"},
        "asking-people-safely",
    ),
    (
        "working-alongside",
        "staff",
        {
            "en": "Working alongside",
            "es": "Trabajar lado a lado",
            "vi": "Làm việc bên nhau",
            "ar": "العمل جنبًا إلى جنب",
        },
        "working-with-communities",
    ),
)
FACILITATION = {
    "en": {
        "title": "Holding a meeting",
        "about": "An evening in a room: how to open a meeting, share the time, and end with what was agreed.",
    },
    "es": {
        "title": "Llevar una reunión",
        "about": "Una noche en una sala: cómo abrir una reunión, repartir el tiempo y cerrar con lo acordado.",
    },
    "vi": {
        "title": "Dẫn dắt một cuộc họp",
        "about": "Một buổi tối trong phòng họp: cách mở đầu, chia đều thời gian, và kết thúc bằng điều đã thống nhất.",
    },
    "ar": {
        "title": "إدارة اجتماع",
        "about": "أمسية في قاعة: كيف تفتتح اجتماعًا، وتقسم الوقت، وتنهيه بما اتُّفق عليه.",
    },
}
FACILITATION_TITLES = {"en": "Facilitation", "es": "Facilitación", "vi": "Điều phối", "ar": "التيسير"}
DOERS = 3  # leads who did the first track; the fourth is in the middle of it


def plan(story: Story, days: Days) -> None:
    """Plan the training of the made-up program on its days."""
    courses: dict[str, Course] = {}
    days.on(190, lambda now: _open_courses(story, courses, now))
    days.on(160, lambda now: _hold_session(story, courses, now))
    days.on(120, lambda now: _learn(story, courses, now))
    days.on(60, lambda now: _ask_letter(story, now))


def _open_courses(story: Story, courses: dict[str, Course], now: datetime) -> None:
    for slug, audience, titles, name in TRACKS:
        track = actions.begin_track(
            program=story.program, slug=slug, audience=audience, titles=titles, now=now
        )
        courses[slug] = actions.add_shipped(track=track, name=name, now=now)
        actions.offer_course(course=courses[slug], now=now)
    both: Track = actions.begin_track(
        program=story.program, slug="facilitation", audience="both", titles=FACILITATION_TITLES, now=now
    )
    courses["facilitation"] = actions.write_course(
        track=both, slug="holding-a-meeting", words=FACILITATION, sessions_needed=1, now=now
    )
    actions.offer_course(course=courses["facilitation"], now=now)


def _hold_session(story: Story, courses: dict[str, Course], now: datetime) -> None:
    """Hold one session, and schedule one that lies ahead."""
    held, _ahead = (
        actions.schedule_session(
            course=courses["facilitation"],
            on=day,
            starts=time(18),
            ends=time(20),
            where="The hall of the main library",
            lang="en",
            now=now,
        )
        for day in (now.date(), story.today + timedelta(days=20))
    )
    came = [story.seats[0].person, story.seats[1].person, story.people["libraries-and-halls/staff"]]
    actions.note_attendance(session=held, people=came, now=now)


def _learn(story: Story, courses: dict[str, Course], now: datetime) -> None:
    for seat in story.seats[:DOERS]:
        _do(courses["data-justice"], seat.person, now)
    _do(courses["data-justice"], story.seats[DOERS].person, now, most=2)
    _do(courses["privacy"], story.seats[0].person, now, most=1)
    for office in ("manager", "staff"):
        _do(courses["working-alongside"], story.people[f"libraries-and-halls/{office}"], now)


def _do(course: Course, person: "Person", now: datetime, most: int | None = None) -> None:
    for lesson in course.lessons.select_related("course__track__program").order_by("place")[:most]:
        actions.finish_lesson(lesson=lesson, person=person, answers=lesson.right, now=now)


def _ask_letter(story: Story, now: datetime) -> None:
    completion = story.seats[0].person.completions.filter(track__slug="data-justice").get()
    actions.open_proof(completion=completion, now=now)
    actions.ask_letter(completion=completion, wish="For a job at a community clinic", now=now)

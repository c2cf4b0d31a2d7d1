"""The made-up list of questions, what was told together, what was raised; and the help that units ask leads for."""

from datetime import datetime, timedelta
from typing import Any

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.core.money import Money
from alongside.ground.programs.queries import signing_office
from alongside.site.demo.casting import Days, Story
from alongside.work.engagements import actions as engagements
from alongside.work.invitations import actions as invitations

UNIT = "streets-and-signals"
LIST = "Cameras at three crossings"
QUESTIONS = (
    "How long does the City keep pictures from the crossings?",
    "Who outside the City can see the pictures?",
    "What did the cameras cost in their first year?",
    "Which crossings get a camera next?",
)
TOLD = "We keep the pictures for three days. Nobody outside the City can see them."
REFUSED = "The contract is not public while we talk about the next one."
FOLLOW_UP = "Who checks that pictures are gone after three days?"
AGAIN = {
    "title": "Which crossings should get a camera next?",
    "decision": "Where the next cameras stand.",
    "can_change": "The crossings, and whether there is a camera at all.",
    "cannot_change": "Three crossings have cameras already.",
    "asked_again": "We asked the City and have no answer yet. Now we ask the people who live there.",
}
WHY = "People pay for these cameras. They have a right to know what they cost."
HELP = {
    "bus-stop-screens": (
        "Screens at bus stops: which languages first?",
        "Which languages the screens at 30 bus stops show, and in what order.",
        "The order of the languages, and how a stop is chosen.",
    ),
    "permit-reminders": (
        "Reminders about permits: by letter or by text message?",
        "How the City reminds people that a permit ends.",
        "The way we write, the words, and how early.",
    ),
}


def plan(story: Story, days: Days) -> None:
    """Plan a list of questions and the help that two units ask for."""
    days.on(44, lambda now: _ask(story, now))
    days.on(30, lambda now: _answer(story, now))
    days.on(24, lambda now: _go_on(story, now))
    days.on(21, lambda now: _invite(story, "permit-reminders", "permits-desk", 70, now))
    days.on(12, lambda now: _invite(story, "bus-stop-screens", UNIT, 33, now))
    days.on(8, lambda now: _take(story, now))
    days.on(5, lambda _now: _ask_again(story))


def _ask(story: Story, now: datetime) -> None:
    entries = asks.question_many(
        program=story.program,
        seat=story.seats[1].public_id,
        office=f"{UNIT}/staff",
        title=LIST,
        questions=[(one, one) for one in QUESTIONS],
        lang="en",
        now=now,
    )
    story.asked.extend(one.index for one in entries[1:])


def _answer(story: Story, now: datetime) -> None:
    """Tell two questions with the same words, and refuse the third."""
    first, second, third, _fourth = story.asked
    person = story.people[f"{UNIT}/staff"]
    given: dict[str, Any] = {
        "program": story.program,
        "unit": UNIT,
        "own": {},
        "until": None,
        "lang": "en",
    }
    for these, decision, reasons in (((first, second), "told", TOLD), ((third,), "declined", REFUSED)):
        drafts = answers.send_many(
            asks=list(these), decision=decision, reasons=reasons, person=person, now=now, **given
        )
        office = signing_office(story.program, UNIT) or ""
        answers.sign_many(drafts=drafts, office=office, now=now)


def _go_on(story: Story, now: datetime) -> None:
    """Follow up on what was told, and raise what was refused."""
    first, _second, third, _fourth = story.asked
    given: dict[str, Any] = {"program": story.program, "seat": story.seats[1].public_id, "now": now}
    words = {"en": {"title": FOLLOW_UP, "ask": FOLLOW_UP}}
    asks.question(office=f"{UNIT}/staff", words=words, follows=first, **given)
    asks.raise_question(ask=third, words=WHY, lang="en", **given)


def _invite(story: Story, slug: str, unit: str, days: int, now: datetime) -> None:
    title, decision, still_open = HELP[slug]
    entry = invitations.invite(
        program=story.program,
        slug=slug,
        office=f"{unit}/staff",
        needed_by=now.date() + timedelta(days=days),
        level=("iap2", "involve"),
        pay=Money.of("1500", "USD"),
        interpretation=Money.of("600", "USD"),
        words={"title": title, "decision": decision, "open": still_open},
        lang="en",
        communities=["languages", "newcomers"],
        now=now,
    )
    story.invited[slug] = entry.index


def _take(story: Story, now: datetime) -> None:
    seat, index = story.seats[2].public_id, story.invited["bus-stop-screens"]
    invitations.take(program=story.program, invitation=index, seat=seat, now=now)


def _ask_again(story: Story) -> None:
    """Draft an engagement on what a unit was asked and has not answered, with the reason for asking again."""
    engagements.begin_draft(
        program=story.program,
        slug="next-crossings",
        lead=story.seats[1],
        partner=None,
        decision=None,
        framework="iap2",
        level="involve",
        languages=["en"],
        retention="voices",
        closes=story.day(-40),
        report_back=story.day(-75),
        answer_by=None,
        voices_kept_until=story.day(-440),
        words={"en": AGAIN},
    )

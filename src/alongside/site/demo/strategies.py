"""The strategy of the demonstration: three leads plan a campaign, sealed as their pages seal it. Nothing in it is a fact."""

import uuid
from datetime import datetime
from typing import Any

from alongside.core.sealing.envelope import seal_to_all
from alongside.core.sealing.strategy import plaintext, statement
from alongside.work.strategies import actions

BEGUN = 9  # days ago
WORDS = {
    "title": "Library records: a week, not a year",
    "long": "People use the library without being watched.",
    "intermediate": "The City deletes records of public computers after one week, and a sign on every screen says so.",
    "short": "The manager of libraries meets us before the engagement closes.",
    "bring": "Twelve regulars who will tell what they stopped looking up. The hall on Thursdays.",
    "gain": "Three more people who can speak at a meeting.",
}
TARGETS = (
    (
        "Manager, Libraries and Halls",
        "primary",
        "How long records are kept",
        "The people at the desks, and the council member for culture",
        "5",
        "1",
    ),
    (
        "The council member for culture",
        "secondary",
        "The libraries’ money",
        "Voters in the east",
        "4",
        "0",
    ),
)
GROUPS = (
    (
        "People who use the computers every week",
        "constituent",
        "Forms, homework, and not being seen",
        "2",
        "2",
    ),
    ("Parents of the homework club", "ally", "Their children’s names are on the lists too.", "3", "1"),
    ("The maker of the booking system", "opponent", "It sells reports made from the records.", "3", "-2"),
)
TACTICS = (
    ("Collect ten stories, one page each, with consent", "", 4, "The second lead"),
    ("Ten people ask the manager the same question at the open day", TARGETS[0][0], -12, "The first lead"),
)
ASK = ("Tell who has looked at these records", "Say for the last year how often someone looked, and who may.")


def plan(story: Any, days: Any) -> None:
    """Plan that three leads begin it, and that the second saves once."""
    made = uuid.uuid4()
    days.on(BEGUN, lambda now: _begin(story, made, now))
    days.on(BEGUN - 4, lambda now: _save(story, made, now))


def _begin(story: Any, made: uuid.UUID, now: datetime) -> None:
    members = [seat.public_id for seat in story.seats[:3]]
    sealed = _sealed(story, made, 1, story.seats[0].public_id)
    actions.begin(
        program=story.program, seat=story.seats[0], strategy=made, members=members, sealed=sealed, now=now
    )


def _save(story: Any, made: uuid.UUID, now: datetime) -> None:
    second = story.seats[1]
    found = second.strategies.get(strategy=made).strategy
    sealed = _sealed(story, made, 2, second.public_id)
    actions.put_down_pen(strategy=found, seat=story.seats[0], now=now)
    actions.keep_version(strategy=found, seat=second, version=1, sealed=sealed, now=now)
    actions.put_down_pen(strategy=found, seat=second, now=now)


def _sealed(story: Any, made: uuid.UUID, version: int, seat: str) -> bytes:
    """Sign and seal a version as a lead's page does."""
    members = sorted(one.public_id for one in story.seats[:3])
    own: dict[str, Any] = {
        "strategy": str(made),
        "version": version,
        "seat": seat,
        "members": members,
        "doc": _doc(story),
    }
    signature = story.keyrings[seat].sign(statement(origin=story.program.origin, **own))
    recipients = [story.keyrings[one].recipient for one in members]
    return seal_to_all(plaintext(**own, signature=signature), recipients)


def _doc(story: Any) -> dict[str, Any]:
    def rows(fields: tuple[str, ...], found: Any) -> list[dict[str, str]]:
        return [
            {"id": f"{fields[0]}-{place}", **dict(zip(fields, one, strict=True))}
            for place, one in enumerate(found)
        ]

    targets = ("office", "level", "decides", "hears", "influence", "position")
    tactics = [(what, to, story.day(ago).isoformat(), owner) for what, to, ago, owner in TACTICS]
    return {
        "words": WORDS,
        "rows": {
            "targets": rows(targets, TARGETS),
            "groups": rows(("who", "role", "cares", "influence", "position"), GROUPS),
            "tactics": rows(("what", "to", "on", "owner"), tactics),
            "asks": rows(("title", "words"), [ASK]),
        },
    }

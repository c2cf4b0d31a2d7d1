"""Leads with real keyrings, and a strategy that is really sealed to some of them."""

import uuid
from datetime import datetime
from typing import Any

from alongside.ground.gate.tokens import READ, give_token
from alongside.site.demo import sealed
from alongside.work.strategies.models import Strategy
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

CANARY = "canary-we-visit-the-director-on-friday"


class Sealer:
    """A program whose leads have keys, and what only a lead's device can do with them."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.seats = thread.leads
        self.rings = thread.keyrings

    def sealed(
        self, strategy: uuid.UUID, version: int, members: list[Any], title: str = CANARY, by: Any = None
    ) -> bytes:
        """Sign and seal a version as a lead's page does."""
        return sealed.seal_strategy(self.thread, strategy, version, members, by or members[0], doc_of(title))

    def begin(self, members: list[Any], title: str = CANARY) -> Strategy:
        """Begin a strategy by its first lead."""
        given = {"members": members, "doc": doc_of(title), "now": self.thread.now}
        return sealed.begin_sealed(story=self.thread, **given)


def doc_of(title: str) -> dict[str, Any]:
    """Give what a strategy says that has a title and nothing else."""
    return {"words": {"title": title}, "rows": {}}


def keyed(thread: Thread | None = None, count: int = 3, *, opens: bool = False) -> Sealer:
    """Open a program now, and give its leads keys; with keyrings that a page can open where a browser comes."""
    made = _keyed(thread, count, opens=opens)
    made.thread.now = max(
        made.thread.now, datetime.now(tz=made.thread.now.tzinfo)
    )  # a pen rests after minutes
    return made


@remembered
def _keyed(thread: Thread | None, count: int, *, opens: bool) -> Sealer:
    thread = thread or Thread(now=this_hour()).open_program()
    return Sealer(thread.found_keys(count, opens=opens))


def token(seat: Any, program: str = "riverbend", use: str = READ) -> dict[str, str]:
    """Give the header that a lead's page sends once their key has signed in."""
    return {"Authorization": f"Bearer {give_token(program=program, seat=seat.public_id, use=use)}"}

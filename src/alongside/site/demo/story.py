"""The made-up program while it is told: what came of each act, and what only its made-up leads know."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from alongside.ground.programs.models import Program
from alongside.site.demo.keys import Keyring


@dataclass
class Story:
    """What later acts ask of earlier ones."""

    today: date
    program: Program = field(init=False)
    #: What came of acts, by the name of its type and its own name.
    made: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: By the public id of a seat; and the identity of each engagement.
    keyrings: dict[str, Keyring] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    #: The recovery papers of the leads, each as its 33 bytes.
    papers: list[bytes] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(20261124))  # noqa: S311 -- which invented answer a made-up voice gives is no secret

    def day(self, ago: int) -> date:
        """Give the day so many days ago; below zero lies ahead."""
        return self.today - timedelta(days=ago)

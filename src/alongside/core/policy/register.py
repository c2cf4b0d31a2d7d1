"""What a pack decides about the register of projects: harms that can be named, communities that are touched."""

from dataclasses import dataclass

from alongside.core.policy.words import Words


@dataclass(frozen=True)
class Harm:
    """A kind of harm that data and technology can do; `means` says it in a sentence."""

    id: str
    name: Words
    means: Words


@dataclass(frozen=True)
class Touched:
    """A community that a project can touch. A tribal nation is a government, not one of these."""

    id: str
    name: Words

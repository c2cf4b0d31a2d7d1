"""The second role in taking a text down: a code that says who agreed, to which text or row, on which ground. Nothing is stored."""

import shlex
from datetime import timedelta

from django.core import signing

from alongside.ground.gate import Asker

#: What stands for the whole record where a text has its name: to let it go on without what is lost.
RESUME = "resume"
GOOD_FOR = timedelta(days=14)


class NotAgreed(RuntimeError):  # noqa: N818 -- the name is a sentence
    """Nobody agreed to take this text down on this ground; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "This code does not stand for this text and this ground, or it is older than 14 days. A lead, or a manager for "
            "what the City wrote, makes one on the page of the entry; then write the ground exactly as there."
        )


def pen_of(asker: Asker) -> str:
    """Give the actor who agrees: a lead's seat, or the office that signs for a unit."""
    return asker.seat or asker.office_in(min(asker.manages), signing=True) or ""


def _signer(program: str, entry: int, name: str, ground: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="\n".join(("alongside.take-down", program, str(entry), name, ground)))


def agree(*, program: str, entry: int, name: str, ground: str, by: str) -> str:
    """Give the code by which a seat or an office agrees that one text of an entry, or one row, is taken down on a ground."""
    return _signer(program, entry, name, ground).sign(by)


def agreed(code: str, *, program: str, entry: int, name: str, ground: str) -> str:
    """Give the seat or office that made a code. Raises NotAgreed where it was made for anything else, or long ago."""
    try:
        return _signer(program, entry, name, ground).unsign(code, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise NotAgreed from None


def command(words: list[str]) -> str:
    """Write a command so that a shell reads nothing in it but words, whatever somebody typed."""
    return shlex.join(words)

"""What binds a row to the press of whoever stands for its words: what waits for the public log carries it, and the database alone cannot make it."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.apps import apps
from django.core.signing import BadSignature, Signer

from alongside.core.canonical import canonical

#: So long is a mark, at most.
LENGTH = 64


class Pressed(Protocol):
    """A row that waits until it goes on the public log, or until another side signs it, too."""

    mark: str

    @property
    def pressed(self) -> Mapping[str, Any]:
        """Give all that somebody stands for, and who it is."""


def mark_of(row: Pressed) -> str:
    """Give the mark of a press: a keyed hash, under the server's secret, of all that somebody stands for."""
    return _signer(row).signature(_said(row))


def is_pressed(row: Pressed) -> bool:
    """Say whether a row is as somebody pressed it; what other hands put into the database has no mark that fits."""
    signer = _signer(row)
    try:
        signer.unsign(f"{_said(row)}{signer.sep}{row.mark}")
    except BadSignature:
        return False
    return True


def pressed_tables() -> list[Any]:
    """List the tables whose rows carry the mark of a press."""
    return [one for one in apps.get_models() if hasattr(one, "pressed")]


def _signer(row: Pressed) -> Signer:
    return Signer(salt=f"alongside.pressed.{type(row).__name__}")


def _said(row: Pressed) -> str:
    return canonical(row.pressed).decode()

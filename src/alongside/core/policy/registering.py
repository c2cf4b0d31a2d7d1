"""Check the frameworks of a pack, and its `[[harms]]` and `[[communities]]`."""

from collections.abc import Iterable

from alongside.core.policy.pack import Pack
from alongside.core.policy.words import PackError


def names_each_once(pack: Pack) -> None:
    """Refuse two harms, communities, frameworks or levels of one id, and a pack without a framework. Raises PackError."""
    if not pack.frameworks:
        raise PackError("frameworks", "is empty; a promise names a level of one.")
    _once("frameworks", (one.id for one in pack.frameworks))
    for one in pack.frameworks:
        _once(f"frameworks.{one.id}.levels", (level.id for level in one.levels))
    _once("harms", (one.id for one in pack.harms))
    _once("communities", (one.id for one in pack.communities))


def _once(key: str, ids: Iterable[str]) -> None:
    listed = list(ids)
    twice = next((one for one in listed if listed.count(one) > 1), None)
    if twice is not None:
        raise PackError(key, f"names {twice} twice; keep one.")

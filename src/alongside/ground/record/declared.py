"""Each action declares which kinds of entry it may append; a house test compares the two."""

from collections.abc import Callable


def appends[**P, R](*kinds: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the kinds of entry an action may append, possibly none."""

    def mark(action: Callable[P, R]) -> Callable[P, R]:
        action.appends = kinds  # type: ignore[attr-defined]  # the mark that the house test reads
        return action

    return mark

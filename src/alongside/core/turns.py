"""Let each have its turn: what fails for one stops none of the others."""

from collections.abc import Callable, Iterable, Iterator


def in_turn[T](turns: Iterable[Callable[[], T]]) -> list[T]:
    """Call each and list what they gave. Raises ExceptionGroup of all that failed, once each had its turn."""
    given, failed = [], []
    for turn in turns:
        try:
            given.append(turn())
        except Exception as error:  # noqa: BLE001 -- whatever stops one must not stop the others
            failed.append(error)
    if failed:
        raise ExceptionGroup("Some turns failed", failed)
    return given


def failures(error: Exception) -> Iterator[Exception]:
    """Give what failed in each turn, also in turns within turns; an error that is no group is itself what failed."""
    if isinstance(error, ExceptionGroup):
        for one in error.exceptions:
            yield from failures(one)
    else:
        yield error

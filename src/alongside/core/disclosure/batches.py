"""When seal marks may be published: one batch behind, never fewer than k, the rest at closing as one batch.

A batch that qualifies is held until the next one qualifies. So the last batch, which closing would leave
small, always has a held one to go out with, and a batch below k never happens. An engagement with fewer
than k voices in all publishes no mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alongside.core.policy import Pack


@dataclass(frozen=True)
class Batches[Mark]:
    """Where the marks of one engagement stand: `pending` just came, `held` qualified, `published` is out."""

    pending: tuple[Mark, ...] = ()
    held: tuple[Mark, ...] = ()
    published: tuple[tuple[Mark, ...], ...] = ()
    closed: bool = False


class ClosedError(ValueError):
    """The intake is closed; no more marks are taken and nothing more goes out."""


def may_publish_batch(pending: int, held: int, pack: Pack) -> bool:
    """Say whether the held batch may go out now: both it and what came since have at least k."""
    return pending >= pack.k and held >= pack.k


def plan_batches[Mark](state: Batches[Mark], pack: Pack) -> Batches[Mark]:
    """Take one step, as the clock does once a day: publish the held batch where it may go, then hold the pending one.

    Gives the same state where nothing may move; so a second run on one day does no harm.
    """
    if state.closed or len(state.pending) < pack.k:
        return state
    out = (state.held,) if may_publish_batch(len(state.pending), len(state.held), pack) else ()
    return Batches((), state.pending, (*state.published, *out))


def closed_batch[Mark](pending: Sequence[Mark], held: Sequence[Mark], pack: Pack) -> tuple[Mark, ...]:
    """Give the one batch that goes out at closing: all that is left, or nothing where that is below k."""
    rest = (*held, *pending)
    return rest if len(rest) >= pack.k else ()


def close[Mark](state: Batches[Mark], pack: Pack) -> Batches[Mark]:
    """Close the intake: the rest goes out as one batch. Below k in all, nothing does, and marks stay pending."""
    if state.closed:
        return state
    rest = closed_batch(state.pending, state.held, pack)
    if rest:
        return Batches((), (), (*state.published, rest), closed=True)
    return Batches(state.pending, state.held, state.published, closed=True)


def take[Mark](state: Batches[Mark], marks: Iterable[Mark]) -> Batches[Mark]:
    """Add marks that came in. Raises ClosedError after closing."""
    if state.closed:
        raise ClosedError("The intake is closed; open a new engagement to hear more.")
    return Batches((*state.pending, *marks), state.held, state.published)

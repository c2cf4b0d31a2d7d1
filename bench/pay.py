"""A pay run: close it, take the file back in and open a lead's page, with 100, 1,000 and 5,000 approved hours behind it.

Usage: python -m bench.pay
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.served import set_up, temporary

SIZES = (100, 1000, 5000)


def prepare() -> Any:
    """Open a program with three paid leads and sums agreed that hold all of it."""
    set_up(temporary())
    from tests.cohort.pay.cast import paid_by_the_hour

    cast = paid_by_the_hour()
    cast.budget("90000000.00")
    for seat in (cast.first, cast.second, cast.third):
        cast.agree(seat, limit="20000000.00")
    return cast


def approve(cast: Any, count: int, turn: int) -> None:
    """Let the leads have logged so many hours, all approved: rows as the actions make them, in bulk."""
    from alongside.cohort.pay.models import Agreement, Claim

    seats = (cast.first, cast.second, cast.third)
    agreed = {one.seat_id: one for one in Agreement.objects.filter(replaced_by=None)}
    Claim.objects.bulk_create(
        Claim(
            seat=seats[place % 3],
            agreement=agreed[seats[place % 3].pk],
            kind="hours",
            what="meeting",
            on=cast.today - timedelta(days=place // 3 % 300),
            minutes=60,
            turn=turn + place // 900,
            minor=4500,
            currency="USD",
            logged_on=cast.today,
            verdict="approved",
            reason="",
            decided_by=cast.steward,
            decided_on=cast.today,
        )
        for place in range(count)
    )


def seconds(act: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Print how long each step takes as the hours behind it grow."""
    cast = prepare()
    turn = 1
    for count in SIZES:
        approve(cast, count, turn)
        turn += 10
        closed, back, page = seconds(cast.run), seconds(cast.back), seconds(cast.account)
        print(f"{count:,} hours: run {closed:.2f} s, file back {back:.2f} s, a lead's own page {page:.2f} s")


if __name__ == "__main__":
    main()

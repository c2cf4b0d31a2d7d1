"""Where the parts of a published result stand in a picture of 400 by 340: areas of groups, and numbers of statements; no person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

WIDTH: Final = 400
HEIGHT: Final = 340
SMALLEST: Final = 44.0
LARGEST: Final = 92.0
#: How far two numbers stand apart at the least.
APART: Final = 30.0
EDGE: Final = 16.0
#: Half of how wide and how high the name of an area is with a number's circle beside it, and how far below its middle it stands.
NAME: Final = (70, 34, 5)


@dataclass(frozen=True)
class Area:
    """The area of a group, by its place in the result: its middle and its radius, rounded."""

    group: int
    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class Pin:
    """The number of a statement, on the side of those who agree with it."""

    number: int
    x: int
    y: int


def areas(result: Mapping[str, Any]) -> list[Area]:
    """Give the area of each group, larger where more people are in it; the picture holds all of them."""
    each = result["groups"]["each"]
    sizes = [sqrt(_high(one["people"])) for one in each]
    radii = [max(SMALLEST, LARGEST * size / max(sizes)) for size in sizes]
    far = max([abs(value) for one in each for value in one["middle"]], default=1) or 1
    found = []
    for group, (one, radius) in enumerate(zip(each, radii, strict=True)):
        across, up = one["middle"]
        x = WIDTH / 2 + across / far * (WIDTH / 2 - radius - EDGE)
        y = HEIGHT / 2 - up / far * (HEIGHT / 2 - radius - EDGE)
        found.append(Area(group, round(x), round(y), round(radius)))
    return found


def pins(result: Mapping[str, Any], numbers: Collection[int], named: Collection[Area] = ()) -> list[Pin]:
    """Give the places of some statements; one that would cover another, or the name in the middle of an area, stands beside it."""
    places = {int(one): place for one, place in result["places"].items() if int(one) in numbers}
    far = max([abs(value) for place in places.values() for value in place], default=1) or 1
    found: list[Pin] = []
    for number, (across, up) in sorted(places.items()):
        x = WIDTH / 2 + across / far * (WIDTH / 2 - 2 * EDGE)
        y = HEIGHT / 2 - up / far * (HEIGHT / 2 - 2 * EDGE)
        found.append(_free(Pin(number, round(x), round(y)), found, named))
    return found


def _free(wanted: Pin, taken: Collection[Pin], named: Collection[Area]) -> Pin:
    """Move a number, in rings around its place, to where it covers no other."""
    for ring in range(8):
        for across, up in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1)):
            x, y = wanted.x + round(across * ring * APART), wanted.y + round(up * ring * APART)
            inside = EDGE <= x <= WIDTH - EDGE and EDGE <= y <= HEIGHT - EDGE
            alone = all((x - one.x) ** 2 + (y - one.y) ** 2 >= APART**2 for one in taken)
            beside = all(abs(x - one.x) >= NAME[0] or abs(y - one.y - NAME[2]) >= NAME[1] for one in named)
            if inside and alone and beside:
                return Pin(wanted.number, x, y)
    return wanted


def _high(band: Any) -> int:
    """Give the upper end of a range of people; 1 where they are fewer than are told."""
    return int(band["high"]) if isinstance(band, dict) else 1

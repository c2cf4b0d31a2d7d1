"""`alongside lottery rerun FILE`: run a lottery again from its drawing file. Needs no database and no network."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from alongside.core.lottery import LotteryError, Rerun, rerun

HOLDS, BROKEN, UNREADABLE = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    """Run a lottery again and say whether the result follows; 0 where it does, 1 where not, 2 for an unreadable file."""
    parser = argparse.ArgumentParser("alongside lottery", description=__doc__)
    parser.add_argument("what", choices=("rerun",))
    parser.add_argument("file", type=Path, help="the drawing file, from the page of the draw")
    given = parser.parse_args(argv)
    try:
        found = rerun(given.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, LotteryError) as error:
        sys.stderr.write(f"alongside: {error}\n")
        return UNREADABLE
    sys.stdout.write(told(found))
    return HOLDS if found.fits else BROKEN


def told(found: Rerun) -> str:
    """Say what a rerun gave, line by line."""
    lines = [f"pool root  {found.root}"]
    lines += [f"seat       {place}  {one}" for place, one in enumerate(found.result.seats, 1)]
    lines += [f"alternate  {place}  {one}" for place, one in enumerate(found.result.alternates, 1)]
    if not found.root_fits:
        lines.append("The pool is not the one that the file's root stands for.")
    if not found.result_fits:
        lines.append("The result in the file does not follow from its pool and seed.")
    if found.fits:
        lines.append("The result follows from the pool and the seed.")
        lines.append(
            "Compare the root with the entry that announced the lottery, and the seed with its source:"
        )
        lines += [f"  {name}: entry {number} of the record" for name, number in sorted(found.entries.items())]
    return "\n".join(lines) + "\n"

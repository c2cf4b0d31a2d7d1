"""`alongside lottery rerun|panels FILE`: run a lottery again, or check its list of panels. Needs no database, no network."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from alongside.core.lottery import LotteryError, Rerun
from alongside.core.quota_sheets import PanelRerun, SheetCheck, check_sheet, rerun

HOLDS, BROKEN, UNREADABLE = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    """Run a lottery again, or look at every panel of a sheet; 0 where it holds, 1 where not, 2 for an unreadable file."""
    parser = argparse.ArgumentParser("alongside lottery", description=__doc__)
    parser.add_argument("what", choices=("rerun", "panels"))
    parser.add_argument(
        "file", type=Path, help="the drawing file, or for panels the sheet that witnesses get"
    )
    given = parser.parse_args(argv)
    try:
        text = given.file.read_text(encoding="utf-8")
        if given.what == "panels":
            sheet = check_sheet(text)
            sys.stdout.write(told_of_sheet(sheet))
            return HOLDS if sheet.holds else BROKEN
        found = rerun(text)
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
    if isinstance(found, PanelRerun):
        lines.insert(1, f"list root  {found.panels_root}")
        lines.insert(2, f"panel      {found.place}")
        if not found.panel_fits:
            lines.append("This panel was not on the list at the place that the seed picks.")
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


def told_of_sheet(found: SheetCheck) -> str:
    """Say what a sheet shows, line by line."""
    lines = [
        f"facts root  {found.facts_root}",
        f"list root   {found.panels_root}",
        f"panels      {found.panels}",
        f"chances     from {found.smallest} to {found.largest} in {found.panels}",
    ]
    if found.unknown:
        lines.append(f"{found.unknown} panels hold a ticket whose facts were erased, and cannot be checked.")
    if found.covered is not None:
        lines.insert(4, f"stand-ins   for at least {found.covered} of {found.seats} seats of every panel")
    if found.strays:
        lines.append(f"On {found.strays} panels the alternates do not follow the rule.")
    lines.append(
        f"{found.unmet} panels do not meet the quotas."
        if found.unmet
        else "Every panel that can be checked meets every quota."
    )
    lines.append("Compare both roots with the entry that announced the lottery. Then delete this file.")
    return "\n".join(lines) + "\n"

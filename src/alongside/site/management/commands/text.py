"""Take a public text down on a legal ground, by two roles; place and lift a legal hold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from alongside.ground.record.queries import entries_at, hashes_standing, holding_too
from alongside.ground.record.take_down_codes import agreed
from alongside.ground.texts.actions import erase_text, lift_hold, place_hold
from alongside.site.operating import ProgramCommand, program_of
from alongside.work.registers.actions import erase_row
from alongside.work.registers.queries import listing_of

GROUND = {"help": "the law or order; the record tells it"}


class Command(ProgramCommand):
    """What the operator does to public texts."""

    help = __doc__ or ""
    words = {
        "take-down": (
            "Take a text down for good, or a file that was brought for review.",
            {
                "entry": {"type": int, "help": "the entry that holds its hash"},
                "name": {"help": "the text's name in the entry; of a file that was brought for review: file"},
                "ground": GROUND,
                "code": {
                    "nargs": "+",
                    "help": "what each lead or manager who agrees got on the page of the entry",
                },
            },
        ),
        "take-down-row": (
            "Take a row that came in from a file down for good, with what it was in every file before.",
            {
                "project": {"help": "its name in the address of its page"},
                "ground": GROUND,
                "code": {"help": "what a lead or manager who agrees got on the page of the project"},
            },
        ),
        "hold": ("Place a legal hold: nothing is erased, no key destroyed.", {"ground": GROUND}),
        "lift": ("Lift a legal hold.", {"hold": {"type": int, "help": "the entry that placed it"}}),
    }

    def do_take_down(self, options: Mapping[str, Any], now: datetime) -> str:
        """Take down; the hash stays and an entry explains the gap."""
        program = program_of(options)
        about = entries_at(program, [options["entry"]]).get(options["entry"])
        sha256 = hashes_standing(program, about).get(options["name"]) if about else None
        if about is None or sha256 is None:
            raise CommandError(
                f"Entry {options['entry']} holds no text {options['name']}, or it was taken down before."
            )
        asked = {name: options[name] for name in ("program", "entry", "name", "ground")}
        others = [agreed(code, **asked) for code in options["code"]]
        too = holding_too(program, about, options["name"])
        erased = erase_text(
            program=program,
            entry=options["entry"],
            sha256=sha256,
            ground=options["ground"],
            by=["steward", *others],
            now=now,
        )
        said = f"Taken down. Entry {erased.index} says so. Older backups and mirrors still hold it."
        places = ", ".join(f"{name} of entry {entry}" for entry, name in too)
        return f"{said} The same words still stand in: {places}. Take each of them down too." if too else said

    def do_take_down_row(self, options: Mapping[str, Any], now: datetime) -> str:
        """Take down; the hash stays under the root, and entries explain the gap."""
        listing = listing_of(program_of(options), options["project"])
        if listing is None or listing.row is None or listing.row.erased is not None:
            raise CommandError(
                f"No row from a file stands at {options['project']}; look at its address again."
            )
        asked = {"program": options["program"], "name": options["project"], "ground": options["ground"]}
        other = agreed(options["code"], entry=listing.row.came_with.entry or 0, **asked)
        by = ["steward", other]
        entries = erase_row(row=listing.row, ground=options["ground"], by=by, now=now)
        said = f"Taken down. Entry {entries[0].index} says so. Older backups, and the file where it came from, still hold it."
        texts = (
            f" Entry {listing.entry} holds what the unit wrote itself: use text take-down."
            if listing.entry is not None
            else ""
        )
        return said + texts

    def do_hold(self, options: Mapping[str, Any], now: datetime) -> str:
        """Place a hold."""
        entry = place_hold(program=program_of(options), ground=options["ground"], by="steward", now=now)
        return f"The hold stands from entry {entry.index} on."

    def do_lift(self, options: Mapping[str, Any], now: datetime) -> str:
        """Lift a hold."""
        entry = lift_hold(program=program_of(options), hold=options["hold"], by="steward", now=now)
        return f"The hold is lifted by entry {entry.index}."

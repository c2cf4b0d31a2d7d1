"""The last part of a statement: what it cannot tell, and how anyone checks it, with every entry that it cites."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.desks.statements.blocks import Block, Grid, Heading, Para, Points, Run, plain
from alongside.desks.statements.wording import Wording, cell, day
from alongside.ground.record.labels import KINDS
from alongside.ground.ui.templatetags.ui import counted


@dataclass(frozen=True)
class Addresses:
    """Where things are, as paths on this site: an entry's page and its proof, the bundle, the key, the statement itself."""

    entry: Callable[[int], str]
    proof: Callable[[int], str]
    bundle: str
    key: str
    here: str


def limits(*, is_past: bool) -> list[Block]:
    """Say what a statement cannot tell."""
    if is_past:
        said = [
            _("It tells what the named sources tell. Nobody has checked the sources again for this paper.")
        ]
    else:
        said = [
            _(
                "It tells what is on the record. A meeting or a survey that was never put on the record is not in it."
            ),
            _(
                "An engagement that names no decision of this project is not in it, even if it was about the same thing."
            ),
            _(
                "Counts of people are ranges, so that no one can be picked out. What one person said is in no paper."
            ),
            _(
                "It tells that two leads looked at what was delivered. It does not prove that they saw everything."
            ),
        ]
    said.append(
        _(
            "Words that were taken down later on a legal ground are missing from a paper that is made after that day."
        )
    )
    return [Heading(plain(_("What this statement cannot tell"))), Points(tuple(plain(one) for one in said))]


def proofs(wording: Wording, origin: str, vkey: str, where: Addresses) -> list[Block]:
    """Say how to check the statement, and list every entry it cites with the addresses of entry and proof."""
    head = wording.stated.head
    name = {"size": counted(head.size), "day": day(head.signed_on)}
    made_from = _(
        "It was made from the first %(size)s entries of the record, whose head was signed on %(day)s."
    )
    return [
        Heading(plain(_("How to check this statement")), anchor="proofs"),
        Para(plain(made_from % name)),
        _ways(where),
        Para((Run(_("This statement:") + " "), Run(where.here, "en", where.here))),
        Para((Run(_("The record:") + " "), Run(origin, "en"))),
        Para((Run(_("The log’s public key:") + " "), Run(vkey, "en", where.key))),
        Heading(plain(_("Signed head")), 3),
        Para((Run(head.note.rstrip("\n"), "en"),), "data"),
        Heading(plain(_("Every entry that is cited")), 3),
        _cited(wording, where),
    ]


def _ways(where: Addresses) -> Points:
    """Say in plain words how anyone checks a statement: by its pages, by its proofs, and by making it again."""
    page = _(
        "Open an entry at its address below. Its page shows what was said, who wrote it and the way to the signed head."
    )
    along = _("Or take all proofs along and check them without us, also when this site is gone:")
    command = _(
        "In the unpacked folder, one command checks every entry and its words; the file README says how."
    )
    again = _("Make this statement again at its own address: the same head gives the same text.")
    bundle = Run(_("Download the proofs (ZIP)"), href=where.bundle)
    return Points((plain(page), (Run(along + " "), bundle), plain(command), plain(again)))


def _cited(wording: Wording, where: Addresses) -> Grid:
    stated = wording.stated
    told = {**stated.before, **stated.told}
    rows = tuple(
        (
            cell((Run(counted(index), is_strong=True),)),
            cell(plain(str(KINDS.get(told[index].entry.kind, told[index].entry.kind)))),
            cell(plain(day(told[index].entry.date))),
            cell(
                (Run(where.entry(index), "en", where.entry(index)),),
                (Run(where.proof(index), "en", where.proof(index)),),
            ),
        )
        for index in sorted(wording.cited)
    )
    head = (_("Entry"), _("What it is"), _("Written on"), _("Its page, and its proof"))
    return Grid(_("Every entry that is cited"), head, rows, (2, 3, 3, 8))

"""Bring in what somebody confirmed: rows come into force, one entry tells of it, then every row gets its line in the list."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from alongside.core.canonical import canonical
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.ledger import HASH_SIZE
from alongside.core.registers.mapping import COMMUNITIES
from alongside.core.registers.roots import root_of, tiles_over
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.work.projects.actions.finding import find_lines, lose_lines
from alongside.work.projects.models import Chunk, Import, Listing, Register, Row, Tile, Touch
from alongside.work.projects.queries.files import counts_of, gone_of
from alongside.work.projects.queries.looking import CHOSEN
from alongside.work.projects.queries.standing import last_change, last_entry, leaves_in_force, slug_of

AT_ONCE = 500


class LookAgain(ValueError):  # noqa: N818 -- the name is a sentence
    """Another file came into the register since this one was compared with it, or a row of it was taken down."""


@appends("register.imported")
@transaction.atomic
def bring_in(*, of: Import, now: datetime) -> Import:
    """Put the rows of a confirmed file in force, and one entry on the record with the root over every row of the register.

    Does nothing the second time. Raises LookAgain where another file came in meanwhile; then the file waits for a new look.
    """
    locked = Register.objects.select_for_update(
        of=("self",)
    )  # a unit may be missing, and that side cannot be locked
    register = locked.select_related("program", "unit").get(pk=of.register_id)
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.entry is not None or held.confirmed_at is None:
        return held
    if held.compared_with != last_change(register):
        raise LookAgain(_("Another file came in since; look at this one again, then confirm it."))
    before = last_entry(register)
    counts = counts_of(held)
    _put_in_force(held)
    leaves = leaves_in_force(register)
    cites = {"before": [] if before is None else [before]}
    draft = Draft(
        kind="register.imported",
        by=[held.pen],
        data=_data(held, register, counts, leaves),
        cites=cites,
        texts={"title": Text(register.lang, register.title), **_whence(register)},
    )
    held.entry = append(program=register.program, drafts=[draft], now=now)[0].index
    held.save(update_fields=["entry"])
    _keep_tiles(held, leaves)
    return held


def _put_in_force(held: Import) -> None:
    mine = Row.objects.filter(came_with=held)
    replaced = mine.filter(state="changed").values("key")
    standing = Row.objects.filter(register=held.register_id, is_in_force=True)
    gone = list(gone_of(held).values_list("pk", flat=True))
    for at in range(0, len(gone), AT_ONCE):
        Row.objects.filter(pk__in=gone[at : at + AT_ONCE]).update(is_in_force=False, ended_by=held)
    standing.filter(key__in=replaced).update(is_in_force=False, ended_by=held)
    mine.filter(state__in=("new", "changed")).update(is_in_force=True)
    mine.filter(state="same").delete()


def _keep_tiles(held: Import, leaves: list[bytes]) -> None:
    """Keep the tiles from which anyone is shown the way of one row to the root."""
    tiles = (
        Tile(of=held, level=ref.level or 0, number=ref.n, first=hashes[:HASH_SIZE], hashes=hashes)
        for ref, hashes in tiles_over(leaves).items()
    )
    Tile.objects.bulk_create(tiles, batch_size=100)


def _data(held: Import, register: Register, counts: dict[str, int], leaves: list[bytes]) -> dict[str, object]:
    return {
        "register": register.slug,
        "file": held.sha256,
        "mapping": hashlib.sha256(canonical(held.mapping)).hexdigest(),
        "root": root_of(leaves).hex(),
        "rows": held.rows,
        "listed": len(leaves),
        "added": counts.get("new", 0),
        **{name: counts.get(name, 0) for name in ("changed", "same", "gone", "wrong")},
    } | ({"unit": register.unit.slug} if register.unit else {})


def _whence(register: Register) -> dict[str, Text]:
    said = {"source": register.source, "license": register.license}
    return {name: Text(NO_LANGUAGE, words) for name, words in said.items() if words}


@appends()
def list_rows(*, of: Import, now: datetime) -> None:
    """Give every row that came in its line in the list, and take lines away whose row is gone. Safe to repeat.

    Works in steps of their own, so that nobody waits for the whole; `listed` says how far it is.
    """
    mine = Row.objects.filter(came_with=of, is_in_force=True, erased=None).order_by("pk")
    Import.objects.filter(pk=of.pk).update(listed=0)
    last = 0
    while some := list(
        mine.filter(pk__gt=last).select_related("register__unit", "register__program")[:AT_ONCE]
    ):
        _list_some(of, some)
        last = some[-1].pk
    _unlist(of)
    Chunk.objects.filter(of=of).delete()
    Import.objects.filter(pk=of.pk).update(listed_at=now)


@transaction.atomic
def _list_some(of: Import, some: list[Row]) -> None:
    found = Listing.objects.filter(row__register=of.register_id, row__key__in=[one.key for one in some])
    there = {one.row.key: one for one in found.select_related("row") if one.row}
    fresh: list[Listing] = []
    again: list[Listing] = []
    for row in some:
        listing = there.get(row.key)
        (fresh if listing is None else again).append(_filled(listing, row))
    Listing.objects.bulk_create(fresh)
    Listing.objects.bulk_update(again, ["row", "unit", *CHOSEN])
    _touch([*fresh, *again])
    find_lines(program=some[0].register.program, listings=[*fresh, *again])
    Import.objects.filter(pk=of.pk).update(listed=F("listed") + len(some))


def _filled(listing: Listing | None, row: Row) -> Listing:
    """Fill a line from a row; where the project is on the record by itself, the record says what it is."""
    made = listing or Listing(program_id=row.register.program_id, slug=slug_of(row), is_imported=True)
    made.row = row
    if made.project_id is None:
        made.unit = row.register.unit.slug if row.register.unit else ""
        for name in CHOSEN:
            setattr(made, name, row.facts.get(name, ""))
    return made


def _touch(listings: list[Listing]) -> None:
    """Write anew whom lines touch, as their rows say; where the project is on the record by itself, the record says it."""
    mine = [one for one in listings if one.project_id is None]
    Touch.objects.filter(listing__in=mine).delete()
    Touch.objects.bulk_create(
        Touch(listing=one, community=each)
        for one in mine
        for each in (one.row.facts.get(COMMUNITIES, []) if one.row else [])
    )


def _unlist(of: Import) -> None:
    """Take away the lines of rows that this file ended, unless the project stands on the record by itself."""
    while True:
        ended = Listing.objects.filter(row__ended_by=of, row__is_in_force=False, project=None)
        some = list(ended.values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            return
        lose_lines(program=of.register.program, listings=some)
        Listing.objects.filter(pk__in=some).delete()

"""Take the words of an imported row down: two roles, a legal ground. Its hash stays under the root and explains the gap."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program
from alongside.ground.record.actions import Draft, Text, append, renew_pages
from alongside.ground.record.declared import appends
from alongside.work.projects.actions.finding import lose_lines
from alongside.work.projects.actions.looking import GONE
from alongside.work.projects.models import Listing, Register, Row
from alongside.work.projects.queries.proving import way
from alongside.work.projects.queries.standing import hidden


class NothingToErase(ValueError):  # noqa: N818 -- the name is a sentence
    """The row came in with no file that is on the record."""


@appends("row.erased")
@transaction.atomic
def erase_row(*, row: Row, ground: str, by: Sequence[str], now: datetime, lang: str = "en") -> list[Entry]:
    """Take a row down for good, as it is and as it was in every file before; the entries say so first, then its words go.

    The next file does not bring it back. Raises GrammarError, for one role alone or under a hold, and NothingToErase.
    """
    register = (
        Register.objects.select_for_update(of=("self",)).select_related("program").get(pk=row.register_id)
    )
    known = Row.objects.filter(register=register, key=row.key)
    under = known.filter(came_with__entry__isnull=False, state__in=("new", "changed"), erased=None)
    versions = list(under.select_related("came_with").order_by("pk"))
    if not versions:
        raise NothingToErase(_("This row is not on the record; throw its file away instead."))
    drafts = [_draft(register, one, Text(lang, ground), by) for one in versions]
    entries = append(program=register.program, drafts=drafts, now=now)
    _take_down(register, row.key, list(zip(versions, entries, strict=True)))
    renew_pages(program=register.program)
    return entries


@appends()
@transaction.atomic
def rows_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Take down again what these entries took down, where a backup brought it back."""
    found: dict[tuple[Register, str], list[tuple[Row, Entry]]] = {}
    for entry in entries:
        row = Row.objects.filter(
            register__program=program,
            register__slug=entry.data["register"],
            came_with__entry=entry.cites["of"][0],
            leaf=bytes.fromhex(entry.data["leaf"]),
            state__in=("new", "changed"),
            erased=None,
        )
        for one in row.select_related("register__program"):
            found.setdefault((one.register, one.key), []).append((one, entry))
    for (register, key), versions in found.items():
        _take_down(register, key, versions)
    renew_pages(program=program)


def _take_down(register: Register, key: str, versions: Sequence[tuple[Row, Entry]]) -> None:
    """Let the words of all versions of a row go, each with the entry that says so."""
    for one, entry in versions:
        Row.objects.filter(pk=one.pk).update(erased=entry.index, cells={}, facts={}, salt=b"")
    _forget(register, key)
    _unlist(register, [one for one, _entry in versions])


def _draft(register: Register, one: Row, ground: Text, by: Sequence[str]) -> Draft:
    place, path = way(one.came_with, bytes(one.leaf))
    data = {
        "register": register.slug,
        "leaf": bytes(one.leaf).hex(),
        "place": place,
        "path": [step.hex() for step in path],
    }
    cites = {"of": [one.came_with.entry or 0]}
    return Draft(kind="row.erased", by=by, data=data, cites=cites, texts={"ground": ground})


def _forget(register: Register, key: str) -> None:
    """Let nothing be left of the row in files on their way or in what was left out, and keep its key from saying its id."""
    known = Row.objects.filter(register=register, key=key)
    known.filter(erased=None).exclude(state="same").update(
        state="wrong", why=GONE, cells={}, facts={}, salt=b"", leaf=b""
    )
    known.update(key=hidden(register, key))


def _unlist(register: Register, versions: Sequence[Row]) -> None:
    """Take the line of the list away at once, unless the project stands on the record by itself."""
    found = Listing.objects.filter(row__in=versions, project=None)
    lines = list(found.values_list("pk", flat=True))
    lose_lines(program=register.program, listings=lines)
    Listing.objects.filter(pk__in=lines).delete()

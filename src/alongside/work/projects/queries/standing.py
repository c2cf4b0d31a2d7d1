"""What stands in a register: the last entry that changed it, the hashes of its rows, the names and marks of a row."""

import hashlib

from django.db.models import Max, Q

from alongside.ground.look.addresses import short_name
from alongside.work.projects.models import Import, Register, Row

#: How many digits of its mark stand in the address of a row.
MARK = 10


def last_entry(register: Register) -> int | None:
    """Give the entry of the last file that came into a register, or None."""
    found = Import.objects.filter(register=register, entry__isnull=False).order_by("-entry")
    return found.values_list("entry", flat=True).first()


def last_change(register: Register) -> int | None:
    """Give the last entry that changed a register: a file that came in, or a row that was taken down; None where there is none."""
    gone = Row.objects.filter(register=register, erased__isnull=False)
    taken_down = gone.aggregate(last=Max("erased"))["last"]
    return max((one for one in (last_entry(register), taken_down) if one is not None), default=None)


def leaves_in_force(register: Register) -> list[bytes]:
    """Give the hashes of the rows in force, over which the root in the record stands, in the order of their bytes."""
    rows = Row.objects.filter(register=register, is_in_force=True).order_by("leaf")
    return [bytes(one) for one in rows.values_list("leaf", flat=True).iterator()]


def leaves_after(of: Import) -> list[bytes]:
    """Give the hashes of the rows that were in force once an import had come in, in the order of their bytes."""
    rows = Row.objects.filter(
        register=of.register_id, came_with__entry__lte=of.entry, state__in=("new", "changed")
    )
    rows = rows.filter(Q(ended_by=None) | Q(ended_by__entry__gt=of.entry)).order_by("leaf")
    return [bytes(one) for one in rows.values_list("leaf", flat=True)]


def mark_of(register: Register, key: str) -> str:
    """Give the hash by which a row is told apart in addresses, and by which one whose words are gone is known again."""
    return hashlib.sha256(f"{register.slug}\0{key}".encode()).hexdigest()


def hidden(register: Register, key: str) -> str:
    """Give the key of a row whose words were taken down: it is known again, and does not say its own id."""
    return f"!{mark_of(register, key)[:40]}"


def slug_of(row: Row) -> str:
    """Give the name that a row has in addresses, the same in every file: its register, its name, and a mark of its key."""
    mark = mark_of(row.register, row.key)[:MARK]
    said = short_name(str(row.facts.get("name", "")), 32)
    return "-".join(filter(None, [row.register.slug[:14].strip("-"), said, mark]))

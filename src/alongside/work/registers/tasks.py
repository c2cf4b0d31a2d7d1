"""What happens to files of registers by itself: they are read, brought in and listed in the background, dropped in the end."""

from datetime import datetime, timedelta

from django.tasks import task

from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.work.registers.actions import (
    ImportConflictError,
    apply_import,
    drop_file,
    list_rows,
    look_at_file,
    withdraw_confirmation,
)
from alongside.work.registers.models import Import
from alongside.work.registers.queries import old_files

KEPT_DAYS = 30
TRIES = 3
#: What stands in `trouble` where a file could be read and not be brought in.
FAILED = "failed 0"


def tick(*, program: Program, now: datetime) -> None:
    """Drop files that nobody confirmed in a month. Safe to repeat."""
    for one in old_files(program, now - timedelta(days=KEPT_DAYS)):
        drop_file(of=one)


def begin_to_look(of: Import, now: datetime) -> None:
    """Have a file read in the background, by the mapping that it has now."""
    look.enqueue(of.pk, of.revision, now.isoformat())


def begin_to_bring(of: Import, now: datetime) -> None:
    """Have a confirmed file brought in and listed in the background."""
    bring.enqueue(of.pk, now.isoformat())


def begin_to_list(of: Import, now: datetime) -> None:
    """Have the rows that are in force again listed in the background, after a file was taken back."""
    relist.enqueue(of.pk, now.isoformat())


@task
def relist(import_id: int, now: str) -> None:
    """List the rows in force after a file was taken back. Safe to repeat."""
    found = Import.objects.select_related("register__program", "register__unit").filter(pk=import_id).first()
    if found is not None:
        list_rows(of=found, now=datetime.fromisoformat(now))


@task
def look(import_id: int, revision: int, now: str) -> None:
    """Read every row of a file, unless a newer mapping was saved since."""
    waiting = Import.objects.filter(pk=import_id, revision=revision, confirmed_at=None)
    found = waiting.select_related("register").first()
    if found is not None:
        look_at_file(of=found, now=datetime.fromisoformat(now))


@task
@appends(EntryKind.REGISTER_IMPORTED)
def bring(import_id: int, now: str, tries: int = 1) -> None:
    """Bring in a file that was confirmed, then list its rows; where another came first, let it be looked at again.

    What fails is tried three times; then the page says so, and the operator finds the reason in the log.
    """
    found = Import.objects.select_related("register").filter(pk=import_id).first()
    if found is None:
        return
    try:
        held = apply_import(of=found, now=datetime.fromisoformat(now))
        if held.entry is not None:
            list_rows(of=held, now=datetime.fromisoformat(now))
    except ImportConflictError:
        withdraw_confirmation(of=found)
        look.enqueue(import_id, found.revision, now)
    except Exception:
        if tries < TRIES:
            bring.enqueue(import_id, now, tries + 1)
        else:
            withdraw_confirmation(of=found, trouble=FAILED)
        raise

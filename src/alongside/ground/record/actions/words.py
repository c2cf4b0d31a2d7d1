"""Let words go that were taken down, and no page be shown from what was kept."""

from collections.abc import Collection

from django.db.models import F

from alongside.core.entries import Entry
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.ground.record.indexing import index_entries
from alongside.ground.record.models import Log
from alongside.ground.record.queries import texts_going


def lose_words(*, log: Log, erased: Collection[Entry]) -> None:
    """Let salt and words go of the texts that these entries took down, each of the entry that it cites."""
    found = texts_going(log.program, erased)
    abouts = list(found.values_list("about", flat=True))
    found.delete()
    Log.objects.filter(pk=log.pk).update(text_revision=F("text_revision") + 1)
    index_entries(log, abouts)


@appends()
def renew_pages(*, program: Program) -> None:
    """Let no page of a program be shown from what was kept: something beside the record changed, such as a profile."""
    Log.objects.filter(program=program).update(text_revision=F("text_revision") + 1)

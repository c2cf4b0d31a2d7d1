"""Pages that say what this site is: words alone, the same for everyone."""

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.core.grammar.learning_periods import DAYS
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role, View, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.comparing import retained
from alongside.ground.record import queries as record
from alongside.ground.record.machine import archive_sha256
from alongside.ground.ui.addresses import lang_of


def _plain(template: str) -> View:
    @from_the_record
    @open_to(Role.EVERYONE)
    def page(request: ViewerRequest) -> HttpResponseBase:
        return render(request, f"desks/{template}.html")

    return page


#: So many questions are named with the day until which their answers are kept.
SHOWN = 10


@from_the_record
@open_to(Role.EVERYONE)
def keeps(request: ViewerRequest) -> HttpResponseBase:
    """Say what is kept of whoever comes here, and for how long."""
    promised = record.without_words(request.program, kinds=[EntryKind.ENGAGEMENT_PROMISED])
    kept = [one for one in promised if one.entry.data.get("voices_kept_until", "") >= str(request.today)]
    shown = record.worded(request.program, kept[-1 : -SHOWN - 1 : -1], lang_of(request))
    context = {"shown": shown, "classes": retained(request.pack), "rules": _rules(request)}
    return render(request, "desks/keeps.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def promises(request: ViewerRequest) -> HttpResponseBase:
    """Say what is built into this site, and what it cannot do."""
    return render(request, "desks/promises.html", {"rules": _rules(request), "learning_days": DAYS})


def _rules(request: ViewerRequest) -> int | None:
    """Give the entry of the rules in force. One query."""
    found = record.without_words(request.program, kinds=[EntryKind.POLICY_ADOPTED])
    return found[-1].index if found else None


accessibility = _plain("accessibility")


@from_the_record
@open_to(Role.EVERYONE)
def software(request: ViewerRequest) -> HttpResponseBase:
    """Say whose software this is, where its source is, and how to check the record with it."""
    return render(
        request, "desks/software.html", {"source": settings.ALONGSIDE.source, "verifier": archive_sha256()}
    )

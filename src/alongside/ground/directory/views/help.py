"""The help page: who to call, and what becomes of what a person tells them."""

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.ground.directory.queries import help as queries
from alongside.ground.gate import AskedHttpRequest, Role, from_the_record, open_to
from alongside.ground.look.addresses import lang_of


@from_the_record
@open_to(Role.EVERYONE)
def help_page(request: AskedHttpRequest) -> HttpResponseBase:
    """Show the help lines of the program's pack. Knows nothing of who asks and keeps nothing."""
    found = queries.help_of(request.pack, lang_of(request))
    in_demonstration = request.program.is_demonstration
    context = {
        "found": found,
        # The banner of a demonstration says that numbers are made up; on this page real ones must not be doubted.
        "is_demonstration": in_demonstration and not found.is_real,
        "is_real_in_demonstration": in_demonstration and found.is_real,
    }
    return render(request, "directory/help.html", context)

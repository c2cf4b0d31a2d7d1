"""What to do when someone hands you a paper, and what everyone may know of federal requests."""

from datetime import UTC, datetime

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.core.disclosure import Band, Fewer
from alongside.ground.directory.queries import federal
from alongside.ground.directory.queries.help import help_of
from alongside.ground.gate import AskedHttpRequest, Role, from_the_record, open_to
from alongside.ground.look.addresses import lang_of

#: The help lines that this page shows, in their order.
WHO_TO_CALL = ("urgent", "legal", "sanctuary")


@from_the_record
@open_to(Role.EVERYONE)
def papers(request: AskedHttpRequest) -> HttpResponseBase:
    """Say, step by step, what to do with a subpoena or a request from a federal agency. Knows nothing of who asks."""
    lang = lang_of(request)
    found = help_of(request.pack, lang)
    rules = request.pack.federal
    in_demonstration = request.program.is_demonstration
    context = {
        "groups": [one for one in found.groups if one.kind in WHO_TO_CALL],
        "will": rules.will.say(lang) if rules.will else "",
        "will_lang": rules.will.lang_of(lang) if rules.will else "",
        "statutes": [
            (one.cites, one.says.say(lang), one.says.lang_of(lang), one.source) for one in rules.shown
        ],
        "government": request.pack.government.short.say(lang),
        "is_demonstration": in_demonstration and not found.is_real,
        "is_real_in_demonstration": in_demonstration and found.is_real,
    }
    return render(request, "directory/papers.html", context)


@open_to(Role.EVERYONE)
def counts(request: AskedHttpRequest) -> HttpResponseBase:
    """Show how many requests there were, in ranges, of those that counsel cleared."""
    today = local_date(datetime.now(tz=UTC), request.pack)
    years = federal.public_years(request.program, request.pack, request.program.opened_on, today)
    rows = [(one.year, _told(one.received), _told(one.declined)) for one in years]
    context = {"rows": rows, "k": request.pack.k, "is_exact": request.pack.federal.exact_counts}
    return render(request, "directory/counts.html", context)


def _told(count: int | Band | Fewer) -> dict[str, int]:
    """Give a count as the template says it: a number, a range, or nothing for fewer than k."""
    if isinstance(count, Band):
        return {"low": count.low, "high": count.high}
    return {} if isinstance(count, Fewer) else {"number": count}

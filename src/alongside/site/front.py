"""The addresses before a language or a program is chosen: the way in, the list of programs, the demonstration, and two notes for machines."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from alongside.chain.keys.queries import PASSPHRASE
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.queries import every_program, home_program, pack_of
from alongside.ground.ui.addresses import has_page
from alongside.ground.ui.context import language, offered, offered_here
from alongside.site import catalogues, roles
from alongside.site.languages import OUR_OWN, Tongue, preferred
from alongside.site.places import Place

PLAIN = "text/plain; charset=utf-8"
#: For so long a note on whom to tell of a weakness holds; it is made anew for each reader.
HOLDS = timedelta(days=180)
#: Receipts and signing in are nobody's to find by a search; a demonstration and a copy are not to be found at all.
SEARCHED = "User-agent: *\nDisallow: /r$\nDisallow: /r/\nDisallow: /*/accounts/\n"
NOT_SEARCHED = "User-agent: *\nDisallow: /\n"


@open_to(Role.EVERYONE)
def robots(_request: ViewerRequest) -> HttpResponse:
    """Say to search engines what they may read (RFC 9309)."""
    config = settings.ALONGSIDE
    is_real = config.production and not config.copy_of
    return HttpResponse(SEARCHED if is_real else NOT_SEARCHED, content_type=PLAIN)


@open_to(Role.EVERYONE)
def security(request: ViewerRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116); nothing is here where the operator named nobody."""
    config = settings.ALONGSIDE
    contact = or_404(config.security_contact or None)
    lines = [
        f"Contact: {contact}",
        f"Expires: {(request.now + HOLDS).date()}T00:00:00Z",
        f"Canonical: {config.address}{request.path}",
        f"Preferred-Languages: {', '.join(offered_here(request))}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=PLAIN)


@open_to(Role.EVERYONE)
def front(request: ViewerRequest) -> HttpResponseBase:
    """Lead to the home of the program; list the programs where there are several and none is the first to see."""
    home = home_program()
    if home:
        return HttpResponseRedirect(_told(Place(home, pack_of(home)), request.lang)["href"])
    told = [_told(Place(program, pack_of(program)), request.lang) for program in every_program()]
    return render(
        request,
        "site/front.html",
        {"programs": told, "help_href": "#help" if any(one["help_href"] for one in told) else ""},
    )


@open_to(Role.EVERYONE)
def demonstration(request: ViewerRequest) -> HttpResponse:
    """Offer the people of the demonstration: six, each with what to try, and all others folded."""
    people = roles.offered(request)
    programs = or_404([one for one in every_program() if one.is_demonstration] or None)
    first = {eyes.tries: eyes for eyes in reversed(people) if eyes.tries and eyes.program == programs[0]}
    told = [_told(Place(program, pack_of(program)), request.lang) for program in programs]
    context = {
        "first": first,
        "others": [eyes for eyes in people if eyes not in first.values()],
        "programs": told,
        "six_words": PASSPHRASE,
        "help_href": told[0]["help_href"],
    }
    return render(request, "site/demonstration.html", context)


def _told(place: Place, lang: str) -> dict[str, str]:
    """Give a program's name, the language of the name, the way in to it and to its help; in the reader's language where it speaks that."""
    offers = offered(place.pack, is_demonstration=place.program.is_demonstration) or place.languages
    speaks = lang in offers
    kept = {"program": place.program.slug} | ({"lang": lang} if speaks else {})
    name = place.pack.name
    href = reverse("desks:home" if speaks else "program", kwargs=kept)
    help_in = {"program": place.program.slug, "lang": lang if speaks else offers[0]}
    has_help = has_page(place.pack, "directory:help")
    help_href = reverse("directory:help", kwargs=help_in) if has_help else ""
    return {"name": name.say(lang), "lang": name.lang_of(lang), "href": href, "help_href": help_href}


@from_the_record
@open_to(Role.EVERYONE)
def languages(request: ViewerRequest) -> HttpResponse:
    """Tell of each language of the program how much of it is there, and whether a person has read it."""
    offers = offered_here(request)
    codes = [one.code for one in request.pack.languages]
    told = [(language(code), _tongue(code), code in offers) for code in codes]
    return render(request, "site/languages.html", {"told": told})


def _tongue(code: str) -> Tongue | None:
    """Give how far a language is as it is said here; None of the one in which all is written."""
    brought: Tongue | None = settings.TONGUES.get(code)
    if code == OUR_OWN[0]:
        return None
    return brought if brought and not brought.faults else catalogues.shipped(code)


@open_to(Role.EVERYONE)
def program(request: ViewerRequest) -> HttpResponseBase:
    """Send a reader to the program in the language they prefer, of those it speaks."""
    spoken = offered_here(request) or Place(request.program, request.pack).languages
    wanted = preferred(request.headers.get("Accept-Language", ""), spoken) or spoken[0]
    response = HttpResponseRedirect(f"{request.path}{wanted}/")
    response["Vary"] = "Accept-Language"
    return response

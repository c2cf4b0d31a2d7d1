"""The addresses before a language is chosen: the list of programs, and the way in to one."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.queries import every_program, pack_of
from alongside.site import roles
from alongside.site.languages import preferred
from alongside.site.places import Place
from alongside.site.six_words import PASSPHRASE


@open_to(Role.EVERYONE)
def front(request: ViewerRequest) -> HttpResponse:
    """List the programs, and in the demonstration the people one may look through the eyes of."""
    context = {
        "programs": [_told(Place(program, pack_of(program)), request.lang) for program in every_program()],
        "people": roles.offered(request),
        "six_words": PASSPHRASE,
    }
    return render(request, "site/front.html", context)


def _told(place: Place, lang: str) -> dict[str, object]:
    """Give a program's name, the language of the name, and the way in to it; in the reader's language where it speaks that."""
    speaks = lang in place.languages
    kept = {"program": place.program.slug} | ({"lang": lang} if speaks else {})
    name = place.pack.name
    href = reverse("desks:home" if speaks else "program", kwargs=kept)
    return {"program": place.program, "name": name.say(lang), "lang": name.lang_of(lang), "href": href}


@open_to(Role.EVERYONE)
def program(request: ViewerRequest) -> HttpResponseBase:
    """Send a reader to the program in the language they prefer, of those it speaks."""
    spoken = Place(request.program, request.pack).languages
    wanted = preferred(request.headers.get("Accept-Language", ""), spoken) or spoken[0]
    response = HttpResponseRedirect(f"{request.path}{wanted}/")
    response["Vary"] = "Accept-Language"
    return response

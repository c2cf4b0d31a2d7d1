"""The addresses before a language is chosen: the list of programs, and the way in to one."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.programs.queries import every_program, pack_of
from alongside.site import roles
from alongside.site.places import Place


@open_to(Role.EVERYONE)
def front(request: AskedHttpRequest) -> HttpResponse:
    """List the programs, and in the demonstration the people one may look through the eyes of."""
    context = {
        "programs": [
            {"program": program, "name": pack_of(program).name.say(request.lang)}
            for program in every_program()
        ],
        "people": roles.offered(request),
    }
    return render(request, "site/front.html", context)


@open_to(Role.EVERYONE)
def program(request: AskedHttpRequest) -> HttpResponseBase:
    """Send a reader to the program in the language they prefer, of those it speaks."""
    spoken = Place(request.program, request.pack).languages
    wanted = request.headers.get("Accept-Language", "").lower().replace("_", "-").split(",")
    order = [tag.split(";")[0].strip() for tag in wanted]
    fits = (code for tag in order for code in spoken if code in {tag, tag.split("-")[0]})
    response = HttpResponseRedirect(f"{request.path}{next(fits, spoken[0])}/")
    response["Vary"] = "Accept-Language"
    return response

"""Look through someone's eyes: one-click sign-in, for demonstration data only and on this machine only."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.cohort.lotteries.queries import invited_here
from alongside.cohort.seats.queries.seats import sat_here, viewer_for
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, Viewer, open_to
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of
from alongside.ground.ui.languages import listed
from alongside.ground.ui.links import desk_of
from alongside.site.languages import preferred
from alongside.site.places import Place

LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


WORDS = {
    Role.LEAD: _("lead"),
    Role.STEWARD: _("program coordinator"),
    Role.MANAGER: _("bureau manager"),
    Role.STAFF: _("staff"),
    Role.OPERATOR: _("operator"),
    Role.PERSON: _("anyone who has signed in"),
}


INVITED = {
    "reader": _("reader from the community"),
    "helper": _("helper of a community organization"),
    "witness": _("witness of a lottery"),
    "former": _("former lead"),
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """A person of a demonstration that one may look through the eyes of."""

    person: Person
    program: Program
    viewer: Viewer
    title: str = ""
    invited: str = ""
    program_name: str = ""

    @property
    def tries(self) -> str:
        """Name the job that the page of the demonstration offers with this person; empty where it offers none."""
        roles = self.viewer.roles
        if Role.STAFF in roles:
            return "manager" if Role.MANAGER in roles else ""
        return next((one for one in (Role.STEWARD, Role.LEAD) if one in roles), "")

    @property
    def key(self) -> str:
        """Give what the button sends."""
        return f"{self.program.slug}/{self.person.pk}"

    @property
    def called(self) -> str:
        """Give the title of the person's office in the reader's language; else the name the person goes by, as desks show it."""
        return self.title or self.person.known_as or self.person.called or str(self.person.email)

    @property
    def does(self) -> str:
        """Say what the person is in the program."""
        shown = self.viewer.roles - {Role.PERSON, Role.OPERATOR}
        told = [str(words) for role, words in WORDS.items() if role in shown]
        return listed(told) or str(INVITED.get(self.invited, ""))


def local(request: HttpRequest) -> bool:
    """Say whether the request comes from this machine and through no proxy."""
    return request.META.get("REMOTE_ADDR", "") in LOOPBACK and not any(
        name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "Via")
    )


def allowed(request: HttpRequest) -> bool:
    """Say whether demonstration sign-in works here at all."""
    config = settings.ALONGSIDE
    return config.demonstration_sign_in is not False and not config.production and local(request)


def offered(request: HttpRequest) -> list[Eyes]:
    """List the people of demonstration programs, or no one where that is not allowed."""
    return every_eyes() if allowed(request) else []


def every_eyes() -> list[Eyes]:
    """List the people of demonstration programs."""
    today = datetime.now(tz=UTC).date()
    people = list(Person.objects.order_by("pk"))
    found = []
    for program in every_program():
        if program.is_demonstration:
            pack, invited = (
                pack_of(program),
                dict.fromkeys(sat_here(program), "former") | invited_here(program),
            )
            name = str(pack.name.say(get_language() or "en"))
            for person in people:
                viewer, does = viewer_for(person, program, today), invited.get(person.pk, "")
                if does or viewer.roles - {Role.EVERYONE, Role.PERSON}:
                    found.append(Eyes(person, program, viewer, _title(pack, viewer), does, name))
    return found


def _title(pack: Pack, viewer: Viewer) -> str:
    return pack.office_title(viewer.offices[0], get_language() or "en") if viewer.offices else ""


@open_to(Role.EVERYONE)
@csrf_exempt  # the front page sets no cookie; OriginMiddleware guards this door
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a person of the demonstration."""
    wanted = request.POST.get("person", "")
    eyes = next((eyes for eyes in offered(request) if eyes.key == wanted), None)
    if eyes is None:
        raise Http404
    get_adapter().login(request, eyes.person)
    return HttpResponseRedirect(_way_in(request, eyes))


def _way_in(request: HttpRequest, eyes: Eyes) -> str:
    """Lead to the person's own desk, in the language of their browser where the program speaks it."""
    spoken = Place(eyes.program, pack_of(eyes.program)).languages
    lang = preferred(request.headers.get("Accept-Language", ""), spoken) or spoken[0]
    return reverse(desk_of(eyes.viewer) or "desks:home", kwargs={"program": eyes.program.slug, "lang": lang})

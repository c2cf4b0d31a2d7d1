"""The doors that residents use: sealed intake, withdrawal, the list of seal marks, and the page to follow a receipt."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from alongside.chain.voices import actions as intake_actions
from alongside.chain.voices import queries as intake
from alongside.chain.voices.forms import is_large, read_act, read_sealed
from alongside.core.refusals import UnusableInputError
from alongside.ground.gate.limits import VOICES_AN_HOUR, Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.queries import home_program, pack_of, spoken
from alongside.ground.texts.actions import LegalHoldError
from alongside.ground.ui.addresses import has_page, lang_of
from alongside.ground.ui.bodies import UnreadableError
from alongside.ground.ui.refusals import refusal_text

#: What a refused voice is answered with, so that the page can say the right words (islands/README.md).
STATUS = {
    "unknown": 404,
    "closed": 410,
    "hidden-field": 422,
    "unsealed": 422,
    "used": 422,
    "paused": 423,
    "too-many": 429,
    "room": 507,
}
#: The same bytes for every voice that is taken in.
TAKEN = b'{"taken": true}'
DOOR = Doorman(most=VOICES_AN_HOUR, name="voices")
#: A voice with sound counts as so many: one address sends 120 MB of them in an hour, at most.
SPOKEN_WEIGHS = 10


@csrf_exempt
@open_to(Role.EVERYONE)
@require_POST
def take_in(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take in one sealed voice. The reply to a voice that was taken in is always the same bytes."""
    now = request.now
    if over := DOOR.knock(address_of(request), now, SPOKEN_WEIGHS if is_large(request) else 1):
        return _too_many(request, slug, over)
    try:
        sent = read_sealed(request, sounds=_may_be_spoken(request, slug))
        intake_actions.take_in(
            program=request.program,
            engagement=slug,
            mark=sent.mark,
            act=sent.act,
            sealed=sent.sealed,
            now=now,
            pack=request.pack,
            stand=request.stand,
        )
    except (UnusableInputError, UnreadableError) as error:
        reason, message = _reason(error)
        _count(request, slug, reason)
        return _refused(reason, message)
    return HttpResponse(TAKEN, content_type="application/json")


def _may_be_spoken(request: ViewerRequest, slug: str) -> bool:
    """Say whether sounds may be in what arrives: it is large, and people were told that they can speak."""
    return is_large(request) and intake.may_be_spoken_to(request.program, slug, request.stand)


def _too_many(request: ViewerRequest, slug: str, over: int) -> JsonResponse:
    """Refuse a flood; count only its beginning, so that a flood does not become a flood of writes."""
    if over == 1:
        _count(request, slug, "too-many")
    return _refused("too-many", _("Too many people are sending from here. Wait an hour, then send it again."))


def _count(request: ViewerRequest, slug: str, reason: str) -> None:
    intake_actions.count_refusal(
        program=request.program, engagement=slug, lang=lang_of(request), reason=reason
    )


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, UnusableInputError):
        return error.why, refusal_text(error)
    return "unsealed", _(
        "What arrived was not locked, so we did not keep it. Reload the page and send it again."
    )


def _refused(reason: str, message: str) -> JsonResponse:
    return JsonResponse({"taken": False, "words": message}, status=STATUS[reason])


@csrf_exempt
@open_to(Role.EVERYONE)
@require_POST
def withdraw(request: ViewerRequest) -> HttpResponseBase:
    """Delete the voice of a receipt, by its act secret alone."""
    now = request.now
    if DOOR.knock(address_of(request), now):
        return JsonResponse({"withdrawn": False}, status=429)
    try:
        gone = intake_actions.withdraw(program=request.program, act=read_act(request), now=now)
    except LegalHoldError as error:
        return JsonResponse({"withdrawn": False, "words": refusal_text(error)}, status=423)
    except UnreadableError:
        gone = None
    return JsonResponse({"withdrawn": gone or False}, status=200 if gone else 404)


@open_to(Role.EVERYONE)
@require_GET
def marks(request: ViewerRequest) -> HttpResponseBase:
    """Give every public seal mark of a program, 13 bytes a row; the browser looks for its own."""
    return HttpResponse(intake.mark_list(request.program), content_type="application/octet-stream")


@open_to(Role.EVERYONE)
@require_GET
def received(request: ViewerRequest) -> HttpResponseBase:
    """Give what is here and not yet published, hashed anew for every answer; the browser looks for its own."""
    found = intake.received_list(request.program, request.today)
    response = HttpResponse(found, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.EVERYONE)
@require_GET
def index(request: ViewerRequest) -> HttpResponseBase:
    """Say where the lists of seal marks of all programs are, and what people were asked there."""
    return JsonResponse(intake.mark_lists(request.GET.get("lang", ""), request.today), safe=False)


@open_to(Role.EVERYONE)
@require_GET
def follow(request: ViewerRequest) -> HttpResponseBase:
    """Show the page on which a receipt is looked up, and whom to call. It says no topic and no city."""
    context: dict[str, object] = {}
    home = home_program()
    if home is not None:
        about = {"program": home.slug, "lang": spoken(home, lang_of(request))}
        there = {
            "help_href": "directory:help",
            "came_href": "desks:follow",
            "home_href": "desks:home",
            "news_href": "desks:news",
        }
        pack = pack_of(home)
        context |= {key: reverse(name, kwargs=about) for key, name in there.items() if has_page(pack, name)}
        context["call"] = pack.phone
    return render(request, "voices/follow.html", context)

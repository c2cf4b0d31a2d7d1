"""Hear back: letters when something is new, feed and calendar, an address to share, and a poster for a wall or a shop window."""

from urllib.parse import quote

from django.conf import settings
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from alongside.core.workflow.engagements import EngagementStage
from alongside.desks import leaflets, posters
from alongside.desks.home import open_now
from alongside.ground.gate.limits import LETTERS_AN_HOUR, Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404, unseen
from alongside.ground.news import actions, queries, tasks
from alongside.ground.news.forms import NewsForm
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import others
from alongside.ground.ui.press import Typed, posted, press
from alongside.ground.ui.qr import drawn
from alongside.work.engagements.queries.pages import Page, engagement_page

DOOR = Doorman(most=LETTERS_AN_HOUR, name="news")
TOO_MANY = 429
#: A hidden field that people leave empty.
TRAP = "website"
#: What a page says after a press: the letter is on its way, letters come, the link is too old, letters are stopped.
SAID = frozenset({"sent", "on", "old", "off"})


@csrf_exempt  # residents' pages set no cookie, so there is no form token; OriginMiddleware guards this door
@open_to(Role.EVERYONE)
def news(request: ViewerRequest) -> HttpResponseBase:
    """Show the ways to hear back, and take in an address. The same comes of an address that is known and of one that is not."""
    form = NewsForm(posted(request))
    if request.method == "POST" and DOOR.knock(address_of(request), request.now):
        return render(request, "429.html", status=TOO_MANY)

    def act(typed: Typed) -> None:
        if not request.POST.get(TRAP):
            given = {"address": typed["address"], "lang": lang_of(request), "now": request.now}
            actions.ask(program=request.program, write=tasks.invite.enqueue, **given)

    if went := press(request, form, act, _said(request, "sent")):
        return went
    said = request.GET.get("at", "")
    home = f"{settings.ALONGSIDE.address}{to(request, 'desks:home')}"
    context = {
        "form": form,
        "trap": TRAP,
        "said": said if said in SAID else "",
        "shows_form": said not in SAID - {"old"},
        "subject": tasks.link_subject(),
        "open": open_now(request.program, lang_of(request), request.today)[0],
        "address": home,
        "address_escaped": quote(home),
    }
    return render(request, "desks/news.html", context)


def _said(request: ViewerRequest, what: str) -> str:
    return f"{to(request, 'desks:news')}?at={what}"


@csrf_exempt  # as above
@open_to(Role.EVERYONE)
def confirm(request: ViewerRequest, token: str) -> HttpResponseBase:
    """Ask once more, since programs that read mail open every link; a press lets letters come."""

    def act(_typed: Typed) -> str:
        return "on" if actions.confirm(program=request.program, token=token) else "old"

    form = Form(posted(request))
    went = press(request, form, act, lambda what: _said(request, what))
    return went or _unkept(render(request, "desks/news_confirm.html", {"form": form}))


@unseen
@open_to(Role.EVERYONE)
def stop(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Stop the letters of which somebody has one, by a press on the page or by the button of a mail program (RFC 8058)."""

    def act(_typed: Typed) -> None:
        found = queries.read_stop_key(key)
        if found:
            actions.stop(program=request.program, key=found)

    form = Form(posted(request))
    went = press(request, form, act, _said(request, "off"))
    return went or _unkept(render(request, "desks/news_stop.html", {"form": form}))


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    """Let no browser and no cache keep a page whose address opens something."""
    response["Cache-Control"] = "no-store"
    return response


@from_the_record
@open_to(Role.EVERYONE)
def poster(request: ViewerRequest, slug: str = "") -> HttpResponseBase:
    """Give a poster with a code that a phone opens: for the program, or for one question that is open, with all to invite people to it."""
    return _poster(request, _asked(request, slug) if slug else None)


@from_the_record
@open_to(Role.EVERYONE)
def leaflet(request: ViewerRequest, slug: str, cut: str) -> HttpResponseBase:
    """Give the poster of a question that is open, or flyers, as a file; the page to print instead where a letter has no font here."""
    page, (_paper, up, _name) = _asked(request, slug), or_404(leaflets.CUTS.get(cut))
    first = leaflets.sheet(
        leaflets.piece(page.title),
        [*posters.facts(request, page), posters.help_lines(request.pack, most=posters.LINES[up])],
        kicker=request.pack.name.say(lang_of(request)),
        lead=[leaflets.in_page(posters.until(page))],
        also=leaflets.names_of(page.data["languages"]),
    )
    data = leaflets.leaflet(
        [first],
        title=page.title.words if page.title else "",
        check=_("Answer here:"),
        address=_address(request, page),
        cut=cut,
    )
    return leaflets.as_pdf(data, f"{slug}-{cut}", lambda note: _poster(request, page, note=note))


def _asked(request: ViewerRequest, slug: str) -> Page:
    """Give the question of an engagement where people can speak now, or answer that there is no page."""
    page = engagement_page(request.program, lang_of(request), slug, request.today)
    return or_404(page if page and page.state == EngagementStage.OPEN else None)


def _address(request: ViewerRequest, page: Page | None) -> str:
    """Give the whole address that a poster leads to."""
    there = to(request, "engagements:engagement", slug=page.slug) if page else to(request, "desks:home")
    return f"{settings.ALONGSIDE.address}{there}"


def _poster(request: ViewerRequest, page: Page | None, *, note: str = "") -> HttpResponse:
    address = _address(request, page)
    context: dict[str, object] = {
        "page": page,
        "address": address,
        "code": drawn(address),
        "note": note,
    }
    context["help"] = posters.on_a_page(posters.help_lines(request.pack))
    if page:
        words = posters.message(request, page, address)
        context |= {
            "facts": [posters.on_a_page(one) for one in posters.facts(request, page)],
            "until": posters.until(page),
            "cuts": [(cut, name) for cut, (_paper, _up, name) in leaflets.CUTS.items()],
            "words": words,
            "text_messages": leaflets.text_messages(words),
            "others": others(request, page.data["languages"]),
        }
    return render(request, "desks/poster.html", context)

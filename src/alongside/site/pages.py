"""The pages for when something does not work: refused, not here, broken, and what the record does not take."""

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.chain.keys.queries import keyring_that_waits, keyrings_today, may_sign_beside, to_unlock
from alongside.chain.reader.views.own import facts_called, values_called
from alongside.cohort.seats.queries.seats import chosen_names, seat_of, suspension_of
from alongside.core.act_files import write_act_file
from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import OFFICE, SEAT
from alongside.core.grammar.acts import GOOD_FOR
from alongside.core.grammar.versions import KINDS as GRAMMAR
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import NOBODY, NothingHere, NotOpenToYou, Role, ViewerRequest
from alongside.ground.record.acts import CosignerNeededError, SignatureNeededError
from alongside.ground.record.labels import KINDS, text_called
from alongside.ground.record.signing import DoubtedClockError, HaltedLogError
from alongside.ground.ui.addresses import asked_in, lang_of
from alongside.ground.ui.context import Carried, mark_of_session, offered_here
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.languages import listed
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import ACT, BESIDE, CHANGE, SAVE, SHOWN, SIGNED, carried
from alongside.ground.ui.refusals import refusal_text
from alongside.site import places
from alongside.site.health import NO_DATABASE, is_for_want_of_a_database, is_for_want_of_room, is_lock_timeout
from alongside.site.logs import new_number
from alongside.site.roles import WORDS
from alongside.site.sso import SignInError
from alongside.site.words_typed import comes_from_here, words_typed
from alongside.work.engagements.forms import retention_of

logger = logging.getLogger("alongside.web")


def refused(request: ViewerRequest, exception: Exception | None = None) -> HttpResponse:
    """Say who may open the page and how to sign in."""
    roles = exception.roles if isinstance(exception, NotOpenToYou) else frozenset()
    context: dict[str, Any] = {
        "who": listed(str(words) for role, words in WORDS.items() if role in roles),
        "cure": "" if roles else str(exception or ""),
        "next": request.get_full_path(),
    }
    typed = words_typed(request) if roles else []
    program, viewer = getattr(request, "program", None), getattr(request, "viewer", NOBODY)
    if roles and program is not None and viewer.person_id:
        today = local_date(datetime.now(tz=UTC), request.pack)
        context["suspension"] = suspension_of(program, viewer.person_id, today, lang_of(request))
        if Role.LEAD in roles and viewer.has(Role.STAFF, Role.STEWARD):
            context["shut_by_post"] = seat_of(viewer.person_id, program, today)
    return _with(request, typed, "site/refused.html", context, status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django hands it over by name
    """Say that the form was open too long or came from elsewhere (no valid form token)."""
    typed = words_typed(request) if comes_from_here(request) else []
    return _with(request, typed, "site/stale.html", {"here": request.get_full_path()}, status=403)


def _with(
    request: HttpRequest, typed: list[str], template: str, context: Mapping[str, Any], status: int
) -> HttpResponse:
    """Show a page with what was typed, for these eyes alone and never kept."""
    response = render(request, template, {**context, "typed": typed}, status=status)
    if typed:
        response["Cache-Control"] = "private, no-store"
    return response


def not_here(request: ViewerRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at this address, the same way where something is that the viewer may not know of."""
    typed = [] if isinstance(exception, NothingHere) else words_typed(request)
    if isinstance(exception, NothingHere):
        request.resolver_match, request.viewer = None, NOBODY
    slug = request.path_info.split("/", 2)[1]
    if getattr(request, "program", None) is None and (place := places.at(slug) or places.home()):
        request.program, request.pack = place.program, place.pack
    # A lead's key may be open: by the cookie alone, so that it says the same wherever something is that the viewer may not know of.
    mark = mark_of_session(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    response = _with(request, typed, "site/not_here.html", {"open_mark": mark}, status=404)
    patch_vary_headers(
        response, ("Cookie",)
    )  # on every such page, or it would tell where someone's roles were looked up
    return response


def done_already(request: HttpRequest, found: AlreadyDoneError) -> HttpResponse:
    """Lead whoever came second to what was done before; show them first the words that nobody took."""
    typed = words_typed(request)
    if not typed:
        return HttpResponseRedirect(after(found.address, Done.ALREADY))
    return _with(request, typed, "site/done_already.html", {"done_href": found.address}, status=409)


def in_chosen_language[W](
    page: Callable[[ViewerRequest, W], HttpResponseBase],
) -> Callable[[ViewerRequest, W], HttpResponseBase]:
    """Show a page that answers a press in the language that was chosen on it; what was typed stays at its address, in its own.

    A browser keeps the page, so that Back shows it again (decision 89).
    """

    @wraps(page)
    def shown(request: ViewerRequest, waits: W) -> HttpResponseBase:
        code = request.POST.get(SHOWN, "")
        asked = asked_in(request, code) if code in offered_here(request) else request
        with override(lang_of(asked)):
            response = page(asked, waits)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return shown


def _carried(request: HttpRequest, sent: Sequence[tuple[str, str]]) -> Carried:
    """Give what goes along to another language."""
    return Carried([one for one in sent if one[0] != SHOWN], signed_in=True, stays=request.get_full_path())


@in_chosen_language
def sign(request: ViewerRequest, waits: SignatureNeededError) -> HttpResponseBase:
    """Show a lead what goes on the public log, so that their own device signs it; all that the form held comes along."""
    act, today = waits.act, request.today
    rings = keyrings_today(request.program, request.viewer, today)
    mine = next(
        (seat.public_id for seat, _ring in rings if seat.public_id in act.parts), next(iter(act.parts))
    )
    sent = _sent(request, NOT_SENT)
    file = waits.file(mine, carried(request, [*sent, (ACT, act.token)]))
    if SAVE in request.POST:
        return download(write_act_file(file), f"to-sign-{file.parsed['nonce'][:6]}.json", "application/json")
    hers = next((seat for seat, _ring in rings if seat.public_id == mine), None)
    is_hers, uncertified = (
        hers is not None,
        keyring_that_waits(request.program, hers, today) if hers else None,
    )
    drafts, others = file.parsed["drafts"], waits.others or ()
    context = {
        "act": act,
        "is_other": waits.is_other,
        "is_part": waits.others is not None,
        "others": [(lead_in_words(one.seat), day_in_words(one.signed["day"])) for one in others],
        "before": json.dumps(file.before),
        "raw": file.act,
        "said": json.dumps(file.said),
        "kinds": {one["kind"]: KINDS[one["kind"]] for one in drafts},
        "texts": {name: text_called(name) for _place, name, *_rest in file.said},
        "facts": facts_called(one["kind"] for one in drafts),
        "values": values_called(_named(request.pack, lang_of(request)) | _pens(request, drafts)),
        "opens": any(one["kind"] == EntryKind.ENGAGEMENT_PROMISED for one in drafts),
        **to_unlock(request.program, rings if is_hers else [], uncertified),
        "here": request.get_full_path(),
        "sent": sent,
        "carried": _carried(request, sent),
        "mine": mine,
        "beside": "" if is_hers else lead_in_words(mine, chosen_names(request.program).get(mine, "")),
        "until": day_in_words(min(file.good_until, act.day + GOOD_FOR)),
        "follows": any(GRAMMAR[one["kind"]].follows for one in drafts),
    }
    return render(request, "site/sign.html", context)


@in_chosen_language
def alone(request: ViewerRequest, waits: CosignerNeededError) -> HttpResponse:
    """Let a lead who lost their key choose who signs beside them; all that the form held comes along."""
    leads, named = may_sign_beside(request.program, waits.seats, request.today), chosen_names(request.program)
    sent = _sent(request, NOT_SENT | {BESIDE})
    context = {
        "leads": [(one, lead_in_words(one, named.get(one, ""))) for one in leads],
        "field": BESIDE,
        "here": request.get_full_path(),
        "sent": sent,
        "carried": _carried(request, sent),
    }
    return render(request, "site/alone.html", context)


def _sent(request: HttpRequest, without: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, one) for name, many in request.POST.lists() if name not in without for one in many]


def _named(pack: Pack, lang: str) -> dict[str, str]:
    """Give the names that the rules of a program give languages, bureaus, rules of how long voices are kept, and levels of participation, these by the two words that name one."""
    levels = {
        canonical({"framework": scale.id, "level": level.id}).decode(): level.name.say(lang)
        for scale in pack.frameworks
        for level in scale.levels
    }
    kept = {f"retention={rule}": words for rule, words in retention_of(pack, lang)}
    return {one.code: one.name for one in pack.languages} | pack.units_in(lang) | levels | kept


def _pens(request: ViewerRequest, drafts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Give what leads and offices are called in whose name an act stands, or whom it names."""
    chosen, lang = chosen_names(request.program), lang_of(request)
    told = [held for draft in drafts for held in (draft["by"], *draft["data"].values())]
    each = (held if isinstance(held, list) else [held] for held in told)
    names = {one for many in each for one in many if isinstance(one, str)}
    leads = {one: lead_in_words(one, chosen.get(one, "")) for one in names if SEAT.match(one)}
    return leads | {one: request.pack.office_title(one, lang) for one in names if OFFICE.match(one)}


#: Fields that a page draws anew.
NOT_SENT = frozenset({"csrfmiddlewaretoken", ACT, SIGNED, CHANGE, SAVE})


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """Say why something was refused that no form told before, what to do instead, and what was typed."""
    words = refusal_text(error, getattr(request, "pack", None))
    if isinstance(error, SignInError):
        return render(request, "site/not_signed_in.html", {"words": words}, status=409)
    return _with(request, words_typed(request), "site/refusal.html", {"words": words}, status=409)


def cannot_grow(request: HttpRequest, error: HaltedLogError) -> HttpResponse:
    """Say that the record takes nothing now: it waits for its clock, or for whoever runs the site."""
    return halted(
        request, "site/clock_waits.html" if isinstance(error, DoubtedClockError) else "site/halted.html"
    )


def halted(request: HttpRequest, template: str = "site/halted.html") -> HttpResponse:
    """Say that the record can be read and not added to, until whoever runs the site has seen to it."""
    response = _with(request, words_typed(request), template, {}, status=503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's own word for "not an error of ours"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django hands them over by name
    """Say that what was sent cannot be read. Plain, because nothing about it can be trusted."""
    return HttpResponse("This request cannot be read.", status=400, content_type="text/plain; charset=utf-8")


def _no_database() -> HttpResponse:
    """Say that we cannot reach what we keep. Plain, because a whole page would ask the database; to the log, the cure."""
    logger.error(NO_DATABASE)
    words = _(
        "We can’t reach what we keep right now, so what you sent was not kept. Try again in a few minutes."
    )
    response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "60"
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's own word for "not an error of ours"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Say that we made a mistake, that the disk is full or that too many write, with nothing from the request in it."""
    error = sys.exc_info()[1]
    if is_for_want_of_a_database(error):
        return _no_database()
    number = new_number()
    template, status = "site/broken.html", 500
    plain = f"We made a mistake (error {number}). Try again in a few minutes."
    later: dict[str, str] = {}
    if is_for_want_of_room(error):
        template, status, plain = "site/no_room.html", 507, "There is no room right now."
    elif is_lock_timeout(error):
        template, status, plain = "site/no_turn.html", 503, "Many people are here right now. Try again."
        later = {"Retry-After": "10"}
    try:
        response = render(request, template, {"number": number}, status=status)
    except Exception:  # noqa: BLE001 -- what broke the page may break this one too; then a plain one must do
        response = HttpResponse(plain, status=status, content_type="text/plain; charset=utf-8")
    if status == 500:  # noqa: PLR2004 -- the HTTP status of a mistake of ours
        request.error_number = number  # type: ignore[attr-defined]  # the log's line names it too
    for name, value in later.items():
        response[name] = value
    return response

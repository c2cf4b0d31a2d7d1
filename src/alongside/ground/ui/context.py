"""What every page knows: its program and language, its links, and whoever asks."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, ViewerRequest
from alongside.ground.ui.addresses import asker_of, in_language, lang_of, to_if_there
from alongside.ground.ui.done import sentence
from alongside.ground.ui.links import WITH_PLACES, foot, main

#: Where "Leave this page" goes when no policy pack names a place: useful, dull, and everywhere.
LEAVE = "https://www.wikipedia.org/"


@dataclass(frozen=True)
class Language:
    """One language a page can be read in, under its own name."""

    code: str
    tag: str
    name: str
    dir: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Carried:
    """What a page takes along to another language in a form, as it may stand in no address; `signed_in` pages need a form token.

    With `stays` it is sent to that address in every language, since what goes along was written in the language of it; the
    page's own language goes as SHOWN.
    """

    fields: Iterable[tuple[str, str]]
    signed_in: bool = False
    stays: str = ""


def language(code: str) -> Language:
    """Describe a language by its address segment: its tag for `lang`, its own name and its direction."""
    try:
        info = get_language_info(code)
    except KeyError:
        return Language(code, tag_of(code), code, "ltr")
    names = dict(settings.LANGUAGES)
    name = str(names.get(code, info["name_local"]))
    return Language(code, tag_of(code), name, "rtl" if info["bidi"] else "ltr")


def tag_of(code: str) -> str:
    """Write a language code the way HTML wants it: zh-hans becomes zh-Hans, pt-br becomes pt-BR."""
    first, *rest = code.split("-")
    script = 4
    return "-".join([first.lower(), *(p.title() if len(p) == script else p.upper() for p in rest)])


def offered(pack: Pack | None, *, is_demonstration: bool) -> tuple[str, ...]:
    """Give the codes of the languages that a page is offered in: those a person has read, of those the pack has all its words in.

    A demonstration offers the others too, and each of its pages says that nobody has read them. Without a pack: of the house.
    """
    codes = pack.complete_languages if pack else settings.OUR_LANGUAGES
    return tuple(code for code in codes if is_demonstration or code in settings.READY_LANGUAGES)


def offered_here(request: HttpRequest) -> tuple[str, ...]:
    """Give the codes of the languages that this page is offered in."""
    program = getattr(request, "program", None)
    shown = program.is_demonstration if program else not settings.ALONGSIDE.production
    return offered(getattr(request, "pack", None), is_demonstration=bool(shown))


def others(request: ViewerRequest, codes: Iterable[str]) -> list[Language]:
    """List the languages of an engagement, each with this page in it, as far as the program still speaks them."""
    spoken_here, here = {one.code for one in request.pack.languages}, lang_of(request)
    found = [language(code) for code in codes if code in spoken_here]
    return [replace(one, href=in_language(request, one.code), current=one.code == here) for one in found]


def look(request: HttpRequest) -> dict[str, Any]:
    """Give the context of every page (a Django context processor). Asks the database nothing."""
    pack: Pack | None = getattr(request, "pack", None)
    program = getattr(request, "program", None)
    here = language(lang_of(request))
    languages, by_phone = _languages(request), _by_phone(request, pack)
    return {
        "program": program,
        "pack": pack,
        "viewer": asker_of(request),
        "lang": here.code,
        "lang_tag": here.tag,
        "dir": here.dir,
        "just_done": sentence(request),
        "clock_href": _clock_href(request),
        "languages": languages,
        "by_phone": by_phone,
        "other_languages": [each for each in (*languages, *by_phone) if not each.current][:3],
        "nav": main(request),
        "has_places": asker_of(request).has(*WITH_PLACES),
        "foot": foot(request),
        "masthead": pack.masthead.say(here.code) if pack and pack.masthead else "Alongside",
        "program_name": pack.name.say(here.code) if pack else "",
        "home_href": to_if_there(request, "desks:home") or "/",
        "desk_href": to_if_there(request, "desks:others"),
        "search_href": to_if_there(request, "desks:search"),
        "help_href": to_if_there(request, "directory:help")
        or ("" if pack else to_if_there(request, "front")),
        "has_sanctuary": pack is None or pack.sanctuary is not None,
        "call": pack.phone if pack else None,
        "sign_in_href": to_if_there(request, "account_login"),
        "keys_href": to_if_there(request, "mfa_index"),
        "sign_out_href": to_if_there(request, "account_logout"),
        "session_mark": (mark := _session_mark(request)),
        "open_mark": mark if _may_hold_a_key(request) else "",
        "leave_href": getattr(pack, "leave_page", "") or LEAVE,
        "is_demonstration": bool(getattr(program, "is_demonstration", False)),
        "demonstration_href": to_if_there(request, "demonstration"),
        "copy_of": settings.ALONGSIDE.copy_of,
        "is_unreviewed": here.code in settings.UNREVIEWED_LANGUAGES,
    }


def _session_mark(request: HttpRequest) -> str:
    """Give a word that changes with the session of whoever is signed in: a page tells by it that what its tab keeps is of another."""
    session = getattr(request, "session", None)
    return mark_of_session(session.session_key if session and asker_of(request).person_id else "")


def mark_of_session(key: str | None) -> str:
    """Give the word that changes with a session, drawn from its key; empty where there is none."""
    return hashlib.blake2b(key.encode(), digest_size=8, person=b"page").hexdigest() if key else ""


def _may_hold_a_key(request: HttpRequest) -> bool:
    """Say whether a tab of whoever is signed in may hold a lead's key: of a lead, and of whoever is nothing here and may be one elsewhere."""
    viewer = asker_of(request)
    return viewer.has(Role.LEAD) or viewer.roles <= {Role.EVERYONE, Role.PERSON}


def _clock_href(request: HttpRequest) -> str | None:
    """Give the page where a lead or the steward confirms the day, while the clock waits for them."""
    waits = getattr(request, "clock_waits", False) and asker_of(request).has(Role.LEAD, Role.STEWARD)
    return to_if_there(request, "record:clock") if waits else None


def _languages(request: HttpRequest) -> list[Language]:
    """List the languages that this page is offered in, and the one it is in, each with its address."""
    here, codes = lang_of(request), offered_here(request)
    if here not in codes:
        codes = (*codes, here)
    found = ((language(code), in_language(request, code)) for code in codes)
    return [replace(told, href=href, current=told.code == here) for told, href in found if href]


def _by_phone(request: HttpRequest, pack: Pack | None) -> list[Language]:
    """List the languages of the program in which its pages are not offered yet: who speaks one can call, where there is a number.

    A page on which a lead says the words aloud in one (`heard_in`) leads there all the same.
    """
    if pack is None or pack.phone is None:
        return []
    there = {*offered_here(request), lang_of(request)}
    found = [language(one.code) for one in pack.languages if one.code not in there]
    return [replace(one, href=in_language(request, one.code)) for one in found]

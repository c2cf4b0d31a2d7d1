"""Build addresses that begin with the program and the language of the request."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, get_script_prefix, get_urlconf, reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import NOBODY, Viewer, ViewerRequest

#: The addresses in force, what they stand under, the program and the language of a request.
type Ground = tuple[str, str, str | None, str]

#: No row and no entry has a larger number, and neither database can look for one.
LARGEST = 2**63 - 1


def number_in(text: str, otherwise: int = 0) -> int:
    """Give the number that someone put into an address or a form; `otherwise` where it is none that anything can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))):
        return otherwise
    return int(text) if int(text) <= LARGEST else otherwise


def lang_of(request: HttpRequest) -> str:
    """Give the language segment of this request's address, or the active language where there is none."""
    match = request.resolver_match
    named = match.kwargs.get("lang") if match else None
    return str(named or get_language() or "en")


def asked_in(request: ViewerRequest, code: str) -> ViewerRequest:
    """Give a request as if the same page had been asked for in another language."""
    asked, match = copy(request), request.resolver_match
    if match is not None:
        kwargs = {**match.kwargs, "lang": code}
        asked.resolver_match = ResolverMatch(
            match.func,
            match.args,
            kwargs,
            match.url_name,
            [*match.app_names],
            [*match.namespaces],
            match.route,
        )
    return asked


def program_of(request: HttpRequest) -> str | None:
    """Give the slug of this request's program, or None on pages that belong to no program."""
    program = getattr(request, "program", None)
    return program.slug if program else None


def asker_of(request: HttpRequest) -> Viewer:
    """Give who asks; nobody in particular before the middleware has run."""
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    return viewer


def to(request: HttpRequest, name: str, **kwargs: object) -> str:
    """Give the address of a named page, in the program and language of this request unless told otherwise.

    Raises NoReverseMatch where no page has that name and these arguments.
    """
    return to_from(ground_of(request), name, **kwargs)


def ground_of(request: HttpRequest) -> Ground:
    """Give what addresses of this request's pages begin with."""
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), program_of(request), lang_of(request)


def to_from(ground: Ground, name: str, **kwargs: object) -> str:
    """Give the address of a named page, as `to` does."""
    return _to(ground, name, tuple(kwargs.items()))


@lru_cache(maxsize=8192)  # a page leads to some fifty others, most of them the same for everyone
def _to(ground: Ground, name: str, kwargs: tuple[tuple[str, object], ...]) -> str:
    _conf, _prefix, program, lang = ground
    here = {"program": program, "lang": lang}
    for held in (("program", "lang"), ("program",), ("lang",), ()):
        given = {key: here[key] for key in held if here[key] is not None}
        try:
            return reverse(name, kwargs=given | dict(kwargs))
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"No page is named {name} with {sorted(dict(kwargs))}; name one that urls.py lists.")


#: Pages that a program has only where its pack has what they tell.
ONLY_WITH: Mapping[str, Callable[[Pack], bool]] = {
    "directory:help": lambda pack: pack.offers_help,
    **dict.fromkeys(
        ("directory:papers", "directory:federal", "directory:requests", "directory:record"),
        lambda pack: pack.meets_federal,
    ),
}


def has_page(pack: Pack, name: str) -> bool:
    """Say whether a program with this pack has a page."""
    return name not in ONLY_WITH or ONLY_WITH[name](pack)


def to_if_there(request: HttpRequest, name: str, **kwargs: object) -> str:
    """Give the address of a named page, or an empty string where the page does not exist, or not in this program."""
    pack: Pack | None = getattr(request, "pack", None)
    if pack is not None and not has_page(pack, name):
        return ""
    try:
        return to(request, name, **kwargs)
    except NoReverseMatch:
        return ""


def in_language(request: HttpRequest, code: str) -> str:
    """Give the address of this same page in another language, by its language segment; empty where it has none."""
    match = request.resolver_match
    lang = match.kwargs.get("lang") if match else None
    before, found, after = request.path.partition(f"/{lang}/")
    if match and (not lang or not found):
        return _named_in(match, code)
    if not found:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{before}/{code}/{after}" + (f"?{query}" if query else "")


def _named_in(match: ResolverMatch, code: str) -> str:
    """Give the address of a page that may also be read without a language in its address; empty where it has none."""
    try:
        return reverse(match.view_name, kwargs=match.kwargs | {"lang": code})
    except NoReverseMatch:
        return ""


def site_of(address: str) -> str:
    """Give the name of the site an address is on, as people read it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def short_name(title: str, longest: int) -> str:
    """Give a name for an address and for the record from a title: small letters, digits and hyphens; empty where none are."""
    return slugify(title).replace("_", "-")[:longest].strip("-")


def free_slug(taken: Iterable[str], title: str, fallback: str, longest: int = 50) -> str:
    """Find a name for an address that is not taken, from a title in any script; `fallback` where it has no letter of ours."""
    base, used = short_name(title, longest) or fallback, {"new", *taken}
    names = (base, *(f"{base}-{number}" for number in range(2, len(used) + 3)))
    return next(name for name in names if name not in used)

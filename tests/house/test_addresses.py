"""Every address says who may use it, reads well, and stays.

New addresses are added to addresses.txt with ALONGSIDE_WRITE_ADDRESSES=1; a line is only taken out by hand.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

from tests.support.house import settle

LIST = Path(__file__).parent / "addresses.txt"
PARAMETER = re.compile(r"<[^>]*>")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*")


def addresses(
    resolver: URLResolver, before: str = "/", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Give every address under a resolver: the whole route, the whole name, the pattern."""
    for item in resolver.url_patterns:
        prefix = "<lang>/" if isinstance(item.pattern, LocalePrefixPattern) else str(item.pattern)
        if isinstance(item, URLResolver):
            inside = f"{space}{item.namespace}:" if item.namespace else space
            yield from addresses(item, before + prefix, inside)
        else:
            yield before + prefix, space + (item.name or ""), item


def unmarked(found: Iterator[tuple[str, str, URLPattern]]) -> list[str]:
    return [
        f"{route} asks nobody's permission; decorate {pattern.callback.__module__}.{pattern.callback.__name__}"
        " with @open_to(Role....)."
        for route, _, pattern in found
        if not getattr(pattern.callback, "open_to", None)
    ]


def misspelled(route: str, pattern: URLPattern) -> list[str]:
    if not isinstance(pattern.pattern, RoutePattern):
        return [f"{route} is a regular expression; write it with path()."]
    bare = [p for p in PARAMETER.findall(str(pattern.pattern)) if ":" not in p]
    parts = [part for part in PARAMETER.sub("", route).split("/") if part.strip("-.@")]
    return [
        *(f"{route}: {p} takes any text; give it a converter, as in <slug:...>." for p in bare),
        *(
            f"{route}: {part!r} is not kebab-case; use small letters and hyphens."
            for part in parts
            if not SEGMENT.fullmatch(part.strip("-.@"))
        ),
    ]


def test_every_address_says_who_may_use_it():
    assert unmarked(addresses(get_resolver())) == []


def test_every_address_reads_well():
    assert [m for route, _, pattern in addresses(get_resolver()) for m in misspelled(route, pattern)] == []


def test_every_address_has_a_name():
    assert [route for route, name, _ in addresses(get_resolver()) if not name or name.endswith(":")] == []


def test_no_name_has_two_addresses_that_take_the_same_things():
    seen: dict = {}
    for route, name, _ in addresses(get_resolver()):
        seen.setdefault((name, tuple(PARAMETER.findall(route))), set()).add(route)
    settle(
        "one_address_a_name",
        {key[0]: f"{key[0]} has {sorted(routes)}." for key, routes in seen.items() if len(routes) > 1},
    )


def test_an_address_disappears_only_on_purpose():
    here = {f"{route}  {name}" for route, name, _ in addresses(get_resolver())}
    listed = set(LIST.read_text(encoding="utf-8").splitlines()) if LIST.exists() else set()
    if os.environ.get("ALONGSIDE_WRITE_ADDRESSES") == "1":
        LIST.write_text("".join(f"{line}\n" for line in sorted(listed | here)), encoding="utf-8")
        listed |= here

    assert sorted(listed - here) == [], (
        "These are gone. People may have them on paper: redirect, or take the lines out of addresses.txt."
    )
    assert sorted(here - listed) == [], "These are new. Run this test once with ALONGSIDE_WRITE_ADDRESSES=1."


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("owed_by_unit/", "/owed_by_unit/: 'owed_by_unit' is not kebab-case; use small letters and hyphens."),
        (
            "asks/<number>/",
            "/asks/<number>/: <number> takes any text; give it a converter, as in <slug:...>.",
        ),
    ],
)
def test_a_bad_address_is_told(route, message):
    def view(request):
        return None

    pattern = path(route, view, name="planted")

    assert misspelled(f"/{route}", pattern) == [message]
    assert unmarked(iter([(f"/{route}", "planted", pattern)])) == [
        f"/{route} asks nobody's permission; decorate {__name__}.view with @open_to(Role....)."
    ]

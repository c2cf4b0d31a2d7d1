"""`alongside up --check` finds what is wrong, and only that."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from alongside.ground.gate.roles import Role, open_to
from alongside.site import checking, roles, urls
from alongside.site.checking import MOST_NUMBERS, check

WELL = "<!doctype html><title>Well</title><h1>Well</h1>"
PAGES = {
    "": WELL,
    "well": WELL,
    "twice": WELL + "<h1>Again</h1>",
    "untitled": "<!doctype html><h1>Untitled</h1>",
    "foreign": WELL + '<script src="https://cdn.example.org/x.js"></script>',
    "cookie": WELL,
    "broken": WELL,
}


@open_to(Role.EVERYONE)
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """Be a page of a small site in which every page links to the ones of this test."""
    if name == "broken":
        raise ValueError(name)
    links = "".join(f'<a href="/{each}/">x</a>' for each in request.site_pages)
    people = "".join(
        f'<button name="person" value="{eyes.key}">x</button>' for eyes in roles.offered(request)
    )
    own = '<a href="/mine/broken/">x</a>' if request.viewer.has(Role.PERSON) else ""
    response = HttpResponse(PAGES.get(name, WELL) + links + people + own)
    if name == "cookie":
        response.set_cookie("who", "you")
    return response


def desk(request: HttpRequest, program: str, lang: str) -> HttpResponse:
    """Stand where a person of the demonstration is led after signing in."""
    return page(request)


DESKS = [path("steward/", desk, name="steward"), path("", desk, name="home")]
urlpatterns = [
    path("", page),
    path("<str:name>/", page),
    path("mine/<str:name>/", page),
    path("demonstration/sign-in", roles.sign_in),
    path("<str:program>/<str:lang>/", include((DESKS, "desks"))),
]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def says(live_site, settings, capsys):
    """Give a function that checks a site of these pages and gives the exit status and what was said."""
    settings.ROOT_URLCONF = __name__

    def run(*names: str) -> tuple[int, list[str]]:
        HttpRequest.site_pages = names
        status = check(live_site.url)
        live_site.troubles.clear()
        said = capsys.readouterr()
        return status, said.err.splitlines()

    yield run
    del HttpRequest.site_pages


def test_a_site_with_nothing_wrong_passes(says):
    assert says("well") == (0, [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("twice", "/twice/ (everyone) has 2 h1 and a title; it needs one of each"),
        ("untitled", "/untitled/ (everyone) has 1 h1 and no title; it needs one of each"),
        ("foreign", "/foreign/ (everyone) loads a file from elsewhere: https://cdn.example.org/x.js"),
        ("cookie", "/cookie/ (everyone) set a cookie: who"),
        ("broken", "/broken/ (everyone) answered 500"),
        ("a/b", "/a/b/ (everyone) answered 404"),
    ],
)
def test_each_thing_that_is_wrong_is_told_once_with_its_page(says, name, said):
    assert says("well", name) == (1, [said])


def test_pages_that_only_one_role_sees_are_visited_too(says, steward):
    status, said = says("well")
    assert (status, said) == (1, [f"/mine/broken/ (person delta/{steward.pk}) answered 500"])


def test_of_pages_that_differ_only_in_a_number_some_are_visited_and_the_rest_is_told(live_site, says, capsys):
    HttpRequest.site_pages = [str(number) for number in range(MOST_NUMBERS + 5)]
    status = check(live_site.url)
    visited, alike = re.findall(r"(\d+) pages visited .*\. (\d+) more", capsys.readouterr().out)[0]
    assert (status, visited, alike) == (0, str(MOST_NUMBERS + 1), "5")  # and the front page


def test_it_does_not_stop_in_silence(says, monkeypatch):
    monkeypatch.setattr(checking, "MOST_PAGES", 3)
    status, said = says("a", "b", "c", "d", "e")
    assert (status, len(said)) == (1, 1)
    assert "still to visit after 3 pages" in said[0]

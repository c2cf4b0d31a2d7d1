"""`alongside up --check` finds what is wrong, and only that."""

import re
import threading

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from alongside.ground.gate.roles import Role, open_to
from alongside.site import roles, urls
from alongside.site.checking import MOST_COLD, MOST_NUMBERS, check

WELL = "<!doctype html><title>Well</title><h1>Well</h1>"
PAGES = {
    "": WELL,
    "well": WELL,
    "twice": WELL + "<h1>Again</h1>",
    "untitled": "<!doctype html><h1>Untitled</h1>",
    "foreign": WELL + '<script src="https://cdn.example.org/x.js"></script>',
    "cookie": WELL,
    "heavy": WELL + '<link rel="stylesheet" href="/heavy.css">',
    "heavy.css": "a".ljust(40_000) + "@font-face { src: url('heavy.woff2') }",
    "heavy.woff2": "b".ljust(MOST_COLD - 40_000),
    "broken": WELL,
}
#: Things of one kind: the second waits for a signature, and the third is like the first.
STATES = {1: WELL, 2: WELL + '<button name="sign">Sign</button>', 3: WELL, 4: WELL}
VISITED: list[int] = []


@open_to(Role.EVERYONE)
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """Be a page of a small site in which every page links to the ones of this test."""
    if "." in name:
        return HttpResponse(PAGES[name], content_type="text/css")
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


@open_to(Role.EVERYONE)
def thing(request: HttpRequest, number: int) -> HttpResponse:
    """Be one of several pages of a kind, of which each links to the next."""
    VISITED.append(number)
    following = f'<a href="/things/{number + 1}/">x</a>' if number + 1 in STATES else ""
    return HttpResponse(STATES[number] + following)


def desk(request: HttpRequest, program: str, lang: str) -> HttpResponse:
    """Stand where a person of the demonstration is led after signing in."""
    return page(request)


DESKS = [path("steward/", desk, name="steward"), path("", desk, name="home")]
urlpatterns = [
    path("", page),
    path("things/<int:number>/", thing, name="thing"),
    path("<str:name>/", page),
    path("<str:name>", page),
    path("mine/<str:name>/", page, name="mine"),
    path("demonstration/sign-in", roles.sign_in),
    path("<str:program>/<str:lang>/", include((DESKS, "desks"))),
]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def says(live_site, settings, capsys):
    """Give a function that checks a site of these pages and gives the exit status and what was said."""
    settings.ROOT_URLCONF = __name__

    def run(*names: str, everything: bool = True) -> tuple[int, list[str]]:
        HttpRequest.site_pages = names
        VISITED.clear()
        status = check(live_site.url, threading.Event(), everything=everything)
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
        ("heavy", "/heavy/ (everyone) weighs 60.2 KB cold (html 0.1, css 40.0, woff2 20.0); 60 at most"),
        ("broken", "/broken/ (everyone) answered 500"),
        ("a/b", "/a/b/ (everyone) answered 404"),
    ],
)
def test_each_thing_that_is_wrong_is_told_once_with_its_page(says, name, said):
    assert says("well", name) == (1, [said])


@pytest.mark.parametrize("everything", [True, False])
def test_a_page_that_only_one_role_sees_is_visited_and_told_with_the_role(says, steward, everything):
    status, said = says("well", everything=everything)
    assert (status, said) == (
        1,
        [f"/mine/broken/ (program coordinator, person delta/{steward.pk}) answered 500"],
    )


def test_of_pages_that_differ_only_in_a_number_some_are_visited_and_the_rest_is_told(live_site, says, capsys):
    HttpRequest.site_pages = [str(number) for number in range(MOST_NUMBERS + 5)]
    status = check(live_site.url, threading.Event(), everything=True)
    visited, alike = re.findall(r"(\d+) pages visited .*\. (\d+) more", capsys.readouterr().out)[0]
    assert (status, visited, alike) == (0, str(MOST_NUMBERS + 1), "5")  # and the front page


@pytest.mark.parametrize(("everything", "visited"), [(True, [1, 2, 3, 4]), (False, [1, 2, 3])])
def test_of_a_kind_one_of_each_shape_is_visited_and_then_no_more(says, everything, visited):
    assert (says("things/1", everything=everything), VISITED) == ((0, []), visited)


def test_in_each_role_a_page_for_everyone_is_visited_once_more(says, steward):
    says("things/1", everything=False)
    assert VISITED == [1, 2, 3, 1]


def test_everything_is_visited_with_a_line_of_progress(live_site, says, capsys, monkeypatch):
    monkeypatch.setattr("alongside.site.checking.A_WHILE", 2)
    HttpRequest.site_pages = ["well", "a", "b"]
    check(live_site.url, threading.Event(), everything=True)
    assert capsys.readouterr().out.splitlines()[:2] == [
        "2 pages as everyone; 2 addresses are ahead.",
        "4 pages as everyone; 0 addresses are ahead.",
    ]


def test_it_ends_at_once_and_says_so_when_it_is_stopped(live_site, says, capsys):
    HttpRequest.site_pages, stop = (), threading.Event()
    stop.set()
    assert check(live_site.url, stop) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("Stopped before the end.\n", "")

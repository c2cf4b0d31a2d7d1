"""A toy site on which the tests' own helpers are tried."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Stones - Toy</title></head><body><header><a href="/help/" rel="help">Help</a></header><main><h1>Stones</h1><div>{}</div></main></body></html>"""


def page(request: HttpRequest, words: str) -> HttpResponse:
    """Show the words."""
    return HttpResponse(GOOD.replace("{}", words))


def write(request: HttpRequest) -> HttpResponse:
    """Change rows from a view."""
    connection.cursor().execute("DELETE FROM django_content_type WHERE id = 0")
    return page(request, "Written")


def cookie(request: HttpRequest) -> HttpResponse:
    """Set a cookie for anyone."""
    response = page(request, "Sweet")
    response.set_cookie("taste", "sweet")
    return response


def sessions(request: HttpRequest) -> HttpResponse:
    """Save a session, as signing in does."""
    request.session["kept"] = 1
    request.session.save()
    request.session.modified = False
    return page(request, "Saved")


class Lazy:
    """Words that are only read when somebody looks."""

    def __str__(self) -> str:
        connection.cursor().execute("SELECT 1")
        return "Ana"


def lazy(request: HttpRequest) -> HttpResponse:
    """Leave the reading to the template."""
    return page(request, render_to_string("ui/parts/byline.html", {"who": Lazy()}))


PARTS = {
    "good": "Fine",
    "script": "<script>document.title = 'changed'</script>",
    "stranger": "<img alt='' src='https://elsewhere.example/pixel.png'>",
    "link": "<a href='/good/'>Go on</a>",
    "axe": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
}
urlpatterns = [
    *[path(f"{name}/", page, {"words": words}) for name, words in PARTS.items()],
    path("write/", write),
    path("lazy/", lazy),
    path("cookie/", cookie),
    path("sessions/", sessions),
]

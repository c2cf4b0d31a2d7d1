"""The least that Django can do with a page: one view that gives the bytes of a file. The bar for a cached page."""

import os
from pathlib import Path

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench" * 10,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare_page",
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- Django must be set up before
from django.http import HttpRequest, HttpResponse  # noqa: E402 -- as above
from django.urls import path  # noqa: E402 -- as above

BYTES = Path(os.environ["BENCH_PAGE"]).read_bytes()


def page(_request: HttpRequest) -> HttpResponse:
    """Give the bytes."""
    return HttpResponse(BYTES, headers={"Content-Encoding": "gzip"})


urlpatterns = [path("page", page)]
application = get_wsgi_application()

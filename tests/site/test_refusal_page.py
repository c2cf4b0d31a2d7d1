"""What the record refuses, and no form told before, is a page that says its cure, and no error of ours."""

from datetime import date

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from alongside.core.entries import GrammarError
from alongside.ground.gate.roles import Role, open_to
from alongside.site import urls


@open_to(Role.EVERYONE)
def refuses(_request: HttpRequest, **_given: str) -> HttpResponse:
    """Do what the record refuses."""
    raise GrammarError(
        "the answer is due by {latest} at the latest; set that day.", values={"latest": date(2026, 11, 4)}
    ).told_of(7, "ask.recommended")


urlpatterns = [path("<lang:lang>/refused/", refuses), *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@pytest.mark.django_db
def test_a_refusal_that_no_form_told_is_a_page_with_its_cure_and_without_the_kind(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)

    page = client.get("/en/refused/")

    assert page.status_code == 409
    assert "<h1>Nothing was saved</h1>" in page.content.decode()
    assert (
        "<p>The answer is due by November 4, 2026 at the latest; set that day.</p>" in page.content.decode()
    )
    assert "ask.recommended" not in page.content.decode()

"""What every visit knows, keeps and sends."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from alongside.ground.gate.roles import Role, open_to
from alongside.site import urls

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@open_to(Role.EVERYONE)
def tells(request: HttpRequest) -> HttpResponse:
    """Tell what the request knows."""
    roles = " ".join(sorted(request.viewer.roles))
    return HttpResponse(f"{request.program.slug} {request.pack.k} {get_language()} {roles}")


@open_to(Role.EVERYONE)
def named(request: HttpRequest, lang: str) -> HttpResponse:
    """Tell the language that was handed over by name."""
    return HttpResponse(lang)


@open_to(Role.STEWARD)
def desk(request: HttpRequest) -> HttpResponse:
    """Be a page for the steward."""
    return HttpResponse("desk")


@csrf_exempt
@open_to(Role.EVERYONE)
def intake(request: HttpRequest) -> HttpResponse:
    """Be a door without a form token."""
    return HttpResponse("taken in")


urlpatterns = [
    path("<program:program>/<lang:lang>/tells/", tells),
    path("<program:program>/<lang:lang>/named/", named),
    path("<program:program>/<lang:lang>/desk/", desk),
    path("<program:program>/<lang:lang>/intake/", intake),
    *urls.urlpatterns,
]
handler403, handler404 = urls.handler403, urls.handler404


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__


def signed_in(person) -> Client:
    """Give a browser in which a person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def test_a_page_knows_its_program_pack_language_and_asker(delta, client):
    assert client.get("/delta/es/tells/").content == b"delta 10 es everyone"


def test_the_language_comes_from_the_address_alone(delta, client):
    said = client.get("/delta/ar/tells/", headers={"accept-language": "es", "cookie": "django_language=vi"})
    assert (said.content, said["Content-Language"]) == (b"delta 10 ar everyone", "ar")


def test_a_view_gets_the_language_when_it_names_it(delta, client):
    assert client.get("/delta/vi/named/").content == b"vi"


def test_a_steward_is_known_by_the_program(delta, steward):
    assert (
        signed_in(steward).get("/delta/en/tells/").content == b"delta 10 en everyone operator person steward"
    )


@pytest.mark.parametrize("address", ["/gamma/en/tells/", "/delta/xx/tells/", "/delta/ko/tells/"])
def test_an_unknown_program_or_a_language_it_does_not_speak_is_not_there(delta, client, address):
    assert client.get(address).status_code == 404


def test_a_visitor_gets_no_cookie_from_any_page_one_can_read_without_signing_in(delta, client):
    for address in ("/", "/delta/", "/delta/en/tells/", "/nothing/", "/delta/en/desk/", "/health"):
        assert client.get(address).cookies.output() == "", address


def test_a_page_for_others_says_who_can_open_it_and_how(delta, client):
    said = client.get("/delta/en/desk/")
    assert said.status_code == 403
    page = said.content.decode()
    assert "It is open to: program coordinator." in page
    assert "/en/accounts/sign-in/?next=/delta/en/desk/" in page


def test_everyones_page_may_be_kept_a_minute_and_a_signed_in_page_by_no_one(delta, steward, client):
    everyone, mine = client.get("/delta/en/tells/"), signed_in(steward).get("/delta/en/tells/")
    assert (everyone["Cache-Control"], everyone["Vary"]) == ("public, max-age=60", "Cookie")
    assert mine["Cache-Control"] == "private, no-store"


def test_a_door_without_a_form_token_opens_only_from_our_own_pages(delta):
    client = Client(enforce_csrf_checks=True)
    origins = ("http://testserver", "https://testserver", "http://evil.example", "null", "")
    statuses = [
        client.post("/delta/en/intake/", headers={"origin": o} if o else {}).status_code for o in origins
    ]
    assert statuses == [200, 403, 403, 403, 403]


def test_every_other_door_wants_a_form_token(delta, steward):
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward, backend=BACKEND)
    said = client.post("/delta/en/desk/", headers={"origin": "http://testserver"})
    assert (said.status_code, "open too long" in said.content.decode()) == (403, True)


def test_browsers_are_told_to_load_from_us_alone_and_to_tell_others_nothing(delta, client):
    said = client.get("/delta/en/tells/")
    assert said["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types page worker 'allow-duplicates'"
    )
    assert (said["Referrer-Policy"], said["X-Frame-Options"]) == ("same-origin", "DENY")


def test_the_way_in_leads_to_the_language_a_reader_prefers(delta, client):
    def lands(accepts: str) -> str:
        return client.get("/delta/", headers={"accept-language": accepts})["Location"]

    assert [lands("es-MX,en;q=0.8"), lands("ko"), lands("tlh, ar"), lands("")] == [
        "/delta/es/",
        "/delta/en/",
        "/delta/ar/",
        "/delta/en/",
    ]

"""Every address of the house. Pages: `/<program>/<language>/...`; machines: `/<program>/record/...`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from alongside.site import account_urls, front, health, metrics, pages, roles
from alongside.site.converters import register
from alongside.site.rooms import APPS, on_disk

register()

#: In this order: the first pattern that fits an address wins. The door that a crowd knocks at is found at once; behind
#: all others it cost a quarter of what a voice costs (`./dev bench intake`).
FIRST = ("alongside.chain.voices", "alongside.desks")
PAGES = tuple(f"{app}.urls" for app in (*FIRST, *(app for app in APPS if app not in FIRST)))


def _included(prefix: str, *modules: str) -> list[URLResolver]:
    """Include the modules that exist; an app without pages of its own has no `urls`."""
    return [path(prefix, include(module)) for module in modules if on_disk(module)]


urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "<program:program>/<lang:lang>/", include(_included("", *PAGES))
    ),  # first, for most addresses are there
    path("<program:program>/<lang:lang>/about/languages/", front.languages, name="languages"),
    path("", front.front, name="front"),
    path("<lang:lang>/", front.front, name="front"),
    path("demo/", front.demonstration, name="demonstration"),
    path("<lang:lang>/demo/", front.demonstration, name="demonstration"),
    path("health", health.health, name="health"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", front.robots, name="robots"),
    path(".well-known/security.txt", front.security, name="security"),
    path("demonstration/sign-in", roles.sign_in, name="demonstration_sign_in"),
    *i18n_patterns(path("accounts/", include(account_urls))),
    path("accounts/provider/", include(account_urls.at_providers)),
    *_included("", "alongside.chain.voices.urls_site"),
    path("<program:program>/", front.program, name="program"),
    *_included(
        "<program:program>/record/",
        "alongside.chain.voices.urls_machine",
        "alongside.chain.reader.urls_machine",
        "alongside.chain.referrals.urls_machine",
        "alongside.ground.record.urls_machine",
    ),
    *_included(
        "<program:program>/", "alongside.cohort.training.urls_machine", "alongside.desks.urls_machine"
    ),
]
handler400 = pages.bad_request
handler403 = pages.refused
handler404 = pages.not_here
handler500 = pages.broken

"""Pages of calls, below /<program>/<lang>/."""

from django.urls import URLPattern, path

from alongside.cohort.calls.views import applying, public

app_name = "calls"
CALL = "calls/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path("calls/", public.calls, name="calls"),
    path(CALL, public.call, name="call"),
    path(f"{CALL}paper/", public.paper, name="paper"),
    path(f"{CALL}apply/", applying.apply, name="apply"),
]

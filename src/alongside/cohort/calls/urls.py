"""Pages of calls, below /<program>/<lang>/."""

from django.urls import URLPattern, path

from alongside.cohort.calls import urls_selection
from alongside.cohort.calls.views import applying, assisting, balancing, drafting, public, stewarding

app_name = "calls"
CALL = "calls/<slug:slug>/"
STEWARD = "steward/calls/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path("calls/", public.calls, name="calls"),
    path(CALL, public.call, name="call"),
    path(f"{CALL}paper/", public.paper, name="paper"),
    path(f"{CALL}apply/", applying.apply, name="apply"),
    path(f"{CALL}assist/", assisting.begin, name="assist"),
    path(f"{CALL}assist/sheet/", assisting.sheet, name="sheet"),
    path(f"{CALL}assist/<slug:reference>/", assisting.read_back, name="read_back"),
    path(f"{CALL}assist/<slug:reference>/<slug:step>/", assisting.step, name="assist_step"),
    path("typing-in/", assisting.choose, name="typing_in"),
    path("steward/calls/", stewarding.calls, name="steward_calls"),
    path("steward/calls/new/", drafting.new, name="new"),
    path(STEWARD, stewarding.call, name="steward_call"),
    path(f"{STEWARD}texts/", drafting.texts, name="texts"),
    path(f"{STEWARD}terms/", drafting.terms, name="terms"),
    path(f"{STEWARD}dates/", drafting.dates, name="dates"),
    path(f"{STEWARD}words/<slug:code>/", drafting.words, name="words"),
    path(f"{STEWARD}preview/", stewarding.preview, name="preview"),
    path(f"{STEWARD}correct/", stewarding.correct, name="correct"),
    path(f"{STEWARD}applications/", stewarding.applications, name="applications"),
    path(f"{STEWARD}quotas/", balancing.quotas, name="quotas"),
    path("steward/counsel/", balancing.advice, name="advice"),
    path(f"{STEWARD}counts/", stewarding.counts, name="counts"),
    path(f"{STEWARD}parts/<slug:part>/", drafting.part, name="part"),
    *urls_selection.urlpatterns,
]

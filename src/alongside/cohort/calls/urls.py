"""Pages of calls, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.calls import views
from alongside.cohort.calls.models import HELPS, READER

app_name = "calls"
STEWARD = "steward/calls/<slug:slug>/"
DESK = "steward/selection/<slug:slug>/"
urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/<slug:slug>/", views.call, name="call"),
    path("calls/<slug:slug>/paper/", views.paper, name="paper"),
    path("steward/calls/", views.steward_calls, name="steward_calls"),
    path("steward/calls/new/", views.new, name="new"),
    path(STEWARD, views.steward_call, name="steward_call"),
    path(f"{STEWARD}texts/", views.texts, name="texts"),
    path(f"{STEWARD}terms/", views.terms, name="terms"),
    path(f"{STEWARD}dates/", views.dates, name="dates"),
    path(f"{STEWARD}words/<slug:code>/", views.words, name="words"),
    path(f"{STEWARD}preview/", views.preview, name="preview"),
    path(f"{STEWARD}correct/", views.correct, name="correct"),
    path(f"{STEWARD}quotas/", views.quotas, name="quotas"),
    path(f"{STEWARD}parts/<slug:part>/", views.part, name="part"),
    path("steward/counsel/", views.advice, name="advice"),
    path(f"{DESK}helpers/", views.helpers, name="helpers"),
    path(f"{DESK}helpers/<int:pk>/code/", views.code, {"roles": HELPS}, name="helper_code"),
    path(f"{DESK}helpers/<int:pk>/end/", views.end_helper, name="end_helper"),
    path(f"{DESK}readers/<int:pk>/code/", views.code, {"roles": (READER,)}, name="reader_code"),
]

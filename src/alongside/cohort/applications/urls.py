"""Pages of applications, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.applications import views

app_name = "applications"
ASSIST = "calls/<slug:slug>/assist/"
urlpatterns = [
    path("calls/<slug:slug>/apply/", views.apply, name="apply"),
    path(ASSIST, views.begin, name="assist"),
    path(f"{ASSIST}sheet/", views.sheet, name="sheet"),
    path(f"{ASSIST}<slug:reference>/", views.read_back, name="read_back"),
    path(f"{ASSIST}<slug:reference>/<slug:step>/", views.step, name="assist_step"),
    path("typing-in/", views.choose, name="typing_in"),
    path("recordings/<slug:slug>/", views.recordings, name="recordings"),
    path("recordings/<slug:slug>/<int:pk>/", views.write_down, name="write_down"),
    path("steward/calls/<slug:slug>/applications/", views.applications, name="applications"),
    path("steward/calls/<slug:slug>/counts/", views.counts, name="counts"),
]

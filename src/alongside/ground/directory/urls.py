"""Pages of the directory, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.directory import views

app_name = "directory"
urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("papers/", views.papers, name="papers"),
    path("federal/", views.counts, name="federal"),
    path("federal/requests/", views.requests, name="requests"),
    path("federal/requests/new/", views.record, name="record"),
    path("federal/requests/month/<slug:month>.csv", views.month, {"form": "csv"}, name="month_csv"),
    path("federal/requests/month/<slug:month>.json", views.month, {"form": "json"}, name="month_json"),
    path("federal/requests/<slug:key>/", views.one_request, name="request"),
]

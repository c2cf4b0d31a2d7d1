"""Pages of the directory, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.directory.views import federal, papers
from alongside.ground.directory.views import help as helping

app_name = "directory"
urlpatterns = [
    path("help/", helping.help_page, name="help"),
    path("papers/", papers.papers, name="papers"),
    path("federal/", papers.counts, name="federal"),
    path("federal/requests/", federal.requests, name="requests"),
    path("federal/requests/new/", federal.record, name="record"),
    path("federal/requests/month/<slug:month>.csv", federal.month, {"form": "csv"}, name="month_csv"),
    path("federal/requests/month/<slug:month>.json", federal.month, {"form": "json"}, name="month_json"),
    path("federal/requests/<slug:key>/", federal.one_request, name="request"),
]

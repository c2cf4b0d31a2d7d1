"""Pages of the directory, below /<program>/<lang>/."""

from django.urls import path, re_path

from alongside.ground.directory.views import federal, papers
from alongside.ground.directory.views import help as helping

app_name = "directory"
urlpatterns = [
    path("help/", helping.help_page, name="help"),
    path("papers/", papers.papers, name="papers"),
    path("federal/", papers.counts, name="federal"),
    path("federal/requests/", federal.requests, name="requests"),
    path("federal/requests/new/", federal.record, name="record"),
    re_path(
        r"^federal/requests/(?P<month>[0-9]{4}-[0-9]{2})\.(?P<form>csv|json)$", federal.month, name="month"
    ),
    path("federal/requests/<slug:key>/", federal.one_request, name="request"),
]

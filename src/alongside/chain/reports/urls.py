"""Pages of report-backs, below /<program>/<lang>/."""

from django.urls import path

from alongside.chain.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/<int:promise>/", views.report, name="report"),
    path("reports/<int:promise>/write/", views.write, name="write"),
]

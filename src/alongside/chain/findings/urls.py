"""The doors of the reader for findings."""

from django.urls import path

from alongside.chain.findings import views

app_name = "findings"
ONE = "reader/api/engagements/<slug:slug>/findings"
urlpatterns = [
    path(ONE, views.drafts, name="drafts"),
    path(f"{ONE}/drafts", views.keep, name="keep"),
    path(f"{ONE}/drafts/drop", views.drop, name="drop"),
    path(f"{ONE}/attest", views.attest, name="attest"),
    path(f"{ONE}/publish", views.publish, name="publish"),
]

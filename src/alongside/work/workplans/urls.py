"""Workplans, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.workplans import views

app_name = "workplans"
urlpatterns = [
    path("workplans/", views.listed, name="plans"),
    path("workplans/new/", views.begin, name="begin"),
    path("workplans/<slug:slug>/", views.plan, name="plan"),
    path("workplans/<slug:slug>/changes/", views.changes, name="changes"),
    path("workplans/<slug:slug>/draft/", views.draft, name="draft"),
    path("workplans/<slug:slug>/draft/live/", views.live, name="live"),
    path("workplans/<slug:slug>/translations/", views.translations, name="translations"),
    path("workplans/<slug:slug>/sign/", views.sign, name="sign"),
    path("workplans/<slug:slug>/progress/<slug:activity>/", views.progress, name="progress"),
]

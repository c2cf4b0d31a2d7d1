"""The register of projects, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.projects import views

app_name = "projects"
urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path("projects/new/", views.register, name="register"),
    path("projects/<slug:slug>/", views.project, name="project"),
    path("projects/<slug:slug>/decisions/new/", views.schedule, name="schedule"),
    path("projects/<slug:slug>/decisions/<slug:decision>/", views.decision, name="decision"),
]

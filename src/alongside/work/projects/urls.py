"""The register of projects, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.projects import views

app_name = "projects"
urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path("projects/new/", views.register, name="register"),
    path("projects/projects.csv", views.projects_csv, name="csv"),
    path("projects/projects.json", views.projects_json, name="json"),
    path("projects/<slug:slug>/", views.project, name="project"),
    path("projects/<slug:slug>/register/", views.adopt, name="adopt"),
    path("projects/<slug:slug>/facts/", views.describe, name="describe"),
    path("projects/<slug:slug>/leads/", views.join, name="join"),
    path("projects/<slug:slug>/harms/new/", views.harm, name="harm"),
    path("projects/<slug:slug>/decisions/new/", views.schedule, name="schedule"),
    path("projects/<slug:slug>/decisions/<slug:decision>/", views.decision, name="decision"),
    path("projects/<slug:slug>/decisions/<slug:decision>/move/", views.move, name="move"),
    path("projects/<slug:slug>/decisions/<slug:decision>/made/", views.made, name="made"),
]

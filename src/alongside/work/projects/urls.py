"""The register of projects, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.projects import views
from alongside.work.projects import views as projects_views

app_name = "projects"
urlpatterns = [
    path("projects/", projects_views.projects, name="projects"),
    path("projects/new/", projects_views.register, name="register"),
    path("projects/projects.csv", views.projects_csv, name="csv"),
    path("projects/projects.json", views.projects_json, name="json"),
    path("projects/import/", projects_views.upload, name="upload"),
    path("projects/imports/", projects_views.imports, name="imports"),
    path("projects/imports/<int:number>/", projects_views.check_file, name="check_file"),
    path("projects/imports/<int:number>/columns/", projects_views.map_file, name="map_file"),
    path("projects/imports/<int:number>/yes/", projects_views.confirm_file, name="confirm_file"),
    path("projects/<slug:slug>/", projects_views.project, name="project"),
    path("projects/<slug:slug>/row.json", views.row_json, name="row"),
    path("projects/<slug:slug>/agree/", projects_views.agree, name="agree"),
    path("projects/<slug:slug>/register/", projects_views.adopt, name="adopt"),
    path("projects/<slug:slug>/facts/", projects_views.describe, name="describe"),
    path("projects/<slug:slug>/leads/", projects_views.join, name="join"),
    path("projects/<slug:slug>/harms/new/", projects_views.harm, name="harm"),
    path("projects/<slug:slug>/decisions/new/", projects_views.schedule, name="schedule"),
    path("projects/<slug:slug>/decisions/<slug:decision>/", projects_views.decision, name="decision"),
    path("projects/<slug:slug>/decisions/<slug:decision>/move/", projects_views.move, name="move"),
    path("projects/<slug:slug>/decisions/<slug:decision>/made/", projects_views.made, name="made"),
]
